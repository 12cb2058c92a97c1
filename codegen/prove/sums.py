"""Sums over whole gradients in an equality: taken apart, and named.

A factor that is the same for all elements goes in front of the sum. What is left is a symbol of its own,
with what is known of its sign.
"""

from __future__ import annotations

import sympy

from codegen.prove.base import has_arrays
from codegen.result import REFUTED, UNDECIDED
from codegen.spec import Reduction
from codegen.tactics import NON_NEGATIVE, Facts, Verdict, decide


def compare(left: sympy.Expr, right: sympy.Expr, facts: Facts) -> Verdict:
    """Whether two expressions, which may have sums in them, are equal."""
    sums = Sums()
    left, right = sums(left), sums(right)
    facts = sums.facts(facts)
    return sums.settled(decide(left, right, facts), left, right, facts)


class Sums:
    """Takes the sums out of expressions. Equal sums become the same symbol."""

    def __init__(self) -> None:
        self.found: dict[Reduction, sympy.Symbol] = {}

    def __call__(self, expr: sympy.Expr) -> sympy.Expr:
        """`expr` without sums: each is a factor times a symbol, or times its square if squares are summed up."""
        return expr.replace(lambda node: isinstance(node, Reduction), self._pulled)

    def _pulled(self, reduction: Reduction) -> sympy.Expr:
        (inner,) = reduction.args
        apart = inner.replace(sympy.Abs, lambda of: sympy.Mul(*map(sympy.Abs, sympy.Mul.make_args(of))))
        factors = sympy.Mul.make_args(sympy.expand_power_base(apart, force=True))
        front = sympy.Mul(*(factor for factor in factors if not has_arrays(factor)))
        rest = sympy.Mul(*(factor for factor in factors if has_arrays(factor)))
        symbol = self.found.setdefault(type(reduction)(rest), sympy.Symbol(f"sum_{len(self.found) + 1}", real=True))
        return front * (symbol**2 if _is_square(rest) else symbol)

    def facts(self, facts: Facts) -> Facts:
        """`facts` and what is known of the sums."""
        known = [s.name for r, s in self.found.items() if _is_square(r.args[0]) or isinstance(r.args[0], sympy.Abs)]
        return facts.also(**dict.fromkeys(known, NON_NEGATIVE))

    def settled(self, verdict: Verdict, left: sympy.Expr, right: sympy.Expr, facts: Facts) -> Verdict:
        """A refutation stands only if it stands for an array of one element, whose sums are what they are."""
        if verdict.status != REFUTED or not self.found:
            return verdict
        single = {
            s: (sympy.Abs(_base(r.args[0])) if s.name in facts.domains else r.args[0]) for r, s in self.found.items()
        }
        again = decide(left.xreplace(single), right.xreplace(single), facts)
        return again if again.status == REFUTED else Verdict(UNDECIDED, reason="no array of one element refutes it")


def _is_square(expr: sympy.Expr) -> bool:
    return isinstance(expr, sympy.Pow) and expr.exp == 2


def _base(expr: sympy.Expr) -> sympy.Expr:
    return expr.args[0] if isinstance(expr, sympy.Pow | sympy.Abs) else expr
