"""Whether two rules are one: the statements of the field, all pairs of a family, mutants."""

import json
from dataclasses import replace

import pytest
import sympy

from stepsmith.codegen.compare.compose import Named, named
from stepsmith.codegen.compare.rules import DIFFERENT, EQUIVALENT, compare
from stepsmith.codegen.load import Spec, UsageError
from stepsmith.codegen.result import PROVED, TESTED
from stepsmith.codegen.spec.rules import Optimizer
from stepsmith.codegen.timeouts import COMPARE
from tests.comparisons import TABLE, line
from tests.conftest import SPECS, cli, spec_of, thorough

CHAINER = str(SPECS / "chainer_nesterov.py")


def compared(left: str, right: str, seconds: float = 120):
    return compare(named(left), named(right), seconds)


def result(found, claim: str):
    (one,) = [r for r in found.results if r.claim == claim]
    return one


def settled(found) -> bool:
    """Nothing in it is refuted or undecided, and the generated code said the same."""
    tested = [r for r in found.results if r.claim == "code"]
    return bool(tested) and all(r.status in (PROVED, TESTED) for r in found.results)


# What the libraries do.


def test_momentum_of_torch_and_keras_is_one_while_lr_is_constant():
    found = compared("heavy_ball", "momentum_buffer")
    assert found.verdict == EQUIVALENT
    assert settled(found)
    assert found.conditions == ("lr constant", "lr != 0")
    assert found.statement == "HeavyBall = MomentumBuffer(lr=lr, mu=rho) with b = -v / lr"
    assert "at t = 2 by -rho * (lr[1] - lr[2]) * g[1]" in result(found, "equals MomentumBuffer: needs constant lr").text
    assert found.trace["t"] == "2"


def test_nesterov_of_torch_is_the_lookahead_form():
    found = compared("nesterov_lookahead", "nesterov")
    assert found.verdict == EQUIVALENT
    assert settled(found)
    moved = ("rho constant", "w of NesterovLookahead means w + rho * v")
    assert found.conditions == ("lr constant", *moved, "lr != 0")
    assert compared("nesterov_lookahead", "nesterov_velocity").conditions == moved


@pytest.mark.parametrize("right", ["nesterov", "nesterov_velocity", "nesterov_lookahead"])
def test_nesterov_of_chainer_is_not(right):
    found = compared(CHAINER, right)
    assert found.verdict == DIFFERENT
    assert settled(found)
    assert found.trace["t"] == "1"


@pytest.mark.thorough
def test_the_two_epsilons_of_adam():
    found = compared("adam_eps_hat", "adam")
    assert found.verdict == EQUIVALENT
    assert settled(found)
    assert "eps=eps / sqrt(1 - beta2**t)" in found.statement
    assert result(found, "needs t").text == "no constant hyperparameters of Adam do; eps has to change with t"
    assert "eps=eps * sqrt(1 - beta2**t)" in compared("adam", "adam_eps_hat").statement


@pytest.mark.thorough
def test_nadam_of_keras_is_that_of_torch_with_a_momentum_decay_of_one():
    found = compared("nadam", "nadam_keras", seconds=8)  # that no other does takes longer
    assert found.verdict == EQUIVALENT
    assert found.conditions == ("momentum_decay of NAdam is 1", "eps != 0")
    assert "momentum_decay=1" in found.statement
    assert {"w[1] of NAdamKeras", "w[1] of NAdam"} <= set(found.trace)


def test_adagrad_as_a_mean():
    found = compared("adagrad_rms", "adagrad")
    assert found.verdict == EQUIVALENT
    assert settled(found)
    assert found.statement.endswith("(lr=lr, eps=eps * sqrt(t), initial_accumulator=0) with v = t * s")


def test_an_epsilon_inside_the_root_of_adagrad_is_its_first_value():
    found = compared("adagrad_eps_inside", "adagrad")
    assert found.verdict == EQUIVALENT
    assert found.statement.endswith("eps=0, initial_accumulator=eps + initial_accumulator) with v = v + eps")


def test_decay_through_the_gradient_and_beside_the_step():
    assert compared("l2_decay+sgd", "decoupled_decay+sgd").verdict == EQUIVALENT
    found = compared("l2_decay+adam", "decoupled_decay+adam")
    assert found.verdict == DIFFERENT
    assert settled(found)
    assert compared("decoupled_decay+adam", "adamw").conditions == ("eps != 0",)


def test_the_two_epsilons_of_rmsprop_bound_each_other():
    found = compared("rmsprop", "rmsprop_eps_inside")
    assert found.verdict == DIFFERENT
    assert settled(found)
    bound = result(found, "ratio")
    assert "sqrt(v + eps**2) <= eps + sqrt(v) <= sqrt(2) * sqrt(v + eps**2)" in bound.text


def test_a_rule_that_counts_from_another_number(declare):
    text = 'RULE = Optimizer(name="Ahead", source="x", state={}, steps=(Step(new(w), w - lr * g / (t + 1)),))'
    ahead = declare(text, "ahead")
    now = declare(text.replace("Ahead", "Now").replace("t + 1", "t"), "now")
    found = compare(*(Named(s.optimizer.name, s, (), s.optimizer) for s in (now, ahead)), 30)
    assert found.verdict == EQUIVALENT
    assert settled(found)
    assert found.statement == "Ahead = Now(lr=lr)"
    assert found.conditions == ("t of Now is 1 ahead",)


# All pairs.


ROWS = TABLE.read_text().splitlines()


@pytest.mark.parametrize("row", [*ROWS[::16], *thorough(row for at, row in enumerate(ROWS) if at % 2 == 0 and at % 16)])
def test_pairs_are_what_the_table_says(row):
    """Some pairs of the families that are quick; `python -m tests.comparisons` goes through all of all."""
    left, right, *_ = row.split(" | ")
    found = compared(left, right, COMPARE)
    assert line(found) == row
    assert found.trace or not found.conditions or found.verdict == EQUIVALENT


# Rules that are wrong.


def flipped(rule: Optimizer):
    """`rule` with the sign of one term changed, in every way."""
    for index, step in enumerate(rule.steps):
        terms = sympy.Add.make_args(step.value)
        for term in terms if len(terms) > 1 else ():
            steps = list(rule.steps)
            steps[index] = replace(step, value=step.value - 2 * term)
            yield replace(rule, name=f"{rule.name}Flipped", steps=tuple(steps), claims=())


@pytest.mark.parametrize("key", ["sgd", "sign_sgd", "heavy_ball", *thorough(["momentum_ema", "nesterov"])])
def test_a_flipped_sign_is_found_and_the_generated_code_shows_it(key):
    spec = spec_of(key)
    for number, mutant in enumerate(flipped(spec.optimizer)):
        wrong = Spec(f"{key}_flipped", f"flipped_{key}", SPECS / "flipped.py", "A mutant.", mutant)
        found = compare(Named(key, spec, (), spec.optimizer), Named("flipped", wrong, (), mutant), 60)
        assert found.verdict == DIFFERENT, (number, mutant.steps, found)
        assert settled(found)
        assert {f"w[{found.trace['t']}] of {rule.name}" for rule in (spec.optimizer, mutant)} <= set(found.trace)


# The command.


def test_command():
    run = cli("compare", "heavy_ball", "momentum_buffer")
    assert run.returncode == 0
    assert run.stdout.startswith(
        "equivalent: HeavyBall = MomentumBuffer(lr=lr, mu=rho) with b = -v / lr\n  if lr constant\n"
    )
    run = cli("compare", "sgd", "sign_sgd", "--json")
    assert run.returncode == 1
    found = json.loads(run.stdout)
    assert found["schema"] == 1
    assert found["verdict"] == "different"
    assert found["trace"]["gradients"]
    assert all(r["status"] in ("proved", "tested") for r in found["results"])


@pytest.mark.fast
@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["sgd", "adm"], "did you mean adam"),
        (["sgd", "l2_decay"], "there is no optimizer in it"),
        (["sgd+adam", "sgd"], "more than one optimizer"),
        (["accumulate+sgd", "sgd"], "ends steps early"),
        (["inverse", "sgd"], "neither an optimizer nor a stage"),
        (["nesterov+", "sgd"], "nesterov+: a name is empty; write a rule, and stages around it"),
        (["", "sgd"], "'': a name is empty; write a rule"),
        (["sgd", "yogi/"], "yogi/: it is a family of 2 rules; name one of them: yogi and yogi_uncorrected"),
        (["tests/specs/museum.py", "sgd"], "put the one to be compared into a file of its own"),
    ],
)
def test_misuse(names, message):
    run = cli("compare", *names)
    assert run.returncode == 2
    assert message in run.stderr


def test_stages_are_composed_in_their_order():
    with pytest.raises(UsageError, match="looks at more than one element"):
        named("clip_by_norm+sgd")
    # decay of the gradient before its sign is turned, and after
    first, second = named("l2_decay+maximize+sgd"), named("maximize+l2_decay+sgd")
    assert str(first.rule.steps[-1].value) == "w - lr*(-g - w*weight_decay)"
    assert str(second.rule.steps[-1].value) == "w - lr*(-g + w*weight_decay)"
    assert compare(first, second, 30).verdict == DIFFERENT
