# generated from specs/sign.py; regenerate with: python cli.py generate sign
"""Steps that look at signs: of the gradient, of a momentum, of two gradients in a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp

from ._arrays import Array, GradientTransformation, Hyper, JaxOptimizer

__all__ = [
    "LionState",
    "RpropClampedState",
    "RpropState",
    "SignSGDState",
    "SignumState",
    "lion",
    "lion_elements",
    "lion_scalars",
    "rprop",
    "rprop_clamped",
    "rprop_clamped_elements",
    "rprop_clamped_scalars",
    "rprop_elements",
    "rprop_scalars",
    "sign_sgd",
    "sign_sgd_elements",
    "sign_sgd_scalars",
    "signum",
    "signum_elements",
    "signum_scalars",
]


def sign_sgd_scalars(
    t: int,
    *,
    lr: float = 0.001,
) -> tuple[float, ...]:
    """What all elements share in a step of SignSGD: the last arguments of `sign_sgd_elements`.

    t is the number of the step, from 1.
    """
    return (lr,)


def sign_sgd_elements(
    w: Array,
    g: Array,
    lr: float,
) -> tuple[Array, ...]:
    """A step of SignSGD for each element; returns what is added to w.

        w_new  = w - lr * sign(g)  descent

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = -lr * jnp.sign(g)  # descent
    return (w_update,)


class SignSGDState(NamedTuple):
    """What SignSGD keeps: the number of steps, and states that are nested as the parameters."""

    t: Array


class SignSGD(JaxOptimizer):
    """What `sign_sgd` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
    }
    _scalars = staticmethod(sign_sgd_scalars)
    _elements = staticmethod(sign_sgd_elements)
    _State = SignSGDState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


def sign_sgd(
    *,
    lr: Hyper = 0.001,
) -> GradientTransformation:
    """SignSGD: a step of one length for every weight.

    Source: Bernstein et al. (2018), Algorithm 1, arXiv:1802.04434.
    The equations are in `sign_sgd_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr  lr >= 0  learning rate
    """
    return SignSGD(lr=lr).transformation()


def lion_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.99,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of Lion: the last arguments of `lion_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
    """
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr, weight_decay)


def lion_elements(
    w: Array,
    m: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr: float,
    weight_decay: float,
) -> tuple[Array, ...]:
    """A step of Lion for each element; returns what is added to w and m after it.

        u      = sign(beta1 * m + (1 - beta1) * g)  direction
        m_new  = beta2 * m + (1 - beta2) * g        momentum
        w_new  = w - lr * (u + weight_decay * w)    descent

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    u = jnp.sign(beta1 * m + one_minus_beta1 * g)  # direction
    m_new = beta2 * m + one_minus_beta2 * g  # momentum
    w_update = -lr * (u + weight_decay * w)  # descent
    return (w_update, m_new)


class LionState(NamedTuple):
    """What Lion keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any


class Lion(JaxOptimizer):
    """What `lion` is made of."""

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(lion_scalars)
    _elements = staticmethod(lion_elements)
    _State = LionState

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w),)


def lion(
    *,
    lr: Hyper = 0.001,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.99,
    weight_decay: Hyper = 0.0,
) -> GradientTransformation:
    """Lion: the sign of a momentum that looks ahead, with decoupled weight decay.

    Source: Chen et al. (2023), Algorithm 2, arXiv:2302.06675.
    The equations are in `lion_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     share of the momentum in the step
        beta2         0 <= beta2 < 1     decay of the momentum
        weight_decay  weight_decay >= 0  decoupled weight decay
    """
    return Lion(lr=lr, beta1=beta1, beta2=beta2, weight_decay=weight_decay).transformation()


def signum_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of Signum: the last arguments of `signum_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
    """
    one_minus_beta = 1 - beta
    return (beta, one_minus_beta, lr)


def signum_elements(
    w: Array,
    m: Array,
    g: Array,
    beta: float,
    one_minus_beta: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of Signum for each element; returns what is added to w and m after it.

        m_new  = beta * m + (1 - beta) * g  momentum
        w_new  = w - lr * sign(m_new)       descent

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta * m + one_minus_beta * g  # momentum
    w_update = -lr * jnp.sign(m_new)  # descent
    return (w_update, m_new)


class SignumState(NamedTuple):
    """What Signum keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any


class Signum(JaxOptimizer):
    """What `signum` is made of."""

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
    }
    _scalars = staticmethod(signum_scalars)
    _elements = staticmethod(signum_elements)
    _State = SignumState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w),)


def signum(
    *,
    lr: Hyper = 0.001,
    beta: Hyper = 0.9,
) -> GradientTransformation:
    """Signum: a step of one length in the direction of the momentum's signs.

    Source: Bernstein et al. (2018), Algorithm 2, arXiv:1802.04434.
    The equations are in `signum_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr    lr >= 0        learning rate
        beta  0 <= beta < 1  decay of the momentum
    """
    return Signum(lr=lr, beta=beta).transformation()


def rprop_scalars(
    t: int,
    *,
    lr: float = 0.01,
    grow: float = 1.2,
    shrink: float = 0.6,
) -> tuple[float, ...]:
    """What all elements share in a step of Rprop: the last arguments of `rprop_elements`.

    t is the number of the step of this parameter, from 1. States:

        a     = lr before the first step
        last  = 0 before the first step
    """
    t_above_one = jnp.where(t > 1, 1, 0)
    return (grow, shrink, t_above_one)


def rprop_elements(
    w: Array,
    a: Array,
    last: Array,
    g: Array,
    grow: float,
    shrink: float,
    t_above_one: float,
) -> tuple[Array, ...]:
    """A step of Rprop for each element; returns what is added to w and a, last after it.

        factor    = where(last * g > 0, grow, shrink)  agreement of two gradients
        a_new     = where(t > 1, a * factor, a)        step length
        last_new  = g
        w_new     = w - a_new * sign(g)                descent

    w, a, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    factor = jnp.where(last * g > 0, grow, shrink)  # agreement of two gradients
    a_new = jnp.where(t_above_one != 0, a * factor, a)  # step length
    last_new = g
    w_update = -a_new * jnp.sign(g)  # descent
    return (w_update, a_new, last_new)


class RpropState(NamedTuple):
    """What Rprop keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    a: Any
    last: Any


class Rprop(JaxOptimizer):
    """What `rprop` is made of."""

    _states: ClassVar = ("a", "last")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "grow": ("grow >= 1", lambda grow: grow >= 1),
        "shrink": ("0 < shrink <= 1", lambda shrink: 0 < shrink <= 1),
    }
    _own_t: ClassVar = True
    _starts_late: ClassVar = True
    _scalars = staticmethod(rprop_scalars)
    _elements = staticmethod(rprop_elements)
    _State = RpropState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.full_like(w, hyper["lr"]), jnp.zeros_like(w))


def rprop(
    *,
    lr: Hyper = 0.01,
    grow: Hyper = 1.2,
    shrink: Hyper = 0.6,
) -> GradientTransformation:
    """Rprop: a step length of its own for every weight, fitted to the signs of its gradients.

    Source: Riedmiller & Braun (1993), doi:10.1109/ICNN.1993.298623, without backtracking.
    The equations are in `rprop_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr      lr >= 0          first step length of every weight
        grow    grow >= 1        factor after two gradients of one sign
        shrink  0 < shrink <= 1  factor after a change of sign, or a gradient of zero
    """
    return Rprop(lr=lr, grow=grow, shrink=shrink).transformation()


def rprop_clamped_scalars(
    t: int,
    *,
    lr: float = 0.01,
    grow: float = 1.2,
    shrink: float = 0.5,
    longest: float = 50.0,
    shortest: float = 1e-6,
) -> tuple[float, ...]:
    """What all elements share in a step of RpropClamped: the last arguments of `rprop_clamped_elements`.

    t is the number of the step of this parameter, from 1. States:

        a     = lr before the first step
        last  = 0 before the first step
    """
    return (grow, shrink, shortest, longest)


def rprop_clamped_elements(
    w: Array,
    a: Array,
    last: Array,
    g: Array,
    grow: float,
    shrink: float,
    shortest: float,
    longest: float,
) -> tuple[Array, ...]:
    """A step of RpropClamped for each element; returns what is added to w and a, last after it.

        factor    = where(last * g > 0, grow, where(last * g < 0, shrink, 1))  agreement of two gradients
        a_new     = minimum(maximum(a * factor, shortest), longest)            step length
        used      = where(last * g < 0, 0, g)                                  no step after a change of sign
        last_new  = used
        w_new     = w - a_new * sign(used)                                     descent

    w, a, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    factor = jnp.where(last * g > 0, grow, jnp.where(last * g < 0, shrink, 1))  # agreement of two gradients
    a_new = jnp.minimum(jnp.maximum(a * factor, shortest), longest)  # step length
    used = jnp.where(last * g < 0, 0, g)  # no step after a change of sign
    last_new = used
    w_update = -a_new * jnp.sign(used)  # descent
    return (w_update, a_new, last_new)


class RpropClampedState(NamedTuple):
    """What RpropClamped keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    a: Any
    last: Any


class RpropClamped(JaxOptimizer):
    """What `rprop_clamped` is made of."""

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
    _scalars = staticmethod(rprop_clamped_scalars)
    _elements = staticmethod(rprop_clamped_elements)
    _State = RpropClampedState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.full_like(w, hyper["lr"]), jnp.zeros_like(w))


def rprop_clamped(
    *,
    lr: Hyper = 0.01,
    grow: Hyper = 1.2,
    shrink: Hyper = 0.5,
    longest: Hyper = 50.0,
    shortest: Hyper = 1e-6,
) -> GradientTransformation:
    """RpropClamped: Rprop with bounds on the step, and no step after a change of sign.

    Source: Riedmiller & Braun (1993), doi:10.1109/ICNN.1993.298623, as in torch.optim.Rprop.
    The equations are in `rprop_clamped_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr        lr >= 0         first step length of every weight
        grow      grow > 1        factor after two gradients of one sign
        shrink    0 < shrink < 1  factor after a change of sign
        longest   longest > 0     longest step
        shortest  shortest >= 0   shortest step
    """
    return RpropClamped(lr=lr, grow=grow, shrink=shrink, longest=longest, shortest=shortest).transformation()
