"""Claims with numbers in them: a factor at the defaults, and one run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import sympy

from ..spec.rules import Optimizer, Stage
from ..spec.symbolic import Reduction
from ..spec.symbols import STEP, Hyper
from .base import Claim, Finding, floats, outside, sympified, unknown

__all__ = ["ends", "periods", "transient"]

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True)
class Transient(Claim):
    """At the defaults, `value` is nowhere larger than at a step, and below a bound from another step on, not before.

    `first` is its value at t = 1, `peak` the step and the value there, `below` the bound and the step.
    """

    label: ClassVar[str] = "transient"

    value: sympy.Expr
    first: str
    peak: tuple[int, str]
    below: tuple[str, int]

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.value,)

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        known = {STEP, *(h.name for h in optimizer.hypers)}
        yield from unknown(self, self.expressions(), known, "rule")
        yield from floats(self, self.expressions())
        for text in (self.first, self.peak[1], self.below[0]):
            yield from _no_decimal(self, text)
        if not (all(map(_whole, (self.peak[0], self.below[1]))) and 1 <= self.peak[0] < self.below[1]):
            fact = f"{self.label}: the steps {self.peak[0]} and {self.below[1]}"
            yield fact, "give whole numbers, the peak first, from t = 1 on"
        used = {s.name for s in self.value.free_symbols}
        for h in sorted((h for h in optimizer.hypers if h.name in used and h.default is None), key=str):
            yield f"{self.label}: {h} has no default", "say it of a rule that has one"


def transient(value: sympy.Expr, *, first: str, peak: tuple[int, str], below: tuple[str, int]) -> Transient:
    """A factor, an expression in t and hyperparameters, rises to its largest value and falls below a bound for good.

    With the hyperparameters at their defaults, `value` is `first` at t = 1, it is largest at the step `peak[0]`, where
    it is `peak[1]`, and it is below `below[0]` from the step `below[1]` on, and at none before. Decimals are rounded:
    "6.57" is what lies within half a unit of its last digit; the bound is exact.
    """
    return Transient(sympy.sympify(value), first, peak, below)


@dataclass(frozen=True)
class OneRun(Claim):
    """Base of what is said of one run: `gradients` over and over again, all hyperparameters given."""

    of_steps: ClassVar[bool] = True

    gradients: tuple[sympy.Rational, ...]
    at: Mapping[Hyper, sympy.Expr] = field(hash=False)

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return tuple(self.at)

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from super().problems(optimizer)
        if not self.gradients:
            yield f"{self.label}: there is no gradient", "give one or more"
        yield from _no_fraction(self, self.gradients)
        for h in sorted(set(optimizer.hypers) - set(self.at), key=str):
            yield f"{self.label}: it does not say what {h} is", f"add {h} to `at`"
        for symbol in sorted(set(self.at) - set(optimizer.hypers), key=str):
            yield f"{self.label}: {symbol} is no hyperparameter of {optimizer.name}", "leave it out of `at`"
        yield from floats(self, self.at.values())
        for value in self.at.values():
            if any(s.name != STEP for s in value.free_symbols) or value.has(sympy.oo, -sympy.oo, sympy.zoo, sympy.nan):
                yield f"{self.label}: {value} is no number of t", "write it with numbers and t"
        if isinstance(optimizer, Stage):
            yield f"{self.label}: where a stage leads depends on the rule after it", "say it of a rule"
        if any(step.value.has(Reduction) for step in optimizer.steps):
            yield f"{self.label}: {optimizer.name} sums over whole arrays", "say it of a rule of single elements"
        yield from outside(self, {h: v for h, v in self.at.items() if v.is_Rational}, optimizer)


@dataclass(frozen=True)
class Ends(OneRun):
    """`w` is near `near`, a rounded decimal, after `steps` steps from `start`.

    `within` are the ends of the interval onto which `w` is projected after each step.
    """

    near: str
    steps: int
    start: sympy.Rational
    within: tuple[sympy.Rational, sympy.Rational] | None

    @property
    def label(self) -> str:
        return f"ends at {self.near}"

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from super().problems(optimizer)
        yield from _no_decimal(self, self.near)
        if not (_whole(self.steps) and self.steps >= 1):
            yield f"{self.label}: {self.steps} is no number of steps", "give one or more"
        if wrong := list(_no_fraction(self, (self.start, *(self.within or ())))):
            yield from wrong
        elif self.within is not None and not self.within[0] <= self.start <= self.within[1]:
            yield f"{self.label}: {self.start} is not in {list(self.within)}", "start within, its lower end first"


@dataclass(frozen=True)
class Periods(OneRun):
    """Each period of the gradients, from the first on, moves `w` up, or down."""

    up: bool

    @property
    def label(self) -> str:
        return f"each period {'up' if self.up else 'down'}"


def periods(direction: str, *, gradients: tuple[int, ...], at: Mapping[Hyper, sympy.Expr]) -> Periods:
    """With these gradients over and over again, for ever, each period moves `w` "up", or "down".

    `w` is not kept in an interval, and may start anywhere. `at` gives all hyperparameters, which may depend on t as
    powers do.
    """
    if direction not in ("up", "down"):
        raise ValueError(f'periods go "up" or "down", and not {direction!r}')
    return Periods(tuple(map(sympy.sympify, gradients)), sympified(at), direction == "up")


def ends(
    near: str,
    *,
    steps: int,
    gradients: tuple[int, ...],
    at: Mapping[Hyper, sympy.Expr],
    start: sympy.Expr = 0,
    within: tuple[sympy.Expr, sympy.Expr] | None = None,
) -> Ends:
    """One run, in numbers: `w` is `near`, a rounded decimal, after so many steps.

    The `gradients` come over and over again, whatever `w` is, as those of losses that are linear in it. `at` gives
    all hyperparameters; they may depend on t. `w` begins at `start`; after each step it is projected onto the interval
    `within`, if one is given.
    """
    interval = None if within is None else (sympy.sympify(within[0]), sympy.sympify(within[1]))
    return Ends(tuple(map(sympy.sympify, gradients)), sympified(at), near, steps, sympy.sympify(start), interval)


def _no_decimal(claim: Claim, text: Any) -> Iterator[Finding]:
    if not (isinstance(text, str) and _DECIMAL.fullmatch(text)):
        yield f"{claim.label}: {text!r} is no decimal number", 'write a string such as "3.16"'


def _no_fraction(claim: Claim, values: Iterable[sympy.Expr]) -> Iterator[Finding]:
    for value in values:
        if not value.is_Rational:
            yield f"{claim.label}: {value} is no fraction", "write it with whole numbers and Rational"


def _whole(number: Any) -> bool:
    return isinstance(number, int | sympy.Integer) and not isinstance(number, bool)
