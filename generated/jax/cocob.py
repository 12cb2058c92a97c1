# generated from specs/cocob.py; regenerate with: python cli.py generate cocob
"""COCOB: bets on the outcome of coins, whose winnings are the step. It has no learning rate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp

from ._arrays import Array, GradientTransformation, Hyper, JaxOptimizer

__all__ = [
    "COCOBState",
    "cocob",
    "cocob_elements",
    "cocob_scalars",
]


def cocob_scalars(
    t: int,
    *,
    alpha: float = 100.0,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of COCOB: the last arguments of `cocob_elements`.

    t is the number of the step, from 1. States:

        largest  = eps before the first step
        total    = 0 before the first step
        reward   = 0 before the first step
        theta    = 0 before the first step
        start    = w before the first step
    """
    return (alpha,)


def cocob_elements(
    w: Array,
    largest: Array,
    total: Array,
    reward: Array,
    theta: Array,
    start: Array,
    g: Array,
    alpha: float,
) -> tuple[Array, ...]:
    """A step of COCOB for each element; returns w, largest, total, reward, theta, start after it.

        largest_new  = maximum(largest, abs(g))              L: largest gradient
        total_new    = total + abs(g)                        G: sum of sizes
        reward_new   = maximum(reward - g * (w - start), 0)  winnings
        theta_new    = theta - g                             sum of outcomes
        start_new    = start                                 first weights
        w_new        = start + theta_new * (reward_new / largest_new + 1) / maximum(alpha * largest_new, largest_new + total_new)  bet

    w, largest, total, reward, theta, start and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    largest_new = jnp.maximum(largest, jnp.absolute(g))  # L: largest gradient
    total_new = total + jnp.absolute(g)  # G: sum of sizes
    reward_new = jnp.maximum(reward - g * (w - start), 0)  # winnings
    theta_new = theta - g  # sum of outcomes
    start_new = start  # first weights
    w_new = start + theta_new * (reward_new / largest_new + 1) / jnp.maximum(alpha * largest_new, largest_new + total_new)  # bet
    return (w_new, largest_new, total_new, reward_new, theta_new, start_new)


class COCOBState(NamedTuple):
    """What COCOB keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    largest: Any
    total: Any
    reward: Any
    theta: Any
    start: Any


class COCOB(JaxOptimizer):
    """What `cocob` is made of."""

    _states: ClassVar = ("largest", "total", "reward", "theta", "start")
    _domains: ClassVar = {
        "alpha": ("alpha > 0", lambda alpha: alpha > 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(cocob_scalars)
    _elements = staticmethod(cocob_elements)
    _State = COCOBState
    _moves: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.full_like(w, hyper["eps"]), jnp.zeros_like(w), jnp.zeros_like(w), jnp.zeros_like(w), w.copy())


def cocob(
    *,
    alpha: Hyper = 100.0,
    eps: Hyper = 1e-8,
) -> GradientTransformation:
    """COCOB: continuous coin betting: a step per weight that needs no learning rate.

    Source: Orabona & Tommasi (2017), Algorithm 2, arXiv:1705.07795, with L = eps at first as in optax.contrib.cocob.
    The equations are in `cocob_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        alpha  alpha > 0  bound on the first bets
        eps    eps > 0    first bound of the gradient
    """
    return COCOB(alpha=alpha, eps=eps).transformation()
