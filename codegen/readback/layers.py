"""Read a layer back: its functions over symbols, and its class.

A value per channel has the shape (C,) outside of a function and cannot be computed with there: `_Flat`
stands for it, until `spread` gives it the shape that meets the batch. An average over the batch is the
opaque `average` of the spec. The backward pass is held against reverse mode, not against what was
derived from it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sympy

from ..analysis.backprop import M, Steps, equal, gradient_symbol, per_element, reverse, smallest_batch, varies
from ..analysis.derive import inlined
from ..analysis.proof import domains_of
from ..backends import in_place_backend
from ..execution.modules import (
    MATHEMATICS,
    BrokenError,
    LayerBase,
    Library,
    base_class,
    call,
    member,
    run_module,
    symbolic_functions,
)
from ..files import shown_file
from ..load import LayerSpec
from ..lower.layers import Function, Functions, lower
from ..prove.layers import apart, assumptions_of
from ..result import PROVED, REFUTED, UNDECIDED, Outcome, Result
from ..spec.rules import Layer
from ..spec.symbolic import average
from ..words import plural
from .checks import check_attributes, check_domains, check_signature, defaults_of, file_and_spec, reexport, results

_AXIS = object()


@dataclass(frozen=True)
class _Flat:
    """A value per channel in the shape (C,)."""

    value: Any


def readback(spec: LayerSpec, backend: str, out: Path) -> Iterator[Result]:
    """Two results for a layer: its functions compute the equations, its class passes everything on.

    One for a backend that reexports the layers of another.
    """
    if in_place_backend(backend).extends:
        functions = lower(spec.layer, spec.key).all
        yield from reexport(spec, backend, out, [spec.layer.name, *(function.name for function in functions)])
        return
    path = out / backend / f"{spec.family}.py"
    name = shown_file(path)
    statement = f"the functions of {spec.layer.name} in {name} compute the equations of {spec.shown_path}"
    yield from results(spec, path, f"readback {backend}", statement, lambda: _functions(spec, backend, path))
    statement = f"{spec.layer.name} in {name} has the hyperparameters, parameters and states of the spec"
    yield from results(spec, path, f"class {backend}", statement, lambda: _class(spec, backend, path))


def _symbolic_helpers(layer: Layer) -> dict[str, Any]:
    def spread(x: Any, axis: Any, *channels: Any) -> tuple:
        if axis is not _AXIS or not varies(x) or not all(isinstance(c, _Flat) for c in channels):
            raise BrokenError("spread() is not given a batch, its axis and values per channel")
        return tuple(c.value for c in channels)

    def flat(*channels: Any) -> tuple:
        if any(map(varies, channels)):
            raise BrokenError("flat() is given a value per element")
        return tuple(map(_Flat, channels))

    def count(x: Any, axis: Any, least: int) -> sympy.Symbol:
        if axis is not _AXIS or not varies(x):
            raise BrokenError("count() is not given a batch and its axis")
        if least != (1 if x == gradient_symbol(layer.output) else smallest_batch(layer)):
            raise BrokenError(f"it takes batches of {least} and more; the spec needs {smallest_batch(layer)}")
        return M

    return {"spread": spread, "flat": flat, "count": count, "Array": Any}


def _averaged(values: Any, axis: Any) -> sympy.Expr:
    if axis is not _AXIS or not varies(values):
        raise BrokenError("average() is not given values per element and the axis of the channels")
    return average(values)


def _symbolic(spec: LayerSpec, backend: str, path: Path) -> dict[str, Any]:
    """The names of a generated module that is run over symbols."""
    helpers = _symbolic_helpers(spec.layer)
    given = in_place_backend(backend).layers.over_symbols(_averaged)
    channels = Library(**{base_class(backend, "Layer"): LayerBase}, **helpers, **given.helpers)
    known = {in_place_backend(backend).library: given.library, "math": MATHEMATICS, "_channels": channels}
    return run_module(path, known, symbolic_functions(), symbolic=True)


def _functions(spec: LayerSpec, backend: str, path: Path) -> Outcome:
    layer, found, module = spec.layer, lower(spec.layer, spec.key), _symbolic(spec, backend, path)
    # the backward pass may need the input itself
    training, inference = {layer.input: layer.input, **inlined(layer)}, inlined(Steps(layer.inference))
    wanted = {
        found.forward: [training[s] for s in _symbols(found.forward.outputs, training)],
        found.inference: [inference[layer.output]],
        found.backward: list(reverse(layer).values()),
    }
    methods: dict[str, None] = {}
    used: list[sympy.Expr] = []
    for function, expected in wanted.items():
        computed = _computed(path, member(module, function.name), function, layer)
        for name, *sides in zip(function.outputs, computed, expected, strict=True):
            # the backward pass is given values of the forward pass
            one, other = (side.xreplace(training) for side in sides)
            verdict = equal(one, other, assumptions_of(layer))
            used += [one, other]
            if verdict.status != PROVED:
                what, elementwise = f"{name} of {function.name}", name in function.elements
                if found_at := apart(layer, one, other, elementwise):
                    point = {"value": what, **file_and_spec(found_at)}
                    return Outcome(REFUTED, "evaluation on a batch", counterexample=point)
                return Outcome(UNDECIDED, reason=f"{what}: {verdict.reason}, and no batch refutes it")
            methods.setdefault(verdict.method)
    method = ", ".join(("execution over symbols", *methods))
    assumptions = ("real arithmetic", "wherever both are defined", *domains_of(layer, *used))
    return Outcome(PROVED, method, assumptions=assumptions)


def _symbols(names: Sequence[str], values: Mapping[sympy.Symbol, Any]) -> list[sympy.Symbol]:
    by_name = {symbol.name: symbol for symbol in values}
    return [by_name[name] for name in names]


def _given(function: Function, layer: Layer) -> list[Any]:
    """The arguments of a function: symbols, flat if they are per channel."""
    known = [layer.input, gradient_symbol(layer.output), *layer.parameters, *layer.state]
    by_name = {s.name: s for s in (*(step.target for step in layer.steps), *known)}
    symbols = [by_name[name] for name in function.inputs]
    return [symbol if per_element(symbol) else _Flat(symbol) for symbol in symbols]


def _computed(path: Path, generated: Callable, function: Function, layer: Layer) -> list[sympy.Expr]:
    """What the generated function returns over symbols, each in the shape that it should have."""
    parameters = list(inspect.signature(generated).parameters.values())
    names, positional = [p.name for p in parameters], [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY]
    defaults = {p.name: p.default for p in parameters if p.default is not p.empty}
    wanted = {"axis": layer.axis, **{h.name: float(h.value) for h in function.hypers}}
    if names != [*function.inputs, *wanted] or positional != list(function.inputs) or defaults != wanted:
        raise BrokenError(f"{function.name} has the parameters {' '.join(names)} with defaults {defaults}")
    hypers = {h.name: h for h in function.hypers}
    result = call(path, generated, *_given(function, layer), axis=_AXIS, **hypers)
    return _opened(result, function)


def _opened(result: Any, function: Function) -> list[sympy.Expr]:
    result = result if isinstance(result, tuple) else (result,)
    if len(result) != len(function.outputs):
        given = plural(len(result), "value")
        raise BrokenError(f"{function.name} returns {given}; there should be {len(function.outputs)}")
    for name, value in zip(function.outputs, result, strict=True):
        if isinstance(value, _Flat) == (name in function.elements):
            raise BrokenError(f"{function.name} returns {name} in the wrong shape")
        if value is None:
            raise BrokenError(f"{function.name} returns nothing for {name}")
    return [sympy.sympify(value.value if isinstance(value, _Flat) else value) for value in result]


def _class(spec: LayerSpec, backend: str, path: Path) -> Outcome:
    layer, found, module = spec.layer, lower(spec.layer, spec.key), _symbolic(spec, backend, path)
    cls = member(module, layer.name)
    hypers = {h.name: h for h in layer.hypers}
    defaults = defaults_of(layer)
    check_signature(cls.__init__, ["channels"], layer)
    made = call(path, cls, 3)
    if made.given != (expected := {"channels": 3, "axis": layer.axis, "dtype": "float32", **defaults}):
        raise BrokenError(f"{layer.name} passes {made.given} on; it should be {expected}")
    given = {"channels": 1, "axis": 2, "dtype": "float64", **hypers}
    if call(path, cls, **given).given != given:
        raise BrokenError(f"{layer.name} does not pass on what it is given")
    kept = {"_parameters": _floats(layer.parameters), "_states": _floats(layer.state)}
    check_attributes(cls, layer.name, {**kept, "_saved": found.saved, "_kept": found.kept})
    check_domains(path, cls, layer)
    own = {s.name: _Flat(s) for s in (*layer.parameters, *layer.state)}
    vars(made).update({**own, **hypers, "axis": _AXIS})
    _check_methods(path, made, found, module, layer)
    return Outcome(PROVED, "execution over symbols")


def _check_methods(path: Path, made: Any, found: Functions, module: Mapping, layer: Layer) -> None:
    """The methods give the functions what they ask for."""
    first = (1, 1, len(found.saved) + len(found.kept) + 1)
    methods = zip(("_train", "_infer", "_derive"), found.all, first, strict=True)
    for method, function, own in methods:
        result = call(path, getattr(made, method), *_given(function, layer)[:own])
        if _opened(result, function) != _computed(path, member(module, function.name), function, layer):
            raise BrokenError(f"{layer.name}.{method} does not pass on what {function.name} needs")


def _floats(values: Mapping) -> dict[str, float]:
    return {symbol.name: float(value) for symbol, value in values.items()}
