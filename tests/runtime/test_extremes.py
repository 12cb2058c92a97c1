"""Hyperparameters of which a product leaves the dtype of a step: named before anything is written, or right."""

import numpy as np
import pytest

from stepsmith import numba, numpy
from stepsmith.numpy import SGD, Adam, Group, L2Decay, RAdam
from stepsmith.numpy.presets import torch
from tests import emulated_cupy
from tests.conftest import OPTIMIZERS, beside
from tests.sample import by_kind

RULES = by_kind((entry for entry in OPTIMIZERS if "eps" in getattr(numpy, entry.name)._domains), "name")
ZERO_AND_ONE = [0.0, 1.0]


def steps(module, name, eps, dtype, array=np.array):
    """Two parameters after steps of which the first never has a slope, or why there are none."""
    w = array([1.0, 2.0], dtype=dtype)
    try:
        opt = getattr(module, name)(w, eps=eps)
    except ValueError as error:
        if f"{name}: eps = {eps!r} is" not in str(error):
            raise
        return None
    for _ in range(12):
        g = array(ZERO_AND_ONE, dtype=dtype)
        opt.step(g, **beside(opt, g))
    return np.array(w, np.float64)


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize(
    ("eps", "dtype"),
    [
        (1e-44, np.float32),
        (4e-45, np.float32),
        (1e-40, np.float32),
        (1e-40, np.float16),
        (1e-44, np.float16),
        (5e-324, np.float64),
        (1e-322, np.float64),
        (1e-30, np.float64),
    ],
)
def test_an_epsilon_keeps_zero_over_zero_away_or_is_refused_when_it_is_given(name, eps, dtype):
    after = steps(numpy, name, eps, dtype)
    assert after is None or not np.isnan(after).any()
    if eps in (1e-40, 1e-30) and name != "Prodigy":  # whose epsilon is that times a distance, of 1e-6 at first
        assert after is not None


@pytest.mark.parametrize("name", ["Adam", "RMSpropEpsInside", "RAdam"])
def test_so_it_is_in_every_backend(name):
    with emulated_cupy.installed() as module:
        cupy = emulated_cupy.generated()
        for eps in (1e-44, 1e-40):
            expected = steps(numpy, name, eps, np.float32)
            for backend, array in (
                (numba, np.array),
                (cupy, lambda values, dtype: module.asarray(np.array(values, dtype))),
            ):
                found = steps(backend, name, eps, np.float32, array)
                assert (found is None) == (expected is None)
                assert found is None or not np.isnan(found).any()


def refused(change, opt, w):
    before, saved, t = w.copy(), opt.state_dict(), opt.t
    with pytest.raises(ValueError, match=r"Adam: eps = .* not allowed here: .* value that works is ") as told:
        change()
    assert (w.tobytes(), opt.t) == (before.tobytes(), t)
    after = opt.state_dict()
    assert after.keys() == saved.keys()
    assert all(after[key].tobytes() == saved[key].tobytes() for key in saved)
    return float(str(told.value).rpartition(" ")[2])


def test_what_is_set_later_is_refused_and_stays_what_it_was():
    w = np.ones(2, np.float32)
    opt = Adam(w)
    opt.step(np.array(ZERO_AND_ONE, np.float32))
    works = refused(lambda: setattr(opt, "eps", 1e-44), opt, w)
    assert opt.eps == 1e-8
    opt.eps = works  # the remedy is right
    opt.step(np.array(ZERO_AND_ONE, np.float32))
    assert not np.isnan(w).any()


def test_a_group_of_its_own():
    w, v = np.ones(2, np.float32), np.ones(2)
    with pytest.raises(ValueError, match="Adam: eps = 1e-44 is not allowed here"):
        Adam([Group(w, eps=1e-44), Group(v)])
    opt = Adam([Group(w), Group(v, eps=1e-44)])  # float64 has it
    with pytest.raises(ValueError, match="Adam: eps = 1e-44 is not allowed here"):
        opt.groups[0].eps = 1e-44
    assert opt.groups[0].eps == 1e-8
    opt.step([np.zeros(2, np.float32), np.zeros(2)])
    assert not np.isnan([*w, *v]).any()


def test_what_a_callable_gives_is_tried_before_anything_is_written():
    w = np.ones(2, np.float32)
    opt = Adam(w, eps=lambda t: 1e-8 if t < 3 else 1e-44)
    for _ in range(2):
        opt.step(np.array(ZERO_AND_ONE, np.float32))
    refused(lambda: opt.step(np.array(ZERO_AND_ONE, np.float32)), opt, w)
    opt.eps = 1e-8
    opt.step(np.array(ZERO_AND_ONE, np.float32))
    assert not np.isnan(w).any()


def test_a_rate_that_overflows_where_it_meets_the_corrections():
    w = np.ones(2, np.float32)
    with pytest.raises(ValueError, match=r"Adam: lr = 2e\+38 is not allowed here"):
        Adam(w, lr=2e38, beta2=0.0)


def test_what_vanishes_without_harm_is_let_through():
    w = np.ones(2, np.float32)
    opt = Adam(w, lr=1e-44, eps=1e-8)
    opt.lr = lambda t: 10.0**-t
    for _ in range(60):
        opt.step(np.array(ZERO_AND_ONE, np.float32))
    assert not np.isnan(w).any()
    SGD(w, lr=0.1, pipeline=[L2Decay(weight_decay=1e-44)]).step(np.ones(2, np.float32))
    assert not np.isnan(w).any()


def test_without_any_epsilon_arithmetic_takes_its_course():
    w = np.ones(2, np.float32)
    opt = Adam(w, lr=1e-30, eps=0)
    opt.step(np.array(ZERO_AND_ONE, np.float32))
    assert np.isnan(w).tolist() == [True, False]


def test_a_rule_that_waits_is_refused_at_once():
    with pytest.raises(ValueError, match="RAdam: eps = 4e-45 is not allowed here: what step"):
        RAdam(np.ones(2, np.float32), eps=4e-45)


def test_a_preset_has_its_own_name_for_it():
    with pytest.raises(ValueError, match=r"torch.Adam: eps = 1e-44 is not allowed here"):
        torch.Adam(np.ones(2, np.float32), eps=1e-44)


def test_a_state_with_an_extreme_hyperparameter_is_restored():
    w = np.ones(2, np.float32)
    opt, other = Adam(w, eps=1e-40, lr=1e-35), Adam(w.copy())
    opt.step(np.array(ZERO_AND_ONE, np.float32))
    other.load_state_dict(opt.state_dict())
    assert (other.eps, other.lr) == (1e-40, 1e-35)
    other.step(np.array(ZERO_AND_ONE, np.float32))
