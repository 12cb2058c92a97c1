# generated from specs/optimistic.py; regenerate with: python cli.py generate optimistic
"""Optimistic steps: the gradient of tomorrow is guessed to change as that of today did."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "OptimisticAdam",
    "OptimisticGD",
    "OptimisticNAdam",
    "optimistic_adam_elements",
    "optimistic_adam_scalars",
    "optimistic_gd_elements",
    "optimistic_gd_scalars",
    "optimistic_nadam_elements",
    "optimistic_nadam_scalars",
]


def optimistic_gd_scalars(
    t: int,
    *,
    lr: float = 0.001,
    alpha: float = 1.0,
    beta: float = 1.0,
) -> tuple[float, ...]:
    """What all elements share in a step of OptimisticGD: the last arguments of `optimistic_gd_elements`.

    t is the number of the step of this parameter, from 1. States:

        last  = 0 before the first step
    """
    t_above_one = 1 if t > 1 else 0
    lr_alpha_plus_beta = lr * (alpha + beta)
    lr_beta = lr * beta
    return (t_above_one, lr_alpha_plus_beta, lr_beta)


def optimistic_gd_elements(
    w: Array,
    last: Array,
    g: Array,
    t_above_one: float,
    lr_alpha_plus_beta: float,
    lr_beta: float,
) -> tuple[Array, ...]:
    """A step of OptimisticGD for each element; returns w, last after it.

        u         = where(t > 1, last, g)                     gradient of the step before, in the first that of this
        last_new  = g
        w_new     = w - lr * ((alpha + beta) * g - beta * u)  descent

    What is computed comes to the same with fewer operations for each element:

        lr_alpha_plus_beta  = lr * (alpha + beta)
        lr_beta             = lr * beta
        w_new               = w - (lr_alpha_plus_beta * g - lr_beta * u)

    w, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    u = torch.where(t_above_one != 0, last, g)  # gradient of the step before, in the first that of this
    last_new = g
    w_new = w - (lr_alpha_plus_beta * g - lr_beta * u)  # descent
    return (w_new, last_new)


class OptimisticGD(TorchOptimizer):
    """OptimisticGD: gradient descent that adds how the gradient changed; for games, where descent goes round in circles.

    Source: Mokhtari, Ozdaglar & Pattathil (2019), arXiv:1901.08511, as in optax.optimistic_gradient_descent.
    The equations are in `optimistic_gd_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0     learning rate
        alpha  alpha >= 0  weight of the gradient
        beta   beta >= 0   weight of its change
    """

    _states: ClassVar = ("last",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "alpha": ("alpha >= 0", lambda alpha: alpha >= 0),
        "beta": ("beta >= 0", lambda beta: beta >= 0),
    }
    _own_t: ClassVar = True
    _scalars = staticmethod(optimistic_gd_scalars)
    _elements = staticmethod(optimistic_gd_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        alpha: Hyper = 1.0,
        beta: Hyper = 1.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, alpha=alpha, beta=beta)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)


def optimistic_adam_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    optimism: float = 0.001,
) -> tuple[float, ...]:
    """What all elements share in a step of OptimisticAdam: the last arguments of `optimistic_adam_elements`.

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
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, sqrt_c2_over_c1, eps_sqrt_c2, t_above_one, lr, optimism)


def optimistic_adam_elements(
    w: Array,
    m: Array,
    v: Array,
    last: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
    t_above_one: float,
    lr: float,
    optimism: float,
) -> tuple[Array, ...]:
    """A step of OptimisticAdam for each element; returns w, m, v, last after it.

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

    What is computed comes to the same with fewer operations for each element:

        sqrt_c2_over_c1  = sqrt(c2) / c1
        eps_sqrt_c2      = eps * sqrt(c2)
        r                = sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    r = sqrt_c2_over_c1 * m_new / (torch.sqrt(v_new) + eps_sqrt_c2)  # direction
    u = torch.where(t_above_one != 0, last, r)  # direction of the step before, in the first that of this
    last_new = r
    w_new = w - lr * r - optimism * (r - u)  # descent
    return (w_new, m_new, v_new, last_new)


class OptimisticAdam(TorchOptimizer):
    """OptimisticAdam: Adam that adds how its direction changed.

    Source: Daskalakis et al. (2018), Algorithm 1, arXiv:1711.00141, as in optax.optimistic_adam(nesterov=False).
    The equations are in `optimistic_adam_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr        lr >= 0         learning rate
        beta1     0 <= beta1 < 1  decay of the first moment
        beta2     0 <= beta2 < 1  decay of the second moment
        eps       eps >= 0        keeps the division from zero
        optimism  optimism >= 0   rate of the change of the step
    """

    _states: ClassVar = ("m", "v", "last")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "optimism": ("optimism >= 0", lambda optimism: optimism >= 0),
    }
    _own_t: ClassVar = True
    _scalars = staticmethod(optimistic_adam_scalars)
    _elements = staticmethod(optimistic_adam_elements)

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
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps, optimism=optimism)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))


def optimistic_nadam_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.999,
    beta1: float = 0.9,
    eps: float = 1e-8,
    optimism: float = 0.001,
) -> tuple[float, ...]:
    """What all elements share in a step of OptimisticNAdam: the last arguments of `optimistic_nadam_elements`.

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
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, factor, factor_2, eps_sqrt_c2, t_above_one, lr, optimism)


def optimistic_nadam_elements(
    w: Array,
    m: Array,
    v: Array,
    last: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    factor: float,
    factor_2: float,
    eps_sqrt_c2: float,
    t_above_one: float,
    lr: float,
    optimism: float,
) -> tuple[Array, ...]:
    """A step of OptimisticNAdam for each element; returns w, m, v, last after it.

        c2        = 1 - beta2**t                     bias of the second moment
        m_new     = beta1 * m + (1 - beta1) * g      first moment
        v_new     = beta2 * v + (1 - beta2) * g**2   second moment
        m_bar     = beta1 * m_new / (1 - beta1 ** (1 + t)) + (1 - beta1) * g / (1 - beta1**t)  first moment, a step ahead, corrected
        v_hat     = v_new / c2                       second moment, corrected
        r         = m_bar / (sqrt(v_hat) + eps)      direction
        u         = where(t > 1, last, r)            direction of the step before, in the first that of this
        last_new  = r
        w_new     = w - lr * r - optimism * (r - u)  descent

    What is computed comes to the same with fewer operations for each element:

        factor       = sqrt(c2) * beta1 / (1 - beta1 ** (1 + t))
        factor_2     = sqrt(c2) * (1 - beta1) / (1 - beta1**t)
        eps_sqrt_c2  = eps * sqrt(c2)
        r            = (factor * m_new + factor_2 * g) / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    r = (factor * m_new + factor_2 * g) / (torch.sqrt(v_new) + eps_sqrt_c2)  # direction
    u = torch.where(t_above_one != 0, last, r)  # direction of the step before, in the first that of this
    last_new = r
    w_new = w - lr * r - optimism * (r - u)  # descent
    return (w_new, m_new, v_new, last_new)


class OptimisticNAdam(TorchOptimizer):
    """OptimisticNAdam: NAdam without a schedule of the momentum that adds how its direction changed.

    Source: Daskalakis et al. (2018), arXiv:1711.00141, over NAdam, as by default in optax.optimistic_adam.
    The equations are in `optimistic_nadam_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr        lr >= 0         learning rate
        beta2     0 <= beta2 < 1  decay of the second moment
        beta1     0 <= beta1 < 1  decay of the first moment
        eps       eps >= 0        keeps the division from zero
        optimism  optimism >= 0   rate of the change of the step
    """

    _states: ClassVar = ("m", "v", "last")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "optimism": ("optimism >= 0", lambda optimism: optimism >= 0),
    }
    _own_t: ClassVar = True
    _scalars = staticmethod(optimistic_nadam_scalars)
    _elements = staticmethod(optimistic_nadam_elements)

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
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta2=beta2, beta1=beta1, eps=eps, optimism=optimism)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))
