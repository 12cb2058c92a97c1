"""Stages that leave out a step with a gradient that is not finite: what they count, and where a loss scale stops."""

import importlib
import itertools
import math
from contextlib import contextmanager, nullcontext

import numpy as np
import pytest

from stepsmith.numpy import SGD, DynamicLossScale, LossScale
from tests import emulated_cupy

NAN, INF = math.nan, math.inf
BACKENDS = pytest.mark.parametrize("name", ["numpy", "numba", "cupy"])
TOP, BOTTOM = 2.0**127, 2.0**-126


@contextmanager
def backend(name):
    """The module of a backend, and what makes its arrays."""
    if name == "numba":
        pytest.importorskip("numba")
    with emulated_cupy.installed() if name == "cupy" else nullcontext() as library:
        module = emulated_cupy.generated() if name == "cupy" else importlib.import_module(f"stepsmith.{name}")
        yield module, library.asarray if name == "cupy" else np.asarray


def scaled(opt, array, stage, steps, g=0.0):
    """Steps with a loss whose gradient is `g` before it is scaled, as it comes out in float32."""
    for _ in range(steps):
        with np.errstate(all="ignore"):
            opt.step(array(np.array([g * stage.scale]).astype(np.float32)))


@BACKENDS
@pytest.mark.parametrize("growth", [2.0, 3.0, 1e38])
def test_a_scale_that_grows_stays_a_number_that_float32_has(name, growth):
    with backend(name) as (module, array):
        w, stage = array(np.zeros(1, np.float32)), module.DynamicLossScale(interval=1, growth=growth)
        opt = module.SGD(w, lr=1.0, pipeline=[stage])
        scaled(opt, array, stage, 200)
        assert stage.scale == TOP
        assert np.isfinite(np.float32(stage.scale))
        if growth > 3:  # so fast that it is too large again after each step
            return
        # a gradient that overflows with it: it comes down, and training goes on
        before = opt.t
        scaled(opt, array, stage, 100, g=1e3)
        assert opt.t > before + 20
        assert np.isfinite(float(w[0]))


@BACKENDS
def test_a_scale_that_falls_does_not_get_stuck_at_zero(name):
    with backend(name) as (module, array):
        w, stage = array(np.zeros(1, np.float32)), module.DynamicLossScale(interval=2, backoff=1e-3)
        opt = module.SGD(w, lr=1.0, pipeline=[stage])
        for _ in range(500):
            opt.step(array(np.array([INF], np.float32)))
        assert (stage.scale, opt.t) == (BOTTOM, 0)
        scaled(opt, array, stage, 250 * 2, g=1.0)
        assert opt.t > 450
        assert stage.scale > 1
        assert np.isfinite(float(w[0]))


@pytest.mark.fast
@pytest.mark.parametrize("initial", [1e300, 1e-300, 2.0**127, 1.5])
def test_a_scale_starts_between_its_bounds(initial):
    stage = DynamicLossScale(initial_scale=initial)
    SGD(np.zeros(1), lr=1.0, pipeline=[stage]).step(np.zeros(1))
    assert stage.scale == min(max(initial, BOTTOM), TOP)


@pytest.mark.fast
def test_bounds_are_hyperparameters_and_may_change():
    stage = DynamicLossScale(initial_scale=64.0, interval=1, largest_scale=256.0, smallest_scale=2.0)
    opt = SGD(np.zeros(1), lr=1.0, pipeline=[stage])
    seen = []
    for g in (0, 0, 0, INF, INF, INF, INF, INF, INF, INF, INF, 0):
        opt.step(np.array([float(g)]))
        seen.append(stage.scale)
    assert seen == [128, 256, 256, 128, 64, 32, 16, 8, 4, 2, 2, 4]
    stage.largest_scale = 3.0
    opt.step(np.zeros(1))
    assert stage.scale == 3
    stage.smallest_scale, stage.largest_scale = 10.0, 1e6
    opt.step(np.array([INF]))
    assert stage.scale == 10
    # where they contradict each other, the smaller one holds
    stage.largest_scale = 5.0
    opt.step(np.zeros(1))
    assert stage.scale == 10
    with pytest.raises(ValueError, match=r"largest_scale = inf is not allowed"):
        stage.largest_scale = INF


@pytest.mark.fast
def test_a_scale_that_was_saved_at_infinity_or_zero_comes_back():
    """What a checkpoint holds that an older version, or another library, has written."""
    stage = DynamicLossScale()
    opt = SGD(np.zeros(1, np.float32), lr=1.0, pipeline=[stage])
    saved = opt.state_dict()
    for wrong, bound in ((INF, TOP), (0.0, BOTTOM)):
        (key,) = (key for key in saved if key.endswith(".scale"))
        opt.load_state_dict({**saved, key: np.array(wrong)})
        opt.step(np.array([INF], np.float32))
        assert stage.scale in (bound, bound / 2)


@pytest.mark.fast
def test_what_a_stage_counts_is_printed_as_a_plain_number():
    for dtype in (np.float32, np.float64):
        stage = DynamicLossScale(initial_scale=np.float32(4.0), growth=np.float64(2.0), interval=np.int64(1))
        opt = SGD(np.zeros(1, dtype), lr=1.0, pipeline=[stage])
        for g in (0.0, INF, NAN, 0.0):
            opt.step(np.array([g], dtype))
            assert type(stage.scale) is float
            assert type(stage.good) in (int, float)
        opt.load_state_dict(opt.state_dict())
        assert repr(stage.scale) == "4.0"


@pytest.mark.fast
@pytest.mark.parametrize(("scale", "said"), [(1e39, "float32 holds numbers up to"), (1e-46, "a value that works")])
def test_a_loss_scale_that_float32_does_not_have_is_refused(scale, said):
    w = np.zeros(2, np.float32)
    with pytest.raises(ValueError, match=said):
        SGD(w, lr=1.0, pipeline=[LossScale(loss_scale=scale)])
    with pytest.raises(ValueError, match=r"largest_scale.*float32 holds numbers up to"):
        SGD(w, lr=1.0, pipeline=[DynamicLossScale(largest_scale=1e39)])
    SGD(np.zeros(2), lr=1.0, pipeline=[LossScale(loss_scale=scale)]).step(np.zeros(2))


def by_hand(finite, limit):
    """For each step, whether it is taken, and the counts after it: the formulas of optax.apply_if_finite."""
    errors = total = 0
    for one in finite:
        errors, total = (0, total) if one else (errors + 1, total + 1)
        yield one or errors > limit, errors, total


@BACKENDS
@pytest.mark.parametrize("limit", [0, 1, 3])
def test_at_most_so_many_steps_in_a_row_are_left_out(name, limit):
    for finite in itertools.product([True, False], repeat=6):
        with backend(name) as (module, array):
            w, stage = array(np.zeros(2)), module.ApplyIfFinite(max_consecutive_errors=limit)
            opt = module.SGD(w, lr=1.0, pipeline=[stage])
            taken = 0
            for one, (steps, errors, total) in zip(finite, by_hand(finite, limit), strict=True):
                opt.step(array(np.array([1.0, 1.0 if one else INF])))
                taken += steps
                assert (opt.t, -float(w[0])) == (taken, taken)
                assert (stage.errors, stage.total_errors) == (errors, total)


@BACKENDS
def test_every_gradient_is_looked_at(name):
    """Small ones in a row, a large one over several tiles, one that is missing, one without elements."""
    sizes = [3, 0, 5, 150_001, 2]
    with backend(name) as (module, array):
        for bad, value in itertools.product([None, (0, 2), (2, 0), (3, 65_536), (3, 150_000), (4, 1)], (NAN, -INF)):
            params = [array(np.zeros(n)) for n in sizes]
            gradients = [np.ones(n) for n in sizes]
            if bad is not None:
                gradients[bad[0]][bad[1]] = value
            opt = module.SGD(params, lr=1.0, pipeline=[module.ApplyIfFinite(), module.ClipByValue(max_value=0.5)])
            opt.step([None if n == 5 else array(g) for n, g in zip(sizes, gradients, strict=True)])
            assert opt.t == (bad is None or bad[0] == 2)


@pytest.mark.fast
def test_what_comes_after_a_step_that_was_left_out_is_left_alone():
    """States of the rule, and of stages behind it, are as if the step had not been; after too many, NaN goes on."""
    module = importlib.import_module("stepsmith.numpy")
    w, x = np.ones(3), np.ones(3)
    stages = [module.ApplyIfFinite(max_consecutive_errors=2), module.WeightEMA(decay=0.5)]
    opt, other = module.Adam(w, lr=0.1, pipeline=stages), module.Adam(x, lr=0.1, pipeline=[module.WeightEMA(decay=0.5)])
    for g in (1.0, NAN, 2.0, INF, NAN, -1.0):
        opt.step(np.array([g, 1.0, -1.0]))
        if math.isfinite(g):
            other.step(np.array([g, 1.0, -1.0]))
    assert np.array_equal(w, x)
    assert opt.t == other.t == 3
    assert np.array_equal(stages[1].state("average")[""], other._pipeline[0].state("average")[""])
    for taken in (3, 3, 4):
        opt.step(np.array([NAN, 1.0, 1.0]))
        assert opt.t == taken
    assert np.array_equal(np.isnan(w), [True, False, False])
