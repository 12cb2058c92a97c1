"""Sums over arrays, of one alone and of each of many that lie in a row."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

import numpy as np

from .._runtime.pipeline import STARTS

__all__ = [
    "AT_ONCE",
    "ONE",
    "Array",
    "Parts",
    "Row",
    "joined",
    "norm_of",
    "norms_of",
    "rescaled",
    "sums_of",
]

Array = np.ndarray[Any, np.dtype[Any]]

#: Numbers whose squares add up to something between these are squared without loss, the others after SCALE or its
#: inverse has brought them there.
_LEAST, _MOST, _SCALE = 2.0**-900, 2.0**900, 2.0**600

#: Elements of arrays in a row that are summed up at once: in double, with buffers, they stay in the cache of one core.
AT_ONCE = 65536

#: Where the parts of a tile begin that has one.
ONE = np.zeros(1, np.intp)


def joined(how: str, parts: Sequence[Any]) -> np.float64:
    """What is taken over parts as what is taken over all."""
    if len(parts) == 1:
        return np.float64(parts[0])
    if how == "norm":
        norms = np.array(parts, np.float64)
        return norm_of(norms, norms.copy())
    if not len(parts):
        return np.float64(STARTS[how])
    return np.float64(np.sum(parts) if how == "sum" else np.max(parts))


def rescaled(total: Any) -> float:
    """What numbers are to be multiplied by, of which `total` is the sum of squares, so that this loses nothing."""
    return _SCALE if total < _LEAST else 1 / _SCALE if total > _MOST else 1.0


def norm_of(x: Array, buffer: Array) -> np.float64:
    """The root of the sum of the squares of doubles. It overflows, or vanishes, only where its value does.

    Of NaN it is NaN, and of infinity without NaN infinity. `buffer`, of the shape of `x`, is written over.
    """
    np.square(x, out=buffer)
    total = np.sum(buffer)
    too_small, too_large = total < _LEAST, total > _MOST  # neither, if it is NaN
    if not (too_small or too_large):
        return np.float64(np.sqrt(total))
    scale = _SCALE if too_small else 1 / _SCALE
    np.multiply(x, scale, out=buffer)
    np.square(buffer, out=buffer)
    return np.float64(np.sqrt(np.sum(buffer)) / scale)


def sums_of(x: Array, at: Array) -> Array:
    """The sum of each part of `x`; the parts, of which none is empty, begin `at` these places."""
    sums: Array = np.add.reduceat(x, at)
    return sums


def norms_of(x: Array, wide: Array, at: Array) -> Array:
    """The norm of each part of `x`, as `norm_of` has it; the parts, of which none is empty, begin `at` these places.

    Squares are those of doubles, and are added up in double. `wide`, as long as `x`, is written over.
    """
    if x.dtype == wide.dtype:
        np.square(x, out=wide)
    else:
        np.copyto(wide, x)
        np.square(wide, out=wide)
    totals: Array = np.add.reduceat(wide, at)
    if np.minimum.reduce(totals) >= _LEAST and np.maximum.reduce(totals) <= _MOST:
        return np.sqrt(totals)
    scales = np.array(list(map(rescaled, totals.tolist())))
    ends = [*at.tolist(), len(x)]
    for k in (scales != 1).nonzero()[0].tolist():
        part = slice(ends[k], ends[k + 1])
        np.copyto(wide[part], x[part])
        np.multiply(wide[part], scales[k], out=wide[part])
        np.square(wide[part], out=wide[part])
        totals[k] = np.add.reduceat(wide[part], ONE)[0]
    norms: Array = np.sqrt(totals) / scales
    return norms


class Parts:
    """Where each of several arrays lies that are in a row, one after another, none of them empty.

    No more than `at_once` elements are summed up at once, or one array.
    """

    def __init__(self, arrays: Sequence[Array], at_once: int = AT_ONCE) -> None:
        self._shapes = [array.shape for array in arrays]
        sizes = np.array([array.size for array in arrays], np.intp)
        self.stops = np.cumsum(sizes).tolist()
        self.starts = [0, *self.stops[:-1]]
        #: The pieces that are summed up at once, each of whole arrays: start, stop, and where its arrays begin.
        self.pieces: list[tuple[int, int, Array]] = []
        first = 0
        for k, stop in enumerate(self.stops):
            start = self.starts[first]
            if k + 1 == len(self.stops) or self.stops[k + 1] - start > at_once:
                self.pieces.append((start, stop, np.array(self.starts[first : k + 1], np.intp) - start))
                first = k + 1
        self._views: dict[int, tuple[Array, list[Array]]] = {}

    def of(self, row: Array) -> list[Array]:
        """What of `row`, one of few that are used again and again, belongs to each of the arrays, in its shape."""
        known = self._views.get(id(row))
        if known is None:
            if len(self._views) == _VIEWED:
                self._views.clear()
            # the row is kept, too: while it lives, no other object has its number
            known = self._views[id(row)] = row, self.cut(row)
        return known[1]

    def cut(self, row: Array) -> list[Array]:
        """The same of a row that comes once."""
        shapes = zip(self.starts, self.stops, self._shapes, strict=True)
        return [row[start:stop].reshape(shape) for start, stop, shape in shapes]

    def lines(self, row: Array) -> list[Array]:
        """The same in one dimension."""
        return [row[start:stop] for start, stop in zip(self.starts, self.stops, strict=True)]

    def fill(self, row: Array, values: Array) -> None:
        """Write one of `values` to all elements of each array in `row`, rounded to its dtype."""
        deque(map(np.ndarray.fill, self.of(row), values.tolist()), maxlen=0)


#: Of how many rows `Parts` keeps the parts.
_VIEWED = 16


class Row(np.ndarray[Any, np.dtype[Any]]):
    """A row of arrays that each have sums of their own."""

    parts: Parts | None

    def __array_finalize__(self, source: Any) -> None:
        self.parts = getattr(source, "parts", None)
