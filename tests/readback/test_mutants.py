"""mutants: rules and files with one change each are refuted, or proved to be what they were; none passes.

This is a sample. `python -m tests.mutants` judges all.
"""

from collections import Counter

import pytest

from stepsmith.codegen.backends import BACKENDS
from stepsmith.codegen.load import GENERATED, LayerSpec, MonitorSpec, ScheduleSpec, Spec, StageSpec
from tests.conftest import OPTIMIZERS, spec_of
from tests.mutants import (
    EQUIVALENT,
    FILES,
    READBACK,
    STILLBORN,
    SURVIVED,
    UNDECIDED,
    judge,
    judge_file,
    judge_spec,
    mutant,
    specs,
    structural,
    table,
    tasks,
    transitions,
)
from tests.mutate import CHANGES, file_mutants, spec_mutants
from tests.sample import covering

#: The parts of the sample: kinds of rules, groups of mutants, only every so many-th of them, of those which share of
#: the rules (the m-th of n), and how many there are at least.
SAMPLE = {
    **{f"specs of optimizers, {k + 1} of 3": ((Spec,), ("spec",), 400, (k, 3), 15) for k in range(3)},
    "specs of schedules and monitors": ((ScheduleSpec, MonitorSpec), ("spec",), 60, (0, 1), 15),
    "specs of stages and layers": ((StageSpec, LayerSpec), ("spec",), 60, (0, 1), 8),
    **{f"{backend} files of optimizers": ((Spec,), (backend,), 150, (k, 4), 20) for k, backend in enumerate(BACKENDS)},
    "files of stages": ((StageSpec,), FILES, 120, (0, 1), 20),
    "files of layers": ((LayerSpec,), FILES, 120, (0, 1), 20),
    "files of schedules": ((ScheduleSpec,), FILES, 120, (0, 1), 12),
    "files of monitors": ((MonitorSpec,), FILES, 120, (0, 1), 12),
}


@pytest.mark.thorough
@pytest.mark.parametrize("part", SAMPLE)
def test_no_mutant_passes(part, shown):
    """Of each part, with every kind of change that is made in it."""
    kinds, groups, every, (first, shares), at_least = SAMPLE[part]
    names = [key for key, spec in specs().items() if isinstance(spec, kinds)][first::shares]
    changes = [task for task in tasks(names, groups) if not structural(task)]
    chosen = changes[every // 2 :: every]
    for task in changes:
        if mutant(task).kind not in {mutant(other).kind for other in chosen}:
            chosen.append(task)
    verdicts = [v for v in map(judge, chosen) if v.outcome != STILLBORN]
    shown(f"{part}:\n{table(verdicts)}")
    assert len(verdicts) >= at_least
    passed = [v for v in verdicts if v.outcome == SURVIVED]
    assert not passed, passed
    undecided = [v for v in verdicts if v.outcome == UNDECIDED]
    assert len(undecided) <= 1, undecided


@pytest.mark.thorough
@pytest.mark.parametrize("group", FILES)
def test_no_file_of_another_structure_is_read_back_as_proved(group):
    """Each kind of change of structure once, in the file of some rule, whatever that then computes."""
    by_kind = {mutant(task).kind: task for task in tasks((), (group,)) if structural(task)}
    chosen = [by_kind[kind] for kind in sorted(by_kind)]
    assert len(chosen) > 160
    verdicts = list(map(judge, chosen))
    assert [v for v in verdicts if v.outcome not in (READBACK, STILLBORN)] == []
    assert sum(v.outcome == STILLBORN for v in verdicts) < len(verdicts) / 15


@pytest.mark.fast
def test_the_sample_has_every_kind_of_rule():
    assert {kind for kinds, *_ in SAMPLE.values() for kind in kinds} == {type(spec) for spec in specs().values()}
    assert {group for _, groups, *_ in SAMPLE.values() for group in groups} == {"spec", *FILES}


@pytest.fixture(scope="module")
def adam():
    return spec_of("adam")


def file_of(spec, backend):
    return (GENERATED / backend / f"{spec.family}.py").read_text()


@pytest.mark.thorough
def test_every_kind_of_change_is_made():
    kinds = {mutant(task).kind for task in tasks(sorted(covering(OPTIMIZERS)), ("spec",))}
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
    made = next(m for m in spec_mutants(adam) if m.text == f"adam: {text}")
    assert judge_spec(made, adam)[0] == "claims"


def test_what_is_only_written_in_another_order_is_equivalent(adam):
    made = next(m for m in spec_mutants(adam) if m.text == "adam: v_new before m_new")
    assert judge_spec(made, adam)[0] == EQUIVALENT


def test_a_transition_that_is_another_is_not_taken_for_the_same(adam):
    judged = Counter(transitions(m.spec, adam) for m in spec_mutants(adam) if m.kind in ("sign", "power"))
    assert set(judged) <= {"refuted", "undecided"}


def test_a_class_without_its_states_is_refuted(adam):
    """It once ended the read-back with an AttributeError."""
    for backend in BACKENDS:
        text = file_of(adam, backend)
        made = next(
            m for m in file_mutants(adam, backend, text) if m.kind == "line dropped" and "_states: ClassVar" in m.text
        )
        assert judge_file(made, adam)[0] == "read-back"
