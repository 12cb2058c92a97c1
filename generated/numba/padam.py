# generated from specs/padam.py; regenerate with: python cli.py generate padam
"""Padam: Adam with the second moment to a smaller power than one half, between momentum and Adam."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, NumbaOptimizer, Stage, StageCall, loop, prange, sweep

__all__ = [
    "Padam",
    "PadamCorrected",
    "padam_corrected_update",
    "padam_update",
]


@loop
def _padam_update(w: Array, m: Array, v: Array, v_max: Array, g: Array, beta1: float, one_minus_beta1: float, beta2: float, one_minus_beta2: float, lr: float, eps: float, two_partial: float) -> None:
    for i in prange(w.size):
        m_new = beta1 * m[i] + one_minus_beta1 * g[i]  # first moment
        v_new = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i])  # second moment
        v_max_new = np.maximum(v_max[i], v_new)  # largest second moment
        w_new = w[i] - lr * m_new / (np.sqrt(v_max_new) + eps) ** two_partial  # descent
        m[i] = m_new
        v[i] = v_new
        v_max[i] = v_max_new
        w[i] = w_new


def padam_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    v_max: Array,
    t: int,
    *,
    lr: float = 0.1,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    partial: float = 0.125,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of Padam on one array, in place.

        m_new      = beta1 * m + (1 - beta1) * g                                first moment
        v_new      = beta2 * v + (1 - beta2) * g**2                             second moment
        v_max_new  = maximum(v_max, v_new)                                      largest second moment
        w_new      = w - lr * m_new / (sqrt(v_max_new) + eps) ** (2 * partial)  descent

    Then m, v, v_max, w take the new values.

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    two_partial = 2 * partial

    sweep(_padam_update, (w, m, v, v_max), g, (beta1, one_minus_beta1, beta2, one_minus_beta2, lr, eps, two_partial), stages)


class Padam(NumbaOptimizer):
    """Padam: AMSGrad with the largest second moment to a smaller power.

    Source: Chen et al. (2020), Algorithm 1, arXiv:1806.06763, with epsilon beside the root as in the authors' code.
    The equations are in `padam_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr       lr >= 0              learning rate
        beta1    0 <= beta1 < 1       decay of the first moment
        beta2    0 <= beta2 < 1       decay of the second moment
        eps      eps >= 0             keeps the division from zero
        partial  0 <= partial <= 0.5  power of the second moment; 1/2 is that of Adam
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper
    partial: Hyper

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "partial": ("0 <= partial <= 0.5", lambda partial: 0 <= partial <= 0.5),
    }
    _update = staticmethod(padam_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.1,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        partial: Hyper = 0.125,
        pipeline: Sequence[Stage] = (),
        master_weights: bool = False,
        tied: str | None = None,
    ) -> None:
        super().__init__(
            params,
            pipeline=pipeline,
            master_weights=master_weights,
            tied=tied,
            lr=lr,
            beta1=beta1,
            beta2=beta2,
            eps=eps,
            partial=partial,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))


@loop
def _padam_corrected_update(w: Array, m: Array, v: Array, g: Array, beta1: float, one_minus_beta1: float, beta2: float, one_minus_beta2: float, lr_sqrt_c2_over_c1: float, eps: float, two_partial: float) -> None:
    for i in prange(w.size):
        m_new = beta1 * m[i] + one_minus_beta1 * g[i]  # first moment
        v_new = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i])  # second moment
        w_new = w[i] - lr_sqrt_c2_over_c1 * m_new / (np.sqrt(v_new) + eps) ** two_partial  # descent
        m[i] = m_new
        v[i] = v_new
        w[i] = w_new


def padam_corrected_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.1,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    partial: float = 0.125,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of PadamCorrected on one array, in place.

        c1     = 1 - beta1**t                    bias of the first moment
        c2     = 1 - beta2**t                    bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g     first moment
        v_new  = beta2 * v + (1 - beta2) * g**2  second moment
        w_new  = w - lr * sqrt(c2) * m_new / (c1 * (sqrt(v_new) + eps) ** (2 * partial))  descent

    Then m, v, w take the new values.

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    two_partial = 2 * partial

    sweep(_padam_corrected_update, (w, m, v), g, (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps, two_partial), stages)


class PadamCorrected(NumbaOptimizer):
    """PadamCorrected: Adam with the second moment to a smaller power, but not the correction of its bias.

    Source: Chen et al. (2020), arXiv:1806.06763, without the maximum and with the correction of pytorch_optimizer.
    The equations are in `padam_corrected_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr       lr >= 0              learning rate
        beta1    0 <= beta1 < 1       decay of the first moment
        beta2    0 <= beta2 < 1       decay of the second moment
        eps      eps >= 0             keeps the division from zero
        partial  0 <= partial <= 0.5  power of the second moment; 1/2 is that of Adam
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper
    partial: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "partial": ("0 <= partial <= 0.5", lambda partial: 0 <= partial <= 0.5),
    }
    _update = staticmethod(padam_corrected_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.1,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        partial: Hyper = 0.125,
        pipeline: Sequence[Stage] = (),
        master_weights: bool = False,
        tied: str | None = None,
    ) -> None:
        super().__init__(
            params,
            pipeline=pipeline,
            master_weights=master_weights,
            tied=tied,
            lr=lr,
            beta1=beta1,
            beta2=beta2,
            eps=eps,
            partial=partial,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))
