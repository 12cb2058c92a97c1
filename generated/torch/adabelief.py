# generated from specs/adabelief.py; regenerate with: python cli.py generate adabelief
"""AdaBelief: a step scaled by how far the gradients are from what their average lets one expect."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "AdaBelief",
    "AdaBeliefNesterov",
    "adabelief_elements",
    "adabelief_nesterov_elements",
    "adabelief_nesterov_scalars",
    "adabelief_scalars",
]


def adabelief_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps_root: float = 1e-16,
    eps: float = 1e-16,
) -> tuple[float, ...]:
    """What all elements share in a step of AdaBelief: the last arguments of `adabelief_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        s  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, eps_root, lr_sqrt_c2_over_c1, eps_sqrt_c2)


def adabelief_elements(
    w: Array,
    m: Array,
    s: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    eps_root: float,
    lr_sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of AdaBelief for each element; returns w, m, s after it.

        c1     = 1 - beta1**t                                           bias of the first moment
        c2     = 1 - beta2**t                                           bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g                            first moment
        s_new  = beta2 * s + (1 - beta2) * (g - m_new) ** 2 + eps_root  variance about the first moment
        m_hat  = m_new / c1                                             first moment, corrected
        s_hat  = s_new / c2                                             variance, corrected
        w_new  = w - lr * m_hat / (sqrt(s_hat) + eps)                   descent

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(s_new) + eps_sqrt_c2)

    w, m, s and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    s_new = beta2 * s + one_minus_beta2 * (g - m_new) ** 2 + eps_root  # variance about the first moment
    w_new = w - lr_sqrt_c2_over_c1 * m_new / (torch.sqrt(s_new) + eps_sqrt_c2)  # descent
    return (w_new, m_new, s_new)


class AdaBelief(TorchOptimizer):
    """AdaBelief: Adam with the variance about the first moment in place of the second moment.

    Source: Zhuang et al. (2020), Algorithm 2, arXiv:2010.07468v2, its two epsilons apart as in optax.adabelief.
    The equations are in `adabelief_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr        lr >= 0         learning rate
        beta1     0 <= beta1 < 1  decay of the first moment
        beta2     0 <= beta2 < 1  decay of the second moment
        eps_root  eps_root >= 0   added to the variance at every step
        eps       eps >= 0        keeps the division from zero
    """

    _states: ClassVar = ("m", "s")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps_root": ("eps_root >= 0", lambda eps_root: eps_root >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(adabelief_scalars)
    _elements = staticmethod(adabelief_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps_root: Hyper = 1e-16,
        eps: Hyper = 1e-16,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps_root=eps_root, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def adabelief_nesterov_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.999,
    beta1: float = 0.9,
    eps_root: float = 1e-16,
    eps: float = 1e-16,
) -> tuple[float, ...]:
    """What all elements share in a step of AdaBeliefNesterov: the last arguments of `adabelief_nesterov_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        s  = 0 before the first step
    """
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    factor = lr * math.sqrt(c2) * beta1 / one_minus_power(beta1, 1 + t)
    factor_2 = lr * math.sqrt(c2) * (1 - beta1) / one_minus_power(beta1, t)
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, eps_root, factor, factor_2, eps_sqrt_c2)


def adabelief_nesterov_elements(
    w: Array,
    m: Array,
    s: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    eps_root: float,
    factor: float,
    factor_2: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of AdaBeliefNesterov for each element; returns w, m, s after it.

        c2     = 1 - beta2**t                                           bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g                            first moment
        s_new  = beta2 * s + (1 - beta2) * (g - m_new) ** 2 + eps_root  variance about the first moment
        m_bar  = beta1 * m_new / (1 - beta1 ** (1 + t)) + (1 - beta1) * g / (1 - beta1**t)  first moment, a step ahead, corrected
        s_hat  = s_new / c2                                             variance, corrected
        w_new  = w - lr * m_bar / (sqrt(s_hat) + eps)                   descent

    What is computed comes to the same with fewer operations for each element:

        factor       = lr * sqrt(c2) * beta1 / (1 - beta1 ** (1 + t))
        factor_2     = lr * sqrt(c2) * (1 - beta1) / (1 - beta1**t)
        eps_sqrt_c2  = eps * sqrt(c2)
        w_new        = w - (factor * m_new + factor_2 * g) / (sqrt(s_new) + eps_sqrt_c2)

    w, m, s and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    s_new = beta2 * s + one_minus_beta2 * (g - m_new) ** 2 + eps_root  # variance about the first moment
    w_new = w - (factor * m_new + factor_2 * g) / (torch.sqrt(s_new) + eps_sqrt_c2)  # descent
    return (w_new, m_new, s_new)


class AdaBeliefNesterov(TorchOptimizer):
    """AdaBeliefNesterov: AdaBelief with Nesterov's momentum.

    Source: Zhuang et al. (2020), Algorithm 2, arXiv:2010.07468v2, as in optax.adabelief(nesterov=True).
    The equations are in `adabelief_nesterov_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr        lr >= 0         learning rate
        beta2     0 <= beta2 < 1  decay of the second moment
        beta1     0 <= beta1 < 1  decay of the first moment
        eps_root  eps_root >= 0   added to the variance at every step
        eps       eps >= 0        keeps the division from zero
    """

    _states: ClassVar = ("m", "s")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "eps_root": ("eps_root >= 0", lambda eps_root: eps_root >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(adabelief_nesterov_scalars)
    _elements = staticmethod(adabelief_nesterov_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta2: Hyper = 0.999,
        beta1: Hyper = 0.9,
        eps_root: Hyper = 1e-16,
        eps: Hyper = 1e-16,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta2=beta2, beta1=beta1, eps_root=eps_root, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
