"""Sums over the past, averages and biases: what is true of small rules, and what only looks as if it were."""

import pytest
from sympy import Rational, Symbol

from stepsmith.codegen.analysis.closed import closed_forms, corrected
from stepsmith.codegen.claims import cycle_mean, ema, max_series, nonnegative, scales, series, unbiased, weighted_mean
from stepsmith.codegen.prove import prove_claim
from stepsmith.codegen.replay import checked
from stepsmith.codegen.result import PROVED, REFUTED, UNDECIDED
from stepsmith.codegen.spec import Abs, Max, Min, array_sum, exp, sign, sqrt
from stepsmith.codegen.spec.rules import Stage, Step
from stepsmith.codegen.spec.symbols import hyper, new, scalars, where
from stepsmith.codegen.statement import Start
from tests.trial.kit import (
    b,
    beta,
    c1,
    cap,
    decay,
    eps,
    g,
    gain,
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
    u,
    v,
    w,
)

HALF = Rational(1, 2)
OPEN = {REFUTED, UNDECIDED}
count, total, product, k = scalars("count total product k")


def of(state, *steps):
    """A rule with these steps, and a descent."""
    return rule("Rule", state, *steps, (new(w), w - lr * g))


def stage(state, *steps, **more):
    return Stage(name="Stage", source="a test", state=state, steps=tuple(Step(*step) for step in steps), **more)


def results(claim, about) -> list:
    return [checked(result) for result in prove_claim(claim, about)]


def first(claim, about):
    return results(claim, about)[0]


ESTIMATES = {
    # Adam's, and what else is exact
    "corrected": ({m: 0}, [(new(m), beta * m + (1 - beta) * g), (hat, new(m) / (1 - beta**t))], g),
    "from a start that is taken away": (
        {m: shift},
        [(new(m), beta * m + (1 - beta) * g), (hat, (new(m) - beta**t * shift) / (1 - beta**t))],
        g,
    ),
    "the plain mean": ({m: 0}, [(new(m), m + (g - m) / t), (hat, new(m))], g),
    "the plain mean from any start": ({m: 5}, [(new(m), m + (g - m) / t), (hat, new(m))], g),
    "a sum, of t times the gradient": ({m: 0}, [(new(m), m + g), (hat, new(m))], t * g),
    "weights that grow with t": ({m: 0}, [(new(m), m + t * g), (hat, 2 * new(m) / (t * (t + 1)))], g),
    "the first step apart": (
        {m: 0},
        [(c1, where(t > 1, beta, 0)), (new(m), c1 * m + (1 - c1) * g), (hat, new(m))],
        g,
    ),
    "another function of the gradient": (
        {m: 0},
        [(new(m), beta * m + Abs(g)), (hat, (1 - beta) * new(m) / (1 - beta**t))],
        Abs(g),
    ),
    "an offset in both": (
        {m: 0},
        [(new(m), beta * m + (1 - beta) * (g**2 + rate)), (hat, new(m) / (1 - beta**t))],
        g**2 + rate,
    ),
    "a gradient beside the average": (
        {m: 0},
        [(new(m), beta * m + (1 - beta) * g), (hat, HALF * g + HALF * new(m) / (1 - beta**t))],
        g,
    ),
    "a drift that is taken away": ({m: 0}, [(new(m), m + g + 1), (hat, new(m) / t - 1)], g),
    "scaled by the rate of the step": (
        {m: 0},
        [(new(m), beta * m + (1 - beta) * g), (hat, lr * new(m) / (1 - beta**t))],
        lr * g,
    ),
    "a product of decays, whatever they are": (
        {m: 0, product: 1},
        [(new(product), beta * product), (new(m), beta * m + (1 - beta) * g), (hat, new(m) / (1 - new(product)))],
        g,
    ),
    "the new state itself": ({m: 0}, [(new(m), m + (g**3 - m) / t)], g**3),
}  # fmt: skip


@pytest.mark.parametrize("name", ESTIMATES)
def test_an_estimate_without_bias(name):
    state, steps, what = ESTIMATES[name]
    estimate = hat if any(step[0] == hat for step in steps) else m
    found = results(unbiased(estimate, of=what), of(state, *steps))
    assert {result.status for result in found} == {PROVED}
    assert found[0].runs


def test_a_product_of_decays_needs_no_constant_decay():
    state, steps, what = ESTIMATES["a product of decays, whatever they are"]
    assert "beta constant" not in first(unbiased(hat, of=what), of(state, *steps)).assumed
    state, steps, what = ESTIMATES["scaled by the rate of the step"]
    assumed = first(unbiased(hat, of=what), of(state, *steps)).assumed
    assert "beta constant" in assumed
    assert "lr constant" not in assumed


BIASED = {
    "t in the weight": ({m: 0}, [(new(m), beta * m + t * (1 - beta) * g), (hat, new(m) / (t * (1 - beta**t)))], g),
    "sqrt(t) in the weight": (
        {m: 0},
        [(new(m), beta * m + sqrt(t) * g), (hat, (1 - beta) * new(m) / (sqrt(t) * (1 - beta**t)))],
        g,
    ),
    "t in what is estimated": ({m: 0}, [(new(m), beta * m + (1 - beta) * t * g), (hat, new(m) / (1 - beta**t))], t * g),
    "a scalar step of t in the weight": (
        {m: 0},
        [(c1, t + 1), (new(m), beta * m + c1 * g), (hat, (1 - beta) * new(m) / (c1 * (1 - beta**t)))],
        g,
    ),
    "a scalar state in the weight": (
        {m: 0, s: 1},
        [(new(s), s / 2 + 1), (new(m), beta * m + new(s) * g), (hat, (1 - beta) * new(m) / (new(s) * (1 - beta**t)))],
        g,
    ),
    "a start that is not zero": ({m: 1}, [(new(m), beta * m + (1 - beta) * g), (hat, new(m) / (1 - beta**t))], g),
    "a start at the weights": ({m: w}, [(new(m), beta * m + (1 - beta) * g), (hat, new(m) / (1 - beta**t))], g),
    "a negative start": ({m: -1}, [(new(m), beta * m + (1 - beta) * g), (hat, new(m) / (1 - beta**t))], g),
    "one step too far": ({m: 0}, [(new(m), beta * m + (1 - beta) * g), (hat, new(m) / (1 - beta ** (t + 1)))], g),
    "an input that is dropped": ({m: 0}, [(new(m), beta * m + (1 - beta) * g + w), (hat, new(m) / (1 - beta**t))], g),
    "late": (
        {m: 0},
        [(new(m), beta * m + where(t > 2, 2, 1) * (1 - beta) * g), (hat, new(m) / (1 - beta**t))],
        g,
    ),
    "the root of a mean": (
        {m: 0},
        [(new(m), beta * m + (1 - beta) * g**2), (hat, sqrt(new(m) / (1 - beta**t)))],
        Abs(g),
    ),
    "a decay in the state": ({m: 0, v: 1}, [(new(v), v / 2), (new(m), v * m + (1 - v) * g), (hat, new(m))], g),
    "an offset of the weights": ({m: 0}, [(new(m), m + (g - m) / t), (hat, new(m))], g + w),
}  # fmt: skip


@pytest.mark.parametrize("name", BIASED)
def test_an_estimate_with_a_bias(name):
    state, steps, what = BIASED[name]
    found = first(unbiased(hat, of=what), of(state, *steps))
    assert found.status in OPEN
    assert found.status == REFUTED or name == "a decay in the state"


def test_an_estimate_that_is_right_of_equal_gradients_only_is_refuted_by_chance():
    about = of({m: 0}, (new(m), beta * m + (1 - beta) * g**2), (hat, sqrt(new(m) / (1 - beta**t))))
    found = first(unbiased(hat, of=Abs(g)), about)
    assert found.status == REFUTED
    assert "by chance" in found.counterexample["gradients"]


def test_a_proof_that_fails_is_no_refutation():
    """True, by a sum that nobody knows here: t * (t + 1) / 2 comes out of two states."""
    about = of({m: 0, v: 0}, (new(v), v + 1), (new(m), m + g), (hat, new(m) / new(v)))
    assert first(unbiased(hat, of=g), about).status == UNDECIDED


SUMS = {
    "t in what is summed": (series(m, of=t * g, decay=beta, weight=1 - beta), {m: 0}, beta * m + (1 - beta) * t * g),
    "the weights in it": (series(m, of=w * g, decay=beta), {m: 0}, beta * m + w * g),
    "a hyperparameter in it": (series(m, of=lr * g, decay=beta), {m: 0}, beta * m + lr * g),
    "a decay of 0": (series(m, of=g, decay=0), {m: 3}, g),
    "a decay of 1": (series(m, of=g), {m: -2}, m + g),
    "a decay below 0": (series(m, of=g, decay=-HALF), {m: 1}, g - m / 2),
    "a decay above 1": (series(m, of=g, decay=1 + gain), {m: 1}, (1 + gain) * m + g),
    "an average whose decay may be 1": (ema(m, of=g, decay=mu), {m: 1}, mu * m + (1 - mu) * g),
    "any real decay": (ema(m, of=g, decay=shift), {m: w}, shift * m + (1 - shift) * g),
    "a start at a hyperparameter": (
        series(m, of=sign(g), decay=decay, weight=-rate),
        {m: cap},
        decay * m - rate * sign(g),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SUMS)
def test_a_state_that_is_a_sum(name):
    claim, state, value = SUMS[name]
    found = results(claim, of(state, (new(m), value)))
    assert {result.status for result in found} == {PROVED}
    assert all(result.runs for result in found)


def test_what_is_summed_may_change_and_the_factor_in_front_may_not():
    inside = first(series(m, of=lr * g, decay=beta), of({m: 0}, (new(m), beta * m + lr * g)))
    outside = first(series(m, of=g, decay=beta, weight=lr), of({m: 0}, (new(m), beta * m + lr * g)))
    assert "lr constant" not in inside.assumed
    assert "lr[i] * " in inside.text
    assert {"lr constant", "beta constant"} <= set(outside.assumed)


NO_SUMS = {
    "t in the weight": (series(m, of=g, decay=beta, weight=t), {m: 0}, beta * m + t * g),
    "t in the decay": (series(m, of=g, decay=1 / t), {m: 0}, m / t + g),
    "a plain symbol t": (series(m, of=g, decay=beta, weight=Symbol("t")), {m: 0}, beta * m + t * g),
    "the weights in the decay": (series(m, of=g, decay=1 / (1 + w**2)), {m: 0}, m / (1 + w**2) + g),
    "the gradient in the decay": (series(m, of=g, decay=1 / (1 + g**2)), {m: 0}, m / (1 + g**2) + g),
    "another decay later": (series(m, of=g, decay=beta), {m: 0}, where(t > 2, HALF, beta) * m + g),
    "a start of the wrong factor": (series(m, of=g, decay=beta), {m: 1}, where(t > 1, beta, 1) * m + g),
    "the square of the decay": (ema(m, of=g, decay=beta), {m: 0}, beta**2 * m + (1 - beta) * g),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_SUMS)
def test_a_state_that_is_no_such_sum(name):
    claim, state, value = NO_SUMS[name]
    assert first(claim, of(state, (new(m), value))).status in OPEN


def test_a_state_is_no_weight_and_a_computed_step_of_hyperparameters_is():
    ticks = of({m: 0, s: 1}, (new(s), s / 2 + 1), (new(m), beta * m + new(s) * g))
    assert first(series(m, of=g, decay=beta, weight=new(s)), ticks).status == UNDECIDED
    computed = of({m: 0}, (c1, 1 - beta), (new(m), beta * m + c1 * g))
    assert first(series(m, of=g, decay=beta, weight=c1), computed).status == PROVED


def test_a_sum_says_from_which_starts_it_has_a_value():
    plain = of({v: 1, m: 0}, (new(v), v + g**2), (new(m), beta * m + g))
    rooted = of({v: 1, m: 0}, (new(v), v + g**2), (new(m), beta * m + g / sqrt(v)))
    assert first(series(m, of=g, decay=beta), plain).statement.runs.start is Start.ANY
    assert first(series(m, of=g / sqrt(v), decay=beta), rooted).statement.runs.start is Start.DECLARED


@pytest.mark.fast
def test_a_sum_of_quotients_says_what_may_not_be_zero():
    about = of({v: 0, m: 0}, (new(v), beta * v + g**2), (u, g / (sqrt(new(v)) + eps)), (new(m), beta * m + u))
    found = first(series(m, of=u, decay=beta), about)
    assert found.status == PROVED
    assert "eps != 0" in found.assumed


# Largest values.


MAXIMA = {
    "of magnitudes": (Abs(g), 0, Max(decay * u, Abs(g)), decay),
    "from below zero": (Abs(g), -1, Max(decay * u, Abs(g)), decay),
    "of any sign, begun with the first": (g, 0, where(t > 1, Max(beta * u, g), g), beta),
    "with a decay of 0": (Abs(g), 0, Max(0, Abs(g)), 0),
    "with a decay of 1": (g**2, 0, Max(u, g**2), 1),
    "with a decay above 1": (g**2, 0, Max((1 + gain) * u, g**2), 1 + gain),
    "with t in the terms": (t * Abs(g), 0, Max(beta * u, t * Abs(g)), beta),
}


@pytest.mark.parametrize("name", MAXIMA)
def test_a_state_that_is_the_largest(name):
    what, start, value, factor = MAXIMA[name]
    found = results(max_series(u, of=what, decay=factor), of({u: start}, (new(u), value)))
    assert {result.status for result in found} == {PROVED}


NO_MAXIMA = {
    "terms of any sign": (g, 0, Max(beta * u, g), beta),
    "from above zero": (Abs(g), 1, Max(decay * u, Abs(g)), decay),
    "from a hyperparameter": (Abs(g), cap, Max(decay * u, Abs(g)), decay),
    "from the weights": (Abs(g), w, Max(decay * u, Abs(g)), decay),
    "t in the decay": (Abs(g), 0, Max(u / t, Abs(g)), 1 / t),
    "a decay below zero": (Abs(g), 0, Max(-u / 2, Abs(g)), -HALF),
    "late": (Abs(g), 0, Max(where(t > 2, 1, beta) * u, Abs(g)), beta),
    "the smallest": (Abs(g), 0, Min(beta * u, Abs(g)), beta),
}


@pytest.mark.parametrize("name", NO_MAXIMA)
def test_a_state_that_is_not_the_largest(name):
    what, start, value, factor = NO_MAXIMA[name]
    assert first(max_series(u, of=what, decay=factor), of({u: start}, (new(u), value))).status in OPEN


def test_a_maximum_of_negative_terms_from_zero_is_refuted():
    found = first(max_series(u, of=g, decay=beta), of({u: 0}, (new(u), Max(beta * u, g))))
    assert found.status == REFUTED
    assert found.counterexample["gradients"] == "-1"


# Means with weights.


MEANS = {
    "plain": (weighted_mean(m, of=g, decay=1, weight=1, total=t), {m: 7}, m + (g - m) / t),
    "of t times the gradient": (weighted_mean(m, of=t * g, decay=1, weight=1, total=t), {m: 0}, m + (t * g - m) / t),
    "with a decay": (
        weighted_mean(m, of=w, decay=beta, weight=1 - beta, total=1 - beta**t),
        {m: 0},
        m + (1 - beta) / (1 - beta**t) * (w - m),
    ),
    "with a weight": (weighted_mean(m, of=g**2, decay=1, weight=rate, total=rate * t), {m: 0}, m + (g**2 - m) / t),
    "of a step": (weighted_mean(m, of=b, decay=1, weight=1, total=t), {m: 0}, m + (Abs(g) - m) / t),
}


@pytest.mark.parametrize("name", MEANS)
def test_a_state_that_is_a_mean(name):
    claim, state, value = MEANS[name]
    found = first(claim, of(state, (b, Abs(g)), (new(m), value)))
    assert found.status == PROVED
    assert found.runs


def test_a_mean_is_printed_with_its_weights():
    claim, state, value = MEANS["with a decay"]
    found = first(claim, of(state, (new(m), value)))
    assert found.text == (
        "m[t] = sum(beta ** (t - i) * (1 - beta) * w[i-1], i=1..t) / (1 - beta**t), "
        "and the weights add up to 1 - beta**t"
    )
    assert "beta constant" in found.assumed


NO_MEANS = {
    "another total": (weighted_mean(m, of=g, decay=1, weight=1, total=t + 1), {m: 0}, m + (g - m) / t),
    "t in the weight": (weighted_mean(m, of=g, decay=1, weight=t, total=t), {m: 0}, m + (g - m) / t),
    "t in the decay": (weighted_mean(m, of=g, decay=1 / t, weight=1, total=t), {m: 0}, m + (g - m) / t),
    "the weights in the total": (weighted_mean(m, of=g, decay=1, weight=1, total=t + w**2), {m: 0}, m + (g - m) / t),
    "a start that stays": (weighted_mean(m, of=g, decay=1, weight=1, total=t), {m: 1}, m + (g - m) / (t + 1)),
    "a total of zero": (weighted_mean(m, of=g, decay=1, weight=0, total=0), {m: 0}, m + (g - m) / t),
}


@pytest.mark.parametrize("name", NO_MEANS)
def test_a_state_that_is_no_such_mean(name):
    claim, state, value = NO_MEANS[name]
    assert first(claim, of(state, (new(m), value))).status in OPEN


# Cycles.


CYCLE = (
    (new(count), where(count + 1 >= period, 0, count + 1)),
    (new(u), where(count > 0, u, 0) + g),
    (new(g), new(u) / period),
)


RUNS = new(count) > 0


def cycle(state=None, steps=CYCLE, halts=RUNS, over=period, **more):
    return first(cycle_mean(u, count=count, over=over), stage(state or {u: 0, count: 0}, *steps, halts=halts, **more))


def test_a_cycle_of_means_needs_a_period_that_stays():
    found = cycle()
    assert found.status == PROVED
    assert "period constant" in found.assumed
    assert found.runs


@pytest.mark.parametrize("start", [-3, cap])
def test_a_sum_that_begins_anew_may_start_anywhere(start):
    assert cycle({u: start, count: 0}).status == PROVED


def test_a_stage_may_say_otherwise_when_it_ends_a_step():
    assert cycle(halts=count + 1 < period).status == PROVED


@pytest.mark.fast
@pytest.mark.parametrize("start", [1, 2])
def test_a_cycle_that_starts_within_is_refuted(start):
    assert cycle({u: 0, count: start}).status == REFUTED


@pytest.mark.parametrize(
    ("old", "wrong"),
    [
        ((new(g), new(u) / period), (new(g), new(u) / (period + 1))),
        ((new(u), where(count > 0, u, 0) + g), (new(u), u + g)),
        ((new(u), where(count > 0, u, 0) + g), (new(u), where(count > 0, u, 0) + t * g)),
        ((new(count), where(count + 1 >= period, 0, count + 1)), (new(count), where(count >= period, 0, count + 1))),
    ],
)
def test_other_cycles_are_not_proved(old, wrong):
    assert cycle(steps=tuple(wrong if step == old else step for step in CYCLE)).status in OPEN


@pytest.mark.parametrize("over", [t, rate, k])
def test_a_cycle_of_no_whole_length_is_none(over):
    state = {u: 0, count: 0, k: 2}
    assert cycle(state, (*CYCLE, (new(k), k)), over=over).status in OPEN


def test_a_stage_that_never_ends_a_step_has_no_cycle():
    assert cycle(halts=None).status in OPEN


def test_the_step_number_does_not_count_the_runs_of_a_stage_that_ends_steps():
    about = stage({m: 0, count: 0}, *CYCLE[:1], (new(m), m + t * g), (new(g), 2 * g), halts=new(count) > 0)
    assert first(series(m, of=t * g), about).status == UNDECIDED


def test_a_stage_with_sums_over_arrays_is_no_reason_to_end():
    about = stage({m: 0}, (new(m), m + array_sum(g**2)), (new(g), g / 2))
    assert first(series(m, of=g), about).status in OPEN


# What follows without a claim.


def derived(state, *steps) -> dict:
    return {result.claim: checked(result) for result in closed_forms(of(state, *steps))}


def test_a_closed_form_says_what_is_constant_and_dates_the_rest():
    found = derived({m: 0}, (new(m), beta * m - lr * g))["closed form m"]
    assert found.text == "m[t] = beta**t * m[0] - sum(lr[i] * beta ** (t - i) * g[i], i=1..t)"
    assert "lr constant" not in found.assumed
    weights = derived({m: 0}, (new(m), beta * m - lr * g))["weights m"]
    assert {"lr constant", "beta constant"} <= set(weights.assumed)


def test_a_bias_has_all_inputs_in_it():
    found = derived({m: 0}, (new(m), beta * m + (1 - beta) * g + rate * g**2 + cap))
    assert found["bias m"].text == (
        "E[m[t]] = rate * (1 - beta**t) * E[g[t]**2] / (1 - beta) + (1 - beta**t) * E[g[t]]"
        " + cap * (1 - beta**t) / (1 - beta)"
    )
    assert {"beta constant", "rate constant", "cap constant"} <= set(found["bias m"].assumed)
    assert found["bias m"].runs


def test_an_input_without_a_sum_leaves_no_bias():
    assert "bias m" not in derived({m: 0}, (new(m), beta * m + (1 - beta) * g + sqrt(t)))


def test_the_first_step_may_be_another_one_and_the_half_life_is_that_of_the_later_ones():
    found = derived({m: 1}, (new(m), where(t > 1, beta, 0) * m + (1 - where(t > 1, beta, 0)) * g))
    assert found["bias m"].text == "E[m[t]] = E[g[t]]"
    assert {result.status for result in found.values()} == {PROVED}


def test_a_first_factor_of_its_own_is_in_front_of_powers_of_what_may_be_0_or_1():
    found = derived({m: 1}, (new(m), where(t > 1, mu, 1) * m + g))["closed form m"]
    assert found.status == PROVED
    assert "mu ** (t - 1) * m[0]" in found.text


def test_weights_of_the_wrong_sum_refute_a_mean():
    about = of({m: 0}, (new(m), g))
    found = first(weighted_mean(m, of=g, decay=0, weight=1, total=t), about)
    assert found.status == REFUTED
    assert found.counterexample["t"] == "2"


@pytest.mark.parametrize("factor", [0, 1, 2, -HALF, exp(1)])
def test_what_is_no_share_has_no_half_life(factor):
    assert not any(name.startswith("half-life") for name in derived({m: 0}, (new(m), factor * m + g)))


def test_a_decay_that_may_be_1_has_a_half_life_below_it():
    found = derived({m: 0}, (new(m), mu * m + g))["half-life m"]
    assert {"mu constant", "0 < mu < 1"} <= set(found.assumed)


def test_an_average_that_starts_at_the_weights_is_not_corrected():
    about = rule("Rule", {m: w}, (new(m), beta * m + (1 - beta) * g), (new(w), w - lr * new(m)))
    with pytest.raises(ValueError, match="nothing is to be corrected"):
        corrected(about)


def test_a_hyperparameter_may_go_by_the_name_of_an_index():
    j = hyper("j", default="0.5", domain="[0, 1)")
    kept = of({v: 0, u: 0}, (new(v), j * v + (1 - j) * g**2), (new(u), Max(j * u, new(v))))
    assert [r.status for r in results(ema(v, of=g**2, decay=j), kept)] == [PROVED, PROVED]
    assert [r.status for r in results(max_series(u, of=new(v), decay=j), kept)] == [PROVED, PROVED]
    assert first(ema(v, of=g**2, decay=j**2), kept).status == REFUTED
    assert first(max_series(u, of=new(v), decay=1), kept).status == REFUTED


def test_a_hyperparameter_may_go_by_the_name_of_an_old_value():
    d = hyper("D", default="1", domain=">= 0")
    falls = of({v: 0, u: 0}, (new(v), v - d + g**2), (new(u), Max(u, new(v))))
    assert first(nonnegative(v), falls).status == REFUTED
    assert first(max_series(u, of=new(v), decay=1), falls).status == REFUTED
    d = hyper("D", default="1", domain="real")
    falls = of({v: 0}, (new(v), v / 2 + d * g**2))
    assert first(nonnegative(v), falls).status == REFUTED
    assert first(nonnegative(v), of({v: 0}, (new(v), v / 2 + d**2 * g**2))).status == PROVED
    before = hyper("beta_before", default="0.5", domain="[0, 1)")
    assert first(nonnegative(m + beta), of({m: 0}, (new(m), m + before - beta))).status == REFUTED


def test_units_have_names_of_their_own():
    unit = hyper("W", default="1", domain="> 0")
    claim = scales({"lr": w / g})
    assert any("W is a name" in fact for fact, _ in claim.problems(rule("Rule", {}, (new(w), w - lr * unit * g))))
    assert not list(claim.problems(rule("Rule", {}, (new(w), w - lr * g))))
