"""Train with each rule on one device and spread over eight, and tell by how much they differ.

    XLA_FLAGS=--xla_force_host_platform_device_count=8 python -m tests.runtime.sharded_jax SIZE KEY...

SIZE is one of `SIZES`. Prints a JSON object: for each rule the largest difference of weights and states, in proportion
to the largest number.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

import jax
import numpy as np
import optax
from jax import numpy as jnp
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from stepsmith.codegen.spec.symbols import Flag
from tests.conftest import spec_of

STEPS = 4
#: Arrays whose parts fill whole vectors of a processor, and such as leave a rest.
SIZES = {
    "even": {"rows": (64, 16), "both": (32, 64), "whole": (64,)},
    "uneven": {"rows": (16, 3), "both": (4, 8), "whole": (5,)},
}
#: How each array is spread: along one axis, along two, and not at all.
SPREAD = {"rows": ("x", "y"), "both": ("y", "x"), "whole": ()}


def arrays(size: str, seed: int) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    return {name: jnp.asarray(random.standard_normal(shape)) for name, shape in SIZES[size].items()}


def placed(tree: dict[str, Any], mesh: Mesh | None) -> dict[str, Any]:
    """The arrays, spread over the devices of a mesh."""
    if mesh is None:
        return tree
    specs = {
        "rows": PartitionSpec(SPREAD["rows"], None),
        "both": PartitionSpec(*SPREAD["both"]),
        "whole": PartitionSpec(),
    }
    return {name: jax.device_put(value, NamedSharding(mesh, specs[name])) for name, value in tree.items()}


def trained(key: str, size: str, mesh: Mesh | None) -> tuple[list[np.ndarray], Any]:
    """All that there is after some steps, and how the first state of each array is spread."""
    rule = spec_of(key).runnable.optimizer
    given = [one.name for one in (*rule.inputs, *rule.signals) if not isinstance(one, Flag)]
    inputs = {one.name for one in rule.inputs}
    tx = getattr(importlib.import_module("stepsmith.jax"), key)()
    w = placed(arrays(size, 0), mesh)
    state = jax.jit(tx.init)(w) if mesh is None else tx.init(w)

    @jax.jit
    def step(w: Any, state: Any, grads: Any, beside: Any) -> Any:
        updates, state = tx.update(grads, state, w, **beside)
        return optax.apply_updates(w, updates), state

    for t in range(1, STEPS + 1):
        beside = {n: placed(arrays(size, 50 + t), mesh) if n in inputs else 0.5 + t for n in given}
        w, state = step(w, state, placed(arrays(size, t), mesh), beside)
    return list(map(np.asarray, jax.tree.leaves((w, state)))), w["rows"].sharding


def main(size: str, *keys: str) -> None:
    jax.config.update("jax_enable_x64", True)
    mesh = Mesh(np.array(jax.devices()).reshape(2, 4), ("x", "y"))
    found = {}
    for key in keys:
        (one, _), (spread, sharding) = trained(key, size, None), trained(key, size, mesh)
        assert len(sharding.device_set) == mesh.size, (key, sharding)
        found[key] = max(
            float(np.max(np.abs(a - b), initial=0) / max(np.max(np.abs(a), initial=0), 1e-300))
            for a, b in zip(one, spread, strict=True)
        )
    print(json.dumps({"devices": mesh.size, "apart": found}))


if __name__ == "__main__":
    main(*sys.argv[1:])
