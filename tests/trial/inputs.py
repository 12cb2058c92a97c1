"""Pairs about what a step is given beside the gradient: series of it, signs, rest, units, what it makes of a rule."""

from __future__ import annotations

import sympy

from stepsmith.codegen.claims import (
    at_most,
    ema,
    equals,
    first_step,
    fixed_point,
    identity,
    monotone,
    nonnegative,
    reduces_to,
    scales,
    series,
)
from stepsmith.codegen.spec import Abs, Max, Min, sign, sqrt
from stepsmith.codegen.spec.symbols import given, inputs, signals, where
from tests.trial.kit import (
    HALF,
    Dice,
    Pair,
    a,
    beta,
    cap,
    decay,
    g,
    kind,
    lr,
    m,
    new,
    pair,
    rate,
    rule,
    s,
    tiny,
    u,
    v,
    w,
)

h, mask = inputs("h mask")
loss = signals("loss")
_AT_LEAST_0, _AT_REST = nonnegative(v), fixed_point()


def _of_input(dice: Dice) -> sympy.Expr:
    """Something made of an input that another input, or the gradient, does not make."""
    return dice.of(h, h**2, Abs(h), h * g, loss * h, h - g, where(h > g, h, 0), Max(h, 0))


@kind("series of an input")
def _series(dice: Dice) -> Pair:
    d, x = dice.of(beta, decay, HALF), _of_input(dice)

    def made(value, claim):
        return rule("Kept", {v: 0}, (new(v), value), (new(w), w - lr * g / (1 + new(v) ** 2)), claims=(claim,))

    true = made(d * v + (1 - d) * x, ema(v, of=x, decay=d))
    twist, false, needs = dice.of(
        ("of the gradient", made(d * v + (1 - d) * x, ema(v, of=x.xreplace({h: g}) + g, decay=d)), ""),
        ("of another input", made(d * v + (1 - d) * x, ema(v, of=x + mask, decay=d)), ""),
        ("of the signal", made(d * v + (1 - d) * x, ema(v, of=x * loss, decay=d)), ""),
        ("in the decay", made(v / (1 + h**2) + g, series(v, of=g, decay=1 / (1 + h**2))), "h constant"),
        ("in the weight", made(d * v + loss * g, series(v, of=g, decay=d, weight=loss)), "loss constant"),
        ("where it is given", made(where(given(h), d * v + (1 - d) * h, v), ema(v, of=h, decay=d)), "h_given constant"),
        ("own state", made(d * v + (1 - d) * x * v, ema(v, of=x, decay=d)), ""),
    )
    return pair("series of an input", true, twist, false, needs)


@kind("sign of an input")
def _sign(dice: Dice) -> Pair:
    d = dice.of(beta, decay, HALF)

    def made(x, claim=_AT_LEAST_0):
        return rule("Kept", {v: 0}, (new(v), x), (new(w), w - lr * g / (1 + Abs(new(v)))), claims=(claim,))

    true = dice.of(
        made(d * v + (1 - d) * dice.of(h**2, Abs(h * loss), Max(h, 0), where(h > 0, h, 0))),
        made(where(given(h), d * v + h**2, v)),
        made(Max(v, h), monotone(v)),
        made(v + Abs(loss) * g**2, monotone(v)),
    )
    twist, false = dice.of(
        ("any sign", made(d * v + (1 - d) * dice.of(h, h * g, loss * g**2, Max(h, -1)))),
        ("of a signal", made(d * v + loss**2 - loss)),
        ("where it is given", made(where(given(h), h, v))),
        ("smaller", made(Min(v, h), monotone(v))),
        ("now and then", made(where(given(h), h**2, v), monotone(v))),
    )
    return pair("sign of an input", true, twist, false)


@kind("rest with inputs")
def _rest(dice: Dice) -> Pair:
    def made(step, extra=(), state=None, claim=_AT_REST):
        return rule("Moved", state or {}, *extra, (new(w), w - step), claims=(claim,))

    true = made(lr * g * dice.of(h, loss, h**2 / (1 + loss**2), where(given(h), h, 1), mask))
    momentum = ((new(m), beta * m + (1 - beta) * h * g),)
    true = dice.of(true, made(lr * new(m), momentum, {m: 0}), made(g * where(h > 0, lr, rate)))
    twist, false = dice.of(
        ("step of the input", made(lr * (g + dice.of(h, loss, h - g)))),
        ("momentum of the input", made(lr * new(m), ((new(m), beta * m + (1 - beta) * h),), {m: 0})),
        ("sign", made(lr * sign(h))),
        ("now and then", made(where(given(h), lr * h, lr * g))),
    )
    return pair("rest with inputs", true, twist, false)


@kind("units with inputs")
def _units(dice: Dice) -> Pair:
    def made(step, factors):
        return rule(
            "Scaled", {v: 0}, (new(v), beta * v + (1 - beta) * h**2), (new(w), w - step), claims=(scales(factors),)
        )

    step, factors, wrong = dice.of(
        (lr * g / (sqrt(new(v)) + tiny), {"h": g, "v": g**2, "tiny": g, "lr": w}, {"v": g**2, "tiny": g, "lr": w}),
        (lr * g * h / (new(v) + tiny), {"h": w, "v": w**2, "tiny": w**2, "lr": w**2 / g}, {"h": w, "lr": w**2 / g}),
        (lr * loss * g, {"loss": w / g}, {"loss": w}),
        (lr * loss * sign(g) + h, {"h": w, "v": w**2, "loss": w}, {"h": g, "v": g**2, "loss": w}),
    )
    return pair("units with inputs", made(step, factors), "other units", made(step, wrong))


_ADAM_LIKE = rule("Plain", {v: 0}, (new(v), beta * v + (1 - beta) * g**2), (new(w), w - lr * g / (sqrt(new(v)) + tiny)))
_SCALED = rule("Descent", {}, (new(w), w - rate * g))


@kind("what inputs make of a rule")
def _equal(dice: Dice) -> Pair:
    of = rule("Other", {v: 0}, (new(v), beta * v + (1 - beta) * h**2), (new(w), w - lr * g / (sqrt(new(v)) + tiny)))
    masked = rule("Masked", {}, (new(w), where(mask > 0, w - rate * g, w)))
    lossy = rule("Lossy", {s: 1}, (new(s), (s + loss) / 2), (new(w), w - rate * g * new(s)))
    often = rule("Often", {u: 0}, (new(u), where(given(h), h, u)), (new(w), w - rate * (g + new(u))))
    flag = given(h).lhs
    base, claim, twist, wrong = dice.of(
        (of, reduces_to(_ADAM_LIKE, at={h: g}), "twice", reduces_to(_ADAM_LIKE, at={h: 2 * g})),
        (of, reduces_to(_ADAM_LIKE, at={h: -g}), "not at all", equals(_ADAM_LIKE)),
        (masked, reduces_to(_SCALED, at={mask: 1}), "masked", reduces_to(_SCALED, at={mask: 0})),
        (masked, reduces_to(_SCALED, at={mask: 1 + g**2}), "by sign", reduces_to(_SCALED, at={mask: g})),
        (lossy, reduces_to(_SCALED, at={loss: 1}), "another loss", reduces_to(_SCALED, at={loss: 2})),
        (often, reduces_to(_SCALED, at={flag: 0}), "given", reduces_to(_SCALED, at={flag: 1})),
        (often, reduces_to(_SCALED, at={h: 0}), "given twice", reduces_to(_SCALED, at={h: 1})),
    )

    def made(said):
        return rule(base.name, dict(base.state), *((step.target, step.value) for step in base.steps), claims=(said,))

    return pair("what inputs make of a rule", made(claim), twist, made(wrong))


@kind("one step with inputs")
def _one_step(dice: Dice) -> Pair:
    def made(step, claim):
        return rule("Moved", {}, (a, step), (new(w), w - a), claims=(claim,))

    step, true, wrong = dice.of(
        (rate * sign(h), at_most(Abs(new(w) - w), rate), at_most(Abs(new(w) - w), rate / 2)),
        (Min(Max(h / (Abs(loss) + tiny), -cap), cap), at_most(Abs(new(w) - w), cap), at_most(Abs(new(w) - w), Abs(h))),
        (rate * h * g, first_step(-rate * h * g), first_step(-rate * g)),
        (rate * h * g, first_step(-rate * g * h), first_step(-rate * h**2)),
        (where(mask > 0, g, 0), identity(new(w), w, given={mask: 0}), identity(new(w), w - g)),
        (where(given(h), h, g), identity(a, g, given={given(h).lhs: 0}), identity(a, h)),
        (loss * g, identity(a, g * loss), identity(a, g)),
    )
    return pair("one step with inputs", made(step, true), "other claim", made(step, wrong))
