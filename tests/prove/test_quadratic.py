"""Rates, noise and roots on a quadratic: what the claims say is seen in runs of generated code."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import sympy

from stepsmith.codegen.algebra import exact
from stepsmith.codegen.analysis.proof import prove_claim
from stepsmith.codegen.check import check
from stepsmith.codegen.claims import identity
from stepsmith.codegen.claims.dynamics import (
    Damping,
    OfRate,
    damping,
    follows,
    h,
    noise_floor,
    quiet,
    regimes,
    sigma,
    stable,
)
from stepsmith.codegen.claims.rules import Fails, Identity, Scales
from stepsmith.codegen.load import SpecError
from stepsmith.codegen.prove import prove
from stepsmith.codegen.replay import checked, replay
from stepsmith.codegen.result import PROVED, REFUTED, UNDECIDED
from stepsmith.codegen.spec import sign, sqrt
from stepsmith.codegen.spec.symbols import hyper, new, where
from stepsmith.codegen.statement.motion import Quiets
from stepsmith.numpy import SGD, Adagrad, HeavyBall, MomentumBuffer, MomentumEMA, NesterovVelocity
from tests.conftest import spec_of
from tests.trial.kit import beta, cap, eps, g, gain, m, mu, rate, rule, shift, t, u, v, w


def results(claim, about) -> dict:
    return {result.claim: checked(result) for result in prove_claim(claim, about)}


def first(claim, about):
    return next(iter(results(claim, about).values()))


@cache
def said(key: str) -> dict:
    """The results of a rule of the project, those of the kinds that are looked at here."""
    spec = spec_of(key)
    few = tuple(c for c in spec.optimizer.claims if isinstance(c, Identity | Scales | Fails | Damping | OfRate))
    return {result.claim: result for result in prove(replace(spec, optimizer=replace(spec.optimizer, claims=few)))}


def stepped(optimizer, w, gradient, steps: int) -> np.ndarray:
    """`w` before the first step and after each."""
    found = [w.copy()]
    for _ in range(steps):
        optimizer.step(gradient(w.copy()))
        found.append(w.copy())
    return np.array(found)


PLAIN = rule("Plain", {}, (new(w), w - rate * g))
BALL = rule("Ball", {m: 0}, (new(m), beta * m + g), (new(w), w - rate * new(m)))
MEAN = rule("Mean", {m: 0}, (new(m), beta * m + (1 - beta) * g), (new(w), w - rate * new(m)))
SCALED = rule("Scaled", {v: 0}, (new(v), v + g**2), (new(w), w - rate * g / (sqrt(new(v)) + eps)))


# What a learning rate does.


@pytest.mark.parametrize(("share", "after_20"), [(0.01, 0.334), (1, 0), (1.9, 0.0074), (2, 0.5), (2.1, 22.6)])
def test_the_loss_after_twenty_steps(share, after_20):
    _, loss = said("sgd")["contraction"].statement.relation.parts
    start = {"w_new": exact.number(1)}
    right = loss.right.replace(lambda e: e.func.__name__ == "at", lambda e: e.args[0])
    claimed = exact.evaluate(right, {**start, "h": exact.number(1), "lr": exact.number(str(share)), "t": 20})
    w = np.ones(1)
    (last,) = stepped(SGD(w, lr=share), w, lambda w: w, 20)[-1]
    assert float(claimed) == pytest.approx(last**2 / 2, rel=1e-9, abs=1e-30)
    assert float(claimed) == pytest.approx(after_20, rel=3e-3, abs=1e-12)


@pytest.mark.parametrize("curvature", [0.25, 1, 8])
def test_the_regimes_in_runs(curvature):
    found = {claim: r for claim, r in said("sgd").items() if claim.startswith("regime")}
    assert {r.status for r in found.values()} == {PROVED}
    assert all(r.runs for r in found.values())
    assert list(found) == [f"regime {name}" for name in ("falls", "lands", "oscillates", "cycles", "diverges")]

    def run(share: float) -> np.ndarray:
        w = np.ones(1)
        return stepped(SGD(w, lr=share / curvature), w, lambda w: curvature * w, 12)[:, 0]

    assert (np.diff(run(0.3)) < 0).all()
    assert (run(0.3) > 0).all()
    assert (run(1)[1:] == 0).all()
    signs = (-1.0) ** np.arange(13)
    assert (run(1.5) * signs > 0).all()
    assert (np.diff(abs(run(1.5))) < 0).all()
    assert (run(2) == signs).all()
    assert (run(2.5) * signs > 0).all()
    assert (np.diff(abs(run(2.5))) > 0).all()


WRONG_REGIMES = {
    "lands too early": (PLAIN, 1 / (2 * h), 2 / h),
    "lands too late": (PLAIN, 2 / h, 4 / h),
    "cycles too late": (PLAIN, 1 / h, 3 / h),
    "twice the step": (rule("Twice", {}, (new(w), w - 2 * rate * g)), 1 / h, 2 / h),
    "up": (rule("Up", {}, (new(w), w + rate * g)), 1 / h, 2 / h),
    "decay beside it": (rule("Decay", {}, (new(w), w - rate * (g + w))), 1 / h, 2 / h),
    "a root of the rate": (rule("Root", {}, (new(w), w - sqrt(rate) * g)), 1 / h, 2 / h),
    "momentum": (BALL, 1 / h, 2 / h),
    "later other steps": (rule("Late", {}, (new(w), w - where(t > 3, 2, 1) * rate * g)), 1 / h, 2 / h),
    "a scale": (SCALED, 1 / h, 2 / h),
}


@pytest.mark.parametrize("name", WRONG_REGIMES)
def test_wrong_regimes_are_refuted(name):
    about, lands, cycles = WRONG_REGIMES[name]
    found = results(regimes(rate, lands=lands, cycles=cycles), about)
    # what w is multiplied by does not depend on what is claimed of it
    regime = [r.status for claim, r in found.items() if claim != "contraction"]
    assert PROVED not in regime
    assert REFUTED in regime
    assert not {r.status for r in found.values()} - {PROVED, REFUTED, UNDECIDED}


def test_regimes_with_decay():
    decayed = rule("Decay", {}, (new(w), w - rate * (g + cap * w)))
    found = results(regimes(rate, lands=1 / (h + cap), cycles=2 / (h + cap)), decayed)
    assert {r.status for r in found.values()} == {PROVED}
    shared = rule("Shared", {}, (new(w), w - rate * (1 - beta) * g))
    found = results(regimes(rate, lands=1 / ((1 - beta) * h), cycles=2 / ((1 - beta) * h)), shared)
    assert {r.status for r in found.values()} == {PROVED}


def test_a_rate_that_the_rule_has_not_is_a_mistake(declare):
    with pytest.raises(SpecError, match="no hyperparameter other"):
        check(
            [
                declare(
                    "from stepsmith.codegen.claims.dynamics import regimes, h\n"
                    'other = hyper("other", default="1", domain="> 0")\n'
                    'RULE = Optimizer(name="Rule", source="x", state={}, steps=(Step(new(w), w - lr * g),), '
                    "claims=(regimes(other, lands=1 / h, cycles=2 / h),))"
                )
            ]
        )


# The best step.


@pytest.mark.parametrize("curvature", [0.1, 1, 30])
def test_the_best_step_is_first_over_second_derivative(curvature):
    w = np.array([5.0])
    stepped(SGD(w, lr=1 / curvature), w, lambda w: curvature * (w - 2), 1)
    assert w[0] == pytest.approx(2)
    assert said("sgd")["identity w_new"].status == PROVED


def test_adagrads_steps_do_not_depend_on_the_curvature():
    runs = []
    for curvature in (0.1, 1, 30):
        w = np.array([5.0])
        runs.append(stepped(Adagrad(w, lr=0.5, eps=1e-30), w, lambda w, c=curvature: c * (w - 2), 20))
    assert np.allclose(runs, runs[0])
    found = said("adagrad")
    assert found["units"].status == found["identity v_new"].status == PROVED


# What the step before leaves.


@pytest.mark.parametrize(
    ("optimizer", "left"),
    [
        (SGD, 0),
        (HeavyBall, -0.1 * 0.9),
        (MomentumBuffer, -0.1 * 0.9),
        (MomentumEMA, -0.1 * 0.1 * 0.9),
        (NesterovVelocity, -0.1 * 0.9**2),
    ],
)
def test_momentum_moves_on_where_the_gradient_is_zero(optimizer, left):
    w = np.zeros(1)
    opt = optimizer(w, lr=0.1)
    opt.step(np.ones(1))
    before = w.copy()
    opt.step(np.zeros(1))
    assert w - before == pytest.approx(left)


@pytest.mark.parametrize("key", ["sgd", "momentum_buffer", "heavy_ball", "momentum_ema", "qhm", "nesterov"])
def test_what_it_moves_where_the_gradient_is_zero_is_proved(key):
    assert said(key)["identity -w + w_new"].status == PROVED


def test_another_move_is_refuted():
    assert first(identity(new(w) - w, -rate * m, given={g: 0}), BALL).status == REFUTED
    assert first(identity(new(w) - w, 0, given={g: 0}), BALL).status == REFUTED
    assert first(identity(new(w) - w, -rate * beta * m, given={g: 0}), BALL).status == PROVED


# Roots.


@pytest.mark.parametrize(
    ("about", "product", "status"),
    [
        (BALL, beta, PROVED),
        (MEAN, beta, PROVED),
        (PLAIN, 1 - rate * h, PROVED),
        (BALL, beta * (1 - rate * h), REFUTED),
        (BALL, beta**2, REFUTED),
        (PLAIN, 1, REFUTED),
        (SCALED, 1 - rate * h / (sqrt(v) + eps), PROVED),
        (SCALED, 1 - rate * h, REFUTED),
    ],
)
def test_the_product_of_the_roots(about, product, status):
    assert first(damping(product), about).status == status


def test_nesterov_overshoots_less():
    assert said("nesterov_velocity")["damping"].status == said("heavy_ball")["damping"].status == PROVED
    lowest = {}
    for optimizer in (HeavyBall, NesterovVelocity):
        w = np.ones(1)
        lowest[optimizer] = stepped(optimizer(w, lr=0.1, rho=0.9), w, lambda w: w, 200).min()
    assert lowest[HeavyBall] == pytest.approx(-0.604, abs=1e-3)
    assert lowest[NesterovVelocity] == pytest.approx(-0.394, abs=1e-3)


# Noise.


@pytest.mark.parametrize(
    ("key", "optimizer", "more"),
    [
        ("sgd", SGD, {}),
        ("heavy_ball", HeavyBall, {"rho": 0.5}),
        ("momentum_ema", MomentumEMA, {"beta": 0.5}),
        ("nesterov_velocity", NesterovVelocity, {"rho": 0.5}),
    ],
)
def test_the_noise_floor_in_many_runs(key, optimizer, more):
    result = said(key)["noise floor"]
    assert result.status == PROVED
    assert result.runs
    values = {"lr": "0.1", "h": 1, "sigma": 1, **{name: str(value) for name, value in more.items()}}
    value = exact.evaluate(result.statement.relation.value, {n: exact.number(v) for n, v in values.items()})
    w, noise = np.ones(40_000), np.random.default_rng(7)
    last = stepped(optimizer(w, lr=0.1, **more), w, lambda w: w + noise.standard_normal(w.shape), 150)[-1]
    assert np.mean(last**2) == pytest.approx(float(value), rel=0.04)


def test_the_floor_of_sgd_and_what_one_run_shows_of_it():
    """At lr = 0.1 it is 1 / 19; what a single run shows scatters around it."""
    relation = said("sgd")["noise floor"].statement.relation
    values = {n: exact.number(v) for n, v in {"lr": "0.1", "h": 1, "sigma": 1}.items()}
    assert exact.evaluate(relation.value, values) == exact.number("1") / 19
    seen = []
    for seed in range(12):
        w, noise = np.ones(1), np.random.default_rng(seed)
        run = stepped(SGD(w, lr=0.1), w, lambda w, n=noise: w + n.standard_normal(1), 2000)
        seen.append(run[1000:].var())
    assert min(seen) < 0.05
    assert max(seen) > 0.055
    assert np.mean(seen) == pytest.approx(1 / 19, rel=0.1)


FLOOR = rate * sigma**2 / (h * (2 - rate * h))
BALL_FLOOR = rate * sigma**2 * (1 + beta) / (h * (1 - beta) * (2 * (1 + beta) - rate * h))


@pytest.mark.parametrize(
    ("about", "value", "status"),
    [
        (PLAIN, FLOOR, PROVED),
        (PLAIN, FLOOR / 2, REFUTED),
        (PLAIN, rate * sigma**2 / (2 * h), REFUTED),
        (PLAIN, 0, REFUTED),
        (rule("Twice", {}, (new(w), w - 2 * rate * g)), FLOOR, REFUTED),
        (rule("Kept", {}, (new(w), w - rate * g - rate * w)), FLOOR, REFUTED),
        (BALL, BALL_FLOOR, PROVED),
        (BALL, FLOOR, REFUTED),
        (BALL, FLOOR / (1 - beta), REFUTED),
        (MEAN, BALL_FLOOR, REFUTED),
        (SCALED, FLOOR, UNDECIDED),
        (rule("Shifted", {}, (new(w), w - rate * g + cap)), FLOOR, UNDECIDED),
        (rule("Odd", {}, (new(w), w - rate * sign(g))), FLOOR, UNDECIDED),
        (rule("Late", {}, (new(w), w - where(t > 3, 2, 1) * rate * g)), FLOOR, UNDECIDED),
    ],
)
def test_a_noise_floor(about, value, status):
    assert first(noise_floor(value, of=rate), about).status == status


def test_noise_vanishes_exactly_if_the_rate_does_and_its_sum_diverges():
    assert first(quiet(rate), PLAIN).status == PROVED
    # a domain that ends at one
    assert first(quiet(mu), rule("Share", {}, (new(w), w - mu * g))).status == PROVED
    assert first(quiet(rate), rule("Decay", {}, (new(w), w - rate * (g + cap * w)))).status == PROVED
    # Robbins and Monro's second condition is more than is needed, as 1 / sqrt(t) shows
    assert first(quiet(rate, squares=True), PLAIN).status == REFUTED
    assert said("sgd")["not noise vanishes"].status == PROVED


@pytest.mark.parametrize(
    "step",
    [sqrt(rate) * g, rate**2 * g, rate * g + w / 2, rate * g / (1 + rate), rate * sign(g), cap * g, rate * g + rate],
)
def test_nothing_of_the_kind_is_proved_of_other_steps(step):
    about = rule("Other", {}, (new(w), w - step), (u, rate * cap))
    found = first(quiet(rate), about)
    assert found.status == UNDECIDED
    if step in (rate**2 * g, cap * g):  # what is said of them breaks in a run, too
        relation = first(quiet(rate), PLAIN).statement
        wrong = type(relation)(
            type(relation.runs)(about, *list(vars(relation.runs).values())[1:]), Quiets("rate", False)
        )
        assert replay(wrong).broken


def test_variance_with_rates_that_fall_and_with_one_that_does_not():
    """E[w**2] of 20000 runs; a_t = 1 / t and 1 / sqrt(t) go on falling, 1 / t**2 and a constant do not."""
    ends = {}
    for name, a in {
        "1/t": lambda t: 1 / t,
        "1/sqrt(t)": lambda t: t**-0.5,
        "constant": lambda t: 0.5,
        "1/(t+1)**2": lambda t: (t + 1.0) ** -2,
    }.items():
        w, noise, seen = np.ones(20_000), np.random.default_rng(3), []
        opt = SGD(w, lr=1.0)
        for step in range(1, 257):
            opt.lr = a(step)
            opt.step(w + noise.standard_normal(w.shape))
            seen.append(np.mean(w**2))
        ends[name] = seen[255] / seen[31]
    assert ends["1/t"] < 0.2
    assert ends["1/sqrt(t)"] < 0.5
    assert ends["constant"] > 0.9
    assert ends["1/(t+1)**2"] > 0.9


# What has to have a value.

SHOWN = sympy.Mul(gain + gain**2, 1 / (gain * (gain + 1)), evaluate=False)  # it is one, but at gain = 0 there is none
STEEP = rule("Steep", {}, (new(w), w - rate * (1 + gain) * g))
HEAVY = rule("Heavy", {m: 0}, (new(m), beta * (1 + gain) * m + g), (new(w), w - rate * new(m)))


@pytest.mark.parametrize(
    ("about", "claim"),
    [
        (STEEP, regimes(rate, lands=SHOWN / (h * (1 + gain)), cycles=2 * SHOWN / (h * (1 + gain)))),
        (STEEP, noise_floor(SHOWN * rate * (1 + gain) * sigma**2 / (h * (2 - rate * (1 + gain) * h)), of=rate)),
        (STEEP, stable(SHOWN * 2 / (h * (1 + gain)), of="rate")),
        (HEAVY, damping(SHOWN * beta * (1 + gain))),
    ],
)
def test_what_a_claim_divides_by_is_not_zero(about, claim):
    found = results(claim, about).values()
    assert {result.status for result in found} == {PROVED}
    assert all("gain != 0" in result.assumed for result in found)


ROOT = rule("Root", {}, (u, sqrt(shift) * g), (new(w), w - rate * u))
GONE = rule("Gone", {}, (u, sqrt(shift) * g), (new(w), w - rate * u * sqrt(shift) / shift))
LOG = rule("Log", {}, (new(w), w - rate * sympy.log(shift) * g))


@pytest.mark.parametrize(
    ("about", "claim", "assumed"),
    [
        (ROOT, damping(1 - rate * h * sqrt(shift)), {"shift >= 0"}),
        (GONE, damping(1 - rate * h), {"shift >= 0", "shift != 0"}),
        (GONE, regimes(rate, lands=1 / h, cycles=2 / h), {"shift >= 0", "shift != 0"}),
        (GONE, noise_floor(rate * sigma**2 / (h * (2 - rate * h)), of=rate), {"shift >= 0", "shift != 0"}),
        (GONE, quiet(rate), {"shift >= 0", "shift != 0"}),
        (GONE, stable(2 / h, of="rate"), {"shift >= 0", "shift != 0"}),
        (LOG, damping(1 - rate * h * sympy.log(shift)), {"shift >= 0", "shift != 0"}),
    ],
)
def test_what_a_step_takes_the_root_of_is_not_negative(about, claim, assumed):
    for result in results(claim, about).values():
        assert result.status == PROVED
        assert assumed <= set(result.assumed)


@pytest.mark.fast
def test_of_a_rate_for_which_no_step_has_a_value_nothing_is_proved():
    never = rule("Never", {}, (new(w), w - rate * sqrt(-rate - gain) * g))
    assert first(damping(1 - rate * h * sqrt(-rate - gain)), never).status == UNDECIDED


@pytest.mark.parametrize("name", ["h", "sigma"])
def test_a_step_may_not_have_the_name_of_what_a_claim_brings(declare, name):
    text = "from stepsmith.codegen.claims.dynamics import noise_floor\n"
    text += f"own = arrays('{name}')\nRULE = Optimizer(name='Rule', source='a test', state={{}}, steps=("
    text += "Step(own, 2 * g), Step(new(w), w - lr * own)), claims=(noise_floor(1, of=lr),))"
    with pytest.raises(SpecError, match=f"{name} is a name of the rule's own here"):
        check([declare(text)])


def test_of_a_stage_that_leaves_the_weights_alone_none_of_this_is_said(declare):
    text = "from stepsmith.codegen.claims.dynamics import damping, noise_floor, quiet, stable\n"
    text += "STAGE = Stage(name='Twice', source='a test', state={}, steps=(Step(new(g), lr * g),), claims=("
    text += "quiet(lr), damping(1), noise_floor(1, of=lr), stable(1 / lr)))"
    with pytest.raises(SpecError, match="noise vanishes: Twice never changes w") as refused:
        check([declare(text)])
    assert str(refused.value).count("never changes w") == 4


@pytest.mark.fast
@pytest.mark.parametrize(
    ("about", "wanted", "assumed"),
    [
        (ROOT, -sqrt(shift) * g, {"shift >= 0"}),
        (GONE, -g, {"shift >= 0", "shift != 0"}),
        (rule("Over", {}, (u, g / shift), (new(w), w - rate * u * shift)), -g, {"shift != 0"}),
    ],
)
def test_a_small_step_has_to_have_a_value(about, wanted, assumed):
    dt = sympy.Symbol("dt", real=True)
    result = first(follows({w: wanted}, dt=dt, hyper={rate: dt}), about)
    assert result.status == PROVED
    assert assumed <= set(result.assumed)


@pytest.mark.parametrize(
    "claim", ["regimes(down, lands=1 / h, cycles=2 / h)", "stable(2 / h, of='down')", "quiet(down)"]
)
def test_a_rate_is_above_zero(declare, claim):
    text = "from stepsmith.codegen.claims.dynamics import h, quiet, regimes, stable\n"
    text += 'down = hyper("down", default="-1", domain="< 0")\n'
    text += 'RULE = Optimizer(name="Rule", source="a test", state={}, steps=(Step(new(w), w - down * g),), '
    with pytest.raises(SpecError, match="down is never above zero"):
        check([declare(f"{text}claims=({claim},))")])


@pytest.mark.fast
def test_nothing_is_proved_of_a_domain_with_nothing_in_it():
    down = hyper("down", default="-1", domain="< 0")
    assert first(stable(2 / h, of="down"), rule("Down", {}, (new(w), w - down * g))).status == UNDECIDED
