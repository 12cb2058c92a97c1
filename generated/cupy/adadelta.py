# generated from specs/adadelta.py; regenerate with: python cli.py generate adadelta
"""Adadelta: the step has the units of the weights, because it is scaled by the size of past steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, launch

__all__ = [
    "Adadelta",
    "AdadeltaUnitFirst",
    "AdadeltaUnitStart",
    "adadelta_unit_first_update",
    "adadelta_unit_start_update",
    "adadelta_update",
]


_adadelta_update = cp.ElementwiseKernel(
    in_params="T g, T rho, T one_minus_rho, T eps, T lr",
    out_params="T w, T v, T d",
    operation="""
    const T v_new = rho * v + one_minus_rho * (g * g);  // average of squared gradients
    const T u = g * sqrt(d + eps) / sqrt(v_new + eps);  // step
    const T d_new = rho * d + one_minus_rho * (u * u);  // average of squared steps
    const T w_new = w - lr * u;  // descent
    v = v_new;
    d = d_new;
    w = w_new;
    """,
    name="adadelta_update",
)


def adadelta_update(
    w: Array,
    g: Array,
    v: Array,
    d: Array,
    t: int,
    *,
    lr: float = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of Adadelta on one array, in place.

        v_new  = rho * v + (1 - rho) * g**2             average of squared gradients
        u      = g * sqrt(d + eps) / sqrt(v_new + eps)  step
        d_new  = rho * d + (1 - rho) * u**2             average of squared steps
        w_new  = w - lr * u                             descent

    Then v, d, w take the new values.

    w, v, d and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = 0 before the first step
        d  = 0 before the first step
    """
    one_minus_rho = 1 - rho

    launch(
        _adadelta_update,
        (g,),
        (rho, one_minus_rho, eps, lr),
        (w, v, d),
        stages,
    )


class Adadelta(CupyOptimizer):
    """Adadelta: a step scaled by the size of past steps over that of past gradients.

    Source: Zeiler (2012), Algorithm 1, arXiv:1212.5701; lr is 1 there.
    The equations are in `adadelta_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr   lr >= 0       learning rate; 1 in the paper
        rho  0 <= rho < 1  decay of the averages
        eps  eps >= 0      sets the first step, and keeps the division from zero
    """

    lr: Hyper
    rho: Hyper
    eps: Hyper

    _states: ClassVar = ("v", "d")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(adadelta_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-6,
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
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w))


_adadelta_unit_start_update = cp.ElementwiseKernel(
    in_params="T g, T rho, T one_minus_rho, T eps, T lr",
    out_params="T w, T v, T d",
    operation="""
    const T v_new = rho * v + one_minus_rho * (g * g);  // average of squared gradients
    const T u = g * sqrt(d + eps) / sqrt(v_new + eps);  // step
    const T d_new = rho * d + one_minus_rho * (u * u);  // average of squared steps
    const T w_new = w - lr * u;  // descent
    v = v_new;
    d = d_new;
    w = w_new;
    """,
    name="adadelta_unit_start_update",
)


def adadelta_unit_start_update(
    w: Array,
    g: Array,
    v: Array,
    d: Array,
    t: int,
    *,
    lr: float = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdadeltaUnitStart on one array, in place.

        v_new  = rho * v + (1 - rho) * g**2             average of squared gradients
        u      = g * sqrt(d + eps) / sqrt(v_new + eps)  step
        d_new  = rho * d + (1 - rho) * u**2             average of squared steps
        w_new  = w - lr * u                             descent

    Then v, d, w take the new values.

    w, v, d and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        v  = 0 before the first step
        d  = 1 - eps before the first step
    """
    one_minus_rho = 1 - rho

    launch(
        _adadelta_unit_start_update,
        (g,),
        (rho, one_minus_rho, eps, lr),
        (w, v, d),
        stages,
    )


class AdadeltaUnitStart(CupyOptimizer):
    """AdadeltaUnitStart: Adadelta that starts as if past steps had had length one.

    Source: Zeiler (2012), arXiv:1212.5701, with RMS[dw] = 1 before the first step.
    The equations are in `adadelta_unit_start_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr   lr >= 0       learning rate; 1 in the paper
        rho  0 <= rho < 1  decay of the averages
        eps  eps >= 0      sets the first step, and keeps the division from zero
    """

    lr: Hyper
    rho: Hyper
    eps: Hyper

    _states: ClassVar = ("v", "d")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _starts_late: ClassVar = True
    _update = staticmethod(adadelta_unit_start_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-6,
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
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.full_like(w, 1 - hyper["eps"]))


_adadelta_unit_first_update = cp.ElementwiseKernel(
    in_params="T g, T rho, T one_minus_rho, T t_above_one, T eps, T lr",
    out_params="T w, T v, T d",
    operation="""
    const T v_new = rho * v + one_minus_rho * (g * g);  // average of squared gradients
    const T u = g * (t_above_one != 0 ? sqrt(d + eps) : 1) / sqrt(v_new + eps);  // step
    const T d_new = rho * d + one_minus_rho * (u * u);  // average of squared steps
    const T w_new = w - lr * u;  // descent
    v = v_new;
    d = d_new;
    w = w_new;
    """,
    name="adadelta_unit_first_update",
)


def adadelta_unit_first_update(
    w: Array,
    g: Array,
    v: Array,
    d: Array,
    t: int,
    *,
    lr: float = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdadeltaUnitFirst on one array, in place.

        v_new  = rho * v + (1 - rho) * g**2                              average of squared gradients
        u      = g * where(t > 1, sqrt(d + eps), 1) / sqrt(v_new + eps)  step
        d_new  = rho * d + (1 - rho) * u**2                              average of squared steps
        w_new  = w - lr * u                                              descent

    Then v, d, w take the new values.

    w, v, d and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        v  = 0 before the first step
        d  = 0 before the first step
    """
    one_minus_rho = 1 - rho
    t_above_one = 1 if t > 1 else 0

    launch(
        _adadelta_unit_first_update,
        (g,),
        (rho, one_minus_rho, t_above_one, eps, lr),
        (w, v, d),
        stages,
    )


class AdadeltaUnitFirst(CupyOptimizer):
    """AdadeltaUnitFirst: Adadelta whose first step is that of RMSprop.

    Source: Zeiler (2012), arXiv:1212.5701, with 1 for RMS[dw] in the first step and the average from 0 in all others.
    The equations are in `adadelta_unit_first_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr   lr >= 0       learning rate; 1 in the paper
        rho  0 <= rho < 1  decay of the averages
        eps  eps >= 0      sets the first step, and keeps the division from zero
    """

    lr: Hyper
    rho: Hyper
    eps: Hyper

    _states: ClassVar = ("v", "d")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "rho": ("0 <= rho < 1", lambda rho: 0 <= rho < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _own_t: ClassVar = True
    _update = staticmethod(adadelta_unit_first_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        rho: Hyper = 0.9,
        eps: Hyper = 1e-6,
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
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w))
