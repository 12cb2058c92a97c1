"""Theorems about a step of which something is given, and about steps in which sums over arrays are any numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy

from stepsmith.codegen.analysis.proof import prove_claim
from stepsmith.codegen.certify import InexpressibleError, case_of, coq, theorem_of
from stepsmith.codegen.certify.sums import over_numbers
from stepsmith.codegen.certify.theorem import Theorem
from stepsmith.codegen.claims.rules import Identity
from stepsmith.codegen.load import load, select
from stepsmith.codegen.prove import claims_of
from stepsmith.codegen.result import CERTIFIED
from stepsmith.codegen.spec.symbols import Hyper, Scalar
from stepsmith.codegen.statement import Statement
from stepsmith.codegen.statement.moves import Conditional, OfStage
from tests.certify.conftest import with_coq

ONE_STEP = """\
(* w_new = c if g = h * (w - c), lr = 1 / h *)
Theorem said :
  forall (t : nat) (h c w lr g w_new : R)
    (t_domain : (1 <= t)%nat)
    (lr_is : lr = 1 / h)
    (g_is : g = h * (w - c))
    (w_new_is : w_new = w - lr * g)
    (condition_1 : h <> 0),
  w_new = c.
"""


def statements(key: str, kind: type) -> list[Statement]:
    (spec,) = load(select([key]))
    claims = [claim for claim in claims_of(spec.rule) if isinstance(claim, Identity)]
    found = [r.statement for claim in claims for r in prove_claim(claim, spec.rule)]
    return [s for s in found if isinstance(s, Statement) and type(s.relation) is kind]


def theorem(statement: Statement, name: str = "said") -> Theorem:
    statement = over_numbers(statement)
    return theorem_of(statement.relation, case_of(statement.runs.rule, name, statement))


def test_what_is_given_is_supposed_before_the_step():
    at_rest, there = sorted(statements("sgd", Conditional), key=lambda s: len(s.relation.given))
    assert theorem(there).text.startswith(ONE_STEP)
    assert "(g_is : g = 0)" in theorem(at_rest).text


def test_nothing_is_given_of_what_the_step_computes():
    said = statements("sgd", Conditional)[0]
    given = {Scalar("w_new"): sympy.Integer(0)}
    with pytest.raises(InexpressibleError, match="that the step computes"):
        theorem(replace(said, relation=replace(said.relation, given=given)))


def test_in_place_of_a_sum_is_any_number_that_it_may_be():
    (said,) = statements("momo", OfStage)
    text = theorem(said).text
    assert ", third_total in place of global_sum(m_new**2)" in text
    assert "(third_total_domain : forall t, 0 <= third_total t)" in text


def false_ones() -> list[Theorem]:
    """Neighbours of what is true: another factor, without what is given, another gradient."""
    at_rest, there = sorted(statements("sgd", Conditional), key=lambda s: len(s.relation.given))
    (moved,), (rate,) = statements("momentum_buffer", Conditional), statements("momo", OfStage)
    first = next(iter(there.relation.given))
    said = [
        replace(at_rest, relation=replace(at_rest.relation, right=Hyper("lr"))),
        replace(there, relation=replace(there.relation, given={first: there.relation.given[first]})),
        replace(there, conditions=()),
        replace(moved, relation=replace(moved.relation, right=2 * moved.relation.right)),
        replace(moved, relation=replace(moved.relation, given={})),
        replace(rate, relation=replace(rate.relation, right=-rate.relation.right)),
    ]
    return [theorem(one, f"false_{number}") for number, one in enumerate(said)]


@with_coq
def test_coq_closes_what_is_true_and_nothing_that_is_false(tmp_path, monkeypatch):
    monkeypatch.setattr(coq, "_SECONDS", 3)  # of the processor: what is true takes a tenth of one
    said = [*statements("sgd", Conditional), *statements("momentum_buffer", Conditional), *statements("momo", OfStage)]
    true = [theorem(one, f"true_{number}") for number, one in enumerate(said)]
    answers = coq.checked([*true, *false_ones()], tmp_path)
    assert {name for name, one in answers.items() if one.status == CERTIFIED} == {one.name for one in true}
