"""Pairs about numbers that are kept for each array: series of them, signs, rest, what they make of steps."""

from __future__ import annotations

import sympy

from stepsmith.codegen.claims import (
    at_most,
    descends,
    ema,
    first_step,
    fixed_point,
    identity,
    max_series,
    monotone,
    nonnegative,
    series,
)
from stepsmith.codegen.spec import Abs, Max, Min, array_sum, global_sum, sqrt
from stepsmith.codegen.spec.symbols import mean, norm, per_array, where
from tests.trial.kit import (
    HALF,
    ONE,
    Dice,
    Pair,
    beta,
    cap,
    decay,
    g,
    kind,
    late,
    lr,
    m,
    new,
    pair,
    rate,
    rule,
    t,
    tiny,
    v,
    w,
)

n = per_array("n")
_AT_REST, _DOWN = fixed_point(), descends()


def _of_each(dice: Dice) -> sympy.Expr:
    """One number for each array."""
    return dice.of(array_sum(g**2), norm(g), array_sum(Abs(g)), array_sum(g * w), mean(g**2), norm(w - g))


@kind("series of a number for each array")
def _series(dice: Dice) -> Pair:
    d, x, start = dice.of(beta, decay, HALF), _of_each(dice), dice.of(0, 1, cap)

    def made(value, claim):
        return rule("Kept", {n: start}, (new(n), value), (new(w), w - lr * g / (1 + new(n) ** 2)), claims=(claim,))

    average = dice.chance(0.5)
    c = 1 - d if average else dice.of(ONE, rate)
    claim = ema(n, of=x, decay=d) if average else series(n, of=x, decay=d, weight=c)
    twist, false = dice.of(
        ("another sum", made(d * n + c * (x.xreplace({g: 2 * w + 1})), claim)),
        ("square", made(d * n + c * x**2, claim)),
        ("of all arrays", made(d * n + c * x.replace(array_sum, global_sum), claim)),
        ("own state", made(d * n + c * x + HALF * n, claim)),
        ("late", made(d * n + late(2 * c, c) * x, claim)),
        ("from the first", made(where(t > 1, d * n + c * x, x), claim)),
        ("largest", made(Max(d * n, x), max_series(n, of=x + 1, decay=d))),
    )
    return pair("series of a number for each array", made(d * n + c * x, claim), twist, false)


@kind("sign of a number for each array")
def _sign(dice: Dice) -> Pair:
    positive = dice.of(array_sum(g**2), norm(g), array_sum(Abs(w)), mean(g**2))
    any_sign = dice.of(array_sum(g), array_sum(g * w), mean(g), norm(g) - 1)

    def made(value, claim, start=0):
        return rule("Kept", {n: start}, (new(n), value), (new(w), w - lr * g / (1 + new(n) ** 2)), claims=(claim,))

    true = dice.of(
        made(beta * n + positive, nonnegative(n)),
        made(where(t > 1, beta * n + (1 - beta) * positive, positive), nonnegative(n)),
        made(n + rate * positive, monotone(n), dice.of(0, 1)),
        made(Max(n, any_sign), monotone(n)),
        made(Min(Max(any_sign, 0), 1), at_most(n, 1)),
    )
    twist, false = dice.of(
        ("any sign", made(beta * n + any_sign, nonnegative(n))),
        ("falls", made(beta * n + positive, monotone(n), 1)),
        ("smaller", made(Min(n, positive), monotone(n), 1)),
        ("from the first", made(where(t > 1, beta * n + positive, -positive), nonnegative(n))),
        ("no bound", made(beta * n + positive, at_most(n, 1))),
    )
    return pair("sign of a number for each array", true, twist, false)


@kind("rest with a number for each array")
def _rest(dice: Dice) -> Pair:
    kept = (new(n), dice.of(beta * n + (1 - beta) * array_sum(g**2), Max(n, norm(g)), n + mean(Abs(g))))

    def made(step, *more, state=None, claim=_AT_REST, start=0):
        return rule("Moved", {n: start, **(state or {})}, kept, *more, (new(w), w - step), claims=(claim,))

    true = dice.of(
        made(lr * g / (sqrt(Abs(new(n))) + tiny)),
        made(lr * g * new(n), start=1),
        made(lr * new(m), (new(m), beta * m + g / (1 + new(n) ** 2)), state={m: 0}),
    )
    twist, false = dice.of(
        ("the number itself", made(lr * (g + new(n)), start=1)),
        ("a start", made(lr * new(m), (new(m), beta * m + g + n), state={m: 0}, start=1)),
        ("decay", made(lr * (g + w * new(n)), start=1)),
        ("the square", made(lr * (g + (1 + new(n)) ** 2))),
    )
    return pair("rest with a number for each array", true, twist, false)


@kind("steps by a number for each array")
def _steps(dice: Dice) -> Pair:
    x = dice.of(array_sum(g**2), norm(g), array_sum(Abs(g)))
    start = dice.of(0, 1)
    first = (1 - beta) * x + beta * start

    def made(value, step, claim):
        return rule("Moved", {n: start, v: 0}, (new(n), value), (new(v), v + g**2), (new(w), w - step), claims=(claim,))

    value = beta * n + (1 - beta) * x
    true = dice.of(
        made(value, lr * g / (new(n) + tiny), first_step(-lr * g / (first + tiny))),
        made(value, lr * g / (new(n) + tiny), identity(new(w), w - lr * g / (value + tiny))),
        made(value, lr * g / (new(n) + tiny), _DOWN),
    )
    twist, false = dice.of(
        ("the old number", made(value, lr * g / (n + tiny), first_step(-lr * g / (first + tiny)))),
        ("another step", made(value, lr * g / (new(n) + tiny), first_step(-lr * g / (2 * first + tiny)))),
        (
            "of all arrays",
            made(value, lr * g / (new(n) + tiny), identity(new(n), beta * n + (1 - beta) * global_sum(g**2))),
        ),
        ("of an element", made(value, lr * g / (new(n) + tiny), identity(new(w), w - lr * g / (Abs(g) + tiny)))),
        ("uphill", made(value, lr * g * (HALF - new(n)), _DOWN)),
    )
    return pair("steps by a number for each array", true, twist, false)
