# generated from specs/sgdw.py; regenerate with: python cli.py generate sgdw
"""SGDW: momentum whose weights decay beside the step, as in the paper and as the libraries have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "SGDW",
    "SGDWBuffer",
    "SGDWNesterov",
    "sgdw_buffer_elements",
    "sgdw_buffer_scalars",
    "sgdw_elements",
    "sgdw_nesterov_elements",
    "sgdw_nesterov_scalars",
    "sgdw_scalars",
]


def sgdw_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    eta: float = 1.0,
    weight_decay: float = 1e-4,
) -> tuple[float, ...]:
    """What all elements share in a step of SGDW: the last arguments of `sgdw_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
    """
    lr_eta = lr * eta
    eta_weight_decay = eta * weight_decay
    return (beta1, lr_eta, eta_weight_decay)


def sgdw_elements(
    w: Array,
    m: Array,
    g: Array,
    beta1: float,
    lr_eta: float,
    eta_weight_decay: float,
) -> tuple[Array, ...]:
    """A step of SGDW for each element; returns w, m after it.

        m_new  = beta1 * m + lr * eta * g            momentum
        w_new  = w - m_new - eta * weight_decay * w  descent and decay

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + lr_eta * g  # momentum
    w_new = w - m_new - eta_weight_decay * w  # descent and decay
    return (w_new, m_new)


class SGDW(TorchOptimizer):
    """SGDW: momentum with decoupled weight decay, which follows the schedule but not the learning rate.

    Source: Loshchilov & Hutter (2019), Algorithm 1, arXiv:1711.05101.
    The equations are in `sgdw_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     momentum coefficient
        eta           eta >= 0           schedule multiplier
        weight_decay  weight_decay >= 0  decay of the weights, times eta
    """

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "eta": ("eta >= 0", lambda eta: eta >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(sgdw_scalars)
    _elements = staticmethod(sgdw_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        eta: Hyper = 1.0,
        weight_decay: Hyper = 1e-4,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, eta=eta, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)


def sgdw_buffer_scalars(
    t: int,
    *,
    lr: float = 0.001,
    dampening: float = 0.0,
    mu: float = 0.9,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of SGDWBuffer: the last arguments of `sgdw_buffer_elements`.

    t is the number of the step of this parameter, from 1. States:

        b  = 0 before the first step
    """
    keep = 1 - dampening if t > 1 else 1  # share of the gradient
    lr_weight_decay = lr * weight_decay
    return (mu, keep, lr_weight_decay, lr)


def sgdw_buffer_elements(
    w: Array,
    b: Array,
    g: Array,
    mu: float,
    keep: float,
    lr_weight_decay: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of SGDWBuffer for each element; returns w, b after it.

        keep   = where(t > 1, 1 - dampening, 1)          share of the gradient
        b_new  = mu * b + keep * g                       buffer
        w_new  = w - lr * weight_decay * w - lr * b_new  descent and decay

    w, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    b_new = mu * b + keep * g  # buffer
    w_new = w - lr_weight_decay * w - lr * b_new  # descent and decay
    return (w_new, b_new)


class SGDWBuffer(TorchOptimizer):
    """SGDWBuffer: SGDW with the momentum of torch, and a decay times the learning rate.

    Source: Loshchilov & Hutter (2019), Algorithm 1, arXiv:1711.05101, as in timm and pytorch_optimizer.
    The equations are in `sgdw_buffer_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0              learning rate
        dampening     0 <= dampening <= 1  share of each later gradient that is lost
        mu            0 <= mu < 1          momentum coefficient
        weight_decay  weight_decay >= 0    decay of the weights, times lr
    """

    _states: ClassVar = ("b",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "dampening": ("0 <= dampening <= 1", lambda dampening: 0 <= dampening <= 1),
        "mu": ("0 <= mu < 1", lambda mu: 0 <= mu < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _own_t: ClassVar = True
    _scalars = staticmethod(sgdw_buffer_scalars)
    _elements = staticmethod(sgdw_buffer_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        dampening: Hyper = 0.0,
        mu: Hyper = 0.9,
        weight_decay: Hyper = 0.01,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, dampening=dampening, mu=mu, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)


def sgdw_nesterov_scalars(
    t: int,
    *,
    lr: float = 0.001,
    mu: float = 0.9,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of SGDWNesterov: the last arguments of `sgdw_nesterov_elements`.

    t is the number of the step, from 1. States:

        b  = 0 before the first step
    """
    lr_weight_decay = lr * weight_decay
    return (mu, lr_weight_decay, lr)


def sgdw_nesterov_elements(
    w: Array,
    b: Array,
    g: Array,
    mu: float,
    lr_weight_decay: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of SGDWNesterov for each element; returns w, b after it.

        b_new  = g + mu * b                                         buffer
        w_new  = w - lr * weight_decay * w - lr * (g + mu * b_new)  descent and decay

    w, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    b_new = g + mu * b  # buffer
    w_new = w - lr_weight_decay * w - lr * (g + mu * b_new)  # descent and decay
    return (w_new, b_new)


class SGDWNesterov(TorchOptimizer):
    """SGDWNesterov: SGDWBuffer that looks a step ahead.

    Source: Loshchilov & Hutter (2019), arXiv:1711.05101, with the momentum of Nesterov as in timm.
    The equations are in `sgdw_nesterov_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        mu            0 <= mu < 1        momentum coefficient
        weight_decay  weight_decay >= 0  decay of the weights, times lr
    """

    _states: ClassVar = ("b",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "mu": ("0 <= mu < 1", lambda mu: 0 <= mu < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(sgdw_nesterov_scalars)
    _elements = staticmethod(sgdw_nesterov_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        mu: Hyper = 0.9,
        weight_decay: Hyper = 0.01,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, mu=mu, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)
