"""Which parameters take a step in one go: those that are large alone, small ones that go the same way in a row."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import repeat
from operator import is_
from typing import Any, ClassVar

from .buckets import Bucket, bucket_by
from .checks import called
from .starting import Starting


class Arranged(Starting):
    """Brings the parameters of an optimizer into buckets, and what they hold into place for a step."""

    _params: Any
    _buckets: list[Bucket]
    _kinds: list[Hashable | None]
    _reductions: ClassVar[tuple[tuple[str, str, bool], ...]]

    def _arranged(self) -> list[Bucket]:
        """All parameters in buckets: small ones that go the same way in rows, each other one alone."""
        params = self._arranged_for = self._checks.parameters(self._params)
        self._uneven = False
        self._kinds = list(map(self._kind, range(len(params)), params))
        together = bucket_by(self._kinds, [w.size for w in params], self._row)
        for number in (numbers[0] for numbers in together if len(numbers) == 1):
            state = self._state[self._paths[number]]
            state |= {name: self._placed(array) for name, array in state.items()}
        spare: dict[Any, Any] = {}
        return [
            self._in_a_row(numbers, [params[n] for n in numbers], spare) if numbers[1:] else self._alone(numbers[0])
            for numbers in together
        ]

    def _follow(self, params: list[Any]) -> None:
        """Arrange anew if some of `params`, which replace others, are of another dtype or go together with others."""
        for path, w in zip(self._paths, params, strict=True) if self._keeps_master else ():
            if path not in self._master and w.dtype != self._computed(w):
                raise ValueError(
                    f"{called('parameter', path)} is now {w.dtype}, and {self._rule} keeps none of it in "
                    f"{self._computed(w)}, as master_weights=True does from the start; make a new {self._rule}"
                )
        known, self._arranged_for = self._arranged_for, params
        kinds = list(map(self._kind, range(len(params)), params))
        if kinds != self._kinds or any(w.dtype != old.dtype for w, old in zip(params, known, strict=True)):
            self._buckets = self._arranged()

    def _kind(self, number: int, w: Any) -> Hashable | None:
        """What parameters in a row have in common; None if this one has to be alone."""
        path = self._paths[number]
        stages = [stage for stage in self._pipeline if path in stage._paths]
        # of nothing there are no sums in a row; and each array may have numbers of its own
        if self._per_array or (self._reductions and not (self._sums_in_rows and w.size)):
            return None
        packable = self._packable(w, master=path in self._master)
        if packable is None or any(not overall for stage in stages for _, _, overall in stage._reductions):
            return None
        missed = self._missed[number] if self._counts_missed else 0
        scalars = tuple(self._scalars[number].values()) if self._own_t else ()
        return packable, self._number(path), path in self._master, tuple(map(id, stages)), missed, scalars

    def _alone(self, number: int) -> Bucket:
        path = self._paths[number]
        stages = {k: tuple(s._state[path].values()) for k, s in enumerate(self._pipeline) if path in s._paths}
        master = self._master.get(path)
        results = () if master is None else (master,)
        return Bucket((number,), self._number(path), tuple(self._state[path].values()), stages, master, None, results)

    def _in_a_row(self, numbers: Sequence[int], arrays: Sequence[Any], spare: dict[Any, Any]) -> Bucket:
        """The parameters `arrays` in one bucket. Their states become views of rows."""
        paths = [self._paths[number] for number in numbers]
        states = self._rows([self._state[path] for path in paths])
        through = {k: stage for k, stage in enumerate(self._pipeline) if paths[0] in stage._paths}
        stages = {k: self._rows([stage._state[path] for path in paths]) for k, stage in through.items()}
        master = None
        rows = self._staging(arrays, spare)
        results = rows[2]
        if paths[0] in self._master:
            kept = [{"master": self._master[path]} for path in paths]
            (master,) = self._rows(kept)
            master = self._in_parts(master, arrays)
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
        """The buckets that have gradients.

        Where some of a row have none, or have not taken the same steps as others, each is alone.
        """
        if self._checks.complete or not any(map(is_, gradients, repeat(None))):
            if self._uneven:
                self._buckets = self._arranged()
            return self._buckets
        buckets: list[Bucket] = []
        for bucket in self._buckets:
            there = [number for number in bucket.numbers if gradients[number] is not None]
            whole = len(there) == len(bucket.numbers) and not self._uneven
            buckets += [bucket] if whole else map(self._alone, there)
        return buckets

    def _gathered(
        self, bucket: Bucket, params: Sequence[Any], gradients: Sequence[Any], *, written: bool = True
    ) -> tuple[Any, Any]:
        """The parameter and the gradient of `bucket`, as they are computed if the parameter is kept so, too.

        What has been written to it since the last step is brought into what is kept: into a copy, if nothing may be
        `written` yet.
        """
        master = bucket.master
        if master is not None:
            master = master if written else master.copy()
            kept = bucket.results if written else [master] if bucket.rows is None else self._cut(master, bucket.results)
            self._take_over(bucket.of(params), kept)
        if bucket.rows is None:
            number = bucket.numbers[0]
            g = gradients[number]
            return (params[number], g) if master is None else (master, self._to_compute_dtype(g))
        w, g, _ = bucket.rows
        self._gather(bucket.of(gradients), g)
        if master is not None:
            return master, g
        self._gather(bucket.of(params), w)
        return w, g
