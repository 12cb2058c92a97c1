"""Which steps may be taken in parts: those whose equations are of one element; others given sums of the whole."""

from dataclasses import replace

import pytest
import sympy

from stepsmith.codegen.faults import replayed
from stepsmith.codegen.load import catalog
from stepsmith.codegen.properties.split import split
from stepsmith.codegen.replay import replay
from stepsmith.codegen.result import CONTRADICTED, PROVED, REFUTED, UNDECIDED, Outcome
from stepsmith.codegen.spec.symbolic import array_sum, global_sum
from stepsmith.codegen.statement import Runs, Split, Statement
from tests.conftest import OPTIMIZERS, spec_of
from tests.sample import by_kind
from tests.trial.kit import beta, g, lr, m, new, rule, w


def found(rule):
    return {result.claim: result for result in map(replayed, split(rule))}


@pytest.mark.parametrize("spec", by_kind(OPTIMIZERS, together=1), indirect=True)
def test_a_rule_without_sums_may_be_taken_in_parts_and_another_given_them(spec):
    results = found(spec.optimizer)
    sums = spec.optimizer.runnable.reductions
    assert {claim: result.status for claim, result in results.items()} == (
        {"split": REFUTED, "split, given sums": PROVED} if sums else {"split": PROVED}
    )
    assert all(result.runs for result in results.values() if result.status == PROVED)


#: What no finite number shows.
_OF_INFINITY = {"dynamic_loss_scale", "apply_if_finite"}


@pytest.mark.parametrize("key", [entry.key for entry in catalog() if entry.kind == "stage"])
def test_a_stage_says_which_sums_it_needs(key):
    results = found(spec_of(key).optimizer)
    last = results.popitem()[1]
    assert last.status == PROVED
    assert last.runs
    for result in results.values():
        assert result.status == (UNDECIDED if key in _OF_INFINITY else REFUTED)


def test_sums_are_named():
    text = found(spec_of("lamb").optimizer)["split, given sums"].text
    assert "given array_sum(w**2), array_sum(update**2) of the whole" in text
    assert "global_sum" in found(spec_of("clip_by_global_norm").optimizer)["split, given sums"].text
    noisy = found(spec_of("gaussian_noise").optimizer)["split"]
    assert "each element keeps its noise" in noisy.statement.noted


AVERAGE = (new(m), beta * m + (1 - beta) * g)


@pytest.mark.parametrize(
    ("steps", "sums"),
    [
        ((AVERAGE, (new(w), w - lr * new(m) * array_sum(g))), ()),
        ((AVERAGE, (new(w), w - lr * new(m) * global_sum(new(m)))), ()),
        ((AVERAGE, (new(w), w - lr * new(m) * global_sum(g) * array_sum(w))), (global_sum(g),)),
        (((new(m), beta * m + array_sum(w * g)), (new(w), w - lr * new(m))), ()),
        (((new(m), beta * m + array_sum(w * g)), (new(w), w - lr * new(m))), (array_sum(w),)),
    ],
)
def test_what_sums_are_left_out_a_run_shows(steps, sums):
    """A proof that names too few sums would be contradicted by the replay, which knows nothing of how it was found."""
    made = rule("Tried", {m: 0}, *steps)
    statement = Statement(Runs(made), Split(sums))
    assert replay(statement).broken
    assert replayed(Outcome(PROVED, "a wrong tactic").of("split", statement)).status == CONTRADICTED


def test_a_scalar_that_reads_an_element_is_not_proved():
    made = rule("Tried", {m: 0}, AVERAGE, (new(w), w - lr * new(m)))
    scalar = spec_of("lamb").optimizer.steps[0]
    wrong = replace(made, steps=(replace(scalar, value=sympy.Symbol("t") * g), *made.steps))
    assert found(wrong)["split"].status == UNDECIDED
