# generated from specs/adamg.py; regenerate with: python cli.py generate adamg
"""AdamG: Adam of gradients that a function of the second moment scales, with a step size that need not be set."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "AdamG",
    "adamg_elements",
    "adamg_scalars",
]


def adamg_scalars(
    t: int,
    *,
    lr: float = 1.0,
    beta1: float = 0.95,
    beta2: float = 0.999,
    beta3: float = 0.95,
    p: float = 0.2,
    q: float = 0.24,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of AdamG: the last arguments of `adamg_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
        r  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    length = min(lr, 1 / math.sqrt(t))  # step size
    one_minus_beta2 = 1 - beta2
    p_one_minus_beta3 = p * (1 - beta3)
    one_minus_beta1 = 1 - beta1
    length_sqrt_c2_over_c1 = length * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta2, one_minus_beta2, beta3, p_one_minus_beta3, q, beta1, one_minus_beta1, length_sqrt_c2_over_c1, eps_sqrt_c2)


def adamg_elements(
    w: Array,
    m: Array,
    v: Array,
    r: Array,
    g: Array,
    beta2: float,
    one_minus_beta2: float,
    beta3: float,
    p_one_minus_beta3: float,
    q: float,
    beta1: float,
    one_minus_beta1: float,
    length_sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of AdamG for each element; returns w, m, v, r after it.

        c1      = 1 - beta1**t                              bias of the first moment
        c2      = 1 - beta2**t                              bias of the second moment
        v_new   = beta2 * v + (1 - beta2) * g**2            second moment
        r_new   = beta3 * r + p * (1 - beta3) * v_new**q    numerator
        m_new   = beta1 * m + (1 - beta1) * r_new * g       first moment of the scaled gradient
        m_hat   = m_new / c1                                first moment, corrected
        v_hat   = v_new / c2                                second moment, corrected
        length  = minimum(lr, 1 / sqrt(t))                  step size
        w_new   = w - length * m_hat / (sqrt(v_hat) + eps)  descent

    What is computed comes to the same with fewer operations for each element:

        length_sqrt_c2_over_c1  = length * sqrt(c2) / c1
        eps_sqrt_c2             = eps * sqrt(c2)
        w_new                   = w - length_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v, r and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    r_new = beta3 * r + p_one_minus_beta3 * v_new**q  # numerator
    m_new = beta1 * m + one_minus_beta1 * r_new * g  # first moment of the scaled gradient
    w_new = w - length_sqrt_c2_over_c1 * m_new / (torch.sqrt(v_new) + eps_sqrt_c2)  # descent
    return (w_new, m_new, v_new, r_new)


class AdamG(TorchOptimizer):
    """AdamG: Adam of gradients times a power of the second moment, whose step size falls as 1 / sqrt(t).

    Source: Pang et al. (2024), Algorithm 2, arXiv:2405.04376.
    The equations are in `adamg_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         largest step size
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        beta3  0 <= beta3 < 1  decay of the numerator
        p      p > 0           factor of the numerator
        q      0 < q <= 1      power of the numerator
        eps    eps >= 0        keeps the division from zero
    """

    _states: ClassVar = ("m", "v", "r")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta3": ("0 <= beta3 < 1", lambda beta3: 0 <= beta3 < 1),
        "p": ("p > 0", lambda p: p > 0),
        "q": ("0 < q <= 1", lambda q: 0 < q <= 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(adamg_scalars)
    _elements = staticmethod(adamg_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        beta1: Hyper = 0.95,
        beta2: Hyper = 0.999,
        beta3: Hyper = 0.95,
        p: Hyper = 0.2,
        q: Hyper = 0.24,
        eps: Hyper = 1e-8,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, beta3=beta3, p=p, q=q, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))
