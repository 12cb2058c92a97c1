"""What an optimizer of `presets.chainer` has besides what its rule has: the names and methods of chainer.optimizers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ._options import (
    Hyper,
    Optimizer,
    Stage,
    in_their_names,
    joined,
    rules,
    speaking,
    to_number,
)

#: Chainer's names of hyperparameters, by their names here, or by "Rule.name" where that is only so in one rule.
NAMES = {
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
    "MSVAGW.weight_decay": "weight_decay_rate",
}

#: What Chainer's optimizers have and these do not, with what to write instead.
_INSTEAD = {
    "update": "take the gradients of the loss and write opt.step(grads)",
    "target": "the parameters are the arrays that it was made of",
    "new_epoch": "count the epochs in your loop",
    "epoch": "count the epochs in your loop",
    "serialize": "opt.state_dict() has what is to be saved",
    "use_fp32_update": "parameters in float16 are computed in float32 as they are",
    "reallocate_cleared_grads": "None in place of a gradient is one of zeros already",
    "hyperparam": "write opt.alpha or opt.lr",
}


def times(factor: float, rate: Any) -> Any:
    """A learning rate, be it a number or a callable of the step number, times a number."""
    return (lambda t: factor * rate(t)) if callable(rate) else factor * rate


def hyper_of(rule: str, domains: Mapping[str, Any], given: Mapping[str, Any], first_alpha: float) -> dict[str, Any]:
    """The hyperparameters of a rule from Chainer's arguments. `first_alpha` is the alpha of the first step.

    `eta` multiplies alpha, the weight decay and, since a factor of the bounded rate is one of the rate and of its
    bounds, final_lr, which changes in proportion to alpha, too.
    """
    theirs = _theirs(rule, domains)
    found = {own: given[name] for own, name in theirs.items() if name in given}
    if "eta" not in given:
        return found
    eta, alpha = to_number(f"{rule}: eta", given["eta"]), given[theirs["lr"]]
    if eta < 0:
        raise ValueError(f"{rule}: eta = {eta!r} is not allowed; it needs eta >= 0")
    if not callable(alpha) and alpha < 0:
        raise ValueError(f"{rule}: lr = {float(alpha)!r} is not allowed; it needs lr >= 0")
    found["lr"] = times(eta, alpha)
    if "weight_decay" in found:
        found["weight_decay"] = eta * found["weight_decay"]
    if "final_lr" in found:
        if not first_alpha:
            raise ValueError(
                f"{rule}: lr = 0 is not allowed; the first needs lr > 0, to which final_lr is in proportion"
            )
        final = eta * found["final_lr"]
        found["final_lr"] = final if alpha == first_alpha else times(final / first_alpha, alpha)
    return found


def _theirs(rule: str, domains: Mapping[str, Any]) -> dict[str, str]:
    """Chainer's names of the hyperparameters of a rule."""
    return {own: NAMES.get(f"{rule}.{own}", NAMES.get(own, own)) for own in domains}


class Chainer(Optimizer):
    """An optimizer of `presets.chainer`: a rule that is also spoken to as Chainer's optimizers are.

    Chainer's names are attributes, too: `opt.alpha = 0.1`. None in place of a gradient is one of zeros, as Chainer
    makes it: momentum goes on.
    """

    #: The preset, such as chainer.Adam, and all of its arguments but for the parameters.
    _title: str
    _arguments: Mapping[str, Any]
    _first_alpha: float

    if not TYPE_CHECKING:

        def __setattr__(self, name: str, value: Any) -> None:
            if name.startswith("_"):
                object.__setattr__(self, name, value)
            elif name in self.__dict__.get("_arguments", ()):
                self._set(name, value)
            else:
                super().__setattr__(name, value)

        def __getattr__(self, name: str) -> Any:
            # found only if nothing else has the name
            known = self.__dict__.get("_arguments")
            if known is None or name.startswith("_"):
                raise AttributeError(name)
            if name in known:
                return known[name]
            there = "its methods are step, add_hook and state_dict"
            raise AttributeError(f"{self._title} has no {name}; {_INSTEAD.get(name, there)}")

    def _set(self, name: str, value: Any) -> None:
        now = self._arguments[name]
        if name != "eta" and name not in _theirs(self._rule, self._domains).values():
            if value != now:
                raise AttributeError(
                    f"{self._title}: {name} is {now!r} and cannot become {value!r} any more; make it so from the "
                    f"start: {self._title}(params, {name}={value!r})"
                )
            return
        arguments = {**self._arguments, name: value}
        try:
            for own, theirs in _theirs(self._rule, self._domains).items():
                if theirs == name and not callable(value):
                    arguments[name] = self._check_hyper(own, value)
            hyper = hyper_of(self._rule, self._domains, arguments, self._first_alpha)
            for own, number in hyper.items():
                if not callable(number):
                    self._check_hyper(own, number)
        except (TypeError, ValueError) as error:
            told = in_their_names(str(error), NAMES, arguments)
            if told is None:
                raise
            raise type(error)(f"{self._title}{told}") from None
        for own, number in hyper.items():
            super().__setattr__(own, number)
        self._arguments = arguments

    def setup(self, link: Any) -> Chainer:
        """Nothing is left to do if `link` are the parameters; raises TypeError otherwise. Returns the optimizer."""
        if link is not self._params:
            raise TypeError(f"{self._title}: its parameters are those that it was made of; write {self._title}(params)")
        return self

    def add_hook(self, hook: Any, name: str | None = None) -> None:
        """Change gradients before the rule from now on, after the hooks that there are.

        `hook` is a stage, such as `chainer.WeightDecay(1e-4)` of this module, or the object of that name of
        chainer.optimizer_hooks. Raises TypeError for others.
        """
        stage = hook if isinstance(hook, Stage) else _as_stage(hook)
        self._put_around((*self._pipeline, joined(self, stage)))
        self._buckets = self._arranged()

    def remove_hook(self, name: str) -> None:
        """Take away the hooks of this name, such as WeightDecay. Raises KeyError if there are none."""
        kept = tuple(stage for stage in self._pipeline if _HOOKS.get(type(stage).__name__) != name)
        if len(kept) == len(self._pipeline):
            names = [_HOOKS.get(type(stage).__name__, type(stage).__name__) for stage in self._pipeline]
            raise KeyError(f"{self._title} has no hook {name}; there are {', '.join(names) or 'none'}")
        self._put_around(kept)
        self._buckets = self._arranged()

    def _with_gradients(self, gradients: Any) -> list[Any]:
        for number, g in enumerate(gradients):
            if g is None:  # the list is one of this step
                gradients[number] = self._zeros_like(self._checks.held[number])
        return super()._with_gradients(gradients)


#: The hooks of Chainer, by the stages that are the same.
_HOOKS = {
    "L2Decay": "WeightDecay",
    "ClipByGlobalNorm": "GradientClipping",
    "ClipByValue": "GradientHardClipping",
    "GaussianNoiseFromOne": "GradientNoise",
}


def _as_stage(hook: Any) -> Stage:
    """The stage that does what an object of chainer.optimizer_hooks does."""
    match getattr(hook, "name", None):
        case "WeightDecay":
            return rules.L2Decay(weight_decay=hook.rate)
        case "GradientClipping":
            return rules.ClipByGlobalNorm(max_norm=hook.threshold)
        case "GradientHardClipping":
            return clipped(hook.lower_bound, hook.upper_bound)
        case "GradientNoise":
            return rules.GaussianNoiseFromOne(eta=hook.eta)
    raise TypeError(
        f"chainer: the hook {getattr(hook, 'name', hook)!r} is not supported; there are {', '.join(_HOOKS.values())}, "
        "and the stages of the module pipeline"
    )


def clipped(lower_bound: float, upper_bound: float) -> rules.ClipByValue:
    if lower_bound != -upper_bound:
        raise NotImplementedError(
            f"chainer.GradientHardClipping: bounds {lower_bound!r} and {upper_bound!r} are not supported; take bounds "
            f"of one size, such as {-upper_bound!r} and {upper_bound!r}"
        )
    return rules.ClipByValue(max_value=upper_bound)


if TYPE_CHECKING:

    class SGD(Chainer, rules.SGD):
        pass

    class HeavyBall(Chainer, rules.HeavyBall):
        momentum: float

    class MomentumBuffer(Chainer, rules.MomentumBuffer):
        momentum: float

    class NesterovVelocity(Chainer, rules.NesterovVelocity):
        momentum: float

    class Adagrad(Chainer, rules.Adagrad):
        pass

    class Adadelta(Chainer, rules.Adadelta):
        pass

    class RMSprop(Chainer, rules.RMSprop):
        alpha: Hyper

    class RMSpropEpsInside(Chainer, rules.RMSpropEpsInside):
        alpha: Hyper

    class RMSpropGraves(Chainer, rules.RMSpropGraves):
        alpha: Hyper

    class AdamEpsHat(Chainer, rules.AdamEpsHat):
        alpha: Hyper
        eta: float

    class AMSGradEpsHat(Chainer, rules.AMSGradEpsHat):
        alpha: Hyper
        eta: float

    class AdamWUnscaledEpsHat(Chainer, rules.AdamWUnscaledEpsHat):
        alpha: Hyper
        eta: float
        weight_decay_rate: float

    class AdaBound(Chainer, rules.AdaBound):
        alpha: Hyper
        eta: float

    class AMSBound(Chainer, rules.AMSBound):
        alpha: Hyper
        eta: float

    class MSVAGW(Chainer, rules.MSVAGW):
        eta: float
        weight_decay_rate: float

    class SMORMS3(Chainer, rules.SMORMS3):
        pass

else:

    def __getattr__(name: str) -> type[Chainer]:
        """The class of the rule `name` with what Chainer adds. A rule is loaded when it is first asked for."""
        if name.startswith("_"):
            raise AttributeError(name)
        known = globals()[name] = speaking(name, Chainer, __name__)
        return known
