"""What a schedule may say of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import sympy

from ..spec.domain import Domain, parse
from ..spec.rules import Schedule
from ..spec.symbols import STEP, Hyper
from .base import Claim, Finding, floats, outside, sympified, unknown

__all__ = ["ends_at", "non_decreasing", "partial_sum", "robbins_monro", "starts_at", "sums_to", "within"]


@dataclass(frozen=True)
class ScheduleClaim(Claim):
    """Base of all claims about schedules."""

    applies_to = Schedule

    def problems(self, schedule: Schedule) -> Iterator[Finding]:
        """What makes the claim meaningless for `schedule`."""
        yield from unknown(self, self.expressions(), {"t", *(h.name for h in schedule.hypers)}, "schedule")
        yield from floats(self, self.expressions())


@dataclass(frozen=True)
class RobbinsMonro(ScheduleClaim):
    """Whether the sum of a_t diverges and the sum of a_t**2 converges: the two conditions of Robbins & Monro.

    `at` fixes hyperparameters, `domains` narrows their domains.
    """

    diverges: bool
    square_summable: bool
    at: Mapping[Hyper, sympy.Expr]
    domains: Mapping[Hyper, str]

    @property
    def label(self) -> str:
        return f"Robbins-Monro{self.where}"

    @property
    def where(self) -> str:
        """The condition on the hyperparameters, as text."""
        return _where([*_fixed(self.at), *(d.condition(h.name) for h, d in self.narrowed.items())])

    @property
    def narrowed(self) -> dict[Hyper, Domain]:
        """The `domains`. Raises ValueError with the remedy where one cannot be read."""
        return {hyper: parse(text) for hyper, text in self.domains.items()}

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (*self.at, *self.domains)

    def problems(self, schedule: Schedule) -> Iterator[Finding]:
        try:
            narrowed = self.narrowed
        except ValueError as error:
            yield f"Robbins-Monro: a domain in {list(self.domains.values())} cannot be read", str(error)
            return
        yield from super().problems(schedule)
        yield from outside(self, self.at, schedule)
        for hyper, part in narrowed.items():
            if hyper in schedule.hypers and not hyper.allowed.covers(part):
                yield f"{self.label}: that is more than the domain of {hyper}", hyper.condition


def robbins_monro(
    *,
    diverges: bool,
    square_summable: bool,
    at: Mapping[Hyper, sympy.Expr] | None = None,
    domains: Mapping[Hyper, str] | None = None,
) -> RobbinsMonro:
    """The sum of a_t diverges (or not), the sum of a_t**2 converges (or not); descent on noise needs both.

    Where that depends on hyperparameters, `at` fixes their values and `domains` narrows their domains.
    """
    return RobbinsMonro(diverges, square_summable, sympified(at), dict(domains or {}))


def _fixed(at: Mapping[Hyper, sympy.Expr]) -> list[str]:
    return [f"{h} = {v}" for h, v in at.items()]


def _where(conditions: list[str]) -> str:
    return f" for {', '.join(conditions)}" if conditions else ""


@dataclass(frozen=True)
class Sum(ScheduleClaim):
    """Base of claims about the value of a sum. `at` fixes hyperparameters, all keep their value from step to step."""

    value: sympy.Expr
    at: Mapping[Hyper, sympy.Expr]

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.value, *self.at)

    def problems(self, schedule: Schedule) -> Iterator[Finding]:
        yield from super().problems(schedule)
        yield from outside(self, self.at, schedule)
        if STEP in {s.name for s in self.at}:
            yield f"{self.label}: a sum goes over t, which has no one value", "leave it out of `at`"
        if self.value.has(sympy.oo, -sympy.oo, sympy.zoo, sympy.nan):
            yield f"{self.label}: {self.value} is no number", "say with robbins_monro(...) that a sum diverges"


@dataclass(frozen=True)
class SumsTo(Sum):
    """The sum of a_t over all steps is `value`."""

    @property
    def label(self) -> str:
        return f"sum of a[t] is {self.value}{_where(_fixed(self.at))}"

    def problems(self, schedule: Schedule) -> Iterator[Finding]:
        yield from super().problems(schedule)
        if STEP in {s.name for s in self.value.free_symbols}:
            yield f"{self.label}: a sum over all steps does not depend on t", "say it with partial_sum(...)"


def sums_to(value: sympy.Expr, *, at: Mapping[Hyper, sympy.Expr] | None = None) -> SumsTo:
    """The sum of all learning rates, from step 1 on, is `value`: how far the steps of a fixed gradient reach."""
    return SumsTo(sympy.sympify(value), sympified(at))


@dataclass(frozen=True)
class PartialSum(Sum):
    """The sum of a_1 to a_t is `value`, an expression in t, at every t."""

    @property
    def label(self) -> str:
        return f"partial sums{_where(_fixed(self.at))}"


def partial_sum(value: sympy.Expr, *, at: Mapping[Hyper, sympy.Expr] | None = None) -> PartialSum:
    """The sum of the first t learning rates is `value`, an expression in t."""
    return PartialSum(sympy.sympify(value), sympified(at))


@dataclass(frozen=True)
class StartsAt(ScheduleClaim):
    """The first step has the learning rate `value`."""

    value: sympy.Expr

    @property
    def label(self) -> str:
        return f"starts at {self.value}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.value,)


def starts_at(value: sympy.Expr) -> StartsAt:
    """The learning rate of the first step."""
    return StartsAt(sympy.sympify(value))


@dataclass(frozen=True)
class EndsAt(ScheduleClaim):
    """From step `at` on, the learning rate is `value`."""

    value: sympy.Expr
    at: sympy.Expr

    @property
    def label(self) -> str:
        return f"ends at {self.value}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.value, self.at)


def ends_at(value: sympy.Expr, *, at: sympy.Expr) -> EndsAt:
    """The learning rate of step `at`, a whole number, and of all that follow."""
    return EndsAt(sympy.sympify(value), sympy.sympify(at))


@dataclass(frozen=True)
class Within(ScheduleClaim):
    """`low < a[t] <= high` at every t."""

    low: sympy.Expr
    high: sympy.Expr

    @property
    def label(self) -> str:
        return f"within ({self.low}, {self.high}]"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.low, self.high)


def within(low: sympy.Expr, high: sympy.Expr) -> Within:
    """At every step the value is above `low` and at most `high`."""
    return Within(sympy.sympify(low), sympy.sympify(high))


@dataclass(frozen=True)
class NonDecreasing(ScheduleClaim):
    """`a[t + 1] >= a[t]` at every t."""

    label: ClassVar[str] = "non-decreasing"


def non_decreasing() -> NonDecreasing:
    """The value never falls from step to step."""
    return NonDecreasing()
