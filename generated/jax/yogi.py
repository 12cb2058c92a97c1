# generated from specs/yogi.py; regenerate with: python cli.py generate yogi
"""Yogi: Adam whose second moment moves by as much as the gradient, however far it has to go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp

from ._arrays import Array, GradientTransformation, Hyper, JaxOptimizer, one_minus_power

__all__ = [
    "YogiState",
    "YogiUncorrectedState",
    "yogi",
    "yogi_elements",
    "yogi_scalars",
    "yogi_uncorrected",
    "yogi_uncorrected_elements",
    "yogi_uncorrected_scalars",
]


def yogi_scalars(
    t: int,
    *,
    lr: float = 0.01,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-3,
) -> tuple[float, ...]:
    """What all elements share in a step of Yogi: the last arguments of `yogi_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * jnp.sqrt(c2) / c1
    eps_sqrt_c2 = eps * jnp.sqrt(c2)
    return (beta1, one_minus_beta1, one_minus_beta2, lr_sqrt_c2_over_c1, eps_sqrt_c2)


def yogi_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    one_minus_beta2: float,
    lr_sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of Yogi for each element; returns what is added to w and m, v after it.

        c1     = 1 - beta1**t                             bias of the first moment
        c2     = 1 - beta2**t                             bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g              first moment
        v_new  = v - (1 - beta2) * sign(v - g**2) * g**2  second moment, a step towards the squared gradient
        m_hat  = m_new / c1                               first moment, corrected
        v_hat  = v_new / c2                               second moment, corrected
        w_new  = w - lr * m_hat / (sqrt(v_hat) + eps)     descent

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = v - one_minus_beta2 * jnp.sign(v - g**2) * g**2  # second moment, a step towards the squared gradient
    w_update = -lr_sqrt_c2_over_c1 * m_new / (jnp.sqrt(v_new) + eps_sqrt_c2)  # descent
    return (w_update, m_new, v_new)


class YogiState(NamedTuple):
    """What Yogi keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any


class Yogi(JaxOptimizer):
    """What `yogi` is made of."""

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(yogi_scalars)
    _elements = staticmethod(yogi_elements)
    _State = YogiState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w))


def yogi(
    *,
    lr: Hyper = 0.01,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.999,
    eps: Hyper = 1e-3,
) -> GradientTransformation:
    """Yogi: Adam with a second moment that changes by (1 - beta2) g**2, up or down.

    Source: Zaheer et al. (2018), Algorithm 2, proceedings.neurips.cc, with the bias correction of optax.yogi.
    The equations are in `yogi_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """
    return Yogi(lr=lr, beta1=beta1, beta2=beta2, eps=eps).transformation()


def yogi_uncorrected_scalars(
    t: int,
    *,
    lr: float = 0.01,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-3,
) -> tuple[float, ...]:
    """What all elements share in a step of YogiUncorrected: the last arguments of `yogi_uncorrected_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    return (beta1, one_minus_beta1, one_minus_beta2, lr, eps)


def yogi_uncorrected_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    one_minus_beta2: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of YogiUncorrected for each element; returns what is added to w and m, v after it.

        m_new  = beta1 * m + (1 - beta1) * g              first moment
        v_new  = v - (1 - beta2) * sign(v - g**2) * g**2  second moment, a step towards the squared gradient
        w_new  = w - lr * m_new / (sqrt(v_new) + eps)     descent

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = v - one_minus_beta2 * jnp.sign(v - g**2) * g**2  # second moment, a step towards the squared gradient
    w_update = -lr * m_new / (jnp.sqrt(v_new) + eps)  # descent
    return (w_update, m_new, v_new)


class YogiUncorrectedState(NamedTuple):
    """What YogiUncorrected keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any


class YogiUncorrected(JaxOptimizer):
    """What `yogi_uncorrected` is made of."""

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(yogi_uncorrected_scalars)
    _elements = staticmethod(yogi_uncorrected_elements)
    _State = YogiUncorrectedState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w))


def yogi_uncorrected(
    *,
    lr: Hyper = 0.01,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.999,
    eps: Hyper = 1e-3,
) -> GradientTransformation:
    """YogiUncorrected: Yogi without bias correction.

    Source: Zaheer et al. (2018), Algorithm 2, proceedings.neurips.cc, as printed there.
    The equations are in `yogi_uncorrected_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """
    return YogiUncorrected(lr=lr, beta1=beta1, beta2=beta2, eps=eps).transformation()
