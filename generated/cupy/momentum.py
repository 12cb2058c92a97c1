# generated from specs/momentum.py; regenerate with: python cli.py generate momentum
"""Momentum: the step remembers the steps before it. Its forms, and when they are one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, launch

__all__ = [
    "QHM",
    "DampedBall",
    "HeavyBall",
    "MomentumBuffer",
    "MomentumDampened",
    "MomentumEMA",
    "damped_ball_update",
    "heavy_ball_update",
    "momentum_buffer_update",
    "momentum_dampened_update",
    "momentum_ema_update",
    "qhm_update",
]


_momentum_buffer_update = cp.ElementwiseKernel(
    in_params="T g, T mu, T lr",
    out_params="T w, T b",
    operation="""
    const T b_new = g + mu * b;  // buffer
    const T w_new = w - lr * b_new;  // descent
    b = b_new;
    w = w_new;
    """,
    name="momentum_buffer_update",
)


def momentum_buffer_update(
    w: Array,
    g: Array,
    b: Array,
    t: int,
    *,
    lr: float = 0.01,
    mu: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of MomentumBuffer on one array, in place.

        b_new  = g + mu * b      buffer
        w_new  = w - lr * b_new  descent

    Then b, w take the new values.

    w, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        b  = 0 before the first step
    """
    launch(
        _momentum_buffer_update,
        (g,),
        (mu, lr),
        (w, b),
        stages,
    )


class MomentumBuffer(CupyOptimizer):
    """MomentumBuffer: momentum with the learning rate outside the buffer.

    Source: Sutskever et al. (2013), proceedings.mlr.press/v28/sutskever13.html, as in torch.optim.SGD.
    The equations are in `momentum_buffer_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr  lr >= 0      learning rate
        mu  0 <= mu < 1  momentum coefficient
    """

    lr: Hyper
    mu: Hyper

    _states: ClassVar = ("b",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "mu": ("0 <= mu < 1", lambda mu: 0 <= mu < 1),
    }
    _update = staticmethod(momentum_buffer_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        mu: Hyper = 0.9,
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
            mu=mu,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w),)


_momentum_dampened_update = cp.ElementwiseKernel(
    in_params="T g, T mu, T keep, T lr",
    out_params="T w, T b",
    operation="""
    const T b_new = mu * b + keep * g;  // buffer
    const T w_new = w - lr * b_new;  // descent
    b = b_new;
    w = w_new;
    """,
    name="momentum_dampened_update",
)


def momentum_dampened_update(
    w: Array,
    g: Array,
    b: Array,
    t: int,
    *,
    lr: float = 0.01,
    dampening: float = 0.0,
    mu: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of MomentumDampened on one array, in place.

        keep   = where(t > 1, 1 - dampening, 1)  share of the gradient
        b_new  = mu * b + keep * g               buffer
        w_new  = w - lr * b_new                  descent

    Then b, w take the new values.

    w, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        b  = 0 before the first step
    """
    keep = 1 - dampening if t > 1 else 1  # share of the gradient

    launch(
        _momentum_dampened_update,
        (g,),
        (mu, keep, lr),
        (w, b),
        stages,
    )


class MomentumDampened(CupyOptimizer):
    """MomentumDampened: momentum that takes in only a share of every gradient but the first.

    Source: torch.optim.SGD, whose first step takes the gradient whole.
    The equations are in `momentum_dampened_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr         lr >= 0              learning rate
        dampening  0 <= dampening <= 1  share of each later gradient that is lost
        mu         0 <= mu < 1          momentum coefficient
    """

    lr: Hyper
    dampening: Hyper
    mu: Hyper

    _states: ClassVar = ("b",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "dampening": ("0 <= dampening <= 1", lambda dampening: 0 <= dampening <= 1),
        "mu": ("0 <= mu < 1", lambda mu: 0 <= mu < 1),
    }
    _own_t: ClassVar = True
    _update = staticmethod(momentum_dampened_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        dampening: Hyper = 0.0,
        mu: Hyper = 0.9,
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
            dampening=dampening,
            mu=mu,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w),)


_heavy_ball_update = cp.ElementwiseKernel(
    in_params="T g, T rho, T lr",
    out_params="T w, T v",
    operation="""
    const T v_new = rho * v - lr * g;  // velocity
    const T w_new = w + v_new;  // move
    v = v_new;
    w = w_new;
    """,
    name="heavy_ball_update",
)


def heavy_ball_update(
    w: Array,
    g: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.01,
    rho: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of HeavyBall on one array, in place.

        v_new  = rho * v - lr * g  velocity
        w_new  = w + v_new         move

    Then v, w take the new values.

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = 0 before the first step
    """
    launch(
        _heavy_ball_update,
        (g,),
        (rho, lr),
        (w, v),
        stages,
    )


class HeavyBall(CupyOptimizer):
    """HeavyBall: momentum as a velocity, with the learning rate inside it.

    Source: Polyak (1964), doi:10.1016/0041-5553(64)90137-5, in the form of Rumelhart et al. (1986).
    The equations are in `heavy_ball_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr   lr >= 0       learning rate
        rho  0 <= rho < 1  momentum coefficient
    """

    lr: Hyper
    rho: Hyper

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
    }
    _update = staticmethod(heavy_ball_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        rho: Hyper = 0.9,
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
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w),)


_momentum_ema_update = cp.ElementwiseKernel(
    in_params="T g, T beta, T one_minus_beta, T lr",
    out_params="T w, T m",
    operation="""
    const T m_new = beta * m + one_minus_beta * g;  // average
    const T w_new = w - lr * m_new;  // descent
    m = m_new;
    w = w_new;
    """,
    name="momentum_ema_update",
)


def momentum_ema_update(
    w: Array,
    g: Array,
    m: Array,
    t: int,
    *,
    lr: float = 0.01,
    beta: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of MomentumEMA on one array, in place.

        m_new  = beta * m + (1 - beta) * g  average
        w_new  = w - lr * m_new             descent

    Then m, w take the new values.

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
    """
    one_minus_beta = 1 - beta

    launch(
        _momentum_ema_update,
        (g,),
        (beta, one_minus_beta, lr),
        (w, m),
        stages,
    )


class MomentumEMA(CupyOptimizer):
    """MomentumEMA: momentum as an exponential moving average of the gradient.

    Source: Ma & Yarats (2019), equations 1 and 2, arXiv:1810.06801.
    The equations are in `momentum_ema_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr    lr >= 0        learning rate
        beta  0 <= beta < 1  decay of the average
    """

    lr: Hyper
    beta: Hyper

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
    }
    _update = staticmethod(momentum_ema_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
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
        return (cp.zeros_like(w),)


_qhm_update = cp.ElementwiseKernel(
    in_params="T g, T beta, T one_minus_beta, T lr_nu, T lr_one_minus_nu",
    out_params="T w, T m",
    operation="""
    const T m_new = beta * m + one_minus_beta * g;  // average
    const T w_new = w - (lr_nu * m_new + lr_one_minus_nu * g);  // descent
    m = m_new;
    w = w_new;
    """,
    name="qhm_update",
)


def qhm_update(
    w: Array,
    g: Array,
    m: Array,
    t: int,
    *,
    lr: float = 0.01,
    beta: float = 0.9,
    nu: float = 0.7,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of QHM on one array, in place.

        m_new  = beta * m + (1 - beta) * g             average
        w_new  = w - lr * (nu * m_new + (1 - nu) * g)  descent

    Then m, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_nu            = lr * nu
        lr_one_minus_nu  = lr * (1 - nu)
        w_new            = w - (lr_nu * m_new + lr_one_minus_nu * g)

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
    """
    one_minus_beta = 1 - beta
    lr_nu = lr * nu
    lr_one_minus_nu = lr * (1 - nu)

    launch(
        _qhm_update,
        (g,),
        (beta, one_minus_beta, lr_nu, lr_one_minus_nu),
        (w, m),
        stages,
    )


class QHM(CupyOptimizer):
    """QHM: quasi-hyperbolic momentum: a step between that of the gradient and that of its average.

    Source: Ma & Yarats (2019), equations 3 and 4, arXiv:1810.06801.
    The equations are in `qhm_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr    lr >= 0        learning rate
        beta  0 <= beta < 1  decay of the average
        nu    0 <= nu <= 1   share of the average in the step
    """

    lr: Hyper
    beta: Hyper
    nu: Hyper

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
        "nu": ("0 <= nu <= 1", lambda nu: 0 <= nu <= 1),
    }
    _update = staticmethod(qhm_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        beta: Hyper = 0.9,
        nu: Hyper = 0.7,
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
            nu=nu,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w),)


_damped_ball_update = cp.ElementwiseKernel(
    in_params="T g, T dt_over_mass, T friction, T dt",
    out_params="T w, T v",
    operation="""
    const T v_new = v + dt_over_mass * (-g - friction * v);  // Newton's law
    const T w_new = w + dt * v_new;  // move
    v = v_new;
    w = w_new;
    """,
    name="damped_ball_update",
)


def damped_ball_update(
    w: Array,
    g: Array,
    v: Array,
    t: int,
    *,
    dt: float = 0.1,
    friction: float = 1.0,
    mass: float = 1.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of DampedBall on one array, in place.

        v_new  = v + dt * (-g - friction * v) / mass  Newton's law
        w_new  = w + dt * v_new                       move

    Then v, w take the new values.

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = 0 before the first step
    """
    dt_over_mass = dt / mass

    launch(
        _damped_ball_update,
        (g,),
        (dt_over_mass, friction, dt),
        (w, v),
        stages,
    )


class DampedBall(CupyOptimizer):
    """DampedBall: a ball that rolls down with friction, in steps of time.

    Source: m dv/dt = -gradient - gamma v, dx/dt = v, in steps of dt; the new v moves x.
    The equations are in `damped_ball_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        dt        dt > 0         time step
        friction  friction >= 0  friction coefficient gamma
        mass      mass > 0       mass of the ball
    """

    dt: Hyper
    friction: Hyper
    mass: Hyper

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "dt": ("dt > 0", lambda dt: dt > 0),
        "friction": ("friction >= 0", lambda friction: friction >= 0),
        "mass": ("mass > 0", lambda mass: mass > 0),
    }
    _update = staticmethod(damped_ball_update)

    def __init__(
        self,
        params: Any,
        *,
        dt: Hyper = 0.1,
        friction: Hyper = 1.0,
        mass: Hyper = 1.0,
        pipeline: Sequence[Stage] = (),
        master_weights: bool = False,
        tied: str | None = None,
    ) -> None:
        super().__init__(
            params,
            pipeline=pipeline,
            master_weights=master_weights,
            tied=tied,
            dt=dt,
            friction=friction,
            mass=mass,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w),)
