"""Sums over whole arrays that a rule is formed of: taken before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from .buckets import Bucket
from .passage import Passing
from .pipeline import STARTS, StageCall

NO_SUMS: Mapping[Bucket, tuple[Any, ...]] = {}


class Summing(Passing):
    """Takes the sums of a rule over its arrays."""

    #: What `_sums` gives: a name, how it is taken (sum, norm), and whether over all arrays.
    _reductions: ClassVar[tuple[tuple[str, str, bool], ...]] = ()
    #: Which of the numbers that are kept are formed of sums, in this step or in those before.
    _fed_by_sums: ClassVar[tuple[str, ...]] = ()
    #: Whether states may take their new values while sums are taken, which saves the step from forming them again.
    _ahead: ClassVar[bool] = False
    _sums: ClassVar[Callable[..., tuple[Any, ...]]]
    _update: ClassVar[Callable[..., None]]

    def _brought(self, bucket: Bucket, supplied: Any, g: Any) -> list[Any]:
        """The inputs of a bucket, as its gradient `g` is."""
        raise NotImplementedError

    def _sums_first(self) -> bool:
        """Whether sums have to be there before any array takes its step: those of all, or what numbers are of."""
        return bool(self._fed_by_sums) or any(overall for _, _, overall in self._reductions)

    def _sum_up(
        self,
        t: int,
        hyper: Sequence[Mapping[str, float]],
        buckets: Sequence[Bucket],
        params: Sequence[Any],
        gradients: Sequence[Any],
        scalars: Sequence[Mapping[str, Any]],
        numbers: Sequence[Mapping[str, Any]],
        calls: Mapping[Bucket, Sequence[StageCall]],
        supplied: Any = None,
    ) -> tuple[Mapping[Bucket, tuple[Any, ...]], tuple[Any, ...]]:
        """What is summed up over the arrays of each bucket, and what over all of them, of all groups.

        Without any element, a sum is 0. Nothing is written but the states that start now, from what is there.
        """
        if self._late:
            self._start(buckets, params, hyper)
        found = {}
        for bucket in buckets:
            number = bucket.numbers[0]
            w, g = self._gathered(bucket, params, gradients, written=False)
            own_t = t - self._missed[number] if self._own_t else t
            states = (*bucket.states, *scalars[number if self._own_t else bucket.group].values())
            if numbers:
                states += tuple(numbers[number].values())
            inputs = () if supplied is None else self._brought(bucket, supplied, g)
            more = {**hyper[bucket.group], "stages": calls.get(bucket, ())}
            found[bucket] = self._sums(w, g, *inputs, *states, own_t, **more)
        together = [
            self._combine(how, [sums[k] for sums in found.values()]) if found else STARTS[how]
            for k, (_, how, overall) in enumerate(self._reductions)
            if overall
        ]
        each = {}
        for bucket, sums in found.items():
            left = list(together)
            each[bucket] = tuple(
                left.pop(0) if overall else one for one, (_, _, overall) in zip(sums, self._reductions, strict=True)
            )
        return each, tuple(together)

    def _update_with(self, sums: Sequence[Any] | None, *arguments: Any, **more: Any) -> None:
        """Update one array, or several in a row, with sums, which come before the number of the step.

        They are taken here if all are over single arrays, as `None` says: what is summed up is still at hand then.
        """
        *arrays, t = arguments
        if sums is None:
            more |= {"ahead": True} if self._ahead else {}
            sums = self._sums(*arrays, t, **more)
        self._update(*arrays, *sums, t, **more)
