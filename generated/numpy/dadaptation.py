# generated from specs/dadaptation.py; regenerate with: python cli.py generate dadaptation
"""D-Adaptation: step lengths for all parameters that are found from a lower bound of the distance to the solution."""

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
    norms_of,
    spread,
    summed,
    sums_of,
    tiles,
)

__all__ = [
    "DAdaptAdaGrad",
    "DAdaptAdamW",
    "DAdaptLion",
    "DAdaptSGD",
    "dadapt_adagrad_scalars",
    "dadapt_adagrad_sums",
    "dadapt_adagrad_update",
    "dadapt_adamw_scalars",
    "dadapt_adamw_sums",
    "dadapt_adamw_update",
    "dadapt_lion_scalars",
    "dadapt_lion_sums",
    "dadapt_lion_update",
    "dadapt_sgd_scalars",
    "dadapt_sgd_sums",
    "dadapt_sgd_update",
]


def _dadapt_adamw_sums(w: Array, g: Array, v: Array, s: Array, s0: Array, s1: Array, wide: Array, eps: float, length_sqrt_beta2_minus_one: float, sqrt_beta2: float, at: Array) -> tuple[Any, ...]:
    # total: sum of s * g / (sqrt(v) + eps)
    np.multiply(s, g, out=s0)
    np.sqrt(v, out=s1)
    np.add(s1, eps, out=s1)
    np.divide(s0, s1, out=s0)
    total = sums_of(s0, at)
    # second_total: sum of abs(length_sqrt_beta2_minus_one * g - sqrt_beta2 * s)
    np.multiply(length_sqrt_beta2_minus_one, g, out=s0)
    np.multiply(sqrt_beta2, s, out=s1)
    np.subtract(s0, s1, out=s0)
    np.absolute(s0, out=s0)
    second_total = sums_of(s0, at)
    return (total, second_total)


def dadapt_adamw_update(
    w: Array,
    g: Array,
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
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    d0: float = 1e-6,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of DAdaptAdamW on one array, in place.

        length  = d * lr * sqrt(1 - beta2**t) / (1 - beta1**t)                 step length
        inner   = global_sum(s * g / (sqrt(v) + eps))                          gradient along those before
        m_new   = beta1 * m + length * (1 - beta1) * g                         first moment, in steps
        v_new   = beta2 * v + (1 - beta2) * g**2                               second moment
        s_new   = sqrt(beta2) * s + length * (1 - sqrt(beta2)) * g             gradients, weighted
        r_new   = r * sqrt(beta2) + length * inner * (1 - sqrt(beta2))         what they have in common
        size    = global_sum(abs(s_new))                                       1-norm of the weighted gradients
        bound   = where(size > 0, r_new / (size * (1 - sqrt(beta2))), 0)       lower bound of the distance
        d_new   = maximum(d, bound)                                            distance
        w_new   = w - length * weight_decay * w - m_new / (sqrt(v_new) + eps)  decay, descent

    Then m, v, s, w take the new values.

    w, m, v, s and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
        s  = 0 before the first step
        d  = d0 before the first step
        r  = 0 before the first step

    total, second_total: what `dadapt_adamw_sums` gives.
    """
    length = d * lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)  # step length
    length_one_minus_beta1 = spread(length * (1 - beta1), w)
    one_minus_beta2 = 1 - beta2
    sqrt_beta2 = math.sqrt(beta2)
    length_one_minus_sqrt_beta2 = spread(length * (1 - np.sqrt(beta2)), w)
    length_weight_decay = spread(length * weight_decay, w)

    for tile in tiles((w, m, v, s), (g,), scratch=1, stages=stages):
        w, m, v, s, g, s0 = tile
        # m_new = beta1 * m + length * (1 - beta1) * g  (first moment, in steps)
        np.multiply(beta1, m, out=m)
        np.multiply(length_one_minus_beta1, g, out=s0)
        m_new = np.add(m, s0, out=m)
        # v_new = beta2 * v + (1 - beta2) * g**2  (second moment)
        np.multiply(beta2, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_beta2, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # s_new = sqrt(beta2) * s + length * (1 - sqrt(beta2)) * g  (gradients, weighted)
        np.multiply(sqrt_beta2, s, out=s)
        np.multiply(length_one_minus_sqrt_beta2, g, out=s0)
        np.add(s, s0, out=s)
        # w_new = w - length * weight_decay * w - m_new / (sqrt(v_new) + eps)  (decay, descent)
        np.multiply(length_weight_decay, w, out=s0)
        np.subtract(w, s0, out=w)
        np.sqrt(v_new, out=s0)
        np.add(s0, eps, out=s0)
        np.divide(m_new, s0, out=s0)
        np.subtract(w, s0, out=w)


def dadapt_adamw_sums(
    w: Array,
    g: Array,
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
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    d0: float = 1e-6,
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of DAdaptAdamW sums up over one array, in double; nothing is written.

        total         = global_sum(s * g / (sqrt(v) + eps))
        second_total  = global_sum(abs(s_new))

    The arguments are those of `dadapt_adamw_update`, whose next arguments the results are.
    Those over all arrays are put together from what this gives for each of them.
    """
    length = d * lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)  # step length
    sqrt_beta2 = math.sqrt(beta2)
    length_sqrt_beta2_minus_one = length * (np.sqrt(beta2) - 1)
    return summed(_dadapt_adamw_sums, (w, g, v, s), (eps, length_sqrt_beta2_minus_one, sqrt_beta2), ("sum", "sum"), (2, 0), stages)


def dadapt_adamw_scalars(
    d: float,
    r: float,
    total: float,
    second_total: float,
    t: int,
    *,
    lr: float = 1.0,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    d0: float = 1e-6,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    length = d * lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)  # step length
    inner = total  # gradient along those before
    r_new = r * np.sqrt(beta2) + length * inner * (1 - np.sqrt(beta2))  # what they have in common
    size = second_total  # 1-norm of the weighted gradients
    bound = r_new / (size * (1 - np.sqrt(beta2))) if size > 0 else 0  # lower bound of the distance
    d_new = np.maximum(d, bound)  # distance
    return (d_new, r_new)


class DAdaptAdamW(NumpyOptimizer):
    """DAdaptAdamW: Adam with decoupled decay and a step length for all parameters that is found as it goes.

    Source: Defazio & Mishchenko (2023), arXiv:2301.07733, Algorithm 5, as in optax.contrib.dadapt_adamw.
    The equations are in `dadapt_adamw_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            factor of the step length that is found
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps > 0            keeps the division from zero
        weight_decay  weight_decay >= 0  decoupled weight decay
        d0            d0 > 0             first guess of the distance
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper
    weight_decay: Hyper
    d0: Hyper

    _states: ClassVar = ("m", "v", "s")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "d0": ("d0 > 0", lambda d0: d0 > 0),
    }
    _starts_late: ClassVar = True
    _reductions: ClassVar = (("total", "sum", True), ("second_total", "sum", True))
    _fed_by_sums: ClassVar = ("d", "r")
    _update = staticmethod(dadapt_adamw_update)
    _advance = staticmethod(dadapt_adamw_scalars)
    _sums = staticmethod(dadapt_adamw_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.0,
        d0: Hyper = 1e-6,
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
            eps=eps,
            weight_decay=weight_decay,
            d0=d0,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"d": hyper["d0"], "r": 0}


def _dadapt_lion_sums(w: Array, g: Array, m: Array, s: Array, s0: Array, s1: Array, wide: Array, beta1: float, one_minus_beta1: float, length_one_minus_root: float, root: float, at: Array) -> tuple[Any, ...]:
    # total: sum of s * sign(beta1 * m + one_minus_beta1 * g)
    np.multiply(beta1, m, out=s0)
    np.multiply(one_minus_beta1, g, out=s1)
    np.add(s0, s1, out=s0)
    np.sign(s0, out=s1)
    np.multiply(s, s1, out=s1)
    total = sums_of(s1, at)
    # second_total: sum of abs(length_one_minus_root * sign(beta1 * m + one_minus_beta1 * g) + root * s)
    np.multiply(beta1, m, out=s0)
    np.multiply(one_minus_beta1, g, out=s1)
    np.add(s0, s1, out=s0)
    np.sign(s0, out=s1)
    np.multiply(length_one_minus_root, s1, out=s1)
    np.multiply(root, s, out=s0)
    np.add(s1, s0, out=s1)
    np.absolute(s1, out=s1)
    second_total = sums_of(s1, at)
    return (total, second_total)


def dadapt_lion_update(
    w: Array,
    g: Array,
    m: Array,
    s: Array,
    gained: float,
    d: float,
    total: float,
    second_total: float,
    t: int,
    *,
    lr: float = 1.0,
    beta2: float = 0.999,
    beta1: float = 0.9,
    weight_decay: float = 0.0,
    d0: float = 1e-6,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of DAdaptLion on one array, in place.

        length      = d * lr                                                  step length
        root        = sqrt(beta2)                                             decay of the sums
        u           = sign(beta1 * m + (1 - beta1) * g)                       direction
        m_new       = beta2 * m + length * (1 - beta2) * g                    momentum
        inner       = global_sum(s * u)                                       direction along the way so far
        gained_new  = gained * root + length * inner * (1 - root)             what it gained
        s_new       = root * s + length * (1 - root) * u                      way so far
        size_       = global_sum(abs(s_new))                                  1-norm of the way
        bound       = where(size_ > 0, gained_new / (size_ * (1 - root)), 0)  lower bound of the distance
        d_new       = where(lr > 0, maximum(d, bound), d)                     distance
        w_new       = w - length * weight_decay * w - length * u              decay and descent

    Then m, s, w take the new values.

    w, m, s and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m       = 0 before the first step
        s       = 0 before the first step
        gained  = 0 before the first step
        d       = d0 before the first step

    total, second_total: what `dadapt_lion_sums` gives.
    """
    length_of_array = d * lr  # step length
    length = spread(length_of_array, w)
    root = math.sqrt(beta2)  # decay of the sums
    one_minus_beta1 = 1 - beta1
    length_one_minus_beta2 = spread(length_of_array * (1 - beta2), w)
    length_one_minus_root = spread(length_of_array * (1 - root), w)
    length_weight_decay = spread(length_of_array * weight_decay, w)

    for tile in tiles((w, m, s), (g,), scratch=2, stages=stages):
        w, m, s, g, s0, s1 = tile
        # u = sign(beta1 * m + (1 - beta1) * g)  (direction)
        np.multiply(beta1, m, out=s0)
        np.multiply(one_minus_beta1, g, out=s1)
        np.add(s0, s1, out=s0)
        u = np.sign(s0, out=s1)
        # m_new = beta2 * m + length * (1 - beta2) * g  (momentum)
        np.multiply(beta2, m, out=m)
        np.multiply(length_one_minus_beta2, g, out=s0)
        np.add(m, s0, out=m)
        # s_new = root * s + length * (1 - root) * u  (way so far)
        np.multiply(root, s, out=s)
        np.multiply(length_one_minus_root, u, out=s0)
        np.add(s, s0, out=s)
        # w_new = w - length * weight_decay * w - length * u  (decay and descent)
        np.multiply(length_weight_decay, w, out=s0)
        np.subtract(w, s0, out=w)
        np.multiply(length, u, out=s1)
        np.subtract(w, s1, out=w)


def dadapt_lion_sums(
    w: Array,
    g: Array,
    m: Array,
    s: Array,
    gained: float,
    d: float,
    t: int,
    *,
    lr: float = 1.0,
    beta2: float = 0.999,
    beta1: float = 0.9,
    weight_decay: float = 0.0,
    d0: float = 1e-6,
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of DAdaptLion sums up over one array, in double; nothing is written.

        total         = global_sum(s * u)
        second_total  = global_sum(abs(s_new))

    The arguments are those of `dadapt_lion_update`, whose next arguments the results are.
    Those over all arrays are put together from what this gives for each of them.
    """
    length = d * lr  # step length
    root = math.sqrt(beta2)  # decay of the sums
    one_minus_beta1 = 1 - beta1
    length_one_minus_root = length * (1 - root)
    return summed(_dadapt_lion_sums, (w, g, m, s), (beta1, one_minus_beta1, length_one_minus_root, root), ("sum", "sum"), (2, 0), stages)


def dadapt_lion_scalars(
    gained: float,
    d: float,
    total: float,
    second_total: float,
    t: int,
    *,
    lr: float = 1.0,
    beta2: float = 0.999,
    beta1: float = 0.9,
    weight_decay: float = 0.0,
    d0: float = 1e-6,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    length = d * lr  # step length
    root = math.sqrt(beta2)  # decay of the sums
    inner = total  # direction along the way so far
    gained_new = gained * root + length * inner * (1 - root)  # what it gained
    size_ = second_total  # 1-norm of the way
    bound = gained_new / (size_ * (1 - root)) if size_ > 0 else 0  # lower bound of the distance
    d_new = np.maximum(d, bound) if lr > 0 else d  # distance
    return (gained_new, d_new)


class DAdaptLion(NumpyOptimizer):
    """DAdaptLion: Lion with a step length for all parameters that is found as it goes.

    Source: Defazio & Mishchenko (2023), arXiv:2301.07733, over Lion, as in the authors' code.
    The equations are in `dadapt_lion_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            factor of the step length that is found
        beta2         0 <= beta2 < 1     decay of the momentum
        beta1         0 <= beta1 < 1     share of the momentum in the step
        weight_decay  weight_decay >= 0  decoupled weight decay
        d0            d0 > 0             first guess of the distance
    """

    lr: Hyper
    beta2: Hyper
    beta1: Hyper
    weight_decay: Hyper
    d0: Hyper

    _states: ClassVar = ("m", "s")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "d0": ("d0 > 0", lambda d0: d0 > 0),
    }
    _starts_late: ClassVar = True
    _reductions: ClassVar = (("total", "sum", True), ("second_total", "sum", True))
    _fed_by_sums: ClassVar = ("gained", "d")
    _update = staticmethod(dadapt_lion_update)
    _advance = staticmethod(dadapt_lion_scalars)
    _sums = staticmethod(dadapt_lion_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        beta2: Hyper = 0.999,
        beta1: Hyper = 0.9,
        weight_decay: Hyper = 0.0,
        d0: Hyper = 1e-6,
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
            beta1=beta1,
            weight_decay=weight_decay,
            d0=d0,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"gained": 0, "d": hyper["d0"]}


def _dadapt_sgd_sums(w: Array, g: Array, s: Array, s0: Array, wide: Array, length: float, at: Array) -> tuple[Any, ...]:
    # norm2: norm of g
    norm2 = norms_of(g, wide, at)
    # total: sum of s * g
    np.multiply(s, g, out=s0)
    total = sums_of(s0, at)
    # second_norm2: norm of s + length * g
    np.multiply(length, g, out=s0)
    np.add(s, s0, out=s0)
    second_norm2 = norms_of(s0, wide, at)
    return (norm2, total, second_norm2)


def dadapt_sgd_update(
    w: Array,
    g: Array,
    start: Array,
    s: Array,
    gained: float,
    g0: float,
    d: float,
    norm2: float,
    total: float,
    second_norm2: float,
    t: int,
    *,
    lr: float = 1.0,
    growth_rate: float = 1.02,
    momentum: float = 0.9,
    d0: float = 1e-6,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of DAdaptSGD on one array, in place.

        start_new   = start
        g0_new      = where(g0 > 0, g0, sqrt(global_sum(g**2)))                      norm of the first gradient
        length      = d * lr                                                         step length, times that norm
        inner       = global_sum(s * g)                                              gradient along the sum
        gained_new  = gained + length * inner                                        what it gained
        s_new       = s + length * g                                                 weighted sum of the gradients
        size_       = sqrt(global_sum(s_new**2))                                     norm of that
        far         = g0_new * size_
        bound       = where(far > 0, 2 * gained_new / far, 0)                        lower bound of the distance
        d_new       = where(lr > 0, maximum(d, minimum(bound, d * growth_rate)), d)  distance
        w_new       = momentum * w + (1 - momentum) * (start - where(g0_new > 0, s_new / g0_new, 0))  dual averaging

    Then start, s, w take the new values.

    w, start, s and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        start   = w before the first step
        s       = 0 before the first step
        gained  = 0 before the first step
        g0      = 0 before the first step
        d       = d0 before the first step

    norm2, total, second_norm2: what `dadapt_sgd_sums` gives.
    """
    g0_new_of_array = g0 if g0 > 0 else norm2  # norm of the first gradient
    g0_new = spread(g0_new_of_array, w)
    length = spread(d * lr, w)  # step length, times that norm
    one_minus_momentum = 1 - momentum
    g0_new_above_zero = spread(1 if g0_new_of_array > 0 else 0, w)

    for tile in tiles((w, start, s), (g,), scratch=2, stages=stages):
        w, start, s, g, s0, s1 = tile
        # start_new = start
        # s_new = s + length * g  (weighted sum of the gradients)
        np.multiply(length, g, out=s0)
        s_new = np.add(s, s0, out=s)
        # w_new = momentum * w + (1 - momentum) * (start - where(g0_new > 0, s_new / g0_new, 0))  (dual averaging)
        np.multiply(momentum, w, out=w)
        np.divide(s_new, g0_new, out=s0)
        np.copyto(s1, 0)
        np.copyto(s1, s0, where=g0_new_above_zero != 0)
        np.subtract(start, s1, out=s1)
        np.multiply(one_minus_momentum, s1, out=s1)
        np.add(w, s1, out=w)


def dadapt_sgd_sums(
    w: Array,
    g: Array,
    start: Array,
    s: Array,
    gained: float,
    g0: float,
    d: float,
    t: int,
    *,
    lr: float = 1.0,
    growth_rate: float = 1.02,
    momentum: float = 0.9,
    d0: float = 1e-6,
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of DAdaptSGD sums up over one array, in double; nothing is written.

        norm2         = sqrt(global_sum(g**2))
        total         = global_sum(s * g)
        second_norm2  = sqrt(global_sum(s_new**2))

    The arguments are those of `dadapt_sgd_update`, whose next arguments the results are.
    Those over all arrays are put together from what this gives for each of them.
    """
    length = d * lr  # step length, times that norm
    return summed(_dadapt_sgd_sums, (w, g, s), (length,), ("norm", "sum", "norm"), (1, 0), stages)


def dadapt_sgd_scalars(
    gained: float,
    g0: float,
    d: float,
    norm2: float,
    total: float,
    second_norm2: float,
    t: int,
    *,
    lr: float = 1.0,
    growth_rate: float = 1.02,
    momentum: float = 0.9,
    d0: float = 1e-6,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    g0_new = g0 if g0 > 0 else norm2  # norm of the first gradient
    length = d * lr  # step length, times that norm
    inner = total  # gradient along the sum
    gained_new = gained + length * inner  # what it gained
    size_ = second_norm2  # norm of that
    far = g0_new * size_
    bound = 2 * gained_new / far if far > 0 else 0  # lower bound of the distance
    d_new = np.maximum(d, np.minimum(bound, d * growth_rate)) if lr > 0 else d  # distance
    return (gained_new, g0_new, d_new)


class DAdaptSGD(NumpyOptimizer):
    """DAdaptSGD: dual averaging with momentum and a step length for all parameters that is found as it goes.

    Source: Defazio & Mishchenko (2023), arXiv:2301.07733, over SGD, as in the authors' code; sums are kept before they are divided by the first norm.
    The equations are in `dadapt_sgd_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr           lr >= 0            factor of the step length that is found
        growth_rate  growth_rate >= 1   what the distance grows by in a step at most
        momentum     0 <= momentum < 1  share of the weights that is kept
        d0           d0 > 0             first guess of the distance
    """

    lr: Hyper
    growth_rate: Hyper
    momentum: Hyper
    d0: Hyper

    _states: ClassVar = ("start", "s")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "growth_rate": ("growth_rate >= 1", lambda growth_rate: growth_rate >= 1),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
        "d0": ("d0 > 0", lambda d0: d0 > 0),
    }
    _starts_late: ClassVar = True
    _reductions: ClassVar = (("norm2", "norm", True), ("total", "sum", True), ("second_norm2", "norm", True))
    _fed_by_sums: ClassVar = ("gained", "g0", "d")
    _update = staticmethod(dadapt_sgd_update)
    _advance = staticmethod(dadapt_sgd_scalars)
    _sums = staticmethod(dadapt_sgd_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        growth_rate: Hyper = 1.02,
        momentum: Hyper = 0.9,
        d0: Hyper = 1e-6,
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
            growth_rate=growth_rate,
            momentum=momentum,
            d0=d0,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.copy(), np.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"gained": 0, "g0": 0, "d": hyper["d0"]}


def _dadapt_adagrad_sums(w: Array, g: Array, s: Array, alpha: Array, s0: Array, s1: Array, wide: Array, eps: float, length: float, at: Array) -> tuple[Any, ...]:
    # second_total: sum of g**2 / (sqrt(alpha + g**2) + eps)
    np.square(g, out=s0)
    np.square(g, out=s1)
    np.add(alpha, s1, out=s1)
    np.sqrt(s1, out=s1)
    np.add(s1, eps, out=s1)
    np.divide(s0, s1, out=s0)
    second_total = sums_of(s0, at)
    # third_total: sum of (s + length * g) ** 2 / (sqrt(alpha + g**2) + eps)
    np.multiply(length, g, out=s0)
    np.add(s, s0, out=s0)
    np.square(s0, out=s0)
    np.square(g, out=s1)
    np.add(alpha, s1, out=s1)
    np.sqrt(s1, out=s1)
    np.add(s1, eps, out=s1)
    np.divide(s0, s1, out=s0)
    third_total = sums_of(s0, at)
    # fourth_total: sum of abs(s + length * g)
    np.multiply(length, g, out=s0)
    np.add(s, s0, out=s0)
    np.absolute(s0, out=s0)
    fourth_total = sums_of(s0, at)
    return (second_total, third_total, fourth_total)


def dadapt_adagrad_update(
    w: Array,
    g: Array,
    start: Array,
    s: Array,
    alpha: Array,
    total: float,
    d: float,
    second_total: float,
    third_total: float,
    fourth_total: float,
    t: int,
    *,
    lr: float = 1.0,
    eps: float = 1e-8,
    growth_rate: float = 1.02,
    momentum: float = 0.9,
    initial_accumulator: float = 1e-6,
    d0: float = 1e-6,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of DAdaptAdaGrad on one array, in place.

        start_new  = start
        length     = d * lr                                                         step length
        alpha_new  = alpha + g**2                                                   sum of squares
        g_sq       = global_sum(g**2 / (sqrt(alpha_new) + eps))                     squared norm of the gradient
        s_new      = s + length * g                                                 weighted sum of the gradients
        total_new  = total + g_sq * length**2                                       sum of the squared norms
        far        = global_sum(s_new**2 / (sqrt(alpha_new) + eps))                 squared norm of the sum
        size_      = global_sum(abs(s_new))                                         1-norm of the sum
        bound      = where(size_ > 0, (far - total_new) / size_, 0)                 lower bound of the distance
        d_new      = where(lr > 0, maximum(d, minimum(bound, d * growth_rate)), d)  distance
        w_new      = momentum * w + (1 - momentum) * (start - s_new / (sqrt(alpha_new) + eps))  dual averaging, with momentum

    Then start, s, alpha, w take the new values.

    w, start, s, alpha and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        start  = w before the first step
        s      = 0 before the first step
        alpha  = initial_accumulator before the first step
        total  = 0 before the first step
        d      = d0 before the first step

    second_total, third_total, fourth_total: what `dadapt_adagrad_sums` gives.
    """
    length = spread(d * lr, w)  # step length
    one_minus_momentum = 1 - momentum

    for tile in tiles((w, start, s, alpha), (g,), scratch=1, stages=stages):
        w, start, s, alpha, g, s0 = tile
        # start_new = start
        # alpha_new = alpha + g**2  (sum of squares)
        np.square(g, out=s0)
        alpha_new = np.add(alpha, s0, out=alpha)
        # s_new = s + length * g  (weighted sum of the gradients)
        np.multiply(length, g, out=s0)
        s_new = np.add(s, s0, out=s)
        # w_new = momentum * w + (1 - momentum) * (start - s_new / (sqrt(alpha_new) + eps))  (dual averaging, with momentum)
        np.multiply(momentum, w, out=w)
        np.sqrt(alpha_new, out=s0)
        np.add(s0, eps, out=s0)
        np.divide(s_new, s0, out=s0)
        np.subtract(start, s0, out=s0)
        np.multiply(one_minus_momentum, s0, out=s0)
        np.add(w, s0, out=w)


def dadapt_adagrad_sums(
    w: Array,
    g: Array,
    start: Array,
    s: Array,
    alpha: Array,
    total: float,
    d: float,
    t: int,
    *,
    lr: float = 1.0,
    eps: float = 1e-8,
    growth_rate: float = 1.02,
    momentum: float = 0.9,
    initial_accumulator: float = 1e-6,
    d0: float = 1e-6,
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of DAdaptAdaGrad sums up over one array, in double; nothing is written.

        second_total  = global_sum(g**2 / (sqrt(alpha_new) + eps))
        third_total   = global_sum(s_new**2 / (sqrt(alpha_new) + eps))
        fourth_total  = global_sum(abs(s_new))

    The arguments are those of `dadapt_adagrad_update`, whose next arguments the results are.
    Those over all arrays are put together from what this gives for each of them.
    """
    length = d * lr  # step length
    return summed(_dadapt_adagrad_sums, (w, g, s, alpha), (eps, length), ("sum", "sum", "sum"), (2, 0), stages)


def dadapt_adagrad_scalars(
    total: float,
    d: float,
    second_total: float,
    third_total: float,
    fourth_total: float,
    t: int,
    *,
    lr: float = 1.0,
    eps: float = 1e-8,
    growth_rate: float = 1.02,
    momentum: float = 0.9,
    initial_accumulator: float = 1e-6,
    d0: float = 1e-6,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    length = d * lr  # step length
    g_sq = second_total  # squared norm of the gradient
    total_new = total + g_sq * length**2  # sum of the squared norms
    far = third_total  # squared norm of the sum
    size_ = fourth_total  # 1-norm of the sum
    bound = (far - total_new) / size_ if size_ > 0 else 0  # lower bound of the distance
    d_new = np.maximum(d, np.minimum(bound, d * growth_rate)) if lr > 0 else d  # distance
    return (total_new, d_new)


class DAdaptAdaGrad(NumpyOptimizer):
    """DAdaptAdaGrad: AdaGrad by dual averaging, with a step length for all parameters that is found as it goes.

    Source: Defazio & Mishchenko (2023), arXiv:2301.07733, Algorithm 3, as in the authors' code.
    The equations are in `dadapt_adagrad_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr                   lr >= 0                  factor of the step length that is found
        eps                  eps > 0                  keeps the division from zero
        growth_rate          growth_rate >= 1         what the distance grows by in a step at most
        momentum             0 <= momentum < 1        share of the weights that is kept
        initial_accumulator  initial_accumulator > 0  where the sums of squares start
        d0                   d0 > 0                   first guess of the distance
    """

    lr: Hyper
    eps: Hyper
    growth_rate: Hyper
    momentum: Hyper
    initial_accumulator: Hyper
    d0: Hyper

    _states: ClassVar = ("start", "s", "alpha")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "growth_rate": ("growth_rate >= 1", lambda growth_rate: growth_rate >= 1),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
        "initial_accumulator": ("initial_accumulator > 0", lambda initial_accumulator: initial_accumulator > 0),
        "d0": ("d0 > 0", lambda d0: d0 > 0),
    }
    _starts_late: ClassVar = True
    _reductions: ClassVar = (("second_total", "sum", True), ("third_total", "sum", True), ("fourth_total", "sum", True))
    _fed_by_sums: ClassVar = ("total", "d")
    _update = staticmethod(dadapt_adagrad_update)
    _advance = staticmethod(dadapt_adagrad_scalars)
    _sums = staticmethod(dadapt_adagrad_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        eps: Hyper = 1e-8,
        growth_rate: Hyper = 1.02,
        momentum: Hyper = 0.9,
        initial_accumulator: Hyper = 1e-6,
        d0: Hyper = 1e-6,
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
            eps=eps,
            growth_rate=growth_rate,
            momentum=momentum,
            initial_accumulator=initial_accumulator,
            d0=d0,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.copy(), np.zeros_like(w), np.full_like(w, hyper["initial_accumulator"]))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"total": 0, "d": hyper["d0"]}
