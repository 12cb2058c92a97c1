"""Whether inequalities exclude each other: exact elimination after Fourier and Motzkin.

Every product of symbols is a variable of its own, so what is decided is linear. Two things make up for
much of what that forgets: products whose sign SymPy knows, and products of two of the inequalities.
Between whole numbers `a > b` is `a >= b + 1`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import sympy

from codegen.domain import Domain
from codegen.tactics import Facts

_MOST = 1500  # inequalities at once; beyond it nothing is found out
_ONE = sympy.Integer(1)

Row = tuple[tuple[tuple[sympy.Expr, Fraction], ...], bool]  # coefficients of the monomials; whether it is strict


@dataclass(frozen=True)
class Constraint:
    """`expr` >= 0, > 0 or == 0."""

    expr: sympy.Expr
    sign: str


def constraint(relation: str, left: sympy.Expr, right: sympy.Expr) -> Constraint:
    """`left relation right` for <, <=, >, >= and ==."""
    if relation in ("<", "<="):
        left, right, relation = right, left, relation.replace("<", ">")
    return Constraint(sympy.expand(left - right), relation)


def impossible(constraints: Iterable[Constraint], facts: Facts) -> bool:
    """Whether no real numbers within `facts` satisfy all `constraints`. False means nothing."""
    return _impossible(frozenset(constraints), frozenset(facts.domains.items()))


@lru_cache(maxsize=20_000)
def _impossible(constraints: frozenset[Constraint], domains: frozenset[tuple[str, Domain]]) -> bool:
    facts = Facts(dict(domains))
    # in an order of our own, so that effort and result are the same for any seed of the hashes
    ordered = sorted(constraints, key=lambda c: (c.sign, _sort_key(c.expr)))
    assumed = [_assumed(c, domains) for c in ordered]
    found = _without_equalities(assumed + _bounds({s for c in assumed for s in c.expr.free_symbols}, facts))
    if found is None:
        return True
    rows = list(dict.fromkeys(map(_row, found)))
    rows += _known_signs(rows)
    if _contradictory(rows):
        return True
    wanted = {monomial for coefficients, _ in rows for monomial, _ in coefficients} | {_ONE}
    if all(monomial.is_Symbol or monomial == 1 for monomial in wanted):
        return False
    pairs = itertools.combinations(rows, 2)
    products = [row for first, second in pairs if (row := _product(first, second, wanted)) is not None]
    return bool(products) and _contradictory([*rows, *products])


@lru_cache(maxsize=100_000)
def _assumed(c: Constraint, domains: frozenset[tuple[str, Domain]]) -> Constraint:
    return Constraint(Facts(dict(domains)).assume(c.expr), c.sign)


def _without_equalities(constraints: list[Constraint]) -> list[Constraint] | None:
    """The constraints with a symbol eliminated by each equality that is linear in it; None if one cannot be."""
    rest = list(constraints)
    while equality := next((c for c in rest if c.sign == "==" and c.expr.free_symbols), None):
        rest.remove(equality)
        for symbol in sorted(equality.expr.free_symbols, key=lambda s: s.name):
            slope = equality.expr.as_coefficients_dict().get(symbol, 0)
            value = sympy.expand(symbol - equality.expr / slope) if slope else symbol
            if symbol not in value.free_symbols:
                rest = [_with(c, symbol, value) for c in rest]
                break
        else:
            rest += [Constraint(equality.expr, ">="), Constraint(-equality.expr, ">=")]
    if any(c.sign == "==" and c.expr != 0 for c in rest):
        return None
    return [c for c in rest if c.sign != "=="]


@lru_cache(maxsize=100_000)
def _with(c: Constraint, symbol: sympy.Symbol, value: sympy.Expr) -> Constraint:
    if symbol not in c.expr.free_symbols:
        return c
    return Constraint(sympy.expand(c.expr.xreplace({symbol: value})), c.sign)


def _bounds(symbols: Iterable[sympy.Symbol], facts: Facts) -> list[Constraint]:
    """What the domains say of the symbols."""
    found = []
    for symbol in sorted(symbols, key=lambda s: s.name):
        allowed = facts.domains.get(symbol.name, Domain())
        if allowed.low is not None:
            found.append(Constraint(symbol - sympy.Rational(allowed.low), ">=" if allowed.low_closed else ">"))
        if allowed.high is not None:
            found.append(Constraint(sympy.Rational(allowed.high) - symbol, ">=" if allowed.high_closed else ">"))
    return found


def _product(first: Row, second: Row, wanted: set[sympy.Expr]) -> Row | None:
    """The product of two inequalities, if it speaks of `wanted` monomials alone, one of them a product."""
    total: dict[sympy.Expr, Fraction] = {}
    for (a, p), (b, q) in itertools.product(first[0], second[0]):
        monomial = _times(a, b)
        if monomial not in wanted:
            return None
        total[monomial] = total.get(monomial, Fraction(0)) + p * q
    terms = sorted(((m, c) for m, c in total.items() if c), key=_by_monomial)
    nonlinear = any(not (m.is_Symbol or m == 1) for m, _ in terms)
    return (tuple(terms), first[1] and second[1]) if nonlinear else None


@lru_cache(maxsize=100_000)
def _times(a: sympy.Expr, b: sympy.Expr) -> sympy.Expr:
    return sympy.powsimp(a * b)


def _by_monomial(term: tuple[sympy.Expr, Fraction]) -> tuple:
    return _sort_key(term[0])


@lru_cache(maxsize=100_000)
def _sort_key(monomial: sympy.Expr) -> tuple:
    return monomial.sort_key()


@lru_cache(maxsize=100_000)
def _row(constraint: Constraint) -> Row:
    expr, strict = constraint.expr, constraint.sign == ">"
    if strict and expr.is_integer:
        expr, strict = expr - 1, False
    terms = {sympy.powsimp(m): Fraction(c.p, c.q) for m, c in sympy.expand(expr).as_coefficients_dict().items()}
    return tuple(sorted(terms.items(), key=_by_monomial)), strict


def _known_signs(rows: Iterable[Row]) -> list[Row]:
    monomials = dict.fromkeys(m for coefficients, _ in rows for m, _ in coefficients if m != 1)
    return [(((m, Fraction(1)),), bool(m.is_positive)) for m in monomials if m.is_nonnegative]


def _contradictory(rows: Iterable[Row]) -> bool:
    """Whether the linear inequalities `sum of coefficient * monomial >= 0` (or > 0) have no solution."""
    current = list(dict.fromkeys(rows))
    while True:
        open_rows = []
        for coefficients, strict in current:
            if all(m == 1 for m, _ in coefficients):
                constant = sum((c for _, c in coefficients), Fraction(0))
                if constant < 0 or (strict and constant == 0):
                    return True
            else:
                open_rows.append((coefficients, strict))
        if not open_rows:
            return False
        counts: dict[sympy.Expr, list[int]] = {}
        for coefficients, _ in open_rows:
            for m, c in coefficients:
                if m != 1:
                    counts.setdefault(m, [0, 0])[c > 0] += 1
        variable = min(counts, key=lambda m: counts[m][0] * counts[m][1] - sum(counts[m]))
        above, below, rest = [], [], []
        for row in open_rows:
            c = dict(row[0]).get(variable, Fraction(0))
            (above if c > 0 else below if c < 0 else rest).append(row)
        combined = (_combined(a, b, variable) for a in above for b in below)
        current = list(dict.fromkeys([*rest, *combined]))
        if len(current) > _MOST:
            return False


def _combined(above: Row, below: Row, variable: sympy.Expr) -> Row:
    """The positive combination of two inequalities in which `variable` is gone."""
    first, second = dict(above[0]), dict(below[0])
    p, q = first[variable], -second[variable]
    total = {m: q * first.get(m, 0) + p * second.get(m, 0) for m in {**first, **second} if m != variable}
    total = {m: c for m, c in total.items() if c}
    scale = max((abs(c) for c in total.values()), default=Fraction(1))
    terms = sorted(((m, c / scale) for m, c in total.items()), key=_by_monomial)
    return tuple(terms), above[1] or below[1]
