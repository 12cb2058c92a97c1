# generated from specs/momo.py; regenerate with: python cli.py generate momo
"""MoMo: momentum with the step length at which a model of the loss, averaged as the momentum is, reaches its bound."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import divided, one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer, nan_max, nan_min, summed

__all__ = [
    "MoMo",
    "MoMoAdam",
    "MoMoAdamStar",
    "MoMoStar",
    "momo_adam_elements",
    "momo_adam_scalars",
    "momo_adam_shared",
    "momo_adam_star_elements",
    "momo_adam_star_scalars",
    "momo_adam_star_shared",
    "momo_adam_star_summands",
    "momo_adam_star_sums",
    "momo_adam_summands",
    "momo_adam_sums",
    "momo_elements",
    "momo_scalars",
    "momo_shared",
    "momo_star_elements",
    "momo_star_scalars",
    "momo_star_shared",
    "momo_star_summands",
    "momo_star_sums",
    "momo_summands",
    "momo_sums",
]


def momo_scalars(
    value: float,
    along: float,
    second_total: float,
    third_total: float,
    fourth_total: float,
    t: int,
    *,
    loss: float,
    lr: float = 1.0,
    beta1: float = 0.9,
    lower_bound: float = 0.0,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of MoMo: the last arguments of `momo_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        value  = 0 before the first step
        along  = 0 before the first step

    second_total, third_total, fourth_total: what `momo_sums` gives.
    """
    b = beta1 if t > 1 else 0  # the averages start from the first step
    value_new = value * b + loss * (1 - b)  # average of the losses
    along_new = second_total * (1 - b) + along * b  # average of gradients along the weights
    total = third_total  # squared norm of the momentum
    inner = fourth_total  # momentum along the weights
    gap = nan_max(0, inner + (value_new - along_new - lower_bound) * (1 + lr * weight_decay))  # model of the loss above it
    length = 0 if total <= 1 / 4503599627370496 else nan_min(lr, divided(gap, total))  # step length
    one_minus_b = 1 - b
    factor = lr * weight_decay / (1 + lr * weight_decay)
    return (b, one_minus_b, factor, length)


def momo_elements(
    w: Array,
    m: Array,
    g: Array,
    b: float,
    one_minus_b: float,
    factor: float,
    length: float,
) -> tuple[Array, ...]:
    """A step of MoMo for each element; returns w, m after it.

        b          = where(t > 1, beta1, 0)                   the averages start from the first step
        value_new  = value * b + loss * (1 - b)               average of the losses
        m_new      = b * m + (1 - b) * g                      momentum
        along_new  = global_sum(w * g) * (1 - b) + along * b  average of gradients along the weights
        total      = global_sum(m_new**2)                     squared norm of the momentum
        inner      = global_sum(w * m_new)                    momentum along the weights
        gap        = maximum(0, inner + (value_new - along_new - lower_bound) * (1 + lr * weight_decay))  model of the loss above it
        length     = where(total <= 1 / 4503599627370496, 0, minimum(lr, gap / total))  step length
        w_new      = w - lr * weight_decay * w / (1 + lr * weight_decay) - length * m_new  decay, descent

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = b * m + one_minus_b * g  # momentum
    w_new = w - factor * w - length * m_new  # decay, descent
    return (w_new, m_new)


def momo_summands(
    w: Array,
    g: Array,
    m: Array,
    b: float,
    one_minus_b: float,
) -> tuple[Array, ...]:
    """What a step of MoMo sums up, for each element."""
    second_total = w * g
    third_total = (b * m + one_minus_b * g) ** 2
    fourth_total = w * (b * m + one_minus_b * g)
    return (second_total, third_total, fourth_total)


def momo_sums(
    w: Array,
    g: Array,
    m: Array,
    value: float,
    along: float,
    t: int,
    *,
    loss: float,
    lr: float = 1.0,
    beta1: float = 0.9,
    lower_bound: float = 0.0,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What a step of MoMo sums up over one array, in double; nothing is written.

        second_total  = global_sum(w * g)
        third_total   = global_sum(m_new**2)
        fourth_total  = global_sum(w * m_new)

    The results are arguments of `momo_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    b = beta1 if t > 1 else 0  # the averages start from the first step
    one_minus_b = 1 - b
    return summed(momo_summands, (w, g, m), (b, one_minus_b), ("sum", "sum", "sum"))


def momo_shared(
    value: float,
    along: float,
    second_total: float,
    third_total: float,
    fourth_total: float,
    t: int,
    *,
    loss: float,
    lr: float = 1.0,
    beta1: float = 0.9,
    lower_bound: float = 0.0,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    b = beta1 if t > 1 else 0  # the averages start from the first step
    value_new = value * b + loss * (1 - b)  # average of the losses
    along_new = second_total * (1 - b) + along * b  # average of gradients along the weights
    return (value_new, along_new)


class MoMo(TorchOptimizer):
    """MoMo: momentum with the step length at which a model of the loss reaches a bound of it, at most lr.

    Source: Schaipp et al. (2024), arXiv:2305.07583, Algorithm 1, with the weight decay of optax.contrib.momo.
    The equations are in `momo_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    A step is step(loss=loss):

        loss  a number  the loss at w, of which g is the gradient

    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0                largest step length
        beta1         0 <= beta1 < 1         decay of the momentum, and of the averages of the loss
        lower_bound   lower_bound is finite  a lower bound of the loss
        weight_decay  weight_decay >= 0      weight decay
    """

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "lower_bound": ("lower_bound is finite", lambda lower_bound: True),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _signals: ClassVar = ("loss",)
    _reductions: ClassVar = (("second_total", "sum", True), ("third_total", "sum", True), ("fourth_total", "sum", True))
    _fed_by_sums: ClassVar = ("along",)
    _scalars = staticmethod(momo_scalars)
    _elements = staticmethod(momo_elements)
    _advance = staticmethod(momo_shared)
    _sums = staticmethod(momo_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        beta1: Hyper = 0.9,
        lower_bound: Hyper = 0.0,
        weight_decay: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, lower_bound=lower_bound, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"value": 0, "along": 0}


def momo_star_scalars(
    value: float,
    along: float,
    low: float,
    second_total: float,
    third_total: float,
    fourth_total: float,
    t: int,
    *,
    loss: float,
    lr: float = 1.0,
    beta1: float = 0.9,
    weight_decay: float = 0.0,
    lower_bound: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of MoMoStar: the last arguments of `momo_star_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        value  = 0 before the first step
        along  = 0 before the first step
        low    = lower_bound before the first step

    second_total, third_total, fourth_total: what `momo_star_sums` gives.
    """
    b = beta1 if t > 1 else 0  # the averages start from the first step
    value_new = value * b + loss * (1 - b)  # average of the losses
    along_new = second_total * (1 - b) + along * b  # average of gradients along the weights
    total = third_total  # squared norm of the momentum
    inner = fourth_total  # momentum along the weights
    cap = inner + (value_new - along_new) * (1 + lr * weight_decay)  # model of the loss at w
    least = nan_max(lower_bound, cap / (2 + 2 * lr * weight_decay)) if cap < low * (1 + lr * weight_decay) else low  # bound, lowered if w is below it
    gap = nan_max(0, cap - least * (1 + lr * weight_decay))  # model of the loss above it
    length = 0 if total <= 1 / 4503599627370496 else nan_min(lr, divided(gap, total))  # step length
    one_minus_b = 1 - b
    factor = lr * weight_decay / (1 + lr * weight_decay)
    return (b, one_minus_b, factor, length)


def momo_star_elements(
    w: Array,
    m: Array,
    g: Array,
    b: float,
    one_minus_b: float,
    factor: float,
    length: float,
) -> tuple[Array, ...]:
    """A step of MoMoStar for each element; returns w, m after it.

        b          = where(t > 1, beta1, 0)                                     the averages start from the first step
        value_new  = value * b + loss * (1 - b)                                 average of the losses
        m_new      = b * m + (1 - b) * g                                        momentum
        along_new  = global_sum(w * g) * (1 - b) + along * b                    average of gradients along the weights
        total      = global_sum(m_new**2)                                       squared norm of the momentum
        inner      = global_sum(w * m_new)                                      momentum along the weights
        cap        = inner + (value_new - along_new) * (1 + lr * weight_decay)  model of the loss at w
        least      = where(cap < low * (1 + lr * weight_decay), maximum(lower_bound, cap / (2 + 2 * lr * weight_decay)), low)  bound, lowered if w is below it
        gap        = maximum(0, cap - least * (1 + lr * weight_decay))          model of the loss above it
        length     = where(total <= 1 / 4503599627370496, 0, minimum(lr, gap / total))  step length
        low_new    = maximum(lower_bound, value_new + inner - along_new - total * length / 2)  bound of the loss
        w_new      = w - lr * weight_decay * w / (1 + lr * weight_decay) - length * m_new  decay, descent

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = b * m + one_minus_b * g  # momentum
    w_new = w - factor * w - length * m_new  # decay, descent
    return (w_new, m_new)


def momo_star_summands(
    w: Array,
    g: Array,
    m: Array,
    b: float,
    one_minus_b: float,
) -> tuple[Array, ...]:
    """What a step of MoMoStar sums up, for each element."""
    second_total = w * g
    third_total = (b * m + one_minus_b * g) ** 2
    fourth_total = w * (b * m + one_minus_b * g)
    return (second_total, third_total, fourth_total)


def momo_star_sums(
    w: Array,
    g: Array,
    m: Array,
    value: float,
    along: float,
    low: float,
    t: int,
    *,
    loss: float,
    lr: float = 1.0,
    beta1: float = 0.9,
    weight_decay: float = 0.0,
    lower_bound: float = 0.0,
) -> tuple[float, ...]:
    """What a step of MoMoStar sums up over one array, in double; nothing is written.

        second_total  = global_sum(w * g)
        third_total   = global_sum(m_new**2)
        fourth_total  = global_sum(w * m_new)

    The results are arguments of `momo_star_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    b = beta1 if t > 1 else 0  # the averages start from the first step
    one_minus_b = 1 - b
    return summed(momo_star_summands, (w, g, m), (b, one_minus_b), ("sum", "sum", "sum"))


def momo_star_shared(
    value: float,
    along: float,
    low: float,
    second_total: float,
    third_total: float,
    fourth_total: float,
    t: int,
    *,
    loss: float,
    lr: float = 1.0,
    beta1: float = 0.9,
    weight_decay: float = 0.0,
    lower_bound: float = 0.0,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    b = beta1 if t > 1 else 0  # the averages start from the first step
    value_new = value * b + loss * (1 - b)  # average of the losses
    along_new = second_total * (1 - b) + along * b  # average of gradients along the weights
    total = third_total  # squared norm of the momentum
    inner = fourth_total  # momentum along the weights
    cap = inner + (value_new - along_new) * (1 + lr * weight_decay)  # model of the loss at w
    least = nan_max(lower_bound, cap / (2 + 2 * lr * weight_decay)) if cap < low * (1 + lr * weight_decay) else low  # bound, lowered if w is below it
    gap = nan_max(0, cap - least * (1 + lr * weight_decay))  # model of the loss above it
    length = 0 if total <= 1 / 4503599627370496 else nan_min(lr, divided(gap, total))  # step length
    low_new = nan_max(lower_bound, value_new + inner - along_new - total * length / 2)  # bound of the loss
    return (value_new, along_new, low_new)


class MoMoStar(TorchOptimizer):
    """MoMoStar: MoMo that estimates the least loss as it goes.

    Source: Schaipp et al. (2024), arXiv:2305.07583, with the estimate of the bound as in optax.contrib.momo(adapt_lower_bound=True).
    The equations are in `momo_star_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    A step is step(loss=loss):

        loss  a number  the loss at w, of which g is the gradient

    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0                largest step length
        beta1         0 <= beta1 < 1         decay of the momentum, and of the averages of the loss
        weight_decay  weight_decay >= 0      weight decay
        lower_bound   lower_bound is finite  a lower bound of the loss
    """

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "lower_bound": ("lower_bound is finite", lambda lower_bound: True),
    }
    _starts_late: ClassVar = True
    _signals: ClassVar = ("loss",)
    _reductions: ClassVar = (("second_total", "sum", True), ("third_total", "sum", True), ("fourth_total", "sum", True))
    _fed_by_sums: ClassVar = ("along", "low")
    _scalars = staticmethod(momo_star_scalars)
    _elements = staticmethod(momo_star_elements)
    _advance = staticmethod(momo_star_shared)
    _sums = staticmethod(momo_star_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        beta1: Hyper = 0.9,
        weight_decay: Hyper = 0.0,
        lower_bound: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, weight_decay=weight_decay, lower_bound=lower_bound)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"value": 0, "along": 0, "low": hyper["lower_bound"]}


def momo_adam_scalars(
    value: float,
    along: float,
    second_total: float,
    third_total: float,
    fourth_total: float,
    t: int,
    *,
    loss: float,
    lr: float = 0.01,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    lower_bound: float = 0.0,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of MoMoAdam: the last arguments of `momo_adam_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        value  = 0 before the first step
        along  = 0 before the first step

    second_total, third_total, fourth_total: what `momo_adam_sums` gives.
    """
    c1 = one_minus_power(beta1, t)  # bias of the averages
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    value_new = value * beta1 + loss * (1 - beta1)  # average of the losses
    along_new = second_total * (1 - beta1) + along * beta1  # average of gradients along the weights
    total = third_total  # squared norm of the momentum, preconditioned
    inner = fourth_total  # momentum along the weights
    gap = nan_max(0, inner + (value_new - along_new - c1 * lower_bound) * (1 + lr * weight_decay))  # model of the loss above its bound
    length = 0 if total <= 1 / 4503599627370496 else nan_min(lr / c1, divided(gap, total))  # step length
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    factor = lr * weight_decay / (1 + lr * weight_decay)
    length_sqrt_c2 = length * math.sqrt(c2)
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, factor, length_sqrt_c2, eps_sqrt_c2)


def momo_adam_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    factor: float,
    length_sqrt_c2: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of MoMoAdam for each element; returns w, m, v after it.

        c1         = 1 - beta1**t                                     bias of the averages
        c2         = 1 - beta2**t                                     bias of the second moment
        value_new  = value * beta1 + loss * (1 - beta1)               average of the losses
        m_new      = beta1 * m + (1 - beta1) * g                      momentum
        along_new  = global_sum(w * g) * (1 - beta1) + along * beta1  average of gradients along the weights
        v_new      = beta2 * v + (1 - beta2) * g**2                   second moment
        p          = sqrt(v_new / c2) + eps                           preconditioner
        total      = global_sum(m_new**2 / p)                         squared norm of the momentum, preconditioned
        inner      = global_sum(w * m_new)                            momentum along the weights
        gap        = maximum(0, inner + (value_new - along_new - c1 * lower_bound) * (1 + lr * weight_decay))  model of the loss above its bound
        length     = where(total <= 1 / 4503599627370496, 0, minimum(lr / c1, gap / total))  step length
        w_new      = w - lr * weight_decay * w / (1 + lr * weight_decay) - length * m_new / p  decay, descent

    What is computed comes to the same with fewer operations for each element:

        factor          = lr * weight_decay / (1 + lr * weight_decay)
        length_sqrt_c2  = length * sqrt(c2)
        eps_sqrt_c2     = eps * sqrt(c2)
        w_new           = w - factor * w - length_sqrt_c2 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # momentum
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - factor * w - length_sqrt_c2 * m_new / (torch.sqrt(v_new) + eps_sqrt_c2)  # decay, descent
    return (w_new, m_new, v_new)


def momo_adam_summands(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    c2: float,
    eps: float,
) -> tuple[Array, ...]:
    """What a step of MoMoAdam sums up, for each element."""
    second_total = w * g
    third_total = (beta1 * m + one_minus_beta1 * g) ** 2 / (torch.sqrt((beta2 * v + one_minus_beta2 * g**2) / c2) + eps)
    fourth_total = w * (beta1 * m + one_minus_beta1 * g)
    return (second_total, third_total, fourth_total)


def momo_adam_sums(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    value: float,
    along: float,
    t: int,
    *,
    loss: float,
    lr: float = 0.01,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    lower_bound: float = 0.0,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What a step of MoMoAdam sums up over one array, in double; nothing is written.

        second_total  = global_sum(w * g)
        third_total   = global_sum(m_new**2 / p)
        fourth_total  = global_sum(w * m_new)

    The results are arguments of `momo_adam_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    return summed(momo_adam_summands, (w, g, m, v), (beta1, one_minus_beta1, beta2, one_minus_beta2, c2, eps), ("sum", "sum", "sum"))


def momo_adam_shared(
    value: float,
    along: float,
    second_total: float,
    third_total: float,
    fourth_total: float,
    t: int,
    *,
    loss: float,
    lr: float = 0.01,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    lower_bound: float = 0.0,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    value_new = value * beta1 + loss * (1 - beta1)  # average of the losses
    along_new = second_total * (1 - beta1) + along * beta1  # average of gradients along the weights
    return (value_new, along_new)


class MoMoAdam(TorchOptimizer):
    """MoMoAdam: MoMo with the preconditioner of Adam.

    Source: Schaipp et al. (2024), arXiv:2305.07583, Algorithm 2, with the weight decay of optax.contrib.momo_adam.
    The equations are in `momo_adam_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    A step is step(loss=loss):

        loss  a number  the loss at w, of which g is the gradient

    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0                largest step length
        beta1         0 <= beta1 < 1         decay of the momentum, and of the averages of the loss
        beta2         0 <= beta2 < 1         decay of the second moment
        eps           eps > 0                keeps the division from zero
        lower_bound   lower_bound is finite  a lower bound of the loss
        weight_decay  weight_decay >= 0      weight decay
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "lower_bound": ("lower_bound is finite", lambda lower_bound: True),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _signals: ClassVar = ("loss",)
    _reductions: ClassVar = (("second_total", "sum", True), ("third_total", "sum", True), ("fourth_total", "sum", True))
    _fed_by_sums: ClassVar = ("along",)
    _scalars = staticmethod(momo_adam_scalars)
    _elements = staticmethod(momo_adam_elements)
    _advance = staticmethod(momo_adam_shared)
    _sums = staticmethod(momo_adam_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        lower_bound: Hyper = 0.0,
        weight_decay: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps, lower_bound=lower_bound, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"value": 0, "along": 0}


def momo_adam_star_scalars(
    value: float,
    along: float,
    low: float,
    second_total: float,
    third_total: float,
    fourth_total: float,
    t: int,
    *,
    loss: float,
    lr: float = 0.01,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    lower_bound: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of MoMoAdamStar: the last arguments of `momo_adam_star_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        value  = 0 before the first step
        along  = 0 before the first step
        low    = lower_bound before the first step

    second_total, third_total, fourth_total: what `momo_adam_star_sums` gives.
    """
    c1 = one_minus_power(beta1, t)  # bias of the averages
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    value_new = value * beta1 + loss * (1 - beta1)  # average of the losses
    along_new = second_total * (1 - beta1) + along * beta1  # average of gradients along the weights
    total = third_total  # squared norm of the momentum, preconditioned
    inner = fourth_total  # momentum along the weights
    cap = inner + (value_new - along_new) * (1 + lr * weight_decay)  # model of the loss at w
    least = nan_max(lower_bound, cap / (2 * c1 * (1 + lr * weight_decay))) if cap < low * c1 * (1 + lr * weight_decay) else low  # bound, lowered if w is below it
    gap = nan_max(0, cap - c1 * least * (1 + lr * weight_decay))  # model of the loss above its bound
    length = 0 if total <= 1 / 4503599627370496 else nan_min(lr / c1, divided(gap, total))  # step length
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    factor = lr * weight_decay / (1 + lr * weight_decay)
    length_sqrt_c2 = length * math.sqrt(c2)
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, factor, length_sqrt_c2, eps_sqrt_c2)


def momo_adam_star_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    factor: float,
    length_sqrt_c2: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of MoMoAdamStar for each element; returns w, m, v after it.

        c1         = 1 - beta1**t                                               bias of the averages
        c2         = 1 - beta2**t                                               bias of the second moment
        value_new  = value * beta1 + loss * (1 - beta1)                         average of the losses
        m_new      = beta1 * m + (1 - beta1) * g                                momentum
        along_new  = global_sum(w * g) * (1 - beta1) + along * beta1            average of gradients along the weights
        v_new      = beta2 * v + (1 - beta2) * g**2                             second moment
        p          = sqrt(v_new / c2) + eps                                     preconditioner
        total      = global_sum(m_new**2 / p)                                   squared norm of the momentum, preconditioned
        inner      = global_sum(w * m_new)                                      momentum along the weights
        cap        = inner + (value_new - along_new) * (1 + lr * weight_decay)  model of the loss at w
        least      = where(cap < low * c1 * (1 + lr * weight_decay), maximum(lower_bound, cap / (2 * c1 * (1 + lr * weight_decay))), low)  bound, lowered if w is below it
        gap        = maximum(0, cap - c1 * least * (1 + lr * weight_decay))     model of the loss above its bound
        length     = where(total <= 1 / 4503599627370496, 0, minimum(lr / c1, gap / total))  step length
        low_new    = maximum(lower_bound, (value_new + inner - along_new - total * length / 2) / c1)  bound of the loss
        w_new      = w - lr * weight_decay * w / (1 + lr * weight_decay) - length * m_new / p  decay, descent

    What is computed comes to the same with fewer operations for each element:

        factor          = lr * weight_decay / (1 + lr * weight_decay)
        length_sqrt_c2  = length * sqrt(c2)
        eps_sqrt_c2     = eps * sqrt(c2)
        w_new           = w - factor * w - length_sqrt_c2 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # momentum
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - factor * w - length_sqrt_c2 * m_new / (torch.sqrt(v_new) + eps_sqrt_c2)  # decay, descent
    return (w_new, m_new, v_new)


def momo_adam_star_summands(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    c2: float,
    eps: float,
) -> tuple[Array, ...]:
    """What a step of MoMoAdamStar sums up, for each element."""
    second_total = w * g
    third_total = (beta1 * m + one_minus_beta1 * g) ** 2 / (torch.sqrt((beta2 * v + one_minus_beta2 * g**2) / c2) + eps)
    fourth_total = w * (beta1 * m + one_minus_beta1 * g)
    return (second_total, third_total, fourth_total)


def momo_adam_star_sums(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    value: float,
    along: float,
    low: float,
    t: int,
    *,
    loss: float,
    lr: float = 0.01,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    lower_bound: float = 0.0,
) -> tuple[float, ...]:
    """What a step of MoMoAdamStar sums up over one array, in double; nothing is written.

        second_total  = global_sum(w * g)
        third_total   = global_sum(m_new**2 / p)
        fourth_total  = global_sum(w * m_new)

    The results are arguments of `momo_adam_star_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    return summed(momo_adam_star_summands, (w, g, m, v), (beta1, one_minus_beta1, beta2, one_minus_beta2, c2, eps), ("sum", "sum", "sum"))


def momo_adam_star_shared(
    value: float,
    along: float,
    low: float,
    second_total: float,
    third_total: float,
    fourth_total: float,
    t: int,
    *,
    loss: float,
    lr: float = 0.01,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    lower_bound: float = 0.0,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    c1 = one_minus_power(beta1, t)  # bias of the averages
    value_new = value * beta1 + loss * (1 - beta1)  # average of the losses
    along_new = second_total * (1 - beta1) + along * beta1  # average of gradients along the weights
    total = third_total  # squared norm of the momentum, preconditioned
    inner = fourth_total  # momentum along the weights
    cap = inner + (value_new - along_new) * (1 + lr * weight_decay)  # model of the loss at w
    least = nan_max(lower_bound, cap / (2 * c1 * (1 + lr * weight_decay))) if cap < low * c1 * (1 + lr * weight_decay) else low  # bound, lowered if w is below it
    gap = nan_max(0, cap - c1 * least * (1 + lr * weight_decay))  # model of the loss above its bound
    length = 0 if total <= 1 / 4503599627370496 else nan_min(lr / c1, divided(gap, total))  # step length
    low_new = nan_max(lower_bound, (value_new + inner - along_new - total * length / 2) / c1)  # bound of the loss
    return (value_new, along_new, low_new)


class MoMoAdamStar(TorchOptimizer):
    """MoMoAdamStar: MoMoAdam that estimates the least loss as it goes.

    Source: Schaipp et al. (2024), arXiv:2305.07583, with the estimate of the bound as in optax.contrib.momo_adam(adapt_lower_bound=True).
    The equations are in `momo_adam_star_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    A step is step(loss=loss):

        loss  a number  the loss at w, of which g is the gradient

    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0                largest step length
        beta1         0 <= beta1 < 1         decay of the momentum, and of the averages of the loss
        beta2         0 <= beta2 < 1         decay of the second moment
        eps           eps > 0                keeps the division from zero
        weight_decay  weight_decay >= 0      weight decay
        lower_bound   lower_bound is finite  a lower bound of the loss
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "lower_bound": ("lower_bound is finite", lambda lower_bound: True),
    }
    _starts_late: ClassVar = True
    _signals: ClassVar = ("loss",)
    _reductions: ClassVar = (("second_total", "sum", True), ("third_total", "sum", True), ("fourth_total", "sum", True))
    _fed_by_sums: ClassVar = ("along", "low")
    _scalars = staticmethod(momo_adam_star_scalars)
    _elements = staticmethod(momo_adam_star_elements)
    _advance = staticmethod(momo_adam_star_shared)
    _sums = staticmethod(momo_adam_star_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.0,
        lower_bound: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay, lower_bound=lower_bound)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"value": 0, "along": 0, "low": hyper["lower_bound"]}
