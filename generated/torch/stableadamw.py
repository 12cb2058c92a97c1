# generated from specs/stableadamw.py; regenerate with: python cli.py generate stableadamw
"""StableAdamW: AdamW whose learning rate shrinks, for each array, where its second moment is out of date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import divided, one_minus_power, power, sqrt
from ._arrays import Array, Hyper, Stage, TorchOptimizer, nan_max, summed

__all__ = [
    "StableAdamW",
    "stable_adamw_elements",
    "stable_adamw_scalars",
    "stable_adamw_summands",
    "stable_adamw_sums",
]


def stable_adamw_scalars(
    total: float,
    second_total: float,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.99,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of StableAdamW: the last arguments of `stable_adamw_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step

    total, second_total: what `stable_adamw_sums` gives.
    """
    share1 = (1 - beta1) / one_minus_power(beta1, t)  # share of the gradient in the first moment, corrected
    share2 = (1 - beta2) / one_minus_power(beta2, t)  # share of its square in the second moment, at most 1
    rms = sqrt(divided(second_total, total))  # how far the gradient exceeds its second moment
    length = lr / nan_max(1, rms)  # learning rate of this array
    one_minus_share1 = 1 - share1
    maximum_zero_one_minus_share2 = max(0, 1 - share2)
    length_weight_decay = length * weight_decay
    return (one_minus_share1, share1, maximum_zero_one_minus_share2, share2, length_weight_decay, length, eps)


def stable_adamw_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    one_minus_share1: float,
    share1: float,
    maximum_zero_one_minus_share2: float,
    share2: float,
    length_weight_decay: float,
    length: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of StableAdamW for each element; returns w, m, v after it.

        share1  = (1 - beta1) / (1 - beta1**t)                                   share of the gradient in the first moment, corrected
        share2  = (1 - beta2) / (1 - beta2**t)                                   share of its square in the second moment, at most 1
        m_new   = (1 - share1) * m + share1 * g                                  first moment
        v_new   = maximum(0, 1 - share2) * v + share2 * g**2                     second moment
        rms     = sqrt(array_sum(g**2 / maximum(v_new, eps**2)) / array_sum(1))  how far the gradient exceeds its second moment
        length  = lr / maximum(1, rms)                                           learning rate of this array
        w_new   = w - length * weight_decay * w - length * m_new / (sqrt(v_new) + eps)  decay and descent

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = one_minus_share1 * m + share1 * g  # first moment
    v_new = maximum_zero_one_minus_share2 * v + share2 * g**2  # second moment
    w_new = w - length_weight_decay * w - length * m_new / (torch.sqrt(v_new) + eps)  # decay and descent
    return (w_new, m_new, v_new)


def stable_adamw_summands(
    w: Array,
    g: Array,
    v: Array,
    maximum_zero_one_minus_share2: float,
    share2: float,
    eps_pow_two: float,
) -> tuple[Array, ...]:
    """What a step of StableAdamW sums up, for each element."""
    total = 1
    second_total = g**2 / torch.maximum(maximum_zero_one_minus_share2 * v + share2 * g**2, eps_pow_two)
    return (total, second_total)


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
) -> tuple[float, ...]:
    """What a step of StableAdamW sums up over one array, in double; nothing is written.

        total         = array_sum(1)
        second_total  = array_sum(g**2 / maximum(v_new, eps**2))

    The results are arguments of `stable_adamw_scalars`, before the step number.
    """
    share2 = (1 - beta2) / one_minus_power(beta2, t)  # share of its square in the second moment, at most 1
    maximum_zero_one_minus_share2 = max(0, 1 - share2)
    eps_pow_two = power(eps, 2)
    return summed(stable_adamw_summands, (w, g, v), (maximum_zero_one_minus_share2, share2, eps_pow_two), ("sum", "sum"))


class StableAdamW(TorchOptimizer):
    """StableAdamW: AdamW with the update clipping of AdaFactor.

    Source: Wortsman et al. (2023), Algorithm 2, arXiv:2304.13013.
    The equations are in `stable_adamw_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps > 0            keeps the divisions from zero
        weight_decay  weight_decay >= 0  decoupled weight decay, times the length
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _reductions: ClassVar = (("total", "sum", False), ("second_total", "sum", False))
    _scalars = staticmethod(stable_adamw_scalars)
    _elements = staticmethod(stable_adamw_elements)
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
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
