"""Norms of the gradients that what a step divides by is at least."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import sympy

from ..algebra.cases import nonnegative
from ..algebra.shorten import shorten
from ..algebra.signs import known_sign
from .linear import linear_in
from .proof import ONE, ZERO
from .weights import NoBoundError, Weighing, Weights


@dataclass(frozen=True)
class Norm:
    """`kind` is "squares" (the root of a sum of squares), "spread" (the same less the square of the sum) or "largest".

    `driver` is what is summed up, an expression in `g` and old states. `last_only`: the weights are those of this
    step alone. `exact`: nothing was left out but what vanishes where the hyperparameters `at_zero` do.
    """

    kind: str
    weights: Weights
    driver: sympy.Expr
    last_only: bool = False
    exact: bool = True
    from_series: tuple[sympy.Expr, ...] = ()  # what has to be the same in every step for the weights of earlier ones

    def times(self, factor: sympy.Expr) -> Norm:
        b = self.weights
        return replace(self, weights=Weights(factor * b.size, b.ratio, factor * b.extra))


class Norms(Weighing):
    """The norms of one rule."""

    def _norm(self, expr: sympy.Expr) -> Norm | None:
        """`expr` is at least this."""
        match expr:
            case sympy.Add() | sympy.Max():
                return self._one_of(expr, self._norm)
            case sympy.Mul():
                return self._multiple(expr, self._norm, 2)
            case sympy.Pow(base=base, exp=exponent) if exponent == sympy.Rational(1, 2):
                return self._root(base)
            case sympy.Abs() if self._is_linear(driver := self._inlined(expr.args[0])):
                return Norm("largest", Weights(ONE, ZERO), driver, last_only=True)
            case sympy.Symbol() if expr.name.endswith("_new"):
                return self._fading(expr.name.removesuffix("_new"))
        return None

    def _one_of(self, expr: sympy.Expr, of: Callable[[sympy.Expr], Norm | None]) -> Norm | None:
        for term in sorted(expr.args, key=sympy.default_sort_key):
            if (found := of(term)) is None:
                continue
            others = [other for other in expr.args if other != term]
            if isinstance(expr, sympy.Add) and not all(nonnegative(other) for other in others):
                continue
            return replace(found, exact=found.exact and self._vanish(others))
        return None

    def _vanish(self, expressions: list[sympy.Expr]) -> bool:
        """Whether they are zero where the hyperparameters are that only make a denominator larger."""
        return all(e.xreplace(self.zeros) == 0 for e in expressions)

    def _multiple(self, expr: sympy.Mul, of: Callable[[sympy.Expr], Norm | None], power: int) -> Norm | None:
        arrays = [factor for factor in expr.args if self.array(factor)]
        front = sympy.Mul(*(factor for factor in expr.args if not self.array(factor)))
        if len(arrays) != 1 or not self._at_least_zero(front) or (found := of(arrays[0])) is None:
            return None
        return found.times(front**power if found.kind != "largest" else front)

    def _root(self, expr: sympy.Expr) -> Norm | None:
        """The root of `expr` is at least this; the weights are those of the squares."""
        match expr:
            case sympy.Add():
                return self._spread(expr) or self._one_of(expr, self._root)
            case sympy.Max():
                return self._one_of(expr, self._root)
            case sympy.Mul():
                return self._multiple(expr, self._root, 1)
            case sympy.Symbol() if expr.name.endswith("_new"):
                return self._squares(expr.name.removesuffix("_new"))
        return None

    def _squares(self, name: str) -> Norm | None:
        if name in self.deep or name not in self.start:
            return None
        value, own, start = self.own[name], self.symbol(name), self.start[name]
        parts = linear_in(value, own)
        if parts is None:
            self.deep = (*self.deep, name)
            found = self._one_of(value, self._root) if isinstance(value, sympy.Max) else self._compared(name, value)
            self.deep = self.deep[:-1]
            return replace(found, exact=False) if found else None
        slope, fed = parts
        if known_sign(start) != 1 or not self._at_least_zero(slope):
            return None
        if fed.has(sympy.Piecewise):
            fed = sympy.piecewise_fold(fed)
        if isinstance(fed, sympy.Piecewise):
            return self._last_of(fed, self._vanish([start]))
        for term in sympy.Add.make_args(sympy.factor_terms(fed)):
            weight, driver = self._square(term)
            if driver is None or not self._at_least_zero(weight):
                continue
            rest = sympy.expand(fed - term)
            if not (rest == 0 or nonnegative(rest)):
                continue
            if slope != 0 and self.same(slope, weight):
                exact, series = self._vanish([rest, start]), (slope, weight)
                return Norm("squares", Weights(weight, slope), driver, exact=exact, from_series=series)
            return Norm("squares", Weights(weight), driver, last_only=True, exact=self._vanish([rest, start]))
        return None

    def _at_least_zero(self, expr: sympy.Expr) -> bool:
        if isinstance(expr, sympy.Piecewise):
            return all(self._at_least_zero(value) for value, _ in expr.args)
        return known_sign(expr) == 1 or self.held.nonnegative_value(sympy.cancel(expr), self.assumptions)

    def _last_of(self, fed: sympy.Piecewise, exact: bool) -> Norm | None:
        """What is put in differs from step to step: only the weight of the last gradient is known."""
        found = [(*self._square(value), condition) for value, condition in fed.args]
        drivers = {driver for _, driver, _ in found}
        if (
            len(drivers) != 1
            or None in drivers
            or any(self.array(c) or not self._at_least_zero(b) for b, _, c in found)
        ):
            return None
        weight = sympy.Piecewise(*((b, c) for b, _, c in found))
        return Norm("squares", Weights(weight), drivers.pop(), last_only=True, exact=exact)

    def _square(self, term: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr | None]:
        """`term` as a weight times a square of what is linear in the gradient; old states may be in the weight."""
        weight, driver = ONE, None
        g = self.symbol("g")
        for factor in sympy.Mul.make_args(term):
            base, exponent = factor.as_base_exp()
            base = self._inlined(base)
            if not self.array(factor) or (exponent != 2 and g not in base.free_symbols):
                weight *= factor
            elif exponent == 2 and driver is None and self._is_linear(base):
                content, driver = sympy.factor_terms(sympy.expand(base)).as_independent(
                    *(s for s in base.free_symbols if s.name in self.arrays), as_Add=False
                )
                weight *= content**2
            else:
                return weight, None
        return weight, driver

    def _spread(self, expr: sympy.Add) -> Norm | None:
        """The mean of squares less the square of the mean, with the same weights."""
        for square in expr.args:
            mean, exponent = (-square).as_base_exp()
            if exponent != 2 or not mean.is_Symbol:
                continue
            for other in expr.args:
                new_one = other.is_Symbol and other.name.endswith("_new")
                if not new_one or (found := self._squares(other.name.removesuffix("_new"))) is None:
                    continue
                rest = expr - square - other
                try:
                    weights = self._weights(mean, found.driver)
                except NoBoundError:
                    continue
                same = weights == Weights(found.weights.size, found.weights.ratio)
                below_one = shorten(found.weights.size / (1 - found.weights.ratio)) == 1
                if same and below_one and not found.last_only and (rest == 0 or nonnegative(rest)):
                    return replace(found, kind="spread", exact=found.exact and self._vanish([rest]))
        return None

    def _compared(self, name: str, value: sympy.Expr) -> Norm | None:
        """A state that gains or loses by a sign: it is at least the geometric series that would lose in both cases."""
        own, g = self.symbol(name), self.symbol("g")
        signs = value.atoms(sympy.sign)
        if len(signs) != 1 or self.start[name] != 0:
            return None
        (decided,) = signs
        difference = decided.args[0]
        if sympy.expand(difference - (own - g**2)) != 0:
            return None
        high, low = (sympy.expand(value.xreplace({decided: sympy.Integer(s)})) for s in (1, -1))
        weight = shorten(sympy.diff(low, g, 2) / 2)
        keep = shorten(sympy.diff(high, own) + sympy.diff(high, g, 2) / 2 - weight)
        claimed = keep * own + weight * g**2
        d, v = sympy.Symbol("(d)", nonnegative=True), own
        same = value.xreplace({decided: ZERO})
        # above: own = g**2 + d; below: g**2 = own + d; with 0 <= keep, which is assumed where it is not known
        cases = (
            sympy.factor(sympy.expand((high - claimed).xreplace({own: g**2 + d}))),
            sympy.factor(sympy.expand((low - claimed).subs(g**2, v + d))),
            sympy.factor(sympy.expand((same - claimed).xreplace({own: g**2}))),
        )
        if any(case != 0 and known_sign(case) != 1 and not nonnegative(sympy.expand(case)) for case in cases):
            return None
        if known_sign(weight) != 1 or not self.same(keep, weight):
            return None
        if known_sign(keep) != 1:
            self.assumed.holds(sympy.Gt(self.written(keep), 0))
            self.apart.append(keep)
        return Norm("squares", Weights(weight, keep), g, exact=False, from_series=(keep, weight))

    def _fading(self, name: str) -> Norm | None:
        """A largest value that fades: `max(b * s, abs(h), ...)`."""
        value, own = self.own[name], self.symbol(name)
        if not isinstance(value, sympy.Max) or self.start[name] != 0:
            return None
        kept = [argument for argument in value.args if own in argument.free_symbols]
        rest = [argument for argument in value.args if own not in argument.free_symbols]
        if len(kept) != 1 or self.array(ratio := sympy.cancel(kept[0] / own)) or known_sign(ratio) != 1:
            return None
        for argument in rest:
            found = self._norm(argument)
            if found is not None and found.kind == "largest" and self.same(ratio, found.weights.size):
                weights = Weights(found.weights.size, ratio)
                exact = found.exact and self._vanish([r for r in rest if r != argument])
                series = (ratio, weights.size)
                return replace(found, weights=weights, last_only=False, exact=exact, from_series=series)
        return None
