"""Statements about rules with sums over arrays, in runs of several elements with the sums that these have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import sympy

from ..algebra import exact
from ..spec.enclosure import UndecidableError, UndefinedError
from ..spec.rules import Optimizer
from ..statement import All, Holds, Relation, Statement, expected
from ..statement.moves import Conditional, HasValues, OfStage
from . import Found, Replay, _assumed, _looked_at
from .adversary import Setting, settings
from .run import FACTORS, Run, run_elements, told_of_elements, traced_elements
from .worlds import World

_ARRAYS = (0, 0, 1)  # of the three elements of a run
_MOST = 16


def replay_with_sums(statement: Statement, rule: Optimizer, sums: Mapping[str, sympy.Expr]) -> Replay:
    """`statement`, which has names for the `sums` of `rule`, over runs of three elements in two arrays."""
    runs = replace(statement.runs, rule=rule, constant=tuple(n for n in statement.runs.constant if n not in sums))
    own, count = replace(statement, runs=runs), 0
    for number, setting in enumerate(settings(runs, most=_MOST)):
        factors = FACTORS[number % len(FACTORS)]
        for ended, found in _in_run(own.relation, own, setting, sums, factors):
            count += bool(ended)
            if found:
                return Replay(count, {**found, "of": told_of_elements(factors)})
    return Replay(count)


def _in_run(
    relation: Relation,
    statement: Statement,
    setting: Setting,
    sums: Mapping[str, sympy.Expr],
    factors: Sequence[int],
) -> Iterator[tuple[int, Found | None]]:
    match relation:
        case All():
            for part in relation.parts:
                yield from _in_run(part, statement, setting, sums, factors)
        case HasValues():
            yield _has_values(statement, setting, factors)
        case Holds() if not isinstance(relation, OfStage | Conditional):
            if relation.left.has(expected) or relation.right.has(expected):
                return  # that is said of many runs side by side
            for run in with_sums(run_elements(statement.runs.optimizer, setting, factors), sums):
                yield _looked_at(relation, statement, [run], setting)


def _has_values(statement: Statement, setting: Setting, factors: Sequence[int]) -> tuple[int, Found | None]:
    if not _assumed(statement, setting.hyper(1)):
        return 0, None
    try:
        traced_elements(statement.runs.optimizer, setting, factors)
    except UndecidableError:
        return 0, None
    except UndefinedError as error:
        return 1, {**setting.shown(len(setting.gradients)), "value": f"none: {error}"}
    return 1, None


def with_sums(elements: list[Run], sums: Mapping[str, sympy.Expr]) -> list[Run]:
    """Runs of elements that go side by side, with the value of each sum in each step."""
    for t in range(1, min((len(run.rows) for run in elements), default=0)):
        rows = [run.rows[t] for run in elements]
        for name, value in sums.items():
            try:
                found = World(rows, _ARRAYS)(value)
            except (UndecidableError, UndefinedError):
                return []
            for row, one in zip(rows, found, strict=True):
                row[name] = exact.number(one)
    return elements
