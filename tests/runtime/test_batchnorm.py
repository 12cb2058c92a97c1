"""BatchNorm: the numbers of the generated classes, their conventions, states and errors, and layers of one's own."""

import importlib

import numpy as np
import pytest

from stepsmith.codegen.backends import BACKENDS, in_place_backend, those_in_place
from stepsmith.codegen.check import check
from stepsmith.codegen.execution.imports import package
from stepsmith.codegen.files import changes, write
from stepsmith.codegen.load import GENERATED, load, select
from stepsmith.codegen.numeric.layers import numeric
from stepsmith.codegen.prove import prove
from stepsmith.codegen.readback import readback
from stepsmith.codegen.render import render
from stepsmith.numpy import BatchNormChainer, BatchNormCumulative, BatchNormKeras, BatchNormTorch
from tests import emulated_cupy
from tests.conftest import cli, spoil, started

ALL = {spec.key: spec for spec in load(select(["batchnorm"]))}
CLASSES = (BatchNormTorch, BatchNormCumulative, BatchNormKeras, BatchNormChainer)


def batch(*shape: int, seed: int = 0, dtype=np.float64) -> np.ndarray:
    return (3 + 2 * np.random.default_rng(seed).standard_normal(shape)).astype(dtype)


# Files.


PLAIN = """
x, y = arrays("x y")
mean = channels("mean")
RULE = Layer(name="Centred", source="a test", input=x, output=y, parameters={}, state={}, steps=(
    Step(mean, average(x)), Step(y, x - mean)), inference=(Step(y, x),), claims=(holds(average(y), 0),))
"""


def test_a_layer_without_parameters_and_hyperparameters(declare, tmp_path):
    spec = declare(PLAIN)
    check([spec])
    assert {r.status for r in prove(spec)} == {"proved"}
    write(changes(render([spec], BACKENDS, tmp_path / "out")))
    for backend in (name for name in those_in_place() if not in_place_backend(name).extends):
        assert {r.status for r in readback(spec, backend, tmp_path / "out")} == {"proved"}
    module = importlib.import_module(f"{package(tmp_path / 'out')}.numpy.written")
    centred = module.Centred(3, dtype="float64")
    values = batch(4, 3)
    np.testing.assert_allclose(centred.forward(values), values - values.mean(axis=0))
    np.testing.assert_allclose(centred.backward(values), values - values.mean(axis=0))
    with pytest.raises(ValueError, match="it needs an axis of samples"):
        centred.forward(values[0])


OWN = """\
'''Divided by the root of the mean square of each channel.'''

from stepsmith.codegen.claims import (holds, running_average)
from stepsmith.codegen.spec import (Layer, Step, arrays, average, channels, hyper, new, sqrt)

x, y_hat, y = arrays("x y_hat y")
size, gamma, running_size = channels("size gamma running_size")
rate = hyper("rate", default="0.1", domain="[0, 1]", doc="weight of the new value")
eps = hyper("eps", default="1e-6", domain="> 0", doc="keeps the division from zero")

RMS_NORM = Layer(
    name="RMSNorm",
    source="Zhang & Sennrich (2019), arXiv:1910.07467, over the batch",
    input=x,
    output=y,
    parameters={gamma: 1},
    state={running_size: 1},
    steps=(
        Step(size, average(x**2)),
        Step(y_hat, x / sqrt(size + eps)),
        Step(y, gamma * y_hat),
        Step(new(running_size), (1 - rate) * running_size + rate * size),
    ),
    inference=(Step(y, gamma * x / sqrt(running_size + eps)),),
    claims=(
        holds(average(y_hat**2), size / (size + eps)),
        running_average(running_size, of=size, decay=1 - rate),
    ),
)
"""


def test_a_layer_of_ones_own(tmp_path):
    """An RMS normalisation in a file outside of the project: verified and generated without touching it."""
    path = tmp_path / "rms_norm.py"
    path.write_text(OWN)
    run = started("verify", str(path), "-v")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "dx = gamma * (dy - y_hat * average(dy * y_hat)) / sqrt(size + eps)" in run.stdout
    assert cli("generate", str(path), "--out", str(tmp_path / "out")).returncode == 0
    assert cli("verify", str(path), "--backend", "numpy", "--out", str(tmp_path / "out")).returncode == 0


@pytest.mark.parametrize("spec", ALL.values(), ids=lambda spec: spec.key)
def test_the_numbers_are_those_of_the_reference(spec):
    results = list(numeric(spec, GENERATED, ("numpy", "cupy")))
    assert len(results) == 5
    assert {r.status for r in results[:3]} == {"tested"}, results
    assert all(r.status in ("tested", "skipped") for r in results)


def test_wrong_numbers_are_refuted(copied):
    spoil(copied / "numpy" / "_channels.py", "values.mean(", "0.99999 * values.mean(")
    results = {r.claim: r for r in numeric(ALL["batch_norm_torch"], copied, ("numpy",))}
    assert {r.status for r in results.values()} == {"refuted"}


def test_the_command_line_knows_layers():
    assert "batch_norm_keras" in cli("list").stdout
    shown = cli("show", "batch_norm_torch").stdout
    assert "dx      = gamma * (dy - average(dy) - x_hat * average(dy * x_hat)) / sqrt(var + eps)" in shown
    assert r"\overline{x}" in cli("show", "batch_norm_torch", "--latex").stdout
    assert "averages multiplied out" in cli("show", "batch_norm_torch", "--derivation").stdout
    run = cli("verify", "batch_norm_chainer", "--backend", "numpy")  # with other backends: above, and test_cli
    assert run.returncode == 0, run.stdout


# Classes.


def plain(values: np.ndarray, axis: int, eps: float):
    """Mean, biased variance and normalised values, as a page of a textbook has them."""
    others = tuple(k for k in range(values.ndim) if k != axis % values.ndim)
    mu, v = values.mean(axis=others, keepdims=True), values.var(axis=others, keepdims=True)
    return mu.ravel(), v.ravel(), (values - mu) / np.sqrt(v + eps)


def test_a_batch_norm_that_undoes_itself():
    """With the deviation for a scale and the mean for an offset, the output is the input."""
    values, bn = 3 + 2 * batch(16, 3, 5), BatchNormTorch(3, dtype="float64")
    mu, v, _ = plain(values, 1, bn.eps)
    bn.gamma[:], bn.beta[:] = np.sqrt(v + bn.eps), mu
    np.testing.assert_allclose(bn.forward(values), values, rtol=1e-13)


def test_the_average_of_the_estimates_of_all_batches():
    """Torch's momentum=None: after t batches each weighs 1/t, wherever the statistics started."""
    bn, moments = BatchNormCumulative(3, dtype="float64"), []
    bn.running_mean[:], bn.running_var[:] = 7, 100
    for k in range(5):
        values = k + (1 + k) * batch(4 + k, 3, 2, seed=k)
        bn.forward(values)
        mu, v, _ = plain(values, 1, 0)
        n = values.size // 3
        moments.append((mu, v * n / (n - 1)))
        expected = np.mean(moments, axis=0)
        np.testing.assert_allclose((bn.running_mean, bn.running_var), expected, rtol=1e-13)
    assert bn.batches.tolist() == [5, 5, 5]


@pytest.mark.parametrize(("cls", "shape"), [(c, s) for c in CLASSES for s in ((8, 3), (4, 3, 5), (2, 3, 4, 5))])
def test_the_conventions(cls, shape):
    keras = cls is BatchNormKeras
    values = batch(*shape) if not keras else np.moveaxis(batch(*shape), 1, -1)
    axis = -1 if keras else 1
    bn = cls(3, dtype="float64")
    bn.gamma[:], bn.beta[:] = (1, 2, 3), (-1, 0, 1)
    mu, v, hat = plain(values, axis, bn.eps)
    n = values.size // 3
    kept = [1] * values.ndim
    kept[axis] = 3
    y = bn.forward(values)
    np.testing.assert_allclose(y, hat * bn.gamma.reshape(kept) + bn.beta.reshape(kept), rtol=1e-13, atol=1e-13)
    weight = {BatchNormTorch: 0.1, BatchNormCumulative: 1, BatchNormKeras: 1 - 0.99, BatchNormChainer: 1 - 0.9}[cls]
    factor = 1 if keras else n / (n - 1)
    np.testing.assert_allclose(bn.running_mean, weight * mu, rtol=1e-13)
    np.testing.assert_allclose(bn.running_var, 1 - weight + weight * factor * v, rtol=1e-13)
    at_rest = (values - bn.running_mean.reshape(kept)) / np.sqrt(bn.running_var.reshape(kept) + bn.eps)
    before = bn.state_dict()
    y = bn.forward(values, training=False)
    np.testing.assert_allclose(y, at_rest * bn.gamma.reshape(kept) + bn.beta.reshape(kept), rtol=1e-12, atol=1e-12)
    assert all(np.array_equal(value, before[name]) for name, value in bn.state_dict().items())


@pytest.mark.parametrize("cls", CLASSES)
def test_finite_differences(cls):
    values, weights = batch(4, 3, 2), batch(4, 3, 2, seed=1)
    bn = cls(3, axis=1, dtype="float64")
    bn.gamma[:], bn.beta[:] = (1, 2, 3), (-1, 0, 1)

    def loss(changed: np.ndarray) -> float:
        return float((bn.forward(changed) * weights).sum())

    def slope(array: np.ndarray) -> np.ndarray:
        found = np.empty_like(array)
        for index in np.ndindex(array.shape):
            old, sides = array[index], []
            for by in (1e-5, -1e-5):
                array[index] = old + by
                sides.append(loss(values))
            array[index] = old
            found[index] = (sides[0] - sides[1]) / 2e-5
        return found

    expected = slope(values), slope(bn.gamma), slope(bn.beta)
    bn.forward(values)
    dx = bn.backward(weights)
    for found, wanted in zip((dx, bn.dgamma, bn.dbeta), expected, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(dx.sum(axis=(0, 2)), 0, atol=1e-12)


def test_the_moments_of_the_output():
    y = BatchNormTorch(4, eps=0, dtype="float64").forward(batch(64, 4))
    np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-14)
    np.testing.assert_allclose(y.var(axis=0), 1, rtol=1e-13)


@pytest.mark.fast
def test_averages_in_float32_are_summed_in_double():
    values = batch(200_000, 2, dtype=np.float32) + np.float32(1000)
    bn = BatchNormTorch(2, momentum=1)
    bn.forward(values)
    exact = values.astype(np.float64)
    np.testing.assert_allclose(bn.running_mean, exact.mean(axis=0), rtol=6.1e-8)
    np.testing.assert_allclose(bn.running_var, exact.var(axis=0, ddof=1), rtol=1e-6)
    assert bn.forward(values).dtype == np.float32


def test_any_strides_and_nothing_is_written_to_the_input():
    values = batch(6, 4, 3)
    view = values.transpose(2, 1, 0)[::-1]
    before = values.copy()
    one, other = (BatchNormTorch(4, dtype="float64") for _ in range(2))
    np.testing.assert_allclose(one.forward(view), other.forward(view.copy()), rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(one.backward(view), other.backward(view.copy()), rtol=1e-13, atol=1e-13)
    np.testing.assert_array_equal(values, before)


def test_the_backward_pass_remembers_the_batch_as_it_was():
    values, dy_ = batch(5, 3), batch(5, 3, seed=1)
    one, other = (BatchNormTorch(3, dtype="float64") for _ in range(2))
    one.forward(values)
    other.forward(values)
    expected, held = one.backward(dy_), other.dgamma
    values *= 0
    other.gamma *= 5
    other.forward(batch(5, 3, seed=2), training=False)
    np.testing.assert_array_equal(other.backward(dy_), expected)
    assert held is other.dgamma
    np.testing.assert_array_equal(held, one.dgamma)


@pytest.mark.parametrize("cls", CLASSES)
def test_resuming_changes_no_bit(cls):
    whole, first, second = (cls(3, axis=1) for _ in range(3))
    batches = [batch(4, 3, 2, seed=k, dtype=np.float32) for k in range(6)]
    for part in batches:
        y = whole.forward(part)
    for part in batches[:3]:
        first.forward(part)
    first.gamma *= 2
    whole.gamma *= 2
    second.load_state_dict(first.state_dict())
    for part in batches[3:]:
        y2 = second.forward(part)
    assert whole.running_var.tobytes() == second.running_var.tobytes()
    np.testing.assert_array_equal(2 * y, y2)
    count = ["batches"] * (cls is BatchNormCumulative)
    assert list(second.state_dict()) == ["gamma", "beta", "running_mean", "running_var", *count]


ERRORS = [
    (lambda bn: bn.forward([[1.0]]), TypeError, "a value of type list is no array; make it one with np.asarray"),
    (lambda bn: bn.forward(np.ones((4, 3), np.int64)), TypeError, "the dtype int64 cannot be normalised"),
    (lambda bn: bn.forward(np.ones((4, 3), np.float64)), TypeError, "the batch has dtype float64, a value per channel"),
    (lambda bn: bn.forward(np.ones(3, np.float32)), ValueError, "needs an axis of samples and one of channels"),
    (lambda bn: bn.forward(np.ones((3, 4), np.float32)), ValueError, "has 4 channels on axis 1"),
    (lambda bn: bn.forward(np.ones((1, 3), np.float32)), ValueError, "1 elements to a channel; at least 2 are needed"),
    (lambda bn: bn.forward(np.ones((0, 3), np.float32)), ValueError, "0 elements to a channel"),
    (lambda bn: bn.backward(np.ones((2, 3), np.float32)), ValueError, r"gradient has shape \(2, 3\), the batch \(4, 3"),
    (lambda bn: bn.backward("text"), TypeError, "a value of type str is no array"),
    (lambda bn: setattr(bn, "momentum", 2), ValueError, "it needs 0 <= momentum <= 1"),
    (lambda bn: setattr(bn, "eps", "1"), TypeError, "it has to be a number"),
    (lambda bn: bn.load_state_dict({"gamma": np.ones(3)}), ValueError, "it needs gamma, beta, running_mean"),
    (
        lambda bn: bn.load_state_dict({**bn.state_dict(), "beta": np.zeros(2)}),
        ValueError,
        r"the saved beta has shape \(2,\)",
    ),
    (
        lambda bn: bn.load_state_dict({**bn.state_dict(), "gamma": np.zeros(3), "beta": np.zeros(3)}),
        ValueError,
        "dtype float64; it needs shape",
    ),
]


@pytest.mark.parametrize(("mistake", "error", "message"), ERRORS)
def test_errors_change_nothing(mistake, error, message):
    bn = BatchNormTorch(3)
    bn.forward(batch(4, 3, dtype=np.float32))
    before, hypers = bn.state_dict(), (bn.momentum, bn.eps)
    with pytest.raises(error, match=message):
        mistake(bn)
    assert all(np.array_equal(value, before[name]) for name, value in bn.state_dict().items())
    assert (bn.momentum, bn.eps) == hypers
    assert bn.backward(np.ones((4, 3), np.float32)).shape == (4, 3)


def test_more_errors():
    with pytest.raises(RuntimeError, match=r"BatchNormTorch: backward needs a forward\(x\) in training"):
        BatchNormTorch(3).backward(np.ones((4, 3), np.float32))
    with pytest.raises(ValueError, match="channels = 0 is not allowed"):
        BatchNormTorch(0)
    for dtype, shown in (("float16", "float16"), (int, "int64"), (None, "None"), (3, "3"), ("3", "'3'"), ({}, "{}")):
        with pytest.raises(TypeError, match=f"BatchNormTorch: dtype {shown} cannot be normalised; use float32 or"):
            BatchNormTorch(3, dtype=dtype)
    with pytest.raises(TypeError, match="axis is '1'"):
        BatchNormTorch(3, axis="1")
    with pytest.raises(ValueError, match="axis = 5 is not an axis"):
        BatchNormTorch(3, axis=5).forward(np.ones((4, 3), np.float32))
    assert repr(BatchNormKeras(3)) == "BatchNormKeras(3, axis=-1, eps=0.001, momentum=0.99, dtype='float32')"


def test_one_element_is_for_the_conventions_that_take_it():
    one = np.full((1, 3), 2, np.float32)
    assert BatchNormChainer(3).forward(one).tolist() == [[0, 0, 0]]
    assert BatchNormKeras(3).forward(one).tolist() == [[0, 0, 0]]
    assert BatchNormTorch(3).forward(one, training=False).shape == (1, 3)


def test_a_constant_channel_without_epsilon_is_nan_and_warns_of_nothing():
    assert np.isnan(BatchNormTorch(2, eps=0).forward(np.ones((4, 2), np.float32))).all()


# CuPy.


@pytest.fixture(params=["emulated", "gpu"])
def cupy(request):
    if request.param == "gpu":
        from tests.runtime.test_cupy import gpu

        yield gpu()
    else:
        with emulated_cupy.installed() as module:
            yield module


@pytest.mark.parametrize("name", [cls.__name__ for cls in CLASSES])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_cupy_agrees_with_numpy(cupy, name, dtype):
    module = importlib.import_module(f"{package(GENERATED)}.cupy.batchnorm")
    host = {cls.__name__: cls for cls in CLASSES}[name](3, axis=1, dtype=dtype)
    device = getattr(module, name)(3, axis=1, dtype=dtype)
    tolerance = 20 * np.finfo(dtype).eps
    for seed in range(3):
        part, dy_ = (batch(4, 3, 5, seed=k, dtype=dtype) for k in (seed, seed + 9))
        pairs = [(host.forward(part), device.forward(cupy.asarray(part)))]
        pairs += [(host.backward(dy_), device.backward(cupy.asarray(dy_)))]
        pairs += [(host.forward(part, training=False), device.forward(cupy.asarray(part), training=False))]
        pairs += [(getattr(host, n), getattr(device, n)) for n in ("dgamma", "dbeta", "running_mean", "running_var")]
        for ours, theirs in pairs:
            assert theirs.dtype == dtype
            np.testing.assert_allclose(cupy.asnumpy(theirs), ours, rtol=tolerance, atol=20 * tolerance)
    saved = device.state_dict()
    assert all(type(value) is np.ndarray for value in saved.values())
    other = getattr(module, name)(3, axis=1, dtype=dtype)
    other.load_state_dict(saved)
    assert cupy.asnumpy(other.running_var).tobytes() == saved["running_var"].tobytes()
    with pytest.raises(TypeError, match=r"a value of type ndarray is no array; make it one with cp\.asarray"):
        other.forward(np.ones((4, 3), dtype))
