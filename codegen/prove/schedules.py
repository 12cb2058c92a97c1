"""Statements about schedules: where they start and end, and whether their sums converge."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

import sympy

from ..algebra.assumptions import Assumptions
from ..algebra.tactics import decide
from ..analysis.premises import Premises
from ..analysis.proof import ONE, Formatter, prove_claim, substitute
from ..claims.schedules import EndsAt, RobbinsMonro, ScheduleClaim, StartsAt
from ..replay import replay
from ..replay.adversary import hypers
from ..result import PROVED, REFUTED, UNDECIDED, Line, Outcome, Result
from ..spec.domain import NATURAL, NON_NEGATIVE, Domain
from ..spec.rules import Schedule
from ..spec.symbols import STEP
from ..statement import Statement
from ..statement.schedules import SumOver, ValueAt
from .pacing import LATER, searched, without_value
from .shape import Shape
from .tails import SERIES, decide_series, eventually

_MOST_CASES = 32
_POINTS = 24  # hyperparameters for which a series is decided in numbers


@prove_claim.register
def _(claim: StartsAt, schedule: Schedule) -> Iterator[Result]:
    relation = ValueAt(schedule.value, claim.value, ONE)
    yield _equal(claim, schedule, relation, substitute(schedule.value, {STEP: ONE}), Premises(schedule))


@prove_claim.register
def _(claim: EndsAt, schedule: Schedule) -> Iterator[Result]:
    """The steps from `at` on are `at + k` with k >= 0, a whole number if `at` is one."""
    assumed = Premises(schedule)
    whole = assumed.assumptions.assume(claim.at).is_integer
    assumptions = assumed.assumptions.also(**{LATER: NATURAL if whole else NON_NEGATIVE})
    later = substitute(schedule.value, {STEP: claim.at + sympy.Symbol(LATER, real=True)})
    yield _equal(claim, schedule, ValueAt(schedule.value, claim.value, claim.at, on=True), later, assumed, assumptions)


def _equal(
    claim: ScheduleClaim,
    schedule: Schedule,
    relation: ValueAt,
    left: sympy.Expr,
    assumed: Premises,
    assumptions: Assumptions | None = None,
) -> Result:
    """Whether `left`, which is the schedule at the steps that `relation` speaks of, is the value."""
    assumptions = assumptions or assumed.assumptions
    missing = without_value(assumed, Shape(assumptions), left, relation.value)
    if not missing:
        verdict = decide(left, relation.value, assumptions)
        if verdict.status == PROVED:
            return verdict.of(claim.label, assumed.statement(relation))
        if Shape(assumptions).least_is(assumptions.assume(left), assumptions.assume(relation.value)):
            return Outcome(PROVED, "structure, linear inequalities").of(claim.label, assumed.statement(relation))
    return searched(claim, assumed.statement(relation), missing, "no tactic shows it")


# Series.


@prove_claim.register
def _(claim: RobbinsMonro, schedule: Schedule) -> Iterator[Result]:
    """Two results: one for the sum, one for the sum of squares."""
    for power, converges in ((1, not claim.diverges), (2, claim.square_summable)):
        relation = SumOver(schedule.value, power, converges)
        label = f"sum of {relation.term} {'converges' if converges else 'diverges'}{claim.where}"
        yield _summed(label, claim, schedule, relation)


def _summed(label: str, claim: RobbinsMonro, schedule: Schedule, relation: SumOver) -> Result:
    assumed = Premises(schedule, at=claim.at)
    for hyper, part in claim.narrowed.items():
        assumed.domain(hyper.name, part)
    assumed.constant(schedule.value)
    value = substitute(schedule.value, {h.name: v for h, v in claim.at.items()})
    missing = without_value(assumed, Shape(assumed.assumptions), value)
    statement = assumed.statement(relation)
    if missing and (broken := replay(statement).broken):
        return Outcome(REFUTED, "evaluation at a point", counterexample=broken).of(label, statement)
    spell = _Formatter(schedule)
    parts = [
        _part(value, at, assumptions, relation, spell)
        for at, assumptions in _parts(value, assumed.assumptions)
        if all(substitute(condition, at) != sympy.false for condition in statement.conditions)
    ]
    lines = tuple(line for _, _, found in parts for line in found)
    wrong = next((part for part in parts if part[0] is not None and part[0] is not relation.converges), None)
    if wrong is None and any(part[0] is None for part in parts):
        wrong = _at_points(value, statement, assumed.assumptions, relation, spell)
    if wrong is not None:
        does, tactic, found = wrong
        shown = {"tail": found[0].text, "fact": f"it {'converges' if does else 'diverges'}: {found[-1].text}"}
        return Outcome(REFUTED, tactic, counterexample=shown, derivation=found).of(label, statement)
    if missing or not parts or any(does is None for does, _, _ in parts):
        reason = f"no tactic ({', '.join(SERIES)}) decides the series of {lines[0].text if lines else relation.term}"
        reason = f"it is not known that {missing[0]} at every step" if missing else reason
        return Outcome(UNDECIDED, reason=reason, derivation=lines).of(label, statement)
    return Outcome(PROVED, ", ".join(dict.fromkeys(t for _, t, _ in parts)), derivation=lines).of(label, statement)


class _Formatter(Formatter):
    """Limits, too, which may have numbers in them that no spec has."""

    def __call__(self, expr: sympy.Expr) -> str:
        return str(expr) if expr.has(sympy.E, sympy.oo) else super().__call__(expr)


Part = tuple[bool | None, str, tuple[Line, ...]]  # whether it converges, the tactic, and what shows it


def _part(
    value: sympy.Expr, at: Mapping[str, sympy.Expr], assumptions: Assumptions, relation: SumOver, spell: _Formatter
) -> Part:
    """What the series does at these values of the hyperparameters `at`, the others being within `assumptions`."""
    t = assumptions.symbol(STEP)
    tail, since = eventually(assumptions.assume(substitute(value, at)), t)
    where = f" where {', '.join(f'{n} = {v}' for n, v in at.items())}" if at else ""
    after = f" for t > {' and '.join(map(spell, since))}" if since else ""
    line = Line(f"a[t] = {spell(tail)}{after}{where}", "what holds in the end; finitely many terms change nothing")
    found = decide_series(tail**relation.power, t, assumptions, spell)
    if found is None:
        return None, "", (line,)
    tactic, (does, why) = found
    return does, tactic, (line, Line(why, tactic))


def _parts(value: sympy.Expr, assumptions: Assumptions) -> Iterator[tuple[dict[str, sympy.Expr], Assumptions]]:
    """The open parts of the domains of all hyperparameters in `value`, and their closed ends."""
    names = sorted({s.name for s in value.free_symbols} - {STEP})
    choices = [list(_ends(assumptions.domains[name])) for name in names]
    if sympy.prod(map(len, choices)) > _MOST_CASES:
        return
    for choice in itertools.product(*choices):
        picked = dict(zip(names, choice, strict=True))
        at = {name: sympy.Rational(d) for name, d in picked.items() if isinstance(d, Fraction)}
        yield at, assumptions.also(**{name: d for name, d in picked.items() if isinstance(d, Domain)})


def _ends(allowed: Domain) -> Iterator[Domain | Fraction]:
    if allowed.integer:
        positive = replace(allowed, low=Fraction(1), low_closed=True)
        yield positive if allowed.low == 0 and allowed.low_closed else allowed
        if allowed.low == 0 and allowed.low_closed:
            yield Fraction(0)
        return
    yield replace(allowed, low_closed=False, high_closed=False)
    for end, closed in ((allowed.low, allowed.low_closed), (allowed.high, allowed.high_closed)):
        if end is not None and closed:
            yield end


def _at_points(
    value: sympy.Expr, statement: Statement, assumptions: Assumptions, relation: SumOver, spell: _Formatter
) -> Part | None:
    """Hyperparameters for which the series certainly does what it should not."""
    used = {s.name for s in value.free_symbols} - {STEP}
    for hyper in itertools.islice(hypers(statement.runs), _POINTS):
        at = {name: sympy.Rational(v) for name, v in hyper(1).items() if name in used}
        if all(substitute(condition, at) == sympy.true for condition in statement.conditions):
            part = _part(value, at, assumptions, relation, spell)
            if part[0] is not None and part[0] is not relation.converges:
                return part
    return None
