# generated from specs/qhadam.py; regenerate with: python cli.py generate qhadam
"""QHAdam: Adam whose step lies between that of the gradient and that of its averages, below the line and above it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, NumpyOptimizer, Stage, StageCall, tiles

__all__ = [
    "QHAdam",
    "qhadam_update",
]


def qhadam_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.995,
    beta2: float = 0.999,
    eps: float = 1e-8,
    nu1: float = 0.8,
    nu2: float = 0.7,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of QHAdam on one array, in place.

        c1     = 1 - beta1**t                    bias of the first moment
        c2     = 1 - beta2**t                    bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g     first moment
        v_new  = beta2 * v + (1 - beta2) * g**2  second moment
        m_hat  = m_new / c1                      first moment, corrected
        v_hat  = v_new / c2                      second moment, corrected
        w_new  = w - lr * (nu1 * m_hat + (1 - nu1) * g) / (sqrt(nu2 * v_hat + (1 - nu2) * g**2) + eps)  descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_nu1_over_c1    = lr * nu1 / c1
        lr_one_minus_nu1  = lr * (1 - nu1)
        nu2_over_c2       = nu2 / c2
        one_minus_nu2     = 1 - nu2
        w_new             = w - (lr_nu1_over_c1 * m_new + lr_one_minus_nu1 * g) / (sqrt(nu2_over_c2 * v_new + one_minus_nu2 * g**2) + eps)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
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

    for tile in tiles((w, m, v), (g,), scratch=3, stages=stages):
        w, m, v, g, s0, s1, s2 = tile
        # m_new = beta1 * m + (1 - beta1) * g  (first moment)
        np.multiply(beta1, m, out=m)
        np.multiply(one_minus_beta1, g, out=s0)
        m_new = np.add(m, s0, out=m)
        # v_new = beta2 * v + (1 - beta2) * g**2  (second moment)
        np.multiply(beta2, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_beta2, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # m_hat = m_new / c1  (first moment, corrected)
        # v_hat = v_new / c2  (second moment, corrected)
        # w_new = w - lr * (nu1 * m_hat + (1 - nu1) * g) / (sqrt(nu2 * v_hat + (1 - nu2) * g**2) + eps)  (descent)
        #       = w - (lr_nu1_over_c1 * m_new + lr_one_minus_nu1 * g) / (sqrt(nu2_over_c2 * v_new + one_minus_nu2 * g**2) + eps)
        np.multiply(lr_nu1_over_c1, m_new, out=s0)
        np.multiply(lr_one_minus_nu1, g, out=s1)
        np.add(s0, s1, out=s0)
        np.multiply(nu2_over_c2, v_new, out=s1)
        np.square(g, out=s2)
        np.multiply(one_minus_nu2, s2, out=s2)
        np.add(s1, s2, out=s1)
        np.sqrt(s1, out=s1)
        np.add(s1, eps, out=s1)
        np.divide(s0, s1, out=s0)
        np.subtract(w, s0, out=w)


class QHAdam(NumpyOptimizer):
    """QHAdam: Adam in which the gradient itself has a share of both moments.

    Source: Ma & Yarats (2019), section 4.2, arXiv:1810.06801.
    The equations are in `qhadam_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
        nu1    0 <= nu1 <= 1   share of the first moment above the line
        nu2    0 <= nu2 <= 1   share of the second moment below it
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper
    nu1: Hyper
    nu2: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "nu1": ("0 <= nu1 <= 1", lambda nu1: 0 <= nu1 <= 1),
        "nu2": ("0 <= nu2 <= 1", lambda nu2: 0 <= nu2 <= 1),
    }
    _update = staticmethod(qhadam_update)

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
            eps=eps,
            nu1=nu1,
            nu2=nu2,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))
