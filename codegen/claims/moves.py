"""Where an optimizer moves the weights, in one step and in several."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import ClassVar

import sympy

from ..spec.rules import Optimizer
from ..spec.symbols import PARAMETER, STEP
from .base import Claim, Finding, still, taken

__all__ = ["additive", "averages", "batch_variance", "descends", "drift", "first_step", "parts_drift"]


@dataclass(frozen=True)
class FirstStep(Claim):
    """The first step moves `w` by `by`."""

    label: ClassVar[str] = "first step"
    of_steps: ClassVar[bool] = True

    by: sympy.Expr

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.by,)


def first_step(by: sympy.Expr) -> FirstStep:
    """From the initial state, the first step adds `by` to `w`."""
    return FirstStep(sympy.sympify(by))


@dataclass(frozen=True)
class Descends(Claim):
    """The first step does not go up the gradient."""

    label: ClassVar[str] = "descends"
    of_steps: ClassVar[bool] = True


def descends() -> Descends:
    """From the initial state, the first step times the gradient is not positive."""
    return Descends()


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

    label: ClassVar[str] = "averages"
    of_steps: ClassVar[bool] = True


def averages() -> Averages:
    """The step over the mean of the gradients of a batch is the mean of the steps over its parts, however many."""
    return Averages()


@dataclass(frozen=True)
class BatchVariance(Claim):
    """The first step over the mean of K independent gradients has 1/K of the variance of that over one."""

    label: ClassVar[str] = "variance of a batch"
    of_steps: ClassVar[bool] = True


def batch_variance() -> BatchVariance:
    """A batch of K has 1/K of the variance of one gradient, and so has the step that is made of it.

    The gradients are independent and identically distributed, with a variance, and everything else is given.
    """
    return BatchVariance()


def _meaningless(claim: Claim, expr: sympy.Expr, known: Set[str]) -> Iterator[Finding]:
    for symbol in sorted(expr.free_symbols, key=str):
        if symbol.name not in known:
            yield f"{claim.label}: {symbol} has no meaning here", f"these have: {' '.join(sorted(known))}"


@dataclass(frozen=True)
class Drift(Claim):
    """What two steps in a row gain on two steps whose gradients are both taken at the frozen starting point.

    The losses are quadratic. `by` may use `g1`, the first gradient, and `h2`, the curvature of the second loss.
    """

    label: ClassVar[str] = "drift"
    of_steps: ClassVar[bool] = True

    by: sympy.Expr

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from still(self, optimizer)
        yield from taken(self, ("g1", "h2"), optimizer)
        yield from _meaningless(self, self.by, {"g1", "h2", *(h.name for h in optimizer.hypers)})


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

    label: ClassVar[str] = "drift of parts"
    of_steps: ClassVar[bool] = True

    rate: sympy.Expr

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.rate,)

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from super().problems(optimizer)
        yield from taken(self, ("h",), optimizer)
        yield from _meaningless(self, self.rate, {STEP, *(h.name for h in optimizer.hypers)})
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
