"""Torch and JAX at the ends of what is allowed: the numbers of NumPy's optimizers, and NaN and inf where they have."""

import importlib
import re
from functools import cache

import numpy as np
import pytest

from stepsmith.codegen.load import catalog
from tests.conftest import spec_of
from tests.runtime.extreme_rows import STEPS, UNIT, differences, of_numpy, parameters, row
from tests.sample import covering

RULES = [entry for entry in catalog() if entry.kind == "optimizer"]


#: They divide by the root of a variance. For a small rho it is what rounding leaves of v - m**2; XLA rounds once there.
CENTERED = {entry.key for entry in RULES if re.match("rmsprop_(centered|graves)", entry.key)}


def keys(few, some):
    """Those of all rules; of those that are not among the few the test is thorough, or exhaustive."""
    beyond = {entry.key: pytest.mark.thorough if entry.key in some else pytest.mark.exhaustive for entry in RULES}
    return [pytest.param(key, marks=() if key in few else mark) for key, mark in beyond.items()]


def check(key, dtype, rows, run, **how):
    """Over some rows: where NumPy refuses a value the other does, but for what is only found out by trying a step."""
    for number in range(rows):
        one = row(key, number, dtype)
        if how and key in CENTERED and min(one.hyper["rho"]) < 0.1:
            continue
        try:
            wanted, shaken = of_numpy(one), of_numpy(one, UNIT[dtype])
        except ValueError as error:
            if "is not allowed here" not in str(error):
                with pytest.raises(ValueError, match=r"not allowed|in float32"):
                    run(one)
            continue
        assert not differences(one, run(one), wanted, shaken, **how)


@pytest.mark.parametrize("key", keys(covering(RULES, 1), covering(RULES)))
@pytest.mark.parametrize("dtype", [*UNIT])
def test_torch_at_the_ends(key, dtype):
    torch = pytest.importorskip("torch", reason="torch is not installed; pip install 'stepsmith[torch]'")
    make = getattr(importlib.import_module("stepsmith.torch"), spec_of(key).optimizer.name)
    states = [state.name for state in spec_of(key).optimizer.array_state]

    def tensor(x):
        return torch.tensor(np.asarray(x, np.float64)).to(getattr(torch, dtype))

    def run(one):
        params = [torch.nn.Parameter(tensor(w)) for w in parameters(dtype)]
        opt = make(params, engine="eager", **one.given())
        if one.begin:
            opt.param_groups[0]["t"] = one.begin
            for state in opt.state.values():
                state["step"] = one.begin
        found = []
        for k in range(STEPS):
            for w, g in zip(params, one.gradients(k), strict=True):
                w.grad = tensor(g)
            beside = one.beside(k)
            opt.step(**{name: list(map(tensor, x)) if name in make._inputs else x for name, x in beside.items()})
            kept = [*params, *(opt.state[w][name] for name in states for w in params)]
            found.append([x.detach().to(torch.float64).numpy().copy() for x in kept])
        return found

    check(key, dtype, 4, run)


@cache
def jitted(key):
    """A step with hyperparameters that are traced, so that it is compiled once for all rows."""
    jax, optax = importlib.import_module("jax"), importlib.import_module("optax")
    make = getattr(importlib.import_module("stepsmith.jax"), key)

    @jax.jit
    def step(w, state, grads, beside, hyper):
        updates, state = make(**hyper).update(grads, state, w, **beside)
        return optax.apply_updates(w, updates), state

    return step


@pytest.mark.parametrize("key", keys(sorted(covering(RULES, 1))[::4], covering(RULES, 1)))
@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16"])
def test_jax_at_the_ends(key, dtype):
    """With doubles enabled, in which the numbers of a step are formed."""
    pytest.importorskip("optax", reason="optax is not installed; pip install 'stepsmith[jax]'")
    jax = importlib.import_module("jax")
    jnp, make = jax.numpy, getattr(importlib.import_module("stepsmith.jax"), key)
    rule = spec_of(key).optimizer
    arrays = {one.name for one in rule.inputs}

    def on_device(xs):
        return [jnp.asarray(np.asarray(x, np.float64)).astype(dtype) for x in xs]

    def run(one):
        w = on_device(parameters(dtype))
        state = make(**one.given()).init(w)._replace(t=jnp.asarray(one.begin, jnp.int32))
        found = []
        for k in range(STEPS):
            beside = {name: on_device(x) if name in arrays else x for name, x in one.beside(k).items()}
            w, state = jitted(key)(w, state, on_device(one.gradients(k)), beside, one.at(k))
            kept = [*w, *(x for kept in rule.array_state for x in getattr(state, kept.name))]
            found.append([np.asarray(x.astype(jnp.float64)) for x in kept])
        return found

    with jax.enable_x64(True):
        check(key, dtype, 2, run, added=True)
