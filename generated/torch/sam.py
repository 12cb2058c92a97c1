# generated from specs/sam.py; regenerate with: python cli.py generate sam
"""Gradients taken elsewhere than where the rule steps: uphill from the weights (SAM), or a step ahead of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import torch

from .._runtime.pipeline import Where
from .._runtime.scalars import divided
from ._arrays import Array, Hyper, IntHyper, Stage

__all__ = [
    "ASAM",
    "SAM",
    "USAM",
    "Extragradient",
    "SAMByArray",
]


class SAM(Stage):
    """SAM: the rule takes the gradient that is found a way of length rho uphill.

        length       = sqrt(global_sum(g**2))                          norm of all gradients
        rate         = where(length <= 0, 0, rho / length)
        climbed_new  = where(ascents < 1 + climbed, 0, 1 + climbed)    ascents so far; 0 when the rule steps
        kept_new     = where(climbed > 0, kept, w)                     weights that the rule steps from
        w_new        = where(climbed_new > 0, w + rate * g, kept_new)  uphill, in the end back

    The step ends here where climbed_new > 0.

    Runs before the rule. Source: Foret et al. (2021), Algorithm 1, arXiv:2010.01412.
    While climbed > 0, the parameter is kept in kept; step takes the next gradient where it is now. A parameter
    without a gradient has one of zeros here, and takes the step if it has one in the last call.

    States:

        kept     = 0 before the first step
        climbed  = 0 before the first step

        rho      rho >= 0              length of the ascent
        ascents  integer ascents >= 1  ascents to a step of the rule
    """

    rho: Hyper
    ascents: IntHyper
    climbed: float

    _domains: ClassVar = {
        "rho": ("rho >= 0", lambda rho: rho >= 0),
        "ascents": ("integer ascents >= 1", lambda ascents: ascents >= 1 and ascents % 1 == 0),
    }
    _states: ClassVar = ("kept",)
    _names: ClassVar = ("climbed_above_zero", "climbed_new_above_zero", "rate")
    _reductions: ClassVar = (("norm2", "norm", True),)
    _moves: ClassVar = True
    _halts: ClassVar = True
    _home: ClassVar = "kept"
    _phase: ClassVar = "climbed"

    def __init__(
        self,
        *,
        rho: Hyper = 0.05,
        ascents: IntHyper = 1,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, rho=rho, ascents=ascents)

    def _initial(self, w: Array) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"climbed": 0}

    def _factors(
        self,
        *,
        norm2: Any,
        rho: Any,
        ascents: Any,
        climbed: Any,
        **_: Any,
    ) -> tuple[Any, ...]:
        length = norm2  # norm of all gradients
        rate = 0 if length <= 0 else divided(rho, length)
        climbed_new = 0 if ascents < 1 + climbed else 1 + climbed  # ascents so far; 0 when the rule steps
        climbed_above_zero = 1 if climbed > 0 else 0
        climbed_new_above_zero = 1 if climbed_new > 0 else 0
        return (climbed_above_zero, climbed_new_above_zero, rate)

    def _advance(
        self,
        *,
        ascents: Any,
        climbed: Any,
        **_: Any,
    ) -> tuple[tuple[float, ...], bool]:
        climbed_new = 0 if ascents < 1 + climbed else 1 + climbed  # ascents so far; 0 when the rule steps
        return (climbed_new,), bool(climbed_new > 0)

    @staticmethod
    def _summands(w: Array, g: Array) -> tuple[Array, ...]:
        norm2 = g
        return (norm2,)

    @staticmethod
    def _elements(w: Array, g: Array, kept: Array, climbed_above_zero: float, climbed_new_above_zero: float, rate: float) -> tuple[Array, ...]:
        kept_new = torch.where(climbed_above_zero != 0, kept, w)  # weights that the rule steps from
        w_new = torch.where(climbed_new_above_zero != 0, w + rate * g, kept_new)  # uphill, in the end back
        return (w_new, g, kept_new)


class SAMByArray(Stage):
    """SAMByArray: the rule takes the gradient that is found a way of length rho uphill in each array.

        length       = sqrt(array_sum(g**2))                           norm of this gradient
        rate         = where(length <= 0, 0, rho / length)
        climbed_new  = where(ascents < 1 + climbed, 0, 1 + climbed)    ascents so far; 0 when the rule steps
        kept_new     = where(climbed > 0, kept, w)                     weights that the rule steps from
        w_new        = where(climbed_new > 0, w + rate * g, kept_new)  uphill, in the end back

    The step ends here where climbed_new > 0.

    Runs before the rule. Source: Foret et al. (2021), Algorithm 1, arXiv:2010.01412, for each array by itself.
    While climbed > 0, the parameter is kept in kept; step takes the next gradient where it is now. A parameter
    without a gradient has one of zeros here, and takes the step if it has one in the last call.

    States:

        kept     = 0 before the first step
        climbed  = 0 before the first step

        rho      rho >= 0              length of the ascent
        ascents  integer ascents >= 1  ascents to a step of the rule
    """

    rho: Hyper
    ascents: IntHyper
    climbed: float

    _domains: ClassVar = {
        "rho": ("rho >= 0", lambda rho: rho >= 0),
        "ascents": ("integer ascents >= 1", lambda ascents: ascents >= 1 and ascents % 1 == 0),
    }
    _states: ClassVar = ("kept",)
    _names: ClassVar = ("climbed_above_zero", "climbed_new_above_zero", "rate")
    _reductions: ClassVar = (("norm2", "norm", False),)
    _moves: ClassVar = True
    _halts: ClassVar = True
    _home: ClassVar = "kept"
    _phase: ClassVar = "climbed"

    def __init__(
        self,
        *,
        rho: Hyper = 0.05,
        ascents: IntHyper = 1,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, rho=rho, ascents=ascents)

    def _initial(self, w: Array) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"climbed": 0}

    def _factors(
        self,
        *,
        norm2: Any,
        rho: Any,
        ascents: Any,
        climbed: Any,
        **_: Any,
    ) -> tuple[Any, ...]:
        length = norm2  # norm of this gradient
        rate = 0 if length <= 0 else divided(rho, length)
        climbed_new = 0 if ascents < 1 + climbed else 1 + climbed  # ascents so far; 0 when the rule steps
        climbed_above_zero = 1 if climbed > 0 else 0
        climbed_new_above_zero = 1 if climbed_new > 0 else 0
        return (climbed_above_zero, climbed_new_above_zero, rate)

    def _advance(
        self,
        *,
        ascents: Any,
        climbed: Any,
        **_: Any,
    ) -> tuple[tuple[float, ...], bool]:
        climbed_new = 0 if ascents < 1 + climbed else 1 + climbed  # ascents so far; 0 when the rule steps
        return (climbed_new,), bool(climbed_new > 0)

    @staticmethod
    def _summands(w: Array, g: Array) -> tuple[Array, ...]:
        norm2 = g
        return (norm2,)

    @staticmethod
    def _elements(w: Array, g: Array, kept: Array, climbed_above_zero: float, climbed_new_above_zero: float, rate: float) -> tuple[Array, ...]:
        kept_new = torch.where(climbed_above_zero != 0, kept, w)  # weights that the rule steps from
        w_new = torch.where(climbed_new_above_zero != 0, w + rate * g, kept_new)  # uphill, in the end back
        return (w_new, g, kept_new)


class ASAM(Stage):
    """ASAM: SAM whose way is measured in sizes of weights, so that it stays the same where weights are rescaled.

        length       = sqrt(global_sum(w**2 * g**2))                          norm of all gradients times sizes
        rate         = where(length <= 0, 0, rho / length)
        climbed_new  = where(ascents < 1 + climbed, 0, 1 + climbed)           ascents so far; 0 when the rule steps
        kept_new     = where(climbed > 0, kept, w)                            weights that the rule steps from
        w_new        = where(climbed_new > 0, w + rate * g * w**2, kept_new)  uphill, in the end back

    The step ends here where climbed_new > 0.

    Runs before the rule. Source: Kwon et al. (2021), arXiv:2102.11600, element by element, with eta = 0.
    While climbed > 0, the parameter is kept in kept; step takes the next gradient where it is now. A parameter
    without a gradient has one of zeros here, and takes the step if it has one in the last call.

    States:

        kept     = 0 before the first step
        climbed  = 0 before the first step

        rho      rho >= 0              length of the ascent, each weight being a unit of its own
        ascents  integer ascents >= 1  ascents to a step of the rule
    """

    rho: Hyper
    ascents: IntHyper
    climbed: float

    _domains: ClassVar = {
        "rho": ("rho >= 0", lambda rho: rho >= 0),
        "ascents": ("integer ascents >= 1", lambda ascents: ascents >= 1 and ascents % 1 == 0),
    }
    _states: ClassVar = ("kept",)
    _names: ClassVar = ("climbed_above_zero", "climbed_new_above_zero", "rate")
    _reductions: ClassVar = (("norm2", "norm", True),)
    _moves: ClassVar = True
    _halts: ClassVar = True
    _home: ClassVar = "kept"
    _phase: ClassVar = "climbed"

    def __init__(
        self,
        *,
        rho: Hyper = 0.5,
        ascents: IntHyper = 1,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, rho=rho, ascents=ascents)

    def _initial(self, w: Array) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"climbed": 0}

    def _factors(
        self,
        *,
        norm2: Any,
        rho: Any,
        ascents: Any,
        climbed: Any,
        **_: Any,
    ) -> tuple[Any, ...]:
        length = norm2  # norm of all gradients times sizes
        rate = 0 if length <= 0 else divided(rho, length)
        climbed_new = 0 if ascents < 1 + climbed else 1 + climbed  # ascents so far; 0 when the rule steps
        climbed_above_zero = 1 if climbed > 0 else 0
        climbed_new_above_zero = 1 if climbed_new > 0 else 0
        return (climbed_above_zero, climbed_new_above_zero, rate)

    def _advance(
        self,
        *,
        ascents: Any,
        climbed: Any,
        **_: Any,
    ) -> tuple[tuple[float, ...], bool]:
        climbed_new = 0 if ascents < 1 + climbed else 1 + climbed  # ascents so far; 0 when the rule steps
        return (climbed_new,), bool(climbed_new > 0)

    @staticmethod
    def _summands(w: Array, g: Array) -> tuple[Array, ...]:
        norm2 = w * g
        return (norm2,)

    @staticmethod
    def _elements(w: Array, g: Array, kept: Array, climbed_above_zero: float, climbed_new_above_zero: float, rate: float) -> tuple[Array, ...]:
        kept_new = torch.where(climbed_above_zero != 0, kept, w)  # weights that the rule steps from
        w_new = torch.where(climbed_new_above_zero != 0, w + rate * g * w**2, kept_new)  # uphill, in the end back
        return (w_new, g, kept_new)


class USAM(Stage):
    """USAM: SAM whose way is rho times the gradient.

        climbed_new  = where(ascents < 1 + climbed, 0, 1 + climbed)   ascents so far; 0 when the rule steps
        kept_new     = where(climbed > 0, kept, w)                    weights that the rule steps from
        w_new        = where(climbed_new > 0, w + rho * g, kept_new)  uphill, in the end back

    The step ends here where climbed_new > 0.

    Runs before the rule. Source: Andriushchenko & Flammarion (2022), equation 4, arXiv:2206.06232.
    While climbed > 0, the parameter is kept in kept; step takes the next gradient where it is now. A parameter
    without a gradient has one of zeros here, and takes the step if it has one in the last call.

    States:

        kept     = 0 before the first step
        climbed  = 0 before the first step

        ascents  integer ascents >= 1  ascents to a step of the rule
        rho      rho >= 0              rate of the ascent
    """

    ascents: IntHyper
    rho: Hyper
    climbed: float

    _domains: ClassVar = {
        "ascents": ("integer ascents >= 1", lambda ascents: ascents >= 1 and ascents % 1 == 0),
        "rho": ("rho >= 0", lambda rho: rho >= 0),
    }
    _states: ClassVar = ("kept",)
    _names: ClassVar = ("climbed_above_zero", "climbed_new_above_zero", "rho")
    _moves: ClassVar = True
    _halts: ClassVar = True
    _home: ClassVar = "kept"
    _phase: ClassVar = "climbed"

    def __init__(
        self,
        *,
        ascents: IntHyper = 1,
        rho: Hyper = 0.05,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where, ascents=ascents, rho=rho)

    def _initial(self, w: Array) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"climbed": 0}

    def _factors(
        self,
        *,
        ascents: Any,
        climbed: Any,
        rho: Any,
        **_: Any,
    ) -> tuple[Any, ...]:
        climbed_new = 0 if ascents < 1 + climbed else 1 + climbed  # ascents so far; 0 when the rule steps
        climbed_above_zero = 1 if climbed > 0 else 0
        climbed_new_above_zero = 1 if climbed_new > 0 else 0
        return (climbed_above_zero, climbed_new_above_zero, rho)

    def _advance(
        self,
        *,
        ascents: Any,
        climbed: Any,
        **_: Any,
    ) -> tuple[tuple[float, ...], bool]:
        climbed_new = 0 if ascents < 1 + climbed else 1 + climbed  # ascents so far; 0 when the rule steps
        return (climbed_new,), bool(climbed_new > 0)

    @staticmethod
    def _elements(w: Array, g: Array, kept: Array, climbed_above_zero: float, climbed_new_above_zero: float, rho: float) -> tuple[Array, ...]:
        kept_new = torch.where(climbed_above_zero != 0, kept, w)  # weights that the rule steps from
        w_new = torch.where(climbed_new_above_zero != 0, w + rho * g, kept_new)  # uphill, in the end back
        return (w_new, g, kept_new)


class Extragradient(Stage):
    """Extragradient: the rule takes the gradient that is found a step of gradient descent ahead; for games and saddle points.

        ahead_new  = where(ahead > 0, 0, 1)                      1 while the parameter is a step ahead
        kept_new   = where(ahead > 0, kept, w)                   weights that the rule steps from
        w_new      = where(ahead_new > 0, w - lr * g, kept_new)  ahead, then back

    The step ends here where ahead_new > 0.

    Runs before the rule. Source: Korpelevich (1976), The extragradient method for finding saddle points, with the rate of the rule.
    While ahead > 0, the parameter is kept in kept; step takes the next gradient where it is now. A parameter
    without a gradient has one of zeros here, and takes the step if it has one in the last call.

    States:

        kept   = 0 before the first step
        ahead  = 0 before the first step
    """

    ahead: float

    _states: ClassVar = ("kept",)
    _names: ClassVar = ("ahead_above_zero", "ahead_new_above_zero", "lr")
    _moves: ClassVar = True
    _halts: ClassVar = True
    _uses_lr: ClassVar = True
    _home: ClassVar = "kept"
    _phase: ClassVar = "ahead"

    def __init__(
        self,
        *,
        where: Where | None = None,
    ) -> None:
        super().__init__(where=where)

    def _initial(self, w: Array) -> tuple[Array, ...]:
        return (torch.zeros_like(w),)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {"ahead": 0}

    def _factors(self, *, ahead: Any, lr: Any, **_: Any) -> tuple[Any, ...]:
        ahead_new = 0 if ahead > 0 else 1  # 1 while the parameter is a step ahead
        ahead_above_zero = 1 if ahead > 0 else 0
        ahead_new_above_zero = 1 if ahead_new > 0 else 0
        return (ahead_above_zero, ahead_new_above_zero, lr)

    def _advance(self, *, ahead: Any, **_: Any) -> tuple[tuple[float, ...], bool]:
        ahead_new = 0 if ahead > 0 else 1  # 1 while the parameter is a step ahead
        return (ahead_new,), bool(ahead_new > 0)

    @staticmethod
    def _elements(w: Array, g: Array, kept: Array, ahead_above_zero: float, ahead_new_above_zero: float, lr: float) -> tuple[Array, ...]:
        kept_new = torch.where(ahead_above_zero != 0, kept, w)  # weights that the rule steps from
        w_new = torch.where(ahead_new_above_zero != 0, w - lr * g, kept_new)  # ahead, then back
        return (w_new, g, kept_new)
