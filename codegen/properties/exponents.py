"""Exponents under scaling: of each name in a rule the power of the factor by which it is multiplied.

They are found by solving what the equations demand of them: terms that are added or compared have one exponent,
what is raised to a power has none.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import sympy
from sympy.core.relational import Relational

from ..algebra import exact
from ..algebra.assumptions import Assumptions
from ..analysis import apart
from ..analysis.derive import transition
from ..analysis.proof import ZERO, Formatter
from ..analysis.traces import always
from ..spec.rules import Optimizer
from ..spec.symbols import RATE, Hyper, New

_MOST_AT_ZERO = 3
Exponents = Mapping[str, sympy.Expr]


@dataclass(frozen=True)
class Demand:
    """`left` and `right` have one exponent; `text` says why."""

    left: sympy.Expr
    right: sympy.Expr
    text: str


class Demands:
    """Walks through the steps of a rule and writes down what they demand of the exponents."""

    def __init__(self, rule: Optimizer, known: Exponents, at: Mapping[Hyper, sympy.Expr]) -> None:
        self.rule, self.known, self.spell = rule, dict(known), Formatter(rule)
        self.found: list[Demand] = []
        self.place = ""
        for symbol, value in rule.state.items():
            self.place = f"{symbol}[0]"
            self._same(self.of(symbol), self.of(value.xreplace(dict(at))), f"{symbol}[0] = {self.spell(value)}")
        for step in rule.steps:
            self.place = step.target.name
            value = step.value.xreplace(dict(at))
            self._same(self.of(step.target), self.of(value), f"{step.target} = {self.spell(value)}")

    def of(self, expr: sympy.Expr) -> sympy.Expr | None:
        """The exponent of `expr` in terms of those of the symbols; None if it may be any, as that of zero."""
        match expr:
            case sympy.Symbol():
                name = expr.of.name if isinstance(expr, New) else expr.name
                return self.known.setdefault(name, sympy.Symbol(f"{name}?"))
            case sympy.Add() | sympy.Max() | sympy.Min():
                return self._alike(expr.args, expr)
            case sympy.Mul():
                parts = [self.of(factor) for factor in expr.args]
                return None if None in parts else sympy.Add(*parts)
            case sympy.Pow(base=base, exp=exponent):
                inner = self.of(base)
                if exponent.is_Rational:
                    return None if inner is None else exponent * inner
                self._none(base)
                self._none(exponent)
                return ZERO
            case sympy.Abs():
                return self.of(expr.args[0])
            case sympy.Piecewise():
                for _, condition in expr.args:
                    for node in condition.atoms(Relational):
                        self._alike((node.lhs, node.rhs), node)
                return self._alike([value for value, _ in expr.args], expr)
            case sympy.Mod():
                return self._alike(expr.args, expr)
            case sympy.Number():
                return None if expr == 0 else ZERO
        for argument in expr.args:
            if not isinstance(expr, sympy.sign):
                self._none(argument)
            self.of(argument)
        return ZERO

    def _alike(self, parts: Iterable[sympy.Expr], whole: sympy.Expr) -> sympy.Expr | None:
        first, shown_first = None, None
        for part in parts:
            exponent = self.of(part)
            if exponent is None:
                continue
            if first is None:
                first, shown_first = exponent, part
                continue
            self._same(first, exponent, f"{self._text(shown_first)} beside {self._text(part)} in {self.place}")
        return first

    def _text(self, expr: sympy.Expr) -> str:
        return self.spell(expr)

    def _none(self, expr: sympy.Expr) -> None:
        self._same(self.of(expr), ZERO, f"{self._text(expr)} without unit in {self.place}")

    def _same(self, left: sympy.Expr | None, right: sympy.Expr | None, text: str) -> None:
        if left is not None and right is not None and (difference := sympy.expand(left - right)) != 0:
            self.found.append(Demand(difference, ZERO, text))


def solve(rule: Optimizer, known: Exponents, at: Mapping[Hyper, sympy.Expr]) -> Exponents | list[Demand]:
    """The exponents of all names, or demands that contradict each other, none of which can be left out."""
    demands = Demands(rule, known, at)
    solution = _solution(demands.found)
    if solution is None:
        return _conflict(demands.found)
    names = {name: value.xreplace(solution) for name, value in demands.known.items()}
    free = {s: ZERO for value in names.values() for s in value.free_symbols if s.name.endswith("?")}
    return {name: sympy.expand(value.xreplace(free)) for name, value in names.items()}


def _solution(demands: list[Demand]) -> dict[sympy.Symbol, sympy.Expr] | None:
    """By elimination: each demand gives one unknown, or holds, or cannot."""
    solved: dict[sympy.Symbol, sympy.Expr] = {}
    for demand in demands:
        left = sympy.expand(demand.left.xreplace(solved))
        unknown = sorted((s for s in left.free_symbols if s.name.endswith("?")), key=lambda s: s.name)
        if not unknown:
            if left != 0:
                return None
            continue
        symbol = unknown[0]
        slope = left.coeff(symbol)
        value = sympy.expand(symbol - left / slope)
        solved = {s: sympy.expand(v.xreplace({symbol: value})) for s, v in solved.items()} | {symbol: value}
    return solved


def _conflict(demands: list[Demand]) -> list[Demand]:
    kept = list(demands)
    for demand in demands:
        without = [d for d in kept if d is not demand]
        if _solution(without) is None:
            kept = without
    return kept


def zeros(rule: Optimizer) -> Iterator[dict[Hyper, sympy.Expr]]:
    """Hyperparameters to set to zero: none, then each that may be zero and is not needed to move, then several.

    With them the rule still has values.
    """
    may = [h for h in rule.hypers if Fraction(0) in (d := h.allowed) and d.high is None]
    may = [h for h in may if h.name != RATE]
    w, stepped = next((s, v) for s, v in transition(rule).items() if s.name == "w")
    may = [h for h in may if stepped.xreplace({h: ZERO}) != w]
    for size in range(_MOST_AT_ZERO + 1):
        for chosen in itertools.combinations(may, size):
            at = dict.fromkeys(chosen, ZERO)
            if not at or _has_values(rule, at):
                yield at


def _has_values(rule: Optimizer, at: Mapping[Hyper, sympy.Expr]) -> bool:
    """Whether there is a run with these hyperparameters."""
    names = [h.name for h in rule.hypers if h not in at]
    for values in apart.settings(names, Assumptions.of(rule)):
        given = {**values, **{h.name: Fraction(0) for h in at}}
        try:
            exact.run(rule, (1, -2), always(given), w=1)
        except ArithmeticError:
            continue
        return True
    return False
