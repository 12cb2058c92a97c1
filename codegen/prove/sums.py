"""Sums over whole gradients in an equality: taken apart, and named.

A sum is linear, so it is one of monomials, each with its factor in front. A maximum gives out what is added to
every element, and factors that are known not to be negative. What is left is a symbol of its own, with what is
known of its sign. What is one number for each array is none for all arrays together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

import sympy

from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..algebra.exact import shown
from ..algebra.tactics import decide
from ..analysis.proof import ONE, ZERO
from ..replay.adversary import values_in
from ..replay.worlds import unlike, worlds
from ..result import PROVED, REFUTED, UNDECIDED, Outcome
from ..spec.domain import NON_NEGATIVE, POSITIVE_INTEGER, Domain
from ..spec.enclosure import UndecidableError, UndefinedError
from ..spec.symbolic import Reduction
from ..spec.symbols import GRADIENT, Array, New

_POINTS = 6  # for each gradient


def compare_sums(left: sympy.Expr, right: sympy.Expr, assumptions: Assumptions) -> Outcome:
    """Whether two expressions, which may have sums in them, are equal for all gradients of one element or more."""
    if not (left.has(Reduction) or right.has(Reduction)):
        return decide(left, right, assumptions)
    sums = Sums(assumptions, array_names((left, right)))
    verdict = decide(sums(left), sums(right), sums.assumptions)
    if verdict.status == PROVED:
        return verdict
    if found := apart(left, right, assumptions):
        return Outcome(REFUTED, "a small gradient", found)
    return Outcome(UNDECIDED, reason="no tactic closes it with the sums as unknowns, and no small gradient refutes it")


def array_names(expressions: Iterable[sympy.Basic]) -> frozenset[str]:
    """The names of what has a value for each element."""
    symbols = {s for e in expressions for s in e.free_symbols}
    return frozenset(s.name for s in symbols if isinstance(s.of if isinstance(s, New) else s, Array))


def _is_sum(node: sympy.Basic) -> bool:
    return isinstance(node, Reduction)


class Sums:
    """Takes the sums out of expressions. Equal sums become the same symbol. `arrays` vary over the elements."""

    def __init__(self, assumptions: Assumptions, arrays: frozenset[str]) -> None:
        self.assumed, self.arrays = assumptions, arrays
        self.known: dict[str, Domain] = {}
        self.symbols: dict[Reduction, sympy.Symbol] = {}
        self.of_an_array: set[str] = set()  # symbols with one value for each array

    def __call__(self, expr: sympy.Expr) -> sympy.Expr:
        """`expr` over assumed symbols, without sums."""
        return self.assumed.assume(expr).replace(_is_sum, self._taken_apart)

    @property
    def assumptions(self) -> Assumptions:
        """What is known of the symbols, those of the sums among them."""
        return self.assumed.also(**self.known)

    def _taken_apart(self, reduction: Reduction) -> sympy.Expr:
        kind, inner = type(reduction), _apart(reduction.args[0])
        if kind.how == "overflow":
            return ZERO  # no real number overflows
        if choice := self._choice(kind, inner):  # one way for all elements
            branches = ((kind(inner.xreplace({choice: value})), c) for value, c in choice.args)
            return sympy.Piecewise(*((b.replace(_is_sum, self._taken_apart), c) for b, c in branches))
        if kind.how == "max":
            return self._largest(kind, inner)
        terms = map(self._split(kind), sympy.Add.make_args(sympy.expand(inner)))
        return sympy.Add(*(front * self._named(kind, rest) for front, rest in terms))

    def _moves(self, kind: type[Reduction], expr: sympy.Expr) -> bool:
        names = {s.name for s in expr.free_symbols}
        return bool(names & self.arrays) or (kind.overall and bool(names & self.of_an_array))

    def _choice(self, kind: type[Reduction], inner: sympy.Expr) -> sympy.Piecewise | None:
        """A choice in `inner` between values that vary, by conditions that do not."""
        choices = sorted(inner.atoms(sympy.Piecewise), key=sympy.default_sort_key)
        return next(
            (p for p in choices if self._moves(kind, p) and not any(self._moves(kind, c) for _, c in p.args)), None
        )

    def _split(self, kind: type[Reduction]) -> Callable[[sympy.Expr], tuple[sympy.Expr, sympy.Expr]]:
        def split(term: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
            moving = [factor for factor in sympy.Mul.make_args(term) if self._moves(kind, factor)]
            still = [factor for factor in sympy.Mul.make_args(term) if not self._moves(kind, factor)]
            return sympy.Mul(*still), sympy.Mul(*moving)

        return split

    def _largest(self, kind: type[Reduction], inner: sympy.Expr) -> sympy.Expr:
        if not self._moves(kind, inner):
            return inner
        if inner.is_Add:
            still = [term for term in inner.args if not self._moves(kind, term)]
            if still:
                return sympy.Add(*still) + self._largest(kind, sympy.Add(*(t for t in inner.args if t not in still)))
            inner = sympy.factor_terms(inner)
        factor, rest = self._split(kind)(inner)
        front = ONE
        for part in sympy.Mul.make_args(factor):
            if nonnegative(part):
                front *= part
            elif nonnegative(-part):
                front, rest = -front * part, -rest
            else:  # it may turn the order round
                rest *= part
        return front * (self._named(kind, rest) if front == 1 else self._largest(kind, rest))

    def _named(self, kind: type[Reduction], rest: sympy.Expr) -> sympy.Expr:
        square = isinstance(rest, sympy.Pow) and rest.exp == 2  # named after its root, so that roots of it are none
        key = kind(rest)
        if key not in self.symbols:
            name = f"sum_{len(self.symbols) + 1}"
            if rest == 1:
                self.known[name] = POSITIVE_INTEGER
            elif square or nonnegative(rest):
                self.known[name] = NON_NEGATIVE
            if not kind.overall:
                self.of_an_array.add(name)
            self.symbols[key] = self.assumptions.symbol(name)
        return self.symbols[key] ** 2 if square else self.symbols[key]


def _apart(expr: sympy.Expr) -> sympy.Expr:
    """`expr` with magnitudes and powers of products as products, where that is so for all real numbers."""
    expr = expr.replace(sympy.Abs, lambda of: sympy.Mul(*map(sympy.Abs, sympy.Mul.make_args(of))))
    return sympy.expand_power_base(expr)


def apart(left: sympy.Expr, right: sympy.Expr, assumptions: Assumptions) -> dict[str, str] | None:
    """A small gradient, with other numbers beside it, for which the two sides differ at some element."""
    arrays = [GRADIENT, *sorted(array_names((left, right)) - {GRADIENT})]
    scalars = sorted({s.name for s in left.free_symbols | right.free_symbols} - set(arrays))
    points = list(_settings(scalars, assumptions))
    for number, small in enumerate(worlds(arrays)):
        for k in range(min(len(points), _POINTS)):
            world = small.everywhere(points[(number + k) % len(points)])
            try:
                first, second = world(left), world(right)
                place = unlike(first, second)
            except (UndefinedError, UndecidableError):
                continue
            if place is not None:
                fixed = {name: shown(world.rows[0][name]) for name in scalars}
                return {**world.spelled(arrays), **fixed, "left": shown(first[place]), "right": shown(second[place])}
    return None


def _settings(names: list[str], assumptions: Assumptions) -> Iterator[dict[str, Fraction]]:
    """Numbers of the domains of `names`, ends among them, with another stride for each."""
    options = [values_in(assumptions.domains.get(name, Domain())) for name in names]
    for k in range(math.lcm(*map(len, options)) if names else 1):
        yield {
            n: of[(place + k * (1 + place % 2)) % len(of)]
            for place, (n, of) in enumerate(zip(names, options, strict=True))
        }
