# generated from specs/cocob.py; regenerate with: python cli.py generate cocob
"""COCOB: bets on the outcome of coins, whose winnings are the step. It has no learning rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cupy as cp

from ._arrays import Array, CupyOptimizer, Hyper, Stage, StageCall, launch

__all__ = [
    "COCOB",
    "cocob_update",
]


_cocob_update = cp.ElementwiseKernel(
    in_params="T g, T alpha",
    out_params="T w, T largest, T total, T reward, T theta, T start",
    operation="""
    const T largest_new_1 = fabs(g);
    const T largest_new = (largest >= largest_new_1 || largest != largest ? largest : largest_new_1);  // L: largest gradient
    const T total_new = total + fabs(g);  // G: sum of sizes
    const T reward_new_1 = reward - g * (w - start);
    const T reward_new = (reward_new_1 >= 0 || reward_new_1 != reward_new_1 ? reward_new_1 : 0);  // winnings
    const T theta_new = theta - g;  // sum of outcomes
    const T start_new = start;  // first weights
    const T w_new_1 = alpha * largest_new;
    const T w_new_2 = largest_new + total_new;
    const T w_new = start + theta_new * (reward_new / largest_new + 1) / (w_new_1 >= w_new_2 || w_new_1 != w_new_1 ? w_new_1 : w_new_2);  // bet
    largest = largest_new;
    total = total_new;
    reward = reward_new;
    theta = theta_new;
    start = start_new;
    w = w_new;
    """,
    name="cocob_update",
)


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
    launch(
        _cocob_update,
        (g,),
        (alpha,),
        (w, largest, total, reward, theta, start),
        stages,
    )


class COCOB(CupyOptimizer):
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
        return (cp.full_like(w, hyper["eps"]), cp.zeros_like(w), cp.zeros_like(w), cp.zeros_like(w), w.copy())
