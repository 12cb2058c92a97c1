"""What a monitor may say of itself.

A report is any number, infinite or NaN, unless what is given of it says otherwise: a comparison with NaN does not hold.
Of a monitor that reads `training` a report is two of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import sympy
from sympy.core.relational import Relational

from ..spec.rules import Monitor
from ..spec.symbols import METRIC, TRAINING, Hyper, Scalar
from .base import Claim, Finding, sympified, unknown, unsaid

__all__ = ["agrees", "always", "cycle", "flag", "invariant", "on_nan", "running_minimum", "theirs"]


@dataclass(frozen=True)
class MonitorClaim(Claim):
    """Base of all claims about monitors.

    `given` are comparisons that are assumed of the hyperparameters and of every metric; `at` fixes
    hyperparameters.
    """

    applies_to = Monitor

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
        return {METRIC, *monitor.hears, "t", *targets, *(s.name for s in (*monitor.state, *monitor.hypers))}

    def given_names(self, monitor: Monitor) -> set[str]:
        """The names of which something may be given."""
        return {METRIC, *monitor.hears, *(h.name for h in monitor.hypers)}

    def problems(self, monitor: Monitor) -> Iterator[Finding]:
        """What makes the claim meaningless for `monitor`."""
        expressions = (*self.expressions(), *self.given, *self.at, *self.at.values())
        yield from unknown(self, expressions, self.own_names(monitor), "monitor")
        for condition in self.given:
            if not all(isinstance(part, Relational) for part in sympy.And.make_args(condition)):
                yield f"{self.label}: {condition} is not a comparison", "give comparisons, one after the other"
            elif any(symbol.name not in self.given_names(monitor) for symbol in condition.free_symbols):
                yield f"{self.label}: {condition} is not given, it has to be shown", "claim it with invariant()"
        for hyper, value in self.at.items():
            if not isinstance(hyper, Hyper):
                yield f"{self.label}: {hyper} is no hyperparameter", "fix hyperparameters"
            elif not value.is_Rational:
                yield f"{self.label}: {hyper} = {value} is not a number", "fix hyperparameters at numbers"
            elif Fraction(value) not in hyper.allowed:
                yield f"{self.label}: {hyper} = {value} is not allowed", f"it needs {hyper.condition}"

    def says(self, condition: sympy.Basic) -> Iterator[Finding]:
        """Whether `condition` is no constant: to SymPy, which takes symbols for numbers, `a <= b or a > b` is true."""
        if not condition.free_symbols:
            yield f"{self.label}: it is {condition} whatever is reported", "compare what is reported and what is kept"

    def kept(self, monitor: Monitor, conditions: Iterable[sympy.Basic]) -> Iterator[Finding]:
        """What in `conditions` is not kept from report to report."""
        names = {s.name for s in (*monitor.state, *monitor.hypers)}
        for symbol in sorted({s for c in conditions for s in c.free_symbols}, key=str):
            if symbol.name not in names:
                yield f"{self.label}: {symbol} is not kept", f"an invariant is about {' '.join(sorted(names))}"


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
        yield from self.says(self.condition)
        yield from self.kept(monitor, (self.condition,))


def invariant(
    condition: sympy.Basic, *, given: Iterable[sympy.Basic] = (), at: Mapping[Hyper, sympy.Expr] | None = None
) -> Invariant:
    """A condition on the states that holds before the first report and after every one."""
    return Invariant(condition, given=tuple(given), at=sympified(at))


def flag(state: Scalar) -> Invariant:
    """The state is 0 or 1."""
    return invariant(sympy.Or(sympy.Eq(state, 0), sympy.Eq(state, 1)))


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

    def problems(self, monitor: Monitor) -> Iterator[Finding]:
        yield from super().problems(monitor)
        yield from self.says(self.condition)
        yield from self.kept(monitor, self.knowing)


def always(
    condition: sympy.Basic,
    *,
    knowing: Iterable[sympy.Basic] = (),
    given: Iterable[sympy.Basic] = (),
    at: Mapping[Hyper, sympy.Expr] | None = None,
) -> Always:
    """A condition on states before (`s`) and after (`new(s)`) a report, its metric and its steps."""
    return Always(condition, tuple(knowing), given=tuple(given), at=sympified(at))


@dataclass(frozen=True)
class RunningMinimum(MonitorClaim):
    """After every report, `state` is the least metric so far, NaN left out, and oo if there is none."""

    state: Scalar

    @property
    def label(self) -> str:
        return f"running minimum {self.state}{self.where}"

    def expressions(self) -> tuple[sympy.Basic, ...]:
        return (self.state,)


def running_minimum(state: Scalar, *, at: Mapping[Hyper, sympy.Expr] | None = None) -> RunningMinimum:
    """The state is the least of all metrics so far."""
    return RunningMinimum(state, at=sympified(at))


@dataclass(frozen=True)
class Cycle(MonitorClaim):
    """If every report is `metric`, the states after report `first + k * length + j` are `after`.

    `training` is what is reported of the training data, to a monitor that hears it. j runs from 0 to length - 1, k
    over all whole numbers from 0. `first` is 0 or 1. If `length` depends on k, `k * length` is the sum of the
    lengths before.
    """

    after: Mapping[Scalar, sympy.Expr]
    length: sympy.Expr
    metric: sympy.Expr
    first: int
    training: sympy.Expr | None = None

    @property
    def heard(self) -> tuple[sympy.Expr, ...]:
        """What every report is."""
        return (self.metric,) if self.training is None else (self.metric, self.training)

    @property
    def own(self) -> set[str]:
        """The names of what every report is made of."""
        return {s.name for value in self.heard for s in value.free_symbols}

    @property
    def label(self) -> str:
        return f"cycle {' '.join(map(str, self.after))}{self.where}"

    def expressions(self) -> tuple[sympy.Basic, ...]:
        return (*self.after, *self.after.values(), self.length)

    def own_names(self, monitor: Monitor) -> set[str]:
        return super().own_names(monitor) | {"j", "k"} | self.own

    def given_names(self, monitor: Monitor) -> set[str]:
        return ({h.name for h in monitor.hypers} | self.own) - {METRIC, TRAINING}

    def problems(self, monitor: Monitor) -> Iterator[Finding]:
        yield from super().problems(monitor)
        for state in monitor.state:
            if state not in self.after:
                yield f"{self.label}: it does not say what {state} is", "the states follow only from all of them"
        hypers = {h.name for h in monitor.hypers}
        for name in sorted(hypers & {"j", "k"}):
            yield f"{self.label}: {name} is a hyperparameter here", "give the hyperparameter another name"
        if (self.training is not None) is not (TRAINING in monitor.hears):
            fact, remedy = "does not say what is reported of the training data", "add training=..."
            if self.training is not None:
                fact, remedy = "speaks of the training data, of which the monitor hears nothing", "drop training=..."
            yield f"{self.label}: it {fact}", remedy
        changing = {
            METRIC,
            TRAINING,
            "t",
            "j",
            "k",
            *(s.name for s in monitor.state),
            *(s.target.name for s in monitor.steps),
        }
        mine = self.own
        for value in self.heard:
            for symbol in sorted({s.name for s in value.free_symbols} & changing):
                yield f"{self.label}: the metric {value} changes with {symbol}", "every report is the same"
        places = [(self.length, {"k"}), *((value, {"j", "k"}) for value in self.after.values())]
        for value, counts in places:
            for name in sorted({s.name for s in value.free_symbols} - hypers - mine - counts):
                yield f"{self.label}: {value} depends on {name}", "say it in hyperparameters, j and k"


def cycle(
    after: Mapping[Scalar, sympy.Expr],
    *,
    length: sympy.Expr,
    metric: sympy.Expr = sympy.Symbol("level", real=True),  # noqa: B008 - a symbol does not change
    training: sympy.Expr | None = None,
    first: int = 1,
    given: Iterable[sympy.Basic] = (),
    at: Mapping[Hyper, sympy.Expr] | None = None,
) -> Cycle:
    """What becomes of the states on flat metrics: after report `first + k * length + j` they are `after`."""
    heard = sympy.sympify(metric), None if training is None else sympy.sympify(training)
    own, length = sympified(after), sympy.sympify(length)
    return Cycle(own, length, heard[0], first, heard[1], given=tuple(given), at=sympified(at))


@dataclass(frozen=True)
class OnNan(MonitorClaim):
    """A report of NaN leaves the states as in `after`."""

    after: Mapping[Scalar, sympy.Expr]

    @property
    def label(self) -> str:
        return f"NaN {' '.join(map(str, self.after))}"

    def expressions(self) -> tuple[sympy.Basic, ...]:
        return (*self.after, *self.after.values())


def on_nan(after: Mapping[Scalar, sympy.Expr]) -> OnNan:
    """What a report of NaN leaves in the states."""
    return OnNan(sympified(after))


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
        yield from unsaid(self, self.other.name, hypers - set(self.hyper) - own)
        mine = own | {s.name for s in monitor.state}
        yours = {theirs(s).name for s in self.other.state}
        for name in sorted(mine & yours):
            yield f"{self.label}: {name} is a name of the monitor's own", "give it another name"
        if TRAINING in self.other.hears and TRAINING not in monitor.hears:
            yield f"{self.label}: it hears nothing of the training data, as {self.other.name} does", "drop the claim"
        places = [(self.relation, mine | yours), (self.metric, {METRIC, *monitor.hears, *own})]
        for value, known in (*places, *((v, own) for v in self.hyper.values())):
            for name in sorted({s.name for s in value.free_symbols} - known):
                yield f"{self.label}: {name} has no place in {value}", f"it may speak of {' '.join(sorted(known))}"


def agrees(
    other: Monitor,
    *,
    relation: sympy.Basic,
    hyper: Mapping[str, sympy.Expr] | None = None,
    metric: sympy.Expr | None = None,
    given: Iterable[sympy.Basic] = (),
    at: Mapping[Hyper, sympy.Expr] | None = None,
) -> Agrees:
    """This monitor and `other` tell the same at all times, under the map of hyperparameters and metric."""
    heard = sympy.Symbol(METRIC, real=True) if metric is None else metric
    return Agrees(other, sympified(hyper), relation, heard, given=tuple(given), at=sympified(at))


def theirs(state: Scalar) -> Scalar:
    """The state of the other monitor in `agrees`."""
    return Scalar(f"{state.name}_other")
