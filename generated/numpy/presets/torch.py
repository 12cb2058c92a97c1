# generated from codegen/templates/presets/torch.py; do not edit
"""torch.optim as of torch 2: lr is called lr, betas come in pairs, weight decay is added to the gradient.

The implementation options foreach, fused, capturable and differentiable do not change what is computed;
they are accepted and have no effect. What torch's users do to gradients before a step is a `pipeline`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ._options import preset

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

_NORMS = {1.0: "ClipGradNorm1", 2.0: "ClipGradNorm", float("inf"): "ClipGradMax"}


@_preset
def clip_grad_norm_(max_norm: float, norm_type: float | str = 2.0) -> Any:
    """torch.nn.utils.clip_grad_norm_ as a stage, for `pipeline=[clip_grad_norm_(1.0)]` of any optimizer."""
    from .. import pipeline

    if float(norm_type) not in _NORMS:
        raise NotImplementedError(f"torch.clip_grad_norm_: norm_type={norm_type!r} is not supported; take 1, 2 or inf")
    return getattr(pipeline, _NORMS[float(norm_type)])(max_norm=max_norm)


@_preset
def clip_grad_value_(clip_value: float) -> Any:
    """torch.nn.utils.clip_grad_value_ as a stage."""
    from .. import ClipByValue

    return ClipByValue(max_value=clip_value)


def _around(pipeline: Sequence[Any], maximize: bool, weight_decay: float = 0) -> list[Any]:
    """What torch does to a gradient before the rule: the sign, then the decay; `pipeline` is what the user does."""
    from .. import L2Decay, Maximize

    stages = [*pipeline]
    stages += [Maximize()] if maximize else []
    return stages + ([L2Decay(weight_decay=weight_decay)] if weight_decay else [])


@_preset
def SGD(
    params: Any,
    lr: Any = 1e-3,
    momentum: float = 0,
    dampening: float = 0,
    weight_decay: float = 0,
    nesterov: bool = False,
    *,
    maximize: bool = False,
    foreach: bool | None = None,
    differentiable: bool = False,
    fused: bool | None = None,
    pipeline: Sequence[Any] = (),
) -> Any:
    """torch.optim.SGD. With dampening, the first gradient is taken whole, as torch does."""
    stages = _around(pipeline, maximize, weight_decay)
    if nesterov and (momentum <= 0 or dampening != 0):
        raise ValueError("Nesterov momentum requires a momentum and zero dampening")
    from .. import SGD as Plain
    from .. import MomentumBuffer, MomentumDampened, Nesterov

    if nesterov:
        return Nesterov(params, lr=lr, mu=momentum, pipeline=stages)
    if dampening:
        return MomentumDampened(params, lr=lr, mu=momentum, dampening=dampening, pipeline=stages)
    return (
        MomentumBuffer(params, lr=lr, mu=momentum, pipeline=stages)
        if momentum
        else Plain(params, lr=lr, pipeline=stages)
    )


@_preset
def Adagrad(
    params: Any,
    lr: Any = 1e-2,
    lr_decay: float = 0,
    weight_decay: float = 0,
    initial_accumulator_value: float = 0,
    eps: float = 1e-10,
    foreach: bool | None = None,
    *,
    maximize: bool = False,
    differentiable: bool = False,
    fused: bool | None = None,
    pipeline: Sequence[Any] = (),
) -> Any:
    """torch.optim.Adagrad."""
    stages = _around(pipeline, maximize, weight_decay)
    from .. import AdagradDecay

    return AdagradDecay(
        params, lr=lr, lr_decay=lr_decay, initial_accumulator=initial_accumulator_value, eps=eps, pipeline=stages
    )


@_preset
def RMSprop(
    params: Any,
    lr: Any = 1e-2,
    alpha: float = 0.99,
    eps: float = 1e-8,
    weight_decay: float = 0,
    momentum: float = 0,
    centered: bool = False,
    capturable: bool = False,
    foreach: bool | None = None,
    maximize: bool = False,
    differentiable: bool = False,
    pipeline: Sequence[Any] = (),
) -> Any:
    """torch.optim.RMSprop. Where torch takes the root of a variance rounded below zero and gives NaN,
    the variance is taken as zero here."""
    stages = _around(pipeline, maximize, weight_decay)
    from .. import RMSprop as Plain
    from .. import RMSpropCentered, RMSpropCenteredMomentum, RMSpropMomentum

    if momentum:
        rule = RMSpropCenteredMomentum if centered else RMSpropMomentum
        return rule(params, lr=lr, rho=alpha, eps=eps, momentum=momentum, pipeline=stages)
    return (RMSpropCentered if centered else Plain)(params, lr=lr, rho=alpha, eps=eps, pipeline=stages)


@_preset
def Adadelta(
    params: Any,
    lr: Any = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
    weight_decay: float = 0,
    foreach: bool | None = None,
    *,
    capturable: bool = False,
    maximize: bool = False,
    differentiable: bool = False,
    pipeline: Sequence[Any] = (),
) -> Any:
    """torch.optim.Adadelta."""
    stages = _around(pipeline, maximize, weight_decay)
    from .. import Adadelta as Rule

    return Rule(params, lr=lr, rho=rho, eps=eps, pipeline=stages)


@_preset
def Adam(
    params: Any,
    lr: Any = 1e-3,
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
    pipeline: Sequence[Any] = (),
) -> Any:
    """torch.optim.Adam: epsilon outside the root, as in Algorithm 1; with amsgrad, the maximum is
    taken before the correction."""
    if weight_decay and decoupled_weight_decay:
        return AdamW(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize, pipeline=pipeline)
    stages = _around(pipeline, maximize, weight_decay)
    from .. import Adam as Plain
    from .. import AMSGrad

    beta1, beta2 = betas
    return (AMSGrad if amsgrad else Plain)(params, lr=lr, beta1=beta1, beta2=beta2, eps=eps, pipeline=stages)


@_preset
def AdamW(
    params: Any,
    lr: Any = 1e-3,
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
    pipeline: Sequence[Any] = (),
) -> Any:
    """torch.optim.AdamW; with amsgrad, the maximum is taken before the correction."""
    stages = _around(pipeline, maximize)
    from .. import AdamW as Plain
    from .. import AMSGradW

    beta1, beta2 = betas
    return (AMSGradW if amsgrad else Plain)(
        params, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay, pipeline=stages
    )


@_preset
def Adamax(
    params: Any,
    lr: Any = 2e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0,
    foreach: bool | None = None,
    *,
    maximize: bool = False,
    differentiable: bool = False,
    capturable: bool = False,
    pipeline: Sequence[Any] = (),
) -> Any:
    """torch.optim.Adamax: epsilon inside the maximum."""
    stages = _around(pipeline, maximize, weight_decay)
    from .. import AdamaxEpsInside

    beta1, beta2 = betas
    return AdamaxEpsInside(params, lr=lr, beta1=beta1, beta2=beta2, eps=eps, pipeline=stages)


@_preset
def NAdam(
    params: Any,
    lr: Any = 2e-3,
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
    pipeline: Sequence[Any] = (),
) -> Any:
    """torch.optim.NAdam."""
    stages = _around(pipeline, maximize, 0 if decoupled_weight_decay else weight_decay)
    from .. import NAdam as Plain
    from .. import NAdamW

    beta1, beta2 = betas
    if not decoupled_weight_decay:
        return Plain(params, lr=lr, beta1=beta1, beta2=beta2, eps=eps, momentum_decay=momentum_decay, pipeline=stages)
    return NAdamW(
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
    lr: Any = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0,
    decoupled_weight_decay: bool = False,
    *,
    foreach: bool | None = None,
    maximize: bool = False,
    capturable: bool = False,
    differentiable: bool = False,
    pipeline: Sequence[Any] = (),
) -> Any:
    """torch.optim.RAdam, whose epsilon is added before the correction, other than in torch's Adam."""
    stages = _around(pipeline, maximize, 0 if decoupled_weight_decay else weight_decay)
    from .. import RAdamEpsHat, RAdamW

    beta1, beta2 = betas
    if decoupled_weight_decay:
        return RAdamW(params, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay, pipeline=stages)
    return RAdamEpsHat(params, lr=lr, beta1=beta1, beta2=beta2, eps=eps, pipeline=stages)


@_preset
def Rprop(
    params: Any,
    lr: Any = 1e-2,
    etas: tuple[float, float] = (0.5, 1.2),
    step_sizes: tuple[float, float] = (1e-6, 50),
    *,
    capturable: bool = False,
    foreach: bool | None = None,
    maximize: bool = False,
    differentiable: bool = False,
    pipeline: Sequence[Any] = (),
) -> Any:
    """torch.optim.Rprop."""
    stages = _around(pipeline, maximize)
    from .. import RpropClamped

    (shrink, grow), (shortest, longest) = etas, step_sizes
    return RpropClamped(params, lr=lr, shrink=shrink, grow=grow, shortest=shortest, longest=longest, pipeline=stages)
