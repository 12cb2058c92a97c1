# generated from specs/novograd.py; regenerate with: python cli.py generate novograd
"""NovoGrad: momentum of gradients that are divided by a moving average of their norms, one number for each array."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import sqrt
from ._arrays import Array, Hyper, Stage, TorchOptimizer, summed

__all__ = [
    "NovoGrad",
    "NovoGradW",
    "novograd_decoupled_elements",
    "novograd_decoupled_per_array",
    "novograd_decoupled_scalars",
    "novograd_decoupled_summands",
    "novograd_decoupled_sums",
    "novograd_elements",
    "novograd_per_array",
    "novograd_scalars",
    "novograd_summands",
    "novograd_sums",
]


def novograd_scalars(
    v: float,
    second_total: float,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.98,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    beta1: float = 0.95,
) -> tuple[float, ...]:
    """What all elements share in a step of NovoGrad: the last arguments of `novograd_elements`.

    t is the number of the step of this parameter, from 1. States:

        v  = 0 before the first step, a number for each array
        m  = 0 before the first step

    second_total: what `novograd_sums` gives.
    """
    total = second_total  # squared norm of the gradient
    v_new = v * beta2 + total * (1 - beta2) if t > 1 else total  # second moment
    eps_plus_sqrt_v_new = eps + sqrt(v_new)
    return (weight_decay, eps_plus_sqrt_v_new, beta1, lr)


def novograd_elements(
    w: Array,
    m: Array,
    g: Array,
    weight_decay: float,
    eps_plus_sqrt_v_new: float,
    beta1: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of NovoGrad for each element; returns w, m after it.

        total  = array_sum(g**2)                                       squared norm of the gradient
        v_new  = where(t > 1, v * beta2 + total * (1 - beta2), total)  second moment
        u      = weight_decay * w + g / (eps + sqrt(v_new))            gradient of about norm 1, and weight decay
        m_new  = u + beta1 * m                                         momentum
        w_new  = w - lr * m_new                                        descent

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    u = weight_decay * w + g / eps_plus_sqrt_v_new  # gradient of about norm 1, and weight decay
    m_new = u + beta1 * m  # momentum
    w_new = w - lr * m_new  # descent
    return (w_new, m_new)


def novograd_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of NovoGrad sums up, for each element."""
    second_total = g**2
    return (second_total,)


def novograd_sums(
    w: Array,
    g: Array,
    m: Array,
    v: float,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.98,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    beta1: float = 0.95,
) -> tuple[float, ...]:
    """What a step of NovoGrad sums up over one array, in double; nothing is written.

        second_total  = array_sum(g**2)

    The results are arguments of `novograd_scalars`, before the step number.
    """
    return summed(novograd_summands, (w, g), (), ("sum",))


def novograd_per_array(
    v: float,
    second_total: float,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.98,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    beta1: float = 0.95,
) -> tuple[float, ...]:
    """The numbers that are kept for this array after step t."""
    total = second_total  # squared norm of the gradient
    v_new = v * beta2 + total * (1 - beta2) if t > 1 else total  # second moment
    return (v_new,)


class NovoGrad(TorchOptimizer):
    """NovoGrad: momentum of gradients, each divided by a moving average of its norm, with weight decay in it.

    Source: Ginsburg et al. (2019), Algorithm 1, arXiv:1905.11286.
    The equations are in `novograd_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps > 0            keeps the division from zero
        weight_decay  weight_decay >= 0  weight decay
        beta1         0 <= beta1 < 1     decay of the momentum
    """

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
    }
    _own_t: ClassVar = True
    _per_array: ClassVar = ("v",)
    _reductions: ClassVar = (("second_total", "sum", False),)
    _fed_by_sums: ClassVar = ("v",)
    _scalars = staticmethod(novograd_scalars)
    _elements = staticmethod(novograd_elements)
    _advance_own = staticmethod(novograd_per_array)
    _sums = staticmethod(novograd_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta2: Hyper = 0.98,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.0,
        beta1: Hyper = 0.95,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta2=beta2, eps=eps, weight_decay=weight_decay, beta1=beta1)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)

    def _initial_own(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"v": 0}


def novograd_decoupled_scalars(
    v: float,
    second_total: float,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.98,
    eps: float = 1e-8,
    beta1: float = 0.95,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of NovoGradW: the last arguments of `novograd_decoupled_elements`.

    t is the number of the step of this parameter, from 1. States:

        v  = 0 before the first step, a number for each array
        m  = 0 before the first step

    second_total: what `novograd_decoupled_sums` gives.
    """
    total = second_total  # squared norm of the gradient
    v_new = v * beta2 + total * (1 - beta2) if t > 1 else total  # second moment
    eps_plus_sqrt_v_new = eps + sqrt(v_new)
    lr_weight_decay = lr * weight_decay
    return (eps_plus_sqrt_v_new, beta1, lr_weight_decay, lr)


def novograd_decoupled_elements(
    w: Array,
    m: Array,
    g: Array,
    eps_plus_sqrt_v_new: float,
    beta1: float,
    lr_weight_decay: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of NovoGradW for each element; returns w, m after it.

        total  = array_sum(g**2)                                       squared norm of the gradient
        v_new  = where(t > 1, v * beta2 + total * (1 - beta2), total)  second moment
        u      = g / (eps + sqrt(v_new))                               gradient of about norm 1
        m_new  = u + beta1 * m                                         momentum
        w_new  = w - lr * weight_decay * w - lr * m_new                decay, descent

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    u = g / eps_plus_sqrt_v_new  # gradient of about norm 1
    m_new = u + beta1 * m  # momentum
    w_new = w - lr_weight_decay * w - lr * m_new  # decay, descent
    return (w_new, m_new)


def novograd_decoupled_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of NovoGradW sums up, for each element."""
    second_total = g**2
    return (second_total,)


def novograd_decoupled_sums(
    w: Array,
    g: Array,
    m: Array,
    v: float,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.98,
    eps: float = 1e-8,
    beta1: float = 0.95,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What a step of NovoGradW sums up over one array, in double; nothing is written.

        second_total  = array_sum(g**2)

    The results are arguments of `novograd_decoupled_scalars`, before the step number.
    """
    return summed(novograd_decoupled_summands, (w, g), (), ("sum",))


def novograd_decoupled_per_array(
    v: float,
    second_total: float,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.98,
    eps: float = 1e-8,
    beta1: float = 0.95,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """The numbers that are kept for this array after step t."""
    total = second_total  # squared norm of the gradient
    v_new = v * beta2 + total * (1 - beta2) if t > 1 else total  # second moment
    return (v_new,)


class NovoGradW(TorchOptimizer):
    """NovoGradW: NovoGrad whose weight decay is no part of the momentum.

    Source: Ginsburg et al. (2019), arXiv:1905.11286, with decoupled weight decay, as in pytorch_optimizer.
    The equations are in `novograd_decoupled_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps > 0            keeps the division from zero
        beta1         0 <= beta1 < 1     decay of the momentum
        weight_decay  weight_decay >= 0  weight decay
    """

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _own_t: ClassVar = True
    _per_array: ClassVar = ("v",)
    _reductions: ClassVar = (("second_total", "sum", False),)
    _fed_by_sums: ClassVar = ("v",)
    _scalars = staticmethod(novograd_decoupled_scalars)
    _elements = staticmethod(novograd_decoupled_elements)
    _advance_own = staticmethod(novograd_decoupled_per_array)
    _sums = staticmethod(novograd_decoupled_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta2: Hyper = 0.98,
        eps: Hyper = 1e-8,
        beta1: Hyper = 0.95,
        weight_decay: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta2=beta2, eps=eps, beta1=beta1, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)

    def _initial_own(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"v": 0}
