# generated from specs/yogi.py; regenerate with: python cli.py generate yogi
"""Yogi: Adam whose second moment moves by as much as the gradient, however far it has to go."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, NumbaOptimizer, Stage, StageCall, loop, prange, sweep

__all__ = [
    "Yogi",
    "YogiUncorrected",
    "yogi_uncorrected_update",
    "yogi_update",
]


@loop
def _yogi_update(w: Array, m: Array, v: Array, g: Array, beta1: float, one_minus_beta1: float, one_minus_beta2: float, lr_sqrt_c2_over_c1: float, eps_sqrt_c2: float) -> None:
    for i in prange(w.size):
        m_new = beta1 * m[i] + one_minus_beta1 * g[i]  # first moment
        v_new = v[i] - one_minus_beta2 * np.sign(v[i] - g[i] * g[i]) * (g[i] * g[i])  # second moment, a step towards the squared gradient
        w_new = w[i] - lr_sqrt_c2_over_c1 * m_new / (np.sqrt(v_new) + eps_sqrt_c2)  # descent
        m[i] = m_new
        v[i] = v_new
        w[i] = w_new


def yogi_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.01,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-3,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of Yogi on one array, in place.

        c1     = 1 - beta1**t                             bias of the first moment
        c2     = 1 - beta2**t                             bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g              first moment
        v_new  = v - (1 - beta2) * sign(v - g**2) * g**2  second moment, a step towards the squared gradient
        m_hat  = m_new / c1                               first moment, corrected
        v_hat  = v_new / c2                               second moment, corrected
        w_new  = w - lr * m_hat / (sqrt(v_hat) + eps)     descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

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
    eps_sqrt_c2 = eps * math.sqrt(c2)

    sweep(_yogi_update, (w, m, v), g, (beta1, one_minus_beta1, one_minus_beta2, lr_sqrt_c2_over_c1, eps_sqrt_c2), stages)


class Yogi(NumbaOptimizer):
    """Yogi: Adam with a second moment that changes by (1 - beta2) g**2, up or down.

    Source: Zaheer et al. (2018), Algorithm 2, proceedings.neurips.cc, with the bias correction of optax.yogi.
    The equations are in `yogi_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(yogi_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-3,
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
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))


@loop
def _yogi_uncorrected_update(w: Array, m: Array, v: Array, g: Array, beta1: float, one_minus_beta1: float, one_minus_beta2: float, lr: float, eps: float) -> None:
    for i in prange(w.size):
        m_new = beta1 * m[i] + one_minus_beta1 * g[i]  # first moment
        v_new = v[i] - one_minus_beta2 * np.sign(v[i] - g[i] * g[i]) * (g[i] * g[i])  # second moment, a step towards the squared gradient
        w_new = w[i] - lr * m_new / (np.sqrt(v_new) + eps)  # descent
        m[i] = m_new
        v[i] = v_new
        w[i] = w_new


def yogi_uncorrected_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.01,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-3,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of YogiUncorrected on one array, in place.

        m_new  = beta1 * m + (1 - beta1) * g              first moment
        v_new  = v - (1 - beta2) * sign(v - g**2) * g**2  second moment, a step towards the squared gradient
        w_new  = w - lr * m_new / (sqrt(v_new) + eps)     descent

    Then m, v, w take the new values.

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2

    sweep(_yogi_uncorrected_update, (w, m, v), g, (beta1, one_minus_beta1, one_minus_beta2, lr, eps), stages)


class YogiUncorrected(NumbaOptimizer):
    """YogiUncorrected: Yogi without bias correction.

    Source: Zaheer et al. (2018), Algorithm 2, proceedings.neurips.cc, as printed there.
    The equations are in `yogi_uncorrected_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(yogi_uncorrected_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-3,
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
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))
