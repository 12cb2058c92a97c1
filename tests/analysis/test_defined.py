"""Where the steps of a rule have values: what suffices, what nothing helps, and that zero gradients may hide it."""

import pytest
from sympy import Gt, Le, Lt, Ne, Rational, false, log, sqrt

from stepsmith.codegen.analysis import defined
from stepsmith.codegen.claims import descends, equals, first_step, fixed_point
from stepsmith.codegen.load import catalog
from stepsmith.codegen.prove import prove_claim
from stepsmith.codegen.prove.properties import Defined
from stepsmith.codegen.replay import checked
from stepsmith.codegen.result import PROVED, REFUTED, UNDECIDED
from stepsmith.codegen.spec import Abs, Max, sign
from stepsmith.codegen.spec.symbols import new, where
from tests.sample import by_kind
from tests.trial.kit import b, beta, cap, eps, g, gain, lr, m, mu, rate, rule, shift, t, u, v, w


def stepping(value, state=None, *steps):
    return rule("Rule", state or {}, *steps, (new(w), w - lr * value))


@pytest.mark.parametrize(
    ("of", "needed"),
    [
        (stepping(g / (Abs(g) + eps)), [Ne(eps, 0)]),
        (stepping(g / (eps + gain)), [Ne(eps, 0)]),
        (stepping(g / (eps * gain)), [Ne(eps, 0), Ne(gain, 0)]),
        (stepping(g / (1 - mu)), [Lt(mu, 1)]),
        (stepping(g / (1 - mu**t)), [Lt(mu, 1)]),
        (stepping(g / (1 - (1 - beta) ** t)), [Ne(beta, 0)]),
        (stepping(g / beta ** (t - 1)), [Ne(beta, 0)]),
        (stepping(g / sqrt(new(v)), {v: rate}, (new(v), v + g**2)), []),
        (stepping(g / sqrt(new(v)), {v: eps}, (new(v), v + g**2)), [Ne(eps, 0)]),
        (stepping(g / (sqrt(new(v)) + cap), {v: 1 - eps}, (new(v), beta * v + g**2)), [Le(eps, 1)]),
        (stepping(where(Abs(g) > 0, g / Abs(g), 0)), []),
        (stepping(where(Abs(g) > 0, u, 0), {}, (u, g / Abs(g))), []),
        (stepping(g / (1 + t * rate)), []),
        (stepping(g / new(m), {m: 1}, (new(m), m * (1 + beta))), []),
        (stepping(g / (1 - new(m)), {m: 1}, (new(m), m * beta * (1 - beta**t / 2))), []),
        (stepping(g / sqrt(new(v) - new(m) ** 2 + eps), {v: 0, m: 0},
                  (new(v), beta * v + (1 - beta) * g**2), (new(m), beta * m + (1 - beta) * g)), [Ne(eps, 0)]),
    ],
)  # fmt: skip
def test_the_simplest_conditions_that_suffice(of, needed):
    assert list(defined.conditions(of)) == needed
    (result,) = map(checked, prove_claim(Defined(), of))
    assert result.status == PROVED
    assert list(result.statement.conditions) == needed


@pytest.mark.fast
@pytest.mark.parametrize(
    ("of", "left"),
    [
        (stepping(g / Abs(g)), Ne(g, 0)),
        (stepping(g / sqrt(g**2)), Ne(g, 0)),
        (stepping(b * g / g**2, {}, (b, Abs(g))), Ne(g, 0)),
        (stepping(log(g)), Gt(g, 0)),
        (stepping(g ** Rational(1, 3)), g >= 0),
        (stepping(g / (t - 2)), Ne(t - 2, 0)),
        (stepping(g / (g - shift)), Ne(g - shift, 0)),
        (stepping(m / sqrt(new(m) ** 2), {m: 0}, (new(m), beta * m + g)), Ne(new(m), 0)),
    ],
)
def test_a_rule_that_is_not_defined_for_all_gradients_is_refuted(of, left):
    assert left in defined.conditions(of)
    (result,) = prove_claim(Defined(), of)
    assert result.status == REFUTED
    assert "none" in result.counterexample["value"]


def test_without_a_gradient_a_quotient_may_have_no_value_at_all():
    of = stepping(g / Abs(g))
    assert defined.conditions(of, gradients="zero") == (false,)
    (result,) = prove_claim(fixed_point(), of)
    assert result.status == REFUTED
    assert result.counterexample["value"] == "none: it divides by zero"


def test_a_condition_is_part_of_every_statement_that_needs_it():
    signs, ratio = stepping(sign(g)), stepping(g / Abs(g))
    for claim in (first_step(-lr * sign(g)), descends(), equals(signs)):
        (result, *_) = map(checked, prove_claim(claim, ratio))
        assert result.status == PROVED
        assert any("g" in text and "!= 0" in text for text in result.assumed)


@pytest.mark.fast
def test_the_first_step_and_zero_gradients_need_no_more_than_they_use():
    squares = (new(v), beta * v + (1 - beta) * g**2)
    of = stepping(g / (sqrt(new(v)) + Max(eps, v)), {v: 0}, squares)
    assert defined.conditions(of, gradients="zero") == (Ne(eps, 0),)
    assert defined.conditions(of, steps="first") == (Ne(eps, 0),)
    late = stepping(g / t + g / (1 + m), {m: 0}, (new(m), beta * m + g))
    assert defined.conditions(late, steps="first") == ()
    assert defined.conditions(late, gradients="zero") == ()
    assert defined.conditions(late) == (Ne(m + 1, 0),)


@pytest.mark.fast
def test_an_epsilon_that_may_be_zero_is_assumed_to_be_none_without_a_gradient():
    of = stepping(g / (sqrt(new(v)) + eps), {v: 0}, (new(v), beta * v + (1 - beta) * g**2))
    for claim in (fixed_point(), descends()):
        (result,) = map(checked, prove_claim(claim, of))
        assert result.status == PROVED
        assert "eps != 0" in result.assumed


@pytest.mark.parametrize(
    "spec", by_kind(entry for entry in catalog() if entry.kind in ("optimizer", "stage")), indirect=True
)
def test_every_rule_of_the_project_has_values_under_conditions_on_its_hyperparameters(spec):
    (result,) = prove_claim(Defined(), spec.rule)
    assert result.status == PROVED
    assert {str(c) for c in result.statement.conditions} <= {"Ne(eps, 0)", "eps <= 1"}


def test_what_no_interval_shows_stays_open():
    of = stepping(g / (g**2 - 2 * g + 2))
    (result,) = prove_claim(Defined(), of)
    assert result.status == UNDECIDED
