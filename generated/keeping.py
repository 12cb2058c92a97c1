"""Keep copies of parameters: the best so far, and the last.

Works on any arrays that have `copy()` and can be written with `array[...] = other`: NumPy, CuPy.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Self

from ._runtime.given import foreign, instead, plain, saved_of, settled, whole
from ._runtime.monitor import Monitor
from ._runtime.tree import join, leaves

__all__ = ["KeepBest"]

_KINDS = ("best", "last")


class KeepBest:
    """Copies of `params` from the report that `monitor` called an improvement, and from the last one.

    params is an array, a list or a nested dict of arrays; monitor has `improved`, such as `Best`,
    `EarlyStopping`, `ReduceOnPlateau`. Report through this class, and not to the monitor as well:

        keep = KeepBest(params, Best())
        for epoch in range(epochs):
            ...
            keep.step(validation_loss)
        keep.restore_best()

    It keeps two copies of the parameters at most. `best_at` and `last_at` are the numbers of the reports that they are
    of, from 1; 0 if there is none.

    Raises ValueError if the monitor does not say what an improvement is, TypeError if it is no monitor, or if
    something in `params` is no array.
    """

    def __init__(self, params: Any, monitor: Monitor) -> None:
        if not isinstance(monitor, Monitor):
            what = monitor.__name__ if isinstance(monitor, type) else type(monitor).__name__
            raise TypeError(f"KeepBest: the monitor is {what}; give an object of a monitor's class, such as Best()")
        if "improved" not in monitor._states:
            raise ValueError(
                f"KeepBest: {type(monitor).__name__} does not say what an improvement is; take a monitor that has "
                "`improved`, such as Best"
            )
        self.params, self.monitor = settled(params), monitor
        self.best_at = self.last_at = 0
        self._kept: dict[str, dict[str, Any]] = {kind: {} for kind in _KINDS}
        self._held = False  # whether `last` is to stay as it is until the next report
        if reason := whole(self.params, "parameters", "KeepBest", rate=False):
            raise TypeError(f"KeepBest: {reason}")
        if not self._arrays():
            raise ValueError("KeepBest: there are no parameters; pass an array, a list or a dict of arrays")

    def step(self, *metrics: Any) -> float | bool:
        """Report the metric of the parameters as they are, and copy them. Returns what the monitor tells.

        Takes what the monitor's `step` takes. Raises what it raises, and then nothing has changed.
        """
        arrays = self._arrays()
        told = self.monitor.step(*metrics)
        self._keep_last(arrays)
        if self.monitor._kept["improved"]:
            self.best_at, self._kept["best"] = self.last_at, self._kept["last"]
        self._held = False
        return told

    def restore_best(self) -> None:
        """Write the best parameters over the present ones, which `restore_last` brings back.

        Raises RuntimeError if nothing was an improvement yet; ValueError, and changes nothing, if the
        parameters are not those that were kept.
        """
        if not self.best_at:
            raise RuntimeError("KeepBest: no report was an improvement yet, so there is nothing to restore")
        arrays = self._fitting("best")
        if not self._held:
            self._keep_last(arrays)
        self._write("best", arrays)
        self._held = True

    def restore_last(self) -> None:
        """Write the last parameters over the present ones: those of the last report, or what `restore_best` replaced.

        Without a report nothing happens. Raises ValueError, and changes nothing, if the parameters are not
        those that were kept.
        """
        if self.last_at:
            self._write("last", self._fitting("last"))
            self._held = False

    def state_dict(self) -> dict[str, Any]:
        """Copies of all that is kept, as NumPy arrays and numbers, under flat names that `numpy.savez` takes.

        `KeepBest.best_at`, `KeepBest.best.path.of.the.parameter`, what the monitor saves, and so on.
        """
        saved: dict[str, Any] = {"best_at": self.best_at, "last_at": self.last_at, **self.monitor.state_dict()}
        for kind, kept in self._kept.items():
            saved |= {join(kind, path): _numpy(array) for path, array in kept.items()}
        return {f"KeepBest.{key}": value for key, value in saved.items()}

    def load_state_dict(self, saved: Mapping[str, Any]) -> None:
        """Continue from what `state_dict` returned, in another process: the next reports are answered the same.

        The parameters stay what they are; `restore_last` or `restore_best` writes over them. Raises ValueError or
        TypeError, and changes nothing, if `saved` is of other parameters or of another monitor.
        """
        saved = saved_of("KeepBest", saved)
        given = {key.removeprefix("KeepBest."): value for key, value in saved.items()}
        if not all(key.startswith("KeepBest.") for key in saved):
            raise ValueError("KeepBest: the saved state is of something else; load what KeepBest.state_dict() returned")
        at = {kind: _count(f"{kind}_at", given.pop(f"{kind}_at", None)) for kind in _KINDS}
        arrays = self._arrays()
        kept: dict[str, dict[str, Any]] = {kind: {} for kind in _KINDS}
        for kind in _KINDS:
            for path, array in arrays.items() if at[kind] else ():
                kept[kind][path] = _like(array, given.pop(join(kind, path), None), f"{kind} {path}".rstrip())
        rest = [key for key in given if key.partition(".")[0] in _KINDS]
        if rest:
            raise ValueError(f"KeepBest: the saved state has {rest[0]}, which there is no parameter for here")
        if at["best"] > at["last"]:
            raise ValueError(f"KeepBest: best_at = {at['best']} is saved with last_at = {at['last']}, which is earlier")
        self.monitor.load_state_dict(given)
        self.best_at, self.last_at, self._kept, self._held = at["best"], at["last"], kept, True

    def __copy__(self) -> Self:
        """A copy that keeps the same parameters, with a monitor and copies of its own."""
        return deepcopy(self, {id(one): one for one in (self.params, *self._arrays().values())})

    def _arrays(self) -> dict[str, Any]:
        """The parameters as they are now, by their paths."""
        arrays: dict[str, Any] = {}
        for path, array in leaves(self.params):
            if path in arrays:
                raise ValueError(f"KeepBest: two parameters are called {path}; rename one of their keys")
            arrays[path] = array
            where = f"the parameter {path}" if path else "the parameter"
            library, remedy, _ = foreign(array) or ("NumPy", "", "")
            if library not in ("NumPy", "CuPy"):
                raise TypeError(f"KeepBest: {where} is an array of {library}; {remedy.format(make='np.asarray')}")
            like = all(hasattr(array, name) for name in ("shape", "dtype", "copy", "__setitem__"))
            if not like or isinstance(array, type):
                raise TypeError(f"KeepBest: {where} {instead(array, 'np.asarray', written=True)}")
            if hasattr(array, "mask"):
                raise TypeError(f"KeepBest: {where} {plain(array, 'np.asarray', written=True)}")
        return arrays

    def _keep_last(self, arrays: Mapping[str, Any]) -> None:
        self._kept["last"] = {path: array.copy() for path, array in arrays.items()}
        self.last_at = self.monitor.t

    def _fitting(self, kind: str) -> dict[str, Any]:
        """The parameters, which have to be those that were kept."""
        arrays, kept = self._arrays(), self._kept[kind]
        if odd := sorted(set(arrays) ^ set(kept)):
            fact = "there is no such parameter any more" if odd[0] in kept else "it was not there at that report"
            raise ValueError(f"KeepBest: {odd[0] or 'the parameter'} cannot be restored, {fact}; report it first")
        for path, array in arrays.items():
            if (array.shape, array.dtype) != (kept[path].shape, kept[path].dtype):
                raise ValueError(
                    f"KeepBest: {path or 'the parameter'} has shape {array.shape} and dtype {array.dtype}, it was "
                    f"kept with {kept[path].shape} and {kept[path].dtype}; restore into an array like that"
                )
            if not getattr(getattr(array, "flags", None), "writeable", True):
                raise ValueError(f"KeepBest: {path or 'the parameter'} is read-only; restore into an array of its own")
        return arrays

    def _write(self, kind: str, arrays: Mapping[str, Any]) -> None:
        for path, array in arrays.items():
            array[...] = self._kept[kind][path]


def _numpy(array: Any) -> Any:
    """A copy as a NumPy array."""
    return array.get() if hasattr(array, "get") else array.copy()


def _like(array: Any, saved: Any, what: str) -> Any:
    """`saved`, which has to fit `array`, as an array of the same library."""
    if saved is None:
        raise ValueError(f"KeepBest: the saved state has no {what}; it is of other parameters")
    found = (getattr(saved, "shape", None), getattr(saved, "dtype", None))
    if found != (array.shape, array.dtype):
        raise ValueError(
            f"KeepBest: {what} was saved with shape {found[0]} and dtype {found[1]}, here the parameter has "
            f"{array.shape} and {array.dtype}"
        )
    if not hasattr(array, "set"):
        return saved.copy()
    copy = type(array)(array.shape, dtype=array.dtype)  # of CuPy, which does not take NumPy's arrays
    copy.set(saved)
    return copy


def _count(name: str, saved: Any) -> int:
    """The number of a report in a saved state, which may be an array without dimensions."""
    try:
        number = float(saved)
    except (TypeError, ValueError):
        raise ValueError(f"KeepBest: {name} was saved as {saved!r}, it has to be the number of a report") from None
    if not (number >= 0 and number % 1 == 0):
        raise ValueError(f"KeepBest: {name} was saved as {number}, it has to be the number of a report")
    return int(number)
