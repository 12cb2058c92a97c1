# generated from specs/dog.py; regenerate with: python cli.py generate dog
"""DoG, DoWG: a learning rate that is the distance from the start over a root of the sum of squared gradients."""

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
    norms_of,
    spread,
    summed,
    sums_of,
    tiles,
)

__all__ = [
    "DoG",
    "DoWG",
    "dog_scalars",
    "dog_sums",
    "dog_update",
    "dowg_scalars",
    "dowg_sums",
    "dowg_update",
]


def _dog_sums(w: Array, g: Array, start: Array, s0: Array, wide: Array, at: Array) -> tuple[Any, ...]:
    # norm2: norm of w
    norm2 = norms_of(w, wide, at)
    # second_norm2: norm of w - start
    np.subtract(w, start, out=s0)
    second_norm2 = norms_of(s0, wide, at)
    # second_total: sum of g**2
    np.square(g, out=s0)
    second_total = sums_of(s0, at)
    return (norm2, second_norm2, second_total)


def dog_update(
    w: Array,
    g: Array,
    start: Array,
    far: float,
    total: float,
    norm2: float,
    second_norm2: float,
    second_total: float,
    t: int,
    *,
    lr: float = 1.0,
    reps_rel: float = 1e-6,
    eps: float = 1e-8,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of DoG on one array, in place.

        first      = where(t > 1, 0, reps_rel * (1 + sqrt(global_sum(w**2))))  what the first step is taken for
        far_new    = maximum(maximum(far, first), sqrt(global_sum((w - start) ** 2)))  largest distance from the start
        total_new  = total + global_sum(g**2)                                  sum of squared gradients
        start_new  = start
        w_new      = w - far_new * lr * g / sqrt(total_new + eps)              descent

    Then start, w take the new values.

    w, start and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        start  = w before the first step
        far    = 0 before the first step
        total  = 0 before the first step

    norm2, second_norm2, second_total: what `dog_sums` gives.
    """
    first = 0 if t > 1 else reps_rel * (1 + norm2)  # what the first step is taken for
    far_new = np.maximum(np.maximum(far, first), second_norm2)  # largest distance from the start
    total_new = total + second_total  # sum of squared gradients
    far_new_lr_over_sqrt_total_new_plus_eps = spread(far_new * lr / np.sqrt(total_new + eps), w)

    for tile in tiles((w, start), (g,), scratch=1, stages=stages):
        w, start, g, s0 = tile
        # start_new = start
        # w_new = w - far_new * lr * g / sqrt(total_new + eps)  (descent)
        np.multiply(far_new_lr_over_sqrt_total_new_plus_eps, g, out=s0)
        np.subtract(w, s0, out=w)


def dog_sums(
    w: Array,
    g: Array,
    start: Array,
    far: float,
    total: float,
    t: int,
    *,
    lr: float = 1.0,
    reps_rel: float = 1e-6,
    eps: float = 1e-8,
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of DoG sums up over one array, in double; nothing is written.

        norm2         = sqrt(global_sum(w**2))
        second_norm2  = sqrt(global_sum((w - start) ** 2))
        second_total  = global_sum(g**2)

    The arguments are those of `dog_update`, whose next arguments the results are.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(_dog_sums, (w, g, start), (), ("norm", "norm", "sum"), (1, 0), stages)


def dog_scalars(
    far: float,
    total: float,
    norm2: float,
    second_norm2: float,
    second_total: float,
    t: int,
    *,
    lr: float = 1.0,
    reps_rel: float = 1e-6,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    first = 0 if t > 1 else reps_rel * (1 + norm2)  # what the first step is taken for
    far_new = np.maximum(np.maximum(far, first), second_norm2)  # largest distance from the start
    total_new = total + second_total  # sum of squared gradients
    return (far_new, total_new)


class DoG(NumpyOptimizer):
    """DoG: a step length that is the largest distance from the start over the root of the sum of squared gradients.

    Source: Ivgi, Hinder & Carmon (2023), equation 1, arXiv:2302.12022, for all arrays, as in optax.contrib.
    The equations are in `dog_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr        lr >= 0       factor of the step length that is found
        reps_rel  reps_rel > 0  first movement, in proportion to the weights
        eps       eps > 0       keeps the division from zero
    """

    lr: Hyper
    reps_rel: Hyper
    eps: Hyper

    _states: ClassVar = ("start",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "reps_rel": ("reps_rel > 0", lambda reps_rel: reps_rel > 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
    }
    _starts_late: ClassVar = True
    _reductions: ClassVar = (("norm2", "norm", True), ("second_norm2", "norm", True), ("second_total", "sum", True))
    _fed_by_sums: ClassVar = ("far", "total")
    _update = staticmethod(dog_update)
    _advance = staticmethod(dog_scalars)
    _sums = staticmethod(dog_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        reps_rel: Hyper = 1e-6,
        eps: Hyper = 1e-8,
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
            reps_rel=reps_rel,
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.copy(),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"far": 0, "total": 0}


def _dowg_sums(w: Array, g: Array, start: Array, s0: Array, wide: Array, at: Array) -> tuple[Any, ...]:
    # second_total: sum of (w - start) ** 2
    np.subtract(w, start, out=s0)
    np.square(s0, out=s0)
    second_total = sums_of(s0, at)
    # third_total: sum of g**2
    np.square(g, out=s0)
    third_total = sums_of(s0, at)
    return (second_total, third_total)


def dowg_update(
    w: Array,
    g: Array,
    start: Array,
    far: float,
    total: float,
    second_total: float,
    third_total: float,
    t: int,
    *,
    lr: float = 1.0,
    eps: float = 1e-4,
    d0: float = 1e-4,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of DoWG on one array, in place.

        far_new    = maximum(far, global_sum((w - start) ** 2))  largest squared distance from the start
        total_new  = total + far_new * global_sum(g**2)          sum of squared gradients, weighted
        length     = far_new / (eps + sqrt(total_new))           step length
        start_new  = start
        w_new      = w - length * lr * g                         descent

    Then start, w take the new values.

    w, start and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        start  = w before the first step
        far    = d0 before the first step
        total  = 0 before the first step

    second_total, third_total: what `dowg_sums` gives.
    """
    far_new = np.maximum(far, second_total)  # largest squared distance from the start
    total_new = total + far_new * third_total  # sum of squared gradients, weighted
    length = far_new / (eps + np.sqrt(total_new))  # step length
    length_lr = spread(length * lr, w)

    for tile in tiles((w, start), (g,), scratch=1, stages=stages):
        w, start, g, s0 = tile
        # start_new = start
        # w_new = w - length * lr * g  (descent)
        np.multiply(length_lr, g, out=s0)
        np.subtract(w, s0, out=w)


def dowg_sums(
    w: Array,
    g: Array,
    start: Array,
    far: float,
    total: float,
    t: int,
    *,
    lr: float = 1.0,
    eps: float = 1e-4,
    d0: float = 1e-4,
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of DoWG sums up over one array, in double; nothing is written.

        second_total  = global_sum((w - start) ** 2)
        third_total   = global_sum(g**2)

    The arguments are those of `dowg_update`, whose next arguments the results are.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(_dowg_sums, (w, g, start), (), ("sum", "sum"), (1, 0), stages)


def dowg_scalars(
    far: float,
    total: float,
    second_total: float,
    third_total: float,
    t: int,
    *,
    lr: float = 1.0,
    eps: float = 1e-4,
    d0: float = 1e-4,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    far_new = np.maximum(far, second_total)  # largest squared distance from the start
    total_new = total + far_new * third_total  # sum of squared gradients, weighted
    return (far_new, total_new)


class DoWG(NumpyOptimizer):
    """DoWG: a step length that is the squared distance from the start over the root of the sum of squared gradients, each times the squared distance at its step.

    Source: Khaled, Mishchenko & Jin (2023), Algorithm 1, arXiv:2305.16284, with eps as in optax.contrib.dowg.
    The equations are in `dowg_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr   lr >= 0  factor of the step length that is found
        eps  eps > 0  keeps the division from zero
        d0   d0 > 0   first guess of the squared distance
    """

    lr: Hyper
    eps: Hyper
    d0: Hyper

    _states: ClassVar = ("start",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "d0": ("d0 > 0", lambda d0: d0 > 0),
    }
    _starts_late: ClassVar = True
    _reductions: ClassVar = (("second_total", "sum", True), ("third_total", "sum", True))
    _fed_by_sums: ClassVar = ("far", "total")
    _update = staticmethod(dowg_update)
    _advance = staticmethod(dowg_scalars)
    _sums = staticmethod(dowg_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        eps: Hyper = 1e-4,
        d0: Hyper = 1e-4,
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
            d0=d0,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.copy(),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"far": hyper["d0"], "total": 0}
