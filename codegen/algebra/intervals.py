"""Where a value lies, from where the values lie that it is made of: interval arithmetic over expressions of a spec.

An interval is a `Domain`. It holds every value that the expression has; where it has none, nothing is said. How two
parts of an expression hang together is forgotten, so that `x - x` lies anywhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import reduce

import sympy

from ..spec import functions
from ..spec.domain import (
    ANY,
    FROM_ONE,
    NON_NEGATIVE,
    POSITIVE,
    UNIT,
    Domain,
    End,
    first,
    high,
    hull,
    last,
    low,
    made,
    magnitude,
    negated,
    point,
    within,
)


def interval(expr: sympy.Basic, known: Mapping[str, Domain]) -> Domain:
    """Where `expr` lies if each symbol lies where it is `known` to."""

    def inner(part: sympy.Basic) -> Domain:
        return interval(part, known)

    match expr:
        case sympy.Symbol():
            return known.get(expr.name, ANY)
        case sympy.Rational():
            return point(Fraction(expr))
        case sympy.Add():
            return reduce(added, map(inner, expr.args))
        case sympy.Mul():
            return reduce(multiplied, map(inner, expr.args))
        case sympy.Pow(base=base, exp=exponent):
            return _power(inner(base), exponent, inner(exponent))
        case sympy.Max() | sympy.Min():
            return reduce(functions.of(expr).range, map(inner, expr.args))
        case sympy.Piecewise():
            return reduce(hull, (inner(value) for value, _ in expr.args))
        case sympy.core.numbers.Pi():
            return Domain(Fraction(3), Fraction(4))
    if row := functions.find(expr):
        return row.range(*map(inner, expr.args))
    return ANY


def added(a: Domain, b: Domain) -> Domain:
    """Where a sum lies."""
    return made(*((x[0] + y[0], x[1] and y[1]) for x, y in ((low(a), low(b)), (high(a), high(b)))))


def multiplied(a: Domain, b: Domain) -> Domain:
    """Where a product lies."""
    ends = [_times(x, y) for x in (low(a), high(a)) for y in (low(b), high(b))]
    return made(first(ends), last(ends))


def _times(x: End, y: End) -> End:
    if x[0] == 0 or y[0] == 0:  # zero times anything, however large
        return Fraction(0), (x[0] == 0 and x[1]) or (y[0] == 0 and y[1])
    return x[0] * y[0], x[1] and y[1]


def inverted(a: Domain) -> Domain:
    """One over what is not zero."""
    if a.low == a.high == 0:
        return ANY
    if a.low is not None and a.low >= 0:
        below, above = low(a), high(a)
        return made(
            (Fraction(0), False) if above[0] == math.inf else (1 / above[0], above[1]),
            (math.inf, False) if below[0] == 0 else (1 / below[0], below[1]),
        )
    if a.high is not None and a.high <= 0:
        return negated(inverted(negated(a)))
    return ANY


def _power(base: Domain, exponent: sympy.Expr, range_of: Domain) -> Domain:
    if exponent.is_Integer:
        whole = int(exponent)
        return inverted(_whole_power(base, -whole)) if whole < 0 else _whole_power(base, whole)
    if exponent.is_Rational and exponent < 0:
        return inverted(_power(base, -exponent, negated(range_of)))
    if exponent.is_Rational and exponent.q == 2:
        return _whole_power(_root(base), int(exponent.p))
    return _open_power(within(base, NON_NEGATIVE) if exponent.is_Rational else base, range_of)


def _whole_power(base: Domain, exponent: int) -> Domain:
    if exponent == 0:
        return point(Fraction(1))
    if exponent % 2 == 0:
        base = magnitude(base)
    return made(*((end**exponent, closed) for end, closed in (low(base), high(base))))


def _root(base: Domain) -> Domain:
    """What is under a root is not negative where it has a value; an end that is no square is rounded outwards."""
    base = within(base, NON_NEGATIVE)
    (a, a_in), (b, b_in) = low(base), high(base)
    below, above = _isqrt(a), (math.inf if b == math.inf else _isqrt(b))
    exact = (below * below == a, above == math.inf or above * above == b)
    return made(
        (below, a_in and exact[0]),
        (above, b_in) if exact[1] else (above + Fraction(1, 2**16), False),
    )


def _isqrt(end: Fraction | float) -> Fraction:
    """The root of a fraction, rounded down."""
    value = Fraction(max(end, Fraction(0)))
    return Fraction(math.isqrt(value.numerator * value.denominator * 2**32), value.denominator * 2**16)


def _open_power(base: Domain, exponent: Domain) -> Domain:
    """The exponent is a symbol, or a fraction: the base is not negative, or the exponent is whole."""
    if exponent == point(Fraction(0)):
        return point(Fraction(1))
    if base.low is None or base.low < 0:
        return ANY
    floor = POSITIVE if base.positive else NON_NEGATIVE
    if exponent.nonnegative and UNIT.covers(base):
        # of an exponent that may be zero, and of 0**0, the power is 1
        below_one = exponent.positive and 1 not in base
        return Domain(floor.low, Fraction(1), floor.low_closed, not below_one)
    if exponent.nonnegative and base.low >= 1:
        return FROM_ONE
    if negated(exponent).nonnegative and UNIT.covers(base):
        return FROM_ONE
    if negated(exponent).nonnegative and base.low >= 1:
        return Domain(Fraction(0), Fraction(1), False, True)
    return floor
