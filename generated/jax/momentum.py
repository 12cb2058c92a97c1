# generated from specs/momentum.py; regenerate with: python cli.py generate momentum
"""Momentum: the step remembers the steps before it. Its forms, and when they are one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp

from ._arrays import Array, GradientTransformation, Hyper, JaxOptimizer

__all__ = [
    "DampedBallState",
    "HeavyBallState",
    "MomentumBufferState",
    "MomentumDampenedState",
    "MomentumEMAState",
    "QHMState",
    "damped_ball",
    "damped_ball_elements",
    "damped_ball_scalars",
    "heavy_ball",
    "heavy_ball_elements",
    "heavy_ball_scalars",
    "momentum_buffer",
    "momentum_buffer_elements",
    "momentum_buffer_scalars",
    "momentum_dampened",
    "momentum_dampened_elements",
    "momentum_dampened_scalars",
    "momentum_ema",
    "momentum_ema_elements",
    "momentum_ema_scalars",
    "qhm",
    "qhm_elements",
    "qhm_scalars",
]


def momentum_buffer_scalars(
    t: int,
    *,
    lr: float = 0.01,
    mu: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of MomentumBuffer: the last arguments of `momentum_buffer_elements`.

    t is the number of the step, from 1. States:

        b  = 0 before the first step
    """
    return (mu, lr)


def momentum_buffer_elements(
    w: Array,
    b: Array,
    g: Array,
    mu: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of MomentumBuffer for each element; returns what is added to w and b after it.

        b_new  = g + mu * b      buffer
        w_new  = w - lr * b_new  descent

    w, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    b_new = g + mu * b  # buffer
    w_update = -lr * b_new  # descent
    return (w_update, b_new)


class MomentumBufferState(NamedTuple):
    """What MomentumBuffer keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    b: Any


class MomentumBuffer(JaxOptimizer):
    """What `momentum_buffer` is made of."""

    _states: ClassVar = ("b",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "mu": ("0 <= mu < 1", lambda mu: 0 <= mu < 1),
    }
    _scalars = staticmethod(momentum_buffer_scalars)
    _elements = staticmethod(momentum_buffer_elements)
    _State = MomentumBufferState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w),)


def momentum_buffer(
    *,
    lr: Hyper = 0.01,
    mu: Hyper = 0.9,
) -> GradientTransformation:
    """MomentumBuffer: momentum with the learning rate outside the buffer.

    Source: Sutskever et al. (2013), proceedings.mlr.press/v28/sutskever13.html, as in torch.optim.SGD.
    The equations are in `momentum_buffer_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr  lr >= 0      learning rate
        mu  0 <= mu < 1  momentum coefficient
    """
    return MomentumBuffer(lr=lr, mu=mu).transformation()


def momentum_dampened_scalars(
    t: int,
    *,
    lr: float = 0.01,
    dampening: float = 0.0,
    mu: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of MomentumDampened: the last arguments of `momentum_dampened_elements`.

    t is the number of the step of this parameter, from 1. States:

        b  = 0 before the first step
    """
    keep = jnp.where(t > 1, 1 - dampening, 1)  # share of the gradient
    return (mu, keep, lr)


def momentum_dampened_elements(
    w: Array,
    b: Array,
    g: Array,
    mu: float,
    keep: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of MomentumDampened for each element; returns what is added to w and b after it.

        keep   = where(t > 1, 1 - dampening, 1)  share of the gradient
        b_new  = mu * b + keep * g               buffer
        w_new  = w - lr * b_new                  descent

    w, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    b_new = mu * b + keep * g  # buffer
    w_update = -lr * b_new  # descent
    return (w_update, b_new)


class MomentumDampenedState(NamedTuple):
    """What MomentumDampened keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    b: Any


class MomentumDampened(JaxOptimizer):
    """What `momentum_dampened` is made of."""

    _states: ClassVar = ("b",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "dampening": ("0 <= dampening <= 1", lambda dampening: 0 <= dampening <= 1),
        "mu": ("0 <= mu < 1", lambda mu: 0 <= mu < 1),
    }
    _own_t: ClassVar = True
    _scalars = staticmethod(momentum_dampened_scalars)
    _elements = staticmethod(momentum_dampened_elements)
    _State = MomentumDampenedState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w),)


def momentum_dampened(
    *,
    lr: Hyper = 0.01,
    dampening: Hyper = 0.0,
    mu: Hyper = 0.9,
) -> GradientTransformation:
    """MomentumDampened: momentum that takes in only a share of every gradient but the first.

    Source: torch.optim.SGD, whose first step takes the gradient whole.
    The equations are in `momentum_dampened_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr         lr >= 0              learning rate
        dampening  0 <= dampening <= 1  share of each later gradient that is lost
        mu         0 <= mu < 1          momentum coefficient
    """
    return MomentumDampened(lr=lr, dampening=dampening, mu=mu).transformation()


def heavy_ball_scalars(
    t: int,
    *,
    lr: float = 0.01,
    rho: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of HeavyBall: the last arguments of `heavy_ball_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step
    """
    return (rho, lr)


def heavy_ball_elements(
    w: Array,
    v: Array,
    g: Array,
    rho: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of HeavyBall for each element; returns what is added to w and v after it.

        v_new  = rho * v - lr * g  velocity
        w_new  = w + v_new         move

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v - lr * g  # velocity
    w_update = v_new  # move
    return (w_update, v_new)


class HeavyBallState(NamedTuple):
    """What HeavyBall keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v: Any


class HeavyBall(JaxOptimizer):
    """What `heavy_ball` is made of."""

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
    }
    _scalars = staticmethod(heavy_ball_scalars)
    _elements = staticmethod(heavy_ball_elements)
    _State = HeavyBallState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w),)


def heavy_ball(
    *,
    lr: Hyper = 0.01,
    rho: Hyper = 0.9,
) -> GradientTransformation:
    """HeavyBall: momentum as a velocity, with the learning rate inside it.

    Source: Polyak (1964), doi:10.1016/0041-5553(64)90137-5, in the form of Rumelhart et al. (1986).
    The equations are in `heavy_ball_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr   lr >= 0       learning rate
        rho  0 <= rho < 1  momentum coefficient
    """
    return HeavyBall(lr=lr, rho=rho).transformation()


def momentum_ema_scalars(
    t: int,
    *,
    lr: float = 0.01,
    beta: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of MomentumEMA: the last arguments of `momentum_ema_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
    """
    one_minus_beta = 1 - beta
    return (beta, one_minus_beta, lr)


def momentum_ema_elements(
    w: Array,
    m: Array,
    g: Array,
    beta: float,
    one_minus_beta: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of MomentumEMA for each element; returns what is added to w and m after it.

        m_new  = beta * m + (1 - beta) * g  average
        w_new  = w - lr * m_new             descent

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta * m + one_minus_beta * g  # average
    w_update = -lr * m_new  # descent
    return (w_update, m_new)


class MomentumEMAState(NamedTuple):
    """What MomentumEMA keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any


class MomentumEMA(JaxOptimizer):
    """What `momentum_ema` is made of."""

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
    }
    _scalars = staticmethod(momentum_ema_scalars)
    _elements = staticmethod(momentum_ema_elements)
    _State = MomentumEMAState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w),)


def momentum_ema(
    *,
    lr: Hyper = 0.01,
    beta: Hyper = 0.9,
) -> GradientTransformation:
    """MomentumEMA: momentum as an exponential moving average of the gradient.

    Source: Ma & Yarats (2019), equations 1 and 2, arXiv:1810.06801.
    The equations are in `momentum_ema_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr    lr >= 0        learning rate
        beta  0 <= beta < 1  decay of the average
    """
    return MomentumEMA(lr=lr, beta=beta).transformation()


def qhm_scalars(
    t: int,
    *,
    lr: float = 0.01,
    beta: float = 0.9,
    nu: float = 0.7,
) -> tuple[float, ...]:
    """What all elements share in a step of QHM: the last arguments of `qhm_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
    """
    one_minus_beta = 1 - beta
    lr_nu = lr * nu
    lr_one_minus_nu = lr * (1 - nu)
    return (beta, one_minus_beta, lr_nu, lr_one_minus_nu)


def qhm_elements(
    w: Array,
    m: Array,
    g: Array,
    beta: float,
    one_minus_beta: float,
    lr_nu: float,
    lr_one_minus_nu: float,
) -> tuple[Array, ...]:
    """A step of QHM for each element; returns what is added to w and m after it.

        m_new  = beta * m + (1 - beta) * g             average
        w_new  = w - lr * (nu * m_new + (1 - nu) * g)  descent

    What is computed comes to the same with fewer operations for each element:

        lr_nu            = lr * nu
        lr_one_minus_nu  = lr * (1 - nu)
        w_new            = w - (lr_nu * m_new + lr_one_minus_nu * g)

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta * m + one_minus_beta * g  # average
    w_update = -(lr_nu * m_new + lr_one_minus_nu * g)  # descent
    return (w_update, m_new)


class QHMState(NamedTuple):
    """What QHM keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any


class QHM(JaxOptimizer):
    """What `qhm` is made of."""

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
        "nu": ("0 <= nu <= 1", lambda nu: 0 <= nu <= 1),
    }
    _scalars = staticmethod(qhm_scalars)
    _elements = staticmethod(qhm_elements)
    _State = QHMState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w),)


def qhm(
    *,
    lr: Hyper = 0.01,
    beta: Hyper = 0.9,
    nu: Hyper = 0.7,
) -> GradientTransformation:
    """QHM: quasi-hyperbolic momentum: a step between that of the gradient and that of its average.

    Source: Ma & Yarats (2019), equations 3 and 4, arXiv:1810.06801.
    The equations are in `qhm_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr    lr >= 0        learning rate
        beta  0 <= beta < 1  decay of the average
        nu    0 <= nu <= 1   share of the average in the step
    """
    return QHM(lr=lr, beta=beta, nu=nu).transformation()


def damped_ball_scalars(
    t: int,
    *,
    dt: float = 0.1,
    friction: float = 1.0,
    mass: float = 1.0,
) -> tuple[float, ...]:
    """What all elements share in a step of DampedBall: the last arguments of `damped_ball_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step
    """
    dt_over_mass = dt / mass
    return (dt_over_mass, friction, dt)


def damped_ball_elements(
    w: Array,
    v: Array,
    g: Array,
    dt_over_mass: float,
    friction: float,
    dt: float,
) -> tuple[Array, ...]:
    """A step of DampedBall for each element; returns what is added to w and v after it.

        v_new  = v + dt * (-g - friction * v) / mass  Newton's law
        w_new  = w + dt * v_new                       move

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = v + dt_over_mass * (-g - friction * v)  # Newton's law
    w_update = dt * v_new  # move
    return (w_update, v_new)


class DampedBallState(NamedTuple):
    """What DampedBall keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v: Any


class DampedBall(JaxOptimizer):
    """What `damped_ball` is made of."""

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "dt": ("dt > 0", lambda dt: dt > 0),
        "friction": ("friction >= 0", lambda friction: friction >= 0),
        "mass": ("mass > 0", lambda mass: mass > 0),
    }
    _scalars = staticmethod(damped_ball_scalars)
    _elements = staticmethod(damped_ball_elements)
    _State = DampedBallState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w),)


def damped_ball(
    *,
    dt: Hyper = 0.1,
    friction: Hyper = 1.0,
    mass: Hyper = 1.0,
) -> GradientTransformation:
    """DampedBall: a ball that rolls down with friction, in steps of time.

    Source: m dv/dt = -gradient - gamma v, dx/dt = v, in steps of dt; the new v moves x.
    The equations are in `damped_ball_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        dt        dt > 0         time step
        friction  friction >= 0  friction coefficient gamma
        mass      mass > 0       mass of the ball
    """
    return DampedBall(dt=dt, friction=friction, mass=mass).transformation()
