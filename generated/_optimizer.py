# generated from codegen/templates/_optimizer.py; do not edit
"""What all generated optimizers share: the structure of the parameters, the checks, the saved state.

The equations are in the modules beside this one. Nothing here depends on an array library.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

Schedule = Callable[[int], float]
Hyper = float | Schedule
Domain = tuple[str, Callable[[float], bool]]

_FORMAT = 1


class Optimizer:
    """Base class: holds the parameters, steps them in place, saves and restores the state.

    A subclass says which states there are, how they start and how one array is updated.
    """

    _states: ClassVar[tuple[str, ...]] = ()
    _domains: ClassVar[dict[str, Domain]] = {}
    _update: ClassVar[Callable[..., None]]
    _advance: ClassVar[Callable[..., tuple[float, ...]]]

    def __init__(self, params: Any, **hyper: Hyper) -> None:
        self._t = 0
        for name, value in hyper.items():
            setattr(self, name, value)
        self._params = params
        at_start = self._hyper_at(1)
        arrays = self._checked_params()
        if not arrays:
            raise ValueError(f"{self._rule}: there are no parameters; pass an array, a list or a dict of arrays")
        self._scalars = self._initial_scalars(at_start)
        self._state = {
            path: dict(zip(self._states, self._initial(w, at_start), strict=True)) for path, w in arrays.items()
        }

    # What a subclass or an array library provides.

    def _initial(self, w: Any, hyper: Mapping[str, float]) -> tuple[Any, ...]:
        """The states of one parameter before the first step."""
        raise NotImplementedError

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        """The states that are kept once for all parameters, before the first step."""
        return {}

    def _refusal(self, array: Any, *, written: bool) -> str | None:
        """Why `array` cannot be a parameter (or, if not `written`, a gradient), and the remedy."""
        raise NotImplementedError

    def _overlap(self, a: Any, b: Any) -> bool:
        raise NotImplementedError

    def _extent(self, array: Any) -> tuple[int, int]:
        """The addresses between which the elements of `array` lie."""
        raise NotImplementedError

    def _saved(self, value: Any) -> Any:
        """A copy of `value`, an array or a number, as a NumPy array on the host."""
        raise NotImplementedError

    def _overwrite(self, array: Any, saved: Any) -> None:
        """Write the NumPy array `saved` over `array`."""
        raise NotImplementedError

    # What users call.

    @property
    def t(self) -> int:
        """How many steps have been taken."""
        return self._t

    def step(self, grads: Any) -> None:
        """Take one step: update the parameters in place.

        `grads` has the structure of the parameters, each gradient the shape and dtype of its
        parameter. None in place of a gradient leaves that parameter and its state alone. Everything
        is checked before anything is written: after an error all is as it was.
        """
        t = self._t + 1
        hyper = self._hyper_at(t)
        params = self._checked_params()
        gradients = self._checked_gradients(grads, params)
        scalars = self._scalars
        if scalars:
            after = self._advance(*scalars.values(), t, **hyper)
            self._scalars = dict(zip(scalars, after, strict=True))
        self._t = t
        for path, g in gradients.items():
            self._update(params[path], g, *self._state[path].values(), *scalars.values(), t, **hyper)

    def state_dict(self) -> dict[str, Any]:
        """A copy of the step number, the hyperparameters and all states, as NumPy arrays.

        The keys are `Rule.t`, `Rule.lr`, `Rule.m.path.of.the.parameter`: flat, so that `numpy.savez`
        takes it as it is. A hyperparameter given as a callable is code and is not saved.
        """
        saved = {"format": self._saved(_FORMAT), "t": self._saved(self._t)}
        saved |= {name: self._saved(getattr(self, name)) for name in self._numbers()}
        saved |= {name: self._saved(value) for name, value in self._scalars.items()}
        for path, state in self._state.items():
            saved |= {_join(name, path): self._saved(array) for name, array in state.items()}
        return {f"{self._rule}.{key}": value for key, value in saved.items()}

    def load_state_dict(self, saved: Mapping[str, Any]) -> None:
        """Continue from what `state_dict` returned: the next step is bit for bit what it would have been.

        Raises ValueError, and changes nothing, if `saved` is of another rule or of other parameters.
        A hyperparameter that is a callable here stays what it is.
        """
        given = dict(saved)
        rules = sorted({key.partition(".")[0] for key in given})
        if rules != [self._rule]:
            raise ValueError(f"the saved state is of {', '.join(rules) or 'nothing'}, this is {self._rule}")
        given = {key.partition(".")[2]: value for key, value in given.items()}
        if (version := given.pop("format", None)) is None or int(version) != _FORMAT:
            raise ValueError(f"the saved state has format {version}, this code reads format {_FORMAT}")
        arrays = {_join(name, path): a for path, state in self._state.items() for name, a in state.items()}
        hyper = {name: float(given.pop(name)) for name in self._domains if name in given}
        expected = {"t", *self._scalars, *arrays}
        if missing := sorted(expected - set(given)):
            raise ValueError(f"the saved state has no {missing[0]}; it is of other parameters")
        if unknown := sorted(set(given) - expected):
            raise ValueError(f"the saved state has {unknown[0]}, which these parameters have no place for")
        t = int(given.pop("t"))
        scalars = {name: float(given.pop(name)) for name in self._scalars}
        for key, array in arrays.items():
            new = given[key]
            if new.shape != array.shape or new.dtype != array.dtype:
                raise ValueError(
                    f"{key} was saved with shape {new.shape} and dtype {new.dtype}, "
                    f"here it has {array.shape} and {array.dtype}"
                )
        for name, value in hyper.items():
            self._check_hyper(name, value)
        for key, array in arrays.items():
            self._overwrite(array, given[key])
        for name, value in hyper.items():
            if not callable(getattr(self, name)):
                setattr(self, name, value)
        self._t, self._scalars = t, scalars

    def __repr__(self) -> str:
        hyper = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._domains)
        return f"<{self._rule}({hyper}) after {self._t} steps>"

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self._domains:
            if not callable(value):
                value = self._check_hyper(name, value)
        elif not name.startswith("_"):
            close = difflib.get_close_matches(name, self._domains, n=1, cutoff=0.4)
            hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(self._domains)}"
            raise AttributeError(f"{self._rule} has no hyperparameter {name}; {hint}")
        super().__setattr__(name, value)

    # Inside.

    @property
    def _rule(self) -> str:
        return type(self).__name__

    def _check_hyper(self, name: str, value: Any) -> float:
        condition, holds = self._domains[name]
        try:
            number = float("a string is not a number" if isinstance(value, str) else value)
        except (TypeError, ValueError):
            raise TypeError(
                f"{self._rule}: {name} is {value!r}; it has to be a number or a callable of the step number t"
            ) from None
        if not math.isfinite(number) or not holds(number):
            raise ValueError(f"{self._rule}: {name} = {number!r} is not allowed; it needs {condition}")
        return number

    def _numbers(self) -> Iterator[str]:
        return (name for name in self._domains if not callable(getattr(self, name)))

    def _hyper_at(self, t: int) -> dict[str, float]:
        """The hyperparameters of step `t`."""
        values = {name: getattr(self, name) for name in self._domains}
        return {name: self._check_hyper(name, v(t)) if callable(v) else v for name, v in values.items()}

    def _checked_params(self) -> dict[str, Any]:
        arrays = self._flat(self._params, "parameter")
        for path, array in arrays.items():
            if reason := self._refusal(array, written=True):
                raise TypeError(f"{_called('parameter', path)} {reason}")
        if "_state" in self.__dict__:
            self._check_unchanged(arrays)
        self._check_overlap([(_called("parameter", path), array, True) for path, array in arrays.items()])
        return arrays

    def _check_unchanged(self, arrays: dict[str, Any]) -> None:
        """Parameters may be replaced by others of the same shape, but not added or taken away."""
        for path in arrays.keys() ^ self._state.keys():
            verb = "added" if path in arrays else "taken away"
            raise ValueError(f"{_called('parameter', path)} was {verb} after {self._rule} was made; make a new one")
        for path, array in arrays.items():
            for name, state in self._state[path].items():
                if state.shape != array.shape or state.dtype != array.dtype:
                    raise ValueError(
                        f"{_called('parameter', path)} now has shape {array.shape} and dtype {array.dtype}, "
                        f"its state {name} has {state.shape} and {state.dtype}; make a new {self._rule}"
                    )

    def _checked_gradients(self, grads: Any, params: dict[str, Any]) -> dict[str, Any]:
        gradients = self._flat(grads, "gradient")
        for path in params:
            if path not in gradients:
                raise ValueError(f"{_called('parameter', path)} has no gradient; pass None to leave it alone")
        for path in gradients:
            if path not in params:
                raise ValueError(f"{_called('gradient', path)} belongs to no parameter; there are {_listed(params)}")
        gradients = {path: g for path, g in gradients.items() if g is not None}
        for path, g in gradients.items():
            w = params[path]
            if reason := self._refusal(g, written=False):
                raise TypeError(f"{_called('gradient', path)} {reason}")
            if g.shape != w.shape:
                raise ValueError(f"{_called('gradient', path)} has shape {g.shape}, its parameter {w.shape}")
            if g.dtype != w.dtype:
                raise TypeError(
                    f"{_called('gradient', path)} is {g.dtype}, its parameter {w.dtype}; use g.astype({str(w.dtype)!r})"
                )
        used = [(_called("parameter", path), array, True) for path, array in params.items()]
        used += [(_called("gradient", path), array, False) for path, array in gradients.items()]
        self._check_overlap(used)
        return gradients

    def _check_overlap(self, arrays: Sequence[tuple[str, Any, bool]]) -> None:
        """Refuse an array that is written (the flag) and shares memory with another."""
        spans = sorted((*self._extent(array), number) for number, (_, array, _) in enumerate(arrays) if array.size)
        for position, (_, end, number) in enumerate(spans):
            name, array, written = arrays[number]
            for start, _, other_number in spans[position + 1 :]:
                if start >= end:
                    break
                other_name, other, other_written = arrays[other_number]
                if (written or other_written) and self._overlap(array, other):
                    raise ValueError(f"{other_name} and {name} share memory; pass a copy of one of them")

    def _flat(self, tree: Any, what: str) -> dict[str, Any]:
        """The leaves of nested dicts, lists and tuples by their path, such as `layer1.W`."""
        flat: dict[str, Any] = {}
        for path, leaf in _leaves(tree, ""):
            if path in flat:
                raise ValueError(f"{self._rule}: two {what}s have the path {path}; rename one of the keys")
            flat[path] = leaf
        return flat


def _leaves(tree: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from _leaves(value, _join(path, str(key)))
    elif isinstance(tree, list | tuple):
        for index, value in enumerate(tree):
            yield from _leaves(value, _join(path, str(index)))
    else:
        yield path, tree


def _join(first: str, second: str) -> str:
    return f"{first}.{second}" if first and second else first or second


def _called(what: str, path: str) -> str:
    return f"the {what} {path}" if path else f"the {what}"


def _listed(paths: Mapping[str, Any]) -> str:
    return ", ".join(path or "a single array" for path in paths)
