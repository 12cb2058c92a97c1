"""What a layer may say of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sympy

from ..spec.rules import Layer
from ..spec.symbolic import average
from ..spec.symbols import Array, Channel, Hyper, Scalar
from .base import Claim, Finding, outside, sympified, unknown, unsaid

__all__ = ["batch_mean", "converts_to", "gradient", "holds", "running_average"]


@dataclass(frozen=True)
class LayerClaim(Claim):
    """Base of all claims about layers, in training."""

    applies_to = Layer

    def problems(self, layer: Layer) -> Iterator[Finding]:
        """What makes the claim meaningless for `layer`."""
        values = {layer.input.name, layer.output.name, *(s.name for s in layer.parameters)}
        known = values | {f"d{name}" for name in values} | {s.name for s in layer.state} | {"m"}
        known |= {step.target.name for step in layer.steps} | {h.name for h in layer.hypers}
        yield from unknown(self, self.expressions(), known, "layer")


def _fixed(claim: LayerClaim, at: Mapping[sympy.Symbol, sympy.Expr], layer: Layer) -> Iterator[Finding]:
    """What `at` cannot fix: hyperparameters get numbers of their domains, parameters values per channel."""
    parameters = {s: value for s, value in at.items() if s in layer.parameters}
    follows = _that_follow(layer, set(parameters))
    known = {*layer.hypers, *layer.state, *layer.parameters, Scalar("m"), *(step.target for step in layer.steps)}
    for symbol in at:
        if symbol not in (*layer.hypers, *layer.parameters):
            names = " ".join(sorted(s.name for s in (*layer.hypers, *layer.parameters)))
            yield f"{claim.label}: {symbol} is neither hyperparameter nor parameter", f"at={{...}} fixes {names}"
    for symbol, value in parameters.items():
        if not isinstance(value, sympy.Expr) or value.atoms(average) or any(map(_per_element, value.free_symbols)):
            yield f"{claim.label}: {value} is no value per channel, as {symbol} is", "name it in a step, as an average"
        for read in sorted(value.free_symbols & follows, key=str):
            yield f"{claim.label}: {read} follows from {symbol} itself", "fix it at what is known without it"
        for read in sorted(value.free_symbols - known, key=str):
            remedy = f"say it in {' '.join(sorted(s.name for s in known - follows if not _per_element(s)))}"
            yield f"{claim.label}: {read} is not known before {symbol}", remedy
    yield from outside(claim, {s: value for s, value in at.items() if s in layer.hypers}, layer)


def _per_element(symbol: sympy.Symbol) -> bool:
    return isinstance(symbol, Array) and not isinstance(symbol, Channel)


def _that_follow(layer: Layer, symbols: set[sympy.Symbol]) -> set[sympy.Symbol]:
    """`symbols` and the steps of training that read them."""
    found = set(symbols)
    for step in layer.steps:
        if step.value.free_symbols & found:
            found.add(step.target)
    return found


@dataclass(frozen=True)
class Holds(LayerClaim):
    """`left = right` for every batch, where the values of hyperparameters and of parameters may be fixed by `at`."""

    left: sympy.Expr
    right: sympy.Expr
    at: Mapping[Hyper | Channel, sympy.Expr]

    @property
    def label(self) -> str:
        return f"{self.left} = {self.right}{''.join(f' at {h} = {v}' for h, v in self.at.items())}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.left, self.right)

    def problems(self, layer: Layer) -> Iterator[Finding]:
        yield from super().problems(layer)
        yield from _fixed(self, self.at, layer)


def holds(left: sympy.Expr, right: sympy.Expr, *, at: Mapping[Hyper | Channel, sympy.Expr] | None = None) -> Holds:
    """`left = right` in training, for every batch. `dx` is the gradient by `x`.

    `at` fixes hyperparameters at numbers, and parameters at what the steps compute of the batch without them.
    """
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
class BatchMean(LayerClaim):
    """After the batches 1..t, `state` is `sum(of_i, i=1..t) / t`, wherever it started; `count` is t."""

    state: sympy.Symbol
    of: sympy.Expr
    count: sympy.Symbol

    @property
    def label(self) -> str:
        return f"mean over batches {self.state}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.of,)

    def problems(self, layer: Layer) -> Iterator[Finding]:
        yield from super().problems(layer)
        for symbol in (self.state, self.count):
            if symbol not in layer.state:
                yield f"{self.label}: {symbol} is not a state", f"the states are {' '.join(map(str, layer.state))}"


def batch_mean(state: sympy.Symbol, *, of: sympy.Expr, count: sympy.Symbol) -> BatchMean:
    """`state` is the plain mean of `of` over all batches so far, of which the state `count` is the number.

    Each batch weighs 1/t, so that the weights add up to one, and where `state` started does not matter.
    """
    return BatchMean(state, sympy.sympify(of), count)


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
