"""Spell the scalars that the host forms, so that none fails in the middle of a run.

Python raises where a power or an exponential leaves the doubles, and `1 - beta**t` has few digits left where beta is
nearly 1. Where that can happen, as far as the domains of the hyperparameters tell, a function of `_runtime/scalars.py`
is called; else the text is plain Python.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction

from ..expr.printing import Python
from ..expr.tree import Name, Node, Number, Power, Product, Sum, children, names, with_children
from ..spec.domain import FROM_ONE, NON_NEGATIVE, UNIT, Domain
from ..spec.host import STAND_INS, TOTAL
from ..spec.row import Binding
from ..spec.rules import AnyRule
from ..spec.symbols import STEP
from .program import Assign
from .ranges import range_of

_ONE = Number(1)
#: Arguments for which Python's own function raises nothing.
_SAFE = {"exp": Domain(high=Fraction(1)), "log": FROM_ONE, "log1p": NON_NEGATIVE, "sqrt": NON_NEGATIVE}


class Host(Python):
    """Scalars on the host. `known` says where the values of names lie, `formed` what some of them are made of.

    What is made of the names in `free` may be any number in any step, zero as well as NaN.
    """

    def __init__(
        self, known: Mapping[str, Domain], formed: Iterable[Assign] = (), free: Collection[str] = frozenset()
    ) -> None:
        self.known, self.free = known, free
        self.formed = {assign.target: assign.value for assign in formed}

    @classmethod
    def of(cls, rule: AnyRule) -> Host:
        """For a rule without a program, whose scalars are formed of hyperparameters and step numbers."""
        return cls(domains_of(rule))

    def spell(self, node: Node) -> tuple[str, int]:
        match node:
            case Sum(((1, Number(1)), (-1, Power(base, exponent)))) if not isinstance(exponent, Number):
                return self._called("one_minus_power", base, exponent)
            case Sum(((1, Name(longest)), (-1, last))) if found := self._average(longest, last):
                return self._called("average_length", *found)
        return super().spell(node)

    def product(self, above: tuple[Node, ...], below: tuple[Node, ...]) -> tuple[str, int]:
        if any(name.name in self.free for factor in below for name in names(factor)):
            divisor = Product(below, ()) if len(below) > 1 else below[0]
            if 0 in self._range(divisor):
                return self._called("divided", Product(above, ()) if len(above) > 1 else above[0], divisor)
        return super().product(above, below)

    def power(self, base: Node, exponent: Node) -> tuple[str, int]:
        return super().power(base, exponent) if self._small(base, exponent) else self._called("power", base, exponent)

    def call(self, function: str, arguments: tuple[Node, ...]) -> tuple[str, int]:
        if function in TOTAL and not _SAFE[function].covers(self._range(arguments[0])):
            return self._called(function, *arguments)
        return super().call(function, arguments)

    def _called(self, function: str, *arguments: Node) -> tuple[str, int]:
        return f"{function}({', '.join(map(self, arguments))})", Binding.ATOM

    def _range(self, node: Node) -> Domain:
        return range_of(_earlier(node), {**self.known, _BEFORE.name: NON_NEGATIVE})

    def _small(self, base: Node, exponent: Node) -> bool:
        """Whether the power cannot be too large: that of a number up to 1, or a square or cube of the step number."""
        whole = isinstance(exponent, Number)
        if whole and base == _STEP:
            return True
        return UNIT.covers(self._range(base)) and (whole or self._range(exponent).nonnegative)

    def _average(self, longest: str, last: Node) -> tuple[Node, Node] | None:
        """Decay and time, if the difference of `longest` and `last` is 2/(1 - d) - 1 - 2 t d**t / (1 - d**t)."""
        match last:
            case Product((Number(2), time, Power(decay, raised)), (below,)) if time == raised:
                below = self.formed.get(below.name, below) if isinstance(below, Name) else below
                in_the_end = Product((Number(2),), (Sum(((1, _ONE), (-1, decay))),))
                so_far = Sum(((1, _ONE), (-1, Power(decay, time))))
                if self.formed.get(longest) == Sum(((1, in_the_end), (-1, _ONE))) and below == so_far:
                    return decay, time
        return None


_STEP, _BEFORE = Name(STEP, array=False), Name("step before", array=False)


def _earlier(node: Node) -> Node:
    """`node` with a name for the number of the step before, of which `range_of` does not know that it is from 0."""
    if node == Sum(((1, _STEP), (-1, _ONE))):
        return _BEFORE
    return with_children(node, tuple(map(_earlier, children(node))))


def domains_of(rule: AnyRule) -> dict[str, Domain]:
    """Where hyperparameters and the number of the step lie."""
    return {hyper.name: hyper.allowed for hyper in rule.hypers} | {STEP: FROM_ONE}


def called_in(text: str) -> list[str]:
    """The functions of `_runtime/scalars.py` that are called in a text."""
    return sorted(name for name in STAND_INS if re.search(rf"(?<![\w.]){name}\(", text))
