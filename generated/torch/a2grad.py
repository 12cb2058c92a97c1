# generated from specs/a2grad.py; regenerate with: python cli.py generate a2grad
"""A2Grad: Nesterov's acceleration, with steps that mind how far gradients are from their mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import power, sqrt
from ._arrays import Array, Hyper, Stage, TorchOptimizer, nan_max, summed

__all__ = [
    "A2GradExp",
    "A2GradInc",
    "A2GradUni",
    "a2grad_exp_elements",
    "a2grad_exp_per_array",
    "a2grad_exp_scalars",
    "a2grad_exp_summands",
    "a2grad_exp_sums",
    "a2grad_inc_elements",
    "a2grad_inc_per_array",
    "a2grad_inc_scalars",
    "a2grad_inc_summands",
    "a2grad_inc_sums",
    "a2grad_uni_elements",
    "a2grad_uni_per_array",
    "a2grad_uni_scalars",
    "a2grad_uni_summands",
    "a2grad_uni_sums",
]


def a2grad_uni_scalars(
    v: float,
    total: float,
    t: int,
    *,
    beta: float = 10.0,
    lips: float = 10.0,
) -> tuple[float, ...]:
    """What all elements share in a step of A2GradUni: the last arguments of `a2grad_uni_elements`.

    t is the number of the step of this parameter, from 1. States:

        x      = w before the first step
        g_bar  = 0 before the first step
        v      = 0 before the first step, a number for each array

    total: what `a2grad_uni_sums` gives.
    """
    apart = total  # squared distance from it, of this array
    v_new = v + apart  # sum of the spreads
    root = sqrt(v_new)  # spread of the gradients
    length = 1 / (root * beta + 2 * lips / (1 + t))  # step length
    alpha = 2 / (3 + t)  # share of the long steps
    alpha_last = 2 / (2 + t) if t > 1 else 1  # the same, of the step before
    t_above_one = 1 if t > 1 else 0
    one_minus_alpha = 1 - alpha
    length_alpha_last_one_minus_alpha = length * alpha_last * (1 - alpha)
    return (t_above_one, t, length, one_minus_alpha, alpha, length_alpha_last_one_minus_alpha)


def a2grad_uni_elements(
    w: Array,
    x: Array,
    g_bar: Array,
    g: Array,
    t_above_one: float,
    t: float,
    length: float,
    one_minus_alpha: float,
    alpha: float,
    length_alpha_last_one_minus_alpha: float,
) -> tuple[Array, ...]:
    """A step of A2GradUni for each element; returns w, x, g_bar after it.

        g_bar_new   = where(t > 1, g_bar + (g - g_bar) / t, g)  mean of all gradients
        apart       = array_sum((g - g_bar_new) ** 2)           squared distance from it, of this array
        v_new       = v + apart                                 sum of the spreads
        root        = sqrt(v_new)                               spread of the gradients
        length      = 1 / (root * beta + 2 * lips / (1 + t))    step length
        alpha       = 2 / (3 + t)                               share of the long steps
        alpha_last  = where(t > 1, 2 / (2 + t), 1)              the same, of the step before
        x_new       = x - length * g                            long steps
        w_new       = (1 - alpha) * w + alpha * x_new - length * alpha_last * (1 - alpha) * g  short steps, drawn to the long ones

    w, x, g_bar and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    g_bar_new = torch.where(t_above_one != 0, g_bar + (g - g_bar) / t, g)  # mean of all gradients
    x_new = x - length * g  # long steps
    w_new = one_minus_alpha * w + alpha * x_new - length_alpha_last_one_minus_alpha * g  # short steps, drawn to the long ones
    return (w_new, x_new, g_bar_new)


def a2grad_uni_summands(
    w: Array,
    g: Array,
    g_bar: Array,
    t_above_one: float,
    t: float,
) -> tuple[Array, ...]:
    """What a step of A2GradUni sums up, for each element."""
    total = (g - torch.where(t_above_one != 0, g_bar + (g - g_bar) / t, g)) ** 2
    return (total,)


def a2grad_uni_sums(
    w: Array,
    g: Array,
    x: Array,
    g_bar: Array,
    v: float,
    t: int,
    *,
    beta: float = 10.0,
    lips: float = 10.0,
) -> tuple[float, ...]:
    """What a step of A2GradUni sums up over one array, in double; nothing is written.

        total  = array_sum((g - g_bar_new) ** 2)

    The results are arguments of `a2grad_uni_scalars`, before the step number.
    """
    t_above_one = 1 if t > 1 else 0
    return summed(a2grad_uni_summands, (w, g, g_bar), (t_above_one, t), ("sum",))


def a2grad_uni_per_array(
    v: float,
    total: float,
    t: int,
    *,
    beta: float = 10.0,
    lips: float = 10.0,
) -> tuple[float, ...]:
    """The numbers that are kept for this array after step t."""
    apart = total  # squared distance from it, of this array
    v_new = v + apart  # sum of the spreads
    return (v_new,)


class A2GradUni(TorchOptimizer):
    """A2GradUni: accelerated descent whose step shrinks with the sum of the squared spreads.

    Source: Deng, Cheng & Lan (2018), arXiv:1810.00553, with the uniform moving average.
    The equations are in `a2grad_uni_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        beta  beta > 0  weight of the spread of the gradients
        lips  lips > 0  Lipschitz constant of the gradient
    """

    _states: ClassVar = ("x", "g_bar")
    _domains: ClassVar = {
        "beta": ("beta > 0", lambda beta: beta > 0),
        "lips": ("lips > 0", lambda lips: lips > 0),
    }
    _own_t: ClassVar = True
    _starts_late: ClassVar = True
    _per_array: ClassVar = ("v",)
    _reductions: ClassVar = (("total", "sum", False),)
    _fed_by_sums: ClassVar = ("v",)
    _scalars = staticmethod(a2grad_uni_scalars)
    _elements = staticmethod(a2grad_uni_elements)
    _advance_own = staticmethod(a2grad_uni_per_array)
    _sums = staticmethod(a2grad_uni_sums)

    def __init__(
        self,
        params: Any,
        *,
        beta: Hyper = 10.0,
        lips: Hyper = 10.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, beta=beta, lips=lips)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.clone(), torch.zeros_like(w))

    def _initial_own(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"v": 0}


def a2grad_inc_scalars(
    v: float,
    total: float,
    t: int,
    *,
    beta: float = 10.0,
    lips: float = 10.0,
) -> tuple[float, ...]:
    """What all elements share in a step of A2GradInc: the last arguments of `a2grad_inc_elements`.

    t is the number of the step of this parameter, from 1. States:

        x      = w before the first step
        g_bar  = 0 before the first step
        v      = 0 before the first step, a number for each array

    total: what `a2grad_inc_sums` gives.
    """
    apart = total  # squared distance from it, of this array
    v_new = apart + v * t**2 / power(1 + t, 2)  # sum of the spreads
    root = sqrt(v_new * (1 + t))  # spread of the gradients
    length = 1 / (root * beta + 2 * lips / (1 + t))  # step length
    alpha = 2 / (3 + t)  # share of the long steps
    alpha_last = 2 / (2 + t) if t > 1 else 1  # the same, of the step before
    t_above_one = 1 if t > 1 else 0
    one_minus_alpha = 1 - alpha
    length_alpha_last_one_minus_alpha = length * alpha_last * (1 - alpha)
    return (t_above_one, t, length, one_minus_alpha, alpha, length_alpha_last_one_minus_alpha)


def a2grad_inc_elements(
    w: Array,
    x: Array,
    g_bar: Array,
    g: Array,
    t_above_one: float,
    t: float,
    length: float,
    one_minus_alpha: float,
    alpha: float,
    length_alpha_last_one_minus_alpha: float,
) -> tuple[Array, ...]:
    """A step of A2GradInc for each element; returns w, x, g_bar after it.

        g_bar_new   = where(t > 1, g_bar + (g - g_bar) / t, g)  mean of all gradients
        apart       = array_sum((g - g_bar_new) ** 2)           squared distance from it, of this array
        v_new       = apart + v * t**2 / (1 + t) ** 2           sum of the spreads
        root        = sqrt(v_new * (1 + t))                     spread of the gradients
        length      = 1 / (root * beta + 2 * lips / (1 + t))    step length
        alpha       = 2 / (3 + t)                               share of the long steps
        alpha_last  = where(t > 1, 2 / (2 + t), 1)              the same, of the step before
        x_new       = x - length * g                            long steps
        w_new       = (1 - alpha) * w + alpha * x_new - length * alpha_last * (1 - alpha) * g  short steps, drawn to the long ones

    w, x, g_bar and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    g_bar_new = torch.where(t_above_one != 0, g_bar + (g - g_bar) / t, g)  # mean of all gradients
    x_new = x - length * g  # long steps
    w_new = one_minus_alpha * w + alpha * x_new - length_alpha_last_one_minus_alpha * g  # short steps, drawn to the long ones
    return (w_new, x_new, g_bar_new)


def a2grad_inc_summands(
    w: Array,
    g: Array,
    g_bar: Array,
    t_above_one: float,
    t: float,
) -> tuple[Array, ...]:
    """What a step of A2GradInc sums up, for each element."""
    total = (g - torch.where(t_above_one != 0, g_bar + (g - g_bar) / t, g)) ** 2
    return (total,)


def a2grad_inc_sums(
    w: Array,
    g: Array,
    x: Array,
    g_bar: Array,
    v: float,
    t: int,
    *,
    beta: float = 10.0,
    lips: float = 10.0,
) -> tuple[float, ...]:
    """What a step of A2GradInc sums up over one array, in double; nothing is written.

        total  = array_sum((g - g_bar_new) ** 2)

    The results are arguments of `a2grad_inc_scalars`, before the step number.
    """
    t_above_one = 1 if t > 1 else 0
    return summed(a2grad_inc_summands, (w, g, g_bar), (t_above_one, t), ("sum",))


def a2grad_inc_per_array(
    v: float,
    total: float,
    t: int,
    *,
    beta: float = 10.0,
    lips: float = 10.0,
) -> tuple[float, ...]:
    """The numbers that are kept for this array after step t."""
    apart = total  # squared distance from it, of this array
    v_new = apart + v * t**2 / power(1 + t, 2)  # sum of the spreads
    return (v_new,)


class A2GradInc(TorchOptimizer):
    """A2GradInc: accelerated descent whose step shrinks with the spreads, the last of which count most.

    Source: Deng, Cheng & Lan (2018), arXiv:1810.00553, with the incremental moving average.
    The equations are in `a2grad_inc_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        beta  beta > 0  weight of the spread of the gradients
        lips  lips > 0  Lipschitz constant of the gradient
    """

    _states: ClassVar = ("x", "g_bar")
    _domains: ClassVar = {
        "beta": ("beta > 0", lambda beta: beta > 0),
        "lips": ("lips > 0", lambda lips: lips > 0),
    }
    _own_t: ClassVar = True
    _starts_late: ClassVar = True
    _per_array: ClassVar = ("v",)
    _reductions: ClassVar = (("total", "sum", False),)
    _fed_by_sums: ClassVar = ("v",)
    _scalars = staticmethod(a2grad_inc_scalars)
    _elements = staticmethod(a2grad_inc_elements)
    _advance_own = staticmethod(a2grad_inc_per_array)
    _sums = staticmethod(a2grad_inc_sums)

    def __init__(
        self,
        params: Any,
        *,
        beta: Hyper = 10.0,
        lips: Hyper = 10.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, beta=beta, lips=lips)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.clone(), torch.zeros_like(w))

    def _initial_own(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"v": 0}


def a2grad_exp_scalars(
    v: float,
    v_bar: float,
    total: float,
    t: int,
    *,
    rho: float = 0.5,
    beta: float = 10.0,
    lips: float = 10.0,
) -> tuple[float, ...]:
    """What all elements share in a step of A2GradExp: the last arguments of `a2grad_exp_elements`.

    t is the number of the step of this parameter, from 1. States:

        x      = w before the first step
        g_bar  = 0 before the first step
        v      = 0 before the first step, a number for each array
        v_bar  = 0 before the first step, a number for each array

    total: what `a2grad_exp_sums` gives.
    """
    apart = total  # squared distance from it, of this array
    v_bar_new = v_bar * rho + apart * (1 - rho)  # average of the spreads
    v_new = nan_max(v, v_bar_new)  # the largest so far
    root = sqrt(v_new * (1 + t))  # spread of the gradients
    length = 1 / (root * beta + 2 * lips / (1 + t))  # step length
    alpha = 2 / (3 + t)  # share of the long steps
    alpha_last = 2 / (2 + t) if t > 1 else 1  # the same, of the step before
    t_above_one = 1 if t > 1 else 0
    one_minus_alpha = 1 - alpha
    length_alpha_last_one_minus_alpha = length * alpha_last * (1 - alpha)
    return (t_above_one, t, length, one_minus_alpha, alpha, length_alpha_last_one_minus_alpha)


def a2grad_exp_elements(
    w: Array,
    x: Array,
    g_bar: Array,
    g: Array,
    t_above_one: float,
    t: float,
    length: float,
    one_minus_alpha: float,
    alpha: float,
    length_alpha_last_one_minus_alpha: float,
) -> tuple[Array, ...]:
    """A step of A2GradExp for each element; returns w, x, g_bar after it.

        g_bar_new   = where(t > 1, g_bar + (g - g_bar) / t, g)  mean of all gradients
        apart       = array_sum((g - g_bar_new) ** 2)           squared distance from it, of this array
        v_bar_new   = v_bar * rho + apart * (1 - rho)           average of the spreads
        v_new       = maximum(v, v_bar_new)                     the largest so far
        root        = sqrt(v_new * (1 + t))                     spread of the gradients
        length      = 1 / (root * beta + 2 * lips / (1 + t))    step length
        alpha       = 2 / (3 + t)                               share of the long steps
        alpha_last  = where(t > 1, 2 / (2 + t), 1)              the same, of the step before
        x_new       = x - length * g                            long steps
        w_new       = (1 - alpha) * w + alpha * x_new - length * alpha_last * (1 - alpha) * g  short steps, drawn to the long ones

    w, x, g_bar and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    g_bar_new = torch.where(t_above_one != 0, g_bar + (g - g_bar) / t, g)  # mean of all gradients
    x_new = x - length * g  # long steps
    w_new = one_minus_alpha * w + alpha * x_new - length_alpha_last_one_minus_alpha * g  # short steps, drawn to the long ones
    return (w_new, x_new, g_bar_new)


def a2grad_exp_summands(
    w: Array,
    g: Array,
    g_bar: Array,
    t_above_one: float,
    t: float,
) -> tuple[Array, ...]:
    """What a step of A2GradExp sums up, for each element."""
    total = (g - torch.where(t_above_one != 0, g_bar + (g - g_bar) / t, g)) ** 2
    return (total,)


def a2grad_exp_sums(
    w: Array,
    g: Array,
    x: Array,
    g_bar: Array,
    v: float,
    v_bar: float,
    t: int,
    *,
    rho: float = 0.5,
    beta: float = 10.0,
    lips: float = 10.0,
) -> tuple[float, ...]:
    """What a step of A2GradExp sums up over one array, in double; nothing is written.

        total  = array_sum((g - g_bar_new) ** 2)

    The results are arguments of `a2grad_exp_scalars`, before the step number.
    """
    t_above_one = 1 if t > 1 else 0
    return summed(a2grad_exp_summands, (w, g, g_bar), (t_above_one, t), ("sum",))


def a2grad_exp_per_array(
    v: float,
    v_bar: float,
    total: float,
    t: int,
    *,
    rho: float = 0.5,
    beta: float = 10.0,
    lips: float = 10.0,
) -> tuple[float, ...]:
    """The numbers that are kept for this array after step t."""
    apart = total  # squared distance from it, of this array
    v_bar_new = v_bar * rho + apart * (1 - rho)  # average of the spreads
    v_new = nan_max(v, v_bar_new)  # the largest so far
    return (v_new, v_bar_new)


class A2GradExp(TorchOptimizer):
    """A2GradExp: accelerated descent whose step shrinks with the largest average of the spreads.

    Source: Deng, Cheng & Lan (2018), arXiv:1810.00553, with the exponential moving average.
    The equations are in `a2grad_exp_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        rho   0 <= rho < 1  decay of the spread
        beta  beta > 0      weight of the spread of the gradients
        lips  lips > 0      Lipschitz constant of the gradient
    """

    _states: ClassVar = ("x", "g_bar")
    _domains: ClassVar = {
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "beta": ("beta > 0", lambda beta: beta > 0),
        "lips": ("lips > 0", lambda lips: lips > 0),
    }
    _own_t: ClassVar = True
    _starts_late: ClassVar = True
    _per_array: ClassVar = ("v", "v_bar")
    _reductions: ClassVar = (("total", "sum", False),)
    _fed_by_sums: ClassVar = ("v", "v_bar")
    _scalars = staticmethod(a2grad_exp_scalars)
    _elements = staticmethod(a2grad_exp_elements)
    _advance_own = staticmethod(a2grad_exp_per_array)
    _sums = staticmethod(a2grad_exp_sums)

    def __init__(
        self,
        params: Any,
        *,
        rho: Hyper = 0.5,
        beta: Hyper = 10.0,
        lips: Hyper = 10.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, rho=rho, beta=beta, lips=lips)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.clone(), torch.zeros_like(w))

    def _initial_own(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"v": 0, "v_bar": 0}
