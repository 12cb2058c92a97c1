# generated from specs/exadam.py; regenerate with: python cli.py generate exadam
"""EXAdam: Adam in which each moment corrects the other, and the gradient of today counts twice."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "EXAdam",
    "exadam_elements",
    "exadam_scalars",
]


def exadam_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of EXAdam: the last arguments of `exadam_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    beta2_pow_t = beta2**t
    beta1_pow_t = beta1**t
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, beta2_pow_t, eps, beta1_pow_t, lr_sqrt_c2_over_c1, eps_sqrt_c2)


def exadam_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    beta2_pow_t: float,
    eps: float,
    beta1_pow_t: float,
    lr_sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of EXAdam for each element; returns w, m, v after it.

        c1       = 1 - beta1**t                                          bias of the first moment
        c2       = 1 - beta2**t                                          bias of the second moment
        m_new    = beta1 * m + (1 - beta1) * g                           first moment
        v_new    = beta2 * v + (1 - beta2) * g**2                        second moment
        d1       = beta2**t * v_new / (v_new + eps) + 1                  from 2 to 1
        d2       = beta1**t * m_new**2 / (m_new**2 + eps) + 1            from 2 to 1
        m_tilde  = m_new * d1 / c1                                       first moment, corrected by the second
        v_tilde  = v_new * d2 / c2                                       second moment, corrected by the first
        g_tilde  = d1 * g / c1                                           gradient, in the same way
        w_new    = w - lr * (m_tilde + g_tilde) / (sqrt(v_tilde) + eps)  descent

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_sqrt_c2_over_c1 * (m_new * d1 + d1 * g) / (sqrt(v_new * d2) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    d1 = beta2_pow_t * v_new / (v_new + eps) + 1  # from 2 to 1
    d2 = beta1_pow_t * m_new**2 / (m_new**2 + eps) + 1  # from 2 to 1
    w_new = w - lr_sqrt_c2_over_c1 * (m_new * d1 + d1 * g) / (torch.sqrt(v_new * d2) + eps_sqrt_c2)  # descent
    return (w_new, m_new, v_new)


class EXAdam(TorchOptimizer):
    """EXAdam: Adam with cross-moment corrections and the gradient beside its average.

    Source: Adly (2024), Algorithm 1, arXiv:2412.20302v2.
    The equations are in `exadam_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps > 0         keeps the divisions from zero
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
    }
    _scalars = staticmethod(exadam_scalars)
    _elements = staticmethod(exadam_elements)

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
        return (torch.zeros_like(w), torch.zeros_like(w))
