# generated from specs/cocob.py; regenerate with: python cli.py generate cocob
"""COCOB: bets on the outcome of coins, whose winnings are the step. It has no learning rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from ._arrays import Array, Hyper, Stage, TorchOptimizer, scalar_like

__all__ = [
    "COCOB",
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
    largest_new = torch.maximum(largest, torch.absolute(g))  # L: largest gradient
    total_new = total + torch.absolute(g)  # G: sum of sizes
    reward_new = torch.maximum(reward - g * (w - start), scalar_like(0, w))  # winnings
    theta_new = theta - g  # sum of outcomes
    start_new = start  # first weights
    w_new = start + theta_new * (reward_new / largest_new + 1) / torch.maximum(alpha * largest_new, largest_new + total_new)  # bet
    return (w_new, largest_new, total_new, reward_new, theta_new, start_new)


class COCOB(TorchOptimizer):
    """COCOB: continuous coin betting: a step per weight that needs no learning rate.

    Source: Orabona & Tommasi (2017), Algorithm 2, arXiv:1705.07795, with L = eps at first as in optax.contrib.cocob.
    The equations are in `cocob_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        alpha  alpha > 0  bound on the first bets
        eps    eps > 0    first bound of the gradient
    """

    _states: ClassVar = ("largest", "total", "reward", "theta", "start")
    _domains: ClassVar = {
        "alpha": ("alpha > 0", lambda alpha: alpha > 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(cocob_scalars)
    _elements = staticmethod(cocob_elements)

    def __init__(
        self,
        params: Any,
        *,
        alpha: Hyper = 100.0,
        eps: Hyper = 1e-8,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, alpha=alpha, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.full_like(w, hyper["eps"]), torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w), w.clone())
