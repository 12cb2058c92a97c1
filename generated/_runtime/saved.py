"""The saved state of an optimizer: its step number, its hyperparameters, its arrays."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from .checks import Checks
from .given import saved_of, unreadable
from .group import Group
from .library import Library
from .number import to_number
from .pipeline import Stage, to_seed
from .tree import join

_FORMAT = 1
_OTHERS = "it is of other parameters or another pipeline"
_SEED = "seed"  # the one number of which every digit counts


class Saved(Library):
    """Saves and restores: says where each number and each array of an optimizer is kept."""

    _states: ClassVar[tuple[str, ...]] = ()
    _advance: ClassVar[Callable[..., tuple[float, ...]]]
    #: Whether `t` in the rule counts the steps of each parameter by itself, and its scalar states are kept for each.
    _own_t: ClassVar[bool] = False
    #: Whether a state starts from the parameter or from a hyperparameter.
    _starts_late: ClassVar[bool] = False

    #: The steps that each parameter has missed, in the order of the paths, and whether they count for anything.
    _missed: list[int]
    _counts_missed: bool
    #: Parameters whose states are still to start.
    _late: set[int]
    #: The hyperparameters with which the states of each group were made.
    _made_with: list[Mapping[str, float] | None]
    _keeps_master: bool
    _checks: Checks
    _groups: tuple[Group, ...]
    _pipeline: tuple[Stage, ...]
    _scalars: list[dict[str, float]]
    #: What is kept for each array, in the order of the paths: numbers, or arrays without dimensions.
    _own_numbers: list[dict[str, Any]]
    _state: dict[str, dict[str, Any]]
    _master: dict[str, Any]

    def state_dict(self) -> dict[str, Any]:
        """A copy of the step number, the hyperparameters and all states, as NumPy arrays.

        The keys are `Rule.t`, `Rule.lr`, `Rule.m.path.of.the.parameter`: flat, so that `numpy.savez`
        takes it as it is. Those of a group, `Rule.groups.0.lr`, are saved whether they are its own or not. A
        hyperparameter given as a callable is code and is not saved.
        """
        saved = {"format": self._saved(_FORMAT), "t": self._saved(self._t)}
        saved |= {
            key: self._saved(float(getattr(owner, name)))
            for key, (owner, name) in self._hyper_slots().items()
            if not callable(getattr(owner, name))
        }
        for key, (owner, name) in self._scalar_slots().items():
            saved[key] = self._saved(owner[name] if name == _SEED else float(owner[name]))
        saved |= {key: self._saved(array) for key, array in self._array_slots().items()}
        return {f"{self._rule}.{key}": value for key, value in saved.items()}

    def load_state_dict(self, saved: Mapping[str, Any]) -> None:
        """Continue from what `state_dict` returned: the next step is bit for bit what it would have been.

        Raises ValueError, and changes nothing, if `saved` is of another rule, of other parameters or of
        another pipeline. A hyperparameter that is a callable here stays what it is.
        """
        given = saved_of(self._rule, saved)
        rules = sorted({key.partition(".")[0] for key in given})
        if rules != [self._rule]:
            raise ValueError(
                f"the saved state is of {', '.join(rules) or 'nothing'}, this is {self._rule}; "
                "load it into an optimizer of its own rule"
            )
        given = {key.partition(".")[2]: value for key, value in given.items()}
        if (version := given.pop("format", None)) is None or _number("format", version) != _FORMAT:
            raise ValueError(f"the saved state has format {version}, this code reads format {_FORMAT}")
        arrays, scalars = self._array_slots(), self._scalar_slots()
        hyper = {key: _number(key, given.pop(key)) for key in self._hyper_slots() if key in given}
        given = self._counted(given)
        expected = {"t", *scalars, *arrays}
        if missing := sorted(expected - set(given)):
            raise ValueError(f"the saved state has no {missing[0]}; {_OTHERS}")
        if unknown := sorted(set(given) - expected, key=lambda key: (key.partition(".")[0] == "missed", key)):
            raise ValueError(f"the saved state has {unknown[0]}, which there is no place for here; {_OTHERS}")
        for key, array in arrays.items():
            new = given[key]
            if not (hasattr(new, "shape") and hasattr(new, "dtype")):
                raise ValueError(f"{key} was saved with type {type(new).__name__}, here it is an array")
            if reason := unreadable(new, array):
                raise ValueError(f"{key} was saved as {reason}")
            if new.shape != array.shape or new.dtype != array.dtype:
                raise ValueError(
                    f"{key} was saved with shape {new.shape} and dtype {new.dtype}, "
                    f"here it has {array.shape} and {array.dtype}; it is of other parameters"
                )
        t, numbers = _number("t", given["t"]), {key: _number(key, given[key]) for key in scalars}
        numbers |= {key: to_seed(key, given[key]) for key, (_, name) in scalars.items() if name == _SEED}
        for key, number in (("t", t), *((key, numbers[key]) for key in self._counts())):
            if not 0 <= number < math.inf or number % 1:
                raise ValueError(f"{key} was saved as {number}, it has to be a whole number of steps")
            if number > t and key.partition(".")[0] == "missed":
                raise ValueError(f"{key} was saved as {number}, there have been no more than {t} steps")
        owners = self._hyper_slots()
        for key, value in hyper.items():
            owner, name = owners[key]
            (self if isinstance(owner, Group) else owner)._check_hyper(name, value)
        for key, array in arrays.items():
            self._overwrite(array, given[key])
        self._loading = True  # with one hyperparameter of another state no step has to be possible
        for key, value in hyper.items():
            owner, name = owners[key]
            known = getattr(owner, name)
            # a group whose hyperparameter is that of the optimizer stays so as long as both are the same
            if not callable(known) and (known != value or not isinstance(owner, Group)):
                setattr(owner, name, value)
        self._loading = False
        for key, (owner, name) in scalars.items():
            owner[name] = numbers[key]
        self._t, self._missed = int(t), list(map(int, self._missed))
        for stage in self._pipeline:
            stage._untouched = False
        self._find_late()
        self._uneven = self._counts_missed

    @property
    def _paths(self) -> tuple[str, ...]:
        """The paths of the parameters, in order."""
        return self._checks.paths

    def _number(self, path: str) -> int:
        """The group to which the parameter at `path` belongs."""
        return int(path.partition(".")[0]) if self._grouped else 0

    def _find_late(self) -> None:
        """Which parameters are still to take their first step, in a state that has been restored."""
        raise NotImplementedError

    def _hyper_slots(self) -> dict[str, tuple[Any, str]]:
        """Where each hyperparameter is kept, by its key in the saved state."""
        slots: dict[str, tuple[Any, str]] = {name: (self, name) for name in self._domains}
        for number, group in enumerate(self._groups if self._grouped else ()):
            slots |= {f"groups.{number}.{name}": (group, name) for name in self._domains}
        for prefix, stage in self._stages_by_key():
            slots |= {f"{prefix}.{name}": (stage, name) for name in stage._domains}
        return slots

    def _scalar_slots(self) -> dict[str, tuple[Any, Any]]:
        slots: dict[str, tuple[Any, Any]] = {}
        for number, scalars in enumerate(self._scalars):
            if self._own_t:
                slots |= {join(name, self._paths[number]): (scalars, name) for name in scalars}
            else:
                slots |= {f"groups.{number}.{name}" if self._grouped else name: (scalars, name) for name in scalars}
        for number, numbers in enumerate(self._own_numbers):
            slots |= {join(name, self._paths[number]): (numbers, name) for name in numbers}
        if self._counts_missed:
            slots |= {join("missed", path): (self._missed, number) for number, path in enumerate(self._paths)}
        for prefix, stage in self._stages_by_key():
            slots |= {f"{prefix}.{name}": (kept, name) for kept in (stage._scalars, stage._fixed) for name in kept}
            slots |= {join(f"{prefix}.given", path): (stage._given, path) for path in stage._given}
        return slots

    def _counts(self) -> list[str]:
        """The keys of the steps that parameters have missed, and of whether they have a gradient in this cycle."""
        counts = [join("missed", path) for path in self._paths] if self._counts_missed else []
        return counts + [
            join(f"{prefix}.given", path) for prefix, stage in self._stages_by_key() for path in stage._given
        ]

    def _counted(self, given: dict[str, Any]) -> dict[str, Any]:
        """With the counts that were not saved once: no parameter missed a step, and in a cycle each had a gradient."""
        counts = self._counts()
        if not given.keys().isdisjoint(counts):
            return given
        given |= dict.fromkeys(counts, 0)
        for prefix, stage in self._stages_by_key():
            begun = any(_number(key, given.get(key, 0)) for key in (f"{prefix}.{name}" for name in stage._scalars))
            given |= {join(f"{prefix}.given", path): int(begun) for path in stage._given}
        return given

    def _array_slots(self) -> dict[str, Any]:
        slots = {join(name, path): a for path, state in self._state.items() for name, a in state.items()}
        slots |= {join("master", path): array for path, array in self._master.items()}
        for prefix, stage in self._stages_by_key():
            for path, state in stage._state.items():
                slots |= {join(f"{prefix}.{name}", path): array for name, array in state.items()}
        return slots

    def _stages_by_key(self) -> Iterator[tuple[str, Stage]]:
        return ((f"pipeline.{number}.{stage._rule}", stage) for number, stage in enumerate(self._pipeline))


def _number(key: str, saved: Any) -> float:
    """A number of a saved state, which may be an array without dimensions."""
    try:
        return float(to_number(key, saved, single=True))
    except (TypeError, OverflowError):
        raise ValueError(f"{key} was saved as {saved!r}, here it is a number") from None
