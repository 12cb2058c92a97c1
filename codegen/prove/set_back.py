"""Steps of a rule whose weights are set back every k steps to a state that starts there."""

from __future__ import annotations

import sympy

from ..algebra.assumptions import Assumptions
from ..algebra.shorten import shorten
from ..algebra.signs import known_sign
from ..analysis.choices import replaced
from ..analysis.closed import default_values
from ..analysis.limits import Limits
from ..analysis.proof import ONE, ZERO
from ..analysis.weights import NoBoundError
from ..result import Line
from .largest import Largest


def step_behind(search: Largest) -> sympy.Expr:
    """The step over the distance of `w` from a state that starts there and that it is set back to every k steps.

    In between the distance gains what `w` does, so that it is at most k - 1 times the largest of that.
    """
    starts = [s for s, v in search.rule.state.items() if v.is_Symbol and v.name == "w"]
    whole = {search.symbol(f"{s.name}_new"): search.own[s.name] for s in starts}
    moved = search.own["w"].xreplace(whole)
    choices = {c for c in moved.atoms(sympy.StrictGreaterThan) if isinstance(c.lhs, sympy.Mod) and c.rhs == 0}
    if len(starts) != 1 or len(choices) != 1:
        raise NoBoundError("the step is not linear in w")
    (choice,), slow, w = choices, search.symbol(starts[0].name), search.symbol("w")
    count, every = choice.lhs.args
    if count != search.t or not (every.is_integer and every.is_positive):
        raise NoBoundError(f"{choice} is not known to hold in all but each k-th step")
    distance = sympy.Symbol(f"(w - {slow})", real=True)
    search.arrays.add(distance.name)
    steps, kept = [], []
    for holds in (sympy.true, sympy.false):
        at = {choice: holds}
        after, before = (replaced(e, at).xreplace({w: slow + distance}) for e in (moved, search.own[slow.name]))
        steps.append(_in(distance, after - slow - distance))
        kept.append(_in(distance, after - before))
    gain = kept[0] - distance
    if kept[1] != 0 or distance in gain.free_symbols | steps[0].free_symbols:
        raise NoBoundError("w is not set back to where it started")
    if any(slow in e.free_symbols for e in (*steps, gain)):
        raise NoBoundError(f"the step depends on {slow}")
    most = _peak(search, search.largest(sympy.factor_terms(gain)))
    if not search.kept(every, most):
        raise NoBoundError(f"what w gains over {slow} may change")
    search.behind[distance] = (every - 1) * most
    text = f"abs(w[t-1] - {slow}[t-1]) <= {search.spell(search.behind[distance])}"
    search.lines.append(Line(text, f"by induction over Mod(t, {every}), which is at most {every} - 1"))
    return sympy.Piecewise((steps[0], choice), (steps[1], True))


def _in(symbol: sympy.Symbol, expr: sympy.Expr) -> sympy.Expr:
    """`expr` as a multiple of `symbol` and a rest."""
    slope = shorten(sympy.diff(expr, symbol))
    if symbol in slope.free_symbols:
        raise NoBoundError(f"the step is not linear in {symbol}")
    return slope * symbol + sympy.factor_terms(expr.xreplace({symbol: ZERO}))


def _peak(search: Largest, expr: sympy.Expr) -> sympy.Expr:
    """A bound on `expr`, which is not negative, for all t: 1 - b**t is in [1 - b, 1]."""
    if search.t not in expr.free_symbols:
        return expr
    if expr.is_Mul or expr.is_Pow:
        exponent = expr.exp if expr.is_Pow else ONE
        factors = sympy.Mul.make_args(expr.base if expr.is_Pow else expr)
        if expr.is_Pow and len(factors) == 1:
            return _peak_of_rest(search, expr.base, exponent)
        return sympy.Mul(*(_peak(search, factor**exponent) for factor in factors))
    return _peak_of_rest(search, expr, ONE)


def _peak_of_rest(search: Largest, rest: sympy.Expr, exponent: sympy.Expr) -> sympy.Expr:
    power = ONE - rest
    base = power.xreplace({search.t: ONE})
    limits = Limits(Assumptions.of(search.rule), search.assumed, default_values(search.rule))
    is_power = search.t not in exponent.free_symbols and sympy.powsimp(base**search.t / power) == 1
    if not is_power or known_sign(base) != 1 or not limits.below_one(base):
        raise NoBoundError(f"nothing bounds {search.spell(rest)} for all t")
    return ONE if exponent.is_positive else (ONE - base) ** exponent
