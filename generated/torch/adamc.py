# generated from specs/adamc.py; regenerate with: python cli.py generate adamc
"""AdamC: AdamW whose decay of the weights follows the square of the learning rate."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power, power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "AdamC",
    "adamc_elements",
    "adamc_scalars",
]


def adamc_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    lr_max: float = 0.001,
    weight_decay: float = 0.05,
) -> tuple[float, ...]:
    """What all elements share in a step of AdamC: the last arguments of `adamc_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    weight_decay_lr_pow_two_over_lr_max = weight_decay * power(lr, 2) / lr_max
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, weight_decay_lr_pow_two_over_lr_max, lr_sqrt_c2_over_c1, eps_sqrt_c2)


def adamc_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    weight_decay_lr_pow_two_over_lr_max: float,
    lr_sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of AdamC for each element; returns w, m, v after it.

        c1     = 1 - beta1**t                    bias of the first moment
        c2     = 1 - beta2**t                    bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g     first moment
        v_new  = beta2 * v + (1 - beta2) * g**2  second moment
        m_hat  = m_new / c1                      first moment, corrected
        v_hat  = v_new / c2                      second moment, corrected
        w_new  = w - weight_decay * lr**2 * w / lr_max - lr * m_hat / (sqrt(v_hat) + eps)  descent and corrected decay

    What is computed comes to the same with fewer operations for each element:

        weight_decay_lr_pow_two_over_lr_max  = weight_decay * lr**2 / lr_max
        lr_sqrt_c2_over_c1                   = lr * sqrt(c2) / c1
        eps_sqrt_c2                          = eps * sqrt(c2)
        w_new                                = w - weight_decay_lr_pow_two_over_lr_max * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - weight_decay_lr_pow_two_over_lr_max * w - lr_sqrt_c2_over_c1 * m_new / (torch.sqrt(v_new) + eps_sqrt_c2)  # descent and corrected decay
    return (w_new, m_new, v_new)


class AdamC(TorchOptimizer):
    """AdamC: Adam with a weight decay that falls as the square of the learning rate.

    Source: Defazio (2025), Algorithm 1, arXiv:2506.02285, for the layers that are followed by a normalization.
    The equations are in `adamc_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        lr_max        lr_max > 0         largest learning rate of the schedule
        weight_decay  weight_decay >= 0  decay of the weights, times lr**2 / lr_max
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "lr_max": ("lr_max > 0", lambda lr_max: lr_max > 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(adamc_scalars)
    _elements = staticmethod(adamc_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        lr_max: Hyper = 0.001,
        weight_decay: Hyper = 0.05,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps, lr_max=lr_max, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
