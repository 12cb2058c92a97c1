# generated from specs/lamb.py; regenerate with: python cli.py generate lamb
"""LAMB: the step of Adam with decay, as long for each array as the learning rate times the norm of the weights."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import divided, one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer, nan_min, summed

__all__ = [
    "LAMB",
    "LAMBUncorrected",
    "lamb_elements",
    "lamb_scalars",
    "lamb_summands",
    "lamb_sums",
    "lamb_uncorrected_elements",
    "lamb_uncorrected_scalars",
    "lamb_uncorrected_summands",
    "lamb_uncorrected_sums",
]


def lamb_scalars(
    norm2: float,
    second_norm2: float,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-6,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of LAMB: the last arguments of `lamb_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step

    norm2, second_norm2: what `lamb_sums` gives.
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    of_weights = norm2  # norm of this array
    of_update = second_norm2  # norm of its step
    ratio = (divided(of_weights, of_update) if of_weights > 0 else 1) if of_update > 0 else 1  # trust ratio
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    ratio_lr_weight_decay = ratio * lr * weight_decay
    ratio_lr_sqrt_c2_over_c1 = ratio * lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, ratio_lr_weight_decay, ratio_lr_sqrt_c2_over_c1, eps_sqrt_c2)


def lamb_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    ratio_lr_weight_decay: float,
    ratio_lr_sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of LAMB for each element; returns w, m, v after it.

        c1          = 1 - beta1**t                                    bias of the first moment
        c2          = 1 - beta2**t                                    bias of the second moment
        m_new       = beta1 * m + (1 - beta1) * g                     first moment
        v_new       = beta2 * v + (1 - beta2) * g**2                  second moment
        m_hat       = m_new / c1                                      first moment, corrected
        v_hat       = v_new / c2                                      second moment, corrected
        update      = weight_decay * w + m_hat / (sqrt(v_hat) + eps)  step of Adam with decay
        of_weights  = sqrt(array_sum(w**2))                           norm of this array
        of_update   = sqrt(array_sum(update**2))                      norm of its step
        ratio       = where(of_update > 0, where(of_weights > 0, of_weights / of_update, 1), 1)  trust ratio
        w_new       = w - ratio * lr * update                         descent

    What is computed comes to the same with fewer operations for each element:

        ratio_lr_weight_decay     = ratio * lr * weight_decay
        ratio_lr_sqrt_c2_over_c1  = ratio * lr * sqrt(c2) / c1
        eps_sqrt_c2               = eps * sqrt(c2)
        w_new                     = w - (ratio_lr_weight_decay * w + ratio_lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2))

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - (ratio_lr_weight_decay * w + ratio_lr_sqrt_c2_over_c1 * m_new / (torch.sqrt(v_new) + eps_sqrt_c2))  # descent
    return (w_new, m_new, v_new)


def lamb_summands(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    weight_decay: float,
    beta1: float,
    one_minus_beta1: float,
    c1: float,
    beta2: float,
    one_minus_beta2: float,
    c2: float,
    eps: float,
) -> tuple[Array, ...]:
    """What a step of LAMB sums up, for each element."""
    norm2 = w
    second_norm2 = weight_decay * w + (beta1 * m + one_minus_beta1 * g) / (c1 * (torch.sqrt((beta2 * v + one_minus_beta2 * g**2) / c2) + eps))
    return (norm2, second_norm2)


def lamb_sums(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-6,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What a step of LAMB sums up over one array, in double; nothing is written.

        norm2         = sqrt(array_sum(w**2))
        second_norm2  = sqrt(array_sum(update**2))

    The results are arguments of `lamb_scalars`, before the step number.
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    return summed(lamb_summands, (w, g, m, v), (weight_decay, beta1, one_minus_beta1, c1, beta2, one_minus_beta2, c2, eps), ("norm", "norm"))


class LAMB(TorchOptimizer):
    """LAMB: the step of Adam with decay, as long for each array as the learning rate times the norm of the weights.

    Source: You et al. (2020), Algorithm 2, arXiv:1904.00962, with phi the identity, as in optax.lamb.
    The equations are in `lamb_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  weight decay
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _reductions: ClassVar = (("norm2", "norm", False), ("second_norm2", "norm", False))
    _scalars = staticmethod(lamb_scalars)
    _elements = staticmethod(lamb_elements)
    _sums = staticmethod(lamb_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-6,
        weight_decay: Hyper = 0.01,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def lamb_uncorrected_scalars(
    norm2: float,
    second_norm2: float,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-6,
    weight_decay: float = 0.01,
    clamp: float = 10.0,
) -> tuple[float, ...]:
    """What all elements share in a step of LAMBUncorrected: the last arguments of `lamb_uncorrected_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step

    norm2, second_norm2: what `lamb_uncorrected_sums` gives.
    """
    of_weights = nan_min(clamp, norm2)  # norm of this array, bounded
    of_update = second_norm2  # norm of its step
    ratio = (divided(of_weights, of_update + eps) if of_weights > 0 else 1) if of_update > 0 else 1  # trust ratio
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    ratio_lr = ratio * lr
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, weight_decay, eps, ratio_lr)


def lamb_uncorrected_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    weight_decay: float,
    eps: float,
    ratio_lr: float,
) -> tuple[Array, ...]:
    """A step of LAMBUncorrected for each element; returns w, m, v after it.

        m_new       = beta1 * m + (1 - beta1) * g                     first moment
        v_new       = beta2 * v + (1 - beta2) * g**2                  second moment
        update      = weight_decay * w + m_new / (sqrt(v_new) + eps)  step of Adam with decay
        of_weights  = minimum(clamp, sqrt(array_sum(w**2)))           norm of this array, bounded
        of_update   = sqrt(array_sum(update**2))                      norm of its step
        ratio       = where(of_update > 0, where(of_weights > 0, of_weights / (of_update + eps), 1), 1)  trust ratio
        w_new       = w - ratio * lr * update                         descent

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    update = weight_decay * w + m_new / (torch.sqrt(v_new) + eps)  # step of Adam with decay
    w_new = w - ratio_lr * update  # descent
    return (w_new, m_new, v_new)


def lamb_uncorrected_summands(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    weight_decay: float,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    eps: float,
) -> tuple[Array, ...]:
    """What a step of LAMBUncorrected sums up, for each element."""
    norm2 = w
    second_norm2 = weight_decay * w + (beta1 * m + one_minus_beta1 * g) / (torch.sqrt(beta2 * v + one_minus_beta2 * g**2) + eps)
    return (norm2, second_norm2)


def lamb_uncorrected_sums(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-6,
    weight_decay: float = 0.01,
    clamp: float = 10.0,
) -> tuple[float, ...]:
    """What a step of LAMBUncorrected sums up over one array, in double; nothing is written.

        norm2         = sqrt(array_sum(w**2))
        second_norm2  = sqrt(array_sum(update**2))

    The results are arguments of `lamb_uncorrected_scalars`, before the step number.
    """
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    return summed(lamb_uncorrected_summands, (w, g, m, v), (weight_decay, beta1, one_minus_beta1, beta2, one_minus_beta2, eps), ("norm", "norm"))


class LAMBUncorrected(TorchOptimizer):
    """LAMBUncorrected: LAMB of uncorrected moments; norms of weights count up to a bound, and epsilon joins that of the step.

    Source: You et al. (2020), arXiv:1904.00962, moments uncorrected as in its third version.
    The equations are in `lamb_uncorrected_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  weight decay
        clamp         clamp > 0          largest norm of the weights that counts
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "clamp": ("clamp > 0", lambda clamp: clamp > 0),
    }
    _reductions: ClassVar = (("norm2", "norm", False), ("second_norm2", "norm", False))
    _scalars = staticmethod(lamb_uncorrected_scalars)
    _elements = staticmethod(lamb_uncorrected_elements)
    _sums = staticmethod(lamb_uncorrected_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-6,
        weight_decay: Hyper = 0.01,
        clamp: Hyper = 10.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay, clamp=clamp)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
