# generated from specs/apollo.py; regenerate with: python cli.py generate apollo
"""Apollo: a diagonal quasi-Newton method whose curvature is that of the way the average gradient changed along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import divided, one_minus_power, power
from ._arrays import Array, Hyper, Stage, TorchOptimizer, summed

__all__ = [
    "Apollo",
    "apollo_elements",
    "apollo_scalars",
    "apollo_summands",
    "apollo_sums",
]


def apollo_scalars(
    total: float,
    second_total: float,
    t: int,
    *,
    lr: float = 0.01,
    beta: float = 0.9,
    eps: float = 0.01,
    rebound: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of Apollo: the last arguments of `apollo_elements`.

    t is the number of the step of this parameter, from 1. States:

        m  = 0 before the first step
        b  = 0 before the first step
        d  = 0 before the first step

    total, second_total: what `apollo_sums` gives.
    """
    share = (1 - beta) / one_minus_power(beta, t)  # share of the gradient, corrected
    length = eps + power(total, 1 / 4)  # length of the last direction
    missed = divided(second_total, power(length, 4))  # what the curvature missed of the change along it
    one_minus_share = 1 - share
    return (one_minus_share, share, missed, rebound, lr)


def apollo_elements(
    w: Array,
    m: Array,
    b: Array,
    d: Array,
    g: Array,
    one_minus_share: float,
    share: float,
    missed: float,
    rebound: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of Apollo for each element; returns w, m, b, d after it.

        share   = (1 - beta) / (1 - beta**t)                         share of the gradient, corrected
        m_new   = (1 - share) * m + share * g                        average gradient
        length  = eps + array_sum(d**4) ** (1 / 4)                   length of the last direction
        missed  = array_sum(d * (m_new - m) + b * d**2) / length**4  what the curvature missed of the change along it
        b_new   = b - missed * d**2                                  curvature
        d_new   = m_new / maximum(abs(b_new), rebound)               direction
        w_new   = w - lr * d_new                                     descent

    w, m, b, d and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = one_minus_share * m + share * g  # average gradient
    b_new = b - missed * d**2  # curvature
    d_new = m_new / torch.maximum(torch.absolute(b_new), rebound)  # direction
    w_new = w - lr * d_new  # descent
    return (w_new, m_new, b_new, d_new)


def apollo_summands(
    w: Array,
    g: Array,
    m: Array,
    b: Array,
    d: Array,
    one_minus_share: float,
    share: float,
) -> tuple[Array, ...]:
    """What a step of Apollo sums up, for each element."""
    total = d**4
    second_total = d * (one_minus_share * m + share * g - m) + b * d**2
    return (total, second_total)


def apollo_sums(
    w: Array,
    g: Array,
    m: Array,
    b: Array,
    d: Array,
    t: int,
    *,
    lr: float = 0.01,
    beta: float = 0.9,
    eps: float = 0.01,
    rebound: float = 0.01,
) -> tuple[float, ...]:
    """What a step of Apollo sums up over one array, in double; nothing is written.

        total         = array_sum(d**4)
        second_total  = array_sum(d * (m_new - m) + b * d**2)

    The results are arguments of `apollo_scalars`, before the step number.
    """
    share = (1 - beta) / one_minus_power(beta, t)  # share of the gradient, corrected
    one_minus_share = 1 - share
    return summed(apollo_summands, (w, g, m, b, d), (one_minus_share, share), ("sum", "sum"))


class Apollo(TorchOptimizer):
    """Apollo: average gradient over a diagonal Hessian that the weak secant equation corrects, kept above rebound.

    Source: Ma (2020), Algorithm 1, arXiv:2009.13586.
    The equations are in `apollo_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    The step number counts the steps of each parameter by itself: those in which it has a gradient.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr       lr >= 0        learning rate
        beta     0 <= beta < 1  decay of the average gradient
        eps      eps > 0        keeps the division by the 4-norm of the last step from zero
        rebound  rebound > 0    least curvature
    """

    _states: ClassVar = ("m", "b", "d")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "rebound": ("rebound > 0", lambda rebound: rebound > 0),
    }
    _own_t: ClassVar = True
    _reductions: ClassVar = (("total", "sum", False), ("second_total", "sum", False))
    _scalars = staticmethod(apollo_scalars)
    _elements = staticmethod(apollo_elements)
    _sums = staticmethod(apollo_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        beta: Hyper = 0.9,
        eps: Hyper = 0.01,
        rebound: Hyper = 0.01,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta=beta, eps=eps, rebound=rebound)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))
