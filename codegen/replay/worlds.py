"""Small gradients in exact numbers: one array or several, of a few elements each, with all that stands beside them.

Nothing here knows of tactics. What has no value, or none that exact numbers can tell apart, refutes nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy

from ..algebra.exact import function, shown
from ..spec.enclosure import Number, differ, largest
from ..spec.symbolic import Reduction, outermost

#: The sizes of the arrays and the gradients in them, the simplest first. Many norms are whole numbers.
_GRADIENTS: tuple[tuple[tuple[int | Fraction, ...], ...], ...] = (
    ((1,),), ((-1,),), ((2,),), ((0,),), ((-3, 4),), ((1,), (-1,)), ((3, 4), (12,)), ((-1, -2, -2),), ((3,), (4,)),
    ((0, 0),), ((-3,), (-4,)), ((1, 2, 2), (0,)), ((0,), (5,)), ((1, 1),), ((Fraction(1, 2),),), ((-12, 5), (0, 84)),
)  # fmt: skip
#: The other values per element, in this order again and again, each from a place of its own.
_OTHERS = tuple(Fraction(n) for n in ("2", "-1", "3", "1/2", "0", "5", "-2", "1"))

Elements = tuple[tuple[Fraction, ...], ...]  # a value for each element of each array


@dataclass(frozen=True)
class World:
    """`rows` has the values at each element, by name; `arrays` says of each to which array it belongs."""

    rows: Sequence[Mapping[str, Number]]
    arrays: Sequence[int]

    def everywhere(self, values: Mapping[str, Number]) -> World:
        """The same with values that are one number everywhere."""
        return World([{**row, **values} for row in self.rows], self.arrays)

    def also(self, values: Mapping[str, Sequence[Number]]) -> World:
        """The same with other values at the elements."""
        rows = [{**row, **{name: v[k] for name, v in values.items()}} for k, row in enumerate(self.rows)]
        return World(rows, self.arrays)

    def __call__(self, expr: sympy.Basic) -> list[Number | bool]:
        """`expr` at each element."""
        sums = {node: sympy.Symbol(f"({node})") for node in outermost(expr, Reduction)}
        rows = self.also({symbol.name: self._reduced(node) for node, symbol in sums.items()}).rows
        compute = function(expr.xreplace(sums))
        return [compute(row) for row in rows]

    def _reduced(self, reduction: Reduction) -> list[Number]:
        if reduction.how == "overflow":
            return [Fraction(0)] * len(self.rows)
        inner = self(reduction.args[0])
        whole = largest if reduction.how == "max" else lambda parts: sum(parts, Fraction(0))
        if reduction.overall:
            return [whole(inner)] * len(self.rows)
        found = {i: whole([v for v, j in zip(inner, self.arrays, strict=True) if i == j]) for i in set(self.arrays)}
        return [found[i] for i in self.arrays]

    def spelled(self, names: Sequence[str]) -> dict[str, str]:
        """The values of `names`, array by array where they are not the same everywhere."""
        return {name: self.listed([row[name] for row in self.rows]) for name in names}

    def listed(self, values: Sequence[Number]) -> str:
        """The elements of each array."""
        arrays = [[v for v, j in zip(values, self.arrays, strict=True) if i == j] for i in dict.fromkeys(self.arrays)]
        return " and ".join(f"[{', '.join(map(shown, array))}]" for array in arrays)


def unlike(first: Sequence[Number], second: Sequence[Number]) -> int | None:
    """The first place at which two lists certainly differ."""
    return next((k for k, (a, b) in enumerate(zip(first, second, strict=True)) if differ(a, b)), None)


def worlds(names: Sequence[str], step: int = 0) -> Iterator[World]:
    """Small worlds with values per element for `names`; the first of them takes the gradients that are tried."""
    for number, shape in enumerate(_GRADIENTS):
        given = tuple(tuple(Fraction(g) for g in array) for array in shape)
        elements = {
            n: _beside(given, place + 3 * step + number) if place + step else given for place, n in enumerate(names)
        }
        places = [(i, j) for i, array in enumerate(given) for j in range(len(array))]
        rows = [{name: values[i][j] for name, values in elements.items()} for i, j in places]
        yield World(rows, [i for i, _ in places])


def _beside(gradient: Elements, place: int) -> Elements:
    """Other values for the same elements, each `place` with numbers of its own."""
    start = place % len(_OTHERS)
    numbers = itertools.cycle(_OTHERS[start:] + _OTHERS[:start])
    return tuple(tuple(next(numbers) for _ in array) for array in gradient)
