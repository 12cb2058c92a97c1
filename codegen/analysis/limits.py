"""Limits as the step number grows, by the theorems that a first course proves, each with its conditions.

Sums, products, roots, maxima and absolute values go over to the limits of their parts; powers of a number below
one go to zero, and faster than any power of t grows. Nothing else is used, and where none applies there is no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy
from sympy.core.relational import Relational

from ..algebra import reference
from ..algebra.assumptions import Assumptions
from ..algebra.shorten import shorten
from ..algebra.signs import BelowOne, known_sign
from .linear import in_symbols_of
from .premises import Premises
from .proof import ONE, ZERO

_OO = sympy.oo
#: Where the difference goes to something below or above zero, it stays there from some step on.
_HOLDS = {">": lambda s: s > 0, ">=": lambda s: s > 0, "<": lambda s: s < 0, "<=": lambda s: s < 0}


class NoLimitError(Exception):
    """No theorem gives the limit."""


@dataclass
class Limits:
    """Limits for one rule. `known` gives those of symbols; what had to be assumed is recorded in `assumed`.

    A symbol of which `assumptions` say nothing may change from step to step: it has no limit but a `known` one.
    Where a comparison depends on hyperparameters, the way that it goes at their `defaults` is taken, and assumed.
    """

    assumptions: Assumptions
    assumed: Premises
    defaults: Mapping[str, sympy.Rational]
    variable: str = "t"
    known: dict[sympy.Symbol, sympy.Expr] = field(default_factory=dict)

    def __call__(self, expr: sympy.Expr) -> sympy.Expr:
        """The limit of `expr`, which may be oo or -oo. Raises NoLimitError."""
        try:
            found = self._limit(expr)
        except (TypeError, ValueError, ZeroDivisionError) as error:  # SymPy finds no number in it
            raise NoLimitError(f"{expr} has no limit that is known: {error}") from error
        infinite = found in (_OO, -_OO)
        if not infinite and found.has(sympy.nan, sympy.zoo, sympy.I, _OO, -_OO):
            raise NoLimitError(f"{expr} has no limit that is known")
        return found

    def sign(self, expr: sympy.Expr) -> int:
        """The sign of a limit that does not vanish."""
        if expr in (_OO, -_OO):
            return 1 if expr == _OO else -1
        if expr.is_Rational and expr != 0:
            return 1 if expr > 0 else -1
        found = known_sign(expr) if known_sign(expr) is not None else known_sign(sympy.factor(expr))
        if found is not None and expr != 0:
            self.nonzero(expr)
            return found
        if expr != 0 and all(s.name in self.defaults for s in expr.free_symbols):
            value = self._at_defaults(expr)
            if value is not None and value != 0:
                self.assumed.holds((sympy.Gt if value > 0 else sympy.Lt)(self._spelled(expr), 0))
                return 1 if value > 0 else -1
        raise NoLimitError(f"the sign of {expr} is not known")

    def nonzero(self, expr: sympy.Expr) -> None:
        """Use that `expr` does not vanish: it is assumed, unless it is known."""
        if expr == 0:
            raise NoLimitError("it divides by what goes to zero")
        above, below = sympy.fraction(shorten(expr))
        for factor in (*sympy.Mul.make_args(sympy.factor_terms(above)), *sympy.Mul.make_args(below)):
            base, _ = factor.as_base_exp()
            if not (self.assumptions.nonzero(base) or self.assumptions.nonzero(-base)):
                self.assumed.holds(sympy.Ne(self._spelled(base), 0))

    def below_one(self, base: sympy.Expr) -> bool:
        """Whether the powers of `base` go to zero; it may be assumed."""
        if isinstance(base, BelowOne) or (base.is_Rational and abs(base) < 1):
            return True
        if base.is_Rational:
            return False
        if base.is_Mul or base.is_Pow:
            parts = base.args if base.is_Mul else (base,)
            if all(isinstance(part.as_base_exp()[0], BelowOne) and part.as_base_exp()[1].is_positive for part in parts):
                return True
        if base.free_symbols and all(s.name in self.defaults for s in base.free_symbols):
            value = self._at_defaults(base)
            if value is not None and abs(value) < 1:
                size = base if known_sign(base) == 1 else sympy.Abs(base)
                self.assumed.holds(sympy.Lt(self._spelled(size), 1))
                return True
        return False

    def _at_defaults(self, expr: sympy.Expr) -> reference.Number | None:
        """The value at the defaults; None where there is none, or where rounding may have made it."""
        try:
            value = reference.evaluate(expr, {n: reference.number(v) for n, v in self.defaults.items()})
        except (ZeroDivisionError, ValueError, OverflowError):
            return None
        return value if value == 0 or abs(value) > reference.number("1e-30") else None

    def _spelled(self, expr: sympy.Expr) -> sympy.Expr:
        """`expr` in the symbols of the rule."""
        return in_symbols_of(self.assumed.runs.optimizer, expr)

    def _constant(self, symbol: sympy.Symbol) -> bool:
        return symbol.name in self.assumptions.domains

    def _limit(self, expr: sympy.Expr) -> sympy.Expr:
        if isinstance(expr, sympy.Symbol):
            if expr.name == self.variable:
                return _OO
            if expr in self.known:
                return self.known[expr]
            if not self._constant(expr):
                raise NoLimitError(f"{expr} may change from step to step")
            return expr
        if not any(s.name == self.variable or s in self.known or not self._constant(s) for s in expr.free_symbols):
            return expr
        match expr:
            case sympy.Add():
                return self._sum([self._limit(term) for term in expr.args])
            case sympy.Mul():
                return self._product(expr)
            case sympy.Pow(base=base, exp=exponent):
                return self._power(base, exponent)
            case sympy.Abs():
                return sympy.Abs(self._limit(expr.args[0]))
            case sympy.sign():
                return sympy.Integer(self.sign(self._limit(expr.args[0])))
            case sympy.Max() | sympy.Min():
                return expr.func(*(self._limit(argument) for argument in expr.args))
            case sympy.Piecewise():
                return self._limit(self._branch(expr))
        raise NoLimitError(f"{expr} has no limit that is known")

    def _sum(self, parts: list[sympy.Expr]) -> sympy.Expr:
        infinite = {part for part in parts if part in (_OO, -_OO)}
        if len(infinite) > 1:
            raise NoLimitError("oo - oo")
        return infinite.pop() if infinite else sympy.Add(*parts)

    def _product(self, expr: sympy.Mul) -> sympy.Expr:
        parts = [self._limit(factor) for factor in expr.args]
        infinite = [part for part in parts if part in (_OO, -_OO)]
        if not infinite:
            return sympy.Mul(*parts)
        if any(part == 0 for part in parts):
            # t**k * b**t -> 0: powers of a number below one fall faster than powers of t grow
            growing = [f for f, p in zip(expr.args, parts, strict=True) if p in (_OO, -_OO)]
            falling = [f for f, p in zip(expr.args, parts, strict=True) if p == 0]
            if all(map(self._is_power_of_t, growing)) and any(map(self._falls_fast, falling)):
                return ZERO
            raise NoLimitError(f"0 * oo in {expr}")
        sign = 1
        for part in parts:
            sign *= self.sign(part)
        return sign * _OO

    def _is_power_of_t(self, factor: sympy.Expr) -> bool:
        base, exponent = factor.as_base_exp()
        return base.is_Symbol and base.name == self.variable and bool(exponent.is_Rational)

    def _falls_fast(self, factor: sympy.Expr) -> bool:
        """Whether `factor`, which goes to zero, is b[t]**(a * t + c) with a > 0 and b[t] -> b, abs(b) < 1."""
        t = next((s for s in factor.free_symbols if s.name == self.variable), None)
        if t is None or not factor.is_Pow:
            return False
        slope = sympy.diff(factor.exp, t)
        if not slope.is_Rational or slope == 0:
            return False
        below = self._limit(factor.base)
        if slope < 0 and below == 0:
            return False
        return self.below_one(below if slope > 0 else 1 / below)

    def _power(self, base: sympy.Expr, exponent: sympy.Expr) -> sympy.Expr:
        below, above = self._limit(base), self._limit(exponent)
        if above in (_OO, -_OO):
            return self._infinite_power(base, exponent, below, above)
        if above == 0 and exponent != 0:
            if below in (_OO, -_OO) or self.sign(below) < 0:  # oo**0 and 0**0 may be anything
                raise NoLimitError(f"{base} ** {exponent}")
            return ONE
        if below == _OO:
            return _OO if self.sign(above) > 0 else ZERO
        if below == -_OO and exponent.is_Integer:
            return ZERO if above < 0 else _OO if above % 2 == 0 else -_OO
        if below == -_OO:
            raise NoLimitError(f"{base} ** {exponent}")
        if above.is_positive:
            return below**above
        if below == 0:
            raise NoLimitError(f"{base} goes to zero and is divided by")
        if self.sign(above) < 0:
            self.nonzero(below)
        return below**above

    def _infinite_power(
        self, base: sympy.Expr, exponent: sympy.Expr, below: sympy.Expr, above: sympy.Expr
    ) -> sympy.Expr:
        if below in (_OO, -_OO) or (above == -_OO and below == 0):
            raise NoLimitError(f"{base} ** {exponent}")
        if above == -_OO:
            below = 1 / below
        if self.below_one(below):
            return ZERO
        if below != 0 and known_sign(below) == 1 and self.below_one(1 / below):
            self.nonzero(1 / below)
            return _OO
        raise NoLimitError(f"it is not known whether {below} is below 1")

    def _branch(self, expr: sympy.Piecewise) -> sympy.Expr:
        for value, condition in expr.args:
            if condition == sympy.true:
                return value
            if not isinstance(condition, Relational) or condition.rel_op not in _HOLDS:
                raise NoLimitError(f"{condition}")
            if _HOLDS[condition.rel_op](self.sign(sympy.cancel(self(condition.lhs - condition.rhs)))):
                return value
        raise NoLimitError("no branch holds")
