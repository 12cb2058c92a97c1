# generated from specs/fromage.py; regenerate with: python cli.py generate fromage
"""Fromage: a step as long as the learning rate times the norm of the weights, then drawn in to keep that norm."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import power
from ._arrays import (
    Array,
    Hyper,
    NumpyOptimizer,
    Stage,
    StageCall,
    norms_of,
    spread,
    summed,
    tiles,
)

__all__ = [
    "Fromage",
    "fromage_sums",
    "fromage_update",
]


def _fromage_sums(w: Array, g: Array, wide: Array, at: Array) -> tuple[Any, ...]:
    # norm2: norm of w
    norm2 = norms_of(w, wide, at)
    # second_norm2: norm of g
    second_norm2 = norms_of(g, wide, at)
    return (norm2, second_norm2)


def fromage_update(
    w: Array,
    g: Array,
    norm2: float,
    second_norm2: float,
    t: int,
    *,
    lr: float = 0.01,
    min_norm: float = 1e-6,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of Fromage on one array, in place.

        of_weights   = maximum(min_norm, sqrt(array_sum(w**2)))  norm of this array
        of_gradient  = maximum(min_norm, sqrt(array_sum(g**2)))  norm of its gradient
        ratio        = of_weights / of_gradient                  trust ratio
        shrink       = 1 / sqrt(1 + lr**2)                       what keeps the norm of the weights
        w_new        = shrink * (w - ratio * lr * g)             descent

    Then w takes the new value.

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1.

    norm2, second_norm2: what `fromage_sums` gives.
    """
    of_weights = np.maximum(min_norm, norm2)  # norm of this array
    of_gradient = np.maximum(min_norm, second_norm2)  # norm of its gradient
    ratio = of_weights / of_gradient  # trust ratio
    shrink = 1 / math.sqrt(1 + power(lr, 2))  # what keeps the norm of the weights
    ratio_lr = spread(ratio * lr, w)

    for tile in tiles((w,), (g,), scratch=1, stages=stages):
        w, g, s0 = tile
        # w_new = shrink * (w - ratio * lr * g)  (descent)
        np.multiply(ratio_lr, g, out=s0)
        np.subtract(w, s0, out=w)
        np.multiply(shrink, w, out=w)


def fromage_sums(
    w: Array,
    g: Array,
    t: int,
    *,
    lr: float = 0.01,
    min_norm: float = 1e-6,
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of Fromage sums up over one array, in double; nothing is written.

        norm2         = sqrt(array_sum(w**2))
        second_norm2  = sqrt(array_sum(g**2))

    The arguments are those of `fromage_update`, whose next arguments the results are.
    """
    return summed(_fromage_sums, (w, g), (), ("norm", "norm"), (0, 0), stages)


class Fromage(NumpyOptimizer):
    """Fromage: a step as long as the learning rate times the norm of the weights, then drawn in.

    Source: Bernstein, Vahdat, Yue & Liu (2020), Algorithm 1, arXiv:2002.03432, as in optax.fromage.
    The equations are in `fromage_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr        lr >= 0       learning rate
        min_norm  min_norm > 0  what norms are taken to be at least
    """

    lr: Hyper
    min_norm: Hyper

    _states: ClassVar = ()
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "min_norm": ("min_norm > 0", lambda min_norm: min_norm > 0),
    }
    _reductions: ClassVar = (("norm2", "norm", False), ("second_norm2", "norm", False))
    _update = staticmethod(fromage_update)
    _sums = staticmethod(fromage_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        min_norm: Hyper = 1e-6,
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
            min_norm=min_norm,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()
