# generated from specs/adopt.py; regenerate with: python cli.py generate adopt
"""ADOPT: the gradient is divided by the second moment of the steps before, then averaged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from .._runtime.scalars import power
from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, launch

__all__ = [
    "ADOPT",
    "ADOPTUnclipped",
    "adopt_unclipped_update",
    "adopt_update",
]


_adopt_unclipped_update = cp.ElementwiseKernel(
    in_params="T g, T t_above_one, T eps, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr",
    out_params="T w, T m, T v",
    operation="""
    const T u_1 = sqrt(v);
    const T u = (t_above_one != 0 ? g / (u_1 >= eps || u_1 != u_1 ? u_1 : eps) : 0);  // gradient over the second moment of the past
    const T m_new = beta1 * m + one_minus_beta1 * u;  // first moment
    const T v_new = (t_above_one != 0 ? beta2 * v + one_minus_beta2 * (g * g) : g * g);  // second moment, from the first gradient on
    const T w_new = w - lr * m_new;  // descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="adopt_unclipped_update",
)


def adopt_unclipped_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    eps: float = 1e-6,
    beta1: float = 0.9,
    beta2: float = 0.9999,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of ADOPTUnclipped on one array, in place.

        u      = where(t > 1, g / maximum(sqrt(v), eps), 0)          gradient over the second moment of the past
        m_new  = beta1 * m + (1 - beta1) * u                         first moment
        v_new  = where(t > 1, beta2 * v + (1 - beta2) * g**2, g**2)  second moment, from the first gradient on
        w_new  = w - lr * m_new                                      descent

    Then m, v, w take the new values.

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    t_above_one = 1 if t > 1 else 0
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2

    launch(
        _adopt_unclipped_update,
        (g,),
        (t_above_one, eps, beta1, one_minus_beta1, beta2, one_minus_beta2, lr),
        (w, m, v),
        stages,
    )


class ADOPTUnclipped(CupyOptimizer):
    """ADOPTUnclipped: an average of gradients over the second moment of the steps before.

    Source: Taniguchi et al. (2024), Algorithm 1, arXiv:2411.02853, with m = 0 at first, as in github.com/iShohei220/adopt with clip_lambda=None.
    The equations are in `adopt_unclipped_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        eps    eps > 0         least root of the second moment
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
    """

    lr: Hyper
    eps: Hyper
    beta1: Hyper
    beta2: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
    }
    _own_t: ClassVar = True
    _update = staticmethod(adopt_unclipped_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        eps: Hyper = 1e-6,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.9999,
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
            beta1=beta1,
            beta2=beta2,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w))


_adopt_update = cp.ElementwiseKernel(
    in_params="T g, T t_above_one, T eps, T minus_c, T c, T beta1, T one_minus_beta1, T beta2, T one_minus_beta2, T lr",
    out_params="T w, T m, T v",
    operation="""
    const T u_1 = sqrt(v);
    const T u = (t_above_one != 0 ? g / (u_1 >= eps || u_1 != u_1 ? u_1 : eps) : 0);  // gradient over the second moment of the past
    const T clipped_1 = (u >= minus_c || u != u ? u : minus_c);
    const T clipped = (clipped_1 <= c || clipped_1 != clipped_1 ? clipped_1 : c);
    const T m_new = beta1 * m + one_minus_beta1 * clipped;  // first moment
    const T v_new = (t_above_one != 0 ? beta2 * v + one_minus_beta2 * (g * g) : g * g);  // second moment, from the first gradient on
    const T w_new = w - lr * m_new;  // descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="adopt_update",
)


def adopt_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    eps: float = 1e-6,
    growth: float = 0.25,
    beta1: float = 0.9,
    beta2: float = 0.9999,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of ADOPT on one array, in place.

        u        = where(t > 1, g / maximum(sqrt(v), eps), 0)          gradient over the second moment of the past
        c        = (t - 1) ** growth                                   clipping value
        clipped  = minimum(maximum(u, -c), c)
        m_new    = beta1 * m + (1 - beta1) * clipped                   first moment
        v_new    = where(t > 1, beta2 * v + (1 - beta2) * g**2, g**2)  second moment, from the first gradient on
        w_new    = w - lr * m_new                                      descent

    Then m, v, w take the new values.

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c = power(t - 1, growth)  # clipping value
    t_above_one = 1 if t > 1 else 0
    minus_c = -c
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2

    launch(
        _adopt_update,
        (g,),
        (t_above_one, eps, minus_c, c, beta1, one_minus_beta1, beta2, one_minus_beta2, lr),
        (w, m, v),
        stages,
    )


class ADOPT(CupyOptimizer):
    """ADOPT: an average of clipped gradients over the second moment of the steps before.

    Source: Taniguchi et al. (2024), Algorithm 2, arXiv:2411.02853, as in github.com/iShohei220/adopt: clipped at (t - 1)**0.25, the first gradient being that of step 0 there.
    The equations are in `adopt_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr      lr >= 0         learning rate
        eps     eps > 0         least root of the second moment
        growth  growth > 0      power with which the clipping value grows
        beta1   0 <= beta1 < 1  decay of the first moment
        beta2   0 <= beta2 < 1  decay of the second moment
    """

    lr: Hyper
    eps: Hyper
    growth: Hyper
    beta1: Hyper
    beta2: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "growth": ("growth > 0", lambda growth: growth > 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
    }
    _own_t: ClassVar = True
    _update = staticmethod(adopt_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        eps: Hyper = 1e-6,
        growth: Hyper = 0.25,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.9999,
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
            growth=growth,
            beta1=beta1,
            beta2=beta2,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w))
