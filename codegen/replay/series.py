"""The replay of what is said of weights, of norms and of cycles."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..algebra import exact
from ..spec.enclosure import UndecidableError, UndefinedError
from ..statement import Holds, Statement, T, after, past_max, past_sum
from ..statement.series import CycleOfMeans, HalfLife, NormLimit, Weights, WeightsAddUp
from . import Found, _in_run, breaks, outcomes
from .adversary import Setting, settings
from .run import run_rule, shown


@outcomes.register
def _(relation: Weights | WeightsAddUp, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    yield from outcomes(Holds(past_sum(relation.weight), "=", relation.total), statement)


@_in_run.register
def _(relation: WeightsAddUp, statement: Statement, setting: Setting) -> Iterator[tuple[int, Found | None]]:
    yield from _in_run(Holds(past_sum(relation.weight), "=", relation.total), statement, setting)


@outcomes.register
def _(relation: HalfLife, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    later = past_sum(relation.past.xreplace({T: T + 1}))
    yield from outcomes(Holds(later, "=", relation.ratio * past_sum(relation.past)), statement)


@outcomes.register
def _(relation: NormLimit, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    """The largest term M of t that are not negative: M**p <= the sum of their p-th powers <= t * M**p."""
    state = after(relation.state)
    yield from outcomes(Holds(state, "=", past_max(relation.term)), statement)
    for p in (1, 3):
        power = past_sum(relation.term**p)
        yield from outcomes(Holds(state**p, "<=", power), statement)
        yield from outcomes(Holds(power, "<=", T * state**p), statement)


@outcomes.register
def _(relation: CycleOfMeans, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    rule = statement.runs.stage
    halts = exact.function(rule.halts)
    for setting in settings(statement.runs):
        run, said = run_rule(rule, setting, statement.runs), 0
        for t in run.steps:
            row = run.rows[t]
            try:
                length = int(exact.evaluate(relation.over, row))
                goes_on, expected = not halts(row), t % length == 0
                seen = [run.rows[k]["g"] for k in range(max(1, t - length + 1), t + 1)]
                mean = sum(seen, Fraction(0)) / length
                wrong = goes_on != expected or (goes_on and breaks(row["g_new"], mean, "="))
            except (UndecidableError, UndefinedError):
                break
            said = 1
            if wrong:
                told = {"goes on": str(goes_on), "g_new": shown(row["g_new"]), "mean": shown(mean)}
                yield 1, {**setting.shown(t), **told}
                return
        yield said, None
