"""Every combination of signs that the comparisons, maxima and absolute values in an expression can have."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

import sympy
from sympy.core.relational import Relational

from ..spec.symbolic import COMPARISONS
from .obligations import record
from .signs import direction_of, known_nonnegative, known_sign, sign_key

_MOST_CASES = 3**5


class TooManyCasesError(Exception):
    """More cases than anybody would go through by hand."""


# The sign of a difference in a case: 2 above zero, 1 at least zero, 0 zero, and so on below.
_NOT_BELOW, _NOT_ABOVE, _ABOVE, _BELOW = 1, -1, 2, -2


def cases(expr: sympy.Expr) -> Iterator[tuple[sympy.Basic, dict[sympy.Expr, int]]]:
    """`expr` in every combination of signs that its comparisons, maxima, absolute values and signs can have.

    Where only maxima, minima and absolute values depend on a difference, it is at least or at most zero,
    since both branches agree at zero; signs and comparisons need zero as a case of its own.
    """
    pending: list[tuple[sympy.Basic, dict[sympy.Expr, int]]] = [(expr, {})]
    for _ in range(_MOST_CASES):
        if not pending:
            return
        current, case = pending.pop()
        splits = splits_of(current)
        if not splits:
            yield current, case
            continue
        difference = next(d for d in splits if not splits_of(d))  # what lies inside is settled first
        known = case.get(difference)
        if known not in (None, _NOT_BELOW, _NOT_ABOVE):
            raise TooManyCasesError  # it is settled, and still stands there
        strict = known is not None or difference in splits_of(current, only_strict=True)
        low = known == _NOT_BELOW or known_nonnegative(difference, {})
        high = known == _NOT_ABOVE or known_nonnegative(-difference, {})
        every: tuple[int, ...] = (_BELOW, 0, _ABOVE) if strict else (_NOT_ABOVE, _NOT_BELOW)
        options = tuple(o for o in every if not (low and o < 0) and not (high and o > 0)) or (0,)
        for sign in options:
            extended = {**case, difference: sign}
            if not _contradicts(extended):
                zero = _vanishing(difference) if sign == 0 else {}
                pending.append((_resolve(current, extended).xreplace(zero), extended))
    if pending:
        raise TooManyCasesError


def _vanishing(difference: sympy.Expr) -> dict[sympy.Symbol, sympy.Expr]:
    """The symbols that are zero where a sum is of which no term is negative."""
    terms = sympy.Add.make_args(difference)
    if not all(known_sign(term) == 1 for term in terms):
        return {}
    roots = (term.as_coeff_Mul()[1].as_base_exp() for term in terms)
    return {base: sympy.Integer(0) for base, exponent in roots if base.is_Symbol and exponent.is_positive}


def splits_of(expr: sympy.Basic, only_strict: bool = False) -> list[sympy.Expr]:
    """The differences whose sign decides a comparison, maximum, absolute value or sign in `expr`."""
    found: dict[sympy.Expr, None] = {}
    for node in expr.atoms(sympy.sign, Relational, *(() if only_strict else (sympy.Abs,))):
        found.setdefault(sign_key(node.args[0] if not isinstance(node, Relational) else node.lhs - node.rhs)[0])
    for node in () if only_strict else expr.atoms(sympy.Max, sympy.Min):
        for first, second in itertools.combinations(node.args, 2):
            found.setdefault(sign_key(first - second)[0])
    return sorted((d for d in found if not d.is_number), key=sympy.default_sort_key)


def _contradicts(case: Mapping[sympy.Expr, int]) -> bool:
    """Whether differences have signs that cannot be.

    Three add up to zero, as (a - b) + (b - c) - (a - c), and all have one sign; or two, made non-negative by
    their signs, add up to something negative, as (g - c) and -(g + c) do for positive c.
    """
    for first, second in itertools.combinations(case, 2):
        pairs = itertools.product(*((direction_of(case[d]),) if case[d] else (1, -1) for d in (first, second)))
        if any(sympy.expand(-s * first - r * second).is_positive for s, r in pairs):
            return True
    for triple in itertools.combinations(case, 3):
        for signs in itertools.product((1, -1), repeat=2):
            factors = (1, *signs)
            if sympy.expand(sum(f * d for f, d in zip(factors, triple, strict=True))) == 0:
                found = [f * case[d] for f, d in zip(factors, triple, strict=True)]
                if any(found) and (min(found) >= 0 or max(found) <= 0):
                    return True
    return False


def _resolve(expr: sympy.Basic, case: Mapping[sympy.Expr, int]) -> sympy.Basic:
    """`expr` with everything settled that the signs in `case` settle."""
    if not expr.args:
        return expr
    arguments = [_resolve(argument, case) for argument in expr.args]

    def sign_of(difference: sympy.Expr) -> int | None:
        key, direction = sign_key(difference)
        if key.is_number:
            return direction * _sign_of_number(key)
        return direction * case[key] if key in case else None

    def exact_sign_of(difference: sympy.Expr) -> int | None:
        sign = sign_of(difference)
        return None if sign in (None, _NOT_BELOW, _NOT_ABOVE) else direction_of(sign)

    match expr:
        case sympy.Abs():
            sign = sign_of(arguments[0])
            if sign is not None:
                return direction_of(sign) * arguments[0]
        case sympy.sign():
            sign = exact_sign_of(arguments[0])
            if sign is not None:
                return sympy.Integer(sign)
        case sympy.Max() | sympy.Min():
            better = 1 if isinstance(expr, sympy.Max) else -1
            kept: list[sympy.Expr] = []
            for argument in arguments:
                signs = [sign_of(argument - other) for other in kept]
                if not any(s is not None and s * better <= 0 for s in signs):
                    kept = [other for other, s in zip(kept, signs, strict=True) if s is None] + [argument]
            return expr.func(*kept)
        case Relational():
            sign = exact_sign_of(arguments[0] - arguments[1])
            if sign is not None:
                return sympy.sympify(bool(COMPARISONS[expr.rel_op](sign, 0)))
    try:
        return expr.func(*arguments)
    except (TypeError, ValueError):
        return expr  # the root or logarithm of what is negative here cannot be compared: left as it is


def _sign_of_number(number: sympy.Expr) -> int:
    """2, 0 or -2 for a number whose sign is certain."""
    if number.is_zero:
        return 0
    if not (number.is_positive or number.is_negative):
        raise NotImplementedError(f"the sign of {number}")
    return _ABOVE if number.is_positive else _BELOW


def nonnegative(expr: sympy.Expr) -> bool:
    """Whether `expr`, over assumed symbols, is known to be at least zero, whatever the case."""
    if _nonnegative(expr):
        record(expr, ">=", sympy.Integer(0))
        return True
    return False


def _nonnegative(expr: sympy.Expr) -> bool:
    if known_nonnegative(expr, {}):
        return True
    if not splits_of(expr):
        return False
    try:
        return all(isinstance(e, sympy.Expr) and known_nonnegative(e, case) for e, case in cases(expr))
    except TooManyCasesError:
        return False
