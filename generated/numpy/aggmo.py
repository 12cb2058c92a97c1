# generated from specs/aggmo.py; regenerate with: python cli.py generate aggmo
"""AggMo: the mean of several momenta, each with a damping of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ._arrays import Array, Hyper, NumpyOptimizer, Stage, StageCall, tiles

__all__ = [
    "AggMo",
    "aggmo_update",
]


def aggmo_update(
    w: Array,
    g: Array,
    v1: Array,
    v2: Array,
    v3: Array,
    t: int,
    *,
    lr: float = 0.1,
    beta1: float = 0.0,
    beta2: float = 0.9,
    beta3: float = 0.99,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AggMo on one array, in place.

        v1_new  = beta1 * v1 - g                           first velocity
        v2_new  = beta2 * v2 - g                           second velocity
        v3_new  = beta3 * v3 - g                           third velocity
        w_new   = w + lr * (v1_new + v2_new + v3_new) / 3  move by their mean

    Then v1, v2, v3, w take the new values.

    w, v1, v2, v3 and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v1  = 0 before the first step
        v2  = 0 before the first step
        v3  = 0 before the first step
    """
    lr_over_three = lr / 3

    for tile in tiles((w, v1, v2, v3), (g,), scratch=1, stages=stages):
        w, v1, v2, v3, g, s0 = tile
        # v1_new = beta1 * v1 - g  (first velocity)
        np.multiply(beta1, v1, out=v1)
        v1_new = np.subtract(v1, g, out=v1)
        # v2_new = beta2 * v2 - g  (second velocity)
        np.multiply(beta2, v2, out=v2)
        v2_new = np.subtract(v2, g, out=v2)
        # v3_new = beta3 * v3 - g  (third velocity)
        np.multiply(beta3, v3, out=v3)
        v3_new = np.subtract(v3, g, out=v3)
        # w_new = w + lr * (v1_new + v2_new + v3_new) / 3  (move by their mean)
        np.add(v1_new, v2_new, out=s0)
        np.add(s0, v3_new, out=s0)
        np.multiply(lr_over_three, s0, out=s0)
        np.add(w, s0, out=w)


class AggMo(NumpyOptimizer):
    """AggMo: aggregated momentum: the mean of three velocities.

    Source: Lucas et al. (2019), equation 2, arXiv:1804.00325, with three velocities as by default there.
    The equations are in `aggmo_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  damping of the first velocity
        beta2  0 <= beta2 < 1  damping of the second velocity
        beta3  0 <= beta3 < 1  damping of the third velocity
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    beta3: Hyper

    _states: ClassVar = ("v1", "v2", "v3")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta3": ("0 <= beta3 < 1", lambda beta3: 0 <= beta3 < 1),
    }
    _update = staticmethod(aggmo_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.1,
        beta1: Hyper = 0.0,
        beta2: Hyper = 0.9,
        beta3: Hyper = 0.99,
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
            beta3=beta3,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))
