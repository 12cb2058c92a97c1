# generated from specs/lars.py; regenerate with: python cli.py generate lars
"""LARS: momentum whose step is, for each array, in proportion to the norm of the weights over that of the gradient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import divided
from ._arrays import Array, Hyper, Stage, TorchOptimizer, summed

__all__ = [
    "LARS",
    "LARSSumOfNorms",
    "lars_elements",
    "lars_scalars",
    "lars_sum_of_norms_elements",
    "lars_sum_of_norms_scalars",
    "lars_sum_of_norms_summands",
    "lars_sum_of_norms_sums",
    "lars_summands",
    "lars_sums",
]


def lars_scalars(
    norm2: float,
    second_norm2: float,
    t: int,
    *,
    lr: float = 0.1,
    weight_decay: float = 0.0001,
    eps: float = 0.0,
    trust_coefficient: float = 0.001,
    momentum: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of LARS: the last arguments of `lars_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step

    norm2, second_norm2: what `lars_sums` gives.
    """
    of_weights = norm2  # norm of this array
    of_gradient = second_norm2  # norm of its gradient with decay
    ratio = (divided(of_weights * trust_coefficient, of_gradient + eps) if of_weights > 0 else 1) if of_gradient > 0 else 1  # trust ratio
    ratio_lr = ratio * lr
    return (weight_decay, momentum, ratio_lr)


def lars_elements(
    w: Array,
    v: Array,
    g: Array,
    weight_decay: float,
    momentum: float,
    ratio_lr: float,
) -> tuple[Array, ...]:
    """A step of LARS for each element; returns w, v after it.

        update       = g + weight_decay * w                gradient with decay
        of_weights   = sqrt(array_sum(w**2))               norm of this array
        of_gradient  = sqrt(array_sum(update**2))          norm of its gradient with decay
        ratio        = where(of_gradient > 0, where(of_weights > 0, of_weights * trust_coefficient / (of_gradient + eps), 1), 1)  trust ratio
        v_new        = momentum * v + ratio * lr * update  velocity
        w_new        = w - v_new                           descent

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    update = g + weight_decay * w  # gradient with decay
    v_new = momentum * v + ratio_lr * update  # velocity
    w_new = w - v_new  # descent
    return (w_new, v_new)


def lars_summands(
    w: Array,
    g: Array,
    weight_decay: float,
) -> tuple[Array, ...]:
    """What a step of LARS sums up, for each element."""
    norm2 = w
    second_norm2 = g + weight_decay * w
    return (norm2, second_norm2)


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
) -> tuple[float, ...]:
    """What a step of LARS sums up over one array, in double; nothing is written.

        norm2         = sqrt(array_sum(w**2))
        second_norm2  = sqrt(array_sum(update**2))

    The results are arguments of `lars_scalars`, before the step number.
    """
    return summed(lars_summands, (w, g), (weight_decay,), ("norm", "norm"))


class LARS(TorchOptimizer):
    """LARS: momentum whose step is in proportion to the norm of the weights over that of the gradient, array by array.

    Source: You, Gitman & Ginsburg (2017), Algorithm 1, arXiv:1708.03888, as in optax.lars.
    The equations are in `lars_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr                 lr >= 0                learning rate
        weight_decay       weight_decay >= 0      weight decay
        eps                eps >= 0               added to the norm of the gradient
        trust_coefficient  trust_coefficient > 0  share of the norm of the weights to a step
        momentum           0 <= momentum < 1      decay of the velocity
    """

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "trust_coefficient": ("trust_coefficient > 0", lambda trust_coefficient: trust_coefficient > 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _reductions: ClassVar = (("norm2", "norm", False), ("second_norm2", "norm", False))
    _scalars = staticmethod(lars_scalars)
    _elements = staticmethod(lars_elements)
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
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, weight_decay=weight_decay, eps=eps, trust_coefficient=trust_coefficient, momentum=momentum)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)


def lars_sum_of_norms_scalars(
    norm2: float,
    second_norm2: float,
    t: int,
    *,
    lr: float = 0.1,
    weight_decay: float = 0.0001,
    trust_coefficient: float = 0.001,
    momentum: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of LARSSumOfNorms: the last arguments of `lars_sum_of_norms_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step

    norm2, second_norm2: what `lars_sum_of_norms_sums` gives.
    """
    of_weights = norm2  # norm of this array
    of_gradient = second_norm2  # norm of its gradient
    ratio = (divided(of_weights * trust_coefficient, of_gradient + of_weights * weight_decay) if of_gradient + of_weights * weight_decay > 0 else 1) if of_weights > 0 else 1  # trust ratio
    return (weight_decay, momentum, ratio, lr)


def lars_sum_of_norms_elements(
    w: Array,
    v: Array,
    g: Array,
    weight_decay: float,
    momentum: float,
    ratio: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of LARSSumOfNorms for each element; returns w, v after it.

        update       = g + weight_decay * w           gradient with decay
        of_weights   = sqrt(array_sum(w**2))          norm of this array
        of_gradient  = sqrt(array_sum(g**2))          norm of its gradient
        ratio        = where(of_weights > 0, where(of_gradient + of_weights * weight_decay > 0, of_weights * trust_coefficient / (of_gradient + of_weights * weight_decay), 1), 1)  trust ratio
        v_new        = momentum * v + ratio * update  velocity
        w_new        = w - lr * v_new                 descent

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    update = g + weight_decay * w  # gradient with decay
    v_new = momentum * v + ratio * update  # velocity
    w_new = w - lr * v_new  # descent
    return (w_new, v_new)


def lars_sum_of_norms_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of LARSSumOfNorms sums up, for each element."""
    norm2 = w
    second_norm2 = g
    return (norm2, second_norm2)


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
) -> tuple[float, ...]:
    """What a step of LARSSumOfNorms sums up over one array, in double; nothing is written.

        norm2         = sqrt(array_sum(w**2))
        second_norm2  = sqrt(array_sum(g**2))

    The results are arguments of `lars_sum_of_norms_scalars`, before the step number.
    """
    return summed(lars_sum_of_norms_summands, (w, g), (), ("norm", "norm"))


class LARSSumOfNorms(TorchOptimizer):
    """LARSSumOfNorms: LARS that divides by the norm of the gradient plus that of its decay, not by the norm of their sum.

    Source: You, Gitman & Ginsburg (2017), Algorithm 1, arXiv:1708.03888, with the learning rate of torch.
    The equations are in `lars_sum_of_norms_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr                 lr >= 0                learning rate
        weight_decay       weight_decay >= 0      weight decay
        trust_coefficient  trust_coefficient > 0  share of the norm of the weights to a step
        momentum           0 <= momentum < 1      decay of the velocity
    """

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "trust_coefficient": ("trust_coefficient > 0", lambda trust_coefficient: trust_coefficient > 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _reductions: ClassVar = (("norm2", "norm", False), ("second_norm2", "norm", False))
    _scalars = staticmethod(lars_sum_of_norms_scalars)
    _elements = staticmethod(lars_sum_of_norms_elements)
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
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, weight_decay=weight_decay, trust_coefficient=trust_coefficient, momentum=momentum)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)
