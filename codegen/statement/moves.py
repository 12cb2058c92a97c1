"""Relations about values and moves: that they exist, that moves add up, what two steps gain, what holds under a map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy

from ..spec.symbols import Array
from .relations import Holds, Relation, spelling
from .runs import Runs
from .terms import I, J, at, later_product, past_sum, symbols_of


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
    """The step over the sum of gradients, or over their `mean`, is the sum, or the mean, of their steps.

    The steps of the parts have the `common` values that a step over the sum has.
    """

    mean: bool
    common: tuple[sympy.Symbol, ...] = ()

    def text(self, runs: Runs) -> str:
        if self.mean:
            return "at a frozen point, the step of the mean of n gradients is the mean of their n steps"
        shared = f" if all have the {' and '.join(map(str, self.common))} of g1 + ... + gn" if self.common else ""
        return f"at a frozen point, step(g1 + ... + gn) = step(g1) + ... + step(gn){shared}"


@dataclass(frozen=True)
class BatchSpread(Relation):
    """The step over the mean of K gradients has 1/K of the variance of the step over one of them."""

    def text(self, runs: Runs) -> str:
        return "Var[step((g1 + ... + gK) / K)] = Var[step(g1)] / K for independent g1, ..., gK of one distribution"


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
class PartsGain(Relation):
    """What t steps in a row end away from t steps with the gradients of a frozen point, if losses are quadratic.

    With steps of `rate` times the gradient, and curvatures h[i].
    """

    rate: sympy.Expr

    def text(self, runs: Runs) -> str:
        spell, g, h = spelling(runs), Array("g"), Array("h")
        total = past_sum(at(self.rate * g, I) * (1 - later_product(1 - at(self.rate * h, J))))
        pair = spell(at(self.rate * g, I) * at(self.rate * h, J))
        ends = f"t steps in a row end {spell(total)} from t steps with the gradients of a frozen point"
        return f"{ends}; but for products of curvatures that is the sum of {pair} over all i < j <= t"

    def symbols(self) -> set[sympy.Symbol]:
        return symbols_of(self.rate)


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
