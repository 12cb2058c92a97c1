# generated from specs/adashift.py; regenerate with: python cli.py generate adashift
"""AdaShift: an average of the last gradients over a second moment that knows nothing of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, NumbaOptimizer, Stage, StageCall, loop, prange, sweep

__all__ = [
    "AdaShift",
    "adashift_update",
]


@loop
def _adashift_update(w: Array, m: Array, v: Array, g1: Array, g2: Array, g3: Array, g4: Array, g5: Array, g6: Array, g7: Array, g8: Array, g9: Array, g10: Array, g: Array, beta1: float, beta1_pow_nine_over_total: float, total: float, beta2: float, one_minus_beta2: float, lr_sqrt_c2: float, t_above_ten: float, eps_sqrt_c2: float) -> None:
    real = w.dtype.type
    for i in prange(w.size):
        oldest = g10[i]  # gradient of ten steps ago
        g10_new = g9[i]
        g9_new = g8[i]
        g8_new = g7[i]
        g7_new = g6[i]
        g6_new = g5[i]
        g5_new = g4[i]
        g4_new = g3[i]
        g3_new = g2[i]
        g2_new = g1[i]
        g1_new = g[i]
        m_new = beta1 * (m[i] - beta1_pow_nine_over_total * oldest) + g[i] / total  # mean of the last ten
        v_new = beta2 * v[i] + one_minus_beta2 * (oldest * oldest)  # second moment of those before
        w_new = w[i] - lr_sqrt_c2 * (m_new / (np.sqrt(v_new) + eps_sqrt_c2) if t_above_ten != real(0) else real(0))  # descent, once there is a second moment
        m[i] = m_new
        v[i] = v_new
        g1[i] = g1_new
        g2[i] = g2_new
        g3[i] = g3_new
        g4[i] = g4_new
        g5[i] = g5_new
        g6[i] = g6_new
        g7[i] = g7_new
        g8[i] = g8_new
        g9[i] = g9_new
        g10[i] = g10_new
        w[i] = w_new


def adashift_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    g1: Array,
    g2: Array,
    g3: Array,
    g4: Array,
    g5: Array,
    g6: Array,
    g7: Array,
    g8: Array,
    g9: Array,
    g10: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.999,
    beta1: float = 0.9,
    eps: float = 1e-10,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdaShift on one array, in place.

        c2       = 1 - beta2 ** maximum(1, t - 10)                      bias of the second moment
        total    = 1 + beta1 + beta1**2 + beta1**3 + beta1**4 + beta1**5 + beta1**6 + beta1**7 + beta1**8 + beta1**9  sum of the weights
        oldest   = g10                                                  gradient of ten steps ago
        g10_new  = g9
        g9_new   = g8
        g8_new   = g7
        g7_new   = g6
        g6_new   = g5
        g5_new   = g4
        g4_new   = g3
        g3_new   = g2
        g2_new   = g1
        g1_new   = g
        m_new    = beta1 * (m - beta1**9 * oldest / total) + g / total  mean of the last ten
        v_new    = beta2 * v + (1 - beta2) * oldest**2                  second moment of those before
        u        = m_new / (sqrt(v_new / c2) + eps)
        w_new    = w - lr * where(t > 10, u, 0)                         descent, once there is a second moment

    Then m, v, g1, g2, g3, g4, g5, g6, g7, g8, g9, g10, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2   = lr * sqrt(c2)
        t_above_ten  = where(t > 10, 1, 0)
        eps_sqrt_c2  = eps * sqrt(c2)
        w_new        = w - lr_sqrt_c2 * where(t_above_ten != 0, m_new / (sqrt(v_new) + eps_sqrt_c2), 0)

    w, m, v, g1, g2, g3, g4, g5, g6, g7, g8, g9, g10 and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        m    = 0 before the first step
        v    = 0 before the first step
        g1   = 0 before the first step
        g2   = 0 before the first step
        g3   = 0 before the first step
        g4   = 0 before the first step
        g5   = 0 before the first step
        g6   = 0 before the first step
        g7   = 0 before the first step
        g8   = 0 before the first step
        g9   = 0 before the first step
        g10  = 0 before the first step
    """
    c2 = one_minus_power(beta2, max(1, t - 10))  # bias of the second moment
    total = 1 + beta1 + beta1**2 + beta1**3 + beta1**4 + beta1**5 + beta1**6 + beta1**7 + beta1**8 + beta1**9  # sum of the weights
    beta1_pow_nine_over_total = beta1**9 / total
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2 = lr * math.sqrt(c2)
    t_above_ten = 1 if t > 10 else 0
    eps_sqrt_c2 = eps * math.sqrt(c2)

    sweep(_adashift_update, (w, m, v, g1, g2, g3, g4, g5, g6, g7, g8, g9, g10), g, (beta1, beta1_pow_nine_over_total, total, beta2, one_minus_beta2, lr_sqrt_c2, t_above_ten, eps_sqrt_c2), stages)


class AdaShift(NumbaOptimizer):
    """AdaShift: a weighted mean of the last ten gradients over the root of the second moment of those before.

    Source: Zhou et al. (2019), Algorithm 3, arXiv:1810.00143, of ten gradients, by elements: max-AdaShift takes the largest of an array.
    The equations are in `adashift_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta2  0 <= beta2 < 1  decay of the second moment
        beta1  0 <= beta1 < 1  decay of the weights of the last gradients
        eps    eps > 0         keeps the division from zero
    """

    lr: Hyper
    beta2: Hyper
    beta1: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "v", "g1", "g2", "g3", "g4", "g5", "g6", "g7", "g8", "g9", "g10")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
    }
    _own_t: ClassVar = True
    _update = staticmethod(adashift_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta2: Hyper = 0.999,
        beta1: Hyper = 0.9,
        eps: Hyper = 1e-10,
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
            beta2=beta2,
            beta1=beta1,
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w), np.zeros_like(w), np.zeros_like(w), np.zeros_like(w), np.zeros_like(w), np.zeros_like(w), np.zeros_like(w), np.zeros_like(w), np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))
