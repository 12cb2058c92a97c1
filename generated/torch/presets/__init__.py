"""The optimizers of torch.optim, with its names, defaults, options and state keys, by the proved rules.

A checkpoint of torch.optim is loaded as it is, and one that is saved here is loaded by torch.optim. Steps are counted
for each parameter, as in torch. `engine` says how a step runs, see `TorchOptimizer`. The options foreach, fused and
capturable do not change what is computed: they have no effect.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import torch
from torch import Tensor

from ... import torch as rules
from .._arrays import Change, TorchOptimizer
from .._parts import computed
from .._saved import OWN_STEPS, STEPS

__all__ = ["ASGD", "SGD", "Adadelta", "Adagrad", "Adam", "AdamW", "Adamax", "NAdam", "RAdam", "RMSprop", "Rprop"]

_MOMENTS = {"m": "exp_avg", "v": "exp_avg_sq"}
_ADAM = {"lr": ("lr",), "betas": ("beta1", "beta2"), "eps": ("eps",), "weight_decay": ("weight_decay",)}


class _Preset(TorchOptimizer):
    """An optimizer of torch: a rule whose states and hyperparameters have torch's names."""

    _own_t: ClassVar[bool] = True
    #: What torch calls states and numbers that are kept, and which hyperparameters each option has.
    _called: ClassVar[Mapping[str, str]] = {}
    _given: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    #: Options that have to be the same in all groups, since they choose the rule.
    _whole: ClassVar[tuple[str, ...]] = ()
    #: Whether torch keeps the number of steps.
    _counted: ClassVar[bool] = True
    #: Whether weight decay is added to the gradient; else it is the rule's.
    _coupled: bool = True

    def __init__(self, params: Any, of: type[TorchOptimizer], engine: str, options: dict[str, Any]) -> None:
        self._follow(of)
        super().__init__(params, engine=engine, **options)

    def _follow(self, of: type[TorchOptimizer]) -> None:
        """Take over what a rule is."""
        self._of = of
        taken = ("_domains", "_scalars", "_elements", "_advance", "_starts_late")
        own = {name: getattr(of, name) for name in taken if hasattr(of, name)}
        own["_states"] = tuple(self._called[name] for name in of._states)
        for name, value in own.items():
            setattr(self, name, value)
        self._coupled = "weight_decay" not in of._domains

    # torch has no number of steps in groups, and takes what is there for what is saved.

    _t = 0

    @property
    def t(self) -> int:
        return self._t

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        super().add_param_group(param_group)
        self._take_steps()

    def _advance_numbers(self, *args: Any) -> None:
        super()._advance_numbers(*args)
        self._take_steps()

    def _restore(self, *args: Any) -> None:
        super()._restore(*args)
        self._take_steps()

    def _take_steps(self) -> None:
        self._t = max(int(group.pop(STEPS, self._t)) for group in self.param_groups)

    def _initial(self, w: Tensor, hyper: Mapping[str, float]) -> tuple[Tensor, ...]:
        return self._of._initial(self, w, hyper)

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        return {self._called[name]: value for name, value in self._of._initial_scalars(self, hyper).items()}

    def _options(self, group: Mapping[str, Any]) -> Mapping[str, Any]:
        found: dict[str, Any] = {}
        for option, names in self._given.items():
            values = group[option] if len(names) > 1 else (group[option],)
            if not isinstance(values, tuple | list) or len(values) != len(names):
                raise ValueError(f"{self._rule}: {option}={values!r} is not allowed; it has {len(names)} numbers")
            found.update(zip(names, values, strict=True))
        return found

    def _check_names(self, group: Mapping[str, Any]) -> None:
        super()._check_names(group)
        if group.get("differentiable"):
            raise NotImplementedError(f"{self._rule}: differentiable=True is not supported; use torch.optim for it")
        for name in self._whole:
            if group[name] != self.defaults[name]:
                raise ValueError(
                    f"{self._rule}: {name} has to be the same in all groups; make an optimizer for each, or pass "
                    f"{name}={group[name]!r} to this one"
                )

    def _change(self, group: Mapping[str, Any]) -> Change | None:
        decay, maximize = group.get("weight_decay", 0) if self._coupled else 0, group["maximize"]

        def changed(g: Tensor, w: Tensor) -> Tensor:
            real = computed(w.dtype)
            g = -g if maximize else g
            return g.to(real).add(w.to(real), alpha=decay) if decay else g

        return changed if decay or maximize else None

    def state_dict(self) -> dict[str, Any]:
        """What torch.optim saves, with `step` as a tensor.

        States are there before the first step, as they start, so that there is something to load into; but for those
        of SGD with dampening, of which torch takes it that they have seen a gradient.
        """
        saved = super().state_dict()
        state = {}
        for number, kept in saved["state"].items():
            if not (steps := kept[OWN_STEPS]) and "dampening" in self._domains:
                continue
            others = {name: _tensor(value) for name, value in kept.items() if name != OWN_STEPS}
            counted = {OWN_STEPS: torch.tensor(float(steps), dtype=_counting())} if self._counted else {}
            if counted or others:
                state[number] = {**counted, **others}
        return {**saved, "state": state}

    def _read(self, saved: dict[str, Any]) -> dict[str, Any]:
        state = {}
        for number, kept in saved["state"].items():
            # where a flat dict is loaded, torch has an empty one for what it does not find
            there = {name: value for name, value in kept.items() if value is not None and value != {}}
            if there:
                state[number] = {**there, OWN_STEPS: int(there.get(OWN_STEPS, 1))}
        steps = max((kept[OWN_STEPS] for kept in state.values()), default=0)
        groups = [{**group, STEPS: steps} for group in saved["param_groups"]]
        return {**saved, "state": state, "param_groups": groups}

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_of": self._of, "_t": self._t}

    def __setstate__(self, state: dict[str, Any]) -> None:
        if "_of" in state:
            self._follow(state["_of"])
        super().__setstate__(state)


def _options_in(names: dict[str, Any]) -> dict[str, Any]:
    """The options among the local names of a call."""
    return {name: value for name, value in names.items() if name not in ("self", "params", "engine", "__class__")}


def _counting() -> torch.dtype:
    """The dtype in which torch counts steps."""
    return torch.float64 if torch.get_default_dtype() == torch.float64 else torch.float32


def _tensor(value: Any) -> Tensor:
    return value if isinstance(value, Tensor) else torch.tensor(value, dtype=torch.float64)


def _in_any(params: Any, name: str, value: Any) -> tuple[Any, bool]:
    """The parameters, as a list if they can be gone through but once; and whether an option is set in any group."""
    params = list(params) if isinstance(params, Iterable) and not isinstance(params, Tensor) else params
    groups = [one for one in params if isinstance(one, dict)] if isinstance(params, list) else []
    values = [group.get(name, value) for group in groups] or [value]
    return params, any(map(bool, values))


class SGD(_Preset):
    """torch.optim.SGD. With dampening, the first gradient is taken whole, as torch does."""

    _called: ClassVar = {"b": "momentum_buffer"}
    _given: ClassVar = {"lr": ("lr",), "momentum": ("mu",), "dampening": ("dampening",)}
    _whole: ClassVar = ("nesterov",)
    _counted: ClassVar = False

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
        engine: str = "auto",
    ) -> None:
        options = _options_in(locals())
        params, moving = _in_any(params, "momentum", momentum)
        params, dampened = _in_any(params, "dampening", dampening)
        if nesterov and (not moving or dampened):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        of: type[TorchOptimizer]
        if nesterov:
            of = rules.Nesterov
        elif moving:
            of = rules.MomentumDampened if dampened else rules.MomentumBuffer
        else:
            of = rules.SGD
        super().__init__(params, of, engine, options)

    def _check_names(self, group: Mapping[str, Any]) -> None:
        super()._check_names(group)
        takes = self._of._domains
        for name, ours in (("momentum", "mu"), ("dampening", "dampening")):
            if group[name] and ours not in takes and not (name == "dampening" and not group["momentum"]):
                raise ValueError(
                    f"{self._rule}: a group has {name}, and the optimizer was made without; make a new one"
                )


class Adam(_Preset):
    """torch.optim.Adam: epsilon outside the root, as in Algorithm 1; with amsgrad, the maximum is taken before the
    correction."""

    _called: ClassVar = {**_MOMENTS, "v_max": "max_exp_avg_sq"}
    _given: ClassVar = _ADAM
    _whole: ClassVar = ("amsgrad", "decoupled_weight_decay")

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 1e-3,
        betas: tuple[float | Tensor, float | Tensor] = (0.9, 0.999),
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
        engine: str = "auto",
    ) -> None:
        options = _options_in(locals())
        of: type[TorchOptimizer]
        if decoupled_weight_decay:
            of = rules.AMSGradW if amsgrad else rules.AdamW
        else:
            of = rules.AMSGrad if amsgrad else rules.Adam
        super().__init__(params, of, engine, options)


class AdamW(Adam):
    """torch.optim.AdamW; with amsgrad, the maximum is taken before the correction."""

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 1e-3,
        betas: tuple[float | Tensor, float | Tensor] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        engine: str = "auto",
    ) -> None:
        super().__init__(params, engine=engine, decoupled_weight_decay=True, **_options_in(locals()))


class _OfAdam(_Preset):
    """What has the options of Adam."""

    _called: ClassVar = _MOMENTS
    _given: ClassVar = _ADAM


class Adamax(_OfAdam):
    """torch.optim.Adamax: epsilon inside the maximum."""

    _called: ClassVar = {"m": "exp_avg", "u": "exp_inf"}

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
        engine: str = "auto",
    ) -> None:
        options = _options_in(locals())
        super().__init__(params, rules.AdamaxEpsInside, engine, options)


class NAdam(_OfAdam):
    """torch.optim.NAdam."""

    _called: ClassVar = {**_MOMENTS, "product": "mu_product"}
    _given: ClassVar = {**_ADAM, "momentum_decay": ("momentum_decay",)}
    _whole: ClassVar = ("decoupled_weight_decay",)

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 2e-3,
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
        engine: str = "auto",
    ) -> None:
        options = _options_in(locals())
        super().__init__(params, rules.NAdamW if decoupled_weight_decay else rules.NAdam, engine, options)


class RAdam(_OfAdam):
    """torch.optim.RAdam, whose epsilon is added before the correction, other than in torch's Adam."""

    _whole: ClassVar = ("decoupled_weight_decay",)

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        decoupled_weight_decay: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
        engine: str = "auto",
    ) -> None:
        options = _options_in(locals())
        super().__init__(params, rules.RAdamW if decoupled_weight_decay else rules.RAdamEpsHat, engine, options)


class Adagrad(_Preset):
    """torch.optim.Adagrad."""

    _called: ClassVar = {"v": "sum"}
    _given: ClassVar = {
        "lr": ("lr",),
        "lr_decay": ("lr_decay",),
        "eps": ("eps",),
        "initial_accumulator_value": ("initial_accumulator",),
    }

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        engine: str = "auto",
    ) -> None:
        options = _options_in(locals())
        super().__init__(params, rules.AdagradDecay, engine, options)


class Adadelta(_Preset):
    """torch.optim.Adadelta."""

    _called: ClassVar = {"v": "square_avg", "d": "acc_delta"}
    _given: ClassVar = {"lr": ("lr",), "rho": ("rho",), "eps": ("eps",)}

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        capturable: bool = False,
        maximize: bool = False,
        differentiable: bool = False,
        engine: str = "auto",
    ) -> None:
        options = _options_in(locals())
        super().__init__(params, rules.Adadelta, engine, options)


class RMSprop(_Preset):
    """torch.optim.RMSprop. Where torch takes the root of a variance rounded below zero and gives NaN, the variance is
    taken as zero here."""

    _called: ClassVar = {"v": "square_avg", "b": "momentum_buffer", "a": "grad_avg"}
    _given: ClassVar = {"lr": ("lr",), "alpha": ("rho",), "eps": ("eps",), "momentum": ("momentum",)}
    _whole: ClassVar = ("centered",)

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
        *,
        engine: str = "auto",
    ) -> None:
        options = _options_in(locals())
        params, moving = _in_any(params, "momentum", momentum)
        of: type[TorchOptimizer]
        if centered:
            of = rules.RMSpropCenteredMomentum if moving else rules.RMSpropCentered
        else:
            of = rules.RMSpropMomentum if moving else rules.RMSprop
        super().__init__(params, of, engine, options)

    def _check_names(self, group: Mapping[str, Any]) -> None:
        super()._check_names(group)
        if group["momentum"] and "momentum" not in self._of._domains:
            raise ValueError(f"{self._rule}: a group has momentum, and the optimizer was made without; make a new one")


class Rprop(_Preset):
    """torch.optim.Rprop."""

    _called: ClassVar = {"last": "prev", "a": "step_size"}
    _given: ClassVar = {"lr": ("lr",), "etas": ("shrink", "grow"), "step_sizes": ("shortest", "longest")}

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50),
        *,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
        engine: str = "auto",
    ) -> None:
        options = _options_in(locals())
        super().__init__(params, rules.RpropClamped, engine, options)


class ASGD(_Preset):
    """torch.optim.ASGD. The mean of the weights is `opt.state[w]["ax"]`."""

    _called: ClassVar = {"eta": "eta", "mu": "mu", "ax": "ax"}
    _given: ClassVar = {"lr": ("lr",), "lambd": ("lambd",), "alpha": ("alpha",), "t0": ("t0",)}

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 1e-2,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
        *,
        engine: str = "auto",
    ) -> None:
        options = _options_in(locals())
        super().__init__(params, rules.ASGD, engine, options)


#: What torch has besides, and what to take in its place.
_INSTEAD = {
    "Adafactor": "take AdamW, which keeps the second moments that Adafactor estimates, or torch.optim.Adafactor",
    "LBFGS": "it has a line search, which calls the loss again; take torch.optim.LBFGS",
    "Muon": "it needs products of matrices; take torch.optim.Muon for those, and AdamW for the other parameters",
    "SparseAdam": f"for dense gradients and a mask take SparseAdam of {rules.__name__}, for sparse ones torch's own",
    "lr_scheduler": "torch.optim.lr_scheduler drives the optimizers that are",
    "Optimizer": "the optimizers that are here are classes of torch.optim.Optimizer",
}

if not TYPE_CHECKING:  # which would take any name for known

    def __getattr__(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in _INSTEAD:
            raise AttributeError(f"torch.presets: {name} is not here; {_INSTEAD[name]}")
        lower = {each.lower(): each for each in __all__}
        close = lower.get(name.lower()) or next(iter(difflib.get_close_matches(name, __all__, n=1)), None)
        told = f"did you mean {close}?" if close else f"there are {', '.join(__all__)}"
        raise AttributeError(f"torch.presets: there is no {name} here; {told}")
