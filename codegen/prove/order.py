"""Statements about what is larger: bounds on values by the signs of squares, orders by that of a slope."""

from __future__ import annotations

import operator
from collections.abc import Iterator

import sympy

from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..algebra.tactics import decide
from ..analysis.derive import inlined
from ..analysis.invariants import Invariants, invariants
from ..analysis.premises import Premises
from ..analysis.proof import ZERO, Formatter, prove_claim
from ..analysis.traces import wrong
from ..claims.order import AtMost, Ordered
from ..replay import replay
from ..result import PROVED, REFUTED, UNDECIDED, Line, Outcome, Result
from ..spec.domain import POSITIVE
from ..spec.rules import Optimizer
from ..spec.symbols import GRADIENT
from ..statement import Holds
from ..statement.order import InOrder
from .properties import searched, undefined


@prove_claim.register
def _(claim: AtMost, rule: Optimizer) -> Iterator[Result]:
    """The difference is a sum of what is not negative, or that of the squares is, with a right side that is not."""
    assumed, values, spell = Premises(rule), inlined(rule), Formatter(rule)
    assumed.defined(claim.left, claim.right)
    statement = assumed.statement(Holds(claim.left, "<=", claim.right))
    if none := undefined(claim.label, statement):
        yield none
        return
    held = invariants(rule)
    assumptions = held.assumptions(assumed.assumptions)
    left, right = (assumptions.assume(side.xreplace(values)) for side in (claim.left, claim.right))
    line = Line(f"{spell(claim.right)} - {spell(claim.left)} >= 0", "signs")
    shown = _not_negative(right - left, held, assumptions)
    if not shown and _not_negative(right, held, assumptions):
        line = Line(f"the square of {spell(claim.right)} less that of {spell(claim.left)} is >= 0", "signs")
        shown = _not_negative(right**2 - left**2, held, assumptions)
    if shown:
        yield Outcome(PROVED, "signs", derivation=(line,)).of(claim.label, statement)
        return
    broken = wrong(claim.left, claim.right, operator.gt)
    yield searched(claim, statement, broken, "no tactic shows that it is not larger")


def _not_negative(expr: sympy.Expr, held: Invariants, assumptions: Assumptions) -> bool:
    """Whether `expr`, over assumed symbols, is at least zero: above and below the line."""
    if held.nonnegative_value(expr, assumptions):
        return True
    above, below = sympy.fraction(sympy.together(expr))
    above = sympy.expand(above)
    return held.nonnegative_value(below, assumptions) and any(
        held.nonnegative_value(value, assumptions) for value in (above, sympy.factor(above))
    )


@prove_claim.register
def _(claim: Ordered, rule: Optimizer) -> Iterator[Result]:
    """The value is that of -g. For g > 0 it is smooth, and its slope has a sign; so has the way there from g = 0."""
    assumed, spell = Premises(rule), Formatter(rule)
    assumed.defined(claim.value)
    statement = assumed.statement(InOrder(claim.value, claim.rises))
    if none := undefined(claim.label, statement):
        yield none
        return
    if lines := _slope(claim, rule, invariants(rule).assumptions(assumed.assumptions), spell):
        yield Outcome(PROVED, "signs of the slope", derivation=lines).of(claim.label, statement)
    elif found := replay(statement).broken:
        yield Outcome(REFUTED, "simulation", counterexample=found).of(claim.label, statement)
    else:
        reason = "no tactic shows in which direction it goes, and no run refutes it"
        yield Outcome(UNDECIDED, reason=reason).of(claim.label, statement)


def _slope(claim: Ordered, rule: Optimizer, assumptions: Assumptions, spell: Formatter) -> tuple[Line, ...]:
    """What shows the direction; nothing if it is not shown."""
    held, value = invariants(rule), claim.value.xreplace(inlined(rule))
    g = next((s for s in value.free_symbols if s.name == GRADIENT), None)
    if g is None or decide(value.xreplace({g: -g}), value, assumptions).status != PROVED:
        return ()
    assumptions = assumptions.also(g=POSITIVE)
    x, of = assumptions.symbol(GRADIENT), assumptions.assume(value)
    if not _smooth(of, x, assumptions):
        return ()
    sign = 1 if claim.rises else -1
    slope, start = sympy.diff(of, x), assumptions.assume(value.xreplace({g: ZERO}))
    if not _not_negative(sign * slope, held, assumptions):
        return ()
    if not start.has(sympy.nan, sympy.zoo) and not _not_negative(sign * (of - start), held, assumptions):
        return ()
    text, order = spell(claim.value), ">=" if claim.rises else "<="
    return (
        Line(f"{text} is the same for -g", "so let g > 0"),
        Line(f"its derivative in g is {order} 0", "signs"),
        Line(f"{text} {order} what it is at g = 0, if it is anything there", "signs"),
    )


def _smooth(of: sympy.Expr, x: sympy.Symbol, assumptions: Assumptions) -> bool:
    """Whether `of` is made of sums, products, and powers of what is positive, as far as it depends on `x`."""
    for part in sympy.preorder_traversal(of):
        if x not in part.free_symbols or part == x:
            continue
        if isinstance(part, sympy.Pow):
            whole = part.exp.is_Integer and part.exp > 0
            if x in part.exp.free_symbols or not (whole or _above_zero(part.base, assumptions)):
                return False
        elif not isinstance(part, sympy.Add | sympy.Mul):
            return False
    return True


def _above_zero(base: sympy.Expr, assumptions: Assumptions) -> bool:
    return nonnegative(base) and assumptions.nonzero(base)
