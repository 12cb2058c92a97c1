"""The way of one step through the stages of a pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .arranged import Arranged
from .buckets import Bucket
from .pipeline import STARTS, Stage, StageCall


@dataclass
class Passage:
    """What one step has come to on its way: nothing is written before all stages have been asked.

    `absent` are the buckets that have no gradient, or none yet; `ended_by` is the stage that ends the step.
    """

    calls: dict[Any, list[StageCall]]
    absent: set[Any]
    ended_by: Stage | None = None
    advanced: list[tuple[Stage, dict[str, float]]] = field(default_factory=list)
    given: list[tuple[Stage, dict[str, float]]] = field(default_factory=list)


class Leading:
    """Leads the buckets of an optimizer through its stages, whatever a bucket is.

    Of one it is asked for the `numbers` of its parameters, their `group`, and the states in `stages`.
    """

    _rule: Any
    _paths: Any
    _pipeline: tuple[Stage, ...] = ()
    #: Numbers of the stages. Those after the rule come last: which parameters take the step is known by then.
    _in_order: Sequence[int] = ()
    #: Those stages that take a step in phases.
    _phased: tuple[Stage, ...] = ()
    #: The stages that had the parameters elsewhere than where the rule steps from, when this call of `step` began.
    _away: tuple[Stage, ...] = ()

    # What a subclass provides.

    def _alone(self, number: int) -> Any:
        """The bucket of one parameter."""
        raise NotImplementedError

    def _zeros_like(self, array: Any) -> Any:
        """Zeros in the shape and dtype of `array`, to stand for its gradient."""
        raise NotImplementedError

    def _start_stages(self, stages: Iterable[Stage], buckets: Sequence[Any], params: Sequence[Any]) -> None:
        """Start the states of `stages` for those of `buckets` that take their first step."""
        raise NotImplementedError

    def _end_early(
        self,
        bucket: Any,
        params: Sequence[Any],
        gradients: Sequence[Any],
        stages: Sequence[StageCall],
        ended_by: Stage | None,
    ) -> None:
        """Run the stages of a step that ends before the rule, for this bucket at least."""
        raise NotImplementedError

    def _reduced(
        self, stage: Stage, buckets: Sequence[Any], params: Sequence[Any], gradients: Sequence[Any], passage: Passage
    ) -> dict[Any, Sequence[Any]]:
        """What a stage sums up over each of `buckets`."""
        raise NotImplementedError

    def _combine(self, how: str, parts: Sequence[Any]) -> Any:
        """What is summed up over all, from what is over each."""
        raise NotImplementedError

    def _noise_of(self, bucket: Any, params: Sequence[Any], stage: Stage, number: int) -> Any:
        """The noise of one step."""
        raise NotImplementedError

    def _step_of(self, bucket: Any, t: int) -> int:
        """How many steps the parameters of a bucket have taken, with step `t` of the optimizer."""
        raise NotImplementedError

    def _any_elements(self, buckets: Sequence[Any], params: Sequence[Any]) -> bool:
        """Whether there is any element in `buckets`."""
        raise NotImplementedError

    # Inside.

    def _pass(
        self,
        t: int,
        hyper: Sequence[Mapping[str, float]],
        params: Sequence[Any],
        gradients: Sequence[Any],
        buckets: Sequence[Any],
    ) -> tuple[Passage, Sequence[Any]]:
        """The stages of this step for each bucket, and the gradients, with zeros in place of those that are missing."""
        hypers = [stage._hyper_at(t) for stage in self._pipeline]
        if self._phased:
            self._away = tuple(stage for stage in self._phased if stage._away)
        self._start_stages((stage for stage in self._pipeline if not stage._after), buckets, params)
        absent: list[Any] = []
        if self._phased or any(stage._gathers or stage._always for stage in self._pipeline):
            missing = [number for number, g in enumerate(gradients) if g is None]
            absent = list(map(self._alone, missing))
            zeros = {number: self._zeros_like(params[number]) for number in missing}
            gradients = [zeros.get(number, g) for number, g in enumerate(gradients)]
        passage = Passage({bucket: [] for bucket in (*buckets, *absent)}, set(absent))
        for number in self._in_order:
            stage, values = self._pipeline[number], hypers[number]
            if passage.ended_by is None or stage._always:
                self._through(number, {**values, **stage._scalars, "t": t}, hyper, params, gradients, passage)
        return passage, gradients

    def _conclude(self, passage: Passage, params: Sequence[Any], gradients: Sequence[Any]) -> None:
        """Write what is left of a step before the rule: all of it if the step has ended, else that of the absent."""
        ended_by = passage.ended_by
        for stage, after in passage.advanced:
            stage._scalars = after
            stage._untouched = False
        for stage, given in passage.given:
            stage._given |= given
        there = [] if ended_by is not None else [bucket for bucket in passage.calls if bucket not in passage.absent]
        self._start_stages((stage for stage in self._pipeline if stage._after), there, params)
        for bucket in passage.absent if ended_by is None else passage.calls:
            self._end_early(bucket, params, gradients, passage.calls[bucket], ended_by)

    def _through(
        self,
        number: int,
        known: Mapping[str, float],
        hyper: Sequence[Mapping[str, float]],
        params: Sequence[Any],
        gradients: Sequence[Any],
        passage: Passage,
    ) -> None:
        """Lead all buckets through one stage."""
        stage, calls, absent = self._pipeline[number], passage.calls, passage.absent
        all_of_them = stage._gathers or stage._always or stage._home
        chosen = [bucket for bucket in calls if number in bucket.stages and (all_of_them or bucket not in absent)]
        reduced = self._reduced(stage, chosen, params, gradients, passage) if stage._reductions else {}
        counted = [*reduced.values()]
        if stage._home:  # zeros in place of a gradient count for nothing, unless there are only those
            counted = [found for bucket, found in reduced.items() if bucket not in absent] or counted
        everywhere = [
            self._combine(how, [found[k] for found in counted]) if overall and counted else STARTS[how]
            for k, (_, how, overall) in enumerate(stage._reductions)
        ]
        for bucket in chosen:
            found = {
                name: everywhere[k] if overall else reduced[bucket][k]
                for k, (name, _, overall) in enumerate(stage._reductions)
            }
            own = {"t": self._step_of(bucket, int(known["t"]))} if stage._own_t else {}
            scalars = stage._factors(**{**known, **own}, **found, lr=hyper[bucket.group].get("lr", 0.0))
            noise = self._noise_of(bucket, params, stage, number) if stage._noisy else None
            calls[bucket].append(StageCall(stage, scalars, bucket.stages[number], noise))
        largest = any(how == "max" and overall for _, how, overall in stage._reductions)
        ends = False
        # of nothing there is no largest: a stage that asks for it goes on from there another time
        if stage._scalars and not (largest and not self._any_elements(chosen, params)):
            found = {name: everywhere[k] for k, (name, _, overall) in enumerate(stage._reductions) if overall}
            after, ends = stage._advance(**known, **found)
            passage.ended_by = stage if ends and passage.ended_by is None else passage.ended_by
            passage.advanced.append((stage, dict(zip(stage._scalars, after, strict=True))))
        if stage._gathers:
            self._gather_in(stage, chosen, passage, go_on=not ends)

    def _gather_in(self, stage: Stage, chosen: Sequence[Any], passage: Passage, *, go_on: bool) -> None:
        """Note which parameters have a gradient in this cycle; those that have one by its end take the step."""
        paths = self._paths
        given = {
            paths[n]: 1.0 if bucket not in passage.absent else stage._given[paths[n]]
            for bucket in chosen
            for n in bucket.numbers
        }
        for bucket in chosen if go_on else ():
            if bucket in passage.absent and given[paths[bucket.numbers[0]]]:
                passage.absent.discard(bucket)
            elif bucket in passage.absent:
                passage.calls[bucket].pop()
        passage.given.append((stage, dict.fromkeys(given, 0.0) if go_on else given))

    def _put_around(self, stages: tuple[Stage, ...]) -> None:
        """Make these stages the pipeline; TypeError, and no change, if they cannot stand in this order.

        No stage that ends a step may undo what one before it has done to the parameters and remembers. Between the
        phases of a step, the parameters are not where they belong.
        """
        phased = tuple(stage for stage in stages if stage._home)
        for stage in stages if phased else ():
            if stage._always:
                raise TypeError(
                    f"{self._rule}: {phased[0]!r} has the parameters elsewhere between two calls of a step, and "
                    f"{stage!r} works on them after each call; use one that works after steps, such as WeightEMA"
                )
        for number, stage in enumerate(stages):
            for later in stages[number + 1 :] if stage._moves and (stage._states or stage._scalars) else ():
                if later._halts and not (later._moves and stage._paths <= later._paths):
                    raise TypeError(
                        f"{self._rule}: {stage!r} changes the parameters and keeps states, and {later!r} may end the "
                        "step after it, which leaves the parameters as they were; put that one first"
                    )
        self._pipeline, self._phased = stages, phased
        self._in_order = sorted(range(len(stages)), key=lambda number: stages[number]._after)


class Passing(Arranged, Leading):
    """Leads buckets of arrays, whose stages run in the rule's own pass over them."""

    def _reduced(
        self, stage: Stage, buckets: Sequence[Any], params: Sequence[Any], gradients: Sequence[Any], passage: Passage
    ) -> dict[Any, Sequence[Any]]:
        return {
            bucket: self._reduce(
                stage, *self._gathered(bucket, params, gradients, written=False), passage.calls[bucket]
            )
            for bucket in buckets
        }

    def _step_of(self, bucket: Any, t: int) -> int:
        missed: int = self._missed[bucket.numbers[0]]
        return t - missed

    def _any_elements(self, buckets: Sequence[Any], params: Sequence[Any]) -> bool:
        return any(params[number].size for bucket in buckets for number in bucket.numbers)

    def _end_early(
        self,
        bucket: Bucket,
        params: Sequence[Any],
        gradients: Sequence[Any],
        stages: Sequence[StageCall],
        ended_by: Stage | None,
    ) -> None:
        moved = any(one.stage._home or (one.stage is ended_by and ended_by._moves) for one in stages)
        written = moved or any(one.stage._always for one in stages)
        if written or any(one.states for one in stages):
            w, g = self._gathered(bucket, params, gradients)
            self._keep(w, g, stages, moved=moved)
            if written and bucket.results:
                self._round_into(bucket.of(params), bucket.results)

    def _noise_of(self, bucket: Bucket, params: Sequence[Any], stage: Stage, number: int) -> Any:
        """The noise of one step, the same for a parameter in a row as for one alone."""
        noise = [self._noise(params[n], stage._seed(number, self._paths[n])) for n in bucket.numbers]
        if bucket.rows is None:
            return noise[0]
        row = self._empty(sum(one.size for one in noise), noise[0])
        self._gather(noise, row)
        return row
