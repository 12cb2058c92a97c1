"""Inner faults: what breaks on the way is a result of its own, and all others are there."""

import json
import re

import pytest

from stepsmith.codegen import verify
from stepsmith.codegen.check import check
from stepsmith.codegen.compare import rules
from stepsmith.codegen.faults import described, guarded, recorded
from stepsmith.codegen.load import SpecError, load
from stepsmith.codegen.properties import properties
from stepsmith.codegen.prove import prove
from stepsmith.codegen.report import show, stability
from stepsmith.codegen.result import PROVED, Outcome
from tests.conftest import cli, started

#: A claim whose proof breaks, between claims that are true; in a file, so that other processes know it, too.
BREAKING = '''"""Rules of a test."""
from dataclasses import dataclass
from stepsmith.codegen.claims import *
from stepsmith.codegen.claims.base import Claim
from stepsmith.codegen.analysis.proof import prove_claim
from stepsmith.codegen.spec import *

w, g, m = arrays("w g m")
lr = hyper("lr", default="0.1", domain=">= 0", doc="learning rate")
beta = hyper("beta", default="0.9", domain="[0, 1)", doc="decay")


@dataclass(frozen=True)
class Breaking(Claim):
    label = "breaking"


@prove_claim.register
def _(claim: Breaking, rule: Optimizer):
    raise TypeError(f"nothing can be made of {object()}")


STEPS = (Step(new(m), beta * m + (1 - beta) * g), Step(new(w), w - lr * new(m)))
EMA = ema(m, of=g, decay=beta)
RULE = Optimizer(name="Rule", source="a test", state={m: 0}, steps=STEPS, claims=(EMA, Breaking(), fixed_point()))
'''
MANY = "".join(
    f'R{k} = Optimizer(name="R{k}", source="a test", state={{m: 0}}, steps=STEPS, claims=(Breaking(), EMA))\n'
    for k in range(4)
)
FAULT = "an inner fault: TypeError: nothing can be made of <object object>"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "breaking.py"
    path.write_text(BREAKING)
    return path


@pytest.fixture
def spec(file):
    (found,) = load([(file.resolve(), None)])
    check([found])
    return found


def broken(*_, **__):
    raise KeyError("array_sum")


def test_a_proof_that_breaks_is_a_result_and_the_other_claims_are_proved(spec):
    found = [(r.claim, r.status) for r in prove(spec)]
    assert {("ema m", "proved"), ("breaking", "undecided"), ("fixed point", "proved")} < set(found)
    (fault,) = (r for r in prove(spec) if r.status != PROVED)
    assert re.fullmatch(re.escape(FAULT) + r" at codegen/prove/__init__\.py:\d+", fault.reason)
    assert fault.spec == "rule"


@pytest.mark.fast
def test_what_was_shown_before_it_broke_stays():
    def results():
        yield Outcome(PROVED).of("first", "")
        broken()

    first, second = guarded("rule", "claim", results)
    assert (first.claim, second.claim, second.status) == ("first", "claim", "undecided")
    assert re.fullmatch(r"an inner fault: KeyError: 'array_sum' at tests/cli/test_faults\.py:\d+", second.reason)


@pytest.mark.fast
@pytest.mark.parametrize("error", [KeyboardInterrupt(), SpecError([]), SystemExit(3)])
def test_what_is_no_fault_goes_through(error):
    def results():
        raise error
        yield

    with pytest.raises(type(error)):
        list(guarded("rule", "claim", results))


@pytest.mark.fast
def test_the_place_is_the_last_in_the_package_and_nothing_changes_from_run_to_run():
    with pytest.raises(AttributeError) as raised:
        load([(None, None)])
    assert re.search(r" at codegen/load\.py:\d+$", described(raised.value))
    assert described(ValueError(f"x\n  y {object()}")) == "an inner fault: ValueError: x y <object object>"
    assert len(described(ValueError("x" * 9999))) < 400


def test_a_claim_without_a_name_is_called_by_its_kind(file):
    file.write_text(BREAKING.replace('label = "breaking"', "label = property(lambda self: 1 / 0)"))
    (found,) = load([(file.resolve(), None)])
    assert ("Breaking", "undecided") in [(r.claim, r.status) for r in prove(found)]


def test_a_fact_that_breaks_is_a_result_and_the_others_are_derived(spec, monkeypatch):
    whole = [r.claim for r in properties(spec)]
    questions = [(label, broken if label in ("steady state", "cost") else ask) for label, ask in _questions()]
    monkeypatch.setattr("stepsmith.codegen.properties._QUESTIONS", tuple(questions))
    found = {r.claim: r.status for r in properties(spec)}
    assert set(whole) - set(found) == {"memory", "traffic"}
    assert (found["steady state"], found["cost"], found["units"]) == ("undecided", "undecided", "proved")


def _questions():
    from stepsmith.codegen.properties import _QUESTIONS

    return _QUESTIONS


def test_verify_goes_on(file):
    run = cli("verify", str(file), "--backend", "numpy", "--json")
    assert (run.returncode, run.stderr) == (1, "")
    results = json.loads(run.stdout)["results"]
    assert [r["claim"] for r in results if r["status"] == "undecided"] == ["breaking"]
    assert {"ema m", "fixed point", "readback numpy", "class numpy", "float64 numpy"} <= {
        r["claim"] for r in results if r["status"] in ("proved", "tested")
    }


def test_verify_goes_on_in_other_processes(file):
    file.write_text(BREAKING + MANY)
    run = started("verify", str(file), "--backend", "numpy", "--json")
    assert (run.returncode, run.stderr) == (1, "")
    results = json.loads(run.stdout)["results"]
    assert sum(r["claim"] == "breaking" and r["reason"].startswith(FAULT) for r in results) == 5
    assert sum(r["claim"] == "ema m" and r["status"] == "proved" for r in results) == 5


@pytest.mark.parametrize(
    ("part", "claim"), [("readback", "readback numpy"), ("numeric", "numbers"), ("render", "breaking")]
)
def test_every_part_of_verify_may_break(spec, monkeypatch, part, claim):
    monkeypatch.setattr(verify, part, broken)
    found = {r.claim if r.claim != "generated" else r.spec: r for r in verify.verify([spec], ("numpy",), None)}
    assert found[claim].status == "undecided"
    assert found["ema m"].status == "proved"


def test_show_goes_on_and_says_so_in_its_status(file, monkeypatch):
    run = cli("show", str(file), "--derivation", "--stability")
    assert run.returncode == 1
    assert f"undecided: {FAULT}" in run.stdout
    assert "proved" in run.stdout
    assert "characteristic polynomial" in run.stdout
    assert cli("show", str(file), "--stability").returncode == 0
    monkeypatch.setattr(stability, "linear", broken)
    run = cli("show", str(file), "adam", "--stability")
    assert run.returncode == 1
    assert run.stdout.count("stability: undecided: an inner fault: KeyError: 'array_sum'") == 2
    assert "hyperparameters, with default and domain" in run.stdout


def test_facts_and_derivations_that_break_are_shown_as_such(file, monkeypatch):
    monkeypatch.setattr("stepsmith.codegen.properties._QUESTIONS", (("units", broken), *_questions()[-1:]))
    run = cli("show", str(file), "--facts")
    assert run.returncode == 1
    assert "undecided units" in run.stdout
    assert "memory" in run.stdout
    run = cli("show", str(file), "--facts", "--json")
    assert run.returncode == 1
    assert [r["status"] for r in json.loads(run.stdout)["results"]] == ["undecided", "proved", "proved"]
    monkeypatch.setattr(show, "derivations", broken)
    assert "derivation: undecided: an inner fault: KeyError" in cli("show", "adam", "--derivation").stdout


def test_a_comparison_that_breaks_is_undecided(monkeypatch):
    monkeypatch.setattr(rules, "candidate_maps", broken)
    run = cli("compare", "sgd", "heavy_ball")
    assert run.returncode == 1
    assert run.stdout.startswith("undecided: whether SGD and HeavyBall are one algorithm")
    assert "an inner fault: KeyError: 'array_sum'" in run.stdout
    assert json.loads(cli("compare", "sgd", "heavy_ball", "--json").stdout)["verdict"] == "undecided"


@pytest.mark.fast
def test_faults_are_collected_where_somebody_asks():
    with recorded() as found:
        list(guarded("rule", "claim", broken))
    list(guarded("rule", "claim", broken))
    assert [(fault.spec, fault.claim) for fault in found] == [("rule", "claim")]
