"""Whether a map of hyperparameters leads into the domains of the other rule, whatever its own hyperparameters are.

A map may leave a domain only where a closed end of an own domain is reached, as `beta = 1 - alpha` reaches 1 at
alpha = 0: then that end is excluded from the statement, through `Premises`. Any other point outside refutes it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import sympy
from sympy.core.relational import Relational

from ..algebra import exact
from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..algebra.inequalities import Constraint, impossible
from ..algebra.intervals import interval
from ..algebra.points import candidates
from ..spec.domain import Domain
from ..spec.enclosure import floor
from ..spec.symbols import STEP
from .premises import Premises

_STEPS = tuple(map(Fraction, (1, 2, 3, 10, 100)))
_NEAR, _FAR = Fraction(1, 1000), Fraction(1000)
_MOST_POINTS = 600

Point = Mapping[str, Fraction]


@dataclass(frozen=True)
class Outside:
    """Hyperparameters, each inside its own domain, at which the map leads out of that of the other rule."""

    point: Point
    value: exact.Number | None

    @property
    def shown(self) -> str:
        """The value for a counterexample."""
        return "none: it divides by zero" if self.value is None else exact.shown(self.value)


def contains(allowed: Domain, value: exact.Number) -> bool:
    """Whether an exact number lies in a domain. Raises UndecidableError if its enclosure is too wide to tell."""
    if isinstance(value, Fraction):
        return value in allowed
    if isinstance(value, float):  # infinite, or no number
        return False
    whole = allowed.integer and floor(value) != value
    return not whole and value in replace(allowed, integer=False)


def leads_inside(
    expr: sympy.Expr, allowed: Domain, assumed: Premises, where: Sequence[Relational] = ()
) -> Outside | None:
    """A point at which `expr` leaves `allowed`, or None; what it takes that there is none is noted in `assumed`.

    Where it has no value it leaves as well. `where` are conditions that have been noted already.
    """
    if proved_inside(expr, allowed, assumed.assumptions, where) and not _divides(expr, assumed.assumptions):
        return None
    ends: dict[str, set[Fraction]] = {}
    at_end: list[Point] = []
    for point, value in _values(expr, assumed.assumptions, where):
        if _is_inside(allowed, value):
            continue
        reached = {n for n, v in point.items() if n != STEP and is_end(assumed.assumptions.domains[n], v)}
        if not reached:
            return Outside(point, value)
        at_end.append({n: point[n] for n in reached})
        for name in reached:
            ends.setdefault(name, set()).add(point[name])
    # of two that may not be at their ends at once, neither is to blame
    if not at_end or min(map(len, at_end)) == 1:
        for opened in _openings(ends, at_end, assumed.assumptions):
            assumptions = assumed.assumptions.also(**opened)
            if proved_inside(expr, allowed, assumptions, where) and not _divides(expr, assumptions):
                for name, narrowed in opened.items():
                    assumed.domain(name, narrowed)
                return None
    assumed.nonzero(*_below(expr))
    for condition, one_sided in comparisons(expr, allowed):
        if not proved_inside(expr, one_sided, assumed.assumptions, where):
            assumed.holds(condition)
    return None


def _is_inside(allowed: Domain, value: exact.Number | None) -> bool:
    """False only if that is certain."""
    try:
        return value is not None and contains(allowed, value)
    except exact.UndecidableError:
        return True


def _below(expr: sympy.Expr) -> list[sympy.Expr]:
    """What `expr` divides by."""
    return sorted(
        {p.base for p in expr.atoms(sympy.Pow) if p.exp.could_extract_minus_sign()}, key=sympy.default_sort_key
    )


def _divides(expr: sympy.Expr, assumptions: Assumptions) -> bool:
    """Whether something that may be zero is divided by."""
    return not all(assumptions.nonzero(d) for d in _below(expr))


def proved_inside(
    expr: sympy.Expr, allowed: Domain, assumptions: Assumptions, where: Sequence[Relational] = ()
) -> bool:
    """Whether `expr` is known to lie in `allowed`, for all values within `assumptions` at which it has one."""
    if expr.is_infinite:
        return False
    if isinstance(expr, sympy.Max | sympy.Min) and all(
        proved_inside(a, allowed, assumptions, where) for a in expr.args
    ):
        return True
    if allowed.covers(range_of(expr, assumptions)):
        return True
    if allowed.integer and not assumptions.assume(expr).is_integer:
        return False
    low, high = (None if end is None else sympy.Rational(end) for end in (allowed.low, allowed.high))
    return (low is None or _positive(expr - low, not allowed.low_closed, assumptions, where)) and (
        high is None or _positive(high - expr, not allowed.high_closed, assumptions, where)
    )


def _positive(expr: sympy.Expr, strict: bool, assumptions: Assumptions, where: Sequence[Relational]) -> bool:
    """Whether `expr` is known to be above zero, or at least zero if it need not be `strict`."""
    forms = [expr, sympy.factor(sympy.together(expr)), sympy.expand(expr)]
    if any(assumptions.positive(f) if strict else nonnegative(assumptions.assume(f)) for f in forms):
        return True
    above, below = sympy.fraction(sympy.together(assumptions.assume(expr)))
    if not (nonnegative(below) and assumptions.nonzero(below)):
        return False
    given = [Constraint(sympy.expand(c.gts - c.lts), ">" if c.rel_op in ("<", ">") else ">=") for c in where]
    return impossible([Constraint(sympy.expand(-above), ">=" if strict else ">"), *given], assumptions)


def comparisons(expr: sympy.Expr, allowed: Domain) -> Iterator[tuple[sympy.Basic, Domain]]:
    """That `expr` lies in `allowed`: each comparison with the domain that it stands for."""
    if allowed.low is not None:
        relation = sympy.Ge if allowed.low_closed else sympy.Gt
        yield (
            relation(expr, sympy.Rational(allowed.low), evaluate=False),
            Domain(low=allowed.low, low_closed=allowed.low_closed),
        )
    if allowed.high is not None:
        relation = sympy.Le if allowed.high_closed else sympy.Lt
        yield (
            relation(expr, sympy.Rational(allowed.high), evaluate=False),
            Domain(high=allowed.high, high_closed=allowed.high_closed),
        )
    if allowed.integer:
        yield sympy.Eq(sympy.Mod(expr, 1), 0, evaluate=False), Domain(integer=True)


def range_of(expr: sympy.Expr, assumptions: Assumptions) -> Domain:
    """An interval in which `expr` lies wherever it has a value. Only of names and numbers it says if they are whole."""
    found = interval(expr, assumptions.domains)
    return replace(found, integer=expr.is_Integer) if expr.is_Rational else found


# Points.


def _values(
    expr: sympy.Expr, assumptions: Assumptions, where: Iterable[Relational]
) -> Iterator[tuple[Point, exact.Number | None]]:
    """`expr` at many points of the own domains, their closed ends among them; None where it has no value."""
    names = sorted(s.name for s in expr.free_symbols)
    names += sorted({s.name for c in where for s in c.free_symbols} - set(names))
    for point in _points(names, assumptions):
        try:
            if not all(exact.evaluate(c, point) for c in where):
                continue
        except ArithmeticError:
            continue
        try:
            yield point, exact.evaluate(expr, point)
        except exact.UndefinedError:
            yield point, None
        except exact.UndecidableError:
            continue


def _points(names: Sequence[str], assumptions: Assumptions) -> Iterator[Point]:
    choices = [_STEPS if name == STEP else _numbers(assumptions.domains.get(name, Domain())) for name in names]
    count = sympy.prod(map(len, choices))
    if count <= _MOST_POINTS:
        for values in itertools.product(*choices):
            yield dict(zip(names, values, strict=True))
        return
    for number in range(_MOST_POINTS):
        # a different stride for each, so that no relation between them holds at every point
        yield {
            name: options[(number * (2 * place + 1) + number // len(options)) % len(options)]
            for place, (name, options) in enumerate(zip(names, choices, strict=True))
        }


def _numbers(allowed: Domain) -> list[Fraction]:
    """Numbers of a domain: simple ones, and those at its ends and near to them."""
    low, high = allowed.low, allowed.high
    found = candidates(allowed)[:3]
    found += [end for end in (low, high) if end is not None]
    found += [low + _NEAR if low is not None else -_FAR, high - _NEAR if high is not None else _FAR]
    return [v for v in dict.fromkeys(found) if v in allowed]


def is_end(allowed: Domain, value: Fraction) -> bool:
    """Whether the domain ends at `value`."""
    return value in (allowed.low, allowed.high)


def _openings(
    ends: Mapping[str, set[Fraction]], at_end: Sequence[Point], assumptions: Assumptions
) -> Iterator[dict[str, Domain]]:
    """Own domains without the ends at which the map leaves, the fewest first: each point has to be excluded."""
    found = [(name, end) for name in sorted(ends) for end in sorted(ends[name])]
    for size in range(len(found) + 1):
        for chosen in itertools.combinations(found, size):
            if all(any(point.get(name) == end for name, end in chosen) for point in at_end):
                opened: dict[str, Domain] = {}
                for name, end in chosen:
                    opened[name] = _without(opened.get(name, assumptions.domains[name]), end)
                if all(o.low is None or o.high is None or o.low < o.high for o in opened.values()):
                    yield opened


def _without(allowed: Domain, end: Fraction) -> Domain:
    if end == allowed.low:
        return replace(allowed, low_closed=False)
    return replace(allowed, high_closed=False)
