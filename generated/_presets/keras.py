"""keras.optimizers as of Keras 3: learning_rate, rho, beta_1, epsilon; weight decay is decoupled.

A learning rate may be a schedule of Keras, `keras.optimizers.schedules.CosineDecay(0.1, 1000)`: it is called as there,
with the calls of a step so far, from 0, in which gradients that are accumulated count one by one. A callable
without arguments is called as it is, one with an argument as a schedule is. Schedules of `stepsmith.schedules` count
from 1: they get one more. Nothing is called before the first step.

A parameter without a gradient is left alone, as are its states, while `iterations` goes on for all: Keras corrects
biases by that. At the end of an accumulation what has been collected for it is dropped, as Keras does but for its
JAX backend, which keeps it for the next. Averages are taken of all weights. A step without any gradient is refused.

With use_ema, the average is kept by the last stage of `opt.pipeline`, as `.state("average")`.
The names of the optimizers and ema_momentum, ema_overwrite_frequency without use_ema have no effect.
"""

from __future__ import annotations

import difflib
import functools
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack

from . import _keras as own
from ._options import Hyper, Stage, preset, rules

_Preset = TypeVar("_Preset", bound=Callable[..., Any])


class _Around(TypedDict, total=False):
    clipnorm: float | None
    clipvalue: float | None
    global_clipnorm: float | None
    use_ema: bool
    ema_momentum: float
    ema_overwrite_frequency: int | None
    loss_scale_factor: float | None
    gradient_accumulation_steps: int | None
    name: str | None


def _around(
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    ema_overwrite_frequency: int | None = None,
    loss_scale_factor: float | None = None,
    gradient_accumulation_steps: int | None = None,
    name: str | None = None,
) -> list[Stage]:
    """What Keras does around every rule, in its order: the arguments that all of its optimizers have."""
    if sum(option is not None for option in (clipnorm, clipvalue, global_clipnorm)) > 1:
        raise ValueError("only one of clipnorm, clipvalue and global_clipnorm can be set")
    if gradient_accumulation_steps == 1:
        raise ValueError("Accumulate: every = 1 is not allowed; it needs integer every >= 2, or None")
    stages: list[Stage] = []
    stages += [] if loss_scale_factor is None else [rules.LossScale(loss_scale=loss_scale_factor)]
    stages += [rules.Accumulate(every=gradient_accumulation_steps)] if gradient_accumulation_steps else []
    stages += [rules.ClipByNorm(max_norm=clipnorm)] if clipnorm else []
    stages += [rules.ClipByGlobalNormKeras(max_norm=global_clipnorm)] if global_clipnorm else []
    stages += [rules.ClipByValue(max_value=clipvalue)] if clipvalue else []
    stages += [] if weight_decay is None else [rules.DecoupledDecay(weight_decay=weight_decay)]
    if use_ema and ema_overwrite_frequency:
        stages += [rules.WeightEMAKerasOverwriting(decay=ema_momentum, overwrite_every=ema_overwrite_frequency)]
    elif use_ema:
        stages += [rules.WeightEMAKeras(decay=ema_momentum)]
    return stages


_GONE = {
    "decay": "Keras ignores it; leave it out, or take keras.optimizers.schedules.InverseTimeDecay as learning_rate",
    "jit_compile": "it changes nothing; leave it out",
    "is_legacy_optimizer": "it changes nothing; leave it out",
}
_named = preset("keras", own.NAMES, options=_around, gone=_GONE)


def _preset(function: _Preset) -> _Preset:
    """A decorator of the presets: their learning rate is called as Keras calls it."""
    title = f"keras.{function.__name__}"

    @functools.wraps(function)
    def made(**given: Any) -> Any:
        arguments = {name: given.get(name, p.default) for name, p in named.__signature__.parameters.items()}
        del arguments["params"]
        rate = arguments["learning_rate"]
        if isinstance(rate, Mapping):
            raise TypeError(
                f"{title}: learning_rate is the configuration of a schedule; pass the schedule itself: "
                "keras.optimizers.schedules.deserialize(config['learning_rate'])"
            )
        for name, value in arguments.items():
            if name != "learning_rate":
                own.check_number(title, name, value)
        opt = function(**{**given, "learning_rate": 1.0} if callable(rate) else given)
        opt._title = title
        opt._arguments = {**arguments, "name": arguments["name"] or function.__name__.lower()}
        if callable(rate):
            opt.learning_rate = rate
        return opt

    named: Any = _named(made)

    def from_config(*given: Any) -> Any:
        if len(given) != 2:
            raise TypeError(f"{title}.from_config: the parameters are missing; write {title}(params, **config)")
        return named(given[0], **given[1])

    named.from_config = from_config
    return named  # type: ignore[no-any-return]


@_preset
def SGD(
    params: Any,
    learning_rate: Hyper = 0.01,
    momentum: float = 0.0,
    nesterov: bool = False,
    weight_decay: float | None = None,
    **around: Unpack[_Around],
) -> own.SGD | own.HeavyBall | own.NesterovVelocity:
    """keras.optimizers.SGD: the learning rate is part of the velocity."""
    stages = _around(weight_decay, **around)
    if not momentum:
        return own.SGD(params, lr=learning_rate, pipeline=stages)
    return (own.NesterovVelocity if nesterov else own.HeavyBall)(
        params, lr=learning_rate, rho=momentum, pipeline=stages
    )


@_preset
def RMSprop(
    params: Any,
    learning_rate: Hyper = 0.001,
    rho: float = 0.9,
    momentum: float = 0.0,
    epsilon: float = 1e-7,
    centered: bool = False,
    weight_decay: float | None = None,
    **around: Unpack[_Around],
) -> own.RMSpropEpsInside | own.RMSpropCenteredEpsInside | own.RMSpropMomentumEpsInside | own.RMSpropGraves:
    """keras.optimizers.RMSprop: epsilon inside the root, the learning rate inside the momentum."""
    stages = _around(weight_decay, **around)
    if momentum:
        moving = own.RMSpropGraves if centered else own.RMSpropMomentumEpsInside
        return moving(params, lr=learning_rate, rho=rho, eps=epsilon, momentum=momentum, pipeline=stages)
    rule = own.RMSpropCenteredEpsInside if centered else own.RMSpropEpsInside
    return rule(params, lr=learning_rate, rho=rho, eps=epsilon, pipeline=stages)


@_preset
def Adam(
    params: Any,
    learning_rate: Hyper = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    amsgrad: bool = False,
    weight_decay: float | None = None,
    **around: Unpack[_Around],
) -> own.AdamEpsHat | own.AMSGradEpsHat:
    """keras.optimizers.Adam. With weight_decay it is AdamW.

    Keras adds epsilon before the second moment is corrected: "epsilon hat" of Kingma & Ba (2015), before section 2.1,
    `AdamEpsHat` here. What is printed as Adam is mostly their Algorithm 1, which adds it afterwards: `Adam` here.
    Algorithm 1 with epsilon / sqrt(1 - beta_2**t) in step t is what Keras computes: 31.6 times epsilon in the first
    step with the default beta_2, and no constant epsilon makes them equal.
    """
    rule = own.AMSGradEpsHat if amsgrad else own.AdamEpsHat
    stages = _around(weight_decay, **around)
    return rule(params, lr=learning_rate, beta1=beta_1, beta2=beta_2, eps=epsilon, pipeline=stages)


@_preset
def AdamW(
    params: Any,
    learning_rate: Hyper = 0.001,
    weight_decay: float = 0.004,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    amsgrad: bool = False,
    **around: Unpack[_Around],
) -> own.AdamEpsHat | own.AMSGradEpsHat:
    """keras.optimizers.AdamW."""
    if weight_decay is None:
        raise ValueError("keras.AdamW: weight_decay is None; it has to be a number, or take keras.Adam")
    rule = own.AMSGradEpsHat if amsgrad else own.AdamEpsHat
    stages = _around(weight_decay, **around)
    return rule(params, lr=learning_rate, beta1=beta_1, beta2=beta_2, eps=epsilon, pipeline=stages)


@_preset
def Adadelta(
    params: Any,
    learning_rate: Hyper = 0.001,
    rho: float = 0.95,
    epsilon: float = 1e-7,
    weight_decay: float | None = None,
    **around: Unpack[_Around],
) -> own.Adadelta:
    """keras.optimizers.Adadelta."""
    return own.Adadelta(params, lr=learning_rate, rho=rho, eps=epsilon, pipeline=_around(weight_decay, **around))


@_preset
def Adagrad(
    params: Any,
    learning_rate: Hyper = 0.001,
    initial_accumulator_value: float = 0.1,
    epsilon: float = 1e-7,
    weight_decay: float | None = None,
    **around: Unpack[_Around],
) -> own.AdagradEpsInside:
    """keras.optimizers.Adagrad: epsilon inside the root."""
    start, stages = initial_accumulator_value, _around(weight_decay, **around)
    return own.AdagradEpsInside(params, lr=learning_rate, initial_accumulator=start, eps=epsilon, pipeline=stages)


@_preset
def Adamax(
    params: Any,
    learning_rate: Hyper = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    weight_decay: float | None = None,
    **around: Unpack[_Around],
) -> own.Adamax:
    """keras.optimizers.Adamax."""
    stages = _around(weight_decay, **around)
    return own.Adamax(params, lr=learning_rate, beta1=beta_1, beta2=beta_2, eps=epsilon, pipeline=stages)


@_preset
def Nadam(
    params: Any,
    learning_rate: Hyper = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    weight_decay: float | None = None,
    **around: Unpack[_Around],
) -> own.NAdamKeras:
    """keras.optimizers.Nadam, whose momentum schedule is that of torch with momentum_decay=1."""
    stages = _around(weight_decay, **around)
    return own.NAdamKeras(params, lr=learning_rate, beta1=beta_1, beta2=beta_2, eps=epsilon, pipeline=stages)


@_preset
def Lion(
    params: Any,
    learning_rate: Hyper = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.99,
    weight_decay: float | None = None,
    **around: Unpack[_Around],
) -> own.Lion:
    """keras.optimizers.Lion."""
    if beta_1 == 0:
        raise ValueError("keras.Lion: beta_1 = 0 is refused by Keras; take SignSGD, which Lion is then")
    stages = _around(weight_decay, **around)
    return own.Lion(params, lr=learning_rate, beta1=beta_1, beta2=beta_2, weight_decay=0, pipeline=stages)


@_preset
def Lamb(
    params: Any,
    learning_rate: Hyper = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    weight_decay: float | None = None,
    **around: Unpack[_Around],
) -> own.LAMB:
    """keras.optimizers.Lamb. Its decay is apart from the step that has the norm of the weights."""
    stages = _around(weight_decay, **around)
    rates: dict[str, Any] = {"lr": learning_rate, "beta1": beta_1, "beta2": beta_2}
    return own.LAMB(params, **rates, eps=epsilon, weight_decay=0, pipeline=stages)


@_preset
def Ftrl(
    params: Any,
    learning_rate: Hyper = 0.001,
    learning_rate_power: float = -0.5,
    initial_accumulator_value: float = 0.1,
    l1_regularization_strength: float = 0.0,
    l2_regularization_strength: float = 0.0,
    l2_shrinkage_regularization_strength: float = 0.0,
    beta: float = 0.0,
    weight_decay: float | None = None,
    **around: Unpack[_Around],
) -> own.FTRLKeras:
    """keras.optimizers.Ftrl. Its L2 penalty is twice that of the paper, and in its first step it starts from 0."""
    return own.FTRLKeras(
        params,
        lr=learning_rate,
        lr_power=learning_rate_power,
        initial_accumulator=initial_accumulator_value,
        l1=l1_regularization_strength,
        l2=l2_regularization_strength,
        l2_shrinkage=l2_shrinkage_regularization_strength,
        beta=beta,
        pipeline=_around(weight_decay, **around),
    )


@_preset
def ScheduleFreeAdamW(
    params: Any,
    learning_rate: Hyper = 0.0025,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-8,
    warmup_steps: int = 0,
    weight_decay: float | None = None,
    **around: Unpack[_Around],
) -> own.ScheduleFreeAdamWKeras:
    """keras.optimizers.ScheduleFreeAdamW, as on its NumPy and JAX backends; on that of torch it is another rule.

    The parameters are what is trained. What is to be evaluated is (w - (1 - beta_1) * z) / beta_1, z being
    `opt.state("z")`: Keras has no method for it either.
    """
    stages, warmup = _around(weight_decay, **around), warmup_steps
    rates: dict[str, Any] = {"lr": learning_rate, "beta1": beta_1, "beta2": beta_2}
    return own.ScheduleFreeAdamWKeras(params, **rates, eps=epsilon, warmup=warmup, pipeline=stages)


_Wrapped = TypeVar("_Wrapped", bound=own.Keras)


@preset("keras", own.NAMES, gone={"dynamic": "set loss_scale_factor of the inner optimizer"})
def LossScaleOptimizer(
    inner_optimizer: _Wrapped,
    initial_scale: float = 2.0**15,
    dynamic_growth_steps: int = 2000,
    name: str | None = None,
) -> _Wrapped:
    """keras.optimizers.LossScaleOptimizer around an optimizer of this module, before its first step.

    Returns the optimizer itself, which from then on expects gradients of `opt.scale_loss(loss)` and leaves out the
    steps in which one is not finite. Its loss_scale_factor has no effect any more, as in Keras.
    """
    title = "keras.LossScaleOptimizer"
    if not isinstance(inner_optimizer, own.Keras):
        raise TypeError(
            f"{title}: {inner_optimizer!r} is no optimizer of this module; write {title}(keras.Adam(params), ...)"
        )
    inner_optimizer._put_first(
        rules.DynamicLossScale(initial_scale=initial_scale, growth=2, backoff=0.5, interval=dynamic_growth_steps)
    )
    return inner_optimizer


@preset("keras", own.NAMES)
def get(params: Any, identifier: str | Mapping[str, Any]) -> own.Keras:
    """keras.optimizers.get: the optimizer of a name, or of a configuration as of keras.optimizers.serialize."""
    name, config = identifier, {}
    if isinstance(identifier, Mapping):
        if not {"class_name", "config"} <= identifier.keys():
            has = ", ".join(map(repr, identifier)) or "nothing"
            raise ValueError(
                "keras.get: a configuration has the keys 'class_name' and 'config', as keras.optimizers.serialize "
                f"makes it, and this one has {has}"
            )
        name, config = identifier["class_name"], dict(identifier["config"])
    if str(name).lower() == "lossscaleoptimizer":
        inner: own.Keras = get(params, config.pop("inner_optimizer"))
        return LossScaleOptimizer(inner, **config)
    known = {each.lower(): each for each in (*_there(), *_INSTEAD)}
    made: own.Keras = getattr(sys.modules[__name__], known.get(str(name).lower(), str(name)))(params, **config)
    return made


def _there() -> list[str]:
    """The optimizers of this module."""
    return [name for name, value in globals().items() if hasattr(value, "from_config")]


#: What Keras has besides, and what to take.
_INSTEAD = {
    "Adafactor": "take RMSprop, which keeps the second moment of every element",
    "Muon": "take SGD with momentum",
    "MultiOptimizer": "make an optimizer for each part of the parameters",
    "OptimizerMap": "make an optimizer for each part of the parameters",
    "Optimizer": "a rule of your own is declared in a spec",
    "schedules": "pass the schedules of Keras itself, or take those of stepsmith.schedules",
    "serialize": "opt.get_config() has the arguments, opt.state_dict() the states",
    "deserialize": "write keras.get(params, config)",
    "legacy": "take the optimizers of this module, which are those of Keras 3",
    "experimental": "take the optimizers of this module, which are those of Keras 3",
}

if not TYPE_CHECKING:  # which would take any name for known

    def __getattr__(name: str) -> Any:
        if name == "optimizers":  # for what is pasted as keras.optimizers.Adam
            return sys.modules[__name__]
        if name in _INSTEAD:
            raise NotImplementedError(f"keras.{name} is not supported; {_INSTEAD[name]}")
        there = {each.lower(): each for each in (*_there(), "LossScaleOptimizer", "get")}
        close = difflib.get_close_matches(name.lower(), there, n=1)
        hint = f"did you mean {there[close[0]]}?" if close else f"there are {', '.join(there.values())}"
        raise AttributeError(f"keras has no {name}; {hint}")
