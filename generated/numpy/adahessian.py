# generated from specs/adahessian.py; regenerate with: python cli.py generate adahessian
"""AdaHessian: Adam whose second moment is that of the diagonal of the Hessian."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, NumpyOptimizer, Stage, StageCall, tiles

__all__ = [
    "AdaHessian",
    "adahessian_update",
]


def adahessian_update(
    w: Array,
    g: Array,
    hessian: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.15,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 0.0001,
    hessian_power: float = 1.0,
    weight_decay: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdaHessian on one array, in place.

        c1     = 1 - beta1**t                          bias of the first moment
        c2     = 1 - beta2**t                          bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g           first moment
        v_new  = beta2 * v + (1 - beta2) * hessian**2  second moment of the Hessian
        m_hat  = m_new / c1                            first moment, corrected
        v_hat  = v_new / c2                            second moment, corrected
        w_new  = w - lr * (weight_decay * w + m_hat / (v_hat ** (hessian_power / 2) + eps))  descent, decay

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay         = lr * weight_decay
        lr_over_c1              = lr / c1
        hessian_power_over_two  = hessian_power / 2
        w_new                   = w - (lr_weight_decay * w + lr_over_c1 * m_new / (v_hat**hessian_power_over_two + eps))

    w, m, v, g, hessian are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g and hessian are only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay
    lr_over_c1 = lr / c1
    hessian_power_over_two = hessian_power / 2

    for tile in tiles((w, m, v), (g, hessian), scratch=3, stages=stages):
        w, m, v, g, hessian, s0, s1, s2 = tile
        # m_new = beta1 * m + (1 - beta1) * g  (first moment)
        np.multiply(beta1, m, out=m)
        np.multiply(one_minus_beta1, g, out=s0)
        m_new = np.add(m, s0, out=m)
        # v_new = beta2 * v + (1 - beta2) * hessian**2  (second moment of the Hessian)
        np.multiply(beta2, v, out=v)
        np.square(hessian, out=s0)
        np.multiply(one_minus_beta2, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # v_hat = v_new / c2  (second moment, corrected)
        v_hat = np.divide(v_new, c2, out=s0)
        # m_hat = m_new / c1  (first moment, corrected)
        # w_new = w - lr * (weight_decay * w + m_hat / (v_hat ** (hessian_power / 2) + eps))  (descent, decay)
        #       = w - (lr_weight_decay * w + lr_over_c1 * m_new / (v_hat**hessian_power_over_two + eps))
        np.multiply(lr_weight_decay, w, out=s1)
        np.multiply(lr_over_c1, m_new, out=s2)
        np.power(v_hat, hessian_power_over_two, out=s0)
        np.add(s0, eps, out=s0)
        np.divide(s2, s0, out=s2)
        np.add(s1, s2, out=s1)
        np.subtract(w, s1, out=w)


class AdaHessian(NumpyOptimizer):
    """AdaHessian: the momentum over the root mean square of the diagonal of the Hessian, to a power.

    Source: Yao et al. (2021), Algorithm 1, arXiv:2006.00719, for each element; what estimates the Hessian, and averages it over space, is left to the caller.
    The equations are in `adahessian_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    A step is step(grads, hessian=hessian):

        hessian  arrays, nested as the gradients  an estimate of the diagonal of the Hessian at w, averaged over space as the paper has it

    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr             lr >= 0                 learning rate
        beta1          0 <= beta1 < 1          decay of the first moment
        beta2          0 <= beta2 < 1          decay of the second moment of the Hessian
        eps            eps >= 0                keeps the division from zero
        hessian_power  0 < hessian_power <= 1  power of the Hessian that is divided by
        weight_decay   weight_decay >= 0       decoupled weight decay
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper
    hessian_power: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "hessian_power": ("0 < hessian_power <= 1", lambda hessian_power: 0 < hessian_power <= 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _inputs: ClassVar = ("hessian",)
    _update = staticmethod(adahessian_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.15,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 0.0001,
        hessian_power: Hyper = 1.0,
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
            eps=eps,
            hessian_power=hessian_power,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))
