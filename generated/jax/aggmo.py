# generated from specs/aggmo.py; regenerate with: python cli.py generate aggmo
"""AggMo: the mean of several momenta, each with a damping of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp

from ._arrays import Array, GradientTransformation, Hyper, JaxOptimizer

__all__ = [
    "AggMoState",
    "aggmo",
    "aggmo_elements",
    "aggmo_scalars",
]


def aggmo_scalars(
    t: int,
    *,
    lr: float = 0.1,
    beta1: float = 0.0,
    beta2: float = 0.9,
    beta3: float = 0.99,
) -> tuple[float, ...]:
    """What all elements share in a step of AggMo: the last arguments of `aggmo_elements`.

    t is the number of the step, from 1. States:

        v1  = 0 before the first step
        v2  = 0 before the first step
        v3  = 0 before the first step
    """
    lr_over_three = lr / 3
    return (beta1, beta2, beta3, lr_over_three)


def aggmo_elements(
    w: Array,
    v1: Array,
    v2: Array,
    v3: Array,
    g: Array,
    beta1: float,
    beta2: float,
    beta3: float,
    lr_over_three: float,
) -> tuple[Array, ...]:
    """A step of AggMo for each element; returns what is added to w and v1, v2, v3 after it.

        v1_new  = beta1 * v1 - g                           first velocity
        v2_new  = beta2 * v2 - g                           second velocity
        v3_new  = beta3 * v3 - g                           third velocity
        w_new   = w + lr * (v1_new + v2_new + v3_new) / 3  move by their mean

    w, v1, v2, v3 and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v1_new = beta1 * v1 - g  # first velocity
    v2_new = beta2 * v2 - g  # second velocity
    v3_new = beta3 * v3 - g  # third velocity
    w_update = lr_over_three * (v1_new + v2_new + v3_new)  # move by their mean
    return (w_update, v1_new, v2_new, v3_new)


class AggMoState(NamedTuple):
    """What AggMo keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    v1: Any
    v2: Any
    v3: Any


class AggMo(JaxOptimizer):
    """What `aggmo` is made of."""

    _states: ClassVar = ("v1", "v2", "v3")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta3": ("0 <= beta3 < 1", lambda beta3: 0 <= beta3 < 1),
    }
    _scalars = staticmethod(aggmo_scalars)
    _elements = staticmethod(aggmo_elements)
    _State = AggMoState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w), jnp.zeros_like(w))


def aggmo(
    *,
    lr: Hyper = 0.1,
    beta1: Hyper = 0.0,
    beta2: Hyper = 0.9,
    beta3: Hyper = 0.99,
) -> GradientTransformation:
    """AggMo: aggregated momentum: the mean of three velocities.

    Source: Lucas et al. (2019), equation 2, arXiv:1804.00325, with three velocities as by default there.
    The equations are in `aggmo_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  damping of the first velocity
        beta2  0 <= beta2 < 1  damping of the second velocity
        beta3  0 <= beta3 < 1  damping of the third velocity
    """
    return AggMo(lr=lr, beta1=beta1, beta2=beta2, beta3=beta3).transformation()
