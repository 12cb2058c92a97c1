# generated from specs/cautious.py; regenerate with: python cli.py generate cautious
"""Steps that mind the sign of the gradient, or of the weight: cautious ones, cautious decay, Grams."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, NumpyOptimizer, Stage, StageCall, tiles

__all__ = [
    "AdamWCautiousDecay",
    "CautiousAdamWUnscaled",
    "CautiousLionUnscaled",
    "Grams",
    "cautious_adamw_update",
    "cautious_decay_update",
    "cautious_lion_update",
    "grams_update",
]


def cautious_adamw_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of CautiousAdamWUnscaled on one array, in place.

        c1     = 1 - beta1**t                           bias of the first moment
        c2     = 1 - beta2**t                           bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g            first moment
        v_new  = beta2 * v + (1 - beta2) * g**2         second moment
        m_hat  = m_new / c1                             first moment, corrected
        v_hat  = v_new / c2                             second moment, corrected
        u      = m_hat / (sqrt(v_hat) + eps)            direction
        kept   = u * where(u * g > 0, 1, 0)             what agrees with the gradient
        w_new  = w - lr * weight_decay * w - lr * kept  decay and descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        sqrt_c2_over_c1  = sqrt(c2) / c1
        eps_sqrt_c2      = eps * sqrt(c2)
        u                = sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    sqrt_c2_over_c1 = math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)
    lr_weight_decay = lr * weight_decay

    for tile in tiles((w, m, v), (g,), scratch=2, masks=1, stages=stages):
        w, m, v, g, s0, s1, mask0 = tile
        # m_new = beta1 * m + (1 - beta1) * g  (first moment)
        np.multiply(beta1, m, out=m)
        np.multiply(one_minus_beta1, g, out=s0)
        m_new = np.add(m, s0, out=m)
        # v_new = beta2 * v + (1 - beta2) * g**2  (second moment)
        np.multiply(beta2, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_beta2, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # m_hat = m_new / c1  (first moment, corrected)
        # v_hat = v_new / c2  (second moment, corrected)
        # u = m_hat / (sqrt(v_hat) + eps)  (direction)
        #   = sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)
        np.multiply(sqrt_c2_over_c1, m_new, out=s0)
        np.sqrt(v_new, out=s1)
        np.add(s1, eps_sqrt_c2, out=s1)
        u = np.divide(s0, s1, out=s0)
        # kept = u * where(u * g > 0, 1, 0)  (what agrees with the gradient)
        np.multiply(u, g, out=s1)
        np.greater(s1, 0, out=mask0)
        np.copyto(s1, 0)
        np.copyto(s1, 1, where=mask0)
        kept = np.multiply(u, s1, out=s0)
        # w_new = w - lr * weight_decay * w - lr * kept  (decay and descent)
        np.multiply(lr_weight_decay, w, out=s1)
        np.subtract(w, s1, out=w)
        np.multiply(lr, kept, out=s0)
        np.subtract(w, s0, out=w)


class CautiousAdamWUnscaled(NumpyOptimizer):
    """CautiousAdamWUnscaled: AdamW that moves no weight against its gradient.

    Source: Liang et al. (2024), Algorithm 1, arXiv:2411.16085, of AdamW: where u * g > 0, without the factor of the mask's mean.
    The equations are in `cautious_adamw_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decay of the weights, times lr
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _update = staticmethod(cautious_adamw_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.01,
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
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))


def cautious_lion_update(
    w: Array,
    g: Array,
    m: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.99,
    weight_decay: float = 0.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of CautiousLionUnscaled on one array, in place.

        u      = sign(beta1 * m + (1 - beta1) * g)   direction
        kept   = u * where(u * g > 0, 1, 0)          what agrees with the gradient
        m_new  = beta2 * m + (1 - beta2) * g         momentum
        w_new  = w - lr * (kept + weight_decay * w)  descent

    Then m, w take the new values.

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
    """
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2

    for tile in tiles((w, m), (g,), scratch=2, masks=1, stages=stages):
        w, m, g, s0, s1, mask0 = tile
        # u = sign(beta1 * m + (1 - beta1) * g)  (direction)
        np.multiply(beta1, m, out=s0)
        np.multiply(one_minus_beta1, g, out=s1)
        np.add(s0, s1, out=s0)
        u = np.sign(s0, out=s1)
        # kept = u * where(u * g > 0, 1, 0)  (what agrees with the gradient)
        np.multiply(u, g, out=s0)
        np.greater(s0, 0, out=mask0)
        np.copyto(s0, 0)
        np.copyto(s0, 1, where=mask0)
        kept = np.multiply(u, s0, out=s1)
        # m_new = beta2 * m + (1 - beta2) * g  (momentum)
        np.multiply(beta2, m, out=m)
        np.multiply(one_minus_beta2, g, out=s0)
        np.add(m, s0, out=m)
        # w_new = w - lr * (kept + weight_decay * w)  (descent)
        np.multiply(weight_decay, w, out=s0)
        np.add(kept, s0, out=s1)
        np.multiply(lr, s1, out=s1)
        np.subtract(w, s1, out=w)


class CautiousLionUnscaled(NumpyOptimizer):
    """CautiousLionUnscaled: Lion that moves no weight against its gradient.

    Source: Liang et al. (2024), Algorithm 1, arXiv:2411.16085, of Lion: where u * g > 0, without the factor of the mask's mean.
    The equations are in `cautious_lion_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     share of the momentum in the step
        beta2         0 <= beta2 < 1     decay of the momentum
        weight_decay  weight_decay >= 0  decoupled weight decay
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _update = staticmethod(cautious_lion_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.99,
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
            beta1=beta1,
            beta2=beta2,
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w),)


def cautious_decay_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of AdamWCautiousDecay on one array, in place.

        c1     = 1 - beta1**t                        bias of the first moment
        c2     = 1 - beta2**t                        bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g         first moment
        v_new  = beta2 * v + (1 - beta2) * g**2      second moment
        m_hat  = m_new / c1                          first moment, corrected
        v_hat  = v_new / c2                          second moment, corrected
        u      = m_hat / (sqrt(v_hat) + eps)         direction
        kept   = w * where(w * u < 0, 0, 1)          what the step makes smaller
        w_new  = w - lr * (u + weight_decay * kept)  decay and descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        sqrt_c2_over_c1  = sqrt(c2) / c1
        eps_sqrt_c2      = eps * sqrt(c2)
        u                = sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    sqrt_c2_over_c1 = math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)

    for tile in tiles((w, m, v), (g,), scratch=2, masks=1, stages=stages):
        w, m, v, g, s0, s1, mask0 = tile
        # m_new = beta1 * m + (1 - beta1) * g  (first moment)
        np.multiply(beta1, m, out=m)
        np.multiply(one_minus_beta1, g, out=s0)
        m_new = np.add(m, s0, out=m)
        # v_new = beta2 * v + (1 - beta2) * g**2  (second moment)
        np.multiply(beta2, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_beta2, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # m_hat = m_new / c1  (first moment, corrected)
        # v_hat = v_new / c2  (second moment, corrected)
        # u = m_hat / (sqrt(v_hat) + eps)  (direction)
        #   = sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)
        np.multiply(sqrt_c2_over_c1, m_new, out=s0)
        np.sqrt(v_new, out=s1)
        np.add(s1, eps_sqrt_c2, out=s1)
        u = np.divide(s0, s1, out=s0)
        # kept = w * where(w * u < 0, 0, 1)  (what the step makes smaller)
        np.multiply(w, u, out=s1)
        np.less(s1, 0, out=mask0)
        np.copyto(s1, 1)
        np.copyto(s1, 0, where=mask0)
        kept = np.multiply(w, s1, out=s1)
        # w_new = w - lr * (u + weight_decay * kept)  (decay and descent)
        np.multiply(weight_decay, kept, out=s1)
        np.add(u, s1, out=s0)
        np.multiply(lr, s0, out=s0)
        np.subtract(w, s0, out=w)


class AdamWCautiousDecay(NumpyOptimizer):
    """AdamWCautiousDecay: AdamW whose weights decay only where the step takes them towards zero, too.

    Source: Chen et al. (2025), Algorithm 1, arXiv:2510.12402, over Adam.
    The equations are in `cautious_decay_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decay of the weights, times lr
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _update = staticmethod(cautious_decay_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.01,
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
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))


def grams_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of Grams on one array, in place.

        c1     = 1 - beta1**t                                  bias of the first moment
        c2     = 1 - beta2**t                                  bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g                   first moment
        v_new  = beta2 * v + (1 - beta2) * g**2                second moment
        m_hat  = m_new / c1                                    first moment, corrected
        v_hat  = v_new / c2                                    second moment, corrected
        u      = abs(m_hat) / (sqrt(v_hat) + eps)              size of the step
        w_new  = w - lr * weight_decay * w - lr * u * sign(g)  decay and descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_weight_decay     = lr * weight_decay
        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * abs(m_new) * sign(g) / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_weight_decay = lr * weight_decay
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    eps_sqrt_c2 = eps * math.sqrt(c2)

    for tile in tiles((w, m, v), (g,), scratch=2, stages=stages):
        w, m, v, g, s0, s1 = tile
        # m_new = beta1 * m + (1 - beta1) * g  (first moment)
        np.multiply(beta1, m, out=m)
        np.multiply(one_minus_beta1, g, out=s0)
        m_new = np.add(m, s0, out=m)
        # v_new = beta2 * v + (1 - beta2) * g**2  (second moment)
        np.multiply(beta2, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_beta2, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # m_hat = m_new / c1  (first moment, corrected)
        # v_hat = v_new / c2  (second moment, corrected)
        # u = abs(m_hat) / (sqrt(v_hat) + eps)  (size of the step)
        # w_new = w - lr * weight_decay * w - lr * u * sign(g)  (decay and descent)
        #       = w - lr_weight_decay * w - lr_sqrt_c2_over_c1 * abs(m_new) * sign(g) / (sqrt(v_new) + eps_sqrt_c2)
        np.multiply(lr_weight_decay, w, out=s0)
        np.subtract(w, s0, out=w)
        np.absolute(m_new, out=s0)
        np.sign(g, out=s1)
        np.multiply(lr_sqrt_c2_over_c1, s0, out=s0)
        np.multiply(s0, s1, out=s0)
        np.sqrt(v_new, out=s1)
        np.add(s1, eps_sqrt_c2, out=s1)
        np.divide(s0, s1, out=s0)
        np.subtract(w, s0, out=w)


class Grams(NumpyOptimizer):
    """Grams: a step of the size of Adam's in the direction of the gradient.

    Source: Cao et al. (2024), Algorithm 1, arXiv:2412.17107, with the weight decay of AdamW.
    The equations are in `grams_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the first moment
        beta2         0 <= beta2 < 1     decay of the second moment
        eps           eps >= 0           keeps the division from zero
        weight_decay  weight_decay >= 0  decay of the weights, times lr
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper
    weight_decay: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _update = staticmethod(grams_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        weight_decay: Hyper = 0.01,
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
            weight_decay=weight_decay,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))
