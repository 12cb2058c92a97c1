# generated from specs/padam.py; regenerate with: python cli.py generate padam
"""Padam: Adam with the second moment to a smaller power than one half, between momentum and Adam."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "Padam",
    "PadamCorrected",
    "padam_corrected_elements",
    "padam_corrected_scalars",
    "padam_elements",
    "padam_scalars",
]


def padam_scalars(
    t: int,
    *,
    lr: float = 0.1,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    partial: float = 0.125,
) -> tuple[float, ...]:
    """What all elements share in a step of Padam: the last arguments of `padam_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    two_partial = 2 * partial
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr, eps, two_partial)


def padam_elements(
    w: Array,
    m: Array,
    v: Array,
    v_max: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr: float,
    eps: float,
    two_partial: float,
) -> tuple[Array, ...]:
    """A step of Padam for each element; returns w, m, v, v_max after it.

        m_new      = beta1 * m + (1 - beta1) * g                                first moment
        v_new      = beta2 * v + (1 - beta2) * g**2                             second moment
        v_max_new  = maximum(v_max, v_new)                                      largest second moment
        w_new      = w - lr * m_new / (sqrt(v_max_new) + eps) ** (2 * partial)  descent

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_max_new = torch.maximum(v_max, v_new)  # largest second moment
    w_new = w - lr * m_new / (torch.sqrt(v_max_new) + eps) ** two_partial  # descent
    return (w_new, m_new, v_new, v_max_new)


class Padam(TorchOptimizer):
    """Padam: AMSGrad with the largest second moment to a smaller power.

    Source: Chen et al. (2020), Algorithm 1, arXiv:1806.06763, with epsilon beside the root as in the authors' code.
    The equations are in `padam_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr       lr >= 0              learning rate
        beta1    0 <= beta1 < 1       decay of the first moment
        beta2    0 <= beta2 < 1       decay of the second moment
        eps      eps >= 0             keeps the division from zero
        partial  0 <= partial <= 0.5  power of the second moment; 1/2 is that of Adam
    """

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "partial": ("0 <= partial <= 0.5", lambda partial: 0 <= partial <= 0.5),
    }
    _scalars = staticmethod(padam_scalars)
    _elements = staticmethod(padam_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.1,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        partial: Hyper = 0.125,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps, partial=partial)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))


def padam_corrected_scalars(
    t: int,
    *,
    lr: float = 0.1,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    partial: float = 0.125,
) -> tuple[float, ...]:
    """What all elements share in a step of PadamCorrected: the last arguments of `padam_corrected_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    two_partial = 2 * partial
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps, two_partial)


def padam_corrected_elements(
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
    two_partial: float,
) -> tuple[Array, ...]:
    """A step of PadamCorrected for each element; returns w, m, v after it.

        c1     = 1 - beta1**t                    bias of the first moment
        c2     = 1 - beta2**t                    bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g     first moment
        v_new  = beta2 * v + (1 - beta2) * g**2  second moment
        w_new  = w - lr * sqrt(c2) * m_new / (c1 * (sqrt(v_new) + eps) ** (2 * partial))  descent

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - lr_sqrt_c2_over_c1 * m_new / (torch.sqrt(v_new) + eps) ** two_partial  # descent
    return (w_new, m_new, v_new)


class PadamCorrected(TorchOptimizer):
    """PadamCorrected: Adam with the second moment to a smaller power, but not the correction of its bias.

    Source: Chen et al. (2020), arXiv:1806.06763, without the maximum and with the correction of pytorch_optimizer.
    The equations are in `padam_corrected_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr       lr >= 0              learning rate
        beta1    0 <= beta1 < 1       decay of the first moment
        beta2    0 <= beta2 < 1       decay of the second moment
        eps      eps >= 0             keeps the division from zero
        partial  0 <= partial <= 0.5  power of the second moment; 1/2 is that of Adam
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "partial": ("0 <= partial <= 0.5", lambda partial: 0 <= partial <= 0.5),
    }
    _scalars = staticmethod(padam_corrected_scalars)
    _elements = staticmethod(padam_corrected_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.1,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        partial: Hyper = 0.125,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps, partial=partial)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
