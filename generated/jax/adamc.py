# generated from specs/adamc.py; regenerate with: python cli.py generate adamc
"""AdamC: AdamW whose decay of the weights follows the square of the learning rate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp

from ._arrays import (
    Array,
    GradientTransformation,
    Hyper,
    JaxOptimizer,
    one_minus_power,
    power,
)

__all__ = [
    "AdamCState",
    "adamc",
    "adamc_elements",
    "adamc_scalars",
]


def adamc_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    lr_max: float = 0.001,
    weight_decay: float = 0.05,
) -> tuple[float, ...]:
    """What all elements share in a step of AdamC: the last arguments of `adamc_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    weight_decay_lr_pow_two_over_lr_max = weight_decay * power(lr, 2) / lr_max
    lr_sqrt_c2_over_c1 = lr * jnp.sqrt(c2) / c1
    eps_sqrt_c2 = eps * jnp.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, weight_decay_lr_pow_two_over_lr_max, lr_sqrt_c2_over_c1, eps_sqrt_c2)


def adamc_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    weight_decay_lr_pow_two_over_lr_max: float,
    lr_sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of AdamC for each element; returns what is added to w and m, v after it.

        c1     = 1 - beta1**t                    bias of the first moment
        c2     = 1 - beta2**t                    bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g     first moment
        v_new  = beta2 * v + (1 - beta2) * g**2  second moment
        m_hat  = m_new / c1                      first moment, corrected
        v_hat  = v_new / c2                      second moment, corrected
        w_new  = w - weight_decay * lr**2 * w / lr_max - lr * m_hat / (sqrt(v_hat) + eps)  descent and corrected decay

    What is computed comes to the same with fewer operations for each element:

        weight_decay_lr_pow_two_over_lr_max  = weight_decay * lr**2 / lr_max
        lr_sqrt_c2_over_c1                   = lr * sqrt(c2) / c1
        eps_sqrt_c2                          = eps * sqrt(c2)
        w_new                                = w - weight_decay_lr_pow_two_over_lr_max * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_update = -weight_decay_lr_pow_two_over_lr_max * w - lr_sqrt_c2_over_c1 * m_new / (jnp.sqrt(v_new) + eps_sqrt_c2)  # descent and corrected decay
    return (w_update, m_new, v_new)


class AdamCState(NamedTuple):
    """What AdamC keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any


class AdamC(JaxOptimizer):
    """What `adamc` is made of."""

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "lr_max": ("lr_max > 0", lambda lr_max: lr_max > 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(adamc_scalars)
    _elements = staticmethod(adamc_elements)
    _State = AdamCState

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w))


def adamc(
    *,
    lr: Hyper = 0.001,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.999,
    eps: Hyper = 1e-8,
    lr_max: Hyper = 0.001,
    weight_decay: Hyper = 0.05,
) -> GradientTransformation:
    """AdamC: Adam with a weight decay that falls as the square of the learning rate.

    Source: Defazio (2025), Algorithm 1, arXiv:2506.02285, for the layers that are followed by a normalization.
    The equations are in `adamc_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        lr_max        lr_max > 0         largest learning rate of the schedule
        weight_decay  weight_decay >= 0  decay of the weights, times lr**2 / lr_max
    """
    return AdamC(lr=lr, beta1=beta1, beta2=beta2, eps=eps, lr_max=lr_max, weight_decay=weight_decay).transformation()
