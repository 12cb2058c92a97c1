"""Derivations as text, and how LaTeX spells their lines."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..analysis.proof import T
from ..expr.printing import Latex, Text, clashing, parenthesized
from ..expr.tree import Name, Node, arrange, ranks
from ..render.text import table
from ..result import PROVED, Outcome
from ..spec.row import Binding
from ..spec.symbols import Array
from .terms import At, Context, Derivation, Expectation, Summation, Unevaluated


class TextPrinter(Text):
    """Lines as text."""

    def __init__(self, context: Context) -> None:
        self.rank = ranks(context.rule)
        self.texts: dict[str, str] = {}

    def __call__(self, expr: sympy.Expr | Node) -> str:
        return super().__call__(self._arranged(expr) if isinstance(expr, sympy.Basic) else expr)

    def _arranged(self, expr: sympy.Expr) -> Node:
        """`expr` as a tree, with a name for each value at a time, mean and sum."""
        found = sorted(set(_largest(expr)), key=self._order)
        names = {node: Array(f"{self._order(node)}") for node in found}
        self.texts |= {symbol.name: self.special(node) for node, symbol in names.items()}
        places = {symbol.name: len(self.rank) + place for place, symbol in enumerate(names.values())}
        return arrange(expr.xreplace(names), self.rank | places)

    def _order(self, node: sympy.Expr) -> tuple:
        """States before gradients, what is later first; means and sums after them."""
        if isinstance(node, At):
            age = sympy.expand(T - node.args[1])
            return (0, self.rank.get(node.args[0].name, 99), int(age) if age.is_Integer else 99, str(node))
        return (1 + (Expectation, Summation, Unevaluated).index(type(node)), 0, 0, str(node))

    def inner(self, expr: sympy.Expr) -> str:
        return type(self).__call__(self, expr)

    def special(self, node: sympy.Expr) -> str:
        match node:
            case At(args=(name, time)):
                return f"{name}[{self.inner(time).replace(' ', '')}]"
            case Expectation(args=(inner,)):
                return f"E[{self.inner(inner)}]"
            case Summation(args=(inner,)):
                return f"sum({self.inner(inner)}, i=1..t)"
        return f"({self.inner(node.args[0])})"

    def name(self, name: str) -> str:
        return self.texts.get(name, name)

    def power(self, base: Node, exponent: Node) -> tuple[str, int]:
        text, binding = super().power(base, exponent)
        left, _, right = text.rpartition(" ** ")
        return (f"{left}**{right.replace(' ', '')}", binding) if left else (text, binding)


def _largest(expr: sympy.Expr) -> Iterator[sympy.Expr]:
    if isinstance(expr, At | Expectation | Summation | Unevaluated):
        yield expr
        return
    for argument in expr.args:
        yield from _largest(argument)


class LatexPrinter(TextPrinter, Latex):
    """Lines as LaTeX."""

    def __init__(self, context: Context) -> None:
        TextPrinter.__init__(self, context)
        rule = context.rule
        steps = tuple(step.target.name for step in rule.steps)
        Latex.__init__(self, tuple(s.name for s in rule.state), steps, clashing(self.rank))

    def special(self, node: sympy.Expr) -> str:
        match node:
            case At(args=(name, time)):
                return self.letter(name.name, self.inner(time).replace(" ", ""))
            case Expectation(args=(inner,)):
                return rf"\mathbb{{E}}\left[{self.inner(inner)}\right]"
            case Summation(args=(inner,)):
                return rf"\sum_{{i=1}}^{{t}} {self.inside(self._arranged(inner), Binding.PRODUCT)}"
        return parenthesized(self.inner(node.args[0]))

    def _product_text(self, factors: tuple[Node, ...]) -> str:
        text = super()._product_text(factors)
        if len(factors) == 1 and isinstance(factors[0], Name) and text == parenthesized(inner := _bare(text)):
            return inner  # above or below a bar nothing is to be held together
        return text

    def name(self, name: str) -> str:
        return self.texts[name] if name in self.texts else Latex.name(self, name)

    def power(self, base: Node, exponent: Node) -> tuple[str, int]:
        return Latex.power(self, base, exponent)


def _bare(text: str) -> str:
    """What stands in the parentheses around a formula."""
    return text.removeprefix(r"\left").removeprefix("(").removesuffix(")").removesuffix(r"\right")


def text(chain: Derivation, verdicts: list[Outcome]) -> str:
    """The lecture with the justification of each line, and whether the line follows."""
    spell, judged = TextPrinter(chain.context), iter(verdicts)
    given = f", if {' and '.join(chain.assumptions)}" if chain.assumptions else ""
    out = [f"{chain.title}{given}"]
    for title, lines in chain.sections:
        rows, left = [], None
        for line in lines:
            verdict = next(judged)
            begin = spell(line.left) if line.left != left else " " * len(spell(line.left))
            left = line.left
            how = verdict.method if verdict.status == PROVED else f"DOES NOT FOLLOW, {verdict.status}"
            rows.append((f"{begin} = {spell(line.right)}", f"[{line.text}{f' ({how})' if how != 'identical' else ''}]"))
        out += [*([f"  {title}"] if title else []), *table(rows)]
    return "\n".join(out)
