"""Monitors run in exact numbers: whether a statement about them holds in a run, and the first run that breaks it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import singledispatch
from typing import Any

import sympy

from ..algebra import exact
from ..algebra.exact import UndecidableError, UndefinedError, differ
from ..claims.monitors import theirs
from ..spec.rules import Monitor, by_name
from ..spec.symbols import METRIC, TRAINING
from ..statement import Relation, Statement
from ..statement.reports import AfterNan, Agreement, AtReports, Course, LeastReport
from .adversary import values_in

Values = Mapping[str, Any]
Found = dict[str, str] | None

_LENGTH, _MIXED = 12, 16
_NAN, _INF = math.nan, math.inf


def _cycled(*values: Any) -> tuple:
    numbers = (v if isinstance(v, float) else Fraction(v) for v in values)
    return tuple(itertools.islice(itertools.cycle(numbers), _LENGTH))


#: Reports that are numbers, the simplest first.
_NUMBERS = (
    _cycled(1),
    _cycled(*range(12, 0, -1)),
    _cycled(*range(1, 13)),
    _cycled(1, "1/2"),
    _cycled(-1),
    _cycled(-4, -3),
    _cycled(4, 4, 3, 3, 3, 3, 2, 5, 5, 5, 5, 5),
    _cycled(0, -1, -1, -1, 2, -8, "-15/2", -7, 1, 1, 1, 1),
    _cycled(0),
)
#: And some that are not finite.
_OTHERS = (
    _cycled(_NAN),
    _cycled(1, _NAN),
    _cycled(3, 2, _NAN, 2, 1, _NAN, _NAN, 5, 5, _NAN, 0, -1),
    _cycled(_INF),
    _cycled(-_INF),
    _cycled(_INF, 1, 1, _NAN, -_INF, 1),
    _cycled(_NAN, -_INF, _INF, 2),
)


def settings(rule: Monitor) -> list[dict[str, Fraction]]:
    """Simple hyperparameters: numbers inside the domains, their closed ends, the defaults."""
    options = {h.name: values_in(h.allowed) for h in rule.hypers}
    found = [{name: of[0] for name, of in options.items()}]
    # nothing switched on, which simple numbers seldom leave so
    found.append({h.name: h.value for h in rule.hypers})
    found += [{**found[0], name: value} for name, of in options.items() for value in of[1:]]
    found += [{name: choose(of) for name, of in options.items()} for choose in (min, max)]
    for k in range(_MIXED if len(options) > 1 else 0):
        # another stride for each, so that no relation between them holds in every run
        found.append({n: of[(k * (2 * p + 1) + p) % len(of)] for p, (n, of) in enumerate(options.items())})
    return [values for n, values in enumerate(found) if values not in found[:n]]


def reports_of(rule: Monitor, metrics: Sequence[Any]) -> list[tuple]:
    """Reports to `rule` made of `metrics`; what came before stands for the metric of the training data."""
    before = (*metrics[-1:], *metrics[:-1])
    return [pair[: len(rule.hears)] for pair in zip(metrics, before, strict=True)]


def _series(rule: Monitor, *series: tuple) -> list[tuple]:
    """What is reported in turn: the series, or pairs of them, where two metrics are heard."""
    if TRAINING not in rule.hears:
        return list(series)
    pairs = [(k, (k + shift) % len(series)) for shift in (0, 1, 4) for k in range(len(series))]
    return [tuple(zip(series[a], series[b], strict=True)) for a, b in pairs]


def runs(rule: Monitor) -> Iterator[tuple[dict[str, Fraction], tuple[Fraction, ...]]]:
    """Simple hyperparameters and reports that are numbers, on which runs are tried."""
    for reports, hyper in itertools.product(_series(rule, *_NUMBERS), settings(rule)):
        yield hyper, reports


def trials(statement: Statement) -> Iterator[tuple[dict[str, Fraction], tuple]]:
    """Simple hyperparameters, those that are fixed at their values, and reports of all kinds."""
    rule, fixed = statement.runs.monitor, {name: exact.number(value) for name, value in statement.runs.at}
    every = [{**values, **fixed} for values in settings(rule)]
    tried = [values for n, values in enumerate(every) if values not in every[:n]]
    # what a claim brings itself, such as the level of a flat metric, is taken from the reports as well
    heard = rule.listens or bool(statement.relation.symbols())
    series = _series(rule, *_NUMBERS, *_OTHERS) if heard else _NUMBERS[:1]
    for reports, hyper in itertools.product(series, tried):
        yield hyper, reports


def search(statement: Statement) -> Found:
    """The first of simple runs in which the statement does not hold."""
    for hyper, reports in trials(statement):
        try:
            if found := broken(statement.relation, statement, hyper, reports):
                return found
        except (UndefinedError, UndecidableError, OverflowError):
            continue
    return None


@singledispatch
def broken(relation: Relation, statement: Statement, hyper: Values, reports: Sequence) -> Found:
    """What breaks the statement in the run with these hyperparameters and reports; None if nothing does.

    Raises UndefinedError or UndecidableError where the run has no values, or none that can be compared.
    """
    raise NotImplementedError(f"nothing is known of {type(relation).__name__}")


def _admits(statement: Statement, values: Values, reports: Sequence = ()) -> bool:
    """Whether the statement speaks of such a run."""
    for condition in statement.conditions:
        names = {s.name for s in condition.free_symbols}
        for report in reports if names & {METRIC, TRAINING} else (None,):
            if not exact.evaluate(condition, {**values, **by_name(report)}):
                return False
    return True


@broken.register
def _(relation: AtReports, statement: Statement, hyper: Values, reports: Sequence) -> Found:
    rule = statement.runs.monitor
    if not _admits(statement, hyper, reports):
        return None
    for number, values in enumerate(_run(rule, reports, hyper)):
        if relation.kept or number:
            seen = _kept(rule, values) if relation.kept else values
            if not exact.evaluate(relation.condition, seen):
                return _told(rule, hyper, reports, number, values)
    return None


@broken.register
def _(relation: LeastReport, statement: Statement, hyper: Values, reports: Sequence) -> Found:
    rule = statement.runs.monitor
    if not _admits(statement, hyper, reports):
        return None
    for number, values in enumerate(_run(rule, reports, hyper)):
        numbers = [metric for metric in (by_name(r)[METRIC] for r in reports[:number]) if not _nan(metric)]
        least = min(numbers, default=_INF)
        if differ(values[f"{relation.state}_new"], least):
            return {**_told(rule, hyper, reports, number, values), "least": exact.shown(least)}
    return None


@broken.register
def _(relation: AfterNan, statement: Statement, hyper: Values, reports: Sequence) -> Found:
    rule = statement.runs.monitor
    heard = (*reports[:2], _NAN, *reports[2:4], _NAN)
    if TRAINING in rule.hears:
        (one, _), (_, two), *_ = reports
        heard = (*reports[:2], (_NAN, two), *reports[2:4], (one, _NAN), *reports[4:6], (_NAN, _NAN))
    for number, values in enumerate(_run(rule, heard, hyper)):
        if not number or not any(map(_nan, by_name(heard[number - 1]).values())):
            continue
        for state, value in relation.after.items():
            claimed = exact.evaluate(value, values)
            if differ(values[f"{state}_new"], claimed):
                told = _told(rule, hyper, heard, number, values)
                return {**told, "state": str(state), "claimed": exact.shown(claimed)}
    return None


@broken.register
def _(relation: Course, statement: Statement, hyper: Values, reports: Sequence) -> Found:
    """The first of `reports` are taken for what the claim brings itself, such as the level of a flat metric."""
    rule = statement.runs.monitor
    expressions = [e for e in (relation.metric, relation.training) if e is not None]
    names = sorted({s.name for e in expressions for s in e.free_symbols} - set(hyper))
    own = dict(zip(names, (value for report in reports for value in by_name(report).values()), strict=False))
    given = {**hyper, **own}
    if any(isinstance(v, float) for v in own.values()) or not _admits(statement, given):
        return None
    heard = [tuple(exact.evaluate(e, given) for e in expressions)] * len(reports)
    place = {"j": Fraction(-1), "k": Fraction(0)}
    for number, values in enumerate(_run(rule, heard, hyper)):
        if number < relation.first:
            continue
        place["j"] += 1
        if place["j"] >= exact.evaluate(relation.length, {**given, "k": place["k"]}):
            place = {"j": Fraction(0), "k": place["k"] + 1}
        for state, value in relation.after.items():
            claimed = exact.evaluate(value, {**given, **place})
            if differ(values[f"{state}_new"], claimed):
                told = _told(rule, hyper, heard, number, values)
                return {**told, "state": str(state), "claimed": exact.shown(claimed)}
    return None


@broken.register
def _(relation: Agreement, statement: Statement, hyper: Values, reports: Sequence) -> Found:
    rule, other = statement.runs.monitor, relation.other
    if not _admits(statement, hyper, reports):
        return None
    mapped = {h.name: exact.evaluate(relation.hyper.get(h.name, h), hyper) for h in other.hypers}
    for h in other.hypers:
        if isinstance(mapped[h.name], Fraction) and mapped[h.name] not in h.allowed:
            told = {"reports": "none", **{name: exact.shown(value) for name, value in hyper.items()}}
            return {**told, f"{h.name} of {other.name}": f"{mapped[h.name]}, where {h.condition}"}
    heard = [
        tuple({**named, METRIC: exact.evaluate(relation.metric, {**hyper, **named})}.values())
        for named in map(by_name, reports)
    ]
    both = zip(_run(rule, reports, hyper), _run(other, heard, mapped), strict=True)
    for number, (mine, yours) in enumerate(both):
        own, kept = _kept(rule, mine), _kept(other, yours)
        tells, says = exact.evaluate(rule.value, own), exact.evaluate(other.value, {**kept, **mapped})
        told = _told(rule, hyper, reports, number, mine)
        if differ(tells, says):
            return {**told, rule.name: exact.shown(tells), other.name: exact.shown(says)}
        named = {theirs(s).name: kept[s.name] for s in other.state}
        if not exact.evaluate(relation.relation, {**own, **named}):
            return {**told, **{name: exact.shown(value) for name, value in named.items()}}
    return None


def _run(rule: Monitor, reports: Sequence, hyper: Values) -> list[dict[str, Any]]:
    """The run, unless it hangs on what a maximum, a minimum or a sign of NaN is, which nobody says."""
    trace = exact.run_monitor(rule, reports, hyper)
    unsaid = [node for step in rule.steps for node in step.value.atoms(sympy.Max, sympy.Min, sympy.sign)]
    for values in trace[1:]:
        if any(_nan(exact.evaluate(argument, values)) for node in unsaid for argument in node.args):
            raise UndecidableError("a maximum, a minimum or a sign of NaN")
    return trace


def _nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _kept(rule: Monitor, values: Values) -> dict[str, Any]:
    """Hyperparameters and the states after a report, under the names of the states."""
    return {**values, **{s.name: values[f"{s.name}_new"] for s in rule.state}}


def _spelled(report: Any) -> str:
    return " with ".join(map(str, by_name(report).values()))


def _told(rule: Monitor, hyper: Values, reports: Sequence, number: int, values: Values) -> dict[str, str]:
    return {
        "reports": ", ".join(map(_spelled, reports[:number])) or "none",
        **{name: exact.shown(value) for name, value in hyper.items()},
        **{s.name: exact.shown(values[f"{s.name}_new"]) for s in rule.state},
    }
