"""Copies are independent: each goes on as what was never copied does, and none changes another."""

import copy
import pickle

import numpy as np
import pytest

from stepsmith.keeping import KeepBest
from stepsmith.numpy import SGD, BatchNormCumulative, BatchNormTorch, Group, WeightEMA
from stepsmith.ordering import EasyFirst
from stepsmith.plateau import ReduceOnPlateau
from stepsmith.restarts import CosineGrowingRestarts
from stepsmith.schedules import Cosine
from stepsmith.stopping import Best
from tests.conftest import thorough
from tests.runtime.test_refusals import trial  # noqa: F401 - a fixture

pytestmark = pytest.mark.fast


def deeply_pickled(value):
    return pickle.loads(pickle.dumps(value))


COPIES = {"copy": copy.copy, "deepcopy": copy.deepcopy, "pickle": deeply_pickled}


def rate(t):
    return 0.1 / t


def beyond_b(path, w):
    return path != "b"


def only_matrices(path, w):
    return w.ndim > 1


def staged(module, p, **options):
    stages = [
        module.DynamicLossScale(initial_scale=2.0),
        module.Accumulate(every=2),
        module.ClipByGlobalNorm(max_norm=1.0),
        module.GaussianNoise(eta=0.1, seed=3),
        module.WeightEMA(decay=0.9, where=only_matrices),
    ]
    return module.Adam(p, lr=rate, pipeline=stages, **options)


MADE = {
    "small arrays": lambda module, p: module.Adam(p, lr=rate),
    "stages": staged,
    "half precision": lambda module, p: staged(module, p, master_weights=True),
    "groups": lambda module, p: module.NAdam([module.Group(p["a"], lr=Cosine(lr=0.1, steps=9)), module.Group(p["b"])]),
    "a monitor": lambda module, p: module.SGD(p, lr=ReduceOnPlateau(lr=0.1, patience=1)),
}


def made(trial, kind):  # noqa: F811
    dtype = np.float16 if kind == "half precision" else float
    p = {"b": trial.ones(2, dtype=dtype), "a": trial.ones(2, 3, dtype=dtype)}
    return p, MADE[kind](trial.module, p)


def gradients(opt, p, number):
    g = {key: np.full_like(w, np.sin(number + len(key))) for key, w in p.items()}
    return [g["a"], g["b"]] if len(opt.groups) > 1 else g


def go(opt, p, numbers):
    for number in numbers:
        if isinstance(opt.lr, ReduceOnPlateau):
            opt.lr.step(1.0)
        opt.step(gradients(opt, p, number))


def state(opt):
    # what belongs to the noise and to the scalars of stages is in the saved state, too
    return {key: value.tobytes() for key, value in opt.state_dict().items()}


def held(opt):
    return dict(zip(opt._checks.paths, opt._checks.parameters(opt._params), strict=True))


@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize("first", ["copy", *thorough(["original"])])
def test_a_copy_of_an_optimizer_and_the_original_go_on_as_one_that_was_never_copied(trial, kind, how, first):  # noqa: F811
    if how == "pickle" and trial.name == "cupy":
        pytest.skip("what stands for CuPy here is not pickled")
    p, opt = made(trial, kind)
    q, alone = made(trial, kind)
    go(opt, p, range(3))
    go(alone, q, range(3))
    other = COPIES[how](opt)
    own = held(other)
    assert all(w is own[path] for path, w in held(opt).items()) is (how == "copy")
    assert all(mine is not its for mine, its in zip(opt.pipeline, other.pipeline, strict=True))
    assert all(mine is not its for mine, its in zip(opt.groups, other.groups, strict=True))
    if how == "copy":
        mine = {key: w.copy() for key, w in p.items()}
        pair = [opt, other] if first == "original" else [other, opt]
        for one in pair:
            for key, w in p.items():
                w[...] = mine[key]
            go(one, p, range(3, 7))
        go(alone, q, range(3, 7))
    else:
        go(opt, p, range(3, 7))
        tree = {key: own[key] for key in ("b", "a")} if len(opt.groups) == 1 else {"a": own["0"], "b": own["1"]}
        go(other, tree, range(3, 7))
        go(alone, q, range(3, 7))
        assert all(np.array_equal(tree[key], q[key]) for key in q)
    assert all(np.array_equal(p[key], q[key]) for key in q)
    assert state(opt) == state(other) == state(alone)
    other.lr = 0.5
    assert state(opt) == state(alone)


@pytest.mark.parametrize(
    "make",
    [
        lambda: SGD(np.ones(1)),
        lambda: BatchNormTorch(channels=1),
        Best,
        lambda: KeepBest(np.ones(1), Best()),
    ],
)
@pytest.mark.parametrize("saved", [None, 3, [1.0], "state.npz"])
def test_what_is_no_saved_state_is_told_what_is(make, saved):
    with pytest.raises(TypeError, match=r"the saved state is of type \w+; load what state_dict\(\) returned"):
        make().load_state_dict(saved)


def test_a_copy_that_is_dropped_leaves_the_checkpoint_alive(trial):  # noqa: F811
    p, opt = made(trial, "small arrays")
    go(opt, p, range(1))
    saved = state(opt)
    copy.copy(opt)
    go(opt, p, range(1, 2))
    assert all(saved[key] != value for key, value in state(opt).items() if ".m." in key)


def test_a_loaded_state_is_that_of_one_of_two_copies():
    p = {"a": np.ones(2)}
    opt = SGD(p, pipeline=[WeightEMA(decay=0.5)])
    opt.step({"a": np.ones(2)})
    other, saved = copy.copy(opt), state(opt)
    fresh = SGD({"a": np.zeros(2)}, pipeline=[WeightEMA(decay=0.5)])
    other.load_state_dict(fresh.state_dict())
    assert state(opt) == saved != state(other)


@pytest.mark.parametrize("how", COPIES)
def test_a_copy_of_a_stage_keeps_what_was_there(how):
    stage = WeightEMA(decay=0.5)
    w = np.ones(2)
    opt = SGD(w, lr=1.0, pipeline=[stage])
    opt.step(np.ones(2))
    other = COPIES[how](stage)
    before = {name: array.copy() for name, array in other._state[""].items()}
    other.decay = 0.25
    opt.step(np.ones(2))
    assert stage.decay == 0.5
    assert all(np.array_equal(array, other._state[""][name]) for name, array in before.items())
    assert not all(np.array_equal(array, stage._state[""][name]) for name, array in before.items())


@pytest.mark.parametrize("how", [copy.copy, copy.deepcopy])
@pytest.mark.parametrize("joined", [False, True])
def test_a_copy_of_a_group_belongs_to_no_optimizer_yet(how, joined):
    w = np.ones(2)
    group = Group({"w": w}, lr=0.5)
    if joined:
        SGD([group])
    other = how(group)
    other.lr = 0.25
    assert (group.lr, other.lr) == (0.5, 0.25)
    SGD([other]).step([{"w": np.ones(2)}])
    assert w.tolist() == ([0.75] * 2 if how is copy.copy else [1.0] * 2)


@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize(
    "make", [lambda: ReduceOnPlateau(lr=0.1, patience=1), Best, lambda: CosineGrowingRestarts(lr=0.1)]
)
def test_copies_of_monitors(how, make):
    def hear(monitor, metric):
        return monitor.step(metric) if monitor._hears else monitor.step()

    monitor, alone = make(), make()
    for metric in (3.0, 2.0):
        hear(monitor, metric), hear(alone, metric)
    other = COPIES[how](monitor)
    saved = monitor.state_dict()
    for metric in (1.0, 5.0, 6.0, 7.0):
        assert hear(other, metric) == hear(alone, metric)
    assert monitor.state_dict() == saved
    assert other.state_dict() == alone.state_dict()


@pytest.mark.parametrize("how", COPIES)
def test_copies_of_schedules(how):
    schedule = Cosine(lr=0.1, steps=10)
    other = COPIES[how](schedule)
    other.lr = 0.2
    assert (schedule(1), other(1)) == (0.1, 0.2)


@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize("rule", [BatchNormTorch, BatchNormCumulative])
def test_copies_of_layers(how, rule):
    x = np.arange(12.0).reshape(4, 3) ** 2
    layer, alone = rule(3, dtype="float64"), rule(3, dtype="float64")
    for one in (layer, alone):
        one.forward(x)
    other, before = COPIES[how](layer), layer.state_dict()
    for one in (other, alone):
        one.backward(x)
        one.forward(x + 1)
        one.gamma[...] = 2
    assert all(np.array_equal(before[key], value) for key, value in layer.state_dict().items())
    assert all(np.array_equal(value, alone.state_dict()[key]) for key, value in other.state_dict().items())
    assert np.array_equal(other.dgamma, alone.dgamma)
    assert not layer.dgamma.any()
    layer.backward(x)  # its own batch is still there
    assert np.array_equal(layer.dgamma, alone.dgamma)


@pytest.mark.parametrize("how", COPIES)
def test_copies_of_kept_parameters(how):
    p = {"b": np.zeros(2), "a": np.ones(2)}
    keep = KeepBest(p, Best())
    keep.step(1.0)
    other = COPIES[how](keep)
    assert (other.params is p) is (how == "copy")
    assert other.monitor is not keep.monitor
    p["a"][...] = 5
    other.step(0.5)
    assert (keep.best_at, other.best_at, keep.monitor.best) == (1, 2, 1.0)
    keep.restore_best()
    assert p["a"].tolist() == [1, 1]
    other.restore_best()
    assert other.params["a"].tolist() == ([5, 5] if how == "copy" else [1, 1])


def test_copies_of_an_order():
    data = EasyFirst(np.arange(9.0), seed=1)
    data.batch(3, 1.0)
    other = copy.copy(data)
    assert all(np.array_equal(data.batch(3, 1.0), other.batch(3, 1.0)) for _ in range(3))
