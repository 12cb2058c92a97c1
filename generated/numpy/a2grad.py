# generated from specs/a2grad.py; regenerate with: python cli.py generate a2grad
"""A2Grad: Nesterov's acceleration, with steps that mind how far gradients are from their mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ._arrays import (
    Array,
    Hyper,
    NumpyOptimizer,
    Stage,
    StageCall,
    spread,
    summed,
    sums_of,
    tiles,
)

__all__ = [
    "A2GradExp",
    "A2GradInc",
    "A2GradUni",
    "a2grad_exp_per_array",
    "a2grad_exp_sums",
    "a2grad_exp_update",
    "a2grad_inc_per_array",
    "a2grad_inc_sums",
    "a2grad_inc_update",
    "a2grad_uni_per_array",
    "a2grad_uni_sums",
    "a2grad_uni_update",
]


def _a2grad_uni_sums(w: Array, g: Array, g_bar: Array, s0: Array, s1: Array, wide: Array, t_above_one: float, t: float, at: Array) -> tuple[Any, ...]:
    # total: sum of (g - where(t_above_one != 0, g_bar + (g - g_bar) / t, g)) ** 2
    np.subtract(g, g_bar, out=s0)
    np.divide(s0, t, out=s0)
    np.add(g_bar, s0, out=s0)
    np.copyto(s1, g)
    np.copyto(s1, s0, where=t_above_one != 0)
    np.subtract(g, s1, out=s1)
    np.square(s1, out=s1)
    total = sums_of(s1, at)
    return (total,)


def a2grad_uni_update(
    w: Array,
    g: Array,
    x: Array,
    g_bar: Array,
    v: float,
    total: float,
    t: int,
    *,
    beta: float = 10.0,
    lips: float = 10.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of A2GradUni on one array, in place.

        g_bar_new   = where(t > 1, g_bar + (g - g_bar) / t, g)  mean of all gradients
        apart       = array_sum((g - g_bar_new) ** 2)           squared distance from it, of this array
        v_new       = v + apart                                 sum of the spreads
        root        = sqrt(v_new)                               spread of the gradients
        length      = 1 / (root * beta + 2 * lips / (1 + t))    step length
        alpha       = 2 / (3 + t)                               share of the long steps
        alpha_last  = where(t > 1, 2 / (2 + t), 1)              the same, of the step before
        x_new       = x - length * g                            long steps
        w_new       = (1 - alpha) * w + alpha * x_new - length * alpha_last * (1 - alpha) * g  short steps, drawn to the long ones

    Then x, g_bar, w take the new values.

    w, x, g_bar and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        x      = w before the first step
        g_bar  = 0 before the first step
        v      = 0 before the first step, a number for each array

    total: what `a2grad_uni_sums` gives.
    """
    apart = total  # squared distance from it, of this array
    v_new = v + apart  # sum of the spreads
    root = np.sqrt(v_new)  # spread of the gradients
    length_of_array = 1 / (root * beta + 2 * lips / (1 + t))  # step length
    length = spread(length_of_array, w)
    alpha = 2 / (3 + t)  # share of the long steps
    alpha_last = 2 / (2 + t) if t > 1 else 1  # the same, of the step before
    t_above_one = 1 if t > 1 else 0
    one_minus_alpha = 1 - alpha
    length_alpha_last_one_minus_alpha = spread(length_of_array * alpha_last * (1 - alpha), w)

    for tile in tiles((w, x, g_bar), (g,), scratch=2, stages=stages):
        w, x, g_bar, g, s0, s1 = tile
        # g_bar_new = where(t > 1, g_bar + (g - g_bar) / t, g)  (mean of all gradients)
        np.subtract(g, g_bar, out=s0)
        np.divide(s0, t, out=s0)
        np.add(g_bar, s0, out=g_bar)
        np.copyto(s0, g)
        np.copyto(s0, g_bar, where=t_above_one != 0)
        g_bar_new = s0
        # x_new = x - length * g  (long steps)
        np.multiply(length, g, out=s1)
        x_new = np.subtract(x, s1, out=x)
        # w_new = (1 - alpha) * w + alpha * x_new - length * alpha_last * (1 - alpha) * g  (short steps, drawn to the long ones)
        np.multiply(one_minus_alpha, w, out=w)
        np.multiply(alpha, x_new, out=s1)
        np.add(w, s1, out=w)
        np.multiply(length_alpha_last_one_minus_alpha, g, out=s1)
        np.subtract(w, s1, out=w)
        np.copyto(g_bar, g_bar_new)


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
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of A2GradUni sums up over one array, in double; nothing is written.

        total  = array_sum((g - g_bar_new) ** 2)

    The arguments are those of `a2grad_uni_update`, whose next arguments the results are.
    """
    t_above_one = 1 if t > 1 else 0
    return summed(_a2grad_uni_sums, (w, g, g_bar), (t_above_one, t), ("sum",), (2, 0), stages)


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


class A2GradUni(NumpyOptimizer):
    """A2GradUni: accelerated descent whose step shrinks with the sum of the squared spreads.

    Source: Deng, Cheng & Lan (2018), arXiv:1810.00553, with the uniform moving average.
    The equations are in `a2grad_uni_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        beta  beta > 0  weight of the spread of the gradients
        lips  lips > 0  Lipschitz constant of the gradient
    """

    beta: Hyper
    lips: Hyper

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
    _update = staticmethod(a2grad_uni_update)
    _advance_own = staticmethod(a2grad_uni_per_array)
    _sums = staticmethod(a2grad_uni_sums)

    def __init__(
        self,
        params: Any,
        *,
        beta: Hyper = 10.0,
        lips: Hyper = 10.0,
        pipeline: Sequence[Stage] = (),
        master_weights: bool = False,
        tied: str | None = None,
    ) -> None:
        super().__init__(
            params,
            pipeline=pipeline,
            master_weights=master_weights,
            tied=tied,
            beta=beta,
            lips=lips,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.copy(), np.zeros_like(w))

    def _initial_own(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"v": 0}


def _a2grad_inc_sums(w: Array, g: Array, g_bar: Array, s0: Array, s1: Array, wide: Array, t_above_one: float, t: float, at: Array) -> tuple[Any, ...]:
    # total: sum of (g - where(t_above_one != 0, g_bar + (g - g_bar) / t, g)) ** 2
    np.subtract(g, g_bar, out=s0)
    np.divide(s0, t, out=s0)
    np.add(g_bar, s0, out=s0)
    np.copyto(s1, g)
    np.copyto(s1, s0, where=t_above_one != 0)
    np.subtract(g, s1, out=s1)
    np.square(s1, out=s1)
    total = sums_of(s1, at)
    return (total,)


def a2grad_inc_update(
    w: Array,
    g: Array,
    x: Array,
    g_bar: Array,
    v: float,
    total: float,
    t: int,
    *,
    beta: float = 10.0,
    lips: float = 10.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of A2GradInc on one array, in place.

        g_bar_new   = where(t > 1, g_bar + (g - g_bar) / t, g)  mean of all gradients
        apart       = array_sum((g - g_bar_new) ** 2)           squared distance from it, of this array
        v_new       = apart + v * t**2 / (1 + t) ** 2           sum of the spreads
        root        = sqrt(v_new * (1 + t))                     spread of the gradients
        length      = 1 / (root * beta + 2 * lips / (1 + t))    step length
        alpha       = 2 / (3 + t)                               share of the long steps
        alpha_last  = where(t > 1, 2 / (2 + t), 1)              the same, of the step before
        x_new       = x - length * g                            long steps
        w_new       = (1 - alpha) * w + alpha * x_new - length * alpha_last * (1 - alpha) * g  short steps, drawn to the long ones

    Then x, g_bar, w take the new values.

    w, x, g_bar and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        x      = w before the first step
        g_bar  = 0 before the first step
        v      = 0 before the first step, a number for each array

    total: what `a2grad_inc_sums` gives.
    """
    apart = total  # squared distance from it, of this array
    v_new = apart + v * t**2 / (1 + t) ** 2  # sum of the spreads
    root = np.sqrt(v_new * (1 + t))  # spread of the gradients
    length_of_array = 1 / (root * beta + 2 * lips / (1 + t))  # step length
    length = spread(length_of_array, w)
    alpha = 2 / (3 + t)  # share of the long steps
    alpha_last = 2 / (2 + t) if t > 1 else 1  # the same, of the step before
    t_above_one = 1 if t > 1 else 0
    one_minus_alpha = 1 - alpha
    length_alpha_last_one_minus_alpha = spread(length_of_array * alpha_last * (1 - alpha), w)

    for tile in tiles((w, x, g_bar), (g,), scratch=2, stages=stages):
        w, x, g_bar, g, s0, s1 = tile
        # g_bar_new = where(t > 1, g_bar + (g - g_bar) / t, g)  (mean of all gradients)
        np.subtract(g, g_bar, out=s0)
        np.divide(s0, t, out=s0)
        np.add(g_bar, s0, out=g_bar)
        np.copyto(s0, g)
        np.copyto(s0, g_bar, where=t_above_one != 0)
        g_bar_new = s0
        # x_new = x - length * g  (long steps)
        np.multiply(length, g, out=s1)
        x_new = np.subtract(x, s1, out=x)
        # w_new = (1 - alpha) * w + alpha * x_new - length * alpha_last * (1 - alpha) * g  (short steps, drawn to the long ones)
        np.multiply(one_minus_alpha, w, out=w)
        np.multiply(alpha, x_new, out=s1)
        np.add(w, s1, out=w)
        np.multiply(length_alpha_last_one_minus_alpha, g, out=s1)
        np.subtract(w, s1, out=w)
        np.copyto(g_bar, g_bar_new)


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
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of A2GradInc sums up over one array, in double; nothing is written.

        total  = array_sum((g - g_bar_new) ** 2)

    The arguments are those of `a2grad_inc_update`, whose next arguments the results are.
    """
    t_above_one = 1 if t > 1 else 0
    return summed(_a2grad_inc_sums, (w, g, g_bar), (t_above_one, t), ("sum",), (2, 0), stages)


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
    v_new = apart + v * t**2 / (1 + t) ** 2  # sum of the spreads
    return (v_new,)


class A2GradInc(NumpyOptimizer):
    """A2GradInc: accelerated descent whose step shrinks with the spreads, the last of which count most.

    Source: Deng, Cheng & Lan (2018), arXiv:1810.00553, with the incremental moving average.
    The equations are in `a2grad_inc_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        beta  beta > 0  weight of the spread of the gradients
        lips  lips > 0  Lipschitz constant of the gradient
    """

    beta: Hyper
    lips: Hyper

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
    _update = staticmethod(a2grad_inc_update)
    _advance_own = staticmethod(a2grad_inc_per_array)
    _sums = staticmethod(a2grad_inc_sums)

    def __init__(
        self,
        params: Any,
        *,
        beta: Hyper = 10.0,
        lips: Hyper = 10.0,
        pipeline: Sequence[Stage] = (),
        master_weights: bool = False,
        tied: str | None = None,
    ) -> None:
        super().__init__(
            params,
            pipeline=pipeline,
            master_weights=master_weights,
            tied=tied,
            beta=beta,
            lips=lips,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.copy(), np.zeros_like(w))

    def _initial_own(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"v": 0}


def _a2grad_exp_sums(w: Array, g: Array, g_bar: Array, s0: Array, s1: Array, wide: Array, t_above_one: float, t: float, at: Array) -> tuple[Any, ...]:
    # total: sum of (g - where(t_above_one != 0, g_bar + (g - g_bar) / t, g)) ** 2
    np.subtract(g, g_bar, out=s0)
    np.divide(s0, t, out=s0)
    np.add(g_bar, s0, out=s0)
    np.copyto(s1, g)
    np.copyto(s1, s0, where=t_above_one != 0)
    np.subtract(g, s1, out=s1)
    np.square(s1, out=s1)
    total = sums_of(s1, at)
    return (total,)


def a2grad_exp_update(
    w: Array,
    g: Array,
    x: Array,
    g_bar: Array,
    v: float,
    v_bar: float,
    total: float,
    t: int,
    *,
    rho: float = 0.5,
    beta: float = 10.0,
    lips: float = 10.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of A2GradExp on one array, in place.

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

    Then x, g_bar, w take the new values.

    w, x, g_bar and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        x      = w before the first step
        g_bar  = 0 before the first step
        v      = 0 before the first step, a number for each array
        v_bar  = 0 before the first step, a number for each array

    total: what `a2grad_exp_sums` gives.
    """
    apart = total  # squared distance from it, of this array
    v_bar_new = v_bar * rho + apart * (1 - rho)  # average of the spreads
    v_new = np.maximum(v, v_bar_new)  # the largest so far
    root = np.sqrt(v_new * (1 + t))  # spread of the gradients
    length_of_array = 1 / (root * beta + 2 * lips / (1 + t))  # step length
    length = spread(length_of_array, w)
    alpha = 2 / (3 + t)  # share of the long steps
    alpha_last = 2 / (2 + t) if t > 1 else 1  # the same, of the step before
    t_above_one = 1 if t > 1 else 0
    one_minus_alpha = 1 - alpha
    length_alpha_last_one_minus_alpha = spread(length_of_array * alpha_last * (1 - alpha), w)

    for tile in tiles((w, x, g_bar), (g,), scratch=2, stages=stages):
        w, x, g_bar, g, s0, s1 = tile
        # g_bar_new = where(t > 1, g_bar + (g - g_bar) / t, g)  (mean of all gradients)
        np.subtract(g, g_bar, out=s0)
        np.divide(s0, t, out=s0)
        np.add(g_bar, s0, out=g_bar)
        np.copyto(s0, g)
        np.copyto(s0, g_bar, where=t_above_one != 0)
        g_bar_new = s0
        # x_new = x - length * g  (long steps)
        np.multiply(length, g, out=s1)
        x_new = np.subtract(x, s1, out=x)
        # w_new = (1 - alpha) * w + alpha * x_new - length * alpha_last * (1 - alpha) * g  (short steps, drawn to the long ones)
        np.multiply(one_minus_alpha, w, out=w)
        np.multiply(alpha, x_new, out=s1)
        np.add(w, s1, out=w)
        np.multiply(length_alpha_last_one_minus_alpha, g, out=s1)
        np.subtract(w, s1, out=w)
        np.copyto(g_bar, g_bar_new)


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
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of A2GradExp sums up over one array, in double; nothing is written.

        total  = array_sum((g - g_bar_new) ** 2)

    The arguments are those of `a2grad_exp_update`, whose next arguments the results are.
    """
    t_above_one = 1 if t > 1 else 0
    return summed(_a2grad_exp_sums, (w, g, g_bar), (t_above_one, t), ("sum",), (2, 0), stages)


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
    v_new = np.maximum(v, v_bar_new)  # the largest so far
    return (v_new, v_bar_new)


class A2GradExp(NumpyOptimizer):
    """A2GradExp: accelerated descent whose step shrinks with the largest average of the spreads.

    Source: Deng, Cheng & Lan (2018), arXiv:1810.00553, with the exponential moving average.
    The equations are in `a2grad_exp_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        rho   0 <= rho < 1  decay of the spread
        beta  beta > 0      weight of the spread of the gradients
        lips  lips > 0      Lipschitz constant of the gradient
    """

    rho: Hyper
    beta: Hyper
    lips: Hyper

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
    _update = staticmethod(a2grad_exp_update)
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
        master_weights: bool = False,
        tied: str | None = None,
    ) -> None:
        super().__init__(
            params,
            pipeline=pipeline,
            master_weights=master_weights,
            tied=tied,
            rho=rho,
            beta=beta,
            lips=lips,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.copy(), np.zeros_like(w))

    def _initial_own(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"v": 0, "v_bar": 0}
