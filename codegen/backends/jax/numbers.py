"""Rules run over numbers, by NumPy in place of JAX, which is not needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ...execution.modules import runtime
from ...load import LayerSpec, Spec
from ...spec.host import STAND_INS
from .. import Run
from ..functional import over_numpy


def functions(spec: Spec | LayerSpec, out: Path) -> Mapping[str, Callable[..., Any]]:
    """The functions of a file with NumPy in place of JAX."""
    scalars = runtime("scalars")
    helpers = {name: getattr(scalars, name) for name in STAND_INS}
    return over_numpy(spec, out / "jax", "jax.numpy", {**helpers, "GradientTransformation": Any})


runs: Sequence[Run] = (
    Run("jax functions", "the functions for JAX in {dtype} over NumPy arrays", functions, interpreted=True),
)
