"""NumPy: a rule is a sequence of ufuncs that write in place, tile by tile."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...execution.imports import same_package
from ...load import GENERATED, AnySpec, LayerSpec, Spec
from .. import Run
from . import layers as layers
from . import rules as rules
from . import stages as stages
from .language import AT, NORM, NORMS, SPREAD, SUMS, WIDE

if TYPE_CHECKING:
    from .. import InPlace
    from .. import numpy as _this
    from ..compiled import Call

    _is_one: InPlace = _this

name, label, library, alias, extends = "numpy", "NumPy", "numpy", "np", ""
helpers = ("tiles",)
sum_helpers = (NORMS, SPREAD, SUMS, "summed")
runtime = GENERATED / name
in_place = True


def reserved_by(name: str) -> str | None:
    """See `Backend`."""
    if re.fullmatch(r"(s|mask)\d+", name):
        return "the generated modules (s0, mask0, ... are scratch)"
    return "the generated modules" if name in (alias, AT, NORM, WIDE, *sum_helpers, *helpers) else None


def functions(spec: Spec | LayerSpec, out: Path) -> Mapping[str, Callable[..., Any]]:
    """The functions of a file as it stands on disk."""
    return vars(importlib.import_module(f"{same_package(out)}.{name}.{spec.family}"))


runs = (Run(name, f"{label} in {{dtype}}", functions),)


def compile_checks(specs: Sequence[AnySpec], out: Path) -> list[Call]:
    """There is nothing to compile."""
    return []
