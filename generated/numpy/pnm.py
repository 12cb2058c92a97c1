# generated from specs/pnm.py; regenerate with: python cli.py generate pnm
"""PNM: two momenta in turn, one of which is taken away from the other, so that the noise is larger than the mean."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power, power
from ._arrays import Array, Hyper, NumpyOptimizer, Stage, StageCall, tiles

__all__ = [
    "PNM",
    "AdaPNM",
    "adapnm_update",
    "pnm_update",
]


def pnm_update(
    w: Array,
    g: Array,
    m: Array,
    before: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta0: float = 1.0,
    beta1: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of PNM on one array, in place.

        size        = sqrt(beta0**2 + (1 + beta0) ** 2)                  of the two weights
        m_new       = beta1**2 * before + (1 - beta1**2) * g             momentum of this step and every second before
        before_new  = m                                                  momentum of the step before
        w_new       = w - lr * ((1 + beta0) * m_new - beta0 * m) / size  descent

    Then m, before, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_one_plus_beta0_over_size  = lr * (1 + beta0) / size
        lr_beta0_over_size           = lr * beta0 / size
        w_new                        = w - (lr_one_plus_beta0_over_size * m_new - lr_beta0_over_size * m)

    w, m, before and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m       = 0 before the first step
        before  = 0 before the first step
    """
    size = math.sqrt(power(beta0, 2) + power(1 + beta0, 2))  # of the two weights
    beta1_pow_two = beta1**2
    one_minus_beta1_pow_two = 1 - beta1**2
    lr_one_plus_beta0_over_size = lr * (1 + beta0) / size
    lr_beta0_over_size = lr * beta0 / size

    for tile in tiles((w, m, before), (g,), scratch=3, stages=stages):
        w, m, before, g, s0, s1, s2 = tile
        # m_new = beta1**2 * before + (1 - beta1**2) * g  (momentum of this step and every second before)
        np.multiply(beta1_pow_two, before, out=s0)
        np.multiply(one_minus_beta1_pow_two, g, out=s1)
        m_new = np.add(s0, s1, out=s0)
        # before_new = m  (momentum of the step before)
        np.copyto(before, m)
        # w_new = w - lr * ((1 + beta0) * m_new - beta0 * m) / size  (descent)
        #       = w - (lr_one_plus_beta0_over_size * m_new - lr_beta0_over_size * m)
        np.multiply(lr_one_plus_beta0_over_size, m_new, out=s1)
        np.multiply(lr_beta0_over_size, m, out=s2)
        np.subtract(s1, s2, out=s1)
        np.subtract(w, s1, out=w)
        np.copyto(m, m_new)


class PNM(NumpyOptimizer):
    """PNM: positive-negative momentum: more than this momentum less that of the step before.

    Source: Xie et al. (2021), Algorithm 1, arXiv:2103.17182.
    The equations are in `pnm_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta0  beta0 > -1      how much the noise is magnified
        beta1  0 <= beta1 < 1  decay of a momentum in one step
    """

    lr: Hyper
    beta0: Hyper
    beta1: Hyper

    _states: ClassVar = ("m", "before")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta0": ("beta0 > -1", lambda beta0: beta0 > -1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
    }
    _update = staticmethod(pnm_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta0: Hyper = 1.0,
        beta1: Hyper = 0.9,
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
            beta0=beta0,
            beta1=beta1,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))


def adapnm_update(
    w: Array,
    g: Array,
    m: Array,
    before: Array,
    v: Array,
    v_max: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    beta0: float = 1.0,
    eps: float = 1e-8,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdaPNM on one array, in place.

        c1          = 1 - beta1**t                                   bias of the first moment
        c2          = 1 - beta2**t                                   bias of the second moment
        size        = sqrt(beta0**2 + (1 + beta0) ** 2)              of the two weights
        m_new       = beta1**2 * before + (1 - beta1**2) * g         momentum of this step and every second before
        before_new  = m                                              momentum of the step before
        v_new       = beta2 * v + (1 - beta2) * g**2                 second moment
        v_max_new   = maximum(v_max, v_new)                          largest second moment
        m_hat       = ((1 + beta0) * m_new - beta0 * m) / c1         positive-negative momentum, corrected
        v_hat       = v_max_new / c2                                 corrected
        w_new       = w - lr * m_hat / (size * (sqrt(v_hat) + eps))  descent

    Then m, before, v, v_max, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        factor                              = lr * sqrt(c2) * (1 + beta0) / (c1 * size)
        lr_sqrt_c2_beta0_over_c1_over_size  = lr * sqrt(c2) * beta0 / (c1 * size)
        eps_sqrt_c2                         = eps * sqrt(c2)
        w_new                               = w - (factor * m_new - lr_sqrt_c2_beta0_over_c1_over_size * m) / (sqrt(v_max_new) + eps_sqrt_c2)

    w, m, before, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m       = 0 before the first step
        before  = 0 before the first step
        v       = 0 before the first step
        v_max   = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    size = math.sqrt(power(beta0, 2) + power(1 + beta0, 2))  # of the two weights
    beta1_pow_two = beta1**2
    one_minus_beta1_pow_two = 1 - beta1**2
    one_minus_beta2 = 1 - beta2
    factor = lr * math.sqrt(c2) * (1 + beta0) / (c1 * size)
    lr_sqrt_c2_beta0_over_c1_over_size = lr * math.sqrt(c2) * beta0 / (c1 * size)
    eps_sqrt_c2 = eps * math.sqrt(c2)

    for tile in tiles((w, m, before, v, v_max), (g,), scratch=3, stages=stages):
        w, m, before, v, v_max, g, s0, s1, s2 = tile
        # m_new = beta1**2 * before + (1 - beta1**2) * g  (momentum of this step and every second before)
        np.multiply(beta1_pow_two, before, out=s0)
        np.multiply(one_minus_beta1_pow_two, g, out=s1)
        m_new = np.add(s0, s1, out=s0)
        # before_new = m  (momentum of the step before)
        np.copyto(before, m)
        # v_new = beta2 * v + (1 - beta2) * g**2  (second moment)
        np.multiply(beta2, v, out=v)
        np.square(g, out=s1)
        np.multiply(one_minus_beta2, s1, out=s1)
        v_new = np.add(v, s1, out=v)
        # v_max_new = maximum(v_max, v_new)  (largest second moment)
        v_max_new = np.maximum(v_max, v_new, out=v_max)
        # m_hat = ((1 + beta0) * m_new - beta0 * m) / c1  (positive-negative momentum, corrected)
        # v_hat = v_max_new / c2  (corrected)
        # w_new = w - lr * m_hat / (size * (sqrt(v_hat) + eps))  (descent)
        #       = w - (factor * m_new - lr_sqrt_c2_beta0_over_c1_over_size * m) / (sqrt(v_max_new) + eps_sqrt_c2)
        np.multiply(factor, m_new, out=s1)
        np.multiply(lr_sqrt_c2_beta0_over_c1_over_size, m, out=s2)
        np.subtract(s1, s2, out=s1)
        np.sqrt(v_max_new, out=s2)
        np.add(s2, eps_sqrt_c2, out=s2)
        np.divide(s1, s2, out=s1)
        np.subtract(w, s1, out=w)
        np.copyto(m, m_new)


class AdaPNM(NumpyOptimizer):
    """AdaPNM: AMSGrad with positive-negative momentum.

    Source: Xie et al. (2021), Algorithm 2, arXiv:2103.17182, epsilon outside the root as in Adam.
    The equations are in `adapnm_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of a momentum in one step
        beta2  0 <= beta2 < 1  decay of the second moment
        beta0  beta0 > -1      how much the noise is magnified
        eps    eps >= 0        keeps the division from zero
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    beta0: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "before", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta0": ("beta0 > -1", lambda beta0: beta0 > -1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(adapnm_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        beta0: Hyper = 1.0,
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
            beta0=beta0,
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))
