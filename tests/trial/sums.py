"""Pairs about what the learning rates of a schedule add up to."""

from __future__ import annotations

from sympy import Rational

from stepsmith.codegen.claims import fails, partial_sum, sums_to
from stepsmith.codegen.spec import Max, Min, cos, floor, pi
from stepsmith.codegen.spec.rules import Schedule
from stepsmith.codegen.spec.symbols import where
from tests.trial.kit import HALF, ONE, THIRD, Dice, Pair, cap, decay, gain, kind, pair, period, rate, t

SMALL = Rational(1, 1000)


def _made(value, claim) -> Schedule:
    return Schedule(name="Course", source="by chance", value=value, claims=(claim,))


def _series(dice: Dice):
    """A schedule and the sum of all its values."""
    c, q = dice.of(rate, ONE, 2 * cap, rate * cap), dice.of(decay, HALF, decay / 2, decay**2)
    return dice.of(
        (c / t**2, c * pi**2 / 6),
        (c / t**4, c * pi**4 / 90),
        (c / (t + 1) ** 2, c * (pi**2 / 6 - 1)),
        (c * q**t, c * q / (1 - q)),
        (c * q ** (t - 1), c / (1 - q)),
        (c * q ** floor((t - 1) / period), c * period / (1 - q)),
        (c * q ** floor(t / period), c * period / (1 - q) - c),
        (c * Max(1 - t / period, 0), c * (period - 1) / 2),
        (c * (1 + cos(pi * Min(t, period) / period)) / 2, c * (period - 1) / 2),
        (c * q**t + c / t**2, c * (q / (1 - q) + pi**2 / 6)),
        (c * Max(period - t, 0), c * period * (period - 1) / 2),
        (c * q ** Max(t - period, 0), c * (period + q / (1 - q))),
    )


@kind("sums to")
def _sums_to(dice: Dice) -> Pair:
    value, total = _series(dice)
    twist, wrong = dice.of(
        ("factor", total * dice.of(2, 1 + SMALL, HALF)),
        ("term", total + dice.of(SMALL, 1, -SMALL)),
        ("first term", total - value.xreplace({t: ONE}) * THIRD),
        ("late", None),
        ("diverges", None),
    )
    if twist == "late":
        false = _made(where(t > 7, value * 2, value), sums_to(total))
    elif twist == "diverges":
        false = _made(value + rate / (t + gain), sums_to(total))
    else:
        false = _made(value, sums_to(wrong))
    if dice.chance(0.2) and wrong is not None:
        true, false = (_made(value, fails(sums_to(v), "it is not so")) for v in (wrong, total))
        return pair("sums to", true, "fails", false)
    return pair("sums to", _made(value, sums_to(total)), twist, false)


@kind("partial sums")
def _partial_sum(dice: Dice) -> Pair:
    c, q = dice.of(rate, ONE, 2 * cap), dice.of(decay, HALF)
    value, total = dice.of(
        (c, c * t),
        (c * t, c * t * (t + 1) / 2),
        (c * q**t, c * q * (1 - q**t) / (1 - q)),
        (c / (t * (t + 1)), c * t / (t + 1)),
        (c / 2**t, c - c / 2**t),
        (c * (2 * t - 1), c * t**2),
    )
    twist, wrong = dice.of(
        ("factor", total * (1 + SMALL)),
        ("shift", total.xreplace({t: t + 1})),
        ("term", total + SMALL * (t - 1)),
        ("late", where(t > 7, 2 * total, total)),
    )
    return pair("partial sums", _made(value, partial_sum(total)), twist, _made(value, partial_sum(wrong)))
