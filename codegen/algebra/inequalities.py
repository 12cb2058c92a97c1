"""Whether inequalities exclude each other: exact elimination after Fourier and Motzkin.

Every product of symbols is a variable of its own, so what is decided is linear. Two things make up for
much of what that forgets: products whose sign SymPy knows, and products of two of the inequalities.
Between whole numbers `a > b` is `a >= b + 1`.
"""

from __future__ import annotations

import functools
import itertools
import math
import operator
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sympy

from ..spec.domain import Domain
from .assumptions import Assumptions

_MOST = 1500  # inequalities at once; beyond it nothing is found out
_ONE = sympy.Integer(1)

Row = tuple[tuple[tuple[sympy.Expr, int], ...], bool]  # coefficients of the monomials; whether it is strict
Vector = tuple[tuple[int, ...], bool]  # the coefficients alone, in an order that holds for all, the constant first


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


def impossible(constraints: Iterable[Constraint], assumptions: Assumptions) -> bool:
    """Whether no real numbers within `assumptions` satisfy all `constraints`. False means nothing.

    Constraints that share no symbol, not even through others, are looked at apart: most of them come again and again.
    """
    domains = frozenset(assumptions.domains.items())
    return any(_impossible(part, domains) for part in _parts(constraints))


def _parts(constraints: Iterable[Constraint]) -> list[frozenset[Constraint]]:
    """The constraints in groups that share symbols."""
    groups: list[tuple[set[str], set[Constraint]]] = []
    for c in constraints:
        names, members = set(_names(c.expr)), {c}
        apart = []
        for group in groups:
            if names & group[0]:
                names |= group[0]
                members |= group[1]
            else:
                apart.append(group)
        groups = [*apart, (names, members)]
    return [frozenset(members) for _, members in groups]


@lru_cache(maxsize=100_000)
def _names(expr: sympy.Expr) -> frozenset[str]:
    return frozenset(s.name for s in expr.free_symbols)


@lru_cache(maxsize=20_000)
def _impossible(constraints: frozenset[Constraint], domains: frozenset[tuple[str, Domain]]) -> bool:
    assumptions = Assumptions(dict(domains))
    # in an order of our own, so that effort and result are the same for any seed of the hashes
    ordered = sorted(constraints, key=lambda c: (c.sign, _sort_key(c.expr)))
    assumed = [_assumed(c, domains) for c in ordered]
    found = _without_equalities(assumed + _bounds({s for c in assumed for s in c.expr.free_symbols}, assumptions))
    if found is None:
        return True
    rows = list(dict.fromkeys(map(_row, found)))
    rows += _known_signs(rows)
    if _contradictory(rows):
        return True
    wanted = {monomial for coefficients, _ in rows for monomial, _ in coefficients} | {_ONE}
    if all(monomial.is_Symbol or monomial == 1 for monomial in wanted):
        return False
    pairs = _multipliable(rows, wanted)
    products = [row for first, second in pairs if (row := _product(first, second)) is not None]
    return bool(products) and _contradictory([*rows, *products])


@lru_cache(maxsize=100_000)
def _assumed(c: Constraint, domains: frozenset[tuple[str, Domain]]) -> Constraint:
    return Constraint(Assumptions(dict(domains)).assume(c.expr), c.sign)


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


def _bounds(symbols: Iterable[sympy.Symbol], assumptions: Assumptions) -> list[Constraint]:
    """What the domains say of the symbols."""
    found = []
    for symbol in sorted(symbols, key=lambda s: s.name):
        allowed = assumptions.domains.get(symbol.name, Domain())
        if allowed.low is not None:
            found.append(Constraint(symbol - sympy.Rational(allowed.low), ">=" if allowed.low_closed else ">"))
        if allowed.high is not None:
            found.append(Constraint(sympy.Rational(allowed.high) - symbol, ">=" if allowed.high_closed else ">"))
    return found


def _multipliable(rows: list[Row], wanted: set[sympy.Expr]) -> Iterator[tuple[Row, Row]]:
    """The pairs of inequalities whose product speaks of `wanted` monomials alone."""
    monomials = list(dict.fromkeys(m for terms, _ in rows for m, _ in terms))
    bit = {m: 1 << k for k, m in enumerate(monomials)}
    # for each monomial those by which it may be multiplied, as the bits of a number
    partners = {a: sum(bit[b] for b in monomials if _times(a, b) in wanted) for a in monomials}
    has = [sum(bit[m] for m, _ in terms) for terms, _ in rows]
    may = [functools.reduce(operator.and_, (partners[m] for m, _ in terms), -1) for terms, _ in rows]
    for first, second in itertools.combinations(range(len(rows)), 2):
        if not has[second] & ~may[first]:
            yield rows[first], rows[second]


def _product(first: Row, second: Row) -> Row | None:
    """The product of two inequalities, unless it is linear."""
    total: dict[sympy.Expr, int] = {}
    for (a, p), (b, q) in itertools.product(first[0], second[0]):
        monomial = _times(a, b)
        total[monomial] = total.get(monomial, 0) + p * q
    terms = sorted(((m, c) for m, c in total.items() if c), key=_by_monomial)
    nonlinear = any(not (m.is_Symbol or m == 1) for m, _ in terms)
    return (tuple(terms), first[1] and second[1]) if nonlinear else None


@lru_cache(maxsize=100_000)
def _times(a: sympy.Expr, b: sympy.Expr) -> sympy.Expr:
    return sympy.powsimp(a * b)


def _by_monomial(term: tuple[sympy.Expr, int]) -> Any:
    return _sort_key(term[0])


@lru_cache(maxsize=100_000)
def _sort_key(monomial: sympy.Expr) -> Any:
    return monomial.sort_key()


@lru_cache(maxsize=100_000)
def _row(constraint: Constraint) -> Row:
    expr, strict = constraint.expr, constraint.sign == ">"
    if strict and expr.is_integer:
        expr, strict = expr - 1, False
    terms = {sympy.powsimp(m): c for m, c in sympy.expand(expr).as_coefficients_dict().items()}
    multiple = math.lcm(*(c.q for c in terms.values()))
    return tuple(sorted(((m, int(c * multiple)) for m, c in terms.items()), key=_by_monomial)), strict


def _known_signs(rows: Iterable[Row]) -> list[Row]:
    monomials = dict.fromkeys(m for coefficients, _ in rows for m, _ in coefficients if m != 1)
    return [(((m, 1),), bool(m.is_positive)) for m in monomials if m.is_nonnegative]


def _contradictory(rows: Iterable[Row]) -> bool:
    """Whether the linear inequalities `sum of coefficient * monomial >= 0` (or > 0) have no solution."""
    rows = list(rows)
    place = {m: k for k, m in enumerate(dict.fromkeys(m for terms, _ in rows for m, _ in terms if m != 1), start=1)}
    current = list(dict.fromkeys(_vector(row, place) for row in rows))
    while True:
        open_rows = []
        for numbers, strict in current:
            if any(numbers[1:]):
                open_rows.append((numbers, strict))
            elif numbers[0] < 0 or (strict and numbers[0] == 0):
                return True
        if not open_rows:
            return False
        columns = list(zip(*(numbers for numbers, _ in open_rows), strict=True))
        costs = {}
        for k, column in enumerate(columns):
            above, below = sum(c > 0 for c in column), sum(c < 0 for c in column)
            if k and (above or below):
                costs[k] = above * below - above - below
        variable = min(costs, key=costs.__getitem__)
        above = [row for row in open_rows if row[0][variable] > 0]
        below = [row for row in open_rows if row[0][variable] < 0]
        rest = [row for row in open_rows if row[0][variable] == 0]
        combined = (_combined(a, b, variable) for a in above for b in below)
        current = list(dict.fromkeys([*rest, *combined]))
        if len(current) > _MOST:
            return False


def _vector(row: Row, place: Mapping[sympy.Expr, int]) -> Vector:
    terms, strict = row
    numbers = [0] * (len(place) + 1)
    for m, c in terms:
        numbers[place.get(m, 0)] += c
    return _reduced(numbers), strict


def _reduced(numbers: list[int]) -> tuple[int, ...]:
    divisor = math.gcd(*numbers)
    return tuple(n // divisor for n in numbers) if divisor > 1 else tuple(numbers)


def _combined(above: Vector, below: Vector, variable: int) -> Vector:
    """The positive combination of two inequalities in which `variable` is gone."""
    p, q = above[0][variable], -below[0][variable]
    return _reduced([q * a + p * b for a, b in zip(above[0], below[0], strict=True)]), above[1] or below[1]
