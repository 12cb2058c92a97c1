# generated from specs/radam.py; regenerate with: python cli.py generate radam
"""RAdam: Adam that waits with its second moment until there is enough to estimate it from."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import average_length, one_minus_power, sqrt
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "RAdam",
    "RAdamEpsHat",
    "RAdamNesterov",
    "RAdamThreshold",
    "radam_elements",
    "radam_eps_hat_elements",
    "radam_eps_hat_scalars",
    "radam_nesterov_elements",
    "radam_nesterov_scalars",
    "radam_scalars",
    "radam_threshold_elements",
    "radam_threshold_scalars",
]


def radam_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of RAdam: the last arguments of `radam_elements`.

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
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_over_c1, length_above_five, r_sqrt_c2, eps_sqrt_c2)


def radam_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_over_c1: float,
    length_above_five: float,
    r_sqrt_c2: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of RAdam for each element; returns w, m, v after it.

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

    What is computed comes to the same with fewer operations for each element:

        lr_over_c1         = lr / c1
        length_above_five  = where(length > 5, 1, 0)
        r_sqrt_c2          = r * sqrt(c2)
        eps_sqrt_c2        = eps * sqrt(c2)
        w_new              = w - lr_over_c1 * where(length_above_five != 0, r_sqrt_c2 * m_new / (sqrt(v_new) + eps_sqrt_c2), m_new)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - lr_over_c1 * torch.where(length_above_five != 0, r_sqrt_c2 * m_new / (torch.sqrt(v_new) + eps_sqrt_c2), m_new)  # descent
    return (w_new, m_new, v_new)


class RAdam(TorchOptimizer):
    """RAdam: Adam with a rectified second moment.

    Source: Liu et al. (2020), Algorithm 2, arXiv:1908.03265, with the threshold 5, as in optax.radam.
    The equations are in `radam_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(radam_scalars)
    _elements = staticmethod(radam_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def radam_eps_hat_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of RAdamEpsHat: the last arguments of `radam_eps_hat_elements`.

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
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_over_c1, length_above_five, r_sqrt_c2, eps)


def radam_eps_hat_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_over_c1: float,
    length_above_five: float,
    r_sqrt_c2: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of RAdamEpsHat for each element; returns w, m, v after it.

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

    What is computed comes to the same with fewer operations for each element:

        lr_over_c1         = lr / c1
        length_above_five  = where(length > 5, 1, 0)
        r_sqrt_c2          = r * sqrt(c2)
        w_new              = w - lr_over_c1 * where(length_above_five != 0, r_sqrt_c2 * m_new / (sqrt(v_new) + eps), m_new)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - lr_over_c1 * torch.where(length_above_five != 0, r_sqrt_c2 * m_new / (torch.sqrt(v_new) + eps), m_new)  # descent
    return (w_new, m_new, v_new)


class RAdamEpsHat(TorchOptimizer):
    """RAdamEpsHat: RAdam with epsilon added before the second moment is corrected.

    Source: Liu et al. (2020), Algorithm 2, arXiv:1908.03265, epsilon as in torch.optim.RAdam.
    The equations are in `radam_eps_hat_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(radam_eps_hat_scalars)
    _elements = staticmethod(radam_eps_hat_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def radam_threshold_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    threshold: float = 4.0,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of RAdamThreshold: the last arguments of `radam_threshold_elements`.

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
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_over_c1, threshold_below_length, r_sqrt_c2, eps_sqrt_c2)


def radam_threshold_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_over_c1: float,
    threshold_below_length: float,
    r_sqrt_c2: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of RAdamThreshold for each element; returns w, m, v after it.

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

    What is computed comes to the same with fewer operations for each element:

        lr_over_c1              = lr / c1
        threshold_below_length  = where(threshold < length, 1, 0)
        r_sqrt_c2               = r * sqrt(c2)
        eps_sqrt_c2             = eps * sqrt(c2)
        w_new                   = w - lr_over_c1 * where(threshold_below_length != 0, r_sqrt_c2 * m_new / (sqrt(v_new) + eps_sqrt_c2), m_new)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_new = w - lr_over_c1 * torch.where(threshold_below_length != 0, r_sqrt_c2 * m_new / (torch.sqrt(v_new) + eps_sqrt_c2), m_new)  # descent
    return (w_new, m_new, v_new)


class RAdamThreshold(TorchOptimizer):
    """RAdamThreshold: RAdam that says when there is enough to estimate the second moment from.

    Source: Liu et al. (2020), Algorithm 2, arXiv:1908.03265, with any threshold; it is 4 there.
    The equations are in `radam_threshold_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr         lr >= 0         learning rate
        beta1      0 <= beta1 < 1  decay of the first moment
        beta2      0 <= beta2 < 1  decay of the second moment
        threshold  threshold >= 4  length above which the second moment is used
        eps        eps >= 0        keeps the division from zero
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "threshold": ("threshold >= 4", lambda threshold: threshold >= 4),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(radam_threshold_scalars)
    _elements = staticmethod(radam_threshold_elements)

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
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, threshold=threshold, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def radam_nesterov_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.999,
    beta1: float = 0.9,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of RAdamNesterov: the last arguments of `radam_nesterov_elements`.

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
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, factor, factor_2, length_above_five, r_sqrt_c2, eps_sqrt_c2, lr)


def radam_nesterov_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    factor: float,
    factor_2: float,
    length_above_five: float,
    r_sqrt_c2: float,
    eps_sqrt_c2: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of RAdamNesterov for each element; returns w, m, v after it.

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

    What is computed comes to the same with fewer operations for each element:

        length_above_five  = where(length > 5, 1, 0)
        r_sqrt_c2          = r * sqrt(c2)
        eps_sqrt_c2        = eps * sqrt(c2)
        u                  = where(length_above_five != 0, r_sqrt_c2 * m_bar / (sqrt(v_new) + eps_sqrt_c2), m_bar)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    m_bar = factor * m_new + factor_2 * g  # first moment, a step ahead, corrected
    u = torch.where(length_above_five != 0, r_sqrt_c2 * m_bar / (torch.sqrt(v_new) + eps_sqrt_c2), m_bar)  # direction
    w_new = w - lr * u  # descent
    return (w_new, m_new, v_new)


class RAdamNesterov(TorchOptimizer):
    """RAdamNesterov: RAdam with Nesterov's momentum.

    Source: Liu et al. (2020), Algorithm 2, arXiv:1908.03265, as in optax.radam(nesterov=True).
    The equations are in `radam_nesterov_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta2  0 <= beta2 < 1  decay of the second moment
        beta1  0 <= beta1 < 1  decay of the first moment
        eps    eps >= 0        keeps the division from zero
    """

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(radam_nesterov_scalars)
    _elements = staticmethod(radam_nesterov_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta2: Hyper = 0.999,
        beta1: Hyper = 0.9,
        eps: Hyper = 1e-8,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta2=beta2, beta1=beta1, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
