"""Spell expressions: for people, for Python on the host and its array libraries, for LaTeX.

A printer only spells. It does no algebra and chooses no order: both are settled in the tree.
"""

from __future__ import annotations

import itertools
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


_GREEK = re.compile(
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|rho|sigma|tau|upsilon|phi|chi|psi|omega"
    "|Gamma|Delta|Theta|Lambda|Xi|Sigma|Upsilon|Phi|Psi|Omega"
)
_LATEX_NAMES = {"lr": r"\eta", "eps": r"\varepsilon", "momentum": r"\mu", "weight_decay": r"\lambda"}
_ACCENTS = ("hat", "bar", "tilde")
_CONSTANTS = {"oo": r"\infty", "-oo": r"-\infty", "zoo": r"\infty", "nan": r"\text{NaN}"}
#: What goes on to the end of its product.
_BIG = (r"\sum", r"\prod", r"\max_{", r"\min_{")
#: What is too high for plain parentheses.
_HIGH = re.compile(r"\\(frac|sum|prod|max_\{|begin|overline|left\\l|sqrt\{\\frac|left\()")


class Latex(Text):
    """Formulas with their time index: `m` is m_{t-1}, `m_new` is m_t.

    The names in `words` are spelled out, because the letter that they would have belongs to another (see `clashing`).
    """

    column = "latex"

    def __init__(self, states: tuple[str, ...], steps: tuple[str, ...], words: Collection[str] = ()) -> None:
        self.states = set(states) | {"w"}
        self.steps = set(steps) | {"g"}
        self.words = words

    def name(self, name: str) -> str:
        state = name.removesuffix("_new")
        if state in self.states:
            return self.letter(state, "t" if state != name else "t-1")
        if name == "g_new":  # of a stage: the gradient that comes next
            return "g'_{t}"
        return self.letter(name, "t" if name in self.steps else "")

    def letter(self, name: str, index: str = "") -> str:
        """As the function `letter`, which knows nothing of the other names of the rule."""
        return letter(name, index, spelled_out=name in self.words)

    def constant(self, name: str) -> str:
        return _CONSTANTS.get(name, rf"\{name}")

    def product(self, above: tuple[Node, ...], below: tuple[Node, ...]) -> tuple[str, int]:
        if below:
            return rf"\frac{{{self._product_text(above)}}}{{{self._product_text(below)}}}", _ATOM
        return self._factors(above), _PRODUCT

    def _product_text(self, factors: tuple[Node, ...]) -> str:
        return self(factors[0]) if len(factors) == 1 else self._factors(factors)

    def _factors(self, factors: tuple[Node, ...]) -> str:
        texts = [self.inside(factor, _PRODUCT) for factor in factors]
        texts[:-1] = [parenthesized(text) if text.startswith(_BIG) else text for text in texts[:-1]]
        found = texts[0]
        for before, text in itertools.pairwise(texts):
            sign = r"\cdot" if before[-1:].isdigit() and text[:1].isdigit() else r"\,"
            found += f" {sign} {text}"
        return found

    def power(self, base: Node, exponent: Node) -> tuple[str, int]:
        text = self.inside(base, _ATOM)
        if text.startswith((r"\frac", r"\begin")):
            text = rf"\left({text}\right)"
        if "'" in text or (isinstance(base, Call) and text.endswith("}")):
            text = f"{{{text}}}"
        return f"{text}^{{{self(exponent)}}}", _POWER

    def where(self, comparison: str, left: Node, right: Node, then: Node, otherwise: Node) -> tuple[str, int]:
        tests = rf"{self(left)} {relation(comparison)} {self(right)}"
        while isinstance(then, Where) and then.otherwise == otherwise:  # all of these have to hold
            tests += rf" \text{{ and }} {self(then.left)} {relation(then.comparison)} {self(then.right)}"
            then = then.then
        rows = [rf"{self(then)} & \text{{if }} {tests}"]
        while isinstance(otherwise, Where):  # one brace for all that follows
            one = otherwise
            sign = relation(one.comparison)
            rows.append(rf"{self(one.then)} & \text{{if }} {self(one.left)} {sign} {self(one.right)}")
            otherwise = one.otherwise
        rows.append(rf"{self(otherwise)} & \text{{otherwise}}")
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}", _ATOM

    def call(self, function: str, arguments: tuple[Node, ...]) -> tuple[str, int]:
        text, binds = super().call(function, arguments)
        if not any(_HIGH.search(self(argument)) for argument in arguments):
            text = text.replace(r"\left(", "(").replace(r"\right)", ")")
        return text, binds

    def inside(self, node: Node, binding: int) -> str:
        text, own = self.spell(node)
        return text if own >= binding else parenthesized(text)


def relation(sign: str) -> str:
    """A comparison, or another sign between two formulas, in LaTeX."""
    return {"<=": r"\le", ">=": r"\ge", "==": "=", "!=": r"\ne", "->": r"\to"}.get(sign, sign)


def parenthesized(text: str) -> str:
    """A formula in parentheses as high as it is; between plain ones, around a low formula, a line may break."""
    return rf"\left({text}\right)" if _HIGH.search(text) else f"({text})"


def letter(name: str, index: str = "", spelled_out: bool = False) -> str:
    """The name as a letter with its digits, its other words and its time index below it: `c1` is c_{1,t}."""
    if spelled_out:
        name = name.replace("_", r"\_")
        return rf"\mathrm{{{name}}}" + (f"_{{{index}}}" if index else "")
    stem, accent, digits, words = _parts(name)
    head = rf"\{accent}{{{stem}}}" if accent else stem
    below = ",".join(filter(None, (digits, words and rf"\text{{{words}}}", index)))
    return f"{head}_{{{below}}}" if below else head


def _parts(name: str) -> tuple[str, str, str, str]:
    """The letter of a name, its accent, its digits, its further words."""
    if name in _LATEX_NAMES:
        return _LATEX_NAMES[name], "", "", ""
    first, *rest = name.strip("_").split("_")
    first, digits = re.fullmatch(r"(.*?)(\d*)", first).groups()  # type: ignore[union-attr] # it always matches
    accent = next((word for word in rest if word in _ACCENTS), "")
    if accent:
        rest.remove(accent)
    if rest and rest[0].isdigit() and not digits:
        digits = rest.pop(0)
    if first in ("lr", "eps"):
        return _LATEX_NAMES[first], accent, digits, " ".join(rest)
    if _GREEK.fullmatch(first):
        return rf"\{first}", accent, digits, " ".join(rest)
    if len(first) == 1:
        return first, accent, digits, " ".join(rest)
    words = r"\,".join([first, *rest])
    return rf"\mathrm{{{words}}}", accent, digits, ""


def clashing(names: Iterable[str]) -> frozenset[str]:
    """The names to be spelled out, because their letter is that of another: `lr` where there is `eta`."""
    found: dict[str, list[str]] = {}
    for name in sorted(set(names), key=lambda n: (n in _LATEX_NAMES, len(n), n)):
        found.setdefault(letter(name), []).append(name)
    return frozenset(name for same in found.values() for name in same[1:])


def noted(note: str) -> str:
    """A note as the comment after a line of Python."""
    return f"  # {note}" if note else ""


def parameters_text(arrays: Iterable[str], scalars: Iterable[str] = ()) -> str:
    """Parameters of a generated function, with their types."""
    return ", ".join([*(f"{name}: Array" for name in arrays), *(f"{name}: float" for name in scalars)])


def tuple_text(names: Sequence[str]) -> str:
    """The names as a Python tuple."""
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"
