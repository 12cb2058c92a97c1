"""Import generated folders as they are on disk."""

from __future__ import annotations

import importlib.util
import itertools
import sys
from pathlib import Path
from typing import Any

_fresh = itertools.count()
_packages: dict[tuple[Any, ...], str] = {}


def package(out: Path) -> str:
    """Import the folder `out` under a name of its own, as the files are now; returns the name."""
    name = f"_stepsmith_output_{next(_fresh)}"
    found = importlib.util.spec_from_file_location(name, out / "__init__.py", submodule_search_locations=[str(out)])
    if found is None or found.loader is None:
        raise ImportError(f"{out} is no package")
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    found.loader.exec_module(module)
    return name


def same_package(out: Path) -> str:
    """As `package`, but under the name of before while the files stay what they are: it is compiled once.

    A package that was taken out of `sys.modules` meanwhile is imported again.
    """
    found = ((str(path), path.stat()) for path in sorted(out.rglob("*.py")))
    state = tuple((path, at.st_mtime_ns, at.st_size, at.st_ino) for path, at in found)
    if _packages.get(state) not in sys.modules:
        _packages[state] = package(out)
    return _packages[state]
