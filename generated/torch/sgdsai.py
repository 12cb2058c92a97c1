# generated from specs/sgdsai.py; regenerate with: python cli.py generate sgdsai
"""SGD-SaI: momentum with a learning rate for each array, from how its first gradient stands out from its noise."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import divided, power
from ._arrays import Array, Hyper, Stage, TorchOptimizer, nan_max, summed

__all__ = [
    "SGDSaI",
    "sgdsai_elements",
    "sgdsai_per_array",
    "sgdsai_scalars",
    "sgdsai_summands",
    "sgdsai_sums",
]


def sgdsai_scalars(
    ratio: float,
    norm2: float,
    total: float,
    second_total: float,
    third_total: float,
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-8,
    momentum: float = 0.9,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of SGDSaI: the last arguments of `sgdsai_elements`.

    t is the number of the step of this parameter, from 1. States:

        m      = 0 before the first step
        ratio  = 0 before the first step, a number for each array

    norm2, total, second_total, third_total: what `sgdsai_sums` gives.
    """
    of_gradient = norm2  # norm of this array's gradient
    count = total  # its elements
    deviation = math.sqrt(nan_max(0, third_total - divided(power(second_total, 2), count))) / math.sqrt(nan_max(1, count - 1))  # standard deviation in it
    ratio_new = ratio if t > 1 else of_gradient / (deviation + eps) if deviation > 0 else of_gradient  # signal-to-noise ratio of the first
    one_minus_momentum = 1 - momentum
    lr_weight_decay = lr * weight_decay
    ratio_new_lr = ratio_new * lr
    return (momentum, one_minus_momentum, lr_weight_decay, ratio_new_lr)


def sgdsai_elements(
    w: Array,
    m: Array,
    g: Array,
    momentum: float,
    one_minus_momentum: float,
    lr_weight_decay: float,
    ratio_new_lr: float,
) -> tuple[Array, ...]:
    """A step of SGDSaI for each element; returns w, m after it.

        of_gradient  = sqrt(array_sum(g**2))                               norm of this array's gradient
        count        = array_sum(1)                                        its elements
        deviation    = sqrt(maximum(0, array_sum(g**2) - array_sum(g) ** 2 / count)) / sqrt(maximum(1, count - 1))  standard deviation in it
        ratio_new    = where(t > 1, ratio, where(deviation > 0, of_gradient / (deviation + eps), of_gradient))  signal-to-noise ratio of the first
        m_new        = momentum * m + (1 - momentum) * g                   momentum
        w_new        = w - lr * weight_decay * w - ratio_new * lr * m_new  decay and descent

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = momentum * m + one_minus_momentum * g  # momentum
    w_new = w - lr_weight_decay * w - ratio_new_lr * m_new  # decay and descent
    return (w_new, m_new)


def sgdsai_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of SGDSaI sums up, for each element."""
    norm2 = g
    total = 1
    second_total = g
    third_total = g**2
    return (norm2, total, second_total, third_total)


def sgdsai_sums(
    w: Array,
    g: Array,
    m: Array,
    ratio: float,
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-8,
    momentum: float = 0.9,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What a step of SGDSaI sums up over one array, in double; nothing is written.

        norm2         = sqrt(array_sum(g**2))
        total         = array_sum(1)
        second_total  = array_sum(g)
        third_total   = array_sum(g**2)

    The results are arguments of `sgdsai_scalars`, before the step number.
    """
    return summed(sgdsai_summands, (w, g), (), ("norm", "sum", "sum", "sum"))


def sgdsai_per_array(
    ratio: float,
    norm2: float,
    total: float,
    second_total: float,
    third_total: float,
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-8,
    momentum: float = 0.9,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """The numbers that are kept for this array after step t."""
    of_gradient = norm2  # norm of this array's gradient
    count = total  # its elements
    deviation = math.sqrt(nan_max(0, third_total - divided(power(second_total, 2), count))) / math.sqrt(nan_max(1, count - 1))  # standard deviation in it
    ratio_new = ratio if t > 1 else of_gradient / (deviation + eps) if deviation > 0 else of_gradient  # signal-to-noise ratio of the first
    return (ratio_new,)


class SGDSaI(TorchOptimizer):
    """SGDSaI: momentum whose step is scaled, for each array, by the norm of its first gradient over the spread in it.

    Source: Xu et al. (2024), Algorithm 1, arXiv:2412.11768.
    The equations are in `sgdsai_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        eps           eps > 0            keeps the division from zero
        momentum      0 <= momentum < 1  decay of the momentum
        weight_decay  weight_decay >= 0  decoupled weight decay, times lr
    """

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _own_t: ClassVar = True
    _per_array: ClassVar = ("ratio",)
    _reductions: ClassVar = (("norm2", "norm", False), ("total", "sum", False), ("second_total", "sum", False), ("third_total", "sum", False))
    _fed_by_sums: ClassVar = ("ratio",)
    _scalars = staticmethod(sgdsai_scalars)
    _elements = staticmethod(sgdsai_elements)
    _advance_own = staticmethod(sgdsai_per_array)
    _sums = staticmethod(sgdsai_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        eps: Hyper = 1e-8,
        momentum: Hyper = 0.9,
        weight_decay: Hyper = 0.01,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, eps=eps, momentum=momentum, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)

    def _initial_own(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"ratio": 0}
