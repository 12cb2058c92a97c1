"""Saved states: what a torch optimizer takes back, in the dtypes in which it keeps it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import torch
from torch import Tensor

from .._runtime.hints import Hinted
from ._spread import PLAIN, is_spread

__all__ = ["OWN_STEPS", "STEPS", "Saved", "to_plain"]

#: What a group keeps beside parameters and hyperparameters: the number of steps that have been taken.
STEPS = "t"
#: What is kept for each parameter beside its states: the number of steps that it took part in.
OWN_STEPS = "step"


class Saved(Hinted, torch.optim.Optimizer):  # type: ignore[misc]
    """Saves and restores what an optimizer keeps.

    torch casts the states that it loads to the dtype of the parameter: here they stay in that in which they are kept,
    and are copied into the tensors that are there.
    """

    _states: ClassVar[tuple[str, ...]] = ()
    _domains: ClassVar[dict[str, Any]] = {}
    _per_array: ClassVar[tuple[str, ...]] = ()
    _own_t: ClassVar[bool] = False
    #: The numbers that are kept for all parameters: in each group, or for each parameter if it counts its own steps.
    _shared: tuple[str, ...] = ()
    _engine: str

    @property
    def _rule(self) -> str:
        return type(self).__name__

    if not TYPE_CHECKING:  # which would take any name for known

        def __getattr__(self, name: str) -> Any:
            if name in type(self)._domains:
                raise AttributeError(f'{self._rule} has {name} in each of its groups: opt.param_groups[0]["{name}"]')
            return super().__getattr__(name)

    def _made(self, w: Tensor, group: Mapping[str, Any]) -> dict[str, Any]:
        """What is kept of a parameter that has taken no step."""
        raise NotImplementedError

    def _keep_up(self) -> None:
        """Give parameters that were put in place of others states of their own, if those have taken no step."""
        present = {w for group in self.param_groups for w in group["params"]}
        gone = [w for w in self.state if w not in present]
        if any(self.state[w][OWN_STEPS] for w in gone):
            raise ValueError(
                f"{self._rule}: parameters that have taken steps were replaced by others; save the state before, with "
                "torch.distributed.checkpoint.state_dict.get_optimizer_state_dict, make the optimizer with the new "
                "ones, and load it with set_optimizer_state_dict"
            )
        for w in gone:
            del self.state[w]
        for group in self.param_groups:
            for w in group["params"]:
                if not self.state.get(w):
                    self.state[w] = self._made(w, group)

    def _settle(self) -> None:
        """Forget what was derived from parameters and states."""
        raise NotImplementedError

    # What stages keep beside the rule.

    def _note(self) -> None:
        """Have what they keep as numbers where it is saved from."""
        raise NotImplementedError

    def _take_back(self) -> None:
        """Give them back what has been restored."""
        raise NotImplementedError

    def _check_once(self, group: Mapping[str, Any]) -> None:
        """Raise ValueError if what is saved in a group is not what they keep."""
        raise NotImplementedError

    def _arrays_beside(self, w: Tensor) -> list[str]:
        """The keys of the tensors that they keep of a parameter."""
        raise NotImplementedError

    def _numbers_beside(self, w: Tensor) -> list[str]:
        """The keys of the numbers."""
        raise NotImplementedError

    def state_dict(self) -> dict[str, Any]:
        """What is kept, as `torch.optim.Optimizer` has it. Hyperparameters that are callables are left out."""
        self._keep_up()
        self._note()
        saved: dict[str, Any] = super().state_dict()
        groups = [{name: one for name, one in group.items() if not callable(one)} for group in saved["param_groups"]]
        return {**saved, "state": _each_alone(saved["state"]), "param_groups": groups}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take back what `state_dict()` gave. After an error nothing has changed.

        A parameter of which nothing is saved has taken no step. Raises ValueError for what another rule has saved.
        """
        before, groups, taken = self.state, self.param_groups, []

        def look(_: Any, saved: dict[str, Any]) -> dict[str, Any]:
            saved = self._read(saved)
            self._check_saved(saved)
            taken.append(saved)
            return saved

        def restore(_: Any) -> None:
            self._restore(taken[0], before, groups)

        # after the hooks of others that change what is loaded, and before those that see what has been
        with (
            self.register_load_state_dict_pre_hook(look),
            self.register_load_state_dict_post_hook(restore, prepend=True),
        ):
            super().load_state_dict(state_dict)

    def _read(self, saved: dict[str, Any]) -> dict[str, Any]:
        """What is saved as this rule has it, where others may have saved it as well."""
        return saved

    def _check_saved(self, saved: Mapping[str, Any]) -> None:
        for name in ("state", "param_groups"):
            if name not in saved:
                raise ValueError(f"{self._rule}: the saved state has no {name}; load what state_dict() returned")
        for number, group in enumerate(saved["param_groups"]):
            wanted = [STEPS, *(() if self._own_t else self._shared)]
            lacking = [name for name in wanted if name not in group]
            if lacking:
                raise ValueError(
                    f"{self._rule}: group {number} of the saved state has no {', '.join(lacking)}: another optimizer "
                    f"has saved it; load it with that one"
                )
            self._check_once(group)
        for _, w, kept in self._pairs(saved):
            if kept is None:
                continue
            arrays = [*self._states, *self._arrays_beside(w)]
            wanted = [OWN_STEPS, *arrays, *self._per_array, *(self._shared if self._own_t else ())]
            wanted += self._numbers_beside(w)
            if set(kept) != set(wanted):
                raise ValueError(
                    f"{self._rule}: what is saved of a parameter is {', '.join(map(str, kept))}, and this rule keeps "
                    f"{', '.join(wanted)}; load it with the optimizer that has saved it"
                )
            for name in arrays:
                if kept[name].shape != w.shape:
                    raise ValueError(
                        f"{self._rule}: {name} has shape {tuple(kept[name].shape)} in the saved state, and its "
                        f"parameter {tuple(w.shape)}; the parameters have to come in the same order"
                    )
                if is_spread(kept[name]) != is_spread(w):
                    one, other = ("DTensor", "plain tensor")[:: 1 if is_spread(kept[name]) else -1]
                    raise ValueError(
                        f"{self._rule}: {name} is a {one} in the saved state, and its parameter a {other}; save by "
                        "torch.distributed.checkpoint.state_dict.get_optimizer_state_dict, and load by its "
                        "set_optimizer_state_dict, with StateDictOptions(full_state_dict=True) for both"
                    )

    def _pairs(
        self, saved: Mapping[str, Any], groups: Sequence[Mapping[str, Any]] | None = None
    ) -> Iterator[tuple[Mapping[str, Any], Tensor, Mapping[str, Any] | None]]:
        """Each parameter with its group, and what is saved of it."""
        for group, other in zip(groups or self.param_groups, saved["param_groups"], strict=False):
            for w, number in zip(group["params"], other["params"], strict=False):
                yield group, w, saved["state"].get(number)

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def _restore(
        self,
        saved: Mapping[str, Any],
        before: Mapping[Tensor, dict[str, Any]],
        groups: Sequence[Mapping[str, Any]],
    ) -> None:
        for group, old in zip(self.param_groups, groups, strict=True):
            for name, value in old.items():
                group.setdefault(name, value)
        self.state.clear()
        for group, w, kept in self._pairs(saved):
            state = before.get(w) or self._made(w, group)
            if kept is None:
                state = self._made(w, group)
            else:
                beside = [key for key in state if key in kept and key not in self._states and key != OWN_STEPS]
                arrays = [*self._states, *(key for key in beside if isinstance(state[key], Tensor))]
                for name in arrays:
                    if state[name].device != w.device:
                        state[name] = torch.empty_like(state[name], device=w.device)
                    state[name].copy_(kept[name])
                state.update({name: to_plain(kept[name]) for name in beside if name not in arrays})
                state[OWN_STEPS] = int(kept[OWN_STEPS])
            self.state[w] = state
        self._settle()
        self._take_back()

    def __getstate__(self) -> dict[str, Any]:
        names = ("_engine", "_shared", "_pipeline", "_phased", "_in_order")
        kept = super().__getstate__()
        state = defaultdict(dict, _each_alone(kept["state"]))
        return {**kept, "state": state, **{name: getattr(self, name) for name in names}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self._settle()


def _each_alone(state: Mapping[Any, Mapping[str, Any]]) -> dict[Any, dict[str, Any]]:
    """What is kept, with tensors that have memory of their own: what is saved of a part of others would be all of it."""
    return {which: {name: _alone(value) for name, value in kept.items()} for which, kept in state.items()}


def _alone(value: Any) -> Any:
    shares = type(value) in PLAIN and value.untyped_storage().nbytes() != value.nbytes
    return value.clone() if shares else value


def to_plain(value: Any) -> Any:
    """A number that may be saved as a tensor, as one of Python."""
    return value.item() if isinstance(value, Tensor) else value
