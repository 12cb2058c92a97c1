"""Base class of all generated optimizers: it holds the parameters and steps them.

The equations are in the modules beside this one. Nothing here depends on an array library.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import repeat
from operator import is_
from typing import Any, ClassVar

from .buckets import Bucket, bucket_by
from .checks import Checks
from .given import settled
from .group import Group
from .hyper import Hyper, IntHyper, Schedule
from .pipeline import STARTS, Stage, StageCall
from .saved import Saved

__all__ = ["Group", "Hyper", "IntHyper", "Optimizer", "Schedule", "Stage", "StageCall"]


class Optimizer(Saved):
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
        params = settled(params)
        listed = isinstance(params, list | tuple) and any(isinstance(entry, Group) for entry in params)
        if listed and not all(isinstance(entry, Group) for entry in params):
            raise TypeError(f"{self._rule}: some parameters are in a Group and some are not; put all into groups")
        self._grouped = listed
        self._groups = tuple(params) if listed else (Group(params),)
        for group in self._groups:
            group._join(self)
        self._params = [group._params for group in self._groups] if listed else params
        at_start = [group._hyper_at(1) for group in self._groups]
        self._checks = Checks(self, self._params)
        arrays = dict(zip(self._checks.paths, self._checks.parameters(self._params), strict=True))
        self._scalars = [self._initial_scalars(hyper) for hyper in at_start]
        self._pipeline = tuple(pipeline)
        for stage in self._pipeline:
            if not isinstance(stage, Stage):
                raise TypeError(f"{self._rule}: {stage!r} is no stage of a pipeline; {_STAGES}")
        wide = {path: self._to_compute_dtype(w) for path, w in arrays.items()}
        if any(w.dtype == "float32" for w in wide.values()):
            self._compute_in_float32()
            for group in self._groups:
                group._compute_in_float32()
            for stage in self._pipeline:
                stage._compute_in_float32()
        for stage in self._pipeline:
            stage._join(self._rule, wide, has_lr="lr" in self._domains)
        self._check_order()
        self._state = {
            path: dict(zip(self._states, self._initial(w, at_start[self._number(path)]), strict=True))
            for path, w in wide.items()
        }
        # where parameters are stored in less than they are computed in, what rounding takes away can be kept
        narrow = (path for path, w in arrays.items() if master_weights and wide[path].dtype != w.dtype)
        self._master = {path: self._to_compute_dtype(arrays[path]) for path in narrow}
        self._buckets = self._arranged()

    # What a subclass provides.

    def _initial(self, w: Any, hyper: Mapping[str, float]) -> tuple[Any, ...]:
        """The states of one parameter before the first step."""
        raise NotImplementedError

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        """The states that are kept once for all parameters, before the first step."""
        return {}

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
        loss scale that was too large): then neither the parameters nor `t` change, but for what that
        stage itself does to the parameters.
        """
        t = self._t + 1
        hyper = [group._hyper_at(t) for group in self._groups]
        params = self._checks.parameters(self._params)
        gradients = self._checks.gradients(grads)
        if params is not self._arranged_for:
            self._follow(params)
        buckets = self._with_gradients(gradients)
        calls: Mapping[Bucket, Sequence[StageCall]] = dict.fromkeys(buckets, ())
        if self._pipeline:
            calls, ended_by = self._stage_calls(t, hyper, params, gradients, buckets)
            if ended_by is not None:
                for bucket in buckets:
                    self._end_early(bucket, params, gradients, calls[bucket], ended_by)
                return
        scalars = self._scalars
        if scalars[0]:
            after = [self._advance(*s.values(), t, **h) for s, h in zip(scalars, hyper, strict=True)]
            self._scalars = [dict(zip(s, new, strict=True)) for s, new in zip(scalars, after, strict=True)]
        self._t = t
        for bucket in buckets:
            w, g = self._gathered(bucket, params, gradients, master=True)
            states = (*bucket.states, *scalars[bucket.group].values())
            self._update(w, g, *states, t, **hyper[bucket.group], stages=calls[bucket])
            if bucket.results:
                self._round_into(bucket.of(params), bucket.results)

    def __repr__(self) -> str:
        return f"<{self._rule}({self._shown()}) after {self._t} step{'' if self._t == 1 else 's'}>"

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_buckets"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._buckets = self._arranged()  # the copy of a view is an array of its own

    def _handed(self) -> Iterable[Any]:
        return (*self._checks.parameters(self._params), *(group._params for group in self._groups))

    # Inside.

    def _number(self, path: str) -> int:
        """The group to which the parameter at `path` belongs."""
        return int(path.partition(".")[0]) if self._grouped else 0

    def _arranged(self) -> list[Bucket]:
        """All parameters in buckets: small ones that go the same way in rows, each other one alone."""
        params = self._arranged_for = self._checks.parameters(self._params)
        self._kinds = list(map(self._kind, self._checks.paths, params))
        together = bucket_by(self._kinds, [w.size for w in params], self._row)
        for number in (numbers[0] for numbers in together if len(numbers) == 1):
            state = self._state[self._checks.paths[number]]
            state |= {name: self._placed(array) for name, array in state.items()}
        spare: dict[Any, Any] = {}
        return [
            self._in_a_row(numbers, [params[n] for n in numbers], spare) if numbers[1:] else self._alone(numbers[0])
            for numbers in together
        ]

    def _follow(self, params: list[Any]) -> None:
        """Arrange anew if some of `params`, which replace others, are of another dtype or go together with others."""
        known, self._arranged_for = self._arranged_for, params
        kinds = list(map(self._kind, self._checks.paths, params))
        if kinds != self._kinds or any(w.dtype != old.dtype for w, old in zip(params, known, strict=True)):
            self._buckets = self._arranged()

    def _kind(self, path: str, w: Any) -> Hashable | None:
        """What parameters in a row have in common; None if that at `path` has to be alone."""
        stages = [stage for stage in self._pipeline if path in stage._paths]
        packable = self._packable(w, master=path in self._master)
        if packable is None or any(not overall for stage in stages for _, _, overall in stage._reductions):
            return None
        return packable, self._number(path), path in self._master, tuple(map(id, stages))

    def _alone(self, number: int) -> Bucket:
        path = self._checks.paths[number]
        stages = {k: tuple(s._state[path].values()) for k, s in enumerate(self._pipeline) if path in s._paths}
        master = self._master.get(path)
        results = () if master is None else (master,)
        return Bucket((number,), self._number(path), tuple(self._state[path].values()), stages, master, None, results)

    def _in_a_row(self, numbers: Sequence[int], arrays: Sequence[Any], spare: dict[Any, Any]) -> Bucket:
        """The parameters `arrays` in one bucket. Their states become views of rows."""
        paths = [self._checks.paths[number] for number in numbers]
        states = self._rows([self._state[path] for path in paths])
        through = {k: stage for k, stage in enumerate(self._pipeline) if paths[0] in stage._paths}
        stages = {k: self._rows([stage._state[path] for path in paths]) for k, stage in through.items()}
        master = None
        rows = self._staging(arrays, spare)
        results = rows[2]
        if paths[0] in self._master:
            kept = [{"master": self._master[path]} for path in paths]
            (master,) = self._rows(kept)
            results = [one["master"] for one in kept]
            self._master |= dict(zip(paths, results, strict=True))
        return Bucket(tuple(numbers), self._number(paths[0]), states, stages, master, rows, results)

    def _rows(self, states: Sequence[dict[str, Any]]) -> tuple[Any, ...]:
        """The states of several parameters, each state in a row, of which those in `states` become views."""
        rows = []
        for name in states[0]:
            arrays = [state[name] for state in states]
            row = self._empty(sum(array.size for array in arrays), arrays[0])
            self._gather(arrays, row)
            for state, view in zip(states, self._cut(row, arrays), strict=True):
                state[name] = view
            rows.append(row)
        return tuple(rows)

    def _with_gradients(self, gradients: Sequence[Any]) -> list[Bucket]:
        """The buckets that have gradients. Where some of a row have none, each of the others is alone."""
        if not any(map(is_, gradients, repeat(None))):
            return self._buckets
        buckets: list[Bucket] = []
        for bucket in self._buckets:
            there = [number for number in bucket.numbers if gradients[number] is not None]
            buckets += [bucket] if len(there) == len(bucket.numbers) else map(self._alone, there)
        return buckets

    def _gathered(
        self, bucket: Bucket, params: Sequence[Any], gradients: Sequence[Any], *, master: bool = False
    ) -> tuple[Any, Any]:
        """The parameter and the gradient of `bucket`; with `master`, as they are computed if they are kept so, too."""
        master = master and bucket.master is not None
        if bucket.rows is None:
            (g,) = bucket.of(gradients)
            return (bucket.master, self._to_compute_dtype(g)) if master else (*bucket.of(params), g)
        w, g, _ = bucket.rows
        self._gather(bucket.of(gradients), g)
        if master:
            return bucket.master, g
        self._gather(bucket.of(params), w)
        return w, g

    def _end_early(
        self,
        bucket: Bucket,
        params: Sequence[Any],
        gradients: Sequence[Any],
        stages: Sequence[StageCall],
        ended_by: Stage,
    ) -> None:
        """Run the stages of a step that ends before the rule."""
        moved = ended_by._moves and any(one.stage is ended_by for one in stages)
        written = moved or any(one.stage._always for one in stages)
        if written or any(one.states for one in stages):
            w, g = self._gathered(bucket, params, gradients, master=written)
            self._keep(w, g, stages, moved=moved)
            if written and bucket.results:
                self._round_into(bucket.of(params), bucket.results)

    def _stage_calls(
        self,
        t: int,
        hyper: Sequence[Mapping[str, float]],
        params: Sequence[Any],
        gradients: Sequence[Any],
        buckets: Sequence[Bucket],
    ) -> tuple[dict[Bucket, list[StageCall]], Stage | None]:
        """The stages of this step for each bucket, and the one that ends it, if any does."""
        own = [stage._hyper_at(t) for stage in self._pipeline]
        calls: dict[Bucket, list[StageCall]] = {bucket: [] for bucket in buckets}
        advanced: list[tuple[Stage, dict[str, float]]] = []
        ended_by: Stage | None = None
        for number, (stage, values) in enumerate(zip(self._pipeline, own, strict=True)):
            if ended_by is not None and not stage._always:
                continue
            chosen = [bucket for bucket in buckets if number in bucket.stages]
            reduced = {
                bucket: self._reduce(stage, *self._gathered(bucket, params, gradients), calls[bucket])
                for bucket in (chosen if stage._reductions else ())
            }
            everywhere = [
                self._combine(how, [found[k] for found in reduced.values()]) if overall and reduced else STARTS[how]
                for k, (_, how, overall) in enumerate(stage._reductions)
            ]
            known = {**values, **stage._scalars, "t": t}
            for bucket in chosen:
                found = {
                    name: everywhere[k] if overall else reduced[bucket][k]
                    for k, (name, _, overall) in enumerate(stage._reductions)
                }
                scalars = stage._factors(**known, **found, lr=hyper[bucket.group].get("lr", 0.0))
                noise = self._noise_of(bucket, params, stage, number) if stage._noisy else None
                calls[bucket].append(StageCall(stage, scalars, bucket.stages[number], noise))
            largest = any(how == "max" and overall for _, how, overall in stage._reductions)
            # of nothing there is no largest: a stage that asks for it goes on from there another time
            if stage._scalars and not (largest and not any(params[n].size for p in chosen for n in p.numbers)):
                found = {name: everywhere[k] for k, (name, _, overall) in enumerate(stage._reductions) if overall}
                after, ends = stage._advance(**known, **found)
                ended_by = stage if ends and ended_by is None else ended_by
                advanced.append((stage, dict(zip(stage._scalars, after, strict=True))))
        for stage, after_step in advanced:
            stage._scalars = after_step
        return calls, ended_by

    def _check_order(self) -> None:
        """No stage that ends a step may undo what one before it has done to the parameters and remembers."""
        for number, stage in enumerate(self._pipeline):
            for later in self._pipeline[number + 1 :] if stage._moves and (stage._states or stage._scalars) else ():
                if later._halts and not (later._moves and stage._paths <= later._paths):
                    raise TypeError(
                        f"{self._rule}: {stage!r} changes the parameters and keeps states, and {later!r} may end the "
                        "step after it, which leaves the parameters as they were; put that one first"
                    )

    def _noise_of(self, bucket: Bucket, params: Sequence[Any], stage: Stage, number: int) -> Any:
        """The noise of one step, the same for a parameter in a row as for one alone."""
        noise = [self._noise(params[n], stage._seed(number, self._checks.paths[n])) for n in bucket.numbers]
        if bucket.rows is None:
            return noise[0]
        row = self._empty(sum(one.size for one in noise), noise[0])
        self._gather(noise, row)
        return row


_STAGES = "stages are in the module pipeline of the backend, such as ClipByGlobalNorm(max_norm=1.0)"
