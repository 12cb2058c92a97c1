"""Verify specs: their claims, the files on disk, the numbers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from codegen.load import SPECS, Spec, load
from codegen.numeric import numeric
from codegen.prove import prove
from codegen.readback import in_sync, readback
from codegen.render import GENERATED, changes, render, write
from codegen.result import Result


def whole_families(specs: list[Spec]) -> list[Spec]:
    """`specs` with the other rules of their files, in which they are generated together."""
    return load(dict.fromkeys((spec.path, None) for spec in specs))


def verify(
    specs: list[Spec],
    backends: tuple[str, ...],
    out: Path | None,
    started: Callable[[str, str], None] = lambda spec, claim: None,
) -> Iterator[Result]:
    """All results of checked `specs`, in order. `started` is told of each part before it begins.

    Without `out`, the project's own specs are held against `generated/`, and a spec from elsewhere
    against what `generate` would write, in a temporary folder.
    """
    with ExitStack() as stack:
        folders: dict[bool, Path] = {}
        for own in (True, False):
            members = [spec for spec in specs if (spec.path.parent == SPECS) is own]
            if not members:
                continue
            folders[own] = out or (GENERATED if own else Path(stack.enter_context(tempfile.TemporaryDirectory())))
            files = render(whole_families(members), backends, folders[own])
            if folders[own] not in (out, GENERATED):
                write(changes(files))
                continue
            started("files", "in sync")
            yield from in_sync(changes(files), sorted(files), "files")
        for spec in specs:
            yield from prove(spec, lambda claim, key=spec.key: started(key, claim))
            folder = folders[spec.path.parent == SPECS]
            for backend in backends:
                started(spec.key, f"readback {backend}")
                yield from readback(spec, backend, folder)
            started(spec.key, "numbers")
            yield from numeric(spec, folder, backends)
