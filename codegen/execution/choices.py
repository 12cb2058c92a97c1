"""Comparisons and choices over symbols: what generated code asks, and what it takes by the answer."""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy
from sympy.core.relational import Relational

from ..algebra.tactics import closes_by_cases
from ..spec.symbolic import COMPARISONS, extreme

_OF_SYMBOLS = {**COMPARISONS, "==": sympy.Eq, "!=": sympy.Ne}  # SymPy's == says whether two look alike


def compare(symbol: str, left: Any, right: Any) -> Any:
    """The comparison of two values as it stands, of which the truth may be open."""
    return _OF_SYMBOLS[symbol](left, right)


def select(condition: Any, then: Any, otherwise: Any) -> sympy.Expr:
    """The choice as a maximum, minimum or sign if it is proved to be one, else as it stands."""
    if not isinstance(condition, Relational):
        return sympy.Piecewise((then, condition), (otherwise, True))
    # the operands may be large; what is proved depends on nothing but their sign
    parts = [part for part in (condition.lhs, condition.rhs) if not part.is_number]
    operands = {part: _operand(place, part.is_nonnegative or None) for place, part in enumerate(parts)}
    back = {operand: part for part, operand in operands.items()}
    operands |= {-part: -operand for part, operand in operands.items()}
    # put together anew: SymPy has turned the comparison around, if that makes it shorter
    left, right = (part.xreplace(operands) for part in (condition.lhs, condition.rhs))
    small = [sympy.sympify(part).xreplace(operands) for part in (then, otherwise)]
    if all(part.free_symbols <= set(back) for part in small):
        known = _known(condition.func(left, right), *small, left, right)
        if isinstance(known, sympy.Max | sympy.Min):
            return extreme(known.func, [part.xreplace(back) for part in known.args])
        if known is not None:
            return known.xreplace(back)
    return sympy.Piecewise((then, condition), (otherwise, True))


@cache
def _operand(place: int, nonnegative: bool | None) -> sympy.Symbol:
    """What stands for a side of a comparison: the same each time, so that a choice is proved to be a maximum once."""
    return sympy.Dummy(f"operand_{place}", real=True, nonnegative=nonnegative)


@cache
def _known(
    condition: Any, then: sympy.Expr, otherwise: sympy.Expr, left: sympy.Expr, right: sympy.Expr
) -> sympy.Expr | None:
    """The maximum, minimum or sign of `left` and `right` that the choice is proved to be."""
    small = sympy.Piecewise((then, condition), (otherwise, True))
    operands = [part for part in (left, right) if not part.is_number]
    extremes = (sympy.Max(left, right), sympy.Min(left, right))
    candidates = extremes if len(operands) > 1 else (*map(sympy.sign, operands), *extremes)
    return next((known for known in candidates if closes_by_cases(small - known)), None)
