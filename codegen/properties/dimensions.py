"""The units of states and hyperparameters, in those of weights and gradients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sympy

from ..algebra.assumptions import Assumptions
from ..analysis.premises import Premises
from ..analysis.proof import ZERO
from ..expr.printing import Text
from ..expr.tree import arrange
from ..result import PROVED, UNDECIDED, Line, Outcome, Result
from ..spec.rules import Optimizer
from ..spec.symbols import Array, Hyper
from ..statement import Said, Under, after
from .exponents import Demand, Demands, Exponents, solve, zeros
from .symmetry import positive_number, spelled_at, targets, with_values

_WEIGHT, _GRADIENT = sympy.Symbol("[w]"), sympy.Symbol("[g]")


def units(rule: Optimizer) -> Iterator[Result]:
    """The units of states and hyperparameters in those of weights and gradients, and what they say of other units."""
    given = {"w": _WEIGHT, "g": _GRADIENT, "t": ZERO}
    for at in zeros(rule):
        found = solve(rule, given, at)
        if not isinstance(found, list):
            yield from _consistent(rule, found, at)
            return
        if not at:
            yield _inconsistent(rule, found)


def _inconsistent(rule: Optimizer, conflict: list[Demand]) -> Result:
    """A statement about the equations as they are written, not about what they compute."""
    demands = "; ".join(demand.text for demand in conflict)
    words = f"if weights and gradients have units, no units suit all terms of the equations: {demands}"
    lines = tuple(Line(demand.text, "both have one unit") for demand in conflict)
    statement = Premises(rule).statement(Said(words))
    return Outcome(PROVED, "elimination of exponents", derivation=lines).of("units", statement)


def _spelled(unit: sympy.Expr) -> str:
    return Text()(arrange(unit, {"w": 0, "g": 1}))


def _unit(exponent: sympy.Expr) -> sympy.Expr:
    w, g = sympy.Symbol("w", real=True), sympy.Symbol("g", real=True)
    return w ** exponent.coeff(_WEIGHT) * g ** exponent.coeff(_GRADIENT)


def _consistent(rule: Optimizer, found: Exponents, at: Mapping[Hyper, sympy.Expr]) -> Iterator[Result]:
    names = [*(s.name for s in rule.state), *(h.name for h in rule.hypers if h not in at)]
    factors = {name: _unit(found[name]) for name in names if name in found and found[name] != 0}
    spelled = ", ".join(f"{name} of {_spelled(unit)}" for name, unit in factors.items())
    words = f"the rule is consistent in its units{spelled_at(at)}: " + (
        f"{spelled}; all else has none" if spelled else "none"
    )
    label = "units" + spelled_at(at).removeprefix(",")
    assumed = with_values(rule, at)
    weight, gradient = (
        positive_number(rule, assumed, "W", "weight_unit"),
        positive_number(rule, assumed, "G", "gradient_unit"),
    )
    statement = assumed.statement(_rescaled(rule, found, {_WEIGHT: weight, _GRADIENT: gradient}, at, words))
    if left := Demands(rule, found, at).found:
        yield Outcome(UNDECIDED, reason=f"it is not known that {left[0].text}").of(label, statement)
        return
    lines = tuple(
        Line(f"{name} has the unit {_spelled(_unit(found[name]))}", "in every term") for name in targets(rule)
    )
    yield Outcome(PROVED, "units of all terms", derivation=lines).of(label, statement)
    yield _other_units(rule, found, factors, at)


def _other_units(rule: Optimizer, found: Exponents, factors: Exponents, at: Mapping[Hyper, sympy.Expr]) -> Result:
    """What follows for weights that are measured in another unit."""
    assumed = with_values(rule, at)
    s = positive_number(rule, assumed, "s", "scale")
    other = {name: found[name].coeff(_WEIGHT) - found[name].coeff(_GRADIENT) for name in factors}
    moved = {h.name: other[h.name] for h in rule.hypers if other.get(h.name)}
    change = ", ".join(f"{name} {'*' if k > 0 else '/'} {_spelled(s ** abs(k))}" for name, k in moved.items())
    words = (
        f"weights in another unit, w * {s} and g / {s}, "
        + (f"take the same steps with {change}" if change else "take the same steps with the same hyperparameters")
        + spelled_at(at)
    )
    for name in moved:
        allowed = Assumptions.of(rule).domains[name]
        if allowed.integer or (allowed.low or 0, allowed.high or 0) != (0, 0):
            assumed.noted(f"{name} stays in its domain")
    relation = _rescaled(rule, found, {_WEIGHT: s, _GRADIENT: 1 / s}, at, words)
    return Outcome(PROVED, "the units").of("weights rescaled", assumed.statement(relation))


def _rescaled(
    rule: Optimizer,
    found: Exponents,
    units_: Mapping[sympy.Symbol, sympy.Expr],
    at: Mapping[Hyper, sympy.Expr],
    words: str,
) -> Under:
    """Weights, gradients and hyperparameters in other units, and with them the weights and the states."""

    def factor(name: str) -> sympy.Expr:
        exponent = found.get(name, ZERO)
        return sympy.Mul(*(value ** exponent.coeff(unit) for unit, value in units_.items()))

    symbols = {"w": Array("w"), "g": Array("g"), **{h.name: h for h in rule.hypers if h not in at}}
    change = {name: factor(name) * symbol for name, symbol in symbols.items() if factor(name) != 1}
    kept = {"w": Array("w"), **{state.name: state for state in rule.state}}
    return Under(change, {name: factor(name) * after(symbol) for name, symbol in kept.items()}, words)
