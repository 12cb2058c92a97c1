"""What the rule of an optimizer may say of itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar

import sympy

from ..spec.domain import Domain
from ..spec.language import PARAMETER, STEP, Hyper, Optimizer
from .base import Claim, Finding, no_state, still, sympified, unsaid


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
        yield from no_state(self, self.state, optimizer)


def ema(state: sympy.Symbol, *, of: sympy.Expr, decay: sympy.Expr) -> Series:
    """`state` is the exponential moving average of `of`: a geometric series with weights `1 - decay`."""
    return Series(state, sympy.sympify(of), sympy.sympify(decay), 1 - sympy.sympify(decay), name="ema")


def series(state: sympy.Symbol, *, of: sympy.Expr, decay: sympy.Expr = 1, weight: sympy.Expr = 1) -> Series:
    """`state` is `weight` times the sum of all past `of`, each multiplied by `decay` at every later step."""
    return Series(state, *map(sympy.sympify, (of, decay, weight)))


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
        yield from no_state(self, self.state, optimizer)


def max_series(state: sympy.Symbol, *, of: sympy.Expr, decay: sympy.Expr) -> MaxSeries:
    """`state` is the largest of all past `of`, each multiplied by `decay` at every later step."""
    return MaxSeries(state, sympy.sympify(of), sympy.sympify(decay))


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


def unbiased(estimate: sympy.Symbol, *, of: sympy.Expr) -> Unbiased:
    """The expectation of `estimate` is that of `of`, at every t, for a stationary gradient."""
    return Unbiased(estimate, sympy.sympify(of))


@dataclass(frozen=True)
class Equals(Claim):
    """Every run of this rule is a run of `other`: the same `w` at every t.

    `hyper` and `state` give `other`'s hyperparameters and states, by name, in the symbols of this
    rule; what they leave out goes by the same name. `at` fixes hyperparameters of this rule.
    `constant` names those that may not change from step to step, `where` says of which others it is said.
    """

    of_steps: ClassVar[bool] = True

    other: Optimizer
    hyper: Mapping[str, sympy.Expr] = field(default_factory=dict)
    state: Mapping[str, sympy.Expr] = field(default_factory=dict)
    at: Mapping[Hyper, sympy.Expr] = field(default_factory=dict)
    constant: tuple[Hyper, ...] = ()
    where: tuple[sympy.Basic, ...] = ()

    @property
    def label(self) -> str:
        return f"equals {self.other.name}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        maps = (*self.hyper.values(), *self.state.values(), *self.at.values())
        return (*maps, *self.at, *self.constant, *self.where)

    def conditions(self) -> tuple[sympy.Basic, ...]:
        return self.where

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from super().problems(optimizer)
        yield from still(self, self.other)
        yield from self._out_of_place(optimizer)
        hypers, states = ({s.name for s in group} for group in (self.other.hypers, self.other.state))
        for given, known, what in ((self.hyper, hypers, "hyperparameter"), (self.state, states, "state")):
            for name in given:
                if name not in known:
                    yield (
                        f"{self.label}: {self.other.name} has no {what} {name}",
                        f"it has {' '.join(sorted(known)) or 'none'}",
                    )
        own = {s.name for s in (*optimizer.hypers, *optimizer.state)}
        yield from unsaid(self, self.other.name, ((hypers - set(self.hyper)) | (states - set(self.state))) - own)

    def _out_of_place(self, optimizer: Optimizer) -> Iterator[Finding]:
        """What a map reads that it cannot know, and numbers that hyperparameters cannot be."""
        own = {h.name: h for h in optimizer.hypers}
        known = {*own, STEP}
        maps = [*((name, v, known) for name, v in self.hyper.items()), *((str(c), c, set(own)) for c in self.where)]
        free = set(own) - {h.name for h in self.at}
        maps += [(str(h), v, free) for h, v in self.at.items()]
        maps += [(name, v, {*known, PARAMETER, *(s.name for s in optimizer.state)}) for name, v in self.state.items()]
        for name, value, allowed in maps:
            for symbol in sorted({s.name for s in value.free_symbols} - allowed):
                yield f"{self.label}: {name} depends on {symbol}", f"write it with {' '.join(sorted(allowed))}"
        for hyper, value in self.at.items():
            found = own.get(hyper.name)
            if found is None:
                yield f"{self.label}: {hyper} is no hyperparameter of {optimizer.name}", "leave it out of `at`"
            elif value.is_Rational and Fraction(value) not in _domain(found):
                fact = f"{self.label}: {hyper} = {value} is outside of its domain, {found.domain}"
                yield fact, f"fix {hyper} at a number that {optimizer.name} allows"


def _domain(hyper: Hyper) -> Domain:
    """The domain of a hyperparameter; one that nobody can read, which is said elsewhere, excludes nothing."""
    try:
        return hyper.allowed
    except ValueError:
        return Domain()


def equals(
    other: Optimizer,
    *,
    hyper: Mapping[str, sympy.Expr] | None = None,
    state: Mapping[str, sympy.Expr] | None = None,
    constant: tuple[Hyper, ...] = (),
    where: tuple[sympy.Basic, ...] = (),
) -> Equals:
    """This rule and `other` are one algorithm under the map of hyperparameters and state.

    The names on the left are `other`'s, the expressions on the right are in this rule's symbols.
    With `constant`, those hyperparameters keep their value from step to step; then it is also shown
    that the condition is needed. The hyperparameters that the map gives have to lie in `other`'s domains;
    if they do so only for some of this rule, comparisons `where` say for which: `where=(beta <= alpha,)`.
    """
    return Equals(other, sympified(hyper), sympified(state), {}, constant, tuple(map(sympy.sympify, where)))


def reduces_to(
    other: Optimizer,
    at: Mapping[Hyper, sympy.Expr],
    *,
    hyper: Mapping[str, sympy.Expr] | None = None,
    state: Mapping[str, sympy.Expr] | None = None,
    constant: tuple[Hyper, ...] = (),
) -> Equals:
    """With the hyperparameters fixed as in `at`, this rule is `other`. The rest is as in `equals`."""
    return Equals(other, sympified(hyper), sympified(state), sympified(at), constant)


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

    def extra_symbols(self) -> frozenset[str]:
        return frozenset(s.name for value in self.given.values() for s in value.free_symbols)


def identity(
    left: sympy.Expr, right: sympy.Expr, *, given: Mapping[sympy.Symbol, sympy.Expr] | None = None
) -> Identity:
    """Two expressions in the symbols of the rule are equal at every step.

    `given` says what the gradient or states are, in this order, if the identity does not hold for all that they
    may be: {g: h * w} is the gradient of a quadratic of curvature h.
    """
    return Identity(sympy.sympify(left), sympy.sympify(right), sympified(given))


@dataclass(frozen=True)
class FixedPoint(Claim):
    """From the initial state, zero gradients leave `w` where it is, for all t."""

    of_steps: ClassVar[bool] = True

    @property
    def label(self) -> str:
        return "fixed point"


def fixed_point() -> FixedPoint:
    """Zero gradients never move `w`."""
    return FixedPoint()


@dataclass(frozen=True)
class FirstStep(Claim):
    """The first step moves `w` by `by`."""

    of_steps: ClassVar[bool] = True

    by: sympy.Expr

    @property
    def label(self) -> str:
        return "first step"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.by,)


def first_step(by: sympy.Expr) -> FirstStep:
    """From the initial state, the first step adds `by` to `w`."""
    return FirstStep(sympy.sympify(by))


@dataclass(frozen=True)
class Descends(Claim):
    """The first step does not go up the gradient."""

    of_steps: ClassVar[bool] = True

    @property
    def label(self) -> str:
        return "descends"


def descends() -> Descends:
    """From the initial state, the first step times the gradient is not positive."""
    return Descends()


@dataclass(frozen=True)
class Monotone(Claim):
    """`value`, a state or what is computed from it, never decreases."""

    value: sympy.Symbol

    @property
    def label(self) -> str:
        return f"monotone {self.value}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.value,)


def monotone(value: sympy.Symbol) -> Monotone:
    """A state (or what is computed from it) never decreases from step to step."""
    return Monotone(value)


@dataclass(frozen=True)
class NonNegative(Claim):
    """`value`, an expression in the states, is at least zero after every step."""

    value: sympy.Expr

    @property
    def label(self) -> str:
        return f"non-negative {self.value}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.value,)


def nonnegative(value: sympy.Expr) -> NonNegative:
    """An expression in the states is at least zero in exact arithmetic, after every step."""
    return NonNegative(sympy.sympify(value))


@dataclass(frozen=True)
class StepBound(Claim):
    """The step has a bound that holds for all gradients, which is derived."""

    of_steps: ClassVar[bool] = True

    @property
    def label(self) -> str:
        return "step bound"


def step_bound() -> StepBound:
    """The step has a bound for all sequences of gradients. It is derived, with its limit and what attains it."""
    return StepBound()


@dataclass(frozen=True)
class Additive(Claim):
    """From the initial state, the step of a sum of gradients is the sum of their steps.

    With `common`, values of a step, those of the sum of gradients are taken for its parts, too.
    """

    of_steps: ClassVar[bool] = True

    common: tuple[sympy.Symbol, ...] = ()

    @property
    def label(self) -> str:
        return f"additive for a common {' '.join(map(str, self.common))}" if self.common else "additive"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return self.common

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from super().problems(optimizer)
        targets = [step.target for step in optimizer.steps if step.target.name != f"{PARAMETER}_new"]
        for symbol in self.common:
            if symbol not in targets:
                yield f"{self.label}: no step gives {symbol}", f"these do: {' '.join(map(str, targets)) or 'none'}"


def additive(*, common: sympy.Symbol | tuple[sympy.Symbol, ...] = ()) -> Additive:
    """The step is additive in the gradient: steps over parts of a batch add up to the step over the batch.

    `common` names what the parts share, such as the denominator `new(v)`: then it is that of the whole batch.
    """
    return Additive(common if isinstance(common, tuple) else (common,))


@dataclass(frozen=True)
class Averages(Claim):
    """From the initial state, the step of the mean of gradients is the mean of their steps."""

    of_steps: ClassVar[bool] = True

    @property
    def label(self) -> str:
        return "averages"


def averages() -> Averages:
    """The step over the mean of the gradients of a batch is the mean of the steps over its parts, however many."""
    return Averages()


@dataclass(frozen=True)
class BatchVariance(Claim):
    """The first step over the mean of K independent gradients has 1/K of the variance of that over one."""

    of_steps: ClassVar[bool] = True

    @property
    def label(self) -> str:
        return "variance of a batch"


def batch_variance() -> BatchVariance:
    """A batch of K has 1/K of the variance of one gradient, and so has the step that is made of it.

    The gradients are independent and identically distributed, with a variance, and everything else is given.
    """
    return BatchVariance()


@dataclass(frozen=True)
class Drift(Claim):
    """What two steps in a row gain on two steps whose gradients are both taken at the frozen starting point.

    The losses are quadratic. `by` may use `g1`, the first gradient, and `h2`, the curvature of the second loss.
    """

    of_steps: ClassVar[bool] = True

    by: sympy.Expr

    @property
    def label(self) -> str:
        return "drift"

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from still(self, optimizer)
        yield from _taken(self, ("g1", "h2"), optimizer)
        known = {"g1", "h2", *(h.name for h in optimizer.hypers)}
        for symbol in sorted(self.by.free_symbols, key=str):
            if symbol.name not in known:
                yield f"{self.label}: {symbol} has no meaning here", f"these have: {' '.join(sorted(known))}"


def _taken(claim: Claim, extra_symbols: Iterable[str], rule: Optimizer) -> Iterator[Finding]:
    """Hyperparameters and states with a name by which the claim itself means something else."""
    for name in sorted({s.name for s in (*rule.hypers, *rule.state)} & set(extra_symbols)):
        yield f"{claim.label}: {name} is a name of the rule's own here", "give the rule's another name"


def drift(by: sympy.Expr) -> Drift:
    """Two steps in a row end `by` away from the sum of two steps at a frozen point, if the losses are quadratic.

    `by` is an expression in the first gradient `g1`, the curvature `h2` of the second loss, and hyperparameters.
    """
    return Drift(sympy.sympify(by))


@dataclass(frozen=True)
class PartsDrift(Claim):
    """What any number of steps in a row gain on as many steps with the gradients of the frozen starting point.

    The losses are quadratic. A step moves `w` by `rate` against its gradient.
    """

    of_steps: ClassVar[bool] = True

    rate: sympy.Expr

    @property
    def label(self) -> str:
        return "drift of parts"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.rate,)

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from super().problems(optimizer)
        yield from _taken(self, ("h",), optimizer)
        known = {STEP, *(h.name for h in optimizer.hypers)}
        for symbol in sorted(self.rate.free_symbols, key=str):
            if symbol.name not in known:
                yield f"{self.label}: {symbol} has no meaning here", f"these have: {' '.join(sorted(known))}"
        if optimizer.gradient_at is not None:
            yield (
                f"{self.label}: {optimizer.name} takes its gradient elsewhere than at w",
                "say it of a rule that does not",
            )


def parts_drift(rate: sympy.Expr) -> PartsDrift:
    """Steps over the parts of a batch, one after the other, end this far from the step over the batch.

    With quadratic losses of gradients g[i] at the starting point and curvatures h[i], t steps end
    sum(rate[i] * g[i] * (1 - prod(1 - rate[j] * h[j], j=i+1..t)), i=1..t) away from t steps at the frozen point:
    exactly that, and but for products of two curvatures the sum of rate[i] * rate[j] * g[i] * h[j] over all i < j.
    `rate` is an expression in hyperparameters and t.
    """
    return PartsDrift(sympy.sympify(rate))


@dataclass(frozen=True)
class Scales(Claim):
    """Units: multiply every name by its factor, and what the step computes is multiplied by its own."""

    of_steps: ClassVar[bool] = True

    factors: Mapping[str, sympy.Expr]
    at: Mapping[Hyper, sympy.Expr]

    @property
    def label(self) -> str:
        return "units"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return tuple(self.at)

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from super().problems(optimizer)
        yield from _taken(self, ("W", "G"), optimizer)  # what units are called in a proof


def scales(factors: Mapping[str, str], at: Mapping[Hyper, sympy.Expr] | None = None) -> Scales:
    """The rule is consistent in units: `factors` gives the unit of every name in `w` and `g`.

    A unit is written as an expression in the units of the weights and of the gradient, such as
    {"v": g**2}; a name that is left out has none. `at` fixes hyperparameters.
    """
    return Scales(sympified(factors), sympified(at))


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


def fails(claim: Claim, because: str) -> Fails:
    """`claim` is false of this rule, which is worth knowing."""
    return Fails(claim, because)


@dataclass(frozen=True)
class Slip(Claim):
    """A rule as a source prints it, which is no entry of its own, and what is true of it."""

    rule: Optimizer
    claim: Claim

    @property
    def label(self) -> str:
        return f"slip {self.rule.name}: {self.claim.label}"

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        if self.rule.claims:
            yield f"slip {self.rule.name}: it has claims of its own", "say them with slip(...) of the rule beside it"


def slip(rule: Optimizer, claim: Claim) -> Slip:
    """What is true of `rule`, a slip of a source that stands beside the sound rule for comparison.

    No code is made from it. Assign it to a name that begins with an underscore.
    """
    return Slip(rule, claim)
