"""Pairs about stages, schedules, monitors, and rules in motion."""

from __future__ import annotations

import sympy
from sympy import Or

from stepsmith.codegen.claims import (
    always,
    commutes,
    cycle,
    cycle_mean,
    ends_at,
    fails,
    flag,
    idempotent,
    identity,
    invariant,
    involution,
    moments,
    neutral,
    non_decreasing,
    on_nan,
    returns,
    robbins_monro,
    running_minimum,
    starts_at,
    weighted_mean,
    within,
)
from stepsmith.codegen.claims.dynamics import h, stable
from stepsmith.codegen.spec import Abs, Max, Min, array_max, array_sum, global_max, global_sum, oo, sqrt
from stepsmith.codegen.spec.rules import Monitor, Schedule, Stage, Step
from stepsmith.codegen.spec.symbols import scalars, where
from tests.trial.kit import (
    HALF,
    Dice,
    Pair,
    beta,
    c1,
    cap,
    decay,
    g,
    gain,
    kind,
    late,
    lr,
    m,
    mu,
    new,
    pair,
    period,
    rate,
    rule,
    s,
    shift,
    t,
    tiny,
    u,
    w,
)

count, total, size, draws, top = scalars("count total size draws top")
noise = sympy.Symbol("noise")


def stage(name: str, *steps: tuple, claim, **more) -> Stage:
    """A stage of pairs (target, value) with one claim."""
    return Stage(name=name, source="by chance", steps=tuple(Step(a, b) for a, b in steps), claims=(claim,), **more)


@kind("sums")
def _sums(dice: Dice) -> Pair:
    add, high = dice.of((array_sum, array_max), (global_sum, global_max))
    c = dice.of(rate, cap, 1 + gain)
    left, right, wrong = dice.of(
        (add(c * g**2), c * add(g**2), c**2 * add(g**2)),
        (add(-g), -add(g), add(g)),
        (add(Abs(c * g)), c * add(Abs(g)), -c * add(Abs(g))),
        (high(c * g), c * high(g), c**2 * high(g)),
        (high(Abs(-c * g)), c * high(Abs(g)), c * high(g)),
        (high(-g) + high(g), high(g) + high(-g), 2 * high(g)),
        (add(g) ** 2, add(-g) ** 2, add(g**2)),
        (add(g**2), add(Abs(g) ** 2), add(Abs(g)) ** 2),
        (add(g**2 + Abs(g)), add(g**2) + add(Abs(g)), add(g**2) * add(Abs(g))),
    )

    def made(other):
        return stage("Sums", (s, left), (new(g), g / (1 + s**2)), claim=identity(s, other))

    return pair("sums", made(right), "other sum", made(wrong))


@kind("neutral")
def _neutral(dice: Dice) -> Pair:
    c = dice.of(rate, cap)
    true, false = dice.of(
        (
            stage("Scale", (new(g), c * g), claim=neutral(at={c: 1})),
            stage("Scale", (new(g), c * g), claim=neutral(at={c: 2})),
        ),
        (
            stage("Clip", (new(g), Min(Max(g, -cap), cap)), claim=neutral(when=Abs(g) <= cap)),
            stage("Clip", (new(g), Min(Max(g, -cap), cap)), claim=neutral(when=g <= cap)),
        ),
        (
            stage("Mix", (new(g), (1 - mu) * g + mu * w), claim=neutral(at={mu: 0})),
            stage("Mix", (new(g), (1 - mu) * g + mu * w), claim=neutral(at={mu: 1})),
        ),
        (
            stage("Decay", (new(w), (1 - mu) * w), claim=neutral(at={mu: 0})),
            stage("Decay", (new(w), (1 - mu) * w + tiny * late(1, 0)), claim=neutral(at={mu: 0})),
        ),
        (
            stage(
                "Norm", (s, array_sum(g**2)), (new(g), g * Min(1, c / (s + tiny))), claim=neutral(when=s + tiny <= c)
            ),
            stage("Norm", (s, array_sum(g)), (new(g), g * Min(1, c / (s**2 + tiny))), claim=neutral(when=s <= c)),
        ),
    )
    return pair("neutral", true, "other value", false)


@kind("twice")
def _twice(dice: Dice) -> Pair:
    true, false = dice.of(
        (
            stage("Clip", (new(g), Min(Max(g, -cap), cap)), claim=idempotent()),
            stage("Clip", (new(g), Min(Max(g, -cap), cap) * HALF), claim=idempotent()),
        ),
        (stage("Turn", (new(g), -g), claim=involution()), stage("Turn", (new(g), -g * rate), claim=involution())),
        (
            stage("Hold", (new(g), Max(g, 0)), claim=idempotent()),
            stage("Hold", (new(g), Max(g, -1) + cap), claim=idempotent()),
        ),
        (stage("Flip", (new(g), cap - g), claim=involution()), stage("Flip", (new(g), Abs(g)), claim=involution())),
        (
            stage("Even", (new(g), Abs(g)), claim=idempotent()),
            stage("Keep", (new(m), g), (new(g), m), state={m: 0}, claim=idempotent()),
        ),
    )
    return pair("twice", true, "other stage", false)


@kind("commutes")
def _commutes(dice: Dice) -> Pair:
    scale = stage("Scale", (new(g), rate * g), claim=neutral(at={rate: 1}))
    shiftd = stage("Shift", (new(g), g + cap * w), claim=neutral(at={cap: 1}))
    turn = stage("Turn", (new(g), -g), claim=involution())
    odd = stage("Odd", (new(g), Min(Max(g, -cap), cap)), claim=idempotent())

    def made(of, claim):
        return stage(of.name, *((step.target, step.value) for step in of.steps), claim=claim)

    true, false = dice.of(
        (made(turn, commutes(scale)), made(shiftd, commutes(scale))),
        (made(odd, commutes(turn)), made(odd, commutes(scale))),
        (
            made(scale, commutes(shiftd, difference={g: cap * w * (1 - rate)})),
            made(scale, commutes(shiftd, difference={g: cap * w})),
        ),
    )
    return pair("commutes", true, "order matters", false)


@kind("moments")
def _moments(dice: Dice) -> Pair:
    size = dice.of(rate, cap / (1 + t), rate * cap)
    z = sympy.Symbol("noise")
    from stepsmith.codegen.spec.symbols import arrays

    z = arrays("noise")

    def made(mean, variance):
        steps = ((new(draws), draws + 1), (new(g), g + size * z))
        return stage("Noise", *steps, state={draws: 0}, claim=moments(new(g), mean=mean, variance=variance))

    wrong = dice.of((g, size), (g, 2 * size**2), (g + tiny, size**2), (-g, size**2))
    return pair("moments", made(g, size**2), "other moments", made(*wrong))


@kind("weighted mean")
def _weighted_mean(dice: Dice) -> Pair:
    d = dice.of(decay, beta * decay, HALF)
    whole = (1 - d**t) / (1 - d)

    def made(value, claim, state=m):
        return rule(
            "Mean", {m: 0}, (c1, (1 - d**t) / (1 - d)), (new(m), value), (new(w), w - lr * new(m)), claims=(claim,)
        )

    value = m + (g - m) / c1
    true = made(value, weighted_mean(m, of=g, decay=d, weight=1, total=whole))
    twist = dice.of("decay", "of", "late", "total")
    match twist:
        case "decay":
            false = made(
                value, weighted_mean(m, of=g, decay=d * HALF, weight=1, total=(1 - (d * HALF) ** t) / (1 - d * HALF))
            )
        case "of":
            false = made(value, weighted_mean(m, of=g**2, decay=d, weight=1, total=whole))
        case "total":
            false = made(value, weighted_mean(m, of=g, decay=d, weight=1, total=2 * whole))
        case _:
            false = made(m + late(2, 1) * (g - m) / c1, weighted_mean(m, of=g, decay=d, weight=1, total=whole))
    return pair("weighted mean", true, twist, false)


@kind("cycle mean")
def _cycle_mean(dice: Dice) -> Pair:
    def made(start_count, start_total, added, over):
        steps = (
            (new(u), where(count > 0, u, 0) + added)
            if start_total == 0
            else (new(u), u * where(count > 0, 1, 0) + added),
            (new(count), where(count + 1 < period, count + 1, 0)),
            (new(g), new(u) / over),
        )
        state = {u: start_total, count: start_count}
        return stage("Cycle", *steps, state=state, halts=new(count) > 0, claim=cycle_mean(u, count=count, over=period))

    true = made(0, 0, g, period)
    false = dice.of(
        made(1, 0, g, period), made(0, 0, 2 * g, period), made(0, 0, g, period + 1), made(0, 0, Abs(g), period)
    )
    return pair("cycle mean", true, "another cycle", false)


@kind("phases")
def _phases(dice: Dice) -> Pair:
    """The parameter goes some way in every phase but the last, in which it comes back."""
    way = dice.of(rate * g, -lr * g, gain * w**2 * g, rate * g / sqrt(1 + array_sum(g**2)), sqrt(global_sum(w**2)))
    size = dice.of(g, g**2, Abs(w))

    def made(counted, kept, moved):
        steps = ((new(count), counted), (new(u), kept), (new(w), moved))
        state = {u: 0, count: 0}
        return stage("Phases", *steps, state=state, halts=new(count) > 0, home=u, claim=returns())

    around, kept, there = where(count + 1 > period, 0, count + 1), where(count > 0, u, w), new(count) > 0
    true = made(around, kept, where(there, dice.of(w, new(u)) + way, new(u)))
    false = dice.of(
        made(around, where(count > 1, u, w), where(there, w + way, new(u))),
        made(around, kept, where(there, w + way, u + tiny * size)),
        made(around, kept, where(there, w + way, w)),
        made(where(count >= period, 0, count + 1), kept + shift * size, where(there, w + way, new(u))),
    )
    return pair("phases", true, "it is elsewhere", false)


# Schedules.


def schedule(value, claim) -> Schedule:
    """A schedule with one claim."""
    return Schedule(name="Rate", source="by chance", value=value, claims=(claim,))


_UP = Min(t / period, 1)


@kind("schedule ends")
def _ends(dice: Dice) -> Pair:
    claims = [
        (cap / t, starts_at(cap), starts_at(cap / 2)),
        (cap * decay**t, starts_at(cap * decay), starts_at(cap)),
        (cap * _UP, ends_at(cap, at=period), ends_at(cap, at=period - 1)),
        (cap * Max(1 - (t - 1) / period, 0), ends_at(0, at=period + 1), ends_at(0, at=period)),
        (cap * _UP, starts_at(cap / period), starts_at(cap)),
        (where(t > period, tiny, cap), ends_at(tiny, at=period + 1), ends_at(tiny, at=period)),
    ]
    value, good, bad = dice.of(*claims)
    return pair("schedule ends", schedule(value, good), "other value", schedule(value, bad))


@kind("schedule order")
def _order(dice: Dice) -> Pair:
    value, good = dice.of(
        (_UP, within(0, 1)),
        (Min(1, mu + (1 - mu) * t / period), non_decreasing()),
        (_UP, non_decreasing()),
        (sqrt(_UP), within(0, 1)),
        (sqrt(Min(1, t / period)), non_decreasing()),
    )
    other, bad = dice.of(
        (_UP, within(0, HALF)),
        (1 - _UP, non_decreasing()),
        (1 - HALF * _UP, non_decreasing()),
        (where(t > period, HALF, 1), non_decreasing()),
        (Min(1, (t - 1) / period), within(0, 1)),
        (t / period, within(0, 1)),
    )
    return pair("schedule order", schedule(value, good), "other order", schedule(other, bad))


@kind("robbins-monro")
def _robbins(dice: Dice) -> Pair:
    c = dice.of(cap, rate, 2 * cap)
    value, diverges, squares = dice.of(
        (c, True, False),
        (c / t, True, True),
        (c / t**2, False, True),
        (c / sqrt(t), True, False),
        (c * decay**t, False, True),
        (c / (t + period), True, True),
        (c * Max(1 - t / period, 0), False, True),
        (where(t > period, c / t, c), True, True),
    )
    wrong = dice.of((not diverges, squares), (diverges, not squares), (not diverges, not squares))
    if dice.chance(0.25):
        true = schedule(value, fails(robbins_monro(diverges=wrong[0], square_summable=wrong[1]), "it is not so"))
        false = schedule(value, fails(robbins_monro(diverges=diverges, square_summable=squares), "it is so"))
        return pair("robbins-monro", true, "fails", false)
    true = schedule(value, robbins_monro(diverges=diverges, square_summable=squares))
    return pair(
        "robbins-monro", true, "other sum", schedule(value, robbins_monro(diverges=wrong[0], square_summable=wrong[1]))
    )


# Monitors.

metric, training, best, bad, up = scalars("metric training best bad up")
level, wide, k = scalars("level wide k")


@kind("monitor")
def _monitor(dice: Dice) -> Pair:
    def made(claim, better=metric < best, start=oo):
        steps = (
            Step(new(up), where(better, 1, 0)),
            Step(new(best), where(new(up) > 0, metric, best)),
            Step(new(bad), where(new(up) > 0, 0, Min(bad + 1, period))),
        )
        return Monitor(
            name="Watch",
            source="by chance",
            state={best: start, bad: 0, up: 0},
            steps=steps,
            value=new(bad).of,
            flags=(up,),
            claims=(claim,),
        )

    true = made(
        dice.of(
            flag(up),
            running_minimum(best),
            invariant(bad >= 0),
            invariant(bad <= period),
            always(new(bad) <= bad + 1, knowing=(bad >= 0,)),
            on_nan({up: 0, best: best}),
            always(new(best) <= best),
        )
    )
    twist, false = dice.of(
        ("threshold", made(running_minimum(best), metric + rate < best)),
        ("start", made(running_minimum(best), start=cap)),
        ("bound", made(invariant(bad <= period - 1))),
        ("NaN", made(always(new(best) <= metric))),
        ("NaN", made(on_nan({up: 1}))),
        ("order", made(always(new(best) <= best), metric > best, -oo)),
        ("ties", made(always(new(bad) <= 0), metric <= best)),
        ("flag", made(invariant(up <= 0))),
    )
    return pair("monitor", true, twist, false)


@kind("two metrics")
def _two_metrics(dice: Dice) -> Pair:
    gap, over = metric - training, dice.of(rate, shift, 1 + gain)

    def made(claim, seen=gap, more=gap > over, less=gap < over):
        steps = (Step(new(best), seen), Step(new(up), where(more, 1, 0)), Step(new(bad), where(less, bad + 1, 0)))
        return Monitor(
            name="Gap",
            source="by chance",
            state={best: 0, up: 0, bad: 0},
            steps=steps,
            value=best,
            flags=(up,),
            claims=(claim,),
        )

    flat = {best: wide, up: where(wide > over, 1, 0), bad: where(wide < over, k + 1, 0)}
    true = made(
        dice.of(
            flag(up),
            invariant(bad >= 0),
            on_nan({up: 0, bad: 0}),
            always(Or(new(up) <= 0, new(bad) <= 0)),
            always(new(up) >= 1, given=(metric - training > over,)),
            always(new(up) <= 0, given=(metric <= training, over >= 0)),
            cycle(flat, length=1, metric=level + wide, training=level),
        )
    )
    twist, false = dice.of(
        ("NaN", made(on_nan({up: 0, bad: 0}), more=metric > over)),
        ("NaN of the other", made(on_nan({up: 0, bad: 0}), more=training > over)),
        ("infinite", made(always(new(up) >= 1, given=(metric >= training,)), more=gap >= 0)),
        ("sign", made(always(new(up) <= 0, given=(metric <= training,)), more=-gap > over)),
        ("ties", made(always(Or(new(up) <= 0, new(bad) <= 0)), less=gap <= over + tiny)),
        ("level", made(cycle(flat, length=1, metric=level + wide, training=level), more=metric > over)),
        ("gap", made(cycle(flat, length=1, metric=level + wide, training=level + 1))),
    )
    return pair("two metrics", true, twist, false)


# In motion.


@kind("stable")
def _stable(dice: Dice) -> Pair:
    f = dice.of(1, 2, HALF)
    step = rate  # a domain without zero
    value, below = dice.of(
        ((m, lambda: rule("Plain", {}, (new(w), w - f * step * g))), 2 / (f * h)),
        (
            (m, lambda: rule("Ball", {m: 0}, (new(m), beta * m + g), (new(w), w - f * step * new(m)))),
            2 * (1 + beta) / (f * h),
        ),
        (
            (m, lambda: rule("Mean", {m: 0}, (new(m), beta * m + (1 - beta) * g), (new(w), w - f * step * new(m)))),
            2 * (1 + beta) / ((1 - beta) * f * h),
        ),
    )
    from tests.trial.kit import claimed

    made = value[1]
    true = claimed(made(), stable(below, of="rate"))
    wrong = dice.of(below / 2, below * 2, below * (1 + beta) if not below.has(beta) else below / (1 + beta), 5 / h)
    return pair("stable", true, "other bound", claimed(made(), stable(wrong, of="rate")))
