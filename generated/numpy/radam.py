# generated from specs/radam.py; regenerate with: python cli.py generate radam
"""RAdam: Adam that waits with its second moment until there is enough to estimate it from."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import average_length, one_minus_power, sqrt
from ._arrays import Array, Hyper, NumpyOptimizer, Stage, StageCall, tiles

__all__ = [
    "RAdam",
    "RAdamEpsHat",
    "RAdamNesterov",
    "RAdamThreshold",
    "radam_eps_hat_update",
    "radam_nesterov_update",
    "radam_threshold_update",
    "radam_update",
]


def radam_update(
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
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of RAdam on one array, in place.

        c1       = 1 - beta1**t                                               bias of the first moment
        c2       = 1 - beta2**t                                               bias of the second moment
        longest  = 2 / (1 - beta2) - 1                                        length of the average in the end
        length   = longest - 2 * t * beta2**t / c2                            length of the average so far
        r        = where(length > 5, sqrt(longest * (length - 2) * (length - 4) / (length * (longest - 2) * (longest - 4))), 0)  rectification of the variance
        m_new    = beta1 * m + (1 - beta1) * g                                first moment
        v_new    = beta2 * v + (1 - beta2) * g**2                             second moment
        m_hat    = m_new / c1                                                 first moment, corrected
        v_hat    = v_new / c2                                                 second moment, corrected
        u        = where(length > 5, r * m_hat / (sqrt(v_hat) + eps), m_hat)  direction
        w_new    = w - lr * u                                                 descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_over_c1         = lr / c1
        length_above_five  = where(length > 5, 1, 0)
        r_sqrt_c2          = r * sqrt(c2)
        eps_sqrt_c2        = eps * sqrt(c2)
        w_new              = w - lr_over_c1 * where(length_above_five != 0, r_sqrt_c2 * m_new / (sqrt(v_new) + eps_sqrt_c2), m_new)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    longest = 2 / (1 - beta2) - 1  # length of the average in the end
    length = average_length(beta2, t)  # length of the average so far
    r = sqrt(longest * (length - 2) * (length - 4) / (length * (longest - 2) * (longest - 4))) if length > 5 else 0  # rectification of the variance
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_over_c1 = lr / c1
    length_above_five = 1 if length > 5 else 0
    r_sqrt_c2 = r * math.sqrt(c2)
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
        # u = where(length > 5, r * m_hat / (sqrt(v_hat) + eps), m_hat)  (direction)
        # w_new = w - lr * u  (descent)
        #       = w - lr_over_c1 * where(length_above_five != 0, r_sqrt_c2 * m_new / (sqrt(v_new) + eps_sqrt_c2), m_new)
        np.multiply(r_sqrt_c2, m_new, out=s0)
        np.sqrt(v_new, out=s1)
        np.add(s1, eps_sqrt_c2, out=s1)
        np.divide(s0, s1, out=s0)
        np.copyto(s1, m_new)
        np.copyto(s1, s0, where=length_above_five != 0)
        np.multiply(lr_over_c1, s1, out=s1)
        np.subtract(w, s1, out=w)


class RAdam(NumpyOptimizer):
    """RAdam: Adam with a rectified second moment.

    Source: Liu et al. (2020), Algorithm 2, arXiv:1908.03265, with the threshold 5, as in optax.radam.
    The equations are in `radam_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(radam_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
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
        return (np.zeros_like(w), np.zeros_like(w))


def radam_eps_hat_update(
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
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of RAdamEpsHat on one array, in place.

        c1       = 1 - beta1**t                     bias of the first moment
        c2       = 1 - beta2**t                     bias of the second moment
        longest  = 2 / (1 - beta2) - 1              length of the average in the end
        length   = longest - 2 * t * beta2**t / c2  length of the average so far
        r        = where(length > 5, sqrt(longest * (length - 2) * (length - 4) / (length * (longest - 2) * (longest - 4))), 0)  rectification of the variance
        m_new    = beta1 * m + (1 - beta1) * g      first moment
        v_new    = beta2 * v + (1 - beta2) * g**2   second moment
        m_hat    = m_new / c1                       first moment, corrected
        u        = where(length > 5, r * sqrt(c2) * m_hat / (sqrt(v_new) + eps), m_hat)  direction
        w_new    = w - lr * u                       descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_over_c1         = lr / c1
        length_above_five  = where(length > 5, 1, 0)
        r_sqrt_c2          = r * sqrt(c2)
        w_new              = w - lr_over_c1 * where(length_above_five != 0, r_sqrt_c2 * m_new / (sqrt(v_new) + eps), m_new)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    longest = 2 / (1 - beta2) - 1  # length of the average in the end
    length = average_length(beta2, t)  # length of the average so far
    r = sqrt(longest * (length - 2) * (length - 4) / (length * (longest - 2) * (longest - 4))) if length > 5 else 0  # rectification of the variance
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_over_c1 = lr / c1
    length_above_five = 1 if length > 5 else 0
    r_sqrt_c2 = r * math.sqrt(c2)

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
        # u = where(length > 5, r * sqrt(c2) * m_hat / (sqrt(v_new) + eps), m_hat)  (direction)
        # w_new = w - lr * u  (descent)
        #       = w - lr_over_c1 * where(length_above_five != 0, r_sqrt_c2 * m_new / (sqrt(v_new) + eps), m_new)
        np.multiply(r_sqrt_c2, m_new, out=s0)
        np.sqrt(v_new, out=s1)
        np.add(s1, eps, out=s1)
        np.divide(s0, s1, out=s0)
        np.copyto(s1, m_new)
        np.copyto(s1, s0, where=length_above_five != 0)
        np.multiply(lr_over_c1, s1, out=s1)
        np.subtract(w, s1, out=w)


class RAdamEpsHat(NumpyOptimizer):
    """RAdamEpsHat: RAdam with epsilon added before the second moment is corrected.

    Source: Liu et al. (2020), Algorithm 2, arXiv:1908.03265, epsilon as in torch.optim.RAdam.
    The equations are in `radam_eps_hat_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(radam_eps_hat_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
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
        return (np.zeros_like(w), np.zeros_like(w))


def radam_threshold_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    threshold: float = 4.0,
    eps: float = 1e-8,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of RAdamThreshold on one array, in place.

        c1       = 1 - beta1**t                     bias of the first moment
        c2       = 1 - beta2**t                     bias of the second moment
        longest  = 2 / (1 - beta2) - 1              length of the average in the end
        length   = longest - 2 * t * beta2**t / c2  length of the average so far
        r        = where(threshold < length, sqrt(longest * (length - 2) * (length - 4) / (length * (longest - 2) * (longest - 4))), 0)  rectification of the variance
        m_new    = beta1 * m + (1 - beta1) * g      first moment
        v_new    = beta2 * v + (1 - beta2) * g**2   second moment
        m_hat    = m_new / c1                       first moment, corrected
        v_hat    = v_new / c2                       second moment, corrected
        u        = where(threshold < length, r * m_hat / (sqrt(v_hat) + eps), m_hat)  direction
        w_new    = w - lr * u                       descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        lr_over_c1              = lr / c1
        threshold_below_length  = where(threshold < length, 1, 0)
        r_sqrt_c2               = r * sqrt(c2)
        eps_sqrt_c2             = eps * sqrt(c2)
        w_new                   = w - lr_over_c1 * where(threshold_below_length != 0, r_sqrt_c2 * m_new / (sqrt(v_new) + eps_sqrt_c2), m_new)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    longest = 2 / (1 - beta2) - 1  # length of the average in the end
    length = average_length(beta2, t)  # length of the average so far
    r = sqrt(longest * (length - 2) * (length - 4) / (length * (longest - 2) * (longest - 4))) if threshold < length else 0  # rectification of the variance
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_over_c1 = lr / c1
    threshold_below_length = 1 if threshold < length else 0
    r_sqrt_c2 = r * math.sqrt(c2)
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
        # u = where(threshold < length, r * m_hat / (sqrt(v_hat) + eps), m_hat)  (direction)
        # w_new = w - lr * u  (descent)
        #       = w - lr_over_c1 * where(threshold_below_length != 0, r_sqrt_c2 * m_new / (sqrt(v_new) + eps_sqrt_c2), m_new)
        np.multiply(r_sqrt_c2, m_new, out=s0)
        np.sqrt(v_new, out=s1)
        np.add(s1, eps_sqrt_c2, out=s1)
        np.divide(s0, s1, out=s0)
        np.copyto(s1, m_new)
        np.copyto(s1, s0, where=threshold_below_length != 0)
        np.multiply(lr_over_c1, s1, out=s1)
        np.subtract(w, s1, out=w)


class RAdamThreshold(NumpyOptimizer):
    """RAdamThreshold: RAdam that says when there is enough to estimate the second moment from.

    Source: Liu et al. (2020), Algorithm 2, arXiv:1908.03265, with any threshold; it is 4 there.
    The equations are in `radam_threshold_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr         lr >= 0         learning rate
        beta1      0 <= beta1 < 1  decay of the first moment
        beta2      0 <= beta2 < 1  decay of the second moment
        threshold  threshold >= 4  length above which the second moment is used
        eps        eps >= 0        keeps the division from zero
    """

    lr: Hyper
    beta1: Hyper
    beta2: Hyper
    threshold: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "threshold": ("threshold >= 4", lambda threshold: threshold >= 4),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(radam_threshold_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        threshold: Hyper = 4.0,
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
            threshold=threshold,
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))


def radam_nesterov_update(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.999,
    beta1: float = 0.9,
    eps: float = 1e-8,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of RAdamNesterov on one array, in place.

        c2       = 1 - beta2**t                                               bias of the second moment
        longest  = 2 / (1 - beta2) - 1                                        length of the average in the end
        length   = longest - 2 * t * beta2**t / c2                            length of the average so far
        r        = where(length > 5, sqrt(longest * (length - 2) * (length - 4) / (length * (longest - 2) * (longest - 4))), 0)  rectification of the variance
        m_new    = beta1 * m + (1 - beta1) * g                                first moment
        v_new    = beta2 * v + (1 - beta2) * g**2                             second moment
        m_bar    = beta1 * m_new / (1 - beta1 ** (1 + t)) + (1 - beta1) * g / (1 - beta1**t)  first moment, a step ahead, corrected
        v_hat    = v_new / c2                                                 second moment, corrected
        u        = where(length > 5, r * m_bar / (sqrt(v_hat) + eps), m_bar)  direction
        w_new    = w - lr * u                                                 descent

    Then m, v, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        length_above_five  = where(length > 5, 1, 0)
        r_sqrt_c2          = r * sqrt(c2)
        eps_sqrt_c2        = eps * sqrt(c2)
        u                  = where(length_above_five != 0, r_sqrt_c2 * m_bar / (sqrt(v_new) + eps_sqrt_c2), m_bar)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    longest = 2 / (1 - beta2) - 1  # length of the average in the end
    length = average_length(beta2, t)  # length of the average so far
    r = sqrt(longest * (length - 2) * (length - 4) / (length * (longest - 2) * (longest - 4))) if length > 5 else 0  # rectification of the variance
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    factor = beta1 / one_minus_power(beta1, 1 + t)
    factor_2 = (1 - beta1) / one_minus_power(beta1, t)
    length_above_five = 1 if length > 5 else 0
    r_sqrt_c2 = r * math.sqrt(c2)
    eps_sqrt_c2 = eps * math.sqrt(c2)

    for tile in tiles((w, m, v), (g,), scratch=3, stages=stages):
        w, m, v, g, s0, s1, s2 = tile
        # m_new = beta1 * m + (1 - beta1) * g  (first moment)
        np.multiply(beta1, m, out=m)
        np.multiply(one_minus_beta1, g, out=s0)
        m_new = np.add(m, s0, out=m)
        # v_new = beta2 * v + (1 - beta2) * g**2  (second moment)
        np.multiply(beta2, v, out=v)
        np.square(g, out=s0)
        np.multiply(one_minus_beta2, s0, out=s0)
        v_new = np.add(v, s0, out=v)
        # m_bar = beta1 * m_new / (1 - beta1 ** (1 + t)) + (1 - beta1) * g / (1 - beta1**t)  (first moment, a step ahead, corrected)
        np.multiply(factor, m_new, out=s0)
        np.multiply(factor_2, g, out=s1)
        m_bar = np.add(s0, s1, out=s0)
        # v_hat = v_new / c2  (second moment, corrected)
        # u = where(length > 5, r * m_bar / (sqrt(v_hat) + eps), m_bar)  (direction)
        #   = where(length_above_five != 0, r_sqrt_c2 * m_bar / (sqrt(v_new) + eps_sqrt_c2), m_bar)
        np.multiply(r_sqrt_c2, m_bar, out=s1)
        np.sqrt(v_new, out=s2)
        np.add(s2, eps_sqrt_c2, out=s2)
        np.divide(s1, s2, out=s1)
        np.copyto(s0, s1, where=length_above_five != 0)
        u = s0
        # w_new = w - lr * u  (descent)
        np.multiply(lr, u, out=s0)
        np.subtract(w, s0, out=w)


class RAdamNesterov(NumpyOptimizer):
    """RAdamNesterov: RAdam with Nesterov's momentum.

    Source: Liu et al. (2020), Algorithm 2, arXiv:1908.03265, as in optax.radam(nesterov=True).
    The equations are in `radam_nesterov_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta2  0 <= beta2 < 1  decay of the second moment
        beta1  0 <= beta1 < 1  decay of the first moment
        eps    eps >= 0        keeps the division from zero
    """

    lr: Hyper
    beta2: Hyper
    beta1: Hyper
    eps: Hyper

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(radam_nesterov_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta2: Hyper = 0.999,
        beta1: Hyper = 0.9,
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
            beta2=beta2,
            beta1=beta1,
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w), np.zeros_like(w))
