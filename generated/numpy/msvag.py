# generated from specs/msvag.py; regenerate with: python cli.py generate msvag
"""M-SVAG: momentum whose step is shortened where the gradients vary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, NumpyOptimizer, Stage, StageCall, tiles

__all__ = [
    "MSVAG",
    "MSVAGW",
    "msvag_decay_update",
    "msvag_update",
]


def msvag_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.1,
    beta: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of MSVAG on one array, in place.

        c      = 1 - beta**t                                                  bias of both moments
        rho    = minimum(9999 / 10000, (1 - beta) ** 2 * (1 - beta ** (2 * t)) / (c**2 * (1 - beta**2)))  variance of the average over that of a gradient
        m_new  = beta * m + (1 - beta) * g                                    first moment
        v_new  = beta * v + (1 - beta) * g**2                                 second moment
        m_hat  = m_new / c                                                    first moment, corrected
        v_hat  = v_new / c                                                    second moment, corrected
        s      = (v_hat - m_hat**2) / (1 - rho)                               variance of the gradient
        base   = m_hat**2 + rho * s                                           second moment of the average
        gamma  = where(base > 0, minimum(maximum(m_hat**2 / base, 0), 1), 0)  share of the mean in it
        w_new  = w - lr * m_hat * gamma                                       descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        rho_over_one_minus_rho  = rho / (1 - rho)
        base                    = m_hat**2 + rho_over_one_minus_rho * (v_hat - m_hat**2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c = one_minus_power(beta, t)  # bias of both moments
    rho = min(9999 / 10000, (1 - beta) ** 2 * one_minus_power(beta, 2 * t) / (c**2 * (1 - beta**2)))  # variance of the average over that of a gradient
    one_minus_beta = 1 - beta
    rho_over_one_minus_rho = rho / (1 - rho)

    for tile in tiles((w, m, v), (g,), scratch=4, masks=1, stages=stages):
        w, m, v, g, s0, s1, s2, s3, mask0 = tile
        # m_new = beta * m + (1 - beta) * g  (first moment)
        np.multiply(beta, m, out=m)
        np.multiply(one_minus_beta, g, out=s0)
        m_new = np.add(m, s0, out=m)
        # v_new = beta * v + (1 - beta) * g**2  (second moment)
        np.multiply(beta, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_beta, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # m_hat = m_new / c  (first moment, corrected)
        m_hat = np.divide(m_new, c, out=s0)
        # v_hat = v_new / c  (second moment, corrected)
        v_hat = np.divide(v_new, c, out=s1)
        # s = (v_hat - m_hat**2) / (1 - rho)  (variance of the gradient)
        # base = m_hat**2 + rho * s  (second moment of the average)
        #      = m_hat**2 + rho_over_one_minus_rho * (v_hat - m_hat**2)
        np.square(m_hat, out=s2)
        np.square(m_hat, out=s3)
        np.subtract(v_hat, s3, out=s1)
        np.multiply(rho_over_one_minus_rho, s1, out=s1)
        base = np.add(s2, s1, out=s2)
        # gamma = where(base > 0, minimum(maximum(m_hat**2 / base, 0), 1), 0)  (share of the mean in it)
        np.greater(base, 0, out=mask0)
        np.square(m_hat, out=s1)
        np.divide(s1, base, out=s1)
        np.maximum(s1, 0, out=s1)
        np.minimum(s1, 1, out=s1)
        np.copyto(s2, 0)
        np.copyto(s2, s1, where=mask0)
        gamma = s2
        # w_new = w - lr * m_hat * gamma  (descent)
        np.multiply(lr, m_hat, out=s0)
        np.multiply(s0, gamma, out=s0)
        np.subtract(w, s0, out=w)


class MSVAG(NumpyOptimizer):
    """MSVAG: stochastic variance-adapted gradient with momentum.

    Source: Balles & Hennig (2018), Algorithm 2, arXiv:1705.07774, with the bounds of Chainer and pytorch_optimizer.
    The equations are in `msvag_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr    lr >= 0        learning rate
        beta  0 <= beta < 1  decay of both moments
    """

    lr: Hyper
    beta: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
    }
    _update = staticmethod(msvag_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.1,
        beta: Hyper = 0.9,
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
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))


def msvag_decay_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.1,
    beta: float = 0.9,
    weight_decay: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of MSVAGW on one array, in place.

        c      = 1 - beta**t                                                  bias of both moments
        rho    = minimum(9999 / 10000, (1 - beta) ** 2 * (1 - beta ** (2 * t)) / (c**2 * (1 - beta**2)))  variance of the average over that of a gradient
        m_new  = beta * m + (1 - beta) * g                                    first moment
        v_new  = beta * v + (1 - beta) * g**2                                 second moment
        m_hat  = m_new / c                                                    first moment, corrected
        v_hat  = v_new / c                                                    second moment, corrected
        s      = (v_hat - m_hat**2) / (1 - rho)                               variance of the gradient
        base   = m_hat**2 + rho * s                                           second moment of the average
        gamma  = where(base > 0, minimum(maximum(m_hat**2 / base, 0), 1), 0)  share of the mean in it
        w_new  = w - weight_decay * w - lr * m_hat * gamma                    descent and decay

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        rho_over_one_minus_rho  = rho / (1 - rho)
        base                    = m_hat**2 + rho_over_one_minus_rho * (v_hat - m_hat**2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c = one_minus_power(beta, t)  # bias of both moments
    rho = min(9999 / 10000, (1 - beta) ** 2 * one_minus_power(beta, 2 * t) / (c**2 * (1 - beta**2)))  # variance of the average over that of a gradient
    one_minus_beta = 1 - beta
    rho_over_one_minus_rho = rho / (1 - rho)

    for tile in tiles((w, m, v), (g,), scratch=4, masks=1, stages=stages):
        w, m, v, g, s0, s1, s2, s3, mask0 = tile
        # m_new = beta * m + (1 - beta) * g  (first moment)
        np.multiply(beta, m, out=m)
        np.multiply(one_minus_beta, g, out=s0)
        m_new = np.add(m, s0, out=m)
        # v_new = beta * v + (1 - beta) * g**2  (second moment)
        np.multiply(beta, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_beta, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # m_hat = m_new / c  (first moment, corrected)
        m_hat = np.divide(m_new, c, out=s0)
        # v_hat = v_new / c  (second moment, corrected)
        v_hat = np.divide(v_new, c, out=s1)
        # s = (v_hat - m_hat**2) / (1 - rho)  (variance of the gradient)
        # base = m_hat**2 + rho * s  (second moment of the average)
        #      = m_hat**2 + rho_over_one_minus_rho * (v_hat - m_hat**2)
        np.square(m_hat, out=s2)
        np.square(m_hat, out=s3)
        np.subtract(v_hat, s3, out=s1)
        np.multiply(rho_over_one_minus_rho, s1, out=s1)
        base = np.add(s2, s1, out=s2)
        # gamma = where(base > 0, minimum(maximum(m_hat**2 / base, 0), 1), 0)  (share of the mean in it)
        np.greater(base, 0, out=mask0)
        np.square(m_hat, out=s1)
        np.divide(s1, base, out=s1)
        np.maximum(s1, 0, out=s1)
        np.minimum(s1, 1, out=s1)
        np.copyto(s2, 0)
        np.copyto(s2, s1, where=mask0)
        gamma = s2
        # w_new = w - weight_decay * w - lr * m_hat * gamma  (descent and decay)
        np.multiply(weight_decay, w, out=s1)
        np.subtract(w, s1, out=w)
        np.multiply(lr, m_hat, out=s0)
        np.multiply(s0, gamma, out=s0)
        np.subtract(w, s0, out=w)


class MSVAGW(NumpyOptimizer):
    """MSVAGW: MSVAG with a weight decay that does not depend on the learning rate.

    Source: Balles & Hennig (2018), Algorithm 2, arXiv:1705.07774, as in chainer.optimizers.MSVAG.
    The equations are in `msvag_decay_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta          0 <= beta < 1      decay of both moments
        weight_decay  weight_decay >= 0  decay of the weights, whatever lr is
    """

    lr: Hyper
    beta: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _update = staticmethod(msvag_decay_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.1,
        beta: Hyper = 0.9,
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
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))
