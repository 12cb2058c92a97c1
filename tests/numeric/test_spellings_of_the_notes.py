"""Rules in the spellings of the lecture notes, held against the rules beside them by the generated code."""

import numpy as np
import pytest

from stepsmith.codegen.check import check
from stepsmith.codegen.load import SpecError
from stepsmith.codegen.prove import prove
from stepsmith.numpy import (
    Adadelta,
    AdadeltaUnitFirst,
    AdadeltaUnitStart,
    AdamEpsInside,
    AdamUncorrected,
    AdamUncorrectedEpsInside,
    RMSpropEpsInside,
    Rprop,
    SignSGD,
)
from tests.conftest import spec_of

pytestmark = pytest.mark.fast

GRADIENTS = np.random.default_rng(4).normal(size=(40, 5))
TOLERANCE = {"rel": 1e-12, "abs": 1e-15}


def trajectory(rule, gradients=GRADIENTS, state=None, **hyper):
    w = np.zeros_like(gradients[0])
    opt, found = rule(w, **hyper), []
    for g in gradients:
        opt.step(g)
        found.append(opt.state_dict()[f"{rule.__name__}.{state}"].copy() if state else w.copy())
    return np.array(found)


def test_adam_as_averages_alone_is_the_rules_beside_it_at_their_ends():
    betas = {"lr": 0.01, "beta1": 0.8, "beta2": 0.95}
    ours = trajectory(AdamUncorrectedEpsInside, **betas, eps=0)
    assert ours == pytest.approx(trajectory(AdamUncorrected, **betas, eps=0), **TOLERANCE)
    ours = trajectory(AdamUncorrectedEpsInside, lr=0.01, beta1=0, beta2=0.95, eps=0.1)
    theirs = trajectory(RMSpropEpsInside, lr=0.01, rho=0.95, eps=0.1, initial_accumulator=0)
    assert ours == pytest.approx(theirs, **TOLERANCE)
    ours = trajectory(AdamUncorrectedEpsInside, **betas, eps=0.1)
    corrected = {"lr": lambda t: 0.01 * (1 - 0.8**t) / np.sqrt(1 - 0.95**t), "eps": lambda t: 0.1 / (1 - 0.95**t)}
    theirs = trajectory(AdamEpsInside, **{**betas, **corrected})
    assert ours == pytest.approx(theirs, **TOLERANCE)


def test_the_first_steps_of_adam_as_averages_are_larger():
    ratios = []
    for eps in (0, 1e-8):
        first = trajectory(AdamUncorrectedEpsInside, np.ones((1, 1)), lr=1.0, eps=eps)
        ratios.append(first.item() / trajectory(AdamEpsInside, np.ones((1, 1)), lr=1.0, eps=eps).item())
    assert ratios == pytest.approx([3.1623, 3.1623], abs=1e-4)  # (1 - beta1) / sqrt(1 - beta2)


def test_the_two_readings_of_adadelta_part_after_the_first_step_by_what_is_left_of_the_start():
    rho, eps = 0.9, 1e-6
    start, first = (trajectory(rule, rho=rho, eps=eps) for rule in (AdadeltaUnitStart, AdadeltaUnitFirst))
    assert start[0] == pytest.approx(first[0], **TOLERANCE)
    assert np.abs(start[1] - first[1]).min() > 1e-3
    gaps = [trajectory(rule, state="d", rho=rho, eps=eps)[0] for rule in (AdadeltaUnitStart, AdadeltaUnitFirst)]
    assert gaps[0] - gaps[1] == pytest.approx(rho * (1 - eps))
    assert np.abs(first[0] / trajectory(Adadelta, rho=rho, eps=eps)[0]) == pytest.approx(1 / np.sqrt(eps))


def test_rprop_without_adjusting_is_the_sign_step():
    ours = trajectory(Rprop, lr=0.01, grow=1, shrink=1)
    assert ours.tolist() == trajectory(SignSGD, lr=0.01).tolist()
    assert trajectory(Rprop, lr=0.01).tolist() != ours.tolist()


def test_a_gradient_of_zero_shrinks_the_step_of_rprop():
    lengths = trajectory(Rprop, np.array([[1.0], [1.0], [0.0], [1.0]]), state="a", lr=1.0)
    assert lengths.ravel() == pytest.approx([1, 1.2, 0.72, 0.432])


@pytest.mark.parametrize(
    ("mutant", "status"),
    [("w - lr * a * sign(g)", "proved"), ("w - 2 * lr * a * sign(g)", "refuted"), ("w - lr * a * g", "refuted")],
)
def test_a_state_that_no_step_changes_is_what_it_starts_at(declare, mutant, status):
    spec = declare(
        "from stepsmith.specs.sign import SIGN_SGD\n"
        'a = arrays("a")\nlr = hyper("lr", default="0.1", domain=">= 0")\n'
        'grow = hyper("grow", default="2", domain=">= 1")\n'
        'RULE = Optimizer(name="Rule", source="a test", state={a: 1}, steps=(Step(new(a), a * grow), '
        f"Step(new(w), {mutant})), claims=(reduces_to(SIGN_SGD, {{grow: 1}}),))",
        "resting",
    )
    assert next(r.status for r in prove(spec)) == status


def test_two_rules_that_part_late_have_no_gap_in_the_second_step(declare):
    text = """
d = hyper("d", default="1", domain="> 0")
_PLAIN = Optimizer(name="Plain", source="s", state={}, steps=(Step(new(w), w - lr * g),))
LATE = Optimizer(
    name="Late", source="s", state={v: d},
    steps=(Step(new(v), v), Step(new(w), w - lr * g * where(t > 2, v / d, 1))),
    claims=(equals(_PLAIN, constant=(d,)),),
)
"""
    same, needed = prove(declare(text))
    assert same.status == needed.status == "proved"
    assert "at t = 2" not in needed.text


def test_what_is_fixed_is_not_fixed_at_what_is_fixed(declare):
    text = """
d, e = (hyper(name, default="1", domain="> 0") for name in "de")
_PLAIN = Optimizer(name="Plain", source="s", state={}, steps=(Step(new(w), w - lr * g),))
SCALED = Optimizer(
    name="Scaled", source="s", state={}, steps=(Step(new(w), w - lr * g * d / e),),
    claims=(reduces_to(_PLAIN, {d: e, e: 2}),),
)
"""
    with pytest.raises(SpecError, match=r"d depends on e\n.*write it with lr"):
        check([declare(text)])


def test_what_else_is_said_of_rprop_holds_without_adjusting_too():
    found = {result.claim: result.status for result in prove(spec_of("rprop"))}
    assert found["equals SignSGD"] == found["equals SignSGD: needs constant lr"] == "proved"
    assert set(found.values()) == {"proved"}
