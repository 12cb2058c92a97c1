"""The replay: what is false breaks in exact numbers, what is true does not, and no tactic has a part in it."""

import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules

import pytest
import sympy

from stepsmith.codegen import statement
from stepsmith.codegen.load import ROOT
from stepsmith.codegen.replay import checked, outcomes, replay
from stepsmith.codegen.result import CONTRADICTED, PROVED, REFUTED, Outcome
from stepsmith.codegen.spec import Abs, Max, array_sum, sqrt
from stepsmith.codegen.spec.rules import Stage, Step
from stepsmith.codegen.spec.symbols import new
from stepsmith.codegen.statement import (
    Gradients,
    Holds,
    I,
    Relation,
    Runs,
    SameRun,
    Start,
    Statement,
    Steps,
    T,
    Under,
    after,
    at,
    expected,
    past_max,
    past_sum,
)
from stepsmith.codegen.statement.moves import HasValues
from tests.trial.kit import beta, c1, cap, eps, g, hat, lr, m, rate, rule, t, u, v, w

EMA = rule("Mean", {m: 0}, (new(m), beta * m + (1 - beta) * g), (new(w), w - lr * new(m)))
SUM = past_sum(beta ** (T - I) * at(g, I))


def said(rule, relation, *conditions, **runs) -> Statement:
    return Statement(Runs(rule, **runs), relation, conditions)


def broken(statement: Statement) -> dict | None:
    found = replay(statement)
    assert found.runs > 0, "no run had anything to say"
    return found.broken


def test_no_tactic_has_a_part_in_it():
    """In a process of its own, so that what other tests import does not count."""
    code = "import sys, cli, stepsmith.codegen.replay; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name.removeprefix("stepsmith.codegen.") for name in run.stdout.split()}
    used = {name for name in loaded if name.startswith(("analysis.", "prove", "properties", "lower"))}
    assert used == {"analysis.derive"}
    shared = {f"algebra.{name}" for name in ("exact", "quadratics")}
    assert {name for name in loaded if name.startswith("algebra.")} == shared


def test_every_relation_is_run():
    """One that no module runs would count as true in every run."""
    for module in iter_modules(statement.__path__):
        import_module(f"{statement.__name__}.{module.name}")
    relations = [Relation]
    for relation in relations:
        relations += relation.__subclasses__()
    nothing = outcomes.dispatch(Relation)
    left = {kind.__name__ for kind in relations if kind.__module__.startswith(statement.__name__)}
    left -= {kind.__name__ for kind in relations if outcomes.dispatch(kind) is not nothing}
    # of limits no run sees the end, words speak of no run, the run of what is false is the counterexample;
    # and of the average whose weights are summed up `RunningMean` is run
    assert left == {"Relation", "OfStages", "Tends", "Said", "Not", "WeightsOf"}


@pytest.mark.fast
def test_a_series_holds_only_if_its_decay_is_constant():
    series = Holds(after(m), "=", beta**T * after(m, 0) + (1 - beta) * SUM)
    assert broken(said(EMA, series, constant=("beta",))) is None
    found = broken(said(EMA, series))
    assert "," in found["beta"]


@pytest.mark.fast
def test_a_weight_that_changes_is_weighed_when_it_was_taken_in():
    rated = rule("Rated", {v: 1}, (new(v), v + rate * g**2), (new(w), w - lr * g / new(v)))
    assert broken(said(rated, Holds(after(v), "=", after(v, 0) + past_sum(at(rate * g**2, I))))) is None
    assert broken(said(rated, Holds(after(v), "=", after(v, 0) + rate * past_sum(at(g**2, I))))) is not None


def test_a_maximum_of_what_may_be_negative_is_not_what_started_at_zero():
    largest = rule("Largest", {u: 0}, (new(u), Max(u, g)), (new(w), w - lr * new(u)))
    found = broken(said(largest, Holds(after(u), "=", past_max(at(g, I)))))
    assert float(found["left"]) == 0
    magnitudes = rule("Largest", {u: 0}, (new(u), Max(u, Abs(g))), (new(w), w - lr * new(u)))
    assert broken(said(magnitudes, Holds(after(u), "=", past_max(at(Abs(g), I))))) is None


def test_closed_ends_of_domains_are_tried():
    assert broken(said(EMA, Holds(1 / (2 - 2 * beta), "<=", sympy.Integer(20)))) is not None
    assert broken(said(EMA, Holds(lr, ">", sympy.Integer(0))))["lr"] == "1/2, 0"
    assert broken(said(EMA, Holds(lr, ">=", sympy.Integer(0)))) is None


def test_a_value_that_is_not_there_breaks_a_statement_unless_its_condition_fails():
    ratio = rule("Ratio", {}, (new(w), w - lr * g / (sqrt(g**2) + eps)))
    rests = Holds(after(w), "=", at(w, T))
    assert broken(said(ratio, rests, gradients=Gradients.ZERO))["right"] == "no value"
    assert broken(said(ratio, rests, sympy.Ne(eps, 0), gradients=Gradients.ZERO)) is None


@pytest.mark.fast
@pytest.mark.parametrize("below", [sqrt(c1), sqrt(c1) + eps, g, m])
def test_a_stage_is_run_for_values_also_where_it_sums_up(below):
    keeps = {m: 0} if below == m else {}
    steps = (Step(c1, array_sum(g**2)),) if below.has(c1) else ()
    steps += (Step(new(m), m + g**2),) if keeps else ()
    stage = Stage(name="Over", source="a test", state=keeps, steps=(*steps, Step(new(g), 1 / below)))
    assert "divides by zero" in broken(said(stage, HasValues()))["value"]
    if below.has(eps):
        assert broken(said(stage, HasValues(), sympy.Ne(eps, 0))) is None


def test_steps_that_a_statement_does_not_speak_of_need_no_value():
    ratio = rule("Ratio", {m: 0}, (new(m), m + g), (new(w), w - lr * g / Abs(g)))
    assert broken(said(ratio, Holds(after(m), "=", past_sum(at(g, I))))) is None


def test_late_steps_are_tried():
    from tests.trial.kit import late

    later = rule("Late", {}, (new(w), w - lr * g * late(sympy.Integer(2), sympy.Integer(1))))
    assert broken(said(later, Holds(after(w) - at(w, T), "=", -lr * at(g, T))))["t"] == "8"


def test_the_step_before_has_its_own_number():
    counted = rule("Counted", {u: 0}, (new(u), (u + 1 / t) / 2), (new(w), w - lr * new(u) * g))
    assert broken(said(counted, Holds(at(1 / t - new(u), T), ">=", sympy.Integer(0)))) is not None


@pytest.mark.fast
def test_an_expectation_is_a_mean_over_gradients():
    bias = rule(
        "Mean", {m: 0}, (new(m), beta * m + (1 - beta) * g), (hat, new(m) / (1 - beta**t)), (new(w), w - lr * hat)
    )
    unbiased = Holds(expected(at(hat, T)), "=", expected(at(g, T)))
    assert broken(said(bias, unbiased, gradients=Gradients.STATIONARY, constant=("beta",))) is None
    assert broken(said(bias, unbiased, gradients=Gradients.STATIONARY)) is not None
    assert broken(said(bias, unbiased, constant=("beta",))) is not None
    assert broken(said(EMA, Holds(expected(after(m)), "=", expected(at(g, T))), gradients=Gradients.STATIONARY))


def test_one_rule_beside_another():
    other = rule("Sum", {u: 0}, (new(u), beta * u + g), (new(w), w - lr * (1 - beta) * new(u)))
    same = SameRun(other, {"lr": lr, "beta": beta}, {"u": m / (1 - beta)})
    assert broken(said(EMA, same, constant=("beta",))) is None
    assert broken(said(EMA, same)) is not None
    assert broken(said(EMA, SameRun(other, {"lr": 2 * lr, "beta": beta}, {}), constant=("beta",))) is not None


def test_a_map_may_not_leave_the_domain_of_the_other_rule():
    down = rule("Down", {}, (new(w), w - lr * g))
    up = rule("Up", {}, (new(w), w + lr * g))
    assert broken(said(up, SameRun(down, {"lr": -lr}, {})))["outside"] == "lr = -1/2, where lr >= 0"


def test_what_a_change_does_is_run_side_by_side():
    s = sympy.Symbol("s", real=True)
    step = rule("Step", {m: 0}, (new(m), beta * m + g), (new(w), w - lr * new(m)))
    from stepsmith.codegen.spec.domain import parse

    scaled = Under({"g": s * g}, {"m": s * after(m)}, "scaled")
    assert broken(said(step, scaled, domains=(("s", parse("> 0")),))) is None
    squared = rule("Square", {m: 0}, (new(m), beta * m + g**2), (new(w), w - lr * new(m)))
    assert broken(said(squared, scaled, domains=(("s", parse("> 0")),))) is not None


def test_what_is_proved_and_breaks_is_contradicted():
    claim = said(EMA, Holds(after(m), "=", at(g, T)))
    found = checked(Outcome(PROVED, "a tactic").of("claim", claim, "mean"))
    assert found.status == CONTRADICTED
    assert found.reason == "proved by a tactic, and a run in exact numbers contradicts it"
    assert set(found.counterexample) >= {"t", "gradients", "beta", "left", "right"}


@pytest.mark.parametrize(("gradients", "status"), [("1, 1", CONTRADICTED), ("1, -1", REFUTED)])
def test_what_is_refuted_has_to_break_in_the_run_that_is_shown(gradients, status):
    told = {"gradients": gradients, "beta": "1/2", "lr": "1", "t": "2"}
    result = Outcome(REFUTED, "a search", told).of("claim", said(EMA, Holds(after(m), ">=", at(m, T))), "mean")
    assert checked(result).status == status


def test_a_statement_about_the_first_step_is_run_for_one():
    moved = Holds(after(w) - at(w, T), "=", -lr * (1 - beta) * at(g, T))
    assert broken(said(EMA, moved, steps=Steps.FIRST)) is None
    assert broken(said(EMA, moved)) is not None
    assert Start.ANY.value == "from every start"
    assert replace(Runs(EMA), constant=("lr",)).constant == ("lr",)
    assert cap.domain == "> 0"
