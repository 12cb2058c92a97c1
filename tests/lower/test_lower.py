"""tree, lower, passes, printing: the order is ours, scalars go to the host, buffers are used safely."""

import itertools

import pytest
import sympy

from stepsmith.codegen.backends.cupy.printer import Cuda
from stepsmith.codegen.backends.cupy.rules import body_lines
from stepsmith.codegen.expr.printing import Latex, Python, Text
from stepsmith.codegen.expr.tree import arrange, ranks
from stepsmith.codegen.lower.instructions import schedule
from stepsmith.codegen.lower.program import lower
from stepsmith.codegen.spec.functions import kinds
from tests.conftest import SPECS, rules

pytestmark = pytest.mark.fast

EVERYTHING = rules(str(SPECS / "everything.py"))["everything"]


def test_the_coverage_spec_uses_every_function():
    used = {type(node) for step in EVERYTHING.optimizer.steps for node in sympy.preorder_traversal(step.value)}
    assert used >= {sympy.Piecewise, *kinds(lambda row: row.elements)}


def test_adam_is_printed_as_it_is_written():
    program = lower(rules("adam")["adam"].optimizer)
    assert [f"{e.target} = {Text()(e.value)}" for e in program.equations] == [
        "c1 = 1 - beta1**t",
        "c2 = 1 - beta2**t",
        "m_new = beta1 * m + (1 - beta1) * g",
        "v_new = beta2 * v + (1 - beta2) * g**2",
        "m_hat = m_new / c1",
        "v_hat = v_new / c2",
        "w_new = w - lr * m_hat / (sqrt(v_hat) + eps)",
    ]


def test_the_order_does_not_depend_on_how_sympy_sorts():
    optimizer = rules("momentum_ema")["momentum_ema"].optimizer
    symbols = {s.name: s for step in optimizer.steps for s in step.value.free_symbols}
    w, g, m, lr = (symbols[name] for name in ("w", "g", "m", "lr"))
    texts = {
        Text()(arrange(sympy.Add(*terms, evaluate=False), ranks(optimizer)))
        for terms in itertools.permutations([w, -lr * g, m * lr])
    }
    assert texts == {"w + lr * m - lr * g"}


def test_scalars_are_computed_on_the_host():
    program = lower(EVERYTHING.optimizer)
    spelled = {assign.target: Python()(assign.value) for assign in program.scalars}
    assert spelled["one_minus_p"] == "1 - p"
    assert spelled["p_pow_t"] == "p**t"
    assert spelled["two_over_three"] == "2 / 3"
    hosts = {"r", "q", "z", *spelled}
    assert hosts == set(spelled)
    for assign in program.arrays:
        assert "/ 3" not in Cuda()(assign.value)


def test_kernels_have_integer_literals_only():
    for spec in (EVERYTHING, *rules().values()):
        for line in body_lines(lower(spec.optimizer)):
            code = line.partition("//")[0]
            assert "." not in code
            assert "fmax" not in code
            assert "fmin" not in code


@pytest.mark.parametrize("spec", [EVERYTHING, *rules().values()], ids=lambda spec: spec.key)
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
    assert {commit.target for commit in program.commits} <= written


def test_a_state_is_written_in_place_when_nothing_reads_the_old_value():
    plan = schedule(lower(rules("adam")["adam"].optimizer))
    assert plan.commits == ()
    assert len(plan.scratch) == 2


def test_an_old_value_that_is_still_read_is_kept(declare):
    spec = declare(
        'RULE = Optimizer(name="Rule", source="x", state={m: 0, v: 0}, steps=('
        "Step(new(m), v + g), Step(new(v), m - g), Step(new(w), w - lr * m * v)))"
    )
    plan = schedule(lower(spec.optimizer))
    assert {p.out for p in plan.commits} == {"m", "v"}


def test_latex():
    optimizer = rules("adam")["adam"].optimizer
    spell = Latex(("m", "v"), tuple(step.target.name for step in optimizer.steps))
    texts = [spell(arrange(step.value, ranks(optimizer))) for step in optimizer.steps]
    assert texts[3] == r"\beta_{2} \, v_{t-1} + \left(1 - \beta_{2}\right) \, {g_{t}}^{2}"
    assert texts[6] == r"w_{t-1} - \frac{\eta \, \hat{m}_{t}}{\sqrt{\hat{v}_{t}} + \varepsilon}"


@pytest.mark.parametrize("spec", [EVERYTHING, *rules().values()], ids=lambda spec: spec.key)
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
