"""optax.contrib.schedule_free, which is a rule of its own for each optimizer that is put inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from ._optax_inside import around, inside
from ._optax_options import refuse_dtypes
from ._optax_transformation import (
    FromZero,
    GradientTransformation,
    as_preset,
    counted,
    resolved,
)
from ._options import Hyper, Stage, rules

_TITLE = "optax.contrib.schedule_free"
_TAKE = "take sgd(rate), adam(rate, b1=0.0) or adamw(rate, b1=0.0)"


class _FromOne(FromZero):
    """A schedule that counts updates from 1, as schedule_free asks that of its weights."""

    def __call__(self, t: int) -> Any:
        return super().__call__(t + 1)


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
        whole, name, inner = inside(_TITLE, base_optimizer, _TAKE)
        momentum = (inner.get("momentum") or 0) if name == "sgd" else inner["b1"]
        if callable(momentum) or momentum:
            raise NotImplementedError(
                f"{_TITLE}: momentum in the optimizer inside is not supported, as the mean takes its place; {_TAKE}"
            )
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
        return around(whole, _TITLE, _sgd if name == "sgd" else _adamw, options)
