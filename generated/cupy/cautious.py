# generated from specs/cautious.py; regenerate with: python cli.py generate cautious
"""Steps that mind the sign of the gradient, or of the weight: cautious ones, cautious decay, Grams."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from .._runtime.scalars import one_minus_power
from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, launch

__all__ = [
    "AdamWCautiousDecay",
    "CautiousAdamWUnscaled",
    "CautiousLionUnscaled",
    "Grams",
    "cautious_adamw_update",
    "cautious_decay_update",
    "cautious_lion_update",
    "grams_update",
]


_cautious_adamw_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T sqrt_c2_over_c1, T eps_sqrt_c2, T lr_weight_decay, T lr",
    out_params="T w, T m, T v",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T u = sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2);  // direction
    const T kept = u * (u * g > 0 ? 1 : 0);  // what agrees with the gradient
    const T w_new = w - lr_weight_decay * w - lr * kept;  // decay and descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="cautious_adamw_update",
)


def cautious_adamw_update(
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
    weight_decay: float = 0.01,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of CautiousAdamWUnscaled on one array, in place.

        c1     = 1 - beta1**t                           bias of the first moment
        c2     = 1 - beta2**t                           bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g            first moment
        v_new  = beta2 * v + (1 - beta2) * g**2         second moment
        m_hat  = m_new / c1                             first moment, corrected
        v_hat  = v_new / c2                             second moment, corrected
        u      = m_hat / (sqrt(v_hat) + eps)            direction
        kept   = u * where(u * g > 0, 1, 0)             what agrees with the gradient
        w_new  = w - lr * weight_decay * w - lr * kept  decay and descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        sqrt_c2_over_c1  = sqrt(c2) / c1
        eps_sqrt_c2      = eps * sqrt(c2)
        u                = sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

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
    sqrt_c2_over_c1 = math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)
    lr_weight_decay = lr * weight_decay

    launch(
        _cautious_adamw_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, sqrt_c2_over_c1, eps_sqrt_c2, lr_weight_decay, lr),
        (w, m, v),
        stages,
    )


class CautiousAdamWUnscaled(CupyOptimizer):
    """CautiousAdamWUnscaled: AdamW that moves no weight against its gradient.

    Source: Liang et al. (2024), Algorithm 1, arXiv:2411.16085, of AdamW: where u * g > 0, without the factor of the mask's mean.
    The equations are in `cautious_adamw_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decay of the weights, times lr
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _update = staticmethod(cautious_adamw_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.01,
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
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w))


_cautious_lion_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr, T weight_decay",
    out_params="T w, T m",
    operation="""
    const T u_1 = beta1 * m + one_minus_beta1 * g;
    const T u = (u_1 > 0 ? 1 : u_1 < 0 ? -1 : u_1);  // direction
    const T kept = u * (u * g > 0 ? 1 : 0);  // what agrees with the gradient
    const T m_new = beta2 * m + one_minus_beta2 * g;  // momentum
    const T w_new = w - lr * (kept + weight_decay * w);  // descent
    m = m_new;
    w = w_new;
    """,
    name="cautious_lion_update",
)


def cautious_lion_update(
    w: Array,
    g: Array,
    m: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.99,
    weight_decay: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of CautiousLionUnscaled on one array, in place.

        u      = sign(beta1 * m + (1 - beta1) * g)   direction
        kept   = u * where(u * g > 0, 1, 0)          what agrees with the gradient
        m_new  = beta2 * m + (1 - beta2) * g         momentum
        w_new  = w - lr * (kept + weight_decay * w)  descent

    Then m, w take the new values.

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
    """
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2

    launch(
        _cautious_lion_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr, weight_decay),
        (w, m),
        stages,
    )


class CautiousLionUnscaled(CupyOptimizer):
    """CautiousLionUnscaled: Lion that moves no weight against its gradient.

    Source: Liang et al. (2024), Algorithm 1, arXiv:2411.16085, of Lion: where u * g > 0, without the factor of the mask's mean.
    The equations are in `cautious_lion_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     share of the momentum in the step
        beta2         0 <= beta2 < 1     decay of the momentum
        weight_decay  weight_decay >= 0  decoupled weight decay
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _update = staticmethod(cautious_lion_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.99,
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
            beta1=beta1,
            beta2=beta2,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w),)


_cautious_decay_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T sqrt_c2_over_c1, T eps_sqrt_c2, T lr, T weight_decay",
    out_params="T w, T m, T v",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T u = sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2);  // direction
    const T kept = w * (w * u < 0 ? 0 : 1);  // what the step makes smaller
    const T w_new = w - lr * (u + weight_decay * kept);  // decay and descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="cautious_decay_update",
)


def cautious_decay_update(
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
    weight_decay: float = 0.01,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdamWCautiousDecay on one array, in place.

        c1     = 1 - beta1**t                        bias of the first moment
        c2     = 1 - beta2**t                        bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g         first moment
        v_new  = beta2 * v + (1 - beta2) * g**2      second moment
        m_hat  = m_new / c1                          first moment, corrected
        v_hat  = v_new / c2                          second moment, corrected
        u      = m_hat / (sqrt(v_hat) + eps)         direction
        kept   = w * where(w * u < 0, 0, 1)          what the step makes smaller
        w_new  = w - lr * (u + weight_decay * kept)  decay and descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        sqrt_c2_over_c1  = sqrt(c2) / c1
        eps_sqrt_c2      = eps * sqrt(c2)
        u                = sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

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
    sqrt_c2_over_c1 = math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)

    launch(
        _cautious_decay_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, sqrt_c2_over_c1, eps_sqrt_c2, lr, weight_decay),
        (w, m, v),
        stages,
    )


class AdamWCautiousDecay(CupyOptimizer):
    """AdamWCautiousDecay: AdamW whose weights decay only where the step takes them towards zero, too.

    Source: Chen et al. (2025), Algorithm 1, arXiv:2510.12402, over Adam.
    The equations are in `cautious_decay_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decay of the weights, times lr
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _update = staticmethod(cautious_decay_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.01,
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
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w))


_grams_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr_weight_decay, T lr_sqrt_c2_over_c1, T eps_sqrt_c2",
    out_params="T w, T m, T v",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T w_new = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * fabs(m_new) * (g > 0 ? 1 : g < 0 ? -1 : g) / (sqrt(v_new) + eps_sqrt_c2);  // decay and descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="grams_update",
)


def grams_update(
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
    weight_decay: float = 0.01,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of Grams on one array, in place.

        c1     = 1 - beta1**t                                  bias of the first moment
        c2     = 1 - beta2**t                                  bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g                   first moment
        v_new  = beta2 * v + (1 - beta2) * g**2                second moment
        m_hat  = m_new / c1                                    first moment, corrected
        v_hat  = v_new / c2                                    second moment, corrected
        u      = abs(m_hat) / (sqrt(v_hat) + eps)              size of the step
        w_new  = w - lr * weight_decay * w - lr * u * sign(g)  decay and descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay     = lr * weight_decay
        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * abs(m_new) * sign(g) / (sqrt(v_new) + eps_sqrt_c2)

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
    lr_weight_decay = lr * weight_decay
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)

    launch(
        _grams_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_weight_decay, lr_sqrt_c2_over_c1, eps_sqrt_c2),
        (w, m, v),
        stages,
    )


class Grams(CupyOptimizer):
    """Grams: a step of the size of Adam's in the direction of the gradient.

    Source: Cao et al. (2024), Algorithm 1, arXiv:2412.17107, with the weight decay of AdamW.
    The equations are in `grams_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decay of the weights, times lr
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _update = staticmethod(grams_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.01,
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
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w))
