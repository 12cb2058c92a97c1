# generated from specs/sgdw.py; regenerate with: python cli.py generate sgdw
"""SGDW: momentum whose weights decay beside the step, as in the paper and as the libraries have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ._arrays import Array, Hyper, NumpyOptimizer, Stage, StageCall, tiles

__all__ = [
    "SGDW",
    "SGDWBuffer",
    "SGDWNesterov",
    "sgdw_buffer_update",
    "sgdw_nesterov_update",
    "sgdw_update",
]


def sgdw_update(
    w: Array,
    g: Array,
    m: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    eta: float = 1.0,
    weight_decay: float = 1e-4,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of SGDW on one array, in place.

        m_new  = beta1 * m + lr * eta * g            momentum
        w_new  = w - m_new - eta * weight_decay * w  descent and decay

    Then m, w take the new values.

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
    """
    lr_eta = lr * eta
    eta_weight_decay = eta * weight_decay

    for tile in tiles((w, m), (g,), scratch=1, stages=stages):
        w, m, g, s0 = tile
        # m_new = beta1 * m + lr * eta * g  (momentum)
        np.multiply(beta1, m, out=m)
        np.multiply(lr_eta, g, out=s0)
        m_new = np.add(m, s0, out=m)
        # w_new = w - m_new - eta * weight_decay * w  (descent and decay)
        np.subtract(w, m_new, out=s0)
        np.multiply(eta_weight_decay, w, out=w)
        np.subtract(s0, w, out=w)


class SGDW(NumpyOptimizer):
    """SGDW: momentum with decoupled weight decay, which follows the schedule but not the learning rate.

    Source: Loshchilov & Hutter (2019), Algorithm 1, arXiv:1711.05101.
    The equations are in `sgdw_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     momentum coefficient
        eta           eta >= 0           schedule multiplier
        weight_decay  weight_decay >= 0  decay of the weights, times eta
    """

    lr: Hyper
    beta1: Hyper
    eta: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "eta": ("eta >= 0", lambda eta: eta >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _update = staticmethod(sgdw_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        eta: Hyper = 1.0,
        weight_decay: Hyper = 1e-4,
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
            eta=eta,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w),)


def sgdw_buffer_update(
    w: Array,
    g: Array,
    b: Array,
    t: int,
    *,
    lr: float = 0.001,
    dampening: float = 0.0,
    mu: float = 0.9,
    weight_decay: float = 0.01,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of SGDWBuffer on one array, in place.

        keep   = where(t > 1, 1 - dampening, 1)          share of the gradient
        b_new  = mu * b + keep * g                       buffer
        w_new  = w - lr * weight_decay * w - lr * b_new  descent and decay

    Then b, w take the new values.

    w, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        b  = 0 before the first step
    """
    keep = 1 - dampening if t > 1 else 1  # share of the gradient
    lr_weight_decay = lr * weight_decay

    for tile in tiles((w, b), (g,), scratch=1, stages=stages):
        w, b, g, s0 = tile
        # b_new = mu * b + keep * g  (buffer)
        np.multiply(mu, b, out=b)
        np.multiply(keep, g, out=s0)
        b_new = np.add(b, s0, out=b)
        # w_new = w - lr * weight_decay * w - lr * b_new  (descent and decay)
        np.multiply(lr_weight_decay, w, out=s0)
        np.subtract(w, s0, out=w)
        np.multiply(lr, b_new, out=s0)
        np.subtract(w, s0, out=w)


class SGDWBuffer(NumpyOptimizer):
    """SGDWBuffer: SGDW with the momentum of torch, and a decay times the learning rate.

    Source: Loshchilov & Hutter (2019), Algorithm 1, arXiv:1711.05101, as in timm and pytorch_optimizer.
    The equations are in `sgdw_buffer_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0              learning rate
        dampening     0 <= dampening <= 1  share of each later gradient that is lost
        mu            0 <= mu < 1          momentum coefficient
        weight_decay  weight_decay >= 0    decay of the weights, times lr
    """

    lr: Hyper
    dampening: Hyper
    mu: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("b",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "dampening": ("0 <= dampening <= 1", lambda dampening: 0 <= dampening <= 1),
        "mu": ("0 <= mu < 1", lambda mu: 0 <= mu < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _own_t: ClassVar = True
    _update = staticmethod(sgdw_buffer_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        dampening: Hyper = 0.0,
        mu: Hyper = 0.9,
        weight_decay: Hyper = 0.01,
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
            dampening=dampening,
            mu=mu,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w),)


def sgdw_nesterov_update(
    w: Array,
    g: Array,
    b: Array,
    t: int,
    *,
    lr: float = 0.001,
    mu: float = 0.9,
    weight_decay: float = 0.01,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of SGDWNesterov on one array, in place.

        b_new  = g + mu * b                                         buffer
        w_new  = w - lr * weight_decay * w - lr * (g + mu * b_new)  descent and decay

    Then b, w take the new values.

    w, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        b  = 0 before the first step
    """
    lr_weight_decay = lr * weight_decay

    for tile in tiles((w, b), (g,), scratch=1, stages=stages):
        w, b, g, s0 = tile
        # b_new = g + mu * b  (buffer)
        np.multiply(mu, b, out=b)
        b_new = np.add(g, b, out=b)
        # w_new = w - lr * weight_decay * w - lr * (g + mu * b_new)  (descent and decay)
        np.multiply(lr_weight_decay, w, out=s0)
        np.subtract(w, s0, out=w)
        np.multiply(mu, b_new, out=s0)
        np.add(g, s0, out=s0)
        np.multiply(lr, s0, out=s0)
        np.subtract(w, s0, out=w)


class SGDWNesterov(NumpyOptimizer):
    """SGDWNesterov: SGDWBuffer that looks a step ahead.

    Source: Loshchilov & Hutter (2019), arXiv:1711.05101, with the momentum of Nesterov as in timm.
    The equations are in `sgdw_nesterov_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        mu            0 <= mu < 1        momentum coefficient
        weight_decay  weight_decay >= 0  decay of the weights, times lr
    """

    lr: Hyper
    mu: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("b",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "mu": ("0 <= mu < 1", lambda mu: 0 <= mu < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _update = staticmethod(sgdw_nesterov_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        mu: Hyper = 0.9,
        weight_decay: Hyper = 0.01,
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
            mu=mu,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w),)
