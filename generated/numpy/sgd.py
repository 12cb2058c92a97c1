# generated from specs/sgd.py; regenerate with: python cli.py generate sgd
"""Gradient descent: a step against the gradient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ._arrays import Array, Hyper, NumpyOptimizer, Stage, StageCall, tiles

__all__ = [
    "SGD",
    "sgd_update",
]


def sgd_update(
    w: Array,
    g: Array,
    t: int,
    *,
    lr: float = 0.01,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of SGD on one array, in place.

        w_new  = w - lr * g  descent

    Then w takes the new value.

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1.
    """
    for tile in tiles((w,), (g,), scratch=1, stages=stages):
        w, g, s0 = tile
        # w_new = w - lr * g  (descent)
        np.multiply(lr, g, out=s0)
        np.subtract(w, s0, out=w)


class SGD(NumpyOptimizer):
    """SGD: stochastic gradient descent.

    Source: Robbins & Monro (1951), Annals of Mathematical Statistics 22(3), doi:10.1214/aoms/1177729586.
    The equations are in `sgd_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr  lr >= 0  learning rate
    """

    lr: Hyper

    _states: ClassVar = ()
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
    }
    _update = staticmethod(sgd_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
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
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()
