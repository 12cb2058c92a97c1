"""The transformations for JAX with parameters that are spread over eight devices."""

import json
import os
import subprocess
import sys

import pytest

from stepsmith.codegen.load import ROOT, catalog
from stepsmith.codegen.properties.split import split
from stepsmith.codegen.result import PROVED
from tests.conftest import spec_of
from tests.sample import covering

pytest.importorskip("optax", reason="optax is not installed; pip install 'stepsmith[jax]'")

RULES = [entry for entry in catalog() if entry.kind == "optimizer"]
DEVICES = 8


def apart(keys):
    """By how much weights and states differ from those of one device, in proportion to the largest."""
    env = {**os.environ, "XLA_FLAGS": f"--xla_force_host_platform_device_count={DEVICES}", "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, "-m", "tests.runtime.sharded_jax", *keys]
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    found = json.loads(run.stdout.splitlines()[-1])
    assert found["devices"] == DEVICES
    return found["apart"]


def check(keys, rounded=0.0):
    """Where a step may be taken in parts it is the same; else sums are added up in another order."""
    for key, difference in apart(keys).items():
        (first, *_) = split(spec_of(key).runnable.optimizer)
        assert difference <= (rounded if first.status == PROVED else 1e-10), (key, difference)


#: XLA rounds a product before it is added to something, or does not, as suits the shape of an array.
ROUNDED = 4 * 2.0**-52


def test_a_rule_comes_to_the_same_bits_on_eight_devices():
    check(["adam", "adamw", "lion", "momentum_ema", "lamb", "dog", "novograd", "prodigy"])


@pytest.mark.thorough
def test_every_kind_of_rule_comes_to_the_same_on_eight_devices():
    check(sorted(covering(RULES)), ROUNDED)


@pytest.mark.exhaustive
def test_every_rule_comes_to_the_same_on_eight_devices():
    check([entry.key for entry in RULES], ROUNDED)
