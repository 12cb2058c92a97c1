"""Verify specs: their claims, the files on disk, the numbers."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from codegen import rungs
from codegen.files import GENERATED, changes, write
from codegen.load import SPECS, AnySpec, LayerSpec, MonitorSpec, ScheduleSpec, StageSpec, load
from codegen.numeric import numeric, numeric_monitor, numeric_schedule
from codegen.numeric_layers import numeric as numeric_layer
from codegen.prove import prove
from codegen.readback import readback
from codegen.readback.sync import in_sync
from codegen.render import render
from codegen.result import PROVED, SKIPPED, Result

#: From this many specs on, other processes are worth starting.
_WORTH_A_POOL = 4


def whole_families(specs: list[AnySpec]) -> list[AnySpec]:
    """`specs` with the other rules of their files, in which they are generated together."""
    return load(dict.fromkeys((spec.path, None) for spec in specs))


def verify(
    specs: list[AnySpec],
    backends: tuple[str, ...],
    out: Path | None,
    started: Callable[[str, str], None] = lambda spec, claim: None,
) -> Iterator[Result]:
    """All results of checked `specs`, in order. `started` is told of each part before it begins.

    Without `out`, the project's own specs are held against `generated/`, and a spec from elsewhere
    against what `generate` would write, in a temporary folder.
    """
    with ExitStack() as stack:
        folders = {True: out or GENERATED, False: out or Path(stack.enter_context(tempfile.TemporaryDirectory()))}
        foreign = [spec for spec in specs if spec.path.parent != SPECS]
        if foreign and not out:
            write(changes(render(whole_families(foreign), backends, folders[False])))
        tasks = [(spec.path, spec.key, backends, folders[spec.path.parent == SPECS]) for spec in specs]
        pool = None
        if len(specs) >= _WORTH_A_POOL:
            # nothing that a worker makes lives long: its collector would only look in vain
            workers = ProcessPoolExecutor(max_workers=min(os.cpu_count() or 1, len(specs)), initializer=gc.disable)
            pool = stack.enter_context(workers)
        pending = [pool.submit(_elsewhere, *task) for task in tasks] if pool else []
        on_disk = specs if out else [spec for spec in specs if spec.path.parent == SPECS]
        edited: list[Result] = []
        if on_disk:
            started("files", "in sync")
            files = render(whole_families(on_disk), backends, out or GENERATED)
            for result in in_sync(changes(files), sorted(files), "files"):
                edited += [result] if result.status != PROVED else []
                yield result
        # the third rung is for all specs at once; of files that are refuted already nothing is compiled
        wanted = "cupy" in backends and not edited
        work = [call for folder in _folders(specs, folders) for call in rungs.parts(*folder)] if wanted else []
        compilers = pool
        if work and not pool:  # few rules are proved here, while another process compiles
            compilers = stack.enter_context(ProcessPoolExecutor(max_workers=1, initializer=gc.disable))
        compiling = [compilers.submit(call, *arguments) for call, arguments in work] if compilers else []
        for number, spec in enumerate(specs):
            if pool:
                done = sum(future.done() for future in (*pending, *compiling))
                started(spec.key, f"{done} of {len(pending) + len(compiling)} parts done")
                yield from pending[number].result()
            else:
                yield from _one(spec, backends, folders[spec.path.parent == SPECS], started)
        if work:
            started("kernels", "compiled")
            third = rungs.merged(future.result() for future in compiling)
            for spec in specs:
                yield from third.get((spec.path, spec.key), [])
        elif "cupy" in backends:
            reason = "files are not what generate writes, see above; python cli.py generate mends them"
            yield Result("kernels", "cupy compiled", SKIPPED, "what CuPy compiles is compiled, and run", reason=reason)


def _folders(specs: list[AnySpec], folders: dict[bool, Path]) -> Iterator[tuple[list[AnySpec], Path]]:
    """The specs of the project and those from elsewhere, with the folder in which the code of each is."""
    for inside, folder in folders.items():
        if chosen := [spec for spec in specs if (spec.path.parent == SPECS) == inside]:
            yield chosen, folder


def _elsewhere(path: Path, key: str, backends: tuple[str, ...], folder: Path) -> list[Result]:
    """What another process does: load one spec, and verify it."""
    (spec,) = load([(path, key)])
    return list(_one(spec, backends, folder, lambda spec, claim: None))


def _one(
    spec: AnySpec, backends: tuple[str, ...], folder: Path, started: Callable[[str, str], None]
) -> Iterator[Result]:
    yield from prove(spec, lambda claim: started(spec.key, claim))
    if isinstance(spec, ScheduleSpec | MonitorSpec):  # one file serves all backends
        started(spec.key, "readback, numbers")
        yield from readback(spec, "", folder)
        yield from (numeric_schedule if isinstance(spec, ScheduleSpec) else numeric_monitor)(spec, folder)
        return
    for backend in backends:
        started(spec.key, f"readback {backend}")
        yield from readback(spec, backend, folder)
    if not isinstance(spec, StageSpec):
        started(spec.key, "numbers")
        yield from (numeric_layer if isinstance(spec, LayerSpec) else numeric)(spec, folder, backends)
