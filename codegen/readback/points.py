"""Points that tell values apart: generic numbers of several sizes for what a rule is given."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import sympy

from ..algebra import reference
from ..algebra.assumptions import Assumptions
from ..algebra.points import candidates
from ..spec.domain import FROM_ONE, Domain
from ..spec.rules import Optimizer

#: The sizes of the numbers: what is the largest at one point is not at another.
_SIZES = (Fraction(1), Fraction(1, 4), Fraction(8), Fraction(1, 50), Fraction(3), Fraction(60))
_TRIES = 4  # to find a point of a size at which all equations have a value


class Point(dict[str, Any]):
    """The numbers of symbols by name: those `given`, and what others mean, computed when they are asked for."""

    def __init__(self, given: Mapping[str, Fraction], meaning: dict[str, sympy.Expr]) -> None:
        super().__init__({name: reference.number(value) for name, value in given.items()})
        self.given, self.meaning = given, meaning

    def __missing__(self, name: str) -> Any:
        self[name] = number(self.meaning[name], self)
        return self[name]


def number(expr: sympy.Expr, values: Mapping[str, Any]) -> Any:
    """`expr` at a point; None if it has no value there."""
    try:
        return reference.evaluate(expr, values)
    except (ZeroDivisionError, ValueError, OverflowError, TypeError, KeyError):
        return None


def points_of(rule: Optimizer, assumptions: Assumptions) -> list[Point]:
    """A point of each size within `assumptions`, at which every equation of `rule` has a value if there is one."""
    equations = {step.target.name: step.value for step in rule.steps}
    names = {"w", "g", *(s.name for s in rule.state)}
    names |= {s.name for value in equations.values() for s in value.free_symbols}
    given = sorted(names - equations.keys())
    return [_point(given, equations, assumptions, place, size) for place, size in enumerate(_SIZES)]


def _point(
    names: list[str], equations: dict[str, sympy.Expr], assumptions: Assumptions, place: int, size: Fraction
) -> Point:
    for attempt in range(_TRIES):
        first = 100 * (_TRIES * place + attempt)
        given = {
            name: _inside(assumptions.domains.get(name, Domain()), number, size)
            for number, name in enumerate(names, first)
        }
        whole = Point(given, equations)
        if all(whole[name] is not None for name in equations):
            break
    return Point(given, {})


def _inside(allowed: Domain, place: int, size: Fraction) -> Fraction:
    """A number inside a domain that is unlike those of other places, so that no two values are equal by chance."""
    share = Fraction((place + 1) * 6180339887 % 10**10, 10**10)
    if allowed.integer and allowed.high is not None:
        options = candidates(allowed)
        return options[place % len(options)]
    if allowed.integer or allowed == FROM_ONE:
        return Fraction((allowed.low or 0) + 1 + int(size) + place % 5)
    if allowed.low is not None and allowed.high is not None:
        return allowed.low + share * (allowed.high - allowed.low)
    away = size * (Fraction(1, 8) + 2 * share)
    if allowed.low is not None:
        return allowed.low + away
    if allowed.high is not None:
        return allowed.high - away
    return away if int(1000 * share) % 2 else -away
