# generated from specs/lookahead.py; regenerate with: python cli.py generate lookahead
"""Lookahead: every k steps, slow weights take a part of the way that the fast ones have gone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, IntHyper, NumpyOptimizer, Stage, StageCall, tiles

__all__ = [
    "LookaheadAdam",
    "LookaheadAdjusted",
    "LookaheadSGD",
    "lookahead_adam_update",
    "lookahead_adjusted_update",
    "lookahead_sgd_update",
]


def lookahead_sgd_update(
    w: Array,
    g: Array,
    slow: Array,
    t: int,
    *,
    lr: float = 0.01,
    k: int = 5,
    alpha: float = 0.5,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of LookaheadSGD on one array, in place.

        fast      = w - lr * g                                            descent
        phase     = mod(t, k)                                             0 when the slow weights step
        slow_new  = where(phase > 0, slow, slow + alpha * (fast - slow))  slow weights
        w_new     = where(phase > 0, fast, slow_new)                      fast weights, back at the slow ones

    Then slow, w take the new values.

    w, slow and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        slow  = w before the first step
    """
    phase = t % k  # 0 when the slow weights step
    phase_above_zero = 1 if phase > 0 else 0

    for tile in tiles((w, slow), (g,), scratch=2, stages=stages):
        w, slow, g, s0, s1 = tile
        # fast = w - lr * g  (descent)
        np.multiply(lr, g, out=s0)
        fast = np.subtract(w, s0, out=s0)
        # slow_new = where(phase > 0, slow, slow + alpha * (fast - slow))  (slow weights)
        np.subtract(fast, slow, out=s1)
        np.multiply(alpha, s1, out=s1)
        np.add(slow, s1, out=s1)
        np.copyto(s1, slow, where=phase_above_zero != 0)
        slow_new = s1
        # w_new = where(phase > 0, fast, slow_new)  (fast weights, back at the slow ones)
        np.copyto(w, slow_new)
        np.copyto(w, fast, where=phase_above_zero != 0)
        np.copyto(slow, slow_new)


class LookaheadSGD(NumpyOptimizer):
    """LookaheadSGD: Lookahead over stochastic gradient descent.

    Source: Zhang et al. (2019), Algorithm 1, arXiv:1907.08610, over SGD.
    The equations are in `lookahead_sgd_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0          learning rate
        k      integer k >= 1   steps of the fast weights to one of the slow
        alpha  0 <= alpha <= 1  part of the way that the slow weights take
    """

    lr: Hyper
    k: IntHyper
    alpha: Hyper

    _states: ClassVar = ("slow",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "k": ("integer k >= 1", lambda k: k >= 1 and k % 1 == 0),
        "alpha": ("0 <= alpha <= 1", lambda alpha: 0 <= alpha <= 1),
    }
    _starts_late: ClassVar = True
    _update = staticmethod(lookahead_sgd_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        k: IntHyper = 5,
        alpha: Hyper = 0.5,
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
            k=k,
            alpha=alpha,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.copy(),)


def lookahead_adam_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    slow: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    k: int = 5,
    alpha: float = 0.5,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of LookaheadAdam on one array, in place.

        c1        = 1 - beta1**t                                          bias of the first moment
        c2        = 1 - beta2**t                                          bias of the second moment
        m_new     = beta1 * m + (1 - beta1) * g                           first moment
        v_new     = beta2 * v + (1 - beta2) * g**2                        second moment
        m_hat     = m_new / c1                                            first moment, corrected
        v_hat     = v_new / c2                                            second moment, corrected
        fast      = w - lr * m_hat / (sqrt(v_hat) + eps)                  descent
        phase     = mod(t, k)                                             0 when the slow weights step
        slow_new  = where(phase > 0, slow, slow + alpha * (fast - slow))  slow weights
        w_new     = where(phase > 0, fast, slow_new)                      fast weights, back at the slow ones

    Then m, v, slow, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        fast                = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v, slow and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m     = 0 before the first step
        v     = 0 before the first step
        slow  = w before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    phase = t % k  # 0 when the slow weights step
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)
    phase_above_zero = 1 if phase > 0 else 0

    for tile in tiles((w, m, v, slow), (g,), scratch=2, stages=stages):
        w, m, v, slow, g, s0, s1 = tile
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
        # fast = w - lr * m_hat / (sqrt(v_hat) + eps)  (descent)
        #      = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)
        np.multiply(lr_sqrt_c2_over_c1, m_new, out=s0)
        np.sqrt(v_new, out=s1)
        np.add(s1, eps_sqrt_c2, out=s1)
        np.divide(s0, s1, out=s0)
        fast = np.subtract(w, s0, out=s0)
        # slow_new = where(phase > 0, slow, slow + alpha * (fast - slow))  (slow weights)
        np.subtract(fast, slow, out=s1)
        np.multiply(alpha, s1, out=s1)
        np.add(slow, s1, out=s1)
        np.copyto(s1, slow, where=phase_above_zero != 0)
        slow_new = s1
        # w_new = where(phase > 0, fast, slow_new)  (fast weights, back at the slow ones)
        np.copyto(w, slow_new)
        np.copyto(w, fast, where=phase_above_zero != 0)
        np.copyto(slow, slow_new)


class LookaheadAdam(NumpyOptimizer):
    """LookaheadAdam: Lookahead over Adam.

    Source: Zhang et al. (2019), Algorithm 1, arXiv:1907.08610, over Adam.
    The equations are in `lookahead_adam_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0          learning rate
        beta1  0 <= beta1 < 1   decay of the first moment
        beta2  0 <= beta2 < 1   decay of the second moment
        eps    eps >= 0         keeps the division from zero
        k      integer k >= 1   steps of the fast weights to one of the slow
        alpha  0 <= alpha <= 1  part of the way that the slow weights take
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper
    k: IntHyper
    alpha: Hyper

    _states: ClassVar = ("m", "v", "slow")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "k": ("integer k >= 1", lambda k: k >= 1 and k % 1 == 0),
        "alpha": ("0 <= alpha <= 1", lambda alpha: 0 <= alpha <= 1),
    }
    _starts_late: ClassVar = True
    _update = staticmethod(lookahead_adam_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        k: IntHyper = 5,
        alpha: Hyper = 0.5,
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
            k=k,
            alpha=alpha,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w), w.copy())


def lookahead_adjusted_update(
    w: Array,
    g: Array,
    slow: Array,
    start: Array,
    t: int,
    *,
    lr: float = 0.01,
    k: int = 5,
    alpha_low: float = 0.2,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of LookaheadAdjusted on one array, in place.

        fast       = w - lr * g                                                    descent
        begun      = mod(t - 1, k)                                                 0 when the fast weights start from the slow
        phase      = mod(t, k)                                                     0 when the slow weights step
        start_new  = where(begun > 0, start, g)                                    gradient at the slow weights
        gap        = (slow - fast) * (start - g)
        best       = start * (slow - w) / gap                                      weight that leads to where the gradient vanishes on a line
        alpha_now  = where(abs(gap) > 0, minimum(maximum(best, alpha_low), 1), 1)  the same within bounds
        slow_new   = where(phase > 0, slow, slow + alpha_now * (fast - slow))      slow weights
        w_new      = where(phase > 0, fast, slow_new)                              fast weights, back at the slow ones

    Then slow, start, w take the new values.

    w, slow, start and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        slow   = w before the first step
        start  = 0 before the first step
    """
    begun = (t - 1) % k  # 0 when the fast weights start from the slow
    phase = t % k  # 0 when the slow weights step
    begun_above_zero = 1 if begun > 0 else 0
    phase_above_zero = 1 if phase > 0 else 0

    for tile in tiles((w, slow, start), (g,), scratch=4, masks=1, stages=stages):
        w, slow, start, g, s0, s1, s2, s3, mask0 = tile
        # fast = w - lr * g  (descent)
        np.multiply(lr, g, out=s0)
        fast = np.subtract(w, s0, out=s0)
        # start_new = where(begun > 0, start, g)  (gradient at the slow weights)
        np.copyto(s1, g)
        np.copyto(s1, start, where=begun_above_zero != 0)
        start_new = s1
        # gap = (slow - fast) * (start - g)
        np.subtract(slow, fast, out=s2)
        np.subtract(start, g, out=s3)
        gap = np.multiply(s2, s3, out=s2)
        # best = start * (slow - w) / gap  (weight that leads to where the gradient vanishes on a line)
        np.subtract(slow, w, out=s3)
        np.multiply(start, s3, out=s3)
        best = np.divide(s3, gap, out=s3)
        # alpha_now = where(abs(gap) > 0, minimum(maximum(best, alpha_low), 1), 1)  (the same within bounds)
        np.absolute(gap, out=s2)
        np.greater(s2, 0, out=mask0)
        np.maximum(best, alpha_low, out=s3)
        np.minimum(s3, 1, out=s3)
        np.copyto(s2, 1)
        np.copyto(s2, s3, where=mask0)
        alpha_now = s2
        # slow_new = where(phase > 0, slow, slow + alpha_now * (fast - slow))  (slow weights)
        np.subtract(fast, slow, out=s3)
        np.multiply(alpha_now, s3, out=s2)
        np.add(slow, s2, out=s2)
        np.copyto(s2, slow, where=phase_above_zero != 0)
        slow_new = s2
        # w_new = where(phase > 0, fast, slow_new)  (fast weights, back at the slow ones)
        np.copyto(w, slow_new)
        np.copyto(w, fast, where=phase_above_zero != 0)
        np.copyto(slow, slow_new)
        np.copyto(start, start_new)


class LookaheadAdjusted(NumpyOptimizer):
    """LookaheadAdjusted: Lookahead with the weight that is best on a quadratic, one for every element.

    Source: Zhang et al. (2019), Proposition 1, arXiv:1907.08610, over SGD; the curvature from two gradients.
    The equations are in `lookahead_adjusted_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr         lr >= 0              learning rate
        k          integer k >= 2       steps of the fast weights to one of the slow
        alpha_low  0 <= alpha_low <= 1  least part of the way that the slow weights take
    """

    lr: Hyper
    k: IntHyper
    alpha_low: Hyper

    _states: ClassVar = ("slow", "start")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "k": ("integer k >= 2", lambda k: k >= 2 and k % 1 == 0),
        "alpha_low": ("0 <= alpha_low <= 1", lambda alpha_low: 0 <= alpha_low <= 1),
    }
    _starts_late: ClassVar = True
    _update = staticmethod(lookahead_adjusted_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        k: IntHyper = 5,
        alpha_low: Hyper = 0.2,
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
            k=k,
            alpha_low=alpha_low,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.copy(), np.zeros_like(w))
