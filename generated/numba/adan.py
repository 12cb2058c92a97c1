# generated from specs/adan.py; regenerate with: python cli.py generate adan
"""Adan: Adam with Nesterov's momentum, estimated from differences of gradients. Two rules go by this name."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, NumbaOptimizer, Stage, StageCall, loop, prange, sweep

__all__ = [
    "Adan",
    "AdanOptax",
    "AdanProximal",
    "adan_optax_update",
    "adan_proximal_update",
    "adan_update",
]


@loop
def _adan_proximal_update(w: Array, m: Array, v: Array, n_: Array, last: Array, g: Array, t_above_one: float, beta1: float, one_minus_beta1: float, beta2: float, one_minus_beta2: float, beta3: float, one_minus_beta3: float, sqrt_c3_over_c1: float, sqrt_c3_beta2_over_c2: float, eps_sqrt_c3: float, lr: float, one_plus_lr_weight_decay: float) -> None:
    real = w.dtype.type
    for i in prange(w.size):
        diff = g[i] - last[i] if t_above_one != real(0) else real(0)  # difference of two gradients
        last_new = g[i]
        m_new = beta1 * m[i] + one_minus_beta1 * g[i]  # mean gradient
        v_new = beta2 * v[i] + one_minus_beta2 * diff  # mean difference
        ahead = g[i] + beta2 * diff  # gradient, a step ahead
        n__new = beta3 * n_[i] + one_minus_beta3 * (ahead * ahead)  # second moment
        u = (sqrt_c3_over_c1 * m_new + sqrt_c3_beta2_over_c2 * v_new) / (np.sqrt(n__new) + eps_sqrt_c3)  # direction
        w_new = (w[i] - lr * u) / one_plus_lr_weight_decay  # proximal descent
        m[i] = m_new
        v[i] = v_new
        n_[i] = n__new
        last[i] = last_new
        w[i] = w_new


def adan_proximal_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    n_: Array,
    last: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.98,
    beta2: float = 0.92,
    beta3: float = 0.99,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdanProximal on one array, in place.

        c1        = 1 - beta1**t                                   correction of the first mean
        c2        = 1 - beta2**t                                   correction of the second mean
        c3        = 1 - beta3**t                                   correction of the second moment
        diff      = where(t > 1, g - last, 0)                      difference of two gradients
        last_new  = g
        m_new     = beta1 * m + (1 - beta1) * g                    mean gradient
        v_new     = beta2 * v + (1 - beta2) * diff                 mean difference
        ahead     = g + beta2 * diff                               gradient, a step ahead
        n__new    = beta3 * n_ + (1 - beta3) * ahead**2            second moment
        m_hat     = m_new / c1
        v_hat     = v_new / c2
        n_hat     = n__new / c3
        u         = (m_hat + beta2 * v_hat) / (sqrt(n_hat) + eps)  direction
        w_new     = (w - lr * u) / (1 + lr * weight_decay)         proximal descent

    Then m, v, n_, last, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        sqrt_c3_over_c1        = sqrt(c3) / c1
        sqrt_c3_beta2_over_c2  = sqrt(c3) * beta2 / c2
        eps_sqrt_c3            = eps * sqrt(c3)
        u                      = (sqrt_c3_over_c1 * m_new + sqrt_c3_beta2_over_c2 * v_new) / (sqrt(n__new) + eps_sqrt_c3)

    w, m, v, n_, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        m     = 0 before the first step
        v     = 0 before the first step
        n_    = 0 before the first step
        last  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # correction of the first mean
    c2 = one_minus_power(beta2, t)  # correction of the second mean
    c3 = one_minus_power(beta3, t)  # correction of the second moment
    t_above_one = 1 if t > 1 else 0
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    one_minus_beta3 = 1 - beta3
    sqrt_c3_over_c1 = math.sqrt(c3) / c1
    sqrt_c3_beta2_over_c2 = math.sqrt(c3) * beta2 / c2
    eps_sqrt_c3 = eps * math.sqrt(c3)
    one_plus_lr_weight_decay = 1 + lr * weight_decay

    sweep(_adan_proximal_update, (w, m, v, n_, last), g, (t_above_one, beta1, one_minus_beta1, beta2, one_minus_beta2, beta3, one_minus_beta3, sqrt_c3_over_c1, sqrt_c3_beta2_over_c2, eps_sqrt_c3, lr, one_plus_lr_weight_decay), stages)


class AdanProximal(NumbaOptimizer):
    """AdanProximal: Adan with proximal weight decay.

    Source: Xie et al. (2022), Algorithm 1, arXiv:2208.06677, with 1 - beta for its beta, and bias correction, as in github.com/sail-sg/Adan.
    The equations are in `adan_proximal_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the mean gradient
        beta2         0 <= beta2 < 1     decay of the mean difference of gradients
        beta3         0 <= beta3 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decoupled weight decay
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    beta3: Hyper
    eps: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "v", "n_", "last")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta3": ("0 <= beta3 < 1", lambda beta3: 0 <= beta3 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _own_t: ClassVar = True
    _update = staticmethod(adan_proximal_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.98,
        beta2: Hyper = 0.92,
        beta3: Hyper = 0.99,
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
            beta3=beta3,
            eps=eps,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))


@loop
def _adan_update(w: Array, m: Array, v: Array, n_: Array, last: Array, g: Array, t_above_one: float, beta1: float, one_minus_beta1: float, beta2: float, one_minus_beta2: float, beta3: float, one_minus_beta3: float, sqrt_c3_over_c1: float, sqrt_c3_beta2_over_c2: float, eps_sqrt_c3: float, lr_weight_decay: float, lr: float) -> None:
    real = w.dtype.type
    for i in prange(w.size):
        diff = g[i] - last[i] if t_above_one != real(0) else real(0)  # difference of two gradients
        last_new = g[i]
        m_new = beta1 * m[i] + one_minus_beta1 * g[i]  # mean gradient
        v_new = beta2 * v[i] + one_minus_beta2 * diff  # mean difference
        ahead = g[i] + beta2 * diff  # gradient, a step ahead
        n__new = beta3 * n_[i] + one_minus_beta3 * (ahead * ahead)  # second moment
        u = (sqrt_c3_over_c1 * m_new + sqrt_c3_beta2_over_c2 * v_new) / (np.sqrt(n__new) + eps_sqrt_c3)  # direction
        w_new = w[i] - lr_weight_decay * w[i] - lr * u  # decay and descent
        m[i] = m_new
        v[i] = v_new
        n_[i] = n__new
        last[i] = last_new
        w[i] = w_new


def adan_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    n_: Array,
    last: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.98,
    beta2: float = 0.92,
    beta3: float = 0.99,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of Adan on one array, in place.

        c1        = 1 - beta1**t                                   correction of the first mean
        c2        = 1 - beta2**t                                   correction of the second mean
        c3        = 1 - beta3**t                                   correction of the second moment
        diff      = where(t > 1, g - last, 0)                      difference of two gradients
        last_new  = g
        m_new     = beta1 * m + (1 - beta1) * g                    mean gradient
        v_new     = beta2 * v + (1 - beta2) * diff                 mean difference
        ahead     = g + beta2 * diff                               gradient, a step ahead
        n__new    = beta3 * n_ + (1 - beta3) * ahead**2            second moment
        m_hat     = m_new / c1
        v_hat     = v_new / c2
        n_hat     = n__new / c3
        u         = (m_hat + beta2 * v_hat) / (sqrt(n_hat) + eps)  direction
        w_new     = w - lr * weight_decay * w - lr * u             decay and descent

    Then m, v, n_, last, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        sqrt_c3_over_c1        = sqrt(c3) / c1
        sqrt_c3_beta2_over_c2  = sqrt(c3) * beta2 / c2
        eps_sqrt_c3            = eps * sqrt(c3)
        u                      = (sqrt_c3_over_c1 * m_new + sqrt_c3_beta2_over_c2 * v_new) / (sqrt(n__new) + eps_sqrt_c3)

    w, m, v, n_, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        m     = 0 before the first step
        v     = 0 before the first step
        n_    = 0 before the first step
        last  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # correction of the first mean
    c2 = one_minus_power(beta2, t)  # correction of the second mean
    c3 = one_minus_power(beta3, t)  # correction of the second moment
    t_above_one = 1 if t > 1 else 0
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    one_minus_beta3 = 1 - beta3
    sqrt_c3_over_c1 = math.sqrt(c3) / c1
    sqrt_c3_beta2_over_c2 = math.sqrt(c3) * beta2 / c2
    eps_sqrt_c3 = eps * math.sqrt(c3)
    lr_weight_decay = lr * weight_decay

    sweep(_adan_update, (w, m, v, n_, last), g, (t_above_one, beta1, one_minus_beta1, beta2, one_minus_beta2, beta3, one_minus_beta3, sqrt_c3_over_c1, sqrt_c3_beta2_over_c2, eps_sqrt_c3, lr_weight_decay, lr), stages)


class Adan(NumbaOptimizer):
    """Adan: averages of the gradient, of its differences, and of the square of both.

    Source: Xie et al. (2022), arXiv:2208.06677, with the decay of AdamW: no_prox=True of github.com/sail-sg/Adan.
    The equations are in `adan_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the mean gradient
        beta2         0 <= beta2 < 1     decay of the mean difference of gradients
        beta3         0 <= beta3 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decoupled weight decay
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    beta3: Hyper
    eps: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "v", "n_", "last")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta3": ("0 <= beta3 < 1", lambda beta3: 0 <= beta3 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _own_t: ClassVar = True
    _update = staticmethod(adan_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.98,
        beta2: Hyper = 0.92,
        beta3: Hyper = 0.99,
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
            beta3=beta3,
            eps=eps,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))


@loop
def _adan_optax_update(w: Array, m: Array, v: Array, n_: Array, last: Array, g: Array, t_above_one: float, beta1: float, one_minus_beta1: float, beta2: float, one_minus_beta2: float, beta3: float, one_minus_beta3: float, sqrt_c3_over_c1: float, sqrt_c3_one_minus_beta2_over_c2: float, eps_root_c3: float, eps_sqrt_c3: float, lr_weight_decay: float, lr: float) -> None:
    real = w.dtype.type
    for i in prange(w.size):
        diff = g[i] - last[i] if t_above_one != real(0) else real(0)  # difference of two gradients
        last_new = g[i]
        m_new = beta1 * m[i] + one_minus_beta1 * g[i]  # mean gradient
        v_new = beta2 * v[i] + one_minus_beta2 * diff  # mean difference
        ahead = g[i] + one_minus_beta2 * diff  # gradient, a step ahead
        n__new = beta3 * n_[i] + one_minus_beta3 * (ahead * ahead)  # second moment
        u = (sqrt_c3_over_c1 * m_new + sqrt_c3_one_minus_beta2_over_c2 * v_new) / (np.sqrt(n__new + eps_root_c3) + eps_sqrt_c3)  # direction
        w_new = w[i] - lr_weight_decay * w[i] - lr * u  # decay and descent
        m[i] = m_new
        v[i] = v_new
        n_[i] = n__new
        last[i] = last_new
        w[i] = w_new


def adan_optax_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    n_: Array,
    last: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.98,
    beta2: float = 0.92,
    beta3: float = 0.99,
    eps: float = 1e-8,
    eps_root: float = 1e-8,
    weight_decay: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdanOptax on one array, in place.

        c1        = 1 - beta1**t                                                    correction of the first mean
        c2        = 1 - beta2**t                                                    correction of the second mean
        c3        = 1 - beta3**t                                                    correction of the second moment
        diff      = where(t > 1, g - last, 0)                                       difference of two gradients
        last_new  = g
        m_new     = beta1 * m + (1 - beta1) * g                                     mean gradient
        v_new     = beta2 * v + (1 - beta2) * diff                                  mean difference
        ahead     = g + (1 - beta2) * diff                                          gradient, a step ahead
        n__new    = beta3 * n_ + (1 - beta3) * ahead**2                             second moment
        m_hat     = m_new / c1
        v_hat     = v_new / c2
        n_hat     = n__new / c3
        u         = (m_hat + (1 - beta2) * v_hat) / (sqrt(n_hat + eps_root) + eps)  direction
        w_new     = w - lr * weight_decay * w - lr * u                              decay and descent

    Then m, v, n_, last, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        sqrt_c3_over_c1                  = sqrt(c3) / c1
        sqrt_c3_one_minus_beta2_over_c2  = sqrt(c3) * (1 - beta2) / c2
        eps_root_c3                      = eps_root * c3
        eps_sqrt_c3                      = eps * sqrt(c3)
        u                                = (sqrt_c3_over_c1 * m_new + sqrt_c3_one_minus_beta2_over_c2 * v_new) / (sqrt(n__new + eps_root_c3) + eps_sqrt_c3)

    w, m, v, n_, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        m     = 0 before the first step
        v     = 0 before the first step
        n_    = 0 before the first step
        last  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # correction of the first mean
    c2 = one_minus_power(beta2, t)  # correction of the second mean
    c3 = one_minus_power(beta3, t)  # correction of the second moment
    t_above_one = 1 if t > 1 else 0
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    one_minus_beta3 = 1 - beta3
    sqrt_c3_over_c1 = math.sqrt(c3) / c1
    sqrt_c3_one_minus_beta2_over_c2 = math.sqrt(c3) * (1 - beta2) / c2
    eps_root_c3 = eps_root * c3
    eps_sqrt_c3 = eps * math.sqrt(c3)
    lr_weight_decay = lr * weight_decay

    sweep(_adan_optax_update, (w, m, v, n_, last), g, (t_above_one, beta1, one_minus_beta1, beta2, one_minus_beta2, beta3, one_minus_beta3, sqrt_c3_over_c1, sqrt_c3_one_minus_beta2_over_c2, eps_root_c3, eps_sqrt_c3, lr_weight_decay, lr), stages)


class AdanOptax(NumbaOptimizer):
    """AdanOptax: Adan that looks ahead by 1 - beta2, where beta2 is meant.

    Source: optax.adan of optax 0.2.8: decays beta as in the authors' code, shares 1 - beta2 as in the paper.
    The equations are in `adan_optax_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the mean gradient
        beta2         0 <= beta2 < 1     decay of the mean difference of gradients
        beta3         0 <= beta3 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        eps_root      eps_root >= 0      keeps the root from zero
        weight_decay  weight_decay >= 0  decoupled weight decay
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    beta3: Hyper
    eps: Hyper
    eps_root: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "v", "n_", "last")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta3": ("0 <= beta3 < 1", lambda beta3: 0 <= beta3 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "eps_root": ("eps_root >= 0", lambda eps_root: eps_root >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _own_t: ClassVar = True
    _update = staticmethod(adan_optax_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.98,
        beta2: Hyper = 0.92,
        beta3: Hyper = 0.99,
        eps: Hyper = 1e-8,
        eps_root: Hyper = 1e-8,
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
            beta3=beta3,
            eps=eps,
            eps_root=eps_root,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))
