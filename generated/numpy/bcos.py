# generated from specs/bcos.py; regenerate with: python cli.py generate bcos
"""BCOS: steps over the root of a second moment of what is followed, the gradient or its momentum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ._arrays import Array, Hyper, NumpyOptimizer, Stage, StageCall, tiles

__all__ = [
    "BCOS",
    "BCOSGradient",
    "BCOSMomentum",
    "bcos_gradient_update",
    "bcos_momentum_update",
    "bcos_update",
]


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

    for tile in tiles((w, v), (g,), scratch=3, stages=stages):
        w, v, g, s0, s1, s2 = tile
        # v_new = where(t > 1, beta * v + (1 - beta) * g**2, g**2)  (second moment)
        np.multiply(beta, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_beta, s0, out=s0)
        np.add(v, s0, out=v)
        np.square(g, out=s0)
        np.copyto(s0, v, where=t_above_one != 0)
        v_new = s0
        # w_new = w - lr * weight_decay * w - lr * g / (sqrt(v_new) + eps)  (decay and descent)
        np.multiply(lr_weight_decay, w, out=s1)
        np.subtract(w, s1, out=w)
        np.multiply(lr, g, out=s1)
        np.sqrt(v_new, out=s2)
        np.add(s2, eps, out=s2)
        np.divide(s1, s2, out=s1)
        np.subtract(w, s1, out=w)
        np.copyto(v, v_new)


class BCOSGradient(NumpyOptimizer):
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
        return (np.zeros_like(w),)


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

    for tile in tiles((w, m, v), (g,), scratch=4, stages=stages):
        w, m, v, g, s0, s1, s2, s3 = tile
        # m_new = where(t > 1, beta * m + (1 - beta) * g, g)  (momentum, from the first gradient on)
        np.multiply(beta, m, out=m)
        np.multiply(one_minus_beta, g, out=s0)
        np.add(m, s0, out=m)
        np.copyto(s0, g)
        np.copyto(s0, m, where=t_above_one != 0)
        m_new = s0
        # v_new = where(t > 1, beta * v + (1 - beta) * m_new**2, g**2)  (second moment of the momentum)
        np.multiply(beta, v, out=v)
        np.square(m_new, out=s1)
        np.multiply(one_minus_beta, s1, out=s1)
        np.add(v, s1, out=v)
        np.square(g, out=s1)
        np.copyto(s1, v, where=t_above_one != 0)
        v_new = s1
        # w_new = w - lr * weight_decay * w - lr * m_new / (sqrt(v_new) + eps)  (decay and descent)
        np.multiply(lr_weight_decay, w, out=s2)
        np.subtract(w, s2, out=w)
        np.multiply(lr, m_new, out=s2)
        np.sqrt(v_new, out=s3)
        np.add(s3, eps, out=s3)
        np.divide(s2, s3, out=s2)
        np.subtract(w, s2, out=w)
        np.copyto(m, m_new)
        np.copyto(v, v_new)


class BCOSMomentum(NumpyOptimizer):
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
        return (np.zeros_like(w), np.zeros_like(w))


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

    for tile in tiles((w, m), (g,), scratch=3, stages=stages):
        w, m, g, s0, s1, s2 = tile
        # m_old = where(t > 1, m, g)  (momentum of the step before)
        np.copyto(s0, g)
        np.copyto(s0, m, where=t_above_one != 0)
        m_old = s0
        # u = (1 - (1 - beta) ** 2) * m_old**2 + (1 - beta) ** 2 * g**2  (its square, given that step)
        np.square(m_old, out=s0)
        np.multiply(one_minus_one_minus_beta_pow_two, s0, out=s0)
        np.square(g, out=s1)
        np.multiply(one_minus_beta_pow_two, s1, out=s1)
        u = np.add(s0, s1, out=s0)
        # m_new = where(t > 1, beta * m + (1 - beta) * g, g)  (momentum, from the first gradient on)
        np.multiply(beta, m, out=m)
        np.multiply(one_minus_beta, g, out=s1)
        np.add(m, s1, out=m)
        np.copyto(s1, g)
        np.copyto(s1, m, where=t_above_one != 0)
        m_new = s1
        # w_new = w - lr * weight_decay * w - lr * m_new / (sqrt(maximum(u, 0)) + eps)  (decay and descent)
        np.multiply(lr_weight_decay, w, out=s2)
        np.subtract(w, s2, out=w)
        np.multiply(lr, m_new, out=s2)
        np.maximum(u, 0, out=s0)
        np.sqrt(s0, out=s0)
        np.add(s0, eps, out=s0)
        np.divide(s2, s0, out=s2)
        np.subtract(w, s2, out=w)
        np.copyto(m, m_new)


class BCOS(NumpyOptimizer):
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
        return (np.zeros_like(w),)
