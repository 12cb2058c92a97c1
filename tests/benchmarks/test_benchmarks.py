"""The benchmark command: its candidates compute the same, its report has a row for each."""

import json
import sys
import types
from functools import partial

import numpy as np
import pytest

from stepsmith.codegen.backends.cupy import numbers
from tests import emulated_cupy
from tests.benchmarks import __main__ as command
from tests.benchmarks import candidates, gpu, measure, norms, report, training


@pytest.mark.parametrize("rule", candidates.RULES.values(), ids=lambda rule: rule.name)
def test_candidates_compute_the_same(rule):
    start = [np.linspace(-1, 1, n, dtype=np.float32) for n in (1, 50)]
    grads = [np.cos(9 * w) for w in start]
    found = {}
    for name, (library, build) in candidates.CANDIDATES.items():
        if library not in ("numpy", "numba"):
            continue
        if library == "numba":
            pytest.importorskip("numba")
        params = [w.copy() for w in start]
        step = build(rule, params, grads)
        for _ in range(5):
            step()
        found[name] = np.concatenate(params)
    for name, values in found.items():
        np.testing.assert_allclose(values, found["NumPy, plain"], rtol=1e-5, atol=1e-6, err_msg=name)


@pytest.mark.parametrize(
    ("name", "held", "moved"), [("Adam", 4, 7), ("AdamW", 4, 7), ("HeavyBall", 3, 5), ("RMSprop", 3, 5), ("Lion", 3, 5)]
)
def test_traffic_is_counted_from_the_spec(name, held, moved):
    assert measure.traffic(name) == (4 * held, 4 * moved)
    # in half precision w, which is read and written, and g have two bytes
    assert measure.traffic(name, 2) == (4 * held - 4, 4 * moved - 6)


def test_the_command(capsys, tmp_path):
    wanted = ["NumPy, plain", "NumPy, in place", "generated numpy"]
    arguments = ["--child", "--threads", "1", "--sizes", "10", "0", "--rules", "Lion", "--seconds", "0.01"]
    assert command.main([*arguments, "--candidates", *wanted]) == 0
    run = json.loads(capsys.readouterr().out)
    assert [case["size"] for case in run["cases"]] == ["10", "200 of 64 to 4,096"]
    text = report.markdown([run], report.HOST)
    for name in (report.COPY, *wanted):
        assert text.count(f"| {name} |") == 2
    run["cases"][0]["missing"] = {"torch, fused": "torch is not installed"}
    assert "not measured: torch, fused, torch is not installed (Lion)" in report.markdown([run], report.HOST)
    assert report.picture([run], tmp_path / "results.png") == (tmp_path / "results.png").exists()


@pytest.fixture
def device(monkeypatch):
    """CuPy without a GPU, with what the benchmark asks of one."""
    with emulated_cupy.installed() as module:
        emulated_cupy.generated()
        monkeypatch.setitem(gpu.CANDIDATES, "generated cupy", ("cupy", _generated))
        runtime = types.SimpleNamespace(memGetInfo=lambda: (10**9, 10**9))
        monkeypatch.setattr(module.cuda, "runtime", runtime, raising=False)
        monkeypatch.setattr(numbers, "without_gpu", lambda: "")
        monkeypatch.setattr(gpu, "device", lambda: "a device")
        monkeypatch.setattr(gpu, "free", lambda: None)
        monkeypatch.setattr(gpu, "copying", lambda size: lambda: None)
        monkeypatch.setattr(gpu, "timed", measure.timed)
        # what is imported while CuPy is emulated is dropped afterwards, which compiled modules do not survive
        monkeypatch.setitem(sys.modules, "torch", None)
        monkeypatch.setattr(report, "picture", lambda runs, path: True)
        yield module


def _generated(rule, params, grads):
    return partial(getattr(emulated_cupy.generated(), rule.name)(params, **candidates.OPTIONS[rule.name]).step, grads)


@pytest.mark.parametrize("dtype", gpu.DTYPES)
@pytest.mark.parametrize("rule", candidates.RULES.values(), ids=lambda rule: rule.name)
def test_candidates_of_the_device_compute_the_same(device, rule, dtype):
    found = []
    for name in ("CuPy, plain", "generated cupy"):
        params = [device.asarray(np.linspace(-1, 1, n).astype(dtype)) for n in (1, 50)]
        step = gpu.CANDIDATES[name][1](rule, params, [device.asarray(np.cos(9 * w)) for w in params])
        for _ in range(5):
            step()
        found.append(np.concatenate(params))
    tolerance = 1e-5 if dtype == "float32" else 5e-3
    np.testing.assert_allclose(*found, rtol=tolerance, atol=tolerance)


@pytest.mark.thorough
def test_the_command_on_a_device(device, capsys, tmp_path):
    arguments = ["--gpu", "--sizes", "10", "1000000000", "0", "--rules", "Lion", "Adam", "--seconds", "0.001"]
    assert command.main([*arguments, "--out", str(tmp_path)]) == 0
    text = (tmp_path / "results-gpu.md").read_text()
    assert text == capsys.readouterr().out.removesuffix("\n")
    for name in (report.COPY, "CuPy, plain", "generated cupy"):
        assert text.count(f"| {name} |") == 2 * 2 * 2
    assert "## float16\n\na device; Python" in text
    assert "not measured: all, 1,000,000,000 elements need 68 GB, of which 1 are free (Adam)" in text
    assert "not measured: torch, fused, torch has no Lion (Lion)" in text
    assert "not measured: torch, fused, torch is not installed (Adam)" in text
    assert "not measured: CuPy, fuse, AttributeError: module 'cupy' has no attribute 'fuse' (Lion, Adam)" in text


@pytest.mark.fast
def test_a_candidate_of_the_other_kind_is_refused(capsys):
    with pytest.raises(SystemExit):
        command.main(["--gpu", "--candidates", "NumPy, plain"])
    assert "NumPy, plain is no candidate; there are CuPy, plain; CuPy, fuse; generated" in capsys.readouterr().err


@pytest.mark.fast
def test_without_a_device_the_reason_is_given(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "cupy", None)
    assert command.main(["--gpu"]) == 1
    assert capsys.readouterr().err.startswith("nothing was measured: CuPy is not installed; pip install")


@pytest.mark.fast
def test_what_is_missing_is_named(monkeypatch):
    monkeypatch.setitem(candidates.CANDIDATES, "peer", ("no_such_library", candidates.optax))
    steps, missing = candidates.make(candidates.RULES["Lion"], [3], ["generated numpy", "torch, fused", "peer"])
    assert list(steps) == ["generated numpy"]
    assert missing == {"torch, fused": "torch has no Lion", "peer": "no_such_library is not installed"}


@pytest.mark.thorough
def test_what_norms_cost_is_told(capsys):
    pytest.importorskip("numba")
    norms.main(["--seconds", "0.01", "--many", "3", "--large", "100"])
    text = capsys.readouterr().out
    assert text.count("LAMB ") >= 3
    assert text.count("LARS ") == 2
    assert "LAMB moves 10 arrays, Adam 7" in text


@pytest.mark.parametrize(("name", "arrays"), [("LAMB", 10), ("LARS", 7), ("Adam", 7), ("HeavyBall", 5)])
def test_what_is_summed_up_is_read_once_more(name, arrays):
    assert norms.moved(name) == arrays


@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # torch's own, where it compiles its optimizers
def test_what_a_step_costs_in_training_is_told(capsys, monkeypatch):
    torch, limits, threads = pytest.importorskip("torch"), [], []
    pytest.importorskip("optax")
    monkeypatch.setattr(training, "limit", limits.append)
    monkeypatch.setattr(torch, "set_num_threads", threads.append)
    few = ["--sizes", "100", "--many", "3", "--spread", "2", "--rules", "Adam"]
    training.main(["--seconds", "0.01", "--threads", "2", *few])
    text = capsys.readouterr().out
    assert limits == [2]
    assert threads[0] == 2
    assert text.count("  torch, fused") == text.count("  numba") == 3
    assert text.count("ours") == 4
