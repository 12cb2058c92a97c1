# generated from specs/smorms3.py; regenerate with: python cli.py generate smorms3
"""SMORMS3: RMSprop that forgets the faster, the less its gradients agree, and takes smaller steps then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ._arrays import Array, Hyper, NumbaOptimizer, Stage, StageCall, loop, prange, sweep

__all__ = [
    "SMORMS3",
    "smorms3_update",
]


@loop
def _smorms3_update(w: Array, a: Array, v: Array, memory: Array, g: Array, eps: float, lr: float) -> None:
    real = w.dtype.type
    for i in prange(w.size):
        r = real(1) / (memory[i] + real(1))  # share of the new gradient
        a_new = a[i] * (real(1) - r) + r * g[i]  # average
        v_new = v[i] * (real(1) - r) + r * (g[i] * g[i])  # average of squares
        x = a_new * a_new / (v_new + eps)  # agreement of the gradients, at most 1
        memory_new = memory[i] * (real(1) - x) + real(1)  # number of steps to remember
        w_new = w[i] - g[i] * np.minimum(x, lr) / (np.sqrt(v_new) + eps)  # descent
        a[i] = a_new
        v[i] = v_new
        memory[i] = memory_new
        w[i] = w_new


def smorms3_update(
    w: Array,
    g: Array,
    a: Array,
    v: Array,
    memory: Array,
    t: int,
    *,
    lr: float = 0.001,
    eps: float = 1e-16,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of SMORMS3 on one array, in place.

        r           = 1 / (memory + 1)                              share of the new gradient
        a_new       = a * (1 - r) + r * g                           average
        v_new       = v * (1 - r) + r * g**2                        average of squares
        x           = a_new**2 / (v_new + eps)                      agreement of the gradients, at most 1
        memory_new  = memory * (1 - x) + 1                          number of steps to remember
        w_new       = w - g * minimum(x, lr) / (sqrt(v_new) + eps)  descent

    Then a, v, memory, w take the new values.

    w, a, v, memory and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        a       = 0 before the first step
        v       = 0 before the first step
        memory  = 1 before the first step
    """
    sweep(_smorms3_update, (w, a, v, memory), g, (eps, lr), stages)


class SMORMS3(NumbaOptimizer):
    """SMORMS3: a step scaled by the root of the squared gradients and by how far the gradients agree.

    Source: Funk (2015), RMSprop loses to SMORMS3, sifter.org/~simon/journal/20150420.html, as in Chainer.
    The equations are in `smorms3_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr   lr >= 0   largest rate
        eps  eps >= 0  keeps the divisions from zero
    """

    lr: Hyper
    eps: Hyper

    _states: ClassVar = ("a", "v", "memory")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(smorms3_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        eps: Hyper = 1e-16,
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
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w), np.full_like(w, 1))
