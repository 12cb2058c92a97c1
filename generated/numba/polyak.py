# generated from specs/polyak.py; regenerate with: python cli.py generate polyak
"""Polyak's step length: the loss above its minimum over the squared norm of the gradient, at most so much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .._runtime.scalars import power
from ._arrays import (
    Array,
    Hyper,
    NumbaOptimizer,
    Stage,
    StageCall,
    loop,
    prange,
    spread,
    summed,
    summing,
    sweep,
)

__all__ = [
    "PolyakSGD",
    "PolyakSGDPlus",
    "PolyakSGDPlusScaled",
    "PolyakSGDScaled",
    "polyak_sgd_plus_scaled_sums",
    "polyak_sgd_plus_scaled_update",
    "polyak_sgd_plus_sums",
    "polyak_sgd_plus_update",
    "polyak_sgd_scaled_sums",
    "polyak_sgd_scaled_update",
    "polyak_sgd_sums",
    "polyak_sgd_update",
]


@loop
def _polyak_sgd_update(w: Array, g: Array, length_lr: float) -> None:
    for i in prange(w.size):
        w_new = w[i] - length_lr * g[i]  # descent
        w[i] = w_new


@summing
def _polyak_sgd_sums(w: Array, g: Array, rescale: float) -> tuple[float, ...]:
    real = np.float64
    second_total = 0.0
    for i in prange(w.size):
        second_total += real(g[i]) * real(g[i])
    return (second_total,)


def polyak_sgd_update(
    w: Array,
    g: Array,
    second_total: float,
    t: int,
    *,
    loss: float,
    lr: float = 1.0,
    f_min: float = 0.0,
    eps: float = 0.0,
    max_length: float = 1.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of PolyakSGD on one array, in place.

        gap     = loss - f_min            the loss above its minimum
        total   = eps + global_sum(g**2)  squared norm of all gradients
        length  = where(total <= 1 / 4503599627370496, 0, minimum(max_length, gap / total))  step length
        w_new   = w - length * lr * g     descent

    Then w takes the new value.

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1.

    second_total: what `polyak_sgd_sums` gives.
    """
    gap = loss - f_min  # the loss above its minimum
    total = eps + second_total  # squared norm of all gradients
    length = 0 if total <= 1 / 4503599627370496 else np.minimum(max_length, gap / total)  # step length
    length_lr = spread(length * lr, w)

    sweep(_polyak_sgd_update, (w,), g, (length_lr,), stages)


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
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of PolyakSGD sums up over one array, in double; nothing is written.

        second_total  = global_sum(g**2)

    The arguments are those of `polyak_sgd_update`, whose next arguments the results are.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(_polyak_sgd_sums, (w, g), (), ("sum",), stages)


class PolyakSGD(NumbaOptimizer):
    """PolyakSGD: descent by the length that would reach the minimum, if the loss were as steep all the way down.

    Source: Loizou et al. (2021), SPS_max with c = 1, arXiv:2002.10542, as optax.polyak_sgd is documented.
    The equations are in `polyak_sgd_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    A step is step(grads, loss=loss):

        loss  a number  the loss at w, of which g is the gradient

    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr          lr >= 0          factor of every step
        f_min       f_min is finite  the least value of the loss, or a guess of it
        eps         eps >= 0         added to the squared norm
        max_length  max_length > 0   largest step length, before that factor
    """

    lr: Hyper
    f_min: Hyper
    eps: Hyper
    max_length: Hyper

    _states: ClassVar = ()
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "f_min": ("f_min is finite", lambda f_min: True),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "max_length": ("max_length > 0", lambda max_length: max_length > 0),
    }
    _signals: ClassVar = ("loss",)
    _reductions: ClassVar = (("second_total", "sum", True),)
    _update = staticmethod(polyak_sgd_update)
    _sums = staticmethod(polyak_sgd_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        f_min: Hyper = 0.0,
        eps: Hyper = 0.0,
        max_length: Hyper = 1.0,
        pipeline: Sequence[Stage] = (),
        master_weights: bool = False,
        tied: str | None = None,
    ) -> None:
        super().__init__(
            params,
            pipeline=pipeline,
            master_weights=master_weights,
            tied=tied,
            lr=lr,
            f_min=f_min,
            eps=eps,
            max_length=max_length,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


@loop
def _polyak_sgd_plus_update(w: Array, g: Array, length_lr: float) -> None:
    for i in prange(w.size):
        w_new = w[i] - length_lr * g[i]  # descent
        w[i] = w_new


@summing
def _polyak_sgd_plus_sums(w: Array, g: Array, rescale: float) -> tuple[float, ...]:
    real = np.float64
    second_total = 0.0
    for i in prange(w.size):
        second_total += real(g[i]) * real(g[i])
    return (second_total,)


def polyak_sgd_plus_update(
    w: Array,
    g: Array,
    second_total: float,
    t: int,
    *,
    loss: float,
    lr: float = 1.0,
    f_min: float = 0.0,
    eps: float = 0.0,
    max_length: float = 1.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of PolyakSGDPlus on one array, in place.

        gap     = maximum(0, loss - f_min)  the loss above its minimum
        total   = eps + global_sum(g**2)    squared norm of all gradients
        length  = where(total <= 1 / 4503599627370496, 0, minimum(max_length, gap / total))  step length
        w_new   = w - length * lr * g       descent

    Then w takes the new value.

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1.

    second_total: what `polyak_sgd_plus_sums` gives.
    """
    gap = max(0, loss - f_min)  # the loss above its minimum
    total = eps + second_total  # squared norm of all gradients
    length = 0 if total <= 1 / 4503599627370496 else np.minimum(max_length, gap / total)  # step length
    length_lr = spread(length * lr, w)

    sweep(_polyak_sgd_plus_update, (w,), g, (length_lr,), stages)


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
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of PolyakSGDPlus sums up over one array, in double; nothing is written.

        second_total  = global_sum(g**2)

    The arguments are those of `polyak_sgd_plus_update`, whose next arguments the results are.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(_polyak_sgd_plus_sums, (w, g), (), ("sum",), stages)


class PolyakSGDPlus(NumbaOptimizer):
    """PolyakSGDPlus: Polyak's step length, which is 0 where the loss is below the minimum that is supposed.

    Source: Garrigos et al. (2023), SPS+, arXiv:2307.14528, as optax.polyak_sgd with variant='sps+' is documented.
    The equations are in `polyak_sgd_plus_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    A step is step(grads, loss=loss):

        loss  a number  the loss at w, of which g is the gradient

    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr          lr >= 0          factor of every step
        f_min       f_min is finite  the least value of the loss, or a guess of it
        eps         eps >= 0         added to the squared norm
        max_length  max_length > 0   largest step length, before that factor
    """

    lr: Hyper
    f_min: Hyper
    eps: Hyper
    max_length: Hyper

    _states: ClassVar = ()
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "f_min": ("f_min is finite", lambda f_min: True),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "max_length": ("max_length > 0", lambda max_length: max_length > 0),
    }
    _signals: ClassVar = ("loss",)
    _reductions: ClassVar = (("second_total", "sum", True),)
    _update = staticmethod(polyak_sgd_plus_update)
    _sums = staticmethod(polyak_sgd_plus_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        f_min: Hyper = 0.0,
        eps: Hyper = 0.0,
        max_length: Hyper = 1.0,
        pipeline: Sequence[Stage] = (),
        master_weights: bool = False,
        tied: str | None = None,
    ) -> None:
        super().__init__(
            params,
            pipeline=pipeline,
            master_weights=master_weights,
            tied=tied,
            lr=lr,
            f_min=f_min,
            eps=eps,
            max_length=max_length,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


@loop
def _polyak_sgd_scaled_update(w: Array, g: Array, length_lr: float) -> None:
    for i in prange(w.size):
        w_new = w[i] - length_lr * g[i]  # descent
        w[i] = w_new


@summing
def _polyak_sgd_scaled_sums(w: Array, g: Array, lr_pow_two: float, rescale: float) -> tuple[float, ...]:
    real = np.float64
    second_total = 0.0
    for i in prange(w.size):
        second_total += lr_pow_two * (real(g[i]) * real(g[i]))
    return (second_total,)


def polyak_sgd_scaled_update(
    w: Array,
    g: Array,
    second_total: float,
    t: int,
    *,
    loss: float,
    lr: float = 1.0,
    f_min: float = 0.0,
    eps: float = 0.0,
    max_length: float = 1.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of PolyakSGDScaled on one array, in place.

        gap     = loss - f_min                    the loss above its minimum
        total   = eps + global_sum(lr**2 * g**2)  squared norm of all gradients, each times its factor
        length  = where(total <= 1 / 4503599627370496, 0, minimum(max_length, gap / total))  step length
        w_new   = w - length * lr * g             descent

    Then w takes the new value.

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1.

    second_total: what `polyak_sgd_scaled_sums` gives.
    """
    gap = loss - f_min  # the loss above its minimum
    total = eps + second_total  # squared norm of all gradients, each times its factor
    length = 0 if total <= 1 / 4503599627370496 else np.minimum(max_length, gap / total)  # step length
    length_lr = spread(length * lr, w)

    sweep(_polyak_sgd_scaled_update, (w,), g, (length_lr,), stages)


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
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of PolyakSGDScaled sums up over one array, in double; nothing is written.

        second_total  = global_sum(lr**2 * g**2)

    The arguments are those of `polyak_sgd_scaled_update`, whose next arguments the results are.
    Those over all arrays are put together from what this gives for each of them.
    """
    lr_pow_two = power(lr, 2)
    return summed(_polyak_sgd_scaled_sums, (w, g), (lr_pow_two,), ("sum",), stages)


class PolyakSGDScaled(NumbaOptimizer):
    """PolyakSGDScaled: Polyak's step length for the gradient times a factor, which is PolyakSGD where that is 1.

    Source: Loizou et al. (2021), SPS_max with c = 1, arXiv:2002.10542, as optax.polyak_sgd computes it: with scaling s the length is gap / (s**2 * norm**2 + eps), where the text there, as the paper, has gap / (norm**2 + eps).
    The equations are in `polyak_sgd_scaled_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    A step is step(grads, loss=loss):

        loss  a number  the loss at w, of which g is the gradient

    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr          lr >= 0          factor of every step
        f_min       f_min is finite  the least value of the loss, or a guess of it
        eps         eps >= 0         added to the squared norm
        max_length  max_length > 0   largest step length, before that factor
    """

    lr: Hyper
    f_min: Hyper
    eps: Hyper
    max_length: Hyper

    _states: ClassVar = ()
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "f_min": ("f_min is finite", lambda f_min: True),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "max_length": ("max_length > 0", lambda max_length: max_length > 0),
    }
    _signals: ClassVar = ("loss",)
    _reductions: ClassVar = (("second_total", "sum", True),)
    _update = staticmethod(polyak_sgd_scaled_update)
    _sums = staticmethod(polyak_sgd_scaled_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        f_min: Hyper = 0.0,
        eps: Hyper = 0.0,
        max_length: Hyper = 1.0,
        pipeline: Sequence[Stage] = (),
        master_weights: bool = False,
        tied: str | None = None,
    ) -> None:
        super().__init__(
            params,
            pipeline=pipeline,
            master_weights=master_weights,
            tied=tied,
            lr=lr,
            f_min=f_min,
            eps=eps,
            max_length=max_length,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


@loop
def _polyak_sgd_plus_scaled_update(w: Array, g: Array, length_lr: float) -> None:
    for i in prange(w.size):
        w_new = w[i] - length_lr * g[i]  # descent
        w[i] = w_new


@summing
def _polyak_sgd_plus_scaled_sums(w: Array, g: Array, lr_pow_two: float, rescale: float) -> tuple[float, ...]:
    real = np.float64
    second_total = 0.0
    for i in prange(w.size):
        second_total += lr_pow_two * (real(g[i]) * real(g[i]))
    return (second_total,)


def polyak_sgd_plus_scaled_update(
    w: Array,
    g: Array,
    second_total: float,
    t: int,
    *,
    loss: float,
    lr: float = 1.0,
    f_min: float = 0.0,
    eps: float = 0.0,
    max_length: float = 1.0,
    stages: Sequence[StageCall] = (),
) -> None:
    """One step of PolyakSGDPlusScaled on one array, in place.

        gap     = maximum(0, loss - f_min)        the loss above its minimum
        total   = eps + global_sum(lr**2 * g**2)  squared norm of all gradients, each times its factor
        length  = where(total <= 1 / 4503599627370496, 0, minimum(max_length, gap / total))  step length
        w_new   = w - length * lr * g             descent

    Then w takes the new value.

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    t is the number of the step, from 1.

    second_total: what `polyak_sgd_plus_scaled_sums` gives.
    """
    gap = max(0, loss - f_min)  # the loss above its minimum
    total = eps + second_total  # squared norm of all gradients, each times its factor
    length = 0 if total <= 1 / 4503599627370496 else np.minimum(max_length, gap / total)  # step length
    length_lr = spread(length * lr, w)

    sweep(_polyak_sgd_plus_scaled_update, (w,), g, (length_lr,), stages)


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
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """What a step of PolyakSGDPlusScaled sums up over one array, in double; nothing is written.

        second_total  = global_sum(lr**2 * g**2)

    The arguments are those of `polyak_sgd_plus_scaled_update`, whose next arguments the results are.
    Those over all arrays are put together from what this gives for each of them.
    """
    lr_pow_two = power(lr, 2)
    return summed(_polyak_sgd_plus_scaled_sums, (w, g), (lr_pow_two,), ("sum",), stages)


class PolyakSGDPlusScaled(NumbaOptimizer):
    """PolyakSGDPlusScaled: Polyak's step length for the gradient times a factor, which is PolyakSGDPlus where that is 1.

    Source: Garrigos et al. (2023), SPS+, arXiv:2307.14528, as optax.polyak_sgd computes it: with scaling s the length is gap / (s**2 * norm**2 + eps), where the text there, as the paper, has gap / (norm**2 + eps).
    The equations are in `polyak_sgd_plus_scaled_update`, which this class applies to every parameter.

    params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list
    of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they
    run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is
    there twice is stepped once, with the sum of both gradients.
    A step is step(grads, loss=loss):

        loss  a number  the loss at w, of which g is the gradient

    Each hyperparameter is a number or a callable of the step number t, from 1:

        lr          lr >= 0          factor of every step
        f_min       f_min is finite  the least value of the loss, or a guess of it
        eps         eps >= 0         added to the squared norm
        max_length  max_length > 0   largest step length, before that factor
    """

    lr: Hyper
    f_min: Hyper
    eps: Hyper
    max_length: Hyper

    _states: ClassVar = ()
    _domains: ClassVar = {
        "lr": ("lr >= 0", lambda lr: lr >= 0),
        "f_min": ("f_min is finite", lambda f_min: True),
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "max_length": ("max_length > 0", lambda max_length: max_length > 0),
    }
    _signals: ClassVar = ("loss",)
    _reductions: ClassVar = (("second_total", "sum", True),)
    _update = staticmethod(polyak_sgd_plus_scaled_update)
    _sums = staticmethod(polyak_sgd_plus_scaled_sums)

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        f_min: Hyper = 0.0,
        eps: Hyper = 0.0,
        max_length: Hyper = 1.0,
        pipeline: Sequence[Stage] = (),
        master_weights: bool = False,
        tied: str | None = None,
    ) -> None:
        super().__init__(
            params,
            pipeline=pipeline,
            master_weights=master_weights,
            tied=tied,
            lr=lr,
            f_min=f_min,
            eps=eps,
            max_length=max_length,
        )

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()
