"""Torch: a rule is pure functions of tensors, and a class that is a `torch.optim.Optimizer`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...load import GENERATED, AnySpec
from . import rules as rules
from . import stages as stages
from .numbers import runs as runs

if TYPE_CHECKING:
    from pathlib import Path

    from .. import Functional
    from .. import torch as _this
    from ..compiled import Call

    _is_one: Functional = _this

name, label, library, alias = "torch", "torch", "torch", "torch"
in_place, transforms, extends = False, False, ""
helpers = ("Hyper", "IntHyper", "Stage", *rules.FUNCTIONS)
sum_helpers = ("summed",)
runtime = GENERATED / name


def reserved_by(name: str) -> str | None:
    """See `Backend`."""
    taken = (alias, "engine", "params", "pipeline", "closure", "step", *rules.FUNCTIONS, *sum_helpers)
    return "the generated modules" if name in taken else None


def compile_checks(specs: Sequence[AnySpec], out: Path) -> list[Call]:
    """There is nothing to compile but by torch itself, when a step is taken."""
    return []
