"""What the rule of an optimizer may say of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import sympy

from ..spec.rules import Optimizer
from ..spec.symbols import Hyper
from .base import Claim, Finding, sympified, taken

__all__ = ["fails", "fixed_point", "identity", "monotone", "nonnegative", "scales", "slip", "step_bound"]


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

    label: ClassVar[str] = "fixed point"
    of_steps: ClassVar[bool] = True


def fixed_point() -> FixedPoint:
    """Zero gradients never move `w`."""
    return FixedPoint()


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

    label: ClassVar[str] = "step bound"
    of_steps: ClassVar[bool] = True


def step_bound() -> StepBound:
    """The step has a bound for all sequences of gradients. It is derived, with its limit and what attains it."""
    return StepBound()


@dataclass(frozen=True)
class Scales(Claim):
    """Units: multiply every name by its factor, and what the step computes is multiplied by its own."""

    label: ClassVar[str] = "units"
    of_steps: ClassVar[bool] = True

    factors: Mapping[str, sympy.Expr]
    at: Mapping[Hyper, sympy.Expr]

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return tuple(self.at)

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from super().problems(optimizer)
        yield from taken(self, ("W", "G"), optimizer)  # what units are called in a proof


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
