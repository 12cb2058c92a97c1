# generated from specs/apollo.py; regenerate with: python cli.py generate apollo
"""Apollo: a diagonal quasi-Newton method whose curvature is that of the way the average gradient changed along."""

from __future__ import annotations

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
    "Apollo",
    "apollo_sums",
    "apollo_update",
]


def _apollo_sums(w: Array, g: Array, m: Array, b: Array, d: Array, s0: Array, s1: Array, wide: Array, one_minus_share: float, share: float, at: Array) -> tuple[Any, ...]:
    # total: sum of d**4
    np.power(d, 4, out=s0)
    total = sums_of(s0, at)
    # second_total: sum of d * (one_minus_share * m + share * g - m) + b * d**2
    np.multiply(one_minus_share, m, out=s0)
    np.multiply(share, g, out=s1)
    np.add(s0, s1, out=s0)
    np.subtract(s0, m, out=s0)
    np.multiply(d, s0, out=s0)
    np.square(d, out=s1)
    np.multiply(b, s1, out=s1)
    np.add(s0, s1, out=s0)
    second_total = sums_of(s0, at)
    return (total, second_total)


def apollo_update(
    w: Array,
    g: Array,
    m: Array,
    b: Array,
    d: Array,
    total: float,
    second_total: float,
    t: int,
    *,
    lr: float = 0.01,
    beta: float = 0.9,
    eps: float = 0.01,
    rebound: float = 0.01,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of Apollo on one array, in place.

        share   = (1 - beta) / (1 - beta**t)                         share of the gradient, corrected
        m_new   = (1 - share) * m + share * g                        average gradient
        length  = eps + array_sum(d**4) ** (1 / 4)                   length of the last direction
        missed  = array_sum(d * (m_new - m) + b * d**2) / length**4  what the curvature missed of the change along it
        b_new   = b - missed * d**2                                  curvature
        d_new   = m_new / maximum(abs(b_new), rebound)               direction
        w_new   = w - lr * d_new                                     descent

    Then m, b, d, w take the new values.

    w, m, b, d and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        m  = 0 before the first step
        b  = 0 before the first step
        d  = 0 before the first step

    total, second_total: what `apollo_sums` gives.
    """
    share = (1 - beta) / one_minus_power(beta, t)  # share of the gradient, corrected
    length = eps + total ** (1 / 4)  # length of the last direction
    missed = spread(second_total / length**4, w)  # what the curvature missed of the change along it
    one_minus_share = 1 - share

    for tile in tiles((w, m, b, d), (g,), scratch=1, stages=stages):
        w, m, b, d, g, s0 = tile
        # m_new = (1 - share) * m + share * g  (average gradient)
        np.multiply(one_minus_share, m, out=m)
        np.multiply(share, g, out=s0)
        m_new = np.add(m, s0, out=m)
        # b_new = b - missed * d**2  (curvature)
        np.square(d, out=s0)
        np.multiply(missed, s0, out=s0)
        b_new = np.subtract(b, s0, out=b)
        # d_new = m_new / maximum(abs(b_new), rebound)  (direction)
        np.absolute(b_new, out=d)
        np.maximum(d, rebound, out=d)
        d_new = np.divide(m_new, d, out=d)
        # w_new = w - lr * d_new  (descent)
        np.multiply(lr, d_new, out=s0)
        np.subtract(w, s0, out=w)


def apollo_sums(
    w: Array,
    g: Array,
    m: Array,
    b: Array,
    d: Array,
    t: int,
    *,
    lr: float = 0.01,
    beta: float = 0.9,
    eps: float = 0.01,
    rebound: float = 0.01,
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of Apollo sums up over one array, in double; nothing is written.

        total         = array_sum(d**4)
        second_total  = array_sum(d * (m_new - m) + b * d**2)

    The arguments are those of `apollo_update`, whose next arguments the results are.
    """
    share = (1 - beta) / one_minus_power(beta, t)  # share of the gradient, corrected
    one_minus_share = 1 - share
    return summed(_apollo_sums, (w, g, m, b, d), (one_minus_share, share), ("sum", "sum"), (2, 0), stages)


class Apollo(NumpyOptimizer):
    """Apollo: average gradient over a diagonal Hessian that the weak secant equation corrects, kept above rebound.

    Source: Ma (2020), Algorithm 1, arXiv:2009.13586.
    The equations are in `apollo_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr       lr >= 0        learning rate
        beta     0 <= beta < 1  decay of the average gradient
        eps      eps > 0        keeps the division by the 4-norm of the last step from zero
        rebound  rebound > 0    least curvature
    """

    lr: Hyper
    beta: Hyper
    eps: Hyper
    rebound: Hyper

    _states: ClassVar = ("m", "b", "d")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "rebound": ("rebound > 0", lambda rebound: rebound > 0),
    }
    _own_t: ClassVar = True
    _reductions: ClassVar = (("total", "sum", False), ("second_total", "sum", False))
    _update = staticmethod(apollo_update)
    _sums = staticmethod(apollo_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        beta: Hyper = 0.9,
        eps: Hyper = 0.01,
        rebound: Hyper = 0.01,
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
            beta=beta,
            eps=eps,
            rebound=rebound,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))
