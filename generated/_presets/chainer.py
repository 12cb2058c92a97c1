"""chainer.optimizers as of Chainer 7: Adam's learning rate is alpha, decays are alpha or rho.

None in place of a gradient is one of zeros, as Chainer makes it: momentum and weight decay go on. The hooks of Chainer
are stages here: `opt.add_hook(chainer.WeightDecay(1e-4))`.
"""

from __future__ import annotations

import difflib
import functools
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from . import _chainer as own
from ._options import Hyper, preset, refuse, rules

_Preset = TypeVar("_Preset", bound=Callable[..., Any])

_named = preset(
    "chainer",
    {
        **own.NAMES,
        "L2Decay.weight_decay": "rate",
        "ClipByGlobalNorm.max_norm": "threshold",
        "ClipByValue.max_value": "upper_bound",
    },
)


def _preset(function: _Preset) -> _Preset:
    """A decorator of the presets, which remember what they were called with."""
    title = f"chainer.{function.__name__}"

    @functools.wraps(function)
    def made(**given: Any) -> Any:
        arguments = {name: given.get(name, p.default) for name, p in named.__signature__.parameters.items()}
        del arguments["params"]
        opt = function(**given)
        alpha = arguments.get("alpha", 0.0)
        opt._title, opt._arguments, opt._first_alpha = title, arguments, alpha(1) if callable(alpha) else alpha
        return opt

    named: Any = _named(made)
    return named  # type: ignore[no-any-return]


@_preset
def SGD(params: Any, lr: Hyper = 0.01) -> own.SGD:
    """chainer.optimizers.SGD."""
    return own.SGD(params, lr=lr)


@_preset
def MomentumSGD(params: Any, lr: Hyper = 0.01, momentum: float = 0.9) -> own.HeavyBall:
    """chainer.optimizers.MomentumSGD: the learning rate is part of the velocity."""
    return own.HeavyBall(params, lr=lr, rho=momentum)


@_preset
def CorrectedMomentumSGD(params: Any, lr: Hyper = 0.01, momentum: float = 0.9) -> own.MomentumBuffer:
    """chainer.optimizers.CorrectedMomentumSGD: the learning rate is outside the buffer."""
    return own.MomentumBuffer(params, lr=lr, mu=momentum)


@_preset
def NesterovAG(params: Any, lr: Hyper = 0.01, momentum: float = 0.9) -> own.NesterovVelocity:
    """Nesterov's accelerated gradient as the paper has it.

    chainer.optimizers.NesterovAG takes the new velocity where the paper takes the old one, which is
    another rule with a smaller stable learning rate. It is not imitated.
    """
    return own.NesterovVelocity(params, lr=lr, rho=momentum)


@_preset
def AdaGrad(params: Any, lr: Hyper = 0.001, eps: float = 1e-8) -> own.Adagrad:
    """chainer.optimizers.AdaGrad: epsilon outside the root."""
    return own.Adagrad(params, lr=lr, eps=eps)


@_preset
def AdaDelta(params: Any, rho: float = 0.95, eps: float = 1e-6) -> own.Adadelta:
    """chainer.optimizers.AdaDelta, which has no learning rate."""
    return own.Adadelta(params, lr=1.0, rho=rho, eps=eps)


@_preset
def RMSprop(
    params: Any, lr: Hyper = 0.01, alpha: float = 0.99, eps: float = 1e-8, eps_inside_sqrt: bool = False
) -> own.RMSprop | own.RMSpropEpsInside:
    """chainer.optimizers.RMSprop."""
    return (own.RMSpropEpsInside if eps_inside_sqrt else own.RMSprop)(params, lr=lr, rho=alpha, eps=eps)


@_preset
def RMSpropGraves(
    params: Any, lr: Hyper = 1e-4, alpha: float = 0.95, momentum: float = 0.9, eps: float = 1e-4
) -> own.RMSpropGraves:
    """chainer.optimizers.RMSpropGraves."""
    return own.RMSpropGraves(params, lr=lr, rho=alpha, momentum=momentum, eps=eps)


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
) -> own.AdamEpsHat | own.AMSGradEpsHat | own.AdamWUnscaledEpsHat | own.AdaBound | own.AMSBound:
    """chainer.optimizers.Adam: epsilon added before the correction ("epsilon hat"), the weight decay apart from alpha.

    `eta` multiplies both.
    """
    if adabound:
        refuse("chainer.Adam", "take it without adabound", weight_decay_rate=weight_decay_rate)
        return (AMSBound if amsgrad else AdaBound)(params, alpha, beta1, beta2, final_lr, gamma, eps, eta)

    if weight_decay_rate:
        refuse("chainer.Adam", "take it without weight_decay_rate", amsgrad=amsgrad)
        hyper = _hyper("AdamWUnscaledEpsHat", alpha, beta1, beta2, eps, eta, weight_decay_rate=weight_decay_rate)
        return own.AdamWUnscaledEpsHat(params, **hyper)
    if amsgrad:
        return own.AMSGradEpsHat(params, **_hyper("AMSGradEpsHat", alpha, beta1, beta2, eps, eta))
    return own.AdamEpsHat(params, **_hyper("AdamEpsHat", alpha, beta1, beta2, eps, eta))


@_preset
def AdamW(
    params: Any,
    alpha: Hyper = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    eta: float = 1.0,
    weight_decay_rate: float = 0,
) -> own.AdamEpsHat | own.AMSGradEpsHat | own.AdamWUnscaledEpsHat | own.AdaBound | own.AMSBound:
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
) -> own.AMSGradEpsHat:
    """chainer.optimizers.AMSGrad: the maximum is taken before the correction."""
    return own.AMSGradEpsHat(params, **_hyper("AMSGradEpsHat", alpha, beta1, beta2, eps, eta))


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
) -> own.AdaBound:
    """chainer.optimizers.AdaBound. If alpha changes, final_lr changes in proportion."""
    return own.AdaBound(params, **_hyper("AdaBound", alpha, beta1, beta2, eps, eta, final_lr=final_lr, gamma=gamma))


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
) -> own.AMSBound:
    """chainer.optimizers.AMSBound. If alpha changes, final_lr changes in proportion."""
    return own.AMSBound(params, **_hyper("AMSBound", alpha, beta1, beta2, eps, eta, final_lr=final_lr, gamma=gamma))


@_preset
def SMORMS3(params: Any, lr: Hyper = 0.001, eps: float = 1e-16) -> own.SMORMS3:
    """chainer.optimizers.SMORMS3."""
    return own.SMORMS3(params, lr=lr, eps=eps)


@_preset
def MSVAG(
    params: Any, lr: Hyper = 0.1, beta: float = 0.9, eta: float = 1.0, weight_decay_rate: float = 0.0
) -> own.MSVAGW:
    """chainer.optimizers.MSVAG. `eta` multiplies the learning rate and the weight decay."""
    given = {"lr": lr, "beta": beta, "eta": eta, "weight_decay_rate": weight_decay_rate}
    return own.MSVAGW(params, **own.hyper_of("MSVAGW", rules.MSVAGW._domains, given, 0.0))


def _hyper(
    rule: str, alpha: Hyper, beta1: float, beta2: float, eps: float, eta: float, **more: float
) -> dict[str, Any]:
    given = {"alpha": alpha, "beta1": beta1, "beta2": beta2, "eps": eps, "eta": eta, **more}
    return own.hyper_of(rule, getattr(rules, rule)._domains, given, alpha(1) if callable(alpha) else alpha)


# What is put around a rule: stages for `opt.add_hook`.


@_named
def WeightDecay(rate: float) -> rules.L2Decay:
    """chainer.optimizer_hooks.WeightDecay."""
    return rules.L2Decay(weight_decay=rate)


@_named
def GradientClipping(threshold: float) -> rules.ClipByGlobalNorm:
    """chainer.optimizer_hooks.GradientClipping: the norm is that of all gradients."""
    return rules.ClipByGlobalNorm(max_norm=threshold)


@_named
def GradientHardClipping(lower_bound: float, upper_bound: float) -> rules.ClipByValue:
    """chainer.optimizer_hooks.GradientHardClipping, between -upper_bound and upper_bound."""
    return own.clipped(lower_bound, upper_bound)


@_named
def GradientNoise(eta: float) -> rules.GaussianNoiseFromOne:
    """chainer.optimizer_hooks.GradientNoise with its own function of noise; the numbers drawn are others."""
    return rules.GaussianNoiseFromOne(eta=eta)


#: What Chainer has besides, and what to take.
_INSTEAD = {
    "Lasso": "take WeightDecay",
    "GradientLARS": "take GradientClipping",
    "Eve": "take Adam",
}

if not TYPE_CHECKING:  # which would take any name for known

    def __getattr__(name: str) -> Any:
        if name in ("optimizers", "optimizer_hooks"):  # for what is pasted as chainer.optimizers.Adam
            return sys.modules[__name__]
        if name in _INSTEAD:
            raise NotImplementedError(f"chainer.{name} is not supported; {_INSTEAD[name]}")
        there = {each.lower(): each for each, value in globals().items() if hasattr(value, "__signature__")}
        close = difflib.get_close_matches(name.lower(), there, n=1)
        hint = f"did you mean {there[close[0]]}?" if close else f"there are {', '.join(there.values())}"
        raise AttributeError(f"chainer has no {name}; {hint}")
