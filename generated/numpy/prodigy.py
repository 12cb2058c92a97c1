# generated from specs/prodigy.py; regenerate with: python cli.py generate prodigy
"""Prodigy: Adam with a step length for all parameters that is found as it goes, from the distance that was covered."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

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
    "Prodigy",
    "prodigy_scalars",
    "prodigy_sums",
    "prodigy_update",
]


def _prodigy_sums(w: Array, g: Array, start: Array, s: Array, s0: Array, s1: Array, wide: Array, sqrt_beta2: float, d_length_over_d0: float, at: Array) -> tuple[Any, ...]:
    # total: sum of g * (start - w)
    np.subtract(start, w, out=s0)
    np.multiply(g, s0, out=s0)
    total = sums_of(s0, at)
    # second_total: sum of abs(sqrt_beta2 * s + d_length_over_d0 * g)
    np.multiply(sqrt_beta2, s, out=s0)
    np.multiply(d_length_over_d0, g, out=s1)
    np.add(s0, s1, out=s0)
    np.absolute(s0, out=s0)
    second_total = sums_of(s0, at)
    return (total, second_total)


def prodigy_update(
    w: Array,
    g: Array,
    start: Array,
    m: Array,
    v: Array,
    s: Array,
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
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of Prodigy on one array, in place.

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

    Then start, m, v, s, w take the new values.

    w, start, m, v, s and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        start  = w before the first step
        m      = 0 before the first step
        v      = 0 before the first step
        s      = 0 before the first step
        d      = d0 before the first step
        r      = 0 before the first step

    total, second_total: what `prodigy_sums` gives.
    """
    length_of_array = d * lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)  # step length
    length = spread(length_of_array, w)
    inner = total  # gradient along the way from the start
    r_new = d * length_of_array * inner / d0 + r * np.sqrt(beta2)  # what they gained along the way
    size = second_total  # 1-norm of the weighted gradients
    bound = r_new / size if size > 0 else 0  # lower bound of the distance
    d_new = np.maximum(d, bound)  # distance
    d_one_minus_beta1 = spread(d * (1 - beta1), w)
    d_pow_two_one_minus_beta2 = spread(d**2 * (1 - beta2), w)
    sqrt_beta2 = math.sqrt(beta2)
    d_length_over_d0 = spread(d * length_of_array / d0, w)
    d_new_eps = spread(d_new * eps, w)

    for tile in tiles((w, start, m, v, s), (g,), scratch=2, stages=stages):
        w, start, m, v, s, g, s0, s1 = tile
        # start_new = start
        # m_new = beta1 * m + d * (1 - beta1) * g  (first moment)
        np.multiply(beta1, m, out=m)
        np.multiply(d_one_minus_beta1, g, out=s0)
        m_new = np.add(m, s0, out=m)
        # v_new = beta2 * v + d**2 * (1 - beta2) * g**2  (second moment)
        np.multiply(beta2, v, out=v)
        np.square(g, out=s0)
        np.multiply(d_pow_two_one_minus_beta2, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # s_new = sqrt(beta2) * s + d * length * g / d0  (gradients, weighted)
        np.multiply(sqrt_beta2, s, out=s)
        np.multiply(d_length_over_d0, g, out=s0)
        np.add(s, s0, out=s)
        # w_new = w - length * (weight_decay * w + m_new / (sqrt(v_new) + d_new * eps))  (descent)
        np.multiply(weight_decay, w, out=s0)
        np.sqrt(v_new, out=s1)
        np.add(s1, d_new_eps, out=s1)
        np.divide(m_new, s1, out=s1)
        np.add(s0, s1, out=s0)
        np.multiply(length, s0, out=s0)
        np.subtract(w, s0, out=w)


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
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of Prodigy sums up over one array, in double; nothing is written.

        total         = global_sum(g * (start - w))
        second_total  = global_sum(abs(s_new))

    The arguments are those of `prodigy_update`, whose next arguments the results are.
    Those over all arrays are put together from what this gives for each of them.
    """
    length = d * lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)  # step length
    sqrt_beta2 = math.sqrt(beta2)
    d_length_over_d0 = d * length / d0
    return summed(_prodigy_sums, (w, g, start, s), (sqrt_beta2, d_length_over_d0), ("sum", "sum"), (2, 0), stages)


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
    """The scalar state after step t, which all parameters share."""
    length = d * lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)  # step length
    inner = total  # gradient along the way from the start
    r_new = d * length * inner / d0 + r * np.sqrt(beta2)  # what they gained along the way
    size = second_total  # 1-norm of the weighted gradients
    bound = r_new / size if size > 0 else 0  # lower bound of the distance
    d_new = np.maximum(d, bound)  # distance
    return (d_new, r_new)


class Prodigy(NumpyOptimizer):
    """Prodigy: Adam with a step length for all parameters that is found as it goes.

    Source: Mishchenko & Defazio (2023), Algorithm 4, arXiv:2306.06101, as in optax.contrib.prodigy.
    The equations are in `prodigy_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            factor of the step length that is found
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        d0            d0 > 0             first guess of the distance
        eps           eps > 0            keeps the division from zero
        weight_decay  weight_decay >= 0  weight decay
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    d0: Hyper
    eps: Hyper
    weight_decay: Hyper

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
    _update = staticmethod(prodigy_update)
    _advance = staticmethod(prodigy_scalars)
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
            d0=d0,
            eps=eps,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.copy(), np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"d": hyper["d0"], "r": 0}
