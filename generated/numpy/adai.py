# generated from specs/adai.py; regenerate with: python cli.py generate adai
"""Adai: momentum whose decay differs from weight to weight, by how its second moment compares with that of all."""

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
    "Adai",
    "adai_sums",
    "adai_update",
]


def _adai_sums(w: Array, g: Array, v: Array, s0: Array, s1: Array, wide: Array, beta2: float, one_minus_beta2: float, at: Array) -> tuple[Any, ...]:
    # total: sum of 1
    np.copyto(s0, 1)
    total = sums_of(s0, at)
    # second_total: sum of beta2 * v + one_minus_beta2 * g**2
    np.multiply(beta2, v, out=s0)
    np.square(g, out=s1)
    np.multiply(one_minus_beta2, s1, out=s1)
    np.add(s0, s1, out=s0)
    second_total = sums_of(s0, at)
    return (total, second_total)


def adai_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    prod: Array,
    total: float,
    second_total: float,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.99,
    eps: float = 1e-3,
    beta0: float = 0.1,
    weight_decay: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of Adai on one array, in place.

        c2        = 1 - beta2**t                                             bias of the second moment
        v_new     = beta2 * v + (1 - beta2) * g**2                           second moment
        v_hat     = v_new / c2                                               second moment, corrected
        v_bar     = maximum(eps, global_sum(v_new) / (c2 * global_sum(1)))   mean of those of all weights
        beta1     = minimum(maximum(1 - beta0 * v_hat / v_bar, 0), 1 - eps)  decay of the momentum
        prod_new  = prod * beta1                                             bias of the momentum
        m_new     = m * beta1 + g * (1 - beta1)                              momentum
        w_new     = w - lr * weight_decay * w - lr * m_new / maximum(1 - prod_new, eps)  decay and descent

    Then m, v, prod, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        beta0_over_c2_over_v_bar  = beta0 / (c2 * v_bar)
        one_minus_eps             = 1 - eps
        beta1                     = minimum(maximum(1 - beta0_over_c2_over_v_bar * v_new, 0), one_minus_eps)

    w, m, v, prod and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m     = 0 before the first step
        v     = 0 before the first step
        prod  = 1 before the first step

    total, second_total: what `adai_sums` gives.
    """
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    v_bar = np.maximum(eps, second_total / (c2 * total))  # mean of those of all weights
    one_minus_beta2 = 1 - beta2
    beta0_over_c2_over_v_bar = spread(beta0 / (c2 * v_bar), w)
    one_minus_eps = 1 - eps
    lr_weight_decay = lr * weight_decay

    for tile in tiles((w, m, v, prod), (g,), scratch=2, stages=stages):
        w, m, v, prod, g, s0, s1 = tile
        # v_new = beta2 * v + (1 - beta2) * g**2  (second moment)
        np.multiply(beta2, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_beta2, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # v_hat = v_new / c2  (second moment, corrected)
        # beta1 = minimum(maximum(1 - beta0 * v_hat / v_bar, 0), 1 - eps)  (decay of the momentum)
        #       = minimum(maximum(1 - beta0_over_c2_over_v_bar * v_new, 0), one_minus_eps)
        np.multiply(beta0_over_c2_over_v_bar, v_new, out=s0)
        np.subtract(1, s0, out=s0)
        np.maximum(s0, 0, out=s0)
        beta1 = np.minimum(s0, one_minus_eps, out=s0)
        # prod_new = prod * beta1  (bias of the momentum)
        prod_new = np.multiply(prod, beta1, out=prod)
        # m_new = m * beta1 + g * (1 - beta1)  (momentum)
        np.multiply(m, beta1, out=m)
        np.subtract(1, beta1, out=s0)
        np.multiply(g, s0, out=s0)
        m_new = np.add(m, s0, out=m)
        # w_new = w - lr * weight_decay * w - lr * m_new / maximum(1 - prod_new, eps)  (decay and descent)
        np.multiply(lr_weight_decay, w, out=s0)
        np.subtract(w, s0, out=w)
        np.multiply(lr, m_new, out=s0)
        np.subtract(1, prod_new, out=s1)
        np.maximum(s1, eps, out=s1)
        np.divide(s0, s1, out=s0)
        np.subtract(w, s0, out=w)


def adai_sums(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    prod: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.99,
    eps: float = 1e-3,
    beta0: float = 0.1,
    weight_decay: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of Adai sums up over one array, in double; nothing is written.

        total         = global_sum(1)
        second_total  = global_sum(v_new)

    The arguments are those of `adai_update`, whose next arguments the results are.
    Those over all arrays are put together from what this gives for each of them.
    """
    one_minus_beta2 = 1 - beta2
    return summed(_adai_sums, (w, g, v), (beta2, one_minus_beta2), ("sum", "sum"), (2, 0), stages)


class Adai(NumpyOptimizer):
    """Adai: momentum with less inertia where gradients vary more than they do on average.

    Source: Xie et al. (2022), Algorithm 2, arXiv:2006.15815, with the stable weight decay of its authors.
    The equations are in `adai_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           0 < eps < 1        how far a decay stays below 1, and the least mean variance
        beta0         0 <= beta0 < 1     how much less momentum a weight of mean variance has
        weight_decay  weight_decay >= 0  decoupled weight decay, times lr
    """

    lr: Hyper
    beta2: Hyper
    eps: Hyper
    beta0: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "v", "prod")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("0 < eps < 1", lambda eps: 0 < eps < 1),
        "beta0": ("0 <= beta0 < 1", lambda beta0: 0 <= beta0 < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _reductions: ClassVar = (("total", "sum", True), ("second_total", "sum", True))
    _update = staticmethod(adai_update)
    _sums = staticmethod(adai_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta2: Hyper = 0.99,
        eps: Hyper = 1e-3,
        beta0: Hyper = 0.1,
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
            beta2=beta2,
            eps=eps,
            beta0=beta0,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w), np.full_like(w, 1))
