"""What the states of an optimizer are of the gradients: series, and estimates without bias."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy

from ..spec.rules import Optimizer
from .base import Claim, Finding, no_state

__all__ = ["ema", "max_series", "series", "unbiased"]


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
