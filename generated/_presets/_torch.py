"""What an optimizer of torch has around its rule: steps counted for each parameter, param_groups, state, state_dict."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from ._options import Group, Stage
from ._param_groups import (
    Given,
    Kind,
    Options,
    ParamGroup,
    ParamGroups,
    one_group,
    parameters,
)
from ._torch_changes import Changing, around, numbers, told, uphill
from ._torch_state import StateOfAll, check_layout, from_torch, to_torch

__all__ = ["TorchOptimizer", "build", "same"]

T = TypeVar("T", bound="TorchOptimizer")

_NOTHING: Any = object()


def build(kind: Kind[T], params: Any, pipeline: Sequence[Stage], **defaults: Any) -> T:
    """The optimizer of torch of this kind, of the parameters `params`. The stages in `pipeline` come first."""
    defaults = numbers(kind, defaults)
    entries, grouped = parameters(kind.title, params, defaults)
    groups = [{**defaults, **numbers(kind, entry.own)} for entry in entries]
    rule: Any = kind.rule(groups)
    native = kind.native(defaults, rule._domains)
    native |= {here: defaults[option] for option, here in kind.start.items()}
    pairs = zip(entries, groups, strict=True)
    tree = [_group(kind, rule, native, *pair) for pair in pairs] if grouped else entries[0].params
    stages, decays = around(rule, groups, grouped)
    optimizer: T = rule(tree, pipeline=[*pipeline, *stages], **native)
    optimizer._begin(
        kind, defaults, [_with_names(options, entry) for options, entry in zip(groups, entries, strict=True)]
    )
    optimizer._uphill, optimizer._decays = uphill(groups), decays
    optimizer._foremost = len(pipeline)
    return optimizer


def same(title: str, groups: Sequence[Options], name: str) -> bool:
    """An option that is of the rule, and therefore the same in all groups."""
    values = {bool(group[name]) for group in groups}
    if len(values) > 1:
        raise NotImplementedError(
            f"{title}: {name} cannot differ between groups; make an optimizer for the groups of each value"
        )
    return values.pop()


def _group(kind: Kind[Any], rule: Any, native: Options, entry: Given, options: Options) -> Group:
    """A group with the hyperparameters that it names itself, and those in which it differs by what it names."""
    if isinstance(entry.params, Group):
        return entry.params
    named = {name for option in entry.own for name in kind.names.get(option, ())}
    values = kind.native(options, rule._domains)
    return Group(entry.params, **{name: v for name, v in values.items() if name in named or v != native[name]})


def _with_names(options: dict[str, Any], entry: Given) -> dict[str, Any]:
    return options if entry.names is None else {**options, "param_names": entry.names}


def _remade(kind: type[TorchOptimizer]) -> TorchOptimizer:
    return kind.__new__(kind)


class TorchOptimizer(Changing):
    """An optimizer with what those of torch.optim have, for gradients that are handed to `step`.

    `param_groups`, `defaults`, `state`, `state_dict`, `add_param_group` and `zero_grad` are those of torch; its
    lr_scheduler classes drive it. Steps are counted for each parameter, as torch counts them in `state[p]["step"]`.
    """

    @property
    def _rule(self) -> str:
        return type(self).__bases__[1].__name__

    # torch's lr_scheduler classes ask isinstance(opt, torch.optim.Optimizer), and put a function around `step`.

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """What isinstance() asks after `type`: where torch is imported, this is an optimizer of torch as well."""
        optimizer: type = getattr(sys.modules.get("torch.optim"), "Optimizer", type(self))
        return optimizer

    if not TYPE_CHECKING:

        def __setattr__(self, name: str, value: Any) -> None:
            if name.startswith("_") or (name == "step" and callable(value)):
                object.__setattr__(self, name, value)
            elif name in ("param_groups", "state", "defaults"):
                raise AttributeError(f"{self._torch_kind.title}: {name} cannot be replaced; {_INSTEAD[name]}")
            else:
                try:
                    super().__setattr__(name, value)
                except (TypeError, ValueError) as error:
                    raise (told(error, self._torch_kind) if "_param_groups" in self.__dict__ else error) from None

    def __reduce_ex__(self, protocol: Any) -> Any:
        return _remade, (type(self),), self.__getstate__()

    def __getstate__(self) -> dict[str, Any]:
        # what a scheduler has put around `step` is of this object, and no part of a copy
        return {name: v for name, v in super().__getstate__().items() if name not in ("step", "_opt_called")}

    # What users of torch call.

    @property
    def param_groups(self) -> ParamGroups:
        """The groups, with torch's names; what is written is checked and counts at the next step."""
        return ParamGroups(self._param_groups)

    @property
    def defaults(self) -> dict[str, Any]:
        """The options that a group has if it does not name them."""
        return self._defaults

    @property
    def state(self) -> StateOfAll:
        """The state of each parameter under torch's names, by its number or by the array: `opt.state[0]["exp_avg"]`.

        The arrays are no copies. `opt.state("m")` gives one state of all parameters under the name that it has here.
        """
        return StateOfAll(self, super().state)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Does nothing: gradients are handed to `step`, and none are kept."""

    def step(self, grads: Any = _NOTHING, *, closure: Any = None, **given: Any) -> None:
        """Take one step with `grads`, which has the structure of the parameters: see Optimizer.step.

        Of param groups it is a list, an entry for each group: `opt.step([[g0, g1], [g2]])`.
        """
        if grads is _NOTHING or callable(grads) or closure is not None:
            raise TypeError(
                f"{self._torch_kind.title}: {_NO_GRADIENTS if closure is None and grads is _NOTHING else _CLOSURE}"
            )
        if isinstance(grads, Iterator):
            grads = list(grads)
        try:
            super().step(grads, **given)
        except ValueError as error:
            if self._grouped and isinstance(grads, list | tuple) and not self._fits_groups(grads):
                sizes = ", ".join(
                    f"{len(self._of_group(k))} in a {type(tree).__name__}"
                    if isinstance(tree, list | tuple | Mapping)
                    else "one array without a list"
                    for k, tree in enumerate(self._params)
                )
                raise ValueError(
                    f"{self._torch_kind.title}: there are {len(grads)} gradients and {len(self._groups)} groups; pass "
                    f"an entry for each group, in the structure of its parameters: {sizes}"
                ) from error
            raise

    def _fits_groups(self, grads: Sequence[Any]) -> bool:
        """Whether there is an entry for each group, which is no list where the group has one array and no list."""
        return len(grads) == len(self._groups) and all(
            isinstance(w, list | tuple) or not isinstance(g, list | tuple)
            for g, w in zip(grads, self._params, strict=True)
        )

    def add_param_group(self, param_group: Mapping[str, Any]) -> None:
        """Add a group of parameters, which have not taken a step yet. The optimizer has to be made of groups."""
        kind = self._torch_kind
        entry = one_group(kind.title, param_group, self._defaults)
        if not self._grouped:
            raise TypeError(
                f"{kind.title}: the gradients are those of one group; make it as "
                f"{kind.title}([{{'params': params}}], ...) to add others, and pass a list of gradients for each"
            )
        with self._unchanged_after_errors():
            options = {**self._defaults, **numbers(kind, entry.own)}
            every = [*self._options(), options]
            self._become(kind.rule(every), every)
            native = kind.native(self._defaults, self._domains)
            self.add_group(_group(kind, type(self), native, entry, options))
            self._find_order()
            self._param_groups = [
                *self._param_groups,
                ParamGroup(self, len(self._param_groups), _with_names(options, entry)),
            ]
            self._arrange_stages(every)

    def state_dict(self, *, flat: bool = False) -> dict[str, Any]:
        """What torch's optimizer would save, by the number of each parameter: `state` and `param_groups`.

        Arrays are tensors if torch is imported, else NumPy arrays. What torch has no place for is under `stepsmith`:
        the number of all steps, and the states of the stages of `pipeline`. With `flat`, the keys are those of
        Optimizer.state_dict, for numpy.savez.
        """
        saved = super().state_dict()
        return saved if flat else to_torch(self, saved)

    def load_state_dict(self, saved: Mapping[str, Any]) -> None:
        """Continue from what `state_dict` returned here or in torch, with the options that are saved in it.

        Raises ValueError or TypeError, and changes nothing, if it is of other parameters or of another optimizer.
        Torch does not save how many steps all parameters have taken together, which only a schedule asks for: then `t`
        becomes the largest number of steps of a parameter, or stays as it is where torch does not count them (SGD).
        """
        check_layout(self, saved)
        if "param_groups" not in saved:
            super().load_state_dict(saved)
            self._paused = {}
            return
        with self._unchanged_after_errors():
            changes, rest = from_torch(self, saved)
            self._change(changes)
            flat, paused = rest(super().state_dict())
            super().load_state_dict(flat)
            self._paused = paused


_INSTEAD = {
    "param_groups": 'write into a group, such as opt.param_groups[0]["lr"] = 1e-4, or use add_param_group',
    "state": "write into its arrays, or use load_state_dict",
    "defaults": "write into it",
}
_NO_GRADIENTS = (
    "step needs the gradients, as arrays have none of their own; pass them in the structure of the parameters: "
    "opt.step(grads)"
)
_CLOSURE = (
    "step takes gradients and no closure; call it yourself, and pass the gradients: loss = closure(); opt.step(grads)"
)
