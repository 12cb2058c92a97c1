"""What an expression of a spec may be made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sympy
from sympy.core.relational import Relational

from ..load import Problem
from ..spec import functions
from ..spec.symbols import PARAMETER, Array, Hyper, New, Supplied
from . import limits

_FOR_SCALARS = functions.kinds(lambda row: not row.elements)


def _listed(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}"


ALLOWED = (
    f"+ - * / **, {_listed([*(row.spec for row in functions.numeric() if row.elements), 'where'])}; "
    f"for scalars also {_listed(row.spec for row in functions.numeric() if not row.elements)}"
)


def by_name(symbols: Iterable[sympy.Symbol]) -> list[sympy.Symbol]:
    return sorted(symbols, key=lambda s: (s.name, type(s).__name__))  # two of one name are a problem, told in one order


def is_array(symbol: sympy.Symbol) -> bool:
    return isinstance(symbol.of if isinstance(symbol, New) else symbol, Array)


def of_expression(expr: sympy.Basic, place: str, kind: str) -> Iterator[Problem]:
    """What an expression may not contain; `kind` is array, scalar or initial."""
    if not isinstance(expr, sympy.Expr) or expr.is_Matrix:
        yield Problem(
            place,
            f"{expr} is not an elementwise expression",
            "write what happens to one element, with scalars and arrays",
        )
        return
    # a minus sign belongs to the term, not to the number that was written
    for number in sorted({abs(number) for number in expr.atoms(sympy.Float)}, key=str):
        exact = sympy.Rational(str(number)).limit_denominator(10**6)
        yield Problem(
            place,
            f"the float {_short(number)} has rounding in it, which no proof survives",
            f"make it a hyperparameter, or write Rational({exact.p}, {exact.q})",
        )
    long = (n for n in expr.atoms(sympy.Rational) if kind == "array" and max(abs(n.p), n.q) >= limits.LITERAL)
    for number in sorted(long, key=str):
        fact = f"the number {number} is too long for an integer of the code that runs for each element"
        yield Problem(place, fact, "give it a step of its own, with a scalar target; in a sum, multiply by it outside")
    for atom in expr.atoms(sympy.nan, sympy.zoo, sympy.oo, -sympy.oo, sympy.I):
        yield Problem(place, f"{atom} is not a real number", "write the rule for real, finite numbers")
    irrational = expr.atoms(sympy.NumberSymbol) - ({sympy.pi} if kind == "scalar" else set())
    for atom in sorted(irrational, key=str):
        yield Problem(place, f"{atom} is not rational", "give it a name: hyper(...) with a decimal default")
    for node in sympy.preorder_traversal(expr):
        if isinstance(node, sympy.logic.boolalg.BooleanFunction):
            yield Problem(
                place,
                f"{node} is a comparison with a choice in it",
                "give the inner where(...), Max or Min a step of its own",
            )
            break
        if not _understood(node):
            yield Problem(
                place,
                f"{node} is not elementwise, or is a function without a counterpart in every backend",
                f"use {ALLOWED}",
            )
            break
    yield from _of_division(expr, place)
    if kind == "scalar":
        for symbol in by_name(s for s in expr.free_symbols if is_array(s)):
            yield Problem(
                place,
                f"a scalar cannot be computed from the array {symbol}",
                "declare the target with arrays(), or leave the array out",
            )
    elif kind.startswith("initial"):
        allowed = {PARAMETER} if kind == "initial" else set()
        for symbol in by_name(s for s in expr.free_symbols if not _is_set(s) and s.name not in allowed):
            remedy = "start from numbers, hyperparameters or, for an array, w"
            yield Problem(place, f"{symbol} is not known before the first step", remedy)
    if kind != "scalar" and (found := sorted({str(node) for node in expr.atoms(*_FOR_SCALARS)})):
        yield Problem(place, f"{found[0]} is for scalars", "give it a step of its own, with a scalar target")


def _is_set(symbol: sympy.Symbol) -> bool:
    """Whether it is a hyperparameter, and nothing that a step is given."""
    return isinstance(symbol, Hyper) and not isinstance(symbol, Supplied)


def _of_division(expr: sympy.Expr, place: str) -> Iterator[Problem]:
    """No denominator may vanish at an end of a hyperparameter's domain that belongs to it, unless where() guards it."""
    if isinstance(expr, sympy.Piecewise):
        return
    if isinstance(expr, sympy.Pow) and expr.exp.could_extract_minus_sign():
        for factor in sympy.Mul.make_args(sympy.factor_terms(expr.base)):
            for hyper, end in _closed_ends(factor):
                if factor.xreplace({hyper: end}) == 0:
                    fact = f"it divides by {factor}, which is zero at {hyper} = {end}"
                    yield Problem(place, fact, f"take {end} out of its domain {hyper.domain}, or do not divide")
    for part in expr.args:
        if isinstance(part, sympy.Expr):
            yield from _of_division(part, place)


def _closed_ends(factor: sympy.Expr) -> Iterator[tuple[Hyper, sympy.Rational]]:
    """The ends of the domain of the hyperparameter that `factor` is made of, if there is only one."""
    if len(factor.free_symbols) != 1:
        return
    (hyper,) = factor.free_symbols
    try:
        allowed = hyper.allowed
    except (AttributeError, ValueError):
        return
    for end, closed in ((allowed.low, allowed.low_closed), (allowed.high, allowed.high_closed)):
        if end is not None and closed:
            yield hyper, sympy.Rational(end)


def _understood(node: sympy.Basic) -> bool:
    if isinstance(node, sympy.Symbol | sympy.Number | sympy.NumberSymbol | sympy.Add | sympy.Mul | sympy.Pow):
        return True
    if isinstance(node, sympy.Piecewise):
        return len(node.args) == 2 and node.args[1][1] == sympy.true
    if isinstance(
        node, sympy.functions.elementary.piecewise.ExprCondPair | Relational | sympy.logic.boolalg.BooleanTrue
    ):
        return True
    # exp(1) is the number E, atoms such as I have been named above
    return isinstance(node, (*functions.kinds(), type(sympy.I), type(sympy.nan), type(sympy.zoo)))


def _short(number: sympy.Float) -> str:
    return repr(float(number))
