# generated from specs/madgrad.py; regenerate with: python cli.py generate madgrad
"""MADGRAD: dual averaging from the first weights on, over the cube root of a sum of squares, with momentum."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, launch

__all__ = [
    "MADGRAD",
    "MADGRADEpsInLr",
    "madgrad_eps_in_lr_update",
    "madgrad_update",
]


_madgrad_update = cp.ElementwiseKernel(
    in_params="T g, T lamb, T one_over_three, T eps, T momentum, T one_minus_momentum",
    out_params="T w, T s, T v, T x0",
    operation="""
    const T s_new = s + lamb * g;  // sum of gradients
    const T v_new = v + lamb * (g * g);  // sum of squares
    const T x0_new = x0;  // first weights
    const T z = x0 - s_new / (pow(v_new, one_over_three) + eps);  // dual average
    const T w_new = momentum * w + one_minus_momentum * z;  // momentum
    s = s_new;
    v = v_new;
    x0 = x0_new;
    w = w_new;
    """,
    name="madgrad_update",
)


def madgrad_update(
    w: Array,
    g: Array,
    s: Array,
    v: Array,
    x0: Array,
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-6,
    momentum: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of MADGRAD on one array, in place.

        lamb    = lr * sqrt(t)                           weight of this gradient
        s_new   = s + lamb * g                           sum of gradients
        v_new   = v + lamb * g**2                        sum of squares
        x0_new  = x0                                     first weights
        z       = x0 - s_new / (v_new ** (1 / 3) + eps)  dual average
        w_new   = momentum * w + (1 - momentum) * z      momentum

    Then s, v, x0, w take the new values.

    w, s, v, x0 and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        s   = 0 before the first step
        v   = 0 before the first step
        x0  = w before the first step
    """
    lamb = lr * math.sqrt(t)  # weight of this gradient
    one_over_three = 1 / 3
    one_minus_momentum = 1 - momentum

    launch(
        _madgrad_update,
        (g,),
        (lamb, one_over_three, eps, momentum, one_minus_momentum),
        (w, s, v, x0),
        stages,
    )


class MADGRAD(CupyOptimizer):
    """MADGRAD: dual averaging over the cube root of a sum of squares, with momentum.

    Source: Defazio & Jelassi (2021), Algorithm 1, arXiv:2101.11075, with momentum 1 - c as in its authors' code.
    The equations are in `madgrad_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr        lr >= 0            learning rate
        eps       eps > 0            keeps the division from zero
        momentum  0 <= momentum < 1  1 - c of the paper: share of w that is kept
    """

    lr: Hyper
    eps: Hyper
    momentum: Hyper

    _states: ClassVar = ("s", "v", "x0")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _starts_late: ClassVar = True
    _update = staticmethod(madgrad_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        eps: Hyper = 1e-6,
        momentum: Hyper = 0.9,
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
            eps=eps,
            momentum=momentum,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w), w.copy())


_madgrad_eps_in_lr_update = cp.ElementwiseKernel(
    in_params="T g, T lamb, T one_over_three, T eps, T momentum, T one_minus_momentum",
    out_params="T w, T s, T v, T x0",
    operation="""
    const T s_new = s + lamb * g;  // sum of gradients
    const T v_new = v + lamb * (g * g);  // sum of squares
    const T x0_new = x0;  // first weights
    const T z = x0 - s_new / (pow(v_new, one_over_three) + eps);  // dual average
    const T w_new = momentum * w + one_minus_momentum * z;  // momentum
    s = s_new;
    v = v_new;
    x0 = x0_new;
    w = w_new;
    """,
    name="madgrad_eps_in_lr_update",
)


def madgrad_eps_in_lr_update(
    w: Array,
    g: Array,
    s: Array,
    v: Array,
    x0: Array,
    t: int,
    *,
    lr: float = 0.01,
    eps: float = 1e-6,
    momentum: float = 0.9,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of MADGRADEpsInLr on one array, in place.

        lamb    = (lr + eps) * sqrt(t)                   weight of this gradient
        s_new   = s + lamb * g                           sum of gradients
        v_new   = v + lamb * g**2                        sum of squares
        x0_new  = x0                                     first weights
        z       = x0 - s_new / (v_new ** (1 / 3) + eps)  dual average
        w_new   = momentum * w + (1 - momentum) * z      momentum

    Then s, v, x0, w take the new values.

    w, s, v, x0 and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        s   = 0 before the first step
        v   = 0 before the first step
        x0  = w before the first step
    """
    lamb = (lr + eps) * math.sqrt(t)  # weight of this gradient
    one_over_three = 1 / 3
    one_minus_momentum = 1 - momentum

    launch(
        _madgrad_eps_in_lr_update,
        (g,),
        (lamb, one_over_three, eps, momentum, one_minus_momentum),
        (w, s, v, x0),
        stages,
    )


class MADGRADEpsInLr(CupyOptimizer):
    """MADGRADEpsInLr: MADGRAD with eps added to the learning rate, too.

    Source: Defazio & Jelassi (2021), arXiv:2101.11075, with eps added to lr as in its authors' code and in optax.
    The equations are in `madgrad_eps_in_lr_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr        lr >= 0            learning rate
        eps       eps > 0            keeps the division from zero
        momentum  0 <= momentum < 1  1 - c of the paper: share of w that is kept
    """

    lr: Hyper
    eps: Hyper
    momentum: Hyper

    _states: ClassVar = ("s", "v", "x0")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _starts_late: ClassVar = True
    _update = staticmethod(madgrad_eps_in_lr_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        eps: Hyper = 1e-6,
        momentum: Hyper = 0.9,
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
            eps=eps,
            momentum=momentum,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w), w.copy())
