# generated from specs/focus.py; regenerate with: python cli.py generate focus
"""FOCUS: signs of a momentum, and a pull towards the average of the weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, NumpyOptimizer, Stage, StageCall, tiles

__all__ = [
    "FOCUS",
    "focus_update",
]


def focus_update(
    w: Array,
    g: Array,
    m: Array,
    w_bar: Array,
    t: int,
    *,
    lr: float = 0.01,
    beta2: float = 0.999,
    beta1: float = 0.9,
    weight_decay: float = 0.0,
    gamma: float = 0.1,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of FOCUS on one array, in place.

        c2         = 1 - beta2**t                                 bias of the average of the weights
        m_new      = beta1 * m + (1 - beta1) * g                  momentum
        w_bar_new  = (1 - beta2) * w + beta2 * w_bar              average of the weights
        w_hat      = w_bar_new / c2                               the same, corrected
        decayed    = w - lr * weight_decay * w_hat                decay
        u          = sign(m_new) + gamma * sign(decayed - w_hat)  direction and pull
        w_new      = decayed - lr * u                             descent

    Then m, w_bar, w take the new values.

    w, m, w_bar and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m      = 0 before the first step
        w_bar  = 0 before the first step
    """
    c2 = one_minus_power(beta2, t)  # bias of the average of the weights
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay

    for tile in tiles((w, m, w_bar), (g,), scratch=4, stages=stages):
        w, m, w_bar, g, s0, s1, s2, s3 = tile
        # m_new = beta1 * m + (1 - beta1) * g  (momentum)
        np.multiply(beta1, m, out=m)
        np.multiply(one_minus_beta1, g, out=s0)
        m_new = np.add(m, s0, out=m)
        # w_bar_new = (1 - beta2) * w + beta2 * w_bar  (average of the weights)
        np.multiply(one_minus_beta2, w, out=s0)
        np.multiply(beta2, w_bar, out=w_bar)
        w_bar_new = np.add(s0, w_bar, out=w_bar)
        # w_hat = w_bar_new / c2  (the same, corrected)
        w_hat = np.divide(w_bar_new, c2, out=s0)
        # decayed = w - lr * weight_decay * w_hat  (decay)
        np.multiply(lr_weight_decay, w_hat, out=s1)
        decayed = np.subtract(w, s1, out=s1)
        # u = sign(m_new) + gamma * sign(decayed - w_hat)  (direction and pull)
        np.sign(m_new, out=s2)
        np.subtract(decayed, w_hat, out=s0)
        np.sign(s0, out=s3)
        np.multiply(gamma, s3, out=s3)
        u = np.add(s2, s3, out=s2)
        # w_new = decayed - lr * u  (descent)
        np.multiply(lr, u, out=w)
        np.subtract(decayed, w, out=w)


class FOCUS(NumpyOptimizer):
    """FOCUS: Signum that is pulled towards the average of the weights, all by signs.

    Source: Liu, Liu & Gore (2025), Algorithm 1, arXiv:2501.12243, with the decay first, as in pytorch_optimizer.
    The equations are in `focus_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta2         0 <= beta2 < 1     decay of the average of the weights
        beta1         0 <= beta1 < 1     decay of the momentum
        weight_decay  weight_decay >= 0  decay by the average of the weights, times lr
        gamma         0 <= gamma < 1     strength of the pull
    """

    lr: Hyper
    beta2: Hyper
    beta1: Hyper
    weight_decay: Hyper
    gamma: Hyper

    _states: ClassVar = ("m", "w_bar")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "gamma": ("0 <= gamma < 1", lambda gamma: 0 <= gamma < 1),
    }
    _update = staticmethod(focus_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        beta2: Hyper = 0.999,
        beta1: Hyper = 0.9,
        weight_decay: Hyper = 0.0,
        gamma: Hyper = 0.1,
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
            beta1=beta1,
            weight_decay=weight_decay,
            gamma=gamma,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))
