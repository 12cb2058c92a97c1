"""What the symbols of a rule mean, and numbers that tell most values apart."""

from __future__ import annotations

from typing import Any

import sympy

from ..algebra.assumptions import Assumptions
from ..algebra.points import differ
from ..spec.rules import Optimizer, Step
from .points import number, points_of


class Meanings:
    """Symbols that carry what is known of them.

    `meaning` says of every symbol that is not given what it stands for, in terms of symbols before it.
    `targets` are those of equations that compute something.
    """

    def __init__(self, rule: Optimizer) -> None:
        self.assumptions = Assumptions.of(rule)
        self.meaning: dict[sympy.Symbol, sympy.Expr] = {}
        self.targets: dict[sympy.Symbol, Step] = {}
        self._numbers: dict[sympy.Expr, dict[int, Any]] = {}
        self._points = points_of(rule, self.assumptions)

    def _know(self, symbol: sympy.Symbol, value: sympy.Expr) -> None:
        self.meaning[symbol] = value
        for point in self._points:
            point.meaning[symbol.name] = value

    def given(self, name: str) -> sympy.Symbol:
        """The symbol of what the rule is given: `w`, `g`, `t`, a state, a hyperparameter."""
        return self.assumptions.symbol(name)

    def number(self, expr: sympy.Expr, at: int = 0) -> Any:
        """What `expr` is at one of the points; None if it has no value there."""
        known = self._numbers.setdefault(expr, {})
        if at not in known:
            known[at] = number(expr, self._points[at])
        return known[at]

    def apart(self, one: sympy.Expr, other: sympy.Expr) -> bool:
        """Whether a point tells the two apart. Of what has a value at none nothing is known."""
        seen = False
        for at in range(len(self._points)):
            a, b = self.number(one, at), self.number(other, at)
            if a is not None and b is not None:
                seen = True
                if differ(a, b):
                    return True
        return not seen

    def _upright(self, expr: sympy.Expr) -> tuple[int, sympy.Expr]:
        """The sign at a point, and `expr` or its negative, which is positive there, however it is written."""
        at = self.number(expr)
        turned = expr.could_extract_minus_sign() if not at else at < 0
        return (-1, -expr) if turned else (1, expr)

    def below(self, expr: sympy.Expr) -> frozenset[sympy.Symbol]:
        """Every symbol that `expr` depends on, directly or not."""
        seen: set[sympy.Symbol] = set()
        pending = list(expr.free_symbols)
        while pending:
            symbol = pending.pop()
            if symbol not in seen:
                seen.add(symbol)
                pending += self.meaning[symbol].free_symbols if symbol in self.meaning else ()
        return frozenset(seen)
