"""Pairs about averages: weights that grow, first steps of their own, products of decays, drifts, other gradients."""

from __future__ import annotations

from stepsmith.codegen.claims import unbiased
from stepsmith.codegen.spec import Abs
from stepsmith.codegen.spec.symbols import where
from tests.trial.kit import HALF, Dice, Pair, beta, c1, cap, decay, g, hat, kind, lr, m, new, pair, rate, rule, s, t, w


@kind("exact mean")
def _exact_mean(dice: Dice) -> Pair:
    x, start, d = dice.of(g, g**2, Abs(g), g**3), dice.of(0, 1, cap, w, -2), dice.of(beta, decay, HALF)

    def made(value, estimate, of=x, start=start, extra=()):
        ticks = {s: 1} if extra else {}
        steps = (*extra, (new(m), value), (hat, estimate), (new(w), w - lr * hat))
        return rule("Mean", {m: start, **ticks}, *steps, claims=(unbiased(hat, of=of),))

    product = ((new(s), s * d),)
    first = ((c1, where(t > 1, d, 0)),)
    moving = first[0][1]
    true, false, twist = dice.of(
        (made(m + (x - m) / t, new(m)), made(m + (x - m) / (t + 1), new(m)), "divisor"),
        (
            made(m + t * x, 2 * new(m) / (t * (t + 1)), start=0),
            made(m + t * x, 2 * new(m) / (t * (t + 2)), start=0),
            "total",
        ),
        (made(m + x, new(m), t * x, 0), made(m + x, new(m), (t + 1) * x, 0), "t in of"),
        (made(m + x + rate, new(m) / t - rate, start=0), made(m + x + rate, new(m) / t, start=0), "drift"),
        (
            made(d * m + (1 - d) * x, new(m) / (1 - new(s)), start=0, extra=product),
            made(d * m + (1 - d) * x, new(m) / (1 - s), start=0, extra=((new(s), s * d / 2),)),
            "product",
        ),
        (
            made(moving * m + (1 - moving) * x, new(m)),
            made(moving.xreplace({t: t - 1}) * m + (1 - moving) * x, new(m), start=1),
            "first step",
        ),
        (
            made(d * m + (1 - d) * x, HALF * x + HALF * new(m) / (1 - d**t), start=0),
            made(d * m + (1 - d) * x, HALF * x + new(m) / (1 - d**t), start=0),
            "share",
        ),
    )
    return pair("exact mean", true, twist, false)
