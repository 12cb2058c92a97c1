"""Stability for Coq: exactly below the bound, and not below another one."""

from __future__ import annotations

from dataclasses import replace

from stepsmith.codegen.certify import Case, coq, theorem_of
from stepsmith.codegen.load import load, select
from stepsmith.codegen.prove import prove_only
from stepsmith.codegen.result import CERTIFIED, NOT_CLOSED
from stepsmith.codegen.statement import Statement
from stepsmith.codegen.statement.motion import Converges
from tests.certify.conftest import with_coq

pytestmark = with_coq


def test_heavy_ball_is_stable_exactly_below_its_bound(tmp_path):
    (spec,) = load(select(["heavy_ball"]))
    (statement,) = {r.statement for r in prove_only(spec, ["stable"])}
    assert isinstance(statement, Statement)
    assert isinstance(statement.relation, Converges)
    wrong = replace(statement, relation=replace(statement.relation, below=2 * statement.relation.below))
    both = [theorem_of(s.relation, Case(f"stable_{n}", s)) for n, s in enumerate((statement, wrong))]
    assert "<-> lr < (2 + 2 * rho) / h." in both[0].text
    said = coq.checked(both, tmp_path)
    assert {n: one.status for n, one in said.items()} == {"stable_0": CERTIFIED, "stable_1": NOT_CLOSED}
