"""Small rules with statements that are true or false by construction, where a proof is easily led astray."""

import pytest
from sympy import symbols

from stepsmith.codegen.claims import (
    additive,
    averages,
    descends,
    drift,
    fails,
    first_step,
    fixed_point,
    identity,
    monotone,
    nonnegative,
    scales,
)
from stepsmith.codegen.prove import prove_claim
from stepsmith.codegen.replay import checked
from stepsmith.codegen.result import PROVED, REFUTED, UNDECIDED
from stepsmith.codegen.spec import Abs, Max, Min, exp, log, sign, sqrt
from stepsmith.codegen.spec.symbols import new, where
from tests.trial.kit import (
    a,
    b,
    beta,
    cap,
    decay,
    eps,
    g,
    hat,
    lr,
    m,
    mu,
    period,
    rate,
    rule,
    s,
    shift,
    t,
    tiny,
    u,
    v,
    w,
)

MEAN = (new(m), beta * m + (1 - beta) * g)
SQUARES = (new(v), beta * v + (1 - beta) * g**2)
g1, h2, W, G = symbols("g1 h2 w g", real=True)


def down(by, state=None, *steps):
    return rule("Rule", state or {}, *steps, (new(w), w - by))


TRUE = [
    # what belongs to this step and what to the one before
    (down(lr * new(u) * g, {u: 0}, (new(u), (u + 1 / t) / 2)), nonnegative(u)),
    (down(lr * u, {u: 0}, (new(u), Max(u, Abs(g)) + 1 / t)), monotone(u)),
    (down(lr * hat, {v: 0}, (new(v), v + g**2), (hat, sqrt(new(v)) + t)), monotone(hat)),
    (down(lr * g * new(v), {v: eps}, (new(v), Max(v, eps))), nonnegative(v)),
    (down(lr * g * new(v), {v: 1}, (new(v), v * beta)), nonnegative(1 - v)),
    (down(lr * new(v), {v: 0}, SQUARES), nonnegative(v / (1 + v) + lr)),
    # an exact tie
    (down(lr * g + b, {}, (a, g / (1 - beta) - beta * g / (1 - beta)), (b, sign(a - g))), identity(b, 0)),
    (down(lr * g + b, {}, (a, g * decay / decay**2 * decay - g), (b, where(a > 0, 1, 0))), first_step(-lr * g)),
    (down(lr * b, {}, (b, Max(g, -g) - Abs(g) + g)), first_step(-lr * g)),
    (down(lr * b, {}, (b, sqrt(g**2 + 2 * g * cap + cap**2) - Abs(g + cap) + g)), additive()),
    # the start
    (down(lr * new(m), {m: w}, (new(m), beta * m + g)), first_step(-lr * (beta * w + g))),
    (down(lr * (m - rate) + lr * g, {m: rate}, (new(m), m * 2)), first_step(-lr * g)),
    (down(lr * new(m), {m: 1}, MEAN), first_step(-lr * new(m))),
    (down(lr * g * m, {m: 1}, (new(m), m + g**2)), descends()),
    (down(lr * g / new(s), {s: 1}, (new(s), s / 2 + 1)), descends()),
    (down(lr * (w - m), {m: w}, (new(m), m + g * w)), fixed_point()),
    (down(lr * g / (sqrt(new(v)) + eps), {v: 0}, SQUARES), fixed_point()),
    # a mean is not a sum
    (down(lr * (g + 1)), averages()),
    (down(lr * g + mu * w), averages()),
    (down(lr * g), additive()),
    (down(lr * g), drift(lr**2 * g1 * h2)),
    (down(lr * new(m), {m: 0}, (new(m), beta * m + g)), drift(lr**2 * g1 * h2)),
    # units, of the start too
    (down(lr * g / (sqrt(new(v)) + eps), {v: 0}, SQUARES), scales({"v": G**2, "lr": W, "eps": G})),
    (down(lr * g / new(v), {v: rate}, (new(v), Max(v, Abs(g)))), scales({"v": G, "lr": W, "rate": G})),
    # maxima, minima, choices
    (down(lr * g, {}, (a, Min(Max(g, -cap), cap))), identity(a, Max(Min(g, cap), -cap))),
    (down(lr * g * a, {}, (a, where(g > 0, g, -g))), identity(a, Abs(g))),
    (down(lr * g * a, {}, (a, where(g >= 0, 1, 0) + where(-g > 0, 1, 0))), identity(a, 1)),
    (down(lr * a, {}, (a, sign(Max(g, m)) * 0 + g), (new(m), m / 2)), first_step(-lr * g)),
    (down(lr * g, {v: 0}, SQUARES), identity(Abs(v), v)),
    (down(lr * (g + exp(log(rate)) - rate)), first_step(-lr * g)),
]

FALSE = [
    (down(lr * new(u) * g, {u: 0}, (new(u), (u + 1 / t) / 2)), nonnegative(1 / t - u)),
    (down(lr * hat, {v: 0}, (new(v), v + g**2), (hat, new(v) / t)), monotone(hat)),
    (down(lr * hat, {v: 0}, (new(v), v + g**2), (hat, rate * new(v))), fails(monotone(hat), "the rate may fall")),
    (down(lr * hat, {s: 4}, (new(s), s / 2), (hat, Abs(g) * 0 + new(s))), monotone(hat)),
    (down(lr * hat, {}, (hat, g)), monotone(hat)),
    (down(lr * g), monotone(w)),
    (down(lr * new(v), {v: shift}, (new(v), v + g**2)), nonnegative(v)),
    (down(lr * new(v), {v: 0}, SQUARES), nonnegative(v - g**2)),
    (down(lr * new(v), {v: 0}, SQUARES), nonnegative(lr - v)),
    (down(lr * new(v), {v: 0}, (new(v), v + g**2 - where(t > 7, rate, 0))), nonnegative(v)),
    (down(lr * g, {}, (a, sign(g) + where(g > 0, -1, 1))), identity(a, 0)),
    (down(lr * g * a, {}, (a, where(g > 0, 1, 0) + where(-g > 0, 1, 0))), identity(a, 1)),
    (down(lr * a, {}, (a, Max(sign(Max(g, w) - w), sign(Max(g, w) - g)))), identity(a, 1)),
    (down(lr * g + b, {}, (a, g - beta * g), (b, sign(a - g))), first_step(-lr * g)),
    (down(lr * new(m), {m: 1}, MEAN), first_step(-lr * (1 - beta) * g)),
    (down(lr * (g - shift), {}), descends()),
    (down(lr * g * (1 - tiny * w**2)), descends()),
    (down(lr * g + rate * w), descends()),
    (down(rate * new(m), {m: tiny}, (new(m), beta * m + g)), fixed_point()),
    (down(lr * g + where(t > 7, rate, 0)), fixed_point()),
    (down(lr * g / Abs(g)), fixed_point()),
    (down(lr * (g + 1)), additive()),
    (down(lr * Max(g, 0)), averages()),
    (down(lr * (g + 1)), fails(averages(), "it is not linear")),
    (down(lr * g + rate * w), drift(lr**2 * g1 * h2 * 2)),
    (down(lr * g / (sqrt(new(v)) + eps), {v: 1}, SQUARES), scales({"v": G**2, "lr": W, "eps": G})),
    (down(lr * g / (sqrt(new(v)) + eps), {v: 0}, SQUARES), scales({"v": G**2, "lr": W})),
    (down(lr * g), fails(first_step(-lr * g), "it is")),
    (down(lr * g + 0 * period), fails(additive(), "it is")),
]


def ids(cases):
    return [f"{n}-{claim.label}" for n, (_, claim) in enumerate(cases)]


@pytest.mark.parametrize(("of", "claim"), TRUE, ids=ids(TRUE))
def test_what_is_true_is_proved(of, claim):
    for result in map(checked, prove_claim(claim, of)):
        assert result.status == PROVED, result


@pytest.mark.parametrize(("of", "claim"), FALSE, ids=ids(FALSE))
def test_what_is_false_is_refuted_by_a_run(of, claim):
    found = list(map(checked, prove_claim(claim, of)))
    assert REFUTED in {result.status for result in found}, found


@pytest.mark.fast
def test_a_value_that_never_falls_may_need_a_constant_hyperparameter():
    of = down(lr * hat, {v: 0}, (new(v), v + g**2), (hat, rate * new(v)))
    (result,) = map(checked, prove_claim(monotone(hat), of))
    assert result.status == PROVED
    assert "rate constant" in result.assumed


@pytest.mark.fast
def test_a_value_above_a_hyperparameter_needs_it_to_be_constant():
    of = down(lr * g * new(v), {v: rate}, (new(v), v + g**2))
    (result,) = map(checked, prove_claim(nonnegative(v - rate), of))
    assert result.status == PROVED
    assert "rate constant" in result.assumed


@pytest.mark.fast
def test_a_claim_of_several_results_fails_if_one_of_them_does():
    from stepsmith.codegen.claims import robbins_monro
    from stepsmith.codegen.spec.rules import Schedule

    flat = Schedule(name="Flat", source="a test", value=rate)
    (result,) = prove_claim(fails(robbins_monro(diverges=True, square_summable=True), "its squares have no sum"), flat)
    assert result.status == PROVED
    (result,) = prove_claim(fails(robbins_monro(diverges=True, square_summable=False), "it is too slow"), flat)
    assert result.status == REFUTED


def test_what_holds_only_of_other_starts_is_neither():
    of = down(lr * g / (1 + v), {v: 0}, (new(v), v * beta))
    (result,) = map(checked, prove_claim(identity(v * g, 0), of))
    assert result.status in (PROVED, UNDECIDED)


@pytest.mark.fast
def test_what_is_given_is_put_in_from_the_last_to_the_first():
    h, c = symbols("h c", real=True)
    of = down(lr * g)
    (result,) = map(checked, prove_claim(identity(new(w), c, given={g: h * (w - c), h: 1 / lr}), of))
    assert result.status == PROVED
    assert "lr != 0" in result.assumed
    (result,) = map(checked, prove_claim(identity(new(w), c, given={g: h * (w - c), h: 2 / lr}), of))
    assert result.status == REFUTED
