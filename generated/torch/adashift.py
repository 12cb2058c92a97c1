# generated from specs/adashift.py; regenerate with: python cli.py generate adashift
"""AdaShift: an average of the last gradients over a second moment that knows nothing of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "AdaShift",
    "adashift_elements",
    "adashift_scalars",
]


def adashift_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.999,
    beta1: float = 0.9,
    eps: float = 1e-10,
) -> tuple[float, ...]:
    """What all elements share in a step of AdaShift: the last arguments of `adashift_elements`.

    t is the number of the step of this parameter, from 1. States:

        m    = 0 before the first step
        v    = 0 before the first step
        g1   = 0 before the first step
        g2   = 0 before the first step
        g3   = 0 before the first step
        g4   = 0 before the first step
        g5   = 0 before the first step
        g6   = 0 before the first step
        g7   = 0 before the first step
        g8   = 0 before the first step
        g9   = 0 before the first step
        g10  = 0 before the first step
    """
    c2 = one_minus_power(beta2, max(1, t - 10))  # bias of the second moment
    total = 1 + beta1 + beta1**2 + beta1**3 + beta1**4 + beta1**5 + beta1**6 + beta1**7 + beta1**8 + beta1**9  # sum of the weights
    beta1_pow_nine_over_total = beta1**9 / total
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2 = lr * math.sqrt(c2)
    t_above_ten = 1 if t > 10 else 0
    eps_sqrt_c2 = eps * math.sqrt(c2)
    return (beta1, beta1_pow_nine_over_total, total, beta2, one_minus_beta2, lr_sqrt_c2, t_above_ten, eps_sqrt_c2)


def adashift_elements(
    w: Array,
    m: Array,
    v: Array,
    g1: Array,
    g2: Array,
    g3: Array,
    g4: Array,
    g5: Array,
    g6: Array,
    g7: Array,
    g8: Array,
    g9: Array,
    g10: Array,
    g: Array,
    beta1: float,
    beta1_pow_nine_over_total: float,
    total: float,
    beta2: float,
    one_minus_beta2: float,
    lr_sqrt_c2: float,
    t_above_ten: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of AdaShift for each element; returns w, m, v, g1, g2, g3, g4, g5, g6, g7, g8, g9, g10 after it.

        c2       = 1 - beta2 ** maximum(1, t - 10)                      bias of the second moment
        total    = 1 + beta1 + beta1**2 + beta1**3 + beta1**4 + beta1**5 + beta1**6 + beta1**7 + beta1**8 + beta1**9  sum of the weights
        oldest   = g10                                                  gradient of ten steps ago
        g10_new  = g9
        g9_new   = g8
        g8_new   = g7
        g7_new   = g6
        g6_new   = g5
        g5_new   = g4
        g4_new   = g3
        g3_new   = g2
        g2_new   = g1
        g1_new   = g
        m_new    = beta1 * (m - beta1**9 * oldest / total) + g / total  mean of the last ten
        v_new    = beta2 * v + (1 - beta2) * oldest**2                  second moment of those before
        u        = m_new / (sqrt(v_new / c2) + eps)
        w_new    = w - lr * where(t > 10, u, 0)                         descent, once there is a second moment

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2   = lr * sqrt(c2)
        t_above_ten  = where(t > 10, 1, 0)
        eps_sqrt_c2  = eps * sqrt(c2)
        w_new        = w - lr_sqrt_c2 * where(t_above_ten != 0, m_new / (sqrt(v_new) + eps_sqrt_c2), 0)

    w, m, v, g1, g2, g3, g4, g5, g6, g7, g8, g9, g10 and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    oldest = g10  # gradient of ten steps ago
    g10_new = g9
    g9_new = g8
    g8_new = g7
    g7_new = g6
    g6_new = g5
    g5_new = g4
    g4_new = g3
    g3_new = g2
    g2_new = g1
    g1_new = g
    m_new = beta1 * (m - beta1_pow_nine_over_total * oldest) + g / total  # mean of the last ten
    v_new = beta2 * v + one_minus_beta2 * oldest**2  # second moment of those before
    w_new = w - lr_sqrt_c2 * torch.where(t_above_ten != 0, m_new / (torch.sqrt(v_new) + eps_sqrt_c2), 0)  # descent, once there is a second moment
    return (w_new, m_new, v_new, g1_new, g2_new, g3_new, g4_new, g5_new, g6_new, g7_new, g8_new, g9_new, g10_new)


class AdaShift(TorchOptimizer):
    """AdaShift: a weighted mean of the last ten gradients over the root of the second moment of those before.

    Source: Zhou et al. (2019), Algorithm 3, arXiv:1810.00143, of ten gradients, by elements: max-AdaShift takes the largest of an array.
    The equations are in `adashift_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta2  0 <= beta2 < 1  decay of the second moment
        beta1  0 <= beta1 < 1  decay of the weights of the last gradients
        eps    eps > 0         keeps the division from zero
    """

    _states: ClassVar = ("m", "v", "g1", "g2", "g3", "g4", "g5", "g6", "g7", "g8", "g9", "g10")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
    }
    _own_t: ClassVar = True
    _scalars = staticmethod(adashift_scalars)
    _elements = staticmethod(adashift_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta2: Hyper = 0.999,
        beta1: Hyper = 0.9,
        eps: Hyper = 1e-10,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta2=beta2, beta1=beta1, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))
