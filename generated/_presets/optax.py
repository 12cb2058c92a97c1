"""optax as of 0.2: learning_rate, b1, b2, eps. Dtypes of the state are not supported.

A mask has the structure of the parameters and holds bools, or is a function of path and parameter as the
`where` of a stage (in optax, a function of all parameters).
"""

from __future__ import annotations

from typing import Any

from ._options import Hyper, masked, preset, refuse, rules

_preset = preset(
    "optax",
    {
        "lr": "learning_rate",
        "beta1": "b1",
        "beta2": "b2",
        "mu": "momentum",
        "rho": "decay",
        "Adadelta.rho": "rho",
        "initial_accumulator": "initial_scale",
        "AdagradEpsInside.initial_accumulator": "initial_accumulator_value",
        "AdagradGuarded.initial_accumulator": "initial_accumulator_value",
        "AdamEpsInside.eps": "eps_root",
        "shrink": "eta_minus",
        "grow": "eta_plus",
        "shortest": "min_step_size",
        "longest": "max_step_size",
    },
)


def _decay(weight_decay: float, mask: Any) -> dict[str, Any]:
    """Decoupled decay as the rule has it; with a mask, as a stage for the parameters that the mask names."""
    if mask is None:
        return {"weight_decay": weight_decay}
    return {"weight_decay": 0, "pipeline": [rules.DecoupledDecay(weight_decay=weight_decay, where=masked(mask))]}


@_preset
def sgd(
    params: Any,
    learning_rate: Hyper,
    momentum: float | None = None,
    nesterov: bool = False,
    accumulator_dtype: Any = None,
) -> rules.SGD | rules.MomentumBuffer | rules.Nesterov:
    """optax.sgd."""
    refuse("optax.sgd", accumulator_dtype=accumulator_dtype)

    if momentum is None:
        return rules.SGD(params, lr=learning_rate)
    return (rules.Nesterov if nesterov else rules.MomentumBuffer)(params, lr=learning_rate, mu=momentum)


@_preset
def adagrad(
    params: Any, learning_rate: Hyper, initial_accumulator_value: float = 0.1, eps: float = 1e-7
) -> rules.AdagradEpsInside | rules.AdagradGuarded:
    """optax.adagrad: epsilon inside the root."""
    # without both, optax leaves a weight alone as long as its gradients are zero, where others divide 0 by 0
    rule = rules.AdagradEpsInside if eps or initial_accumulator_value else rules.AdagradGuarded
    return rule(params, lr=learning_rate, initial_accumulator=initial_accumulator_value, eps=eps)


@_preset
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

    Without a momentum, nesterov has no effect.
    """
    nesterov = nesterov and momentum is not None
    if not eps_in_sqrt:
        remedy = "keep eps_in_sqrt with it"
        refuse("optax.rmsprop", remedy, initial_scale=initial_scale, nesterov=nesterov, bias_correction=bias_correction)
    if bias_correction:
        remedy = "take bias_correction without it"
        refuse("optax.rmsprop", remedy, initial_scale=initial_scale, centered=centered, momentum=momentum)
        return rules.RMSpropCorrected(params, lr=learning_rate, rho=decay, eps=eps)

    # only the rules with epsilon inside the root have a first value of the average
    started: dict[str, Any] = {"initial_accumulator": initial_scale} if eps_in_sqrt else {}
    if momentum is None:
        plain, middle = (
            (rules.RMSpropEpsInside, rules.RMSpropCenteredEpsInside)
            if eps_in_sqrt
            else (rules.RMSprop, rules.RMSpropCentered)
        )
        return (middle if centered else plain)(params, lr=learning_rate, rho=decay, eps=eps, **started)
    if nesterov:
        ahead = rules.RMSpropCenteredNesterov if centered else rules.RMSpropNesterov
        return ahead(params, lr=learning_rate, rho=decay, eps=eps, momentum=momentum, **started)
    if centered and not eps_in_sqrt:
        refuse("optax.rmsprop", "keep eps_in_sqrt with centered and momentum", centered=centered)
    moving = rules.RMSpropMomentumEpsInside if eps_in_sqrt else rules.RMSpropMomentumLrInside
    if centered:
        refuse("optax.rmsprop", "take it without centered or without momentum", initial_scale=initial_scale)
        return rules.RMSpropGraves(params, lr=learning_rate, rho=decay, eps=eps, momentum=momentum)
    return moving(params, lr=learning_rate, rho=decay, eps=eps, momentum=momentum, **started)


@_preset
def adadelta(
    params: Any,
    learning_rate: Hyper | None = None,
    rho: float = 0.9,
    eps: float = 1e-6,
    weight_decay: float = 0.0,
    weight_decay_mask: Any = None,
) -> rules.Adadelta:
    """optax.adadelta. Its default learning_rate=None climbs; it is refused here. Use 1.0."""
    if learning_rate is None:
        raise NotImplementedError("optax.adadelta: learning_rate=None goes uphill in optax; pass learning_rate=1.0")
    decay = [rules.L2Decay(weight_decay=weight_decay, where=masked(weight_decay_mask))] if weight_decay else []
    return rules.Adadelta(params, lr=learning_rate, rho=rho, eps=eps, pipeline=decay)


@_preset
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
) -> rules.Adam | rules.AdamEpsInside | rules.AdamEpsRoot | rules.NAdamSimple:
    """optax.adam: Algorithm 1, with an epsilon inside the root as well if eps_root is given; nesterov=True is
    optax.nadam."""
    refuse("optax.adam", mu_dtype=mu_dtype)

    if eps_root and not nesterov:
        if not eps:
            return rules.AdamEpsInside(params, lr=learning_rate, beta1=b1, beta2=b2, eps=eps_root)
        return rules.AdamEpsRoot(params, lr=learning_rate, beta1=b1, beta2=b2, eps=eps, eps_root=eps_root)
    refuse("optax.adam", "take it without nesterov", eps_root=eps_root)
    return (rules.NAdamSimple if nesterov else rules.Adam)(params, lr=learning_rate, beta1=b1, beta2=b2, eps=eps)


@_preset
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
) -> rules.Adam | rules.AdamEpsInside | rules.AdamEpsRoot | rules.NAdamSimple:
    """optax.nadam: no momentum schedule, other than torch and Keras."""
    refuse("optax.nadam", eps_root=eps_root)
    return adam(params, learning_rate, b1, b2, eps, eps_root, mu_dtype, nesterov=nesterov)


@_preset
def adamw(
    params: Any,
    learning_rate: Hyper,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    mu_dtype: Any = None,
    weight_decay: float = 1e-4,
    mask: Any = None,
    *,
    nesterov: bool = False,
) -> rules.AdamW | rules.NAdamWSimple:
    """optax.adamw; nesterov=True is optax.nadamw."""
    refuse("optax.adamw", eps_root=eps_root, mu_dtype=mu_dtype)

    rule = rules.NAdamWSimple if nesterov else rules.AdamW
    return rule(params, lr=learning_rate, beta1=b1, beta2=b2, eps=eps, **_decay(weight_decay, mask))


@_preset
def nadamw(
    params: Any,
    learning_rate: Hyper,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    mu_dtype: Any = None,
    weight_decay: float = 1e-4,
    mask: Any = None,
    *,
    nesterov: bool = True,
) -> rules.AdamW | rules.NAdamWSimple:
    """optax.nadamw: no momentum schedule, other than torch."""
    refuse("optax.nadamw", eps_root=eps_root, mu_dtype=mu_dtype)
    return adamw(params, learning_rate, b1, b2, eps, weight_decay=weight_decay, mask=mask, nesterov=nesterov)


@_preset
def adamax(
    params: Any, learning_rate: Hyper, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8
) -> rules.AdamaxEpsInside:
    """optax.adamax: epsilon inside the maximum."""
    return rules.AdamaxEpsInside(params, lr=learning_rate, beta1=b1, beta2=b2, eps=eps)


@_preset
def adamaxw(
    params: Any,
    learning_rate: Hyper,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 1e-4,
    mask: Any = None,
) -> rules.AdamaxW:
    """optax.adamaxw: epsilon inside the maximum."""
    return rules.AdamaxW(params, lr=learning_rate, beta1=b1, beta2=b2, eps=eps, **_decay(weight_decay, mask))


@_preset
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
) -> (
    rules.AMSGradCorrected
    | rules.AMSGradFirstCorrected
    | rules.AMSGradSecondCorrected
    | rules.AMSGradUncorrected
    | rules.AMSGradEpsRoot
):
    """optax.amsgrad: the maximum of the corrected second moment; without both corrections, the paper's rule."""
    refuse("optax.amsgrad", mu_dtype=mu_dtype)

    if eps_root and bias_correction_mu and bias_correction_nu:
        return rules.AMSGradEpsRoot(params, lr=learning_rate, beta1=b1, beta2=b2, eps=eps, eps_root=eps_root)
    refuse("optax.amsgrad", "take it with both bias corrections", eps_root=eps_root)
    corrected = rules.AMSGradCorrected if bias_correction_nu else rules.AMSGradFirstCorrected
    uncorrected = rules.AMSGradSecondCorrected if bias_correction_nu else rules.AMSGradUncorrected
    rule = corrected if bias_correction_mu else uncorrected
    return rule(params, lr=learning_rate, beta1=b1, beta2=b2, eps=eps)


@_preset
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
) -> rules.RAdam | rules.RAdamNesterov | rules.RAdamThreshold:
    """optax.radam. optax takes the rectified step from the threshold on, this from just above it."""
    refuse("optax.radam", eps_root=eps_root)

    if threshold != 5:
        refuse("optax.radam", "keep threshold=5.0 with it", nesterov=nesterov)
        return rules.RAdamThreshold(params, lr=learning_rate, beta1=b1, beta2=b2, eps=eps, threshold=threshold)
    return (rules.RAdamNesterov if nesterov else rules.RAdam)(params, lr=learning_rate, beta1=b1, beta2=b2, eps=eps)


@_preset
def lion(
    params: Any,
    learning_rate: Hyper,
    b1: float = 0.9,
    b2: float = 0.99,
    mu_dtype: Any = None,
    weight_decay: float = 1e-3,
    mask: Any = None,
) -> rules.Lion:
    """optax.lion."""
    refuse("optax.lion", mu_dtype=mu_dtype)

    return rules.Lion(params, lr=learning_rate, beta1=b1, beta2=b2, **_decay(weight_decay, mask))


@_preset
def rprop(
    params: Any,
    learning_rate: Hyper,
    eta_minus: float = 0.5,
    eta_plus: float = 1.2,
    min_step_size: float = 1e-6,
    max_step_size: float = 50.0,
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
    )


@_preset
def sign_sgd(params: Any, learning_rate: Hyper) -> rules.SignSGD:
    """optax.sign_sgd."""
    return rules.SignSGD(params, lr=learning_rate)


@_preset
def signum(params: Any, learning_rate: Hyper, beta: float = 0.9) -> rules.Signum:
    """optax.signum."""
    return rules.Signum(params, lr=learning_rate, beta=beta)


@_preset
def adabelief(
    params: Any,
    learning_rate: Hyper,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-16,
    eps_root: float = 1e-16,
    *,
    nesterov: bool = False,
) -> rules.AdaBelief | rules.AdaBeliefNesterov:
    """optax.adabelief: eps_root is part of what is averaged, as in the paper's second version and its authors'
    code, and adds up to eps_root / (1 - b2)."""
    rule = rules.AdaBeliefNesterov if nesterov else rules.AdaBelief
    return rule(params, lr=learning_rate, beta1=b1, beta2=b2, eps=eps, eps_root=eps_root)


@_preset
def yogi(params: Any, learning_rate: Hyper, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-3) -> rules.Yogi:
    """Yogi with both moments started at 0, as in the paper and as the bias correction supposes.

    optax.yogi starts both at 1e-6 and corrects them as if they had started at 0, so that it moves the
    weights even if all gradients are zero. That is not imitated.
    """
    return rules.Yogi(params, lr=learning_rate, beta1=b1, beta2=b2, eps=eps)
