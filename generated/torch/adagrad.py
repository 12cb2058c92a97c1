# generated from specs/adagrad.py; regenerate with: python cli.py generate adagrad
"""Adagrad: every weight's step is divided by the root of all squared gradients it has seen."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "Adagrad",
    "AdagradDecay",
    "AdagradEpsInside",
    "AdagradGuarded",
    "AdagradRMS",
    "adagrad_decay_elements",
    "adagrad_decay_scalars",
    "adagrad_elements",
    "adagrad_eps_inside_elements",
    "adagrad_eps_inside_scalars",
    "adagrad_guarded_elements",
    "adagrad_guarded_scalars",
    "adagrad_rms_elements",
    "adagrad_rms_scalars",
    "adagrad_scalars",
]


def adagrad_scalars(
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-10,
    initial_accumulator: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of Adagrad: the last arguments of `adagrad_elements`.

    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
    """
    return (lr, eps)


def adagrad_elements(
    w: Array,
    v: Array,
    g: Array,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of Adagrad for each element; returns w, v after it.

        v_new  = v + g**2                          sum of squares
        w_new  = w - lr * g / (sqrt(v_new) + eps)  descent

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = v + g**2  # sum of squares
    w_new = w - lr * g / (torch.sqrt(v_new) + eps)  # descent
    return (w_new, v_new)


class Adagrad(TorchOptimizer):
    """Adagrad: a step divided by the root of the sum of squared gradients.

    Source: Duchi, Hazan & Singer (2011), jmlr.org/papers/v12/duchi11a.html, epsilon outside the root.
    The equations are in `adagrad_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr                   lr >= 0                   learning rate
        eps                  eps >= 0                  keeps the division from zero
        initial_accumulator  initial_accumulator >= 0  first value of the sum
    """

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(adagrad_scalars)
    _elements = staticmethod(adagrad_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        eps: Hyper = 1e-10,
        initial_accumulator: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, eps=eps, initial_accumulator=initial_accumulator)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.full_like(w, hyper["initial_accumulator"]),)


def adagrad_eps_inside_scalars(
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-7,
    initial_accumulator: float = 0.1,
) -> tuple[float, ...]:
    """What all elements share in a step of AdagradEpsInside: the last arguments of `adagrad_eps_inside_elements`.

    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
    """
    return (lr, eps)


def adagrad_eps_inside_elements(
    w: Array,
    v: Array,
    g: Array,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AdagradEpsInside for each element; returns w, v after it.

        v_new  = v + g**2                        sum of squares
        w_new  = w - lr * g / sqrt(v_new + eps)  descent

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = v + g**2  # sum of squares
    w_new = w - lr * g / torch.sqrt(v_new + eps)  # descent
    return (w_new, v_new)


class AdagradEpsInside(TorchOptimizer):
    """AdagradEpsInside: Adagrad with epsilon inside the root.

    Source: Duchi, Hazan & Singer (2011), epsilon inside the root as in keras.optimizers.Adagrad and optax.adagrad.
    The equations are in `adagrad_eps_inside_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr                   lr >= 0                   learning rate
        eps                  eps >= 0                  keeps the root from zero
        initial_accumulator  initial_accumulator >= 0  first value of the sum
    """

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(adagrad_eps_inside_scalars)
    _elements = staticmethod(adagrad_eps_inside_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        eps: Hyper = 1e-7,
        initial_accumulator: Hyper = 0.1,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, eps=eps, initial_accumulator=initial_accumulator)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.full_like(w, hyper["initial_accumulator"]),)


def adagrad_guarded_scalars(
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-7,
    initial_accumulator: float = 0.1,
) -> tuple[float, ...]:
    """What all elements share in a step of AdagradGuarded: the last arguments of `adagrad_guarded_elements`.

    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
    """
    return (lr, eps)


def adagrad_guarded_elements(
    w: Array,
    v: Array,
    g: Array,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AdagradGuarded for each element; returns w, v after it.

        v_new  = v + g**2                                                 sum of squares
        w_new  = w - lr * g * where(v_new > 0, 1 / sqrt(v_new + eps), 0)  descent, if there is a slope

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = v + g**2  # sum of squares
    w_new = w - lr * g * torch.where(v_new > 0, 1 / torch.sqrt(v_new + eps), 0)  # descent, if there is a slope
    return (w_new, v_new)


class AdagradGuarded(TorchOptimizer):
    """AdagradGuarded: AdagradEpsInside that needs no epsilon.

    Source: Duchi, Hazan & Singer (2011), as in optax.adagrad, which rests as long as all gradients were zero.
    The equations are in `adagrad_guarded_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr                   lr >= 0                   learning rate
        eps                  eps >= 0                  keeps the root from zero
        initial_accumulator  initial_accumulator >= 0  first value of the sum
    """

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(adagrad_guarded_scalars)
    _elements = staticmethod(adagrad_guarded_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        eps: Hyper = 1e-7,
        initial_accumulator: Hyper = 0.1,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, eps=eps, initial_accumulator=initial_accumulator)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.full_like(w, hyper["initial_accumulator"]),)


def adagrad_decay_scalars(
    t: int,
    *,
    lr: float = 0.01,
    lr_decay: float = 0.0,
    eps: float = 1e-10,
    initial_accumulator: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of AdagradDecay: the last arguments of `adagrad_decay_elements`.

    t is the number of the step, from 1. States:

        v  = initial_accumulator before the first step
    """
    clr = lr / (1 + lr_decay * (t - 1))  # decayed learning rate
    return (clr, eps)


def adagrad_decay_elements(
    w: Array,
    v: Array,
    g: Array,
    clr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AdagradDecay for each element; returns w, v after it.

        clr    = lr / (1 + lr_decay * (t - 1))      decayed learning rate
        v_new  = v + g**2                           sum of squares
        w_new  = w - clr * g / (sqrt(v_new) + eps)  descent

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v_new = v + g**2  # sum of squares
    w_new = w - clr * g / (torch.sqrt(v_new) + eps)  # descent
    return (w_new, v_new)


class AdagradDecay(TorchOptimizer):
    """AdagradDecay: Adagrad with a learning rate that falls with the step number.

    Source: Duchi, Hazan & Singer (2011), with the learning-rate decay of torch.optim.Adagrad.
    The equations are in `adagrad_decay_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr                   lr >= 0                   learning rate
        lr_decay             lr_decay >= 0             decay of the learning rate
        eps                  eps >= 0                  keeps the division from zero
        initial_accumulator  initial_accumulator >= 0  first value of the sum
    """

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "lr_decay": ("lr_decay >= 0", lambda lr_decay: lr_decay >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "initial_accumulator": ("initial_accumulator >= 0", lambda initial_accumulator: initial_accumulator >= 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(adagrad_decay_scalars)
    _elements = staticmethod(adagrad_decay_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        lr_decay: Hyper = 0.0,
        eps: Hyper = 1e-10,
        initial_accumulator: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, lr_decay=lr_decay, eps=eps, initial_accumulator=initial_accumulator)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.full_like(w, hyper["initial_accumulator"]),)


def adagrad_rms_scalars(
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-10,
) -> tuple[float, ...]:
    """What all elements share in a step of AdagradRMS: the last arguments of `adagrad_rms_elements`.

    t is the number of the step, from 1. States:

        s  = 0 before the first step
    """
    clr = lr / math.sqrt(t)  # decayed learning rate
    t_minus_one = t - 1
    return (t_minus_one, t, clr, eps)


def adagrad_rms_elements(
    w: Array,
    s: Array,
    g: Array,
    t_minus_one: float,
    t: float,
    clr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AdagradRMS for each element; returns w, s after it.

        clr    = lr / sqrt(t)                       decayed learning rate
        s_new  = ((t - 1) * s + g**2) / t           mean of squares
        w_new  = w - clr * g / (sqrt(s_new) + eps)  descent

    w, s and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    s_new = (t_minus_one * s + g**2) / t  # mean of squares
    w_new = w - clr * g / (torch.sqrt(s_new) + eps)  # descent
    return (w_new, s_new)


class AdagradRMS(TorchOptimizer):
    """AdagradRMS: Adagrad written with the mean of squared gradients.

    Source: Adagrad as a root mean square with the learning rate lr/sqrt(t).
    The equations are in `adagrad_rms_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr   lr >= 0   learning rate
        eps  eps >= 0  keeps the division from zero
    """

    _states: ClassVar = ("s",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(adagrad_rms_scalars)
    _elements = staticmethod(adagrad_rms_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        eps: Hyper = 1e-10,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)
