# generated from specs/sgd.py; regenerate with: python cli.py generate sgd
"""Gradient descent: a step against the gradient."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, NamedTuple

from ._arrays import Array, GradientTransformation, Hyper, JaxOptimizer

__all__ = [
    "SGDState",
    "sgd",
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
    """A step of SGD for each element; returns what is added to w.

        w_new  = w - lr * g  descent

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = -lr * g  # descent
    return (w_update,)


class SGDState(NamedTuple):
    """What SGD keeps: the number of steps, and states that are nested as the parameters."""

    t: Array


class SGD(JaxOptimizer):
    """What `sgd` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
    }
    _scalars = staticmethod(sgd_scalars)
    _elements = staticmethod(sgd_elements)
    _State = SGDState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


def sgd(
    *,
    lr: Hyper = 0.01,
) -> GradientTransformation:
    """SGD: stochastic gradient descent.

    Source: Robbins & Monro (1951), Annals of Mathematical Statistics 22(3), doi:10.1214/aoms/1177729586.
    The equations are in `sgd_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr  lr >= 0  learning rate
    """
    return SGD(lr=lr).transformation()
