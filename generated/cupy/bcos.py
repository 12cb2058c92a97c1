# generated from specs/bcos.py; regenerate with: python cli.py generate bcos
"""BCOS: steps over the root of a second moment of what is followed, the gradient or its momentum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, launch

__all__ = [
    "BCOS",
    "BCOSGradient",
    "BCOSMomentum",
    "bcos_gradient_update",
    "bcos_momentum_update",
    "bcos_update",
]


_bcos_gradient_update = cp.ElementwiseKernel(
    in_params="T g, T t_above_one, T beta, T one_minus_beta, T lr_weight_decay, T lr, T eps",
    out_params="T w, T v",
    operation="""
    const T v_new = (t_above_one != 0 ? beta * v + one_minus_beta * (g * g) : g * g);  // second moment
    const T w_new = w - lr_weight_decay * w - lr * g / (sqrt(v_new) + eps);  // decay and descent
    v = v_new;
    w = w_new;
    """,
    name="bcos_gradient_update",
)


def bcos_gradient_update(
    w: Array,
    g: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta: float = 0.9,
    eps: float = 1e-6,
    weight_decay: float = 0.1,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of BCOSGradient on one array, in place.

        v_new  = where(t > 1, beta * v + (1 - beta) * g**2, g**2)          second moment
        w_new  = w - lr * weight_decay * w - lr * g / (sqrt(v_new) + eps)  decay and descent

    Then v, w take the new values.

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        v  = 0 before the first step
    """
    t_above_one = 1 if t > 1 else 0
    one_minus_beta = 1 - beta
    lr_weight_decay = lr * weight_decay

    launch(
        _bcos_gradient_update,
        (g,),
        (t_above_one, beta, one_minus_beta, lr_weight_decay, lr, eps),
        (w, v),
        stages,
    )


class BCOSGradient(CupyOptimizer):
    """BCOSGradient: RMSprop whose second moment starts from the first gradient.

    Source: Jiang & Xiao (2025), arXiv:2507.08963, BCOS-g.
    The equations are in `bcos_gradient_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta          0 <= beta < 1      decay of the averages
        eps           eps > 0            keeps the division from zero
        weight_decay  weight_decay >= 0  decoupled weight decay, times lr
    """

    lr: Hyper
    beta: Hyper
    eps: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _own_t: ClassVar = True
    _update = staticmethod(bcos_gradient_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta: Hyper = 0.9,
        eps: Hyper = 1e-6,
        weight_decay: Hyper = 0.1,
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
            eps=eps,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w),)


_bcos_momentum_update = cp.ElementwiseKernel(
    in_params="T g, T t_above_one, T beta, T one_minus_beta, T lr_weight_decay, T lr, T eps",
    out_params="T w, T m, T v",
    operation="""
    const T m_new = (t_above_one != 0 ? beta * m + one_minus_beta * g : g);  // momentum, from the first gradient on
    const T v_new = (t_above_one != 0 ? beta * v + one_minus_beta * (m_new * m_new) : g * g);  // second moment of the momentum
    const T w_new = w - lr_weight_decay * w - lr * m_new / (sqrt(v_new) + eps);  // decay and descent
    m = m_new;
    v = v_new;
    w = w_new;
    """,
    name="bcos_momentum_update",
)


def bcos_momentum_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta: float = 0.9,
    eps: float = 1e-6,
    weight_decay: float = 0.1,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of BCOSMomentum on one array, in place.

        m_new  = where(t > 1, beta * m + (1 - beta) * g, g)                    momentum, from the first gradient on
        v_new  = where(t > 1, beta * v + (1 - beta) * m_new**2, g**2)          second moment of the momentum
        w_new  = w - lr * weight_decay * w - lr * m_new / (sqrt(v_new) + eps)  decay and descent

    Then m, v, w take the new values.

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    t_above_one = 1 if t > 1 else 0
    one_minus_beta = 1 - beta
    lr_weight_decay = lr * weight_decay

    launch(
        _bcos_momentum_update,
        (g,),
        (t_above_one, beta, one_minus_beta, lr_weight_decay, lr, eps),
        (w, m, v),
        stages,
    )


class BCOSMomentum(CupyOptimizer):
    """BCOSMomentum: descent along the momentum over the root of the average of its squares.

    Source: Jiang & Xiao (2025), arXiv:2507.08963, BCOS-m.
    The equations are in `bcos_momentum_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta          0 <= beta < 1      decay of the averages
        eps           eps > 0            keeps the division from zero
        weight_decay  weight_decay >= 0  decoupled weight decay, times lr
    """

    lr: Hyper
    beta: Hyper
    eps: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _own_t: ClassVar = True
    _update = staticmethod(bcos_momentum_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta: Hyper = 0.9,
        eps: Hyper = 1e-6,
        weight_decay: Hyper = 0.1,
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
            eps=eps,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w))


_bcos_update = cp.ElementwiseKernel(
    in_params="T g, T t_above_one, T one_minus_one_minus_beta_pow_two, T one_minus_beta_pow_two, T beta, T one_minus_beta, T lr_weight_decay, T lr, T eps",
    out_params="T w, T m",
    operation="""
    const T m_old = (t_above_one != 0 ? m : g);  // momentum of the step before
    const T u = one_minus_one_minus_beta_pow_two * (m_old * m_old) + one_minus_beta_pow_two * (g * g);  // its square, given that step
    const T m_new = (t_above_one != 0 ? beta * m + one_minus_beta * g : g);  // momentum, from the first gradient on
    const T w_new = w - lr_weight_decay * w - lr * m_new / (sqrt((u >= 0 || u != u ? u : 0)) + eps);  // decay and descent
    m = m_new;
    w = w_new;
    """,
    name="bcos_update",
)


def bcos_update(
    w: Array,
    g: Array,
    m: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta: float = 0.9,
    eps: float = 1e-6,
    weight_decay: float = 0.1,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of BCOS on one array, in place.

        m_old  = where(t > 1, m, g)                                         momentum of the step before
        u      = (1 - (1 - beta) ** 2) * m_old**2 + (1 - beta) ** 2 * g**2  its square, given that step
        m_new  = where(t > 1, beta * m + (1 - beta) * g, g)                 momentum, from the first gradient on
        w_new  = w - lr * weight_decay * w - lr * m_new / (sqrt(maximum(u, 0)) + eps)  decay and descent

    Then m, w take the new values.

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        m  = 0 before the first step
    """
    t_above_one = 1 if t > 1 else 0
    one_minus_one_minus_beta_pow_two = 1 - (1 - beta) ** 2
    one_minus_beta_pow_two = (1 - beta) ** 2
    one_minus_beta = 1 - beta
    lr_weight_decay = lr * weight_decay

    launch(
        _bcos_update,
        (g,),
        (t_above_one, one_minus_one_minus_beta_pow_two, one_minus_beta_pow_two, beta, one_minus_beta, lr_weight_decay, lr, eps),
        (w, m),
        stages,
    )


class BCOS(CupyOptimizer):
    """BCOS: descent along the momentum over what its square is expected to be, given the step before.

    Source: Jiang & Xiao (2025), arXiv:2507.08963, BCOS-c with its simple estimator.
    The equations are in `bcos_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta          0 <= beta < 1      decay of the averages
        eps           eps > 0            keeps the division from zero
        weight_decay  weight_decay >= 0  decoupled weight decay, times lr
    """

    lr: Hyper
    beta: Hyper
    eps: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _own_t: ClassVar = True
    _update = staticmethod(bcos_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta: Hyper = 0.9,
        eps: Hyper = 1e-6,
        weight_decay: Hyper = 0.1,
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
            eps=eps,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w),)
