"""Optax's names, argument order, defaults and schedules for the proved rules.

    from stepsmith.jax.presets import adamw
    tx = adamw(1e-3, weight_decay=1e-2)

gives the steps of `optax.adamw(1e-3, weight_decay=1e-2)`, but for what Optax rounds. What is not supported is refused,
never ignored.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import jax

from ... import jax as rules
from ..._runtime.hints import missing
from .._arrays import GradientTransformation, Hyper

__all__ = [
    "adabelief",
    "adadelta",
    "adagrad",
    "adam",
    "adamax",
    "adamaxw",
    "adamw",
    "adan",
    "amsgrad",
    "fromage",
    "lamb",
    "lars",
    "lion",
    "nadam",
    "nadamw",
    "noisy_sgd",
    "novograd",
    "optimistic_adam",
    "optimistic_adam_v2",
    "optimistic_gradient_descent",
    "polyak_sgd",
    "radam",
    "rmsprop",
    "sgd",
    "sign_sgd",
    "signum",
]

_TYPE = "leave it out; states have the type in which a step is computed, float32 beside parameters of half precision"
_ROOT = "take it without"
_MASK = "give the other parameters a transformation of their own with optax.multi_transform"
#: Of Optax, and not here.
_INSTEAD = {
    "yogi": "Optax starts both moments at 1e-6 and corrects them as if from 0, so that weights move without any "
    "gradient; the paper's rule is stepsmith.jax.yogi(lr=...)",
    "rprop": "Optax takes the step of the gradient before; that of the gradient it is given is "
    "stepsmith.jax.rprop_clamped(lr=..., shrink=0.5)",
    "adafactor": "there is no rule with factored moments here; take optax.adafactor",
    "sm3": "there is no rule with moments of rows and columns here; take optax.sm3",
    "lbfgs": "there is no rule with a line search here; take optax.lbfgs",
}

if not TYPE_CHECKING:  # which would take any name for known

    def __getattr__(name: str) -> Any:
        raise missing(__name__, name, __all__, _INSTEAD.get(name, "its __all__ names what it has"))


def _refuse(title: str, remedy: str, **options: Any) -> None:
    for name, value in options.items():
        if value is not None and value is not False and not (isinstance(value, int | float) and value == 0):
            raise NotImplementedError(f"optax.{title}: {name}={value!r} is not supported; {remedy}")


def _decayed(
    rule: Callable[..., GradientTransformation], mask: Any, weight_decay: Hyper, **others: Any
) -> GradientTransformation:
    """The rule, which decays those parameters alone that the mask chooses."""
    if mask is None:
        return rule(weight_decay=weight_decay, **others)
    import optax

    def chosen(tree: Any) -> Any:
        return jax.tree.map(bool, mask(tree) if callable(mask) else mask)

    rates = {True: weight_decay, False: 0.0}
    made: GradientTransformation = optax.multi_transform(
        {which: rule(weight_decay=rate, **others) for which, rate in rates.items()}, chosen
    )
    return made


def sgd(
    learning_rate: Hyper, momentum: Hyper | None = None, nesterov: bool = False, accumulator_dtype: Any = None
) -> GradientTransformation:
    """optax.sgd. Without a momentum, nesterov has no effect."""
    _refuse("sgd", _TYPE, accumulator_dtype=accumulator_dtype)
    if momentum is None:
        return rules.sgd(lr=learning_rate)
    return (rules.nesterov if nesterov else rules.momentum_buffer)(lr=learning_rate, mu=momentum)


def noisy_sgd(
    learning_rate: Hyper, eta: Hyper = 0.01, gamma: Hyper = 0.55, key: Any = None, *, seed: int | None = None
) -> GradientTransformation:
    """optax.noisy_sgd, with Optax's own noise."""
    import optax

    made: GradientTransformation = optax.chain(optax.add_noise(eta, gamma, key, seed=seed), rules.sgd(lr=learning_rate))
    return made


def adam(
    learning_rate: Hyper,
    b1: Hyper = 0.9,
    b2: Hyper = 0.999,
    eps: Hyper = 1e-8,
    eps_root: Hyper = 0.0,
    mu_dtype: Any = None,
    *,
    nesterov: bool = False,
) -> GradientTransformation:
    """optax.adam, with an epsilon inside the root as well; nesterov=True is optax.nadam."""
    _refuse("adam", _TYPE, mu_dtype=mu_dtype)
    if not nesterov and isinstance(eps_root, int | float) and eps_root == 0:
        return rules.adam(lr=learning_rate, beta1=b1, beta2=b2, eps=eps)
    if not nesterov:
        return rules.adam_eps_root(lr=learning_rate, beta1=b1, beta2=b2, eps=eps, eps_root=eps_root)
    _refuse("adam", "take it without nesterov", eps_root=eps_root)
    return rules.nadam_simple(lr=learning_rate, beta1=b1, beta2=b2, eps=eps)


def nadam(
    learning_rate: Hyper,
    b1: Hyper = 0.9,
    b2: Hyper = 0.999,
    eps: Hyper = 1e-8,
    eps_root: Hyper = 0.0,
    mu_dtype: Any = None,
    *,
    nesterov: bool = True,
) -> GradientTransformation:
    """optax.nadam: no schedule of the momentum, other than torch and Keras."""
    return adam(learning_rate, b1, b2, eps, eps_root, mu_dtype, nesterov=nesterov)


def adamw(
    learning_rate: Hyper,
    b1: Hyper = 0.9,
    b2: Hyper = 0.999,
    eps: Hyper = 1e-8,
    eps_root: Hyper = 0.0,
    mu_dtype: Any = None,
    weight_decay: Hyper = 1e-4,
    mask: Any = None,
    *,
    nesterov: bool = False,
) -> GradientTransformation:
    """optax.adamw; nesterov=True is optax.nadamw."""
    _refuse("adamw", _TYPE, mu_dtype=mu_dtype)
    _refuse("adamw", "take adam with eps_root, or decay without it", eps_root=eps_root)
    rule = rules.nadamw_simple if nesterov else rules.adamw
    return _decayed(rule, mask, weight_decay, lr=learning_rate, beta1=b1, beta2=b2, eps=eps)


def nadamw(
    learning_rate: Hyper,
    b1: Hyper = 0.9,
    b2: Hyper = 0.999,
    eps: Hyper = 1e-8,
    eps_root: Hyper = 0.0,
    mu_dtype: Any = None,
    weight_decay: Hyper = 1e-4,
    mask: Any = None,
    *,
    nesterov: bool = True,
) -> GradientTransformation:
    """optax.nadamw: no schedule of the momentum, other than torch."""
    return adamw(learning_rate, b1, b2, eps, eps_root, mu_dtype, weight_decay, mask, nesterov=nesterov)


def adamax(learning_rate: Hyper, b1: Hyper = 0.9, b2: Hyper = 0.999, eps: Hyper = 1e-8) -> GradientTransformation:
    """optax.adamax: epsilon inside the maximum."""
    return rules.adamax_eps_inside(lr=learning_rate, beta1=b1, beta2=b2, eps=eps)


def adamaxw(
    learning_rate: Hyper,
    b1: Hyper = 0.9,
    b2: Hyper = 0.999,
    eps: Hyper = 1e-8,
    weight_decay: Hyper = 1e-4,
    mask: Any = None,
) -> GradientTransformation:
    """optax.adamaxw: epsilon inside the maximum."""
    return _decayed(rules.adamaxw, mask, weight_decay, lr=learning_rate, beta1=b1, beta2=b2, eps=eps)


def amsgrad(
    learning_rate: Hyper,
    b1: Hyper = 0.9,
    b2: Hyper = 0.999,
    eps: Hyper = 1e-8,
    eps_root: Hyper = 0.0,
    mu_dtype: Any = None,
    bias_correction_mu: bool = True,
    bias_correction_nu: bool = True,
) -> GradientTransformation:
    """optax.amsgrad: the maximum of the corrected second moment; without both corrections, the paper's rule."""
    _refuse("amsgrad", _TYPE, mu_dtype=mu_dtype)
    common: dict[str, Any] = {"lr": learning_rate, "beta1": b1, "beta2": b2, "eps": eps}
    if bias_correction_mu and bias_correction_nu:
        return rules.amsgrad_eps_root(**common, eps_root=eps_root)
    _refuse("amsgrad", "take it with both bias corrections", eps_root=eps_root)
    if bias_correction_mu:
        return rules.amsgrad_first_corrected(**common)
    return (rules.amsgrad_second_corrected if bias_correction_nu else rules.amsgrad_uncorrected)(**common)


def radam(
    learning_rate: Hyper,
    b1: Hyper = 0.9,
    b2: Hyper = 0.999,
    eps: Hyper = 1e-8,
    eps_root: Hyper = 0.0,
    threshold: Hyper = 5.0,
    *,
    nesterov: bool = False,
) -> GradientTransformation:
    """optax.radam. Optax takes the rectified step from the threshold on, this from just above it."""
    _refuse("radam", _ROOT, eps_root=eps_root)
    common: dict[str, Any] = {"lr": learning_rate, "beta1": b1, "beta2": b2, "eps": eps}
    if isinstance(threshold, int | float) and threshold == 5:
        return (rules.radam_nesterov if nesterov else rules.radam)(**common)
    _refuse("radam", "keep threshold=5.0 with it", nesterov=nesterov)
    return rules.radam_threshold(**common, threshold=threshold)


def lion(
    learning_rate: Hyper,
    b1: Hyper = 0.9,
    b2: Hyper = 0.99,
    mu_dtype: Any = None,
    weight_decay: Hyper = 1e-3,
    mask: Any = None,
) -> GradientTransformation:
    """optax.lion."""
    _refuse("lion", _TYPE, mu_dtype=mu_dtype)
    return _decayed(rules.lion, mask, weight_decay, lr=learning_rate, beta1=b1, beta2=b2)


def sign_sgd(learning_rate: Hyper) -> GradientTransformation:
    """optax.sign_sgd."""
    return rules.sign_sgd(lr=learning_rate)


def signum(learning_rate: Hyper, beta: Hyper = 0.9, accumulator_dtype: Any = None) -> GradientTransformation:
    """optax.signum."""
    _refuse("signum", _TYPE, accumulator_dtype=accumulator_dtype)
    return rules.signum(lr=learning_rate, beta=beta)


def adabelief(
    learning_rate: Hyper,
    b1: Hyper = 0.9,
    b2: Hyper = 0.999,
    eps: Hyper = 1e-16,
    eps_root: Hyper = 1e-16,
    *,
    nesterov: bool = False,
) -> GradientTransformation:
    """optax.adabelief: eps_root is part of what is averaged."""
    rule = rules.adabelief_nesterov if nesterov else rules.adabelief
    return rule(lr=learning_rate, beta1=b1, beta2=b2, eps=eps, eps_root=eps_root)


def adagrad(learning_rate: Hyper, initial_accumulator_value: Hyper = 0.1, eps: Hyper = 1e-7) -> GradientTransformation:
    """optax.adagrad: epsilon inside the root. Where root and epsilon are 0, the weight stays."""
    return rules.adagrad_guarded(lr=learning_rate, initial_accumulator=initial_accumulator_value, eps=eps)


def rmsprop(
    learning_rate: Hyper,
    decay: Hyper = 0.9,
    eps: Hyper = 1e-8,
    initial_scale: Hyper = 0.0,
    eps_in_sqrt: bool = True,
    centered: bool = False,
    momentum: Hyper | None = None,
    nesterov: bool = False,
    bias_correction: bool = False,
) -> GradientTransformation:
    """optax.rmsprop: the learning rate inside the momentum. Without a momentum, nesterov has no effect."""
    nesterov = nesterov and momentum is not None
    common: dict[str, Any] = {"lr": learning_rate, "rho": decay, "eps": eps}
    if not eps_in_sqrt:
        remedy = "keep eps_in_sqrt with it"
        _refuse("rmsprop", remedy, initial_scale=initial_scale, nesterov=nesterov, bias_correction=bias_correction)
    if bias_correction:
        remedy = "take bias_correction without it"
        _refuse("rmsprop", remedy, initial_scale=initial_scale, centered=centered)
        if momentum is not None:
            raise NotImplementedError(f"optax.rmsprop: momentum={momentum!r} is not supported; {remedy}")
        return rules.rmsprop_corrected(**common)
    started: dict[str, Any] = {"initial_accumulator": initial_scale} if eps_in_sqrt else {}
    if momentum is None:
        inside = rules.rmsprop_centered_eps_inside if centered else rules.rmsprop_eps_inside
        outside = rules.rmsprop_centered if centered else rules.rmsprop
        return (inside if eps_in_sqrt else outside)(**common, **started)
    if nesterov:
        ahead = rules.rmsprop_centered_nesterov if centered else rules.rmsprop_nesterov
        return ahead(**common, **started, momentum=momentum)
    if centered:
        _refuse("rmsprop", "keep eps_in_sqrt with centered and momentum", centered=not eps_in_sqrt)
        _refuse("rmsprop", "take it without centered or without momentum", initial_scale=initial_scale)
        return rules.rmsprop_graves(**common, momentum=momentum)
    moving = rules.rmsprop_momentum_eps_inside if eps_in_sqrt else rules.rmsprop_momentum_lr_inside
    return moving(**common, **started, momentum=momentum)


def adadelta(
    learning_rate: Hyper | None = None,
    rho: Hyper = 0.9,
    eps: Hyper = 1e-6,
    weight_decay: Hyper = 0.0,
    weight_decay_mask: Any = None,
) -> GradientTransformation:
    """optax.adadelta. Its default learning_rate=None climbs; it is refused here. Use 1.0."""
    if learning_rate is None:
        raise NotImplementedError("optax.adadelta: learning_rate=None goes uphill in Optax; pass learning_rate=1.0")
    _refuse("adadelta", _MASK, weight_decay_mask=weight_decay_mask)
    remedy = "chain optax.add_decayed_weights before it"
    _refuse("adadelta", remedy, weight_decay=weight_decay)
    return rules.adadelta(lr=learning_rate, rho=rho, eps=eps)


def lamb(
    learning_rate: Hyper,
    b1: Hyper = 0.9,
    b2: Hyper = 0.999,
    eps: Hyper = 1e-6,
    eps_root: Hyper = 0.0,
    weight_decay: Hyper = 0.0,
    mask: Any = None,
) -> GradientTransformation:
    """optax.lamb."""
    _refuse("lamb", _ROOT, eps_root=eps_root)
    return _decayed(rules.lamb, mask, weight_decay, lr=learning_rate, beta1=b1, beta2=b2, eps=eps)


def lars(
    learning_rate: Hyper,
    weight_decay: Hyper = 0.0,
    weight_decay_mask: Any = True,
    trust_coefficient: Hyper = 0.001,
    eps: Hyper = 0.0,
    trust_ratio_mask: Any = True,
    momentum: Hyper = 0.9,
    nesterov: bool = False,
) -> GradientTransformation:
    """optax.lars."""
    _refuse("lars", _MASK, **({} if trust_ratio_mask is True else {"trust_ratio_mask": str(trust_ratio_mask)}))
    _refuse("lars", "take it without", nesterov=nesterov)
    common: dict[str, Any] = {"trust_coefficient": trust_coefficient, "eps": eps, "momentum": momentum}
    mask = None if weight_decay_mask is True else weight_decay_mask
    return _decayed(rules.lars, mask, weight_decay, lr=learning_rate, **common)


def novograd(
    learning_rate: Hyper,
    b1: Hyper = 0.9,
    b2: Hyper = 0.25,
    eps: Hyper = 1e-6,
    eps_root: Hyper = 0.0,
    weight_decay: Hyper = 0.0,
) -> GradientTransformation:
    """optax.novograd."""
    _refuse("novograd", _ROOT, eps_root=eps_root)
    return rules.novograd(lr=learning_rate, beta1=b1, beta2=b2, eps=eps, weight_decay=weight_decay)


def fromage(learning_rate: Hyper, min_norm: Hyper = 1e-6) -> GradientTransformation:
    """optax.fromage."""
    return rules.fromage(lr=learning_rate, min_norm=min_norm)


def adan(
    learning_rate: Hyper,
    b1: Hyper = 0.98,
    b2: Hyper = 0.92,
    b3: Hyper = 0.99,
    eps: Hyper = 1e-8,
    eps_root: Hyper = 1e-8,
    weight_decay: Hyper = 0.0,
    mask: Any = None,
) -> GradientTransformation:
    """optax.adan, which decays with b2 and looks ahead by 1 - b2: what Adan's authors have is `stepsmith.jax.adan`."""
    common: dict[str, Any] = {"lr": learning_rate, "eps": eps, "eps_root": eps_root}
    return _decayed(rules.adan_optax, mask, weight_decay, beta1=b1, beta2=b2, beta3=b3, **common)


def optimistic_gradient_descent(learning_rate: Hyper, alpha: Hyper = 1.0, beta: Hyper = 1.0) -> GradientTransformation:
    """optax.optimistic_gradient_descent."""
    return rules.optimistic_gd(lr=learning_rate, alpha=alpha, beta=beta)


def optimistic_adam(
    learning_rate: float,
    optimism: float | None = None,
    b1: Hyper = 0.9,
    b2: Hyper = 0.999,
    eps: Hyper = 1e-08,
    eps_root: Hyper = 0.0,
    mu_dtype: Any = None,
    *,
    nesterov: bool = True,
) -> GradientTransformation:
    """optax.optimistic_adam, by default over NAdam. Without an optimism, that is the learning rate."""
    _refuse("optimistic_adam", _TYPE, mu_dtype=mu_dtype)
    _refuse("optimistic_adam", _ROOT, eps_root=eps_root)
    rule = rules.optimistic_nadam if nesterov else rules.optimistic_adam
    optimism = learning_rate if optimism is None else optimism
    return rule(lr=learning_rate, optimism=optimism, beta1=b1, beta2=b2, eps=eps)


def optimistic_adam_v2(
    learning_rate: Hyper,
    *,
    alpha: float = 1.0,
    beta: float = 1.0,
    b1: Hyper = 0.9,
    b2: Hyper = 0.999,
    eps: Hyper = 1e-08,
    eps_root: Hyper = 0.0,
    mu_dtype: Any = None,
    nesterov: bool = True,
) -> GradientTransformation:
    """optax.optimistic_adam_v2: the learning rate multiplies both, the direction and how it changed."""
    _refuse("optimistic_adam_v2", _TYPE, mu_dtype=mu_dtype)
    _refuse("optimistic_adam_v2", _ROOT, eps_root=eps_root)
    rule = rules.optimistic_nadam if nesterov else rules.optimistic_adam
    rates = {"lr": _times(alpha, learning_rate), "optimism": _times(beta, learning_rate)}
    return rule(**rates, beta1=b1, beta2=b2, eps=eps)


def _times(factor: float, rate: Hyper) -> Hyper:
    return (lambda taken: factor * rate(taken)) if callable(rate) else factor * rate


def polyak_sgd(
    max_learning_rate: Hyper = 1.0,
    scaling: Hyper = 1.0,
    f_min: Hyper = 0.0,
    eps: Hyper = 0.0,
    variant: str = "sps",
) -> GradientTransformation:
    """optax.polyak_sgd as it computes; the loss is given as `update(grads, state, params, value=loss)`."""
    import optax

    if variant not in ("sps", "sps+"):
        raise ValueError(f"optax.polyak_sgd: variant={variant!r} is not one; there are 'sps' and 'sps+'")
    rule = rules.polyak_sgd_plus_scaled if variant == "sps+" else rules.polyak_sgd_scaled
    tx = rule(lr=scaling, f_min=f_min, eps=eps, max_length=max_learning_rate)

    def update(grads: Any, state: Any, params: Any = None, *, value: Any, **_: Any) -> tuple[Any, Any]:
        return tx.update(grads, state, params, loss=value)

    made: GradientTransformation = optax.GradientTransformationExtraArgs(tx.init, update)
    return made
