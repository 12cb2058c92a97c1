"""What is said of stages of a pipeline: what they leave alone, in which order they may stand, what their noise does.

The gradients of a run are arrays, one or more, each of one element or more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy

from ..spec.rules import Stage
from .relations import Relation, spelling
from .runs import Runs
from .terms import symbols_of


@dataclass(frozen=True)
class OfStages(Relation):
    """Base of all relations about stages. `read` are the hyperparameters on which they depend."""

    read: frozenset[sympy.Symbol]

    def symbols(self) -> set[sympy.Symbol]:
        return set(self.read)


@dataclass(frozen=True)
class Untouched(OfStages):
    """The stage ends no step, and changes none of `names`, at elements where the comparison `where` holds."""

    names: tuple[str, ...]
    where: sympy.Basic | None = None

    def text(self, runs: Runs) -> str:
        text = ", ".join(f"{name}_new = {name}" for name in self.names)
        if self.where is None:
            return text
        spell = spelling(runs)
        parts = self.where.args if isinstance(self.where, sympy.And) else (self.where,)
        said = (f"{spell(p.lhs)} {p.rel_op.replace('==', '=')} {spell(p.rhs)}" for p in parts)
        return f"{text} where {' and '.join(said)}"

    def symbols(self) -> set[sympy.Symbol]:
        return super().symbols() | (symbols_of(self.where) if self.where is not None else set())


@dataclass(frozen=True)
class RunTwice(OfStages):
    """A second run of the stage, on what the first has left, gives what one gives, or what `none` gives."""

    none: bool

    def text(self, runs: Runs) -> str:
        return f"two runs give what {'none gives' if self.none else 'one gives'}"


@dataclass(frozen=True)
class InEitherOrder(OfStages):
    """The stage and then `other`, less `other` and then the stage, is `difference` in g and w; zero if left out.

    The names of `other` that the stage has, too, are `renamed` in the difference and in the runs.
    """

    other: Stage = field(repr=False)
    difference: Mapping[str, sympy.Expr] = field(hash=False)
    renamed: Mapping[str, str] = field(hash=False)

    def text(self, runs: Runs) -> str:
        own, other, spell = runs.rule.name, self.other.name, spelling(runs)
        if not self.difference:
            return f"{own} before {other} is {other} before {own}"
        said = ", ".join(f"{name} by {spell(value)}" for name, value in self.difference.items())
        return f"{own} before {other} differs from {other} before {own} in {said}"

    def symbols(self) -> set[sympy.Symbol]:
        return super().symbols() | {s for value in self.difference.values() for s in value.free_symbols}


@dataclass(frozen=True)
class NoiseMoments(OfStages):
    """Given all that came before, `value` has this mean and this variance over the noise of the step."""

    value: sympy.Symbol
    mean: sympy.Expr
    variance: sympy.Expr

    def text(self, runs: Runs) -> str:
        spell = spelling(runs)
        return f"E[{self.value}] = {spell(self.mean)}, Var[{self.value}] = {spell(self.variance)}"

    def symbols(self) -> set[sympy.Symbol]:
        return super().symbols() | symbols_of(self.mean) | symbols_of(self.variance)


@dataclass(frozen=True)
class ReturnsHome(OfStages):
    """The parameter is at `home` from the first phase of a step on, and where the step goes on it is there itself."""

    home: sympy.Symbol
    phase: sympy.Symbol

    def text(self, runs: Runs) -> str:
        return (
            f"{self.home}_new = w where {self.phase} <= 0 and {self.home} elsewhere; w_new = {self.home}_new where "
            "the step goes on"
        )
