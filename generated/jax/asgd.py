# generated from specs/asgd.py; regenerate with: python cli.py generate asgd
"""Averaged SGD: a learning rate that falls as a power of t, and the mean of the weights from some step on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp

from ._arrays import Array, GradientTransformation, Hyper, JaxOptimizer, power

__all__ = [
    "ASGDState",
    "asgd",
    "asgd_elements",
    "asgd_scalars",
    "asgd_shared",
]


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
    """What all elements share in a step of ASGD: the last arguments of `asgd_elements`.

    t is the number of the step of this parameter, from 1. States:

        ax   = 0 before the first step
        eta  = lr before the first step
        mu   = 1 before the first step
    """
    eta_lambd = eta * lambd
    return (eta_lambd, eta, mu)


def asgd_elements(
    w: Array,
    ax: Array,
    g: Array,
    eta_lambd: float,
    eta: float,
    mu: float,
) -> tuple[Array, ...]:
    """A step of ASGD for each element; returns what is added to w and ax after it.

        w_new    = w - eta * lambd * w - eta * g       decay and descent
        ax_new   = ax + mu * (w_new - ax)              mean of the weights
        eta_new  = lr / (1 + lr * lambd * t) ** alpha  learning rate of the next step
        mu_new   = 1 / maximum(1, t - t0)              weight of the next step in the mean

    w, ax and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = -eta_lambd * w - eta * g  # decay and descent
    w_new = w + w_update
    ax_new = ax + mu * (w_new - ax)  # mean of the weights
    return (w_update, ax_new)


def asgd_shared(
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
    mu_new = 1 / jnp.maximum(1, t - t0)  # weight of the next step in the mean
    return (eta_new, mu_new)


class ASGDState(NamedTuple):
    """What ASGD keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    ax: Any
    eta: Array
    mu: Array


class ASGD(JaxOptimizer):
    """What `asgd` is made of."""

    _states: ClassVar = ("ax",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "lambd": ("lambd >= 0", lambda lambd: lambd >= 0),
        "alpha": ("alpha >= 0", lambda alpha: alpha >= 0),
        "t0": ("t0 >= 0", lambda t0: t0 >= 0),
    }
    _own_t: ClassVar = True
    _starts_late: ClassVar = True
    _scalars = staticmethod(asgd_scalars)
    _elements = staticmethod(asgd_elements)
    _advance = staticmethod(asgd_shared)
    _State = ASGDState

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"eta": hyper["lr"], "mu": 1}


def asgd(
    *,
    lr: Hyper = 0.01,
    lambd: Hyper = 0.0001,
    alpha: Hyper = 0.75,
    t0: Hyper = 1000000.0,
) -> GradientTransformation:
    """ASGD: stochastic gradient descent beside the mean of its weights.

    Source: Polyak & Juditsky (1992), doi:10.1137/0330046, in the form of Bottou (2012) as in torch.optim.ASGD.
    The equations are in `asgd_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr     lr >= 0     learning rate
        lambd  lambd >= 0  decay of the weights and of the learning rate
        alpha  alpha >= 0  power with which the learning rate falls
        t0     t0 >= 0     steps before the first that is averaged
    """
    return ASGD(lr=lr, lambd=lambd, alpha=alpha, t0=t0).transformation()
