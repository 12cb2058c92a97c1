"""Time candidates against each other: in turn, in one process, so that all see the same machine."""

from __future__ import annotations

import gc
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path
from random import Random

import numpy as np

#: Steps of one candidate in a row take about this long: with warm caches, but short of what other processes are given.
BURST = 5e-4


def interleaved(steps: Mapping[str, Callable[[], object]], seconds: float) -> dict[str, list[float]]:
    """Seconds per step of each candidate, several times, all in turn and in any order, for about `seconds` in all."""
    bursts = {}
    for name, step in steps.items():
        step()  # whatever is compiled or allocated once
        step()
        start = time.perf_counter()
        step()
        bursts[name] = min(200, max(1, round(BURST / (time.perf_counter() - start))))
    found: dict[str, list[float]] = {name: [] for name in steps}
    order, random = list(steps), Random(0)
    gc.collect()
    gc.disable()
    try:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end or len(next(iter(found.values()))) < 5:
            random.shuffle(order)  # so that none always follows one that leaves caches or threads warm
            for name in order:
                step, number = steps[name], range(bursts[name])
                step()
                start = time.perf_counter()
                for _ in number:
                    step()
                found[name].append((time.perf_counter() - start) / bursts[name])
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


def words(name: str) -> tuple[int, int]:
    """How many words the rule `name` has in memory for each element, and how many it has to read and to write."""
    from codegen.facts.cost import counted
    from codegen.load import load, select

    (spec,) = (found for found in load(select([])) if found.rule.name == name)
    cost = counted(spec.rule)
    return len({*cost.read, *cost.written}), cost.words


def machine(threads: int) -> str:
    """The processor and the libraries, in general terms."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        model = next(
            (line.partition(":")[2] for line in cpuinfo.read_text().splitlines() if "model name" in line), model
        )
    versions = []
    for library in ("numpy", "numba", "torch", "jax", "optax"):
        try:
            versions.append(f"{library} {metadata.version(library)}")
        except metadata.PackageNotFoundError:
            versions.append(f"no {library}")
    python = f"Python {platform.python_version()}"
    return f"{model.strip()}, {os.cpu_count()} cores, {threads} used; {python}, {', '.join(versions)}"


def limit(threads: int) -> None:
    """Allow this process `threads` cores; to be called before any library is imported that counts them."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ[name] = str(threads)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    else:  # XLA takes what it finds
        os.environ["XLA_FLAGS"] = f"--xla_cpu_multi_thread_eigen={str(threads > 1).lower()}"
