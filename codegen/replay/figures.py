"""The replay of figures: a factor at steps early, late and close to those that are named; one run, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from ..algebra import exact
from ..spec import enclosure
from ..spec.enclosure import UndecidableError, UndefinedError
from ..statement import Statement
from ..statement.figures import EachPeriod, EndsNear, Passes, Rounded
from . import Found, breaks, outcomes
from .run import shown

_PERIODS = 40


@outcomes.register
def _(relation: Passes, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    of, fixed = exact.function(relation.value), {n: exact.evaluate(v, {}) for n, v in statement.runs.at}
    near = [k + t for k in (1, relation.peak, relation.since) for t in (-2, -1, 0, 1, 2)]
    late = [k * relation.since for k in (2, 3, 10, 100)]

    def at(t: int) -> Any:
        return of({**fixed, "t": Fraction(t)})

    top = at(relation.peak)
    for t in sorted({t for t in (*near, *range(1, 31), *late) if t >= 1}):
        value = at(t)
        try:
            broken = breaks(value, top, "<=") if t != relation.peak else _off(value, relation.most)
            broken |= t == 1 and _off(value, relation.first)
            broken |= breaks(value, relation.bound, "<" if t >= relation.since else ">=")
        except UndecidableError:
            continue
        yield 1, {"t": str(t), "value": shown(value)} if broken else None


def _short(value: Any) -> Any:
    """A fraction as an enclosure, unless it is a whole number: a long run has long fractions."""
    return value if getattr(value, "denominator", 0) == 1 else enclosure.Enclosure.of(value)


def _off(value: Any, wanted: Rounded) -> bool:
    return breaks(value, wanted.low, ">=") or breaks(value, wanted.high, "<=")


@outcomes.register
def _(relation: EndsNear, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    try:
        *_, w = _course(statement, relation.gradients, relation.steps, relation.start, relation.within)
        off = _off(w, relation.near)
    except (UndecidableError, UndefinedError):
        return
    yield relation.steps, {"t": str(relation.steps), "w": shown(w)} if off else None


@outcomes.register
def _(relation: EachPeriod, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    size, begun = len(relation.gradients), Fraction(0)
    try:
        for t, w in enumerate(_course(statement, relation.gradients, _PERIODS * size, begun), start=1):
            if t % size == 0:
                wrong = breaks(w, begun, ">" if relation.up else "<")
                yield 1, {"t": str(t), f"w[{t - size}]": shown(begun), f"w[{t}]": shown(w)} if wrong else None
                begun = w
    except (UndecidableError, UndefinedError):
        return


def _course(
    statement: Statement,
    gradients: tuple[Fraction, ...],
    count: int,
    start: Fraction,
    within: tuple[Fraction, Fraction] | None = None,
) -> Iterator[Any]:
    """Where each step of one run leads."""
    rule = statement.runs.optimizer
    steps = [(step.target.name, exact.function(step.value)) for step in rule.steps]
    hypers = [(name, exact.function(value)) for name, value in statement.runs.at]
    kept: dict[str, Any] = {"w": start}
    for t in range(1, count + 1):
        row = exact.Row({**kept, "t": Fraction(t), "g": gradients[(t - 1) % len(gradients)]})
        row.update({name: _short(value(row)) for name, value in hypers})
        if t == 1:
            row.update({s.name: exact.evaluate(value, row) for s, value in rule.state.items()})
        for name, value in steps:
            row.compute(name, value)
        kept = {name: row.get(f"{name}_new", row[name]) for name in ("w", *(s.name for s in rule.state))}
        if within:
            low, high = within
            kept["w"] = enclosure.largest([enclosure.least([kept["w"], high]), low])
        yield kept["w"]
