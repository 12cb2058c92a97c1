"""The fastest backend for the arrays that an optimizer is given.

from stepsmith import auto

opt = auto.Adam(params)  # CuPy arrays: stepsmith.cupy; NumPy arrays: stepsmith.numba if Numba is there
backend = auto.backend(params)  # the module itself, which has the stages, too
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ._runtime.given import settled
from ._runtime.optimizer import Group

if TYPE_CHECKING:
    from .numpy import *  # the same names and arguments in each backend

__all__ = ["backend"]


def backend(params: Any) -> Any:
    """The module for `params`: an array, a list or a nested dict of arrays, or a list of Groups.

    `numba` and `numpy` take each other's stages and states; those of `cupy` are its own.
    """
    kinds = {type(leaf).__module__.partition(".")[0] for leaf in _leaves(params)}
    if "cupy" in kinds:
        return _module("cupy")
    return (find_spec("numba") and _module("numba")) or _module("numpy")


def _module(name: str) -> Any:
    """The package `name` beside this module; None if it was not generated."""
    full = f"{__package__}.{name}"
    return import_module(full) if find_spec(full) else None


def _leaves(params: Any) -> list[Any]:
    if isinstance(params, Group):
        params = params._params
    if isinstance(params, Mapping):
        params = list(params.values())
    return [leaf for entry in params for leaf in _leaves(entry)] if isinstance(params, list | tuple) else [params]


def _made(name: str, params: Any, **keywords: Any) -> Any:
    params = settled(params)
    return getattr(backend(params), name)(params, **keywords)


if not TYPE_CHECKING:  # which would take any name for known

    def __getattr__(name: str) -> Callable[..., Any]:
        if name.startswith("_") or not name[0].isupper():
            raise AttributeError(f"module {__name__} has no {name}; it has the classes of optimizers, and backend")
        return partial(_made, name)
