# generated from specs/optimistic.py; regenerate with: python cli.py generate optimistic
"""Optimistic steps: the gradient of tomorrow is guessed to change as that of today did."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, NumpyOptimizer, Stage, StageCall, tiles

__all__ = [
    "OptimisticAdam",
    "OptimisticGD",
    "OptimisticNAdam",
    "optimistic_adam_update",
    "optimistic_gd_update",
    "optimistic_nadam_update",
]


def optimistic_gd_update(
    w: Array,
    g: Array,
    last: Array,
    t: int,
    *,
    lr: float = 0.001,
    alpha: float = 1.0,
    beta: float = 1.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of OptimisticGD on one array, in place.

        u         = where(t > 1, last, g)                     gradient of the step before, in the first that of this
        last_new  = g
        w_new     = w - lr * ((alpha + beta) * g - beta * u)  descent

    Then last, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_alpha_plus_beta  = lr * (alpha + beta)
        lr_beta             = lr * beta
        w_new               = w - (lr_alpha_plus_beta * g - lr_beta * u)

    w, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        last  = 0 before the first step
    """
    t_above_one = 1 if t > 1 else 0
    lr_alpha_plus_beta = lr * (alpha + beta)
    lr_beta = lr * beta

    for tile in tiles((w, last), (g,), scratch=2, stages=stages):
        w, last, g, s0, s1 = tile
        # u = where(t > 1, last, g)  (gradient of the step before, in the first that of this)
        np.copyto(s0, g)
        np.copyto(s0, last, where=t_above_one != 0)
        u = s0
        # last_new = g
        np.copyto(last, g)
        # w_new = w - lr * ((alpha + beta) * g - beta * u)  (descent)
        #       = w - (lr_alpha_plus_beta * g - lr_beta * u)
        np.multiply(lr_alpha_plus_beta, g, out=s1)
        np.multiply(lr_beta, u, out=s0)
        np.subtract(s1, s0, out=s1)
        np.subtract(w, s1, out=w)


class OptimisticGD(NumpyOptimizer):
    """OptimisticGD: gradient descent that adds how the gradient changed; for games, where descent goes round in circles.

    Source: Mokhtari, Ozdaglar & Pattathil (2019), arXiv:1901.08511, as in optax.optimistic_gradient_descent.
    The equations are in `optimistic_gd_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0     learning rate
        alpha  alpha >= 0  weight of the gradient
        beta   beta >= 0   weight of its change
    """

    lr: Hyper
    alpha: Hyper
    beta: Hyper

    _states: ClassVar = ("last",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "alpha": ("alpha >= 0", lambda alpha: alpha >= 0),
        "beta": ("beta >= 0", lambda beta: beta >= 0),
    }
    _own_t: ClassVar = True
    _update = staticmethod(optimistic_gd_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        alpha: Hyper = 1.0,
        beta: Hyper = 1.0,
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
            alpha=alpha,
            beta=beta,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w),)


def optimistic_adam_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    last: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    optimism: float = 0.001,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of OptimisticAdam on one array, in place.

        c1        = 1 - beta1**t                     bias of the first moment
        c2        = 1 - beta2**t                     bias of the second moment
        m_new     = beta1 * m + (1 - beta1) * g      first moment
        v_new     = beta2 * v + (1 - beta2) * g**2   second moment
        m_hat     = m_new / c1                       first moment, corrected
        v_hat     = v_new / c2                       second moment, corrected
        r         = m_hat / (sqrt(v_hat) + eps)      direction
        u         = where(t > 1, last, r)            direction of the step before, in the first that of this
        last_new  = r
        w_new     = w - lr * r - optimism * (r - u)  descent

    Then m, v, last, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        sqrt_c2_over_c1  = sqrt(c2) / c1
        eps_sqrt_c2      = eps * sqrt(c2)
        r                = sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        m     = 0 before the first step
        v     = 0 before the first step
        last  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    sqrt_c2_over_c1 = math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)
    t_above_one = 1 if t > 1 else 0

    for tile in tiles((w, m, v, last), (g,), scratch=3, stages=stages):
        w, m, v, last, g, s0, s1, s2 = tile
        # m_new = beta1 * m + (1 - beta1) * g  (first moment)
        np.multiply(beta1, m, out=m)
        np.multiply(one_minus_beta1, g, out=s0)
        m_new = np.add(m, s0, out=m)
        # v_new = beta2 * v + (1 - beta2) * g**2  (second moment)
        np.multiply(beta2, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_beta2, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # m_hat = m_new / c1  (first moment, corrected)
        # v_hat = v_new / c2  (second moment, corrected)
        # r = m_hat / (sqrt(v_hat) + eps)  (direction)
        #   = sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)
        np.multiply(sqrt_c2_over_c1, m_new, out=s0)
        np.sqrt(v_new, out=s1)
        np.add(s1, eps_sqrt_c2, out=s1)
        r = np.divide(s0, s1, out=s0)
        # u = where(t > 1, last, r)  (direction of the step before, in the first that of this)
        np.copyto(s1, r)
        np.copyto(s1, last, where=t_above_one != 0)
        u = s1
        # last_new = r
        np.copyto(last, r)
        # w_new = w - lr * r - optimism * (r - u)  (descent)
        np.multiply(lr, r, out=s2)
        np.subtract(w, s2, out=w)
        np.subtract(r, u, out=s0)
        np.multiply(optimism, s0, out=s0)
        np.subtract(w, s0, out=w)


class OptimisticAdam(NumpyOptimizer):
    """OptimisticAdam: Adam that adds how its direction changed.

    Source: Daskalakis et al. (2018), Algorithm 1, arXiv:1711.00141, as in optax.optimistic_adam(nesterov=False).
    The equations are in `optimistic_adam_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr        lr >= 0         learning rate
        beta1     0 <= beta1 < 1  decay of the first moment
        beta2     0 <= beta2 < 1  decay of the second moment
        eps       eps >= 0        keeps the division from zero
        optimism  optimism >= 0   rate of the change of the step
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper
    optimism: Hyper

    _states: ClassVar = ("m", "v", "last")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "optimism": ("optimism >= 0", lambda optimism: optimism >= 0),
    }
    _own_t: ClassVar = True
    _update = staticmethod(optimistic_adam_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        optimism: Hyper = 0.001,
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
            optimism=optimism,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))


def optimistic_nadam_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    last: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.999,
    beta1: float = 0.9,
    eps: float = 1e-8,
    optimism: float = 0.001,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of OptimisticNAdam on one array, in place.

        c2        = 1 - beta2**t                     bias of the second moment
        m_new     = beta1 * m + (1 - beta1) * g      first moment
        v_new     = beta2 * v + (1 - beta2) * g**2   second moment
        m_bar     = beta1 * m_new / (1 - beta1 ** (1 + t)) + (1 - beta1) * g / (1 - beta1**t)  first moment, a step ahead, corrected
        v_hat     = v_new / c2                       second moment, corrected
        r         = m_bar / (sqrt(v_hat) + eps)      direction
        u         = where(t > 1, last, r)            direction of the step before, in the first that of this
        last_new  = r
        w_new     = w - lr * r - optimism * (r - u)  descent

    Then m, v, last, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        factor       = sqrt(c2) * beta1 / (1 - beta1 ** (1 + t))
        factor_2     = sqrt(c2) * (1 - beta1) / (1 - beta1**t)
        eps_sqrt_c2  = eps * sqrt(c2)
        r            = (factor * m_new + factor_2 * g) / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        m     = 0 before the first step
        v     = 0 before the first step
        last  = 0 before the first step
    """
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    factor = math.sqrt(c2) * beta1 / one_minus_power(beta1, 1 + t)
    factor_2 = math.sqrt(c2) * (1 - beta1) / one_minus_power(beta1, t)
    eps_sqrt_c2 = eps * math.sqrt(c2)
    t_above_one = 1 if t > 1 else 0

    for tile in tiles((w, m, v, last), (g,), scratch=3, stages=stages):
        w, m, v, last, g, s0, s1, s2 = tile
        # m_new = beta1 * m + (1 - beta1) * g  (first moment)
        np.multiply(beta1, m, out=m)
        np.multiply(one_minus_beta1, g, out=s0)
        m_new = np.add(m, s0, out=m)
        # v_new = beta2 * v + (1 - beta2) * g**2  (second moment)
        np.multiply(beta2, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_beta2, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # m_bar = beta1 * m_new / (1 - beta1 ** (1 + t)) + (1 - beta1) * g / (1 - beta1**t)  (first moment, a step ahead, corrected)
        # v_hat = v_new / c2  (second moment, corrected)
        # r = m_bar / (sqrt(v_hat) + eps)  (direction)
        #   = (factor * m_new + factor_2 * g) / (sqrt(v_new) + eps_sqrt_c2)
        np.multiply(factor, m_new, out=s0)
        np.multiply(factor_2, g, out=s1)
        np.add(s0, s1, out=s0)
        np.sqrt(v_new, out=s1)
        np.add(s1, eps_sqrt_c2, out=s1)
        r = np.divide(s0, s1, out=s0)
        # u = where(t > 1, last, r)  (direction of the step before, in the first that of this)
        np.copyto(s1, r)
        np.copyto(s1, last, where=t_above_one != 0)
        u = s1
        # last_new = r
        np.copyto(last, r)
        # w_new = w - lr * r - optimism * (r - u)  (descent)
        np.multiply(lr, r, out=s2)
        np.subtract(w, s2, out=w)
        np.subtract(r, u, out=s0)
        np.multiply(optimism, s0, out=s0)
        np.subtract(w, s0, out=w)


class OptimisticNAdam(NumpyOptimizer):
    """OptimisticNAdam: NAdam without a schedule of the momentum that adds how its direction changed.

    Source: Daskalakis et al. (2018), arXiv:1711.00141, over NAdam, as by default in optax.optimistic_adam.
    The equations are in `optimistic_nadam_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr        lr >= 0         learning rate
        beta2     0 <= beta2 < 1  decay of the second moment
        beta1     0 <= beta1 < 1  decay of the first moment
        eps       eps >= 0        keeps the division from zero
        optimism  optimism >= 0   rate of the change of the step
    """

    lr: Hyper
    beta2: Hyper
    beta1: Hyper
    eps: Hyper
    optimism: Hyper

    _states: ClassVar = ("m", "v", "last")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "optimism": ("optimism >= 0", lambda optimism: optimism >= 0),
    }
    _own_t: ClassVar = True
    _update = staticmethod(optimistic_nadam_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta2: Hyper = 0.999,
        beta1: Hyper = 0.9,
        eps: Hyper = 1e-8,
        optimism: Hyper = 0.001,
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
            eps=eps,
            optimism=optimism,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))
