"""optax.contrib.sam, whose steps take gradients uphill from the weights, and the direction that it goes there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ._optax_chain import _transformation
from ._optax_transformation import GradientTransformation, Rate, as_preset
from ._options import Stage, refuse, rules

_TITLE = "optax.contrib.sam"


def _uphill(adversary: GradientTransformation, ascents: int) -> Stage:
    """The stage that climbs as the adversary does, whose updates optax turns round."""
    name, options = getattr(adversary.rule, "__name__", "sgd"), dict(adversary.options)
    pipeline = (*adversary.stages, *options.pop("pipeline", ()))
    kinds = [type(stage).__name__ for stage in pipeline]
    plain = name == "sgd" and not any(options.values()) and not adversary.decays and kinds in ([], ["Normalize"])
    if not plain or adversary.rate.schedules or any(stage._where is not None for stage in pipeline):
        raise NotImplementedError(
            f"{_TITLE}: this adv_optimizer is not supported; take chain(contrib.normalize(), sgd(rho)), or sgd(rho), "
            "with a number for rho"
        )
    rho = -adversary.rate.number
    stage = rules.SAM if kinds else rules.USAM
    return stage(rho=rho, ascents=ascents)


class contrib:
    """What contrib has of these."""

    @staticmethod
    @as_preset
    def normalize() -> rules.Normalize:
        """optax.contrib.normalize as a stage. Gradients that are all zero stay so; in optax they become NaN."""
        return rules.Normalize()

    @staticmethod
    @as_preset
    def sam(
        optimizer: Any,
        adv_optimizer: Any,
        sync_period: int = 2,
        reset_state: bool = True,
        opaque_mode: bool = False,
        batch_axis_name: str | None = None,
    ) -> GradientTransformation:
        """optax.contrib.sam: of every sync_period gradients, the last is that of a step, the others are ascents.

        `adv_optimizer` is chain(contrib.normalize(), sgd(rho)), or sgd(rho), which keep nothing that reset_state would
        reset. Where all gradients are zero, the weights stay; in optax they become NaN.
        """
        whole = _transformation(_TITLE, optimizer)
        by_step = "leave it out, and step with a function: optimizer(params).step(lambda: gradients(params))"
        refuse(_TITLE, by_step, opaque_mode=opaque_mode)
        if not isinstance(sync_period, int) or sync_period < 2:
            raise ValueError(f"{_TITLE}: sync_period={sync_period!r} is not allowed; it has to be 2 or more")
        if whole.rule is None and whole.rate == Rate():
            raise NotImplementedError(f"{_TITLE}: around a part of an optimizer it is not supported; put it around all")
        if whole.ends:
            raise NotImplementedError(
                f"{_TITLE}: around {whole.title}, which ends steps early, it is not supported; put that around sam"
            )
        stage = _uphill(_transformation(_TITLE, adv_optimizer), sync_period - 1)
        stages = (stage, *whole.stages)
        return replace(whole, title=_TITLE, stages=stages, direction=False, ends=True, whole=True)
