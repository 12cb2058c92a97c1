# generated from specs/cautious.py; regenerate with: python cli.py generate cautious
"""Steps that mind the sign of the gradient, or of the weight: cautious ones, cautious decay, Grams."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer, scalar_like, sign_of

__all__ = [
    "AdamWCautiousDecay",
    "CautiousAdamWUnscaled",
    "CautiousLionUnscaled",
    "Grams",
    "cautious_adamw_elements",
    "cautious_adamw_scalars",
    "cautious_decay_elements",
    "cautious_decay_scalars",
    "cautious_lion_elements",
    "cautious_lion_scalars",
    "grams_elements",
    "grams_scalars",
]


def cautious_adamw_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of CautiousAdamWUnscaled: the last arguments of `cautious_adamw_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    sqrt_c2_over_c1 = math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)
    lr_weight_decay = lr * weight_decay
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, sqrt_c2_over_c1, eps_sqrt_c2, lr_weight_decay, lr)


def cautious_adamw_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
    lr_weight_decay: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of CautiousAdamWUnscaled for each element; returns w, m, v after it.

        c1     = 1 - beta1**t                           bias of the first moment
        c2     = 1 - beta2**t                           bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g            first moment
        v_new  = beta2 * v + (1 - beta2) * g**2         second moment
        m_hat  = m_new / c1                             first moment, corrected
        v_hat  = v_new / c2                             second moment, corrected
        u      = m_hat / (sqrt(v_hat) + eps)            direction
        kept   = u * where(u * g > 0, 1, 0)             what agrees with the gradient
        w_new  = w - lr * weight_decay * w - lr * kept  decay and descent

    What is computed comes to the same with fewer operations for each element:

        sqrt_c2_over_c1  = sqrt(c2) / c1
        eps_sqrt_c2      = eps * sqrt(c2)
        u                = sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    u = sqrt_c2_over_c1 * m_new / (torch.sqrt(v_new) + eps_sqrt_c2)  # direction
    kept = u * torch.where(u * g > 0, scalar_like(1, w), 0)  # what agrees with the gradient
    w_new = w - lr_weight_decay * w - lr * kept  # decay and descent
    return (w_new, m_new, v_new)


class CautiousAdamWUnscaled(TorchOptimizer):
    """CautiousAdamWUnscaled: AdamW that moves no weight against its gradient.

    Source: Liang et al. (2024), Algorithm 1, arXiv:2411.16085, of AdamW: where u * g > 0, without the factor of the mask's mean.
    The equations are in `cautious_adamw_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decay of the weights, times lr
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(cautious_adamw_scalars)
    _elements = staticmethod(cautious_adamw_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.01,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def cautious_lion_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.99,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of CautiousLionUnscaled: the last arguments of `cautious_lion_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
    """
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr, weight_decay)


def cautious_lion_elements(
    w: Array,
    m: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr: float,
    weight_decay: float,
) -> tuple[Array, ...]:
    """A step of CautiousLionUnscaled for each element; returns w, m after it.

        u      = sign(beta1 * m + (1 - beta1) * g)   direction
        kept   = u * where(u * g > 0, 1, 0)          what agrees with the gradient
        m_new  = beta2 * m + (1 - beta2) * g         momentum
        w_new  = w - lr * (kept + weight_decay * w)  descent

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    u = sign_of(beta1 * m + one_minus_beta1 * g)  # direction
    kept = u * torch.where(u * g > 0, scalar_like(1, w), 0)  # what agrees with the gradient
    m_new = beta2 * m + one_minus_beta2 * g  # momentum
    w_new = w - lr * (kept + weight_decay * w)  # descent
    return (w_new, m_new)


class CautiousLionUnscaled(TorchOptimizer):
    """CautiousLionUnscaled: Lion that moves no weight against its gradient.

    Source: Liang et al. (2024), Algorithm 1, arXiv:2411.16085, of Lion: where u * g > 0, without the factor of the mask's mean.
    The equations are in `cautious_lion_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     share of the momentum in the step
        beta2         0 <= beta2 < 1     decay of the momentum
        weight_decay  weight_decay >= 0  decoupled weight decay
    """

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(cautious_lion_scalars)
    _elements = staticmethod(cautious_lion_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.99,
        weight_decay: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)


def cautious_decay_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of AdamWCautiousDecay: the last arguments of `cautious_decay_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    sqrt_c2_over_c1 = math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, sqrt_c2_over_c1, eps_sqrt_c2, lr, weight_decay)


def cautious_decay_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
    lr: float,
    weight_decay: float,
) -> tuple[Array, ...]:
    """A step of AdamWCautiousDecay for each element; returns w, m, v after it.

        c1     = 1 - beta1**t                        bias of the first moment
        c2     = 1 - beta2**t                        bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g         first moment
        v_new  = beta2 * v + (1 - beta2) * g**2      second moment
        m_hat  = m_new / c1                          first moment, corrected
        v_hat  = v_new / c2                          second moment, corrected
        u      = m_hat / (sqrt(v_hat) + eps)         direction
        kept   = w * where(w * u < 0, 0, 1)          what the step makes smaller
        w_new  = w - lr * (u + weight_decay * kept)  decay and descent

    What is computed comes to the same with fewer operations for each element:

        sqrt_c2_over_c1  = sqrt(c2) / c1
        eps_sqrt_c2      = eps * sqrt(c2)
        u                = sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    u = sqrt_c2_over_c1 * m_new / (torch.sqrt(v_new) + eps_sqrt_c2)  # direction
    kept = w * torch.where(w * u < 0, scalar_like(0, w), 1)  # what the step makes smaller
    w_new = w - lr * (u + weight_decay * kept)  # decay and descent
    return (w_new, m_new, v_new)


class AdamWCautiousDecay(TorchOptimizer):
    """AdamWCautiousDecay: AdamW whose weights decay only where the step takes them towards zero, too.

    Source: Chen et al. (2025), Algorithm 1, arXiv:2510.12402, over Adam.
    The equations are in `cautious_decay_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decay of the weights, times lr
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(cautious_decay_scalars)
    _elements = staticmethod(cautious_decay_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.01,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def grams_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of Grams: the last arguments of `grams_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_weight_decay, lr_sqrt_c2_over_c1, eps_sqrt_c2)


def grams_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_weight_decay: float,
    lr_sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of Grams for each element; returns w, m, v after it.

        c1     = 1 - beta1**t                                  bias of the first moment
        c2     = 1 - beta2**t                                  bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g                   first moment
        v_new  = beta2 * v + (1 - beta2) * g**2                second moment
        m_hat  = m_new / c1                                    first moment, corrected
        v_hat  = v_new / c2                                    second moment, corrected
        u      = abs(m_hat) / (sqrt(v_hat) + eps)              size of the step
        w_new  = w - lr * weight_decay * w - lr * u * sign(g)  decay and descent

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay     = lr * weight_decay
        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * abs(m_new) * sign(g) / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * torch.absolute(m_new) * sign_of(g) / (torch.sqrt(v_new) + eps_sqrt_c2)  # decay and descent
    return (w_new, m_new, v_new)


class Grams(TorchOptimizer):
    """Grams: a step of the size of Adam's in the direction of the gradient.

    Source: Cao et al. (2024), Algorithm 1, arXiv:2412.17107, with the weight decay of AdamW.
    The equations are in `grams_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decay of the weights, times lr
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(grams_scalars)
    _elements = staticmethod(grams_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.01,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
