"""optax as of 0.2: learning_rate, b1, b2, eps.

`adam(params, 1e-3)` is an optimizer that steps `params` in place. `adam(1e-3)`, without parameters, is a
transformation as in optax, for `chain` and the like; `chain(...).optimizer(params)` steps in place, and `init` and
`update` work as there. What a chain has in front of the rule can also be given as `pipeline=[...]`.

Schedules are called as optax calls them, with the count of updates before, from 0, as an int (those of the library
optax, as an int32 of JAX). Those of stepsmith.schedules go on to count steps from 1: here as everywhere they begin at
their beginning. For hyperparameters but learning_rate and weight_decay, optax takes schedules through
`inject_hyperparams` alone.

A mask is True or False, a tree of these that is the parameters' or a prefix of it, a function that makes one of
these of the tree of parameters, called once; or a function of path and parameter, as the `where` of a stage.

optax knows no missing gradients. None leaves that parameter and its state alone; schedules and bias corrections go on.
"""
# ruff: noqa: PLC0414  # what is imported under its own name is offered from here

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ._optax_absent import absent
from ._optax_chain import MultiSteps as MultiSteps
from ._optax_chain import add_decayed_weights as add_decayed_weights
from ._optax_chain import add_noise as add_noise
from ._optax_chain import apply_if_finite as apply_if_finite
from ._optax_chain import apply_updates as apply_updates
from ._optax_chain import chain as chain
from ._optax_chain import clip as clip
from ._optax_chain import clip_by_global_norm as clip_by_global_norm
from ._optax_chain import global_norm as global_norm
from ._optax_chain import identity as identity
from ._optax_chain import inject_hyperparams as inject_hyperparams
from ._optax_chain import masked as masked
from ._optax_chain import scale as scale
from ._optax_chain import scale_by_learning_rate as scale_by_learning_rate
from ._optax_chain import scale_by_schedule as scale_by_schedule
from ._optax_directions import scale_by_adadelta as scale_by_adadelta
from ._optax_directions import scale_by_adam as scale_by_adam
from ._optax_directions import scale_by_adamax as scale_by_adamax
from ._optax_directions import scale_by_amsgrad as scale_by_amsgrad
from ._optax_directions import scale_by_belief as scale_by_belief
from ._optax_directions import scale_by_lion as scale_by_lion
from ._optax_directions import scale_by_radam as scale_by_radam
from ._optax_directions import scale_by_rms as scale_by_rms
from ._optax_directions import scale_by_rss as scale_by_rss
from ._optax_directions import scale_by_sign as scale_by_sign
from ._optax_directions import scale_by_stddev as scale_by_stddev
from ._optax_directions import scale_by_yogi as scale_by_yogi
from ._optax_directions import trace as trace
from ._optax_norms import fromage as fromage
from ._optax_norms import lamb as lamb
from ._optax_norms import lars as lars
from ._optax_norms import novograd as novograd
from ._optax_optimistic import contrib as contrib
from ._optax_optimistic import optimistic_adam as optimistic_adam
from ._optax_optimistic import optimistic_adam_v2 as optimistic_adam_v2
from ._optax_optimistic import (
    optimistic_gradient_descent as optimistic_gradient_descent,
)
from ._optax_optimistic import polyak_sgd as polyak_sgd
from ._optax_options import decay_stages, decoupled, refuse_dtypes, with_eps_root
from ._optax_recent import adan as adan
from ._optax_schedules import constant_schedule as constant_schedule
from ._optax_schedules import cosine_decay_schedule as cosine_decay_schedule
from ._optax_schedules import cosine_onecycle_schedule as cosine_onecycle_schedule
from ._optax_schedules import exponential_decay as exponential_decay
from ._optax_schedules import join_schedules as join_schedules
from ._optax_schedules import linear_onecycle_schedule as linear_onecycle_schedule
from ._optax_schedules import linear_schedule as linear_schedule
from ._optax_schedules import piecewise_constant_schedule as piecewise_constant_schedule
from ._optax_schedules import (
    piecewise_interpolate_schedule as piecewise_interpolate_schedule,
)
from ._optax_schedules import polynomial_schedule as polynomial_schedule
from ._optax_schedules import sgdr_schedule as sgdr_schedule
from ._optax_schedules import warmup_constant_schedule as warmup_constant_schedule
from ._optax_schedules import (
    warmup_cosine_decay_schedule as warmup_cosine_decay_schedule,
)
from ._optax_schedules import (
    warmup_exponential_decay_schedule as warmup_exponential_decay_schedule,
)
from ._optax_transformation import GradientTransformation as GradientTransformation
from ._optax_transformation import OptState as OptState
from ._optax_transformation import alias
from ._options import Hyper, Stage, refuse, rules

if not TYPE_CHECKING:  # which would take any name for known

    def __getattr__(name: str) -> Any:
        raise AttributeError(absent(__name__, name))


@alias
def sgd(
    params: Any,
    learning_rate: Hyper,
    momentum: float | None = None,
    nesterov: bool = False,
    accumulator_dtype: Any = None,
    *,
    pipeline: Sequence[Stage] = (),
) -> rules.SGD | rules.MomentumBuffer | rules.Nesterov:
    """optax.sgd. Without a momentum, nesterov has no effect."""
    refuse_dtypes("optax.sgd", params, accumulator_dtype=accumulator_dtype)

    if momentum is None:
        return rules.SGD(params, lr=learning_rate, pipeline=pipeline)
    rule = rules.Nesterov if nesterov else rules.MomentumBuffer
    return rule(params, lr=learning_rate, mu=momentum, pipeline=pipeline)


@alias
def noisy_sgd(
    params: Any,
    learning_rate: Hyper,
    eta: float = 0.01,
    gamma: float = 0.55,
    key: int | None = None,
    *,
    seed: int | None = None,
    pipeline: Sequence[Stage] = (),
) -> rules.SGD:
    """optax.noisy_sgd, with noise of the same variance from another generator."""
    return rules.SGD(params, lr=learning_rate, pipeline=[*pipeline, add_noise(eta, gamma, key, seed=seed)])


@alias
def adagrad(
    params: Any,
    learning_rate: Hyper,
    initial_accumulator_value: float = 0.1,
    eps: float = 1e-7,
    *,
    pipeline: Sequence[Stage] = (),
) -> rules.AdagradEpsInside | rules.AdagradGuarded:
    """optax.adagrad: epsilon inside the root."""
    # without both, optax leaves a weight alone as long as its gradients are zero, where others divide 0 by 0
    rule = rules.AdagradEpsInside if eps or initial_accumulator_value else rules.AdagradGuarded
    return rule(params, lr=learning_rate, initial_accumulator=initial_accumulator_value, eps=eps, pipeline=pipeline)


@alias
def rmsprop(
    params: Any,
    learning_rate: Hyper,
    decay: float = 0.9,
    eps: float = 1e-8,
    initial_scale: float = 0.0,
    eps_in_sqrt: bool = True,
    centered: bool = False,
    momentum: float | None = None,
    nesterov: bool = False,
    bias_correction: bool = False,
    *,
    pipeline: Sequence[Stage] = (),
) -> (
    rules.RMSprop
    | rules.RMSpropCentered
    | rules.RMSpropCorrected
    | rules.RMSpropEpsInside
    | rules.RMSpropCenteredEpsInside
    | rules.RMSpropNesterov
    | rules.RMSpropCenteredNesterov
    | rules.RMSpropMomentumEpsInside
    | rules.RMSpropMomentumLrInside
    | rules.RMSpropGraves
):
    """optax.rmsprop: epsilon inside the root unless eps_in_sqrt=False, the learning rate inside the momentum.

    Without a momentum, nesterov has no effect. Where optax takes the root of a variance rounded below -eps and gives
    NaN, the variance is taken as zero here.
    """
    nesterov = nesterov and momentum is not None
    if not eps_in_sqrt:
        remedy = "keep eps_in_sqrt with it"
        refuse("optax.rmsprop", remedy, initial_scale=initial_scale, nesterov=nesterov, bias_correction=bias_correction)
    if bias_correction:
        remedy = "take bias_correction without it"
        refuse("optax.rmsprop", remedy, initial_scale=initial_scale, centered=centered)
        if momentum is not None:
            raise NotImplementedError(f"optax.rmsprop: momentum={momentum!r} is not supported; {remedy}")
        return rules.RMSpropCorrected(params, lr=learning_rate, rho=decay, eps=eps, pipeline=pipeline)

    # only the rules with epsilon inside the root have a first value of the average
    common: dict[str, Any] = {"lr": learning_rate, "rho": decay, "eps": eps, "pipeline": pipeline}
    started: dict[str, Any] = {"initial_accumulator": initial_scale} if eps_in_sqrt else {}
    if momentum is None:
        plain, middle = (
            (rules.RMSpropEpsInside, rules.RMSpropCenteredEpsInside)
            if eps_in_sqrt
            else (rules.RMSprop, rules.RMSpropCentered)
        )
        return (middle if centered else plain)(params, **common, **started)
    if nesterov:
        ahead = rules.RMSpropCenteredNesterov if centered else rules.RMSpropNesterov
        return ahead(params, **common, **started, momentum=momentum)
    if centered:
        if not eps_in_sqrt:
            refuse("optax.rmsprop", "keep eps_in_sqrt with centered and momentum", centered=centered)
        refuse("optax.rmsprop", "take it without centered or without momentum", initial_scale=initial_scale)
        return rules.RMSpropGraves(params, **common, momentum=momentum)
    moving = rules.RMSpropMomentumEpsInside if eps_in_sqrt else rules.RMSpropMomentumLrInside
    return moving(params, **common, **started, momentum=momentum)


@alias
def adadelta(
    params: Any,
    learning_rate: Hyper | None = None,
    rho: float = 0.9,
    eps: float = 1e-6,
    weight_decay: Hyper = 0.0,
    weight_decay_mask: Any = None,
    *,
    pipeline: Sequence[Stage] = (),
) -> rules.Adadelta:
    """optax.adadelta. Its default learning_rate=None climbs; it is refused here. Use 1.0."""
    if learning_rate is None:
        raise NotImplementedError("optax.adadelta: learning_rate=None goes uphill in optax; pass learning_rate=1.0")
    decayed = callable(weight_decay) or weight_decay != 0
    decay = decay_stages(rules.L2Decay, "optax.adadelta", params, weight_decay, weight_decay_mask) if decayed else []
    return rules.Adadelta(params, lr=learning_rate, rho=rho, eps=eps, pipeline=[*pipeline, *decay])


@alias
def adam(
    params: Any,
    learning_rate: Hyper,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    mu_dtype: Any = None,
    *,
    nesterov: bool = False,
    pipeline: Sequence[Stage] = (),
) -> rules.Adam | rules.AdamEpsInside | rules.AdamEpsRoot | rules.NAdamSimple:
    """optax.adam: Algorithm 1, with an epsilon inside the root as well if eps_root is given; nesterov=True is
    optax.nadam."""
    refuse_dtypes("optax.adam", params, mu_dtype=mu_dtype)

    common: dict[str, Any] = {"lr": learning_rate, "beta1": b1, "beta2": b2, "pipeline": pipeline}
    if nesterov:
        refuse("optax.adam", "take it without nesterov", eps_root=eps_root)
        return rules.NAdamSimple(params, **common, eps=eps)
    return with_eps_root(params, eps, eps_root, common) if eps_root else rules.Adam(params, **common, eps=eps)


@alias
def nadam(
    params: Any,
    learning_rate: Hyper,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    mu_dtype: Any = None,
    *,
    nesterov: bool = True,
    pipeline: Sequence[Stage] = (),
) -> rules.Adam | rules.AdamEpsInside | rules.AdamEpsRoot | rules.NAdamSimple:
    """optax.nadam: no momentum schedule, other than torch and Keras."""
    if nesterov:
        refuse("optax.nadam", eps_root=eps_root)
    return adam(params, learning_rate, b1, b2, eps, eps_root, mu_dtype, nesterov=nesterov, pipeline=pipeline)


@alias
def adamw(
    params: Any,
    learning_rate: Hyper,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    mu_dtype: Any = None,
    weight_decay: Hyper = 1e-4,
    mask: Any = None,
    *,
    nesterov: bool = False,
    pipeline: Sequence[Stage] = (),
) -> rules.AdamW | rules.NAdamWSimple | rules.AdamEpsInside | rules.AdamEpsRoot:
    """optax.adamw; nesterov=True is optax.nadamw. With eps_root or a mask, decay is a stage of the pipeline."""
    refuse_dtypes("optax.adamw", params, mu_dtype=mu_dtype)

    common: dict[str, Any] = {"lr": learning_rate, "beta1": b1, "beta2": b2}
    if eps_root and not nesterov:
        decay = decay_stages(rules.DecoupledDecay, "optax.adamw", params, weight_decay, mask)
        return with_eps_root(params, eps, eps_root, {**common, "pipeline": [*pipeline, *decay]})
    refuse("optax.adamw", "take it without nesterov", eps_root=eps_root)
    rule = rules.NAdamWSimple if nesterov else rules.AdamW
    return rule(params, **common, eps=eps, **decoupled("optax.adamw", params, weight_decay, mask, pipeline))


@alias
def nadamw(
    params: Any,
    learning_rate: Hyper,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    mu_dtype: Any = None,
    weight_decay: Hyper = 1e-4,
    mask: Any = None,
    *,
    nesterov: bool = True,
    pipeline: Sequence[Stage] = (),
) -> rules.AdamW | rules.NAdamWSimple | rules.AdamEpsInside | rules.AdamEpsRoot:
    """optax.nadamw: no momentum schedule, other than torch."""
    options: dict[str, Any] = {"mu_dtype": mu_dtype, "weight_decay": weight_decay, "mask": mask, "pipeline": pipeline}
    return adamw(params, learning_rate, b1, b2, eps, eps_root, nesterov=nesterov, **options)


@alias
def adamax(
    params: Any,
    learning_rate: Hyper,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    *,
    pipeline: Sequence[Stage] = (),
) -> rules.AdamaxEpsInside:
    """optax.adamax: epsilon inside the maximum."""
    return rules.AdamaxEpsInside(params, lr=learning_rate, beta1=b1, beta2=b2, eps=eps, pipeline=pipeline)


@alias
def adamaxw(
    params: Any,
    learning_rate: Hyper,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: Hyper = 1e-4,
    mask: Any = None,
    *,
    pipeline: Sequence[Stage] = (),
) -> rules.AdamaxW:
    """optax.adamaxw: epsilon inside the maximum."""
    decay = decoupled("optax.adamaxw", params, weight_decay, mask, pipeline)
    return rules.AdamaxW(params, lr=learning_rate, beta1=b1, beta2=b2, eps=eps, **decay)


@alias
def amsgrad(
    params: Any,
    learning_rate: Hyper,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    mu_dtype: Any = None,
    bias_correction_mu: bool = True,
    bias_correction_nu: bool = True,
    *,
    pipeline: Sequence[Stage] = (),
) -> (
    rules.AMSGradCorrected
    | rules.AMSGradFirstCorrected
    | rules.AMSGradSecondCorrected
    | rules.AMSGradUncorrected
    | rules.AMSGradEpsRoot
):
    """optax.amsgrad: the maximum of the corrected second moment; without both corrections, the paper's rule."""
    refuse_dtypes("optax.amsgrad", params, mu_dtype=mu_dtype)

    common: dict[str, Any] = {"lr": learning_rate, "beta1": b1, "beta2": b2, "eps": eps, "pipeline": pipeline}
    if eps_root and bias_correction_mu and bias_correction_nu:
        return rules.AMSGradEpsRoot(params, **common, eps_root=eps_root)
    refuse("optax.amsgrad", "take it with both bias corrections", eps_root=eps_root)
    corrected = rules.AMSGradCorrected if bias_correction_nu else rules.AMSGradFirstCorrected
    uncorrected = rules.AMSGradSecondCorrected if bias_correction_nu else rules.AMSGradUncorrected
    return (corrected if bias_correction_mu else uncorrected)(params, **common)


@alias
def radam(
    params: Any,
    learning_rate: Hyper,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    threshold: float = 5.0,
    *,
    nesterov: bool = False,
    pipeline: Sequence[Stage] = (),
) -> rules.RAdam | rules.RAdamNesterov | rules.RAdamThreshold:
    """optax.radam. optax takes the rectified step from the threshold on, this from just above it."""
    refuse("optax.radam", eps_root=eps_root)

    common: dict[str, Any] = {"lr": learning_rate, "beta1": b1, "beta2": b2, "eps": eps, "pipeline": pipeline}
    if threshold != 5:
        refuse("optax.radam", "keep threshold=5.0 with it", nesterov=nesterov)
        return rules.RAdamThreshold(params, **common, threshold=threshold)
    return (rules.RAdamNesterov if nesterov else rules.RAdam)(params, **common)


@alias
def lion(
    params: Any,
    learning_rate: Hyper,
    b1: float = 0.9,
    b2: float = 0.99,
    mu_dtype: Any = None,
    weight_decay: Hyper = 1e-3,
    mask: Any = None,
    *,
    pipeline: Sequence[Stage] = (),
) -> rules.Lion:
    """optax.lion."""
    refuse_dtypes("optax.lion", params, mu_dtype=mu_dtype)

    decay = decoupled("optax.lion", params, weight_decay, mask, pipeline)
    return rules.Lion(params, lr=learning_rate, beta1=b1, beta2=b2, **decay)


@alias
def rprop(
    params: Any,
    learning_rate: float,
    eta_minus: float = 0.5,
    eta_plus: float = 1.2,
    min_step_size: float = 1e-6,
    max_step_size: float = 50.0,
    *,
    pipeline: Sequence[Stage] = (),
) -> rules.RpropClamped:
    """The rule that optax.rprop describes.

    optax 0.2.8 takes the step of the gradient before (its first step is zero); this takes that of the
    gradient it is given, as torch does.
    """
    return rules.RpropClamped(
        params,
        lr=learning_rate,
        shrink=eta_minus,
        grow=eta_plus,
        shortest=min_step_size,
        longest=max_step_size,
        pipeline=pipeline,
    )


@alias
def sign_sgd(params: Any, learning_rate: Hyper, *, pipeline: Sequence[Stage] = ()) -> rules.SignSGD:
    """optax.sign_sgd."""
    return rules.SignSGD(params, lr=learning_rate, pipeline=pipeline)


@alias
def signum(
    params: Any,
    learning_rate: Hyper,
    beta: float = 0.9,
    accumulator_dtype: Any = None,
    *,
    pipeline: Sequence[Stage] = (),
) -> rules.Signum:
    """optax.signum."""
    refuse_dtypes("optax.signum", params, accumulator_dtype=accumulator_dtype)

    return rules.Signum(params, lr=learning_rate, beta=beta, pipeline=pipeline)


@alias
def adabelief(
    params: Any,
    learning_rate: Hyper,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-16,
    eps_root: float = 1e-16,
    *,
    nesterov: bool = False,
    pipeline: Sequence[Stage] = (),
) -> rules.AdaBelief | rules.AdaBeliefNesterov:
    """optax.adabelief: eps_root is part of what is averaged, as in the paper's second version and its authors'
    code, and adds up to eps_root / (1 - b2)."""
    rule = rules.AdaBeliefNesterov if nesterov else rules.AdaBelief
    return rule(params, lr=learning_rate, beta1=b1, beta2=b2, eps=eps, eps_root=eps_root, pipeline=pipeline)


@alias
def yogi(
    params: Any,
    learning_rate: Hyper,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-3,
    *,
    pipeline: Sequence[Stage] = (),
) -> rules.Yogi:
    """Yogi with both moments started at 0, as in the paper and as the bias correction supposes.

    optax.yogi starts both at 1e-6 and corrects them as if they had started at 0, so that it moves the
    weights even if all gradients are zero. That is not imitated.
    """
    return rules.Yogi(params, lr=learning_rate, beta1=b1, beta2=b2, eps=eps, pipeline=pipeline)
