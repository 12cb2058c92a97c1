"""Figures: a factor at the defaults and one run in exact numbers, against the generated code."""

import math
from dataclasses import replace

import numpy as np
import pytest
from sympy import Rational

from stepsmith.codegen import replay
from stepsmith.codegen.analysis.proof import prove_claim
from stepsmith.codegen.check import check
from stepsmith.codegen.claims import ends, periods, transient
from stepsmith.codegen.load import SpecError
from stepsmith.codegen.replay import checked
from stepsmith.codegen.result import CONTRADICTED, PROVED, REFUTED, UNDECIDED, Result
from stepsmith.codegen.spec import exp, sqrt
from stepsmith.codegen.spec.rules import Stage, Step
from stepsmith.codegen.spec.symbols import hyper, new, where
from stepsmith.numpy import Adam, AdamUncorrected, AMSGrad, AMSGradUncorrected
from stepsmith.specs.adam import ADAM, ADAM_UNCORRECTED, REDDI, REDDI_RUN, UNCORRECTED, beta1, beta2, lr, t
from stepsmith.specs.amsgrad import AMSGRAD, AMSGRAD_CORRECTED, AMSGRAD_UNCORRECTED
from tests.trial.kit import HALF, a, g, m, rate, rule, u, w

TRUE = {"first": "3.16", "peak": (12, "6.57"), "below": ("1.1", 1751)}


def only(claim, rule=ADAM_UNCORRECTED) -> Result:
    assert not list(claim.problems(rule))
    (result,) = map(checked, prove_claim(claim, rule))
    return result


def test_the_first_steps_without_correction():
    result = only(transient(UNCORRECTED, **TRUE))
    assert result.status == PROVED
    assert result.runs > 30
    assert "largest at t = 12 with 6.57, and below 1.1 exactly from t = 1751 on" in result.text


@pytest.mark.parametrize(
    "mutant",
    [
        {"first": "3.17"},
        {"peak": (12, "6.58")},
        {"peak": (11, "6.56")},
        {"peak": (13, "6.57")},
        {"below": ("1.1", 1750)},
        {"below": ("1.1", 1752)},
        {"below": ("0.99", 1751)},
        {"below": ("7", 13)},
    ],
)
def test_another_figure_is_refuted(mutant):
    result = only(transient(UNCORRECTED, **{**TRUE, **mutant}))
    assert result.status == REFUTED
    assert result.counterexample["t"]


@pytest.mark.parametrize("value", [UNCORRECTED / beta2**t, UNCORRECTED * sqrt(1 - beta2**t), UNCORRECTED + 1 - beta2])
def test_another_factor_is_refuted(value):
    assert only(transient(value, **TRUE)).status == REFUTED


@pytest.mark.fast
@pytest.mark.parametrize(
    ("value", "status"),
    [
        (1 + 1 / t, PROVED),
        (1 + sqrt(1 / t), REFUTED),
        (where(t > 150, 9, 1 + 1 / t), REFUTED),
        (where(t > 5000, 9, 1 + 1 / t), REFUTED),
        (where(t > 123456, 9, 1 + 1 / t), UNDECIDED),  # no enclosure tells what comes late
        (2 - 1 / t, REFUTED),
        (1 + exp(1 - t), REFUTED),
    ],
)
def test_what_comes_late_is_enclosed(value, status):
    assert only(transient(value, first="2", peak=(1, "2"), below=("1.02", 51))).status == status


def test_a_value_on_the_bound_is_not_below_it():
    assert only(transient(1 + 1 / t, first="2", peak=(1, "2"), below=("1.02", 50))).status == REFUTED


def test_the_replay_finds_a_wrong_figure_by_itself():
    result = only(transient(UNCORRECTED, **TRUE))
    relation = result.statement.relation
    for wrong in (replace(relation, since=1750), replace(relation, since=1752), replace(relation, peak=11)):
        assert replay.replay(replace(result.statement, relation=wrong)).broken
    false = replace(result, statement=replace(result.statement, relation=replace(relation, since=1750)))
    assert checked(false).status == CONTRADICTED


def test_the_generated_code_has_these_ratios():
    """The moves of one rule over those of the other, for any gradients and eps = 0."""
    at = {"lr": 1.0, "eps": 0.0}
    for corrected, plain in ((Adam, AdamUncorrected), (AMSGrad, AMSGradUncorrected)):
        ratios = [a / b for a, b in zip(moves(plain, 1760, **at), moves(corrected, 1760, **at), strict=True)]
        assert ratios[0] == pytest.approx(3.16, abs=0.005)
        assert max(ratios) == ratios[11] == pytest.approx(6.57, abs=0.005)
        assert min(ratios[:1750]) > 1.1 > max(ratios[1750:])
        assert ratios == pytest.approx([(1 - 0.9**k) / math.sqrt(1 - 0.999**k) for k in range(1, 1761)])


def moves(made, count: int, **hyper) -> list[float]:
    """What each step adds to the weight, with gradients of one sign that grow and fall."""
    w, found = np.zeros(1), []
    opt = made(w, **hyper)
    for k in range(count):
        before = float(w[0])
        opt.step(np.array([1.5 + math.sin(k)]))
        found.append(float(w[0]) - before)
    return found


# Reddi's problem.


@pytest.mark.parametrize(("rule", "near"), [(ADAM, "0.989"), (AMSGRAD, "-0.854")])
def test_adam_ends_where_the_loss_is_largest_and_amsgrad_does_not(rule, near):
    result = only(ends(near, **REDDI_RUN), rule)
    assert result.status == PROVED
    assert result.runs == 1


@pytest.mark.parametrize(
    ("rule", "near", "change"),
    [
        (ADAM, "0.990", {}),
        (ADAM, "0.989", {"steps": 309}),
        (ADAM, "0.989", {"gradients": (3, -1)}),
        (ADAM, "0.989", {"within": None}),
        (ADAM, "0.989", {"at": {**REDDI_RUN["at"], beta2: Rational(9, 10)}}),
        (AMSGRAD, "0.989", {}),
        (AMSGRAD_CORRECTED, "-0.854", {}),
        (AMSGRAD, "-0.854", {"start": 1}),
    ],
)
def test_another_run_ends_elsewhere(rule, near, change):
    result = only(ends(near, **{**REDDI_RUN, **change}), rule)
    assert result.status == REFUTED
    assert result.counterexample


def test_the_replay_runs_it_by_itself():
    result = only(ends("0.989", **REDDI_RUN), ADAM)
    assert replay.replay(replace(result.statement, relation=replace(result.statement.relation, steps=308))).broken


@pytest.mark.parametrize(("made", "near"), [(Adam, 0.989), (AMSGrad, -0.854)])
def test_the_generated_code_ends_there(made, near):
    w = np.zeros(1)
    opt = made(w, lr=lambda k: 0.19 / math.sqrt(k), beta1=0, beta2=0.1, eps=0)
    for k in range(1, 311):
        opt.step(np.array([3.0 if k % 3 == 1 else -1.0]))
        np.clip(w, -1, 1, out=w)
    assert w[0] == pytest.approx(near, abs=0.0005)


@pytest.mark.parametrize(
    ("rule", "direction"),
    [
        (ADAM, "up"),
        (ADAM_UNCORRECTED, "up"),
        (AMSGRAD, "down"),
        (AMSGRAD_CORRECTED, "down"),
        (AMSGRAD_UNCORRECTED, "down"),
    ],
)
def test_adam_climbs_for_ever_and_amsgrad_goes_down(rule, direction):
    result = only(periods(direction, **REDDI), rule)
    assert result.status == PROVED
    assert result.runs == 40
    assert replay.replay(
        replace(result.statement, relation=replace(result.statement.relation, up=direction != "up"))
    ).broken
    other = only(periods("down" if direction == "up" else "up", **REDDI), rule)
    assert other.status == REFUTED


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"gradients": (4, -1, -1)}, PROVED),
        ({"gradients": (6, -1, -1)}, PROVED),
        ({"gradients": (3, -1, -1, -1, -1)}, PROVED),
        ({"gradients": (3, -1)}, REFUTED),
        ({"gradients": ()}, None),
        ({"at": {**REDDI["at"], beta2: Rational(9, 10)}}, REFUTED),
        ({"at": {**REDDI["at"], beta1: Rational(1, 2)}}, REFUTED),
        ({"at": {**REDDI["at"], lr: 0}}, REFUTED),
        ({"at": {**REDDI["at"], lr: 1 / t}}, REFUTED),
        ({"at": {**REDDI["at"], lr: 1 / (t + 100)}}, UNDECIDED),  # it stays above zero, and nothing shows how far
        ({"at": {**REDDI["at"], lr: Rational(999, 1000) ** t}}, UNDECIDED),
    ],
)
def test_other_periods(change, status):
    claim = periods("up", **{**REDDI, **change})
    if status is None:
        assert list(claim.problems(ADAM))
        return
    assert only(claim).status == status


@pytest.mark.fast
def test_what_comes_late_is_no_part_of_a_period_that_repeats():
    """A rule that turns round after the periods that are looked at, and one whose state never comes back."""
    turned = rule("Turned", {}, (new(w), w - rate * where(t > 500, -1, 1) * g), claims=())
    grows = rule("Grows", {m: 0}, (new(m), m + g), (new(w), w - rate * g * where(new(m) > 300, -1, 1)), claims=())
    slow = rule("Slow", {m: 1}, (new(m), m * Rational(999, 1000)), (new(w), w - rate * g * (new(m) - HALF)), claims=())
    powers = rule("Powers", {m: 0}, (new(m), m + 1), (new(w), w - rate * g * (1 - HALF ** (t + m))), claims=())
    decays = rule("Decays", {}, (new(w), w - rate * (g + w / 1000)), claims=())
    for of in (turned, grows, slow, powers, decays):
        assert only(periods("down", gradients=(3, -1, -1), at={rate: 1}), of).status in (UNDECIDED, REFUTED), of
    assert (
        only(periods("down", gradients=(3, -1), at={rate: 1}), rule("Plain", {}, (new(w), w - rate * g))).status
        == PROVED
    )


# What is no claim.


def test_what_has_no_meaning_is_said():
    free = hyper("free", domain=">= 0")
    claims = [
        transient(UNCORRECTED, first="x", peak=(12, "6.57"), below=("1.1", 1751)),
        transient(UNCORRECTED, first="3.16", peak=(12, "6.57"), below=("1.1", 12)),
        transient(UNCORRECTED * free, **TRUE),
        ends("0.9", steps=0, gradients=(1,), at=REDDI["at"]),
        ends("0.9", steps=3, gradients=(), at=REDDI["at"]),
        ends("0.9", steps=3, gradients=(1,), at=REDDI["at"], start=2, within=(-1, 1)),
        ends("0.9", steps=3, gradients=(1,), at={}),
        ends("0.9", steps=3, gradients=(1,), at={**REDDI_RUN["at"], beta2: 1}),
    ]
    for claim in claims:
        assert list(claim.problems(ADAM)), claim


def test_check_names_the_place(declare):
    text = 'RULE = Optimizer(name="Rule", source="a test", state={}, steps=(Step(new(w), w - lr * g),), '
    with pytest.raises(SpecError, match="no decimal number"):
        check([declare(text + 'claims=(ends("?", steps=1, gradients=(1,), at={lr: 1}),))')])


@pytest.mark.parametrize(("made", "near"), [(Adam, 0.989), (AMSGradUncorrected, -0.854)])
def test_the_online_problem_of_the_paper_ends_there_too(made, near):
    """Reddi, Kale & Kumar (2018), section 5, online: the loss is 1010 w once in 101 steps, else -10 w."""
    w = np.zeros(1)
    opt = made(w, lr=lambda k: 0.5 / math.sqrt(k), beta1=0, beta2=0.9)
    for k in range(1, 20001):
        opt.step(np.array([1010.0 if k % 101 == 1 else -10.0]))
        np.clip(w, -1, 1, out=w)
    assert w[0] == pytest.approx(near, abs=0.0005)


def test_a_period_that_depends_on_where_w_has_got_to_is_not_proved():
    """After 2**60 steps the weight is 1, and then it falls: the first periods do not show it."""
    turns = rule("Turns", {u: 0}, (a, where(u < 1, 1, -1)), (new(w), w - lr * g * a), (new(u), new(w)))
    result = only(periods("up", gradients=(-1,), at={lr: Rational(1, 2**60)}), turns)
    assert (result.status, result.reason) == (UNDECIDED, "a step depends on w")
    started = rule("Started", {u: w}, (new(u), u), (new(w), w - lr * g - lr * u))  # from w = 10 it falls
    result = only(periods("up", gradients=(-1,), at={lr: 1}), started)
    assert (result.status, result.reason) == (UNDECIDED, "a state starts from w")


def test_what_only_the_move_of_w_decides_is_a_period():
    moved = rule("Moved", {u: 0}, (new(w), w - lr * g - u / 4), (new(u), new(w) - w))
    assert only(periods("down", gradients=(1,), at={lr: 1}), moved).status == PROVED
    assert only(periods("up", gradients=(1,), at={lr: 1}), moved).status == REFUTED


def test_w_is_kept_in_its_interval_after_the_whole_step():
    """A later step of the rule has the new weight as it is before that."""
    follows = rule("Follows", {u: 0}, (new(w), w - lr * g - u), (new(u), u / 2 + new(w) / 2))
    run = {"steps": 3, "gradients": (-1, -1, 0), "at": {lr: 2}, "within": (-1, 1)}
    assert only(ends("-0.5", **run), follows).status == PROVED
    assert only(ends("0.25", **run), follows).status == REFUTED


def test_a_bound_is_shown_with_all_its_digits():
    claim = transient(lr * (1 + 1 / t), first="0.002", peak=(1, "0.002"), below=("0.0015000000000000001", 2))
    result = only(claim, rule("Plain", {}, (new(w), w - lr * g)))
    assert result.status == PROVED
    assert "below 0.0015000000000000001 exactly" in result.text


def test_the_defaults_are_those_of_the_rule():
    other = hyper("lr", default="5", domain="> 0")
    plain = rule("Plain", {}, (new(w), w - lr * g))
    assert only(transient(other / t, first="5", peak=(1, "5"), below=("4", 2)), plain).status == REFUTED


@pytest.mark.parametrize(
    ("claim", "fact"),
    [
        ('transient(lr / t, first="1e-1", peak=(1, "0.1"), below=("0.09", 2))', "'1e-1' is no decimal number"),
        ('transient(lr / t, first="0.1", peak=(1, "1/10"), below=("0.09", 2))', "'1/10' is no decimal number"),
        ('transient(lr / t, first=0.1, peak=(1, "0.1"), below=("0.09", 2))', "0.1 is no decimal number"),
        ('transient(lr / t, first="0.1", peak=(1.5, "0.1"), below=("0.09", 2))', "the steps 1.5 and 2"),
        ('transient(0.5 * lr, first="0.1", peak=(1, "0.1"), below=("0.09", 2))', "has a float in it"),
        ('ends("1", steps=2, gradients=(0.5,), at={lr: 1})', "0.500000000000000 is no fraction"),
        ('ends("1", steps=2, gradients=(lr,), at={lr: 1})', "lr is no fraction"),
        ('ends("1", steps=2, gradients=(1,), at={lr: 1}, start=sqrt(2))', r"sqrt\(2\) is no fraction"),
        ('ends("1", steps=2, gradients=(1,), at={lr: 0.5})', "has a float in it"),
        ('ends("1", steps=2, gradients=(1,), at={lr: sympy.oo})', "oo is no number of t"),
        ('ends("1", steps=2.5, gradients=(1,), at={lr: 1})', "2.5 is no number of steps"),
        ('ends("1", steps=2, gradients=(1,), at={lr: 1, w: 7})', "w is no hyperparameter of Rule"),
        ('ends("1", steps=2, gradients=(1,), at={lr: 1, t: 7})', "t is no hyperparameter of Rule"),
        ('periods("sideways", gradients=(1,), at={lr: 1})', 'periods go "up" or "down", and not \'sideways\''),
    ],
)
def test_what_is_no_figure_is_refused(declare, claim, fact):
    text = (
        f'RULE = Optimizer(name="Rule", source="s", state={{}}, steps=(Step(new(w), w - lr * g),), claims=({claim},))'
    )
    with pytest.raises(SpecError, match=fact):
        check([declare(text)])


def test_where_a_stage_leads_is_not_said():
    decay = hyper("decay", default="0.1", domain=">= 0")
    shrink = Stage(name="Shrink", source="s", state={}, steps=(Step(new(w), w - decay * w - decay * g),))
    claims = (ends("1", steps=1, gradients=(1,), at={decay: 1}), periods("up", gradients=(1,), at={decay: 1}))
    for claim in claims:
        assert any("a stage" in fact for fact, _ in claim.problems(shrink))
