"""What the steps of a rule demand to have values: what must not vanish, what must not be negative.

SymPy cancels when an expression is built from another one, so nothing is put together here: each step is asked as it
is written what it divides by, and of what it takes a root or a logarithm.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy
from sympy.core.relational import Relational

from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..spec import functions
from ..spec.domain import POSITIVE_INTEGER, Domain
from ..spec.rules import Optimizer
from ..spec.symbols import STEP, Hyper, New
from .proof import ZERO


@dataclass(frozen=True)
class Demand:
    """`value sign 0`, where the sign is !=, > or >=, has to hold where all `guards` do, or a step has no value."""

    value: sympy.Expr
    sign: str
    guards: tuple[sympy.Basic, ...] = ()

    @property
    def condition(self) -> sympy.Basic:
        """The demand as a comparison."""
        return {"!=": sympy.Ne, ">": sympy.Gt, ">=": sympy.Ge}[self.sign](self.value, 0)

    @property
    def is_guarded(self) -> bool:
        """Whether a guard says what is demanded."""
        for guard in self.guards:
            if not isinstance(guard, Relational) or guard.rhs != 0:
                continue
            if guard.lhs == self.value and guard.rel_op in ((">", "<", "!=") if self.sign == "!=" else (">",)):
                return True
            if self.sign == "!=" and guard.rel_op in (">", "!=") and stripped(guard.lhs) == stripped(self.value):
                return True
        return False


def demands(expr: sympy.Basic, guards: tuple[sympy.Basic, ...] = ()) -> Iterator[Demand]:
    """What `expr`, as it is written, demands of its parts."""
    if expr in (sympy.nan, sympy.zoo, sympy.I):
        yield Demand(ZERO, "!=", guards)
    elif isinstance(expr, sympy.Pow):
        yield from _of_power(expr.base, expr.exp, guards)
    else:
        yield from (Demand(value, sign, guards) for value, sign in functions.asked(expr))
    for part, at in _parts(expr, guards):
        yield from demands(part, at)


def _parts(expr: sympy.Basic, guards: tuple[sympy.Basic, ...]) -> Iterator[tuple[sympy.Basic, tuple]]:
    """What `expr` is made of, with the guards under which it is looked at."""
    if not isinstance(expr, sympy.Piecewise):
        yield from ((part, guards) for part in expr.args)
        return
    for value, condition in expr.args:
        yield from ((side, guards) for side in condition.args)
        yield value, (guards if condition == sympy.true else (*guards, condition))
        if isinstance(condition, Relational):
            guards = (*guards, condition.negated)


def _of_power(base: sympy.Expr, exponent: sympy.Expr, guards: tuple) -> Iterator[Demand]:
    if exponent.is_Integer:
        if exponent < 0:
            yield Demand(base, "!=", guards)
    elif exponent.is_Rational:
        yield Demand(base, ">" if exponent < 0 else ">=", guards)
    elif not (base.is_Number and base > 0):
        yield from _of_open_power(base, exponent, guards)


def _of_open_power(base: sympy.Expr, exponent: sympy.Expr, guards: tuple) -> Iterator[Demand]:
    """The exponent has symbols: whole numbers ask nothing if they are not negative, others a base that is not."""
    assumptions = Assumptions({s.name: domain_of(s) for s in exponent.free_symbols})
    assumed = assumptions.assume(exponent)
    whole, above = bool(assumed.is_integer), nonnegative(assumed)
    if whole and above:
        return
    if above:
        yield Demand(base, ">=", guards)
    else:
        yield Demand(base, "!=" if whole else ">", guards)


def domain_of(symbol: sympy.Symbol) -> Domain:
    if symbol.name == STEP:
        return POSITIVE_INTEGER
    return symbol.allowed if isinstance(symbol, Hyper) else Domain()


def asked(
    rule: Optimizer, names: frozenset[str] | None = None, expressions: tuple[sympy.Expr, ...] = ()
) -> list[Demand]:
    """The demands of all that is kept, or of the steps of these `names` and of `expressions`, each where it is
    used: what a choice does not take need not exist.
    """
    values = {step.target: step.value for step in rule.steps if names is None or step.target.name in names}
    pending = [(e, ()) for e in expressions]
    pending += [(v, ()) for target, v in values.items() if isinstance(target, New)]
    halts = getattr(rule, "halts", None)
    pending += [(side, ()) for side in halts.args] if isinstance(halts, Relational) else []
    pending += [(value, ()) for value in rule.state.values()]
    found: dict[Demand, None] = {}
    seen = set()
    while pending:
        value, guards = pending.pop(0)
        if (value, guards) in seen:
            continue
        seen.add((value, guards))
        for demand in demands(value, guards):
            found.setdefault(demand)
        pending += [(values[s], at) for s, at in _uses(value, guards) if s in values and not isinstance(s, New)]
    return list(found)


def _uses(expr: sympy.Basic, guards: tuple[sympy.Basic, ...]) -> Iterator[tuple[sympy.Symbol, tuple]]:
    """Every symbol in `expr`, with the guards under which it is read."""
    if isinstance(expr, sympy.Symbol):
        yield expr, guards
    for part, at in _parts(expr, guards):
        yield from _uses(part, at)


def stripped(factor: sympy.Expr) -> sympy.Expr:
    """What vanishes where `factor` does."""
    while isinstance(factor, sympy.Abs | sympy.Pow):
        if isinstance(factor, sympy.Pow) and not factor.exp.is_positive:
            break
        factor = factor.args[0]
    return factor
