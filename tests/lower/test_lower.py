"""tree, lower, passes, printing: the order is ours, scalars go to the host, buffers are used safely."""

import itertools

import pytest
import sympy

from stepsmith.codegen.backends.cupy.printer import Cuda
from stepsmith.codegen.expr.printing import Latex, Python, Text
from stepsmith.codegen.expr.tree import arrange, ranks
from stepsmith.codegen.lower.instructions import schedule
from stepsmith.codegen.lower.program import lower
from stepsmith.codegen.spec.functions import kinds
from tests.conftest import SPECS, rules, spec_of

pytestmark = pytest.mark.fast

EVERYTHING = rules(str(SPECS / "everything.py"))["everything"]


def test_the_coverage_spec_uses_every_function():
    used = {type(node) for step in EVERYTHING.optimizer.steps for node in sympy.preorder_traversal(step.value)}
    assert used >= {sympy.Piecewise, *kinds(lambda row: row.elements)}


def test_adam_is_printed_as_it_is_written():
    program = lower(spec_of("adam").optimizer)
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
    optimizer = spec_of("momentum_ema").optimizer
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


def test_a_state_is_written_in_place_when_nothing_reads_the_old_value():
    plan = schedule(lower(spec_of("adam").optimizer))
    assert plan.commits == ()
    assert len(plan.scratch) == 2


def test_an_old_value_that_is_still_read_is_kept(declare):
    spec = declare(
        'RULE = Optimizer(name="Rule", source="x", state={m: 0, v: 0}, steps=('
        "Step(new(m), v + g), Step(new(v), m - g), Step(new(w), w - lr * m * v)))"
    )
    plan = schedule(lower(spec.optimizer))
    assert {p.out for p in plan.commits} == {"m", "v"}


def test_a_state_that_stays_what_it_is_is_not_copied(declare):
    spec = declare(
        'RULE = Optimizer(name="Rule", source="x", state={m: w, v: 0}, steps=('
        "Step(new(m), m), Step(new(v), m), Step(new(w), new(m) - lr * (v + g))))"
    )
    plan = schedule(lower(spec.optimizer))
    written = [p.out for block in plan.groups for p in block.instructions if p.ufunc != "alias"]
    assert "m" not in written
    assert {p.out for p in plan.commits} == {"v"}  # which another state's value is copied to


def test_latex():
    optimizer = spec_of("adam").optimizer
    spell = Latex(("m", "v"), tuple(step.target.name for step in optimizer.steps))
    texts = [spell(arrange(step.value, ranks(optimizer))) for step in optimizer.steps]
    assert texts[3] == r"\beta_{2} \, v_{t-1} + (1 - \beta_{2}) \, g_{t}^{2}"
    assert texts[6] == r"w_{t-1} - \frac{\eta \, \hat{m}_{t}}{\sqrt{\hat{v}_{t}} + \varepsilon}"


def test_comparisons_that_are_joined_are_choices_one_after_another():
    """SymPy joins them where one equation with a choice is put into the comparison of another, as in a sum."""
    x, y = sympy.symbols("x y", real=True)
    for condition in (
        sympy.And(x > 0, y > 0),
        sympy.Or(x > 0, y > 0),
        sympy.ITE(x > 0, y > 0, y > 1),
        sympy.Not(x > y),
    ):
        text = Text()(arrange(sympy.Piecewise((x, condition), (y, True)), {}))
        for a, b in itertools.product((-2, 0, 1, 3), repeat=2):
            found = eval(text, {"where": lambda test, then, otherwise: then if test else otherwise, "x": a, "y": b})
            assert found == (a if condition.subs({x: a, y: b}) else b)
