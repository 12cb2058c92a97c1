"""Stability for Coq: exactly below the bound, and not below another one."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy

from stepsmith.codegen.certify import Case, InexpressibleError, coq, theorem_of
from stepsmith.codegen.load import load, select
from stepsmith.codegen.prove import prove_only
from stepsmith.codegen.result import CERTIFIED, NOT_CLOSED
from stepsmith.codegen.statement import Statement
from stepsmith.codegen.statement.motion import Converges
from tests.certify.conftest import with_coq

pytestmark = with_coq
#: Bounds that are found in different ways: at an eigenvalue of -1, by a root, by area, by a share, frozen, by a choice.
_RULES = [
    ("heavy_ball", "stable"), ("damped_ball", "stable"), ("heavy_ball", "slip MomentumAsPrinted: stable"),
    ("nesterov", "stable"), ("nesterov_lookahead", "stable"), ("nesterov_lookahead", "slip NesterovAsPrinted: stable"),
    ("qhm", "stable"), ("momentum_ema", "stable"), ("sgd", "stable"), ("sgdw", "stable"), ("adadelta", "stable"),
    ("rmsprop_momentum", "stable"), ("adam_uncorrected_eps_inside", "stable"), ("smorms3", "stable"),
]  # fmt: skip


def stable(key: str, claim: str = "stable") -> Statement:
    (spec,) = (spec for spec in load(select([key])) if spec.key == key)
    (statement,) = {r.statement for r in prove_only(spec, [claim]) if r.claim == claim}
    assert isinstance(statement, Statement)
    assert isinstance(statement.relation, Converges)
    return statement


def below(statement: Statement, share: sympy.Rational | int) -> Statement:
    """The same with another bound."""
    relation = statement.relation
    assert isinstance(relation, Converges)
    return replace(statement, relation=replace(relation, below=share * relation.below))


@pytest.mark.parametrize(
    ("key", "claim"),
    [
        pytest.param(*rule, marks=[pytest.mark.thorough] if n > 2 else [], id=" ".join(rule))
        for n, rule in enumerate(_RULES)
    ],
)
def test_a_rule_is_stable_exactly_below_its_bound(key, claim, kept):
    statement = stable(key, claim)
    said = [statement, below(statement, 2), below(statement, sympy.Rational(99, 100))]
    theorems = [theorem_of(s.relation, Case(f"stable_{n}", s)) for n, s in enumerate(said)]
    found = coq.checked(theorems, kept)
    assert [found[t.name].status for t in theorems] == [CERTIFIED, NOT_CLOSED, NOT_CLOSED]


def test_the_theorem_is_of_all_runs_and_goes_both_ways():
    statement = stable("heavy_ball")
    text = theorem_of(statement.relation, Case("stable", statement)).text
    assert "(forall w v : nat -> R," in text
    assert "Un_cv w 0)\n  <-> lr < (2 + 2 * rho) / h." in text


def test_what_is_so_in_the_limit_has_no_words_yet():
    statement = stable("adam")
    with pytest.raises(InexpressibleError, match="limits"):
        theorem_of(statement.relation, Case("stable", statement))
