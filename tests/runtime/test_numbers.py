"""What counts as a number, wherever one is expected: hyperparameters, metrics, step numbers, seeds, sizes."""

import json
import types
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from stepsmith import schedules
from stepsmith.curriculum import ExponentialPacing
from stepsmith.numpy import (
    SGD,
    Accumulate,
    Adam,
    BatchNormTorch,
    DynamicLossScale,
    GaussianNoise,
    GaussianNoiseFromOne,
    Group,
    HeavyBall,
)
from stepsmith.numpy.presets import keras, optax, torch
from stepsmith.ordering import EasyFirst
from stepsmith.pacing import LinearCompetence
from stepsmith.plateau import ReduceOnPlateau
from stepsmith.stopping import Best, EarlyStopping


class OtherLibrary(types.SimpleNamespace):
    """An array of a library that is not here: it can only say its shape and dtype, and give its one element."""

    def __repr__(self):
        return f"{self.dtype}({self.item()!r})"


def other_library(value, shape=(), dtype="torch.float32"):
    return OtherLibrary(shape=shape, dtype=dtype, item=lambda: value)


NUMBERS = [
    0.25,
    np.float64(0.25),
    np.float32(0.25),
    np.float16(0.25),
    np.array(0.25),
    np.array(0.25, np.float32),
    np.array(0.25, object),
    Fraction(1, 4),
    Decimal("0.25"),
    other_library(0.25),
]
#: What is no number, though float() takes some of it for one.
NO_NUMBERS = [
    True,
    np.True_,
    np.array(True),
    other_library(True, dtype="torch.bool"),
    "0.25",
    b"0.25",
    np.str_("0.25"),
    np.array("0.25"),
    0.25j,
    np.complex128(0.25),
    np.array(0.25 + 0j),
    np.ma.masked,
    other_library(0.25 + 0j, dtype="complex64"),
    np.timedelta64(1, "s"),
    [0.25],
    ...,
]


@pytest.mark.parametrize("number", NUMBERS, ids=repr)
def test_a_hyperparameter_is_a_number_of_any_library(number):
    w = np.zeros(2)
    opt = Adam([Group(w, lr=number)], eps=number)
    assert opt.groups[0].lr == opt.eps == 0.25
    opt.lr = number
    assert type(opt.lr) is float
    assert schedules.Inverse(lr=number)(1) == ReduceOnPlateau(lr=number).value == 0.25
    assert BatchNormTorch(2, momentum=number).momentum == 0.25
    assert torch.SGD(w, number).lr == optax.sgd(w, number).lr == keras.SGD(w, number).lr == 0.25
    assert torch.Adam(w, 0.1, (number, number)).beta2 == 0.25
    assert EasyFirst(np.arange(8.0)).easiest(number).tolist() == [0, 1]


def test_a_later_change_of_an_array_is_no_change_of_the_hyperparameter():
    rate, w = np.array(0.5), np.zeros(1)
    opt = SGD(w, lr=rate)
    rate[...] = 7
    opt.step(np.ones(1))
    assert (opt.lr, w[0]) == (0.5, -0.5)


@pytest.mark.parametrize("value", [*NO_NUMBERS, np.array([0.25]), np.array([0.1, 0.2]), None], ids=repr)
def test_what_is_no_number_is_refused_by_name(value):
    w = np.zeros(2)
    opt = Adam(w)
    for make in (
        lambda: Adam(w, eps=value),
        lambda: setattr(opt, "eps", value),
        lambda: Adam([Group(w, eps=value)]),
        lambda: BatchNormTorch(2, eps=value),
    ):
        with pytest.raises(TypeError, match=r"eps is .*(number|\.item\(\))"):
            make()
    assert opt.eps == 1e-8
    with pytest.raises(TypeError, match="Inverse: lr is"):
        schedules.Inverse(lr=value)
    with pytest.raises(TypeError, match="ReduceOnPlateau: lr is"):
        ReduceOnPlateau(lr=value)
    for make in (lambda: torch.Adam(w, 0.1, (0.9, 0.99), value), lambda: keras.Adam(w, 0.1, 0.9, 0.99, value)):
        with pytest.raises(TypeError, match=r"(eps|epsilon) is "):
            make()


def test_what_leaves_the_doubles_is_refused_by_name():
    for value in (10**400, Fraction(10**400), Decimal("1e400"), Decimal("NaN"), float("inf"), np.array(np.nan)):
        with pytest.raises(ValueError, match=r"lr = (inf|nan) is not allowed"):
            Adam(np.zeros(1), lr=value)


@pytest.mark.parametrize(
    "three", [3, 3.0, np.int64(3), np.uint8(3), np.array(3), Fraction(3), other_library(3)], ids=repr
)
def test_a_whole_number_of_any_type(three):
    assert Accumulate(every=three).every == 3
    assert type(Accumulate(every=three).every) is int
    assert DynamicLossScale(interval=three).interval == schedules.StepDecay(period=three).period == 3
    assert ReduceOnPlateau(patience=three).patience == EarlyStopping(patience=three).patience == 3
    assert ExponentialPacing(period=three).period == LinearCompetence(steps=three).steps == 3
    norm = BatchNormTorch(channels=three, axis=np.int64(-1))
    assert (norm.channels, norm.axis, norm.gamma.shape) == (3, -1, (3,))
    assert norm.forward(np.ones((4, 3), np.float32)).shape == (4, 3)
    assert len(EasyFirst(np.arange(9.0), seed=three).batch(three, 1.0)) == 3


def test_large_whole_numbers_keep_their_digits():
    assert schedules.StepDecay(period=2**53 + 1).period == 2**53 + 1


@pytest.mark.parametrize("value", [True, np.True_, 2.5, "3", None, np.array([3]), float("nan")], ids=repr)
def test_what_is_no_whole_number_is_refused_by_name(value):
    for make, name in (
        (lambda: BatchNormTorch(channels=value), "channels"),
        (lambda: BatchNormTorch(3, axis=value), "axis"),
        (lambda: Accumulate(every=value), "every"),
        (lambda: EasyFirst(np.ones(3), seed=value), "seed"),
        (lambda: GaussianNoise(seed=value), "seed"),
    ):
        with pytest.raises((TypeError, ValueError), match=f"{name} (is|=) "):
            make()


# Step numbers.

STEPS = [
    np.int32(70000),
    np.uint8(200),
    np.int8(100),
    np.int64(2**40),
    np.array(7),
    np.float32(4),
    3.0,
    Fraction(6, 2),
    other_library(9),
]


@pytest.mark.parametrize("t", STEPS, ids=repr)
@pytest.mark.parametrize("name", schedules.__all__)
def test_the_number_of_a_step_is_a_number_of_any_type(name, t):
    schedule = getattr(schedules, name)()
    number = t.item() if hasattr(t, "item") else t
    assert schedule(t) == schedule(int(number))
    assert type(schedule(t)) is float


@pytest.mark.parametrize(
    "t", [*NO_NUMBERS, None, np.array([1, 2]), 0, -1, np.uint8(0), float("nan"), float("inf")], ids=repr
)
def test_what_is_no_number_of_a_step_is_refused(t):
    for schedule in (schedules.Inverse(), LinearCompetence()):
        with pytest.raises((TypeError, ValueError), match=r"t (is|=) .*(number|steps are counted from 1|\.item)"):
            schedule(t)


# Metrics.

METRICS = [*NUMBERS, np.array([0.25]), np.array([[0.25]], np.float32), other_library(0.25, (1,))]


@pytest.mark.parametrize("metric", METRICS, ids=repr)
@pytest.mark.parametrize("monitor", [Best, EarlyStopping, ReduceOnPlateau])
def test_a_metric_of_one_element(monitor, metric):
    made = monitor()
    made.step(metric)
    assert made.best == 0.25


@pytest.mark.parametrize(
    ("metric", "message"),
    [
        (np.array([0.1, 0.2]), r"the metric is an array of shape \(2,\); report one number, such as its .mean\(\)"),
        (np.zeros(0), r"the metric is an array of shape \(0,\)"),
        (other_library(None, (2, 2)), r"the metric is an array of shape \(2, 2\)"),
        (None, r"report a metric: step\(metric\)"),
        *((value, "the metric is .*; it has to be a number") for value in NO_NUMBERS),
    ],
    ids=repr,
)
def test_what_is_no_metric_is_refused_and_changes_nothing(metric, message):
    for monitor in (Best(), EarlyStopping(), ReduceOnPlateau()):
        monitor.step(1.0)
        before = monitor.state_dict()
        with pytest.raises(TypeError, match=message):
            monitor.step(metric)
        assert monitor.state_dict() == before


# Seeds.


def noise(seed, stage=GaussianNoise):
    w = np.zeros(3)
    SGD(w, lr=1.0, pipeline=[stage(seed=seed)]).step(np.zeros(3))
    return w.tobytes()


def test_different_seeds_give_different_noise():
    seeds = [0, 1, 2**32, 2**32 + 1, 2**53, 2**53 + 1, 2**63, 2**64 - 1, np.uint64(2**64 - 2), np.int32(7)]
    for stage in (GaussianNoise, GaussianNoiseFromOne):
        assert len({noise(seed, stage) for seed in seeds}) == len(seeds)
    assert noise(np.int64(5)) == noise(5) == noise(np.array(5)) == noise(5.0)


@pytest.mark.parametrize("seed", [None, -1, 0.5, True, "1", 2**64, 10**400, float("nan"), float("inf"), [1]], ids=repr)
def test_what_is_no_seed_is_refused_when_the_stage_is_made(seed):
    with pytest.raises((TypeError, ValueError), match=r"GaussianNoise: seed .*an integer from 0 to 2\*\*64 - 1"):
        GaussianNoise(seed=seed)


@pytest.mark.parametrize("seed", [2**53 + 1, 2**64 - 1])
def test_a_saved_state_has_the_seed_to_the_last_digit(seed, tmp_path):
    def made(seed):
        w = np.zeros(3)
        return w, SGD(w, lr=1.0, pipeline=[GaussianNoise(seed=seed)])

    w, opt = made(seed)
    opt.step(np.zeros(3))
    saved = opt.state_dict()
    assert saved["SGD.pipeline.0.GaussianNoise.seed"] == seed
    np.savez(tmp_path / "state.npz", **saved)
    v, other = made(0)
    v[...] = w
    with np.load(tmp_path / "state.npz") as loaded:
        other.load_state_dict(loaded)
    for one in (opt, other):
        one.step(np.zeros(3))
    assert v.tobytes() == w.tobytes()
    for wrong in (np.array(0.5), np.array(-1), np.array(np.nan)):
        with pytest.raises(ValueError, match="seed"):
            other.load_state_dict({**saved, "SGD.pipeline.0.GaussianNoise.seed": wrong})
    assert other.state_dict()["SGD.pipeline.0.GaussianNoise.seed"] == seed


def test_a_seed_that_was_saved_as_a_double_is_read():
    w = np.zeros(3)
    opt = SGD(w, lr=1.0, pipeline=[GaussianNoise(seed=3)])
    opt.load_state_dict({**opt.state_dict(), "SGD.pipeline.0.GaussianNoise.seed": np.array(7.0)})
    opt.step(np.zeros(3))
    assert w.tobytes() == noise(7)


def test_the_noise_of_a_parameter_follows_from_its_path():
    def after(*order):
        params = {key: np.zeros(3) for key in order}
        opt = SGD(params, lr=1.0, pipeline=[GaussianNoise(seed=1)])
        opt.step({key: np.zeros(3) for key in order})
        return params

    one, other = after("a", "b", "c"), after("c", "a", "b")
    for key in "abc":
        np.testing.assert_array_equal(one[key], other[key])
    assert len({array.tobytes() for array in one.values()}) == 3
    np.testing.assert_array_equal(after("b")["b"], one["b"])  # whatever stands beside it


def test_a_state_that_was_written_as_text_is_a_state():
    monitor = ReduceOnPlateau(lr=0.5)
    monitor.step(1.0)
    other = ReduceOnPlateau()
    other.load_state_dict(json.loads(json.dumps(monitor.state_dict())))
    assert other.state_dict() == monitor.state_dict()


def test_what_a_callable_gives_may_be_an_array_without_dimensions():
    w = np.zeros(1)
    opt = HeavyBall(w, lr=lambda t: np.float32(0.5), rho=lambda t: np.array(0.0))
    opt.step(np.ones(1))
    assert w[0] == -0.5
    opt.lr = lambda t: np.array([0.5])
    with pytest.raises(TypeError, match=r"lr is an array of shape \(1,\)"):
        opt.step(np.ones(1))
    assert (w[0], opt.t) == (-0.5, 1)
