"""Verify specs: their claims, the files on disk, the numbers."""

from __future__ import annotations

import gc
import os
import signal
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import chain
from multiprocessing import active_children
from pathlib import Path
from types import FrameType
from typing import TypeVar

from .backends import BACKENDS, those_in_place, those_with_stages
from .backends.compiled import Parts, merged
from .faults import guarded
from .files import changes, generating, typed, write
from .load import (
    FLEETING,
    GENERATED,
    SPECS,
    AnySpec,
    LayerSpec,
    MonitorSpec,
    ScheduleSpec,
    Spec,
    StageSpec,
    catalog,
    load,
)
from .numeric.layers import numeric as numeric_layer
from .numeric.rules import numeric, numeric_monitor, numeric_schedule
from .prove import prove, values
from .readback import readback
from .readback.sync import in_sync
from .render import render
from .result import PROVED, SKIPPED, Outcome, Result

#: From this many specs on, other processes are worth starting.
_WORTH_A_POOL = 4

_Found = TypeVar("_Found")


def whole_families(specs: list[AnySpec]) -> list[AnySpec]:
    """`specs` with the other rules of their files, in which they are generated together."""
    return load(dict.fromkeys((spec.path, None) for spec in specs))


def verify(
    specs: list[AnySpec],
    backends: tuple[str, ...],
    out: Path | None,
    started: Callable[[str, str], None] = lambda spec, claim: None,
    kept: Path | None = None,
) -> Generator[Result, None, None]:
    """All results of checked `specs`, in order. `started` is told of each part before it begins.

    Without `out`, the project's own specs are held against `generated/`, and a spec from elsewhere
    against what `generate` would write, in a temporary folder. What breaks on the way is a result, too. With `kept`,
    the folder in which its answers are kept, Coq is asked of what is proved.
    """
    with ExitStack() as stack:
        interrupts = stack.enter_context(_noted_interrupts())
        fleeting = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=FLEETING)))
        folders = {True: out or GENERATED, False: out or fleeting}
        foreign = [] if out else [spec for spec in specs if spec.path.parent != SPECS]
        yield from _written(foreign, backends, fleeting)
        tasks = [(spec.path, spec.key, backends, folders[spec.path.parent == SPECS], kept) for spec in specs]
        pool = None
        if len(specs) >= _WORTH_A_POOL:
            pool = stack.enter_context(workers(min(os.cpu_count() or 1, len(specs))))
        pending = [pool.submit(_elsewhere, *task) for task in tasks] if pool else []
        edited: list[Result] = []
        for result in _on_disk([spec for spec in specs if spec not in foreign], backends, out, started):
            edited += [result] if result.status != PROVED else []
            yield result
        # compilers are given all specs at once; of files that are refuted already nothing is compiled
        checks = {
            name: [call for folder in _folders(specs, folders) for call in BACKENDS[name].compile_checks(*folder)]
            for name in backends
        }
        work = [] if edited else [call for calls in checks.values() for call in calls]
        compilers = pool
        if work and not pool:  # few rules are proved here, while another process compiles
            compilers = stack.enter_context(workers(1))
        compiling = [compilers.submit(call, *arguments) for call, arguments in work] if compilers else []
        for number, spec in enumerate(specs):
            if interrupts:
                raise KeyboardInterrupt
            if pool:
                done = sum(one.done() for one in pending) + sum(one.done() for one in compiling)
                started(spec.key, f"{done} of {len(pending) + len(compiling)} parts done")
                yield from guarded(spec.key, "verify", _result, pending[number], interrupts)
            else:
                yield from _one(spec, backends, folders[spec.path.parent == SPECS], kept, started)
        if work:
            started("kernels", "compiled")
            yield from guarded("kernels", "compiled", _compiled, specs, compiling, interrupts)
        for backend in (BACKENDS[name] for name, calls in checks.items() if calls and edited):
            reason = f"files are not what generate writes, see above; {_mending(specs, out)} mends them"
            text = f"what {backend.label} compiles is compiled, and run"
            yield Outcome(SKIPPED, reason=reason).of(f"{backend.name} compiled", text, "kernels")
        if interrupts:
            raise KeyboardInterrupt


@contextmanager
def _noted_interrupts() -> Iterator[list[int]]:
    """The interrupts so far. Each is raised, too, but what it meets on the way may take it for a fault of its own."""
    noted: list[int] = []
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield noted
        return

    def note(number: int, frame: FrameType | None) -> None:
        noted.append(number)
        before(number, frame)

    signal.signal(signal.SIGINT, note)
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)


def _result(future: Future[_Found], interrupts: list[int]) -> _Found:
    """What another process has found; where an interrupt has ended that, it is one here."""
    try:
        return future.result()
    except BrokenExecutor:
        if interrupts:
            raise KeyboardInterrupt from None
        raise


@contextmanager
def workers(number: int) -> Iterator[ProcessPoolExecutor]:
    """Other processes. Where this one is interrupted, they end at once, and without a word."""
    before = active_children()
    pool = ProcessPoolExecutor(max_workers=number, initializer=_prepared)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in active_children():
            if worker not in before:
                worker.terminate()
        raise
    pool.shutdown()


def _prepared() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.disable()  # nothing that a worker makes lives long: its collector would only look in vain


def _mending(specs: list[AnySpec], out: Path | None) -> str:
    """What is to be typed so that the files of `specs` are what they should be."""
    names = dict.fromkeys(s.family if s.path.parent == SPECS else typed(s.path) for s in specs)
    return generating([] if {*names} == {entry.family for entry in catalog()} else names, out or GENERATED)


def _written(specs: list[AnySpec], backends: tuple[str, ...], folder: Path) -> Iterator[Result]:
    """Write the code of `specs` into a folder for this run, file by file. There is a result only of what breaks."""

    def one(family: list[AnySpec]) -> Iterator[Result]:
        write(changes(render(whole_families(family), backends, folder)))
        yield from ()

    for path in dict.fromkeys(spec.path for spec in specs):
        family = [spec for spec in specs if spec.path == path]
        yield from guarded(family[0].family, "generated", one, family)


def _on_disk(
    specs: list[AnySpec], backends: tuple[str, ...], out: Path | None, started: Callable[[str, str], None]
) -> Iterator[Result]:
    """Whether the files of `specs` are what `generate` writes."""
    if not specs:
        return
    started("files", "in sync")

    def compared() -> Iterator[Result]:
        files = render(whole_families(specs), backends, out or GENERATED)
        yield from in_sync(changes(files), sorted(files), "files", _mending(specs, out))

    yield from guarded("files", "in sync", compared)


def _compiled(specs: list[AnySpec], compiling: list[Future[Parts]], interrupts: list[int]) -> Iterator[Result]:
    """What the compilers have said, spec by spec."""
    found = merged(_result(future, interrupts) for future in compiling)
    for spec in specs:
        yield from found.get((spec.path, spec.key), [])


def _folders(specs: list[AnySpec], folders: dict[bool, Path]) -> Iterator[tuple[list[AnySpec], Path]]:
    """The specs of the project and those from elsewhere, with the folder in which the code of each is."""
    for inside, folder in folders.items():
        if chosen := [spec for spec in specs if (spec.path.parent == SPECS) == inside]:
            yield chosen, folder


def _elsewhere(path: Path, key: str, backends: tuple[str, ...], folder: Path, kept: Path | None) -> list[Result]:
    """What another process does: load one spec, and verify it."""
    (spec,) = load([(path, key)])
    return [result.printed() for result in _one(spec, backends, folder, kept, lambda spec, claim: None)]


def _proved(spec: AnySpec, started: Callable[[str, str], None]) -> Iterator[Result]:
    yield from prove(spec, lambda claim: started(spec.key, claim))
    yield from values(spec)


def _one(
    spec: AnySpec, backends: tuple[str, ...], folder: Path, kept: Path | None, started: Callable[[str, str], None]
) -> Iterator[Result]:
    if kept is None:
        yield from _proved(spec, started)
        yield from read_back(spec, backends, folder, started)
    else:
        from .certify import certified

        results = chain(_proved(spec, started), read_back(spec, backends, folder, started))
        yield from guarded(spec.key, "certified", certified, spec.key, results, kept)
    if isinstance(spec, StageSpec):
        return
    started(spec.key, "numbers")
    if isinstance(spec, ScheduleSpec):
        yield from guarded(spec.key, "numbers", numeric_schedule, spec, folder)
    elif isinstance(spec, MonitorSpec):
        yield from guarded(spec.key, "numbers", numeric_monitor, spec, folder)
    elif isinstance(spec, LayerSpec):
        yield from guarded(spec.key, "numbers", numeric_layer, spec, folder, backends)
    else:
        yield from guarded(spec.key, "numbers", numeric, spec, folder, backends)


def read_back(
    spec: AnySpec, backends: tuple[str, ...], folder: Path, started: Callable[[str, str], None]
) -> Iterator[Result]:
    """That the files of a spec in `folder` compute its equations."""
    if isinstance(spec, ScheduleSpec | MonitorSpec):  # one file serves all backends
        started(spec.key, "readback")
        yield from guarded(spec.key, "readback", readback, spec, "", folder)
        return
    those = those_with_stages if isinstance(spec, StageSpec) else those_in_place
    for backend in backends if isinstance(spec, Spec) else those(backends):
        started(spec.key, f"readback {backend}")
        yield from guarded(spec.key, f"readback {backend}", readback, spec, backend, folder)
