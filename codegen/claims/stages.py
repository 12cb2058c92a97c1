"""What a stage of a pipeline may say of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import sympy
from sympy.core.relational import Relational

from ..spec.rules import Optimizer, Stage
from ..spec.symbols import NOISE, Hyper
from .base import Claim, Finding, no_state, outside, sympified, unknown

__all__ = [
    "commutes",
    "cycle_mean",
    "idempotent",
    "involution",
    "moments",
    "neutral",
    "of_other",
    "returns",
    "weighted_mean",
]


@dataclass(frozen=True)
class StageClaim(Claim):
    """Base of all claims about stages."""

    applies_to = Stage


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

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from super().problems(optimizer)
        if (self.when is None) != bool(self.at):
            yield (
                f"{self.label}: either `at` or `when` says where that is",
                "write neutral(at={...}) or neutral(when=...)",
            )
        if self.when is not None and not isinstance(self.when, Relational):
            yield f"{self.label}: {self.when} is no comparison that may hold or not", "write one, such as length <= c"
        computed = {step.target.name for step in optimizer.steps}
        for symbol, value in self.at.items():
            if symbol.name in computed:
                yield f"{self.label}: {symbol} is computed", f"say where that is with when=Eq({symbol}, {value})"
        yield from outside(self, self.at, optimizer)


def neutral(*, at: Mapping[sympy.Symbol, sympy.Expr] | None = None, when: sympy.Basic | None = None) -> Neutral:
    """The stage does nothing: for the values `at`, or where the comparison `when` holds."""
    return Neutral(sympified(at), when)


@dataclass(frozen=True)
class Repeats(StageClaim):
    """Two runs of the stage give what one gives, or, of an `involution`, what none gives."""

    involution: bool

    @property
    def label(self) -> str:
        return "involution" if self.involution else "idempotent"


def idempotent() -> Repeats:
    """To run the stage twice is to run it once."""
    return Repeats(False)


def involution() -> Repeats:
    """To run the stage twice is to leave it out."""
    return Repeats(True)


@dataclass(frozen=True)
class Commutes(StageClaim):
    """This stage and then the `other`, less the `other` and then this one, is `difference`, by default zero."""

    other: Stage
    difference: Mapping[sympy.Symbol, sympy.Expr] = field(hash=False)

    @property
    def label(self) -> str:
        return f"commutes {self.other.name}"

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        known = {*optimizer.given, *(s.name for rule in (optimizer, self.other) for s in (*rule.hypers, *rule.state))}
        known |= {of_other(h).name for h in self.other.hypers if h in optimizer.hypers}
        known |= {s.name for step in self.other.steps for s in step.value.free_symbols}
        for symbol, value in self.difference.items():
            if symbol.name not in optimizer.writes:
                yield f"{self.label}: {symbol} is neither g nor w", "say what the difference in g or in w is"
            yield from unknown(self, (value,), known, "pair of stages")


def commutes(other: Stage, *, difference: Mapping[sympy.Symbol, sympy.Expr] | None = None) -> Commutes:
    """The order of the two stages does not matter, or makes this difference (this one first, less the other first).

    A hyperparameter that both have is `of_other(hyper)` where that of the other is meant.
    """
    return Commutes(other, sympified(difference))


def of_other(hyper: Hyper) -> Hyper:
    """The other stage's hyperparameter of the same name."""
    return Hyper(f"other_{hyper.name}", **dict(hyper.role))


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

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from super().problems(optimizer)
        for moment in (self.mean, self.variance):
            if NOISE in {s.name for s in moment.free_symbols}:
                yield f"{self.label}: {moment} has the noise in it", "say what is left once the mean over it is taken"


def moments(value: sympy.Symbol, *, mean: sympy.Expr, variance: sympy.Expr) -> Moments:
    """The mean and the variance of `value` over the noise."""
    return Moments(value, sympy.sympify(mean), sympy.sympify(variance))


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
        yield from no_state(self, self.state, optimizer)


def weighted_mean(
    state: sympy.Symbol, *, of: sympy.Expr, decay: sympy.Expr, weight: sympy.Expr, total: sympy.Expr
) -> WeightedMean:
    """`state` is the mean of all values of `of` so far with the weights `weight * decay**age`, whose sum is `total`."""
    return WeightedMean(state, *map(sympy.sympify, (of, decay, weight, total)))


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


def cycle_mean(state: sympy.Symbol, *, count: sympy.Symbol, over: sympy.Expr) -> CycleMean:
    """Once in `over` runs, the stage lets the mean of the last `over` gradients through."""
    return CycleMean(state, count, sympy.sympify(over))


@dataclass(frozen=True)
class Returns(StageClaim):
    """The rule steps from where the parameter was before the first phase of a step."""

    @property
    def label(self) -> str:
        return "returns"

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from super().problems(optimizer)
        if isinstance(optimizer, Stage) and optimizer.home is None:
            yield "returns: the stage has no home", "say in which state the parameter is kept: home=kept"


def returns() -> Returns:
    """A step in phases ends with the parameter where it began, whatever the gradients, and what is done in between."""
    return Returns()
