# generated from specs/sophia.py; regenerate with: python cli.py generate sophia
"""Sophia: a momentum divided by an estimate of the curvature, which is new now and then, and clipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer, scalar_like

__all__ = [
    "Sophia",
    "SophiaDelayed",
    "sophia_delayed_elements",
    "sophia_delayed_scalars",
    "sophia_elements",
    "sophia_scalars",
]


def sophia_scalars(
    t: int,
    *,
    hessian_given: float,
    lr: float = 0.001,
    beta1: float = 0.96,
    beta2: float = 0.99,
    eps: float = 1e-12,
    gamma: float = 0.01,
    weight_decay: float = 0.2,
) -> tuple[float, ...]:
    """What all elements share in a step of Sophia: the last arguments of `sophia_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        h  = 0 before the first step
    """
    one_minus_beta1 = 1 - beta1
    hessian_given_is_one = 1 if hessian_given == 1 else 0
    one_minus_beta2 = 1 - beta2
    minus_one = -1
    lr_weight_decay = lr * weight_decay
    return (beta1, one_minus_beta1, hessian_given_is_one, beta2, one_minus_beta2, gamma, eps, minus_one, lr_weight_decay, lr)


def sophia_elements(
    w: Array,
    m: Array,
    h: Array,
    g: Array,
    hessian: Array,
    beta1: float,
    one_minus_beta1: float,
    hessian_given_is_one: float,
    beta2: float,
    one_minus_beta2: float,
    gamma: float,
    eps: float,
    minus_one: float,
    lr_weight_decay: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of Sophia for each element; returns w, m, h after it.

        m_new  = beta1 * m + (1 - beta1) * g                                   momentum
        h_new  = where(hessian_given == 1, beta2 * h + (1 - beta2) * hessian, h)  curvature
        u      = maximum(minimum(m_new / maximum(gamma * h_new, eps), 1), -1)  step, clipped
        w_new  = w - lr * weight_decay * w - lr * u                            decay, descent

    w, m, h, g, hessian are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g and hessian are only read.
    hessian_given is 1.0, or 0.0 in a step without hessian, which may then be any numbers.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # momentum
    h_new = torch.where(hessian_given_is_one != 0, beta2 * h + one_minus_beta2 * hessian, h)  # curvature
    u = torch.maximum(torch.minimum(m_new / torch.maximum(gamma * h_new, eps), scalar_like(1, w)), minus_one)  # step, clipped
    w_new = w - lr_weight_decay * w - lr * u  # decay, descent
    return (w_new, m_new, h_new)


class Sophia(TorchOptimizer):
    """Sophia: a clipped step of the momentum over the curvature, of which a new estimate may come in any step.

    Source: Liu et al. (2024), Algorithm 3, arXiv:2305.14342; what estimates the Hessian is left to the caller.
    The equations are in `sophia_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    A step is step(hessian=hessian):

        hessian  tensors, one for each parameter, or left out  an estimate of the diagonal of the Hessian at w

    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the momentum
        beta2         0 <= beta2 < 1     decay of the curvature, for each estimate
        eps           eps > 0            least curvature by which is divided
        gamma         gamma >= 0         scale of the curvature: larger is less often clipped
        weight_decay  weight_decay >= 0  decoupled weight decay
    """

    _states: ClassVar = ("m", "h")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "gamma": ("gamma >= 0", lambda gamma: gamma >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _inputs: ClassVar = ("hessian",)
    _optional: ClassVar = ("hessian",)
    _scalars = staticmethod(sophia_scalars)
    _elements = staticmethod(sophia_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.96,
        beta2: Hyper = 0.99,
        eps: Hyper = 1e-12,
        gamma: Hyper = 0.01,
        weight_decay: Hyper = 0.2,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps, gamma=gamma, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def sophia_delayed_scalars(
    t: int,
    *,
    hessian_given: float,
    lr: float = 0.001,
    beta1: float = 0.965,
    clip: float = 1.0,
    eps: float = 1e-8,
    gamma: float = 0.01,
    beta2: float = 0.99,
    weight_decay: float = 0.0001,
) -> tuple[float, ...]:
    """What all elements share in a step of SophiaDelayed: the last arguments of `sophia_delayed_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        h  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the momentum
    one_minus_beta1 = 1 - beta1
    minus_clip = -clip
    hessian_given_is_one = 1 if hessian_given == 1 else 0
    one_minus_beta2 = 1 - beta2
    return (beta1, one_minus_beta1, c1, gamma, eps, clip, minus_clip, hessian_given_is_one, beta2, one_minus_beta2, lr, weight_decay)


def sophia_delayed_elements(
    w: Array,
    m: Array,
    h: Array,
    g: Array,
    hessian: Array,
    beta1: float,
    one_minus_beta1: float,
    c1: float,
    gamma: float,
    eps: float,
    clip: float,
    minus_clip: float,
    hessian_given_is_one: float,
    beta2: float,
    one_minus_beta2: float,
    lr: float,
    weight_decay: float,
) -> tuple[Array, ...]:
    """A step of SophiaDelayed for each element; returns w, m, h after it.

        c1     = 1 - beta1**t                                                    bias of the momentum
        m_new  = beta1 * m + (1 - beta1) * g                                     momentum
        m_hat  = m_new / c1                                                      momentum, corrected
        u      = maximum(minimum(m_hat / maximum(gamma * h, eps), clip), -clip)  step, clipped, of the old curvature
        h_new  = where(hessian_given == 1, beta2 * h + (1 - beta2) * hessian, h)  curvature
        w_new  = w - lr * (u + weight_decay * w)                                 decay, descent

    w, m, h, g, hessian are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g and hessian are only read.
    hessian_given is 1.0, or 0.0 in a step without hessian, which may then be any numbers.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # momentum
    m_hat = m_new / c1  # momentum, corrected
    u = torch.maximum(torch.minimum(m_hat / torch.maximum(gamma * h, eps), clip), minus_clip)  # step, clipped, of the old curvature
    h_new = torch.where(hessian_given_is_one != 0, beta2 * h + one_minus_beta2 * hessian, h)  # curvature
    w_new = w - lr * (u + weight_decay * w)  # decay, descent
    return (w_new, m_new, h_new)


class SophiaDelayed(TorchOptimizer):
    """SophiaDelayed: Sophia with a corrected momentum, in which an estimate of the curvature counts from the next step on.

    Source: Liu et al. (2024), Algorithm 3, arXiv:2305.14342, as in optax.contrib.sophia.
    The equations are in `sophia_delayed_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    A step is step(hessian=hessian):

        hessian  tensors, one for each parameter, or left out  an estimate of the diagonal of the Hessian at w

    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the momentum
        clip          clip > 0           largest step of a weight, in units of lr
        eps           eps > 0            least curvature by which is divided
        gamma         gamma >= 0         scale of the curvature: larger is less often clipped
        beta2         0 <= beta2 < 1     decay of the curvature, for each estimate
        weight_decay  weight_decay >= 0  decoupled weight decay
    """

    _states: ClassVar = ("m", "h")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "clip": ("clip > 0", lambda clip: clip > 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "gamma": ("gamma >= 0", lambda gamma: gamma >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _inputs: ClassVar = ("hessian",)
    _optional: ClassVar = ("hessian",)
    _scalars = staticmethod(sophia_delayed_scalars)
    _elements = staticmethod(sophia_delayed_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.965,
        clip: Hyper = 1.0,
        eps: Hyper = 1e-8,
        gamma: Hyper = 0.01,
        beta2: Hyper = 0.99,
        weight_decay: Hyper = 0.0001,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, clip=clip, eps=eps, gamma=gamma, beta2=beta2, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
