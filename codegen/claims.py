"""What a spec may say about itself. A claim is data; `codegen.prove` decides it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar

import sympy

from codegen import domain
from codegen.spec import METRIC, Array, Hyper, Layer, Monitor, Optimizer, Scalar, Schedule, Stage

Finding = tuple[str, str]  # fact, remedy


@dataclass(frozen=True)
class Claim:
    """Base of all claims. `said_of` is the kind of rule that it may be said of."""

    said_of: ClassVar[type] = Optimizer

    @property
    def label(self) -> str:
        """The name under which results are listed."""
        raise NotImplementedError

    def expressions(self) -> tuple[sympy.Expr, ...]:
        """What the claim says in the symbols of its own rule."""
        return ()

    def brought(self) -> frozenset[str]:
        """The names of symbols that the claim brings itself."""
        return frozenset()

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        """What makes the claim meaningless for `optimizer`."""
        known = {*optimizer.given, *(s.name for s in optimizer.state), *(h.name for h in optimizer.hypers)}
        known |= {step.target.name for step in optimizer.steps} | self.brought()
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
    """`left = right` at every step, whatever the state and the gradient.

    `given` says what some of them are, such as the gradient of a quadratic at `w`; it may bring its own symbols.
    """

    left: sympy.Expr
    right: sympy.Expr
    given: Mapping[sympy.Symbol, sympy.Expr] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return f"identity {self.left}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.left, self.right, *self.given, *self.given.values())

    def brought(self) -> frozenset[str]:
        return frozenset(s.name for value in self.given.values() for s in value.free_symbols)


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
class Averages(Claim):
    """From the initial state, the step of the mean of gradients is the mean of their steps."""

    @property
    def label(self) -> str:
        return "averages"


@dataclass(frozen=True)
class Drift(Claim):
    """What two steps in a row gain on two steps whose gradients are both taken at the frozen starting point.

    The losses are quadratic. `by` may use `g1`, the first gradient, and `h2`, the curvature of the second loss.
    """

    by: sympy.Expr

    @property
    def label(self) -> str:
        return "drift"

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        known = {"g1", "h2", *(h.name for h in optimizer.hypers)}
        for symbol in sorted(self.by.free_symbols, key=str):
            if symbol.name not in known:
                yield f"{self.label}: {symbol} has no meaning here", f"these have: {' '.join(sorted(known))}"


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
class StepBound(Claim):
    """The step has a bound that holds for all gradients, which is derived."""

    @property
    def label(self) -> str:
        return "step bound"


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

    said_of = Schedule

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


# What a stage of a pipeline may say of itself.


@dataclass(frozen=True)
class StageClaim(Claim):
    """Base of all claims about stages."""

    said_of = Stage


@dataclass(frozen=True)
class Neutral(StageClaim):
    """The stage changes neither `g` nor `w`, with the values `at`, or where the comparison `when` holds."""

    at: Mapping[sympy.Symbol, sympy.Expr] = field(hash=False)
    when: sympy.Basic | None

    @property
    def label(self) -> str:
        at = ", ".join(f"{symbol} = {value}" for symbol, value in self.at.items())
        return f"neutral {at or self.when}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (*self.at, *self.at.values(), *(() if self.when is None else self.when.args))


@dataclass(frozen=True)
class Repeats(StageClaim):
    """Two runs of the stage give what one gives, or, of an `involution`, what none gives."""

    involution: bool

    @property
    def label(self) -> str:
        return "involution" if self.involution else "idempotent"


@dataclass(frozen=True)
class Commutes(StageClaim):
    """This stage and then the `other`, less the `other` and then this one, is `difference`, by default zero."""

    other: Stage
    difference: Mapping[sympy.Symbol, sympy.Expr] = field(hash=False)

    @property
    def label(self) -> str:
        return f"commutes {self.other.name}"

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        for symbol in self.difference:
            if symbol.name not in optimizer.writes:
                yield f"{self.label}: {symbol} is neither g nor w", "say what the difference in g or in w is"


@dataclass(frozen=True)
class Moments(StageClaim):
    """`value` has this mean and this variance over the noise."""

    value: sympy.Symbol
    mean: sympy.Expr
    variance: sympy.Expr

    @property
    def label(self) -> str:
        return f"moments {self.value}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.value, self.mean, self.variance)


@dataclass(frozen=True)
class WeightedMean(Claim):
    """`state[t] = sum(weight * decay**(t-i) * of[i], i=1..t) / total[t]`, and the weights add up to `total`."""

    state: sympy.Symbol
    of: sympy.Expr
    decay: sympy.Expr
    weight: sympy.Expr
    total: sympy.Expr

    @property
    def label(self) -> str:
        return f"weighted mean {self.state}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.of, self.decay, self.weight, self.total)

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from super().problems(optimizer)
        yield from _state_problem(self, self.state, optimizer)


@dataclass(frozen=True)
class CycleMean(StageClaim):
    """While `count` goes from 0 to `over` - 1 and around, `state` sums up g; at the end g is their mean."""

    state: sympy.Symbol
    count: sympy.Symbol
    over: sympy.Expr

    @property
    def label(self) -> str:
        return f"mean over {self.over}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.state, self.count, self.over)


def neutral(*, at: Mapping[sympy.Symbol, sympy.Expr] | None = None, when: sympy.Basic | None = None) -> Neutral:
    """The stage does nothing: for the values `at`, or where the comparison `when` holds."""
    return Neutral(_sympified(at or {}), when)


def idempotent() -> Repeats:
    """To run the stage twice is to run it once."""
    return Repeats(False)


def involution() -> Repeats:
    """To run the stage twice is to leave it out."""
    return Repeats(True)


def commutes(other: Stage, *, difference: Mapping[sympy.Symbol, sympy.Expr] | None = None) -> Commutes:
    """The order of the two stages does not matter, or makes this difference (this one first, less the other first).

    A hyperparameter that both have is `of_other(hyper)` where that of the other is meant.
    """
    return Commutes(other, _sympified(difference or {}))


def of_other(hyper: Hyper) -> Hyper:
    """The other stage's hyperparameter of the same name."""
    return Hyper(f"other_{hyper.name}", **dict(hyper.role))


def moments(value: sympy.Symbol, *, mean: sympy.Expr, variance: sympy.Expr) -> Moments:
    """The mean and the variance of `value` over the noise."""
    return Moments(value, sympy.sympify(mean), sympy.sympify(variance))


def weighted_mean(
    state: sympy.Symbol, *, of: sympy.Expr, decay: sympy.Expr, weight: sympy.Expr, total: sympy.Expr
) -> WeightedMean:
    """`state` is the mean of all values of `of` so far with the weights `weight * decay**age`, whose sum is `total`."""
    return WeightedMean(state, *map(sympy.sympify, (of, decay, weight, total)))


def cycle_mean(state: sympy.Symbol, *, count: sympy.Symbol, over: sympy.Expr) -> CycleMean:
    """Once in `over` runs, the stage lets the mean of the last `over` gradients through."""
    return CycleMean(state, count, sympy.sympify(over))


# What a layer may say of itself.


@dataclass(frozen=True)
class LayerClaim(Claim):
    """Base of all claims about layers, in training."""

    said_of = Layer

    def problems(self, layer: Layer) -> Iterator[Finding]:
        """What makes the claim meaningless for `layer`."""
        values = {layer.input.name, layer.output.name, *(s.name for s in layer.parameters)}
        known = values | {f"d{name}" for name in values} | {s.name for s in layer.state} | {"m"}
        known |= {step.target.name for step in layer.steps} | {h.name for h in layer.hypers}
        for symbol in sorted({s for e in self.expressions() for s in e.free_symbols}, key=str):
            if symbol.name not in known:
                yield f"{self.label}: the layer has no {symbol}", f"it has {' '.join(sorted(known))}"


@dataclass(frozen=True)
class Holds(LayerClaim):
    """`left = right` for every batch, where the values of hyperparameters may be fixed by `at`."""

    left: sympy.Expr
    right: sympy.Expr
    at: Mapping[Hyper, sympy.Expr]

    @property
    def label(self) -> str:
        return f"{self.left} = {self.right}{''.join(f' at {h} = {v}' for h, v in self.at.items())}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.left, self.right, *self.at)


@dataclass(frozen=True)
class Gradient(LayerClaim):
    """The gradient of the loss by `of`, the input or a parameter, is `value`."""

    of: Array
    value: sympy.Expr

    @property
    def label(self) -> str:
        return f"gradient d{self.of}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.of, self.value)

    def problems(self, layer: Layer) -> Iterator[Finding]:
        yield from super().problems(layer)
        if self.of not in (layer.input, *layer.parameters):
            names = " ".join(map(str, (layer.input, *layer.parameters)))
            yield f"{self.label}: {self.of} is neither input nor parameter", f"there are {names}"


@dataclass(frozen=True)
class RunningAverage(LayerClaim):
    """After the batches 1..t, `state` is `decay**t * start + (1 - decay) * sum(decay**(t-i) * of_i, i=1..t)`."""

    state: sympy.Symbol
    of: sympy.Expr
    decay: sympy.Expr

    @property
    def label(self) -> str:
        return f"ema {self.state}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.of, self.decay)

    def problems(self, layer: Layer) -> Iterator[Finding]:
        yield from super().problems(layer)
        if self.state not in layer.state:
            yield f"{self.label}: {self.state} is not a state", f"the states are {' '.join(map(str, layer.state))}"


@dataclass(frozen=True)
class ConvertsTo(LayerClaim):
    """This layer and `other` agree, once `other`'s hyperparameters are `hyper`.

    The outputs are equal as they stand; the new states are equal, if the steps of `other` that `given`
    names take the values that it gives in the symbols of this layer.
    """

    other: Layer
    hyper: Mapping[str, sympy.Expr]
    given: Mapping[str, sympy.Expr]

    @property
    def label(self) -> str:
        return f"converts to {self.other.name}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (*self.hyper.values(), *self.given.values())

    def problems(self, layer: Layer) -> Iterator[Finding]:
        yield from super().problems(layer)
        hypers, steps = {h.name for h in self.other.hypers}, {s.target.name for s in self.other.steps}
        own = {h.name for h in layer.hypers}
        for name in sorted((set(self.hyper) - hypers) | (set(self.given) - steps)):
            yield f"{self.label}: {self.other.name} has no {name}", f"it has {' '.join(sorted(hypers | steps))}"
        for name in sorted(hypers - set(self.hyper) - own):
            yield f"{self.label}: it does not say what {self.other.name}'s {name} is", f"add {name}=... to the map"


def holds(left: sympy.Expr, right: sympy.Expr, *, at: Mapping[Hyper, sympy.Expr] | None = None) -> Holds:
    """`left = right` in training, for every batch. `at` fixes hyperparameters. `dx` is the gradient by `x`."""
    return Holds(sympy.sympify(left), sympy.sympify(right), _sympified(at))


def gradient(of: Array, value: sympy.Expr) -> Gradient:
    """The gradient of the loss by `of`, given that by the output `y`, which is `dy`."""
    return Gradient(of, sympy.sympify(value))


def running_average(state: sympy.Symbol, *, of: sympy.Expr, decay: sympy.Expr) -> RunningAverage:
    """`state` is the exponential moving average of `of` over the batches."""
    return RunningAverage(state, sympy.sympify(of), sympy.sympify(decay))


def converts_to(
    other: Layer, *, hyper: Mapping[str, sympy.Expr] | None = None, given: Mapping[str, sympy.Expr] | None = None
) -> ConvertsTo:
    """What `other`'s hyperparameters have to be for the same output, and what then differs in the states.

    The names on the left are `other`'s, the expressions on the right are in this layer's symbols.
    """
    return ConvertsTo(other, _sympified(hyper), _sympified(given))


# What a monitor may say of itself.


@dataclass(frozen=True)
class MonitorClaim(Claim):
    """Base of all claims about monitors.

    `given` are comparisons that are assumed of the hyperparameters and of every metric; `at` fixes
    hyperparameters.
    """

    said_of = Monitor

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


def starts_at(value: sympy.Expr) -> StartsAt:
    """The learning rate of the first step."""
    return StartsAt(sympy.sympify(value))


def ends_at(value: sympy.Expr, *, at: sympy.Expr) -> EndsAt:
    """The learning rate of step `at`, a whole number, and of all that follow."""
    return EndsAt(sympy.sympify(value), sympy.sympify(at))


def within(low: sympy.Expr, high: sympy.Expr) -> Within:
    """At every step the value is above `low` and at most `high`."""
    return Within(sympy.sympify(low), sympy.sympify(high))


def non_decreasing() -> NonDecreasing:
    """The value never falls from step to step."""
    return NonDecreasing()


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


def step_bound() -> StepBound:
    """The step has a bound for all sequences of gradients. It is derived, with its limit and what attains it."""
    return StepBound()


def additive() -> Additive:
    """The step is additive in the gradient: steps over parts of a batch add up to the step over the batch."""
    return Additive()


def averages() -> Averages:
    """The step over the mean of the gradients of a batch is the mean of the steps over its parts."""
    return Averages()


def drift(by: sympy.Expr) -> Drift:
    """Two steps in a row end `by` away from the sum of two steps at a frozen point, if the losses are quadratic.

    `by` is an expression in the first gradient `g1`, the curvature `h2` of the second loss, and hyperparameters.
    """
    return Drift(sympy.sympify(by))


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


def identity(
    left: sympy.Expr, right: sympy.Expr, *, given: Mapping[sympy.Symbol, sympy.Expr] | None = None
) -> Identity:
    """Two expressions in the symbols of the rule are equal at every step.

    `given` says what the gradient or states are, in this order, if the identity does not hold for all that they
    may be: {g: h * w} is the gradient of a quadratic of curvature h.
    """
    return Identity(sympy.sympify(left), sympy.sympify(right), _sympified(given))


def fixed_point() -> FixedPoint:
    """Zero gradients never move `w`."""
    return FixedPoint()


def _sympified(mapping):
    return {key: sympy.sympify(value) for key, value in (mapping or {}).items()}
