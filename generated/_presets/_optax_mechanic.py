"""optax.contrib.mechanize, which is a rule of its own for each optimizer that is put inside."""

from __future__ import annotations

from typing import Annotated, Any

from ._optax_inside import around, inside
from ._optax_transformation import GradientTransformation, _option, as_preset, counted
from ._options import rules

_TITLE = "optax.contrib.mechanize"
_TAKE = "take sgd(rate, momentum), adam(rate) or adamw(rate)"


class contrib:
    """What contrib has of these."""

    @staticmethod
    @as_preset
    def mechanize(
        base_optimizer: Any,
        weight_decay: float = 1e-2,
        eps: float = 1e-8,
        s_init: float = 1e-6,
        num_betas: int = 6,
    ) -> Annotated[GradientTransformation, rules.MechanicSGD, rules.MechanicAdamW]:
        """optax.contrib.mechanize with its six decays, around sgd, adam or adamw."""
        if num_betas != 6:
            raise NotImplementedError(f"{_TITLE}: num_betas={num_betas!r} is not supported; leave it at 6")
        for option, value in {"weight_decay": weight_decay, "eps": eps, "s_init": s_init}.items():
            _option(_TITLE, "float", option, value)  # refuses a function
        whole, name, inner = inside(_TITLE, base_optimizer, _TAKE)
        # there the bets are on the gradients as they are given, and what stands inside works on what is stepped alone
        if whole.stages or inner.get("pipeline"):
            raise NotImplementedError(
                f"{_TITLE}: what changes gradients inside is not supported; put it in front, as in "
                "chain(clip(1.0), mechanize(...)), where it also changes what the factor is found from"
            )
        if name == "sgd" and inner.get("nesterov") and inner.get("momentum"):
            raise NotImplementedError(f"{_TITLE}: nesterov=True of sgd inside is not supported; leave it out")
        hyper: dict[str, Any] = {"s_decay": weight_decay, "eps": eps, "s_init": s_init}
        dtypes = {key: inner.get(key) for key in ("mu_dtype", "accumulator_dtype")}
        if name == "sgd":
            return around(whole, _TITLE, rules.MechanicSGD, {**hyper, "momentum": inner.get("momentum") or 0.0}, dtypes)
        hyper |= {"beta1": inner["b1"], "beta2": inner["b2"], "eps_adam": inner["eps"]}
        hyper["weight_decay"] = counted(inner.get("weight_decay", 0.0))
        return around(whole, _TITLE, rules.MechanicAdamW, hyper, dtypes)
