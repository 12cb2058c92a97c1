"""What random specs are made of: symbols, hyperparameters with their domains, values for each element."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import sympy

from stepsmith.codegen.spec import Abs, Max, Min, sign
from stepsmith.codegen.spec.rules import Optimizer, Step
from stepsmith.codegen.spec.symbols import arrays, hyper, new, scalars, where

w, g, m, v, u, a, b, hat = arrays("w g m v u a b hat")
t, s, c1 = scalars("t s c1")
lr = hyper("lr", default="0.1", domain=">= 0")
rate = hyper("rate", default="0.5", domain="> 0")
gain = hyper("gain", default="2", domain=">= 0")
shift = hyper("shift", default="-0.5", domain="real")
beta = hyper("beta", default="0.9", domain="[0, 1)")
decay = hyper("decay", default="0.99", domain="(0, 1)")
mu = hyper("mu", default="0.5", domain="[0, 1]")
cap = hyper("cap", default="0.5", domain="> 0")
eps = hyper("eps", default="0.001", domain=">= 0")
tiny = hyper("tiny", default="0.001", domain="> 0")
period = hyper("period", default="3", domain="integer >= 1")

ONE, TWO, HALF, THIRD = sympy.Integer(1), sympy.Integer(2), sympy.Rational(1, 2), sympy.Rational(1, 3)
LATE = 7  # a step after which a rule changes in a mutant


@dataclass(frozen=True)
class Case:
    """A rule with one claim. `true` says by construction whether the claim holds.

    With `needs`, it holds only where that is assumed: what is proved without it is wrong.
    """

    kind: str
    twist: str  # what was changed so that it is false; empty if it is true
    rule: Any
    true: bool
    needs: str = ""


@dataclass(frozen=True)
class Pair:
    """A case that is true by construction, and one that a mutation makes false."""

    true: Case
    false: Case


Maker = Callable[["Dice"], Pair]
MAKERS: dict[str, Maker] = {}


def kind(name: str) -> Callable[[Maker], Maker]:
    """Enters a maker of pairs under `name`."""

    def enter(maker: Maker) -> Maker:
        MAKERS[name] = maker
        return maker

    return enter


class Dice:
    """Random choices, all of them from one seed."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)

    def of(self, *options: Any) -> Any:
        """One of the options."""
        return self.random.choice(options)

    def chance(self, probability: float) -> bool:
        """Whether something with this probability happens."""
        return self.random.random() < probability

    def decay(self) -> sympy.Expr:
        """The factor of what a state keeps."""
        return self.of(beta, decay, mu, HALF, beta * decay, 1 - decay)

    def share(self) -> sympy.Expr:
        """A factor below one, so that its powers have a sum."""
        return self.of(beta, decay, HALF, beta * mu)

    def weight(self) -> sympy.Expr:
        """The factor of what a state takes in."""
        return self.of(ONE, rate, -lr, THIRD, rate * (1 + gain), 1 - beta)

    def positive(self) -> sympy.Expr:
        """A scalar that is positive for all hyperparameters."""
        return self.of(ONE, rate, cap, THIRD, 1 + gain, rate * cap, 1 - beta)

    def input(self) -> sympy.Expr:
        """Something made of the gradient."""
        return self.of(g, g**2, Abs(g), sign(g), Max(g, 0), g**3, g - g**2, Min(g, cap))

    def square(self) -> sympy.Expr:
        """Something made of the gradient that is not negative, and not always zero."""
        return self.of(g**2, Abs(g), Max(g, 0), g**2 + Abs(g), g**4)


def rule(name: str, state: dict, *steps: tuple, claims: Sequence = ()) -> Optimizer:
    """A rule of pairs (target, value)."""
    return Optimizer(
        name=name,
        source="by chance",
        state=state,
        steps=tuple(Step(target, value) for target, value in steps),
        claims=tuple(claims),
    )


def claimed(of: Optimizer, *claims: Any) -> Any:
    """The rule with other claims."""
    changed = replace(of, claims=tuple(claims))
    object.__setattr__(changed, "location", of.location)
    return changed


def pair(name: str, true: Any, twist: str, false: Any, needs: str = "") -> Pair:
    """The two cases of a kind. What `needs` something assumed may be proved with it, or refuted."""
    return Pair(Case(name, "", true, True), Case(name, twist, false, False, needs))


def late(then: sympy.Expr, before: sympy.Expr) -> sympy.Expr:
    """`before` in the first steps, and `then` later."""
    return where(t > LATE, then, before)


@cache
def ticking() -> tuple:
    """A scalar state that changes in every step: its start and its step."""
    return {s: 1}, (new(s), s / 2 + 1)


__all__ = [name for name in dir() if not name.startswith("_")]
