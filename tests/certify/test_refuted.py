"""Refutations for Coq: a run in numbers in which two rules part, and none for two that do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stepsmith.codegen.certify import Case, InexpressibleError, coq, theorem_of
from stepsmith.codegen.load import load, select
from stepsmith.codegen.prove import prove_only
from stepsmith.codegen.result import CERTIFIED, NOT_CLOSED
from stepsmith.codegen.statement import Not, SameRun, Statement
from tests.certify.conftest import with_coq

pytestmark = with_coq


def statement_of(key: str, label: str) -> Statement:
    (spec,) = load(select([key]))
    (statement,) = {r.statement for r in prove_only(spec, [label]) if r.claim == label}
    assert isinstance(statement, Statement)
    return statement


def test_two_rules_part_in_one_run(kept):
    statement = statement_of("adam_eps_inside", "not equals Adam")
    theorem = theorem_of(statement.relation, Case("parted", statement))
    assert "Theorem refuted : ~ (forall (" in theorem.text
    assert coq.checked([theorem], kept)["parted"].status == CERTIFIED


def test_a_run_that_is_told_wrong_refutes_nothing(kept):
    statement = statement_of("adam_eps_inside", "not equals Adam")
    theorem = theorem_of(statement.relation, Case("parted", statement))
    *others, last = theorem.values
    wrong = replace(theorem, values=(*others, last.replace(" = ", " = 1 + ", 1)))
    assert coq.checked([wrong], kept)["parted"].status == NOT_CLOSED


def test_what_holds_in_all_runs_is_not_refuted():
    statement = statement_of("adamw", "equals Adam")
    assert isinstance(statement.relation, SameRun)
    with pytest.raises(InexpressibleError, match="a run whose numbers are not all fractions"):
        theorem_of(Not(statement.relation, "it is said"), Case("same", statement))
