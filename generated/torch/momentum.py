# generated from specs/momentum.py; regenerate with: python cli.py generate momentum
"""Momentum: the step remembers the steps before it. Its forms, and when they are one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "QHM",
    "DampedBall",
    "HeavyBall",
    "MomentumBuffer",
    "MomentumDampened",
    "MomentumEMA",
    "damped_ball_elements",
    "damped_ball_scalars",
    "heavy_ball_elements",
    "heavy_ball_scalars",
    "momentum_buffer_elements",
    "momentum_buffer_scalars",
    "momentum_dampened_elements",
    "momentum_dampened_scalars",
    "momentum_ema_elements",
    "momentum_ema_scalars",
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
    """A step of MomentumBuffer for each element; returns w, b after it.

        b_new  = g + mu * b      buffer
        w_new  = w - lr * b_new  descent

    w, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    b_new = g + mu * b  # buffer
    w_new = w - lr * b_new  # descent
    return (w_new, b_new)


class MomentumBuffer(TorchOptimizer):
    """MomentumBuffer: momentum with the learning rate outside the buffer.

    Source: Sutskever et al. (2013), proceedings.mlr.press/v28/sutskever13.html, as in torch.optim.SGD.
    The equations are in `momentum_buffer_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr  lr >= 0      learning rate
        mu  0 <= mu < 1  momentum coefficient
    """

    _states: ClassVar = ("b",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "mu": ("0 <= mu < 1", lambda mu: 0 <= mu < 1),
    }
    _scalars = staticmethod(momentum_buffer_scalars)
    _elements = staticmethod(momentum_buffer_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        mu: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, mu=mu)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)


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
    keep = 1 - dampening if t > 1 else 1  # share of the gradient
    return (mu, keep, lr)


def momentum_dampened_elements(
    w: Array,
    b: Array,
    g: Array,
    mu: float,
    keep: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of MomentumDampened for each element; returns w, b after it.

        keep   = where(t > 1, 1 - dampening, 1)  share of the gradient
        b_new  = mu * b + keep * g               buffer
        w_new  = w - lr * b_new                  descent

    w, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    b_new = mu * b + keep * g  # buffer
    w_new = w - lr * b_new  # descent
    return (w_new, b_new)


class MomentumDampened(TorchOptimizer):
    """MomentumDampened: momentum that takes in only a share of every gradient but the first.

    Source: torch.optim.SGD, whose first step takes the gradient whole.
    The equations are in `momentum_dampened_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr         lr >= 0              learning rate
        dampening  0 <= dampening <= 1  share of each later gradient that is lost
        mu         0 <= mu < 1          momentum coefficient
    """

    _states: ClassVar = ("b",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "dampening": ("0 <= dampening <= 1", lambda dampening: 0 <= dampening <= 1),
        "mu": ("0 <= mu < 1", lambda mu: 0 <= mu < 1),
    }
    _own_t: ClassVar = True
    _scalars = staticmethod(momentum_dampened_scalars)
    _elements = staticmethod(momentum_dampened_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        dampening: Hyper = 0.0,
        mu: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, dampening=dampening, mu=mu)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)


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
    """A step of HeavyBall for each element; returns w, v after it.

        v_new  = rho * v - lr * g  velocity
        w_new  = w + v_new         move

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v - lr * g  # velocity
    w_new = w + v_new  # move
    return (w_new, v_new)


class HeavyBall(TorchOptimizer):
    """HeavyBall: momentum as a velocity, with the learning rate inside it.

    Source: Polyak (1964), doi:10.1016/0041-5553(64)90137-5, in the form of Rumelhart et al. (1986).
    The equations are in `heavy_ball_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr   lr >= 0       learning rate
        rho  0 <= rho < 1  momentum coefficient
    """

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
    }
    _scalars = staticmethod(heavy_ball_scalars)
    _elements = staticmethod(heavy_ball_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        rho: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, rho=rho)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)


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
    """A step of MomentumEMA for each element; returns w, m after it.

        m_new  = beta * m + (1 - beta) * g  average
        w_new  = w - lr * m_new             descent

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta * m + one_minus_beta * g  # average
    w_new = w - lr * m_new  # descent
    return (w_new, m_new)


class MomentumEMA(TorchOptimizer):
    """MomentumEMA: momentum as an exponential moving average of the gradient.

    Source: Ma & Yarats (2019), equations 1 and 2, arXiv:1810.06801.
    The equations are in `momentum_ema_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr    lr >= 0        learning rate
        beta  0 <= beta < 1  decay of the average
    """

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
    }
    _scalars = staticmethod(momentum_ema_scalars)
    _elements = staticmethod(momentum_ema_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        beta: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta=beta)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)


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
    """A step of QHM for each element; returns w, m after it.

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
    w_new = w - (lr_nu * m_new + lr_one_minus_nu * g)  # descent
    return (w_new, m_new)


class QHM(TorchOptimizer):
    """QHM: quasi-hyperbolic momentum: a step between that of the gradient and that of its average.

    Source: Ma & Yarats (2019), equations 3 and 4, arXiv:1810.06801.
    The equations are in `qhm_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr    lr >= 0        learning rate
        beta  0 <= beta < 1  decay of the average
        nu    0 <= nu <= 1   share of the average in the step
    """

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
        "nu": ("0 <= nu <= 1", lambda nu: 0 <= nu <= 1),
    }
    _scalars = staticmethod(qhm_scalars)
    _elements = staticmethod(qhm_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        beta: Hyper = 0.9,
        nu: Hyper = 0.7,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta=beta, nu=nu)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)


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
    """A step of DampedBall for each element; returns w, v after it.

        v_new  = v + dt * (-g - friction * v) / mass  Newton's law
        w_new  = w + dt * v_new                       move

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = v + dt_over_mass * (-g - friction * v)  # Newton's law
    w_new = w + dt * v_new  # move
    return (w_new, v_new)


class DampedBall(TorchOptimizer):
    """DampedBall: a ball that rolls down with friction, in steps of time.

    Source: m dv/dt = -gradient - gamma v, dx/dt = v, in steps of dt; the new v moves x.
    The equations are in `damped_ball_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        dt        dt > 0         time step
        friction  friction >= 0  friction coefficient gamma
        mass      mass > 0       mass of the ball
    """

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "dt": ("dt > 0", lambda dt: dt > 0),
        "friction": ("friction >= 0", lambda friction: friction >= 0),
        "mass": ("mass > 0", lambda mass: mass > 0),
    }
    _scalars = staticmethod(damped_ball_scalars)
    _elements = staticmethod(damped_ball_elements)

    def __init__(
        self,
        params: Any,
        *,
        dt: Hyper = 0.1,
        friction: Hyper = 1.0,
        mass: Hyper = 1.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, dt=dt, friction=friction, mass=mass)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)
