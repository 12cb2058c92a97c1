"""How far the steps of two rules can be apart: bounds on their ratio, found by calculus and proved by algebra."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import sympy

from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..algebra.tactics import decide
from ..analysis.derive import by_name, inlined, transition
from ..analysis.premises import Premises
from ..analysis.proof import Formatter
from ..result import PROVED
from ..spec.rules import Optimizer
from ..spec.symbols import PARAMETER, STEP, New, Scalar, new
from ..statement import Said, Statement

_POWERS = (sympy.Integer(2), sympy.Rational(1, 2))


@dataclass(frozen=True)
class RatioBound:
    """What is proved of the ratio of two steps, and how."""

    statement: Statement
    method: str


def bound(first: Optimizer, second: Optimizer, tick: Callable[[], None] = lambda: None) -> RatioBound | None:
    """Bounds on the ratio of two steps from the same state with the same hyperparameters; None if none is found.

    Where the two do not share the unit of a hyperparameter, that of `second` may be a power of that of `first`.
    """
    states = {s.name for s in first.state}
    if not states or states != {s.name for s in second.state}:
        return None
    for changed, power in _changes(first, second):
        tick()
        found = _bound(first, second, {changed: power} if changed else {})
        if found is not None:
            return found
    return None


def _changes(first: Optimizer, second: Optimizer) -> Iterator[tuple[str, sympy.Expr]]:
    yield "", sympy.Integer(1)
    mine = {h.name for h in first.hypers}
    for h in second.hypers:
        if h.name in mine and h.name != "lr":
            for power in _POWERS:
                yield h.name, power


def _bound(first: Optimizer, second: Optimizer, powers: Mapping[str, sympy.Expr]) -> RatioBound | None:
    assumptions = Assumptions.of(first, second)
    if not _alike(first, second, powers, assumptions):
        return None
    roots = {s.name: sympy.Symbol(f"root_{s.name}", nonnegative=True) for s in first.state if not isinstance(s, Scalar)}
    numerators, denominators = [], []
    for rule, changed in ((first, {}), (second, powers)):
        states = {s.name for s in rule.state}
        kept = frozenset(s.target for s in rule.steps if isinstance(s.target, New) and s.target.of.name in states)
        value = next(v for k, v in inlined(rule, kept).items() if isinstance(k, New) and k.of.name == PARAMETER)
        w = next((s for s in value.free_symbols if s.name == PARAMETER), None)
        step = sympy.expand(value - w) if w is not None else value
        names = {h.name: assumptions.symbol(h.name) ** changed.get(h.name, 1) for h in rule.hypers}
        names |= {f"{name}_new": root**2 for name, root in roots.items()} | {STEP: assumptions.symbol(STEP)}
        step = step.xreplace({s: names[s.name] for s in step.free_symbols if s.name in names})
        above, below = sympy.fraction(sympy.together(sympy.powdenest(step)))
        numerators.append(above)
        denominators.append(below)
    if not _one_way(numerators, denominators):
        return None
    # the ratio of the steps, squared, so that roots of sums are gone
    ratio = sympy.cancel((numerators[0] / numerators[1]) ** 2) * (denominators[1] / denominators[0]) ** 2
    ratio = sympy.cancel(sympy.together(ratio))
    symbols = sorted(ratio.free_symbols, key=str)
    if len(symbols) != 2 or not all(s.is_nonnegative for s in symbols) or not ratio.is_rational_function(*symbols):
        return None
    x, y = symbols
    scaled = sympy.cancel(ratio.xreplace({x: x * y}))
    if y in scaled.free_symbols:
        return None  # not a matter of x / y alone
    x = sympy.Symbol(x.name, nonnegative=True)
    points = [scaled.xreplace({x: sympy.Integer(0)}), sympy.limit(scaled, x, sympy.oo)]
    slope = sympy.numer(sympy.together(sympy.diff(scaled, x)))
    points += [scaled.xreplace({x: r}) for r in sympy.Poly(slope, x).real_roots() if r > 0]
    if not all(p.is_finite and p.is_rational for p in points):
        return None
    low, high = min(points), max(points)
    above, below = sympy.fraction(sympy.together(ratio))
    if not all(nonnegative(sympy.factor(side)) for side in (above - low * below, high * below - above)):
        return None
    return _shown(first, second, powers, denominators, (low, high), roots)


def _alike(first: Optimizer, second: Optimizer, powers: Mapping[str, sympy.Expr], assumptions: Assumptions) -> bool:
    """Whether both make the same new states from the same old ones and hyperparameters."""
    one, two = (by_name(transition(rule)) for rule in (first, second))
    return all(
        not {s.name for s in two[state.name].free_symbols} & powers.keys()
        and decide(one[state.name], two[state.name], assumptions).status == PROVED
        for state in first.state
    )


def _one_way(numerators: list[sympy.Expr], denominators: list[sympy.Expr]) -> bool:
    """Whether both steps go the same way, whatever the numbers."""
    above = sympy.cancel(numerators[0] / numerators[1])
    return all(nonnegative(sympy.factor(side)) for side in (*sympy.fraction(above), *denominators))


def _shown(
    first: Optimizer,
    second: Optimizer,
    powers: Mapping[str, sympy.Expr],
    denominators: list[sympy.Expr],
    ends: tuple[sympy.Expr, sympy.Expr],
    roots: Mapping[str, sympy.Symbol],
) -> RatioBound:
    spell = Formatter(first)
    back = {root: sympy.sqrt(sympy.Symbol(name, nonnegative=True)) for name, root in roots.items()}
    mine, theirs = (sympy.powdenest(d.xreplace(back)) for d in denominators)
    # the larger the denominator, the smaller the step
    down, up = (sympy.sqrt(1 / end) if end else sympy.oo for end in (ends[1], ends[0]))
    changed = "".join(f" whose {name} is {spell(sympy.Symbol(name) ** power)}" for name, power in powers.items())
    share = [spell(sympy.sqrt(end)) for end in ends]
    text = (
        f"from the same state, a step of {first.name} is {share[0]} to {share[1]} times that of {second.name}{changed}"
    )
    lower, upper = spell(down * theirs), spell(up * theirs)
    text += f": {lower} <= {spell(mine)} <= {upper}" if up.is_finite else f": {lower} <= {spell(mine)}"
    assumed = Premises(first)
    states = {s.name: new(s) for s in first.state}
    for name in roots:
        assumed.holds(sympy.Ge(states[name], 0))
    for below in (mine, theirs):
        named = {
            s: states.get(s.name, next((h for h in first.hypers if h.name == s.name), s)) for s in below.free_symbols
        }
        assumed.nonzero(below.xreplace(named))
    return RatioBound(assumed.statement(Said(text)), "extrema of the ratio, signs of polynomials")
