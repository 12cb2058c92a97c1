"""Rules on a quadratic, and in the limit of small steps."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import sympy

from codegen import exact
from codegen.derive import runnable, transition
from codegen.domain import Domain
from codegen.enclosure import UndecidableError, UndefinedError
from codegen.quadratics import CurvedError, contracts, frozen_rule, matrix, visible
from codegen.replay import Found, outcomes
from codegen.replay.adversary import values_in
from codegen.spec import Optimizer
from codegen.statement import Statement, Steps
from codegen.statement.motion import Converges, LargestRoot, SmallSteps

_BESIDE = tuple(Fraction(n, 1000) for n in (990, 1010, 500, 3000))
_NEAR = (Fraction(999_999, 10**6), Fraction(1_000_001, 10**6))
_CURVATURES = ((1, 4), (1, 16), (2, 3))


def _mixed(options: Mapping[str, tuple[Fraction, ...]], count: int) -> Iterator[dict[str, Fraction]]:
    """The first of all, then one after the other of each, then mixtures."""
    first = {name: of[0] for name, of in options.items()}
    yield first
    yield from ({**first, name: value} for name, of in options.items() for value in of[1:])
    for k in range(1, count):
        yield {n: of[(k * (2 * p + 1) + p) % len(of)] for p, (n, of) in enumerate(options.items())}


def _options(statement: Statement, names: set[str]) -> dict[str, tuple[Fraction, ...]]:
    found = {n: values_in(statement.runs.domain_of(n) or Domain()) for n in sorted(names)}
    # of a state that is frozen a square, so that its root is a fraction
    return {n: tuple(v**2 for v in of) if n in statement.runs.frozen else of for n, of in found.items()}


def _assumed(statement: Statement, values: Mapping[str, Any]) -> bool:
    return all(exact.evaluate(condition, values) for condition in statement.conditions)


def _linear(rule: Optimizer, statement: Statement, values: Mapping[str, Any]) -> list[Any]:
    """The polynomial of all that `w` sees, among the states that reach it."""
    kept = frozen_rule(rule, statement.runs.frozen)
    own = {s.name: {x.name for x in value.free_symbols} for s, value in transition(kept).items()}
    names, pending = ["w"], ["w"]
    while pending:
        more = sorted((own[pending.pop()] & own.keys()) - {*names, *statement.runs.frozen})
        names += more
        pending += more
    return visible(matrix(kept, values, [*names, *({"w"} - set(names))]))


@outcomes.register
def _(relation: Converges, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    rule = runnable(statement.runs.rule)
    if statement.runs.steps is Steps.LATE:
        return  # no run reaches a limit
    names = {h.name for h in rule.hypers} | {"h", *statement.runs.frozen}
    for values in _mixed(_options(statement, names - {relation.of}), 8):
        for share in _BESIDE:
            try:
                yield _converged(relation, statement, rule, values, share)
            except (UndefinedError, UndecidableError, CurvedError, OverflowError):
                yield 0, None


def _converged(
    relation: Converges, statement: Statement, rule: Optimizer, values: Mapping[str, Fraction], share: Fraction
) -> tuple[int, Found | None]:
    below = exact.evaluate(relation.below, values)
    tried = Fraction(float(below * share)).limit_denominator(10**6)
    given, allowed = {**values, relation.of: tried}, statement.runs.domain_of(relation.of)
    if (allowed is not None and tried not in allowed) or not _assumed(statement, given):
        return 0, None
    inside, promised = contracts(_linear(rule, statement, given)), bool(tried < below)
    if inside == promised:
        return 1, None
    found = {name: str(value) for name, value in given.items()}
    return 1, {**found, "it converges": str(inside), "claimed": str(promised)}


@outcomes.register
def _(relation: LargestRoot, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    rule = runnable(statement.runs.rule)
    if statement.runs.steps is Steps.LATE:
        return
    names = {h.name for h in rule.hypers if h not in relation.values} | set(statement.runs.frozen)
    for values, (low, high) in itertools.product(_mixed(_options(statement, names), 4), _CURVATURES):
        try:
            yield _contracted(relation, statement, rule, {**values, "h_min": Fraction(low), "h_max": Fraction(high)})
        except (UndefinedError, UndecidableError, CurvedError, OverflowError):
            yield 0, None


def _contracted(
    relation: LargestRoot, statement: Statement, rule: Optimizer, values: Mapping[str, Any]
) -> tuple[int, Found | None]:
    """Whether the largest of the roots at eleven curvatures is as large as is said."""
    at = {x.name: exact.evaluate(value, values) for x, value in relation.values.items()}
    rate, (low, high) = exact.evaluate(relation.rate, values), (values["h_min"], values["h_max"])
    below, above = False, True
    for k in range(11):
        given = {**values, **at, "h": low + (high - low) * k / 10}
        if not _assumed(statement, given):
            return 0, None
        seen = _linear(rule, statement, given)
        below |= not contracts(seen, rate * _NEAR[0])
        above &= contracts(seen, rate * _NEAR[1])
    found = {name: exact.shown(value) for name, value in {**values, **at, "rate": rate}.items()}
    return 1, None if below and above else {**found, "attained": str(below), "never more": str(above)}


@outcomes.register
def _(relation: SmallSteps, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    rule = runnable(statement.runs.rule)
    own = {s.name: value for s, value in transition(rule).items()}
    mapped = {s.name: value for s, value in (*relation.hyper.items(), *relation.state.items())}
    used = relation.symbols().union(relation.equation, *(v.free_symbols for v in own.values()))
    names = {s.name for s in used} - {"t", "h", relation.dt.name, *mapped}
    for values in _mixed(_options(statement, names), 6):
        try:
            yield _stepped(relation, statement, own, mapped, values)
        except (UndefinedError, UndecidableError, OverflowError):
            yield 0, None


def _stepped(
    relation: SmallSteps,
    statement: Statement,
    own: Mapping[str, sympy.Expr],
    mapped: Mapping[str, sympy.Expr],
    values: Mapping[str, Fraction],
) -> tuple[int, Found | None]:
    """What a step moves away from the first terms of the expansion is of the next order: a tenth of dt, a hundredth."""
    apart: list[dict[str, Any]] = []
    for power in (5, 6):
        dt = Fraction(1, 10**power)
        given = {**values, relation.dt.name: dt}
        given |= {name: exact.evaluate(value, given) for name, value in mapped.items()}
        if not _assumed(statement, {**given, "h": Fraction(1)}):
            return 0, None
        after = {name: exact.evaluate(value, {**given, "t": Fraction(1)}) for name, value in own.items()}
        euler = {s.name: given[s.name] + dt * exact.evaluate(v, given) for s, v in relation.equation.items()}
        wanted = {n: exact.evaluate(relation.state[s], {**given, **euler}) for s in relation.state for n in [s.name]}
        apart.append({n: after[n] - v for n, v in {**euler, **wanted}.items() if n in after})
    first, second = apart
    for name, one in first.items():
        # the states may be multiples of a quantity over dt, so that one order is lost
        slower = abs(second[name]) * 9 > abs(one) and abs(one) > Fraction(1, 10**8)
        if slower:
            told = {n: str(v) for n, v in values.items()}
            return 1, {**told, "of": name, "apart": exact.shown(one), "at a tenth": exact.shown(second[name])}
    return 1, None
