# generated from specs/diffgrad.py; regenerate with: python cli.py generate diffgrad
"""diffGrad: Adam with friction where the gradient hardly changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp

from ._arrays import Array, GradientTransformation, Hyper, JaxOptimizer, one_minus_power

__all__ = [
    "DiffGradState",
    "diffgrad",
    "diffgrad_elements",
    "diffgrad_scalars",
]


def diffgrad_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of DiffGrad: the last arguments of `diffgrad_elements`.

    t is the number of the step, from 1. States:

        m     = 0 before the first step
        v     = 0 before the first step
        last  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * jnp.sqrt(c2) / c1
    eps_sqrt_c2 = eps * jnp.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps_sqrt_c2)


def diffgrad_elements(
    w: Array,
    m: Array,
    v: Array,
    last: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of DiffGrad for each element; returns what is added to w and m, v, last after it.

        c1        = 1 - beta1**t                               bias of the first moment
        c2        = 1 - beta2**t                               bias of the second moment
        m_new     = beta1 * m + (1 - beta1) * g                first moment
        v_new     = beta2 * v + (1 - beta2) * g**2             second moment
        m_hat     = m_new / c1                                 first moment, corrected
        v_hat     = v_new / c2                                 second moment, corrected
        xi        = 1 / (exp(-abs(g - last)) + 1)              friction coefficient
        last_new  = g
        w_new     = w - lr * m_hat * xi / (sqrt(v_hat) + eps)  descent

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_sqrt_c2_over_c1 * m_new / ((exp(-abs(g - last)) + 1) * (sqrt(v_new) + eps_sqrt_c2))

    w, m, v, last and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    last_new = g
    w_update = -lr_sqrt_c2_over_c1 * m_new / ((jnp.exp(-jnp.absolute(g - last)) + 1) * (jnp.sqrt(v_new) + eps_sqrt_c2))  # descent
    return (w_update, m_new, v_new, last_new)


class DiffGradState(NamedTuple):
    """What DiffGrad keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any
    last: Any


class DiffGrad(JaxOptimizer):
    """What `diffgrad` is made of."""

    _states: ClassVar = ("m", "v", "last")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(diffgrad_scalars)
    _elements = staticmethod(diffgrad_elements)
    _State = DiffGradState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w), jnp.zeros_like(w))


def diffgrad(
    *,
    lr: Hyper = 0.001,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.999,
    eps: Hyper = 1e-8,
) -> GradientTransformation:
    """DiffGrad: Adam whose step is multiplied by a sigmoid of how far the gradient changed, at least one half.

    Source: Dubey et al. (2020), Algorithm 1, arXiv:1909.11015.
    The equations are in `diffgrad_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """
    return DiffGrad(lr=lr, beta1=beta1, beta2=beta2, eps=eps).transformation()
