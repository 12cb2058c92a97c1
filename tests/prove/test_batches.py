"""Batches: sums and means of any number of parts, their variance, and what steps over parts gain on one over all."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from stepsmith.codegen.analysis.proof import prove_claim
from stepsmith.codegen.claims import additive, averages, batch_variance, drift, max_series, nonnegative, parts_drift
from stepsmith.codegen.replay import checked, replay
from stepsmith.codegen.result import PROVED, REFUTED, UNDECIDED, Result
from stepsmith.codegen.spec import Abs, Max, sign, sqrt
from stepsmith.codegen.spec.rules import Optimizer
from stepsmith.codegen.spec.symbols import hyper, new, where
from stepsmith.numpy import SGD, RMSprop, SignSGD
from stepsmith.specs.adam import ADAM, m_hat, v_hat
from stepsmith.specs.amsgrad import AMSGRAD, AMSGRAD_CORRECTED, v, v_max
from stepsmith.specs.momentum import MOMENTUM_EMA
from stepsmith.specs.rmsprop import RMSPROP
from stepsmith.specs.sgd import SGD as SGD_RULE
from stepsmith.specs.sign import SIGN_SGD
from tests.conftest import thorough
from tests.trial.kit import a, beta, g, late, lr, m, rate, rule, t, tiny, u, w


def of(step, state=None, *steps) -> Optimizer:
    return rule("Rule", state or {}, *steps, (new(w), w - step))


def first(claim, rule) -> Result:
    problems = list(claim.problems(rule))
    assert not problems, problems
    return checked(next(iter(prove_claim(claim, rule))))


EMA = ({m: 0}, (new(m), beta * m + (1 - beta) * g))

TRUE = [
    (batch_variance(), of(lr * g)),
    (batch_variance(), of(lr * g + rate * w)),
    (batch_variance(), of(lr * (g + 1))),
    (batch_variance(), of(lr * new(m), *EMA)),
    (batch_variance(), of(rate * w + 0 * g)),
    (batch_variance(), MOMENTUM_EMA),
    (parts_drift(lr), SGD_RULE),
    (parts_drift(lr * rate), of(lr * rate * g)),
    (parts_drift(lr / t), of(lr / t * g)),
    (parts_drift(0 * lr), of(0 * g)),
    (additive(common=new(v)), RMSPROP),
    (additive(common=v_hat), ADAM),
    (additive(common=new(u)), of(lr * g / (new(u) + tiny), {u: 0}, (new(u), Max(beta * u, Abs(g))))),
    (additive(common=(a, u)), of(lr * g * a / (1 + u), {}, (a, sign(g)), (u, g**2))),
]

FALSE = [
    (batch_variance(), SIGN_SGD),
    (batch_variance(), RMSPROP),
    (batch_variance(), of(lr * g**2)),
    (batch_variance(), of(lr * Abs(g))),
    (batch_variance(), of(lr * g + rate * g**3)),
    (batch_variance(), of(lr * Max(g, 0))),
    (parts_drift(-lr), SGD_RULE),
    (parts_drift(2 * lr), SGD_RULE),
    (parts_drift(lr / t), SGD_RULE),
    (parts_drift(lr), of(lr / t * g)),
    (parts_drift(lr), of(lr * g + rate * w)),
    (parts_drift(lr), of(lr * new(m), *EMA)),
    (parts_drift(lr), of(lr * late(0, 1) * g)),
    (parts_drift(lr), RMSPROP),
    (additive(common=m_hat), ADAM),
    (additive(common=new(v)), of(lr * g**2 / (new(v) + tiny), {v: 0}, (new(v), v + g**2))),
    (additive(common=a), of(lr * (g + a) + rate, {}, (a, 0 * g))),
    (additive(common=a), of(lr * g / (a + u + 1), {}, (a, g**2), (u, Abs(g)))),
    (averages(), of(lr * Abs(g))),
    (additive(), of(lr * (g + 1))),
]

#: As many gradients as there are, by a name that the proof has for something else.
K, g1, n = (hyper(name, default="1", domain="real") for name in ("K", "g1", "n"))
BENT = [
    (claim, of(lr * where(x > 0, g, g**2)))
    for claim, x in itertools.product((batch_variance(), averages(), additive()), (K, g1, n))
]


@pytest.mark.parametrize(("claim", "rule"), TRUE)
def test_what_is_true_is_proved(claim, rule):
    result = first(claim, rule)
    assert result.status == PROVED, result
    assert result.runs > 50


@pytest.mark.parametrize(("claim", "rule"), FALSE)
def test_what_is_false_is_refuted_by_a_run(claim, rule):
    result = first(claim, rule)
    assert result.status == REFUTED, result
    assert result.counterexample


@pytest.mark.parametrize(("claim", "rule"), [*BENT[3:], *thorough(BENT[:3])])
def test_a_hyperparameter_is_not_the_number_of_gradients(claim, rule):
    assert first(claim, rule).status == REFUTED  # it is false at -1


def test_a_name_that_a_claim_means_otherwise_is_said():
    h = hyper("h", default="1", domain="> 0")
    assert [fact for fact, _ in parts_drift(lr * h).problems(of(lr * h * g))] == [
        "drift of parts: h is a name of the rule's own here"
    ]
    assert any("g1 is a name" in fact for fact, _ in drift(lr).problems(of(lr * g1 * g)))


def test_a_rate_that_divides_by_a_hyperparameter_needs_it():
    result = first(parts_drift(lr / K), of(lr / K * g))
    assert result.status == PROVED
    assert "K != 0" in result.assumed
    assert result.runs > 50


def test_what_has_no_value_is_not_shared():
    passed = of(lr * where(v > 0, a, g), {v: 0}, (a, g / v), (new(v), v + g**2))
    assert first(additive(common=a), passed).status == PROVED
    assert first(additive(), passed).status == PROVED


def test_the_line_that_fails_is_shown():
    result = first(parts_drift(lr), of(lr * g * u, {u: 1}, (new(u), u)))  # true, as u stays 1
    assert result.status == UNDECIDED
    assert "w_new - w = -lr * g fails at" in result.reason


@pytest.mark.fast
def test_a_maximum_of_the_weights_starts_anywhere():
    grows = rule("Grows", {}, (new(w), Max(w, lr * g)))
    result = first(max_series(w, of=lr * g, decay=1), grows)
    assert result.status == REFUTED


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_a_batch_of_k_has_one_kth_of_the_variance(size):
    """All batches of a distribution of two values, through the generated code."""

    def variance(count: int) -> float:
        batches = np.array(list(itertools.product([1.0, -2.0], repeat=count)))
        w = np.zeros(len(batches))
        SGD(w, lr=0.1).step(batches.mean(axis=1))
        return w.var()

    assert variance(size) == pytest.approx(variance(1) / size)


@pytest.mark.fast
def test_the_step_of_the_mean_is_the_mean_of_the_steps():
    parts = np.array([1.0, -3.0, 0.5, 7.0, 2.0])
    each, whole = np.zeros(5), np.zeros(1)
    SGD(each, lr=0.3).step(parts)
    SGD(whole, lr=0.3).step(parts.mean(keepdims=True))
    assert whole[0] == pytest.approx(each.mean())
    each, whole = np.zeros(5), np.zeros(1)
    SignSGD(each, lr=0.3).step(parts)
    SignSGD(whole, lr=0.3).step(parts.mean(keepdims=True))
    assert whole[0] != pytest.approx(each.mean())


def test_steps_over_parts_drift_by_the_pairs_of_gradient_and_curvature():
    gradients, curvatures, lr = [1.0, -2.0, 3.0, 0.5], [0.5, 1.0, -1.0, 2.0], 0.01
    w, frozen = np.zeros(1), np.zeros(1)
    moving, still = SGD(w, lr=lr), SGD(frozen, lr=lr)
    for slope, curvature in zip(gradients, curvatures, strict=True):
        moving.step(slope + curvature * w)
        still.step(np.array([slope]))
    exactly = sum(
        lr * gradients[i] * (1 - np.prod([1 - lr * h for h in curvatures[i + 1 :]])) for i in range(len(gradients))
    )
    pairs = sum(lr**2 * gradients[i] * curvatures[j] for i, j in itertools.combinations(range(4), 2))
    assert w[0] - frozen[0] == pytest.approx(exactly, rel=1e-12)
    assert w[0] - frozen[0] == pytest.approx(pairs, rel=0.05)
    assert w[0] - frozen[0] != pytest.approx(pairs, rel=1e-6)


def test_rmsprops_step_is_the_sum_of_parts_over_the_denominator_of_the_batch():
    parts, lr, rho, eps = [1.0, -3.0, 0.5], 0.1, 0.9, 1e-7
    w = np.zeros(1)
    RMSprop(w, lr=lr, rho=rho, eps=eps).step(np.array([sum(parts)]))
    denominator = ((1 - rho) * sum(parts) ** 2) ** 0.5 + eps
    assert w[0] == pytest.approx(sum(-lr * part / denominator for part in parts))


@pytest.mark.fast
def test_what_no_step_gives_is_not_common():
    assert list(additive(common=a).problems(SGD_RULE))
    assert list(additive(common=new(w)).problems(SGD_RULE))
    assert list(parts_drift(lr * g).problems(SGD_RULE))


# The largest second moment.


@pytest.mark.parametrize(
    ("claim", "rule"),
    [
        (max_series(v_max, of=new(v), decay=1), AMSGRAD),
        (max_series(v_max, of=v_hat, decay=1), AMSGRAD_CORRECTED),
        (nonnegative(v_max - v), AMSGRAD),
        (nonnegative(v_max - v_hat), AMSGRAD_CORRECTED),
    ],
)
def test_amsgrad_divides_by_the_largest_second_moment_of_all(claim, rule):
    assert first(claim, rule).status == PROVED


def largest(value, start=0, moment=beta * v + (1 - beta) * g**2, v_start=0) -> Optimizer:
    steps = (new(v), moment), (new(v_max), value), (new(w), w - lr * g / (sqrt(Abs(new(v_max))) + 1))
    return rule("Largest", {v: v_start, v_max: start}, *steps)


def test_a_maximum_of_a_state_needs_its_sign():
    claim, below = max_series(v_max, of=new(v), decay=1), nonnegative(v_max - v)
    assert first(claim, largest(Max(v_max, new(v)))).status == PROVED
    mutants = [
        largest(Max(v_max, new(v)), start=rate),  # a start that no moment reaches
        largest(Max(v_max, v)),  # one step late
        largest(Max(beta * v_max, new(v))),
        largest(new(v)),
        largest(Max(v_max, new(v)), moment=v + g),  # it may be negative
    ]
    assert [first(claim, mutant).status for mutant in mutants] == [REFUTED] * len(mutants)
    assert first(claim, largest(Max(v_max, new(v)), moment=v - g**2)).status == REFUTED
    assert first(claim, largest(Max(v_max, late(0, 1) * new(v)))).status == UNDECIDED
    assert first(below, largest(Max(v_max, new(v)), moment=v + g)).status == PROVED
    for mutant in (largest(Max(v_max, v)), largest(Max(beta * v_max, beta * new(v))), largest(v_max + v)):
        assert first(below, mutant).status == REFUTED


def test_the_replay_finds_what_is_false_by_itself():
    gain = first(parts_drift(lr), SGD_RULE).statement
    shared = first(additive(common=new(v)), RMSPROP).statement
    spread = first(batch_variance(), SGD_RULE).statement
    for false in (
        replace(gain, relation=replace(gain.relation, rate=2 * lr)),
        replace(shared, relation=replace(shared.relation, common=())),
        replace(spread, runs=replace(spread.runs, rule=SIGN_SGD)),
    ):
        assert replay(false).broken
