"""The stages for JAX: the numbers of NumPy's around a rule, on one device and on several; the others by name."""

import importlib
import os
import subprocess
import sys

import numpy as np
import pytest

from stepsmith import numpy as optimizers
from stepsmith.codegen.analysis.derive import transition
from stepsmith.codegen.load import StageSpec, load, select
from tests.conftest import ROOT

jax = pytest.importorskip("jax")
jnp = jax.numpy
optax = pytest.importorskip("optax")
there = importlib.import_module("stepsmith.jax")
instead = importlib.import_module("stepsmith.jax._absent").INSTEAD
STAGES = {spec.key: spec for spec in load(select(())) if isinstance(spec, StageSpec)}
ALONE = {key: spec for key, spec in STAGES.items() if spec.transformation}
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


# What is no transformation.


def test_each_other_stage_is_refused_with_what_does_it():
    assert set(instead) == STAGES.keys() - ALONE.keys()
    pipeline = importlib.import_module("stepsmith.jax.pipeline")
    for name, remedy in instead.items():
        for module in (there, pipeline):
            with pytest.raises(AttributeError) as error:
                getattr(module, name)
            assert str(error.value) == f"module {module.__name__} has no {name}; {remedy}"
    with pytest.raises(ImportError, match=r"optax\.MultiSteps"):
        from stepsmith.jax.pipeline import accumulate  # noqa: F401
    with pytest.raises(AttributeError, match="__all__ names what it has"):
        pipeline.nothing  # noqa: B018


def _decayed(by):
    return optax.chain(there.sgd(lr=0.1), optax.add_decayed_weights(-by))


@pytest.mark.parametrize(
    ("stage", "tx"),
    [
        (optimizers.Accumulate(every=3), lambda: optax.MultiSteps(there.sgd(lr=0.1), every_k_schedule=3)),
        (optimizers.AccumulateOptax(every=3), lambda: optax.MultiSteps(there.sgd(lr=0.1), every_k_schedule=3)),
        (
            optimizers.AccumulateSumOptax(every=3),
            lambda: optax.MultiSteps(there.sgd(lr=0.1), every_k_schedule=3, use_grad_mean=False),
        ),
        (optimizers.ApplyIfFinite(), lambda: optax.apply_if_finite(there.sgd(lr=0.1), 5)),
        (optimizers.DecoupledDecay(weight_decay=0.2), lambda: _decayed(0.1 * 0.2)),
        (optimizers.UnscaledDecay(weight_decay=0.2), lambda: _decayed(0.2)),
    ],
    ids=lambda one: getattr(one, "_rule", ""),
)
def test_what_is_named_instead_does_the_same(stage, tx):
    params, gradients = noise(0, 1.0), [noise(t) for t in range(1, STEPS + 1)]
    if isinstance(stage, optimizers.ApplyIfFinite):
        gradients[2]["b"][1] = np.nan
    opt = optimizers.SGD(params, lr=0.1, pipeline=[stage])
    for grads, (w, _) in zip(gradients, trained(tx(), params, gradients), strict=True):
        opt.step(grads)
        close(w, params, 1e-7 if "Accumulate" in stage._rule else 1e-12)  # MultiSteps divides by a float32
