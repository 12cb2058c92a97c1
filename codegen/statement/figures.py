"""Figures: a factor at the defaults that rises and falls below a bound, where one run ends, where it goes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import sympy

from .relations import Relation, spelling
from .runs import Runs
from .terms import symbols_of


@dataclass(frozen=True)
class Rounded:
    """All numbers that are written `text` when they are rounded to its digits, the ends of this interval included."""

    text: str

    @property
    def low(self) -> Fraction:
        return Fraction(self.text) - self._half

    @property
    def high(self) -> Fraction:
        return Fraction(self.text) + self._half

    @property
    def _half(self) -> Fraction:
        return Fraction(1, 2) / 10 ** len(self.text.partition(".")[2])


@dataclass(frozen=True)
class Passes(Relation):
    """`value`, of t, begins as `first`, is largest at the step `peak`, and below `bound` exactly from `since` on.

    `below` is the bound as a decimal.
    """

    value: sympy.Expr
    first: Rounded
    peak: int
    most: Rounded
    below: str
    since: int

    @property
    def bound(self) -> Fraction:
        return Fraction(self.below)

    def text(self, runs: Runs) -> str:
        value = spelling(runs)(self.value)
        peak = f"largest at t = {self.peak} with {self.most.text}"
        below = f"below {self.below} exactly from t = {self.since} on"
        return f"{value} is {self.first.text} at t = 1, {peak}, and {below}"

    def symbols(self) -> set[sympy.Symbol]:
        return symbols_of(self.value)


@dataclass(frozen=True)
class EndsNear(Relation):
    """With `gradients` over and over again, and `w` projected onto `within` after each step, `w[steps]` is `near`."""

    near: Rounded
    steps: int
    gradients: tuple[Fraction, ...]
    start: Fraction
    within: tuple[Fraction, Fraction] | None

    def text(self, runs: Runs) -> str:
        gradients = ", ".join(map(str, self.gradients))
        kept = f", kept in [{self.within[0]}, {self.within[1]}]," if self.within else ""
        given = f"with the gradients {gradients} over and over again"
        return f"{given}, w{kept} from w[0] = {self.start} is {self.near.text} after {self.steps} steps"


@dataclass(frozen=True)
class EachPeriod(Relation):
    """With `gradients` over and over again, each period of them moves `w` up, or down."""

    gradients: tuple[Fraction, ...]
    up: bool

    def text(self, runs: Runs) -> str:
        gradients = ", ".join(map(str, self.gradients))
        size, way = len(self.gradients), "up" if self.up else "down"
        return f"with the gradients {gradients} over and over again, each period of {size} steps moves w {way}"
