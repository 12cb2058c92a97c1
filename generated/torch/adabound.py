# generated from specs/adabound.py; regenerate with: python cli.py generate adabound
"""AdaBound: Adam whose step for each weight is held between bounds that close in on that of SGD."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "AMSBound",
    "AdaBound",
    "adabound_elements",
    "adabound_scalars",
    "amsbound_elements",
    "amsbound_scalars",
]


def adabound_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    final_lr: float = 0.1,
    gamma: float = 0.001,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of AdaBound: the last arguments of `adabound_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    lower = final_lr * (1 - 1 / (1 + gamma * t))  # lower bound, from 0 up
    upper = final_lr * (1 + 1 / (gamma * t))  # upper bound, down from infinity
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps, lower, upper)


def adabound_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_sqrt_c2_over_c1: float,
    eps: float,
    lower: float,
    upper: float,
) -> tuple[Array, ...]:
    """A step of AdaBound for each element; returns w, m, v after it.

        c1     = 1 - beta1**t                          bias of the first moment
        c2     = 1 - beta2**t                          bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g           first moment
        v_new  = beta2 * v + (1 - beta2) * g**2        second moment
        lower  = final_lr * (1 - 1 / (1 + gamma * t))  lower bound, from 0 up
        upper  = final_lr * (1 + 1 / (gamma * t))      upper bound, down from infinity
        rate   = minimum(maximum(lr * sqrt(c2) / (c1 * (sqrt(v_new) + eps)), lower), upper)  rate within bounds
        w_new  = w - m_new * rate                      descent

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    rate = torch.minimum(torch.maximum(lr_sqrt_c2_over_c1 / (torch.sqrt(v_new) + eps), lower), upper)  # rate within bounds
    w_new = w - m_new * rate  # descent
    return (w_new, m_new, v_new)


class AdaBound(TorchOptimizer):
    """AdaBound: Adam with bounds on the rate of each weight that close in on one rate for all.

    Source: Luo et al. (2019), Algorithm 2, arXiv:1902.09843, bias and bounds as in the authors' code and Chainer.
    The equations are in `adabound_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr        lr >= 0         learning rate
        beta1     0 <= beta1 < 1  decay of the first moment
        beta2     0 <= beta2 < 1  decay of the second moment
        final_lr  final_lr >= 0   learning rate on which the bounds close in
        gamma     gamma > 0       how fast the bounds close in
        eps       eps >= 0        keeps the division from zero
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "final_lr": ("final_lr >= 0", lambda final_lr: final_lr >= 0),
        "gamma": ("gamma > 0", lambda gamma: gamma > 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(adabound_scalars)
    _elements = staticmethod(adabound_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        final_lr: Hyper = 0.1,
        gamma: Hyper = 0.001,
        eps: Hyper = 1e-8,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, final_lr=final_lr, gamma=gamma, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def amsbound_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    final_lr: float = 0.1,
    gamma: float = 0.001,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of AMSBound: the last arguments of `amsbound_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    lower = final_lr * (1 - 1 / (1 + gamma * t))  # lower bound, from 0 up
    upper = final_lr * (1 + 1 / (gamma * t))  # upper bound, down from infinity
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps, lower, upper)


def amsbound_elements(
    w: Array,
    m: Array,
    v: Array,
    v_max: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_sqrt_c2_over_c1: float,
    eps: float,
    lower: float,
    upper: float,
) -> tuple[Array, ...]:
    """A step of AMSBound for each element; returns w, m, v, v_max after it.

        c1         = 1 - beta1**t                          bias of the first moment
        c2         = 1 - beta2**t                          bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g           first moment
        v_new      = beta2 * v + (1 - beta2) * g**2        second moment
        v_max_new  = maximum(v_max, v_new)                 largest second moment
        lower      = final_lr * (1 - 1 / (1 + gamma * t))  lower bound, from 0 up
        upper      = final_lr * (1 + 1 / (gamma * t))      upper bound, down from infinity
        rate       = minimum(maximum(lr * sqrt(c2) / (c1 * (sqrt(v_max_new) + eps)), lower), upper)  rate within bounds
        w_new      = w - m_new * rate                      descent

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_max_new = torch.maximum(v_max, v_new)  # largest second moment
    rate = torch.minimum(torch.maximum(lr_sqrt_c2_over_c1 / (torch.sqrt(v_max_new) + eps), lower), upper)  # rate within bounds
    w_new = w - m_new * rate  # descent
    return (w_new, m_new, v_new, v_max_new)


class AMSBound(TorchOptimizer):
    """AMSBound: AdaBound with the largest second moment so far.

    Source: Luo et al. (2019), arXiv:1902.09843, AMSBound, bias and bounds as in the authors' code and Chainer.
    The equations are in `amsbound_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr        lr >= 0         learning rate
        beta1     0 <= beta1 < 1  decay of the first moment
        beta2     0 <= beta2 < 1  decay of the second moment
        final_lr  final_lr >= 0   learning rate on which the bounds close in
        gamma     gamma > 0       how fast the bounds close in
        eps       eps >= 0        keeps the division from zero
    """

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "final_lr": ("final_lr >= 0", lambda final_lr: final_lr >= 0),
        "gamma": ("gamma > 0", lambda gamma: gamma > 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(amsbound_scalars)
    _elements = staticmethod(amsbound_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        final_lr: Hyper = 0.1,
        gamma: Hyper = 0.001,
        eps: Hyper = 1e-8,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, final_lr=final_lr, gamma=gamma, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))
