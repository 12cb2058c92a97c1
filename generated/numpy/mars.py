# generated from specs/mars.py; regenerate with: python cli.py generate mars
"""MARS: gradients with a part of their last change added, which a momentum averages. Without its clipping by norms."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, NumpyOptimizer, Stage, StageCall, tiles

__all__ = [
    "MARSAdamW",
    "MARSLion",
    "mars_adamw_update",
    "mars_lion_update",
]


def mars_adamw_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    last: Array,
    t: int,
    *,
    lr: float = 0.003,
    beta1: float = 0.95,
    beta2: float = 0.99,
    gamma: float = 0.025,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of MARSAdamW on one array, in place.

        c1         = 1 - beta1**t                                  correction of the first moment
        c2         = 1 - beta2**t                                  correction of the second moment
        corrected  = g + beta1 * gamma * (g - last) / (1 - beta1)  gradient with its change
        last_new   = g
        m_new      = beta1 * m + (1 - beta1) * corrected           first moment
        v_new      = beta2 * v + (1 - beta2) * corrected**2        second moment
        m_hat      = m_new / c1
        v_hat      = v_new / c2
        u          = m_hat / (sqrt(v_hat) + eps)                   direction
        w_new      = w - lr * weight_decay * w - lr * u            decay and descent

    Then m, v, last, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay     = lr * weight_decay
        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m     = 0 before the first step
        v     = 0 before the first step
        last  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # correction of the first moment
    c2 = one_minus_power(beta2, t)  # correction of the second moment
    beta1_gamma_over_one_minus_beta1 = beta1 * gamma / (1 - beta1)
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)

    for tile in tiles((w, m, v, last), (g,), scratch=2, stages=stages):
        w, m, v, last, g, s0, s1 = tile
        # corrected = g + beta1 * gamma * (g - last) / (1 - beta1)  (gradient with its change)
        np.subtract(g, last, out=s0)
        np.multiply(beta1_gamma_over_one_minus_beta1, s0, out=s0)
        corrected = np.add(g, s0, out=s0)
        # last_new = g
        np.copyto(last, g)
        # m_new = beta1 * m + (1 - beta1) * corrected  (first moment)
        np.multiply(beta1, m, out=m)
        np.multiply(one_minus_beta1, corrected, out=s1)
        m_new = np.add(m, s1, out=m)
        # v_new = beta2 * v + (1 - beta2) * corrected**2  (second moment)
        np.multiply(beta2, v, out=v)
        np.square(corrected, out=s0)
        np.multiply(one_minus_beta2, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # m_hat = m_new / c1
        # v_hat = v_new / c2
        # u = m_hat / (sqrt(v_hat) + eps)  (direction)
        # w_new = w - lr * weight_decay * w - lr * u  (decay and descent)
        #       = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)
        np.multiply(lr_weight_decay, w, out=s0)
        np.subtract(w, s0, out=w)
        np.multiply(lr_sqrt_c2_over_c1, m_new, out=s0)
        np.sqrt(v_new, out=s1)
        np.add(s1, eps_sqrt_c2, out=s1)
        np.divide(s0, s1, out=s0)
        np.subtract(w, s0, out=w)


class MARSAdamW(NumpyOptimizer):
    """MARSAdamW: AdamW of gradients with a part of their last change added.

    Source: Yuan et al. (2024), Algorithm 2, arXiv:2411.10438, approximate, from zero as in github.com/AGI-Arena/MARS, without the bound of 1 on the norm of the corrected gradient.
    The equations are in `mars_adamw_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        gamma         gamma >= 0         weight of the change of the gradient
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decoupled weight decay
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    gamma: Hyper
    eps: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "v", "last")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "gamma": ("gamma >= 0", lambda gamma: gamma >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _update = staticmethod(mars_adamw_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.003,
        beta1: Hyper = 0.95,
        beta2: Hyper = 0.99,
        gamma: Hyper = 0.025,
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
            gamma=gamma,
            eps=eps,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))


def mars_lion_update(
    w: Array,
    g: Array,
    m: Array,
    last: Array,
    t: int,
    *,
    lr: float = 0.003,
    beta: float = 0.95,
    gamma: float = 0.025,
    weight_decay: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of MARSLion on one array, in place.

        corrected  = g + beta * gamma * (g - last) / (1 - beta)  gradient with its change
        last_new   = g
        m_new      = beta * m + (1 - beta) * corrected           momentum
        w_new      = w - lr * (weight_decay * w + sign(m_new))   descent

    Then m, last, w take the new values.

    w, m, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m     = 0 before the first step
        last  = 0 before the first step
    """
    beta_gamma_over_one_minus_beta = beta * gamma / (1 - beta)
    one_minus_beta = 1 - beta

    for tile in tiles((w, m, last), (g,), scratch=2, stages=stages):
        w, m, last, g, s0, s1 = tile
        # corrected = g + beta * gamma * (g - last) / (1 - beta)  (gradient with its change)
        np.subtract(g, last, out=s0)
        np.multiply(beta_gamma_over_one_minus_beta, s0, out=s0)
        corrected = np.add(g, s0, out=s0)
        # last_new = g
        np.copyto(last, g)
        # m_new = beta * m + (1 - beta) * corrected  (momentum)
        np.multiply(beta, m, out=m)
        np.multiply(one_minus_beta, corrected, out=s0)
        m_new = np.add(m, s0, out=m)
        # w_new = w - lr * (weight_decay * w + sign(m_new))  (descent)
        np.multiply(weight_decay, w, out=s0)
        np.sign(m_new, out=s1)
        np.add(s0, s1, out=s0)
        np.multiply(lr, s0, out=s0)
        np.subtract(w, s0, out=w)


class MARSLion(NumpyOptimizer):
    """MARSLion: signs of a momentum of gradients with a part of their last change added.

    Source: Yuan et al. (2024), Algorithm 3, arXiv:2411.10438, approximate, from zero as in github.com/AGI-Arena/MARS, without the bound of 1 on the norm of the corrected gradient.
    The equations are in `mars_lion_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta          0 <= beta < 1      decay of the momentum
        gamma         gamma >= 0         weight of the change of the gradient
        weight_decay  weight_decay >= 0  decoupled weight decay
    """

    lr: Hyper
    beta: Hyper
    gamma: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "last")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
        "gamma": ("gamma >= 0", lambda gamma: gamma >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _update = staticmethod(mars_lion_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.003,
        beta: Hyper = 0.95,
        gamma: Hyper = 0.025,
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
            beta=beta,
            gamma=gamma,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))
