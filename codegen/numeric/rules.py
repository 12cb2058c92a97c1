"""Compare numbers: the files on disk against the 50-digit reference, and the backends with each other.

The reference takes the same gradients and the same doubles for hyperparameters as the generated code.
What may differ is rounding, and `numeric.rounding` says how much that can be at every step.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import sympy

from ..algebra import reference
from ..analysis.sums import named
from ..backends import BACKENDS, REFERENCE, Run
from ..execution.imports import same_package
from ..expr.tree import arrange, ranks
from ..files import anew, shown_file
from ..load import Declared, MonitorSpec, ScheduleSpec, Spec
from ..replay.monitors import reports_of
from ..result import REFUTED, SKIPPED, TESTED, UNDECIDED, Outcome, Result
from ..spec.domain import Domain
from ..spec.functions import kinds
from ..spec.rules import Optimizer, settings
from ..spec.symbolic import Reduced, Reduction
from ..spec.symbols import Flag
from .rounding import bound, bounds
from .sums import SUM_STEPS, compare_sums

STEPS = 1000
INTERPRETED_STEPS = 200  # of what is carried out node by node
ELEMENTS = 1
SUMMED = 5  # of what is summed up over
SEED = 0
RUNS, REPORTS = 20, 60  # of a monitor
DTYPES = ("float64", "float32")
#: The steps at which schedules are compared: the first, those around the ends of the default decays, late ones.
MOMENTS = (*range(1, 201), *range(995, 1006), *range(1095, 1106), 10**6, 3141592, 10**7 + 1)


@dataclass(frozen=True)
class Trial:
    """One run of the reference: gradients and start, exact in float32, and what has to come out."""

    gradients: np.ndarray  # float64, steps x elements
    hyper: Mapping[str, float]
    initial: Mapping[str, np.ndarray]  # w, then each state, before the first step
    exact: Mapping[str, tuple[np.ndarray, np.ndarray]]  # w and states after each step, steps x elements: high + low
    allowed: Mapping[str, Mapping[str, np.ndarray]]  # by dtype: the bounds on w and states after each step
    scalars: Sequence[Mapping[str, float]]  # the scalar states before each step, and the sums in it
    arrays: Mapping[str, np.ndarray]  # w and states before each step, steps x elements, exact
    inputs: Mapping[str, np.ndarray] = field(default_factory=dict)  # float64, steps x elements, exact in float32
    signals: Mapping[str, np.ndarray] = field(default_factory=dict)  # of each step


def trial(spec: Spec, steps: int = STEPS, seed: int = SEED) -> Trial:
    """Random gradients: a hundred steps small, so that epsilon is felt, a hundred large, and so on."""
    random = np.random.default_rng(seed)
    scale = np.where(np.arange(steps) // 100 % 2 == 0, 0.01, 10.0)[:, None]
    elements = SUMMED if spec.optimizer.reductions else ELEMENTS
    gradients = (random.standard_normal((steps, elements)) * scale).astype(np.float32).astype(np.float64)
    start = random.standard_normal(elements).astype(np.float32).astype(np.float64)
    return trial_on(spec, gradients, start)


def trial_on(spec: Spec, gradients: np.ndarray, start: np.ndarray) -> Trial:
    """The run of the reference on `gradients`, steps x elements, from `start`; both exact in float32."""
    spec = spec.runnable
    optimizer, (steps, elements) = spec.optimizer, gradients.shape
    hyper = {h.name: float(h.value) for h in settings(optimizer)}
    names = ["w", *(s.name for s in optimizer.array_state)]
    inputs, signals = _supplied(optimizer, gradients.shape)
    runs = _reference_runs(optimizer.runnable, gradients, hyper, start, inputs, signals)
    exact = {name: _double_double([[values[name] for values in run] for run in runs]) for name in names}
    at_start = [{name: reference.number(v) for name, v in {**hyper, "w": w}.items()} for w in start.tolist()]
    first = {s.name: [float(reference.evaluate(v, values)) for values in at_start] for s, v in optimizer.state.items()}
    # a scalar state is the same for every element; the code is given the double nearest to it
    scalars = {s.name: [float(values[s.name]) for values in runs[0]] for s in optimizer.scalar_state}
    course = {name: np.vstack(([start] if name == "w" else [first[name]], exact[name][0])) for name in names}
    course |= {name: np.tile([first[name][0], *after], (elements, 1)).T for name, after in scalars.items()}
    taken = named(optimizer.runnable)
    sums = {name: np.array(_sums_of(one, runs[0])) for name, one in taken.items()}
    found = bounds(optimizer, DTYPES, gradients, hyper, course, inputs, signals, sums)
    allowed = {dtype: {name: found[name][:, row] for name in names} for row, dtype in enumerate(DTYPES)}
    before = [{name: course[name][t, 0] for name in scalars} for t in range(steps)]
    before = [{**one, **{name: float(of[t]) for name, of in sums.items()}} for t, one in enumerate(before)]
    initial = {name: course[name][0] for name in names}
    arrays = {name: course[name][:-1] for name in names}
    return Trial(gradients, hyper, initial, exact, allowed, before, arrays, inputs, signals)


def _supplied(optimizer: Optimizer, shape: tuple[int, int]) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Inputs, steps x elements, and signals of each step; what may be left out is there in every third step."""
    random, (steps, _) = np.random.default_rng(SEED + 1), shape
    inputs = {s.name: random.standard_normal(shape).astype(np.float32).astype(np.float64) for s in optimizer.inputs}
    signals = {
        s.name: (np.arange(steps) % 3 == 0).astype(np.float64) if isinstance(s, Flag) else random.standard_normal(steps)
        for s in optimizer.signals
    }
    return inputs, signals


def _reference_runs(
    optimizer: Optimizer,
    gradients: np.ndarray,
    hyper: Mapping[str, float],
    start: np.ndarray,
    inputs: Mapping[str, np.ndarray],
    signals: Mapping[str, np.ndarray],
) -> Sequence[Sequence[dict[str, reference.Number]]]:
    """The reference on every element, over which sums are taken."""

    def with_signals(t: int) -> Mapping[str, float]:
        return {**hyper, **{name: float(values[t - 1]) for name, values in signals.items()}}

    by_element = {name: values.T.tolist() for name, values in inputs.items()}
    return reference.run_elements(
        optimizer,
        gradients.T.tolist(),
        with_signals if signals else lambda t: hyper,
        start.tolist(),
        inputs=by_element,
    )


def _sums_of(one: Reduced, run: Sequence[Mapping[str, Any]]) -> list[float]:
    """What a sum is in each step of an element's `run`, whose rows have the sums under their texts."""
    named_so = {reduction: sympy.Symbol(str(reduction)) for reduction in one.value.atoms(Reduction)}
    value = reference.function(one.value.xreplace(named_so))
    return [float(value(row)) for row in run]


def _double_double(columns: list[list[reference.Number]]) -> tuple[np.ndarray, np.ndarray]:
    """Numbers as the sum of two doubles, which hold 32 of their digits; transposed."""
    high = np.array([[float(value) for value in column] for column in columns])
    low = [
        [float(v - h) for v, h in zip(column, row, strict=True)]
        for column, row in zip(columns, high.tolist(), strict=True)
    ]
    return high.T, np.array(low).T


Step = Callable[..., None]  # (w, g, *states, *scalars, t, **hyper)


def numeric(spec: Spec, out: Path, backends: Sequence[str]) -> Iterator[Result]:
    """The numeric results of a rule for the files under `out`."""
    spec = spec.runnable
    start = time.perf_counter()
    files = _Files(spec, out, trial(spec))
    shared = time.perf_counter() - start
    for used, claim, kind, check in _checks(files, backends):
        paths = [out / backend / f"{spec.family}.py" for backend in used]
        yield compared(spec, paths, claim, f"{kind}, seed {SEED}", check, shared)
        shared = 0.0


def compared(
    spec: Declared,
    paths: Iterable[Path],
    claim: str,
    statement: str,
    check: Callable[[], Outcome],
    seconds: float = 0.0,
) -> Result:
    """The result of a `check` in numbers of the files `paths`, which has taken `seconds` already.

    If the check raises, that refutes; if one of the files is not there, nothing is known.
    """
    start = time.perf_counter() - seconds
    try:
        outcome = check()
    except Exception as error:
        outcome = Outcome(REFUTED, counterexample={"fact": f"{type(error).__name__}: {error}"})
        if path := next((path for path in paths if not path.exists()), None):
            outcome = Outcome(UNDECIDED, reason=f"{shown_file(path)} is not there; {anew(spec, path)}")
    return outcome.of(claim, statement, spec.key, seconds=time.perf_counter() - start)


def numeric_schedule(spec: ScheduleSpec, out: Path) -> Iterator[Result]:
    """The numeric result of a schedule for its file under `out`."""
    statement = f"{spec.schedule.name} against the 50-digit reference, t = 1..200 and up to {max(MOMENTS)}"
    path = out / f"{spec.family}.py"
    yield compared(spec, [path], "float64", statement, lambda: _schedule_against_reference(spec, out))


def _schedule_against_reference(spec: ScheduleSpec, out: Path) -> Outcome:
    schedule = spec.schedule
    computed = getattr(importlib.import_module(f"{same_package(out)}.{spec.family}"), schedule.name)()
    hyper = {h.name: float(h.value) for h in schedule.hypers}
    value = arrange(schedule.value, ranks(schedule))
    errors, allowed, largest = [], [], 0.0
    for t in MOMENTS:
        found = computed(t)
        exact = reference.evaluate(schedule.value, {n: reference.number(v) for n, v in {**hyper, "t": t}.items()})
        errors.append(float(abs(found - exact)))
        allowed.append(bound(value, {**hyper, "t": t}))
        largest = max(largest, abs(found))
        if not errors[-1] <= allowed[-1]:
            point = {"t": str(t), "file": repr(found), "exact": f"{float(exact):.17g}", "allowed": f"{allowed[-1]:.3g}"}
            return Outcome(REFUTED, counterexample=point)
    unit, worst = float(np.spacing(largest)), int(np.argmax(errors))
    reason = (
        f"worst {errors[worst] / unit:.2f} ulp of the largest value at t = {MOMENTS[worst]}, "
        f"the derived bound there {allowed[worst] / unit:.1f} ulp"
    )
    return Outcome(TESTED, "running error bound", reason=reason)


def numeric_monitor(spec: MonitorSpec, out: Path) -> Iterator[Result]:
    """The numeric result of a monitor for its file under `out`."""
    statement = f"{spec.monitor.name} against the 50-digit reference, {RUNS} runs of {REPORTS} reports, seed {SEED}"
    path = out / f"{spec.family}.py"
    yield compared(spec, [path], "float64", statement, lambda: _monitor_against_reference(spec, out))


def _monitor_against_reference(spec: MonitorSpec, out: Path) -> Outcome:
    """Dyadic numbers, whose sums and products doubles hold exactly: every state has to be equal to the last bit."""
    monitor, random = spec.monitor, np.random.default_rng(SEED)
    if rounded := {type(node) for s in monitor.steps for node in s.value.atoms(*kinds(lambda row: row.half_ulps))}:
        names = ", ".join(sorted(kind.__name__ for kind in rounded))
        reason = f"every library rounds {names} in its own way, so that states are not exact to the last bit"
        return Outcome(SKIPPED, reason=reason)
    cls = getattr(importlib.import_module(f"{same_package(out)}.{spec.family}"), monitor.name)
    value, unusual = arrange(monitor.value, ranks(monitor)), 0
    for _ in range(RUNS):
        hyper = {h.name: float(random.choice(dyadic(h.allowed))) for h in monitor.hypers}
        metrics = np.cumsum(random.integers(-3, 3, REPORTS)) / 8 + random.integers(-2, 3)
        metrics[random.random(REPORTS) < 0.05] = np.nan
        metrics[random.random(REPORTS) < 0.02] = np.inf
        made = cls(**hyper)
        reports = reports_of(monitor, metrics.tolist())
        trace = reference.run_monitor(monitor, reports, hyper)
        for number, values in enumerate(trace):
            if number:
                made.step(*reports[number - 1])
            kept = {s.name: float(values[f"{s.name}_new"]) for s in monitor.state}
            exact = reference.evaluate(monitor.value, {**values, **{n: reference.number(v) for n, v in kept.items()}})
            numbers = {**hyper, **kept}
            allowed = 0.0 if monitor.value.is_Symbol else bound(value, numbers)
            wrong = [name for name, number in kept.items() if not _same(float(getattr(made, name)), number)]
            if wrong or not (_same(made.value, exact) or abs(made.value - exact) <= allowed):
                heard = ", ".join(" with ".join(map(str, report)) for report in reports[:number])
                found = {name: repr(getattr(made, name)) for name in wrong or ["value"]}
                point = {"reports": heard, **{n: repr(v) for n, v in hyper.items()}}
                point |= {f"file: {name}": text for name, text in found.items()}
                point |= {f"spec: {name}": repr(kept.get(name, float(exact))) for name in found}
                return Outcome(REFUTED, counterexample=point)
        unusual += int(np.count_nonzero(~np.isfinite(metrics)))
    reason = "every state to the last bit" + (f", {unusual} metrics NaN or infinite" if monitor.listens else "")
    return Outcome(TESTED, "exact in dyadic numbers", reason=reason)


def _same(one: Any, other: Any) -> bool:
    return bool(one == other or (one != one and other != other))  # noqa: PLR0124 - both are NaN


def dyadic(allowed: Domain) -> list[float]:
    """Powers of two (and zero) in a domain, of which products are exact for long."""
    numbers = [Fraction(n) for n in ("0", "1/4", "1/2", "1", "2", "3", "4", "1/128", "-1/2")]
    inside = [float(n) for n in numbers if n in allowed and (allowed.integer or n != 3)]
    return inside or [float(allowed.low or 0)]


def _checks(
    files: _Files, backends: Sequence[str]
) -> Iterator[tuple[tuple[str, ...], str, str, Callable[[], Outcome]]]:
    """What is compared: the backends whose files it needs, its name, what it says, how it is done."""
    for backend, run in ((name, run) for name in backends for run in BACKENDS[name].runs):
        reason = run.missing()
        skipped = partial(Outcome, SKIPPED, reason=reason)
        for dtype in run.dtypes:
            text = f"{run.text.format(dtype=dtype)} against the 50-digit reference, {files.steps(run)} steps"
            check = skipped if reason else partial(files.against_reference, run, dtype)
            yield (backend,), f"{dtype} {run.claim}", text, check
        for dtype in run.dtypes if files.spec.optimizer.reductions else ():
            text = f"{run.text.format(dtype=dtype)}: sums over {SUMMED} elements against the 50-digit reference"
            check = skipped if reason else partial(files.sums_against_reference, run, dtype)
            yield (backend,), f"{dtype} {run.claim} sums", text, check
        if run.beside and REFERENCE in backends:
            other, *_ = BACKENDS[REFERENCE].runs
            text = f"{run.text.format(dtype='float32')} against {BACKENDS[REFERENCE].label}, {files.steps(run)} steps"
            check = partial(files.against_each_other, run, other)
            yield (backend, REFERENCE), f"{run.claim} = {other.claim}", text, check


@dataclass
class _Files:
    """The files of a rule, and what they computed: each is run once for each dtype."""

    spec: Spec
    out: Path
    common: Trial
    histories: dict[tuple[str, str], dict[str, np.ndarray]] = field(default_factory=dict)

    @staticmethod
    def steps(run: Run) -> int:
        return INTERPRETED_STEPS if run.interpreted else STEPS

    def history(self, run: Run, dtype: str) -> dict[str, np.ndarray]:
        if (run.claim, dtype) not in self.histories:
            step = run.load(self.spec, self.out)[self.spec.function]
            self.histories[run.claim, dtype] = run_step(step, self.common, dtype, self.steps(run))
        return self.histories[run.claim, dtype]

    def against_reference(self, run: Run, dtype: str) -> Outcome:
        computed = self.history(run, dtype)
        steps = len(computed["w"])
        exact = {name: (high[:steps], low[:steps]) for name, (high, low) in self.common.exact.items()}
        allowed = {name: bound[:steps] for name, bound in self.common.allowed[dtype].items()}
        # exact to 32 digits: the computed value and the high part are doubles close to each other
        with np.errstate(invalid="ignore"):  # of what is infinite nothing is compared
            error = {name: np.abs((v - exact[name][0]) - exact[name][1]) for name, v in computed.items()}
        values = {name: high for name, (high, _) in exact.items()}
        return _judge(error, allowed, values, dtype, "the derived bound")

    def sums_against_reference(self, run: Run, dtype: str) -> Outcome:
        step = run.load(self.spec, self.out)[f"{self.spec.key}_sums"]
        return compare_sums(self.spec.optimizer, step, self.common, dtype, SUM_STEPS)

    def against_each_other(self, one: Run, other: Run) -> Outcome:
        first, second = (self.history(run, "float32") for run in (one, other))
        steps = min(len(first["w"]), len(second["w"]))
        first, second = ({name: v[:steps] for name, v in side.items()} for side in (first, second))
        error = {name: np.abs(first[name].astype(np.float64) - second[name]) for name in first}
        allowed = {name: 2 * bound[:steps] for name, bound in self.common.allowed["float32"].items()}
        return _judge(error, allowed, second, "float32", "twice the derived bound")


def run_step(step: Step, common: Trial, dtype: str, steps: int) -> dict[str, np.ndarray]:
    """`w` and each state after each of the first `steps` steps, as steps x elements."""
    arrays = {name: value.astype(dtype) for name, value in common.initial.items()}
    history: dict[str, list[np.ndarray]] = {name: [] for name in arrays}
    w, *states = arrays.values()
    for t, gradient in enumerate(common.gradients[:steps].astype(dtype), start=1):
        inputs = [values[t - 1].astype(dtype) for values in common.inputs.values()]
        signals = {name: float(values[t - 1]) for name, values in common.signals.items()}
        step(w, gradient, *inputs, *states, *common.scalars[t - 1].values(), t, **signals, **common.hyper)
        for name, array in arrays.items():
            history[name].append(array.copy())
    return {name: np.array(values) for name, values in history.items()}


def _judge(error: Mapping, allowed: Mapping, values: Mapping, dtype: str, bound: str) -> Outcome:
    """Tested, if every error is within its bound; the worst is given in units in the last place of w.

    Where a bound is infinite (a division by what may be zero) the comparison ends: it would say nothing.
    """
    finite = np.all([np.isfinite(bound).all(axis=1) for bound in allowed.values()], axis=0)
    last = len(finite) if finite.all() else int(np.argmin(finite))
    if last == 0:
        return Outcome(UNDECIDED, reason="the bound on the rounding errors of the first step is infinite")
    error, allowed, values = ({name: v[:last] for name, v in group.items()} for group in (error, allowed, values))
    for name, errors in error.items():
        over = np.argwhere(~(errors <= allowed[name]))
        if len(over):
            t, element = over[0]
            found = {
                "array": name,
                "t": str(t + 1),
                "element": str(element),
                "error": f"{errors[t, element]:.3g}",
                "allowed": f"{allowed[name][t, element]:.3g}",
                "exact": f"{values[name][t, element]:.9g}",
            }
            return Outcome(REFUTED, counterexample=found)
    largest = np.maximum.accumulate(np.abs(values["w"]).astype(np.float64), axis=0)
    unit = np.spacing(largest.astype(dtype)).astype(np.float64)
    worst = np.unravel_index(np.argmax(error["w"] / unit), unit.shape)
    found, limit = error["w"][worst] / unit[worst], allowed["w"][worst] / unit[worst]
    bound += "" if last == len(finite) else f" (finite up to t = {last})"
    reason = f"worst w {found:.2f} ulp at t = {worst[0] + 1}, {bound} there {limit:.0f} ulp"
    return Outcome(TESTED, "running error bound", reason=reason)
