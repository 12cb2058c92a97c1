# generated from specs/lookahead.py; regenerate with: python cli.py generate lookahead
"""Lookahead: every k steps, slow weights take a part of the way that the fast ones have gone."""

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
    one_minus_power,
)

__all__ = [
    "LookaheadAdamState",
    "LookaheadAdjustedState",
    "LookaheadSGDState",
    "lookahead_adam",
    "lookahead_adam_elements",
    "lookahead_adam_scalars",
    "lookahead_adjusted",
    "lookahead_adjusted_elements",
    "lookahead_adjusted_scalars",
    "lookahead_sgd",
    "lookahead_sgd_elements",
    "lookahead_sgd_scalars",
]


def lookahead_sgd_scalars(
    t: int,
    *,
    lr: float = 0.01,
    k: int = 5,
    alpha: float = 0.5,
) -> tuple[float, ...]:
    """What all elements share in a step of LookaheadSGD: the last arguments of `lookahead_sgd_elements`.

    t is the number of the step, from 1. States:

        slow  = w before the first step
    """
    phase = jnp.mod(t, k)  # 0 when the slow weights step
    phase_above_zero = jnp.where(phase > 0, 1, 0)
    return (lr, phase_above_zero, alpha)


def lookahead_sgd_elements(
    w: Array,
    slow: Array,
    g: Array,
    lr: float,
    phase_above_zero: float,
    alpha: float,
) -> tuple[Array, ...]:
    """A step of LookaheadSGD for each element; returns w, slow after it.

        fast      = w - lr * g                                            descent
        phase     = mod(t, k)                                             0 when the slow weights step
        slow_new  = where(phase > 0, slow, slow + alpha * (fast - slow))  slow weights
        w_new     = where(phase > 0, fast, slow_new)                      fast weights, back at the slow ones

    w, slow and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    fast = w - lr * g  # descent
    slow_new = jnp.where(phase_above_zero != 0, slow, slow + alpha * (fast - slow))  # slow weights
    w_new = jnp.where(phase_above_zero != 0, fast, slow_new)  # fast weights, back at the slow ones
    return (w_new, slow_new)


class LookaheadSGDState(NamedTuple):
    """What LookaheadSGD keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    slow: Any


class LookaheadSGD(JaxOptimizer):
    """What `lookahead_sgd` is made of."""

    _states: ClassVar = ("slow",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "k": ("integer k >= 1", lambda k: k >= 1 and k % 1 == 0),
        "alpha": ("0 <= alpha <= 1", lambda alpha: 0 <= alpha <= 1),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(lookahead_sgd_scalars)
    _elements = staticmethod(lookahead_sgd_elements)
    _State = LookaheadSGDState
    _moves: ClassVar = False
    _any_t: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.copy(),)


def lookahead_sgd(
    *,
    lr: Hyper = 0.01,
    k: IntHyper = 5,
    alpha: Hyper = 0.5,
) -> GradientTransformation:
    """LookaheadSGD: Lookahead over stochastic gradient descent.

    Source: Zhang et al. (2019), Algorithm 1, arXiv:1907.08610, over SGD.
    The equations are in `lookahead_sgd_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr     lr >= 0          learning rate
        k      integer k >= 1   steps of the fast weights to one of the slow
        alpha  0 <= alpha <= 1  part of the way that the slow weights take
    """
    return LookaheadSGD(lr=lr, k=k, alpha=alpha).transformation()


def lookahead_adam_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    k: int = 5,
    alpha: float = 0.5,
) -> tuple[float, ...]:
    """What all elements share in a step of LookaheadAdam: the last arguments of `lookahead_adam_elements`.

    t is the number of the step, from 1. States:

        m     = 0 before the first step
        v     = 0 before the first step
        slow  = w before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    phase = jnp.mod(t, k)  # 0 when the slow weights step
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * jnp.sqrt(c2) / c1
    eps_sqrt_c2 = eps * jnp.sqrt(c2)
    phase_above_zero = jnp.where(phase > 0, 1, 0)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps_sqrt_c2, phase_above_zero, alpha)


def lookahead_adam_elements(
    w: Array,
    m: Array,
    v: Array,
    slow: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
    phase_above_zero: float,
    alpha: float,
) -> tuple[Array, ...]:
    """A step of LookaheadAdam for each element; returns w, m, v, slow after it.

        c1        = 1 - beta1**t                                          bias of the first moment
        c2        = 1 - beta2**t                                          bias of the second moment
        m_new     = beta1 * m + (1 - beta1) * g                           first moment
        v_new     = beta2 * v + (1 - beta2) * g**2                        second moment
        m_hat     = m_new / c1                                            first moment, corrected
        v_hat     = v_new / c2                                            second moment, corrected
        fast      = w - lr * m_hat / (sqrt(v_hat) + eps)                  descent
        phase     = mod(t, k)                                             0 when the slow weights step
        slow_new  = where(phase > 0, slow, slow + alpha * (fast - slow))  slow weights
        w_new     = where(phase > 0, fast, slow_new)                      fast weights, back at the slow ones

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        fast                = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v, slow and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    fast = w - lr_sqrt_c2_over_c1 * m_new / (jnp.sqrt(v_new) + eps_sqrt_c2)  # descent
    slow_new = jnp.where(phase_above_zero != 0, slow, slow + alpha * (fast - slow))  # slow weights
    w_new = jnp.where(phase_above_zero != 0, fast, slow_new)  # fast weights, back at the slow ones
    return (w_new, m_new, v_new, slow_new)


class LookaheadAdamState(NamedTuple):
    """What LookaheadAdam keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any
    slow: Any


class LookaheadAdam(JaxOptimizer):
    """What `lookahead_adam` is made of."""

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
    _scalars = staticmethod(lookahead_adam_scalars)
    _elements = staticmethod(lookahead_adam_elements)
    _State = LookaheadAdamState
    _moves: ClassVar = False
    _any_t: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w), w.copy())


def lookahead_adam(
    *,
    lr: Hyper = 0.001,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.999,
    eps: Hyper = 1e-8,
    k: IntHyper = 5,
    alpha: Hyper = 0.5,
) -> GradientTransformation:
    """LookaheadAdam: Lookahead over Adam.

    Source: Zhang et al. (2019), Algorithm 1, arXiv:1907.08610, over Adam.
    The equations are in `lookahead_adam_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr     lr >= 0          learning rate
        beta1  0 <= beta1 < 1   decay of the first moment
        beta2  0 <= beta2 < 1   decay of the second moment
        eps    eps >= 0         keeps the division from zero
        k      integer k >= 1   steps of the fast weights to one of the slow
        alpha  0 <= alpha <= 1  part of the way that the slow weights take
    """
    return LookaheadAdam(lr=lr, beta1=beta1, beta2=beta2, eps=eps, k=k, alpha=alpha).transformation()


def lookahead_adjusted_scalars(
    t: int,
    *,
    lr: float = 0.01,
    k: int = 5,
    alpha_low: float = 0.2,
) -> tuple[float, ...]:
    """What all elements share in a step of LookaheadAdjusted: the last arguments of `lookahead_adjusted_elements`.

    t is the number of the step, from 1. States:

        slow   = w before the first step
        start  = 0 before the first step
    """
    begun = jnp.mod(t - 1, k)  # 0 when the fast weights start from the slow
    phase = jnp.mod(t, k)  # 0 when the slow weights step
    begun_above_zero = jnp.where(begun > 0, 1, 0)
    phase_above_zero = jnp.where(phase > 0, 1, 0)
    return (lr, begun_above_zero, alpha_low, phase_above_zero)


def lookahead_adjusted_elements(
    w: Array,
    slow: Array,
    start: Array,
    g: Array,
    lr: float,
    begun_above_zero: float,
    alpha_low: float,
    phase_above_zero: float,
) -> tuple[Array, ...]:
    """A step of LookaheadAdjusted for each element; returns w, slow, start after it.

        fast       = w - lr * g                                                    descent
        begun      = mod(t - 1, k)                                                 0 when the fast weights start from the slow
        phase      = mod(t, k)                                                     0 when the slow weights step
        start_new  = where(begun > 0, start, g)                                    gradient at the slow weights
        gap        = (slow - fast) * (start - g)
        best       = start * (slow - w) / gap                                      weight that leads to where the gradient vanishes on a line
        alpha_now  = where(abs(gap) > 0, minimum(maximum(best, alpha_low), 1), 1)  the same within bounds
        slow_new   = where(phase > 0, slow, slow + alpha_now * (fast - slow))      slow weights
        w_new      = where(phase > 0, fast, slow_new)                              fast weights, back at the slow ones

    w, slow, start and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    fast = w - lr * g  # descent
    start_new = jnp.where(begun_above_zero != 0, start, g)  # gradient at the slow weights
    gap = (slow - fast) * (start - g)
    best = start * (slow - w) / gap  # weight that leads to where the gradient vanishes on a line
    alpha_now = jnp.where(jnp.absolute(gap) > 0, jnp.minimum(jnp.maximum(best, alpha_low), 1), 1)  # the same within bounds
    slow_new = jnp.where(phase_above_zero != 0, slow, slow + alpha_now * (fast - slow))  # slow weights
    w_new = jnp.where(phase_above_zero != 0, fast, slow_new)  # fast weights, back at the slow ones
    return (w_new, slow_new, start_new)


class LookaheadAdjustedState(NamedTuple):
    """What LookaheadAdjusted keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    slow: Any
    start: Any


class LookaheadAdjusted(JaxOptimizer):
    """What `lookahead_adjusted` is made of."""

    _states: ClassVar = ("slow", "start")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "k": ("integer k >= 2", lambda k: k >= 2 and k % 1 == 0),
        "alpha_low": ("0 <= alpha_low <= 1", lambda alpha_low: 0 <= alpha_low <= 1),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(lookahead_adjusted_scalars)
    _elements = staticmethod(lookahead_adjusted_elements)
    _State = LookaheadAdjustedState
    _moves: ClassVar = False
    _any_t: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.copy(), jnp.zeros_like(w))


def lookahead_adjusted(
    *,
    lr: Hyper = 0.01,
    k: IntHyper = 5,
    alpha_low: Hyper = 0.2,
) -> GradientTransformation:
    """LookaheadAdjusted: Lookahead with the weight that is best on a quadratic, one for every element.

    Source: Zhang et al. (2019), Proposition 1, arXiv:1907.08610, over SGD; the curvature from two gradients.
    The equations are in `lookahead_adjusted_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr         lr >= 0              learning rate
        k          integer k >= 2       steps of the fast weights to one of the slow
        alpha_low  0 <= alpha_low <= 1  least part of the way that the slow weights take
    """
    return LookaheadAdjusted(lr=lr, k=k, alpha_low=alpha_low).transformation()
