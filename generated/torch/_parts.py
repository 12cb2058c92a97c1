"""The parameters of a step, and those of them that have it in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from ._spread import is_spread, local

__all__ = ["HALF", "Bunch", "Part", "computed"]

#: What is computed in float32, and rounded once.
HALF = (torch.float16, torch.bfloat16)

#: Tensors of fewer elements are stepped together: to bring them into a row costs less than calls for each.
SMALL = 32768


def computed(dtype: torch.dtype) -> torch.dtype:
    """The dtype in which tensors of `dtype` are computed."""
    return torch.float32 if dtype in HALF else dtype


_address = Tensor.data_ptr


class Part:
    """A parameter that takes part in steps, with what is known of where its elements and those of its states are."""

    __slots__ = (
        "_addresses",
        "_arrays",
        "_lines",
        "kind",
        "number",
        "read",
        "size",
        "spread",
        "state",
        "sums",
        "t",
        "w",
        "written",
    )

    def __init__(self, w: Tensor, number: int, state: dict[str, Any], names: Sequence[str]) -> None:
        self.w, self.number, self.state = w, number, state
        self.written: list[Tensor] = list(map(local, (w, *(state[name] for name in names))))
        #: What parameters have in common that are stepped together: the group, the device, the dtype.
        self.kind = number, w.device, w.dtype
        self.size = self.written[0].numel()
        self.spread = is_spread(w)
        #: The gradient and the inputs of a step, its number, and the sums over this parameter.
        self.read: list[Tensor] = []
        self.t = 0
        self.sums: tuple[float, ...] = ()
        self._addresses = [*map(_address, self.written)]
        self._lines: list[Tensor] | None = None
        self._arrays: list[Any] | None = None

    def holds(self, states: Iterable[Tensor]) -> bool:
        """Whether the elements of the parameter and its states are where they were.

        While what was there is kept, nothing else is at its address.
        """
        w: Tensor = self.w
        if self.spread:
            w, states = local(w), map(local, states)
        return [*map(_address, (w, *states))] == self._addresses and w.numel() == self.size

    def lines(self) -> list[Tensor] | None:
        """What is written in one dimension, without a copy; None if it does not lie so."""
        if self._lines is None:
            if not all(tensor.is_contiguous() for tensor in self.written):
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

    def split(self) -> tuple[list[Part], list[Part]]:
        """The small parameters that lie in one dimension, if there are several, and the others."""
        small = [part for part in self.parts if part.size < SMALL and part.lines() is not None]
        if len(small) < 2:
            return [], self.parts
        if len(small) == len(self.parts):
            return small, []
        among = set(map(id, small))
        return small, [part for part in self.parts if id(part) not in among]
