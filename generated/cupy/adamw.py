# generated from specs/adamw.py; regenerate with: python cli.py generate adamw
"""AdamW and its kin: the weights decay beside the step, not through the gradient. Three laws of how much."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from .._runtime.scalars import average_length, one_minus_power, sqrt
from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, launch

__all__ = [
    "AMSGradW",
    "AMSGradWEpsHat",
    "AdamW",
    "AdamWAfter",
    "AdamWEpsHat",
    "AdamWUnscaled",
    "AdamWUnscaledEpsHat",
    "AdamaxW",
    "NAdamW",
    "NAdamWSimple",
    "RAdamW",
    "adamaxw_update",
    "adamw_after_update",
    "adamw_eps_hat_update",
    "adamw_unscaled_eps_hat_update",
    "adamw_unscaled_update",
    "adamw_update",
    "amsgradw_eps_hat_update",
    "amsgradw_update",
    "nadamw_scalars",
    "nadamw_simple_update",
    "nadamw_update",
    "radamw_update",
]


_adamw_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr_weight_decay, T lr_sqrt_c2_over_c1, T eps_sqrt_c2",
    out_params="T w, T m, T v",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T w_new = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2);  // decay and descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="adamw_update",
)


def adamw_update(
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
    """One step of AdamW on one array, in place.

        c1     = 1 - beta1**t                        bias of the first moment
        c2     = 1 - beta2**t                        bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g         first moment
        v_new  = beta2 * v + (1 - beta2) * g**2      second moment
        m_hat  = m_new / c1                          first moment, corrected
        v_hat  = v_new / c2                          second moment, corrected
        u      = m_hat / (sqrt(v_hat) + eps)         direction
        w_new  = w - lr * weight_decay * w - lr * u  decay and descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay     = lr * weight_decay
        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

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
        _adamw_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_weight_decay, lr_sqrt_c2_over_c1, eps_sqrt_c2),
        (w, m, v),
        stages,
    )


class AdamW(CupyOptimizer):
    """AdamW: Adam with decoupled weight decay.

    Source: Loshchilov & Hutter (2019), Algorithm 2, arXiv:1711.05101, decay times lr as in torch.optim.AdamW.
    The equations are in `adamw_update`, which this class applies to every parameter.

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
    _update = staticmethod(adamw_update)

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


_adamw_eps_hat_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr_weight_decay, T lr_sqrt_c2_over_c1, T eps",
    out_params="T w, T m, T v",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T w_new = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps);  // decay and descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="adamw_eps_hat_update",
)


def adamw_eps_hat_update(
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
    """One step of AdamWEpsHat on one array, in place.

        c1     = 1 - beta1**t                                   bias of the first moment
        c2     = 1 - beta2**t                                   bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g                    first moment
        v_new  = beta2 * v + (1 - beta2) * g**2                 second moment
        u      = sqrt(c2) * m_new / (c1 * (sqrt(v_new) + eps))  direction
        w_new  = w - lr * weight_decay * w - lr * u             decay and descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay     = lr * weight_decay
        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        w_new               = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps)

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

    launch(
        _adamw_eps_hat_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_weight_decay, lr_sqrt_c2_over_c1, eps),
        (w, m, v),
        stages,
    )


class AdamWEpsHat(CupyOptimizer):
    """AdamWEpsHat: AdamW with epsilon added before the second moment is corrected.

    Source: Loshchilov & Hutter (2019), Algorithm 2, arXiv:1711.05101, epsilon as in keras.optimizers.AdamW.
    The equations are in `adamw_eps_hat_update`, which this class applies to every parameter.

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
    _update = staticmethod(adamw_eps_hat_update)

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


_adamw_unscaled_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T weight_decay, T lr_sqrt_c2_over_c1, T eps_sqrt_c2",
    out_params="T w, T m, T v",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T w_new = w - weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2);  // decay and descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="adamw_unscaled_update",
)


def adamw_unscaled_update(
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
    weight_decay: float = 1e-5,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdamWUnscaled on one array, in place.

        c1     = 1 - beta1**t                    bias of the first moment
        c2     = 1 - beta2**t                    bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g     first moment
        v_new  = beta2 * v + (1 - beta2) * g**2  second moment
        m_hat  = m_new / c1                      first moment, corrected
        v_hat  = v_new / c2                      second moment, corrected
        u      = m_hat / (sqrt(v_hat) + eps)     direction
        w_new  = w - weight_decay * w - lr * u   decay and descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

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
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)

    launch(
        _adamw_unscaled_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, weight_decay, lr_sqrt_c2_over_c1, eps_sqrt_c2),
        (w, m, v),
        stages,
    )


class AdamWUnscaled(CupyOptimizer):
    """AdamWUnscaled: Adam with a weight decay that does not depend on the learning rate.

    Source: Loshchilov & Hutter (2019), Algorithm 2, arXiv:1711.05101, decay apart from lr as printed there.
    The equations are in `adamw_unscaled_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0                learning rate
        beta1         0 <= beta1 < 1         decay of the first moment
        beta2         0 <= beta2 < 1         decay of the second moment
        eps           eps >= 0               keeps the division from zero
        weight_decay  0 <= weight_decay < 1  decay of the weights, whatever lr is
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
        "weight_decay": ("0 <= weight_decay < 1", lambda weight_decay: 0 <= weight_decay < 1),
    }
    _update = staticmethod(adamw_unscaled_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 1e-5,
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


_adamw_unscaled_eps_hat_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T weight_decay, T lr_sqrt_c2_over_c1, T eps",
    out_params="T w, T m, T v",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T w_new = w - weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps);  // decay and descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="adamw_unscaled_eps_hat_update",
)


def adamw_unscaled_eps_hat_update(
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
    weight_decay: float = 1e-5,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdamWUnscaledEpsHat on one array, in place.

        c1     = 1 - beta1**t                                   bias of the first moment
        c2     = 1 - beta2**t                                   bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g                    first moment
        v_new  = beta2 * v + (1 - beta2) * g**2                 second moment
        u      = sqrt(c2) * m_new / (c1 * (sqrt(v_new) + eps))  direction
        w_new  = w - weight_decay * w - lr * u                  decay and descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        w_new               = w - weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps)

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
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1

    launch(
        _adamw_unscaled_eps_hat_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, weight_decay, lr_sqrt_c2_over_c1, eps),
        (w, m, v),
        stages,
    )


class AdamWUnscaledEpsHat(CupyOptimizer):
    """AdamWUnscaledEpsHat: AdamWUnscaled with epsilon added before the second moment is corrected.

    Source: Loshchilov & Hutter (2019), Algorithm 2, arXiv:1711.05101, as in chainer.optimizers.Adam.
    The equations are in `adamw_unscaled_eps_hat_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0                learning rate
        beta1         0 <= beta1 < 1         decay of the first moment
        beta2         0 <= beta2 < 1         decay of the second moment
        eps           eps >= 0               keeps the division from zero
        weight_decay  0 <= weight_decay < 1  decay of the weights, whatever lr is
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
        "weight_decay": ("0 <= weight_decay < 1", lambda weight_decay: 0 <= weight_decay < 1),
    }
    _update = staticmethod(adamw_unscaled_eps_hat_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 1e-5,
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


_adamw_after_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr_sqrt_c2_over_c1, T eps_sqrt_c2, T lr_weight_decay",
    out_params="T w, T m, T v",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T stepped = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2);  // descent
    const T w_new = stepped - lr_weight_decay * stepped;  // decay
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="adamw_after_update",
)


def adamw_after_update(
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
    """One step of AdamWAfter on one array, in place.

        c1       = 1 - beta1**t                           bias of the first moment
        c2       = 1 - beta2**t                           bias of the second moment
        m_new    = beta1 * m + (1 - beta1) * g            first moment
        v_new    = beta2 * v + (1 - beta2) * g**2         second moment
        m_hat    = m_new / c1                             first moment, corrected
        v_hat    = v_new / c2                             second moment, corrected
        u        = m_hat / (sqrt(v_hat) + eps)            direction
        stepped  = w - lr * u                             descent
        w_new    = stepped - lr * weight_decay * stepped  decay

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        stepped             = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

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
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)
    lr_weight_decay = lr * weight_decay

    launch(
        _adamw_after_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps_sqrt_c2, lr_weight_decay),
        (w, m, v),
        stages,
    )


class AdamWAfter(CupyOptimizer):
    """AdamWAfter: Adam whose weights decay after the step.

    Source: AdamW with the decay after the step.
    The equations are in `adamw_after_update`, which this class applies to every parameter.

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
    _update = staticmethod(adamw_after_update)

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


_amsgradw_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr_weight_decay, T lr_sqrt_c2_over_c1, T eps_sqrt_c2",
    out_params="T w, T m, T v, T v_max",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T v_max_new = (v_max >= v_new || v_max != v_max ? v_max : v_new);  // largest second moment
    const T w_new = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_max_new) + eps_sqrt_c2);  // decay and descent
    m = m_new;
    v = v_new;
    v_max = v_max_new;
    w = w_new;
    """,
    name="amsgradw_update",
)


def amsgradw_update(
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
    eps: float = 1e-8,
    weight_decay: float = 0.01,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AMSGradW on one array, in place.

        c1         = 1 - beta1**t                                                  bias of the first moment
        c2         = 1 - beta2**t                                                  bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g                                   first moment
        v_new      = beta2 * v + (1 - beta2) * g**2                                second moment
        v_max_new  = maximum(v_max, v_new)                                         largest second moment
        m_hat      = m_new / c1                                                    first moment, corrected
        v_hat      = v_max_new / c2                                                corrected
        w_new      = w - lr * weight_decay * w - lr * m_hat / (sqrt(v_hat) + eps)  decay and descent

    Then m, v, v_max, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay     = lr * weight_decay
        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_max_new) + eps_sqrt_c2)

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)

    launch(
        _amsgradw_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_weight_decay, lr_sqrt_c2_over_c1, eps_sqrt_c2),
        (w, m, v, v_max),
        stages,
    )


class AMSGradW(CupyOptimizer):
    """AMSGradW: AMSGrad with decoupled weight decay.

    Source: AMSGrad with the weight decay of Loshchilov & Hutter (2019), as in torch.optim.AdamW(amsgrad=True).
    The equations are in `amsgradw_update`, which this class applies to every parameter.

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

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _update = staticmethod(amsgradw_update)

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
        return (cp.zeros_like(w), cp.zeros_like(w), cp.zeros_like(w))


_amsgradw_eps_hat_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr_weight_decay, T lr_sqrt_c2_over_c1, T eps",
    out_params="T w, T m, T v, T v_max",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T v_max_new = (v_max >= v_new || v_max != v_max ? v_max : v_new);  // largest second moment
    const T w_new = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_max_new) + eps);  // decay and descent
    m = m_new;
    v = v_new;
    v_max = v_max_new;
    w = w_new;
    """,
    name="amsgradw_eps_hat_update",
)


def amsgradw_eps_hat_update(
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
    eps: float = 1e-8,
    weight_decay: float = 0.01,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AMSGradWEpsHat on one array, in place.

        c1         = 1 - beta1**t                    bias of the first moment
        c2         = 1 - beta2**t                    bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g     first moment
        v_new      = beta2 * v + (1 - beta2) * g**2  second moment
        v_max_new  = maximum(v_max, v_new)           largest second moment
        w_new      = w - lr * weight_decay * w - lr * sqrt(c2) * m_new / (c1 * (sqrt(v_max_new) + eps))  decay and descent

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
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1

    launch(
        _amsgradw_eps_hat_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_weight_decay, lr_sqrt_c2_over_c1, eps),
        (w, m, v, v_max),
        stages,
    )


class AMSGradWEpsHat(CupyOptimizer):
    """AMSGradWEpsHat: AMSGradW with epsilon added before the second moment is corrected.

    Source: AMSGrad with the weight decay of Loshchilov & Hutter (2019), as in keras.optimizers.AdamW(amsgrad=True).
    The equations are in `amsgradw_eps_hat_update`, which this class applies to every parameter.

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

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _update = staticmethod(amsgradw_eps_hat_update)

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
        return (cp.zeros_like(w), cp.zeros_like(w), cp.zeros_like(w))


_nadamw_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr_weight_decay, T factor, T factor_2, T eps_sqrt_c2",
    out_params="T w, T m, T v",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T w_new = w - lr_weight_decay * w - (factor * m_new + factor_2 * g) / (sqrt(v_new) + eps_sqrt_c2);  // decay and descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="nadamw_update",
)


def nadamw_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    product: float,
    t: int,
    *,
    lr: float = 0.002,
    beta1: float = 0.9,
    momentum_decay: float = 0.004,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of NAdamW on one array, in place.

        mu           = beta1 * (1 - (24 / 25) ** (momentum_decay * t) / 2)           momentum of this step
        mu_next      = beta1 * (1 - (24 / 25) ** (momentum_decay * (1 + t)) / 2)     momentum of the next step
        product_new  = product * mu                                                  product of the momenta so far
        c2           = 1 - beta2**t                                                  bias of the second moment
        m_new        = beta1 * m + (1 - beta1) * g                                   first moment
        v_new        = beta2 * v + (1 - beta2) * g**2                                second moment
        m_bar        = mu_next * m_new / (1 - mu_next * product_new) + (1 - mu) * g / (1 - product_new)  first moment, a step ahead, corrected
        v_hat        = v_new / c2                                                    second moment, corrected
        w_new        = w - lr * weight_decay * w - lr * m_bar / (sqrt(v_hat) + eps)  decay and descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay  = lr * weight_decay
        factor           = lr * sqrt(c2) * mu_next / (1 - mu_next * product_new)
        factor_2         = lr * sqrt(c2) * (1 - mu) / (1 - product_new)
        eps_sqrt_c2      = eps * sqrt(c2)
        w_new            = w - lr_weight_decay * w - (factor * m_new + factor_2 * g) / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        product  = 1 before the first step
        m        = 0 before the first step
        v        = 0 before the first step
    """
    mu = beta1 * (1 - (24 / 25) ** (momentum_decay * t) / 2)  # momentum of this step
    mu_next = beta1 * (1 - (24 / 25) ** (momentum_decay * (1 + t)) / 2)  # momentum of the next step
    product_new = product * mu  # product of the momenta so far
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay
    factor = lr * math.sqrt(c2) * mu_next / (1 - mu_next * product_new)
    factor_2 = lr * math.sqrt(c2) * (1 - mu) / (1 - product_new)
    eps_sqrt_c2 = eps * math.sqrt(c2)

    launch(
        _nadamw_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_weight_decay, factor, factor_2, eps_sqrt_c2),
        (w, m, v),
        stages,
    )


def nadamw_scalars(
    product: float,
    t: int,
    *,
    lr: float = 0.002,
    beta1: float = 0.9,
    momentum_decay: float = 0.004,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    mu = beta1 * (1 - (24 / 25) ** (momentum_decay * t) / 2)  # momentum of this step
    product_new = product * mu  # product of the momenta so far
    return (product_new,)


class NAdamW(CupyOptimizer):
    """NAdamW: NAdam with decoupled weight decay.

    Source: NAdam with the weight decay of Loshchilov & Hutter (2019), as in torch.optim.NAdam.
    The equations are in `nadamw_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr              lr >= 0              learning rate
        beta1           0 <= beta1 < 1       decay of the first moment
        momentum_decay  momentum_decay >= 0  how fast the momentum rises to beta1
        beta2           0 <= beta2 < 1       decay of the second moment
        eps             eps >= 0             keeps the division from zero
        weight_decay    weight_decay >= 0    decay of the weights, times lr
    """

    lr: Hyper
    beta1: Hyper
    momentum_decay: Hyper
    beta2: Hyper
    eps: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "momentum_decay": ("momentum_decay >= 0", lambda momentum_decay: momentum_decay >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _update = staticmethod(nadamw_update)
    _advance = staticmethod(nadamw_scalars)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.002,
        beta1: Hyper = 0.9,
        momentum_decay: Hyper = 0.004,
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
            momentum_decay=momentum_decay,
            beta2=beta2,
            eps=eps,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w))

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"product": 1}


_nadamw_simple_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr_weight_decay, T factor, T factor_2, T eps_sqrt_c2",
    out_params="T w, T m, T v",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T w_new = w - lr_weight_decay * w - (factor * m_new + factor_2 * g) / (sqrt(v_new) + eps_sqrt_c2);  // decay and descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="nadamw_simple_update",
)


def nadamw_simple_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.002,
    beta2: float = 0.999,
    beta1: float = 0.9,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of NAdamWSimple on one array, in place.

        c2     = 1 - beta2**t                                                  bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g                                   first moment
        v_new  = beta2 * v + (1 - beta2) * g**2                                second moment
        m_bar  = beta1 * m_new / (1 - beta1 ** (1 + t)) + (1 - beta1) * g / (1 - beta1**t)  first moment, a step ahead, corrected
        v_hat  = v_new / c2                                                    second moment, corrected
        w_new  = w - lr * weight_decay * w - lr * m_bar / (sqrt(v_hat) + eps)  decay and descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay  = lr * weight_decay
        factor           = lr * sqrt(c2) * beta1 / (1 - beta1 ** (1 + t))
        factor_2         = lr * sqrt(c2) * (1 - beta1) / (1 - beta1**t)
        eps_sqrt_c2      = eps * sqrt(c2)
        w_new            = w - lr_weight_decay * w - (factor * m_new + factor_2 * g) / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay
    factor = lr * math.sqrt(c2) * beta1 / one_minus_power(beta1, 1 + t)
    factor_2 = lr * math.sqrt(c2) * (1 - beta1) / one_minus_power(beta1, t)
    eps_sqrt_c2 = eps * math.sqrt(c2)

    launch(
        _nadamw_simple_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_weight_decay, factor, factor_2, eps_sqrt_c2),
        (w, m, v),
        stages,
    )


class NAdamWSimple(CupyOptimizer):
    """NAdamWSimple: NAdam with decoupled weight decay and no schedule of the momentum.

    Source: NAdamSimple with the weight decay of Loshchilov & Hutter (2019), as in optax.nadamw.
    The equations are in `nadamw_simple_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta2         0 <= beta2 < 1     decay of the second moment
        beta1         0 <= beta1 < 1     decay of the first moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decay of the weights, times lr
    """

    lr: Hyper
    beta2: Hyper
    beta1: Hyper
    eps: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _update = staticmethod(nadamw_simple_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.002,
        beta2: Hyper = 0.999,
        beta1: Hyper = 0.9,
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
            beta2=beta2,
            beta1=beta1,
            eps=eps,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w))


_adamaxw_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T eps, T lr_weight_decay, T lr_over_c1",
    out_params="T w, T m, T u",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T u_new_1 = beta2 * u;
    const T u_new_2 = fabs(g) + eps;
    const T u_new = (u_new_1 >= u_new_2 || u_new_1 != u_new_1 ? u_new_1 : u_new_2);  // largest gradient, fading
    const T w_new = w - lr_weight_decay * w - lr_over_c1 * m_new / u_new;  // decay and descent
    m = m_new;
    u = u_new;
    w = w_new;
    """,
    name="adamaxw_update",
)


def adamaxw_update(
    w: Array,
    g: Array,
    m: Array,
    u: Array,
    t: int,
    *,
    lr: float = 0.002,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdamaxW on one array, in place.

        c1     = 1 - beta1**t                                    bias of the first moment
        m_new  = beta1 * m + (1 - beta1) * g                     first moment
        u_new  = maximum(beta2 * u, abs(g) + eps)                largest gradient, fading
        m_hat  = m_new / c1                                      first moment, corrected
        w_new  = w - lr * weight_decay * w - lr * m_hat / u_new  decay and descent

    Then m, u, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay  = lr * weight_decay
        lr_over_c1       = lr / c1
        w_new            = w - lr_weight_decay * w - lr_over_c1 * m_new / u_new

    w, m, u and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        u  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    one_minus_beta1 = 1 - beta1
    lr_weight_decay = lr * weight_decay
    lr_over_c1 = lr / c1

    launch(
        _adamaxw_update,
        (g,),
        (beta1, one_minus_beta1, beta2, eps, lr_weight_decay, lr_over_c1),
        (w, m, u),
        stages,
    )


class AdamaxW(CupyOptimizer):
    """AdamaxW: Adamax with decoupled weight decay.

    Source: Adamax with the weight decay of Loshchilov & Hutter (2019), as in optax.adamaxw.
    The equations are in `adamaxw_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the maximum
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decay of the weights, times lr
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "u")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _update = staticmethod(adamaxw_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.002,
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


_radamw_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr_weight_decay, T lr_over_c1, T length_above_five, T r_sqrt_c2, T eps",
    out_params="T w, T m, T v",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T w_new = w - lr_weight_decay * w - lr_over_c1 * (length_above_five != 0 ? r_sqrt_c2 * m_new / (sqrt(v_new) + eps) : m_new);  // decay and descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="radamw_update",
)


def radamw_update(
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
    """One step of RAdamW on one array, in place.

        c1       = 1 - beta1**t                        bias of the first moment
        c2       = 1 - beta2**t                        bias of the second moment
        longest  = 2 / (1 - beta2) - 1                 length of the average in the end
        length   = longest - 2 * t * beta2**t / c2     length of the average so far
        r        = where(length > 5, sqrt(longest * (length - 2) * (length - 4) / (length * (longest - 2) * (longest - 4))), 0)  rectification of the variance
        m_new    = beta1 * m + (1 - beta1) * g         first moment
        v_new    = beta2 * v + (1 - beta2) * g**2      second moment
        m_hat    = m_new / c1                          first moment, corrected
        u        = where(length > 5, r * sqrt(c2) * m_hat / (sqrt(v_new) + eps), m_hat)  direction
        w_new    = w - lr * weight_decay * w - lr * u  decay and descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay    = lr * weight_decay
        lr_over_c1         = lr / c1
        length_above_five  = where(length > 5, 1, 0)
        r_sqrt_c2          = r * sqrt(c2)
        w_new              = w - lr_weight_decay * w - lr_over_c1 * where(length_above_five != 0, r_sqrt_c2 * m_new / (sqrt(v_new) + eps), m_new)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    longest = 2 / (1 - beta2) - 1  # length of the average in the end
    length = average_length(beta2, t)  # length of the average so far
    r = sqrt(longest * (length - 2) * (length - 4) / (length * (longest - 2) * (longest - 4))) if length > 5 else 0  # rectification of the variance
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay
    lr_over_c1 = lr / c1
    length_above_five = 1 if length > 5 else 0
    r_sqrt_c2 = r * math.sqrt(c2)

    launch(
        _radamw_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_weight_decay, lr_over_c1, length_above_five, r_sqrt_c2, eps),
        (w, m, v),
        stages,
    )


class RAdamW(CupyOptimizer):
    """RAdamW: RAdam with decoupled weight decay, epsilon added before the second moment is corrected.

    Source: RAdam with the weight decay of Loshchilov & Hutter (2019), as in torch.optim.RAdam.
    The equations are in `radamw_update`, which this class applies to every parameter.

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
    _update = staticmethod(radamw_update)

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
