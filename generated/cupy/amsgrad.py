# generated from specs/amsgrad.py; regenerate with: python cli.py generate amsgrad
"""AMSGrad: Adam that never forgets the largest second moment. The order of maximum and correction matters."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from .._runtime.scalars import one_minus_power
from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, launch

__all__ = [
    "AMSGrad",
    "AMSGradCorrected",
    "AMSGradEpsHat",
    "AMSGradEpsRoot",
    "AMSGradFirstCorrected",
    "AMSGradSecondCorrected",
    "AMSGradUncorrected",
    "amsgrad_corrected_update",
    "amsgrad_eps_hat_update",
    "amsgrad_eps_root_update",
    "amsgrad_first_corrected_update",
    "amsgrad_second_corrected_update",
    "amsgrad_uncorrected_update",
    "amsgrad_update",
]


_amsgrad_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr_sqrt_c2_over_c1, T eps_sqrt_c2",
    out_params="T w, T m, T v, T v_max",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T v_max_new = (v_max >= v_new || v_max != v_max ? v_max : v_new);  // largest second moment
    const T w_new = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_max_new) + eps_sqrt_c2);  // descent
    m = m_new;
    v = v_new;
    v_max = v_max_new;
    w = w_new;
    """,
    name="amsgrad_update",
)


def amsgrad_update(
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
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AMSGrad on one array, in place.

        c1         = 1 - beta1**t                          bias of the first moment
        c2         = 1 - beta2**t                          bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g           first moment
        v_new      = beta2 * v + (1 - beta2) * g**2        second moment
        v_max_new  = maximum(v_max, v_new)                 largest second moment
        m_hat      = m_new / c1                            first moment, corrected
        v_hat      = v_max_new / c2                        corrected
        w_new      = w - lr * m_hat / (sqrt(v_hat) + eps)  descent

    Then m, v, v_max, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_max_new) + eps_sqrt_c2)

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
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)

    launch(
        _amsgrad_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps_sqrt_c2),
        (w, m, v, v_max),
        stages,
    )


class AMSGrad(CupyOptimizer):
    """AMSGrad: Adam with the largest second moment so far, corrected afterwards.

    Source: Reddi, Kale & Kumar (2018), arXiv:1904.09237, maximum before the correction as in torch.optim.Adam.
    The equations are in `amsgrad_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(amsgrad_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
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
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w), cp.zeros_like(w))


_amsgrad_eps_hat_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr_sqrt_c2_over_c1, T eps",
    out_params="T w, T m, T v, T v_max",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T v_max_new = (v_max >= v_new || v_max != v_max ? v_max : v_new);  // largest second moment
    const T w_new = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_max_new) + eps);  // descent
    m = m_new;
    v = v_new;
    v_max = v_max_new;
    w = w_new;
    """,
    name="amsgrad_eps_hat_update",
)


def amsgrad_eps_hat_update(
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
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AMSGradEpsHat on one array, in place.

        c1         = 1 - beta1**t                                                bias of the first moment
        c2         = 1 - beta2**t                                                bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g                                 first moment
        v_new      = beta2 * v + (1 - beta2) * g**2                              second moment
        v_max_new  = maximum(v_max, v_new)                                       largest second moment
        w_new      = w - lr * sqrt(c2) * m_new / (c1 * (sqrt(v_max_new) + eps))  descent

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
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1

    launch(
        _amsgrad_eps_hat_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps),
        (w, m, v, v_max),
        stages,
    )


class AMSGradEpsHat(CupyOptimizer):
    """AMSGradEpsHat: AMSGrad with epsilon added before the second moment is corrected.

    Source: Reddi, Kale & Kumar (2018), arXiv:1904.09237, epsilon as in keras.optimizers.Adam(amsgrad=True).
    The equations are in `amsgrad_eps_hat_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(amsgrad_eps_hat_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
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
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w), cp.zeros_like(w))


_amsgrad_corrected_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T c2, T lr_over_c1, T eps",
    out_params="T w, T m, T v, T v_max",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T v_hat = v_new / c2;  // second moment, corrected
    const T v_max_new = (v_max >= v_hat || v_max != v_max ? v_max : v_hat);  // largest corrected second moment
    const T w_new = w - lr_over_c1 * m_new / (sqrt(v_max_new) + eps);  // descent
    m = m_new;
    v = v_new;
    v_max = v_max_new;
    w = w_new;
    """,
    name="amsgrad_corrected_update",
)


def amsgrad_corrected_update(
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
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AMSGradCorrected on one array, in place.

        c1         = 1 - beta1**t                              bias of the first moment
        c2         = 1 - beta2**t                              bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g               first moment
        v_new      = beta2 * v + (1 - beta2) * g**2            second moment
        m_hat      = m_new / c1                                first moment, corrected
        v_hat      = v_new / c2                                second moment, corrected
        v_max_new  = maximum(v_max, v_hat)                     largest corrected second moment
        w_new      = w - lr * m_hat / (sqrt(v_max_new) + eps)  descent

    Then m, v, v_max, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_over_c1  = lr / c1
        w_new       = w - lr_over_c1 * m_new / (sqrt(v_max_new) + eps)

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
    lr_over_c1 = lr / c1

    launch(
        _amsgrad_corrected_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, c2, lr_over_c1, eps),
        (w, m, v, v_max),
        stages,
    )


class AMSGradCorrected(CupyOptimizer):
    """AMSGradCorrected: Adam with the largest corrected second moment so far.

    Source: Reddi, Kale & Kumar (2018), arXiv:1904.09237, correction before the maximum as in optax.amsgrad.
    The equations are in `amsgrad_corrected_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(amsgrad_corrected_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
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
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w), cp.zeros_like(w))


_amsgrad_uncorrected_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr, T eps",
    out_params="T w, T m, T v, T v_max",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T v_max_new = (v_max >= v_new || v_max != v_max ? v_max : v_new);  // largest second moment
    const T w_new = w - lr * m_new / (sqrt(v_max_new) + eps);  // descent
    m = m_new;
    v = v_new;
    v_max = v_max_new;
    w = w_new;
    """,
    name="amsgrad_uncorrected_update",
)


def amsgrad_uncorrected_update(
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
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AMSGradUncorrected on one array, in place.

        m_new      = beta1 * m + (1 - beta1) * g               first moment
        v_new      = beta2 * v + (1 - beta2) * g**2            second moment
        v_max_new  = maximum(v_max, v_new)                     largest second moment
        w_new      = w - lr * m_new / (sqrt(v_max_new) + eps)  descent

    Then m, v, v_max, w take the new values.

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2

    launch(
        _amsgrad_uncorrected_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr, eps),
        (w, m, v, v_max),
        stages,
    )


class AMSGradUncorrected(CupyOptimizer):
    """AMSGradUncorrected: AMSGrad without bias correction.

    Source: Reddi, Kale & Kumar (2018), Algorithm 2, arXiv:1904.09237, without bias correction as printed there.
    The equations are in `amsgrad_uncorrected_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(amsgrad_uncorrected_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
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
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w), cp.zeros_like(w))


_amsgrad_first_corrected_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr_over_c1, T eps",
    out_params="T w, T m, T v, T v_max",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T v_max_new = (v_max >= v_new || v_max != v_max ? v_max : v_new);  // largest second moment
    const T w_new = w - lr_over_c1 * m_new / (sqrt(v_max_new) + eps);  // descent
    m = m_new;
    v = v_new;
    v_max = v_max_new;
    w = w_new;
    """,
    name="amsgrad_first_corrected_update",
)


def amsgrad_first_corrected_update(
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
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AMSGradFirstCorrected on one array, in place.

        c1         = 1 - beta1**t                              bias of the first moment
        m_new      = beta1 * m + (1 - beta1) * g               first moment
        v_new      = beta2 * v + (1 - beta2) * g**2            second moment
        m_hat      = m_new / c1                                first moment, corrected
        v_max_new  = maximum(v_max, v_new)                     largest second moment
        w_new      = w - lr * m_hat / (sqrt(v_max_new) + eps)  descent

    Then m, v, v_max, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_over_c1  = lr / c1
        w_new       = w - lr_over_c1 * m_new / (sqrt(v_max_new) + eps)

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_over_c1 = lr / c1

    launch(
        _amsgrad_first_corrected_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_over_c1, eps),
        (w, m, v, v_max),
        stages,
    )


class AMSGradFirstCorrected(CupyOptimizer):
    """AMSGradFirstCorrected: AMSGrad with bias correction of the first moment alone.

    Source: Reddi, Kale & Kumar (2018), arXiv:1904.09237, as in optax.amsgrad(bias_correction_nu=False).
    The equations are in `amsgrad_first_corrected_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(amsgrad_first_corrected_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
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
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w), cp.zeros_like(w))


_amsgrad_second_corrected_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T c2, T lr, T eps",
    out_params="T w, T m, T v, T v_max",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T v_hat = v_new / c2;  // second moment, corrected
    const T v_max_new = (v_max >= v_hat || v_max != v_max ? v_max : v_hat);  // largest corrected second moment
    const T w_new = w - lr * m_new / (sqrt(v_max_new) + eps);  // descent
    m = m_new;
    v = v_new;
    v_max = v_max_new;
    w = w_new;
    """,
    name="amsgrad_second_corrected_update",
)


def amsgrad_second_corrected_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    v_max: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.999,
    beta1: float = 0.9,
    eps: float = 1e-8,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AMSGradSecondCorrected on one array, in place.

        c2         = 1 - beta2**t                              bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g               first moment
        v_new      = beta2 * v + (1 - beta2) * g**2            second moment
        v_hat      = v_new / c2                                second moment, corrected
        v_max_new  = maximum(v_max, v_hat)                     largest corrected second moment
        w_new      = w - lr * m_new / (sqrt(v_max_new) + eps)  descent

    Then m, v, v_max, w take the new values.

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2

    launch(
        _amsgrad_second_corrected_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, c2, lr, eps),
        (w, m, v, v_max),
        stages,
    )


class AMSGradSecondCorrected(CupyOptimizer):
    """AMSGradSecondCorrected: AMSGrad with bias correction of the second moment alone.

    Source: Reddi, Kale & Kumar (2018), arXiv:1904.09237, as in optax.amsgrad(bias_correction_mu=False).
    The equations are in `amsgrad_second_corrected_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta2  0 <= beta2 < 1  decay of the second moment
        beta1  0 <= beta1 < 1  decay of the first moment
        eps    eps >= 0        keeps the division from zero
    """

    lr: Hyper
    beta2: Hyper
    beta1: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(amsgrad_second_corrected_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta2: Hyper = 0.999,
        beta1: Hyper = 0.9,
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
            beta2=beta2,
            beta1=beta1,
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w), cp.zeros_like(w))


_amsgrad_eps_root_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T c2, T lr_over_c1, T eps_root, T eps",
    out_params="T w, T m, T v, T v_max",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T v_hat = v_new / c2;  // second moment, corrected
    const T v_max_new = (v_max >= v_hat || v_max != v_max ? v_max : v_hat);  // largest corrected second moment
    const T w_new = w - lr_over_c1 * m_new / (sqrt(v_max_new + eps_root) + eps);  // descent
    m = m_new;
    v = v_new;
    v_max = v_max_new;
    w = w_new;
    """,
    name="amsgrad_eps_root_update",
)


def amsgrad_eps_root_update(
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
    eps_root: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AMSGradEpsRoot on one array, in place.

        c1         = 1 - beta1**t                                         bias of the first moment
        c2         = 1 - beta2**t                                         bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g                          first moment
        v_new      = beta2 * v + (1 - beta2) * g**2                       second moment
        m_hat      = m_new / c1                                           first moment, corrected
        v_hat      = v_new / c2                                           second moment, corrected
        v_max_new  = maximum(v_max, v_hat)                                largest corrected second moment
        w_new      = w - lr * m_hat / (sqrt(v_max_new + eps_root) + eps)  descent

    Then m, v, v_max, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_over_c1  = lr / c1
        w_new       = w - lr_over_c1 * m_new / (sqrt(v_max_new + eps_root) + eps)

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
    lr_over_c1 = lr / c1

    launch(
        _amsgrad_eps_root_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, c2, lr_over_c1, eps_root, eps),
        (w, m, v, v_max),
        stages,
    )


class AMSGradEpsRoot(CupyOptimizer):
    """AMSGradEpsRoot: AMSGradCorrected with one epsilon inside the root and one outside.

    Source: Reddi, Kale & Kumar (2018), arXiv:1904.09237, with both epsilons as in optax.amsgrad(eps_root=...).
    The equations are in `amsgrad_eps_root_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr        lr >= 0         learning rate
        beta1     0 <= beta1 < 1  decay of the first moment
        beta2     0 <= beta2 < 1  decay of the second moment
        eps       eps >= 0        keeps the division from zero
        eps_root  eps_root >= 0   keeps the root from zero
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper
    eps_root: Hyper

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "eps_root": ("eps_root >= 0", lambda eps_root: eps_root >= 0),
    }
    _update = staticmethod(amsgrad_eps_root_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        eps_root: Hyper = 0.0,
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
            eps_root=eps_root,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w), cp.zeros_like(w))
