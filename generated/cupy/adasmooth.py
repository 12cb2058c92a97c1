# generated from specs/adasmooth.py; regenerate with: python cli.py generate adasmooth
"""AdaSmooth: RMSprop whose decay depends on how straight the way of a weight has been."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, launch

__all__ = [
    "AdaSmooth",
    "adasmooth_update",
]


_adasmooth_update = cp.ElementwiseKernel(
    in_params="T g, T beta2_minus_beta1, T eps, T one_minus_beta2, T lr",
    out_params="T w, T last, T s, T way, T v",
    operation="""
    const T moved = w - last;  // the step before
    const T last_new = w;
    const T s_new = s + moved;  // way from the start
    const T way_new = way + fabs(moved);  // length of the way
    const T c = beta2_minus_beta1 * fabs(s_new) / (way_new + eps) + one_minus_beta2;  // smoothing, by the effective ratio
    const T v_new_1 = 1 - c * c;
    const T v_new = v * (v_new_1 >= 0 || v_new_1 != v_new_1 ? v_new_1 : 0) + c * c * (g * g);  // second moment; c is at most 1
    const T w_new = w - lr * g / sqrt(v_new + eps);  // descent
    last = last_new;
    s = s_new;
    way = way_new;
    v = v_new;
    w = w_new;
    """,
    name="adasmooth_update",
)


def adasmooth_update(
    w: Array,
    g: Array,
    last: Array,
    s: Array,
    way: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.5,
    beta2: float = 0.99,
    eps: float = 1e-6,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdaSmooth on one array, in place.

        moved     = w - last                                                    the step before
        last_new  = w
        s_new     = s + moved                                                   way from the start
        way_new   = way + abs(moved)                                            length of the way
        c         = (beta2 - beta1) * abs(s_new) / (way_new + eps) + 1 - beta2  smoothing, by the effective ratio
        v_new     = v * maximum(1 - c**2, 0) + c**2 * g**2                      second moment; c is at most 1
        w_new     = w - lr * g / sqrt(v_new + eps)                              descent

    Then last, s, way, v, w take the new values.

    w, last, s, way, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        last  = w before the first step
        s     = 0 before the first step
        way   = 0 before the first step
        v     = 0 before the first step
    """
    beta2_minus_beta1 = beta2 - beta1
    one_minus_beta2 = 1 - beta2

    launch(
        _adasmooth_update,
        (g,),
        (beta2_minus_beta1, eps, one_minus_beta2, lr),
        (w, last, s, way, v),
        stages,
    )


class AdaSmooth(CupyOptimizer):
    """AdaSmooth: RMSprop that forgets faster the straighter the way of the weight has been.

    Source: Lu (2022), Algorithm 1, arXiv:2204.00825, over all steps so far, as in pytorch_optimizer.
    The equations are in `adasmooth_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay where the way is straight
        beta2  0 <= beta2 < 1  decay where the weight comes back
        eps    eps > 0         keeps the divisions from zero
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper

    _states: ClassVar = ("last", "s", "way", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
    }
    _starts_late: ClassVar = True
    _update = staticmethod(adasmooth_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.5,
        beta2: Hyper = 0.99,
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
            beta1=beta1,
            beta2=beta2,
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.copy(), cp.zeros_like(w), cp.zeros_like(w), cp.zeros_like(w))
