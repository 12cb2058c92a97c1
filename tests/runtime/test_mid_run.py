"""What is written, set and added between steps counts in the next one."""

import copy
import importlib
import pickle
from contextlib import nullcontext

import numpy as np
import pytest

from stepsmith import numpy as optimizers
from tests import emulated_cupy


@pytest.fixture(params=["numpy", "numba", "cupy"])
def backend(request):
    with emulated_cupy.installed() if request.param == "cupy" else nullcontext() as library:
        if request.param == "cupy":
            yield emulated_cupy.generated(), library.asarray
        else:
            yield importlib.import_module(f"stepsmith.{request.param}"), np.array


# Master weights.


@pytest.mark.parametrize("many", [False, True])
def test_what_is_written_to_a_parameter_counts_where_it_is_kept_in_float32(backend, many):
    module, there = backend
    params = [there(np.ones(3, np.float16)) for _ in range(5 if many else 1)]
    opt = module.SGD(params, lr=2.0**-12, master_weights=True)
    g = [there(np.ones(3, np.float16)) for _ in params]
    for _ in range(3):
        opt.step(g)  # less than float16 can tell from 1
    params[0][1] = 4.0
    opt.step(g)
    kept = opt.state_dict()["SGD.master.0"]
    np.testing.assert_array_equal(kept, [1 - 4 * 2.0**-12, 4 - 2.0**-12, 1 - 4 * 2.0**-12])
    for _ in range(4):
        opt.step(g)
    np.testing.assert_array_equal(np.asarray(params[0].tolist()), [np.float16(1 - 2.0**-9), 4 - 2.0**-9, 1 - 2.0**-9])


def test_a_nan_that_is_written_counts():
    w = np.ones(2, np.float16)
    opt = optimizers.SGD(w, lr=0.5, master_weights=True)
    opt.step(np.ones(2, np.float16))
    w[0] = np.nan
    opt.step(np.ones(2, np.float16))
    w[0] = 3.0
    opt.step(np.ones(2, np.float16))
    np.testing.assert_array_equal(w, [2.5, -0.5])


@pytest.mark.parametrize(
    "stages", [("L2Decay", "Accumulate"), ("L2Decay", "ClipByGlobalNorm"), ("DecoupledDecay", "WeightEMAKeras")]
)
@pytest.mark.parametrize("many", [False, True])
def test_stages_take_the_parameter_as_it_is_computed(backend, stages, many):
    module, there = backend
    shapes = [(3,), (2, 2)] if many else [(2, 2)]
    narrow = [there(np.full(shape, 3.0, np.float16)) for shape in shapes]
    wide = [w.astype(np.float32) for w in narrow]
    make = lambda w, **master: module.SGD(w, lr=1e-4, pipeline=[getattr(module, s)() for s in stages], **master)  # noqa: E731
    one, two = make(narrow, master_weights=True), make(wide)
    for k in range(9):
        if k == 5:
            narrow[0][0], wide[0][0] = 1.5, 1.5
        one.step([there(np.full(shape, 0.7, np.float16)) for shape in shapes])
        two.step([there(np.full(shape, 0.7, np.float16).astype(np.float32)) for shape in shapes])
    kept = one.state_dict()
    assert all(kept[key].tobytes() == value.tobytes() for key, value in two.state_dict().items())
    assert [kept[f"SGD.master.{k}"].tobytes() for k in range(len(wide))] == [np.asarray(w).tobytes() for w in wide]


def test_a_parameter_that_becomes_half_precision_is_refused_where_it_would_have_been_kept_in_float32():
    p = {"a": np.ones(2, np.float32)}
    opt = optimizers.SGD(p, master_weights=True)
    before, p["a"] = p["a"], np.ones(2, np.float16)
    for _ in range(2):
        with pytest.raises(ValueError, match=r"the parameter a is now float16, .* make a new SGD"):
            opt.step({"a": np.ones(2, np.float16)})
    p["a"] = before
    opt.step({"a": np.ones(2, np.float32)})
    assert opt.t == 1


# What is set before the first step.


@pytest.mark.parametrize("late", [False, True])
def test_a_state_that_starts_from_a_hyperparameter_starts_with_the_first_step(backend, late):
    module, there = backend
    w = [there(np.zeros(1)), there(np.zeros(1))]
    opt = module.RpropClamped(w, lr=0.5)
    if late:
        opt.step([there(np.ones(1)), None])
    opt.lr = 0.125
    opt.step([there(np.ones(1)), there(np.ones(1))])
    assert float(w[1][0]) == -0.125
    opt.lr = 7.0
    opt.step([there(np.ones(1)), there(np.ones(1))])
    assert float(w[1][0]) == -0.125 * (1 + 1.2)


def test_a_schedule_is_asked_at_the_first_step_of_a_parameter():
    w = [np.zeros(1), np.zeros(1)]
    opt = optimizers.RpropClamped(w, lr=lambda t: 1 / (1 << t))
    for b in (None, None, np.ones(1)):
        opt.step([np.ones(1), b])
    assert w[1] == -(2.0**-3)


def test_slow_weights_start_from_the_weights_of_the_first_step():
    w = np.zeros(2)
    opt = optimizers.LookaheadSGD(w, lr=1.0)
    average = optimizers.WeightEMA(decay=0.5)
    other = w + 0
    watched = optimizers.SGD(other, lr=1.0, pipeline=[average])
    w[...], other[...] = 3.0, 3.0  # weights that are loaded after the optimizer was made
    opt.step(np.zeros(2))
    watched.step(np.zeros(2))
    np.testing.assert_array_equal(w, [3.0, 3.0])
    np.testing.assert_array_equal(average.state("average")[""], [3.0, 3.0])


def test_a_loss_scale_that_is_set_before_the_first_step_is_the_first():
    stage = optimizers.DynamicLossScale()
    opt = optimizers.SGD(np.zeros(1), lr=1.0, pipeline=[stage])
    stage.initial_scale = 8.0
    assert stage.scale == 8.0
    stage.initial_scale = lambda t: 16.0
    assert stage.scale == 16.0
    with pytest.raises(ValueError, match="initial_scale = nan is not allowed"):
        stage.initial_scale = lambda t: np.nan
    assert stage.scale == stage.initial_scale(1) == 16.0
    stage.initial_scale = 8.0
    opt.step(np.ones(1))
    stage.initial_scale = 4.0
    assert stage.scale == 8.0


# Groups that are added.


def test_a_group_that_is_added_is_stepped_from_then_on(backend):
    module, there = backend
    a, b = there(np.ones(2)), there(np.ones(3))
    mean = module.WeightMean()
    opt = module.Adam([module.Group(a)], lr=0.5, pipeline=[mean])
    opt.step([there(np.ones(2))])
    group = opt.add_group(b, lr=0.25)
    assert (group.lr, group.beta1, len(opt.groups)) == (0.25, 0.9, 2)
    opt.step([there(np.ones(2)), there(np.ones(3))])
    assert float(b[0]) < 1
    np.testing.assert_allclose(np.asarray(mean.state("average")["1"].tolist()), np.asarray(b.tolist()), rtol=1e-15)
    again = module.Adam([module.Group(a), module.Group(b)], pipeline=[module.WeightMean()])
    again.load_state_dict(opt.state_dict())
    assert again.groups[1].lr == 0.25


def test_an_added_group_of_a_rule_that_counts_for_itself_starts_at_one():
    a, b = np.zeros(1), np.zeros(1)
    opt = optimizers.MomentumDampened([optimizers.Group(a)], lr=1.0, mu=0.5, dampening=0.75)
    opt.step([np.ones(1)])
    opt.add_group(optimizers.Group(b))
    opt.step([np.ones(1), np.ones(1)])
    assert b == -1


def test_a_group_that_is_added_lets_an_average_go_on_that_has_begun_without_a_step():
    a, b = np.zeros(1), np.full(1, 5.0)
    kept = optimizers.WeightEMAKeras(decay=0.5)
    opt = optimizers.SGD([optimizers.Group([a, b])], lr=1.0, pipeline=[kept])
    opt.step([[np.ones(1), None]])
    b[0] = 7.0
    opt.add_group(np.ones(2))
    opt.step([[np.ones(1), None], np.ones(2)])
    assert kept.state("average")["0.1"] == 6.0


@pytest.mark.parametrize(
    ("add", "error", "says"),
    [
        (lambda opt, a: opt.add_group(a), ValueError, "share memory"),
        (lambda opt, a: opt.add_group([]), ValueError, "no parameters|nothing"),
        (lambda opt, a: opt.add_group(np.ones(2), lr=-1.0), ValueError, "lr = -1.0"),
        (lambda opt, a: opt.add_group(np.ones(2), rate=1.0), (AttributeError, TypeError), "rate"),
        (lambda opt, a: opt.add_group(np.ones(2, int)), TypeError, "int64"),
        (lambda opt, a: opt.add_group(np.ones(2, np.float32), eps=1e-60), ValueError, "eps = 1e-60 is 0.0 in float32"),
        (lambda opt, a: opt.add_group(opt.groups[0]), ValueError, "belongs to another"),
        (lambda opt, a: opt.add_group(np.ones(2), lr=lambda t: np.nan), ValueError, "lr"),
    ],
)
def test_a_group_that_cannot_be_added_changes_nothing(add, error, says):
    a = np.ones(2)
    opt = optimizers.Adam([optimizers.Group(a)], lr=0.5, pipeline=[optimizers.WeightMean()])
    opt.step([np.ones(2)])
    before = {key: value.tobytes() for key, value in opt.state_dict().items()}
    with pytest.raises(error, match=says):
        add(opt, a)
    assert {key: value.tobytes() for key, value in opt.state_dict().items()} == before
    opt.step([np.ones(2)])


def test_an_optimizer_without_groups_says_how_to_have_them():
    with pytest.raises(TypeError, match=r"Adam\(\[Group\(params\)\]"):
        optimizers.Adam(np.ones(2)).add_group(np.ones(2))


def test_an_optimizer_that_cannot_be_made_leaves_groups_and_stages_free():
    group, stage = optimizers.Group(np.ones(2, np.float32)), optimizers.WeightEMA()
    late = optimizers.ClipByNorm(where=lambda path, w: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        optimizers.Adam([group], pipeline=[stage, late])
    with pytest.raises(ValueError, match="eps"):
        optimizers.Adam([group], eps=1e-44, pipeline=[stage])
    with pytest.raises(TypeError, match="int64"):
        optimizers.Adam([group, optimizers.Group(np.ones(2, int))], pipeline=[stage])
    other = optimizers.SGD([group], pipeline=[stage])
    with pytest.raises(ValueError, match="this group belongs to another SGD"):
        optimizers.Adam([group])
    with pytest.raises(ValueError, match="this WeightEMA belongs to another SGD"):
        optimizers.Adam(np.ones(2), pipeline=[stage])
    other.step([np.ones(2, np.float32)])
    assert set(stage.state("average")) == {"0"}


@pytest.mark.parametrize("method", ["_factors", "_advance"])
def test_an_error_within_a_stage_leaves_states_that_have_not_started(method, monkeypatch):
    w = np.ones(2, np.float16)
    stages = [optimizers.WeightEMA(), optimizers.WeightEMAKeras(), optimizers.GaussianNoise()]
    opt = optimizers.LookaheadSGD(w, pipeline=stages, master_weights=True)
    w[...] = 3.0
    before = {key: value.tobytes() for key, value in opt.state_dict().items()}
    with monkeypatch.context() as patched:
        patched.setattr(optimizers.GaussianNoise, method, lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            opt.step(np.ones(2, np.float16))
    assert {key: value.tobytes() for key, value in opt.state_dict().items()} == before
    opt.step(np.zeros(2, np.float16))
    np.testing.assert_array_equal(stages[0].state("average")[""], opt._master[""] + 0.999 * (3 - opt._master[""]))


# Tied weights.


def test_tied_weights_are_stepped_once_with_the_sum_of_their_gradients(backend):
    module, there = backend
    shared, other, alike = there(np.ones(2)), there(np.ones(2)), there(np.ones(2))
    w = {"embedding": shared, "body": other, "head": shared}
    opt = module.Adam(w, lr=0.5, tied="sum")
    plain = module.Adam({"embedding": alike, "body": there(np.ones(2))}, lr=0.5)
    for first, second in (([1.0, 2.0], [3.0, 5.0]), ([1.0, 2.0], None), (None, [1.0, 4.0]), (None, None)):
        parts = [there(np.array(part)) for part in (first, second) if part is not None]
        body = there(np.ones(2))
        g = {"embedding": first, "head": second, "body": body}
        opt.step({key: there(np.array(g[key])) if isinstance(g[key], list) else g[key] for key in g})
        plain.step({"embedding": sum(parts[1:], parts[0]) if parts else None, "body": there(np.ones(2))})
    np.testing.assert_array_equal(np.asarray(shared.tolist()), np.asarray(alike.tolist()))
    assert set(opt.state("m")) == {"embedding", "body"}
    fresh = module.Adam(w, tied="sum")
    fresh.load_state_dict(opt.state_dict())


def test_tied_weights_are_refused_with_what_to_do():
    shared = np.ones(2)
    with pytest.raises(ValueError, match=r"share memory; .*tied='sum'"):
        optimizers.Adam({"a": shared, "b": shared})
    with pytest.raises(ValueError, match=r"share memory; pass a copy"):
        optimizers.Adam({"a": shared, "b": shared[:1]}, tied="sum")
    with pytest.raises(ValueError, match=r"tied='mean' is not allowed; it may be 'sum'"):
        optimizers.Adam({"a": shared, "b": shared}, tied="mean")
    with pytest.raises(ValueError, match=r"tied=array.* is not allowed; it may be 'sum'"):
        optimizers.Adam(shared, tied=np.ones(2))
    with pytest.raises(TypeError, match=r"master_weights=array.* is not allowed; it may be True or False"):
        optimizers.Adam(shared, master_weights=np.ones(2))
    with pytest.raises(TypeError, match=r"the pipeline is array\(3\); it takes a list of stages"):
        optimizers.Adam(shared, pipeline=np.array(3))
    w = {"a": shared, "b": shared}
    opt = optimizers.Adam(w, tied="sum")
    w["b"] = np.ones(2)
    with pytest.raises(ValueError, match="the parameters a and b were one array"):
        opt.step({"a": np.ones(2), "b": np.ones(2)})
    w["a"] = w["b"]
    opt.step({"a": np.ones(2), "b": np.ones(2)})
    assert (w["a"] < 1).all()


def test_views_of_one_memory_are_one_array_in_copies_too():
    memory = np.ones(4)
    w = {"a": memory[:2], "b": [memory[:2], np.ones(3)]}
    opt = optimizers.Adam(w, tied="sum")
    for again in (copy.copy, copy.deepcopy, lambda both: pickle.loads(pickle.dumps(both))):
        params, other = again((w, opt)) if again is not copy.copy else (w, copy.copy(opt))
        other.step({"a": np.ones(2), "b": [np.ones(2), None]})
        assert params["a"].tobytes() == params["b"][0].tobytes() != np.ones(2).tobytes()
        w["a"][...] = 1.0


def test_tied_weights_in_groups_are_in_the_first():
    w = np.ones(1)
    opt = optimizers.SGD([optimizers.Group(w, lr=1.0)], tied="sum")
    opt.add_group(w, lr=2.0)
    opt.step(g for g in (np.ones(1), np.full(1, 2.0)))
    assert w == -2.0


def test_half_precision_sums_do_not_overflow_on_the_way():
    w = np.zeros(1, np.float16)
    opt = optimizers.SGD([w, w, w], lr=1.0, tied="sum")
    opt.step([np.full(1, 6e4, np.float16), np.full(1, 6e4, np.float16), np.full(1, -6e4, np.float16)])
    assert w == -6e4


# What can be asked.


def test_states_and_the_hyperparameters_of_the_next_step_can_be_asked():
    opt = optimizers.Adam({"a": np.ones(2)}, lr=lambda t: 1 / t)
    assert opt.hyper()["lr"] == 1.0
    opt.step({"a": np.ones(2)})
    assert opt.hyper() == {"lr": 0.5, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    assert opt.state("m")["a"] is opt._state["a"]["m"]
    with pytest.raises(KeyError, match="Adam has no state x; it keeps m, v"):
        opt.state("x")
    with pytest.raises(KeyError, match="SGD has no state v; it keeps none"):
        optimizers.SGD(np.ones(1)).state("v")


def test_the_only_group_of_an_optimizer_sets_its_hyperparameters():
    opt = optimizers.Adam(np.ones(2))
    keys = set(opt.state_dict())
    opt.groups[0].lr = 0.25
    assert opt.lr == 0.25
    assert set(opt.state_dict()) == keys
