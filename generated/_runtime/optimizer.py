"""Base class of all generated optimizers: it holds the parameters and steps them.

The equations are in the modules beside this one. Nothing here depends on an array library.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from .buckets import Bucket
from .checks import Checks
from .given import NOTHING, settled
from .group import Group
from .hints import stages_in
from .hyper import Hyper, IntHyper, Schedule
from .phases import Phases
from .pipeline import Stage, StageCall, kept_under
from .shown import as_html, as_latex, as_line
from .summing import NO_SUMS
from .tree import leaves

__all__ = ["Group", "Hyper", "IntHyper", "Optimizer", "Schedule", "Stage", "StageCall"]


class Optimizer(Phases):
    """Base class: holds the parameters, steps them in place, saves and restores the state.

    A subclass says which states there are, how they start and how one array is updated.
    """

    _what: ClassVar[str] = "optimizer"

    def __init__(
        self,
        params: Any,
        *,
        pipeline: Sequence[Stage] = (),
        master_weights: bool = False,
        tied: str | None = None,
        **hyper: Hyper,
    ) -> None:
        self._t = 0
        for name, value in hyper.items():
            setattr(self, name, value)
        if not (tied is None or (isinstance(tied, str) and tied == "sum")):
            raise ValueError(f"{self._rule}: tied={tied!r} is not allowed; it may be 'sum', or None")
        # of any library, which spell them in one way; an array of others has no truth value
        if isinstance(master_weights, str) or str(master_weights) not in ("True", "False"):
            raise TypeError(f"{self._rule}: master_weights={master_weights!r} is not allowed; it may be True or False")
        self._tied, self._keeps_master = tied, bool(master_weights)
        params = settled(params)
        listed = isinstance(params, list | tuple) and any(isinstance(entry, Group) for entry in params)
        if listed and not all(isinstance(entry, Group) for entry in params):
            raise TypeError(f"{self._rule}: some parameters are in a Group and some are not; put all into groups")
        self._grouped = listed
        self._groups = tuple(params) if listed else (Group(params),)
        self._params = [group._params for group in self._groups] if listed else params
        self._state, self._master, self._missed, self._late = {}, {}, [], set()
        self._own_numbers = []
        joined: list[Group | Stage] = []
        try:
            self._set_up(pipeline, joined)
        except BaseException:
            for one in joined:
                one._leave()
            raise

    def _set_up(self, pipeline: Sequence[Stage], joined: list[Group | Stage]) -> None:
        """Bring together groups, checks, stages and states. What joins is put into `joined`."""
        for group in self._groups:
            group._join(self)
            joined.append(group)
        self._checks = Checks(self, self._params, self._tied)
        self._pipeline = stages_in(self._rule, pipeline, Stage)
        at_start = [group._hyper_at(1) for group in self._groups]
        self._made_with = list(at_start)
        wide = self._widened(self._checks)
        self._fit(wide, *self._groups)
        for stage in self._pipeline:
            stage._join(self._rule, wide, has_lr="lr" in self._domains)
            joined.append(stage)
        self._put_around(self._pipeline)
        late = any(stage._own_t or stage._starts_late for stage in self._pipeline)
        self._counts_missed = self._own_t or self._starts_late or late
        self._scalars = [] if self._own_t else [self._initial_scalars(values) for values in at_start]
        self._take_in(wide, at_start)
        if self._extreme:
            self._try_next()
        self._buckets = self._arranged()

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

    def state(self, name: str) -> dict[str, Any]:
        """What the rule keeps under `name` for each parameter, by the parameter's path; not a copy.

        For a parameter in half precision these are arrays of float32. Of what the rule keeps a number for each array
        it is that number, or an array of float64 without dimensions where it stays on a device. Raises KeyError for a
        name that is not kept.
        """
        if name in self._per_array:
            return {path: numbers[name] for path, numbers in zip(self._paths, self._own_numbers, strict=True)}
        return kept_under(name, self)

    def hyper(self) -> dict[str, float]:
        """The hyperparameters of the next step as numbers; those of a group are `opt.groups[0].hyper()`."""
        return dict(self._hyper_at(self._t + 1))

    def add_group(self, params: Any, **hyper: Hyper) -> Group:
        """Add parameters, which have not taken a step yet, with hyperparameters of their own. Returns their group.

        `params` are what a Group takes, or a Group. From the next step on their gradients are the last entry of
        the list. The optimizer has to be made of groups. After an error nothing has changed.
        """
        if any(stage._away for stage in self._phased):
            raise ValueError(f"{self._rule}: a step is under way; add parameters once it has had its last gradient")
        if not self._grouped:
            raise TypeError(
                f"{self._rule}: the gradients are those of one group; make it as {self._rule}([Group(params)], ...) "
                "to add others"
            )
        group = params if isinstance(params, Group) else Group(params)
        group._check_free()
        new = Group(group._params, **{**group._own, **hyper})
        new._join(self)
        checks = Checks(self, [*self._params, group._params], self._tied)
        at_start = new._hyper_at(self._t + 1)
        number = len(self._groups)
        wide = {path: w for path, w in self._widened(checks).items() if path.partition(".")[0] == str(number)}
        if not any(leaves(new._params)):
            raise ValueError(
                f"{self._rule}: there are no parameters in the group; pass an array, a list or a dict of them"
            )
        added = [stage._chosen(wide) for stage in self._pipeline]
        self._fit(wide, *self._groups, new)
        # nothing has been written so far
        group._own, group._optimizer = new._own, self
        self._groups, self._params, self._checks = (*self._groups, group), [*self._params, group._params], checks
        for stage, chosen in zip(self._pipeline, added, strict=True):
            stage._take_in(chosen)
        if not self._own_t:
            self._scalars.append(self._initial_scalars(at_start))
        self._made_with.append(at_start)
        self._take_in(wide, [*({} for _ in range(number)), at_start])
        self._buckets = self._arranged()
        return group

    def step(self, grads: Any, **given: Any) -> None:
        """Take one step: update the parameters in place.

        `grads` has the structure of the parameters, each gradient the shape and dtype of its
        parameter. None in place of a gradient leaves that parameter and its state alone; a stage that
        collects gradients over several steps steps it with what it has collected. Everything
        is checked before anything is written: after an error all is as it was.

        A stage of the pipeline may end the step early (gradients that are still being accumulated, a
        loss scale that was too large): then neither the parameters nor `t` change, but for what that
        stage itself does to the parameters.

        With a stage that takes a step in phases, such as SAM, each call is one phase: it leaves the parameters where
        the next gradient is to be taken, and the last call leaves them after the step. `grads` may then be a function
        without arguments: it is called in each phase of the step, and returns the gradients at the parameters as they
        are. If it raises, all is as it was before the first phase that it was called in. If a stage before ends a
        phase early, such as a loss scale that was too large, the next call of `step` goes on with that phase.

        `given` are the inputs and signals of the rule, if it has any, by name: arrays that are nested as the
        gradients and checked as they are, and numbers. Stages change none of them. They are those of the call in
        which the rule takes its step. What is given for a parameter without a gradient is not read. Raises
        TypeError, and changes nothing, if one is missing that the rule cannot do without, or if it takes none.
        """
        if self._phased and callable(grads):
            self._step_through(grads, given)
            return
        t = self._t + 1
        hyper = [group._hyper_at(t) for group in self._groups] if self._grouped else [self._hyper_at(t)]
        if self._extreme:
            self._try_out(t, hyper)
        params = self._checks.parameters(self._params)
        gradients: Sequence[Any] = self._checks.gradients(grads)
        supplied = self._taken(given, gradients) if given or self._takes else None
        if params is not self._arranged_for:
            self._follow(params)
        buckets = self._with_gradients(gradients)
        calls: Mapping[Bucket, Sequence[StageCall]] = {}
        if self._pipeline:
            passage, gradients = self._pass(t, hyper, params, gradients, buckets)
            calls = passage.calls
            if passage.ended_by is not None:
                self._conclude(passage, params, gradients)
                return
            if len(calls) > len(buckets):
                buckets = [bucket for bucket in calls if bucket not in passage.absent]
        known = hyper if supplied is None else self._with_signals(hyper, supplied, buckets)
        scalars = self._scalars_before(hyper) if self._scalars[0] else self._scalars
        numbers = self._own_before(hyper, buckets) if self._own_numbers else self._own_numbers
        sums, overall = NO_SUMS, ()
        if first := self._reductions and self._sums_first():
            sums, overall = self._sum_up(t, known, buckets, params, gradients, scalars, numbers, calls, supplied)
        after = self._scalars_after(t, known, buckets, scalars, overall) if scalars[0] else scalars
        numbers_after = self._own_after(t, known, buckets, scalars, numbers, sums) if numbers else numbers
        if self._pipeline:
            self._conclude(passage, params, gradients)
        if scalars[0]:
            self._scalars = after
        if numbers:
            self._own_numbers = numbers_after
        self.__dict__["_t"] = t  # past the look at what is set
        if self._late and not first:
            self._start(buckets, params, hyper)
        for bucket in buckets:
            w, g = self._gathered(bucket, params, gradients)
            number = bucket.numbers[0]
            own_t = t - self._missed[number] if self._own_t else t
            states = (*bucket.states, *scalars[number if self._own_t else bucket.group].values())
            states = (*states, *numbers[number].values()) if numbers else states
            inputs = () if supplied is None else self._brought(bucket, supplied, g)
            update = partial(self._update_with, sums.get(bucket)) if self._reductions else self._update
            update(w, g, *inputs, *states, own_t, **known[bucket.group], stages=calls.get(bucket, ()))
            if bucket.results:
                self._round_into(bucket.of(params), bucket.results)
        if self._counts_missed:
            self._count_missed(buckets)

    def __repr__(self) -> str:
        return as_line(self) if "_buckets" in self.__dict__ else f"<{self._rule}>"  # not yet made

    def _repr_html_(self) -> str:
        return as_html(self)

    def _repr_latex_(self) -> str | None:
        return as_latex(self)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_buckets"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._checks.tie_again(self._params)
        for group, params in zip(self._groups, self._params if self._grouped else (), strict=False):
            group._params = params
        self._buckets = self._arranged()  # the copy of a view is an array of its own

    def _handed(self) -> Iterable[Any]:
        return (*self._checks.parameters(self._params), *(group._params for group in self._groups))


if not TYPE_CHECKING:  # which would take `step()` for a call that is complete; it is one that is told what to write
    Optimizer.step.__defaults__ = (NOTHING,)
