# generated from specs/adadelta.py; regenerate with: python cli.py generate adadelta
"""Adadelta: the step has the units of the weights, because it is scaled by the size of past steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "Adadelta",
    "AdadeltaUnitFirst",
    "AdadeltaUnitStart",
    "adadelta_elements",
    "adadelta_scalars",
    "adadelta_unit_first_elements",
    "adadelta_unit_first_scalars",
    "adadelta_unit_start_elements",
    "adadelta_unit_start_scalars",
]


def adadelta_scalars(
    t: int,
    *,
    lr: float = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
) -> tuple[float, ...]:
    """What all elements share in a step of Adadelta: the last arguments of `adadelta_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step
        d  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, eps, lr)


def adadelta_elements(
    w: Array,
    v: Array,
    d: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    eps: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of Adadelta for each element; returns w, v, d after it.

        v_new  = rho * v + (1 - rho) * g**2             average of squared gradients
        u      = g * sqrt(d + eps) / sqrt(v_new + eps)  step
        d_new  = rho * d + (1 - rho) * u**2             average of squared steps
        w_new  = w - lr * u                             descent

    w, v, d and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squared gradients
    u = g * torch.sqrt(d + eps) / torch.sqrt(v_new + eps)  # step
    d_new = rho * d + one_minus_rho * u**2  # average of squared steps
    w_new = w - lr * u  # descent
    return (w_new, v_new, d_new)


class Adadelta(TorchOptimizer):
    """Adadelta: a step scaled by the size of past steps over that of past gradients.

    Source: Zeiler (2012), Algorithm 1, arXiv:1212.5701; lr is 1 there.
    The equations are in `adadelta_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr   lr >= 0       learning rate; 1 in the paper
        rho  0 <= rho < 1  decay of the averages
        eps  eps >= 0      sets the first step, and keeps the division from zero
    """

    _states: ClassVar = ("v", "d")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(adadelta_scalars)
    _elements = staticmethod(adadelta_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-6,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, rho=rho, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def adadelta_unit_start_scalars(
    t: int,
    *,
    lr: float = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
) -> tuple[float, ...]:
    """What all elements share in a step of AdadeltaUnitStart: the last arguments of `adadelta_unit_start_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step
        d  = 1 - eps before the first step
    """
    one_minus_rho = 1 - rho
    return (rho, one_minus_rho, eps, lr)


def adadelta_unit_start_elements(
    w: Array,
    v: Array,
    d: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    eps: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of AdadeltaUnitStart for each element; returns w, v, d after it.

        v_new  = rho * v + (1 - rho) * g**2             average of squared gradients
        u      = g * sqrt(d + eps) / sqrt(v_new + eps)  step
        d_new  = rho * d + (1 - rho) * u**2             average of squared steps
        w_new  = w - lr * u                             descent

    w, v, d and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squared gradients
    u = g * torch.sqrt(d + eps) / torch.sqrt(v_new + eps)  # step
    d_new = rho * d + one_minus_rho * u**2  # average of squared steps
    w_new = w - lr * u  # descent
    return (w_new, v_new, d_new)


class AdadeltaUnitStart(TorchOptimizer):
    """AdadeltaUnitStart: Adadelta that starts as if past steps had had length one.

    Source: Zeiler (2012), arXiv:1212.5701, with RMS[dw] = 1 before the first step.
    The equations are in `adadelta_unit_start_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr   lr >= 0       learning rate; 1 in the paper
        rho  0 <= rho < 1  decay of the averages
        eps  eps >= 0      sets the first step, and keeps the division from zero
    """

    _states: ClassVar = ("v", "d")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(adadelta_unit_start_scalars)
    _elements = staticmethod(adadelta_unit_start_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-6,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, rho=rho, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.full_like(w, 1 - hyper["eps"]))


def adadelta_unit_first_scalars(
    t: int,
    *,
    lr: float = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
) -> tuple[float, ...]:
    """What all elements share in a step of AdadeltaUnitFirst: the last arguments of `adadelta_unit_first_elements`.

    t is the number of the step of this parameter, from 1. States:

        v  = 0 before the first step
        d  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    t_above_one = 1 if t > 1 else 0
    return (rho, one_minus_rho, t_above_one, eps, lr)


def adadelta_unit_first_elements(
    w: Array,
    v: Array,
    d: Array,
    g: Array,
    rho: float,
    one_minus_rho: float,
    t_above_one: float,
    eps: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of AdadeltaUnitFirst for each element; returns w, v, d after it.

        v_new  = rho * v + (1 - rho) * g**2                              average of squared gradients
        u      = g * where(t > 1, sqrt(d + eps), 1) / sqrt(v_new + eps)  step
        d_new  = rho * d + (1 - rho) * u**2                              average of squared steps
        w_new  = w - lr * u                                              descent

    w, v, d and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = rho * v + one_minus_rho * g**2  # average of squared gradients
    u = g * torch.where(t_above_one != 0, torch.sqrt(d + eps), 1) / torch.sqrt(v_new + eps)  # step
    d_new = rho * d + one_minus_rho * u**2  # average of squared steps
    w_new = w - lr * u  # descent
    return (w_new, v_new, d_new)


class AdadeltaUnitFirst(TorchOptimizer):
    """AdadeltaUnitFirst: Adadelta whose first step is that of RMSprop.

    Source: Zeiler (2012), arXiv:1212.5701, with 1 for RMS[dw] in the first step and the average from 0 in all others.
    The equations are in `adadelta_unit_first_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr   lr >= 0       learning rate; 1 in the paper
        rho  0 <= rho < 1  decay of the averages
        eps  eps >= 0      sets the first step, and keeps the division from zero
    """

    _states: ClassVar = ("v", "d")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _own_t: ClassVar = True
    _scalars = staticmethod(adadelta_unit_first_scalars)
    _elements = staticmethod(adadelta_unit_first_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-6,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, rho=rho, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
