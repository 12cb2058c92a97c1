# generated from specs/sign.py; regenerate with: python cli.py generate sign
"""Steps that look at signs: of the gradient, of a momentum, of two gradients in a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ._arrays import Array, Hyper, NumpyOptimizer, Stage, StageCall, tiles

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
    for tile in tiles((w,), (g,), scratch=1, stages=stages):
        w, g, s0 = tile
        # w_new = w - lr * sign(g)  (descent)
        np.sign(g, out=s0)
        np.multiply(lr, s0, out=s0)
        np.subtract(w, s0, out=w)


class SignSGD(NumpyOptimizer):
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

    for tile in tiles((w, m), (g,), scratch=2, stages=stages):
        w, m, g, s0, s1 = tile
        # u = sign(beta1 * m + (1 - beta1) * g)  (direction)
        np.multiply(beta1, m, out=s0)
        np.multiply(one_minus_beta1, g, out=s1)
        np.add(s0, s1, out=s0)
        u = np.sign(s0, out=s1)
        # m_new = beta2 * m + (1 - beta2) * g  (momentum)
        np.multiply(beta2, m, out=m)
        np.multiply(one_minus_beta2, g, out=s0)
        np.add(m, s0, out=m)
        # w_new = w - lr * (u + weight_decay * w)  (descent)
        np.multiply(weight_decay, w, out=s0)
        np.add(u, s0, out=s1)
        np.multiply(lr, s1, out=s1)
        np.subtract(w, s1, out=w)


class Lion(NumpyOptimizer):
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

    for tile in tiles((w, m), (g,), scratch=1, stages=stages):
        w, m, g, s0 = tile
        # m_new = beta * m + (1 - beta) * g  (momentum)
        np.multiply(beta, m, out=m)
        np.multiply(one_minus_beta, g, out=s0)
        m_new = np.add(m, s0, out=m)
        # w_new = w - lr * sign(m_new)  (descent)
        np.sign(m_new, out=s0)
        np.multiply(lr, s0, out=s0)
        np.subtract(w, s0, out=w)


class Signum(NumpyOptimizer):
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

    for tile in tiles((w, a, last), (g,), scratch=1, masks=1, stages=stages):
        w, a, last, g, s0, mask0 = tile
        # factor = where(last * g > 0, grow, shrink)  (agreement of two gradients)
        np.multiply(last, g, out=s0)
        np.greater(s0, 0, out=mask0)
        np.copyto(s0, shrink)
        np.copyto(s0, grow, where=mask0)
        factor = s0
        # a_new = where(t > 1, a * factor, a)  (step length)
        np.multiply(a, factor, out=s0)
        np.copyto(a, s0, where=t_above_one != 0)
        a_new = a
        # last_new = g
        np.copyto(last, g)
        # w_new = w - a_new * sign(g)  (descent)
        np.sign(g, out=s0)
        np.multiply(a_new, s0, out=s0)
        np.subtract(w, s0, out=w)


class Rprop(NumpyOptimizer):
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
    for tile in tiles((w, a, last), (g,), scratch=2, masks=2, stages=stages):
        w, a, last, g, s0, s1, mask0, mask1 = tile
        # factor = where(last * g > 0, grow, where(last * g < 0, shrink, 1))  (agreement of two gradients)
        np.multiply(last, g, out=s0)
        np.greater(s0, 0, out=mask0)
        np.multiply(last, g, out=s0)
        np.less(s0, 0, out=mask1)
        np.copyto(s0, 1)
        np.copyto(s0, shrink, where=mask1)
        np.copyto(s0, grow, where=mask0)
        factor = s0
        # a_new = minimum(maximum(a * factor, shortest), longest)  (step length)
        np.multiply(a, factor, out=a)
        np.maximum(a, shortest, out=a)
        a_new = np.minimum(a, longest, out=a)
        # used = where(last * g < 0, 0, g)  (no step after a change of sign)
        np.multiply(last, g, out=s0)
        np.less(s0, 0, out=mask0)
        np.copyto(s0, g)
        np.copyto(s0, 0, where=mask0)
        used = s0
        # last_new = used
        np.copyto(last, used)
        # w_new = w - a_new * sign(used)  (descent)
        np.sign(used, out=s1)
        np.multiply(a_new, s1, out=s1)
        np.subtract(w, s1, out=w)


class RpropClamped(NumpyOptimizer):
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
