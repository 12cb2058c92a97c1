"""States and checkpoints in torch's layout."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ._options import join, whole

if TYPE_CHECKING:
    from ._torch import TorchOptimizer

__all__ = ["StateOfAll", "check_layout", "from_torch", "to_torch"]

_EXTRA = "stepsmith"
_FORMAT = 1


class StateOfAll(Mapping[Any, dict[str, Any]]):
    """The states of an optimizer under torch's names, by the number of the parameter or by its array."""

    def __init__(self, optimizer: TorchOptimizer, natively: Callable[[str], dict[str, Any]]) -> None:
        self._optimizer = optimizer
        self._natively = natively

    def __call__(self, name: str) -> dict[str, Any]:
        """The state `name`, as it is called here, of each parameter by its path."""
        return self._natively(name)

    def __getitem__(self, key: Any) -> dict[str, Any]:
        arrays = self._optimizer._checks.held
        if isinstance(key, int):
            numbers = [_order(self._optimizer)[key]] if 0 <= key < len(arrays) else []
        else:
            numbers = [number for number, array in enumerate(arrays) if array is key]
        if not numbers:
            raise KeyError(key if isinstance(key, int | str) else "this array is no parameter of the optimizer")
        return state_of(self._optimizer, numbers[0])

    def __iter__(self) -> Iterator[int]:
        own = enumerate(_order(self._optimizer))
        return (number for number, here in own if state_of(self._optimizer, here))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, key: object) -> bool:
        try:
            return bool(self[key])
        except KeyError:
            return False

    def __repr__(self) -> str:
        return repr(dict(self))


def _order(optimizer: TorchOptimizer) -> list[int]:
    """The number here of each parameter by that in torch, which goes through the groups."""
    return [own for number in range(len(optimizer._param_groups)) for own in optimizer._of_group(number)]


def state_of(optimizer: TorchOptimizer, number: int) -> dict[str, Any]:
    """The state of a parameter under torch's names; nothing, as in torch, before it has taken a step."""
    kind, path = optimizer._torch_kind, optimizer._paths[number]
    steps = optimizer._t - optimizer._missed[number]
    if "b" in optimizer._states and not optimizer._option(optimizer._number(path), "momentum"):
        hidden = {"momentum_buffer"}
    else:
        hidden = set()
    found: dict[str, Any] = {"step": float(steps)} if kind.counted else {}
    if steps or kind.eager:
        known = {**optimizer._state[path], **optimizer._scalars[number]}
        found |= {name: known[here] for name, here in kind.states.items() if here in known and name not in hidden}
    else:
        found = {}
    if path in optimizer._paused:
        found["momentum_buffer"] = optimizer._paused[path]
    return found


def to_torch(optimizer: TorchOptimizer, flat: Mapping[str, Any]) -> dict[str, Any]:
    """A checkpoint in torch's layout; `flat` is what the rules save."""
    torch = sys.modules.get("torch")
    state: dict[int, dict[str, Any]] = {}
    order = _order(optimizer)
    for number, own in enumerate(order):
        if found := state_of(optimizer, own):
            state[number] = {name: _saved(optimizer, torch, name, value) for name, value in found.items()}
    groups = []
    for number, group in enumerate(optimizer._param_groups):
        packed = {name: value for name, value in group.items() if name != "params"}
        groups.append({**packed, "params": [order.index(own) for own in optimizer._of_group(number)]})
    kept: dict[str, Any] = {"format": _FORMAT, "t": optimizer._t}
    for key, value in flat.items():
        name = key.partition(".")[2]
        if name.startswith(("pipeline.", "master.")) or name == "master":
            number = value.ndim == 0 and not name.startswith("master")
            kept[name] = value.item() if number else value if torch is None else torch.from_numpy(value)
    return {"state": state, "param_groups": groups, _EXTRA: kept}


def _saved(optimizer: TorchOptimizer, torch: Any, name: str, value: Any) -> Any:
    """A copy of a state: a tensor if torch is there; `step` in the dtype in which torch counts."""
    if isinstance(value, float):
        if torch is None:
            return value
        double = name != "step" or torch.get_default_dtype() == torch.float64
        return torch.tensor(value, dtype=torch.float64 if double else torch.float32)
    array = optimizer._saved(value)
    return array if torch is None else torch.from_numpy(array)


def check_layout(optimizer: TorchOptimizer, saved: Any) -> None:
    """Refuse what has the layout of neither torch's checkpoints nor those of the rules."""
    title = optimizer._torch_kind.title
    if not isinstance(saved, Mapping):
        raise TypeError(f"{title}: load_state_dict takes what state_dict returned, not a {type(saved).__name__}")
    if "param_groups" not in saved:
        keys = [str(key) for key in saved]
        if not any(key.startswith(f"{optimizer._rule}.") for key in keys):
            inside = [key for key, value in saved.items() if isinstance(value, Mapping) and "param_groups" in value]
            remedy = f"pass saved[{inside[0]!r}]" if inside else "pass what state_dict returned"
            raise ValueError(f"{title}: this is no saved state of it, but has {', '.join(keys) or 'nothing'}; {remedy}")
        return
    groups, state, extra = saved["param_groups"], saved.get("state", {}), saved.get(_EXTRA, {})
    entries = [*groups] if isinstance(groups, list | tuple) else [groups]
    sound = all(isinstance(group, Mapping) and isinstance(group.get("params"), list | tuple) for group in entries)
    states = [*state.values()] if isinstance(state, Mapping) else [state]
    if not sound or not all(isinstance(each, Mapping) for each in (*states, extra)):
        raise ValueError(
            f"{title}: the saved state is broken: param_groups is a list of dicts with params, state and {_EXTRA} are "
            "dicts, and a state of a parameter is one; pass what state_dict returned"
        )


def from_torch(optimizer: TorchOptimizer, saved: Mapping[str, Any]) -> tuple[dict[int, dict[str, Any]], Any]:
    """The options of the groups in a checkpoint of torch, and a function of what the rules save.

    That returns what they are to load, and the momentum of groups that have none at the moment. It is called when
    the options are those of the checkpoint, on which it depends which states there are.
    """
    title = optimizer._torch_kind.title
    groups, state = saved["param_groups"], saved.get("state", {})
    sizes = [len(optimizer._of_group(number)) for number in range(len(optimizer._param_groups))]
    found = [len(group["params"]) for group in groups]
    if found != sizes:
        raise ValueError(
            f"{title}: the saved state has groups of {found} parameters, here they are of {sizes}; make it with the "
            "groups that were saved"
        )
    keys = [key for group in groups for key in group["params"]]
    numbers = dict(zip(keys, _order(optimizer), strict=True))
    entries: dict[int, Mapping[str, Any]] = {}
    for key, entry in state.items():
        if key not in numbers:
            raise ValueError(f"{title}: the saved state has a state of {key!r}, which is no parameter of its groups")
        entries[numbers[key]] = entry
    changes = {
        number: {name: value for name, value in group.items() if name not in {"params", *_scheduled(optimizer, number)}}
        for number, group in enumerate(groups)
    }
    if title == "torch.AdamW":  # what torch saved before its AdamW was an Adam has no such option
        changes = {number: {**options, "decoupled_weight_decay": True} for number, options in changes.items()}
    extra = dict(saved.get(_EXTRA, {"format": _FORMAT}))
    if extra.pop("format", None) != _FORMAT:
        raise ValueError(f"{title}: the saved state has another format under {_EXTRA}; this code reads {_FORMAT}")
    return changes, lambda flat: _flat(optimizer, entries, extra, flat)


def _scheduled(optimizer: TorchOptimizer, number: int) -> set[str]:
    """The options of a group that are callables here, and stay so."""
    group, names = optimizer._groups[number], optimizer._torch_kind.names
    return {
        option
        for option, here in names.items()
        if any(each in optimizer._domains and callable(getattr(group, each)) for each in here)
    }


def _flat(
    optimizer: TorchOptimizer,
    entries: Mapping[int, Mapping[str, Any]],
    extra: Mapping[str, Any],
    flat: Mapping[str, Any],
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the rules load: `flat`, which is of here, with all that the checkpoint says in its place."""
    kind, rule = optimizer._torch_kind, optimizer._rule
    steps = {number: _steps(kind, number, entry) for number, entry in entries.items()}
    t = (
        whole(f"{kind.title}: the saved t", extra["t"], "the number of steps", 0)
        if "t" in extra
        else max([0 if kind.counted else optimizer._t, *steps.values()])
    )
    if any(count > t for count in steps.values()):
        raise ValueError(f"{kind.title}: a parameter was saved with more steps than the {t} of all parameters")
    loaded, paused, initial = {**flat, f"{rule}.t": t}, {}, _initial(optimizer)
    for number, path in enumerate(optimizer._paths):
        entry, count = entries.get(number) or {}, steps.get(number, 0)
        if unknown := sorted(entry.keys() - kind.states.keys() - {"step"}):
            raise ValueError(f"{kind.title}: parameter {number} was saved with {unknown[0]}, which has no place here")
        momentum = "momentum" not in kind.names or optimizer._option(optimizer._number(path), "momentum")
        if not kind.counted and (count or not momentum):
            count = t  # torch does not count, and where there is no momentum, nothing depends on it
        loaded[f"{rule}.{join('missed', path)}"] = t - count
        if not momentum and entry.get("momentum_buffer") is not None:
            paused[path] = _like(optimizer, number, entry["momentum_buffer"])
        for name, here in kind.states.items():
            if (key := f"{rule}.{join(here, path)}") not in flat:
                continue
            if entry.get(name) is not None:
                loaded[key] = _fitting(optimizer, number, name, entry[name], flat[key])
            elif count and momentum and kind.counted:
                raise ValueError(f"{kind.title}: parameter {number} was saved without {name}")
            else:
                loaded[key] = initial[path][here]
    for name, value in extra.items():
        key = f"{rule}.{name}"
        array = _array(value)
        bare = key in flat and not hasattr(array, "shape")
        loaded |= {key: flat[key].dtype.type(array) if bare else array} if name != "t" else {}
    return loaded, paused


def _fitting(optimizer: TorchOptimizer, number: int, name: str, saved: Any, here: Any) -> Any:
    """What was saved as a NumPy array of the dtype that the state has here."""
    array = _array(saved)
    if not hasattr(array, "shape"):
        if here.shape == ():
            return array
        raise ValueError(
            f"{optimizer._torch_kind.title}: {name} of parameter {number} was saved as {saved!r}, it is an array"
        )
    if array.shape != here.shape:
        raise ValueError(
            f"{optimizer._torch_kind.title}: {name} of parameter {number} was saved with shape {array.shape}, "
            f"here it has {here.shape}"
        )
    return array.astype(here.dtype)


def _like(optimizer: TorchOptimizer, number: int, saved: Any) -> Any:
    """What was saved, as an array of the library here, in the dtype in which the parameter is computed."""
    array = optimizer._to_compute_dtype(optimizer._checks.held[number]).copy()
    optimizer._overwrite(array, _fitting(optimizer, number, "momentum_buffer", saved, array))
    return array


def _initial(optimizer: TorchOptimizer) -> dict[str, dict[str, Any]]:
    """The states and the scalar states of each parameter before its first step, as NumPy arrays."""
    found = {}
    for path, w in optimizer._widened(optimizer._checks).items():
        hyper = optimizer._groups[optimizer._number(path)]._hyper_at(optimizer._t + 1)
        arrays = zip(optimizer._states, optimizer._initial(w, hyper), strict=True)
        found[path] = {name: optimizer._saved(array) for name, array in arrays}
        found[path] |= {name: optimizer._saved(value) for name, value in optimizer._initial_scalars(hyper).items()}
    return found


def _steps(kind: Any, number: int, entry: Mapping[str, Any]) -> int:
    """The steps that a parameter has taken; 1 for some, where torch does not count them."""
    if not kind.counted:
        return 1 if entry.get("momentum_buffer") is not None else 0
    if not entry:
        return 0
    try:
        count = float(entry["step"])
    except (KeyError, TypeError, ValueError):
        raise ValueError(f"{kind.title}: parameter {number} was saved without a step, which is a number") from None
    if not 0 <= count < math.inf or count % 1:
        raise ValueError(f"{kind.title}: parameter {number} was saved with step {count}; it is a whole number")
    return int(count)


def _array(value: Any) -> Any:
    """A tensor of torch as a NumPy array; an array or a number as it is."""
    if not hasattr(value, "detach"):
        return value
    tensor = value.detach().cpu()
    return (tensor.float() if "bfloat16" in str(tensor.dtype) else tensor).numpy()
