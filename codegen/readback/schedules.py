"""Read a schedule back: its value over symbols, and its class as it is."""

from __future__ import annotations

import builtins
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import sympy

from ..algebra.assumptions import Assumptions
from ..algebra.tactics import decide
from ..analysis.proof import domains_of
from ..execution.modules import HINTS, MATHEMATICS, call, member, run_module, runtime, symbolic_functions
from ..execution.terms import Operations, Term, named
from ..files import shown_file
from ..load import ScheduleSpec
from ..result import PROVED, Outcome, Result
from ..spec.rules import Optimizer, Step
from ..spec.symbols import STEP, Scalar
from ..statement.emitted import Emitted
from .checks import check_refusals, check_signature, file_and_spec, results
from .emitted import of_terms
from .lanes import FUNCTIONS


def readback(spec: ScheduleSpec, out: Path) -> Iterator[Result]:
    """Two results for a schedule: its class computes the equation, it has the hyperparameters of the spec."""
    path = out / f"{spec.family}.py"
    name = shown_file(path)
    statement = f"{spec.schedule.name} in {name} computes the equation of {spec.shown_path}"
    yield from results(spec, path, "readback", statement, lambda: _value(spec, path))
    statement = f"{spec.schedule.name} in {name} has the hyperparameters of the spec, and refuses what is outside"
    yield from results(spec, path, "class", statement, lambda: _class(spec, path))


def _value(spec: ScheduleSpec, path: Path) -> Outcome:
    schedule, beside = spec.schedule, {"_runtime.number": runtime("number"), "_runtime.hints": HINTS}
    module = run_module(path, {"math": MATHEMATICS, **beside}, symbolic_functions(), symbolic=True)
    cls = member(module, schedule.name)
    over_symbols = cls.__new__(cls)
    vars(over_symbols).update({hyper.name: hyper for hyper in schedule.hypers})  # past the checks, which want numbers
    found = sympy.sympify(call(path, over_symbols._at, sympy.Symbol("t", real=True)))
    verdict = decide(found, schedule.value, Assumptions.of(schedule))
    point = verdict.counterexample and file_and_spec(verdict.counterexample)
    method = f"execution over symbols, {verdict.method}"
    assumptions = ("real arithmetic", "wherever both are defined", *domains_of(schedule, schedule.value))
    code = computed(spec, path) if verdict.status == PROVED else None
    return replace(verdict, method=method, counterexample=point, assumptions=assumptions, emitted=code)


def computed(spec: ScheduleSpec, path: Path) -> Emitted:
    """What the file computes. The schedule is a rule of one step, which gives a number."""
    beside = {"_runtime.number": runtime("number"), "_runtime.hints": HINTS}
    functions = {**FUNCTIONS, **{name: named(name) for name in ("max", "min", "float")}}
    module = run_module(path, {"math": Operations(named, pi=Term("pi")), **beside}, functions, symbolic=True)
    cls = member(module, spec.schedule.name)
    over_terms = cls.__new__(cls)
    vars(over_terms).update({hyper.name: Term(hyper.name) for hyper in spec.schedule.hypers})
    value = next(n for n in ("value", "value_") if all(h.name != n for h in spec.schedule.hypers))
    rule = Optimizer(spec.schedule.name, spec.schedule.source, {}, (Step(Scalar(value), spec.schedule.value),))
    return of_terms(rule, {value: call(path, over_terms._at, Term(STEP))})


def _class(spec: ScheduleSpec, path: Path) -> Outcome:
    """The class is run as it is: every hyperparameter is set to values at, beside and far from its bounds."""
    schedule = spec.schedule
    known = {"math": math, "_runtime.number": runtime("number"), "_runtime.hints": HINTS}
    module = run_module(path, known, vars(builtins), symbolic=False)
    cls = member(module, schedule.name)
    check_signature(cls.__init__, [], schedule)
    check_refusals(path, cls, schedule)
    return Outcome(PROVED, "execution")
