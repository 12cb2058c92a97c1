"""Statements about the course of a schedule: its bounds, and that it never falls."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sympy

from ..analysis.premises import Premises
from ..analysis.proof import prove_claim
from ..claims.schedules import NonDecreasing, ScheduleClaim, Within
from ..replay import replay
from ..result import PROVED, REFUTED, UNDECIDED, Outcome, Result
from ..spec.rules import Schedule
from ..spec.symbols import STEP
from ..statement import Statement
from ..statement.schedules import Between, Course, NeverFalls
from .shape import Shape

LATER = "steps later"  # how many after one that is named; no hyperparameter has this name


@prove_claim.register
def _(claim: Within, schedule: Schedule) -> Iterator[Result]:
    a = schedule.value
    relation = Between(a, claim.low, claim.high)
    yield _judged(claim, schedule, relation, lambda shape: shape.above(a, claim.low) and shape.at_most(a, claim.high))


@prove_claim.register
def _(claim: NonDecreasing, schedule: Schedule) -> Iterator[Result]:
    yield _judged(claim, schedule, NeverFalls(schedule.value), lambda shape: shape.moves(schedule.value))


def _judged(claim: ScheduleClaim, schedule: Schedule, relation: Course, holds: Callable[[Shape], bool]) -> Result:
    """Proved if it `holds` and all that it speaks of has a value; refuted by a point."""
    assumed = Premises(schedule)
    if isinstance(relation, NeverFalls):
        assumed.constant(schedule.value)
    shape = Shape(assumed.assumptions)
    missing = without_value(assumed, shape, *relation.expressions())
    if not missing and holds(shape):
        return Outcome(PROVED, "structure, linear inequalities").of(claim.label, assumed.statement(relation))
    return searched(claim, assumed.statement(relation), missing, "its structure does not show it")


def without_value(assumed: Premises, shape: Shape, *expressions: sympy.Expr) -> list[sympy.Basic]:
    """What has to hold at every step for `expressions` to have values, and is not known to.

    What only hyperparameters decide is assumed.
    """
    conditions = dict.fromkeys(condition for expr in expressions for condition in shape.unmet(expr))
    for condition in conditions:
        if not _moving(condition):
            assumed.holds(condition)
    return [condition for condition in conditions if _moving(condition)]


def _moving(condition: sympy.Basic) -> bool:
    return not {s.name for s in condition.free_symbols}.isdisjoint((STEP, LATER))


def searched(claim: ScheduleClaim, statement: Statement, missing: list[sympy.Basic], reason: str) -> Result:
    """Refuted by a point at which the statement breaks; else undecided."""
    if found := replay(statement).broken:
        return Outcome(REFUTED, "evaluation at a point", counterexample=found).of(claim.label, statement)
    reason = f"it is not known that {missing[0]} at every step" if missing else reason
    return Outcome(UNDECIDED, reason=f"{reason}, and no point refutes it").of(claim.label, statement)
