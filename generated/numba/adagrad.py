# generated from specs/adagrad.py; regenerate with: python cli.py generate adagrad
"""Adagrad: every weight's step is divided by the root of all squared gradients it has seen."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ._arrays import Array, Hyper, NumbaOptimizer, Stage, StageCall, loop, prange, sweep

__all__ = [
    "Adagrad",
    "AdagradDecay",
    "AdagradEpsInside",
    "AdagradGuarded",
    "AdagradRMS",
    "adagrad_decay_update",
    "adagrad_eps_inside_update",
    "adagrad_guarded_update",
    "adagrad_rms_update",
    "adagrad_update",
]


@loop
def _adagrad_update(w: Array, v: Array, g: Array, lr: float, eps: float) -> None:
    for i in prange(w.size):
        v_new = v[i] + g[i] * g[i]  # sum of squares
        w_new = w[i] - lr * g[i] / (np.sqrt(v_new) + eps)  # descent
        v[i] = v_new
        w[i] = w_new


def adagrad_update(
    w: Array,
    g: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-10,
    initial_accumulator: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of Adagrad on one array, in place.

        v_new  = v + g**2                          sum of squares
        w_new  = w - lr * g / (sqrt(v_new) + eps)  descent

    Then v, w take the new values.

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
    """
    sweep(_adagrad_update, (w, v), g, (lr, eps), stages)


class Adagrad(NumbaOptimizer):
    """Adagrad: a step divided by the root of the sum of squared gradients.

    Source: Duchi, Hazan & Singer (2011), jmlr.org/papers/v12/duchi11a.html, epsilon outside the root.
    The equations are in `adagrad_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr                   lr >= 0                   learning rate
        eps                  eps >= 0                  keeps the division from zero
        initial_accumulator  initial_accumulator >= 0  first value of the sum
    """

    lr: Hyper
    eps: Hyper
    initial_accumulator: Hyper

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _update = staticmethod(adagrad_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        eps: Hyper = 1e-10,
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
            eps=eps,
            initial_accumulator=initial_accumulator,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.full_like(w, hyper["initial_accumulator"]),)


@loop
def _adagrad_eps_inside_update(w: Array, v: Array, g: Array, lr: float, eps: float) -> None:
    for i in prange(w.size):
        v_new = v[i] + g[i] * g[i]  # sum of squares
        w_new = w[i] - lr * g[i] / np.sqrt(v_new + eps)  # descent
        v[i] = v_new
        w[i] = w_new


def adagrad_eps_inside_update(
    w: Array,
    g: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-7,
    initial_accumulator: float = 0.1,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdagradEpsInside on one array, in place.

        v_new  = v + g**2                        sum of squares
        w_new  = w - lr * g / sqrt(v_new + eps)  descent

    Then v, w take the new values.

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
    """
    sweep(_adagrad_eps_inside_update, (w, v), g, (lr, eps), stages)


class AdagradEpsInside(NumbaOptimizer):
    """AdagradEpsInside: Adagrad with epsilon inside the root.

    Source: Duchi, Hazan & Singer (2011), epsilon inside the root as in keras.optimizers.Adagrad and optax.adagrad.
    The equations are in `adagrad_eps_inside_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr                   lr >= 0                   learning rate
        eps                  eps >= 0                  keeps the root from zero
        initial_accumulator  initial_accumulator >= 0  first value of the sum
    """

    lr: Hyper
    eps: Hyper
    initial_accumulator: Hyper

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _update = staticmethod(adagrad_eps_inside_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        eps: Hyper = 1e-7,
        initial_accumulator: Hyper = 0.1,
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
            eps=eps,
            initial_accumulator=initial_accumulator,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.full_like(w, hyper["initial_accumulator"]),)


@loop
def _adagrad_guarded_update(w: Array, v: Array, g: Array, lr: float, eps: float) -> None:
    real = w.dtype.type
    for i in prange(w.size):
        v_new = v[i] + g[i] * g[i]  # sum of squares
        w_new = w[i] - lr * g[i] * (real(1) / np.sqrt(v_new + eps) if v_new > real(0) else real(0))  # descent, if there is a slope
        v[i] = v_new
        w[i] = w_new


def adagrad_guarded_update(
    w: Array,
    g: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-7,
    initial_accumulator: float = 0.1,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdagradGuarded on one array, in place.

        v_new  = v + g**2                                                 sum of squares
        w_new  = w - lr * g * where(v_new > 0, 1 / sqrt(v_new + eps), 0)  descent, if there is a slope

    Then v, w take the new values.

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
    """
    sweep(_adagrad_guarded_update, (w, v), g, (lr, eps), stages)


class AdagradGuarded(NumbaOptimizer):
    """AdagradGuarded: AdagradEpsInside that needs no epsilon.

    Source: Duchi, Hazan & Singer (2011), as in optax.adagrad, which rests as long as all gradients were zero.
    The equations are in `adagrad_guarded_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr                   lr >= 0                   learning rate
        eps                  eps >= 0                  keeps the root from zero
        initial_accumulator  initial_accumulator >= 0  first value of the sum
    """

    lr: Hyper
    eps: Hyper
    initial_accumulator: Hyper

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _update = staticmethod(adagrad_guarded_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        eps: Hyper = 1e-7,
        initial_accumulator: Hyper = 0.1,
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
            eps=eps,
            initial_accumulator=initial_accumulator,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.full_like(w, hyper["initial_accumulator"]),)


@loop
def _adagrad_decay_update(w: Array, v: Array, g: Array, clr: float, eps: float) -> None:
    for i in prange(w.size):
        v_new = v[i] + g[i] * g[i]  # sum of squares
        w_new = w[i] - clr * g[i] / (np.sqrt(v_new) + eps)  # descent
        v[i] = v_new
        w[i] = w_new


def adagrad_decay_update(
    w: Array,
    g: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.01,
    lr_decay: float = 0.0,
    eps: float = 1e-10,
    initial_accumulator: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdagradDecay on one array, in place.

        clr    = lr / (1 + lr_decay * (t - 1))      decayed learning rate
        v_new  = v + g**2                           sum of squares
        w_new  = w - clr * g / (sqrt(v_new) + eps)  descent

    Then v, w take the new values.

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
    """
    clr = lr / (1 + lr_decay * (t - 1))  # decayed learning rate

    sweep(_adagrad_decay_update, (w, v), g, (clr, eps), stages)


class AdagradDecay(NumbaOptimizer):
    """AdagradDecay: Adagrad with a learning rate that falls with the step number.

    Source: Duchi, Hazan & Singer (2011), with the learning-rate decay of torch.optim.Adagrad.
    The equations are in `adagrad_decay_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr                   lr >= 0                   learning rate
        lr_decay             lr_decay >= 0             decay of the learning rate
        eps                  eps >= 0                  keeps the division from zero
        initial_accumulator  initial_accumulator >= 0  first value of the sum
    """

    lr: Hyper
    lr_decay: Hyper
    eps: Hyper
    initial_accumulator: Hyper

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "lr_decay": ("lr_decay >= 0", lambda lr_decay: lr_decay >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _update = staticmethod(adagrad_decay_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        lr_decay: Hyper = 0.0,
        eps: Hyper = 1e-10,
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
            lr_decay=lr_decay,
            eps=eps,
            initial_accumulator=initial_accumulator,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.full_like(w, hyper["initial_accumulator"]),)


@loop
def _adagrad_rms_update(w: Array, s: Array, g: Array, t_minus_one: float, t: float, clr: float, eps: float) -> None:
    for i in prange(w.size):
        s_new = (t_minus_one * s[i] + g[i] * g[i]) / t  # mean of squares
        w_new = w[i] - clr * g[i] / (np.sqrt(s_new) + eps)  # descent
        s[i] = s_new
        w[i] = w_new


def adagrad_rms_update(
    w: Array,
    g: Array,
    s: Array,
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-10,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdagradRMS on one array, in place.

        clr    = lr / sqrt(t)                       decayed learning rate
        s_new  = ((t - 1) * s + g**2) / t           mean of squares
        w_new  = w - clr * g / (sqrt(s_new) + eps)  descent

    Then s, w take the new values.

    w, s and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        s  = 0 before the first step
    """
    clr = lr / math.sqrt(t)  # decayed learning rate
    t_minus_one = t - 1

    sweep(_adagrad_rms_update, (w, s), g, (t_minus_one, t, clr, eps), stages)


class AdagradRMS(NumbaOptimizer):
    """AdagradRMS: Adagrad written with the mean of squared gradients.

    Source: Adagrad as a root mean square with the learning rate lr/sqrt(t).
    The equations are in `adagrad_rms_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr   lr >= 0   learning rate
        eps  eps >= 0  keeps the division from zero
    """

    lr: Hyper
    eps: Hyper

    _states: ClassVar = ("s",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(adagrad_rms_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        eps: Hyper = 1e-10,
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
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w),)
