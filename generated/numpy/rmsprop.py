# generated from specs/rmsprop.py; regenerate with: python cli.py generate rmsprop
"""RMSprop: every weight's step is divided by the root of a running average of its squared gradients."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, NumpyOptimizer, Stage, StageCall, tiles

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

    for tile in tiles((w, v), (g,), scratch=2, stages=stages):
        w, v, g, s0, s1 = tile
        # v_new = rho * v + (1 - rho) * g**2  (average of squares)
        np.multiply(rho, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_rho, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # w_new = w - lr * g / (sqrt(v_new) + eps)  (descent)
        np.multiply(lr, g, out=s0)
        np.sqrt(v_new, out=s1)
        np.add(s1, eps, out=s1)
        np.divide(s0, s1, out=s0)
        np.subtract(w, s0, out=w)


class RMSprop(NumpyOptimizer):
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
        return (np.zeros_like(w),)


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

    for tile in tiles((w, v), (g,), scratch=2, stages=stages):
        w, v, g, s0, s1 = tile
        # v_new = rho * v + (1 - rho) * g**2  (average of squares)
        np.multiply(rho, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_rho, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # w_new = w - lr * g / sqrt(v_new + eps)  (descent)
        np.multiply(lr, g, out=s0)
        np.add(v_new, eps, out=s1)
        np.sqrt(s1, out=s1)
        np.divide(s0, s1, out=s0)
        np.subtract(w, s0, out=w)


class RMSpropEpsInside(NumpyOptimizer):
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
        return (np.full_like(w, hyper["initial_accumulator"]),)


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

    for tile in tiles((w, v, a), (g,), scratch=2, stages=stages):
        w, v, a, g, s0, s1 = tile
        # v_new = rho * v + (1 - rho) * g**2  (average of squares)
        np.multiply(rho, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_rho, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # a_new = rho * a + (1 - rho) * g  (average)
        np.multiply(rho, a, out=a)
        np.multiply(one_minus_rho, g, out=s0)
        a_new = np.add(a, s0, out=a)
        # variance = maximum(v_new - a_new**2, 0)  (variance, guarded against rounding)
        np.square(a_new, out=s0)
        np.subtract(v_new, s0, out=s0)
        variance = np.maximum(s0, 0, out=s0)
        # w_new = w - lr * g / (sqrt(variance) + eps)  (descent)
        np.multiply(lr, g, out=s1)
        np.sqrt(variance, out=s0)
        np.add(s0, eps, out=s0)
        np.divide(s1, s0, out=s1)
        np.subtract(w, s1, out=w)


class RMSpropCentered(NumpyOptimizer):
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
        return (np.zeros_like(w), np.zeros_like(w))


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

    for tile in tiles((w, v, a), (g,), scratch=2, stages=stages):
        w, v, a, g, s0, s1 = tile
        # v_new = rho * v + (1 - rho) * g**2  (average of squares)
        np.multiply(rho, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_rho, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # a_new = rho * a + (1 - rho) * g  (average)
        np.multiply(rho, a, out=a)
        np.multiply(one_minus_rho, g, out=s0)
        a_new = np.add(a, s0, out=a)
        # variance = maximum(v_new - a_new**2, 0)  (variance, guarded against rounding)
        np.square(a_new, out=s0)
        np.subtract(v_new, s0, out=s0)
        variance = np.maximum(s0, 0, out=s0)
        # w_new = w - lr * g / sqrt(variance + eps)  (descent)
        np.multiply(lr, g, out=s1)
        np.add(variance, eps, out=s0)
        np.sqrt(s0, out=s0)
        np.divide(s1, s0, out=s1)
        np.subtract(w, s1, out=w)


class RMSpropCenteredEpsInside(NumpyOptimizer):
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
        return (np.full_like(w, hyper["initial_accumulator"]), np.zeros_like(w))


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

    for tile in tiles((w, v, b), (g,), scratch=1, stages=stages):
        w, v, b, g, s0 = tile
        # v_new = rho * v + (1 - rho) * g**2  (average of squares)
        np.multiply(rho, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_rho, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # b_new = momentum * b + g / (sqrt(v_new) + eps)  (buffer)
        np.multiply(momentum, b, out=b)
        np.sqrt(v_new, out=s0)
        np.add(s0, eps, out=s0)
        np.divide(g, s0, out=s0)
        b_new = np.add(b, s0, out=b)
        # w_new = w - lr * b_new  (descent)
        np.multiply(lr, b_new, out=s0)
        np.subtract(w, s0, out=w)


class RMSpropMomentum(NumpyOptimizer):
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
        return (np.zeros_like(w), np.zeros_like(w))


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

    for tile in tiles((w, v, b), (g,), scratch=2, stages=stages):
        w, v, b, g, s0, s1 = tile
        # v_new = rho * v + (1 - rho) * g**2  (average of squares)
        np.multiply(rho, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_rho, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # b_new = momentum * b + lr * g / (sqrt(v_new) + eps)  (buffer)
        np.multiply(momentum, b, out=b)
        np.multiply(lr, g, out=s0)
        np.sqrt(v_new, out=s1)
        np.add(s1, eps, out=s1)
        np.divide(s0, s1, out=s0)
        b_new = np.add(b, s0, out=b)
        # w_new = w - b_new  (descent)
        np.subtract(w, b_new, out=w)


class RMSpropMomentumLrInside(NumpyOptimizer):
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
        return (np.zeros_like(w), np.zeros_like(w))


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

    for tile in tiles((w, v, b), (g,), scratch=2, stages=stages):
        w, v, b, g, s0, s1 = tile
        # v_new = rho * v + (1 - rho) * g**2  (average of squares)
        np.multiply(rho, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_rho, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # b_new = momentum * b + lr * g / sqrt(v_new + eps)  (buffer)
        np.multiply(momentum, b, out=b)
        np.multiply(lr, g, out=s0)
        np.add(v_new, eps, out=s1)
        np.sqrt(s1, out=s1)
        np.divide(s0, s1, out=s0)
        b_new = np.add(b, s0, out=b)
        # w_new = w - b_new  (descent)
        np.subtract(w, b_new, out=w)


class RMSpropMomentumEpsInside(NumpyOptimizer):
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
        return (np.full_like(w, hyper["initial_accumulator"]), np.zeros_like(w))


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

    for tile in tiles((w, v, a, b), (g,), scratch=1, stages=stages):
        w, v, a, b, g, s0 = tile
        # v_new = rho * v + (1 - rho) * g**2  (average of squares)
        np.multiply(rho, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_rho, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # a_new = rho * a + (1 - rho) * g  (average)
        np.multiply(rho, a, out=a)
        np.multiply(one_minus_rho, g, out=s0)
        a_new = np.add(a, s0, out=a)
        # variance = maximum(v_new - a_new**2, 0)  (variance, guarded against rounding)
        np.square(a_new, out=s0)
        np.subtract(v_new, s0, out=s0)
        variance = np.maximum(s0, 0, out=s0)
        # b_new = momentum * b + g / (sqrt(variance) + eps)  (buffer)
        np.multiply(momentum, b, out=b)
        np.sqrt(variance, out=s0)
        np.add(s0, eps, out=s0)
        np.divide(g, s0, out=s0)
        b_new = np.add(b, s0, out=b)
        # w_new = w - lr * b_new  (descent)
        np.multiply(lr, b_new, out=s0)
        np.subtract(w, s0, out=w)


class RMSpropCenteredMomentum(NumpyOptimizer):
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
        return (np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))


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

    for tile in tiles((w, v, a, b), (g,), scratch=2, stages=stages):
        w, v, a, b, g, s0, s1 = tile
        # v_new = rho * v + (1 - rho) * g**2  (average of squares)
        np.multiply(rho, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_rho, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # a_new = rho * a + (1 - rho) * g  (average)
        np.multiply(rho, a, out=a)
        np.multiply(one_minus_rho, g, out=s0)
        a_new = np.add(a, s0, out=a)
        # variance = maximum(v_new - a_new**2, 0)  (variance, guarded against rounding)
        np.square(a_new, out=s0)
        np.subtract(v_new, s0, out=s0)
        variance = np.maximum(s0, 0, out=s0)
        # b_new = momentum * b - lr * g / sqrt(variance + eps)  (buffer)
        np.multiply(momentum, b, out=b)
        np.multiply(lr, g, out=s1)
        np.add(variance, eps, out=s0)
        np.sqrt(s0, out=s0)
        np.divide(s1, s0, out=s1)
        b_new = np.subtract(b, s1, out=b)
        # w_new = w + b_new  (move)
        np.add(w, b_new, out=w)


class RMSpropGraves(NumpyOptimizer):
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
        return (np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))


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

    for tile in tiles((w, v, b), (g,), scratch=2, stages=stages):
        w, v, b, g, s0, s1 = tile
        # v_new = rho * v + (1 - rho) * g**2  (average of squares)
        np.multiply(rho, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_rho, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # u = lr * g / sqrt(v_new + eps)  (step of RMSprop)
        np.multiply(lr, g, out=s0)
        np.add(v_new, eps, out=s1)
        np.sqrt(s1, out=s1)
        u = np.divide(s0, s1, out=s0)
        # b_new = u + momentum * b  (buffer)
        np.multiply(momentum, b, out=b)
        b_new = np.add(u, b, out=b)
        # w_new = w - u - momentum * b_new  (descent)
        np.subtract(w, u, out=w)
        np.multiply(momentum, b_new, out=s0)
        np.subtract(w, s0, out=w)


class RMSpropNesterov(NumpyOptimizer):
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
        return (np.full_like(w, hyper["initial_accumulator"]), np.zeros_like(w))


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

    for tile in tiles((w, v, a, b), (g,), scratch=2, stages=stages):
        w, v, a, b, g, s0, s1 = tile
        # v_new = rho * v + (1 - rho) * g**2  (average of squares)
        np.multiply(rho, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_rho, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # a_new = rho * a + (1 - rho) * g  (average)
        np.multiply(rho, a, out=a)
        np.multiply(one_minus_rho, g, out=s0)
        a_new = np.add(a, s0, out=a)
        # variance = maximum(v_new - a_new**2, 0)  (variance, guarded against rounding)
        np.square(a_new, out=s0)
        np.subtract(v_new, s0, out=s0)
        variance = np.maximum(s0, 0, out=s0)
        # u = lr * g / sqrt(variance + eps)  (step of centered RMSprop)
        np.multiply(lr, g, out=s1)
        np.add(variance, eps, out=s0)
        np.sqrt(s0, out=s0)
        u = np.divide(s1, s0, out=s1)
        # b_new = u + momentum * b  (buffer)
        np.multiply(momentum, b, out=b)
        b_new = np.add(u, b, out=b)
        # w_new = w - u - momentum * b_new  (descent)
        np.subtract(w, u, out=w)
        np.multiply(momentum, b_new, out=s0)
        np.subtract(w, s0, out=w)


class RMSpropCenteredNesterov(NumpyOptimizer):
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
        return (np.full_like(w, hyper["initial_accumulator"]), np.zeros_like(w), np.zeros_like(w))


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

    for tile in tiles((w, v), (g,), scratch=2, stages=stages):
        w, v, g, s0, s1 = tile
        # v_new = rho * v + (1 - rho) * g**2  (average of squares)
        np.multiply(rho, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_rho, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # v_hat = v_new / c  (average, corrected)
        # w_new = w - lr * g / sqrt(v_hat + eps)  (descent)
        #       = w - lr_sqrt_c * g / sqrt(v_new + eps_c)
        np.multiply(lr_sqrt_c, g, out=s0)
        np.add(v_new, eps_c, out=s1)
        np.sqrt(s1, out=s1)
        np.divide(s0, s1, out=s0)
        np.subtract(w, s0, out=w)


class RMSpropCorrected(NumpyOptimizer):
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
        return (np.zeros_like(w),)


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

    for tile in tiles((w, v), (g,), scratch=2, stages=stages):
        w, v, g, s0, s1 = tile
        # v_new = r * v + (1 - r) * g**2  (average of squares)
        np.multiply(r, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_r, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # w_new = w - lr * g / (sqrt(v_new) + eps)  (descent)
        np.multiply(lr, g, out=s0)
        np.sqrt(v_new, out=s1)
        np.add(s1, eps, out=s1)
        np.divide(s0, s1, out=s0)
        np.subtract(w, s0, out=w)


class RMSpropWarm(NumpyOptimizer):
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
        return (np.zeros_like(w),)
