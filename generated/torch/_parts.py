"""The parameters of a step, and those of them that have it in common."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise
from operator import attrgetter, is_
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ._spread import PLAIN, is_spread, local

__all__ = ["HALF", "Bunch", "Part", "Row", "Whole", "computed", "line_of"]

#: What is computed in float32, and rounded once.
HALF = (torch.float16, torch.bfloat16)

#: Tensors of fewer elements are stepped together: to bring them into a row costs less than calls for each.
SMALL = 32768

#: torch brings together at most so many elements on the CPU in one loop; more by a call for each tensor, for threads.
AT_ONCE = 32767


def computed(dtype: torch.dtype) -> torch.dtype:
    """The dtype in which tensors of `dtype` are computed."""
    return torch.float32 if dtype in HALF else dtype


_address, _elements, _straight = Tensor.data_ptr, Tensor.numel, Tensor.is_contiguous
_negated = Tensor.is_neg  # whether elements are read with another sign than they have in memory
_layout, _placed = attrgetter("layout"), attrgetter("device_mesh", "placements")


@cache
def _kind(*alike: Any) -> tuple[Any, ...]:
    """The same object for the same values, so that a look at it tells."""
    return alike


class Part:
    """A parameter that takes part in steps, with what is known of where its elements and those of its states are."""

    __slots__ = (
        "_arrays",
        "_lines",
        "addresses",
        "among",
        "kind",
        "number",
        "read",
        "size",
        "spread",
        "state",
        "straight",
        "sums",
        "t",
        "w",
        "written",
    )

    def __init__(self, w: Tensor, number: int, state: dict[str, Any], names: Sequence[str]) -> None:
        self.w, self.number, self.state = w, number, state
        self.written: list[Tensor] = list(map(local, (w, *(state[name] for name in names))))
        #: What parameters have in common that are stepped together: the group, the device, the dtype.
        self.kind = _kind(number, w.device, w.dtype)
        self.size = self.written[0].numel()
        self.spread = is_spread(w)
        #: The gradient and the inputs of a step, its number, and the sums over this parameter.
        self.read: list[Tensor] = []
        self.t = 0
        self.sums: tuple[float, ...] = ()
        self.straight = self.written[0].is_contiguous()
        #: If it is the first of a bunch: those that were in it with it, and how they were told apart.
        self.among: tuple[list[Part], Row | None, list[Part]] | None = None
        self.locate()

    def locate(self) -> None:
        """See where the elements are."""
        self.addresses = [*map(_address, self.written)]
        self._lines: list[Tensor] | None = None
        self._arrays: list[Any] | None = None

    def holds(self, states: Iterable[Tensor]) -> bool:
        """Whether the elements of the parameter and its states are where they were.

        While what was there is kept, nothing else is at its address.
        """
        w: Tensor = self.w
        if self.spread:
            w, states = local(w), map(local, states)
        addresses = [*map(_address, (w, *states))]
        return addresses == self.addresses and w.numel() == self.size and w.is_contiguous() == self.straight

    def lines(self) -> list[Tensor] | None:
        """What is written in one dimension, without a copy; None if it does not lie so."""
        if self._lines is None:
            if not all(tensor.is_contiguous() and not tensor.is_neg() for tensor in self.written):
                return None
            self._lines = [tensor.detach().view(-1) for tensor in self.written]
        return self._lines

    def arrays(self) -> list[Any] | None:
        """The same as NumPy arrays."""
        if self._arrays is None:
            lines = self.lines()
            self._arrays = None if lines is None else [line.numpy() for line in lines]
        return self._arrays


def line_of(tensor: Tensor) -> Tensor:
    """What is read in one dimension."""
    if tensor.requires_grad:
        tensor = tensor.detach()
    return tensor if tensor.ndim == 1 else tensor.reshape(-1)


@dataclass
class Bunch:
    """Parameters that have a step in common: of one group, device and dtype, with the same numbers.

    `scalars` are what elements meet, `numbers` what the functions of arrays are given beside them: numbers that are
    kept, sums, the step number; and `known`, signals and hyperparameters by name.
    """

    scalars: Sequence[float]
    numbers: Sequence[float]
    known: Mapping[str, float]
    parts: list[Part] = field(default_factory=list)

    def split(self) -> tuple[Row | None, list[Part]]:
        """The small parameters that are stepped together, if there are several, and the others."""
        first = self.parts[0]
        if first.among is None or not _same(first.among[0], self.parts):
            small = _apart([part for part in self.parts if 0 < part.size < SMALL and part.lines() is not None])
            taken = set(map(id, small)) if len(small) > 1 else set()
            others = [part for part in self.parts if id(part) not in taken]
            first.among = self.parts, Row(small) if taken else None, others
        return first.among[1:]


def _same(ones: Sequence[Any], others: Sequence[Any]) -> bool:
    """Whether these are the same objects in the same order."""
    return len(ones) == len(others) and all(map(is_, ones, others))


def _apart(parts: Sequence[Part]) -> list[Part]:
    """Those of which nothing that is written is a part of another one as well: they may be stepped in any order."""
    ends = [
        (start, start + one.numel() * one.element_size(), id(part))
        for part in parts
        for start, one in zip(part.addresses, part.written, strict=True)
    ]
    meeting: set[int] = set()
    reached, last = 0, 0
    for start, end, which in sorted(ends):
        if start < reached:
            meeting |= {which, last}
        if end > reached:
            reached, last = end, which
    return [part for part in parts if id(part) not in meeting]


class Row:
    """Small parameters that are stepped together."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self.sizes = [part.size for part in parts]
        self.dtype = computed(parts[0].w.dtype)
        self._shorter: list[Row] = []
        self._copies: tuple[Tensor | None, list[_Copy]] = None, []

    @cached_property
    def written(self) -> list[tuple[Tensor, ...]]:
        """The parameters in one dimension, then each of their states."""
        return list(zip(*(part.lines() or () for part in self.parts), strict=True))

    def read(self) -> list[tuple[Tensor, ...]]:
        """Their gradients, then each of their inputs."""
        return list(zip(*(part.read for part in self.parts), strict=True))

    @cached_property
    def lengths(self) -> Any:
        """The sizes as a NumPy array."""
        return np.array(self.sizes)

    @cached_property
    def addresses(self) -> list[list[int]]:
        """Where what is written begins."""
        return [[*map(_address, column)] for column in self.written]

    def shorter(self, limit: int) -> list[Row]:
        """The same in rows of at most so many elements, which is always the same number."""
        if not self._shorter:
            self._shorter = [Row(self.parts[some]) for some in _stretches(self.sizes, limit)]
        return self._shorter

    @cached_property
    def in_place(self) -> list[Tensor | None]:
        """What is written as one tensor each, where it lies one after another: states are brought there before."""
        if not any(part.spread for part in self.parts):
            for number in range(1, len(self.parts[0].written)):
                _bring_together([part.written[number] for part in self.parts])
            for part in self.parts:
                part.locate()
        return list(map(_as_one, self.written))

    def copies(self, read: int) -> list[_Copy]:
        """Memory of this thread for each operand."""
        whole = sum(self.sizes)
        memory = _scratch.of(len(self.written) + read, whole, self.dtype)
        if self._copies[0] is not memory:
            self._copies = memory, [_Copy(row, self.sizes) for row in memory[:, :whole]]
        return self._copies[1]


class _Copy:
    """Memory for an operand of a row."""

    def __init__(self, row: Tensor, sizes: Sequence[int]) -> None:
        self.row, self._pieces = row, row.split(sizes)
        stretches = _stretches(sizes, AT_ONCE)
        self._stretches = list(zip(stretches, row.split([sum(sizes[some]) for some in stretches]), strict=True))

    def gather(self, tensors: Sequence[Tensor]) -> None:
        """Bring tensors of one dimension here."""
        for some, there in self._stretches:
            torch.cat(tensors[some], out=there)

    def scatter(self, tensors: Sequence[Tensor]) -> None:
        """Bring what is here to the tensors."""
        torch._foreach_copy_(tensors, self._pieces)


def _stretches(sizes: Sequence[int], limit: int) -> list[slice]:
    """Slices of what has these sizes, of at most so many elements each, or of one."""
    begins, total = [0], 0
    for number, size in enumerate(sizes):
        if total and total + size > limit:
            begins.append(number)
            total = 0
        total += size
    return [slice(*pair) for pair in pairwise([*begins, len(sizes)])]


def _bring_together(states: Sequence[Tensor]) -> None:
    """Give tensors that have memory of their own a part each of one, in which they lie one after another."""
    if all(type(one) in PLAIN and one.untyped_storage().nbytes() == one.nbytes for one in states):
        pieces = torch.cat([one.reshape(-1) for one in states]).split([one.numel() for one in states])
        for one, piece in zip(states, pieces, strict=True):
            one.data = piece.view(one.shape)


def _as_one(lines: Sequence[Tensor]) -> Tensor | None:
    """Tensors that lie one after another in one memory, of the dtype in which they are computed, as one."""
    first, start = lines[0], lines[0].data_ptr()
    memory = first.untyped_storage().data_ptr()
    for line in lines:
        if line.data_ptr() != start or line.untyped_storage().data_ptr() != memory:
            return None
        start += line.nbytes
    return first.as_strided((sum(map(_elements, lines)),), (1,)) if first.dtype == computed(first.dtype) else None


class _Scratch(threading.local):
    """Memory of a thread for rows: fresh memory costs as much as a few passes over it."""

    def __init__(self) -> None:
        self._of: dict[tuple[int, torch.dtype], Tensor] = {}

    def of(self, number: int, size: int, dtype: torch.dtype) -> Tensor:
        """At least `number` rows of `size` elements."""
        memory = self._of.get((number, dtype))
        if memory is None or memory.shape[1] < size:
            memory = self._of[number, dtype] = torch.empty(number, size, dtype=dtype)
        return memory


_scratch = _Scratch()


class Whole:
    """The parameters of a group that all take part in steps, as the last one has found them: all DTensors, or none.

    They are looked over at once, which takes a third of the time that it takes one by one.
    """

    def __init__(self, parts: list[Part], names: Sequence[str]) -> None:
        self.parts, self._names = parts, names
        self._params, self._states = [part.w for part in parts], [part.state for part in parts]
        self._sizes, self._straight = [part.size for part in parts], [part.straight for part in parts]
        self._addresses = list(zip(*(part.addresses for part in parts), strict=True))
        #: How DTensors are spread.
        self._spread: list[Any] | None = list(map(_placed, self._params)) if parts[0].spread else None

    def holds(self, params: Sequence[Tensor], owners: Sequence[Tensor], states: Sequence[dict[str, Any]]) -> bool:
        """Whether they are the parameters, with these states, and all is where it was. See `Part.holds`."""
        if not (_same(params, self._params) and _same(owners, self._params) and _same(states, self._states)):
            return False
        columns = [params, *([state[name] for state in states] for name in self._names)]
        if self._spread is not None:
            columns = [[*map(local, column)] for column in columns]
        return (
            _plain(columns[0])
            and [*map(_elements, columns[0])] == self._sizes
            and [*map(_straight, columns[0])] == self._straight
            and [(*map(_address, column),) for column in columns] == self._addresses
        )

    def given(self, grads: Sequence[Any]) -> Sequence[Tensor] | None:
        """What is here of the gradients; None unless each parameter has one that can be taken as it is.

        It is a plain tensor, or spread as its parameter, and has as many elements, in memory as they are.
        """
        if self._spread is not None:
            if not all(map(is_spread, grads)) or list(map(_placed, grads)) != self._spread:
                return None
            grads = [*map(local, grads)]
        fit = (
            _plain(grads)
            and {*map(_layout, grads)} == {torch.strided}
            and [*map(_elements, grads)] == self._sizes
            and not any(map(_negated, grads))
        )
        return grads if fit else None


def _plain(tensors: Sequence[Tensor | None]) -> bool:
    return PLAIN.issuperset(map(type, tensors))
