"""NumPy arrays, stepped element by element."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..numpy._arrays import Array, Group, Hyper, IntHyper, NumpyOptimizer, Schedule, Stage, StageCall, tiles

__all__ = ["Array", "Group", "Hyper", "IntHyper", "Schedule", "Stage", "StageCall", "StubOptimizer", "each"]


def each(
    function: Callable[..., Any],
    written: Sequence[Array],
    g: Array,
    scalars: Sequence[float],
    stages: Sequence[StageCall] = (),
) -> None:
    """Step every element by `function`: what is `written`, of which the new values are returned, g, scalars."""
    for w, *states, last in tiles(written, (g,), stages=stages):
        for place, values in enumerate(zip(*(row.tolist() for row in (w, *states, last)), strict=True)):
            new, *others = function(*values, *scalars)
            for row, value in zip((*states, w), (*others, new), strict=True):
                row[place] = value


class StubOptimizer(NumpyOptimizer):
    """An optimizer of NumPy arrays."""
