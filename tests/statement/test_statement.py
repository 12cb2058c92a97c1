"""A statement is data: its text, its LaTeX, its JSON and what it assumes are derived from it."""

import pytest
import sympy

from stepsmith.codegen.analysis.premises import Premises
from stepsmith.codegen.spec import sqrt
from stepsmith.codegen.spec.domain import parse
from stepsmith.codegen.spec.symbols import new
from stepsmith.codegen.statement import (
    Gradients,
    Holds,
    I,
    Not,
    Runs,
    SameRun,
    Statement,
    T,
    after,
    at,
    expected,
    past_sum,
)
from tests.trial.kit import beta, decay, eps, g, lr, m, rate, rule, v, w

pytestmark = pytest.mark.fast

RULE = rule(
    "Rule",
    {m: 0, v: 1},
    (new(m), beta * m + (1 - beta) * g),
    (new(v), decay * v + rate * g**2),
    (new(w), w - lr * new(m) / (sqrt(new(v)) + eps)),
)


def test_values_carry_the_step_that_they_belong_to():
    said = Holds(after(m), "=", beta**T * after(m, 0) + (1 - beta) * past_sum(beta ** (T - I) * at(g, I)))
    text = "m[t] = beta**t * m[0] + (1 - beta) * sum(beta ** (t - i) * g[i], i=1..t)"
    assert Statement(Runs(RULE), said).text == text
    assert Statement(Runs(RULE), Holds(after(w) - at(w, T), "=", -lr * at(g, T))).text == "w[t] - w[t-1] = -lr * g[t]"
    assert Statement(Runs(RULE), Holds(new(m), ">=", m)).text == "m_new >= m"


def test_a_hyperparameter_of_the_past_has_an_index_unless_it_is_constant():
    said = Holds(after(v), "=", past_sum(at(rate * g**2, I)))
    assert Statement(Runs(RULE), said).text == "v[t] = sum(rate[i] * g[i]**2, i=1..t)"
    assert Statement(Runs(RULE, constant=("rate",)), said).text == "v[t] = sum(rate * g[i]**2, i=1..t)"


def test_the_same_statement_can_be_set_for_a_paper():
    said = Holds(expected(after(m)), "=", (1 - beta) * past_sum(beta ** (T - I) * expected(at(g, I))))
    latex = Statement(Runs(RULE), said).latex
    assert latex.startswith(r"$\mathbb{E}\left[m_{t}\right] = (1 - \beta)")
    assert r"\sum_{i=1}^{t} \beta^{t - i}" in latex


def test_what_is_assumed_is_what_was_noted_and_the_domains_of_what_is_spoken_of():
    assumed = Premises(RULE, gradients=Gradients.STATIONARY)
    assumed.constant(beta**2 * rate)
    assumed.nonzero(eps, 1 - beta, rate)
    statement = assumed.statement(Holds(after(m), "=", beta * m))
    assert statement.assumptions == (
        "g[1], g[2], ... identically distributed",
        "beta constant",
        "rate constant",
        "eps != 0",
        "0 <= beta < 1",
        "rate > 0",
        "eps >= 0",
        "t >= 1",
    )
    assert statement.as_json() == {
        "gradients": "stationary",
        "start": "declared",
        "steps": "all",
        "constant": ["beta", "rate"],
        "at": {},
        "frozen": [],
        "conditions": ["Ne(eps, 0)"],
        "relation": "Holds",
    }


def test_what_is_fixed_is_neither_assumed_constant_nor_has_a_domain():
    assumed = Premises(RULE, at={beta: sympy.Integer(0)})
    assumed.constant(beta)
    statement = assumed.statement(Holds(after(m), "=", at(g, T)))
    assert statement.text == "m[t] = g[t] if beta = 0"
    assert statement.assumptions == ("t >= 1",)


def test_a_symbol_that_the_relation_brings_has_the_domain_that_was_noted():
    assumed = Premises(RULE)
    assumed.domain("s", parse("> 0"))
    assert assumed.statement(Holds(after(m), "=", at(g, T))).assumptions == ("s > 0", "t >= 1")


def test_the_hyperparameter_of_the_step_before_is_another_symbol_unless_it_is_assumed_constant():
    assumed = Premises(RULE)
    assert assumed.before(beta).name == "beta[t-1]"
    assert assumed.runs.constant == ()
    assert assumed.before(beta, constant=True) == beta
    assert assumed.runs.constant == ("beta",)


def test_two_rules_that_make_one_run_are_spelled_as_a_call():
    other = rule("Other", {m: 0}, (new(m), g), (new(w), w - lr * new(m)))
    runs = Runs(RULE, at=(("beta", sympy.Integer(0)),))
    assert Statement(runs, SameRun(other, {"lr": lr * rate}, {"m": m / 2})).text == (
        "Rule at beta=0 = Other(lr=lr * rate) with m = m / 2"
    )


def test_what_does_not_hold_says_what_that_means():
    said = Statement(Runs(RULE), Not(Holds(after(m), ">=", at(m, T)), "it may fall"))
    assert said.text == "it may fall: it is false that m[t] >= m[t-1]"
