"""Steps from the same state with gradients of different sizes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..algebra import exact
from ..spec.enclosure import UndecidableError, UndefinedError
from ..statement import Statement
from ..statement.order import InOrder
from . import Found, _assumed, _in_run, outcomes
from .adversary import Setting, settings
from .run import run_rule

_SIZES = tuple(Fraction(n) for n in ("0", "1/100", "-1/100", "1/2", "1", "-1", "3", "-100"))


@outcomes.register
def _(relation: InOrder, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    for setting in settings(statement.runs, most=20):
        yield from _in_run(relation, statement, setting)


@_in_run.register
def _(relation: InOrder, statement: Statement, setting: Setting) -> Iterator[tuple[int, Found | None]]:
    for t in range(1, len(setting.gradients) + 1):
        before = setting.gradients[: t - 1]
        values = [(g, _value(relation, statement, replace(setting, gradients=(*before, g)))) for g in _SIZES]
        known = [(g, value) for g, value in values if value is not None]
        for (small, one), (large, two) in itertools.pairwise(known):
            first, second = (one, two) if relation.rises else (two, one)
            try:
                broken = (abs(small) <= abs(large) and first > second) or (abs(small) == abs(large) and first < second)
            except UndecidableError:
                continue
            told = replace(setting, gradients=(*before, large)).shown(t)
            found = {**told, "with g": f"{small}, {large}", "value": f"{exact.shown(one)}, {exact.shown(two)}"}
            yield 1, found if broken else None


def _value(relation: InOrder, statement: Statement, setting: Setting) -> Any:
    """The value in the last step; None if there is none, or if what is assumed does not hold."""
    run = run_rule(statement.runs.optimizer, setting, statement.runs)
    rows = [run.rows[t] for t in run.steps]
    if len(rows) < len(setting.gradients) or not all(_assumed(statement, row) for row in rows):
        return None
    try:
        return exact.evaluate(relation.value, rows[-1])
    except (UndecidableError, UndefinedError, KeyError):
        return None
