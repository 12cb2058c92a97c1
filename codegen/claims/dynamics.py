"""What a spec may say about its rule in motion: on a quadratic, and as the steps become small."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

import sympy

from ..spec.rules import Optimizer
from ..spec.symbols import Array, Hyper
from .base import Claim, Finding, sympified

#: The curvature of a quadratic, on which g = h * w, and the least and the greatest curvature.
h, h_min, h_max = (Array(name) for name in ("h", "h_min", "h_max"))

#: The standard deviation of noise in the gradient.
sigma = Array("sigma")


@dataclass(frozen=True)
class DynamicsClaim(Claim):
    """Base of all claims about a rule in motion."""

    of_steps: ClassVar[bool] = True

    def extra_symbols(self) -> frozenset[str]:
        return frozenset(s.name for s in (h, h_min, h_max))

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from super().problems(optimizer)
        own = (*optimizer.hypers, *optimizer.state, *(step.target for step in optimizer.steps))
        for name in sorted(self.extra_symbols() & {s.name for s in own}):
            yield f"{self.label}: {name} is a name of the rule's own here", "give the rule's another name"

    def positive(self, name: str, optimizer: Optimizer) -> Iterator[Finding]:
        """Whether the hyperparameter of this name is never above zero, so that bounds on it say nothing."""
        for hyper in optimizer.hypers:
            try:
                high = hyper.allowed.high
            except ValueError:  # said elsewhere
                continue
            if hyper.name == name and high is not None and high <= 0:
                yield f"{self.label}: {name} is never above zero", "say it of a rule with the sign in its step"


@dataclass(frozen=True)
class Stable(DynamicsClaim):
    """On a quadratic of curvature h, `w` goes to zero from every start exactly if `of` is below `below`.

    `of` is a hyperparameter or "h", the curvature itself, where that is what the conditions are simple in.
    States in which a step is not linear are frozen: constants that `below` may use by name.
    """

    label: ClassVar[str] = "stable"

    below: sympy.Expr
    of: str

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.below,)

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from super().problems(optimizer)
        names = [hyper.name for hyper in optimizer.hypers]
        if self.of not in (*names, h.name):
            yield f"{self.label}: the rule has no hyperparameter {self.of}", f"it has {' '.join(names)}"
        yield from self.positive(self.of, optimizer)


@dataclass(frozen=True)
class Damping(DynamicsClaim):
    """On a quadratic of curvature h, the roots of a step have this `product`."""

    label: ClassVar[str] = "damping"

    product: sympy.Expr

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.product,)


@dataclass(frozen=True)
class OfRate(DynamicsClaim):
    """Base of claims about what `of`, the learning rate or what takes its place, does."""

    of: Hyper

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from super().problems(optimizer)
        names = [hyper.name for hyper in optimizer.hypers]
        if not isinstance(self.of, Hyper):
            yield f"{self.label}: {self.of} is no hyperparameter", f"the rule has {' '.join(names)}"
        elif self.of.name not in names:
            yield f"{self.label}: the rule has no hyperparameter {self.of}", f"it has {' '.join(names)}"
        yield from self.positive(str(self.of), optimizer)


@dataclass(frozen=True)
class Regimes(OfRate):
    """On a quadratic of curvature h, `w` is multiplied by one factor in every step: 0 at `lands`, -1 at `cycles`."""

    label: ClassVar[str] = "regimes"

    lands: sympy.Expr
    cycles: sympy.Expr

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.lands, self.cycles)

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from super().problems(optimizer)
        for value in self.expressions():
            if self.of in value.free_symbols:
                yield f"{self.label}: {value} depends on {self.of}", f"write it without {self.of}"


@dataclass(frozen=True)
class NoiseFloor(OfRate):
    """With noise of variance sigma**2 in the gradient of a quadratic, E[w**2] goes to `value`."""

    label: ClassVar[str] = "noise floor"

    value: sympy.Expr

    def extra_symbols(self) -> frozenset[str]:
        return super().extra_symbols() | {sigma.name}

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.value,)


@dataclass(frozen=True)
class Quiet(OfRate):
    """With noise in the gradient of a quadratic, E[w**2] goes to 0 exactly if `of` does and its sum diverges.

    With `squares`, exactly if its sum diverges and that of its squares does not.
    """

    label: ClassVar[str] = "noise vanishes"

    squares: bool

    def extra_symbols(self) -> frozenset[str]:
        return super().extra_symbols() | {sigma.name}


@dataclass(frozen=True)
class Best(DynamicsClaim):
    """Hyperparameters `at` contract quadratics of curvature from h_min to h_max by `rate` a step.

    `rate` is the largest root that there is for any such curvature. `least` says that no others contract faster.
    """

    at: Mapping[Hyper, sympy.Expr]
    rate: sympy.Expr
    least: bool = True

    @property
    def label(self) -> str:
        return f"{'best' if self.least else 'rate'} {' '.join(map(str, self.at))}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (*self.at, *self.at.values(), self.rate)


@dataclass(frozen=True)
class Follows(DynamicsClaim):
    """A step of length `dt` is that of a differential equation, but for terms of order `dt**(order + 1)`.

    `equation` gives the time derivative of `w` and of each quantity that moves with it. `hyper` gives
    hyperparameters and `state` the rule's states in these quantities and in `dt`.
    """

    label: ClassVar[str] = "follows"

    equation: Mapping[sympy.Symbol, sympy.Expr]
    dt: sympy.Symbol
    hyper: Mapping[Hyper, sympy.Expr] = field(default_factory=dict)
    state: Mapping[sympy.Symbol, sympy.Expr] = field(default_factory=dict)
    order: int = 1

    def extra_symbols(self) -> frozenset[str]:
        extra_symbols = {self.dt.name, *(s.name for s in self.equation)} - {"w"}
        values = (*self.equation.values(), *self.hyper.values())
        return frozenset(extra_symbols | {s.name for value in values for s in value.free_symbols})

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (*self.hyper, *self.state, *self.state.values())

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from Claim.problems(self, optimizer)
        if "w" not in {s.name for s in self.equation}:
            yield f"{self.label}: the equation does not say how w moves", "add {w: ...}"
        if self.order not in (1, 2):
            yield f"{self.label}: the order is {self.order}", "it is 1 or 2"
        moving = {s.name for s in self.equation}
        for state in optimizer.state:
            if state not in self.state and state.name not in moving:
                yield f"{self.label}: it does not say how {state} moves", "add it to the equation or to state"


def stable(below: sympy.Expr, *, of: str = "lr") -> Stable:
    """On g = h * w the rule converges from every start if `of` is below `below`, and if it is above it does not.

    `of` is the name of a hyperparameter, or "h" for a bound on the curvature.
    """
    return Stable(sympy.sympify(below), of)


def damping(product: sympy.Expr) -> Damping:
    """On g = h * w, the product of the roots of a step: two complex ones shrink by the root of it in every step."""
    return Damping(sympy.sympify(product))


def regimes(of: Hyper, *, lands: sympy.Expr, cycles: sympy.Expr) -> Regimes:
    """What a learning rate `of` does on g = h * w: small, right, large, looping, too large.

    At `lands`, one step ends in the minimum; below it, `w` falls and keeps its sign. Above, it jumps over the minimum:
    it comes closer up to `cycles`, where it goes to and fro, and goes away beyond.
    """
    return Regimes(of, sympy.sympify(lands), sympy.sympify(cycles))


def noise_floor(value: sympy.Expr, *, of: Hyper) -> NoiseFloor:
    """What E[w**2] goes to on g = h * w + noise, for a constant `of` for which the rule converges without noise.

    The noise has mean zero and variance `sigma**2`, and is independent from step to step.
    """
    return NoiseFloor(of, sympy.sympify(value))


def quiet(of: Hyper, *, squares: bool = False) -> Quiet:
    """On g = h * w + noise, E[w**2] goes to 0 exactly if `of` goes to 0 and the sum of it over all steps diverges.

    With `squares`, exactly if the sum diverges and that of the squares converges, as Robbins and Monro (1951) ask for.
    """
    return Quiet(of, squares)


def best(at: Mapping[Hyper, sympy.Expr], *, rate: sympy.Expr) -> Best:
    """The hyperparameters that are best for curvatures from h_min to h_max, and the factor that a step leaves."""
    return Best(sympified(at), sympy.sympify(rate))


def contracts(at: Mapping[Hyper, sympy.Expr], *, rate: sympy.Expr) -> Best:
    """The factor that a step leaves with these hyperparameters, which need not be the best, at the worst curvature."""
    return replace(best(at, rate=rate), least=False)


def follows(
    equation: Mapping[sympy.Symbol, sympy.Expr],
    *,
    dt: sympy.Symbol,
    hyper: Mapping[Hyper, sympy.Expr] | None = None,
    state: Mapping[sympy.Symbol, sympy.Expr] | None = None,
    order: int = 1,
) -> Follows:
    """The differential equation that the rule follows as `dt` goes to zero: {w: its derivative, v: its derivative}.

    Where the rule has other hyperparameters and states, `hyper` and `state` say what they are in those of the
    equation and in `dt`.
    """
    return Follows(sympified(equation), dt, sympified(hyper), sympified(state), order)
