"""The lecture notes' slips: each rule as printed is refuted with a counterexample, the corrected one is proved.

Most of them stand in specs/ beside the sound rule, as claims.
"""

import importlib
from dataclasses import replace
from fractions import Fraction

import pytest

from stepsmith.codegen.algebra import reference
from stepsmith.codegen.analysis.proof import prove_claim
from stepsmith.codegen.check import check
from stepsmith.codegen.claims.rules import Fails, Slip
from stepsmith.codegen.load import AnySpec, load, select
from stepsmith.codegen.prove import prove
from stepsmith.codegen.replay import checked
from stepsmith.codegen.spec import Abs, sign, sqrt
from stepsmith.codegen.spec.symbols import new
from tests.conftest import spec_of

SETTING = """
from stepsmith.specs.adam import ADAM
from stepsmith.specs.momentum import HEAVY_BALL
from stepsmith.specs.sign import SIGN_SGD
from stepsmith.specs.sgd import SGD
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

SLIPS = {
    "friction with the wrong sign": (
        printed("Step(new(v), -lr * g - rho * v), Step(new(w), w + new(v))", HEAVY, "{v: 0}"),
        printed("Step(new(v), -lr * g + rho * v), Step(new(w), w + new(v))", HEAVY, "{v: 0}"),
    ),
    "w moved by the old velocity": (
        printed("Step(new(v), -lr * g + rho * v), Step(new(w), w + v)", HEAVY, "{v: 0}"),
        printed("Step(new(v), -lr * g + rho * v), Step(new(w), w + new(v))", HEAVY, "{v: 0}"),
    ),
}


@pytest.mark.fast
@pytest.mark.parametrize("name", SLIPS)
def test_as_printed_it_is_refuted_and_corrected_it_is_proved(declare, name):
    as_printed, corrected = SLIPS[name]
    refuted = only(declare(as_printed, "printed"))
    assert refuted.status == "refuted"
    assert refuted.counterexample
    assert only(declare(corrected, "corrected")).status == "proved"


# what is false of a slip, and no claim of the rule that it stands beside: why
NO_CLAIM = {
    ("AdagradEpsAsPrinted", "first step"): "the sound rule leaves epsilon open",
    ("AdagradBracketOutside", "units"): "sigma is a state there",
    ("RMSpropAsQuotient", "equals SignSGD"): "RMSprop is SignSGD only without averages",
}


def slips() -> list[tuple[AnySpec, Slip]]:
    everything = load(select([]))
    return [(spec, c) for spec in everything for c in spec.rule.claims if isinstance(c, Slip)]


@pytest.mark.fast
def test_what_is_false_of_a_slip_is_said_of_the_sound_rule_beside_it():
    false = [(spec, c.rule.name, c.claim.claim) for spec, c in slips() if isinstance(c.claim, Fails)]
    others = {(name, inner.label) for spec, name, inner in false if inner not in spec.rule.claims}
    assert others == NO_CLAIM.keys()
    assert {name for _, name, _ in false} == {c.rule.name for _, c in slips()}


@pytest.mark.parametrize(
    "key", ["adagrad", "adagrad_rms", "amsgrad_uncorrected", "heavy_ball", "momentum_ema", "rmsprop", "sgd"]
)
def test_what_is_said_of_slips_is_proved_and_what_fails_has_a_counterexample(key):
    (spec,) = load(select([key]))
    check([spec])
    said = [claim for claim in spec.rule.claims if isinstance(claim, Slip)]
    results = [r for claim in said for r in map(checked, prove_claim(claim, spec.rule))]
    assert {r.status for r in results} == {"proved"}
    assert {bool(r.counterexample) for r in results if ": not " in r.claim} == {True}
    assert all(r.claim.startswith("slip ") for r in results)


# a slip by the entry that it stands beside, with a step of it as it should be
MENDED = {
    "sgd": ("sgd", "w_new", lambda of: of.w - of.lr * of.g),
    "momentum_ema": ("momentum", "w_new", lambda of: of.w - of.lr * new(of.m)),
    "adagrad_rms": ("adagrad", "sigma", lambda of: sqrt(new(of.v) / of.t)),
    "rmsprop": ("rmsprop", "u", lambda of: Abs(of.g)),
    "sign_sgd": ("sign", "w_new", lambda of: of.w - of.lr * sign(of.g)),
    "adam": ("adam", "first_new", lambda of: of.g),
}


@pytest.mark.parametrize("key", MENDED)
def test_mended_a_slip_is_none(key):
    """With the step as it should be, what is said to fail of the slip holds, so that the claim is refuted."""
    family, target, value = MENDED[key]
    (spec,) = load(select([key]))
    claim = next(c for c in spec.rule.claims if isinstance(c, Slip) and isinstance(c.claim, Fails))
    right = value(importlib.import_module(f"stepsmith.specs.{family}"))
    steps = (replace(s, value=right) if str(s.target) == target else s for s in claim.rule.steps)
    (result, *_) = prove_claim(replace(claim, rule=replace(claim.rule, steps=tuple(steps))), spec.rule)
    assert result.status == "refuted"


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


@pytest.mark.fast
def test_the_first_steps_without_bias_correction_are_large_because_the_betas_are_near_one():
    optimizer = spec_of("adam_uncorrected").optimizer

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


@pytest.mark.fast
def test_ten_to_the_minus_eight_is_not_10e_minus_8():
    assert Fraction("10e-8") == Fraction("1e-7") != Fraction("1e-8")


def test_adadelta_started_at_one_is_another_rule_than_the_papers():
    found = {result.claim: result for result in prove(spec_of("adadelta_unit_start"))}
    assert found["not equals Adadelta"].status == "proved"
    assert found["not equals Adadelta"].counterexample
