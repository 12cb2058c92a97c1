"""Optimistic steps of optax, and what its `contrib` has."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from . import (
    _optax_found,
    _optax_free,
    _optax_mechanic,
    _optax_recent,
    _optax_sam,
)
from ._optax_absent import absent
from ._optax_options import decay_stages, decoupled, refuse_dtypes
from ._optax_transformation import alias
from ._options import Hyper, Stage, refuse, rules


@alias
def optimistic_gradient_descent(
    params: Any,
    learning_rate: Hyper,
    alpha: float = 1.0,
    beta: float = 1.0,
    *,
    pipeline: Sequence[Stage] = (),
) -> rules.OptimisticGD:
    """optax.optimistic_gradient_descent."""
    return rules.OptimisticGD(params, lr=learning_rate, alpha=alpha, beta=beta, pipeline=pipeline)


@alias
def optimistic_adam(
    params: Any,
    learning_rate: float,
    optimism: float | None = None,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    mu_dtype: Any = None,
    *,
    nesterov: bool = True,
    pipeline: Sequence[Stage] = (),
) -> rules.OptimisticAdam | rules.OptimisticNAdam:
    """optax.optimistic_adam, by default over NAdam. Without an optimism, that is the learning rate."""
    optimism = learning_rate if optimism is None else optimism
    common: dict[str, Any] = {"lr": learning_rate, "optimism": optimism, "beta1": b1, "beta2": b2, "eps": eps}
    refuse_dtypes("optax.optimistic_adam", params, mu_dtype=mu_dtype)
    refuse("optax.optimistic_adam", eps_root=eps_root)
    return (rules.OptimisticNAdam if nesterov else rules.OptimisticAdam)(params, **common, pipeline=pipeline)


@alias
def optimistic_adam_v2(
    params: Any,
    learning_rate: Hyper,
    *,
    alpha: float = 1.0,
    beta: float = 1.0,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    mu_dtype: Any = None,
    nesterov: bool = True,
    pipeline: Sequence[Stage] = (),
) -> rules.OptimisticAdam | rules.OptimisticNAdam:
    """optax.optimistic_adam_v2: the learning rate multiplies both, the direction and how it changed."""
    rates = {"lr": _times("alpha", alpha, learning_rate), "optimism": _times("beta", beta, learning_rate)}
    common: dict[str, Any] = {**rates, "beta1": b1, "beta2": b2, "eps": eps}
    refuse_dtypes("optax.optimistic_adam_v2", params, mu_dtype=mu_dtype)
    refuse("optax.optimistic_adam_v2", eps_root=eps_root)
    return (rules.OptimisticNAdam if nesterov else rules.OptimisticAdam)(params, **common, pipeline=pipeline)


def _times(name: str, factor: float, rate: Hyper) -> Hyper:
    if factor < 0:
        raise ValueError(f"OptimisticAdam: {name} = {factor!r} is not allowed; it needs {name} >= 0")
    if not callable(rate):
        return factor * rate
    return rate if factor == 1 else functools.partial(_scaled, factor, rate)


def _scaled(factor: float, rate: Any, t: int) -> Any:
    return factor * rate(t)


@alias
def polyak_sgd(
    params: Any,
    max_learning_rate: float = 1.0,
    scaling: Hyper = 1.0,
    f_min: float = 0.0,
    eps: float = 0.0,
    variant: str = "sps",
    *,
    pipeline: Sequence[Stage] = (),
) -> rules.PolyakSGDScaled | rules.PolyakSGDPlusScaled:
    """optax.polyak_sgd as it computes: `step(grads, loss=value)`, or `update(grads, state, params, value=value)`."""
    if variant not in ("sps", "sps+"):
        raise ValueError(f"optax.polyak_sgd: variant={variant!r} is not one; there are 'sps' and 'sps+'")
    rule = rules.PolyakSGDPlusScaled if variant == "sps+" else rules.PolyakSGDScaled
    return rule(params, max_length=max_learning_rate, lr=scaling, f_min=f_min, eps=eps, pipeline=pipeline)


class _Contrib(type):
    if not TYPE_CHECKING:  # which would take any name for known

        def __getattr__(cls, name: str) -> Any:
            raise AttributeError(absent(f"{__package__}.optax", f"contrib.{name}"))


class contrib(
    _optax_recent.contrib,
    _optax_found.contrib,
    _optax_free.contrib,
    _optax_mechanic.contrib,
    _optax_sam.contrib,
    metaclass=_Contrib,
):
    """optax.contrib."""

    @staticmethod
    @alias
    def acprop(
        params: Any,
        learning_rate: Hyper,
        b1: float = 0.9,
        b2: float = 0.999,
        eps: float = 1e-16,
        eps_root: float = 1e-16,
        weight_decay: Hyper = 0.0,
        mask: Any = None,
        *,
        pipeline: Sequence[Stage] = (),
    ) -> rules.ACProp:
        """optax.contrib.acprop: as it computes, with the variance about the average of the step before."""
        decay = decoupled("optax.contrib.acprop", params, weight_decay, mask, pipeline)
        return rules.ACProp(params, lr=learning_rate, beta1=b1, beta2=b2, eps=eps, eps_root=eps_root, **decay)

    @staticmethod
    @alias
    def sophia(
        params: Any,
        learning_rate: Hyper,
        b1: float = 0.965,
        b2: float = 0.99,
        eps: float = 1e-8,
        weight_decay: Hyper = 1e-4,
        weight_decay_mask: Any = None,
        gamma: float = 0.01,
        clip_threshold: float | None = 1.0,
        update_interval: int = 10,
        hessian_diagonal_fn: Any = None,
        mu_dtype: Any = None,
        verbose: bool = False,
        print_win_rate_every_n_steps: int = 0,
        *,
        pipeline: Sequence[Stage] = (),
    ) -> rules.SophiaDelayed:
        """optax.contrib.sophia, whose estimate of the Hessian the caller makes.

        It is given as `step(grads, hessian=h)`, or `update(grads, state, params, hessian=h)`, in the steps in which
        optax makes one, the first and every update_interval-th after it; in the others it is left out.
        """
        title, by_hand = "optax.contrib.sophia", "pass the estimate in the steps that have one: step(grads, hessian=h)"
        refuse_dtypes(title, params, mu_dtype=mu_dtype)
        refuse(title, by_hand, hessian_diagonal_fn=hessian_diagonal_fn)
        if update_interval != 10:
            raise NotImplementedError(f"{title}: update_interval={update_interval!r} is not supported; {by_hand}")
        refuse(title, verbose=verbose, print_win_rate_every_n_steps=print_win_rate_every_n_steps)
        if clip_threshold is None:
            raise NotImplementedError(f"{title}: clip_threshold=None is not supported; pass a large one, such as 1e9")
        common: dict[str, Any] = {"beta1": b1, "beta2": b2, "eps": eps, "gamma": gamma, "clip": clip_threshold}
        decay = decoupled(title, params, weight_decay, weight_decay_mask, pipeline)
        return rules.SophiaDelayed(params, lr=learning_rate, **common, **decay)

    @staticmethod
    @alias
    def prodigy(
        params: Any,
        learning_rate: Hyper = 1.0,
        betas: tuple[float, float] = (0.9, 0.999),
        beta3: float | None = None,
        eps: float = 1e-8,
        estim_lr0: float = 1e-6,
        estim_lr_coef: float = 1.0,
        weight_decay: float = 0.0,
        safeguard_warmup: bool = False,
        *,
        pipeline: Sequence[Stage] = (),
    ) -> rules.Prodigy:
        """optax.contrib.prodigy."""
        title = "optax.contrib.prodigy"
        refuse(title, "it is the root of the second of betas", beta3=beta3)
        if estim_lr_coef != 1:
            raise NotImplementedError(f"{title}: estim_lr_coef={estim_lr_coef!r} is not supported; leave it at 1")
        refuse(title, "leave it out", safeguard_warmup=safeguard_warmup)
        common: dict[str, Any] = {"beta1": betas[0], "beta2": betas[1], "eps": eps, "d0": estim_lr0}
        return rules.Prodigy(params, lr=learning_rate, weight_decay=weight_decay, **common, pipeline=pipeline)

    @staticmethod
    @alias
    def dog(
        params: Any,
        learning_rate: Hyper = 1.0,
        init_step: tuple[str, float] = ("heuristic", 1e-6),
        eps: float = 1e-8,
        weight_decay: float | None = None,
        mask: Any = None,
        *,
        pipeline: Sequence[Stage] = (),
    ) -> rules.DoG:
        """optax.contrib.dog, whose first step is in proportion to the weights."""
        title = "optax.contrib.dog"
        kind, first = init_step
        if kind != "heuristic":
            raise NotImplementedError(f"{title}: init_step={init_step!r} is not supported; pass ('heuristic', 1e-6)")
        stages = list(pipeline)
        if weight_decay is not None:
            stages += decay_stages(rules.L2Decay, title, params, weight_decay, mask)
        return rules.DoG(params, lr=learning_rate, reps_rel=first, eps=eps, pipeline=stages)
