"""Adan of optax, and the rules of recent years that its `contrib` has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ._optax_options import decay_stages, decoupled, refuse_dtypes
from ._optax_transformation import alias
from ._options import Hyper, Stage, refuse, rules


@alias
def adan(
    params: Any,
    learning_rate: Hyper,
    b1: float = 0.98,
    b2: float = 0.92,
    b3: float = 0.99,
    eps: float = 1e-8,
    eps_root: float = 1e-8,
    weight_decay: Hyper = 0.0,
    mask: Any = None,
    *,
    pipeline: Sequence[Stage] = (),
) -> rules.AdanOptax:
    """optax.adan, which decays with b2 and looks ahead by 1 - b2: for what Adan's authors have, take Adan."""
    decay = decoupled("optax.adan", params, weight_decay, mask, pipeline)
    return rules.AdanOptax(params, lr=learning_rate, beta1=b1, beta2=b2, beta3=b3, eps=eps, eps_root=eps_root, **decay)


def _number(title: str, **given: Any) -> None:
    """Refuse schedules where a number is meant."""
    for name, value in given.items():
        if callable(value):
            raise NotImplementedError(f"{title}: {name} is a function, which is not supported; give it a number")


class contrib:
    """What contrib has of these."""

    @staticmethod
    @alias
    def adopt(
        params: Any,
        learning_rate: Hyper,
        b1: float = 0.9,
        b2: float = 0.9999,
        eps: float = 1e-6,
        mu_dtype: Any = None,
        *,
        nesterov: bool = False,
        use_clipping: bool = True,
        clip_value_fn: Callable[[Any], Any] | None = None,
        pipeline: Sequence[Stage] = (),
    ) -> rules.ADOPT | rules.ADOPTUnclipped:
        """optax.contrib.adopt, clipped at t**0.25 unless use_clipping=False."""
        refuse_dtypes("optax.contrib.adopt", params, mu_dtype=mu_dtype)
        refuse("optax.contrib.adopt", nesterov=nesterov)
        common: dict[str, Any] = {"lr": learning_rate, "beta1": b1, "beta2": b2, "eps": eps, "pipeline": pipeline}
        if not use_clipping:
            return rules.ADOPTUnclipped(params, **common)
        if clip_value_fn is not None:
            raise NotImplementedError(
                "optax.contrib.adopt: clip_value_fn is not supported; for a power of the count take "
                "ADOPT(params, growth=...), whose default is 0.25"
            )
        return rules.ADOPT(params, **common)

    @staticmethod
    @alias
    def ademamix(
        params: Any,
        learning_rate: Hyper,
        b1: float = 0.9,
        b2: float = 0.999,
        b3: Hyper = 0.9999,
        alpha: Hyper = 5.0,
        eps: float = 1e-8,
        eps_root: float = 0.0,
        mu_dtype: Any = None,
        weight_decay: Hyper = 0.0,
        mask: Any = None,
        *,
        pipeline: Sequence[Stage] = (),
    ) -> rules.AdEMAMix:
        """optax.contrib.ademamix. b3 and alpha may be schedules, as there."""
        refuse_dtypes("optax.contrib.ademamix", params, mu_dtype=mu_dtype)
        refuse("optax.contrib.ademamix", eps_root=eps_root)
        decay = decoupled("optax.contrib.ademamix", params, weight_decay, mask, pipeline)
        common: dict[str, Any] = {"beta1": b1, "beta2": b2, "beta3": b3, "alpha": alpha, "eps": eps}
        return rules.AdEMAMix(params, lr=learning_rate, **common, **decay)

    @staticmethod
    @alias
    def simplified_ademamix(
        params: Any,
        learning_rate: Hyper,
        b1: float = 0.99,
        b2: float = 0.95,
        alpha: Hyper = 0.0,
        eps: float = 1e-8,
        eps_root: float = 0.0,
        weight_decay: Hyper = 0.0,
        mask: Any = None,
        *,
        pipeline: Sequence[Stage] = (),
    ) -> rules.SimplifiedAdEMAMix:
        """optax.contrib.simplified_ademamix. alpha may be a schedule, as there."""
        refuse("optax.contrib.simplified_ademamix", eps_root=eps_root)
        decay = decoupled("optax.contrib.simplified_ademamix", params, weight_decay, mask, pipeline)
        common: dict[str, Any] = {"beta1": b1, "beta2": b2, "alpha": alpha, "eps": eps}
        return rules.SimplifiedAdEMAMix(params, lr=learning_rate, **common, **decay)

    @staticmethod
    @alias
    def madgrad(
        params: Any,
        learning_rate: Hyper,
        momentum: float = 0.9,
        weight_decay: float = 0.0,
        eps: float = 1e-6,
        *,
        pipeline: Sequence[Stage] = (),
    ) -> rules.MADGRADEpsInLr:
        """optax.contrib.madgrad, which adds eps to the learning rate, too."""
        decay = [rules.L2Decay(weight_decay=weight_decay)] if weight_decay else []
        common: dict[str, Any] = {"lr": learning_rate, "momentum": momentum, "eps": eps}
        return rules.MADGRADEpsInLr(params, **common, pipeline=[*pipeline, *decay])

    @staticmethod
    @alias
    def cocob(
        params: Any,
        learning_rate: float = 1.0,
        alpha: float = 100.0,
        eps: float = 1e-8,
        weight_decay: Hyper = 0.0,
        mask: Any = None,
        *,
        pipeline: Sequence[Stage] = (),
    ) -> rules.COCOB:
        """optax.contrib.cocob. Its learning rate multiplies the gradients, and has to be a number here."""
        title = "optax.contrib.cocob"
        _number(title, learning_rate=learning_rate)
        stages = list(pipeline)
        if callable(weight_decay) or weight_decay:
            stages += decay_stages(rules.L2Decay, title, params, weight_decay, mask)
        stages += [] if learning_rate == 1 else [rules.LossScale(loss_scale=1 / learning_rate)]
        return rules.COCOB(params, alpha=alpha, eps=eps, pipeline=stages)

    @staticmethod
    @alias
    def schedule_free_sgd(
        params: Any,
        learning_rate: float = 1.0,
        warmup_steps: int | None = None,
        b1: float = 0.9,
        weight_decay: float | None = None,
        weight_lr_power: float = 2.0,
        state_dtype: Any = None,
        *,
        pipeline: Sequence[Stage] = (),
    ) -> rules.ScheduleFreeSGDOptax:
        """optax.contrib.schedule_free_sgd. What schedule_free_eval_params gives is `opt.state("x")`."""
        title = "optax.contrib.schedule_free_sgd"
        _number(title, learning_rate=learning_rate)
        refuse_dtypes(title, params, state_dtype=state_dtype)
        common: dict[str, Any] = {"warmup": warmup_steps or 0, "weight_decay": weight_decay or 0.0, "beta": b1}
        return rules.ScheduleFreeSGDOptax(
            params, lr=learning_rate, weight_lr_power=weight_lr_power, **common, pipeline=pipeline
        )

    @staticmethod
    @alias
    def schedule_free_adamw(
        params: Any,
        learning_rate: float = 0.0025,
        warmup_steps: int | None = None,
        b1: float = 0.9,
        b2: float = 0.999,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        weight_lr_power: float = 2.0,
        state_dtype: Any = None,
        *,
        pipeline: Sequence[Stage] = (),
    ) -> rules.ScheduleFreeAdamWOptax:
        """optax.contrib.schedule_free_adamw. What schedule_free_eval_params gives is `opt.state("x")`."""
        title = "optax.contrib.schedule_free_adamw"
        _number(title, learning_rate=learning_rate)
        refuse_dtypes(title, params, state_dtype=state_dtype)
        common: dict[str, Any] = {"beta1": b1, "beta2": b2, "eps": eps, "weight_decay": weight_decay}
        power: dict[str, Any] = {"warmup": warmup_steps or 0, "weight_lr_power": weight_lr_power}
        return rules.ScheduleFreeAdamWOptax(params, lr=learning_rate, **common, **power, pipeline=pipeline)
