# generated from specs/dualadam.py; regenerate with: python cli.py generate dualadam
"""DualAdam: first the product of Adam's moments, then more and more their quotient."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from .._runtime.scalars import one_minus_power
from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, launch

__all__ = [
    "DualAdam",
    "InvAdam",
    "dualadam_update",
    "invadam_update",
]


_dualadam_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr_alpha_over_sqrt_c2_over_c1, T lr_one_minus_alpha_sqrt_c2_over_c1, T eps_sqrt_c2",
    out_params="T w, T m, T v",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T w_new = w - (lr_alpha_over_sqrt_c2_over_c1 * m_new * sqrt(v_new) + lr_one_minus_alpha_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2));  // descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="dualadam_update",
)


def dualadam_update(
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
    switch_rate: float = 1e-4,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of DualAdam on one array, in place.

        c1         = 1 - beta1**t                                    bias of the first moment
        c2         = 1 - beta2**t                                    bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g                     first moment
        v_new      = beta2 * v + (1 - beta2) * g**2                  second moment
        m_hat      = m_new / c1                                      first moment, corrected
        v_hat      = v_new / c2                                      second moment, corrected
        u_inverse  = m_hat * sqrt(v_hat)                             step of InvAdam
        u          = m_hat / (sqrt(v_hat) + eps)                     step of Adam
        alpha      = maximum(0, 1 - switch_rate * t)                 share of InvAdam
        w_new      = w - lr * (alpha * u_inverse + (1 - alpha) * u)  descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_alpha_over_sqrt_c2_over_c1       = lr * alpha / (sqrt(c2) * c1)
        lr_one_minus_alpha_sqrt_c2_over_c1  = lr * (1 - alpha) * sqrt(c2) / c1
        eps_sqrt_c2                         = eps * sqrt(c2)
        w_new                               = w - (lr_alpha_over_sqrt_c2_over_c1 * m_new * sqrt(v_new) + lr_one_minus_alpha_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2))

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    alpha = max(0, 1 - switch_rate * t)  # share of InvAdam
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_alpha_over_sqrt_c2_over_c1 = lr * alpha / (math.sqrt(c2) * c1)
    lr_one_minus_alpha_sqrt_c2_over_c1 = lr * (1 - alpha) * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)

    launch(
        _dualadam_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_alpha_over_sqrt_c2_over_c1, lr_one_minus_alpha_sqrt_c2_over_c1, eps_sqrt_c2),
        (w, m, v),
        stages,
    )


class DualAdam(CupyOptimizer):
    """DualAdam: Adam whose first steps are larger, not smaller, where the second moment is.

    Source: Shi et al. (2026), Algorithm 2, arXiv:2603.07122.
    The equations are in `dualadam_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr           lr >= 0                learning rate
        beta1        0 <= beta1 < 1         decay of the first moment
        beta2        0 <= beta2 < 1         decay of the second moment
        eps          eps >= 0               keeps the division from zero
        switch_rate  0 <= switch_rate <= 1  share of the way to Adam in every step
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper
    switch_rate: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "switch_rate": ("0 <= switch_rate <= 1", lambda switch_rate: 0 <= switch_rate <= 1),
    }
    _update = staticmethod(dualadam_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        switch_rate: Hyper = 1e-4,
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
            switch_rate=switch_rate,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w))


_invadam_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr_over_sqrt_c2_over_c1",
    out_params="T w, T m, T v",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T w_new = w - lr_over_sqrt_c2_over_c1 * m_new * sqrt(v_new);  // descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="invadam_update",
)


def invadam_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of InvAdam on one array, in place.

        c1         = 1 - beta1**t                    bias of the first moment
        c2         = 1 - beta2**t                    bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g     first moment
        v_new      = beta2 * v + (1 - beta2) * g**2  second moment
        m_hat      = m_new / c1                      first moment, corrected
        v_hat      = v_new / c2                      second moment, corrected
        u_inverse  = m_hat * sqrt(v_hat)             step of InvAdam
        w_new      = w - lr * u_inverse              descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_over_sqrt_c2_over_c1  = lr / (sqrt(c2) * c1)
        w_new                    = w - lr_over_sqrt_c2_over_c1 * m_new * sqrt(v_new)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_over_sqrt_c2_over_c1 = lr / (math.sqrt(c2) * c1)

    launch(
        _invadam_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_over_sqrt_c2_over_c1),
        (w, m, v),
        stages,
    )


class InvAdam(CupyOptimizer):
    """InvAdam: Adam that multiplies by the root of the second moment in place of dividing by it.

    Source: Shi et al. (2026), Algorithm 1, arXiv:2603.07122.
    The equations are in `invadam_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
    }
    _update = staticmethod(invadam_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
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
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w))
