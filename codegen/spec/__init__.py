"""The language of a spec. What a spec imports is here."""

from typing import Any

from sympy import Piecewise, oo, pi

from . import functions
from .rules import AnyRule, Layer, Monitor, Optimizer, Schedule, Stage, Step, by_name, settings
from .symbols import (
    Array,
    Channel,
    Flag,
    Hyper,
    Input,
    Location,
    New,
    PerArray,
    Scalar,
    Signal,
    Supplied,
    arrays,
    channels,
    given,
    global_mean,
    global_norm,
    global_size,
    hyper,
    inputs,
    mean,
    new,
    norm,
    per_array,
    scalars,
    signals,
    size,
    where,
)

__all__ = [  # noqa: PLE0604 - those of the table are strings, too
    "AnyRule",
    "Array",
    "Channel",
    "Flag",
    "Hyper",
    "Input",
    "Layer",
    "Location",
    "Monitor",
    "New",
    "Optimizer",
    "PerArray",
    "Piecewise",
    "Scalar",
    "Schedule",
    "Signal",
    "Stage",
    "Step",
    "Supplied",
    "arrays",
    "by_name",
    "channels",
    "given",
    "global_mean",
    "global_norm",
    "global_size",
    "hyper",
    "inputs",
    "mean",
    "new",
    "norm",
    "oo",
    "per_array",
    "pi",
    "scalars",
    "settings",
    "signals",
    "size",
    "where",
    *functions.specs(),
]


def __getattr__(name: str) -> Any:
    """A function of the table, by the name that a spec writes."""
    found = {row.spec: row.written for row in functions.TABLE.values()}
    if name not in found:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return found[name]
