"""What the code in a folder like `generated/` computes, in numbers, whatever the kind of the rule.

Two files are told apart by it without the spec: what is proved of a file is held against what it does.
"""

from __future__ import annotations

import contextlib
import importlib
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from stepsmith.codegen.algebra import reference
from stepsmith.codegen.algebra.assumptions import Assumptions
from stepsmith.codegen.algebra.points import samples
from stepsmith.codegen.analysis.sums import named
from stepsmith.codegen.backends import BACKENDS, in_place_backend
from stepsmith.codegen.execution.imports import package
from stepsmith.codegen.execution.modules import Library, run_module
from stepsmith.codegen.load import AnySpec, LayerSpec, MonitorSpec, ScheduleSpec, Spec, StageSpec
from stepsmith.codegen.replay.monitors import reports_of
from stepsmith.codegen.spec.rules import AnyRule, settings
from stepsmith.codegen.spec.symbols import Flag, Input
from tests import emulated_cupy
from tests.conftest import step_of

_STEPS, _ELEMENTS, _SEED, _REPORTS = 4, 6, 7, 40

Numbers = dict[str, np.ndarray]


def observed(spec: AnySpec, backend: str, out: Path) -> Numbers:
    """The numbers that the code of a rule gives, by what they are: at its defaults and at others."""
    with imported(), np.errstate(all="ignore"):
        match spec:
            case Spec() if spec.optimizer.reductions and not BACKENDS[backend].in_place:
                return _both(spec, lambda hyper: _functions(spec, backend, out, hyper))
            case Spec() if spec.optimizer.reductions:
                return _both(spec, lambda hyper: _with_sums(spec, backend, out, hyper))
            case Spec():
                return _optimizer(spec, backend, out)
            case StageSpec() if not BACKENDS[backend].in_place:
                return _both(spec, lambda hyper: _stage_functions(spec, backend, out, hyper))
            case StageSpec():
                return _both(spec, lambda hyper: _stage(spec, backend, out, hyper))
            case LayerSpec():
                return _both(spec, lambda hyper: _layer(spec, backend, out, hyper))
            case ScheduleSpec():
                return _both(spec, lambda hyper: _schedule(spec, out, hyper))
            case MonitorSpec():
                return _both(spec, lambda hyper: _monitor(spec, out, hyper))


@contextlib.contextmanager
def imported() -> Iterator[None]:
    """Packages that are imported while the context lasts are forgotten after it."""
    before = set(sys.modules)
    try:
        yield
    finally:
        for name in set(sys.modules) - before:
            if name.startswith("_stepsmith_output_"):
                del sys.modules[name]


@contextlib.contextmanager
def _library(backend: str) -> Iterator[Any]:
    """The array library of a backend; CuPy is emulated."""
    if backend == "cupy":
        with emulated_cupy.installed() as library:
            yield library
    else:
        yield np


def _both(spec: AnySpec, run: Any) -> Numbers:
    """What `run` gives at the defaults, and at simple numbers that are none."""
    return {
        f"{name} at {hyper or 'the defaults'}": np.asarray(value, np.float64)
        for hyper in ({}, _simple(spec.rule))
        for name, value in run(hyper).items()
    }


def _simple(rule: AnyRule) -> dict[str, float]:
    names = [h.name for h in rule.hypers]
    return {name: float(value) for name, value in list(samples(names, Assumptions.of(rule)))[5].items()}


def _optimizer(spec: Spec, backend: str, out: Path) -> Numbers:
    """A few steps of the file's function, from random states, with simple numbers that are no defaults."""
    optimizer, random, hyper = spec.optimizer.runnable, np.random.default_rng(_SEED), _simple(spec.optimizer)
    arrays = {name: random.uniform(0.5, 2, _ELEMENTS) for name in ("w", *(s.name for s in optimizer.array_state))}
    gradients = random.standard_normal((_STEPS, _ELEMENTS))
    trace = reference.run(optimizer, gradients[:, 0].tolist(), lambda t: hyper, w=1.0)
    start = {s.name: float(reference.evaluate(v, {**hyper, "w": 1})) for s, v in optimizer.state.items()}
    scalars = [start, *({n: float(v) for n, v in values.items()} for values in trace)]
    step = step_of(spec, backend, out)
    w, *states = arrays.values()
    inputs = [random.standard_normal((_STEPS, _ELEMENTS)) for _ in optimizer.inputs]
    given = {name: value for name, value in hyper.items() if name not in {s.name for s in optimizer.inputs}}
    for t, gradient in enumerate(gradients, start=1):
        flags = {s.name: float(t % 2) for s in optimizer.signals if isinstance(s, Flag)}
        read = (gradient, *(array[t - 1] for array in inputs))
        step(w, *read, *states, *(scalars[t - 1][s.name] for s in optimizer.scalar_state), t, **given | flags)
    return arrays


def _with_sums(spec: Spec, backend: str, out: Path, hyper: dict[str, float]) -> Numbers:
    """The weights and all that is kept after each step of a rule with sums, over two arrays of different sizes."""
    random, found, rule = np.random.default_rng(_SEED), {}, spec.optimizer
    own = {h.name: hyper[h.name] for h in settings(rule) if h.name in hyper}
    with _library(backend) as library:
        cls = getattr(importlib.import_module(f"{package(out)}.{backend}.{spec.family}"), rule.name)
        sizes = {"a": _ELEMENTS, "b": _ELEMENTS + 2}
        params = {name: library.asarray(random.standard_normal(size)) for name, size in sizes.items()}
        optimizer = cls(params, **own)
        for t in range(1, 2 * _STEPS + 1):
            grads = {name: random.standard_normal(size) * 10.0 ** (t % 3 - 1) for name, size in sizes.items()}
            given: dict[str, Any] = {}
            for one in (*rule.inputs, *(s for s in rule.signals if not isinstance(s, Flag))):
                arrays = {name: library.asarray(random.standard_normal(size)) for name, size in sizes.items()}
                value = arrays if isinstance(one, Input) else float(random.standard_normal())
                if t % 3 == 1 or one.name not in {s.name for s in rule.optional}:
                    given[one.name] = value
            optimizer.step({name: library.asarray(g) for name, g in grads.items()}, **given)
            kept = {**params, **optimizer.state_dict()}
            found |= {f"{name}, t = {t}": np.array(value) for name, value in kept.items()}
    return found


def _functions(spec: Spec, backend: str, out: Path, hyper: dict[str, float]) -> Numbers:
    """What each function of a rule with sums gives of any arrays and numbers, where none writes to what it is given."""
    rule, random, found = spec.optimizer.runnable, np.random.default_rng(_SEED), {}
    run, *_ = BACKENDS[backend].runs
    functions = run.load(spec, out)
    given = {h.name: hyper[h.name] for h in settings(rule) if h.name in hyper}
    for t in range(1, _STEPS + 1):
        w, g, *read = random.standard_normal((2 + len(rule.inputs), _ELEMENTS))
        states = list(random.uniform(0.5, 2, (len(rule.array_state), _ELEMENTS)))
        numbers = given | {s.name: float(t % 2 if isinstance(s, Flag) else random.uniform()) for s in rule.signals}
        shared, own = (list(random.uniform(0.5, 2, len(kept))) for kept in (rule.shared_state, rule.own_state))
        sums = functions[f"{spec.key}_sums"](w, g, *read, *states, *shared, *own, t, **numbers)
        found |= {f"sum {k}, t = {t}": value for k, value in enumerate(sums)}
        overall = [value for value, one in zip(sums, named(rule).values(), strict=True) if one.overall]
        after = {"shared": (*shared, *overall), "per_array": (*shared, *own, *sums)}
        for what, before in after.items():
            if advance := functions.get(f"{spec.key}_{what}"):
                found |= {f"{what} {k}, t = {t}": v for k, v in enumerate(advance(*before, t, **numbers))}
        functions[spec.function](w, g, *read, *states, *shared, *own, *sums, t, **numbers)
        found |= {f"array {k}, t = {t}": array for k, array in enumerate((w, *states))}
    return found


def _stage(spec: StageSpec, backend: str, out: Path, hyper: dict[str, float]) -> Numbers:
    """The weights and all that is kept after each step of SGD, over two arrays.

    Once all gradients are below zero, and once one overflows.
    """
    random, found = np.random.default_rng(_SEED), {}
    with _library(backend) as library:
        root = package(out)
        stage = getattr(importlib.import_module(f"{root}.{backend}.{spec.family}"), spec.stage.name)(**hyper)
        sgd = importlib.import_module(f"{root}.{in_place_backend(backend).extends or backend}.sgd").SGD
        params = {name: library.asarray(random.standard_normal(_ELEMENTS)) for name in ("a", "b")}
        optimizer = sgd(params, lr=0.25, pipeline=[stage])
        for t in range(1, 2 * _STEPS + 1):
            grads = {name: random.standard_normal(_ELEMENTS) * 10.0 ** (t % 3 - 1) for name in params}
            grads = {name: -np.abs(g) for name, g in grads.items()} if t == 2 else grads
            grads["b"][0] = np.inf if t == _STEPS else grads["b"][0]
            optimizer.step({name: library.asarray(g) for name, g in grads.items()})
            kept = {**params, **optimizer.state_dict()}
            found |= {f"{name}, t = {t}": np.array(value) for name, value in kept.items()}
    return found


class _Cloned(np.ndarray):
    clone = np.ndarray.copy


class _StageBase:
    def __init__(self, **given: Any) -> None:
        self.given = given


def _stage_functions(spec: StageSpec, backend: str, out: Path, hyper: dict[str, float]) -> Numbers:
    """What each method of a stage gives of any arrays and numbers, with NumPy in place of its library."""
    stage, random, found = spec.stage, np.random.default_rng(_SEED), Numbers()
    helpers = {"nan_max": np.maximum, "nan_min": np.minimum, "sign_of": np.sign, "scalar_like": lambda value, w: value}
    arrays = Library(Array=Any, Hyper=Any, IntHyper=Any, Stage=_StageBase, **helpers)
    known = {BACKENDS[backend].library: np, "math": math, "_arrays": arrays, "_runtime.pipeline": Library(Where=Any)}
    functions = {"max": max, "min": min, "bool": bool}
    cls = run_module(out / backend / f"{spec.family}.py", known, functions, symbolic=False)[stage.name]
    made = cls(**hyper)
    hyper = {h.name: float(h.value) for h in stage.hypers} | hyper
    for t in range(1, 2 * _STEPS + 1):
        w, g, noise, *states = random.standard_normal((3 + len(stage.array_state), _ELEMENTS)).view(_Cloned)
        kept = {s.name: float(random.integers(0, 4)) for s in stage.scalar_state}
        sums = {name: abs(random.standard_normal()) * (t % 3) for name, *_ in getattr(made, "_reductions", ())}
        given = {**hyper, **kept, **sums, "t": t, "lr": 0.25}
        results = {"initial": made._initial(w) if stage.array_state else ()}
        results |= {"summed": made._summands(w, g) if sums else ()}
        factors = made._factors(**given) if made._names else ()
        results |= {"elements": made._elements(w, g, *states, *([noise] if stage.noisy else []), *factors)}
        if stage.scalar_state:
            after, ends = made._advance(**given)
            results |= {"start": made._initial_scalars(hyper).values(), "after": after, "ends": (ends,)}
        found |= {f"{what} {k}, t = {t}": one for what, some in results.items() for k, one in enumerate(some)}
    return {**found, "given": np.array([value or 0 for value in made.given.values()], np.float64)}


def _layer(spec: LayerSpec, backend: str, out: Path, hyper: dict[str, float]) -> Numbers:
    """What the layer returns and keeps: training, the backward pass, inference, each twice. The last axis will do."""
    random, found = np.random.default_rng(_SEED), {}
    with _library(backend) as library:
        module = importlib.import_module(f"{package(out)}.{backend}.{spec.family}")
        layer = getattr(module, spec.layer.name)(2, dtype="float64", **hyper)
        for name in (s.name for s in spec.layer.parameters):
            getattr(layer, name)[...] = random.uniform(0.5, 2, 2)
        for t in (1, 2):
            x, dy = (library.asarray(1 + 2 * random.standard_normal((4, 2, 2))) for _ in range(2))
            found |= {f"forward {t}": layer.forward(x), f"backward {t}": layer.backward(dy)}
            found |= {f"inference {t}": layer.forward(x, training=False)}
            kept = (*spec.layer.parameters, *(f"d{s}" for s in spec.layer.parameters), *spec.layer.state)
            found |= {f"{name} {t}": np.array(getattr(layer, str(name))) for name in kept}
    return found


def _schedule(spec: ScheduleSpec, out: Path, hyper: dict[str, float]) -> Numbers:
    module = importlib.import_module(f"{package(out)}.{spec.family}")
    schedule = getattr(module, spec.schedule.name)(**hyper)
    return {"value": [schedule(t) for t in (*range(1, 150), 999, 1000, 1001, 1002, 1101, 5000, 123456)]}


def _monitor(spec: MonitorSpec, out: Path, hyper: dict[str, float]) -> Numbers:
    """What the monitor tells, its states and its flags, after each report of two series."""
    module = importlib.import_module(f"{package(out)}.{spec.family}")
    cls, random, found = getattr(module, spec.monitor.name), np.random.default_rng(_SEED), {}
    for run in range(2):
        monitor = cls(**hyper)
        metrics = np.cumsum(random.integers(-3, 3, _REPORTS)) / 8
        metrics[random.random(_REPORTS) < 0.05] = np.nan
        for t, report in enumerate(reports_of(spec.monitor, metrics), start=1):
            monitor.step(*report)
            kept = {s.name: float(getattr(monitor, s.name)) for s in spec.monitor.state}
            saved = monitor.state_dict()
            found |= {f"{name}, run {run}, t = {t}": v for name, v in {**saved, **kept, "value": monitor.value}.items()}
    return found
