"""NumPy's arrays, of which each element is stepped alone by a plain function of Python's numbers."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from stepsmith.codegen.backends import Run
from stepsmith.codegen.backends.numpy import alias, compile_checks, layers, library, stages
from stepsmith.codegen.backends.stub import rules
from stepsmith.codegen.execution.imports import package
from stepsmith.codegen.load import LayerSpec, Spec

__all__ = ["alias", "compile_checks", "layers", "library", "rules", "stages"]

name, label, extends = "stub", "Stub", "numpy"
helpers = ("each",)
sum_helpers = ()
in_place = True
runtime = Path(__file__).parent / "runtime"


def reserved_by(name: str) -> str | None:
    """See `Backend`."""
    return "the stub" if name in helpers else None


def functions(spec: Spec | LayerSpec, out: Path) -> Mapping[str, Callable[..., Any]]:
    """The functions of a file as it stands on disk."""
    return vars(importlib.import_module(f"{package(out)}.{name}.{spec.family}"))


runs = (Run(name, "the stub in {dtype}", functions),)
