# generated from specs/srmm.py; regenerate with: python cli.py generate srmm
"""SRMM: averages of gradients and of weights over a window that starts anew every so many steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp

from ._arrays import Array, GradientTransformation, Hyper, IntHyper, JaxOptimizer, power

__all__ = [
    "SRMMState",
    "srmm",
    "srmm_elements",
    "srmm_scalars",
]


def srmm_scalars(
    t: int,
    *,
    lr: float = 0.01,
    beta: float = 0.5,
    memory: int = 100,
) -> tuple[float, ...]:
    """What all elements share in a step of SRMM: the last arguments of `srmm_elements`.

    t is the number of the step, from 1. States:

        g_bar  = 0 before the first step
        w_bar  = 0 before the first step
    """
    share = 1 / power(1 + jnp.mod(t, memory), beta)  # weight of what is new
    one_minus_share = 1 - share
    return (one_minus_share, share, lr)


def srmm_elements(
    w: Array,
    g_bar: Array,
    w_bar: Array,
    g: Array,
    one_minus_share: float,
    share: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of SRMM for each element; returns w, g_bar, w_bar after it.

        share      = 1 / (1 + mod(t, memory)) ** beta                  weight of what is new
        g_bar_new  = (1 - share) * g_bar + share * g                   average of the gradients
        w_bar_new  = share * w + (1 - share) * w_bar - lr * g_bar_new  average of the weights, after its step
        w_new      = w_bar_new

    w, g_bar, w_bar and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    g_bar_new = one_minus_share * g_bar + share * g  # average of the gradients
    w_bar_new = share * w + one_minus_share * w_bar - lr * g_bar_new  # average of the weights, after its step
    w_new = w_bar_new
    return (w_new, g_bar_new, w_bar_new)


class SRMMState(NamedTuple):
    """What SRMM keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    g_bar: Any
    w_bar: Any


class SRMM(JaxOptimizer):
    """What `srmm` is made of."""

    _states: ClassVar = ("g_bar", "w_bar")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta <= 1", lambda beta: 0 <= beta <= 1),
        "memory": ("integer memory >= 1", lambda memory: memory >= 1 and memory % 1 == 0),
    }
    _scalars = staticmethod(srmm_scalars)
    _elements = staticmethod(srmm_elements)
    _State = SRMMState
    _moves: ClassVar = False
    _any_t: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w))


def srmm(
    *,
    lr: Hyper = 0.01,
    beta: Hyper = 0.5,
    memory: IntHyper = 100,
) -> GradientTransformation:
    """SRMM: descent from the average of the weights along the average of the gradients, over a growing window.

    Source: Lyu (2023), Algorithm 1, arXiv:2201.01652, with proximal surrogates, from zero as in pytorch_optimizer.
    The equations are in `srmm_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr      lr >= 0              learning rate
        beta    0 <= beta <= 1       how fast the weight of what is new falls
        memory  integer memory >= 1  steps after which that starts anew
    """
    return SRMM(lr=lr, beta=beta, memory=memory).transformation()
