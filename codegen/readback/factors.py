"""The factors of values, and which of them are known to be positive."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import sympy

from ..algebra.signs import is_bias_factor
from ..spec.rules import Optimizer
from .meanings import Meanings

_ONE, _ZERO = sympy.Integer(1), sympy.Integer(0)
_MOST_SIGN = 40  # operations of an expression whose sign is looked for

_Factors = tuple[sympy.Rational, dict[sympy.Expr, sympy.Rational]]  # a number, and powers


class Factors(Meanings):
    """The values of a rule as products. An equation has the factors of its right-hand side."""

    def __init__(self, rule: Optimizer) -> None:
        super().__init__(rule)
        self._called: dict[sympy.Expr, sympy.Symbol] = {}  # equations by their right-hand sides
        self._factors_of: dict[sympy.Expr, _Factors] = {}
        self._known_positive: dict[sympy.Expr, bool] = {}
        self._known_nonnegative: dict[sympy.Expr, bool] = {}

    def _positive(self, factor: sympy.Expr) -> bool:
        """Whether `factor`, and so every product and power of such, is known to be above zero."""
        if (at := self.number(factor)) is not None and at <= 0:
            return False
        if factor not in self._known_positive:
            self._known_positive[factor] = any(map(self._is_positive, self._forms(factor)))
        return self._known_positive[factor]

    def _is_positive(self, factor: sympy.Expr) -> bool:
        if factor.is_positive:
            return True
        if factor.is_Mul:
            return all(map(self._positive, factor.args))
        if factor.is_Pow:
            return self._positive(factor.base)
        return is_bias_factor(factor)

    def _nonnegative(self, expr: sympy.Expr) -> bool:
        if (at := self.number(expr)) is not None and at < 0:
            return False
        if expr not in self._known_nonnegative:
            self._known_nonnegative[expr] = any(form.is_nonnegative for form in self._forms(expr))
        return self._known_nonnegative[expr]

    def _forms(self, expr: sympy.Expr) -> Iterator[sympy.Expr]:
        """`expr`, and what it is with the equations written out of whose sign nothing is known."""
        yield expr
        while sympy.count_ops(expr) < _MOST_SIGN:
            unknown = {s: self.meaning[s] for s in expr.free_symbols & self.targets.keys() if s.is_nonnegative is None}
            if not unknown:
                return
            expr = expr.xreplace(unknown)
            yield expr

    def _settled(self, relation: str, difference: sympy.Expr) -> bool | None:
        """Whether `difference` is `relation` 0, if that is known."""
        if self._positive(difference) or self._positive(-difference):
            return relation != "==" and self._positive(difference)
        if relation == ">=" and self._nonnegative(difference):
            return True
        if relation == ">" and self._nonnegative(-difference):
            return False
        return relation != ">" if difference.is_zero else None

    def _positive_factor(self, parts: list[sympy.Expr]) -> tuple[sympy.Expr, list[sympy.Expr]]:
        """A positive factor of all `parts`, and what is left of them."""
        return self._taken_out(parts, self._positive)

    def _common_factor(self, parts: list[sympy.Expr]) -> tuple[sympy.Expr, list[sympy.Expr]]:
        """A factor that all `parts` have, and what is left.

        What may vanish is not taken out of a denominator: one part may have a value where the others have none.
        """
        return self._taken_out(parts, lambda base: True)

    def _taken_out(
        self, parts: list[sympy.Expr], fits: Callable[[sympy.Expr], bool]
    ) -> tuple[sympy.Expr, list[sympy.Expr]]:
        number, shared = self._shared([part for part in parts if part != 0])  # zero has any factor
        taken = {base: e for base, e in shared.items() if fits(base) and (e > 0 or self._positive(base))}
        if number == 1 and not taken:
            return _ONE, parts
        return self._product(number, taken), self._without(parts, number, taken)

    def _without(
        self, parts: Sequence[sympy.Expr], number: sympy.Rational, taken: Mapping[sympy.Expr, sympy.Rational]
    ) -> list[sympy.Expr]:
        """Each of `parts` divided by `number` and the powers `taken`."""
        rest = []
        for part in parts:
            own, factors = self._factors(part)
            rest.append(self._product(own / number, {base: e - taken.get(base, 0) for base, e in factors.items()}))
        return rest

    def _shared(self, parts: Sequence[sympy.Expr]) -> _Factors:
        """The factors that all of `parts` have, and a positive number."""
        if not parts:
            return _ONE, {}
        numbers, factors = zip(*map(self._factors, parts), strict=True)
        shared: dict[sympy.Expr, sympy.Rational] = {}
        for base in factors[0]:
            exponents = [others.get(base, _ZERO) for others in factors]
            if min(exponents) > 0:
                shared[base] = min(exponents)
            elif max(exponents) < 0:
                shared[base] = max(exponents)
        above, below = math.gcd(*(n.p for n in numbers)), math.gcd(*(n.q for n in numbers))
        return sympy.Rational(above, below), shared

    def _factors(self, expr: sympy.Expr) -> _Factors:
        """A number and powers whose product is `expr`. An equation has the factors of its right-hand side."""
        if expr not in self._factors_of:
            self._factors_of[expr] = self._factored(expr)
        return self._factors_of[expr]

    def _factored(self, expr: sympy.Expr) -> _Factors:
        if expr in self.targets:
            return self._factors(self.meaning[expr])
        if expr.is_Rational:
            return expr, {}
        if expr.is_Mul:
            number, found = _ONE, dict[sympy.Expr, sympy.Rational]()
            for factor in expr.args:
                own, factors = self._factors(factor)
                number *= own
                for base, exponent in factors.items():
                    found[base] = found.get(base, _ZERO) + exponent
            return number, {base: exponent for base, exponent in found.items() if exponent != 0}
        if expr.is_Pow and expr.exp.is_Rational:
            number, factors = self._factors(expr.base)
            if expr.exp.is_Integer or (number == 1 and all(map(self._positive, factors))):
                return number**expr.exp, {base: exponent * expr.exp for base, exponent in factors.items()}
        if expr.is_Add:
            number, factors = self._shared(expr.args)
            if number != 1 or factors:
                terms = self._without(expr.args, number, factors)
                own, rest = self._single(sympy.Add(*terms))
                return own * number, {base: factors.get(base, _ZERO) + rest.get(base, _ZERO) for base in factors | rest}
        return self._single(expr)

    def _single(self, base: sympy.Expr) -> _Factors:
        """`base` as a whole: by the name of the equation whose right-hand side it is, else positive at a point."""
        if base.is_Rational:
            return base, {}
        for turned, whole in ((_ONE, base), (-_ONE, -base)):
            if whole in self._called:
                return turned, {self._called[whole]: _ONE}
        turned, upright = self._upright(base) if base.is_Add else (1, base)
        return sympy.Integer(turned), {upright: _ONE}

    def _product(self, number: sympy.Rational, powers: Mapping[sympy.Expr, sympy.Rational]) -> sympy.Expr:
        """`number` times all `powers`, of which those that are an equation have its name."""
        factors = (base**exponent for base, exponent in powers.items())
        return number * sympy.Mul(*(self._called.get(factor, factor) for factor in factors))
