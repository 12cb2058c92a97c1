"""Where the elements of an array lie."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

__all__ = ["overlaps_itself"]


def overlaps_itself(shape: Sequence[int], strides: Sequence[int], itemsize: int) -> bool:
    """Whether two elements of an array of this layout, in bytes, share memory: it cannot be stepped in place."""
    axes = sorted((abs(stride), length) for length, stride in zip(shape, strides, strict=True) if length > 1)
    if 0 in shape or not axes:
        return False
    extent, elements, apart = itemsize, 1, True
    for stride, length in axes:
        apart = apart and stride >= extent  # beyond all that the axes before it span
        extent += stride * (length - 1)
        elements *= length
    if apart or elements * itemsize > extent:
        return not apart
    # axes that are interleaved: there are no more addresses than bytes in the memory that the array spans
    addresses = np.zeros(1, np.int64)
    for stride, length in axes:
        addresses = np.add.outer(addresses, np.arange(length, dtype=np.int64) * stride).reshape(-1)
    addresses.sort()
    return bool((np.diff(addresses) < itemsize).any())
