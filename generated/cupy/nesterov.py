# generated from specs/nesterov.py; regenerate with: python cli.py generate nesterov
"""Nesterov's accelerated gradient: the gradient is taken where the velocity will have carried the weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, launch

__all__ = [
    "Nesterov",
    "NesterovLookahead",
    "NesterovVelocity",
    "nesterov_lookahead_update",
    "nesterov_update",
    "nesterov_velocity_update",
]


_nesterov_lookahead_update = cp.ElementwiseKernel(
    in_params="T g, T rho, T lr",
    out_params="T w, T v",
    operation="""
    const T v_new = rho * v - lr * g;  // velocity
    const T w_new = w + v_new + rho * v_new - rho * v;  // move
    v = v_new;
    w = w_new;
    """,
    name="nesterov_lookahead_update",
)


def nesterov_lookahead_update(
    w: Array,
    g: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.01,
    rho: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of NesterovLookahead on one array, in place.

        v_new  = rho * v - lr * g                   velocity
        w_new  = w + v_new + rho * v_new - rho * v  move

    Then v, w take the new values.

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    w is the point at which the gradient is taken, w + rho * v in the paper's variables.
    t is the number of the step, from 1. States:

        v  = 0 before the first step
    """
    launch(
        _nesterov_lookahead_update,
        (g,),
        (rho, lr),
        (w, v),
        stages,
    )


class NesterovLookahead(CupyOptimizer):
    """NesterovLookahead: momentum with the gradient taken at w + rho v.

    Source: Sutskever et al. (2013), proceedings.mlr.press/v28/sutskever13.html, equations 3 and 4.
    The equations are in `nesterov_lookahead_update`, which this class applies to every parameter.

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
    _update = staticmethod(nesterov_lookahead_update)

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


_nesterov_velocity_update = cp.ElementwiseKernel(
    in_params="T g, T rho, T lr",
    out_params="T w, T v",
    operation="""
    const T v_new = rho * v - lr * g;  // velocity
    const T w_new = w + rho * v_new - lr * g;  // move
    v = v_new;
    w = w_new;
    """,
    name="nesterov_velocity_update",
)


def nesterov_velocity_update(
    w: Array,
    g: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.01,
    rho: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of NesterovVelocity on one array, in place.

        v_new  = rho * v - lr * g          velocity
        w_new  = w + rho * v_new - lr * g  move

    Then v, w take the new values.

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = 0 before the first step
    """
    launch(
        _nesterov_velocity_update,
        (g,),
        (rho, lr),
        (w, v),
        stages,
    )


class NesterovVelocity(CupyOptimizer):
    """NesterovVelocity: Nesterov's step at the point of the gradient, with the learning rate in the velocity.

    Source: keras.optimizers.SGD(nesterov=True), velocity form.
    The equations are in `nesterov_velocity_update`, which this class applies to every parameter.

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
    _update = staticmethod(nesterov_velocity_update)

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


_nesterov_update = cp.ElementwiseKernel(
    in_params="T g, T mu, T lr",
    out_params="T w, T b",
    operation="""
    const T b_new = g + mu * b;  // buffer
    const T w_new = w - lr * (g + mu * b_new);  // descent
    b = b_new;
    w = w_new;
    """,
    name="nesterov_update",
)


def nesterov_update(
    w: Array,
    g: Array,
    b: Array,
    t: int,
    *,
    lr: float = 0.01,
    mu: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of Nesterov on one array, in place.

        b_new  = g + mu * b                 buffer
        w_new  = w - lr * (g + mu * b_new)  descent

    Then b, w take the new values.

    w, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        b  = 0 before the first step
    """
    launch(
        _nesterov_update,
        (g,),
        (mu, lr),
        (w, b),
        stages,
    )


class Nesterov(CupyOptimizer):
    """Nesterov: Nesterov's step at the point of the gradient, with the learning rate outside the buffer.

    Source: torch.optim.SGD(nesterov=True) and optax.sgd(nesterov=True), buffer form.
    The equations are in `nesterov_update`, which this class applies to every parameter.

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
    _update = staticmethod(nesterov_update)

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
