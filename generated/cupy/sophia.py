# generated from specs/sophia.py; regenerate with: python cli.py generate sophia
"""Sophia: a momentum divided by an estimate of the curvature, which is new now and then, and clipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from .._runtime.scalars import one_minus_power
from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, launch

__all__ = [
    "Sophia",
    "SophiaDelayed",
    "sophia_delayed_update",
    "sophia_update",
]


_sophia_update = cp.ElementwiseKernel(
    in_params="T g, T hessian, T beta1, T one_minus_beta1, T hessian_given_is_one, T beta2, T one_minus_beta2, T gamma, T eps, T minus_one, T lr_weight_decay, T lr",
    out_params="T w, T m, T h",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // momentum
    const T h_new = (hessian_given_is_one != 0 ? beta2 * h + one_minus_beta2 * hessian : h);  // curvature
    const T u_1 = gamma * h_new;
    const T u_2 = m_new / (u_1 >= eps || u_1 != u_1 ? u_1 : eps);
    const T u_3 = (u_2 <= 1 || u_2 != u_2 ? u_2 : 1);
    const T u = (u_3 >= minus_one || u_3 != u_3 ? u_3 : minus_one);  // step, clipped
    const T w_new = w - lr_weight_decay * w - lr * u;  // decay, descent
    m = m_new;
    h = h_new;
    w = w_new;
    """,
    name="sophia_update",
)


def sophia_update(
    w: Array,
    g: Array,
    hessian: Array,
    m: Array,
    h: Array,
    t: int,
    *,
    hessian_given: float,
    lr: float = 0.001,
    beta1: float = 0.96,
    beta2: float = 0.99,
    eps: float = 1e-12,
    gamma: float = 0.01,
    weight_decay: float = 0.2,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of Sophia on one array, in place.

        m_new  = beta1 * m + (1 - beta1) * g                                   momentum
        h_new  = where(hessian_given == 1, beta2 * h + (1 - beta2) * hessian, h)  curvature
        u      = maximum(minimum(m_new / maximum(gamma * h_new, eps), 1), -1)  step, clipped
        w_new  = w - lr * weight_decay * w - lr * u                            decay, descent

    Then m, h, w take the new values.

    w, m, h, g, hessian are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g and hessian are only read.
    hessian_given is 1.0, or 0.0 in a step without hessian, which may then be any numbers.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        h  = 0 before the first step
    """
    one_minus_beta1 = 1 - beta1
    hessian_given_is_one = 1 if hessian_given == 1 else 0
    one_minus_beta2 = 1 - beta2
    minus_one = -1
    lr_weight_decay = lr * weight_decay

    launch(
        _sophia_update,
        (g, hessian),
        (beta1, one_minus_beta1, hessian_given_is_one, beta2, one_minus_beta2, gamma, eps, minus_one, lr_weight_decay, lr),
        (w, m, h),
        stages,
    )


class Sophia(CupyOptimizer):
    """Sophia: a clipped step of the momentum over the curvature, of which a new estimate may come in any step.

    Source: Liu et al. (2024), Algorithm 3, arXiv:2305.14342; what estimates the Hessian is left to the caller.
    The equations are in `sophia_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    A step is step(grads, hessian=hessian):

        hessian  arrays, nested as the gradients, or left out  an estimate of the diagonal of the Hessian at w

    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the momentum
        beta2         0 <= beta2 < 1     decay of the curvature, for each estimate
        eps           eps > 0            least curvature by which is divided
        gamma         gamma >= 0         scale of the curvature: larger is less often clipped
        weight_decay  weight_decay >= 0  decoupled weight decay
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper
    gamma: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "h")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "gamma": ("gamma >= 0", lambda gamma: gamma >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _inputs: ClassVar = ("hessian",)
    _optional: ClassVar = ("hessian",)
    _update = staticmethod(sophia_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.96,
        beta2: Hyper = 0.99,
        eps: Hyper = 1e-12,
        gamma: Hyper = 0.01,
        weight_decay: Hyper = 0.2,
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
            gamma=gamma,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w))


_sophia_delayed_update = cp.ElementwiseKernel(
    in_params="T g, T hessian, T beta1, T one_minus_beta1, T c1, T gamma, T eps, T clip, T minus_clip, T hessian_given_is_one, T beta2, T one_minus_beta2, T lr, T weight_decay",
    out_params="T w, T m, T h",
    operation="""
    const T m_new = beta1 * m + one_minus_beta1 * g;  // momentum
    const T m_hat = m_new / c1;  // momentum, corrected
    const T u_1 = gamma * h;
    const T u_2 = m_hat / (u_1 >= eps || u_1 != u_1 ? u_1 : eps);
    const T u_3 = (u_2 <= clip || u_2 != u_2 ? u_2 : clip);
    const T u = (u_3 >= minus_clip || u_3 != u_3 ? u_3 : minus_clip);  // step, clipped, of the old curvature
    const T h_new = (hessian_given_is_one != 0 ? beta2 * h + one_minus_beta2 * hessian : h);  // curvature
    const T w_new = w - lr * (u + weight_decay * w);  // decay, descent
    m = m_new;
    h = h_new;
    w = w_new;
    """,
    name="sophia_delayed_update",
)


def sophia_delayed_update(
    w: Array,
    g: Array,
    hessian: Array,
    m: Array,
    h: Array,
    t: int,
    *,
    hessian_given: float,
    lr: float = 0.001,
    beta1: float = 0.965,
    clip: float = 1.0,
    eps: float = 1e-8,
    gamma: float = 0.01,
    beta2: float = 0.99,
    weight_decay: float = 0.0001,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of SophiaDelayed on one array, in place.

        c1     = 1 - beta1**t                                                    bias of the momentum
        m_new  = beta1 * m + (1 - beta1) * g                                     momentum
        m_hat  = m_new / c1                                                      momentum, corrected
        u      = maximum(minimum(m_hat / maximum(gamma * h, eps), clip), -clip)  step, clipped, of the old curvature
        h_new  = where(hessian_given == 1, beta2 * h + (1 - beta2) * hessian, h)  curvature
        w_new  = w - lr * (u + weight_decay * w)                                 decay, descent

    Then m, h, w take the new values.

    w, m, h, g, hessian are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g and hessian are only read.
    hessian_given is 1.0, or 0.0 in a step without hessian, which may then be any numbers.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        h  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the momentum
    one_minus_beta1 = 1 - beta1
    minus_clip = -clip
    hessian_given_is_one = 1 if hessian_given == 1 else 0
    one_minus_beta2 = 1 - beta2

    launch(
        _sophia_delayed_update,
        (g, hessian),
        (beta1, one_minus_beta1, c1, gamma, eps, clip, minus_clip, hessian_given_is_one, beta2, one_minus_beta2, lr, weight_decay),
        (w, m, h),
        stages,
    )


class SophiaDelayed(CupyOptimizer):
    """SophiaDelayed: Sophia with a corrected momentum, in which an estimate of the curvature counts from the next step on.

    Source: Liu et al. (2024), Algorithm 3, arXiv:2305.14342, as in optax.contrib.sophia.
    The equations are in `sophia_delayed_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    A step is step(grads, hessian=hessian):

        hessian  arrays, nested as the gradients, or left out  an estimate of the diagonal of the Hessian at w

    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the momentum
        clip          clip > 0           largest step of a weight, in units of lr
        eps           eps > 0            least curvature by which is divided
        gamma         gamma >= 0         scale of the curvature: larger is less often clipped
        beta2         0 <= beta2 < 1     decay of the curvature, for each estimate
        weight_decay  weight_decay >= 0  decoupled weight decay
    """

    lr: Hyper
    beta1: Hyper
    clip: Hyper
    eps: Hyper
    gamma: Hyper
    beta2: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "h")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "clip": ("clip > 0", lambda clip: clip > 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "gamma": ("gamma >= 0", lambda gamma: gamma >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _inputs: ClassVar = ("hessian",)
    _optional: ClassVar = ("hessian",)
    _update = staticmethod(sophia_delayed_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.965,
        clip: Hyper = 1.0,
        eps: Hyper = 1e-8,
        gamma: Hyper = 0.01,
        beta2: Hyper = 0.99,
        weight_decay: Hyper = 0.0001,
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
            clip=clip,
            eps=eps,
            gamma=gamma,
            beta2=beta2,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w))
