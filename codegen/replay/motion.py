"""Rules on a quadratic, and in the limit of small steps."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy

from ..algebra import exact
from ..algebra.quadratics import CurvedError, contracts, frozen_rule, matrix, visible
from ..analysis.derive import transition
from ..spec.domain import Domain
from ..spec.enclosure import UndecidableError, UndefinedError
from ..spec.rules import Optimizer
from ..statement import Statement, Steps
from ..statement.motion import Converges, LargestRoot, Quiets, Regime, RootProduct, SettlesAt, SmallSteps
from . import Found, _in_run, outcomes
from .adversary import Setting, values_in

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
    return visible(matrix(kept, values, _reaching(kept, statement.runs.frozen)))


def _reaching(rule: Optimizer, frozen: Sequence[str]) -> list[str]:
    """`w` and the states that reach it."""
    own = {s.name: {x.name for x in value.free_symbols} for s, value in transition(rule).items()}
    names, pending = ["w"], ["w"]
    while pending:
        more = sorted((own[pending.pop()] & own.keys()) - {*names, *frozen})
        names += more
        pending += more
    return names


@outcomes.register
def _(relation: Converges, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    rule = statement.runs.optimizer.runnable
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
    rule = statement.runs.optimizer.runnable
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
    rule = statement.runs.optimizer.runnable
    own = {s.name: value for s, value in transition(rule).items()}
    mapped = {s.name: value for s, value in (*relation.hyper.items(), *relation.state.items())}
    used = relation.symbols().union(relation.equation, *(v.free_symbols for v in own.values()))
    used |= {s for condition in statement.conditions for s in condition.free_symbols}
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


# With the same learning rate in all steps, and with noise.

_INSIDE = tuple(Fraction(n, 100) for n in (50, 10, 97))
_BEYOND = tuple(Fraction(n, 100) for n in (101, 150, 700))


@outcomes.register
def _(relation: RootProduct, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    rule = statement.runs.optimizer.runnable
    if statement.runs.steps is Steps.LATE:
        return
    names = {h.name for h in rule.hypers} | {"h", *statement.runs.frozen}
    for values in _mixed(_options(statement, names), 8):
        try:
            if not _assumed(statement, values):
                continue
            kept = frozen_rule(rule, statement.runs.frozen)
            found = _determinant(matrix(kept, values, _reaching(kept, statement.runs.frozen)))
            wanted = exact.evaluate(relation.value, values)
            told = {**{n: str(v) for n, v in values.items()}, "product": exact.shown(found)}
            yield 1, {**told, "claimed": exact.shown(wanted)} if exact.differ(found, wanted) else None
        except (UndefinedError, UndecidableError, CurvedError, OverflowError):
            yield 0, None


def _determinant(rows: list[list[Any]]) -> Any:
    """By its definition: the sizes here are small."""
    if not rows:
        return Fraction(1)
    minors = (_determinant([[*row[:k], *row[k + 1 :]] for row in rows[1:]]) for k in range(len(rows)))
    return sum((a * m * (-1) ** k for k, (a, m) in enumerate(zip(rows[0], minors, strict=True))), Fraction(0))


@outcomes.register
def _(relation: Regime, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    names = {h.name for h in statement.runs.rule.hypers} - {relation.of} | {"h"}
    allowed = statement.runs.domain_of(relation.of) or Domain()
    for values, start in itertools.product(_mixed(_options(statement, names), 6), map(Fraction, (1, -3))):
        for tried in _tried(relation, values):
            if not isinstance(tried, Fraction) or tried not in allowed:
                continue
            given = {**values, relation.of: tried}
            states = {s.name: Fraction(0) for s in statement.runs.optimizer.state}
            setting = Setting(_always(given), (Fraction(0),) * 5, start, states)
            for part in relation.parts:
                yield from _in_run(part, statement, setting)


def _always(values: Mapping[str, Any]) -> Callable[[int], Mapping[str, Any]]:
    return lambda t: values


def _tried(relation: Regime, values: Mapping[str, Any]) -> Iterator[Any]:
    """Values of `of` in the regime."""
    try:
        low = exact.evaluate(relation.low, values)
        if relation.high is None:
            yield low
        elif relation.high == sympy.oo:
            yield from (low * share for share in _BEYOND)
        else:
            high = exact.evaluate(relation.high, values)
            yield from (low + (high - low) * share for share in _INSIDE)
    except (UndefinedError, UndecidableError):
        return


@outcomes.register
def _(relation: SettlesAt, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    rule = statement.runs.optimizer.runnable
    names = {h.name for h in rule.hypers} - {relation.of} | {"h", "sigma"}
    for values in _mixed(_options(statement, names), 8):
        for share in _INSIDE:
            try:
                below = Fraction(1) if relation.below == sympy.oo else exact.evaluate(relation.below, values)
                tried = Fraction(float(below * share)).limit_denominator(100)
                yield _settled(relation, statement, rule, {**values, relation.of: tried})
            except (UndefinedError, UndecidableError, CurvedError, OverflowError):
                yield 0, None


def _settled(
    relation: SettlesAt, statement: Statement, rule: Optimizer, values: Mapping[str, Any]
) -> tuple[int, Found | None]:
    """The second moments, step by step in twos, until what is left of the start is small enough to tell them apart."""
    allowed = statement.runs.domain_of(relation.of)
    inside = relation.below == sympy.oo or values[relation.of] < exact.evaluate(relation.below, values)
    if not inside or (allowed is not None and values[relation.of] not in allowed) or not _assumed(statement, values):
        return 0, None
    names = _reaching(rule, ())
    step, added = matrix(rule, values, names), _of_noise(rule, values, names)
    wanted = exact.evaluate(relation.value, values)
    moments = [[a * b * values["sigma"] ** 2 for b in added] for a in added]  # one step from zero
    for doubled in range(10):
        left = max(sum((abs(a) for a in row), Fraction(0)) for row in step) ** 2
        most = max(abs(a) for row in moments for a in row)
        # what n more steps add is that of the first n, moved on by n: a series that `left` bounds
        if left < Fraction(1, 10**6):
            apart = moments[0][0] - wanted
            told = {n: str(v) for n, v in values.items()} | {"steps": str(2**doubled)}
            told |= {"E[w**2]": exact.decimal(moments[0][0]), "claimed": exact.decimal(wanted)}
            return 1, told if abs(apart) > 2 * left * most else None
        moved = _times(_times(step, moments), [list(row) for row in zip(*step, strict=True)])
        moments = [[a + b for a, b in zip(*rows, strict=True)] for rows in zip(moments, moved, strict=True)]
        step = _times(step, step)
    return 0, None


def _of_noise(rule: Optimizer, values: Mapping[str, Any], names: Sequence[str]) -> list[Any]:
    """What a step from zero makes of a gradient of one."""
    (after,) = exact.run(rule, [Fraction(1)], lambda t: values, 0, {s.name: 0 for s in rule.state})
    return [after[name] for name in names]


def _times(left: list[list[Any]], right: list[list[Any]]) -> list[list[Any]]:
    columns = list(zip(*right, strict=True))
    return [[sum((a * b for a, b in zip(row, c, strict=True)), Fraction(0)) for c in columns] for row in left]


@outcomes.register
def _(relation: Quiets, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    """Sequences of which it is known what they and their sums do, run far enough to see it.

    A run of finitely many steps is no proof of a limit; it tells what is far off.
    """
    rule, allowed = statement.runs.optimizer.runnable, statement.runs.domain_of(relation.of) or Domain()
    names = {h.name for h in rule.hypers} - {relation.of} | {"h", "sigma"}
    if _reaching(rule, ()) != ["w"]:
        return
    some = itertools.islice(_mixed(_options(statement, names), 2), 2)
    for values, (name, (sequence, vanishes)) in itertools.product(some, _SEQUENCES):
        try:
            ((kept,),) = matrix(rule, {**values, relation.of: Fraction(1)}, ["w"])
            rates = [sequence(t) / (1 - kept) for t in range(1, 65)]
            given = [{**values, relation.of: rate} for rate in rates]
            if not all(rate in allowed for rate in rates) or not all(_assumed(statement, v) for v in given):
                continue
            seen = list(_moments(rule, given))
            told = {n: str(v) for n, v in values.items()} | {f"{relation.of}[t]": f"{name} / ({1 - kept})"}
            told |= {"E[w[8]**2]": exact.decimal(seen[7]), "E[w[64]**2]": exact.decimal(seen[63])}
            promised = vanishes and not (relation.squares and name == "1/sqrt(t)")
            yield 1, None if (2 * seen[63] < seen[7]) == promised else told
        except (UndefinedError, UndecidableError, CurvedError, OverflowError, ZeroDivisionError):
            yield 0, None


def _moments(rule: Optimizer, values: Sequence[Mapping[str, Any]]) -> Iterator[Any]:
    """E[w**2] after each step from w = 1, each with its hyperparameters."""
    moment = Fraction(1)
    for given in values:
        ((kept,),), (added,) = matrix(rule, given, ["w"]), _of_noise(rule, given, ["w"])
        moment = kept**2 * moment + (added * given["sigma"]) ** 2
        yield moment


def _root_below(t: int) -> Fraction:
    """A fraction near 1 / sqrt(t)."""
    return Fraction(100, math.isqrt(10**4 * t))


#: Sequences, and whether E[w**2] goes to 0 for them.
_SEQUENCES: Sequence[tuple[str, tuple[Callable[[int], Fraction], bool]]] = (
    ("1/t", (lambda t: Fraction(1, t), True)),
    ("1/(t+3)", (lambda t: Fraction(1, t + 3), True)),
    ("1/sqrt(t)", (_root_below, True)),
    ("1/2", (lambda t: Fraction(1, 2), False)),
    ("1/(t+1)**2", (lambda t: Fraction(1, (t + 1) ** 2), False)),
    ("1/2**t", (lambda t: Fraction(1, 2**t), False)),
    ("1/4 + 1/t", (lambda t: Fraction(1, 4) + Fraction(1, t), False)),
)
