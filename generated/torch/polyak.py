# generated from specs/polyak.py; regenerate with: python cli.py generate polyak
"""Polyak's step length: the loss above its minimum over the squared norm of the gradient, at most so much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from .._runtime.scalars import divided, power
from ._arrays import Array, Hyper, Stage, TorchOptimizer, nan_max, nan_min, summed

__all__ = [
    "PolyakSGD",
    "PolyakSGDPlus",
    "PolyakSGDPlusScaled",
    "PolyakSGDScaled",
    "polyak_sgd_elements",
    "polyak_sgd_plus_elements",
    "polyak_sgd_plus_scalars",
    "polyak_sgd_plus_scaled_elements",
    "polyak_sgd_plus_scaled_scalars",
    "polyak_sgd_plus_scaled_summands",
    "polyak_sgd_plus_scaled_sums",
    "polyak_sgd_plus_summands",
    "polyak_sgd_plus_sums",
    "polyak_sgd_scalars",
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
    length = 0 if total <= 1 / 4503599627370496 else nan_min(max_length, divided(gap, total))  # step length
    length_lr = length * lr
    return (length_lr,)


def polyak_sgd_elements(
    w: Array,
    g: Array,
    length_lr: float,
) -> tuple[Array, ...]:
    """A step of PolyakSGD for each element; returns w after it.

        gap     = loss - f_min            the loss above its minimum
        total   = eps + global_sum(g**2)  squared norm of all gradients
        length  = where(total <= 1 / 4503599627370496, 0, minimum(max_length, gap / total))  step length
        w_new   = w - length * lr * g     descent

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_new = w - length_lr * g  # descent
    return (w_new,)


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


class PolyakSGD(TorchOptimizer):
    """PolyakSGD: descent by the length that would reach the minimum, if the loss were as steep all the way down.

    Source: Loizou et al. (2021), SPS_max with c = 1, arXiv:2002.10542, as optax.polyak_sgd is documented.
    The equations are in `polyak_sgd_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    A step is step(loss=loss):

        loss  a number  the loss at w, of which g is the gradient

    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr          lr >= 0          factor of every step
        f_min       f_min is finite  the least value of the loss, or a guess of it
        eps         eps >= 0         added to the squared norm
        max_length  max_length > 0   largest step length, before that factor
    """

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

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        f_min: Hyper = 0.0,
        eps: Hyper = 0.0,
        max_length: Hyper = 1.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, f_min=f_min, eps=eps, max_length=max_length)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


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
    gap = nan_max(0, loss - f_min)  # the loss above its minimum
    total = eps + second_total  # squared norm of all gradients
    length = 0 if total <= 1 / 4503599627370496 else nan_min(max_length, divided(gap, total))  # step length
    length_lr = length * lr
    return (length_lr,)


def polyak_sgd_plus_elements(
    w: Array,
    g: Array,
    length_lr: float,
) -> tuple[Array, ...]:
    """A step of PolyakSGDPlus for each element; returns w after it.

        gap     = maximum(0, loss - f_min)  the loss above its minimum
        total   = eps + global_sum(g**2)    squared norm of all gradients
        length  = where(total <= 1 / 4503599627370496, 0, minimum(max_length, gap / total))  step length
        w_new   = w - length * lr * g       descent

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_new = w - length_lr * g  # descent
    return (w_new,)


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


class PolyakSGDPlus(TorchOptimizer):
    """PolyakSGDPlus: Polyak's step length, which is 0 where the loss is below the minimum that is supposed.

    Source: Garrigos et al. (2023), SPS+, arXiv:2307.14528, as optax.polyak_sgd with variant='sps+' is documented.
    The equations are in `polyak_sgd_plus_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    A step is step(loss=loss):

        loss  a number  the loss at w, of which g is the gradient

    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr          lr >= 0          factor of every step
        f_min       f_min is finite  the least value of the loss, or a guess of it
        eps         eps >= 0         added to the squared norm
        max_length  max_length > 0   largest step length, before that factor
    """

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

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        f_min: Hyper = 0.0,
        eps: Hyper = 0.0,
        max_length: Hyper = 1.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, f_min=f_min, eps=eps, max_length=max_length)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


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
    length = 0 if total <= 1 / 4503599627370496 else nan_min(max_length, divided(gap, total))  # step length
    length_lr = length * lr
    return (length_lr,)


def polyak_sgd_scaled_elements(
    w: Array,
    g: Array,
    length_lr: float,
) -> tuple[Array, ...]:
    """A step of PolyakSGDScaled for each element; returns w after it.

        gap     = loss - f_min                    the loss above its minimum
        total   = eps + global_sum(lr**2 * g**2)  squared norm of all gradients, each times its factor
        length  = where(total <= 1 / 4503599627370496, 0, minimum(max_length, gap / total))  step length
        w_new   = w - length * lr * g             descent

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_new = w - length_lr * g  # descent
    return (w_new,)


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


class PolyakSGDScaled(TorchOptimizer):
    """PolyakSGDScaled: Polyak's step length for the gradient times a factor, which is PolyakSGD where that is 1.

    Source: Loizou et al. (2021), SPS_max with c = 1, arXiv:2002.10542, as optax.polyak_sgd computes it: with scaling s the length is gap / (s**2 * norm**2 + eps), where the text there, as the paper, has gap / (norm**2 + eps).
    The equations are in `polyak_sgd_scaled_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    A step is step(loss=loss):

        loss  a number  the loss at w, of which g is the gradient

    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr          lr >= 0          factor of every step
        f_min       f_min is finite  the least value of the loss, or a guess of it
        eps         eps >= 0         added to the squared norm
        max_length  max_length > 0   largest step length, before that factor
    """

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

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        f_min: Hyper = 0.0,
        eps: Hyper = 0.0,
        max_length: Hyper = 1.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, f_min=f_min, eps=eps, max_length=max_length)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


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
    gap = nan_max(0, loss - f_min)  # the loss above its minimum
    total = eps + second_total  # squared norm of all gradients, each times its factor
    length = 0 if total <= 1 / 4503599627370496 else nan_min(max_length, divided(gap, total))  # step length
    length_lr = length * lr
    return (length_lr,)


def polyak_sgd_plus_scaled_elements(
    w: Array,
    g: Array,
    length_lr: float,
) -> tuple[Array, ...]:
    """A step of PolyakSGDPlusScaled for each element; returns w after it.

        gap     = maximum(0, loss - f_min)        the loss above its minimum
        total   = eps + global_sum(lr**2 * g**2)  squared norm of all gradients, each times its factor
        length  = where(total <= 1 / 4503599627370496, 0, minimum(max_length, gap / total))  step length
        w_new   = w - length * lr * g             descent

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_new = w - length_lr * g  # descent
    return (w_new,)


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


class PolyakSGDPlusScaled(TorchOptimizer):
    """PolyakSGDPlusScaled: Polyak's step length for the gradient times a factor, which is PolyakSGDPlus where that is 1.

    Source: Garrigos et al. (2023), SPS+, arXiv:2307.14528, as optax.polyak_sgd computes it: with scaling s the length is gap / (s**2 * norm**2 + eps), where the text there, as the paper, has gap / (norm**2 + eps).
    The equations are in `polyak_sgd_plus_scaled_elements`.

    params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:
    float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,
    in the order in which they run. engine says how a step runs, see `TorchOptimizer`.
    A step is step(loss=loss):

        loss  a number  the loss at w, of which g is the gradient

    Each hyperparameter is a number, or a callable of the step number t, from 1:

        lr          lr >= 0          factor of every step
        f_min       f_min is finite  the least value of the loss, or a guess of it
        eps         eps >= 0         added to the squared norm
        max_length  max_length > 0   largest step length, before that factor
    """

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

    def __init__(
        self,
        params: Any,
        *,
        lr: Hyper = 1.0,
        f_min: Hyper = 0.0,
        eps: Hyper = 0.0,
        max_length: Hyper = 1.0,
        pipeline: Sequence[Stage] = (),
        engine: str = "auto",
    ) -> None:
        super().__init__(params, pipeline=pipeline, engine=engine, lr=lr, f_min=f_min, eps=eps, max_length=max_length)

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()
