"""Pairs about batches and figures: common denominators, variances, drifts of parts, largest moments, one run."""

from __future__ import annotations

import sympy

from stepsmith.codegen.claims import (
    additive,
    batch_variance,
    ends,
    max_series,
    nonnegative,
    parts_drift,
    periods,
    transient,
)
from stepsmith.codegen.spec import Abs, Max, sign, sqrt
from tests.trial.kit import (
    HALF,
    Dice,
    Pair,
    a,
    b,
    beta,
    cap,
    decay,
    g,
    gain,
    hat,
    kind,
    late,
    lr,
    m,
    mu,
    new,
    pair,
    rate,
    rule,
    shift,
    t,
    tiny,
    u,
    v,
    w,
)


@kind("common")
def _common(dice: Dice) -> Pair:
    under = dice.of(sqrt(new(v)) + tiny, new(v) + cap, sqrt(new(v) + tiny))
    moment = dice.of(beta * v + (1 - beta) * g**2, v + g**2, Max(decay * v, Abs(g)))

    def made(of, common):
        steps = (new(v), moment), (new(m), mu * m + g), (new(w), w - lr * of / under)
        return rule("Shared", {v: 0, m: 0}, *steps, claims=(additive(common=common),))

    true = made(dice.of(g, new(m), gain * g + new(m)), new(v))
    twist, false = dice.of(
        ("nothing common", made(g, ())),
        ("the other", made(g, new(m))),
        ("not linear", made(dice.of(sign(g), g**2, Max(g, 0), g + rate), new(v))),
        ("too much", made(g + new(m), (new(v), new(m)))),
    )
    return pair("common", true, twist, false)


@kind("variance of a batch")
def _variance(dice: Dice) -> Pair:
    def made(step):
        return rule("Spread", {m: dice.of(0, 1)}, (new(m), mu * m + g), (new(w), w - step), claims=(batch_variance(),))

    linear = dice.of(lr * new(m), lr * g / (1 + gain), rate * new(m) + lr * w, shift * g + cap, lr * g / t)
    bent = dice.of(rate * g**2, cap * Abs(g), tiny * sign(g), rate * Max(new(m), 0), cap * g / (1 + g**2))
    return pair("variance of a batch", made(linear), "not affine", made(linear + bent))


@kind("drift of parts")
def _parts(dice: Dice) -> Pair:
    r = dice.of(lr, lr * rate, lr / (1 + gain), cap / t, lr / sqrt(t), late(cap, rate))

    def made(claimed, step):
        return rule("Parts", {m: 0}, (new(m), m + g), (new(w), w - step), claims=(parts_drift(claimed),))

    true = made(r, dice.of(r * g, r * (new(m) - m)))
    twist, false = dice.of(
        ("other rate", made(dice.of(-rate, rate / 2, rate + tiny, rate / t, rate * gain), rate * g)),
        ("offset of w", made(rate, rate * (g + cap * w))),
        ("not linear", made(rate, rate * g + dice.of(cap * g**3, tiny * Abs(g)))),
        ("a state", made(rate, rate * (g + new(m)))),
    )
    return pair("drift of parts", true, twist, false)


@kind("largest moment")
def _largest(dice: Dice) -> Pair:
    fading = beta * v + (1 - beta) * g**2
    moment = dice.of(fading, v + Abs(g), beta * v + g**2)
    at_last = dice.chance(0.5)
    estimate = dice.of(new(v) / (1 - decay**t), cap * new(v), new(v) + g**2)
    of = hat if at_last else new(v)

    def made(value, claim, moment=moment, start=0):
        steps = (new(v), moment), (hat, estimate), (new(u), value), (new(w), w - lr * g / (Abs(new(u)) + tiny))
        return rule("Largest", {v: 0, u: start}, *steps, claims=(claim,))

    series, above = max_series(u, of=of, decay=1), nonnegative(u - (hat if at_last else v))
    true = made(Max(u, of), dice.of(series, above))
    twist, false = dice.of(
        ("late", made(Max(u, v), series)),
        ("forgets", made(Max(HALF * u, of), series, fading)),
        ("start", made(Max(u, of), series, start=cap)),
        ("sign", made(Max(u, new(v)), max_series(u, of=new(v), decay=1), moment=v - g**2)),
        ("below", made(Max(u, of) / 2, above)),
        ("other order", made(Max(u, of), nonnegative((hat if at_last else v) - u), fading)),
    )
    return pair("largest moment", true, twist, false)


@kind("figures")
def _figures(dice: Dice) -> Pair:
    """What is claimed is read off 200 steps of a factor that falls in the end; in the mutant, one figure is off."""
    p, q = dice.of(0, 0.5), dice.of(0.9, 0.95)
    d, e = sympy.Rational(int(10 * p), 10), sympy.Rational(int(100 * q), 100)
    value, of = dice.of(
        ((1 - d**t) / sqrt(1 - e**t), lambda k: (1 - p**k) / (1 - q**k) ** 0.5),
        (1 + 3 * (d**t + e**t), lambda k: 1 + 3 * (p**k + q**k)),
        ((1 + d**t) / (1 - e**t), lambda k: (1 + p**k) / (1 - q**k)),
        (1 + gain / t, lambda k: 1 + 2 / k),
    )
    found = [of(k) for k in range(1, 201)]
    top = max(found)
    true = {
        "first": f"{found[0]:.3f}",
        "peak": (found.index(top) + 1, f"{top:.3f}"),
        "below": ("1.1", max(k for k, x in enumerate(found, start=1) if x >= 1.1) + 1),
    }

    def made(**mutated):
        return rule("Plain", {}, (new(w), w - lr * gain * g), claims=(transient(value, **{**true, **mutated}),))

    step, since = true["peak"][0], true["below"][1]
    twist, false = dice.of(
        ("first", made(first=f"{found[0] + 0.01:.3f}")),
        ("top", made(peak=(step, f"{top + 0.01:.3f}"))),
        ("step", made(peak=(step + 1, f"{found[step]:.3f}"))),
        ("since", made(below=("1.1", since + 1))),
        ("since", made(below=("1.1", since - 1))),
    )
    return pair("figures", made(), twist, false)


@kind("one run")
def _run(dice: Dice) -> Pair:
    """Signs of one run: where gradients of +1, -1 and lr = 1/2 lead is counted."""
    gradients = tuple(dice.of(1, -1, 2) for _ in range(dice.of(1, 2, 3)))
    steps, bent, within = dice.of(3, 5, 8), dice.chance(0.5), dice.of(None, (-1, 1))
    place = sympy.Integer(0)
    for k in range(steps):
        place -= HALF * (gradients[k % len(gradients)] ** (2 if bent else 1))
        place = place if within is None else min(max(place, within[0]), within[1])

    def made(near, count=steps):
        told = ends(f"{float(near):.2f}", steps=count, gradients=gradients, at={lr: HALF}, within=within)
        return rule("Run", {}, (a, g**2 if bent else g), (b, lr * a), (new(w), w - b), claims=(told,))

    return pair("one run", made(place), "other end", made(place + dice.of(HALF, -HALF, sympy.Rational(1, 50))))


@kind("periods")
def _periods(dice: Dice) -> Pair:
    """Which way a period goes is counted, over whole numbers or for the first forty of them."""
    large = dice.of(2, 3, 5)
    gradients = (large, *(-1 for _ in range(dice.of(1, 2, 3, 4))))
    step, weigh = dice.of(
        (g, lambda x: x),
        (sign(g), lambda x: (x > 0) - (x < 0)),
        (g / (1 + Abs(g)), lambda x: x / (1 + abs(x))),
        (g / (1 + new(u)), lambda x: x),
    )
    total = sum(map(weigh, gradients))
    gradients = gradients if abs(total) > 1e-9 else (*gradients, -1)
    down = sum(map(weigh, gradients)) > 0

    def made(way, start=0, late_=1):
        steps = (new(u), Max(u, cap)), (new(w), w - lr * step * late_)
        told = periods(way, gradients=gradients, at={lr: HALF, cap: 1})
        return rule("Period", {u: start}, *steps, claims=(told,))

    twist, false = dice.of(
        ("other way", made("up" if down else "down")),
        ("turns", made("down" if down else "up", late_=late(-1, 1))),
    )
    return pair("periods", made("down" if down else "up"), twist, false)
