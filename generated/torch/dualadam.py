# generated from specs/dualadam.py; regenerate with: python cli.py generate dualadam
"""DualAdam: first the product of Adam's moments, then more and more their quotient."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "DualAdam",
    "InvAdam",
    "dualadam_elements",
    "dualadam_scalars",
    "invadam_elements",
    "invadam_scalars",
]


def dualadam_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    switch_rate: float = 1e-4,
) -> tuple[float, ...]:
    """What all elements share in a step of DualAdam: the last arguments of `dualadam_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    alpha = max(0, 1 - switch_rate * t)  # share of InvAdam
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_alpha_over_sqrt_c2_over_c1 = lr * alpha / (math.sqrt(c2) * c1)
    lr_one_minus_alpha_sqrt_c2_over_c1 = lr * (1 - alpha) * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_alpha_over_sqrt_c2_over_c1, lr_one_minus_alpha_sqrt_c2_over_c1, eps_sqrt_c2)


def dualadam_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_alpha_over_sqrt_c2_over_c1: float,
    lr_one_minus_alpha_sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of DualAdam for each element; returns w, m, v after it.

        c1         = 1 - beta1**t                                    bias of the first moment
        c2         = 1 - beta2**t                                    bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g                     first moment
        v_new      = beta2 * v + (1 - beta2) * g**2                  second moment
        m_hat      = m_new / c1                                      first moment, corrected
        v_hat      = v_new / c2                                      second moment, corrected
        u_inverse  = m_hat * sqrt(v_hat)                             step of InvAdam
        u          = m_hat / (sqrt(v_hat) + eps)                     step of Adam
        alpha      = maximum(0, 1 - switch_rate * t)                 share of InvAdam
        w_new      = w - lr * (alpha * u_inverse + (1 - alpha) * u)  descent

    What is computed comes to the same with fewer operations for each element:

        lr_alpha_over_sqrt_c2_over_c1       = lr * alpha / (sqrt(c2) * c1)
        lr_one_minus_alpha_sqrt_c2_over_c1  = lr * (1 - alpha) * sqrt(c2) / c1
        eps_sqrt_c2                         = eps * sqrt(c2)
        w_new                               = w - (lr_alpha_over_sqrt_c2_over_c1 * m_new * sqrt(v_new) + lr_one_minus_alpha_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2))

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - (lr_alpha_over_sqrt_c2_over_c1 * m_new * torch.sqrt(v_new) + lr_one_minus_alpha_sqrt_c2_over_c1 * m_new / (torch.sqrt(v_new) + eps_sqrt_c2))  # descent
    return (w_new, m_new, v_new)


class DualAdam(TorchOptimizer):
    """DualAdam: Adam whose first steps are larger, not smaller, where the second moment is.

    Source: Shi et al. (2026), Algorithm 2, arXiv:2603.07122.
    The equations are in `dualadam_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr           lr >= 0                learning rate
        beta1        0 <= beta1 < 1         decay of the first moment
        beta2        0 <= beta2 < 1         decay of the second moment
        eps          eps >= 0               keeps the division from zero
        switch_rate  0 <= switch_rate <= 1  share of the way to Adam in every step
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "switch_rate": ("0 <= switch_rate <= 1", lambda switch_rate: 0 <= switch_rate <= 1),
    }
    _scalars = staticmethod(dualadam_scalars)
    _elements = staticmethod(dualadam_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        switch_rate: Hyper = 1e-4,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps, switch_rate=switch_rate)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def invadam_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
) -> tuple[float, ...]:
    """What all elements share in a step of InvAdam: the last arguments of `invadam_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_over_sqrt_c2_over_c1 = lr / (math.sqrt(c2) * c1)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_over_sqrt_c2_over_c1)


def invadam_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_over_sqrt_c2_over_c1: float,
) -> tuple[Array, ...]:
    """A step of InvAdam for each element; returns w, m, v after it.

        c1         = 1 - beta1**t                    bias of the first moment
        c2         = 1 - beta2**t                    bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g     first moment
        v_new      = beta2 * v + (1 - beta2) * g**2  second moment
        m_hat      = m_new / c1                      first moment, corrected
        v_hat      = v_new / c2                      second moment, corrected
        u_inverse  = m_hat * sqrt(v_hat)             step of InvAdam
        w_new      = w - lr * u_inverse              descent

    What is computed comes to the same with fewer operations for each element:

        lr_over_sqrt_c2_over_c1  = lr / (sqrt(c2) * c1)
        w_new                    = w - lr_over_sqrt_c2_over_c1 * m_new * sqrt(v_new)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - lr_over_sqrt_c2_over_c1 * m_new * torch.sqrt(v_new)  # descent
    return (w_new, m_new, v_new)


class InvAdam(TorchOptimizer):
    """InvAdam: Adam that multiplies by the root of the second moment in place of dividing by it.

    Source: Shi et al. (2026), Algorithm 1, arXiv:2603.07122.
    The equations are in `invadam_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
    }
    _scalars = staticmethod(invadam_scalars)
    _elements = staticmethod(invadam_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
