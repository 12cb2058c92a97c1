"""Read a monitor back: on every way through its steps, from every situation, the file comes to the same states."""

from __future__ import annotations

import builtins
import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import sympy

from ..algebra import reference
from ..algebra.assumptions import Assumptions
from ..algebra.points import shown
from ..algebra.tactics import decide
from ..analysis.paths import NAN, Known, Machine, all_heard, assumptions_of, situations
from ..analysis.proof import domains_of
from ..execution.modules import (
    HINTS,
    MATHEMATICS,
    Base,
    BrokenError,
    Library,
    call,
    member,
    run_module,
    runtime,
    symbolic_functions,
)
from ..expr.printing import Text
from ..expr.tree import arrange, ranks
from ..files import shown_file
from ..load import MonitorSpec
from ..replay.monitors import runs
from ..result import PROVED, REFUTED, UNDECIDED, Outcome, Result
from ..spec.rules import Monitor
from ..spec.symbols import METRIC, STEP, Scalar, new
from ..words import kind_of
from .checks import check_refusals, check_signature, check_starts, results


def readback(spec: MonitorSpec, out: Path) -> Iterator[Result]:
    """Three results for a monitor: its steps, what NaN does in them, the rest of its class."""
    path = out / f"{spec.family}.py"
    name, rule = shown_file(path), spec.monitor.name
    statement = f"{rule} in {name} computes the steps of {spec.shown_path}"
    heard = [h for h in all_heard(spec.monitor) if not any(value.is_infinite for value in h.values())]
    numbers, nans = ([h for h in heard if (NAN in h.values()) is nan] for nan in (False, True))
    yield from results(spec, path, "readback", statement, lambda: _steps(spec, path, numbers, nan=False))
    if spec.monitor.listens:
        statement = f"{rule} in {name} does with a metric that is NaN what {spec.shown_path} does"
        yield from results(spec, path, "readback NaN", statement, lambda: _steps(spec, path, nans, nan=True))
    statement = f"{rule} in {name} has the hyperparameters and states of the spec, and tells what it tells"
    yield from results(spec, path, "class", statement, lambda: _class(spec, path))


class _Ways:
    """Goes through a file's choices: takes the branch that is known to hold, and, where both can, each in turn."""

    def __init__(self, machine: Machine, given: Mapping[str, sympy.Expr], known: Known) -> None:
        self.machine, self.given, self.start = machine, given, known
        self.pending: list[tuple[int, ...]] = [()]

    def each(self, run: Callable[[], Any]) -> Iterator[tuple[Any, Known]]:
        """What `run` returns on every way, and what the way assumes."""
        while self.pending:
            self.taken, self.known, self.place = self.pending.pop(), self.start, 0
            yield run(), self.known

    def pick(self, options: Iterator[tuple[Any, Known]]) -> Any:
        found = list(options)
        if len(found) > 1:
            if self.place == len(self.taken):
                self.pending += [(*self.taken, other) for other in range(1, len(found))]
                self.taken += (0,)
            self.place += 1
        value, self.known = found[self.taken[self.place - 1] if len(found) > 1 else 0]
        return value

    def choose(self, test: Any, then: Any, otherwise: Any) -> Any:
        return then if self.pick(self.machine.branches(sympy.sympify(test), self.given, self.known)) else otherwise

    def extreme(self, function: Any) -> Callable[..., Any]:
        """`max` or `min`."""

        def call(*arguments: Any) -> Any:
            first, *rest = map(sympy.sympify, arguments)
            for other in rest:
                test = sympy.Ge(first, other, evaluate=False)
                first = self.choose(test, *((first, other) if function is sympy.Max else (other, first)))
            return first

        return call


def _over_symbols(spec: MonitorSpec, path: Path, ways: _Ways | None = None) -> Any:
    """An instance of the monitor's class, of which the hyperparameters are symbols."""
    functions = symbolic_functions() | {"bool": lambda flag: flag}
    if ways:
        functions |= {"_choose": ways.choose, "max": ways.extreme(sympy.Max), "min": ways.extreme(sympy.Min)}
    mathematics = Library(**vars(MATHEMATICS), inf=sympy.oo)
    module = run_module(
        path, {"math": mathematics, "_runtime.monitor": Library(Monitor=Base)}, functions, symbolic=True
    )
    cls = member(module, spec.monitor.name)
    made = cls.__new__(cls)
    vars(made).update({hyper.name: hyper for hyper in spec.monitor.hypers})
    return made


def _steps(spec: MonitorSpec, path: Path, reports: Iterable[Mapping[str, sympy.Expr]], nan: bool) -> Outcome:
    """On every way through the spec's steps, from every situation, the file comes to the same states."""
    monitor, number, t = spec.monitor, 0, sympy.Symbol(STEP, real=True)
    machine = Machine(assumptions_of(monitor))
    for heard, situation in itertools.product(reports, situations(monitor)):
        metrics = [sympy.Symbol(name, real=True) for name in heard]
        for way in machine.run(monitor, situation, heard, t, ()):
            number += 1
            given = {**situation, **heard}
            ways = _Ways(machine, given, way.known)
            made = _over_symbols(spec, path, ways)
            follow = partial(call, path, made._next, *monitor.state, *metrics, t)
            for states, known in ways.each(follow):
                for state, value in zip(monitor.state, _all(monitor, states, "_next"), strict=True):
                    if not _same(machine, value, way.values[new(state).name], given, known):
                        return _other_state(spec, path, state, known, nan)
    method = f"execution over symbols, linear inequalities on {number} ways through the steps"
    return Outcome(PROVED, method, assumptions=("real arithmetic", *domains_of(monitor, *monitor.hypers)))


def _all(monitor: Monitor, found: Any, method: str) -> list[sympy.Expr]:
    """What a method returns, if that is a value for each state."""
    if not isinstance(found, tuple) or len(found) != len(monitor.state):
        raise BrokenError(f"{monitor.name}.{method} returns {found}, not {len(monitor.state)} states")
    return [_number(value, f"{monitor.name}.{method}") for value in found]


def _number(value: Any, source: str) -> sympy.Expr:
    try:
        return sympy.sympify(value)
    except sympy.SympifyError:
        raise BrokenError(f"{source} returns {kind_of(value)}, not a number") from None


def _same(machine: Machine, value: sympy.Expr, wanted: sympy.Expr, given: Mapping, known: Known) -> bool:
    for found, then in machine.values(value, given, known):
        if NAN in (found, wanted):
            if found != wanted:
                return False
            continue
        same = sympy.Eq(sympy.Symbol("found_", real=True), sympy.Symbol("wanted_", real=True), evaluate=False)
        if machine.failure(same, {"found_": found, "wanted_": wanted}, then) is not None:
            return False
    return True


def _other_state(spec: MonitorSpec, path: Path, state: Scalar, known: Known, nan: bool) -> Outcome:
    """What is said of a file that may leave something else in `state` than the spec asks for."""
    monitor = spec.monitor
    step = next(step for step in monitor.steps if step.target == new(state))
    equation = f"{spec.shown_path}:{step.location.line}: {step.target} = {Text()(arrange(step.value, ranks(monitor)))}"
    cls = _itself(spec, path)
    for hyper, simple in runs(monitor):
        metrics = [_with_nan(report, nan, number) for number, report in enumerate(simple)]
        made = call(path, cls, **{name: float(v) for name, v in hyper.items()})
        trace = reference.run_monitor(monitor, metrics, hyper)
        for number, metric in enumerate(metrics, start=1):
            call(path, made.step, *metric[: len(monitor.hears)])
            exact = trace[number][f"{state}_new"]
            if not (made._kept[state.name] == exact or abs(made._kept[state.name] - exact) < 1e-9 * abs(exact)):
                point = {"reports": ", ".join(map(str, metrics[:number])), **{n: str(v) for n, v in hyper.items()}}
                point |= {f"file: {state}": str(made._kept[state.name]), f"spec: {state}": shown(exact)}
                return Outcome(REFUTED, "simulation", counterexample={**point, "equation": equation})
    where = ", ".join(f"{c.expr} {c.sign} 0" for c in known) or "everywhere"
    return Outcome(UNDECIDED, reason=f"no run shows it, but {state} may differ where {where}; {equation}")


def _with_nan(report: Any, nan: bool, number: int) -> tuple:
    """A report as a tuple, now and then with a NaN in it, in each place in turn."""
    values = report if isinstance(report, tuple) else (report,)
    if not nan or number % 3:
        return values
    return tuple(math.nan if k == number // 3 % len(values) else value for k, value in enumerate(values))


def _itself(spec: MonitorSpec, path: Path) -> Any:
    """The class as the file has it, on the base class beside it."""
    known = {"math": math, "hints": HINTS, "number": runtime("number"), "given": Library(saved_of=None)}
    base = run_module(path.parent / "_runtime" / "monitor.py", known, vars(builtins), symbolic=False)
    module = run_module(path, {"math": math, "_runtime.monitor": Library(**base)}, vars(builtins), symbolic=False)
    return member(module, spec.monitor.name)


def _class(spec: MonitorSpec, path: Path) -> Outcome:
    """States, flags, start and value over symbols; then the class is run as it is, at, beside and far from bounds."""
    monitor = spec.monitor
    made, assumptions = _over_symbols(spec, path), Assumptions.of(monitor)
    states, flags = tuple(s.name for s in monitor.state), tuple(s.name for s in monitor.flags)
    told = (type(made)._states, getattr(type(made), "_flags", ()), getattr(type(made), "_hears", (METRIC,)))
    if told != (states, flags, monitor.hears):
        raise BrokenError(f"{monitor.name} declares {told}; the spec wants {(states, flags, monitor.hears)}")
    check_starts(dict(zip(states, _all(monitor, call(path, made._start), "_start"), strict=True)), monitor, assumptions)
    value = _number(call(path, made._value, *monitor.state), f"{monitor.name}._value")
    verdict = decide(value, monitor.value, assumptions)
    if verdict.status != PROVED:
        raise BrokenError(f"what {monitor.name} tells is not {monitor.value}: {dict(verdict.counterexample or {})}")

    cls = _itself(spec, path)
    check_signature(cls.__init__, [], monitor)
    check_refusals(path, cls, monitor)
    return Outcome(PROVED, "execution")
