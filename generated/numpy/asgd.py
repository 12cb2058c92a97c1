# generated from specs/asgd.py; regenerate with: python cli.py generate asgd
"""Averaged SGD: a learning rate that falls as a power of t, and the mean of the weights from some step on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import power
from ._arrays import Array, Hyper, NumpyOptimizer, Stage, StageCall, tiles

__all__ = [
    "ASGD",
    "asgd_scalars",
    "asgd_update",
]


def asgd_update(
    w: Array,
    g: Array,
    ax: Array,
    eta: float,
    mu: float,
    t: int,
    *,
    lr: float = 0.01,
    lambd: float = 0.0001,
    alpha: float = 0.75,
    t0: float = 1000000.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of ASGD on one array, in place.

        w_new    = w - eta * lambd * w - eta * g       decay and descent
        ax_new   = ax + mu * (w_new - ax)              mean of the weights
        eta_new  = lr / (1 + lr * lambd * t) ** alpha  learning rate of the next step
        mu_new   = 1 / maximum(1, t - t0)              weight of the next step in the mean

    Then ax, w take the new values.

    w, ax and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step of this parameter, from 1. States:

        ax   = 0 before the first step
        eta  = lr before the first step
        mu   = 1 before the first step
    """
    eta_lambd = eta * lambd

    for tile in tiles((w, ax), (g,), scratch=1, stages=stages):
        w, ax, g, s0 = tile
        # w_new = w - eta * lambd * w - eta * g  (decay and descent)
        np.multiply(eta_lambd, w, out=s0)
        np.subtract(w, s0, out=w)
        np.multiply(eta, g, out=s0)
        w_new = np.subtract(w, s0, out=w)
        # ax_new = ax + mu * (w_new - ax)  (mean of the weights)
        np.subtract(w_new, ax, out=s0)
        np.multiply(mu, s0, out=s0)
        np.add(ax, s0, out=ax)


def asgd_scalars(
    eta: float,
    mu: float,
    t: int,
    *,
    lr: float = 0.01,
    lambd: float = 0.0001,
    alpha: float = 0.75,
    t0: float = 1000000.0,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    eta_new = lr / power(1 + lr * lambd * t, alpha)  # learning rate of the next step
    mu_new = 1 / max(1, t - t0)  # weight of the next step in the mean
    return (eta_new, mu_new)


class ASGD(NumpyOptimizer):
    """ASGD: stochastic gradient descent beside the mean of its weights.

    Source: Polyak & Juditsky (1992), doi:10.1137/0330046, in the form of Bottou (2012) as in torch.optim.ASGD.
    The equations are in `asgd_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr     lr >= 0     learning rate
        lambd  lambd >= 0  decay of the weights and of the learning rate
        alpha  alpha >= 0  power with which the learning rate falls
        t0     t0 >= 0     steps before the first that is averaged
    """

    lr: Hyper
    lambd: Hyper
    alpha: Hyper
    t0: Hyper

    _states: ClassVar = ("ax",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "lambd": ("lambd >= 0", lambda lambd: lambd >= 0),
        "alpha": ("alpha >= 0", lambda alpha: alpha >= 0),
        "t0": ("t0 >= 0", lambda t0: t0 >= 0),
    }
    _own_t: ClassVar = True
    _starts_late: ClassVar = True
    _update = staticmethod(asgd_update)
    _advance = staticmethod(asgd_scalars)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        lambd: Hyper = 0.0001,
        alpha: Hyper = 0.75,
        t0: Hyper = 1000000.0,
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
            lambd=lambd,
            alpha=alpha,
            t0=t0,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.zeros_like(w),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"eta": hyper["lr"], "mu": 1}
