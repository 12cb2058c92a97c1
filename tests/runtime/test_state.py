"""Saved states: through files, between backends, in mid-cycle; what does not fit is refused and changes nothing."""

import importlib

import numpy as np
import pytest

from stepsmith import numpy as optimizers
from stepsmith.codegen.execution.imports import package
from stepsmith.codegen.load import GENERATED
from stepsmith.plateau import ReduceOnPlateau
from tests import emulated_cupy
from tests.conftest import STEPPED
from tests.numeric.test_digits import hyperparameters
from tests.sample import by_kind

NAMES = [entry.name for entry in STEPPED]


def parameters(dtype=np.float64):
    rng = np.random.default_rng(1)
    return {"a": [rng.standard_normal((3, 2)).astype(dtype)], "b": rng.standard_normal(4).astype(dtype)}


def gradients(number: int, dtype=np.float64):
    rng = np.random.default_rng([2, number])
    return {"a": [rng.standard_normal((3, 2)).astype(dtype)], "b": rng.standard_normal(4).astype(dtype)}


def stages():
    """Every stage that keeps a state: 7 steps end within a cycle of each."""
    return [
        optimizers.DynamicLossScale(),
        optimizers.GaussianNoise(eta=0.01, seed=3),
        optimizers.Accumulate(every=3),
        optimizers.ClipByGlobalNorm(max_norm=1.0),
        optimizers.WeightEMA(decay=0.9),
        optimizers.WeightMean(),
    ]


def through_savez(saved, folder):
    np.savez(folder / "state.npz", **saved)
    with np.load(folder / "state.npz") as found:
        return dict(found)


def through_safetensors(saved, folder):
    safetensors = pytest.importorskip("safetensors.numpy", reason="pip install 'stepsmith[test]' brings safetensors")
    safetensors.save_file(saved, folder / "state.safetensors")
    return safetensors.load_file(folder / "state.safetensors")


def bits(tree) -> list[bytes]:
    return [np.asarray(a).tobytes() for a in (*tree["a"], tree["b"])]


def same(one, other) -> bool:
    return one.keys() == other.keys() and all(
        one[key].tobytes() == other[key].tobytes() and one[key].dtype == other[key].dtype for key in one
    )


@pytest.mark.parametrize("through", [through_savez, through_safetensors])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", by_kind(STEPPED, "name"))
def test_resuming_in_mid_cycle_changes_no_bit(name, dtype, through, tmp_path):
    make = getattr(optimizers, name)
    whole, first = parameters(dtype), parameters(dtype)
    one = make(whole, pipeline=stages(), **hyperparameters(name))
    two = make(first, pipeline=stages(), **hyperparameters(name))
    for number in range(14):
        one.step(gradients(number, dtype))
        if number < 7:
            two.step(gradients(number, dtype))
    second = {"a": [first["a"][0].copy()], "b": first["b"].copy()}
    resumed = make(second, pipeline=stages(), **hyperparameters(name))
    resumed.load_state_dict(through(two.state_dict(), tmp_path))
    for number in range(7, 14):
        resumed.step(gradients(number, dtype))
    assert bits(second) == bits(whole)
    assert same(resumed.state_dict(), one.state_dict())


@pytest.mark.fast
@pytest.mark.parametrize("through", [through_savez, through_safetensors])
def test_a_plateau_in_mid_cycle_goes_on_where_it_was(through, tmp_path):
    losses = [1.0, 0.9, 0.9, 0.95, 0.9, 0.91, 0.8, 0.85, 0.86, 0.9, 0.9, 0.9]
    one, two, three = (ReduceOnPlateau(lr=0.1, patience=2) for _ in range(3))
    for loss in losses[:5]:
        one.step(loss)
        two.step(loss)
    three.load_state_dict(through({name: np.array(value) for name, value in two.state_dict().items()}, tmp_path))
    for loss in losses[5:]:
        one.step(loss)
        three.step(loss)
        assert three.value == one.value
    assert three.state_dict() == one.state_dict()


SPOILT = {
    "of another rule": (lambda s: optimizers.HeavyBall(parameters()).state_dict(), "is of HeavyBall, this is Adam"),
    "of another version": (lambda s: {**s, "Adam.format": np.array(2)}, "has format 2, this code reads format 1"),
    "of no version": (lambda s: {k: v for k, v in s.items() if k != "Adam.format"}, "has format None"),
    "of another shape": (lambda s: {**s, "Adam.m.b": np.zeros(5)}, r"m.b was saved with shape \(5,\)"),
    "of another dtype": (lambda s: {**s, "Adam.m.b": s["Adam.m.b"].astype(np.float32)}, "dtype float32"),
    "of another pipeline": (lambda s: {k: v for k, v in s.items() if "Accumulate" not in k}, "has no pipeline.2"),
    "of more": (lambda s: {**s, "Adam.extra.b": np.zeros(4)}, "has extra.b, which there is no place for"),
    "with a step number that is none": (lambda s: {**s, "Adam.t": np.array(-3)}, "t"),
    "with half a step": (lambda s: {**s, "Adam.t": np.array(1.5)}, "t"),
    "with text": (lambda s: {**s, "Adam.lr": np.array("fast")}, "lr"),
    "with a list for an array": (lambda s: {**s, "Adam.m.b": [0.0] * 4}, "m.b"),
    "with a scalar that is an array": (lambda s: {**s, "Adam.t": np.zeros(3)}, "t"),
    "out of the domain": (lambda s: {**s, "Adam.beta1": np.array(1.5)}, "beta1 = 1.5 is not allowed"),
}


@pytest.mark.fast
@pytest.mark.parametrize(("spoil", "message"), SPOILT.values(), ids=SPOILT)
def test_what_does_not_fit_is_refused_and_changes_nothing(spoil, message):
    params = parameters()
    opt = optimizers.Adam(params, pipeline=stages())
    for number in range(4):
        opt.step(gradients(number))
    weights, before = bits(params), opt.state_dict()
    with pytest.raises((ValueError, TypeError), match=message):
        opt.load_state_dict(spoil(dict(before)))
    assert bits(params) == weights
    assert same(opt.state_dict(), before)


def test_numpy_and_cupy_take_each_others_states():
    with emulated_cupy.installed() as cupy:
        other = importlib.import_module(f"{package(GENERATED)}.cupy")

        def there(tree):
            return {"a": [cupy.asarray(tree["a"][0].copy())], "b": cupy.asarray(tree["b"].copy())}

        def kept(module):
            return [module.Accumulate(every=3), module.WeightEMA(decay=0.9), module.GaussianNoise(eta=0.01, seed=3)]

        for name in ("Adam", "AMSGrad", "NAdam", "LookaheadAdam", "Rprop"):
            host, device = parameters(), there(parameters())
            here = getattr(optimizers, name)(host, pipeline=kept(optimizers), **hyperparameters(name))
            away = getattr(other, name)(device, pipeline=kept(other), **hyperparameters(name))
            for number in range(4):
                here.step(gradients(number))
            away.load_state_dict(here.state_dict())
            assert same(away.state_dict(), here.state_dict())
            for number in range(4, 8):
                away.step(there(gradients(number)))
            here.load_state_dict(away.state_dict())
            assert same(away.state_dict(), here.state_dict())


def test_integers_are_integers_whatever_they_were_given_as():
    stage, opt = optimizers.Accumulate(every=4.0), optimizers.LookaheadAdam(np.ones(2), k=lambda t: 3.0)
    assert (repr(stage), type(stage.every)) == ("Accumulate(every=4)", int)
    assert opt._hyper_at(1)["k"] == 3
    assert type(opt._hyper_at(1)["k"]) is int
    one, other = optimizers.LookaheadAdam(np.ones(2), k=3), optimizers.LookaheadAdam(np.ones(2))
    other.load_state_dict(one.state_dict())
    assert (other.k, type(other.k)) == (3, int)
    monitor = ReduceOnPlateau(patience=np.float64(3))
    assert (monitor.patience, type(monitor.patience), type(monitor.lr)) == (3, int, float)
    with pytest.raises(ValueError, match=r"every = 1\.5 is not allowed; it needs integer every >= 1"):
        stage.every = 1.5
