"""Time candidates against each other: in turn, in one process, so that all see the same machine."""

from __future__ import annotations

import gc
import importlib
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

import numpy as np

#: Steps of one candidate in a row take about this long: with warm caches, but short of what other processes are given.
BURST = 5e-4


def timed(step: Callable[[], object], number: int) -> float:
    """Seconds of each of `number` steps in a row."""
    start = time.perf_counter()
    for _ in range(number):
        step()
    return (time.perf_counter() - start) / number


def interleaved(
    steps: Mapping[str, Callable[[], object]], seconds: float, timed: Callable[..., float] = timed
) -> dict[str, list[float]]:
    """Seconds per step of each candidate, several times, all in turn and in any order, for about `seconds` in all."""
    bursts = {}
    for name, step in steps.items():
        timed(step, 2)  # whatever is compiled or allocated once
        bursts[name] = min(200, max(1, round(BURST / timed(step, 1))))
    found: dict[str, list[float]] = {name: [] for name in steps}
    order, random = list(steps), Random(0)
    gc.collect()
    gc.disable()
    try:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end or len(next(iter(found.values()))) < 5:
            random.shuffle(order)  # so that none always follows one that leaves caches or threads warm
            for name in order:
                timed(steps[name], 1)
                found[name].append(timed(steps[name], bursts[name]))
    finally:
        gc.enable()
    return found


def copying(size: int) -> Callable[[], object]:
    """A copy of `size` floats by NumPy: what the memory gives."""
    source, target = np.ones(size, np.float32), np.zeros(size, np.float32)
    return lambda: np.copyto(target, source)


def summary(times: Mapping[str, list[float]]) -> dict[str, dict[str, float]]:
    """The median and the least of each candidate's times, in microseconds."""
    return {
        name: {"median": 1e6 * statistics.median(found), "least": 1e6 * min(found), "repeats": len(found)}
        for name, found in times.items()
    }


def traffic(name: str, stored: int = 4, computed: int = 4) -> tuple[int, int]:
    """How many bytes the rule `name` has in memory for each element, and how many it has to read and to write.

    Parameter and gradient have `stored` bytes for each, states `computed`.
    """
    from stepsmith.codegen.load import load, select
    from stepsmith.codegen.properties.cost import counted

    (spec,) = (found for found in load(select([])) if found.rule.name == name)
    cost = counted(spec.rule)
    size = {name: computed if name in cost.state else stored for name in (*cost.read, *cost.written)}
    return sum(size.values()), sum(size[name] for name in (*cost.read, *cost.written))


def machine(threads: int) -> str:
    """The processor and the libraries, in general terms."""
    return (
        f"{processor()}, {os.cpu_count()} cores, {threads} used; {libraries('numpy', 'numba', 'torch', 'jax', 'optax')}"
    )


def processor() -> str:
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        model = next(
            (line.partition(":")[2] for line in cpuinfo.read_text().splitlines() if "model name" in line), model
        )
    return model.strip()


def libraries(*names: str) -> str:
    """The versions of Python and of libraries."""
    versions = [f"Python {platform.python_version()}"]
    for library in names:
        try:
            version = importlib.import_module(library).__version__
            versions.append(f"{library} {version.partition('+')[0]}")
        except ImportError:
            versions.append(f"no {library}")
    return ", ".join(versions)


def limit(threads: int) -> None:
    """Allow this process `threads` cores; to be called before any library is imported that counts them."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ[name] = str(threads)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    else:  # XLA takes what it finds
        os.environ["XLA_FLAGS"] = f"--xla_cpu_multi_thread_eigen={str(threads > 1).lower()}"
