"""Parameters that are spread over eight devices of the host: the bits of one device where a rule needs no sum."""

import importlib.util
import os
import subprocess
import sys

import pytest

from stepsmith.codegen.load import ROOT

if importlib.util.find_spec("jax") is None or importlib.util.find_spec("optax") is None:
    pytest.skip("JAX and Optax are not both installed", allow_module_level=True)

PROGRAM = """
import cli
import jax, jax.numpy as jnp, numpy as np, optax
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from stepsmith import jax as rules

def trained(key, place):
    random = np.random.default_rng(0)
    tx = getattr(rules, key)()
    arrays = lambda: {"a": place(random.standard_normal((16, 3)).astype(np.float32)), "b": place(
        random.standard_normal(8).astype(np.float32))}
    params = arrays()
    state = jax.jit(tx.init)(params)
    @jax.jit
    def step(params, state, grads):
        updates, state = tx.update(grads, state, params)
        return optax.apply_updates(params, updates), state
    for _ in range(5):
        params, state = step(params, state, arrays())
    return params, state

assert len(jax.devices()) == 8
spread = NamedSharding(Mesh(np.array(jax.devices()), ("x",)), PartitionSpec("x"))
for key, sums in (("adam", False), ("adamw", False), ("lion", False), ("lamb", True), ("dog", True), ("prodigy", True)):
    one, other = trained(key, jnp.asarray), trained(key, lambda x: jax.device_put(x, spread))
    assert other[0]["a"].sharding == spread, other[0]["a"].sharding
    for x, y in zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True):
        x, y = np.asarray(x), np.asarray(y)
        if sums:
            np.testing.assert_allclose(x, y, rtol=1e-5, atol=1e-7, err_msg=key)
        else:
            assert x.tobytes() == y.tobytes(), key
print("the same")
"""


def test_eight_devices_have_what_one_has():
    own = {**os.environ, "XLA_FLAGS": "--xla_force_host_platform_device_count=8", "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, "-c", PROGRAM]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=own)
    assert run.stdout == "the same\n", run.stderr[-3000:]
