"""Theorems about stages: how they read, that Coq accepts them, and that what is false of a stage stays open."""

from __future__ import annotations

from dataclasses import replace

import sympy

from stepsmith.codegen.certify import case_of, coq, exported, theorem_of
from stepsmith.codegen.certify.theorem import Theorem
from stepsmith.codegen.load import load, select
from stepsmith.codegen.prove import prove
from stepsmith.codegen.result import CERTIFIED, Result
from stepsmith.codegen.statement import Statement
from stepsmith.codegen.statement.stages import InEitherOrder, RunTwice, Untouched
from tests.certify.conftest import with_coq

CLIPPED = """\
(* w_new = w, g_new = g where abs(g) <= max_value *)
Theorem clip_by_value_neutral_Abs_g_max_value :
  forall (t : nat) (w g max_value g_new_1 : R)
    (t_domain : (1 <= t)%nat)
    (max_value_domain : 0 < max_value)
    (g_new_1_is : g_new_1 = Rmax (Rmin g max_value) (- max_value)),
  Rabs g <= max_value -> g_new_1 = g.
"""


def results_of(key: str) -> list[Result]:
    (spec,) = load(select([key]))
    return list(prove(spec))


def statement_of(key: str, kind: type) -> Statement:
    return next(r.statement for r in results_of(key) if isinstance(r.statement.relation, kind))


def theorem(statement: Statement, name: str = "said") -> Theorem:
    return theorem_of(statement.relation, case_of(statement.runs.rule, name, statement))


def test_a_theorem_reads_as_the_stage_does():
    found = exported("clip_by_value", results_of("clip_by_value")).theorems.values()
    assert any(one.text.startswith(CLIPPED) for one in found)


def false_ones() -> list[Theorem]:
    clip, decay = statement_of("clip_by_value", Untouched), statement_of("l2_decay", InEitherOrder)
    maximize, norm = statement_of("maximize", RunTwice), statement_of("clip_by_norm", Untouched)
    accumulate = statement_of("accumulate", Untouched)
    said = [
        replace(clip, relation=replace(clip.relation, where=None)),
        replace(norm, relation=replace(norm.relation, where=sympy.Ge(*norm.relation.where.args))),
        replace(accumulate, runs=replace(accumulate.runs, at=())),
        replace(maximize, relation=replace(maximize.relation, none=False)),
        replace(decay, relation=replace(decay.relation, difference={})),
    ]
    return [theorem(one, f"false_{number}") for number, one in enumerate(said)]


@with_coq
def test_coq_closes_what_is_true_of_stages_and_nothing_that_is_false(tmp_path, monkeypatch):
    monkeypatch.setattr(coq, "_SECONDS", 5)  # of the processor: what is true takes a tenth of one
    kinds = (Untouched, RunTwice, InEitherOrder)
    true = []
    for key in ("clip_by_value", "clip_grad_norm", "l2_decay", "accumulate", "maximize"):
        results = results_of(key)
        found = exported(key, results).theorems
        true += [one for place, one in found.items() if isinstance(results[place].statement.relation, kinds)]
    said = coq.checked([*true, *false_ones()], tmp_path)
    assert {name for name, one in said.items() if one.status == CERTIFIED} == {one.name for one in true}
