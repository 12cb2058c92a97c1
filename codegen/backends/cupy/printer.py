"""Expressions in CUDA C++."""

from __future__ import annotations

from ...expr.printing import Text
from ...expr.tree import Node, Number
from ...spec.row import Binding

_, _SUM, _PRODUCT, _POWER, _ATOM = Binding


class Cuda(Text):
    """One element in a kernel, where every name is of type T.

    Literals are integers, which C++ converts to T, so that no double slips into a float kernel. Small
    powers are products. `fmax` and `fmin` swallow NaN and are not used.
    """

    column = "c"
    later = _POWER  # a square after another factor is a product of its own: a * (g * g), as elsewhere
    divisor = _ATOM

    def power(self, base: Node, exponent: Node) -> tuple[str, int]:
        if isinstance(exponent, Number) and exponent.value in (2, 3):
            return " * ".join([self.inside(base, _POWER)] * exponent.value), _PRODUCT
        text = f"(T){exponent.value}" if isinstance(exponent, Number) else self(exponent)
        return f"pow({self(base)}, {text})", _ATOM

    def where(self, comparison: str, left: Node, right: Node, then: Node, otherwise: Node) -> tuple[str, int]:
        test = f"{self.inside(left, _SUM)} {comparison} {self.inside(right, _SUM)}"
        return f"({test} ? {self(then)} : {self(otherwise)})", _ATOM


class CudaDouble(Cuda):
    """One element in a kernel, in double, whatever the type of the arrays. So are numbers: 1 / 2 would be 0."""

    def spell(self, node: Node) -> tuple[str, int]:
        return (f"(double){node.value}", _ATOM) if isinstance(node, Number) else super().spell(node)

    def name(self, name: str) -> str:
        return f"(double){name}"

    def power(self, base: Node, exponent: Node) -> tuple[str, int]:
        if isinstance(exponent, Number) and exponent.value in (2, 3):
            return super().power(base, exponent)
        return f"pow({self(base)}, {self(exponent)})", _ATOM
