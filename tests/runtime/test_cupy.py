"""The CuPy backend: its host side on the CPU, and all of it where a GPU is."""

import contextlib
import importlib

import numpy as np
import pytest

from stepsmith.codegen.execution.imports import package
from stepsmith.codegen.load import GENERATED
from tests import emulated_cupy
from tests.conftest import STEPPED, thorough
from tests.digits import gradients, network
from tests.numeric.test_digits import hyperparameters
from tests.sample import by_kind


def gpu():
    """CuPy with a device, or a skip with the reason."""
    cupy = pytest.importorskip("cupy", reason="CuPy is not installed; pip install 'stepsmith[cuda12]'")
    try:
        cupy.cuda.runtime.getDeviceCount()
    except cupy.cuda.runtime.CUDARuntimeError as error:
        pytest.skip(f"no CUDA device: {error}")
    return cupy


@pytest.fixture(params=["emulated", "gpu"])
def cupy(request):
    if request.param == "gpu":
        yield gpu()
    else:
        with emulated_cupy.installed() as module:
            yield module


@pytest.fixture
def backend(cupy):
    if cupy.ndarray is emulated_cupy.ndarray:
        return emulated_cupy.generated()
    return importlib.import_module(f"{package(GENERATED)}.cupy")


def batches(steps: int):
    rng = np.random.default_rng(0)
    for _ in range(steps):
        yield rng.random((8, 64)), rng.integers(0, 10, 8)


@pytest.mark.parametrize("name", by_kind(STEPPED, "name"))
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_it_agrees_with_numpy(cupy, backend, name, dtype):
    host = network(dtype)
    device = {key: cupy.asarray(value.copy()) for key, value in host.items()}
    opt = getattr(importlib.import_module("stepsmith.numpy"), name)(host, **hyperparameters(name))
    other = getattr(backend, name)(device, **hyperparameters(name))
    for x, y in batches(20):
        g = {key: value.astype(dtype) for key, value in gradients(host, x, y).items()}
        opt.step(g)
        other.step({key: cupy.asarray(value) for key, value in g.items()})
    for key, value in host.items():
        tolerance = 50 * np.finfo(dtype).eps
        np.testing.assert_allclose(cupy.asnumpy(device[key]), value, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", by_kind(STEPPED, "name"))
def test_resuming_changes_no_bit(cupy, backend, name):
    make = getattr(backend, name)

    def train(p, opt, steps):
        for x, y in steps:
            g = gradients({key: cupy.asnumpy(value) for key, value in p.items()}, x, y)
            opt.step({key: cupy.asarray(value) for key, value in g.items()})

    whole = {key: cupy.asarray(value) for key, value in network().items()}
    train(whole, make(whole), list(batches(6)))
    first = {key: cupy.asarray(value) for key, value in network().items()}
    opt = make(first)
    train(first, opt, list(batches(6))[:3])
    second = {key: cupy.asarray(cupy.asnumpy(value)) for key, value in first.items()}
    resumed = make(second)
    saved = opt.state_dict()
    assert all(type(value) is np.ndarray for value in saved.values())
    resumed.load_state_dict(saved)
    train(second, resumed, list(batches(6))[3:])
    for key, value in whole.items():
        assert cupy.asnumpy(value).tobytes() == cupy.asnumpy(second[key]).tobytes()


def test_errors_are_those_of_numpy(cupy, backend):
    w = cupy.asarray(np.ones(4))
    opt = backend.Adam(w)
    with pytest.raises(TypeError, match="the gradient is of type str, a text; pass arrays"):
        opt.step("text")
    with pytest.raises(ValueError, match=r"the gradient has shape \(3,\)"):
        opt.step(cupy.asarray(np.ones(3)))
    with pytest.raises(ValueError, match="share memory"):
        opt.step(w)
    with pytest.raises(ValueError, match="share memory"):
        backend.SGD([w[:3], w[2:]])
    with pytest.raises(TypeError, match="has dtype int64"):
        backend.SGD(cupy.asarray(np.ones(3, np.int64)))
    assert opt.t == 0


@pytest.mark.fast
def test_arrays_of_several_devices():
    """Each parameter is stepped where it is; what cannot meet is refused before anything is written."""
    with emulated_cupy.installed() as module:
        root = importlib.import_module(f"{package(GENERATED)}.cupy")

        def on(device, value):
            array = module.asarray(np.array(value))
            array.device = device
            return array

        here, there = contextlib.nullcontext("here"), contextlib.nullcontext("there")
        w = {"a": on(here, [1.0, 2.0]), "b": on(there, [3.0])}
        opt = root.SGD(w, lr=1.0)
        opt.step({"a": on(here, [1.0, 1.0]), "b": on(there, [1.0])})
        assert [w["a"].tolist(), w["b"].tolist()] == [[0, 1], [2]]
        with pytest.raises(ValueError, match=r"the gradient b is on .*, its parameter on .*; copy it there"):
            opt.step({"a": on(here, [1.0, 1.0]), "b": on(here, [1.0])})
        clipped = root.SGD(w, lr=1.0, pipeline=[root.ClipByNorm()])
        clipped.step({"a": on(here, [0.0, 1.0]), "b": on(there, [1.0])})  # a norm of each is no matter
        assert [w["a"].tolist(), w["b"].tolist()] == [[0, 0], [1]]
        w["a"] = on(there, [0.0, 0.0])
        with pytest.raises(ValueError, match=r"the parameter a is now on .*, its states on .*; copy it there, or make"):
            opt.step({"a": on(there, [1.0, 1.0]), "b": on(there, [1.0])})
        assert opt.t == 1


# Many small arrays: one launch for all of them.


def scattered(cupy, dtype):
    """Small arrays of any layout, empty ones among them, and one that is worth a launch of its own."""
    rng = np.random.default_rng(0)
    shapes = [(3, 4), (), (0,), (64,), (5, 1, 2), (33,), (600, 500), (0, 3), (7, 9), (31,)]
    params = [cupy.asarray(np.asarray(rng.standard_normal(shape)).astype(dtype)) for shape in shapes]
    params[0] = params[0].T
    params[8] = params[8][::2, ::-1]
    return params


def like(cupy, params, k):
    rng = np.random.default_rng([1, k])
    return [cupy.asarray(np.asarray(rng.standard_normal(w.shape)).astype(w.dtype)) for w in params]


def kept(cupy, opt, params):
    return [cupy.asnumpy(w).tobytes() for w in params], {k: a.tobytes() for k, a in opt.state_dict().items()}


@pytest.fixture
def alone(backend, monkeypatch):
    def make(cls, params, **options):
        with monkeypatch.context() as patch:
            arrays = importlib.import_module(f"{backend.__name__}._arrays")
            patch.setattr(arrays.CupyOptimizer, "_packable", lambda self, array, master: None)
            return cls(params, **options)

    return make


def longest(opt):
    return max(len(bucket.numbers) for bucket in opt._buckets)


@pytest.mark.parametrize("name", by_kind(STEPPED, "name"))
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_scattered_arrays_get_the_bits_of_each_alone(cupy, backend, alone, name, dtype):
    if getattr(backend, name)._reductions:
        pytest.skip("each array has sums of its own, and takes its step alone")
    options = dict(hyperparameters(name))
    if dtype == np.float16 and "eps" in getattr(backend, name)._domains:
        options["eps"] = 1e-4
    one, other = scattered(cupy, dtype), scattered(cupy, dtype)
    packed, single = getattr(backend, name)(one, **options), alone(getattr(backend, name), other, **options)
    assert (longest(packed), longest(single)) == (9, 1)
    for k in range(3):
        packed.step(like(cupy, one, k))
        single.step(like(cupy, other, k))
    assert kept(cupy, packed, one) == kept(cupy, single, other)


@pytest.mark.parametrize("dtype", [np.float16, *thorough([np.float32, np.float64])])
@pytest.mark.parametrize("rule", ["AdamW", *thorough(["SGD"])])
def test_stages_around_scattered_arrays(cupy, backend, alone, rule, dtype):
    def stages():
        return [
            backend.Accumulate(every=2),
            backend.GaussianNoise(eta=0.01, seed=3),
            backend.ClipByGlobalNorm(max_norm=1e6),  # a factor of 1: what it is multiplied by does not depend on order
            backend.L2Decay(weight_decay=0.1, where=lambda path, w: w.ndim > 1),
            backend.DecoupledDecay(weight_decay=0.1),
            backend.WeightEMAKeras(),
        ]

    one, other = scattered(cupy, dtype), scattered(cupy, dtype)
    options = {"eps": 1e-4} if rule == "AdamW" else {}
    packed = getattr(backend, rule)(one, pipeline=stages(), **options)
    single = alone(getattr(backend, rule), other, pipeline=stages(), **options)
    assert longest(packed) > 1
    for k in range(4):
        g, h = like(cupy, one, k), like(cupy, other, k)
        if k == 2:
            g[3] = h[3] = None
        packed.step(g)
        single.step(h)
    assert kept(cupy, packed, one) == kept(cupy, single, other)


@pytest.mark.fast
@pytest.mark.parametrize("dtypes", [(np.float32, np.float16), (np.float16, np.float32)])
def test_a_scattered_parameter_replaced_by_one_of_another_precision(cupy, backend, dtypes):
    def start(n):
        return cupy.asarray(np.full(5, n / 7, dtypes[0]))

    made, together = [[start(n)] for n in range(4)], [start(n) for n in range(4)]
    singles, opt = [backend.Adam(params, eps=1e-4) for params in made], backend.Adam(together, eps=1e-4)
    assert longest(opt) == 4
    for k in range(4):
        if k == 2:
            together[1] = together[1].astype(dtypes[1])
            made[1][0] = made[1][0].astype(dtypes[1])
        g = like(cupy, together, k)
        opt.step(g)
        for n, single in enumerate(singles):
            single.step([g[n]])
    assert [cupy.asnumpy(w).tobytes() for w in together] == [cupy.asnumpy(params[0]).tobytes() for params in made]


@pytest.mark.fast
def test_a_norm_of_scattered_arrays_alone(cupy, backend):
    """Nothing but numbers of the device and tables: the kernel has to be told how many elements there are."""
    params = [cupy.asarray(np.zeros(50, np.float32)), cupy.asarray(np.zeros(3, np.float32))]
    opt = backend.SGD(params, lr=1.0, pipeline=[backend.ClipByGlobalNorm(max_norm=1.0)])
    opt.step([cupy.asarray(np.full(50, 3.0, np.float32)), cupy.asarray(np.full(3, 3.0, np.float32))])
    for w in params:
        np.testing.assert_allclose(cupy.asnumpy(w), -1 / np.sqrt(53), rtol=1e-6)


def test_masters_are_not_scattered(cupy, backend):
    params = [cupy.asarray(np.ones(5, np.float16)) for _ in range(3)]
    opt = backend.SGD(params, master_weights=True)
    assert longest(opt) == 1


@pytest.mark.fast
def test_one_launch_and_no_upload_of_what_is_known():
    with emulated_cupy.installed() as module:
        root = importlib.import_module(f"{package(GENERATED)}.cupy")
        arrays = importlib.import_module(f"{root.__name__}._arrays")
        params = scattered(module, np.float32)[1:6]
        opt = root.Adam(params)
        (bucket,) = opt._buckets
        g = like(module, params, 0)
        opt.step(g)
        kernel = arrays._fused(importlib.import_module(f"{root.__name__}.adam")._adam_update, (), "float32", True)
        launches, uploads = kernel.launches, []
        for row in bucket.rows[:2]:
            row.addresses = _Watched(row.addresses, uploads)
        opt.step(g)
        assert (kernel.launches - launches, uploads) == (1, [])
        replaced = [*g[:-1], g[-1].copy()]
        opt.step(replaced)
        assert (kernel.launches - launches, len(uploads)) == (2, 1)


class _Watched:
    """A table that reports what is uploaded to it."""

    def __init__(self, table, uploads):
        self.table, self.uploads = table, uploads

    def __iter__(self):
        return iter(self.table)

    def set(self, values, stream):
        self.uploads.append(values)
        self.table.set(values, stream=stream)
