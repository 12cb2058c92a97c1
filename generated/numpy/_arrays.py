# generated from codegen/templates/numpy/_arrays.py; do not edit
"""NumPy arrays: what the optimizers accept, and how they walk over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from .._optimizer import Hyper, Optimizer, Schedule

__all__ = ["Array", "Hyper", "NumpyOptimizer", "Schedule", "tiles"]

Array = np.ndarray[Any, np.dtype[Any]]

#: Elements to a tile: the tiles of all operands together stay in the cache of one core.
TILE = 65536

_DTYPES = (np.dtype(np.float32), np.dtype(np.float64))


def tiles(
    written: Sequence[Array], read: Sequence[Array], *, scratch: int = 0, masks: int = 0
) -> Iterator[tuple[Array, ...]]:
    """Walk over arrays of one shape and dtype in one-dimensional tiles.

    Yields the tiles of `written`, then those of `read`, then `scratch` uninitialised tiles of the same
    dtype and `masks` of bool. What is put into a written tile lands in its array. Any strides and any
    number of dimensions will do; where a tile cannot be a view, it is a copy that is written back.
    Floating-point warnings are off until the walk ends.
    """
    first = written[0]
    for array in (*written, *read):
        if array.shape != first.shape or array.dtype != first.dtype:
            raise ValueError(
                "all arrays of a step need one shape and one dtype; "
                f"found {first.shape} {first.dtype} and {array.shape} {array.dtype}"
            )
    if first.dtype not in _DTYPES:
        raise TypeError(f"{first.dtype} arrays cannot be stepped; use float32 or float64")
    size = min(first.size, TILE)
    spare = [np.empty(size, first.dtype) for _ in range(scratch)] + [np.empty(size, bool) for _ in range(masks)]
    walk = np.nditer(
        [*written, *read],
        flags=["buffered", "external_loop", "zerosize_ok"],
        op_flags=[["readwrite", "aligned", "nbo"]] * len(written) + [["readonly", "aligned", "nbo"]] * len(read),
        buffersize=TILE,
    )
    with walk, np.errstate(all="ignore"):
        for tile in walk:
            yield (*tile, *(buffer[: len(tile[0])] for buffer in spare))


class NumpyOptimizer(Optimizer):
    """An optimizer of NumPy arrays, float32 or float64, of any shape and strides."""

    def _refusal(self, array: Any, *, written: bool) -> str | None:
        if not isinstance(array, np.ndarray):
            return f"is a {type(array).__name__}; make it an array with np.asarray"
        if array.dtype not in _DTYPES:
            return f"has dtype {array.dtype}; use float32 or float64"
        if written and not array.flags.writeable:
            return "is read-only; pass an array that may be written, such as a copy"
        return None

    def _overlap(self, a: Array, b: Array) -> bool:
        return np.shares_memory(a, b)

    def _extent(self, array: Array) -> tuple[int, int]:
        return np.lib.array_utils.byte_bounds(array)

    def _saved(self, value: Any) -> Array:
        return np.array(value)

    def _overwrite(self, array: Array, saved: Any) -> None:
        np.copyto(array, saved)
