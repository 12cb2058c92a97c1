# generated from specs/adamax.py; regenerate with: python cli.py generate adamax
"""Adamax: Adam with the largest gradient in place of the second moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from .._runtime.scalars import one_minus_power
from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, launch

__all__ = [
    "Adamax",
    "AdamaxEpsInside",
    "adamax_eps_inside_update",
    "adamax_update",
]


_adamax_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T lr_over_c1, T eps",
    out_params="T w, T m, T u",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T u_new_1 = beta2 * u;
    const T u_new_2 = fabs(g);
    const T u_new = (u_new_1 >= u_new_2 || u_new_1 != u_new_1 ? u_new_1 : u_new_2);  // largest gradient, fading
    const T w_new = w - lr_over_c1 * m_new / (u_new + eps);  // descent
    m = m_new;
    u = u_new;
    w = w_new;
    """,
    name="adamax_update",
)


def adamax_update(
    w: Array,
    g: Array,
    m: Array,
    u: Array,
    t: int,
    *,
    lr: float = 0.002,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of Adamax on one array, in place.

        c1     = 1 - beta1**t                    bias of the first moment
        m_new  = beta1 * m + (1 - beta1) * g     first moment
        u_new  = maximum(beta2 * u, abs(g))      largest gradient, fading
        m_hat  = m_new / c1                      first moment, corrected
        w_new  = w - lr * m_hat / (u_new + eps)  descent

    Then m, u, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_over_c1  = lr / c1
        w_new       = w - lr_over_c1 * m_new / (u_new + eps)

    w, m, u and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        u  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    one_minus_beta1 = 1 - beta1
    lr_over_c1 = lr / c1

    launch(
        _adamax_update,
        (g,),
        (beta1, one_minus_beta1, beta2, lr_over_c1, eps),
        (w, m, u),
        stages,
    )


class Adamax(CupyOptimizer):
    """Adamax: Adam with the infinity norm of past gradients.

    Source: Kingma & Ba (2015), Algorithm 2, arXiv:1412.6980, epsilon as in keras.optimizers.Adamax.
    The equations are in `adamax_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the maximum
        eps    eps >= 0        keeps the division from zero
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "u")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(adamax_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.002,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
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
        return (cp.zeros_like(w), cp.zeros_like(w))


_adamax_eps_inside_update = cp.ElementwiseKernel(
    in_params="T g, T beta1, T one_minus_beta1, T beta2, T eps, T lr_over_c1",
    out_params="T w, T m, T u",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // first moment
    const T u_new_1 = beta2 * u;
    const T u_new_2 = fabs(g) + eps;
    const T u_new = (u_new_1 >= u_new_2 || u_new_1 != u_new_1 ? u_new_1 : u_new_2);  // largest gradient, fading
    const T w_new = w - lr_over_c1 * m_new / u_new;  // descent
    m = m_new;
    u = u_new;
    w = w_new;
    """,
    name="adamax_eps_inside_update",
)


def adamax_eps_inside_update(
    w: Array,
    g: Array,
    m: Array,
    u: Array,
    t: int,
    *,
    lr: float = 0.002,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdamaxEpsInside on one array, in place.

        c1     = 1 - beta1**t                      bias of the first moment
        m_new  = beta1 * m + (1 - beta1) * g       first moment
        u_new  = maximum(beta2 * u, abs(g) + eps)  largest gradient, fading
        m_hat  = m_new / c1                        first moment, corrected
        w_new  = w - lr * m_hat / u_new            descent

    Then m, u, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_over_c1  = lr / c1
        w_new       = w - lr_over_c1 * m_new / u_new

    w, m, u and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        u  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    one_minus_beta1 = 1 - beta1
    lr_over_c1 = lr / c1

    launch(
        _adamax_eps_inside_update,
        (g,),
        (beta1, one_minus_beta1, beta2, eps, lr_over_c1),
        (w, m, u),
        stages,
    )


class AdamaxEpsInside(CupyOptimizer):
    """AdamaxEpsInside: Adamax with epsilon inside the maximum.

    Source: Kingma & Ba (2015), Algorithm 2, arXiv:1412.6980, epsilon inside the maximum as in torch.optim.Adamax.
    The equations are in `adamax_eps_inside_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the maximum
        eps    eps >= 0        keeps the division from zero
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "u")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(adamax_eps_inside_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.002,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
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
        return (cp.zeros_like(w), cp.zeros_like(w))
