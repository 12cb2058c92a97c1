# generated from specs/bcos.py; regenerate with: python cli.py generate bcos
"""BCOS: steps over the root of a second moment of what is followed, the gradient or its momentum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from ._arrays import Array, Hyper, Stage, TorchOptimizer, scalar_like

__all__ = [
    "BCOS",
    "BCOSGradient",
    "BCOSMomentum",
    "bcos_elements",
    "bcos_gradient_elements",
    "bcos_gradient_scalars",
    "bcos_momentum_elements",
    "bcos_momentum_scalars",
    "bcos_scalars",
]


def bcos_gradient_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta: float = 0.9,
    eps: float = 1e-6,
    weight_decay: float = 0.1,
) -> tuple[float, ...]:
    """What all elements share in a step of BCOSGradient: the last arguments of `bcos_gradient_elements`.

    t is the number of the step of this parameter, from 1. States:

        v  = 0 before the first step
    """
    t_above_one = 1 if t > 1 else 0
    one_minus_beta = 1 - beta
    lr_weight_decay = lr * weight_decay
    return (t_above_one, beta, one_minus_beta, lr_weight_decay, lr, eps)


def bcos_gradient_elements(
    w: Array,
    v: Array,
    g: Array,
    t_above_one: float,
    beta: float,
    one_minus_beta: float,
    lr_weight_decay: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of BCOSGradient for each element; returns w, v after it.

        v_new  = where(t > 1, beta * v + (1 - beta) * g**2, g**2)          second moment
        w_new  = w - lr * weight_decay * w - lr * g / (sqrt(v_new) + eps)  decay and descent

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = torch.where(t_above_one != 0, beta * v + one_minus_beta * g**2, g**2)  # second moment
    w_new = w - lr_weight_decay * w - lr * g / (torch.sqrt(v_new) + eps)  # decay and descent
    return (w_new, v_new)


class BCOSGradient(TorchOptimizer):
    """BCOSGradient: RMSprop whose second moment starts from the first gradient.

    Source: Jiang & Xiao (2025), arXiv:2507.08963, BCOS-g.
    The equations are in `bcos_gradient_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta          0 <= beta < 1      decay of the averages
        eps           eps > 0            keeps the division from zero
        weight_decay  weight_decay >= 0  decoupled weight decay, times lr
    """

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _own_t: ClassVar = True
    _scalars = staticmethod(bcos_gradient_scalars)
    _elements = staticmethod(bcos_gradient_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta: Hyper = 0.9,
        eps: Hyper = 1e-6,
        weight_decay: Hyper = 0.1,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta=beta, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)


def bcos_momentum_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta: float = 0.9,
    eps: float = 1e-6,
    weight_decay: float = 0.1,
) -> tuple[float, ...]:
    """What all elements share in a step of BCOSMomentum: the last arguments of `bcos_momentum_elements`.

    t is the number of the step of this parameter, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    t_above_one = 1 if t > 1 else 0
    one_minus_beta = 1 - beta
    lr_weight_decay = lr * weight_decay
    return (t_above_one, beta, one_minus_beta, lr_weight_decay, lr, eps)


def bcos_momentum_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    t_above_one: float,
    beta: float,
    one_minus_beta: float,
    lr_weight_decay: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of BCOSMomentum for each element; returns w, m, v after it.

        m_new  = where(t > 1, beta * m + (1 - beta) * g, g)                    momentum, from the first gradient on
        v_new  = where(t > 1, beta * v + (1 - beta) * m_new**2, g**2)          second moment of the momentum
        w_new  = w - lr * weight_decay * w - lr * m_new / (sqrt(v_new) + eps)  decay and descent

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = torch.where(t_above_one != 0, beta * m + one_minus_beta * g, g)  # momentum, from the first gradient on
    v_new = torch.where(t_above_one != 0, beta * v + one_minus_beta * m_new**2, g**2)  # second moment of the momentum
    w_new = w - lr_weight_decay * w - lr * m_new / (torch.sqrt(v_new) + eps)  # decay and descent
    return (w_new, m_new, v_new)


class BCOSMomentum(TorchOptimizer):
    """BCOSMomentum: descent along the momentum over the root of the average of its squares.

    Source: Jiang & Xiao (2025), arXiv:2507.08963, BCOS-m.
    The equations are in `bcos_momentum_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta          0 <= beta < 1      decay of the averages
        eps           eps > 0            keeps the division from zero
        weight_decay  weight_decay >= 0  decoupled weight decay, times lr
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _own_t: ClassVar = True
    _scalars = staticmethod(bcos_momentum_scalars)
    _elements = staticmethod(bcos_momentum_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta: Hyper = 0.9,
        eps: Hyper = 1e-6,
        weight_decay: Hyper = 0.1,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta=beta, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def bcos_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta: float = 0.9,
    eps: float = 1e-6,
    weight_decay: float = 0.1,
) -> tuple[float, ...]:
    """What all elements share in a step of BCOS: the last arguments of `bcos_elements`.

    t is the number of the step of this parameter, from 1. States:

        m  = 0 before the first step
    """
    t_above_one = 1 if t > 1 else 0
    one_minus_one_minus_beta_pow_two = 1 - (1 - beta) ** 2
    one_minus_beta_pow_two = (1 - beta) ** 2
    one_minus_beta = 1 - beta
    lr_weight_decay = lr * weight_decay
    return (t_above_one, one_minus_one_minus_beta_pow_two, one_minus_beta_pow_two, beta, one_minus_beta, lr_weight_decay, lr, eps)


def bcos_elements(
    w: Array,
    m: Array,
    g: Array,
    t_above_one: float,
    one_minus_one_minus_beta_pow_two: float,
    one_minus_beta_pow_two: float,
    beta: float,
    one_minus_beta: float,
    lr_weight_decay: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of BCOS for each element; returns w, m after it.

        m_old  = where(t > 1, m, g)                                         momentum of the step before
        u      = (1 - (1 - beta) ** 2) * m_old**2 + (1 - beta) ** 2 * g**2  its square, given that step
        m_new  = where(t > 1, beta * m + (1 - beta) * g, g)                 momentum, from the first gradient on
        w_new  = w - lr * weight_decay * w - lr * m_new / (sqrt(maximum(u, 0)) + eps)  decay and descent

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_old = torch.where(t_above_one != 0, m, g)  # momentum of the step before
    u = one_minus_one_minus_beta_pow_two * m_old**2 + one_minus_beta_pow_two * g**2  # its square, given that step
    m_new = torch.where(t_above_one != 0, beta * m + one_minus_beta * g, g)  # momentum, from the first gradient on
    w_new = w - lr_weight_decay * w - lr * m_new / (torch.sqrt(torch.maximum(u, scalar_like(0, w))) + eps)  # decay and descent
    return (w_new, m_new)


class BCOS(TorchOptimizer):
    """BCOS: descent along the momentum over what its square is expected to be, given the step before.

    Source: Jiang & Xiao (2025), arXiv:2507.08963, BCOS-c with its simple estimator.
    The equations are in `bcos_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta          0 <= beta < 1      decay of the averages
        eps           eps > 0            keeps the division from zero
        weight_decay  weight_decay >= 0  decoupled weight decay, times lr
    """

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _own_t: ClassVar = True
    _scalars = staticmethod(bcos_scalars)
    _elements = staticmethod(bcos_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta: Hyper = 0.9,
        eps: Hyper = 1e-6,
        weight_decay: Hyper = 0.1,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta=beta, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)
