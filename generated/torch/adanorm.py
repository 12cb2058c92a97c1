# generated from specs/adanorm.py; regenerate with: python cli.py generate adanorm
"""AdaNorm: Adam whose momentum takes gradients that are as long as they have been on average, if they are shorter."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import divided, one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer, summed

__all__ = [
    "AdaNorm",
    "adanorm_elements",
    "adanorm_per_array",
    "adanorm_scalars",
    "adanorm_summands",
    "adanorm_sums",
]


def adanorm_scalars(
    e: float,
    norm2: float,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.99,
    r: float = 0.95,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of AdaNorm: the last arguments of `adanorm_elements`.

    t is the number of the step of this parameter, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
        e  = 0 before the first step, a number for each array

    norm2: what `adanorm_sums` gives.
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    of_gradient = norm2  # norm of this array's gradient
    e_new = e * r + of_gradient * (1 - r)  # average of it
    one_minus_beta1_of_gradient_above_zero = (1 - beta1) * ((divided(e_new, of_gradient) if e_new > of_gradient else 1) if of_gradient > 0 else 1)
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    return (beta1, one_minus_beta1_of_gradient_above_zero, beta2, one_minus_beta2, lr_weight_decay, lr_sqrt_c2_over_c1, eps)


def adanorm_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1_of_gradient_above_zero: float,
    beta2: float,
    one_minus_beta2: float,
    lr_weight_decay: float,
    lr_sqrt_c2_over_c1: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AdaNorm for each element; returns w, m, v after it.

        c1           = 1 - beta1**t                    bias of the first moment
        c2           = 1 - beta2**t                    bias of the second moment
        of_gradient  = sqrt(array_sum(g**2))           norm of this array's gradient
        e_new        = e * r + of_gradient * (1 - r)   average of it
        s            = where(of_gradient > 0, where(e_new > of_gradient, e_new / of_gradient, 1), 1) * g  stretched
        m_new        = beta1 * m + (1 - beta1) * s     first moment
        v_new        = beta2 * v + (1 - beta2) * g**2  second moment
        w_new        = w - lr * weight_decay * w - lr * sqrt(c2) * m_new / (c1 * (sqrt(v_new) + eps))  decay and descent

    What is computed comes to the same with fewer operations for each element:

        one_minus_beta1_of_gradient_above_zero  = (1 - beta1) * where(of_gradient > 0, where(e_new > of_gradient, e_new / of_gradient, 1), 1)
        m_new                                   = beta1 * m + one_minus_beta1_of_gradient_above_zero * g

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1_of_gradient_above_zero * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (torch.sqrt(v_new) + eps)  # decay and descent
    return (w_new, m_new, v_new)


def adanorm_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of AdaNorm sums up, for each element."""
    norm2 = g
    return (norm2,)


def adanorm_sums(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    e: float,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.99,
    r: float = 0.95,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What a step of AdaNorm sums up over one array, in double; nothing is written.

        norm2  = sqrt(array_sum(g**2))

    The results are arguments of `adanorm_scalars`, before the step number.
    """
    return summed(adanorm_summands, (w, g), (), ("norm",))


def adanorm_per_array(
    e: float,
    norm2: float,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.99,
    r: float = 0.95,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """The numbers that are kept for this array after step t."""
    of_gradient = norm2  # norm of this array's gradient
    e_new = e * r + of_gradient * (1 - r)  # average of it
    return (e_new,)


class AdaNorm(TorchOptimizer):
    """AdaNorm: Adam of gradients that are stretched to the average of their norms where they are shorter.

    Source: Dubey et al. (2023), Algorithm 2, arXiv:2210.06364, over Adam, with decoupled weight decay.
    The equations are in `adanorm_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        r             0 <= r < 1         decay of the norm
        eps           eps > 0            keeps the division from zero
        weight_decay  weight_decay >= 0  decoupled weight decay, times lr
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "r": ("0 <= r < 1", lambda r: 0 <= r < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _own_t: ClassVar = True
    _per_array: ClassVar = ("e",)
    _reductions: ClassVar = (("norm2", "norm", False),)
    _fed_by_sums: ClassVar = ("e",)
    _scalars = staticmethod(adanorm_scalars)
    _elements = staticmethod(adanorm_elements)
    _advance_own = staticmethod(adanorm_per_array)
    _sums = staticmethod(adanorm_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.99,
        r: Hyper = 0.95,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, r=r, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))

    def _initial_own(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"e": 0}
