# generated from specs/pipeline.py; regenerate with: python cli.py generate pipeline
"""What surrounds a rule: the gradient before it, the weights before and after it, stage by stage."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

import torch

from .._runtime.pipeline import Where
from .._runtime.scalars import divided, one_minus_power, power
from ._arrays import Array, Hyper, IntHyper, Stage, nan_min

__all__ = [
    "Accumulate",
    "AccumulateOptax",
    "AccumulateSumOptax",
    "ApplyIfFinite",
    "ClipByGlobalMax",
    "ClipByGlobalNorm",
    "ClipByGlobalNorm1",
    "ClipByGlobalNormKeras",
    "ClipByNorm",
    "ClipByValue",
    "ClipGradMax",
    "ClipGradNorm",
    "ClipGradNorm1",
    "DecoupledDecay",
    "DecoupledDecayAfter",
    "DynamicLossScale",
    "GaussianNoise",
    "GaussianNoiseFromOne",
    "L2Decay",
    "LossScale",
    "Maximize",
    "Normalize",
    "UnscaledDecay",
    "WeightEMA",
    "WeightEMADebiased",
    "WeightEMAKeras",
    "WeightEMAKerasOverwriting",
    "WeightMean",
]


class Maximize(Stage):
    """Maximize: the rule goes uphill.

        g_new  = -g

    Runs before the rule. Source: maximize=True of torch.optim.
    """

    _states: ClassVar = ()
    _names: ClassVar = ()

    def __init__(
        self,
        *,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where)

    @staticmethod
    def _elements(w: Array, g: Array) -> tuple[Array, ...]:
        g_new = -g
        return (w, g_new)


class LossScale(Stage):
    """LossScale: undoes that the loss was multiplied by a constant.

        g_new  = g / loss_scale

    Runs before the rule. Source: Micikevicius et al. (2018), section 3.2, arXiv:1710.03740.

        loss_scale  loss_scale > 0  what the loss was multiplied by
    """

    loss_scale: Hyper

    _domains: ClassVar = {
        "loss_scale": ("loss_scale > 0", lambda loss_scale: loss_scale > 0),
    }
    _states: ClassVar = ()
    _names: ClassVar = ("loss_scale",)

    def __init__(
        self,
        *,
        loss_scale: Hyper = 1024.0,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, loss_scale=loss_scale)

    def _factors(self, *, loss_scale: Any, **_: Any) -> tuple[Any, ...]:
        return (loss_scale,)

    @staticmethod
    def _elements(w: Array, g: Array, loss_scale: float) -> tuple[Array, ...]:
        g_new = g / loss_scale
        return (w, g_new)


class DynamicLossScale(Stage):
    """DynamicLossScale: undoes a loss scale that falls when a gradient overflows, and grows when none did for long.

        g_new      = g / scale
        rate       = where(interval <= 1 + good, growth, 1)                         growth that is due
        less       = maximum(smallest_scale, minimum(largest_scale, scale * backoff))  scale after an overflow
        more       = maximum(smallest_scale, minimum(largest_scale, scale * rate))  scale without one
        scale_new  = where(global_overflow(g) > 0, less, more)                      scale of the next loss
        good_new   = where(global_overflow(g) > 0, 0, where(interval <= 1 + good, 0, 1 + good))  steps since the last change

    The step ends here where global_overflow(g) > 0. The host has to know: on a GPU it waits.

    Runs before the rule. Source: torch.amp.GradScaler.

    States:

        scale  = maximum(smallest_scale, minimum(initial_scale, largest_scale)) before the first step
        good   = 0 before the first step

        growth          growth >= 1            factor after interval steps without overflow
        interval        integer interval >= 1  steps between two growths
        backoff         0 < backoff < 1        factor after an overflow
        largest_scale   largest_scale > 0      what the scale stays below
        smallest_scale  smallest_scale > 0     what the scale stays above
        initial_scale   initial_scale > 0      scale before the first step
    """

    growth: Hyper
    interval: IntHyper
    backoff: Hyper
    largest_scale: Hyper
    smallest_scale: Hyper
    initial_scale: Hyper
    scale: float
    good: float

    _domains: ClassVar = {
        "growth": ("growth >= 1", lambda growth: growth >= 1),
        "interval": ("integer interval >= 1", lambda interval: interval >= 1 and interval % 1 == 0),
        "backoff": ("0 < backoff < 1", lambda backoff: 0 < backoff < 1),
        "largest_scale": ("largest_scale > 0", lambda largest_scale: largest_scale > 0),
        "smallest_scale": ("smallest_scale > 0", lambda smallest_scale: smallest_scale > 0),
        "initial_scale": ("initial_scale > 0", lambda initial_scale: initial_scale > 0),
    }
    _states: ClassVar = ()
    _names: ClassVar = ("scale",)
    _reductions: ClassVar = (("overflowed", "overflow", True),)
    _halts: ClassVar = True

    def __init__(
        self,
        *,
        growth: Hyper = 2.0,
        interval: IntHyper = 2000,
        backoff: Hyper = 0.5,
        largest_scale: Hyper = 1.7014118346046923e+38,
        smallest_scale: Hyper = 1.1754943508222875e-38,
        initial_scale: Hyper = 65536.0,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, growth=growth, interval=interval, backoff=backoff, largest_scale=largest_scale, smallest_scale=smallest_scale, initial_scale=initial_scale)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"scale": max(hyper["smallest_scale"], min(hyper["largest_scale"], hyper["initial_scale"])), "good": 0}

    def _factors(self, *, scale: Any, **_: Any) -> tuple[Any, ...]:
        return (scale,)

    def _advance(
        self,
        *,
        interval: Any,
        good: Any,
        growth: Any,
        smallest_scale: Any,
        largest_scale: Any,
        scale: Any,
        backoff: Any,
        overflowed: Any,
        **_: Any,
    ) -> tuple[tuple[float, ...], bool]:
        rate = growth if interval <= 1 + good else 1  # growth that is due
        less = max(smallest_scale, min(largest_scale, scale * backoff))  # scale after an overflow
        more = max(smallest_scale, min(largest_scale, scale * rate))  # scale without one
        scale_new = less if overflowed > 0 else more  # scale of the next loss
        good_new = 0 if overflowed > 0 else 0 if interval <= 1 + good else 1 + good  # steps since the last change
        return (scale_new, good_new), bool(overflowed > 0)

    @staticmethod
    def _summands(w: Array, g: Array) -> tuple[Array, ...]:
        overflowed = g
        return (overflowed,)

    @staticmethod
    def _elements(w: Array, g: Array, scale: float) -> tuple[Array, ...]:
        g_new = g / scale
        return (w, g_new)


class ApplyIfFinite(Stage):
    """ApplyIfFinite: leaves out a step whose gradients are not all finite, unless too many in a row were left out.

        errors_new        = where(global_overflow(g) > 0, 1 + errors, 0)                   steps in a row with a gradient that is not finite
        total_errors_new  = where(global_overflow(g) > 0, 1 + total_errors, total_errors)  all such steps
        left_out          = where(max_consecutive_errors >= errors_new, errors_new, 0)     those in a row that are left out

    The step ends here where left_out > 0. The host has to know: on a GPU it waits.

    Runs before the rule. Source: optax.apply_if_finite.

    States:

        errors        = 0 before the first step
        total_errors  = 0 before the first step

        max_consecutive_errors  integer max_consecutive_errors >= 0  steps that are left out in a row, at most
    """

    max_consecutive_errors: IntHyper
    errors: float
    total_errors: float

    _domains: ClassVar = {
        "max_consecutive_errors": ("integer max_consecutive_errors >= 0", lambda max_consecutive_errors: max_consecutive_errors >= 0 and max_consecutive_errors % 1 == 0),
    }
    _states: ClassVar = ()
    _names: ClassVar = ()
    _reductions: ClassVar = (("overflowed", "overflow", True),)
    _halts: ClassVar = True

    def __init__(
        self,
        *,
        max_consecutive_errors: IntHyper = 5,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, max_consecutive_errors=max_consecutive_errors)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"errors": 0, "total_errors": 0}

    def _advance(
        self,
        *,
        overflowed: Any,
        errors: Any,
        total_errors: Any,
        max_consecutive_errors: Any,
        **_: Any,
    ) -> tuple[tuple[float, ...], bool]:
        errors_new = 1 + errors if overflowed > 0 else 0  # steps in a row with a gradient that is not finite
        total_errors_new = 1 + total_errors if overflowed > 0 else total_errors  # all such steps
        left_out = errors_new if max_consecutive_errors >= errors_new else 0  # those in a row that are left out
        return (errors_new, total_errors_new), bool(left_out > 0)

    @staticmethod
    def _summands(w: Array, g: Array) -> tuple[Array, ...]:
        overflowed = g
        return (overflowed,)

    @staticmethod
    def _elements(w: Array, g: Array) -> tuple[Array, ...]:
        return (w, g)


class Accumulate(Stage):
    """Accumulate: the rule takes a step once in a while, with the mean of the gradients since the last one.

        count_new  = where(every <= 1 + count, 0, 1 + count)  gradients since the last step
        total_new  = g + where(count > 0, total, 0)           their sum
        g_new      = total_new / (1 + count)                  mean

    The step ends here where count_new > 0.

    Runs before the rule. Source: gradient_accumulation_steps of keras.optimizers.
    A parameter without a gradient has one of zeros here, and takes the step if it had one since the last.

    States:

        total  = 0 before the first step
        count  = 0 before the first step

        every  integer every >= 1  gradients to a step
    """

    every: IntHyper
    count: float

    _domains: ClassVar = {
        "every": ("integer every >= 1", lambda every: every >= 1 and every % 1 == 0),
    }
    _states: ClassVar = ("total",)
    _names: ClassVar = ("count_above_zero", "one_plus_count")
    _halts: ClassVar = True
    _gathers: ClassVar = True

    def __init__(
        self,
        *,
        every: IntHyper = 4,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, every=every)

    def _initial(self, w: Array) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"count": 0}

    def _factors(self, *, count: Any, **_: Any) -> tuple[Any, ...]:
        count_above_zero = 1 if count > 0 else 0
        one_plus_count = 1 + count
        return (count_above_zero, one_plus_count)

    def _advance(
        self,
        *,
        every: Any,
        count: Any,
        **_: Any,
    ) -> tuple[tuple[float, ...], bool]:
        count_new = 0 if every <= 1 + count else 1 + count  # gradients since the last step
        return (count_new,), bool(count_new > 0)

    @staticmethod
    def _elements(w: Array, g: Array, total: Array, count_above_zero: float, one_plus_count: float) -> tuple[Array, ...]:
        total_new = g + torch.where(count_above_zero != 0, total, 0)  # their sum
        g_new = total_new / one_plus_count  # mean
        return (w, g_new, total_new)


class AccumulateOptax(Stage):
    """AccumulateOptax: Accumulate as a running mean that keeps what is not finite once it got there.

        count_new  = where(every <= 1 + count, 0, 1 + count)  gradients since the last step
        kept       = where(count > 0, 1, 0) * total           0 at the first gradient
        total_new  = kept + (g - kept) / (1 + count)          their mean
        g_new      = total_new

    The step ends here where count_new > 0.

    Runs before the rule. Source: optax.MultiSteps, which empties what it keeps by multiplying it by 0.
    A parameter without a gradient has one of zeros here, and takes the step if it had one since the last.

    States:

        total  = 0 before the first step
        count  = 0 before the first step

        every  integer every >= 1  gradients to a step
    """

    every: IntHyper
    count: float

    _domains: ClassVar = {
        "every": ("integer every >= 1", lambda every: every >= 1 and every % 1 == 0),
    }
    _states: ClassVar = ("total",)
    _names: ClassVar = ("count_above_zero", "one_plus_count")
    _halts: ClassVar = True
    _gathers: ClassVar = True

    def __init__(
        self,
        *,
        every: IntHyper = 4,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, every=every)

    def _initial(self, w: Array) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"count": 0}

    def _factors(self, *, count: Any, **_: Any) -> tuple[Any, ...]:
        count_above_zero = 1 if count > 0 else 0
        one_plus_count = 1 + count
        return (count_above_zero, one_plus_count)

    def _advance(
        self,
        *,
        every: Any,
        count: Any,
        **_: Any,
    ) -> tuple[tuple[float, ...], bool]:
        count_new = 0 if every <= 1 + count else 1 + count  # gradients since the last step
        return (count_new,), bool(count_new > 0)

    @staticmethod
    def _elements(w: Array, g: Array, total: Array, count_above_zero: float, one_plus_count: float) -> tuple[Array, ...]:
        kept = count_above_zero * total  # 0 at the first gradient
        total_new = kept + (g - kept) / one_plus_count  # their mean
        g_new = total_new
        return (w, g_new, total_new)


class AccumulateSumOptax(Stage):
    """AccumulateSumOptax: the rule takes a step once in a while, with the sum of the gradients since the last one.

        count_new  = where(every <= 1 + count, 0, 1 + count)  gradients since the last step
        kept       = where(count > 0, 1, 0) * total           0 at the first gradient
        total_new  = kept + g                                 their sum
        g_new      = total_new

    The step ends here where count_new > 0.

    Runs before the rule. Source: optax.MultiSteps with use_grad_mean=False.
    A parameter without a gradient has one of zeros here, and takes the step if it had one since the last.

    States:

        total  = 0 before the first step
        count  = 0 before the first step

        every  integer every >= 1  gradients to a step
    """

    every: IntHyper
    count: float

    _domains: ClassVar = {
        "every": ("integer every >= 1", lambda every: every >= 1 and every % 1 == 0),
    }
    _states: ClassVar = ("total",)
    _names: ClassVar = ("count_above_zero",)
    _halts: ClassVar = True
    _gathers: ClassVar = True

    def __init__(
        self,
        *,
        every: IntHyper = 4,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, every=every)

    def _initial(self, w: Array) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"count": 0}

    def _factors(self, *, count: Any, **_: Any) -> tuple[Any, ...]:
        count_above_zero = 1 if count > 0 else 0
        return (count_above_zero,)

    def _advance(
        self,
        *,
        every: Any,
        count: Any,
        **_: Any,
    ) -> tuple[tuple[float, ...], bool]:
        count_new = 0 if every <= 1 + count else 1 + count  # gradients since the last step
        return (count_new,), bool(count_new > 0)

    @staticmethod
    def _elements(w: Array, g: Array, total: Array, count_above_zero: float) -> tuple[Array, ...]:
        kept = count_above_zero * total  # 0 at the first gradient
        total_new = kept + g  # their sum
        g_new = total_new
        return (w, g_new, total_new)


class GaussianNoise(Stage):
    """GaussianNoise: adds noise whose variance decays.

        draws_new  = 1 + draws                     runs so far
        sigma      = sqrt(eta / (1 + t) ** gamma)  standard deviation
        g_new      = g + sigma * noise

    Runs before the rule. Source: Neelakantan et al. (2015), equation 1, arXiv:1511.06807.
    t is the number of the optimizer's step that is taken.

    States:

        draws  = 0 before the first step

        eta    eta >= 0    variance of the noise, before it decays
        gamma  gamma >= 0  power of the decay of the noise

    The noise depends on seed, on the parameter and on how often the stage has run; it is drawn
    into an array of its own.
    """

    eta: Hyper
    gamma: Hyper
    draws: float

    _domains: ClassVar = {
        "eta": ("eta >= 0", lambda eta: eta >= 0),
        "gamma": ("gamma >= 0", lambda gamma: gamma >= 0),
    }
    _states: ClassVar = ()
    _names: ClassVar = ("sigma",)
    _noisy: ClassVar = True

    def __init__(
        self,
        *,
        eta: Hyper = 0.01,
        gamma: Hyper = 0.55,
        seed: int = 0,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, eta=eta, gamma=gamma, seed=seed)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"draws": 0}

    def _factors(self, *, eta: Any, t: Any, gamma: Any, **_: Any) -> tuple[Any, ...]:
        sigma = math.sqrt(eta / power(1 + t, gamma))  # standard deviation
        return (sigma,)

    def _advance(self, *, draws: Any, **_: Any) -> tuple[tuple[float, ...], bool]:
        draws_new = 1 + draws  # runs so far
        return (draws_new,), False

    @staticmethod
    def _elements(w: Array, g: Array, noise: Array, sigma: float) -> tuple[Array, ...]:
        g_new = g + sigma * noise
        return (w, g_new)


class GaussianNoiseFromOne(Stage):
    """GaussianNoiseFromOne: adds noise whose variance is eta in the first step, and decays.

        draws_new  = 1 + draws             runs so far
        sigma      = sqrt(eta / t**gamma)  standard deviation
        g_new      = g + sigma * noise

    Runs before the rule. Source: optax.add_noise, which counts from 0 in the formula of Neelakantan et al. (2015).
    t is the number of the optimizer's step that is taken.

    States:

        draws  = 0 before the first step

        eta    eta >= 0    variance of the noise, before it decays
        gamma  gamma >= 0  power of the decay of the noise

    The noise depends on seed, on the parameter and on how often the stage has run; it is drawn
    into an array of its own.
    """

    eta: Hyper
    gamma: Hyper
    draws: float

    _domains: ClassVar = {
        "eta": ("eta >= 0", lambda eta: eta >= 0),
        "gamma": ("gamma >= 0", lambda gamma: gamma >= 0),
    }
    _states: ClassVar = ()
    _names: ClassVar = ("sigma",)
    _noisy: ClassVar = True

    def __init__(
        self,
        *,
        eta: Hyper = 0.01,
        gamma: Hyper = 0.55,
        seed: int = 0,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, eta=eta, gamma=gamma, seed=seed)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"draws": 0}

    def _factors(self, *, eta: Any, t: Any, gamma: Any, **_: Any) -> tuple[Any, ...]:
        sigma = math.sqrt(eta / power(t, gamma))  # standard deviation
        return (sigma,)

    def _advance(self, *, draws: Any, **_: Any) -> tuple[tuple[float, ...], bool]:
        draws_new = 1 + draws  # runs so far
        return (draws_new,), False

    @staticmethod
    def _elements(w: Array, g: Array, noise: Array, sigma: float) -> tuple[Array, ...]:
        g_new = g + sigma * noise
        return (w, g_new)


class ClipByValue(Stage):
    """ClipByValue: no element is larger than max_value.

        g_new  = maximum(minimum(g, max_value), -max_value)

    Runs before the rule. Source: clipvalue of keras.optimizers.

        max_value  max_value > 0  largest magnitude that is let through
    """

    max_value: Hyper

    _domains: ClassVar = {
        "max_value": ("max_value > 0", lambda max_value: max_value > 0),
    }
    _states: ClassVar = ()
    _names: ClassVar = ("max_value", "minus_max_value")

    def __init__(
        self,
        *,
        max_value: Hyper = 1.0,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, max_value=max_value)

    def _factors(self, *, max_value: Any, **_: Any) -> tuple[Any, ...]:
        minus_max_value = -max_value
        return (max_value, minus_max_value)

    @staticmethod
    def _elements(w: Array, g: Array, max_value: float, minus_max_value: float) -> tuple[Array, ...]:
        g_new = torch.maximum(torch.minimum(g, max_value), minus_max_value)
        return (w, g_new)


class ClipByNorm(Stage):
    """ClipByNorm: the gradient of no array is longer than max_norm.

        length  = sqrt(array_sum(g**2))                            norm of this gradient
        factor  = where(max_norm >= length, 1, max_norm / length)
        g_new   = factor * g

    Runs before the rule. Source: clipnorm of keras.optimizers.

        max_norm  max_norm > 0  largest norm that is let through
    """

    max_norm: Hyper

    _domains: ClassVar = {
        "max_norm": ("max_norm > 0", lambda max_norm: max_norm > 0),
    }
    _states: ClassVar = ()
    _names: ClassVar = ("factor",)
    _reductions: ClassVar = (("norm2", "norm", False),)

    def __init__(
        self,
        *,
        max_norm: Hyper = 1.0,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, max_norm=max_norm)

    def _factors(self, *, norm2: Any, max_norm: Any, **_: Any) -> tuple[Any, ...]:
        length = norm2  # norm of this gradient
        factor = 1 if max_norm >= length else divided(max_norm, length)
        return (factor,)

    @staticmethod
    def _summands(w: Array, g: Array) -> tuple[Array, ...]:
        norm2 = g
        return (norm2,)

    @staticmethod
    def _elements(w: Array, g: Array, factor: float) -> tuple[Array, ...]:
        g_new = factor * g
        return (w, g_new)


class ClipByGlobalNorm(Stage):
    """ClipByGlobalNorm: all gradients together are no longer than max_norm.

        length  = sqrt(global_sum(g**2))                           norm of all gradients
        factor  = where(max_norm >= length, 1, max_norm / length)
        g_new   = factor * g

    Runs before the rule. Source: Pascanu, Mikolov & Bengio (2013), Algorithm 1, arXiv:1211.5063.

        max_norm  max_norm > 0  largest norm that is let through
    """

    max_norm: Hyper

    _domains: ClassVar = {
        "max_norm": ("max_norm > 0", lambda max_norm: max_norm > 0),
    }
    _states: ClassVar = ()
    _names: ClassVar = ("factor",)
    _reductions: ClassVar = (("norm2", "norm", True),)

    def __init__(
        self,
        *,
        max_norm: Hyper = 1.0,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, max_norm=max_norm)

    def _factors(self, *, norm2: Any, max_norm: Any, **_: Any) -> tuple[Any, ...]:
        length = norm2  # norm of all gradients
        factor = 1 if max_norm >= length else divided(max_norm, length)
        return (factor,)

    @staticmethod
    def _summands(w: Array, g: Array) -> tuple[Array, ...]:
        norm2 = g
        return (norm2,)

    @staticmethod
    def _elements(w: Array, g: Array, factor: float) -> tuple[Array, ...]:
        g_new = factor * g
        return (w, g_new)


class ClipByGlobalNormKeras(Stage):
    """ClipByGlobalNormKeras: all gradients together are no longer than max_norm; if their norm is infinite, all become NaN.

        length     = sqrt(global_sum(g**2))                                     norm of all gradients
        once_more  = length
        nothing    = length - once_more                                         0; NaN if the norm is infinite
        factor     = nothing + where(max_norm >= length, 1, max_norm / length)
        g_new      = factor * g

    Runs before the rule. Source: global_clipnorm of keras.optimizers.

        max_norm  max_norm > 0  largest norm that is let through
    """

    max_norm: Hyper

    _domains: ClassVar = {
        "max_norm": ("max_norm > 0", lambda max_norm: max_norm > 0),
    }
    _states: ClassVar = ()
    _names: ClassVar = ("factor",)
    _reductions: ClassVar = (("norm2", "norm", True),)

    def __init__(
        self,
        *,
        max_norm: Hyper = 1.0,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, max_norm=max_norm)

    def _factors(self, *, norm2: Any, max_norm: Any, **_: Any) -> tuple[Any, ...]:
        length = norm2  # norm of all gradients
        once_more = length
        nothing = length - once_more  # 0; NaN if the norm is infinite
        factor = nothing + (1 if max_norm >= length else divided(max_norm, length))
        return (factor,)

    @staticmethod
    def _summands(w: Array, g: Array) -> tuple[Array, ...]:
        norm2 = g
        return (norm2,)

    @staticmethod
    def _elements(w: Array, g: Array, factor: float) -> tuple[Array, ...]:
        g_new = factor * g
        return (w, g_new)


class ClipByGlobalNorm1(Stage):
    """ClipByGlobalNorm1: the magnitudes of all gradients add up to max_norm at most.

        length  = global_sum(abs(g))                               1-norm of all gradients
        factor  = where(max_norm >= length, 1, max_norm / length)
        g_new   = factor * g

    Runs before the rule. Source: Pascanu, Mikolov & Bengio (2013), Algorithm 1, arXiv:1211.5063, with the sum of magnitudes.

        max_norm  max_norm > 0  largest norm that is let through
    """

    max_norm: Hyper

    _domains: ClassVar = {
        "max_norm": ("max_norm > 0", lambda max_norm: max_norm > 0),
    }
    _states: ClassVar = ()
    _names: ClassVar = ("factor",)
    _reductions: ClassVar = (("total", "sum", True),)

    def __init__(
        self,
        *,
        max_norm: Hyper = 1.0,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, max_norm=max_norm)

    def _factors(self, *, total: Any, max_norm: Any, **_: Any) -> tuple[Any, ...]:
        length = total  # 1-norm of all gradients
        factor = 1 if max_norm >= length else divided(max_norm, length)
        return (factor,)

    @staticmethod
    def _summands(w: Array, g: Array) -> tuple[Array, ...]:
        total = torch.absolute(g)
        return (total,)

    @staticmethod
    def _elements(w: Array, g: Array, factor: float) -> tuple[Array, ...]:
        g_new = factor * g
        return (w, g_new)


class ClipByGlobalMax(Stage):
    """ClipByGlobalMax: no element of any gradient is larger than max_norm; other than ClipByValue it keeps the direction.

        length  = global_max(abs(g))                               largest magnitude
        factor  = where(max_norm >= length, 1, max_norm / length)
        g_new   = factor * g

    Runs before the rule. Source: Pascanu, Mikolov & Bengio (2013), Algorithm 1, arXiv:1211.5063, with the largest magnitude.

        max_norm  max_norm > 0  largest norm that is let through
    """

    max_norm: Hyper

    _domains: ClassVar = {
        "max_norm": ("max_norm > 0", lambda max_norm: max_norm > 0),
    }
    _states: ClassVar = ()
    _names: ClassVar = ("factor",)
    _reductions: ClassVar = (("largest", "max", True),)

    def __init__(
        self,
        *,
        max_norm: Hyper = 1.0,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, max_norm=max_norm)

    def _factors(self, *, largest: Any, max_norm: Any, **_: Any) -> tuple[Any, ...]:
        length = largest  # largest magnitude
        factor = 1 if max_norm >= length else divided(max_norm, length)
        return (factor,)

    @staticmethod
    def _summands(w: Array, g: Array) -> tuple[Array, ...]:
        largest = torch.absolute(g)
        return (largest,)

    @staticmethod
    def _elements(w: Array, g: Array, factor: float) -> tuple[Array, ...]:
        g_new = factor * g
        return (w, g_new)


class Normalize(Stage):
    """Normalize: all gradients together are of length 1; zero stays zero.

        length  = sqrt(global_sum(g**2))             norm of all gradients
        factor  = where(length <= 0, 0, 1 / length)
        g_new   = factor * g

    Runs before the rule. Source: optax.contrib.normalize, which makes NaN of gradients that are all zero.
    """

    _states: ClassVar = ()
    _names: ClassVar = ("factor",)
    _reductions: ClassVar = (("norm2", "norm", True),)

    def __init__(
        self,
        *,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where)

    def _factors(self, *, norm2: Any, **_: Any) -> tuple[Any, ...]:
        length = norm2  # norm of all gradients
        factor = 0 if length <= 0 else divided(1, length)
        return (factor,)

    @staticmethod
    def _summands(w: Array, g: Array) -> tuple[Array, ...]:
        norm2 = g
        return (norm2,)

    @staticmethod
    def _elements(w: Array, g: Array, factor: float) -> tuple[Array, ...]:
        g_new = factor * g
        return (w, g_new)


class ClipGradNorm(Stage):
    """ClipGradNorm: all gradients together are shorter than max_norm, as torch has it.

        length  = sqrt(global_sum(g**2))                 norm of all gradients
        factor  = minimum(1, max_norm / (length + eps))
        g_new   = factor * g

    Runs before the rule. Source: torch.nn.utils.clip_grad_norm_.

        eps       eps > 0       added to the norm
        max_norm  max_norm > 0  largest norm that is let through
    """

    eps: Hyper
    max_norm: Hyper

    _domains: ClassVar = {
        "eps": ("eps > 0", lambda eps: eps > 0),
        "max_norm": ("max_norm > 0", lambda max_norm: max_norm > 0),
    }
    _states: ClassVar = ()
    _names: ClassVar = ("factor",)
    _reductions: ClassVar = (("norm2", "norm", True),)

    def __init__(
        self,
        *,
        eps: Hyper = 1e-6,
        max_norm: Hyper = 1.0,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, eps=eps, max_norm=max_norm)

    def _factors(
        self,
        *,
        norm2: Any,
        max_norm: Any,
        eps: Any,
        **_: Any,
    ) -> tuple[Any, ...]:
        length = norm2  # norm of all gradients
        factor = nan_min(1, divided(max_norm, length + eps))
        return (factor,)

    @staticmethod
    def _summands(w: Array, g: Array) -> tuple[Array, ...]:
        norm2 = g
        return (norm2,)

    @staticmethod
    def _elements(w: Array, g: Array, factor: float) -> tuple[Array, ...]:
        g_new = factor * g
        return (w, g_new)


class ClipGradNorm1(Stage):
    """ClipGradNorm1: the magnitudes of all gradients add up to less than max_norm, as torch has it.

        length  = global_sum(abs(g))                     1-norm of all gradients
        factor  = minimum(1, max_norm / (length + eps))
        g_new   = factor * g

    Runs before the rule. Source: torch.nn.utils.clip_grad_norm_ with norm_type=1.

        eps       eps > 0       added to the norm
        max_norm  max_norm > 0  largest norm that is let through
    """

    eps: Hyper
    max_norm: Hyper

    _domains: ClassVar = {
        "eps": ("eps > 0", lambda eps: eps > 0),
        "max_norm": ("max_norm > 0", lambda max_norm: max_norm > 0),
    }
    _states: ClassVar = ()
    _names: ClassVar = ("factor",)
    _reductions: ClassVar = (("total", "sum", True),)

    def __init__(
        self,
        *,
        eps: Hyper = 1e-6,
        max_norm: Hyper = 1.0,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, eps=eps, max_norm=max_norm)

    def _factors(
        self,
        *,
        total: Any,
        max_norm: Any,
        eps: Any,
        **_: Any,
    ) -> tuple[Any, ...]:
        length = total  # 1-norm of all gradients
        factor = nan_min(1, divided(max_norm, length + eps))
        return (factor,)

    @staticmethod
    def _summands(w: Array, g: Array) -> tuple[Array, ...]:
        total = torch.absolute(g)
        return (total,)

    @staticmethod
    def _elements(w: Array, g: Array, factor: float) -> tuple[Array, ...]:
        g_new = factor * g
        return (w, g_new)


class ClipGradMax(Stage):
    """ClipGradMax: every element of every gradient is smaller than max_norm, as torch has it.

        length  = global_max(abs(g))                     largest magnitude
        factor  = minimum(1, max_norm / (length + eps))
        g_new   = factor * g

    Runs before the rule. Source: torch.nn.utils.clip_grad_norm_ with norm_type=inf.

        eps       eps > 0       added to the norm
        max_norm  max_norm > 0  largest norm that is let through
    """

    eps: Hyper
    max_norm: Hyper

    _domains: ClassVar = {
        "eps": ("eps > 0", lambda eps: eps > 0),
        "max_norm": ("max_norm > 0", lambda max_norm: max_norm > 0),
    }
    _states: ClassVar = ()
    _names: ClassVar = ("factor",)
    _reductions: ClassVar = (("largest", "max", True),)

    def __init__(
        self,
        *,
        eps: Hyper = 1e-6,
        max_norm: Hyper = 1.0,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, eps=eps, max_norm=max_norm)

    def _factors(
        self,
        *,
        largest: Any,
        max_norm: Any,
        eps: Any,
        **_: Any,
    ) -> tuple[Any, ...]:
        length = largest  # largest magnitude
        factor = nan_min(1, divided(max_norm, length + eps))
        return (factor,)

    @staticmethod
    def _summands(w: Array, g: Array) -> tuple[Array, ...]:
        largest = torch.absolute(g)
        return (largest,)

    @staticmethod
    def _elements(w: Array, g: Array, factor: float) -> tuple[Array, ...]:
        g_new = factor * g
        return (w, g_new)


class L2Decay(Stage):
    """L2Decay: adds the gradient of weight_decay / 2 * w**2.

        g_new  = g + weight_decay * w

    Runs before the rule. Source: weight_decay of torch.optim.SGD.

        weight_decay  weight_decay >= 0  weight decay
    """

    weight_decay: Hyper

    _domains: ClassVar = {
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _states: ClassVar = ()
    _names: ClassVar = ("weight_decay",)

    def __init__(
        self,
        *,
        weight_decay: Hyper = 0.01,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, weight_decay=weight_decay)

    def _factors(self, *, weight_decay: Any, **_: Any) -> tuple[Any, ...]:
        return (weight_decay,)

    @staticmethod
    def _elements(w: Array, g: Array, weight_decay: float) -> tuple[Array, ...]:
        g_new = g + weight_decay * w
        return (w, g_new)


class DecoupledDecay(Stage):
    """DecoupledDecay: the weights shrink by the share lr * weight_decay before the step.

        w_new  = w - weight_decay * lr * w

    Runs before the rule. Source: Loshchilov & Hutter (2019), arXiv:1711.05101, as in torch.optim.AdamW.

        weight_decay  weight_decay >= 0  weight decay
    """

    weight_decay: Hyper

    _domains: ClassVar = {
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _states: ClassVar = ()
    _names: ClassVar = ("weight_decay_lr",)
    _moves: ClassVar = True
    _uses_lr: ClassVar = True

    def __init__(
        self,
        *,
        weight_decay: Hyper = 0.01,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, weight_decay=weight_decay)

    def _factors(self, *, weight_decay: Any, lr: Any, **_: Any) -> tuple[Any, ...]:
        weight_decay_lr = weight_decay * lr
        return (weight_decay_lr,)

    @staticmethod
    def _elements(w: Array, g: Array, weight_decay_lr: float) -> tuple[Array, ...]:
        w_new = w - weight_decay_lr * w
        return (w_new, g)


class UnscaledDecay(Stage):
    """UnscaledDecay: the weights shrink by the share weight_decay before the step, whatever the learning rate.

        w_new  = w - weight_decay * w

    Runs before the rule. Source: Loshchilov & Hutter (2019), Algorithm 2, arXiv:1711.05101.

        weight_decay  weight_decay >= 0  weight decay
    """

    weight_decay: Hyper

    _domains: ClassVar = {
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _states: ClassVar = ()
    _names: ClassVar = ("weight_decay",)
    _moves: ClassVar = True

    def __init__(
        self,
        *,
        weight_decay: Hyper = 0.01,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, weight_decay=weight_decay)

    def _factors(self, *, weight_decay: Any, **_: Any) -> tuple[Any, ...]:
        return (weight_decay,)

    @staticmethod
    def _elements(w: Array, g: Array, weight_decay: float) -> tuple[Array, ...]:
        w_new = w - weight_decay * w
        return (w_new, g)


class DecoupledDecayAfter(Stage):
    """DecoupledDecayAfter: the weights shrink by the share lr * weight_decay after the step.

        w_new  = w - weight_decay * lr * w

    Runs after the rule. Source: thinc.optimizers.Optimizer with L2_is_weight_decay.

        weight_decay  weight_decay >= 0  weight decay
    """

    weight_decay: Hyper

    _domains: ClassVar = {
        "weight_decay": ("weight_decay >= 0", lambda weight_decay: weight_decay >= 0),
    }
    _states: ClassVar = ()
    _names: ClassVar = ("weight_decay_lr",)
    _after: ClassVar = True
    _uses_lr: ClassVar = True

    def __init__(
        self,
        *,
        weight_decay: Hyper = 0.01,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, weight_decay=weight_decay)

    def _factors(self, *, weight_decay: Any, lr: Any, **_: Any) -> tuple[Any, ...]:
        weight_decay_lr = weight_decay * lr
        return (weight_decay_lr,)

    @staticmethod
    def _elements(w: Array, g: Array, weight_decay_lr: float) -> tuple[Array, ...]:
        w_new = w - weight_decay_lr * w
        return (w_new, g)


class WeightEMA(Stage):
    """WeightEMA: keeps an exponential moving average of the weights, which starts at the first weights.

        average_new  = (1 - decay) * w + decay * average

    Runs after the rule. Source: Polyak & Juditsky (1992), doi:10.1137/0330046, with geometric weights, as in tf.train.

    States:

        average  = w before the first step

        decay  0 <= decay < 1  decay of the average
    """

    decay: Hyper

    _domains: ClassVar = {
        "decay": ("0 <= decay < 1", lambda decay: 0 <= decay < 1),
    }
    _states: ClassVar = ("average",)
    _names: ClassVar = ("one_minus_decay", "decay")
    _after: ClassVar = True
    _starts_late: ClassVar = True

    def __init__(
        self,
        *,
        decay: Hyper = 0.999,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, decay=decay)

    def _initial(self, w: Array) -> tuple[Array, ...]:
        return (w.clone(),)

    def _factors(self, *, decay: Any, **_: Any) -> tuple[Any, ...]:
        one_minus_decay = 1 - decay
        return (one_minus_decay, decay)

    @staticmethod
    def _elements(w: Array, g: Array, average: Array, one_minus_decay: float, decay: float) -> tuple[Array, ...]:
        average_new = one_minus_decay * w + decay * average
        return (w, g, average_new)


class WeightEMADebiased(Stage):
    """WeightEMADebiased: keeps an exponential moving average of the weights after the steps, corrected for its start at 0.

        rate         = (1 - decay) / (1 - decay**t)    share of the newest weights
        average_new  = average + rate * (w - average)

    Runs after the rule. Source: optax.ema with debias=True, of the weights.
    t counts the steps of each parameter by itself: those in which it has a gradient.

    States:

        average  = 0 before the first step

        decay  0 <= decay < 1  decay of the average
    """

    decay: Hyper

    _domains: ClassVar = {
        "decay": ("0 <= decay < 1", lambda decay: 0 <= decay < 1),
    }
    _states: ClassVar = ("average",)
    _names: ClassVar = ("rate",)
    _after: ClassVar = True
    _own_t: ClassVar = True

    def __init__(
        self,
        *,
        decay: Hyper = 0.999,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, decay=decay)

    def _initial(self, w: Array) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)

    def _factors(self, *, decay: Any, t: Any, **_: Any) -> tuple[Any, ...]:
        rate = (1 - decay) / one_minus_power(decay, t)  # share of the newest weights
        return (rate,)

    @staticmethod
    def _elements(w: Array, g: Array, average: Array, rate: float) -> tuple[Array, ...]:
        average_new = average + rate * (w - average)
        return (w, g, average_new)


class WeightEMAKeras(Stage):
    """WeightEMAKeras: keeps an exponential moving average of the weights, which starts at those after the first step.

        rate         = where(t > 1, decay, 0)           the first weights are taken as they are
        average_new  = (1 - rate) * w + rate * average

    Runs after the rule, even if the step ends early, also for parameters without a gradient. Source: use_ema of keras.optimizers.
    t is the number of the optimizer's step that is taken, or, where it ends early, would be.

    States:

        average  = w before the first step

        decay  0 <= decay < 1  decay of the average
    """

    decay: Hyper

    _domains: ClassVar = {
        "decay": ("0 <= decay < 1", lambda decay: 0 <= decay < 1),
    }
    _states: ClassVar = ("average",)
    _names: ClassVar = ("one_minus_rate", "rate")
    _after: ClassVar = True
    _always: ClassVar = True
    _starts_late: ClassVar = True

    def __init__(
        self,
        *,
        decay: Hyper = 0.999,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, decay=decay)

    def _initial(self, w: Array) -> tuple[Array, ...]:
        return (w.clone(),)

    def _factors(self, *, t: Any, decay: Any, **_: Any) -> tuple[Any, ...]:
        rate = decay if t > 1 else 0  # the first weights are taken as they are
        one_minus_rate = 1 - rate
        return (one_minus_rate, rate)

    @staticmethod
    def _elements(w: Array, g: Array, average: Array, one_minus_rate: float, rate: float) -> tuple[Array, ...]:
        average_new = one_minus_rate * w + rate * average
        return (w, g, average_new)


class WeightEMAKerasOverwriting(Stage):
    """WeightEMAKerasOverwriting: keeps an exponential moving average of the weights, and sets the weights to it once in a while.

        rate         = where(t > 1, decay, 0)                    the first weights are taken as they are
        average_new  = (1 - rate) * w + rate * average
        due          = where(mod(t, overwrite_every) > 0, 0, 1)  whether the weights are set
        w_new        = where(due > 0, average_new, w)

    Runs after the rule, even if the step ends early, also for parameters without a gradient. Source: use_ema of keras.optimizers with ema_overwrite_frequency.
    t is the number of the optimizer's step that is taken, or, where it ends early, would be.

    States:

        average  = w before the first step

        decay            0 <= decay < 1                decay of the average
        overwrite_every  integer overwrite_every >= 1  steps between two overwritings
    """

    decay: Hyper
    overwrite_every: IntHyper

    _domains: ClassVar = {
        "decay": ("0 <= decay < 1", lambda decay: 0 <= decay < 1),
        "overwrite_every": ("integer overwrite_every >= 1", lambda overwrite_every: overwrite_every >= 1 and overwrite_every % 1 == 0),
    }
    _states: ClassVar = ("average",)
    _names: ClassVar = ("one_minus_rate", "rate", "due_above_zero")
    _after: ClassVar = True
    _always: ClassVar = True
    _starts_late: ClassVar = True

    def __init__(
        self,
        *,
        decay: Hyper = 0.999,
        overwrite_every: IntHyper = 100,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, decay=decay, overwrite_every=overwrite_every)

    def _initial(self, w: Array) -> tuple[Array, ...]:
        return (w.clone(),)

    def _factors(
        self,
        *,
        t: Any,
        decay: Any,
        overwrite_every: Any,
        **_: Any,
    ) -> tuple[Any, ...]:
        rate = decay if t > 1 else 0  # the first weights are taken as they are
        due = 0 if t % overwrite_every > 0 else 1  # whether the weights are set
        one_minus_rate = 1 - rate
        due_above_zero = 1 if due > 0 else 0
        return (one_minus_rate, rate, due_above_zero)

    @staticmethod
    def _elements(w: Array, g: Array, average: Array, one_minus_rate: float, rate: float, due_above_zero: float) -> tuple[Array, ...]:
        average_new = one_minus_rate * w + rate * average
        w_new = torch.where(due_above_zero != 0, average_new, w)
        return (w_new, g, average_new)


class WeightMean(Stage):
    """WeightMean: keeps the mean of the weights after all steps.

        average_new  = average + (w - average) / t

    Runs after the rule. Source: Polyak & Juditsky (1992), equation 3, doi:10.1137/0330046.
    t counts the steps of each parameter by itself: those in which it has a gradient.

    States:

        average  = 0 before the first step
    """

    _states: ClassVar = ("average",)
    _names: ClassVar = ("t",)
    _after: ClassVar = True
    _own_t: ClassVar = True

    def __init__(
        self,
        *,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where)

    def _initial(self, w: Array) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)

    def _factors(self, *, t: Any, **_: Any) -> tuple[Any, ...]:
        return (t,)

    @staticmethod
    def _elements(w: Array, g: Array, average: Array, t: float) -> tuple[Array, ...]:
        average_new = average + (w - average) / t
        return (w, g, average_new)
