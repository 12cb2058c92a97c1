"""The options of groups that change between steps: with them the rule, the stages around it and the states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from ._options import (
    Optimizer,
    Stage,
    as_float,
    as_they_come,
    in_their_names,
    rules,
    to_number,
)
from ._param_groups import Kind, Options, ParamGroup, check_name

__all__ = ["Changing", "around", "numbers", "told", "uphill"]


def numbers(kind: Kind[Any], options: Options) -> dict[str, Any]:
    """`options` with numbers as floats, but for callables of the step number."""
    found = dict(options)
    for name in (*kind.names, *kind.start):
        if name not in options:
            continue
        value, count = options[name], len(kind.names.get(name, ("",)))
        if count == 1:
            found[name] = _number(f"{kind.title}: {name}", value)
            continue
        if not hasattr(value, "__len__") or len(value) != count:
            raise ValueError(f"{kind.title}: {name} = {value!r} is not allowed; it needs two numbers")
        found[name] = tuple(_number(f"{kind.title}: {name}[{k}]", each) for k, each in enumerate(value))
    return found


def _number(what: str, value: Any) -> Any:
    """A number as a float, a callable as it is."""
    return value if callable(value) else as_float(to_number(what, value))


class _InGroups:
    """A `where` that chooses the parameters of some groups."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self._starts = frozenset(map(str, numbers))

    def __call__(self, path: str, w: Any) -> bool:
        return path.partition(".")[0] in self._starts


def uphill(groups: Sequence[Options]) -> list[int]:
    """The numbers of the groups that are to be maximized."""
    return [number for number, options in enumerate(groups) if options["maximize"]]


def around(rule: Any, groups: Sequence[Options], grouped: bool) -> tuple[list[Stage], dict[int, Any]]:
    """What torch does to a gradient before the rule: the sign, then the decay; the stages of the latter by group."""
    climbing = uphill(groups)
    stages: list[Stage] = [rules.Maximize(where=_InGroups(climbing) if grouped else None)] if climbing else []
    decays: dict[int, Any] = {}
    for number, options in enumerate(groups):
        if options.get("weight_decay") and "weight_decay" not in rule._domains:
            where = _InGroups([number]) if grouped else None
            decays[number] = rules.L2Decay(weight_decay=options["weight_decay"], where=where)
    return [*stages, *decays.values()], decays


def told(error: BaseException, kind: Kind[Any]) -> BaseException:
    """`error` with torch's name of what it is about."""
    told = in_their_names(str(error), kind.theirs, kind.options)
    return error if told is None else type(error)(f"{kind.title}{told}")


class Changing(Optimizer):
    """An optimizer that has the options of torch, group by group."""

    _own_t: ClassVar[bool] = True
    #: Which optimizer of torch it is; the instances of one class may be of two, AdamW and an Adam with its decay.
    _torch_kind: Kind[Any]

    def _begin(self, kind: Kind[Any], defaults: dict[str, Any], groups: Sequence[dict[str, Any]]) -> None:
        self._torch_kind = kind
        self._defaults = defaults
        self._param_groups = [ParamGroup(self, number, options) for number, options in enumerate(groups)]
        #: The stages of the user come before the others: the sign of some groups, and the weight decay of a group.
        self._foremost = 0
        self._uphill: list[int] = []
        self._decays: dict[int, Any] = {}
        #: Momentum of parameters whose group has none at the moment: torch leaves it as it is, and goes on from there.
        self._paused: dict[str, Any] = {}
        self._find_order()

    def _find_order(self) -> None:
        """Torch numbers parameters as they come, here the keys of a dict are in the order of the alphabet."""
        own = {path: number for number, path in enumerate(self._paths)}
        self._order = [own[path] for path in as_they_come(self._params)]

    def _of_group(self, number: int) -> list[int]:
        """The numbers of the parameters in a group, in torch's order."""
        return [k for k in self._order if self._number(self._paths[k]) == number]

    def _option(self, number: int, name: str) -> Any:
        """An option of a group, as it is at the next step."""
        if name == "params":
            arrays = self._checks.parameters(self._params)
            return [arrays[k] for k in self._of_group(number)]
        options = self._param_groups[number]._options
        names = self._torch_kind.names.get(name, ())
        if name == "dampening" and not self._option(number, "momentum"):
            return options[name]
        if names and all(each in self._domains for each in names):
            values = tuple(getattr(self._groups[number], each) for each in names)
        elif name == "weight_decay" and number in self._decays:
            values = (self._decays[number].weight_decay,)
        else:
            return options[name]
        values = tuple(value(self._t + 1) if callable(value) else value for value in values)
        return values if len(names) > 1 else values[0]

    def _options(self) -> list[dict[str, Any]]:
        return [{name: group[name] for name in group._options} for group in self._param_groups]

    def _set_option(self, number: int, name: str, value: Any) -> None:
        """What is written to a group of `param_groups`."""
        kind, kept = self._torch_kind, self._param_groups[number]._options
        if name == "params":
            raise TypeError(
                f"{kind.title}: the params of a group cannot be replaced; write into the arrays, or add others with "
                "add_param_group"
            )
        names = kind.names.get(name, ())
        if not names or name in ("momentum", "dampening") or not self._domains.keys() >= {*names}:
            check_name(kind.title, name, self._defaults)
            with self._unchanged_after_errors():
                self._change({number: {name: value}})
            return
        value = numbers(kind, {name: value})[name]
        pairs = list(zip(names, value if len(names) > 1 else (value,), strict=True))
        try:
            for here, each in pairs:
                if not callable(each):
                    self._check_hyper(here, each)
        except ValueError as error:
            raise told(error, kind) from None
        for here, each in pairs:
            setattr(self._groups[number], here, each)
        kept[name] = value

    def _change(self, changes: Mapping[int, Mapping[str, Any]]) -> None:
        """Give groups other options, with the rule, the stages and the states that follow from them."""
        kind = self._torch_kind
        before = self._options()
        after = [{**options, **numbers(kind, changes.get(k, {}))} for k, options in enumerate(before)]
        for name in kind.whole:
            if [bool(options[name]) for options in before] != [bool(options[name]) for options in after]:
                value = bool(before[0][name])
                raise NotImplementedError(
                    f"{kind.title}: {name} cannot be changed from {value}, on which the states depend; make another "
                    f"optimizer with {name}={not value}"
                )
        resumed = self._pause(before, after)
        self._become(kind.rule(after), after)
        for number, options in enumerate(after):
            named = {here for option in changes.get(number, {}) for here in kind.names.get(option, ())}
            for name, value in kind.native(options, self._domains).items() if named else ():
                # whether dampening counts depends on momentum
                if name in named | {"dampening"} and getattr(self._groups[number], name) != value:
                    setattr(self._groups[number], name, value)
            kept = self._param_groups[number]._options
            kept |= {name: options[name] for name in changes.get(number, {})}
        self._arrange_stages(after)
        self._resume(resumed)

    def _become(self, rule: type, groups: Sequence[Options]) -> None:
        """Go on by another rule of the same optimizer, with the states that both have."""
        if rule is type(self):
            return
        old, states = self._domains, self._state
        object.__dict__["__class__"].__set__(self, rule)
        native = [self._torch_kind.native(options, self._domains) for options in (self._defaults, *groups)]
        self._constant = None
        for name in old.keys() - self._domains.keys():
            self.__dict__.pop(name)
            for group in self._groups:
                group._own.pop(name, None)
        for name in self._domains.keys() - old.keys():
            setattr(self, name, native[0][name])
            for group, values in zip(self._groups, native[1:], strict=False):
                if values[name] != native[0][name]:
                    setattr(group, name, values[name])
        hyper = [group._hyper_at(self._t + 1) for group in self._groups]
        fresh = {
            path: dict(zip(self._states, self._initial(w, hyper[self._number(path)]), strict=True))
            for path, w in self._widened(self._checks).items()
        }
        self._state = {
            path: {name: states[path].get(name, array) for name, array in new.items()} for path, new in fresh.items()
        }
        self._buckets = self._arranged()

    def _arrange_stages(self, groups: Sequence[Options]) -> None:
        """Put the stages around the rule that the options of the groups ask for."""
        stages, decays = around(type(self), groups, self._grouped)
        climbing = uphill(groups)
        if climbing == self._uphill and decays.keys() == self._decays.keys():
            for number, stage in decays.items():
                if self._decays[number].weight_decay != stage.weight_decay:
                    self._decays[number].weight_decay = stage.weight_decay
            return
        wide = self._widened(self._checks)
        for stage in stages:
            if self._narrow:
                stage._compute_in_float32()
            stage._join(self._rule, wide, has_lr=True)
        self._put_around((*self._pipeline[: self._foremost], *stages))
        self._uphill, self._decays = climbing, decays
        self._state = {path: dict(state) for path, state in self._state.items()}
        self._master = dict(self._master)
        self._buckets = self._arranged()

    def _pause(self, before: Sequence[Options], after: Sequence[Options]) -> list[int]:
        """Keep the momentum of groups that have none from now on. Returns those that have momentum again.

        Only from now on have they a buffer, or that of before: torch makes it with the first step that has momentum.
        """
        resumed: list[int] = []
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            if "momentum" not in new or bool(old["momentum"]) == bool(new["momentum"]):
                continue
            paths = {k: self._paths[k] for k in self._of_group(number) if self._missed[k] < self._t}
            if old["momentum"]:
                self._paused = {**self._paused, **{path: self._state[path]["b"].copy() for path in paths.values()}}
                continue
            resumed.append(number)
            if self._torch_kind.counted and any(path not in self._paused for path in paths.values()):
                raise NotImplementedError(
                    f"{self._torch_kind.title}: momentum cannot be taken up after steps without, as torch "
                    "has kept no momentum_buffer by then; make the optimizer with momentum"
                )
        return resumed

    def _resume(self, groups: Sequence[int]) -> None:
        """Take up the momentum of groups: that which they had, or none yet."""
        for k in (k for number in groups for k in self._of_group(number)):
            path = self._paths[k]
            self._state[path]["b"][...] = self._paused.get(path, 0.0)
            if path not in self._paused and not self._torch_kind.counted:
                self._missed = [*self._missed[:k], self._t, *self._missed[k + 1 :]]
        gone = {self._paths[k] for number in groups for k in self._of_group(number)}
        self._paused = {path: kept for path, kept in self._paused.items() if path not in gone}
        if groups:
            self._find_late()
            self._uneven = True

    @contextmanager
    def _unchanged_after_errors(self) -> Iterator[None]:
        """After an error everything is as it was, and the error names options as torch does."""
        rule = type(self)
        owners = [self, *self._groups, *self._param_groups, *self._pipeline]
        before = [_contents(owner) for owner in owners]
        done = False
        try:
            yield
            done = True
        except (TypeError, ValueError) as error:
            raise told(error, self._torch_kind) from None
        finally:
            if not done:
                object.__dict__["__class__"].__set__(self, rule)
                for owner, contents in zip(owners, before, strict=True):
                    owner.__dict__.clear()
                    owner.__dict__.update(contents)
                self._buckets = self._arranged()


def _contents(owner: Any) -> dict[str, Any]:
    """The attributes of `owner`, those that are gathered in dicts, lists and sets in others of their own."""
    return {name: v.copy() if isinstance(v, dict | list | set) else v for name, v in owner.__dict__.items()}
