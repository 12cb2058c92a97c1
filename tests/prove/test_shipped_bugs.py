"""The museum: what libraries shipped is refuted by the properties that its sound siblings have, with a counterexample.

The numbers are those of the project's list of shipped bugs. Every entry of it is either a spec in
`tests/specs/museum.py`, or a text below that `check` refuses, or among those that no spec can be, with the reason.
"""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from stepsmith.codegen.analysis.proof import prove_claim
from stepsmith.codegen.check import check
from stepsmith.codegen.claims import equals, monotone
from stepsmith.codegen.load import ROOT, SpecError, load, select
from stepsmith.codegen.prove import prove
from stepsmith.codegen.spec.rules import Stage
from stepsmith.codegen.spec.symbols import new
from tests.conftest import SPECS, cli, rules, started

FILES = [str(SPECS / name) for name in ("museum.py", "museum_stages.py")]

ENTRIES = {
    0: ("optax_adadelta",),
    1: ("chainer_nesterov",),
    2: ("optax_rprop",),
    3: ("thinc_radam",),
    4: ("optax_yogi",),
    6: ("keras_nadam",),
    7: ("optax_adabelief",),
    8: ("torch_amsgrad",),
    12: ("torch_complex",),
    14: ("keras_accumulated",),
    15: ("chainer_weight_decay", "chainer_lasso", "chainer_hard_clipping", "chainer_clipping", "chainer_noise"),
    16: ("counted_twice",),
    18: ("optax_adan",),
    19: ("keras_schedule_free",),
}

CHECKED = {
    9: "torch's capturable Adam divides by the learning rate: no proof, but the check of domains refuses it",
    16: "a step number that a parameter advances: t is given, and check refuses a step that assigns it",
}

NOT_DECLARED = {
    5: "a variance below zero is rounding: over the reals it is proved that there is none; the code is run below",
    10: "an epsilon that vanishes is a property of number types, which a spec does not have",
    17: "two codes of one rule that drifted apart: here both are generated from one spec, and read back",
}

LISTED = {*range(11), 12, *range(14, 20)}  # 11 and 13 are not in the list


@pytest.fixture(scope="module")
def museum() -> dict:
    specs = load(select(FILES))
    check(specs)
    return {spec.key: spec for spec in specs}


def test_every_entry_has_its_place(museum):
    assert set(ENTRIES) | set(CHECKED) | set(NOT_DECLARED) == LISTED
    assert {key for keys in ENTRIES.values() for key in keys} == {s.key for s in museum.values() if s.rule.claims}


def test_each_exhibit_is_refuted_with_a_counterexample(museum, shown):
    rows = []
    for entry, keys in ENTRIES.items():
        for key in keys:
            results = list(prove(museum[key]))
            assert results
            for result in results:
                assert result.status == "refuted", (key, result)
                assert result.counterexample
                rows.append((entry, museum[key].rule.name, result.claim, result.counterexample))
    lines = [f"the museum: {len(rows)} properties of {len({row[1] for row in rows})} rules as they shipped, refuted"]
    for entry, name, claim, example in rows:
        values = ", ".join(f"{k} = {v}" for k, v in example.items())
        lines.append(f"  #{entry:<3} {name:20} {claim:22} {values}")
    shown("\n".join(lines))


@pytest.mark.thorough
def test_verify_tells_the_same(museum):
    """From the command line, where a rule comes with its code: the code computes the rule as it shipped."""
    run = started("verify", *FILES, "--backend", "numpy", "--json")
    assert run.returncode == 1
    results = json.loads(run.stdout)["results"]
    refuted = {(r["spec"], r["claim"]) for r in results if r["status"] == "refuted"}
    claimed = {(s.key, c.label) for s in museum.values() for c in s.rule.claims}
    assert refuted == claimed
    assert not [r for r in results if r["status"] == "undecided"]


def sound(museum) -> dict:
    """Each exhibit's property, of the rule that it should have been."""
    own = {key: spec.rule for key, spec in museum.items()}
    project = {key: spec.optimizer for key, spec in rules().items()}
    nesterov, nadam, belief = own["chainer_nesterov"], project["nadam"], own["optax_adabelief"]
    velocity = next(iter(nesterov.state))
    *before, move = nesterov.steps
    old = replace(move, value=move.value.xreplace({new(velocity): velocity}))
    without = {x: 0 for x in belief.hypers if x.name == "eps_root"}
    return {
        "optax_adadelta": project["adadelta"],
        # equal in the paper's sense, in which v is the old velocity
        "chainer_nesterov": replace(nesterov, steps=(*before, old)),
        "optax_rprop": project["rprop_clamped"],
        "thinc_radam": project["radam"],
        "optax_yogi": project["yogi"],
        "keras_nadam": replace(own["keras_nadam"], claims=(equals(nadam, hyper={"momentum_decay": 1}),)),
        "optax_adabelief": replace(
            belief, steps=tuple(replace(step, value=step.value.xreplace(without)) for step in belief.steps)
        ),
        "torch_amsgrad": replace(
            project["amsgrad"], claims=(equals(project["amsgrad"]), monotone(_state(project["amsgrad"], "v_max")))
        ),
        "torch_complex": project["adam"],
        "keras_accumulated": own["accumulated"],
        "optax_adan": project["adan"],
        "keras_schedule_free": project["schedule_free_adamw_keras"],
    }


def _state(rule, name: str):
    return next(s for s in rule.state if s.name == name)


SOUND = [key for keys in ENTRIES.values() for key in keys if not key.startswith(("chainer_", "counted"))]


@pytest.mark.parametrize("key", [*SOUND, "chainer_nesterov"])
def test_the_same_property_is_proved_of_the_sound_sibling(museum, key):
    rule = sound(museum)[key]
    claims = rule.claims if key in ("keras_nadam", "torch_amsgrad") else museum[key].rule.claims
    for claim in claims:
        assert next(iter(prove_claim(claim, rule))).status == "proved", claim.label


@pytest.mark.fast
def test_the_hooks_are_sound_after_the_scale_is_undone(museum):
    """That is what the project's pipelines do; a hook that is homogeneous in g would not have minded its place."""
    from stepsmith.codegen.claims import commutes
    from stepsmith.specs.pipeline import LOSS_SCALE, MAXIMIZE

    assert next(iter(prove_claim(commutes(LOSS_SCALE), MAXIMIZE))).status == "proved"
    assert all(isinstance(museum[key].rule, Stage) for key in ENTRIES[15])


@pytest.mark.fast
def test_a_division_by_a_learning_rate_that_may_be_zero_is_refused(declare):
    """#9: torch.optim.Adam(capturable=True) divides the denominator by -lr, pytorch#186444."""
    text = (
        "from stepsmith.specs.adam import ADAM, v_hat\nlr, beta1, beta2, eps = ADAM.hypers\n"
        'RULE = Optimizer(name="Rule", source="pytorch#186444", state=ADAM.state, steps=(*ADAM.steps[:-1], '
        "Step(u, (sqrt(v_hat) + eps) / -lr), Step(new(w), w + m_hat / u)))"
    )
    with pytest.raises(
        SpecError, match=r"\(u\): it divides by lr, which is zero at lr = 0\n.*take 0 out of its domain"
    ):
        check([declare(text)])


@pytest.mark.fast
def test_the_step_number_is_not_a_states_to_advance(declare):
    """#16: t is a scalar of the step; whoever counts by parameter has to keep a counter, which is refuted above."""
    text = (
        'RULE = Optimizer(name="Rule", source="x", state={m: 0}, steps=('
        "Step(t, t + 1), Step(new(m), beta * m + g), Step(new(w), w - lr * new(m) / t)))"
    )
    with pytest.raises(SpecError, match="t is given and cannot be assigned"):
        check([declare(text)])


def test_a_variance_that_cannot_be_negative_is_negative_in_floats_and_the_guard_is_needed(declare, tmp_path):
    """#5: optax and torch as they ship, with a constant gradient; the code of the project has the guard."""
    text = (
        "a, variance = arrays('a variance')\nrho = hyper('rho', default='0.99', domain='[0, 1)')\n"
        "eps = hyper('eps', default='1e-8', domain='>= 0')\n"
        'RULE = Optimizer(name="Shipped", source="optax.rmsprop(centered=True) 0.2.8", state={v: 0, a: 0}, steps=('
        "Step(new(v), rho * v + (1 - rho) * g**2), Step(new(a), rho * a + (1 - rho) * g), "
        "Step(variance, new(v) - new(a)**2), Step(new(w), w - lr * g / (sqrt(variance) + eps))), "
        "claims=(nonnegative(v - a**2),))"
    )
    spec = declare(text, "shipped")
    check([spec])
    (result,) = prove(spec)
    assert result.status == "proved"  # over the reals there is nothing to refute
    made = cli("generate", str(spec.path), "--backend", "numpy", "--out", str(tmp_path / "made"))
    assert made.returncode == 0, made.stderr
    program = f"""
import sys
sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT)!r}]
import numpy as np
from stepsmith.numpy import RMSpropCentered
from made.numpy.shipped import Shipped

for rule in (Shipped, RMSpropCentered):
    w = np.zeros(64, np.float32)
    g = np.linspace(0.1, 0.9, 64, dtype=np.float32)
    opt = rule([w], lr=0.01, rho=0.99, eps=1e-8)
    with np.errstate(all="ignore"):
        for _ in range(4000):
            opt.step([g])
    print(bool(np.isnan(w).any()))
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["True", "False"]


def test_what_is_not_declared_has_its_reason():
    for entry, reason in {**CHECKED, **NOT_DECLARED}.items():
        assert entry in LISTED
        assert len(reason.split()) > 5
