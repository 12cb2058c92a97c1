"""The names of files with specs: code is generated under them, so that they have to be names of modules."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from .. import backends
from ..load import IMPORTED, Problem, SpecError, is_file_name, shown

#: What stands beside the generated modules, or is imported while a spec is.
_TAKEN = frozenset(["auto", "keeping", "ordering", "presets", "codegen", "generated", *IMPORTED])


def check_file_names(names: Iterable[str]) -> None:
    """Raise `SpecError` for those of `names` that are files whose code could not be imported.

    It is asked before any of them is loaded: what has the name of a package would be imported in its place.
    """
    if problems := [problem for name in names if is_file_name(name) for problem in _of_file_name(Path(name))]:
        raise SpecError(problems)


def _of_file_name(path: Path) -> Iterator[Problem]:
    """A module is generated under the name of its spec's file, so that it has to be one that can be imported."""
    name = path.stem
    if name in _TAKEN or name in backends.names() or name in sys.stdlib_module_names:
        fact = f"{name} is a module already, and one of the two would be imported in place of the other"
        yield Problem(shown(path), fact, f"rename the file: {name}_rules.py, for example")
    elif not re.fullmatch("[A-Za-z][A-Za-z0-9_]*", name) or keyword.iskeyword(name):
        better = re.sub(r"\W", "_", name, flags=re.ASCII).strip("_") or "rules"
        better = better if better[0].isalpha() and not keyword.iskeyword(better) else f"rules_{better}"
        fact = f"{name!r} cannot be the name of a module, which its code would be"
        yield Problem(shown(path), fact, f"rename the file: {better}.py, for example")
