"""Theorems for Coq: how they read, that its kernel accepts them, and that it accepts nothing false or empty."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stepsmith.codegen.certify import Case, Exported, certified, coq, exported, theorem_of
from stepsmith.codegen.certify.theorem import Hypothesis, Theorem
from stepsmith.codegen.load import load, select
from stepsmith.codegen.prove import prove, values
from stepsmith.codegen.result import CERTIFIED, NOT_CLOSED, SKIPPED, Certificate, Result
from stepsmith.codegen.statement import Holds, Statement
from tests.certify.conftest import with_coq
from tests.conftest import cli

EMA = """\
(* m[t] = beta1**t * m[0] + (1 - beta1) * sum(beta1 ** (t - i) * g[i], i=1..t) *)
Theorem adam_ema_m :
  forall (beta1 : R) (g m : nat -> R)
    (beta1_domain : 0 <= beta1 < 1)
    (m_step : forall t, m (S t) = beta1 * m t + (1 - beta1) * g (S t)),
  forall t, m t = beta1 ^ t * m 0%nat + (1 - beta1) * past_sum (fun i => beta1 ^ (t - i) * g i) t.
"""


def results_of(key: str) -> list[Result]:
    (spec,) = load(select([key]))
    return [*prove(spec), *values(spec)]


@pytest.fixture(scope="module")
def adam() -> list[Result]:
    return results_of("adam")


def theorems(found: Exported) -> dict[str, Theorem]:
    return {theorem.name: theorem for theorem in found.theorems.values()}


def test_a_theorem_reads_as_the_paper_does(adam):
    assert theorems(exported("adam", adam))["adam_ema_m"].text.startswith(EMA)


def test_theorems_are_the_same_in_every_run(tmp_path):
    """Their answers are kept by their content. Without Coq, all are written."""
    for seed in "12":
        run = cli("export", "tiger", "heavy_ball", "--coq", str(tmp_path / seed), PYTHONHASHSEED=seed, PATH="")
        assert run.returncode == 0
    for name in ("tiger.v", "heavy_ball.v", "not_exported.txt"):
        one, two = (tmp_path.joinpath(seed, name).read_text() for seed in "12")
        assert one == two


def test_what_is_no_theorem_is_named_with_the_reason(adam):
    found = exported("adam", adam)
    assert {adam[place].claim: reason for place, reason in found.left_out.items()}["each period up"] == (
        "statements of the kind EachPeriod"
    )


def test_without_coq_it_says_what_to_install(adam, kept, monkeypatch):
    monkeypatch.setattr(coq, "version", lambda: None)
    last = certified("adam", adam, kept)[-1]
    assert (last.status, last.reason) == (SKIPPED, "coqc is not there; install the package coq")


@with_coq
def test_coq_certifies_adam(adam, kept):
    found = certified("adam", adam, kept)
    assert {r.claim for r in found if r.certificate and r.certificate.status == CERTIFIED} >= {
        *("ema m", "ema v", "weights m", "weights v"),
        *("first step", "descends", "fixed point", "units"),
        *("unbiased m_hat", "residual m_hat", "unbiased v_hat", "residual v_hat"),
    }
    assert not [r.claim for r in found if r.certificate and r.certificate.status == NOT_CLOSED]


@with_coq
def test_what_coq_has_said_is_kept(adam, kept, monkeypatch):
    found = list(exported("adam", adam).theorems.values())
    once = coq.checked(found, kept)
    monkeypatch.setattr(coq, "_asked", lambda theorems, library: pytest.fail("it is asked again"))
    assert coq.checked(found, kept) == once


def false_ones(statement: Statement) -> list[Statement]:
    """The same with another factor, and with another sign in front of one side."""
    relation = statement.relation
    assert isinstance(relation, Holds)
    return [replace(statement, relation=replace(relation, right=of)) for of in (2 * relation.right, -relation.right)]


@with_coq
def test_false_statements_do_not_close_and_take_no_others_along(adam, kept):
    (ema,) = (r.statement for r in adam if r.claim == "ema m")
    false = [theorem_of(s.relation, Case(f"false_{n}", s)) for n, s in enumerate(false_ones(ema))]
    right = theorem_of(ema.relation, Case("right", ema))
    said = coq.checked([false[0], right, false[1]], kept)
    assert {name: one.status for name, one in said.items()} == {
        "false_0": NOT_CLOSED,
        "right": CERTIFIED,
        "false_1": NOT_CLOSED,
    }


@with_coq
def test_a_theorem_about_nothing_has_no_witness(adam, kept):
    right = theorems(exported("adam", adam))["adam_ema_m"]
    empty = replace(right, hypotheses=(*right.hypotheses, Hypothesis("beta1_large", "1 < beta1", "meets")))
    said = coq.checked([empty], kept)[right.name]
    assert said.status == NOT_CLOSED
    assert said.reason.startswith("its witness: ")


@with_coq
def test_an_axiom_of_ones_own_is_no_proof(kept):
    axiom = Theorem("own", "1 = 2", (), (), "1 = 2", "exact (match easy with end)")
    declared = replace(axiom, script="exact easy", name="own")
    text = declared.text.replace("Theorem own", "Axiom easy : 1 = 2.\nTheorem own")
    said = coq.checked([_Written(**{**vars(declared), "about": text})], kept)["own"]
    assert said == Certificate(NOT_CLOSED, "it rests on easy, which is no axiom of the real numbers")


class _Written(Theorem):
    """A theorem whose text is what it is about."""

    @property
    def text(self) -> str:
        return self.about


def test_what_breaks_on_the_way_takes_no_other_statement_along(adam, monkeypatch):
    def broken(self: Case, *arguments: object) -> None:
        raise ZeroDivisionError("of a test")

    monkeypatch.setattr("stepsmith.codegen.certify.first._Lines.__init__", broken)
    found = exported("adam", adam)
    reasons = {adam[place].claim: reason for place, reason in found.left_out.items()}
    assert reasons["first step"].startswith("an inner fault: ZeroDivisionError: of a test")
    assert "adam_ema_m" in theorems(found)
