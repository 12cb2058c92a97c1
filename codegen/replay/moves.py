"""Values and moves in exact runs: whether they exist, whether moves add up, what two steps gain, what a map gives."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from codegen import exact
from codegen.domain import Domain
from codegen.enclosure import UndecidableError, UndefinedError
from codegen.replay import Found, _assumed, breaks, outcomes
from codegen.replay.adversary import Setting, settings, values_in
from codegen.replay.run import run_rule
from codegen.replay.stages import _moments, _said
from codegen.spec import Stage
from codegen.statement import Statement, at
from codegen.statement.moves import AddUp, Conditional, Gain, HasValues, OfStage

_PAIRS = tuple(tuple(map(Fraction, pair)) for pair in ((1, 1), (1, -1), (2, 3), (-2, "1/2"), (0, 5), (-1, -7)))


@outcomes.register
def _(relation: HasValues, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    rule = statement.runs.rule
    for setting in settings(statement.runs) if not isinstance(rule, Stage) else ():
        run = run_rule(rule, setting, statement.runs)
        if run.missing and _assumed(statement, run.missing[1]):
            t, _, reason = run.missing
            yield 1, {**setting.shown(t), "value": f"none: {reason}"}
        else:
            yield len(run.steps), None


@outcomes.register
def _(relation: OfStage, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    stage = statement.runs.rule
    sides = [side.replace(lambda e: isinstance(e, at), lambda e: e.args[0]) for side in (relation.left, relation.right)]
    for course in _moments(statement.runs, (stage,), lambda passed: passed.then(0), {}):
        for passed in course:
            try:
                world = passed.inside(0)
                if not all(all(world(condition)) for condition in statement.conditions):
                    break
                left, right = map(world, sides)
                broken = [k for k, pair in enumerate(zip(left, right, strict=True)) if breaks(*pair, relation.sign)]
                yield 1, _said(passed, "the stage", left, right, broken[0]) if broken else None
            except (UndecidableError, UndefinedError):
                continue


@outcomes.register
def _(relation: AddUp, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    for setting in settings(statement.runs):
        for first, second in _PAIRS:
            both = (first + second) / 2 if relation.mean else first + second
            moves = [_move(statement, setting, g) for g in (both, first, second)]
            if any(move is None for move in moves):
                continue
            whole, *parts = moves
            found = sum(parts, Fraction(0)) * (Fraction(1, 2) if relation.mean else 1)
            told = {**setting.shown(1), "gradients": f"{first}, {second}"}
            yield 1, ({**told, "left": str(whole), "right": str(found)} if exact.differ(whole, found) else None)


def _move(statement: Statement, setting: Setting, gradient: Fraction) -> Any:
    """What the first step adds to `w`; None where that is not said."""
    run = run_rule(statement.runs.rule, replace(setting, gradients=(gradient,)), statement.runs)
    if 1 not in run.rows or not _assumed(statement, run.rows[1]):
        return None
    return run.rows[1]["w_new"] - setting.w


@outcomes.register
def _(relation: Gain, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    by = exact.function(relation.by)
    for setting in settings(statement.runs, ("h2",)):
        first, second, *_ = (*setting.gradients, Fraction(2), Fraction(-1))
        h2 = setting.hyper(2)["h2"]
        once = run_rule(statement.runs.rule, replace(setting, gradients=(first,)), statement.runs)
        if 1 not in once.rows:
            continue
        moving = second + h2 * (once.rows[1]["w_new"] - setting.w)
        ends = [
            run_rule(statement.runs.rule, replace(setting, gradients=(first, g)), statement.runs)
            for g in (moving, second)
        ]
        if any(2 not in run.rows or not all(_assumed(statement, run.rows[t]) for t in run.steps) for run in ends):
            continue
        try:
            values = (
                ends[0].rows[2]["w_new"] - ends[1].rows[2]["w_new"],
                by({**setting.hyper(2), "g1": first, "h2": h2}),
            )
            found = {**setting.shown(2), "left": str(values[0]), "right": str(values[1])}
            yield 1, (found if breaks(*values, "=") else None)
        except (UndecidableError, UndefinedError):
            continue


@outcomes.register
def _(relation: Conditional, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    rule = statement.runs.rule
    names = {s.name for s in (*rule.state, *rule.hypers)} | {"w", "g"}
    targets = {step.target.name for step in rule.steps}
    names |= {s.name for s in relation.symbols() if s.name not in targets | {"t"}}
    # what is put in last is known first: g = h * w, then h = 2
    given = [(s.name, exact.function(value)) for s, value in reversed(relation.given.items())]
    steps = [(step.target.name, exact.function(step.value)) for step in rule.steps]
    left, right = exact.function(relation.left), exact.function(relation.right)
    for point in _points(statement, sorted(names)):
        row = exact.Row(point)
        try:
            for name, value in given:
                row[name] = value(row)
            for name, value in steps:
                row.compute(name, value)
            if not _assumed(statement, row):
                continue
            values = left(row), right(row)
            found = {**{n: str(v) for n, v in point.items()}, "left": str(values[0]), "right": str(values[1])}
            yield 1, (found if breaks(*values, "=") else None)
        except (UndecidableError, UndefinedError):
            continue


def _points(statement: Statement, names: list[str]) -> Iterator[Mapping[str, Any]]:
    """States, gradients and hyperparameters, whatever they are."""
    options = {name: values_in(statement.runs.domain_of(name) or Domain()) for name in names}
    for number, t in itertools.product(range(12), (1, 2, 7)):
        yield {"t": Fraction(t)} | {
            name: of[(number * (place + 1) + place) % len(of)] for place, (name, of) in enumerate(options.items())
        }
