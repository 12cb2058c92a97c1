"""Rules beside short runs of pytorch_optimizer, which tests.live.record recorded in float64."""

import importlib
import json
from pathlib import Path

import numpy as np
import pytest

RECORDED = json.loads((Path(__file__).parent / "rules.json").read_text())
GRADIENTS = np.array(RECORDED["gradients"])


@pytest.mark.parametrize("run", RECORDED["runs"], ids=lambda run: f"{run['rule']}-{run['theirs']}")
def test_a_rule_is_that_of_the_collection(run):
    w = np.array(RECORDED["start"])
    hyper = {n: (lambda t, v=v: v[t - 1]) if isinstance(v, list) else v for n, v in run["hyper"].items()}
    opt = getattr(importlib.import_module("stepsmith.numpy"), run["rule"])(w, **hyper)
    found = {}
    for t, g in enumerate(GRADIENTS, start=1):
        opt.step(g)
        found[t] = w.copy()
    ours, theirs = np.array([found[t] for t in RECORDED["recorded_steps"]]), np.array(run["w"])
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10 * np.abs(theirs).max())
