# generated from specs/nesterov.py; regenerate with: python cli.py generate nesterov
"""Nesterov's accelerated gradient: the gradient is taken where the velocity will have carried the weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "Nesterov",
    "NesterovLookahead",
    "NesterovVelocity",
    "nesterov_elements",
    "nesterov_lookahead_elements",
    "nesterov_lookahead_scalars",
    "nesterov_scalars",
    "nesterov_velocity_elements",
    "nesterov_velocity_scalars",
]


def nesterov_lookahead_scalars(
    t: int,
    *,
    lr: float = 0.01,
    rho: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of NesterovLookahead: the last arguments of `nesterov_lookahead_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step
    """
    return (rho, lr)


def nesterov_lookahead_elements(
    w: Array,
    v: Array,
    g: Array,
    rho: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of NesterovLookahead for each element; returns w, v after it.

        v_new  = rho * v - lr * g                   velocity
        w_new  = w + v_new + rho * v_new - rho * v  move

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    w is the point at which the gradient is taken, w + rho * v in the paper's variables.
    """
    v_new = rho * v - lr * g  # velocity
    w_new = w + v_new + rho * v_new - rho * v  # move
    return (w_new, v_new)


class NesterovLookahead(TorchOptimizer):
    """NesterovLookahead: momentum with the gradient taken at w + rho v.

    Source: Sutskever et al. (2013), proceedings.mlr.press/v28/sutskever13.html, equations 3 and 4.
    The equations are in `nesterov_lookahead_elements`.
    w is the point at which the gradient is taken, w + rho * v in the paper's variables.

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
    _scalars = staticmethod(nesterov_lookahead_scalars)
    _elements = staticmethod(nesterov_lookahead_elements)

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


def nesterov_velocity_scalars(
    t: int,
    *,
    lr: float = 0.01,
    rho: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of NesterovVelocity: the last arguments of `nesterov_velocity_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step
    """
    return (rho, lr)


def nesterov_velocity_elements(
    w: Array,
    v: Array,
    g: Array,
    rho: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of NesterovVelocity for each element; returns w, v after it.

        v_new  = rho * v - lr * g          velocity
        w_new  = w + rho * v_new - lr * g  move

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v - lr * g  # velocity
    w_new = w + rho * v_new - lr * g  # move
    return (w_new, v_new)


class NesterovVelocity(TorchOptimizer):
    """NesterovVelocity: Nesterov's step at the point of the gradient, with the learning rate in the velocity.

    Source: keras.optimizers.SGD(nesterov=True), velocity form.
    The equations are in `nesterov_velocity_elements`.

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
    _scalars = staticmethod(nesterov_velocity_scalars)
    _elements = staticmethod(nesterov_velocity_elements)

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


def nesterov_scalars(
    t: int,
    *,
    lr: float = 0.01,
    mu: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of Nesterov: the last arguments of `nesterov_elements`.

    t is the number of the step, from 1. States:

        b  = 0 before the first step
    """
    return (mu, lr)


def nesterov_elements(
    w: Array,
    b: Array,
    g: Array,
    mu: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of Nesterov for each element; returns w, b after it.

        b_new  = g + mu * b                 buffer
        w_new  = w - lr * (g + mu * b_new)  descent

    w, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    b_new = g + mu * b  # buffer
    w_new = w - lr * (g + mu * b_new)  # descent
    return (w_new, b_new)


class Nesterov(TorchOptimizer):
    """Nesterov: Nesterov's step at the point of the gradient, with the learning rate outside the buffer.

    Source: torch.optim.SGD(nesterov=True) and optax.sgd(nesterov=True), buffer form.
    The equations are in `nesterov_elements`.

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
    _scalars = staticmethod(nesterov_scalars)
    _elements = staticmethod(nesterov_elements)

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
