# generated from specs/dadaptation.py; regenerate with: python cli.py generate dadaptation
"""D-Adaptation: a step length for all parameters that is found as it goes, from how far the gradients have led."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, Sums, launch, summed

__all__ = [
    "DAdaptAdamW",
    "dadapt_adamw_scalars",
    "dadapt_adamw_sums",
    "dadapt_adamw_update",
]


_dadapt_adamw_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, float64 length_one_minus_beta1_double, T beta2, T one_minus_beta2, T sqrt_beta2, float64 length_one_minus_sqrt_beta2_double, float64 length_weight_decay_double, T eps",
    out_params="T w, T m, T v, T s",
    operation="""
    const T length_one_minus_beta1 = length_one_minus_beta1_double;
    const T length_one_minus_sqrt_beta2 = length_one_minus_sqrt_beta2_double;
    const T length_weight_decay = length_weight_decay_double;
    const T m_new = beta1 * m + length_one_minus_beta1 * g;  // first moment, in steps
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T s_new = sqrt_beta2 * s + length_one_minus_sqrt_beta2 * g;  // gradients, weighted
    const T w_new = w - length_weight_decay * w - m_new / (sqrt(v_new) + eps);  // decay, descent
    m = m_new;
    v = v_new;
    s = s_new;
    w = w_new;
    """,
    name="dadapt_adamw_update",
)


_dadapt_adamw_sums = Sums(
    arrays="w, g, v, s",
    scalars="eps, length_sqrt_beta2_minus_one, sqrt_beta2",
    maps=(
        "(double)s * (double)g / (sqrt((double)v) + (double)eps)",
        "fabs((double)length_sqrt_beta2_minus_one * (double)g - (double)sqrt_beta2 * (double)s)",
    ),
    name="dadapt_adamw_sums",
)


def dadapt_adamw_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    s: Array,
    d: float,
    r: float,
    total: float,
    second_total: float,
    t: int,
    *,
    lr: float = 1.0,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    d0: float = 1e-6,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of DAdaptAdamW on one array, in place.

        length  = d * lr * sqrt(1 - beta2**t) / (1 - beta1**t)                 step length
        inner   = global_sum(s * g / (sqrt(v) + eps))                          gradient along those before
        m_new   = beta1 * m + length * (1 - beta1) * g                         first moment, in steps
        v_new   = beta2 * v + (1 - beta2) * g**2                               second moment
        s_new   = sqrt(beta2) * s + length * (1 - sqrt(beta2)) * g             gradients, weighted
        r_new   = r * sqrt(beta2) + length * inner * (1 - sqrt(beta2))         what they have in common
        size    = global_sum(abs(s_new))                                       1-norm of the weighted gradients
        bound   = where(size > 0, r_new / (size * (1 - sqrt(beta2))), 0)       lower bound of the distance
        d_new   = maximum(d, bound)                                            distance
        w_new   = w - length * weight_decay * w - m_new / (sqrt(v_new) + eps)  decay, descent

    Then m, v, s, w take the new values.

    w, m, v, s and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
        s  = 0 before the first step
        d  = d0 before the first step
        r  = 0 before the first step

    total, second_total: what `dadapt_adamw_sums` gives.
    """
    length = d * lr * cp.sqrt(1 - beta2**t) / (1 - beta1**t)  # step length
    length_one_minus_beta1 = length * (1 - beta1)
    one_minus_beta2 = 1 - beta2
    sqrt_beta2 = math.sqrt(beta2)
    length_one_minus_sqrt_beta2 = length * (1 - cp.sqrt(beta2))
    length_weight_decay = length * weight_decay

    launch(
        _dadapt_adamw_update,
        (g,),
        (beta1, length_one_minus_beta1, beta2, one_minus_beta2, sqrt_beta2, length_one_minus_sqrt_beta2, length_weight_decay, eps),
        (w, m, v, s),
        stages,
    )


def dadapt_adamw_sums(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    s: Array,
    d: float,
    r: float,
    t: int,
    *,
    lr: float = 1.0,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    d0: float = 1e-6,
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of DAdaptAdamW sums up over one array, in double; nothing is written.

        total         = global_sum(s * g / (sqrt(v) + eps))
        second_total  = global_sum(abs(s_new))

    The arguments are those of `dadapt_adamw_update`, whose next arguments the results are.
    Those over all arrays are put together from what this gives for each of them.
    """
    length = d * lr * cp.sqrt(1 - beta2**t) / (1 - beta1**t)  # step length
    sqrt_beta2 = math.sqrt(beta2)
    length_sqrt_beta2_minus_one = length * (cp.sqrt(beta2) - 1)
    return summed(_dadapt_adamw_sums, (w, g, v, s), (eps, length_sqrt_beta2_minus_one, sqrt_beta2), ("sum", "sum"), stages)


def dadapt_adamw_scalars(
    d: float,
    r: float,
    total: float,
    second_total: float,
    t: int,
    *,
    lr: float = 1.0,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    d0: float = 1e-6,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    length = d * lr * cp.sqrt(1 - beta2**t) / (1 - beta1**t)  # step length
    inner = total  # gradient along those before
    r_new = r * cp.sqrt(beta2) + length * inner * (1 - cp.sqrt(beta2))  # what they have in common
    size = second_total  # 1-norm of the weighted gradients
    bound = cp.where(size > 0, r_new / (size * (1 - cp.sqrt(beta2))), 0)  # lower bound of the distance
    d_new = cp.maximum(d, bound)  # distance
    return (d_new, r_new)


class DAdaptAdamW(CupyOptimizer):
    """DAdaptAdamW: Adam with decoupled decay and a step length for all parameters that is found as it goes.

    Source: Defazio & Mishchenko (2023), Algorithm 5, arXiv:2301.07733, as in optax.contrib.dadapt_adamw.
    The equations are in `dadapt_adamw_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            factor of the step length that is found
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps > 0            keeps the division from zero
        weight_decay  weight_decay >= 0  decoupled weight decay
        d0            d0 > 0             first guess of the distance
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper
    weight_decay: Hyper
    d0: Hyper

    _states: ClassVar = ("m", "v", "s")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "d0": ("d0 > 0", lambda d0: d0 > 0),
    }
    _starts_late: ClassVar = True
    _reductions: ClassVar = (("total", "sum", True), ("second_total", "sum", True))
    _fed_by_sums: ClassVar = ("d", "r")
    _update = staticmethod(dadapt_adamw_update)
    _advance = staticmethod(dadapt_adamw_scalars)
    _sums = staticmethod(dadapt_adamw_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.0,
        d0: Hyper = 1e-6,
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
            weight_decay=weight_decay,
            d0=d0,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w), cp.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"d": hyper["d0"], "r": 0}
