# generated from specs/tiger.py; regenerate with: python cli.py generate tiger
"""Tiger: the sign of a momentum with decoupled weight decay, which is Lion with both decays the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ._arrays import Array, Hyper, NumbaOptimizer, Stage, StageCall, loop, prange, sweep

__all__ = [
    "Tiger",
    "tiger_update",
]


@loop
def _tiger_update(w: Array, m: Array, g: Array, beta: float, one_minus_beta: float, lr: float, weight_decay: float) -> None:
    for i in prange(w.size):
        m_new = beta * m[i] + one_minus_beta * g[i]  # momentum
        w_new = w[i] - lr * (weight_decay * w[i] + np.sign(m_new))  # descent and decay
        m[i] = m_new
        w[i] = w_new


def tiger_update(
    w: Array,
    g: Array,
    m: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta: float = 0.965,
    weight_decay: float = 0.01,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of Tiger on one array, in place.

        m_new  = beta * m + (1 - beta) * g                  momentum
        w_new  = w - lr * (weight_decay * w + sign(m_new))  descent and decay

    Then m, w take the new values.

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
    """
    one_minus_beta = 1 - beta

    sweep(_tiger_update, (w, m), g, (beta, one_minus_beta, lr, weight_decay), stages)


class Tiger(NumbaOptimizer):
    """Tiger: Signum with decoupled weight decay.

    Source: Su (2023), Tiger: a tight-fisted optimizer, kexue.fm/archives/9512.
    The equations are in `tiger_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta          0 <= beta < 1      decay of the momentum
        weight_decay  weight_decay >= 0  decoupled weight decay
    """

    lr: Hyper
    beta: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _update = staticmethod(tiger_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta: Hyper = 0.965,
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
            beta=beta,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w),)
