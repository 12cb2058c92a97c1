"""The weights of the gradients in what a step computes, and what has to be assumed for them.

The weights are those of the closed forms: of a state that keeps a factor of itself and gains a multiple of a driver.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import sympy

from ..algebra.assumptions import Assumptions
from ..algebra.shorten import shorten
from ..spec.domain import Domain
from ..spec.rules import Optimizer
from ..spec.symbols import new
from .derive import inlined
from .invariants import invariants
from .linear import in_symbols_of, linear_in
from .premises import Premises
from .proof import ONE, ZERO, Formatter


class NoBoundError(Exception):
    """No bound was found."""


@dataclass(frozen=True)
class Weights:
    """`size * ratio**k + (extra if k = 0)`: the weight of what was put in k steps ago, k = 0..t-1."""

    size: sympy.Expr = ZERO
    ratio: sympy.Expr = ZERO
    extra: sympy.Expr = ZERO


class Weighing:
    """The weights of one rule, and what had to be assumed for them."""

    def __init__(self, rule: Optimizer) -> None:
        self.rule = rule
        self.assumed = Premises(rule)
        self.apart: list[sympy.Expr] = []  # what was assumed not to vanish
        self.held = invariants(rule)
        self.assumptions = self.held.assumptions(Assumptions.of(rule)).also(i=Domain(low=Fraction(1), low_closed=True))
        keep = frozenset(new(s) for s in rule.state)
        self.own = {
            s.of.name: self.assumptions.assume(v) for s, v in inlined(rule, keep).items() if s in (*keep, own_w(rule))
        }
        self.start = {s.name: self.assumptions.assume(v) for s, v in rule.state.items()}
        self.arrays = {s.name for s in rule.array_state} | {"g", "w"}
        self.arrays |= {f"{n}_new" for n in self.arrays}
        self.names = {h.name for h in rule.hypers}
        self.zeros = dict.fromkeys(map(self.symbol, at_zero(rule)), ZERO)
        self.t = self.assumptions.symbol("t")
        self.spell = Formatter(rule)
        self.deep: tuple[str, ...] = ()

    def symbol(self, name: str) -> sympy.Symbol:
        return self.assumptions.symbol(name)

    def array(self, expr: sympy.Basic) -> bool:
        return any(s.name in self.arrays for s in expr.free_symbols)

    def same(self, *expressions: sympy.Expr, but_for: str = "") -> bool:
        """Whether the expressions are the same in every step if the hyperparameters in them are."""
        return {s.name for e in expressions for s in e.free_symbols} - {but_for} <= self.names

    def kept(self, *expressions: sympy.Expr, but_for: str = "") -> bool:
        """As `same`, and that the hyperparameters in them are is used."""
        if found := self.same(*expressions, but_for=but_for):
            self.assumed.constant(*expressions)
        return found

    def written(self, expr: sympy.Basic) -> sympy.Basic:
        """`expr` in the symbols of the rule."""
        return in_symbols_of(self.rule, expr)

    def assume_not(self, left: sympy.Expr, right: sympy.Expr) -> None:
        """Use that `left` is not `right`."""
        if sympy.cancel(left - right) == 0:
            raise NoBoundError(f"it divides by {self.spell(left)} - {self.spell(right)}, which is zero")
        if not self.assumptions.nonzero(left - right) and not self.assumptions.nonzero(right - left):
            self.assumed.holds(sympy.Ne(self.written(shorten(left)), self.written(right)))
            self.apart.append(left - right)

    def is_assumed(self, expr: sympy.Expr) -> bool:
        """Whether it was assumed already that `expr` does not vanish."""
        return any(sympy.cancel(expr / other).is_number for other in self.apart)

    def _is_linear(self, expr: sympy.Expr) -> bool:
        symbols = [s for s in expr.free_symbols if s.name in self.arrays]
        return expr.is_polynomial(*symbols) and sympy.Poly(expr, *symbols).total_degree() == 1 if symbols else False

    def _weights(self, above: sympy.Expr, driver: sympy.Expr) -> Weights:
        """The weights in the linear expression `above` of `driver`, an expression in `g` and old states."""
        found = Weights()
        g, h = self.symbol("g"), sympy.Dummy("h")
        symbols = sorted((s for s in above.free_symbols if s.name in self.arrays), key=str)
        if above.xreplace(dict.fromkeys(symbols, ZERO)) != 0:
            raise NoBoundError(f"{self.spell(above)} has a constant part")
        parts = linear_in(driver, g)
        if parts is None or parts[0] == 0 or not self.kept(parts[0]):
            raise NoBoundError("the driver is not a constant multiple of the gradient, and old states")
        gradient = sympy.expand((h - parts[1]) / parts[0])  # g in terms of the driver
        others = gradient.free_symbols - {h, *map(self.symbol, self.names)}
        inside = dict.fromkeys((h, *others), ZERO)
        if any(s.name not in self.start for s in others) or gradient.xreplace(inside) != 0:
            raise NoBoundError(f"{self.spell(driver)} is more than the gradient and old states")
        self.assume_not(parts[0], ZERO)
        for symbol in symbols:
            coefficient = shorten(sympy.diff(above, symbol))
            for part, factor in self._driven(symbol, gradient, h):
                found = _plus(found, part, coefficient * factor)
        return found

    def _driven(
        self, symbol: sympy.Symbol, gradient: sympy.Expr, h: sympy.Symbol
    ) -> Iterator[tuple[Weights, sympy.Expr]]:
        if symbol.name == "g":
            for state in sorted((s for s in gradient.free_symbols if s.name in self.start), key=str):
                yield from ((w, f * sympy.diff(gradient, state)) for w, f in self._before(state, gradient, h))
            yield Weights(extra=ONE), sympy.diff(gradient, h)
            return
        if not symbol.name.endswith("_new"):
            yield from self._before(symbol, gradient, h)
            return
        factor, gain = self._recurrence(symbol.name.removesuffix("_new"), gradient, h)
        yield Weights(ONE, factor) if factor != 0 else Weights(extra=ONE), gain

    def _before(
        self, state: sympy.Symbol, gradient: sympy.Expr, h: sympy.Symbol
    ) -> Iterator[tuple[Weights, sympy.Expr]]:
        """An old state: the new one without its last term, which is one factor younger."""
        factor, gain = self._recurrence(state.name, gradient, h)
        if factor == 0:
            raise NoBoundError(f"{state} before the step")
        yield Weights(ONE, factor, -ONE), gain / factor

    def _recurrence(self, name: str, gradient: sympy.Expr, h: sympy.Symbol) -> tuple[sympy.Expr, sympy.Expr]:
        if name not in self.start:
            raise NoBoundError(f"{name} is no geometric series of the gradients")
        own, g = self.symbol(name), self.symbol("g")
        value = sympy.expand(self.own[name].xreplace({g: gradient}))
        factor, gain = shorten(sympy.diff(value, own)), shorten(sympy.diff(value, h))
        rest = sympy.cancel(value - factor * own - gain * h)
        if rest != 0 or self.start[name] != 0 or not self.kept(factor, gain):
            raise NoBoundError(f"{name} is no geometric series of the gradients")
        return factor, gain

    def _inlined(self, expr: sympy.Expr) -> sympy.Expr:
        """`expr` over old states."""
        whole = {self.symbol(f"{n}_new"): v for n, v in self.own.items()}
        for _ in whole:
            expr = expr.xreplace(whole)
        return expr


def at_zero(rule: Optimizer) -> tuple[str, ...]:
    """The hyperparameters that are zero where a bound is reached: those that only make a denominator larger."""
    found = []
    for h in rule.hypers:
        if Fraction(0) in h.allowed and h.allowed.high is None and h.name not in ("lr",) and _only_below(rule, h):
            found.append(h.name)
    return tuple(found)


def _only_below(rule: Optimizer, h: sympy.Symbol) -> bool:
    """Whether `h` is added to something, and does nothing else."""
    uses = [e for step in rule.steps for e in sympy.preorder_traversal(step.value) if h in e.args]
    starts = [v for v in rule.state.values() if h in v.free_symbols]
    return all(isinstance(e, sympy.Add | sympy.Max) for e in uses) and all(v == h for v in starts)


def own_w(rule: Optimizer) -> sympy.Symbol:
    """The symbol of the new weights."""
    return next(step.target for step in rule.steps if step.target.name == "w_new")


def _plus(a: Weights, b: Weights, factor: sympy.Expr) -> Weights:
    if a.size != 0 and b.size != 0 and a.ratio != b.ratio:
        raise NoBoundError("two series with different ratios")
    ratio = a.ratio if a.size != 0 else b.ratio
    return Weights(shorten(a.size + factor * b.size), ratio, shorten(a.extra + factor * b.extra))
