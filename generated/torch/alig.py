# generated from specs/alig.py; regenerate with: python cli.py generate alig
"""ALI-G: Polyak's step length for losses whose least value is zero, at most a learning rate, with momentum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from .._runtime.scalars import divided
from ._arrays import Array, Hyper, Stage, TorchOptimizer, nan_min, summed

__all__ = [
    "AliG",
    "alig_elements",
    "alig_scalars",
    "alig_summands",
    "alig_sums",
]


def alig_scalars(
    second_total: float,
    t: int,
    *,
    loss: float,
    lr: float = 0.1,
    eps: float = 1e-6,
    momentum: float = 0.9,
) -> tuple[float, ...]:
    """What all elements share in a step of AliG: the last arguments of `alig_elements`.

    t is the number of the step, from 1. States:

        v  = 0 before the first step

    second_total: what `alig_sums` gives.
    """
    total = eps + second_total  # squared norm of all gradients
    length = nan_min(lr, divided(loss, total))  # step length
    return (length, momentum)


def alig_elements(
    w: Array,
    v: Array,
    g: Array,
    length: float,
    momentum: float,
) -> tuple[Array, ...]:
    """A step of AliG for each element; returns w, v after it.

        total   = eps + global_sum(g**2)     squared norm of all gradients
        length  = minimum(lr, loss / total)  step length
        u       = length * g                 step
        v_new   = momentum * v - u           velocity
        w_new   = w + momentum * v_new - u   descent, look ahead

    w, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    u = length * g  # step
    v_new = momentum * v - u  # velocity
    w_new = w + momentum * v_new - u  # descent, look ahead
    return (w_new, v_new)


def alig_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of AliG sums up, for each element."""
    second_total = g**2
    return (second_total,)


def alig_sums(
    w: Array,
    g: Array,
    v: Array,
    t: int,
    *,
    loss: float,
    lr: float = 0.1,
    eps: float = 1e-6,
    momentum: float = 0.9,
) -> tuple[float, ...]:
    """What a step of AliG sums up over one array, in double; nothing is written.

        second_total  = global_sum(g**2)

    The results are arguments of `alig_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(alig_summands, (w, g), (), ("sum",))


class AliG(TorchOptimizer):
    """AliG: descent by the length that would reach a loss of zero, at most a learning rate, with Nesterov momentum.

    Source: Berrada, Zisserman & Kumar (2020), Algorithm 1, arXiv:1906.05661, with the Nesterov momentum of its code.
    The equations are in `alig_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    A step is step(loss=loss):

        loss  a number  the loss at w, of which g is the gradient

    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr        lr >= 0            largest step length
        eps       eps > 0            added to the squared norm
        momentum  0 <= momentum < 1  decay of the velocity
    """

    _states: ClassVar = ("v",)
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "momentum": ("0 <= momentum < 1", lambda momentum: 0 <= momentum < 1),
    }
    _signals: ClassVar = ("loss",)
    _reductions: ClassVar = (("second_total", "sum", True),)
    _scalars = staticmethod(alig_scalars)
    _elements = staticmethod(alig_elements)
    _sums = staticmethod(alig_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.1,
        eps: Hyper = 1e-6,
        momentum: Hyper = 0.9,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, eps=eps, momentum=momentum)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)
