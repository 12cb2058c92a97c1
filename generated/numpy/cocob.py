# generated from specs/cocob.py; regenerate with: python cli.py generate cocob
"""COCOB: bets on the outcome of coins, whose winnings are the step. It has no learning rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ._arrays import Array, Hyper, NumpyOptimizer, Stage, StageCall, tiles

__all__ = [
    "COCOB",
    "cocob_update",
]


def cocob_update(
    w: Array,
    g: Array,
    largest: Array,
    total: Array,
    reward: Array,
    theta: Array,
    start: Array,
    t: int,
    *,
    alpha: float = 100.0,
    eps: float = 1e-8,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of COCOB on one array, in place.

        largest_new  = maximum(largest, abs(g))              L: largest gradient
        total_new    = total + abs(g)                        G: sum of sizes
        reward_new   = maximum(reward - g * (w - start), 0)  winnings
        theta_new    = theta - g                             sum of outcomes
        start_new    = start                                 first weights
        w_new        = start + theta_new * (reward_new / largest_new + 1) / maximum(alpha * largest_new, largest_new + total_new)  bet

    Then largest, total, reward, theta, start, w take the new values.

    w, largest, total, reward, theta, start and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1. States:

        largest  = eps before the first step
        total    = 0 before the first step
        reward   = 0 before the first step
        theta    = 0 before the first step
        start    = w before the first step
    """
    for tile in tiles((w, largest, total, reward, theta, start), (g,), scratch=2, stages=stages):
        w, largest, total, reward, theta, start, g, s0, s1 = tile
        # largest_new = maximum(largest, abs(g))  (L: largest gradient)
        np.absolute(g, out=s0)
        largest_new = np.maximum(largest, s0, out=largest)
        # total_new = total + abs(g)  (G: sum of sizes)
        np.absolute(g, out=s0)
        total_new = np.add(total, s0, out=total)
        # reward_new = maximum(reward - g * (w - start), 0)  (winnings)
        np.subtract(w, start, out=s0)
        np.multiply(g, s0, out=s0)
        np.subtract(reward, s0, out=reward)
        reward_new = np.maximum(reward, 0, out=reward)
        # theta_new = theta - g  (sum of outcomes)
        theta_new = np.subtract(theta, g, out=theta)
        # start_new = start  (first weights)
        # w_new = start + theta_new * (reward_new / largest_new + 1) / maximum(alpha * largest_new, largest_new + total_new)  (bet)
        np.divide(reward_new, largest_new, out=w)
        np.add(w, 1, out=w)
        np.multiply(theta_new, w, out=w)
        np.multiply(alpha, largest_new, out=s0)
        np.add(largest_new, total_new, out=s1)
        np.maximum(s0, s1, out=s0)
        np.divide(w, s0, out=w)
        np.add(start, w, out=w)


class COCOB(NumpyOptimizer):
    """COCOB: continuous coin betting: a step per weight that needs no learning rate.

    Source: Orabona & Tommasi (2017), Algorithm 2, arXiv:1705.07795, with L = eps at first as in optax.contrib.cocob.
    The equations are in `cocob_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    Each hyperparameter is a number or a callable of the step number t, from 1:

        alpha  alpha > 0  bound on the first bets
        eps    eps > 0    first bound of the gradient
    """

    alpha: Hyper
    eps: Hyper

    _states: ClassVar = ("largest", "total", "reward", "theta", "start")
    _domains: ClassVar = {
        "alpha": ("alpha > 0", lambda alpha: alpha > 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
    }
    _starts_late: ClassVar = True
    _update = staticmethod(cocob_update)

    def __init__(
        self,
        params: Any,
        *,
        alpha: Hyper = 100.0,
        eps: Hyper = 1e-8,
        pipeline: Sequence[Stage] = (),
        master_weights: bool = False,
        tied: str | None = None,
    ) -> None:
        super().__init__(
            params,
            pipeline=pipeline,
            master_weights=master_weights,
            tied=tied,
            alpha=alpha,
            eps=eps,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (np.full_like(w, hyper["eps"]), np.zeros_like(w), np.zeros_like(w), np.zeros_like(w), w.copy())
