# generated from specs/smorms3.py; regenerate with: python cli.py generate smorms3
"""SMORMS3: RMSprop that forgets the faster, the less its gradients agree, and takes smaller steps then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "SMORMS3",
    "smorms3_elements",
    "smorms3_scalars",
]


def smorms3_scalars(
    t: int,
    *,
    lr: float = 0.001,
    eps: float = 1e-16,
) -> tuple[float, ...]:
    """What all elements share in a step of SMORMS3: the last arguments of `smorms3_elements`.

    t is the number of the step, from 1. States:

        a       = 0 before the first step
        v       = 0 before the first step
        memory  = 1 before the first step
    """
    return (eps, lr)


def smorms3_elements(
    w: Array,
    a: Array,
    v: Array,
    memory: Array,
    g: Array,
    eps: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of SMORMS3 for each element; returns w, a, v, memory after it.

        r           = 1 / (memory + 1)                              share of the new gradient
        a_new       = a * (1 - r) + r * g                           average
        v_new       = v * (1 - r) + r * g**2                        average of squares
        x           = a_new**2 / (v_new + eps)                      agreement of the gradients, at most 1
        memory_new  = memory * (1 - x) + 1                          number of steps to remember
        w_new       = w - g * minimum(x, lr) / (sqrt(v_new) + eps)  descent

    w, a, v, memory and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    r = 1 / (memory + 1)  # share of the new gradient
    a_new = a * (1 - r) + r * g  # average
    v_new = v * (1 - r) + r * g**2  # average of squares
    x = a_new**2 / (v_new + eps)  # agreement of the gradients, at most 1
    memory_new = memory * (1 - x) + 1  # number of steps to remember
    w_new = w - g * torch.minimum(x, lr) / (torch.sqrt(v_new) + eps)  # descent
    return (w_new, a_new, v_new, memory_new)


class SMORMS3(TorchOptimizer):
    """SMORMS3: a step scaled by the root of the squared gradients and by how far the gradients agree.

    Source: Funk (2015), RMSprop loses to SMORMS3, sifter.org/~simon/journal/20150420.html, as in Chainer.
    The equations are in `smorms3_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr   lr >= 0   largest rate
        eps  eps >= 0  keeps the divisions from zero
    """

    _states: ClassVar = ("a", "v", "memory")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(smorms3_scalars)
    _elements = staticmethod(smorms3_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        eps: Hyper = 1e-16,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.full_like(w, 1))
