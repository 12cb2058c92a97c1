"""Limits as the step number grows, by the theorems that a first course proves, each with its conditions.

Sums, products, roots, maxima and absolute values go over to the limits of their parts; powers of a number below
one go to zero, and faster than any power of t grows. Nothing else is used, and where none applies there is no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy
from sympy.core.relational import Relational

from codegen import reference
from codegen.prove.base import Speller
from codegen.tactics import BelowOne, Facts, known_sign

_OO = sympy.oo
_HOLDS = {">": lambda s: s > 0, ">=": lambda s: s > 0, "<": lambda s: s < 0, "<=": lambda s: s < 0}


class NoLimitError(Exception):
    """No theorem gives the limit."""


@dataclass
class Limits:
    """Limits for one rule. `known` gives those of symbols; what had to be assumed is kept in `assumptions`.

    Where a comparison depends on hyperparameters, the way that it goes at their defaults is taken, and assumed.
    """

    facts: Facts
    spell: Speller
    defaults: Mapping[str, sympy.Rational]
    variable: str = "t"
    known: dict[sympy.Symbol, sympy.Expr] = field(default_factory=dict)
    assumptions: dict[str, None] = field(default_factory=dict)

    def __call__(self, expr: sympy.Expr) -> sympy.Expr:
        """The limit of `expr`, which may be oo or -oo. Raises NoLimitError."""
        return self._limit(expr)

    def sign(self, expr: sympy.Expr) -> int:
        """The sign of a limit that does not vanish."""
        if expr in (_OO, -_OO):
            return 1 if expr == _OO else -1
        if expr.is_Rational and expr != 0:
            return 1 if expr > 0 else -1
        found = known_sign(expr) if known_sign(expr) is not None else known_sign(sympy.factor(expr))
        if found is not None and expr != 0:
            if not self.facts.nonzero(expr):
                self.assumptions.setdefault(f"{self.spell(expr)} != 0")
            return found
        if expr != 0 and all(s.name in self.defaults for s in expr.free_symbols):
            value = reference.evaluate(expr, {n: reference.number(v) for n, v in self.defaults.items()})
            if value != 0:
                self.assumptions.setdefault(f"{self.spell(expr)} {'>' if value > 0 else '<'} 0")
                return 1 if value > 0 else -1
        raise NoLimitError(f"the sign of {expr} is not known")

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
            value = reference.evaluate(base, {n: reference.number(v) for n, v in self.defaults.items()})
            if abs(value) < 1:
                shown = self.spell(base)
                self.assumptions.setdefault(f"{shown} < 1" if known_sign(base) == 1 else f"abs({shown}) < 1")
                return True
        return False

    def _limit(self, expr: sympy.Expr) -> sympy.Expr:
        if isinstance(expr, sympy.Symbol):
            return _OO if expr.name == self.variable else self.known.get(expr, expr)
        if not any(s.name == self.variable or s in self.known for s in expr.free_symbols):
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
            polynomial = [f for f, p in zip(expr.args, parts, strict=True) if p in (_OO, -_OO)]
            falling = [f for f, p in zip(expr.args, parts, strict=True) if p == 0]
            if all(f.as_base_exp()[0].is_Symbol and f.as_base_exp()[1].is_Rational for f in polynomial) and any(
                f.is_Pow and self.variable in {s.name for s in f.exp.free_symbols} for f in falling
            ):
                return sympy.Integer(0)
            raise NoLimitError(f"0 * oo in {expr}")
        sign = 1
        for part in parts:
            sign *= self.sign(part)
        return sign * _OO

    def _power(self, base: sympy.Expr, exponent: sympy.Expr) -> sympy.Expr:
        below, above = self._limit(base), self._limit(exponent)
        if above in (_OO, -_OO):
            if below in (_OO, -_OO):
                raise NoLimitError(f"{base} ** {exponent}")
            if above == -_OO:
                below = 1 / below
            if self.below_one(below):
                return sympy.Integer(0)
            if known_sign(below) == 1 and self.below_one(1 / below):
                return _OO
            raise NoLimitError(f"it is not known whether {below} is below 1")
        if below == _OO and above.is_Rational:
            return _OO if above > 0 else sympy.Integer(0)
        if below == -_OO and above.is_Integer:
            return sympy.Integer(0) if above < 0 else _OO if above % 2 == 0 else -_OO
        if below == 0 and not (above.is_positive or above.is_zero):
            raise NoLimitError(f"{base} goes to zero and is divided by")
        return below**above

    def _branch(self, expr: sympy.Piecewise) -> sympy.Expr:
        for value, condition in expr.args:
            if condition == sympy.true:
                return value
            if not isinstance(condition, Relational) or condition.rel_op not in _HOLDS:
                raise NoLimitError(f"{condition}")
            if _HOLDS[condition.rel_op](self.sign(sympy.cancel(self._limit(condition.lhs - condition.rhs)))):
                return value
        raise NoLimitError("no branch holds")
