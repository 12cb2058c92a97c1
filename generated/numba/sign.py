# generated from specs/sign.py; regenerate with: python cli.py generate sign
"""Steps that look at signs: of the gradient, of a momentum, of two gradients in a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ._arrays import Array, Hyper, NumbaOptimizer, Stage, StageCall, loop, prange, sweep

__all__ = [
    "Lion",
    "Rprop",
    "RpropClamped",
    "SignSGD",
    "Signum",
    "lion_update",
    "rprop_clamped_update",
    "rprop_update",
    "sign_sgd_update",
    "signum_update",
]


@loop
def _sign_sgd_update(w: Array, g: Array, lr: float) -> None:
    for i in prange(w.size):
        w_new = w[i] - lr * np.sign(g[i])  # descent
        w[i] = w_new


def sign_sgd_update(
    w: Array,
    g: Array,
    t: int,
    *,
    lr: float = 0.001,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of SignSGD on one array, in place.

        w_new  = w - lr * sign(g)  descent

    Then w takes the new value.

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1.
    """
    sweep(_sign_sgd_update, (w,), g, (lr,), stages)


class SignSGD(NumbaOptimizer):
    """SignSGD: a step of one length for every weight.

    Source: Bernstein et al. (2018), Algorithm 1, arXiv:1802.04434.
    The equations are in `sign_sgd_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr  lr >= 0  learning rate
    """

    lr: Hyper

    _states: ClassVar = ()
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
    }
    _update = staticmethod(sign_sgd_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
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
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


@loop
def _lion_update(w: Array, m: Array, g: Array, beta1: float, one_minus_beta1: float, beta2: float, one_minus_beta2: float, lr: float, weight_decay: float) -> None:
    for i in prange(w.size):
        u = np.sign(beta1 * m[i] + one_minus_beta1 * g[i])  # direction
        m_new = beta2 * m[i] + one_minus_beta2 * g[i]  # momentum
        w_new = w[i] - lr * (u + weight_decay * w[i])  # descent
        m[i] = m_new
        w[i] = w_new


def lion_update(
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
    """One step of Lion on one array, in place.

        u      = sign(beta1 * m + (1 - beta1) * g)  direction
        m_new  = beta2 * m + (1 - beta2) * g        momentum
        w_new  = w - lr * (u + weight_decay * w)    descent

    Then m, w take the new values.

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
    """
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2

    sweep(_lion_update, (w, m), g, (beta1, one_minus_beta1, beta2, one_minus_beta2, lr, weight_decay), stages)


class Lion(NumbaOptimizer):
    """Lion: the sign of a momentum that looks ahead, with decoupled weight decay.

    Source: Chen et al. (2023), Algorithm 2, arXiv:2302.06675.
    The equations are in `lion_update`, which this class applies to every parameter.

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
    _update = staticmethod(lion_update)

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
        return (np.zeros_like(w),)


@loop
def _signum_update(w: Array, m: Array, g: Array, beta: float, one_minus_beta: float, lr: float) -> None:
    for i in prange(w.size):
        m_new = beta * m[i] + one_minus_beta * g[i]  # momentum
        w_new = w[i] - lr * np.sign(m_new)  # descent
        m[i] = m_new
        w[i] = w_new


def signum_update(
    w: Array,
    g: Array,
    m: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of Signum on one array, in place.

        m_new  = beta * m + (1 - beta) * g  momentum
        w_new  = w - lr * sign(m_new)       descent

    Then m, w take the new values.

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
    """
    one_minus_beta = 1 - beta

    sweep(_signum_update, (w, m), g, (beta, one_minus_beta, lr), stages)


class Signum(NumbaOptimizer):
    """Signum: a step of one length in the direction of the momentum's signs.

    Source: Bernstein et al. (2018), Algorithm 2, arXiv:1802.04434.
    The equations are in `signum_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr    lr >= 0        learning rate
        beta  0 <= beta < 1  decay of the momentum
    """

    lr: Hyper
    beta: Hyper

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
    }
    _update = staticmethod(signum_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta: Hyper = 0.9,
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
            beta=beta,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w),)


@loop
def _rprop_update(w: Array, a: Array, last: Array, g: Array, grow: float, shrink: float, t_above_one: float) -> None:
    real = w.dtype.type
    for i in prange(w.size):
        factor = grow if last[i] * g[i] > real(0) else shrink  # agreement of two gradients
        a_new = a[i] * factor if t_above_one != real(0) else a[i]  # step length
        last_new = g[i]
        w_new = w[i] - a_new * np.sign(g[i])  # descent
        a[i] = a_new
        last[i] = last_new
        w[i] = w_new


def rprop_update(
    w: Array,
    g: Array,
    a: Array,
    last: Array,
    t: int,
    *,
    lr: float = 0.01,
    grow: float = 1.2,
    shrink: float = 0.6,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of Rprop on one array, in place.

        factor    = where(last * g > 0, grow, shrink)  agreement of two gradients
        a_new     = where(t > 1, a * factor, a)        step length
        last_new  = g
        w_new     = w - a_new * sign(g)                descent

    Then a, last, w take the new values.

    w, a, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        a     = lr before the first step
        last  = 0 before the first step
    """
    t_above_one = 1 if t > 1 else 0

    sweep(_rprop_update, (w, a, last), g, (grow, shrink, t_above_one), stages)


class Rprop(NumbaOptimizer):
    """Rprop: a step length of its own for every weight, fitted to the signs of its gradients.

    Source: Riedmiller & Braun (1993), doi:10.1109/ICNN.1993.298623, without backtracking.
    The equations are in `rprop_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr      lr >= 0          first step length of every weight
        grow    grow >= 1        factor after two gradients of one sign
        shrink  0 < shrink <= 1  factor after a change of sign, or a gradient of zero
    """

    lr: Hyper
    grow: Hyper
    shrink: Hyper

    _states: ClassVar = ("a", "last")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "grow": ("grow >= 1", lambda grow: grow >= 1),
        "shrink": ("0 < shrink <= 1", lambda shrink: 0 < shrink <= 1),
    }
    _own_t: ClassVar = True
    _starts_late: ClassVar = True
    _update = staticmethod(rprop_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        grow: Hyper = 1.2,
        shrink: Hyper = 0.6,
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
            grow=grow,
            shrink=shrink,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.full_like(w, hyper["lr"]), np.zeros_like(w))


@loop
def _rprop_clamped_update(w: Array, a: Array, last: Array, g: Array, grow: float, shrink: float, shortest: float, longest: float) -> None:
    real = w.dtype.type
    for i in prange(w.size):
        factor = grow if last[i] * g[i] > real(0) else shrink if last[i] * g[i] < real(0) else real(1)  # agreement of two gradients
        a_new = np.minimum(np.maximum(a[i] * factor, shortest), longest)  # step length
        used = real(0) if last[i] * g[i] < real(0) else g[i]  # no step after a change of sign
        last_new = used
        w_new = w[i] - a_new * np.sign(used)  # descent
        a[i] = a_new
        last[i] = last_new
        w[i] = w_new


def rprop_clamped_update(
    w: Array,
    g: Array,
    a: Array,
    last: Array,
    t: int,
    *,
    lr: float = 0.01,
    grow: float = 1.2,
    shrink: float = 0.5,
    longest: float = 50.0,
    shortest: float = 1e-6,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of RpropClamped on one array, in place.

        factor    = where(last * g > 0, grow, where(last * g < 0, shrink, 1))  agreement of two gradients
        a_new     = minimum(maximum(a * factor, shortest), longest)            step length
        used      = where(last * g < 0, 0, g)                                  no step after a change of sign
        last_new  = used
        w_new     = w - a_new * sign(used)                                     descent

    Then a, last, w take the new values.

    w, a, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        a     = lr before the first step
        last  = 0 before the first step
    """
    sweep(_rprop_clamped_update, (w, a, last), g, (grow, shrink, shortest, longest), stages)


class RpropClamped(NumbaOptimizer):
    """RpropClamped: Rprop with bounds on the step, and no step after a change of sign.

    Source: Riedmiller & Braun (1993), doi:10.1109/ICNN.1993.298623, as in torch.optim.Rprop.
    The equations are in `rprop_clamped_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr        lr >= 0         first step length of every weight
        grow      grow > 1        factor after two gradients of one sign
        shrink    0 < shrink < 1  factor after a change of sign
        longest   longest > 0     longest step
        shortest  shortest >= 0   shortest step
    """

    lr: Hyper
    grow: Hyper
    shrink: Hyper
    longest: Hyper
    shortest: Hyper

    _states: ClassVar = ("a", "last")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "grow": ("grow > 1", lambda grow: grow > 1),
        "shrink": ("0 < shrink < 1", lambda shrink: 0 < shrink < 1),
        "longest": ("longest > 0", lambda longest: longest > 0),
        "shortest": ("shortest >= 0", lambda shortest: shortest >= 0),
    }
    _own_t: ClassVar = True
    _starts_late: ClassVar = True
    _update = staticmethod(rprop_clamped_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        grow: Hyper = 1.2,
        shrink: Hyper = 0.5,
        longest: Hyper = 50.0,
        shortest: Hyper = 1e-6,
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
            grow=grow,
            shrink=shrink,
            longest=longest,
            shortest=shortest,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.full_like(w, hyper["lr"]), np.zeros_like(w))
