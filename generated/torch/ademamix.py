# generated from specs/ademamix.py; regenerate with: python cli.py generate ademamix
"""AdEMAMix: Adam with a second, slow average of the gradient."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import exp, log, one_minus_power
from ._arrays import Array, Hyper, IntHyper, Stage, TorchOptimizer

__all__ = [
    "AdEMAMix",
    "AdEMAMixScheduled",
    "SimplifiedAdEMAMix",
    "ademamix_elements",
    "ademamix_scalars",
    "ademamix_scheduled_elements",
    "ademamix_scheduled_scalars",
    "simplified_ademamix_elements",
    "simplified_ademamix_scalars",
]


def ademamix_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    beta3: float = 0.9999,
    alpha: float = 5.0,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of AdEMAMix: the last arguments of `ademamix_elements`.

    t is the number of the step, from 1. States:

        m     = 0 before the first step
        slow  = 0 before the first step
        v     = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta3 = 1 - beta3
    one_minus_beta2 = 1 - beta2
    sqrt_c2_over_c1 = math.sqrt(c2) / c1
    sqrt_c2_alpha = math.sqrt(c2) * alpha
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta3, one_minus_beta3, beta2, one_minus_beta2, sqrt_c2_over_c1, sqrt_c2_alpha, eps_sqrt_c2, lr, weight_decay)


def ademamix_elements(
    w: Array,
    m: Array,
    slow: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta3: float,
    one_minus_beta3: float,
    beta2: float,
    one_minus_beta2: float,
    sqrt_c2_over_c1: float,
    sqrt_c2_alpha: float,
    eps_sqrt_c2: float,
    lr: float,
    weight_decay: float,
) -> tuple[Array, ...]:
    """A step of AdEMAMix for each element; returns w, m, slow, v after it.

        c1        = 1 - beta1**t                                      bias of the first moment
        c2        = 1 - beta2**t                                      bias of the second moment
        m_new     = beta1 * m + (1 - beta1) * g                       first moment
        slow_new  = beta3 * slow + (1 - beta3) * g                    slow average
        v_new     = beta2 * v + (1 - beta2) * g**2                    second moment
        m_hat     = m_new / c1                                        first moment, corrected
        v_hat     = v_new / c2                                        second moment, corrected
        u         = (m_hat + alpha * slow_new) / (sqrt(v_hat) + eps)  direction
        w_new     = w - lr * (u + weight_decay * w)                   decay and descent

    What is computed comes to the same with fewer operations for each element:

        sqrt_c2_over_c1  = sqrt(c2) / c1
        sqrt_c2_alpha    = sqrt(c2) * alpha
        eps_sqrt_c2      = eps * sqrt(c2)
        u                = (sqrt_c2_over_c1 * m_new + sqrt_c2_alpha * slow_new) / (sqrt(v_new) + eps_sqrt_c2)

    w, m, slow, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    slow_new = beta3 * slow + one_minus_beta3 * g  # slow average
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    u = (sqrt_c2_over_c1 * m_new + sqrt_c2_alpha * slow_new) / (torch.sqrt(v_new) + eps_sqrt_c2)  # direction
    w_new = w - lr * (u + weight_decay * w)  # decay and descent
    return (w_new, m_new, slow_new, v_new)


class AdEMAMix(TorchOptimizer):
    """AdEMAMix: AdamW with a fast and a slow average of the gradient.

    Source: Pagliardini et al. (2024), Algorithm 1, arXiv:2409.03137, without schedulers, as in github.com/apple/ml-ademamix.
    The equations are in `ademamix_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        beta3         0 <= beta3 < 1     decay of the slow average
        alpha         alpha >= 0         weight of the slow average
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decoupled weight decay
    """

    _states: ClassVar = ("m", "slow", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta3": ("0 <= beta3 < 1", lambda beta3: 0 <= beta3 < 1),
        "alpha": ("alpha >= 0", lambda alpha: alpha >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(ademamix_scalars)
    _elements = staticmethod(ademamix_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        beta3: Hyper = 0.9999,
        alpha: Hyper = 5.0,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, beta3=beta3, alpha=alpha, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))


def ademamix_scheduled_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    warmup: int = 1000,
    alpha: float = 5.0,
    beta_start: float = 0.9,
    beta3: float = 0.9999,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of AdEMAMixScheduled: the last arguments of `ademamix_scheduled_elements`.

    t is the number of the step, from 1. States:

        m     = 0 before the first step
        slow  = 0 before the first step
        v     = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    share = min(1, t / warmup)
    alpha_t = share * alpha  # weight of the slow average
    from_log = log(beta_start)
    to_log = log(beta3)
    beta3_t = min(beta3, exp(from_log * to_log / (share * from_log + to_log * (1 - share))))  # decay of the slow average, with a half-life that rises linearly
    one_minus_beta1 = 1 - beta1
    one_minus_beta3_t = 1 - beta3_t
    one_minus_beta2 = 1 - beta2
    sqrt_c2_over_c1 = math.sqrt(c2) / c1
    sqrt_c2_alpha_t = math.sqrt(c2) * alpha_t
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta3_t, one_minus_beta3_t, beta2, one_minus_beta2, sqrt_c2_over_c1, sqrt_c2_alpha_t, eps_sqrt_c2, lr, weight_decay)


def ademamix_scheduled_elements(
    w: Array,
    m: Array,
    slow: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta3_t: float,
    one_minus_beta3_t: float,
    beta2: float,
    one_minus_beta2: float,
    sqrt_c2_over_c1: float,
    sqrt_c2_alpha_t: float,
    eps_sqrt_c2: float,
    lr: float,
    weight_decay: float,
) -> tuple[Array, ...]:
    """A step of AdEMAMixScheduled for each element; returns w, m, slow, v after it.

        c1        = 1 - beta1**t                                        bias of the first moment
        c2        = 1 - beta2**t                                        bias of the second moment
        share     = minimum(1, t / warmup)
        alpha_t   = share * alpha                                       weight of the slow average
        from_log  = log(beta_start)
        to_log    = log(beta3)
        beta3_t   = minimum(beta3, exp(from_log * to_log / (share * from_log + to_log * (1 - share))))  decay of the slow average, with a half-life that rises linearly
        m_new     = beta1 * m + (1 - beta1) * g                         first moment
        slow_new  = beta3_t * slow + (1 - beta3_t) * g                  slow average
        v_new     = beta2 * v + (1 - beta2) * g**2                      second moment
        m_hat     = m_new / c1                                          first moment, corrected
        v_hat     = v_new / c2                                          second moment, corrected
        u         = (m_hat + alpha_t * slow_new) / (sqrt(v_hat) + eps)  direction
        w_new     = w - lr * (u + weight_decay * w)                     decay and descent

    What is computed comes to the same with fewer operations for each element:

        sqrt_c2_over_c1  = sqrt(c2) / c1
        sqrt_c2_alpha_t  = sqrt(c2) * alpha_t
        eps_sqrt_c2      = eps * sqrt(c2)
        u                = (sqrt_c2_over_c1 * m_new + sqrt_c2_alpha_t * slow_new) / (sqrt(v_new) + eps_sqrt_c2)

    w, m, slow, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    slow_new = beta3_t * slow + one_minus_beta3_t * g  # slow average
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    u = (sqrt_c2_over_c1 * m_new + sqrt_c2_alpha_t * slow_new) / (torch.sqrt(v_new) + eps_sqrt_c2)  # direction
    w_new = w - lr * (u + weight_decay * w)  # decay and descent
    return (w_new, m_new, slow_new, v_new)


class AdEMAMixScheduled(TorchOptimizer):
    """AdEMAMixScheduled: AdEMAMix whose slow average grows in.

    Source: Pagliardini et al. (2024), Algorithm 1, arXiv:2409.03137, with the schedulers of alpha and beta3; github.com/apple/ml-ademamix adds 1e-8 to the decays whose half-lives it forms.
    The equations are in `ademamix_scheduled_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0              learning rate
        beta1         0 <= beta1 < 1       decay of the first moment
        beta2         0 <= beta2 < 1       decay of the second moment
        warmup        integer warmup >= 1  steps until alpha and beta3 are reached
        alpha         alpha >= 0           weight of the slow average
        beta_start    0 < beta_start < 1   decay from which that of the slow average rises
        beta3         0 < beta3 < 1        decay that the slow average comes to have
        eps           eps >= 0             keeps the division from zero
        weight_decay  weight_decay >= 0    decoupled weight decay
    """

    _states: ClassVar = ("m", "slow", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "warmup": ("integer warmup >= 1", lambda warmup: warmup >= 1 and warmup % 1 == 0),
        "alpha": ("alpha >= 0", lambda alpha: alpha >= 0),
        "beta_start": ("0 < beta_start < 1", lambda beta_start: 0 < beta_start < 1),
        "beta3": ("0 < beta3 < 1", lambda beta3: 0 < beta3 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(ademamix_scheduled_scalars)
    _elements = staticmethod(ademamix_scheduled_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        warmup: IntHyper = 1000,
        alpha: Hyper = 5.0,
        beta_start: Hyper = 0.9,
        beta3: Hyper = 0.9999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, warmup=warmup, alpha=alpha, beta_start=beta_start, beta3=beta3, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))


def simplified_ademamix_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.95,
    beta1: float = 0.99,
    alpha: float = 0.0,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of SimplifiedAdEMAMix: the last arguments of `simplified_ademamix_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c2 = one_minus_power(beta2, t)  # correction of the second moment
    one_minus_beta2 = 1 - beta2
    return (beta1, beta2, one_minus_beta2, c2, alpha, eps, lr, weight_decay)


def simplified_ademamix_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    beta2: float,
    one_minus_beta2: float,
    c2: float,
    alpha: float,
    eps: float,
    lr: float,
    weight_decay: float,
) -> tuple[Array, ...]:
    """A step of SimplifiedAdEMAMix for each element; returns w, m, v after it.

        c2     = 1 - beta2**t                               correction of the second moment
        m_new  = g + beta1 * m                              sum of gradients
        v_new  = beta2 * v + (1 - beta2) * g**2             second moment
        v_hat  = v_new / c2                                 second moment, corrected
        u      = (m_new + alpha * g) / (sqrt(v_hat) + eps)  direction
        w_new  = w - lr * (u + weight_decay * w)            decay and descent

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = g + beta1 * m  # sum of gradients
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_hat = v_new / c2  # second moment, corrected
    u = (m_new + alpha * g) / (torch.sqrt(v_hat) + eps)  # direction
    w_new = w - lr * (u + weight_decay * w)  # decay and descent
    return (w_new, m_new, v_new)


class SimplifiedAdEMAMix(TorchOptimizer):
    """SimplifiedAdEMAMix: a sum of gradients and the gradient itself over the root of the second moment.

    Source: Morwani et al. (2025), arXiv:2502.02431, as in optax.contrib.simplified_ademamix.
    The equations are in `simplified_ademamix_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta2         0 <= beta2 < 1     decay of the second moment
        beta1         0 <= beta1 < 1     decay of the sum of gradients
        alpha         alpha >= 0         weight of the gradient
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decoupled weight decay
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "alpha": ("alpha >= 0", lambda alpha: alpha >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(simplified_ademamix_scalars)
    _elements = staticmethod(simplified_ademamix_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta2: Hyper = 0.95,
        beta1: Hyper = 0.99,
        alpha: Hyper = 0.0,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta2=beta2, beta1=beta1, alpha=alpha, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
