"""What an optimizer of `presets.keras` has besides what its rule has: the names and methods of keras.optimizers."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ._options import (
    Hyper,
    Optimizer,
    as_they_come,
    in_their_names,
    is_own_schedule,
    joined,
    rules,
    speaking,
)

#: Keras's names of hyperparameters, by their names here, or by "Rule.name" where that is only so in one rule.
NAMES = {
    "lr": "learning_rate",
    "beta1": "beta_1",
    "beta2": "beta_2",
    "eps": "epsilon",
    "Lion.weight_decay": "",  # the decay is that of a stage
    "LAMB.weight_decay": "",
    "AdagradEpsInside.initial_accumulator": "initial_accumulator_value",
    "FTRLKeras.initial_accumulator": "initial_accumulator_value",
    "FTRLKeras.lr_power": "learning_rate_power",
    "FTRLKeras.l1": "l1_regularization_strength",
    "FTRLKeras.l2": "l2_regularization_strength",
    "FTRLKeras.l2_shrinkage": "l2_shrinkage_regularization_strength",
    "ScheduleFreeAdamWKeras.warmup": "warmup_steps",
    "HeavyBall.rho": "momentum",
    "NesterovVelocity.rho": "momentum",
    "LossScale.loss_scale": "loss_scale_factor",
    "DynamicLossScale.interval": "dynamic_growth_steps",
    "Accumulate.every": "gradient_accumulation_steps",
    "ClipByNorm.max_norm": "clipnorm",
    "ClipByGlobalNormKeras.max_norm": "global_clipnorm",
    "ClipByValue.max_value": "clipvalue",
    "WeightEMAKeras.decay": "ema_momentum",
    "WeightEMAKerasOverwriting.decay": "ema_momentum",
    "WeightEMAKerasOverwriting.overwrite_every": "ema_overwrite_frequency",
}

_ARRAYS = "its arrays are opt.state_dict(), by their names"
#: What Keras's optimizers have and these do not, with what to write instead.
_INSTEAD = {
    "minimize": "take the gradients of the loss and write opt.step(grads)",
    "update_step": "write opt.step(grads), which steps all parameters",
    "stateless_apply": "write opt.step(grads), which changes the parameters in place",
    "stateless_build": "the states are there from the start",
    "variables": _ARRAYS,
    "get_weights": _ARRAYS,
    "set_weights": "write opt.load_state_dict(saved) with what opt.state_dict() gave",
    "save_own_variables": "write numpy.savez(path, **opt.state_dict())",
    "load_own_variables": "write opt.load_state_dict(numpy.load(path))",
    "dynamic_scale": "it is opt.pipeline[0].scale",
    "inner_optimizer": "LossScaleOptimizer returns the optimizer itself",
    "add_variable": "the states of a rule are declared in its spec",
    "add_optimizer_variables": "the states of a rule are declared in its spec",
    "from_config": "call from_config of the preset: keras.Adam.from_config(params, config)",
}


class Rate:
    """A schedule as Keras calls it, for a rule, which calls it with the step number.

    Keras counts calls of a step, from 0. With gradients accumulated over `every` of them, step t of the rule is
    in the call t * every - 1. A callable without arguments is called as it is, and schedules of this package
    count from 1.
    """

    def __init__(self, schedule: Callable[..., Any], every: int) -> None:
        self.schedule, self._every = schedule, every
        self._takes_count = _of_keras(schedule) is not None or not _fits(schedule)
        self._first = 1 if is_own_schedule(schedule) else 0

    def __call__(self, t: int) -> Any:
        return self.at(t * self._every - 1)

    def at(self, iterations: int) -> Any:
        """The rate after so many calls of a step."""
        if not self._takes_count:
            return self.schedule()
        return self.schedule(_as_tensor(self.schedule, iterations + self._first))

    def __repr__(self) -> str:
        return repr(self.schedule)


def _fits(schedule: Callable[..., Any]) -> bool:
    """Whether `schedule` can be called without arguments."""
    try:
        inspect.signature(schedule).bind()
    except TypeError:
        return False
    except ValueError:  # nothing is known of a callable that is written in C
        return True
    return True


def _of_keras(schedule: Any) -> Any:
    """The module of Keras that a LearningRateSchedule of it comes from; None if `schedule` is none."""
    bases = (base for base in type(schedule).__mro__ if base.__name__ == "LearningRateSchedule")
    return next((sys.modules.get(base.__module__.partition(".")[0]) for base in bases), None)


def _as_tensor(schedule: Any, iterations: int) -> Any:
    """`iterations` as a schedule of Keras expects it, which may ask for its dtype or raise it to a power."""
    ops = getattr(_of_keras(schedule), "ops", None)
    return iterations if ops is None else ops.convert_to_tensor(iterations, dtype="int32")


class LearningRate(float):
    """A learning rate that is assigned to as a variable of Keras is."""

    _owner: Keras

    def assign(self, value: Any) -> None:
        self._owner.learning_rate = value

    def numpy(self) -> float:
        return float(self)


class _Excluding:
    """The `where` of a weight decay that some parameters are excluded from."""

    def __init__(self, paths: Iterable[str], pattern: str | None) -> None:
        self._paths, self._pattern = frozenset(paths), pattern

    def __call__(self, path: str, w: Any) -> bool:
        return path not in self._paths and (self._pattern is None or re.search(self._pattern, path) is None)


class Keras(Optimizer):
    """An optimizer of `presets.keras`: a rule that is also spoken to as Keras's optimizers are.

    The options have Keras's names as attributes, too: `opt.learning_rate = 0.1`, `opt.beta_1`, `opt.clipnorm`.
    A parameter's name, where Keras asks for one, is its path.
    """

    #: The preset, such as keras.Adam, and all of its arguments but for the parameters.
    _title: str
    _arguments: Mapping[str, Any]

    if TYPE_CHECKING:
        lr: Hyper
        learning_rate: Any
        clipnorm: float | None
        clipvalue: float | None
        global_clipnorm: float | None
        ema_momentum: float
        loss_scale_factor: float | None

        @property
        def gradient_accumulation_steps(self) -> int | None: ...

    else:

        @property
        def learning_rate(self) -> LearningRate:
            rate = self.lr
            if callable(rate):
                rate = rate.at(self._calls) if isinstance(rate, Rate) else rate(self._t + 1)
            number = LearningRate(rate)
            number._owner = self
            return number

        def __setattr__(self, name: str, value: Any) -> None:
            if name.startswith("_"):
                object.__setattr__(self, name, value)
            elif name == "learning_rate" and callable(value):
                self.lr = Rate(value, self.gradient_accumulation_steps or 1)
            elif name in self.__dict__.get("_arguments", ()):
                self._set(name, value)
            else:
                super().__setattr__(name, value)

        def __getattr__(self, name: str) -> Any:
            # found only if nothing else has the name
            known = self.__dict__.get("_arguments")
            if known is None or name.startswith("_"):
                raise AttributeError(name)
            slot = self._slot(name)
            if slot is not None:
                return getattr(*slot)
            if name in known:
                return known[name]
            there = "its methods are step, apply, apply_gradients and state_dict"
            raise AttributeError(f"{self._title} has no {name}; {_INSTEAD.get(name, there)}")

    def _slot(self, name: str) -> tuple[Any, str] | None:
        """Where the argument `name` of the preset is kept: an owner and the name that it has there."""
        for owner in (*reversed(self._pipeline), self):
            for own in owner._domains:
                if NAMES.get(f"{owner._rule}.{own}", NAMES.get(own, own)) == name:
                    return owner, own
        return None

    def _set(self, name: str, value: Any) -> None:
        slot = self._slot(name)
        if name == "weight_decay" and value is None and slot is not None:
            value = 0.0
        if name == "name":
            self._arguments = {**self._arguments, name: value}
        elif name == "gradient_accumulation_steps" or slot is None or (value is None and name != "learning_rate"):
            now = getattr(self, name)
            if now != value:
                raise AttributeError(
                    f"{self._title}: {name} is {now!r} and cannot become {value!r} any more; make it so from the "
                    f"start: {self._title}(params, {name}={value!r})"
                )
        else:
            owner, own = slot
            check_number(self._title, name, value)
            try:
                owner._check_hyper(own, value)
            except (TypeError, ValueError) as error:
                told = in_their_names(str(error), NAMES, self._arguments)
                raise type(error)(f"{self._title}{told}") from None
            super().__setattr__(own, value) if owner is self else setattr(owner, own, value)

    # What Keras's users call.

    @property
    def iterations(self) -> int:
        """How many steps have been taken, as `t`; gradients that are accumulated to one step count once."""
        return self._t

    @property
    def built(self) -> bool:
        return True

    @property
    def _calls(self) -> int:
        """How often Keras would have been called by now, in which accumulated gradients count, too."""
        for stage in self._pipeline:
            if isinstance(stage, rules.Accumulate):
                return int(self._t * stage._hyper_at(1)["every"] + stage.count)
        return self._t

    def apply_gradients(self, grads_and_vars: Iterable[tuple[Any, Any]]) -> int:
        """Take one step with pairs of a gradient and its parameter, the array itself; the others have no gradient.

        Returns how often this has been called. Raises ValueError for an array that is none of the parameters.
        """
        try:
            grads, variables = zip(*grads_and_vars, strict=True)
        except (TypeError, ValueError):
            raise TypeError(
                f"{self._title}.apply_gradients: it takes a list of pairs (gradient, parameter), "
                "such as zip(grads, params)"
            ) from None
        self.apply(grads, variables)
        return self._calls

    def apply(self, grads: Sequence[Any], trainable_variables: Sequence[Any] | None = None) -> None:
        """Take one step with a list of gradients, in the order of the parameters, or of `trainable_variables`.

        The order is that of a dict itself, which elsewhere here does not count. An empty list is no step. Raises
        ValueError if a gradient has no parameter.
        """
        if not hasattr(grads, "__len__") or isinstance(grads, str) or getattr(grads, "shape", None) == ():
            raise TypeError(f"{self._title}.apply: the gradients are {type(grads).__name__}; they have to be a list")
        if len(grads) == 0:
            return
        if trainable_variables is None:
            paths = tuple(as_they_come(self._params))
        else:
            paths = tuple(self._path_of(variable) for variable in trainable_variables)
        if len({*paths}) < len(paths):
            raise ValueError(f"{self._title}: a parameter is there twice; pass it once, with the sum of its gradients")
        if len(grads) != len(paths):
            raise ValueError(f"{self._title}: there are {len(grads)} gradients of {len(paths)} parameters")
        self.step({**dict.fromkeys(self._checks.paths), **dict(zip(paths, grads, strict=True))})

    def build(self, variables: Iterable[Any]) -> None:
        """Nothing is left to do. Raises ValueError if `variables` are not the parameters."""
        for variable in variables:
            self._path_of(variable)

    def exclude_from_weight_decay(
        self, var_list: Iterable[Any] | None = None, var_names: Iterable[str] | None = None
    ) -> None:
        """Decay all parameters but those in `var_list`, and those in whose path one of `var_names` is found.

        `var_list` are arrays, or their paths; `var_names` regular expressions. As in Keras, the last call counts.
        Raises TypeError for one text in place of a list, ValueError for what is no parameter or no expression.
        """
        if isinstance(var_names, str):
            raise TypeError(f"{self._title}: var_names is {var_names!r}; it needs a list: [{var_names!r}]")
        try:
            for name in var_names or ():
                re.compile(name)
        except re.error as error:
            raise ValueError(f"{self._title}: {name!r} in var_names is no regular expression: {error}") from None
        excluded = [v if isinstance(v, str) and v in self._checks.paths else self._path_of(v) for v in var_list or ()]
        names = sorted(set(var_names or ()))
        where = _Excluding(excluded, "|".join(names) if names else None)
        params = dict(zip(self._checks.paths, self._checks.parameters(self._params), strict=True))
        for stage in self._pipeline:
            if isinstance(stage, rules.DecoupledDecay):
                stage._where = where
                stage._state = {path: {} for path, w in params.items() if where(path, w)}
                stage._paths = frozenset(stage._state)
                self._buckets = self._arranged()

    def finalize_variable_values(self, var_list: Iterable[Any] | None = None) -> None:
        """With use_ema, write the averages over the parameters, or over those in `var_list`."""
        params = dict(zip(self._checks.paths, self._checks.parameters(self._params), strict=True))
        chosen = list(params) if var_list is None else [self._path_of(variable) for variable in var_list]
        for stage in self._pipeline:
            if isinstance(stage, rules.WeightEMAKeras | rules.WeightEMAKerasOverwriting):
                average = stage.state("average")
                self._round_into([params[path] for path in chosen], [average[path] for path in chosen])

    def scale_loss(self, loss: Any) -> Any:
        """The loss times the loss scale, if there is one."""
        for stage in self._pipeline:
            if isinstance(stage, rules.DynamicLossScale):
                return loss * stage.scale
        return loss if self.loss_scale_factor is None else loss * self.loss_scale_factor

    def get_config(self) -> dict[str, Any]:
        """The arguments of the preset with their values of now: `keras.Adam(params, **opt.get_config())`.

        A schedule is the object itself.
        """
        config = {name: getattr(self, name) for name in self._arguments}
        rate = self.lr
        return {**config, "learning_rate": rate.schedule if isinstance(rate, Rate) else rate}

    def _path_of(self, variable: Any) -> str:
        params = self._checks.parameters(self._params)
        for path, w in zip(self._checks.paths, params, strict=True):
            if w is variable:
                return path
        raise ValueError(
            f"{self._title}: an array with shape {getattr(variable, 'shape', None)} is none of the parameters "
            f"{', '.join(self._checks.paths) or 'that it was made of'}; pass the array itself"
        )

    def _put_first(self, scale: Any) -> None:
        """Put the stage `scale`, a loss scale, before all others, in place of another one."""
        if self._calls or any(isinstance(stage, rules.DynamicLossScale) for stage in self._pipeline):
            what = "has taken steps" if self._calls else "has a dynamic loss scale already"
            raise ValueError(f"keras.LossScaleOptimizer: {self!r} {what}; make a new one around a new {self._title}")
        joined(self, scale)
        self._put_around((scale, *(stage for stage in self._pipeline if not isinstance(stage, rules.LossScale))))
        self._buckets = self._arranged()
        self._arguments = {**self._arguments, "loss_scale_factor": None}

    # What Keras does in other ways.

    def _with_gradients(self, gradients: Sequence[Any]) -> list[Any]:
        buckets = super()._with_gradients(gradients)
        if not buckets:
            raise ValueError(f"{self._title}: no parameter has a gradient, which Keras refuses; leave out this step")
        return buckets

    def _gather_in(self, stage: Any, chosen: Sequence[Any], passage: Any, *, go_on: bool) -> None:
        """At the end of a cycle only parameters that have a gradient just then take the step."""
        for bucket in chosen if go_on else ():
            if bucket in passage.absent:
                passage.calls[bucket].pop()

    def _through(self, number: int, *about: Any, **more: Any) -> None:
        """A step that a loss scale leaves out does not reach the optimizer inside: nothing is averaged."""
        passage = about[-1]
        if passage.ended_by is None or not isinstance(passage.ended_by, rules.DynamicLossScale):
            super()._through(number, *about, **more)


class _Decayed(Keras):
    """A rule with a weight decay of its own, which leaves it to a stage, from which parameters can be excluded."""

    @property
    def weight_decay(self) -> float:
        slot = self._slot("weight_decay") if "_pipeline" in self.__dict__ else None
        return 0.0 if slot is None else slot[0].weight_decay

    @weight_decay.setter
    def weight_decay(self, value: float) -> None:
        """The rule itself has none."""

    def _hyper_at(self, t: int) -> dict[str, float]:
        return {**super()._hyper_at(t), "weight_decay": 0.0}


def check_number(title: str, name: str, value: Any) -> None:
    """Refuse what only a learning rate can be."""
    if callable(value):
        raise TypeError(
            f"{title}: {name} is {value!r}; in Keras only the learning rate can be a callable. Pass a number, and set "
            f"opt.{name} when it is to change"
        )


if TYPE_CHECKING:

    class SGD(Keras, rules.SGD):
        pass

    class HeavyBall(Keras, rules.HeavyBall):
        momentum: float

    class NesterovVelocity(Keras, rules.NesterovVelocity):
        momentum: float

    class RMSpropEpsInside(Keras, rules.RMSpropEpsInside):
        epsilon: float

    class RMSpropCenteredEpsInside(Keras, rules.RMSpropCenteredEpsInside):
        epsilon: float

    class RMSpropMomentumEpsInside(Keras, rules.RMSpropMomentumEpsInside):
        epsilon: float

    class RMSpropGraves(Keras, rules.RMSpropGraves):
        epsilon: float

    class AdamEpsHat(Keras, rules.AdamEpsHat):
        beta_1: float
        beta_2: float
        epsilon: float

    class AMSGradEpsHat(Keras, rules.AMSGradEpsHat):
        beta_1: float
        beta_2: float
        epsilon: float

    class Adadelta(Keras, rules.Adadelta):
        epsilon: float

    class AdagradEpsInside(Keras, rules.AdagradEpsInside):
        epsilon: float

    class Adamax(Keras, rules.Adamax):
        beta_1: float
        beta_2: float
        epsilon: float

    class NAdamKeras(Keras, rules.NAdamKeras):
        beta_1: float
        beta_2: float
        epsilon: float

    class FTRLKeras(Keras, rules.FTRLKeras):
        learning_rate_power: float
        initial_accumulator_value: float
        l1_regularization_strength: float
        l2_regularization_strength: float
        l2_shrinkage_regularization_strength: float

    class LAMB(Keras, rules.LAMB):
        beta_1: float
        beta_2: float
        epsilon: float

    class ScheduleFreeAdamWKeras(Keras, rules.ScheduleFreeAdamWKeras):
        beta_1: float
        beta_2: float
        epsilon: float
        warmup_steps: int

    class Lion(Keras, rules.Lion):
        beta_1: float
        beta_2: float

else:

    def __getattr__(name: str) -> type[Keras]:
        """The class of the rule `name` with what Keras adds. A rule is loaded when it is first asked for."""
        if name.startswith("_"):
            raise AttributeError(name)
        known = globals()[name] = speaking(name, _Decayed if name in ("Lion", "LAMB") else Keras, __name__)
        return known
