# generated from specs/adamod.py; regenerate with: python cli.py generate adamod
"""AdaMod: Adam whose step sizes are bounded by their own average."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "AdaMod",
    "AdaModCorrected",
    "adamod_corrected_elements",
    "adamod_corrected_scalars",
    "adamod_elements",
    "adamod_scalars",
]


def adamod_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    beta3: float = 0.9999,
) -> tuple[float, ...]:
    """What all elements share in a step of AdaMod: the last arguments of `adamod_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
        s  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2 = lr * math.sqrt(c2)
    eps_sqrt_c2 = eps * math.sqrt(c2)
    one_minus_beta3 = 1 - beta3
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, c1, lr_sqrt_c2, eps_sqrt_c2, beta3, one_minus_beta3)


def adamod_elements(
    w: Array,
    m: Array,
    v: Array,
    s: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    c1: float,
    lr_sqrt_c2: float,
    eps_sqrt_c2: float,
    beta3: float,
    one_minus_beta3: float,
) -> tuple[Array, ...]:
    """A step of AdaMod for each element; returns w, m, v, s after it.

        c1       = 1 - beta1**t                    bias of the first moment
        c2       = 1 - beta2**t                    bias of the second moment
        m_new    = beta1 * m + (1 - beta1) * g     first moment
        v_new    = beta2 * v + (1 - beta2) * g**2  second moment
        m_hat    = m_new / c1                      first moment, corrected
        v_hat    = v_new / c2                      second moment, corrected
        eta      = lr / (sqrt(v_hat) + eps)        step size of Adam
        s_new    = beta3 * s + (1 - beta3) * eta   average of the step sizes
        eta_hat  = minimum(eta, s_new)             bounded step size
        w_new    = w - m_hat * eta_hat             descent

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2   = lr * sqrt(c2)
        eps_sqrt_c2  = eps * sqrt(c2)
        eta          = lr_sqrt_c2 / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v, s and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    m_hat = m_new / c1  # first moment, corrected
    eta = lr_sqrt_c2 / (torch.sqrt(v_new) + eps_sqrt_c2)  # step size of Adam
    s_new = beta3 * s + one_minus_beta3 * eta  # average of the step sizes
    eta_hat = torch.minimum(eta, s_new)  # bounded step size
    w_new = w - m_hat * eta_hat  # descent
    return (w_new, m_new, v_new, s_new)


class AdaMod(TorchOptimizer):
    """AdaMod: Adam with step sizes that are at most their own average.

    Source: Ding et al. (2019), Algorithm 1, arXiv:1910.12249.
    The equations are in `adamod_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps > 0         keeps the division from zero
        beta3  0 <= beta3 < 1  decay of the step sizes
    """

    _states: ClassVar = ("m", "v", "s")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "beta3": ("0 <= beta3 < 1", lambda beta3: 0 <= beta3 < 1),
    }
    _scalars = staticmethod(adamod_scalars)
    _elements = staticmethod(adamod_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        beta3: Hyper = 0.9999,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps, beta3=beta3)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))


def adamod_corrected_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    beta3: float = 0.9999,
) -> tuple[float, ...]:
    """What all elements share in a step of AdaModCorrected: the last arguments of `adamod_corrected_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
        s  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * math.sqrt(c2) / c1
    one_minus_beta3 = 1 - beta3
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps, beta3, one_minus_beta3)


def adamod_corrected_elements(
    w: Array,
    m: Array,
    v: Array,
    s: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_sqrt_c2_over_c1: float,
    eps: float,
    beta3: float,
    one_minus_beta3: float,
) -> tuple[Array, ...]:
    """A step of AdaModCorrected for each element; returns w, m, v, s after it.

        c1       = 1 - beta1**t                                bias of the first moment
        c2       = 1 - beta2**t                                bias of the second moment
        m_new    = beta1 * m + (1 - beta1) * g                 first moment
        v_new    = beta2 * v + (1 - beta2) * g**2              second moment
        eta      = lr * sqrt(c2) / (c1 * (sqrt(v_new) + eps))  step size of Adam, corrected
        s_new    = beta3 * s + (1 - beta3) * eta               average of the step sizes
        eta_hat  = minimum(eta, s_new)                         bounded step size
        w_new    = w - m_new * eta_hat                         descent

    w, m, v, s and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    eta = lr_sqrt_c2_over_c1 / (torch.sqrt(v_new) + eps)  # step size of Adam, corrected
    s_new = beta3 * s + one_minus_beta3 * eta  # average of the step sizes
    eta_hat = torch.minimum(eta, s_new)  # bounded step size
    w_new = w - m_new * eta_hat  # descent
    return (w_new, m_new, v_new, s_new)


class AdaModCorrected(TorchOptimizer):
    """AdaModCorrected: AdaMod that averages step sizes in which the bias of both moments is corrected.

    Source: Ding et al. (2019), arXiv:1910.12249, as in the authors' code, where both corrections are in the step size.
    The equations are in `adamod_corrected_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps > 0         keeps the division from zero
        beta3  0 <= beta3 < 1  decay of the step sizes
    """

    _states: ClassVar = ("m", "v", "s")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "beta3": ("0 <= beta3 < 1", lambda beta3: 0 <= beta3 < 1),
    }
    _scalars = staticmethod(adamod_corrected_scalars)
    _elements = staticmethod(adamod_corrected_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        beta3: Hyper = 0.9999,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps, beta3=beta3)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))
