# generated from specs/lars.py; regenerate with: python cli.py generate lars
"""LARS: momentum whose step is, for each array, in proportion to the norm of the weights over that of the gradient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ._arrays import (
    Array,
    Hyper,
    NumbaOptimizer,
    Stage,
    StageCall,
    loop,
    prange,
    spread,
    summed,
    summing,
    sweep,
)

__all__ = [
    "LARS",
    "LARSSumOfNorms",
    "lars_sum_of_norms_sums",
    "lars_sum_of_norms_update",
    "lars_sums",
    "lars_update",
]


@loop
def _lars_update(w: Array, v: Array, g: Array, weight_decay: float, momentum: float, ratio_lr: float) -> None:
    for i in prange(w.size):
        update = g[i] + weight_decay * w[i]  # gradient with decay
        v_new = momentum * v[i] + ratio_lr * update  # velocity
        w_new = w[i] - v_new  # descent
        v[i] = v_new
        w[i] = w_new


@summing
def _lars_sums(w: Array, g: Array, weight_decay: float, rescale: float) -> tuple[float, ...]:
    real = np.float64
    norm2 = 0.0
    second_norm2 = 0.0
    for i in prange(w.size):
        norm2_part = rescale * real(w[i])
        norm2 += norm2_part * norm2_part
        second_norm2_part = rescale * (real(g[i]) + weight_decay * real(w[i]))
        second_norm2 += second_norm2_part * second_norm2_part
    return (norm2, second_norm2)


def lars_update(
    w: Array,
    g: Array,
    v: Array,
    norm2: float,
    second_norm2: float,
    t: int,
    *,
    lr: float = 0.1,
    weight_decay: float = 0.0001,
    eps: float = 0.0,
    trust_coefficient: float = 0.001,
    momentum: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of LARS on one array, in place.

        update       = g + weight_decay * w                gradient with decay
        of_weights   = sqrt(array_sum(w**2))               norm of this array
        of_gradient  = sqrt(array_sum(update**2))          norm of its gradient with decay
        ratio        = where(of_gradient > 0, where(of_weights > 0, of_weights * trust_coefficient / (of_gradient + eps), 1), 1)  trust ratio
        v_new        = momentum * v + ratio * lr * update  velocity
        w_new        = w - v_new                           descent

    Then v, w take the new values.

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = 0 before the first step

    norm2, second_norm2: what `lars_sums` gives.
    """
    of_weights = norm2  # norm of this array
    of_gradient = second_norm2  # norm of its gradient with decay
    ratio = np.where(of_gradient > 0, np.where(of_weights > 0, of_weights * trust_coefficient / (of_gradient + eps), 1), 1)  # trust ratio
    ratio_lr = spread(ratio * lr, w)

    sweep(_lars_update, (w, v), g, (weight_decay, momentum, ratio_lr), stages)


def lars_sums(
    w: Array,
    g: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.1,
    weight_decay: float = 0.0001,
    eps: float = 0.0,
    trust_coefficient: float = 0.001,
    momentum: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of LARS sums up over one array, in double; nothing is written.

        norm2         = sqrt(array_sum(w**2))
        second_norm2  = sqrt(array_sum(update**2))

    The arguments are those of `lars_update`, whose next arguments the results are.
    """
    return summed(_lars_sums, (w, g), (weight_decay,), ("norm", "norm"), stages)


class LARS(NumbaOptimizer):
    """LARS: momentum whose step is in proportion to the norm of the weights over that of the gradient, array by array.

    Source: You, Gitman & Ginsburg (2017), Algorithm 1, arXiv:1708.03888, as in optax.lars.
    The equations are in `lars_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr                 lr >= 0                learning rate
        weight_decay       weight_decay >= 0      weight decay
        eps                eps >= 0               added to the norm of the gradient
        trust_coefficient  trust_coefficient > 0  share of the norm of the weights to a step
        momentum           0 <= momentum < 1      decay of the velocity
    """

    lr: Hyper
    weight_decay: Hyper
    eps: Hyper
    trust_coefficient: Hyper
    momentum: Hyper

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "trust_coefficient": ("trust_coefficient > 0", lambda trust_coefficient: trust_coefficient > 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _reductions: ClassVar = (("norm2", "norm", False), ("second_norm2", "norm", False))
    _update = staticmethod(lars_update)
    _sums = staticmethod(lars_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.1,
        weight_decay: Hyper = 0.0001,
        eps: Hyper = 0.0,
        trust_coefficient: Hyper = 0.001,
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
            weight_decay=weight_decay,
            eps=eps,
            trust_coefficient=trust_coefficient,
            momentum=momentum,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w),)


@loop
def _lars_sum_of_norms_update(w: Array, v: Array, g: Array, weight_decay: float, momentum: float, ratio: float, lr: float) -> None:
    for i in prange(w.size):
        update = g[i] + weight_decay * w[i]  # gradient with decay
        v_new = momentum * v[i] + ratio * update  # velocity
        w_new = w[i] - lr * v_new  # descent
        v[i] = v_new
        w[i] = w_new


@summing
def _lars_sum_of_norms_sums(w: Array, g: Array, rescale: float) -> tuple[float, ...]:
    real = np.float64
    norm2 = 0.0
    second_norm2 = 0.0
    for i in prange(w.size):
        norm2_part = rescale * real(w[i])
        norm2 += norm2_part * norm2_part
        second_norm2_part = rescale * real(g[i])
        second_norm2 += second_norm2_part * second_norm2_part
    return (norm2, second_norm2)


def lars_sum_of_norms_update(
    w: Array,
    g: Array,
    v: Array,
    norm2: float,
    second_norm2: float,
    t: int,
    *,
    lr: float = 0.1,
    weight_decay: float = 0.0001,
    trust_coefficient: float = 0.001,
    momentum: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of LARSSumOfNorms on one array, in place.

        update       = g + weight_decay * w           gradient with decay
        of_weights   = sqrt(array_sum(w**2))          norm of this array
        of_gradient  = sqrt(array_sum(g**2))          norm of its gradient
        ratio        = where(of_weights > 0, where(of_gradient + of_weights * weight_decay > 0, of_weights * trust_coefficient / (of_gradient + of_weights * weight_decay), 1), 1)  trust ratio
        v_new        = momentum * v + ratio * update  velocity
        w_new        = w - lr * v_new                 descent

    Then v, w take the new values.

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = 0 before the first step

    norm2, second_norm2: what `lars_sum_of_norms_sums` gives.
    """
    of_weights = norm2  # norm of this array
    of_gradient = second_norm2  # norm of its gradient
    ratio = spread(np.where(of_weights > 0, np.where(of_gradient + of_weights * weight_decay > 0, of_weights * trust_coefficient / (of_gradient + of_weights * weight_decay), 1), 1), w)  # trust ratio

    sweep(_lars_sum_of_norms_update, (w, v), g, (weight_decay, momentum, ratio, lr), stages)


def lars_sum_of_norms_sums(
    w: Array,
    g: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.1,
    weight_decay: float = 0.0001,
    trust_coefficient: float = 0.001,
    momentum: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of LARSSumOfNorms sums up over one array, in double; nothing is written.

        norm2         = sqrt(array_sum(w**2))
        second_norm2  = sqrt(array_sum(g**2))

    The arguments are those of `lars_sum_of_norms_update`, whose next arguments the results are.
    """
    return summed(_lars_sum_of_norms_sums, (w, g), (), ("norm", "norm"), stages)


class LARSSumOfNorms(NumbaOptimizer):
    """LARSSumOfNorms: LARS that divides by the norm of the gradient plus that of its decay, not by the norm of their sum.

    Source: You, Gitman & Ginsburg (2017), Algorithm 1, arXiv:1708.03888, with the learning rate of torch.
    The equations are in `lars_sum_of_norms_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr                 lr >= 0                learning rate
        weight_decay       weight_decay >= 0      weight decay
        trust_coefficient  trust_coefficient > 0  share of the norm of the weights to a step
        momentum           0 <= momentum < 1      decay of the velocity
    """

    lr: Hyper
    weight_decay: Hyper
    trust_coefficient: Hyper
    momentum: Hyper

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "trust_coefficient": ("trust_coefficient > 0", lambda trust_coefficient: trust_coefficient > 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _reductions: ClassVar = (("norm2", "norm", False), ("second_norm2", "norm", False))
    _update = staticmethod(lars_sum_of_norms_update)
    _sums = staticmethod(lars_sum_of_norms_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.1,
        weight_decay: Hyper = 0.0001,
        trust_coefficient: Hyper = 0.001,
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
            weight_decay=weight_decay,
            trust_coefficient=trust_coefficient,
            momentum=momentum,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w),)
