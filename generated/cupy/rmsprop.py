# generated from specs/rmsprop.py; regenerate with: python cli.py generate rmsprop
"""RMSprop: every weight's step is divided by the root of a running average of its squared gradients."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from .._runtime.scalars import one_minus_power
from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, launch

__all__ = [
    "RMSprop",
    "RMSpropCentered",
    "RMSpropCenteredEpsInside",
    "RMSpropCenteredMomentum",
    "RMSpropCenteredNesterov",
    "RMSpropCorrected",
    "RMSpropEpsInside",
    "RMSpropGraves",
    "RMSpropMomentum",
    "RMSpropMomentumEpsInside",
    "RMSpropMomentumLrInside",
    "RMSpropNesterov",
    "RMSpropWarm",
    "rmsprop_centered_eps_inside_update",
    "rmsprop_centered_momentum_update",
    "rmsprop_centered_nesterov_update",
    "rmsprop_centered_update",
    "rmsprop_corrected_update",
    "rmsprop_eps_inside_update",
    "rmsprop_graves_update",
    "rmsprop_momentum_eps_inside_update",
    "rmsprop_momentum_lr_inside_update",
    "rmsprop_momentum_update",
    "rmsprop_nesterov_update",
    "rmsprop_update",
    "rmsprop_warm_update",
]


_rmsprop_update = cp.ElementwiseKernel(
    in_params="T g, T rho, T one_minus_rho, T lr, T eps",
    out_params="T w, T v",
    operation="""
    const T v_new = rho * v + one_minus_rho * (g * g);  // average of squares
    const T w_new = w - lr * g / (sqrt(v_new) + eps);  // descent
    v = v_new;
    w = w_new;
    """,
    name="rmsprop_update",
)


def rmsprop_update(
    w: Array,
    g: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of RMSprop on one array, in place.

        v_new  = rho * v + (1 - rho) * g**2        average of squares
        w_new  = w - lr * g / (sqrt(v_new) + eps)  descent

    Then v, w take the new values.

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = 0 before the first step
    """
    one_minus_rho = 1 - rho

    launch(
        _rmsprop_update,
        (g,),
        (rho, one_minus_rho, lr, eps),
        (w, v),
        stages,
    )


class RMSprop(CupyOptimizer):
    """RMSprop: a step divided by the root of an average of squared gradients.

    Source: Tieleman & Hinton (2012), Neural Networks for Machine Learning, lecture 6.5, epsilon outside the root.
    The equations are in `rmsprop_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr   lr >= 0       learning rate
        rho  0 <= rho < 1  decay of the averages
        eps  eps >= 0      keeps the division from zero
    """

    lr: Hyper
    rho: Hyper
    eps: Hyper

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(rmsprop_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
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
            rho=rho,
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w),)


_rmsprop_eps_inside_update = cp.ElementwiseKernel(
    in_params="T g, T rho, T one_minus_rho, T lr, T eps",
    out_params="T w, T v",
    operation="""
    const T v_new = rho * v + one_minus_rho * (g * g);  // average of squares
    const T w_new = w - lr * g / sqrt(v_new + eps);  // descent
    v = v_new;
    w = w_new;
    """,
    name="rmsprop_eps_inside_update",
)


def rmsprop_eps_inside_update(
    w: Array,
    g: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    initial_accumulator: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of RMSpropEpsInside on one array, in place.

        v_new  = rho * v + (1 - rho) * g**2      average of squares
        w_new  = w - lr * g / sqrt(v_new + eps)  descent

    Then v, w take the new values.

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
    """
    one_minus_rho = 1 - rho

    launch(
        _rmsprop_eps_inside_update,
        (g,),
        (rho, one_minus_rho, lr, eps),
        (w, v),
        stages,
    )


class RMSpropEpsInside(CupyOptimizer):
    """RMSpropEpsInside: RMSprop with epsilon inside the root.

    Source: Tieleman & Hinton (2012), lecture 6.5, epsilon inside the root as in keras.optimizers.RMSprop.
    The equations are in `rmsprop_eps_inside_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr                   lr >= 0                   learning rate
        rho                  0 <= rho < 1              decay of the averages
        eps                  eps >= 0                  keeps the division from zero
        initial_accumulator  initial_accumulator >= 0  first value of the average
    """

    lr: Hyper
    rho: Hyper
    eps: Hyper
    initial_accumulator: Hyper

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _update = staticmethod(rmsprop_eps_inside_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
        initial_accumulator: Hyper = 0.0,
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
            rho=rho,
            eps=eps,
            initial_accumulator=initial_accumulator,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.full_like(w, hyper["initial_accumulator"]),)


_rmsprop_centered_update = cp.ElementwiseKernel(
    in_params="T g, T rho, T one_minus_rho, T lr, T eps",
    out_params="T w, T v, T a",
    operation="""
    const T v_new = rho * v + one_minus_rho * (g * g);  // average of squares
    const T a_new = rho * a + one_minus_rho * g;  // average
    const T variance_1 = v_new - a_new * a_new;
    const T variance = (variance_1 >= 0 || variance_1 != variance_1 ? variance_1 : 0);  // variance, guarded against rounding
    const T w_new = w - lr * g / (sqrt(variance) + eps);  // descent
    v = v_new;
    a = a_new;
    w = w_new;
    """,
    name="rmsprop_centered_update",
)


def rmsprop_centered_update(
    w: Array,
    g: Array,
    v: Array,
    a: Array,
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of RMSpropCentered on one array, in place.

        v_new     = rho * v + (1 - rho) * g**2           average of squares
        a_new     = rho * a + (1 - rho) * g              average
        variance  = maximum(v_new - a_new**2, 0)         variance, guarded against rounding
        w_new     = w - lr * g / (sqrt(variance) + eps)  descent

    Then v, a, w take the new values.

    w, v, a and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = 0 before the first step
        a  = 0 before the first step
    """
    one_minus_rho = 1 - rho

    launch(
        _rmsprop_centered_update,
        (g,),
        (rho, one_minus_rho, lr, eps),
        (w, v, a),
        stages,
    )


class RMSpropCentered(CupyOptimizer):
    """RMSpropCentered: RMSprop that divides by the deviation of the gradients.

    Source: Graves (2013), equations 38 to 40, arXiv:1308.0850, without momentum, epsilon outside the root.
    The equations are in `rmsprop_centered_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr   lr >= 0       learning rate
        rho  0 <= rho < 1  decay of the averages
        eps  eps >= 0      keeps the division from zero
    """

    lr: Hyper
    rho: Hyper
    eps: Hyper

    _states: ClassVar = ("v", "a")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(rmsprop_centered_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
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
            rho=rho,
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w))


_rmsprop_centered_eps_inside_update = cp.ElementwiseKernel(
    in_params="T g, T rho, T one_minus_rho, T lr, T eps",
    out_params="T w, T v, T a",
    operation="""
    const T v_new = rho * v + one_minus_rho * (g * g);  // average of squares
    const T a_new = rho * a + one_minus_rho * g;  // average
    const T variance_1 = v_new - a_new * a_new;
    const T variance = (variance_1 >= 0 || variance_1 != variance_1 ? variance_1 : 0);  // variance, guarded against rounding
    const T w_new = w - lr * g / sqrt(variance + eps);  // descent
    v = v_new;
    a = a_new;
    w = w_new;
    """,
    name="rmsprop_centered_eps_inside_update",
)


def rmsprop_centered_eps_inside_update(
    w: Array,
    g: Array,
    v: Array,
    a: Array,
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    initial_accumulator: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of RMSpropCenteredEpsInside on one array, in place.

        v_new     = rho * v + (1 - rho) * g**2         average of squares
        a_new     = rho * a + (1 - rho) * g            average
        variance  = maximum(v_new - a_new**2, 0)       variance, guarded against rounding
        w_new     = w - lr * g / sqrt(variance + eps)  descent

    Then v, a, w take the new values.

    w, v, a and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
        a  = 0 before the first step
    """
    one_minus_rho = 1 - rho

    launch(
        _rmsprop_centered_eps_inside_update,
        (g,),
        (rho, one_minus_rho, lr, eps),
        (w, v, a),
        stages,
    )


class RMSpropCenteredEpsInside(CupyOptimizer):
    """RMSpropCenteredEpsInside: centered RMSprop with epsilon inside the root.

    Source: Graves (2013), arXiv:1308.0850, without momentum, as in keras.optimizers.RMSprop(centered=True).
    The equations are in `rmsprop_centered_eps_inside_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr                   lr >= 0                   learning rate
        rho                  0 <= rho < 1              decay of the averages
        eps                  eps >= 0                  keeps the division from zero
        initial_accumulator  initial_accumulator >= 0  first value of the average
    """

    lr: Hyper
    rho: Hyper
    eps: Hyper
    initial_accumulator: Hyper

    _states: ClassVar = ("v", "a")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _update = staticmethod(rmsprop_centered_eps_inside_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
        initial_accumulator: Hyper = 0.0,
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
            rho=rho,
            eps=eps,
            initial_accumulator=initial_accumulator,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.full_like(w, hyper["initial_accumulator"]), cp.zeros_like(w))


_rmsprop_momentum_update = cp.ElementwiseKernel(
    in_params="T g, T rho, T one_minus_rho, T momentum, T eps, T lr",
    out_params="T w, T v, T b",
    operation="""
    const T v_new = rho * v + one_minus_rho * (g * g);  // average of squares
    const T b_new = momentum * b + g / (sqrt(v_new) + eps);  // buffer
    const T w_new = w - lr * b_new;  // descent
    v = v_new;
    b = b_new;
    w = w_new;
    """,
    name="rmsprop_momentum_update",
)


def rmsprop_momentum_update(
    w: Array,
    g: Array,
    v: Array,
    b: Array,
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    momentum: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of RMSpropMomentum on one array, in place.

        v_new  = rho * v + (1 - rho) * g**2              average of squares
        b_new  = momentum * b + g / (sqrt(v_new) + eps)  buffer
        w_new  = w - lr * b_new                          descent

    Then v, b, w take the new values.

    w, v, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = 0 before the first step
        b  = 0 before the first step
    """
    one_minus_rho = 1 - rho

    launch(
        _rmsprop_momentum_update,
        (g,),
        (rho, one_minus_rho, momentum, eps, lr),
        (w, v, b),
        stages,
    )


class RMSpropMomentum(CupyOptimizer):
    """RMSpropMomentum: RMSprop with momentum, the learning rate outside the buffer.

    Source: torch.optim.RMSprop(momentum=...), learning rate outside the buffer.
    The equations are in `rmsprop_momentum_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr        lr >= 0            learning rate
        rho       0 <= rho < 1       decay of the averages
        eps       eps >= 0           keeps the division from zero
        momentum  0 <= momentum < 1  momentum coefficient
    """

    lr: Hyper
    rho: Hyper
    eps: Hyper
    momentum: Hyper

    _states: ClassVar = ("v", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _update = staticmethod(rmsprop_momentum_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
        momentum: Hyper = 0.9,
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
            rho=rho,
            eps=eps,
            momentum=momentum,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w))


_rmsprop_momentum_lr_inside_update = cp.ElementwiseKernel(
    in_params="T g, T rho, T one_minus_rho, T momentum, T lr, T eps",
    out_params="T w, T v, T b",
    operation="""
    const T v_new = rho * v + one_minus_rho * (g * g);  // average of squares
    const T b_new = momentum * b + lr * g / (sqrt(v_new) + eps);  // buffer
    const T w_new = w - b_new;  // descent
    v = v_new;
    b = b_new;
    w = w_new;
    """,
    name="rmsprop_momentum_lr_inside_update",
)


def rmsprop_momentum_lr_inside_update(
    w: Array,
    g: Array,
    v: Array,
    b: Array,
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    momentum: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of RMSpropMomentumLrInside on one array, in place.

        v_new  = rho * v + (1 - rho) * g**2                   average of squares
        b_new  = momentum * b + lr * g / (sqrt(v_new) + eps)  buffer
        w_new  = w - b_new                                    descent

    Then v, b, w take the new values.

    w, v, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = 0 before the first step
        b  = 0 before the first step
    """
    one_minus_rho = 1 - rho

    launch(
        _rmsprop_momentum_lr_inside_update,
        (g,),
        (rho, one_minus_rho, momentum, lr, eps),
        (w, v, b),
        stages,
    )


class RMSpropMomentumLrInside(CupyOptimizer):
    """RMSpropMomentumLrInside: RMSprop with momentum, the learning rate inside the buffer.

    Source: RMSprop with momentum and the learning rate inside the buffer, epsilon outside the root.
    The equations are in `rmsprop_momentum_lr_inside_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr        lr >= 0            learning rate
        rho       0 <= rho < 1       decay of the averages
        eps       eps >= 0           keeps the division from zero
        momentum  0 <= momentum < 1  momentum coefficient
    """

    lr: Hyper
    rho: Hyper
    eps: Hyper
    momentum: Hyper

    _states: ClassVar = ("v", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _update = staticmethod(rmsprop_momentum_lr_inside_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
        momentum: Hyper = 0.9,
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
            rho=rho,
            eps=eps,
            momentum=momentum,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w))


_rmsprop_momentum_eps_inside_update = cp.ElementwiseKernel(
    in_params="T g, T rho, T one_minus_rho, T momentum, T lr, T eps",
    out_params="T w, T v, T b",
    operation="""
    const T v_new = rho * v + one_minus_rho * (g * g);  // average of squares
    const T b_new = momentum * b + lr * g / sqrt(v_new + eps);  // buffer
    const T w_new = w - b_new;  // descent
    v = v_new;
    b = b_new;
    w = w_new;
    """,
    name="rmsprop_momentum_eps_inside_update",
)


def rmsprop_momentum_eps_inside_update(
    w: Array,
    g: Array,
    v: Array,
    b: Array,
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    momentum: float = 0.9,
    initial_accumulator: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of RMSpropMomentumEpsInside on one array, in place.

        v_new  = rho * v + (1 - rho) * g**2                 average of squares
        b_new  = momentum * b + lr * g / sqrt(v_new + eps)  buffer
        w_new  = w - b_new                                  descent

    Then v, b, w take the new values.

    w, v, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
        b  = 0 before the first step
    """
    one_minus_rho = 1 - rho

    launch(
        _rmsprop_momentum_eps_inside_update,
        (g,),
        (rho, one_minus_rho, momentum, lr, eps),
        (w, v, b),
        stages,
    )


class RMSpropMomentumEpsInside(CupyOptimizer):
    """RMSpropMomentumEpsInside: RMSprop with momentum, learning rate inside the buffer, epsilon inside the root.

    Source: keras.optimizers.RMSprop(momentum=...), learning rate inside the buffer, epsilon inside the root.
    The equations are in `rmsprop_momentum_eps_inside_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr                   lr >= 0                   learning rate
        rho                  0 <= rho < 1              decay of the averages
        eps                  eps >= 0                  keeps the division from zero
        momentum             0 <= momentum < 1         momentum coefficient
        initial_accumulator  initial_accumulator >= 0  first value of the average
    """

    lr: Hyper
    rho: Hyper
    eps: Hyper
    momentum: Hyper
    initial_accumulator: Hyper

    _states: ClassVar = ("v", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _update = staticmethod(rmsprop_momentum_eps_inside_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
        momentum: Hyper = 0.9,
        initial_accumulator: Hyper = 0.0,
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
            rho=rho,
            eps=eps,
            momentum=momentum,
            initial_accumulator=initial_accumulator,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.full_like(w, hyper["initial_accumulator"]), cp.zeros_like(w))


_rmsprop_centered_momentum_update = cp.ElementwiseKernel(
    in_params="T g, T rho, T one_minus_rho, T momentum, T eps, T lr",
    out_params="T w, T v, T a, T b",
    operation="""
    const T v_new = rho * v + one_minus_rho * (g * g);  // average of squares
    const T a_new = rho * a + one_minus_rho * g;  // average
    const T variance_1 = v_new - a_new * a_new;
    const T variance = (variance_1 >= 0 || variance_1 != variance_1 ? variance_1 : 0);  // variance, guarded against rounding
    const T b_new = momentum * b + g / (sqrt(variance) + eps);  // buffer
    const T w_new = w - lr * b_new;  // descent
    v = v_new;
    a = a_new;
    b = b_new;
    w = w_new;
    """,
    name="rmsprop_centered_momentum_update",
)


def rmsprop_centered_momentum_update(
    w: Array,
    g: Array,
    v: Array,
    a: Array,
    b: Array,
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    momentum: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of RMSpropCenteredMomentum on one array, in place.

        v_new     = rho * v + (1 - rho) * g**2                 average of squares
        a_new     = rho * a + (1 - rho) * g                    average
        variance  = maximum(v_new - a_new**2, 0)               variance, guarded against rounding
        b_new     = momentum * b + g / (sqrt(variance) + eps)  buffer
        w_new     = w - lr * b_new                             descent

    Then v, a, b, w take the new values.

    w, v, a, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = 0 before the first step
        a  = 0 before the first step
        b  = 0 before the first step
    """
    one_minus_rho = 1 - rho

    launch(
        _rmsprop_centered_momentum_update,
        (g,),
        (rho, one_minus_rho, momentum, eps, lr),
        (w, v, a, b),
        stages,
    )


class RMSpropCenteredMomentum(CupyOptimizer):
    """RMSpropCenteredMomentum: centered RMSprop with momentum, the learning rate outside the buffer, epsilon outside the root.

    Source: torch.optim.RMSprop(centered=True, momentum=...), learning rate outside the buffer.
    The equations are in `rmsprop_centered_momentum_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr        lr >= 0            learning rate
        rho       0 <= rho < 1       decay of the averages
        eps       eps >= 0           keeps the division from zero
        momentum  0 <= momentum < 1  momentum coefficient
    """

    lr: Hyper
    rho: Hyper
    eps: Hyper
    momentum: Hyper

    _states: ClassVar = ("v", "a", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _update = staticmethod(rmsprop_centered_momentum_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
        momentum: Hyper = 0.9,
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
            rho=rho,
            eps=eps,
            momentum=momentum,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w), cp.zeros_like(w))


_rmsprop_graves_update = cp.ElementwiseKernel(
    in_params="T g, T rho, T one_minus_rho, T momentum, T lr, T eps",
    out_params="T w, T v, T a, T b",
    operation="""
    const T v_new = rho * v + one_minus_rho * (g * g);  // average of squares
    const T a_new = rho * a + one_minus_rho * g;  // average
    const T variance_1 = v_new - a_new * a_new;
    const T variance = (variance_1 >= 0 || variance_1 != variance_1 ? variance_1 : 0);  // variance, guarded against rounding
    const T b_new = momentum * b - lr * g / sqrt(variance + eps);  // buffer
    const T w_new = w + b_new;  // move
    v = v_new;
    a = a_new;
    b = b_new;
    w = w_new;
    """,
    name="rmsprop_graves_update",
)


def rmsprop_graves_update(
    w: Array,
    g: Array,
    v: Array,
    a: Array,
    b: Array,
    t: int,
    *,
    lr: float = 1e-4,
    rho: float = 0.95,
    eps: float = 1e-4,
    momentum: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of RMSpropGraves on one array, in place.

        v_new     = rho * v + (1 - rho) * g**2                    average of squares
        a_new     = rho * a + (1 - rho) * g                       average
        variance  = maximum(v_new - a_new**2, 0)                  variance, guarded against rounding
        b_new     = momentum * b - lr * g / sqrt(variance + eps)  buffer
        w_new     = w + b_new                                     move

    Then v, a, b, w take the new values.

    w, v, a, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = 0 before the first step
        a  = 0 before the first step
        b  = 0 before the first step
    """
    one_minus_rho = 1 - rho

    launch(
        _rmsprop_graves_update,
        (g,),
        (rho, one_minus_rho, momentum, lr, eps),
        (w, v, a, b),
        stages,
    )


class RMSpropGraves(CupyOptimizer):
    """RMSpropGraves: centered RMSprop with momentum, as first published.

    Source: Graves (2013), equations 38 to 45, arXiv:1308.0850.
    The equations are in `rmsprop_graves_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr        lr >= 0            learning rate
        rho       0 <= rho < 1       decay of the averages
        eps       eps >= 0           keeps the root from zero
        momentum  0 <= momentum < 1  momentum coefficient
    """

    lr: Hyper
    rho: Hyper
    eps: Hyper
    momentum: Hyper

    _states: ClassVar = ("v", "a", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _update = staticmethod(rmsprop_graves_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1e-4,
        rho: Hyper = 0.95,
        eps: Hyper = 1e-4,
        momentum: Hyper = 0.9,
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
            rho=rho,
            eps=eps,
            momentum=momentum,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w), cp.zeros_like(w))


_rmsprop_nesterov_update = cp.ElementwiseKernel(
    in_params="T g, T rho, T one_minus_rho, T lr, T eps, T momentum",
    out_params="T w, T v, T b",
    operation="""
    const T v_new = rho * v + one_minus_rho * (g * g);  // average of squares
    const T u = lr * g / sqrt(v_new + eps);  // step of RMSprop
    const T b_new = u + momentum * b;  // buffer
    const T w_new = w - u - momentum * b_new;  // descent
    v = v_new;
    b = b_new;
    w = w_new;
    """,
    name="rmsprop_nesterov_update",
)


def rmsprop_nesterov_update(
    w: Array,
    g: Array,
    v: Array,
    b: Array,
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    momentum: float = 0.9,
    initial_accumulator: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of RMSpropNesterov on one array, in place.

        v_new  = rho * v + (1 - rho) * g**2  average of squares
        u      = lr * g / sqrt(v_new + eps)  step of RMSprop
        b_new  = u + momentum * b            buffer
        w_new  = w - u - momentum * b_new    descent

    Then v, b, w take the new values.

    w, v, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
        b  = 0 before the first step
    """
    one_minus_rho = 1 - rho

    launch(
        _rmsprop_nesterov_update,
        (g,),
        (rho, one_minus_rho, lr, eps, momentum),
        (w, v, b),
        stages,
    )


class RMSpropNesterov(CupyOptimizer):
    """RMSpropNesterov: RMSprop with Nesterov's momentum.

    Source: optax.rmsprop(momentum=..., nesterov=True), learning rate inside the buffer, epsilon inside the root.
    The equations are in `rmsprop_nesterov_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr                   lr >= 0                   learning rate
        rho                  0 <= rho < 1              decay of the averages
        eps                  eps >= 0                  keeps the division from zero
        momentum             0 <= momentum < 1         momentum coefficient
        initial_accumulator  initial_accumulator >= 0  first value of the average
    """

    lr: Hyper
    rho: Hyper
    eps: Hyper
    momentum: Hyper
    initial_accumulator: Hyper

    _states: ClassVar = ("v", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _update = staticmethod(rmsprop_nesterov_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
        momentum: Hyper = 0.9,
        initial_accumulator: Hyper = 0.0,
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
            rho=rho,
            eps=eps,
            momentum=momentum,
            initial_accumulator=initial_accumulator,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.full_like(w, hyper["initial_accumulator"]), cp.zeros_like(w))


_rmsprop_centered_nesterov_update = cp.ElementwiseKernel(
    in_params="T g, T rho, T one_minus_rho, T lr, T eps, T momentum",
    out_params="T w, T v, T a, T b",
    operation="""
    const T v_new = rho * v + one_minus_rho * (g * g);  // average of squares
    const T a_new = rho * a + one_minus_rho * g;  // average
    const T variance_1 = v_new - a_new * a_new;
    const T variance = (variance_1 >= 0 || variance_1 != variance_1 ? variance_1 : 0);  // variance, guarded against rounding
    const T u = lr * g / sqrt(variance + eps);  // step of centered RMSprop
    const T b_new = u + momentum * b;  // buffer
    const T w_new = w - u - momentum * b_new;  // descent
    v = v_new;
    a = a_new;
    b = b_new;
    w = w_new;
    """,
    name="rmsprop_centered_nesterov_update",
)


def rmsprop_centered_nesterov_update(
    w: Array,
    g: Array,
    v: Array,
    a: Array,
    b: Array,
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    momentum: float = 0.9,
    initial_accumulator: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of RMSpropCenteredNesterov on one array, in place.

        v_new     = rho * v + (1 - rho) * g**2     average of squares
        a_new     = rho * a + (1 - rho) * g        average
        variance  = maximum(v_new - a_new**2, 0)   variance, guarded against rounding
        u         = lr * g / sqrt(variance + eps)  step of centered RMSprop
        b_new     = u + momentum * b               buffer
        w_new     = w - u - momentum * b_new       descent

    Then v, a, b, w take the new values.

    w, v, a, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
        a  = 0 before the first step
        b  = 0 before the first step
    """
    one_minus_rho = 1 - rho

    launch(
        _rmsprop_centered_nesterov_update,
        (g,),
        (rho, one_minus_rho, lr, eps, momentum),
        (w, v, a, b),
        stages,
    )


class RMSpropCenteredNesterov(CupyOptimizer):
    """RMSpropCenteredNesterov: centered RMSprop with Nesterov's momentum.

    Source: optax.rmsprop(centered=True, momentum=..., nesterov=True), epsilon inside the root.
    The equations are in `rmsprop_centered_nesterov_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr                   lr >= 0                   learning rate
        rho                  0 <= rho < 1              decay of the averages
        eps                  eps >= 0                  keeps the division from zero
        momentum             0 <= momentum < 1         momentum coefficient
        initial_accumulator  initial_accumulator >= 0  first value of the average
    """

    lr: Hyper
    rho: Hyper
    eps: Hyper
    momentum: Hyper
    initial_accumulator: Hyper

    _states: ClassVar = ("v", "a", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _update = staticmethod(rmsprop_centered_nesterov_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
        momentum: Hyper = 0.9,
        initial_accumulator: Hyper = 0.0,
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
            rho=rho,
            eps=eps,
            momentum=momentum,
            initial_accumulator=initial_accumulator,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.full_like(w, hyper["initial_accumulator"]), cp.zeros_like(w), cp.zeros_like(w))


_rmsprop_corrected_update = cp.ElementwiseKernel(
    in_params="T g, T rho, T one_minus_rho, T lr_sqrt_c, T eps_c",
    out_params="T w, T v",
    operation="""
    const T v_new = rho * v + one_minus_rho * (g * g);  // average of squares
    const T w_new = w - lr_sqrt_c * g / sqrt(v_new + eps_c);  // descent
    v = v_new;
    w = w_new;
    """,
    name="rmsprop_corrected_update",
)


def rmsprop_corrected_update(
    w: Array,
    g: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of RMSpropCorrected on one array, in place.

        c      = 1 - rho**t                      bias of the average
        v_new  = rho * v + (1 - rho) * g**2      average of squares
        v_hat  = v_new / c                       average, corrected
        w_new  = w - lr * g / sqrt(v_hat + eps)  descent

    Then v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c  = lr * sqrt(c)
        eps_c      = eps * c
        w_new      = w - lr_sqrt_c * g / sqrt(v_new + eps_c)

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = 0 before the first step
    """
    c = one_minus_power(rho, t)  # bias of the average
    one_minus_rho = 1 - rho
    lr_sqrt_c = lr * math.sqrt(c)
    eps_c = eps * c

    launch(
        _rmsprop_corrected_update,
        (g,),
        (rho, one_minus_rho, lr_sqrt_c, eps_c),
        (w, v),
        stages,
    )


class RMSpropCorrected(CupyOptimizer):
    """RMSpropCorrected: RMSprop with the bias correction of Adam.

    Source: optax.rmsprop(bias_correction=True), epsilon inside the root.
    The equations are in `rmsprop_corrected_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr   lr >= 0       learning rate
        rho  0 <= rho < 1  decay of the averages
        eps  eps >= 0      keeps the division from zero
    """

    lr: Hyper
    rho: Hyper
    eps: Hyper

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(rmsprop_corrected_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
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
            rho=rho,
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w),)


_rmsprop_warm_update = cp.ElementwiseKernel(
    in_params="T g, T r, T one_minus_r, T lr, T eps",
    out_params="T w, T v",
    operation="""
    const T v_new = r * v + one_minus_r * (g * g);  // average of squares
    const T w_new = w - lr * g / (sqrt(v_new) + eps);  // descent
    v = v_new;
    w = w_new;
    """,
    name="rmsprop_warm_update",
)


def rmsprop_warm_update(
    w: Array,
    g: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of RMSpropWarm on one array, in place.

        r      = where(t > 1, rho, 0)              decay, none before the second step
        v_new  = r * v + (1 - r) * g**2            average of squares
        w_new  = w - lr * g / (sqrt(v_new) + eps)  descent

    Then v, w take the new values.

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        v  = 0 before the first step
    """
    r = rho if t > 1 else 0  # decay, none before the second step
    one_minus_r = 1 - r

    launch(
        _rmsprop_warm_update,
        (g,),
        (r, one_minus_r, lr, eps),
        (w, v),
        stages,
    )


class RMSpropWarm(CupyOptimizer):
    """RMSpropWarm: RMSprop started at the first squared gradient.

    Source: RMSprop whose average starts at the first squared gradient: v_1 = g_0**2 with gradients counted from 0.
    The equations are in `rmsprop_warm_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr   lr >= 0       learning rate
        rho  0 <= rho < 1  decay of the averages
        eps  eps >= 0      keeps the division from zero
    """

    lr: Hyper
    rho: Hyper
    eps: Hyper

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _own_t: ClassVar = True
    _update = staticmethod(rmsprop_warm_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
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
            rho=rho,
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w),)
