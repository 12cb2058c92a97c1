"""Decide whether two expressions are equal: close the residual by a named tactic, or find a point that refutes it.

A tactic answers whether it closed the residual; "no" means nothing. Only a point refutes, evaluated in
exact numbers. What is neither stays undecided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import sympy

from ..result import PROVED, REFUTED, UNDECIDED, Outcome
from .assumptions import Assumptions
from .cases import TooManyCasesError, cases, splits_of
from .obligations import record
from .points import counterexample
from .signs import is_bias_factor

_SMALL = 200  # operations; below it multiplying out costs less than looking for a point that refutes
_TOO_LARGE = 3000  # operations; beyond it a tactic is not tried


def decide(left: sympy.Expr, right: sympy.Expr, assumptions: Assumptions) -> Outcome:
    """Whether `left = right` for all real values within `assumptions`, wherever both are defined."""
    if left != right:  # else nothing need be assumed
        if _extremes_deep(left - right) > 2:
            # SymPy 1.14 takes Min(2, Max(k, Min(1/2, x))) for 2 if k is a positive integer
            assumptions = replace(assumptions, integer=False)
        left, right = assumptions.assume(left), assumptions.assume(right)
    for side in (left, right):
        if side.has(sympy.nan, sympy.zoo):  # a tactic takes what has no value in one case for settled there
            return Outcome(UNDECIDED, reason=f"{side} has no value")
    if left == right:
        return Outcome(PROVED, "identical")
    residual = left - right
    size = int(sympy.count_ops(residual))
    cheapest, *others = TACTICS
    if size < _SMALL and (method := closed(left, right, [cheapest])):
        return Outcome(PROVED, method)
    if point := counterexample(left, right, assumptions):
        return Outcome(REFUTED, "evaluation at a point", point)
    if size > _TOO_LARGE:
        return Outcome(UNDECIDED, reason=f"the residual has {size} operations, tactics stop at {_TOO_LARGE}")
    if method := closed(left, right, others if size < _SMALL else TACTICS):
        return Outcome(PROVED, method)
    text = str(residual)
    shown = text if len(text) < 200 else text[:200] + "..."
    tried = ", ".join(TACTICS)
    return Outcome(UNDECIDED, reason=f"no tactic ({tried}) closes {shown}, and no point refutes it")


def closed(left: sympy.Expr, right: sympy.Expr, tactics: Iterable[str] = ()) -> str:
    """The tactic, of those named or of all, that proves `left = right` over assumed symbols; nothing if none does."""
    if left == right:
        return "identical"
    residual = left - right
    if residual.has(sympy.nan, sympy.zoo):
        return ""  # a tactic takes what has no value in one case for settled there
    for name in tactics or TACTICS:
        if _closes(TACTICS[name], residual):
            record(left, "=", right)
            return name
    return ""


def _extremes_deep(expr: sympy.Basic) -> int:
    """How deep maxima and minima stand in one another."""
    own = int(isinstance(expr, sympy.Max | sympy.Min))
    return own + max(map(_extremes_deep, expr.args), default=0)


def _closes(tactic: Callable[[sympy.Expr], bool], residual: sympy.Expr) -> bool:
    """Whether `tactic` closes `residual`. What SymPy cannot do to it is no reason to end."""
    try:
        return tactic(residual)
    except (TypeError, ValueError, NotImplementedError, RecursionError, sympy.PolynomialError):
        return False


def closes_by_expand(residual: sympy.Expr) -> bool:
    """Multiply out, and split powers with sums in the exponent."""
    return bool(sympy.expand(residual) == 0)


def closes_by_cancel(residual: sympy.Expr) -> bool:
    """Bring every argument of a root or function, then the whole, into the form of one fraction."""
    return bool(sympy.expand(_one_fraction(residual)) == 0)


def closes_by_positive_factors(residual: sympy.Expr) -> bool:
    """Name every `1 - b**k` that is known to be positive, so that roots of products can be split.

    And every positive sum of which there is a whole power: multiplied out, it would be no factor any more.
    """
    factors = [a for a in residual.atoms(sympy.Add) if a.is_positive is None and is_bias_factor(a)]
    powers = [power for power in residual.atoms(sympy.Pow) if power.base.is_Add and power.exp.is_Integer]
    factors += [power.base for power in powers if power.base.is_positive]
    if not factors:
        return False
    names = {factor: sympy.Dummy(positive=True) for factor in factors}
    named = residual.xreplace(names)
    return closes_by_expand(sympy.expand_power_base(named)) or closes_by_cancel(named)


def closes_by_cases(residual: sympy.Expr) -> bool:
    """Split on every sign and comparison; close each case on its own."""
    if not splits_of(residual):
        return False
    try:
        return all(_closes_within(resolved, case) for resolved, case in cases(residual))
    except TooManyCasesError:
        return False


TACTICS: dict[str, Callable[[sympy.Expr], bool]] = {
    "expand": closes_by_expand,
    "positive factors": closes_by_positive_factors,
    "cancel": closes_by_cancel,
    "cases": closes_by_cases,
}


def _one_fraction(expr: sympy.Expr) -> sympy.Expr:
    expr = sympy.expand_power_exp(expr)
    inner: dict[sympy.Expr, sympy.Expr] = {}
    for node in expr.atoms(sympy.Pow, sympy.Function):
        if isinstance(node, sympy.Piecewise):
            continue
        if isinstance(node, sympy.Function) or not node.exp.is_Integer:
            # common factors stand apart, so that a root of a product with a positive factor is split
            arguments = [sympy.factor_terms(_one_fraction(argument)) for argument in node.args]
            if isinstance(node, sympy.Pow) and node.exp.is_Rational:
                arguments[0] = _squared(arguments[0])
            inner[node] = node.func(*arguments)
    return sympy.expand_power_base(sympy.cancel(sympy.together(expr.xreplace(inner))))


def _squared(expr: sympy.Expr) -> sympy.Expr:
    """A sum that is the square of another as that square, of which the root is known."""
    if not expr.is_Add or not expr.is_polynomial() or sympy.count_ops(expr) > _SMALL // 2:
        return expr
    factored = sympy.factor(expr)
    return factored if factored.is_Pow or (factored.is_Mul and any(f.is_Pow for f in factored.args)) else expr


def _closes_within(residual: sympy.Basic, case: Mapping[sympy.Expr, int]) -> bool:
    """Whether the residual vanishes in this case; where a difference is zero, one symbol is eliminated."""
    if not isinstance(residual, sympy.Expr):
        return False
    for difference, sign in case.items():
        if sign == 0:
            residual = _eliminate(residual, difference)
    if residual.has(sympy.oo, -sympy.oo):
        return False
    if residual.has(sympy.nan, sympy.zoo):
        return True  # one side has no value here, and nothing is claimed where it has none
    return closes_by_expand(residual) or closes_by_cancel(residual)


def _eliminate(expr: sympy.Expr, zero: sympy.Expr) -> sympy.Expr:
    """`expr` with one symbol replaced by what it is where `zero`, a power of something linear in it, vanishes."""
    base, exponent = zero.as_base_exp()
    zero = base if exponent.is_positive else zero
    for symbol in sorted(zero.free_symbols, key=lambda s: s.name):
        slope = sympy.diff(zero, symbol)
        if slope.is_number and slope != 0:
            return expr.xreplace({symbol: sympy.expand(symbol - zero / slope)})
    return expr
