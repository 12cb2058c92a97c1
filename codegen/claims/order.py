"""What the rule of an optimizer may say of what is larger: a bound on a value, and what a larger gradient does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy

from ..spec.rules import Optimizer
from ..spec.symbols import GRADIENT
from .base import Claim, Finding

__all__ = ["at_most", "falls", "rises"]


@dataclass(frozen=True)
class AtMost(Claim):
    """`left <= right` at every step of every run."""

    left: sympy.Expr
    right: sympy.Expr

    @property
    def label(self) -> str:
        return f"bounded {self.left}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.left, self.right)


@dataclass(frozen=True)
class Ordered(Claim):
    """Of two gradients in one step from the same state, the larger in size has the larger `value`, or the smaller."""

    value: sympy.Expr
    rises: bool

    @property
    def label(self) -> str:
        return f"{'rises' if self.rises else 'falls'} {self.value}"

    def expressions(self) -> tuple[sympy.Expr, ...]:
        return (self.value,)

    def problems(self, optimizer: Optimizer) -> Iterator[Finding]:
        yield from super().problems(optimizer)
        values = {step.target.name: step.value for step in optimizer.steps}
        names, pending = set(), {s.name for s in self.value.free_symbols}
        while pending:
            name = pending.pop()
            names.add(name)
            pending |= {s.name for s in values[name].free_symbols} - names if name in values else set()
        if GRADIENT not in names:
            yield f"{self.label}: it does not depend on the gradient", "say it of what a step computes from g"


def at_most(left: sympy.Expr, right: sympy.Expr) -> AtMost:
    """`left <= right` at every step, whatever the gradients: both are expressions in the symbols of the rule.

    `m` is the state before the step, `new(m)` after it, so that a step can be held against what was known before it.
    """
    return AtMost(sympy.sympify(left), sympy.sympify(right))


def rises(value: sympy.Expr) -> Ordered:
    """In one step from the same state, a gradient of larger size never has the smaller `value`."""
    return Ordered(sympy.sympify(value), True)


def falls(value: sympy.Expr) -> Ordered:
    """In one step from the same state, a gradient of larger size never has the larger `value`."""
    return Ordered(sympy.sympify(value), False)
