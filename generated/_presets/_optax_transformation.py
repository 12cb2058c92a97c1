"""What a function of optax returns that is not given parameters: a transformation, for which they come later."""

from __future__ import annotations

import copy
import functools
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import (
    TYPE_CHECKING,
    Any,
    Concatenate,
    Generic,
    ParamSpec,
    Protocol,
    TypeVar,
    cast,
    overload,
)

from ._optax_masks import Mask
from ._options import Hyper, Optimizer, Stage, leaves, preset, rules, to_number

_Options = ParamSpec("_Options")
_Made = TypeVar("_Made")
_Made_co = TypeVar("_Made_co", covariant=True)
_Tree = TypeVar("_Tree")

as_preset = preset(
    "optax",
    {
        "lr": "learning_rate",
        "beta1": "b1",
        "beta2": "b2",
        "beta3": "b3",
        "ScheduleFreeSGDOptax.beta": "b1",
        "warmup": "warmup_steps",
        "mu": "momentum",
        "rho": "decay",
        "Adadelta.rho": "rho",
        "initial_accumulator": "initial_scale",
        "AdagradEpsInside.initial_accumulator": "initial_accumulator_value",
        "AdagradGuarded.initial_accumulator": "initial_accumulator_value",
        "AdamEpsInside.eps": "eps_root",
        "shrink": "eta_minus",
        "grow": "eta_plus",
        "shortest": "min_step_size",
        "longest": "max_step_size",
        "max_value": "max_delta",
        "MoMo.beta1": "beta",
        "MoMoStar.beta1": "beta",
        "DoWG.d0": "init_estim_sq_dist",
        "d0": "estim_lr0",
        "clip": "clip_threshold",
        "max_length": "max_learning_rate",
        "PolyakSGDScaled.lr": "scaling",
        "PolyakSGDPlusScaled.lr": "scaling",
        "AccumulateOptax.every": "every_k_schedule",
        "AccumulateSumOptax.every": "every_k_schedule",
    },
)


class FromZero:
    """A schedule that counts updates from 0, in the place of one that is called with the step number, from 1.

    One of the library optax is given an int32 of JAX, as optax does, which decides in which type it computes;
    any other an int.
    """

    def __init__(self, schedule: Callable[[Any], Any]) -> None:
        self.schedule = schedule

    def __call__(self, t: int) -> Any:
        of_optax = str(getattr(self.schedule, "__module__", "")).partition(".")[0] == "optax"
        jax = sys.modules.get("jax") if of_optax else None
        return self.schedule(t - 1 if jax is None else jax.numpy.int32(t - 1))

    def __repr__(self) -> str:
        return f"{self.schedule!r} from 0"

    def __deepcopy__(self, memo: Any) -> FromZero:
        return self  # what others may hold and change, such as a rate that falls on a plateau, stays what they hold


def counted(value: Any) -> Any:
    """A hyperparameter of a rule or stage here: what of `value` is a schedule counts from 0.

    Those of stepsmith.schedules, and monitors, go on to count from 1, so that all of them begin at their beginning.
    """
    ours = isinstance(value, FromZero | Product) or hasattr(type(value), "_domains")
    return FromZero(value) if callable(value) and not ours else value


class Product:
    """A number times schedules, as a function of the step number."""

    def __init__(self, number: float, schedules: tuple[Callable[[int], Any], ...]) -> None:
        self.number, self.schedules = number, schedules

    def __call__(self, t: int) -> float:
        value = self.number
        for schedule in self.schedules:
            value *= float(schedule(t))
        return value

    def __repr__(self) -> str:
        return " * ".join(map(repr, (self.number, *self.schedules)))

    def __deepcopy__(self, memo: Any) -> Product:
        return self


@dataclass(frozen=True)
class Rate:
    """What updates are multiplied by: a number and schedules. The learning rate is its opposite."""

    number: float = 1.0
    schedules: tuple[Callable[[int], Any], ...] = ()

    def times(self, other: Rate) -> Rate:
        return Rate(self.number * other.number, (*self.schedules, *other.schedules))

    def lr(self, title: str) -> Hyper:
        if not self.schedules and self.number > 0:
            raise ValueError(
                f"{title}: the updates are multiplied by {self.number!r} and go uphill; end the chain with "
                "scale_by_learning_rate(learning_rate) or scale(-learning_rate); to maximize, begin it with scale(-1.0)"
            )
        if not self.schedules:
            return -self.number
        return self.schedules[0] if self == Rate(-1.0, self.schedules[:1]) else Product(-self.number, self.schedules)

    def stages(self, title: str) -> tuple[Stage, ...]:
        """The same as stages that multiply the gradient."""
        if self.schedules or not self.number:
            what = "a schedule" if self.schedules else "scale(0.0)"
            raise NotImplementedError(f"{title}: {what} in front of the rule is not supported; put it last")
        size = abs(self.number)
        turned: tuple[Stage, ...] = (rules.Maximize(),) if self.number < 0 else ()
        return turned if size == 1 else (*turned, rules.LossScale(loss_scale=1 / size))


class OptState:
    """The state of a transformation: an optimizer with parameters of its own, and whether it has just stepped them."""

    def __init__(self, optimizer: Optimizer, updated: bool = False) -> None:
        self.optimizer, self.updated = optimizer, updated

    def __repr__(self) -> str:
        return f"OptState({self.optimizer!r})"

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_") or name == "optimizer":
                raise AttributeError(name)
            remedy = {
                "hyperparams": "a hyperparameter is state.optimizer.lr, which can be set",
                "count": "it is state.optimizer.t",
                "inner_state": "write state.optimizer.state('m'), for instance",
            }.get(name, "its parts are optimizer, with all hyperparameters and states, and updated")
            raise AttributeError(f"the state of a transformation has no {name}; {remedy}")


@dataclass(frozen=True, eq=False)
class GradientTransformation:
    """An optimizer of optax whose parameters come later, or a part of one, for `chain`.

    `optimizer(params)` is the one that steps these parameters in place, which is what to use here. `init` and
    `update` are those of optax: they change nothing that they are given, and copy parameters and states for it.
    """

    title: str
    #: What comes before the rule; masks may still wait for the parameters.
    stages: tuple[Stage, ...] = ()
    #: A function of this module with parameters, learning rate, options and pipeline.
    rule: Callable[..., Optimizer] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    rate: Rate = field(default_factory=Rate)
    #: Decay between the rule and its learning rate; whether there can be any, as long as the rate is 1.
    decays: tuple[Stage, ...] = ()
    direction: bool = False
    #: Whether a step may end early, so that what is around counts other steps.
    ends: bool = False
    #: Whether its updates are no direction times a learning rate, so that nothing can multiply them afterwards.
    whole: bool = False

    def optimizer(self, params: Any) -> Optimizer:
        """The optimizer that steps `params`, arrays in the structures that every rule here takes, in place."""
        lr = self.rate.lr(self.title)
        options = dict(self.options)
        pipeline = (*self.stages, *options.pop("pipeline", ()), *self.decays)
        around = [fresh(part) if isinstance(part, Stage) else part for part in pipeline]
        if self.rule is None:
            return rules.SGD(params, lr=lr, pipeline=resolved(around, params))
        return self.rule(params, lr, **options, pipeline=around)

    def init(self, params: Any) -> OptState:
        """The state before the first update of `params`, which are copied."""
        if params is None:
            raise TypeError(f"{self.title}: init needs the parameters: init(params)")
        return OptState(self.optimizer(mapped(lambda w: w.copy(), params)))

    def update(self, updates: Any, state: OptState, params: Any = None, **extra: Any) -> tuple[Any, OptState]:
        """What to add to `params` for the gradients `updates`, and the next state. None is changed.

        ValueError without `params`, TypeError if `state` is none. To be added, updates are differences of weights,
        and rounded as those are. `extra` are the inputs and signals of the rule, by name; `value` is the loss.
        """
        if not isinstance(state, OptState):
            raise TypeError(f"{self.title}: {state!r} is no state of it; begin with what init(params) returns")
        if params is None:
            raise ValueError(f"{self.title}: update needs the parameters, too: update(grads, state, params)")
        optimizer = _copied(state.optimizer)
        mine = optimizer._params
        now = dict(leaves(params))
        for path, w in leaves(mine):
            if path not in now or now[path].shape != w.shape:
                raise ValueError(f"{self.title}: these are not the parameters of init; there is another one at {path}")
            w[...] = now[path]
        # as in optax, what a transformation does not take passes it by
        taken = {*optimizer._inputs, *optimizer._signals}
        extra = {"loss" if name == "value" else name: one for name, one in extra.items()}
        optimizer.step(updates, **{name: value for name, value in extra.items() if name in taken})
        updated = optimizer.t > state.optimizer.t
        return mapped(lambda new, old: new - old, mine, params), OptState(optimizer, updated)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):
                raise AttributeError(name)
            raise AttributeError(
                f"{self.title} has no parameters yet, and no {name}; make the optimizer that steps them: "
                "opt = (...).optimizer(params)"
            )

    def gradient_transformation(self) -> GradientTransformation:
        """Itself, as in optax.MultiSteps(...).gradient_transformation()."""
        return self

    def has_updated(self, state: OptState) -> bool:
        """Whether the last update of a MultiSteps was one of the parameters."""
        return state.updated


def fresh(stage: Stage, where: Any = None) -> Any:
    """The same stage anew, as one belongs to one optimizer; for the parameters of `where` if that is given."""
    made: Callable[..., Stage] = type(stage)
    seed = {"seed": int(stage._fixed["seed"])} if stage._noisy else {}
    hyper = {name: getattr(stage, name) for name in stage._domains}
    return made(where=where or stage._where, **seed, **hyper)


def _copied(optimizer: Optimizer) -> Optimizer:
    """A copy that shares nothing but the schedules."""
    parts = (optimizer, *optimizer.groups, *optimizer.pipeline)
    values = [value for part in parts for value in (*vars(part).values(), *vars(part).get("_own", {}).values())]
    return copy.deepcopy(optimizer, {id(value): value for value in values if callable(value)})


def mapped(function: Callable[..., Any], tree: _Tree, *others: Any) -> _Tree:
    """The tree of what `function` makes of the leaves of `tree` and of others of that structure."""
    if isinstance(tree, Mapping):
        made = {key: mapped(function, value, *[one[key] for one in others]) for key, value in tree.items()}
        return cast("_Tree", made)
    if isinstance(tree, list | tuple):
        entries = [mapped(function, value, *[one[k] for one in others]) for k, value in enumerate(tree)]
        named = hasattr(tree, "_fields")
        return cast("_Tree", type(tree)(*entries) if named else type(tree)(entries))
    return cast("_Tree", function(tree, *others))


def resolved(pipeline: Any, params: Any) -> Any:
    """The stages of `pipeline` with their masks applied to `params`; without those that are for none of them."""
    if not isinstance(pipeline, Sequence):
        return pipeline  # which the rule refuses
    stages: list[Any] = []
    for entry in pipeline:
        part = isinstance(entry, GradientTransformation) and entry.rule is None
        stages += (*entry.stages, *entry.rate.stages(entry.title)) if part else (entry,)
    kept = []
    for stage in stages:
        mask = getattr(stage, "_where", None)
        if isinstance(mask, Mask):
            chosen = mask.of(params)
            if chosen.paths:
                kept.append(fresh(stage, chosen))
        else:
            kept.append(stage)
    return kept


class Alias(Protocol, Generic[_Options, _Made_co]):
    """An optimizer of optax: of parameters, which come first, or without them a transformation."""

    @overload
    def __call__(self, /, *args: _Options.args, **kwargs: _Options.kwargs) -> GradientTransformation: ...
    @overload
    def __call__(self, params: Any, /, *args: _Options.args, **kwargs: _Options.kwargs) -> _Made_co: ...
    @overload
    def __call__(self, *, params: Any, **kwargs: Any) -> _Made_co: ...


def alias(function: Callable[Concatenate[Any, _Options], _Made]) -> Alias[_Options, _Made]:
    """A decorator of the optimizers of optax, which take parameters first.

    Schedules count from 0, masks of the pipeline are applied, and without parameters, whose place may be taken
    by the learning rate, the result is a GradientTransformation.
    """
    named: Callable[..., _Made] = as_preset(function)
    signature = inspect.signature(function)
    title = f"optax.{function.__qualname__}"

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        later = "params" not in kwargs and (not args or is_rate(args[0]) or _alone(args, kwargs))
        args = ((), *args) if later else args
        try:
            bound = signature.bind(*args, **kwargs).arguments
        except TypeError:
            return named(*args, **kwargs)  # which says what is wrong
        if later:
            if "learning_rate" in signature.parameters:
                rate = signature.parameters["learning_rate"].default
                bound.setdefault("learning_rate", None if rate is inspect.Parameter.empty else rate)
            return _later(title, called, bound)
        for name, value in bound.items():
            if name != "params":
                bound[name] = _option(title, str(signature.parameters[name].annotation), name, value)
        if "pipeline" in bound:
            bound["pipeline"] = resolved(bound["pipeline"], bound["params"])
        return named(**bound)

    return cast("Alias[_Options, _Made]", called)


def is_rate(value: Any) -> bool:
    """Whether `value`, in the place of the parameters, is a learning rate: a number or a schedule."""
    array = hasattr(value, "__array_interface__") or hasattr(value, "__cuda_array_interface__")
    model = hasattr(value, "parameters") or getattr(value, "__name__", None) == "parameters"
    schedule = callable(value) and not model
    return isinstance(value, Real) or schedule or (getattr(value, "shape", None) == () and not array)


def _alone(args: tuple[Any, ...], options: Mapping[str, Any]) -> bool:
    """Whether the one argument that has no name is an array without dimensions, and no learning rate has a name."""
    return len(args) == 1 and getattr(args[0], "shape", None) == () and "learning_rate" not in options


def _option(title: str, annotation: str, name: str, value: Any) -> Any:
    if not callable(value):
        return value
    if annotation.startswith("Hyper"):
        return counted(value)
    if annotation.startswith(("float", "int")) and not isinstance(value, FromZero):
        raise TypeError(
            f"{title}: {name} is a function; optax takes schedules of it through inject_hyperparams alone: "
            f"optax.inject_hyperparams({title})(...) with the same arguments"
        )
    return value


#: Optimizers whose updates are the difference to new weights that are no step of theirs.
_WHOLE = (
    "optax.fromage",
    "optax.lars",
    *(f"optax.contrib.{name}" for name in ("cocob", "dadapt", "madgrad", "momo", "prodigy", "schedule_free")),
)


def _later(title: str, rule: Callable[..., Optimizer], options: dict[str, Any]) -> GradientTransformation:
    """The transformation of a rule whose parameters come later."""
    if "scaling" in inspect.signature(rule).parameters:  # a rule that finds its learning rate has this factor of it
        del options["params"]
        scaled = Rate(-1.0).times(as_rate(title, options.pop("scaling", 1.0)))
        return GradientTransformation(title, rule=functools.partial(_scaling, rule), options=options, rate=scaled)
    rate = options.get("learning_rate")
    if rate is None:
        rule(**options)  # which refuses it
    del options["params"], options["learning_rate"]
    whole = title.startswith(_WHOLE)
    rate = Rate(-1.0).times(as_rate(title, rate))
    return GradientTransformation(title, rule=rule, options=options, rate=rate, whole=whole)


def _scaling(rule: Callable[..., Optimizer], params: Any, scaling: Hyper, **options: Any) -> Optimizer:
    return rule(params, scaling=scaling, **options)


def as_rate(title: str, value: Any) -> Rate:
    """A number or a schedule as a factor."""
    if callable(value):
        return Rate(1.0, (counted(value),))
    return Rate(float(to_number(f"{title}: learning_rate", value, "it has to be a number or a schedule")))
