# generated from specs/dualadam.py; regenerate with: python cli.py generate dualadam
"""DualAdam: first the product of Adam's moments, then more and more their quotient."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp

from ._arrays import Array, GradientTransformation, Hyper, JaxOptimizer, one_minus_power

__all__ = [
    "DualAdamState",
    "InvAdamState",
    "dualadam",
    "dualadam_elements",
    "dualadam_scalars",
    "invadam",
    "invadam_elements",
    "invadam_scalars",
]


def dualadam_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    switch_rate: float = 1e-4,
) -> tuple[float, ...]:
    """What all elements share in a step of DualAdam: the last arguments of `dualadam_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    alpha = jnp.maximum(0, 1 - switch_rate * t)  # share of InvAdam
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_alpha_over_sqrt_c2_over_c1 = lr * alpha / (jnp.sqrt(c2) * c1)
    lr_one_minus_alpha_sqrt_c2_over_c1 = lr * (1 - alpha) * jnp.sqrt(c2) / c1
    eps_sqrt_c2 = eps * jnp.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_alpha_over_sqrt_c2_over_c1, lr_one_minus_alpha_sqrt_c2_over_c1, eps_sqrt_c2)


def dualadam_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_alpha_over_sqrt_c2_over_c1: float,
    lr_one_minus_alpha_sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of DualAdam for each element; returns what is added to w and m, v after it.

        c1         = 1 - beta1**t                                    bias of the first moment
        c2         = 1 - beta2**t                                    bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g                     first moment
        v_new      = beta2 * v + (1 - beta2) * g**2                  second moment
        m_hat      = m_new / c1                                      first moment, corrected
        v_hat      = v_new / c2                                      second moment, corrected
        u_inverse  = m_hat * sqrt(v_hat)                             step of InvAdam
        u          = m_hat / (sqrt(v_hat) + eps)                     step of Adam
        alpha      = maximum(0, 1 - switch_rate * t)                 share of InvAdam
        w_new      = w - lr * (alpha * u_inverse + (1 - alpha) * u)  descent

    What is computed comes to the same with fewer operations for each element:

        lr_alpha_over_sqrt_c2_over_c1       = lr * alpha / (sqrt(c2) * c1)
        lr_one_minus_alpha_sqrt_c2_over_c1  = lr * (1 - alpha) * sqrt(c2) / c1
        eps_sqrt_c2                         = eps * sqrt(c2)
        w_new                               = w - (lr_alpha_over_sqrt_c2_over_c1 * m_new * sqrt(v_new) + lr_one_minus_alpha_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2))

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_update = -(lr_alpha_over_sqrt_c2_over_c1 * m_new * jnp.sqrt(v_new) + lr_one_minus_alpha_sqrt_c2_over_c1 * m_new / (jnp.sqrt(v_new) + eps_sqrt_c2))  # descent
    return (w_update, m_new, v_new)


class DualAdamState(NamedTuple):
    """What DualAdam keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any


class DualAdam(JaxOptimizer):
    """What `dualadam` is made of."""

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "switch_rate": ("0 <= switch_rate <= 1", lambda switch_rate: 0 <= switch_rate <= 1),
    }
    _scalars = staticmethod(dualadam_scalars)
    _elements = staticmethod(dualadam_elements)
    _State = DualAdamState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w))


def dualadam(
    *,
    lr: Hyper = 0.001,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.999,
    eps: Hyper = 1e-8,
    switch_rate: Hyper = 1e-4,
) -> GradientTransformation:
    """DualAdam: Adam whose first steps are larger, not smaller, where the second moment is.

    Source: Shi et al. (2026), Algorithm 2, arXiv:2603.07122.
    The equations are in `dualadam_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr           lr >= 0                learning rate
        beta1        0 <= beta1 < 1         decay of the first moment
        beta2        0 <= beta2 < 1         decay of the second moment
        eps          eps >= 0               keeps the division from zero
        switch_rate  0 <= switch_rate <= 1  share of the way to Adam in every step
    """
    return DualAdam(lr=lr, beta1=beta1, beta2=beta2, eps=eps, switch_rate=switch_rate).transformation()


def invadam_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
) -> tuple[float, ...]:
    """What all elements share in a step of InvAdam: the last arguments of `invadam_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_over_sqrt_c2_over_c1 = lr / (jnp.sqrt(c2) * c1)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_over_sqrt_c2_over_c1)


def invadam_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_over_sqrt_c2_over_c1: float,
) -> tuple[Array, ...]:
    """A step of InvAdam for each element; returns what is added to w and m, v after it.

        c1         = 1 - beta1**t                    bias of the first moment
        c2         = 1 - beta2**t                    bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g     first moment
        v_new      = beta2 * v + (1 - beta2) * g**2  second moment
        m_hat      = m_new / c1                      first moment, corrected
        v_hat      = v_new / c2                      second moment, corrected
        u_inverse  = m_hat * sqrt(v_hat)             step of InvAdam
        w_new      = w - lr * u_inverse              descent

    What is computed comes to the same with fewer operations for each element:

        lr_over_sqrt_c2_over_c1  = lr / (sqrt(c2) * c1)
        w_new                    = w - lr_over_sqrt_c2_over_c1 * m_new * sqrt(v_new)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_update = -lr_over_sqrt_c2_over_c1 * m_new * jnp.sqrt(v_new)  # descent
    return (w_update, m_new, v_new)


class InvAdamState(NamedTuple):
    """What InvAdam keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any


class InvAdam(JaxOptimizer):
    """What `invadam` is made of."""

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
    }
    _scalars = staticmethod(invadam_scalars)
    _elements = staticmethod(invadam_elements)
    _State = InvAdamState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w))


def invadam(
    *,
    lr: Hyper = 0.001,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.999,
) -> GradientTransformation:
    """InvAdam: Adam that multiplies by the root of the second moment in place of dividing by it.

    Source: Shi et al. (2026), Algorithm 1, arXiv:2603.07122.
    The equations are in `invadam_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
    """
    return InvAdam(lr=lr, beta1=beta1, beta2=beta2).transformation()
