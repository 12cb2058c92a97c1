"""What statements say of sums over the past beside their value: weights, half-lives, norms, means of cycles."""

from __future__ import annotations

import math
from dataclasses import dataclass

import sympy

from .relations import Relation, spelling
from .runs import Runs
from .terms import after, symbols_of


@dataclass(frozen=True)
class Weights(Relation):
    """`state` weighs its input of step i with `weight`, a term in T and I, and these weights add up to `total`.

    `of` is that input at step i, where the state has others, too.
    """

    state: sympy.Symbol
    weight: sympy.Expr
    total: sympy.Expr
    of: sympy.Expr | None = None

    def text(self, runs: Runs) -> str:
        spell = spelling(runs)
        state, total = spell(after(self.state)), spell(self.total)
        if self.of is None:
            return f"the weights of {state} sum to {total}"
        return f"the weight of {spell(self.of, 2)} in {state} is {spell(self.weight)}; the weights sum to {total}"

    def symbols(self) -> set[sympy.Symbol]:
        return symbols_of(self.weight) | symbols_of(self.total)


@dataclass(frozen=True)
class WeightsAddUp(Relation):
    """The weights of a mean, terms in T and I, add up to what it divides by."""

    weight: sympy.Expr
    total: sympy.Expr

    def text(self, runs: Runs) -> str:
        return f"and the weights add up to {spelling(runs)(self.total)}"

    def symbols(self) -> set[sympy.Symbol]:
        return symbols_of(self.weight) | symbols_of(self.total)


@dataclass(frozen=True)
class HalfLife(Relation):
    """The weight of a past term of `state`, `past` in T and I, is multiplied by `ratio` in every step."""

    state: sympy.Symbol
    ratio: sympy.Expr
    past: sympy.Expr

    def text(self, runs: Runs) -> str:
        spell = spelling(runs)
        half = f"log(1/2) / log({spell(self.ratio)})"
        text = f"the weight of a past term of {spell(after(self.state))} halves every {half} steps"
        defaults = {h: sympy.Rational(h.value) for h in runs.rule.hypers if h in self.ratio.free_symbols}
        value = float(self.ratio.xreplace(defaults))
        return f"{text}, {math.log(0.5) / math.log(value):.4g} at the default" if 0 < value < 1 else text

    def symbols(self) -> set[sympy.Symbol]:
        return symbols_of(self.ratio)


@dataclass(frozen=True)
class NormLimit(Relation):
    """`state` is the limit of the p-norms of `term`, of step i, as p grows."""

    state: sympy.Symbol
    term: sympy.Expr

    def text(self, runs: Runs) -> str:
        spell = spelling(runs)
        return f"{spell(after(self.state))} is the limit of sum(({spell(self.term)})**p, i=1..t)**(1/p) as p -> oo"

    def symbols(self) -> set[sympy.Symbol]:
        return symbols_of(self.term)


@dataclass(frozen=True)
class CycleOfMeans(Relation):
    """The stage ends each step but every `over`-th, and lets the mean of the last `over` gradients through there."""

    over: sympy.Expr

    def text(self, runs: Runs) -> str:
        k = spelling(runs)(self.over)
        return f"the stage ends every step but each {k}th, and lets (g[1] + ... + g[{k}]) / {k} through there"

    def symbols(self) -> set[sympy.Symbol]:
        return symbols_of(self.over)
