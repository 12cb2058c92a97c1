"""optax.contrib.schedule_free, which is a rule of its own for each optimizer that is put inside."""

from __future__ import annotations

from typing import Annotated, Any

from ._optax_inside import around, inside
from ._optax_transformation import FromZero, GradientTransformation, as_preset, counted
from ._options import Hyper, rules

_TITLE = "optax.contrib.schedule_free"
_TAKE = "take sgd(rate), adam(rate, b1=0.0) or adamw(rate, b1=0.0)"


class _FromOne(FromZero):
    """A schedule that counts updates from 1, as schedule_free asks that of its weights."""

    def __call__(self, t: int) -> Any:
        return super().__call__(t + 1)


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
        hyper: dict[str, Any] = {"weight_lr": weight_lr, "weight_lr_power": weight_lr_power}
        dtypes = {"state_dtype": state_dtype, "mu_dtype": inner.get("mu_dtype")}
        if name == "sgd":
            return around(whole, _TITLE, rules.ScheduleFreeSGDTwoRates, {**hyper, "beta": b1}, dtypes)
        hyper |= {"beta1": b1, "beta2": inner["b2"], "eps": inner["eps"]}
        hyper["weight_decay"] = counted(inner.get("weight_decay", 0.0))
        return around(whole, _TITLE, rules.ScheduleFreeAdamWTwoRates, hyper, dtypes)
