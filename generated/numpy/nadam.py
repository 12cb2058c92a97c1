# generated from specs/nadam.py; regenerate with: python cli.py generate nadam
"""NAdam: Adam with Nesterov's momentum. Three rules go by this name."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, NumpyOptimizer, Stage, StageCall, tiles

__all__ = [
    "NAdam",
    "NAdamKeras",
    "NAdamSimple",
    "nadam_keras_scalars",
    "nadam_keras_update",
    "nadam_scalars",
    "nadam_simple_update",
    "nadam_update",
]


def nadam_keras_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    product: float,
    t: int,
    *,
    lr: float = 0.002,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of NAdamKeras on one array, in place.

        mu           = beta1 * (1 - (24 / 25) ** t / 2)        momentum of this step
        mu_next      = beta1 * (1 - (24 / 25) ** (1 + t) / 2)  momentum of the next step
        product_new  = product * mu                            product of the momenta so far
        c2           = 1 - beta2**t                            bias of the second moment
        m_new        = beta1 * m + (1 - beta1) * g             first moment
        v_new        = beta2 * v + (1 - beta2) * g**2          second moment
        m_bar        = mu_next * m_new / (1 - mu_next * product_new) + (1 - mu) * g / (1 - product_new)  first moment, a step ahead, corrected
        v_hat        = v_new / c2                              second moment, corrected
        w_new        = w - lr * m_bar / (sqrt(v_hat) + eps)    descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        factor       = lr * sqrt(c2) * mu_next / (1 - mu_next * product_new)
        factor_2     = lr * sqrt(c2) * (1 - mu) / (1 - product_new)
        eps_sqrt_c2  = eps * sqrt(c2)
        w_new        = w - (factor * m_new + factor_2 * g) / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        product  = 1 before the first step
        m        = 0 before the first step
        v        = 0 before the first step
    """
    mu = beta1 * (1 - (24 / 25) ** t / 2)  # momentum of this step
    mu_next = beta1 * (1 - (24 / 25) ** (1 + t) / 2)  # momentum of the next step
    product_new = product * mu  # product of the momenta so far
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    factor = lr * math.sqrt(c2) * mu_next / (1 - mu_next * product_new)
    factor_2 = lr * math.sqrt(c2) * (1 - mu) / (1 - product_new)
    eps_sqrt_c2 = eps * math.sqrt(c2)

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
        # m_bar = mu_next * m_new / (1 - mu_next * product_new) + (1 - mu) * g / (1 - product_new)  (first moment, a step ahead, corrected)
        # v_hat = v_new / c2  (second moment, corrected)
        # w_new = w - lr * m_bar / (sqrt(v_hat) + eps)  (descent)
        #       = w - (factor * m_new + factor_2 * g) / (sqrt(v_new) + eps_sqrt_c2)
        np.multiply(factor, m_new, out=s0)
        np.multiply(factor_2, g, out=s1)
        np.add(s0, s1, out=s0)
        np.sqrt(v_new, out=s1)
        np.add(s1, eps_sqrt_c2, out=s1)
        np.divide(s0, s1, out=s0)
        np.subtract(w, s0, out=w)


def nadam_keras_scalars(
    product: float,
    t: int,
    *,
    lr: float = 0.002,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    mu = beta1 * (1 - (24 / 25) ** t / 2)  # momentum of this step
    product_new = product * mu  # product of the momenta so far
    return (product_new,)


class NAdamKeras(NumpyOptimizer):
    """NAdamKeras: Adam with Nesterov's momentum, on a schedule of its own.

    Source: Dozat (2016), openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ, as in keras.optimizers.Nadam.
    The equations are in `nadam_keras_update`, which this class applies to every parameter.

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
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(nadam_keras_update)
    _advance = staticmethod(nadam_keras_scalars)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.002,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
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
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"product": 1}


def nadam_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    product: float,
    t: int,
    *,
    lr: float = 0.002,
    beta1: float = 0.9,
    momentum_decay: float = 0.004,
    beta2: float = 0.999,
    eps: float = 1e-8,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of NAdam on one array, in place.

        mu           = beta1 * (1 - (24 / 25) ** (momentum_decay * t) / 2)        momentum of this step
        mu_next      = beta1 * (1 - (24 / 25) ** (momentum_decay * (1 + t)) / 2)  momentum of the next step
        product_new  = product * mu                                               product of the momenta so far
        c2           = 1 - beta2**t                                               bias of the second moment
        m_new        = beta1 * m + (1 - beta1) * g                                first moment
        v_new        = beta2 * v + (1 - beta2) * g**2                             second moment
        m_bar        = mu_next * m_new / (1 - mu_next * product_new) + (1 - mu) * g / (1 - product_new)  first moment, a step ahead, corrected
        v_hat        = v_new / c2                                                 second moment, corrected
        w_new        = w - lr * m_bar / (sqrt(v_hat) + eps)                       descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        factor       = lr * sqrt(c2) * mu_next / (1 - mu_next * product_new)
        factor_2     = lr * sqrt(c2) * (1 - mu) / (1 - product_new)
        eps_sqrt_c2  = eps * sqrt(c2)
        w_new        = w - (factor * m_new + factor_2 * g) / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        product  = 1 before the first step
        m        = 0 before the first step
        v        = 0 before the first step
    """
    mu = beta1 * (1 - (24 / 25) ** (momentum_decay * t) / 2)  # momentum of this step
    mu_next = beta1 * (1 - (24 / 25) ** (momentum_decay * (1 + t)) / 2)  # momentum of the next step
    product_new = product * mu  # product of the momenta so far
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    factor = lr * math.sqrt(c2) * mu_next / (1 - mu_next * product_new)
    factor_2 = lr * math.sqrt(c2) * (1 - mu) / (1 - product_new)
    eps_sqrt_c2 = eps * math.sqrt(c2)

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
        # m_bar = mu_next * m_new / (1 - mu_next * product_new) + (1 - mu) * g / (1 - product_new)  (first moment, a step ahead, corrected)
        # v_hat = v_new / c2  (second moment, corrected)
        # w_new = w - lr * m_bar / (sqrt(v_hat) + eps)  (descent)
        #       = w - (factor * m_new + factor_2 * g) / (sqrt(v_new) + eps_sqrt_c2)
        np.multiply(factor, m_new, out=s0)
        np.multiply(factor_2, g, out=s1)
        np.add(s0, s1, out=s0)
        np.sqrt(v_new, out=s1)
        np.add(s1, eps_sqrt_c2, out=s1)
        np.divide(s0, s1, out=s0)
        np.subtract(w, s0, out=w)


def nadam_scalars(
    product: float,
    t: int,
    *,
    lr: float = 0.002,
    beta1: float = 0.9,
    momentum_decay: float = 0.004,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    mu = beta1 * (1 - (24 / 25) ** (momentum_decay * t) / 2)  # momentum of this step
    product_new = product * mu  # product of the momenta so far
    return (product_new,)


class NAdam(NumpyOptimizer):
    """NAdam: Adam with Nesterov's momentum, on a schedule that momentum_decay sets.

    Source: Dozat (2016), openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ, as in torch.optim.NAdam.
    The equations are in `nadam_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr              lr >= 0              learning rate
        beta1           0 <= beta1 < 1       decay of the first moment
        momentum_decay  momentum_decay >= 0  how fast the momentum rises to beta1
        beta2           0 <= beta2 < 1       decay of the second moment
        eps             eps >= 0             keeps the division from zero
    """

    lr: Hyper
    beta1: Hyper
    momentum_decay: Hyper
    beta2: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "momentum_decay": ("momentum_decay >= 0", lambda momentum_decay: momentum_decay >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(nadam_update)
    _advance = staticmethod(nadam_scalars)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.002,
        beta1: Hyper = 0.9,
        momentum_decay: Hyper = 0.004,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
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
            momentum_decay=momentum_decay,
            beta2=beta2,
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"product": 1}


def nadam_simple_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.002,
    beta2: float = 0.999,
    beta1: float = 0.9,
    eps: float = 1e-8,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of NAdamSimple on one array, in place.

        c2     = 1 - beta2**t                          bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g           first moment
        v_new  = beta2 * v + (1 - beta2) * g**2        second moment
        m_bar  = beta1 * m_new / (1 - beta1 ** (1 + t)) + (1 - beta1) * g / (1 - beta1**t)  first moment, a step ahead, corrected
        v_hat  = v_new / c2                            second moment, corrected
        w_new  = w - lr * m_bar / (sqrt(v_hat) + eps)  descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        factor       = lr * sqrt(c2) * beta1 / (1 - beta1 ** (1 + t))
        factor_2     = lr * sqrt(c2) * (1 - beta1) / (1 - beta1**t)
        eps_sqrt_c2  = eps * sqrt(c2)
        w_new        = w - (factor * m_new + factor_2 * g) / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    factor = lr * math.sqrt(c2) * beta1 / one_minus_power(beta1, 1 + t)
    factor_2 = lr * math.sqrt(c2) * (1 - beta1) / one_minus_power(beta1, t)
    eps_sqrt_c2 = eps * math.sqrt(c2)

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
        # m_bar = beta1 * m_new / (1 - beta1 ** (1 + t)) + (1 - beta1) * g / (1 - beta1**t)  (first moment, a step ahead, corrected)
        # v_hat = v_new / c2  (second moment, corrected)
        # w_new = w - lr * m_bar / (sqrt(v_hat) + eps)  (descent)
        #       = w - (factor * m_new + factor_2 * g) / (sqrt(v_new) + eps_sqrt_c2)
        np.multiply(factor, m_new, out=s0)
        np.multiply(factor_2, g, out=s1)
        np.add(s0, s1, out=s0)
        np.sqrt(v_new, out=s1)
        np.add(s1, eps_sqrt_c2, out=s1)
        np.divide(s0, s1, out=s0)
        np.subtract(w, s0, out=w)


class NAdamSimple(NumpyOptimizer):
    """NAdamSimple: Adam with Nesterov's momentum and no schedule.

    Source: Dozat (2016), Algorithm 2 with a constant momentum, as in optax.nadam.
    The equations are in `nadam_simple_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta2  0 <= beta2 < 1  decay of the second moment
        beta1  0 <= beta1 < 1  decay of the first moment
        eps    eps >= 0        keeps the division from zero
    """

    lr: Hyper
    beta2: Hyper
    beta1: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(nadam_simple_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.002,
        beta2: Hyper = 0.999,
        beta1: Hyper = 0.9,
        eps: Hyper = 1e-8,
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
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))
