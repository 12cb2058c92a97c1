"""The stages for JAX: the numbers of NumPy's beside a rule or around it, on one device and on several."""

import importlib
import os
import subprocess
import sys

import numpy as np
import pytest

from stepsmith import numpy as optimizers
from stepsmith.codegen.analysis.derive import transition
from stepsmith.codegen.load import StageSpec, load, select
from stepsmith.codegen.spec.transformation import surrounds
from tests.conftest import ROOT

jax = pytest.importorskip("jax")
jnp = jax.numpy
optax = pytest.importorskip("optax")
there = importlib.import_module("stepsmith.jax")
STAGES = {spec.key: spec for spec in load(select(())) if isinstance(spec, StageSpec)}
AROUND = {key: spec for key, spec in STAGES.items() if surrounds(spec.stage)}
ALONE = {key: spec for key, spec in STAGES.items() if key not in AROUND}
STEPS = 8


def noise(step, scale=None):
    random = np.random.default_rng(step)
    scale = 10.0 ** (step % 3 - 2) if scale is None else scale
    return {name: np.asarray(scale * random.standard_normal(shape)) for name, shape in SHAPES.items()}


SHAPES = {"a": (3, 2), "b": (5,), "c": ()}


def trained(tx, params, gradients, **given):
    """Parameters and state after each step, in double, jitted."""
    with jax.enable_x64(True):
        w = jax.tree.map(jnp.asarray, params)
        state = tx.init(w)

        @jax.jit
        def step(w, state, grads):
            updates, state = tx.update(grads, state, w, **given)
            return optax.apply_updates(w, updates), state

        for grads in gradients:
            w, state = step(w, state, jax.tree.map(jnp.asarray, grads))
            yield w, state


def close(found, wanted, rtol=1e-12):
    for name in SHAPES:
        np.testing.assert_allclose(found[name], wanted[name], rtol=rtol, atol=1e-15)


def chained(stage, rule, after):
    return optax.chain(*((rule, stage) if after else (stage, rule)))


@pytest.mark.parametrize("key", [key for key, spec in ALONE.items() if not spec.stage.noisy])
def test_the_numbers_of_numpy(key):
    """The weights and all that is kept, after each step; the last gradients each have an element that is not finite."""
    stage = ALONE[key].stage
    hyper = {"overwrite_every": 3, "decay": 0.9} if stage.name == "WeightEMAKerasOverwriting" else {}
    own, params = getattr(optimizers, stage.name)(**hyper), noise(0, 1.0)
    gradients = [noise(t) for t in range(1, STEPS + 1)]
    gradients[-2]["b"][2], gradients[-1]["a"][0, 0] = np.inf, np.nan
    tx = chained(getattr(there, key)(**hyper), there.sgd(lr=0.1), stage.after)
    given = {"lr": 0.1} if "lr" in ALONE[key].given else {}
    opt = optimizers.SGD(params, lr=0.1, pipeline=[own])
    with np.errstate(all="ignore"):
        for grads, (w, states) in zip(gradients, trained(tx, params, gradients, **given), strict=True):
            opt.step({name: g.copy() for name, g in grads.items()})
            close(w, params)
            for kept in stage.array_state:
                close(getattr(states[stage.after], kept.name), own.state(kept.name))


@pytest.mark.parametrize(("key", "first"), [("gaussian_noise", 2), ("gaussian_noise_from_one", 1)])
def test_noise_is_given_and_decays(key, first):
    tx, drawn = getattr(there, key)(eta=0.3, gamma=0.7), noise(50, 1.0)
    gradients = [noise(t) for t in range(1, STEPS + 1)]
    before = noise(0, 1.0)
    for t, (w, state) in enumerate(trained(tx, before, gradients, noise=drawn)):
        sigma = np.sqrt(0.3 / (t + first) ** 0.7)
        before = {name: before[name] + gradients[t][name] + sigma * drawn[name] for name in SHAPES}
        close(w, before)
        assert int(state.draws) == t + 1
    with pytest.raises(TypeError, match=r"needs noise.*update\(grads, state, params, noise=noise\)"):
        tx.update(gradients[0], tx.init(before), before)


@pytest.mark.parametrize("key", ALONE)
def test_as_a_rule_it_hands_on_what_the_stage_leaves(key):
    """Over symbols, from what the spec says of both."""
    stage, rule = ALONE[key].stage, ALONE[key].transformation.optimizer
    after, alone = ({s.name: v for s, v in transition(one).items()} for one in (stage, rule))
    w, g = (next(s for s in _read(rule) if s.name == name) for name in "wg")
    named = {s: next((o for o in _read(rule) if o.name == s.name), s) for v in after.values() for s in v.free_symbols}
    named |= {s: w + g for s in named if stage.after and s.name == "w"}
    reached = w + g if stage.after else g
    wanted = {name: v.xreplace(named) for name, v in after.items()}
    handed = wanted.pop("w" if stage.after else "g", reached) - (w if stage.after else 0)
    assert not (alone.pop("w") - w - handed).simplify()
    assert set(wanted) - {"w", "g"} == set(alone)
    assert all(not (alone[name] - wanted[name]).simplify() for name in alone)


def _read(rule):
    return {s for v in transition(rule).values() for s in v.free_symbols}


def test_half_precision_goes_in_and_out():
    tx, grads = there.clip_by_global_norm(max_norm=1.0), {"w": jnp.full(4, 300.0, jnp.float16)}
    updates, _ = tx.update(grads, tx.init(grads))
    assert updates["w"].dtype == jnp.float16
    np.testing.assert_allclose(updates["w"], 0.5, rtol=1e-3)


_SHARDED = """
import cli, jax, jax.numpy as jnp, numpy as np, optax
from jax.sharding import NamedSharding, PartitionSpec as P
from stepsmith import jax as there
jax.config.update("jax_enable_x64", True)
mesh = jax.make_mesh((8,), ("x",))
random = np.random.default_rng(0)
params, grads = ({"a": random.standard_normal((16, 3)), "b": random.standard_normal(8)} for _ in range(2))
for key in KEYS:
    tx, found = optax.chain(getattr(there, key)(), there.sgd(lr=1.0)), []
    for spec in (P("x"), P()):
        w, g = (jax.device_put(tree, NamedSharding(mesh, spec)) for tree in (params, grads))
        updates, _ = jax.jit(tx.update)(g, tx.init(w), w)
        assert spec == P() or not updates["a"].sharding.is_fully_replicated
        found.append(updates)
    for name in params:
        np.testing.assert_allclose(found[0][name], found[1][name], rtol=1e-15, err_msg=key)
"""


def test_a_norm_over_several_devices_is_the_norm():
    keys = ["clip_by_global_norm", "clip_by_norm", "clip_by_global_norm1", "clip_by_global_max"]
    env = {**os.environ, "XLA_FLAGS": "--xla_force_host_platform_device_count=8", "PYTHONPATH": str(ROOT)}
    code = _SHARDED.replace("KEYS", repr(keys))
    run = subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


# What is put around a rule.

HYPERS = {"interval": 2, "initial_scale": 4.0, "max_consecutive_errors": 1, "every": 3, "ascents": 2}


def around(key, tx):
    """The stage around `tx`, and what it is given for NumPy."""
    hyper = {h.name: HYPERS[h.name] for h in STAGES[key].stage.hypers if h.name in HYPERS}
    return getattr(there, key)(tx, **hyper), hyper


def test_all_stages_are_there():
    assert len(AROUND) == 12
    assert {*STAGES} <= {*there.__all__}


@pytest.mark.parametrize("key", AROUND)
def test_around_a_rule_the_numbers_of_numpy(key):
    """Behind another stage, around a rule that counts its steps; some gradients have what is not finite in them.

    Not where a stage moves uphill: what is added to a parameter that is not finite brings it nowhere.
    """
    stage = AROUND[key].stage
    tx, hyper = around(key, optax.chain(there.clip_by_value(max_value=0.5), there.adam(lr=0.1)))
    own, params = getattr(optimizers, stage.name)(**hyper), noise(0, 1.0)
    gradients = [noise(t) for t in range(1, 2 * STEPS + 1)]
    for t in () if stage.home else (3, 9, 10):
        gradients[t]["b"][2] = np.inf
    given = {"lr": 0.1} if "lr" in AROUND[key].given else {}
    opt = optimizers.Adam(params, lr=0.1, pipeline=[own, optimizers.ClipByValue(max_value=0.5)])
    with np.errstate(all="ignore"):
        for grads, (w, state) in zip(gradients, trained(tx, params, gradients, **given), strict=True):
            opt.step({name: g.copy() for name, g in grads.items()})
            close(w, params)
            for kept in stage.array_state:
                close(getattr(state.stage, kept.name), own.state(kept.name))
            for kept in stage.scalar_state:
                assert float(getattr(state.stage, kept.name)) == getattr(own, kept.name)
            assert int(state.inner[1].t) == opt.t


@pytest.mark.parametrize("key", ["accumulate", "decoupled_decay", "sam", "dynamic_loss_scale"])
def test_around_a_rule_in_float32_with_a_plain_transformation_and_a_scan(key):
    """What optax has is surrounded as well; all that is kept has one type from step to step."""
    tx, _ = around(key, optax.sgd(0.1, momentum=0.9))
    params = {name: jnp.asarray(w, jnp.float32) for name, w in noise(0, 1.0).items()}
    given = {"lr": 0.1} if "lr" in AROUND[key].given else {}

    def step(carry, t):
        w, state = carry
        updates, state = tx.update(jax.tree.map(lambda x: 0.1 * x, w), state, w, **given)
        return (optax.apply_updates(w, updates), state), t

    start = (params, tx.init(params))
    (w, state), _ = jax.lax.scan(step, start, jnp.arange(6))
    assert jax.tree.map(lambda x: x.dtype, start) == jax.tree.map(lambda x: x.dtype, (w, state))
    assert all(bool(jnp.all(jnp.abs(w[name]) < jnp.abs(params[name]))) for name in ("a", "b"))


def test_a_stage_that_moves_the_parameters_asks_for_them():
    tx = there.unscaled_decay(there.sgd(lr=0.1))
    state = tx.init({"w": jnp.ones(2)})
    with pytest.raises(ValueError, match="UnscaledDecay: a step reads the parameters; pass them"):
        tx.update({"w": jnp.ones(2)}, state)
    tx = there.decoupled_decay(there.sgd(lr=0.1))
    state = tx.init({"w": jnp.ones(2)})
    with pytest.raises(
        TypeError, match=r"DecoupledDecay: a step needs lr, a number: update\(grads, state, params, lr=lr"
    ):
        tx.update({"w": jnp.ones(2)}, state, {"w": jnp.ones(2)})
