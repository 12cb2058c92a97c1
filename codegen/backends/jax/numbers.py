"""Rules run over numbers, by NumPy in place of JAX, which is not needed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...execution.modules import execute, runtime
from ...load import LayerSpec, Spec
from ...spec.host import STAND_INS
from .. import Run
from ..functional import Declared, in_place


def over_numpy(spec: Spec | LayerSpec, out: Path) -> Mapping[str, Callable[..., Any]]:
    """The functions of a file with NumPy in place of JAX."""
    assert isinstance(spec, Spec)
    scalars = runtime("scalars")
    helpers = {name: getattr(scalars, name) for name in STAND_INS}
    helpers |= {"JaxOptimizer": Declared, "GradientTransformation": Any, "summed": _summed}
    path = out / "jax" / f"{spec.family}.py"
    with np.errstate(all="ignore"):
        module = execute(path, "jax.numpy", np, helpers, math, {"max": max, "min": min}, symbolic=False)
    return {name: _quiet(function) for name, function in in_place(spec, module).items()}


def _quiet(function: Callable[..., Any]) -> Callable[..., Any]:
    def run(*given: Any, **named: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(*given, **named)

    return run


def _summed(
    summands: Callable[..., Sequence[Any]], arrays: Sequence[Any], scalars: Sequence[Any], hows: Sequence[str]
) -> tuple[float, ...]:
    found = summands(*(np.asarray(one, np.float64) for one in arrays), *scalars)
    wide = [np.broadcast_to(one, arrays[0].shape) for one in found]
    return tuple(
        float(np.linalg.norm(one) if how == "norm" else one.sum()) for how, one in zip(hows, wide, strict=True)
    )


runs: Sequence[Run] = (
    Run("jax functions", "the functions for JAX in {dtype} over NumPy arrays", over_numpy, interpreted=True),
)
