"""Parameters as torch takes them: param-group dicts, pairs with names, generators; and groups as torch shows them."""

from __future__ import annotations

import difflib
from collections.abc import (
    Callable,
    Iterable,
    Iterator,
    Mapping,
    MutableMapping,
    Sequence,
)
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ._options import Group, leaves

__all__ = ["Given", "Kind", "ParamGroup", "ParamGroups", "check_name", "one_group", "parameters"]

T_co = TypeVar("T_co", covariant=True)
Options = Mapping[str, Any]

#: What other libraries call an option of torch.
_ELSEWHERE = {
    "learning_rate": "lr",
    "alpha": "lr",
    "beta_1": "betas",
    "beta_2": "betas",
    "beta1": "betas",
    "beta2": "betas",
    "b1": "betas",
    "b2": "betas",
    "epsilon": "eps",
    "decay": "weight_decay",
    "wd": "weight_decay",
    "lambd": "weight_decay",
}

#: What schedulers of torch keep in a group.
_OF_SCHEDULERS = ("initial_lr", "max_lr", "min_lr", "base_momentum", "max_momentum", "swa_lr")


@dataclass(frozen=True)
class Kind(Generic[T_co]):
    """An optimizer of torch, and which rules are meant by its options."""

    title: str
    #: The rule for the options of all groups.
    rule: Callable[[Sequence[Options]], type[T_co]]
    #: Options that are numbers, and the hyperparameters that they are here, where the rule has them.
    names: Mapping[str, tuple[str, ...]]
    #: What torch's state of a parameter is called, and what it is here, where the rule keeps it.
    states: Mapping[str, str]
    #: Options in which groups cannot differ, as they are of the rule.
    whole: tuple[str, ...] = ()
    #: Options that count when the optimizer is made, and then no more.
    start: Mapping[str, str] = field(default_factory=dict)
    #: Whether torch keeps the number of steps of each parameter.
    counted: bool = True
    #: Whether torch makes the state of a parameter before its first step.
    eager: bool = False

    @property
    def theirs(self) -> dict[str, str]:
        """What torch calls each hyperparameter."""
        found = {here: option for option, here in self.start.items()}
        for option, names in self.names.items():
            found |= {n: option if len(names) == 1 else f"{option}[{k}]" for k, n in enumerate(names)}
        return found

    @property
    def options(self) -> set[str]:
        return {*self.names, *self.start}

    def native(self, options: Options, domains: Mapping[str, Any]) -> dict[str, Any]:
        """The hyperparameters of a rule that has those of `domains`."""
        found: dict[str, Any] = {}
        for option, names in self.names.items():
            values = options[option] if len(names) > 1 else (options[option],)
            found |= {name: value for name, value in zip(names, values, strict=True) if name in domains}
        if "dampening" in found and not options["momentum"]:
            found["dampening"] = 0.0  # torch looks at it where there is momentum
        return found


def check_name(title: str, name: str, options: Iterable[str]) -> None:
    """Refuse what looks like a misspelt option. Other keys are the user's own, or a scheduler's."""
    known = list(options)
    if name in known or name in _OF_SCHEDULERS:
        return
    meant = _ELSEWHERE.get(name)
    close = [meant] if meant in known else difflib.get_close_matches(name, known, n=1, cutoff=0.85)
    if close:
        raise TypeError(f"{title}: a param group has no option {name}; in torch it is called {close[0]}")


@dataclass(frozen=True)
class Given:
    """Parameters in the structure of the rules, or in a Group, with options of their own; the names among them."""

    params: Any
    own: dict[str, Any] = field(default_factory=dict)
    names: list[str] | None = None


def parameters(title: str, params: Any, options: Iterable[str]) -> tuple[list[Given], bool]:
    """The groups in `params`, which is what torch.optim takes, or what the rules take; and whether it is of groups.

    Raises TypeError for what torch takes and is no array, with what to pass in its place.
    """
    tree, names = _plain(title, params)
    if isinstance(tree, Mapping) and "params" in tree and len(tree) > 1 and set(tree) - {"params"} <= set(options):
        raise TypeError(f"{title}: a dict of params and options is one group; put it into a list: [{{...}}]")
    listed = tree if isinstance(tree, list | tuple) else ()
    if any(isinstance(entry, Group) for entry in listed):
        return [Given(entry) for entry in listed], True
    dicts = [isinstance(entry, Mapping) and "params" in entry for entry in listed]
    if not any(dicts):
        return [Given(tree, {}, names)], False
    if not all(dicts):
        number = dicts.index(False)
        raise TypeError(f"{title}: entry {number} of the list is no dict with params, and others are; make it one")
    return [one_group(title, entry, options) for entry in listed], True


def one_group(title: str, entry: Mapping[str, Any], options: Iterable[str]) -> Given:
    """The group in a dict of `params` and options."""
    if not isinstance(entry, Mapping) or "params" not in entry:
        raise TypeError(f"{title}: a param group is a dict with params; write {{'params': [...]}}")
    params, names = _plain(title, entry["params"])
    own = {name: value for name, value in entry.items() if name != "params"}
    for name in own:
        check_name(title, name, options)
    return Given(params, own, names)


def _plain(title: str, params: Any) -> tuple[Any, list[str] | None]:
    """`params` as an array, a list or a dict, and the names if there are pairs of a name and an array."""
    if hasattr(params, "dtype") and hasattr(params, "shape"):
        _refuse_tensors(title, params)
        return params, None
    if callable(getattr(params, "parameters", None)):
        raise TypeError(f"{title}: this is a model; pass its parameters as arrays: {_ARRAYS}")
    if callable(params):
        raise TypeError(f"{title}: the parameters are a function; call it, and pass what it returns as arrays")
    if isinstance(params, set | frozenset):
        raise TypeError(f"{title}: a set has no order in which parameters and gradients go together; pass a list")
    if isinstance(params, Iterable) and not isinstance(params, Mapping | list | tuple | str | bytes):
        params = list(params)
    pairs = list(params) if isinstance(params, list | tuple) else []
    if not pairs or not all(_is_pair(entry) for entry in pairs):
        if any(_is_pair(entry) for entry in pairs):
            raise TypeError(f"{title}: some parameters have names and some have not; give each a name, or none")
        _refuse_tensors(title, params)
        return params, None
    named = dict(pairs)
    if len(named) < len(pairs):
        raise ValueError(f"{title}: two parameters have one name; rename one of them")
    _refuse_tensors(title, named)
    return named, list(named)


def _is_pair(entry: Any) -> bool:
    return isinstance(entry, tuple) and len(entry) == 2 and isinstance(entry[0], str)


_ARRAYS = "[p.detach().numpy() for p in model.parameters()]"


def _refuse_tensors(title: str, tree: Any) -> None:
    """Refuse tensors of torch: arrays of their memory are what is stepped."""
    for path, leaf in leaves(tree):
        if not (type(leaf).__module__.partition(".")[0] == "torch" or hasattr(leaf, "requires_grad")):
            continue
        where = f"the parameter {path}" if path else "the parameter"
        if getattr(getattr(leaf, "device", None), "type", "cpu") != "cpu":
            remedy = "take stepsmith.cupy, and pass cupy.from_dlpack(p.detach()), which shares its memory"
        elif "bfloat16" in str(getattr(leaf, "dtype", "")):
            remedy = (
                "pass p.detach().view(torch.int16).numpy().view(ml_dtypes.bfloat16), which shares its memory; "
                "likewise for gradients"
            )
        else:
            remedy = (
                "pass p.detach().numpy(), which shares its memory, and step with p.grad.numpy(): "
                f"parameters {_ARRAYS}, gradients [p.grad.numpy() for p in model.parameters()]"
            )
        raise TypeError(f"{title}: {where} is a tensor of torch, here arrays are stepped; {remedy}")


class ParamGroup(MutableMapping[str, Any]):
    """A group as torch shows it: its arrays under `params`, its options under torch's names.

    What is written is checked and counts at the next step. Keys that are no options, such as a scheduler's
    `initial_lr`, are kept.
    """

    def __init__(self, optimizer: Any, number: int, options: dict[str, Any]) -> None:
        self._optimizer = optimizer
        self._number = number
        self._options = options

    def __getitem__(self, name: str) -> Any:
        return self._optimizer._option(self._number, name)

    def __setitem__(self, name: str, value: Any) -> None:
        self._optimizer._set_option(self._number, name, value)

    def __delitem__(self, name: str) -> None:
        if name == "params" or name in self._optimizer.defaults:
            raise TypeError(
                f"{self._optimizer._torch_kind.title}: {name} cannot be deleted from a param group; write to it"
            )
        del self._options[name]

    def __iter__(self) -> Iterator[str]:
        yield "params"
        yield from self._options

    def __len__(self) -> int:
        return 1 + len(self._options)

    def __repr__(self) -> str:
        return repr(dict(self))

    def copy(self) -> dict[str, Any]:
        """A dict of what is in the group now."""
        return dict(self)


class ParamGroups(tuple[ParamGroup, ...]):
    """The groups of an optimizer. Other than the list that torch has, they cannot be changed by themselves."""

    __slots__ = ()

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            raise AttributeError(
                f"param_groups has no {name}; opt.add_param_group({{'params': [...]}}) adds a group, and none can be "
                "taken away: pass None as the gradients of its parameters, or set its lr to 0"
            )
