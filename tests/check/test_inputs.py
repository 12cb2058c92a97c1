"""What is wrong with an input or a signal is said, each with its remedy."""

import pytest

from stepsmith.codegen.check import check
from stepsmith.codegen.load import SpecError
from stepsmith.codegen.spec.symbols import given, inputs, signals

DECLARED = 'h = inputs("h"); loss = signals("loss")\n'
DESCENT = "Step(new(w), w - lr * g * h * loss)"


HEAD = 'name="Rule", source="a test"'


def rule(steps, state="{}", more=""):
    return f"{DECLARED}RULE = Optimizer({HEAD}, state={state}, steps=({steps},){more})"


REFUSED = {
    "name of the gradient": (
        f'gg = inputs("g")\nRULE = Optimizer({HEAD}, state={{}}, steps=(Step(new(w), w - lr * gg),))',
        "g is given in every step already",
    ),
    "assigned": (rule(f"Step(h, g), {DESCENT}"), "h is an input and cannot be assigned"),
    "signal assigned": (rule(f"Step(loss, t), {DESCENT}"), "loss is a signal and cannot be assigned"),
    "start of a state": (rule(f"Step(new(m), m + g), {DESCENT}", "{m: h}"), "h is not known before the first step"),
    "where the gradient is taken": (rule(DESCENT, more=", gradient_at=w + h"), "h is not known before the gradient"),
    "not of w": (rule(DESCENT, more=", gradient_at=2 * lr"), "is not a multiple of w plus something"),
    "not a multiple of w": (rule(DESCENT, more=", gradient_at=w**2"), "plus something, which depends on w"),
    "a factor that is a state": (
        rule(f"Step(new(m), m + g), {DESCENT}", "{m: 0}", ", gradient_at=m * w"),
        "plus something, which depends on m",
    ),
    "elsewhere at the start": (
        rule(f"Step(new(m), m + g), {DESCENT}", "{m: 0}", ", gradient_at=(1 - lr) * w + lr * m"),
        "let states start so that it is w there",
    ),
    "ahead at the start": (
        rule(f"Step(new(m), m + g), {DESCENT}", "{m: w}", ", gradient_at=w + lr * m"),
        "let states start so that it is w there",
    ),
    "scalar of an array": (rule(f"Step(c, h), {DESCENT}"), "a scalar cannot be computed from the array h"),
    "read where it may be missing": (
        rule(f"Step(new(m), where(given(h), h, m)), {DESCENT}", "{m: 0}"),
        r"it reads h where a step may be without it",
    ),
    "read in the other case": (
        rule("Step(u, where(given(h), 0, h)), Step(new(w), w - lr * u * loss)"),
        "it reads h where a step may be without it",
    ),
    "another's flag": (
        rule("Step(u, where(given(loss), h, 0)), Step(v, where(given(h), h, 0)), Step(new(w), w - lr * u * v)"),
        "it reads h where a step may be without it",
    ),
    "unused": (
        f"{DECLARED}RULE = Optimizer({HEAD}, state={{}}, steps=(Step(new(w), w - lr * g),))",
        "no rule in written.py uses it",
    ),
    "schedule": (f"{DECLARED}RULE = Schedule({HEAD}, value=loss * t)", "Rule is no rule, and no step"),
    "stage": (f"{DECLARED}RULE = Stage({HEAD}, steps=(Step(new(g), g * h),))", "Rule is no rule, and no step gives it"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_wrong_with_an_input_is_named(what, declare):
    text, fact = REFUSED[what]
    with pytest.raises(SpecError, match=fact):
        check([declare(text)])


def test_what_is_well_formed_passes(declare):
    guarded = "Step(u, where(given(h), h * where(given(loss), loss, 1), m)), Step(new(m), u + m)"
    spec = declare(rule(f"{guarded}, Step(new(w), w - lr * new(m))", "{m: 0}"))
    check([spec])
    assert [s.name for s in spec.optimizer.inputs] == ["h"]
    assert [s.name for s in spec.optimizer.signals] == ["loss", "h_given", "loss_given"]
    assert {s.name for s in spec.optimizer.optional} == {"h", "loss"}


@pytest.mark.parametrize("of", [1, given(inputs("h")).lhs])
def test_only_what_is_given_is_given_or_not(of):
    with pytest.raises(TypeError, match=r"only what inputs\(\) or signals\(\) declares"):
        given(of)
    assert inputs("h") != signals("h")
    assert inputs("a b")[1].name == "b"
