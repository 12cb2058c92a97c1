"""What a row of the table of functions holds, and how a function is spelled."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import sympy

from .domain import ANY, Domain


class Binding(IntEnum):
    """How tightly a text binds: what binds less tightly than its place asks for stands in parentheses."""

    CHOICE = 0
    SUM = 1
    PRODUCT = 2
    POWER = 3
    ATOM = 4


@dataclass(frozen=True)
class Spelling:
    """A text with the arguments as `{0}` and `{1}`, how tightly each has to bind there, and how it binds itself."""

    text: str
    operands: tuple[Binding, ...] = (Binding.CHOICE, Binding.CHOICE)
    binds: Binding = Binding.ATOM

    @property
    def callee(self) -> str:
        """What is called, if the text is a call; else nothing."""
        found = re.match(r"[\w.]+(?=\()", self.text)
        return found.group() if found else ""

    @property
    def repeats(self) -> bool:
        """Whether an argument stands in it more than once."""
        return self.text.count("{0}") > 1


def call(name: str, count: int = 1) -> Spelling:
    """The spelling of a call."""
    return Spelling(f"{name}({', '.join(f'{{{k}}}' for k in range(count))})")


def latex(name: str) -> Spelling:
    return Spelling(rf"{name}\left({{0}}\right)")


class NoSpellingError(NotImplementedError):
    """A printer is asked for a function that it cannot spell."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """What is known of every function: its name in trees and text, what a spec writes, LaTeX.

    `range` says where it lies if its arguments lie in intervals. `marked` is its spelling in MathML, if
    that is not a call.
    """

    name: str
    written: Any
    latex: Spelling
    range: Callable[..., Domain]
    marked: Spelling | None = None

    @property
    def spec(self) -> str:
        """The name that a spec writes."""
        return str(self.written.__name__)

    @property
    def kind(self) -> type[sympy.Basic] | None:
        """The class of its applications; the square root has none, since SymPy writes it as a power."""
        return self.written if isinstance(self.written, type) else None

    @property
    def arity(self) -> int:
        """The number of arguments in a tree."""
        return 1

    @property
    def text(self) -> Spelling:
        """The spelling of docstrings and messages."""
        return call(self.name, self.arity)

    @property
    def mathml(self) -> Spelling:
        """The spelling in MathML."""
        arguments = "<mo>,</mo>".join(f"{{{k}}}" for k in range(self.arity))
        return self.marked or Spelling(f"<mi>{self.name.replace('_', ' ')}</mi><mo>(</mo>{arguments}<mo>)</mo>")

    def spelled(self, column: str) -> Spelling:
        """The spelling in a column: text, latex, python, ufunc, c. Raises NoSpellingError if there is none."""
        found: Spelling | None = getattr(self, column, None)
        if found is None:
            raise NoSpellingError(f"{self.spec} has no spelling in {column}")
        return found


@dataclass(frozen=True, kw_only=True)
class Whole(Row):
    """A function of all elements, with one value for them."""


#: The rounding rule of a row: from the numeric library, a number that the first argument is never below, and each
#: argument as its value and its error, the value of the function and what the errors make of it.
Spread = Callable[..., tuple[Any, Any]]


@dataclass(frozen=True, kw_only=True)
class Function(Row):
    """A function of numbers.

    `python`, `c` and `ufunc` are its spellings on the host, in C, and among the names of an array library. `elements`
    says whether it is one for arrays, too: others are for scalars alone, which the host computes.

    `digits` takes mpmath's context to the function with the digits of that, `exact` computes it in exact numbers.
    `half_ulps` is what a library may be off, and `spread` what errors of the arguments do. It has values where its
    argument lies `over` an interval, or, if it `divides`, where the last argument is not zero.

    `rises`: it never falls in any argument. `parity` is 1 if it is even, -1 if it is odd. `kinks`: it has no derivative
    where arguments tie, or where one vanishes; else `slope` gives the derivative from the argument and the value, in
    exact numbers. `opaque`: the tactics know no law of it, so the read-back gives its values names.

    `stand_in` is what it is when a file runs over symbols. `mutant` is the function that tests put in its place.
    """

    python: Spelling
    c: Spelling | None
    ufunc: Spelling
    digits: Callable[[Any], Callable[..., Any]]
    exact: Callable[..., Any]
    half_ulps: int
    spread: Spread
    mutant: str
    over: Domain = ANY
    divides: bool = False
    rises: bool = False
    parity: int = 0
    kinks: bool = False
    slope: Callable[[Any, Any], Any] | None = None
    opaque: bool = True
    elements: bool = True
    stand_in: Any = None

    def __post_init__(self) -> None:
        if self.stand_in is None:
            object.__setattr__(self, "stand_in", self.written)
        if self.elements and (self.c is None or (self.slope is None) != self.kinks):
            raise TypeError(f"{self.spec}: a function for arrays needs c, and a slope or kinks")

    @property
    def arity(self) -> int:
        """The number of arguments in a tree."""
        return max(int(k) for k in re.findall(r"\{(\d)\}", self.python.text)) + 1

    @property
    def image(self) -> Domain:
        """Where its values lie, whatever the arguments are."""
        return self.range(*[self.over] * self.arity)

    def asks(self, *arguments: sympy.Expr) -> list[tuple[sympy.Expr, str]]:
        """What it demands of its arguments, as values that have to be `>`, `>=` or `!=` 0."""
        found = [(arguments[-1], "!=")] if self.divides else []
        if self.over.low is not None:
            found.append((arguments[0] - sympy.Rational(self.over.low), ">=" if self.over.low_closed else ">"))
        return found
