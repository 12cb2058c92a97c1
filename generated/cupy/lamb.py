# generated from specs/lamb.py; regenerate with: python cli.py generate lamb
"""LAMB: the step of Adam with decay, as long for each array as the learning rate times the norm of the weights."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from .._runtime.scalars import one_minus_power
from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, Sums, launch, summed

__all__ = [
    "LAMB",
    "LAMBUncorrected",
    "lamb_sums",
    "lamb_uncorrected_sums",
    "lamb_uncorrected_update",
    "lamb_update",
]


_lamb_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, float64 ratio_lr_weight_decay_double, float64 ratio_lr_sqrt_c2_over_c1_double, T eps_sqrt_c2",
    out_params="T w, T m, T v",
    operation="""
    const T ratio_lr_weight_decay = ratio_lr_weight_decay_double;
    const T ratio_lr_sqrt_c2_over_c1 = ratio_lr_sqrt_c2_over_c1_double;
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T w_new = w - (ratio_lr_weight_decay * w + ratio_lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2));  // descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="lamb_update",
)


_lamb_sums = Sums(
    arrays="w, g, m, v",
    scalars="weight_decay, beta1, one_minus_beta1, c1, beta2, one_minus_beta2, c2, eps",
    maps=(
        "(double)w",
        "(double)weight_decay * (double)w + ((double)beta1 * (double)m + (double)one_minus_beta1 * (double)g) / ((double)c1 * (sqrt(((double)beta2 * (double)v + (double)one_minus_beta2 * ((double)g * (double)g)) / (double)c2) + (double)eps))",
    ),
    name="lamb_sums",
)


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
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    of_weights = norm2  # norm of this array
    of_update = second_norm2  # norm of its step
    ratio = cp.where(of_update > 0, cp.where(of_weights > 0, of_weights / of_update, 1), 1)  # trust ratio
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    ratio_lr_weight_decay = ratio * lr * weight_decay
    ratio_lr_sqrt_c2_over_c1 = ratio * lr * cp.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)

    launch(
        _lamb_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, ratio_lr_weight_decay, ratio_lr_sqrt_c2_over_c1, eps_sqrt_c2),
        (w, m, v),
        stages,
    )


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
) -> tuple[Any, ...]:
    """What a step of LAMB sums up over one array, in double; nothing is written.

        norm2         = sqrt(array_sum(w**2))
        second_norm2  = sqrt(array_sum(update**2))

    The arguments are those of `lamb_update`, whose next arguments the results are.
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    return summed(_lamb_sums, (w, g, m, v), (weight_decay, beta1, one_minus_beta1, c1, beta2, one_minus_beta2, c2, eps), ("norm", "norm"), stages)


class LAMB(CupyOptimizer):
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
        return (cp.zeros_like(w), cp.zeros_like(w))


_lamb_uncorrected_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T weight_decay, T eps, float64 ratio_lr_double",
    out_params="T w, T m, T v",
    operation="""
    const T ratio_lr = ratio_lr_double;
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T update = weight_decay * w + m_new / (sqrt(v_new) + eps);  // step of Adam with decay
    const T w_new = w - ratio_lr * update;  // descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="lamb_uncorrected_update",
)


_lamb_uncorrected_sums = Sums(
    arrays="w, g, m, v",
    scalars="weight_decay, beta1, one_minus_beta1, beta2, one_minus_beta2, eps",
    maps=(
        "(double)w",
        "(double)weight_decay * (double)w + ((double)beta1 * (double)m + (double)one_minus_beta1 * (double)g) / (sqrt((double)beta2 * (double)v + (double)one_minus_beta2 * ((double)g * (double)g)) + (double)eps)",
    ),
    name="lamb_uncorrected_sums",
)


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
    """
    of_weights = cp.minimum(clamp, norm2)  # norm of this array, bounded
    of_update = second_norm2  # norm of its step
    ratio = cp.where(of_update > 0, cp.where(of_weights > 0, of_weights / (of_update + eps), 1), 1)  # trust ratio
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    ratio_lr = ratio * lr

    launch(
        _lamb_uncorrected_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, weight_decay, eps, ratio_lr),
        (w, m, v),
        stages,
    )


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
) -> tuple[Any, ...]:
    """What a step of LAMBUncorrected sums up over one array, in double; nothing is written.

        norm2         = sqrt(array_sum(w**2))
        second_norm2  = sqrt(array_sum(update**2))

    The arguments are those of `lamb_uncorrected_update`, whose next arguments the results are.
    """
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    return summed(_lamb_uncorrected_sums, (w, g, m, v), (weight_decay, beta1, one_minus_beta1, beta2, one_minus_beta2, eps), ("norm", "norm"), stages)


class LAMBUncorrected(CupyOptimizer):
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
        return (cp.zeros_like(w), cp.zeros_like(w))
