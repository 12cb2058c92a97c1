"""The prover on trial, in small: no false proof, no false refutation, nothing that a run contradicts."""

import pytest

from stepsmith.codegen.claims import first_step, fixed_point, monotone
from stepsmith.codegen.result import CONTRADICTED, PROVED, Outcome
from tests.conftest import thorough
from tests.trial import __main__ as court
from tests.trial.kit import MAKERS, Case, Dice, claimed, g, lr, new, rule, w

NAMES = sorted(MAKERS)
DESCENT = rule("Descent", {}, (new(w), w - lr * g))


@pytest.mark.parametrize("name", [*NAMES[::4], *thorough(name for at, name in enumerate(NAMES) if at % 4)])
def test_no_verdict_is_wrong(name):
    verdicts = [v for number in range(1, 3) for v in court.tried((number, court.SEED, False, (name,)))]
    assert [v.told for v in verdicts if v.told and v.column != "undecided"] == []
    assert {v.column for v in verdicts} & {"proved-true", "refuted-false", "refused"}


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_a_mutation_changes_the_rule_or_its_claim(name):
    pair = MAKERS[name](Dice("1"))
    assert (pair.true.true, pair.false.true) == (True, False)
    assert pair.false.twist
    said = [(court.describe(case).split("]", 1)[1], str(case.rule.claims)) for case in (pair.true, pair.false)]
    assert said[0] != said[1]


def test_the_same_seed_gives_the_same_trial():
    assert court.trial(4, 3) == court.trial(4, 3)


@pytest.mark.fast
@pytest.mark.parametrize(
    ("claim", "true", "column"),
    [
        (first_step(-lr * g), True, "proved-true"),
        (first_step(-lr * g), False, "proved-FALSE"),
        (first_step(lr * g), False, "refuted-false"),
        (first_step(lr * g), True, "refuted-TRUE"),
        (monotone(new(g)), False, "refused"),
    ],
)
def test_a_verdict_is_held_against_the_construction(claim, true, column):
    (verdict,) = court.judged(Case("a kind", "a twist", claimed(DESCENT, claim), true))
    assert verdict.column == column


@pytest.mark.fast
def test_what_holds_only_under_a_condition_may_not_be_proved_without_it():
    (verdict,) = court.judged(Case("a kind", "a twist", claimed(DESCENT, fixed_point()), False, needs="lr constant"))
    assert verdict.column == "proved-FALSE"


@pytest.mark.fast
def test_a_contradiction_and_a_fault_have_columns_of_their_own(monkeypatch):
    case = Case("a kind", "", claimed(DESCENT, fixed_point()), True)
    found = [Outcome(CONTRADICTED).of("fixed point", "it rests"), Outcome(PROVED).of("fixed point", "it rests")]
    monkeypatch.setattr(court, "prove_claim", lambda claim, rule: found)
    assert [v.column for v in court.judged(case)] == ["contradicted"]

    def break_down(claim, rule):
        raise KeyError("something")

    monkeypatch.setattr(court, "prove_claim", break_down)
    assert [v.column for v in court.judged(case)] == ["fault"]


@pytest.mark.fast
def test_the_table_counts_by_kind():
    verdicts = [court.Verdict("series", "", "proved-true"), court.Verdict("units", "", "undecided")]
    rows = court.table(verdicts)
    assert rows[0].split() == list(court.COLUMNS)
    assert [row.split() for row in rows[1:]] == [
        ["series", "1", "0", "0", "0", "0", "0", "0", "0"],
        ["units", "0", "0", "0", "0", "1", "0", "0", "0"],
        ["all", "1", "0", "0", "0", "1", "0", "0", "0"],
    ]
