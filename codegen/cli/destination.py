"""Whether a folder is one that code may be generated into: not where it would hide a library, nor among foreign files.

The code for an array library goes into a folder of that name. Wherever the folder around that is one from which Python
imports, it is found in place of the library, by everything that runs there.
"""

from __future__ import annotations

import keyword
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from .. import backends
from ..files import MARK, shown_file, typed
from ..load import (
    GENERATED,
    IMPORTED,
    IN_CHECKOUT,
    SPECS,
    AnySpec,
    MonitorSpec,
    Problem,
    ScheduleSpec,
    SpecError,
    UsageError,
    program,
)

#: What stands in the folder from which a project is worked on, and in which Python is started.
_PROJECT = (".git", "pyproject.toml", "setup.cfg", "setup.py")
_NAMES = ("optim", "optimizers", "stepsmith_code")


def destination(given: str | None, *, writes: bool) -> Path | None:
    """The folder that `--out` gives, resolved; None without one. If it is to be written to, it has to be fit for that.

    Raises `UsageError` otherwise, which names a folder that is fit.
    """
    here = Path.cwd()
    if given is None:
        if writes and not IN_CHECKOUT:
            raise UsageError(f"Stepsmith is installed here; say where the code goes: --out {fit(here)}")
        return None
    if not given.strip():
        raise UsageError(f"--out is empty; name a folder: --out {fit(here)}")
    try:
        out = Path(given).resolve()
        unfit = _unfit(out)
        better = fit(out, out.parent, here) if unfit else typed(out)
    except (OSError, RuntimeError) as error:  # the latter for links in a circle, before Python 3.13
        reason = error.strerror if isinstance(error, OSError) else "its links lead back to themselves"
        raise UsageError(f"--out {given}: {reason}; choose another folder: --out {fit(here)}") from None
    if writes and unfit:
        raise UsageError(f"--out {given}: {unfit}; choose another folder: --out {better}")
    if not writes and not _ours(out):
        fact = _no_folder(out) or ("no generated code is in it" if out.is_dir() else "there is no such folder")
        remedy = f"name the one that generate wrote, or write it: {program()} generate --out {better}"
        raise UsageError(f"--out {given}: {fact}; {remedy}")
    return out


def check_folder(option: str, given: Path) -> None:
    """Raises `UsageError` if what an option gives can be no folder."""
    if fact := _no_folder(given.absolute()):
        raise UsageError(f"{option} {given}: {fact}; choose another folder")


def _no_folder(out: Path) -> str:
    """What speaks against there being a folder `out`."""
    file = next((path for path in (out, *out.parents) if path.exists() and not path.is_dir()), None)
    return f"{shown_file(file)} is no folder" if file else ""


def fit(*around: Path) -> str:
    """A folder to generate into in one of these, as it is typed."""
    bases = [base for base in around if base == Path.cwd() or not (_no_folder(base) or _unfit_by_name(base))]
    candidates = (base / name for base in bases for name in _NAMES)
    return typed(next((path for path in candidates if not _unfit(path)), around[-1] / "stepsmith_code"))


def _unfit(out: Path) -> str:
    """What speaks against generating into `out`; nothing, if it is fit."""
    if out == GENERATED and IN_CHECKOUT:
        return ""
    if {"site-packages", "dist-packages"} & {*out.parts}:
        return "what is there belongs to the installer of packages, which would overwrite or remove it"
    return _no_folder(out) or _unfit_by_name(out) or _unfit_by_place(out) or _foreign(out)


def _unfit_by_name(out: Path) -> str:
    if not (out.name.isascii() and out.name.isidentifier()) or keyword.iskeyword(out.name):
        return f"{out.name!r} cannot be the name of a package, so that nothing could be imported from it"
    hides = out.name in (*backends.names(), *IMPORTED) or out.name in sys.stdlib_module_names
    return f"it would be imported in place of the library {out.name}" if hides and _is_root(out.parent) else ""


def _unfit_by_place(out: Path) -> str:
    if (module := out.with_suffix(".py")).exists():
        return f"{module.name} beside it would no longer be imported, but what is generated in its place"
    if not _is_root(out):
        return ""
    one = backends.REFERENCE
    return f"Python imports from this folder, and would find the {one}/ in it in place of the library {one}"


def _is_root(folder: Path) -> bool:
    """Whether `folder` is one from which top-level modules are imported, now or when something in it is started."""
    if folder == Path.cwd() or folder in {Path(entry).resolve() for entry in sys.path}:
        return True
    if any((folder / name).exists() for name in _PROJECT):
        return True
    if (folder / "__init__.py").exists():
        return False
    if Path.cwd().is_relative_to(folder) or (folder.name == "src" and _is_root(folder.parent)):
        return True
    return any(folder.glob("*/__init__.py"))


def _ours(out: Path) -> bool:
    return any(_source(folder / "__init__.py") for folder in (out, *(out / name for name in backends.names())))


def _source(path: Path) -> str:
    """The spec that a generated file says it is from; nothing, if it is none."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            first = file.readline()
    except OSError:
        return ""
    return first.removeprefix(f"# {MARK}").partition(";")[0].strip() if first.startswith(f"# {MARK}") else ""


def _foreign(out: Path) -> str:
    """What is in `out` already, if it is not a folder that was generated before."""
    if not out.is_dir() or _ours(out):
        return ""
    for path in sorted([*out.glob("*.py"), *(out / name for name in (*backends.names(), "_runtime", "_presets"))]):
        if (path.is_dir() and any(path.iterdir())) or (path.is_file() and path.read_bytes().strip()):
            return f"{path.name}{'/' if path.is_dir() else ''} in it was not generated, and would be mixed with what is"
    return ""


def check_overwritten(specs: Iterable[AnySpec], chosen: Iterable[str], out: Path) -> None:
    """Raise `SpecError` if the code of `specs` would take the place of files in `out` that are not from them."""
    if problems := list(dict.fromkeys(p for s in specs for p in _overwritten(s, chosen, out))):
        raise SpecError(problems)


def _overwritten(spec: AnySpec, chosen: Iterable[str], out: Path) -> Iterator[Problem]:
    for_all = isinstance(spec, ScheduleSpec | MonitorSpec)
    for folder in [out] if for_all else [out / name for name in chosen]:
        path = folder / f"{spec.family}.py"
        if path.is_file() and (source := _source(path)) != spec.shown_path:
            fact = f"{shown_file(path)}, into which it is generated, is {f'from {source}' if source else 'foreign'}"
            rename = "" if spec.path.parent == SPECS else "rename the spec's file, or "
            remedy = f"{rename}choose another folder with --out, or delete that file if it is not needed any more"
            yield Problem(spec.shown_path, fact, remedy)
