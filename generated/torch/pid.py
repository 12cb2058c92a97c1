# generated from specs/pid.py; regenerate with: python cli.py generate pid
"""PID: a step by the gradient, by the sum of all gradients that fades, and by how the gradient changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "PID",
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
    t_above_one = 1 if t > 1 else 0
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
    """A step of PID for each element; returns w, v, d, last after it.

        v_new     = g + mu * v                                            sum of the gradients
        change    = where(t > 1, g - last, 0)                             change of the gradient
        d_new     = mu * d + (1 - mu) * change                            average of the changes
        last_new  = g
        w_new     = w - lr * (g + integral * v_new + derivative * d_new)  descent

    w, v, d, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = g + mu * v  # sum of the gradients
    change = torch.where(t_above_one != 0, g - last, 0)  # change of the gradient
    d_new = mu * d + one_minus_mu * change  # average of the changes
    last_new = g
    w_new = w - lr * (g + integral * v_new + derivative * d_new)  # descent
    return (w_new, v_new, d_new, last_new)


class PID(TorchOptimizer):
    """PID: momentum that also looks at the gradient itself and at its change.

    Source: An et al. (2018), A PID controller approach for stochastic optimization, CVPR, as in the authors' code.
    The equations are in `pid_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr          lr >= 0          learning rate
        mu          0 <= mu < 1      momentum coefficient
        derivative  derivative >= 0  weight of the change
        integral    integral >= 0    weight of the sum
    """

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

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        mu: Hyper = 0.9,
        derivative: Hyper = 10.0,
        integral: Hyper = 5.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, mu=mu, derivative=derivative, integral=integral)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))
