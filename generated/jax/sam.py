# generated from specs/sam.py; regenerate with: python cli.py generate sam
"""Gradients taken elsewhere than where the rule steps: uphill from the weights (SAM), or a step ahead of them."""

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
    summed,
)

__all__ = [
    "ASAMState",
    "ExtragradientState",
    "SAMByArrayState",
    "SAMState",
    "USAMState",
    "asam",
    "asam_elements",
    "asam_scalars",
    "asam_shared",
    "asam_summands",
    "asam_sums",
    "extragradient",
    "extragradient_elements",
    "extragradient_scalars",
    "extragradient_shared",
    "sam",
    "sam_by_array",
    "sam_by_array_elements",
    "sam_by_array_scalars",
    "sam_by_array_shared",
    "sam_by_array_summands",
    "sam_by_array_sums",
    "sam_elements",
    "sam_scalars",
    "sam_shared",
    "sam_summands",
    "sam_sums",
    "usam",
    "usam_elements",
    "usam_scalars",
    "usam_shared",
]


def sam_scalars(
    climbed: float,
    ended: float,
    norm2: float,
    t: int,
    *,
    rho: float = 0.05,
    ascents: int = 1,
) -> tuple[float, ...]:
    """What all elements share in a step of SAM: the last arguments of `sam_elements`.

    t is the number of the step, from 1. States:

        kept     = 0 before the first step
        climbed  = 0 before the first step
        ended    = 0 before the first step

    norm2: what `sam_sums` gives.
    """
    length = norm2  # norm of all gradients
    rate = jnp.where(length <= 0, 0, rho / length)
    climbed_new = jnp.where(ascents < 1 + climbed, 0, 1 + climbed)  # ascents so far; 0 when the rule steps
    climbed_above_zero = jnp.where(climbed > 0, 1, 0)
    climbed_new_above_zero = jnp.where(climbed_new > 0, 1, 0)
    return (climbed_above_zero, climbed_new_above_zero, rate)


def sam_elements(
    w: Array,
    kept: Array,
    g: Array,
    climbed_above_zero: float,
    climbed_new_above_zero: float,
    rate: float,
) -> tuple[Array, ...]:
    """A step of SAM for each element; returns w, kept after it.

        length       = sqrt(global_sum(g**2))                          norm of all gradients
        rate         = where(length <= 0, 0, rho / length)
        climbed_new  = where(ascents < 1 + climbed, 0, 1 + climbed)    ascents so far; 0 when the rule steps
        kept_new     = where(climbed > 0, kept, w)                     weights that the rule steps from
        ended_new    = where(climbed_new > 0, 1, 0)                    1 where the step ends here
        w_new        = where(climbed_new > 0, w + rate * g, kept_new)  uphill, in the end back

    w, kept and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    kept_new = jnp.where(climbed_above_zero != 0, kept, w)  # weights that the rule steps from
    w_new = jnp.where(climbed_new_above_zero != 0, w + rate * g, kept_new)  # uphill, in the end back
    return (w_new, kept_new)


def sam_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of SAM sums up, for each element."""
    norm2 = g
    return (norm2,)


def sam_sums(
    w: Array,
    g: Array,
    kept: Array,
    climbed: float,
    ended: float,
    t: int,
    *,
    rho: float = 0.05,
    ascents: int = 1,
) -> tuple[float, ...]:
    """What a step of SAM sums up over one array, in double; nothing is written.

        norm2  = sqrt(global_sum(g**2))

    The results are arguments of `sam_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(sam_summands, (w, g), (), ("norm",))


def sam_shared(
    climbed: float,
    ended: float,
    norm2: float,
    t: int,
    *,
    rho: float = 0.05,
    ascents: int = 1,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    climbed_new = jnp.where(ascents < 1 + climbed, 0, 1 + climbed)  # ascents so far; 0 when the rule steps
    ended_new = jnp.where(climbed_new > 0, 1, 0)  # 1 where the step ends here
    return (climbed_new, ended_new)


class SAMState(NamedTuple):
    """What SAM keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    kept: Any
    climbed: Array
    ended: Array


class SAM(JaxOptimizer):
    """What `sam` is made of."""

    _states: ClassVar = ("kept",)
    _domains: ClassVar = {
        "rho": ("rho >= 0", lambda rho: rho >= 0),
        "ascents": ("integer ascents >= 1", lambda ascents: ascents >= 1 and ascents % 1 == 0),
    }
    _reductions: ClassVar = (("norm2", "norm", True),)
    _scalars = staticmethod(sam_scalars)
    _elements = staticmethod(sam_elements)
    _advance = staticmethod(sam_shared)
    _sums = staticmethod(sam_sums)
    _State = SAMState
    _moves: ClassVar = False
    _shifts: ClassVar = True
    _ends: ClassVar = True

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"climbed": 0, "ended": 0}


def sam(
    tx: GradientTransformation,
    *,
    rho: Hyper = 0.05,
    ascents: IntHyper = 1,
) -> GradientTransformation:
    """SAM: the rule takes the gradient that is found a way of length rho uphill.

    Source: Foret et al. (2021), Algorithm 1, arXiv:2010.01412.
    The equations are in `sam_elements`.
    It is put around the rule, and what is in a chain with it: sam(rule, ...).
    An update may be one that ends early: then what it surrounds waits.
    Each update leaves the parameters where the next gradient is taken. Since updates are added, there
    is no way back from where a parameter is not finite.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        rho      rho >= 0              length of the ascent
        ascents  integer ascents >= 1  ascents to a step of the rule
    """
    return SAM(rho=rho, ascents=ascents).around(tx)


def sam_by_array_scalars(
    climbed: float,
    ended: float,
    norm2: float,
    t: int,
    *,
    rho: float = 0.05,
    ascents: int = 1,
) -> tuple[float, ...]:
    """What all elements share in a step of SAMByArray: the last arguments of `sam_by_array_elements`.

    t is the number of the step, from 1. States:

        kept     = 0 before the first step
        climbed  = 0 before the first step
        ended    = 0 before the first step

    norm2: what `sam_by_array_sums` gives.
    """
    length = norm2  # norm of this gradient
    rate = jnp.where(length <= 0, 0, rho / length)
    climbed_new = jnp.where(ascents < 1 + climbed, 0, 1 + climbed)  # ascents so far; 0 when the rule steps
    climbed_above_zero = jnp.where(climbed > 0, 1, 0)
    climbed_new_above_zero = jnp.where(climbed_new > 0, 1, 0)
    return (climbed_above_zero, climbed_new_above_zero, rate)


def sam_by_array_elements(
    w: Array,
    kept: Array,
    g: Array,
    climbed_above_zero: float,
    climbed_new_above_zero: float,
    rate: float,
) -> tuple[Array, ...]:
    """A step of SAMByArray for each element; returns w, kept after it.

        length       = sqrt(array_sum(g**2))                           norm of this gradient
        rate         = where(length <= 0, 0, rho / length)
        climbed_new  = where(ascents < 1 + climbed, 0, 1 + climbed)    ascents so far; 0 when the rule steps
        kept_new     = where(climbed > 0, kept, w)                     weights that the rule steps from
        ended_new    = where(climbed_new > 0, 1, 0)                    1 where the step ends here
        w_new        = where(climbed_new > 0, w + rate * g, kept_new)  uphill, in the end back

    w, kept and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    kept_new = jnp.where(climbed_above_zero != 0, kept, w)  # weights that the rule steps from
    w_new = jnp.where(climbed_new_above_zero != 0, w + rate * g, kept_new)  # uphill, in the end back
    return (w_new, kept_new)


def sam_by_array_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of SAMByArray sums up, for each element."""
    norm2 = g
    return (norm2,)


def sam_by_array_sums(
    w: Array,
    g: Array,
    kept: Array,
    climbed: float,
    ended: float,
    t: int,
    *,
    rho: float = 0.05,
    ascents: int = 1,
) -> tuple[float, ...]:
    """What a step of SAMByArray sums up over one array, in double; nothing is written.

        norm2  = sqrt(array_sum(g**2))

    The results are arguments of `sam_by_array_scalars`, before the step number.
    """
    return summed(sam_by_array_summands, (w, g), (), ("norm",))


def sam_by_array_shared(
    climbed: float,
    ended: float,
    t: int,
    *,
    rho: float = 0.05,
    ascents: int = 1,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    climbed_new = jnp.where(ascents < 1 + climbed, 0, 1 + climbed)  # ascents so far; 0 when the rule steps
    ended_new = jnp.where(climbed_new > 0, 1, 0)  # 1 where the step ends here
    return (climbed_new, ended_new)


class SAMByArrayState(NamedTuple):
    """What SAMByArray keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    kept: Any
    climbed: Array
    ended: Array


class SAMByArray(JaxOptimizer):
    """What `sam_by_array` is made of."""

    _states: ClassVar = ("kept",)
    _domains: ClassVar = {
        "rho": ("rho >= 0", lambda rho: rho >= 0),
        "ascents": ("integer ascents >= 1", lambda ascents: ascents >= 1 and ascents % 1 == 0),
    }
    _reductions: ClassVar = (("norm2", "norm", False),)
    _scalars = staticmethod(sam_by_array_scalars)
    _elements = staticmethod(sam_by_array_elements)
    _advance = staticmethod(sam_by_array_shared)
    _sums = staticmethod(sam_by_array_sums)
    _State = SAMByArrayState
    _moves: ClassVar = False
    _shifts: ClassVar = True
    _ends: ClassVar = True

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"climbed": 0, "ended": 0}


def sam_by_array(
    tx: GradientTransformation,
    *,
    rho: Hyper = 0.05,
    ascents: IntHyper = 1,
) -> GradientTransformation:
    """SAMByArray: the rule takes the gradient that is found a way of length rho uphill in each array.

    Source: Foret et al. (2021), Algorithm 1, arXiv:2010.01412, for each array by itself.
    The equations are in `sam_by_array_elements`.
    It is put around the rule, and what is in a chain with it: sam_by_array(rule, ...).
    An update may be one that ends early: then what it surrounds waits.
    Each update leaves the parameters where the next gradient is taken. Since updates are added, there
    is no way back from where a parameter is not finite.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        rho      rho >= 0              length of the ascent
        ascents  integer ascents >= 1  ascents to a step of the rule
    """
    return SAMByArray(rho=rho, ascents=ascents).around(tx)


def asam_scalars(
    climbed: float,
    ended: float,
    norm2: float,
    t: int,
    *,
    rho: float = 0.5,
    ascents: int = 1,
) -> tuple[float, ...]:
    """What all elements share in a step of ASAM: the last arguments of `asam_elements`.

    t is the number of the step, from 1. States:

        kept     = 0 before the first step
        climbed  = 0 before the first step
        ended    = 0 before the first step

    norm2: what `asam_sums` gives.
    """
    length = norm2  # norm of all gradients times sizes
    rate = jnp.where(length <= 0, 0, rho / length)
    climbed_new = jnp.where(ascents < 1 + climbed, 0, 1 + climbed)  # ascents so far; 0 when the rule steps
    climbed_above_zero = jnp.where(climbed > 0, 1, 0)
    climbed_new_above_zero = jnp.where(climbed_new > 0, 1, 0)
    return (climbed_above_zero, climbed_new_above_zero, rate)


def asam_elements(
    w: Array,
    kept: Array,
    g: Array,
    climbed_above_zero: float,
    climbed_new_above_zero: float,
    rate: float,
) -> tuple[Array, ...]:
    """A step of ASAM for each element; returns w, kept after it.

        length       = sqrt(global_sum(w**2 * g**2))                          norm of all gradients times sizes
        rate         = where(length <= 0, 0, rho / length)
        climbed_new  = where(ascents < 1 + climbed, 0, 1 + climbed)           ascents so far; 0 when the rule steps
        kept_new     = where(climbed > 0, kept, w)                            weights that the rule steps from
        ended_new    = where(climbed_new > 0, 1, 0)                           1 where the step ends here
        w_new        = where(climbed_new > 0, w + rate * g * w**2, kept_new)  uphill, in the end back

    w, kept and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    kept_new = jnp.where(climbed_above_zero != 0, kept, w)  # weights that the rule steps from
    w_new = jnp.where(climbed_new_above_zero != 0, w + rate * g * w**2, kept_new)  # uphill, in the end back
    return (w_new, kept_new)


def asam_summands(
    w: Array,
    g: Array,
) -> tuple[Array, ...]:
    """What a step of ASAM sums up, for each element."""
    norm2 = w * g
    return (norm2,)


def asam_sums(
    w: Array,
    g: Array,
    kept: Array,
    climbed: float,
    ended: float,
    t: int,
    *,
    rho: float = 0.5,
    ascents: int = 1,
) -> tuple[float, ...]:
    """What a step of ASAM sums up over one array, in double; nothing is written.

        norm2  = sqrt(global_sum(w**2 * g**2))

    The results are arguments of `asam_scalars`, before the step number.
    Those over all arrays are put together from what this gives for each of them.
    """
    return summed(asam_summands, (w, g), (), ("norm",))


def asam_shared(
    climbed: float,
    ended: float,
    norm2: float,
    t: int,
    *,
    rho: float = 0.5,
    ascents: int = 1,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    climbed_new = jnp.where(ascents < 1 + climbed, 0, 1 + climbed)  # ascents so far; 0 when the rule steps
    ended_new = jnp.where(climbed_new > 0, 1, 0)  # 1 where the step ends here
    return (climbed_new, ended_new)


class ASAMState(NamedTuple):
    """What ASAM keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    kept: Any
    climbed: Array
    ended: Array


class ASAM(JaxOptimizer):
    """What `asam` is made of."""

    _states: ClassVar = ("kept",)
    _domains: ClassVar = {
        "rho": ("rho >= 0", lambda rho: rho >= 0),
        "ascents": ("integer ascents >= 1", lambda ascents: ascents >= 1 and ascents % 1 == 0),
    }
    _reductions: ClassVar = (("norm2", "norm", True),)
    _scalars = staticmethod(asam_scalars)
    _elements = staticmethod(asam_elements)
    _advance = staticmethod(asam_shared)
    _sums = staticmethod(asam_sums)
    _State = ASAMState
    _moves: ClassVar = False
    _shifts: ClassVar = True
    _ends: ClassVar = True

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"climbed": 0, "ended": 0}


def asam(
    tx: GradientTransformation,
    *,
    rho: Hyper = 0.5,
    ascents: IntHyper = 1,
) -> GradientTransformation:
    """ASAM: SAM whose way is measured in sizes of weights, so that it stays the same where weights are rescaled.

    Source: Kwon et al. (2021), arXiv:2102.11600, element by element, with eta = 0.
    The equations are in `asam_elements`.
    It is put around the rule, and what is in a chain with it: asam(rule, ...).
    An update may be one that ends early: then what it surrounds waits.
    Each update leaves the parameters where the next gradient is taken. Since updates are added, there
    is no way back from where a parameter is not finite.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        rho      rho >= 0              length of the ascent, each weight being a unit of its own
        ascents  integer ascents >= 1  ascents to a step of the rule
    """
    return ASAM(rho=rho, ascents=ascents).around(tx)


def usam_scalars(
    climbed: float,
    ended: float,
    t: int,
    *,
    ascents: int = 1,
    rho: float = 0.05,
) -> tuple[float, ...]:
    """What all elements share in a step of USAM: the last arguments of `usam_elements`.

    t is the number of the step, from 1. States:

        kept     = 0 before the first step
        climbed  = 0 before the first step
        ended    = 0 before the first step
    """
    climbed_new = jnp.where(ascents < 1 + climbed, 0, 1 + climbed)  # ascents so far; 0 when the rule steps
    climbed_above_zero = jnp.where(climbed > 0, 1, 0)
    climbed_new_above_zero = jnp.where(climbed_new > 0, 1, 0)
    return (climbed_above_zero, climbed_new_above_zero, rho)


def usam_elements(
    w: Array,
    kept: Array,
    g: Array,
    climbed_above_zero: float,
    climbed_new_above_zero: float,
    rho: float,
) -> tuple[Array, ...]:
    """A step of USAM for each element; returns w, kept after it.

        climbed_new  = where(ascents < 1 + climbed, 0, 1 + climbed)   ascents so far; 0 when the rule steps
        kept_new     = where(climbed > 0, kept, w)                    weights that the rule steps from
        ended_new    = where(climbed_new > 0, 1, 0)                   1 where the step ends here
        w_new        = where(climbed_new > 0, w + rho * g, kept_new)  uphill, in the end back

    w, kept and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    kept_new = jnp.where(climbed_above_zero != 0, kept, w)  # weights that the rule steps from
    w_new = jnp.where(climbed_new_above_zero != 0, w + rho * g, kept_new)  # uphill, in the end back
    return (w_new, kept_new)


def usam_shared(
    climbed: float,
    ended: float,
    t: int,
    *,
    ascents: int = 1,
    rho: float = 0.05,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    climbed_new = jnp.where(ascents < 1 + climbed, 0, 1 + climbed)  # ascents so far; 0 when the rule steps
    ended_new = jnp.where(climbed_new > 0, 1, 0)  # 1 where the step ends here
    return (climbed_new, ended_new)


class USAMState(NamedTuple):
    """What USAM keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    kept: Any
    climbed: Array
    ended: Array


class USAM(JaxOptimizer):
    """What `usam` is made of."""

    _states: ClassVar = ("kept",)
    _domains: ClassVar = {
        "ascents": ("integer ascents >= 1", lambda ascents: ascents >= 1 and ascents % 1 == 0),
        "rho": ("rho >= 0", lambda rho: rho >= 0),
    }
    _scalars = staticmethod(usam_scalars)
    _elements = staticmethod(usam_elements)
    _advance = staticmethod(usam_shared)
    _State = USAMState
    _moves: ClassVar = False
    _shifts: ClassVar = True
    _ends: ClassVar = True

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"climbed": 0, "ended": 0}


def usam(
    tx: GradientTransformation,
    *,
    ascents: IntHyper = 1,
    rho: Hyper = 0.05,
) -> GradientTransformation:
    """USAM: SAM whose way is rho times the gradient.

    Source: Andriushchenko & Flammarion (2022), equation 4, arXiv:2206.06232.
    The equations are in `usam_elements`.
    It is put around the rule, and what is in a chain with it: usam(rule, ...).
    An update may be one that ends early: then what it surrounds waits.
    Each update leaves the parameters where the next gradient is taken. Since updates are added, there
    is no way back from where a parameter is not finite.

    Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:

        ascents  integer ascents >= 1  ascents to a step of the rule
        rho      rho >= 0              rate of the ascent
    """
    return USAM(ascents=ascents, rho=rho).around(tx)


def extragradient_scalars(
    ahead: float,
    ended: float,
    t: int,
    *,
    lr: float,
) -> tuple[float, ...]:
    """What all elements share in a step of Extragradient: the last arguments of `extragradient_elements`.

    t is the number of the step, from 1. States:

        kept   = 0 before the first step
        ahead  = 0 before the first step
        ended  = 0 before the first step
    """
    ahead_new = jnp.where(ahead > 0, 0, 1)  # 1 while the parameter is a step ahead
    ahead_above_zero = jnp.where(ahead > 0, 1, 0)
    ahead_new_above_zero = jnp.where(ahead_new > 0, 1, 0)
    return (ahead_above_zero, ahead_new_above_zero, lr)


def extragradient_elements(
    w: Array,
    kept: Array,
    g: Array,
    ahead_above_zero: float,
    ahead_new_above_zero: float,
    lr: float,
) -> tuple[Array, ...]:
    """A step of Extragradient for each element; returns w, kept after it.

        ahead_new  = where(ahead > 0, 0, 1)                      1 while the parameter is a step ahead
        kept_new   = where(ahead > 0, kept, w)                   weights that the rule steps from
        ended_new  = where(ahead_new > 0, 1, 0)                  1 where the step ends here
        w_new      = where(ahead_new > 0, w - lr * g, kept_new)  ahead, then back

    w, kept and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or
    bfloat16, with states in float32; g is only read.
    """
    kept_new = jnp.where(ahead_above_zero != 0, kept, w)  # weights that the rule steps from
    w_new = jnp.where(ahead_new_above_zero != 0, w - lr * g, kept_new)  # ahead, then back
    return (w_new, kept_new)


def extragradient_shared(
    ahead: float,
    ended: float,
    t: int,
    *,
    lr: float,
) -> tuple[float, ...]:
    """The scalar state after step t, which all parameters share."""
    ahead_new = jnp.where(ahead > 0, 0, 1)  # 1 while the parameter is a step ahead
    ended_new = jnp.where(ahead_new > 0, 1, 0)  # 1 where the step ends here
    return (ahead_new, ended_new)


class ExtragradientState(NamedTuple):
    """What Extragradient keeps: the number of steps, and states that are nested as the parameters."""

    t: Array
    kept: Any
    ahead: Array
    ended: Array


class Extragradient(JaxOptimizer):
    """What `extragradient` is made of."""

    _states: ClassVar = ("kept",)
    _domains: ClassVar = {
    }
    _signals: ClassVar = ("lr",)
    _scalars = staticmethod(extragradient_scalars)
    _elements = staticmethod(extragradient_elements)
    _advance = staticmethod(extragradient_shared)
    _State = ExtragradientState
    _moves: ClassVar = False
    _shifts: ClassVar = True
    _ends: ClassVar = True

    def _initial(self, w: Array, hyper: Mapping[str, float]) -> tuple[Array, ...]:
        return (jnp.zeros_like(w),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"ahead": 0, "ended": 0}


def extragradient(
    tx: GradientTransformation,
) -> GradientTransformation:
    """Extragradient: the rule takes the gradient that is found a step of gradient descent ahead; for games and saddle points.

    Source: Korpelevich (1976), The extragradient method for finding saddle points, with the rate of the rule.
    The equations are in `extragradient_elements`.
    It is put around the rule, and what is in a chain with it: extragradient(rule, ...).
    An update may be one that ends early: then what it surrounds waits.
    Each update leaves the parameters where the next gradient is taken. Since updates are added, there
    is no way back from where a parameter is not finite.

    A step is update(grads, state, params, lr=lr):

        lr  a number  the learning rate of the rule
    """
    return Extragradient().around(tx)
