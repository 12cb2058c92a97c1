"""What is false stays open: statements that runs refute, exported as if they were proved, and none closes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import pytest

from stepsmith.codegen.certify import case_of, coq, exported, theorem_of
from stepsmith.codegen.certify.theorem import Theorem
from stepsmith.codegen.claims.rules import Fails
from stepsmith.codegen.result import CERTIFIED, NOT_CLOSED, PROVED, REFUTED, Result
from stepsmith.codegen.spec import Optimizer, Step, arrays, hyper, new
from stepsmith.codegen.statement import Runs, SameRun, Statement
from tests.certify.conftest import with_coq
from tests.conftest import thorough
from tests.trial.__main__ import results_of
from tests.trial.kit import MAKERS, Dice


def refuted(seeds: range) -> Iterator[Result]:
    """What runs refute of the rules that the trial makes false."""
    for seed in map(str, seeds):
        for name in sorted(MAKERS):
            rule = MAKERS[name](Dice(seed)).false.rule
            for claim in rule.claims:
                if not isinstance(claim, Fails) and not any(claim.problems(rule)):
                    yield from (result for result in results_of(claim, rule) if result.status == REFUTED)


def false_theorems(seeds: range) -> Iterator[Theorem]:
    """The same as theorems, those that there are words for."""
    for number, result in enumerate(refuted(seeds)):
        yield from exported(f"false_{number}", [replace(result, status=PROVED)]).theorems.values()


@with_coq
@pytest.mark.parametrize(
    ("seeds", "count"),
    [
        (range(1, 3), 10),
        *thorough([(range(3, 20), 40)]),
        pytest.param(range(20, 100), 500, marks=pytest.mark.exhaustive),
    ],
)
def test_no_false_statement_closes(seeds, count, tmp_path, monkeypatch):
    monkeypatch.setattr(coq, "_SECONDS", 2)  # of the processor: most of what is true takes a tenth of one
    found = list(islice(false_theorems(seeds), count))
    assert len(found) == count
    said = coq.checked(found, tmp_path)
    assert not [theorem.text for theorem in found if said[theorem.name].status == CERTIFIED]


@with_coq
def test_the_other_rule_is_run_within_its_domains(kept):
    """Momentum that goes uphill is momentum whose rate is negative, which no rate may be."""
    w, m, g = arrays("w m g")
    beta, lr = hyper("beta", default="0.9", domain="[0, 1)"), hyper("lr", default="0.1", domain=">= 0")
    moment = Step(new(m), beta * m + g, "moment")
    down = Optimizer(name="Down", source="own", state={m: 0}, steps=(moment, Step(new(w), w - lr * new(m), "descent")))
    up = Optimizer(name="Up", source="own", state={m: 0}, steps=(moment, Step(new(w), w + lr * new(m), "ascent")))
    same = SameRun(down, {"beta": beta, "lr": lr}, {"m": m})
    for rule, rate, expected in ((down, lr, CERTIFIED), (up, -lr, NOT_CLOSED)):
        statement = Statement(Runs(rule), replace(same, hyper={"beta": beta, "lr": rate}))
        theorem = theorem_of(statement.relation, case_of(rule, f"momentum_{rule.name}", statement))
        assert coq.checked([theorem], kept)[theorem.name].status == expected
