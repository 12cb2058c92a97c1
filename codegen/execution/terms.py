"""Arrays of free terms: what an operation gives is made of its name and its operands.

Two values are one term only if they are computed alike from the same.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ..analysis.paths import UnclearError

#: How many elements a tile has.
TILE = 2
#: The operation that gives the whole number that is its operand.
INTEGER = "integer"


class _Value:
    """What Python computes with, where it makes terms."""

    __slots__ = ()

    def __neg__(self) -> Any:
        return Term("neg", self)

    def __bool__(self) -> bool:
        raise UnclearError(f"whether {self} holds is not known")


class Term(_Value):
    """An operation and its operands; made alike, it is the same object."""

    __slots__ = ("_of",)
    _of: tuple[str, tuple[Any, ...]]
    _made: dict[tuple, Term] = {}  # noqa: RUF012 - all terms there are

    def __new__(cls, operation: str, *operands: Any) -> Any:
        if arrays := max((len(one.values) for one in operands if isinstance(one, PerArray)), default=0):
            return PerArray([cls(operation, *(of_array(one, k) for one in operands)) for k in range(arrays)])
        of = operation, operands
        if of not in cls._made:
            made = cls._made[of] = super().__new__(cls)
            made._of = of
        return cls._made[of]

    @property
    def of(self) -> tuple[str, tuple[Any, ...]]:
        """The name of the operation, and its operands."""
        return self._of

    def __repr__(self) -> str:
        operation, operands = self._of
        return f"{operation}({', '.join(map(repr, operands))})" if operands else operation


class PerArray(_Value):
    """A number for each of several arrays that lie in a row."""

    __slots__ = ("values",)

    def __init__(self, values: Sequence[Any]) -> None:
        self.values = values

    def __repr__(self) -> str:
        return f"a number for each of {len(self.values)} arrays"


def of_array(value: Any, number: int) -> Any:
    """What a value is for one of these arrays."""
    return value.values[number] if isinstance(value, PerArray) else value


def _binary(name: str) -> tuple[Callable[[Any, Any], Any], Callable[[Any, Any], Any]]:
    return (lambda one, other: Term(name, one, other)), (lambda one, other: Term(name, other, one))


for _name in ("add", "sub", "mul", "truediv", "pow", "mod"):
    for _method, _function in zip((f"__{_name}__", f"__r{_name}__"), _binary(_name), strict=True):
        setattr(_Value, _method, _function)


class Row:
    """An array of terms, or a tile of one, which shares its memory; or arrays in a row, whose places are `parts`."""

    dtype = types.SimpleNamespace(type=partial(Term, "real"))
    parts: Sequence[Sequence[int]] = ()

    def __init__(self, values: list[Any], places: Sequence[int] | None = None) -> None:
        self.values, self.places = values, range(len(values)) if places is None else places

    @classmethod
    def of(cls, name: str, elements: Sequence[int]) -> Row:
        return cls([Term(f"{name}[{k}]") for k in elements])

    @property
    def size(self) -> int:
        return len(self.places)

    def tile(self, places: Sequence[int]) -> Row:
        return Row(self.values, [self.places[place] for place in places])

    def spread(self, value: PerArray) -> Row:
        """For each element the number of its array."""
        return Row([of_array(value, k) for k, places in enumerate(self.parts) for _ in places])

    def __getitem__(self, place: int) -> Any:
        return self.values[self.places[place]]

    def __setitem__(self, place: int, value: Any) -> None:
        self.values[self.places[place]] = value


def each(operand: Any, place: int) -> Any:
    """What an operand is at a place: an element of it, or itself for all."""
    return operand[place] if isinstance(operand, Row) else operand


class Operations(types.SimpleNamespace):
    """A library each of whose functions makes a term of what it is given."""

    def __init__(self, make: Callable[[str], Callable], **own: Any) -> None:
        super().__init__(**own)
        self._make = make

    def __getattr__(self, name: str) -> Callable:
        return self._make(name)


def named(name: str) -> Callable[..., Term]:
    """The operation of this name."""
    return partial(Term, name)
