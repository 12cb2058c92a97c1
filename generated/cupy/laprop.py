# generated from specs/laprop.py; regenerate with: python cli.py generate laprop
"""LaProp: Adam in the other order, first divided by the root of the second moment and then averaged."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from .._runtime.scalars import one_minus_power
from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, launch

__all__ = [
    "LaProp",
    "laprop_update",
]


_laprop_update = cp.ElementwiseKernel(
    in_params="T g, T nu, T one_minus_nu, T mu, T one_minus_mu_sqrt_c_n, T eps_sqrt_c_n, T lr_over_c_m",
    out_params="T w, T n_, T m",
    operation="""
    const T n__new = nu * n_ + one_minus_nu * (g * g);  // second moment
    const T m_new = mu * m + one_minus_mu_sqrt_c_n * g / (sqrt(n__new) + eps_sqrt_c_n);  // momentum
    const T w_new = w - lr_over_c_m * m_new;  // descent
    n_ = n__new;
    m = m_new;
    w = w_new;
    """,
    name="laprop_update",
)


def laprop_update(
    w: Array,
    g: Array,
    n_: Array,
    m: Array,
    t: int,
    *,
    lr: float = 4e-4,
    nu: float = 0.999,
    mu: float = 0.9,
    eps: float = 1e-15,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of LaProp on one array, in place.

        c_n     = 1 - nu**t                  bias of the second moment
        c_m     = 1 - mu**t                  bias of the momentum
        n__new  = nu * n_ + (1 - nu) * g**2  second moment
        n_hat   = n__new / c_n               second moment, corrected
        u       = g / (sqrt(n_hat) + eps)    gradient, normalised
        m_new   = mu * m + (1 - mu) * u      momentum
        m_hat   = m_new / c_m                momentum, corrected
        w_new   = w - lr * m_hat             descent

    Then n_, m, w take the new values.

    What is computed comes to the same with fewer operations for each element:

        one_minus_mu_sqrt_c_n  = (1 - mu) * sqrt(c_n)
        eps_sqrt_c_n           = eps * sqrt(c_n)
        lr_over_c_m            = lr / c_m
        m_new                  = mu * m + one_minus_mu_sqrt_c_n * g / (sqrt(n__new) + eps_sqrt_c_n)
        w_new                  = w - lr_over_c_m * m_new

    w, n_, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
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

    launch(
        _laprop_update,
        (g,),
        (nu, one_minus_nu, mu, one_minus_mu_sqrt_c_n, eps_sqrt_c_n, lr_over_c_m),
        (w, n_, m),
        stages,
    )


class LaProp(CupyOptimizer):
    """LaProp: the momentum of gradients that are divided by the root of their second moment.

    Source: Ziyin, Wang & Ueda (2020), Algorithm 1, arXiv:2002.04839.
    The equations are in `laprop_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr   lr >= 0      learning rate
        nu   0 <= nu < 1  decay of the second moment
        mu   0 <= mu < 1  decay of the momentum
        eps  eps >= 0     keeps the division from zero
    """

    lr: Hyper
    nu: Hyper
    mu: Hyper
    eps: Hyper

    _states: ClassVar = ("n_", "m")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "nu": ("0 <= nu < 1", lambda nu: 0 <= nu < 1),
        "mu": ("0 <= mu < 1", lambda mu: 0 <= mu < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _update = staticmethod(laprop_update)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 4e-4,
        nu: Hyper = 0.999,
        mu: Hyper = 0.9,
        eps: Hyper = 1e-15,
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
            nu=nu,
            mu=mu,
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (cp.zeros_like(w), cp.zeros_like(w))
