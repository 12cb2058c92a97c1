# generated from specs/adadelta.py; regenerate with: python cli.py generate adadelta
"""Adadelta: the step has the units of the weights, because it is scaled by the size of past steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp

from ._arrays import Array, GradientTransformation, Hyper, JaxOptimizer

__all__ = [
    "AdadeltaState",
    "AdadeltaUnitFirstState",
    "AdadeltaUnitStartState",
    "adadelta",
    "adadelta_elements",
    "adadelta_scalars",
    "adadelta_unit_first",
    "adadelta_unit_first_elements",
    "adadelta_unit_first_scalars",
    "adadelta_unit_start",
    "adadelta_unit_start_elements",
    "adadelta_unit_start_scalars",
]


def adadelta_scalars(
    t: int,
    *,
    lr: float = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
) -> tuple[float, ...]:
    """What all elements share in a step of Adadelta: the last arguments of `adadelta_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step
        d  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, eps, lr)


def adadelta_elements(
    w: Array,
    v: Array,
    d: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    eps: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of Adadelta for each element; returns what is added to w and v, d after it.

        v_new  = rho * v + (1 - rho) * g**2             average of squared gradients
        u      = g * sqrt(d + eps) / sqrt(v_new + eps)  step
        d_new  = rho * d + (1 - rho) * u**2             average of squared steps
        w_new  = w - lr * u                             descent

    w, v, d and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squared gradients
    u = g * jnp.sqrt(d + eps) / jnp.sqrt(v_new + eps)  # step
    d_new = rho * d + one_minus_rho * u**2  # average of squared steps
    w_update = -lr * u  # descent
    return (w_update, v_new, d_new)


class AdadeltaState(NamedTuple):
    """What Adadelta keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v: Any
    d: Any


class Adadelta(JaxOptimizer):
    """What `adadelta` is made of."""

    _states: ClassVar = ("v", "d")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(adadelta_scalars)
    _elements = staticmethod(adadelta_elements)
    _State = AdadeltaState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w))


def adadelta(
    *,
    lr: Hyper = 1.0,
    rho: Hyper = 0.9,
    eps: Hyper = 1e-6,
) -> GradientTransformation:
    """Adadelta: a step scaled by the size of past steps over that of past gradients.

    Source: Zeiler (2012), Algorithm 1, arXiv:1212.5701; lr is 1 there.
    The equations are in `adadelta_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr   lr >= 0       learning rate; 1 in the paper
        rho  0 <= rho < 1  decay of the averages
        eps  eps >= 0      sets the first step, and keeps the division from zero
    """
    return Adadelta(lr=lr, rho=rho, eps=eps).transformation()


def adadelta_unit_start_scalars(
    t: int,
    *,
    lr: float = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
) -> tuple[float, ...]:
    """What all elements share in a step of AdadeltaUnitStart: the last arguments of `adadelta_unit_start_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step
        d  = 1 - eps before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, eps, lr)


def adadelta_unit_start_elements(
    w: Array,
    v: Array,
    d: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    eps: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of AdadeltaUnitStart for each element; returns what is added to w and v, d after it.

        v_new  = rho * v + (1 - rho) * g**2             average of squared gradients
        u      = g * sqrt(d + eps) / sqrt(v_new + eps)  step
        d_new  = rho * d + (1 - rho) * u**2             average of squared steps
        w_new  = w - lr * u                             descent

    w, v, d and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squared gradients
    u = g * jnp.sqrt(d + eps) / jnp.sqrt(v_new + eps)  # step
    d_new = rho * d + one_minus_rho * u**2  # average of squared steps
    w_update = -lr * u  # descent
    return (w_update, v_new, d_new)


class AdadeltaUnitStartState(NamedTuple):
    """What AdadeltaUnitStart keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v: Any
    d: Any


class AdadeltaUnitStart(JaxOptimizer):
    """What `adadelta_unit_start` is made of."""

    _states: ClassVar = ("v", "d")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(adadelta_unit_start_scalars)
    _elements = staticmethod(adadelta_unit_start_elements)
    _State = AdadeltaUnitStartState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.full_like(w, 1 - hyper["eps"]))


def adadelta_unit_start(
    *,
    lr: Hyper = 1.0,
    rho: Hyper = 0.9,
    eps: Hyper = 1e-6,
) -> GradientTransformation:
    """AdadeltaUnitStart: Adadelta that starts as if past steps had had length one.

    Source: Zeiler (2012), arXiv:1212.5701, with RMS[dw] = 1 before the first step.
    The equations are in `adadelta_unit_start_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr   lr >= 0       learning rate; 1 in the paper
        rho  0 <= rho < 1  decay of the averages
        eps  eps >= 0      sets the first step, and keeps the division from zero
    """
    return AdadeltaUnitStart(lr=lr, rho=rho, eps=eps).transformation()


def adadelta_unit_first_scalars(
    t: int,
    *,
    lr: float = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
) -> tuple[float, ...]:
    """What all elements share in a step of AdadeltaUnitFirst: the last arguments of `adadelta_unit_first_elements`.

    t is the number of the step of this parameter, from 1. States:

        v  = 0 before the first step
        d  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    t_above_one = jnp.where(t > 1, 1, 0)
    return (rho, one_minus_rho, t_above_one, eps, lr)


def adadelta_unit_first_elements(
    w: Array,
    v: Array,
    d: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    t_above_one: float,
    eps: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of AdadeltaUnitFirst for each element; returns what is added to w and v, d after it.

        v_new  = rho * v + (1 - rho) * g**2                              average of squared gradients
        u      = g * where(t > 1, sqrt(d + eps), 1) / sqrt(v_new + eps)  step
        d_new  = rho * d + (1 - rho) * u**2                              average of squared steps
        w_new  = w - lr * u                                              descent

    w, v, d and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squared gradients
    u = g * jnp.where(t_above_one != 0, jnp.sqrt(d + eps), 1) / jnp.sqrt(v_new + eps)  # step
    d_new = rho * d + one_minus_rho * u**2  # average of squared steps
    w_update = -lr * u  # descent
    return (w_update, v_new, d_new)


class AdadeltaUnitFirstState(NamedTuple):
    """What AdadeltaUnitFirst keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v: Any
    d: Any


class AdadeltaUnitFirst(JaxOptimizer):
    """What `adadelta_unit_first` is made of."""

    _states: ClassVar = ("v", "d")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _own_t: ClassVar = True
    _scalars = staticmethod(adadelta_unit_first_scalars)
    _elements = staticmethod(adadelta_unit_first_elements)
    _State = AdadeltaUnitFirstState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w))


def adadelta_unit_first(
    *,
    lr: Hyper = 1.0,
    rho: Hyper = 0.9,
    eps: Hyper = 1e-6,
) -> GradientTransformation:
    """AdadeltaUnitFirst: Adadelta whose first step is that of RMSprop.

    Source: Zeiler (2012), arXiv:1212.5701, with 1 for RMS[dw] in the first step and the average from 0 in all others.
    The equations are in `adadelta_unit_first_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr   lr >= 0       learning rate; 1 in the paper
        rho  0 <= rho < 1  decay of the averages
        eps  eps >= 0      sets the first step, and keeps the division from zero
    """
    return AdadeltaUnitFirst(lr=lr, rho=rho, eps=eps).transformation()
