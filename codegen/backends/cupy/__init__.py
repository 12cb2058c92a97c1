"""CuPy: a rule is an elementwise kernel, into which the stages around it are put.

What can be said without a GPU is said on three rungs, each by itself: the body of a kernel parsed and proved (`rules`),
evaluated in the kernel's types (`numbers`), compiled by NVRTC and by a compiler of the host (`compiled`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...load import GENERATED
from . import layers as layers
from . import rules as rules
from . import stages as stages
from .compiled import compile_checks as compile_checks
from .numbers import runs as runs
from .reserved import reserved_by as reserved_by

if TYPE_CHECKING:
    from .. import InPlace
    from .. import cupy as _this

    _is_one: InPlace = _this

name, label, library, alias, extends = "cupy", "CuPy", "cupy", "cp", ""
helpers = ("launch",)
sum_helpers = ("Sums", "summed")
runtime = GENERATED / name
in_place = True
