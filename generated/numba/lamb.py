# generated from specs/lamb.py; regenerate with: python cli.py generate lamb
"""LAMB: the step of Adam with decay, as long for each array as the learning rate times the norm of the weights."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power
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
    "LAMB",
    "LAMBUncorrected",
    "lamb_sums",
    "lamb_uncorrected_sums",
    "lamb_uncorrected_update",
    "lamb_update",
]


@loop
def _lamb_update(w: Array, m: Array, v: Array, g: Array, beta1: float, one_minus_beta1: float, beta2: float, one_minus_beta2: float, ratio_lr_weight_decay: float, ratio_lr_sqrt_c2_over_c1: float, eps_sqrt_c2: float, ahead: float) -> None:
    for i in prange(w.size):
        m_new = m[i] if ahead != 0 else beta1 * m[i] + one_minus_beta1 * g[i]  # first moment
        v_new = v[i] if ahead != 0 else beta2 * v[i] + one_minus_beta2 * (g[i] * g[i])  # second moment
        w_new = w[i] - (ratio_lr_weight_decay * w[i] + ratio_lr_sqrt_c2_over_c1 * m_new / (np.sqrt(v_new) + eps_sqrt_c2))  # descent
        m[i] = m_new
        v[i] = v_new
        w[i] = w_new


@summing
def _lamb_sums(w: Array, g: Array, m: Array, v: Array, weight_decay: float, beta1: float, one_minus_beta1: float, c1: float, beta2: float, one_minus_beta2: float, c2: float, eps: float, rescale: float) -> tuple[float, ...]:
    real = np.float64
    norm2 = 0.0
    second_norm2 = 0.0
    for i in prange(w.size):
        m_new = beta1 * real(m[i]) + one_minus_beta1 * real(g[i]) if rescale == 1 else real(m[i])
        v_new = beta2 * real(v[i]) + one_minus_beta2 * (real(g[i]) * real(g[i])) if rescale == 1 else real(v[i])
        norm2_part = rescale * real(w[i])
        norm2 += norm2_part * norm2_part
        second_norm2_part = rescale * (weight_decay * real(w[i]) + m_new / (c1 * (np.sqrt(v_new / c2) + eps)))
        second_norm2 += second_norm2_part * second_norm2_part
        m[i] = m_new
        v[i] = v_new
    return (norm2, second_norm2)


def lamb_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    norm2: float,
    second_norm2: float,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-6,
    weight_decay: float = 0.01,
    stages: Sequence[StageCall] = (),
    ahead: bool = False,
) -> None:
    """One step of LAMB on one array, in place.

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

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        ratio_lr_weight_decay     = ratio * lr * weight_decay
        ratio_lr_sqrt_c2_over_c1  = ratio * lr * sqrt(c2) / c1
        eps_sqrt_c2               = eps * sqrt(c2)
        w_new                     = w - (ratio_lr_weight_decay * w + ratio_lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2))

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step

    norm2, second_norm2: what `lamb_sums` gives.
    With ahead=True, m and v have their new values from there already.
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    of_weights = norm2  # norm of this array
    of_update = second_norm2  # norm of its step
    ratio = np.where(of_update > 0, np.where(of_weights > 0, of_weights / of_update, 1), 1)  # trust ratio
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    ratio_lr_weight_decay = spread(ratio * lr * weight_decay, w)
    ratio_lr_sqrt_c2_over_c1 = spread(ratio * lr * np.sqrt(c2) / c1, w)
    eps_sqrt_c2 = eps * math.sqrt(c2)

    sweep(_lamb_update, (w, m, v), g, (beta1, one_minus_beta1, beta2, one_minus_beta2, ratio_lr_weight_decay, ratio_lr_sqrt_c2_over_c1, eps_sqrt_c2, ahead), stages)


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
    stages: Sequence[StageCall] = (),
    ahead: bool = False,
) -> tuple[Any, ...]:
    """What a step of LAMB sums up over one array, in double; nothing is written.

        norm2         = sqrt(array_sum(w**2))
        second_norm2  = sqrt(array_sum(update**2))

    The arguments are those of `lamb_update`, whose next arguments the results are.
    With ahead=True, m and v take their new values here, and `lamb_update` is told so.
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    return summed(_lamb_sums, (w, g), (weight_decay, beta1, one_minus_beta1, c1, beta2, one_minus_beta2, c2, eps), ("norm", "norm"), stages, stepped=(m, v), ahead=ahead)


class LAMB(NumbaOptimizer):
    """LAMB: the step of Adam with decay, as long for each array as the learning rate times the norm of the weights.

    Source: You et al. (2020), Algorithm 2, arXiv:1904.00962, with phi the identity, as in optax.lamb.
    The equations are in `lamb_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  weight decay
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _reductions: ClassVar = (("norm2", "norm", False), ("second_norm2", "norm", False))
    _ahead: ClassVar = True
    _update = staticmethod(lamb_update)
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
            eps=eps,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))


@loop
def _lamb_uncorrected_update(w: Array, m: Array, v: Array, g: Array, beta1: float, one_minus_beta1: float, beta2: float, one_minus_beta2: float, weight_decay: float, eps: float, ratio_lr: float, ahead: float) -> None:
    for i in prange(w.size):
        m_new = m[i] if ahead != 0 else beta1 * m[i] + one_minus_beta1 * g[i]  # first moment
        v_new = v[i] if ahead != 0 else beta2 * v[i] + one_minus_beta2 * (g[i] * g[i])  # second moment
        update = weight_decay * w[i] + m_new / (np.sqrt(v_new) + eps)  # step of Adam with decay
        w_new = w[i] - ratio_lr * update  # descent
        m[i] = m_new
        v[i] = v_new
        w[i] = w_new


@summing
def _lamb_uncorrected_sums(w: Array, g: Array, m: Array, v: Array, weight_decay: float, beta1: float, one_minus_beta1: float, beta2: float, one_minus_beta2: float, eps: float, rescale: float) -> tuple[float, ...]:
    real = np.float64
    norm2 = 0.0
    second_norm2 = 0.0
    for i in prange(w.size):
        m_new = beta1 * real(m[i]) + one_minus_beta1 * real(g[i]) if rescale == 1 else real(m[i])
        v_new = beta2 * real(v[i]) + one_minus_beta2 * (real(g[i]) * real(g[i])) if rescale == 1 else real(v[i])
        norm2_part = rescale * real(w[i])
        norm2 += norm2_part * norm2_part
        second_norm2_part = rescale * (weight_decay * real(w[i]) + m_new / (np.sqrt(v_new) + eps))
        second_norm2 += second_norm2_part * second_norm2_part
        m[i] = m_new
        v[i] = v_new
    return (norm2, second_norm2)


def lamb_uncorrected_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
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
    stages: Sequence[StageCall] = (),
    ahead: bool = False,
) -> None:
    """One step of LAMBUncorrected on one array, in place.

        m_new       = beta1 * m + (1 - beta1) * g                     first moment
        v_new       = beta2 * v + (1 - beta2) * g**2                  second moment
        update      = weight_decay * w + m_new / (sqrt(v_new) + eps)  step of Adam with decay
        of_weights  = minimum(clamp, sqrt(array_sum(w**2)))           norm of this array, bounded
        of_update   = sqrt(array_sum(update**2))                      norm of its step
        ratio       = where(of_update > 0, where(of_weights > 0, of_weights / (of_update + eps), 1), 1)  trust ratio
        w_new       = w - ratio * lr * update                         descent

    Then m, v, w take the new values.

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step

    norm2, second_norm2: what `lamb_uncorrected_sums` gives.
    With ahead=True, m and v have their new values from there already.
    """
    of_weights = np.minimum(clamp, norm2)  # norm of this array, bounded
    of_update = second_norm2  # norm of its step
    ratio = np.where(of_update > 0, np.where(of_weights > 0, of_weights / (of_update + eps), 1), 1)  # trust ratio
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    ratio_lr = spread(ratio * lr, w)

    sweep(_lamb_uncorrected_update, (w, m, v), g, (beta1, one_minus_beta1, beta2, one_minus_beta2, weight_decay, eps, ratio_lr, ahead), stages)


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
    stages: Sequence[StageCall] = (),
    ahead: bool = False,
) -> tuple[Any, ...]:
    """What a step of LAMBUncorrected sums up over one array, in double; nothing is written.

        norm2         = sqrt(array_sum(w**2))
        second_norm2  = sqrt(array_sum(update**2))

    The arguments are those of `lamb_uncorrected_update`, whose next arguments the results are.
    With ahead=True, m and v take their new values here, and `lamb_uncorrected_update` is told so.
    """
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    return summed(_lamb_uncorrected_sums, (w, g), (weight_decay, beta1, one_minus_beta1, beta2, one_minus_beta2, eps), ("norm", "norm"), stages, stepped=(m, v), ahead=ahead)


class LAMBUncorrected(NumbaOptimizer):
    """LAMBUncorrected: LAMB of uncorrected moments; norms of weights count up to a bound, and epsilon joins that of the step.

    Source: You et al. (2020), arXiv:1904.00962, moments uncorrected as in its third version.
    The equations are in `lamb_uncorrected_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  weight decay
        clamp         clamp > 0          largest norm of the weights that counts
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper
    weight_decay: Hyper
    clamp: Hyper

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
    _ahead: ClassVar = True
    _update = staticmethod(lamb_uncorrected_update)
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
            eps=eps,
            weight_decay=weight_decay,
            clamp=clamp,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))
