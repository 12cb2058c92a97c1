"""Pairs about sums over arrays: series of them, signs, identities, what they make of steps and of another rule."""

from __future__ import annotations

import sympy

from stepsmith.codegen.claims import (
    at_most,
    descends,
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
    series,
    step_bound,
    unbiased,
)
from stepsmith.codegen.prove.properties import Defined
from stepsmith.codegen.spec import Abs, Max, Min, array_sum, global_sum, sign, sqrt
from stepsmith.codegen.spec.symbols import global_mean, global_norm, global_size, mean, norm, signals, size, where
from tests.trial.kit import (
    HALF,
    ONE,
    TWO,
    Dice,
    Pair,
    a,
    beta,
    c1,
    cap,
    decay,
    eps,
    g,
    gain,
    hat,
    kind,
    late,
    lr,
    m,
    new,
    pair,
    rate,
    rule,
    s,
    t,
    tiny,
    v,
    w,
)

loss = signals("loss")
_AT_REST, _DOWN, _BOUND = fixed_point(), descends(), step_bound()
_ADAM_LIKE = rule("Plain", {v: 0}, (new(v), beta * v + (1 - beta) * g**2), (new(w), w - lr * g / (sqrt(new(v)) + tiny)))
_DESCENT = rule("Descent", {}, (new(w), w - rate * g))


def _overall(dice: Dice) -> sympy.Expr:
    """One number for all arrays."""
    return dice.of(
        global_sum(g**2), global_sum(Abs(g)), global_norm(g), global_sum(g * w), global_mean(g), global_norm(w - g)
    )


def _of_each(dice: Dice) -> sympy.Expr:
    """One number for each array."""
    return dice.of(norm(g), norm(w), array_sum(Abs(g)), array_sum(g * w), mean(g), mean(g**2), size * ONE)


def _others(x: sympy.Expr) -> tuple[sympy.Expr, ...]:
    """What a careless hand takes a sum for: that of the weights, its root or square, that of each array, its terms."""
    found = (
        x.xreplace({g: w}) if g in x.free_symbols else x.xreplace({w: 2 * w}),
        x**2,
        x + 1,
        sympy.sqrt(x**2 + 1),
        x.replace(global_sum, array_sum) if x.has(global_sum) else x.replace(array_sum, global_sum),
        x.replace(array_sum, lambda of: of).replace(global_sum, lambda of: of),
    )
    return tuple(other for other in found if other != x and not other.has(sympy.zoo))


@kind("series of a sum")
def _series(dice: Dice) -> Pair:
    d, x, start = dice.of(beta, decay, HALF), _overall(dice), dice.of(0, 1, cap)

    def made(value, claim):
        return rule("Kept", {s: start}, (new(s), value), (new(w), w - lr * g / (1 + new(s) ** 2)), claims=(claim,))

    average = dice.chance(0.5)
    c = 1 - d if average else dice.of(ONE, rate)
    claim = ema(s, of=x, decay=d) if average else series(s, of=x, decay=d, weight=c)
    twist, false = dice.of(
        ("another sum", made(d * s + c * dice.of(*_others(x)[:4]), claim)),
        ("own state", made(d * s + c * x + HALF * s, claim)),
        ("late", made(d * s + late(2 * c, c) * x, claim)),
        ("in the decay", made(s / (1 + x**2) + c, series(s, of=1, decay=1 / (1 + x**2), weight=c))),
        ("in the weight", made(d * s + x * t, series(s, of=t, decay=d, weight=x))),
        ("largest", made(Max(d * s, x), max_series(s, of=dice.of(*_others(x)[:4]), decay=d))),
    )
    return pair("series of a sum", made(d * s + c * x, claim), twist, false)


@kind("series beside a sum")
def _beside(dice: Dice) -> Pair:
    d, x, f = dice.of(beta, decay, HALF), _of_each(dice), dice.of(g, g**2, sign(g), Abs(g))

    def made(value, claim):
        steps = ((c1, x), (new(v), value), (new(w), w - lr * g / (1 + new(v) ** 2)))
        return rule("Weighed", {v: 0}, *steps, claims=(claim,))

    true = made(d * v + (1 - d) * c1 * f, ema(v, of=dice.of(c1, x) * f, decay=d))
    twist, false = dice.of(
        ("weight", made(d * v + c1 * f, series(v, of=f, decay=d, weight=dice.of(c1, x)))),
        ("decay", made(v / (1 + c1**2) + f, series(v, of=f, decay=1 / (1 + c1**2)))),
        ("terms", made(d * v + (1 - d) * c1 * f, ema(v, of=_others(x)[-1] * f, decay=d))),
        ("of all arrays", made(d * v + (1 - d) * c1 * f, ema(v, of=_others(x)[-2] * f, decay=d))),
        ("nothing", made(d * v + (1 - d) * c1 * f, ema(v, of=f, decay=d))),
    )
    return pair("series beside a sum", true, twist, false)


@kind("sign of a sum")
def _sign(dice: Dice) -> Pair:
    positive = dice.of(global_sum(g**2), global_norm(g), global_sum(Abs(w)), global_sum(g**2) / global_size)
    any_sign = dice.of(global_sum(g), global_sum(g * w), global_mean(g), global_sum(g**2) - 1, global_norm(g) - 1)

    def kept(value, claim, start=0):
        return rule("Kept", {s: start}, (new(s), value), (new(w), w - lr * g / (1 + new(s) ** 2)), claims=(claim,))

    def formed(value, claim):
        return rule("Formed", {}, (c1, value), (new(w), w - lr * g * c1), claims=(claim,))

    true = dice.of(
        kept(beta * s + positive, nonnegative(s)),
        kept(s + rate * positive, monotone(s), dice.of(0, 1)),
        kept(Max(s, any_sign), monotone(s)),
        kept(s + positive, nonnegative(s - dice.of(positive, 0))),
        formed(dice.of(norm(g), mean(Abs(w)), array_sum(g**2) / size, Max(mean(g), 0)), nonnegative(c1)),
        formed(1 / (1 + norm(g)), at_most(c1, 1)),
    )
    twist, false = dice.of(
        ("any sign", kept(beta * s + any_sign, nonnegative(s))),
        ("falls", kept(beta * s + positive, monotone(s), 1)),
        ("smaller", kept(Min(s, positive), monotone(s), 1)),
        ("of each step", formed(dice.of(norm(g), array_sum(g**2)), monotone(c1))),
        ("of weights", formed(dice.of(norm(w), mean(w**2)), monotone(c1))),
        ("any sign of each", formed(dice.of(mean(g), array_sum(g * w), norm(g) - 1, size - 2), nonnegative(c1))),
        ("bounded", formed(norm(g), at_most(c1, dice.of(ONE, cap)))),
        ("above each", formed(norm(g), at_most(c1, Abs(g)))),
        ("of the weights after it", kept(global_norm(w) + 0 * s, nonnegative(s - global_norm(w)))),
    )
    return pair("sign of a sum", true, twist, false)


@kind("identity of sums")
def _identity(dice: Dice) -> Pair:
    total = dice.of(array_sum, global_sum)
    count = size if total is array_sum else global_size
    value, right, wrong = dice.of(
        (total(g + w), total(g) + total(w), total(g)),
        (total(rate * g**2), rate * total(g**2), rate**2 * total(g**2)),
        (sympy.sqrt(total((TWO * g) ** 2)), TWO * sympy.sqrt(total(g**2)), TWO * total(g**2)),
        (total((g - w) ** 2), total(g**2) - 2 * total(g * w) + total(w**2), total(g**2) - 2 * total(g) * total(w)),
        (total(g + 1), total(g) + count, total(g) + 1),
        (total(g) / count, total(g / count), total(g) / 2),
        (sympy.sqrt(total(g**2)) ** 2, total(g**2), total(Abs(g)) ** 2),
        (total(g * rate), rate * total(g), total(g)),
        (total(g), total(g), _others(total(g))[-1]),
        (total(g), total(g), _others(total(g))[-2]),
        (total(g**2), total(Abs(g) ** 2), total(g) ** 2),
    )

    def made(claim):
        return rule("Summed", {}, (c1, value), (new(w), w - lr * g * c1), claims=(claim,))

    if dice.chance(0.25):
        true, false = fails(identity(c1, wrong), "it is another"), fails(identity(c1, right), "it is not")
        if not wrong.has(array_sum, global_sum):
            return pair("identity of sums", made(true), "fails", made(false))
    return pair("identity of sums", made(identity(c1, right)), "other sum", made(identity(c1, wrong)))


@kind("moves by a sum")
def _moves(dice: Dice) -> Pair:
    factor = dice.of(lr, lr / (1 + norm(g)), lr * norm(w), lr * global_norm(w) / (1 + global_norm(g)))
    step, length = dice.of(
        (g, array_sum(g**2)), (w + g, array_sum((w + g) ** 2)), (g / (1 + Abs(g)), array_sum((g / (1 + Abs(g))) ** 2))
    )

    def made(claim):
        return rule("Moved", {}, (c1, factor), (new(w), w - c1 * step), claims=(claim,))

    square = array_sum((new(w) - w) ** 2)
    twist, wrong = dice.of(
        ("norm for its square", c1**2 * sympy.sqrt(length)),
        ("factor once", c1 * length),
        ("of all arrays", c1**2 * length.replace(array_sum, global_sum)),
        ("other terms", c1**2 * array_sum(w**2)),
        ("terms", c1**2 * length.args[0]),
    )
    return pair("moves by a sum", made(identity(square, c1**2 * length)), twist, made(identity(square, wrong)))


@kind("rest with sums")
def _rest(dice: Dice) -> Pair:
    factor = dice.of(norm(w), 1 / (1 + norm(g)), mean(g) ** 2 + 1, global_sum(w * g), size * ONE)

    def made(step, *extra, state=None, claim=_AT_REST):
        return rule("Moved", state or {}, *extra, (new(w), w - step), claims=(claim,))

    momentum, kept = (new(m), beta * m + (1 - beta) * g), (new(s), s + global_sum(g**2))
    true = dice.of(
        made(lr * g * factor),
        made(lr * new(m) * factor, momentum, state={m: 0}),
        made(lr * g / sqrt(new(s) + tiny), kept, state={s: 0}),
        made(lr * g * norm(g), claim=_DOWN),
        made(lr * g / (1 + global_norm(w)), claim=_DOWN),
    )
    twist, false = dice.of(
        ("of the weights", made(lr * dice.of(norm(w), mean(w) * ONE, global_sum(w**2)))),
        ("momentum", made(lr * new(m) * norm(w), momentum, state={m: 1})),
        ("kept", made(lr * new(s), kept, state={s: 1})),
        ("decays", made(lr * (g + (w - mean(w))))),
        ("any sign", made(lr * g * dice.of(mean(w), global_sum(g * w)), claim=_DOWN)),
        ("centered", made(lr * (g - mean(g)), claim=_DOWN)),
        ("size", made(lr * (size - 1) * dice.of(w, 1 + w**2))),
    )
    return pair("rest with sums", true, twist, false)


@kind("first step with sums")
def _first(dice: Dice) -> Pair:
    x = dice.of(norm(g), norm(w), 1 / (1 + norm(g)), global_sum(g**2), mean(g))

    def made(by):
        steps = ((c1, x), (new(m), beta * m + (1 - beta) * g), (new(w), w - lr * c1 * new(m)))
        return rule("First", {m: 0}, *steps, claims=(first_step(by),))

    right = -lr * dice.of(c1, x) * (1 - beta) * g
    twist, wrong = dice.of(
        ("without", -lr * (1 - beta) * g), ("terms", -lr * _others(x)[-1] * (1 - beta) * g), ("twice", 2 * right)
    )
    return pair("first step with sums", made(right), twist, made(wrong))


@kind("values of sums")
def _values(dice: Dice) -> Pair:
    """A norm may be zero, and so may a mean. The number of elements is not, where there is one."""
    good = dice.of(norm(g) + tiny, size, 1 + mean(g) ** 2, global_norm(w) + cap, global_size)
    bad = dice.of(norm(g), norm(w) + norm(g), mean(g), global_sum(g * w), norm(g) - 1, size - 2)

    def made(step):
        return rule("Ratio", {}, (c1, step), (new(w), w - lr * g * c1), claims=(Defined(),))

    true = dice.of(made(1 / good), made(where(norm(g) > 0, 1 / norm(g), 0)), made(sqrt(mean(g**2))))
    twist, false = dice.of(("may be zero", made(1 / bad)), ("root", made(sqrt(mean(g) * 1))))
    return pair("values of sums", true, twist, false)


@kind("unbiased beside sums")
def _unbiased(dice: Dice) -> Pair:
    x = dice.of(norm(g), mean(g), global_sum(g**2), norm(w))

    def made(fed, estimate, of):
        steps = ((c1, x), (new(m), beta * m + (1 - beta) * fed), (hat, estimate), (new(w), w - lr * hat * c1))
        return rule("Estimate", {m: 0}, *steps, claims=(unbiased(hat, of=of),))

    right = new(m) / (1 - beta**t)
    twist, false = dice.of(
        ("times a sum", made(g, c1 * right, dice.of(c1, x) * g)),
        ("over a sum", made(g, right / (1 + c1**2), g)),
        ("of weighed ones", made(c1 * g, right, g)),
        ("less a sum", made(g, right - c1, g)),
    )
    return pair("unbiased beside sums", made(g, right, g), twist, false)


@kind("what sums make of a rule")
def _equal(dice: Dice) -> Pair:
    def like(factor, claim):
        steps = ((new(v), beta * v + (1 - beta) * g**2), (c1, factor))
        return rule("Like", {v: 0}, *steps, (new(w), w - lr * c1 * g / (sqrt(new(v)) + tiny)), claims=(claim,))

    x = dice.of(norm(g), norm(w), mean(g**2), global_sum(g * w))
    true = dice.of(
        like(1 + gain * x, reduces_to(_ADAM_LIKE, {gain: 0})),
        like(where(gain > 0, x, 1), reduces_to(_ADAM_LIKE, {gain: 0})),
        like(x + 1, fails(equals(_ADAM_LIKE), "it is longer")),
    )
    twist, false = dice.of(
        ("value", like(1 + gain * x, reduces_to(_ADAM_LIKE, {gain: dice.of(1, HALF)}))),
        ("not at all", like(1 + x, equals(_ADAM_LIKE))),
        ("fails", like(1 + gain * x, fails(reduces_to(_ADAM_LIKE, {gain: 0}), "not so"))),
    )
    return pair("what sums make of a rule", true, twist, false)


@kind("bound beside sums")
def _bound(dice: Dice) -> Pair:
    x = dice.of(norm(g), norm(w), global_norm(w), mean(g**2), size * ONE)

    def made(step, claim=_BOUND):
        return rule("Bound", {}, (c1, x), (a, step), (new(w), w - lr * a), claims=(claim,))

    true = dice.of(
        made(sign(g) * where(c1 > 1, HALF, 1), at_most(Abs(new(w) - w), lr)),
        made(sign(g) * Min(c1, cap), at_most(Abs(new(w) - w), lr * cap)),
        made(sign(g) * c1, at_most(Abs(new(w) - w), lr * c1)),
    )
    twist, false = dice.of(
        ("as long as a sum", made(sign(g) * c1)),
        ("the other side", made(sign(g) * Max(c1, cap))),
        ("the smaller", made(sign(g) * Min(c1, cap), at_most(Abs(new(w) - w), lr * cap / 2))),
        ("value", made(sign(g) * c1, at_most(Abs(new(w) - w), lr))),
    )
    return pair("bound beside sums", true, twist, false)


@kind("sums and a signal")
def _signal(dice: Dice) -> Pair:
    """As Polyak's step length."""

    def made(claim, length):
        return rule("Length", {}, (c1, length), (new(w), w - lr * c1 * g), claims=(claim,))

    total = dice.of(global_sum(g**2), array_sum(g**2))
    square = total.func((new(w) - w) ** 2)
    length = dice.of(loss / (total + tiny), Max(loss, 0) / (total + tiny), Min(loss / (total + tiny), cap))
    true = dice.of(
        made(identity(square, (lr * c1) ** 2 * total), length),
        made(nonnegative(c1), Max(loss, 0) / (total + eps + tiny)),
        made(_AT_REST, length),
    )
    twist, false = dice.of(
        ("sum for its square", made(identity(square, (lr * c1) ** 2 * total**2), length)),
        ("sign of the signal", made(nonnegative(c1), loss / (total + tiny))),
        ("descends", made(_DOWN, loss / (total + tiny))),
        ("bounded", made(at_most(c1, cap), Max(loss / (total + tiny), cap))),
        ("without the signal", made(identity(c1, 1 / (total + tiny)), loss / (total + tiny))),
    )
    return pair("sums and a signal", true, twist, false)
