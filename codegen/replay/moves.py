"""Values and moves in exact runs: whether they exist, whether moves add up, what two steps gain, what a map gives."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..algebra import exact
from ..spec.domain import Domain
from ..spec.enclosure import UndecidableError, UndefinedError
from ..spec.rules import Stage
from ..statement import Statement, at
from ..statement.moves import AddUp, BatchSpread, Conditional, Gain, HasValues, OfStage, PartsGain
from . import Found, _assumed, breaks, outcomes
from .adversary import Setting, settings, values_in
from .run import run_elements, run_rule, traced_elements
from .stages import _moments, _said
from .worlds import World

_BATCHES = tuple(
    tuple(Fraction(g) for g in batch.split())
    for batch in ("1 1", "1 -1", "2 3", "-2 1/2", "0 5", "-1 -7", "1 -3 1/2", "2 0 2 -5")
)
_CURVATURES = tuple(tuple(Fraction(h) for h in row.split()) for row in ("1 1/2 -1 3", "0 2 1/3 1", "-2 1 0 0"))


@outcomes.register
def _(relation: HasValues, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    rule = statement.runs.optimizer
    if isinstance(rule, Stage) and rule.reductions:
        yield from _of_elements(statement)
        return
    for setting in settings(statement.runs):
        run = run_rule(rule, setting, statement.runs)
        if run.missing and _assumed(statement, run.missing[1]):
            t, _, reason = run.missing
            yield 1, {**setting.shown(t), "value": f"none: {reason}"}
        else:
            yield len(run.steps), None


def _of_elements(statement: Statement) -> Iterator[tuple[int, Found | None]]:
    """Whether steps with sums have values: all conditions are on hyperparameters."""
    for setting in settings(statement.runs):
        steps = range(1, len(setting.gradients) + 1)
        if not all(_assumed(statement, setting.hyper(t)) for t in steps):
            continue
        try:
            traced_elements(statement.runs.optimizer, setting)
            yield len(steps), None
        except UndefinedError as error:
            yield 1, {**setting.shown(len(steps)), "value": f"none: {error}"}
        except UndecidableError:
            yield 0, None


@outcomes.register
def _(relation: OfStage, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    if not isinstance(statement.runs.rule, Stage):
        yield from _with_sums(relation, statement)
        return
    stage = statement.runs.stage
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


def _with_sums(relation: OfStage, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    """Runs of a rule with sums, of three elements in two arrays."""
    for setting in settings(statement.runs):
        runs = run_elements(statement.runs.optimizer, setting)
        for t in range(1, min((len(run.rows) for run in runs), default=0)):
            world = World([run.rows[t] for run in runs], (0, 0, 1))
            try:
                if not all(all(world(condition)) for condition in statement.conditions):
                    break
                left, right = world(relation.left), world(relation.right)
            except (UndecidableError, UndefinedError, KeyError):
                continue
            broken = [k for k, pair in enumerate(zip(left, right, strict=True)) if breaks(*pair, relation.sign)]
            found = {"left": world.listed(left), "right": world.listed(right)}
            yield 1, {**setting.shown(t), **found} if broken else None


@outcomes.register
def _(relation: AddUp, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    for setting in settings(statement.runs):
        for batch in _BATCHES:
            share = Fraction(1, len(batch)) if relation.mean else Fraction(1)
            total = share * sum(batch)
            row = _first(statement, setting, total)
            if row is None:
                continue
            try:
                common = {symbol.name: row[symbol.name] for symbol in relation.common}
            except (UndecidableError, UndefinedError):
                continue  # what has no value in the whole is not shared by its parts
            parts = [part for g in batch if (part := _first(statement, setting, g, common)) is not None]
            if len(parts) < len(batch):
                continue
            whole = row["w_new"] - setting.w
            found = share * sum((part["w_new"] - setting.w for part in parts), Fraction(0))
            told = {**setting.shown(1), "gradients": ", ".join(map(str, batch))}
            yield 1, ({**told, "left": str(whole), "right": str(found)} if exact.differ(whole, found) else None)


def _first(
    statement: Statement, setting: Setting, gradient: Fraction, common: Mapping[str, Any] | None = None
) -> Mapping[str, Any] | None:
    """The first step, in which what is `common` has these values; None where nothing is said of it."""
    if not common:
        run = run_rule(statement.runs.optimizer, replace(setting, gradients=(gradient,)), statement.runs)
        return run.rows[1] if 1 in run.rows and _assumed(statement, run.rows[1]) else None
    rule = statement.runs.optimizer
    row = exact.Row({**setting.hyper(1), "t": Fraction(1), "g": gradient, "w": setting.w})
    try:
        row.update({s.name: exact.evaluate(value, row) for s, value in rule.state.items()})
        for step in rule.steps:
            name = step.target.name
            if name in common:
                row[name] = common[name]
            else:
                row.compute(name, exact.function(step.value))
        return row if _assumed(statement, row) else None
    except (UndecidableError, UndefinedError):
        return None


@outcomes.register
def _(relation: BatchSpread, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    """Gradients of two values, the first with a third of the weight, and all batches of two or three of them."""
    weights = (Fraction(1, 3), Fraction(2, 3))
    for setting in settings(statement.runs, most=24):
        for values, size in itertools.product(_BATCHES[:6], (2, 3)):
            batches = list(itertools.product((0, 1), repeat=size))
            one = [(weights[k], _first(statement, setting, values[k])) for k in (0, 1)]
            many = [
                (
                    math.prod((weights[k] for k in batch), start=Fraction(1)),
                    _first(statement, setting, sum((values[k] for k in batch), Fraction(0)) / size),
                )
                for batch in batches
            ]
            if any(row is None for _, row in (*one, *many)):
                continue
            left, right = _spread(many), _spread(one) * Fraction(1, size)
            told = {**setting.shown(1), "gradients": ", ".join(map(str, values)), "gradients in a batch": str(size)}
            yield 1, ({**told, "left": str(left), "right": str(right)} if exact.differ(left, right) else None)


def _spread(rows: list[tuple[Fraction, Any]]) -> Any:
    """The variance of the move: the mean of its square less the square of its mean."""
    moves = [(weight, row["w_new"] - row["w"]) for weight, row in rows]
    mean = sum((weight * move for weight, move in moves), Fraction(0))
    return sum((weight * move * move for weight, move in moves), Fraction(0)) - mean * mean


@outcomes.register
def _(relation: PartsGain, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    """What is gained, and, by scaling all curvatures, what is linear in them: a polynomial without a constant."""
    rate = exact.function(relation.rate)
    for setting in settings(statement.runs, most=30):
        gradients = setting.gradients[:4]
        if len(gradients) < 4:
            gradients = (*gradients, Fraction(3), Fraction(-1, 2), Fraction(2), Fraction(1))[:4]
        for curvatures in _CURVATURES:
            for t in range(1, 5):
                try:
                    rates = [rate({**setting.hyper(k), "t": Fraction(k)}) for k in range(1, t + 1)]
                except (UndecidableError, UndefinedError):
                    break
                gains = [_gained(statement, setting, gradients[:t], [s * h for h in curvatures]) for s in range(1, t)]
                gained = _gained(statement, setting, gradients[:t], curvatures)
                if any(gain is None for gain in (gained, *gains)):
                    break
                said = Fraction(0)
                for i in range(t):
                    kept = math.prod((1 - rates[j] * curvatures[j] for j in range(i + 1, t)), start=Fraction(1))
                    said += rates[i] * gradients[i] * (1 - kept)
                pairs = itertools.combinations(range(t), 2)
                first = sum((rates[i] * gradients[i] * rates[j] * curvatures[j] for i, j in pairs), Fraction(0))
                told = {**setting.shown(t), "curvatures": ", ".join(map(str, curvatures))}
                try:
                    broken = breaks(gained, said, "=") or breaks(_slope(gains), first, "=")
                except UndecidableError:
                    continue
                yield 1, ({**told, "left": str(gained), "right": str(said)} if broken else None)


def _gained(statement: Statement, setting: Setting, gradients: Any, curvatures: Any) -> Any:
    """How far steps with the gradients of quadratics end from steps with those of the start; None if it is not said."""
    rule, start = statement.runs.optimizer, setting.w
    moving = [lambda row, g=g, h=h: g + h * (row["w"] - start) for g, h in zip(gradients, curvatures, strict=False)]
    try:
        ends = [exact.run(rule, given, setting.hyper, w=start)[-1] for given in (moving, gradients)]
    except (UndecidableError, UndefinedError):
        return None
    return ends[0]["w"] - ends[1]["w"] if all(_assumed(statement, row) for row in ends) else None


def _slope(gains: list[Any]) -> Any:
    """The linear coefficient of a polynomial with the values 0, gains[0], ... at 0, 1, ..., after Lagrange."""
    points = range(1, len(gains) + 1)
    total = Fraction(0)
    for k, gain in zip(points, gains, strict=True):
        total += gain * math.prod((Fraction(p, p - k) for p in points if p != k), start=Fraction(1, k))
    return total


@outcomes.register
def _(relation: Gain, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    by = exact.function(relation.by)
    for setting in settings(statement.runs, ("h2",)):
        first, second, *_ = (*setting.gradients, Fraction(2), Fraction(-1))
        h2 = setting.hyper(2)["h2"]
        once = run_rule(statement.runs.optimizer, replace(setting, gradients=(first,)), statement.runs)
        if 1 not in once.rows:
            continue
        moving = second + h2 * (once.rows[1]["w_new"] - setting.w)
        ends = [
            run_rule(statement.runs.optimizer, replace(setting, gradients=(first, g)), statement.runs)
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
    rule = statement.runs.optimizer
    names = {s.name for s in (*rule.state, *rule.hypers)} | {"w", "g"}
    targets = {step.target.name for step in rule.steps}
    names |= {s.name for s in relation.symbols() if s.name not in targets | {"t"}}
    # what is put in last is known first: g = h * w, then h = 2
    given = [(s.name, exact.function(value)) for s, value in reversed(list(relation.given.items()))]
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
