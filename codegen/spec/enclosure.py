"""An interval that surely holds a real number: what is left of a value that is no fraction, or too long a one.

Sums, products, quotients and square roots are those of mpmath's intervals, rounded outwards. Exponentials, logarithms
and cosines are computed with many more bits than are kept, and widened by more than they can be off. A comparison
answers only where it holds for every number within; else it raises `UndecidableError`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from mpmath import libmp
from mpmath.libmp import libmpi

BITS = 256
_MORE = 48  # bits more than are kept, for functions whose last bits nobody vouches for
_SMALL = libmp.mpf_shift(libmp.fone, -BITS)

End: TypeAlias = Any  # a number of mpmath's lowest layer, which has no types
Ends: TypeAlias = tuple[End, End]


class UndecidableError(ArithmeticError):
    """An enclosure is too wide to tell."""


class UndefinedError(ArithmeticError):
    """There is certainly no value: a division by zero, or the root or logarithm of what has none."""


class Enclosure:
    """A real number between two others; `ends` are numbers of mpmath's lowest layer."""

    __slots__ = ("ends",)
    __hash__ = None  # type: ignore[assignment] # mypy has no other way to say that there is none

    def __init__(self, ends: Ends) -> None:
        self.ends = ends

    @classmethod
    def of(cls, value: Any) -> Enclosure:
        """The narrowest enclosure of an integer or a fraction."""
        if isinstance(value, Enclosure):
            return value
        p, q = value.numerator, value.denominator
        return cls((libmp.from_rational(p, q, BITS, "f"), libmp.from_rational(p, q, BITS, "c")))

    @property
    def low(self) -> Fraction:
        return _fraction(self.ends[0])

    @property
    def high(self) -> Fraction:
        return _fraction(self.ends[1])

    def __repr__(self) -> str:
        low, high = (libmp.to_str(end, 12) for end in self.ends)
        return low if low == high else f"[{low}, {high}]"

    def __float__(self) -> float:
        return sum(float(libmp.to_float(end)) / 2 for end in self.ends)

    def __add__(self, other: Any) -> Any:
        if isinstance(other, float):
            return other  # infinite or NaN, as all floats here
        return _made(libmpi.mpi_add(self.ends, Enclosure.of(other).ends, BITS))

    __radd__ = __add__

    def __neg__(self) -> Enclosure:
        return Enclosure(libmpi.mpi_neg(self.ends))

    def __sub__(self, other: Any) -> Any:
        return self + -other

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, float):
            return other if math.isnan(other) else other * sign(self)
        if not isinstance(other, Enclosure) and other == 0:
            return Fraction(0)
        return _made(libmpi.mpi_mul(self.ends, Enclosure.of(other).ends, BITS))

    __rmul__ = __mul__

    def inverse(self) -> Fraction | Enclosure:
        """One over it."""
        sign(self)  # of what may be zero there is no saying
        return _made(libmpi.mpi_div((libmp.fone, libmp.fone), self.ends, BITS))

    def __abs__(self) -> Any:
        return _made(libmpi.mpi_abs(self.ends, BITS))

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, Enclosure):
            return self * other.inverse()
        if other == 0:
            raise UndefinedError("it divides by zero")
        return self * (1 / Fraction(other))

    def __rtruediv__(self, other: Any) -> Any:
        return self.inverse() * other

    def __pow__(self, exponent: Any) -> Any:
        """To the power of an integer."""
        if exponent != int(exponent):
            raise TypeError(f"{exponent} is not an integer")
        if exponent < 0:
            return self.inverse() ** -exponent
        exponent = int(exponent)
        result, base = Fraction(1), abs(self) if exponent % 2 == 0 else self
        while exponent:
            result = base * result if exponent & 1 else result
            exponent >>= 1
            base = abs(base) * abs(base) if exponent else base
        return result

    def root(self) -> Fraction | Enclosure:
        """The square root."""
        low, high = map(libmp.mpf_sign, self.ends)
        if high < 0:
            raise UndefinedError(f"the square root of {self} is not real")
        if low < 0:
            raise UndecidableError(f"the square root of {self}")
        return _made(libmpi.mpi_sqrt(self.ends, BITS))

    def __lt__(self, other: Any) -> bool:
        return _less(self, other)

    def __le__(self, other: Any) -> bool:
        return not _nan(other) and not _less(other, self)

    def __gt__(self, other: Any) -> bool:
        return _less(other, self)

    def __ge__(self, other: Any) -> bool:
        return not _nan(other) and not _less(self, other)

    def __eq__(self, other: Any) -> bool:
        if differ(self, other):
            return False
        raise UndecidableError(f"whether {self} is {other}")

    def __ne__(self, other: object) -> bool:
        return not self == other


Number = Fraction | Enclosure | float  # a float is infinite or NaN


def pi() -> Enclosure:
    """The number pi."""
    return _widened(lambda _, bits, direction: libmp.mpf_pi(bits, direction), (libmp.fone, libmp.fone))


def sign(value: Number) -> int:
    """1, 0 or -1; NaN has none."""
    if isinstance(value, Enclosure):
        low, high = map(libmp.mpf_sign, value.ends)
        if low == high or low * high > 0:
            return int(low)
        raise UndecidableError(f"the sign of {value}")
    if _nan(value):
        raise UndecidableError("the sign of NaN")
    return (value > 0) - (value < 0)


def inverse(value: Number) -> Number:
    """One over a number."""
    if isinstance(value, Enclosure):
        return value.inverse()
    if isinstance(value, float):
        return value if math.isnan(value) else Fraction(0)
    if value == 0:
        raise UndefinedError("it divides by zero")
    return Fraction(1) / value


def root(value: Number) -> Number:
    """The square root."""
    if isinstance(value, Enclosure):
        return value.root()
    if value < 0:
        raise UndefinedError(f"the square root of {shown(value)} is not real")
    if isinstance(value, float):
        return value
    above, below = math.isqrt(value.numerator), math.isqrt(value.denominator)
    if above * above == value.numerator and below * below == value.denominator:
        return Fraction(above, below)
    return Enclosure.of(value).root()


def rising(
    name: str,
    function: Callable[..., End],
    points: Mapping[int, int],
    ends: tuple[Number, Number],
    above: int | None = None,
) -> Callable[[Any], Number]:
    """A function that rises, in exact numbers, from one of mpmath's lowest layer.

    It is known exactly at some `points`; `ends` are its values at minus infinity and at infinity. It has a value only
    `above` a number, if one is given.
    """

    known = {Fraction(at): Fraction(value) for at, value in points.items()}

    def exact(value: Number) -> Number:
        if isinstance(value, float):
            return value if math.isnan(value) else ends[value > 0]
        if not isinstance(value, Enclosure) and value in known:
            return known[value]
        found = Enclosure.of(value)
        if above is not None and found.high <= above:
            raise UndefinedError(f"{name} {shown(value)} is not real")
        if above is not None and found.low <= above:
            raise UndecidableError(f"{name} {value}")
        return _widened(function, found.ends)

    return exact


def _logarithm_of_next(value: End, bits: int, direction: str) -> End:
    """Of one more, which is formed exactly."""
    return libmp.mpf_log(libmp.mpf_add(libmp.fone, value), bits, direction)


exp = rising("the exponential of", libmp.mpf_exp, {0: 1}, (Fraction(0), math.inf))
log = rising("the logarithm of", libmp.mpf_log, {1: 0}, (math.nan, math.inf), above=0)
log1p = rising("the logarithm of one more than", _logarithm_of_next, {0: 0}, (math.nan, math.inf), above=-1)
tanh = rising("the hyperbolic tangent of", libmp.mpf_tanh, {0: 0}, (Fraction(-1), Fraction(1)))


def cos(value: Number) -> Number:
    """The cosine: that of the low end, and no further off than the high end is."""
    low, high = Enclosure.of(value).ends
    width = libmp.mpf_sub(high, low, BITS, "c")
    found = _widened(libmp.mpf_cos, (low, low)) + Enclosure((libmp.mpf_neg(width), width))
    return least([largest([found, Fraction(-1)]), Fraction(1)])


def floor(value: Number) -> Number:
    """The largest integer that is no larger."""
    if isinstance(value, float):
        return value
    low, high = math.floor(_low(value)), math.floor(_high(value))
    if low != high:
        raise UndecidableError(f"the floor of {value}")
    return Fraction(low)


def mod(value: Number, divisor: Number) -> Number:
    """With the sign of the divisor, as in Python and SymPy."""
    return value - divisor * floor(value * inverse(divisor))


def signum(value: Number) -> Number:
    """The sign as a number; that of NaN is NaN."""
    return value if isinstance(value, float) and math.isnan(value) else Fraction(sign(value))


def shown(value: Number) -> str:
    """A number in a counterexample: as a fraction if that is short, else with twelve digits."""
    text = str(value)
    return text if not isinstance(value, Fraction) or len(text) <= 16 else decimal(value)


def decimal(value: Number) -> str:
    """A number with twelve digits."""
    if isinstance(value, Enclosure | float):
        return str(value)
    return str(libmp.to_str(libmp.from_rational(value.numerator, value.denominator, 53, "n"), 12))


def differ(first: Number, second: Number) -> bool:
    """Whether two numbers are certainly not the same. NaN differs from all but NaN."""
    if _nan(first) or _nan(second):
        return _nan(first) != _nan(second)
    return certainly_less(first, second) or certainly_less(second, first)


def certainly_less(first: Number, second: Number) -> bool:
    """Whether `first` is certainly below `second`."""
    return not (_nan(first) or _nan(second)) and _high(first) < _low(second)


def largest(values: Sequence[Number]) -> Number:
    """The maximum; NaN if one is NaN."""
    return _extreme(values, max)


def least(values: Sequence[Number]) -> Number:
    """The minimum; NaN if one is NaN."""
    return _extreme(values, min)


def _extreme(values: Sequence[Number], choose: Callable[[Iterable[Any]], Any]) -> Number:
    if any(map(_nan, values)):
        return math.nan
    if not any(isinstance(v, Enclosure) for v in values):
        found: Number = choose(values)
        return found
    low: Fraction | float = choose(map(_low, values))
    high: Fraction | float = choose(map(_high, values))
    if low == high:
        return low
    if any(isinstance(end, float) for end in (low, high)):
        raise UndecidableError("an extreme that may be infinite")
    return Enclosure((Enclosure.of(low).ends[0], Enclosure.of(high).ends[1]))


def _less(first: Number, second: Number) -> bool:
    if _nan(first) or _nan(second):
        return False
    if _high(first) < _low(second):
        return True
    if _low(first) >= _high(second):
        return False
    raise UndecidableError(f"whether {first} < {second}")


def _low(value: Number) -> Fraction | float:
    return value.low if isinstance(value, Enclosure) else value


def _high(value: Number) -> Fraction | float:
    return value.high if isinstance(value, Enclosure) else value


def _nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _fraction(end: End) -> Fraction:
    return Fraction(*libmp.to_rational(end))


def _made(ends: Ends) -> Fraction | Enclosure:
    """The enclosure, or the number if it holds only one."""
    return _fraction(ends[0]) if ends[0] == ends[1] else Enclosure(ends)


def _widened(function: Callable[..., End], ends: Ends) -> Enclosure:
    """`function`, which rises, of both ends, with room for an error far larger than it can have."""
    below, above = (function(end, BITS + _MORE, "n") for end in ends)
    room = [libmp.mpf_mul(libmp.mpf_abs(end), _SMALL, BITS, "c") for end in (below, above)]
    return Enclosure((libmp.mpf_sub(below, room[0], BITS, "f"), libmp.mpf_add(above, room[1], BITS, "c")))
