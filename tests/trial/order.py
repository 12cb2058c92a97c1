"""Pairs about what is larger: bounds on a step, and what a larger gradient does."""

from __future__ import annotations

import sympy

from stepsmith.codegen.claims import at_most, falls, rises
from stepsmith.codegen.spec import Abs, Max, Min, sign, sqrt
from tests.trial.kit import Dice, Pair, beta, cap, g, kind, new, pair, rate, rule, tiny, v, w


def _moved(step: sympy.Expr, claim, state: sympy.Expr = v + g**2):
    return rule("Scaled", {v: 0}, (new(v), state), (new(w), w - step), claims=(claim,))


@kind("bounded")
def _bounded(dice: Dice) -> Pair:
    moved = Abs(new(w) - w)
    step, bound, wrong = dice.of(
        (rate * g / sqrt(new(v) + tiny), rate, rate / 2),
        (rate * g / sqrt(new(v) + tiny), rate * Abs(g) / sqrt(v + tiny), rate * Abs(g) / sqrt(v + 1 + tiny)),
        (rate * sign(g), rate, rate * beta),
        (rate * Max(g, 0), rate * Abs(g), rate * g),
        (Min(Abs(g), cap), cap, cap / 2),
        (rate * g, rate * Abs(g), rate * g**2),
    )
    return pair("bounded", _moved(step, at_most(moved, bound)), "other bound", _moved(step, at_most(moved, wrong)))


@kind("order")
def _order(dice: Dice) -> Pair:
    moved = Abs(new(w) - w)
    step, true, false = dice.of(
        (rate * g / (sqrt(new(v)) + tiny), rises(moved), falls(moved)),
        (rate * g, rises(moved), falls(moved)),
        (rate * g / (1 + new(v)), rises(new(v)), rises(moved)),
        (rate / (tiny + new(v)), falls(moved), rises(moved)),
        (rate * g, rises(moved), rises(new(w) - w)),
        (rate * sign(g), rises(moved), falls(moved)),
        (rate * g / (tiny + g**2), rises(new(v)), rises(moved)),
        (rate * sign(g) * cap, rises(new(v)), falls(new(v))),
    )
    return pair("order", _moved(step, true), "other order", _moved(step, false))
