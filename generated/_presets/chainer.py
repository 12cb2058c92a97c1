"""chainer.optimizers as of Chainer 7: Adam's learning rate is alpha, decays are alpha or rho."""

from __future__ import annotations

from typing import Any

from ._options import Hyper, preset, refuse, rules

_preset = preset(
    "chainer",
    {
        "rho": "alpha",
        "HeavyBall.rho": "momentum",
        "NesterovVelocity.rho": "momentum",
        "mu": "momentum",
        "Adadelta.rho": "rho",
        "AdamEpsHat.lr": "alpha",
        "AMSGradEpsHat.lr": "alpha",
        "AdamWUnscaledEpsHat.lr": "alpha",
        "AdaBound.lr": "alpha",
        "AMSBound.lr": "alpha",
        "AdamWUnscaledEpsHat.weight_decay": "weight_decay_rate",
    },
)


@_preset
def SGD(params: Any, lr: Hyper = 0.01) -> rules.SGD:
    """chainer.optimizers.SGD."""
    return rules.SGD(params, lr=lr)


@_preset
def MomentumSGD(params: Any, lr: Hyper = 0.01, momentum: float = 0.9) -> rules.HeavyBall:
    """chainer.optimizers.MomentumSGD: the learning rate is part of the velocity."""
    return rules.HeavyBall(params, lr=lr, rho=momentum)


@_preset
def CorrectedMomentumSGD(params: Any, lr: Hyper = 0.01, momentum: float = 0.9) -> rules.MomentumBuffer:
    """chainer.optimizers.CorrectedMomentumSGD: the learning rate is outside the buffer."""
    return rules.MomentumBuffer(params, lr=lr, mu=momentum)


@_preset
def NesterovAG(params: Any, lr: Hyper = 0.01, momentum: float = 0.9) -> rules.NesterovVelocity:
    """Nesterov's accelerated gradient as the paper has it.

    chainer.optimizers.NesterovAG takes the new velocity where the paper takes the old one, which is
    another rule with a smaller stable learning rate. It is not imitated.
    """
    return rules.NesterovVelocity(params, lr=lr, rho=momentum)


@_preset
def AdaGrad(params: Any, lr: Hyper = 0.001, eps: float = 1e-8) -> rules.Adagrad:
    """chainer.optimizers.AdaGrad: epsilon outside the root."""
    return rules.Adagrad(params, lr=lr, eps=eps)


@_preset
def AdaDelta(params: Any, rho: float = 0.95, eps: float = 1e-6) -> rules.Adadelta:
    """chainer.optimizers.AdaDelta, which has no learning rate."""
    return rules.Adadelta(params, lr=1.0, rho=rho, eps=eps)


@_preset
def RMSprop(
    params: Any, lr: Hyper = 0.01, alpha: float = 0.99, eps: float = 1e-8, eps_inside_sqrt: bool = False
) -> rules.RMSprop | rules.RMSpropEpsInside:
    """chainer.optimizers.RMSprop."""
    return (rules.RMSpropEpsInside if eps_inside_sqrt else rules.RMSprop)(params, lr=lr, rho=alpha, eps=eps)


@_preset
def RMSpropGraves(
    params: Any, lr: Hyper = 1e-4, alpha: float = 0.95, momentum: float = 0.9, eps: float = 1e-4
) -> rules.RMSpropGraves:
    """chainer.optimizers.RMSpropGraves."""
    return rules.RMSpropGraves(params, lr=lr, rho=alpha, momentum=momentum, eps=eps)


@_preset
def Adam(
    params: Any,
    alpha: Hyper = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    eta: float = 1.0,
    weight_decay_rate: float = 0,
    amsgrad: bool = False,
    adabound: bool = False,
    final_lr: float = 0.1,
    gamma: float = 1e-3,
) -> rules.AdamEpsHat | rules.AMSGradEpsHat | rules.AdamWUnscaledEpsHat | rules.AdaBound | rules.AMSBound:
    """chainer.optimizers.Adam: epsilon added before the correction ("epsilon hat"), the weight decay apart from alpha.

    `eta` multiplies both.
    """
    if adabound:
        refuse("chainer.Adam", "take it without adabound", weight_decay_rate=weight_decay_rate)
        return (AMSBound if amsgrad else AdaBound)(params, alpha, beta1, beta2, final_lr, gamma, eps, eta)

    hyper = {"lr": _times(eta, alpha), "beta1": beta1, "beta2": beta2, "eps": eps}
    if weight_decay_rate:
        refuse("chainer.Adam", "take it without weight_decay_rate", amsgrad=amsgrad)
        return rules.AdamWUnscaledEpsHat(params, **hyper, weight_decay=eta * weight_decay_rate)
    return (rules.AMSGradEpsHat if amsgrad else rules.AdamEpsHat)(params, **hyper)


@_preset
def AdamW(
    params: Any,
    alpha: Hyper = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    eta: float = 1.0,
    weight_decay_rate: float = 0,
) -> rules.AdamEpsHat | rules.AMSGradEpsHat | rules.AdamWUnscaledEpsHat | rules.AdaBound | rules.AMSBound:
    """chainer.optimizers.AdamW, which is its Adam and decays nothing unless told to."""
    return Adam(params, alpha, beta1, beta2, eps, eta, weight_decay_rate)


@_preset
def AMSGrad(
    params: Any,
    alpha: Hyper = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    eta: float = 1.0,
) -> rules.AMSGradEpsHat:
    """chainer.optimizers.AMSGrad: the maximum is taken before the correction."""
    return rules.AMSGradEpsHat(params, lr=_times(eta, alpha), beta1=beta1, beta2=beta2, eps=eps)


@_preset
def AdaBound(
    params: Any,
    alpha: Hyper = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    final_lr: float = 0.1,
    gamma: float = 1e-3,
    eps: float = 1e-8,
    eta: float = 1.0,
) -> rules.AdaBound:
    """chainer.optimizers.AdaBound. If alpha changes, final_lr changes in proportion."""
    return rules.AdaBound(params, **_bounded(alpha, beta1, beta2, final_lr, gamma, eps, eta))


@_preset
def AMSBound(
    params: Any,
    alpha: Hyper = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    final_lr: float = 0.1,
    gamma: float = 1e-3,
    eps: float = 1e-8,
    eta: float = 1.0,
) -> rules.AMSBound:
    """chainer.optimizers.AMSBound. If alpha changes, final_lr changes in proportion."""
    return rules.AMSBound(params, **_bounded(alpha, beta1, beta2, final_lr, gamma, eps, eta))


@_preset
def SMORMS3(params: Any, lr: Hyper = 0.001, eps: float = 1e-16) -> rules.SMORMS3:
    """chainer.optimizers.SMORMS3."""
    return rules.SMORMS3(params, lr=lr, eps=eps)


def _bounded(
    alpha: Hyper, beta1: float, beta2: float, final_lr: float, gamma: float, eps: float, eta: float
) -> dict[str, Any]:
    """The hyperparameters of a rule with bounds. A factor of the bounded rate is one of the rate and of its bounds."""
    rate = _times(eta, alpha)
    final = _times(eta * final_lr / alpha(1), alpha) if callable(alpha) else eta * final_lr
    return {"lr": rate, "beta1": beta1, "beta2": beta2, "final_lr": final, "gamma": gamma, "eps": eps}


def _times(factor: float, rate: Any) -> Any:
    """A learning rate, be it a number or a callable of the step number, times the number eta."""
    if factor < 0:
        raise ValueError(f"chainer: eta = {factor!r} is not allowed; it needs eta >= 0")
    return (lambda t: factor * rate(t)) if callable(rate) else factor * rate
