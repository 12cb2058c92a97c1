"""What the lines of a derivation are made of.

A line is an expression, not a text; what is printed is spelled from it, so that it cannot say anything else than
what was checked. Four functions stand for what SymPy would work out at once: a value at a time, an expectation,
a sum over the past, and what is to be left as it is written.

    m[t-1]               At(m, t - 1)
    E[g[i]**2]           Expectation(At(g, i)**2)
    sum(x, i=1..t)       Summation(x)
    (E[g[i]] - E[g[t]])  Unevaluated(...)
"""

from __future__ import annotations

from dataclasses import dataclass, field

import sympy

from ..algebra.assumptions import Assumptions
from ..analysis.derive import inlined
from ..analysis.proof import ONE, ZERO, T
from ..spec.rules import Optimizer
from ..spec.symbols import Hyper, New

I = sympy.Symbol("i", real=True)  # noqa: E741 - the index of the sums, as everybody writes it


class At(sympy.Function):
    """The value of a name at a time; `m[t]` is that after step t."""

    nargs = 2
    is_real = True


class Expectation(sympy.Function):
    """An expectation over the gradients."""

    nargs = 1
    is_real = True


class Summation(sympy.Function):
    """The sum over i = 1..t."""

    nargs = 1
    is_real = True


class Unevaluated(sympy.Function):
    """Its argument, which SymPy would take apart."""

    nargs = 1
    is_real = True


@dataclass(frozen=True)
class Equality:
    """`left = right`, because `law`, applied to the line before, gives it. `text` says so to people."""

    left: sympy.Expr
    right: sympy.Expr
    law: str
    text: str


@dataclass(frozen=True)
class Derivation:
    """What is derived, and its lines in sections; a section starts afresh from an earlier line."""

    title: str
    sections: tuple[tuple[str, tuple[Equality, ...]], ...]
    context: Context
    assumptions: tuple[str, ...]
    covers: tuple[str, ...]  # the labels of the results that it derives


@dataclass(frozen=True)
class Context:
    """What the laws know: the rule, and which average the lecture is about."""

    rule: Optimizer
    state: sympy.Symbol | None = None
    decay: sympy.Expr = ONE
    weight: sympy.Expr = ONE
    of: sympy.Expr = ZERO
    estimate: sympy.Symbol | None = None
    assumptions: Assumptions = field(default_factory=Assumptions)

    def now(self, time: sympy.Expr) -> sympy.Expr:
        """What is averaged, at a time."""
        return dated(self.of, self.rule, time)

    def before(self, time: sympy.Expr) -> sympy.Expr:
        """The state at a time, from the one before: the spec's own update, nothing that a claim says."""
        update = next(v for s, v in inlined(self.rule, keep=frozenset(self.of.free_symbols)).items() if s == self.new)
        return dated(update, self.rule, time)

    @property
    def new(self) -> sympy.Symbol:
        return next(s.target for s in self.rule.steps if isinstance(s.target, New) and s.target.of.name == self.name)

    @property
    def name(self) -> str:
        return self.state.name if self.state is not None else ""

    def state_at(self, time: sympy.Expr) -> sympy.Expr:
        return dated(self.new, self.rule, time)


def dated(expr: sympy.Expr, rule: Optimizer, time: sympy.Expr) -> sympy.Expr:
    """`expr`, which is part of a step, at the step number `time`: old states are those of the step before."""
    kept = {s.name for s in rule.state} | {"w"}

    def at(symbol: sympy.Symbol) -> sympy.Expr:
        if isinstance(symbol, Hyper):
            return symbol
        if symbol.name == "t":
            return time
        if isinstance(symbol, New):
            return At(plain(symbol.of.name), time)
        return At(plain(symbol.name), time - 1 if symbol.name in kept else time)

    return expr.xreplace({symbol: at(symbol) for symbol in expr.free_symbols})


def plain(name: str) -> sympy.Symbol:
    return sympy.Symbol(name, real=True)


def made(context: Context, state: sympy.Expr) -> sympy.Expr:
    """The estimate, made of `state` in place of its state; in the spelling of the spec."""
    states = frozenset(step.target for step in context.rule.steps if isinstance(step.target, New))
    value = inlined(context.rule, keep=states).get(context.estimate, context.estimate)
    return dated(value, context.rule, T).xreplace({context.state_at(T): state})
