# generated from specs/exadam.py; regenerate with: python cli.py generate exadam
"""EXAdam: Adam in which each moment corrects the other, and the gradient of today counts twice."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, NumbaOptimizer, Stage, StageCall, loop, prange, sweep

__all__ = [
    "EXAdam",
    "exadam_update",
]


@loop
def _exadam_update(w: Array, m: Array, v: Array, g: Array, beta1: float, one_minus_beta1: float, beta2: float, one_minus_beta2: float, beta2_pow_t: float, eps: float, beta1_pow_t: float, lr_sqrt_c2_over_c1: float, eps_sqrt_c2: float) -> None:
    real = w.dtype.type
    for i in prange(w.size):
        m_new = beta1 * m[i] + one_minus_beta1 * g[i]  # first moment
        v_new = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i])  # second moment
        d1 = beta2_pow_t * v_new / (v_new + eps) + real(1)  # from 2 to 1
        d2 = beta1_pow_t * (m_new * m_new) / (m_new * m_new + eps) + real(1)  # from 2 to 1
        w_new = w[i] - lr_sqrt_c2_over_c1 * (m_new * d1 + d1 * g[i]) / (np.sqrt(v_new * d2) + eps_sqrt_c2)  # descent
        m[i] = m_new
        v[i] = v_new
        w[i] = w_new


def exadam_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of EXAdam on one array, in place.

        c1       = 1 - beta1**t                                          bias of the first moment
        c2       = 1 - beta2**t                                          bias of the second moment
        m_new    = beta1 * m + (1 - beta1) * g                           first moment
        v_new    = beta2 * v + (1 - beta2) * g**2                        second moment
        d1       = beta2**t * v_new / (v_new + eps) + 1                  from 2 to 1
        d2       = beta1**t * m_new**2 / (m_new**2 + eps) + 1            from 2 to 1
        m_tilde  = m_new * d1 / c1                                       first moment, corrected by the second
        v_tilde  = v_new * d2 / c2                                       second moment, corrected by the first
        g_tilde  = d1 * g / c1                                           gradient, in the same way
        w_new    = w - lr * (m_tilde + g_tilde) / (sqrt(v_tilde) + eps)  descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_sqrt_c2_over_c1 * (m_new * d1 + d1 * g) / (sqrt(v_new * d2) + eps_sqrt_c2)

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
    beta2_pow_t = beta2**t
    beta1_pow_t = beta1**t
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)

    sweep(_exadam_update, (w, m, v), g, (beta1, one_minus_beta1, beta2, one_minus_beta2, beta2_pow_t, eps, beta1_pow_t, lr_sqrt_c2_over_c1, eps_sqrt_c2), stages)


class EXAdam(NumbaOptimizer):
    """EXAdam: Adam with cross-moment corrections and the gradient beside its average.

    Source: Adly (2024), Algorithm 1, arXiv:2412.20302v2.
    The equations are in `exadam_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps > 0         keeps the divisions from zero
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
        "eps": ("eps > 0", lambda eps: eps > 0),
    }
    _update = staticmethod(exadam_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
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
