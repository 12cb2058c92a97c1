"""The CuPy backend: its host side on the CPU, and all of it where a GPU is."""

import contextlib
import importlib

import numpy as np
import pytest

from codegen.files import GENERATED
from codegen.load import catalog
from codegen.numeric import package
from tests import emulated_cupy
from tests.digits import gradients, network
from tests.test_digits import hyperparameters

NAMES = [entry.name for entry in catalog() if entry.kind == "optimizer"]


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
def backend():
    return importlib.import_module(f"{package(GENERATED)}.cupy")


def batches(steps: int):
    rng = np.random.default_rng(0)
    for _ in range(steps):
        yield rng.random((8, 64)), rng.integers(0, 10, 8)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_it_agrees_with_numpy(cupy, backend, name, dtype):
    host = network(dtype)
    device = {key: cupy.asarray(value.copy()) for key, value in host.items()}
    opt = getattr(importlib.import_module("generated.numpy"), name)(host, **hyperparameters(name))
    other = getattr(backend, name)(device, **hyperparameters(name))
    for x, y in batches(20):
        g = {key: value.astype(dtype) for key, value in gradients(host, x, y).items()}
        opt.step(g)
        other.step({key: cupy.asarray(value) for key, value in g.items()})
    for key, value in host.items():
        tolerance = 50 * np.finfo(dtype).eps
        np.testing.assert_allclose(cupy.asnumpy(device[key]), value, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", NAMES)
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
    with pytest.raises(TypeError, match="the gradient is a str; make it an array with cp"):
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
