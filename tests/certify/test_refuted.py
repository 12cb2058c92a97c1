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


#: An equation of states over sums, values that fall, a fixed point with powers, a first step by a root, a sign.
_FALSE = [
    ("heavy_ball", "slip MomentumAsPrinted: not series v"), ("amsgrad", "not monotone v_hat"),
    ("asgd", "not fixed point"),
    ("adagrad", "slip AdagradEpsAsPrinted: not first step"), ("sign_sgd", "slip SignOfTheWeight: not descends"),
    ("amsgrad", "not non-negative v - v_max"), ("srmm", "not fixed point"), ("ftrl_keras", "not fixed point"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "label"),
    [
        pytest.param(*one, marks=[pytest.mark.thorough] if n > 1 else [], id=" ".join(one))
        for n, one in enumerate(_FALSE)
    ],
)
def test_what_is_false_in_one_run_is_refuted(key, label, kept):
    statement = statement_of(key, label)
    theorem = theorem_of(statement.relation, Case("false", statement))
    assert "Theorem refuted : ~ (forall (" in theorem.text
    number = next(n for n, line in enumerate(theorem.values) if "1%nat = " in line)
    wrong = [*theorem.values]
    wrong[number] = wrong[number].replace(" = ", " = 1 + ", 1)
    told_wrong = replace(theorem, name="told_wrong", values=tuple(wrong))
    found = coq.checked([theorem, told_wrong], kept)
    assert [found[name].status for name in ("false", "told_wrong")] == [CERTIFIED, NOT_CLOSED]


def test_the_refuted_theorem_is_of_every_step_where_it_is_said():
    statement = statement_of("amsgrad", "not monotone v_hat")
    text = theorem_of(statement.relation, Case("false", statement)).text
    assert "forall t, INR (S t) > 1 -> v_hat (S t) >= v_hat t)." in text
    assert "(v_max_start : v_max 0%nat = 0)" in text


@pytest.mark.parametrize("label", ["ema m", "first step"])
def test_equations_that_hold_are_not_refuted(label):
    statement = statement_of("adam", label)
    with pytest.raises(InexpressibleError):
        theorem_of(Not(statement.relation, "it is said"), Case("same", statement))
