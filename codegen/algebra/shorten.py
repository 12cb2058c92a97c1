"""Short forms of derived expressions, for people to read."""

from __future__ import annotations

import sympy

_LONG = 60  # operations; nobody would read what is longer in any form
_ONE = sympy.Integer(1)


def shorten(expr: sympy.Expr) -> sympy.Expr:
    """The shortest of `expr` and its forms as one fraction, which divides by 1 - beta and not by beta - 1."""
    growing = any(p.base.is_Rational and not p.exp.is_number for p in expr.atoms(sympy.Pow))
    if sympy.count_ops(expr) > _LONG or growing or expr.has(sympy.Piecewise):  # nobody would read it in either form
        return expr
    fraction = sympy.cancel(expr)
    candidates = [normalize_sign(e) for e in (expr, fraction, sympy.factor_terms(fraction), sympy.factor(expr))]
    return min(candidates, key=lambda e: (sympy.count_ops(e, visual=False), len(str(e)), str(e)))


def normalize_sign(expr: sympy.Expr) -> sympy.Expr:
    """`expr` without divisors such as beta - 1."""

    def turned(e: sympy.Expr) -> bool:
        if not (e.is_Pow and e.exp == -1 and e.base.is_Add and e.base.as_coeff_Add()[0].is_negative):
            return False
        return not e.base.xreplace(dict.fromkeys(e.base.free_symbols, _ONE)).is_positive

    return expr.replace(turned, lambda e: -1 / sympy.Add(*(-term for term in e.base.args)))
