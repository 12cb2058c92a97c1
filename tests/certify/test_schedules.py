"""Theorems about schedules: how they read, and that what is false of a schedule stays open."""

from __future__ import annotations

import pytest
import sympy

from stepsmith.codegen.certify import InexpressibleError, case_of, coq, exported, theorem_of
from stepsmith.codegen.certify.theorem import Theorem
from stepsmith.codegen.load import load, select
from stepsmith.codegen.prove import prove
from stepsmith.codegen.result import CERTIFIED, Result
from stepsmith.codegen.spec import Min, Mod, Schedule, hyper, scalars
from stepsmith.codegen.statement import Runs, Statement
from stepsmith.codegen.statement.schedules import Between, Course, NeverFalls, TotalUpTo, ValueAt
from tests.certify.conftest import with_coq

ZERO, ONE = sympy.Integer(0), sympy.Integer(1)
t = scalars("t")
lr = hyper("lr", default="0.1", domain="> 0", doc="learning rate")
steps = hyper("steps", default="10", domain="integer >= 1", doc="number of steps")

ENDS = """\
(* a[t] = end for t >= 1 + steps *)
Theorem cosine_ends_at_end :
  forall (lr end_ : R) (steps : nat) (a : nat -> R)
    (lr_domain : 0 < lr)
    (end__domain : 0 <= end_)
    (steps_domain : (1 <= steps)%nat)
    (a_is : forall t, a (S t) = end_ + (lr - end_) * (1 + cos (PI * Rmin (INR steps) (INR (S t) - 1) / INR steps)) / 2),
  forall t, (1 + steps <= S t)%nat -> a (S t) = end_.
"""


def results_of(key: str) -> list[Result]:
    (spec,) = load(select([key]))
    return list(prove(spec))


def said(value: object, relation: Course, name: str = "said") -> Theorem:
    statement = Statement(Runs(Schedule("S", "a test", value)), relation)
    return theorem_of(relation, case_of(statement.runs.rule, name, statement))


def test_a_theorem_reads_as_the_paper_does():
    found = exported("cosine", results_of("cosine")).theorems.values()
    assert next(one for one in found if one.name == "cosine_ends_at_end").text.startswith(ENDS)


def test_what_is_said_of_a_quotient_says_that_it_exists():
    value = lr / (t - 2)
    assert " - 2 <> 0 /\\ a (S t) = " in said(value, ValueAt(value, -lr, ONE)).goal


def test_natural_numbers_are_not_subtracted_from_smaller_ones():
    """In Coq that leaves 0."""
    value = lr * Mod(t - steps, 3)
    with pytest.raises(InexpressibleError, match="which may be negative"):
        said(value, NeverFalls(value))


@with_coq
@pytest.mark.parametrize("key", ["cosine", "sqrt_competence", "exponential", "warmup_step_decay", "polynomial"])
def test_coq_certifies_what_is_said_of_a_schedule(key, kept):
    found = list(exported(key, results_of(key)).theorems.values())
    assert found
    assert {one.status for one in coq.checked(found, kept).values()} == {CERTIFIED}


def false_ones() -> list[Theorem]:
    line = Min(1, (t - 1) / steps)
    parts = [
        (lr / t, ValueAt(lr / t, lr / 2, ONE)),
        (lr / t, ValueAt(lr / t, ZERO, 2 * ONE, on=True)),
        (lr / (t - 1), ValueAt(lr / (t - 1), ZERO, ONE)),  # Coq has a value for 1 / 0
        (line, ValueAt(line, ONE, steps, on=True)),
        (line, Between(line, ZERO, ONE)),
        (line, Between(line, -ONE, line / 2)),
        (1 - line, NeverFalls(1 - line)),
        (lr, TotalUpTo(lr, lr * (t + 1))),
        (lr / 2**t, TotalUpTo(lr / 2**t, lr - lr / 2 ** (t + 1))),
    ]
    return [said(value, relation, f"false_{k}") for k, (value, relation) in enumerate(parts)]


@with_coq
def test_what_is_false_of_a_schedule_stays_open(kept, monkeypatch):
    monkeypatch.setattr(coq, "_SECONDS", 5)  # of the processor: what is true takes a tenth of one
    found = coq.checked(false_ones(), kept)
    assert not [name for name, one in found.items() if one.status == CERTIFIED]


def test_a_schedule_whose_conditions_nothing_meets_is_no_theorem():
    statement = Statement(Runs(Schedule("S", "a test", lr)), NeverFalls(lr), (lr < 0,))
    with pytest.raises(InexpressibleError, match="no numbers"):
        theorem_of(statement.relation, case_of(statement.runs.rule, "said", statement))
