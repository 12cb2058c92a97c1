# generated from specs/dog.py; regenerate with: python cli.py generate dog
"""DoG, DoWG: a learning rate that is the distance from the start over a root of the sum of squared gradients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from .._runtime.scalars import divided, sqrt
from ._arrays import Array, Hyper, Stage, TorchOptimizer, nan_max, summed

__all__ = [
    "DoG",
    "DoWG",
    "dog_elements",
    "dog_scalars",
    "dog_shared",
    "dog_summands",
    "dog_sums",
    "dowg_elements",
    "dowg_scalars",
    "dowg_shared",
    "dowg_summands",
    "dowg_sums",
]


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
    """What all elements share in a step of DoG: the last arguments of `dog_elements`.

    t is the number of the step, from 1. States:

        start  = w before the first step
        far    = 0 before the first step
        total  = 0 before the first step

    norm2, second_norm2, second_total: what `dog_sums` gives.
    """
    first = 0 if t > 1 else reps_rel * (1 + norm2)  # what the first step is taken for
    far_new = nan_max(nan_max(far, first), second_norm2)  # largest distance from the start
    total_new = total + second_total  # sum of squared gradients
    far_new_lr_over_sqrt_total_new_plus_eps = divided(far_new * lr, sqrt(total_new + eps))
    return (far_new_lr_over_sqrt_total_new_plus_eps,)


def dog_elements(
    w: Array,
    start: Array,
    g: Array,
    far_new_lr_over_sqrt_total_new_plus_eps: float,
) -> tuple[Array, ...]:
    """A step of DoG for each element; returns w, start after it.

        first      = where(t > 1, 0, reps_rel * (1 + sqrt(global_sum(w**2))))  what the first step is taken for
        far_new    = maximum(maximum(far, first), sqrt(global_sum((w - start) ** 2)))  largest distance from the start
        total_new  = total + global_sum(g**2)                                  sum of squared gradients
        start_new  = start
        w_new      = w - far_new * lr * g / sqrt(total_new + eps)              descent

    w, start and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    start_new = start
    w_new = w - far_new_lr_over_sqrt_total_new_plus_eps * g  # descent
    return (w_new, start_new)


def dog_summands(
    w: Array,
    g: Array,
    start: Array,
) -> tuple[Array, ...]:
    """What a step of DoG sums up, for each element."""
    norm2 = w
    second_norm2 = w - start
    second_total = g**2
    return (norm2, second_norm2, second_total)


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
) -> tuple[float, ...]:
    """What a step of DoG sums up over one array, in double; nothing is written.

        norm2         = sqrt(global_sum(w**2))
        second_norm2  = sqrt(global_sum((w - start) ** 2))
        second_total  = global_sum(g**2)

    The results are arguments of `dog_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(dog_summands, (w, g, start), (), ("norm", "norm", "sum"))


def dog_shared(
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
    far_new = nan_max(nan_max(far, first), second_norm2)  # largest distance from the start
    total_new = total + second_total  # sum of squared gradients
    return (far_new, total_new)


class DoG(TorchOptimizer):
    """DoG: a step length that is the largest distance from the start over the root of the sum of squared gradients.

    Source: Ivgi, Hinder & Carmon (2023), equation 1, arXiv:2302.12022, for all arrays, as in optax.contrib.
    The equations are in `dog_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr        lr >= 0       factor of the step length that is found
        reps_rel  reps_rel > 0  first movement, in proportion to the weights
        eps       eps > 0       keeps the division from zero
    """

    _states: ClassVar = ("start",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "reps_rel": ("reps_rel > 0", lambda reps_rel: reps_rel > 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
    }
    _starts_late: ClassVar = True
    _reductions: ClassVar = (("norm2", "norm", True), ("second_norm2", "norm", True), ("second_total", "sum", True))
    _fed_by_sums: ClassVar = ("far", "total")
    _scalars = staticmethod(dog_scalars)
    _elements = staticmethod(dog_elements)
    _advance = staticmethod(dog_shared)
    _sums = staticmethod(dog_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        reps_rel: Hyper = 1e-6,
        eps: Hyper = 1e-8,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, reps_rel=reps_rel, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.clone(),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"far": 0, "total": 0}


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
    """What all elements share in a step of DoWG: the last arguments of `dowg_elements`.

    t is the number of the step, from 1. States:

        start  = w before the first step
        far    = d0 before the first step
        total  = 0 before the first step

    second_total, third_total: what `dowg_sums` gives.
    """
    far_new = nan_max(far, second_total)  # largest squared distance from the start
    total_new = total + far_new * third_total  # sum of squared gradients, weighted
    length = far_new / (eps + sqrt(total_new))  # step length
    length_lr = length * lr
    return (length_lr,)


def dowg_elements(
    w: Array,
    start: Array,
    g: Array,
    length_lr: float,
) -> tuple[Array, ...]:
    """A step of DoWG for each element; returns w, start after it.

        far_new    = maximum(far, global_sum((w - start) ** 2))  largest squared distance from the start
        total_new  = total + far_new * global_sum(g**2)          sum of squared gradients, weighted
        length     = far_new / (eps + sqrt(total_new))           step length
        start_new  = start
        w_new      = w - length * lr * g                         descent

    w, start and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    start_new = start
    w_new = w - length_lr * g  # descent
    return (w_new, start_new)


def dowg_summands(
    w: Array,
    g: Array,
    start: Array,
) -> tuple[Array, ...]:
    """What a step of DoWG sums up, for each element."""
    second_total = (w - start) ** 2
    third_total = g**2
    return (second_total, third_total)


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
) -> tuple[float, ...]:
    """What a step of DoWG sums up over one array, in double; nothing is written.

        second_total  = global_sum((w - start) ** 2)
        third_total   = global_sum(g**2)

    The results are arguments of `dowg_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(dowg_summands, (w, g, start), (), ("sum", "sum"))


def dowg_shared(
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
    far_new = nan_max(far, second_total)  # largest squared distance from the start
    total_new = total + far_new * third_total  # sum of squared gradients, weighted
    return (far_new, total_new)


class DoWG(TorchOptimizer):
    """DoWG: a step length that is the squared distance from the start over the root of the sum of squared gradients, each times the squared distance at its step.

    Source: Khaled, Mishchenko & Jin (2023), Algorithm 1, arXiv:2305.16284, with eps as in optax.contrib.dowg.
    The equations are in `dowg_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr   lr >= 0  factor of the step length that is found
        eps  eps > 0  keeps the division from zero
        d0   d0 > 0   first guess of the squared distance
    """

    _states: ClassVar = ("start",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "d0": ("d0 > 0", lambda d0: d0 > 0),
    }
    _starts_late: ClassVar = True
    _reductions: ClassVar = (("second_total", "sum", True), ("third_total", "sum", True))
    _fed_by_sums: ClassVar = ("far", "total")
    _scalars = staticmethod(dowg_scalars)
    _elements = staticmethod(dowg_elements)
    _advance = staticmethod(dowg_shared)
    _sums = staticmethod(dowg_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        eps: Hyper = 1e-4,
        d0: Hyper = 1e-4,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, eps=eps, d0=d0)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.clone(),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"far": hyper["d0"], "total": 0}
