"""False proofs and false refutations that were once given: each gets the right verdict now, or is refused.

A claim that is false must not be proved, nor one that is true refuted; what is proved under a condition says so.
"""

import pytest
import sympy
from sympy import Eq, Rational

from stepsmith.codegen import prove as proving
from stepsmith.codegen.analysis.defined import put_in
from stepsmith.codegen.claims import (
    at_most,
    averages,
    cycle_mean,
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
    robbins_monro,
    series,
    step_bound,
    unbiased,
)
from stepsmith.codegen.prove import prove_claim, prove_only
from stepsmith.codegen.replay import checked
from stepsmith.codegen.result import PROVED, REFUTED, UNDECIDED
from stepsmith.codegen.spec import Abs, Max, Min, array_max, array_sum, global_max, sign, sqrt
from stepsmith.codegen.spec.rules import Schedule, Stage, Step
from stepsmith.codegen.spec.symbols import new, scalars, where
from tests.conftest import spec_of
from tests.trial.kit import beta, c1, cap, decay, g, gain, hat, lr, m, period, rate, rule, s, t, u, v, w

NOT_PROVED = {REFUTED, UNDECIDED}


def results(of, claim) -> list:
    return [checked(result) for result in prove_claim(claim, of)]


def status(of, claim) -> set[str]:
    return {result.status for result in results(of, claim)}


def descend(state, *steps):
    return rule("Rule", state, *steps, (new(w), w - lr * steps[-1][0]))


def stage(*steps, **more):
    return Stage(name="Around", source="a test", steps=tuple(Step(a, b) for a, b in steps), **more)


TICK = (new(s), s / 2 + 1)

# What changes from step to step is no weight and no decay.


@pytest.mark.parametrize(
    ("of", "claim"),
    [
        (
            descend({m: 0}, (new(m), beta * m + t * (1 - beta) * g), (hat, new(m) / (t * (1 - beta**t)))),
            unbiased(hat, of=g),
        ),
        (
            descend({m: 0}, (new(m), beta * m + (1 - beta) * t * g), (hat, new(m) / (1 - beta**t))),
            unbiased(hat, of=t * g),
        ),
        (
            descend({m: 0, s: 1}, TICK, (new(m), beta * m + new(s) * g), (hat, new(m) / new(s))),
            unbiased(hat, of=g),
        ),
        (descend({m: 0}, (new(m), beta * m + t * g)), series(m, of=g, decay=beta, weight=t)),
        (descend({m: 0}, (new(m), m / t + g)), series(m, of=g, decay=1 / t)),
        (descend({m: 0}, (new(m), m / (1 + w**2) + g)), series(m, of=g, decay=1 / (1 + w**2))),
        (descend({m: 0, s: 1}, TICK, (new(m), new(s) * m + g)), series(m, of=g, decay=new(s))),
        (descend({u: 0}, (new(u), Max(u / t, Abs(g)))), max_series(u, of=Abs(g), decay=1 / t)),
    ],
)
def test_what_changes_with_the_step_is_no_weight(of, claim):
    assert status(of, claim) <= NOT_PROVED


def test_the_step_before_has_its_own_number():
    of = rule("Rule", {u: 0}, (new(u), (u + 1 / t) / 2), (new(w), w - lr * new(u) * g))
    assert status(of, nonnegative(1 / t - u)) == {REFUTED}


def test_a_step_number_in_a_value_may_make_it_fall():
    of = rule("Rule", {v: 0}, (new(v), v + g**2), (hat, new(v) / t), (new(w), w - lr * g * hat))
    assert status(of, monotone(hat)) <= NOT_PROVED


# Hyperparameters may change from step to step, unless that is said.


def test_a_weight_that_has_to_be_constant_is_said_to_be():
    of = descend({m: 0}, (new(m), beta * m + rate * (1 - beta) * g), (hat, new(m) / (rate * (1 - beta**t))))
    first, *_ = results(of, unbiased(hat, of=g))
    assert first.status == PROVED
    assert {"beta constant", "rate constant"} <= set(first.assumed)


def test_a_series_says_which_hyperparameters_are_constant():
    of = descend({m: 0}, (new(m), beta * m + rate * g))
    first, *_ = results(of, series(m, of=g, decay=beta, weight=rate))
    assert {"beta constant", "rate constant"} <= set(first.assumed)


def test_momentum_with_the_rate_inside_needs_a_constant_rate():
    outside = rule("Outside", {m: 0}, (new(m), beta * m + g), (new(w), w - lr * new(m)))
    inside = rule("Inside", {u: 0}, (new(u), beta * u + lr * g), (new(w), w - new(u)))
    assert status(inside, equals(outside, state={"m": u / lr})) <= NOT_PROVED
    assert results(inside, equals(outside, state={"m": u / lr}, constant=(lr,)))[0].status == PROVED


# Bounds are of both sides, from the start on.


@pytest.mark.parametrize("value", [Min(cap, u + g), Max(-cap, u + g), Min(cap, u / 2 + g)])
def test_one_side_is_no_bound(value):
    assert status(descend({u: 0}, (new(u), value)), step_bound()) <= NOT_PROVED


def test_a_clamp_is_bounded_by_the_larger_of_its_sides():
    of = descend({u: 10}, (new(u), Min(Max(u + g, -3 * cap), cap)))
    first, *_ = results(of, step_bound())
    assert (first.status, first.text) == (PROVED, "abs(w[t] - w[t-1]) <= 3 * lr * cap")


def test_a_scalar_state_in_a_step_is_no_fault():
    of = rule("Rule", {u: 0, s: 1}, (new(s), s / 2), (new(u), u / 2 + sign(g) * s), (new(w), w - lr * new(u)))
    assert status(of, step_bound()) <= {PROVED, *NOT_PROVED}


# The largest is not the sum.


@pytest.mark.fast
@pytest.mark.parametrize(
    ("left", "right"),
    [
        (array_max(-g), -array_max(g)),
        (global_max(-2 * g), -2 * global_max(g)),
        (array_max(Abs(g)), array_max(g)),
        (array_sum(g) ** 2, array_sum(g**2)),
    ],
)
def test_a_negative_factor_stays_inside_a_maximum(left, right):
    of = stage((s, left), (new(g), g * Min(1, cap / (1 + s**2))))
    assert status(of, identity(s, right)) == {REFUTED}


@pytest.mark.fast
def test_a_positive_factor_goes_in_front_of_a_maximum():
    of = stage((s, array_max(rate * g)), (new(g), g * Min(1, cap / (1 + s**2))))
    assert status(of, identity(s, rate * array_max(g))) == {PROVED}


# An exact tie is no counterexample.


def test_the_sign_of_an_exact_zero_is_zero():
    steps = ((c1, g / (1 - beta) - beta * g / (1 - beta)), (hat, sign(c1 - g)))
    of = rule("Rule", {}, (u, steps[0][1]), (hat, sign(u - g)), (new(w), w - lr * g - hat))
    assert status(of, identity(hat, 0)) == {PROVED}
    assert status(of, first_step(-lr * g)) == {PROVED}
    assert status(of, fails(first_step(-lr * g), "it is false")) == {REFUTED}


# Maps stay in the domain.


def test_a_map_that_leaves_the_domain_proves_nothing():
    down = rule("Down", {}, (new(w), w - lr * g))
    up = rule("Up", {}, (new(w), w + lr * g))
    ball = descend({m: 0}, (new(m), beta * m + g))
    assert status(up, equals(down, hyper={"lr": -lr})) <= NOT_PROVED
    assert status(ball, reduces_to(down, at={lr: -1, beta: 0})) <= NOT_PROVED
    assert status(ball, reduces_to(down, at={beta: 0})) == {PROVED}


# 0/0 is not hidden by cancellation.


def test_what_has_no_value_at_zero_says_so():
    signs = rule("Signs", {}, (new(w), w - lr * sign(g)))
    ratio = rule("Ratio", {}, (new(w), w - lr * g / Abs(g)))
    assert status(ratio, fixed_point()) <= NOT_PROVED
    first, *_ = results(ratio, equals(signs))
    assert first.status in NOT_PROVED or any("!= 0" in text for text in first.assumed)
    first, *_ = results(ratio, first_step(-lr * sign(g)))
    assert first.status in NOT_PROVED or any("!= 0" in text for text in first.assumed)


def test_a_fixed_point_says_what_keeps_its_division_from_zero():
    of = rule("Rule", {v: 0}, (new(v), decay * v + g**2), (new(w), w - lr * g / (sqrt(new(v)) + gain)))
    (result, *_) = results(of, fixed_point())
    assert result.status == PROVED
    assert any(text in ("gain != 0", "gain > 0") for text in result.assumed)


# A claim fails if any of its results does; it fails because a run shows it.


def test_a_claim_of_two_results_fails_if_the_second_does():
    flat = Schedule(name="Flat", source="a test", value=rate)
    false = robbins_monro(diverges=True, square_summable=True)
    assert status(flat, fails(false, "its squares have no sum")) == {PROVED}
    true = robbins_monro(diverges=True, square_summable=False)
    assert status(flat, fails(true, "it has")) == {REFUTED}


def test_averages_are_not_refuted_for_want_of_a_sum():
    of = rule("Rule", {}, (new(w), w - lr * g - cap))
    assert REFUTED not in status(of, averages())
    assert PROVED not in status(of, fails(averages(), "they do not"))


# The start counts.


@pytest.mark.fast
def test_a_cycle_has_to_start_at_its_start():
    count, total = scalars("count total")
    steps = (
        (new(u), where(count > 0, u, 0) + g),
        (new(count), where(count + 1 < period, count + 1, 0)),
        (new(g), new(u) / period),
    )
    claim = cycle_mean(u, count=count, over=period)
    assert status(stage(*steps, state={u: 0, count: 0}, halts=new(count) > 0), claim) == {PROVED}
    assert status(stage(*steps, state={u: 0, count: 1}, halts=new(count) > 0), claim) <= NOT_PROVED
    assert total.name == "total"


def test_a_maximum_that_starts_above_its_terms_is_not_theirs():
    of = descend({u: 1}, (new(u), Max(decay * u, Abs(g))))
    assert status(of, max_series(u, of=Abs(g), decay=decay)) <= NOT_PROVED
    of = descend({u: 0}, (new(u), Max(decay * u, g)))
    assert status(of, max_series(u, of=g, decay=decay)) <= NOT_PROVED


def test_an_average_of_numbers_is_one_from_any_start():
    of = descend({m: Rational(3)}, (new(m), beta * m + (1 - beta) * g))
    assert PROVED in status(of, ema(m, of=g, decay=beta))


# Conditions that nothing meets.


def rooted(of):
    return rule("Rooted", {}, (new(w), w - lr * sqrt(of) * g))


SAME = rule("Same", {}, (new(w), w - lr * g))


@pytest.mark.parametrize(
    ("of", "claim", "right"),
    [
        (rooted(beta - 1), identity(new(w), w - lr * sqrt(beta - 1) * g), UNDECIDED),
        (rooted(-cap), fixed_point(), UNDECIDED),
        (rooted(-lr), fixed_point(), PROVED),  # at lr = 0
        (rooted(beta - Rational(9999, 10000)), fixed_point(), PROVED),
        (rooted(cap - 10**5), fixed_point(), PROVED),
        (SAME, equals(rule("Other", {}, (new(w), w - lr * g)), where=(lr < -1,)), UNDECIDED),
        (SAME, equals(rule("Other", {}, (new(w), w - lr * g)), where=(Eq(lr, -1),)), UNDECIDED),
        (SAME, equals(rule("Other", {}, (new(w), w - lr * g)), where=(Eq(lr, 7),)), PROVED),
        (rule("Sum", {m: 0}, (new(m), m + g), (new(w), w - lr * g)), at_most(-sqrt(new(m) - 5000), 0), PROVED),
        (rule("Sum", {v: 0}, (new(v), v + g**2), (new(w), w - lr * g)), at_most(-sqrt(-1 - new(v)), 0), UNDECIDED),
        # nothing but zero has a root
        (rooted(-gain), at_most(5, 1 + sqrt(-gain)), REFUTED),
    ],
)
def test_nothing_is_proved_of_no_run(of, claim, right):
    assert status(of, claim) == {right}


def test_a_choice_that_is_settled_hides_what_has_no_value():
    """Without a gradient M-SVAG would divide by zero in the branch that it does not take."""
    spec = spec_of("msvag")
    assert {r.claim: r.status for r in prove_only(spec, ["fixed point"])} == {"fixed point": "proved"}
    x, y = sympy.symbols("x y", real=True)
    quotient = sympy.Max(y / x, 0)
    taken = sympy.Piecewise((quotient, x > 0), (y, True))
    assert put_in(taken, {x: sympy.Integer(0)}) == y
    assert put_in(taken, {x: sympy.Integer(2)}) == sympy.Max(y / 2, 0)
    assert put_in(taken.xreplace({y: x}), {x: sympy.Integer(0)}) == 0
    for unsettled in (quotient, sympy.Piecewise((y, quotient > 1), (x, True))):
        assert put_in(unsettled, {x: sympy.Integer(0)}) is sympy.nan


def test_a_claim_that_takes_too_long_is_undecided_and_the_next_is_proved(monkeypatch):
    def forever(claim, rule):
        while claim.label == "units":
            pass
        return prove_claim(claim, rule)

    monkeypatch.setattr(proving, "CLAIM", 0.05)
    monkeypatch.setattr(proving, "prove_claim", forever)
    found = {r.claim: r for r in prove_only(spec_of("sgd"), ["units", "descends"])}
    assert found["units"].status == "undecided"
    assert found["units"].reason.startswith("nothing was found in 0.05 s")
    assert found["descends"].status == "proved"
