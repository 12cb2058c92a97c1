"""Expressions of one element in Python that is compiled."""

from __future__ import annotations

from collections.abc import Collection

from ...expr.printing import Kept
from ...expr.tree import Node, Number
from ...spec.row import Binding


class Element(Kept):
    """One element in a loop over arrays, which is compiled: `arrays` are the names that have an index.

    Every name has the type of the arrays, `real`, and a number is given it: with an integer or a double beside it,
    the compiler would go on in double. Functions are those of NumPy, which hand NaN on.
    """

    later = Binding.POWER  # a square after another factor is a product of its own: a * (g * g), as elsewhere

    def __init__(self, arrays: Collection[str]) -> None:
        super().__init__("np")
        self.arrays = arrays

    def spell(self, node: Node) -> tuple[str, int]:
        return (f"real({node.value})", Binding.ATOM) if isinstance(node, Number) else super().spell(node)

    def name(self, name: str) -> str:
        return f"{name}[i]" if name in self.arrays else name

    def power(self, base: Node, exponent: Node) -> tuple[str, int]:
        if exponent == Number(2):
            return f"{self.inside(base, Binding.POWER)} * {self.inside(base, Binding.POWER)}", Binding.PRODUCT
        return super().power(base, exponent)


class ElementDouble(Element):
    """One element in a loop that sums up: `real` is double, whatever the type of the arrays."""

    def name(self, name: str) -> str:
        return f"real({name}[i])" if name in self.arrays else name
