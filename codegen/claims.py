"""What a spec may say about itself. A claim is data; `codegen.prove` decides it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import sympy

from codegen import domain
from codegen.spec import METRIC, Hyper, Monitor, Optimizer, Scalar, Schedule

Finding = tuple[str, str]  # fact, remedy


@dataclass(frozen=True)
class Claim:
    """Base of all claims."""

    @property
    def label(self) -> str:
        """The name under which results are listed."""
        raise NotImplementedError

    def expressions(self) -> tuple[sympy.Expr, ...]:
        """What the claim says in the symbols of its own rule."""
        return ()

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        """What makes the claim meaningless for `optimizer`."""
        known = {"t", "w", "g"} | {s.name for s in optimizer.state} | {h.name for h in optimizer.hypers}
        known |= {step.target.name for step in optimizer.steps}
        for expr in self.expressions():
            if expr.atoms(sympy.Float):
                yield f"{self.label}: {expr} has a float in it", "write it with Rational and hyperparameters"
            for symbol in sorted(expr.free_symbols, key=str):
                if symbol.name not in known:
                    yield f"{self.label}: the rule has no {symbol}", f"it has {' '.join(sorted(known))}"


def _state_problem(claim: Claim, symbol: sympy.Symbol, optimizer: Optimizer) -> Iterator[Finding]:
    if symbol not in optimizer.state and symbol.name != "w":
        states = " ".join(sorted(s.name for s in optimizer.state))
        yield f"{claim.label}: {symbol} is not a state", f"the states are w {states}".rstrip()


@dataclass(frozen=True)
class Series(Claim):
    """`s_t = decay**t * s_0 + weight * sum(decay**(t-i) * of_i, i=1..t)`."""

    state: sympy.Symbol
    of: sympy.Expr
    decay: sympy.Expr
    weight: sympy.Expr
    name: str = "series"

    @property
    def label(self) -> str:
        return f"{self.name} {self.state}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.of, self.decay, self.weight)

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from super().problems(optimizer)
        yield from _state_problem(self, self.state, optimizer)


@dataclass(frozen=True)
class Unbiased(Claim):
    """`E[estimate_t] = E[of_t]` at every t, if the gradients are identically distributed."""

    estimate: sympy.Symbol
    of: sympy.Expr

    @property
    def label(self) -> str:
        return f"unbiased {self.estimate}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.of, self.estimate)


@dataclass(frozen=True)
class Equals(Claim):
    """Every run of this rule is a run of `other`: the same `w` at every t.

    `hyper` and `state` give `other`'s hyperparameters and states, by name, in the symbols of this
    rule; what they leave out goes by the same name. `at` fixes hyperparameters of this rule.
    `constant` names those that may not change from step to step.
    """

    other: Optimizer
    hyper: Mapping[str, sympy.Expr] = field(default_factory=dict)
    state: Mapping[str, sympy.Expr] = field(default_factory=dict)
    at: Mapping[Hyper, sympy.Expr] = field(default_factory=dict)
    constant: tuple[Hyper, ...] = ()

    @property
    def label(self) -> str:
        return f"equals {self.other.name}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (*self.hyper.values(), *self.state.values(), *self.at.values(), *self.at, *self.constant)

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from super().problems(optimizer)
        hypers, states = ({s.name for s in group} for group in (self.other.hypers, self.other.state))
        for given, known, what in ((self.hyper, hypers, "hyperparameter"), (self.state, states, "state")):
            for name in given:
                if name not in known:
                    yield (
                        f"{self.label}: {self.other.name} has no {what} {name}",
                        f"it has {' '.join(sorted(known)) or 'none'}",
                    )
        own = {s.name for s in (*optimizer.hypers, *optimizer.state)}
        for name in sorted((hypers - set(self.hyper)) | (states - set(self.state))):
            if name not in own:
                yield f"{self.label}: it does not say what {self.other.name}'s {name} is", f"add {name}=... to the map"


@dataclass(frozen=True)
class Identity(Claim):
    """`left = right` at every step, whatever the state and the gradient."""

    left: sympy.Expr
    right: sympy.Expr

    @property
    def label(self) -> str:
        return f"identity {self.left}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.left, self.right)


@dataclass(frozen=True)
class FixedPoint(Claim):
    """From the initial state, zero gradients leave `w` where it is, for all t."""

    @property
    def label(self) -> str:
        return "fixed point"


@dataclass(frozen=True)
class FirstStep(Claim):
    """The first step moves `w` by `by`."""

    by: sympy.Expr

    @property
    def label(self) -> str:
        return "first step"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.by,)


@dataclass(frozen=True)
class Descends(Claim):
    """The first step does not go up the gradient."""

    @property
    def label(self) -> str:
        return "descends"


@dataclass(frozen=True)
class Monotone(Claim):
    """`value`, a state or what is computed from it, never decreases."""

    value: sympy.Symbol

    @property
    def label(self) -> str:
        return f"monotone {self.value}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.value,)


@dataclass(frozen=True)
class NonNegative(Claim):
    """`value`, an expression in the states, is at least zero after every step."""

    value: sympy.Expr

    @property
    def label(self) -> str:
        return f"non-negative {self.value}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.value,)


@dataclass(frozen=True)
class MaxSeries(Claim):
    """`s_t = max(decay**(t-i) * of_i, i=1..t)`, the limit of the p-norms of its terms."""

    state: sympy.Symbol
    of: sympy.Expr
    decay: sympy.Expr

    @property
    def label(self) -> str:
        return f"maximum {self.state}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.of, self.decay)

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from super().problems(optimizer)
        yield from _state_problem(self, self.state, optimizer)


@dataclass(frozen=True)
class Additive(Claim):
    """From the initial state, the step of a sum of gradients is the sum of their steps."""

    @property
    def label(self) -> str:
        return "additive"


@dataclass(frozen=True)
class Scales(Claim):
    """Units: multiply every name by its factor, and what the step computes is multiplied by its own."""

    factors: Mapping[str, sympy.Expr]
    at: Mapping[Hyper, sympy.Expr]

    @property
    def label(self) -> str:
        return "units"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return tuple(self.at)


@dataclass(frozen=True)
class Fails(Claim):
    """Another claim does not hold of this rule, and `because` says what that means."""

    claim: Claim
    because: str

    @property
    def label(self) -> str:
        return f"not {self.claim.label}"

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from self.claim.problems(optimizer)


# What a schedule may say of itself.


@dataclass(frozen=True)
class ScheduleClaim(Claim):
    """Base of all claims about schedules."""

    def problems(self, schedule: Schedule) -> Iterator[Finding]:
        """What makes the claim meaningless for `schedule`."""
        known = {"t", *(h.name for h in schedule.hypers)}
        for symbol in sorted({s for e in self.expressions() for s in e.free_symbols}, key=str):
            if symbol.name not in known:
                yield f"{self.label}: the schedule has no {symbol}", f"it has {' '.join(sorted(known))}"


@dataclass(frozen=True)
class RobbinsMonro(ScheduleClaim):
    """Whether the sum of a_t diverges and the sum of a_t**2 converges: the two conditions of Robbins & Monro.

    `at` fixes hyperparameters, `domains` narrows their domains.
    """

    diverges: bool
    square_summable: bool
    at: Mapping[Hyper, sympy.Expr]
    domains: Mapping[Hyper, str]

    @property
    def label(self) -> str:
        return f"Robbins-Monro{self.where}"

    @property
    def where(self) -> str:
        """The condition on the hyperparameters, as text."""
        conditions = [f"{h} = {v}" for h, v in self.at.items()]
        conditions += [domain.parse(d).condition(h.name) for h, d in self.domains.items()]
        return f" for {', '.join(conditions)}" if conditions else ""

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (*self.at, *self.domains)

    def problems(self, schedule: Schedule) -> Iterator[Finding]:
        narrowed = {}
        for hyper, text in self.domains.items():
            try:
                narrowed[hyper] = domain.parse(text)
            except ValueError as error:
                yield f"Robbins-Monro: the domain {text!r} of {hyper} cannot be read", str(error)
                return
        yield from super().problems(schedule)
        own = {hyper: domain.parse(str(hyper.domain)) for hyper in schedule.hypers}
        for hyper, value in self.at.items():
            if hyper in own and not (value.is_Rational and Fraction(value.p, value.q) in own[hyper]):
                yield f"{self.label}: {value} is not in the domain of {hyper}", own[hyper].condition(hyper.name)
        for hyper, part in narrowed.items():
            if hyper in own and not own[hyper].covers(part):
                yield f"{self.label}: that is more than the domain of {hyper}", own[hyper].condition(hyper.name)


@dataclass(frozen=True)
class StartsAt(ScheduleClaim):
    """The first step has the learning rate `value`."""

    value: sympy.Expr

    @property
    def label(self) -> str:
        return f"starts at {self.value}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.value,)


@dataclass(frozen=True)
class EndsAt(ScheduleClaim):
    """From step `at` on, the learning rate is `value`."""

    value: sympy.Expr
    at: sympy.Expr

    @property
    def label(self) -> str:
        return f"ends at {self.value}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.value, self.at)


# What a monitor may say of itself.


@dataclass(frozen=True)
class MonitorClaim(Claim):
    """Base of all claims about monitors.

    `given` are comparisons that are assumed of the hyperparameters and of every metric; `at` fixes
    hyperparameters.
    """

    given: tuple[sympy.Basic, ...] = field(default=(), kw_only=True)
    at: Mapping[Hyper, sympy.Expr] = field(default_factory=dict, kw_only=True)

    @property
    def where(self) -> str:
        """What is assumed, as text."""
        conditions = [*(f"{h} = {v}" for h, v in self.at.items()), *map(str, self.given)]
        return f" if {' and '.join(conditions)}" if conditions else ""

    def own_names(self, monitor: Monitor) -> set[str]:
        """The names that the claim may use."""
        targets = {step.target.name for step in monitor.steps}
        return {METRIC, "t", *targets, *(s.name for s in (*monitor.state, *monitor.hypers))}

    def problems(self, monitor: Monitor) -> Iterator[Finding]:
        """What makes the claim meaningless for `monitor`."""
        known = self.own_names(monitor)
        expressions = (*self.expressions(), *self.given, *self.at, *self.at.values())
        for symbol in sorted({s for e in expressions for s in e.free_symbols}, key=str):
            if symbol.name not in known:
                yield f"{self.label}: the monitor has no {symbol}", f"it has {' '.join(sorted(known))}"
        outside = {METRIC, *(h.name for h in monitor.hypers), *self.own_names(monitor)}
        outside -= {*(s.name for s in monitor.state), *(step.target.name for step in monitor.steps)}
        for condition in self.given:
            if any(symbol.name not in outside for symbol in condition.free_symbols):
                yield f"{self.label}: {condition} is not given, it has to be shown", "claim it with invariant()"


@dataclass(frozen=True)
class Invariant(MonitorClaim):
    """`condition`, on states, holds before the first report and after every report."""

    condition: sympy.Basic

    @property
    def label(self) -> str:
        return f"invariant {self.condition}{self.where}"

    def expressions(self) -> tuple[sympy.Basic, ...]:
        return (self.condition,)

    def problems(self, monitor: Monitor) -> Iterator[Finding]:
        yield from super().problems(monitor)
        names = {s.name for s in (*monitor.state, *monitor.hypers)}
        for symbol in sorted(self.condition.free_symbols, key=str):
            if symbol.name not in names:
                yield f"{self.label}: {symbol} is not kept", f"an invariant is about {' '.join(sorted(names))}"


@dataclass(frozen=True)
class Always(MonitorClaim):
    """`condition`, on what a report finds, computes and leaves, holds at every report.

    `knowing` are invariants of which the proof makes use; they are proved with it.
    """

    condition: sympy.Basic
    knowing: tuple[sympy.Basic, ...] = ()

    @property
    def label(self) -> str:
        return f"always {self.condition}{self.where}"

    def expressions(self) -> tuple[sympy.Basic, ...]:
        return (self.condition, *self.knowing)


@dataclass(frozen=True)
class RunningMinimum(MonitorClaim):
    """After every report, `state` is the least metric so far."""

    state: Scalar

    @property
    def label(self) -> str:
        return f"running minimum {self.state}{self.where}"

    def expressions(self) -> tuple[sympy.Basic, ...]:
        return (self.state,)


@dataclass(frozen=True)
class Cycle(MonitorClaim):
    """If every report is `metric`, the states after report `first + k * length + j` are `after`.

    j runs from 0 to length - 1, k over all whole numbers from 0. `first` is 0 or 1. If `length` depends
    on k, `k * length` is the sum of the lengths before.
    """

    after: Mapping[Scalar, sympy.Expr]
    length: sympy.Expr
    metric: sympy.Expr
    first: int

    @property
    def label(self) -> str:
        return f"cycle {' '.join(map(str, self.after))}{self.where}"

    def expressions(self) -> tuple[sympy.Basic, ...]:
        return (*self.after, *self.after.values(), self.length)

    def own_names(self, monitor: Monitor) -> set[str]:
        return super().own_names(monitor) | {"j", "k", *(s.name for s in self.metric.free_symbols)}

    def problems(self, monitor: Monitor) -> Iterator[Finding]:
        yield from super().problems(monitor)
        for state in monitor.state:
            if state not in self.after:
                yield f"{self.label}: it does not say what {state} is", "the states follow only from all of them"


@dataclass(frozen=True)
class OnNan(MonitorClaim):
    """A report of NaN leaves the states as in `after`."""

    after: Mapping[Scalar, sympy.Expr]

    @property
    def label(self) -> str:
        return f"NaN {' '.join(map(str, self.after))}"

    def expressions(self) -> tuple[sympy.Basic, ...]:
        return (*self.after, *self.after.values())


@dataclass(frozen=True)
class Agrees(MonitorClaim):
    """`other` tells the same after every report, if it hears `metric` in place of the metric.

    `hyper` gives `other`'s hyperparameters by name. `relation` says how the states correspond; in it,
    `theirs(s)` is the state s of `other`. It is shown to hold at every time.
    """

    other: Monitor
    hyper: Mapping[str, sympy.Expr]
    relation: sympy.Basic
    metric: sympy.Expr

    @property
    def label(self) -> str:
        return f"agrees with {self.other.name}{self.where}"

    def expressions(self) -> tuple[sympy.Basic, ...]:
        return (self.relation, *self.hyper.values(), self.metric)

    def own_names(self, monitor: Monitor) -> set[str]:
        return super().own_names(monitor) | {theirs(s).name for s in self.other.state}

    def problems(self, monitor: Monitor) -> Iterator[Finding]:
        yield from super().problems(monitor)
        hypers, own = {h.name for h in self.other.hypers}, {h.name for h in monitor.hypers}
        for name in sorted(set(self.hyper) - hypers):
            yield f"{self.label}: {self.other.name} has no hyperparameter {name}", f"it has {' '.join(sorted(hypers))}"
        for name in sorted(hypers - set(self.hyper) - own):
            yield f"{self.label}: it does not say what {self.other.name}'s {name} is", f"add {name}=... to the map"


def invariant(condition: sympy.Basic, *, given=(), at: Mapping[Hyper, sympy.Expr] | None = None) -> Invariant:
    """A condition on the states that holds before the first report and after every one."""
    return Invariant(condition, given=tuple(given), at=_sympified(at))


def flag(state: Scalar) -> Invariant:
    """The state is 0 or 1."""
    return invariant(sympy.Or(sympy.Eq(state, 0), sympy.Eq(state, 1)))


def always(condition: sympy.Basic, *, knowing=(), given=(), at: Mapping[Hyper, sympy.Expr] | None = None) -> Always:
    """A condition on states before (`s`) and after (`new(s)`) a report, its metric and its steps."""
    return Always(condition, tuple(knowing), given=tuple(given), at=_sympified(at))


def running_minimum(state: Scalar, *, at: Mapping[Hyper, sympy.Expr] | None = None) -> RunningMinimum:
    """The state is the least of all metrics so far."""
    return RunningMinimum(state, at=_sympified(at))


def cycle(
    after: Mapping[Scalar, sympy.Expr],
    *,
    length: sympy.Expr,
    metric: sympy.Expr = sympy.Symbol("level", real=True),  # noqa: B008 - a symbol does not change
    first: int = 1,
    given=(),
    at: Mapping[Hyper, sympy.Expr] | None = None,
) -> Cycle:
    """What becomes of the states on a flat metric: after report `first + k * length + j` they are `after`."""
    return Cycle(_sympified(after), sympy.sympify(length), metric, first, given=tuple(given), at=_sympified(at))


def on_nan(after: Mapping[Scalar, sympy.Expr]) -> OnNan:
    """What a report of NaN leaves in the states."""
    return OnNan(_sympified(after))


def agrees(
    other: Monitor,
    *,
    relation: sympy.Basic,
    hyper: Mapping[str, sympy.Expr] | None = None,
    metric: sympy.Expr | None = None,
    given=(),
    at: Mapping[Hyper, sympy.Expr] | None = None,
) -> Agrees:
    """This monitor and `other` tell the same at all times, under the map of hyperparameters and metric."""
    heard = sympy.Symbol(METRIC, real=True) if metric is None else metric
    return Agrees(other, _sympified(hyper), relation, heard, given=tuple(given), at=_sympified(at))


def theirs(state: Scalar) -> Scalar:
    """The state of the other monitor in `agrees`."""
    return Scalar(f"{state.name}_other")


def robbins_monro(
    *,
    diverges: bool,
    square_summable: bool,
    at: Mapping[Hyper, sympy.Expr] | None = None,
    domains: Mapping[Hyper, str] | None = None,
) -> RobbinsMonro:
    """The sum of a_t diverges (or not), the sum of a_t**2 converges (or not); descent on noise needs both.

    Where that depends on hyperparameters, `at` fixes their values and `domains` narrows their domains.
    """
    return RobbinsMonro(diverges, square_summable, _sympified(at), dict(domains or {}))


@dataclass(frozen=True)
class Within(ScheduleClaim):
    """`low < a[t] <= high` at every t."""

    low: sympy.Expr
    high: sympy.Expr

    @property
    def label(self) -> str:
        return f"within ({self.low}, {self.high}]"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.low, self.high)


@dataclass(frozen=True)
class NonDecreasing(ScheduleClaim):
    """`a[t + 1] >= a[t]` at every t."""

    @property
    def label(self) -> str:
        return "non-decreasing"


def within(low: sympy.Expr, high: sympy.Expr) -> Within:
    """At every step the value is above `low` and at most `high`."""
    return Within(sympy.sympify(low), sympy.sympify(high))


def non_decreasing() -> NonDecreasing:
    """The value never falls from step to step."""
    return NonDecreasing()


def starts_at(value: sympy.Expr) -> StartsAt:
    """The learning rate of the first step."""
    return StartsAt(sympy.sympify(value))


def ends_at(value: sympy.Expr, *, at: sympy.Expr) -> EndsAt:
    """The learning rate of step `at`, a whole number, and of all that follow."""
    return EndsAt(sympy.sympify(value), sympy.sympify(at))


def first_step(by: sympy.Expr) -> FirstStep:
    """From the initial state, the first step adds `by` to `w`."""
    return FirstStep(sympy.sympify(by))


def descends() -> Descends:
    """From the initial state, the first step times the gradient is not positive."""
    return Descends()


def monotone(value: sympy.Symbol) -> Monotone:
    """A state (or what is computed from it) never decreases from step to step."""
    return Monotone(value)


def nonnegative(value: sympy.Expr) -> NonNegative:
    """An expression in the states is at least zero in exact arithmetic, after every step."""
    return NonNegative(sympy.sympify(value))


def max_series(state: sympy.Symbol, *, of: sympy.Expr, decay: sympy.Expr) -> MaxSeries:
    """`state` is the largest of all past `of`, each multiplied by `decay` at every later step."""
    return MaxSeries(state, sympy.sympify(of), sympy.sympify(decay))


def additive() -> Additive:
    """The step is additive in the gradient: steps over parts of a batch add up to the step over the batch."""
    return Additive()


def scales(factors: Mapping[str, str], at: Mapping[Hyper, sympy.Expr] | None = None) -> Scales:
    """The rule is consistent in units: `factors` gives the unit of every name in `w` and `g`.

    A unit is written as an expression in the units of the weights and of the gradient, such as
    {"v": g**2}; a name that is left out has none. `at` fixes hyperparameters.
    """
    return Scales(_sympified(factors), _sympified(at))


def fails(claim: Claim, because: str) -> Fails:
    """`claim` is false of this rule, which is worth knowing."""
    return Fails(claim, because)


def ema(state: sympy.Symbol, *, of: sympy.Expr, decay: sympy.Expr) -> Series:
    """`state` is the exponential moving average of `of`: a geometric series with weights `1 - decay`."""
    return Series(state, sympy.sympify(of), sympy.sympify(decay), 1 - sympy.sympify(decay), name="ema")


def series(state: sympy.Symbol, *, of: sympy.Expr, decay: sympy.Expr = 1, weight: sympy.Expr = 1) -> Series:
    """`state` is `weight` times the sum of all past `of`, each multiplied by `decay` at every later step."""
    return Series(state, *map(sympy.sympify, (of, decay, weight)))


def unbiased(estimate: sympy.Symbol, *, of: sympy.Expr) -> Unbiased:
    """The expectation of `estimate` is that of `of`, at every t, for a stationary gradient."""
    return Unbiased(estimate, sympy.sympify(of))


def equals(
    other: Optimizer,
    *,
    hyper: Mapping[str, sympy.Expr] | None = None,
    state: Mapping[str, sympy.Expr] | None = None,
    constant: tuple[Hyper, ...] = (),
) -> Equals:
    """This rule and `other` are one algorithm under the map of hyperparameters and state.

    The names on the left are `other`'s, the expressions on the right are in this rule's symbols.
    With `constant`, those hyperparameters keep their value from step to step; then it is also shown
    that the condition is needed.
    """
    return Equals(other, _sympified(hyper), _sympified(state), {}, constant)


def reduces_to(
    other: Optimizer,
    at: Mapping[Hyper, sympy.Expr],
    *,
    hyper: Mapping[str, sympy.Expr] | None = None,
    state: Mapping[str, sympy.Expr] | None = None,
) -> Equals:
    """With the hyperparameters fixed as in `at`, this rule is `other`."""
    return Equals(other, _sympified(hyper), _sympified(state), _sympified(at), ())


def identity(left: sympy.Expr, right: sympy.Expr) -> Identity:
    """Two expressions in the symbols of the rule are equal at every step."""
    return Identity(sympy.sympify(left), sympy.sympify(right))


def fixed_point() -> FixedPoint:
    """Zero gradients never move `w`."""
    return FixedPoint()


def _sympified(mapping):
    return {key: sympy.sympify(value) for key, value in (mapping or {}).items()}
