"""Steps of one element by itself, from where it is in a run of three, against what it comes to beside the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sympy

from ..algebra import exact
from ..spec.enclosure import UndecidableError, UndefinedError, differ
from ..spec.rules import Optimizer, Stage
from ..spec.symbols import New
from ..statement import Split, Statement
from . import Found, outcomes
from .adversary import settings
from .run import FACTORS, run_elements, shown, told_of_elements
from .worlds import World

_ARRAYS = (0, 0, 1)  # of the three elements of a run
_MOST = 16


@outcomes.register
def _(relation: Split, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    rule = statement.runs.rule
    assert isinstance(rule, Optimizer)
    names = {one: sympy.Symbol(f"({one})") for one in relation.sums}
    for number, setting in enumerate(settings(statement.runs, most=_MOST)):
        factors = FACTORS[number % len(FACTORS)]
        together, compared = run_elements(rule, setting, factors), 0
        for t in together[0].steps if together else ():
            rows = [run.rows[t] for run in together]
            try:
                given = {names[one].name: World(rows, _ARRAYS)(one) for one in relation.sums}
                found = [
                    _apart(rule, row, names, {name: of[k] for name, of in given.items()}) for k, row in enumerate(rows)
                ]
            except (UndecidableError, UndefinedError, KeyError):
                break
            compared = 1
            for k, (alone, row) in enumerate(zip(found, rows, strict=True)):
                for name in (name for name in alone if differ(alone[name], row[name])):
                    told = {"of": told_of_elements(factors), "element": str(k + 1)}
                    values = {f"{name} beside the others": shown(row[name]), f"{name} alone": shown(alone[name])}
                    yield 1, {**setting.shown(t), **told, **values}
                    return
        yield compared, None


def _apart(
    rule: Optimizer, row: Mapping[str, Any], names: Mapping[sympy.Expr, sympy.Symbol], given: Mapping[str, Any]
) -> dict[str, Any]:
    """What one element comes to if there is no other: new states, weight and gradient, and whether the step ends."""
    computed = {step.target.name for step in rule.steps}
    known = {name: value for name, value in row.items() if name not in computed and name != exact.HALTED}
    known.update(given)
    found = {}
    for step in rule.steps:
        (value,) = World([known], [0])(step.value.xreplace(dict(names)))
        known[step.target.name] = value
        if isinstance(step.target, New):
            found[step.target.name] = value
    if isinstance(rule, Stage) and rule.halts is not None:
        (found[exact.HALTED],) = World([known], [0])(rule.halts.xreplace(dict(names)))
    return found
