# generated from specs/laprop.py; regenerate with: python cli.py generate laprop
"""LaProp: Adam in the other order, first divided by the root of the second moment and then averaged."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import one_minus_power
from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "LaProp",
    "laprop_elements",
    "laprop_scalars",
]


def laprop_scalars(
    t: int,
    *,
    lr: float = 4e-4,
    nu: float = 0.999,
    mu: float = 0.9,
    eps: float = 1e-15,
) -> tuple[float, ...]:
    """What all elements share in a step of LaProp: the last arguments of `laprop_elements`.

    t is the number of the step, from 1. States:

        n_  = 0 before the first step
        m   = 0 before the first step
    """
    c_n = one_minus_power(nu, t)  # bias of the second moment
    c_m = one_minus_power(mu, t)  # bias of the momentum
    one_minus_nu = 1 - nu
    one_minus_mu_sqrt_c_n = (1 - mu) * math.sqrt(c_n)
    eps_sqrt_c_n = eps * math.sqrt(c_n)
    lr_over_c_m = lr / c_m
    return (nu, one_minus_nu, mu, one_minus_mu_sqrt_c_n, eps_sqrt_c_n, lr_over_c_m)


def laprop_elements(
    w: Array,
    n_: Array,
    m: Array,
    g: Array,
    nu: float,
    one_minus_nu: float,
    mu: float,
    one_minus_mu_sqrt_c_n: float,
    eps_sqrt_c_n: float,
    lr_over_c_m: float,
) -> tuple[Array, ...]:
    """A step of LaProp for each element; returns w, n_, m after it.

        c_n     = 1 - nu**t                  bias of the second moment
        c_m     = 1 - mu**t                  bias of the momentum
        n__new  = nu * n_ + (1 - nu) * g**2  second moment
        n_hat   = n__new / c_n               second moment, corrected
        u       = g / (sqrt(n_hat) + eps)    gradient, normalised
        m_new   = mu * m + (1 - mu) * u      momentum
        m_hat   = m_new / c_m                momentum, corrected
        w_new   = w - lr * m_hat             descent

    What is computed comes to the same with fewer operations for each element:

        one_minus_mu_sqrt_c_n  = (1 - mu) * sqrt(c_n)
        eps_sqrt_c_n           = eps * sqrt(c_n)
        lr_over_c_m            = lr / c_m
        m_new                  = mu * m + one_minus_mu_sqrt_c_n * g / (sqrt(n__new) + eps_sqrt_c_n)
        w_new                  = w - lr_over_c_m * m_new

    w, n_, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    n__new = nu * n_ + one_minus_nu * g**2  # second moment
    m_new = mu * m + one_minus_mu_sqrt_c_n * g / (torch.sqrt(n__new) + eps_sqrt_c_n)  # momentum
    w_new = w - lr_over_c_m * m_new  # descent
    return (w_new, n__new, m_new)


class LaProp(TorchOptimizer):
    """LaProp: the momentum of gradients that are divided by the root of their second moment.

    Source: Ziyin, Wang & Ueda (2020), Algorithm 1, arXiv:2002.04839.
    The equations are in `laprop_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr   lr >= 0      learning rate
        nu   0 <= nu < 1  decay of the second moment
        mu   0 <= mu < 1  decay of the momentum
        eps  eps >= 0     keeps the division from zero
    """

    _states: ClassVar = ("n_", "m")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "nu": ("0 <= nu < 1", lambda nu: 0 <= nu < 1),
        "mu": ("0 <= mu < 1", lambda mu: 0 <= mu < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(laprop_scalars)
    _elements = staticmethod(laprop_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 4e-4,
        nu: Hyper = 0.999,
        mu: Hyper = 0.9,
        eps: Hyper = 1e-15,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, nu=nu, mu=mu, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
