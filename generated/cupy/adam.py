# generated from specs/adam.py; regenerate with: python cli.py generate adam
"""Adam: a step scaled by running estimates of the gradient's first two moments."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from .._runtime.scalars import one_minus_power
from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, launch

__all__ = [
    "Adam",
    "AdamEpsHat",
    "AdamEpsInside",
    "AdamEpsRoot",
    "AdamUncorrected",
    "AdamUncorrectedEpsInside",
    "adam_eps_hat_update",
    "adam_eps_inside_update",
    "adam_eps_root_update",
    "adam_uncorrected_eps_inside_update",
    "adam_uncorrected_update",
    "adam_update",
]


_adam_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr_sqrt_c2_over_c1, T eps_sqrt_c2",
    out_params="T w, T m, T v",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T w_new = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2);  // descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="adam_update",
)


def adam_update(
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
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of Adam on one array, in place.

        c1     = 1 - beta1**t                          bias of the first moment
        c2     = 1 - beta2**t                          bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g           first moment
        v_new  = beta2 * v + (1 - beta2) * g**2        second moment
        m_hat  = m_new / c1                            first moment, corrected
        v_hat  = v_new / c2                            second moment, corrected
        w_new  = w - lr * m_hat / (sqrt(v_hat) + eps)  descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

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
        _adam_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps_sqrt_c2),
        (w, m, v),
        stages,
    )


class Adam(CupyOptimizer):
    """Adam: a step scaled by running estimates of the first two moments of the gradient.

    Source: Kingma & Ba (2015), Algorithm 1, arXiv:1412.6980.
    The equations are in `adam_update`, which this class applies to every parameter.

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

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(adam_update)

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
        return (cp.zeros_like(w), cp.zeros_like(w))


_adam_eps_hat_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr_sqrt_c2_over_c1, T eps",
    out_params="T w, T m, T v",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T w_new = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps);  // descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="adam_eps_hat_update",
)


def adam_eps_hat_update(
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
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdamEpsHat on one array, in place.

        c1     = 1 - beta1**t                                            bias of the first moment
        c2     = 1 - beta2**t                                            bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g                             first moment
        v_new  = beta2 * v + (1 - beta2) * g**2                          second moment
        w_new  = w - lr * sqrt(c2) * m_new / (c1 * (sqrt(v_new) + eps))  descent

    Then m, v, w take the new values.

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
        _adam_eps_hat_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps),
        (w, m, v),
        stages,
    )


class AdamEpsHat(CupyOptimizer):
    """AdamEpsHat: Adam with epsilon added before the second moment is corrected.

    Source: Kingma & Ba (2015), end of section 2, arXiv:1412.6980, as in keras.optimizers.Adam.
    The equations are in `adam_eps_hat_update`, which this class applies to every parameter.

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

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(adam_eps_hat_update)

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
        return (cp.zeros_like(w), cp.zeros_like(w))


_adam_eps_inside_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr_sqrt_c2_over_c1, T eps_c2",
    out_params="T w, T m, T v",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T w_new = w - lr_sqrt_c2_over_c1 * m_new / sqrt(v_new + eps_c2);  // descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="adam_eps_inside_update",
)


def adam_eps_inside_update(
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
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdamEpsInside on one array, in place.

        c1     = 1 - beta1**t                        bias of the first moment
        c2     = 1 - beta2**t                        bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g         first moment
        v_new  = beta2 * v + (1 - beta2) * g**2      second moment
        m_hat  = m_new / c1                          first moment, corrected
        v_hat  = v_new / c2                          second moment, corrected
        w_new  = w - lr * m_hat / sqrt(v_hat + eps)  descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_c2              = eps * c2
        w_new               = w - lr_sqrt_c2_over_c1 * m_new / sqrt(v_new + eps_c2)

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
    eps_c2 = eps * c2

    launch(
        _adam_eps_inside_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps_c2),
        (w, m, v),
        stages,
    )


class AdamEpsInside(CupyOptimizer):
    """AdamEpsInside: Adam with epsilon inside the root.

    Source: Kingma & Ba (2015), Algorithm 1, arXiv:1412.6980, with epsilon inside the root.
    The equations are in `adam_eps_inside_update`, which this class applies to every parameter.

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

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(adam_eps_inside_update)

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
        return (cp.zeros_like(w), cp.zeros_like(w))


_adam_eps_root_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr_sqrt_c2_over_c1, T eps_root_c2, T eps_sqrt_c2",
    out_params="T w, T m, T v",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T w_new = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new + eps_root_c2) + eps_sqrt_c2);  // descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="adam_eps_root_update",
)


def adam_eps_root_update(
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
    eps_root: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdamEpsRoot on one array, in place.

        c1     = 1 - beta1**t                                     bias of the first moment
        c2     = 1 - beta2**t                                     bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g                      first moment
        v_new  = beta2 * v + (1 - beta2) * g**2                   second moment
        m_hat  = m_new / c1                                       first moment, corrected
        v_hat  = v_new / c2                                       second moment, corrected
        w_new  = w - lr * m_hat / (sqrt(v_hat + eps_root) + eps)  descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_root_c2         = eps_root * c2
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new + eps_root_c2) + eps_sqrt_c2)

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
    eps_root_c2 = eps_root * c2
    eps_sqrt_c2 = eps * math.sqrt(c2)

    launch(
        _adam_eps_root_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps_root_c2, eps_sqrt_c2),
        (w, m, v),
        stages,
    )


class AdamEpsRoot(CupyOptimizer):
    """AdamEpsRoot: Adam with one epsilon inside the root and one outside.

    Source: Kingma & Ba (2015), Algorithm 1, arXiv:1412.6980, with both epsilons as in optax.adam(eps_root=...).
    The equations are in `adam_eps_root_update`, which this class applies to every parameter.

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

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "eps_root": ("eps_root >= 0", lambda eps_root: eps_root >= 0),
    }
    _update = staticmethod(adam_eps_root_update)

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
        return (cp.zeros_like(w), cp.zeros_like(w))


_adam_uncorrected_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr, T eps",
    out_params="T w, T m, T v",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T w_new = w - lr * m_new / (sqrt(v_new) + eps);  // descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="adam_uncorrected_update",
)


def adam_uncorrected_update(
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
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdamUncorrected on one array, in place.

        m_new  = beta1 * m + (1 - beta1) * g           first moment
        v_new  = beta2 * v + (1 - beta2) * g**2        second moment
        w_new  = w - lr * m_new / (sqrt(v_new) + eps)  descent

    Then m, v, w take the new values.

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2

    launch(
        _adam_uncorrected_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr, eps),
        (w, m, v),
        stages,
    )


class AdamUncorrected(CupyOptimizer):
    """AdamUncorrected: Adam without bias correction.

    Source: Kingma & Ba (2015), Algorithm 1, arXiv:1412.6980, without its bias correction.
    The equations are in `adam_uncorrected_update`, which this class applies to every parameter.

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

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(adam_uncorrected_update)

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
        return (cp.zeros_like(w), cp.zeros_like(w))


_adam_uncorrected_eps_inside_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr, T eps",
    out_params="T w, T m, T v",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T v_new = beta2 * v + one_minus_beta2 * (g * g);  // second moment
    const T w_new = w - lr * m_new / sqrt(v_new + eps);  // descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="adam_uncorrected_eps_inside_update",
)


def adam_uncorrected_eps_inside_update(
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
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdamUncorrectedEpsInside on one array, in place.

        m_new  = beta1 * m + (1 - beta1) * g         first moment
        v_new  = beta2 * v + (1 - beta2) * g**2      second moment
        w_new  = w - lr * m_new / sqrt(v_new + eps)  descent

    Then m, v, w take the new values.

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2

    launch(
        _adam_uncorrected_eps_inside_update,
        (g,),
        (beta1, one_minus_beta1, beta2, one_minus_beta2, lr, eps),
        (w, m, v),
        stages,
    )


class AdamUncorrectedEpsInside(CupyOptimizer):
    """AdamUncorrectedEpsInside: Adam without bias correction, with epsilon inside the root.

    Source: Kingma & Ba (2015), Algorithm 1, arXiv:1412.6980, as averages alone: EMA(g) / sqrt(EMA(g**2) + eps).
    The equations are in `adam_uncorrected_eps_inside_update`, which this class applies to every parameter.

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

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(adam_uncorrected_eps_inside_update)

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
        return (cp.zeros_like(w), cp.zeros_like(w))
