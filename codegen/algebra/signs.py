"""Which sign an expression over assumed symbols has, as far as its parts tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

import sympy

_KEPT = 2**14  # answers; proofs ask the same of the same expression many times over


class BelowOne(sympy.Symbol):
    """A number of [0, 1). SymPy cannot assume `b < 1`, so the type says it."""


class AtMostOne(sympy.Symbol):
    """A number of [0, 1]."""


@lru_cache(_KEPT)
def is_bias_factor(expr: sympy.Expr) -> bool:
    """Whether `expr` is c - x where x is known to be in [0, c), as in 1 - b**k, and in 2 - b * p for a share p."""
    whole, part = expr.as_coeff_Add()
    if not whole.is_positive:
        return False
    found = largest(-part)
    return found is not None and stays_below(found, whole)


def stays_below(found: tuple[sympy.Rational, bool], whole: sympy.Expr) -> bool:
    bound, strict = found
    return bool(bound < whole or (bound == whole and strict))


def largest(expr: sympy.Expr) -> tuple[sympy.Rational, bool] | None:
    """A bound on `expr` and whether it stays below it, if it is known to be at least zero; else None."""
    match expr:
        case BelowOne():
            return sympy.S.One, True
        case AtMostOne():
            return sympy.S.One, False
        case sympy.Rational():
            return (expr, False) if expr >= 0 else None
        case sympy.Pow(base=base, exp=exponent):
            if base.is_Rational and base > 1:  # SymPy writes 2**(-k) for (1/2)**k
                base, exponent = 1 / base, -exponent
            inner = largest(base) if exponent.is_nonnegative else None
            if inner is None or inner[0] > 1:
                return None
            return sympy.S.One, bool(exponent.is_positive and (inner[1] or inner[0] < 1))
        case sympy.Mul():
            found = [part for factor in expr.args if (part := largest(factor)) is not None]
            if len(found) < len(expr.args):
                return None
            return sympy.Mul(*(bound for bound, _ in found)), any(below for _, below in found)
        case sympy.Add():
            whole, part = expr.as_coeff_Add()
            inner = largest(-part) if whole.is_positive else None
            if inner is None or inner[0] > whole:
                return None
            return whole, bool(part.is_negative)
    return None


@lru_cache(_KEPT)
def sign_key(difference: sympy.Expr) -> tuple[sympy.Expr, int]:
    """The same expression for `difference`, its negative and its positive multiples, and the sign between them."""
    numerator, denominator = sympy.fraction(sympy.together(difference))
    if not denominator.is_number and known_sign(denominator) == 1:
        difference = numerator  # where it is defined, the denominator is positive
    # positive factors say nothing about the sign
    difference = sympy.factor_terms(difference)
    difference = sympy.Mul(*(f for f in sympy.Mul.make_args(difference) if not (f.is_positive and not f.is_number)))
    difference = sympy.expand(difference).primitive()[1]
    return (-difference, -1) if difference.could_extract_minus_sign() else (difference, 1)


def direction_of(sign: int) -> int:
    """1, 0 or -1."""
    return (sign > 0) - (sign < 0)


def known_nonnegative(expr: sympy.Expr, case: Mapping[sympy.Expr, int]) -> bool:
    return _known_in(expr, tuple(case.items()))


@lru_cache(_KEPT)
def _known_in(expr: sympy.Expr, signs_of: tuple[tuple[sympy.Expr, int], ...]) -> bool:
    case = dict(signs_of)
    key, direction = sign_key(expr)
    if key == 0 or (key in case and direction * case[key] >= 0):
        return True
    factored = sympy.factor(expr) if expr.is_polynomial(*expr.free_symbols) else expr
    factors = sympy.Mul.make_args(factored)
    signs = [known_sign(factor) for factor in factors]
    if case and sum(not factor.is_number for factor in factors) > 1:  # fewer parts than the whole has
        signs = [_sign_within(f, case) if s is None else s for f, s in zip(factors, signs, strict=True)]
    if None not in signs:
        return bool(sympy.prod(signs) >= 0)
    for symbol in sorted((s for s in expr.free_symbols if s.is_nonnegative), key=str):
        # linear in something non-negative: coefficient and rest have to be
        slope = sympy.diff(expr, symbol) if expr.is_polynomial(symbol) else symbol
        if symbol not in slope.free_symbols:
            rest = expr.xreplace({symbol: sympy.Integer(0)})
            if known_nonnegative(slope, case) and known_nonnegative(rest, case):
                return True
            # linear between 0 and 1: it is enough to look at both ends
            if isinstance(symbol, BelowOne | AtMostOne) and all(
                known_nonnegative(expr.xreplace({symbol: sympy.Integer(end)}), case) for end in (0, 1)
            ):
                return True
    return any(known_nonnegative(rest, others) for rest, others in _without_known(expr, case))


def _sign_within(factor: sympy.Expr, case: Mapping[sympy.Expr, int]) -> int | None:
    """As `known_sign`, in this case."""
    if known_nonnegative(factor, case):
        return 1
    return -1 if known_nonnegative(-factor, case) else None


def _without_known(
    expr: sympy.Expr, case: Mapping[sympy.Expr, int]
) -> Iterator[tuple[sympy.Expr, Mapping[sympy.Expr, int]]]:
    """What is left of a sum without a difference that the case says is not negative, if that is shorter."""
    for difference, sign in case.items():
        rest = expr - direction_of(sign) * difference
        if sign and len(sympy.Add.make_args(rest)) < max(2, len(sympy.Add.make_args(expr))):
            yield rest, {d: s for d, s in case.items() if d != difference}


@lru_cache(_KEPT)
def known_sign(expr: sympy.Expr) -> int | None:
    """1 if `expr`, where it is defined, is at least zero, -1 if at most, None if that is not known."""
    if expr.is_nonnegative or is_bias_factor(expr):
        return 1
    if expr.is_nonpositive or is_bias_factor(-expr):
        return -1
    match expr:
        case sympy.Pow(base=base, exp=exponent) if exponent.is_Rational:
            even_root = exponent.q % 2 == 0  # real only where it is not negative
            return 1 if even_root or exponent.p % 2 == 0 else known_sign(base)
        case sympy.Pow(base=base, exp=exponent) if exponent.is_real and known_sign(base) == 1:
            return 1
        case sympy.Mul():
            signs = [known_sign(factor) for factor in expr.args]
            return None if None in signs else sympy.prod(signs)
        case sympy.Add():
            found = {known_sign(term) for term in expr.args}
            return found.pop() if len(found) == 1 else None
        case sympy.Max():
            return 1 if 1 in {known_sign(argument) for argument in expr.args} else None
        case sympy.Min():
            return 1 if {known_sign(argument) for argument in expr.args} == {1} else None
    return None
