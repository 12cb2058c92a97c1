"""That every step has a value, for Coq: what is demanded of the steps, and what is not true without its conditions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stepsmith.codegen.certify import Case, coq, theorem_of
from stepsmith.codegen.load import load, select
from stepsmith.codegen.prove import values
from stepsmith.codegen.result import CERTIFIED, NOT_CLOSED
from stepsmith.codegen.statement import Statement
from tests.certify.conftest import with_coq

pytestmark = with_coq

ADAM = """\
  forall t,
    (sqrt (v_hat (S t)) + eps (S t) <> 0) /\\
    (v_hat (S t) >= 0) /\\
    (c2 (S t) <> 0) /\\
    (c1 (S t) <> 0).
"""


def defined(key: str) -> Statement:
    (spec,) = load(select([key]))
    (result,) = values(spec)
    assert isinstance(result.statement, Statement)
    return result.statement


def said_of(statement: Statement, kept: Path) -> str:
    theorem = theorem_of(statement.relation, Case("defined", statement))
    return coq.checked([theorem], kept)["defined"].status


def test_all_that_a_step_divides_by_is_spoken_of():
    statement = defined("adam")
    assert ADAM in theorem_of(statement.relation, Case("defined", statement)).text


@pytest.mark.parametrize("key", ["adam", "adabound", "rmsprop_centered"])
def test_every_step_has_a_value(key, kept):
    assert said_of(defined(key), kept) == CERTIFIED


def test_without_its_condition_it_is_not_shown(kept):
    statement = defined("adam")
    assert statement.conditions
    assert said_of(replace(statement, conditions=()), kept) == NOT_CLOSED


def test_a_rule_whose_root_may_be_of_a_negative_number_is_not_shown(kept):
    statement = defined("adam")
    rule = statement.runs.optimizer
    steps = tuple(replace(s, value=-s.value) if s.target.name == "v_hat" else s for s in rule.steps)
    wrong = replace(statement, runs=replace(statement.runs, rule=replace(rule, steps=steps, claims=())))
    assert said_of(wrong, kept) == NOT_CLOSED
