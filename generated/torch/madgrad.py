# generated from specs/madgrad.py; regenerate with: python cli.py generate madgrad
"""MADGRAD: dual averaging from the first weights on, over the cube root of a sum of squares, with momentum."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "MADGRAD",
    "MADGRADEpsInLr",
    "madgrad_elements",
    "madgrad_eps_in_lr_elements",
    "madgrad_eps_in_lr_scalars",
    "madgrad_scalars",
]


def madgrad_scalars(
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-6,
    momentum: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of MADGRAD: the last arguments of `madgrad_elements`.

    t is the number of the step, from 1. States:

        s   = 0 before the first step
        v   = 0 before the first step
        x0  = w before the first step
    """
    lamb = lr * math.sqrt(t)  # weight of this gradient
    one_over_three = 1 / 3
    one_minus_momentum = 1 - momentum
    return (lamb, one_over_three, eps, momentum, one_minus_momentum)


def madgrad_elements(
    w: Array,
    s: Array,
    v: Array,
    x0: Array,
    g: Array,
    lamb: float,
    one_over_three: float,
    eps: float,
    momentum: float,
    one_minus_momentum: float,
) -> tuple[Array, ...]:
    """A step of MADGRAD for each element; returns w, s, v, x0 after it.

        lamb    = lr * sqrt(t)                           weight of this gradient
        s_new   = s + lamb * g                           sum of gradients
        v_new   = v + lamb * g**2                        sum of squares
        x0_new  = x0                                     first weights
        z       = x0 - s_new / (v_new ** (1 / 3) + eps)  dual average
        w_new   = momentum * w + (1 - momentum) * z      momentum

    w, s, v, x0 and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    s_new = s + lamb * g  # sum of gradients
    v_new = v + lamb * g**2  # sum of squares
    x0_new = x0  # first weights
    z = x0 - s_new / (v_new**one_over_three + eps)  # dual average
    w_new = momentum * w + one_minus_momentum * z  # momentum
    return (w_new, s_new, v_new, x0_new)


class MADGRAD(TorchOptimizer):
    """MADGRAD: dual averaging over the cube root of a sum of squares, with momentum.

    Source: Defazio & Jelassi (2021), Algorithm 1, arXiv:2101.11075, with momentum 1 - c as in its authors' code.
    The equations are in `madgrad_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr        lr >= 0            learning rate
        eps       eps > 0            keeps the division from zero
        momentum  0 <= momentum < 1  1 - c of the paper: share of w that is kept
    """

    _states: ClassVar = ("s", "v", "x0")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(madgrad_scalars)
    _elements = staticmethod(madgrad_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        eps: Hyper = 1e-6,
        momentum: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, eps=eps, momentum=momentum)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), w.clone())


def madgrad_eps_in_lr_scalars(
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-6,
    momentum: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of MADGRADEpsInLr: the last arguments of `madgrad_eps_in_lr_elements`.

    t is the number of the step, from 1. States:

        s   = 0 before the first step
        v   = 0 before the first step
        x0  = w before the first step
    """
    lamb = (lr + eps) * math.sqrt(t)  # weight of this gradient
    one_over_three = 1 / 3
    one_minus_momentum = 1 - momentum
    return (lamb, one_over_three, eps, momentum, one_minus_momentum)


def madgrad_eps_in_lr_elements(
    w: Array,
    s: Array,
    v: Array,
    x0: Array,
    g: Array,
    lamb: float,
    one_over_three: float,
    eps: float,
    momentum: float,
    one_minus_momentum: float,
) -> tuple[Array, ...]:
    """A step of MADGRADEpsInLr for each element; returns w, s, v, x0 after it.

        lamb    = (lr + eps) * sqrt(t)                   weight of this gradient
        s_new   = s + lamb * g                           sum of gradients
        v_new   = v + lamb * g**2                        sum of squares
        x0_new  = x0                                     first weights
        z       = x0 - s_new / (v_new ** (1 / 3) + eps)  dual average
        w_new   = momentum * w + (1 - momentum) * z      momentum

    w, s, v, x0 and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    s_new = s + lamb * g  # sum of gradients
    v_new = v + lamb * g**2  # sum of squares
    x0_new = x0  # first weights
    z = x0 - s_new / (v_new**one_over_three + eps)  # dual average
    w_new = momentum * w + one_minus_momentum * z  # momentum
    return (w_new, s_new, v_new, x0_new)


class MADGRADEpsInLr(TorchOptimizer):
    """MADGRADEpsInLr: MADGRAD with eps added to the learning rate, too.

    Source: Defazio & Jelassi (2021), arXiv:2101.11075, with eps added to lr as in its authors' code and in optax.
    The equations are in `madgrad_eps_in_lr_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr        lr >= 0            learning rate
        eps       eps > 0            keeps the division from zero
        momentum  0 <= momentum < 1  1 - c of the paper: share of w that is kept
    """

    _states: ClassVar = ("s", "v", "x0")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(madgrad_eps_in_lr_scalars)
    _elements = staticmethod(madgrad_eps_in_lr_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        eps: Hyper = 1e-6,
        momentum: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, eps=eps, momentum=momentum)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), w.clone())
