# generated from specs/adai.py; regenerate with: python cli.py generate adai
"""Adai: momentum whose decay differs from weight to weight, by how its second moment compares with that of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from .._runtime.scalars import one_minus_power
from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, Sums, launch, summed

__all__ = [
    "Adai",
    "adai_sums",
    "adai_update",
]


_adai_update = cp.ElementwiseKernel(
    in_params="T g, T beta2, T one_minus_beta2, float64 beta0_over_c2_over_v_bar_double, T one_minus_eps, T lr_weight_decay, T lr, T eps",
    out_params="T w, T m, T v, T prod",
    operation="""
    const T beta0_over_c2_over_v_bar = beta0_over_c2_over_v_bar_double;
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T beta1_1 = 1 - beta0_over_c2_over_v_bar * v_new;
    const T beta1_2 = (beta1_1 >= 0 || beta1_1 != beta1_1 ? beta1_1 : 0);
    const T beta1 = (beta1_2 <= one_minus_eps || beta1_2 != beta1_2 ? beta1_2 : one_minus_eps);  // decay of the momentum
    const T prod_new = prod * beta1;  // bias of the momentum
    const T m_new = m * beta1 + g * (1 - beta1);  // momentum
    const T w_new_1 = 1 - prod_new;
    const T w_new = w - lr_weight_decay * w - lr * m_new / (w_new_1 >= eps || w_new_1 != w_new_1 ? w_new_1 : eps);  // decay and descent
    m = m_new;
    v = v_new;
    prod = prod_new;
    w = w_new;
    """,
    name="adai_update",
)


_adai_sums = Sums(
    arrays="w, g, v",
    scalars="beta2, one_minus_beta2",
    maps=(
        "(double)1",
        "(double)beta2 * (double)v + (double)one_minus_beta2 * ((double)g * (double)g)",
    ),
    name="adai_sums",
)


def adai_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    prod: Array,
    total: float,
    second_total: float,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.99,
    eps: float = 1e-3,
    beta0: float = 0.1,
    weight_decay: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of Adai on one array, in place.

        c2        = 1 - beta2**t                                             bias of the second moment
        v_new     = beta2 * v + (1 - beta2) * g**2                           second moment
        v_hat     = v_new / c2                                               second moment, corrected
        v_bar     = maximum(eps, global_sum(v_new) / (c2 * global_sum(1)))   mean of those of all weights
        beta1     = minimum(maximum(1 - beta0 * v_hat / v_bar, 0), 1 - eps)  decay of the momentum
        prod_new  = prod * beta1                                             bias of the momentum
        m_new     = m * beta1 + g * (1 - beta1)                              momentum
        w_new     = w - lr * weight_decay * w - lr * m_new / maximum(1 - prod_new, eps)  decay and descent

    Then m, v, prod, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        beta0_over_c2_over_v_bar  = beta0 / (c2 * v_bar)
        one_minus_eps             = 1 - eps
        beta1                     = minimum(maximum(1 - beta0_over_c2_over_v_bar * v_new, 0), one_minus_eps)

    w, m, v, prod and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m     = 0 before the first step
        v     = 0 before the first step
        prod  = 1 before the first step

    total, second_total: what `adai_sums` gives.
    """
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    v_bar = cp.maximum(eps, second_total / (c2 * total))  # mean of those of all weights
    one_minus_beta2 = 1 - beta2
    beta0_over_c2_over_v_bar = beta0 / (c2 * v_bar)
    one_minus_eps = 1 - eps
    lr_weight_decay = lr * weight_decay

    launch(
        _adai_update,
        (g,),
        (beta2, one_minus_beta2, beta0_over_c2_over_v_bar, one_minus_eps, lr_weight_decay, lr, eps),
        (w, m, v, prod),
        stages,
    )


def adai_sums(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    prod: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.99,
    eps: float = 1e-3,
    beta0: float = 0.1,
    weight_decay: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of Adai sums up over one array, in double; nothing is written.

        total         = global_sum(1)
        second_total  = global_sum(v_new)

    The arguments are those of `adai_update`, whose next arguments the results are.
    Those over all arrays are put together from what this gives for each of them.
    """
    one_minus_beta2 = 1 - beta2
    return summed(_adai_sums, (w, g, v), (beta2, one_minus_beta2), ("sum", "sum"), stages)


class Adai(CupyOptimizer):
    """Adai: momentum with less inertia where gradients vary more than they do on average.

    Source: Xie et al. (2022), Algorithm 2, arXiv:2006.15815, with the stable weight decay of its authors.
    The equations are in `adai_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           0 < eps < 1        how far a decay stays below 1, and the least mean variance
        beta0         0 <= beta0 < 1     how much less momentum a weight of mean variance has
        weight_decay  weight_decay >= 0  decoupled weight decay, times lr
    """

    lr: Hyper
    beta2: Hyper
    eps: Hyper
    beta0: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "v", "prod")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("0 < eps < 1", lambda eps: 0 < eps < 1),
        "beta0": ("0 <= beta0 < 1", lambda beta0: 0 <= beta0 < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _reductions: ClassVar = (("total", "sum", True), ("second_total", "sum", True))
    _update = staticmethod(adai_update)
    _sums = staticmethod(adai_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta2: Hyper = 0.99,
        eps: Hyper = 1e-3,
        beta0: Hyper = 0.1,
        weight_decay: Hyper = 0.0,
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
            eps=eps,
            beta0=beta0,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w), cp.full_like(w, 1))
