# generated from specs/aida.py; regenerate with: python cli.py generate aida
"""Aida: Adam with the spread between gradient and momentum, each projected on the other in turn."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power
from ._arrays import (
    Array,
    Hyper,
    NumpyOptimizer,
    Stage,
    StageCall,
    spread,
    summed,
    sums_of,
    tiles,
)

__all__ = [
    "Aida",
    "aida_sums",
    "aida_update",
]


def _aida_sums(w: Array, g: Array, m: Array, s0: Array, s1: Array, wide: Array, beta1: float, one_minus_beta1: float, at: Array) -> tuple[Any, ...]:
    # total: sum of g * (beta1 * m + one_minus_beta1 * g)
    np.multiply(beta1, m, out=s0)
    np.multiply(one_minus_beta1, g, out=s1)
    np.add(s0, s1, out=s0)
    np.multiply(g, s0, out=s0)
    total = sums_of(s0, at)
    # second_total: sum of g**2
    np.square(g, out=s0)
    second_total = sums_of(s0, at)
    # third_total: sum of (beta1 * m + one_minus_beta1 * g) ** 2
    np.multiply(beta1, m, out=s0)
    np.multiply(one_minus_beta1, g, out=s1)
    np.add(s0, s1, out=s0)
    np.square(s0, out=s0)
    third_total = sums_of(s0, at)
    return (total, second_total, third_total)


def aida_update(
    w: Array,
    g: Array,
    m: Array,
    s: Array,
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
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of Aida on one array, in place.

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

    Then m, s, w take the new values.

    w, m, s and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
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
    g1 = gm / (gg + xi)  # the gradient, projected
    m1 = gm / (mm + xi)  # the momentum, projected
    g2 = spread(gm * m1 * g1**2 / (xi + gg * g1**2), w)  # the gradient, projected twice
    m2 = spread(gm * g1 * m1**2 / (xi + mm * m1**2), w)  # the momentum, projected twice
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1

    for tile in tiles((w, m, s), (g,), scratch=2, stages=stages):
        w, m, s, g, s0, s1 = tile
        # m_new = beta1 * m + (1 - beta1) * g  (momentum)
        np.multiply(beta1, m, out=m)
        np.multiply(one_minus_beta1, g, out=s0)
        m_new = np.add(m, s0, out=m)
        # apart = m2 * m_new - g2 * g  (distance between them)
        np.multiply(m2, m_new, out=s0)
        np.multiply(g2, g, out=s1)
        apart = np.subtract(s0, s1, out=s0)
        # s_new = beta2 * s + (1 - beta2) * apart**2 + eps  (spread)
        np.multiply(beta2, s, out=s)
        np.square(apart, out=s0)
        np.multiply(one_minus_beta2, s0, out=s0)
        np.add(s, s0, out=s)
        s_new = np.add(s, eps, out=s)
        # w_new = w - lr * sqrt(c2) * m_new / (c1 * (sqrt(s_new) + eps))  (descent)
        np.multiply(lr_sqrt_c2_over_c1, m_new, out=s0)
        np.sqrt(s_new, out=s1)
        np.add(s1, eps, out=s1)
        np.divide(s0, s1, out=s0)
        np.subtract(w, s0, out=w)


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
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of Aida sums up over one array, in double; nothing is written.

        total         = array_sum(m_new * g)
        second_total  = array_sum(g**2)
        third_total   = array_sum(m_new**2)

    The arguments are those of `aida_update`, whose next arguments the results are.
    """
    one_minus_beta1 = 1 - beta1
    return summed(_aida_sums, (w, g, m), (beta1, one_minus_beta1), ("sum", "sum", "sum"), (2, 0), stages)


class Aida(NumpyOptimizer):
    """Aida: Adam that divides by the spread between momentum and gradient, each projected on the other twice.

    Source: Zhang, Niwa & Kleijn (2023), Algorithm 1, arXiv:2203.13273, with two projections, epsilon as in pytorch_optimizer.
    The equations are in `aida_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the momentum
        beta2  0 <= beta2 < 1  decay of the spread
        xi     xi > 0          keeps the projections from dividing by zero
        eps    eps > 0         keeps the division from zero
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    xi: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "s")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "xi": ("xi > 0", lambda xi: xi > 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
    }
    _reductions: ClassVar = (("total", "sum", False), ("second_total", "sum", False), ("third_total", "sum", False))
    _update = staticmethod(aida_update)
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
        master_weights: bool = False,
        tied: str | None = None,
    ) -> None:
        super().__init__(
            params,
            pipeline=pipeline,
            master_weights=master_weights,
            tied=tied,
            lr=lr,
            beta1=beta1,
            beta2=beta2,
            xi=xi,
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))
