"""Read the code of layers back: over symbols, which proves it, and over numbers, which tests it.

A value per channel has the shape (C,) outside of a function and cannot be computed with there: `_Flat`
stands for it, until `spread` gives it the shape that meets the batch. An average over the batch is the
opaque `average` of the spec. The backward pass is held against reverse mode, not against what was
derived from it.
"""

from __future__ import annotations

import importlib
import inspect
import time
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import sympy

from codegen import domain, reference
from codegen.backends import BACKENDS
from codegen.derive import inlined
from codegen.files import shown_file
from codegen.kernel import NUMERIC, SYMBOLIC, Algebra, Body
from codegen.layers.calculus import M, Steps, equal, gradient_symbol, per_element, reverse, run, smallest_batch, varies
from codegen.layers.lower import Function, Functions, lower
from codegen.load import LayerSpec
from codegen.numeric import SEED, _without_gpu, package
from codegen.prove.base import domains_of
from codegen.prove.layers import apart, difference, facts_of
from codegen.readback import (
    _MATHEMATICS,
    _BrokenError,
    _call,
    _check_domain,
    _Library,
    _Log,
    _member,
    _results,
    _run,
    _symbolic_functions,
    kernel_parameters,
)
from codegen.result import PROVED, REFUTED, SKIPPED, TESTED, UNDECIDED, Result
from codegen.spec import Layer, average

#: How far a number may be from the exact one, in units in the last place of the largest of its array.
ULPS = 16
_AXIS = object()
_ELEMENTS = ", float64 elements"


@dataclass(frozen=True)
class _Flat:
    """A value per channel in the shape (C,)."""

    value: Any


def readback(spec: LayerSpec, backend: str, out: Path) -> Iterator[Result]:
    """Two results for a layer: its functions compute the equations, its class passes everything on."""
    if BACKENDS[backend].after:  # it has no layers of its own
        return
    path = out / backend / f"{spec.family}.py"
    name = shown_file(path)
    statement = f"the functions of {spec.layer.name} in {name} compute the equations of {spec.shown_path}"
    yield from _results(spec, path, f"readback {backend}", statement, lambda: _functions(spec, backend, path))
    statement = f"{spec.layer.name} in {name} has the hyperparameters, parameters and states of the spec"
    yield from _results(spec, path, f"class {backend}", statement, lambda: _class(spec, backend, path))


# Stand-ins.


class _Base:
    def __init__(self, channels: Any, axis: Any, dtype: Any, **hyper: Any) -> None:
        self.given = {"channels": channels, "axis": axis, "dtype": dtype, **hyper}


def _symbolic_helpers(layer: Layer) -> dict[str, Any]:
    def spread(x: Any, axis: Any, *channels: Any) -> tuple:
        if axis is not _AXIS or not varies(x) or not all(isinstance(c, _Flat) for c in channels):
            raise _BrokenError("spread() is not given a batch, its axis and values per channel")
        return tuple(c.value for c in channels)

    def flat(*channels: Any) -> tuple:
        if any(map(varies, channels)):
            raise _BrokenError("flat() is given a value per element")
        return tuple(map(_Flat, channels))

    def count(x: Any, axis: Any, least: int) -> sympy.Symbol:
        if axis is not _AXIS or not varies(x):
            raise _BrokenError("count() is not given a batch and its axis")
        if least != (1 if x == gradient_symbol(layer.output) else smallest_batch(layer)):
            raise _BrokenError(f"it takes batches of {least} and more; the spec needs {smallest_batch(layer)}")
        return M

    return {"spread": spread, "flat": flat, "count": count, "Array": Any}


def _averaged(values: Any, axis: Any) -> sympy.Expr:
    if axis is not _AXIS or not varies(values):
        raise _BrokenError("average() is not given values per element and the axis of the channels")
    return average(values)


def _kernels(algebra: Algebra, number: Callable[[Any], Any]) -> tuple[type, type]:
    """Stand-ins for CuPy's two kinds of kernels, whose bodies are parsed and carried out."""

    class Elementwise:
        def __init__(self, in_params: str, out_params: str, operation: str, name: str) -> None:
            self.inputs, self.outputs = kernel_parameters(in_params), kernel_parameters(out_params)
            self.body = Body.parse(operation)

        def __call__(self, *arguments: Any) -> Any:
            given = dict(zip(self.inputs, map(number, arguments), strict=True))
            found = self.body.run(given, dict.fromkeys(self.outputs), algebra).outputs
            values = tuple(found[name] for name in self.outputs)
            return values if len(values) > 1 else values[0]

    class Reduction:
        def __init__(self, *, in_params: str, out_params: str, map_expr: str, **rest: str) -> None:
            (self.output,) = kernel_parameters(out_params)
            rest.pop("name")
            mean = {
                "reduce_expr": "a + b",
                "post_map_expr": f"{self.output} = a / elements",
                "identity": "0",
                "reduce_type": "double",
            }
            if rest != mean or not in_params.endswith(_ELEMENTS):
                raise _BrokenError(f"the kernel of {self.output} is no average: {rest}")
            self.map = Elementwise(in_params.removesuffix(_ELEMENTS), "T mapped", f"mapped = {map_expr};", "")

    return Elementwise, Reduction


def _symbolic(spec: LayerSpec, backend: str, path: Path) -> dict[str, Any]:
    """The names of a generated module that is run over symbols."""
    helpers = _symbolic_helpers(spec.layer)
    base = f"{BACKENDS[backend].base.removesuffix('Optimizer')}Layer"
    if backend == "numpy":
        functions = {n: getattr(sympy, n) for n in ("sqrt", "exp", "log", "sign")}
        functions |= {"abs": sympy.Abs, "maximum": sympy.Max, "minimum": sympy.Min}
        library = _Library(errstate=lambda **_: lambda function: function, **functions)
        helpers["average"] = _averaged
    else:
        elementwise, reduction = _kernels(SYMBOLIC, sympy.sympify)
        library = _Library(ElementwiseKernel=elementwise, ReductionKernel=reduction)
        helpers["average"] = lambda kernel, *arrays, axis: _averaged(kernel.map(*arrays), axis)
        helpers["elementwise"] = lambda kernel, *arguments: kernel(*arguments)
    channels = _Library(**{base: _Base}, **helpers)
    known = {backend: library, "math": _MATHEMATICS, "_channels": channels}
    return _run(path, known, _symbolic_functions(_Log()), symbolic=True)


# Proofs.


def _functions(spec: LayerSpec, backend: str, path: Path) -> Result:
    layer, found, module = spec.layer, lower(spec.layer, spec.key), _symbolic(spec, backend, path)
    training, inference = inlined(layer), inlined(Steps(layer.inference))
    wanted = {
        found.forward: [training[s] for s in _symbols(found.forward.outputs, training)],
        found.inference: [inference[layer.output]],
        found.backward: list(reverse(layer).values()),
    }
    methods: dict[str, None] = {}
    used: list[sympy.Expr] = []
    for function, expected in wanted.items():
        computed = _computed(path, _member(module, function.name), function, layer)
        for name, *sides in zip(function.outputs, computed, expected, strict=True):
            # the backward pass is given values of the forward pass
            one, other = (side.xreplace(training) for side in sides)
            verdict = equal(one, other, facts_of(layer))
            used += [one, other]
            if verdict.status != PROVED:
                what, elementwise = f"{name} of {function.name}", name in function.elements
                if found_at := apart(layer, one, other, elementwise):
                    names = {"left": "file", "right": "spec"}
                    point = {"value": what, **{names.get(n, n): v for n, v in found_at.items()}}
                    return Result("", "", REFUTED, "", "evaluation on a batch", counterexample=point)
                return Result("", "", UNDECIDED, "", reason=f"{what}: {verdict.reason}, and no batch refutes it")
            methods.setdefault(verdict.method)
    method = ", ".join(("execution over symbols", *methods))
    assumptions = ("real arithmetic", "wherever both are defined", *domains_of(layer, *used))
    return Result("", "", PROVED, "", method, assumptions)


def _symbols(names: Sequence[str], values: Mapping[sympy.Symbol, Any]) -> list[sympy.Symbol]:
    by_name = {symbol.name: symbol for symbol in values}
    return [by_name[name] for name in names]


def _given(function: Function, layer: Layer) -> list[Any]:
    """The arguments of a function: symbols, flat if they are per channel."""
    known = [layer.input, gradient_symbol(layer.output), *layer.parameters, *layer.state]
    by_name = {s.name: s for s in (*(step.target for step in layer.steps), *known)}
    symbols = [by_name[name] for name in function.inputs]
    return [symbol if per_element(symbol) else _Flat(symbol) for symbol in symbols]


def _computed(path: Path, member: Callable, function: Function, layer: Layer) -> list[sympy.Expr]:
    """What the generated function returns over symbols, each in the shape that it should have."""
    parameters = list(inspect.signature(member).parameters.values())
    names = [p.name for p in parameters]
    defaults = {p.name: p.default for p in parameters if p.default is not p.empty}
    wanted = {"axis": layer.axis, **{h.name: float(Fraction(str(h.default))) for h in function.hypers}}
    if names != [*function.inputs, *wanted] or defaults != wanted:
        raise _BrokenError(f"{function.name} has the parameters {' '.join(names)} with defaults {defaults}")
    hypers = {h.name: h for h in function.hypers}
    result = _call(path, member, *_given(function, layer), axis=_AXIS, **hypers)
    return _opened(result, function)


def _opened(result: Any, function: Function) -> list[sympy.Expr]:
    result = result if isinstance(result, tuple) else (result,)
    if len(result) != len(function.outputs):
        raise _BrokenError(f"{function.name} returns {len(result)} values; there should be {len(function.outputs)}")
    for name, value in zip(function.outputs, result, strict=True):
        if isinstance(value, _Flat) == (name in function.elements):
            raise _BrokenError(f"{function.name} returns {name} in the wrong shape")
    return [sympy.sympify(value.value if isinstance(value, _Flat) else value) for value in result]


def _class(spec: LayerSpec, backend: str, path: Path) -> Result:
    layer, found, module = spec.layer, lower(spec.layer, spec.key), _symbolic(spec, backend, path)
    cls = _member(module, layer.name)
    hypers = {h.name: h for h in layer.hypers}
    defaults = {name: float(Fraction(str(h.default))) for name, h in hypers.items()}
    made = _call(path, cls, 3)
    if made.given != (expected := {"channels": 3, "axis": layer.axis, "dtype": "float32", **defaults}):
        raise _BrokenError(f"{layer.name} passes {made.given} on; it should be {expected}")
    given = {"channels": 1, "axis": 2, "dtype": "float64", **hypers}
    if _call(path, cls, **given).given != given:
        raise _BrokenError(f"{layer.name} does not pass on what it is given")
    kept = {"_parameters": _floats(layer.parameters), "_states": _floats(layer.state)}
    kept |= {"_saved": found.saved, "_kept": found.kept}
    for name, value in kept.items():
        if getattr(cls, name) != value or list(getattr(cls, name)) != list(value):
            raise _BrokenError(f"{layer.name}.{name} is {getattr(cls, name)}; the spec says {value}")
    if list(cls._domains) != list(hypers):
        raise _BrokenError(f"{layer.name} checks {' '.join(cls._domains)}; the spec wants {' '.join(hypers)}")
    for name, hyper in hypers.items():
        text, test = cls._domains[name]
        _check_domain(path, name, domain.parse(str(hyper.domain)), text, test)
    own = {s.name: _Flat(s) for s in (*layer.parameters, *layer.state)}
    vars(made).update({**own, **hypers, "axis": _AXIS})
    _check_methods(path, made, found, module, layer)
    return Result("", "", PROVED, "", "execution over symbols")


def _check_methods(path: Path, made: Any, found: Functions, module: Mapping, layer: Layer) -> None:
    """The methods give the functions what they ask for."""
    first = (1, 1, len(found.saved) + len(found.kept) + 1)
    methods = zip(("_train", "_infer", "_derive"), found.all, first, strict=True)
    for method, function, own in methods:
        result = _call(path, getattr(made, method), *_given(function, layer)[:own])
        if _opened(result, function) != _computed(path, _member(module, function.name), function, layer):
            raise _BrokenError(f"{layer.name}.{method} does not pass on what {function.name} needs")


def _floats(values: Mapping) -> dict[str, float]:
    return {symbol.name: float(value) for symbol, value in values.items()}


# Numbers.


def numeric(spec: LayerSpec, out: Path, backends: tuple[str, ...]) -> Iterator[Result]:
    """The three functions on a small batch against the 50-digit reference."""
    for claim, text, check in _checks(spec, out, backends):
        start = time.perf_counter()
        try:
            result = check()
        except Exception as error:
            result = Result("", "", REFUTED, "", counterexample={"fact": f"{type(error).__name__}: {error}"})
        statement = f"{text} against the 50-digit reference, all within {ULPS} ulp, seed {SEED}"
        yield replace(result, spec=spec.key, claim=claim, statement=statement, seconds=time.perf_counter() - start)


def _checks(spec: LayerSpec, out: Path, backends: tuple[str, ...]) -> Iterator[tuple[str, str, Callable[[], Result]]]:
    for backend in (name for name in backends if not BACKENDS[name].after):
        label = BACKENDS[backend].label
        missing = _without_gpu() if backend == "cupy" else ""
        if backend == "cupy":
            check = partial(_against_reference, spec, partial(_body, spec, out), "float32", np.asarray)
            yield "float32 cupy body", "the bodies of the CuPy kernels evaluated in float32", check
        for dtype in ("float64", "float32"):
            check = partial(_on_disk, spec, out, backend, dtype)
            skipped = partial(Result, "", "", SKIPPED, "", reason=missing)
            yield f"{dtype} {backend}", f"{label} in {dtype}", skipped if missing else check


def _on_disk(spec: LayerSpec, out: Path, backend: str, dtype: str) -> Result:
    library = importlib.import_module(backend)
    module = importlib.import_module(f"{package(out)}.{backend}.{spec.family}")
    return _against_reference(spec, lambda: vars(module), dtype, library.asarray)


def _body(spec: LayerSpec, out: Path) -> dict[str, Any]:
    """The CuPy module with its kernels carried out over NumPy arrays."""

    def number(value: Any) -> Any:
        return value if isinstance(value, np.ndarray) else np.float32(value)

    def shaped(x: np.ndarray, axis: int, *channels: np.ndarray) -> tuple:
        return tuple(np.expand_dims(c, tuple(k for k in range(x.ndim) if k != axis % x.ndim)) for c in channels)

    def averaged(kernel: Any, *arrays: np.ndarray, axis: int) -> np.ndarray:
        others = tuple(k for k in range(arrays[0].ndim) if k != axis % arrays[0].ndim)
        mapped = kernel.map(*arrays)
        return mapped.mean(axis=others, dtype=np.float64, keepdims=True).astype(mapped.dtype)

    elementwise, reduction = _kernels(NUMERIC, number)
    helpers = types.SimpleNamespace(
        Array=Any,
        CupyLayer=_Base,
        spread=shaped,
        flat=lambda *channels: tuple(c.reshape(-1) for c in channels),
        count=lambda x, axis, least: x.size // x.shape[axis],
        average=averaged,
        elementwise=lambda kernel, *arguments: kernel(*arguments),
    )
    library = _Library(ElementwiseKernel=elementwise, ReductionKernel=reduction)
    path = out / "cupy" / f"{spec.family}.py"
    return _run(path, {"cupy": library, "_channels": helpers}, {"max": max, "min": min}, symbolic=False)


def _against_reference(spec: LayerSpec, load: Callable[[], Mapping], dtype: str, make: Callable[[Any], Any]) -> Result:
    """Every result of the three functions on 2 channels of 4 x 3 elements, which are neither centred nor scaled."""
    layer, found, module = spec.layer, lower(spec.layer, spec.key), load()
    random = np.random.default_rng(SEED)
    values = {s.name: random.uniform(0.5, 2, 2) for s in (*layer.parameters, *layer.state)}
    values |= {n: 1 + 2 * random.standard_normal((4, 2, 3)) for n in (layer.input.name, f"d{layer.output}")}
    values = {name: value.astype(dtype) for name, value in values.items()}
    hyper = {h.name: float(reference.number(str(h.default))) for h in layer.hypers}
    exact = [
        _exact(layer, {n: v[c] if v.ndim == 1 else v[:, c].ravel() for n, v in values.items()}, hyper) for c in (0, 1)
    ]
    worst, where = 0.0, ""
    for function, part in zip(found.all, ("training", "inference", "gradient"), strict=True):
        given = [make(values[name]) for name in function.inputs]
        own = {h.name: hyper[h.name] for h in function.hypers}
        result = module[function.name](*given, axis=1, **own)
        result = result if isinstance(result, tuple) else (result,)
        for name, computed in zip(function.outputs, result, strict=True):
            array = computed.get() if hasattr(computed, "get") else np.asarray(computed)
            if array.dtype != dtype:
                raise TypeError(f"{name} has dtype {array.dtype}")
            values.setdefault(name, array)  # what training saves, the backward pass takes as it is
            columns = [array[c : c + 1] if array.ndim == 1 else array[:, c].ravel() for c in (0, 1)]
            pairs = [(v, e) for c in (0, 1) for v, e in zip(columns[c], exact[c][part][name], strict=True)]
            unit = float(np.spacing(max(np.abs(array).max(), np.finfo(dtype).tiny)))
            error = max(float(abs(reference.number(v) - e)) for v, e in pairs) / unit
            if not error <= ULPS:
                point = {"function": function.name, "value": name, "error": f"{error:.3g} ulp", "allowed": str(ULPS)}
                return Result("", "", REFUTED, "", counterexample=point)
            if error >= worst:
                worst, where = error, name
    return Result("", "", TESTED, "", "comparison", reason=f"worst {where} {worst:.2f} ulp of its largest value")


def _exact(layer: Layer, values: Mapping[str, Any], hyper: Mapping[str, float]) -> dict[str, dict[str, list]]:
    """The results on one channel with 50 digits; gradients from differences of the forward pass."""
    numbers = {n: [*map(reference.number, v)] if np.ndim(v) else reference.number(v) for n, v in values.items()}
    numbers |= {name: reference.number(value) for name, value in hyper.items()}
    with reference.more_digits():
        found = {"training": run(layer.steps, numbers), "inference": run(layer.inference, numbers)}
        wanted = (layer.input, *layer.parameters)
        found["gradient"] = {f"d{s}": difference(layer, numbers, s) for s in wanted}
    return {part: {n: v if isinstance(v, list) else [v] for n, v in group.items()} for part, group in found.items()}
