"""What is false stays open: statements that runs refute, exported as if they were proved, and none closes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import pytest

from stepsmith.codegen.certify import coq, exported
from stepsmith.codegen.certify.theorem import Theorem
from stepsmith.codegen.claims.rules import Fails
from stepsmith.codegen.result import CERTIFIED, PROVED, REFUTED, Result
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
