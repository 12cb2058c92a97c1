"""What optax puts around and between its optimizers: stages, `chain`, and the wrappers."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from ._optax_masks import Mask
from ._optax_transformation import (
    GradientTransformation,
    Rate,
    as_preset,
    as_rate,
    counted,
    fresh,
    is_rate,
    mapped,
)
from ._options import Hyper, Optimizer, Stage, leaves, rules

_Tree = TypeVar("_Tree")
_Part = Stage | GradientTransformation


@as_preset
def clip(max_delta: float) -> rules.ClipByValue:
    """optax.clip as a stage, for `chain` and for `pipeline=[clip(1.0)]` of any optimizer."""
    return rules.ClipByValue(max_value=max_delta)


@as_preset
def clip_by_global_norm(max_norm: float) -> rules.ClipByGlobalNorm:
    """optax.clip_by_global_norm as a stage."""
    return rules.ClipByGlobalNorm(max_norm=max_norm)


@as_preset
def add_decayed_weights(weight_decay: Hyper = 0.0, mask: Any = None) -> rules.L2Decay:
    """optax.add_decayed_weights as a stage; in a chain, between a `scale_by_` and its rate, it is decoupled decay."""
    where = None if mask is None else Mask("optax.add_decayed_weights", mask)
    return rules.L2Decay(weight_decay=counted(weight_decay), where=where)


@as_preset
def add_noise(eta: float, gamma: float, key: int | None = None, *, seed: int | None = None) -> Stage:
    """optax.add_noise as a stage: of the same variance, from another generator."""
    number = key if seed is None else seed
    if number is not None and (not isinstance(number, int) or number < 0):
        raise ValueError(
            f"optax.add_noise: {'key' if seed is None else 'seed'} = {number!r} is not allowed; "
            "it needs an integer from 0 on, as the generator here is not that of JAX"
        )
    return rules.GaussianNoiseFromOne(eta=eta, gamma=gamma, seed=number or 0)


def scale(step_size: float) -> GradientTransformation:
    """optax.scale, for `chain`."""
    return GradientTransformation("optax.scale", rate=as_rate("optax.scale", step_size))


def scale_by_learning_rate(learning_rate: Hyper, *, flip_sign: bool = True) -> GradientTransformation:
    """optax.scale_by_learning_rate, for `chain`."""
    title = "optax.scale_by_learning_rate"
    return GradientTransformation(title, rate=Rate(-1.0 if flip_sign else 1.0).times(as_rate(title, learning_rate)))


def scale_by_schedule(step_size_fn: Callable[[Any], Any]) -> GradientTransformation:
    """optax.scale_by_schedule, for `chain`."""
    return GradientTransformation("optax.scale_by_schedule", rate=as_rate("optax.scale_by_schedule", step_size_fn))


def identity() -> GradientTransformation:
    """optax.identity, for `chain`."""
    return GradientTransformation("optax.identity")


def chain(*args: _Part) -> GradientTransformation:
    """optax.chain of one optimizer, or of one `scale_by_` and its learning rate, and what stands before it.

    What comes after a learning rate works on updates. But for numbers and schedules that multiply them, there is
    nothing for that here.
    """
    whole = GradientTransformation("optax.chain")
    for part in args:
        whole = _joined(whole, _transformation("optax.chain", part))
    return whole


def _joined(first: GradientTransformation, second: GradientTransformation) -> GradientTransformation:
    title = first.title
    if first.rule is None:
        if not second.stages and second.rule is None:
            return replace(first, rate=first.rate.times(second.rate))
        scaled = () if first.rate == Rate() else first.rate.stages(title)
        before = (*first.stages, *scaled)
        if second.ends and any(callable(getattr(stage, name)) for stage in before for name in stage._domains):
            raise NotImplementedError(
                f"{title}: a schedule before {second.title}, which ends steps early, is not supported: it would count "
                f"other steps; take a number"
            )
        return replace(second, title=title, stages=(*before, *second.stages))
    if second.rule is not None:
        raise NotImplementedError(
            f"{title}: {_named(second)} after {_named(first)} would be given the updates of that; take one of them"
        )
    return _behind(first, second)


def _behind(first: GradientTransformation, second: GradientTransformation) -> GradientTransformation:
    """A rule, and something without a rule behind it."""
    decays: list[Stage] = []
    stages: tuple[Any, ...] = second.stages
    for stage in stages:
        kind = type(stage).__name__
        if kind != "L2Decay":
            raise NotImplementedError(
                f"{first.title}: {kind} after the rule would work on updates, which is not supported; "
                "put it in front of the rule, where it works on the gradients"
            )
        if not first.direction or first.rate != Rate():
            raise NotImplementedError(
                f"{first.title}: add_decayed_weights after the learning rate adds to the updates and lets weights "
                "grow; put it in front of the rule, or between a scale_by_... and its learning rate, as in adamw"
            )
        decays.append(rules.DecoupledDecay(weight_decay=stage.weight_decay, where=stage._where))
    if second.rate.schedules and (first.ends or _keeps_rate(first)):
        raise NotImplementedError(
            f"{first.title}: a schedule after {_named(first)} would count other steps or "
            "multiply what its momentum has of former rates; give it to the rule as its learning_rate"
        )
    if first.whole and second.rate != Rate():
        raise NotImplementedError(
            f"{first.title}: the updates of {_named(first)} lead to where the weights are to be, so that a factor "
            "after it is not supported; leave it out"
        )
    return replace(first, decays=(*first.decays, *decays), rate=first.rate.times(second.rate))


def _keeps_rate(part: GradientTransformation) -> bool:
    """Whether there is something of former learning rates in the updates."""
    name = _named(part)
    return name == "optax.rprop" or (name == "optax.rmsprop" and part.options.get("momentum") is not None)


def _named(part: GradientTransformation) -> str:
    return f"optax.{getattr(part.rule, '__name__', 'identity')}"


def _transformation(title: str, part: Any) -> GradientTransformation:
    if isinstance(part, GradientTransformation):
        return part
    if isinstance(part, Stage):
        return GradientTransformation(title, stages=(part,))
    if isinstance(part, Optimizer):
        raise TypeError(
            f"{title}: {part._rule} has its parameters and cannot be a part of something; leave them out, as in "
            "optax.adam(1e-3), and give them to the whole: optax.chain(...).optimizer(params)"
        )
    if hasattr(part, "init") and hasattr(part, "update"):
        raise TypeError(f"{title}: {part!r} is of the library optax; take that of this module")
    raise TypeError(f"{title}: {part!r} is no transformation; take clip_by_global_norm(1.0), adam(1e-3) or the like")


@as_preset
def MultiSteps(
    opt: _Part,
    every_k_schedule: int | Callable[[Any], Any],
    use_grad_mean: bool = True,
    should_skip_update_fn: Any = None,
    accumulator_dtype: Any = None,
) -> GradientTransformation:
    """optax.MultiSteps: schedules of `opt` count updates, as there.

    Gradients are added up in the type that is computed in. In optax that is float32 unless accumulator_dtype says
    otherwise, which has no effect here. A sum that is not finite makes weights NaN with the step that it is for; in
    optax already before, as there each gradient adds an update, times 0 as long as no step is due.
    """
    title = "optax.MultiSteps"
    inner = _transformation(title, opt)
    if should_skip_update_fn is not None:
        raise NotImplementedError(
            f"{title}: should_skip_update_fn is not supported; for skip_not_finite, take "
            "optax.apply_if_finite(optax.MultiSteps(...), max_consecutive_errors=2**31 - 1)"
        )
    if any(type(stage).__name__ == "ApplyIfFinite" for stage in inner.stages):
        raise NotImplementedError(
            f"{title}: around apply_if_finite it is not supported, as in optax the sum of gradients never gets rid of "
            "what is not finite; put it inside: optax.apply_if_finite(optax.MultiSteps(...), max_consecutive_errors)"
        )
    accumulate = rules.AccumulateOptax if use_grad_mean else rules.AccumulateSumOptax
    gathered = accumulate(every=counted(every_k_schedule))
    if callable(every_k_schedule) and inner.ends:
        raise NotImplementedError(f"{title}: a function for k around {inner.title} is not supported; take a number")
    return replace(inner, title=title, stages=(gathered, *inner.stages), direction=False, ends=True)


@as_preset
def apply_if_finite(inner: _Part, max_consecutive_errors: int) -> GradientTransformation:
    """optax.apply_if_finite: a step with a gradient that is not finite is left out, state and all."""
    title = "optax.apply_if_finite"
    whole = _transformation(title, inner)
    if whole.rule is None and whole.rate == Rate():
        raise NotImplementedError(
            f"{title}: around a part of an optimizer it is not supported; put it around the chain"
        )
    guard = rules.ApplyIfFinite(max_consecutive_errors=max_consecutive_errors)
    return replace(whole, title=title, stages=(guard, *whole.stages), direction=False, ends=True)


def masked(inner: _Part, mask: Any, *, mask_compatible_extra_args: bool = False) -> GradientTransformation:
    """optax.masked, of what stands before the rule or is decay."""
    title = "optax.masked"
    part = _transformation(title, inner)
    if part.rule is not None:
        raise NotImplementedError(
            f"{title}: of a whole optimizer it is not supported: it would add to other parameters their gradients; "
            "leave these out of params, or pass None as their gradients, and take an optimizer of their own for them"
        )
    stages = (*part.stages, *(() if part.rate == Rate() else part.rate.stages(title)))
    for stage in stages:
        if stage._where is not None:
            raise NotImplementedError(f"{title}: {stage._rule} has a mask already; give one that says both")
    return GradientTransformation(title, stages=tuple(fresh(stage, Mask(title, mask)) for stage in stages))


def inject_hyperparams(
    inner_factory: Callable[..., Any], static_args: str | Iterable[str] = (), hyperparam_dtype: Any = None
) -> Callable[..., Any]:
    """optax.inject_hyperparams: schedules for all hyperparameters, which count from 0.

    What optax keeps in `state.hyperparams` are attributes of the optimizer: `opt.lr = 0.1` changes one.
    """
    static = {static_args} if isinstance(static_args, str) else set(static_args)
    signature = inspect.signature(inner_factory)
    unknown = static - set(signature.parameters)
    if unknown:
        raise ValueError(
            f"optax.inject_hyperparams: static_args has {', '.join(sorted(unknown))}, which it does not take"
        )

    @functools.wraps(inner_factory)
    def factory(*args: Any, **kwargs: Any) -> Any:
        names = list(signature.parameters)
        if "params" in names and ("params" in kwargs or not args or is_rate(args[0])):
            names.remove("params")
        if len(args) > len(names):
            raise TypeError(f"optax.inject_hyperparams: {len(args)} arguments for {', '.join(names)}")
        given = {**dict(zip(names, args, strict=False)), **kwargs}
        keep = {*static, "params", "mask", "weight_decay_mask"}
        return inner_factory(
            **{
                name: value if name in keep or isinstance(value, type) else counted(value)
                for name, value in given.items()
            }
        )

    return factory


def apply_updates(params: _Tree, updates: Any) -> _Tree:
    """optax.apply_updates: new parameters. An optimizer here steps its parameters in place, and has no updates."""
    return mapped(lambda w, update: (w + update).astype(w.dtype), params, updates)


def global_norm(updates: Any) -> float:
    """optax.global_norm: the root of the sum of squares of all elements, in double."""
    return math.sqrt(sum(float((array.astype("float64") ** 2).sum()) for _, array in leaves(updates)))
