# generated from specs/fromage.py; regenerate with: python cli.py generate fromage
"""Fromage: a step as long as the learning rate times the norm of the weights, then drawn in to keep that norm."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from .._runtime.scalars import power
from ._arrays import Array, Hyper, Stage, TorchOptimizer, nan_max, summed

__all__ = [
    "Fromage",
    "fromage_elements",
    "fromage_scalars",
    "fromage_summands",
    "fromage_sums",
]


def fromage_scalars(
    norm2: float,
    second_norm2: float,
    t: int,
    *,
    lr: float = 0.01,
    min_norm: float = 1e-6,
) -> tuple[float, ...]:
    """What all elements share in a step of Fromage: the last arguments of `fromage_elements`.

    t is the number of the step, from 1.

    norm2, second_norm2: what `fromage_sums` gives.
    """
    of_weights = nan_max(min_norm, norm2)  # norm of this array
    of_gradient = nan_max(min_norm, second_norm2)  # norm of its gradient
    ratio = of_weights / of_gradient  # trust ratio
    shrink = 1 / math.sqrt(1 + power(lr, 2))  # what keeps the norm of the weights
    ratio_lr = ratio * lr
    return (shrink, ratio_lr)


def fromage_elements(
    w: Array,
    g: Array,
    shrink: float,
    ratio_lr: float,
) -> tuple[Array, ...]:
    """A step of Fromage for each element; returns w after it.

        of_weights   = maximum(min_norm, sqrt(array_sum(w**2)))  norm of this array
        of_gradient  = maximum(min_norm, sqrt(array_sum(g**2)))  norm of its gradient
        ratio        = of_weights / of_gradient                  trust ratio
        shrink       = 1 / sqrt(1 + lr**2)                       what keeps the norm of the weights
        w_new        = shrink * (w - ratio * lr * g)             descent

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_new = shrink * (w - ratio_lr * g)  # descent
    return (w_new,)


def fromage_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of Fromage sums up, for each element."""
    norm2 = w
    second_norm2 = g
    return (norm2, second_norm2)


def fromage_sums(
    w: Array,
    g: Array,
    t: int,
    *,
    lr: float = 0.01,
    min_norm: float = 1e-6,
) -> tuple[float, ...]:
    """What a step of Fromage sums up over one array, in double; nothing is written.

        norm2         = sqrt(array_sum(w**2))
        second_norm2  = sqrt(array_sum(g**2))

    The results are arguments of `fromage_scalars`, before the step number.
    """
    return summed(fromage_summands, (w, g), (), ("norm", "norm"))


class Fromage(TorchOptimizer):
    """Fromage: a step as long as the learning rate times the norm of the weights, then drawn in.

    Source: Bernstein, Vahdat, Yue & Liu (2020), Algorithm 1, arXiv:2002.03432, as in optax.fromage.
    The equations are in `fromage_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr        lr >= 0       learning rate
        min_norm  min_norm > 0  what norms are taken to be at least
    """

    _states: ClassVar = ()
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "min_norm": ("min_norm > 0", lambda min_norm: min_norm > 0),
    }
    _reductions: ClassVar = (("norm2", "norm", False), ("second_norm2", "norm", False))
    _scalars = staticmethod(fromage_scalars)
    _elements = staticmethod(fromage_elements)
    _sums = staticmethod(fromage_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        min_norm: Hyper = 1e-6,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, min_norm=min_norm)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()
