# generated from specs/dadaptation.py; regenerate with: python cli.py generate dadaptation
"""D-Adaptation: step lengths for all parameters that are found from a lower bound of the distance to the solution."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import divided, one_minus_power, power
from ._arrays import (
    Array,
    Hyper,
    Stage,
    TorchOptimizer,
    nan_max,
    nan_min,
    sign_of,
    summed,
)

__all__ = [
    "DAdaptAdaGrad",
    "DAdaptAdamW",
    "DAdaptLion",
    "DAdaptSGD",
    "dadapt_adagrad_elements",
    "dadapt_adagrad_scalars",
    "dadapt_adagrad_shared",
    "dadapt_adagrad_summands",
    "dadapt_adagrad_sums",
    "dadapt_adamw_elements",
    "dadapt_adamw_scalars",
    "dadapt_adamw_shared",
    "dadapt_adamw_summands",
    "dadapt_adamw_sums",
    "dadapt_lion_elements",
    "dadapt_lion_scalars",
    "dadapt_lion_shared",
    "dadapt_lion_summands",
    "dadapt_lion_sums",
    "dadapt_sgd_elements",
    "dadapt_sgd_scalars",
    "dadapt_sgd_shared",
    "dadapt_sgd_summands",
    "dadapt_sgd_sums",
]


def dadapt_adamw_scalars(
    d: float,
    r: float,
    total: float,
    second_total: float,
    t: int,
    *,
    lr: float = 1.0,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    d0: float = 1e-6,
) -> tuple[float, ...]:
    """What all elements share in a step of DAdaptAdamW: the last arguments of `dadapt_adamw_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
        s  = 0 before the first step
        d  = d0 before the first step
        r  = 0 before the first step

    total, second_total: what `dadapt_adamw_sums` gives.
    """
    length = d * lr * math.sqrt(one_minus_power(beta2, t)) / one_minus_power(beta1, t)  # step length
    length_one_minus_beta1 = length * (1 - beta1)
    one_minus_beta2 = 1 - beta2
    sqrt_beta2 = math.sqrt(beta2)
    length_one_minus_sqrt_beta2 = length * (1 - math.sqrt(beta2))
    length_weight_decay = length * weight_decay
    return (beta1, length_one_minus_beta1, beta2, one_minus_beta2, sqrt_beta2, length_one_minus_sqrt_beta2, length_weight_decay, eps)


def dadapt_adamw_elements(
    w: Array,
    m: Array,
    v: Array,
    s: Array,
    g: Array,
    beta1: float,
    length_one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    sqrt_beta2: float,
    length_one_minus_sqrt_beta2: float,
    length_weight_decay: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of DAdaptAdamW for each element; returns w, m, v, s after it.

        length  = d * lr * sqrt(1 - beta2**t) / (1 - beta1**t)                 step length
        inner   = global_sum(s * g / (sqrt(v) + eps))                          gradient along those before
        m_new   = beta1 * m + length * (1 - beta1) * g                         first moment, in steps
        v_new   = beta2 * v + (1 - beta2) * g**2                               second moment
        s_new   = sqrt(beta2) * s + length * (1 - sqrt(beta2)) * g             gradients, weighted
        r_new   = r * sqrt(beta2) + length * inner * (1 - sqrt(beta2))         what they have in common
        size    = global_sum(abs(s_new))                                       1-norm of the weighted gradients
        bound   = where(size > 0, r_new / (size * (1 - sqrt(beta2))), 0)       lower bound of the distance
        d_new   = maximum(d, bound)                                            distance
        w_new   = w - length * weight_decay * w - m_new / (sqrt(v_new) + eps)  decay, descent

    w, m, v, s and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + length_one_minus_beta1 * g  # first moment, in steps
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    s_new = sqrt_beta2 * s + length_one_minus_sqrt_beta2 * g  # gradients, weighted
    w_new = w - length_weight_decay * w - m_new / (torch.sqrt(v_new) + eps)  # decay, descent
    return (w_new, m_new, v_new, s_new)


def dadapt_adamw_summands(
    w: Array,
    g: Array,
    v: Array,
    s: Array,
    eps: float,
    length_sqrt_beta2_minus_one: float,
    sqrt_beta2: float,
) -> tuple[Array, ...]:
    """What a step of DAdaptAdamW sums up, for each element."""
    total = s * g / (torch.sqrt(v) + eps)
    second_total = torch.absolute(length_sqrt_beta2_minus_one * g - sqrt_beta2 * s)
    return (total, second_total)


def dadapt_adamw_sums(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    s: Array,
    d: float,
    r: float,
    t: int,
    *,
    lr: float = 1.0,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    d0: float = 1e-6,
) -> tuple[float, ...]:
    """What a step of DAdaptAdamW sums up over one array, in double; nothing is written.

        total         = global_sum(s * g / (sqrt(v) + eps))
        second_total  = global_sum(abs(s_new))

    The results are arguments of `dadapt_adamw_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    length = d * lr * math.sqrt(one_minus_power(beta2, t)) / one_minus_power(beta1, t)  # step length
    sqrt_beta2 = math.sqrt(beta2)
    length_sqrt_beta2_minus_one = length * (math.sqrt(beta2) - 1)
    return summed(dadapt_adamw_summands, (w, g, v, s), (eps, length_sqrt_beta2_minus_one, sqrt_beta2), ("sum", "sum"))


def dadapt_adamw_shared(
    d: float,
    r: float,
    total: float,
    second_total: float,
    t: int,
    *,
    lr: float = 1.0,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    d0: float = 1e-6,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    length = d * lr * math.sqrt(one_minus_power(beta2, t)) / one_minus_power(beta1, t)  # step length
    inner = total  # gradient along those before
    r_new = r * math.sqrt(beta2) + length * inner * (1 - math.sqrt(beta2))  # what they have in common
    size = second_total  # 1-norm of the weighted gradients
    bound = divided(r_new, size * (1 - math.sqrt(beta2))) if size > 0 else 0  # lower bound of the distance
    d_new = nan_max(d, bound)  # distance
    return (d_new, r_new)


class DAdaptAdamW(TorchOptimizer):
    """DAdaptAdamW: Adam with decoupled decay and a step length for all parameters that is found as it goes.

    Source: Defazio & Mishchenko (2023), arXiv:2301.07733, Algorithm 5, as in optax.contrib.dadapt_adamw.
    The equations are in `dadapt_adamw_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            factor of the step length that is found
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps > 0            keeps the division from zero
        weight_decay  weight_decay >= 0  decoupled weight decay
        d0            d0 > 0             first guess of the distance
    """

    _states: ClassVar = ("m", "v", "s")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "d0": ("d0 > 0", lambda d0: d0 > 0),
    }
    _starts_late: ClassVar = True
    _reductions: ClassVar = (("total", "sum", True), ("second_total", "sum", True))
    _fed_by_sums: ClassVar = ("d", "r")
    _scalars = staticmethod(dadapt_adamw_scalars)
    _elements = staticmethod(dadapt_adamw_elements)
    _advance = staticmethod(dadapt_adamw_shared)
    _sums = staticmethod(dadapt_adamw_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.0,
        d0: Hyper = 1e-6,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay, d0=d0)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"d": hyper["d0"], "r": 0}


def dadapt_lion_scalars(
    gained: float,
    d: float,
    total: float,
    second_total: float,
    t: int,
    *,
    lr: float = 1.0,
    beta2: float = 0.999,
    beta1: float = 0.9,
    weight_decay: float = 0.0,
    d0: float = 1e-6,
) -> tuple[float, ...]:
    """What all elements share in a step of DAdaptLion: the last arguments of `dadapt_lion_elements`.

    t is the number of the step, from 1. States:

        m       = 0 before the first step
        s       = 0 before the first step
        gained  = 0 before the first step
        d       = d0 before the first step

    total, second_total: what `dadapt_lion_sums` gives.
    """
    length = d * lr  # step length
    root = math.sqrt(beta2)  # decay of the sums
    one_minus_beta1 = 1 - beta1
    length_one_minus_beta2 = length * (1 - beta2)
    length_one_minus_root = length * (1 - root)
    length_weight_decay = length * weight_decay
    return (beta1, one_minus_beta1, beta2, length_one_minus_beta2, root, length_one_minus_root, length_weight_decay, length)


def dadapt_lion_elements(
    w: Array,
    m: Array,
    s: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    length_one_minus_beta2: float,
    root: float,
    length_one_minus_root: float,
    length_weight_decay: float,
    length: float,
) -> tuple[Array, ...]:
    """A step of DAdaptLion for each element; returns w, m, s after it.

        length      = d * lr                                                  step length
        root        = sqrt(beta2)                                             decay of the sums
        u           = sign(beta1 * m + (1 - beta1) * g)                       direction
        m_new       = beta2 * m + length * (1 - beta2) * g                    momentum
        inner       = global_sum(s * u)                                       direction along the way so far
        gained_new  = gained * root + length * inner * (1 - root)             what it gained
        s_new       = root * s + length * (1 - root) * u                      way so far
        size_       = global_sum(abs(s_new))                                  1-norm of the way
        bound       = where(size_ > 0, gained_new / (size_ * (1 - root)), 0)  lower bound of the distance
        d_new       = where(lr > 0, maximum(d, bound), d)                     distance
        w_new       = w - length * weight_decay * w - length * u              decay and descent

    w, m, s and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    u = sign_of(beta1 * m + one_minus_beta1 * g)  # direction
    m_new = beta2 * m + length_one_minus_beta2 * g  # momentum
    s_new = root * s + length_one_minus_root * u  # way so far
    w_new = w - length_weight_decay * w - length * u  # decay and descent
    return (w_new, m_new, s_new)


def dadapt_lion_summands(
    w: Array,
    g: Array,
    m: Array,
    s: Array,
    beta1: float,
    one_minus_beta1: float,
    length_one_minus_root: float,
    root: float,
) -> tuple[Array, ...]:
    """What a step of DAdaptLion sums up, for each element."""
    total = s * sign_of(beta1 * m + one_minus_beta1 * g)
    second_total = torch.absolute(length_one_minus_root * sign_of(beta1 * m + one_minus_beta1 * g) + root * s)
    return (total, second_total)


def dadapt_lion_sums(
    w: Array,
    g: Array,
    m: Array,
    s: Array,
    gained: float,
    d: float,
    t: int,
    *,
    lr: float = 1.0,
    beta2: float = 0.999,
    beta1: float = 0.9,
    weight_decay: float = 0.0,
    d0: float = 1e-6,
) -> tuple[float, ...]:
    """What a step of DAdaptLion sums up over one array, in double; nothing is written.

        total         = global_sum(s * u)
        second_total  = global_sum(abs(s_new))

    The results are arguments of `dadapt_lion_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    length = d * lr  # step length
    root = math.sqrt(beta2)  # decay of the sums
    one_minus_beta1 = 1 - beta1
    length_one_minus_root = length * (1 - root)
    return summed(dadapt_lion_summands, (w, g, m, s), (beta1, one_minus_beta1, length_one_minus_root, root), ("sum", "sum"))


def dadapt_lion_shared(
    gained: float,
    d: float,
    total: float,
    second_total: float,
    t: int,
    *,
    lr: float = 1.0,
    beta2: float = 0.999,
    beta1: float = 0.9,
    weight_decay: float = 0.0,
    d0: float = 1e-6,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    length = d * lr  # step length
    root = math.sqrt(beta2)  # decay of the sums
    inner = total  # direction along the way so far
    gained_new = gained * root + length * inner * (1 - root)  # what it gained
    size_ = second_total  # 1-norm of the way
    bound = divided(gained_new, size_ * (1 - root)) if size_ > 0 else 0  # lower bound of the distance
    d_new = nan_max(d, bound) if lr > 0 else d  # distance
    return (gained_new, d_new)


class DAdaptLion(TorchOptimizer):
    """DAdaptLion: Lion with a step length for all parameters that is found as it goes.

    Source: Defazio & Mishchenko (2023), arXiv:2301.07733, over Lion, as in the authors' code.
    The equations are in `dadapt_lion_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            factor of the step length that is found
        beta2         0 <= beta2 < 1     decay of the momentum
        beta1         0 <= beta1 < 1     share of the momentum in the step
        weight_decay  weight_decay >= 0  decoupled weight decay
        d0            d0 > 0             first guess of the distance
    """

    _states: ClassVar = ("m", "s")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "d0": ("d0 > 0", lambda d0: d0 > 0),
    }
    _starts_late: ClassVar = True
    _reductions: ClassVar = (("total", "sum", True), ("second_total", "sum", True))
    _fed_by_sums: ClassVar = ("gained", "d")
    _scalars = staticmethod(dadapt_lion_scalars)
    _elements = staticmethod(dadapt_lion_elements)
    _advance = staticmethod(dadapt_lion_shared)
    _sums = staticmethod(dadapt_lion_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        beta2: Hyper = 0.999,
        beta1: Hyper = 0.9,
        weight_decay: Hyper = 0.0,
        d0: Hyper = 1e-6,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta2=beta2, beta1=beta1, weight_decay=weight_decay, d0=d0)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"gained": 0, "d": hyper["d0"]}


def dadapt_sgd_scalars(
    gained: float,
    g0: float,
    d: float,
    norm2: float,
    total: float,
    second_norm2: float,
    t: int,
    *,
    lr: float = 1.0,
    growth_rate: float = 1.02,
    momentum: float = 0.9,
    d0: float = 1e-6,
) -> tuple[float, ...]:
    """What all elements share in a step of DAdaptSGD: the last arguments of `dadapt_sgd_elements`.

    t is the number of the step, from 1. States:

        start   = w before the first step
        s       = 0 before the first step
        gained  = 0 before the first step
        g0      = 0 before the first step
        d       = d0 before the first step

    norm2, total, second_norm2: what `dadapt_sgd_sums` gives.
    """
    g0_new = g0 if g0 > 0 else norm2  # norm of the first gradient
    length = d * lr  # step length, times that norm
    one_minus_momentum = 1 - momentum
    g0_new_above_zero = 1 if g0_new > 0 else 0
    return (length, momentum, one_minus_momentum, g0_new_above_zero, g0_new)


def dadapt_sgd_elements(
    w: Array,
    start: Array,
    s: Array,
    g: Array,
    length: float,
    momentum: float,
    one_minus_momentum: float,
    g0_new_above_zero: float,
    g0_new: float,
) -> tuple[Array, ...]:
    """A step of DAdaptSGD for each element; returns w, start, s after it.

        start_new   = start
        g0_new      = where(g0 > 0, g0, sqrt(global_sum(g**2)))                      norm of the first gradient
        length      = d * lr                                                         step length, times that norm
        inner       = global_sum(s * g)                                              gradient along the sum
        gained_new  = gained + length * inner                                        what it gained
        s_new       = s + length * g                                                 weighted sum of the gradients
        size_       = sqrt(global_sum(s_new**2))                                     norm of that
        far         = g0_new * size_
        bound       = where(far > 0, 2 * gained_new / far, 0)                        lower bound of the distance
        d_new       = where(lr > 0, maximum(d, minimum(bound, d * growth_rate)), d)  distance
        w_new       = momentum * w + (1 - momentum) * (start - where(g0_new > 0, s_new / g0_new, 0))  dual averaging

    w, start, s and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    start_new = start
    s_new = s + length * g  # weighted sum of the gradients
    w_new = momentum * w + one_minus_momentum * (start - torch.where(g0_new_above_zero != 0, s_new / g0_new, 0))  # dual averaging
    return (w_new, start_new, s_new)


def dadapt_sgd_summands(
    w: Array,
    g: Array,
    s: Array,
    length: float,
) -> tuple[Array, ...]:
    """What a step of DAdaptSGD sums up, for each element."""
    norm2 = g
    total = s * g
    second_norm2 = s + length * g
    return (norm2, total, second_norm2)


def dadapt_sgd_sums(
    w: Array,
    g: Array,
    start: Array,
    s: Array,
    gained: float,
    g0: float,
    d: float,
    t: int,
    *,
    lr: float = 1.0,
    growth_rate: float = 1.02,
    momentum: float = 0.9,
    d0: float = 1e-6,
) -> tuple[float, ...]:
    """What a step of DAdaptSGD sums up over one array, in double; nothing is written.

        norm2         = sqrt(global_sum(g**2))
        total         = global_sum(s * g)
        second_norm2  = sqrt(global_sum(s_new**2))

    The results are arguments of `dadapt_sgd_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    length = d * lr  # step length, times that norm
    return summed(dadapt_sgd_summands, (w, g, s), (length,), ("norm", "sum", "norm"))


def dadapt_sgd_shared(
    gained: float,
    g0: float,
    d: float,
    norm2: float,
    total: float,
    second_norm2: float,
    t: int,
    *,
    lr: float = 1.0,
    growth_rate: float = 1.02,
    momentum: float = 0.9,
    d0: float = 1e-6,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    g0_new = g0 if g0 > 0 else norm2  # norm of the first gradient
    length = d * lr  # step length, times that norm
    inner = total  # gradient along the sum
    gained_new = gained + length * inner  # what it gained
    size_ = second_norm2  # norm of that
    far = g0_new * size_
    bound = divided(2 * gained_new, far) if far > 0 else 0  # lower bound of the distance
    d_new = nan_max(d, nan_min(bound, d * growth_rate)) if lr > 0 else d  # distance
    return (gained_new, g0_new, d_new)


class DAdaptSGD(TorchOptimizer):
    """DAdaptSGD: dual averaging with momentum and a step length for all parameters that is found as it goes.

    Source: Defazio & Mishchenko (2023), arXiv:2301.07733, over SGD, as in the authors' code; sums are kept before they are divided by the first norm.
    The equations are in `dadapt_sgd_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr           lr >= 0            factor of the step length that is found
        growth_rate  growth_rate >= 1   what the distance grows by in a step at most
        momentum     0 <= momentum < 1  share of the weights that is kept
        d0           d0 > 0             first guess of the distance
    """

    _states: ClassVar = ("start", "s")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "growth_rate": ("growth_rate >= 1", lambda growth_rate: growth_rate >= 1),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
        "d0": ("d0 > 0", lambda d0: d0 > 0),
    }
    _starts_late: ClassVar = True
    _reductions: ClassVar = (("norm2", "norm", True), ("total", "sum", True), ("second_norm2", "norm", True))
    _fed_by_sums: ClassVar = ("gained", "g0", "d")
    _scalars = staticmethod(dadapt_sgd_scalars)
    _elements = staticmethod(dadapt_sgd_elements)
    _advance = staticmethod(dadapt_sgd_shared)
    _sums = staticmethod(dadapt_sgd_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        growth_rate: Hyper = 1.02,
        momentum: Hyper = 0.9,
        d0: Hyper = 1e-6,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, growth_rate=growth_rate, momentum=momentum, d0=d0)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.clone(), torch.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"gained": 0, "g0": 0, "d": hyper["d0"]}


def dadapt_adagrad_scalars(
    total: float,
    d: float,
    second_total: float,
    third_total: float,
    fourth_total: float,
    t: int,
    *,
    lr: float = 1.0,
    eps: float = 1e-8,
    growth_rate: float = 1.02,
    momentum: float = 0.9,
    initial_accumulator: float = 1e-6,
    d0: float = 1e-6,
) -> tuple[float, ...]:
    """What all elements share in a step of DAdaptAdaGrad: the last arguments of `dadapt_adagrad_elements`.

    t is the number of the step, from 1. States:

        start  = w before the first step
        s      = 0 before the first step
        alpha  = initial_accumulator before the first step
        total  = 0 before the first step
        d      = d0 before the first step

    second_total, third_total, fourth_total: what `dadapt_adagrad_sums` gives.
    """
    length = d * lr  # step length
    one_minus_momentum = 1 - momentum
    return (length, momentum, one_minus_momentum, eps)


def dadapt_adagrad_elements(
    w: Array,
    start: Array,
    s: Array,
    alpha: Array,
    g: Array,
    length: float,
    momentum: float,
    one_minus_momentum: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of DAdaptAdaGrad for each element; returns w, start, s, alpha after it.

        start_new  = start
        length     = d * lr                                                         step length
        alpha_new  = alpha + g**2                                                   sum of squares
        g_sq       = global_sum(g**2 / (sqrt(alpha_new) + eps))                     squared norm of the gradient
        s_new      = s + length * g                                                 weighted sum of the gradients
        total_new  = total + g_sq * length**2                                       sum of the squared norms
        far        = global_sum(s_new**2 / (sqrt(alpha_new) + eps))                 squared norm of the sum
        size_      = global_sum(abs(s_new))                                         1-norm of the sum
        bound      = where(size_ > 0, (far - total_new) / size_, 0)                 lower bound of the distance
        d_new      = where(lr > 0, maximum(d, minimum(bound, d * growth_rate)), d)  distance
        w_new      = momentum * w + (1 - momentum) * (start - s_new / (sqrt(alpha_new) + eps))  dual averaging, with momentum

    w, start, s, alpha and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    start_new = start
    alpha_new = alpha + g**2  # sum of squares
    s_new = s + length * g  # weighted sum of the gradients
    w_new = momentum * w + one_minus_momentum * (start - s_new / (torch.sqrt(alpha_new) + eps))  # dual averaging, with momentum
    return (w_new, start_new, s_new, alpha_new)


def dadapt_adagrad_summands(
    w: Array,
    g: Array,
    s: Array,
    alpha: Array,
    eps: float,
    length: float,
) -> tuple[Array, ...]:
    """What a step of DAdaptAdaGrad sums up, for each element."""
    second_total = g**2 / (torch.sqrt(alpha + g**2) + eps)
    third_total = (s + length * g) ** 2 / (torch.sqrt(alpha + g**2) + eps)
    fourth_total = torch.absolute(s + length * g)
    return (second_total, third_total, fourth_total)


def dadapt_adagrad_sums(
    w: Array,
    g: Array,
    start: Array,
    s: Array,
    alpha: Array,
    total: float,
    d: float,
    t: int,
    *,
    lr: float = 1.0,
    eps: float = 1e-8,
    growth_rate: float = 1.02,
    momentum: float = 0.9,
    initial_accumulator: float = 1e-6,
    d0: float = 1e-6,
) -> tuple[float, ...]:
    """What a step of DAdaptAdaGrad sums up over one array, in double; nothing is written.

        second_total  = global_sum(g**2 / (sqrt(alpha_new) + eps))
        third_total   = global_sum(s_new**2 / (sqrt(alpha_new) + eps))
        fourth_total  = global_sum(abs(s_new))

    The results are arguments of `dadapt_adagrad_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    length = d * lr  # step length
    return summed(dadapt_adagrad_summands, (w, g, s, alpha), (eps, length), ("sum", "sum", "sum"))


def dadapt_adagrad_shared(
    total: float,
    d: float,
    second_total: float,
    third_total: float,
    fourth_total: float,
    t: int,
    *,
    lr: float = 1.0,
    eps: float = 1e-8,
    growth_rate: float = 1.02,
    momentum: float = 0.9,
    initial_accumulator: float = 1e-6,
    d0: float = 1e-6,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    length = d * lr  # step length
    g_sq = second_total  # squared norm of the gradient
    total_new = total + g_sq * power(length, 2)  # sum of the squared norms
    far = third_total  # squared norm of the sum
    size_ = fourth_total  # 1-norm of the sum
    bound = divided(far - total_new, size_) if size_ > 0 else 0  # lower bound of the distance
    d_new = nan_max(d, nan_min(bound, d * growth_rate)) if lr > 0 else d  # distance
    return (total_new, d_new)


class DAdaptAdaGrad(TorchOptimizer):
    """DAdaptAdaGrad: AdaGrad by dual averaging, with a step length for all parameters that is found as it goes.

    Source: Defazio & Mishchenko (2023), arXiv:2301.07733, Algorithm 3, as in the authors' code.
    The equations are in `dadapt_adagrad_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr                   lr >= 0                  factor of the step length that is found
        eps                  eps > 0                  keeps the division from zero
        growth_rate          growth_rate >= 1         what the distance grows by in a step at most
        momentum             0 <= momentum < 1        share of the weights that is kept
        initial_accumulator  initial_accumulator > 0  where the sums of squares start
        d0                   d0 > 0                   first guess of the distance
    """

    _states: ClassVar = ("start", "s", "alpha")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "growth_rate": ("growth_rate >= 1", lambda growth_rate: growth_rate >= 1),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
        "initial_accumulator": ("initial_accumulator > 0", lambda initial_accumulator: initial_accumulator > 0),
        "d0": ("d0 > 0", lambda d0: d0 > 0),
    }
    _starts_late: ClassVar = True
    _reductions: ClassVar = (("second_total", "sum", True), ("third_total", "sum", True), ("fourth_total", "sum", True))
    _fed_by_sums: ClassVar = ("total", "d")
    _scalars = staticmethod(dadapt_adagrad_scalars)
    _elements = staticmethod(dadapt_adagrad_elements)
    _advance = staticmethod(dadapt_adagrad_shared)
    _sums = staticmethod(dadapt_adagrad_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        eps: Hyper = 1e-8,
        growth_rate: Hyper = 1.02,
        momentum: Hyper = 0.9,
        initial_accumulator: Hyper = 1e-6,
        d0: Hyper = 1e-6,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, eps=eps, growth_rate=growth_rate, momentum=momentum, initial_accumulator=initial_accumulator, d0=d0)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.clone(), torch.zeros_like(w), torch.full_like(w, hyper["initial_accumulator"]))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"total": 0, "d": hyper["d0"]}
