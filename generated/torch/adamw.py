# generated from specs/adamw.py; regenerate with: python cli.py generate adamw
"""AdamW and its kin: the weights decay beside the step, not through the gradient. Three laws of how much."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import average_length, one_minus_power, sqrt
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "AMSGradW",
    "AMSGradWEpsHat",
    "AdamW",
    "AdamWAfter",
    "AdamWEpsHat",
    "AdamWUnscaled",
    "AdamWUnscaledEpsHat",
    "AdamaxW",
    "NAdamW",
    "NAdamWSimple",
    "RAdamW",
    "adamaxw_elements",
    "adamaxw_scalars",
    "adamw_after_elements",
    "adamw_after_scalars",
    "adamw_elements",
    "adamw_eps_hat_elements",
    "adamw_eps_hat_scalars",
    "adamw_scalars",
    "adamw_unscaled_elements",
    "adamw_unscaled_eps_hat_elements",
    "adamw_unscaled_eps_hat_scalars",
    "adamw_unscaled_scalars",
    "amsgradw_elements",
    "amsgradw_eps_hat_elements",
    "amsgradw_eps_hat_scalars",
    "amsgradw_scalars",
    "nadamw_elements",
    "nadamw_scalars",
    "nadamw_shared",
    "nadamw_simple_elements",
    "nadamw_simple_scalars",
    "radamw_elements",
    "radamw_scalars",
]


def adamw_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of AdamW: the last arguments of `adamw_elements`.

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


def adamw_elements(
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
    """A step of AdamW for each element; returns w, m, v after it.

        c1     = 1 - beta1**t                        bias of the first moment
        c2     = 1 - beta2**t                        bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g         first moment
        v_new  = beta2 * v + (1 - beta2) * g**2      second moment
        m_hat  = m_new / c1                          first moment, corrected
        v_hat  = v_new / c2                          second moment, corrected
        u      = m_hat / (sqrt(v_hat) + eps)         direction
        w_new  = w - lr * weight_decay * w - lr * u  decay and descent

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay     = lr * weight_decay
        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (torch.sqrt(v_new) + eps_sqrt_c2)  # decay and descent
    return (w_new, m_new, v_new)


class AdamW(TorchOptimizer):
    """AdamW: Adam with decoupled weight decay.

    Source: Loshchilov & Hutter (2019), Algorithm 2, arXiv:1711.05101, decay times lr as in torch.optim.AdamW.
    The equations are in `adamw_elements`.

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
    _scalars = staticmethod(adamw_scalars)
    _elements = staticmethod(adamw_elements)

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


def adamw_eps_hat_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of AdamWEpsHat: the last arguments of `adamw_eps_hat_elements`.

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
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_weight_decay, lr_sqrt_c2_over_c1, eps)


def adamw_eps_hat_elements(
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
    eps: float,
) -> tuple[Array, ...]:
    """A step of AdamWEpsHat for each element; returns w, m, v after it.

        c1     = 1 - beta1**t                                   bias of the first moment
        c2     = 1 - beta2**t                                   bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g                    first moment
        v_new  = beta2 * v + (1 - beta2) * g**2                 second moment
        u      = sqrt(c2) * m_new / (c1 * (sqrt(v_new) + eps))  direction
        w_new  = w - lr * weight_decay * w - lr * u             decay and descent

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay     = lr * weight_decay
        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        w_new               = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (torch.sqrt(v_new) + eps)  # decay and descent
    return (w_new, m_new, v_new)


class AdamWEpsHat(TorchOptimizer):
    """AdamWEpsHat: AdamW with epsilon added before the second moment is corrected.

    Source: Loshchilov & Hutter (2019), Algorithm 2, arXiv:1711.05101, epsilon as in keras.optimizers.AdamW.
    The equations are in `adamw_eps_hat_elements`.

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
    _scalars = staticmethod(adamw_eps_hat_scalars)
    _elements = staticmethod(adamw_eps_hat_elements)

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


def adamw_unscaled_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 1e-5,
) -> tuple[float, ...]:
    """What all elements share in a step of AdamWUnscaled: the last arguments of `adamw_unscaled_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, weight_decay, lr_sqrt_c2_over_c1, eps_sqrt_c2)


def adamw_unscaled_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    weight_decay: float,
    lr_sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of AdamWUnscaled for each element; returns w, m, v after it.

        c1     = 1 - beta1**t                    bias of the first moment
        c2     = 1 - beta2**t                    bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g     first moment
        v_new  = beta2 * v + (1 - beta2) * g**2  second moment
        m_hat  = m_new / c1                      first moment, corrected
        v_hat  = v_new / c2                      second moment, corrected
        u      = m_hat / (sqrt(v_hat) + eps)     direction
        w_new  = w - weight_decay * w - lr * u   decay and descent

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (torch.sqrt(v_new) + eps_sqrt_c2)  # decay and descent
    return (w_new, m_new, v_new)


class AdamWUnscaled(TorchOptimizer):
    """AdamWUnscaled: Adam with a weight decay that does not depend on the learning rate.

    Source: Loshchilov & Hutter (2019), Algorithm 2, arXiv:1711.05101, decay apart from lr as printed there.
    The equations are in `adamw_unscaled_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0                learning rate
        beta1         0 <= beta1 < 1         decay of the first moment
        beta2         0 <= beta2 < 1         decay of the second moment
        eps           eps >= 0               keeps the division from zero
        weight_decay  0 <= weight_decay < 1  decay of the weights, whatever lr is
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("0 <= weight_decay < 1", lambda weight_decay: 0 <= weight_decay < 1),
    }
    _scalars = staticmethod(adamw_unscaled_scalars)
    _elements = staticmethod(adamw_unscaled_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 1e-5,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def adamw_unscaled_eps_hat_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 1e-5,
) -> tuple[float, ...]:
    """What all elements share in a step of AdamWUnscaledEpsHat: the last arguments of `adamw_unscaled_eps_hat_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, weight_decay, lr_sqrt_c2_over_c1, eps)


def adamw_unscaled_eps_hat_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    weight_decay: float,
    lr_sqrt_c2_over_c1: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AdamWUnscaledEpsHat for each element; returns w, m, v after it.

        c1     = 1 - beta1**t                                   bias of the first moment
        c2     = 1 - beta2**t                                   bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g                    first moment
        v_new  = beta2 * v + (1 - beta2) * g**2                 second moment
        u      = sqrt(c2) * m_new / (c1 * (sqrt(v_new) + eps))  direction
        w_new  = w - weight_decay * w - lr * u                  decay and descent

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        w_new               = w - weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (torch.sqrt(v_new) + eps)  # decay and descent
    return (w_new, m_new, v_new)


class AdamWUnscaledEpsHat(TorchOptimizer):
    """AdamWUnscaledEpsHat: AdamWUnscaled with epsilon added before the second moment is corrected.

    Source: Loshchilov & Hutter (2019), Algorithm 2, arXiv:1711.05101, as in chainer.optimizers.Adam.
    The equations are in `adamw_unscaled_eps_hat_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0                learning rate
        beta1         0 <= beta1 < 1         decay of the first moment
        beta2         0 <= beta2 < 1         decay of the second moment
        eps           eps >= 0               keeps the division from zero
        weight_decay  0 <= weight_decay < 1  decay of the weights, whatever lr is
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("0 <= weight_decay < 1", lambda weight_decay: 0 <= weight_decay < 1),
    }
    _scalars = staticmethod(adamw_unscaled_eps_hat_scalars)
    _elements = staticmethod(adamw_unscaled_eps_hat_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 1e-5,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def adamw_after_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of AdamWAfter: the last arguments of `adamw_after_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)
    lr_weight_decay = lr * weight_decay
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps_sqrt_c2, lr_weight_decay)


def adamw_after_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
    lr_weight_decay: float,
) -> tuple[Array, ...]:
    """A step of AdamWAfter for each element; returns w, m, v after it.

        c1       = 1 - beta1**t                           bias of the first moment
        c2       = 1 - beta2**t                           bias of the second moment
        m_new    = beta1 * m + (1 - beta1) * g            first moment
        v_new    = beta2 * v + (1 - beta2) * g**2         second moment
        m_hat    = m_new / c1                             first moment, corrected
        v_hat    = v_new / c2                             second moment, corrected
        u        = m_hat / (sqrt(v_hat) + eps)            direction
        stepped  = w - lr * u                             descent
        w_new    = stepped - lr * weight_decay * stepped  decay

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        stepped             = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    stepped = w - lr_sqrt_c2_over_c1 * m_new / (torch.sqrt(v_new) + eps_sqrt_c2)  # descent
    w_new = stepped - lr_weight_decay * stepped  # decay
    return (w_new, m_new, v_new)


class AdamWAfter(TorchOptimizer):
    """AdamWAfter: Adam whose weights decay after the step.

    Source: AdamW with the decay after the step.
    The equations are in `adamw_after_elements`.

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
    _scalars = staticmethod(adamw_after_scalars)
    _elements = staticmethod(adamw_after_elements)

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


def amsgradw_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of AMSGradW: the last arguments of `amsgradw_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_weight_decay, lr_sqrt_c2_over_c1, eps_sqrt_c2)


def amsgradw_elements(
    w: Array,
    m: Array,
    v: Array,
    v_max: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_weight_decay: float,
    lr_sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of AMSGradW for each element; returns w, m, v, v_max after it.

        c1         = 1 - beta1**t                                                  bias of the first moment
        c2         = 1 - beta2**t                                                  bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g                                   first moment
        v_new      = beta2 * v + (1 - beta2) * g**2                                second moment
        v_max_new  = maximum(v_max, v_new)                                         largest second moment
        m_hat      = m_new / c1                                                    first moment, corrected
        v_hat      = v_max_new / c2                                                corrected
        w_new      = w - lr * weight_decay * w - lr * m_hat / (sqrt(v_hat) + eps)  decay and descent

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay     = lr * weight_decay
        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_max_new) + eps_sqrt_c2)

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_max_new = torch.maximum(v_max, v_new)  # largest second moment
    w_new = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (torch.sqrt(v_max_new) + eps_sqrt_c2)  # decay and descent
    return (w_new, m_new, v_new, v_max_new)


class AMSGradW(TorchOptimizer):
    """AMSGradW: AMSGrad with decoupled weight decay.

    Source: AMSGrad with the weight decay of Loshchilov & Hutter (2019), as in torch.optim.AdamW(amsgrad=True).
    The equations are in `amsgradw_elements`.

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

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(amsgradw_scalars)
    _elements = staticmethod(amsgradw_elements)

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
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))


def amsgradw_eps_hat_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of AMSGradWEpsHat: the last arguments of `amsgradw_eps_hat_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_weight_decay, lr_sqrt_c2_over_c1, eps)


def amsgradw_eps_hat_elements(
    w: Array,
    m: Array,
    v: Array,
    v_max: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_weight_decay: float,
    lr_sqrt_c2_over_c1: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AMSGradWEpsHat for each element; returns w, m, v, v_max after it.

        c1         = 1 - beta1**t                    bias of the first moment
        c2         = 1 - beta2**t                    bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g     first moment
        v_new      = beta2 * v + (1 - beta2) * g**2  second moment
        v_max_new  = maximum(v_max, v_new)           largest second moment
        w_new      = w - lr * weight_decay * w - lr * sqrt(c2) * m_new / (c1 * (sqrt(v_max_new) + eps))  decay and descent

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_max_new = torch.maximum(v_max, v_new)  # largest second moment
    w_new = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (torch.sqrt(v_max_new) + eps)  # decay and descent
    return (w_new, m_new, v_new, v_max_new)


class AMSGradWEpsHat(TorchOptimizer):
    """AMSGradWEpsHat: AMSGradW with epsilon added before the second moment is corrected.

    Source: AMSGrad with the weight decay of Loshchilov & Hutter (2019), as in keras.optimizers.AdamW(amsgrad=True).
    The equations are in `amsgradw_eps_hat_elements`.

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

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(amsgradw_eps_hat_scalars)
    _elements = staticmethod(amsgradw_eps_hat_elements)

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
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))


def nadamw_scalars(
    product: float,
    t: int,
    *,
    lr: float = 0.002,
    beta1: float = 0.9,
    momentum_decay: float = 0.004,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of NAdamW: the last arguments of `nadamw_elements`.

    t is the number of the step, from 1. States:

        product  = 1 before the first step
        m        = 0 before the first step
        v        = 0 before the first step
    """
    mu = beta1 * (1 - (24 / 25) ** (momentum_decay * t) / 2)  # momentum of this step
    mu_next = beta1 * (1 - (24 / 25) ** (momentum_decay * (1 + t)) / 2)  # momentum of the next step
    product_new = product * mu  # product of the momenta so far
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay
    factor = lr * math.sqrt(c2) * mu_next / (1 - mu_next * product_new)
    factor_2 = lr * math.sqrt(c2) * (1 - mu) / (1 - product_new)
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_weight_decay, factor, factor_2, eps_sqrt_c2)


def nadamw_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_weight_decay: float,
    factor: float,
    factor_2: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of NAdamW for each element; returns w, m, v after it.

        mu           = beta1 * (1 - (24 / 25) ** (momentum_decay * t) / 2)           momentum of this step
        mu_next      = beta1 * (1 - (24 / 25) ** (momentum_decay * (1 + t)) / 2)     momentum of the next step
        product_new  = product * mu                                                  product of the momenta so far
        c2           = 1 - beta2**t                                                  bias of the second moment
        m_new        = beta1 * m + (1 - beta1) * g                                   first moment
        v_new        = beta2 * v + (1 - beta2) * g**2                                second moment
        m_bar        = mu_next * m_new / (1 - mu_next * product_new) + (1 - mu) * g / (1 - product_new)  first moment, a step ahead, corrected
        v_hat        = v_new / c2                                                    second moment, corrected
        w_new        = w - lr * weight_decay * w - lr * m_bar / (sqrt(v_hat) + eps)  decay and descent

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay  = lr * weight_decay
        factor           = lr * sqrt(c2) * mu_next / (1 - mu_next * product_new)
        factor_2         = lr * sqrt(c2) * (1 - mu) / (1 - product_new)
        eps_sqrt_c2      = eps * sqrt(c2)
        w_new            = w - lr_weight_decay * w - (factor * m_new + factor_2 * g) / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - lr_weight_decay * w - (factor * m_new + factor_2 * g) / (torch.sqrt(v_new) + eps_sqrt_c2)  # decay and descent
    return (w_new, m_new, v_new)


def nadamw_shared(
    product: float,
    t: int,
    *,
    lr: float = 0.002,
    beta1: float = 0.9,
    momentum_decay: float = 0.004,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    mu = beta1 * (1 - (24 / 25) ** (momentum_decay * t) / 2)  # momentum of this step
    product_new = product * mu  # product of the momenta so far
    return (product_new,)


class NAdamW(TorchOptimizer):
    """NAdamW: NAdam with decoupled weight decay.

    Source: NAdam with the weight decay of Loshchilov & Hutter (2019), as in torch.optim.NAdam.
    The equations are in `nadamw_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr              lr >= 0              learning rate
        beta1           0 <= beta1 < 1       decay of the first moment
        momentum_decay  momentum_decay >= 0  how fast the momentum rises to beta1
        beta2           0 <= beta2 < 1       decay of the second moment
        eps             eps >= 0             keeps the division from zero
        weight_decay    weight_decay >= 0    decay of the weights, times lr
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "momentum_decay": ("momentum_decay >= 0", lambda momentum_decay: momentum_decay >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(nadamw_scalars)
    _elements = staticmethod(nadamw_elements)
    _advance = staticmethod(nadamw_shared)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.002,
        beta1: Hyper = 0.9,
        momentum_decay: Hyper = 0.004,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.01,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, momentum_decay=momentum_decay, beta2=beta2, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"product": 1}


def nadamw_simple_scalars(
    t: int,
    *,
    lr: float = 0.002,
    beta2: float = 0.999,
    beta1: float = 0.9,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of NAdamWSimple: the last arguments of `nadamw_simple_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay
    factor = lr * math.sqrt(c2) * beta1 / one_minus_power(beta1, 1 + t)
    factor_2 = lr * math.sqrt(c2) * (1 - beta1) / one_minus_power(beta1, t)
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_weight_decay, factor, factor_2, eps_sqrt_c2)


def nadamw_simple_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_weight_decay: float,
    factor: float,
    factor_2: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of NAdamWSimple for each element; returns w, m, v after it.

        c2     = 1 - beta2**t                                                  bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g                                   first moment
        v_new  = beta2 * v + (1 - beta2) * g**2                                second moment
        m_bar  = beta1 * m_new / (1 - beta1 ** (1 + t)) + (1 - beta1) * g / (1 - beta1**t)  first moment, a step ahead, corrected
        v_hat  = v_new / c2                                                    second moment, corrected
        w_new  = w - lr * weight_decay * w - lr * m_bar / (sqrt(v_hat) + eps)  decay and descent

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay  = lr * weight_decay
        factor           = lr * sqrt(c2) * beta1 / (1 - beta1 ** (1 + t))
        factor_2         = lr * sqrt(c2) * (1 - beta1) / (1 - beta1**t)
        eps_sqrt_c2      = eps * sqrt(c2)
        w_new            = w - lr_weight_decay * w - (factor * m_new + factor_2 * g) / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - lr_weight_decay * w - (factor * m_new + factor_2 * g) / (torch.sqrt(v_new) + eps_sqrt_c2)  # decay and descent
    return (w_new, m_new, v_new)


class NAdamWSimple(TorchOptimizer):
    """NAdamWSimple: NAdam with decoupled weight decay and no schedule of the momentum.

    Source: NAdamSimple with the weight decay of Loshchilov & Hutter (2019), as in optax.nadamw.
    The equations are in `nadamw_simple_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta2         0 <= beta2 < 1     decay of the second moment
        beta1         0 <= beta1 < 1     decay of the first moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decay of the weights, times lr
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(nadamw_simple_scalars)
    _elements = staticmethod(nadamw_simple_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.002,
        beta2: Hyper = 0.999,
        beta1: Hyper = 0.9,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.01,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta2=beta2, beta1=beta1, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def adamaxw_scalars(
    t: int,
    *,
    lr: float = 0.002,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of AdamaxW: the last arguments of `adamaxw_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        u  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    one_minus_beta1 = 1 - beta1
    lr_weight_decay = lr * weight_decay
    lr_over_c1 = lr / c1
    return (beta1, one_minus_beta1, beta2, eps, lr_weight_decay, lr_over_c1)


def adamaxw_elements(
    w: Array,
    m: Array,
    u: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    eps: float,
    lr_weight_decay: float,
    lr_over_c1: float,
) -> tuple[Array, ...]:
    """A step of AdamaxW for each element; returns w, m, u after it.

        c1     = 1 - beta1**t                                    bias of the first moment
        m_new  = beta1 * m + (1 - beta1) * g                     first moment
        u_new  = maximum(beta2 * u, abs(g) + eps)                largest gradient, fading
        m_hat  = m_new / c1                                      first moment, corrected
        w_new  = w - lr * weight_decay * w - lr * m_hat / u_new  decay and descent

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay  = lr * weight_decay
        lr_over_c1       = lr / c1
        w_new            = w - lr_weight_decay * w - lr_over_c1 * m_new / u_new

    w, m, u and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    u_new = torch.maximum(beta2 * u, torch.absolute(g) + eps)  # largest gradient, fading
    w_new = w - lr_weight_decay * w - lr_over_c1 * m_new / u_new  # decay and descent
    return (w_new, m_new, u_new)


class AdamaxW(TorchOptimizer):
    """AdamaxW: Adamax with decoupled weight decay.

    Source: Adamax with the weight decay of Loshchilov & Hutter (2019), as in optax.adamaxw.
    The equations are in `adamaxw_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the maximum
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decay of the weights, times lr
    """

    _states: ClassVar = ("m", "u")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(adamaxw_scalars)
    _elements = staticmethod(adamaxw_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.002,
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


def radamw_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of RAdamW: the last arguments of `radamw_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    longest = 2 / (1 - beta2) - 1  # length of the average in the end
    length = average_length(beta2, t)  # length of the average so far
    r = sqrt(longest * (length - 2) * (length - 4) / (length * (longest - 2) * (longest - 4))) if length > 5 else 0  # rectification of the variance
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay
    lr_over_c1 = lr / c1
    length_above_five = 1 if length > 5 else 0
    r_sqrt_c2 = r * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_weight_decay, lr_over_c1, length_above_five, r_sqrt_c2, eps)


def radamw_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_weight_decay: float,
    lr_over_c1: float,
    length_above_five: float,
    r_sqrt_c2: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of RAdamW for each element; returns w, m, v after it.

        c1       = 1 - beta1**t                        bias of the first moment
        c2       = 1 - beta2**t                        bias of the second moment
        longest  = 2 / (1 - beta2) - 1                 length of the average in the end
        length   = longest - 2 * t * beta2**t / c2     length of the average so far
        r        = where(length > 5, sqrt(longest * (length - 2) * (length - 4) / (length * (longest - 2) * (longest - 4))), 0)  rectification of the variance
        m_new    = beta1 * m + (1 - beta1) * g         first moment
        v_new    = beta2 * v + (1 - beta2) * g**2      second moment
        m_hat    = m_new / c1                          first moment, corrected
        u        = where(length > 5, r * sqrt(c2) * m_hat / (sqrt(v_new) + eps), m_hat)  direction
        w_new    = w - lr * weight_decay * w - lr * u  decay and descent

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay    = lr * weight_decay
        lr_over_c1         = lr / c1
        length_above_five  = where(length > 5, 1, 0)
        r_sqrt_c2          = r * sqrt(c2)
        w_new              = w - lr_weight_decay * w - lr_over_c1 * where(length_above_five != 0, r_sqrt_c2 * m_new / (sqrt(v_new) + eps), m_new)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - lr_weight_decay * w - lr_over_c1 * torch.where(length_above_five != 0, r_sqrt_c2 * m_new / (torch.sqrt(v_new) + eps), m_new)  # decay and descent
    return (w_new, m_new, v_new)


class RAdamW(TorchOptimizer):
    """RAdamW: RAdam with decoupled weight decay, epsilon added before the second moment is corrected.

    Source: RAdam with the weight decay of Loshchilov & Hutter (2019), as in torch.optim.RAdam.
    The equations are in `radamw_elements`.

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
    _scalars = staticmethod(radamw_scalars)
    _elements = staticmethod(radamw_elements)

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
