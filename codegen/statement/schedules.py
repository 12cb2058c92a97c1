"""What is said of a schedule `a`, a function of the step number t."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import sympy

from .relations import Relation, spelling
from .runs import Runs
from .terms import symbols_of


@dataclass(frozen=True)
class Course(Relation):
    """Base of all relations about schedules."""

    def expressions(self) -> tuple[sympy.Expr, ...]:
        """What the relation says in the symbols of the schedule."""
        return ()

    def symbols(self) -> set[sympy.Symbol]:
        return set().union(*map(symbols_of, self.expressions()))


@dataclass(frozen=True)
class ValueAt(Course):
    """At `step`, or from there `on`, the value of `schedule` is `value`."""

    schedule: sympy.Expr
    value: sympy.Expr
    step: sympy.Expr
    on: bool = False

    def text(self, runs: Runs) -> str:
        spell = spelling(runs)
        if self.on:
            return f"a[t] = {spell(self.value)} for t >= {spell(self.step)}"
        return f"a[{spell(self.step)}] = {spell(self.value)}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.schedule, self.value, self.step)


@dataclass(frozen=True)
class Between(Course):
    """`low < a[t] <= high` at every step."""

    schedule: sympy.Expr
    low: sympy.Expr
    high: sympy.Expr

    def text(self, runs: Runs) -> str:
        spell = spelling(runs)
        return f"{spell(self.low)} < a[t] <= {spell(self.high)}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.schedule, self.low, self.high)


@dataclass(frozen=True)
class NeverFalls(Course):
    """`a[t+1] >= a[t]` at every step."""

    schedule: sympy.Expr

    def text(self, runs: Runs) -> str:
        return "a[t+1] >= a[t]"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.schedule,)


@dataclass(frozen=True)
class SumOver(Course):
    """The sum of `a[t]**power` over all steps converges, or does not."""

    says_at: ClassVar[bool] = True

    schedule: sympy.Expr
    power: int
    converges: bool

    @property
    def term(self) -> str:
        """What is summed up."""
        return "a[t]" if self.power == 1 else f"a[t]**{self.power}"

    def text(self, runs: Runs) -> str:
        return f"sum({self.term}, t=1..oo) {'converges' if self.converges else 'diverges'}{_narrowed(runs)}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.schedule,)


@dataclass(frozen=True)
class Total(Course):
    """The sum of `a[t]` over all steps is `value`."""

    says_at: ClassVar[bool] = True

    schedule: sympy.Expr
    value: sympy.Expr

    def text(self, runs: Runs) -> str:
        return f"sum(a[t], t=1..oo) = {spelling(runs)(self.value)}{_narrowed(runs)}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.schedule, self.value)


@dataclass(frozen=True)
class TotalUpTo(Course):
    """The sum of `a[i]` over the steps up to `t` is `value`, at every t."""

    says_at: ClassVar[bool] = True

    schedule: sympy.Expr
    value: sympy.Expr

    def text(self, runs: Runs) -> str:
        return f"sum(a[i], i=1..t) = {spelling(runs)(self.value)}{_narrowed(runs)}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.schedule, self.value)


def _narrowed(runs: Runs) -> str:
    """Which hyperparameters a sum is about, as text."""
    conditions = [f"{name} = {value}" for name, value in runs.at]
    conditions += [allowed.condition(name) for name, allowed in runs.domains]
    return f" for {', '.join(conditions)}" if conditions else ""
