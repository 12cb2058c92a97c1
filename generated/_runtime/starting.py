"""How states start, and which steps a parameter has taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from .buckets import Bucket
from .checks import Checks
from .group import Group
from .pipeline import Stage
from .saved import Saved


class Starting(Saved):
    """Makes the states of parameters, and counts the steps that a parameter has missed.

    A state that starts from the parameter or from a hyperparameter starts with the first step that the
    parameter takes: what has been written and set until then counts.
    """

    #: The states of which each array has a number of its own.
    _per_array: ClassVar[tuple[str, ...]] = ()
    _advance_own: ClassVar[Callable[..., tuple[float, ...]]]
    #: The stages that had the parameters elsewhere than where the rule steps from, when this call of `step` began.
    _away: tuple[Stage, ...] = ()

    # What a subclass provides.

    def _initial(self, w: Any, hyper: Mapping[str, float]) -> tuple[Any, ...]:
        """The states of one parameter before the first step."""
        raise NotImplementedError

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        """The states that are kept once for all parameters, before the first step."""
        return {}

    def _initial_own(self, hyper: Mapping[str, float]) -> dict[str, float]:
        """The numbers that are kept for each array, before the first step."""
        return {}

    # Inside.

    def _widened(self, checks: Checks) -> dict[str, Any]:
        """The parameters in the dtype in which they are computed, by their paths."""
        return {path: self._to_compute_dtype(w) for path, w in zip(checks.paths, checks.held, strict=True)}

    def _fit(self, wide: Mapping[str, Any], *groups: Group) -> None:
        """If some parameters are computed in float32, all numbers have to fit into that. Else nothing changes."""
        if self._narrow or not any(w.dtype == "float32" for w in wide.values()):
            return
        owners = (self, *groups, *self._pipeline)
        try:
            for owner in owners:
                owner._compute_in_float32()
        except ValueError:
            for owner in owners:
                owner._narrow = False
            raise

    def _take_in(self, wide: Mapping[str, Any], at_start: Sequence[Mapping[str, float]]) -> None:
        """Make the states of parameters that have not taken a step."""
        for path, w in wide.items():
            hyper = at_start[self._number(path)]
            self._state[path] = dict(zip(self._states, self._initial(w, hyper), strict=True))
            self._scalars += [self._initial_scalars(hyper)] if self._own_t else []
            self._own_numbers += [self._initial_own(hyper)] if self._per_array else []
        # where parameters are stored in less than they are computed in, what rounding takes away can be kept
        stored = dict(zip(self._paths, self._checks.held, strict=True))
        narrow = (path for path, w in wide.items() if self._keeps_master and w.dtype != stored[path].dtype)
        self._master |= {path: wide[path] for path in narrow}
        if self._starts_late:
            self._late |= set(range(len(self._missed), len(self._missed) + len(wide)))
        self._missed += [self._t] * len(wide)

    def _find_late(self) -> None:
        fresh = [number for number, missed in enumerate(self._missed) if missed == self._t]
        self._late = set(fresh) if self._starts_late else set()
        if self._t:  # with what the states were made that have waited since is not known
            self._made_with = [None] * len(self._groups)
        for stage in self._pipeline:
            paths = (self._paths[number] for number in fresh)
            # others may have started without a step
            late = stage._starts_late and stage._after and not stage._always
            stage._late = stage._paths.intersection(paths) if late else frozenset()

    def _as_computed(self, number: int, params: Sequence[Any]) -> Any:
        """A parameter in the dtype in which it is computed, as it is kept in that, and where the rule steps from."""
        path = self._paths[number]
        for stage in reversed(self._away):
            if path in stage._paths:
                return stage._state[path][stage._home].copy()
        w, master = params[number], self._master.get(path)
        if master is None:
            return self._to_compute_dtype(w)
        kept = master.copy()
        self._take_over([w], [kept])
        return kept

    def _start(self, buckets: Sequence[Bucket], params: Sequence[Any], hyper: Sequence[Mapping[str, float]]) -> None:
        """Start the states of the rule for those of `buckets` that take their first step."""
        for bucket in buckets:
            for number in self._late.intersection(bucket.numbers):
                state, now = self._state[self._paths[number]], hyper[bucket.group]
                w = self._as_computed(number, params)
                # what starts as it was made may have been written to since
                same = now == self._made_with[bucket.group]
                chosen = self._from_parameter(w, now) if same else [True] * len(state)
                for array, start, anew in zip(state.values(), self._initial(w, now), chosen, strict=True):
                    if anew:
                        array[...] = start
        self._late = self._late.difference(*(bucket.numbers for bucket in buckets))

    def _from_parameter(self, like: Any, hyper: Mapping[str, float]) -> list[bool]:
        """Which states start from the parameter: those that do not start alike for two of them."""
        probes = self._empty(1, like), self._empty(1, like)
        for value, probe in enumerate(probes):
            probe[...] = value
        starts = ([float(self._saved(state)[0]) for state in self._initial(probe, hyper)] for probe in probes)
        return [one != other for one, other in zip(*starts, strict=True)]

    def _start_stages(self, stages: Iterable[Stage], buckets: Sequence[Bucket], params: Sequence[Any]) -> None:
        """The same for the states of `stages`; those that always run start with the first call of `step`."""
        for stage in stages:
            if not stage._late:
                continue
            there = {self._paths[number]: number for bucket in buckets for number in bucket.numbers}
            for path in stage._late if stage._always else stage._late.intersection(there):
                number = there[path] if path in there else self._paths.index(path)
                initial = stage._initial(self._as_computed(number, params))
                for array, start in zip(stage._state[path].values(), initial, strict=True):
                    array[...] = start
            stage._late = frozenset() if stage._always else stage._late.difference(there)

    def _scalars_before(self, hyper: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
        """The scalar states before this step, for each group, or for each parameter if it counts its own steps."""
        if not self._starts_late:
            return self._scalars
        paths, t = self._paths, self._t
        late = [missed == t for missed in self._missed] if self._own_t else [t == 0] * len(self._scalars)
        groups = [self._number(path) for path in paths] if self._own_t else range(len(self._scalars))
        return [
            self._initial_scalars(hyper[group]) if starts else scalars
            for starts, group, scalars in zip(late, groups, self._scalars, strict=True)
        ]

    def _scalars_after(
        self,
        t: int,
        hyper: Sequence[Mapping[str, float]],
        buckets: Sequence[Bucket],
        scalars: list[dict[str, float]],
        sums: Sequence[Any] = (),
    ) -> list[dict[str, float]]:
        """The same after this step, in which `sums` are those over all arrays."""
        if not self._own_t:
            after = [self._advance(*s.values(), *sums, t, **h) for s, h in zip(scalars, hyper, strict=True)]
            return [dict(zip(s, new, strict=True)) for s, new in zip(scalars, after, strict=True)]
        found = list(scalars)
        for bucket in buckets:
            first = bucket.numbers[0]
            new = self._advance(*scalars[first].values(), t - self._missed[first], **hyper[bucket.group])
            for number in bucket.numbers:
                found[number] = dict(zip(scalars[number], new, strict=True))
        return found

    def _own_before(self, hyper: Sequence[Mapping[str, float]], buckets: Sequence[Bucket]) -> list[dict[str, Any]]:
        """The numbers that are kept for each array before this step, which start now where it is the first."""
        found = self._own_numbers
        if self._starts_late and self._late:
            found = list(found)
            for bucket in buckets:
                for number in self._late.intersection(bucket.numbers):
                    found[number] = self._initial_own(hyper[bucket.group])
        return found

    def _own_after(
        self,
        t: int,
        hyper: Sequence[Mapping[str, float]],
        buckets: Sequence[Bucket],
        scalars: Sequence[Mapping[str, Any]],
        numbers: Sequence[dict[str, Any]],
        sums: Mapping[Bucket, Sequence[Any]],
    ) -> list[dict[str, Any]]:
        """The same after this step, whose `sums` are those of each bucket, which is one array."""
        found = list(numbers)
        for bucket in buckets:
            (number,) = bucket.numbers
            own_t, shared = (t - self._missed[number], number) if self._own_t else (t, bucket.group)
            before = (*scalars[shared].values(), *numbers[number].values())
            new = self._advance_own(*before, *sums.get(bucket, ()), own_t, **hyper[bucket.group])
            found[number] = dict(zip(numbers[number], new, strict=True))
        return found

    def _count_missed(self, buckets: Sequence[Bucket]) -> None:
        """Count the step that has been taken for those that took no part in it."""
        if sum(len(bucket.numbers) for bucket in buckets) == len(self._missed):
            return
        there = {number for bucket in buckets for number in bucket.numbers}
        self._missed = [missed + (number not in there) for number, missed in enumerate(self._missed)]
        self._uneven = True
