# generated from specs/tam.py; regenerate with: python cli.py generate tam
"""Torque-aware momentum: gradients count by how well they agree with the momentum."""

from __future__ import annotations

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
    tiles,
)

__all__ = [
    "TAM",
    "AdaTAM",
    "adatam_sums",
    "adatam_update",
    "tam_sums",
    "tam_update",
]


def _tam_sums(w: Array, g: Array, m: Array, s0: Array, wide: Array, t_above_one: float, at: Array) -> tuple[Any, ...]:
    # norm2: norm of where(t_above_one != 0, m, g)
    np.copyto(s0, g)
    np.copyto(s0, m, where=t_above_one != 0)
    norm2 = norms_of(s0, wide, at)
    # second_norm2: norm of g
    second_norm2 = norms_of(g, wide, at)
    return (norm2, second_norm2)


def tam_update(
    w: Array,
    g: Array,
    s: Array,
    m: Array,
    norm2: float,
    second_norm2: float,
    t: int,
    *,
    lr: float = 0.1,
    decay_rate: float = 0.9,
    eps: float = 1e-8,
    momentum: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of TAM on one array, in place.

        m_old        = where(t > 1, m, g)                                     momentum, in the first step the gradient
        of_momentum  = maximum(1 / 1000000000000, sqrt(array_sum(m_old**2)))  norm of this array's momentum
        of_gradient  = maximum(1 / 1000000000000, sqrt(array_sum(g**2)))      norm of its gradient
        cosine       = m_old * g / (of_momentum * of_gradient)                what an element adds to the cosine between them
        s_new        = decay_rate * s + (1 - decay_rate) * cosine             agreement
        damped       = g * (s_new / 2 + eps + 1 / 2)                          gradient, by how it agrees
        m_new        = damped + momentum * m_old                              momentum
        w_new        = w - lr * m_new                                         descent

    Then s, m, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        factor  = (1 - decay_rate) / (of_momentum * of_gradient)
        s_new   = decay_rate * s + factor * m_old * g

    w, s, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        s  = 0 before the first step
        m  = 0 before the first step

    norm2, second_norm2: what `tam_sums` gives.
    """
    of_momentum = np.maximum(1 / 1000000000000, norm2)  # norm of this array's momentum
    of_gradient = np.maximum(1 / 1000000000000, second_norm2)  # norm of its gradient
    t_above_one = 1 if t > 1 else 0
    factor = spread((1 - decay_rate) / (of_momentum * of_gradient), w)
    eps_plus_one_over_two = eps + 1 / 2

    for tile in tiles((w, s, m), (g,), scratch=2, stages=stages):
        w, s, m, g, s0, s1 = tile
        # m_old = where(t > 1, m, g)  (momentum, in the first step the gradient)
        np.copyto(s0, g)
        np.copyto(s0, m, where=t_above_one != 0)
        m_old = s0
        # cosine = m_old * g / (of_momentum * of_gradient)  (what an element adds to the cosine between them)
        # s_new = decay_rate * s + (1 - decay_rate) * cosine  (agreement)
        #       = decay_rate * s + factor * m_old * g
        np.multiply(decay_rate, s, out=s)
        np.multiply(factor, m_old, out=s1)
        np.multiply(s1, g, out=s1)
        s_new = np.add(s, s1, out=s)
        # damped = g * (s_new / 2 + eps + 1 / 2)  (gradient, by how it agrees)
        np.divide(s_new, 2, out=s1)
        np.add(s1, eps_plus_one_over_two, out=s1)
        damped = np.multiply(g, s1, out=s1)
        # m_new = damped + momentum * m_old  (momentum)
        np.multiply(momentum, m_old, out=m)
        m_new = np.add(damped, m, out=m)
        # w_new = w - lr * m_new  (descent)
        np.multiply(lr, m_new, out=s0)
        np.subtract(w, s0, out=w)


def tam_sums(
    w: Array,
    g: Array,
    s: Array,
    m: Array,
    t: int,
    *,
    lr: float = 0.1,
    decay_rate: float = 0.9,
    eps: float = 1e-8,
    momentum: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of TAM sums up over one array, in double; nothing is written.

        norm2         = sqrt(array_sum(m_old**2))
        second_norm2  = sqrt(array_sum(g**2))

    The arguments are those of `tam_update`, whose next arguments the results are.
    """
    t_above_one = 1 if t > 1 else 0
    return summed(_tam_sums, (w, g, m), (t_above_one,), ("norm", "norm"), (1, 0), stages)


class TAM(NumpyOptimizer):
    """TAM: momentum in which gradients that point against it count less.

    Source: Malviya et al. (2024), Algorithm 1, arXiv:2412.18790, by elements, as in its code: the paper has one cosine for all.
    The equations are in `tam_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr          lr >= 0              learning rate
        decay_rate  0 <= decay_rate < 1  decay of the agreement
        eps         eps > 0              least weight of a gradient
        momentum    0 <= momentum < 1    decay of the momentum
    """

    lr: Hyper
    decay_rate: Hyper
    eps: Hyper
    momentum: Hyper

    _states: ClassVar = ("s", "m")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "decay_rate": ("0 <= decay_rate < 1", lambda decay_rate: 0 <= decay_rate < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _own_t: ClassVar = True
    _reductions: ClassVar = (("norm2", "norm", False), ("second_norm2", "norm", False))
    _update = staticmethod(tam_update)
    _sums = staticmethod(tam_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.1,
        decay_rate: Hyper = 0.9,
        eps: Hyper = 1e-8,
        momentum: Hyper = 0.9,
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
            decay_rate=decay_rate,
            eps=eps,
            momentum=momentum,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))


def _adatam_sums(w: Array, g: Array, m: Array, wide: Array, at: Array) -> tuple[Any, ...]:
    # norm2: norm of m
    norm2 = norms_of(m, wide, at)
    # second_norm2: norm of g
    second_norm2 = norms_of(g, wide, at)
    return (norm2, second_norm2)


def adatam_update(
    w: Array,
    g: Array,
    s: Array,
    m: Array,
    v: Array,
    norm2: float,
    second_norm2: float,
    t: int,
    *,
    lr: float = 0.001,
    decay_rate: float = 0.9,
    eps: float = 1e-8,
    beta1: float = 0.9,
    beta2: float = 0.999,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdaTAM on one array, in place.

        m_old        = m                                                      momentum
        of_momentum  = maximum(1 / 1000000000000, sqrt(array_sum(m_old**2)))  norm of this array's momentum
        of_gradient  = maximum(1 / 1000000000000, sqrt(array_sum(g**2)))      norm of its gradient
        cosine       = m_old * g / (of_momentum * of_gradient)                what an element adds to the cosine between them
        s_new        = decay_rate * s + (1 - decay_rate) * cosine             agreement
        damped       = g * (s_new / 2 + eps + 1 / 2)                          gradient, by how it agrees
        m_new        = damped + beta1 * m                                     momentum, a sum
        v_new        = beta2 * v + (1 - beta2) * g**2                         second moment
        w_new        = w - lr * m_new / (sqrt(v_new) + eps)                   descent

    Then s, m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        factor  = (1 - decay_rate) / (of_momentum * of_gradient)
        s_new   = decay_rate * s + factor * m_old * g

    w, s, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        s  = 0 before the first step
        m  = 0 before the first step
        v  = 0 before the first step

    norm2, second_norm2: what `adatam_sums` gives.
    """
    of_momentum = np.maximum(1 / 1000000000000, norm2)  # norm of this array's momentum
    of_gradient = np.maximum(1 / 1000000000000, second_norm2)  # norm of its gradient
    factor = spread((1 - decay_rate) / (of_momentum * of_gradient), w)
    eps_plus_one_over_two = eps + 1 / 2
    one_minus_beta2 = 1 - beta2

    for tile in tiles((w, s, m, v), (g,), scratch=2, stages=stages):
        w, s, m, v, g, s0, s1 = tile
        # m_old = m  (momentum)
        # cosine = m_old * g / (of_momentum * of_gradient)  (what an element adds to the cosine between them)
        # s_new = decay_rate * s + (1 - decay_rate) * cosine  (agreement)
        #       = decay_rate * s + factor * m_old * g
        np.multiply(decay_rate, s, out=s)
        np.multiply(factor, m, out=s0)
        np.multiply(s0, g, out=s0)
        s_new = np.add(s, s0, out=s)
        # damped = g * (s_new / 2 + eps + 1 / 2)  (gradient, by how it agrees)
        np.divide(s_new, 2, out=s0)
        np.add(s0, eps_plus_one_over_two, out=s0)
        damped = np.multiply(g, s0, out=s0)
        # m_new = damped + beta1 * m  (momentum, a sum)
        np.multiply(beta1, m, out=m)
        m_new = np.add(damped, m, out=m)
        # v_new = beta2 * v + (1 - beta2) * g**2  (second moment)
        np.multiply(beta2, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_beta2, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # w_new = w - lr * m_new / (sqrt(v_new) + eps)  (descent)
        np.multiply(lr, m_new, out=s0)
        np.sqrt(v_new, out=s1)
        np.add(s1, eps, out=s1)
        np.divide(s0, s1, out=s0)
        np.subtract(w, s0, out=w)


def adatam_sums(
    w: Array,
    g: Array,
    s: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    decay_rate: float = 0.9,
    eps: float = 1e-8,
    beta1: float = 0.9,
    beta2: float = 0.999,
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of AdaTAM sums up over one array, in double; nothing is written.

        norm2         = sqrt(array_sum(m_old**2))
        second_norm2  = sqrt(array_sum(g**2))

    The arguments are those of `adatam_update`, whose next arguments the results are.
    """
    return summed(_adatam_sums, (w, g, m), (), ("norm", "norm"), (0, 0), stages)


class AdaTAM(NumpyOptimizer):
    """AdaTAM: Adam in which gradients that point against the momentum count less.

    Source: Malviya et al. (2024), Algorithm 2, arXiv:2412.18790, by elements and uncorrected, as in its code.
    The equations are in `adatam_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr          lr >= 0              learning rate
        decay_rate  0 <= decay_rate < 1  decay of the agreement
        eps         eps > 0              least weight of a gradient
        beta1       0 <= beta1 < 1       decay of the momentum
        beta2       0 <= beta2 < 1       decay of the second moment
    """

    lr: Hyper
    decay_rate: Hyper
    eps: Hyper
    beta1: Hyper
    beta2: Hyper

    _states: ClassVar = ("s", "m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "decay_rate": ("0 <= decay_rate < 1", lambda decay_rate: 0 <= decay_rate < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
    }
    _reductions: ClassVar = (("norm2", "norm", False), ("second_norm2", "norm", False))
    _update = staticmethod(adatam_update)
    _sums = staticmethod(adatam_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        decay_rate: Hyper = 0.9,
        eps: Hyper = 1e-8,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
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
            decay_rate=decay_rate,
            eps=eps,
            beta1=beta1,
            beta2=beta2,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))
