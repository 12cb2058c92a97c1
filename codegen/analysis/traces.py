"""Runs in exact numbers that may refute a statement: simple hyperparameters, constant and changing, simple gradients.

A run in which the conditions of the statement fail, or that has no value, refutes nothing that is said of values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy

from ..algebra import exact
from ..algebra.assumptions import Assumptions
from ..algebra.points import candidates, samples
from ..spec.enclosure import UndecidableError, UndefinedError
from ..spec.rules import Optimizer, Stage
from ..statement import Gradients, Statement, Steps

#: Gradients in search of a counterexample, the simplest first.
GRADIENTS = tuple(
    tuple(Fraction(g) for g in pattern.split())
    for pattern in ("1 0 0", "1 1 1", "1 -1 2", "2 -1 3", "1/2 3 -2", "0 0 0", "-1 -2 -3", "-3 5 0")
)
_STARTS = (Fraction(1), Fraction(0), Fraction(10), Fraction(-10))
_MOST = 14  # choices of hyperparameters
_LONG = 10  # steps of a run in which something changes late

Found = dict[str, str]


@dataclass(frozen=True)
class Trace:
    """One run: `rows[k]` has step k + 1, with `s` before the step and `s_new` after it."""

    hyper: Callable[[int], Mapping[str, Fraction]]
    gradients: tuple[Fraction, ...]
    w: Fraction
    rows: Sequence[exact.Row]
    missing: str = ""  # why the step after the last has no value

    def told(self, t: int) -> Found:
        """What a counterexample at step t says of the run."""
        names = sorted(self.hyper(1))
        values = {name: [self.hyper(k)[name] for k in range(1, t + 1)] for name in names}
        found = {name: ", ".join(map(str, of if len(set(of)) > 1 else of[:1])) for name, of in values.items()}
        return {"t": str(t), "gradients": ", ".join(map(str, self.gradients[:t])), **found, "w[0]": str(self.w)}


Broken = Callable[[Trace], Found | None]


def negative(value: sympy.Expr, text: str) -> Broken:
    """What finds the first step of a run at which `value`, written as `text`, is below zero."""
    of = exact.function(value)

    def broken(trace: Trace) -> Found | None:
        for t, row in enumerate(trace.rows, start=1):
            if (found := of(row)) < 0:
                return {**trace.told(t), text: exact.decimal(found)}
        return None

    return broken


def wrong(left: sympy.Expr, right: sympy.Expr, is_wrong: Callable[[Any, Any], bool]) -> Broken:
    """What finds the first step of a run at which `is_wrong` of the values of `left` and `right`."""
    sides = exact.function(left), exact.function(right)

    def broken(trace: Trace) -> Found | None:
        for t, row in enumerate(trace.rows, start=1):
            one, two = (side(row) for side in sides)
            if is_wrong(one, two):
                return {**trace.told(t), "left": exact.decimal(one), "right": exact.decimal(two)}
        return None

    return broken


def traces(statement: Statement, starts: Sequence[Fraction] = _STARTS[:1]) -> Iterator[Trace]:
    """Runs that `statement` is about, the simplest first, up to where its conditions fail."""
    runs = statement.runs
    gradients = _gradients(statement)
    conditions = [exact.function(c) for c in statement.conditions]
    for number, hyper in enumerate(hypers(runs.optimizer, runs.constant, runs.fixed)):
        # with the simplest hyperparameters all gradients, with the others some, and in the end each
        few = [gradients[(number + k) % len(gradients)] for k in range(4)]
        for pattern in gradients if number < 4 else few:
            for w in starts:
                trace = run(runs.optimizer, pattern, hyper, w)
                kept = next((k for k, row in enumerate(trace.rows) if not _hold(conditions, row)), None)
                yield trace if kept is None else Trace(hyper, pattern, w, trace.rows[:kept])


def search(statement: Statement, broken: Broken, starts: Sequence[Fraction] = _STARTS[:1]) -> Found | None:
    """What `broken` finds in the first run in which it finds something."""
    for trace in traces(statement, starts):
        try:
            if found := broken(trace):
                return found
        except (UndefinedError, UndecidableError):
            continue
    return None


def run(
    rule: Optimizer,
    gradients: tuple,
    hyper: Callable[[int], Mapping[str, Fraction]],
    w: Fraction,
    state: Mapping[str, Any] | None = None,
) -> Trace:
    """A run of one element, up to the first step that has no value or that an enclosure cannot tell.

    `state` replaces the initial state.
    """
    rows, missing, at = [], "", w
    names = ["w", *(s.name for s in rule.state)]
    extra = {"lr": Fraction(1, 2)} if isinstance(rule, Stage) else {}
    for t, g in enumerate(gradients, start=1):

        def now(_: int, t: int = t) -> Mapping[str, Any]:
            return {**extra, **hyper(t)}

        try:
            before = state or {n: exact.evaluate(v, {**now(t), "w": w}) for n, v in _starts(rule)}
            (row,) = exact.run(rule, (g,), now, w=at, state=before, first=t, noise=(Fraction(1),))
        except (UndefinedError, UndecidableError) as error:
            missing = str(error) if isinstance(error, UndefinedError) else ""
            break
        after = {f"{name}_new": row[name] for name in names}
        rows.append(row | {**before, "w": at} | after)
        state, at = {name: row[name] for name in names[1:]}, row["w"]
    return Trace(hyper, gradients, w, rows, missing)


def _starts(rule: Optimizer) -> list[tuple[str, sympy.Expr]]:
    return [(s.name, value) for s, value in rule.state.items()]


def hypers(
    rule: Optimizer, constant: Sequence[str] = (), fixed: Mapping[str, sympy.Expr] | None = None
) -> Iterator[Callable[[int], Mapping[str, Fraction]]]:
    """Hyperparameters at each step: first the same in all, then changing ones, of those that are not `constant`."""
    assumptions, fixed = Assumptions.of(rule), fixed or {}
    names = [h.name for h in rule.hypers if h.name not in fixed]
    options = {name: candidates(assumptions.domains[name]) for name in names}
    choices = [{name: of[0] for name, of in options.items()}, *samples(names, assumptions)][:_MOST]
    choices += [{name: choose(of) for name, of in options.items()} for choose in (min, max)]

    def with_fixed(values: dict[str, Fraction]) -> dict[str, Fraction]:
        return values | {name: exact.evaluate(value, values) for name, value in fixed.items()}

    for values in map(with_fixed, choices):
        yield always(values)
    changing = [name for name in names if name not in constant]
    if changing:
        for offset in (0, 3, 7):

            def mixed(t: int, offset: int = offset) -> dict[str, Fraction]:
                first, now = choices[offset % len(choices)], choices[(offset + t - 1) % len(choices)]
                return with_fixed({name: (now if name in changing else first)[name] for name in names})

            yield mixed


def always(values: Mapping[str, Fraction]) -> Callable[[int], Mapping[str, Fraction]]:
    """The same in all steps."""
    return lambda t: values


def _gradients(statement: Statement) -> Sequence[tuple[Fraction, ...]]:
    steps = {Steps.FIRST: 1, Steps.TWO: 2}.get(statement.runs.steps)
    if statement.runs.gradients is Gradients.ZERO:
        return ((Fraction(0),) * (steps or _LONG),)
    if steps:
        return tuple(dict.fromkeys(p[:steps] for p in GRADIENTS))
    return (*GRADIENTS, *(tuple(GRADIENTS[k][t % 3] for t in range(_LONG)) for k in (3, 5)))


def _hold(conditions: Sequence[Callable], row: exact.Row) -> bool:
    try:
        return all(condition(row) for condition in conditions)
    except (UndefinedError, UndecidableError):
        return False
