# generated from specs/ano.py; regenerate with: python cli.py generate ano
"""Ano: the sign of a momentum, but the size of the gradient of today."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer, scalar_like, sign_of

__all__ = [
    "Ano",
    "Anolog",
    "ano_elements",
    "ano_scalars",
    "anolog_elements",
    "anolog_scalars",
]


def ano_scalars(
    t: int,
    *,
    lr: float = 1e-4,
    beta2: float = 0.99,
    beta1: float = 0.92,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of Ano: the last arguments of `ano_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay
    lr_sqrt_c2 = lr * math.sqrt(c2)
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_weight_decay, lr_sqrt_c2, eps_sqrt_c2)


def ano_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_weight_decay: float,
    lr_sqrt_c2: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of Ano for each element; returns w, m, v after it.

        c2     = 1 - beta2**t                                                 bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g                                  momentum
        v_new  = maximum(beta2 * v - (1 - beta2) * sign(v - g**2) * g**2, 0)  second moment; only a beta2 below 1/2 would take it below 0
        v_hat  = v_new / c2                                                   second moment, corrected
        w_new  = w - lr * weight_decay * w - lr * sign(m_new) * abs(g) / (sqrt(v_hat) + eps)  decay and descent

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay  = lr * weight_decay
        lr_sqrt_c2       = lr * sqrt(c2)
        eps_sqrt_c2      = eps * sqrt(c2)
        w_new            = w - lr_weight_decay * w - lr_sqrt_c2 * sign(m_new) * abs(g) / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # momentum
    v_new = torch.maximum(beta2 * v - one_minus_beta2 * sign_of(v - g**2) * g**2, scalar_like(0, w))  # second moment; only a beta2 below 1/2 would take it below 0
    w_new = w - lr_weight_decay * w - lr_sqrt_c2 * sign_of(m_new) * torch.absolute(g) / (torch.sqrt(v_new) + eps_sqrt_c2)  # decay and descent
    return (w_new, m_new, v_new)


class Ano(TorchOptimizer):
    """Ano: a step of the size of the gradient in the direction of its momentum, over a second moment as of Yogi.

    Source: Kegreisz (2025), Algorithm 1, arXiv:2508.18258.
    The equations are in `ano_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta2         0 <= beta2 < 1     decay of the second moment
        beta1         0 <= beta1 < 1     decay of the momentum
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decoupled weight decay, times lr
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(ano_scalars)
    _elements = staticmethod(ano_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1e-4,
        beta2: Hyper = 0.99,
        beta1: Hyper = 0.92,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta2=beta2, beta1=beta1, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def anolog_scalars(
    t: int,
    *,
    lr: float = 1e-4,
    beta2: float = 0.99,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of Anolog: the last arguments of `anolog_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    beta1_now = 1 - 1 / math.log(max(2, t))  # decay of the momentum; negative in the first two steps
    one_minus_beta1_now = 1 - beta1_now
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay
    lr_sqrt_c2 = lr * math.sqrt(c2)
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1_now, one_minus_beta1_now, beta2, one_minus_beta2, lr_weight_decay, lr_sqrt_c2, eps_sqrt_c2)


def anolog_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1_now: float,
    one_minus_beta1_now: float,
    beta2: float,
    one_minus_beta2: float,
    lr_weight_decay: float,
    lr_sqrt_c2: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of Anolog for each element; returns w, m, v after it.

        c2         = 1 - beta2**t                                                 bias of the second moment
        beta1_now  = 1 - 1 / log(maximum(2, t))                                   decay of the momentum; negative in the first two steps
        m_new      = beta1_now * m + (1 - beta1_now) * g                          momentum
        v_new      = maximum(beta2 * v - (1 - beta2) * sign(v - g**2) * g**2, 0)  second moment; only a beta2 below 1/2 would take it below 0
        v_hat      = v_new / c2                                                   second moment, corrected
        w_new      = w - lr * weight_decay * w - lr * sign(m_new) * abs(g) / (sqrt(v_hat) + eps)  decay and descent

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay  = lr * weight_decay
        lr_sqrt_c2       = lr * sqrt(c2)
        eps_sqrt_c2      = eps * sqrt(c2)
        w_new            = w - lr_weight_decay * w - lr_sqrt_c2 * sign(m_new) * abs(g) / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1_now * m + one_minus_beta1_now * g  # momentum
    v_new = torch.maximum(beta2 * v - one_minus_beta2 * sign_of(v - g**2) * g**2, scalar_like(0, w))  # second moment; only a beta2 below 1/2 would take it below 0
    w_new = w - lr_weight_decay * w - lr_sqrt_c2 * sign_of(m_new) * torch.absolute(g) / (torch.sqrt(v_new) + eps_sqrt_c2)  # decay and descent
    return (w_new, m_new, v_new)


class Anolog(TorchOptimizer):
    """Anolog: Ano with a momentum that averages over ever more steps: its decay is 1 - 1 / log(t).

    Source: Kegreisz (2025), arXiv:2508.18258, the variant with a logarithmic schedule.
    The equations are in `anolog_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decoupled weight decay, times lr
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(anolog_scalars)
    _elements = staticmethod(anolog_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1e-4,
        beta2: Hyper = 0.99,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta2=beta2, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
