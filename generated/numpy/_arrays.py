"""NumPy arrays: what the optimizers accept, and how they walk over them."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache
from itertools import repeat
from operator import attrgetter
from typing import Any, Self

import numpy as np

from .._runtime.given import DTYPES, instead, of_dtype, plain
from .._runtime.optimizer import (
    Group,
    Hyper,
    IntHyper,
    Optimizer,
    Schedule,
    Stage,
    StageCall,
)
from .._runtime.pipeline import STARTS
from .._runtime.strides import overlaps_itself
from ._sums import (
    AT_ONCE,
    ONE,
    Parts,
    Row,
    joined,
    norm_of,
    norms_of,
    rescaled,
    sums_of,
)

__all__ = [
    "Array",
    "Group",
    "Hyper",
    "IntHyper",
    "NumpyOptimizer",
    "Parts",
    "Row",
    "Schedule",
    "Stage",
    "StageCall",
    "joined",
    "norm_of",
    "norms_of",
    "rescaled",
    "spread",
    "summed",
    "sums_of",
    "tiles",
]

Array = np.ndarray[Any, np.dtype[Any]]

#: Elements to a tile: the tiles of all operands together stay in the cache of one core.
TILE = 65536

#: Small arrays are brought together and stepped as one, in one tile of at most this many elements.
ROW = 4 * TILE

#: The same of arrays that are summed up one by one: between that and the step they stay in the cache of one core. For a
#: rule with fewer than two states that saves less than the calls for more rows cost.
SUMMED_ROW = 2 * TILE

#: What is computed in which dtype. bfloat16 is that of ml_dtypes, which registers it with NumPy.
_COMPUTED = {"float16": np.float32, "bfloat16": np.float32, "float32": np.float32, "float64": np.float64}
#: What a subclass of an array may define, beside names of its own, without another arithmetic.
# fmt: off
_HARMLESS = {
    "__new__", "__init__", "__init_subclass__", "__array_finalize__", "__repr__", "__str__", "__doc__", "__hash__",
    "__module__", "__dict__", "__reduce__", "__reduce_ex__", "__getstate__", "__setstate__", "__copy__",
    "__deepcopy__",
}
# fmt: on
_BOOL, _DOUBLE = np.dtype(bool), np.dtype(np.float64)

#: The flags of an array as one number. STRAIGHT are those of an array that is C-contiguous and aligned.
layout = attrgetter("flags.num")
STRAIGHT = 0x1 | 0x100
_OWNS_ITS_MEMORY = 0x4


@cache
def _exact(kind: Any) -> bool:
    """Whether arrays of a class are arrays in all that a step does with them; those of a file on disk are."""
    own = kind.__mro__[: kind.__mro__.index(np.ndarray)]
    named = {name for base in own if base is not np.memmap for name in vars(base)}
    return named.isdisjoint(vars(np.ndarray).keys() - _HARMLESS)


@cache
def _computed(dtype: Any) -> Any:
    """The dtype in which arrays of `dtype` are computed; None if they are not. To ask a dtype for its name is slow."""
    return np.dtype(_COMPUTED[dtype.name]) if dtype.name in _COMPUTED else None


def tiles(
    written: Sequence[Array],
    read: Sequence[Array],
    *,
    scratch: int = 0,
    masks: int = 0,
    stages: Sequence[StageCall] = (),
    contiguous: bool = False,
) -> Iterator[tuple[Array, ...]]:
    """Walk over arrays of one shape in one-dimensional tiles.

    Yields the tiles of `written`, then those of `read`, then `scratch` uninitialised tiles and `masks` of
    bool. What is put into a written tile lands in its array. All tiles have the dtype in which the first
    array is computed: float16 and bfloat16 are widened to float32, and rounded when they are written back.
    Any strides and any number of dimensions will do; where a tile cannot be a view, it is a copy.
    With `contiguous`, every tile is. Floating-point warnings are off until the walk ends.

    written[0] may be an ArrayList of many small arrays, or a Row, beside rows: that is one tile.

    With `stages`, written[0] is the parameter and read[0] the gradient. The stages change the tiles of
    both before they are yielded, those of the gradient in a copy, and some change the parameter afterwards.
    """
    w, arrays = written[0], [*written, *read]
    dtype, plain = _check(arrays, len(written))
    with _borrowed(dtype, scratch, masks) as buffers:
        if isinstance(w, ArrayList):
            with np.errstate(all="ignore"):
                yield (*arrays, *buffers.cut(w.size))
                w.settle()
            _spread.end()
            return
        if isinstance(w, Row):
            yield from _whole(written, read, buffers.cut(w.size), stages)
            _spread.end()
            return
        if not stages:
            if plain and w.size <= TILE:  # as `_slices` has it, which takes time to begin
                flat = arrays if w.ndim == 1 else [array.reshape(-1) for array in arrays]
                with np.errstate(all="ignore"):
                    yield (*flat, *buffers.cut(w.size))
                return
            for tile in _slices(arrays) if plain else _walk(written, read, dtype, contiguous):
                yield (*tile, *buffers.cut(len(tile[0])))
            return
        with _chained(stages, dtype) as chain:
            outputs = [*written, *chain.states]
            for tile in _walk(outputs, [*read, *chain.noise], dtype, contiguous):
                w, g, *others = tile[0], *tile[len(outputs) : len(outputs) + len(read)]
                own, noise = tile[len(written) : len(outputs)], tile[len(outputs) + len(read) :]
                changed = chain.before(w, g, own, noise)
                yield (*tile[: len(written)], changed, *others, *buffers.cut(len(w)))
                chain.after(w, changed, own, noise)


def _whole(
    written: Sequence[Array], read: Sequence[Array], buffers: Sequence[Array], stages: Sequence[StageCall]
) -> Iterator[tuple[Array, ...]]:
    """Rows as one tile, between stages."""
    (w, *states), (g, *others) = [one.view(np.ndarray) for one in written], read
    with np.errstate(all="ignore"):
        if not stages:
            yield (w, *states, g, *others, *buffers)
            return
        with _chained(stages, w.dtype) as chain:
            changed = chain.before(w, g, chain.states, chain.noise)
            yield (w, *states, changed, *others, *buffers)
            chain.after(w, changed, chain.states, chain.noise)


def _check(arrays: Sequence[Array], written: int) -> tuple[Any, bool]:
    """The dtype in which a step is computed, and whether tiles can be slices of the arrays.

    The parameter, which is the first, and the gradients, which come after those that are `written`, have one dtype,
    the states that of the step.
    """
    shape, stored, flags = arrays[0].shape, arrays[0].dtype, STRAIGHT
    dtype = _computed(stored)
    if dtype is None:
        raise TypeError(f"{stored} arrays cannot be stepped; {DTYPES}")
    wanted = stored
    for number, array in enumerate(arrays):
        if dtype is not stored:
            wanted = dtype if 0 < number < written else stored
        if array.shape != shape or array.dtype != wanted:
            raise ValueError(
                "all arrays of a step need one shape and one dtype (states of half precision: float32); "
                f"found {shape} {stored} and {array.shape} {array.dtype}"
            )
        flags &= array.flags.num
    return dtype, flags == STRAIGHT and dtype == stored


def _aligned(size: int, dtype: Any) -> Array:
    """An uninitialised array of one dimension that begins where a cache line does: no vector of it lies in two."""
    nbytes = size * np.dtype(dtype).itemsize
    memory = np.empty(nbytes + _LINE, np.uint8)
    start = -_address(memory) % _LINE
    return memory[start : start + nbytes].view(dtype)


def _address(array: Array) -> int:
    return int(array.__array_interface__["data"][0])


#: The bytes of a cache line.
_LINE = 64


#: In how many sizes views of a buffer are kept.
_SIZES = 1000


class _Buffers:
    """Uninitialised buffers for a walk, `number` of `dtype`, then `masks` of bool, as long as a tile may be.

    They are kept: fresh memory costs as much as a few passes over it, and views of it as much as a pass over little.
    """

    def __init__(self, dtype: Any, number: int, masks: int) -> None:
        self._kind = dtype, number, masks
        self.whole = [_aligned(ROW, kind) for kind in (*[dtype] * number, *[_BOOL] * masks)]
        self._cut: dict[int, list[Array]] = {}

    def cut(self, size: int) -> list[Array]:
        """The first `size` elements of each."""
        if size not in self._cut:
            if len(self._cut) == _SIZES:
                self._cut.clear()
            self._cut[size] = [buffer[:size] for buffer in self.whole]
        return self._cut[size]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        _idle.buffers[self._kind].append(self)  # also if another thread, which has not borrowed it, ends the walk


class _Idle(threading.local):
    """The buffers that no walk of this thread uses at the moment, by what they are."""

    def __init__(self) -> None:
        self.buffers: defaultdict[Any, list[_Buffers]] = defaultdict(list)


_idle = _Idle()


def _borrowed(dtype: Any, number: int, masks: int = 0) -> _Buffers:
    """Buffers until the end of a `with`."""
    idle = _idle.buffers[dtype, number, masks]
    return idle.pop() if idle else _Buffers(dtype, number, masks)


class ArrayList:
    """Small arrays that count as one, one after another.

    The last pass that changes them runs over each where it is; for others before it they are brought into a row.
    Which one is the last, the walk before has told; if it is another one this time, the result is the same. In the
    first walk, a pass that changes them before any has read them is taken for the last one.
    """

    def __init__(self, arrays: Sequence[Array], row: Array, at_once: int = AT_ONCE) -> None:
        self.dtype, self.shape, self.size, self.flags = row.dtype, row.shape, row.size, row.flags
        self._row, self._in_row = row, False
        self._written, self._last = 0, 0
        self._arrays: Sequence[Array] = arrays
        self.parts = Parts(arrays, at_once)

    def point_at(self, arrays: Sequence[Array]) -> None:
        """The elements are those of `arrays`."""
        self._arrays, self._in_row, self._written = arrays, False, 0

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, out: tuple[Any]) -> Any:
        (result,) = out
        self._written += result is self
        if result is self and (self._written == self._last or not (self._last or self._in_row)):
            mine = self._row if self._in_row else self
            deque(map(ufunc, *[self._each(mine if one is self else one) for one in inputs], self._arrays), maxlen=0)
            self._in_row = False
        else:
            row = self.gathered()
            ufunc(*[row if one is self else one for one in inputs], out=row if result is self else result)
        return result

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        self._written += args[0] is self
        row = self.gathered()
        return function(*[row if one is self else one for one in args], **kwargs)

    def settle(self) -> None:
        """End a walk: what has been changed in the row is written to where it belongs."""
        if self._in_row:
            for array, values in zip(self._arrays, self._each(self._row), strict=True):
                array[...] = values
            self._in_row = False
        self._written, self._last = 0, self._written

    def gathered(self) -> Array:
        """The row, with the arrays in it."""
        if not self._in_row:
            np.concatenate(self._arrays, axis=None, out=self._row)
            self._in_row = True
        return self._row

    def _each(self, operand: Any) -> Any:
        """What of an operand of a pass belongs to each of the arrays."""
        if operand is self:
            return self._arrays
        if not isinstance(operand, np.ndarray):
            return repeat(operand)
        # the parts of a buffer are made once; each thread in which an optimizer is stepped has buffers of its own
        return self.parts.of(operand)


def _slices(arrays: Sequence[Array]) -> Iterator[Sequence[Array]]:
    flat = arrays if arrays[0].ndim == 1 else [array.reshape(-1) for array in arrays]
    size = flat[0].size
    with np.errstate(all="ignore"):
        if size <= TILE:
            yield flat
            return
        for start in range(0, size, TILE):
            yield [array[start : start + TILE] for array in flat]


def _walk(
    written: Sequence[Array], read: Sequence[Array], dtype: Any, contiguous: bool = False
) -> Iterator[tuple[Array, ...]]:
    """Tiles of arrays of any layout: copies where there cannot be views, of those that are written back and forth."""
    wanted: list[Any] = ["aligned", "nbo", *(["contig"] if contiguous else [])]
    walk: Any = np.nditer(
        [*written, *read],
        flags=["buffered", "external_loop", "zerosize_ok"],
        op_flags=[["readwrite", *wanted]] * len(written) + [["readonly", *wanted]] * len(read),
        op_dtypes=[dtype] * (len(written) + len(read)),
        casting="unsafe",  # to round to half precision is what is wanted
        buffersize=TILE,
    )
    with walk, np.errstate(all="ignore"):
        # a walk over one array yields tiles, over several tuples of tiles
        yield from walk if len(written) + len(read) > 1 else ((tile,) for tile in walk)


class _Chain:
    """Stages in a row, with the buffers that they need: one for the gradient, others of its dtype and of bool."""

    def __init__(self, stages: Sequence[StageCall], g: Array, scratch: Sequence[Array], masks: Sequence[Array]) -> None:
        self.stages = stages
        self.states = [state for one in stages for state in one.states]
        self.noise = [one.noise for one in stages if one.noise is not None]
        self._g, self._scratch, self._masks = g, scratch, masks

    def before(self, w: Array, g: Array, states: Sequence[Array], noise: Sequence[Array]) -> Array:
        """Run the stages that come before the rule: on `w` and `states` in place, on a copy of `g`."""
        changed = _copied(g, self._g)
        self._run(w, changed, states, noise, after=False)
        return changed

    def after(self, w: Array, g: Array, states: Sequence[Array], noise: Sequence[Array]) -> None:
        self._run(w, g, states, noise, after=True)

    def always(self, w: Array, g: Array, states: Sequence[Array], noise: Sequence[Array]) -> None:
        """Run the stages after the rule that are left if there is no rule."""
        self._run(w, g, states, noise, after=True, only_always=True)

    def _run(
        self,
        w: Array,
        g: Array,
        states: Sequence[Array],
        noise: Sequence[Array],
        *,
        after: bool,
        only_always: bool = False,
    ) -> None:
        left, drawn, size = list(states), list(noise), len(w)
        for one in self.stages:
            own = [left.pop(0) for _ in one.states]
            own += [drawn.pop(0)] if one.noise is not None else []
            if one.stage._after is after and (one.stage._always or not only_always):
                scratch, masks = one.stage._buffers
                spare = [buffer[:size] for buffer in (*self._scratch[:scratch], *self._masks[:masks])]
                one.stage._apply(w, g, *own, *spare, *map(float, one.scalars))


@contextmanager
def _chained(stages: Sequence[StageCall], dtype: Any) -> Iterator[_Chain]:
    needs = [one.stage._buffers for one in stages]
    scratch, masks = (max(column) for column in zip((0, 0), *needs, strict=True))
    with _borrowed(dtype, 1 + scratch, masks) as buffers:
        g, *spare = buffers.whole
        yield _Chain(stages, g, spare[:scratch], spare[scratch:])


def _copies(
    w: Array, g: Array, stages: Sequence[StageCall], beside: Sequence[Array] = (), written: Sequence[Array] = ()
) -> Iterator[tuple[Array, ...]]:
    """The tiles of `w` and `g` as `stages` leave them, as copies, and those of what is `beside` them, contiguous.

    Then come those of what may be `written`.
    """
    dtype, first = _computed(w.dtype), len(written)
    with _chained(stages, dtype) as chain, _borrowed(dtype, 1 + len(chain.states)) as buffers:
        operands = [w, g, *beside, *chain.states, *chain.noise]
        for tile in _walk(written, operands, dtype, contiguous=bool(beside or written)):
            w_tile, g_tile, *others = tile[first:]
            tiles, own = others[: len(beside)], others[len(beside) :]
            states, noise = own[: len(chain.states)], own[len(chain.states) :]
            mine, *states = map(_copied, (w_tile, *states), buffers.whole)
            yield mine, chain.before(mine, g_tile, states, noise), *tiles, *tile[:first]


def summed(
    reduce: Callable[..., tuple[Any, ...]],
    arrays: Sequence[Array],
    scalars: Sequence[float],
    hows: Sequence[str],
    buffers: tuple[int, int],
    stages: Sequence[StageCall] = (),
) -> tuple[Any, ...]:
    """Sums over arrays of one shape, of which the first two are the parameter and its gradient.

    `reduce` gives those of one tile, or of the arrays that lie in it. It is given tiles, then scratch and masks, as many
    as `buffers` says, a buffer of doubles, scalars, and where the arrays begin. What norms are taken of is computed in
    the dtype of the arrays, as in the step; squares of float32 overflow, and lose what is small, and so may what is
    summed up otherwise: that is computed in double. With `stages`, the first two arrays are as these leave them.
    Nothing is written. Of arrays in a row, each sum is an array with one for each of them.
    """
    w = arrays[0]
    in_a_row, dtype = isinstance(w, _IN_ROWS), _computed(w.dtype)
    widened = dtype != _DOUBLE and hows.count("norm") != len(hows)
    copies = len(arrays) if widened else 0
    found: list[tuple[Any, ...]] = []
    with (
        _borrowed(_DOUBLE if widened else dtype, copies + buffers[0], buffers[1]) as spare,
        _borrowed(_DOUBLE, 1) as wide,
        np.errstate(all="ignore"),
    ):
        for tile, at in _pieces(arrays, stages) if in_a_row else _filled(summands(arrays, stages)):
            size = len(tile[0])
            if widened:
                wider = spare.cut(size)
                for one, other in zip(wider, tile, strict=False):
                    np.copyto(one, other)
                found.append(reduce(*wider, *wide.cut(size), *scalars, at))
            else:
                found.append(reduce(*tile, *spare.cut(size), *wide.cut(size), *scalars, at))
    if not in_a_row:
        return tuple(joined(how, [parts[k][0] for parts in found]) for k, how in enumerate(hows))
    return found[0] if len(found) == 1 else tuple(map(np.concatenate, zip(*found, strict=True)))


def _pieces(arrays: Sequence[Any], stages: Sequence[StageCall]) -> Iterator[tuple[Sequence[Array], Array]]:
    """Pieces of rows of arrays, each of whole arrays, and where these begin."""
    w, *others = arrays
    rows = [w.gathered() if isinstance(w, ArrayList) else w.view(np.ndarray), *others]
    with changed(rows[0], rows[1], stages) if stages else nullcontext(rows[:2]) as (w_row, g_row):
        rows[:2] = w_row, g_row
        pieces = w.parts.pieces
        for start, stop, at in pieces:
            yield [row[start:stop] for row in rows] if len(pieces) > 1 else rows, at


@contextmanager
def changed(w: Array, g: Array, stages: Sequence[StageCall]) -> Iterator[tuple[Array, Array]]:
    """Copies of rows as the stages before the rule leave them."""
    with _chained(stages, w.dtype) as chain, _borrowed(w.dtype, 1 + len(chain.states)) as buffers:
        mine, *states = map(_copied, (w, *chain.states), buffers.whole)
        yield mine, chain.before(mine, g, states, chain.noise)


#: How arrays come that lie in a row.
_IN_ROWS = ArrayList, Row


class _Spread(threading.local):
    """Rows of numbers that meet elements, of which each array has its own. They are used again from bucket to bucket."""

    def __init__(self) -> None:
        self._rows: defaultdict[Any, list[_Buffers]] = defaultdict(list)
        self._used = 0

    def next(self, dtype: Any, size: int) -> Array:
        """A row that nothing else uses until the end of the walk."""
        rows = self._rows[dtype]
        if self._used >= len(rows):
            rows.append(_Buffers(dtype, 1, 0))
        (row,) = rows[self._used].cut(size)
        self._used += 1
        return row

    def end(self) -> None:
        """All rows may be used again."""
        self._used = 0


_spread = _Spread()


def spread(value: Any, w: Any) -> Any:
    """A number of the step as the elements of `w` meet it.

    That is a number of Python's: doubles of NumPy beside arrays of float32 make more doubles. If `w` is a row of arrays
    that have one each, it is a row.
    """
    if not (isinstance(value, np.ndarray) and value.ndim):
        return float(value)
    row = _spread.next(w.dtype, w.size)
    w.parts.fill(row, value)
    return row


def _filled(tiles: Iterator[Sequence[Array]]) -> Iterator[tuple[Sequence[Array], Array]]:
    """Tiles that have elements, each of one part."""
    return ((tile, ONE) for tile in tiles if len(tile[0]))


def summands(
    arrays: Sequence[Array], stages: Sequence[StageCall], written: Sequence[Array] = ()
) -> Iterator[Sequence[Array]]:
    """The tiles of arrays that are summed up, in the dtype in which they are computed, contiguous.

    Then come those of what may be `written`, as in `tiles`.
    """
    w, g, *others = arrays
    dtype, plain = _kinds([*arrays, *written])
    if stages:
        return _copies(w, g, stages, others, written)
    if plain:
        return _slices([*arrays, *written])
    first = len(written)
    return ((*tile[first:], *tile[:first]) for tile in _walk(written, arrays, dtype, contiguous=True))


def straight(arrays: Sequence[Array]) -> bool:
    """Whether a loop can run over arrays of one shape as they are: contiguous, of one dtype, not of half precision."""
    return _kinds(arrays)[1]


def _kinds(arrays: Sequence[Array]) -> tuple[Any, bool]:
    """As `_check`, of a parameter, its gradient, and others: inputs may be stored as these, or as states."""
    w, g, *others = arrays
    stored, computed = w.dtype, _computed(w.dtype)
    read = [one for one in others if one.dtype == stored != computed]
    states = [one for one in others if not one.dtype == stored != computed]
    return _check([w, *states, g, *read], 1 + len(states))


def _copied(tile: Array, buffer: Array) -> Array:
    copy = buffer[: len(tile)]
    np.copyto(copy, tile)
    return copy


class NumpyOptimizer(Optimizer):
    """An optimizer of NumPy arrays of any shape and strides: float16, bfloat16, float32 or float64."""

    def _refusal(self, array: Any, *, written: bool) -> str | None:
        if not isinstance(array, np.ndarray):
            return instead(array, "np.asarray", written=written)
        kind: Any = type(array)
        exact = _exact(kind)
        if not exact and isinstance(array, np.ma.MaskedArray):
            return plain(array, "np.asarray", written=written)
        if _computed(array.dtype) is None:
            return of_dtype(array)
        if not exact:
            return plain(array, "np.asarray", written=written)
        if written and not array.flags.writeable:
            return "is read-only; pass an array that may be written, such as a copy"
        if written and not array.flags.forc and overlaps_itself(array.shape, array.strides, array.itemsize):
            return f"has elements that share memory, by its strides {array.strides}; pass a copy, w = w.copy()"
        return None

    #: What decides whether an array passes the checks; the flags are one number.
    _fields = attrgetter("__class__", "dtype", "shape", "flags.num")

    def _own(self, signature: Any) -> bool:
        return all(flags & _OWNS_ITS_MEMORY for *_, flags in signature)

    def _owners(self, arrays: Sequence[Array]) -> list[Array] | None:
        if all(flags & _OWNS_ITS_MEMORY for flags in set(map(layout, arrays))):
            return list(arrays)
        owners = [array if array.base is None else array.base for array in arrays]
        # what owns its memory shares it with its views alone; a base may also be a file or another library's array
        plain = set(map(type, owners)) <= {np.ndarray}
        return owners if plain and {one.base is None and one.flags.owndata for one in owners} <= {True} else None

    def _computed(self, array: Array) -> Any:
        return _computed(array.dtype)

    def _to_compute_dtype(self, array: Array) -> Array:
        return np.asarray(array, _computed(array.dtype))

    def _round_into(self, arrays: Sequence[Array], wide: Sequence[Array]) -> None:
        with np.errstate(all="ignore"):  # what is too large for half precision becomes infinite
            for array, values in zip(arrays, wide, strict=True):
                array[...] = values

    def _take_over(self, arrays: Sequence[Array], masters: Sequence[Array]) -> None:
        with np.errstate(all="ignore"):
            for array, master in zip(arrays, masters, strict=True):
                np.copyto(master, array, where=master.astype(array.dtype) != array)

    def _zeros_like(self, array: Array) -> Array:
        return np.zeros_like(array)

    def _added(self, arrays: Sequence[Array]) -> Array:
        with np.errstate(all="ignore"):
            total = sum(array.astype(_computed(array.dtype)) for array in arrays)
            return np.asarray(total).astype(arrays[0].dtype, copy=False)

    def _overlap(self, a: Array, b: Array) -> bool:
        return np.shares_memory(a, b)

    def _extent(self, array: Array) -> tuple[int, int]:
        if array.flags.c_contiguous:  # what byte_bounds says, at half the price
            start = _address(array)
            return start, start + array.nbytes
        return np.lib.array_utils.byte_bounds(array)

    def _saved(self, value: Any) -> Array:
        return np.array(value)

    def _overwrite(self, array: Array, saved: Any) -> None:
        np.copyto(array, saved)

    def _reduce(self, stage: Any, w: Array, g: Array, before: Sequence[StageCall]) -> tuple[Any, ...]:
        if not stage._reductions:
            return ()
        found: list[tuple[Any, ...]] = []
        scratch, masks = stage._reduce_buffers
        # in double: a sum of squares of float32 overflows, and loses what is small
        with _borrowed(_DOUBLE, 2 + scratch, masks) as buffers:
            for w_tile, g_tile in _copies(w, g, before):
                wide_w, wide_g, *spare = buffers.cut(len(g_tile))
                np.copyto(wide_w, w_tile)
                np.copyto(wide_g, g_tile)
                found.append(stage._reduce(wide_w, wide_g, *spare))
        if len(found) == 1:
            return found[0]
        return tuple(
            self._combine(how, [STARTS[how], *(parts[k] for parts in found)])
            for k, (_, how, _) in enumerate(stage._reductions)
        )

    def _combine(self, how: str, parts: Sequence[Any]) -> np.float64:
        if any(isinstance(part, np.ndarray) and part.ndim for part in parts):
            return joined(how, np.concatenate(list(map(np.atleast_1d, parts))).tolist())
        return joined(how, parts)

    def _keep(self, w: Array, g: Array, stages: Sequence[StageCall], *, moved: bool) -> None:
        dtype = _computed(w.dtype)
        with _chained(stages, dtype) as chain, _borrowed(dtype, 1) as buffers:
            (mine,) = buffers.whole
            for w_tile, *tile in _walk([w, *chain.states], [g, *chain.noise], dtype):
                states, (g_tile, *noise) = tile[: len(chain.states)], tile[len(chain.states) :]
                changed = chain.before(w_tile if moved else _copied(w_tile, mine), g_tile, states, noise)
                chain.always(w_tile, changed, states, noise)

    def _noise(self, w: Array, seed: tuple[int, ...]) -> Array:
        generator = np.random.Generator(np.random.Philox(np.random.SeedSequence(seed)))
        dtype = _computed(w.dtype)
        return np.asarray(generator.standard_normal(w.shape, dtype=dtype), dtype)

    _sums_in_rows = True

    @property
    def _row(self) -> int:  # type: ignore[override]
        return SUMMED_ROW if self._sums_each() and len(self._states) > 1 else ROW

    @property
    def _at_once(self) -> int:
        """How many elements of a row are summed up at once."""
        return 2 * AT_ONCE if self._sums_each() and len(self._states) < 2 else AT_ONCE

    def _sums_each(self) -> bool:
        """Whether each bucket is summed up just before its step."""
        return bool(self._reductions) and not self._sums_first()

    #: Elements up to which it is faster to copy an array to its place in a row and back than to step it alone.
    _small = 16384

    def _packable(self, array: Array, *, master: bool) -> Any:
        return _computed(array.dtype) if array.size <= self._small else None

    def _in_parts(self, row: Array, arrays: Sequence[Array]) -> Array:
        if not self._reductions:
            return row
        whole = row.view(Row)
        whole.parts = Parts(arrays, self._at_once)
        return whole

    def _staging(self, arrays: Sequence[Array], spare: dict[Any, Any]) -> tuple[Any, Any, Sequence[Array]]:
        w, g = self._two_rows(arrays, spare)
        if self._pipeline or any(array.dtype != w.dtype for array in arrays):
            return self._in_parts(w, arrays), g, self._cut(w, arrays)
        return ArrayList(arrays, w, self._at_once), g, ()

    def _two_rows(self, arrays: Sequence[Array], spare: dict[Any, Any]) -> Sequence[Array]:
        dtype, size = _computed(arrays[0].dtype), sum(array.size for array in arrays)
        if dtype not in spare:  # memory that is never touched costs nothing
            spare[dtype] = _aligned(ROW, dtype), _aligned(ROW, dtype)
        return [row[:size] for row in spare[dtype]]

    def _empty(self, size: int, like: Array) -> Array:
        return _aligned(size, _computed(like.dtype))

    def _placed(self, state: Array) -> Array:
        if not state.flags.c_contiguous or _address(state) % _LINE == 0:
            return state
        copy = _aligned(state.size, state.dtype).reshape(state.shape)
        np.copyto(copy, state)
        return copy

    def _gather(self, arrays: Sequence[Array], row: Any) -> None:
        if isinstance(row, ArrayList):
            row.point_at(arrays)
        else:
            np.concatenate(arrays, axis=None, out=row)

    def _sum_up(self, *args: Any) -> Any:
        with np.errstate(all="ignore"):
            return super()._sum_up(*args)

    def _scalars_after(self, *args: Any) -> Any:
        if not self._reductions:
            return super()._scalars_after(*args)
        with np.errstate(all="ignore"):  # Python's numbers: beside those of NumPy arrays of float32 become double
            after = super()._scalars_after(*args)
        return [{name: float(value) for name, value in scalars.items()} for scalars in after]

    def _own_after(self, *args: Any) -> Any:
        with np.errstate(all="ignore"):
            after = super()._own_after(*args)
        return [{name: float(value) for name, value in numbers.items()} for numbers in after]

    def _fails(self, *args: Any) -> bool:
        with np.errstate(all="ignore"):
            return super()._fails(*args)

    def _update_with(self, *args: Any, **more: Any) -> None:
        with np.errstate(all="ignore"):
            super()._update_with(*args, **more)

    def _pass(self, *args: Any) -> Any:
        with np.errstate(all="ignore"):  # the norm of a gradient may be zero, or not a number
            return super()._pass(*args)
