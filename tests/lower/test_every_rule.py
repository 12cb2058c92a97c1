"""What holds of the code of every optimizer: no pass reads what is not there, none takes more than was declared."""

import pytest

from stepsmith.codegen.backends.cupy.rules import body_lines
from stepsmith.codegen.expr.printing import Text
from stepsmith.codegen.expr.tree import Name, names
from stepsmith.codegen.lower.factor import operations
from stepsmith.codegen.lower.instructions import Flattener, schedule
from stepsmith.codegen.lower.program import lower
from tests.conftest import OPTIMIZERS

of_each_rule = pytest.mark.parametrize(
    "spec",
    [pytest.param(key, marks=pytest.mark.fast) for key in ("everything", "sgd")]
    + [entry.key for entry in OPTIMIZERS if entry.key != "sgd"],
    indirect=True,
)


@of_each_rule
def test_kernels_have_integer_literals_only(spec):
    for line in body_lines(lower(spec.optimizer)):
        code = line.partition("//")[0]
        assert "." not in code
        assert "fmax" not in code
        assert "fmin" not in code


@of_each_rule
def test_passes_never_read_what_is_not_there(spec):
    """Carry the passes out over labels: every operand has to hold the value that is meant."""
    program = lower(spec.optimizer)
    plan = schedule(program)
    names = {commit.target: commit.target for commit in program.commits} | {"g": "g"}
    bound: dict[str, str] = {}
    written: set[str] = set()
    for one in [p for group in plan.groups for p in group.instructions] + list(plan.commits):
        assert one.out != "g"
        assert one.out == "" or one.out in names or one.out in (*plan.scratch, *plan.masks)
        for operand in one.inputs:
            if operand in plan.scratch + plan.masks:
                assert operand in written
        written.add(one.out)
        if one.name:
            bound[one.name] = one.out
    kept = {assign.target for assign in program.arrays if isinstance(assign.value, Name)}  # which are what they were
    assert {commit.target for commit in program.commits if commit.value not in kept} <= written


@of_each_rule
def test_a_sign_is_not_taken_in_place(spec):
    """NumPy takes it ten times as fast into another array."""
    program = lower(spec.optimizer)
    held = {commit.target: commit.target for commit in program.commits} | {"g": "g"}
    for group in schedule(program).groups:
        for one in group.instructions:
            if one.ufunc == "sign":
                assert held.get(one.inputs[0], one.inputs[0]) != one.out
            if one.name:
                held[one.name] = one.out or held.get(one.inputs[0], one.inputs[0])


@of_each_rule
def test_operations_are_counted_as_the_scheduler_counts(spec):
    program = lower(spec.optimizer)
    arrays = {name.name for assign in program.arrays for name in names(assign.value) if name.array}
    for assign in program.arrays:
        flattener = Flattener({name: object() for name in arrays})
        flattener.operand(assign.value)
        assert operations(assign.value) == len(flattener.operations), Text()(assign.value)


@of_each_rule
def test_nothing_takes_more_operations_than_it_is_declared_with(spec):
    declared = {e.target: e.value for e in lower(spec.optimizer).equations}
    targets = {assign.target for assign in lower(spec.optimizer).arrays}
    for assign in lower(spec.optimizer).arrays:
        whole = sum(operations(declared[target]) for target in (*assign.inlined, assign.target))
        assert operations(assign.value) + assign.changed <= whole
        assert not targets & set(assign.inlined)
