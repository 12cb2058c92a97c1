# generated from specs/lookahead.py; regenerate with: python cli.py generate lookahead
"""Lookahead: every k steps, slow weights take a part of the way that the fast ones have gone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from .._runtime.scalars import one_minus_power
from ._arrays import Array, CupyOptimizer, Hyper, IntHyper, Stage, StageCall, launch

__all__ = [
    "LookaheadAdam",
    "LookaheadAdjusted",
    "LookaheadSGD",
    "lookahead_adam_update",
    "lookahead_adjusted_update",
    "lookahead_sgd_update",
]


_lookahead_sgd_update = cp.ElementwiseKernel(
    in_params="T g, T lr, T phase_above_zero, T alpha",
    out_params="T w, T slow",
    operation="""
    const T fast = w - lr * g;  // descent
    const T slow_new = (phase_above_zero != 0 ? slow : slow + alpha * (fast - slow));  // slow weights
    const T w_new = (phase_above_zero != 0 ? fast : slow_new);  // fast weights, back at the slow ones
    slow = slow_new;
    w = w_new;
    """,
    name="lookahead_sgd_update",
)


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

    launch(
        _lookahead_sgd_update,
        (g,),
        (lr, phase_above_zero, alpha),
        (w, slow),
        stages,
    )


class LookaheadSGD(CupyOptimizer):
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


_lookahead_adam_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr_sqrt_c2_over_c1, T eps_sqrt_c2, T phase_above_zero, T alpha",
    out_params="T w, T m, T v, T slow",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T fast = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2);  // descent
    const T slow_new = (phase_above_zero != 0 ? slow : slow + alpha * (fast - slow));  // slow weights
    const T w_new = (phase_above_zero != 0 ? fast : slow_new);  // fast weights, back at the slow ones
    m = m_new;
    v = v_new;
    slow = slow_new;
    w = w_new;
    """,
    name="lookahead_adam_update",
)


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

    launch(
        _lookahead_adam_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps_sqrt_c2, phase_above_zero, alpha),
        (w, m, v, slow),
        stages,
    )


class LookaheadAdam(CupyOptimizer):
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
        return (cp.zeros_like(w), cp.zeros_like(w), w.copy())


_lookahead_adjusted_update = cp.ElementwiseKernel(
    in_params="T g, T lr, T begun_above_zero, T alpha_low, T phase_above_zero",
    out_params="T w, T slow, T start",
    operation="""
    const T fast = w - lr * g;  // descent
    const T start_new = (begun_above_zero != 0 ? start : g);  // gradient at the slow weights
    const T gap = (slow - fast) * (start - g);
    const T best = start * (slow - w) / gap;  // weight that leads to where the gradient vanishes on a line
    const T alpha_now_1 = (best >= alpha_low || best != best ? best : alpha_low);
    const T alpha_now = (fabs(gap) > 0 ? (alpha_now_1 <= 1 || alpha_now_1 != alpha_now_1 ? alpha_now_1 : 1) : 1);  // the same within bounds
    const T slow_new = (phase_above_zero != 0 ? slow : slow + alpha_now * (fast - slow));  // slow weights
    const T w_new = (phase_above_zero != 0 ? fast : slow_new);  // fast weights, back at the slow ones
    slow = slow_new;
    start = start_new;
    w = w_new;
    """,
    name="lookahead_adjusted_update",
)


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

    launch(
        _lookahead_adjusted_update,
        (g,),
        (lr, begun_above_zero, alpha_low, phase_above_zero),
        (w, slow, start),
        stages,
    )


class LookaheadAdjusted(CupyOptimizer):
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
        return (w.copy(), cp.zeros_like(w))
