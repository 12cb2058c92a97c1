# generated from specs/adan.py; regenerate with: python cli.py generate adan
"""Adan: Adam with Nesterov's momentum, estimated from differences of gradients. Two rules go by this name."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "Adan",
    "AdanOptax",
    "AdanProximal",
    "adan_elements",
    "adan_optax_elements",
    "adan_optax_scalars",
    "adan_proximal_elements",
    "adan_proximal_scalars",
    "adan_scalars",
]


def adan_proximal_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.98,
    beta2: float = 0.92,
    beta3: float = 0.99,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of AdanProximal: the last arguments of `adan_proximal_elements`.

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
    return (t_above_one, beta1, one_minus_beta1, beta2, one_minus_beta2, beta3, one_minus_beta3, sqrt_c3_over_c1, sqrt_c3_beta2_over_c2, eps_sqrt_c3, lr, one_plus_lr_weight_decay)


def adan_proximal_elements(
    w: Array,
    m: Array,
    v: Array,
    n_: Array,
    last: Array,
    g: Array,
    t_above_one: float,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    beta3: float,
    one_minus_beta3: float,
    sqrt_c3_over_c1: float,
    sqrt_c3_beta2_over_c2: float,
    eps_sqrt_c3: float,
    lr: float,
    one_plus_lr_weight_decay: float,
) -> tuple[Array, ...]:
    """A step of AdanProximal for each element; returns w, m, v, n_, last after it.

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

    What is computed comes to the same with fewer operations for each element:

        sqrt_c3_over_c1        = sqrt(c3) / c1
        sqrt_c3_beta2_over_c2  = sqrt(c3) * beta2 / c2
        eps_sqrt_c3            = eps * sqrt(c3)
        u                      = (sqrt_c3_over_c1 * m_new + sqrt_c3_beta2_over_c2 * v_new) / (sqrt(n__new) + eps_sqrt_c3)

    w, m, v, n_, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    diff = torch.where(t_above_one != 0, g - last, 0)  # difference of two gradients
    last_new = g
    m_new = beta1 * m + one_minus_beta1 * g  # mean gradient
    v_new = beta2 * v + one_minus_beta2 * diff  # mean difference
    ahead = g + beta2 * diff  # gradient, a step ahead
    n__new = beta3 * n_ + one_minus_beta3 * ahead**2  # second moment
    u = (sqrt_c3_over_c1 * m_new + sqrt_c3_beta2_over_c2 * v_new) / (torch.sqrt(n__new) + eps_sqrt_c3)  # direction
    w_new = (w - lr * u) / one_plus_lr_weight_decay  # proximal descent
    return (w_new, m_new, v_new, n__new, last_new)


class AdanProximal(TorchOptimizer):
    """AdanProximal: Adan with proximal weight decay.

    Source: Xie et al. (2022), Algorithm 1, arXiv:2208.06677, with 1 - beta for its beta, and bias correction, as in github.com/sail-sg/Adan.
    The equations are in `adan_proximal_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the mean gradient
        beta2         0 <= beta2 < 1     decay of the mean difference of gradients
        beta3         0 <= beta3 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decoupled weight decay
    """

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
    _scalars = staticmethod(adan_proximal_scalars)
    _elements = staticmethod(adan_proximal_elements)

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
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, beta3=beta3, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))


def adan_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.98,
    beta2: float = 0.92,
    beta3: float = 0.99,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of Adan: the last arguments of `adan_elements`.

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
    return (t_above_one, beta1, one_minus_beta1, beta2, one_minus_beta2, beta3, one_minus_beta3, sqrt_c3_over_c1, sqrt_c3_beta2_over_c2, eps_sqrt_c3, lr_weight_decay, lr)


def adan_elements(
    w: Array,
    m: Array,
    v: Array,
    n_: Array,
    last: Array,
    g: Array,
    t_above_one: float,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    beta3: float,
    one_minus_beta3: float,
    sqrt_c3_over_c1: float,
    sqrt_c3_beta2_over_c2: float,
    eps_sqrt_c3: float,
    lr_weight_decay: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of Adan for each element; returns w, m, v, n_, last after it.

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

    What is computed comes to the same with fewer operations for each element:

        sqrt_c3_over_c1        = sqrt(c3) / c1
        sqrt_c3_beta2_over_c2  = sqrt(c3) * beta2 / c2
        eps_sqrt_c3            = eps * sqrt(c3)
        u                      = (sqrt_c3_over_c1 * m_new + sqrt_c3_beta2_over_c2 * v_new) / (sqrt(n__new) + eps_sqrt_c3)

    w, m, v, n_, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    diff = torch.where(t_above_one != 0, g - last, 0)  # difference of two gradients
    last_new = g
    m_new = beta1 * m + one_minus_beta1 * g  # mean gradient
    v_new = beta2 * v + one_minus_beta2 * diff  # mean difference
    ahead = g + beta2 * diff  # gradient, a step ahead
    n__new = beta3 * n_ + one_minus_beta3 * ahead**2  # second moment
    u = (sqrt_c3_over_c1 * m_new + sqrt_c3_beta2_over_c2 * v_new) / (torch.sqrt(n__new) + eps_sqrt_c3)  # direction
    w_new = w - lr_weight_decay * w - lr * u  # decay and descent
    return (w_new, m_new, v_new, n__new, last_new)


class Adan(TorchOptimizer):
    """Adan: averages of the gradient, of its differences, and of the square of both.

    Source: Xie et al. (2022), arXiv:2208.06677, with the decay of AdamW: no_prox=True of github.com/sail-sg/Adan.
    The equations are in `adan_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the mean gradient
        beta2         0 <= beta2 < 1     decay of the mean difference of gradients
        beta3         0 <= beta3 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decoupled weight decay
    """

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
    _scalars = staticmethod(adan_scalars)
    _elements = staticmethod(adan_elements)

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
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, beta3=beta3, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))


def adan_optax_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.98,
    beta2: float = 0.92,
    beta3: float = 0.99,
    eps: float = 1e-8,
    eps_root: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of AdanOptax: the last arguments of `adan_optax_elements`.

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
    return (t_above_one, beta1, one_minus_beta1, beta2, one_minus_beta2, beta3, one_minus_beta3, sqrt_c3_over_c1, sqrt_c3_one_minus_beta2_over_c2, eps_root_c3, eps_sqrt_c3, lr_weight_decay, lr)


def adan_optax_elements(
    w: Array,
    m: Array,
    v: Array,
    n_: Array,
    last: Array,
    g: Array,
    t_above_one: float,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    beta3: float,
    one_minus_beta3: float,
    sqrt_c3_over_c1: float,
    sqrt_c3_one_minus_beta2_over_c2: float,
    eps_root_c3: float,
    eps_sqrt_c3: float,
    lr_weight_decay: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of AdanOptax for each element; returns w, m, v, n_, last after it.

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

    What is computed comes to the same with fewer operations for each element:

        sqrt_c3_over_c1                  = sqrt(c3) / c1
        sqrt_c3_one_minus_beta2_over_c2  = sqrt(c3) * (1 - beta2) / c2
        eps_root_c3                      = eps_root * c3
        eps_sqrt_c3                      = eps * sqrt(c3)
        u                                = (sqrt_c3_over_c1 * m_new + sqrt_c3_one_minus_beta2_over_c2 * v_new) / (sqrt(n__new + eps_root_c3) + eps_sqrt_c3)

    w, m, v, n_, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    diff = torch.where(t_above_one != 0, g - last, 0)  # difference of two gradients
    last_new = g
    m_new = beta1 * m + one_minus_beta1 * g  # mean gradient
    v_new = beta2 * v + one_minus_beta2 * diff  # mean difference
    ahead = g + one_minus_beta2 * diff  # gradient, a step ahead
    n__new = beta3 * n_ + one_minus_beta3 * ahead**2  # second moment
    u = (sqrt_c3_over_c1 * m_new + sqrt_c3_one_minus_beta2_over_c2 * v_new) / (torch.sqrt(n__new + eps_root_c3) + eps_sqrt_c3)  # direction
    w_new = w - lr_weight_decay * w - lr * u  # decay and descent
    return (w_new, m_new, v_new, n__new, last_new)


class AdanOptax(TorchOptimizer):
    """AdanOptax: Adan that looks ahead by 1 - beta2, where beta2 is meant.

    Source: optax.adan of optax 0.2.8: decays beta as in the authors' code, shares 1 - beta2 as in the paper.
    The equations are in `adan_optax_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the mean gradient
        beta2         0 <= beta2 < 1     decay of the mean difference of gradients
        beta3         0 <= beta3 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        eps_root      eps_root >= 0      keeps the root from zero
        weight_decay  weight_decay >= 0  decoupled weight decay
    """

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
    _scalars = staticmethod(adan_optax_scalars)
    _elements = staticmethod(adan_optax_elements)

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
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, beta3=beta3, eps=eps, eps_root=eps_root, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))
