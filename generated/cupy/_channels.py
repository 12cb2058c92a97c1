"""CuPy arrays with channels: averages over a batch, values per channel."""

from __future__ import annotations

from typing import Any, TypeAlias

import cupy as cp
import numpy as np

from .._runtime.layer import Layer, check_batch

__all__ = ["Array", "CupyLayer", "average", "count", "elementwise", "flat", "spread"]

Array: TypeAlias = cp.ndarray


def spread(x: Array, axis: int, *channels: Array) -> tuple[Array, ...]:
    """Values per channel, shaped so that they meet the channels of `x`. Checks that all of them fit."""
    axis = check_batch(x, axis, channels, cp.ndarray, "cp.asarray")
    shape = [1] * x.ndim
    shape[axis] = x.shape[axis]
    return tuple(value.reshape(shape) for value in channels)


def flat(*channels: Array) -> tuple[Array, ...]:
    """Values per channel in the shape (C,)."""
    return tuple(value.reshape(-1) for value in channels)


def count(x: Array, axis: int, least: int) -> int:
    """The number of elements to a channel. Raises ValueError if there are fewer than `least`."""
    m: int = x.size // max(x.shape[axis], 1)
    if m < least:
        raise ValueError(f"a batch of shape {x.shape} has {m} elements to a channel; at least {least} are needed")
    return m


def average(kernel: Any, x: Array, *others: Any, axis: int) -> Array:
    """Run a kernel that averages over all axes but `axis`, which are kept. It sums in double and rounds once."""
    summed = tuple(k for k in range(x.ndim) if k != axis % x.ndim)
    with x.device:
        return kernel(x, *others, float(count(x, axis, 1)), axis=summed, keepdims=True)


def elementwise(kernel: Any, x: Array, *others: Any) -> Any:
    """Run a kernel on the device of `x`. The launch is queued on the current stream; nothing here waits."""
    with x.device:
        return kernel(x, *others)


class CupyLayer(Layer):
    """A layer of CuPy arrays, float32 or float64, of any strides, on the device that is current when it is made."""

    def _full(self, value: float) -> Array:
        return cp.full(self.channels, value, self.dtype)

    def _overwrite(self, array: Array, value: Any) -> None:
        with array.device:
            array[...] = cp.asarray(value)

    def _saved_copy(self, array: Array) -> np.ndarray[Any, np.dtype[Any]]:
        copy: np.ndarray[Any, np.dtype[Any]] = cp.asnumpy(array)
        return copy
