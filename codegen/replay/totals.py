"""Sums over the steps of a schedule: the first terms added up, and bounds of all that follow."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import sympy
from sympy.core.relational import Relational

from ..algebra import exact
from ..spec.enclosure import Enclosure, UndecidableError
from ..spec.symbols import STEP

_T = sympy.Symbol(STEP, positive=True)
At = Callable[[sympy.Expr, int], Any]


def added(schedule: sympy.Expr, upto: int, at: At) -> Enclosure:
    """The sum of the first terms."""
    found = Enclosure.of(Fraction(0))
    for t in range(1, upto + 1):
        found = found + at(schedule, t)
    return Enclosure.of(found)


def following(schedule: sympy.Expr, after: int, at: At) -> tuple[Enclosure, Enclosure]:
    """Two numbers between which the sum of all terms after step `after` lies."""
    numbers = {s: sympy.Rational(at(s, 1)) for s in schedule.free_symbols if s.name != STEP}
    numbers |= {s: _T for s in schedule.free_symbols if s.name == STEP}
    term = sympy.expand(_settled(schedule.xreplace(numbers), after))
    low = high = Enclosure.of(Fraction(0))
    for part in sympy.Add.make_args(term):
        least, most = _bounds(part, after)
        low, high = low + least, high + most
    return Enclosure.of(low), Enclosure.of(high)


def _settled(expr: sympy.Expr, after: int) -> sympy.Expr:
    """`expr` with the sides that its maxima and minima have at all steps after `after`."""

    def side(*sides: sympy.Expr, largest: bool) -> sympy.Expr:
        best, *others = sides
        for other in others:
            gap = sympy.expand(best - other)
            slope, first = sympy.diff(gap, _T), gap.xreplace({_T: sympy.Integer(after + 1)})
            if not (slope.is_Rational and first.is_Rational) or slope * first < 0:
                raise UndecidableError("a maximum or minimum changes sides")
            if (slope + first > 0) != largest:
                best = other
        return best

    def chosen(*pieces: tuple[sympy.Expr, sympy.Basic]) -> sympy.Expr:
        for value, condition in pieces:
            if condition == sympy.true or (condition != sympy.false and holds(condition)):
                return value
        raise UndecidableError("there is no value")

    def holds(condition: sympy.Basic) -> bool:
        if not isinstance(condition, Relational):
            raise UndecidableError("it is no comparison")
        gap = sympy.expand(condition.lhs - condition.rhs)
        slope, first = sympy.diff(gap, _T), gap.xreplace({_T: sympy.Integer(after + 1)})
        if not (slope.is_Rational and first.is_Rational) or slope * first < 0 or (first == 0 and slope != 0):
            raise UndecidableError("a choice changes sides")
        return bool(condition.func(first, 0))

    expr = expr.replace(sympy.Piecewise, chosen)
    expr = expr.replace(sympy.Max, lambda *sides: side(*sides, largest=True))
    return expr.replace(sympy.Min, lambda *sides: side(*sides, largest=False))


def _bounds(part: sympy.Expr, after: int) -> tuple[Any, Any]:
    """Of the sum of a number times powers of t, or times powers of a number below one."""
    factor, moving = part.as_independent(_T, as_Add=False)
    if factor == 0:
        return Fraction(0), Fraction(0)
    low = high = None
    base, exponent = moving.as_base_exp()
    if not exponent.has(_T) and exponent.is_Rational and exponent < -1 and sympy.diff(base, _T) == 1:
        # a falling function: its sum lies between two integrals
        start, p = base - _T, -exponent
        if start + after > 0:
            low, high = ((n + start) ** (1 - p) / (p - 1) for n in (after + 1, after))
    else:
        low, high = _powers(moving, after)
    if low is None:
        raise UndecidableError(f"nothing is known of the sum of {moving}")
    ends = [exact.evaluate(sympy.sympify(factor * end), {}) for end in (low, high)]
    return (ends[0], ends[1]) if exact.evaluate(factor, {}) > 0 else (ends[1], ends[0])


def _powers(moving: sympy.Expr, after: int) -> tuple[Any, Any]:
    """Of a product of powers whose exponents grow in proportion to t, or are rounded down from such."""
    low_exponent: tuple[tuple[sympy.Expr, sympy.Expr], ...] = ()
    high_exponent = low_exponent
    for factor in sympy.Mul.make_args(moving):
        base, exponent = factor.as_base_exp()
        if not (base.is_Rational and base > 0):
            return None, None
        floors = sorted(exponent.atoms(sympy.floor), key=sympy.default_sort_key)
        ends = []
        for down in (0, 1):  # a number is rounded down by less than one
            whole = exponent.xreplace({node: node.args[0] - down for node in floors})
            ends.append((base, sympy.expand(whole)))
        ends.sort(key=lambda power: exact.evaluate(power[0] ** power[1].xreplace({_T: sympy.Integer(after + 1)}), {}))
        low_exponent, high_exponent = (*low_exponent, ends[0]), (*high_exponent, ends[1])
    return _exactly(low_exponent, after), _exactly(high_exponent, after)


def _exactly(powers: tuple[tuple[sympy.Expr, sympy.Expr], ...], after: int) -> sympy.Expr | None:
    """The sum of a geometric series after a step; None if it is none, or has none."""
    slopes = [(base, sympy.diff(exponent, _T)) for base, exponent in powers]
    if any(slope.has(_T) for _, slope in slopes):
        return None
    ratio = sympy.Mul(*(base**slope for base, slope in slopes))
    if not exact.evaluate(ratio, {}) < 1:
        return None
    return sympy.Mul(*(base ** exponent.xreplace({_T: sympy.Integer(after + 1)}) for base, exponent in powers)) / (
        1 - ratio
    )
