# generated from specs/polyak.py; regenerate with: python cli.py generate polyak
"""Polyak's step length: the loss above its minimum over the squared norm of the gradient, at most so much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, NamedTuple

import jax.numpy as jnp

from ._arrays import Array, GradientTransformation, Hyper, JaxOptimizer, power, summed

__all__ = [
    "PolyakSGDPlusScaledState",
    "PolyakSGDPlusState",
    "PolyakSGDScaledState",
    "PolyakSGDState",
    "polyak_sgd",
    "polyak_sgd_elements",
    "polyak_sgd_plus",
    "polyak_sgd_plus_elements",
    "polyak_sgd_plus_scalars",
    "polyak_sgd_plus_scaled",
    "polyak_sgd_plus_scaled_elements",
    "polyak_sgd_plus_scaled_scalars",
    "polyak_sgd_plus_scaled_summands",
    "polyak_sgd_plus_scaled_sums",
    "polyak_sgd_plus_summands",
    "polyak_sgd_plus_sums",
    "polyak_sgd_scalars",
    "polyak_sgd_scaled",
    "polyak_sgd_scaled_elements",
    "polyak_sgd_scaled_scalars",
    "polyak_sgd_scaled_summands",
    "polyak_sgd_scaled_sums",
    "polyak_sgd_summands",
    "polyak_sgd_sums",
]


def polyak_sgd_scalars(
    second_total: float,
    t: int,
    *,
    loss: float,
    lr: float = 1.0,
    f_min: float = 0.0,
    eps: float = 0.0,
    max_length: float = 1.0,
) -> tuple[float, ...]:
    """What all elements share in a step of PolyakSGD: the last arguments of `polyak_sgd_elements`.

    t is the number of the step, from 1.

    second_total: what `polyak_sgd_sums` gives.
    """
    gap = loss - f_min  # the loss above its minimum
    total = eps + second_total  # squared norm of all gradients
    length = jnp.where(total <= 1 / 4503599627370496, 0, jnp.minimum(max_length, gap / total))  # step length
    length_lr = length * lr
    return (length_lr,)


def polyak_sgd_elements(
    w: Array,
    g: Array,
    length_lr: float,
) -> tuple[Array, ...]:
    """A step of PolyakSGD for each element; returns what is added to w.

        gap     = loss - f_min            the loss above its minimum
        total   = eps + global_sum(g**2)  squared norm of all gradients
        length  = where(total <= 1 / 4503599627370496, 0, minimum(max_length, gap / total))  step length
        w_new   = w - length * lr * g     descent

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = -length_lr * g  # descent
    return (w_update,)


def polyak_sgd_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of PolyakSGD sums up, for each element."""
    second_total = g**2
    return (second_total,)


def polyak_sgd_sums(
    w: Array,
    g: Array,
    t: int,
    *,
    loss: float,
    lr: float = 1.0,
    f_min: float = 0.0,
    eps: float = 0.0,
    max_length: float = 1.0,
) -> tuple[float, ...]:
    """What a step of PolyakSGD sums up over one array, in double; nothing is written.

        second_total  = global_sum(g**2)

    The results are arguments of `polyak_sgd_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(polyak_sgd_summands, (w, g), (), ("sum",))


class PolyakSGDState(NamedTuple):
    """What PolyakSGD keeps: the number of steps, and states that are nested as the parameters."""

    t: Array


class PolyakSGD(JaxOptimizer):
    """What `polyak_sgd` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "f_min": ("f_min is finite", lambda f_min: True),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "max_length": ("max_length > 0", lambda max_length: max_length > 0),
    }
    _signals: ClassVar = ("loss",)
    _reductions: ClassVar = (("second_total", "sum", True),)
    _scalars = staticmethod(polyak_sgd_scalars)
    _elements = staticmethod(polyak_sgd_elements)
    _sums = staticmethod(polyak_sgd_sums)
    _State = PolyakSGDState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


def polyak_sgd(
    *,
    lr: Hyper = 1.0,
    f_min: Hyper = 0.0,
    eps: Hyper = 0.0,
    max_length: Hyper = 1.0,
) -> GradientTransformation:
    """PolyakSGD: descent by the length that would reach the minimum, if the loss were as steep all the way down.

    Source: Loizou et al. (2021), SPS_max with c = 1, arXiv:2002.10542, as optax.polyak_sgd is documented.
    The equations are in `polyak_sgd_elements`.

    A step is update(grads, state, params, loss=loss):

        loss  a number  the loss at w, of which g is the gradient

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr          lr >= 0          factor of every step
        f_min       f_min is finite  the least value of the loss, or a guess of it
        eps         eps >= 0         added to the squared norm
        max_length  max_length > 0   largest step length, before that factor
    """
    return PolyakSGD(lr=lr, f_min=f_min, eps=eps, max_length=max_length).transformation()


def polyak_sgd_plus_scalars(
    second_total: float,
    t: int,
    *,
    loss: float,
    lr: float = 1.0,
    f_min: float = 0.0,
    eps: float = 0.0,
    max_length: float = 1.0,
) -> tuple[float, ...]:
    """What all elements share in a step of PolyakSGDPlus: the last arguments of `polyak_sgd_plus_elements`.

    t is the number of the step, from 1.

    second_total: what `polyak_sgd_plus_sums` gives.
    """
    gap = jnp.maximum(0, loss - f_min)  # the loss above its minimum
    total = eps + second_total  # squared norm of all gradients
    length = jnp.where(total <= 1 / 4503599627370496, 0, jnp.minimum(max_length, gap / total))  # step length
    length_lr = length * lr
    return (length_lr,)


def polyak_sgd_plus_elements(
    w: Array,
    g: Array,
    length_lr: float,
) -> tuple[Array, ...]:
    """A step of PolyakSGDPlus for each element; returns what is added to w.

        gap     = maximum(0, loss - f_min)  the loss above its minimum
        total   = eps + global_sum(g**2)    squared norm of all gradients
        length  = where(total <= 1 / 4503599627370496, 0, minimum(max_length, gap / total))  step length
        w_new   = w - length * lr * g       descent

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = -length_lr * g  # descent
    return (w_update,)


def polyak_sgd_plus_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of PolyakSGDPlus sums up, for each element."""
    second_total = g**2
    return (second_total,)


def polyak_sgd_plus_sums(
    w: Array,
    g: Array,
    t: int,
    *,
    loss: float,
    lr: float = 1.0,
    f_min: float = 0.0,
    eps: float = 0.0,
    max_length: float = 1.0,
) -> tuple[float, ...]:
    """What a step of PolyakSGDPlus sums up over one array, in double; nothing is written.

        second_total  = global_sum(g**2)

    The results are arguments of `polyak_sgd_plus_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(polyak_sgd_plus_summands, (w, g), (), ("sum",))


class PolyakSGDPlusState(NamedTuple):
    """What PolyakSGDPlus keeps: the number of steps, and states that are nested as the parameters."""

    t: Array


class PolyakSGDPlus(JaxOptimizer):
    """What `polyak_sgd_plus` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "f_min": ("f_min is finite", lambda f_min: True),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "max_length": ("max_length > 0", lambda max_length: max_length > 0),
    }
    _signals: ClassVar = ("loss",)
    _reductions: ClassVar = (("second_total", "sum", True),)
    _scalars = staticmethod(polyak_sgd_plus_scalars)
    _elements = staticmethod(polyak_sgd_plus_elements)
    _sums = staticmethod(polyak_sgd_plus_sums)
    _State = PolyakSGDPlusState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


def polyak_sgd_plus(
    *,
    lr: Hyper = 1.0,
    f_min: Hyper = 0.0,
    eps: Hyper = 0.0,
    max_length: Hyper = 1.0,
) -> GradientTransformation:
    """PolyakSGDPlus: Polyak's step length, which is 0 where the loss is below the minimum that is supposed.

    Source: Garrigos et al. (2023), SPS+, arXiv:2307.14528, as optax.polyak_sgd with variant='sps+' is documented.
    The equations are in `polyak_sgd_plus_elements`.

    A step is update(grads, state, params, loss=loss):

        loss  a number  the loss at w, of which g is the gradient

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr          lr >= 0          factor of every step
        f_min       f_min is finite  the least value of the loss, or a guess of it
        eps         eps >= 0         added to the squared norm
        max_length  max_length > 0   largest step length, before that factor
    """
    return PolyakSGDPlus(lr=lr, f_min=f_min, eps=eps, max_length=max_length).transformation()


def polyak_sgd_scaled_scalars(
    second_total: float,
    t: int,
    *,
    loss: float,
    lr: float = 1.0,
    f_min: float = 0.0,
    eps: float = 0.0,
    max_length: float = 1.0,
) -> tuple[float, ...]:
    """What all elements share in a step of PolyakSGDScaled: the last arguments of `polyak_sgd_scaled_elements`.

    t is the number of the step, from 1.

    second_total: what `polyak_sgd_scaled_sums` gives.
    """
    gap = loss - f_min  # the loss above its minimum
    total = eps + second_total  # squared norm of all gradients, each times its factor
    length = jnp.where(total <= 1 / 4503599627370496, 0, jnp.minimum(max_length, gap / total))  # step length
    length_lr = length * lr
    return (length_lr,)


def polyak_sgd_scaled_elements(
    w: Array,
    g: Array,
    length_lr: float,
) -> tuple[Array, ...]:
    """A step of PolyakSGDScaled for each element; returns what is added to w.

        gap     = loss - f_min                    the loss above its minimum
        total   = eps + global_sum(lr**2 * g**2)  squared norm of all gradients, each times its factor
        length  = where(total <= 1 / 4503599627370496, 0, minimum(max_length, gap / total))  step length
        w_new   = w - length * lr * g             descent

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = -length_lr * g  # descent
    return (w_update,)


def polyak_sgd_scaled_summands(
    w: Array,
    g: Array,
    lr_pow_two: float,
) -> tuple[Array, ...]:
    """What a step of PolyakSGDScaled sums up, for each element."""
    second_total = lr_pow_two * g**2
    return (second_total,)


def polyak_sgd_scaled_sums(
    w: Array,
    g: Array,
    t: int,
    *,
    loss: float,
    lr: float = 1.0,
    f_min: float = 0.0,
    eps: float = 0.0,
    max_length: float = 1.0,
) -> tuple[float, ...]:
    """What a step of PolyakSGDScaled sums up over one array, in double; nothing is written.

        second_total  = global_sum(lr**2 * g**2)

    The results are arguments of `polyak_sgd_scaled_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    lr_pow_two = power(lr, 2)
    return summed(polyak_sgd_scaled_summands, (w, g), (lr_pow_two,), ("sum",))


class PolyakSGDScaledState(NamedTuple):
    """What PolyakSGDScaled keeps: the number of steps, and states that are nested as the parameters."""

    t: Array


class PolyakSGDScaled(JaxOptimizer):
    """What `polyak_sgd_scaled` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "f_min": ("f_min is finite", lambda f_min: True),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "max_length": ("max_length > 0", lambda max_length: max_length > 0),
    }
    _signals: ClassVar = ("loss",)
    _reductions: ClassVar = (("second_total", "sum", True),)
    _scalars = staticmethod(polyak_sgd_scaled_scalars)
    _elements = staticmethod(polyak_sgd_scaled_elements)
    _sums = staticmethod(polyak_sgd_scaled_sums)
    _State = PolyakSGDScaledState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


def polyak_sgd_scaled(
    *,
    lr: Hyper = 1.0,
    f_min: Hyper = 0.0,
    eps: Hyper = 0.0,
    max_length: Hyper = 1.0,
) -> GradientTransformation:
    """PolyakSGDScaled: Polyak's step length for the gradient times a factor, which is PolyakSGD where that is 1.

    Source: Loizou et al. (2021), SPS_max with c = 1, arXiv:2002.10542, as optax.polyak_sgd computes it: with scaling s the length is gap / (s**2 * norm**2 + eps), where the text there, as the paper, has gap / (norm**2 + eps).
    The equations are in `polyak_sgd_scaled_elements`.

    A step is update(grads, state, params, loss=loss):

        loss  a number  the loss at w, of which g is the gradient

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr          lr >= 0          factor of every step
        f_min       f_min is finite  the least value of the loss, or a guess of it
        eps         eps >= 0         added to the squared norm
        max_length  max_length > 0   largest step length, before that factor
    """
    return PolyakSGDScaled(lr=lr, f_min=f_min, eps=eps, max_length=max_length).transformation()


def polyak_sgd_plus_scaled_scalars(
    second_total: float,
    t: int,
    *,
    loss: float,
    lr: float = 1.0,
    f_min: float = 0.0,
    eps: float = 0.0,
    max_length: float = 1.0,
) -> tuple[float, ...]:
    """What all elements share in a step of PolyakSGDPlusScaled: the last arguments of `polyak_sgd_plus_scaled_elements`.

    t is the number of the step, from 1.

    second_total: what `polyak_sgd_plus_scaled_sums` gives.
    """
    gap = jnp.maximum(0, loss - f_min)  # the loss above its minimum
    total = eps + second_total  # squared norm of all gradients, each times its factor
    length = jnp.where(total <= 1 / 4503599627370496, 0, jnp.minimum(max_length, gap / total))  # step length
    length_lr = length * lr
    return (length_lr,)


def polyak_sgd_plus_scaled_elements(
    w: Array,
    g: Array,
    length_lr: float,
) -> tuple[Array, ...]:
    """A step of PolyakSGDPlusScaled for each element; returns what is added to w.

        gap     = maximum(0, loss - f_min)        the loss above its minimum
        total   = eps + global_sum(lr**2 * g**2)  squared norm of all gradients, each times its factor
        length  = where(total <= 1 / 4503599627370496, 0, minimum(max_length, gap / total))  step length
        w_new   = w - length * lr * g             descent

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = -length_lr * g  # descent
    return (w_update,)


def polyak_sgd_plus_scaled_summands(
    w: Array,
    g: Array,
    lr_pow_two: float,
) -> tuple[Array, ...]:
    """What a step of PolyakSGDPlusScaled sums up, for each element."""
    second_total = lr_pow_two * g**2
    return (second_total,)


def polyak_sgd_plus_scaled_sums(
    w: Array,
    g: Array,
    t: int,
    *,
    loss: float,
    lr: float = 1.0,
    f_min: float = 0.0,
    eps: float = 0.0,
    max_length: float = 1.0,
) -> tuple[float, ...]:
    """What a step of PolyakSGDPlusScaled sums up over one array, in double; nothing is written.

        second_total  = global_sum(lr**2 * g**2)

    The results are arguments of `polyak_sgd_plus_scaled_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    lr_pow_two = power(lr, 2)
    return summed(polyak_sgd_plus_scaled_summands, (w, g), (lr_pow_two,), ("sum",))


class PolyakSGDPlusScaledState(NamedTuple):
    """What PolyakSGDPlusScaled keeps: the number of steps, and states that are nested as the parameters."""

    t: Array


class PolyakSGDPlusScaled(JaxOptimizer):
    """What `polyak_sgd_plus_scaled` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "f_min": ("f_min is finite", lambda f_min: True),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "max_length": ("max_length > 0", lambda max_length: max_length > 0),
    }
    _signals: ClassVar = ("loss",)
    _reductions: ClassVar = (("second_total", "sum", True),)
    _scalars = staticmethod(polyak_sgd_plus_scaled_scalars)
    _elements = staticmethod(polyak_sgd_plus_scaled_elements)
    _sums = staticmethod(polyak_sgd_plus_scaled_sums)
    _State = PolyakSGDPlusScaledState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


def polyak_sgd_plus_scaled(
    *,
    lr: Hyper = 1.0,
    f_min: Hyper = 0.0,
    eps: Hyper = 0.0,
    max_length: Hyper = 1.0,
) -> GradientTransformation:
    """PolyakSGDPlusScaled: Polyak's step length for the gradient times a factor, which is PolyakSGDPlus where that is 1.

    Source: Garrigos et al. (2023), SPS+, arXiv:2307.14528, as optax.polyak_sgd computes it: with scaling s the length is gap / (s**2 * norm**2 + eps), where the text there, as the paper, has gap / (norm**2 + eps).
    The equations are in `polyak_sgd_plus_scaled_elements`.

    A step is update(grads, state, params, loss=loss):

        loss  a number  the loss at w, of which g is the gradient

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        lr          lr >= 0          factor of every step
        f_min       f_min is finite  the least value of the loss, or a guess of it
        eps         eps >= 0         added to the squared norm
        max_length  max_length > 0   largest step length, before that factor
    """
    return PolyakSGDPlusScaled(lr=lr, f_min=f_min, eps=eps, max_length=max_length).transformation()
