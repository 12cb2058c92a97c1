# generated from specs/srmm.py; regenerate with: python cli.py generate srmm
"""SRMM: averages of gradients and of weights over a window that starts anew every so many steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from .._runtime.scalars import power
from ._arrays import Array, CupyOptimizer, Hyper, IntHyper, Stage, StageCall, launch

__all__ = [
    "SRMM",
    "srmm_update",
]


_srmm_update = cp.ElementwiseKernel(
    in_params="T g, T one_minus_share, T share, T lr",
    out_params="T w, T g_bar, T w_bar",
    operation="""
    const T g_bar_new = one_minus_share * g_bar + share * g;  // average of the gradients
    const T w_bar_new = share * w + one_minus_share * w_bar - lr * g_bar_new;  // average of the weights, after its step
    const T w_new = w_bar_new;
    g_bar = g_bar_new;
    w_bar = w_bar_new;
    w = w_new;
    """,
    name="srmm_update",
)


def srmm_update(
    w: Array,
    g: Array,
    g_bar: Array,
    w_bar: Array,
    t: int,
    *,
    lr: float = 0.01,
    beta: float = 0.5,
    memory: int = 100,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of SRMM on one array, in place.

        share      = 1 / (1 + mod(t, memory)) ** beta                  weight of what is new
        g_bar_new  = (1 - share) * g_bar + share * g                   average of the gradients
        w_bar_new  = share * w + (1 - share) * w_bar - lr * g_bar_new  average of the weights, after its step
        w_new      = w_bar_new

    Then g_bar, w_bar, w take the new values.

    w, g_bar, w_bar and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        g_bar  = 0 before the first step
        w_bar  = 0 before the first step
    """
    share = 1 / power(1 + (t % memory), beta)  # weight of what is new
    one_minus_share = 1 - share

    launch(
        _srmm_update,
        (g,),
        (one_minus_share, share, lr),
        (w, g_bar, w_bar),
        stages,
    )


class SRMM(CupyOptimizer):
    """SRMM: descent from the average of the weights along the average of the gradients, over a growing window.

    Source: Lyu (2023), Algorithm 1, arXiv:2201.01652, with proximal surrogates, from zero as in pytorch_optimizer.
    The equations are in `srmm_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr      lr >= 0              learning rate
        beta    0 <= beta <= 1       how fast the weight of what is new falls
        memory  integer memory >= 1  steps after which that starts anew
    """

    lr: Hyper
    beta: Hyper
    memory: IntHyper

    _states: ClassVar = ("g_bar", "w_bar")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta <= 1", lambda beta: 0 <= beta <= 1),
        "memory": ("integer memory >= 1", lambda memory: memory >= 1 and memory % 1 == 0),
    }
    _update = staticmethod(srmm_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        beta: Hyper = 0.5,
        memory: IntHyper = 100,
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
            beta=beta,
            memory=memory,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w))
