"""Statements about the course of a schedule: its bounds, and that it never falls.

Both follow the structure of the formula: what is built from rising parts in a rising way rises. Where
the structure ends, `codegen.inequalities` decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import sympy

from codegen import reference
from codegen.claims.schedules import NonDecreasing, ScheduleClaim, Within
from codegen.inequalities import Constraint, constraint, impossible
from codegen.prove.base import Speller, domains_of, prove_claim
from codegen.result import PROVED, REFUTED, UNDECIDED, Result
from codegen.spec import STEP, Schedule
from codegen.tactics import Facts, differ, points, shown

_STEPS = (*range(1, 30), 99, 100, 101, 1000)


@prove_claim.register
def _(claim: Within, schedule: Schedule) -> Iterator[Result]:
    shape, a = Shape(Facts.of(schedule)), schedule.value
    proved = shape.above(a, claim.low) and shape.at_most(a, claim.high)
    spell = Speller(schedule)
    low, high = reference.function(claim.low), reference.function(claim.high)

    def outside(values: Mapping, now, later) -> bool:
        above = now - high(values)
        return now <= low(values) or (above > 0 and differ(above, reference.number(0)))

    yield _judged(claim, schedule, f"{spell(claim.low)} < a[t] <= {spell(claim.high)}", proved, outside)


@prove_claim.register
def _(claim: NonDecreasing, schedule: Schedule) -> Iterator[Result]:
    def falls(values: Mapping, now, later) -> bool:
        return later < now and differ(now, later)

    proved = Shape(Facts.of(schedule)).rises(schedule.value)
    yield _judged(claim, schedule, "a[t+1] >= a[t]", proved, falls)


def _judged(
    claim: ScheduleClaim, schedule: Schedule, statement: str, proved: bool, wrong: Callable[..., bool]
) -> Result:
    assumptions = (*domains_of(schedule, schedule.value), "integer t >= 1", "real arithmetic")
    if proved:
        return Result("", claim.label, PROVED, statement, "structure, linear inequalities", assumptions)
    value = reference.function(schedule.value)
    for point in points([h.name for h in schedule.hypers], Facts.of(schedule)):
        hyper = {name: reference.number(v) for name, v in point.items()}
        for t in _STEPS:
            now, later = value({**hyper, STEP: t}), value({**hyper, STEP: t + 1})
            if wrong({**hyper, STEP: t}, now, later):
                found = {STEP: str(t), **{n: str(v) for n, v in point.items()}, "a[t]": shown(now)}
                found["a[t+1]"] = shown(later)
                return Result("", claim.label, REFUTED, statement, "evaluation at a point", assumptions, found)
    return Result("", claim.label, UNDECIDED, statement, reason="its structure does not show it, no point refutes it")


class Shape:
    """What the structure of an expression shows, where `known` holds. False means nothing."""

    def __init__(self, facts: Facts, known: tuple[Constraint, ...] = ()) -> None:
        self.facts, self.known = facts, known

    def _assuming(self, condition: sympy.Basic, *, holds: bool) -> Shape:
        negated = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
        relation = condition.rel_op if holds else negated[condition.rel_op]
        return Shape(self.facts, (*self.known, constraint(relation, condition.lhs, condition.rhs)))

    def _excluded(self, relation: str, left: sympy.Expr, right: sympy.Expr) -> bool:
        return impossible((*self.known, constraint(relation, left, right)), self.facts)

    def above(self, expr: sympy.Expr, low: sympy.Expr) -> bool:
        """`expr > low`."""
        match expr:
            case sympy.Min():
                return all(self.above(a, low) for a in expr.args)
            case sympy.Piecewise():
                return self._both(expr, lambda shape, branch: shape.above(branch, low))
        return (low == 0 and self._positive(expr)) or self._excluded("<=", expr, low)

    def at_most(self, expr: sympy.Expr, high: sympy.Expr) -> bool:
        """`expr <= high`."""
        match expr:
            case sympy.Min():
                return any(self.at_most(a, high) for a in expr.args)
            case sympy.Piecewise():
                return self._both(expr, lambda shape, branch: shape.at_most(branch, high))
        return self._excluded(">", expr, high)

    def _both(self, choice: sympy.Piecewise, holds: Callable[[Shape, sympy.Expr], bool]) -> bool:
        (then, condition), (otherwise, _) = choice.args
        first, second = self._assuming(condition, holds=True), self._assuming(condition, holds=False)
        return holds(first, then) and holds(second, otherwise)

    def _positive(self, expr: sympy.Expr) -> bool:
        match expr:
            case sympy.Mul():
                return all(map(self._positive, expr.args))
            case sympy.Pow():
                return self._positive(expr.base)
            case sympy.Add():
                return all(map(self.nonnegative, expr.args)) and any(map(self._positive, expr.args))
        return self._excluded("<=", expr, sympy.Integer(0))

    def nonnegative(self, expr: sympy.Expr) -> bool:
        """`expr >= 0`."""
        if self._excluded("<", expr, sympy.Integer(0)):
            return True
        match expr:
            case sympy.Mul():
                below = [a for a in expr.args if not self.nonnegative(a)]
                return len(below) % 2 == 0 and all(self.nonnegative(sympy.expand(-a)) for a in below)
            case sympy.Pow():
                return self.nonnegative(expr.base) if expr.exp.is_Integer else self._positive(expr.base)
            case sympy.Add():
                factored = sympy.factor(expr)
                return all(map(self.nonnegative, expr.args)) or (factored != expr and self.nonnegative(factored))
            case sympy.floor():
                return self.nonnegative(expr.args[0])
            case sympy.Piecewise():
                return self._both(expr, lambda shape, branch: shape.nonnegative(branch))
        return False

    def at_least(self, expr: sympy.Expr, low: sympy.Expr) -> bool:
        """`expr >= low`."""
        if low == 1 and isinstance(expr, sympy.Pow) and expr.exp == sympy.Rational(1, 2):
            return self.at_least(expr.base, low)
        return self.nonnegative(sympy.expand(expr - low))

    def least_is(self, expr: sympy.Expr, value: sympy.Expr) -> bool:
        """`expr` is a minimum, of which `value` is the least."""
        return isinstance(expr, sympy.Min) and value in expr.args and all(self.at_least(a, value) for a in expr.args)

    def rises(self, expr: sympy.Expr) -> bool:
        """`expr` does not fall as t grows."""
        if STEP not in {s.name for s in expr.free_symbols} or expr.is_Symbol:
            return True
        match expr:
            case sympy.Min() | sympy.Max() | sympy.floor() | sympy.Add():
                return all(map(self.rises, expr.args))
            case sympy.Mul():
                return all(self.nonnegative(a) and self.rises(a) for a in expr.args)
            case sympy.Pow():
                if STEP in {s.name for s in expr.exp.free_symbols}:
                    fixed = STEP not in {s.name for s in expr.base.free_symbols}
                    return fixed and self._excluded("<", expr.base, sympy.Integer(1)) and self.rises(expr.exp)
                return self.nonnegative(expr.exp) and self.nonnegative(expr.base) and self.rises(expr.base)
            case sympy.Piecewise():
                return self._rises_across(expr)
        return False

    def _rises_across(self, choice: sympy.Piecewise) -> bool:
        """Each branch rises, and where t passes from the second to the first, there is no fall."""
        (then, condition), (otherwise, _) = choice.args
        after = condition if condition.rel_op in (">", ">=") else condition.reversed
        fixed = {s.name for s in after.rhs.free_symbols | otherwise.free_symbols}
        if after.rel_op not in (">", ">=") or str(after.lhs) != STEP or STEP in fixed:
            return False
        first = self._assuming(after, holds=True)
        return first.rises(then) and first.nonnegative(then - otherwise)
