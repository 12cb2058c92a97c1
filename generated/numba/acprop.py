# generated from specs/acprop.py; regenerate with: python cli.py generate acprop
"""ACProp: the gradient of today over the centred second moment of yesterday, so that beta2 may be anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, NumbaOptimizer, Stage, StageCall, loop, prange, sweep

__all__ = [
    "ACProp",
    "acprop_update",
]


@loop
def _acprop_update(w: Array, m: Array, s: Array, g: Array, t_above_one: float, c2: float, one_minus_beta2: float, beta2: float, eps_root: float, beta1: float, one_minus_beta1: float, lr: float, weight_decay: float, eps: float) -> None:
    real = w.dtype.type
    for i in prange(w.size):
        s_hat = s[i] / c2 if t_above_one != real(0) else real(1)  # second moment of the step before, corrected
        s_new = one_minus_beta2 * ((g[i] - m[i]) * (g[i] - m[i])) + beta2 * s[i] + eps_root  # second moment about the average of before
        m_new = beta1 * m[i] + one_minus_beta1 * g[i]  # first moment
        w_new = w[i] - lr * (weight_decay * w[i] + g[i] / (np.sqrt(s_hat) + eps))  # descent and decay
        m[i] = m_new
        s[i] = s_new
        w[i] = w_new


def acprop_update(
    w: Array,
    g: Array,
    m: Array,
    s: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.999,
    eps_root: float = 1e-16,
    beta1: float = 0.9,
    eps: float = 1e-16,
    weight_decay: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of ACProp on one array, in place.

        c2     = 1 - beta2 ** maximum(1, t - 1)                         bias of the second moment of the step before
        s_hat  = where(t > 1, s / c2, 1)                                second moment of the step before, corrected
        s_new  = (1 - beta2) * (g - m) ** 2 + beta2 * s + eps_root      second moment about the average of before
        m_new  = beta1 * m + (1 - beta1) * g                            first moment
        w_new  = w - lr * (weight_decay * w + g / (sqrt(s_hat) + eps))  descent and decay

    Then m, s, w take the new values.

    w, m, s and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        m  = 0 before the first step
        s  = 0 before the first step
    """
    c2 = one_minus_power(beta2, max(1, t - 1))  # bias of the second moment of the step before
    t_above_one = 1 if t > 1 else 0
    one_minus_beta2 = 1 - beta2
    one_minus_beta1 = 1 - beta1

    sweep(_acprop_update, (w, m, s), g, (t_above_one, c2, one_minus_beta2, beta2, eps_root, beta1, one_minus_beta1, lr, weight_decay, eps), stages)


class ACProp(NumbaOptimizer):
    """ACProp: asynchronous centred propagation: the denominator knows nothing of the gradient above it. The second moment is about the first of the step before, where the paper has that of this step; the first step is that of SGD.

    Source: Zhuang et al. (2021), Algorithm 2, arXiv:2110.05454, as in optax.contrib.acprop.
    The equations are in `acprop_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta2         0 <= beta2 < 1     decay of the second moment
        eps_root      eps_root >= 0      added to the second moment in every step
        beta1         0 <= beta1 < 1     decay of the first moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decoupled weight decay, times lr
    """

    lr: Hyper
    beta2: Hyper
    eps_root: Hyper
    beta1: Hyper
    eps: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "s")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps_root": ("eps_root >= 0", lambda eps_root: eps_root >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _own_t: ClassVar = True
    _update = staticmethod(acprop_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta2: Hyper = 0.999,
        eps_root: Hyper = 1e-16,
        beta1: Hyper = 0.9,
        eps: Hyper = 1e-16,
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
            beta2=beta2,
            eps_root=eps_root,
            beta1=beta1,
            eps=eps,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))
