"""What a statement says of a rule on quadratics, g = h * w, and in the limit of small steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import sympy

from ..spec.symbols import Array
from .relations import Holds, Relation, spelling
from .runs import Runs


@dataclass(frozen=True)
class Converges(Relation):
    """`w` goes to zero from every start, of the states as well, exactly if `of` is below `below`."""

    of: str
    below: sympy.Expr

    def text(self, runs: Runs) -> str:
        return f"w[t] -> 0 from every start exactly if {self.of} < {spelling(runs)(self.below)}"

    def symbols(self) -> set[sympy.Symbol]:
        return self.below.free_symbols


@dataclass(frozen=True)
class RootProduct(Relation):
    """The determinant of what a step multiplies `w` and the states that reach it by, the product of its roots."""

    value: sympy.Expr

    def text(self, runs: Runs) -> str:
        return f"the product of the roots of a step is {spelling(runs)(self.value)}"

    def symbols(self) -> set[sympy.Symbol]:
        return self.value.free_symbols


@dataclass(frozen=True)
class Regime(Relation):
    """Where `of` is above `low` and below `high`, or is `low` if there is no `high`, all `parts` hold at every step.

    A `high` of oo says nothing.
    """

    of: str
    low: sympy.Expr
    high: sympy.Expr | None
    parts: tuple[Holds, ...]
    words: str

    def text(self, runs: Runs) -> str:
        spell = spelling(runs)
        if self.high is None:
            where = f"{self.of} = {spell(self.low)}"
        elif self.high == sympy.oo:
            where = f"{self.of} > {spell(self.low)}"
        else:
            where = f"{spell(self.low)} < {self.of} < {spell(self.high)}"
        return f"if {where}: {', '.join(part.text(runs) for part in self.parts)}, {self.words}"

    def symbols(self) -> set[sympy.Symbol]:
        ends = (e.free_symbols for e in (self.low, self.high) if e is not None)
        return set().union(*ends, *(part.symbols() for part in self.parts))


@dataclass(frozen=True)
class SettlesAt(Relation):
    """With noise in the gradient, E[w**2] goes to `value` from every start, for a constant `of` below `below`."""

    of: str
    below: sympy.Expr
    value: sympy.Expr

    def text(self, runs: Runs) -> str:
        spell = spelling(runs)
        where = "" if self.below == sympy.oo else f" if {self.of} < {spell(self.below)}"
        return f"E[w[t]**2] -> {spell(self.value)} from every start{where}"

    def symbols(self) -> set[sympy.Symbol]:
        return self.value.free_symbols | (self.below.free_symbols if self.below != sympy.oo else set())


@dataclass(frozen=True)
class Quiets(Relation):
    """With noise in the gradient, E[w**2] goes to 0 exactly for these sequences of positive values of `of`."""

    of: str
    squares: bool

    def text(self, runs: Runs) -> str:
        other = f"sum({self.of}[t]**2, t=1..oo) converges" if self.squares else f"{self.of}[t] -> 0"
        return f"E[w[t]**2] -> 0 from every start exactly if sum({self.of}[t], t=1..oo) diverges and {other}"


@dataclass(frozen=True)
class LargestRoot(Relation):
    """With the hyperparameters `values`, the largest root for curvatures from h_min to h_max is of size `rate`.

    `least` says that no other hyperparameters make it smaller.
    """

    says_at: ClassVar[bool] = True

    values: Mapping[sympy.Symbol, sympy.Expr] = field(hash=False)
    rate: sympy.Expr
    least: bool

    def text(self, runs: Runs) -> str:
        spell = spelling(runs)
        at = ", ".join(f"{x} = {spell(v)}" for x, v in self.values.items())
        if self.least:
            said = f"the rate {spell(self.rate)} of {at} is the best"
        else:
            said = f"the largest root with {at} is of size {spell(self.rate)}"
        return f"for curvatures from h_min to h_max, {said}"

    def symbols(self) -> set[sympy.Symbol]:
        own = self.rate.free_symbols.union(*(v.free_symbols for v in self.values.values()))
        return own - set(self.values)


@dataclass(frozen=True)
class SmallSteps(Relation):
    """A step with `hyper` and `state` is one of length `dt` of the differential equation, up to this order."""

    says_gradients: ClassVar[bool] = False

    equation: Mapping[sympy.Symbol, sympy.Expr] = field(hash=False)
    dt: sympy.Symbol
    hyper: Mapping[sympy.Symbol, sympy.Expr] = field(hash=False)
    state: Mapping[sympy.Symbol, sympy.Expr] = field(hash=False)
    order: int

    def text(self, runs: Runs) -> str:
        spell, dt = spelling(runs), self.dt
        equations = ", ".join(f"d{s}/dt = {spell(value)}" for s, value in self.equation.items())
        given = ", ".join(f"{s} = {spell(v)}" for s, v in (*self.hyper.items(), *self.state.items()))
        where = f" with {given}" if given else ""
        text = f"a step{where} is one of length {dt} of {equations}, but for terms of {dt}**{self.order + 1}"
        w = next(s for s in self.equation if s.name == "w")
        velocity = self.equation[w]
        if velocity in self.equation and velocity != w:
            rate = Array("w'")
            text += f"; that is w'' = {spell(self.equation[velocity].xreplace({velocity: rate}))}"
        return text

    def symbols(self) -> set[sympy.Symbol]:
        values = (*self.equation.values(), *self.hyper.values(), *self.state.values())
        return set().union(*(v.free_symbols for v in values)) - set(self.equation) - {self.dt}
