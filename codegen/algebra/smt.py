"""What a tactic has closed, written in SMT-LIB 2 for a solver that knows nothing of SymPy.

A script asserts what is known of the symbols, that every part has a value, and the opposite of what was
closed. `unsat` agrees with the tactic, `sat` contradicts it. The logic is that of polynomials over the real
numbers (QF_NRA): a root is a new number with its square, a power with an unknown exponent a new number with
its bounds, signs and choices are `ite`. That a symbol is a whole number is said on request only (QF_NIRA):
solvers know little of those. Whatever else there is cannot be said (`InexpressibleError`).

The language: https://smt-lib.org/language.shtml
"""

from __future__ import annotations

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom

from .obligations import Obligation
from .signs import AtMostOne, BelowOne

_MOST = 2000  # operations; what is larger is not written out
_RELATIONS = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "==": "=", "!=": "distinct"}


_SIGNS = (
    ("is_positive", "(> {} 0.0)"),
    ("is_negative", "(< {} 0.0)"),
    ("is_nonnegative", "(>= {} 0.0)"),
    ("is_nonpositive", "(<= {} 0.0)"),
    ("is_nonzero", "(not (= {} 0.0))"),
)


class InexpressibleError(Exception):
    """The logic has no way to say it."""


def script(obligation: Obligation, *, negated: bool = True, whole: bool = False) -> str:
    """The script that asks whether the obligation can fail; without `negated`, whether its assumptions can hold.

    Symbols of whole numbers are real numbers in it, unless it is to be said that they are `whole`.
    """
    if sympy.count_ops(obligation.left) + sympy.count_ops(obligation.right) > _MOST:
        raise InexpressibleError("too large")
    writer = _Writer(whole)
    left, right = writer.term(obligation.left), writer.term(obligation.right)
    lines = [f"(set-logic {'QF_NIRA' if whole else 'QF_NRA'})", *writer.lines]
    if negated:
        relation = "=" if obligation.relation == "=" else ">="
        lines.append(f"(assert (not ({relation} {left} {right})))")
    return "\n".join([*lines, "(check-sat)", ""])


def has_whole(obligation: Obligation) -> bool:
    """Whether symbols of whole numbers stand in it, of which a script says so on request only."""
    return any(s.is_integer for s in obligation.left.free_symbols | obligation.right.free_symbols)


class _Writer:
    """Declares a constant for every part of an expression, each once, and asserts what is known of it."""

    def __init__(self, whole: bool = False) -> None:
        self.whole = whole
        self.lines: list[str] = []
        self.names: dict[sympy.Basic, str] = {}

    def term(self, expr: sympy.Basic) -> str:
        """The name, or the number, that stands for `expr`."""
        if expr.is_Rational:
            number = f"{abs(expr.p)}.0" if expr.q == 1 else f"(/ {abs(expr.p)}.0 {expr.q}.0)"
            return f"(- {number})" if expr.p < 0 else number
        if expr not in self.names:
            self.names[expr] = self._written(expr)
        return self.names[expr]

    def _new(self, *known: str, sort: str = "Real") -> str:
        name = f"x{len(self.lines)}"
        self.lines.append(f"(declare-const {name} {sort})")
        self.lines += [f"(assert {fact.format(name)})" for fact in known]
        return name

    def _defined(self, text: str, sort: str = "Real") -> str:
        name = f"x{len(self.lines)}"
        self.lines.append(f"(define-fun {name} () {sort} {text})")
        return name

    def _written(self, expr: sympy.Basic) -> str:
        match expr:
            case sympy.Symbol():
                return self._symbol(expr)
            case sympy.Add() | sympy.Mul():
                operator = "+" if isinstance(expr, sympy.Add) else "*"
                return self._defined(f"({operator} {' '.join(map(self.term, expr.args))})")
            case sympy.Pow():
                return self._power(expr.base, expr.exp)
            case sympy.Abs():
                inner = self.term(expr.args[0])
                return self._defined(f"(ite (>= {inner} 0.0) {inner} (- {inner}))")
            case sympy.sign():
                inner = self.term(expr.args[0])
                return self._defined(f"(ite (> {inner} 0.0) 1.0 (ite (< {inner} 0.0) (- 1.0) 0.0))")
            case sympy.Max() | sympy.Min():
                relation = ">=" if isinstance(expr, sympy.Max) else "<="
                best, *others = map(self.term, expr.args)
                for other in others:
                    best = self._defined(f"(ite ({relation} {best} {other}) {best} {other})")
                return best
            case sympy.Piecewise():
                *cases, (text, last) = [(self.term(value), self._condition(c)) for value, c in expr.args]
                if last != "true":
                    raise InexpressibleError("a choice without otherwise")
                for value, condition in reversed(cases):
                    text = f"(ite {condition} {value} {text})"
                return self._defined(text)
        raise InexpressibleError(type(expr).__name__)

    def _symbol(self, symbol: sympy.Symbol) -> str:
        """A number with all that SymPy, or the type of the symbol, says of it."""
        known = [fact for holds, fact in _SIGNS if getattr(symbol, holds)]
        known += ["(< {} 1.0)"] if isinstance(symbol, BelowOne) else []
        known += ["(<= {} 1.0)"] if isinstance(symbol, AtMostOne) else []
        if not symbol.is_integer:
            return self._new(*known)
        known += ["(>= {} 1.0)"] if symbol.is_positive else []
        number = self._defined(f"(to_real {self._new(sort='Int')})") if self.whole else self._new()
        self.lines += [f"(assert {fact.format(number)})" for fact in known]
        return number

    def _condition(self, condition: sympy.Basic) -> str:
        match condition:
            case BooleanAtom():
                return "true" if condition else "false"
            case Relational():
                sides = self.term(condition.lhs), self.term(condition.rhs)
                return f"({_RELATIONS[condition.rel_op]} {' '.join(sides)})"
            case sympy.And() | sympy.Or() | sympy.Not():
                return f"({type(condition).__name__.lower()} {' '.join(map(self._condition, condition.args))})"
            case sympy.ITE():
                return f"(ite {' '.join(map(self._condition, condition.args))})"
        raise InexpressibleError(type(condition).__name__)

    def _power(self, base: sympy.Expr, exponent: sympy.Expr) -> str:
        factors = []
        for unit, times in exponent.as_coefficients_dict().items():
            if unit == 1:
                root = self.term(base) if times.is_Integer else self._root(base, int(times.q))
            else:
                root = self._unknown_power(base, unit)
            if unit != 1 and not times.is_Integer:
                raise InexpressibleError("a fraction of an unknown exponent")
            factors.append(self._repeated(root, int(times.p)))
        return factors[0] if len(factors) == 1 else self._defined(f"(* {' '.join(factors)})")

    def _repeated(self, root: str, times: int) -> str:
        """The power of a name with a whole exponent; what is divided by is not zero."""
        product = root if abs(times) == 1 else self._defined(f"(* {' '.join([root] * abs(times))})")
        if times > 0:
            return product
        self.lines.append(f"(assert (not (= {root} 0.0)))")
        return self._defined(f"(/ 1.0 {product})")

    def _root(self, base: sympy.Expr, order: int) -> str:
        """A number that is not negative, of which the power is the base."""
        key = sympy.Function("root")(base, sympy.Integer(order))
        if key not in self.names:
            inner = self.term(base)
            self.names[key] = self._new("(>= {0} 0.0)", f"(= (* {' '.join(['{0}'] * order)}) {inner})")
        return self.names[key]

    def _unknown_power(self, base: sympy.Expr, exponent: sympy.Expr) -> str:
        """`base ** exponent` for a base that is not negative: between 0 and the base, or 1, if that is at most one."""
        key = sympy.Function("power")(base, exponent)
        if key not in self.names:
            if not (base.is_nonnegative and exponent.is_nonnegative):
                raise InexpressibleError("a power that need not be real")
            inner = self.term(base)
            known = ["(>= {0} 0.0)", f"(=> (> {inner} 0.0) (> {{0}} 0.0))"]
            if base.is_Rational and base >= 1:
                known.append("(>= {0} 1.0)")
            elif isinstance(base, BelowOne | AtMostOne) or base.is_Rational:
                at_least_one = exponent.is_integer and exponent.is_positive
                known.append(f"(<= {{0}} {inner if at_least_one else '1.0'})")
            self.names[key] = self._new(*known)
        return self.names[key]
