"""Rules run over numbers: by NumPy in place of torch, and by torch, where it is there."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from ...execution.imports import same_package
from ...load import LayerSpec, Spec
from .. import Run
from ..functional import ELEMENTS, SUMS, in_place, over_numpy


def without_torch(spec: Spec | LayerSpec, out: Path) -> Mapping[str, Callable[..., Any]]:
    """The functions of a file with NumPy in place of torch."""
    helpers = {"nan_max": np.maximum, "nan_min": np.minimum, "sign_of": np.sign}
    return over_numpy(spec, out / "torch", "torch", {**helpers, "scalar_like": lambda value, w: value})


def with_torch(spec: Spec | LayerSpec, out: Path) -> Mapping[str, Callable[..., Any]]:
    """The functions of a file, over the memory of NumPy arrays."""
    assert isinstance(spec, Spec)  # there are no layers here
    module = vars(importlib.import_module(f"{same_package(out)}.torch.{spec.family}"))
    named = {name: module[name] for what in (ELEMENTS, SUMS) if (name := f"{spec.key}_{what}") in module}
    return in_place(spec, {**module, **{name: partial(_over_arrays, function) for name, function in named.items()}})


def _over_arrays(function: Callable[..., Sequence[Any]], *given: Any, **numbers: float) -> tuple[np.ndarray, ...]:
    import torch

    tensors = (torch.as_tensor(one) if isinstance(one, np.ndarray | np.generic) else one for one in given)
    return tuple(map(np.array, function(*tensors, **numbers)))  # what is handed on shares memory


def _missing() -> str:
    return "" if find_spec("torch") else "torch is not installed; pip install 'stepsmith[torch]'"


runs: Sequence[Run] = (
    Run("torch functions", "the functions for torch in {dtype} over NumPy arrays", without_torch, interpreted=True),
    Run("torch", "the functions for torch in {dtype}, eagerly", with_torch, interpreted=True, missing=_missing),
)
