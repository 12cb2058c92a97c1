# generated from specs/pipeline.py; regenerate with: python cli.py generate pipeline
"""What surrounds a rule: the gradient before it, the weights before and after it, stage by stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp

from ._absent import __getattr__  # noqa: F401 - for names that are not here
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
    "GaussianNoiseFromOneState",
    "GaussianNoiseState",
    "L2DecayState",
    "LossScaleState",
    "MaximizeState",
    "NormalizeState",
    "WeightEMADebiasedState",
    "WeightEMAKerasOverwritingState",
    "WeightEMAKerasState",
    "WeightEMAState",
    "WeightMeanState",
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
    "decoupled_decay_after",
    "decoupled_decay_after_elements",
    "decoupled_decay_after_scalars",
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
