"""Relations about values and moves: that they exist, that moves add up, what two steps gain, what holds under a map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy

from codegen.statement.relations import Holds, Relation, spelling
from codegen.statement.runs import Runs
from codegen.statement.terms import symbols_of


@dataclass(frozen=True)
class OfStage(Holds):
    """`left sign right` at every element of every array, in every step of a stage."""


@dataclass(frozen=True)
class HasValues(Relation):
    """Every state, `w` and what a stage makes of the gradient exist after every step."""

    def text(self, runs: Runs) -> str:
        return "every step has a value"


@dataclass(frozen=True)
class AddUp(Relation):
    """The step over the sum of gradients, or over their `mean`, is the sum, or the mean, of their steps."""

    mean: bool

    def text(self, runs: Runs) -> str:
        if self.mean:
            return "at a frozen point, the step of the mean of n gradients is the mean of their n steps"
        return "at a frozen point, step(g1 + g2) = step(g1) + step(g2)"


@dataclass(frozen=True)
class Gain(Relation):
    """Two steps in a row end `by` away from two steps with the gradients of a frozen point, if losses are quadratic."""

    by: sympy.Expr

    def text(self, runs: Runs) -> str:
        by = spelling(runs)(self.by)
        return f"two steps in a row end {by} from two steps with the gradients of a frozen point"

    def symbols(self) -> set[sympy.Symbol]:
        return symbols_of(self.by)


@dataclass(frozen=True)
class Conditional(Relation):
    """`left = right` in a step from whatever state, of which `given` says what some symbols are, in this order."""

    left: sympy.Expr
    right: sympy.Expr
    given: Mapping[sympy.Symbol, sympy.Expr] = field(hash=False)

    def text(self, runs: Runs) -> str:
        spell = spelling(runs)
        said = ", ".join(f"{symbol} = {spell(value)}" for symbol, value in self.given.items())
        return f"{spell(self.left)} = {spell(self.right)} if {said}"

    def symbols(self) -> set[sympy.Symbol]:
        return {s for e in (self.left, self.right, *self.given.values()) for s in e.free_symbols}
