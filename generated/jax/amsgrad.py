# generated from specs/amsgrad.py; regenerate with: python cli.py generate amsgrad
"""AMSGrad: Adam that never forgets the largest second moment. The order of maximum and correction matters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp

from ._arrays import Array, GradientTransformation, Hyper, JaxOptimizer, one_minus_power

__all__ = [
    "AMSGradCorrectedState",
    "AMSGradEpsHatState",
    "AMSGradEpsRootState",
    "AMSGradFirstCorrectedState",
    "AMSGradSecondCorrectedState",
    "AMSGradState",
    "AMSGradUncorrectedState",
    "amsgrad",
    "amsgrad_corrected",
    "amsgrad_corrected_elements",
    "amsgrad_corrected_scalars",
    "amsgrad_elements",
    "amsgrad_eps_hat",
    "amsgrad_eps_hat_elements",
    "amsgrad_eps_hat_scalars",
    "amsgrad_eps_root",
    "amsgrad_eps_root_elements",
    "amsgrad_eps_root_scalars",
    "amsgrad_first_corrected",
    "amsgrad_first_corrected_elements",
    "amsgrad_first_corrected_scalars",
    "amsgrad_scalars",
    "amsgrad_second_corrected",
    "amsgrad_second_corrected_elements",
    "amsgrad_second_corrected_scalars",
    "amsgrad_uncorrected",
    "amsgrad_uncorrected_elements",
    "amsgrad_uncorrected_scalars",
]


def amsgrad_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of AMSGrad: the last arguments of `amsgrad_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * jnp.sqrt(c2) / c1
    eps_sqrt_c2 = eps * jnp.sqrt(c2)
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps_sqrt_c2)


def amsgrad_elements(
    w: Array,
    m: Array,
    v: Array,
    v_max: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_sqrt_c2_over_c1: float,
    eps_sqrt_c2: float,
) -> tuple[Array, ...]:
    """A step of AMSGrad for each element; returns what is added to w and m, v, v_max after it.

        c1         = 1 - beta1**t                          bias of the first moment
        c2         = 1 - beta2**t                          bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g           first moment
        v_new      = beta2 * v + (1 - beta2) * g**2        second moment
        v_max_new  = maximum(v_max, v_new)                 largest second moment
        m_hat      = m_new / c1                            first moment, corrected
        v_hat      = v_max_new / c2                        corrected
        w_new      = w - lr * m_hat / (sqrt(v_hat) + eps)  descent

    What is computed comes to the same with fewer operations for each element:

        lr_sqrt_c2_over_c1  = lr * sqrt(c2) / c1
        eps_sqrt_c2         = eps * sqrt(c2)
        w_new               = w - lr_sqrt_c2_over_c1 * m_new / (sqrt(v_max_new) + eps_sqrt_c2)

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_max_new = jnp.maximum(v_max, v_new)  # largest second moment
    w_update = -lr_sqrt_c2_over_c1 * m_new / (jnp.sqrt(v_max_new) + eps_sqrt_c2)  # descent
    return (w_update, m_new, v_new, v_max_new)


class AMSGradState(NamedTuple):
    """What AMSGrad keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any
    v_max: Any


class AMSGrad(JaxOptimizer):
    """What `amsgrad` is made of."""

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(amsgrad_scalars)
    _elements = staticmethod(amsgrad_elements)
    _State = AMSGradState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w), jnp.zeros_like(w))


def amsgrad(
    *,
    lr: Hyper = 0.001,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.999,
    eps: Hyper = 1e-8,
) -> GradientTransformation:
    """AMSGrad: Adam with the largest second moment so far, corrected afterwards.

    Source: Reddi, Kale & Kumar (2018), arXiv:1904.09237, maximum before the correction as in torch.optim.Adam.
    The equations are in `amsgrad_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """
    return AMSGrad(lr=lr, beta1=beta1, beta2=beta2, eps=eps).transformation()


def amsgrad_eps_hat_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of AMSGradEpsHat: the last arguments of `amsgrad_eps_hat_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_sqrt_c2_over_c1 = lr * jnp.sqrt(c2) / c1
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_sqrt_c2_over_c1, eps)


def amsgrad_eps_hat_elements(
    w: Array,
    m: Array,
    v: Array,
    v_max: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_sqrt_c2_over_c1: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AMSGradEpsHat for each element; returns what is added to w and m, v, v_max after it.

        c1         = 1 - beta1**t                                                bias of the first moment
        c2         = 1 - beta2**t                                                bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g                                 first moment
        v_new      = beta2 * v + (1 - beta2) * g**2                              second moment
        v_max_new  = maximum(v_max, v_new)                                       largest second moment
        w_new      = w - lr * sqrt(c2) * m_new / (c1 * (sqrt(v_max_new) + eps))  descent

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_max_new = jnp.maximum(v_max, v_new)  # largest second moment
    w_update = -lr_sqrt_c2_over_c1 * m_new / (jnp.sqrt(v_max_new) + eps)  # descent
    return (w_update, m_new, v_new, v_max_new)


class AMSGradEpsHatState(NamedTuple):
    """What AMSGradEpsHat keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any
    v_max: Any


class AMSGradEpsHat(JaxOptimizer):
    """What `amsgrad_eps_hat` is made of."""

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(amsgrad_eps_hat_scalars)
    _elements = staticmethod(amsgrad_eps_hat_elements)
    _State = AMSGradEpsHatState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w), jnp.zeros_like(w))


def amsgrad_eps_hat(
    *,
    lr: Hyper = 0.001,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.999,
    eps: Hyper = 1e-8,
) -> GradientTransformation:
    """AMSGradEpsHat: AMSGrad with epsilon added before the second moment is corrected.

    Source: Reddi, Kale & Kumar (2018), arXiv:1904.09237, epsilon as in keras.optimizers.Adam(amsgrad=True).
    The equations are in `amsgrad_eps_hat_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """
    return AMSGradEpsHat(lr=lr, beta1=beta1, beta2=beta2, eps=eps).transformation()


def amsgrad_corrected_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of AMSGradCorrected: the last arguments of `amsgrad_corrected_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_over_c1 = lr / c1
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, c2, lr_over_c1, eps)


def amsgrad_corrected_elements(
    w: Array,
    m: Array,
    v: Array,
    v_max: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    c2: float,
    lr_over_c1: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AMSGradCorrected for each element; returns what is added to w and m, v, v_max after it.

        c1         = 1 - beta1**t                              bias of the first moment
        c2         = 1 - beta2**t                              bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g               first moment
        v_new      = beta2 * v + (1 - beta2) * g**2            second moment
        m_hat      = m_new / c1                                first moment, corrected
        v_hat      = v_new / c2                                second moment, corrected
        v_max_new  = maximum(v_max, v_hat)                     largest corrected second moment
        w_new      = w - lr * m_hat / (sqrt(v_max_new) + eps)  descent

    What is computed comes to the same with fewer operations for each element:

        lr_over_c1  = lr / c1
        w_new       = w - lr_over_c1 * m_new / (sqrt(v_max_new) + eps)

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_hat = v_new / c2  # second moment, corrected
    v_max_new = jnp.maximum(v_max, v_hat)  # largest corrected second moment
    w_update = -lr_over_c1 * m_new / (jnp.sqrt(v_max_new) + eps)  # descent
    return (w_update, m_new, v_new, v_max_new)


class AMSGradCorrectedState(NamedTuple):
    """What AMSGradCorrected keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any
    v_max: Any


class AMSGradCorrected(JaxOptimizer):
    """What `amsgrad_corrected` is made of."""

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(amsgrad_corrected_scalars)
    _elements = staticmethod(amsgrad_corrected_elements)
    _State = AMSGradCorrectedState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w), jnp.zeros_like(w))


def amsgrad_corrected(
    *,
    lr: Hyper = 0.001,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.999,
    eps: Hyper = 1e-8,
) -> GradientTransformation:
    """AMSGradCorrected: Adam with the largest corrected second moment so far.

    Source: Reddi, Kale & Kumar (2018), arXiv:1904.09237, correction before the maximum as in optax.amsgrad.
    The equations are in `amsgrad_corrected_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """
    return AMSGradCorrected(lr=lr, beta1=beta1, beta2=beta2, eps=eps).transformation()


def amsgrad_uncorrected_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of AMSGradUncorrected: the last arguments of `amsgrad_uncorrected_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr, eps)


def amsgrad_uncorrected_elements(
    w: Array,
    m: Array,
    v: Array,
    v_max: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AMSGradUncorrected for each element; returns what is added to w and m, v, v_max after it.

        m_new      = beta1 * m + (1 - beta1) * g               first moment
        v_new      = beta2 * v + (1 - beta2) * g**2            second moment
        v_max_new  = maximum(v_max, v_new)                     largest second moment
        w_new      = w - lr * m_new / (sqrt(v_max_new) + eps)  descent

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_max_new = jnp.maximum(v_max, v_new)  # largest second moment
    w_update = -lr * m_new / (jnp.sqrt(v_max_new) + eps)  # descent
    return (w_update, m_new, v_new, v_max_new)


class AMSGradUncorrectedState(NamedTuple):
    """What AMSGradUncorrected keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any
    v_max: Any


class AMSGradUncorrected(JaxOptimizer):
    """What `amsgrad_uncorrected` is made of."""

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(amsgrad_uncorrected_scalars)
    _elements = staticmethod(amsgrad_uncorrected_elements)
    _State = AMSGradUncorrectedState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w), jnp.zeros_like(w))


def amsgrad_uncorrected(
    *,
    lr: Hyper = 0.001,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.999,
    eps: Hyper = 1e-8,
) -> GradientTransformation:
    """AMSGradUncorrected: AMSGrad without bias correction.

    Source: Reddi, Kale & Kumar (2018), Algorithm 2, arXiv:1904.09237, without bias correction as printed there.
    The equations are in `amsgrad_uncorrected_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """
    return AMSGradUncorrected(lr=lr, beta1=beta1, beta2=beta2, eps=eps).transformation()


def amsgrad_first_corrected_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of AMSGradFirstCorrected: the last arguments of `amsgrad_first_corrected_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_over_c1 = lr / c1
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, lr_over_c1, eps)


def amsgrad_first_corrected_elements(
    w: Array,
    m: Array,
    v: Array,
    v_max: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    lr_over_c1: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AMSGradFirstCorrected for each element; returns what is added to w and m, v, v_max after it.

        c1         = 1 - beta1**t                              bias of the first moment
        m_new      = beta1 * m + (1 - beta1) * g               first moment
        v_new      = beta2 * v + (1 - beta2) * g**2            second moment
        m_hat      = m_new / c1                                first moment, corrected
        v_max_new  = maximum(v_max, v_new)                     largest second moment
        w_new      = w - lr * m_hat / (sqrt(v_max_new) + eps)  descent

    What is computed comes to the same with fewer operations for each element:

        lr_over_c1  = lr / c1
        w_new       = w - lr_over_c1 * m_new / (sqrt(v_max_new) + eps)

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_max_new = jnp.maximum(v_max, v_new)  # largest second moment
    w_update = -lr_over_c1 * m_new / (jnp.sqrt(v_max_new) + eps)  # descent
    return (w_update, m_new, v_new, v_max_new)


class AMSGradFirstCorrectedState(NamedTuple):
    """What AMSGradFirstCorrected keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any
    v_max: Any


class AMSGradFirstCorrected(JaxOptimizer):
    """What `amsgrad_first_corrected` is made of."""

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(amsgrad_first_corrected_scalars)
    _elements = staticmethod(amsgrad_first_corrected_elements)
    _State = AMSGradFirstCorrectedState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w), jnp.zeros_like(w))


def amsgrad_first_corrected(
    *,
    lr: Hyper = 0.001,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.999,
    eps: Hyper = 1e-8,
) -> GradientTransformation:
    """AMSGradFirstCorrected: AMSGrad with bias correction of the first moment alone.

    Source: Reddi, Kale & Kumar (2018), arXiv:1904.09237, as in optax.amsgrad(bias_correction_nu=False).
    The equations are in `amsgrad_first_corrected_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr     lr >= 0         learning rate
        beta1  0 <= beta1 < 1  decay of the first moment
        beta2  0 <= beta2 < 1  decay of the second moment
        eps    eps >= 0        keeps the division from zero
    """
    return AMSGradFirstCorrected(lr=lr, beta1=beta1, beta2=beta2, eps=eps).transformation()


def amsgrad_second_corrected_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta2: float = 0.999,
    beta1: float = 0.9,
    eps: float = 1e-8,
) -> tuple[float, ...]:
    """What all elements share in a step of AMSGradSecondCorrected: the last arguments of `amsgrad_second_corrected_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, c2, lr, eps)


def amsgrad_second_corrected_elements(
    w: Array,
    m: Array,
    v: Array,
    v_max: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    c2: float,
    lr: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AMSGradSecondCorrected for each element; returns what is added to w and m, v, v_max after it.

        c2         = 1 - beta2**t                              bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g               first moment
        v_new      = beta2 * v + (1 - beta2) * g**2            second moment
        v_hat      = v_new / c2                                second moment, corrected
        v_max_new  = maximum(v_max, v_hat)                     largest corrected second moment
        w_new      = w - lr * m_new / (sqrt(v_max_new) + eps)  descent

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_hat = v_new / c2  # second moment, corrected
    v_max_new = jnp.maximum(v_max, v_hat)  # largest corrected second moment
    w_update = -lr * m_new / (jnp.sqrt(v_max_new) + eps)  # descent
    return (w_update, m_new, v_new, v_max_new)


class AMSGradSecondCorrectedState(NamedTuple):
    """What AMSGradSecondCorrected keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any
    v_max: Any


class AMSGradSecondCorrected(JaxOptimizer):
    """What `amsgrad_second_corrected` is made of."""

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }
    _scalars = staticmethod(amsgrad_second_corrected_scalars)
    _elements = staticmethod(amsgrad_second_corrected_elements)
    _State = AMSGradSecondCorrectedState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w), jnp.zeros_like(w))


def amsgrad_second_corrected(
    *,
    lr: Hyper = 0.001,
    beta2: Hyper = 0.999,
    beta1: Hyper = 0.9,
    eps: Hyper = 1e-8,
) -> GradientTransformation:
    """AMSGradSecondCorrected: AMSGrad with bias correction of the second moment alone.

    Source: Reddi, Kale & Kumar (2018), arXiv:1904.09237, as in optax.amsgrad(bias_correction_mu=False).
    The equations are in `amsgrad_second_corrected_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr     lr >= 0         learning rate
        beta2  0 <= beta2 < 1  decay of the second moment
        beta1  0 <= beta1 < 1  decay of the first moment
        eps    eps >= 0        keeps the division from zero
    """
    return AMSGradSecondCorrected(lr=lr, beta2=beta2, beta1=beta1, eps=eps).transformation()


def amsgrad_eps_root_scalars(
    t: int,
    *,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
) -> tuple[float, ...]:
    """What all elements share in a step of AMSGradEpsRoot: the last arguments of `amsgrad_eps_root_elements`.

    t is the number of the step, from 1. States:

        m      = 0 before the first step
        v      = 0 before the first step
        v_max  = 0 before the first step
    """
    c1 = one_minus_power(beta1, t)  # bias of the first moment
    c2 = one_minus_power(beta2, t)  # bias of the second moment
    one_minus_beta1 = 1 - beta1
    one_minus_beta2 = 1 - beta2
    lr_over_c1 = lr / c1
    return (beta1, one_minus_beta1, beta2, one_minus_beta2, c2, lr_over_c1, eps_root, eps)


def amsgrad_eps_root_elements(
    w: Array,
    m: Array,
    v: Array,
    v_max: Array,
    g: Array,
    beta1: float,
    one_minus_beta1: float,
    beta2: float,
    one_minus_beta2: float,
    c2: float,
    lr_over_c1: float,
    eps_root: float,
    eps: float,
) -> tuple[Array, ...]:
    """A step of AMSGradEpsRoot for each element; returns what is added to w and m, v, v_max after it.

        c1         = 1 - beta1**t                                         bias of the first moment
        c2         = 1 - beta2**t                                         bias of the second moment
        m_new      = beta1 * m + (1 - beta1) * g                          first moment
        v_new      = beta2 * v + (1 - beta2) * g**2                       second moment
        m_hat      = m_new / c1                                           first moment, corrected
        v_hat      = v_new / c2                                           second moment, corrected
        v_max_new  = maximum(v_max, v_hat)                                largest corrected second moment
        w_new      = w - lr * m_hat / (sqrt(v_max_new + eps_root) + eps)  descent

    What is computed comes to the same with fewer operations for each element:

        lr_over_c1  = lr / c1
        w_new       = w - lr_over_c1 * m_new / (sqrt(v_max_new + eps_root) + eps)

    w, m, v, v_max and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    m_new = beta1 * m + one_minus_beta1 * g  # first moment
    v_new = beta2 * v + one_minus_beta2 * g**2  # second moment
    v_hat = v_new / c2  # second moment, corrected
    v_max_new = jnp.maximum(v_max, v_hat)  # largest corrected second moment
    w_update = -lr_over_c1 * m_new / (jnp.sqrt(v_max_new + eps_root) + eps)  # descent
    return (w_update, m_new, v_new, v_max_new)


class AMSGradEpsRootState(NamedTuple):
    """What AMSGradEpsRoot keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    m: Any
    v: Any
    v_max: Any


class AMSGradEpsRoot(JaxOptimizer):
    """What `amsgrad_eps_root` is made of."""

    _states: ClassVar = ("m", "v", "v_max")
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "beta1": ("0 <= beta1 < 1", lambda beta1: 0 <= beta1 < 1),
        "beta2": ("0 <= beta2 < 1", lambda beta2: 0 <= beta2 < 1),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "eps_root": ("eps_root >= 0", lambda eps_root: eps_root >= 0),
    }
    _scalars = staticmethod(amsgrad_eps_root_scalars)
    _elements = staticmethod(amsgrad_eps_root_elements)
    _State = AMSGradEpsRootState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w), jnp.zeros_like(w), jnp.zeros_like(w))


def amsgrad_eps_root(
    *,
    lr: Hyper = 0.001,
    beta1: Hyper = 0.9,
    beta2: Hyper = 0.999,
    eps: Hyper = 1e-8,
    eps_root: Hyper = 0.0,
) -> GradientTransformation:
    """AMSGradEpsRoot: AMSGradCorrected with one epsilon inside the root and one outside.

    Source: Reddi, Kale & Kumar (2018), arXiv:1904.09237, with both epsilons as in optax.amsgrad(eps_root=...).
    The equations are in `amsgrad_eps_root_elements`.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr        lr >= 0         learning rate
        beta1     0 <= beta1 < 1  decay of the first moment
        beta2     0 <= beta2 < 1  decay of the second moment
        eps       eps >= 0        keeps the division from zero
        eps_root  eps_root >= 0   keeps the root from zero
    """
    return AMSGradEpsRoot(lr=lr, beta1=beta1, beta2=beta2, eps=eps, eps_root=eps_root).transformation()
