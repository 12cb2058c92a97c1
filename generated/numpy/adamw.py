# generated from specs/adamw.py; regenerate with: python cli.py generate adamw
"""AdamW: the weights decay beside the step, not through the gradient. Three laws of how much."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ._arrays import Array, Bound, Hyper, NumpyOptimizer, Stage, tiles

__all__ = [
    "AdamW",
    "AdamWAfter",
    "AdamWEpsHat",
    "AdamWUnscaled",
    "adamw_after_update",
    "adamw_eps_hat_update",
    "adamw_unscaled_update",
    "adamw_update",
]


def adamw_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
    stages: Sequence[Bound] = (),
) -> None:
    """One step of AdamW on one array, in place.

        c1     = 1 - beta1**t                        bias of the first moment
        c2     = 1 - beta2**t                        bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g         first moment
        v_new  = beta2 * v + (1 - beta2) * g**2      second moment
        m_hat  = m_new / c1                          first moment, corrected
        v_hat  = v_new / c2                          second moment, corrected
        u      = m_hat / (sqrt(v_hat) + eps)         direction
        w_new  = w - lr * weight_decay * w - lr * u  decay and descent

    Then m, v, w take the new values.

    w, m, v and g are arrays of one shape and dtype, float32 or float64; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = 1 - beta1**t  # bias of the first moment
    c2 = 1 - beta2**t  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay

    for tile in tiles((w, m, v), (g,), scratch=2, stages=stages):
        w, m, v, g, s0, s1 = tile
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
        m_hat = np.divide(m_new, c1, out=s0)
        # v_hat = v_new / c2  (second moment, corrected)
        v_hat = np.divide(v_new, c2, out=s1)
        # u = m_hat / (sqrt(v_hat) + eps)  (direction)
        np.sqrt(v_hat, out=s1)
        np.add(s1, eps, out=s1)
        u = np.divide(m_hat, s1, out=s0)
        # w_new = w - lr * weight_decay * w - lr * u  (decay and descent)
        np.multiply(lr_weight_decay, w, out=s1)
        np.subtract(w, s1, out=w)
        np.multiply(lr, u, out=s0)
        np.subtract(w, s0, out=w)


class AdamW(NumpyOptimizer):
    """AdamW: Adam with decoupled weight decay.

    Source: Loshchilov & Hutter (2019), Algorithm 2, arXiv:1711.05101, decay times lr as in torch.optim.AdamW.
    The equations are in `adamw_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float32 or float64, or a list of Groups.
    pipeline are the stages around the rule, from the module pipeline, in the order in which they run.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decay of the weights, times lr
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _update = staticmethod(adamw_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.01,
        pipeline: Sequence[Stage] = (),
    ) -> None:
        super().__init__(
            params,
            pipeline=pipeline,
            lr=lr,
            beta1=beta1,
            beta2=beta2,
            eps=eps,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))


def adamw_eps_hat_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
    stages: Sequence[Bound] = (),
) -> None:
    """One step of AdamWEpsHat on one array, in place.

        c1     = 1 - beta1**t                                   bias of the first moment
        c2     = 1 - beta2**t                                   bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g                    first moment
        v_new  = beta2 * v + (1 - beta2) * g**2                 second moment
        u      = sqrt(c2) * m_new / (c1 * (sqrt(v_new) + eps))  direction
        w_new  = w - lr * weight_decay * w - lr * u             decay and descent

    Then m, v, w take the new values.

    w, m, v and g are arrays of one shape and dtype, float32 or float64; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = 1 - beta1**t  # bias of the first moment
    c2 = 1 - beta2**t  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    sqrt_c2_over_c1 = math.sqrt(c2) / c1
    lr_weight_decay = lr * weight_decay

    for tile in tiles((w, m, v), (g,), scratch=2, stages=stages):
        w, m, v, g, s0, s1 = tile
        # m_new = beta1 * m + (1 - beta1) * g  (first moment)
        np.multiply(beta1, m, out=m)
        np.multiply(one_minus_beta1, g, out=s0)
        m_new = np.add(m, s0, out=m)
        # v_new = beta2 * v + (1 - beta2) * g**2  (second moment)
        np.multiply(beta2, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_beta2, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # u = sqrt(c2) * m_new / (c1 * (sqrt(v_new) + eps))  (direction)
        np.multiply(sqrt_c2_over_c1, m_new, out=s0)
        np.sqrt(v_new, out=s1)
        np.add(s1, eps, out=s1)
        u = np.divide(s0, s1, out=s0)
        # w_new = w - lr * weight_decay * w - lr * u  (decay and descent)
        np.multiply(lr_weight_decay, w, out=s1)
        np.subtract(w, s1, out=w)
        np.multiply(lr, u, out=s0)
        np.subtract(w, s0, out=w)


class AdamWEpsHat(NumpyOptimizer):
    """AdamWEpsHat: AdamW with epsilon added before the second moment is corrected.

    Source: Loshchilov & Hutter (2019), Algorithm 2, arXiv:1711.05101, epsilon as in keras.optimizers.AdamW.
    The equations are in `adamw_eps_hat_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float32 or float64, or a list of Groups.
    pipeline are the stages around the rule, from the module pipeline, in the order in which they run.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decay of the weights, times lr
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _update = staticmethod(adamw_eps_hat_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.01,
        pipeline: Sequence[Stage] = (),
    ) -> None:
        super().__init__(
            params,
            pipeline=pipeline,
            lr=lr,
            beta1=beta1,
            beta2=beta2,
            eps=eps,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))


def adamw_unscaled_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 1e-5,
    stages: Sequence[Bound] = (),
) -> None:
    """One step of AdamWUnscaled on one array, in place.

        c1     = 1 - beta1**t                    bias of the first moment
        c2     = 1 - beta2**t                    bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g     first moment
        v_new  = beta2 * v + (1 - beta2) * g**2  second moment
        m_hat  = m_new / c1                      first moment, corrected
        v_hat  = v_new / c2                      second moment, corrected
        u      = m_hat / (sqrt(v_hat) + eps)     direction
        w_new  = w - weight_decay * w - lr * u   decay and descent

    Then m, v, w take the new values.

    w, m, v and g are arrays of one shape and dtype, float32 or float64; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = 1 - beta1**t  # bias of the first moment
    c2 = 1 - beta2**t  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2

    for tile in tiles((w, m, v), (g,), scratch=2, stages=stages):
        w, m, v, g, s0, s1 = tile
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
        m_hat = np.divide(m_new, c1, out=s0)
        # v_hat = v_new / c2  (second moment, corrected)
        v_hat = np.divide(v_new, c2, out=s1)
        # u = m_hat / (sqrt(v_hat) + eps)  (direction)
        np.sqrt(v_hat, out=s1)
        np.add(s1, eps, out=s1)
        u = np.divide(m_hat, s1, out=s0)
        # w_new = w - weight_decay * w - lr * u  (decay and descent)
        np.multiply(weight_decay, w, out=s1)
        np.subtract(w, s1, out=w)
        np.multiply(lr, u, out=s0)
        np.subtract(w, s0, out=w)


class AdamWUnscaled(NumpyOptimizer):
    """AdamWUnscaled: Adam with a weight decay that does not depend on the learning rate.

    Source: Loshchilov & Hutter (2019), Algorithm 2, arXiv:1711.05101, decay apart from lr as printed there.
    The equations are in `adamw_unscaled_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float32 or float64, or a list of Groups.
    pipeline are the stages around the rule, from the module pipeline, in the order in which they run.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0                learning rate
        beta1         0 <= beta1 < 1         decay of the first moment
        beta2         0 <= beta2 < 1         decay of the second moment
        eps           eps >= 0               keeps the division from zero
        weight_decay  0 <= weight_decay < 1  decay of the weights, whatever lr is
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("0 <= weight_decay < 1", lambda weight_decay: 0 <= weight_decay < 1),
    }
    _update = staticmethod(adamw_unscaled_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 1e-5,
        pipeline: Sequence[Stage] = (),
    ) -> None:
        super().__init__(
            params,
            pipeline=pipeline,
            lr=lr,
            beta1=beta1,
            beta2=beta2,
            eps=eps,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))


def adamw_after_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
    stages: Sequence[Bound] = (),
) -> None:
    """One step of AdamWAfter on one array, in place.

        c1       = 1 - beta1**t                           bias of the first moment
        c2       = 1 - beta2**t                           bias of the second moment
        m_new    = beta1 * m + (1 - beta1) * g            first moment
        v_new    = beta2 * v + (1 - beta2) * g**2         second moment
        m_hat    = m_new / c1                             first moment, corrected
        v_hat    = v_new / c2                             second moment, corrected
        u        = m_hat / (sqrt(v_hat) + eps)            direction
        stepped  = w - lr * u                             descent
        w_new    = stepped - lr * weight_decay * stepped  decay

    Then m, v, w take the new values.

    w, m, v and g are arrays of one shape and dtype, float32 or float64; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = 1 - beta1**t  # bias of the first moment
    c2 = 1 - beta2**t  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay

    for tile in tiles((w, m, v), (g,), scratch=2, stages=stages):
        w, m, v, g, s0, s1 = tile
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
        m_hat = np.divide(m_new, c1, out=s0)
        # v_hat = v_new / c2  (second moment, corrected)
        v_hat = np.divide(v_new, c2, out=s1)
        # u = m_hat / (sqrt(v_hat) + eps)  (direction)
        np.sqrt(v_hat, out=s1)
        np.add(s1, eps, out=s1)
        u = np.divide(m_hat, s1, out=s0)
        # stepped = w - lr * u  (descent)
        np.multiply(lr, u, out=s0)
        stepped = np.subtract(w, s0, out=s0)
        # w_new = stepped - lr * weight_decay * stepped  (decay)
        np.multiply(lr_weight_decay, stepped, out=w)
        np.subtract(stepped, w, out=w)


class AdamWAfter(NumpyOptimizer):
    """AdamWAfter: Adam whose weights decay after the step.

    Source: AdamW with the decay after the step.
    The equations are in `adamw_after_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float32 or float64, or a list of Groups.
    pipeline are the stages around the rule, from the module pipeline, in the order in which they run.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decay of the weights, times lr
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _update = staticmethod(adamw_after_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.01,
        pipeline: Sequence[Stage] = (),
    ) -> None:
        super().__init__(
            params,
            pipeline=pipeline,
            lr=lr,
            beta1=beta1,
            beta2=beta2,
            eps=eps,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))
