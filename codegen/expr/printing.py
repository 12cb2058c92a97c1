"""Spell expressions: for people, for Python on the host and its array libraries, for LaTeX.

A printer only spells. It does no algebra and chooses no order: both are settled in the tree.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import ClassVar

from ..spec.functions import TABLE
from ..spec.row import Binding
from .tree import Call, Constant, Name, Negative, Node, Number, Power, Product, Sum, Where, names

_CHOICE, _SUM, _PRODUCT, _POWER, _ATOM = Binding


class Text:
    """The spelling of docstrings and messages, which is that of the spec."""

    #: The column of the table of functions that it spells.
    column: ClassVar[str] = "text"
    #: How tightly binds what stands in a product after the first factor, and what a product is divided by.
    later: ClassVar[int] = _PRODUCT
    divisor: ClassVar[int] = _POWER

    def __call__(self, node: Node) -> str:
        return self.spell(node)[0]

    def spell(self, node: Node) -> tuple[str, int]:
        """The text of `node` and how tightly it binds."""
        match node:
            case Name(name):
                return self.name(name), _ATOM
            case Number(value):
                return str(value), _ATOM
            case Constant(name):
                return self.constant(name), _ATOM
            case Negative(of):
                return f"-{self.inside(of, _PRODUCT)}", _SUM
            case Sum(((sign, first), *rest)):
                text = self.inside(first, _SUM) if sign > 0 else f"-{self.inside(first, _PRODUCT)}"
                for sign, term in rest:
                    text += f" {'+' if sign > 0 else '-'} {self.inside(term, _PRODUCT)}"
                return text, _SUM
            case Product(above, below):
                return self.product(above, below)
            case Power(base, exponent):
                return self.power(base, exponent)
            case Call(function, arguments):
                return self.call(function, arguments)
            case Where(comparison, left, right, then, otherwise):
                return self.where(comparison, left, right, then, otherwise)
        raise AssertionError(node)

    def inside(self, node: Node, binding: int) -> str:
        """The text of `node`, in parentheses if it binds less tightly than `binding`."""
        text, own = self.spell(node)
        return text if own >= binding else f"({text})"

    def name(self, name: str) -> str:
        return name

    def constant(self, name: str) -> str:
        return name

    def product(self, above: tuple[Node, ...], below: tuple[Node, ...]) -> tuple[str, int]:
        text = self._times(above)
        if len(below) == 1:
            text += f" / {self.inside(below[0], self.divisor)}"
        elif below:
            text += f" / ({self._times(below)})"
        return text, _PRODUCT

    def _times(self, factors: tuple[Node, ...]) -> str:
        first, *rest = factors
        return " * ".join([self.inside(first, _PRODUCT), *(self.inside(factor, self.later) for factor in rest)])

    def power(self, base: Node, exponent: Node) -> tuple[str, int]:
        left, right = self.inside(base, _ATOM), self.inside(exponent, _ATOM)
        # formatters want spaces around ** unless both sides are names or numbers
        simple = isinstance(base, Name | Number) and isinstance(exponent, Name | Number)
        return f"{left}**{right}" if simple else f"{left} ** {right}", _POWER

    def call(self, function: str, arguments: tuple[Node, ...]) -> tuple[str, int]:
        spelling = TABLE[function].spelled(self.column)
        texts = (self.inside(a, binding) for a, binding in zip(arguments, spelling.operands, strict=False))
        return spelling.text.format(*texts), spelling.binds

    def where(self, comparison: str, left: Node, right: Node, then: Node, otherwise: Node) -> tuple[str, int]:
        return f"where({self(left)} {comparison} {self(right)}, {self(then)}, {self(otherwise)})", _ATOM


class Python(Text):
    """Scalars on the host: Python floats, which are double."""

    column = "python"

    def constant(self, name: str) -> str:
        return f"math.{name}"

    def where(self, comparison: str, left: Node, right: Node, then: Node, otherwise: Node) -> tuple[str, int]:
        test = f"{self.inside(left, _SUM)} {comparison} {self.inside(right, _SUM)}"
        return f"{self.inside(then, _SUM)} if {test} else {self(otherwise)}", _CHOICE


class Library(Python):
    """Scalars that an array library computes: they depend on a norm, which on a GPU stays on the device."""

    column = "ufunc"

    def __init__(self, alias: str, there: Collection[str] | None = None) -> None:
        """`there` are the names of what is arrays, if not all are; what a choice is of beside them, the host knows."""
        self.alias, self.there = alias, there

    def call(self, function: str, arguments: tuple[Node, ...]) -> tuple[str, int]:
        text, binds = super().call(function, arguments)
        return f"{self.alias}.{text}", binds

    def where(self, comparison: str, left: Node, right: Node, then: Node, otherwise: Node) -> tuple[str, int]:
        if self.there is not None and not any(
            name.name in self.there for side in (left, right) for name in names(side)
        ):
            return super().where(comparison, left, right, then, otherwise)
        test = f"{self.inside(left, _SUM)} {comparison} {self.inside(right, _SUM)}"
        return f"{self.alias}.where({test}, {self(then)}, {self(otherwise)})", _ATOM


class Kept(Library):
    """Scalars that an array library computes and that are kept: which way a choice goes, the host has to know."""

    def where(self, comparison: str, left: Node, right: Node, then: Node, otherwise: Node) -> tuple[str, int]:
        return Python.where(self, comparison, left, right, then, otherwise)


_GREEK = re.compile("alpha|beta|gamma|delta|epsilon|eta|theta|kappa|lambda|mu|nu|rho|sigma|tau|phi|psi|omega")
_LATEX_NAMES = {"lr": r"\eta", "eps": r"\varepsilon", "momentum": r"\mu", "weight_decay": r"\lambda"}


class Latex(Text):
    """Formulas with their time index: `m` is m_{t-1}, `m_new` is m_t."""

    column = "latex"

    def __init__(self, states: tuple[str, ...], steps: tuple[str, ...]) -> None:
        self.states = set(states) | {"w"}
        self.steps = set(steps) | {"g"}

    def name(self, name: str) -> str:
        state = name.removesuffix("_new")
        if state in self.states:
            return letter(state, "t" if state != name else "t-1")
        if name == "g_new":  # of a stage: the gradient that comes next
            return "g'_{t}"
        return letter(name, "t" if name in self.steps else "")

    def constant(self, name: str) -> str:
        return rf"\{name}"

    def product(self, above: tuple[Node, ...], below: tuple[Node, ...]) -> tuple[str, int]:
        if below:
            return rf"\frac{{{self._product_text(above)}}}{{{self._product_text(below)}}}", _ATOM
        return r" \, ".join(self.inside(f, _PRODUCT) for f in above), _PRODUCT

    def _product_text(self, factors: tuple[Node, ...]) -> str:
        return self(factors[0]) if len(factors) == 1 else r" \, ".join(self.inside(f, _PRODUCT) for f in factors)

    def power(self, base: Node, exponent: Node) -> tuple[str, int]:
        text = self.inside(base, _ATOM)
        if text.startswith(r"\frac"):
            text = rf"\left({text}\right)"
        if isinstance(base, Name) and "_" in text:
            text = f"{{{text}}}"
        return f"{text}^{{{self(exponent)}}}", _POWER

    def where(self, comparison: str, left: Node, right: Node, then: Node, otherwise: Node) -> tuple[str, int]:
        sign = {"<=": r"\le", ">=": r"\ge", "==": "=", "!=": r"\ne"}.get(comparison, comparison)
        cases = rf"{self(then)} & {self(left)} {sign} {self(right)} \\ {self(otherwise)} & \text{{otherwise}}"
        return rf"\begin{{cases}} {cases} \end{{cases}}", _ATOM

    def inside(self, node: Node, binding: int) -> str:
        text, own = self.spell(node)
        return text if own >= binding else rf"\left({text}\right)"


def letter(name: str, index: str = "") -> str:
    """The name as a letter with its digits and its time index below it: `c1` is c_{1,t}."""
    stem = name.rstrip("0123456789")
    digits = name.removeprefix(stem)
    below = ",".join(filter(None, (digits, index)))
    return f"{_stem(stem)}_{{{below}}}" if below else _stem(stem)


def _stem(name: str) -> str:
    if name in _LATEX_NAMES:
        return _LATEX_NAMES[name]
    for accent in ("hat", "bar"):
        if name.endswith(f"_{accent}"):
            return rf"\{accent}{{{_stem(name.removesuffix(f'_{accent}'))}}}"
    if _GREEK.fullmatch(name):
        return rf"\{name}"
    return name if len(name) == 1 else rf"\mathrm{{{name}}}".replace("_", r"\_")


def noted(note: str) -> str:
    """A note as the comment after a line of Python."""
    return f"  # {note}" if note else ""


def parameters_text(arrays: Iterable[str], scalars: Iterable[str] = ()) -> str:
    """Parameters of a generated function, with their types."""
    return ", ".join([*(f"{name}: Array" for name in arrays), *(f"{name}: float" for name in scalars)])


def tuple_text(names: Sequence[str]) -> str:
    """The names as a Python tuple."""
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"
