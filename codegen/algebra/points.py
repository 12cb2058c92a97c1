"""Points that refute: simple numbers at which two expressions differ, in exact arithmetic."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import mpmath
import sympy

from ..spec.domain import Domain
from . import exact
from .assumptions import Assumptions

_EXACT = (Fraction, exact.Enclosure)
_TOLERANCE = mpmath.mpf(10) ** -30
_VALUES = tuple(Fraction(v) for v in ("1", "1/2", "2", "-1", "3", "1/3", "-2", "9/10", "1/10", "0", "5", "-1/2"))
_MOST_POINTS = 32
_EARLY, _LATE = (1, 2, 3), (20, 7, 100)  # steps; some choices fall the other way only later, as in RAdam


def candidates(found: Domain) -> list[Fraction]:
    """Simple numbers inside a domain, the simplest first."""
    inside = [value for value in _VALUES if value in found]
    if inside:
        return inside
    low, high = found.low, found.high
    if found.integer:
        tried = [end + step for end in (low, high) if end is not None for step in (0, 1, -1)]
        tried = [Fraction(rounded(value)) for value in tried for rounded in (math.ceil, math.floor)]
    elif low is not None and high is not None:
        tried = [(low + high) / 2]
    else:
        tried = [low + 1] if low is not None else [high - 1] if high is not None else []
    return [value for value in dict.fromkeys(tried) if value in found]


def samples(names: list[str], assumptions: Assumptions) -> Iterator[dict[str, Fraction]]:
    """Assignments of simple numbers to `names`, no two symbols alike at first."""
    yield from _samples(names, assumptions, _EARLY)


def _samples(names: list[str], assumptions: Assumptions, steps: tuple[int, ...]) -> Iterator[dict[str, Fraction]]:
    choices = [
        [Fraction(t) for t in steps] if name == "t" else candidates(assumptions.domains.get(name, Domain()))
        for name in names
    ]
    for number in range(_MOST_POINTS):
        # a different stride for each symbol, so that no relation between them holds at every point
        point = {}
        for place, (name, options) in enumerate(zip(names, choices, strict=True)):
            stride = 2 * place + 1
            rounds = number // (len(options) // math.gcd(stride, len(options)))  # each from one place further on
            point[name] = options[(number * stride + place + rounds) % len(options)]
        yield point


def counterexample(
    left: sympy.Expr,
    right: sympy.Expr,
    assumptions: Assumptions,
    meaning: Mapping[sympy.Symbol, sympy.Expr] | None = None,
    beside: Iterable[Mapping[str, Fraction]] = (),
) -> dict[str, str] | None:
    """A point at which `left` and `right` differ, with both values.

    `meaning` says of symbols what they stand for, if they are not free. Points `beside` the usual ones are tried last.
    """
    parts, symbols = [left, right], set[sympy.Symbol]()
    for part in parts:  # grows while it is walked
        parts += [meaning[s] for s in part.free_symbols - symbols if s in meaning] if meaning else []
        symbols |= part.free_symbols
    defined = {s.name: exact.function(meaning[s]) for s in symbols if s in meaning} if meaning else {}
    names = sorted({symbol.name for symbol in symbols} - defined.keys())
    sides = [exact.function(expr) for expr in (left, right)]
    late = (
        _samples(names, assumptions, _LATE)
        if "t" in names and any(part.has(sympy.Piecewise, sympy.Max, sympy.Min) for part in parts)
        else ()
    )
    others = ({name: point[name] for name in names} for point in beside if set(names) <= point.keys())
    for point in itertools.chain(samples(names, assumptions), late, others):
        values = _Values(point, defined)
        try:
            first, second = (side(values) for side in sides)
            if not exact.differ(first, second):
                continue
        except ArithmeticError:  # it has no value there, or an enclosure cannot tell
            continue
        return {
            **{name: str(value) for name, value in point.items()},
            "left": exact.decimal(first),
            "right": exact.decimal(second),
        }
    return None


class _Values(dict[str, Any]):
    """The values of symbols, of which some are computed from others when they are asked for."""

    def __init__(self, given: Mapping[str, Any], defined: Mapping[str, exact.Evaluator]) -> None:
        super().__init__(given)
        self.defined = defined

    def __missing__(self, name: str) -> Any:
        self[name] = self.defined[name](self)
        return self[name]


def differ(first: Any, second: Any) -> bool:
    """Whether two numbers are apart: exact ones certainly, those with 50 digits by more than their rounding."""
    if isinstance(first, _EXACT) or isinstance(second, _EXACT):
        return exact.differ(first, second)
    return bool(abs(first - second) > _TOLERANCE * max(1, abs(first), abs(second)))


def shown(value: Any) -> str:
    return exact.decimal(value) if isinstance(value, _EXACT) else mpmath.nstr(value, 12)
