"""What becomes of the mutants: refuted, proved equivalent to the original, undecided, or not noticed.

A mutant of a spec goes through what a user's spec goes through: it is checked, then its own claims are
proved. If they stay proved it has to be equivalent to the original, its transition equal to that of the
original by proof. Otherwise the claims are too weak to tell it, and the file on disk, which was generated
from the original, is read back against it. What is still open is run beside the original, on simple numbers.

A mutant of a file is read back against the spec; that no byte of it changed is not asked. What that does not
refute is held against the reference, as `verify` does it for schedules, monitors and layers. A mutant whose structure
is another may not be read back as proved, whatever it computes. What the read-back
proves has to compute the same numbers as the original: where it does not, the proof was false. What is the same
in every project (the bases, lists of names, type hints, text) is not changed.

    python -m tests.mutants [NAME ...] [--every N] [--specs | --files] [--list OUTCOME ...]
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import sympy

from stepsmith.codegen.algebra import reference
from stepsmith.codegen.algebra.assumptions import Assumptions
from stepsmith.codegen.algebra.points import differ, samples
from stepsmith.codegen.analysis.derive import inlined, transition
from stepsmith.codegen.backends import BACKENDS, in_place_backend, is_staged, those_in_place, those_with_stages
from stepsmith.codegen.check import check
from stepsmith.codegen.load import (
    GENERATED,
    AnySpec,
    LayerSpec,
    MonitorSpec,
    ScheduleSpec,
    Spec,
    SpecError,
    StageSpec,
    load,
    select,
)
from stepsmith.codegen.numeric.layers import numeric as numeric_layer
from stepsmith.codegen.numeric.rules import dyadic, numeric_monitor, numeric_schedule
from stepsmith.codegen.prove import prove
from stepsmith.codegen.prove.sums import compare_sums
from stepsmith.codegen.readback import readback
from stepsmith.codegen.readback.checks import OUTSIDE
from stepsmith.codegen.replay.monitors import reports_of
from stepsmith.codegen.result import PROVED, REFUTED, Result
from stepsmith.codegen.spec import average
from stepsmith.codegen.spec.rules import Monitor
from stepsmith.codegen.timeouts import SlowError, limited
from tests.behaviour import imported, observed
from tests.mutate import SHARED, FileMutant, SpecMutant, backends_of, file_mutants, spec_mutants

#: What refutes a mutant; then what else may become of it. `stillborn` is no code or no rule, and not counted.
CHECK, CLAIMS, READBACK, TRANSITION, NUMBERS = "check", "claims", "read-back", "transition", "numbers"
EQUIVALENT, UNDECIDED, SURVIVED, STILLBORN = "equivalent", "undecided", "SURVIVED", "stillborn"
OUTCOMES = (CHECK, CLAIMS, READBACK, TRANSITION, NUMBERS, EQUIVALENT, UNDECIDED, SURVIVED)

#: The groups of mutants of files; that of mutants of specs is `spec`.
FILES = (*BACKENDS, SHARED)

_RUNS, _REPORTS, SEED = 200, 12, 7  # of two monitors that are run beside each other
SECONDS = 20  # of processor time for one mutant; what takes longer is undecided


# Specs.


def judge_spec(mutant: SpecMutant, original: AnySpec) -> tuple[str, str]:
    """What becomes of a mutant of a spec, and by what."""
    try:
        check([mutant.spec])
    except SpecError as error:
        return CHECK, error.problems[0].fact
    unclear = []
    for result in prove(mutant.spec):
        if result.status == REFUTED:
            return CLAIMS, result.claim
        if result.status != PROVED:
            unclear.append(f"{result.claim}: {result.reason}")
    same = transitions(mutant.spec, original)
    if same == PROVED:
        return EQUIVALENT, "its transition is that of the original"
    for result in _read(mutant.spec, GENERATED):
        if result.status == REFUTED:
            return READBACK, f"{result.claim}: {dict(result.counterexample or {})}"
        if result.status != PROVED:
            unclear.append(f"{result.claim}: {result.reason}")
    if same == REFUTED:
        return (TRANSITION, "") if unclear else (SURVIVED, "its transition is another, and nothing noticed")
    if apart := _apart(mutant.spec, original):
        return TRANSITION, apart
    return UNDECIDED, "; ".join(unclear) or "it is not known whether its transition is that of the original"


def _apart(mutant: AnySpec, original: AnySpec) -> str:
    """A run in which the two part, or in which one has a value and the other has none."""
    if isinstance(mutant, MonitorSpec):
        return _monitors_apart(mutant.monitor, original.rule)
    if not isinstance(mutant, Spec):
        return ""
    assumptions = Assumptions.of(original.rule, mutant.rule)
    names = list(dict.fromkeys(h.name for spec in (original, mutant) for h in spec.rule.hypers))
    gradients = [1, -2, 3, 1, 2] * 5  # long enough for what changes only later, as in RAdam
    for hyper in samples(names, assumptions):
        ends = []
        for spec in (mutant, original):
            try:
                trace = reference.run(spec.rule, gradients, lambda t, hyper=hyper: hyper, w=1)
                ends.append([values["w"] for values in trace])
            except (ZeroDivisionError, ValueError, OverflowError):
                ends.append(None)
        if (ends[0] is None) != (ends[1] is None):
            return f"only one of the two has a value at {hyper}"
        if ends[0] is not None and any(map(differ, *ends)):
            return f"the two part at {hyper}"
    return ""


def _monitors_apart(mutant: Monitor, original: Monitor) -> str:
    """A run in which two monitors keep different numbers. Powers of two meet where differences are equal to bounds."""
    random = np.random.default_rng(SEED)
    states = [f"{state}_new" for state in original.state]
    for _ in range(_RUNS):
        hyper = {h.name: float(random.choice(dyadic(h.allowed))) for h in original.hypers}
        metrics = (np.cumsum(random.integers(-2, 3, _REPORTS)) / 4).tolist()
        reports = reports_of(original, metrics)
        traces = [reference.run_monitor(monitor, reports, hyper) for monitor in (mutant, original)]
        for t, (one, other) in enumerate(zip(*traces, strict=True)):
            if any(one[name] != other[name] for name in states):
                return f"the two part at {hyper} after the reports {metrics[:t]}"
    return ""


def _read(spec: AnySpec, out: Path, backends: Sequence[str] = tuple(BACKENDS)) -> Iterator[Result]:
    """The read-back of the files under `out`, whatever the kind of the rule."""
    if isinstance(spec, ScheduleSpec | MonitorSpec):
        backends = [SHARED]
    elif isinstance(spec, StageSpec):
        backends = those_with_stages(backends)
    elif not isinstance(spec, Spec):
        backends = those_in_place(backends)
    for backend in backends:
        yield from readback(spec, backend, out)


def transitions(mutant: AnySpec, original: AnySpec) -> str:
    """Whether both do the same from the same start: proved, refuted or undecided."""
    assumptions = Assumptions.of(*(s.rule for s in (mutant, original) if not isinstance(s, LayerSpec)))
    pairs = list(_pairs(mutant, original))
    if any(left.free_symbols ^ right.free_symbols and _undefined(left, right) for left, right in pairs):
        return UNDECIDED
    statuses = {PROVED}
    for left, right in pairs:
        if left == right:
            continue
        if _undefined(left, right) or isinstance(left, sympy.core.relational.Relational):
            statuses.add(UNDECIDED)
        else:
            statuses.add(compare_sums(left, right, assumptions).status)
    return next(status for status in (REFUTED, UNDECIDED, PROVED) if status in statuses)


def _undefined(*sides: sympy.Basic) -> bool:
    return any(side.has(sympy.oo) or side.atoms(average) for side in sides)


def _pairs(mutant: AnySpec, original: AnySpec) -> Iterator[tuple[sympy.Basic, sympy.Basic]]:
    """What has to be equal for both to be one: starts, transitions, what is told."""
    one, other = mutant.rule, original.rule
    for name in ("value", "halts"):
        if getattr(one, name, None) is not None:
            yield getattr(one, name), getattr(other, name)
    for name in ("state", "parameters"):
        for symbol, value in getattr(one, name, {}).items():
            yield value, getattr(other, name)[symbol]
    if isinstance(mutant, LayerSpec):
        for steps, others in ((one.steps, other.steps), (one.inference, other.inference)):
            left, right = (inlined.__wrapped__(SimpleNamespace(steps=part)) for part in (steps, others))
            yield from ((left[symbol], value) for symbol, value in right.items())
    elif hasattr(one, "steps"):
        left, right = transition(one), transition(other)
        yield from ((left[symbol], value) for symbol, value in right.items())


# Files.


def judge_file(mutant: FileMutant, spec: AnySpec) -> tuple[str, str]:
    """What becomes of a mutant of a generated file, and by what: the read-back, then the numeric comparison."""
    with tempfile.TemporaryDirectory() as folder:
        out = _output(Path(folder), mutant)
        unclear = []
        for result in readback(spec, mutant.backend, out):
            if result.status == REFUTED:
                fact = (result.counterexample or {}).get("fact", "")
                dead = "SyntaxError" in fact or "IndentationError" in fact or "is not C" in fact
                return (STILLBORN if dead else READBACK), f"{result.claim}: {dict(result.counterexample or {})}"
            if result.method == OUTSIDE:
                return (STILLBORN if "is not C" in result.reason else READBACK), f"{result.claim}: {result.reason}"
            if result.status != PROVED:
                unclear.append(f"{result.claim}: {result.reason}")
        if mutant.structural and not unclear:
            return SURVIVED, "it is read back as proved"
        for result in _numeric(spec, mutant.backend, out):
            if result.status == REFUTED:
                return NUMBERS, f"{result.claim}: {dict(result.counterexample or {})}"
        differs = _other_numbers(in_files(spec, mutant.backend), mutant, out)
        if unclear:  # the original is proved to be what the spec says
            return (NUMBERS, differs) if differs else (UNDECIDED, "; ".join(unclear))
        return (SURVIVED, differs) if differs else (EQUIVALENT, "read-back, and the same numbers")


def _numeric(spec: AnySpec, backend: str, out: Path) -> Iterator[Result]:
    """The numeric comparison that `verify` makes. That of an optimizer takes too long for so many mutants."""
    with imported():
        match spec:
            case ScheduleSpec():
                yield from numeric_schedule(spec, out)
            case MonitorSpec():
                yield from numeric_monitor(spec, out)
            case LayerSpec():
                yield from numeric_layer(spec, out, (backend,))


def _content(mutant: FileMutant) -> str:
    return mutant.content(_file(mutant.backend, mutant.family).read_text(encoding="utf-8"))


def _file(backend: str, family: str) -> Path:
    return GENERATED / backend / f"{family}.py"


def _other_numbers(spec: AnySpec, mutant: FileMutant, out: Path) -> str:
    """In what the mutant's numbers differ from those of the original, if they do."""
    try:
        found = observed(spec, mutant.backend, out)
    except Exception as error:
        if isinstance(error, ModuleNotFoundError) and error.name == mutant.backend:
            return ""  # the library is not installed, and the read-back judges alone
        return f"it does not run: {type(error).__name__}: {error}"
    expected = _expected(spec, mutant.backend)
    if found.keys() != expected.keys():
        return f"it gives {', '.join(found)}, not {', '.join(expected)}"
    for name, array in expected.items():
        if not np.allclose(found[name], array, rtol=1e-9, atol=1e-12, equal_nan=True):
            return f"{name} = {found[name].ravel()[:3]}, not {array.ravel()[:3]}"
    return ""


def _output(folder: Path, mutant: FileMutant) -> Path:
    """A folder like `generated/` in which one file is the mutant."""
    for path in (*GENERATED.glob("*.py"), GENERATED / "_runtime"):
        (folder / path.name).symlink_to(path)
    backends = {mutant.backend, *_beside(mutant.backend)} if mutant.backend else ()
    for backend in backends:
        (folder / backend).mkdir()
        for path in (GENERATED / backend).glob("*.py"):
            (folder / backend / path.name).symlink_to(path)
    changed = folder / mutant.backend / f"{mutant.family}.py"
    changed.unlink()
    changed.write_text(_content(mutant), encoding="utf-8")
    return folder


def _beside(backend: str) -> list[str]:
    """What a backend extends, which its folder takes stages from."""
    return [in_place_backend(name).extends for name in those_in_place([backend]) if in_place_backend(name).extends]


def _expected(spec: AnySpec, backend: str) -> dict[str, np.ndarray]:
    return _expected_of(spec.path, spec.key, backend)


@cache
def _expected_of(path: Path, key: str, backend: str) -> dict[str, np.ndarray]:
    (spec,) = load([(path, key)])
    return observed(in_files(spec, backend), backend, GENERATED)


def in_files(spec: AnySpec, backend: str) -> AnySpec:
    """`spec` as the files of a backend have it: a stage may be a rule by itself there."""
    alone = isinstance(spec, StageSpec) and not is_staged(backend)
    return (spec.transformation or spec) if alone else spec


# All of them.


@dataclass(frozen=True)
class Verdict:
    """A mutant, what became of it, and by what. `group` is the kind of change with what was changed."""

    group: str
    kind: str
    rule: str
    text: str
    outcome: str
    by: str
    seconds: float


@cache
def specs() -> dict[str, AnySpec]:
    return {spec.key: spec for spec in load(select(()))}


@cache
def _mutants(group: str, key: str) -> list[SpecMutant] | list[FileMutant]:
    spec = specs()[key]
    if group == "spec":
        return spec_mutants(spec)
    return file_mutants(spec, group, _file(group, spec.family).read_text(encoding="utf-8"))


def mutant(task: tuple[str, str, int]) -> SpecMutant | FileMutant:
    """The mutant that is given by its group, its rule and its number."""
    group, key, number = task
    return _mutants(group, key)[number]


def structural(task: tuple[str, str, int]) -> bool:
    """Whether the mutant is a file whose structure is another."""
    return getattr(mutant(task), "structural", False)


def judge(task: tuple[str, str, int]) -> Verdict:
    """What becomes of the mutant."""
    group, key, _ = task
    made, spec, start = mutant(task), specs()[key], time.perf_counter()
    try:
        with limited(SECONDS):
            outcome, by = (judge_spec if group == "spec" else judge_file)(made, spec)
    except SlowError:
        outcome, by = UNDECIDED, f"after {SECONDS} s"
        if group == "spec" and (apart := _apart(made.spec, spec)):
            outcome, by = TRANSITION, apart
    except Exception as error:
        outcome, by = SURVIVED, f"crash: {type(error).__name__}: {error}"
    return Verdict(group, made.kind, key, made.text, outcome, by, time.perf_counter() - start)


def tasks(names: Sequence[str], groups: Sequence[str], every: int = 1) -> list[tuple[str, str, int]]:
    """Every n-th mutant of the rules in `names` (or all), in a fixed order. A group is `spec`, or where files are."""
    chosen = [spec.key for spec in load(select(names))]
    found = [
        (group, key, number)
        for group in groups
        for key in chosen
        if group == "spec" or group in backends_of(specs()[key])
        for number in range(len(_mutants(group, key)))
    ]
    return found[every // 2 :: every]


def run(chosen: Sequence[tuple[str, str, int]], said: Callable[[int], None] = lambda done: None) -> list[Verdict]:
    """The verdicts on all of them, on all processors."""
    with ProcessPoolExecutor(initializer=gc.freeze) as pool:
        verdicts = []
        for verdict in pool.map(judge, chosen, chunksize=4):
            verdicts.append(verdict)
            said(len(verdicts))
        return verdicts


_RULES = {
    Spec: "optimizers",
    StageSpec: "stages",
    LayerSpec: "layers",
    ScheduleSpec: "schedules",
    MonitorSpec: "monitors",
}


def table(verdicts: Sequence[Verdict]) -> str:
    """The score: kind of change by what became of it; then the same by the kind of the rule."""
    lines = []
    for title, groups in (("mutants of specs", ("spec",)), ("mutants of files", FILES)):
        counted = [v for v in verdicts if v.group in groups and v.outcome != STILLBORN]
        if not counted:
            continue
        others = (NUMBERS,) if groups == ("spec",) else (CHECK, CLAIMS, TRANSITION)
        columns = [outcome for outcome in OUTCOMES if outcome not in others]

        def row(name: str, chosen: Sequence[Verdict], columns: Sequence[str] = columns) -> str:
            found = Counter(v.outcome for v in chosen)
            cells = "".join(f"{found[column] or '.':>12}" for column in columns)
            return f"  {name:20}{cells}{found.total():>8}"

        lines.append(f"{title:22}" + "".join(f"{column:>12}" for column in columns) + f"{'all':>8}")
        lines += [row(kind, [v for v in counted if v.kind == kind]) for kind in dict.fromkeys(v.kind for v in counted)]
        for rule, name in _RULES.items():
            if found := [v for v in counted if type(specs()[v.rule]) is rule]:
                lines.append(row(f"of {name}", found))
        lines += [row("all", counted), ""]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__.split("\n\n")[0])
    parser.add_argument("names", metavar="NAME", nargs="*", help="a rule or a family; all if none")
    parser.add_argument("--every", metavar="N", type=int, default=1, help="only every N-th mutant")
    parser.add_argument("--list", metavar="OUTCOME", nargs="*", default=[UNDECIDED, SURVIVED], help="print these")
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--specs", action="store_true", help="mutants of specs alone")
    kinds.add_argument("--files", action="store_true", help="mutants of files alone")
    options = parser.parse_args()
    groups = (*(() if options.files else ("spec",)), *(() if options.specs else FILES))
    chosen = tasks(options.names, groups, options.every)

    def said(done: int) -> None:
        if done % 100 == 0:
            print(f"{done} of {len(chosen)}", file=sys.stderr)

    verdicts = run(chosen, said)
    print(table(verdicts))
    for v in verdicts:
        if v.outcome in options.list:
            print(f"{v.outcome}: {v.kind}: {v.text}\n    {v.by} ({v.seconds:.1f} s)")
    return int(any(v.outcome in (UNDECIDED, SURVIVED) for v in verdicts))


if __name__ == "__main__":
    sys.exit(main())
