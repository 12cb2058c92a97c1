"""Rules of optax's `contrib` that find their step length, from the loss or from how far they have come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ._optax_options import decay_stages
from ._optax_transformation import alias
from ._options import Hyper, Stage, rules


class contrib:
    """What contrib has of these."""

    @staticmethod
    @alias
    def momo(
        params: Any,
        learning_rate: Hyper = 1.0,
        beta: float = 0.9,
        lower_bound: float = 0.0,
        weight_decay: float = 0.0,
        adapt_lower_bound: bool = False,
        *,
        pipeline: Sequence[Stage] = (),
    ) -> rules.MoMo | rules.MoMoStar:
        """optax.contrib.momo: `step(grads, loss=value)`, or `update(grads, state, params, value=value)`."""
        rule = rules.MoMoStar if adapt_lower_bound else rules.MoMo
        common: dict[str, Any] = {"beta1": beta, "lower_bound": lower_bound, "weight_decay": weight_decay}
        return rule(params, lr=learning_rate, **common, pipeline=pipeline)

    @staticmethod
    @alias
    def momo_adam(
        params: Any,
        learning_rate: Hyper = 1e-2,
        b1: float = 0.9,
        b2: float = 0.999,
        eps: float = 1e-8,
        lower_bound: float = 0.0,
        weight_decay: float = 0.0,
        adapt_lower_bound: bool = False,
        *,
        pipeline: Sequence[Stage] = (),
    ) -> rules.MoMoAdam | rules.MoMoAdamStar:
        """optax.contrib.momo_adam: `step(grads, loss=value)`, or `update(grads, state, params, value=value)`."""
        rule = rules.MoMoAdamStar if adapt_lower_bound else rules.MoMoAdam
        common: dict[str, Any] = {"beta1": b1, "beta2": b2, "eps": eps, "lower_bound": lower_bound}
        return rule(params, lr=learning_rate, weight_decay=weight_decay, **common, pipeline=pipeline)

    @staticmethod
    @alias
    def dadapt_adamw(
        params: Any,
        learning_rate: Hyper = 1.0,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        estim_lr0: float = 1e-6,
        weight_decay: float = 0.0,
        *,
        pipeline: Sequence[Stage] = (),
    ) -> rules.DAdaptAdamW:
        """optax.contrib.dadapt_adamw."""
        common: dict[str, Any] = {"beta1": betas[0], "beta2": betas[1], "eps": eps, "d0": estim_lr0}
        return rules.DAdaptAdamW(params, lr=learning_rate, weight_decay=weight_decay, **common, pipeline=pipeline)

    @staticmethod
    @alias
    def dowg(
        params: Any,
        learning_rate: Hyper = 1.0,
        init_estim_sq_dist: float | None = None,
        eps: float = 1e-4,
        weight_decay: float | None = None,
        mask: Any = None,
        *,
        pipeline: Sequence[Stage] = (),
    ) -> rules.DoWG:
        """optax.contrib.dowg."""
        stages = list(pipeline)
        if weight_decay is not None:
            stages += decay_stages(rules.L2Decay, "optax.contrib.dowg", params, weight_decay, mask)
        first = eps if init_estim_sq_dist is None else init_estim_sq_dist
        return rules.DoWG(params, lr=learning_rate, eps=eps, d0=first, pipeline=stages)
