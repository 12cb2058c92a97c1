# generated from specs/pacing.py; regenerate with: python cli.py generate pacing
"""Curriculum pacing: the fraction of the data, sorted from easy to difficult, that step t draws from.

What grows by factors counts, and is in specs/curriculum.py: 2**floor(t / period) leaves the doubles.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from ._runtime.hints import Hinted, advice
from ._runtime.number import as_float, fits, step_number, to_number

__all__ = [
    "LinearCompetence",
    "SingleStepPacing",
    "SqrtCompetence",
]


class _Schedule(Hinted):
    """A function of the step number t, from 1. Its hyperparameters are checked when they are set."""

    _what: ClassVar[str] = "schedule"
    _domains: ClassVar[dict[str, tuple[str, Callable[[float], bool]]]] = {}

    def __init__(self, **hyper: float) -> None:
        for name, value in hyper.items():
            setattr(self, name, value)

    def __call__(self, t: int) -> float:
        number = t if type(t) is int and t >= 1 else step_number(type(self).__name__, t)
        try:
            value = self._at(number)
        except (ArithmeticError, ValueError) as error:
            raise self._nowhere(t, str(error)) from None
        if math.isnan(value):
            raise self._nowhere(t, "it is not a number")
        return value

    def _at(self, t: Any) -> float:
        raise NotImplementedError

    def _nowhere(self, t: Any, fact: str) -> ValueError:
        return ValueError(f"{self!r} has no value at t = {t}: {fact}; choose other hyperparameters")

    if not TYPE_CHECKING:  # which would take any name for known

        def __setattr__(self, name: str, value: Any) -> None:
            rule = type(self).__name__
            if name not in self._domains:
                raise AttributeError(f"{rule} has no hyperparameter {name}; {advice(type(self), name)}")
            condition, holds = self._domains[name]
            number = to_number(f"{rule}: {name}", value)
            if not fits(number) or not holds(number):
                raise ValueError(f"{rule}: {name} = {as_float(number)!r} is not allowed; it needs {condition}")
            super().__setattr__(name, int(number) if condition.startswith("integer ") else float(number))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self._domains)})"


class LinearCompetence(_Schedule):
    """LinearCompetence: a fraction that grows by equal amounts.

        a[t] = minimum(1, start + (1 - start) * (t - 1) / steps)

    Source: Platanios et al. (2019), equation 6, arXiv:1903.09848, with t - 1 for t.

        start  0 < start <= 1      fraction at the first step
        steps  integer steps >= 1  number of steps before all data are used
    """

    start: float
    steps: int

    _domains: ClassVar = {
        "start": ("0 < start <= 1", lambda start: 0 < start <= 1),
        "steps": ("integer steps >= 1", lambda steps: steps >= 1 and steps % 1 == 0),
    }

    def __init__(
        self,
        *,
        start: float = 0.1,
        steps: int = 1000,
    ) -> None:
        super().__init__(
            start=start,
            steps=steps,
        )

    def _at(self, t: float) -> float:
        return min(1, self.start + (1 - self.start) * (t - 1) / self.steps)


class SqrtCompetence(_Schedule):
    """SqrtCompetence: a fraction that grows ever more slowly, so that new data have equal time.

        a[t] = minimum(1, sqrt(start**2 + (1 - start**2) * (t - 1) / steps))

    Source: Platanios et al. (2019), equation 7, arXiv:1903.09848, with t - 1 for t.

        start  0 < start <= 1      fraction at the first step
        steps  integer steps >= 1  number of steps before all data are used
    """

    start: float
    steps: int

    _domains: ClassVar = {
        "start": ("0 < start <= 1", lambda start: 0 < start <= 1),
        "steps": ("integer steps >= 1", lambda steps: steps >= 1 and steps % 1 == 0),
    }

    def __init__(
        self,
        *,
        start: float = 0.1,
        steps: int = 1000,
    ) -> None:
        super().__init__(
            start=start,
            steps=steps,
        )

    def _at(self, t: float) -> float:
        return min(1, math.sqrt(self.start**2 + (1 - self.start**2) * (t - 1) / self.steps))


class SingleStepPacing(_Schedule):
    """SingleStepPacing: a fraction, and after some steps all data.

        a[t] = where(steps < t, 1, start)

    Source: Hacohen & Weinshall (2019), single step pacing, arXiv:1904.03626.

        start  0 < start <= 1      fraction at the first step
        steps  integer steps >= 1  number of steps before all data are used
    """

    start: float
    steps: int

    _domains: ClassVar = {
        "start": ("0 < start <= 1", lambda start: 0 < start <= 1),
        "steps": ("integer steps >= 1", lambda steps: steps >= 1 and steps % 1 == 0),
    }

    def __init__(
        self,
        *,
        start: float = 0.1,
        steps: int = 1000,
    ) -> None:
        super().__init__(
            start=start,
            steps=steps,
        )

    def _at(self, t: float) -> float:
        return 1 if self.steps < t else self.start
