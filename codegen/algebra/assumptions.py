"""What may be assumed of symbols."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import sympy

from ..spec.domain import FROM_ONE, Domain
from ..spec.rules import AnyRule
from .cases import nonnegative
from .signs import AtMostOne, BelowOne, is_bias_factor, known_nonnegative, largest, stays_below


@dataclass(frozen=True)
class Assumptions:
    """What may be assumed of the symbols, by name. A symbol without an entry is any real number."""

    domains: Mapping[str, Domain] = field(default_factory=dict)
    integer: bool = True  # whether symbols carry that they are whole numbers

    @classmethod
    def of(cls, *rules: AnyRule) -> Assumptions:
        """The domains of the hyperparameters, and that `t` counts from 1."""
        hypers = [hyper for rule in rules for hyper in rule.hypers]
        domains = {hyper.name: hyper.allowed for hyper in hypers}
        return cls({**domains, "t": FROM_ONE})

    def also(self, **domains: Domain) -> Assumptions:
        return replace(self, domains={**self.domains, **domains})

    def symbol(self, name: str) -> sympy.Symbol:
        """A symbol of which SymPy knows what it can use of the domain."""
        found = self.domains.get(name, Domain())
        if not self.integer:
            found = replace(FROM_ONE if name == "t" else found, integer=False)
        elif name == "t" or (found.integer and found.positive):
            return sympy.Symbol(name, integer=True, positive=True)
        if found.integer:
            return sympy.Symbol(name, integer=True, nonnegative=True if found.nonnegative else None)
        if found.nonnegative and found.high == 1 and not found.high_closed:
            return BelowOne(name, positive=True) if found.positive else BelowOne(name, nonnegative=True)
        if found.nonnegative and found.high == 1:
            return AtMostOne(name, positive=True) if found.positive else AtMostOne(name, nonnegative=True)
        if found.positive:
            return sympy.Symbol(name, positive=True)
        return sympy.Symbol(name, nonnegative=True) if found.nonnegative else sympy.Symbol(name, real=True)

    def assume(self, expr: sympy.Expr) -> sympy.Expr:
        """`expr` over symbols that carry what is known of them."""
        return expr.xreplace({symbol: self.symbol(symbol.name) for symbol in expr.free_symbols})

    def nonzero(self, expr: sympy.Expr) -> bool:
        """Whether `expr` is known not to vanish."""
        expr = sympy.factor_terms(self.assume(expr))
        return all(self._factor_nonzero(factor) for factor in sympy.Mul.make_args(expr))

    def positive(self, expr: sympy.Expr) -> bool:
        """Whether `expr` is known to be above zero."""
        return nonnegative(self.assume(expr)) and self.nonzero(expr)

    def _factor_nonzero(self, factor: sympy.Expr) -> bool:
        if factor.is_nonzero:
            return True
        base, exponent = factor.as_base_exp()
        if exponent != 1 and exponent.is_real:
            return self._factor_nonzero(base)
        # 1 - b**k with 0 <= b < 1 and k >= 1 is positive; SymPy has no way to know b < 1
        if is_bias_factor(factor):
            return True
        whole, part = factor.as_coeff_Add()
        if not whole.is_positive:
            return False
        taken = largest(sympy.factor_terms(-part, sign=False))  # 1 - b + b * p is 1 - b * (1 - p)
        return known_nonnegative(part, {}) or (taken is not None and stays_below(taken, whole))
