"""Whether two expressions over named values are equal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sympy

from ..algebra.points import counterexample
from ..algebra.tactics import closed
from ..result import PROVED, REFUTED, UNDECIDED, Outcome
from ..spec.functions import kinds
from ..spec.rules import Optimizer
from .meanings import Meanings

#: Operations that two sides may have after equations, and after values, have been written out in them: the latter
#: are taken apart by cases, which is slow.
_MOST, _MOST_OPEN = 600, 100
OPAQUE = kinds(lambda row: row.opaque)
NAMED = (sympy.Piecewise, *OPAQUE)


@dataclass(frozen=True)
class Same:
    """That two expressions are equal: by which tactic, and which symbols of the second had to be written out."""

    method: str
    written: frozenset[sympy.Symbol]


class Proofs(Meanings):
    """Proofs that two values are equal, over symbols as far as that goes."""

    def __init__(self, rule: Optimizer) -> None:
        super().__init__(rule)
        self._plain: dict[sympy.Symbol, sympy.Expr] = {}  # targets of equations that are one named value
        self._same: dict[tuple[sympy.Expr, sympy.Expr, bool], Same | None] = {}

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
                functions = one.atoms(*NAMED) | other.atoms(*NAMED)
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


def _rest(one: sympy.Expr, other: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
    """Two expressions that need be equal for `one` to be `other`: without the terms and factors that both have."""
    while one.func == other.func and (one.is_Add or one.is_Mul):
        left, right = ([a for a in e.args if a not in f.args] for e, f in ((one, other), (other, one)))
        if len(left) == len(one.args) or (one.is_Mul and not (left and right)):
            break
        one, other = one.func(*left), other.func(*right)
    return one, other


def _short(expr: sympy.Expr) -> str:
    text = str(expr)
    return text if len(text) < 200 else text[:200] + "..."
