"""What a layer may say of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sympy

from codegen.claims.base import Claim, Finding, outside, sympified, unknown, unsaid
from codegen.spec import Array, Hyper, Layer


@dataclass(frozen=True)
class LayerClaim(Claim):
    """Base of all claims about layers, in training."""

    said_of = Layer

    def problems(self, layer: Layer) -> Iterator[Finding]:
        """What makes the claim meaningless for `layer`."""
        values = {layer.input.name, layer.output.name, *(s.name for s in layer.parameters)}
        known = values | {f"d{name}" for name in values} | {s.name for s in layer.state} | {"m"}
        known |= {step.target.name for step in layer.steps} | {h.name for h in layer.hypers}
        yield from unknown(self, self.expressions(), known, "layer")


def _fixed(claim: LayerClaim, at: Mapping[sympy.Symbol, sympy.Expr], layer: Layer) -> Iterator[Finding]:
    """What `at` cannot fix: it gives hyperparameters numbers of their domains."""
    names = {h.name for h in layer.hypers}
    for symbol in at:
        if symbol.name not in names:
            yield f"{claim.label}: {symbol} is no hyperparameter", f"at={{...}} fixes {' '.join(sorted(names))}"
    yield from outside(claim, at, layer)


@dataclass(frozen=True)
class Holds(LayerClaim):
    """`left = right` for every batch, where the values of hyperparameters may be fixed by `at`."""

    left: sympy.Expr
    right: sympy.Expr
    at: Mapping[Hyper, sympy.Expr]

    @property
    def label(self) -> str:
        return f"{self.left} = {self.right}{''.join(f' at {h} = {v}' for h, v in self.at.items())}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.left, self.right, *self.at)

    def problems(self, layer: Layer) -> Iterator[Finding]:
        yield from super().problems(layer)
        yield from _fixed(self, self.at, layer)


def holds(left: sympy.Expr, right: sympy.Expr, *, at: Mapping[Hyper, sympy.Expr] | None = None) -> Holds:
    """`left = right` in training, for every batch. `at` fixes hyperparameters. `dx` is the gradient by `x`."""
    return Holds(sympy.sympify(left), sympy.sympify(right), sympified(at))


@dataclass(frozen=True)
class Gradient(LayerClaim):
    """The gradient of the loss by `of`, the input or a parameter, is `value`."""

    of: Array
    value: sympy.Expr

    @property
    def label(self) -> str:
        return f"gradient d{self.of}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.of, self.value)

    def problems(self, layer: Layer) -> Iterator[Finding]:
        yield from super().problems(layer)
        if self.of not in (layer.input, *layer.parameters):
            names = " ".join(map(str, (layer.input, *layer.parameters)))
            yield f"{self.label}: {self.of} is neither input nor parameter", f"there are {names}"


def gradient(of: Array, value: sympy.Expr) -> Gradient:
    """The gradient of the loss by `of`, given that by the output `y`, which is `dy`."""
    return Gradient(of, sympy.sympify(value))


@dataclass(frozen=True)
class RunningAverage(LayerClaim):
    """After the batches 1..t, `state` is `decay**t * start + (1 - decay) * sum(decay**(t-i) * of_i, i=1..t)`."""

    state: sympy.Symbol
    of: sympy.Expr
    decay: sympy.Expr

    @property
    def label(self) -> str:
        return f"ema {self.state}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.of, self.decay)

    def problems(self, layer: Layer) -> Iterator[Finding]:
        yield from super().problems(layer)
        if self.state not in layer.state:
            yield f"{self.label}: {self.state} is not a state", f"the states are {' '.join(map(str, layer.state))}"


def running_average(state: sympy.Symbol, *, of: sympy.Expr, decay: sympy.Expr) -> RunningAverage:
    """`state` is the exponential moving average of `of` over the batches."""
    return RunningAverage(state, sympy.sympify(of), sympy.sympify(decay))


@dataclass(frozen=True)
class ConvertsTo(LayerClaim):
    """This layer and `other` agree, once `other`'s hyperparameters are `hyper`.

    The outputs are equal as they stand; the new states are equal, if the steps of `other` that `given`
    names take the values that it gives in the symbols of this layer.
    """

    other: Layer
    hyper: Mapping[str, sympy.Expr]
    given: Mapping[str, sympy.Expr]

    @property
    def label(self) -> str:
        return f"converts to {self.other.name}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (*self.hyper.values(), *self.given.values())

    def problems(self, layer: Layer) -> Iterator[Finding]:
        yield from super().problems(layer)
        hypers, steps = {h.name for h in self.other.hypers}, {s.target.name for s in self.other.steps}
        own = {h.name for h in layer.hypers}
        for name in sorted((set(self.hyper) - hypers) | (set(self.given) - steps)):
            yield f"{self.label}: {self.other.name} has no {name}", f"it has {' '.join(sorted(hypers | steps))}"
        yield from unsaid(self, self.other.name, hypers - set(self.hyper) - own)
        kept, theirs = ({s.name for s in rule.state} for rule in (layer, self.other))
        for name in sorted(kept ^ theirs):
            one, two = (layer.name, self.other.name) if name in kept else (self.other.name, layer.name)
            yield f"{self.label}: {one} keeps {name}, {two} does not", "give both the same states"


def converts_to(
    other: Layer, *, hyper: Mapping[str, sympy.Expr] | None = None, given: Mapping[str, sympy.Expr] | None = None
) -> ConvertsTo:
    """What `other`'s hyperparameters have to be for the same output, and what then differs in the states.

    The names on the left are `other`'s, the expressions on the right are in this layer's symbols.
    """
    return ConvertsTo(other, sympified(hyper), sympified(given))
