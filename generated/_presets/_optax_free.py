"""optax.contrib.schedule_free, which is a rule of its own for each optimizer that is put inside."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from ._optax_chain import _transformation
from ._optax_options import refuse_dtypes
from ._optax_transformation import (
    FromZero,
    GradientTransformation,
    Rate,
    as_preset,
    counted,
    resolved,
)
from ._options import Hyper, Stage, refuse, rules

_TITLE = "optax.contrib.schedule_free"
_TAKE = "take sgd(rate), adam(rate, b1=0.0) or adamw(rate, b1=0.0)"


class _FromOne(FromZero):
    """A schedule that counts updates from 1, as schedule_free asks that of its weights."""

    def __call__(self, t: int) -> Any:
        return super().__call__(t + 1)


def _inside(part: Any) -> tuple[GradientTransformation, str, dict[str, Any]]:
    """The optimizer inside: sgd, adam or adamw, with all of its options."""
    whole = _transformation(_TITLE, part)
    name = "sgd" if whole.rule is None else getattr(whole.rule, "__name__", "an optimizer")
    if whole.rule is None and whole.rate == Rate():
        raise NotImplementedError(f"{_TITLE}: around a part of an optimizer it is not supported; put it around all")
    if whole.ends:
        raise NotImplementedError(
            f"{_TITLE}: around {whole.title}, which ends steps early, it is not supported; put that around it"
        )
    if name not in ("sgd", "adam", "adamw"):
        raise NotImplementedError(f"{_TITLE}: around {name} it is not supported; {_TAKE}")
    parameters = {} if whole.rule is None else inspect.signature(whole.rule).parameters
    options = {key: one.default for key, one in parameters.items() if one.default is not one.empty} | {**whole.options}
    if whole.decays or options.get("mask") is not None:
        raise NotImplementedError(
            f"{_TITLE}: decay of some parameters, or after a direction, is not supported; take adamw(weight_decay=...)"
        )
    refuse(_TITLE, _TAKE, **{key: options[key] for key in ("nesterov", "eps_root") if key in options and name != "sgd"})
    momentum = (options.get("momentum") or 0) if name == "sgd" else options["b1"]
    if callable(momentum) or momentum:
        raise NotImplementedError(
            f"{_TITLE}: momentum in the optimizer inside is not supported, as the mean takes its place; {_TAKE}"
        )
    return whole, name, options


def _sgd(
    params: Any, lr: Hyper, *, dtypes: Mapping[str, Any], pipeline: Sequence[Stage], **hyper: Any
) -> rules.ScheduleFreeSGDTwoRates:
    refuse_dtypes(_TITLE, params, **dtypes)
    return rules.ScheduleFreeSGDTwoRates(params, lr=lr, **hyper, pipeline=resolved(pipeline, params))


def _adamw(
    params: Any, lr: Hyper, *, dtypes: Mapping[str, Any], pipeline: Sequence[Stage], **hyper: Any
) -> rules.ScheduleFreeAdamWTwoRates:
    refuse_dtypes(_TITLE, params, **dtypes)
    return rules.ScheduleFreeAdamWTwoRates(params, lr=lr, **hyper, pipeline=resolved(pipeline, params))


class contrib:
    """What contrib has of these."""

    @staticmethod
    @as_preset
    def schedule_free(
        base_optimizer: Any,
        learning_rate: Hyper,
        b1: float = 0.9,
        weight_lr_power: float = 2.0,
        state_dtype: Any = None,
    ) -> Annotated[GradientTransformation, rules.ScheduleFreeSGDTwoRates, rules.ScheduleFreeAdamWTwoRates]:
        """optax.contrib.schedule_free around sgd without momentum, or around adam or adamw with b1=0.

        A schedule counts from 0 in `base_optimizer` and from 1 in `learning_rate`, as there. What
        schedule_free_eval_params gives is `opt.state("x")`.
        """
        whole, name, inner = _inside(base_optimizer)
        weight_lr = counted(learning_rate)
        if isinstance(weight_lr, FromZero):
            weight_lr = _FromOne(weight_lr.schedule)
        options: dict[str, Any] = {
            "weight_lr": weight_lr,
            "weight_lr_power": weight_lr_power,
            "dtypes": {"state_dtype": state_dtype, "mu_dtype": inner.get("mu_dtype")},
            "beta" if name == "sgd" else "beta1": b1,
        }
        if name != "sgd":
            decay = counted(inner.get("weight_decay", 0.0))
            options |= {"beta2": inner["b2"], "eps": inner["eps"], "weight_decay": decay}
        stages = (*whole.stages, *whole.options.get("pipeline", ()))
        rule = _sgd if name == "sgd" else _adamw
        return replace(whole, title=_TITLE, stages=stages, rule=rule, options=options, direction=False, whole=True)
