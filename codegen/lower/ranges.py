"""Where the value of a scalar expression lies, from the domains of what it is made of: interval arithmetic.

An interval is a `Domain`; nothing is known of an expression that is any real number. Both ends count where they
matter: `1 - beta**t` with `0 <= beta < 1` and `t >= 1` lies in (0, 1], so that it is no zero.

Of other differences nothing is said, though more is true: what is used here has to be proved of the files again,
and the tactics know no more of a difference than that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import reduce

from ..algebra.intervals import added, inverted, multiplied
from ..expr.tree import Call, Name, Negative, Node, Number, Power, Product, Sum, Where
from ..spec.domain import ANY, FROM_ONE, NON_NEGATIVE, POSITIVE, UNIT, Domain, hull, negated, point
from ..spec.functions import TABLE


def range_of(node: Node, known: Mapping[str, Domain]) -> Domain:
    """An interval in which `node` lies wherever it is defined, if each name lies in the one `known` of it."""

    def inner(child: Node) -> Domain:
        return range_of(child, known)

    match node:
        case Name(name):
            return known.get(name, ANY)
        case Number(value):
            return point(Fraction(value))
        case Negative(of):
            return negated(inner(of))
        case Sum(((1, Number(1)), (-1, Name() | Power(Name()) as taken))):
            return added(point(Fraction(1)), negated(inner(taken)))
        case Sum(terms):
            return reduce(added, (inner(term) for _, term in terms)) if all(s > 0 for s, _ in terms) else ANY
        case Product(above, below):
            return reduce(_multiplied, [*map(inner, above), *(_inverted(inner(factor)) for factor in below)])
        case Power(base, exponent):
            return _raised(inner(base), inner(exponent), even=exponent == Number(2))
        case Call(function, arguments):
            return TABLE[function].range(*map(inner, arguments))
        case Where(_, _, _, then, otherwise):
            return hull(inner(then), inner(otherwise))
    return ANY


def _multiplied(a: Domain, b: Domain) -> Domain:
    """Of what may be negative nothing is known."""
    return multiplied(a, b) if a.nonnegative and b.nonnegative else ANY


def _inverted(a: Domain) -> Domain:
    """Of one over something that may vanish, or be negative, nothing is known."""
    return inverted(a) if a.positive else ANY


def _raised(base: Domain, exponent: Domain, *, even: bool) -> Domain:
    if not base.nonnegative:
        return NON_NEGATIVE if even else ANY
    low = POSITIVE if base.positive else NON_NEGATIVE
    if exponent.nonnegative and UNIT.covers(base):
        # of an exponent that may be zero, and of 0**0, the power is 1
        below_one = exponent.low is not None and exponent.low >= 1 and 1 not in base
        return Domain(low.low, Fraction(1), low.low_closed, not below_one)
    return FROM_ONE if exponent.nonnegative and FROM_ONE.covers(base) else low


def ranges(names: Mapping[str, Domain], equations: Iterable[tuple[str, Node]]) -> dict[str, Domain]:
    """`names`, and where the values of scalar `equations` lie that are formed of them, in order.

    Upper ends are taken in: whether `1 - x` is positive is a question for what `x` is made of.
    """
    known = dict(names)
    for target, value in equations:
        found = range_of(value, known)
        known[target] = replace(found, high_closed=found.high is not None)
    return known
