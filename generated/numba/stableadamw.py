# generated from specs/stableadamw.py; regenerate with: python cli.py generate stableadamw
"""StableAdamW: AdamW whose learning rate shrinks, for each array, where its second moment is out of date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power, power
from ._arrays import (
    Array,
    Hyper,
    NumbaOptimizer,
    Stage,
    StageCall,
    loop,
    prange,
    spread,
    summed,
    summing,
    sweep,
)

__all__ = [
    "StableAdamW",
    "stable_adamw_sums",
    "stable_adamw_update",
]


@loop
def _stable_adamw_update(w: Array, m: Array, v: Array, g: Array, one_minus_share1: float, share1: float, maximum_zero_one_minus_share2: float, share2: float, length_weight_decay: float, length: float, eps: float) -> None:
    for i in prange(w.size):
        m_new = one_minus_share1 * m[i] + share1 * g[i]  # first moment
        v_new = maximum_zero_one_minus_share2 * v[i] + share2 * (g[i] * g[i])  # second moment
        w_new = w[i] - length_weight_decay * w[i] - length * m_new / (np.sqrt(v_new) + eps)  # decay and descent
        m[i] = m_new
        v[i] = v_new
        w[i] = w_new


@summing
def _stable_adamw_sums(w: Array, g: Array, v: Array, maximum_zero_one_minus_share2: float, share2: float, eps_pow_two: float, rescale: float) -> tuple[float, ...]:
    real = np.float64
    total = 0.0
    second_total = 0.0
    for i in prange(w.size):
        total += real(1)
        second_total += real(g[i]) * real(g[i]) / np.maximum(maximum_zero_one_minus_share2 * real(v[i]) + share2 * (real(g[i]) * real(g[i])), eps_pow_two)
    return (total, second_total)


def stable_adamw_update(
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
    beta2: float = 0.99,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of StableAdamW on one array, in place.

        share1  = (1 - beta1) / (1 - beta1**t)                                   share of the gradient in the first moment, corrected
        share2  = (1 - beta2) / (1 - beta2**t)                                   share of its square in the second moment, at most 1
        m_new   = (1 - share1) * m + share1 * g                                  first moment
        v_new   = maximum(0, 1 - share2) * v + share2 * g**2                     second moment
        rms     = sqrt(array_sum(g**2 / maximum(v_new, eps**2)) / array_sum(1))  how far the gradient exceeds its second moment
        length  = lr / maximum(1, rms)                                           learning rate of this array
        w_new   = w - length * weight_decay * w - length * m_new / (sqrt(v_new) + eps)  decay and descent

    Then m, v, w take the new values.

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step

    total, second_total: what `stable_adamw_sums` gives.
    """
    share1 = (1 - beta1) / one_minus_power(beta1, t)  # share of the gradient in the first moment, corrected
    share2 = (1 - beta2) / one_minus_power(beta2, t)  # share of its square in the second moment, at most 1
    rms = np.sqrt(second_total / total)  # how far the gradient exceeds its second moment
    length_of_array = lr / np.maximum(1, rms)  # learning rate of this array
    length = spread(length_of_array, w)
    one_minus_share1 = 1 - share1
    maximum_zero_one_minus_share2 = max(0, 1 - share2)
    length_weight_decay = spread(length_of_array * weight_decay, w)

    sweep(_stable_adamw_update, (w, m, v), g, (one_minus_share1, share1, maximum_zero_one_minus_share2, share2, length_weight_decay, length, eps), stages)


def stable_adamw_sums(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.99,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of StableAdamW sums up over one array, in double; nothing is written.

        total         = array_sum(1)
        second_total  = array_sum(g**2 / maximum(v_new, eps**2))

    The arguments are those of `stable_adamw_update`, whose next arguments the results are.
    """
    share2 = (1 - beta2) / one_minus_power(beta2, t)  # share of its square in the second moment, at most 1
    maximum_zero_one_minus_share2 = max(0, 1 - share2)
    eps_pow_two = power(eps, 2)
    return summed(_stable_adamw_sums, (w, g, v), (maximum_zero_one_minus_share2, share2, eps_pow_two), ("sum", "sum"), stages)


class StableAdamW(NumbaOptimizer):
    """StableAdamW: AdamW with the update clipping of AdaFactor.

    Source: Wortsman et al. (2023), Algorithm 2, arXiv:2304.13013.
    The equations are in `stable_adamw_update`, which this class applies to every parameter.

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
        weight_decay  weight_decay >= 0  decoupled weight decay, times the length
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
    _reductions: ClassVar = (("total", "sum", False), ("second_total", "sum", False))
    _update = staticmethod(stable_adamw_update)
    _sums = staticmethod(stable_adamw_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.99,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.01,
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
