"""The lecture notes' slips: each rule as printed is refuted with a counterexample, the corrected one is proved."""

from fractions import Fraction

import pytest

from codegen import reference
from codegen.prove import prove
from tests.conftest import rules

SETTING = """
from specs.adam import ADAM
from specs.momentum import HEAVY_BALL
from specs.sign import SIGN_SGD
from specs.sgd import SGD
a, d, first = arrays("a d first")
rho = hyper("rho", default="0.9", domain="[0, 1)")
eps = hyper("eps", default="1e-8", domain=">= 0")
wd = hyper("wd", default="0.1", domain=">= 0")
"""


def only(spec):
    (result, *_) = prove(spec)
    return result


def printed(steps: str, claim: str, state: str = "{}") -> str:
    return f'{SETTING}RULE = Optimizer(name="Rule", source="x", state={state}, steps=({steps},), claims=({claim},))'


HEAVY = "equals(HEAVY_BALL)"
LOSS = 'scales({"lr": w / g})'

SLIPS = {
    "friction with the wrong sign": (
        printed("Step(new(v), -lr * g - rho * v), Step(new(w), w + new(v))", HEAVY, "{v: 0}"),
        printed("Step(new(v), -lr * g + rho * v), Step(new(w), w + new(v))", HEAVY, "{v: 0}"),
    ),
    "w moved by the old velocity": (
        printed("Step(new(v), -lr * g + rho * v), Step(new(w), w + v)", HEAVY, "{v: 0}"),
        printed("Step(new(v), -lr * g + rho * v), Step(new(w), w + new(v))", HEAVY, "{v: 0}"),
    ),
    "momentum that climbs": (
        printed("Step(new(v), rho * v + (1 - rho) * g), Step(new(w), w + lr * new(v))", "descends()", "{v: 0}"),
        printed("Step(new(v), rho * v + (1 - rho) * g), Step(new(w), w - lr * new(v))", "descends()", "{v: 0}"),
    ),
    "the first gradient in place of the current one": (
        printed(
            "Step(new(first), where(t > 1, first, g)), Step(new(m), beta * m + (1 - beta) * new(first)), "
            "Step(new(w), w - lr * new(m))",
            "ema(m, of=g, decay=beta)",
            "{m: 0, first: 0}",
        ),
        printed(
            "Step(new(m), beta * m + (1 - beta) * g), Step(new(w), w - lr * new(m))",
            "ema(m, of=g, decay=beta)",
            "{m: 0}",
        ),
    ),
    # a loss has the unit of a gradient times a weight
    "the loss in place of its gradient": (
        printed("Step(new(w), w - lr * (g * w))", LOSS),
        printed("Step(new(w), w - lr * g)", LOSS),
    ),
    "the gradient divided by itself, not by its absolute value": (
        printed("Step(new(w), w - lr * g / g)", "equals(SIGN_SGD)"),
        printed("Step(new(w), w - lr * g / Abs(g))", "equals(SIGN_SGD)"),
    ),
    "the sign of the weight in place of the gradient's": (
        printed("Step(new(w), w - lr * sign(w) + 0 * g)", "equals(SIGN_SGD)"),
        printed("Step(new(w), w - lr * sign(g))", "equals(SIGN_SGD)"),
    ),
    "weight decay as a falling learning rate": (
        printed("Step(new(w), w - lr * wd * w - lr * g)", 'equals(SGD, hyper={"lr": lr / (1 + wd * t)})'),
        printed("Step(new(w), w - lr * wd * w - lr * g)", "identity(new(w), w - lr * (g + wd * w))"),
    ),
}


@pytest.mark.parametrize("name", SLIPS)
def test_as_printed_it_is_refuted_and_corrected_it_is_proved(declare, name):
    as_printed, corrected = SLIPS[name]
    refuted = only(declare(as_printed, "printed"))
    assert refuted.status == "refuted"
    assert refuted.counterexample
    assert only(declare(corrected, "corrected")).status == "proved"


def test_decay_through_the_gradient_is_decay_of_the_weights_for_sgd_and_not_for_adam(declare):
    for base, expected in (("SGD", "proved"), ("ADAM", "refuted")):
        coupled = f"tuple(Step(s.target, s.value.xreplace({{g: g + wd * w}}), s.note) for s in {base}.steps)"
        decay = "s.value - lr * wd * w if s.target == new(w) else s.value"
        decayed = f"tuple(Step(s.target, {decay}) for s in {base}.steps)"
        text = (
            f"{SETTING}lr = {base}.hypers[0]\n"
            f'DECOUPLED = Optimizer(name="Decoupled", source="x", state={base}.state, steps={decayed})\n'
            f'RULE = Optimizer(name="Rule", source="x", state={base}.state, steps={coupled}, '
            "claims=(equals(DECOUPLED),))"
        )
        assert only(declare(text, f"decay_{base.lower()}")).status == expected


def test_the_first_steps_without_bias_correction_are_large_because_the_betas_are_near_one():
    optimizer = rules("adam_uncorrected")["adam_uncorrected"].optimizer

    def first(beta1: str, beta2: str) -> float:
        hyper = {"lr": 1, "beta1": beta1, "beta2": beta2, "eps": 0}
        (values,) = reference.run(optimizer, [1], lambda t: hyper)
        return float(-values["w"])

    assert first("0.9", "0.999") == pytest.approx(3.1623, abs=1e-4)  # (1 - beta1) / sqrt(1 - beta2)
    assert first("0.09", "0.0999") < 1  # small betas make it small, not large as the note has it


def test_yogis_second_moment_with_the_sign_turned_round_becomes_negative(declare):
    for turned, expected in (("v - g**2", "proved"), ("g**2 - v", "refuted")):
        moment = f"Step(new(v), v - (1 - beta2) * sign({turned}) * g**2)"
        steps = f"{moment}, Step(new(w), w - lr * g / (new(v) ** 2 + 1))"
        assert only(declare(printed(steps, "nonnegative(v)", "{v: 0}"))).status == expected


def test_ten_to_the_minus_eight_is_not_10e_minus_8():
    assert Fraction("10e-8") == Fraction("1e-7") != Fraction("1e-8")


def test_adadelta_started_at_one_is_another_rule_than_the_papers():
    found = {result.claim: result for result in prove(rules("adadelta_unit_start")["adadelta_unit_start"])}
    assert found["not equals Adadelta"].status == "proved"
    assert found["not equals Adadelta"].counterexample
