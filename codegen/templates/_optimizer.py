"""What all generated optimizers share: the structure of the parameters, the checks, the saved state.

The equations are in the modules beside this one. Nothing here depends on an array library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from ._hyper import Hyper, Hyperparameters, Schedule
from ._pipeline import Bound, Stage

__all__ = ["Bound", "Group", "Hyper", "Optimizer", "Schedule", "Stage"]

_FORMAT = 1


class Group(Hyperparameters):
    """Parameters with hyperparameters of their own.

    `Adam([Group(weights, lr=1e-3), Group(biases, lr=1e-2)], beta1=0.8)`: what a group does not name is
    that of the optimizer. The gradients are then a list, too. `opt.groups[0].lr = 1e-4` changes it later.
    """

    def __init__(self, params: Any, **hyper: Hyper) -> None:
        self._params = params
        self._optimizer: Optimizer | None = None
        self._own = dict(hyper)

    def _join(self, optimizer: Optimizer) -> None:
        if self._optimizer is not None:
            raise ValueError(f"this group belongs to another {self._optimizer._rule}; make a new one")
        for name, value in self._own.items():
            optimizer._check_name(name)
            if not callable(value):
                self._own[name] = optimizer._check_hyper(name, value)
        self._optimizer = optimizer

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._own[name] if name in self._own else getattr(self._optimizer, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            object.__setattr__(self, name, value)
            return
        if self._optimizer is not None:
            self._optimizer._check_name(name)
            value = value if callable(value) else self._optimizer._check_hyper(name, value)
        self._own[name] = value

    def _compute_in_float32(self) -> None:
        assert self._optimizer is not None  # groups whose parameters are known belong to an optimizer
        for name, value in self._own.items():
            if not callable(value):
                self._optimizer._check_float32(name, value)

    def _hyper_at(self, t: int) -> dict[str, float]:
        assert self._optimizer is not None  # groups that take a step belong to an optimizer
        check = self._optimizer._check_hyper
        own = {n: check(n, value(t), fixed=False) if callable(value) else value for n, value in self._own.items()}
        return {**self._optimizer._hyper_at(t), **own}


class Optimizer(Hyperparameters):
    """Base class: holds the parameters, steps them in place, saves and restores the state.

    A subclass says which states there are, how they start and how one array is updated.
    """

    _states: ClassVar[tuple[str, ...]] = ()
    _update: ClassVar[Callable[..., None]]
    _advance: ClassVar[Callable[..., tuple[float, ...]]]

    def __init__(
        self, params: Any, *, pipeline: Sequence[Stage] = (), master_weights: bool = False, **hyper: Hyper
    ) -> None:
        self._t = 0
        for name, value in hyper.items():
            setattr(self, name, value)
        listed = isinstance(params, list | tuple) and any(isinstance(entry, Group) for entry in params)
        if listed and not all(isinstance(entry, Group) for entry in params):
            raise TypeError(f"{self._rule}: some parameters are in a Group and some are not; put all into groups")
        self._grouped = listed
        self._groups = tuple(params) if listed else (Group(params),)
        for group in self._groups:
            group._join(self)
        self._params = [group._params for group in self._groups] if listed else params
        at_start = [group._hyper_at(1) for group in self._groups]
        arrays = self._checked_params()
        if not arrays:
            raise ValueError(f"{self._rule}: there are no parameters; pass an array, a list or a dict of arrays")
        self._scalars = [self._initial_scalars(hyper) for hyper in at_start]
        self._pipeline = tuple(pipeline)
        for stage in self._pipeline:
            if not isinstance(stage, Stage):
                raise TypeError(f"{self._rule}: {stage!r} is no stage of a pipeline; {_STAGES}")
        wide = {path: self._wide(w) for path, w in arrays.items()}
        if any(self._in_float32(w) for w in arrays.values()):
            self._compute_in_float32()
            for group in self._groups:
                group._compute_in_float32()
            for stage in self._pipeline:
                stage._compute_in_float32()
        for stage in self._pipeline:
            stage._join(self._rule, wide, has_lr="lr" in self._domains)
        self._state = {
            path: dict(zip(self._states, self._initial(w, at_start[self._number(path)]), strict=True))
            for path, w in wide.items()
        }
        # where parameters are stored in less than they are computed in, what rounding takes away can be kept
        narrow = (path for path, w in arrays.items() if master_weights and wide[path].dtype != w.dtype)
        self._master = {path: self._wide(arrays[path]) for path in narrow}

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

    def _wide(self, array: Any) -> Any:
        """`array` in the dtype in which it is computed, and in which its states are kept; not always a copy."""
        raise NotImplementedError

    def _round_into(self, array: Any, wide: Any) -> None:
        """Write `wide` over `array`, rounded to its dtype."""
        raise NotImplementedError

    def _in_float32(self, array: Any) -> bool:
        """Whether `array` is computed in float32."""
        raise NotImplementedError

    def _apart(self, g: Any, w: Any) -> str | None:
        """Why a gradient and its parameter cannot meet, and the remedy."""
        return None

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

    def _reduce(self, stage: Stage, w: Any, g: Any, before: Sequence[Bound]) -> tuple[Any, ...]:
        """What `stage` wants to know about a whole gradient, as the stages `before` it leave it."""
        raise NotImplementedError

    def _combine(self, how: str, parts: Sequence[Any]) -> Any:
        """The sum or the largest of numbers, or of arrays without dimensions."""
        raise NotImplementedError

    def _keep(self, w: Any, g: Any, stages: Sequence[Bound]) -> None:
        """Run the stages of a step that ends early: those before the rule change their states alone."""
        raise NotImplementedError

    def _noise(self, w: Any, seed: tuple[int, ...]) -> Any:
        """Standard normal numbers in the shape and dtype of `w`, the same for the same seed."""
        raise NotImplementedError

    # What users call.

    @property
    def t(self) -> int:
        """How many steps have been taken."""
        return self._t

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups of parameters; one without hyperparameters of its own if none were given."""
        return self._groups

    @property
    def pipeline(self) -> tuple[Stage, ...]:
        """The stages around the rule, in the order in which they run."""
        return self._pipeline

    def step(self, grads: Any) -> None:
        """Take one step: update the parameters in place.

        `grads` has the structure of the parameters, each gradient the shape and dtype of its
        parameter. None in place of a gradient leaves that parameter and its state alone. Everything
        is checked before anything is written: after an error all is as it was.

        A stage of the pipeline may end the step early (gradients that are still being accumulated, a
        loss scale that was too large): then neither the parameters nor `t` change.
        """
        t = self._t + 1
        hyper = [group._hyper_at(t) for group in self._groups]
        params = self._checked_params()
        gradients = self._checked_gradients(grads, params)
        bound, went_through = self._bound(t, hyper, params, gradients)
        if not went_through:
            for path, stages in bound.items():
                if any(one.states for one in stages):
                    self._keep(params[path], gradients[path], stages)
            return
        scalars = self._scalars
        if scalars[0]:
            after = [self._advance(*s.values(), t, **h) for s, h in zip(scalars, hyper, strict=True)]
            self._scalars = [dict(zip(s, new, strict=True)) for s, new in zip(scalars, after, strict=True)]
        self._t = t
        for path, g in gradients.items():
            number = self._number(path)
            states = (*self._state[path].values(), *scalars[number].values())
            w = self._master.get(path)
            if w is None:
                self._update(params[path], g, *states, t, **hyper[number], stages=bound[path])
            else:
                self._update(w, self._wide(g), *states, t, **hyper[number], stages=bound[path])
                self._round_into(params[path], w)

    def _bound(
        self, t: int, hyper: Sequence[Mapping[str, float]], params: Mapping[str, Any], gradients: Mapping[str, Any]
    ) -> tuple[dict[str, list[Bound]], bool]:
        """The stages of this step for each parameter, and whether none of them ends it."""
        own = [stage._hyper_at(t) for stage in self._pipeline]
        bound: dict[str, list[Bound]] = {path: [] for path in gradients}
        advanced: list[tuple[Stage, dict[str, float]]] = []
        halts = False
        for number, (stage, values) in enumerate(zip(self._pipeline, own, strict=True)):
            if halts and not stage._always:
                continue
            paths = [path for path in gradients if path in stage._paths]
            reduced = {path: self._reduce(stage, params[path], gradients[path], bound[path]) for path in paths}
            everywhere = [
                self._combine(how, [parts[k] for parts in reduced.values()]) if overall and reduced else 0.0
                for k, (_, how, overall) in enumerate(stage._reductions)
            ]
            known = {**values, **stage._scalars, "t": t}
            for path in paths:
                found = {
                    name: everywhere[k] if overall else reduced[path][k]
                    for k, (name, _, overall) in enumerate(stage._reductions)
                }
                lr = hyper[self._number(path)].get("lr", 0.0)
                scalars = stage._factors(**known, **found, lr=lr)
                noise = self._noise(params[path], stage._seed(number, path)) if stage._noisy else None
                bound[path].append(Bound(stage, scalars, tuple(stage._state[path].values()), noise))
            if stage._scalars:
                found = {name: total for (name, *_), total in zip(stage._reductions, everywhere, strict=True)}
                after, ends = stage._advance(**known, **found)
                halts = halts or ends
                advanced.append((stage, dict(zip(stage._scalars, after, strict=True))))
        for stage, scalars in advanced:
            stage._scalars = scalars
        return bound, not halts

    def state_dict(self) -> dict[str, Any]:
        """A copy of the step number, the hyperparameters and all states, as NumPy arrays.

        The keys are `Rule.t`, `Rule.lr`, `Rule.m.path.of.the.parameter`: flat, so that `numpy.savez`
        takes it as it is. A hyperparameter given as a callable is code and is not saved.
        """
        saved = {"format": self._saved(_FORMAT), "t": self._saved(self._t)}
        saved |= {
            key: self._saved(float(getattr(owner, name)))
            for key, (owner, name) in self._hyper_slots().items()
            if not callable(getattr(owner, name))
        }
        saved |= {key: self._saved(float(owner[name])) for key, (owner, name) in self._scalar_slots().items()}
        saved |= {key: self._saved(array) for key, array in self._array_slots().items()}
        return {f"{self._rule}.{key}": value for key, value in saved.items()}

    def load_state_dict(self, saved: Mapping[str, Any]) -> None:
        """Continue from what `state_dict` returned: the next step is bit for bit what it would have been.

        Raises ValueError, and changes nothing, if `saved` is of another rule, of other parameters or of
        another pipeline. A hyperparameter that is a callable here stays what it is.
        """
        given = dict(saved)
        rules = sorted({key.partition(".")[0] for key in given})
        if rules != [self._rule]:
            raise ValueError(f"the saved state is of {', '.join(rules) or 'nothing'}, this is {self._rule}")
        given = {key.partition(".")[2]: value for key, value in given.items()}
        if (version := given.pop("format", None)) is None or _number("format", version) != _FORMAT:
            raise ValueError(f"the saved state has format {version}, this code reads format {_FORMAT}")
        arrays, scalars = self._array_slots(), self._scalar_slots()
        hyper = {key: _number(key, given.pop(key)) for key in self._hyper_slots() if key in given}
        expected = {"t", *scalars, *arrays}
        if missing := sorted(expected - set(given)):
            raise ValueError(f"the saved state has no {missing[0]}; it is of other parameters or another pipeline")
        if unknown := sorted(set(given) - expected):
            raise ValueError(f"the saved state has {unknown[0]}, which there is no place for here")
        for key, array in arrays.items():
            new = given[key]
            if not (hasattr(new, "shape") and hasattr(new, "dtype")):
                raise ValueError(f"{key} was saved as a {type(new).__name__}, here it is an array")
            if new.shape != array.shape or new.dtype != array.dtype:
                raise ValueError(
                    f"{key} was saved with shape {new.shape} and dtype {new.dtype}, "
                    f"here it has {array.shape} and {array.dtype}"
                )
        t, numbers = _number("t", given["t"]), {key: _number(key, given[key]) for key in scalars}
        if t < 0 or t % 1:
            raise ValueError(f"t was saved as {t}, it has to be a whole number of steps")
        owners = self._hyper_slots()
        for key, value in hyper.items():
            owner, name = owners[key]
            (self if isinstance(owner, Group) else owner)._check_hyper(name, value)
        for key, array in arrays.items():
            self._overwrite(array, given[key])
        for key, value in hyper.items():
            owner, name = owners[key]
            if not callable(getattr(owner, name)):
                setattr(owner, name, value)
        for key, (owner, name) in scalars.items():
            owner[name] = numbers[key]
        self._t = int(t)

    def _hyper_slots(self) -> dict[str, tuple[Any, str]]:
        """Where each hyperparameter is kept, by its key in the saved state."""
        slots: dict[str, tuple[Any, str]] = {name: (self, name) for name in self._domains}
        for number, group in enumerate(self._groups):
            slots |= {f"groups.{number}.{name}": (group, name) for name in group._own}
        for prefix, stage in self._stages_by_key():
            slots |= {f"{prefix}.{name}": (stage, name) for name in stage._domains}
        return slots

    def _scalar_slots(self) -> dict[str, tuple[dict[str, float], str]]:
        slots = {
            (f"groups.{number}.{name}" if self._grouped else name): (scalars, name)
            for number, scalars in enumerate(self._scalars)
            for name in scalars
        }
        for prefix, stage in self._stages_by_key():
            slots |= {f"{prefix}.{name}": (kept, name) for kept in (stage._scalars, stage._fixed) for name in kept}
        return slots

    def _array_slots(self) -> dict[str, Any]:
        slots = {_join(name, path): a for path, state in self._state.items() for name, a in state.items()}
        slots |= {_join("master", path): array for path, array in self._master.items()}
        for prefix, stage in self._stages_by_key():
            for path, state in stage._state.items():
                slots |= {_join(f"{prefix}.{name}", path): array for name, array in state.items()}
        return slots

    def _stages_by_key(self) -> Iterator[tuple[str, Stage]]:
        return ((f"pipeline.{number}.{stage._rule}", stage) for number, stage in enumerate(self._pipeline))

    def __repr__(self) -> str:
        return f"<{self._rule}({self._shown()}) after {self._t} steps>"

    # Inside.

    def _number(self, path: str) -> int:
        """The group to which the parameter at `path` belongs."""
        return int(path.partition(".")[0]) if self._grouped else 0

    def _checked_params(self) -> dict[str, Any]:
        arrays = self._flat(self._params, "parameter")
        for path, array in arrays.items():
            if reason := self._refusal(array, written=True):
                raise TypeError(f"{_called('parameter', path)} {reason}")
        if "_state" in self.__dict__:
            self._check_unchanged(arrays)  # overlap is checked together with the gradients
        else:
            self._check_overlap([(_called("parameter", path), array, True) for path, array in arrays.items()])
        return arrays

    def _check_unchanged(self, arrays: dict[str, Any]) -> None:
        """Parameters may be replaced by others of the same shape, but not added or taken away."""
        for path in arrays.keys() ^ self._state.keys():
            verb = "added" if path in arrays else "taken away"
            raise ValueError(f"{_called('parameter', path)} was {verb} after {self._rule} was made; make a new one")
        for path, array in arrays.items():
            states = self._state[path]
            wide = self._wide(array[:0] if array.ndim else array).dtype if states else None
            for name, state in states.items():
                if state.shape != array.shape or state.dtype != wide:
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
            if reason := self._apart(g, w):
                raise ValueError(f"{_called('gradient', path)} {reason}")
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


_STAGES = "stages are in the module pipeline of the backend, such as ClipByGlobalNorm(max_norm=1.0)"


def _number(key: str, saved: Any) -> float:
    """A number of a saved state, which may be an array without dimensions."""
    try:
        return float(saved)
    except (TypeError, ValueError):
        raise ValueError(f"{key} was saved as {saved!r}, here it is a number") from None


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
