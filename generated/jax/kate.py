# generated from specs/kate.py; regenerate with: python cli.py generate kate
"""KATE: AdaGrad without its root, which makes the steps the same however the features are scaled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp

from ._arrays import Array, GradientTransformation, Hyper, JaxOptimizer

__all__ = [
    "KATEState",
    "kate",
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
    """A step of KATE for each element; returns what is added to w and m, b after it.

        b_new  = b + g**2 + eps                    sum of squared gradients
        m_new  = m + g**2 / b_new + eta * g**2     sum of their shares
        w_new  = w - lr * g * sqrt(m_new) / b_new  descent

    w, m, b and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    b_new = b + g**2 + eps  # sum of squared gradients
    m_new = m + g**2 / b_new + eta * g**2  # sum of their shares
    w_update = -lr * g * jnp.sqrt(m_new) / b_new  # descent
    return (w_update, m_new, b_new)


class KATEState(NamedTuple):
    """What KATE keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    b: Any


class KATE(JaxOptimizer):
    """What `kate` is made of."""

    _states: ClassVar = ("m", "b")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "eta": ("eta >= 0", lambda eta: eta >= 0),
    }
    _scalars = staticmethod(kate_scalars)
    _elements = staticmethod(kate_elements)
    _State = KATEState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w))


def kate(
    *,
    lr: Hyper = 0.001,
    eps: Hyper = 1e-8,
    eta: Hyper = 0.0,
) -> GradientTransformation:
    """KATE: AdaGrad over the sum of squares itself; m and b are the squares of the paper's.

    Source: Choudhury et al. (2024), Algorithm 1, arXiv:2403.02648, with an eps as in its authors' code.
    The equations are in `kate_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr   lr >= 0   beta of the paper: learning rate
        eps  eps > 0   added to each squared gradient in b
        eta  eta >= 0  share of the squared gradient in m
    """
    return KATE(lr=lr, eps=eps, eta=eta).transformation()
