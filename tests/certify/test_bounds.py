"""Bounds on steps for Coq: as sharp as they are stated, and no sharper."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy

from stepsmith.codegen.certify import Case, InexpressibleError, coq, theorem_of
from stepsmith.codegen.load import load, select
from stepsmith.codegen.prove import prove_only
from stepsmith.codegen.prove.step_bounds import StepAtMost
from stepsmith.codegen.result import CERTIFIED, NOT_CLOSED
from stepsmith.codegen.statement import Start, Statement
from tests.certify.conftest import with_coq

RULES = ("sign_sgd", "cautious_lion", "sophia", "adagrad", "rmsprop", "adam", "amsgrad", "adamax")


def bound(key: str) -> Statement:
    """What is proved of the largest step of a rule."""
    (spec,) = load(select([key]))
    found = next(iter(prove_only(spec, ["step bound"]))).statement
    assert isinstance(found, Statement)
    assert isinstance(found.relation, StepAtMost)
    return found


def lower(statement: Statement) -> Statement:
    """The same with a bound that is less by a hundredth."""
    relation = statement.relation
    assert isinstance(relation, StepAtMost)
    limit, step = relation.right.args
    less = relation.right.func(sympy.Rational(99, 100) * limit, step)
    return replace(statement, relation=replace(relation, right=less))


def test_the_bound_of_adam_reads_as_it_is_stated():
    statement = bound("adam")
    text = theorem_of(statement.relation, Case("adam_step", statement)).text
    assert "(beta1 beta2 : R)" in text or "(beta2 beta1 : R)" in text
    assert "forall t, Rabs (w t - w (S t)) <= lr (S t) * sqrt (" in text


@pytest.mark.parametrize("key", ["adam_uncorrected"])
def test_the_number_of_the_step_is_no_number_of_its_own(key):
    statement = bound(key)
    assert "(t : R)" not in (text := theorem_of(statement.relation, Case(key, statement)).text)
    assert " t : R)" not in text
    assert "^ (S t)" in text


def test_a_bound_from_any_start_is_no_theorem():
    statement = bound("adam")
    free = replace(statement, runs=replace(statement.runs, start=Start.ANY))
    with pytest.raises(InexpressibleError, match="any start"):
        theorem_of(free.relation, Case("adam_free", free))


@with_coq
def test_bounds_are_reached_by_no_larger_step(kept):
    """A bound closes, and one that is less by a hundredth does not."""
    statements = {key: bound(key) for key in ("lion", "adam")}
    statements |= {f"{key}_lower": lower(one) for key, one in statements.items()}
    said = coq.checked([theorem_of(s.relation, Case(key, s)) for key, s in statements.items()], kept)
    assert {key: one.status for key, one in said.items()} == {
        key: NOT_CLOSED if key.endswith("lower") else CERTIFIED for key in statements
    }


@with_coq
@pytest.mark.thorough
@pytest.mark.parametrize("key", RULES)
def test_bounds_close_for_each_form_of_a_step(key, kept):
    statement = bound(key)
    both = {key: statement, f"{key}_lower": lower(statement)}
    said = coq.checked([theorem_of(s.relation, Case(name, s)) for name, s in both.items()], kept)
    assert {name: one.status for name, one in said.items()} == {key: CERTIFIED, f"{key}_lower": NOT_CLOSED}
