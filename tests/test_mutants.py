"""mutants: rules and files with one change each are refuted, or proved to be what they were; none passes.

This is a sample. `python -m tests.mutants` judges all.
"""

from collections import Counter

import pytest

from codegen.backends import BACKENDS
from codegen.files import GENERATED
from codegen.load import Spec
from tests.conftest import rules
from tests.mutants import (
    EQUIVALENT,
    FILES,
    STILLBORN,
    SURVIVED,
    UNDECIDED,
    judge_file,
    judge_spec,
    run,
    specs,
    table,
    tasks,
    transitions,
)
from tests.mutate import CHANGES, file_mutants, spec_mutants

#: Only every so many-th mutant of all specs, of the files of optimizers, of all other files.
EVERY_SPEC, EVERY_OPTIMIZER, EVERY_OTHER, AT_LEAST = 23, 200, 40, 700


def test_no_mutant_passes(shown):
    optimizers = [key for key, spec in specs().items() if isinstance(spec, Spec)]
    others = [key for key in specs() if key not in optimizers]
    chosen = tasks((), ("spec",), EVERY_SPEC)
    chosen += tasks(optimizers, FILES, EVERY_OPTIMIZER) + tasks(others, FILES, EVERY_OTHER)
    verdicts = [v for v in run(chosen) if v.outcome != STILLBORN]
    shown(table(verdicts))
    assert {type(specs()[v.rule]) for v in verdicts if v.group in FILES} == {type(spec) for spec in specs().values()}
    assert len(verdicts) >= AT_LEAST
    passed = [v for v in verdicts if v.outcome == SURVIVED]
    assert not passed, passed
    undecided = [v for v in verdicts if v.outcome == UNDECIDED]
    assert len(undecided) < 0.01 * len(verdicts), undecided


@pytest.fixture(scope="module")
def adam():
    return rules("adam")["adam"]


def file_of(spec, backend):
    return (GENERATED / backend / f"{spec.family}.py").read_text()


def test_every_kind_of_change_is_made():
    kinds = Counter(m.kind for spec in specs().values() for m in spec_mutants(spec))
    assert set(CHANGES) <= set(kinds)
    assert {"initial value", "update dropped", "steps reordered", "targets exchanged"} <= set(kinds)


def test_a_mutant_is_never_the_original_and_never_made_twice(adam):
    mutants = spec_mutants(adam)
    written = [
        (tuple((s.target, s.value) for s in m.spec.optimizer.steps), tuple(m.spec.optimizer.state.items()))
        for m in mutants
    ]
    original = tuple((s.target, s.value) for s in adam.optimizer.steps), tuple(adam.optimizer.state.items())
    assert len(set(written)) == len(written)
    assert original not in written
    for backend in BACKENDS:
        text = file_of(adam, backend)
        contents = [m.content(text) for m in file_mutants(adam, backend, text)]
        assert text not in contents


def test_the_order_of_mutants_is_their_own(adam):
    assert [m.text for m in spec_mutants(adam)] == [m.text for m in spec_mutants(adam)]


@pytest.mark.parametrize(
    "text",
    [
        "m_new = g*(1 - beta2) + m*beta1",
        "c1 = 1 - beta1**(t + 1)",
        "c2 = 1 - beta2**(t - 1)",
        "m_hat = m/c1",
        "w_new = -m_hat*lr/sqrt(v_hat + eps) + w",
        "v_new = g*(1 - beta2) + v*beta2",
        "c1 = 0",
        "m starts at 1",
    ],
)
def test_adams_claims_alone_refute(adam, text):
    mutant = next(m for m in spec_mutants(adam) if m.text == f"adam: {text}")
    assert judge_spec(mutant, adam)[0] == "claims"


def test_what_is_only_written_in_another_order_is_equivalent(adam):
    mutant = next(m for m in spec_mutants(adam) if m.text == "adam: v_new before m_new")
    assert judge_spec(mutant, adam)[0] == EQUIVALENT


def test_a_transition_that_is_another_is_not_taken_for_the_same(adam):
    judged = Counter(transitions(m.spec, adam) for m in spec_mutants(adam) if m.kind in ("sign", "power"))
    assert set(judged) <= {"refuted", "undecided"}


def test_a_class_without_its_states_is_refuted(adam):
    """It once ended the read-back with an AttributeError."""
    for backend in BACKENDS:
        text = file_of(adam, backend)
        mutant = next(
            m for m in file_mutants(adam, backend, text) if m.kind == "line dropped" and "_states: ClassVar" in m.text
        )
        assert judge_file(mutant, adam)[0] == "read-back"
