# generated from specs/sophia.py; regenerate with: python cli.py generate sophia
"""Sophia: a momentum divided by an estimate of the curvature, which is new now and then, and clipped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp

from ._arrays import Array, GradientTransformation, Hyper, JaxOptimizer, one_minus_power

__all__ = [
    "SophiaDelayedState",
    "SophiaState",
    "sophia",
    "sophia_delayed",
    "sophia_delayed_elements",
    "sophia_delayed_scalars",
    "sophia_elements",
    "sophia_scalars",
]


def sophia_scalars(
    t: int,
    *,
    hessian_given: float,
    lr: float = 0.001,
    beta1: float = 0.96,
    beta2: float = 0.99,
    eps: float = 1e-12,
    gamma: float = 0.01,
    weight_decay: float = 0.2,
) -> tuple[float, ...]:
    """What all elements share in a step of Sophia: the last arguments of `sophia_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        h  = 0 before the first step
    """
    one_minus_beta1 = 1 - beta1
    hessian_given_is_one = jnp.where(hessian_given == 1, 1, 0)
    one_minus_beta2 = 1 - beta2
    minus_one = -1
    lr_weight_decay = lr * weight_decay
    return (beta1, one_minus_beta1, hessian_given_is_one, beta2, one_minus_beta2, gamma, eps, minus_one, lr_weight_decay, lr)


def sophia_elements(
    w: Array,
    m: Array,
    h: Array,
    g: Array,
    hessian: Array,
    beta1: float,
    one_minus_beta1: float,
    hessian_given_is_one: float,
    beta2: float,
    one_minus_beta2: float,
    gamma: float,
    eps: float,
    minus_one: float,
    lr_weight_decay: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of Sophia for each element; returns what is added to w and m, h after it.

        m_new  = beta1 * m + (1 - beta1) * g                                   momentum
        h_new  = where(hessian_given == 1, beta2 * h + (1 - beta2) * hessian, h)  curvature
        u      = maximum(minimum(m_new / maximum(gamma * h_new, eps), 1), -1)  step, clipped
        w_new  = w - lr * weight_decay * w - lr * u                            decay, descent

    w, m, h, g, hessian are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g and hessian are only read.
    hessian_given is 1.0, or 0.0 in a step without hessian, which may then be any numbers.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # momentum
    h_new = jnp.where(hessian_given_is_one != 0, beta2 * h + one_minus_beta2 * hessian, h)  # curvature
    u = jnp.maximum(jnp.minimum(m_new / jnp.maximum(gamma * h_new, eps), 1), minus_one)  # step, clipped
    w_update = -lr_weight_decay * w - lr * u  # decay, descent
    return (w_update, m_new, h_new)


class SophiaState(NamedTuple):
    """What Sophia keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    h: Any


class Sophia(JaxOptimizer):
    """What `sophia` is made of."""

    _states: ClassVar = ("m", "h")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "gamma": ("gamma >= 0", lambda gamma: gamma >= 0),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _inputs: ClassVar = ("hessian",)
    _optional: ClassVar = ("hessian",)
    _scalars = staticmethod(sophia_scalars)
    _elements = staticmethod(sophia_elements)
    _State = SophiaState

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w))


def sophia(
    *,
    lr: Hyper = 0.001,
    beta1: Hyper = 0.96,
    beta2: Hyper = 0.99,
    eps: Hyper = 1e-12,
    gamma: Hyper = 0.01,
    weight_decay: Hyper = 0.2,
) -> GradientTransformation:
    """Sophia: a clipped step of the momentum over the curvature, of which a new estimate may come in any step.

    Source: Liu et al. (2024), Algorithm 3, arXiv:2305.14342; what estimates the Hessian is left to the caller.
    The equations are in `sophia_elements`.

    A step is update(grads, state, params, hessian=hessian):

        hessian  arrays, nested as the gradients, or left out  an estimate of the diagonal of the Hessian at w

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the momentum
        beta2         0 <= beta2 < 1     decay of the curvature, for each estimate
        eps           eps > 0            least curvature by which is divided
        gamma         gamma >= 0         scale of the curvature: larger is less often clipped
        weight_decay  weight_decay >= 0  decoupled weight decay
    """
    return Sophia(lr=lr, beta1=beta1, beta2=beta2, eps=eps, gamma=gamma, weight_decay=weight_decay).transformation()


def sophia_delayed_scalars(
    t: int,
    *,
    hessian_given: float,
    lr: float = 0.001,
    beta1: float = 0.965,
    clip: float = 1.0,
    eps: float = 1e-8,
    gamma: float = 0.01,
    beta2: float = 0.99,
    weight_decay: float = 0.0001,
) -> tuple[float, ...]:
    """What all elements share in a step of SophiaDelayed: the last arguments of `sophia_delayed_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        h  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the momentum
    one_minus_beta1 = 1 - beta1
    minus_clip = -clip
    hessian_given_is_one = jnp.where(hessian_given == 1, 1, 0)
    one_minus_beta2 = 1 - beta2
    return (beta1, one_minus_beta1, c1, gamma, eps, clip, minus_clip, hessian_given_is_one, beta2, one_minus_beta2, lr, weight_decay)


def sophia_delayed_elements(
    w: Array,
    m: Array,
    h: Array,
    g: Array,
    hessian: Array,
    beta1: float,
    one_minus_beta1: float,
    c1: float,
    gamma: float,
    eps: float,
    clip: float,
    minus_clip: float,
    hessian_given_is_one: float,
    beta2: float,
    one_minus_beta2: float,
    lr: float,
    weight_decay: float,
) -> tuple[Array, ...]:
    """A step of SophiaDelayed for each element; returns what is added to w and m, h after it.

        c1     = 1 - beta1**t                                                    bias of the momentum
        m_new  = beta1 * m + (1 - beta1) * g                                     momentum
        m_hat  = m_new / c1                                                      momentum, corrected
        u      = maximum(minimum(m_hat / maximum(gamma * h, eps), clip), -clip)  step, clipped, of the old curvature
        h_new  = where(hessian_given == 1, beta2 * h + (1 - beta2) * hessian, h)  curvature
        w_new  = w - lr * (u + weight_decay * w)                                 decay, descent

    w, m, h, g, hessian are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g and hessian are only read.
    hessian_given is 1.0, or 0.0 in a step without hessian, which may then be any numbers.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # momentum
    m_hat = m_new / c1  # momentum, corrected
    u = jnp.maximum(jnp.minimum(m_hat / jnp.maximum(gamma * h, eps), clip), minus_clip)  # step, clipped, of the old curvature
    h_new = jnp.where(hessian_given_is_one != 0, beta2 * h + one_minus_beta2 * hessian, h)  # curvature
    w_update = -lr * (u + weight_decay * w)  # decay, descent
    return (w_update, m_new, h_new)


class SophiaDelayedState(NamedTuple):
    """What SophiaDelayed keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    h: Any


class SophiaDelayed(JaxOptimizer):
    """What `sophia_delayed` is made of."""

    _states: ClassVar = ("m", "h")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "clip": ("clip > 0", lambda clip: clip > 0),
        "eps": ("eps > 0", lambda eps: eps > 0),
        "gamma": ("gamma >= 0", lambda gamma: gamma >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _inputs: ClassVar = ("hessian",)
    _optional: ClassVar = ("hessian",)
    _scalars = staticmethod(sophia_delayed_scalars)
    _elements = staticmethod(sophia_delayed_elements)
    _State = SophiaDelayedState

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w))


def sophia_delayed(
    *,
    lr: Hyper = 0.001,
    beta1: Hyper = 0.965,
    clip: Hyper = 1.0,
    eps: Hyper = 1e-8,
    gamma: Hyper = 0.01,
    beta2: Hyper = 0.99,
    weight_decay: Hyper = 0.0001,
) -> GradientTransformation:
    """SophiaDelayed: Sophia with a corrected momentum, in which an estimate of the curvature counts from the next step on.

    Source: Liu et al. (2024), Algorithm 3, arXiv:2305.14342, as in optax.contrib.sophia.
    The equations are in `sophia_delayed_elements`.

    A step is update(grads, state, params, hessian=hessian):

        hessian  arrays, nested as the gradients, or left out  an estimate of the diagonal of the Hessian at w

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr            lr >= 0            learning rate
        beta1         0 <= beta1 < 1     decay of the momentum
        clip          clip > 0           largest step of a weight, in units of lr
        eps           eps > 0            least curvature by which is divided
        gamma         gamma >= 0         scale of the curvature: larger is less often clipped
        beta2         0 <= beta2 < 1     decay of the curvature, for each estimate
        weight_decay  weight_decay >= 0  decoupled weight decay
    """
    return SophiaDelayed(lr=lr, beta1=beta1, clip=clip, eps=eps, gamma=gamma, beta2=beta2, weight_decay=weight_decay).transformation()
