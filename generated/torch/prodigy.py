# generated from specs/prodigy.py; regenerate with: python cli.py generate prodigy
"""Prodigy: Adam with a step length for all parameters that is found as it goes, from the distance that was covered."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import divided, one_minus_power, power
from ._arrays import Array, Hyper, Stage, TorchOptimizer, nan_max, summed

__all__ = [
    "Prodigy",
    "prodigy_elements",
    "prodigy_scalars",
    "prodigy_shared",
    "prodigy_summands",
    "prodigy_sums",
]


def prodigy_scalars(
    d: float,
    r: float,
    total: float,
    second_total: float,
    t: int,
    *,
    lr: float = 1.0,
    beta1: float = 0.9,
    beta2: float = 0.999,
    d0: float = 1e-6,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of Prodigy: the last arguments of `prodigy_elements`.

    t is the number of the step, from 1. States:

        start  = w before the first step
        m      = 0 before the first step
        v      = 0 before the first step
        s      = 0 before the first step
        d      = d0 before the first step
        r      = 0 before the first step

    total, second_total: what `prodigy_sums` gives.
    """
    length = d * lr * math.sqrt(one_minus_power(beta2, t)) / one_minus_power(beta1, t)  # step length
    inner = total  # gradient along the way from the start
    r_new = d * length * inner / d0 + r * math.sqrt(beta2)  # what they gained along the way
    size = second_total  # 1-norm of the weighted gradients
    bound = divided(r_new, size) if size > 0 else 0  # lower bound of the distance
    d_new = nan_max(d, bound)  # distance
    d_one_minus_beta1 = d * (1 - beta1)
    d_pow_two_one_minus_beta2 = power(d, 2) * (1 - beta2)
    sqrt_beta2 = math.sqrt(beta2)
    d_length_over_d0 = d * length / d0
    d_new_eps = d_new * eps
    return (beta1, d_one_minus_beta1, beta2, d_pow_two_one_minus_beta2, sqrt_beta2, d_length_over_d0, length, weight_decay, d_new_eps)


def prodigy_elements(
    w: Array,
    start: Array,
    m: Array,
    v: Array,
    s: Array,
    g: Array,
    beta1: float,
    d_one_minus_beta1: float,
    beta2: float,
    d_pow_two_one_minus_beta2: float,
    sqrt_beta2: float,
    d_length_over_d0: float,
    length: float,
    weight_decay: float,
    d_new_eps: float,
) -> tuple[Array, ...]:
    """A step of Prodigy for each element; returns w, start, m, v, s after it.

        length     = d * lr * sqrt(1 - beta2**t) / (1 - beta1**t)  step length
        start_new  = start
        inner      = global_sum(g * (start - w))                   gradient along the way from the start
        m_new      = beta1 * m + d * (1 - beta1) * g               first moment
        v_new      = beta2 * v + d**2 * (1 - beta2) * g**2         second moment
        s_new      = sqrt(beta2) * s + d * length * g / d0         gradients, weighted
        r_new      = d * length * inner / d0 + r * sqrt(beta2)     what they gained along the way
        size       = global_sum(abs(s_new))                        1-norm of the weighted gradients
        bound      = where(size > 0, r_new / size, 0)              lower bound of the distance
        d_new      = maximum(d, bound)                             distance
        w_new      = w - length * (weight_decay * w + m_new / (sqrt(v_new) + d_new * eps))  descent

    w, start, m, v, s and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    start_new = start
    m_new = beta1 * m + d_one_minus_beta1 * g  # first moment
    v_new = beta2 * v + d_pow_two_one_minus_beta2 * g**2  # second moment
    s_new = sqrt_beta2 * s + d_length_over_d0 * g  # gradients, weighted
    w_new = w - length * (weight_decay * w + m_new / (torch.sqrt(v_new) + d_new_eps))  # descent
    return (w_new, start_new, m_new, v_new, s_new)


def prodigy_summands(
    w: Array,
    g: Array,
    start: Array,
    s: Array,
    sqrt_beta2: float,
    d_length_over_d0: float,
) -> tuple[Array, ...]:
    """What a step of Prodigy sums up, for each element."""
    total = g * (start - w)
    second_total = torch.absolute(sqrt_beta2 * s + d_length_over_d0 * g)
    return (total, second_total)


def prodigy_sums(
    w: Array,
    g: Array,
    start: Array,
    m: Array,
    v: Array,
    s: Array,
    d: float,
    r: float,
    t: int,
    *,
    lr: float = 1.0,
    beta1: float = 0.9,
    beta2: float = 0.999,
    d0: float = 1e-6,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What a step of Prodigy sums up over one array, in double; nothing is written.

        total         = global_sum(g * (start - w))
        second_total  = global_sum(abs(s_new))

    The results are arguments of `prodigy_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    length = d * lr * math.sqrt(one_minus_power(beta2, t)) / one_minus_power(beta1, t)  # step length
    sqrt_beta2 = math.sqrt(beta2)
    d_length_over_d0 = d * length / d0
    return summed(prodigy_summands, (w, g, start, s), (sqrt_beta2, d_length_over_d0), ("sum", "sum"))


def prodigy_shared(
    d: float,
    r: float,
    total: float,
    second_total: float,
    t: int,
    *,
    lr: float = 1.0,
    beta1: float = 0.9,
    beta2: float = 0.999,
    d0: float = 1e-6,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    length = d * lr * math.sqrt(one_minus_power(beta2, t)) / one_minus_power(beta1, t)  # step length
    inner = total  # gradient along the way from the start
    r_new = d * length * inner / d0 + r * math.sqrt(beta2)  # what they gained along the way
    size = second_total  # 1-norm of the weighted gradients
    bound = divided(r_new, size) if size > 0 else 0  # lower bound of the distance
    d_new = nan_max(d, bound)  # distance
    return (d_new, r_new)


class Prodigy(TorchOptimizer):
    """Prodigy: Adam with a step length for all parameters that is found as it goes.

    Source: Mishchenko & Defazio (2023), Algorithm 4, arXiv:2306.06101, as in optax.contrib.prodigy.
    The equations are in `prodigy_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            factor of the step length that is found
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        d0            d0 > 0             first guess of the distance
        eps           eps > 0            keeps the division from zero
        weight_decay  weight_decay >= 0  weight decay
    """

    _states: ClassVar = ("start", "m", "v", "s")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "d0": ("d0 > 0", lambda d0: d0 > 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _starts_late: ClassVar = True
    _reductions: ClassVar = (("total", "sum", True), ("second_total", "sum", True))
    _fed_by_sums: ClassVar = ("d", "r")
    _scalars = staticmethod(prodigy_scalars)
    _elements = staticmethod(prodigy_elements)
    _advance = staticmethod(prodigy_shared)
    _sums = staticmethod(prodigy_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        d0: Hyper = 1e-6,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, d0=d0, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.clone(), torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"d": hyper["d0"], "r": 0}
