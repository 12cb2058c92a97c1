# generated from specs/pid.py; regenerate with: python cli.py generate pid
"""PID: a step by the gradient, by the sum of all gradients that fades, and by how the gradient changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp

from ._arrays import Array, GradientTransformation, Hyper, JaxOptimizer

__all__ = [
    "PIDState",
    "pid",
    "pid_elements",
    "pid_scalars",
]


def pid_scalars(
    t: int,
    *,
    lr: float = 0.001,
    mu: float = 0.9,
    derivative: float = 10.0,
    integral: float = 5.0,
) -> tuple[float, ...]:
    """What all elements share in a step of PID: the last arguments of `pid_elements`.

    t is the number of the step of this parameter, from 1. States:

        v     = 0 before the first step
        d     = 0 before the first step
        last  = 0 before the first step
    """
    t_above_one = jnp.where(t > 1, 1, 0)
    one_minus_mu = 1 - mu
    return (mu, t_above_one, one_minus_mu, lr, integral, derivative)


def pid_elements(
    w: Array,
    v: Array,
    d: Array,
    last: Array,
    g: Array,
    mu: float,
    t_above_one: float,
    one_minus_mu: float,
    lr: float,
    integral: float,
    derivative: float,
) -> tuple[Array, ...]:
    """A step of PID for each element; returns what is added to w and v, d, last after it.

        v_new     = g + mu * v                                            sum of the gradients
        change    = where(t > 1, g - last, 0)                             change of the gradient
        d_new     = mu * d + (1 - mu) * change                            average of the changes
        last_new  = g
        w_new     = w - lr * (g + integral * v_new + derivative * d_new)  descent

    w, v, d, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = g + mu * v  # sum of the gradients
    change = jnp.where(t_above_one != 0, g - last, 0)  # change of the gradient
    d_new = mu * d + one_minus_mu * change  # average of the changes
    last_new = g
    w_update = -lr * (g + integral * v_new + derivative * d_new)  # descent
    return (w_update, v_new, d_new, last_new)


class PIDState(NamedTuple):
    """What PID keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v: Any
    d: Any
    last: Any


class PID(JaxOptimizer):
    """What `pid` is made of."""

    _states: ClassVar = ("v", "d", "last")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "mu": ("0 <= mu < 1", lambda mu: 0 <= mu < 1),
        "derivative": ("derivative >= 0", lambda derivative: derivative >= 0),
        "integral": ("integral >= 0", lambda integral: integral >= 0),
    }
    _own_t: ClassVar = True
    _scalars = staticmethod(pid_scalars)
    _elements = staticmethod(pid_elements)
    _State = PIDState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w), jnp.zeros_like(w))


def pid(
    *,
    lr: Hyper = 0.001,
    mu: Hyper = 0.9,
    derivative: Hyper = 10.0,
    integral: Hyper = 5.0,
) -> GradientTransformation:
    """PID: momentum that also looks at the gradient itself and at its change.

    Source: An et al. (2018), A PID controller approach for stochastic optimization, CVPR, as in the authors' code.
    The equations are in `pid_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr          lr >= 0          learning rate
        mu          0 <= mu < 1      momentum coefficient
        derivative  derivative >= 0  weight of the change
        integral    integral >= 0    weight of the sum
    """
    return PID(lr=lr, mu=mu, derivative=derivative, integral=integral).transformation()
