"""The rules that the optimizers of torch.optim are, by their options, and what torch calls their states."""

from __future__ import annotations

from collections.abc import Sequence

from ._options import rules
from ._param_groups import Kind, Options
from ._torch import TorchOptimizer, same

_MOMENTS = {"exp_avg": "m", "exp_avg_sq": "v"}
_ADAM = {"lr": ("lr",), "betas": ("beta1", "beta2"), "eps": ("eps",), "weight_decay": ("weight_decay",)}


def _sgd(groups: Sequence[Options]) -> type[TorchSGD | TorchMomentumBuffer | TorchMomentumDampened | TorchNesterov]:
    dampened = any(group["momentum"] and group["dampening"] for group in groups)
    if same("torch.SGD", groups, "nesterov"):
        if dampened:
            raise ValueError("torch.SGD: Nesterov momentum requires zero dampening in every group that has momentum")
        return TorchNesterov
    if dampened:
        return TorchMomentumDampened
    return TorchMomentumBuffer if any(group["momentum"] for group in groups) else TorchSGD


def _rmsprop(
    groups: Sequence[Options],
) -> type[TorchRMSprop | TorchRMSpropMomentum | TorchRMSpropCentered | TorchRMSpropCenteredMomentum]:
    centered = same("torch.RMSprop", groups, "centered")
    if any(group["momentum"] for group in groups):
        return TorchRMSpropCenteredMomentum if centered else TorchRMSpropMomentum
    return TorchRMSpropCentered if centered else TorchRMSprop


def _adam(groups: Sequence[Options]) -> type[TorchAdam | TorchAMSGrad | TorchAdamW | TorchAMSGradW]:
    if same("torch.Adam", groups, "decoupled_weight_decay"):
        return _adamw(groups)
    return TorchAMSGrad if same("torch.Adam", groups, "amsgrad") else TorchAdam


def _adamw(groups: Sequence[Options]) -> type[TorchAdamW | TorchAMSGradW]:
    return TorchAMSGradW if same("torch.AdamW", groups, "amsgrad") else TorchAdamW


def _nadam(groups: Sequence[Options]) -> type[TorchNAdam | TorchNAdamW]:
    return TorchNAdamW if same("torch.NAdam", groups, "decoupled_weight_decay") else TorchNAdam


def _radam(groups: Sequence[Options]) -> type[TorchRAdamEpsHat | TorchRAdamW]:
    return TorchRAdamW if same("torch.RAdam", groups, "decoupled_weight_decay") else TorchRAdamEpsHat


def _adagrad(groups: Sequence[Options]) -> type[TorchAdagradDecay]:
    return TorchAdagradDecay


def _adadelta(groups: Sequence[Options]) -> type[TorchAdadelta]:
    return TorchAdadelta


def _adamax(groups: Sequence[Options]) -> type[TorchAdamaxEpsInside]:
    return TorchAdamaxEpsInside


def _sparse_adam(groups: Sequence[Options]) -> type[TorchSparseAdam]:
    return TorchSparseAdam


def _rprop(groups: Sequence[Options]) -> type[TorchRpropClamped]:
    return TorchRpropClamped


def _asgd(groups: Sequence[Options]) -> type[TorchASGD]:
    return TorchASGD


OF_SGD = Kind(
    title="torch.SGD",
    rule=_sgd,
    names={"lr": ("lr",), "momentum": ("mu",), "dampening": ("dampening",), "weight_decay": ("weight_decay",)},
    states={"momentum_buffer": "b"},
    counted=False,
)
OF_ADAGRAD = Kind(
    title="torch.Adagrad",
    rule=_adagrad,
    names={"lr": ("lr",), "lr_decay": ("lr_decay",), "weight_decay": ("weight_decay",), "eps": ("eps",)},
    states={"sum": "v"},
    start={"initial_accumulator_value": "initial_accumulator"},
    eager=True,
)
OF_RMSPROP = Kind(
    title="torch.RMSprop",
    rule=_rmsprop,
    names={
        "lr": ("lr",),
        "alpha": ("rho",),
        "eps": ("eps",),
        "weight_decay": ("weight_decay",),
        "momentum": ("momentum",),
    },
    states={"square_avg": "v", "momentum_buffer": "b", "grad_avg": "a"},
    whole=("centered",),
)
OF_ADADELTA = Kind(
    title="torch.Adadelta",
    rule=_adadelta,
    names={"lr": ("lr",), "rho": ("rho",), "eps": ("eps",), "weight_decay": ("weight_decay",)},
    states={"square_avg": "v", "acc_delta": "d"},
)
OF_ADAM = Kind(
    title="torch.Adam",
    rule=_adam,
    names=_ADAM,
    states={**_MOMENTS, "max_exp_avg_sq": "v_max"},
    whole=("amsgrad", "decoupled_weight_decay"),
)
OF_ADAMW = Kind(
    title="torch.AdamW",
    rule=_adamw,
    names=_ADAM,
    states={**_MOMENTS, "max_exp_avg_sq": "v_max"},
    whole=("amsgrad", "decoupled_weight_decay"),
)
OF_ADAMAX = Kind(
    title="torch.Adamax",
    rule=_adamax,
    names=_ADAM,
    states={"exp_avg": "m", "exp_inf": "u"},
)
OF_NADAM = Kind(
    title="torch.NAdam",
    rule=_nadam,
    names={**_ADAM, "momentum_decay": ("momentum_decay",)},
    states={"mu_product": "product", **_MOMENTS},
    whole=("decoupled_weight_decay",),
)
OF_RADAM = Kind(
    title="torch.RAdam",
    rule=_radam,
    names=_ADAM,
    states=_MOMENTS,
    whole=("decoupled_weight_decay",),
)
OF_SPARSE_ADAM = Kind(
    title="torch.SparseAdam",
    rule=_sparse_adam,
    names={name: _ADAM[name] for name in ("lr", "betas", "eps")},
    states=_MOMENTS,
)
OF_RPROP = Kind(
    title="torch.Rprop",
    rule=_rprop,
    names={"lr": ("lr",), "etas": ("shrink", "grow"), "step_sizes": ("shortest", "longest")},
    states={"prev": "last", "step_size": "a"},
)


OF_ASGD = Kind(
    title="torch.ASGD",
    rule=_asgd,
    names={
        "lr": ("lr",),
        "lambd": ("lambd",),
        "alpha": ("alpha",),
        "t0": ("t0",),
        "weight_decay": ("weight_decay",),
    },
    states={"eta": "eta", "mu": "mu", "ax": "ax"},
)


class TorchASGD(TorchOptimizer, rules.ASGD):
    _torch_kind = OF_ASGD


class TorchSGD(TorchOptimizer, rules.SGD):
    _torch_kind = OF_SGD


class TorchMomentumBuffer(TorchOptimizer, rules.MomentumBuffer):
    _torch_kind = OF_SGD


class TorchMomentumDampened(TorchOptimizer, rules.MomentumDampened):
    _torch_kind = OF_SGD


class TorchNesterov(TorchOptimizer, rules.Nesterov):
    _torch_kind = OF_SGD


class TorchAdagradDecay(TorchOptimizer, rules.AdagradDecay):
    _torch_kind = OF_ADAGRAD


class TorchRMSprop(TorchOptimizer, rules.RMSprop):
    _torch_kind = OF_RMSPROP


class TorchRMSpropMomentum(TorchOptimizer, rules.RMSpropMomentum):
    _torch_kind = OF_RMSPROP


class TorchRMSpropCentered(TorchOptimizer, rules.RMSpropCentered):
    _torch_kind = OF_RMSPROP


class TorchRMSpropCenteredMomentum(TorchOptimizer, rules.RMSpropCenteredMomentum):
    _torch_kind = OF_RMSPROP


class TorchAdadelta(TorchOptimizer, rules.Adadelta):
    _torch_kind = OF_ADADELTA


class TorchAdam(TorchOptimizer, rules.Adam):
    _torch_kind = OF_ADAM


class TorchAMSGrad(TorchOptimizer, rules.AMSGrad):
    _torch_kind = OF_ADAM


class TorchAdamW(TorchOptimizer, rules.AdamW):
    _torch_kind = OF_ADAM


class TorchAMSGradW(TorchOptimizer, rules.AMSGradW):
    _torch_kind = OF_ADAM


class TorchAdamaxEpsInside(TorchOptimizer, rules.AdamaxEpsInside):
    _torch_kind = OF_ADAMAX


class TorchNAdam(TorchOptimizer, rules.NAdam):
    _torch_kind = OF_NADAM


class TorchNAdamW(TorchOptimizer, rules.NAdamW):
    _torch_kind = OF_NADAM


class TorchRAdamEpsHat(TorchOptimizer, rules.RAdamEpsHat):
    _torch_kind = OF_RADAM


class TorchRAdamW(TorchOptimizer, rules.RAdamW):
    _torch_kind = OF_RADAM


class TorchSparseAdam(TorchOptimizer, rules.SparseAdam):
    _torch_kind = OF_SPARSE_ADAM


class TorchRpropClamped(TorchOptimizer, rules.RpropClamped):
    _torch_kind = OF_RPROP
