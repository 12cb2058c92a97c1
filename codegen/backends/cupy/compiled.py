"""The third rung of what can be said without a GPU: the kernels compiled by NVRTC, and their bodies run on the cpp."""

from __future__ import annotations

import importlib
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ...algebra import reference
from ...analysis.sums import named
from ...execution.imports import package
from ...files import shown_file
from ...load import FLEETING, AnySpec, LayerSpec, Spec, StageSpec, load, stable
from ...result import REFUTED, SKIPPED, TESTED, Outcome, Result
from ...spec.functions import called
from ...spec.rules import Optimizer, settings
from ...spec.symbols import Flag
from ...words import plural
from .. import BACKENDS, REFERENCE
from ..compiled import Call, Key, Parts
from . import cpp, nvrtc

ELEMENTS, STEPS, SEED = 1021, 20, 0
#: Functions that every library computes in its own way, to within some units in the last place.
_INEXACT = ("pow", *(name for name, row in called("c").items() if row.half_ulps > 1))
_ULP = 4


def compile_checks(specs: Sequence[AnySpec], out: Path) -> list[Call]:
    """See `Backend`: NVRTC for each target, and the compiler of the cpp."""
    keys = tuple((spec.path, spec.key) for spec in specs if isinstance(spec, Spec | StageSpec | LayerSpec))
    rules = tuple((spec.path, spec.key) for spec in specs if isinstance(spec, Spec))
    calls: list[Call] = []
    if keys and nvrtc.missing():
        calls += [(_without_nvrtc, (keys, out))]
    elif keys:
        calls += [(compile_for, (keys, out, *target)) for target in nvrtc.TARGETS]
    return calls + ([(run_on_host, (rules, out))] if rules else [])


# NVRTC.


def _without_nvrtc(keys: Sequence[Key], out: Path) -> Parts:
    reason = nvrtc.missing() or ""
    return {(s.path, s.key): [_compiled(s, out, "a GPU", SKIPPED, reason=reason)] for s in load(keys)}


def compile_for(keys: Sequence[Key], out: Path, dtype: str, architecture: str) -> Parts:
    """For each spec, whether NVRTC compiles what CuPy would give it."""
    start = time.perf_counter()
    specs, root = load(keys), package(out)
    kernels = {spec: list(_kernels(spec, root, dtype)) for spec in specs}
    texts = {spec: [nvrtc.source(kernel, dtype, s) for kernel, s in found] for spec, found in kernels.items()}
    told: dict[AnySpec, Mapping[str, nvrtc.Compiled] | str] = {}
    try:  # all at once, since much of the time goes into CuPy's headers
        everything = nvrtc.compiled(_apart([t for group in texts.values() for t in group]), architecture)
        told = {spec: {k.name: everything[k.name] for k, _ in found} for spec, found in kernels.items()}
    except RuntimeError:
        for spec, group in texts.items():
            try:
                told[spec] = nvrtc.compiled(_apart(group), architecture)
            except RuntimeError as error:
                told[spec] = str(error)[:400]
    seconds = (time.perf_counter() - start) / max(len(specs), 1)
    results: Parts = {}
    for spec, figures in told.items():
        where = f"{architecture} in {dtype}"
        if isinstance(figures, str):
            result = _compiled(spec, out, where, REFUTED, counterexample={"fact": figures})
        else:
            registers = max((one.registers for one in figures.values()), default=0)
            spilled = sum(one.spilled for one in figures.values())
            reason = f"{plural(registers, 'register')}, {plural(spilled, 'byte') if spilled else 'nothing'} spilled"
            result = _compiled(spec, out, where, TESTED, reason=reason)
        results[spec.path, spec.key] = [replace(result, seconds=seconds)]
    return results


def _compiled(spec: AnySpec, out: Path, where: str, status: str, **more: Any) -> Result:
    file = shown_file(out / "cupy" / f"{spec.family}.py")
    statement = f"NVRTC compiles what CuPy makes of {spec.rule.name} in {file}, for {where}"
    return Outcome(status, "compilation", **more).of("cupy compiled", statement, spec.key)


def _kernels(spec: AnySpec, root: str, dtype: str) -> Iterator[tuple[Any, list[str]]]:
    """The kernels of a spec, each with the names of those parameters that are numbers."""
    cupy = importlib.import_module("cupy")
    module = importlib.import_module(f"{root}.cupy.{spec.family}")
    if isinstance(spec, Spec):
        kernel = getattr(module, f"_{spec.function}")
        whole = {"g", "every_array", *(array.name for array in spec.optimizer.inputs)}
        yield kernel, [parameter.name for parameter in kernel.in_params if parameter.name not in whole]
        many = importlib.import_module(f"{root}.cupy._arrays")._fused(kernel, (), dtype, True)
        yield many, [p.name for p in many.in_params if not p.raw and p.name not in whole]
        yield from _summing(getattr(module, f"_{spec.key}_sums", None), spec, root, dtype)
    elif isinstance(spec, StageSpec):
        arrays = importlib.import_module(f"{root}.cupy._arrays")
        stage = getattr(module, spec.stage.name)
        rule = cupy.ElementwiseKernel("T g", "T w", "w = w - g;", "descent_with")
        around = [arrays._fused(rule, (stage,), dtype, scattered) for scattered in (False, True)]
        around += [arrays._reducing(stage, number, (), dtype) for number in range(len(stage._reductions))]
        around += [arrays._norm_of_norms()] if any(how == "norm" for _, how, _ in stage._reductions) else []
        for kernel in around:
            yield kernel, [parameter.name for parameter in kernel.in_params if parameter.ctype == "double"]
    else:
        for name, kernel in vars(module).items():
            if name.startswith(f"_{spec.key}_") and isinstance(kernel, cupy.ElementwiseKernel | cupy.ReductionKernel):
                yield kernel, [p.name for p in kernel.in_params if p.ctype == "double"]


def _summing(sums: Any, spec: Spec, root: str, dtype: str) -> Iterator[tuple[Any, list[str]]]:
    """The reductions of a rule."""
    arrays = importlib.import_module(f"{root}.cupy._arrays")
    hows = [one.how for one in spec.optimizer.reductions]
    for number, how in enumerate(hows):
        kernel = arrays._summing(sums, number, how, (), dtype)
        yield kernel, [p.name for p in kernel.in_params if p.ctype == "double"]
    if "norm" in hows:
        yield arrays._norm_of_norms(), []


def _apart(texts: Sequence[str]) -> list[str]:
    """Kernels that may stand in one file: types are in a namespace each, and what CuPy defines is undone afterwards."""
    undone = "\n".join(f"#undef {name}" for name in ("REDUCE", "POST_MAP", "_REDUCE"))
    return [f"namespace kernel_{number} {{\n{text}\n}}\n{undone}" for number, text in enumerate(texts)]


# The cpp.


def run_on_host(keys: Sequence[Key], out: Path) -> Parts:
    """For each rule, whether its kernel's body, compiled for this machine, gives NumPy's bits."""
    rules = [spec for spec in load(keys) if isinstance(spec, Spec)]
    if cpp.compiler() is None:
        reason = "there is no C++ compiler; install one, or name it in CXX"
        return {(spec.path, spec.key): [_host_result(spec, SKIPPED, reason=reason)] for spec in rules}
    results: Parts = {}
    with tempfile.TemporaryDirectory(prefix=FLEETING) as folder:
        library: Path | str
        try:
            library = cpp.build([cpp.kernel(spec, out) for spec in rules], Path(folder))
        except Exception as error:
            library = stable(str(error))[:400]
        for spec in rules:
            start = time.perf_counter()
            try:
                if isinstance(library, str):
                    result = _host_result(spec, REFUTED, counterexample={"fact": library})
                else:
                    result = _against_numpy(spec, out, library)
            except Exception as error:
                result = _host_result(
                    spec, REFUTED, counterexample={"fact": stable(f"{type(error).__name__}: {error}")}
                )
            results[spec.path, spec.key] = [replace(result, seconds=time.perf_counter() - start)]
    return results


def _host_result(spec: Spec, status: str, **more: Any) -> Result:
    statement = (
        f"the kernel's body of {spec.function}, compiled for this machine, against NumPy, "
        f"{ELEMENTS} elements, {STEPS} steps, seed {SEED}"
    )
    return Outcome(status, "execution", **more).of("cupy body compiled", statement, spec.key)


def _against_numpy(spec: Spec, out: Path, library: Path) -> Result:
    text = cpp.kernel(spec, out).operation
    reference_run, *_ = BACKENDS[REFERENCE].runs
    exact = not any(f"{name}(" in text for name in _INEXACT)
    worst = 0.0
    for dtype in cpp.TYPES:
        first = run_over_arrays(spec, cpp.step(spec, out, library), dtype)
        second = run_over_arrays(spec, reference_run.load(spec, out)[spec.function], dtype)
        if exact:
            if fact := cpp.same_bits(first, second):
                return _host_result(spec, REFUTED, counterexample={"fact": f"{dtype}: {fact}"})
            continue
        for name, array in first.items():
            unit = np.spacing(np.max(np.abs(second[name])))
            worst = max(worst, float(np.max(np.abs(array - second[name])) / unit))
    if worst > _ULP:
        return _host_result(spec, REFUTED, counterexample={"fact": f"{worst:.1f} ulp of the largest value"})
    return _host_result(spec, TESTED, reason="bit for bit" if exact else f"worst {worst:.1f} ulp of the largest value")


def run_over_arrays(spec: Spec, step: Callable[..., None], dtype: str) -> Mapping[str, np.ndarray]:
    """`w` and the states after some steps with random gradients."""
    optimizer: Optimizer = spec.optimizer.runnable
    random = np.random.default_rng(SEED)
    hyper = {h.name: float(h.value) for h in settings(optimizer)}
    start = random.standard_normal(ELEMENTS).astype(dtype)
    values = {name: reference.number(v) for name, v in {**hyper, "w": 0}.items()}
    arrays = {"w": start.copy()}
    for state in optimizer.array_state:
        value = optimizer.state[state]
        copied = value.is_Symbol and value.name == "w"
        first = start if copied else np.full(ELEMENTS, float(reference.evaluate(value, values)))
        arrays[state.name] = first.astype(dtype)
    scalars = {s.name: float(reference.evaluate(optimizer.state[s], values)) for s in optimizer.scalar_state}
    scalars |= dict.fromkeys(named(optimizer.runnable), 3.0)  # any number will do
    # scalar states are taken as they start: what matters here is what happens to the elements
    for t in range(1, STEPS + 1):
        g = (random.standard_normal(ELEMENTS) * 10.0 ** random.uniform(-3, 2)).astype(dtype)
        w, *states = arrays.values()
        inputs = [random.standard_normal(ELEMENTS).astype(dtype) for _ in optimizer.inputs]
        signals = {s.name: float(t % 2) if isinstance(s, Flag) else random.normal() for s in optimizer.signals}
        step(w, g, *inputs, *states, *scalars.values(), t, **signals, **hyper)
    return arrays
