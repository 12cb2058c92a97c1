"""Stages around a rule: each takes tensors and gives new ones, so that nothing is written until all have been asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor

from .._runtime.hints import stages_in
from .._runtime.passage import Leading, Passage
from .._runtime.pipeline import Stage as StageOfAny
from .._runtime.pipeline import StageCall, kept_under, to_seed
from ._parts import Part, computed
from ._saved import OWN_STEPS, Saved, to_plain
from ._spread import check_summable, gathered, is_spread, local
from ._sums import joined, numbers_of, summed

__all__ = ["Stage", "Surrounded"]

#: What the keys begin with under which stages keep what they keep, in groups and for parameters.
_PREFIX = "pipeline."
_GIVEN, _SEED = "given", "seed"


class Stage(StageOfAny):
    """Base class of the generated stages.

    `_summands` gives what is summed up of each element, `_elements` the parameter, the gradient and the states. What a
    stage keeps for a parameter is in the state of the optimizer, under keys such as `pipeline.0.WeightEMA.average`, and
    what it keeps once in each group.
    """

    _summands: ClassVar[Callable[..., tuple[Tensor, ...]]]
    _elements: ClassVar[Callable[..., tuple[Tensor, ...]]]
    _key = ""
    _of: Any = None

    def state(self, name: str) -> dict[str, Any]:
        """What the stage keeps under `name` for each parameter, by its name, or its number if it has none; no copy."""
        kept_under(name, self)
        key = self._at(name)
        return {path: self._of.state[w][key] for path, w in self._of._by_path().items() if path in self._paths}

    def _at(self, name: str) -> str:
        """The key under which something is kept."""
        return f"{self._key}.{name}"

    def _take_in(self, chosen: Mapping[str, Any]) -> None:
        self._given |= dict.fromkeys(chosen if self._gathers else (), 0.0)
        self._paths |= frozenset(chosen)
        self._late |= frozenset(chosen if self._starts_late else ())

    def _fresh(self, w: Tensor) -> dict[str, Any]:
        """What is kept of a parameter that has taken no step."""
        with torch.no_grad():
            states = self._initial(w.detach().to(computed(w.dtype)))
        kept = dict(zip(map(self._at, self._states), states, strict=True))
        return kept | ({self._at(_GIVEN): 0.0} if self._gathers else {})

    def _once(self) -> dict[str, float]:
        """What is kept once: hyperparameters that are numbers, and those that change from step to step."""
        hyper = {name: getattr(self, name) for name in self._numbers()}
        return {self._at(name): value for name, value in {**hyper, **self._scalars, **self._fixed}.items()}


class Way:
    """A parameter on its way through the stages: the values that they have made of it and of its gradient so far.

    They are in the dtype in which the parameter is computed. See `Leading` for what it is asked for.
    """

    __slots__ = ("done", "g", "group", "made", "numbers", "part", "stages", "start", "w")

    def __init__(self, part: Part, number: int, stages: Mapping[int, tuple[Tensor, ...]]) -> None:
        self.part, self.numbers, self.group, self.stages = part, (number,), part.number, stages
        real = computed(part.w.dtype)
        self.start = self.w = part.written[0].detach().to(real)
        self.g = part.read[0].detach().to(real)
        #: States with their values after the step; how many of the stages have been asked.
        self.made: list[tuple[Sequence[Tensor], Sequence[Tensor]]] = []
        self.done = 0

    def before(self, calls: Sequence[StageCall]) -> None:
        """Go through the stages before the rule, on from where it is. Nothing is written."""
        for call in calls[self.done :]:
            self.done += 1
            if not call.stage._after:
                self._through(call)

    def after(self, calls: Iterable[StageCall]) -> None:
        """Go through stages after the rule, from where it is."""
        for call in calls:
            self._through(call)

    def _through(self, call: StageCall) -> None:
        given = [self.w, self.g, *call.states]
        noise = () if call.noise is None else (call.noise,)
        scalars = torch.tensor(list(map(float, call.scalars)), dtype=self.w.dtype, device=self.w.device).unbind()
        found = call.stage._elements(*given, *noise, *scalars)
        # what is handed on as it is may have been written over when its turn comes
        found = [
            one.clone() if one is not own and any(one is other for other in given) else one
            for one, own in zip(found, given, strict=True)
        ]
        self.w, self.g, *states = found
        self.made.append((call.states, states))

    def write_states(self) -> None:
        """Write what has been made of states."""
        for states, values in self.made:
            for state, value in zip(states, values, strict=True):
                if value is not state:
                    state.copy_(value)
        self.made = []

    def write_w(self) -> None:
        """Write what has been made of the parameter."""
        w = self.part.written[0]
        if self.w is not self.start or self.w.dtype != w.dtype:
            w.copy_(self.w)

    def handed_on(self, calls: Sequence[StageCall]) -> Part:
        """What the rule steps: the parameter itself, unless a stage has moved it, or works on what is not rounded."""
        self.before(calls)
        part = self.part
        follows = any(call.stage._after for call in calls)
        if self.w is not self.start or (follows and self.w.dtype != part.w.dtype):
            steps = Part(part.w, part.number, part.state, ())
            steps.written = [self.w, *part.written[1:]]
            steps.locate()
            steps.kind = (*part.kind[:2], self.w.dtype)
            steps.t = part.t
            part = steps
        part.read = [self.g, *self.part.read[1:]]
        return part


class Surrounded(Leading, Saved):
    """Takes the parameters of a step through the stages of the pipeline.

    A parameter goes by the name that it was handed over with, or else by its number among all.
    """

    _pipeline: tuple[Stage, ...]
    #: The ways of this step, by the number of the parameter.
    _ways: dict[int, Way]

    def _part(self, w: Tensor, number: int, hyper: Mapping[str, float]) -> Part:
        """What is known of a parameter."""
        raise NotImplementedError

    @property
    def pipeline(self) -> tuple[Stage, ...]:
        """The stages around the rule, in the order in which they run."""
        return self._pipeline

    # What belongs to the parameters.

    def _by_path(self, groups: Iterable[Mapping[str, Any]] | None = None) -> dict[str, Tensor]:
        """All parameters, or those of some groups, by name or number."""
        found: dict[str, Tensor] = {}
        number = 0
        for group in self.param_groups:
            names = group.get("param_names") or range(number, number + len(group["params"]))
            number += len(group["params"])
            if groups is None or any(group is one for one in groups):
                found |= {str(name): w for name, w in zip(names, group["params"], strict=True)}
        return found

    def _surround(self, pipeline: Any) -> None:
        """Put these stages around the rule, whose parameters are there."""
        joined: list[Stage] = []
        stages = stages_in(self._rule, pipeline, Stage)
        params = self._by_path()
        try:
            for number, stage in enumerate(stages):
                stage._join(self._rule, params, has_lr="lr" in self._domains)
                joined.append(stage)
                stage._key, stage._of = f"{_PREFIX}{number}.{stage._rule}", self
            self._put_around(stages)
            self._fit_stages(params.values())
        except BaseException:
            self._pipeline, self._phased, self._in_order = (), (), ()
            for stage in joined:
                stage._leave()
            raise
        for path, w in params.items():
            self.state[w].update(self._kept_beside(path, w))
        self._note()

    def _take_in(self, group: Mapping[str, Any]) -> None:
        """Take the parameters of a new group into the stages that are chosen for them."""
        if not self._pipeline:
            return
        params = self._by_path([group])
        chosen = [stage._chosen(params) for stage in self._pipeline]
        self._fit_stages(params.values())
        for stage, some in zip(self._pipeline, chosen, strict=True):
            stage._take_in(some)
        for path, w in params.items():
            self.state[w].update(self._kept_beside(path, w))
        self._note()

    def _fit_stages(self, params: Iterable[Tensor]) -> None:
        """If some parameters are computed in float32, all numbers of stages have to fit into that."""
        params = list(params)
        for stage in self._pipeline:
            if not stage._narrow and any(computed(w.dtype) == torch.float32 for w in params):
                stage._compute_in_float32()
            for w in params:
                check_summable(stage._rule, w, sums=bool(stage._reductions))

    def _beside(self, w: Tensor) -> dict[str, Any]:
        """What stages keep of a parameter that has taken no step."""
        if not self._pipeline:
            return {}
        return self._kept_beside(next(path for path, one in self._by_path().items() if one is w), w)

    def _kept_beside(self, path: str, w: Tensor) -> dict[str, Any]:
        stages = (stage for stage in self._pipeline if path in stage._paths)
        return {key: value for stage in stages for key, value in stage._fresh(w).items()}

    def _note(self) -> None:
        """Have what stages keep as numbers where it is saved from: in each group, and for each parameter."""
        if not self._pipeline:
            return
        once = {key: value for stage in self._pipeline for key, value in stage._once().items()}
        for group in self.param_groups:
            group.update(once)
        params = self._by_path() if any(stage._gathers for stage in self._pipeline) else {}
        for stage in self._pipeline:
            for path, given in stage._given.items():
                self.state[params[path]][stage._at(_GIVEN)] = given

    # The way of a step.

    def _lead(
        self,
        parts: Sequence[Part],
        inputs: Mapping[str, Sequence[Any] | None],
        hypers: Sequence[Mapping[str, float]],
        t: int,
    ) -> Passage:
        """Lead the parameters of a step through the stages, as far as it goes. Nothing is written."""
        params = self._by_path()
        self._paths, everyone = tuple(params), list(params.values())
        self._inputs_now, self._hypers_now = inputs, hypers
        there = {id(part.w): part for part in parts}
        numbers = {number: there[id(w)] for number, w in enumerate(everyone) if id(w) in there}
        self._ways = {number: self._way(part, number) for number, part in numbers.items()}
        gradients = [numbers[number].read[0] if number in numbers else None for number in range(len(everyone))]
        passage, _ = self._pass(t, hypers, everyone, gradients, list(self._ways.values()))
        return passage

    def _handed_on(self, passage: Passage) -> list[Part]:
        """What the rule steps once the stages before it have been passed."""
        for way in (way for way in passage.calls if way not in passage.absent):
            if way.numbers[0] in self._ways:
                continue
            self._ways[way.numbers[0]] = way
            w, (number,) = way.part.w, way.numbers
            for name, given in self._inputs_now.items():
                if given is not None and given[number] is None:
                    raise ValueError(
                        f"{self._rule}: parameter {self._paths[number]} takes a step with gradients that were gathered "
                        f"before, and has no {name}; pass one"
                    )
                way.part.read.append(way.g if given is None else self._read_beside(name, given[number], w))
        ways = sorted((way for way in passage.calls if way not in passage.absent), key=lambda way: way.numbers)
        return [way.handed_on(passage.calls[way]) for way in ways]

    def _read_beside(self, name: str, value: Any, w: Tensor) -> Tensor:
        """The part of an input that goes with that of its parameter here."""
        raise NotImplementedError

    def _write_before(self, passage: Passage) -> None:
        """Write what stages have made before the rule, all of it if the step has ended."""
        params = list(self._by_path().values())
        self._conclude(passage, params, ())
        if passage.ended_by is None:
            for way in passage.calls:
                way.write_states()
        self._note()

    def _write_after(self, passage: Passage) -> None:
        """Take what the rule has stepped through the stages after it."""
        for way, calls in passage.calls.items():
            if way not in passage.absent:
                way.after(call for call in calls if call.stage._after)
                way.write_states()
                way.write_w()
        self._ways = {}

    def _way(self, part: Part, number: int) -> Way:
        path = self._paths[number]
        stages = {
            k: tuple(local(part.state[stage._at(name)]) for name in stage._states)
            for k, stage in enumerate(self._pipeline)
            if path in stage._paths
        }
        return Way(part, number, stages)

    # See `Leading`.

    def _alone(self, number: int) -> Way:
        w = list(self._by_path().values())[number]
        group = next(k for k, one in enumerate(self.param_groups) if any(w is other for other in one["params"]))
        part = self._part(w, group, self._hypers_now[group])
        part.read = [torch.zeros_like(part.written[0])]
        part.t = self._step_now(part.state)
        return self._way(part, number)

    def _step_now(self, state: Mapping[str, Any]) -> int:
        """The number of the step that a parameter takes now, as its rule counts."""
        raise NotImplementedError

    def _zeros_like(self, array: Any) -> Any:
        return None  # a way that goes alone has them

    def _start_stages(self, stages: Iterable[Any], buckets: Sequence[Way], params: Sequence[Tensor]) -> None:
        for stage in (one for one in stages if one._late):
            there = {self._paths[way.numbers[0]] for way in buckets}
            starting = stage._late if stage._always else stage._late & there
            for path, w in zip(self._paths, params, strict=True):
                if path in starting:
                    initial = stage._initial(local(self._origin(w)).to(computed(w.dtype)))
                    for name, start in zip(stage._states, initial, strict=True):
                        local(self.state[w][stage._at(name)]).copy_(start)
            stage._late = frozenset() if stage._always else stage._late - there

    def _origin(self, w: Tensor) -> Tensor:
        """A parameter where the rule steps from."""
        for stage in reversed(self._away):
            assert isinstance(stage, Stage)
            kept = self.state[w].get(stage._at(stage._home))
            if isinstance(kept, Tensor):
                return kept
        return w.detach()

    def _end_early(
        self,
        bucket: Way,
        params: Sequence[Any],
        gradients: Sequence[Any],
        stages: Sequence[StageCall],
        ended_by: StageOfAny | None,
    ) -> None:
        moved = any(call.stage._home or (call.stage is ended_by and ended_by._moves) for call in stages)
        bucket.before(stages)
        bucket.w = bucket.w if moved else bucket.start
        bucket.after(call for call in stages if call.stage._after and call.stage._always)
        bucket.write_states()
        bucket.write_w()

    def _reduced(
        self,
        stage: StageOfAny,
        buckets: Sequence[Way],
        params: Sequence[Any],
        gradients: Sequence[Any],
        passage: Passage,
    ) -> dict[Any, Sequence[Any]]:
        assert isinstance(stage, Stage)
        hows = [how for _, how, _ in stage._reductions]
        found = []
        for way in buckets:
            way.before(passage.calls[way])
            found.append(summed(stage._summands, (way.w, way.g), (), hows))
        told = gathered([way.part.w for way in buckets], numbers_of(found), hows)
        return dict(zip(buckets, told, strict=True))

    def _combine(self, how: str, parts: Sequence[Any]) -> float:
        return joined(how, parts)

    def _step_of(self, bucket: Way, t: int) -> int:
        return int(bucket.part.state[OWN_STEPS]) + 1

    def _any_elements(self, buckets: Sequence[Way], params: Sequence[Any]) -> bool:
        return any(way.part.w.numel() for way in buckets)

    def _noise_of(self, bucket: Way, params: Sequence[Any], stage: StageOfAny, number: int) -> Tensor:
        """The noise of one step, the same however the parameter is spread, and wherever it is."""
        w, (at,) = bucket.part.w, bucket.numbers
        words = stage._seed(number, self._paths[at])
        generator = torch.Generator().manual_seed(words[0] + (words[1] << 32))
        noise = torch.randn(tuple(w.shape), generator=generator, dtype=computed(w.dtype))
        if is_spread(w):
            return local(_spread_as(noise.to(bucket.w.device), w))
        return noise.to(bucket.w.device)

    # A step in phases.

    def _step_through(self, closure: Callable[[], Any], given: Mapping[str, Any]) -> Any:
        """Take what is left of a step, in each phase with the gradients that `closure` computes; gives the first loss.

        After an error all is as it was before.
        """
        tensors = [local(one) for one in self._written_in_phases()]
        kept = [one.detach().clone() for one in tensors]
        stages = [(s, s._scalars, dict(s._given), s._late, s._untouched) for s in self._pipeline]
        first: list[Any] = []
        try:
            while True:
                before = [stage._scalars[stage._phase] for stage in self._phased]
                with torch.enable_grad():
                    first.append(closure())
                self._step(given)
                after = [stage._scalars[stage._phase] for stage in self._phased]
                if not any(after) or after == before:  # a phase that an earlier stage has ended might be so for ever
                    return first[0]
        except BaseException:
            for tensor, copy in zip(tensors, kept, strict=True):
                tensor.copy_(copy)
            for stage, scalars, having, late, untouched in stages:
                stage._scalars, stage._given, stage._late, stage._untouched = scalars, having, late, untouched
            self._note()
            raise

    def _written_in_phases(self) -> Iterator[Tensor]:
        """What a call that does not end a step may write."""
        for group in self.param_groups:
            for w in group["params"]:
                yield w
                yield from (self.state[w][key] for key in self._arrays_beside(w))

    def _step(self, given: Mapping[str, Any]) -> None:
        raise NotImplementedError

    # What is saved.

    def _arrays_beside(self, w: Tensor) -> list[str]:
        """The keys of the tensors that stages keep of a parameter."""
        kept = self.state.get(w, {})
        return [key for key in kept if key.startswith(_PREFIX) and isinstance(kept[key], Tensor)]

    def _numbers_beside(self, w: Tensor) -> list[str]:
        kept = self.state.get(w, {})
        return [key for key in kept if key.startswith(_PREFIX) and not isinstance(kept[key], Tensor)]

    def _check_once(self, group: Mapping[str, Any]) -> None:
        """Raise ValueError if what is saved in a group is not what these stages keep."""
        known = {key for stage in self._pipeline for key in stage._once()}
        known |= {stage._at(name) for stage in self._pipeline for name in stage._domains}
        if strange := [key for key in group if key.startswith(_PREFIX) and key not in known]:
            raise ValueError(f"{self._rule}: the saved state has {strange[0]}; it is of another pipeline")
        for stage in self._pipeline:
            for name in (*stage._scalars, *stage._fixed):
                if stage._at(name) not in group:
                    raise ValueError(
                        f"{self._rule}: the saved state has no {stage._at(name)}; it is of another pipeline"
                    )
            for name in stage._domains:
                if stage._at(name) in group:
                    stage._check_hyper(name, to_plain(group[stage._at(name)]))

    def _take_back(self) -> None:
        """Have what has been restored to groups and parameters."""
        if not self._pipeline:
            return
        once, params = self.param_groups[0], self._by_path()
        for stage in self._pipeline:
            for name in stage._domains:
                if stage._at(name) in once and not callable(getattr(stage, name)):
                    stage._untouched = False
                    setattr(stage, name, to_plain(once[stage._at(name)]))
            stage._scalars = {name: float(to_plain(once[stage._at(name)])) for name in stage._scalars}
            if _SEED in stage._fixed:
                stage._fixed = {_SEED: to_seed(stage._at(_SEED), to_plain(once[stage._at(_SEED)]))}
            stage._given = {path: float(self.state[params[path]][stage._at(_GIVEN)]) for path in stage._given}
            stage._untouched = False
            # others may have started without a step
            late = stage._starts_late and stage._after and not stage._always
            fresh = (path for path, w in params.items() if self.state[w][OWN_STEPS] == 0)
            stage._late = stage._paths.intersection(fresh) if late else frozenset()
        self._note()


def _spread_as(whole: Tensor, w: Any) -> Any:
    """A tensor that all processes have, spread as `w`. None of it is sent."""
    from torch.distributed.tensor import distribute_tensor

    return distribute_tensor(whole, w.device_mesh, w.placements, src_data_rank=None)
