"""NumPy arrays under compiled loops: one loop over all operands, on one thread or on all.

A loop is compiled when it is first needed, for float32 and float64 each, and kept on disk beside its module
(or where NUMBA_CACHE_DIR says). Arithmetic is that of IEEE: nothing is reordered or contracted, and a division
by zero gives infinity, so that a step is, but for exp, log and powers, bit for bit that of `generated.numpy`.
"""

from __future__ import annotations

import os
import threading
import types
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from itertools import repeat
from operator import and_, attrgetter
from typing import Any, ClassVar

import numba
import numpy as np
from numba import prange
from numba.extending import intrinsic

from ..numpy._arrays import (
    ROW,
    STRAIGHT,
    Array,
    Group,
    Hyper,
    IntHyper,
    NumpyOptimizer,
    Row,
    Schedule,
    Stage,
    StageCall,
    changed,
    joined,
    layout,
    rescaled,
    straight,
    summands,
    tiles,
)

__all__ = [
    "Array",
    "Group",
    "Hyper",
    "IntHyper",
    "Loop",
    "NumbaOptimizer",
    "Schedule",
    "Stage",
    "StageCall",
    "loop",
    "prange",
    "spread",
    "summed",
    "summing",
    "sweep",
]

#: Arrays of at least this many elements are stepped on all threads that `numba.get_num_threads()` allows.
#: Adam in float32 on two cores: 8,192 elements take 6 µs on one thread and 9 on two, 16,384 take 12 on either,
#: 32,768 take 21 and 17, 131,072 take 67 and 47 (medians of 1,528 repeats taken in turn).
PARALLEL = 32768

#: What is computed as it is stored. Half precision is widened tile by tile.
_REAL = {np.dtype(np.float32): numba.float32, np.dtype(np.float64): numba.float64}

#: What arrays over which one loop runs have in common, and the flags of those that it writes.
_kind = attrgetter("dtype", "shape")
_WRITABLE = STRAIGHT | 0x400

#: One loop at a time runs on all threads: not every layer of threads that Numba may use can be entered twice.
_threads = threading.Lock()

#: A process that was forked has lost the threads of its parent, and starting them again may end it.
_forked: list[int] = []
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=lambda: _forked.append(1))


class Loop:
    """A function with one loop over elements, `for i in prange(w.size)`, as it is and compiled."""

    _options: ClassVar[dict[str, Any]] = {}

    def __init__(self, function: Callable[..., None]) -> None:
        self.function = function
        self._compiled: dict[tuple[Any, bool], Callable[..., None]] = {}
        self._at: dict[tuple[Any, bool], Callable[..., None]] = {}

    def __call__(
        self,
        written: Sequence[Array],
        g: Array,
        scalars: Sequence[float],
        *,
        alone: bool = False,
        beside: Sequence[Array] = (),
    ) -> None:
        """Run over contiguous arrays of one dimension and one dtype; `alone`, on this thread whatever the size."""
        parallel = not alone and _on_all_threads(g.size)
        try:
            compiled = self._of(g.dtype, parallel, len(written), len(scalars), 1 + len(beside))
            compiled(*written, g, *beside, *scalars)
        finally:
            if parallel:
                _threads.release()

    def each(self, operands: Sequence[Iterable[Array]], dtype: Any, scalars: Sequence[float], read: int = 1) -> None:
        """Run over many arrays, one after another on this thread; of each operand all arrays, those `read` last."""
        compiled = self._of(dtype, False, len(operands) - read, len(scalars), read)
        deque(map(compiled, *operands, *map(_repeated, scalars)), maxlen=0)

    def at(self, addresses: Array, sizes: Array, dtype: Any, scalars: Sequence[float]) -> None:
        """Run over many arrays where they lie, each by itself, on all threads if they are large enough together.

        Row j of `addresses` says where operand j of each of them begins, which is aligned and contiguous, and `sizes`
        how many elements of `dtype` that is: int64, of shapes (operands, arrays) and (arrays,).
        """
        ends = sizes.cumsum()
        whole = int(ends[-1])
        parallel = _on_all_threads(whole)
        try:
            compiled = self._at.get((dtype, parallel))
            if compiled is None:
                compiled = self._compile_at(_REAL[dtype], parallel, len(scalars), len(addresses))
                self._at[dtype, parallel] = compiled
            threads = numba.get_num_threads() if parallel else 1
            shares = np.searchsorted(ends, np.arange(1, threads) * (whole / threads))
            compiled(addresses, sizes, np.array([0, *shares, len(sizes)]), scalars)
        finally:
            if parallel:
                _threads.release()

    def _of(self, dtype: Any, parallel: bool, written: int, scalars: int, read: int) -> Callable[..., None]:
        compiled = self._compiled.get((dtype, parallel))
        if compiled is None:
            compiled = self._compiled[dtype, parallel] = self._compile(_REAL[dtype], parallel, written, scalars, read)
        return compiled

    def _compile(self, real: Any, parallel: bool, written: int, scalars: int, read: int) -> Callable[..., None]:
        function: Any = self.function
        twin = types.FunctionType(function.__code__, function.__globals__)
        return self._entry(twin, self._signature(real, written, scalars, read), parallel)

    def _compile_at(self, real: Any, parallel: bool, scalars: int, operands: int) -> Callable[..., None]:
        numbers, table = (numba.types.Array(numba.int64, dimensions, "C") for dimensions in (1, 2))
        signature = numba.void(table, numbers, numbers, numba.types.UniTuple(real, scalars))
        array = numba.types.Array(real, 1, "C")
        step = numba.njit(error_model="numpy", nogil=True, **self._options)(self.function)
        # as if it stood beside the loop: what Numba has on disk is outdated when that file changes
        code = _over_all.__code__.replace(co_filename=self.function.__code__.co_filename)
        twin = types.FunctionType(code, {**globals(), "step": step, "kind": numba.types.UniTuple(array, operands)})
        return self._entry(twin, signature, parallel, f"_at_{real}")

    def _entry(self, twin: Any, signature: Any, parallel: bool, what: str = "") -> Callable[..., None]:
        """A function, compiled for a signature."""
        # under a name of its own: Numba's files on disk are told apart by the name alone
        twin.__name__ = twin.__qualname__ = f"{self.function.__name__}{what}{'_parallel' if parallel else ''}"
        twin.__module__ = self.function.__module__
        options = {"error_model": "numpy", "nogil": True, "parallel": parallel, **self._options}
        try:
            compiled = numba.njit([signature], cache=True, **options)(twin)
        except RuntimeError:  # there is no folder for the cache, or it cannot be written
            compiled = numba.njit([signature], **options)(twin)
        # what it is compiled for is known: without the search for it, a call takes half the time
        (only,) = compiled.overloads.values()
        entry: Callable[..., None] = only.entry_point
        return entry

    def _signature(self, real: Any, written: int, scalars: int, read: int) -> Any:
        # scalars come as double, and are rounded once, to the type of the arrays
        array, read_only = (numba.types.Array(real, 1, "C", readonly=flag) for flag in (False, True))
        return numba.void(*[array] * written, *[read_only] * read, *[real] * scalars)


#: What `Loop` gives to `_over_all` in place of these: a compiled loop, and the type of a tuple of arrays.
step: Any = None
kind: Any = None


def _over_all(addresses: Array, sizes: Array, shares: Array, scalars: tuple[float, ...]) -> None:
    """Call `step` for the arrays from shares[k] to shares[k + 1], for each k on a thread."""
    for share in prange(shares.size - 1):
        for k in range(shares[share], shares[share + 1]):
            step(*(_arrays_at(addresses[:, k], sizes[k], kind) + scalars))


@intrinsic  # type: ignore[untyped-decorator]
def _arrays_at(_: Any, addresses: Any, size: Any, kind: Any) -> Any:
    """A tuple, as `kind` has it, of arrays of `size` elements that begin at each of `addresses`."""
    arrays = kind.instance_type
    dtype = numba.np.numpy_support.as_dtype(arrays.dtype.dtype)

    def one(addresses: Array, j: int, size: int) -> Array:
        return numba.carray(_pointer(addresses[j]), (size,), dtype)  # type: ignore[no-any-return]

    def generated(context: Any, builder: Any, _: Any, values: Any) -> Any:
        signature = arrays.dtype(addresses, numba.intp, size)
        places = [context.get_constant(numba.intp, j) for j in range(arrays.count)]
        made = [context.compile_internal(builder, one, signature, (values[0], j, values[1])) for j in places]
        return context.make_tuple(builder, arrays, made)

    return arrays(addresses, size, kind), generated


@intrinsic  # type: ignore[untyped-decorator]
def _pointer(_: Any, address: Any) -> Any:
    return numba.types.voidptr(address), lambda context, builder, signature, values: builder.inttoptr(
        values[0], context.get_value_type(signature.return_type)
    )


def _repeated(scalar: Any) -> Iterable[float]:
    """What each of many arrays is given of a scalar: one of its own, if it is a list."""
    return scalar if isinstance(scalar, list) else repeat(scalar)


def _on_all_threads(size: int) -> bool:
    """Whether a loop of this size runs on all threads; then `_threads` is held."""
    return (
        size >= PARALLEL
        and not _forked
        and numba.config.NUMBA_NUM_THREADS > 1  # to ask this first saves a lock where there is but one
        and numba.get_num_threads() > 1
        and _threads.acquire(blocking=False)
    )


class Summing(Loop):
    """A function with one loop that adds up, in double: only the order of the additions is left to the compiler."""

    _options: ClassVar[dict[str, Any]] = {"fastmath": {"reassoc"}}

    def sums(self, arrays: Sequence[Array], scalars: Sequence[float], *, alone: bool = False) -> tuple[float, ...]:
        """Those over contiguous arrays of one dimension and one dtype."""
        parallel = not alone and _on_all_threads(arrays[0].size)
        try:
            found: Any = self._of(arrays[0].dtype, parallel, 0, len(scalars), len(arrays))(*arrays, *scalars)
        finally:
            if parallel:
                _threads.release()
        sums: tuple[float, ...] = found
        return sums

    def sums_of_each(
        self, operands: Sequence[Iterable[Array]], dtype: Any, scalars: Sequence[float]
    ) -> list[tuple[float, ...]]:
        """Those over each of many arrays, on this thread; of each operand all arrays."""
        compiled = self._of(dtype, False, 0, len(scalars), len(operands))
        found: Any = map(compiled, *operands, *map(repeat, scalars))
        return list(found)

    def _signature(self, real: Any, written: int, scalars: int, read: int) -> Any:
        # the last of them may be states, which it writes
        return (*[numba.types.Array(real, 1, "C")] * read, *[numba.float64] * scalars)


def summing(function: Callable[..., tuple[float, ...]]) -> Summing:
    """Compile `function` when it is first called."""
    return Summing(function)  # type: ignore[arg-type]


def summed(
    loop: Summing,
    arrays: Sequence[Array],
    scalars: Sequence[float],
    hows: Sequence[str],
    stages: Sequence[StageCall] = (),
    stepped: Sequence[Array] = (),
    ahead: bool = False,
) -> tuple[Any, ...]:
    """Sums over arrays of one shape, of which the first two are the parameter and its gradient.

    `loop` gives those of contiguous arrays. For norms it adds up squares of elements, each of them multiplied by its
    last argument: where the squares may overflow, or vanish, it runs once more. With `stages`, the first two arrays
    are as these leave them, tile by tile. Of arrays in a row, each sum is an array with one for each of them.

    The loop writes the new values of the states that are `stepped`: to the arrays themselves if they go `ahead` of the
    step, else to copies, and nothing is written. Where it runs once more, it takes them as they are.
    """
    w: Any = arrays[0]
    if isinstance(w, ArrayList):
        g: Any = arrays[1]
        own = [_written(states, ahead) for states in map(w.beside, stepped)]
        return _of_each(loop, [w.arrays, g.arrays, *map(w.beside, arrays[2:]), *own], w.dtype, scalars, hows)
    if isinstance(w, Row):
        parts: Any = w.parts
        own = [_written(parts.lines(state), ahead) for state in stepped]
        return _of_each(loop, [*_lines(arrays, stages), *own], w.dtype, scalars, hows)
    if not stages and (ahead or not stepped) and straight(operands := [*arrays, *stepped]):
        flat = operands if w.ndim == 1 else [array.reshape(-1) for array in operands]
        return _with_norms(loop, flat, scalars, hows, alone=False)
    found = []
    for tile in summands(arrays, stages, stepped):
        states = _written(tile[len(arrays) :], ahead)
        found.append(_with_norms(loop, (*tile[: len(arrays)], *states), scalars, hows, alone=True))
    return tuple(joined(how, [parts[k] for parts in found]) for k, how in enumerate(hows))


def _written(states: Sequence[Array], ahead: bool) -> Sequence[Array]:
    """What a loop may write of states: themselves or copies."""
    return states if ahead else [state.copy() for state in states]


def _with_norms(
    loop: Summing, arrays: Sequence[Array], scalars: Sequence[float], hows: Sequence[str], *, alone: bool
) -> tuple[Any, ...]:
    found = list(map(np.float64, loop.sums(arrays, (*scalars, 1.0), alone=alone)))
    for k, how in enumerate(hows):
        if how == "norm":
            scale = rescaled(found[k])
            total = found[k] if scale == 1 else np.float64(loop.sums(arrays, (*scalars, scale), alone=alone)[k])
            found[k] = np.sqrt(total) / scale
    return tuple(found)


def _lines(arrays: Sequence[Any], stages: Sequence[StageCall]) -> list[Sequence[Array]]:
    """Of each operand what belongs to each of the arrays in a row, in one dimension."""
    w, g, *states = arrays
    rows = [w.view(np.ndarray), g]
    if stages:
        with changed(rows[0], rows[1], stages) as buffers:
            rows = [row.copy() for row in buffers]
    return [w.parts.lines(row) for row in (*rows, *states)]


def _of_each(
    loop: Summing, operands: Sequence[Sequence[Array]], dtype: Any, scalars: Sequence[float], hows: Sequence[str]
) -> tuple[Any, ...]:
    found = np.array(loop.sums_of_each(operands, dtype, (*scalars, 1.0))).T
    for k, how in enumerate(hows):
        if how == "norm":
            scales = np.array(list(map(rescaled, found[k].tolist())))
            for number in (scales != 1).nonzero()[0].tolist():
                one = [operand[number] for operand in operands]
                found[k, number] = loop.sums(one, (*scalars, scales[number]), alone=True)[k]
            found[k] = np.sqrt(found[k]) / scales
    return tuple(found)


def spread(value: Any, w: Any) -> Any:
    """A number of the step as a loop over `w` takes it: of arrays in a row that have one each, a list."""
    return value.tolist() if isinstance(value, np.ndarray) and value.ndim else float(value)


def loop(function: Callable[..., None]) -> Loop:
    """Compile `function` when it is first called."""
    return Loop(function)


class ArrayList:
    """Small arrays that count as one, one after another, and stay where they are."""

    def __init__(self, arrays: Sequence[Array]) -> None:
        self.dtype = arrays[0].dtype
        self.arrays: Sequence[Array] = []
        self._flat = all(array.ndim == 1 for array in arrays)
        self._copies: list[tuple[Array, Array]] = []
        self._views: list[tuple[Array, list[Array]]] = []

    def point_at(self, arrays: Sequence[Array]) -> None:
        """The elements are those of `arrays`, which are contiguous, or of copies of those that are not."""
        if any(flags & STRAIGHT != STRAIGHT for flags in set(map(layout, arrays))):
            straight = [np.require(array, requirements=["C", "A"]) for array in arrays]
            self._copies = [(old, new) for old, new in zip(arrays, straight, strict=True) if old is not new]
            arrays = straight
        self.arrays = arrays if self._flat else [array.reshape(-1) for array in arrays]

    def beside(self, row: Array) -> list[Array]:
        """What of `row`, a state, belongs to each of the arrays."""
        for known, views in self._views:
            if known is row:
                return views
        views = NumpyOptimizer._cut(row, self.arrays)
        self._views.append((row, views))
        return views

    def let_go(self, *, written: bool) -> None:
        """Forget the arrays. If they were `written`, the copies are brought to where they come from."""
        for array, copy in self._copies if written else ():
            array[...] = copy
        self.arrays, self._copies = [], []


def sweep(
    loop: Loop,
    written: Sequence[Array],
    g: Array,
    scalars: Sequence[float],
    stages: Sequence[StageCall] = (),
    beside: Sequence[Array] = (),
) -> None:
    """Run `loop` once over arrays of one shape: `written`, then `g` and what is read `beside` it, then scalars.

    Contiguous arrays of float32 and float64 are walked in one go. Others, and those with `stages` around the
    rule, are walked in the tiles of `generated.numpy`, each through stages and loop before the next one.
    The parameter and its gradient may be many small arrays each, beside states in rows.
    """
    if isinstance(g, ArrayList):
        w: Any
        w, *rows = written
        operands = [w.arrays, *map(w.beside, rows), g.arrays, *map(w.beside, beside)]
        loop.each(operands, g.dtype, scalars, 1 + len(beside))
        w.let_go(written=True)
        g.let_go(written=False)
        return
    if isinstance(written[0], Row):
        _sweep_row(loop, written, g, scalars, stages, beside)
        return
    kinds = list(map(_kind, (g, *written, *beside)))
    if (
        not stages
        and g.dtype in _REAL
        and kinds.count(kinds[0]) == len(kinds)
        and layout(g) & STRAIGHT == STRAIGHT
        and reduce(and_, map(layout, written)) & _WRITABLE == _WRITABLE
        and not (beside and reduce(and_, map(layout, beside)) & STRAIGHT != STRAIGHT)
    ):
        if g.ndim != 1:
            written, g = [array.reshape(-1) for array in written], g.reshape(-1)
            beside = [array.reshape(-1) for array in beside]
        loop(written, g, scalars, beside=beside)
        return
    at = len(written)
    for tile in tiles(written, (g, *beside), stages=stages, contiguous=True):
        loop(tile[:at], tile[at], scalars, alone=True, beside=tile[at + 1 :])


def _sweep_row(
    loop: Loop,
    written: Sequence[Array],
    g: Array,
    scalars: Sequence[float],
    stages: Sequence[StageCall],
    beside: Sequence[Array],
) -> None:
    """Run `loop` once over rows of arrays that each have sums of their own."""
    parts: Any = written[0].parts  # type: ignore[attr-defined]
    for tile in tiles(written, (g, *beside), stages=stages):
        loop.each([parts.lines(row) for row in tile], tile[0].dtype, scalars, 1 + len(beside))


class NumbaOptimizer(NumpyOptimizer):
    """An optimizer of NumPy arrays, those of `generated.numpy`, with compiled loops."""

    _row = ROW

    _small = 4096  # to step one array costs less here

    def _packable(self, array: Array, *, master: bool) -> Any:
        if self._stays(array):
            return ("where it is", array.dtype) if array.size < PARALLEL else None
        return super()._packable(array, master=master)

    def _stays(self, array: Array) -> bool:
        """Whether a loop runs over `array` itself, with many others or alone."""
        return array.dtype in _REAL and not self._pipeline and layout(array) & STRAIGHT == STRAIGHT

    def _staging(self, arrays: Sequence[Array], spare: dict[Any, Any]) -> tuple[Any, Any, Sequence[Array]]:
        if self._stays(arrays[0]):
            return ArrayList(arrays), ArrayList(arrays), ()
        w, g = self._two_rows(arrays, spare)
        return self._in_parts(w, arrays), g, self._cut(w, arrays)

    def _gather(self, arrays: Sequence[Array], row: Any) -> None:
        if isinstance(row, ArrayList):
            row.point_at(arrays)
        else:
            super()._gather(arrays, row)
