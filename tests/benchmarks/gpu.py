"""The same on a GPU: steps of CuPy arrays beside CuPy by hand, fused by CuPy, and torch on the same memory.

All candidates step the same parameters and gradients, with states of their own: what is in them makes no difference
to the time, and of a billion elements each copy takes gigabytes.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import numpy as np

from tests.benchmarks.candidates import OPTIONS, Rule, Step, built, torch

#: What parameters and gradients are stored in. States are float32, but for torch's, which are what its parameters are.
DTYPES = ("float32", "float16")


#: Bytes for each element that are on the way in an expression of CuPy by hand: three arrays.
_BETWEEN = 12


def device() -> str:
    import cupy as cp

    return cp.cuda.runtime.getDeviceProperties(cp.cuda.runtime.getDevice())["name"].decode()


def timed(step: Step, number: int) -> float:
    """Seconds of each of `number` steps in a row, between two events on the default stream, which torch uses, too."""
    import cupy as cp

    first, last = cp.cuda.Event(), cp.cuda.Event()
    first.record()
    for _ in range(number):
        step()
    last.record()
    last.synchronize()
    return cp.cuda.get_elapsed_time(first, last) / 1000 / number


def copying(size: int) -> Step:
    """A copy of `size` bytes from one place of the device to another."""
    import cupy as cp

    source, target = (cp.full((size,), 1, "uint8") for _ in range(2))
    return partial(target.data.copy_from_device_async, source.data, size, cp.cuda.get_current_stream())


def by_hand(rule: Rule, params: Sequence, grads: Sequence, *, fuse: bool) -> Step:
    """CuPy by hand, array by array: a kernel for each operation, or with `fuse` one that CuPy makes of all."""
    import cupy as cp

    function, t = partial(rule.plain, cp), 0
    if fuse:
        function = cp.fuse(kernel_name=f"{rule.name}_by_hand")(function)
    states = [[cp.full(w.shape, 0, "float32") for _ in range(rule.states)] for w in params]

    def step() -> None:
        nonlocal t
        t += 1
        scalars = tuple(map(np.float32, rule.scalars(t)))
        for w, g, state in zip(params, grads, states, strict=True):
            function(w, g, *state, *scalars)

    return step


def generated(rule: Rule, params: Sequence, grads: Sequence) -> Step:
    """What this repository generates."""
    opt = getattr(importlib.import_module("stepsmith.cupy"), rule.name)(list(params), **OPTIONS[rule.name])
    return partial(opt.step, list(grads))


#: Every candidate: the library that it needs, and how it is made.
CANDIDATES: dict[str, tuple[str, Callable[..., Step]]] = {
    "CuPy, plain": ("cupy", partial(by_hand, fuse=False)),
    "CuPy, fuse": ("cupy", partial(by_hand, fuse=True)),
    "generated cupy": ("cupy", generated),
    "torch, foreach": ("torch", partial(torch, foreach=True)),
    "torch, fused": ("torch", partial(torch, fused=True)),
}


def make(
    rule: Rule, sizes: Sequence[int], dtype: str, copied: int, wanted: Iterable[str] = ()
) -> tuple[dict[str, Step], dict[str, str]]:
    """A copy of `copied` bytes, the candidates for `rule` on arrays of `sizes`, and why others are missing.

    Raises MemoryError if the arrays of all of them are larger than the memory that is free.
    """
    import cupy as cp

    wanted = list(wanted) or list(CANDIDATES)
    elements = sum(sizes)
    # besides copy, parameters and gradients: states of each, and what CuPy by hand computes in between
    needed = 2 * copied + elements * (2 * np.dtype(dtype).itemsize + 4 * rule.states * len(wanted) + _BETWEEN)
    there, _ = cp.cuda.runtime.memGetInfo()
    if needed > there:
        raise MemoryError(f"{elements:,} elements need {needed / 1e9:,.0f} GB, of which {there / 1e9:,.0f} are free")
    params = [cp.full((size,), 1, dtype) for size in sizes]
    grads = [cp.full((size,), 0.1, dtype) for size in sizes]
    steps, missing = built(CANDIDATES, wanted, rule, lambda: (params, grads))
    return {"copy": copying(copied), **steps}, missing


def free() -> None:
    """Give back the memory of what is no longer there, which CuPy and torch each keep for themselves."""
    import gc

    import cupy as cp

    gc.collect()
    cp.get_default_memory_pool().free_all_blocks()
    if "torch" in sys.modules:
        sys.modules["torch"].cuda.empty_cache()
