"""Whether a series converges: what its terms are in the end, and the tactics that decide it.

What a series does is settled by its tail: `eventually` follows maxima, minima and comparisons to the branch that holds
from some step on. Then the first of the `SERIES` tactics that applies decides. Each returns whether the series
converges and what shows it; None means nothing. A limit is taken for symbols that are in the open parts of their
domains; what a closed end changes is a case of its own, see `prove.schedules`.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import sympy
from sympy.core.relational import Relational

from ..algebra import reference
from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..algebra.signs import BelowOne
from ..analysis.proof import ONE, ZERO
from ..replay.adversary import values_in
from ..spec.functions import kinds

Shown = tuple[bool, str]  # whether the series converges, and why

_NOT_SMOOTH = (sympy.Piecewise, *kinds(lambda row: row.kinks))
_FAR, _NEAR = 10**9, Fraction(1, 1000)
_LONGEST = 64  # steps of a period of which each is looked at


def decide_series(
    term: sympy.Expr, t: sympy.Symbol, assumptions: Assumptions, spell: Callable[[sympy.Expr], str]
) -> tuple[str, Shown] | None:
    """The tactic that decides the series of `term`, over assumed symbols, and what it found."""
    for name, tactic in SERIES.items():
        if (found := tactic(term, t, assumptions, spell)) and _plausible(term, t, assumptions, found[0]):
            return name, found
    return None


def _plausible(term: sympy.Expr, t: sympy.Symbol, assumptions: Assumptions, converges: bool) -> bool:
    """Whether far terms, for some hyperparameters, fall as they do in such a series.

    A limit over symbols rests on SymPy: this keeps a wrong one from being believed.
    """
    if term.has(*_NOT_SMOOTH) or t not in term.free_symbols:
        return True
    names = sorted(s.name for s in term.free_symbols - {t})
    value = reference.function(term)
    for k in range(4):
        point = {n: reference.number((o := values_in(assumptions.domains[n]))[k % len(o)]) for n in names}
        try:
            near, far = (abs(value({**point, t.name: step})) for step in (_FAR, 2 * _FAR))
        except (ZeroDivisionError, ValueError, OverflowError):
            continue
        falls = near > far * (2 - _NEAR) if converges else near < far * (2 + _NEAR)
        if not falls and (near, far) != (0, 0):
            return False
    return True


# What holds from some step on.


def eventually(expr: sympy.Expr, t: sympy.Symbol) -> tuple[sympy.Expr, list[sympy.Expr]]:
    """What `expr` is for large `t`, and the numbers that `t` has to exceed for that."""
    since: list[sympy.Expr] = []
    return _follow(expr, t, since), since


def _follow(expr: sympy.Basic, t: sympy.Symbol, since: list[sympy.Expr]) -> sympy.Basic:
    if expr == t or t not in expr.free_symbols:
        return expr
    if isinstance(expr, sympy.Piecewise):
        for value, condition in expr.args:
            holds = _follow(condition, t, since)
            if holds == sympy.true:
                return _follow(value, t, since)
            if holds != sympy.false:
                return expr
    arguments = [_follow(argument, t, since) for argument in expr.args]
    if isinstance(expr, sympy.Pow) and arguments[0] == 0:
        exponent = arguments[1].args[0] - 1 if isinstance(arguments[1], sympy.floor) else arguments[1]
        return ZERO if _final_sign(exponent, t, since) == 1 else expr.func(*arguments)
    if isinstance(expr, sympy.Max | sympy.Min):
        best, *others = arguments
        for other in others:
            sign = _final_sign(best - other, t, since)
            if sign is None:
                return expr.func(*arguments)
            best = best if (sign > 0) == isinstance(expr, sympy.Max) else other
        return best
    if isinstance(expr, Relational):
        sign = _final_sign(arguments[0] - arguments[1], t, since)
        return expr if sign is None else expr.func(sign, 0)
    return expr.func(*arguments)


def _final_sign(difference: sympy.Expr, t: sympy.Symbol, since: list[sympy.Expr]) -> int | None:
    """The sign, for large `t`, of something linear in `t`, or of something without it; never zero."""
    slope = sympy.expand(sympy.diff(difference, t))
    if t in slope.free_symbols:
        return None
    deciding = slope if slope != 0 else difference
    sign = 1 if deciding.is_positive else -1 if deciding.is_negative else None
    if sign is not None and slope != 0:
        start = sympy.expand(t - difference / slope)
        since.extend([start] if start not in since else [])
    return sign


# Series with terms of one sign in the end.


def _finite_sum(term: sympy.Expr, t: sympy.Symbol, assumptions: Assumptions, spell: Callable) -> Shown | None:
    return (True, "all further terms are 0") if sympy.expand(term) == 0 else None


def _bounded_below(term: sympy.Expr, t: sympy.Symbol, assumptions: Assumptions, spell: Callable) -> Shown | None:
    """Terms that are a positive constant, or that and something non-negative."""
    constant, rest = sympy.expand(term).as_independent(t, as_Add=True)
    if not (constant.is_positive and nonnegative(rest)):
        return None
    return False, f"all further terms are {'' if rest == 0 else 'at least '}{spell(constant)} > 0"


def _recurrence(term: sympy.Expr, t: sympy.Symbol, assumptions: Assumptions, spell: Callable) -> Shown | None:
    """A value that comes back every `period` steps: where t - start is a multiple of it."""
    for node in sorted(term.atoms(sympy.Mod), key=sympy.default_sort_key):
        phase, period = node.args
        start = sympy.expand(t - phase)
        if not (period.is_integer and period.is_positive and start.is_integer):
            continue
        for rest in range(min(period, _LONGEST) if period.is_Integer else 1):
            value = term.xreplace({node: sympy.Integer(rest)})
            still = t not in start.free_symbols | period.free_symbols | value.free_symbols
            if still and (value.is_positive or value.is_negative):
                times = f"t = {spell(start + rest)} + k * {spell(period)}"
                return False, f"the term of {times} is {spell(value)}, not 0, for every whole k"
    return None


def _limit_comparison(term: sympy.Expr, t: sympy.Symbol, assumptions: Assumptions, spell: Callable) -> Shown | None:
    """Compare with t**-p, where p is the limit of -t * a'(t) / a(t), if the quotient has a limit above 0."""
    if term.has(*_NOT_SMOOTH) or t not in term.free_symbols:
        return None
    x = sympy.Dummy("x", positive=True)
    smooth = term.xreplace({t: x})
    p = _limit(sympy.simplify(-x * sympy.diff(smooth, x) / smooth), x)
    if p is None or not p.is_finite:
        return None
    quotient = _limit(sympy.simplify(smooth * x**p), x)
    if quotient is None or not ((quotient.is_positive or quotient.is_negative) and quotient.is_finite):
        return None
    converges = _above_one(p, assumptions)
    if converges is None:
        return None
    side, sign = "> 1" if converges else "<= 1", ">" if quotient.is_positive else "<"
    return converges, f"the terms times t**p tend to {spell(quotient)} {sign} 0 for p = {spell(p)} {side}"


def _beside_powers(term: sympy.Expr, t: sympy.Symbol, assumptions: Assumptions, spell: Callable) -> Shown | None:
    """Terms that are in the end larger than 1 / t, or smaller than a power of it that has a sum."""
    if term.has(*_NOT_SMOOTH) or t not in term.free_symbols:
        return None
    x = sympy.Dummy("x", positive=True)
    smooth = term.xreplace({t: x})
    if _limit(sympy.simplify(smooth * x), x) in (sympy.oo, -sympy.oo):
        return False, "the terms times t grow without bound"
    for p in map(sympy.Rational, ("2", "3/2", "5/4")):
        if _limit(sympy.simplify(smooth * x**p), x) == 0:
            return True, f"the terms times t**{p} tend to 0" if p == 2 else f"the terms times t**({p}) tend to 0"
    return None


def _ratio(term: sympy.Expr, t: sympy.Symbol, assumptions: Assumptions, spell: Callable) -> Shown | None:
    """The quotient of terms that are some steps apart tends to a number below one."""
    term = term.replace(sympy.floor, lambda argument: sympy.floor(sympy.expand(argument)))
    lags = [ONE, *sorted({1 / sympy.diff(f.args[0], t) for f in term.atoms(sympy.floor)}, key=sympy.default_sort_key)]
    for lag in lags:
        if not (lag.is_integer and lag.is_positive):
            continue
        moved = term.xreplace({t: t + lag})
        moved = moved.replace(sympy.floor, lambda argument: sympy.floor(sympy.expand(argument)))
        ratio = sympy.powsimp(sympy.expand_power_exp(moved) / sympy.expand_power_exp(term))
        ratio = sympy.cancel(ratio)
        if ratio.has(*_NOT_SMOOTH):
            continue
        limit = _limit(ratio, t) if t in ratio.free_symbols else ratio
        if limit is not None and below_one(limit, assumptions):
            apart = "" if lag == 1 else f" {spell(lag)} steps apart"
            return True, f"the quotient of terms{apart or ' that follow each other'} tends to {spell(limit)} < 1"
    return None


SERIES: dict[str, Callable[..., Shown | None]] = {
    "finite sum": _finite_sum,
    "positive lower bound": _bounded_below,
    "recurring value": _recurrence,
    "limit comparison with a p-series": _limit_comparison,
    "ratio test": _ratio,
    "comparison with powers of t": _beside_powers,
}


def _limit(expr: sympy.Expr, x: sympy.Symbol) -> sympy.Expr | None:
    # SymPy cannot assume b < 1, but it knows that exp(-c) is below one for a positive c
    below = {b: sympy.Dummy(positive=True) for b in expr.free_symbols if isinstance(b, BelowOne) and b.is_positive}
    try:
        found = sympy.limit(expr.xreplace({b: sympy.exp(-c) for b, c in below.items()}), x, sympy.oo)
    except (NotImplementedError, ValueError):
        return None
    if isinstance(found, sympy.Limit | sympy.AccumBounds) or x in found.free_symbols:
        return None
    return sympy.powsimp(sympy.expand_power_exp(found.xreplace({c: -sympy.log(b) for b, c in below.items()})))


def _above_one(p: sympy.Expr, assumptions: Assumptions) -> bool | None:
    """Whether `p` exceeds one; None if that depends on hyperparameters, or is not known."""
    if p.is_Rational:
        return bool(p > 1)
    factor, symbol = p.as_coeff_Mul()
    if not (symbol.is_Symbol and factor.is_Rational and factor > 0):
        return True if assumptions.positive(p - 1) else False if nonnegative(1 - p) else None
    found, edge = assumptions.domains[symbol.name], 1 / Fraction(factor)
    if found.low is not None and (found.low > edge or (found.low == edge and not found.low_closed)):
        return True
    return False if found.high is not None and found.high <= edge else None


def below_one(value: sympy.Expr, assumptions: Assumptions) -> bool:
    """Whether `value` is a product of numbers of [0, 1) and positive powers of them."""
    if value.is_number:
        return bool(value.is_real and 0 <= value < 1)
    powers = (factor.as_base_exp() for factor in sympy.Mul.make_args(value))
    return all(_factor_below_one(base, exponent, assumptions) for base, exponent in powers)


def _factor_below_one(base: sympy.Expr, exponent: sympy.Expr, assumptions: Assumptions) -> bool:
    if base == sympy.E:
        return bool(exponent.is_negative)
    if not exponent.is_positive:
        return False
    if isinstance(base, BelowOne) or (base.is_Rational and 0 <= base < 1):
        return True
    return nonnegative(base) and assumptions.positive(sympy.together(1 - base))
