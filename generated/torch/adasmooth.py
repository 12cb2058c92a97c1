# generated from specs/adasmooth.py; regenerate with: python cli.py generate adasmooth
"""AdaSmooth: RMSprop whose decay depends on how straight the way of a weight has been."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from ._arrays import Array, Hyper, Stage, TorchOptimizer, scalar_like

__all__ = [
    "AdaSmooth",
    "adasmooth_elements",
    "adasmooth_scalars",
]


def adasmooth_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.5,
    beta2: float = 0.99,
    eps: float = 1e-6,
) -> tuple[float, ...]:
    """What all elements share in a step of AdaSmooth: the last arguments of `adasmooth_elements`.

    t is the number of the step, from 1. States:

        last  = w before the first step
        s     = 0 before the first step
        way   = 0 before the first step
        v     = 0 before the first step
    """
    beta2_minus_beta1 = beta2 - beta1
    one_minus_beta2 = 1 - beta2
    return (beta2_minus_beta1, eps, one_minus_beta2, lr)


def adasmooth_elements(
    w: Array,
    last: Array,
    s: Array,
    way: Array,
    v: Array,
    g: Array,
    beta2_minus_beta1: float,
    eps: float,
    one_minus_beta2: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of AdaSmooth for each element; returns w, last, s, way, v after it.

        moved     = w - last                                                    the step before
        last_new  = w
        s_new     = s + moved                                                   way from the start
        way_new   = way + abs(moved)                                            length of the way
        c         = (beta2 - beta1) * abs(s_new) / (way_new + eps) + 1 - beta2  smoothing, by the effective ratio
        v_new     = v * maximum(1 - c**2, 0) + c**2 * g**2                      second moment; c is at most 1
        w_new     = w - lr * g / sqrt(v_new + eps)                              descent

    w, last, s, way, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    moved = w - last  # the step before
    last_new = w
    s_new = s + moved  # way from the start
    way_new = way + torch.absolute(moved)  # length of the way
    c = beta2_minus_beta1 * torch.absolute(s_new) / (way_new + eps) + one_minus_beta2  # smoothing, by the effective ratio
    v_new = v * torch.maximum(1 - c**2, scalar_like(0, w)) + c**2 * g**2  # second moment; c is at most 1
    w_new = w - lr * g / torch.sqrt(v_new + eps)  # descent
    return (w_new, last_new, s_new, way_new, v_new)


class AdaSmooth(TorchOptimizer):
    """AdaSmooth: RMSprop that forgets faster the straighter the way of the weight has been.

    Source: Lu (2022), Algorithm 1, arXiv:2204.00825, over all steps so far, as in pytorch_optimizer.
    The equations are in `adasmooth_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay where the way is straight
        beta2  0 <= beta2 < 1  decay where the weight comes back
        eps    eps > 0         keeps the divisions from zero
    """

    _states: ClassVar = ("last", "s", "way", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(adasmooth_scalars)
    _elements = staticmethod(adasmooth_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.001,
        beta1: Hyper = 0.5,
        beta2: Hyper = 0.99,
        eps: Hyper = 1e-6,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, eps=eps)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.clone(), torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))
