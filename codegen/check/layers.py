"""What is checked of a layer."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..load import LayerSpec, Problem
from ..spec import average
from ..spec.rules import Layer, Step
from ..spec.symbols import Array, Channel, New, Scalar
from .clashes import place_of
from .common import of_hypers, of_names, of_rule
from .expressions import by_name, of_expression

#: What the code of layers uses, beside what `names` reserves.
_OF_LAYERS = frozenset(
    ["a", "average", "axis", "b", "channels", "count", "elements", "elementwise", "flat", "spread", "training"]
)


def of_layer(spec: LayerSpec) -> Iterator[Problem]:
    layer = spec.layer
    place = place_of(layer.location, layer.name or spec.key)
    yield from of_rule(spec)
    yield from of_hypers(spec)
    own = [layer.input, layer.output, *layer.parameters, *layer.state]
    yield from of_names([(symbol, layer.location, layer.name) for symbol in own])
    steps = (*layer.steps, *layer.inference)
    yield from of_names([(s, p.location, f"step ({p.target})") for p in steps for s in by_name(_symbols(p))])
    taken = _OF_LAYERS | {f"d{symbol}" for symbol in (layer.input, layer.output, *layer.parameters)}
    everything = {*own, *layer.hypers, *(step.target for step in steps)}
    for symbol in (s for s in by_name(everything) if s.name in taken):
        yield Problem(place, f"the name {symbol} belongs to the code of layers", "call it something else")
    for symbol in (*layer.parameters, *layer.state):
        if not isinstance(symbol, Channel):
            yield Problem(place, f"{symbol} is kept for each channel", f"declare it with channels('{symbol}')")
    for symbol, value in (*layer.parameters.items(), *layer.state.items()):
        if not value.is_Rational:
            yield Problem(place, f"{symbol} starts from {value}", "start from a whole number or a Rational")
    for training, part in ((True, layer.steps), (False, layer.inference)):
        yield from _of_layer_steps(layer, part, training)


def _of_layer_steps(layer: Layer, steps: tuple[Step, ...], training: bool) -> Iterator[Problem]:
    """Every value is known, reductions are where they belong, what has to be computed is."""
    part = "training" if training else "inference"
    known = {layer.input, *layer.parameters, *layer.state, *layer.hypers, *([Scalar("m")] if training else [])}
    for number, step in enumerate(steps, start=1):
        place = place_of(step.location, f"{part}, step {number} ({step.target})")
        for symbol in by_name(step.value.free_symbols - known):
            yield Problem(place, f"it reads {symbol}, which no earlier step defines", "define it before, in this part")
        if step.target in known:
            yield Problem(place, f"{step.target} is assigned a second time", "give the second value a name of its own")
        if isinstance(step.target, New) and (not training or step.target.of not in layer.state):
            yield Problem(place, f"{step.target.of} is not a state that is updated here", "list it in state={...}")
        if not isinstance(step.target.of if isinstance(step.target, New) else step.target, Array | Scalar):
            yield Problem(place, f"{step.target} cannot be assigned", "declare it with arrays(), channels(), scalars()")
        if not training and step.value.has(average):
            yield Problem(place, "inference takes no average over the batch", "use the running statistics")
        yield from _of_averages(step, place)
        known.add(step.target)
    results = [layer.output, *(New(f"{s}_new", of=s) for s in layer.state if training)]
    for symbol in (s for s in results if s not in known):
        place = place_of(layer.location, layer.name)
        yield Problem(place, f"{part} does not compute {symbol}", f"add a step with the target {symbol}")


def _of_averages(step: Step, place: str) -> Iterator[Problem]:
    from ..analysis.backprop import per_element, varies

    target = step.target.of if isinstance(step.target, New) else step.target
    if not per_element(target) and varies(step.value):
        yield Problem(place, f"{target} has no value per element, but {step.value} has", "take its average(...)")
    outer = step.value
    while found := [node for node in outer.atoms(average) if not node.args[0].has(average)]:
        for node in sorted(found, key=sympy.default_sort_key):
            yield from of_expression(node.args[0], place, "array")
            if not varies(node.args[0]):
                yield Problem(place, f"{node.args[0]} is the same for all elements", "average what varies over them")
        outer = outer.xreplace({node: Channel(f"average_{k}") for k, node in enumerate(found)})
    yield from of_expression(outer, place, "scalar" if isinstance(target, Scalar) else "array")


def _symbols(step: Step) -> set[sympy.Symbol]:
    return {step.target, *step.value.free_symbols}
