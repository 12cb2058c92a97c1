"""NumPy arrays under compiled loops: one loop over all operands, on one thread or on all.

A loop is compiled when it is first needed, for float32 and float64 each, and kept on disk beside its module
(or where NUMBA_CACHE_DIR says). Arithmetic is that of IEEE: nothing is reordered or contracted, and a division
by zero gives infinity, so that a step is, but for exp, log and powers, bit for bit that of `generated.numpy`.
"""

from __future__ import annotations

import os
import threading
import types
from collections.abc import Callable, Sequence
from typing import Any

import numba
import numpy as np
from numba import prange

from ..numpy._arrays import (
    Array,
    Bound,
    Group,
    Hyper,
    NumpyOptimizer,
    Schedule,
    Stage,
    tiles,
)

__all__ = ["Array", "Bound", "Group", "Hyper", "Loop", "NumbaOptimizer", "Schedule", "Stage", "loop", "prange", "sweep"]

#: Arrays of at least this many elements are stepped on all threads that `numba.get_num_threads()` allows.
#: Adam in float32 on two cores: 8,192 elements take 6 µs on one thread and 9 on two, 16,384 take 12 on either,
#: 32,768 take 21 and 17, 131,072 take 67 and 47 (medians of 1,528 repeats taken in turn).
PARALLEL = 32768

#: What is computed as it is stored. Half precision is widened tile by tile.
_REAL = {np.dtype(np.float32): numba.float32, np.dtype(np.float64): numba.float64}

#: One loop at a time runs on all threads: not every layer of threads that Numba may use can be entered twice.
_threads = threading.Lock()

#: A process that was forked has lost the threads of its parent, and starting them again may end it.
_forked: list[int] = []
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=lambda: _forked.append(1))


class Loop:
    """A function with one loop over elements, `for i in prange(w.size)`, as it is and compiled."""

    def __init__(self, function: types.FunctionType) -> None:
        self.function = function
        self._compiled: dict[tuple[Any, bool], Callable[..., None]] = {}

    def __call__(self, written: Sequence[Array], g: Array, scalars: Sequence[float], *, alone: bool = False) -> None:
        """Run over contiguous arrays of one dimension and one dtype; `alone`, on this thread whatever the size."""
        parallel = (
            g.size >= PARALLEL
            and not alone
            and not _forked
            and numba.get_num_threads() > 1
            and _threads.acquire(blocking=False)
        )
        try:
            key = g.dtype, parallel
            compiled = self._compiled.get(key)
            if compiled is None:
                compiled = self._compiled[key] = self._compile(_REAL[g.dtype], parallel, len(written), len(scalars))
            compiled(*written, g, *scalars)
        finally:
            if parallel:
                _threads.release()

    def _compile(self, real: Any, parallel: bool, written: int, scalars: int) -> Callable[..., None]:
        # scalars come as double, and are rounded once, to the type of the arrays
        array, read_only = (numba.types.Array(real, 1, "C", readonly=flag) for flag in (False, True))
        signature = numba.void(*[array] * written, read_only, *[real] * scalars)
        # under a name of its own: Numba's files on disk are told apart by the name alone
        own = f"{self.function.__name__}{'_parallel' if parallel else ''}"
        twin = types.FunctionType(self.function.__code__, self.function.__globals__, own)
        twin.__module__, twin.__qualname__ = self.function.__module__, own
        options = {"error_model": "numpy", "nogil": True, "parallel": parallel}
        try:
            return numba.njit([signature], cache=True, **options)(twin)
        except RuntimeError:  # there is no folder for the cache, or it cannot be written
            return numba.njit([signature], **options)(twin)


def loop(function: types.FunctionType) -> Loop:
    """Compile `function` when it is first called."""
    return Loop(function)


def sweep(
    loop: Loop, written: Sequence[Array], g: Array, scalars: Sequence[float], stages: Sequence[Bound] = ()
) -> None:
    """Run `loop` once over arrays of one shape: `written`, then `g`, then scalars.

    Contiguous arrays of float32 and float64 are walked in one go. Others, and those with `stages` around the
    rule, are walked in the tiles of `generated.numpy`, each through stages and loop before the next one.
    """
    shape, dtype = g.shape, g.dtype
    flags = g.flags
    if (
        not stages
        and dtype in _REAL
        and flags.c_contiguous
        and flags.aligned
        and all(array.flags.carray and array.shape == shape and array.dtype == dtype for array in written)
    ):
        if len(shape) != 1:
            written, g = [array.reshape(-1) for array in written], g.reshape(-1)
        loop(written, g, scalars)
        return
    for *tile, g_tile in tiles(written, (g,), stages=stages, contiguous=True):
        loop(tile, g_tile, scalars, alone=True)


class NumbaOptimizer(NumpyOptimizer):
    """An optimizer of NumPy arrays, those of `generated.numpy`, with compiled loops."""

    _small = 4096  # to step one array costs less here
