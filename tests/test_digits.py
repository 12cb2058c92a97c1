"""Real input: every generated optimizer trains a network on scanned digits, and resumes to the last bit."""

import importlib
import sys

import numpy as np
import pytest

from codegen.numeric import package
from tests.conftest import SPECS, cli
from tests.digits import network, train

# rule, hyperparameters, epochs, held-out accuracy to reach
RUNS = {
    "Adam": ({"lr": 0.003}, 20, 0.95),
    "SGD": ({"lr": 0.5}, 30, 0.94),
    "HeavyBall": ({"lr": 0.1}, 20, 0.95),
    "MomentumBuffer": ({"lr": 0.1}, 20, 0.95),
    "MomentumEMA": ({"lr": 1.0}, 20, 0.95),
}


def make(name: str):
    return getattr(importlib.import_module("generated.numpy"), name)


def test_every_rule_has_a_run():
    from codegen.load import catalog

    assert {entry.name for entry in catalog()} == set(RUNS)


@pytest.mark.parametrize("name", RUNS)
def test_a_network_learns_the_digits(name):
    hyper, epochs, wanted = RUNS[name]
    p = network()
    assert train(make(name)(p, **hyper), p, range(epochs)) >= wanted


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_resuming_in_the_middle_changes_no_bit(name, dtype):
    hyper = {"lr": lambda t: RUNS[name][0]["lr"] / t**0.5}
    whole = network(dtype)
    train(make(name)(whole, **hyper), whole, range(4), dtype)

    first = network(dtype)
    opt = make(name)(first, **hyper)
    train(opt, first, range(2), dtype)
    saved, weights = opt.state_dict(), {key: value.copy() for key, value in first.items()}
    train(opt, first, range(2, 3), dtype)  # going on does not touch what was saved

    resumed = make(name)(weights, **hyper)
    resumed.load_state_dict(saved)
    train(resumed, weights, range(2, 4), dtype)
    for key, value in whole.items():
        assert value.tobytes() == weights[key].tobytes()


def test_a_users_rule_is_verified_generated_and_trains(tmp_path):
    """Ten lines of equations in a file of one's own, and nothing else."""
    spec = tmp_path / "sign_momentum.py"
    spec.write_text((SPECS / "sign_momentum.py").read_text())
    verified = cli("verify", "sign_momentum.py", cwd=tmp_path)
    assert verified.returncode == 0, verified.stdout
    assert cli("generate", "sign_momentum.py", "--out", "optim", cwd=tmp_path).returncode == 0
    assert cli("verify", "sign_momentum.py", "--out", "optim", cwd=tmp_path).returncode == 0
    name = package(tmp_path / "optim")
    opt = importlib.import_module(f"{name}.numpy").SignMomentum
    p = network()
    assert train(opt(p, lr=lambda t: 0.003 / (1 + t / 100)), p, range(20)) >= 0.94
    for module in [module for module in sys.modules if module.startswith(name)]:
        del sys.modules[module]
