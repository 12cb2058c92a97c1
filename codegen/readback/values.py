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

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import sympy
from sympy.logic.boolalg import BooleanAtom

from ..algebra.assumptions import Assumptions
from ..algebra.points import counterexample, differ
from ..algebra.signs import is_bias_factor
from ..algebra.tactics import closed
from ..result import PROVED, REFUTED, UNDECIDED, Outcome
from ..spec.domain import ANY, NON_NEGATIVE, POSITIVE, Domain, hull
from ..spec.functions import TABLE, kinds, of
from ..spec.language import Optimizer, Step
from ..spec.row import Function
from .points import number, points_of

_ONE, _ZERO = sympy.Integer(1), sympy.Integer(0)
_OPAQUE = kinds(lambda row: row.opaque)
_NAMED = (sympy.Piecewise, *_OPAQUE)

Kind = str | tuple[str, str]  # of a named value: its function, or that it is a choice by a relation
#: Operations that two sides may have after equations, and after values, have been written out in them: the latter
#: are taken apart by cases, which is slow. And those of an expression whose sign is looked for.
_MOST, _MOST_OPEN, _MOST_SIGN = 600, 100, 40

_Factors = tuple[sympy.Rational, dict[sympy.Expr, sympy.Rational]]  # a number, and powers


@dataclass(frozen=True)
class Same:
    """That two expressions are equal: by which tactic, and which symbols of the second had to be written out."""

    method: str
    written: frozenset[sympy.Symbol]


class Values:
    """The values of `rule`, over symbols that carry what is known of them.

    `meaning` says of every symbol that is not given what it stands for, in terms of symbols before it.
    `targets` are those of equations that compute something; `named` also has those that are another name for one.
    """

    def __init__(self, rule: Optimizer) -> None:
        self.assumptions = Assumptions.of(rule)
        self.meaning: dict[sympy.Symbol, sympy.Expr] = {}
        self.targets: dict[sympy.Symbol, Step] = {}
        self.named: dict[str, sympy.Expr] = {}
        self._made: dict[Kind, dict[tuple[sympy.Expr, ...], sympy.Symbol]] = {}  # by kind and parts
        self._made_of: dict[sympy.Symbol, tuple[Kind, tuple[sympy.Expr, ...]]] = {}
        self._plain: dict[sympy.Symbol, sympy.Expr] = {}  # targets of equations that are one named value
        self._flat: dict[sympy.Basic, sympy.Expr] = {}
        self._called: dict[sympy.Expr, sympy.Symbol] = {}
        self._factors_of: dict[sympy.Expr, _Factors] = {}
        self._known_positive: dict[sympy.Expr, bool] = {}
        self._known_nonnegative: dict[sympy.Expr, bool] = {}
        self._numbers: dict[sympy.Expr, dict[int, Any]] = {}
        self._same: dict[tuple[sympy.Expr, sympy.Expr, bool], Same | None] = {}
        self._points = points_of(rule, self.assumptions)
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

    def _know(self, symbol: sympy.Symbol, value: sympy.Expr) -> None:
        self.meaning[symbol] = value
        for point in self._points:
            point.meaning[symbol.name] = value

    def given(self, name: str) -> sympy.Symbol:
        """The symbol of what the rule is given: `w`, `g`, `t`, a state, a hyperparameter."""
        return self.assumptions.symbol(name)

    # Numbers tell most values apart.

    def number(self, expr: sympy.Expr, at: int = 0) -> Any:
        """What `expr` is at one of the points; None if it has no value there."""
        known = self._numbers.setdefault(expr, {})
        if at not in known:
            known[at] = number(expr, self._points[at])
        return known[at]

    def apart(self, one: sympy.Expr, other: sympy.Expr) -> bool:
        """Whether a point tells the two apart. Of what has a value at none nothing is known."""
        seen = False
        for at in range(len(self._points)):
            a, b = self.number(one, at), self.number(other, at)
            if a is not None and b is not None:
                seen = True
                if differ(a, b):
                    return True
        return not seen

    # Expressions over symbols.

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
            case _ if isinstance(expr, _OPAQUE):
                found = expr.func(*arguments)
                return self._applied(found) if isinstance(found, expr.func) else self.flat(found)
            case sympy.Pow(exp=exponent) if not exponent.is_Integer:
                found = self._power(*arguments)
            case _:
                found = expr if tuple(arguments) == expr.args else expr.func(*arguments)
        # the square root of a square is an absolute value
        return self.flat(found) if found.has(*_NAMED) else found

    def _applied(self, expr: sympy.Expr) -> sympy.Expr:
        """A function of which nothing is known but that equal arguments give equal values, and its parity."""
        row, arguments, factor = of(expr), expr.args, 1
        assert isinstance(row, Function)
        if isinstance(row, Function) and row.parity:
            turned, *arguments = self._upright(*arguments)
            factor = turned if row.parity < 0 else 1
        return factor * self._value(row.name, tuple(arguments), lambda *parts: expr.func(*parts, evaluate=False))

    def _upright(self, expr: sympy.Expr) -> tuple[int, sympy.Expr]:
        """The sign at a point, and `expr` or its negative, which is positive there, however it is written."""
        at = self.number(expr)
        turned = expr.could_extract_minus_sign() if not at else at < 0
        return (-1, -expr) if turned else (1, expr)

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

    # Factors.

    def _positive(self, factor: sympy.Expr) -> bool:
        """Whether `factor`, and so every product and power of such, is known to be above zero."""
        if (at := self.number(factor)) is not None and at <= 0:
            return False
        if factor not in self._known_positive:
            self._known_positive[factor] = any(map(self._is_positive, self._forms(factor)))
        return self._known_positive[factor]

    def _is_positive(self, factor: sympy.Expr) -> bool:
        if factor.is_positive:
            return True
        if factor.is_Mul:
            return all(map(self._positive, factor.args))
        if factor.is_Pow:
            return self._positive(factor.base)
        return is_bias_factor(factor)

    def _nonnegative(self, expr: sympy.Expr) -> bool:
        if (at := self.number(expr)) is not None and at < 0:
            return False
        if expr not in self._known_nonnegative:
            self._known_nonnegative[expr] = any(form.is_nonnegative for form in self._forms(expr))
        return self._known_nonnegative[expr]

    def _forms(self, expr: sympy.Expr) -> Iterator[sympy.Expr]:
        """`expr`, and what it is with the equations written out of whose sign nothing is known."""
        yield expr
        while sympy.count_ops(expr) < _MOST_SIGN:
            unknown = {s: self.meaning[s] for s in expr.free_symbols & self.targets.keys() if s.is_nonnegative is None}
            if not unknown:
                return
            expr = expr.xreplace(unknown)
            yield expr

    def _settled(self, relation: str, difference: sympy.Expr) -> bool | None:
        """Whether `difference` is `relation` 0, if that is known."""
        if self._positive(difference) or self._positive(-difference):
            return relation != "==" and self._positive(difference)
        if relation == ">=" and self._nonnegative(difference):
            return True
        if relation == ">" and self._nonnegative(-difference):
            return False
        return relation != ">" if difference.is_zero else None

    def _positive_factor(self, parts: list[sympy.Expr]) -> tuple[sympy.Expr, list[sympy.Expr]]:
        """A positive factor of all `parts`, and what is left of them."""
        return self._taken_out(parts, self._positive)

    def _common_factor(self, parts: list[sympy.Expr]) -> tuple[sympy.Expr, list[sympy.Expr]]:
        """A factor that all `parts` have, and what is left.

        What may vanish is not taken out of a denominator: one part may have a value where the others have none.
        """
        return self._taken_out(parts, lambda base: True)

    def _taken_out(
        self, parts: list[sympy.Expr], fits: Callable[[sympy.Expr], bool]
    ) -> tuple[sympy.Expr, list[sympy.Expr]]:
        number, shared = self._shared([part for part in parts if part != 0])  # zero has any factor
        taken = {base: e for base, e in shared.items() if fits(base) and (e > 0 or self._positive(base))}
        if number == 1 and not taken:
            return _ONE, parts
        return self._product(number, taken), self._without(parts, number, taken)

    def _without(
        self, parts: Sequence[sympy.Expr], number: sympy.Rational, taken: Mapping[sympy.Expr, sympy.Rational]
    ) -> list[sympy.Expr]:
        """Each of `parts` divided by `number` and the powers `taken`."""
        rest = []
        for part in parts:
            own, factors = self._factors(part)
            rest.append(self._product(own / number, {base: e - taken.get(base, 0) for base, e in factors.items()}))
        return rest

    def _shared(self, parts: Sequence[sympy.Expr]) -> _Factors:
        """The factors that all of `parts` have, and a positive number."""
        if not parts:
            return _ONE, {}
        numbers, factors = zip(*map(self._factors, parts), strict=True)
        shared: dict[sympy.Expr, sympy.Rational] = {}
        for base in factors[0]:
            exponents = [others.get(base, _ZERO) for others in factors]
            if min(exponents) > 0:
                shared[base] = min(exponents)
            elif max(exponents) < 0:
                shared[base] = max(exponents)
        above, below = math.gcd(*(n.p for n in numbers)), math.gcd(*(n.q for n in numbers))
        return sympy.Rational(above, below), shared

    def _factors(self, expr: sympy.Expr) -> _Factors:
        """A number and powers whose product is `expr`. An equation has the factors of its right-hand side."""
        if expr not in self._factors_of:
            self._factors_of[expr] = self._factored(expr)
        return self._factors_of[expr]

    def _factored(self, expr: sympy.Expr) -> _Factors:
        if expr in self.targets:
            return self._factors(self.meaning[expr])
        if expr.is_Rational:
            return expr, {}
        if expr.is_Mul:
            number, found = _ONE, dict[sympy.Expr, sympy.Rational]()
            for factor in expr.args:
                own, factors = self._factors(factor)
                number *= own
                for base, exponent in factors.items():
                    found[base] = found.get(base, _ZERO) + exponent
            return number, {base: exponent for base, exponent in found.items() if exponent != 0}
        if expr.is_Pow and expr.exp.is_Rational:
            number, factors = self._factors(expr.base)
            if expr.exp.is_Integer or (number == 1 and all(map(self._positive, factors))):
                return number**expr.exp, {base: exponent * expr.exp for base, exponent in factors.items()}
        if expr.is_Add:
            number, factors = self._shared(expr.args)
            if number != 1 or factors:
                terms = self._without(expr.args, number, factors)
                own, rest = self._single(sympy.Add(*terms))
                return own * number, {base: factors.get(base, _ZERO) + rest.get(base, _ZERO) for base in factors | rest}
        return self._single(expr)

    def _single(self, base: sympy.Expr) -> _Factors:
        """`base` as a whole: by the name of the equation whose right-hand side it is, else positive at a point."""
        if base.is_Rational:
            return base, {}
        for turned, whole in ((_ONE, base), (-_ONE, -base)):
            if whole in self._called:
                return turned, {self._called[whole]: _ONE}
        turned, upright = self._upright(base) if base.is_Add else (1, base)
        return sympy.Integer(turned), {upright: _ONE}

    def _product(self, number: sympy.Rational, powers: Mapping[sympy.Expr, sympy.Rational]) -> sympy.Expr:
        """`number` times all `powers`, of which those that are an equation have its name."""
        factors = (base**exponent for base, exponent in powers.items())
        return number * sympy.Mul(*(self._called.get(factor, factor) for factor in factors))

    # Proofs.

    def same(self, one: sympy.Expr, other: sympy.Expr, *, opened: bool = False) -> Same | None:
        """Whether the two are proved equal. What values are made of is looked at only if they may be `opened`."""
        if one != other and self.apart(one, other):
            return None
        if any(side.has(sympy.nan, sympy.zoo) for side in (one, other)):
            return None  # what has no value is equal to nothing
        if (one, other, opened) not in self._same:
            self._same[one, other, opened] = self._proved(one, other, opened)
        return self._same[one, other, opened]

    def _proved(self, one: sympy.Expr, other: sympy.Expr, opened: bool) -> Same | None:
        """Symbols stand for what they mean, as long as both sides speak of the same ones. If not, written out are:

        equations that one side names, the last first, since it may have in it what the other side names; those
        that both name and that have in them what one side names; and only then a value. Last come those equations
        that both name beside all that is given to them.
        """
        place = {symbol: number for number, symbol in enumerate(self.meaning)}
        written = {symbol for symbol in self._plain if symbol in other.free_symbols - one.free_symbols}
        one, other, most = one.xreplace(self._plain), other.xreplace(self._plain), _MOST
        while one != other:
            one, other = _rest(one, other)
            left, right = one.free_symbols, other.free_symbols
            odd = (left ^ right) & place.keys()
            both = left & right & self.targets.keys()
            within = sorted((s for s in both if self.below(s) & (left ^ right)), key=place.__getitem__)
            for few in (odd & self.targets.keys(), *({s} for s in within)):  # often that is all
                if self._with(one, few) == self._with(other, few):
                    return Same("identical", frozenset(written | (few & right)))
            if equations := odd & self.targets.keys():
                next_one = max(equations | {s for s in both if self.below(s) & equations}, key=place.__getitem__)
            elif within:
                next_one = within[0]
            elif odd:
                next_one = max(odd, key=place.__getitem__)
                functions = one.atoms(*_NAMED) | other.atoms(*_NAMED)
                if not opened or any(next_one in function.free_symbols for function in functions):
                    return None  # a choice would stand in another
                most = _MOST_OPEN
            else:
                equations = {s for s in both if self.below(s) - place.keys() <= left}
                products = {s for s in equations if not self.meaning[s].has(sympy.Add)}  # make nothing larger
                if not products and (method := closed(one, other)):
                    return Same(method, frozenset(written))
                if not equations:
                    return None
                next_one = max(products or equations, key=place.__getitem__)
            if next_one in right:
                written.add(next_one)
            one, other = self._with(one, {next_one}), self._with(other, {next_one})
            if sympy.count_ops(one) + sympy.count_ops(other) > most:
                return None
        return Same("identical", frozenset(written))

    def _with(self, expr: sympy.Expr, symbols: Iterable[sympy.Symbol]) -> sympy.Expr:
        """`expr` with what `symbols` mean in their place."""
        return expr.xreplace({symbol: self.meaning[symbol].xreplace(self._plain) for symbol in symbols})

    def decide(self, found: sympy.Expr, wanted: sympy.Expr) -> Outcome:
        """Whether `found` is `wanted`. A point that refutes is looked for with everything written out."""
        if same := self.same(found, wanted) or self.same(found, wanted, opened=True):
            return Outcome(PROVED, same.method)
        if point := counterexample(
            found, wanted, self.assumptions, self.meaning, [point.given for point in self._points]
        ):
            return Outcome(REFUTED, "evaluation at a point", point)
        reason = f"no tactic proves that {_short(found)} is {_short(wanted)}, and no point refutes it"
        return Outcome(UNDECIDED, reason=reason)

    def below(self, expr: sympy.Expr) -> frozenset[sympy.Symbol]:
        """Every symbol that `expr` depends on, directly or not."""
        seen: set[sympy.Symbol] = set()
        pending = list(expr.free_symbols)
        while pending:
            symbol = pending.pop()
            if symbol not in seen:
                seen.add(symbol)
                pending += self.meaning[symbol].free_symbols if symbol in self.meaning else ()
        return frozenset(seen)


_OPPOSITE = {"<": ">=", "<=": ">", "!=": "=="}
_STRICT_OR_NOT = {">": ">=", ">=": ">"}
_RELATIONS = {"<": sympy.Lt, "<=": sympy.Le, ">": sympy.Gt, ">=": sympy.Ge, "==": sympy.Eq, "!=": sympy.Ne}


def _pieces(relation: str) -> Callable[..., sympy.Expr]:
    def build(difference: sympy.Expr, then: sympy.Expr, otherwise: sympy.Expr) -> sympy.Expr:
        test = _RELATIONS[relation](difference, 0, evaluate=False)
        return sympy.Piecewise((then, test), (otherwise, True), evaluate=False)

    return build


def _rest(one: sympy.Expr, other: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
    """Two expressions that need be equal for `one` to be `other`: without the terms and factors that both have."""
    while one.func == other.func and (one.is_Add or one.is_Mul):
        left, right = ([a for a in e.args if a not in f.args] for e, f in ((one, other), (other, one)))
        if len(left) == len(one.args) or (one.is_Mul and not (left and right)):
            break
        one, other = one.func(*left), other.func(*right)
    return one, other


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


def _short(expr: sympy.Expr) -> str:
    text = str(expr)
    return text if len(text) < 200 else text[:200] + "..."
