"""Pairs about layers: means over batches, and parameters that are fixed at what the batch gives."""

from __future__ import annotations

import sympy

from stepsmith.codegen.claims import batch_mean, holds
from stepsmith.codegen.spec import Abs, Max, average, sqrt
from stepsmith.codegen.spec.rules import Layer, Step
from stepsmith.codegen.spec.symbols import arrays, channels, new, scalars
from tests.trial.kit import HALF, Dice, Pair, cap, kind, mu, pair, rate, tiny

x, x_hat, y = arrays("x x_hat y")
mean, spread, gamma, beta, r, seen = channels("mean spread gamma beta r seen")
m = scalars("m")


CENTER, WIDTH = average(x), average((x - average(x)) ** 2)


def layer(*steps: tuple, claim, state=None, center=CENTER, width=WIDTH) -> Layer:
    """A layer that normalises by `center` and `width`, with further steps and one claim."""
    own = ((mean, center), (spread, width), (x_hat, (x - mean) / sqrt(spread + tiny)), (y, gamma * x_hat + beta))
    return Layer(
        name="Layer",
        source="by chance",
        input=x,
        output=y,
        parameters={gamma: 1, beta: 0},
        state=state or {},
        steps=tuple(Step(target, value) for target, value in (*own, *steps)),
        inference=(Step(y, gamma * x + beta),),
        claims=(claim,),
    )


@kind("batch mean")
def _batch_mean(dice: Dice) -> Pair:
    of = dice.of(mean, spread, rate * mean, mean**2, Max(mean, cap), average(Abs(x)), average(x**2) - mean, m * mean)

    def made(value, start=0, tick=1, read=of, first=0) -> Layer:
        steps = ((new(seen), seen + tick), (new(r), value))
        return layer(*steps, claim=batch_mean(r, of=read, count=seen), state={r: first, seen: start})

    first = dice.of(0, 1, HALF, -3)
    right = dice.of(
        r + (of - r) / new(seen),
        (seen * r + of) / (seen + 1),
        (1 - 1 / new(seen)) * r + of / new(seen),
        (new(seen) * r + of - r) / new(seen),
    )
    true = made(right, first=first)
    false, twist = dice.of(
        (made(right, start=1, first=first), "start of the count"),
        (made(right, tick=2, first=first), "pace of the count"),
        (made(r + (of - r) / (seen + 2), first=first), "divisor"),
        (made(r + (of - r) / Max(new(seen), 2), first=first), "first batch"),
        (made(r + (of - r) / sympy.Min(new(seen), 3), first=first), "late batch"),
        (made(r + mu * (of - r), first=first), "constant weight"),
        (made(right, read=of + tiny, first=first), "other values"),
        (made(right + tiny * seen, first=first), "drift"),
    )
    return pair("batch mean", true, twist, false)


@kind("fixed parameters")
def _fixed(dice: Dice) -> Pair:
    root, c = sqrt(spread + tiny), dice.of(1, tiny, 1 + tiny, -2, HALF)
    center = dice.of(average(x), HALF * average(x), average(Abs(x)))
    width = dice.of(average((x - average(x)) ** 2), average(x**2), average(Abs(x)))
    left, right, at, wrong = dice.of(
        (y, c * x, {gamma: c * root, beta: c * mean}, {gamma: c * root, beta: mean + 1}),
        (y, c * x_hat, {gamma: c, beta: 0}, {gamma: c + 1, beta: 0}),
        (y, c * x - c * mean, {gamma: c * root, beta: 0}, {gamma: c * root + tiny, beta: 0}),
        (y, gamma * x_hat + c, {beta: c}, {beta: -c - 1}),
        (average(y), c * average(x), {gamma: c * root, beta: c * mean}, {gamma: c * sqrt(spread), beta: c * mean + 1}),
    )
    true, false = (layer(claim=holds(left, right, at=values), center=center, width=width) for values in (at, wrong))
    return pair("fixed parameters", true, "other values", false)
