"""The module of the layers in one file: three functions and a class for each."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import sympy

from ..analysis.backprop import per_element
from ..backends import InPlace
from ..execution.modules import base_class
from ..load import LayerSpec
from ..lower.host import Host
from ..lower.layers import AVERAGE, Function, Functions, lower
from ..spec.rules import Layer
from .environment import export_key, fill, header, module_doc, quoted, reexport, runtime_import
from .text import declared, default, domains, equations, hyper_table, keywords, paragraph


def module(specs: list[LayerSpec], backend: InPlace) -> str:
    """The text of the file for one backend."""
    if backend.extends:
        return reexport(specs, backend, _exported(specs))
    layers = [_layer(spec, backend) for spec in specs]
    text = "\n".join(line for layer in layers for f in layer["functions"] for line in f["body"])
    helpers = [name for name in ("average", "count", "elementwise", "flat", "spread") if f"{name}(" in text]
    base = base_class(backend.name, "Layer")
    imports = ["import math"] if "math." in text else []
    imports += ["from typing import Any, ClassVar", "", f"import {backend.library} as {backend.alias}", ""]
    imports += runtime_import(
        "..", "\n".join(line for layer in layers for f in layer["functions"] for line in f["scalars"])
    )
    imports += [f"from ._channels import {', '.join(['Array', base, *helpers])}"]
    return fill(
        "layers.py.jinja",
        header=header(specs[0]),
        doc=module_doc(specs),
        imports=imports,
        exported=sorted(_exported(specs), key=export_key),
        layers=layers,
        base=base,
    )


def _exported(specs: Sequence[LayerSpec]) -> list[str]:
    parts = ("forward", "inference", "backward")
    return [name for spec in specs for name in (spec.layer.name, *(f"{spec.key}_{part}" for part in parts))]


def _layer(spec: LayerSpec, backend: InPlace) -> dict[str, Any]:
    """What the template says about one layer."""
    layer, found = spec.layer, lower(spec.layer, spec.key)
    forward, inference, derived = found.all
    gradients = [f"d{name}" for name in layer.parameters]
    saved = [*found.saved, *found.kept]
    loss = f"d{layer.output} is the gradient of a loss by {layer.output}, and so on."
    return {
        "name": layer.name,
        "functions": [
            _printed(forward, layer, backend, f"{layer.name} in training."),
            _printed(inference, layer, backend, f"{layer.name} in inference, by the running statistics."),
            _printed(derived, layer, backend, f"The backward pass of {layer.name}, derived from its training.", loss),
        ],
        "doc": _class_doc(spec, found),
        "arrays": [*map(str, layer.parameters), *gradients, *map(str, layer.state)],
        "parameters": _numbers(layer.parameters),
        "states": _numbers(layer.state),
        "saved": quoted(found.saved),
        "kept": quoted(found.kept),
        "domains": domains(layer),
        "axis": layer.axis,
        "declared": declared(layer),
        "hypers": keywords(layer),
        "arguments": "".join(f", {h}={h}" for h in layer.hypers),
        "input": layer.input.name,
        "train": _call(forward, (layer.input.name,)),
        "infer": _call(inference, (layer.input.name,)),
        "types": list(map(_type, found.all)),
        "given": ", ".join(f"{name}: Array" for name in (f"d{layer.output}", *saved)),
        "derive": _call(derived, derived.inputs),
    }


def _numbers(values: Mapping[sympy.Symbol, sympy.Expr]) -> str:
    return "{" + ", ".join(f'"{symbol}": {float(value)!r}' for symbol, value in values.items()) + "}"


def _call(function: Function, own: Sequence[str]) -> list[str]:
    """The lines of a call in which everything but `own` is an attribute."""
    arguments = ", ".join(name if name in own else f"self.{name}" for name in function.inputs)
    keywords = ", ".join(["axis=self.axis", *(f"{h}=self.{h}" for h in function.hypers)])
    return [f"return {function.name}(", f"    {arguments},", f"    {keywords},", ")"]


def _printed(function: Function, layer: Layer, backend: InPlace, title: str, *given: str) -> dict[str, Any]:
    printed = backend.layers.lines(function)
    first, *channels = function.inputs
    channels = [name for name in channels if name not in function.elements]
    spell = Host.of(layer)
    spread = f"spread({', '.join([first, 'axis', *channels])})"
    # it checks the batch, even where there is nothing to spread
    body = [f"{', '.join(channels)}{',' * (len(channels) == 1)} = {spread}" if channels else spread]
    if function.counts:
        body.append(f"m = count({first}, axis, {function.least})")
    elif any(s.tier == AVERAGE for s in function.statements):
        body.append(f"count({first}, axis, {function.least})")
    scalars = [f"{s.target} = {spell(s.value)}{f'  # {s.note}' if s.note else ''}" for s in function.scalars]
    body += [*scalars, "", *printed.body] if scalars else printed.body
    if len(function.outputs) == 1:
        # what the last statement computes is all that is asked for
        place = next(k for k in reversed(range(len(body))) if body[k].startswith(f"{function.outputs[0]} = "))
        body[place] = f"return {body[place].partition(' = ')[2]}"
    else:
        body.append(f"return {_result(function)}")
    return {
        "name": function.name,
        "kernels": printed.kernels,
        "scalars": scalars,
        "decorator": printed.decorators,
        "parameters": [
            *(f"{name}: Array," for name in function.inputs),
            "*,",
            f"axis: int = {layer.axis},",
            *(f"{h}: float = {default(h)}," for h in function.hypers),
        ],
        "result": _type(function),
        "doc": _function_doc(title, layer, function, *given),
        "body": body,
    }


def _type(function: Function) -> str:
    return "Array" if len(function.outputs) == 1 else "tuple[Array, ...]"


def _result(function: Function) -> str:
    parts = []
    for element, group in itertools.groupby(function.outputs, key=lambda name: name in function.elements):
        found = list(group)
        parts += found if element else [f"*flat({', '.join(found)})"]
    return f"({', '.join(parts)})"


def _function_doc(title: str, layer: Layer, function: Function, *given: str) -> list[str]:
    lines = [f'"""{title}', "", *equations(function), "", *given]
    if any(s.tier == AVERAGE for s in function.statements):
        least = f", at least {function.least}" if function.least > 1 else ""
        lines.append(f"average is that over the m elements of a channel{least}.")
    return [*lines, *_shapes(layer, function.inputs), f"Returns {', '.join(function.outputs)}.", '"""']


def _shapes(layer: Layer, inputs: Sequence[str]) -> list[str]:
    per_channel = [s.name for s in (*layer.parameters, *layer.state) if s.name in inputs]
    per_channel += [n for n in inputs if n in {s.target.name for s in layer.steps if not per_element(s.target)}]
    others = [name for name in inputs if name not in per_channel]
    verb = "are arrays" if len(others) > 1 else "is an array"
    lines = [f"{_and(others)} {verb} of shape (N, C, ...) with the C channels on `axis`, float32 or float64"]
    if not per_channel:
        return [f"{lines[0]}."]
    verb = "have" if len(per_channel) > 1 else "has"
    return [f"{lines[0]};", f"{_and(per_channel)} {verb} the shape (C,) and the same dtype."]


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _class_doc(spec: LayerSpec, found: Functions) -> list[str]:
    layer = spec.layer
    x, y, states = layer.input, layer.output, list(map(str, layer.state))
    updates = f" and updates {_and(states)}; with `training=False` it uses them" if states else ""
    fills = f", and fills {_and([f'd{s}' for s in layer.parameters])}" if layer.parameters else ""
    return [
        f'"""{layer.name}: {layer.summary or "see the equations"}.',
        "",
        f"Source: {layer.source}.",
        f"The equations are in {_and([f'`{f.name}`' for f in found.all])}.",
        "",
        "Batches have the shape (N, C, ...) with C = `channels` on `axis`, and the dtype `dtype`, float32 or float64.",
        f"`forward({x})` returns {y}{updates}.",
        f"`backward(d{y})` returns d{x} of the last batch of training{fills}.",
        *paragraph(hyper_table(layer)),
        '"""',
    ]
