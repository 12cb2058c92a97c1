"""torch.optim as of torch 2: lr is called lr, betas come in pairs, weight decay is added to the gradient.

Parameters are arrays, in what torch.optim takes: a list, a generator, pairs as in named_parameters(), which count as
a dict, or a list of dicts of `params` and options. Steps are counted for each parameter, as in torch. What is returned
has torch's param_groups, state_dict and so on, and its lr_scheduler classes drive it; gradients are handed to `step`.

The implementation options foreach, fused, capturable and differentiable do not change what is computed;
they are accepted and have no effect. What torch's users do to gradients before a step is a `pipeline`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from . import _torch_others
from ._options import Hyper, Stage, preset, rules
from ._torch import build as _build
from ._torch_rules import (
    OF_ADADELTA,
    OF_ADAGRAD,
    OF_ADAM,
    OF_ADAMAX,
    OF_ADAMW,
    OF_ASGD,
    OF_NADAM,
    OF_RADAM,
    OF_RMSPROP,
    OF_RPROP,
    OF_SGD,
    OF_SPARSE_ADAM,
    TorchAdadelta,
    TorchAdagradDecay,
    TorchAdam,
    TorchAdamaxEpsInside,
    TorchAdamW,
    TorchAMSGrad,
    TorchAMSGradW,
    TorchASGD,
    TorchMomentumBuffer,
    TorchMomentumDampened,
    TorchNAdam,
    TorchNAdamW,
    TorchNesterov,
    TorchRAdamEpsHat,
    TorchRAdamW,
    TorchRMSprop,
    TorchRMSpropCentered,
    TorchRMSpropCenteredMomentum,
    TorchRMSpropMomentum,
    TorchRpropClamped,
    TorchSGD,
    TorchSparseAdam,
)

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
) -> TorchSGD | TorchMomentumBuffer | TorchMomentumDampened | TorchNesterov:
    """torch.optim.SGD. With dampening, the first gradient is taken whole, as torch does."""
    if nesterov and (momentum <= 0 or dampening != 0):
        raise ValueError("Nesterov momentum requires a momentum and zero dampening")
    return _build(OF_SGD, **locals())


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
) -> TorchAdagradDecay:
    """torch.optim.Adagrad."""
    return _build(OF_ADAGRAD, **locals())


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
) -> TorchRMSprop | TorchRMSpropMomentum | TorchRMSpropCentered | TorchRMSpropCenteredMomentum:
    """torch.optim.RMSprop. Where torch takes the root of a variance rounded below zero and gives NaN,
    the variance is taken as zero here."""
    return _build(OF_RMSPROP, **locals())


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
) -> TorchAdadelta:
    """torch.optim.Adadelta."""
    return _build(OF_ADADELTA, **locals())


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
) -> TorchAdam | TorchAMSGrad | TorchAdamW | TorchAMSGradW:
    """torch.optim.Adam: epsilon outside the root, as in Algorithm 1; with amsgrad, the maximum is
    taken before the correction."""
    return _build(OF_ADAM, **locals())


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
) -> TorchAdamW | TorchAMSGradW:
    """torch.optim.AdamW; with amsgrad, the maximum is taken before the correction."""
    return _build(OF_ADAMW, **locals(), decoupled_weight_decay=True)


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
) -> TorchAdamaxEpsInside:
    """torch.optim.Adamax: epsilon inside the maximum."""
    return _build(OF_ADAMAX, **locals())


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
) -> TorchNAdam | TorchNAdamW:
    """torch.optim.NAdam."""
    return _build(OF_NADAM, **locals())


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
) -> TorchRAdamEpsHat | TorchRAdamW:
    """torch.optim.RAdam, whose epsilon is added before the correction, other than in torch's Adam."""
    return _build(OF_RADAM, **locals())


@_preset
def SparseAdam(
    params: Any,
    lr: Hyper = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    maximize: bool = False,
    *,
    pipeline: Sequence[Stage] = (),
) -> TorchSparseAdam:
    """torch.optim.SparseAdam of dense gradients: `step(grads, mask=mask)`, where a mask is 1 at the elements that the
    sparse gradient has, those that are 0 among them, and 0 elsewhere. Stages see the dense gradient."""
    return _build(OF_SPARSE_ADAM, **locals())


@_preset
def ASGD(
    params: Any,
    lr: Hyper = 1e-2,
    lambd: float = 1e-4,
    alpha: float = 0.75,
    t0: float = 1e6,
    weight_decay: float = 0,
    foreach: bool | None = None,
    maximize: bool = False,
    differentiable: bool = False,
    capturable: bool = False,
    *,
    pipeline: Sequence[Stage] = (),
) -> TorchASGD:
    """torch.optim.ASGD. The mean of the weights is `opt.state[0]["ax"]`."""
    return _build(OF_ASGD, **locals())


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
) -> TorchRpropClamped:
    """torch.optim.Rprop."""
    return _build(OF_RPROP, **locals())


if not TYPE_CHECKING:  # which would take any name for known

    def __getattr__(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        optimizers = [each for each, value in globals().items() if hasattr(value, "__wrapped__")]
        raise AttributeError(f"presets.torch: {_torch_others.absent(name, optimizers)}")
