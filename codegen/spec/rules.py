"""What a spec declares: named steps, and the frozen rules that they make.

Nothing here judges a spec. Whatever is written is kept as it stands, and `check` reports
every problem at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, ClassVar

import sympy
from sympy.core.relational import Relational

from .symbolic import Reduced, reduced
from .symbols import (
    GRADIENT,
    METRIC,
    NOISE,
    PARAMETER,
    RATE,
    STEP,
    TRAINING,
    Array,
    Channel,
    Flag,
    Hyper,
    Input,
    Location,
    New,
    PerArray,
    Scalar,
    Signal,
    Supplied,
    caller,
    new,
)


def _frozen(values: Mapping[Any, Any]) -> Mapping[Any, sympy.Basic]:
    """The values as expressions; what is no mapping is kept as it stands."""
    if not isinstance(values, Mapping):
        return values
    return MappingProxyType({symbol: sympy.sympify(value) for symbol, value in values.items()})


class _Shown:
    """Shown in a notebook as its equations. What the spelling needs lies above this package, and is imported then."""

    def _repr_latex_(self: Any) -> str | None:
        from ..report.notebook import as_latex

        return as_latex(self)

    def _repr_html_(self: Any) -> str | None:
        from ..report.notebook import as_html

        return as_html(self)


@dataclass(frozen=True)
class Step:
    """One line of the algorithm: `target` becomes `value`."""

    target: sympy.Symbol
    value: sympy.Expr
    note: str = ""
    location: Location = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", sympy.sympify(self.value))
        object.__setattr__(self, "location", caller(2))


@dataclass(frozen=True, eq=False)
class Optimizer(_Shown):
    """A rule: the state that it keeps with its initial values, its steps in order, and its claims.

    `name` is the name of the generated class, `source` where the formulas come from, `summary` one
    line on what the rule does. State that is an array starts from numbers, hyperparameters or `w`;
    state that is a scalar is kept once for all parameters, or, declared with `per_array`, as a number for each.

    Scalars may be formed of sums (`array_sum`, `norm`, `global_sum`, ...) of anything that has a value for each
    element and does not depend on another sum. `array_sum` is a number for each array, `global_sum` one for all arrays
    of all groups that have a gradient in this step. Both are taken before anything is written.

    A parameter may have no gradient in a step, which leaves it and its state alone. The step number `t` counts the
    steps of the optimizer; with `own_t`, those in which the parameter has a gradient. A state that does not start
    from a number starts with the first step that the parameter takes.

    `gradient_at` says where the gradient `g` is taken, if not at `w`: at a w + d, with a factor `a` of hyperparameters
    and `d` of states and hyperparameters. A training loop has gradients at its parameters only, so the code is that
    of `runnable`: the same rule in the variable at which the gradient is taken. Unless `a` is 1, `w` is kept beside
    it, in the state `own_w`.
    """

    name: str
    source: str
    state: Mapping[sympy.Symbol, sympy.Expr]
    steps: tuple[Step, ...]
    claims: tuple[Any, ...] = ()  # what is no claim, `check` says
    summary: str = ""
    gradient_at: sympy.Expr | None = None
    own_t: bool = False
    location: Location = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", _frozen(self.state))
        object.__setattr__(self, "location", caller(2))

    #: What is there before the first step, and what the steps may give a new value to, beside the state.
    given: ClassVar[tuple[str, ...]] = (PARAMETER, GRADIENT, STEP)
    writes: ClassVar[tuple[str, ...]] = (PARAMETER,)

    @property
    def array_state(self) -> tuple[Array, ...]:
        """The states that are kept for each element."""
        return tuple(s for s in self.state if isinstance(s, Array))

    @property
    def scalar_state(self) -> tuple[Scalar, ...]:
        """The states that are numbers: those that are kept once, for all parameters, then those for each array."""
        return (*self.shared_state, *self.own_state)

    @property
    def shared_state(self) -> tuple[Scalar, ...]:
        """The states that are kept once, for all parameters."""
        return tuple(s for s in self.state if isinstance(s, Scalar) and not isinstance(s, PerArray))

    @property
    def own_state(self) -> tuple[PerArray, ...]:
        """The states of which each array has a number of its own."""
        return tuple(s for s in self.state if isinstance(s, PerArray))

    @property
    def starts_late(self) -> bool:
        """Whether a state that is kept for each element, or for the rule, starts from other than a number."""
        return any(value.free_symbols for value in self.state.values())

    @cached_property
    def reductions(self) -> tuple[Reduced, ...]:
        """The sums over whole arrays, in the order in which the steps, and then `halts`, first read them."""
        read = (*(step.value for step in self.steps), *self._compared)
        return tuple(dict.fromkeys(one for value in read for one in reduced(value)))

    @property
    def _compared(self) -> tuple[sympy.Expr, ...]:
        """What is compared to tell whether the step ends early."""
        return ()

    @property
    def reads_t(self) -> bool:
        """Whether a step reads the number of the step."""
        return any(s.name == STEP for step in self.steps for s in step.value.free_symbols)

    @cached_property
    def hypers(self) -> tuple[Hyper, ...]:
        """The hyperparameters in the order in which the steps first use them, the learning rate first.

        After them comes what a step is given, inputs and signals, which is as free as they are; `settings` has not.
        """
        point = () if self.gradient_at is None else (self.gradient_at,)
        return _hypers((*(step.value for step in self.steps), *self.state.values(), *point))

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """The arrays that a step is given beside the gradient."""
        return tuple(h for h in self.hypers if isinstance(h, Input))

    @cached_property
    def signals(self) -> tuple[Signal, ...]:
        """The numbers that a step is given, and after them whether what may be missing is there."""
        found = [h for h in self.hypers if isinstance(h, Signal)]
        return tuple(sorted(found, key=lambda signal: isinstance(signal, Flag)))

    @cached_property
    def optional(self) -> tuple[Supplied, ...]:
        """Those inputs and signals that a step may be without."""
        flagged = {signal.of.name for signal in self.signals if isinstance(signal, Flag)}
        return tuple(h for h in self.hypers if h.name in flagged)

    @property
    def declared(self) -> Optimizer:
        """The rule as its spec has it, of one that is the `runnable` of another."""
        found: Optimizer = self.__dict__.get("_declared", self)
        return found

    @cached_property
    def own_w(self) -> Array | None:
        """The state of `runnable` that is the rule's own `w`, where that is kept beside the point of the gradient."""
        point = self.gradient_at
        if point is None or not (w := [s for s in point.free_symbols if s.name == PARAMETER]):
            return None
        rereads = any(new(w[0]) in step.value.free_symbols for step in self.steps)
        if sympy.expand(sympy.diff(point, w[0]) - 1) == 0 and not rereads:
            return None
        taken = {s.name for step in self.steps for s in (step.target, *step.value.free_symbols)}
        return Array(_free("own_w", {*taken, *(s.name for s in self.state)}))

    @cached_property
    def runnable(self) -> Optimizer:
        """The rule in the variable at which its gradient is taken, so that a training loop can run it.

        With x = w + d the point of the gradient, `w` is x - d before the step, and x after the step is the new
        w plus the new d. With x = a w + d, w is kept in the state `own_w`, and x is computed from that. A rule whose
        gradient is taken at `w` is its own.
        """
        if self.gradient_at is None:
            return self
        w = next(s for s in self.gradient_at.free_symbols if s.name == PARAMETER)
        later = {s: new(s) for s in self.state}
        if self.own_w is None:
            ahead = self.gradient_at - w
            steps = [placed(step, value=step.value.xreplace({w: w - ahead})) for step in self.steps]
            for number, step in enumerate(steps):
                if step.target == new(w):
                    steps[number] = placed(step, value=sympy.expand(step.value + ahead.xreplace(later)))
            rewritten = replace(self, steps=tuple(steps), gradient_at=None)
        else:
            kept = {w: self.own_w, new(w): new(self.own_w)}
            steps = [
                placed(step, target=kept.get(step.target, step.target), value=step.value.xreplace(kept))
                for step in self.steps
            ]
            point = self.gradient_at.xreplace({**later, w: new(self.own_w)})
            steps.append(placed(steps[-1], target=new(w), value=point, note="where the gradient is taken next"))
            rewritten = replace(self, state={**self.state, self.own_w: w}, steps=tuple(steps), gradient_at=None)
        object.__setattr__(rewritten, "location", self.location)
        object.__setattr__(rewritten, "_declared", self)
        return rewritten


def placed(step: Step, **changes: Any) -> Step:
    """A step with some changes, written where `step` is."""
    changed = replace(step, **changes)
    object.__setattr__(changed, "location", step.location)
    return changed


def _free(name: str, taken: set[str]) -> str:
    """`name`, or one like it that is not taken."""
    return name if name not in taken else _free(f"{name}_", taken)


@dataclass(frozen=True, eq=False, kw_only=True)
class Stage(Optimizer):
    """What is done around a rule: to the gradient before it, or to the parameter before or after it.

    Its steps give `new(g)` or `new(w)`. They may read the scalar `lr`, which is the rule's learning rate,
    the array `noise` of independent standard normal numbers, and sums over whole gradients. With `after`, the
    stage runs after the rule. Where the comparison `halts` holds, the step ends here: neither the rule nor
    later stages run, and `t` does not count. Only what is `always` done after the rule is done then, too, and for
    parameters without a gradient. The parameter stays what it was, unless this stage gives `new(w)`: then it is
    what this stage leaves. A stage that `gathers` gradients until a step is due takes zeros for one that is missing;
    the parameter takes the step if it had a gradient since the last one.

    A stage with a `home` takes a step in phases, of which each has a gradient at parameters of its own: it moves the
    parameter, halts, and hands on the gradient that it finds there, once the parameter is back. `home` is the state
    in which the parameter is kept meanwhile; `halts` is `new(phase) > 0` with a scalar state that is 0 between steps.
    Such a stage takes zeros for a gradient that is missing; the parameter takes the step if it has one in the last
    phase, and is back in any case.

    A largest element is that of at least one: in a step without any, a stage that asks for it over all
    gradients keeps its scalar states as they are.
    """

    state: Mapping[sympy.Symbol, sympy.Expr] = field(default_factory=dict)
    after: bool = False
    always: bool = False
    gathers: bool = False
    halts: sympy.Basic | None = None
    home: Array | None = None

    given: ClassVar[tuple[str, ...]] = (PARAMETER, GRADIENT, STEP, RATE, NOISE)
    writes: ClassVar[tuple[str, ...]] = (PARAMETER, GRADIENT)

    @property
    def starts_late(self) -> bool:
        """Whether a state that is kept for each element starts from other than a number."""
        return any(self.state[s].free_symbols for s in self.array_state)

    @property
    def noisy(self) -> bool:
        """Whether a step reads the noise."""
        return any(s.name == NOISE for step in self.steps for s in step.value.free_symbols)

    @property
    def moves(self) -> bool:
        """Whether it gives the parameter a new value before the rule."""
        return not self.after and any(isinstance(s.target, New) and s.target.of.name == PARAMETER for s in self.steps)

    @property
    def phase(self) -> Scalar | None:
        """The scalar state that is 0 between two steps, if the stage has a `home`, and ends steps as it should."""
        left = self.halts.lhs if isinstance(self.halts, Relational) else None
        if self.home is None or not isinstance(left, New) or self.halts != sympy.Gt(left, 0):
            return None
        return left.of if isinstance(left.of, Scalar) and left.of in self.state else None

    @cached_property
    def hypers(self) -> tuple[Hyper, ...]:
        """The hyperparameters in the order in which the steps first use them, the learning rate first."""
        return _hypers((*(step.value for step in self.steps), *self._compared, *self.state.values()))

    @property
    def _compared(self) -> tuple[sympy.Expr, ...]:
        """Both sides of `halts`."""
        return self.halts.args if isinstance(self.halts, Relational) else ()


@dataclass(frozen=True, eq=False)
class Schedule(_Shown):
    """A hyperparameter, such as the learning rate, as a function of the step number `t`, from 1.

    `name` is the name of the generated class; `value` is an expression in `t` and hyperparameters.
    """

    name: str
    source: str
    value: sympy.Expr
    claims: tuple[Any, ...] = ()  # what is no claim, `check` says
    summary: str = ""
    location: Location = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", sympy.sympify(self.value))
        object.__setattr__(self, "location", caller(2))

    @property
    def hypers(self) -> tuple[Hyper, ...]:
        """The hyperparameters by name, the learning rate first."""
        return _hypers((self.value,))


@dataclass(frozen=True, eq=False)
class Layer(_Shown):
    """A layer of a network that computes `output` from `input`, both values per element.

    `steps` are those of training, where averages over the batch may be taken; they may update the `state`.
    `inference` are those of inference. `parameters` and `state` are values per channel, each with the
    number from which it starts. The scalar `m` is the number of elements to a channel. `axis` is the axis
    of the channels that the generated class has by default.

    The backward pass is no part of a spec: `analysis.backprop` derives it. What it is given, the gradient
    of the loss by `y`, is named `dy`; what it gives, `dx` and so on.
    """

    name: str
    source: str
    input: Array
    output: Array
    parameters: Mapping[Channel, sympy.Expr]
    state: Mapping[Channel, sympy.Expr]
    steps: tuple[Step, ...]
    inference: tuple[Step, ...]
    axis: int = 1
    claims: tuple[Any, ...] = ()  # what is no claim, `check` says
    summary: str = ""
    location: Location = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("parameters", "state"):
            object.__setattr__(self, name, _frozen(getattr(self, name)))
        object.__setattr__(self, "location", caller(2))

    @property
    def hypers(self) -> tuple[Hyper, ...]:
        """The hyperparameters in the order in which the steps first use them."""
        return _hypers(step.value for step in (*self.steps, *self.inference))


@dataclass(frozen=True, eq=False)
class Monitor(_Shown):
    """A scalar state machine: what to do next, from a `metric` that is reported now and then.

    If a step reads `training`, a report is two numbers: the metric, of the validation data, and that of the
    training data.

    `name` is the name of the generated class; `state` gives the scalars that are kept, with their
    values before the first report: numbers, `oo`, hyperparameters. The steps read what is reported (any number,
    or NaN), the number `t` of the report, from 1, states and hyperparameters. A comparison with NaN does
    not hold. `value`, an expression in states and hyperparameters, is what the monitor tells, such as the
    learning rate; `flags` are the states that are 0 or 1 and read as False or True.
    """

    name: str
    source: str
    state: Mapping[Scalar, sympy.Expr]
    steps: tuple[Step, ...]
    value: sympy.Expr
    flags: tuple[Scalar, ...] = ()
    claims: tuple[Any, ...] = ()  # what is no claim, `check` says
    summary: str = ""
    location: Location = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", _frozen(self.state))
        object.__setattr__(self, "value", sympy.sympify(self.value))
        object.__setattr__(self, "location", caller(2))

    @property
    def hypers(self) -> tuple[Hyper, ...]:
        """The hyperparameters in the order in which the steps first use them, the learning rate first."""
        return _hypers((*(step.value for step in self.steps), *self.state.values(), self.value))

    @cached_property
    def hears(self) -> tuple[str, ...]:
        """What a report consists of, by name."""
        read = {symbol.name for step in self.steps for symbol in step.value.free_symbols}
        return (METRIC, TRAINING) if TRAINING in read else (METRIC,) if METRIC in read else ()

    @property
    def listens(self) -> bool:
        """Whether a step reads what is reported."""
        return bool(self.hears)


def by_name(report: Any) -> dict[str, Any]:
    """What a monitor is told, by name: a number, or the numbers of a tuple."""
    return dict(zip((METRIC, TRAINING), report if isinstance(report, tuple) else (report,), strict=False))


def _hypers(expressions: Iterable[sympy.Expr]) -> tuple[Hyper, ...]:
    found: dict[Hyper, None] = {}
    for expr in expressions:
        for symbol in sorted(expr.free_symbols, key=lambda s: s.name):
            if isinstance(symbol, Hyper):
                found.setdefault(symbol)
    return tuple(sorted(found, key=lambda h: (isinstance(h, Supplied), h.name != "lr")))


def settings(rule: AnyRule) -> tuple[Hyper, ...]:
    """The hyperparameters of a rule, which are set, without what each step is given."""
    return tuple(hyper for hyper in rule.hypers if not isinstance(hyper, Supplied))


#: What a file may declare; a stage is an optimizer in its form.
AnyRule = Optimizer | Schedule | Layer | Monitor
