# generated from specs/adam.py; regenerate with: python cli.py generate adam
"""Adam: a step scaled by running estimates of the gradient's first two moments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp

from ._arrays import Array, GradientTransformation, Hyper, JaxOptimizer, one_minus_power

__all__ = [
    "AdamEpsHatState",
    "AdamEpsInsideState",
    "AdamEpsRootState",
    "AdamState",
    "AdamUncorrectedEpsInsideState",
    "AdamUncorrectedState",
    "adam",
    "adam_elements",
    "adam_eps_hat",
    "adam_eps_hat_elements",
    "adam_eps_hat_scalars",
    "adam_eps_inside",
    "adam_eps_inside_elements",
    "adam_eps_inside_scalars",
    "adam_eps_root",
    "adam_eps_root_elements",
    "adam_eps_root_scalars",
    "adam_scalars",
    "adam_uncorrected",
    "adam_uncorrected_elements",
    "adam_uncorrected_eps_inside",
    "adam_uncorrected_eps_inside_elements",
    "adam_uncorrected_eps_inside_scalars",
    "adam_uncorrected_scalars",
]


def adam_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of Adam: the last arguments of `adam_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * jnp.sqrt(c2) / c1
    eps_sqrt_c2 = eps * jnp.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps_sqrt_c2)


def adam_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of Adam for each element; returns what is added to w and m, v after it.

        c1     = 1 - beta1**t                          bias of the first moment
        c2     = 1 - beta2**t                          bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g           first moment
        v_new  = beta2 * v + (1 - beta2) * g**2        second moment
        m_hat  = m_new / c1                            first moment, corrected
        v_hat  = v_new / c2                            second moment, corrected
        w_new  = w - lr * m_hat / (sqrt(v_hat) + eps)  descent

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_update = -lr_sqrt_c2_over_c1 * m_new / (jnp.sqrt(v_new) + eps_sqrt_c2)  # descent
    return (w_update, m_new, v_new)


class AdamState(NamedTuple):
    """What Adam keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any


class Adam(JaxOptimizer):
    """What `adam` is made of."""

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(adam_scalars)
    _elements = staticmethod(adam_elements)
    _State = AdamState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w))


def adam(
    *,
    lr: Hyper = 0.001,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.999,
    eps: Hyper = 1e-8,
) -> GradientTransformation:
    """Adam: a step scaled by running estimates of the first two moments of the gradient.

    Source: Kingma & Ba (2015), Algorithm 1, arXiv:1412.6980.
    The equations are in `adam_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """
    return Adam(lr=lr, beta1=beta1, beta2=beta2, eps=eps).transformation()


def adam_eps_hat_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of AdamEpsHat: the last arguments of `adam_eps_hat_elements`.

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


def adam_eps_hat_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_sqrt_c2_over_c1: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AdamEpsHat for each element; returns what is added to w and m, v after it.

        c1     = 1 - beta1**t                                            bias of the first moment
        c2     = 1 - beta2**t                                            bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g                             first moment
        v_new  = beta2 * v + (1 - beta2) * g**2                          second moment
        w_new  = w - lr * sqrt(c2) * m_new / (c1 * (sqrt(v_new) + eps))  descent

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_update = -lr_sqrt_c2_over_c1 * m_new / (jnp.sqrt(v_new) + eps)  # descent
    return (w_update, m_new, v_new)


class AdamEpsHatState(NamedTuple):
    """What AdamEpsHat keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any


class AdamEpsHat(JaxOptimizer):
    """What `adam_eps_hat` is made of."""

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(adam_eps_hat_scalars)
    _elements = staticmethod(adam_eps_hat_elements)
    _State = AdamEpsHatState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w))


def adam_eps_hat(
    *,
    lr: Hyper = 0.001,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.999,
    eps: Hyper = 1e-8,
) -> GradientTransformation:
    """AdamEpsHat: Adam with epsilon added before the second moment is corrected.

    Source: Kingma & Ba (2015), end of section 2, arXiv:1412.6980, as in keras.optimizers.Adam.
    The equations are in `adam_eps_hat_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """
    return AdamEpsHat(lr=lr, beta1=beta1, beta2=beta2, eps=eps).transformation()


def adam_eps_inside_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of AdamEpsInside: the last arguments of `adam_eps_inside_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * jnp.sqrt(c2) / c1
    eps_c2 = eps * c2
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps_c2)


def adam_eps_inside_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_sqrt_c2_over_c1: float,
    eps_c2: float,
) -> tuple[Array, ...]:
    """A step of AdamEpsInside for each element; returns what is added to w and m, v after it.

        c1     = 1 - beta1**t                        bias of the first moment
        c2     = 1 - beta2**t                        bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g         first moment
        v_new  = beta2 * v + (1 - beta2) * g**2      second moment
        m_hat  = m_new / c1                          first moment, corrected
        v_hat  = v_new / c2                          second moment, corrected
        w_new  = w - lr * m_hat / sqrt(v_hat + eps)  descent

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_c2              = eps * c2
        w_new               = w - lr_sqrt_c2_over_c1 * m_new / sqrt(v_new + eps_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_update = -lr_sqrt_c2_over_c1 * m_new / jnp.sqrt(v_new + eps_c2)  # descent
    return (w_update, m_new, v_new)


class AdamEpsInsideState(NamedTuple):
    """What AdamEpsInside keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any


class AdamEpsInside(JaxOptimizer):
    """What `adam_eps_inside` is made of."""

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(adam_eps_inside_scalars)
    _elements = staticmethod(adam_eps_inside_elements)
    _State = AdamEpsInsideState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w))


def adam_eps_inside(
    *,
    lr: Hyper = 0.001,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.999,
    eps: Hyper = 1e-8,
) -> GradientTransformation:
    """AdamEpsInside: Adam with epsilon inside the root.

    Source: Kingma & Ba (2015), Algorithm 1, arXiv:1412.6980, with epsilon inside the root.
    The equations are in `adam_eps_inside_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """
    return AdamEpsInside(lr=lr, beta1=beta1, beta2=beta2, eps=eps).transformation()


def adam_eps_root_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of AdamEpsRoot: the last arguments of `adam_eps_root_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * jnp.sqrt(c2) / c1
    eps_root_c2 = eps_root * c2
    eps_sqrt_c2 = eps * jnp.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps_root_c2, eps_sqrt_c2)


def adam_eps_root_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_sqrt_c2_over_c1: float,
    eps_root_c2: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of AdamEpsRoot for each element; returns what is added to w and m, v after it.

        c1     = 1 - beta1**t                                     bias of the first moment
        c2     = 1 - beta2**t                                     bias of the second moment
        m_new  = beta1 * m + (1 - beta1) * g                      first moment
        v_new  = beta2 * v + (1 - beta2) * g**2                   second moment
        m_hat  = m_new / c1                                       first moment, corrected
        v_hat  = v_new / c2                                       second moment, corrected
        w_new  = w - lr * m_hat / (sqrt(v_hat + eps_root) + eps)  descent

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_root_c2         = eps_root * c2
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_new + eps_root_c2) + eps_sqrt_c2)

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_update = -lr_sqrt_c2_over_c1 * m_new / (jnp.sqrt(v_new + eps_root_c2) + eps_sqrt_c2)  # descent
    return (w_update, m_new, v_new)


class AdamEpsRootState(NamedTuple):
    """What AdamEpsRoot keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any


class AdamEpsRoot(JaxOptimizer):
    """What `adam_eps_root` is made of."""

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "eps_root": ("eps_root >= 0", lambda eps_root: eps_root >= 0),
    }
    _scalars = staticmethod(adam_eps_root_scalars)
    _elements = staticmethod(adam_eps_root_elements)
    _State = AdamEpsRootState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w))


def adam_eps_root(
    *,
    lr: Hyper = 0.001,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.999,
    eps: Hyper = 1e-8,
    eps_root: Hyper = 0.0,
) -> GradientTransformation:
    """AdamEpsRoot: Adam with one epsilon inside the root and one outside.

    Source: Kingma & Ba (2015), Algorithm 1, arXiv:1412.6980, with both epsilons as in optax.adam(eps_root=...).
    The equations are in `adam_eps_root_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr        lr >= 0         learning rate
        beta1     0 <= beta1 < 1  decay of the first moment
        beta2     0 <= beta2 < 1  decay of the second moment
        eps       eps >= 0        keeps the division from zero
        eps_root  eps_root >= 0   keeps the root from zero
    """
    return AdamEpsRoot(lr=lr, beta1=beta1, beta2=beta2, eps=eps, eps_root=eps_root).transformation()


def adam_uncorrected_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of AdamUncorrected: the last arguments of `adam_uncorrected_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr, eps)


def adam_uncorrected_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AdamUncorrected for each element; returns what is added to w and m, v after it.

        m_new  = beta1 * m + (1 - beta1) * g           first moment
        v_new  = beta2 * v + (1 - beta2) * g**2        second moment
        w_new  = w - lr * m_new / (sqrt(v_new) + eps)  descent

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_update = -lr * m_new / (jnp.sqrt(v_new) + eps)  # descent
    return (w_update, m_new, v_new)


class AdamUncorrectedState(NamedTuple):
    """What AdamUncorrected keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any


class AdamUncorrected(JaxOptimizer):
    """What `adam_uncorrected` is made of."""

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(adam_uncorrected_scalars)
    _elements = staticmethod(adam_uncorrected_elements)
    _State = AdamUncorrectedState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w))


def adam_uncorrected(
    *,
    lr: Hyper = 0.001,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.999,
    eps: Hyper = 1e-8,
) -> GradientTransformation:
    """AdamUncorrected: Adam without bias correction.

    Source: Kingma & Ba (2015), Algorithm 1, arXiv:1412.6980, without its bias correction.
    The equations are in `adam_uncorrected_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """
    return AdamUncorrected(lr=lr, beta1=beta1, beta2=beta2, eps=eps).transformation()


def adam_uncorrected_eps_inside_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of AdamUncorrectedEpsInside: the last arguments of `adam_uncorrected_eps_inside_elements`.

    t is the number of the step, from 1. States:

        m  = 0 before the first step
        v  = 0 before the first step
    """
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr, eps)


def adam_uncorrected_eps_inside_elements(
    w: Array,
    m: Array,
    v: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AdamUncorrectedEpsInside for each element; returns what is added to w and m, v after it.

        m_new  = beta1 * m + (1 - beta1) * g         first moment
        v_new  = beta2 * v + (1 - beta2) * g**2      second moment
        w_new  = w - lr * m_new / sqrt(v_new + eps)  descent

    w, m, v and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    w_update = -lr * m_new / jnp.sqrt(v_new + eps)  # descent
    return (w_update, m_new, v_new)


class AdamUncorrectedEpsInsideState(NamedTuple):
    """What AdamUncorrectedEpsInside keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any


class AdamUncorrectedEpsInside(JaxOptimizer):
    """What `adam_uncorrected_eps_inside` is made of."""

    _states: ClassVar = ("m", "v")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(adam_uncorrected_eps_inside_scalars)
    _elements = staticmethod(adam_uncorrected_eps_inside_elements)
    _State = AdamUncorrectedEpsInsideState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w))


def adam_uncorrected_eps_inside(
    *,
    lr: Hyper = 0.001,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.999,
    eps: Hyper = 1e-8,
) -> GradientTransformation:
    """AdamUncorrectedEpsInside: Adam without bias correction, with epsilon inside the root.

    Source: Kingma & Ba (2015), Algorithm 1, arXiv:1412.6980, as averages alone: EMA(g) / sqrt(EMA(g**2) + eps).
    The equations are in `adam_uncorrected_eps_inside_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """
    return AdamUncorrectedEpsInside(lr=lr, beta1=beta1, beta2=beta2, eps=eps).transformation()
