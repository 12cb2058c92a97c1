"""What a statement says of a rule on quadratics, g = h * w, and in the limit of small steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import sympy

from codegen.spec import Array
from codegen.statement.relations import Relation, spelling
from codegen.statement.runs import Runs


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
