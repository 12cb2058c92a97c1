# generated from specs/lars.py; regenerate with: python cli.py generate lars
"""LARS: momentum whose step is, for each array, in proportion to the norm of the weights over that of the gradient."""

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
    tiles,
)

__all__ = [
    "LARS",
    "LARSSumOfNorms",
    "lars_sum_of_norms_sums",
    "lars_sum_of_norms_update",
    "lars_sums",
    "lars_update",
]


def _lars_sums(w: Array, g: Array, s0: Array, wide: Array, weight_decay: float, at: Array) -> tuple[Any, ...]:
    # norm2: norm of w
    norm2 = norms_of(w, wide, at)
    # second_norm2: norm of g + weight_decay * w
    np.multiply(weight_decay, w, out=s0)
    np.add(g, s0, out=s0)
    second_norm2 = norms_of(s0, wide, at)
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

    for tile in tiles((w, v), (g,), scratch=1, stages=stages):
        w, v, g, s0 = tile
        # update = g + weight_decay * w  (gradient with decay)
        np.multiply(weight_decay, w, out=s0)
        update = np.add(g, s0, out=s0)
        # v_new = momentum * v + ratio * lr * update  (velocity)
        np.multiply(momentum, v, out=v)
        np.multiply(ratio_lr, update, out=s0)
        v_new = np.add(v, s0, out=v)
        # w_new = w - v_new  (descent)
        np.subtract(w, v_new, out=w)


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
    return summed(_lars_sums, (w, g), (weight_decay,), ("norm", "norm"), (1, 0), stages)


class LARS(NumpyOptimizer):
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


def _lars_sum_of_norms_sums(w: Array, g: Array, wide: Array, at: Array) -> tuple[Any, ...]:
    # norm2: norm of w
    norm2 = norms_of(w, wide, at)
    # second_norm2: norm of g
    second_norm2 = norms_of(g, wide, at)
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

    for tile in tiles((w, v), (g,), scratch=1, stages=stages):
        w, v, g, s0 = tile
        # update = g + weight_decay * w  (gradient with decay)
        np.multiply(weight_decay, w, out=s0)
        update = np.add(g, s0, out=s0)
        # v_new = momentum * v + ratio * update  (velocity)
        np.multiply(momentum, v, out=v)
        np.multiply(ratio, update, out=s0)
        v_new = np.add(v, s0, out=v)
        # w_new = w - lr * v_new  (descent)
        np.multiply(lr, v_new, out=s0)
        np.subtract(w, s0, out=w)


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
    return summed(_lars_sum_of_norms_sums, (w, g), (), ("norm", "norm"), (0, 0), stages)


class LARSSumOfNorms(NumpyOptimizer):
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
