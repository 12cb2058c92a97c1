# generated from specs/rmsprop.py; regenerate with: python cli.py generate rmsprop
"""RMSprop: every weight's step is divided by the root of a running average of its squared gradients."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer, scalar_like

__all__ = [
    "RMSprop",
    "RMSpropCentered",
    "RMSpropCenteredEpsInside",
    "RMSpropCenteredMomentum",
    "RMSpropCenteredNesterov",
    "RMSpropCorrected",
    "RMSpropEpsInside",
    "RMSpropGraves",
    "RMSpropMomentum",
    "RMSpropMomentumEpsInside",
    "RMSpropMomentumLrInside",
    "RMSpropNesterov",
    "RMSpropWarm",
    "rmsprop_centered_elements",
    "rmsprop_centered_eps_inside_elements",
    "rmsprop_centered_eps_inside_scalars",
    "rmsprop_centered_momentum_elements",
    "rmsprop_centered_momentum_scalars",
    "rmsprop_centered_nesterov_elements",
    "rmsprop_centered_nesterov_scalars",
    "rmsprop_centered_scalars",
    "rmsprop_corrected_elements",
    "rmsprop_corrected_scalars",
    "rmsprop_elements",
    "rmsprop_eps_inside_elements",
    "rmsprop_eps_inside_scalars",
    "rmsprop_graves_elements",
    "rmsprop_graves_scalars",
    "rmsprop_momentum_elements",
    "rmsprop_momentum_eps_inside_elements",
    "rmsprop_momentum_eps_inside_scalars",
    "rmsprop_momentum_lr_inside_elements",
    "rmsprop_momentum_lr_inside_scalars",
    "rmsprop_momentum_scalars",
    "rmsprop_nesterov_elements",
    "rmsprop_nesterov_scalars",
    "rmsprop_scalars",
    "rmsprop_warm_elements",
    "rmsprop_warm_scalars",
]


def rmsprop_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSprop: the last arguments of `rmsprop_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, lr, eps)


def rmsprop_elements(
    w: Array,
    v: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of RMSprop for each element; returns w, v after it.

        v_new  = rho * v + (1 - rho) * g**2        average of squares
        w_new  = w - lr * g / (sqrt(v_new) + eps)  descent

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    w_new = w - lr * g / (torch.sqrt(v_new) + eps)  # descent
    return (w_new, v_new)


class RMSprop(TorchOptimizer):
    """RMSprop: a step divided by the root of an average of squared gradients.

    Source: Tieleman & Hinton (2012), Neural Networks for Machine Learning, lecture 6.5, epsilon outside the root.
    The equations are in `rmsprop_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr   lr >= 0       learning rate
        rho  0 <= rho < 1  decay of the averages
        eps  eps >= 0      keeps the division from zero
    """

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(rmsprop_scalars)
    _elements = staticmethod(rmsprop_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, rho=rho, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)


def rmsprop_eps_inside_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    initial_accumulator: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropEpsInside: the last arguments of `rmsprop_eps_inside_elements`.

    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, lr, eps)


def rmsprop_eps_inside_elements(
    w: Array,
    v: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of RMSpropEpsInside for each element; returns w, v after it.

        v_new  = rho * v + (1 - rho) * g**2      average of squares
        w_new  = w - lr * g / sqrt(v_new + eps)  descent

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    w_new = w - lr * g / torch.sqrt(v_new + eps)  # descent
    return (w_new, v_new)


class RMSpropEpsInside(TorchOptimizer):
    """RMSpropEpsInside: RMSprop with epsilon inside the root.

    Source: Tieleman & Hinton (2012), lecture 6.5, epsilon inside the root as in keras.optimizers.RMSprop.
    The equations are in `rmsprop_eps_inside_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr                   lr >= 0                   learning rate
        rho                  0 <= rho < 1              decay of the averages
        eps                  eps >= 0                  keeps the division from zero
        initial_accumulator  initial_accumulator >= 0  first value of the average
    """

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(rmsprop_eps_inside_scalars)
    _elements = staticmethod(rmsprop_eps_inside_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
        initial_accumulator: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, rho=rho, eps=eps, initial_accumulator=initial_accumulator)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.full_like(w, hyper["initial_accumulator"]),)


def rmsprop_centered_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropCentered: the last arguments of `rmsprop_centered_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step
        a  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, lr, eps)


def rmsprop_centered_elements(
    w: Array,
    v: Array,
    a: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of RMSpropCentered for each element; returns w, v, a after it.

        v_new     = rho * v + (1 - rho) * g**2           average of squares
        a_new     = rho * a + (1 - rho) * g              average
        variance  = maximum(v_new - a_new**2, 0)         variance, guarded against rounding
        w_new     = w - lr * g / (sqrt(variance) + eps)  descent

    w, v, a and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    a_new = rho * a + one_minus_rho * g  # average
    variance = torch.maximum(v_new - a_new**2, scalar_like(0, w))  # variance, guarded against rounding
    w_new = w - lr * g / (torch.sqrt(variance) + eps)  # descent
    return (w_new, v_new, a_new)


class RMSpropCentered(TorchOptimizer):
    """RMSpropCentered: RMSprop that divides by the deviation of the gradients.

    Source: Graves (2013), equations 38 to 40, arXiv:1308.0850, without momentum, epsilon outside the root.
    The equations are in `rmsprop_centered_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr   lr >= 0       learning rate
        rho  0 <= rho < 1  decay of the averages
        eps  eps >= 0      keeps the division from zero
    """

    _states: ClassVar = ("v", "a")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(rmsprop_centered_scalars)
    _elements = staticmethod(rmsprop_centered_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, rho=rho, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def rmsprop_centered_eps_inside_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    initial_accumulator: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropCenteredEpsInside: the last arguments of `rmsprop_centered_eps_inside_elements`.

    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
        a  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, lr, eps)


def rmsprop_centered_eps_inside_elements(
    w: Array,
    v: Array,
    a: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of RMSpropCenteredEpsInside for each element; returns w, v, a after it.

        v_new     = rho * v + (1 - rho) * g**2         average of squares
        a_new     = rho * a + (1 - rho) * g            average
        variance  = maximum(v_new - a_new**2, 0)       variance, guarded against rounding
        w_new     = w - lr * g / sqrt(variance + eps)  descent

    w, v, a and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    a_new = rho * a + one_minus_rho * g  # average
    variance = torch.maximum(v_new - a_new**2, scalar_like(0, w))  # variance, guarded against rounding
    w_new = w - lr * g / torch.sqrt(variance + eps)  # descent
    return (w_new, v_new, a_new)


class RMSpropCenteredEpsInside(TorchOptimizer):
    """RMSpropCenteredEpsInside: centered RMSprop with epsilon inside the root.

    Source: Graves (2013), arXiv:1308.0850, without momentum, as in keras.optimizers.RMSprop(centered=True).
    The equations are in `rmsprop_centered_eps_inside_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr                   lr >= 0                   learning rate
        rho                  0 <= rho < 1              decay of the averages
        eps                  eps >= 0                  keeps the division from zero
        initial_accumulator  initial_accumulator >= 0  first value of the average
    """

    _states: ClassVar = ("v", "a")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(rmsprop_centered_eps_inside_scalars)
    _elements = staticmethod(rmsprop_centered_eps_inside_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
        initial_accumulator: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, rho=rho, eps=eps, initial_accumulator=initial_accumulator)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.full_like(w, hyper["initial_accumulator"]), torch.zeros_like(w))


def rmsprop_momentum_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    momentum: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropMomentum: the last arguments of `rmsprop_momentum_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step
        b  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, momentum, eps, lr)


def rmsprop_momentum_elements(
    w: Array,
    v: Array,
    b: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    momentum: float,
    eps: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of RMSpropMomentum for each element; returns w, v, b after it.

        v_new  = rho * v + (1 - rho) * g**2              average of squares
        b_new  = momentum * b + g / (sqrt(v_new) + eps)  buffer
        w_new  = w - lr * b_new                          descent

    w, v, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    b_new = momentum * b + g / (torch.sqrt(v_new) + eps)  # buffer
    w_new = w - lr * b_new  # descent
    return (w_new, v_new, b_new)


class RMSpropMomentum(TorchOptimizer):
    """RMSpropMomentum: RMSprop with momentum, the learning rate outside the buffer.

    Source: torch.optim.RMSprop(momentum=...), learning rate outside the buffer.
    The equations are in `rmsprop_momentum_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr        lr >= 0            learning rate
        rho       0 <= rho < 1       decay of the averages
        eps       eps >= 0           keeps the division from zero
        momentum  0 <= momentum < 1  momentum coefficient
    """

    _states: ClassVar = ("v", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _scalars = staticmethod(rmsprop_momentum_scalars)
    _elements = staticmethod(rmsprop_momentum_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
        momentum: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, rho=rho, eps=eps, momentum=momentum)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def rmsprop_momentum_lr_inside_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    momentum: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropMomentumLrInside: the last arguments of `rmsprop_momentum_lr_inside_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step
        b  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, momentum, lr, eps)


def rmsprop_momentum_lr_inside_elements(
    w: Array,
    v: Array,
    b: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    momentum: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of RMSpropMomentumLrInside for each element; returns w, v, b after it.

        v_new  = rho * v + (1 - rho) * g**2                   average of squares
        b_new  = momentum * b + lr * g / (sqrt(v_new) + eps)  buffer
        w_new  = w - b_new                                    descent

    w, v, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    b_new = momentum * b + lr * g / (torch.sqrt(v_new) + eps)  # buffer
    w_new = w - b_new  # descent
    return (w_new, v_new, b_new)


class RMSpropMomentumLrInside(TorchOptimizer):
    """RMSpropMomentumLrInside: RMSprop with momentum, the learning rate inside the buffer.

    Source: RMSprop with momentum and the learning rate inside the buffer, epsilon outside the root.
    The equations are in `rmsprop_momentum_lr_inside_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr        lr >= 0            learning rate
        rho       0 <= rho < 1       decay of the averages
        eps       eps >= 0           keeps the division from zero
        momentum  0 <= momentum < 1  momentum coefficient
    """

    _states: ClassVar = ("v", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _scalars = staticmethod(rmsprop_momentum_lr_inside_scalars)
    _elements = staticmethod(rmsprop_momentum_lr_inside_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
        momentum: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, rho=rho, eps=eps, momentum=momentum)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def rmsprop_momentum_eps_inside_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    momentum: float = 0.9,
    initial_accumulator: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropMomentumEpsInside: the last arguments of `rmsprop_momentum_eps_inside_elements`.

    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
        b  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, momentum, lr, eps)


def rmsprop_momentum_eps_inside_elements(
    w: Array,
    v: Array,
    b: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    momentum: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of RMSpropMomentumEpsInside for each element; returns w, v, b after it.

        v_new  = rho * v + (1 - rho) * g**2                 average of squares
        b_new  = momentum * b + lr * g / sqrt(v_new + eps)  buffer
        w_new  = w - b_new                                  descent

    w, v, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    b_new = momentum * b + lr * g / torch.sqrt(v_new + eps)  # buffer
    w_new = w - b_new  # descent
    return (w_new, v_new, b_new)


class RMSpropMomentumEpsInside(TorchOptimizer):
    """RMSpropMomentumEpsInside: RMSprop with momentum, learning rate inside the buffer, epsilon inside the root.

    Source: keras.optimizers.RMSprop(momentum=...), learning rate inside the buffer, epsilon inside the root.
    The equations are in `rmsprop_momentum_eps_inside_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr                   lr >= 0                   learning rate
        rho                  0 <= rho < 1              decay of the averages
        eps                  eps >= 0                  keeps the division from zero
        momentum             0 <= momentum < 1         momentum coefficient
        initial_accumulator  initial_accumulator >= 0  first value of the average
    """

    _states: ClassVar = ("v", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(rmsprop_momentum_eps_inside_scalars)
    _elements = staticmethod(rmsprop_momentum_eps_inside_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
        momentum: Hyper = 0.9,
        initial_accumulator: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, rho=rho, eps=eps, momentum=momentum, initial_accumulator=initial_accumulator)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.full_like(w, hyper["initial_accumulator"]), torch.zeros_like(w))


def rmsprop_centered_momentum_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    momentum: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropCenteredMomentum: the last arguments of `rmsprop_centered_momentum_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step
        a  = 0 before the first step
        b  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, momentum, eps, lr)


def rmsprop_centered_momentum_elements(
    w: Array,
    v: Array,
    a: Array,
    b: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    momentum: float,
    eps: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of RMSpropCenteredMomentum for each element; returns w, v, a, b after it.

        v_new     = rho * v + (1 - rho) * g**2                 average of squares
        a_new     = rho * a + (1 - rho) * g                    average
        variance  = maximum(v_new - a_new**2, 0)               variance, guarded against rounding
        b_new     = momentum * b + g / (sqrt(variance) + eps)  buffer
        w_new     = w - lr * b_new                             descent

    w, v, a, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    a_new = rho * a + one_minus_rho * g  # average
    variance = torch.maximum(v_new - a_new**2, scalar_like(0, w))  # variance, guarded against rounding
    b_new = momentum * b + g / (torch.sqrt(variance) + eps)  # buffer
    w_new = w - lr * b_new  # descent
    return (w_new, v_new, a_new, b_new)


class RMSpropCenteredMomentum(TorchOptimizer):
    """RMSpropCenteredMomentum: centered RMSprop with momentum, the learning rate outside the buffer, epsilon outside the root.

    Source: torch.optim.RMSprop(centered=True, momentum=...), learning rate outside the buffer.
    The equations are in `rmsprop_centered_momentum_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr        lr >= 0            learning rate
        rho       0 <= rho < 1       decay of the averages
        eps       eps >= 0           keeps the division from zero
        momentum  0 <= momentum < 1  momentum coefficient
    """

    _states: ClassVar = ("v", "a", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _scalars = staticmethod(rmsprop_centered_momentum_scalars)
    _elements = staticmethod(rmsprop_centered_momentum_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
        momentum: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, rho=rho, eps=eps, momentum=momentum)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))


def rmsprop_graves_scalars(
    t: int,
    *,
    lr: float = 1e-4,
    rho: float = 0.95,
    eps: float = 1e-4,
    momentum: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropGraves: the last arguments of `rmsprop_graves_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step
        a  = 0 before the first step
        b  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, momentum, lr, eps)


def rmsprop_graves_elements(
    w: Array,
    v: Array,
    a: Array,
    b: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    momentum: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of RMSpropGraves for each element; returns w, v, a, b after it.

        v_new     = rho * v + (1 - rho) * g**2                    average of squares
        a_new     = rho * a + (1 - rho) * g                       average
        variance  = maximum(v_new - a_new**2, 0)                  variance, guarded against rounding
        b_new     = momentum * b - lr * g / sqrt(variance + eps)  buffer
        w_new     = w + b_new                                     move

    w, v, a, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    a_new = rho * a + one_minus_rho * g  # average
    variance = torch.maximum(v_new - a_new**2, scalar_like(0, w))  # variance, guarded against rounding
    b_new = momentum * b - lr * g / torch.sqrt(variance + eps)  # buffer
    w_new = w + b_new  # move
    return (w_new, v_new, a_new, b_new)


class RMSpropGraves(TorchOptimizer):
    """RMSpropGraves: centered RMSprop with momentum, as first published.

    Source: Graves (2013), equations 38 to 45, arXiv:1308.0850.
    The equations are in `rmsprop_graves_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr        lr >= 0            learning rate
        rho       0 <= rho < 1       decay of the averages
        eps       eps >= 0           keeps the root from zero
        momentum  0 <= momentum < 1  momentum coefficient
    """

    _states: ClassVar = ("v", "a", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _scalars = staticmethod(rmsprop_graves_scalars)
    _elements = staticmethod(rmsprop_graves_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1e-4,
        rho: Hyper = 0.95,
        eps: Hyper = 1e-4,
        momentum: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, rho=rho, eps=eps, momentum=momentum)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))


def rmsprop_nesterov_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    momentum: float = 0.9,
    initial_accumulator: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropNesterov: the last arguments of `rmsprop_nesterov_elements`.

    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
        b  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, lr, eps, momentum)


def rmsprop_nesterov_elements(
    w: Array,
    v: Array,
    b: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    lr: float,
    eps: float,
    momentum: float,
) -> tuple[Array, ...]:
    """A step of RMSpropNesterov for each element; returns w, v, b after it.

        v_new  = rho * v + (1 - rho) * g**2  average of squares
        u      = lr * g / sqrt(v_new + eps)  step of RMSprop
        b_new  = u + momentum * b            buffer
        w_new  = w - u - momentum * b_new    descent

    w, v, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    u = lr * g / torch.sqrt(v_new + eps)  # step of RMSprop
    b_new = u + momentum * b  # buffer
    w_new = w - u - momentum * b_new  # descent
    return (w_new, v_new, b_new)


class RMSpropNesterov(TorchOptimizer):
    """RMSpropNesterov: RMSprop with Nesterov's momentum.

    Source: optax.rmsprop(momentum=..., nesterov=True), learning rate inside the buffer, epsilon inside the root.
    The equations are in `rmsprop_nesterov_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr                   lr >= 0                   learning rate
        rho                  0 <= rho < 1              decay of the averages
        eps                  eps >= 0                  keeps the division from zero
        momentum             0 <= momentum < 1         momentum coefficient
        initial_accumulator  initial_accumulator >= 0  first value of the average
    """

    _states: ClassVar = ("v", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(rmsprop_nesterov_scalars)
    _elements = staticmethod(rmsprop_nesterov_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
        momentum: Hyper = 0.9,
        initial_accumulator: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, rho=rho, eps=eps, momentum=momentum, initial_accumulator=initial_accumulator)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.full_like(w, hyper["initial_accumulator"]), torch.zeros_like(w))


def rmsprop_centered_nesterov_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
    momentum: float = 0.9,
    initial_accumulator: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropCenteredNesterov: the last arguments of `rmsprop_centered_nesterov_elements`.

    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
        a  = 0 before the first step
        b  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, lr, eps, momentum)


def rmsprop_centered_nesterov_elements(
    w: Array,
    v: Array,
    a: Array,
    b: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    lr: float,
    eps: float,
    momentum: float,
) -> tuple[Array, ...]:
    """A step of RMSpropCenteredNesterov for each element; returns w, v, a, b after it.

        v_new     = rho * v + (1 - rho) * g**2     average of squares
        a_new     = rho * a + (1 - rho) * g        average
        variance  = maximum(v_new - a_new**2, 0)   variance, guarded against rounding
        u         = lr * g / sqrt(variance + eps)  step of centered RMSprop
        b_new     = u + momentum * b               buffer
        w_new     = w - u - momentum * b_new       descent

    w, v, a, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    a_new = rho * a + one_minus_rho * g  # average
    variance = torch.maximum(v_new - a_new**2, scalar_like(0, w))  # variance, guarded against rounding
    u = lr * g / torch.sqrt(variance + eps)  # step of centered RMSprop
    b_new = u + momentum * b  # buffer
    w_new = w - u - momentum * b_new  # descent
    return (w_new, v_new, a_new, b_new)


class RMSpropCenteredNesterov(TorchOptimizer):
    """RMSpropCenteredNesterov: centered RMSprop with Nesterov's momentum.

    Source: optax.rmsprop(centered=True, momentum=..., nesterov=True), epsilon inside the root.
    The equations are in `rmsprop_centered_nesterov_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr                   lr >= 0                   learning rate
        rho                  0 <= rho < 1              decay of the averages
        eps                  eps >= 0                  keeps the division from zero
        momentum             0 <= momentum < 1         momentum coefficient
        initial_accumulator  initial_accumulator >= 0  first value of the average
    """

    _states: ClassVar = ("v", "a", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(rmsprop_centered_nesterov_scalars)
    _elements = staticmethod(rmsprop_centered_nesterov_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
        momentum: Hyper = 0.9,
        initial_accumulator: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, rho=rho, eps=eps, momentum=momentum, initial_accumulator=initial_accumulator)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.full_like(w, hyper["initial_accumulator"]), torch.zeros_like(w), torch.zeros_like(w))


def rmsprop_corrected_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropCorrected: the last arguments of `rmsprop_corrected_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step
    """
    c = one_minus_power(rho, t)  # bias of the average
    one_minus_rho = 1 - rho
    lr_sqrt_c = lr * math.sqrt(c)
    eps_c = eps * c
    return (rho, one_minus_rho, lr_sqrt_c, eps_c)


def rmsprop_corrected_elements(
    w: Array,
    v: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    lr_sqrt_c: float,
    eps_c: float,
) -> tuple[Array, ...]:
    """A step of RMSpropCorrected for each element; returns w, v after it.

        c      = 1 - rho**t                      bias of the average
        v_new  = rho * v + (1 - rho) * g**2      average of squares
        v_hat  = v_new / c                       average, corrected
        w_new  = w - lr * g / sqrt(v_hat + eps)  descent

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c  = lr * sqrt(c)
        eps_c      = eps * c
        w_new      = w - lr_sqrt_c * g / sqrt(v_new + eps_c)

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squares
    w_new = w - lr_sqrt_c * g / torch.sqrt(v_new + eps_c)  # descent
    return (w_new, v_new)


class RMSpropCorrected(TorchOptimizer):
    """RMSpropCorrected: RMSprop with the bias correction of Adam.

    Source: optax.rmsprop(bias_correction=True), epsilon inside the root.
    The equations are in `rmsprop_corrected_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr   lr >= 0       learning rate
        rho  0 <= rho < 1  decay of the averages
        eps  eps >= 0      keeps the division from zero
    """

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(rmsprop_corrected_scalars)
    _elements = staticmethod(rmsprop_corrected_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, rho=rho, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)


def rmsprop_warm_scalars(
    t: int,
    *,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-7,
) -> tuple[float, ...]:
    """What all elements share in a step of RMSpropWarm: the last arguments of `rmsprop_warm_elements`.

    t is the number of the step of this parameter, from 1. States:

        v  = 0 before the first step
    """
    r = rho if t > 1 else 0  # decay, none before the second step
    one_minus_r = 1 - r
    return (r, one_minus_r, lr, eps)


def rmsprop_warm_elements(
    w: Array,
    v: Array,
    g: Array,
    r: float,
    one_minus_r: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of RMSpropWarm for each element; returns w, v after it.

        r      = where(t > 1, rho, 0)              decay, none before the second step
        v_new  = r * v + (1 - r) * g**2            average of squares
        w_new  = w - lr * g / (sqrt(v_new) + eps)  descent

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = r * v + one_minus_r * g**2  # average of squares
    w_new = w - lr * g / (torch.sqrt(v_new) + eps)  # descent
    return (w_new, v_new)


class RMSpropWarm(TorchOptimizer):
    """RMSpropWarm: RMSprop started at the first squared gradient.

    Source: RMSprop whose average starts at the first squared gradient: v_1 = g_0**2 with gradients counted from 0.
    The equations are in `rmsprop_warm_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr   lr >= 0       learning rate
        rho  0 <= rho < 1  decay of the averages
        eps  eps >= 0      keeps the division from zero
    """

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _own_t: ClassVar = True
    _scalars = staticmethod(rmsprop_warm_scalars)
    _elements = staticmethod(rmsprop_warm_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-7,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, rho=rho, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)
