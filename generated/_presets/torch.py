"""torch.optim as of torch 2: lr is called lr, betas come in pairs, weight decay is added to the gradient.

The implementation options foreach, fused, capturable and differentiable do not change what is computed;
they are accepted and have no effect. What torch's users do to gradients before a step is a `pipeline`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ._options import Hyper, Stage, preset, rules

_preset = preset(
    "torch",
    {
        "mu": "momentum",
        "rho": "alpha",
        "Adadelta.rho": "rho",
        "initial_accumulator": "initial_accumulator_value",
        "beta1": "betas[0]",
        "beta2": "betas[1]",
        "shrink": "etas[0]",
        "grow": "etas[1]",
        "shortest": "step_sizes[0]",
        "longest": "step_sizes[1]",
        "max_value": "clip_value",
    },
)


@_preset
def clip_grad_norm_(
    max_norm: float, norm_type: float | str = 2.0
) -> rules.ClipGradNorm1 | rules.ClipGradNorm | rules.ClipGradMax:
    """torch.nn.utils.clip_grad_norm_ as a stage, for `pipeline=[clip_grad_norm_(1.0)]` of any optimizer."""
    match float(norm_type):
        case 1:
            return rules.ClipGradNorm1(max_norm=max_norm)
        case 2:
            return rules.ClipGradNorm(max_norm=max_norm)
        case math.inf:
            return rules.ClipGradMax(max_norm=max_norm)
    raise NotImplementedError(f"torch.clip_grad_norm_: norm_type={norm_type!r} is not supported; take 1, 2 or inf")


@_preset
def clip_grad_value_(clip_value: float) -> rules.ClipByValue:
    """torch.nn.utils.clip_grad_value_ as a stage."""
    return rules.ClipByValue(max_value=clip_value)


def _around(pipeline: Sequence[Stage], maximize: bool, weight_decay: float = 0) -> list[Stage]:
    """What torch does to a gradient before the rule: the sign, then the decay; `pipeline` is what the user does."""
    stages = [*pipeline]
    stages += [rules.Maximize()] if maximize else []
    return stages + ([rules.L2Decay(weight_decay=weight_decay)] if weight_decay else [])


@_preset
def SGD(
    params: Any,
    lr: Hyper = 1e-3,
    momentum: float = 0,
    dampening: float = 0,
    weight_decay: float = 0,
    nesterov: bool = False,
    *,
    maximize: bool = False,
    foreach: bool | None = None,
    differentiable: bool = False,
    fused: bool | None = None,
    pipeline: Sequence[Stage] = (),
) -> rules.SGD | rules.MomentumBuffer | rules.MomentumDampened | rules.Nesterov:
    """torch.optim.SGD. With dampening, the first gradient is taken whole, as torch does."""
    stages = _around(pipeline, maximize, weight_decay)
    if nesterov and (momentum <= 0 or dampening != 0):
        raise ValueError("Nesterov momentum requires a momentum and zero dampening")

    if nesterov:
        return rules.Nesterov(params, lr=lr, mu=momentum, pipeline=stages)
    if dampening:
        return rules.MomentumDampened(params, lr=lr, mu=momentum, dampening=dampening, pipeline=stages)
    return (
        rules.MomentumBuffer(params, lr=lr, mu=momentum, pipeline=stages)
        if momentum
        else rules.SGD(params, lr=lr, pipeline=stages)
    )


@_preset
def Adagrad(
    params: Any,
    lr: Hyper = 1e-2,
    lr_decay: float = 0,
    weight_decay: float = 0,
    initial_accumulator_value: float = 0,
    eps: float = 1e-10,
    foreach: bool | None = None,
    *,
    maximize: bool = False,
    differentiable: bool = False,
    fused: bool | None = None,
    pipeline: Sequence[Stage] = (),
) -> rules.AdagradDecay:
    """torch.optim.Adagrad."""
    stages = _around(pipeline, maximize, weight_decay)

    return rules.AdagradDecay(
        params, lr=lr, lr_decay=lr_decay, initial_accumulator=initial_accumulator_value, eps=eps, pipeline=stages
    )


@_preset
def RMSprop(
    params: Any,
    lr: Hyper = 1e-2,
    alpha: float = 0.99,
    eps: float = 1e-8,
    weight_decay: float = 0,
    momentum: float = 0,
    centered: bool = False,
    capturable: bool = False,
    foreach: bool | None = None,
    maximize: bool = False,
    differentiable: bool = False,
    pipeline: Sequence[Stage] = (),
) -> rules.RMSprop | rules.RMSpropMomentum | rules.RMSpropCentered | rules.RMSpropCenteredMomentum:
    """torch.optim.RMSprop. Where torch takes the root of a variance rounded below zero and gives NaN,
    the variance is taken as zero here."""
    stages = _around(pipeline, maximize, weight_decay)

    if momentum:
        rule = rules.RMSpropCenteredMomentum if centered else rules.RMSpropMomentum
        return rule(params, lr=lr, rho=alpha, eps=eps, momentum=momentum, pipeline=stages)
    return (rules.RMSpropCentered if centered else rules.RMSprop)(params, lr=lr, rho=alpha, eps=eps, pipeline=stages)


@_preset
def Adadelta(
    params: Any,
    lr: Hyper = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
    weight_decay: float = 0,
    foreach: bool | None = None,
    *,
    capturable: bool = False,
    maximize: bool = False,
    differentiable: bool = False,
    pipeline: Sequence[Stage] = (),
) -> rules.Adadelta:
    """torch.optim.Adadelta."""
    stages = _around(pipeline, maximize, weight_decay)

    return rules.Adadelta(params, lr=lr, rho=rho, eps=eps, pipeline=stages)


@_preset
def Adam(
    params: Any,
    lr: Hyper = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0,
    amsgrad: bool = False,
    *,
    foreach: bool | None = None,
    maximize: bool = False,
    capturable: bool = False,
    differentiable: bool = False,
    fused: bool | None = None,
    decoupled_weight_decay: bool = False,
    pipeline: Sequence[Stage] = (),
) -> rules.Adam | rules.AMSGrad | rules.AdamW | rules.AMSGradW:
    """torch.optim.Adam: epsilon outside the root, as in Algorithm 1; with amsgrad, the maximum is
    taken before the correction."""
    if weight_decay and decoupled_weight_decay:
        return AdamW(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize, pipeline=pipeline)
    stages = _around(pipeline, maximize, weight_decay)

    beta1, beta2 = betas
    return (rules.AMSGrad if amsgrad else rules.Adam)(params, lr=lr, beta1=beta1, beta2=beta2, eps=eps, pipeline=stages)


@_preset
def AdamW(
    params: Any,
    lr: Hyper = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 1e-2,
    amsgrad: bool = False,
    *,
    maximize: bool = False,
    foreach: bool | None = None,
    capturable: bool = False,
    differentiable: bool = False,
    fused: bool | None = None,
    pipeline: Sequence[Stage] = (),
) -> rules.AdamW | rules.AMSGradW:
    """torch.optim.AdamW; with amsgrad, the maximum is taken before the correction."""
    stages = _around(pipeline, maximize)

    beta1, beta2 = betas
    return (rules.AMSGradW if amsgrad else rules.AdamW)(
        params, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay, pipeline=stages
    )


@_preset
def Adamax(
    params: Any,
    lr: Hyper = 2e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0,
    foreach: bool | None = None,
    *,
    maximize: bool = False,
    differentiable: bool = False,
    capturable: bool = False,
    pipeline: Sequence[Stage] = (),
) -> rules.AdamaxEpsInside:
    """torch.optim.Adamax: epsilon inside the maximum."""
    stages = _around(pipeline, maximize, weight_decay)

    beta1, beta2 = betas
    return rules.AdamaxEpsInside(params, lr=lr, beta1=beta1, beta2=beta2, eps=eps, pipeline=stages)


@_preset
def NAdam(
    params: Any,
    lr: Hyper = 2e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0,
    momentum_decay: float = 4e-3,
    decoupled_weight_decay: bool = False,
    *,
    foreach: bool | None = None,
    maximize: bool = False,
    capturable: bool = False,
    differentiable: bool = False,
    pipeline: Sequence[Stage] = (),
) -> rules.NAdam | rules.NAdamW:
    """torch.optim.NAdam."""
    stages = _around(pipeline, maximize, 0 if decoupled_weight_decay else weight_decay)

    beta1, beta2 = betas
    if not decoupled_weight_decay:
        return rules.NAdam(
            params, lr=lr, beta1=beta1, beta2=beta2, eps=eps, momentum_decay=momentum_decay, pipeline=stages
        )
    return rules.NAdamW(
        params,
        lr=lr,
        beta1=beta1,
        beta2=beta2,
        eps=eps,
        momentum_decay=momentum_decay,
        weight_decay=weight_decay,
        pipeline=stages,
    )


@_preset
def RAdam(
    params: Any,
    lr: Hyper = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0,
    decoupled_weight_decay: bool = False,
    *,
    foreach: bool | None = None,
    maximize: bool = False,
    capturable: bool = False,
    differentiable: bool = False,
    pipeline: Sequence[Stage] = (),
) -> rules.RAdamEpsHat | rules.RAdamW:
    """torch.optim.RAdam, whose epsilon is added before the correction, other than in torch's Adam."""
    stages = _around(pipeline, maximize, 0 if decoupled_weight_decay else weight_decay)

    beta1, beta2 = betas
    if decoupled_weight_decay:
        return rules.RAdamW(
            params, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay, pipeline=stages
        )
    return rules.RAdamEpsHat(params, lr=lr, beta1=beta1, beta2=beta2, eps=eps, pipeline=stages)


@_preset
def Rprop(
    params: Any,
    lr: Hyper = 1e-2,
    etas: tuple[float, float] = (0.5, 1.2),
    step_sizes: tuple[float, float] = (1e-6, 50),
    *,
    capturable: bool = False,
    foreach: bool | None = None,
    maximize: bool = False,
    differentiable: bool = False,
    pipeline: Sequence[Stage] = (),
) -> rules.RpropClamped:
    """torch.optim.Rprop."""
    stages = _around(pipeline, maximize)

    (shrink, grow), (shortest, longest) = etas, step_sizes
    return rules.RpropClamped(
        params, lr=lr, shrink=shrink, grow=grow, shortest=shortest, longest=longest, pipeline=stages
    )
