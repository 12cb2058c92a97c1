"""The benchmark command: its candidates compute the same, its report has a row for each."""

import json

import numpy as np
import pytest

from tests.benchmarks import __main__ as command
from tests.benchmarks import candidates, measure, report


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
def test_words_are_counted_from_the_spec(name, held, moved):
    assert measure.words(name) == (held, moved)


def test_the_command(capsys, tmp_path):
    wanted = ["NumPy, plain", "NumPy, in place", "generated numpy"]
    arguments = ["--child", "--threads", "1", "--sizes", "10", "0", "--rules", "Lion", "--seconds", "0.01"]
    assert command.main([*arguments, "--candidates", *wanted]) == 0
    run = json.loads(capsys.readouterr().out)
    assert [case["size"] for case in run["cases"]] == ["10", command.MANY]
    text = report.markdown([run])
    for name in (report.COPY, *wanted):
        assert text.count(f"| {name} |") == 2
    run["cases"][0]["missing"] = {"torch, fused": "torch is not installed"}
    assert "not measured: torch, fused, torch is not installed (Lion)" in report.markdown([run])
    assert report.picture([run], tmp_path / "results.png") == (tmp_path / "results.png").exists()


def test_what_is_missing_is_named(monkeypatch):
    monkeypatch.setitem(candidates.CANDIDATES, "peer", ("no_such_library", candidates.optax))
    steps, missing = candidates.make(candidates.RULES["Lion"], [3], ["generated numpy", "torch, fused", "peer"])
    assert list(steps) == ["generated numpy"]
    assert missing == {"torch, fused": "torch has no Lion", "peer": "no_such_library is not installed"}
