# generated from specs/novograd.py; regenerate with: python cli.py generate novograd
"""NovoGrad: momentum of gradients that are divided by a moving average of their norms, one number for each array."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ._arrays import (
    Array,
    Hyper,
    NumpyOptimizer,
    Stage,
    StageCall,
    spread,
    summed,
    sums_of,
    tiles,
)

__all__ = [
    "NovoGrad",
    "NovoGradW",
    "novograd_decoupled_per_array",
    "novograd_decoupled_sums",
    "novograd_decoupled_update",
    "novograd_per_array",
    "novograd_sums",
    "novograd_update",
]


def _novograd_sums(w: Array, g: Array, s0: Array, wide: Array, at: Array) -> tuple[Any, ...]:
    # second_total: sum of g**2
    np.square(g, out=s0)
    second_total = sums_of(s0, at)
    return (second_total,)


def novograd_update(
    w: Array,
    g: Array,
    m: Array,
    v: float,
    second_total: float,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.98,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    beta1: float = 0.95,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of NovoGrad on one array, in place.

        total  = array_sum(g**2)                                       squared norm of the gradient
        v_new  = where(t > 1, v * beta2 + total * (1 - beta2), total)  second moment
        u      = weight_decay * w + g / (eps + sqrt(v_new))            gradient of about norm 1, and weight decay
        m_new  = u + beta1 * m                                         momentum
        w_new  = w - lr * m_new                                        descent

    Then m, w take the new values.

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        v  = 0 before the first step, a number for each array
        m  = 0 before the first step

    second_total: what `novograd_sums` gives.
    """
    total = second_total  # squared norm of the gradient
    v_new = v * beta2 + total * (1 - beta2) if t > 1 else total  # second moment
    eps_plus_sqrt_v_new = spread(eps + np.sqrt(v_new), w)

    for tile in tiles((w, m), (g,), scratch=2, stages=stages):
        w, m, g, s0, s1 = tile
        # u = weight_decay * w + g / (eps + sqrt(v_new))  (gradient of about norm 1, and weight decay)
        np.multiply(weight_decay, w, out=s0)
        np.divide(g, eps_plus_sqrt_v_new, out=s1)
        u = np.add(s0, s1, out=s0)
        # m_new = u + beta1 * m  (momentum)
        np.multiply(beta1, m, out=m)
        m_new = np.add(u, m, out=m)
        # w_new = w - lr * m_new  (descent)
        np.multiply(lr, m_new, out=s0)
        np.subtract(w, s0, out=w)


def novograd_sums(
    w: Array,
    g: Array,
    m: Array,
    v: float,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.98,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    beta1: float = 0.95,
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of NovoGrad sums up over one array, in double; nothing is written.

        second_total  = array_sum(g**2)

    The arguments are those of `novograd_update`, whose next arguments the results are.
    """
    return summed(_novograd_sums, (w, g), (), ("sum",), (1, 0), stages)


def novograd_per_array(
    v: float,
    second_total: float,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.98,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    beta1: float = 0.95,
) -> tuple[float, ...]:
    """The numbers that are kept for this array after step t."""
    total = second_total  # squared norm of the gradient
    v_new = v * beta2 + total * (1 - beta2) if t > 1 else total  # second moment
    return (v_new,)


class NovoGrad(NumpyOptimizer):
    """NovoGrad: momentum of gradients, each divided by a moving average of its norm, with weight decay in it.

    Source: Ginsburg et al. (2019), Algorithm 1, arXiv:1905.11286.
    The equations are in `novograd_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps > 0            keeps the division from zero
        weight_decay  weight_decay >= 0  weight decay
        beta1         0 <= beta1 < 1     decay of the momentum
    """

    lr: Hyper
    beta2: Hyper
    eps: Hyper
    weight_decay: Hyper
    beta1: Hyper

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
    }
    _own_t: ClassVar = True
    _per_array: ClassVar = ("v",)
    _reductions: ClassVar = (("second_total", "sum", False),)
    _fed_by_sums: ClassVar = ("v",)
    _update = staticmethod(novograd_update)
    _advance_own = staticmethod(novograd_per_array)
    _sums = staticmethod(novograd_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta2: Hyper = 0.98,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.0,
        beta1: Hyper = 0.95,
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
            eps=eps,
            weight_decay=weight_decay,
            beta1=beta1,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w),)

    def _initial_own(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"v": 0}


def _novograd_decoupled_sums(w: Array, g: Array, s0: Array, wide: Array, at: Array) -> tuple[Any, ...]:
    # second_total: sum of g**2
    np.square(g, out=s0)
    second_total = sums_of(s0, at)
    return (second_total,)


def novograd_decoupled_update(
    w: Array,
    g: Array,
    m: Array,
    v: float,
    second_total: float,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.98,
    eps: float = 1e-8,
    beta1: float = 0.95,
    weight_decay: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of NovoGradW on one array, in place.

        total  = array_sum(g**2)                                       squared norm of the gradient
        v_new  = where(t > 1, v * beta2 + total * (1 - beta2), total)  second moment
        u      = g / (eps + sqrt(v_new))                               gradient of about norm 1
        m_new  = u + beta1 * m                                         momentum
        w_new  = w - lr * weight_decay * w - lr * m_new                decay, descent

    Then m, w take the new values.

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        v  = 0 before the first step, a number for each array
        m  = 0 before the first step

    second_total: what `novograd_decoupled_sums` gives.
    """
    total = second_total  # squared norm of the gradient
    v_new = v * beta2 + total * (1 - beta2) if t > 1 else total  # second moment
    eps_plus_sqrt_v_new = spread(eps + np.sqrt(v_new), w)
    lr_weight_decay = lr * weight_decay

    for tile in tiles((w, m), (g,), scratch=1, stages=stages):
        w, m, g, s0 = tile
        # u = g / (eps + sqrt(v_new))  (gradient of about norm 1)
        u = np.divide(g, eps_plus_sqrt_v_new, out=s0)
        # m_new = u + beta1 * m  (momentum)
        np.multiply(beta1, m, out=m)
        m_new = np.add(u, m, out=m)
        # w_new = w - lr * weight_decay * w - lr * m_new  (decay, descent)
        np.multiply(lr_weight_decay, w, out=s0)
        np.subtract(w, s0, out=w)
        np.multiply(lr, m_new, out=s0)
        np.subtract(w, s0, out=w)


def novograd_decoupled_sums(
    w: Array,
    g: Array,
    m: Array,
    v: float,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.98,
    eps: float = 1e-8,
    beta1: float = 0.95,
    weight_decay: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of NovoGradW sums up over one array, in double; nothing is written.

        second_total  = array_sum(g**2)

    The arguments are those of `novograd_decoupled_update`, whose next arguments the results are.
    """
    return summed(_novograd_decoupled_sums, (w, g), (), ("sum",), (1, 0), stages)


def novograd_decoupled_per_array(
    v: float,
    second_total: float,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.98,
    eps: float = 1e-8,
    beta1: float = 0.95,
    weight_decay: float = 0.0,
) -> tuple[float, ...]:
    """The numbers that are kept for this array after step t."""
    total = second_total  # squared norm of the gradient
    v_new = v * beta2 + total * (1 - beta2) if t > 1 else total  # second moment
    return (v_new,)


class NovoGradW(NumpyOptimizer):
    """NovoGradW: NovoGrad whose weight decay is no part of the momentum.

    Source: Ginsburg et al. (2019), arXiv:1905.11286, with decoupled weight decay, as in pytorch_optimizer.
    The equations are in `novograd_decoupled_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps > 0            keeps the division from zero
        beta1         0 <= beta1 < 1     decay of the momentum
        weight_decay  weight_decay >= 0  weight decay
    """

    lr: Hyper
    beta2: Hyper
    eps: Hyper
    beta1: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _own_t: ClassVar = True
    _per_array: ClassVar = ("v",)
    _reductions: ClassVar = (("second_total", "sum", False),)
    _fed_by_sums: ClassVar = ("v",)
    _update = staticmethod(novograd_decoupled_update)
    _advance_own = staticmethod(novograd_decoupled_per_array)
    _sums = staticmethod(novograd_decoupled_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta2: Hyper = 0.98,
        eps: Hyper = 1e-8,
        beta1: Hyper = 0.95,
        weight_decay: Hyper = 0.0,
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
            eps=eps,
            beta1=beta1,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w),)

    def _initial_own(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"v": 0}
