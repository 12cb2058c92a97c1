"""What is said of a schedule: its value at a step and from a step on, its bounds, that it never falls, its sums.

A schedule is a sequence `a`, and the theorem supposes that `a (S t)` is its value. Where it divides by what might
vanish, or takes a root of what might be negative, that it does not is part of what the theorem says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import sympy

from ..analysis.demands import Demand, demands
from ..expr.tree import ranks
from ..spec.domain import Domain
from ..spec.rules import Schedule
from ..spec.symbols import STEP
from ..statement import Statement
from ..statement.schedules import Between, NeverFalls, TotalUpTo, ValueAt
from . import case_of, theorem_of
from .printing import Binding, Printer, Step, Text, applied
from .runs import NOW, bounded, identifier, literal, meeting
from .theorem import Hypothesis, InexpressibleError, Theorem, Variable

_ATOM = Binding.ATOM


class Pace:
    """A statement about a schedule on its way to a theorem: its hyperparameters are numbers, `own` is its name."""

    indices: Mapping[sympy.Symbol, str] = {}

    def __init__(self, name: str, statement: Statement) -> None:
        rule = statement.runs.rule
        assert isinstance(rule, Schedule)
        self.name, self.statement, self.runs = name, statement, statement.runs
        self.value = self.known(rule.value)
        self.hypers = {h.name: h for h in rule.hypers}
        self.rank: Mapping[str, int] = ranks(rule)
        self.print = Printer(self)
        self.own = next(n for n in ("a", "a_", "value") if n not in self.hypers)
        self.used: dict[str, None] = {}

    # Names.

    def known(self, expr: sympy.Expr) -> sympy.Expr:
        """`expr` with the hyperparameters that have a value at it."""
        fixed = self.runs.fixed
        return expr.xreplace({s: fixed[s.name] for s in expr.free_symbols if s.name in fixed})

    def said(self, expr: sympy.Expr, step: Step = NOW, binding: Binding = Binding.SUM) -> str:
        """An expression at a step."""
        return self.print(self.known(expr), step, binding)

    def domain(self, name: str) -> Domain:
        return self.runs.domain_of(name) or Domain()

    def is_natural(self, name: str) -> bool:
        allowed = self.domain(name)
        return allowed.integer and allowed.nonnegative

    def dated(self, symbol: sympy.Symbol, step: Step) -> Text:
        text = self._raw(symbol)
        return applied("INR", text) if self.is_natural(symbol.name) else text

    def natural(self, symbol: sympy.Symbol, step: Step) -> str:
        if not self.is_natural(symbol.name):
            raise InexpressibleError(f"{symbol}, which is no natural number,")
        return self._raw(symbol)[0]

    def _raw(self, symbol: sympy.Symbol) -> Text:
        if symbol.name not in self.hypers:
            raise InexpressibleError(f"the symbol {symbol}")
        self.used.setdefault(symbol.name)
        return identifier(symbol.name), _ATOM

    # The theorem.

    def theorem(self, goal: str, script: str) -> Theorem:
        """The theorem that `goal`, which speaks of the sequence, holds."""
        value = self.print(self.value, NOW)
        conditions = [c for c in self.statement.conditions if c not in (sympy.true, True)]
        held = [
            Hypothesis(f"condition_{k}", self.print.comparison(self.known(c), NOW), "meets")
            for k, c in enumerate(conditions, start=1)
        ]
        values = self._values(conditions)
        names = [identifier(name) for name in values]
        opened = f"unfold {', '.join(names)} in *; meets" if names else "meets"
        supposed = [within(identifier(name), self.domain(name)) for name in values]
        found = [Hypothesis(h.name, h.text, opened) for h in (*filter(None, supposed), *held)]
        found.append(Hypothesis(f"{self.own}_is", f"forall t, {self.own} (S t) = {value}", "intro; reflexivity"))
        kinds = [("nat" if self.is_natural(name) else "R") for name in values]
        variables = sorted(map(Variable, names, kinds), key=lambda v: v.type == "nat")
        chosen = zip(names, kinds, values.values(), strict=True)
        runs = [f"Definition {name} : {kind} := {literal(number)}." for name, kind, number in chosen]
        runs.append(f"Definition {self.own} (t : nat) : R := match t with O => 0 | S t => {value} end.")
        return Theorem(
            self.name, self.statement.text, (*variables, Variable(self.own, "nat -> R")), tuple(found), goal, script,
            tuple(runs),
        )  # fmt: skip

    def also(self, relation: str, *expressions: sympy.Expr) -> str:
        """`relation`, and that what `expressions` and the schedule demand is met."""
        asked = dict.fromkeys(d for e in (self.value, *map(self.known, expressions)) for d in demands(e))
        return " /\\ ".join([*(self._demand(d) for d in asked if not self._is_met(d)), relation])

    def _demand(self, demand: Demand) -> str:
        sign = {"!=": "<>", ">": ">", ">=": ">="}[demand.sign]
        text = f"{self.said(demand.value)} {sign} 0"
        guards = [self.print.comparison(guard, NOW) for guard in demand.guards]
        return f"({' -> '.join([*guards, text])})" if guards else text

    def _is_met(self, demand: Demand) -> bool:
        """Whether the domain of a symbol says it, or a number does."""
        value = demand.value
        if value.is_Symbol:
            return value.name == STEP or self.domain(value.name).positive
        return bool(value.is_Rational and value > 0)

    def _values(self, conditions: Sequence[sympy.Basic]) -> dict[str, Fraction]:
        """Numbers that meet the conditions, which are about hyperparameters alone."""
        return meeting({name: self.domain(name) for name in self.hypers if name in self.used}, conditions)


def within(own: str, allowed: Domain) -> Hypothesis | None:
    """That a number lies in its domain; None if that is every number."""
    if allowed.integer and not allowed.nonnegative:
        raise InexpressibleError(f"{own}, a whole number that may be negative,")
    if not (text := bounded(own, allowed)):
        return None
    return Hypothesis(f"{own}_domain", f"({text})%nat" if allowed.integer else text, "meets")


@case_of.register
def _(rule: Schedule, name: str, statement: Statement) -> Pace:
    return Pace(name, statement)


@theorem_of.register
def _(relation: ValueAt, case: Pace) -> Theorem:
    says = f"{case.own} (S t) = {case.said(relation.value)}"
    first = case.print.natural(case.known(relation.step), NOW)
    if relation.on:
        premise = f"({first} <= S t)%nat"
    else:
        premise = f"S t = {first}%nat" if " " not in first else f"S t = ({first})%nat"
    goal = f"forall t, {premise} -> {case.also(says, relation.value)}"
    return case.theorem(goal, f"intros; rewrite {case.own}_is; value_at")


@theorem_of.register
def _(relation: Between, case: Pace) -> Theorem:
    low, high = case.said(relation.low), case.said(relation.high)
    says = f"{low} < {case.own} (S t) <= {high}"
    goal = f"forall t, {case.also(says, relation.low, relation.high)}"
    return case.theorem(goal, f"intros; rewrite {case.own}_is; between")


@theorem_of.register
def _(relation: NeverFalls, case: Pace) -> Theorem:
    own = case.own
    goal = f"forall t, {case.also(f'{own} (S t) <= {own} (S (S t))')}"
    return case.theorem(goal, f"intros; rewrite ?{own}_is; never_falls")


@theorem_of.register
def _(relation: TotalUpTo, case: Pace) -> Theorem:
    own, after = case.own, Step("t")
    says = f"past_sum {own} t = {case.said(relation.value, after)}"
    return case.theorem(f"forall t, {case.also(says, relation.value)}", f"intros; total_up_to {own}_is t")
