# generated from specs/adabound.py; regenerate with: python cli.py generate adabound
"""AdaBound: Adam whose step for each weight is held between bounds that close in on that of SGD."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from .._runtime.scalars import one_minus_power
from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, launch

__all__ = [
    "AMSBound",
    "AdaBound",
    "adabound_update",
    "amsbound_update",
]


_adabound_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr_sqrt_c2_over_c1, T eps, T lower, T upper",
    out_params="T w, T m, T v",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T rate_1 = lr_sqrt_c2_over_c1 / (sqrt(v_new) + eps);
    const T rate_2 = (rate_1 >= lower || rate_1 != rate_1 ? rate_1 : lower);
    const T rate = (rate_2 <= upper || rate_2 != rate_2 ? rate_2 : upper);  // rate within bounds
    const T w_new = w - m_new * rate;  // descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="adabound_update",
)


def adabound_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    final_lr: float = 0.1,
    gamma: float = 0.001,
    eps: float = 1e-8,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdaBound on one array, in place.

        c1     = 1 - beta1**t                          bias of the first moment
        c2     = 1 - beta2**t                          bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g           first moment
        v_new  = beta2 * v + (1 - beta2) * g**2        second moment
        lower  = final_lr * (1 - 1 / (1 + gamma * t))  lower bound, from 0 up
        upper  = final_lr * (1 + 1 / (gamma * t))      upper bound, down from infinity
        rate   = minimum(maximum(lr * sqrt(c2) / (c1 * (sqrt(v_new) + eps)), lower), upper)  rate within bounds
        w_new  = w - m_new * rate                      descent

    Then m, v, w take the new values.

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    lower = final_lr * (1 - 1 / (1 + gamma * t))  # lower bound, from 0 up
    upper = final_lr * (1 + 1 / (gamma * t))  # upper bound, down from infinity
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1

    launch(
        _adabound_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps, lower, upper),
        (w, m, v),
        stages,
    )


class AdaBound(CupyOptimizer):
    """AdaBound: Adam with bounds on the rate of each weight that close in on one rate for all.

    Source: Luo et al. (2019), Algorithm 2, arXiv:1902.09843, bias and bounds as in the authors' code and Chainer.
    The equations are in `adabound_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr        lr >= 0         learning rate
        beta1     0 <= beta1 < 1  decay of the first moment
        beta2     0 <= beta2 < 1  decay of the second moment
        final_lr  final_lr >= 0   learning rate on which the bounds close in
        gamma     gamma > 0       how fast the bounds close in
        eps       eps >= 0        keeps the division from zero
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    final_lr: Hyper
    gamma: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "final_lr": ("final_lr >= 0", lambda final_lr: final_lr >= 0),
        "gamma": ("gamma > 0", lambda gamma: gamma > 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(adabound_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        final_lr: Hyper = 0.1,
        gamma: Hyper = 0.001,
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
            final_lr=final_lr,
            gamma=gamma,
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w))


_amsbound_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr_sqrt_c2_over_c1, T eps, T lower, T upper",
    out_params="T w, T m, T v, T v_max",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T v_max_new = (v_max >= v_new || v_max != v_max ? v_max : v_new);  // largest second moment
    const T rate_1 = lr_sqrt_c2_over_c1 / (sqrt(v_max_new) + eps);
    const T rate_2 = (rate_1 >= lower || rate_1 != rate_1 ? rate_1 : lower);
    const T rate = (rate_2 <= upper || rate_2 != rate_2 ? rate_2 : upper);  // rate within bounds
    const T w_new = w - m_new * rate;  // descent
    m = m_new;
    v = v_new;
    v_max = v_max_new;
    w = w_new;
    """,
    name="amsbound_update",
)


def amsbound_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    v_max: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    final_lr: float = 0.1,
    gamma: float = 0.001,
    eps: float = 1e-8,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AMSBound on one array, in place.

        c1         = 1 - beta1**t                          bias of the first moment
        c2         = 1 - beta2**t                          bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g           first moment
        v_new      = beta2 * v + (1 - beta2) * g**2        second moment
        v_max_new  = maximum(v_max, v_new)                 largest second moment
        lower      = final_lr * (1 - 1 / (1 + gamma * t))  lower bound, from 0 up
        upper      = final_lr * (1 + 1 / (gamma * t))      upper bound, down from infinity
        rate       = minimum(maximum(lr * sqrt(c2) / (c1 * (sqrt(v_max_new) + eps)), lower), upper)  rate within bounds
        w_new      = w - m_new * rate                      descent

    Then m, v, v_max, w take the new values.

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    lower = final_lr * (1 - 1 / (1 + gamma * t))  # lower bound, from 0 up
    upper = final_lr * (1 + 1 / (gamma * t))  # upper bound, down from infinity
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1

    launch(
        _amsbound_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps, lower, upper),
        (w, m, v, v_max),
        stages,
    )


class AMSBound(CupyOptimizer):
    """AMSBound: AdaBound with the largest second moment so far.

    Source: Luo et al. (2019), arXiv:1902.09843, AMSBound, bias and bounds as in the authors' code and Chainer.
    The equations are in `amsbound_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr        lr >= 0         learning rate
        beta1     0 <= beta1 < 1  decay of the first moment
        beta2     0 <= beta2 < 1  decay of the second moment
        final_lr  final_lr >= 0   learning rate on which the bounds close in
        gamma     gamma > 0       how fast the bounds close in
        eps       eps >= 0        keeps the division from zero
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    final_lr: Hyper
    gamma: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "final_lr": ("final_lr >= 0", lambda final_lr: final_lr >= 0),
        "gamma": ("gamma > 0", lambda gamma: gamma > 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(amsbound_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        final_lr: Hyper = 0.1,
        gamma: Hyper = 0.001,
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
            final_lr=final_lr,
            gamma=gamma,
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w), cp.zeros_like(w))
