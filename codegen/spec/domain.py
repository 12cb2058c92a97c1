"""The domain of a hyperparameter: an interval of the reals, or the whole numbers in it, read from a string.

It is also the interval of interval arithmetic; what is done to intervals here forgets whether they are `integer`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

_NUMBER = r"-?\d+(?:\.\d+)?"
_HALF_LINE = re.compile(rf"(>=|>|<=|<)\s*({_NUMBER})")
_INTERVAL = re.compile(rf"([\[(])\s*({_NUMBER})\s*,\s*({_NUMBER})\s*([\])])")

REMEDY = "write one of: real, > 0, >= 0, [0, 1), (0, 1), integer >= 1"


@dataclass(frozen=True)
class Domain:
    """The numbers from `low` to `high`; None is infinity; a closed end belongs to it; `integer`: only integers."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_closed: bool = False
    high_closed: bool = False
    integer: bool = False

    def __contains__(self, value: Any) -> bool:
        above = self.low is None or value > self.low or (self.low_closed and value == self.low)
        below = self.high is None or value < self.high or (self.high_closed and value == self.high)
        return above and below and (not self.integer or value.denominator == 1)

    @property
    def positive(self) -> bool:
        return self.low is not None and (self.low > 0 or (self.low == 0 and not self.low_closed))

    @property
    def nonnegative(self) -> bool:
        return self.low is not None and self.low >= 0

    @property
    def empty(self) -> bool:
        """Whether no number lies inside."""
        if self.low is None or self.high is None:
            return False
        if self.integer:
            least = math.ceil(self.low)
            return Fraction(least) not in self and Fraction(least + 1) not in self
        return self.low > self.high or (self.low == self.high and self.low not in self)

    def covers(self, other: Domain) -> bool:
        """Whether all of `other` lies inside."""
        ends_closed = self.low_closed or not other.low_closed, self.high_closed or not other.high_closed
        above = self.low is None or (
            other.low is not None and (other.low > self.low or (other.low == self.low and ends_closed[0]))
        )
        below = self.high is None or (
            other.high is not None and (other.high < self.high or (other.high == self.high and ends_closed[1]))
        )
        return above and below and (other.integer or not self.integer)

    def condition(self, name: str) -> str:
        """The comparison that says that `name` lies inside."""
        if self.integer:
            return f"integer {replace(self, integer=False).condition(name)}"
        low = "" if self.low is None else f"{_decimal(self.low)} {'<=' if self.low_closed else '<'} "
        high = "" if self.high is None else f" {'<=' if self.high_closed else '<'} {_decimal(self.high)}"
        if self.low is not None and self.high is None:
            return f"{name} {'>=' if self.low_closed else '>'} {_decimal(self.low)}"
        return f"{low}{name}{high}" if low or high else f"{name} is finite"

    def test(self, name: str) -> str:
        """Whether the finite number `name` lies inside, in Python."""
        if self.integer:
            return f"{replace(self, integer=False).test(name)} and {name} % 1 == 0"
        return self.condition(name) if (self.low, self.high) != (None, None) else "True"


ANY = Domain()
POSITIVE = Domain(low=Fraction(0))
NON_NEGATIVE = Domain(low=Fraction(0), low_closed=True)
UNIT = Domain(Fraction(0), Fraction(1), True, True)
FROM_ONE = Domain(low=Fraction(1), low_closed=True)
NATURAL = replace(NON_NEGATIVE, integer=True)
POSITIVE_INTEGER = replace(FROM_ONE, integer=True)


def _decimal(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else repr(float(value))


def parse(text: str) -> Domain:
    """The domain that `text` names. Raises ValueError with the remedy."""
    text = text.strip()
    if text == "real":
        return Domain()
    if text.startswith("integer "):
        return replace(parse(text.removeprefix("integer ")), integer=True)
    if match := _HALF_LINE.fullmatch(text):
        sign, bound = match[1], Fraction(match[2])
        if sign.startswith(">"):
            return Domain(low=bound, low_closed=sign == ">=")
        return Domain(high=bound, high_closed=sign == "<=")
    if match := _INTERVAL.fullmatch(text):
        low, high = Fraction(match[2]), Fraction(match[3])
        if low < high:
            return Domain(low, high, match[1] == "[", match[4] == "]")
    raise ValueError(REMEDY)


# Intervals.

End = tuple[Fraction | float, bool]  # a number or an infinity, and whether it belongs to the interval


def point(value: Fraction) -> Domain:
    """The interval of one number."""
    return Domain(value, value, True, True)


def low(a: Domain) -> End:
    """The lower end."""
    return (-math.inf, False) if a.low is None else (a.low, a.low_closed)


def high(a: Domain) -> End:
    """The upper end."""
    return (math.inf, False) if a.high is None else (a.high, a.high_closed)


def made(below: End, above: End) -> Domain:
    """The interval between two ends."""
    (a, a_in), (b, b_in) = below, above
    below_all, above_all = a == -math.inf, b == math.inf
    return Domain(
        None if below_all else Fraction(a),
        None if above_all else Fraction(b),
        a_in and not below_all,
        b_in and not above_all,
    )


def hull(a: Domain, b: Domain) -> Domain:
    """The smallest interval around both."""
    return made(first([low(a), low(b)]), last([high(a), high(b)]))


def within(a: Domain, b: Domain) -> Domain:
    """What lies in both, of which it is known that there is something."""
    return made(_later([low(a), low(b)]), _earlier([high(a), high(b)]))


def first(ends: Iterable[End]) -> End:
    """The lowest of lower ends."""
    return min(ends, key=lambda e: (e[0], not e[1]))


def last(ends: Iterable[End]) -> End:
    """The highest of upper ends."""
    return max(ends, key=lambda e: (e[0], e[1]))


def _later(ends: Iterable[End]) -> End:
    return max(ends, key=lambda e: (e[0], not e[1]))


def _earlier(ends: Iterable[End]) -> End:
    return min(ends, key=lambda e: (e[0], e[1]))


def negated(a: Domain) -> Domain:
    """Where `-x` lies."""
    return Domain(None if a.high is None else -a.high, None if a.low is None else -a.low, a.high_closed, a.low_closed)


def magnitude(a: Domain) -> Domain:
    """Where `abs(x)` lies."""
    if a.low is not None and a.low >= 0:
        return a
    if a.high is not None and a.high <= 0:
        return negated(a)
    return made((Fraction(0), True), last([high(a), high(negated(a))]))


def side(a: Domain) -> Domain:
    """Where the sign of `x` lies."""
    one = Fraction(1)
    if a.positive:
        return point(one)
    if negated(a).positive:
        return point(-one)
    if a == point(Fraction(0)):
        return a
    ends = (0 if a.nonnegative else -one, 0 if negated(a).nonnegative else one)
    return Domain(Fraction(ends[0]), Fraction(ends[1]), True, True)


def larger(a: Domain, b: Domain) -> Domain:
    """Where the larger of two numbers lies."""
    return made(_later([low(a), low(b)]), last([high(a), high(b)]))


def smaller(a: Domain, b: Domain) -> Domain:
    """Where the smaller of two numbers lies."""
    return made(first([low(a), low(b)]), _earlier([high(a), high(b)]))
