# generated from specs/alig.py; regenerate with: python cli.py generate alig
"""ALI-G: Polyak's step length for losses whose least value is zero, at most a learning rate, with momentum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ._arrays import (
    Array,
    Hyper,
    NumpyOptimizer,
    Stage,
    StageCall,
    spread,
    summed,
    sums_of,
    tiles,
)

__all__ = [
    "AliG",
    "alig_sums",
    "alig_update",
]


def _alig_sums(w: Array, g: Array, s0: Array, wide: Array, at: Array) -> tuple[Any, ...]:
    # second_total: sum of g**2
    np.square(g, out=s0)
    second_total = sums_of(s0, at)
    return (second_total,)


def alig_update(
    w: Array,
    g: Array,
    v: Array,
    second_total: float,
    t: int,
    *,
    loss: float,
    lr: float = 0.1,
    eps: float = 1e-6,
    momentum: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AliG on one array, in place.

        total   = eps + global_sum(g**2)     squared norm of all gradients
        length  = minimum(lr, loss / total)  step length
        u       = length * g                 step
        v_new   = momentum * v - u           velocity
        w_new   = w + momentum * v_new - u   descent, look ahead

    Then v, w take the new values.

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = 0 before the first step

    second_total: what `alig_sums` gives.
    """
    total = eps + second_total  # squared norm of all gradients
    length = spread(np.minimum(lr, loss / total), w)  # step length

    for tile in tiles((w, v), (g,), scratch=2, stages=stages):
        w, v, g, s0, s1 = tile
        # u = length * g  (step)
        u = np.multiply(length, g, out=s0)
        # v_new = momentum * v - u  (velocity)
        np.multiply(momentum, v, out=v)
        v_new = np.subtract(v, u, out=v)
        # w_new = w + momentum * v_new - u  (descent, look ahead)
        np.multiply(momentum, v_new, out=s1)
        np.add(w, s1, out=w)
        np.subtract(w, u, out=w)


def alig_sums(
    w: Array,
    g: Array,
    v: Array,
    t: int,
    *,
    loss: float,
    lr: float = 0.1,
    eps: float = 1e-6,
    momentum: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of AliG sums up over one array, in double; nothing is written.

        second_total  = global_sum(g**2)

    The arguments are those of `alig_update`, whose next arguments the results are.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(_alig_sums, (w, g), (), ("sum",), (1, 0), stages)


class AliG(NumpyOptimizer):
    """AliG: descent by the length that would reach a loss of zero, at most a learning rate, with Nesterov momentum.

    Source: Berrada, Zisserman & Kumar (2020), Algorithm 1, arXiv:1906.05661, with the Nesterov momentum of its code.
    The equations are in `alig_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    A step is step(grads, loss=loss):

        loss  a number  the loss at w, of which g is the gradient

    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr        lr >= 0            largest step length
        eps       eps > 0            added to the squared norm
        momentum  0 <= momentum < 1  decay of the velocity
    """

    lr: Hyper
    eps: Hyper
    momentum: Hyper

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _signals: ClassVar = ("loss",)
    _reductions: ClassVar = (("second_total", "sum", True),)
    _update = staticmethod(alig_update)
    _sums = staticmethod(alig_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.1,
        eps: Hyper = 1e-6,
        momentum: Hyper = 0.9,
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
            momentum=momentum,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w),)
