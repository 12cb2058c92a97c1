"""Two rules that are one: maps stay in the domains, states follow from the first step on, values are said to exist.

Each claim is true or false by construction; what is proved survives its replay, what is refuted is refuted by a run.
"""

import pytest
import sympy
from sympy import Rational, sqrt

from stepsmith.codegen.analysis.inside import leads_inside
from stepsmith.codegen.analysis.premises import Premises
from stepsmith.codegen.check import check
from stepsmith.codegen.claims import equals, fails, reduces_to
from stepsmith.codegen.compare.compose import Named, named
from stepsmith.codegen.compare.rules import compare
from stepsmith.codegen.load import SpecError, UsageError
from stepsmith.codegen.properties.dimensions import units
from stepsmith.codegen.properties.symmetry import gradient_scaled, mirrored, translation
from stepsmith.codegen.prove import prove_claim
from stepsmith.codegen.replay import checked
from stepsmith.codegen.result import PROVED, REFUTED, UNDECIDED
from stepsmith.codegen.spec import Abs, Max, Min, exp, sign
from stepsmith.codegen.spec.domain import parse
from stepsmith.codegen.spec.symbols import hyper, new, where
from tests.trial.kit import a, beta, decay, eps, g, gain, lr, m, mu, period, rate, rule, s, shift, t, tiny, u, v, w

alpha = hyper("alpha", default="0.5", domain="[0, 1)")
pairs = hyper("pairs", default="4", domain="integer >= 2")
middle = hyper("middle", default="2.5", domain="[2, 3]")
far = hyper("far", default="200", domain="> 100")


def moved(step, state=None, *steps, **more):
    return rule("One", state or {}, *steps, (new(w), w - step), **more)


DESCENT = rule("Descent", {}, (new(w), w - lr * g))
MOMENTUM = rule("Momentum", {m: 0}, (new(m), beta * m + g), (new(w), w - lr * new(m)))
AVERAGE = rule("Average", {m: 0}, (new(m), beta * m + (1 - beta) * g), (new(w), w - lr * new(m)))
SUM = moved(lr * new(v), {v: 0}, (new(v), v + g**2))
SQUARES = rule("Squares", {v: 1}, (new(v), v + g**2), (new(w), w - lr * new(v)))
FROM_ONE = rule("FromOne", {v: 1}, (new(v), v + g), (new(w), w - lr * new(v)))
FROM_RATE = moved(lr * new(v) / rate, {v: rate}, (new(v), v + rate * g))
MAGNITUDE = rule("Magnitude", {}, (new(w), w - lr * Abs(g)))
VELOCITY = rule("Velocity", {v: 0}, (new(v), beta * v - lr * g), (new(w), w + new(v)))
TWO_POINTS = rule("TwoPoints", {u: w}, (new(w), w + beta * (w - u) - lr * g), (new(u), w))
FADING = moved(lr * new(m), {s: 1, m: 0}, (new(s), s * beta), (new(m), m + new(s) * g))
TWICE = rule("Twice", {s: 2, m: 0}, (new(s), s * beta), (new(m), m + new(s) * g / 2), (new(w), w - lr * new(m)))
DOUBLED = moved(lr * new(m), {m: 0}, (new(m), 2 * alpha * m + g))
MEAN = rule("Mean", {u: 0}, (new(u), u + (g**2 - u) / t), (new(w), w - lr * t * new(u)))


def results(of, claim):
    return [checked(result) for result in prove_claim(claim, of)]


# Where a map leads.


@pytest.mark.parametrize(
    ("value", "domain", "noted"),
    [
        (1 - alpha, "[0, 1)", "0 < alpha < 1"),
        (1 - alpha, "(0, 1]", ""),
        (1 - mu, "[0, 1)", "0 < mu <= 1"),
        (lr / (1 - mu), ">= 0", "0 <= mu < 1"),
        (lr / (1 - alpha), ">= 0", ""),
        (lr, "> 0", "lr > 0"),
        (period, "integer >= 2", "integer period > 1"),
        (pairs - 1, "integer >= 1", ""),
        (middle - 2, "[0, 1)", "2 <= middle < 3"),
        (far, ">= 0", ""),
        (shift**2, ">= 0", ""),
        (1 - 1 / t, "[0, 1)", ""),
        (1 - (1 - alpha) ** period, "[0, 1)", ""),
        (lr * sqrt(1 - beta**t) / (1 - decay**t), ">= 0", ""),
        (exp(-rate), "(0, 1)", ""),
        (Max(alpha, beta), "[0, 1)", ""),
        (Min(lr, 1), "[0, 1]", ""),
        (1 / (1 + lr), "(0, 1)", "lr > 0"),
        (alpha + lr, "> 0", "alpha + lr > 0"),
    ],
)
def test_a_map_leads_inside_but_for_ends_that_are_said(value, domain, noted):
    hypers = sympy.Add(alpha, mu, lr, period, pairs, middle, far, shift, beta, decay, rate)
    assumed = Premises(moved(g * hypers))
    assert leads_inside(value, parse(domain), assumed) is None
    narrowed = [d.condition(name) for name, d in assumed.runs.domains]
    narrowed += [str(c) for c in assumed.statement(None).conditions]
    assert narrowed == ([noted] if noted else [])


@pytest.mark.parametrize(
    ("value", "domain"),
    [
        (-lr, ">= 0"),
        (2 * alpha, "[0, 1)"),
        (shift, ">= 0"),
        (pairs / 2, "integer >= 1"),
        (4 * alpha * (1 - alpha), "[0, 1)"),
        (1 / t, "[0, 1)"),
        (lr, "> 100"),
        (1 / (alpha - Rational(1, 2)), "real"),
        (sympy.oo, "> 0"),
        (sympy.oo, "integer >= 1"),
    ],
)
def test_a_map_that_leads_outside_is_shown_where(value, domain):
    assumed = Premises(moved(g * sympy.Add(alpha, lr, shift, pairs)))
    assert leads_inside(value, parse(domain), assumed) is not None


# Claims.

TRUE = [
    (moved(lr * new(m), {m: 0}, (new(m), (1 - alpha) * m + alpha * g)), equals(AVERAGE, hyper={"beta": 1 - alpha})),
    (moved(lr * g / (1 - mu)), equals(DESCENT, hyper={"lr": lr / (1 - mu)})),
    (DOUBLED, equals(MOMENTUM, hyper={"beta": 2 * alpha}, where=(2 * alpha < 1,))),
    (moved(lr * new(m), {m: 0}, (new(m), beta * m + alpha * g)), reduces_to(AVERAGE, at={alpha: 1 - beta})),
    (SUM, equals(MEAN, state={"u": v / t})),
    (FROM_RATE, equals(FROM_ONE, state={"v": v / rate}, constant=(rate,))),
    (moved(lr * where(v >= 0, g, 0), {v: 0}, (new(v), v + g**2)), equals(DESCENT)),
    (VELOCITY, equals(TWO_POINTS, state={"u": w - v})),
    (FADING, equals(TWICE, state={"s": 2 * s})),
    (moved(lr * sqrt(g**2)), equals(MAGNITUDE)),
    (moved(lr * g + gain * w), reduces_to(DESCENT, at={gain: 0})),
    (MOMENTUM, fails(equals(AVERAGE), "they differ")),
    (moved(-lr * g), fails(equals(DESCENT, hyper={"lr": -lr}), "no rate is negative")),
]

FALSE = [
    (moved(-lr * g), equals(DESCENT, hyper={"lr": -lr})),
    (DOUBLED, equals(MOMENTUM, hyper={"beta": 2 * alpha})),
    (moved(lr * new(m), {m: 0}, (new(m), m / t + g)), equals(MOMENTUM, hyper={"beta": 1 / t})),
    (moved(lr * new(v), {v: 1}, (new(v), v + g**2)), equals(MEAN, state={"u": v / t})),
    (moved(lr * new(v), {v: rate}, (new(v), v + g**2)), equals(SQUARES)),
    (FROM_RATE, equals(FROM_ONE, state={"v": v / rate})),
    (moved(lr * g * where(t > 7, 2, 1)), equals(DESCENT)),
    (moved(lr * Max(g, 0)), equals(DESCENT)),
    (moved(lr * where(m >= 0, g, 0), {m: 0}, (new(m), m + g)), equals(DESCENT)),
    (moved(lr * g + gain * w + tiny * w), reduces_to(DESCENT, at={gain: 0})),
    (MOMENTUM, fails(equals(MOMENTUM), "they do not differ")),
]


@pytest.mark.parametrize(("of", "claim"), TRUE)
def test_what_is_one_is_proved(of, claim):
    assert {result.status for result in results(of, claim)} == {PROVED}


@pytest.mark.parametrize(("of", "claim"), FALSE)
def test_what_is_not_is_refuted_by_a_run(of, claim):
    (result,) = results(of, claim)
    assert result.status == REFUTED
    assert "gradients" in result.counterexample or "claim" in result.counterexample


@pytest.mark.fast
@pytest.mark.parametrize(
    ("of", "other"),
    [
        (moved(lr * g / Abs(g)), rule("Signs", {}, (new(w), w - lr * sign(g)))),
        (moved(lr * a / g, {}, (a, g * g)), DESCENT),
        (moved(lr * g), rule("Quotient", {}, (a, g * g), (new(w), w - lr * a / g))),
    ],
)
def test_where_one_of_the_two_has_no_value_is_said(of, other):
    (result,) = results(of, equals(other))
    assert result.status == PROVED
    assert "g != 0" in result.assumed


def test_a_condition_that_is_not_needed_is_not_shown_to_be():
    first, second = results(MOMENTUM, equals(MOMENTUM, constant=(lr,)))
    assert (first.status, second.status) == (PROVED, UNDECIDED)
    assert "lr constant" not in first.assumed


def test_a_number_outside_of_its_domain_is_a_problem_of_the_spec(declare):
    spec = declare(
        "from stepsmith.specs.sgd import SGD\n"
        'RULE = Optimizer(name="Rule", source="a test", state={}, steps=(Step(new(w), w - lr * g),), '
        "claims=(reduces_to(SGD, at={lr: -1}), equals(SGD, hyper={'lr': lr * g})))"
    )
    with pytest.raises(SpecError) as error:
        check([spec])
    assert "lr = -1 is outside of its domain" in str(error.value)
    assert "lr depends on g" in str(error.value)


# Symmetries.


@pytest.mark.fast
@pytest.mark.parametrize("start", [w + 1, w**2 + w])
def test_a_state_that_starts_beside_the_weights_is_not_mirrored(start):
    of = moved(lr * g * new(u), {u: start}, (new(u), u))
    assert checked(mirrored(of)).status == REFUTED
    assert checked(translation(of)).status == REFUTED


def test_a_state_that_starts_at_twice_the_weights_does_not_move_along():
    of = moved(lr * (g + u), {u: 2 * w}, (new(u), u))
    assert checked(translation(of)).status == REFUTED
    assert checked(mirrored(of)).status == PROVED


@pytest.mark.parametrize("step", [lr * where(t > 7, g**2, g), lr * where(g >= 0, 1, -1), lr * Max(g, 0)])
def test_what_is_lopsided_late_at_a_tie_or_on_one_side_is_seen(step):
    assert checked(mirrored(moved(step))).status == REFUTED


@pytest.mark.fast
def test_a_step_with_values_on_one_side_only_has_no_mirror_image():
    assert checked(mirrored(moved(lr * sqrt(g)))).status == UNDECIDED


def test_terms_without_units_are_a_matter_of_the_equations():
    (only,) = map(checked, units(moved(lr * u, {}, (a, g + 1), (u, a - 1))))
    assert only.status == PROVED
    assert only.text == "if weights and gradients have units, no units suit all terms of the equations: 1 beside g in a"


def test_a_name_that_is_taken_is_not_that_of_the_factor():
    of = moved(lr * g * new(s), {s: 1}, (new(s), s * beta))
    (scaled,) = map(checked, gradient_scaled(of))
    assert scaled.status == PROVED
    assert scaled.text == "scaling all gradients by scale > 0 scales every step by scale"


def test_a_unit_that_a_domain_does_not_allow_is_said():
    found = {r.claim: r for r in units(moved(lr * Min(Abs(g), alpha) * sign(g)))}
    assert "alpha stays in its domain" in found["weights rescaled"].assumed


def test_at_zero_a_rule_still_has_values():
    assert [r.claim for r in gradient_scaled(moved(lr * g / (eps + eps * Abs(g))))] == ["gradient scaled"]


# Comparisons.

HEAD = (
    'rate = hyper("rate", default="0.5", domain="> 0")\n'
    'decay = hyper("decay", default="0.9", domain="(0, 1)")\n'
    'gam = hyper("gam", default="0.5", domain="[0, 1]")\n'
    'RULE = Optimizer(name="{name}", source="a test", state={state}, steps=({steps}))'
)


def compared(declare, one, two):
    sides = []
    for name, (state, *steps) in (("One", one), ("Two", two)):
        text = "".join(f"Step({step})," for step in steps)
        spec = declare(HEAD.format(name=name, state=state, steps=text), name.lower())
        sides.append(Named(name, spec, (), spec.optimizer))
    return compare(*sides, 30)


@pytest.mark.parametrize(
    ("one", "two", "conditions"),
    [
        (("{}", "new(w), w - lr * g"), ("{}", "new(w), w - rate * g"), ("lr > 0",)),
        (("{}", "new(w), w - lr * g / Abs(g)"), ("{}", "new(w), w - lr * sign(g)"), ("g != 0",)),
        (
            ("{m: 0}", "new(m), beta * m + g", "new(w), w - lr * new(m)"),
            ("{m: 0}", "new(m), decay * m + g", "new(w), w - lr * new(m)"),
            ("0 < beta < 1",),
        ),
        (
            ("{m: 0}", "new(m), (1 - gam) * m + gam * g", "new(w), w - lr * new(m)"),
            ("{m: 0}", "new(m), beta * m + (1 - beta) * g", "new(w), w - lr * new(m)"),
            ("0 < gam <= 1",),
        ),
    ],
)
def test_rules_are_one_but_for_the_ends_of_domains(declare, one, two, conditions):
    found = compared(declare, one, two)
    assert found.verdict == "equivalent"
    assert found.conditions == conditions


@pytest.mark.parametrize(
    ("one", "two", "verdict"),
    [
        (("{}", "new(w), w + lr * g"), ("{}", "new(w), w - lr * g"), "different"),
        (("{}", "new(w), w - lr * g * where(t > 7, 2, 1)"), ("{}", "new(w), w - lr * g"), "different"),
        (
            ("{m: 0}", "new(m), beta * m + g", "new(w), w - lr * new(m)"),
            ("{m: 1}", "new(m), beta * m + g", "new(w), w - lr * new(m)"),
            "different",
        ),
        # only where gam is 1 or lr is 0 does the one stay inside the domain of the other
        (("{}", "new(w), w - lr * g * (gam - 1)**3"), ("{}", "new(w), w - lr * g"), "undecided"),
    ],
)
def test_rules_that_are_not_one(declare, one, two, verdict):
    assert compared(declare, one, two).verdict == verdict


def test_two_parts_with_hyperparameters_of_one_name_are_not_compared():
    with pytest.raises(UsageError, match="two parts call something weight_decay"):
        named("l2_decay+adamw")
