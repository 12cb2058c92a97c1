"""Statements about rules that are given inputs and signals range over all of them, another one in every step."""

import pytest

from stepsmith.codegen.claims import ema, equals, fixed_point, nonnegative, reduces_to, series
from stepsmith.codegen.prove import prove
from stepsmith.codegen.replay.adversary import settings
from stepsmith.codegen.report.show import text
from stepsmith.codegen.result import PROVED, REFUTED
from stepsmith.codegen.spec.rules import Optimizer, Step
from stepsmith.codegen.spec.symbols import arrays, given, hyper, inputs, new, signals, where
from stepsmith.codegen.statement import Runs
from tests.conftest import spec_of
from tests.trial.kit import rule

w, g, v = arrays("w g v")
h, loss = inputs("h"), signals("loss")
lr = hyper("lr", default="0.1", domain=">= 0")
beta = hyper("beta", default="0.9", domain="[0, 1)")


def results(claim, value, step=g):
    made = rule("Given", {v: 0}, (new(v), value), (new(w), w - lr * step / (1 + new(v) ** 2)), claims=(claim,))

    class Declared:
        rule, key = made, "given"

    return next(prove(Declared))


@pytest.mark.parametrize(
    ("claim", "value", "status", "assumed"),
    [
        (ema(v, of=h, decay=beta), beta * v + (1 - beta) * h, PROVED, ()),
        (ema(v, of=g, decay=beta), beta * v + (1 - beta) * h, REFUTED, ()),
        (series(v, of=g, decay=beta, weight=loss), beta * v + loss * g, PROVED, ("loss constant",)),
        (nonnegative(v), beta * v + h**2, PROVED, ()),
        (nonnegative(v), where(given(h), beta * v + h**2, v), PROVED, ()),
        (nonnegative(v), beta * v + h, REFUTED, ()),
        (fixed_point(), beta * v + h, PROVED, ()),
    ],
)
def test_a_claim_holds_whatever_is_given(claim, value, status, assumed):
    result = results(claim, value)
    assert result.status == status
    assert set(assumed) <= set(result.assumed)
    assert result.runs or status == REFUTED


def test_the_input_of_a_past_step_has_its_number():
    assert results(ema(v, of=h, decay=beta), beta * v + (1 - beta) * h).text.endswith("* h[i], i=1..t)")


def test_a_counterexample_says_what_was_given():
    found = results(nonnegative(v), beta * v + h).counterexample
    assert float(found["h"].split(",")[0]) < 0


def test_what_an_input_is_may_be_said_by_the_gradient():
    adam = rule("Plain", {v: 0}, (new(v), beta * v + g**2), (new(w), w - lr * g / (1 + new(v) ** 2)))
    value = beta * v + h**2
    proved = results(reduces_to(adam, at={h: g}), value)
    assert (proved.status, proved.assumed[0]) == (PROVED, "h = g in every step")
    assert results(reduces_to(adam, at={h: -g}), value).status == PROVED
    assert results(reduces_to(adam, at={h: 2 * g}), value).status == REFUTED
    assert results(equals(adam), value).status == REFUTED


def test_runs_have_inputs_that_change_and_flags_of_both_kinds():
    made = Optimizer(
        name="Given", source="a test", state={v: 0},
        steps=(Step(new(v), where(given(h), h, v)), Step(new(w), w - lr * new(v) * g)),
    )  # fmt: skip
    seen = [tuple(setting.hyper(t) for t in (1, 2, 3)) for setting in settings(Runs(made))]
    assert any(one["h"] != two["h"] for one, two, _ in seen)
    assert any(values["h"] < 0 for run in seen for values in run)
    assert {values["h_given"] for run in seen for values in run} == {0, 1}


def test_show_says_what_a_step_is_given():
    shown = text(spec_of("sophia"))
    assert "given in each step beside the gradient:" in shown
    assert "hessian  arrays, nested as the gradients, or left out" in shown
    assert "hessian_given" not in shown.split("hyperparameters", 1)[1]
