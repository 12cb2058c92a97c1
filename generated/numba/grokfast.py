# generated from specs/grokfast.py; regenerate with: python cli.py generate grokfast
"""Grokfast: the slow part of the gradient is amplified before AdamW sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, NumbaOptimizer, Stage, StageCall, loop, prange, sweep

__all__ = [
    "GrokfastAdamW",
    "grokfast_adamw_update",
]


@loop
def _grokfast_adamw_update(w: Array, mu: Array, m: Array, v: Array, g: Array, t_above_one: float, alpha: float, one_minus_alpha: float, lamb: float, beta1: float, one_minus_beta1: float, beta2: float, one_minus_beta2: float, c2: float, lr_weight_decay: float, lr_over_c1: float, eps: float) -> None:
    real = w.dtype.type
    for i in prange(w.size):
        mu_new = alpha * mu[i] + one_minus_alpha * g[i] if t_above_one != real(0) else g[i]  # slow part, from the first gradient on
        g_hat = g[i] + lamb * mu_new  # amplified gradient
        m_new = beta1 * m[i] + one_minus_beta1 * g_hat  # first moment
        v_new = beta2 * v[i] + one_minus_beta2 * (g_hat * g_hat)  # second moment
        v_hat = v_new / c2  # second moment, corrected
        w_new = w[i] - lr_weight_decay * w[i] - lr_over_c1 * m_new / np.maximum(np.sqrt(v_hat), eps)  # descent and decay
        mu[i] = mu_new
        m[i] = m_new
        v[i] = v_new
        w[i] = w_new


def grokfast_adamw_update(
    w: Array,
    g: Array,
    mu: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 1e-4,
    beta1: float = 0.9,
    beta2: float = 0.99,
    alpha: float = 0.98,
    lamb: float = 2.0,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of GrokfastAdamW on one array, in place.

        c1      = 1 - beta1**t                                   bias of the first moment
        c2      = 1 - beta2**t                                   bias of the second moment
        mu_new  = where(t > 1, alpha * mu + (1 - alpha) * g, g)  slow part, from the first gradient on
        g_hat   = g + lamb * mu_new                              amplified gradient
        m_new   = beta1 * m + (1 - beta1) * g_hat                first moment
        v_new   = beta2 * v + (1 - beta2) * g_hat**2             second moment
        m_hat   = m_new / c1                                     first moment, corrected
        v_hat   = v_new / c2                                     second moment, corrected
        w_new   = w - lr * weight_decay * w - lr * m_hat / maximum(sqrt(v_hat), eps)  descent and decay

    Then mu, m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay  = lr * weight_decay
        lr_over_c1       = lr / c1
        w_new            = w - lr_weight_decay * w - lr_over_c1 * m_new / maximum(sqrt(v_hat), eps)

    w, mu, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
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

    sweep(_grokfast_adamw_update, (w, mu, m, v), g, (t_above_one, alpha, one_minus_alpha, lamb, beta1, one_minus_beta1, beta2, one_minus_beta2, c2, lr_weight_decay, lr_over_c1, eps), stages)


class GrokfastAdamW(NumbaOptimizer):
    """GrokfastAdamW: AdamW of the gradient and its amplified average; the root is at least epsilon.

    Source: Lee et al. (2024), Algorithm 2, arXiv:2405.20233, over AdamW as in GrokFastAdamW of pytorch_optimizer.
    The equations are in `grokfast_adamw_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        alpha         0 <= alpha < 1     decay of the slow part
        lamb          lamb >= 0          weight of the slow part
        eps           eps >= 0           least root of the second moment
        weight_decay  weight_decay >= 0  decoupled weight decay, times lr
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    alpha: Hyper
    lamb: Hyper
    eps: Hyper
    weight_decay: Hyper

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
    _update = staticmethod(grokfast_adamw_update)

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
        master_weights: bool = False,
        tied: str | None = None,
    ) -> None:
        super().__init__(
            params,
            pipeline=pipeline,
            master_weights=master_weights,
            tied=tied,
            lr=lr,
            beta1=beta1,
            beta2=beta2,
            alpha=alpha,
            lamb=lamb,
            eps=eps,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))
