# generated from specs/adams.py; regenerate with: python cli.py generate adams
"""Stable weight decay: a decay that all weights share, by the mean of all second moments."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power
from ._arrays import (
    Array,
    Hyper,
    NumpyOptimizer,
    Stage,
    StageCall,
    spread,
    summed,
    sums_of,
    tiles,
)

__all__ = [
    "AdamS",
    "adams_sums",
    "adams_update",
]


def _adams_sums(w: Array, g: Array, v: Array, s0: Array, s1: Array, wide: Array, beta2: float, one_minus_beta2: float, at: Array) -> tuple[Any, ...]:
    # total: sum of 1
    np.copyto(s0, 1)
    total = sums_of(s0, at)
    # second_total: sum of beta2 * v + one_minus_beta2 * g**2
    np.multiply(beta2, v, out=s0)
    np.square(g, out=s1)
    np.multiply(one_minus_beta2, s1, out=s1)
    np.add(s0, s1, out=s0)
    second_total = sums_of(s0, at)
    return (total, second_total)


def adams_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    total: float,
    second_total: float,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 1e-4,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdamS on one array, in place.

        c1     = 1 - beta1**t                                        bias of the first moment
        c2     = 1 - beta2**t                                        bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g                         first moment
        v_new  = beta2 * v + (1 - beta2) * g**2                      second moment
        m_hat  = m_new / c1                                          first moment, corrected
        v_hat  = v_new / c2                                          second moment, corrected
        v_bar  = maximum(0, global_sum(v_new) / global_sum(1)) / c2  mean of all second moments
        w_new  = w - lr * weight_decay * w / (eps + sqrt(v_bar)) - lr * m_hat / (sqrt(v_hat) + eps)  decay and descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay_over_eps_plus_sqrt_v_bar  = lr * weight_decay / (eps + sqrt(v_bar))
        lr_sqrt_c2_over_c1                        = lr * sqrt(c2) / c1
        eps_sqrt_c2                               = eps * sqrt(c2)
        w_new                                     = w - lr_weight_decay_over_eps_plus_sqrt_v_bar * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step

    total, second_total: what `adams_sums` gives.
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    v_bar = np.maximum(0, second_total / total) / c2  # mean of all second moments
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay_over_eps_plus_sqrt_v_bar = spread(lr * weight_decay / (eps + np.sqrt(v_bar)), w)
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)

    for tile in tiles((w, m, v), (g,), scratch=2, stages=stages):
        w, m, v, g, s0, s1 = tile
        # m_new = beta1 * m + (1 - beta1) * g  (first moment)
        np.multiply(beta1, m, out=m)
        np.multiply(one_minus_beta1, g, out=s0)
        m_new = np.add(m, s0, out=m)
        # v_new = beta2 * v + (1 - beta2) * g**2  (second moment)
        np.multiply(beta2, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_beta2, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # m_hat = m_new / c1  (first moment, corrected)
        # v_hat = v_new / c2  (second moment, corrected)
        # w_new = w - lr * weight_decay * w / (eps + sqrt(v_bar)) - lr * m_hat / (sqrt(v_hat) + eps)  (decay and descent)
        #       = w - lr_weight_decay_over_eps_plus_sqrt_v_bar * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)
        np.multiply(lr_weight_decay_over_eps_plus_sqrt_v_bar, w, out=s0)
        np.subtract(w, s0, out=w)
        np.multiply(lr_sqrt_c2_over_c1, m_new, out=s0)
        np.sqrt(v_new, out=s1)
        np.add(s1, eps_sqrt_c2, out=s1)
        np.divide(s0, s1, out=s0)
        np.subtract(w, s0, out=w)


def adams_sums(
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
    weight_decay: float = 1e-4,
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of AdamS sums up over one array, in double; nothing is written.

        total         = global_sum(1)
        second_total  = global_sum(v_new)

    The arguments are those of `adams_update`, whose next arguments the results are.
    Those over all arrays are put together from what this gives for each of them.
    """
    one_minus_beta2 = 1 - beta2
    return summed(_adams_sums, (w, g, v), (beta2, one_minus_beta2), ("sum", "sum"), (2, 0), stages)


class AdamS(NumpyOptimizer):
    """AdamS: AdamW whose decay is divided by the root of the mean of the second moments of all weights.

    Source: Xie et al. (2023), Algorithm 4, arXiv:2011.11152.
    The equations are in `adams_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps > 0            keeps the divisions from zero
        weight_decay  weight_decay >= 0  weight decay, in units of the mean step
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _reductions: ClassVar = (("total", "sum", True), ("second_total", "sum", True))
    _update = staticmethod(adams_update)
    _sums = staticmethod(adams_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 1e-4,
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
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))
