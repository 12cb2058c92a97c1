# generated from codegen/templates/numba/_arrays.py; do not edit
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
from functools import cached_property
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
    check,
    tiles,
)

__all__ = ["Array", "Bound", "Group", "Hyper", "Loop", "NumbaOptimizer", "Schedule", "Stage", "loop", "prange", "sweep"]

#: Arrays of at least this many elements are stepped on all threads that `numba.get_num_threads()` allows.
#: On two cores the two ways are equal at some 30,000 elements, if the other core is idle.
PARALLEL = 65536

#: One loop at a time runs on all threads: not every layer of threads that Numba may use can be entered twice.
_threads = threading.Lock()

#: A process that was forked has lost the threads of its parent, and starting them again ends it.
_forked: list[int] = []
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=lambda: _forked.append(1))


class Loop:
    """A function with one loop over elements, `for i in prange(w.size)`, as it is and compiled."""

    def __init__(self, function: types.FunctionType) -> None:
        self.function = function

    @cached_property
    def serial(self) -> Callable[..., None]:
        """Compiled for the calling thread, which releases the interpreter's lock."""
        return _compiled(self.function, nogil=True)

    @cached_property
    def parallel(self) -> Callable[..., None]:
        """Compiled for all threads."""
        # under a name of its own: Numba's files on disk are told apart by the name alone
        twin = types.FunctionType(
            self.function.__code__, self.function.__globals__, f"{self.function.__name__}_parallel"
        )
        twin.__module__, twin.__qualname__ = self.function.__module__, f"{self.function.__qualname__}_parallel"
        return _compiled(twin, parallel=True)

    def __call__(self, *operands: Any) -> None:
        """Run over contiguous arrays of one dimension."""
        if operands[0].size < PARALLEL or _forked or numba.get_num_threads() == 1 or not _threads.acquire(False):
            self.serial(*operands)
            return
        try:
            self.parallel(*operands)
        finally:
            _threads.release()


def loop(function: types.FunctionType) -> Loop:
    """Compile `function` when it is first called."""
    return Loop(function)


def _compiled(function: types.FunctionType, **options: bool) -> Callable[..., None]:
    try:
        return numba.njit(cache=True, error_model="numpy", **options)(function)
    except RuntimeError:  # there is no folder for the cache, or it cannot be written
        return numba.njit(error_model="numpy", **options)(function)


def sweep(
    loop: Loop, written: Sequence[Array], g: Array, scalars: Sequence[float], stages: Sequence[Bound] = ()
) -> None:
    """Run `loop` once over arrays of one shape and dtype: `written`, then `g`, then scalars of their type.

    Contiguous arrays are walked in one go. Others, and those with `stages` around the rule, are walked in
    the tiles of `generated.numpy`, each of them through stages and loop before the next one.
    """
    check([*written, g])
    kind = written[0].dtype.type
    with np.errstate(all="ignore"):
        factors = [kind(scalar) for scalar in scalars]
    if not stages and all(array.flags.carray for array in written) and g.flags.c_contiguous and g.flags.aligned:
        loop(*(array.reshape(-1) for array in written), _read_only(g.reshape(-1)), *factors)
        return
    for tile in tiles(written, (g,), stages=stages, contiguous=True):
        loop.serial(*tile[:-1], _read_only(tile[-1]), *factors)


def _read_only(array: Array) -> Array:
    # what may be written and what may not are two types to the compiler; this way it meets one
    array = array.view()
    array.flags.writeable = False
    return array


class NumbaOptimizer(NumpyOptimizer):
    """An optimizer of NumPy arrays, float32 or float64, of any shape and strides, with compiled loops."""
