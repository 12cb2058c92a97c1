# generated from codegen/templates/keeping.py; do not edit
"""Keep copies of parameters: the best so far, and the last.

Works on any arrays that have `copy()` and can be written with `array[...] = other`: NumPy, CuPy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ._monitor import Monitor

__all__ = ["KeepBest"]


class KeepBest:
    """Copies of `params` from the report that `monitor` called an improvement, and from the last one.

    params is an array, a list or a nested dict of arrays; monitor has `improved`, such as `Best`,
    `EarlyStopping`, `ReduceOnPlateau`. Report through this class, and not to the monitor as well:

        keep = KeepBest(params, Best())
        for epoch in range(epochs):
            ...
            keep.step(validation_loss)
        keep.restore_best()

    It keeps two copies of the parameters at most.
    """

    def __init__(self, params: Any, monitor: Monitor) -> None:
        if "improved" not in monitor._states:
            raise ValueError(f"KeepBest: {type(monitor).__name__} does not say what an improvement is")
        self.params, self.monitor = params, monitor
        self._best: list[Any] | None = None
        self._last: list[Any] | None = None

    def step(self, metric: Any) -> float | bool:
        """Report `metric` of the parameters as they are; copy them if it is an improvement. Returns what is told."""
        told = self.monitor.step(metric)
        if self.monitor.improved:
            self._best = [array.copy() for array in _leaves(self.params)]
        self._last = None
        return told

    def restore_best(self) -> None:
        """Write the best parameters over the present ones, which `restore_last` brings back.

        Raises RuntimeError if nothing was an improvement yet.
        """
        if self._best is None:
            raise RuntimeError("KeepBest: no report was an improvement yet, so there is nothing to restore")
        if self._last is None:
            self._last = [array.copy() for array in _leaves(self.params)]
        self._write(self._best)

    def restore_last(self) -> None:
        """Undo `restore_best`; without it, nothing happens."""
        if self._last is not None:
            self._write(self._last)
            self._last = None

    def _write(self, saved: list[Any]) -> None:
        arrays = list(_leaves(self.params))
        if [a.shape for a in arrays] != [s.shape for s in saved]:
            raise ValueError("KeepBest: the parameters have other shapes than those that were kept")
        for array, values in zip(arrays, saved, strict=True):
            array[...] = values


def _leaves(params: Any) -> Iterator[Any]:
    """The arrays in `params`, in order."""
    if isinstance(params, Mapping):
        for value in params.values():
            yield from _leaves(value)
    elif isinstance(params, list | tuple):
        for value in params:
            yield from _leaves(value)
    else:
        yield params
