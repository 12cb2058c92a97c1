"""Numba: a rule is a compiled loop over the elements of NumPy arrays. Stages and layers are those of NumPy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..numpy import alias, compile_checks, layers, library, stages
from . import rules
from .numbers import runs

if TYPE_CHECKING:
    from .. import Backend
    from .. import numba as _this

    _is_one: Backend = _this

__all__ = [
    "alias",
    "compile_checks",
    "extends",
    "helpers",
    "label",
    "layers",
    "library",
    "name",
    "reserved_by",
    "rules",
    "runs",
    "runtime",
    "stages",
]

name, label, extends = "numba", "Numba", "numpy"
helpers = ("loop", "prange", "sweep")
runtime = Path(__file__).resolve().parents[2] / "templates" / name


def reserved_by(name: str) -> str | None:
    """See `Backend`."""
    return "the generated modules" if name in (*helpers, "real") else None
