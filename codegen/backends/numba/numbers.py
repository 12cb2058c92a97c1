"""Loops run over numbers, by Python: Numba is not needed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...execution.modules import execute
from ...load import LayerSpec, Spec
from .. import Run
from ..numpy.language import SPREAD

#: What stands before and after an element in a loop, in parts of it; and in how many steps also each of them alone.
_BEFORE, _AFTER, _ALONE = 0.75, 1.5, 10


def loops(spec: Spec | LayerSpec, out: Path) -> Mapping[str, Callable[..., Any]]:
    """The functions of a file with their loops carried out over NumPy's numbers.

    In the first steps the arrays stand between others, of which the loop may not take notice: each of the three alone
    has to come to the same bits. Raises ValueError if they do not.
    """
    calls = itertools.count()

    def sweep(
        loop: Callable[..., None], written: tuple, g: np.ndarray, scalars: tuple, stages: tuple, beside: tuple = ()
    ) -> None:
        numbers, read = list(map(g.dtype.type, scalars)), (g, *beside)
        with np.errstate(all="ignore"):
            if next(calls) < _ALONE:
                among_others(loop, written, read, numbers)
            else:
                loop(*written, *read, *numbers)

    def among_others(loop: Callable[..., None], written: tuple, read: tuple, numbers: list) -> None:
        size = len(read[0])
        arrays = (*written, *read)
        rows = [np.concatenate([_BEFORE * array, array, _AFTER * array], dtype=array.dtype) for array in arrays]
        apart = [row.copy() for row in rows]
        loop(*rows, *numbers)
        for start in range(0, 3 * size, size):
            loop(*(row[start : start + size] for row in apart), *numbers)
        if any(one.tobytes() != other.tobytes() for one, other in zip(apart, rows, strict=True)):
            raise ValueError("the loop does something else to an element when there are others beside it")
        for array, row in zip(written, rows, strict=False):
            array[...] = row[size : 2 * size]

    def summed(
        loop: Callable[..., tuple],
        arrays: tuple,
        scalars: tuple,
        hows: tuple,
        stages: tuple,
        stepped: tuple = (),
        ahead: bool = False,
    ) -> tuple:
        states = stepped if ahead else tuple(state.copy() for state in stepped)
        with np.errstate(all="ignore"):
            found = loop(*arrays, *states, *map(np.float64, scalars), np.float64(1))
        return tuple(np.sqrt(one) if how == "norm" else one for how, one in zip(hows, found, strict=True))

    helpers: dict[str, Any] = {"loop": lambda function: function, "prange": range, "sweep": sweep}
    helpers |= {"summing": lambda function: function, "summed": summed, SPREAD: lambda value, w: float(value)}
    path = out / "numba" / f"{spec.family}.py"
    return execute(path, "numpy", np, helpers, math, {"max": max, "min": min}, symbolic=False)


runs: Sequence[Run] = (
    Run("numba loop", "the Numba loop carried out in {dtype} over 3 elements, not compiled", loops, interpreted=True),
)
