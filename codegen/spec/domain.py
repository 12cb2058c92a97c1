"""The domain of a hyperparameter: an interval of the reals, or the whole numbers in it, read from a string."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

_NUMBER = r"-?\d+(?:\.\d+)?"
_HALF_LINE = re.compile(rf"(>=|>|<=|<)\s*({_NUMBER})")
_INTERVAL = re.compile(rf"([\[(])\s*({_NUMBER})\s*,\s*({_NUMBER})\s*([\])])")

REMEDY = "write one of: real, > 0, >= 0, [0, 1), (0, 1), integer >= 1"


@dataclass(frozen=True)
class Domain:
    """The numbers from `low` to `high`; None is infinity; a closed end belongs to it; `whole`: only integers."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_closed: bool = False
    high_closed: bool = False
    whole: bool = False

    def __contains__(self, value: Any) -> bool:
        above = self.low is None or value > self.low or (self.low_closed and value == self.low)
        below = self.high is None or value < self.high or (self.high_closed and value == self.high)
        return above and below and (not self.whole or value.denominator == 1)

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
        if self.whole:
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
        return above and below and (other.whole or not self.whole)

    def condition(self, name: str) -> str:
        """The comparison that says that `name` lies inside."""
        if self.whole:
            return f"integer {replace(self, whole=False).condition(name)}"
        low = "" if self.low is None else f"{_decimal(self.low)} {'<=' if self.low_closed else '<'} "
        high = "" if self.high is None else f" {'<=' if self.high_closed else '<'} {_decimal(self.high)}"
        if self.low is not None and self.high is None:
            return f"{name} {'>=' if self.low_closed else '>'} {_decimal(self.low)}"
        return f"{low}{name}{high}" if low or high else f"{name} is finite"

    def test(self, name: str) -> str:
        """Whether the finite number `name` lies inside, in Python."""
        if self.whole:
            return f"{replace(self, whole=False).test(name)} and {name} % 1 == 0"
        return self.condition(name) if (self.low, self.high) != (None, None) else "True"


ANY = Domain()
POSITIVE = Domain(low=Fraction(0))
NON_NEGATIVE = Domain(low=Fraction(0), low_closed=True)
UNIT = Domain(Fraction(0), Fraction(1), True, True)
FROM_ONE = Domain(low=Fraction(1), low_closed=True)
NATURAL = replace(NON_NEGATIVE, whole=True)
POSITIVE_INTEGER = replace(FROM_ONE, whole=True)


def _decimal(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else repr(float(value))


def parse(text: str) -> Domain:
    """The domain that `text` names. Raises ValueError with the remedy."""
    text = text.strip()
    if text == "real":
        return Domain()
    if text.startswith("integer "):
        return replace(parse(text.removeprefix("integer ")), whole=True)
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
