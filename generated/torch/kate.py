# generated from specs/kate.py; regenerate with: python cli.py generate kate
"""KATE: AdaGrad without its root, which makes the steps the same however the features are scaled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "KATE",
    "kate_elements",
    "kate_scalars",
]


def kate_scalars(
    t: int,
    *,
    lr: float = 0.001,
    eps: float = 1e-8,
    eta: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of KATE: the last arguments of `kate_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        b  = 0 before the first step
    """
    return (eps, eta, lr)


def kate_elements(
    w: Array,
    m: Array,
    b: Array,
    g: Array,
    eps: float,
    eta: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of KATE for each element; returns w, m, b after it.

        b_new  = b + g**2 + eps                    sum of squared gradients
        m_new  = m + g**2 / b_new + eta * g**2     sum of their shares
        w_new  = w - lr * g * sqrt(m_new) / b_new  descent

    w, m, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    b_new = b + g**2 + eps  # sum of squared gradients
    m_new = m + g**2 / b_new + eta * g**2  # sum of their shares
    w_new = w - lr * g * torch.sqrt(m_new) / b_new  # descent
    return (w_new, m_new, b_new)


class KATE(TorchOptimizer):
    """KATE: AdaGrad over the sum of squares itself; m and b are the squares of the paper's.

    Source: Choudhury et al. (2024), Algorithm 1, arXiv:2403.02648, with an eps as in its authors' code.
    The equations are in `kate_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr   lr >= 0   beta of the paper: learning rate
        eps  eps > 0   added to each squared gradient in b
        eta  eta >= 0  share of the squared gradient in m
    """

    _states: ClassVar = ("m", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "eta": ("eta >= 0", lambda eta: eta >= 0),
    }
    _scalars = staticmethod(kate_scalars)
    _elements = staticmethod(kate_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        eps: Hyper = 1e-8,
        eta: Hyper = 0.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, eps=eps, eta=eta)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w))
