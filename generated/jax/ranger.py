# generated from specs/ranger.py; regenerate with: python cli.py generate ranger
"""Ranger: Lookahead over RAdam."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp

from ._arrays import (
    Array,
    GradientTransformation,
    Hyper,
    IntHyper,
    JaxOptimizer,
    average_length,
    one_minus_power,
)

__all__ = [
    "RangerState",
    "ranger",
    "ranger_elements",
    "ranger_scalars",
]


def ranger_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    k: int = 5,
    alpha: float = 0.5,
) -> tuple[float, ...]:
    """What all elements share in a step of Ranger: the last arguments of `ranger_elements`.

    t is the number of the step, from 1. States:

        m     = 0 before the first step
        v     = 0 before the first step
        slow  = w before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    longest = 2 / (1 - beta2) - 1  # length of the average in the end
    length = average_length(beta2, t)  # length of the average so far
    r = jnp.where(length > 5, jnp.sqrt(longest * (length - 2) * (length - 4) / (length * (longest - 2) * (longest - 4))), 0)  # rectification of the variance
    phase = jnp.mod(t, k)  # 0 when the slow weights step
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_over_c1 = lr / c1
    length_above_five = jnp.where(length > 5, 1, 0)
    r_sqrt_c2 = r * jnp.sqrt(c2)
    phase_above_zero = jnp.where(phase > 0, 1, 0)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_over_c1, length_above_five, r_sqrt_c2, eps, phase_above_zero, alpha)


def ranger_elements(
    w: Array,
    m: Array,
    v: Array,
    slow: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_over_c1: float,
    length_above_five: float,
    r_sqrt_c2: float,
    eps: float,
    phase_above_zero: float,
    alpha: float,
) -> tuple[Array, ...]:
    """A step of Ranger for each element; returns w, m, v, slow after it.

        c1        = 1 - beta1**t                                          bias of the first moment
        c2        = 1 - beta2**t                                          bias of the second moment
        longest   = 2 / (1 - beta2) - 1                                   length of the average in the end
        length    = longest - 2 * t * beta2**t / c2                       length of the average so far
        r         = where(length > 5, sqrt(longest * (length - 2) * (length - 4) / (length * (longest - 2) * (longest - 4))), 0)  rectification of the variance
        m_new     = beta1 * m + (1 - beta1) * g                           first moment
        v_new     = beta2 * v + (1 - beta2) * g**2                        second moment
        m_hat     = m_new / c1                                            first moment, corrected
        u         = where(length > 5, r * sqrt(c2) * m_hat / (sqrt(v_new) + eps), m_hat)  direction
        fast      = w - lr * u                                            descent
        phase     = mod(t, k)                                             0 when the slow weights step
        slow_new  = where(phase > 0, slow, slow + alpha * (fast - slow))  slow weights
        w_new     = where(phase > 0, fast, slow_new)                      fast weights, back at the slow ones

    What is computed comes to the same with fewer operations for each element:

        lr_over_c1         = lr / c1
        length_above_five  = where(length > 5, 1, 0)
        r_sqrt_c2          = r * sqrt(c2)
        fast               = w - lr_over_c1 * where(length_above_five != 0, r_sqrt_c2 * m_new / (sqrt(v_new) + eps), m_new)

    w, m, v, slow and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    fast = w - lr_over_c1 * jnp.where(length_above_five != 0, r_sqrt_c2 * m_new / (jnp.sqrt(v_new) + eps), m_new)  # descent
    slow_new = jnp.where(phase_above_zero != 0, slow, slow + alpha * (fast - slow))  # slow weights
    w_new = jnp.where(phase_above_zero != 0, fast, slow_new)  # fast weights, back at the slow ones
    return (w_new, m_new, v_new, slow_new)


class RangerState(NamedTuple):
    """What Ranger keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any
    slow: Any


class Ranger(JaxOptimizer):
    """What `ranger` is made of."""

    _states: ClassVar = ("m", "v", "slow")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "k": ("integer k >= 1", lambda k: k >= 1 and k % 1 == 0),
        "alpha": ("0 <= alpha <= 1", lambda alpha: 0 <= alpha <= 1),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(ranger_scalars)
    _elements = staticmethod(ranger_elements)
    _State = RangerState
    _moves: ClassVar = False
    _any_t: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w), w.copy())


def ranger(
    *,
    lr: Hyper = 0.001,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.999,
    eps: Hyper = 1e-8,
    k: IntHyper = 5,
    alpha: Hyper = 0.5,
) -> GradientTransformation:
    """Ranger: Lookahead over RAdam.

    Source: Wright (2019), github.com/lessw2020/Ranger-Deep-Learning-Optimizer, without centralized gradients.
    The equations are in `ranger_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr     lr >= 0          learning rate
        beta1  0 <= beta1 < 1   decay of the first moment
        beta2  0 <= beta2 < 1   decay of the second moment
        eps    eps >= 0         keeps the division from zero
        k      integer k >= 1   steps of the fast weights to one of the slow
        alpha  0 <= alpha <= 1  part of the way that the slow weights take
    """
    return Ranger(lr=lr, beta1=beta1, beta2=beta2, eps=eps, k=k, alpha=alpha).transformation()
