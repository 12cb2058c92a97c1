# generated from specs/pnm.py; regenerate with: python cli.py generate pnm
"""PNM: two momenta in turn, one of which is taken away from the other, so that the noise is larger than the mean."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power, power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "PNM",
    "AdaPNM",
    "adapnm_elements",
    "adapnm_scalars",
    "pnm_elements",
    "pnm_scalars",
]


def pnm_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta0: float = 1.0,
    beta1: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of PNM: the last arguments of `pnm_elements`.

    t is the number of the step, from 1. States:

        m       = 0 before the first step
        before  = 0 before the first step
    """
    size = math.sqrt(power(beta0, 2) + power(1 + beta0, 2))  # of the two weights
    beta1_pow_two = beta1**2
    one_minus_beta1_pow_two = 1 - beta1**2
    lr_one_plus_beta0_over_size = lr * (1 + beta0) / size
    lr_beta0_over_size = lr * beta0 / size
    return (beta1_pow_two, one_minus_beta1_pow_two, lr_one_plus_beta0_over_size, lr_beta0_over_size)


def pnm_elements(
    w: Array,
    m: Array,
    before: Array,
    g: Array,
    beta1_pow_two: float,
    one_minus_beta1_pow_two: float,
    lr_one_plus_beta0_over_size: float,
    lr_beta0_over_size: float,
) -> tuple[Array, ...]:
    """A step of PNM for each element; returns w, m, before after it.

        size        = sqrt(beta0**2 + (1 + beta0) ** 2)                  of the two weights
        m_new       = beta1**2 * before + (1 - beta1**2) * g             momentum of this step and every second before
        before_new  = m                                                  momentum of the step before
        w_new       = w - lr * ((1 + beta0) * m_new - beta0 * m) / size  descent

    What is computed comes to the same with fewer operations for each element:

        lr_one_plus_beta0_over_size  = lr * (1 + beta0) / size
        lr_beta0_over_size           = lr * beta0 / size
        w_new                        = w - (lr_one_plus_beta0_over_size * m_new - lr_beta0_over_size * m)

    w, m, before and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1_pow_two * before + one_minus_beta1_pow_two * g  # momentum of this step and every second before
    before_new = m  # momentum of the step before
    w_new = w - (lr_one_plus_beta0_over_size * m_new - lr_beta0_over_size * m)  # descent
    return (w_new, m_new, before_new)


class PNM(TorchOptimizer):
    """PNM: positive-negative momentum: more than this momentum less that of the step before.

    Source: Xie et al. (2021), Algorithm 1, arXiv:2103.17182.
    The equations are in `pnm_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta0  beta0 > -1      how much the noise is magnified
        beta1  0 <= beta1 < 1  decay of a momentum in one step
    """

    _states: ClassVar = ("m", "before")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta0": ("beta0 > -1", lambda beta0: beta0 > -1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
    }
    _scalars = staticmethod(pnm_scalars)
    _elements = staticmethod(pnm_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta0: Hyper = 1.0,
        beta1: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta0=beta0, beta1=beta1)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def adapnm_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    beta0: float = 1.0,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of AdaPNM: the last arguments of `adapnm_elements`.

    t is the number of the step, from 1. States:

        m       = 0 before the first step
        before  = 0 before the first step
        v       = 0 before the first step
        v_max   = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    size = math.sqrt(power(beta0, 2) + power(1 + beta0, 2))  # of the two weights
    beta1_pow_two = beta1**2
    one_minus_beta1_pow_two = 1 - beta1**2
    one_minus_beta2 = 1 - beta2
    factor = lr * math.sqrt(c2) * (1 + beta0) / (c1 * size)
    lr_sqrt_c2_beta0_over_c1_over_size = lr * math.sqrt(c2) * beta0 / (c1 * size)
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1_pow_two, one_minus_beta1_pow_two, beta2, one_minus_beta2, factor, lr_sqrt_c2_beta0_over_c1_over_size, eps_sqrt_c2)


def adapnm_elements(
    w: Array,
    m: Array,
    before: Array,
    v: Array,
    v_max: Array,
    g: Array,
    beta1_pow_two: float,
    one_minus_beta1_pow_two: float,
    beta2: float,
    one_minus_beta2: float,
    factor: float,
    lr_sqrt_c2_beta0_over_c1_over_size: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of AdaPNM for each element; returns w, m, before, v, v_max after it.

        c1          = 1 - beta1**t                                   bias of the first moment
        c2          = 1 - beta2**t                                   bias of the second moment
        size        = sqrt(beta0**2 + (1 + beta0) ** 2)              of the two weights
        m_new       = beta1**2 * before + (1 - beta1**2) * g         momentum of this step and every second before
        before_new  = m                                              momentum of the step before
        v_new       = beta2 * v + (1 - beta2) * g**2                 second moment
        v_max_new   = maximum(v_max, v_new)                          largest second moment
        m_hat       = ((1 + beta0) * m_new - beta0 * m) / c1         positive-negative momentum, corrected
        v_hat       = v_max_new / c2                                 corrected
        w_new       = w - lr * m_hat / (size * (sqrt(v_hat) + eps))  descent

    What is computed comes to the same with fewer operations for each element:

        factor                              = lr * sqrt(c2) * (1 + beta0) / (c1 * size)
        lr_sqrt_c2_beta0_over_c1_over_size  = lr * sqrt(c2) * beta0 / (c1 * size)
        eps_sqrt_c2                         = eps * sqrt(c2)
        w_new                               = w - (factor * m_new - lr_sqrt_c2_beta0_over_c1_over_size * m) / (sqrt(v_max_new) + eps_sqrt_c2)

    w, m, before, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1_pow_two * before + one_minus_beta1_pow_two * g  # momentum of this step and every second before
    before_new = m  # momentum of the step before
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_max_new = torch.maximum(v_max, v_new)  # largest second moment
    w_new = w - (factor * m_new - lr_sqrt_c2_beta0_over_c1_over_size * m) / (torch.sqrt(v_max_new) + eps_sqrt_c2)  # descent
    return (w_new, m_new, before_new, v_new, v_max_new)


class AdaPNM(TorchOptimizer):
    """AdaPNM: AMSGrad with positive-negative momentum.

    Source: Xie et al. (2021), Algorithm 2, arXiv:2103.17182, epsilon outside the root as in Adam.
    The equations are in `adapnm_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of a momentum in one step
        beta2  0 <= beta2 < 1  decay of the second moment
        beta0  beta0 > -1      how much the noise is magnified
        eps    eps >= 0        keeps the division from zero
    """

    _states: ClassVar = ("m", "before", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta0": ("beta0 > -1", lambda beta0: beta0 > -1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(adapnm_scalars)
    _elements = staticmethod(adapnm_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        beta0: Hyper = 1.0,
        eps: Hyper = 1e-8,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, beta0=beta0, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))
