"""CuPy arrays: what the optimizers accept, and where they run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cupy as cp
import numpy as np

from .._optimizer import Hyper, Optimizer, Schedule

__all__ = ["Array", "CupyOptimizer", "Hyper", "Schedule", "launch"]

Array = cp.ndarray

_DTYPES = (np.dtype(np.float32), np.dtype(np.float64))


def launch(kernel: Any, read: Sequence[Array], scalars: Sequence[float], written: Sequence[Array]) -> None:
    """Run `kernel` over arrays of one shape and dtype, on the device that holds them.

    The launch is queued on the current stream; nothing here waits for the device.
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
    with first.device:
        kernel(*read, *scalars, *written)


class _Extent:
    """The layout of an array without its memory, for NumPy's solver of overlaps."""

    def __init__(self, array: Array) -> None:
        self.__array_interface__ = {
            "shape": array.shape,
            "strides": array.strides,
            "typestr": array.dtype.str,
            "data": (array.data.ptr, True),
            "version": 3,
        }


class CupyOptimizer(Optimizer):
    """An optimizer of CuPy arrays, float32 or float64, of any shape and strides."""

    def _refusal(self, array: Any, *, written: bool) -> str | None:
        if not isinstance(array, cp.ndarray):
            return f"is a {type(array).__name__}; make it an array with cp.asarray"
        if array.dtype not in _DTYPES:
            return f"has dtype {array.dtype}; use float32 or float64"
        return None

    def _overlap(self, a: Array, b: Array) -> bool:
        return a.device == b.device and np.shares_memory(np.asarray(_Extent(a)), np.asarray(_Extent(b)))

    def _extent(self, array: Array) -> tuple[int, int]:
        return np.lib.array_utils.byte_bounds(_Extent(array))

    def _saved(self, value: Any) -> np.ndarray:
        return cp.asnumpy(value) if isinstance(value, cp.ndarray) else np.array(value)

    def _overwrite(self, array: Array, saved: Any) -> None:
        with array.device:
            array[...] = cp.asarray(saved)
