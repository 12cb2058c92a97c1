# generated from specs/qhadam.py; regenerate with: python cli.py generate qhadam
"""QHAdam: Adam whose step lies between that of the gradient and that of its averages, below the line and above it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "QHAdam",
    "qhadam_elements",
    "qhadam_scalars",
]


def qhadam_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.995,
    beta2: float = 0.999,
    eps: float = 1e-8,
    nu1: float = 0.8,
    nu2: float = 0.7,
) -> tuple[float, ...]:
    """What all elements share in a step of QHAdam: the last arguments of `qhadam_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_nu1_over_c1 = lr * nu1 / c1
    lr_one_minus_nu1 = lr * (1 - nu1)
    nu2_over_c2 = nu2 / c2
    one_minus_nu2 = 1 - nu2
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_nu1_over_c1, lr_one_minus_nu1, nu2_over_c2, one_minus_nu2, eps)


def qhadam_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_nu1_over_c1: float,
    lr_one_minus_nu1: float,
    nu2_over_c2: float,
    one_minus_nu2: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of QHAdam for each element; returns w, m, v after it.

        c1     = 1 - beta1**t                    bias of the first moment
        c2     = 1 - beta2**t                    bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g     first moment
        v_new  = beta2 * v + (1 - beta2) * g**2  second moment
        m_hat  = m_new / c1                      first moment, corrected
        v_hat  = v_new / c2                      second moment, corrected
        w_new  = w - lr * (nu1 * m_hat + (1 - nu1) * g) / (sqrt(nu2 * v_hat + (1 - nu2) * g**2) + eps)  descent

    What is computed comes to the same with fewer operations for each element:

        lr_nu1_over_c1    = lr * nu1 / c1
        lr_one_minus_nu1  = lr * (1 - nu1)
        nu2_over_c2       = nu2 / c2
        one_minus_nu2     = 1 - nu2
        w_new             = w - (lr_nu1_over_c1 * m_new + lr_one_minus_nu1 * g) / (sqrt(nu2_over_c2 * v_new + one_minus_nu2 * g**2) + eps)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - (lr_nu1_over_c1 * m_new + lr_one_minus_nu1 * g) / (torch.sqrt(nu2_over_c2 * v_new + one_minus_nu2 * g**2) + eps)  # descent
    return (w_new, m_new, v_new)


class QHAdam(TorchOptimizer):
    """QHAdam: Adam in which the gradient itself has a share of both moments.

    Source: Ma & Yarats (2019), section 4.2, arXiv:1810.06801.
    The equations are in `qhadam_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
        nu1    0 <= nu1 <= 1   share of the first moment above the line
        nu2    0 <= nu2 <= 1   share of the second moment below it
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "nu1": ("0 <= nu1 <= 1", lambda nu1: 0 <= nu1 <= 1),
        "nu2": ("0 <= nu2 <= 1", lambda nu2: 0 <= nu2 <= 1),
    }
    _scalars = staticmethod(qhadam_scalars)
    _elements = staticmethod(qhadam_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.995,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        nu1: Hyper = 0.8,
        nu2: Hyper = 0.7,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps, nu1=nu1, nu2=nu2)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
