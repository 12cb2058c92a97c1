"""What the layers of every backend share: parameters, running statistics, hyperparameters, state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any, ClassVar, Self

import numpy as np

from .given import plain, saved_of
from .hints import Hinted
from .number import as_float, fits, to_number, whole

__all__ = ["DTYPES", "Layer", "check_batch"]

DTYPES = (np.dtype(np.float32), np.dtype(np.float64))


def check_batch(x: Any, axis: int, channels: tuple[Any, ...], array: type[Any], make: str) -> int:
    """The axis of the channels, counted from 0. Raises what says why `x` and values per channel do not fit."""
    for value in (x, *channels):
        if not isinstance(value, array):
            raise TypeError(f"a value of type {type(value).__name__} is no array; make it one with {make}")
        if type(value) is not array and type(value) is not np.memmap:
            raise TypeError(f"a value {plain(value, make, written=False)}")
        if value.dtype not in DTYPES:
            raise TypeError(f"the dtype {value.dtype} cannot be normalised; use float32 or float64")
        if value.dtype != x.dtype:
            raise TypeError(f"the batch has dtype {x.dtype}, a value per channel {value.dtype}; use one dtype for both")
    if x.ndim < 2:
        raise ValueError(f"the batch has shape {x.shape}; it needs an axis of samples and one of channels")
    if not -x.ndim <= axis < x.ndim:
        raise ValueError(
            f"axis = {axis} is not an axis of a batch of shape {x.shape}; those are {-x.ndim} to {x.ndim - 1}"
        )
    for value in channels:
        if value.shape != (x.shape[axis],):
            raise ValueError(
                f"a batch of shape {x.shape} has {x.shape[axis]} channels on axis {axis}, but there are values "
                f"per channel of shape {value.shape}; name the axis of the channels, or make values for that many"
            )
    counted: int = axis % x.ndim
    return counted


def _dtype_of(rule: str, dtype: Any) -> Any:
    try:
        found = np.dtype("V" if dtype is None else dtype)  # None would be float64
    except (TypeError, ValueError):
        found = np.dtype("V")
    if found not in DTYPES:
        shown = repr(dtype) if found.kind == "V" else found
        raise TypeError(f"{rule}: dtype {shown} cannot be normalised; use float32 or float64")
    return found


def _several(result: Any) -> tuple[Any, ...]:
    return result if isinstance(result, tuple) else (result,)


class Layer(Hinted):
    """Base of all layers. A subclass says what it keeps for each channel and how it computes."""

    _what: ClassVar[str] = "layer"
    _parameters: ClassVar[dict[str, float]] = {}
    _states: ClassVar[dict[str, float]] = {}
    _saved: ClassVar[tuple[str, ...]] = ()
    _kept: ClassVar[tuple[str, ...]] = ()
    _domains: ClassVar[dict[str, tuple[str, Callable[[float], bool]]]] = {}

    def __init__(self, channels: int, axis: int, dtype: Any, **hyper: float) -> None:
        rule = type(self).__name__
        channels = whole(f"{rule}: channels", channels, "an integer channels >= 1", 1)
        axis = whole(f"{rule}: axis", axis, "an integer")
        self.channels, self.axis, self.dtype = channels, axis, _dtype_of(rule, dtype)
        for name, value in hyper.items():
            setattr(self, name, value)
        for name, value in {**self._parameters, **self._states}.items():
            setattr(self, name, self._full(value))
        for name in self._parameters:
            setattr(self, f"d{name}", self._full(0.0))
        self._shape: tuple[int, ...] | None = None
        self._pending: tuple[Any, ...] = ()

    def forward(self, x: Any, training: bool = True) -> Any:
        """The output for the batch `x`, a new array of its shape and dtype; `x` is only read.

        In training the moments are those of the batch, and the running statistics are updated; otherwise
        the running statistics are used. Raises TypeError or ValueError, and changes nothing, if `x` is not
        such an array.
        """
        if not training:
            return self._infer(x)
        y, *rest = _several(self._train(x))
        saved, states = rest[: len(self._saved)], rest[len(self._saved) :]
        for name, value in zip(self._states, states, strict=True):
            self._overwrite(getattr(self, name), value)
        # a copy, because an optimizer may step the parameters before the backward pass
        self._shape = y.shape
        self._pending = (*saved, *(getattr(self, name).copy() for name in self._kept))
        return y

    def backward(self, dy: Any) -> Any:
        """The gradient of a loss by the last `x` of training, given that by its output, `dy`.

        The gradients by the parameters are written into `dgamma` and so on, in place. Raises RuntimeError
        without a forward pass in training before it; TypeError or ValueError if `dy` is not an array like
        the output. Then nothing has changed.
        """
        if self._shape is None:
            raise RuntimeError(f"{type(self).__name__}: backward needs a forward(x) in training before it")
        if getattr(dy, "shape", self._shape) != self._shape:
            raise ValueError(f"the gradient has shape {dy.shape}, the batch {self._shape}")
        dx, *gradients = _several(self._derive(dy, *self._pending))
        for name, value in zip(self._parameters, gradients, strict=True):
            self._overwrite(getattr(self, f"d{name}"), value)
        self._shape, self._pending = None, ()
        return dx

    def state_dict(self) -> dict[str, Any]:
        """Copies of parameters and running statistics by name, NumPy arrays of shape (C,)."""
        return {name: self._saved_copy(getattr(self, name)) for name in (*self._parameters, *self._states)}

    def load_state_dict(self, saved: Mapping[str, Any]) -> None:
        """Take over what `state_dict` returned. Raises ValueError, and changes nothing, if it does not fit."""
        rule, names = type(self).__name__, (*self._parameters, *self._states)
        saved = saved_of(rule, saved)
        if set(saved) != set(names):
            raise ValueError(f"{rule}: the saved state has {', '.join(sorted(saved))}; it needs {', '.join(names)}")
        if masked := [name for name in names if hasattr(saved[name], "mask")]:
            raise ValueError(f"{rule}: the saved {masked[0]} is a masked array; it needs numbers, such as .filled(0)")
        found = {name: np.asarray(saved[name]) for name in names}
        for name, value in found.items():
            if value.shape != (self.channels,) or value.dtype != self.dtype:
                raise ValueError(
                    f"{rule}: the saved {name} has shape {value.shape} and dtype {value.dtype}; it needs "
                    f"shape ({self.channels},) and dtype {self.dtype}"
                )
        for name, value in found.items():
            self._overwrite(getattr(self, name), value)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self._domains:
            condition, holds = self._domains[name]
            rule = type(self).__name__
            number = to_number(f"{rule}: {name}", value)
            if not fits(number) or not holds(number):
                raise ValueError(f"{rule}: {name} = {as_float(number)!r} is not allowed; it needs {condition}")
            value = int(number) if condition.startswith("integer ") else float(number)
        super().__setattr__(name, value)

    def __copy__(self) -> Self:
        return deepcopy(self)  # what is written in place, parameters and running statistics, is its own

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in ("axis", *self._domains))
        return f"{type(self).__name__}({self.channels}, {values}, dtype={self.dtype.name!r})"

    def _train(self, x: Any) -> Any:
        raise NotImplementedError

    def _infer(self, x: Any) -> Any:
        raise NotImplementedError

    def _derive(self, *given: Any) -> Any:
        raise NotImplementedError

    def _full(self, value: float) -> Any:
        raise NotImplementedError

    def _overwrite(self, array: Any, value: Any) -> None:
        raise NotImplementedError

    def _saved_copy(self, array: Any) -> Any:
        raise NotImplementedError
