"""Theorems about sums over the elements of arrays: how they read, and that nothing false of them closes."""

from __future__ import annotations

from dataclasses import replace

from stepsmith.codegen.analysis.proof import prove_claim
from stepsmith.codegen.certify import case_of, coq, theorem_of
from stepsmith.codegen.certify.theorem import Theorem
from stepsmith.codegen.load import load, select
from stepsmith.codegen.prove import claims_of
from stepsmith.codegen.result import CERTIFIED
from stepsmith.codegen.spec.symbolic import Reduction
from stepsmith.codegen.statement import Statement
from stepsmith.codegen.statement.moves import OfStage
from stepsmith.codegen.statement.stages import InEitherOrder, RunTwice
from tests.certify.conftest import with_coq

CLIPPED = """\
(* two runs give what one gives *)
Theorem said :
  forall (Element : Type) (elements : list Element) (t : nat) (w g g_new_1 g_new_2 : Element -> R) \
(max_norm length_1 factor_1 length_2 factor_2 : R)
    (t_domain : (1 <= t)%nat)
    (max_norm_domain : 0 < max_norm)
    (length_1_is : length_1 = sqrt (sum_over elements (fun e => g e ^ 2)))
    (factor_1_is : factor_1 = (if Rle_dec length_1 max_norm then 1 else max_norm / length_1))
    (g_new_1_is : forall e, g_new_1 e = factor_1 * g e)
    (length_2_is : length_2 = sqrt (sum_over elements (fun e => g_new_1 e ^ 2)))
    (factor_2_is : factor_2 = (if Rle_dec length_2 max_norm then 1 else max_norm / length_2))
    (g_new_2_is : forall e, g_new_2 e = factor_2 * g_new_1 e),
  forall e, g_new_2 e = g_new_1 e.
"""


def statement_of(key: str, kind: type) -> Statement:
    """The first of this kind, of sums if it is one of equations."""
    (spec,) = load(select([key]))
    found = [r.statement for claim in claims_of(spec.rule) for r in prove_claim(claim, spec.rule)]
    chosen = [s for s in found if isinstance(s, Statement) and type(s.relation) is kind]
    return next(s for s in chosen if not isinstance(s.relation, OfStage) or s.relation.left.has(Reduction))


def theorem(statement: Statement, name: str = "said") -> Theorem:
    return theorem_of(statement.relation, case_of(statement.runs.rule, name, statement))


def test_a_second_run_sums_over_what_the_first_has_left():
    assert theorem(statement_of("clip_by_norm", RunTwice)).text.startswith(CLIPPED)


def test_a_number_for_all_elements_is_said_once():
    assert ",\n  largest_of elements (fun e => Rabs (g_new e)) = length * factor." in (
        theorem(statement_of("clip_by_global_max", OfStage)).text
    )


def false_ones() -> list[Theorem]:
    """Neighbours of what is true: two runs are none, a run with epsilon is one, factors, and a difference."""
    twice, order = statement_of("clip_by_norm", RunTwice), statement_of("clip_by_global_norm", InEitherOrder)
    again = replace(twice, runs=statement_of("clip_grad_norm", InEitherOrder).runs)
    equal, largest = statement_of("lars", OfStage), statement_of("clip_by_global_max", OfStage)
    (g,) = order.runs.stage.reductions[0].of.free_symbols
    said = [
        replace(twice, relation=replace(twice.relation, none=True)),
        again,
        replace(order, relation=replace(order.relation, difference={"g": g})),
        replace(equal, relation=replace(equal.relation, right=2 * equal.relation.right)),
        replace(largest, relation=replace(largest.relation, right=-largest.relation.right)),
    ]
    return [theorem(one, f"false_{number}") for number, one in enumerate(said)]


@with_coq
def test_coq_closes_what_is_true_of_sums_and_nothing_that_is_false(tmp_path, monkeypatch):
    monkeypatch.setattr(coq, "_SECONDS", 3)  # of the processor: what is true takes a tenth of one
    said = [
        *(
            statement_of(key, kind)
            for key in ("clip_by_norm", "clip_by_global_max")
            for kind in (RunTwice, InEitherOrder)
        ),
        *(statement_of(key, OfStage) for key in ("clip_by_global_max", "clip_grad_norm1", "lars")),
    ]
    true = [theorem(one, f"true_{number}") for number, one in enumerate(said)]
    answers = coq.checked([*true, *false_ones()], tmp_path)
    assert {name for name, one in answers.items() if one.status == CERTIFIED} == {one.name for one in true}
