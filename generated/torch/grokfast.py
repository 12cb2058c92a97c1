# generated from specs/grokfast.py; regenerate with: python cli.py generate grokfast
"""Grokfast: the slow part of the gradient is amplified before AdamW sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "GrokfastAdamW",
    "grokfast_adamw_elements",
    "grokfast_adamw_scalars",
]


def grokfast_adamw_scalars(
    t: int,
    *,
    lr: float = 1e-4,
    beta1: float = 0.9,
    beta2: float = 0.99,
    alpha: float = 0.98,
    lamb: float = 2.0,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of GrokfastAdamW: the last arguments of `grokfast_adamw_elements`.

    t is the number of the step of this parameter, from 1. States:

        mu  = 0 before the first step
        m   = 0 before the first step
        v   = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    t_above_one = 1 if t > 1 else 0
    one_minus_alpha = 1 - alpha
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay
    lr_over_c1 = lr / c1
    return (t_above_one, alpha, one_minus_alpha, lamb, beta1, one_minus_beta1, beta2, one_minus_beta2, c2, lr_weight_decay, lr_over_c1, eps)


def grokfast_adamw_elements(
    w: Array,
    mu: Array,
    m: Array,
    v: Array,
    g: Array,
    t_above_one: float,
    alpha: float,
    one_minus_alpha: float,
    lamb: float,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    c2: float,
    lr_weight_decay: float,
    lr_over_c1: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of GrokfastAdamW for each element; returns w, mu, m, v after it.

        c1      = 1 - beta1**t                                   bias of the first moment
        c2      = 1 - beta2**t                                   bias of the second moment
        mu_new  = where(t > 1, alpha * mu + (1 - alpha) * g, g)  slow part, from the first gradient on
        g_hat   = g + lamb * mu_new                              amplified gradient
        m_new   = beta1 * m + (1 - beta1) * g_hat                first moment
        v_new   = beta2 * v + (1 - beta2) * g_hat**2             second moment
        m_hat   = m_new / c1                                     first moment, corrected
        v_hat   = v_new / c2                                     second moment, corrected
        w_new   = w - lr * weight_decay * w - lr * m_hat / maximum(sqrt(v_hat), eps)  descent and decay

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay  = lr * weight_decay
        lr_over_c1       = lr / c1
        w_new            = w - lr_weight_decay * w - lr_over_c1 * m_new / maximum(sqrt(v_hat), eps)

    w, mu, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    mu_new = torch.where(t_above_one != 0, alpha * mu + one_minus_alpha * g, g)  # slow part, from the first gradient on
    g_hat = g + lamb * mu_new  # amplified gradient
    m_new = beta1 * m + one_minus_beta1 * g_hat  # first moment
    v_new = beta2 * v + one_minus_beta2 * g_hat**2  # second moment
    v_hat = v_new / c2  # second moment, corrected
    w_new = w - lr_weight_decay * w - lr_over_c1 * m_new / torch.maximum(torch.sqrt(v_hat), eps)  # descent and decay
    return (w_new, mu_new, m_new, v_new)


class GrokfastAdamW(TorchOptimizer):
    """GrokfastAdamW: AdamW of the gradient and its amplified average; the root is at least epsilon.

    Source: Lee et al. (2024), Algorithm 2, arXiv:2405.20233, over AdamW as in GrokFastAdamW of pytorch_optimizer.
    The equations are in `grokfast_adamw_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        alpha         0 <= alpha < 1     decay of the slow part
        lamb          lamb >= 0          weight of the slow part
        eps           eps >= 0           least root of the second moment
        weight_decay  weight_decay >= 0  decoupled weight decay, times lr
    """

    _states: ClassVar = ("mu", "m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "alpha": ("0 <= alpha < 1", lambda alpha: 0 <= alpha < 1),
        "lamb": ("lamb >= 0", lambda lamb: lamb >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _own_t: ClassVar = True
    _scalars = staticmethod(grokfast_adamw_scalars)
    _elements = staticmethod(grokfast_adamw_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1e-4,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.99,
        alpha: Hyper = 0.98,
        lamb: Hyper = 2.0,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, alpha=alpha, lamb=lamb, eps=eps, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))
