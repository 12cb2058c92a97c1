# generated from specs/adagc.py; regenerate with: python cli.py generate adagc
"""AdaGC: AdamW of gradients that are clipped, for each array, by an average of its norms."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import divided, one_minus_power
from ._arrays import (
    Array,
    Hyper,
    IntHyper,
    Stage,
    TorchOptimizer,
    nan_max,
    nan_min,
    summed,
)

__all__ = [
    "AdaGC",
    "adagc_elements",
    "adagc_per_array",
    "adagc_scalars",
    "adagc_summands",
    "adagc_sums",
]


def adagc_scalars(
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
    """What all elements share in a step of AdaGC: the last arguments of `adagc_elements`.

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
    factor = nan_min(1, divided(lambda_abs, everything)) if early > 0 else nan_min(1, lambda_rel * nan_max(gamma, eps) / nan_max(of_gradient, eps))  # what it is clipped by
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (factor, beta1, one_minus_beta1, beta2, one_minus_beta2, lr_weight_decay, lr_sqrt_c2_over_c1, eps_sqrt_c2)


def adagc_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    factor: float,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_weight_decay: float,
    lr_sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of AdaGC for each element; returns w, m, v after it.

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

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay     = lr * weight_decay
        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    g_hat = factor * g  # clipped gradient
    m_new = beta1 * m + one_minus_beta1 * g_hat  # first moment
    v_new = beta2 * v + one_minus_beta2 * g_hat**2  # second moment
    w_new = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (torch.sqrt(v_new) + eps_sqrt_c2)  # decay and descent
    return (w_new, m_new, v_new)


def adagc_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of AdaGC sums up, for each element."""
    norm2 = g
    second_norm2 = g
    return (norm2, second_norm2)


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
) -> tuple[float, ...]:
    """What a step of AdaGC sums up over one array, in double; nothing is written.

        norm2         = sqrt(global_sum(g**2))
        second_norm2  = sqrt(array_sum(g**2))

    The results are arguments of `adagc_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(adagc_summands, (w, g), (), ("norm", "norm"))


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
    factor = nan_min(1, divided(lambda_abs, everything)) if early > 0 else nan_min(1, lambda_rel * nan_max(gamma, eps) / nan_max(of_gradient, eps))  # what it is clipped by
    gamma_new = (nan_min(gamma, of_gradient * factor) if t > 1 else of_gradient * factor) if early > 0 else gamma * beta + of_gradient * factor * (1 - beta)  # average of the clipped norm; of the first ones, the least
    return (gamma_new,)


class AdaGC(TorchOptimizer):
    """AdaGC: AdamW of gradients whose norm may not exceed its own average by much, array by array.

    Source: Wang et al. (2025), Algorithm 1, arXiv:2502.11034, over AdamW.
    The equations are in `adagc_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

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
    _scalars = staticmethod(adagc_scalars)
    _elements = staticmethod(adagc_elements)
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
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, warmup=warmup, eps=eps, lambda_abs=lambda_abs, lambda_rel=lambda_rel, beta=beta, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))

    def _initial_own(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"gamma": 0}
