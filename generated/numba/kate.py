# generated from specs/kate.py; regenerate with: python cli.py generate kate
"""KATE: AdaGrad without its root, which makes the steps the same however the features are scaled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ._arrays import Array, Hyper, NumbaOptimizer, Stage, StageCall, loop, prange, sweep

__all__ = [
    "KATE",
    "kate_update",
]


@loop
def _kate_update(w: Array, m: Array, b: Array, g: Array, eps: float, eta: float, lr: float) -> None:
    for i in prange(w.size):
        b_new = b[i] + g[i] * g[i] + eps  # sum of squared gradients
        m_new = m[i] + g[i] * g[i] / b_new + eta * (g[i] * g[i])  # sum of their shares
        w_new = w[i] - lr * g[i] * np.sqrt(m_new) / b_new  # descent
        m[i] = m_new
        b[i] = b_new
        w[i] = w_new


def kate_update(
    w: Array,
    g: Array,
    m: Array,
    b: Array,
    t: int,
    *,
    lr: float = 0.001,
    eps: float = 1e-8,
    eta: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of KATE on one array, in place.

        b_new  = b + g**2 + eps                    sum of squared gradients
        m_new  = m + g**2 / b_new + eta * g**2     sum of their shares
        w_new  = w - lr * g * sqrt(m_new) / b_new  descent

    Then m, b, w take the new values.

    w, m, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        b  = 0 before the first step
    """
    sweep(_kate_update, (w, m, b), g, (eps, eta, lr), stages)


class KATE(NumbaOptimizer):
    """KATE: AdaGrad over the sum of squares itself; m and b are the squares of the paper's.

    Source: Choudhury et al. (2024), Algorithm 1, arXiv:2403.02648, with an eps as in its authors' code.
    The equations are in `kate_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr   lr >= 0   beta of the paper: learning rate
        eps  eps > 0   added to each squared gradient in b
        eta  eta >= 0  share of the squared gradient in m
    """

    lr: Hyper
    eps: Hyper
    eta: Hyper

    _states: ClassVar = ("m", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "eta": ("eta >= 0", lambda eta: eta >= 0),
    }
    _update = staticmethod(kate_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        eps: Hyper = 1e-8,
        eta: Hyper = 0.0,
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
            eps=eps,
            eta=eta,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))
