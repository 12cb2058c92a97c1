"""The functions of a layer: forward in training, forward in inference, and the derived backward pass.

    Layer --lower--> Functions

A function is a list of statements of three tiers: averages over the batch, values per channel, values per
element.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..analysis.backprop import M, backward, per_element, smallest_batch
from ..expr.tree import Call, Name, Node, arrange, children, names, ranks, with_children
from ..spec.rules import Layer, Step
from ..spec.symbols import Array, Hyper, Scalar, new
from .program import Assign, Equation, Hoister

AVERAGE, CHANNEL, ELEMENT = "average", "channel", "element"


@dataclass(frozen=True)
class Statement:
    """`target = value`; of the tier AVERAGE, the average of `value`."""

    tier: str
    target: str
    value: Node
    note: str = ""


@dataclass(frozen=True)
class Function:
    """What is printed as a function of `inputs`, the first of which is per element and gives the shape.

    `least` is the smallest number of elements to a channel that it takes.
    """

    name: str
    inputs: tuple[str, ...]
    hypers: tuple[Hyper, ...]
    equations: tuple[Equation, ...]
    scalars: tuple[Assign, ...]
    statements: tuple[Statement, ...]
    outputs: tuple[str, ...]
    elements: frozenset[str] = field(default_factory=frozenset)
    least: int = 1

    @property
    def counts(self) -> bool:
        """Whether it reads the size of the batch."""
        values = [*(s.value for s in self.scalars), *(s.value for s in self.statements)]
        return any(name.name == M.name for value in values for name in names(value))


@dataclass(frozen=True)
class Functions:
    """The functions of a layer. `saved` is what training keeps for the backward pass, `kept` which parameters."""

    forward: Function
    inference: Function
    backward: Function
    saved: tuple[str, ...]
    kept: tuple[str, ...]

    @property
    def all(self) -> tuple[Function, ...]:
        return (self.forward, self.inference, self.backward)


def lower(layer: Layer, key: str) -> Functions:
    """The functions of a checked layer."""
    derived = [Step(symbol, value) for symbol, value in backward(layer).items()]
    read = {symbol for step in derived for symbol in step.value.free_symbols}
    inputs = (layer.input, *layer.parameters, *layer.state)
    known = (layer.input, *(step.target for step in layer.steps))
    # values per element first, so that what is per channel is returned together
    saved = tuple(sorted((s for s in known if s in read), key=lambda s: not per_element(s)))
    kept = tuple(s for s in layer.parameters if s in read)
    results = (layer.output, *saved, *map(new, layer.state))
    given = (Array(f"d{layer.output}"), *saved, *kept)
    gradients = tuple(step.target for step in derived)
    least = smallest_batch(layer)
    return Functions(
        _function(f"{key}_forward", layer, inputs, layer.steps, results, least),
        _function(f"{key}_inference", layer, inputs, layer.inference, (layer.output,)),
        _function(f"{key}_backward", layer, given, derived, gradients),
        tuple(s.name for s in saved),
        tuple(s.name for s in kept),
    )


def _function(
    name: str, layer: Layer, inputs: Sequence, steps: Sequence[Step], outputs: Sequence, least: int = 1
) -> Function:
    rank = ranks(layer)
    used = {symbol for step in steps for symbol in step.value.free_symbols}
    hypers = tuple(h for h in layer.hypers if h in used)
    inputs = tuple(s for s in inputs if s in used)
    lines = tuple(Equation(s.target.name, arrange(s.value, rank), s.note, s.location) for s in steps)
    taken = {*rank, *(line.target for line in lines), *(s.name for s in inputs)}
    hoister, averages = Hoister(taken), _Averages(taken)
    scalars: list[Assign] = []
    statements: list[Statement] = []
    for step, line in zip(steps, lines, strict=True):
        if isinstance(step.target, Scalar):
            scalars.append(Assign(line.target, line.value, line.note))
            continue
        value = averages.named(line.value, line.target)
        statements += [Statement(AVERAGE, s.target, hoister.hoist(s.value)) for s in averages.found()]
        if value == Name(line.target, array=True):  # it is an average and nothing else
            statements[-1] = Statement(AVERAGE, line.target, statements[-1].value, line.note)
        else:
            tier = ELEMENT if per_element(step.target) else CHANNEL
            statements.append(Statement(tier, line.target, hoister.hoist(value), line.note))
    return Function(
        name,
        tuple(s.name for s in inputs),
        hypers,
        lines,
        (*scalars, *hoister.hoisted),
        tuple(statements),
        tuple(s.name for s in outputs),
        frozenset(s.name for s in (*inputs, *(step.target for step in steps)) if per_element(s)),
        least,
    )


class _Averages:
    """Gives each average in an expression a name; an average that stood there before keeps its own."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken
        self.known: dict[Node, str] = {}
        self.pending: list[Assign] = []

    def named(self, node: Node, target: str = "") -> Node:
        inner = with_children(node, tuple(map(self.named, children(node))))
        if not (isinstance(inner, Call) and inner.function == AVERAGE):
            return inner
        (value,) = inner.arguments
        if value not in self.known:
            self.known[value] = target or self._free("_".join((AVERAGE, *(name.name for name in names(value)))))
            self.pending.append(Assign(self.known[value], value))
        return Name(self.known[value], array=True)

    def _free(self, stem: str) -> str:
        name = next(n for k in itertools.count(1) if (n := stem if k == 1 else f"{stem}_{k}") not in self.taken)
        self.taken.add(name)
        return name

    def found(self) -> list[Assign]:
        """The averages named since the last call, in order."""
        found, self.pending = self.pending, []
        return found
