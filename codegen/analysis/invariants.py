"""What holds of the states after every step, by induction over all of them together.

Candidates are dropped until those that are left follow, after a step, from themselves before it: that states are at
least zero, and that one is at least the square of another, as an average of squares is of an average.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import sympy

from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..spec import functions
from ..spec.domain import NON_NEGATIVE
from ..spec.rules import Optimizer
from ..spec.symbols import Hyper, new
from .derive import inlined, transition


@dataclass(frozen=True)
class Invariants:
    """The names of the states that are at least zero, and those that are at least the square of another."""

    nonnegative: tuple[str, ...]
    above_square: Mapping[str, str]

    def assumptions(self, assumptions: Assumptions) -> Assumptions:
        """With the signs, of old states and of new ones."""
        return assumptions.also(
            **dict.fromkeys([*self.nonnegative, *(f"{n}_new" for n in self.nonnegative)], NON_NEGATIVE)
        )

    def apart(self, expr: sympy.Expr, assumptions: Assumptions) -> sympy.Expr:
        """`expr` with a state that is at least a square as that square and what is above it."""
        rest = {}
        for name, other in self.above_square.items():
            for end in ("", "_new"):
                above = sympy.Symbol(f"{name}{end} above", nonnegative=True)
                rest[assumptions.symbol(f"{name}{end}")] = assumptions.symbol(f"{other}{end}") ** 2 + above
        return expr.xreplace(rest)

    def nonnegative_value(self, expr: sympy.Expr, assumptions: Assumptions) -> bool:
        """Whether `expr`, over assumed symbols, is at least zero."""
        if nonnegative(expr) or nonnegative(sympy.expand(expr)):
            return True
        if not self.above_square:
            return False
        above, below = sympy.fraction(sympy.cancel(self.apart(expr, assumptions)))
        return nonnegative(below) and nonnegative(above)


@lru_cache(256)
def invariants(rule: Optimizer) -> Invariants:
    """Signs first; where that leaves out a state that is changed by a square over another state, that pair as well."""
    assumptions = Assumptions.of(rule)
    started = tuple(s.name for s, v in rule.state.items() if nonnegative(assumptions.assume(v)))
    signs = _kept(rule, Invariants(started, {}))
    pairs: dict[str, str] = {}
    for name, value in _over_new(rule).items():
        if name in started and name not in signs.nonnegative:
            pairs |= {above: other for above, other in _ratios(rule, value) if above != name != other}
    pairs |= dict(_differences(rule))
    return _kept(rule, Invariants(started, pairs)) if pairs else signs


def _ratios(rule: Optimizer, value: sympy.Expr) -> Iterator[tuple[str, str]]:
    """States that are divided by in `value`, each with one whose square stands above it; both start at zero."""
    names = {new(s): s.name for s, start in rule.state.items() if start == 0}
    for product in value.atoms(sympy.Mul):
        powers = dict(factor.as_base_exp() for factor in product.args)
        below = {s for base, exponent in powers.items() if exponent == -1 for s in base.free_symbols & names.keys()}
        squares = [base for base, exponent in powers.items() if exponent == 2 and base in names]
        yield from ((names[b], names[a]) for a in squares for b in below - {a})


def _differences(rule: Optimizer) -> Iterator[tuple[str, str]]:
    """States from which a step takes the square of another; both start at zero."""
    names = {form: s.name for s, start in rule.state.items() if start == 0 for form in (s, new(s))}
    for total in (a for step in rule.steps for a in step.value.atoms(sympy.Add)):
        taken = [names[f.base] for f in (-term for term in total.args) if f.is_Pow and f.exp == 2 and f.base in names]
        yield from ((names[a], b) for a in total.args if a in names for b in taken if names[a] != b)


def _kept(rule: Optimizer, found: Invariants) -> Invariants:
    """Those of `found` that hold after a step if all of them held before it."""
    own = {s.name: v for s, v in transition(rule).items()}
    over_new = _over_new(rule)
    while True:
        assumptions = found.assumptions(Assumptions.of(rule))

        def stays(name: str, held: Invariants = found, assumptions: Assumptions = assumptions) -> bool:
            # over old states, or over the new ones that stand before it, of which the same is known by now
            values = (own[name], over_new[name]) if held.above_square else (own[name],)
            if any(held.nonnegative_value(assumptions.assume(value), assumptions) for value in values):
                return True
            d = sympy.Symbol("D[t]", nonnegative=True)  # as in the proof of `nonnegative`
            return nonnegative(sympy.expand(assumptions.assume(own[name]).xreplace({assumptions.symbol(name): d})))

        def squared(name: str, held: Invariants = found, assumptions: Assumptions = assumptions) -> bool:
            return held.nonnegative_value(
                assumptions.assume(own[name] - own[held.above_square[name]] ** 2), assumptions
            )

        still = Invariants(
            tuple(name for name in found.nonnegative if stays(name)),
            {name: other for name, other in found.above_square.items() if squared(name)},
        )
        if still == found:
            return found
        found = still


def _over_new(rule: Optimizer) -> dict[str, sympy.Expr]:
    """The new values of the states, by name, over old and new states."""
    keep = frozenset(map(new, rule.state))
    return {s.of.name: v for s, v in inlined(rule, keep).items() if s in keep}


def rises(rule: Optimizer, value: sympy.Expr) -> tuple[sympy.Symbol, ...] | None:
    """The hyperparameters that have to be constant for `value` never to fall from step to step; None if it may.

    It never falls if it is built from what never falls, by what does not turn the order around.
    """
    keep = frozenset(new(s) for s in rule.state)
    over_new = value.xreplace({t: v for t, v in inlined(rule, keep).items() if t not in keep})
    assumptions = invariants(rule).assumptions(Assumptions.of(rule))
    own = transition(rule)
    rising = {s.name for s in own if s.name != "w" and nonnegative(assumptions.assume(own[s] - s))}
    used = tuple(sorted((s for s in over_new.free_symbols if isinstance(s, Hyper)), key=lambda s: s.name))
    return used if _rises(over_new, frozenset(rising), assumptions) else None


def _rises(expr: sympy.Expr, rising: frozenset[str], assumptions: Assumptions) -> bool:
    """Whether `expr`, over new states, is non-decreasing in t, if hyperparameters keep their values."""

    def is_fixed(part: sympy.Expr) -> bool:
        return all(isinstance(s, Hyper) for s in part.free_symbols)

    if is_fixed(expr):
        return True
    match expr:
        case sympy.Symbol():
            return expr.name == "t" or expr.name.removesuffix("_new") in rising
        case sympy.Add():
            return all(_rises(term, rising, assumptions) for term in expr.args)
        case sympy.Mul():
            fixed = [f for f in expr.args if is_fixed(f)]
            rest = [f for f in expr.args if not is_fixed(f)]
            return (
                len(rest) == 1
                and nonnegative(assumptions.assume(sympy.Mul(*fixed)))
                and _rises(rest[0], rising, assumptions)
            )
        case sympy.Pow(base=base, exp=exponent):
            return (
                exponent.is_positive is True
                and nonnegative(assumptions.assume(base))
                and _rises(base, rising, assumptions)
            )
    return functions.rises(expr) and all(_rises(argument, rising, assumptions) for argument in expr.args)
