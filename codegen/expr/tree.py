"""Expressions in the order in which we print them.

SymPy sorts the terms of a sum as it likes, and differently from release to release. `arrange` leaves
SymPy for a small tree of our own whose order follows from the spec alone, so that text and rounding
do not change under us. Printers, hoisting and the pass scheduler work on this tree.

The order: in a sum, positive terms come first, arrays before scalars (numbers first among scalars),
single names before products, then by rank; in a product, numbers, then scalars, then arrays. The rank
is that of the algorithm box: w, states, intermediates, g.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import sympy

from ..spec import functions
from ..spec.rules import Layer, Monitor, Optimizer, Schedule
from ..spec.symbolic import Reduction
from ..spec.symbols import METRIC, NOISE, RATE, STEP, TRAINING, Array, New


@dataclass(frozen=True)
class Name:
    name: str
    array: bool


class _Whole:
    """What other nodes make up; it is found out once whether its value is one for each element."""

    @cached_property
    def array(self) -> bool:
        assert isinstance(self, Node)
        return any(child.array for child in children(self))


@dataclass(frozen=True)
class Number:
    """A non-negative integer. Fractions are products with a denominator."""

    value: int
    array: ClassVar[bool] = False


@dataclass(frozen=True)
class Constant:
    """A number that has a name: pi."""

    name: str
    array: ClassVar[bool] = False


@dataclass(frozen=True)
class Negative(_Whole):
    of: Node


@dataclass(frozen=True)
class Sum(_Whole):
    """The sum of `terms`, each with its sign +1 or -1."""

    terms: tuple[tuple[int, Node], ...]


@dataclass(frozen=True)
class Product(_Whole):
    """`above` multiplied from left to right, divided by the product of `below`."""

    above: tuple[Node, ...]
    below: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Power(_Whole):
    """`base ** exponent`; the exponent is neither 1/2 nor negative."""

    base: Node
    exponent: Node


@dataclass(frozen=True)
class Call(_Whole):
    """A function, by its name in the table, and its arguments: of `maximum` and the like always two.

    A reduction is a call, too, of one argument over arrays, and its value is a scalar.
    """

    function: str
    arguments: tuple[Node, ...]

    @cached_property
    def array(self) -> bool:
        return self.function not in REDUCTIONS and any(argument.array for argument in self.arguments)


@dataclass(frozen=True)
class Where(_Whole):
    """`then` where `left comparison right` holds, else `otherwise`."""

    comparison: str
    left: Node
    right: Node
    then: Node
    otherwise: Node


Node = Name | Number | Constant | Negative | Sum | Product | Power | Call | Where

ONE = Number(1)
REDUCTIONS = frozenset(kind.__name__ for kind in Reduction.__subclasses__())


def children(node: Node) -> tuple[Node, ...]:
    match node:
        case Name() | Number() | Constant():
            return ()
        case Negative(of):
            return (of,)
        case Sum(terms):
            return tuple(term for _, term in terms)
        case Product(above, below):
            return above + below
        case Power(base, exponent):
            return (base, exponent)
        case Call(_, arguments):
            return arguments
        case Where(_, left, right, then, otherwise):
            return (left, right, then, otherwise)


def with_children(node: Node, new: tuple[Node, ...]) -> Node:
    """`node` with other children, in the order of `children`."""
    match node:
        case Name() | Number() | Constant():
            return node
        case Negative():
            return Negative(*new)
        case Sum(terms):
            return Sum(tuple((sign, child) for (sign, _), child in zip(terms, new, strict=True)))
        case Product(above, _):
            return Product(new[: len(above)], new[len(above) :])
        case Power():
            return Power(*new)
        case Call(function, _):
            return Call(function, new)
        case Where():
            return Where(node.comparison, *new)


def names(node: Node) -> Iterator[Name]:
    """Every name in `node`, as often as it stands there, from left to right."""
    if isinstance(node, Name):
        yield node
    for child in children(node):
        yield from names(child)


def ranks(rule: Optimizer | Schedule | Layer | Monitor) -> dict[str, int]:
    """The place of each name in the algorithm box."""
    order: list[str] = []
    if isinstance(rule, Optimizer):
        order = ["w", *(s.name for s in rule.state), *(step.target.name for step in rule.steps), "g"]
        order += [*(array.name for array in rule.inputs), NOISE]
    elif isinstance(rule, Monitor):
        order = [METRIC, TRAINING, *(s.name for s in rule.state), *(step.target.name for step in rule.steps)]
    elif isinstance(rule, Layer):
        order = [f"d{rule.output}", rule.input.name, *(s.name for s in (*rule.parameters, *rule.state))]
        order += [*(step.target.name for step in rule.steps), "m"]
    order += [*(h.name for h in rule.hypers), *dict.fromkeys((RATE, STEP))]
    return {name: rank for rank, name in enumerate(dict.fromkeys(order))}


def arrange(expr: sympy.Expr, rank: Mapping[str, int]) -> Node:
    """`expr` as a tree, in the order that `rank` asks for."""
    return _Arranger(rank).node(expr)


class _Arranger:
    def __init__(self, rank: Mapping[str, int]) -> None:
        self.rank = rank

    def node(self, expr: sympy.Expr) -> Node:
        match expr:
            case sympy.Symbol():
                return Name(expr.name, isinstance(expr.of if isinstance(expr, New) else expr, Array))
            case sympy.core.numbers.Pi():
                return Constant("pi")
            case _ if expr in (sympy.nan, sympy.zoo, sympy.oo, -sympy.oo):
                return Constant(str(expr))  # not in a checked spec, but in what a message says of a wrong one
            case sympy.Add():
                terms = [_signed(term) for term in expr.args]
                nodes = [(sign, self.node(term)) for sign, term in terms]
                return Sum(tuple(sorted(nodes, key=self._term_key)))
            case sympy.Number() | sympy.Mul() | sympy.Pow():
                sign, magnitude = _signed(expr)
                node = self._product(magnitude)
                return node if sign > 0 else Negative(node)
            case sympy.Piecewise():
                (then, condition), (otherwise, always), *more = expr.args
                rest = otherwise if always == sympy.true else sympy.Piecewise((otherwise, always), *more)
                return self._choice(condition, self.node(then), self.node(rest))
            case sympy.Max() | sympy.Min():
                first, *rest = sorted((self.node(a) for a in expr.args), key=lambda n: self._term_key((1, n)))
                for other in rest:
                    first = Call(functions.of(expr).name, (first, other))
                return first
        return Call(functions.of(expr).name, tuple(self.node(a) for a in expr.args))

    def _choice(self, condition: sympy.Basic, then: Node, otherwise: Node) -> Node:
        """What is chosen. Comparisons are joined where one equation is put into the comparison of another."""
        match condition:
            case sympy.And():
                for part in reversed(condition.args):
                    then = self._choice(part, then, otherwise)
                return then
            case sympy.Or():
                for part in reversed(condition.args):
                    otherwise = self._choice(part, then, otherwise)
                return otherwise
            case sympy.Not():
                return self._choice(condition.args[0], otherwise, then)
            case sympy.ITE():
                test, one, other = condition.args
                return self._choice(test, self._choice(one, then, otherwise), self._choice(other, then, otherwise))
            case sympy.logic.boolalg.BooleanAtom():
                return then if condition else otherwise
        left, right = self.node(condition.lhs), self.node(condition.rhs)
        return Where(condition.rel_op, left, right, then, otherwise)

    def _product(self, expr: sympy.Expr) -> Node:
        above: list[Node] = []
        below: list[Node] = []
        for factor in sympy.Mul.make_args(expr):
            if isinstance(factor, sympy.Rational):
                above += [Number(factor.p)] if factor.p != 1 else []
                below += [Number(factor.q)] if factor.q != 1 else []
                continue
            base, exponent = factor.as_base_exp() if isinstance(factor, sympy.Pow) else (factor, sympy.Integer(1))
            if base.is_Rational and not exponent.is_number and exponent.could_extract_minus_sign():
                base, exponent = 1 / base, -exponent  # some releases of SymPy write (24/25)**t as (25/24)**(-t)
            sign, exponent = _signed(exponent)
            (above if sign > 0 else below).extend(self._power(base, exponent))
        above.sort(key=self._factor_key)
        below.sort(key=self._factor_key)
        if not below and len(above) == 1:
            return above[0]
        return Product(tuple(above) or (ONE,), tuple(below)) if above or below else ONE

    def _power(self, base: sympy.Expr, exponent: sympy.Expr) -> list[Node]:
        """The factors that make up `base ** exponent`."""
        node = self.node(base)
        if exponent.is_Rational and exponent.q == 2:
            whole, half = divmod(exponent.p, 2)
            root = [Call("sqrt", (node,))] if half else []
            return (self._power(base, sympy.Integer(whole)) if whole else []) + root
        return [node if exponent == 1 else Power(node, self.node(exponent))]

    def _leading(self, node: Node) -> int:
        found = list(names(node))
        arrays = [name for name in found if name.array]
        return min((self.rank.get(name.name, len(self.rank)) for name in arrays or found), default=-1)

    def _term_key(self, term: tuple[int, Node]) -> tuple[object, ...]:
        sign, node = term
        simple = isinstance(node, Name | Number)
        number = isinstance(node, Number)
        return (sign < 0, not node.array, not number, not simple, self._leading(node), repr(node))

    def _factor_key(self, node: Node) -> tuple[object, ...]:
        number = isinstance(node, Number | Constant)
        simple = isinstance(node, Name)
        return (not number, node.array, not simple, self._leading(node), repr(node))


def _signed(expr: sympy.Expr) -> tuple[int, sympy.Expr]:
    """The sign of the numerical coefficient, and the expression without it."""
    coefficient, _ = expr.as_coeff_Mul()
    return (-1, -expr) if coefficient < 0 else (1, expr)
