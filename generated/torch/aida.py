# generated from specs/aida.py; regenerate with: python cli.py generate aida
"""Aida: Adam with the spread between gradient and momentum, each projected on the other in turn."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import divided, one_minus_power, power
from ._arrays import Array, Hyper, Stage, TorchOptimizer, summed

__all__ = [
    "Aida",
    "aida_elements",
    "aida_scalars",
    "aida_summands",
    "aida_sums",
]


def aida_scalars(
    total: float,
    second_total: float,
    third_total: float,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    xi: float = 1e-20,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of Aida: the last arguments of `aida_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        s  = 0 before the first step

    total, second_total, third_total: what `aida_sums` gives.
    """
    c1 = one_minus_power(beta1, t)  # bias of the momentum
    c2 = one_minus_power(beta2, t)  # bias of the spread
    gm = total
    gg = second_total
    mm = third_total
    g1 = divided(gm, gg + xi)  # the gradient, projected
    m1 = divided(gm, mm + xi)  # the momentum, projected
    g2 = divided(gm * m1 * power(g1, 2), xi + gg * power(g1, 2))  # the gradient, projected twice
    m2 = divided(gm * g1 * power(m1, 2), xi + mm * power(m1, 2))  # the momentum, projected twice
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    return (beta1, one_minus_beta1, m2, g2, beta2, one_minus_beta2, eps, lr_sqrt_c2_over_c1)


def aida_elements(
    w: Array,
    m: Array,
    s: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    m2: float,
    g2: float,
    beta2: float,
    one_minus_beta2: float,
    eps: float,
    lr_sqrt_c2_over_c1: float,
) -> tuple[Array, ...]:
    """A step of Aida for each element; returns w, m, s after it.

        c1     = 1 - beta1**t                                            bias of the momentum
        c2     = 1 - beta2**t                                            bias of the spread
        m_new  = beta1 * m + (1 - beta1) * g                             momentum
        gm     = array_sum(m_new * g)
        gg     = array_sum(g**2)
        mm     = array_sum(m_new**2)
        g1     = gm / (gg + xi)                                          the gradient, projected
        m1     = gm / (mm + xi)                                          the momentum, projected
        g2     = gm * m1 * g1**2 / (xi + gg * g1**2)                     the gradient, projected twice
        m2     = gm * g1 * m1**2 / (xi + mm * m1**2)                     the momentum, projected twice
        apart  = m2 * m_new - g2 * g                                     distance between them
        s_new  = beta2 * s + (1 - beta2) * apart**2 + eps                spread
        w_new  = w - lr * sqrt(c2) * m_new / (c1 * (sqrt(s_new) + eps))  descent

    w, m, s and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # momentum
    apart = m2 * m_new - g2 * g  # distance between them
    s_new = beta2 * s + one_minus_beta2 * apart**2 + eps  # spread
    w_new = w - lr_sqrt_c2_over_c1 * m_new / (torch.sqrt(s_new) + eps)  # descent
    return (w_new, m_new, s_new)


def aida_summands(
    w: Array,
    g: Array,
    m: Array,
    beta1: float,
    one_minus_beta1: float,
) -> tuple[Array, ...]:
    """What a step of Aida sums up, for each element."""
    total = g * (beta1 * m + one_minus_beta1 * g)
    second_total = g**2
    third_total = (beta1 * m + one_minus_beta1 * g) ** 2
    return (total, second_total, third_total)


def aida_sums(
    w: Array,
    g: Array,
    m: Array,
    s: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    xi: float = 1e-20,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What a step of Aida sums up over one array, in double; nothing is written.

        total         = array_sum(m_new * g)
        second_total  = array_sum(g**2)
        third_total   = array_sum(m_new**2)

    The results are arguments of `aida_scalars`, before the step number.
    """
    one_minus_beta1 = 1 - beta1
    return summed(aida_summands, (w, g, m), (beta1, one_minus_beta1), ("sum", "sum", "sum"))


class Aida(TorchOptimizer):
    """Aida: Adam that divides by the spread between momentum and gradient, each projected on the other twice.

    Source: Zhang, Niwa & Kleijn (2023), Algorithm 1, arXiv:2203.13273, with two projections, epsilon as in pytorch_optimizer.
    The equations are in `aida_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the momentum
        beta2  0 <= beta2 < 1  decay of the spread
        xi     xi > 0          keeps the projections from dividing by zero
        eps    eps > 0         keeps the division from zero
    """

    _states: ClassVar = ("m", "s")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "xi": ("xi > 0", lambda xi: xi > 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
    }
    _reductions: ClassVar = (("total", "sum", False), ("second_total", "sum", False), ("third_total", "sum", False))
    _scalars = staticmethod(aida_scalars)
    _elements = staticmethod(aida_elements)
    _sums = staticmethod(aida_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        xi: Hyper = 1e-20,
        eps: Hyper = 1e-8,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, xi=xi, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
