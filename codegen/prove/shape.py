"""What the structure of a schedule shows: bounds, signs, whether it rises, where it has a value.

What is built from rising parts in a rising way rises. Where the structure ends, `algebra.inequalities` decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sympy
from sympy.core.relational import Relational

from ..algebra.assumptions import Assumptions
from ..algebra.inequalities import Constraint, constraint, impossible
from ..analysis.proof import ONE, ZERO, substitute
from ..spec import functions
from ..spec.symbols import STEP

_NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class Shape:
    """What the structure of an expression shows, where `known` holds. False means nothing."""

    def __init__(self, assumptions: Assumptions, known: tuple[Constraint, ...] = ()) -> None:
        self.assumptions, self.known = assumptions, known

    def assuming(self, condition: sympy.Basic, *, holds: bool) -> Shape:
        """The same where `condition` holds, or where it does not, as far as inequalities can say that."""
        if isinstance(condition, sympy.And if holds else sympy.Or):
            shape = self
            for part in condition.args:
                shape = shape.assuming(part, holds=holds)
            return shape
        if not isinstance(condition, Relational):
            return self
        relation = (
            condition.rel_op if holds else _NEGATED.get(condition.rel_op, "==" if condition.rel_op == "!=" else "")
        )
        if relation not in (*_NEGATED, "=="):
            return self
        return Shape(self.assumptions, (*self.known, constraint(relation, condition.lhs, condition.rhs)))

    def _excluded(self, relation: str, left: sympy.Expr, right: sympy.Expr) -> bool:
        return impossible((*self.known, constraint(relation, left, right)), self.assumptions)

    def above(self, expr: sympy.Expr, low: sympy.Expr) -> bool:
        """`expr > low`."""
        match expr:
            case sympy.Min():
                return all(self.above(a, low) for a in expr.args)
            case sympy.Max():
                return any(self.above(a, low) for a in expr.args)
            case sympy.Piecewise():
                return self._both(expr, lambda shape, branch: shape.above(branch, low))
        if (low == 0 and self._positive(expr)) or self._excluded("<=", expr, low):
            return True
        return (first := self._at_first(expr, up=True)) is not None and self.above(first, low)

    def at_most(self, expr: sympy.Expr, high: sympy.Expr) -> bool:
        """`expr <= high`."""
        match expr:
            case sympy.Min():
                return any(self.at_most(a, high) for a in expr.args)
            case sympy.Max():
                return all(self.at_most(a, high) for a in expr.args)
            case sympy.Piecewise():
                return self._both(expr, lambda shape, branch: shape.at_most(branch, high))
            case sympy.Pow(exp=sympy.Rational(p=1)) if high == 1 and self.nonnegative(expr.base):
                return self.at_most(expr.base, high)
        if self._excluded(">", expr, high) or self.nonnegative(sympy.expand(high - expr)):
            return True
        return (first := self._at_first(expr, up=False)) is not None and self.at_most(first, high)

    def _at_first(self, expr: sympy.Expr, *, up: bool) -> sympy.Expr | None:
        """The value for t = 1, if it is the least (the largest) of all steps."""
        moving = STEP in {s.name for s in expr.free_symbols} and Shape(self.assumptions).moves(expr, up=up)
        return substitute(expr, {STEP: ONE}) if moving else None

    def _parted(self, expr: sympy.Expr, holds: Callable[[Shape, sympy.Expr], bool]) -> bool:
        """Whether `holds` of every branch, if `expr` is a choice, or of the whole."""
        if isinstance(expr, sympy.Piecewise):
            return self._both(expr, lambda shape, branch: shape._parted(branch, holds))
        return holds(self, expr)

    def _both(self, choice: sympy.Piecewise, holds: Callable[[Shape, sympy.Expr], bool]) -> bool:
        then, condition, otherwise = parted(choice)
        first, second = self.assuming(condition, holds=True), self.assuming(condition, holds=False)
        return holds(first, then) and holds(second, otherwise)

    def _positive(self, expr: sympy.Expr) -> bool:
        match expr:
            case sympy.Mul():
                return all(map(self._positive, expr.args))
            case sympy.Pow():
                return self._positive(expr.base)
            case sympy.Add() if all(map(self.nonnegative, expr.args)):
                return any(map(self._positive, expr.args))
        return functions.image(expr).positive or self._excluded("<=", expr, ZERO)

    def nonnegative(self, expr: sympy.Expr) -> bool:
        """`expr >= 0`."""
        match expr:
            case sympy.Min():
                return all(map(self.nonnegative, expr.args))
            case sympy.Max():
                return any(map(self.nonnegative, expr.args))
        if functions.image(expr).nonnegative or self._excluded("<", expr, ZERO):
            return True
        match expr:
            case sympy.Mul():
                below = [a for a in expr.args if not self.nonnegative(a)]
                return len(below) % 2 == 0 and all(map(self._nonpositive, below))
            case sympy.Pow():
                if expr.exp.is_Rational and (expr.exp.p % 2 == 0 or expr.exp.q % 2 == 0):
                    return True  # an even power, or an even root where there is one
                return self.nonnegative(expr.base) if expr.exp.is_Integer else self._positive(expr.base)
            case sympy.Add():
                if all(map(self.nonnegative, expr.args)):
                    return True
                factored = sympy.factor(expr)
                if not factored.as_coeff_Mul()[1].is_Add:
                    return self.nonnegative(factored)
            case sympy.floor():
                return self.nonnegative(expr.args[0])
            case sympy.Piecewise():
                return self._both(expr, lambda shape, branch: shape.nonnegative(branch))
        return self._nonnegative_whichever(expr)

    def _nonpositive(self, expr: sympy.Expr) -> bool:
        if expr.is_Add:
            return self.nonnegative(sympy.expand(-expr))
        return self._excluded(">", expr, ZERO)

    def _nonnegative_whichever(self, expr: sympy.Expr) -> bool:
        """`expr >= 0`, whichever of its arguments a minimum or maximum in it is."""
        nodes = sorted(expr.atoms(sympy.Min, sympy.Max), key=sympy.default_sort_key)
        node = next((n for n in nodes if not any(a.has(sympy.Min, sympy.Max) for a in n.args)), None)
        if node is None or expr == node:
            return False
        compare = sympy.Le if isinstance(node, sympy.Min) else sympy.Ge
        for best in node.args:
            shape = self
            for other in node.args:
                shape = shape if other == best else shape.assuming(compare(best, other), holds=True)
            if not shape.nonnegative(sympy.expand(expr.xreplace({node: best}))):
                return False
        return True

    def at_least(self, expr: sympy.Expr, low: sympy.Expr) -> bool:
        """`expr >= low`."""
        if low == 1 and isinstance(expr, sympy.Pow) and expr.exp == sympy.Rational(1, 2):
            return self.at_least(expr.base, low)
        return self.nonnegative(sympy.expand(expr - low))

    def least_is(self, expr: sympy.Expr, value: sympy.Expr) -> bool:
        """`expr` is a minimum, of which `value` is the least."""
        return isinstance(expr, sympy.Min) and value in expr.args and all(self.at_least(a, value) for a in expr.args)

    # From step to step.

    def moves(self, expr: sympy.Expr, *, up: bool = True) -> bool:
        """`expr` does not fall as t grows; with `up=False`, it does not rise."""
        if STEP not in {s.name for s in expr.free_symbols}:
            return True
        match expr:
            case sympy.Symbol():
                return up
            case sympy.Add():
                return all(self.moves(a, up=up) for a in expr.args)
            case sympy.Mul():
                return self._product_moves(expr, up)
            case sympy.Pow():
                return self._power_moves(expr.base, expr.exp, up)
            case sympy.Piecewise():
                return self._moves_across(expr, up)
        return functions.rises(expr) and all(self.moves(a, up=up) for a in expr.args)

    def _product_moves(self, expr: sympy.Mul, up: bool) -> bool:
        moving = [a for a in expr.args if STEP in {s.name for s in a.free_symbols}]
        still = sympy.Mul(*(a for a in expr.args if a not in moving))
        if still != 1:
            rest = sympy.Mul(*moving)
            if self.nonnegative(still):
                return self.moves(rest, up=up)
            return self.nonnegative(-still) and self.moves(rest, up=not up)
        return all(self.nonnegative(a) and self.moves(a, up=up) for a in moving)

    def _power_moves(self, base: sympy.Expr, exponent: sympy.Expr, up: bool) -> bool:
        if STEP in {s.name for s in exponent.free_symbols}:
            if STEP in {s.name for s in base.free_symbols}:
                return False
            if self._excluded("<", base, ONE):
                return self.moves(exponent, up=up)
            return self.nonnegative(base) and self._excluded(">", base, ONE) and self.moves(exponent, up=not up)
        if self.nonnegative(exponent):
            return self.nonnegative(base) and self.moves(base, up=up)
        return self.nonnegative(-exponent) and self._positive(base) and self.moves(base, up=not up)

    def _moves_across(self, choice: sympy.Piecewise, up: bool) -> bool:
        """Each branch goes that way, and so does the passage, at some t, from one to the other."""
        then, condition, otherwise = parted(choice)
        if not isinstance(condition, Relational) or condition.rel_op not in _NEGATED:
            return False
        after = condition if str(condition.lhs) == STEP else condition.reversed
        if str(after.lhs) != STEP or STEP in {s.name for s in after.rhs.free_symbols}:
            return False
        if after.rel_op not in (">", ">="):
            after, then, otherwise = after.negated, otherwise, then
        late, early = self.assuming(after, holds=True), self.assuming(after, holds=False)
        before = otherwise.xreplace({after.lhs: after.lhs - 1})
        sign = 1 if up else -1
        passes = late._parted(then, lambda shape, value: shape.nonnegative(sympy.expand(sign * (value - before))))
        return passes and late.moves(then, up=up) and early.moves(otherwise, up=up)

    # Where there is a value.

    def unmet(self, expr: sympy.Basic) -> Iterator[sympy.Basic]:
        """Comparisons that have to hold for `expr` to have a value, and of which that is not known."""
        if isinstance(expr, sympy.Piecewise):
            then, condition, otherwise = parted(expr)
            yield from self.unmet(condition)
            yield from self.assuming(condition, holds=True).unmet(then)
            yield from self.assuming(condition, holds=False).unmet(otherwise)
            return
        for argument in expr.args:
            yield from self.unmet(argument)
        match expr:
            case sympy.exp():  # a power to SymPy, which has a value everywhere
                return
            case sympy.Pow():
                yield from self._unmet_by_power(expr.base, expr.exp)
        for value, sign in functions.asked(expr):
            if sign == "!=" and not self._nonzero(value):
                yield sympy.Ne(value, 0)
            elif sign == ">" and not self._positive(value):
                yield sympy.Gt(value, 0)
            elif sign == ">=" and not self.nonnegative(value):
                yield sympy.Ge(value, 0)

    def _unmet_by_power(self, base: sympy.Expr, exponent: sympy.Expr) -> Iterator[sympy.Basic]:
        if self.assumptions.assume(exponent).is_integer:
            if not self.nonnegative(exponent) and not self._nonzero(base):
                yield sympy.Ne(base, 0)
        elif self.nonnegative(exponent):
            if not self.nonnegative(base):
                yield sympy.Ge(base, 0)
        elif not self._positive(base):
            yield sympy.Gt(base, 0)

    def _nonzero(self, expr: sympy.Expr) -> bool:
        return self.assumptions.nonzero(expr) or self._positive(expr) or self._positive(sympy.expand(-expr))


def parted(choice: sympy.Piecewise) -> tuple[sympy.Expr, sympy.Basic, sympy.Expr]:
    """The first branch of a choice, its condition, and what there is otherwise."""
    (then, condition), *others = choice.args
    rest = others[0][0] if len(others) == 1 and others[0][1] == sympy.true else sympy.Piecewise(*others)
    return then, condition, rest
