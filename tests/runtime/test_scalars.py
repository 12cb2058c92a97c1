"""Scalars that the host forms: nothing is raised, and nothing becomes NaN, at the ends of their domains or late."""

import itertools
import math

import mpmath
import numpy as np
import pytest

from stepsmith import numpy as optimizers
from stepsmith import pacing, schedules
from stepsmith._runtime.scalars import average_length, exp, log, log1p, one_minus_power, power, sqrt
from stepsmith.codegen.algebra import reference
from stepsmith.numpy import SGD, GaussianNoise, GaussianNoiseFromOne
from stepsmith.restarts import CosineGrowingRestarts
from tests.conftest import OPTIMIZERS, beside
from tests.sample import by_kind

MOMENTS = [1, 2, 10, 10**4, 10**7, 2**31, 2**53]
DECAYS = [0.0, 1e-300, 0.5, 0.9, 0.999, 0.9999, 1 - 4e-5, 1 - 1e-6, 1 - 1e-8, 1 - 1e-12, 1 - 2.0**-53]
inf, nan = math.inf, math.nan


@pytest.fixture(autouse=True)
def _many_digits():
    with mpmath.workdps(120):
        yield


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (power(10_000, 100.0), inf),
        (power(2, 10**7), inf),
        (power(2.0, -(10**7)), 0.0),
        (power(1e200, 2), inf),
        (power(-1e200, 3), -inf),
        (power(-1e200, 2), inf),
        (power(0, 0), 1.0),
        (power(0.0, -1), inf),
        (power(0.0, -0.5), inf),
        (power(-8.0, 1 / 3), nan),
        (power(0.96, inf), 0.0),
        (power(3, 2), 9.0),
        (exp(1000.0), inf),
        (exp(-1000.0), 0.0),
        (exp(-inf), 0.0),
        (exp(1.0), math.e),
        (log(0), -inf),
        (log(-1.0), nan),
        (log(inf), inf),
        (log1p(-1), -inf),
        (log1p(-2), nan),
        (sqrt(-1e-30), nan),
        (sqrt(4), 2.0),
        (sqrt(inf), inf),
        (one_minus_power(2.0, 3), -7.0),
        (one_minus_power(2, 10**7), -inf),
        (one_minus_power(0, 5), 1.0),
        (one_minus_power(1.0, 5), -0.0),
    ],
)
def test_what_arithmetic_of_doubles_has(found, expected):
    np.testing.assert_equal(found, expected)


@pytest.mark.parametrize("decay", DECAYS)
def test_one_minus_a_power_keeps_its_digits(decay):
    for t in MOMENTS:
        exact = 1 - mpmath.mpf(decay) ** t
        assert abs(one_minus_power(decay, t) - exact) <= 1e-12 * exact
        if decay > 1 - 5e-5:
            assert abs(one_minus_power(decay, t) - exact) <= 4e-16 * exact


@pytest.mark.parametrize("decay", DECAYS)
def test_the_length_of_an_average_keeps_its_digits(decay):
    d = mpmath.mpf(decay)
    for t in [*range(1, 13), *MOMENTS]:
        exact = 2 / (1 - d) - 1 - 2 * t * d**t / (1 - d**t)
        found = average_length(decay, t)
        assert abs(found - exact) <= (4e-16 if decay > 1 - 5e-5 else 1e-8) * exact
        for threshold in (4, 5):
            assert (found > threshold) == (exact > threshold)


# Schedules.

ENDS = {
    "lr": (1e-300, 0.1, 1e250),
    "end": (0, 1e-300, 1e250),
    "gamma": (5e-324, 0.5, 1 - 2.0**-53),
    "power": (5e-324, 1, 100, 1e300),
    "steps": (1, 10**15, 1e300),
    "period": (1, 10**15, 1e300),
    "warmup_steps": (1, 10**15, 1e300),
    "start": (5e-324, 0.5, 1),
}
ALL = [getattr(module, name) for module in (schedules, pacing) for name in module.__all__]


@pytest.mark.parametrize("schedule", ALL, ids=lambda one: one.__name__)
def test_every_schedule_has_a_value_at_every_end(schedule):
    for values in itertools.product(*(ENDS[name] for name in schedule._domains)):
        made = schedule(**dict(zip(schedule._domains, values, strict=True)))
        for t in MOMENTS:
            assert 0 <= made(t) < inf, (made, t)


def test_powers_that_leave_the_doubles():
    assert schedules.InversePower(lr=0.1, power=100.0)(10_000) == 0.0
    assert schedules.WarmupInversePower(lr=0.1, power=1e300)(10**9) == 0.0
    assert schedules.Halving(lr=0.1)(2**53) == 0.0
    assert schedules.InverseSquare(lr=0.1)(2**53) == pytest.approx(0.1 / 2**106)
    assert schedules.Polynomial(lr=0.1, end=0.01, power=1e300)(5) == 0.01


def test_a_value_that_is_none_names_the_hyperparameters():
    schedule = schedules.WarmupInversePower(lr=1e300, power=100.0, warmup_steps=10**15)
    with pytest.raises(ValueError, match=r"lr=1e\+300, power=100.0, .* has no value at t = 9007199254740992"):
        schedule(2**53)
    w = np.ones(2)
    opt = SGD(w, lr=lambda t: schedule(t if t == 1 else 2**53) / 1e300)
    opt.step(np.zeros(2))
    with pytest.raises(ValueError, match="has no value"):
        opt.step(np.ones(2))
    assert (w.tolist(), opt.t) == ([1.0, 1.0], 1)


def test_periods_that_grow_for_ever():
    rate = CosineGrowingRestarts(period=1, growth=10**300)
    for _ in range(5):
        rate.step()
        assert 0 <= rate.value <= 0.1


@pytest.mark.parametrize("stage", [GaussianNoise, GaussianNoiseFromOne])
@pytest.mark.parametrize("gamma", [0.0, 1e4, 1e300])
def test_noise_that_fades_at_once(stage, gamma):
    w = np.zeros(3)
    opt = SGD(w, lr=1.0, pipeline=[stage(eta=1.0, gamma=gamma)])
    for t in (0, 9, 10**7, 2**53 - 1):
        opt._t = t
        opt.step(np.zeros(3))
        assert np.isfinite(w).all()


# Rules.

CLOSE = (1 - 1e-8, 1 - 2.0**-53)


def extremes(rule):
    """The hyperparameters of `rule`, one at a time at or near an end of its domain."""
    for name, (condition, holds) in rule._domains.items():
        values = [v for v in (0, 0.5, *CLOSE) if "< 1" in condition] or [1e-12, 1e12]
        yield from ({name: value} for value in values if holds(value))


@pytest.mark.parametrize("name", by_kind(OPTIMIZERS, "name"))
def test_every_rule_has_numbers_at_every_end(name):
    rule = getattr(optimizers, name)
    for options in extremes(rule):
        w = np.array([1.0, -2.0, 0.5])
        opt = rule(w, **options)
        for t in MOMENTS:
            opt._t = t - 1
            g = np.array([0.5, -1.0, 2.0])
            opt.step(g, **beside(opt, g))
            assert not np.isnan(w).any(), (options, t)


@pytest.mark.parametrize("name", ["RAdam", "RAdamThreshold", "RAdamEpsHat", "RAdamNesterov"])
@pytest.mark.parametrize("decay", [0.0, 0.999, 1 - 1e-6, 1 - 1e-8, 1 - 1e-12, 1 - 2.0**-53])
def test_radam_takes_the_branch_that_the_reference_takes(name, decay):
    from tests.conftest import spec_of

    rule = getattr(optimizers, name)
    spec = next(s.optimizer for s in map(spec_of, KEYS) if s.optimizer.name == name)
    gradients = [0.5, -1.0, 2.0, 0.25, 1.5, -0.75, 0.5, 1.0, -2.0, 0.125]
    w = np.array([1.0])
    opt = rule(w, beta2=decay, lr=0.1)
    hyper = {name: getattr(opt, name) for name in opt._domains}
    for t, exact in enumerate(reference.run(spec.runnable, gradients, lambda t: hyper, 1.0)):
        opt.step(np.array([gradients[t]]))
        assert w[0] == pytest.approx(float(exact["w_new"]), rel=1e-8), t + 1


KEYS = ("radam", "radam_threshold", "radam_eps_hat", "radam_nesterov")
