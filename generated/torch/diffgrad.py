# generated from specs/diffgrad.py; regenerate with: python cli.py generate diffgrad
"""diffGrad: Adam with friction where the gradient hardly changes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "DiffGrad",
    "diffgrad_elements",
    "diffgrad_scalars",
]


def diffgrad_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of DiffGrad: the last arguments of `diffgrad_elements`.

    t is the number of the step, from 1. States:

        m     = 0 before the first step
        v     = 0 before the first step
        last  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps_sqrt_c2)


def diffgrad_elements(
    w: Array,
    m: Array,
    v: Array,
    last: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of DiffGrad for each element; returns w, m, v, last after it.

        c1        = 1 - beta1**t                               bias of the first moment
        c2        = 1 - beta2**t                               bias of the second moment
        m_new     = beta1 * m + (1 - beta1) * g                first moment
        v_new     = beta2 * v + (1 - beta2) * g**2             second moment
        m_hat     = m_new / c1                                 first moment, corrected
        v_hat     = v_new / c2                                 second moment, corrected
        xi        = 1 / (exp(-abs(g - last)) + 1)              friction coefficient
        last_new  = g
        w_new     = w - lr * m_hat * xi / (sqrt(v_hat) + eps)  descent

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_sqrt_c2_over_c1 * m_new / ((exp(-abs(g - last)) + 1) * (sqrt(v_new) + eps_sqrt_c2))

    w, m, v, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    last_new = g
    w_new = w - lr_sqrt_c2_over_c1 * m_new / ((torch.exp(-torch.absolute(g - last)) + 1) * (torch.sqrt(v_new) + eps_sqrt_c2))  # descent
    return (w_new, m_new, v_new, last_new)


class DiffGrad(TorchOptimizer):
    """DiffGrad: Adam whose step is multiplied by a sigmoid of how far the gradient changed, at least one half.

    Source: Dubey et al. (2020), Algorithm 1, arXiv:1909.11015.
    The equations are in `diffgrad_elements`.

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

    _states: ClassVar = ("m", "v", "last")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(diffgrad_scalars)
    _elements = staticmethod(diffgrad_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))
