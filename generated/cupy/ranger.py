# generated from specs/ranger.py; regenerate with: python cli.py generate ranger
"""Ranger: Lookahead over RAdam."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from .._runtime.scalars import average_length, one_minus_power, sqrt
from ._arrays import Array, CupyOptimizer, Hyper, IntHyper, Stage, StageCall, launch

__all__ = [
    "Ranger",
    "ranger_update",
]


_ranger_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr_over_c1, T length_above_five, T r_sqrt_c2, T eps, T phase_above_zero, T alpha",
    out_params="T w, T m, T v, T slow",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T fast = w - lr_over_c1 * (length_above_five != 0 ? r_sqrt_c2 * m_new / (sqrt(v_new) + eps) : m_new);  // descent
    const T slow_new = (phase_above_zero != 0 ? slow : slow + alpha * (fast - slow));  // slow weights
    const T w_new = (phase_above_zero != 0 ? fast : slow_new);  // fast weights, back at the slow ones
    m = m_new;
    v = v_new;
    slow = slow_new;
    w = w_new;
    """,
    name="ranger_update",
)


def ranger_update(
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
    """One step of Ranger on one array, in place.

        c1        = 1 - beta1**t                                          bias of the first moment
        c2        = 1 - beta2**t                                          bias of the second moment
        longest   = 2 / (1 - beta2) - 1                                   length of the average in the end
        length    = longest - 2 * t * beta2**t / c2                       length of the average so far
        r         = where(length > 5, sqrt(longest * (length - 2) * (length - 4) / (length * (longest - 2) * (longest - 4))), 0)  rectification of the variance
        m_new     = beta1 * m + (1 - beta1) * g                           first moment
        v_new     = beta2 * v + (1 - beta2) * g**2                        second moment
        m_hat     = m_new / c1                                            first moment, corrected
        u         = where(length > 5, r * sqrt(c2) * m_hat / (sqrt(v_new) + eps), m_hat)  direction
        fast      = w - lr * u                                            descent
        phase     = mod(t, k)                                             0 when the slow weights step
        slow_new  = where(phase > 0, slow, slow + alpha * (fast - slow))  slow weights
        w_new     = where(phase > 0, fast, slow_new)                      fast weights, back at the slow ones

    Then m, v, slow, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_over_c1         = lr / c1
        length_above_five  = where(length > 5, 1, 0)
        r_sqrt_c2          = r * sqrt(c2)
        fast               = w - lr_over_c1 * where(length_above_five != 0, r_sqrt_c2 * m_new / (sqrt(v_new) + eps), m_new)

    w, m, v, slow and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m     = 0 before the first step
        v     = 0 before the first step
        slow  = w before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    longest = 2 / (1 - beta2) - 1  # length of the average in the end
    length = average_length(beta2, t)  # length of the average so far
    r = sqrt(longest * (length - 2) * (length - 4) / (length * (longest - 2) * (longest - 4))) if length > 5 else 0  # rectification of the variance
    phase = t % k  # 0 when the slow weights step
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_over_c1 = lr / c1
    length_above_five = 1 if length > 5 else 0
    r_sqrt_c2 = r * math.sqrt(c2)
    phase_above_zero = 1 if phase > 0 else 0

    launch(
        _ranger_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_over_c1, length_above_five, r_sqrt_c2, eps, phase_above_zero, alpha),
        (w, m, v, slow),
        stages,
    )


class Ranger(CupyOptimizer):
    """Ranger: Lookahead over RAdam.

    Source: Wright (2019), github.com/lessw2020/Ranger-Deep-Learning-Optimizer, without centralized gradients.
    The equations are in `ranger_update`, which this class applies to every parameter.

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
    _update = staticmethod(ranger_update)

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
