# generated from specs/nadam.py; regenerate with: python cli.py generate nadam
"""NAdam: Adam with Nesterov's momentum. Three rules go by this name."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "NAdam",
    "NAdamKeras",
    "NAdamSimple",
    "nadam_elements",
    "nadam_keras_elements",
    "nadam_keras_scalars",
    "nadam_keras_shared",
    "nadam_scalars",
    "nadam_shared",
    "nadam_simple_elements",
    "nadam_simple_scalars",
]


def nadam_keras_scalars(
    product: float,
    t: int,
    *,
    lr: float = 0.002,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of NAdamKeras: the last arguments of `nadam_keras_elements`.

    t is the number of the step, from 1. States:

        product  = 1 before the first step
        m        = 0 before the first step
        v        = 0 before the first step
    """
    mu = beta1 * (1 - (24 / 25) ** t / 2)  # momentum of this step
    mu_next = beta1 * (1 - (24 / 25) ** (1 + t) / 2)  # momentum of the next step
    product_new = product * mu  # product of the momenta so far
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    factor = lr * math.sqrt(c2) * mu_next / (1 - mu_next * product_new)
    factor_2 = lr * math.sqrt(c2) * (1 - mu) / (1 - product_new)
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, factor, factor_2, eps_sqrt_c2)


def nadam_keras_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    factor: float,
    factor_2: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of NAdamKeras for each element; returns w, m, v after it.

        mu           = beta1 * (1 - (24 / 25) ** t / 2)        momentum of this step
        mu_next      = beta1 * (1 - (24 / 25) ** (1 + t) / 2)  momentum of the next step
        product_new  = product * mu                            product of the momenta so far
        c2           = 1 - beta2**t                            bias of the second moment
        m_new        = beta1 * m + (1 - beta1) * g             first moment
        v_new        = beta2 * v + (1 - beta2) * g**2          second moment
        m_bar        = mu_next * m_new / (1 - mu_next * product_new) + (1 - mu) * g / (1 - product_new)  first moment, a step ahead, corrected
        v_hat        = v_new / c2                              second moment, corrected
        w_new        = w - lr * m_bar / (sqrt(v_hat) + eps)    descent

    What is computed comes to the same with fewer operations for each element:

        factor       = lr * sqrt(c2) * mu_next / (1 - mu_next * product_new)
        factor_2     = lr * sqrt(c2) * (1 - mu) / (1 - product_new)
        eps_sqrt_c2  = eps * sqrt(c2)
        w_new        = w - (factor * m_new + factor_2 * g) / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - (factor * m_new + factor_2 * g) / (torch.sqrt(v_new) + eps_sqrt_c2)  # descent
    return (w_new, m_new, v_new)


def nadam_keras_shared(
    product: float,
    t: int,
    *,
    lr: float = 0.002,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    mu = beta1 * (1 - (24 / 25) ** t / 2)  # momentum of this step
    product_new = product * mu  # product of the momenta so far
    return (product_new,)


class NAdamKeras(TorchOptimizer):
    """NAdamKeras: Adam with Nesterov's momentum, on a schedule of its own.

    Source: Dozat (2016), openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ, as in keras.optimizers.Nadam.
    The equations are in `nadam_keras_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(nadam_keras_scalars)
    _elements = staticmethod(nadam_keras_elements)
    _advance = staticmethod(nadam_keras_shared)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.002,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"product": 1}


def nadam_scalars(
    product: float,
    t: int,
    *,
    lr: float = 0.002,
    beta1: float = 0.9,
    momentum_decay: float = 0.004,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of NAdam: the last arguments of `nadam_elements`.

    t is the number of the step, from 1. States:

        product  = 1 before the first step
        m        = 0 before the first step
        v        = 0 before the first step
    """
    mu = beta1 * (1 - (24 / 25) ** (momentum_decay * t) / 2)  # momentum of this step
    mu_next = beta1 * (1 - (24 / 25) ** (momentum_decay * (1 + t)) / 2)  # momentum of the next step
    product_new = product * mu  # product of the momenta so far
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    factor = lr * math.sqrt(c2) * mu_next / (1 - mu_next * product_new)
    factor_2 = lr * math.sqrt(c2) * (1 - mu) / (1 - product_new)
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, factor, factor_2, eps_sqrt_c2)


def nadam_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    factor: float,
    factor_2: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of NAdam for each element; returns w, m, v after it.

        mu           = beta1 * (1 - (24 / 25) ** (momentum_decay * t) / 2)        momentum of this step
        mu_next      = beta1 * (1 - (24 / 25) ** (momentum_decay * (1 + t)) / 2)  momentum of the next step
        product_new  = product * mu                                               product of the momenta so far
        c2           = 1 - beta2**t                                               bias of the second moment
        m_new        = beta1 * m + (1 - beta1) * g                                first moment
        v_new        = beta2 * v + (1 - beta2) * g**2                             second moment
        m_bar        = mu_next * m_new / (1 - mu_next * product_new) + (1 - mu) * g / (1 - product_new)  first moment, a step ahead, corrected
        v_hat        = v_new / c2                                                 second moment, corrected
        w_new        = w - lr * m_bar / (sqrt(v_hat) + eps)                       descent

    What is computed comes to the same with fewer operations for each element:

        factor       = lr * sqrt(c2) * mu_next / (1 - mu_next * product_new)
        factor_2     = lr * sqrt(c2) * (1 - mu) / (1 - product_new)
        eps_sqrt_c2  = eps * sqrt(c2)
        w_new        = w - (factor * m_new + factor_2 * g) / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - (factor * m_new + factor_2 * g) / (torch.sqrt(v_new) + eps_sqrt_c2)  # descent
    return (w_new, m_new, v_new)


def nadam_shared(
    product: float,
    t: int,
    *,
    lr: float = 0.002,
    beta1: float = 0.9,
    momentum_decay: float = 0.004,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    mu = beta1 * (1 - (24 / 25) ** (momentum_decay * t) / 2)  # momentum of this step
    product_new = product * mu  # product of the momenta so far
    return (product_new,)


class NAdam(TorchOptimizer):
    """NAdam: Adam with Nesterov's momentum, on a schedule that momentum_decay sets.

    Source: Dozat (2016), openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ, as in torch.optim.NAdam.
    The equations are in `nadam_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr              lr >= 0              learning rate
        beta1           0 <= beta1 < 1       decay of the first moment
        momentum_decay  momentum_decay >= 0  how fast the momentum rises to beta1
        beta2           0 <= beta2 < 1       decay of the second moment
        eps             eps >= 0             keeps the division from zero
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "momentum_decay": ("momentum_decay >= 0", lambda momentum_decay: momentum_decay >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(nadam_scalars)
    _elements = staticmethod(nadam_elements)
    _advance = staticmethod(nadam_shared)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.002,
        beta1: Hyper = 0.9,
        momentum_decay: Hyper = 0.004,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, momentum_decay=momentum_decay, beta2=beta2, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"product": 1}


def nadam_simple_scalars(
    t: int,
    *,
    lr: float = 0.002,
    beta2: float = 0.999,
    beta1: float = 0.9,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of NAdamSimple: the last arguments of `nadam_simple_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    factor = lr * math.sqrt(c2) * beta1 / one_minus_power(beta1, 1 + t)
    factor_2 = lr * math.sqrt(c2) * (1 - beta1) / one_minus_power(beta1, t)
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, factor, factor_2, eps_sqrt_c2)


def nadam_simple_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    factor: float,
    factor_2: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of NAdamSimple for each element; returns w, m, v after it.

        c2     = 1 - beta2**t                          bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g           first moment
        v_new  = beta2 * v + (1 - beta2) * g**2        second moment
        m_bar  = beta1 * m_new / (1 - beta1 ** (1 + t)) + (1 - beta1) * g / (1 - beta1**t)  first moment, a step ahead, corrected
        v_hat  = v_new / c2                            second moment, corrected
        w_new  = w - lr * m_bar / (sqrt(v_hat) + eps)  descent

    What is computed comes to the same with fewer operations for each element:

        factor       = lr * sqrt(c2) * beta1 / (1 - beta1 ** (1 + t))
        factor_2     = lr * sqrt(c2) * (1 - beta1) / (1 - beta1**t)
        eps_sqrt_c2  = eps * sqrt(c2)
        w_new        = w - (factor * m_new + factor_2 * g) / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - (factor * m_new + factor_2 * g) / (torch.sqrt(v_new) + eps_sqrt_c2)  # descent
    return (w_new, m_new, v_new)


class NAdamSimple(TorchOptimizer):
    """NAdamSimple: Adam with Nesterov's momentum and no schedule.

    Source: Dozat (2016), Algorithm 2 with a constant momentum, as in optax.nadam.
    The equations are in `nadam_simple_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta2  0 <= beta2 < 1  decay of the second moment
        beta1  0 <= beta1 < 1  decay of the first moment
        eps    eps >= 0        keeps the division from zero
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(nadam_simple_scalars)
    _elements = staticmethod(nadam_simple_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.002,
        beta2: Hyper = 0.999,
        beta1: Hyper = 0.9,
        eps: Hyper = 1e-8,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta2=beta2, beta1=beta1, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
