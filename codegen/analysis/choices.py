"""Choices between branches, once some of what decides them is known."""

from __future__ import annotations

from collections.abc import Mapping

import sympy


def replaced(expr: sympy.Basic, known: Mapping[sympy.Basic, sympy.Basic]) -> sympy.Basic:
    """`expr` with what is `known` put in, conditions first, so that a branch that is not taken needs no value."""
    if expr in known:
        return known[expr]
    if not expr.args:
        return expr
    if not isinstance(expr, sympy.Piecewise):
        return expr.func(*(replaced(argument, known) for argument in expr.args))
    branches, decided = [], dict(known)
    for value, condition in expr.args:
        decision = replaced(condition, decided)
        if decision == sympy.false:
            continue
        branches.append((replaced(value, {**decided, decision: sympy.true}), decision))
        if decision == sympy.true:
            break
        decided[decision] = sympy.false
    return sympy.Piecewise(*branches)
