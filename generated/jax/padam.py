# generated from specs/padam.py; regenerate with: python cli.py generate padam
"""Padam: Adam with the second moment to a smaller power than one half, between momentum and Adam."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp

from ._arrays import Array, GradientTransformation, Hyper, JaxOptimizer, one_minus_power

__all__ = [
    "PadamCorrectedState",
    "PadamState",
    "padam",
    "padam_corrected",
    "padam_corrected_elements",
    "padam_corrected_scalars",
    "padam_elements",
    "padam_scalars",
]


def padam_scalars(
    t: int,
    *,
    lr: float = 0.1,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    partial: float = 0.125,
) -> tuple[float, ...]:
    """What all elements share in a step of Padam: the last arguments of `padam_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    two_partial = 2 * partial
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr, eps, two_partial)


def padam_elements(
    w: Array,
    m: Array,
    v: Array,
    v_max: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr: float,
    eps: float,
    two_partial: float,
) -> tuple[Array, ...]:
    """A step of Padam for each element; returns what is added to w and m, v, v_max after it.

        m_new      = beta1 * m + (1 - beta1) * g                                first moment
        v_new      = beta2 * v + (1 - beta2) * g**2                             second moment
        v_max_new  = maximum(v_max, v_new)                                      largest second moment
        w_new      = w - lr * m_new / (sqrt(v_max_new) + eps) ** (2 * partial)  descent

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_max_new = jnp.maximum(v_max, v_new)  # largest second moment
    w_update = -lr * m_new / (jnp.sqrt(v_max_new) + eps) ** two_partial  # descent
    return (w_update, m_new, v_new, v_max_new)


class PadamState(NamedTuple):
    """What Padam keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any
    v_max: Any


class Padam(JaxOptimizer):
    """What `padam` is made of."""

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "partial": ("0 <= partial <= 0.5", lambda partial: 0 <= partial <= 0.5),
    }
    _scalars = staticmethod(padam_scalars)
    _elements = staticmethod(padam_elements)
    _State = PadamState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w), jnp.zeros_like(w))


def padam(
    *,
    lr: Hyper = 0.1,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.999,
    eps: Hyper = 1e-8,
    partial: Hyper = 0.125,
) -> GradientTransformation:
    """Padam: AMSGrad with the largest second moment to a smaller power.

    Source: Chen et al. (2020), Algorithm 1, arXiv:1806.06763, with epsilon beside the root as in the authors' code.
    The equations are in `padam_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr       lr >= 0              learning rate
        beta1    0 <= beta1 < 1       decay of the first moment
        beta2    0 <= beta2 < 1       decay of the second moment
        eps      eps >= 0             keeps the division from zero
        partial  0 <= partial <= 0.5  power of the second moment; 1/2 is that of Adam
    """
    return Padam(lr=lr, beta1=beta1, beta2=beta2, eps=eps, partial=partial).transformation()


def padam_corrected_scalars(
    t: int,
    *,
    lr: float = 0.1,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    partial: float = 0.125,
) -> tuple[float, ...]:
    """What all elements share in a step of PadamCorrected: the last arguments of `padam_corrected_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * jnp.sqrt(c2) / c1
    two_partial = 2 * partial
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps, two_partial)


def padam_corrected_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_sqrt_c2_over_c1: float,
    eps: float,
    two_partial: float,
) -> tuple[Array, ...]:
    """A step of PadamCorrected for each element; returns what is added to w and m, v after it.

        c1     = 1 - beta1**t                    bias of the first moment
        c2     = 1 - beta2**t                    bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g     first moment
        v_new  = beta2 * v + (1 - beta2) * g**2  second moment
        w_new  = w - lr * sqrt(c2) * m_new / (c1 * (sqrt(v_new) + eps) ** (2 * partial))  descent

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_update = -lr_sqrt_c2_over_c1 * m_new / (jnp.sqrt(v_new) + eps) ** two_partial  # descent
    return (w_update, m_new, v_new)


class PadamCorrectedState(NamedTuple):
    """What PadamCorrected keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any


class PadamCorrected(JaxOptimizer):
    """What `padam_corrected` is made of."""

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "partial": ("0 <= partial <= 0.5", lambda partial: 0 <= partial <= 0.5),
    }
    _scalars = staticmethod(padam_corrected_scalars)
    _elements = staticmethod(padam_corrected_elements)
    _State = PadamCorrectedState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w))


def padam_corrected(
    *,
    lr: Hyper = 0.1,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.999,
    eps: Hyper = 1e-8,
    partial: Hyper = 0.125,
) -> GradientTransformation:
    """PadamCorrected: Adam with the second moment to a smaller power, but not the correction of its bias.

    Source: Chen et al. (2020), arXiv:1806.06763, without the maximum and with the correction of pytorch_optimizer.
    The equations are in `padam_corrected_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr       lr >= 0              learning rate
        beta1    0 <= beta1 < 1       decay of the first moment
        beta2    0 <= beta2 < 1       decay of the second moment
        eps      eps >= 0             keeps the division from zero
        partial  0 <= partial <= 0.5  power of the second moment; 1/2 is that of Adam
    """
    return PadamCorrected(lr=lr, beta1=beta1, beta2=beta2, eps=eps, partial=partial).transformation()
