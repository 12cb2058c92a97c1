# generated from specs/focus.py; regenerate with: python cli.py generate focus
"""FOCUS: signs of a momentum, and a pull towards the average of the weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from .._runtime.scalars import one_minus_power
from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, launch

__all__ = [
    "FOCUS",
    "focus_update",
]


_focus_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T one_minus_beta2, T beta2, T c2, T lr_weight_decay, T gamma, T lr",
    out_params="T w, T m, T w_bar",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // momentum
    const T w_bar_new = one_minus_beta2 * w + beta2 * w_bar;  // average of the weights
    const T w_hat = w_bar_new / c2;  // the same, corrected
    const T decayed = w - lr_weight_decay * w_hat;  // decay
    const T u_1 = decayed - w_hat;
    const T u = (m_new > 0 ? 1 : m_new < 0 ? -1 : m_new) + gamma * (u_1 > 0 ? 1 : u_1 < 0 ? -1 : u_1);  // direction and pull
    const T w_new = decayed - lr * u;  // descent
    m = m_new;
    w_bar = w_bar_new;
    w = w_new;
    """,
    name="focus_update",
)


def focus_update(
    w: Array,
    g: Array,
    m: Array,
    w_bar: Array,
    t: int,
    *,
    lr: float = 0.01,
    beta2: float = 0.999,
    beta1: float = 0.9,
    weight_decay: float = 0.0,
    gamma: float = 0.1,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of FOCUS on one array, in place.

        c2         = 1 - beta2**t                                 bias of the average of the weights
        m_new      = beta1 * m + (1 - beta1) * g                  momentum
        w_bar_new  = (1 - beta2) * w + beta2 * w_bar              average of the weights
        w_hat      = w_bar_new / c2                               the same, corrected
        decayed    = w - lr * weight_decay * w_hat                decay
        u          = sign(m_new) + gamma * sign(decayed - w_hat)  direction and pull
        w_new      = decayed - lr * u                             descent

    Then m, w_bar, w take the new values.

    w, m, w_bar and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m      = 0 before the first step
        w_bar  = 0 before the first step
    """
    c2 = one_minus_power(beta2, t)  # bias of the average of the weights
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay

    launch(
        _focus_update,
        (g,),
        (beta1, one_minus_beta1, one_minus_beta2, beta2, c2, lr_weight_decay, gamma, lr),
        (w, m, w_bar),
        stages,
    )


class FOCUS(CupyOptimizer):
    """FOCUS: Signum that is pulled towards the average of the weights, all by signs.

    Source: Liu, Liu & Gore (2025), Algorithm 1, arXiv:2501.12243, with the decay first, as in pytorch_optimizer.
    The equations are in `focus_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta2         0 <= beta2 < 1     decay of the average of the weights
        beta1         0 <= beta1 < 1     decay of the momentum
        weight_decay  weight_decay >= 0  decay by the average of the weights, times lr
        gamma         0 <= gamma < 1     strength of the pull
    """

    lr: Hyper
    beta2: Hyper
    beta1: Hyper
    weight_decay: Hyper
    gamma: Hyper

    _states: ClassVar = ("m", "w_bar")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "gamma": ("0 <= gamma < 1", lambda gamma: 0 <= gamma < 1),
    }
    _update = staticmethod(focus_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        beta2: Hyper = 0.999,
        beta1: Hyper = 0.9,
        weight_decay: Hyper = 0.0,
        gamma: Hyper = 0.1,
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
            beta2=beta2,
            beta1=beta1,
            weight_decay=weight_decay,
            gamma=gamma,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w))
