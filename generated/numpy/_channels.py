"""NumPy arrays with channels: averages over a batch, values per channel."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._runtime.layer import Layer, check_batch

__all__ = ["Array", "NumpyLayer", "average", "count", "flat", "spread"]

Array = np.ndarray[Any, np.dtype[Any]]


def spread(x: Array, axis: int, *channels: Array) -> tuple[Array, ...]:
    """Values per channel, shaped so that they meet the channels of `x`. Checks that all of them fit."""
    axis = check_batch(x, axis, channels, np.ndarray, "np.asarray")
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


def average(values: Array, axis: int) -> Array:
    """The average over all axes but `axis`, which are kept; summed in double and rounded once."""
    others = tuple(k for k in range(values.ndim) if k != axis % values.ndim)
    mean: Array = values.mean(axis=others, dtype=np.float64, keepdims=True)
    return mean.astype(values.dtype)


class NumpyLayer(Layer):
    """A layer of NumPy arrays, float32 or float64, of any strides."""

    def _full(self, value: float) -> Array:
        return np.full(self.channels, value, self.dtype)

    def _overwrite(self, array: Array, value: Array) -> None:
        np.copyto(array, value)

    def _saved_copy(self, array: Array) -> Array:
        return array.copy()
