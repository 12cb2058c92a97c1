# generated from specs/aggmo.py; regenerate with: python cli.py generate aggmo
"""AggMo: the mean of several momenta, each with a damping of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "AggMo",
    "aggmo_elements",
    "aggmo_scalars",
]


def aggmo_scalars(
    t: int,
    *,
    lr: float = 0.1,
    beta1: float = 0.0,
    beta2: float = 0.9,
    beta3: float = 0.99,
) -> tuple[float, ...]:
    """What all elements share in a step of AggMo: the last arguments of `aggmo_elements`.

    t is the number of the step, from 1. States:

        v1  = 0 before the first step
        v2  = 0 before the first step
        v3  = 0 before the first step
    """
    lr_over_three = lr / 3
    return (beta1, beta2, beta3, lr_over_three)


def aggmo_elements(
    w: Array,
    v1: Array,
    v2: Array,
    v3: Array,
    g: Array,
    beta1: float,
    beta2: float,
    beta3: float,
    lr_over_three: float,
) -> tuple[Array, ...]:
    """A step of AggMo for each element; returns w, v1, v2, v3 after it.

        v1_new  = beta1 * v1 - g                           first velocity
        v2_new  = beta2 * v2 - g                           second velocity
        v3_new  = beta3 * v3 - g                           third velocity
        w_new   = w + lr * (v1_new + v2_new + v3_new) / 3  move by their mean

    w, v1, v2, v3 and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    v1_new = beta1 * v1 - g  # first velocity
    v2_new = beta2 * v2 - g  # second velocity
    v3_new = beta3 * v3 - g  # third velocity
    w_new = w + lr_over_three * (v1_new + v2_new + v3_new)  # move by their mean
    return (w_new, v1_new, v2_new, v3_new)


class AggMo(TorchOptimizer):
    """AggMo: aggregated momentum: the mean of three velocities.

    Source: Lucas et al. (2019), equation 2, arXiv:1804.00325, with three velocities as by default there.
    The equations are in `aggmo_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  damping of the first velocity
        beta2  0 <= beta2 < 1  damping of the second velocity
        beta3  0 <= beta3 < 1  damping of the third velocity
    """

    _states: ClassVar = ("v1", "v2", "v3")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta3": ("0 <= beta3 < 1", lambda beta3: 0 <= beta3 < 1),
    }
    _scalars = staticmethod(aggmo_scalars)
    _elements = staticmethod(aggmo_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.1,
        beta1: Hyper = 0.0,
        beta2: Hyper = 0.9,
        beta3: Hyper = 0.99,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, beta1=beta1, beta2=beta2, beta3=beta3)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (torch.zeros_like(w), torch.zeros_like(w), torch.zeros_like(w))
