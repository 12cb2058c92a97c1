# generated from specs/sparse.py; regenerate with: python cli.py generate sparse
"""Adam that leaves alone what a mask leaves out, as the rows of an embedding that a batch does not look up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp

from ._arrays import Array, GradientTransformation, Hyper, JaxOptimizer, one_minus_power

__all__ = [
    "SparseAdamState",
    "sparse_adam",
    "sparse_adam_elements",
    "sparse_adam_scalars",
]


def sparse_adam_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of SparseAdam: the last arguments of `sparse_adam_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * jnp.sqrt(c2) / c1
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps)


def sparse_adam_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    mask: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_sqrt_c2_over_c1: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of SparseAdam for each element; returns w, m, v after it.

        c1     = 1 - beta1**t                                        bias of the first moment
        c2     = 1 - beta2**t                                        bias of the second moment
        m_new  = where(mask > 0, beta1 * m + (1 - beta1) * g, m)     first moment
        v_new  = where(mask > 0, beta2 * v + (1 - beta2) * g**2, v)  second moment
        w_new  = where(mask > 0, w - lr * sqrt(c2) * m_new / (c1 * (sqrt(v_new) + eps)), w)  descent

    w, m, v, g, mask are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g and mask are only read.
    """
    m_new = jnp.where(mask > 0, beta1 * m + one_minus_beta1 * g, m)  # first moment
    v_new = jnp.where(mask > 0, beta2 * v + one_minus_beta2 * g**2, v)  # second moment
    w_new = jnp.where(mask > 0, w - lr_sqrt_c2_over_c1 * m_new / (jnp.sqrt(v_new) + eps), w)  # descent
    return (w_new, m_new, v_new)


class SparseAdamState(NamedTuple):
    """What SparseAdam keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any


class SparseAdam(JaxOptimizer):
    """What `sparse_adam` is made of."""

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _inputs: ClassVar = ("mask",)
    _scalars = staticmethod(sparse_adam_scalars)
    _elements = staticmethod(sparse_adam_elements)
    _State = SparseAdamState
    _moves: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w))


def sparse_adam(
    *,
    lr: Hyper = 0.001,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.999,
    eps: Hyper = 1e-8,
) -> GradientTransformation:
    """SparseAdam: Adam for the elements that a mask names; the others keep weight and moments.

    Source: torch.optim.SparseAdam, the sparse gradient as a dense one with a mask.
    The equations are in `sparse_adam_elements`.

    A step is update(grads, state, params, mask=mask):

        mask  arrays, nested as the gradients  1 where the gradient has an element, 0 where it has none

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """
    return SparseAdam(lr=lr, beta1=beta1, beta2=beta2, eps=eps).transformation()
