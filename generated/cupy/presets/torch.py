# generated from codegen/templates/presets/torch.py; do not edit
"""torch.optim as of torch 2: lr is called lr, betas come in pairs, weight decay is added to the gradient.

The implementation options foreach, fused, capturable and differentiable do not change what is computed;
they are accepted and have no effect.
"""

from __future__ import annotations

from typing import Any

from ._options import refuse

_COUPLED = "add weight_decay * w to the gradient yourself, or use AdamW"
_ASCENT = "pass the negative gradient"


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
) -> Any:
    """torch.optim.SGD. With dampening, the first gradient is taken whole, as torch does."""
    refuse("torch.SGD", _COUPLED, weight_decay=weight_decay)
    refuse("torch.SGD", _ASCENT, maximize=maximize)
    if nesterov and (momentum <= 0 or dampening != 0):
        raise ValueError("Nesterov momentum requires a momentum and zero dampening")
    from .. import SGD as Plain
    from .. import MomentumBuffer, MomentumDampened, Nesterov

    if nesterov:
        return Nesterov(params, lr=lr, mu=momentum)
    if dampening:
        return MomentumDampened(params, lr=lr, mu=momentum, dampening=dampening)
    return MomentumBuffer(params, lr=lr, mu=momentum) if momentum else Plain(params, lr=lr)


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
) -> Any:
    """torch.optim.Adagrad."""
    refuse("torch.Adagrad", _COUPLED, weight_decay=weight_decay)
    refuse("torch.Adagrad", _ASCENT, maximize=maximize)
    from .. import AdagradDecay

    return AdagradDecay(params, lr=lr, lr_decay=lr_decay, initial_accumulator=initial_accumulator_value, eps=eps)


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
) -> Any:
    """torch.optim.RMSprop. Where torch takes the root of a variance rounded below zero and gives NaN,
    the variance is taken as zero here."""
    refuse("torch.RMSprop", _COUPLED, weight_decay=weight_decay)
    refuse("torch.RMSprop", _ASCENT, maximize=maximize)
    from .. import RMSprop as Plain
    from .. import RMSpropCentered, RMSpropCenteredMomentum, RMSpropMomentum

    if momentum:
        rule = RMSpropCenteredMomentum if centered else RMSpropMomentum
        return rule(params, lr=lr, rho=alpha, eps=eps, momentum=momentum)
    return (RMSpropCentered if centered else Plain)(params, lr=lr, rho=alpha, eps=eps)


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
) -> Any:
    """torch.optim.Adadelta."""
    refuse("torch.Adadelta", _COUPLED, weight_decay=weight_decay)
    refuse("torch.Adadelta", _ASCENT, maximize=maximize)
    from .. import Adadelta as Rule

    return Rule(params, lr=lr, rho=rho, eps=eps)


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
) -> Any:
    """torch.optim.Adam: epsilon outside the root, as in Algorithm 1; with amsgrad, the maximum is
    taken before the correction."""
    if weight_decay and decoupled_weight_decay:
        return AdamW(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize)
    refuse("torch.Adam", _COUPLED, weight_decay=weight_decay)
    refuse("torch.Adam", _ASCENT, maximize=maximize)
    from .. import Adam as Plain
    from .. import AMSGrad

    beta1, beta2 = betas
    return (AMSGrad if amsgrad else Plain)(params, lr=lr, beta1=beta1, beta2=beta2, eps=eps)


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
) -> Any:
    """torch.optim.AdamW; with amsgrad, the maximum is taken before the correction."""
    refuse("torch.AdamW", _ASCENT, maximize=maximize)
    from .. import AdamW as Plain
    from .. import AMSGradW

    beta1, beta2 = betas
    return (AMSGradW if amsgrad else Plain)(params, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay)


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
) -> Any:
    """torch.optim.Adamax: epsilon inside the maximum."""
    refuse("torch.Adamax", _COUPLED, weight_decay=weight_decay)
    refuse("torch.Adamax", _ASCENT, maximize=maximize)
    from .. import AdamaxEpsInside

    beta1, beta2 = betas
    return AdamaxEpsInside(params, lr=lr, beta1=beta1, beta2=beta2, eps=eps)


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
) -> Any:
    """torch.optim.NAdam."""
    refuse("torch.NAdam", _ASCENT, maximize=maximize)
    from .. import NAdam as Plain
    from .. import NAdamW

    beta1, beta2 = betas
    if not decoupled_weight_decay:
        refuse("torch.NAdam", _COUPLED, weight_decay=weight_decay)
        return Plain(params, lr=lr, beta1=beta1, beta2=beta2, eps=eps, momentum_decay=momentum_decay)
    return NAdamW(
        params,
        lr=lr,
        beta1=beta1,
        beta2=beta2,
        eps=eps,
        momentum_decay=momentum_decay,
        weight_decay=weight_decay,
    )


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
) -> Any:
    """torch.optim.RAdam, whose epsilon is added before the correction, other than in torch's Adam."""
    refuse("torch.RAdam", _ASCENT, maximize=maximize)
    from .. import RAdamEpsHat, RAdamW

    beta1, beta2 = betas
    if decoupled_weight_decay:
        return RAdamW(params, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay)
    refuse("torch.RAdam", _COUPLED, weight_decay=weight_decay)
    return RAdamEpsHat(params, lr=lr, beta1=beta1, beta2=beta2, eps=eps)


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
) -> Any:
    """torch.optim.Rprop."""
    refuse("torch.Rprop", _ASCENT, maximize=maximize)
    from .. import RpropClamped

    (shrink, grow), (shortest, longest) = etas, step_sizes
    return RpropClamped(params, lr=lr, shrink=shrink, grow=grow, shortest=shortest, longest=longest)
