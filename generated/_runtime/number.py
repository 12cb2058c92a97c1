"""What counts as a number: those of Python and of array libraries, arrays without dimensions among them."""

from __future__ import annotations

import math
from typing import Any

__all__ = ["as_float", "fits", "step_number", "to_number", "whole"]


def to_number(what: str, value: Any, remedy: str = "it has to be a number", *, single: bool = False) -> float:
    """`value` as a float, or as an int if it is a whole number of a type of its own.

    It may be a number of Python or NumPy, a Fraction, a Decimal, or an array of any library without dimensions; if
    `single`, also one of one element. Later changes of the array have no effect. Raises TypeError, which begins with
    `what`, for anything else: True and False, complex numbers, texts and what is masked are no numbers.
    """
    if type(value) is float or type(value) is int:
        return value
    shape = None if isinstance(value, type) else getattr(value, "shape", None)
    if shape is not None and hasattr(value, "dtype"):
        if len(shape) and not (single and math.prod(shape) == 1):
            advice = "report one number, such as its .mean()" if single else "pass one number, such as its .item()"
            raise TypeError(f"{what} is an array of shape {tuple(shape)}; {advice}")
        if _is_no_number(str(value.dtype)) or (hasattr(value, "filled") and getattr(value, "mask", False)):
            raise TypeError(f"{what} is {value!r}; {remedy}")
    try:
        value = value.item() if shape is not None and hasattr(value, "item") else value
        if not isinstance(value, str | bytes | bytearray | bool | complex):
            return int(value.__index__()) if hasattr(value, "__index__") else float(value)
    except (TypeError, ValueError):
        pass
    except OverflowError:  # of a Decimal or a Fraction that no double is near to
        return math.inf if value > 0 else -math.inf
    raise TypeError(f"{what} is {value!r}; {remedy}")


def _is_no_number(dtype: str) -> bool:
    """Whether a dtype is one of truth values, complex numbers, texts, dates or spans of time."""
    return any(kind in dtype for kind in ("bool", "complex", "str", "<U", ">U", "|S", "datetime", "timedelta"))


def whole(what: str, value: Any, condition: str, least: float = -math.inf) -> int:
    """`value` as an int, which is `least` or more; it may be 3.0. Raises ValueError or TypeError with `condition`."""
    number = to_number(what, value, f"it needs {condition}")
    if not (type(number) is int or math.isfinite(number)) or number % 1 or number < least:
        raise ValueError(f"{what} = {value!r} is not allowed; it needs {condition}")
    return int(number)


def step_number(what: str, t: Any) -> float:
    """`t` as an int, or as a float if it is not whole. Raises ValueError if it is not a finite number from 1."""
    number = to_number(f"{what}: t", t, "it has to be the number of a step, from 1")
    if not 1 <= number < math.inf:
        raise ValueError(f"{what}: t = {t!r} is not allowed; steps are counted from 1")
    return number if number % 1 else int(number)


def as_float(number: float) -> float:
    """`number` as a double; infinite where it is too large."""
    try:
        return float(number)
    except OverflowError:  # an int
        return math.inf if number > 0 else -math.inf


def fits(number: float) -> bool:
    """Whether a number is finite, and not too large for a double."""
    return math.isfinite(as_float(number))
