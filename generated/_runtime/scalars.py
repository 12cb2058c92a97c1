"""Scalars of a step where plain arithmetic of doubles would fail: what is too large is infinite, nothing cancels.

Python raises OverflowError and ZeroDivisionError where IEEE arithmetic has inf, and gives a complex number for a root
that is not real. Here inf is the value, or NaN. All functions take and return floats.
"""

from __future__ import annotations

import math
from math import expm1
from math import log as _log

__all__ = ["average_length", "divided", "exp", "log", "log1p", "one_minus_power", "power", "sqrt"]

#: Up to here `1 - base` has twelve digits, and a difference of two numbers as large as its inverse eight.
_NEAR_ONE = 1 - 5e-5


def power(base: float, exponent: float) -> float:
    """`base ** exponent`; inf where that is too large, or where the base is 0 and the exponent negative.

    NaN where it is not real.
    """
    base = float(base)  # an integer to the power of an integer has all its digits, however many they are
    try:
        found = base**exponent
    except OverflowError:
        return -math.inf if base < 0 and exponent % 2 == 1 else math.inf
    except ZeroDivisionError:
        return math.inf
    return found if type(found) is float else math.nan


def divided(above: float, below: float) -> float:
    """`above / below`; of zero it is NaN of NaN and zero, else infinite, with the signs of both."""
    try:
        return above / below
    except ZeroDivisionError:
        if above == 0 or above != above:  # noqa: PLR0124 - NaN
            return math.nan
        return math.copysign(math.inf, above) * math.copysign(1.0, below)


def one_minus_power(base: float, exponent: float) -> float:
    """`1 - base ** exponent`, also where the base is so near to 1 that the difference has few digits left.

    Elsewhere it is what other libraries have, to the last bit.
    """
    if 0 <= base <= _NEAR_ONE and exponent >= 0:
        near: float = base**exponent
        return 1 - near
    if _NEAR_ONE < base <= 1:
        return -expm1(exponent * _log(base))
    return 1 - power(base, exponent)


def average_length(decay: float, t: float) -> float:
    """`2 / (1 - decay) - 1 - 2 * t * decay**t / (1 - decay**t)`, where the first and the last are nearly the same, too.

    That is the length of a plain average whose variance is that of a moving average of t numbers. With y = -log(decay)
    it is t - (t * L(t * y / 2) - L(y / 2)), where L is Langevin's function, L(z) = coth(z) - 1 / z. Where the formula
    above has enough digits, it is what other libraries have, to the last bit.
    """
    if decay > _NEAR_ONE and (half := -_log(decay) / 2) * t < 1:
        return t - (t * _langevin(t * half) - _langevin(half))
    faded: float = decay**t
    return 2 / (1 - decay) - 1 - 2 * t * faded / (1 - faded)


def _langevin(z: float) -> float:
    """`coth(z) - 1 / z` for |z| <= 1, from its continued fraction z / (3 + z**2 / (5 + z**2 / (7 + ...)))."""
    found = 0.0
    for odd in range(21, 1, -2):
        found = z * z / (odd + found)
    return found / z if z else 0.0


def exp(x: float) -> float:
    """The exponential; inf where it is too large."""
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def log(x: float) -> float:
    """The logarithm: -inf of 0, NaN of what is negative."""
    return math.log(x) if x > 0 else -math.inf if x == 0 else math.nan


def log1p(x: float) -> float:
    """The logarithm of `1 + x`: -inf where that is 0, NaN where it is negative."""
    return math.log1p(x) if x > -1 else -math.inf if x == -1 else math.nan


def sqrt(x: float) -> float:
    """The square root; NaN of what is negative."""
    return math.sqrt(x) if x >= 0 else math.nan
