# generated from specs/adahessian.py; regenerate with: python cli.py generate adahessian
"""AdaHessian: Adam whose second moment is that of the diagonal of the Hessian."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "AdaHessian",
    "adahessian_elements",
    "adahessian_scalars",
]


def adahessian_scalars(
    t: int,
    *,
    lr: float = 0.15,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 0.0001,
    hessian_power: float = 1.0,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of AdaHessian: the last arguments of `adahessian_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay
    lr_over_c1 = lr / c1
    hessian_power_over_two = hessian_power / 2
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, c2, lr_weight_decay, lr_over_c1, hessian_power_over_two, eps)


def adahessian_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    hessian: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    c2: float,
    lr_weight_decay: float,
    lr_over_c1: float,
    hessian_power_over_two: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AdaHessian for each element; returns w, m, v after it.

        c1     = 1 - beta1**t                          bias of the first moment
        c2     = 1 - beta2**t                          bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g           first moment
        v_new  = beta2 * v + (1 - beta2) * hessian**2  second moment of the Hessian
        m_hat  = m_new / c1                            first moment, corrected
        v_hat  = v_new / c2                            second moment, corrected
        w_new  = w - lr * (weight_decay * w + m_hat / (v_hat ** (hessian_power / 2) + eps))  descent, decay

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay         = lr * weight_decay
        lr_over_c1              = lr / c1
        hessian_power_over_two  = hessian_power / 2
        w_new                   = w - (lr_weight_decay * w + lr_over_c1 * m_new / (v_hat**hessian_power_over_two + eps))

    w, m, v, g, hessian are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g and hessian are only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * hessian**2  # second moment of the Hessian
    v_hat = v_new / c2  # second moment, corrected
    w_new = w - (lr_weight_decay * w + lr_over_c1 * m_new / (v_hat**hessian_power_over_two + eps))  # descent, decay
    return (w_new, m_new, v_new)


class AdaHessian(TorchOptimizer):
    """AdaHessian: the momentum over the root mean square of the diagonal of the Hessian, to a power.

    Source: Yao et al. (2021), Algorithm 1, arXiv:2006.00719, for each element; what estimates the Hessian, and averages it over space, is left to the caller.
    The equations are in `adahessian_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    A step is step(hessian=hessian):

        hessian  tensors, one for each parameter  an estimate of the diagonal of the Hessian at w, averaged over space as the paper has it

    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr             lr >= 0                 learning rate
        beta1          0 <= beta1 < 1          decay of the first moment
        beta2          0 <= beta2 < 1          decay of the second moment of the Hessian
        eps            eps >= 0                keeps the division from zero
        hessian_power  0 < hessian_power <= 1  power of the Hessian that is divided by
        weight_decay   weight_decay >= 0       decoupled weight decay
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "hessian_power": ("0 < hessian_power <= 1", lambda hessian_power: 0 < hessian_power <= 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _inputs: ClassVar = ("hessian",)
    _scalars = staticmethod(adahessian_scalars)
    _elements = staticmethod(adahessian_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.15,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 0.0001,
        hessian_power: Hyper = 1.0,
        weight_decay: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps, hessian_power=hessian_power, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
