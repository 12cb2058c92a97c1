# generated from specs/adamax.py; regenerate with: python cli.py generate adamax
"""Adamax: Adam with the largest gradient in place of the second moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "Adamax",
    "AdamaxEpsInside",
    "adamax_elements",
    "adamax_eps_inside_elements",
    "adamax_eps_inside_scalars",
    "adamax_scalars",
]


def adamax_scalars(
    t: int,
    *,
    lr: float = 0.002,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of Adamax: the last arguments of `adamax_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        u  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    one_minus_beta1 = 1 - beta1
    lr_over_c1 = lr / c1
    return (beta1, one_minus_beta1, beta2, lr_over_c1, eps)


def adamax_elements(
    w: Array,
    m: Array,
    u: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    lr_over_c1: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of Adamax for each element; returns w, m, u after it.

        c1     = 1 - beta1**t                    bias of the first moment
        m_new  = beta1 * m + (1 - beta1) * g     first moment
        u_new  = maximum(beta2 * u, abs(g))      largest gradient, fading
        m_hat  = m_new / c1                      first moment, corrected
        w_new  = w - lr * m_hat / (u_new + eps)  descent

    What is computed comes to the same with fewer operations for each element:

        lr_over_c1  = lr / c1
        w_new       = w - lr_over_c1 * m_new / (u_new + eps)

    w, m, u and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    u_new = torch.maximum(beta2 * u, torch.absolute(g))  # largest gradient, fading
    w_new = w - lr_over_c1 * m_new / (u_new + eps)  # descent
    return (w_new, m_new, u_new)


class Adamax(TorchOptimizer):
    """Adamax: Adam with the infinity norm of past gradients.

    Source: Kingma & Ba (2015), Algorithm 2, arXiv:1412.6980, epsilon as in keras.optimizers.Adamax.
    The equations are in `adamax_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the maximum
        eps    eps >= 0        keeps the division from zero
    """

    _states: ClassVar = ("m", "u")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(adamax_scalars)
    _elements = staticmethod(adamax_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.002,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))


def adamax_eps_inside_scalars(
    t: int,
    *,
    lr: float = 0.002,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of AdamaxEpsInside: the last arguments of `adamax_eps_inside_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        u  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    one_minus_beta1 = 1 - beta1
    lr_over_c1 = lr / c1
    return (beta1, one_minus_beta1, beta2, eps, lr_over_c1)


def adamax_eps_inside_elements(
    w: Array,
    m: Array,
    u: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    eps: float,
    lr_over_c1: float,
) -> tuple[Array, ...]:
    """A step of AdamaxEpsInside for each element; returns w, m, u after it.

        c1     = 1 - beta1**t                      bias of the first moment
        m_new  = beta1 * m + (1 - beta1) * g       first moment
        u_new  = maximum(beta2 * u, abs(g) + eps)  largest gradient, fading
        m_hat  = m_new / c1                        first moment, corrected
        w_new  = w - lr * m_hat / u_new            descent

    What is computed comes to the same with fewer operations for each element:

        lr_over_c1  = lr / c1
        w_new       = w - lr_over_c1 * m_new / u_new

    w, m, u and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    u_new = torch.maximum(beta2 * u, torch.absolute(g) + eps)  # largest gradient, fading
    w_new = w - lr_over_c1 * m_new / u_new  # descent
    return (w_new, m_new, u_new)


class AdamaxEpsInside(TorchOptimizer):
    """AdamaxEpsInside: Adamax with epsilon inside the maximum.

    Source: Kingma & Ba (2015), Algorithm 2, arXiv:1412.6980, epsilon inside the maximum as in torch.optim.Adamax.
    The equations are in `adamax_eps_inside_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the maximum
        eps    eps >= 0        keeps the division from zero
    """

    _states: ClassVar = ("m", "u")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(adamax_eps_inside_scalars)
    _elements = staticmethod(adamax_eps_inside_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.002,
        beta1: Hyper = 0.9,
        beta2: Hyper = 0.999,
        eps: Hyper = 1e-8,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
