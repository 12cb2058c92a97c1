# generated from specs/amos.py; regenerate with: python cli.py generate amos
"""Amos: steps over the root mean square of each array's gradient, with a decay that fades as they do."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import divided, one_minus_power, power, sqrt
from ._arrays import Array, Hyper, Stage, TorchOptimizer, summed

__all__ = [
    "Amos",
    "amos_elements",
    "amos_per_array",
    "amos_scalars",
    "amos_summands",
    "amos_sums",
]


def amos_scalars(
    v: float,
    b: float,
    total: float,
    second_total: float,
    t: int,
    *,
    lr: float = 0.001,
    beta: float = 0.999,
    eps: float = 1e-18,
    c_coef: float = 0.25,
    d_coef: float = 0.25,
    scale: float = 0.5,
    extra_l2: float = 0.0,
    momentum: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of Amos: the last arguments of `amos_elements`.

    t is the number of the step of this parameter, from 1. States:

        v  = 0 before the first step, a number for each array
        b  = 0 before the first step, a number for each array
        m  = 0 before the first step

    total, second_total: what `amos_sums` gives.
    """
    c = one_minus_power(beta, t)  # bias of the second moment
    square = divided(second_total, total)  # mean square of this array's gradient
    v_new = v * beta + square * (1 - beta)  # second moment
    inverse = divided(c, v_new + eps)  # inverse of the same, corrected
    shrink_c = divided(1, sqrt(1 + b * c_coef * math.sqrt(lr)))  # how far the decay has faded
    shrink_d = divided(1, 1 + b * d_coef * math.sqrt(lr * scale))  # how far the steps have
    gamma = square * inverse * shrink_c * power(lr, 2)  # twice the decay
    factor = (1 - momentum) * shrink_d * (gamma / 2 - extra_l2 / 2)
    factor_2 = (1 - momentum) * shrink_d * lr * scale * sqrt(inverse)
    return (momentum, factor, factor_2)


def amos_elements(
    w: Array,
    m: Array,
    g: Array,
    momentum: float,
    factor: float,
    factor_2: float,
) -> tuple[Array, ...]:
    """A step of Amos for each element; returns w, m after it.

        c         = 1 - beta**t                              bias of the second moment
        square    = array_sum(g**2) / array_sum(1)           mean square of this array's gradient
        v_new     = v * beta + square * (1 - beta)           second moment
        inverse   = c / (v_new + eps)                        inverse of the same, corrected
        shrink_c  = 1 / sqrt(1 + b * c_coef * sqrt(lr))      how far the decay has faded
        shrink_d  = 1 / (1 + b * d_coef * sqrt(lr * scale))  how far the steps have
        gamma     = square * inverse * shrink_c * lr**2      twice the decay
        u         = shrink_d * ((gamma / 2 - extra_l2 / 2) * w + lr * scale * sqrt(inverse) * g)  step with decay
        b_new     = gamma + b * (1 + gamma)                  clock of the fading
        m_new     = momentum * m + (1 - momentum) * u        average of the steps
        w_new     = w - m_new                                descent

    What is computed comes to the same with fewer operations for each element:

        factor    = (1 - momentum) * shrink_d * (gamma / 2 - extra_l2 / 2)
        factor_2  = (1 - momentum) * shrink_d * lr * scale * sqrt(inverse)
        m_new     = momentum * m + (factor * w + factor_2 * g)

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = momentum * m + (factor * w + factor_2 * g)  # average of the steps
    w_new = w - m_new  # descent
    return (w_new, m_new)


def amos_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of Amos sums up, for each element."""
    total = 1
    second_total = g**2
    return (total, second_total)


def amos_sums(
    w: Array,
    g: Array,
    m: Array,
    v: float,
    b: float,
    t: int,
    *,
    lr: float = 0.001,
    beta: float = 0.999,
    eps: float = 1e-18,
    c_coef: float = 0.25,
    d_coef: float = 0.25,
    scale: float = 0.5,
    extra_l2: float = 0.0,
    momentum: float = 0.0,
) -> tuple[float, ...]:
    """What a step of Amos sums up over one array, in double; nothing is written.

        total         = array_sum(1)
        second_total  = array_sum(g**2)

    The results are arguments of `amos_scalars`, before the step number.
    """
    return summed(amos_summands, (w, g), (), ("sum", "sum"))


def amos_per_array(
    v: float,
    b: float,
    total: float,
    second_total: float,
    t: int,
    *,
    lr: float = 0.001,
    beta: float = 0.999,
    eps: float = 1e-18,
    c_coef: float = 0.25,
    d_coef: float = 0.25,
    scale: float = 0.5,
    extra_l2: float = 0.0,
    momentum: float = 0.0,
) -> tuple[float, ...]:
    """The numbers that are kept for this array after step t."""
    c = one_minus_power(beta, t)  # bias of the second moment
    square = divided(second_total, total)  # mean square of this array's gradient
    v_new = v * beta + square * (1 - beta)  # second moment
    inverse = divided(c, v_new + eps)  # inverse of the same, corrected
    shrink_c = divided(1, sqrt(1 + b * c_coef * math.sqrt(lr)))  # how far the decay has faded
    gamma = square * inverse * shrink_c * power(lr, 2)  # twice the decay
    b_new = gamma + b * (1 + gamma)  # clock of the fading
    return (v_new, b_new)


class Amos(TorchOptimizer):
    """Amos: normalized steps in units of the scale that weights come to have, and a decay towards it.

    Source: Tian & Parikh (2022), Algorithm 1, arXiv:2210.11693, with one scale, as in pytorch_optimizer.
    The equations are in `amos_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr        lr >= 0            learning rate
        beta      0 <= beta < 1      decay of the second moment
        eps       eps > 0            keeps the division from zero
        c_coef    c_coef >= 0        how fast the decay fades
        d_coef    d_coef >= 0        how fast the steps fade
        scale     scale > 0          how large weights are expected to become
        extra_l2  extra_l2 >= 0      weight decay besides
        momentum  0 <= momentum < 1  decay of the average of the steps
    """

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "c_coef": ("c_coef >= 0", lambda c_coef: c_coef >= 0),
        "d_coef": ("d_coef >= 0", lambda d_coef: d_coef >= 0),
        "scale": ("scale > 0", lambda scale: scale > 0),
        "extra_l2": ("extra_l2 >= 0", lambda extra_l2: extra_l2 >= 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _own_t: ClassVar = True
    _per_array: ClassVar = ("v", "b")
    _reductions: ClassVar = (("total", "sum", False), ("second_total", "sum", False))
    _fed_by_sums: ClassVar = ("v", "b")
    _scalars = staticmethod(amos_scalars)
    _elements = staticmethod(amos_elements)
    _advance_own = staticmethod(amos_per_array)
    _sums = staticmethod(amos_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta: Hyper = 0.999,
        eps: Hyper = 1e-18,
        c_coef: Hyper = 0.25,
        d_coef: Hyper = 0.25,
        scale: Hyper = 0.5,
        extra_l2: Hyper = 0.0,
        momentum: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta=beta, eps=eps, c_coef=c_coef, d_coef=d_coef, scale=scale, extra_l2=extra_l2, momentum=momentum)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)

    def _initial_own(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"v": 0, "b": 0}
