"""Statements run in exact numbers, over runs that are chosen to break them.

What is proved has to survive it, and what is refuted has to break in the run that is shown. Nothing here shares code
with a tactic: a statement is data, and all that is used of it is what it says. A test holds the imports to that.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import singledispatch
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import sympy

from ..algebra import exact
from ..result import CONTRADICTED, PROVED, REFUTED, UNDECIDED, Result
from ..spec.enclosure import Enclosure, UndecidableError, UndefinedError
from ..spec.rules import Layer, Monitor, Optimizer, Schedule, Stage
from ..spec.symbolic import Reduction
from ..statement import All, Gradients, Holds, Not, Relation, Runs, SameRun, Statement, Steps, Under, expected
from ..statement.terms import Term
from .adversary import Setting, choices, settings
from .run import BeyondError, Run, compiled, outside_of, run_elements, run_monitor, run_rule, run_schedule

Found = dict[str, str]


@dataclass(frozen=True)
class Replay:
    """How many runs a statement was run over, and the first that breaks it."""

    runs: int = 0
    broken: Found | None = None


def replay(statement: Statement) -> Replay:
    """The statement over adversarial runs. Of what cannot be run there are none."""
    count = 0
    for ended, found in outcomes(statement.relation, statement):
        count += bool(ended)
        if found:
            return Replay(count, found)
    return Replay(count)


@singledispatch
def outcomes(relation: Relation, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    """For each run: at how many steps it said something, and what breaks the relation in it."""
    yield from ()


def checked(result: Result) -> Result:
    """`result`, or that a run contradicts it."""
    if not isinstance(result.statement, Statement):
        return result
    relation = result.statement.relation
    if result.status == PROVED:
        if isinstance(relation, Not):
            return _confirmed(result, replace(result.statement, relation=relation.of))
        found = replay(result.statement)
        if found.broken:
            reason = f"proved by {result.method}, and a run in exact numbers contradicts it"
            return replace(result, status=CONTRADICTED, counterexample=found.broken, reason=reason)
        if not found.runs and is_empty(result.statement):
            return replace(result, status=UNDECIDED, reason="no run was found that meets all of its conditions")
        return replace(result, runs=found.runs)
    if result.status == REFUTED and not isinstance(relation, Not):
        return _confirmed(result, result.statement)
    return result


def is_empty(statement: Statement) -> bool:
    """Whether all runs that were tried break a condition, so that nothing is said of them."""
    rule, hypers = statement.runs.rule, {h.name for h in statement.runs.rule.hypers}
    if not isinstance(rule, Optimizer):
        return False
    if any(allowed.empty for _, allowed in statement.runs.domains):
        return True
    of_hypers = [c for c in statement.conditions if hypers.issuperset(s.name for s in c.free_symbols)]
    if of_hypers and not any(choices(statement.runs, of_hypers)):
        return True
    if len(of_hypers) == len(statement.conditions) or isinstance(rule, Stage) or statement.runs.steps is Steps.LATE:
        return False
    conditions = [exact.function(c) for c in statement.conditions if not c.has(Term)]
    tried = False
    for setting, size in itertools.product(settings(statement.runs), (1, 10**4, -(10**4))):
        larger = replace(setting, gradients=tuple(size * g for g in setting.gradients))
        run = run_rule(rule, larger, statement.runs)
        rows = [run.rows[t] for t in run.steps]
        try:
            if all(condition(row) for row in rows for condition in conditions):
                return False
            tried = True
        except (KeyError, UndecidableError, UndefinedError):
            return False
    return tried


def _confirmed(result: Result, statement: Statement) -> Result:
    """`result`, unless its counterexample is a run in which the statement holds."""
    if (setting := _told(result.counterexample or {}, statement.runs)) is None:
        return result
    narrowed = replace(statement, runs=replace(statement.runs, constant=()))
    said = [(ended, found) for ended, found in _in_run(narrowed.relation, narrowed, setting) if ended or found]
    if said and not any(found for _, found in said):
        reason = f"refuted by {result.method}, and in the run that is shown it holds in exact numbers"
        return replace(result, status=CONTRADICTED, reason=reason)
    return replace(result, runs=len(said))


def _told(counterexample: Mapping[str, str], runs: Runs) -> Setting | None:
    """The run that a counterexample tells of, if it tells all of it."""
    if not isinstance(runs.rule, Optimizer) or "gradients" not in counterexample:
        return None
    if isinstance(runs.rule, Stage) and runs.rule.reductions:
        return None  # its runs are of several elements
    try:
        values = {n: [Fraction(p) for p in v.split(",")] for n, v in counterexample.items() if _is_told(n, runs)}
        gradients = tuple(Fraction(g) for g in counterexample["gradients"].split(","))
        starts = {s.name: counterexample[f"{s.name}[0]"] for s in runs.rule.state if f"{s.name}[0]" in counterexample}
        state = {name: Fraction(value) for name, value in starts.items()}
        w = Fraction(counterexample.get("w[0]", "1"))
    except ValueError:
        return None
    if {h.name for h in runs.rule.hypers} - {*values, *runs.fixed}:
        return None

    def hyper(t: int) -> Mapping[str, Fraction]:
        found = {name: of[min(t, len(of)) - 1] for name, of in values.items()}
        return found | {name: exact.evaluate(value, found) for name, value in runs.at}

    return Setting(hyper, gradients, w, state or None)


def _is_told(name: str, runs: Runs) -> bool:
    return any(h.name == name for h in runs.rule.hypers) or any(n == name for n, _ in runs.domains)


# Equations and inequalities.


@outcomes.register
def _(relation: Holds, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    terms = relation.left.atoms(Term) | relation.right.atoms(Term)
    if any(term.has(Reduction) for term in terms):
        return  # of what an array sums up there is no past
    if relation.left.has(expected) or relation.right.has(expected):
        yield from _over_ensembles(relation, statement)
        return
    extra = [s.name for s in relation.symbols() if _is_brought(s, statement.runs)]
    for setting in settings(statement.runs, sorted(extra)):
        yield from _in_run(relation, statement, setting)


@outcomes.register
def _(relation: All, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    for part in relation.parts:
        yield from outcomes(part, statement)


def _is_brought(symbol: sympy.Symbol, runs: Runs) -> bool:
    """Whether the relation brings the symbol itself."""
    rule = runs.rule
    known = {"w", "g", "t", "lr", "noise", "w_new", "g_new", "metric", "training"} | {h.name for h in rule.hypers}
    known |= {f"{s.name}{end}" for s in getattr(rule, "state", ()) for end in ("", "_new")}
    known |= {step.target.name for step in getattr(rule, "steps", ())} | {n for n, _ in runs.domains}
    return symbol.name not in known


@singledispatch
def _in_run(relation: Relation, statement: Statement, setting: Setting) -> Iterator[tuple[int, Found | None]]:
    """As `outcomes`, in one run."""
    yield from ()


@_in_run.register
def _(relation: All, statement: Statement, setting: Setting) -> Iterator[tuple[int, Found | None]]:
    for part in relation.parts:
        yield from _in_run(part, statement, setting)


@_in_run.register
def _(relation: Holds, statement: Statement, setting: Setting) -> Iterator[tuple[int, Found | None]]:
    for run in _runs_of(relation, statement, setting):
        yield _looked_at(relation, statement, [run], setting)


def _names(relation: Relation, statement: Statement) -> frozenset[str]:
    """What a run has to have values of."""
    return frozenset(s.name for s in relation.symbols().union(*(c.free_symbols for c in statement.conditions)))


def _runs_of(relation: Relation, statement: Statement, setting: Setting) -> list[Run]:
    rule = statement.runs.rule
    if isinstance(rule, Schedule):
        return [run_schedule(rule, setting)]
    if isinstance(rule, Monitor):
        return [run_monitor(rule, metrics, setting.hyper(1)) for metrics in METRICS]
    if isinstance(rule, Layer):
        return []
    if isinstance(rule, Stage) and rule.reductions:
        return run_elements(rule, setting)
    return [run_rule(rule, setting, statement.runs, _names(relation, statement))]


_INF = float("inf")
#: What a monitor may hear: falling, ties, rising, infinite, no number at all.
METRICS: tuple[tuple[Any, ...], ...] = (
    tuple(Fraction(m) for m in ("1", "1/2", "1/2", "2", "0", "-1", "-1", "3")),
    (Fraction(1), float("nan"), Fraction(1, 2), _INF, Fraction(1, 2), float("nan"), Fraction(0), -_INF),
    tuple(Fraction(m) for m in ("0", "0", "0", "0", "0", "0", "0", "0")),
    (float("nan"), Fraction(2), Fraction(3), Fraction(2), Fraction(199, 100), Fraction(2), _INF, Fraction(1)),
    tuple(Fraction(k) for k in range(8)),
    tuple(Fraction(-k) for k in range(8)),
)


def _looked_at(relation: Holds, statement: Statement, runs: list[Run], setting: Setting) -> tuple[int, Found | None]:
    """The steps of one run, or of an ensemble, up to where what is assumed ends."""
    left, right = compiled(relation.left), compiled(relation.right)
    where = exact.function(relation.where) if relation.where is not None else None
    said = 0
    for t in runs[0].steps:
        if not all(_assumed(statement, run.rows[t]) for run in runs) or not _assumed_of_past(statement, runs, t):
            return said, None
        try:
            if where is not None and not where(runs[0].rows[t]):
                continue
            values = left(runs, {"t": t}), right(runs, {"t": t})
            said = 1
            if breaks(*values, relation.sign):
                return 1, _told_of(runs[0], setting, t, values)
        except (BeyondError, UndecidableError):
            continue
        except UndefinedError as error:
            return 1, _told_of(runs[0], setting, t, (str(error), "no value"))
    missing = runs[0].missing
    if missing and len(runs) == 1 and _assumed(statement, missing[1]) and _is_where(where, missing[1]):
        return 1, _told_of(runs[0], setting, missing[0], (missing[2], "no value"))
    return said, None


def _is_where(where: Any, row: Mapping[str, Any]) -> bool:
    try:
        return where is None or bool(where(row))
    except (KeyError, UndecidableError, UndefinedError):
        return False


def _assumed(statement: Statement, row: Mapping[str, Any]) -> bool:
    """Whether what is assumed of a step holds in it, for sure."""
    try:
        return all(exact.function(condition)(row) for condition in statement.conditions if not condition.has(Term))
    except (KeyError, UndecidableError, UndefinedError):
        return False


def _assumed_of_past(statement: Statement, runs: list[Run], t: int) -> bool:
    """Whether what is assumed of all steps up to t, in terms, holds for sure."""
    sides = [(compiled(c.lhs), compiled(c.rhs), c.rel_op) for c in statement.conditions if c.has(Term)]
    try:
        return all(
            not breaks(left(runs, {"t": t, "i": i}), right(runs, {"t": t, "i": i}), sign.replace("==", "="))
            for left, right, sign in sides
            for i in range(1, t + 1)
        )
    except (BeyondError, KeyError, UndecidableError, UndefinedError):
        return False


def breaks(left: Any, right: Any, sign: str) -> bool:
    """Whether `left sign right` is certainly false. Raises UndecidableError where that cannot be told."""
    match sign:
        case "=":
            return bool(exact.differ(left, right))
        case "!=":
            return isinstance(left, Fraction) and isinstance(right, Fraction) and left == right
        case ">=":
            return bool(left < right)
        case "<=":
            return bool(left > right)
        case ">":
            return bool(left <= right)
        case "<":
            return bool(left >= right)
    raise NotImplementedError(sign)


def _told_of(run: Run, setting: Setting, t: int, values: tuple) -> Found:
    left, right = (v if isinstance(v, str) else exact.shown(v) for v in values)
    return {**setting.shown(max(t, 1)), "left": left, "right": right}


# Expectations.


def _over_ensembles(relation: Holds, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    """Gradients of two values: the same in all steps, or each step on its own; noise of the first normal moments."""
    rule = statement.runs.optimizer
    names = _names(relation, statement)
    for number, setting in enumerate(settings(statement.runs, most=24)):
        for variants in _ensembles(statement.runs, setting, number):
            runs = [run_rule(rule, variant, statement.runs, names) for variant in variants]
            if any(len(run.rows) != len(runs[0].rows) for run in runs):
                continue
            yield _looked_at(relation, statement, runs, setting)


_ROOT = Enclosure.of(Fraction(3)).root()

#: Six values of one weight with the moments of the standard normal distribution up to the fifth: 0, 1, 0, 3, 0.
_NORMAL = (_ROOT, -_ROOT, *[Fraction(0)] * 4)


def _ensembles(runs: Runs, setting: Setting, number: int) -> Iterator[list[Setting]]:
    if runs.noisy:
        count = len(setting.gradients)
        yield [replace(setting, noise=(value,) * count) for value in _NORMAL]
        return
    if runs.gradients is not Gradients.STATIONARY:
        other = tuple(2 * g - 1 for g in reversed(setting.gradients))
        yield [setting, replace(setting, gradients=other)]
        return
    values = [(Fraction(1), Fraction(-2)), (Fraction(0), Fraction(3)), (Fraction(-1), Fraction(-4))][number % 3]
    count = len(setting.gradients)
    yield [replace(setting, gradients=(v,) * count) for v in values]
    if number < 3:
        sequences = [tuple(values[k >> t & 1] for t in range(3)) for k in range(8)]
        yield [replace(setting, gradients=sequence) for sequence in sequences]


# Two runs side by side.


@outcomes.register
def _(relation: SameRun, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    for setting in settings(statement.runs, most=20):
        yield from _in_run(relation, statement, setting)


@_in_run.register
def _(relation: SameRun, statement: Statement, setting: Setting) -> Iterator[tuple[int, Found | None]]:
    rule, other = statement.runs.optimizer, relation.other
    one = run_rule(rule, setting, statement.runs)
    maps = {name: exact.function(value) for name, value in relation.hyper.items()}

    def theirs(t: int) -> Mapping[str, Any]:
        given = {**setting.hyper(t), "t": Fraction(t)}
        return {name: value(given) for name, value in maps.items()}

    steps = len(one.rows) - 1 + (one.missing is not None)
    try:
        two = run_rule(other, replace(setting, hyper=theirs, gradients=setting.gradients[:steps]), Runs(other))
        outside = next((d for t in one.steps if (d := outside_of(other, theirs(t)))), None)
    except (UndefinedError, UndecidableError) as error:
        if isinstance(error, UndecidableError) or not _assumed(statement, one.rows.get(1, {})):
            yield 0, None
        else:
            yield 1, {**setting.shown(1), "map": str(error)}
        return
    if outside and all(_assumed(statement, one.rows[t]) for t in one.steps):
        yield 1, {**setting.shown(len(one.steps)), "outside": outside}
        return
    yield _compared(relation, statement, one, two, setting)


def _compared(
    relation: SameRun, statement: Statement, one: Run, two: Run, setting: Setting
) -> tuple[int, Found | None]:
    states = {name: exact.function(value) for name, value in relation.state.items()}
    for t in one.steps:
        if not _assumed(statement, one.rows[t]):
            return t - 1, None
        if t not in two.rows:
            missing = two.missing is not None and two.missing[0] == t
            return t, _told_of(one, setting, t, (one.rows[t]["w_new"], "no value")) if missing else None
        row = one.rows[t]
        after = {**row, **{n.removesuffix("_new"): v for n, v in row.items() if n.endswith("_new")}}
        pairs = [("w", row["w_new"], two.rows[t]["w_new"])]
        try:
            pairs += [(name, value(after), two.rows[t][f"{name}_new"]) for name, value in states.items()]
            for _, mine, other in pairs:
                if breaks(mine, other, "="):
                    return t, _told_of(one, setting, t, (mine, other))
        except UndecidableError:
            continue
        except UndefinedError as error:
            return t, _told_of(one, setting, t, (str(error), "no value"))
    if one.missing and one.missing[0] in two.rows and _assumed(statement, one.missing[1]):
        return 1, _told_of(one, setting, one.missing[0], (one.missing[2], two.rows[one.missing[0]]["w_new"]))
    return len(one.steps), None


@outcomes.register
def _(relation: Under, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    rule = statement.runs.optimizer
    for setting in settings(statement.runs, most=20):
        one = run_rule(rule, setting, statement.runs)
        two = run_rule(rule, _changed(relation, setting), statement.runs)
        yield _side_by_side(relation, statement, one, two, setting)


def _changed(relation: Under, setting: Setting) -> Setting:
    """The run with what goes in changed."""
    change = {name: exact.function(value) for name, value in relation.change.items()}

    def hyper(t: int) -> Mapping[str, Any]:
        given = setting.hyper(t)
        return {**given, **{n: f({**given, "t": Fraction(t)}) for n, f in change.items() if n in given}}

    first = setting.hyper(1)
    w = change["w"]({**first, "w": setting.w}) if "w" in change else setting.w
    gradients = tuple(
        change["g"]({**setting.hyper(t), "g": g, "t": Fraction(t)}) if "g" in change else g
        for t, g in enumerate(setting.gradients, start=1)
    )
    return replace(setting, hyper=hyper, w=w, gradients=gradients)


def _side_by_side(
    relation: Under, statement: Statement, one: Run, two: Run, setting: Setting
) -> tuple[int, Found | None]:
    effect = {name: compiled(term) for name, term in relation.effect.items()}
    for t in one.steps:
        if not _assumed(statement, one.rows[t]) or t not in two.rows:
            return t - 1, None
        for name, term in effect.items():
            try:
                values = two.rows[t][f"{name}_new"], term([one], {"t": t})
                if breaks(*values, "="):
                    return t, {"of": name, **_told_of(one, setting, t, values)}
            except (UndecidableError, BeyondError):
                continue
    return len(one.steps), None


for _module in iter_modules(__path__):  # each registers the relations that it runs
    import_module(f"{__name__}.{_module.name}")
