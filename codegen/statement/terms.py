"""Terms of a statement: the expressions of a spec, each at a step, sums and maxima over the past, expectations.

In a term, the symbols of the rule have the values of the current step: `m` is the state before it, `new(m)` after it.
`at(m_hat, i)` is the value in step i, and `at(new(m), 0)`, which is spelled m[0], the start.
"""

from __future__ import annotations

from typing import Any

import sympy

from ..expr.printing import Text
from ..expr.tree import Call, Name, Node, arrange, ranks
from ..spec.rules import AnyRule
from ..spec.symbols import Array, Hyper, New, Scalar, Supplied, new

#: The current step, a step of the past, and one between the two.
T, I, J = Scalar("t"), Scalar("i"), Scalar("j")  # noqa: E741


class Term(sympy.Function):
    """Base of what terms have beside the functions of a spec."""

    is_real = True


class at(Term):  # noqa: N801 - written like the functions of a spec
    """An expression in the values of one step: `at(expr, i)`."""

    nargs = 2


class past_sum(Term):  # noqa: N801
    """The sum of a term over the steps i = 1..t."""

    nargs = 1


class past_max(Term):  # noqa: N801
    """The largest value of a term over the steps i = 1..t."""

    nargs = 1


class product(Term):  # noqa: N801
    """The product of a term over the steps j = 1..t."""

    nargs = 1


class later_product(Term):  # noqa: N801
    """The product of a term over the steps j = i+1..t."""

    nargs = 1


class expected(Term):  # noqa: N801
    """The expectation over the gradients, or over the noise."""

    nargs = 1


def after(state: sympy.Symbol, step: sympy.Expr = T) -> sympy.Expr:
    """The value that a state, or `w`, has after `step`. Of what a step computes, write `at(m_hat, T)`."""
    return at(new(state), step)


def symbols_of(term: sympy.Basic) -> set[sympy.Symbol]:
    """The symbols of the rule in a term, without the indices."""
    if isinstance(term, at):
        return term.args[0].free_symbols
    if not term.args:
        return {term} if isinstance(term, sympy.Symbol) and term not in (I, J) else set()
    return set().union(*map(symbols_of, term.args))


class Spelling:
    """Spells terms in the names and in the order of a rule, as text.

    `changing` are the hyperparameters that may change from step to step: in the past they have an index.
    """

    def __init__(self, rule: AnyRule, constant: tuple[str, ...] = (), fixed: tuple[str, ...] = ()) -> None:
        self.rule = rule
        self.rank = ranks(rule)
        self.same = {*constant, *fixed}
        self.states = {s.name for s in getattr(rule, "state", {})} | {"w"}
        self.text = _TextTerms()

    def __call__(self, term: sympy.Basic, binding: int = 0) -> str:
        return self.text.inside(self.node(term), binding)

    def node(self, term: sympy.Basic) -> Node:
        """`term` as a tree, its terms and factors in the order of the rule."""
        found: dict[sympy.Symbol, Node] = {}
        return _filled(arrange(self._named(term, found), _Ranks(self.rank)), {s.name: n for s, n in found.items()})

    def _named(self, term: sympy.Basic, found: dict[sympy.Symbol, Node]) -> sympy.Basic:
        """`term` with a symbol for everything that only terms have; `found` says what each stands for."""
        if isinstance(term, at):
            return term.args[0].xreplace({s: self._dated(s, term.args[1]) for s in term.args[0].free_symbols})
        if isinstance(term, Term):
            array = any(isinstance(s.of if isinstance(s, New) else s, Array) for s in symbols_of(term))
            symbol = (Array if array else Scalar)(f"[{len(found)}]")
            found[symbol] = Call(type(term).__name__, (self.node(term.args[0]),))
            return symbol
        if not term.args:
            return term
        arguments = [self._named(a, found) for a in term.args]
        return term if all(a is b for a, b in zip(arguments, term.args, strict=True)) else term.func(*arguments)

    def _dated(self, symbol: sympy.Symbol, step: sympy.Expr) -> sympy.Expr:
        if symbol.name == T.name:
            return step
        name, kind = symbol.name, Array
        if isinstance(symbol, New):
            name = symbol.of.name
            kind = Array if isinstance(symbol.of, Array) else Scalar
        elif isinstance(symbol, Hyper) and (symbol.name in self.same or not isinstance(symbol, Supplied)):
            if step == T or symbol.name in self.same:
                return symbol
            kind = Scalar
        else:
            kind = Array if isinstance(symbol, Array) else Scalar
            if symbol.name in self.states:
                step = step - 1
        return kind(f"{name}[{sympy.sstr(step).replace(' ', '')}]")


class _Ranks(dict[str, int]):
    """The place of each name in the algorithm box, whatever its index."""

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name.split("[", maxsplit=1)[0], default)


def _filled(node: Node, found: dict[str, Node]) -> Node:
    from ..expr.tree import children, with_children

    if isinstance(node, Name):
        return found.get(node.name, node)
    inner = children(node)
    return with_children(node, tuple(_filled(child, found) for child in inner)) if inner else node


class _TextTerms(Text):
    def call(self, function: str, arguments: tuple[Node, ...]) -> tuple[str, int]:
        match function:
            case "past_sum" | "past_max":
                return f"{'sum' if function == 'past_sum' else 'max'}({self(arguments[0])}, i=1..t)", 4
            case "product" | "later_product":
                return f"prod({self(arguments[0])}, j={'1' if function == 'product' else 'i+1'}..t)", 4
            case "expected":
                return f"E[{self(arguments[0])}]", 4
        return super().call(function, arguments)
