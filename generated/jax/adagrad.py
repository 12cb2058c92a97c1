# generated from specs/adagrad.py; regenerate with: python cli.py generate adagrad
"""Adagrad: every weight's step is divided by the root of all squared gradients it has seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp

from ._arrays import Array, GradientTransformation, Hyper, JaxOptimizer

__all__ = [
    "AdagradDecayState",
    "AdagradEpsInsideState",
    "AdagradGuardedState",
    "AdagradRMSState",
    "AdagradState",
    "adagrad",
    "adagrad_decay",
    "adagrad_decay_elements",
    "adagrad_decay_scalars",
    "adagrad_elements",
    "adagrad_eps_inside",
    "adagrad_eps_inside_elements",
    "adagrad_eps_inside_scalars",
    "adagrad_guarded",
    "adagrad_guarded_elements",
    "adagrad_guarded_scalars",
    "adagrad_rms",
    "adagrad_rms_elements",
    "adagrad_rms_scalars",
    "adagrad_scalars",
]


def adagrad_scalars(
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-10,
    initial_accumulator: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of Adagrad: the last arguments of `adagrad_elements`.

    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
    """
    return (lr, eps)


def adagrad_elements(
    w: Array,
    v: Array,
    g: Array,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of Adagrad for each element; returns what is added to w and v after it.

        v_new  = v + g**2                          sum of squares
        w_new  = w - lr * g / (sqrt(v_new) + eps)  descent

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = v + g**2  # sum of squares
    w_update = -lr * g / (jnp.sqrt(v_new) + eps)  # descent
    return (w_update, v_new)


class AdagradState(NamedTuple):
    """What Adagrad keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v: Any


class Adagrad(JaxOptimizer):
    """What `adagrad` is made of."""

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(adagrad_scalars)
    _elements = staticmethod(adagrad_elements)
    _State = AdagradState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.full_like(w, hyper["initial_accumulator"]),)


def adagrad(
    *,
    lr: Hyper = 0.01,
    eps: Hyper = 1e-10,
    initial_accumulator: Hyper = 0.0,
) -> GradientTransformation:
    """Adagrad: a step divided by the root of the sum of squared gradients.

    Source: Duchi, Hazan & Singer (2011), jmlr.org/papers/v12/duchi11a.html, epsilon outside the root.
    The equations are in `adagrad_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr                   lr >= 0                   learning rate
        eps                  eps >= 0                  keeps the division from zero
        initial_accumulator  initial_accumulator >= 0  first value of the sum
    """
    return Adagrad(lr=lr, eps=eps, initial_accumulator=initial_accumulator).transformation()


def adagrad_eps_inside_scalars(
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-7,
    initial_accumulator: float = 0.1,
) -> tuple[float, ...]:
    """What all elements share in a step of AdagradEpsInside: the last arguments of `adagrad_eps_inside_elements`.

    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
    """
    return (lr, eps)


def adagrad_eps_inside_elements(
    w: Array,
    v: Array,
    g: Array,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AdagradEpsInside for each element; returns what is added to w and v after it.

        v_new  = v + g**2                        sum of squares
        w_new  = w - lr * g / sqrt(v_new + eps)  descent

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = v + g**2  # sum of squares
    w_update = -lr * g / jnp.sqrt(v_new + eps)  # descent
    return (w_update, v_new)


class AdagradEpsInsideState(NamedTuple):
    """What AdagradEpsInside keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v: Any


class AdagradEpsInside(JaxOptimizer):
    """What `adagrad_eps_inside` is made of."""

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(adagrad_eps_inside_scalars)
    _elements = staticmethod(adagrad_eps_inside_elements)
    _State = AdagradEpsInsideState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.full_like(w, hyper["initial_accumulator"]),)


def adagrad_eps_inside(
    *,
    lr: Hyper = 0.01,
    eps: Hyper = 1e-7,
    initial_accumulator: Hyper = 0.1,
) -> GradientTransformation:
    """AdagradEpsInside: Adagrad with epsilon inside the root.

    Source: Duchi, Hazan & Singer (2011), epsilon inside the root as in keras.optimizers.Adagrad and optax.adagrad.
    The equations are in `adagrad_eps_inside_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr                   lr >= 0                   learning rate
        eps                  eps >= 0                  keeps the root from zero
        initial_accumulator  initial_accumulator >= 0  first value of the sum
    """
    return AdagradEpsInside(lr=lr, eps=eps, initial_accumulator=initial_accumulator).transformation()


def adagrad_guarded_scalars(
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-7,
    initial_accumulator: float = 0.1,
) -> tuple[float, ...]:
    """What all elements share in a step of AdagradGuarded: the last arguments of `adagrad_guarded_elements`.

    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
    """
    return (lr, eps)


def adagrad_guarded_elements(
    w: Array,
    v: Array,
    g: Array,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AdagradGuarded for each element; returns what is added to w and v after it.

        v_new  = v + g**2                                                 sum of squares
        w_new  = w - lr * g * where(v_new > 0, 1 / sqrt(v_new + eps), 0)  descent, if there is a slope

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = v + g**2  # sum of squares
    w_update = -lr * g * jnp.where(v_new > 0, 1 / jnp.sqrt(v_new + eps), 0)  # descent, if there is a slope
    return (w_update, v_new)


class AdagradGuardedState(NamedTuple):
    """What AdagradGuarded keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v: Any


class AdagradGuarded(JaxOptimizer):
    """What `adagrad_guarded` is made of."""

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(adagrad_guarded_scalars)
    _elements = staticmethod(adagrad_guarded_elements)
    _State = AdagradGuardedState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.full_like(w, hyper["initial_accumulator"]),)


def adagrad_guarded(
    *,
    lr: Hyper = 0.01,
    eps: Hyper = 1e-7,
    initial_accumulator: Hyper = 0.1,
) -> GradientTransformation:
    """AdagradGuarded: AdagradEpsInside that needs no epsilon.

    Source: Duchi, Hazan & Singer (2011), as in optax.adagrad, which rests as long as all gradients were zero.
    The equations are in `adagrad_guarded_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr                   lr >= 0                   learning rate
        eps                  eps >= 0                  keeps the root from zero
        initial_accumulator  initial_accumulator >= 0  first value of the sum
    """
    return AdagradGuarded(lr=lr, eps=eps, initial_accumulator=initial_accumulator).transformation()


def adagrad_decay_scalars(
    t: int,
    *,
    lr: float = 0.01,
    lr_decay: float = 0.0,
    eps: float = 1e-10,
    initial_accumulator: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of AdagradDecay: the last arguments of `adagrad_decay_elements`.

    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
    """
    clr = lr / (1 + lr_decay * (t - 1))  # decayed learning rate
    return (clr, eps)


def adagrad_decay_elements(
    w: Array,
    v: Array,
    g: Array,
    clr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AdagradDecay for each element; returns what is added to w and v after it.

        clr    = lr / (1 + lr_decay * (t - 1))      decayed learning rate
        v_new  = v + g**2                           sum of squares
        w_new  = w - clr * g / (sqrt(v_new) + eps)  descent

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = v + g**2  # sum of squares
    w_update = -clr * g / (jnp.sqrt(v_new) + eps)  # descent
    return (w_update, v_new)


class AdagradDecayState(NamedTuple):
    """What AdagradDecay keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v: Any


class AdagradDecay(JaxOptimizer):
    """What `adagrad_decay` is made of."""

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "lr_decay": ("lr_decay >= 0", lambda lr_decay: lr_decay >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(adagrad_decay_scalars)
    _elements = staticmethod(adagrad_decay_elements)
    _State = AdagradDecayState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.full_like(w, hyper["initial_accumulator"]),)


def adagrad_decay(
    *,
    lr: Hyper = 0.01,
    lr_decay: Hyper = 0.0,
    eps: Hyper = 1e-10,
    initial_accumulator: Hyper = 0.0,
) -> GradientTransformation:
    """AdagradDecay: Adagrad with a learning rate that falls with the step number.

    Source: Duchi, Hazan & Singer (2011), with the learning-rate decay of torch.optim.Adagrad.
    The equations are in `adagrad_decay_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr                   lr >= 0                   learning rate
        lr_decay             lr_decay >= 0             decay of the learning rate
        eps                  eps >= 0                  keeps the division from zero
        initial_accumulator  initial_accumulator >= 0  first value of the sum
    """
    return AdagradDecay(lr=lr, lr_decay=lr_decay, eps=eps, initial_accumulator=initial_accumulator).transformation()


def adagrad_rms_scalars(
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-10,
) -> tuple[float, ...]:
    """What all elements share in a step of AdagradRMS: the last arguments of `adagrad_rms_elements`.

    t is the number of the step, from 1. States:

        s  = 0 before the first step
    """
    clr = lr / jnp.sqrt(t)  # decayed learning rate
    t_minus_one = t - 1
    return (t_minus_one, t, clr, eps)


def adagrad_rms_elements(
    w: Array,
    s: Array,
    g: Array,
    t_minus_one: float,
    t: float,
    clr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AdagradRMS for each element; returns what is added to w and s after it.

        clr    = lr / sqrt(t)                       decayed learning rate
        s_new  = ((t - 1) * s + g**2) / t           mean of squares
        w_new  = w - clr * g / (sqrt(s_new) + eps)  descent

    w, s and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    s_new = (t_minus_one * s + g**2) / t  # mean of squares
    w_update = -clr * g / (jnp.sqrt(s_new) + eps)  # descent
    return (w_update, s_new)


class AdagradRMSState(NamedTuple):
    """What AdagradRMS keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    s: Any


class AdagradRMS(JaxOptimizer):
    """What `adagrad_rms` is made of."""

    _states: ClassVar = ("s",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(adagrad_rms_scalars)
    _elements = staticmethod(adagrad_rms_elements)
    _State = AdagradRMSState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w),)


def adagrad_rms(
    *,
    lr: Hyper = 0.01,
    eps: Hyper = 1e-10,
) -> GradientTransformation:
    """AdagradRMS: Adagrad written with the mean of squared gradients.

    Source: Adagrad as a root mean square with the learning rate lr/sqrt(t).
    The equations are in `adagrad_rms_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr   lr >= 0   learning rate
        eps  eps >= 0  keeps the division from zero
    """
    return AdagradRMS(lr=lr, eps=eps).transformation()
