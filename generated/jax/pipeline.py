# generated from specs/pipeline.py; regenerate with: python cli.py generate pipeline
"""What surrounds a rule: the gradient before it, the weights before and after it, stage by stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp

from ._arrays import (
    Array,
    GradientTransformation,
    Hyper,
    IntHyper,
    JaxOptimizer,
    one_minus_power,
    power,
    summed,
)

__all__ = [
    "AccumulateOptaxState",
    "AccumulateState",
    "AccumulateSumOptaxState",
    "ApplyIfFiniteState",
    "ClipByGlobalMaxState",
    "ClipByGlobalNorm1State",
    "ClipByGlobalNormKerasState",
    "ClipByGlobalNormState",
    "ClipByNormState",
    "ClipByValueState",
    "ClipGradMaxState",
    "ClipGradNorm1State",
    "ClipGradNormState",
    "DecoupledDecayAfterState",
    "DecoupledDecayState",
    "DynamicLossScaleState",
    "GaussianNoiseFromOneState",
    "GaussianNoiseState",
    "L2DecayState",
    "LossScaleState",
    "MaximizeState",
    "NormalizeState",
    "UnscaledDecayState",
    "WeightEMADebiasedState",
    "WeightEMAKerasOverwritingState",
    "WeightEMAKerasState",
    "WeightEMAState",
    "WeightMeanState",
    "accumulate",
    "accumulate_elements",
    "accumulate_optax",
    "accumulate_optax_elements",
    "accumulate_optax_scalars",
    "accumulate_optax_shared",
    "accumulate_scalars",
    "accumulate_shared",
    "accumulate_sum_optax",
    "accumulate_sum_optax_elements",
    "accumulate_sum_optax_scalars",
    "accumulate_sum_optax_shared",
    "apply_if_finite",
    "apply_if_finite_elements",
    "apply_if_finite_scalars",
    "apply_if_finite_shared",
    "apply_if_finite_summands",
    "apply_if_finite_sums",
    "clip_by_global_max",
    "clip_by_global_max_elements",
    "clip_by_global_max_scalars",
    "clip_by_global_max_summands",
    "clip_by_global_max_sums",
    "clip_by_global_norm",
    "clip_by_global_norm1",
    "clip_by_global_norm1_elements",
    "clip_by_global_norm1_scalars",
    "clip_by_global_norm1_summands",
    "clip_by_global_norm1_sums",
    "clip_by_global_norm_elements",
    "clip_by_global_norm_keras",
    "clip_by_global_norm_keras_elements",
    "clip_by_global_norm_keras_scalars",
    "clip_by_global_norm_keras_summands",
    "clip_by_global_norm_keras_sums",
    "clip_by_global_norm_scalars",
    "clip_by_global_norm_summands",
    "clip_by_global_norm_sums",
    "clip_by_norm",
    "clip_by_norm_elements",
    "clip_by_norm_scalars",
    "clip_by_norm_summands",
    "clip_by_norm_sums",
    "clip_by_value",
    "clip_by_value_elements",
    "clip_by_value_scalars",
    "clip_grad_max",
    "clip_grad_max_elements",
    "clip_grad_max_scalars",
    "clip_grad_max_summands",
    "clip_grad_max_sums",
    "clip_grad_norm",
    "clip_grad_norm1",
    "clip_grad_norm1_elements",
    "clip_grad_norm1_scalars",
    "clip_grad_norm1_summands",
    "clip_grad_norm1_sums",
    "clip_grad_norm_elements",
    "clip_grad_norm_scalars",
    "clip_grad_norm_summands",
    "clip_grad_norm_sums",
    "decoupled_decay",
    "decoupled_decay_after",
    "decoupled_decay_after_elements",
    "decoupled_decay_after_scalars",
    "decoupled_decay_elements",
    "decoupled_decay_scalars",
    "dynamic_loss_scale",
    "dynamic_loss_scale_elements",
    "dynamic_loss_scale_scalars",
    "dynamic_loss_scale_shared",
    "dynamic_loss_scale_summands",
    "dynamic_loss_scale_sums",
    "gaussian_noise",
    "gaussian_noise_elements",
    "gaussian_noise_from_one",
    "gaussian_noise_from_one_elements",
    "gaussian_noise_from_one_scalars",
    "gaussian_noise_from_one_shared",
    "gaussian_noise_scalars",
    "gaussian_noise_shared",
    "l2_decay",
    "l2_decay_elements",
    "l2_decay_scalars",
    "loss_scale",
    "loss_scale_elements",
    "loss_scale_scalars",
    "maximize",
    "maximize_elements",
    "maximize_scalars",
    "normalize",
    "normalize_elements",
    "normalize_scalars",
    "normalize_summands",
    "normalize_sums",
    "unscaled_decay",
    "unscaled_decay_elements",
    "unscaled_decay_scalars",
    "weight_ema",
    "weight_ema_debiased",
    "weight_ema_debiased_elements",
    "weight_ema_debiased_scalars",
    "weight_ema_elements",
    "weight_ema_keras",
    "weight_ema_keras_elements",
    "weight_ema_keras_overwriting",
    "weight_ema_keras_overwriting_elements",
    "weight_ema_keras_overwriting_scalars",
    "weight_ema_keras_scalars",
    "weight_ema_scalars",
    "weight_mean",
    "weight_mean_elements",
    "weight_mean_scalars",
]


def maximize_scalars(
    t: int,
) -> tuple[float, ...]:
    """What all elements share in a step of Maximize: the last arguments of `maximize_elements`.

    t is the number of the step, from 1.
    """
    return ()


def maximize_elements(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """A step of Maximize for each element; returns what is handed on.

        w_new  = w - g  w and what is handed on

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = -g  # w and what is handed on
    return (w_update,)


class MaximizeState(NamedTuple):
    """What Maximize keeps: the number of steps, and states that are nested as the parameters."""

    t: Array


class Maximize(JaxOptimizer):
    """What `maximize` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
    }
    _scalars = staticmethod(maximize_scalars)
    _elements = staticmethod(maximize_elements)
    _State = MaximizeState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


def maximize() -> GradientTransformation:
    """Maximize: the rule goes uphill.

    Source: maximize=True of torch.optim.
    The equations are in `maximize_elements`.
    It stands before the rule: optax.chain(maximize(...), rule).
    """
    return Maximize().transformation()


def loss_scale_scalars(
    t: int,
    *,
    loss_scale: float = 1024.0,
) -> tuple[float, ...]:
    """What all elements share in a step of LossScale: the last arguments of `loss_scale_elements`.

    t is the number of the step, from 1.
    """
    return (loss_scale,)


def loss_scale_elements(
    w: Array,
    g: Array,
    loss_scale: float,
) -> tuple[Array, ...]:
    """A step of LossScale for each element; returns what is handed on.

        w_new  = w + g / loss_scale  w and what is handed on

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = g / loss_scale  # w and what is handed on
    return (w_update,)


class LossScaleState(NamedTuple):
    """What LossScale keeps: the number of steps, and states that are nested as the parameters."""

    t: Array


class LossScale(JaxOptimizer):
    """What `loss_scale` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "loss_scale": ("loss_scale > 0", lambda loss_scale: loss_scale > 0),
    }
    _scalars = staticmethod(loss_scale_scalars)
    _elements = staticmethod(loss_scale_elements)
    _State = LossScaleState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


def loss_scale(
    *,
    loss_scale: Hyper = 1024.0,
) -> GradientTransformation:
    """LossScale: undoes that the loss was multiplied by a constant.

    Source: Micikevicius et al. (2018), section 3.2, arXiv:1710.03740.
    The equations are in `loss_scale_elements`.
    It stands before the rule: optax.chain(loss_scale(...), rule).

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        loss_scale  loss_scale > 0  what the loss was multiplied by
    """
    return LossScale(loss_scale=loss_scale).transformation()


def dynamic_loss_scale_scalars(
    scale: float,
    good: float,
    ended: float,
    overflowed: float,
    t: int,
    *,
    growth: float = 2.0,
    interval: int = 2000,
    backoff: float = 0.5,
    largest_scale: float = 1.7014118346046923e+38,
    smallest_scale: float = 1.1754943508222875e-38,
    initial_scale: float = 65536.0,
) -> tuple[float, ...]:
    """What all elements share in a step of DynamicLossScale: the last arguments of `dynamic_loss_scale_elements`.

    t is the number of the step, from 1. States:

        scale  = maximum(smallest_scale, minimum(initial_scale, largest_scale)) before the first step
        good   = 0 before the first step
        ended  = 0 before the first step

    overflowed: what `dynamic_loss_scale_sums` gives.
    """
    return (scale,)


def dynamic_loss_scale_elements(
    w: Array,
    g: Array,
    scale: float,
) -> tuple[Array, ...]:
    """A step of DynamicLossScale for each element; returns what is handed on.

        rate       = where(interval <= 1 + good, growth, 1)                         growth that is due
        less       = maximum(smallest_scale, minimum(largest_scale, scale * backoff))  scale after an overflow
        more       = maximum(smallest_scale, minimum(largest_scale, scale * rate))  scale without one
        scale_new  = where(global_overflow(g) > 0, less, more)                      scale of the next loss
        good_new   = where(global_overflow(g) > 0, 0, where(interval <= 1 + good, 0, 1 + good))  steps since the last change
        ended_new  = where(global_overflow(g) > 0, 1, 0)                            1 where the step ends here
        w_new      = w + g / scale                                                  w and what is handed on

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = g / scale  # w and what is handed on
    return (w_update,)


def dynamic_loss_scale_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of DynamicLossScale sums up, for each element."""
    overflowed = g
    return (overflowed,)


def dynamic_loss_scale_sums(
    w: Array,
    g: Array,
    scale: float,
    good: float,
    ended: float,
    t: int,
    *,
    growth: float = 2.0,
    interval: int = 2000,
    backoff: float = 0.5,
    largest_scale: float = 1.7014118346046923e+38,
    smallest_scale: float = 1.1754943508222875e-38,
    initial_scale: float = 65536.0,
) -> tuple[float, ...]:
    """What a step of DynamicLossScale sums up over one array, in double; nothing is written.

        overflowed  = global_overflow(g)

    The results are arguments of `dynamic_loss_scale_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(dynamic_loss_scale_summands, (w, g), (), ("overflow",))


def dynamic_loss_scale_shared(
    scale: float,
    good: float,
    ended: float,
    overflowed: float,
    t: int,
    *,
    growth: float = 2.0,
    interval: int = 2000,
    backoff: float = 0.5,
    largest_scale: float = 1.7014118346046923e+38,
    smallest_scale: float = 1.1754943508222875e-38,
    initial_scale: float = 65536.0,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    rate = jnp.where(interval <= 1 + good, growth, 1)  # growth that is due
    less = jnp.maximum(smallest_scale, jnp.minimum(largest_scale, scale * backoff))  # scale after an overflow
    more = jnp.maximum(smallest_scale, jnp.minimum(largest_scale, scale * rate))  # scale without one
    scale_new = jnp.where(overflowed > 0, less, more)  # scale of the next loss
    good_new = jnp.where(overflowed > 0, 0, jnp.where(interval <= 1 + good, 0, 1 + good))  # steps since the last change
    ended_new = jnp.where(overflowed > 0, 1, 0)  # 1 where the step ends here
    return (scale_new, good_new, ended_new)


class DynamicLossScaleState(NamedTuple):
    """What DynamicLossScale keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    scale: Array
    good: Array
    ended: Array


class DynamicLossScale(JaxOptimizer):
    """What `dynamic_loss_scale` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "growth": ("growth >= 1", lambda growth: growth >= 1),
        "interval": ("integer interval >= 1", lambda interval: interval >= 1 and interval % 1 == 0),
        "backoff": ("0 < backoff < 1", lambda backoff: 0 < backoff < 1),
        "largest_scale": ("largest_scale > 0", lambda largest_scale: largest_scale > 0),
        "smallest_scale": ("smallest_scale > 0", lambda smallest_scale: smallest_scale > 0),
        "initial_scale": ("initial_scale > 0", lambda initial_scale: initial_scale > 0),
    }
    _starts_late: ClassVar = True
    _reductions: ClassVar = (("overflowed", "overflow", True),)
    _fed_by_sums: ClassVar = ("scale", "good", "ended")
    _scalars = staticmethod(dynamic_loss_scale_scalars)
    _elements = staticmethod(dynamic_loss_scale_elements)
    _advance = staticmethod(dynamic_loss_scale_shared)
    _sums = staticmethod(dynamic_loss_scale_sums)
    _State = DynamicLossScaleState
    _reads_w: ClassVar = False
    _ends: ClassVar = True

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"scale": max(hyper["smallest_scale"], min(hyper["largest_scale"], hyper["initial_scale"])), "good": 0, "ended": 0}


def dynamic_loss_scale(
    tx: GradientTransformation,
    *,
    growth: Hyper = 2.0,
    interval: IntHyper = 2000,
    backoff: Hyper = 0.5,
    largest_scale: Hyper = 1.7014118346046923e+38,
    smallest_scale: Hyper = 1.1754943508222875e-38,
    initial_scale: Hyper = 65536.0,
) -> GradientTransformation:
    """DynamicLossScale: undoes a loss scale that falls when a gradient overflows, and grows when none did for long.

    Source: torch.amp.GradScaler.
    The equations are in `dynamic_loss_scale_elements`.
    It is put around the rule, and what is in a chain with it: dynamic_loss_scale(rule, ...).
    An update may be one that ends early: then what it surrounds waits.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        growth          growth >= 1            factor after interval steps without overflow
        interval        integer interval >= 1  steps between two growths
        backoff         0 < backoff < 1        factor after an overflow
        largest_scale   largest_scale > 0      what the scale stays below
        smallest_scale  smallest_scale > 0     what the scale stays above
        initial_scale   initial_scale > 0      scale before the first step
    """
    return DynamicLossScale(growth=growth, interval=interval, backoff=backoff, largest_scale=largest_scale, smallest_scale=smallest_scale, initial_scale=initial_scale).around(tx)


def apply_if_finite_scalars(
    errors: float,
    total_errors: float,
    ended: float,
    overflowed: float,
    t: int,
    *,
    max_consecutive_errors: int = 5,
) -> tuple[float, ...]:
    """What all elements share in a step of ApplyIfFinite: the last arguments of `apply_if_finite_elements`.

    t is the number of the step, from 1. States:

        errors        = 0 before the first step
        total_errors  = 0 before the first step
        ended         = 0 before the first step

    overflowed: what `apply_if_finite_sums` gives.
    """
    return ()


def apply_if_finite_elements(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """A step of ApplyIfFinite for each element; returns what is handed on.

        errors_new        = where(global_overflow(g) > 0, 1 + errors, 0)                   steps in a row with a gradient that is not finite
        total_errors_new  = where(global_overflow(g) > 0, 1 + total_errors, total_errors)  all such steps
        left_out          = where(max_consecutive_errors >= errors_new, errors_new, 0)     those in a row that are left out
        ended_new         = where(left_out > 0, 1, 0)                                      1 where the step ends here
        w_new             = w + g                                                          w and what is handed on

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = g  # w and what is handed on
    return (w_update,)


def apply_if_finite_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of ApplyIfFinite sums up, for each element."""
    overflowed = g
    return (overflowed,)


def apply_if_finite_sums(
    w: Array,
    g: Array,
    errors: float,
    total_errors: float,
    ended: float,
    t: int,
    *,
    max_consecutive_errors: int = 5,
) -> tuple[float, ...]:
    """What a step of ApplyIfFinite sums up over one array, in double; nothing is written.

        overflowed  = global_overflow(g)

    The results are arguments of `apply_if_finite_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(apply_if_finite_summands, (w, g), (), ("overflow",))


def apply_if_finite_shared(
    errors: float,
    total_errors: float,
    ended: float,
    overflowed: float,
    t: int,
    *,
    max_consecutive_errors: int = 5,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    errors_new = jnp.where(overflowed > 0, 1 + errors, 0)  # steps in a row with a gradient that is not finite
    total_errors_new = jnp.where(overflowed > 0, 1 + total_errors, total_errors)  # all such steps
    left_out = jnp.where(max_consecutive_errors >= errors_new, errors_new, 0)  # those in a row that are left out
    ended_new = jnp.where(left_out > 0, 1, 0)  # 1 where the step ends here
    return (errors_new, total_errors_new, ended_new)


class ApplyIfFiniteState(NamedTuple):
    """What ApplyIfFinite keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    errors: Array
    total_errors: Array
    ended: Array


class ApplyIfFinite(JaxOptimizer):
    """What `apply_if_finite` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "max_consecutive_errors": ("integer max_consecutive_errors >= 0", lambda max_consecutive_errors: max_consecutive_errors >= 0 and max_consecutive_errors % 1 == 0),
    }
    _reductions: ClassVar = (("overflowed", "overflow", True),)
    _fed_by_sums: ClassVar = ("errors", "total_errors", "ended")
    _scalars = staticmethod(apply_if_finite_scalars)
    _elements = staticmethod(apply_if_finite_elements)
    _advance = staticmethod(apply_if_finite_shared)
    _sums = staticmethod(apply_if_finite_sums)
    _State = ApplyIfFiniteState
    _reads_w: ClassVar = False
    _ends: ClassVar = True

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"errors": 0, "total_errors": 0, "ended": 0}


def apply_if_finite(
    tx: GradientTransformation,
    *,
    max_consecutive_errors: IntHyper = 5,
) -> GradientTransformation:
    """ApplyIfFinite: leaves out a step whose gradients are not all finite, unless too many in a row were left out.

    Source: optax.apply_if_finite.
    The equations are in `apply_if_finite_elements`.
    It is put around the rule, and what is in a chain with it: apply_if_finite(rule, ...).
    An update may be one that ends early: then what it surrounds waits.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        max_consecutive_errors  integer max_consecutive_errors >= 0  steps that are left out in a row, at most
    """
    return ApplyIfFinite(max_consecutive_errors=max_consecutive_errors).around(tx)


def accumulate_scalars(
    count: float,
    ended: float,
    t: int,
    *,
    every: int = 4,
) -> tuple[float, ...]:
    """What all elements share in a step of Accumulate: the last arguments of `accumulate_elements`.

    t is the number of the step, from 1. States:

        total  = 0 before the first step
        count  = 0 before the first step
        ended  = 0 before the first step
    """
    count_above_zero = jnp.where(count > 0, 1, 0)
    one_plus_count = 1 + count
    return (count_above_zero, one_plus_count)


def accumulate_elements(
    w: Array,
    total: Array,
    g: Array,
    count_above_zero: float,
    one_plus_count: float,
) -> tuple[Array, ...]:
    """A step of Accumulate for each element; returns what is handed on and total after it.

        count_new  = where(every <= 1 + count, 0, 1 + count)  gradients since the last step
        total_new  = g + where(count > 0, total, 0)           their sum
        ended_new  = where(count_new > 0, 1, 0)               1 where the step ends here
        w_new      = w + total_new / (1 + count)              w and what is handed on

    w, total and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    total_new = g + jnp.where(count_above_zero != 0, total, 0)  # their sum
    w_update = total_new / one_plus_count  # w and what is handed on
    return (w_update, total_new)


def accumulate_shared(
    count: float,
    ended: float,
    t: int,
    *,
    every: int = 4,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    count_new = jnp.where(every <= 1 + count, 0, 1 + count)  # gradients since the last step
    ended_new = jnp.where(count_new > 0, 1, 0)  # 1 where the step ends here
    return (count_new, ended_new)


class AccumulateState(NamedTuple):
    """What Accumulate keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    total: Any
    count: Array
    ended: Array


class Accumulate(JaxOptimizer):
    """What `accumulate` is made of."""

    _states: ClassVar = ("total",)
    _domains: ClassVar = {
        "every": ("integer every >= 1", lambda every: every >= 1 and every % 1 == 0),
    }
    _scalars = staticmethod(accumulate_scalars)
    _elements = staticmethod(accumulate_elements)
    _advance = staticmethod(accumulate_shared)
    _State = AccumulateState
    _reads_w: ClassVar = False
    _ends: ClassVar = True

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"count": 0, "ended": 0}


def accumulate(
    tx: GradientTransformation,
    *,
    every: IntHyper = 4,
) -> GradientTransformation:
    """Accumulate: the rule takes a step once in a while, with the mean of the gradients since the last one.

    Source: gradient_accumulation_steps of keras.optimizers.
    The equations are in `accumulate_elements`.
    It is put around the rule, and what is in a chain with it: accumulate(rule, ...).
    An update may be one that ends early: then what it surrounds waits.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        every  integer every >= 1  gradients to a step
    """
    return Accumulate(every=every).around(tx)


def accumulate_optax_scalars(
    count: float,
    ended: float,
    t: int,
    *,
    every: int = 4,
) -> tuple[float, ...]:
    """What all elements share in a step of AccumulateOptax: the last arguments of `accumulate_optax_elements`.

    t is the number of the step, from 1. States:

        total  = 0 before the first step
        count  = 0 before the first step
        ended  = 0 before the first step
    """
    count_above_zero = jnp.where(count > 0, 1, 0)
    one_plus_count = 1 + count
    return (count_above_zero, one_plus_count)


def accumulate_optax_elements(
    w: Array,
    total: Array,
    g: Array,
    count_above_zero: float,
    one_plus_count: float,
) -> tuple[Array, ...]:
    """A step of AccumulateOptax for each element; returns what is handed on and total after it.

        count_new  = where(every <= 1 + count, 0, 1 + count)  gradients since the last step
        kept       = where(count > 0, 1, 0) * total           0 at the first gradient
        total_new  = kept + (g - kept) / (1 + count)          their mean
        ended_new  = where(count_new > 0, 1, 0)               1 where the step ends here
        w_new      = w + total_new                            w and what is handed on

    w, total and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    kept = count_above_zero * total  # 0 at the first gradient
    total_new = kept + (g - kept) / one_plus_count  # their mean
    w_update = total_new  # w and what is handed on
    return (w_update, total_new)


def accumulate_optax_shared(
    count: float,
    ended: float,
    t: int,
    *,
    every: int = 4,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    count_new = jnp.where(every <= 1 + count, 0, 1 + count)  # gradients since the last step
    ended_new = jnp.where(count_new > 0, 1, 0)  # 1 where the step ends here
    return (count_new, ended_new)


class AccumulateOptaxState(NamedTuple):
    """What AccumulateOptax keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    total: Any
    count: Array
    ended: Array


class AccumulateOptax(JaxOptimizer):
    """What `accumulate_optax` is made of."""

    _states: ClassVar = ("total",)
    _domains: ClassVar = {
        "every": ("integer every >= 1", lambda every: every >= 1 and every % 1 == 0),
    }
    _scalars = staticmethod(accumulate_optax_scalars)
    _elements = staticmethod(accumulate_optax_elements)
    _advance = staticmethod(accumulate_optax_shared)
    _State = AccumulateOptaxState
    _reads_w: ClassVar = False
    _ends: ClassVar = True

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"count": 0, "ended": 0}


def accumulate_optax(
    tx: GradientTransformation,
    *,
    every: IntHyper = 4,
) -> GradientTransformation:
    """AccumulateOptax: Accumulate as a running mean that keeps what is not finite once it got there.

    Source: optax.MultiSteps, which empties what it keeps by multiplying it by 0.
    The equations are in `accumulate_optax_elements`.
    It is put around the rule, and what is in a chain with it: accumulate_optax(rule, ...).
    An update may be one that ends early: then what it surrounds waits.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        every  integer every >= 1  gradients to a step
    """
    return AccumulateOptax(every=every).around(tx)


def accumulate_sum_optax_scalars(
    count: float,
    ended: float,
    t: int,
    *,
    every: int = 4,
) -> tuple[float, ...]:
    """What all elements share in a step of AccumulateSumOptax: the last arguments of `accumulate_sum_optax_elements`.

    t is the number of the step, from 1. States:

        total  = 0 before the first step
        count  = 0 before the first step
        ended  = 0 before the first step
    """
    count_above_zero = jnp.where(count > 0, 1, 0)
    return (count_above_zero,)


def accumulate_sum_optax_elements(
    w: Array,
    total: Array,
    g: Array,
    count_above_zero: float,
) -> tuple[Array, ...]:
    """A step of AccumulateSumOptax for each element; returns what is handed on and total after it.

        count_new  = where(every <= 1 + count, 0, 1 + count)  gradients since the last step
        kept       = where(count > 0, 1, 0) * total           0 at the first gradient
        total_new  = kept + g                                 their sum
        ended_new  = where(count_new > 0, 1, 0)               1 where the step ends here
        w_new      = w + total_new                            w and what is handed on

    w, total and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    kept = count_above_zero * total  # 0 at the first gradient
    total_new = kept + g  # their sum
    w_update = total_new  # w and what is handed on
    return (w_update, total_new)


def accumulate_sum_optax_shared(
    count: float,
    ended: float,
    t: int,
    *,
    every: int = 4,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    count_new = jnp.where(every <= 1 + count, 0, 1 + count)  # gradients since the last step
    ended_new = jnp.where(count_new > 0, 1, 0)  # 1 where the step ends here
    return (count_new, ended_new)


class AccumulateSumOptaxState(NamedTuple):
    """What AccumulateSumOptax keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    total: Any
    count: Array
    ended: Array


class AccumulateSumOptax(JaxOptimizer):
    """What `accumulate_sum_optax` is made of."""

    _states: ClassVar = ("total",)
    _domains: ClassVar = {
        "every": ("integer every >= 1", lambda every: every >= 1 and every % 1 == 0),
    }
    _scalars = staticmethod(accumulate_sum_optax_scalars)
    _elements = staticmethod(accumulate_sum_optax_elements)
    _advance = staticmethod(accumulate_sum_optax_shared)
    _State = AccumulateSumOptaxState
    _reads_w: ClassVar = False
    _ends: ClassVar = True

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"count": 0, "ended": 0}


def accumulate_sum_optax(
    tx: GradientTransformation,
    *,
    every: IntHyper = 4,
) -> GradientTransformation:
    """AccumulateSumOptax: the rule takes a step once in a while, with the sum of the gradients since the last one.

    Source: optax.MultiSteps with use_grad_mean=False.
    The equations are in `accumulate_sum_optax_elements`.
    It is put around the rule, and what is in a chain with it: accumulate_sum_optax(rule, ...).
    An update may be one that ends early: then what it surrounds waits.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        every  integer every >= 1  gradients to a step
    """
    return AccumulateSumOptax(every=every).around(tx)


def gaussian_noise_scalars(
    draws: float,
    t: int,
    *,
    eta: float = 0.01,
    gamma: float = 0.55,
) -> tuple[float, ...]:
    """What all elements share in a step of GaussianNoise: the last arguments of `gaussian_noise_elements`.

    t is the number of the step, from 1. States:

        draws  = 0 before the first step
    """
    sigma = jnp.sqrt(eta / power(1 + t, gamma))  # standard deviation
    return (sigma,)


def gaussian_noise_elements(
    w: Array,
    g: Array,
    noise: Array,
    sigma: float,
) -> tuple[Array, ...]:
    """A step of GaussianNoise for each element; returns what is handed on.

        draws_new  = 1 + draws                     runs so far
        sigma      = sqrt(eta / (1 + t) ** gamma)  standard deviation
        w_new      = w + g + sigma * noise         w and what is handed on

    w, g, noise are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g and noise are only read.
    """
    w_update = g + sigma * noise  # w and what is handed on
    return (w_update,)


def gaussian_noise_shared(
    draws: float,
    t: int,
    *,
    eta: float = 0.01,
    gamma: float = 0.55,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    draws_new = 1 + draws  # runs so far
    return (draws_new,)


class GaussianNoiseState(NamedTuple):
    """What GaussianNoise keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    draws: Array


class GaussianNoise(JaxOptimizer):
    """What `gaussian_noise` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "eta": ("eta >= 0", lambda eta: eta >= 0),
        "gamma": ("gamma >= 0", lambda gamma: gamma >= 0),
    }
    _inputs: ClassVar = ("noise",)
    _scalars = staticmethod(gaussian_noise_scalars)
    _elements = staticmethod(gaussian_noise_elements)
    _advance = staticmethod(gaussian_noise_shared)
    _State = GaussianNoiseState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"draws": 0}


def gaussian_noise(
    *,
    eta: Hyper = 0.01,
    gamma: Hyper = 0.55,
) -> GradientTransformation:
    """GaussianNoise: adds noise whose variance decays.

    Source: Neelakantan et al. (2015), equation 1, arXiv:1511.06807.
    The equations are in `gaussian_noise_elements`.
    It stands before the rule: optax.chain(gaussian_noise(...), rule).

    A step is update(grads, state, params, noise=noise):

        noise  arrays, nested as the gradients  independent standard normal numbers

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        eta    eta >= 0    variance of the noise, before it decays
        gamma  gamma >= 0  power of the decay of the noise
    """
    return GaussianNoise(eta=eta, gamma=gamma).transformation()


def gaussian_noise_from_one_scalars(
    draws: float,
    t: int,
    *,
    eta: float = 0.01,
    gamma: float = 0.55,
) -> tuple[float, ...]:
    """What all elements share in a step of GaussianNoiseFromOne: the last arguments of `gaussian_noise_from_one_elements`.

    t is the number of the step, from 1. States:

        draws  = 0 before the first step
    """
    sigma = jnp.sqrt(eta / power(t, gamma))  # standard deviation
    return (sigma,)


def gaussian_noise_from_one_elements(
    w: Array,
    g: Array,
    noise: Array,
    sigma: float,
) -> tuple[Array, ...]:
    """A step of GaussianNoiseFromOne for each element; returns what is handed on.

        draws_new  = 1 + draws              runs so far
        sigma      = sqrt(eta / t**gamma)   standard deviation
        w_new      = w + g + sigma * noise  w and what is handed on

    w, g, noise are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g and noise are only read.
    """
    w_update = g + sigma * noise  # w and what is handed on
    return (w_update,)


def gaussian_noise_from_one_shared(
    draws: float,
    t: int,
    *,
    eta: float = 0.01,
    gamma: float = 0.55,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    draws_new = 1 + draws  # runs so far
    return (draws_new,)


class GaussianNoiseFromOneState(NamedTuple):
    """What GaussianNoiseFromOne keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    draws: Array


class GaussianNoiseFromOne(JaxOptimizer):
    """What `gaussian_noise_from_one` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "eta": ("eta >= 0", lambda eta: eta >= 0),
        "gamma": ("gamma >= 0", lambda gamma: gamma >= 0),
    }
    _inputs: ClassVar = ("noise",)
    _scalars = staticmethod(gaussian_noise_from_one_scalars)
    _elements = staticmethod(gaussian_noise_from_one_elements)
    _advance = staticmethod(gaussian_noise_from_one_shared)
    _State = GaussianNoiseFromOneState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"draws": 0}


def gaussian_noise_from_one(
    *,
    eta: Hyper = 0.01,
    gamma: Hyper = 0.55,
) -> GradientTransformation:
    """GaussianNoiseFromOne: adds noise whose variance is eta in the first step, and decays.

    Source: optax.add_noise, which counts from 0 in the formula of Neelakantan et al. (2015).
    The equations are in `gaussian_noise_from_one_elements`.
    It stands before the rule: optax.chain(gaussian_noise_from_one(...), rule).

    A step is update(grads, state, params, noise=noise):

        noise  arrays, nested as the gradients  independent standard normal numbers

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        eta    eta >= 0    variance of the noise, before it decays
        gamma  gamma >= 0  power of the decay of the noise
    """
    return GaussianNoiseFromOne(eta=eta, gamma=gamma).transformation()


def clip_by_value_scalars(
    t: int,
    *,
    max_value: float = 1.0,
) -> tuple[float, ...]:
    """What all elements share in a step of ClipByValue: the last arguments of `clip_by_value_elements`.

    t is the number of the step, from 1.
    """
    minus_max_value = -max_value
    return (max_value, minus_max_value)


def clip_by_value_elements(
    w: Array,
    g: Array,
    max_value: float,
    minus_max_value: float,
) -> tuple[Array, ...]:
    """A step of ClipByValue for each element; returns what is handed on.

        w_new  = w + maximum(minimum(g, max_value), -max_value)  w and what is handed on

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = jnp.maximum(jnp.minimum(g, max_value), minus_max_value)  # w and what is handed on
    return (w_update,)


class ClipByValueState(NamedTuple):
    """What ClipByValue keeps: the number of steps, and states that are nested as the parameters."""

    t: Array


class ClipByValue(JaxOptimizer):
    """What `clip_by_value` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "max_value": ("max_value > 0", lambda max_value: max_value > 0),
    }
    _scalars = staticmethod(clip_by_value_scalars)
    _elements = staticmethod(clip_by_value_elements)
    _State = ClipByValueState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


def clip_by_value(
    *,
    max_value: Hyper = 1.0,
) -> GradientTransformation:
    """ClipByValue: no element is larger than max_value.

    Source: clipvalue of keras.optimizers.
    The equations are in `clip_by_value_elements`.
    It stands before the rule: optax.chain(clip_by_value(...), rule).

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        max_value  max_value > 0  largest magnitude that is let through
    """
    return ClipByValue(max_value=max_value).transformation()


def clip_by_norm_scalars(
    norm2: float,
    t: int,
    *,
    max_norm: float = 1.0,
) -> tuple[float, ...]:
    """What all elements share in a step of ClipByNorm: the last arguments of `clip_by_norm_elements`.

    t is the number of the step, from 1.

    norm2: what `clip_by_norm_sums` gives.
    """
    length = norm2  # norm of this gradient
    factor = jnp.where(max_norm >= length, 1, max_norm / length)
    return (factor,)


def clip_by_norm_elements(
    w: Array,
    g: Array,
    factor: float,
) -> tuple[Array, ...]:
    """A step of ClipByNorm for each element; returns what is handed on.

        length  = sqrt(array_sum(g**2))                            norm of this gradient
        factor  = where(max_norm >= length, 1, max_norm / length)
        w_new   = w + factor * g                                   w and what is handed on

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = factor * g  # w and what is handed on
    return (w_update,)


def clip_by_norm_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of ClipByNorm sums up, for each element."""
    norm2 = g
    return (norm2,)


def clip_by_norm_sums(
    w: Array,
    g: Array,
    t: int,
    *,
    max_norm: float = 1.0,
) -> tuple[float, ...]:
    """What a step of ClipByNorm sums up over one array, in double; nothing is written.

        norm2  = sqrt(array_sum(g**2))

    The results are arguments of `clip_by_norm_scalars`, before the step number.
    """
    return summed(clip_by_norm_summands, (w, g), (), ("norm",))


class ClipByNormState(NamedTuple):
    """What ClipByNorm keeps: the number of steps, and states that are nested as the parameters."""

    t: Array


class ClipByNorm(JaxOptimizer):
    """What `clip_by_norm` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "max_norm": ("max_norm > 0", lambda max_norm: max_norm > 0),
    }
    _reductions: ClassVar = (("norm2", "norm", False),)
    _scalars = staticmethod(clip_by_norm_scalars)
    _elements = staticmethod(clip_by_norm_elements)
    _sums = staticmethod(clip_by_norm_sums)
    _State = ClipByNormState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


def clip_by_norm(
    *,
    max_norm: Hyper = 1.0,
) -> GradientTransformation:
    """ClipByNorm: the gradient of no array is longer than max_norm.

    Source: clipnorm of keras.optimizers.
    The equations are in `clip_by_norm_elements`.
    It stands before the rule: optax.chain(clip_by_norm(...), rule).

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        max_norm  max_norm > 0  largest norm that is let through
    """
    return ClipByNorm(max_norm=max_norm).transformation()


def clip_by_global_norm_scalars(
    norm2: float,
    t: int,
    *,
    max_norm: float = 1.0,
) -> tuple[float, ...]:
    """What all elements share in a step of ClipByGlobalNorm: the last arguments of `clip_by_global_norm_elements`.

    t is the number of the step, from 1.

    norm2: what `clip_by_global_norm_sums` gives.
    """
    length = norm2  # norm of all gradients
    factor = jnp.where(max_norm >= length, 1, max_norm / length)
    return (factor,)


def clip_by_global_norm_elements(
    w: Array,
    g: Array,
    factor: float,
) -> tuple[Array, ...]:
    """A step of ClipByGlobalNorm for each element; returns what is handed on.

        length  = sqrt(global_sum(g**2))                           norm of all gradients
        factor  = where(max_norm >= length, 1, max_norm / length)
        w_new   = w + factor * g                                   w and what is handed on

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = factor * g  # w and what is handed on
    return (w_update,)


def clip_by_global_norm_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of ClipByGlobalNorm sums up, for each element."""
    norm2 = g
    return (norm2,)


def clip_by_global_norm_sums(
    w: Array,
    g: Array,
    t: int,
    *,
    max_norm: float = 1.0,
) -> tuple[float, ...]:
    """What a step of ClipByGlobalNorm sums up over one array, in double; nothing is written.

        norm2  = sqrt(global_sum(g**2))

    The results are arguments of `clip_by_global_norm_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(clip_by_global_norm_summands, (w, g), (), ("norm",))


class ClipByGlobalNormState(NamedTuple):
    """What ClipByGlobalNorm keeps: the number of steps, and states that are nested as the parameters."""

    t: Array


class ClipByGlobalNorm(JaxOptimizer):
    """What `clip_by_global_norm` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "max_norm": ("max_norm > 0", lambda max_norm: max_norm > 0),
    }
    _reductions: ClassVar = (("norm2", "norm", True),)
    _scalars = staticmethod(clip_by_global_norm_scalars)
    _elements = staticmethod(clip_by_global_norm_elements)
    _sums = staticmethod(clip_by_global_norm_sums)
    _State = ClipByGlobalNormState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


def clip_by_global_norm(
    *,
    max_norm: Hyper = 1.0,
) -> GradientTransformation:
    """ClipByGlobalNorm: all gradients together are no longer than max_norm.

    Source: Pascanu, Mikolov & Bengio (2013), Algorithm 1, arXiv:1211.5063.
    The equations are in `clip_by_global_norm_elements`.
    It stands before the rule: optax.chain(clip_by_global_norm(...), rule).

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        max_norm  max_norm > 0  largest norm that is let through
    """
    return ClipByGlobalNorm(max_norm=max_norm).transformation()


def clip_by_global_norm_keras_scalars(
    norm2: float,
    t: int,
    *,
    max_norm: float = 1.0,
) -> tuple[float, ...]:
    """What all elements share in a step of ClipByGlobalNormKeras: the last arguments of `clip_by_global_norm_keras_elements`.

    t is the number of the step, from 1.

    norm2: what `clip_by_global_norm_keras_sums` gives.
    """
    length = norm2  # norm of all gradients
    once_more = length
    nothing = length - once_more  # 0; NaN if the norm is infinite
    factor = nothing + jnp.where(max_norm >= length, 1, max_norm / length)
    return (factor,)


def clip_by_global_norm_keras_elements(
    w: Array,
    g: Array,
    factor: float,
) -> tuple[Array, ...]:
    """A step of ClipByGlobalNormKeras for each element; returns what is handed on.

        length     = sqrt(global_sum(g**2))                                     norm of all gradients
        once_more  = length
        nothing    = length - once_more                                         0; NaN if the norm is infinite
        factor     = nothing + where(max_norm >= length, 1, max_norm / length)
        w_new      = w + factor * g                                             w and what is handed on

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = factor * g  # w and what is handed on
    return (w_update,)


def clip_by_global_norm_keras_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of ClipByGlobalNormKeras sums up, for each element."""
    norm2 = g
    return (norm2,)


def clip_by_global_norm_keras_sums(
    w: Array,
    g: Array,
    t: int,
    *,
    max_norm: float = 1.0,
) -> tuple[float, ...]:
    """What a step of ClipByGlobalNormKeras sums up over one array, in double; nothing is written.

        norm2  = sqrt(global_sum(g**2))

    The results are arguments of `clip_by_global_norm_keras_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(clip_by_global_norm_keras_summands, (w, g), (), ("norm",))


class ClipByGlobalNormKerasState(NamedTuple):
    """What ClipByGlobalNormKeras keeps: the number of steps, and states that are nested as the parameters."""

    t: Array


class ClipByGlobalNormKeras(JaxOptimizer):
    """What `clip_by_global_norm_keras` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "max_norm": ("max_norm > 0", lambda max_norm: max_norm > 0),
    }
    _reductions: ClassVar = (("norm2", "norm", True),)
    _scalars = staticmethod(clip_by_global_norm_keras_scalars)
    _elements = staticmethod(clip_by_global_norm_keras_elements)
    _sums = staticmethod(clip_by_global_norm_keras_sums)
    _State = ClipByGlobalNormKerasState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


def clip_by_global_norm_keras(
    *,
    max_norm: Hyper = 1.0,
) -> GradientTransformation:
    """ClipByGlobalNormKeras: all gradients together are no longer than max_norm; if their norm is infinite, all become NaN.

    Source: global_clipnorm of keras.optimizers.
    The equations are in `clip_by_global_norm_keras_elements`.
    It stands before the rule: optax.chain(clip_by_global_norm_keras(...), rule).

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        max_norm  max_norm > 0  largest norm that is let through
    """
    return ClipByGlobalNormKeras(max_norm=max_norm).transformation()


def clip_by_global_norm1_scalars(
    total: float,
    t: int,
    *,
    max_norm: float = 1.0,
) -> tuple[float, ...]:
    """What all elements share in a step of ClipByGlobalNorm1: the last arguments of `clip_by_global_norm1_elements`.

    t is the number of the step, from 1.

    total: what `clip_by_global_norm1_sums` gives.
    """
    length = total  # 1-norm of all gradients
    factor = jnp.where(max_norm >= length, 1, max_norm / length)
    return (factor,)


def clip_by_global_norm1_elements(
    w: Array,
    g: Array,
    factor: float,
) -> tuple[Array, ...]:
    """A step of ClipByGlobalNorm1 for each element; returns what is handed on.

        length  = global_sum(abs(g))                               1-norm of all gradients
        factor  = where(max_norm >= length, 1, max_norm / length)
        w_new   = w + factor * g                                   w and what is handed on

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = factor * g  # w and what is handed on
    return (w_update,)


def clip_by_global_norm1_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of ClipByGlobalNorm1 sums up, for each element."""
    total = jnp.absolute(g)
    return (total,)


def clip_by_global_norm1_sums(
    w: Array,
    g: Array,
    t: int,
    *,
    max_norm: float = 1.0,
) -> tuple[float, ...]:
    """What a step of ClipByGlobalNorm1 sums up over one array, in double; nothing is written.

        total  = global_sum(abs(g))

    The results are arguments of `clip_by_global_norm1_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(clip_by_global_norm1_summands, (w, g), (), ("sum",))


class ClipByGlobalNorm1State(NamedTuple):
    """What ClipByGlobalNorm1 keeps: the number of steps, and states that are nested as the parameters."""

    t: Array


class ClipByGlobalNorm1(JaxOptimizer):
    """What `clip_by_global_norm1` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "max_norm": ("max_norm > 0", lambda max_norm: max_norm > 0),
    }
    _reductions: ClassVar = (("total", "sum", True),)
    _scalars = staticmethod(clip_by_global_norm1_scalars)
    _elements = staticmethod(clip_by_global_norm1_elements)
    _sums = staticmethod(clip_by_global_norm1_sums)
    _State = ClipByGlobalNorm1State
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


def clip_by_global_norm1(
    *,
    max_norm: Hyper = 1.0,
) -> GradientTransformation:
    """ClipByGlobalNorm1: the magnitudes of all gradients add up to max_norm at most.

    Source: Pascanu, Mikolov & Bengio (2013), Algorithm 1, arXiv:1211.5063, with the sum of magnitudes.
    The equations are in `clip_by_global_norm1_elements`.
    It stands before the rule: optax.chain(clip_by_global_norm1(...), rule).

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        max_norm  max_norm > 0  largest norm that is let through
    """
    return ClipByGlobalNorm1(max_norm=max_norm).transformation()


def clip_by_global_max_scalars(
    largest: float,
    t: int,
    *,
    max_norm: float = 1.0,
) -> tuple[float, ...]:
    """What all elements share in a step of ClipByGlobalMax: the last arguments of `clip_by_global_max_elements`.

    t is the number of the step, from 1.

    largest: what `clip_by_global_max_sums` gives.
    """
    length = largest  # largest magnitude
    factor = jnp.where(max_norm >= length, 1, max_norm / length)
    return (factor,)


def clip_by_global_max_elements(
    w: Array,
    g: Array,
    factor: float,
) -> tuple[Array, ...]:
    """A step of ClipByGlobalMax for each element; returns what is handed on.

        length  = global_max(abs(g))                               largest magnitude
        factor  = where(max_norm >= length, 1, max_norm / length)
        w_new   = w + factor * g                                   w and what is handed on

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = factor * g  # w and what is handed on
    return (w_update,)


def clip_by_global_max_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of ClipByGlobalMax sums up, for each element."""
    largest = jnp.absolute(g)
    return (largest,)


def clip_by_global_max_sums(
    w: Array,
    g: Array,
    t: int,
    *,
    max_norm: float = 1.0,
) -> tuple[float, ...]:
    """What a step of ClipByGlobalMax sums up over one array, in double; nothing is written.

        largest  = global_max(abs(g))

    The results are arguments of `clip_by_global_max_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(clip_by_global_max_summands, (w, g), (), ("max",))


class ClipByGlobalMaxState(NamedTuple):
    """What ClipByGlobalMax keeps: the number of steps, and states that are nested as the parameters."""

    t: Array


class ClipByGlobalMax(JaxOptimizer):
    """What `clip_by_global_max` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "max_norm": ("max_norm > 0", lambda max_norm: max_norm > 0),
    }
    _reductions: ClassVar = (("largest", "max", True),)
    _scalars = staticmethod(clip_by_global_max_scalars)
    _elements = staticmethod(clip_by_global_max_elements)
    _sums = staticmethod(clip_by_global_max_sums)
    _State = ClipByGlobalMaxState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


def clip_by_global_max(
    *,
    max_norm: Hyper = 1.0,
) -> GradientTransformation:
    """ClipByGlobalMax: no element of any gradient is larger than max_norm; other than ClipByValue it keeps the direction.

    Source: Pascanu, Mikolov & Bengio (2013), Algorithm 1, arXiv:1211.5063, with the largest magnitude.
    The equations are in `clip_by_global_max_elements`.
    It stands before the rule: optax.chain(clip_by_global_max(...), rule).

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        max_norm  max_norm > 0  largest norm that is let through
    """
    return ClipByGlobalMax(max_norm=max_norm).transformation()


def normalize_scalars(
    norm2: float,
    t: int,
) -> tuple[float, ...]:
    """What all elements share in a step of Normalize: the last arguments of `normalize_elements`.

    t is the number of the step, from 1.

    norm2: what `normalize_sums` gives.
    """
    length = norm2  # norm of all gradients
    factor = jnp.where(length <= 0, 0, 1 / length)
    return (factor,)


def normalize_elements(
    w: Array,
    g: Array,
    factor: float,
) -> tuple[Array, ...]:
    """A step of Normalize for each element; returns what is handed on.

        length  = sqrt(global_sum(g**2))             norm of all gradients
        factor  = where(length <= 0, 0, 1 / length)
        w_new   = w + factor * g                     w and what is handed on

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = factor * g  # w and what is handed on
    return (w_update,)


def normalize_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of Normalize sums up, for each element."""
    norm2 = g
    return (norm2,)


def normalize_sums(
    w: Array,
    g: Array,
    t: int,
) -> tuple[float, ...]:
    """What a step of Normalize sums up over one array, in double; nothing is written.

        norm2  = sqrt(global_sum(g**2))

    The results are arguments of `normalize_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(normalize_summands, (w, g), (), ("norm",))


class NormalizeState(NamedTuple):
    """What Normalize keeps: the number of steps, and states that are nested as the parameters."""

    t: Array


class Normalize(JaxOptimizer):
    """What `normalize` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
    }
    _reductions: ClassVar = (("norm2", "norm", True),)
    _scalars = staticmethod(normalize_scalars)
    _elements = staticmethod(normalize_elements)
    _sums = staticmethod(normalize_sums)
    _State = NormalizeState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


def normalize() -> GradientTransformation:
    """Normalize: all gradients together are of length 1; zero stays zero.

    Source: optax.contrib.normalize, which makes NaN of gradients that are all zero.
    The equations are in `normalize_elements`.
    It stands before the rule: optax.chain(normalize(...), rule).
    """
    return Normalize().transformation()


def clip_grad_norm_scalars(
    norm2: float,
    t: int,
    *,
    eps: float = 1e-6,
    max_norm: float = 1.0,
) -> tuple[float, ...]:
    """What all elements share in a step of ClipGradNorm: the last arguments of `clip_grad_norm_elements`.

    t is the number of the step, from 1.

    norm2: what `clip_grad_norm_sums` gives.
    """
    length = norm2  # norm of all gradients
    factor = jnp.minimum(1, max_norm / (length + eps))
    return (factor,)


def clip_grad_norm_elements(
    w: Array,
    g: Array,
    factor: float,
) -> tuple[Array, ...]:
    """A step of ClipGradNorm for each element; returns what is handed on.

        length  = sqrt(global_sum(g**2))                 norm of all gradients
        factor  = minimum(1, max_norm / (length + eps))
        w_new   = w + factor * g                         w and what is handed on

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = factor * g  # w and what is handed on
    return (w_update,)


def clip_grad_norm_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of ClipGradNorm sums up, for each element."""
    norm2 = g
    return (norm2,)


def clip_grad_norm_sums(
    w: Array,
    g: Array,
    t: int,
    *,
    eps: float = 1e-6,
    max_norm: float = 1.0,
) -> tuple[float, ...]:
    """What a step of ClipGradNorm sums up over one array, in double; nothing is written.

        norm2  = sqrt(global_sum(g**2))

    The results are arguments of `clip_grad_norm_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(clip_grad_norm_summands, (w, g), (), ("norm",))


class ClipGradNormState(NamedTuple):
    """What ClipGradNorm keeps: the number of steps, and states that are nested as the parameters."""

    t: Array


class ClipGradNorm(JaxOptimizer):
    """What `clip_grad_norm` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "eps": ("eps > 0", lambda eps: eps > 0),
        "max_norm": ("max_norm > 0", lambda max_norm: max_norm > 0),
    }
    _reductions: ClassVar = (("norm2", "norm", True),)
    _scalars = staticmethod(clip_grad_norm_scalars)
    _elements = staticmethod(clip_grad_norm_elements)
    _sums = staticmethod(clip_grad_norm_sums)
    _State = ClipGradNormState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


def clip_grad_norm(
    *,
    eps: Hyper = 1e-6,
    max_norm: Hyper = 1.0,
) -> GradientTransformation:
    """ClipGradNorm: all gradients together are shorter than max_norm, as torch has it.

    Source: torch.nn.utils.clip_grad_norm_.
    The equations are in `clip_grad_norm_elements`.
    It stands before the rule: optax.chain(clip_grad_norm(...), rule).

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        eps       eps > 0       added to the norm
        max_norm  max_norm > 0  largest norm that is let through
    """
    return ClipGradNorm(eps=eps, max_norm=max_norm).transformation()


def clip_grad_norm1_scalars(
    total: float,
    t: int,
    *,
    eps: float = 1e-6,
    max_norm: float = 1.0,
) -> tuple[float, ...]:
    """What all elements share in a step of ClipGradNorm1: the last arguments of `clip_grad_norm1_elements`.

    t is the number of the step, from 1.

    total: what `clip_grad_norm1_sums` gives.
    """
    length = total  # 1-norm of all gradients
    factor = jnp.minimum(1, max_norm / (length + eps))
    return (factor,)


def clip_grad_norm1_elements(
    w: Array,
    g: Array,
    factor: float,
) -> tuple[Array, ...]:
    """A step of ClipGradNorm1 for each element; returns what is handed on.

        length  = global_sum(abs(g))                     1-norm of all gradients
        factor  = minimum(1, max_norm / (length + eps))
        w_new   = w + factor * g                         w and what is handed on

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = factor * g  # w and what is handed on
    return (w_update,)


def clip_grad_norm1_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of ClipGradNorm1 sums up, for each element."""
    total = jnp.absolute(g)
    return (total,)


def clip_grad_norm1_sums(
    w: Array,
    g: Array,
    t: int,
    *,
    eps: float = 1e-6,
    max_norm: float = 1.0,
) -> tuple[float, ...]:
    """What a step of ClipGradNorm1 sums up over one array, in double; nothing is written.

        total  = global_sum(abs(g))

    The results are arguments of `clip_grad_norm1_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(clip_grad_norm1_summands, (w, g), (), ("sum",))


class ClipGradNorm1State(NamedTuple):
    """What ClipGradNorm1 keeps: the number of steps, and states that are nested as the parameters."""

    t: Array


class ClipGradNorm1(JaxOptimizer):
    """What `clip_grad_norm1` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "eps": ("eps > 0", lambda eps: eps > 0),
        "max_norm": ("max_norm > 0", lambda max_norm: max_norm > 0),
    }
    _reductions: ClassVar = (("total", "sum", True),)
    _scalars = staticmethod(clip_grad_norm1_scalars)
    _elements = staticmethod(clip_grad_norm1_elements)
    _sums = staticmethod(clip_grad_norm1_sums)
    _State = ClipGradNorm1State
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


def clip_grad_norm1(
    *,
    eps: Hyper = 1e-6,
    max_norm: Hyper = 1.0,
) -> GradientTransformation:
    """ClipGradNorm1: the magnitudes of all gradients add up to less than max_norm, as torch has it.

    Source: torch.nn.utils.clip_grad_norm_ with norm_type=1.
    The equations are in `clip_grad_norm1_elements`.
    It stands before the rule: optax.chain(clip_grad_norm1(...), rule).

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        eps       eps > 0       added to the norm
        max_norm  max_norm > 0  largest norm that is let through
    """
    return ClipGradNorm1(eps=eps, max_norm=max_norm).transformation()


def clip_grad_max_scalars(
    largest: float,
    t: int,
    *,
    eps: float = 1e-6,
    max_norm: float = 1.0,
) -> tuple[float, ...]:
    """What all elements share in a step of ClipGradMax: the last arguments of `clip_grad_max_elements`.

    t is the number of the step, from 1.

    largest: what `clip_grad_max_sums` gives.
    """
    length = largest  # largest magnitude
    factor = jnp.minimum(1, max_norm / (length + eps))
    return (factor,)


def clip_grad_max_elements(
    w: Array,
    g: Array,
    factor: float,
) -> tuple[Array, ...]:
    """A step of ClipGradMax for each element; returns what is handed on.

        length  = global_max(abs(g))                     largest magnitude
        factor  = minimum(1, max_norm / (length + eps))
        w_new   = w + factor * g                         w and what is handed on

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = factor * g  # w and what is handed on
    return (w_update,)


def clip_grad_max_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of ClipGradMax sums up, for each element."""
    largest = jnp.absolute(g)
    return (largest,)


def clip_grad_max_sums(
    w: Array,
    g: Array,
    t: int,
    *,
    eps: float = 1e-6,
    max_norm: float = 1.0,
) -> tuple[float, ...]:
    """What a step of ClipGradMax sums up over one array, in double; nothing is written.

        largest  = global_max(abs(g))

    The results are arguments of `clip_grad_max_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(clip_grad_max_summands, (w, g), (), ("max",))


class ClipGradMaxState(NamedTuple):
    """What ClipGradMax keeps: the number of steps, and states that are nested as the parameters."""

    t: Array


class ClipGradMax(JaxOptimizer):
    """What `clip_grad_max` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "eps": ("eps > 0", lambda eps: eps > 0),
        "max_norm": ("max_norm > 0", lambda max_norm: max_norm > 0),
    }
    _reductions: ClassVar = (("largest", "max", True),)
    _scalars = staticmethod(clip_grad_max_scalars)
    _elements = staticmethod(clip_grad_max_elements)
    _sums = staticmethod(clip_grad_max_sums)
    _State = ClipGradMaxState
    _reads_w: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


def clip_grad_max(
    *,
    eps: Hyper = 1e-6,
    max_norm: Hyper = 1.0,
) -> GradientTransformation:
    """ClipGradMax: every element of every gradient is smaller than max_norm, as torch has it.

    Source: torch.nn.utils.clip_grad_norm_ with norm_type=inf.
    The equations are in `clip_grad_max_elements`.
    It stands before the rule: optax.chain(clip_grad_max(...), rule).

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        eps       eps > 0       added to the norm
        max_norm  max_norm > 0  largest norm that is let through
    """
    return ClipGradMax(eps=eps, max_norm=max_norm).transformation()


def l2_decay_scalars(
    t: int,
    *,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of L2Decay: the last arguments of `l2_decay_elements`.

    t is the number of the step, from 1.
    """
    return (weight_decay,)


def l2_decay_elements(
    w: Array,
    g: Array,
    weight_decay: float,
) -> tuple[Array, ...]:
    """A step of L2Decay for each element; returns what is handed on.

        w_new  = w + g + weight_decay * w  w and what is handed on

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = g + weight_decay * w  # w and what is handed on
    return (w_update,)


class L2DecayState(NamedTuple):
    """What L2Decay keeps: the number of steps, and states that are nested as the parameters."""

    t: Array


class L2Decay(JaxOptimizer):
    """What `l2_decay` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(l2_decay_scalars)
    _elements = staticmethod(l2_decay_elements)
    _State = L2DecayState

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


def l2_decay(
    *,
    weight_decay: Hyper = 0.01,
) -> GradientTransformation:
    """L2Decay: adds the gradient of weight_decay / 2 * w**2.

    Source: weight_decay of torch.optim.SGD.
    The equations are in `l2_decay_elements`.
    It stands before the rule: optax.chain(l2_decay(...), rule).

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        weight_decay  weight_decay >= 0  weight decay
    """
    return L2Decay(weight_decay=weight_decay).transformation()


def decoupled_decay_scalars(
    t: int,
    *,
    lr: float,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of DecoupledDecay: the last arguments of `decoupled_decay_elements`.

    t is the number of the step, from 1.
    """
    weight_decay_lr = weight_decay * lr
    return (weight_decay_lr,)


def decoupled_decay_elements(
    w: Array,
    g: Array,
    weight_decay_lr: float,
) -> tuple[Array, ...]:
    """A step of DecoupledDecay for each element; returns what is handed on.

        w_new  = w - weight_decay * lr * w

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = -weight_decay_lr * w
    return (w_update,)


class DecoupledDecayState(NamedTuple):
    """What DecoupledDecay keeps: the number of steps, and states that are nested as the parameters."""

    t: Array


class DecoupledDecay(JaxOptimizer):
    """What `decoupled_decay` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _signals: ClassVar = ("lr",)
    _scalars = staticmethod(decoupled_decay_scalars)
    _elements = staticmethod(decoupled_decay_elements)
    _State = DecoupledDecayState
    _shifts: ClassVar = True

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


def decoupled_decay(
    tx: GradientTransformation,
    *,
    weight_decay: Hyper = 0.01,
) -> GradientTransformation:
    """DecoupledDecay: the weights shrink by the share lr * weight_decay before the step.

    Source: Loshchilov & Hutter (2019), arXiv:1711.05101, as in torch.optim.AdamW.
    The equations are in `decoupled_decay_elements`.
    It is put around the rule, and what is in a chain with it: decoupled_decay(rule, ...).

    A step is update(grads, state, params, lr=lr):

        lr  a number  the learning rate of the rule

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        weight_decay  weight_decay >= 0  weight decay
    """
    return DecoupledDecay(weight_decay=weight_decay).around(tx)


def unscaled_decay_scalars(
    t: int,
    *,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of UnscaledDecay: the last arguments of `unscaled_decay_elements`.

    t is the number of the step, from 1.
    """
    return (weight_decay,)


def unscaled_decay_elements(
    w: Array,
    g: Array,
    weight_decay: float,
) -> tuple[Array, ...]:
    """A step of UnscaledDecay for each element; returns what is handed on.

        w_new  = w - weight_decay * w

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    w_update = -weight_decay * w
    return (w_update,)


class UnscaledDecayState(NamedTuple):
    """What UnscaledDecay keeps: the number of steps, and states that are nested as the parameters."""

    t: Array


class UnscaledDecay(JaxOptimizer):
    """What `unscaled_decay` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _scalars = staticmethod(unscaled_decay_scalars)
    _elements = staticmethod(unscaled_decay_elements)
    _State = UnscaledDecayState
    _shifts: ClassVar = True

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


def unscaled_decay(
    tx: GradientTransformation,
    *,
    weight_decay: Hyper = 0.01,
) -> GradientTransformation:
    """UnscaledDecay: the weights shrink by the share weight_decay before the step, whatever the learning rate.

    Source: Loshchilov & Hutter (2019), Algorithm 2, arXiv:1711.05101.
    The equations are in `unscaled_decay_elements`.
    It is put around the rule, and what is in a chain with it: unscaled_decay(rule, ...).

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        weight_decay  weight_decay >= 0  weight decay
    """
    return UnscaledDecay(weight_decay=weight_decay).around(tx)


def decoupled_decay_after_scalars(
    t: int,
    *,
    lr: float,
    weight_decay: float = 0.01,
) -> tuple[float, ...]:
    """What all elements share in a step of DecoupledDecayAfter: the last arguments of `decoupled_decay_after_elements`.

    t is the number of the step, from 1.
    """
    weight_decay_lr = weight_decay * lr
    return (weight_decay_lr,)


def decoupled_decay_after_elements(
    w: Array,
    g: Array,
    weight_decay_lr: float,
) -> tuple[Array, ...]:
    """A step of DecoupledDecayAfter for each element; returns what is handed on.

        reached  = w + g                                weights after the rule
        w_new    = w + g - weight_decay * lr * reached  w and what is handed on

    w and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    reached = w + g  # weights after the rule
    w_update = g - weight_decay_lr * reached  # w and what is handed on
    return (w_update,)


class DecoupledDecayAfterState(NamedTuple):
    """What DecoupledDecayAfter keeps: the number of steps, and states that are nested as the parameters."""

    t: Array


class DecoupledDecayAfter(JaxOptimizer):
    """What `decoupled_decay_after` is made of."""

    _states: ClassVar = ()
    _domains: ClassVar = {
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _signals: ClassVar = ("lr",)
    _scalars = staticmethod(decoupled_decay_after_scalars)
    _elements = staticmethod(decoupled_decay_after_elements)
    _State = DecoupledDecayAfterState

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return ()


def decoupled_decay_after(
    *,
    weight_decay: Hyper = 0.01,
) -> GradientTransformation:
    """DecoupledDecayAfter: the weights shrink by the share lr * weight_decay after the step.

    Source: thinc.optimizers.Optimizer with L2_is_weight_decay.
    The equations are in `decoupled_decay_after_elements`.
    It stands after the rule: optax.chain(rule, decoupled_decay_after(...)).

    A step is update(grads, state, params, lr=lr):

        lr  a number  the learning rate of the rule

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        weight_decay  weight_decay >= 0  weight decay
    """
    return DecoupledDecayAfter(weight_decay=weight_decay).transformation()


def weight_ema_scalars(
    t: int,
    *,
    decay: float = 0.999,
) -> tuple[float, ...]:
    """What all elements share in a step of WeightEMA: the last arguments of `weight_ema_elements`.

    t is the number of the step, from 1. States:

        average  = w before the first step
    """
    one_minus_decay = 1 - decay
    return (decay, one_minus_decay)


def weight_ema_elements(
    w: Array,
    average: Array,
    g: Array,
    decay: float,
    one_minus_decay: float,
) -> tuple[Array, ...]:
    """A step of WeightEMA for each element; returns what is handed on and average after it.

        reached      = w + g                                    weights after the rule
        average_new  = decay * average + (1 - decay) * reached
        w_new        = w + g                                    w and what is handed on

    w, average and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    reached = w + g  # weights after the rule
    average_new = decay * average + one_minus_decay * reached
    w_update = g  # w and what is handed on
    return (w_update, average_new)


class WeightEMAState(NamedTuple):
    """What WeightEMA keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    average: Any


class WeightEMA(JaxOptimizer):
    """What `weight_ema` is made of."""

    _states: ClassVar = ("average",)
    _domains: ClassVar = {
        "decay": ("0 <= decay < 1", lambda decay: 0 <= decay < 1),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(weight_ema_scalars)
    _elements = staticmethod(weight_ema_elements)
    _State = WeightEMAState

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.copy(),)


def weight_ema(
    *,
    decay: Hyper = 0.999,
) -> GradientTransformation:
    """WeightEMA: keeps an exponential moving average of the weights, which starts at the first weights.

    Source: Polyak & Juditsky (1992), doi:10.1137/0330046, with geometric weights, as in tf.train.
    The equations are in `weight_ema_elements`.
    It stands after the rule: optax.chain(rule, weight_ema(...)).

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        decay  0 <= decay < 1  decay of the average
    """
    return WeightEMA(decay=decay).transformation()


def weight_ema_debiased_scalars(
    t: int,
    *,
    decay: float = 0.999,
) -> tuple[float, ...]:
    """What all elements share in a step of WeightEMADebiased: the last arguments of `weight_ema_debiased_elements`.

    t is the number of the step of this parameter, from 1. States:

        average  = 0 before the first step
    """
    rate = (1 - decay) / one_minus_power(decay, t)  # share of the newest weights
    return (rate,)


def weight_ema_debiased_elements(
    w: Array,
    average: Array,
    g: Array,
    rate: float,
) -> tuple[Array, ...]:
    """A step of WeightEMADebiased for each element; returns what is handed on and average after it.

        reached      = w + g                                 weights after the rule
        rate         = (1 - decay) / (1 - decay**t)          share of the newest weights
        average_new  = average + rate * (reached - average)
        w_new        = w + g                                 w and what is handed on

    w, average and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    reached = w + g  # weights after the rule
    average_new = average + rate * (reached - average)
    w_update = g  # w and what is handed on
    return (w_update, average_new)


class WeightEMADebiasedState(NamedTuple):
    """What WeightEMADebiased keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    average: Any


class WeightEMADebiased(JaxOptimizer):
    """What `weight_ema_debiased` is made of."""

    _states: ClassVar = ("average",)
    _domains: ClassVar = {
        "decay": ("0 <= decay < 1", lambda decay: 0 <= decay < 1),
    }
    _own_t: ClassVar = True
    _scalars = staticmethod(weight_ema_debiased_scalars)
    _elements = staticmethod(weight_ema_debiased_elements)
    _State = WeightEMADebiasedState

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w),)


def weight_ema_debiased(
    *,
    decay: Hyper = 0.999,
) -> GradientTransformation:
    """WeightEMADebiased: keeps an exponential moving average of the weights after the steps, corrected for its start at 0.

    Source: optax.ema with debias=True, of the weights.
    The equations are in `weight_ema_debiased_elements`.
    It stands after the rule: optax.chain(rule, weight_ema_debiased(...)).

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        decay  0 <= decay < 1  decay of the average
    """
    return WeightEMADebiased(decay=decay).transformation()


def weight_ema_keras_scalars(
    t: int,
    *,
    decay: float = 0.999,
) -> tuple[float, ...]:
    """What all elements share in a step of WeightEMAKeras: the last arguments of `weight_ema_keras_elements`.

    t is the number of the step, from 1. States:

        average  = w before the first step
    """
    rate = jnp.where(t > 1, decay, 0)  # the first weights are taken as they are
    one_minus_rate = 1 - rate
    return (rate, one_minus_rate)


def weight_ema_keras_elements(
    w: Array,
    average: Array,
    g: Array,
    rate: float,
    one_minus_rate: float,
) -> tuple[Array, ...]:
    """A step of WeightEMAKeras for each element; returns what is handed on and average after it.

        reached      = w + g                                  weights after the rule
        rate         = where(t > 1, decay, 0)                 the first weights are taken as they are
        average_new  = rate * average + (1 - rate) * reached
        w_new        = w + g                                  w and what is handed on

    w, average and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    reached = w + g  # weights after the rule
    average_new = rate * average + one_minus_rate * reached
    w_update = g  # w and what is handed on
    return (w_update, average_new)


class WeightEMAKerasState(NamedTuple):
    """What WeightEMAKeras keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    average: Any


class WeightEMAKeras(JaxOptimizer):
    """What `weight_ema_keras` is made of."""

    _states: ClassVar = ("average",)
    _domains: ClassVar = {
        "decay": ("0 <= decay < 1", lambda decay: 0 <= decay < 1),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(weight_ema_keras_scalars)
    _elements = staticmethod(weight_ema_keras_elements)
    _State = WeightEMAKerasState

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.copy(),)


def weight_ema_keras(
    *,
    decay: Hyper = 0.999,
) -> GradientTransformation:
    """WeightEMAKeras: keeps an exponential moving average of the weights, which starts at those after the first step.

    Source: use_ema of keras.optimizers.
    The equations are in `weight_ema_keras_elements`.
    It stands after the rule: optax.chain(rule, weight_ema_keras(...)).

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        decay  0 <= decay < 1  decay of the average
    """
    return WeightEMAKeras(decay=decay).transformation()


def weight_ema_keras_overwriting_scalars(
    t: int,
    *,
    decay: float = 0.999,
    overwrite_every: int = 100,
) -> tuple[float, ...]:
    """What all elements share in a step of WeightEMAKerasOverwriting: the last arguments of `weight_ema_keras_overwriting_elements`.

    t is the number of the step, from 1. States:

        average  = w before the first step
    """
    rate = jnp.where(t > 1, decay, 0)  # the first weights are taken as they are
    due = jnp.where(jnp.mod(t, overwrite_every) > 0, 0, 1)  # whether the weights are set
    one_minus_rate = 1 - rate
    due_above_zero = jnp.where(due > 0, 1, 0)
    return (rate, one_minus_rate, due_above_zero)


def weight_ema_keras_overwriting_elements(
    w: Array,
    average: Array,
    g: Array,
    rate: float,
    one_minus_rate: float,
    due_above_zero: float,
) -> tuple[Array, ...]:
    """A step of WeightEMAKerasOverwriting for each element; returns what is handed on and average after it.

        reached      = w + g                                             weights after the rule
        rate         = where(t > 1, decay, 0)                            the first weights are taken as they are
        average_new  = rate * average + (1 - rate) * reached
        due          = where(mod(t, overwrite_every) > 0, 0, 1)          whether the weights are set
        w_new        = w + g + where(due > 0, average_new - reached, 0)  w and what is handed on

    w, average and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    reached = w + g  # weights after the rule
    average_new = rate * average + one_minus_rate * reached
    w_update = g + jnp.where(due_above_zero != 0, average_new - reached, 0)  # w and what is handed on
    return (w_update, average_new)


class WeightEMAKerasOverwritingState(NamedTuple):
    """What WeightEMAKerasOverwriting keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    average: Any


class WeightEMAKerasOverwriting(JaxOptimizer):
    """What `weight_ema_keras_overwriting` is made of."""

    _states: ClassVar = ("average",)
    _domains: ClassVar = {
        "decay": ("0 <= decay < 1", lambda decay: 0 <= decay < 1),
        "overwrite_every": ("integer overwrite_every >= 1", lambda overwrite_every: overwrite_every >= 1 and overwrite_every % 1 == 0),
    }
    _starts_late: ClassVar = True
    _scalars = staticmethod(weight_ema_keras_overwriting_scalars)
    _elements = staticmethod(weight_ema_keras_overwriting_elements)
    _State = WeightEMAKerasOverwritingState
    _any_t: ClassVar = False

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (w.copy(),)


def weight_ema_keras_overwriting(
    *,
    decay: Hyper = 0.999,
    overwrite_every: IntHyper = 100,
) -> GradientTransformation:
    """WeightEMAKerasOverwriting: keeps an exponential moving average of the weights, and sets the weights to it once in a while.

    Source: use_ema of keras.optimizers with ema_overwrite_frequency.
    The equations are in `weight_ema_keras_overwriting_elements`.
    It stands after the rule: optax.chain(rule, weight_ema_keras_overwriting(...)).

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        decay            0 <= decay < 1                decay of the average
        overwrite_every  integer overwrite_every >= 1  steps between two overwritings
    """
    return WeightEMAKerasOverwriting(decay=decay, overwrite_every=overwrite_every).transformation()


def weight_mean_scalars(
    t: int,
) -> tuple[float, ...]:
    """What all elements share in a step of WeightMean: the last arguments of `weight_mean_elements`.

    t is the number of the step of this parameter, from 1. States:

        average  = 0 before the first step
    """
    return (t,)


def weight_mean_elements(
    w: Array,
    average: Array,
    g: Array,
    t: float,
) -> tuple[Array, ...]:
    """A step of WeightMean for each element; returns what is handed on and average after it.

        reached      = w + g                              weights after the rule
        average_new  = average + (reached - average) / t
        w_new        = w + g                              w and what is handed on

    w, average and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    reached = w + g  # weights after the rule
    average_new = average + (reached - average) / t
    w_update = g  # w and what is handed on
    return (w_update, average_new)


class WeightMeanState(NamedTuple):
    """What WeightMean keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    average: Any


class WeightMean(JaxOptimizer):
    """What `weight_mean` is made of."""

    _states: ClassVar = ("average",)
    _domains: ClassVar = {
    }
    _own_t: ClassVar = True
    _scalars = staticmethod(weight_mean_scalars)
    _elements = staticmethod(weight_mean_elements)
    _State = WeightMeanState

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w),)


def weight_mean() -> GradientTransformation:
    """WeightMean: keeps the mean of the weights after all steps.

    Source: Polyak & Juditsky (1992), equation 3, doi:10.1137/0330046.
    The equations are in `weight_mean_elements`.
    It stands after the rule: optax.chain(rule, weight_mean(...)).
    """
    return WeightMean().transformation()
