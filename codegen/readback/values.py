"""Name the values of a rule: every choice, maximum, absolute value and the like has a symbol, equal ones the same.

    an expression -> sums, products and powers of symbols

The equations of a spec refer to each other, and so do the values that a file computes. Written into one another
they grow without end, and SymPy takes a choice inside a comparison apart until no tactic puts it together again. So
nothing is written out: an expression speaks of the symbols of what lies below it, and what two expressions have in
common stays a symbol in a proof. That is sound, since what holds for all values of a symbol holds for one of them.

Two values have one symbol if they are made in the same way of parts that are proved equal. Before that each gets a
normal form: factors that are known to be positive stand before it, a comparison is one of a difference with zero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import sympy
from sympy.logic.boolalg import BooleanAtom

from ..spec.domain import ANY, NON_NEGATIVE, POSITIVE, Domain, hull
from ..spec.functions import TABLE, of
from ..spec.row import Function
from ..spec.rules import Optimizer, Step
from .equality import NAMED, OPAQUE, Proofs
from .factors import Factors

_ONE, _ZERO = sympy.Integer(1), sympy.Integer(0)

Kind = str | tuple[str, str]  # of a named value: its function, or that it is a choice by a relation


class Values(Factors, Proofs):
    """The values of `rule`, over symbols that carry what is known of them.

    `named` has the targets of all equations, those as well that are another name for a value.
    """

    def __init__(self, rule: Optimizer) -> None:
        super().__init__(rule)
        self.named: dict[str, sympy.Expr] = {}
        self._made: dict[Kind, dict[tuple[sympy.Expr, ...], sympy.Symbol]] = {}  # by kind and parts
        self._made_of: dict[sympy.Symbol, tuple[Kind, tuple[sympy.Expr, ...]]] = {}
        self._flat: dict[sympy.Basic, sympy.Expr] = {}
        for step in rule.steps:
            self._define(step)
        self._flat.clear()  # equations have names now that had none when others before them were read

    def _define(self, step: Step) -> None:
        value = self.flat(step.value)
        known = self.meaning.keys() - self.targets.keys()
        if value.is_number or (value.is_Symbol and (value not in known or step.value.is_Atom)):
            self.named[step.target.name] = value
            return
        sign = POSITIVE if self._positive(value) else NON_NEGATIVE if self._nonnegative(value) else Domain()
        symbol = self.assumptions.also(**{step.target.name: sign}).symbol(step.target.name)
        self._know(symbol, value)
        self.named[step.target.name] = symbol
        self.targets[symbol] = step
        if value.is_Symbol:
            self._plain[symbol] = value
        else:
            self._called.setdefault(value, symbol)

    def flat(self, expr: Any) -> sympy.Expr:
        """`expr` with a symbol for everything in it that is no sum, product, power, exponential or logarithm.

        What reads like the right-hand side of an equation has its name.
        """
        if not isinstance(expr, sympy.Basic):
            expr = sympy.sympify(expr)
        if not expr.args:
            return self._symbol(expr) if expr.is_Symbol else expr
        if expr not in self._flat:
            found = self._flattened(expr)
            self._flat[expr] = self._called.get(found, found)
        return self._flat[expr]

    def _symbol(self, symbol: sympy.Symbol) -> sympy.Expr:
        if symbol in self.meaning:
            return symbol
        return self.named[symbol.name] if symbol.name in self.named else self.assumptions.symbol(symbol.name)

    def _flattened(self, expr: sympy.Basic) -> sympy.Expr:
        if isinstance(expr, sympy.Piecewise):
            (then, test), (otherwise, _) = expr.args
            return self.choice(test, then, otherwise)
        arguments = [self.flat(argument) for argument in expr.args]
        match expr:
            case sympy.Abs():
                return self.absolute(*arguments)
            case sympy.sign():
                return self.sign(*arguments)
            case sympy.Max() | sympy.Min():
                return self._extreme(expr.func, arguments)
            case _ if isinstance(expr, OPAQUE):
                found = expr.func(*arguments)
                return self._applied(found) if isinstance(found, expr.func) else self.flat(found)
            case sympy.Pow(exp=exponent) if not exponent.is_Integer:
                found = self._power(*arguments)
            case _:
                found = expr if tuple(arguments) == expr.args else expr.func(*arguments)
        # the square root of a square is an absolute value
        return self.flat(found) if found.has(*NAMED) else found

    def _applied(self, expr: sympy.Expr) -> sympy.Expr:
        """A function of which nothing is known but that equal arguments give equal values, and its parity."""
        row, arguments, factor = of(expr), expr.args, 1
        assert isinstance(row, Function)
        if isinstance(row, Function) and row.parity:
            turned, *arguments = self._upright(*arguments)
            factor = turned if row.parity < 0 else 1
        return factor * self._value(row.name, tuple(arguments), lambda *parts: expr.func(*parts, evaluate=False))

    def _power(self, base: sympy.Expr, exponent: sympy.Expr) -> sympy.Expr:
        """`base**exponent`, whatever the exponent: of a product with each positive factor by itself."""
        before, (core,) = self._positive_factor([base])
        factors = [part for factor in (*sympy.Mul.make_args(before), core) for part in self._relieved(factor)]
        return sympy.Mul(*(factor**exponent for factor in factors))

    def _relieved(self, expr: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
        """A number and a sum whose largest term has none before it; if there are roots among the numbers there."""
        terms = {term: _number_in(term) for term in expr.args} if expr.is_Add else {}
        values = {term: self.number(term) for term in terms}
        if all(number.is_Rational for number in terms.values()) or None in values.values():
            return _ONE, expr
        largest = terms[max(terms, key=lambda term: abs(values[term]))]
        return largest, sympy.Add(*(term / largest for term in terms))

    def absolute(self, expr: Any) -> sympy.Expr:
        before, (core,) = self._positive_factor([self.flat(expr)])
        _, core = self._upright(core)
        if self._nonnegative(core):
            return before * core
        return before * self._value("abs", (core,), lambda part: sympy.Abs(part, evaluate=False))

    def sign(self, expr: Any) -> sympy.Expr:
        _, (core,) = self._positive_factor([self.flat(expr)])
        turned, core = self._upright(core)
        if core.is_zero or self._positive(core):
            return _ZERO if core.is_zero else sympy.Integer(turned)
        return turned * self._value("sign", (core,), lambda part: sympy.sign(part, evaluate=False))

    def maximum(self, *arguments: Any) -> sympy.Expr:
        return self._extreme(sympy.Max, arguments)

    def minimum(self, *arguments: Any) -> sympy.Expr:
        return self._extreme(sympy.Min, arguments)

    def _extreme(self, kind: type[sympy.Max | sympy.Min], arguments: Sequence[Any]) -> sympy.Expr:
        """The largest or smallest of `arguments`. One among them that is such a value itself comes apart."""
        name, parts = "maximum" if kind is sympy.Max else "minimum", dict[sympy.Expr, None]()
        for argument in map(self.flat, arguments):
            parts |= dict.fromkeys(self._opened(name, argument))
        constants = [part for part in parts if part.is_number]
        if len(constants) > 1:
            parts = {kind(*constants): None, **{part: None for part in parts if not part.is_number}}
        before, found = self._positive_factor(list(parts))
        if len(found) == 1:
            return before * found[0]
        found.sort(key=self._by_number)  # so that parts that are equal have the same place
        return before * self._value(name, tuple(found), lambda *parts: kind(*parts, evaluate=False))

    def _opened(self, kind: str, expr: sympy.Expr) -> Sequence[sympy.Expr]:
        """The parts of the extreme of this kind that `expr` is, but for a positive factor; else itself."""
        factors = sympy.Mul.make_args(expr)
        inner = [(f, made[1]) for f in factors if (made := self._made_as(f)) and made[0] == kind]
        if len(inner) == 1 and self._positive(factor := expr / inner[0][0]):
            return [factor * part for part in inner[0][1]]
        return [expr]

    def _made_as(self, symbol: sympy.Expr) -> tuple[Kind, tuple[sympy.Expr, ...]] | None:
        """Kind and parts of a named value, or of the equation that is nothing else."""
        return self._made_of.get(self._plain.get(symbol, symbol))

    def _by_number(self, expr: sympy.Expr) -> tuple:
        at = self.number(expr)
        return (at is None, at or 0, sympy.default_sort_key(expr))

    def compare(self, relation: str, left: Any, right: Any) -> Any:
        """A comparison as it stands: SymPy would settle some, and turn others around."""
        if left == right:
            return sympy.true if relation in ("==", "<=", ">=") else sympy.false
        if isinstance(left, sympy.Integer) and isinstance(right, int):
            return _RELATIONS[relation](left, right)
        return _RELATIONS[relation](left, right, evaluate=False)

    def choice(self, test: Any, then: Any, otherwise: Any) -> sympy.Expr:
        """`then` where `test` holds, else `otherwise`."""
        then, otherwise = self.flat(then), self.flat(otherwise)
        if isinstance(test, bool | BooleanAtom):
            return then if test else otherwise
        if then == otherwise:
            return then
        match test:
            case sympy.Or(args=(first, *others)):
                return self.choice(first, then, self.choice(sympy.Or(*others), then, otherwise))
            case sympy.And(args=(first, *others)):
                return self.choice(first, self.choice(sympy.And(*others), then, otherwise), otherwise)
            case sympy.Not(args=(opposite,)):
                return self.choice(opposite, otherwise, then)
        left, right, relation = self.flat(test.lhs), self.flat(test.rhs), test.rel_op
        if relation in ("<", "<=", "!="):
            relation, then, otherwise = _OPPOSITE[relation], otherwise, then
        # now >, >= or ==
        difference = left - right
        if relation == "==":
            _, (difference,) = self._positive_factor([difference])
            kind, (core, *flags) = self._made_as(difference) or ("", (difference,))
            if isinstance(kind, tuple) and flags in ([0, 1], [1, 0]):  # a choice is 0 where its own test says so
                return self._choice(kind[1], core, *((then, otherwise) if flags[0] == 0 else (otherwise, then)))
            difference = core if kind == "sign" else difference
        if relation != "==" and (then - otherwise in (difference, -difference)):
            return self._extreme(sympy.Max if then - otherwise == difference else sympy.Min, (then, otherwise))
        return self._choice(relation, difference, then, otherwise)

    def _choice(self, relation: str, difference: sympy.Expr, then: sympy.Expr, otherwise: sympy.Expr) -> sympy.Expr:
        """A choice by whether `difference` is >, >= or == 0."""
        _, (difference,) = self._positive_factor([difference])
        turned, core = self._upright(difference)
        if turned < 0 and relation != "==":  # -d > 0 is not d >= 0
            relation, then, otherwise = _STRICT_OR_NOT[relation], otherwise, then
        if relation == "==" and self._nonnegative(core):
            relation, then, otherwise = ">", otherwise, then
        settled = self._settled(relation, core)
        if settled is not None:
            return then if settled else otherwise
        if sign := self._as_sign(relation, core, then, otherwise):
            return sign
        before, (then, otherwise) = self._common_factor([then, otherwise])
        name = self._value(("choice", relation), (core, then, otherwise), _pieces(relation))
        return before * name

    def _as_sign(self, relation: str, core: sympy.Expr, then: sympy.Expr, otherwise: sympy.Expr) -> sympy.Expr | None:
        """The sign of `core` or `-core`, if that is what one choice or two in one another make."""
        for outer, whole, inner, turned in ((">", then, otherwise, 1), (">=", otherwise, then, -1)):
            if relation != outer or whole not in (1, -1):
                continue
            neither, below = inner, -whole
            if not self._nonnegative(turned * core):  # else nothing is below zero
                factor, symbol = inner.as_coeff_Mul()
                kind, parts = self._made_as(symbol) or (None, ())
                if kind != ("choice", _STRICT_OR_NOT[outer]) or not self.same(parts[0], core):
                    continue
                neither, below = (factor * part for part in (parts[1:] if turned > 0 else parts[:0:-1]))
            side = turned * whole
            # what it is where it is neither above nor below: 0, or the value itself
            if below == -whole and (neither == 0 or self.same(self._positive_factor([neither])[1][0], side * core)):
                return side * self.sign(core)
        return None

    def _value(self, kind: Kind, parts: tuple[sympy.Expr, ...], build: Callable[..., sympy.Expr]) -> sympy.Symbol:
        """The symbol of what `build` makes of `parts`: a new one, unless it is proved to be an old one."""
        known = self._made.setdefault(kind, {})
        if parts not in known:
            alike = (p for p in known if len(p) == len(parts) and all(map(self.same, p, parts)))
            known[parts] = known[old] if (old := next(alike, None)) else self._new(kind, parts, build)
        return known[parts]

    def _new(self, kind: Kind, parts: tuple[sympy.Expr, ...], build: Callable[..., sympy.Expr]) -> sympy.Symbol:
        symbol = _symbol_for(f"value {len(self.meaning)}", kind, parts)
        self._made_of[symbol] = kind, parts
        self._know(symbol, build(*parts))
        return symbol


_OPPOSITE = {"<": ">=", "<=": ">", "!=": "=="}
_STRICT_OR_NOT = {">": ">=", ">=": ">"}
_RELATIONS = {"<": sympy.Lt, "<=": sympy.Le, ">": sympy.Gt, ">=": sympy.Ge, "==": sympy.Eq, "!=": sympy.Ne}


def _pieces(relation: str) -> Callable[..., sympy.Expr]:
    def build(difference: sympy.Expr, then: sympy.Expr, otherwise: sympy.Expr) -> sympy.Expr:
        test = _RELATIONS[relation](difference, 0, evaluate=False)
        return sympy.Piecewise((then, test), (otherwise, True), evaluate=False)

    return build


def _number_in(term: sympy.Expr) -> sympy.Expr:
    """The number that a product has as a factor, without its sign."""
    return abs(sympy.Mul(*(factor for factor in sympy.Mul.make_args(term) if factor.is_number)))


def _symbol_for(name: str, kind: Kind, parts: tuple[sympy.Expr, ...]) -> sympy.Symbol:
    """A symbol that carries what is known of a value made of `parts`."""
    known = [POSITIVE if part.is_positive else NON_NEGATIVE if part.is_nonnegative else ANY for part in parts]
    if not isinstance(kind, str):  # a choice
        found = reduce(hull, known[1:])
    else:
        row = TABLE[kind]
        found = reduce(row.range, known) if row.arity > 1 else row.range(*known)
    if found.positive:
        return sympy.Symbol(name, positive=True)
    return sympy.Symbol(name, nonnegative=True) if found.nonnegative else sympy.Symbol(name, real=True)
