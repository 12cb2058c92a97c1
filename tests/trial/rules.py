"""Pairs about rules: sums, averages, signs, first steps, bounds, equivalences."""

from __future__ import annotations

import sympy

from stepsmith.codegen.claims import (
    additive,
    averages,
    descends,
    drift,
    ema,
    equals,
    fails,
    first_step,
    fixed_point,
    identity,
    max_series,
    monotone,
    nonnegative,
    reduces_to,
    scales,
    series,
    step_bound,
    unbiased,
)
from stepsmith.codegen.spec import Abs, Max, Min, sign, sqrt
from stepsmith.codegen.spec.symbols import where
from tests.trial.kit import (
    HALF,
    ONE,
    TWO,
    Dice,
    Pair,
    a,
    b,
    beta,
    c1,
    cap,
    claimed,
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
    s,
    shift,
    t,
    ticking,
    tiny,
    u,
    v,
    w,
)

DOWN = (new(w), w - lr * new(m))


def _away(dice: Dice, factor: sympy.Expr) -> sympy.Expr:
    """Another factor than this one."""
    return dice.of(*(f for f in (decay, HALF, mu**2, ONE) if f != factor))


@kind("series")
def _series(dice: Dice) -> Pair:
    d, c, x = dice.decay(), dice.weight(), dice.input()
    average = dice.chance(0.4)
    c = 1 - d if average else c
    start = dice.of(0, 1, shift, w, -2)

    def made(d, c, x, claim, extra=()):
        ticks = {s: 1} if any(step[0] == new(s) for step in extra) else {}
        steps = (*extra, (new(m), d * m + c * x), DOWN)
        return rule("Sum", {m: start, **ticks}, *steps, claims=(claim,))

    true = made(d, c, x, ema(m, of=x, decay=d) if average else series(m, of=x, decay=d, weight=c))
    twist = dice.of(
        "t in weight", "state in weight", "w in decay", "late", "decay", "weight", "t in decay", "own state"
    )
    match twist:
        case "t in weight":
            false = made(d, c * t, x, series(m, of=x, decay=d, weight=c * t))
        case "state in weight":
            false = made(d, c * new(s), x, series(m, of=x, decay=d, weight=c * new(s)), (ticking()[1],))
        case "w in decay":
            d = HALF / (1 + w**2)
            false = made(d, c, x, series(m, of=x, decay=d, weight=c))
        case "t in decay":
            d = 1 / (t + 1)
            false = made(d, c, x, series(m, of=x, decay=d, weight=c))
        case "late":
            false = made(d, late(2 * c, c), x, series(m, of=x, decay=d, weight=c))
        case "decay":
            false = made(d, c, x, series(m, of=x, decay=_away(dice, d), weight=c))
        case "weight":
            false = made(d, c, x, series(m, of=x, decay=d, weight=c * dice.of(2, rate * 3, -1)))
        case _:
            false = made(d, c, x + m * rate, series(m, of=x, decay=d, weight=c))
    return pair("series", true, twist, false)


@kind("unbiased")
def _unbiased(dice: Dice) -> Pair:
    d, c, x = dice.share(), dice.positive(), dice.of(g, g**2, Abs(g), g**3, sign(g) + g**2)
    total = c * (1 - d**t) / (1 - d)

    def made(value, estimate, of, start=0, extra=()):
        ticks = {s: 1} if extra else {}
        steps = (*extra, (new(m), value), (hat, estimate), (new(w), w - lr * hat))
        return rule("Estimate", {m: start, **ticks}, *steps, claims=(unbiased(hat, of=of),))

    begin = dice.of(0, 0, 1, shift)
    true = made(d * m + c * x, (new(m) - d**t * begin) / total, x, begin)
    twist = dice.of("t in weight", "start", "uncorrected", "shifted", "state in weight", "t in of", "other", "late")
    match twist:
        case "t in weight":
            false = made(d * m + t * c * x, new(m) / (t * total), x)
        case "start":
            false = made(d * m + c * x, new(m) / total, x, dice.of(1, cap, -2))
        case "uncorrected":
            false = made(d * m + c * x, new(m) * (1 - d) / c, x)
        case "shifted":
            false = made(d * m + c * x, new(m) * (1 - d) / (c * (1 - d ** (t + 1))), x)
        case "state in weight":
            false = made(d * m + new(s) * x, new(m) / (new(s) * (1 - d**t) / (1 - d)), x, extra=(ticking()[1],))
        case "t in of":
            false = made(d * m + c * t * x, new(m) / total, t * x)
        case "other":
            false = made(d * m + c * x, new(m) / total, x + dice.of(g, 2 * g**2, Abs(g)))
        case _:
            false = made(d * m + late(2, 1) * c * x, new(m) / total, x)
    return pair("unbiased", true, twist, false)


@kind("maximum")
def _maximum(dice: Dice) -> Pair:
    d, x = dice.decay(), dice.of(Abs(g), g**2, Abs(g) + g**2, Max(g, 0))

    def made(value, claim, start=0):
        return rule("Largest", {u: start}, (new(u), value), (new(w), w - lr * new(u)), claims=(claim,))

    true = made(Max(d * u, x), max_series(u, of=x, decay=d))
    twist = dice.of("negative", "start", "decay", "t in decay", "late", "sum")
    match twist:
        case "negative":
            x = dice.of(g, -Abs(g), g**3, g - 1)
            false = made(Max(d * u, x), max_series(u, of=x, decay=d))
        case "start":
            false = made(Max(d * u, x), max_series(u, of=x, decay=d), dice.of(1, cap))
        case "decay":
            false = made(Max(d * u, x), max_series(u, of=x, decay=_away(dice, d)))
        case "t in decay":
            false = made(Max(u / (t + 1), x), max_series(u, of=x, decay=1 / (t + 1)))
        case "late":
            false = made(Max(d * u, late(2, 1) * x), max_series(u, of=x, decay=d))
        case _:
            false = made(d * u + x, max_series(u, of=x, decay=d))
    return pair("maximum", true, twist, false)


@kind("monotone")
def _monotone(dice: Dice) -> Pair:
    x = dice.square()

    def made(value, start=0):
        return rule("Rising", {v: start}, (new(v), value), (new(w), w - lr * g * new(v)), claims=(monotone(v),))

    true = made(
        dice.of(v + x, Max(v, x), v + rate * x, Max(v, x - cap), v + gain, Max(v, g, 2 * g)), dice.of(0, 1, shift)
    )
    twist = dice.of("decays", "sign", "late", "t", "negative")
    match twist:
        case "decays":
            false = made(dice.of(beta, decay) * v + x, 1)
        case "sign":
            false = made(v + dice.of(g, g**3, Min(g, cap), x - cap))
        case "late":
            false = made(v + x - late(tiny, 0))
        case "t":
            false = made(v + x + 1 - t)
        case _:
            false = made(dice.of(v * (1 + rate), v + v * x), -1)
    return pair("monotone", true, twist, false)


@kind("non-negative")
def _nonnegative(dice: Dice) -> Pair:
    x, d = dice.square(), dice.decay()

    def made(value, of, start=0, more=()):
        state = {v: start} | ({m: 0} if more else {})
        return rule("Above", state, *more, (new(v), value), (new(w), w - lr * g * new(v)), claims=(nonnegative(of),))

    if dice.chance(0.3):
        mean = (new(m), beta * m + (1 - beta) * g)
        true = made(beta * v + (1 - beta) * g**2, v - m**2, 0, (mean,))
    else:
        true = made(
            dice.of(d * v + x, Max(v, x), d * v + rate * x, v + gain * x), dice.of(v, 2 * v), dice.of(0, 1, cap)
        )
    twist = dice.of("start", "sign", "t", "late", "one-sided", "mean")
    match twist:
        case "start":
            false = made(HALF * v + x, v, dice.of(-1, shift, w))
        case "sign":
            false = made(d * v + dice.of(g, x - tiny, -x, g**3), v)
        case "t":
            false = made((v + 1 / t) / 2, 1 / t - v)
        case "late":
            false = made(d * v + x - late(1, 0), v)
        case "mean":
            mean = (new(m), beta * m + (1 - beta) * g)
            false = made(decay * v + (1 - decay) * g**2, v - m**2, 0, (mean,))
        case _:
            false = made(Min(cap, v + g), v)
    return pair("non-negative", true, twist, false)


@kind("fixed point")
def _fixed_point(dice: Dice) -> Pair:
    d = dice.decay()

    def made(value, step, start=0):
        return rule("Rest", {m: start}, (new(m), value), (new(w), w - step), claims=(fixed_point(),))

    step = dice.of(lr * new(m), lr * new(m) / (Abs(new(m)) + tiny), lr * sign(new(m)), lr * g / sqrt(new(m) ** 2 + cap))
    true = made(d * m + dice.weight() * dice.of(g, g**3, sign(g)), step)
    twist = dice.of("start", "decay", "drive", "late", "t")
    match twist:
        case "start":
            false = made(dice.of(beta, decay, HALF) * m + g, lr * new(m) + rate * m, dice.of(1, tiny))
        case "decay":
            false = made(d * m + g, lr * new(m) + rate * w)
        case "drive":
            false = made(d * m + g + cap, lr * new(m) + rate * new(m))
        case "late":
            false = made(d * m + g, lr * new(m) + late(tiny, 0))
        case _:
            false = made(d * m + g, lr * new(m) + rate * (t - 1))
    return pair("fixed point", true, twist, false)


@kind("first step")
def _first_step(dice: Dice) -> Pair:
    d, c, start = dice.decay(), dice.weight(), dice.of(0, 1, rate)
    f = dice.of(lambda z: z, lambda z: z / (Abs(z) + tiny), lambda z: z / (sqrt(z**2) + cap), lambda z: Min(z, cap))

    def made(claim):
        steps = ((new(m), d * m + c * g), (c1, 1 - beta**t), (new(w), w - lr * f(new(m) / c1)))
        return rule("First", {m: start}, *steps, claims=(claim,))

    by = -lr * f((d * start + c * g) / (1 - beta))
    twist = dice.of("factor", "sign", "start", "offset")
    wrong = {"factor": TWO * by, "sign": -by, "offset": by + rate * g**2}.get(
        twist, -lr * f((d * (start + 1) + (c + gain + 1) * g) / (1 - beta))
    )
    return pair("first step", made(first_step(by)), twist, made(first_step(wrong)))


@kind("descends")
def _descends(dice: Dice) -> Pair:
    x = dice.of(g, sign(g), g**3, g / (Abs(g) + tiny), g / sqrt(g**2 + cap), Min(Max(g, -cap), cap))

    def made(step):
        return rule("Down", {m: 0}, (new(m), beta * m + (1 - beta) * g), (new(w), w - step), claims=(descends(),))

    true = made(dice.of(lr, rate, gain) * x + dice.of(0, lr * new(m)))
    twist = dice.of("sign", "small", "large", "offset", "mixed")
    match twist:
        case "sign":
            false = made(-rate * x + dice.of(0, -lr * new(m)))
        case "small":
            false = made(rate * (g**3 - tiny * g) + lr * 0 * new(m) + 0 * g)
        case "large":
            false = made(rate * (g - tiny * g**3))
        case "offset":
            false = made(rate * g - tiny * dice.of(1, g**2))
        case _:
            false = made(rate * Abs(g))
    return pair("descends", true, twist, false)


@kind("identity")
def _identity(dice: Dice) -> Pair:
    d, c = dice.decay(), dice.weight()
    big, low = dice.of((Max(g, m), Min(g, m)), (Max(g, 0), Min(g, 0)), (Max(m, cap), Min(m, cap)))
    one, two = dice.of((g, m), (g, ONE), (m, cap), (Max(g, 0), Max(m, 1)))
    left, right, wrong = dice.of(
        ((one + two) ** 2, one**2 + 2 * one * two + two**2, one**2 + one * two + two**2),
        (big + low, sum(big.args) if not big.has(cap) else m + cap, sum(big.args) + tiny),
        (Abs(g) * sign(g), g, Abs(g)),
        (d * g + (1 - d) * m, m + d * (g - m), m + d * (g + m)),
        (g / (1 + gain), g - gain * g / (1 + gain), g + gain * g / (1 + gain)),
        (sign(g / (1 - beta) - beta * g / (1 - beta) - g), sympy.Integer(0), ONE),
        (where(g > m, g, m), Max(g, m), Min(g, m)),
        (sqrt(g**2 + 2 * g * m + m**2), Abs(g + m), g + m),
    )

    def made(of, other):
        steps = ((a, of), (new(m), beta * m + c * g), (new(w), w - lr * new(m) - a))
        return rule("Same", {m: 0}, *steps, claims=(identity(a, other),))

    return pair("identity", made(left, right), "other value", made(left, wrong))


@kind("step bound")
def _step_bound(dice: Dice) -> Pair:
    d = dice.share()
    held = dice.of(sign(g), Min(Max(g, -cap), cap), Max(-rate, Min(cap, g)), g / (Abs(g) + tiny), g / sqrt(g**2 + tiny))

    def made(value, step, start=0):
        return rule("Bound", {u: start}, (new(u), value), (new(w), w - step), claims=(step_bound(),))

    true = (
        made(d * u + (1 - d) * held, lr * new(u), dice.of(0, 0, 1))
        if held.has(sign)
        else made(d * u + (1 - d) * sign(g), lr * dice.of(1, rate) * held + 0 * lr * u)
    )
    true = true if true.steps[1].value.has(u, new(u)) else made(d * u + (1 - d) * sign(g), lr * new(u))
    twist = dice.of("one side", "no bound", "small divisor")
    match twist:
        case "one side":
            false = made(dice.of(Min(cap, u + g), Min(cap, HALF * u + g), Max(u + g, -cap)), lr * new(u))
        case "no bound":
            false = made(d * u + g, lr * new(u))
        case _:
            false = made(d * u + (1 - d) * g**2, lr * g / (Abs(new(u)) + tiny) ** dice.of(THIRD, sympy.Rational(1, 4)))
    return pair("step bound", true, twist, false)


THIRD = sympy.Rational(1, 3)


@kind("additive")
def _additive(dice: Dice) -> Pair:
    claim = dice.of(additive, averages)

    def made(step, start=0):
        return rule("Linear", {m: start}, (new(m), beta * m + g), (new(w), w - step), claims=(claim(),))

    true = made(dice.of(lr * new(m), rate * g + lr * new(m), (lr * g + mu * new(m)) / (1 + gain)))
    wrong = dice.of(lr * sign(new(m)), rate * g**3 + lr * new(m), lr * Max(new(m), 0), lr * g / (Abs(new(m)) + tiny))
    return pair("additive", true, "not linear", made(wrong))


@kind("averages")
def _averages(dice: Dice) -> Pair:
    def made(step):
        return rule("Mean", {m: 0}, (new(m), beta * m + g), (new(w), w - lr * new(m) - step), claims=(averages(),))

    offset = dice.of(rate, tiny * w, cap)
    return pair("averages", made(offset), "not affine", made(offset + dice.of(rate * g**2, cap * Abs(g), sign(g))))


@kind("drift")
def _drift(dice: Dice) -> Pair:
    g1, h2 = sympy.symbols("g1 h2", real=True)
    c = dice.of(lr, lr * rate, lr / (1 + gain))

    def made(claim, x=g):
        return rule("Walk", {}, (new(w), w - c * x), claims=(claim,))

    wrong = dice.of(-(c**2) * g1 * h2, c * g1 * h2 * rate, c**2 * g1, 2 * c**2 * g1 * h2)
    return pair("drift", made(drift(c**2 * g1 * h2)), "other drift", made(drift(wrong)))


@kind("units")
def _units(dice: Dice) -> Pair:
    def made(value, step, factors):
        steps = ((new(v), value), (new(w), w - step))
        return rule("Units", {v: 0}, *steps, claims=(scales(factors),))

    ww, gg = sympy.symbols("w g", real=True)
    good = {"v": gg**2, "lr": ww}
    step = dice.of(lr * g / (sqrt(new(v)) + Abs(g)), lr * g / sqrt(new(v) + g**2), lr * g / Max(sqrt(new(v)), Abs(g)))
    true = made(beta * v + (1 - beta) * g**2, step, good)
    twist = dice.of("unit of v", "eps", "root lost")
    match twist:
        case "unit of v":
            false = made(beta * v + (1 - beta) * g**2, step, {"v": gg, "lr": ww})
        case "eps":
            false = made(beta * v + (1 - beta) * g**2, lr * g / (sqrt(new(v)) + tiny), good)
        case _:
            false = made(beta * v + (1 - beta) * g**2, lr * g / (new(v) + Abs(g)), good)
    return pair("units", true, twist, false)


def _plain(step, name="Plain", state=None, *steps):
    return rule(name, state or {}, *steps, (new(w), w - step))


@kind("equals")
def _equals(dice: Dice) -> Pair:
    d = dice.share()
    factor = dice.of(rate, 1 / (1 + gain), 2 * cap)
    other = rule("Other", {m: 0}, (new(m), d * m + g), (new(w), w - lr * new(m)))

    def made(value, step, claim, start=0, more=()):
        return rule("One", {u: start}, *more, (new(u), value), (new(w), w - step), claims=(claim,))

    claim = equals(
        other, hyper={"lr": lr}, state={"m": u / factor}, constant=tuple(sorted(factor.free_symbols, key=str))
    )
    true = made(d * u + factor * g, lr * new(u) / factor, claim)
    twist = dice.of("changing", "domain", "late", "factor", "start", "rest", "term")
    match twist:
        case "changing":
            false = made(d * u + lr * g, new(u), equals(other, hyper={}, state={"m": u / lr}))
        case "domain":
            back = rule("Back", {m: 0}, (new(m), d * m + g), (new(w), w + lr * new(m)))
            false = claimed(back, equals(other, hyper={"lr": -lr}))
        case "late":
            false = made(d * u + late(2, 1) * g, lr * new(u), equals(other, state={"m": u}))
        case "factor":
            false = made(
                d * u + g, lr * new(u), equals(other, hyper={"lr": lr * dice.of(2, rate, 1 + gain)}, state={"m": u})
            )
        case "start":
            false = made(d * u + g, lr * new(u), equals(other, state={"m": u}), dice.of(1, -1))
        case "rest":
            false = made(d * u + g, lr * new(u) + tiny * w, equals(other, state={"m": u}))
        case _:
            false = made(d * u + g + tiny * g**2, lr * new(u), equals(other, state={"m": u}))
    return pair("equals", true, twist, false, "lr constant" if twist == "changing" else "")


@kind("reduces")
def _reduces(dice: Dice) -> Pair:
    other = rule("Simple", {}, (new(w), w - lr * g))

    def made(value, step, at):
        return rule("General", {u: 0}, (new(u), value), (new(w), w - step), claims=(reduces_to(other, at),))

    true = made(mu * u + g, lr * new(u), {mu: 0})
    twist = dice.of("value", "domain", "rest")
    match twist:
        case "value":
            false = made(mu * u + g, lr * new(u), {mu: dice.of(1, HALF)})
        case "domain":
            false = claimed(
                rule("General", {u: 0}, (new(u), mu * u + g), (new(w), w + gain * new(u))),
                reduces_to(rule("Simple", {}, (new(w), w - gain * g)), {mu: 0, gain: -1}),
            )
        case _:
            false = made(mu * u + g, lr * new(u) + mu * g + tiny * g, {mu: 0})
    return pair("reduces", true, twist, false)


@kind("at rest")
def _at_rest(dice: Dice) -> Pair:
    """A state that no step changes, where a factor is 1."""
    other = rule("Signs", {}, (new(w), w - cap * sign(g)))
    moved = dice.of(where(g > 0, gain * u, u), gain**t * u, u * gain + (1 - gain) * g)

    def made(at=1, value=moved, start=cap, constant=(cap,)):
        claim = reduces_to(other, {gain: at}, constant=constant)
        return rule("Lengths", {u: start}, (new(u), value), (new(w), w - new(u) * sign(g)), claims=(claim,))

    twist = dice.of("value", "start", "changing", "late", "moved")
    match twist:
        case "value":
            false = made(dice.of(2, HALF, 0))
        case "start":
            false = made(start=dice.of(2 * cap, cap + tiny, 1))
        case "changing":
            false = made(constant=())
        case "late":
            false = made(value=moved * late(2, 1))
        case _:
            false = made(value=moved + dice.of(tiny * g**2, (gain - 1) * g + tiny))
    return pair("at rest", made(), twist, false, "cap constant" if twist == "changing" else "")


@kind("fails")
def _fails(dice: Dice) -> Pair:
    inner = dice.of(
        *(maker for maker in (_series, _first_step, _fixed_point, _descends, _identity, _averages, _monotone))
    )
    found = inner(dice)

    def turned(case):
        (claim,) = case.rule.claims
        return claimed(case.rule, fails(claim, "it was changed"))

    return pair("fails", turned(found.false), f"of a true {found.true.kind}", turned(found.true))


@kind("0/0")
def _nowhere(dice: Dice) -> Pair:
    """A rule that has no value at g = 0, beside one that is kept from that."""
    signs = rule("Signs", {}, (new(w), w - lr * sign(g)))
    bad, good = dice.of(
        (g / Abs(g), where(Abs(g) > 0, g / Max(Abs(g), tiny), 0)),
        (g / sqrt(g**2), g / (sqrt(g**2) + tiny)),
        (b * g / g**2, b * g / (g**2 + tiny)),
    )
    extra = ((b, Abs(g)),) if bad.has(b) else ()

    def made(step, claim):
        return rule("Ratio", {}, *extra, (new(w), w - lr * step), claims=(claim,))

    twist = dice.of("elsewhere", "at zero")
    false = made(bad, equals(signs) if twist == "elsewhere" else fixed_point())
    return pair("0/0", made(good, fixed_point()), "0/0", false, "!= 0" if twist == "elsewhere" else "")
