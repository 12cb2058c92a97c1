"""Numba: a rule is a compiled loop over the elements of NumPy arrays. Stages and layers are those of NumPy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...load import GENERATED
from ..numpy import alias as alias
from ..numpy import compile_checks as compile_checks
from ..numpy import layers as layers
from ..numpy import library as library
from ..numpy import stages as stages
from ..numpy.language import SPREAD
from . import rules as rules
from .numbers import runs as runs

if TYPE_CHECKING:
    from .. import InPlace
    from .. import numba as _this

    _is_one: InPlace = _this

name, label, extends = "numba", "Numba", "numpy"
helpers = ("loop", "prange", "sweep")
sum_helpers = (SPREAD, "summed", "summing")
runtime = GENERATED / name
in_place = True


def reserved_by(name: str) -> str | None:
    """See `Backend`."""
    return "the generated modules" if name in (*helpers, *sum_helpers, "real", "rescale") else None
