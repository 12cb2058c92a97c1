"""Base class of the generated torch optimizers: a `torch.optim.Optimizer` around pure functions of elements.

The numbers of a step are formed on the host, in double, and rounded once, to the dtype in which elements are computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor

from .._runtime.hints import advice, stages_in
from .._runtime.hyper import Domain, Hyper, Hyperparameters, IntHyper
from .._runtime.number import as_float, to_number
from ._elements import nan_max, nan_min, scalar_like, sign_of
from ._engines import ENGINES, Host, has_triton, host_of, run
from ._parts import HALF, Bunch, Part, Whole, computed
from ._saved import OWN_STEPS, STEPS
from ._spread import (
    check_replaced,
    check_summable,
    check_whole,
    gathered,
    is_spread,
    local,
    part_as,
    place_of,
    spread_alike,
)
from ._stages import Stage, Surrounded
from ._sums import joined, numbers_of, summed

__all__ = [
    "Array",
    "Hyper",
    "IntHyper",
    "Stage",
    "TorchOptimizer",
    "nan_max",
    "nan_min",
    "scalar_like",
    "sign_of",
    "summed",
]

Array = Tensor
Change = Callable[[Tensor, Tensor], Tensor]


class TorchOptimizer(Surrounded):
    """Base class: what torch asks of an optimizer, and how a step is put together.

    `engine` says how a step runs. "numba": the compiled loops of `generated.numba`, over the memory of tensors on the
    CPU. "numpy": the passes of `generated.numpy`, over the same. "compiled": one loop made by Inductor. "eager": as
    torch runs it, on any device. "auto": the first of these that is there for the device of a tensor; what is on
    neither CPU nor CUDA is stepped eagerly.

    Schedulers set `lr`. OneCycleLR and CyclicLR move `momentum` or `betas` as well, which the presets for torch have: of
    a rule that has others, make them with cycle_momentum=False. States are made with the optimizer.

    `pipeline` are stages around the rule. They are computed as torch does, on the device of each parameter. For a stage
    that takes a step in phases, such as SAM, each `step()` is one phase; a closure is called in each phase of the step.
    """

    _what: ClassVar[str] = "optimizer"
    _states: ClassVar[tuple[str, ...]] = ()
    _domains: ClassVar[dict[str, Domain]] = {}
    _inputs: ClassVar[tuple[str, ...]] = ()
    _signals: ClassVar[tuple[str, ...]] = ()
    _optional: ClassVar[tuple[str, ...]] = ()
    _per_array: ClassVar[tuple[str, ...]] = ()
    _reductions: ClassVar[tuple[tuple[str, str, bool], ...]] = ()
    _fed_by_sums: ClassVar[tuple[str, ...]] = ()
    _own_t: ClassVar[bool] = False
    _starts_late: ClassVar[bool] = False
    _scalars: ClassVar[Callable[..., tuple[float, ...]]]
    _elements: ClassVar[Callable[..., tuple[Tensor, ...]]]
    _sums: ClassVar[Callable[..., tuple[Any, ...]]]
    _advance: ClassVar[Callable[..., tuple[float, ...]]]
    _advance_own: ClassVar[Callable[..., tuple[float, ...]]]

    def __init__(self, params: Any, *, pipeline: Sequence[Stage] = (), engine: str = "auto", **hyper: Hyper) -> None:
        if engine not in ENGINES:
            raise ValueError(f"{self._rule}: engine={engine!r} is not allowed; it may be one of {', '.join(ENGINES)}")
        stages = stages_in(self._rule, pipeline, Stage)
        for one in (self, *stages):
            if any(together for _, _, together in one._reductions):
                check_whole(one._rule)
        self._engine = engine
        self._settle()
        super().__init__(params, hyper)
        if stages:
            self._surround(stages)

    # What a subclass provides.

    def _initial(self, w: Tensor, hyper: Mapping[str, float]) -> tuple[Tensor, ...]:
        """The states of one parameter before the first step."""
        raise NotImplementedError

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        """The numbers that are kept for all parameters, before the first step."""
        return {}

    def _initial_own(self, hyper: Mapping[str, float]) -> dict[str, float]:
        """The numbers that are kept for each parameter, before the first step."""
        return {}

    def _change(self, group: Mapping[str, Any]) -> Change | None:
        """What the rule is given in place of a gradient, which it forms of that and of the parameter."""
        return None

    # What users call.

    @property
    def engine(self) -> str:
        """How a step runs."""
        return self._engine

    @property
    def t(self) -> int:
        """How many steps have been taken."""
        return int(self.param_groups[0][STEPS])

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """See `torch.optim.Optimizer`. The states of the parameters are made with it. After an error nothing changed."""
        before = self.t if self.param_groups else 0
        super().add_param_group(param_group)
        group = self.param_groups[-1]
        try:
            self._check_names(group)
            hyper = self._hyper_at(group, before + 1)
            self._check_parameters(group["params"])
            group[STEPS] = before
            kept = self._initial_scalars(hyper)
            self._shared = tuple(kept)
            group.update({} if self._own_t else kept)
            for w in group["params"]:
                self.state[w] = self._fresh(w, hyper)
            self._take_in(group)
        except BaseException:
            self.param_groups.pop()
            for w in group["params"]:
                self.state.pop(w, None)
            raise

    @torch._disable_dynamo  # type: ignore[untyped-decorator] # what it does on the host is not to be traced
    @torch.no_grad()  # type: ignore[untyped-decorator]
    def step(self, closure: Callable[[], Any] | None = None, **given: Any) -> Any:
        """Take one step with the gradients in `.grad`. Returns what `closure` returns, which computes them.

        A parameter without a gradient is left alone, and so is all state that belongs to it. Everything is checked
        before anything is written: after an error all is as it was.

        `given` are the inputs and signals of the rule, if it has any, by name: of an input a list with one tensor for
        each parameter, in the order of the groups, in which None stands for one without a gradient; of a signal a
        number. Raises TypeError if one is missing that the rule cannot do without, or if it takes none.
        """
        if closure is not None and not callable(closure):
            raise TypeError(f"{self._rule}: step takes a function that computes the loss; gradients are in .grad")
        loss = None
        try:
            if closure is not None and self._phased:
                return self._step_through(closure, given)
            if closure is not None:
                with torch.enable_grad():
                    loss = closure()
            self._step(given)
        finally:  # gradients are not kept alive until the next step
            for part in self._known.values():
                part.read = []
        return loss

    def _step(self, given: Mapping[str, Any]) -> None:
        t = self.t + 1
        inputs, signals = self._taken(given) if given or self._inputs or self._signals else ({}, {})
        hypers = [self._hyper_at(group, t) for group in self.param_groups]
        parts = self._parts(inputs, hypers, t)
        passage = self._lead(parts, inputs, hypers, t) if self._pipeline else None
        if passage is not None and passage.ended_by is not None:
            self._write_before(passage)
            return
        if passage is not None:
            parts = self._handed_on(passage)
        known = [{**hyper, **signals} for hyper in hypers]
        self._begin(parts, hypers)
        overall = self._sum_up(parts, known) if self._reductions else ()
        bunches = self._bunches(parts, known)
        hosts = [self._host_of(bunch.parts[0].w) for bunch in bunches]
        # nothing has been written so far
        if passage is not None:
            self._write_before(passage)
        self._advance_numbers(parts, known, overall, t)
        for bunch, host in zip(bunches, hosts, strict=True):
            self._run(bunch, host)
        if passage is not None:
            self._write_after(passage)

    # What is checked.

    _narrow = _extreme = False
    _check_hyper, _check_float32 = Hyperparameters._check_hyper, Hyperparameters._check_float32

    def _hyper_at(self, group: Mapping[str, Any], t: int) -> dict[str, float]:
        """The hyperparameters of a group as numbers."""
        self._narrow = any(computed(w.dtype) == torch.float32 for w in group["params"])
        found, options = {}, self._options(group)
        for name in self._domains:
            value = options[name]
            value = value(t) if (fixed := callable(value)) else value
            found[name] = self._check_hyper(name, value, fixed=not fixed)
        return found

    def _options(self, group: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a group has for each hyperparameter."""
        return group

    def _check_names(self, group: Mapping[str, Any]) -> None:
        """Raise TypeError for an option that this rule has not. What it knows nothing of is the user's own."""
        known = {*self.defaults, "params", "param_names", "name", "initial_lr", STEPS}
        for name in (one for one in group if one not in known):
            answer = advice(type(self), name, group[name])
            if not answer.startswith("there "):
                raise TypeError(f"{self._rule} takes no {name}; {answer}")

    def _check_parameters(self, params: Sequence[Tensor]) -> None:
        for w in params:
            self._check_parameter(w)
        if len(set(params)) < len(params):
            raise ValueError(f"{self._rule}: a parameter is there twice in a group; hand it over once")

    def _check_parameter(self, w: Tensor) -> None:
        where = f"{self._rule}: a parameter of shape {tuple(w.shape)}"
        if w.is_complex():
            raise TypeError(f"{where} is complex; hand over its parts as one that is real: torch.view_as_real")
        if w.layout != torch.strided:
            raise TypeError(f"{where} is not dense; hand over a dense one, w.to_dense()")
        if w.dtype not in (*HALF, torch.float32, torch.float64):
            raise TypeError(f"{where} is of {w.dtype}; use float16, bfloat16, float32 or float64")
        check_summable(self._rule, w, sums=bool(self._reductions))

    def _taken(self, given: Mapping[str, Any]) -> tuple[dict[str, Sequence[Any] | None], dict[str, float]]:
        """Inputs, and signals with what says of those that may be left out whether they are there."""
        names = (*self._inputs, *self._signals)
        call = f"step({', '.join(f'{name}={name}' for name in names)})"
        for name in given:
            if name not in names:
                takes = f"takes {' and '.join(names)}: {call}" if names else "takes a closure alone"
                raise TypeError(f"{self._rule}: a step takes no {name}; it {takes}")
        there = {name: value for name, value in given.items() if value is not None}
        for name in names:
            if name not in there and name not in self._optional:
                what = "a tensor for each parameter" if name in self._inputs else "a number"
                raise TypeError(f"{self._rule}: a step needs {name}, {what}: {call}")
        params = [w for group in self.param_groups for w in group["params"]]
        inputs: dict[str, Sequence[Any] | None] = dict.fromkeys(self._inputs)
        for name in (one for one in self._inputs if one in there):
            values = [there[name]] if isinstance(there[name], Tensor) else list(there[name])
            if len(values) != len(params):
                raise ValueError(
                    f"{self._rule}: {name} has {len(values)} tensors, and there are {len(params)} parameters; pass one "
                    "for each, and None for one without a gradient"
                )
            for w, value in zip(params, values, strict=True):
                if w.grad is not None:
                    self._check_beside(name, value, w)
            inputs[name] = values
        signals = {
            name: as_float(to_number(f"{self._rule}: {name}", there[name])) if name in there else 0.0
            for name in self._signals
        }
        return inputs, signals | {f"{name}_given": float(name in there) for name in self._optional}

    def _check_beside(self, name: str, value: Any, w: Tensor) -> None:
        """Raise an error if `value` is no gradient of `w`, or no input that goes with it."""
        where = f"{self._rule}: {name} of a parameter of shape {tuple(w.shape)}"
        if not isinstance(value, Tensor):
            raise TypeError(f"{where} is of type {type(value).__name__}; pass a tensor")
        if value.layout != torch.strided:
            remedy = "make it dense, w.grad = w.grad.to_dense(), or leave out sparse=True where the layer is made"
            raise TypeError(f"{where} is sparse; {remedy}")
        if value.shape != w.shape:
            raise ValueError(f"{where} has shape {tuple(value.shape)}; it has to have that of the parameter")
        if value.device != w.device:
            raise ValueError(f"{where} is on {value.device}, and the parameter on {w.device}; bring it there")

    # The parts of a step.

    def _fresh(self, w: Tensor, hyper: Mapping[str, float]) -> dict[str, Any]:
        """What is kept of a parameter that has taken no step."""
        with torch.no_grad():
            states = self._initial(w.detach().to(computed(w.dtype)), hyper)
        kept = self._initial_scalars(hyper) if self._own_t else {}
        named = zip(self._states, states, strict=True)
        return {OWN_STEPS: 0, **dict(named), **kept, **self._initial_own(hyper)}

    def _parts(
        self, inputs: Mapping[str, Sequence[Any] | None], hypers: Sequence[Mapping[str, float]], t: int
    ) -> list[Part]:
        """The parameters that have a gradient. What is not in order raises an error."""
        parts: list[Part] = []
        owners, states, start = list(self.state), list(self.state.values()), 0
        for number, group in enumerate(self.param_groups):
            params = group["params"]
            grads, change, whole = [w.grad for w in params], self._change(group), self._wholes.get(number)
            # states come in the order in which they were made, as a rule: to look them up takes longer
            own = slice(start, start := start + len(params))
            simple = change is None and not inputs
            here = whole.given(grads) if simple and whole and whole.holds(params, owners[own], states[own]) else None
            if whole is not None and here is not None:
                found = whole.parts
                for part, g in zip(found, here, strict=True):
                    part.read = [g]
            else:
                given = [[None] * len(params) if one is None else one[own] for one in inputs.values()]
                found = []
                for w, g, *others in zip(params, grads, *given, strict=True):
                    if g is None:
                        check_replaced(self._rule, w)
                    else:
                        part = self._part(w, number, hypers[number])
                        part.read = self._read_of(part, g, others, change)
                        found.append(part)
                alike = len(found) == len(params) > 1 and len({part.spread for part in found}) == 1
                self._wholes[number] = Whole(found, self._states) if alike else None
            for part in found:
                part.t = part.state[OWN_STEPS] + 1 if self._own_t else t
            parts += found
        return parts

    def _part(self, w: Tensor, number: int, hyper: Mapping[str, float]) -> Part:
        """What is known of a parameter."""
        state, part = self.state.get(w), self._known.get(id(w))
        known = part is not None and part.w is w and part.state is state and part.number == number
        if part is not None and known and part.holds(part.state[name] for name in self._states):
            return part
        part = self._known[id(w)] = Part(w, number, self._fitting(w, state, hyper), self._states)
        return part

    def _read_of(self, part: Part, g: Tensor, others: Sequence[Any], change: Change | None) -> list[Tensor]:
        """What is read of a parameter: its gradient, and inputs, for which it stands where there are none."""
        w = part.w
        if g.layout != torch.strided or g.shape != w.shape:
            self._check_beside("the gradient", g, w)
        apart = part.spread or is_spread(g)
        if apart:
            g = part_as(g, w, self._rule, "the gradient")
        if change is not None:
            g = change(g, local(w))
        named = zip(self._inputs, others, strict=True) if others else ()
        given = [(name, g if one is None else one) for name, one in named]
        read = [g, *(part_as(one, w, self._rule, name) if apart and one is not g else one for name, one in given)]
        return [one.resolve_neg() if one.is_neg() else one for one in read]

    def _fitting(self, w: Tensor, state: dict[str, Any] | None, hyper: Mapping[str, float]) -> dict[str, Any]:
        """What is kept of a parameter, which may have been put in place of another one, or moved, or converted."""
        self._check_parameter(w)
        if not state:
            self._keep_up()
            state = self.state[w]
        if state[OWN_STEPS] == 0 and any(self._strays(state[name], w) for name in self._states):
            state = self.state[w] = {**self._fresh(w, hyper), **self._beside(w)}
        for name in (*self._states, *self._arrays_beside(w)):
            if self._strays(state[name], w):
                raise ValueError(
                    f"{self._rule}: {name} has shape {tuple(state[name].shape)} on {place_of(state[name])}, and its "
                    f"parameter {tuple(w.shape)} on {place_of(w)}; make the optimizer once the parameters are where "
                    "they are to be, and load the saved state"
                )
            state[name] = state[name].to(computed(w.dtype))
        return state

    def _strays(self, one: Tensor, w: Tensor) -> bool:
        return bool(one.device != w.device or one.shape != w.shape or not spread_alike(one, w))

    def _begin(self, parts: Sequence[Part], hypers: Sequence[Mapping[str, float]]) -> None:
        """Start what starts with the first step: from the parameter as it is now, or from hyperparameters."""
        if not self._starts_late:
            return
        for part in parts:
            if part.state[OWN_STEPS] == 0:
                fresh = self._fresh(self._origin(part.w), hypers[part.number])
                for name in self._states:
                    part.state[name].copy_(fresh.pop(name))
                part.state.update(fresh)
        if not self._own_t and self.t == 0:
            for group, hyper in zip(self.param_groups, hypers, strict=True):
                group.update(self._initial_scalars(hyper))

    def _shared_by(self, part: Part) -> tuple[float, ...]:
        """The numbers that are kept for all parameters."""
        where = part.state if self._own_t else self.param_groups[part.number]
        return tuple(where[name] for name in self._shared)

    def _numbers(self, part: Part) -> tuple[float, ...]:
        """The numbers before this step that a part is stepped with: those of all, then its own."""
        return (*self._shared_by(part), *(part.state[name] for name in self._per_array))

    def _sum_up(self, parts: Sequence[Part], known: Sequence[Mapping[str, float]]) -> tuple[float, ...]:
        """Sums over each parameter, and over all. Nothing is written."""
        found: list[Sequence[Any]] = []
        for part in parts:
            w, *states = part.written
            tensors, numbers = (w, *part.read, *states), (*self._numbers(part), part.t)
            host = self._host_of(part.w)
            if host is not None:
                found.append(host.sums(tensors, *numbers, **known[part.number]))
            else:
                found.append(self._sums(*tensors, *numbers, **known[part.number]))
        told = gathered([part.w for part in parts], numbers_of(found), [how for _, how, _ in self._reductions])
        overall = {
            name: joined(how, [sums[k] for sums in told])
            for k, (name, how, together) in enumerate(self._reductions)
            if together
        }
        for part, sums in zip(parts, told, strict=True):
            part.sums = tuple(overall.get(name, one) for one, (name, _, _) in zip(sums, self._reductions, strict=True))
        return tuple(overall.values())

    def _bunches(self, parts: Sequence[Part], known: Sequence[Mapping[str, float]]) -> list[Bunch]:
        """The parts that have a step in common."""
        found: dict[Any, Bunch] = {}
        before: Any = None
        bare = not (self._shared or self._per_array or self._reductions)
        for part in parts:
            numbers = (part.t,) if bare else (*self._numbers(part), *part.sums, part.t)
            alike = part.kind, numbers
            if alike != before:  # to look up takes longer
                if alike not in found:
                    scalars = self._scalars(*numbers, **known[part.number])
                    found[alike] = Bunch(scalars, numbers, known[part.number])
                before, members = alike, found[alike].parts
            members.append(part)
        return list(found.values())

    def _advance_numbers(
        self, parts: Sequence[Part], known: Sequence[Mapping[str, float]], overall: Sequence[float], t: int
    ) -> None:
        """Write the numbers after this step."""
        names = self._shared
        for part in parts:
            state, before = part.state, self._shared_by(part) if names else ()
            if self._per_array:
                numbers = (*before, *(state[name] for name in self._per_array))
                after = self._advance_own(*numbers, *part.sums, part.t, **known[part.number])
                state.update(zip(self._per_array, map(float, after), strict=True))
            if self._own_t and names:
                after = self._advance(*before, part.t, **known[part.number])
                state.update(zip(names, map(float, after), strict=True))
            state[OWN_STEPS] += 1
        for group, values in zip(self.param_groups, known, strict=True):
            if names and not self._own_t:
                after = self._advance(*(group[name] for name in names), *overall, t, **values)
                group.update(zip(names, map(float, after), strict=True))
            group[STEPS] = t

    def _made(self, w: Tensor, group: Mapping[str, Any]) -> dict[str, Any]:
        return {**self._fresh(w, self._hyper_at(group, self.t + 1)), **self._beside(w)}

    def _read_beside(self, name: str, value: Any, w: Tensor) -> Tensor:
        self._check_beside(name, value, w)
        return part_as(value, w, self._rule, name).resolve_neg()

    def _step_now(self, state: Mapping[str, Any]) -> int:
        return int(state[OWN_STEPS]) + 1 if self._own_t else self.t + 1

    def _settle(self) -> None:
        self._known: dict[int, Part] = {}
        self._wholes: dict[int, Whole | None] = {}

    # The engines.

    def _host_of(self, w: Tensor) -> Host | None:
        """What runs over the memory of a tensor on the CPU; None if torch itself computes its step."""
        if self._engine in ("eager", "compiled"):
            return None
        if w.device.type != "cpu":
            if self._engine == "auto":
                return None
            raise ValueError(
                f"{self._rule}: engine={self._engine!r} steps tensors on the CPU, and a parameter is on {w.device}; "
                "use 'auto', 'compiled' or 'eager'"
            )
        tried = ("numba", "numpy") if self._engine == "auto" else (self._engine,)
        for engine in tried:
            found = host_of(engine, *self._elsewhere())
            if found is not None:
                return found
        if self._engine == "auto":
            return None
        raise ImportError(f"{self._rule}: engine={self._engine!r} needs {self._engine}, which is not installed")

    def _elsewhere(self) -> tuple[str, str, str]:
        """The package of this rule, its module in that, and its name in function names."""
        package, _, family = self._elements.__module__.rpartition(".")
        return package, family, self._elements.__name__.removesuffix("_elements")

    def _run(self, bunch: Bunch, host: Host | None) -> None:
        if host is not None:
            host.step(bunch)
            return
        engine = self._engine
        if engine == "auto":
            engine = "compiled" if bunch.parts[0].w.device.type == "cuda" and has_triton() else "eager"
        run(engine, self._elements, bunch)
