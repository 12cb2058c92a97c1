"""Rules run over numbers: by NumPy in place of JAX, and as JAX compiles them, where it is there."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from ...execution.imports import same_package
from ...execution.modules import runtime
from ...load import LayerSpec, Spec
from ...spec.host import STAND_INS
from ...spec.rules import settings
from .. import Run
from ..functional import ELEMENTS, SCALARS, SUMS, in_place, over_numpy
from .rules import moves


def functions(spec: Spec | LayerSpec, out: Path) -> Mapping[str, Callable[..., Any]]:
    """The functions of a file with NumPy in place of JAX."""
    scalars = runtime("scalars")
    helpers = {name: getattr(scalars, name) for name in STAND_INS}
    found = over_numpy(spec, out / "jax", "jax.numpy", {**helpers, "GradientTransformation": Any})
    return {name: _given_arrays(function) for name, function in found.items()}


def _given_arrays(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, to which numbers before and at a step come as what divides by 0 as arrays do."""

    def run(*given: Any, **numbers: float) -> Any:
        return function(*(np.float64(one) if isinstance(one, int | float) else one for one in given), **numbers)

    return run


def compiled(spec: Spec | LayerSpec, out: Path) -> Mapping[str, Callable[..., Any]]:
    """The functions of a file, each compiled, with doubles in which the numbers of a step are formed."""
    assert isinstance(spec, Spec)  # there are no layers here
    import jax

    module = dict(vars(importlib.import_module(f"{same_package(out)}.jax.{spec.family}")))
    fixed = [hyper.name for hyper in settings(spec.optimizer)]
    for what in (SCALARS, ELEMENTS, SUMS):
        name = f"{spec.key}_{what}"
        if name in module:
            module[name] = _over_arrays(jax.jit(module[name], static_argnames=() if what == ELEMENTS else fixed))
    return in_place(spec, module, moves)


def _over_arrays(function: Callable[..., Sequence[Any]]) -> Callable[..., tuple[np.ndarray, ...]]:
    """The function over NumPy arrays and numbers."""

    def run(*given: Any, **numbers: float) -> tuple[np.ndarray, ...]:
        import jax

        with jax.enable_x64(True):
            return tuple(map(np.asarray, function(*given, **numbers)))

    return run


def _missing() -> str:
    return "" if find_spec("jax") else "JAX is not installed; pip install 'stepsmith[jax]'"


runs: Sequence[Run] = (
    Run("jax functions", "the functions for JAX in {dtype} over NumPy arrays", functions, interpreted=True),
    Run(
        "jax", "the functions for JAX in {dtype}, compiled", compiled, ("float32",), interpreted=True, missing=_missing
    ),
)
