# generated from specs/adams.py; regenerate with: python cli.py generate adams
"""Stable weight decay: a decay that all weights share, by the mean of all second moments."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import divided, one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer, nan_max, summed

__all__ = [
    "AdamS",
    "adams_elements",
    "adams_scalars",
    "adams_summands",
    "adams_sums",
]


def adams_scalars(
    total: float,
    second_total: float,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 1e-4,
) -> tuple[float, ...]:
    """What all elements share in a step of AdamS: the last arguments of `adams_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step

    total, second_total: what `adams_sums` gives.
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    v_bar = nan_max(0, divided(second_total, total)) / c2  # mean of all second moments
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay_over_eps_plus_sqrt_v_bar = lr * weight_decay / (eps + math.sqrt(v_bar))
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_weight_decay_over_eps_plus_sqrt_v_bar, lr_sqrt_c2_over_c1, eps_sqrt_c2)


def adams_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_weight_decay_over_eps_plus_sqrt_v_bar: float,
    lr_sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of AdamS for each element; returns w, m, v after it.

        c1     = 1 - beta1**t                                        bias of the first moment
        c2     = 1 - beta2**t                                        bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g                         first moment
        v_new  = beta2 * v + (1 - beta2) * g**2                      second moment
        m_hat  = m_new / c1                                          first moment, corrected
        v_hat  = v_new / c2                                          second moment, corrected
        v_bar  = maximum(0, global_sum(v_new) / global_sum(1)) / c2  mean of all second moments
        w_new  = w - lr * weight_decay * w / (eps + sqrt(v_bar)) - lr * m_hat / (sqrt(v_hat) + eps)  decay and descent

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay_over_eps_plus_sqrt_v_bar  = lr * weight_decay / (eps + sqrt(v_bar))
        lr_sqrt_c2_over_c1                        = lr * sqrt(c2) / c1
        eps_sqrt_c2                               = eps * sqrt(c2)
        w_new                                     = w - lr_weight_decay_over_eps_plus_sqrt_v_bar * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - lr_weight_decay_over_eps_plus_sqrt_v_bar * w - lr_sqrt_c2_over_c1 * m_new / (torch.sqrt(v_new) + eps_sqrt_c2)  # decay and descent
    return (w_new, m_new, v_new)


def adams_summands(
    w: Array,
    g: Array,
    v: Array,
    beta2: float,
    one_minus_beta2: float,
) -> tuple[Array, ...]:
    """What a step of AdamS sums up, for each element."""
    total = 1
    second_total = beta2 * v + one_minus_beta2 * g**2
    return (total, second_total)


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
) -> tuple[float, ...]:
    """What a step of AdamS sums up over one array, in double; nothing is written.

        total         = global_sum(1)
        second_total  = global_sum(v_new)

    The results are arguments of `adams_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    one_minus_beta2 = 1 - beta2
    return summed(adams_summands, (w, g, v), (beta2, one_minus_beta2), ("sum", "sum"))


class AdamS(TorchOptimizer):
    """AdamS: AdamW whose decay is divided by the root of the mean of the second moments of all weights.

    Source: Xie et al. (2023), Algorithm 4, arXiv:2011.11152.
    The equations are in `adams_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps > 0            keeps the divisions from zero
        weight_decay  weight_decay >= 0  weight decay, in units of the mean step
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _reductions: ClassVar = (("total", "sum", True), ("second_total", "sum", True))
    _scalars = staticmethod(adams_scalars)
    _elements = staticmethod(adams_elements)
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
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
