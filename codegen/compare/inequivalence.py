"""Prove that no hyperparameters make one rule another: the equations that they would have to satisfy have no solution.

`rule` runs with simple numbers for a step or two, on several gradients. That `other` moves to the same weights is an
equation in its hyperparameters; roots, absolute values and maxima become unknowns with equations of their own. Each
such step only admits more solutions. If the polynomials have none (by Hilbert's Nullstellensatz: their Groebner basis
is 1), or only such as lie outside the domains, there are no hyperparameters that do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy

from ..algebra import exact
from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..algebra.points import candidates as numbers_in
from ..algebra.signs import is_bias_factor
from ..spec.domain import NON_NEGATIVE, Domain
from ..spec.rules import Optimizer
from ..spec.symbols import GRADIENT, PARAMETER, STEP

#: Runs, as the weight at the start and the gradients; those of one step first. What one of them shows is needed less.
RUNS: tuple[tuple[int, tuple[int, ...]], ...] = (
    (0, (1,)),
    (0, (2,)),
    (0, (3,)),
    (1, (0,)),
    (1, (1,)),
    (0, (0, 1)),
    (0, (0, 2)),
    (0, (1, 0)),
    (0, (2, 0)),
    (0, (1, 1)),
    (0, (1, -1)),
    (0, (1, 2)),
    (0, (2, 1)),
    (1, (0, 1)),
    (1, (1, 0)),
    (0, (0, 0, 1)),
    (0, (1, 0, 0)),
    (0, (1, 0, 1)),
    (0, (0, 0, 0, 0, 0, 0, 0, 1)),
)
_MOST_POLYNOMIALS = 24
_MOST_TERMS = 120
_DEEPEST = 5
_LARGE = Fraction(16)


@dataclass(frozen=True)
class Excluded:
    """`rule` at `setting` on these runs: no hyperparameters of the other give the same weights."""

    setting: Mapping[str, Fraction]
    runs: tuple[tuple[int, tuple[int, ...]], ...]


def exclude(rule: Optimizer, other: Optimizer, tick: Callable[[], None] = lambda: None) -> Excluded | None:
    """A proof that no constant hyperparameters in their domains make `other` the rule; None if none is found."""
    setting, domains = simple(rule, other), Assumptions.of(rule).domains
    if not all(value in domains[name] for name, value in setting.items()):
        return None  # no simple numbers are known of these domains
    if (found := _exclude(rule, other, setting, tick)) is not None:
        return found
    # a state that shrinks may be used up before the runs have shown anything: a larger start
    starts = {s.name for value in rule.state.values() for s in value.free_symbols}
    larger = {n: _LARGE if n in starts and _LARGE in domains[n] else v for n, v in setting.items()}
    return None if larger == setting else _exclude(rule, other, larger, tick)


def _exclude(
    rule: Optimizer, other: Optimizer, setting: Mapping[str, Fraction], tick: Callable[[], None]
) -> Excluded | None:
    if (found := _exclude_by_two(rule, other, setting, tick)) is not None:
        return found
    system = _System(other)
    used: list[tuple[int, tuple[int, ...]]] = []
    for start, gradients in RUNS:
        tick()
        try:
            equation = system.equation(rule, setting, start, gradients)
        except (ZeroDivisionError, _TooLargeError):
            continue
        if equation == 0 or system.follows(equation):
            continue
        used.append((start, gradients))
        system.equations.append(equation)
        if system.contradictory(system.equations, tick):
            return Excluded(setting, tuple(used))
    return None


def _exclude_by_two(
    rule: Optimizer, other: Optimizer, setting: Mapping[str, Fraction], tick: Callable[[], None]
) -> Excluded | None:
    """The same from two runs alone, where the first step has a maximum in it: many of them make systems too large."""
    system, (first, *later) = _System(other), RUNS
    try:
        begin = system.equation(rule, setting, *first)
    except (ZeroDivisionError, _TooLargeError):
        return None
    if not any(kind == "size" for kind, _ in system.standing):
        return None
    for run in later:
        tick()
        try:
            equation = system.equation(rule, setting, *run)
        except (ZeroDivisionError, _TooLargeError):
            continue
        if equation != 0 and system.contradictory([begin, equation], tick, depth=_DEEPEST):
            return Excluded(setting, (first, run))
    return None


def simple(rule: Optimizer, other: Optimizer) -> dict[str, Fraction]:
    """Simple numbers for the hyperparameters, such that roots of `1 - b` are simple, too.

    Of what `other` does not have, 1 may be just what makes the two one.
    """
    assumptions, found = Assumptions.of(rule), {}
    shared = {h.name for h in other.hypers}
    for hyper in sorted(rule.hypers, key=lambda h: h.name):
        allowed = assumptions.domains[hyper.name]
        first = numbers_in(allowed)[0]
        found[hyper.name] = Fraction(2) if hyper.name not in shared and first == 1 and Fraction(2) in allowed else first
    shares = [
        name for name in found if assumptions.domains[name].high == 1 and Fraction(3, 4) in assumptions.domains[name]
    ]
    for name in shares:
        found[name] = Fraction(1, 2)
    if shares:
        found[shares[-1]] = Fraction(3, 4)
    return found


class _TooLargeError(Exception):
    """More terms than the search goes through."""


class _System:
    """Polynomials in the hyperparameters of `other` and in what stands for its roots and functions."""

    def __init__(self, other: Optimizer) -> None:
        self.other = other
        assumptions = Assumptions.of(other)
        self.domains: dict[sympy.Symbol, Domain] = {}
        self.hyper: dict[str, sympy.Symbol] = {}
        for h in other.hypers:
            self.hyper[h.name] = assumptions.symbol(h.name)
            self.domains[self.hyper[h.name]] = assumptions.domains[h.name]
        self.unknowns = frozenset(self.hyper.values())
        self.equations: list[sympy.Expr] = []
        self.basis: sympy.GroebnerBasis | None = None
        self.definitions: dict[sympy.Symbol, list[sympy.Expr]] = {}
        self.standing: dict[tuple[str, sympy.Expr], sympy.Symbol] = {}
        self.lowered: dict[sympy.Expr, sympy.Expr] = {}

    def equation(
        self, rule: Optimizer, setting: Mapping[str, Fraction], start: int, gradients: Sequence[int]
    ) -> sympy.Expr:
        """That both rules end at the same weight."""
        try:
            exact.run(rule, gradients, lambda t: setting, start)
        except ArithmeticError as error:
            raise ZeroDivisionError from error  # where the rule has no value there is nothing to be equal to
        given = {name: sympy.Rational(value) for name, value in setting.items()}
        ours = self._run(rule, given, start, gradients)
        theirs = self._run(self.other, self.hyper, start, gradients)
        return self._numerator(theirs - ours)

    def _run(
        self, rule: Optimizer, hyper: Mapping[str, sympy.Expr], start: int, gradients: Sequence[int]
    ) -> sympy.Expr:
        """The last weight, each step computed after the other as the code does: what has no value is not cancelled."""
        first = sympy.Integer(start)
        values = {s.name: self._lower(_given(v, {**hyper, PARAMETER: first})) for s, v in rule.state.items()}
        values[PARAMETER] = first
        for t, gradient in enumerate(gradients, start=1):
            now = {**hyper, **values, GRADIENT: sympy.Integer(gradient), STEP: sympy.Integer(t)}
            for step in rule.steps:
                if t == len(gradients) and step.target.name not in self._needed(rule):
                    continue  # after the last step the states do not matter any more
                now[step.target.name] = self._lower(_given(step.value, now))
            values = {name: now.get(f"{name}_new", old) for name, old in values.items()}
        return values[PARAMETER]

    def _needed(self, rule: Optimizer) -> set[str]:
        """The steps without which there is no new weight."""
        needed = {f"{PARAMETER}_new"}
        for step in reversed(rule.steps):
            if step.target.name in needed:
                needed |= {s.name for s in step.value.free_symbols}
        return needed

    def _numerator(self, expr: sympy.Expr) -> sympy.Expr:
        numerator = sympy.expand(sympy.fraction(sympy.cancel(sympy.together(expr)))[0])
        if len(sympy.Add.make_args(numerator)) > _MOST_TERMS:
            raise _TooLargeError
        return numerator

    # Functions become symbols.

    def _lower(self, expr: sympy.Expr) -> sympy.Expr:
        """`expr` as a rational function of hyperparameters and of symbols with equations of their own."""
        if expr.has(sympy.nan, sympy.zoo, sympy.oo, sympy.I):
            raise ZeroDivisionError
        if not expr.args:
            return expr
        if expr not in self.lowered:
            self.lowered[expr] = self._lower_node(expr)
        return self.lowered[expr]

    def _lower_node(self, expr: sympy.Expr) -> sympy.Expr:
        match expr:
            case sympy.Add() | sympy.Mul():
                found = expr.func(*(self._lower(a) for a in expr.args))
                return self._short(found)
            case sympy.Pow(exp=exponent) if exponent.is_Integer:
                return self._lower(expr.base) ** exponent
            case sympy.Pow(exp=exponent) if exponent.is_Rational:
                return self._root(self._short(self._lower(expr.base)), int(exponent.q)) ** int(exponent.p)
            case sympy.Abs():
                inner = self._lower(expr.args[0])
                return self._magnitude(inner)
            case sympy.sign():
                inner = self._lower(expr.args[0])
                side = self._new("sign", inner, Domain(Fraction(-1), Fraction(1), True, True))
                self.definitions[side] = [side**3 - side, self._numerator(side * self._magnitude(inner) - inner)]
                return side
            case sympy.Max() | sympy.Min():
                first, *others = (self._lower(a) for a in sorted(expr.args, key=sympy.default_sort_key))
                for other in others:
                    # the larger of a and b is (a + b + |a - b|) / 2
                    gap = self._magnitude(first - other)
                    first = (first + other + (gap if isinstance(expr, sympy.Max) else -gap)) / 2
                return first
        return self._new("value", expr, Domain())

    def _short(self, expr: sympy.Expr) -> sympy.Expr:
        found = sympy.cancel(sympy.together(expr))
        if sympy.count_ops(found) > 8 * _MOST_TERMS:
            raise _TooLargeError
        return found

    def _new(self, kind: str, of: sympy.Expr, allowed: Domain) -> sympy.Symbol:
        if (kind, of) not in self.standing:
            name = f"{kind}{len(self.standing)}"
            symbol = sympy.Symbol(name, nonnegative=True) if allowed.nonnegative else sympy.Symbol(name, real=True)
            self.standing[kind, of] = symbol
            self.domains[symbol] = allowed
        return self.standing[kind, of]

    def _magnitude(self, inner: sympy.Expr) -> sympy.Expr:
        if inner.is_number:
            return abs(inner)
        inner = sympy.factor(self._short(inner))
        for sign in (1, -1):
            if nonnegative(sign * inner):
                return sign * inner
        size = self._new("size", inner, NON_NEGATIVE)
        self.definitions[size] = [self._numerator(size**2 - inner**2)]
        return size

    def _root(self, base: sympy.Expr, degree: int) -> sympy.Expr:
        """The root, which is not negative; squares are taken out of it, so that equal roots are one symbol."""
        coefficient, factors = (
            sympy.factor_list(sympy.numer(base), *sorted(base.free_symbols, key=str))
            if base.free_symbols
            else (base, [])
        )
        below = sympy.denom(base) if base.free_symbols else _ONE
        if base.free_symbols and below != 1:
            over, under = sympy.factor_list(below, *sorted(base.free_symbols, key=str))
            coefficient, factors = coefficient / over, [*factors, *((f, -k) for f, k in under)]
        if degree % 2 and any(power >= degree for _, power in factors):
            # what the root is taken of is not negative, so that it is also the root of the magnitudes
            coefficient, factors = abs(coefficient), [(self._magnitude(f), power) for f, power in factors]
        outside, inside = _ONE, _ONE
        for factor, power in factors:
            whole, rest = divmod(power, degree)
            if whole:
                outside *= self._magnitude(factor) ** whole
            inside *= factor**rest
        taken = _exact_root(sympy.Abs(coefficient), degree)
        if taken is not None:
            outside, coefficient = outside * taken, sympy.sign(coefficient)
        inside = sympy.expand(coefficient * inside)
        if inside in (0, 1):
            return outside * inside
        if inside.is_negative:
            raise ZeroDivisionError  # no root is taken of what is negative
        root = self._new(f"root{degree}_", inside, NON_NEGATIVE)
        self.definitions[root] = [self._numerator(root**degree - inside)]
        return outside * root

    # No solution.

    def contradictory(self, equations: Sequence[sympy.Expr], tick: Callable[[], None], depth: int = 0) -> bool:
        """Whether the equations have no solution within the domains. False means nothing."""
        tick()
        system = self._with_definitions(equations)
        if any(e.is_number and e != 0 for e in system):
            return True
        if self._excluded_factors(system):
            return True
        symbols = sorted({s for e in system for s in e.free_symbols}, key=lambda s: (s in self.unknowns, str(s)))
        if not symbols or len(system) > _MOST_POLYNOMIALS:
            return False
        found = sympy.groebner(system, *symbols, order="grevlex", domain=sympy.QQ)
        basis = list(found.exprs)
        if basis == [1] or self._excluded_factors(basis):
            return True
        if depth == 0:
            self.basis = found
            self._learn(basis)
        if depth == _DEEPEST:
            return False
        # one factor of a product has to vanish
        products = [e for e in basis if len(factors := sympy.factor_list(e)[1]) > 1 or factors[0][1] > 1]
        splits = [(self._possible(e), e) for e in products]
        if not splits:
            return False
        possible, split = min(splits, key=lambda s: (len(s[0]), s[1].count_ops(), str(s[1])))
        rest = [e for e in basis if e != split]
        return all(self.contradictory([*rest, factor], tick, depth + 1) for factor in possible)

    def follows(self, equation: sympy.Expr) -> bool:
        """Whether the equations so far say as much."""
        return (
            self.basis is not None and equation.free_symbols <= set(self.basis.gens) and self.basis.contains(equation)
        )

    def _learn(self, basis: Sequence[sympy.Expr]) -> None:
        """What the equations so far say that a hyperparameter is, later ones need not carry along."""
        for e in basis:
            (*others, symbol) = sorted(e.free_symbols, key=str)
            if not others and symbol in self.hyper.values() and sympy.degree(e, symbol) == 1:
                poly = sympy.Poly(e, symbol)
                value = -poly.nth(0) / poly.nth(1)
                self.hyper = {name: value if x == symbol else x for name, x in self.hyper.items()}

    def _with_definitions(self, equations: Sequence[sympy.Expr]) -> list[sympy.Expr]:
        system, seen = list(equations), set[sympy.Symbol]()
        for e in system:  # grows while it is walked
            for symbol in sorted(e.free_symbols - seen, key=str):
                seen.add(symbol)
                system += self.definitions.get(symbol, [])
        return list(dict.fromkeys(e for e in system if e != 0))

    def _excluded_factors(self, system: Sequence[sympy.Expr]) -> bool:
        return any(not self._possible(e) for e in system)

    def _possible(self, expr: sympy.Expr) -> list[sympy.Expr]:
        """The factors of `expr` that may vanish within the domains."""
        _, factors = sympy.factor_list(expr)
        return [f for f, _ in factors if not self._nonzero(f)]

    def _nonzero(self, factor: sympy.Expr) -> bool:
        if factor.is_nonzero or is_bias_factor(factor) or is_bias_factor(-factor):
            return True
        symbols = sorted(factor.free_symbols, key=str)
        poly = sympy.Poly(factor, *symbols)
        coefficients = poly.coeffs()
        one_sign = all(c > 0 for c in coefficients) or all(c < 0 for c in coefficients)
        if one_sign and all(s.is_nonnegative for s in symbols) and poly.nth(*(0 for _ in symbols)) != 0:
            return True
        if len(symbols) > 1:
            return False
        # an irreducible factor has either one rational root or only irrational ones, and domains have rational ends
        return not any(self._inside(root, symbols[0]) for root in poly.real_roots())

    def _inside(self, root: sympy.Expr, symbol: sympy.Symbol) -> bool:
        value = root if root.is_Rational else sympy.Rational(str(sympy.N(root, 60)))
        return Fraction(value) in self.domains[symbol]


_ONE = sympy.Integer(1)


def _given(expr: sympy.Expr, values: Mapping[str, sympy.Expr]) -> sympy.Expr:
    return sympy.sympify(expr).xreplace({s: values[s.name] for s in expr.free_symbols if s.name in values})


def _exact_root(number: sympy.Expr, degree: int) -> sympy.Expr | None:
    if not number.is_Rational:
        return None
    over, exact = sympy.integer_nthroot(int(number.p), degree)
    under, also = sympy.integer_nthroot(int(number.q), degree)
    return sympy.Rational(over, under) if exact and also else None
