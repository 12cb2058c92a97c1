"""Mathematics for browsers: MathML, spelled from the same trees as text and LaTeX."""

from __future__ import annotations

import re
from html import escape
from typing import ClassVar

import sympy

from ..expr.printing import Text
from ..expr.tree import Call, Constant, Name, Negative, Node, Number, Power, Product, Sum, Where
from ..spec.functions import TABLE
from ..spec.row import Binding
from ..spec.rules import AnyRule, Layer, Schedule
from ..statement.terms import Spelling

_CHOICE, _SUM, _PRODUCT, _POWER, _ATOM = Binding
_GREEK = {
    **{name: chr(0x3B1 + place) for place, name in enumerate(("alpha", "beta", "gamma", "delta", "epsilon"))},
    "eta": "η",
    "theta": "θ",
    "kappa": "κ",
    "lambda": "λ",
    "mu": "μ",
    "nu": "ν",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "phi": "φ",
    "psi": "ψ",
    "omega": "ω",
    "zeta": "ζ",
    "xi": "ξ",
    "chi": "χ",
    "lr": "η",
    "eps": "ε",
    "momentum": "μ",
    "weight_decay": "λ",
}
_ACCENTS = {"hat": "^", "bar": "¯", "tilde": "~"}
_SIGNS = {"<=": "≤", ">=": "≥", "==": "=", "!=": "≠", "->": "→"}
_CONSTANTS = {"pi": "π", "oo": "∞", "-oo": "−∞", "nan": "NaN", "zoo": "∞"}


def sign(text: str) -> str:
    """An operator or a relation."""
    return f'<mo form="infix">{escape(_SIGNS.get(text, text))}</mo>'


def math(*parts: str) -> str:
    """Parts of a formula, each a whole of its own: between them a line may break."""
    return "<wbr>".join(f'<math displaystyle="true">{part}</math>' for part in parts)


def letter(name: str, index: str = "") -> str:
    """The name as a letter with its digits and its time index below it: `c1` is c with 1, t below."""
    stem = name.rstrip("0123456789")
    below = [f"<mn>{digits}</mn>" for digits in [name.removeprefix(stem)] if digits]
    below += [index] if index else []
    return f"<msub>{_stem(stem)}<mrow>{'<mo>,</mo>'.join(below)}</mrow></msub>" if below else _stem(stem)


def _stem(name: str) -> str:
    for word, accent in _ACCENTS.items():
        if name.endswith(f"_{word}"):
            inner = name.removesuffix(f"_{word}").rstrip("0123456789") or name
            return f'<mover accent="true">{_stem(inner)}<mo>{accent}</mo></mover>'
    return f"<mi>{escape(_GREEK.get(name, name.replace('_', ' ')))}</mi>"


def _index(text: str) -> str:
    """A time index, such as t-1."""
    found = re.findall(r"\d+|[a-z]+|[^\da-z]", text)
    tags = ("mn" if part.isdigit() else "mi" if part.isalpha() else "mo" for part in found)
    return f"<mrow>{''.join(f'<{tag}>{_minus(part)}</{tag}>' for tag, part in zip(tags, found, strict=True))}</mrow>"


def _minus(text: str) -> str:
    return "−" if text == "-" else escape(text)


class MathML(Text):
    """Formulas with their time index, as LaTeX has them: `m` is that of step t - 1, `m_new` that of step t."""

    column: ClassVar[str] = "mathml"

    def __init__(self, states: tuple[str, ...] = (), steps: tuple[str, ...] = (), dated: bool = True) -> None:
        self.states, self.steps = (set(states) | {"w"}, set(steps) | {"g"}) if dated else (set(), set())

    def spell(self, node: Node) -> tuple[str, int]:
        match node:
            case Number(value):
                return f"<mn>{value}</mn>", _ATOM
            case Name() | Constant() | Call() | Where() | Product() | Power():
                return super().spell(node)
            case Negative(of):
                return f"<mrow><mo>−</mo>{self.inside(of, _PRODUCT)}</mrow>", _SUM
            case Sum():
                return f"<mrow>{''.join(self.terms(node))}</mrow>", _SUM
        raise AssertionError(node)

    def terms(self, node: Node) -> list[str]:
        """The terms of a sum, each with its sign before it."""
        if not isinstance(node, Sum):
            return [self(node)]
        found = []
        for place, (sign_of, term) in enumerate(node.terms):
            text = self.inside(term, _SUM if place == 0 and sign_of > 0 else _PRODUCT)
            before = "−" if sign_of < 0 else "+" if place else ""
            before = f'<mo form="{"infix" if place else "prefix"}">{before}</mo>' if before else ""
            found.append(f"{before}{text}")
        return found

    def inside(self, node: Node, binding: int) -> str:
        text, own = self.spell(node)
        return text if own >= binding else f"<mrow><mo>(</mo>{text}<mo>)</mo></mrow>"

    def name(self, name: str) -> str:
        state = name.removesuffix("_new")
        if state in self.states:
            return letter(state, _index("t" if state != name else "t-1"))
        return letter(name, _index("t") if name in self.steps else "")

    def constant(self, name: str) -> str:
        return f"<mi>{_CONSTANTS.get(name, name)}</mi>"

    def product(self, above: tuple[Node, ...], below: tuple[Node, ...]) -> tuple[str, int]:
        if below:
            return f"<mfrac>{self._factors(above)}{self._factors(below)}</mfrac>", _ATOM
        return self._factors(above), _PRODUCT

    def _factors(self, factors: tuple[Node, ...]) -> str:
        if len(factors) == 1:
            return self(factors[0])
        between = "<mo>·</mo>" if all(isinstance(f, Number) for f in factors[:2]) else '<mspace width="0.17em"/>'
        return f"<mrow>{between.join(self.inside(factor, _PRODUCT) for factor in factors)}</mrow>"

    def power(self, base: Node, exponent: Node) -> tuple[str, int]:
        text = self.inside(base, _ATOM)
        if text.startswith("<mfrac"):
            text = f"<mrow><mo>(</mo>{text}<mo>)</mo></mrow>"
        if text.startswith("<msub>") and isinstance(base, Name):  # one letter, with what is below and above it
            return f"<msubsup>{text.removeprefix('<msub>').removesuffix('</msub>')}{self(exponent)}</msubsup>", _POWER
        return f"<msup>{text}{self(exponent)}</msup>", _POWER

    def call(self, function: str, arguments: tuple[Node, ...]) -> tuple[str, int]:
        spelling = TABLE[function].spelled(self.column)
        texts = (self.inside(a, binding) for a, binding in zip(arguments, spelling.operands, strict=False))
        return f"<mrow>{spelling.text.format(*texts)}</mrow>", spelling.binds

    def where(self, comparison: str, left: Node, right: Node, then: Node, otherwise: Node) -> tuple[str, int]:
        rows = [(self(then), f"{self(left)}{sign(comparison)}{self(right)}"), (self(otherwise), "")]
        cells = "".join(
            f"<mtr><mtd>{value}</mtd><mtd><mtext>{'if&#160;' if test else 'otherwise'}</mtext>{test}</mtd></mtr>"
            for value, test in rows
        )
        return f"<mrow><mo>{{</mo><mtable>{cells}</mtable></mrow>", _ATOM


def of_rule(rule: AnyRule) -> MathML:
    """The spelling of the equations of a rule."""
    states = () if isinstance(rule, Schedule) else tuple(s.name for s in rule.state)
    steps = () if isinstance(rule, Schedule | Layer) else tuple(step.target.name for step in rule.steps)
    return MathML(states, steps)


class Terms(MathML):
    """The terms of statements, whose names have their index with them."""

    def __init__(self) -> None:
        super().__init__(dated=False)

    def name(self, name: str) -> str:
        stem, _, index = name.removesuffix("]").partition("[")
        return letter(stem, _index(index) if index else "")

    def call(self, function: str, arguments: tuple[Node, ...]) -> tuple[str, int]:
        below = {
            "past_sum": ("∑", "<mi>i</mi><mo>=</mo><mn>1</mn>", "<mi>t</mi>"),
            "past_max": ("max", "<mn>1</mn><mo>≤</mo><mi>i</mi><mo>≤</mo><mi>t</mi>", ""),
            "product": ("∏", "<mi>j</mi><mo>=</mo><mn>1</mn>", "<mi>t</mi>"),
            "later_product": ("∏", "<mi>j</mi><mo>=</mo><mi>i</mi><mo>+</mo><mn>1</mn>", "<mi>t</mi>"),
        }
        if function == "expected":
            return f"<mrow><mi>E</mi><mo>[</mo>{self(arguments[0])}<mo>]</mo></mrow>", _ATOM
        if function in below:
            return f"<mrow>{big(*below[function])}{self.inside(arguments[0], _PRODUCT)}</mrow>", _SUM
        return super().call(function, arguments)


def big(operator: str, below: str, above: str = "") -> str:
    """A large operator with what it runs over."""
    if above:
        return f"<munderover><mo>{operator}</mo><mrow>{below}</mrow><mrow>{above}</mrow></munderover>"
    return f"<munder><mo>{operator}</mo><mrow>{below}</mrow></munder>"


class MathSpelling(Spelling):
    """Terms about runs as MathML."""

    def __init__(self, rule: AnyRule, constant: tuple[str, ...] = (), fixed: tuple[str, ...] = ()) -> None:
        super().__init__(rule, constant, fixed)
        self.text = Terms()  # type: ignore[assignment] # it spells, too

    def parts(self, term: sympy.Basic) -> list[str]:
        """The terms of what is a sum: a line may break between them."""
        return Terms().terms(self.node(term))
