# generated from specs/mars.py; regenerate with: python cli.py generate mars
"""MARS: gradients with a part of their last change added, which a momentum averages. Without its clipping by norms."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer, sign_of

__all__ = [
    "MARSAdamW",
    "MARSLion",
    "mars_adamw_elements",
    "mars_adamw_scalars",
    "mars_lion_elements",
    "mars_lion_scalars",
]


def mars_adamw_scalars(
    t: int,
    *,
    lr: float = 0.003,
    beta1: float = 0.95,
    beta2: float = 0.99,
    gamma: float = 0.025,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of MARSAdamW: the last arguments of `mars_adamw_elements`.

    t is the number of the step, from 1. States:

        m     = 0 before the first step
        v     = 0 before the first step
        last  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # correction of the first moment
    c2 = one_minus_power(beta2, t)  # correction of the second moment
    beta1_gamma_over_one_minus_beta1 = beta1 * gamma / (1 - beta1)
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1_gamma_over_one_minus_beta1, beta1, one_minus_beta1, beta2, one_minus_beta2, lr_weight_decay, lr_sqrt_c2_over_c1, eps_sqrt_c2)


def mars_adamw_elements(
    w: Array,
    m: Array,
    v: Array,
    last: Array,
    g: Array,
    beta1_gamma_over_one_minus_beta1: float,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_weight_decay: float,
    lr_sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of MARSAdamW for each element; returns w, m, v, last after it.

        c1         = 1 - beta1**t                                  correction of the first moment
        c2         = 1 - beta2**t                                  correction of the second moment
        corrected  = g + beta1 * gamma * (g - last) / (1 - beta1)  gradient with its change
        last_new   = g
        m_new      = beta1 * m + (1 - beta1) * corrected           first moment
        v_new      = beta2 * v + (1 - beta2) * corrected**2        second moment
        m_hat      = m_new / c1
        v_hat      = v_new / c2
        u          = m_hat / (sqrt(v_hat) + eps)                   direction
        w_new      = w - lr * weight_decay * w - lr * u            decay and descent

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay     = lr * weight_decay
        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    corrected = g + beta1_gamma_over_one_minus_beta1 * (g - last)  # gradient with its change
    last_new = g
    m_new = beta1 * m + one_minus_beta1 * corrected  # first moment
    v_new = beta2 * v + one_minus_beta2 * corrected**2  # second moment
    w_new = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (torch.sqrt(v_new) + eps_sqrt_c2)  # decay and descent
    return (w_new, m_new, v_new, last_new)


class MARSAdamW(TorchOptimizer):
    """MARSAdamW: AdamW of gradients with a part of their last change added.

    Source: Yuan et al. (2024), Algorithm 2, arXiv:2411.10438, approximate, from zero as in github.com/AGI-Arena/MARS, without the bound of 1 on the norm of the corrected gradient.
    The equations are in `mars_adamw_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        gamma         gamma >= 0         weight of the change of the gradient
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decoupled weight decay
    """

    _states: ClassVar = ("m", "v", "last")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "gamma": ("gamma >= 0", lambda gamma: gamma >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(mars_adamw_scalars)
    _elements = staticmethod(mars_adamw_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.003,
        beta1: Hyper = 0.95,
        beta2: Hyper = 0.99,
        gamma: Hyper = 0.025,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, gamma=gamma, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))


def mars_lion_scalars(
    t: int,
    *,
    lr: float = 0.003,
    beta: float = 0.95,
    gamma: float = 0.025,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of MARSLion: the last arguments of `mars_lion_elements`.

    t is the number of the step, from 1. States:

        m     = 0 before the first step
        last  = 0 before the first step
    """
    beta_gamma_over_one_minus_beta = beta * gamma / (1 - beta)
    one_minus_beta = 1 - beta
    return (beta_gamma_over_one_minus_beta, beta, one_minus_beta, lr, weight_decay)


def mars_lion_elements(
    w: Array,
    m: Array,
    last: Array,
    g: Array,
    beta_gamma_over_one_minus_beta: float,
    beta: float,
    one_minus_beta: float,
    lr: float,
    weight_decay: float,
) -> tuple[Array, ...]:
    """A step of MARSLion for each element; returns w, m, last after it.

        corrected  = g + beta * gamma * (g - last) / (1 - beta)  gradient with its change
        last_new   = g
        m_new      = beta * m + (1 - beta) * corrected           momentum
        w_new      = w - lr * (weight_decay * w + sign(m_new))   descent

    w, m, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    corrected = g + beta_gamma_over_one_minus_beta * (g - last)  # gradient with its change
    last_new = g
    m_new = beta * m + one_minus_beta * corrected  # momentum
    w_new = w - lr * (weight_decay * w + sign_of(m_new))  # descent
    return (w_new, m_new, last_new)


class MARSLion(TorchOptimizer):
    """MARSLion: signs of a momentum of gradients with a part of their last change added.

    Source: Yuan et al. (2024), Algorithm 3, arXiv:2411.10438, approximate, from zero as in github.com/AGI-Arena/MARS, without the bound of 1 on the norm of the corrected gradient.
    The equations are in `mars_lion_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta          0 <= beta < 1      decay of the momentum
        gamma         gamma >= 0         weight of the change of the gradient
        weight_decay  weight_decay >= 0  decoupled weight decay
    """

    _states: ClassVar = ("m", "last")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
        "gamma": ("gamma >= 0", lambda gamma: gamma >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(mars_lion_scalars)
    _elements = staticmethod(mars_lion_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.003,
        beta: Hyper = 0.95,
        gamma: Hyper = 0.025,
        weight_decay: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta=beta, gamma=gamma, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
