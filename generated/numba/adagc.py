# generated from specs/adagc.py; regenerate with: python cli.py generate adagc
"""AdaGC: AdamW of gradients that are clipped, for each array, by an average of its norms."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power
from ._arrays import (
    Array,
    Hyper,
    IntHyper,
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
    "AdaGC",
    "adagc_per_array",
    "adagc_sums",
    "adagc_update",
]


@loop
def _adagc_update(w: Array, m: Array, v: Array, g: Array, factor: float, beta1: float, one_minus_beta1: float, beta2: float, one_minus_beta2: float, lr_weight_decay: float, lr_sqrt_c2_over_c1: float, eps_sqrt_c2: float) -> None:
    for i in prange(w.size):
        g_hat = factor * g[i]  # clipped gradient
        m_new = beta1 * m[i] + one_minus_beta1 * g_hat  # first moment
        v_new = beta2 * v[i] + one_minus_beta2 * (g_hat * g_hat)  # second moment
        w_new = w[i] - lr_weight_decay * w[i] - lr_sqrt_c2_over_c1 * m_new / (np.sqrt(v_new) + eps_sqrt_c2)  # decay and descent
        m[i] = m_new
        v[i] = v_new
        w[i] = w_new


@summing
def _adagc_sums(w: Array, g: Array, rescale: float) -> tuple[float, ...]:
    real = np.float64
    norm2 = 0.0
    second_norm2 = 0.0
    for i in prange(w.size):
        norm2_part = rescale * real(g[i])
        norm2 += norm2_part * norm2_part
        second_norm2_part = rescale * real(g[i])
        second_norm2 += second_norm2_part * second_norm2_part
    return (norm2, second_norm2)


def adagc_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    gamma: float,
    norm2: float,
    second_norm2: float,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    warmup: int = 100,
    eps: float = 1e-8,
    lambda_abs: float = 1.0,
    lambda_rel: float = 1.05,
    beta: float = 0.98,
    weight_decay: float = 0.1,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdaGC on one array, in place.

        c1           = 1 - beta1**t                               bias of the first moment
        c2           = 1 - beta2**t                               bias of the second moment
        early        = where(t > 1, where(warmup <= t, 0, 1), 1)  1 while there is no average
        everything   = eps + sqrt(global_sum(g**2))               norm of all gradients
        of_gradient  = sqrt(array_sum(g**2))                      norm of this array's
        factor       = where(early > 0, minimum(1, lambda_abs / everything), minimum(1, lambda_rel * maximum(gamma, eps) / maximum(of_gradient, eps)))  what it is clipped by
        gamma_new    = where(early > 0, where(t > 1, minimum(gamma, of_gradient * factor), of_gradient * factor), gamma * beta + of_gradient * factor * (1 - beta))  average of the clipped norm; of the first ones, the least
        g_hat        = factor * g                                 clipped gradient
        m_new        = beta1 * m + (1 - beta1) * g_hat            first moment
        v_new        = beta2 * v + (1 - beta2) * g_hat**2         second moment
        w_new        = w - lr * weight_decay * w - lr * m_new / (c1 * (sqrt(v_new / c2) + eps))  decay and descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay     = lr * weight_decay
        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        gamma  = 0 before the first step, a number for each array

    norm2, second_norm2: what `adagc_sums` gives.
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    early = (0 if warmup <= t else 1) if t > 1 else 1  # 1 while there is no average
    everything = eps + norm2  # norm of all gradients
    of_gradient = second_norm2  # norm of this array's
    factor = spread(np.minimum(1, lambda_abs / everything) if early > 0 else np.minimum(1, lambda_rel * np.maximum(gamma, eps) / np.maximum(of_gradient, eps)), w)  # what it is clipped by
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)

    sweep(_adagc_update, (w, m, v), g, (factor, beta1, one_minus_beta1, beta2, one_minus_beta2, lr_weight_decay, lr_sqrt_c2_over_c1, eps_sqrt_c2), stages)


def adagc_sums(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    gamma: float,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    warmup: int = 100,
    eps: float = 1e-8,
    lambda_abs: float = 1.0,
    lambda_rel: float = 1.05,
    beta: float = 0.98,
    weight_decay: float = 0.1,
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of AdaGC sums up over one array, in double; nothing is written.

        norm2         = sqrt(global_sum(g**2))
        second_norm2  = sqrt(array_sum(g**2))

    The arguments are those of `adagc_update`, whose next arguments the results are.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(_adagc_sums, (w, g), (), ("norm", "norm"), stages)


def adagc_per_array(
    gamma: float,
    norm2: float,
    second_norm2: float,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    warmup: int = 100,
    eps: float = 1e-8,
    lambda_abs: float = 1.0,
    lambda_rel: float = 1.05,
    beta: float = 0.98,
    weight_decay: float = 0.1,
) -> tuple[float, ...]:
    """The numbers that are kept for this array after step t."""
    early = (0 if warmup <= t else 1) if t > 1 else 1  # 1 while there is no average
    everything = eps + norm2  # norm of all gradients
    of_gradient = second_norm2  # norm of this array's
    factor = np.minimum(1, lambda_abs / everything) if early > 0 else np.minimum(1, lambda_rel * np.maximum(gamma, eps) / np.maximum(of_gradient, eps))  # what it is clipped by
    gamma_new = (np.minimum(gamma, of_gradient * factor) if t > 1 else of_gradient * factor) if early > 0 else gamma * beta + of_gradient * factor * (1 - beta)  # average of the clipped norm; of the first ones, the least
    return (gamma_new,)


class AdaGC(NumbaOptimizer):
    """AdaGC: AdamW of gradients whose norm may not exceed its own average by much, array by array.

    Source: Wang et al. (2025), Algorithm 1, arXiv:2502.11034, over AdamW.
    The equations are in `adagc_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0              learning rate
        beta1         0 <= beta1 < 1       decay of the first moment
        beta2         0 <= beta2 < 1       decay of the second moment
        warmup        integer warmup >= 0  step from which norms keep to their averages
        eps           eps > 0              keeps the divisions from zero
        lambda_abs    lambda_abs > 0       largest norm of all gradients in the first steps
        lambda_rel    lambda_rel > 0       largest norm afterwards, in units of its average
        beta          0 <= beta < 1        decay of the norms
        weight_decay  weight_decay >= 0    decoupled weight decay, times lr
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    warmup: IntHyper
    eps: Hyper
    lambda_abs: Hyper
    lambda_rel: Hyper
    beta: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "warmup": ("integer warmup >= 0", lambda warmup: warmup >= 0 and warmup % 1 == 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "lambda_abs": ("lambda_abs > 0", lambda lambda_abs: lambda_abs > 0),
        "lambda_rel": ("lambda_rel > 0", lambda lambda_rel: lambda_rel > 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _own_t: ClassVar = True
    _per_array: ClassVar = ("gamma",)
    _reductions: ClassVar = (("norm2", "norm", True), ("second_norm2", "norm", False))
    _fed_by_sums: ClassVar = ("gamma",)
    _update = staticmethod(adagc_update)
    _advance_own = staticmethod(adagc_per_array)
    _sums = staticmethod(adagc_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        warmup: IntHyper = 100,
        eps: Hyper = 1e-8,
        lambda_abs: Hyper = 1.0,
        lambda_rel: Hyper = 1.05,
        beta: Hyper = 0.98,
        weight_decay: Hyper = 0.1,
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
            warmup=warmup,
            eps=eps,
            lambda_abs=lambda_abs,
            lambda_rel=lambda_rel,
            beta=beta,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))

    def _initial_own(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"gamma": 0}
