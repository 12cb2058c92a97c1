"""Small parameters that are stepped together: the bits of each one alone, and no more memory than the scratch."""

import copy
import importlib
import pickle
import tracemalloc

import ml_dtypes
import numpy as np
import pytest

from stepsmith import numpy as optimizers
from stepsmith.numpy import _arrays, _sums
from tests.conftest import STEPPED
from tests.numeric.test_digits import hyperparameters
from tests.sample import by_kind, has_powers

NAMES = [entry.name for entry in STEPPED]


@pytest.fixture(params=["numpy", "numba"])
def backend(request, monkeypatch):
    if request.param == "numba":
        pytest.importorskip("numba", reason="Numba is not installed; pip install 'stepsmith[numba]'")
        # that all threads do what one does is a matter of test_numba.py: loops for them take long to compile
        monkeypatch.setattr(importlib.import_module("stepsmith.numba._arrays"), "PARALLEL", 10**9)
    return importlib.import_module(f"stepsmith.{request.param}")


def parameters(dtype=np.float32):
    """Small ones of every layout, and two that are too large to be put together with others."""
    rng = np.random.default_rng(0)
    shapes = [(3, 4), (), (0,), (64,), (5, 1, 2), (1,), (40_000,), (7, 9), (300, 70), (31,)]
    params = [np.asarray(rng.standard_normal(shape)).astype(dtype) for shape in shapes]
    params[0] = np.asfortranarray(params[0])
    params[7] = np.repeat(params[7], 2, axis=1)[:, ::2]
    params[9] = params[9][::-1]
    return {"list": params[:6], "large": params[6], "rest": {"a": params[7], "b": params[8], "c": params[9]}}


def leaves(tree):
    return [*tree["list"], tree["large"], *tree["rest"].values()]


def gradients(params, k):
    rng = np.random.default_rng([1, k])
    like = [np.asarray(rng.standard_normal(w.shape) * 10.0 ** (k % 3 - 1)).astype(w.dtype) for w in leaves(params)]
    return {"list": like[:6], "large": like[6], "rest": dict(zip("abc", like[7:], strict=True))}


def bits(opt, params):
    return [w.tobytes() for w in leaves(params)], {key: a.tobytes() for key, a in opt.state_dict().items()}


def longest(opt):
    return max(len(bucket.numbers) for bucket in opt._buckets)


@pytest.fixture
def alone():
    """Make an optimizer in which every parameter takes its step alone."""

    def make(cls, params, **options):
        single = type(cls.__name__, (cls,), {"_packable": lambda self, array, master: None})
        opt = single(params, **options)
        assert longest(opt) == 1
        return opt

    return make


def both(alone, cls, dtype=np.float32, stages=lambda: (), **options):
    if cls._per_array:
        pytest.skip("each array has numbers of its own, and takes its step alone")
    one, other = parameters(dtype), parameters(dtype)
    packed = cls(one, pipeline=stages(), **options)
    assert longest(packed) > 1
    return packed, one, alone(cls, other, pipeline=stages(), **options), other


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", by_kind(STEPPED, "name"))
def test_together_gives_the_bits_of_each_alone(backend, alone, name, dtype):
    packed, one, single, other = both(alone, getattr(backend, name), dtype, **hyperparameters(name))
    for k in range(4):
        packed.step(gradients(one, k))
        single.step(gradients(other, k))
    if packed._sums_first() or has_powers(name):
        for w, v in zip(leaves(one), leaves(other), strict=True):  # what is summed up is added in another order
            np.testing.assert_allclose(w, v, rtol=max(1e-9, 100 * np.finfo(dtype).eps))
        return
    assert bits(packed, one) == bits(single, other)


@pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16])
@pytest.mark.parametrize("master", [False, True])
def test_half_precision(backend, alone, dtype, master):
    packed, one, single, other = both(alone, backend.AdamW, dtype, eps=1e-4, master_weights=master)
    for k in range(4):
        packed.step(gradients(one, k))
        single.step(gradients(other, k))
    assert bits(packed, one) == bits(single, other)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize("master", [False, True])
def test_norms_of_each_between_stages(backend, alone, dtype, master):
    """Rows of parameters that each have norms of their own, which the stages before change."""
    options = {"eps": 1e-4, "master_weights": master}
    packed, one, single, other = both(alone, backend.LAMB, dtype, lambda: stages(backend), **options)
    for k in range(6):
        packed.step(gradients(one, k))
        single.step(gradients(other, k))
    assert bits(packed, one) == bits(single, other)


@pytest.mark.parametrize("name", ["LAMB", "LARS", "Fromage"])
def test_norms_of_each_where_squares_overflow_or_vanish(backend, alone, name):
    def sized():
        return [
            np.full(3, 1e-170),
            np.ones(5),
            np.full(7, 1e170),
            np.zeros(2),
            np.array([np.inf, 1.0]),
            np.array([np.nan, 1.0]),
            np.array([1e-170]),
        ]

    one, other = sized(), sized()
    packed, single = getattr(backend, name)(one), alone(getattr(backend, name), other)
    assert longest(packed) == 7
    for opt in (packed, single):
        opt.step([np.linspace(1, 2, w.size) for w in sized()])
    assert [w.tobytes() for w in one] == [w.tobytes() for w in other]


def test_float16_and_float32_go_together(alone):
    def mixed():
        return [np.ones(5, np.float16), np.ones(3, np.float32), np.ones(2, np.float64), np.ones(4, np.float32)]

    one, other = mixed(), mixed()
    packed, single = optimizers.Adam(one), alone(optimizers.Adam, other)
    assert sorted(bucket.numbers for bucket in packed._buckets) == [(0, 1, 3), (2,)]
    for opt, params in ((packed, one), (single, other)):
        opt.step([np.full_like(w, 0.3) for w in params])
    assert [w.tobytes() for w in one] == [w.tobytes() for w in other]


def stages(module):
    """Elementwise ones and noise, a mask, a stage that ends steps and one that runs nevertheless."""
    return [
        module.Accumulate(every=2),
        module.GaussianNoise(eta=0.01, seed=3),
        module.ClipByValue(max_value=0.5),
        module.L2Decay(weight_decay=0.1, where=lambda path, w: w.ndim > 1),
        module.DecoupledDecay(weight_decay=0.1),
        module.WeightEMA(decay=0.9),
        module.WeightMean(where=lambda path, w: w.ndim < 2),
    ]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_stages(backend, alone, dtype):
    packed, one, single, other = both(alone, backend.AdamW, dtype, lambda: stages(backend), eps=1e-4)
    for k in range(6):
        packed.step(gradients(one, k))
        single.step(gradients(other, k))
    assert bits(packed, one) == bits(single, other)
    average = packed.pipeline[5].state("average")
    assert average["list.0"].shape == (3, 4)
    assert not np.array_equal(average["list.0"], one["list"][0])


def test_a_norm_of_all_is_that_of_all(backend, alone):
    def clip():
        return [backend.ClipByGlobalNorm(max_norm=1.0)]

    packed, one, single, other = both(alone, backend.HeavyBall, np.float64, clip)
    for k in range(3):
        packed.step(gradients(one, k))
        single.step(gradients(other, k))
    for w, v in zip(leaves(one), leaves(other), strict=True):
        np.testing.assert_allclose(w, v, rtol=1e-14)  # the squares are added in another order


def test_a_norm_of_each_keeps_them_apart(backend):
    opt = backend.SGD(parameters(), pipeline=[backend.ClipByNorm(max_norm=1.0, where=lambda path, w: w.ndim != 1)])
    assert longest(opt) == 4  # those of one dimension, but for the large one


@pytest.mark.fast
def test_a_step_that_ends_early_and_a_loss_scale(backend, alone):
    def scaled():
        return [backend.DynamicLossScale(), backend.Accumulate(every=2), backend.WeightEMAKeras()]

    packed, one, single, other = both(alone, backend.Adam, np.float32, scaled)
    for k in range(5):
        g, h = gradients(one, k), gradients(other, k)
        if k == 3:
            g["list"][3][5] = h["list"][3][5] = np.inf
        packed.step(g)
        single.step(h)
    assert packed.t == single.t == 2
    assert bits(packed, one) == bits(single, other)


def test_groups_have_their_own_hyperparameters_and_scalars(backend, alone):
    def made(make):
        params = parameters()
        groups = [optimizers.Group(params["list"], lr=0.1), optimizers.Group([params["large"], params["rest"]])]
        return params, make(groups)

    one, packed = made(backend.NAdam)
    other, single = made(lambda groups: alone(backend.NAdam, groups))
    assert longest(packed) > 4
    for k in range(3):
        for params, opt in ((one, packed), (other, single)):
            g = gradients(params, k)
            opt.step([g["list"], [g["large"], g["rest"]]])
    assert bits(packed, one) == bits(single, other)


@pytest.mark.fast
def test_none_takes_one_out_of_a_row(backend, alone):
    packed, one, single, other = both(alone, backend.Adam, np.float32, lambda: stages(backend))
    for k in range(4):
        for opt, params in ((packed, one), (single, other)):
            g = gradients(params, k)
            if k == 1:
                g["list"][3] = g["rest"]["a"] = None
            if k == 2:
                g["list"] = [None] * 6
            opt.step(g)
    assert bits(packed, one) == bits(single, other)


def test_what_users_write_between_steps_counts(backend, alone):
    packed, one, single, other = both(alone, backend.Adam)
    for k in range(3):
        for opt, params in ((packed, one), (single, other)):
            view = params["list"][3][10:20]
            opt.step(gradients(params, k))
            assert np.shares_memory(view, params["list"][3])
            view *= 0.5
            params["rest"]["c"] = params["rest"]["c"].copy()
    assert bits(packed, one) == bits(single, other)


@pytest.mark.parametrize("way", [copy.deepcopy, lambda opt: pickle.loads(pickle.dumps(opt))])
def test_a_copy_of_an_optimizer_goes_on_by_itself(backend, way):
    params = parameters()
    opt = backend.Adam(params, pipeline=stages(backend)[4:6])
    opt.step(gradients(params, 0))
    again = way(opt)
    saved = opt.state_dict()
    for k in (1, 2):
        again.step(gradients(params, k))
    assert all(np.array_equal(opt.state_dict()[key], saved[key]) for key in saved)
    for k in (1, 2):
        opt.step(gradients(params, k))
    assert bits(opt, params) == bits(again, again._params)


def test_resuming(backend):
    one, other = parameters(), parameters()
    first, second = (backend.Adam(params, pipeline=stages(backend)) for params in (one, other))
    for k in range(3):
        first.step(gradients(one, k))
    for w, v in zip(leaves(one), leaves(other), strict=True):
        v[...] = w
    second.load_state_dict(first.state_dict())
    for k in range(3, 6):
        first.step(gradients(one, k))
        second.step(gradients(other, k))
    assert bits(first, one) == bits(second, other)


@pytest.mark.parametrize(
    "other",
    [
        np.asfortranarray,
        lambda array: np.repeat(array, 2, axis=-1)[..., ::2],
        lambda array: np.frombuffer(b"-" + array.tobytes(), array.dtype, offset=1).reshape(array.shape),
        lambda array: np.broadcast_to(array[:1], array.shape),
    ],
    ids=["Fortran", "strided", "unaligned", "broadcast"],
)
def test_any_layout_of_gradients_and_of_new_parameters(backend, alone, other):
    """Compiled loops run over small arrays where they are, and over copies of those that have another layout."""

    def made(make):
        params = [np.full((3, 4), k, np.float32) for k in range(5)]
        return params, make(params)

    (one, packed), (two, single) = made(backend.Adam), made(lambda params: alone(backend.Adam, params))
    assert longest(packed) == 5
    for k in range(4):
        g = [np.random.default_rng([k, n]).standard_normal((3, 4), np.float32) for n in range(5)]
        g[k] = other(g[k])
        for params, opt in ((one, packed), (two, single)):
            if k == 2:
                params[1] = np.copy(other(params[1].copy()), order="K")
                params[2] = np.ones((6, 8), np.float32)[::2, 1::2]
            opt.step(g)
    assert [w.tobytes() for w in one] == [w.tobytes() for w in two]
    assert {name: a.tobytes() for name, a in packed.state_dict().items()} == {
        name: a.tobytes() for name, a in single.state_dict().items()
    }


@pytest.mark.parametrize(
    "dtypes", [(np.float32, np.float16), (np.float16, np.float32), (np.float32, ml_dtypes.bfloat16)]
)
def test_a_parameter_replaced_by_one_of_another_precision(backend, dtypes):
    """States stay as they are, in float32; what is stepped together may change."""
    made = [[np.full(5, k / 7, dtypes[0])] for k in range(4)]
    singles = [backend.Adam(params, eps=1e-4) for params in made]
    together = [params[0].copy() for params in made]
    opt = backend.Adam(together, eps=1e-4)
    assert longest(opt) == 4
    for k in range(4):
        if k == 2:
            together[1] = together[1].astype(dtypes[1])
            made[1][0] = made[1][0].astype(dtypes[1])
        g = [np.random.default_rng([k, n]).standard_normal(5).astype(w.dtype) for n, w in enumerate(together)]
        opt.step(g)
        for n, single in enumerate(singles):
            single.step([g[n]])
    assert [w.tobytes() for w in together] == [params[0].tobytes() for params in made]
    for n, single in enumerate(singles):
        for state in "mv":
            assert np.array_equal(opt.state_dict()[f"Adam.{state}.{n}"], single.state_dict()[f"Adam.{state}.0"])


def test_compiled_loops_take_small_arrays_where_they_are():
    pytest.importorskip("numba")
    backend = importlib.import_module("stepsmith.numba")
    params = [np.ones(size, np.float32) for size in (5, 20_000, 40_000, 7)] + [np.ones((4, 4), np.float32).T[1:]]
    opt = backend.Adam(params)
    by_size = {tuple(params[n].size for n in bucket.numbers): bucket for bucket in opt._buckets}
    assert set(by_size) == {(5, 20_000, 7), (40_000,), (12,)}  # threads for one, gaps in the other
    assert not by_size[5, 20_000, 7].results  # nothing is copied back


def recorded(rule, monkeypatch, dtype=np.float32, **options):
    """Whether a step of `rule` brought its parameters into a row, how many passes ran, and over how much."""
    params = [np.linspace(1, 2, size).astype(dtype).reshape(shape) for size, shape in ((6, (2, 3)), (5, 5), (1, ()))]
    opt = getattr(optimizers, rule)(params, **options)
    calls, gathered = [], []
    original = _arrays.ArrayList.gathered
    monkeypatch.setattr(_arrays.ArrayList, "gathered", lambda self: gathered.append(1) or original(self))
    monkeypatch.setattr(_arrays, "deque", lambda every, maxlen: calls.append(len(list(every))))
    opt.step([np.full_like(w, 0.5) for w in params])
    return len(gathered), calls


def test_a_pass_over_a_parameter_goes_to_each_where_it_is(monkeypatch):
    assert recorded("HeavyBall", monkeypatch) == (0, [3])
    assert recorded("Adam", monkeypatch) == (0, [3])


def test_what_is_read_first_goes_into_a_row(monkeypatch):
    gathered, calls = recorded("AdamW", monkeypatch)  # w, for its decay, and twice again
    assert gathered == 3
    assert not calls
    assert recorded("LookaheadSGD", monkeypatch)[0] > 0  # np.copyto is no ufunc
    monkeypatch.undo()
    assert recorded("Adam", monkeypatch, np.float16, eps=1e-4) == (0, [])  # that has to be widened


@pytest.mark.parametrize("way", [lambda opt: opt, copy.deepcopy, lambda opt: pickle.loads(pickle.dumps(opt))])
def test_states_begin_where_a_cache_line_does(backend, way):
    sizes = (5, 7, 100_001, 40_003)
    opt = way(backend.Adam([np.ones(size, np.float32) for size in sizes]))
    arrays = [array for bucket in opt._buckets for array in bucket.states]
    assert sum(array.size for array in arrays) == 2 * sum(sizes)
    assert [_arrays._address(array) % 64 for array in arrays] == [0] * len(arrays)


def test_the_last_pass_may_be_another_one_than_before():
    """A walk over scattered arrays learns which pass writes to them last, and is right if that has changed."""
    arrays = [np.ones(2, np.float32), np.ones((3, 1), np.float32)]
    w, s = _arrays.ArrayList(arrays, np.empty(5, np.float32)), np.empty(5, np.float32)
    total = 1.0
    for passes in (2, 2, 3, 1, 1, 2, 0, 1):
        np.multiply(1, w, out=s)  # reads them, so that they are brought into a row
        for _ in range(passes):
            np.add(w, s, out=w)
        w.settle()
        total *= 1 + passes
        assert all((array == total).all() for array in arrays)


def test_only_the_last_pass_goes_to_each_array(monkeypatch):
    arrays = [np.ones(2, np.float32), np.ones((3, 1), np.float32)]
    w, calls = _arrays.ArrayList(arrays, np.empty(5, np.float32)), []
    original = _arrays.deque
    monkeypatch.setattr(_arrays, "deque", lambda every, maxlen: calls.append(1) or original(every, maxlen))
    for _ in range(2):
        calls.clear()
        w.point_at(arrays)
        for _ in range(3):
            np.multiply(2, w, out=w)
        w.settle()
    assert len(calls) == 1
    assert all((array == 64).all() for array in arrays)


def test_scattered_arrays_hold_no_more_views_than_a_few():
    arrays = [np.ones(2, np.float32), np.ones((2, 1), np.float32)]
    w = _arrays.ArrayList(arrays, np.empty(4, np.float32))
    for k in range(3 * _sums._VIEWED):
        np.add(w, np.full(4, k, np.float32), out=w)
        assert len(w.parts._views) <= _sums._VIEWED
    total = 1 + sum(range(3 * _sums._VIEWED))
    assert all((array == total).all() for array in arrays)


def test_arrays_of_a_class_of_their_own():
    class Own(np.ndarray):
        pass

    params = [np.ones(3, np.float32).view(Own), np.ones(4, np.float32)]
    opt = optimizers.HeavyBall(params, lr=1.0, rho=0.5)
    for _ in range(2):
        opt.step([np.ones(w.shape, w.dtype) for w in params])
    assert [np.asarray(w).tolist() for w in params] == [[-1.5] * 3, [-1.5] * 4]


def test_rows_are_no_longer_than_they_may_be():
    small = optimizers.Adam._small
    params = [np.zeros(size, np.float32) for size in [small] * 20 + [small + 1]]
    opt = optimizers.Adam(params)
    sizes = [sum(params[n].size for n in bucket.numbers) for bucket in opt._buckets]
    assert max(sizes) == _arrays.ROW
    assert sum(sizes) == sum(w.size for w in params)
    assert sorted(n for bucket in opt._buckets for n in bucket.numbers) == list(range(21))


# Checks that are not repeated must not be missed.


@pytest.mark.parametrize(
    ("spoil", "error", "message"),
    [
        (lambda w, g: w["a"].setflags(write=False), TypeError, "the parameter a is read-only"),
        (lambda w, g: w["a"].resize(3, refcheck=False), ValueError, "the parameter a now has shape"),
        (lambda w, g: g.update(a=w["b"]), ValueError, "the parameter b and the gradient a share memory|share memory"),
        (lambda w, g: g.update(a=w["b"][:]), ValueError, "share memory"),
        (lambda w, g: g.update(c=w["whole"][2:6]), ValueError, "share memory"),
        (lambda w, g: g.update(a=np.asarray(memoryview(w["b"]))), ValueError, "share memory"),
        (lambda w, g: g.update(a=np.frombuffer(w["b"], np.float32)), ValueError, "share memory"),
        (lambda w, g: w.update(a=w["b"][:]), ValueError, "share memory"),
        (lambda w, g: g.update(a=g["a"].astype(">f8")), TypeError, "the gradient a is >f8"),
        (lambda w, g: g.update(a=[1.0] * 4), ValueError, "the parameter a has no gradient"),
        (lambda w, g: g.update(a=np.ma.array(g["a"])[:3]), TypeError, "the gradient a is a masked array"),
    ],
)
def test_what_is_spoilt_after_a_step_is_found(spoil, error, message):
    whole = np.ones(12, np.float32)
    kept = {"a": np.ones(4, np.float32), "b": np.ones(4, np.float32), "c": whole[:4], "d": whole[8:]}
    tree = dict(kept)
    opt = optimizers.Adam(tree)
    for k in range(2):
        opt.step({key: np.full(4, k + 1, np.float32) for key in tree})
    before = [w.tobytes() for w in (*kept.values(), *opt.state_dict().values())]
    g = {key: np.ones(4, np.float32) for key in tree}

    class Around(dict):
        """The parameters, and the array of which some are views."""

        def __getitem__(self, key):
            return whole if key == "whole" else tree[key]

        def update(self, **new):
            tree.update(new)

    spoil(Around(), g)
    with pytest.raises(error, match=message):
        opt.step(g)
    assert opt.t == 2
    if kept["a"].size == 4:
        assert [w.tobytes() for w in (*kept.values(), *opt.state_dict().values())] == before


def test_gradients_that_are_views_of_one_array_or_of_another_library_are_taken():
    params = [np.ones(5, np.float32) for _ in range(4)]
    opt = optimizers.SGD(params, lr=1.0)
    every = np.full(20, 0.5, np.float32)
    opt.step([every[5 * k : 5 * k + 5] for k in range(4)])
    opt.step([np.frombuffer(bytes(every[:5].tobytes()), np.float32) for _ in range(4)])
    opt.step([np.broadcast_to(np.float32(0.5), 5) for _ in range(4)])
    assert np.array_equal(params, np.full((4, 5), -0.5))


def test_another_order_of_the_keys_and_tuples_for_lists():
    params = {"a": [np.zeros(1), np.zeros(1)], "b": np.zeros(1)}
    opt = optimizers.SGD(params, lr=1.0)
    opt.step({"b": np.full(1, 3.0), "a": (np.full(1, 1.0), np.full(1, 2.0))})
    assert [float(w[0]) for w in (*params["a"], params["b"])] == [-1, -2, -3]
    params["a"] = params.pop("a")  # now the last one
    opt.step({"a": {0: np.full(1, 1.0), 1: np.full(1, 2.0)}, "b": np.full(1, 3.0)})
    assert [float(w[0]) for w in (*params["a"], params["b"])] == [-2, -4, -6]


# Memory.


@pytest.mark.parametrize("pipeline", [False, True])
@pytest.mark.parametrize("sizes", [[4_000_000], [3000] * 200, [5] * 1000], ids=["large", "many", "tiny"])
def test_a_step_allocates_no_array(backend, sizes, pipeline):
    """What a step needs is allocated once: the buffers of a tile and the rows, before and in the first step."""
    params = [np.ones(size, np.float32) for size in sizes]
    grads = [np.full(size, 0.1, np.float32) for size in sizes]
    options = [backend.ClipByGlobalNorm(), backend.L2Decay(), backend.WeightEMA()] if pipeline else []
    opt = backend.Adam(params, pipeline=options)
    for _ in range(2):
        opt.step(grads)
    tracemalloc.start()
    try:
        opt.step(grads)
        opt.step(grads)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # lists of what belongs to each parameter; a tile of float32 has 256 KiB
    assert peak < 20_000 + 400 * len(sizes)


def test_rows_are_all_that_an_optimizer_keeps_beside_its_states():
    sizes = [3000] * 2000
    params = [np.ones(size, np.float32) for size in sizes]
    tracemalloc.start()
    try:
        opt = optimizers.Adam(params)
        size, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    arrays = 2 * 4 * sum(sizes) + 2 * 4 * _arrays.ROW
    assert arrays < size + 2 * 4 * _arrays.ROW
    assert size < arrays + 3000 * len(sizes)
    assert opt.t == 0
