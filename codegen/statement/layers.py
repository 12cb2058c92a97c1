"""What is said of a layer, for every batch of every size, in training or in inference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import sympy

from ..spec.rules import Layer
from .relations import Relation, spelling
from .runs import Runs


@dataclass(frozen=True)
class OnBatch(Relation):
    """`left = right` in training. `dx` is the gradient of the loss by `x`; `read` are hyperparameters behind them.

    `fixed` gives parameters the values that the steps compute of the batch without them.
    """

    left: sympy.Expr
    right: sympy.Expr
    read: frozenset[sympy.Symbol]
    fixed: Mapping[sympy.Symbol, sympy.Expr] = field(default_factory=dict, hash=False)

    def text(self, runs: Runs) -> str:
        spell = spelling(runs)
        where = ", ".join(f"{s} = {spell(value)}" for s, value in self.fixed.items())
        return f"{spell(self.left)} = {spell(self.right)}{f' where {where}' if where else ''}"

    def symbols(self) -> set[sympy.Symbol]:
        return self.left.free_symbols.union(self.right.free_symbols, self.read, self.fixed)


@dataclass(frozen=True)
class RunningMean(Relation):
    """After t batches, `state` is its start and the values of `of`, each with a power of `decay` as its weight."""

    state: sympy.Symbol
    of: sympy.Expr
    decay: sympy.Expr

    def text(self, runs: Runs) -> str:
        spell, s = spelling(runs), self.state.name
        power, weight = spell(self.decay, 3), spell(1 - self.decay, 2)
        of = f"({spell(self.of)})" if not self.of.is_Symbol else spell(self.of)
        total = f"sum({power}**(t-i) * {of}[i], i=1..t)"
        return f"{s}[t] = {power}**t * {s}[0] + {total if self.decay == 0 else f'{weight} * {total}'}"

    def symbols(self) -> set[sympy.Symbol]:
        return self.of.free_symbols | self.decay.free_symbols


@dataclass(frozen=True)
class MeanOfBatches(Relation):
    """After t batches, from the first on, `state` is the mean of the values of `of`, and `count` is t."""

    state: sympy.Symbol
    of: sympy.Expr
    count: sympy.Symbol

    def text(self, runs: Runs) -> str:
        of = f"({spelling(runs)(self.of)})" if not self.of.is_Symbol else str(self.of)
        return f"{self.state}[t] = sum({of}[i], i=1..t) / t, {self.count}[t] = t, whatever {self.state}[0] is"

    def symbols(self) -> set[sympy.Symbol]:
        return self.of.free_symbols


@dataclass(frozen=True)
class WeightsOf(Relation):
    """The weights of the batches in a running average add up to `1 - decay**t`."""

    state: sympy.Symbol
    decay: sympy.Expr

    def text(self, runs: Runs) -> str:
        return f"the weights of {self.state}[t] sum to 1 - {spelling(runs)(self.decay, 3)}**t"

    def symbols(self) -> set[sympy.Symbol]:
        return self.decay.free_symbols


@dataclass(frozen=True)
class SameLayer(Relation):
    """`target` is that of `other`, once its hyperparameters and the values of its steps in `given` are these."""

    says_at: ClassVar[bool] = True

    other: Layer = field(repr=False)
    what: str
    target: sympy.Symbol
    training: bool
    hyper: Mapping[str, sympy.Expr] = field(hash=False)
    given: Mapping[str, sympy.Expr] = field(hash=False)
    read: frozenset[sympy.Symbol]

    def text(self, runs: Runs) -> str:
        spell = spelling(runs)
        maps = ", ".join(
            f"its {name} = {spell(v)}" for name, v in {**self.hyper, **self.given}.items() if str(v) != name
        )
        return f"the {self.what} is that of {self.other.name}{f' with {maps}' if maps else ''}"

    def symbols(self) -> set[sympy.Symbol]:
        values = (*self.hyper.values(), *self.given.values())
        return {s for value in values for s in value.free_symbols} | self.read
