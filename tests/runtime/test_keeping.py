"""Keep the best model and the last: by key, in every backend, across a restart."""

import io
import subprocess
import sys

import numpy as np
import pytest

from stepsmith.codegen.load import ROOT
from stepsmith.keeping import KeepBest
from stepsmith.numpy import Adam
from stepsmith.plateau import ReduceOnPlateau
from stepsmith.stopping import Best, EarlyStopping
from tests import emulated_cupy

pytestmark = pytest.mark.fast

LOSSES = (3.0, 2.0, 2.5, float("nan"), 1.5, 1.75, 9.0)


def tree(make=np.asarray, dtype="float32"):
    return {"net": [{"w": make(np.zeros((2, 3), dtype)), "b": make(np.zeros(3, dtype))}], "scale": make(np.ones(1))}


def train(params, epoch: int) -> None:
    """Something that depends on the parameters alone."""
    for array in (params["net"][0]["w"], params["net"][0]["b"], params["scale"]):
        array[...] = array * 0.5 + epoch


def flat(params) -> list:
    return [np.asarray(a).tolist() for a in (*params["net"][0].values(), params["scale"])]


@pytest.fixture(params=["numpy", "emulated cupy"])
def make(request):
    return np.asarray if request.param == "numpy" else emulated_cupy.asarray


def test_best_and_last_and_which_report_each_is_of(make):
    params, seen = tree(make), {}
    keep = KeepBest(params, Best())
    assert (keep.best_at, keep.last_at) == (0, 0)
    for epoch, loss in enumerate(LOSSES, start=1):
        train(params, epoch)
        keep.step(loss)
        seen[epoch] = flat(params)
        assert (keep.best_at, keep.last_at) == ([1, 2, 2, 2, 5, 5, 5][epoch - 1], epoch)
    keep.restore_best()
    assert flat(params) == seen[5]
    keep.restore_last()
    assert flat(params) == seen[7]


@pytest.mark.parametrize("moment", range(len(LOSSES)))
@pytest.mark.parametrize("monitor", [Best, ReduceOnPlateau, lambda: EarlyStopping(patience=2)])
def test_a_restart_changes_nothing(make, moment, monitor):
    whole, first, second = (KeepBest(tree(make), monitor()) for _ in range(3))
    told = []
    for epoch, loss in enumerate(LOSSES, start=1):
        train(whole.params, epoch)
        told.append(whole.step(loss))
    for epoch in range(1, moment + 1):
        train(first.params, epoch)
        assert first.step(LOSSES[epoch - 1]) == told[epoch - 1]
    file = io.BytesIO()
    np.savez(file, **first.state_dict())
    file.seek(0)
    second.load_state_dict(np.load(file))
    second.restore_last()
    assert flat(second.params) == flat(first.params)
    for epoch in range(moment + 1, len(LOSSES) + 1):
        train(second.params, epoch)
        assert second.step(LOSSES[epoch - 1]) == told[epoch - 1]
    assert (second.best_at, second.last_at) == (whole.best_at, whole.last_at)
    for keep in (whole, second):
        keep.restore_best()
    assert flat(second.params) == flat(whole.params)
    assert repr(second.state_dict()) == repr(whole.state_dict())


SECOND = """
import numpy as np
from generated.keeping import KeepBest
from generated.stopping import Best
params = {"w": np.zeros(2)}
keep = KeepBest(params, Best())
keep.load_state_dict(np.load("saved.npz"))
print(keep.best_at, keep.last_at, keep.monitor.best)
keep.restore_best()
print(*params["w"])
keep.restore_last()
print(*params["w"])
"""


def test_another_process_goes_on(tmp_path):
    params = {"w": np.array([0.1, 0.2])}
    keep = KeepBest(params, Best())
    keep.step(0.3)
    params["w"] += 1
    keep.step(0.7)
    np.savez(tmp_path / "saved.npz", **keep.state_dict())
    root = str(ROOT)
    run = [sys.executable, "-c", f"import sys; sys.path.insert(0, {root!r}){SECOND}"]
    printed = subprocess.run(run, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert printed.splitlines() == ["1 2 0.3", "0.1 0.2", "1.1 1.2"]


def test_what_restore_best_replaces_comes_back():
    w = np.zeros(2)
    keep = KeepBest(w, Best())
    keep.step(1.0)
    w += 1  # since the report
    keep.restore_best()
    keep.restore_best()
    assert w.tolist() == [0, 0]
    keep.restore_last()
    assert w.tolist() == [1, 1]


def test_the_arrays_are_told_apart_by_their_keys():
    params = {"a": np.zeros(2), "b": np.ones(2)}
    keep = KeepBest(params, Best())
    keep.step(1.0)
    params["a"] = params.pop("a") + 5
    params["b"] += 5
    keep.restore_best()
    assert {name: a.tolist() for name, a in params.items()} == {"a": [0, 0], "b": [1, 1]}


def test_what_cannot_be_restored():
    params = {"a": np.zeros(2), "b": np.ones(2)}
    keep = KeepBest(params, Best())
    keep.step(1.0)
    other = {"a": np.zeros(3), "b": np.ones(2)}
    for change, fact in [
        ({"c": params["b"]}, "c cannot be restored, it was not there at that report; report it first"),
        (other, r"a has shape \(3,\) and dtype float64, it was kept with \(2,\) and float64; restore into"),
        ({"b": np.ones(2, "float32")}, "b has shape .2,. and dtype float32, it was kept with .2,. and float64"),
    ]:
        keep.params = {**params, **change}
        with pytest.raises(ValueError, match=fact):
            keep.restore_best()
    keep.params = {"a": params["a"]}
    with pytest.raises(ValueError, match="b cannot be restored, there is no such parameter any more"):
        keep.restore_last()
    keep.params = {**params, "b": 1.0}
    with pytest.raises(TypeError, match=r"the parameter b is of type float; make it an array with np.asarray"):
        keep.step(2.0)
    assert (keep.monitor.t, keep.last_at) == (1, 1)
    for monitor, what in [(Best, "Best"), (3, "int"), (None, "NoneType")]:
        with pytest.raises(TypeError, match=f"the monitor is {what}; give an object of a monitor's class"):
            KeepBest(params, monitor)
    with pytest.raises(TypeError, match=r"the parameter a is of type float64; make it an array with np.asarray"):
        KeepBest({"a": np.float64(1)}, Best())
    for given, fact in [
        (1.0, "the parameter is of type float; make it an array with np.asarray"),
        (np.ndarray, "the parameter is the class ndarray; pass what it makes"),
        ("abc", "the parameter is of type str, a text; pass arrays, in a list or a dict"),
        (Adam(np.ones(2)), "the parameter is an optimizer; hand over the arrays themselves"),
    ]:
        with pytest.raises(TypeError, match=f"^KeepBest: {fact}"):
            KeepBest(given, Best())
    with pytest.raises(TypeError, match=r"^Best: the metric is <class 'numpy.float64'>; it has to be a number"):
        Best().step(np.float64)
    with pytest.raises(ValueError, match=r"two parameters are called a.b; rename one of their keys"):
        KeepBest({"a": {"b": np.zeros(1)}, "a.b": np.zeros(1)}, Best())


def test_nothing_is_restored_if_one_of_the_arrays_is_read_only():
    params = {"a": np.zeros(2), "b": np.ones(2)}
    keep = KeepBest(params, Best())
    keep.step(1.0)
    params["a"] += 5
    params["b"].flags.writeable = False
    for restore in (keep.restore_best, keep.restore_last):
        with pytest.raises(ValueError, match="b is read-only; restore into an array of its own"):
            restore()
        assert params["a"].tolist() == [5, 5]


@pytest.mark.parametrize(
    ("change", "error", "fact"),
    [
        ({"KeepBest.best.a": None}, ValueError, "has no best a; it is of other parameters"),
        ({"KeepBest.best.a": np.zeros(3)}, ValueError, r"best a was saved with shape \(3,\) and dtype float64, here"),
        ({"KeepBest.last.b": np.zeros(2)}, ValueError, "has last.b, which there is no parameter for here"),
        ({"KeepBest.best_at": 1.5}, ValueError, "best_at was saved as 1.5, it has to be the number of a report"),
        ({"KeepBest.last_at": None}, ValueError, "last_at was saved as None, it has to be the number of a report"),
        ({"KeepBest.best_at": 7}, ValueError, "best_at = 7 is saved with last_at = 2, which is earlier"),
        ({"KeepBest.EarlyStopping.t": 1}, ValueError, "the saved state has other names than Best keeps"),
        ({"Adam.t": 1}, ValueError, "the saved state is of something else"),
    ],
)
def test_what_cannot_be_loaded_changes_nothing(change, error, fact):
    keep = KeepBest({"a": np.arange(2.0)}, Best())
    keep.step(1.0)
    keep.step(2.0)
    before = repr(keep.state_dict())
    with pytest.raises(error, match=fact):
        keep.load_state_dict({**keep.state_dict(), **change})
    assert repr(keep.state_dict()) == before
