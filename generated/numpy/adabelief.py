# generated from specs/adabelief.py; regenerate with: python cli.py generate adabelief
"""AdaBelief: a step scaled by how far the gradients are from what their average lets one expect."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, NumpyOptimizer, Stage, StageCall, tiles

__all__ = [
    "AdaBelief",
    "AdaBeliefNesterov",
    "adabelief_nesterov_update",
    "adabelief_update",
]


def adabelief_update(
    w: Array,
    g: Array,
    m: Array,
    s: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps_root: float = 1e-16,
    eps: float = 1e-16,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdaBelief on one array, in place.

        c1     = 1 - beta1**t                                           bias of the first moment
        c2     = 1 - beta2**t                                           bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g                            first moment
        s_new  = beta2 * s + (1 - beta2) * (g - m_new) ** 2 + eps_root  variance about the first moment
        m_hat  = m_new / c1                                             first moment, corrected
        s_hat  = s_new / c2                                             variance, corrected
        w_new  = w - lr * m_hat / (sqrt(s_hat) + eps)                   descent

    Then m, s, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(s_new) + eps_sqrt_c2)

    w, m, s and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        s  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)

    for tile in tiles((w, m, s), (g,), scratch=2, stages=stages):
        w, m, s, g, s0, s1 = tile
        # m_new = beta1 * m + (1 - beta1) * g  (first moment)
        np.multiply(beta1, m, out=m)
        np.multiply(one_minus_beta1, g, out=s0)
        m_new = np.add(m, s0, out=m)
        # s_new = beta2 * s + (1 - beta2) * (g - m_new) ** 2 + eps_root  (variance about the first moment)
        np.multiply(beta2, s, out=s)
        np.subtract(g, m_new, out=s0)
        np.square(s0, out=s0)
        np.multiply(one_minus_beta2, s0, out=s0)
        np.add(s, s0, out=s)
        s_new = np.add(s, eps_root, out=s)
        # m_hat = m_new / c1  (first moment, corrected)
        # s_hat = s_new / c2  (variance, corrected)
        # w_new = w - lr * m_hat / (sqrt(s_hat) + eps)  (descent)
        #       = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(s_new) + eps_sqrt_c2)
        np.multiply(lr_sqrt_c2_over_c1, m_new, out=s0)
        np.sqrt(s_new, out=s1)
        np.add(s1, eps_sqrt_c2, out=s1)
        np.divide(s0, s1, out=s0)
        np.subtract(w, s0, out=w)


class AdaBelief(NumpyOptimizer):
    """AdaBelief: Adam with the variance about the first moment in place of the second moment.

    Source: Zhuang et al. (2020), Algorithm 2, arXiv:2010.07468v2, its two epsilons apart as in optax.adabelief.
    The equations are in `adabelief_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr        lr >= 0         learning rate
        beta1     0 <= beta1 < 1  decay of the first moment
        beta2     0 <= beta2 < 1  decay of the second moment
        eps_root  eps_root >= 0   added to the variance at every step
        eps       eps >= 0        keeps the division from zero
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps_root: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "s")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps_root": ("eps_root >= 0", lambda eps_root: eps_root >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(adabelief_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps_root: Hyper = 1e-16,
        eps: Hyper = 1e-16,
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
            eps_root=eps_root,
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))


def adabelief_nesterov_update(
    w: Array,
    g: Array,
    m: Array,
    s: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.999,
    beta1: float = 0.9,
    eps_root: float = 1e-16,
    eps: float = 1e-16,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdaBeliefNesterov on one array, in place.

        c2     = 1 - beta2**t                                           bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g                            first moment
        s_new  = beta2 * s + (1 - beta2) * (g - m_new) ** 2 + eps_root  variance about the first moment
        m_bar  = beta1 * m_new / (1 - beta1 ** (1 + t)) + (1 - beta1) * g / (1 - beta1**t)  first moment, a step ahead, corrected
        s_hat  = s_new / c2                                             variance, corrected
        w_new  = w - lr * m_bar / (sqrt(s_hat) + eps)                   descent

    Then m, s, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        factor       = lr * sqrt(c2) * beta1 / (1 - beta1 ** (1 + t))
        factor_2     = lr * sqrt(c2) * (1 - beta1) / (1 - beta1**t)
        eps_sqrt_c2  = eps * sqrt(c2)
        w_new        = w - (factor * m_new + factor_2 * g) / (sqrt(s_new) + eps_sqrt_c2)

    w, m, s and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        s  = 0 before the first step
    """
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    factor = lr * math.sqrt(c2) * beta1 / one_minus_power(beta1, 1 + t)
    factor_2 = lr * math.sqrt(c2) * (1 - beta1) / one_minus_power(beta1, t)
    eps_sqrt_c2 = eps * math.sqrt(c2)

    for tile in tiles((w, m, s), (g,), scratch=2, stages=stages):
        w, m, s, g, s0, s1 = tile
        # m_new = beta1 * m + (1 - beta1) * g  (first moment)
        np.multiply(beta1, m, out=m)
        np.multiply(one_minus_beta1, g, out=s0)
        m_new = np.add(m, s0, out=m)
        # s_new = beta2 * s + (1 - beta2) * (g - m_new) ** 2 + eps_root  (variance about the first moment)
        np.multiply(beta2, s, out=s)
        np.subtract(g, m_new, out=s0)
        np.square(s0, out=s0)
        np.multiply(one_minus_beta2, s0, out=s0)
        np.add(s, s0, out=s)
        s_new = np.add(s, eps_root, out=s)
        # m_bar = beta1 * m_new / (1 - beta1 ** (1 + t)) + (1 - beta1) * g / (1 - beta1**t)  (first moment, a step ahead, corrected)
        # s_hat = s_new / c2  (variance, corrected)
        # w_new = w - lr * m_bar / (sqrt(s_hat) + eps)  (descent)
        #       = w - (factor * m_new + factor_2 * g) / (sqrt(s_new) + eps_sqrt_c2)
        np.multiply(factor, m_new, out=s0)
        np.multiply(factor_2, g, out=s1)
        np.add(s0, s1, out=s0)
        np.sqrt(s_new, out=s1)
        np.add(s1, eps_sqrt_c2, out=s1)
        np.divide(s0, s1, out=s0)
        np.subtract(w, s0, out=w)


class AdaBeliefNesterov(NumpyOptimizer):
    """AdaBeliefNesterov: AdaBelief with Nesterov's momentum.

    Source: Zhuang et al. (2020), Algorithm 2, arXiv:2010.07468v2, as in optax.adabelief(nesterov=True).
    The equations are in `adabelief_nesterov_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr        lr >= 0         learning rate
        beta2     0 <= beta2 < 1  decay of the second moment
        beta1     0 <= beta1 < 1  decay of the first moment
        eps_root  eps_root >= 0   added to the variance at every step
        eps       eps >= 0        keeps the division from zero
    """

    lr: Hyper
    beta2: Hyper
    beta1: Hyper
    eps_root: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "s")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "eps_root": ("eps_root >= 0", lambda eps_root: eps_root >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(adabelief_nesterov_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta2: Hyper = 0.999,
        beta1: Hyper = 0.9,
        eps_root: Hyper = 1e-16,
        eps: Hyper = 1e-16,
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
            eps_root=eps_root,
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))
