"""Pairs about rates on quadratics, noise in the gradient, and roots."""

from __future__ import annotations

import sympy

from stepsmith.codegen.claims.dynamics import damping, h, noise_floor, quiet, regimes, sigma
from stepsmith.codegen.spec import sqrt
from tests.trial.kit import HALF, Dice, Pair, beta, cap, g, kind, late, m, new, pair, rate, rule, tiny, w


def _plain(factor: sympy.Expr, claim, pull=0):
    return rule("Plain", {}, (new(w), w - rate * factor * (g + pull * w)), claims=(claim,))


def _ball(factor: sympy.Expr, claim):
    return rule("Ball", {m: 0}, (new(m), beta * m + factor * g), (new(w), w - rate * new(m)), claims=(claim,))


def _mean(claim):
    return rule("Mean", {m: 0}, (new(m), beta * m + (1 - beta) * g), (new(w), w - rate * new(m)), claims=(claim,))


@kind("regimes")
def _regimes(dice: Dice) -> Pair:
    f, pull = dice.of(1, 2, HALF, cap), dice.of(0, 0, tiny)
    lands = 1 / (f * (h + pull))
    true = _plain(f, regimes(rate, lands=lands, cycles=2 * lands), pull)
    twist, false = dice.of(
        ("lands", _plain(f, regimes(rate, lands=lands / 2, cycles=2 * lands), pull)),
        ("cycles", _plain(f, regimes(rate, lands=lands, cycles=3 * lands), pull)),
        ("both", _plain(f, regimes(rate, lands=2 * lands, cycles=4 * lands), pull)),
        ("rule", _plain(3 * f, regimes(rate, lands=lands, cycles=2 * lands), pull)),
        ("late", _plain(late(3 * f, f), regimes(rate, lands=lands, cycles=2 * lands), pull)),
        ("momentum", _ball(f, regimes(rate, lands=lands, cycles=2 * lands))),
        ("sign", _plain(-f, regimes(rate, lands=lands, cycles=2 * lands), pull)),
    )
    return pair("regimes", true, twist, false)


@kind("noise floor")
def _noise_floor(dice: Dice) -> Pair:
    f = dice.of(1, 2, HALF)
    floor = f * rate * sigma**2 / (h * (2 - f * rate * h))
    ball = rate * sigma**2 * (1 + beta) / (h * (1 - beta) * (2 * (1 + beta) - rate * h))
    mean = rate * sigma**2 * (1 + beta) / (h * (2 * (1 + beta) - (1 - beta) * rate * h))
    of, value, made = dice.of(
        ("plain", floor, lambda claim: _plain(f, claim)),
        ("ball", ball, lambda claim: _ball(1, claim)),
        ("mean", mean, _mean),
    )
    true = made(noise_floor(value, of=rate))
    other = {"plain": floor * (2 - rate * h) / 2, "ball": ball * (1 - beta), "mean": ball}[of]
    twist, false = dice.of(
        ("half", made(noise_floor(value / 2, of=rate))),
        ("other", made(noise_floor(other, of=rate)))
        if of != "plain" or f != 1
        else ("zero", made(noise_floor(0, of=rate))),
        ("sigma", made(noise_floor(value / sigma, of=rate))),
        ("shifted", made(noise_floor(value + tiny / 10, of=rate))),
        ("rule", _ball(2, noise_floor(ball, of=rate))),
    )
    return pair("noise floor", true, twist, false)


@kind("noise vanishes")
def _quiet(dice: Dice) -> Pair:
    f = dice.of(1, 2, HALF, cap)
    true = _plain(f, quiet(rate), dice.of(0, tiny))
    twist, false = dice.of(
        ("squares", _plain(f, quiet(rate, squares=True))),
        ("root", rule("Root", {}, (new(w), w - sqrt(rate) * g), claims=(quiet(rate),))),
        ("square", rule("Square", {}, (new(w), w - rate**2 * g), claims=(quiet(rate),))),
        ("no pull", rule("Noise", {}, (new(w), w - rate * (g - h * 0) / (1 + rate)), claims=(quiet(cap),))),
        ("drift", rule("Kept", {}, (new(w), w * HALF - rate * g), claims=(quiet(rate),))),
    )
    return pair("noise vanishes", true, twist, false)


@kind("damping")
def _damping(dice: Dice) -> Pair:
    value, made = dice.of(
        (1 - rate * h, lambda claim: _plain(1, claim)),
        (beta, lambda claim: _ball(dice.of(1, 2), claim)),
        (beta, _mean),
    )
    wrong = dice.of(value**2, 2 * value, beta * (1 - rate * h), 1 - value)
    return pair("damping", made(damping(value)), "other product", made(damping(wrong)))
