# generated from specs/tiger.py; regenerate with: python cli.py generate tiger
"""Tiger: the sign of a momentum with decoupled weight decay, which is Lion with both decays the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from ._arrays import Array, Hyper, Stage, TorchOptimizer, sign_of

__all__ = [
    "Tiger",
    "tiger_elements",
    "tiger_scalars",
]


def tiger_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta: float = 0.965,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of Tiger: the last arguments of `tiger_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
    """
    one_minus_beta = 1 - beta
    return (beta, one_minus_beta, lr, weight_decay)


def tiger_elements(
    w: Array,
    m: Array,
    g: Array,
    beta: float,
    one_minus_beta: float,
    lr: float,
    weight_decay: float,
) -> tuple[Array, ...]:
    """A step of Tiger for each element; returns w, m after it.

        m_new  = beta * m + (1 - beta) * g                  momentum
        w_new  = w - lr * (weight_decay * w + sign(m_new))  descent and decay

    w, m and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta * m + one_minus_beta * g  # momentum
    w_new = w - lr * (weight_decay * w + sign_of(m_new))  # descent and decay
    return (w_new, m_new)


class Tiger(TorchOptimizer):
    """Tiger: Signum with decoupled weight decay.

    Source: Su (2023), Tiger: a tight-fisted optimizer, kexue.fm/archives/9512.
    The equations are in `tiger_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr            lr >= 0            learning rate
        beta          0 <= beta < 1      decay of the momentum
        weight_decay  weight_decay >= 0  decoupled weight decay
    """

    _states: ClassVar = ("m",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta": ("0 <= beta < 1", lambda beta: 0 <= beta < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(tiger_scalars)
    _elements = staticmethod(tiger_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta: Hyper = 0.965,
        weight_decay: Hyper = 0.01,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta=beta, weight_decay=weight_decay)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)
