# generated from specs/adai.py; regenerate with: python cli.py generate adai
"""Adai: momentum whose decay differs from weight to weight, by how its second moment compares with that of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import divided, one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer, nan_max, scalar_like, summed

__all__ = [
    "Adai",
    "adai_elements",
    "adai_scalars",
    "adai_summands",
    "adai_sums",
]


def adai_scalars(
    total: float,
    second_total: float,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.99,
    eps: float = 1e-3,
    beta0: float = 0.1,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of Adai: the last arguments of `adai_elements`.

    t is the number of the step, from 1. States:

        m     = 0 before the first step
        v     = 0 before the first step
        prod  = 1 before the first step

    total, second_total: what `adai_sums` gives.
    """
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    v_bar = nan_max(eps, divided(second_total, c2 * total))  # mean of those of all weights
    one_minus_beta2 = 1 - beta2
    beta0_over_c2_over_v_bar = beta0 / (c2 * v_bar)
    one_minus_eps = 1 - eps
    lr_weight_decay = lr * weight_decay
    return (beta2, one_minus_beta2, beta0_over_c2_over_v_bar, one_minus_eps, lr_weight_decay, lr, eps)


def adai_elements(
    w: Array,
    m: Array,
    v: Array,
    prod: Array,
    g: Array,
    beta2: float,
    one_minus_beta2: float,
    beta0_over_c2_over_v_bar: float,
    one_minus_eps: float,
    lr_weight_decay: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of Adai for each element; returns w, m, v, prod after it.

        c2        = 1 - beta2**t                                             bias of the second moment
        v_new     = beta2 * v + (1 - beta2) * g**2                           second moment
        v_hat     = v_new / c2                                               second moment, corrected
        v_bar     = maximum(eps, global_sum(v_new) / (c2 * global_sum(1)))   mean of those of all weights
        beta1     = minimum(maximum(1 - beta0 * v_hat / v_bar, 0), 1 - eps)  decay of the momentum
        prod_new  = prod * beta1                                             bias of the momentum
        m_new     = m * beta1 + g * (1 - beta1)                              momentum
        w_new     = w - lr * weight_decay * w - lr * m_new / maximum(1 - prod_new, eps)  decay and descent

    What is computed comes to the same with fewer operations for each element:

        beta0_over_c2_over_v_bar  = beta0 / (c2 * v_bar)
        one_minus_eps             = 1 - eps
        beta1                     = minimum(maximum(1 - beta0_over_c2_over_v_bar * v_new, 0), one_minus_eps)

    w, m, v, prod and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    beta1 = torch.minimum(torch.maximum(1 - beta0_over_c2_over_v_bar * v_new, scalar_like(0, w)), one_minus_eps)  # decay of the momentum
    prod_new = prod * beta1  # bias of the momentum
    m_new = m * beta1 + g * (1 - beta1)  # momentum
    w_new = w - lr_weight_decay * w - lr * m_new / torch.maximum(1 - prod_new, eps)  # decay and descent
    return (w_new, m_new, v_new, prod_new)


def adai_summands(
    w: Array,
    g: Array,
    v: Array,
    beta2: float,
    one_minus_beta2: float,
) -> tuple[Array, ...]:
    """What a step of Adai sums up, for each element."""
    total = 1
    second_total = beta2 * v + one_minus_beta2 * g**2
    return (total, second_total)


def adai_sums(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    prod: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.99,
    eps: float = 1e-3,
    beta0: float = 0.1,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What a step of Adai sums up over one array, in double; nothing is written.

        total         = global_sum(1)
        second_total  = global_sum(v_new)

    The results are arguments of `adai_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    one_minus_beta2 = 1 - beta2
    return summed(adai_summands, (w, g, v), (beta2, one_minus_beta2), ("sum", "sum"))


class Adai(TorchOptimizer):
    """Adai: momentum with less inertia where gradients vary more than they do on average.

    Source: Xie et al. (2022), Algorithm 2, arXiv:2006.15815, with the stable weight decay of its authors.
    The equations are in `adai_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           0 < eps < 1        how far a decay stays below 1, and the least mean variance
        beta0         0 <= beta0 < 1     how much less momentum a weight of mean variance has
        weight_decay  weight_decay >= 0  decoupled weight decay, times lr
    """

    _states: ClassVar = ("m", "v", "prod")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("0 < eps < 1", lambda eps: 0 < eps < 1),
        "beta0": ("0 <= beta0 < 1", lambda beta0: 0 <= beta0 < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _reductions: ClassVar = (("total", "sum", True), ("second_total", "sum", True))
    _scalars = staticmethod(adai_scalars)
    _elements = staticmethod(adai_elements)
    _sums = staticmethod(adai_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta2: Hyper = 0.99,
        eps: Hyper = 1e-3,
        beta0: Hyper = 0.1,
        weight_decay: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta2=beta2, eps=eps, beta0=beta0, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.full_like(w, 1))
