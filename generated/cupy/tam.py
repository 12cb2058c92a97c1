# generated from specs/tam.py; regenerate with: python cli.py generate tam
"""Torque-aware momentum: gradients count by how well they agree with the momentum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, Sums, launch, summed

__all__ = [
    "TAM",
    "AdaTAM",
    "adatam_sums",
    "adatam_update",
    "tam_sums",
    "tam_update",
]


_tam_update = cp.ElementwiseKernel(
    in_params="T g, T t_above_one, T decay_rate, float64 factor_double, T eps_plus_one_over_two, T momentum, T lr",
    out_params="T w, T s, T m",
    operation="""
    const T factor = factor_double;
    const T m_old = (t_above_one != 0 ? m : g);  // momentum, in the first step the gradient
    const T s_new = decay_rate * s + factor * m_old * g;  // agreement
    const T damped = g * (s_new / 2 + eps_plus_one_over_two);  // gradient, by how it agrees
    const T m_new = damped + momentum * m_old;  // momentum
    const T w_new = w - lr * m_new;  // descent
    s = s_new;
    m = m_new;
    w = w_new;
    """,
    name="tam_update",
)


_tam_sums = Sums(
    arrays="w, g, m",
    scalars="t_above_one",
    maps=(
        "((double)t_above_one != (double)0 ? (double)m : (double)g)",
        "(double)g",
    ),
    name="tam_sums",
)


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
    of_momentum = cp.maximum(1 / 1000000000000, norm2)  # norm of this array's momentum
    of_gradient = cp.maximum(1 / 1000000000000, second_norm2)  # norm of its gradient
    t_above_one = 1 if t > 1 else 0
    factor = (1 - decay_rate) / (of_momentum * of_gradient)
    eps_plus_one_over_two = eps + 1 / 2

    launch(
        _tam_update,
        (g,),
        (t_above_one, decay_rate, factor, eps_plus_one_over_two, momentum, lr),
        (w, s, m),
        stages,
    )


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
    return summed(_tam_sums, (w, g, m), (t_above_one,), ("norm", "norm"), stages)


class TAM(CupyOptimizer):
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
        return (cp.zeros_like(w), cp.zeros_like(w))


_adatam_update = cp.ElementwiseKernel(
    in_params="T g, T decay_rate, float64 factor_double, T eps_plus_one_over_two, T beta1, T beta2, T one_minus_beta2, T lr, T eps",
    out_params="T w, T s, T m, T v",
    operation="""
    const T factor = factor_double;
    const T m_old = m;  // momentum
    const T s_new = decay_rate * s + factor * m_old * g;  // agreement
    const T damped = g * (s_new / 2 + eps_plus_one_over_two);  // gradient, by how it agrees
    const T m_new = damped + beta1 * m;  // momentum, a sum
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T w_new = w - lr * m_new / (sqrt(v_new) + eps);  // descent
    s = s_new;
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="adatam_update",
)


_adatam_sums = Sums(
    arrays="w, g, m",
    scalars="",
    maps=(
        "(double)m",
        "(double)g",
    ),
    name="adatam_sums",
)


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
    of_momentum = cp.maximum(1 / 1000000000000, norm2)  # norm of this array's momentum
    of_gradient = cp.maximum(1 / 1000000000000, second_norm2)  # norm of its gradient
    factor = (1 - decay_rate) / (of_momentum * of_gradient)
    eps_plus_one_over_two = eps + 1 / 2
    one_minus_beta2 = 1 - beta2

    launch(
        _adatam_update,
        (g,),
        (decay_rate, factor, eps_plus_one_over_two, beta1, beta2, one_minus_beta2, lr, eps),
        (w, s, m, v),
        stages,
    )


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
    return summed(_adatam_sums, (w, g, m), (), ("norm", "norm"), stages)


class AdaTAM(CupyOptimizer):
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
        return (cp.zeros_like(w), cp.zeros_like(w), cp.zeros_like(w))
