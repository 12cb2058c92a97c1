"""Generated files on disk: what differs from what would be written, what no spec accounts for, and writing."""

from __future__ import annotations

import difflib
import os
import re
import shlex
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import backends
from .load import FLEETING, GENERATED, IN_CHECKOUT, ROOT, SPECS, Declared, UsageError, program

#: The modules of `generated/` that are written by hand, beside those that begin with an underscore.
BY_HAND = ("auto.py", "keeping.py", "ordering.py")
#: What the first line of every generated file begins with.
MARK = "generated from "


@dataclass(frozen=True)
class Change:
    """A file that is not what `render` says. `kind` is missing, stale or orphan."""

    kind: str
    path: Path
    old: str
    new: str

    def diff(self) -> str:
        name = shown_file(self.path)
        lines = difflib.unified_diff(
            self.old.splitlines(keepends=True),
            self.new.splitlines(keepends=True),
            f"{name} (on disk)",
            f"{name} (from the spec)",
        )
        return "".join(lines)


def shown_file(path: Path) -> str:
    """The path from the project's root or the working directory, whichever contains it.

    A file that is written for this run alone is shown as what it would be in `generated/`.
    """
    for folder in path.parents:
        if folder.name.startswith(FLEETING):
            return f"generated/{path.relative_to(folder).as_posix()} (not written)"
    for base in (ROOT, Path.cwd()):
        if path.is_relative_to(base):
            return path.relative_to(base).as_posix()
    return path.as_posix()


def anew(spec: Declared, path: Path) -> str:
    """How the generated file `path` of a spec is written anew: the end of a message that says what is wrong with it."""
    if FLEETING in path.as_posix():
        return "it was generated for this run: the fault is one of Stepsmith"
    out = path.parent.parent if path.parent.name in backends.names() else path.parent
    name = spec.family if spec.path.parent == SPECS else typed(spec.path)
    return f"{generating([name], out)} writes the file anew"


def generating(names: Iterable[str], out: Path) -> str:
    """What is to be typed so that the code of `names` is written into `out`."""
    if out != GENERATED:
        names = [*names, f"--out {typed(out)}"]
    elif not IN_CHECKOUT:
        return "pip install --force-reinstall stepsmith"
    return " ".join([program(), "generate", *names])


def typed(path: Path) -> str:
    """A path as it is typed into a shell, from the working directory if it lies in that."""
    here = Path.cwd()
    return shlex.quote(path.relative_to(here).as_posix() if path.is_relative_to(here) else path.as_posix())


def changes(files: Mapping[Path, str]) -> list[Change]:
    """The files that are missing or differ."""
    found = []
    for path, text in sorted(files.items()):
        try:
            old = path.read_bytes().decode("utf-8", errors="replace")
        except FileNotFoundError:
            found.append(Change("missing", path, "", text))
            continue
        if old != text:
            found.append(Change("stale", path, old, text))
    return found


def orphans(out: Path, files: Mapping[Path, str]) -> list[Change]:
    """Modules under `out` that no spec accounts for."""
    on_disk = (
        found for folder in (out, *(out / name for name in backends.names())) for found in modules_on_disk(folder)
    )
    return [Change("orphan", path, text, "") for path, text in on_disk if path not in files and is_orphan(path, text)]


def modules_on_disk(folder: Path) -> list[tuple[Path, str]]:
    """The modules of a folder that are its own, each with its text."""
    paths = sorted(path for path in folder.glob("*.py") if not path.name.startswith("_"))
    return [(path, path.read_text(encoding="utf-8", errors="replace")) for path in paths]


def is_orphan(path: Path, text: str) -> bool:
    """Whether the spec of a module is gone. In the project's own folder, all that are not written by hand need one."""
    spec = re.match(rf"# {MARK}specs/([A-Za-z0-9_]+\.py);", text)
    if spec:
        return not (SPECS / spec[1]).is_file() or path.stem != Path(spec[1]).stem
    return not text.startswith(f"# {MARK}") and path.is_relative_to(GENERATED) and path.name not in BY_HAND


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Hold `out` while its files are compared and written, so that two runs at once do not mix: another waits."""
    with _telling(out):
        out.mkdir(parents=True, exist_ok=True)
        try:
            import fcntl
        except ImportError:  # a system without locks: every file is still written whole
            yield
            return
        handle = os.open(out, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def remove_half_written(files: Iterable[Path]) -> None:
    """Remove what a run that was killed has left in the folders of `files`, which must be held."""
    for folder in {path.parent for path in files}:
        for path in folder.glob(".*.py*.half"):
            path.unlink(missing_ok=True)


def write(found: Iterable[Change]) -> None:
    """Write the changed files, each of them whole or not at all."""
    for change in found:
        if change.kind != "orphan":
            with _telling(change.path):
                _write_whole(change.path, change.new.encode("utf-8"))


def _write_whole(path: Path, text: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".half")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """An error of the system names the file that was to be written, not the temporary one, or none."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(
            f"{shown_file(path)}: cannot be written: {reason}\n    every file is as it was or new as a whole; "
            "mend that or choose another folder with --out DIR, and run generate again"
        ) from error
