"""Expressions over symbols: as a multiple of one and a rest, in the symbols of a rule."""

from __future__ import annotations

import sympy

from ..spec.rules import Optimizer
from ..spec.symbols import new
from .proof import ONE, ZERO


def in_symbols_of(rule: Optimizer, expr: sympy.Basic) -> sympy.Basic:
    """`expr`, which is over symbols that carry assumptions, in the symbols of the rule."""
    own = {h.name: h for h in rule.hypers} | {s.name: s for s in rule.state}
    for step in rule.steps:
        own |= {s.name: s for s in (step.target, *step.value.free_symbols)}
    own |= {new(s).name: new(s) for s in rule.state}
    return expr.xreplace({s: own.get(s.name, s) for s in expr.free_symbols})


def linear_in(expr: sympy.Expr, symbol: sympy.Symbol) -> tuple[sympy.Expr, sympy.Expr] | None:
    """`slope` and `rest`, both free of `symbol`, with `expr = slope * symbol + rest`; None if there are none.

    The derivative of a sign, or of a choice that `symbol` decides, vanishes almost everywhere: it is no proof.
    """
    found = _parts(expr, symbol)
    if found is None and expr.is_rational_function(symbol):
        found = _parts(sympy.expand(sympy.cancel(expr)), symbol)
    return found


def _parts(expr: sympy.Expr, symbol: sympy.Symbol) -> tuple[sympy.Expr, sympy.Expr] | None:
    if symbol not in expr.free_symbols:
        return ZERO, expr
    match expr:
        case sympy.Symbol():
            return ONE, ZERO
        case sympy.Add():
            terms = _all_known([_parts(term, symbol) for term in expr.args])
            if terms is None:
                return None
            return sympy.Add(*(slope for slope, _ in terms)), sympy.Add(*(rest for _, rest in terms))
        case sympy.Mul():
            mine = [factor for factor in expr.args if symbol in factor.free_symbols]
            found = _parts(mine[0], symbol) if len(mine) == 1 else None
            if found is None:
                return None
            others = sympy.Mul(*(factor for factor in expr.args if factor not in mine))
            return others * found[0], others * found[1]
        case sympy.Piecewise():
            values = _all_known([_parts(value, symbol) for value, _ in expr.args])
            if values is None or any(symbol in condition.free_symbols for _, condition in expr.args):
                return None
            conditions = [condition for _, condition in expr.args]
            slope, rest = (sympy.Piecewise(*zip((v[k] for v in values), conditions, strict=True)) for k in (0, 1))
            return slope, rest
    return None


def _all_known(parts: list[tuple[sympy.Expr, sympy.Expr] | None]) -> list[tuple[sympy.Expr, sympy.Expr]] | None:
    known = [part for part in parts if part is not None]
    return known if len(known) == len(parts) else None
