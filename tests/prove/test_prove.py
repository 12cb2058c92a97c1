"""prove: true claims are proved for every t, false ones refuted with numbers, the rest is undecided."""

from dataclasses import replace
from functools import cache

import pytest

from stepsmith.codegen.check import check
from stepsmith.codegen.load import catalog
from stepsmith.codegen.prove import prove
from tests.conftest import cli, spec_of
from tests.sample import by_kind

EMA = (
    "Step(new(m), beta * m + (1 - beta) * g), Step(c, 1 - beta**t), "
    "Step(m_hat, new(m) / c), Step(new(w), w - lr * m_hat)"
)


@cache
def results(spec) -> dict:
    check([spec])
    return {result.claim: result for result in prove(spec)}


def average(claims: str, steps: str = EMA, state: str = "{m: 0}") -> str:
    return f'RULE = Optimizer(name="Rule", source="a test", state={state}, steps=({steps},), claims=({claims},))'


@pytest.mark.parametrize("spec", by_kind(catalog(), together=1), indirect=True)
def test_all_claims_of_the_project_are_proved(spec):
    found = list(prove(spec))
    assert found
    for result in found:
        # that a bound is attained may take a run
        assert result.status == "proved" or (result.status, result.claim) == ("tested", "step bound attained"), result
        assert result.method
    assert spec.rule.claims


def test_adam_has_its_series_and_its_bias_corrections():
    found = results(spec_of("adam"))
    assert found["ema m"].text == "m[t] = beta1**t * m[0] + (1 - beta1) * sum(beta1 ** (t - i) * g[i], i=1..t)"
    assert found["weights v"].text == "the weights of v[t] sum to 1 - beta2**t"
    assert found["unbiased m_hat"].text == "E[m_hat[t]] = E[g[t]]"
    assert found["unbiased v_hat"].text == "E[v_hat[t]] = E[g[t]**2]"
    assert found["unbiased v_hat"].assumed == (
        "g[1], g[2], ... identically distributed",
        "beta2 constant",
        "0 <= beta2 < 1",
        "t >= 1",
    )
    assert "(E[g[i]] - E[g[t]])" in found["residual m_hat"].text
    assert found["residual m_hat"].assumed == ("beta1 constant", "0 <= beta1 < 1", "t >= 1")


def test_the_derivation_derives_the_factor():
    found = results(spec_of("adam"))
    lines = [line.text for name in ("unbiased v_hat", "residual v_hat") for line in found[name].derivation]
    assert "sum(beta2 ** (t - i), i=1..t) = (1 - beta2**t) / (1 - beta2)" in lines
    assert "E[v[t]] = E[x] * (1 - beta2**t)" in lines


def test_momentum_forms_are_equal_under_their_conditions():
    found = {}
    for key in ("heavy_ball", "momentum_ema"):
        spec = spec_of(key)
        claims = tuple(claim for claim in spec.optimizer.claims if claim.label == "equals MomentumBuffer")
        found[key] = results(replace(spec, optimizer=replace(spec.optimizer, claims=claims)))
    assert "lr constant" in found["heavy_ball"]["equals MomentumBuffer"].assumed
    assert "lr constant" not in found["momentum_ema"]["equals MomentumBuffer"].assumed
    needed = found["heavy_ball"]["equals MomentumBuffer: needs constant lr"]
    assert needed.text.startswith(
        "if lr changes from step to step, the two differ, at t = 2 by -rho * (lr[1] - lr[2]) * g[1]: "
    )
    assert needed.counterexample["t"] == "2"
    assert needed.counterexample["w[2] of HeavyBall"] != needed.counterexample["w[2] of MomentumBuffer"]


@pytest.mark.parametrize(
    "claims",
    [
        "ema(m, of=g, decay=beta**2)",
        "ema(m, of=2 * g, decay=beta)",
        "ema(m, of=g**2, decay=beta)",
        "series(m, of=g, decay=beta)",
        "series(m, of=g, decay=beta, weight=beta)",
        "unbiased(m_hat, of=2 * g)",
        "unbiased(m_hat, of=g**2)",
        "unbiased(m, of=g)",
        "identity(m_hat, new(m))",
        "identity(m_hat * c, m)",
    ],
)
def test_false_claims_are_refuted_with_numbers(declare, claims):
    statuses = {result.status for result in prove(declare(average(claims)))}
    assert statuses == {"refuted"}
    assert all(result.counterexample for result in prove(declare(average(claims))))


def test_bias_correction_with_the_wrong_exponent_or_start(declare):
    late = EMA.replace("beta**t", "beta**(t + 1)")
    (first, *_) = prove(declare(average("unbiased(m_hat, of=g)", late)))
    assert first.status == "refuted"
    assert first.counterexample["t"] == "1"
    (second, *_) = prove(declare(average("unbiased(m_hat, of=g)", state="{m: 1}"), "started"))
    assert second.status == "refuted"


@pytest.mark.fast
def test_equivalence_without_its_condition_is_refuted_with_a_trace(declare):
    spec = declare(
        "from stepsmith.specs.momentum import MOMENTUM_BUFFER\n"
        'rho = hyper("rho", default="0.9", domain="[0, 1)")\n'
        'RULE = Optimizer(name="Rule", source="a test", state={v: 0}, steps=(\n'
        "    Step(new(v), rho * v - lr * g), Step(new(w), w + new(v))), claims=(\n"
        '    equals(MOMENTUM_BUFFER, hyper={"mu": rho}, state={"b": -v / lr}),))'
    )
    (result,) = (r for r in prove(spec) if r.claim == "equals MomentumBuffer")
    assert result.status == "refuted"
    assert result.counterexample["t"] == "2"
    assert result.counterexample["lr"] == "1, 1/2"


@pytest.mark.fast
@pytest.mark.parametrize("wrong", ['hyper={"mu": beta, "lr": lr}', 'hyper={"mu": 1 - beta, "lr": (1 - beta) * lr}'])
def test_equivalence_with_a_wrong_map_is_refuted(declare, wrong):
    steps = "Step(new(m), beta * m + (1 - beta) * g), Step(new(w), w - lr * new(m))"
    claim = f'equals(MOMENTUM_BUFFER, {wrong}, state={{"b": m / (1 - beta)}}, constant=(beta,))'
    spec = declare("from stepsmith.specs.momentum import MOMENTUM_BUFFER\n" + average(claim, steps))
    (result,) = (r for r in prove(spec) if r.claim == "equals MomentumBuffer")
    assert result.status == "refuted"


@pytest.mark.fast
def test_a_rule_that_moves_without_a_gradient_is_refuted(declare):
    (result,) = prove(
        declare(average("fixed_point()", "Step(new(m), beta * m + g), Step(new(w), w - lr * new(m))", "{m: 1}"))
    )
    assert result.status == "refuted"
    assert result.counterexample["gradients"] == "0"


def test_decoupled_decay_is_no_fixed_point(declare):
    (result,) = prove(declare(average("fixed_point()", "Step(new(w), w - lr * (g + w))", "{}")))
    assert result.status == "refuted"


UNDECIDED = average("identity(m * sqrt(5 + 2 * sqrt(6)), m * (sqrt(2) + sqrt(3)))")


def test_what_no_tactic_closes_is_undecided(declare):
    (result,) = prove(declare(UNDECIDED))
    assert result.status == "undecided"
    assert "no tactic" in result.reason


@pytest.mark.parametrize(
    ("text", "status"), [(average("ema(m, of=g, decay=beta**2)"), "refuted"), (UNDECIDED, "undecided")]
)
def test_refuted_and_undecided_make_verify_fail(declare, tmp_path, text, status):
    declare(text)
    run = cli("verify", "written.py", "--backend", "numpy", cwd=tmp_path)
    assert run.returncode == 1
    assert f"1 {status}" in run.stdout.splitlines()[-1]
