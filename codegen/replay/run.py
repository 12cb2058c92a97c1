"""One run of a rule in exact numbers, step by step, as far as it has values, and terms evaluated on it."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy

from ..algebra import exact
from ..analysis.derive import needed
from ..spec import enclosure
from ..spec.enclosure import UndecidableError, UndefinedError
from ..spec.rules import AnyRule, Monitor, Optimizer, Schedule, Stage
from ..spec.symbols import RATE
from ..statement import Gradients, Runs
from ..statement.terms import I, J, T, Term, at, expected, later_product, past_max, past_sum, product
from .adversary import Setting

Row = dict[str, Any]


class BeyondError(Exception):
    """A term asks for a step that the run has not."""


@dataclass
class Run:
    """The values of each step under the names of the spec: `s` before the step, `s_new` after it.

    `rows[0]` has the start under `s_new`. `missing` is the first step that has no value, with what it has up to there.
    """

    rows: dict[int, Row] = field(default_factory=dict)
    missing: tuple[int, Row, str] | None = None

    @property
    def steps(self) -> list[int]:
        """The steps that have values."""
        return [t for t in self.rows if t > 0]


def run_rule(rule: Optimizer, setting: Setting, runs: Runs, of: frozenset[str] | None = None) -> Run:
    """A run of one element, of all steps or of those that the names `of` depend on. It ends at an undecided choice."""
    chosen = {s.target.name for s in rule.steps} if of is None else needed(rule, of)
    compiled = [(s.target.name, exact.function(s.value)) for s in rule.steps if s.target.name in chosen]
    point = rule.gradient_at if runs.gradients is Gradients.QUADRATIC and rule.gradient_at is not None else None
    given, run = setting.hyper(1), Run()
    kept: Row = {"w": exact.number(setting.w)}
    try:
        for state, value in rule.state.items():
            kept[state.name] = exact.function(value)({**given, "w": kept["w"]})
    except (UndefinedError, UndecidableError, KeyError):
        return run
    kept |= {name: exact.number(value) for name, value in (setting.state or {}).items()}
    run.rows[0] = {**given, **{f"{name}_new": value for name, value in kept.items()}}
    frozen = set(runs.frozen)
    for t, gradient in enumerate(setting.gradients, start=1):
        rate = {RATE: Fraction(1, 2)} if isinstance(rule, Stage) else {}  # of the rule that a stage stands before
        row = exact.Row({**rate, **setting.hyper(t), **kept, "t": Fraction(t), "g": gradient})
        if setting.noise:
            row["noise"] = setting.noise[t - 1]
        try:
            if runs.gradients is Gradients.QUADRATIC:
                row["g"] = row["h"] * (row["w"] if point is None else exact.evaluate(point, row))
            for name, value in compiled:
                row.compute(name, value)  # what a choice passes over need not exist
        except UndefinedError as error:
            run.missing = (t, row, str(error))
            return run
        except UndecidableError:
            return run
        kept = {name: old if name in frozen else row.get(f"{name}_new", old) for name, old in kept.items()}
        run.rows[t] = row | {f"{name}_new": value for name, value in kept.items()}
    return run


#: By what the gradients of three elements differ: of the two that are in one array, the signs do, or not.
FACTORS = ((1, -2, 3), (1, 2, -1))


def told_of_elements(factors: Sequence[int] = FACTORS[0]) -> str:
    """How the three elements of a run differ."""
    first, second, third = factors
    those = f"{first}, {second} and {third} times these gradients"
    return f"three elements in two arrays, with {those}, each a step further on, from w, w + 1 and -w"


def traced_elements(
    rule: Optimizer, setting: Setting, factors: Sequence[int] = FACTORS[0]
) -> tuple[list[Any], list[Any]]:
    """Where three elements in two arrays start, and their traces. Raises UndefinedError where a step has no value."""
    turn = len(setting.gradients)
    shifted = [tuple(setting.gradients[(t + k) % turn] * factors[k] for t in range(turn)) for k in range(3)]
    starts = [setting.w, setting.w + 1, -setting.w]
    noise = [setting.noise] * 3 if setting.noise else ()
    arrays = (0, 0, 1)
    return starts, exact.run_elements(rule, shifted, setting.hyper, starts, setting.state, noise=noise, arrays=arrays)


def run_elements(rule: Optimizer, setting: Setting, factors: Sequence[int] = FACTORS[0]) -> list[Run]:
    """Runs of three elements in two arrays, for sums over whole gradients."""
    try:
        starts, traces = traced_elements(rule, setting, factors)
    except (UndefinedError, UndecidableError):
        return []
    found = []
    for start, trace in zip(starts, traces, strict=True):
        given = setting.hyper(1)
        before = {s.name: exact.evaluate(v, {**given, "w": start}) for s, v in rule.state.items()}
        before |= {"w": start, **{n: exact.number(v) for n, v in (setting.state or {}).items()}}
        run = Run({0: {**given, **{f"{n}_new": v for n, v in before.items()}}})
        for place, row in enumerate(trace, start=1):
            after = {f"{n}_new": row[n] for n in before}
            run.rows[place] = row | before | after | {"g_new": row.get("g_new", row["g"])}
            before = {n: row[n] for n in before}
        found.append(run)
    return found


def run_monitor(monitor: Monitor, metrics: Sequence[Any], hyper: Mapping[str, Any]) -> Run:
    """The reports of a monitor; `rows[0]` has what is kept before the first."""
    try:
        return Run(dict(enumerate(exact.run_monitor(monitor, metrics, hyper))))
    except (UndefinedError, UndecidableError):
        return Run()


def run_schedule(schedule: Schedule, setting: Setting) -> Run:
    """A schedule at some steps, early and late."""
    return Run({t: {**setting.hyper(t), "t": Fraction(t)} for t in (*range(1, 9), 20, 100, 1001)})


# Terms.

Evaluated = Callable[[Sequence[Run], Mapping[str, int]], Any]  # of runs side by side, at the steps t, i and j


@lru_cache(2**12)
def compiled(term: sympy.Basic) -> Evaluated:
    """`term` as a function of runs that go side by side, and of the steps that its indices name.

    Expectations are means over all of the runs; everything else is said of the first.
    """
    parts: dict[sympy.Symbol, Evaluated] = {}

    def named(node: sympy.Basic) -> sympy.Basic:
        if isinstance(node, Term):
            symbol = sympy.Symbol(f"({len(parts)})")
            parts[symbol] = _part(node)
            return symbol
        if not node.args:
            return node
        arguments = [named(argument) for argument in node.args]
        return node if all(a is b for a, b in zip(arguments, node.args, strict=True)) else node.func(*arguments)

    # a hyperparameter may go by the name of an index
    counted = {index: sympy.Symbol(f"({index})") for index in (T, I, J)}
    inner = named(term).xreplace(counted)
    found = inner.free_symbols - parts.keys()
    indices = {symbol.name: index.name for index, symbol in counted.items() if symbol in found}
    outer, own = exact.function(inner), {s.name for s in found} - indices.keys()

    def value(runs: Sequence[Run], steps: Mapping[str, int]) -> Any:
        row = runs[0].rows[steps["t"]]
        # a value that does not exist may stand in a choice that passes over it: only then the whole row is asked
        values = row | {} if getattr(row, "missing", None) else {name: row[name] for name in own}
        for name, index in indices.items():
            values[name] = Fraction(steps[index])
        for symbol, part in parts.items():
            values[symbol.name] = part(runs, steps)
        return outer(values)

    return value


def _step_of(index: sympy.Expr) -> Callable[[Mapping[str, int]], int]:
    """The step that an index names."""
    if isinstance(index, sympy.Symbol):
        return operator.itemgetter(index.name)
    found = exact.function(index)
    return lambda steps: int(found({name: Fraction(step) for name, step in steps.items()}))


def _part(node: Term) -> Evaluated:
    if isinstance(node, at):
        inner, index = exact.function(node.args[0]), _step_of(node.args[1])

        def dated(runs: Sequence[Run], steps: Mapping[str, int]) -> Any:
            step = index(steps)
            row = runs[0].rows.get(step)
            if row is None:
                raise BeyondError
            return inner(row if row.get("t") == step else row | {"t": Fraction(step)})

        return dated
    body = compiled(node.args[0])

    def over(name: str, runs: Sequence[Run], steps: Mapping[str, int]) -> list[Any]:
        first = steps["i"] + 1 if isinstance(node, later_product) else 1
        return [body(runs, {**steps, name: k}) for k in range(first, steps["t"] + 1)]

    match node:
        case expected():
            return lambda runs, steps: sum((body([r], steps) for r in runs), Fraction(0)) * Fraction(1, len(runs))
        case past_sum():
            return lambda runs, steps: sum(over("i", runs, steps), Fraction(0))
        case past_max():
            return lambda runs, steps: enclosure.largest(over("i", runs, steps))
        case product() | later_product():
            return lambda runs, steps: functools.reduce(operator.mul, over("j", runs, steps), Fraction(1))
    raise NotImplementedError(f"nothing is known of {type(node).__name__}")


def shown(value: Any) -> str:
    """A number in a contradiction."""
    return exact.shown(value) if not isinstance(value, bool) else str(value)


def outside_of(rule: AnyRule, values: Mapping[str, Any]) -> str | None:
    """A hyperparameter that lies outside its domain."""
    for name, value in values.items():
        allowed = Runs(rule).domain_of(name)
        if allowed is not None and isinstance(value, Fraction) and value not in allowed:
            return f"{name} = {value}, where {allowed.condition(name)}"
    return None
