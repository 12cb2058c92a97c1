"""The transformations for JAX with parameters that are spread over eight devices."""

import json
import os
import platform
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


#: XLA makes one operation, rounded once, of a product and a sum where the processor has it, and may choose otherwise
#: for elements that are left over when vectors are filled. Up to AVX there is no such operation.
ROUNDED_EACH = "--xla_cpu_max_isa=AVX"
x86 = pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64"), reason="XLA can be kept from fused operations on x86 only"
)


def apart(keys, size, flags):
    """By how much weights and states differ from those of one device, in proportion to the largest."""
    count = f"--xla_force_host_platform_device_count={DEVICES}"
    env = {**os.environ, "XLA_FLAGS": " ".join([count, *flags]), "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, "-m", "tests.runtime.sharded_jax", size, *keys]
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    found = json.loads(run.stdout.splitlines()[-1])
    assert found["devices"] == DEVICES
    return found["apart"]


def check(keys, size="even", *flags):
    """Where a step may be taken in parts its bits are the same; else sums are added up in another order."""
    for key, difference in apart(keys, size, flags).items():
        (first, *_) = split(spec_of(key).runnable.optimizer)
        assert difference <= (0 if first.status == PROVED else 1e-12), (key, difference)


def test_a_rule_comes_to_the_same_bits_on_eight_devices():
    check(["adam", "adamw", "lion", "momentum_ema", "lamb", "dog", "novograd", "prodigy"])


@x86
def test_so_it_does_where_parts_leave_a_rest_if_each_operation_is_rounded():
    check(["adam_eps_inside", "adasmooth", "msvag", "rmsprop_centered_nesterov"], "uneven", ROUNDED_EACH)


@pytest.mark.thorough
def test_every_kind_of_rule_comes_to_the_same_on_eight_devices():
    check(sorted(covering(RULES)))


@pytest.mark.exhaustive
def test_every_rule_comes_to_the_same_on_eight_devices():
    check([entry.key for entry in RULES])


@x86
@pytest.mark.exhaustive
def test_every_rule_does_where_parts_leave_a_rest_if_each_operation_is_rounded():
    check([entry.key for entry in RULES], "uneven", ROUNDED_EACH)
