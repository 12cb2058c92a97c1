"""The best hyperparameters on a quadratic: their rate is seen in runs, and no others have a better one."""

import importlib
import random
from dataclasses import replace
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy

from stepsmith.codegen.algebra import reference
from stepsmith.codegen.analysis.proof import prove_claim
from stepsmith.codegen.analysis.stability import linear
from stepsmith.codegen.claims.base import Claim
from stepsmith.codegen.claims.dynamics import Best, contracts, h_max, h_min
from stepsmith.codegen.prove import best as best_module
from stepsmith.codegen.prove.stability import radius
from stepsmith.codegen.report.stability import stability
from tests.conftest import rules, spec_of, thorough


def first(claim: Claim, rule):
    return next(iter(prove_claim(claim, rule)))


RATES = [
    (s, c) for s in rules("sgd", "momentum", "nesterov").values() for c in s.optimizer.claims if isinstance(c, Best)
]
BEST = [(s, c) for s, c in RATES if c.least]
LOW, HIGH = Fraction(1), Fraction(10)


def at_ends(expr: sympy.Expr) -> mpmath.mpf:
    return reference.evaluate(expr, {"h_min": reference.number(LOW), "h_max": reference.number(HIGH)})


@pytest.mark.parametrize(("spec", "claim"), RATES, ids=[f"{spec.key}-{claim.label}" for spec, claim in RATES])
def test_the_generated_code_contracts_by_the_rate_and_by_no_other(spec, claim):
    """Of all curvatures the slowest leaves the rate a step, but for the factor t of a double root."""
    rule = getattr(importlib.import_module(f"stepsmith.numpy.{spec.family}"), spec.optimizer.name)
    curvature = np.linspace(float(LOW), float(HIGH), 91)
    w, steps = np.ones_like(curvature), 600
    opt = rule([w], **{x.name: float(at_ends(value)) for x, value in claim.at.items()})
    for _ in range(steps):
        opt.step([curvature * w])
    assert np.abs(w).max() ** (1 / steps) == pytest.approx(float(at_ends(claim.rate)), rel=0.02)
    # even the curvature between the ends that does worst
    assert np.abs(w).max() <= 10 * steps * float(at_ends(claim.rate)) ** steps


@pytest.mark.parametrize(("spec", "claim"), [*BEST[:2], *thorough(BEST[2:])], ids=[spec.key for spec, _ in BEST])
def test_the_best_hyperparameters_are_no_others_and_their_rate_is_no_other(spec, claim):
    assert first(claim, spec.optimizer).status == "proved"
    wrong = [replace(claim, rate=claim.rate**2)]
    for name, value in claim.at.items():
        wrong += [replace(claim, at={**claim.at, name: value * factor}) for factor in (sympy.Rational(9, 10), 2)]
    # true of these hyperparameters, but others are better
    if len(claim.at) == 1:
        (lr,) = claim.at
        wrong.append(Best({lr: 1 / h_max}, 1 - h_min / h_max))
    for mutant in wrong:
        result = first(mutant, spec.optimizer)
        assert result.status == "refuted"
        assert result.counterexample["rate"]
    if len(claim.at) == 1:
        assert any(name.startswith("rate at") for name in result.counterexample)


@pytest.mark.parametrize(("spec", "claim"), BEST, ids=[spec.key for spec, _ in BEST])
def test_no_random_hyperparameters_beat_the_best(spec, claim):
    model, rng, best = linear(spec.optimizer), random.Random(1), at_ends(claim.rate)
    for number in range(60):
        values = {x.name: Fraction(rng.random()) * (2 if x.name == "lr" else 1) for x in claim.at}
        if number % 2:  # close to the best
            near = {x.name: Fraction(str(at_ends(v))) * Fraction(rng.uniform(0.9, 1.1)) for x, v in claim.at.items()}
            values = near
        assert max(radius(model, {**values, "h": end}) for end in (LOW, HIGH)) >= best - mpmath.mpf("1e-12")


def test_the_best_of_the_heavy_ball_is_not_that_of_nesterov():
    """Its polynomial has another shape."""
    heavy, nesterov = spec_of("heavy_ball").optimizer, spec_of("nesterov").optimizer
    (claim,) = (c for c in heavy.claims if isinstance(c, Best))
    at = dict(zip(nesterov.hypers, claim.at.values(), strict=True))
    result = first(Best(at, claim.rate), nesterov)
    assert result.status == "refuted"
    assert float(result.counterexample["rate"]) > float(result.counterexample["rate claimed"])


def test_what_is_usual_for_nesterov_is_not_the_best():
    nesterov = spec_of("nesterov").optimizer
    best, usual = (c for c in nesterov.claims if isinstance(c, Best))
    assert first(usual, nesterov).status == "proved"
    result = first(replace(usual, least=True), nesterov)
    assert result.status == "refuted"
    assert any(name.startswith("rate at") for name in result.counterexample)
    for wrong in (usual.rate**2, best.rate, usual.rate / 2 + sympy.Rational(1, 2)):
        assert first(replace(usual, rate=wrong), nesterov).status == "refuted"


def test_a_rate_that_holds_at_one_end_alone_is_not_proved():
    """The smallest root, and a learning rate for the other end, contract what is at one end."""
    sgd = spec_of("sgd").optimizer
    (lr,) = (x for x in sgd.hypers if x.name == "lr")
    assert first(contracts({lr: 1 / h_max}, rate=1 - h_min / h_max), sgd).status == "proved"
    assert first(contracts({lr: 1 / h_min}, rate=1 - h_min / h_max), sgd).status == "refuted"
    assert first(contracts({lr: 1 / h_max}, rate=1 - h_min / (2 * h_max)), sgd).status == "refuted"  # not attained


def test_of_a_shape_that_is_not_known_no_best_is_proved():
    """The dampened momentum with true rates: nothing is said of others."""
    rule = spec_of("qhm").optimizer
    buffer = next(c for c in spec_of("momentum_ema").optimizer.claims if isinstance(c, Best))
    own = {x.name: x for x in rule.hypers}
    at = {own[x.name]: value for x, value in buffer.at.items()}
    (nu,) = set(own.values()) - set(at)
    whole = first(contracts({**at, nu: 1}, rate=buffer.rate), rule)
    assert whole.status == "proved"
    result = first(replace(contracts({**at, nu: 1}, rate=buffer.rate), least=True), rule)
    assert result.status != "proved"


@pytest.mark.parametrize("bound", ["best", "made"])
def test_a_bound_from_below_of_the_wrong_polynomial_proves_nothing(monkeypatch, bound):
    nesterov = spec_of("nesterov").optimizer
    claim, _ = (c for c in nesterov.claims if isinstance(c, Best))
    if bound == "best":  # as if the rate of the heavy ball were a bound for Nesterov
        monkeypatch.setattr(best_module.Shape, "best", property(lambda self: (0, 0, claim.rate**2)))
    else:
        true = best_module.shape(linear(nesterov))
        monkeypatch.setattr(best_module, "shape", lambda model: replace(true, kind="ball"))
    assert first(claim, nesterov).status != "proved"


def test_show_derives_the_best_of_what_claims_nothing():
    page = stability(spec_of("adam"))
    assert page.endswith(
        "the best rate is (sqrt(h_max) - sqrt(h_min)) / (sqrt(h_max) + sqrt(h_min)), with lr * (1 - beta1) / (sqrt(v) "
        "+ eps) = 4 / (sqrt(h_max) + sqrt(h_min)) ** 2 and beta1 = (sqrt(h_max) - sqrt(h_min)) ** 2 / (sqrt(h_max) + "
        "sqrt(h_min)) ** 2"
    )
    assert "with lr = 4 / (h_min + 3 * h_max)" in stability(spec_of("nesterov_velocity"))
    assert "best rate" not in stability(spec_of("qhm"))
