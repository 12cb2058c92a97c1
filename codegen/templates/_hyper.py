"""Hyperparameters: numbers or callables of the step number, checked when they are set."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

Schedule = Callable[[int], float]
Hyper = float | Schedule
Domain = tuple[str, Callable[[float], bool]]


class Hyperparameters:
    """What has hyperparameters: an optimizer, a stage, a group of parameters.

    `_domains` says for each what it may be, in words and as a test. Attributes that are not
    hyperparameters begin with an underscore, so that a misspelt one is an error.
    """

    _domains: ClassVar[dict[str, Domain]] = {}

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self._domains:
            if not callable(value):
                value = self._check_hyper(name, value)
        elif not name.startswith("_"):
            self._check_name(name)
        super().__setattr__(name, value)

    def _check_name(self, name: str) -> None:
        if name not in self._domains:
            close = difflib.get_close_matches(name, self._domains, n=1, cutoff=0.4)
            hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(self._domains)}"
            raise AttributeError(f"{self._rule} has no hyperparameter {name}; {hint}")

    @property
    def _rule(self) -> str:
        return type(self).__name__

    def _check_hyper(self, name: str, value: Any) -> float:
        condition, holds = self._domains[name]
        try:
            number = float("a string is not a number" if isinstance(value, str) else value)
        except (TypeError, ValueError):
            raise TypeError(
                f"{self._rule}: {name} is {value!r}; it has to be a number or a callable of the step number t"
            ) from None
        if not math.isfinite(number) or not holds(number):
            raise ValueError(f"{self._rule}: {name} = {number!r} is not allowed; it needs {condition}")
        return number

    def _numbers(self) -> Iterator[str]:
        return (name for name in self._domains if not callable(getattr(self, name)))

    def _hyper_at(self, t: int) -> dict[str, float]:
        """The hyperparameters of step `t`."""
        values = {name: getattr(self, name) for name in self._domains}
        return {name: self._check_hyper(name, v(t)) if callable(v) else v for name, v in values.items()}

    def _shown(self) -> str:
        return ", ".join(f"{name}={getattr(self, name)!r}" for name in self._domains)
