# generated from specs/sgd.py; regenerate with: python cli.py generate sgd
"""Gradient descent: a step against the gradient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from ._arrays import Array, Hyper, Stage, TorchOptimizer

__all__ = [
    "SGD",
    "sgd_elements",
    "sgd_scalars",
]


def sgd_scalars(
    t: int,
    *,
    lr: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of SGD: the last arguments of `sgd_elements`.

    t is the number of the step, from 1.
    """
    return (lr,)


def sgd_elements(
    w: Array,
    g: Array,
    lr: float,
) -> tuple[Array, ...]:
    """A step of SGD for each element; returns w after it.

        w_new  = w - lr * g  descent

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_new = w - lr * g  # descent
    return (w_new,)


class SGD(TorchOptimizer):
    """SGD: stochastic gradient descent.

    Source: Robbins & Monro (1951), Annals of Mathematical Statistics 22(3), doi:10.1214/aoms/1177729586.
    The equations are in `sgd_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr  lr >= 0  learning rate
    """

    _states: ClassVar = ()
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
    }
    _scalars = staticmethod(sgd_scalars)
    _elements = staticmethod(sgd_elements)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 0.01,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()
