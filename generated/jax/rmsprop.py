# generated from specs/rmsprop.py; regenerate with: python cli.py generate rmsprop
"""RMSprop: every weight's step is divided by the root of a running average of its squared gradients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp

from ._arrays import Array, GradientTransformation, Hyper, JaxOptimizer, one_minus_power

__all__ = [
    "RMSpropCenteredEpsInsideState",
    "RMSpropCenteredMomentumState",
    "RMSpropCenteredNesterovState",
    "RMSpropCenteredState",
    "RMSpropCorrectedState",
    "RMSpropEpsInsideState",
    "RMSpropGravesState",
    "RMSpropMomentumEpsInsideState",
    "RMSpropMomentumLrInsideState",
    "RMSpropMomentumState",
    "RMSpropNesterovState",
    "RMSpropState",
    "RMSpropWarmState",
    "rmsprop",
    "rmsprop_centered",
    "rmsprop_centered_elements",
    "rmsprop_centered_eps_inside",
    "rmsprop_centered_eps_inside_elements",
    "rmsprop_centered_eps_inside_scalars",
    "rmsprop_centered_momentum",
    "rmsprop_centered_momentum_elements",
    "rmsprop_centered_momentum_scalars",
    "rmsprop_centered_nesterov",
    "rmsprop_centered_nesterov_elements",
    "rmsprop_centered_nesterov_scalars",
    "rmsprop_centered_scalars",
    "rmsprop_corrected",
    "rmsprop_corrected_elements",
    "rmsprop_corrected_scalars",
    "rmsprop_elements",
    "rmsprop_eps_inside",
    "rmsprop_eps_inside_elements",
    "rmsprop_eps_inside_scalars",
    "rmsprop_graves",
    "rmsprop_graves_elements",
    "rmsprop_graves_scalars",
    "rmsprop_momentum",
    "rmsprop_momentum_elements",
    "rmsprop_momentum_eps_inside",
    "rmsprop_momentum_eps_inside_elements",
    "rmsprop_momentum_eps_inside_scalars",
    "rmsprop_momentum_lr_inside",
    "rmsprop_momentum_lr_inside_elements",
    "rmsprop_momentum_lr_inside_scalars",
    "rmsprop_momentum_scalars",
    "rmsprop_nesterov",
    "rmsprop_nesterov_elements",
    "rmsprop_nesterov_scalars",
    "rmsprop_scalars",
    "rmsprop_warm",
    "rmsprop_warm_elements",
    "rmsprop_warm_scalars",
]


def rmsprop_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSprop: the last arguments of `rmsprop_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, lr, eps)


def rmsprop_elements(
    w: Array,
    v: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of RMSprop for each element; returns what is added to w and v after it.

        v_new  = rho * v + (1 - rho) * g**2        average of squares
        w_new  = w - lr * g / (sqrt(v_new) + eps)  descent

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    w_update = -lr * g / (jnp.sqrt(v_new) + eps)  # descent
    return (w_update, v_new)


class RMSpropState(NamedTuple):
    """What RMSprop keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v: Any


class RMSprop(JaxOptimizer):
    """What `rmsprop` is made of."""

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(rmsprop_scalars)
    _elements = staticmethod(rmsprop_elements)
    _State = RMSpropState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w),)


def rmsprop(
    *,
    lr: Hyper = 0.001,
    rho: Hyper = 0.9,
    eps: Hyper = 1e-7,
) -> GradientTransformation:
    """RMSprop: a step divided by the root of an average of squared gradients.

    Source: Tieleman & Hinton (2012), Neural Networks for Machine Learning, lecture 6.5, epsilon outside the root.
    The equations are in `rmsprop_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr   lr >= 0       learning rate
        rho  0 <= rho < 1  decay of the averages
        eps  eps >= 0      keeps the division from zero
    """
    return RMSprop(lr=lr, rho=rho, eps=eps).transformation()


def rmsprop_eps_inside_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    initial_accumulator: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropEpsInside: the last arguments of `rmsprop_eps_inside_elements`.

    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, lr, eps)


def rmsprop_eps_inside_elements(
    w: Array,
    v: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of RMSpropEpsInside for each element; returns what is added to w and v after it.

        v_new  = rho * v + (1 - rho) * g**2      average of squares
        w_new  = w - lr * g / sqrt(v_new + eps)  descent

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    w_update = -lr * g / jnp.sqrt(v_new + eps)  # descent
    return (w_update, v_new)


class RMSpropEpsInsideState(NamedTuple):
    """What RMSpropEpsInside keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v: Any


class RMSpropEpsInside(JaxOptimizer):
    """What `rmsprop_eps_inside` is made of."""

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(rmsprop_eps_inside_scalars)
    _elements = staticmethod(rmsprop_eps_inside_elements)
    _State = RMSpropEpsInsideState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.full_like(w, hyper["initial_accumulator"]),)


def rmsprop_eps_inside(
    *,
    lr: Hyper = 0.001,
    rho: Hyper = 0.9,
    eps: Hyper = 1e-7,
    initial_accumulator: Hyper = 0.0,
) -> GradientTransformation:
    """RMSpropEpsInside: RMSprop with epsilon inside the root.

    Source: Tieleman & Hinton (2012), lecture 6.5, epsilon inside the root as in keras.optimizers.RMSprop.
    The equations are in `rmsprop_eps_inside_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr                   lr >= 0                   learning rate
        rho                  0 <= rho < 1              decay of the averages
        eps                  eps >= 0                  keeps the division from zero
        initial_accumulator  initial_accumulator >= 0  first value of the average
    """
    return RMSpropEpsInside(lr=lr, rho=rho, eps=eps, initial_accumulator=initial_accumulator).transformation()


def rmsprop_centered_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropCentered: the last arguments of `rmsprop_centered_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step
        a  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, lr, eps)


def rmsprop_centered_elements(
    w: Array,
    v: Array,
    a: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of RMSpropCentered for each element; returns what is added to w and v, a after it.

        v_new     = rho * v + (1 - rho) * g**2           average of squares
        a_new     = rho * a + (1 - rho) * g              average
        variance  = maximum(v_new - a_new**2, 0)         variance, guarded against rounding
        w_new     = w - lr * g / (sqrt(variance) + eps)  descent

    w, v, a and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    a_new = rho * a + one_minus_rho * g  # average
    variance = jnp.maximum(v_new - a_new**2, 0)  # variance, guarded against rounding
    w_update = -lr * g / (jnp.sqrt(variance) + eps)  # descent
    return (w_update, v_new, a_new)


class RMSpropCenteredState(NamedTuple):
    """What RMSpropCentered keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v: Any
    a: Any


class RMSpropCentered(JaxOptimizer):
    """What `rmsprop_centered` is made of."""

    _states: ClassVar = ("v", "a")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(rmsprop_centered_scalars)
    _elements = staticmethod(rmsprop_centered_elements)
    _State = RMSpropCenteredState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w))


def rmsprop_centered(
    *,
    lr: Hyper = 0.001,
    rho: Hyper = 0.9,
    eps: Hyper = 1e-7,
) -> GradientTransformation:
    """RMSpropCentered: RMSprop that divides by the deviation of the gradients.

    Source: Graves (2013), equations 38 to 40, arXiv:1308.0850, without momentum, epsilon outside the root.
    The equations are in `rmsprop_centered_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr   lr >= 0       learning rate
        rho  0 <= rho < 1  decay of the averages
        eps  eps >= 0      keeps the division from zero
    """
    return RMSpropCentered(lr=lr, rho=rho, eps=eps).transformation()


def rmsprop_centered_eps_inside_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    initial_accumulator: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropCenteredEpsInside: the last arguments of `rmsprop_centered_eps_inside_elements`.

    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
        a  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, lr, eps)


def rmsprop_centered_eps_inside_elements(
    w: Array,
    v: Array,
    a: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of RMSpropCenteredEpsInside for each element; returns what is added to w and v, a after it.

        v_new     = rho * v + (1 - rho) * g**2         average of squares
        a_new     = rho * a + (1 - rho) * g            average
        variance  = maximum(v_new - a_new**2, 0)       variance, guarded against rounding
        w_new     = w - lr * g / sqrt(variance + eps)  descent

    w, v, a and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    a_new = rho * a + one_minus_rho * g  # average
    variance = jnp.maximum(v_new - a_new**2, 0)  # variance, guarded against rounding
    w_update = -lr * g / jnp.sqrt(variance + eps)  # descent
    return (w_update, v_new, a_new)


class RMSpropCenteredEpsInsideState(NamedTuple):
    """What RMSpropCenteredEpsInside keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v: Any
    a: Any


class RMSpropCenteredEpsInside(JaxOptimizer):
    """What `rmsprop_centered_eps_inside` is made of."""

    _states: ClassVar = ("v", "a")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(rmsprop_centered_eps_inside_scalars)
    _elements = staticmethod(rmsprop_centered_eps_inside_elements)
    _State = RMSpropCenteredEpsInsideState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.full_like(w, hyper["initial_accumulator"]), jnp.zeros_like(w))


def rmsprop_centered_eps_inside(
    *,
    lr: Hyper = 0.001,
    rho: Hyper = 0.9,
    eps: Hyper = 1e-7,
    initial_accumulator: Hyper = 0.0,
) -> GradientTransformation:
    """RMSpropCenteredEpsInside: centered RMSprop with epsilon inside the root.

    Source: Graves (2013), arXiv:1308.0850, without momentum, as in keras.optimizers.RMSprop(centered=True).
    The equations are in `rmsprop_centered_eps_inside_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr                   lr >= 0                   learning rate
        rho                  0 <= rho < 1              decay of the averages
        eps                  eps >= 0                  keeps the division from zero
        initial_accumulator  initial_accumulator >= 0  first value of the average
    """
    return RMSpropCenteredEpsInside(lr=lr, rho=rho, eps=eps, initial_accumulator=initial_accumulator).transformation()


def rmsprop_momentum_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    momentum: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropMomentum: the last arguments of `rmsprop_momentum_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step
        b  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, momentum, eps, lr)


def rmsprop_momentum_elements(
    w: Array,
    v: Array,
    b: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    momentum: float,
    eps: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of RMSpropMomentum for each element; returns what is added to w and v, b after it.

        v_new  = rho * v + (1 - rho) * g**2              average of squares
        b_new  = momentum * b + g / (sqrt(v_new) + eps)  buffer
        w_new  = w - lr * b_new                          descent

    w, v, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    b_new = momentum * b + g / (jnp.sqrt(v_new) + eps)  # buffer
    w_update = -lr * b_new  # descent
    return (w_update, v_new, b_new)


class RMSpropMomentumState(NamedTuple):
    """What RMSpropMomentum keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v: Any
    b: Any


class RMSpropMomentum(JaxOptimizer):
    """What `rmsprop_momentum` is made of."""

    _states: ClassVar = ("v", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _scalars = staticmethod(rmsprop_momentum_scalars)
    _elements = staticmethod(rmsprop_momentum_elements)
    _State = RMSpropMomentumState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w))


def rmsprop_momentum(
    *,
    lr: Hyper = 0.001,
    rho: Hyper = 0.9,
    eps: Hyper = 1e-7,
    momentum: Hyper = 0.9,
) -> GradientTransformation:
    """RMSpropMomentum: RMSprop with momentum, the learning rate outside the buffer.

    Source: torch.optim.RMSprop(momentum=...), learning rate outside the buffer.
    The equations are in `rmsprop_momentum_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr        lr >= 0            learning rate
        rho       0 <= rho < 1       decay of the averages
        eps       eps >= 0           keeps the division from zero
        momentum  0 <= momentum < 1  momentum coefficient
    """
    return RMSpropMomentum(lr=lr, rho=rho, eps=eps, momentum=momentum).transformation()


def rmsprop_momentum_lr_inside_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    momentum: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropMomentumLrInside: the last arguments of `rmsprop_momentum_lr_inside_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step
        b  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, momentum, lr, eps)


def rmsprop_momentum_lr_inside_elements(
    w: Array,
    v: Array,
    b: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    momentum: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of RMSpropMomentumLrInside for each element; returns what is added to w and v, b after it.

        v_new  = rho * v + (1 - rho) * g**2                   average of squares
        b_new  = momentum * b + lr * g / (sqrt(v_new) + eps)  buffer
        w_new  = w - b_new                                    descent

    w, v, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    b_new = momentum * b + lr * g / (jnp.sqrt(v_new) + eps)  # buffer
    w_update = -b_new  # descent
    return (w_update, v_new, b_new)


class RMSpropMomentumLrInsideState(NamedTuple):
    """What RMSpropMomentumLrInside keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v: Any
    b: Any


class RMSpropMomentumLrInside(JaxOptimizer):
    """What `rmsprop_momentum_lr_inside` is made of."""

    _states: ClassVar = ("v", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _scalars = staticmethod(rmsprop_momentum_lr_inside_scalars)
    _elements = staticmethod(rmsprop_momentum_lr_inside_elements)
    _State = RMSpropMomentumLrInsideState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w))


def rmsprop_momentum_lr_inside(
    *,
    lr: Hyper = 0.001,
    rho: Hyper = 0.9,
    eps: Hyper = 1e-7,
    momentum: Hyper = 0.9,
) -> GradientTransformation:
    """RMSpropMomentumLrInside: RMSprop with momentum, the learning rate inside the buffer.

    Source: RMSprop with momentum and the learning rate inside the buffer, epsilon outside the root.
    The equations are in `rmsprop_momentum_lr_inside_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr        lr >= 0            learning rate
        rho       0 <= rho < 1       decay of the averages
        eps       eps >= 0           keeps the division from zero
        momentum  0 <= momentum < 1  momentum coefficient
    """
    return RMSpropMomentumLrInside(lr=lr, rho=rho, eps=eps, momentum=momentum).transformation()


def rmsprop_momentum_eps_inside_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    momentum: float = 0.9,
    initial_accumulator: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropMomentumEpsInside: the last arguments of `rmsprop_momentum_eps_inside_elements`.

    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
        b  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, momentum, lr, eps)


def rmsprop_momentum_eps_inside_elements(
    w: Array,
    v: Array,
    b: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    momentum: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of RMSpropMomentumEpsInside for each element; returns what is added to w and v, b after it.

        v_new  = rho * v + (1 - rho) * g**2                 average of squares
        b_new  = momentum * b + lr * g / sqrt(v_new + eps)  buffer
        w_new  = w - b_new                                  descent

    w, v, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    b_new = momentum * b + lr * g / jnp.sqrt(v_new + eps)  # buffer
    w_update = -b_new  # descent
    return (w_update, v_new, b_new)


class RMSpropMomentumEpsInsideState(NamedTuple):
    """What RMSpropMomentumEpsInside keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v: Any
    b: Any


class RMSpropMomentumEpsInside(JaxOptimizer):
    """What `rmsprop_momentum_eps_inside` is made of."""

    _states: ClassVar = ("v", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(rmsprop_momentum_eps_inside_scalars)
    _elements = staticmethod(rmsprop_momentum_eps_inside_elements)
    _State = RMSpropMomentumEpsInsideState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.full_like(w, hyper["initial_accumulator"]), jnp.zeros_like(w))


def rmsprop_momentum_eps_inside(
    *,
    lr: Hyper = 0.001,
    rho: Hyper = 0.9,
    eps: Hyper = 1e-7,
    momentum: Hyper = 0.9,
    initial_accumulator: Hyper = 0.0,
) -> GradientTransformation:
    """RMSpropMomentumEpsInside: RMSprop with momentum, learning rate inside the buffer, epsilon inside the root.

    Source: keras.optimizers.RMSprop(momentum=...), learning rate inside the buffer, epsilon inside the root.
    The equations are in `rmsprop_momentum_eps_inside_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr                   lr >= 0                   learning rate
        rho                  0 <= rho < 1              decay of the averages
        eps                  eps >= 0                  keeps the division from zero
        momentum             0 <= momentum < 1         momentum coefficient
        initial_accumulator  initial_accumulator >= 0  first value of the average
    """
    return RMSpropMomentumEpsInside(lr=lr, rho=rho, eps=eps, momentum=momentum, initial_accumulator=initial_accumulator).transformation()


def rmsprop_centered_momentum_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    momentum: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropCenteredMomentum: the last arguments of `rmsprop_centered_momentum_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step
        a  = 0 before the first step
        b  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, momentum, eps, lr)


def rmsprop_centered_momentum_elements(
    w: Array,
    v: Array,
    a: Array,
    b: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    momentum: float,
    eps: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of RMSpropCenteredMomentum for each element; returns what is added to w and v, a, b after it.

        v_new     = rho * v + (1 - rho) * g**2                 average of squares
        a_new     = rho * a + (1 - rho) * g                    average
        variance  = maximum(v_new - a_new**2, 0)               variance, guarded against rounding
        b_new     = momentum * b + g / (sqrt(variance) + eps)  buffer
        w_new     = w - lr * b_new                             descent

    w, v, a, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    a_new = rho * a + one_minus_rho * g  # average
    variance = jnp.maximum(v_new - a_new**2, 0)  # variance, guarded against rounding
    b_new = momentum * b + g / (jnp.sqrt(variance) + eps)  # buffer
    w_update = -lr * b_new  # descent
    return (w_update, v_new, a_new, b_new)


class RMSpropCenteredMomentumState(NamedTuple):
    """What RMSpropCenteredMomentum keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v: Any
    a: Any
    b: Any


class RMSpropCenteredMomentum(JaxOptimizer):
    """What `rmsprop_centered_momentum` is made of."""

    _states: ClassVar = ("v", "a", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _scalars = staticmethod(rmsprop_centered_momentum_scalars)
    _elements = staticmethod(rmsprop_centered_momentum_elements)
    _State = RMSpropCenteredMomentumState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w), jnp.zeros_like(w))


def rmsprop_centered_momentum(
    *,
    lr: Hyper = 0.001,
    rho: Hyper = 0.9,
    eps: Hyper = 1e-7,
    momentum: Hyper = 0.9,
) -> GradientTransformation:
    """RMSpropCenteredMomentum: centered RMSprop with momentum, the learning rate outside the buffer, epsilon outside the root.

    Source: torch.optim.RMSprop(centered=True, momentum=...), learning rate outside the buffer.
    The equations are in `rmsprop_centered_momentum_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr        lr >= 0            learning rate
        rho       0 <= rho < 1       decay of the averages
        eps       eps >= 0           keeps the division from zero
        momentum  0 <= momentum < 1  momentum coefficient
    """
    return RMSpropCenteredMomentum(lr=lr, rho=rho, eps=eps, momentum=momentum).transformation()


def rmsprop_graves_scalars(
    t: int,
    *,
    lr: float = 1e-4,
    rho: float = 0.95,
    eps: float = 1e-4,
    momentum: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropGraves: the last arguments of `rmsprop_graves_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step
        a  = 0 before the first step
        b  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, momentum, lr, eps)


def rmsprop_graves_elements(
    w: Array,
    v: Array,
    a: Array,
    b: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    momentum: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of RMSpropGraves for each element; returns what is added to w and v, a, b after it.

        v_new     = rho * v + (1 - rho) * g**2                    average of squares
        a_new     = rho * a + (1 - rho) * g                       average
        variance  = maximum(v_new - a_new**2, 0)                  variance, guarded against rounding
        b_new     = momentum * b - lr * g / sqrt(variance + eps)  buffer
        w_new     = w + b_new                                     move

    w, v, a, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    a_new = rho * a + one_minus_rho * g  # average
    variance = jnp.maximum(v_new - a_new**2, 0)  # variance, guarded against rounding
    b_new = momentum * b - lr * g / jnp.sqrt(variance + eps)  # buffer
    w_update = b_new  # move
    return (w_update, v_new, a_new, b_new)


class RMSpropGravesState(NamedTuple):
    """What RMSpropGraves keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v: Any
    a: Any
    b: Any


class RMSpropGraves(JaxOptimizer):
    """What `rmsprop_graves` is made of."""

    _states: ClassVar = ("v", "a", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _scalars = staticmethod(rmsprop_graves_scalars)
    _elements = staticmethod(rmsprop_graves_elements)
    _State = RMSpropGravesState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w), jnp.zeros_like(w))


def rmsprop_graves(
    *,
    lr: Hyper = 1e-4,
    rho: Hyper = 0.95,
    eps: Hyper = 1e-4,
    momentum: Hyper = 0.9,
) -> GradientTransformation:
    """RMSpropGraves: centered RMSprop with momentum, as first published.

    Source: Graves (2013), equations 38 to 45, arXiv:1308.0850.
    The equations are in `rmsprop_graves_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr        lr >= 0            learning rate
        rho       0 <= rho < 1       decay of the averages
        eps       eps >= 0           keeps the root from zero
        momentum  0 <= momentum < 1  momentum coefficient
    """
    return RMSpropGraves(lr=lr, rho=rho, eps=eps, momentum=momentum).transformation()


def rmsprop_nesterov_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    momentum: float = 0.9,
    initial_accumulator: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropNesterov: the last arguments of `rmsprop_nesterov_elements`.

    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
        b  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, lr, eps, momentum)


def rmsprop_nesterov_elements(
    w: Array,
    v: Array,
    b: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    lr: float,
    eps: float,
    momentum: float,
) -> tuple[Array, ...]:
    """A step of RMSpropNesterov for each element; returns what is added to w and v, b after it.

        v_new  = rho * v + (1 - rho) * g**2  average of squares
        u      = lr * g / sqrt(v_new + eps)  step of RMSprop
        b_new  = u + momentum * b            buffer
        w_new  = w - u - momentum * b_new    descent

    w, v, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    u = lr * g / jnp.sqrt(v_new + eps)  # step of RMSprop
    b_new = u + momentum * b  # buffer
    w_update = -u - momentum * b_new  # descent
    return (w_update, v_new, b_new)


class RMSpropNesterovState(NamedTuple):
    """What RMSpropNesterov keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v: Any
    b: Any


class RMSpropNesterov(JaxOptimizer):
    """What `rmsprop_nesterov` is made of."""

    _states: ClassVar = ("v", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(rmsprop_nesterov_scalars)
    _elements = staticmethod(rmsprop_nesterov_elements)
    _State = RMSpropNesterovState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.full_like(w, hyper["initial_accumulator"]), jnp.zeros_like(w))


def rmsprop_nesterov(
    *,
    lr: Hyper = 0.001,
    rho: Hyper = 0.9,
    eps: Hyper = 1e-7,
    momentum: Hyper = 0.9,
    initial_accumulator: Hyper = 0.0,
) -> GradientTransformation:
    """RMSpropNesterov: RMSprop with Nesterov's momentum.

    Source: optax.rmsprop(momentum=..., nesterov=True), learning rate inside the buffer, epsilon inside the root.
    The equations are in `rmsprop_nesterov_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr                   lr >= 0                   learning rate
        rho                  0 <= rho < 1              decay of the averages
        eps                  eps >= 0                  keeps the division from zero
        momentum             0 <= momentum < 1         momentum coefficient
        initial_accumulator  initial_accumulator >= 0  first value of the average
    """
    return RMSpropNesterov(lr=lr, rho=rho, eps=eps, momentum=momentum, initial_accumulator=initial_accumulator).transformation()


def rmsprop_centered_nesterov_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    momentum: float = 0.9,
    initial_accumulator: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropCenteredNesterov: the last arguments of `rmsprop_centered_nesterov_elements`.

    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
        a  = 0 before the first step
        b  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, lr, eps, momentum)


def rmsprop_centered_nesterov_elements(
    w: Array,
    v: Array,
    a: Array,
    b: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    lr: float,
    eps: float,
    momentum: float,
) -> tuple[Array, ...]:
    """A step of RMSpropCenteredNesterov for each element; returns what is added to w and v, a, b after it.

        v_new     = rho * v + (1 - rho) * g**2     average of squares
        a_new     = rho * a + (1 - rho) * g        average
        variance  = maximum(v_new - a_new**2, 0)   variance, guarded against rounding
        u         = lr * g / sqrt(variance + eps)  step of centered RMSprop
        b_new     = u + momentum * b               buffer
        w_new     = w - u - momentum * b_new       descent

    w, v, a, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    a_new = rho * a + one_minus_rho * g  # average
    variance = jnp.maximum(v_new - a_new**2, 0)  # variance, guarded against rounding
    u = lr * g / jnp.sqrt(variance + eps)  # step of centered RMSprop
    b_new = u + momentum * b  # buffer
    w_update = -u - momentum * b_new  # descent
    return (w_update, v_new, a_new, b_new)


class RMSpropCenteredNesterovState(NamedTuple):
    """What RMSpropCenteredNesterov keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v: Any
    a: Any
    b: Any


class RMSpropCenteredNesterov(JaxOptimizer):
    """What `rmsprop_centered_nesterov` is made of."""

    _states: ClassVar = ("v", "a", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(rmsprop_centered_nesterov_scalars)
    _elements = staticmethod(rmsprop_centered_nesterov_elements)
    _State = RMSpropCenteredNesterovState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.full_like(w, hyper["initial_accumulator"]), jnp.zeros_like(w), jnp.zeros_like(w))


def rmsprop_centered_nesterov(
    *,
    lr: Hyper = 0.001,
    rho: Hyper = 0.9,
    eps: Hyper = 1e-7,
    momentum: Hyper = 0.9,
    initial_accumulator: Hyper = 0.0,
) -> GradientTransformation:
    """RMSpropCenteredNesterov: centered RMSprop with Nesterov's momentum.

    Source: optax.rmsprop(centered=True, momentum=..., nesterov=True), epsilon inside the root.
    The equations are in `rmsprop_centered_nesterov_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr                   lr >= 0                   learning rate
        rho                  0 <= rho < 1              decay of the averages
        eps                  eps >= 0                  keeps the division from zero
        momentum             0 <= momentum < 1         momentum coefficient
        initial_accumulator  initial_accumulator >= 0  first value of the average
    """
    return RMSpropCenteredNesterov(lr=lr, rho=rho, eps=eps, momentum=momentum, initial_accumulator=initial_accumulator).transformation()


def rmsprop_corrected_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropCorrected: the last arguments of `rmsprop_corrected_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step
    """
    c = one_minus_power(rho, t)  # bias of the average
    one_minus_rho = 1 - rho
    lr_sqrt_c = lr * jnp.sqrt(c)
    eps_c = eps * c
    return (rho, one_minus_rho, lr_sqrt_c, eps_c)


def rmsprop_corrected_elements(
    w: Array,
    v: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    lr_sqrt_c: float,
    eps_c: float,
) -> tuple[Array, ...]:
    """A step of RMSpropCorrected for each element; returns what is added to w and v after it.

        c      = 1 - rho**t                      bias of the average
        v_new  = rho * v + (1 - rho) * g**2      average of squares
        v_hat  = v_new / c                       average, corrected
        w_new  = w - lr * g / sqrt(v_hat + eps)  descent

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c  = lr * sqrt(c)
        eps_c      = eps * c
        w_new      = w - lr_sqrt_c * g / sqrt(v_new + eps_c)

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    w_update = -lr_sqrt_c * g / jnp.sqrt(v_new + eps_c)  # descent
    return (w_update, v_new)


class RMSpropCorrectedState(NamedTuple):
    """What RMSpropCorrected keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v: Any


class RMSpropCorrected(JaxOptimizer):
    """What `rmsprop_corrected` is made of."""

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(rmsprop_corrected_scalars)
    _elements = staticmethod(rmsprop_corrected_elements)
    _State = RMSpropCorrectedState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w),)


def rmsprop_corrected(
    *,
    lr: Hyper = 0.001,
    rho: Hyper = 0.9,
    eps: Hyper = 1e-7,
) -> GradientTransformation:
    """RMSpropCorrected: RMSprop with the bias correction of Adam.

    Source: optax.rmsprop(bias_correction=True), epsilon inside the root.
    The equations are in `rmsprop_corrected_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr   lr >= 0       learning rate
        rho  0 <= rho < 1  decay of the averages
        eps  eps >= 0      keeps the division from zero
    """
    return RMSpropCorrected(lr=lr, rho=rho, eps=eps).transformation()


def rmsprop_warm_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropWarm: the last arguments of `rmsprop_warm_elements`.

    t is the number of the step of this parameter, from 1. States:

        v  = 0 before the first step
    """
    r = jnp.where(t > 1, rho, 0)  # decay, none before the second step
    one_minus_r = 1 - r
    return (r, one_minus_r, lr, eps)


def rmsprop_warm_elements(
    w: Array,
    v: Array,
    g: Array,
    r: float,
    one_minus_r: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of RMSpropWarm for each element; returns what is added to w and v after it.

        r      = where(t > 1, rho, 0)              decay, none before the second step
        v_new  = r * v + (1 - r) * g**2            average of squares
        w_new  = w - lr * g / (sqrt(v_new) + eps)  descent

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = r * v + one_minus_r * g**2  # average of squares
    w_update = -lr * g / (jnp.sqrt(v_new) + eps)  # descent
    return (w_update, v_new)


class RMSpropWarmState(NamedTuple):
    """What RMSpropWarm keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v: Any


class RMSpropWarm(JaxOptimizer):
    """What `rmsprop_warm` is made of."""

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _own_t: ClassVar = True
    _scalars = staticmethod(rmsprop_warm_scalars)
    _elements = staticmethod(rmsprop_warm_elements)
    _State = RMSpropWarmState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w),)


def rmsprop_warm(
    *,
    lr: Hyper = 0.001,
    rho: Hyper = 0.9,
    eps: Hyper = 1e-7,
) -> GradientTransformation:
    """RMSpropWarm: RMSprop started at the first squared gradient.

    Source: RMSprop whose average starts at the first squared gradient: v_1 = g_0**2 with gradients counted from 0.
    The equations are in `rmsprop_warm_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr   lr >= 0       learning rate
        rho  0 <= rho < 1  decay of the averages
        eps  eps >= 0      keeps the division from zero
    """
    return RMSpropWarm(lr=lr, rho=rho, eps=eps).transformation()
