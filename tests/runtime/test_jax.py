"""The transformations for JAX: the numbers of NumPy's optimizers, in every place where Optax takes one."""

import importlib
import io
import math
import warnings

import numpy as np
import pytest

from stepsmith import numpy as optimizers
from stepsmith.codegen.load import catalog
from stepsmith.codegen.spec.symbols import Flag
from tests.conftest import spec_of
from tests.sample import by_kind

jax = pytest.importorskip("jax")
jnp = jax.numpy
optax = pytest.importorskip("optax")
transformations = importlib.import_module("stepsmith.jax")
arrays = importlib.import_module("stepsmith.jax._arrays")
STEPS = 8


@pytest.fixture(autouse=True)
def silent():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def noise(step, dtype=np.float64):
    random = np.random.default_rng(step)
    shapes = {"a": (3, 2), "b": (5,), "c": ()}
    scale = 10.0 ** (step % 3 - 1)
    return {name: np.asarray(scale * random.standard_normal(shape), dtype) for name, shape in shapes.items()}


def on_device(tree):
    return jax.tree.map(jnp.asarray, tree)


def trained(tx, params, gradients, state=None, **given):
    """Parameters and state after steps, each of them jitted."""
    state = tx.init(params) if state is None else state

    @jax.jit
    def step(params, state, grads, given):
        updates, state = tx.update(grads, state, params, **given)
        return optax.apply_updates(params, updates), state

    for grads in gradients:
        params, state = step(params, state, grads, given)
    return params, state


def same(one, other):
    leaves = zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True)
    return all(np.asarray(a).tobytes() == np.asarray(b).tobytes() for a, b in leaves)


# Numbers.


@pytest.mark.parametrize("key", by_kind([e for e in catalog() if e.kind == "optimizer"], together=1))
def test_the_numbers_of_numpy(key):
    """In double, jitted: the weights and all that is kept, after each step."""
    rule = spec_of(key).runnable.optimizer
    optional = {one.name for one in rule.optional}
    given = [one.name for one in (*rule.inputs, *rule.signals) if not isinstance(one, Flag)]
    params = noise(100)
    opt = getattr(optimizers, rule.name)(params)
    with jax.enable_x64(True):
        tx = getattr(transformations, key)()
        w = on_device(params)
        state = tx.init(w)

        @jax.jit
        def step(w, state, grads, given):
            updates, state = tx.update(grads, state, w, **given)
            return optax.apply_updates(w, updates), state

        for t in range(1, STEPS + 1):
            grads = noise(t)
            arrays = {one.name for one in rule.inputs}
            now = {n: noise(50 + t) if n in arrays else 0.5 + t for n in given if n not in optional or t % 3}
            opt.step(grads, **now)
            w, state = step(w, state, on_device(grads), on_device(now))
            for name in params:
                np.testing.assert_allclose(w[name], params[name], rtol=1e-11, atol=ABSOLUTE.get(key, 1e-13))
            for kept in rule.array_state:
                for name, array in opt.state(kept.name).items():
                    of = getattr(state, kept.name)[name]
                    np.testing.assert_allclose(of, array, rtol=1e-11, atol=ABSOLUTE.get(key, 1e-13))
        assert int(state.t) == STEPS


#: FOCUS takes the sign of what is 0 in its first step but for rounding, times lr.
ABSOLUTE = {"focus": 2e-3 * STEPS}


def test_the_bias_is_that_of_double():
    """The first step of Adam is lr, to the last digits of float32; formed as 1 - beta**t it is off by 6.6e-6."""
    tx, params = transformations.adam(lr=1.0, eps=0.0), {"w": jnp.zeros(3)}
    updates, _ = tx.update({"w": jnp.array([1.0, -2.0, 3.0])}, tx.init(params), params)
    np.testing.assert_allclose(updates["w"], [-1, 1, -1], rtol=2e-7)


@pytest.mark.parametrize("base", [0.0, 1e-30, 0.1, 0.9, 0.999, 1 - 1e-7, 1.0])
def test_the_bias_has_its_digits_at_every_step(base):
    t = np.unique(np.geomspace(1, 1e7, 60).astype(np.float32))
    found = jax.jit(lambda t: arrays.one_minus_power(base, t))(jnp.asarray(t))
    exact = -np.expm1(t.astype(np.float64) * math.log(base)) if base else np.ones(len(t))
    np.testing.assert_allclose(found, exact, rtol=5e-7)


def test_in_float32_it_is_what_double_has():
    params = noise(100, np.float32)
    opt = optimizers.Adam({name: w.astype(np.float64) for name, w in params.items()}, lr=0.01)
    gradients = [noise(t, np.float32) for t in range(1, 201)]
    for grads in gradients:
        opt.step({name: g.astype(np.float64) for name, g in grads.items()})
    found, _ = trained(transformations.adam(lr=0.01), on_device(params), map(on_device, gradients))
    for name, w in zip("abc", opt._checks.held, strict=True):
        np.testing.assert_allclose(found[name], w, atol=3e-6)


def test_norms_neither_overflow_nor_vanish():
    summed = importlib.import_module("stepsmith.jax._arrays").summed
    norm = jax.jit(lambda x: summed(lambda x: (x,), (x,), (), ("norm",))[0])
    for scale in (2e-38, 1e-25, 1.0, 1e25, 1e38):
        for size in (1, 2, 3, 1000):
            x = jnp.full(size, min(scale, 3e38 / size**0.5))
            np.testing.assert_allclose(norm(x), float(x[0]) * np.sqrt(size), rtol=1e-6)
    mixed = [1e-30, 1e-18, 1.0, 1e12], [1e-30, 1e-30, 2e-18], [1e30, 1e30, 1e3]
    for x in mixed:
        np.testing.assert_allclose(norm(jnp.array(x, jnp.float32)), np.linalg.norm(x), rtol=1e-6)
    for x, wanted in (([0, 0], 0), ([0], 0), ([], 0), ([np.inf, 1], np.inf), ([np.nan, np.inf], np.nan)):
        np.testing.assert_equal(float(norm(jnp.array(x, jnp.float32))), wanted)


def test_a_norm_is_that_of_one_array_and_a_total_that_of_all():
    """LAMB and DoG over several arrays, and over each alone."""
    params, grads = on_device(noise(100, np.float32)), on_device(noise(1, np.float32))
    for key, together in (("lamb", True), ("dog", False)):
        tx = getattr(transformations, key)()
        whole, _ = trained(tx, params, [grads] * 3)
        parts = {name: trained(tx, {name: w}, [{name: grads[name]}] * 3)[0][name] for name, w in params.items()}
        close = [np.allclose(whole[name], parts[name], rtol=1e-6) for name in params]
        assert all(close) is together


# Where Optax takes one.


@pytest.fixture
def start():
    return on_device(noise(100, np.float32)), [on_device(noise(t, np.float32)) for t in range(1, STEPS + 1)]


def test_it_is_one_of_optax():
    tx = transformations.adam()
    assert isinstance(tx, optax.GradientTransformationExtraArgs)
    assert type(tx.init({"w": jnp.ones(2)})) is transformations.AdamState
    assert transformations.adam is importlib.import_module("stepsmith.jax").adam
    assert importlib.import_module("stepsmith.jax.adam").adam is transformations.adam


def test_chain(start):
    params, gradients = start
    ours, theirs = (
        trained(optax.chain(optax.clip_by_global_norm(0.5), tx, optax.scale(0.5)), params, gradients)[0]
        for tx in (transformations.adam(lr=0.01), optax.adam(0.01))
    )
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, atol=2e-6), ours, theirs)


def test_masked(start):
    params, gradients = start
    found, state = trained(optax.masked(transformations.adam(lr=0.01), {"a": True, "b": False, "c": True}), *start)
    alone, _ = trained(transformations.adam(lr=0.01), {"a": params["a"]}, [{"a": g["a"]} for g in gradients])
    assert same(found["a"], alone["a"])
    np.testing.assert_allclose(found["b"], params["b"] + sum(g["b"] for g in gradients), rtol=1e-5, atol=1e-5)
    assert int(state.inner_state.t) == STEPS


def test_multi_transform(start):
    labels = {"a": "adam", "b": "sgd", "c": "sgd"}
    tx = optax.multi_transform({"adam": transformations.adam(lr=0.01), "sgd": transformations.sgd(lr=0.1)}, labels)
    found, _ = trained(tx, *start)
    params, gradients = start
    alone, _ = trained(transformations.sgd(lr=0.1), {"b": params["b"]}, [{"b": g["b"]} for g in gradients])
    assert same(found["b"], alone["b"])


def test_inject_hyperparams(start):
    params, gradients = start
    tx = optax.inject_hyperparams(transformations.adam)(lr=0.01, beta2=0.99)
    found, state = trained(tx, params, gradients)
    wanted, _ = trained(transformations.adam(lr=0.01, beta2=0.99), params, gradients)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, atol=1e-5), found, wanted)
    state.hyperparams["lr"] = jnp.zeros(())
    again, _ = trained(tx, found, gradients[:1], state)
    assert same(again, found)


def test_a_hyperparameter_of_half_precision_is_refused():
    params = {"w": jnp.ones(2, jnp.bfloat16)}
    tx = optax.inject_hyperparams(transformations.adam)(lr=0.01)
    with pytest.raises(TypeError, match=r"Adam: \w+ is bfloat16, .* hyperparam_dtype=jnp.float32"):
        tx.update(params, tx.init(params), params)
    tx = optax.inject_hyperparams(transformations.adam, hyperparam_dtype=jnp.float32)(lr=0.01)
    updates, _ = tx.update(params, tx.init(params), params)
    assert jnp.isfinite(updates["w"]).all()


def test_a_schedule_counts_as_those_of_optax(start):
    schedule = optax.cosine_decay_schedule(0.1, STEPS)
    ours, theirs = (trained(tx, *start)[0] for tx in (transformations.sgd(lr=schedule), optax.sgd(schedule)))
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-6), ours, theirs)


def test_multi_steps(start):
    params, gradients = start
    found, _ = trained(optax.MultiSteps(transformations.adam(lr=0.01), 2), params, gradients)
    means = [jax.tree.map(lambda a, b: (a + b) / 2, *gradients[k : k + 2]) for k in range(0, STEPS, 2)]
    wanted, _ = trained(transformations.adam(lr=0.01), params, means)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, atol=1e-6), found, wanted)


def test_scan_and_vmap(start):
    params, gradients = start
    tx = transformations.lamb(lr=0.01)
    wanted, _ = trained(tx, params, gradients)

    def body(carry, grads):
        updates, state = tx.update(grads, carry[1], carry[0])
        return (optax.apply_updates(carry[0], updates), state), None

    stacked = jax.tree.map(lambda *x: jnp.stack(x), *gradients)
    (found, state), _ = jax.jit(lambda p, s, g: jax.lax.scan(body, (p, s), g))(params, tx.init(params), stacked)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-6), found, wanted)
    assert int(state.t) == STEPS
    several = jax.tree.map(lambda w: jnp.stack([w, 2 * w]), params)
    state = jax.vmap(tx.init)(several)
    for grads in gradients:
        updates, state = jax.jit(jax.vmap(tx.update, in_axes=(None, 0, 0)))(grads, state, several)
        several = optax.apply_updates(several, updates)
    first = jax.tree.map(lambda w: w[0], several)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6), first, wanted)


@pytest.mark.parametrize("key", ["adam", "lamb", "prodigy", "novograd", "schedule_free_adamw"])
def test_donated_and_compiled_once(start, key):
    """State has the same types before and after a step, and no buffer is there twice."""
    params, gradients = start
    tx, traced = getattr(transformations, key)(), []

    def step(params, state, grads):
        traced.append(1)
        updates, state = tx.update(grads, state, params)
        return optax.apply_updates(params, updates), state

    compiled = jax.jit(step, donate_argnums=(0, 1))
    params, state = jax.tree.map(jnp.copy, params), tx.init(params)
    kinds = [(x.dtype, x.weak_type, x.shape) for x in jax.tree.leaves(state)]
    shapes = jax.eval_shape(tx.init, params)
    assert [x.dtype for x in jax.tree.leaves(shapes)] == [x.dtype for x in jax.tree.leaves(state)]
    for grads in gradients:
        params, state = compiled(params, state, grads)
        assert [(x.dtype, x.weak_type, x.shape) for x in jax.tree.leaves(state)] == kinds
    assert len(traced) == 1


@pytest.mark.parametrize("dtype", [jnp.bfloat16, jnp.float16])
def test_half_precision_is_computed_in_float32(dtype):
    params = {"w": jnp.ones(4, dtype)}
    tx = transformations.adam(lr=0.1)
    found, state = trained(tx, params, [{"w": jnp.full(4, 0.3, dtype)}] * 3)
    assert found["w"].dtype == dtype
    assert state.m["w"].dtype == state.v["w"].dtype == jnp.float32
    np.testing.assert_allclose(found["w"].astype(jnp.float32), 0.7, rtol=0.01)


def test_a_checkpoint_is_a_tree_of_arrays(start):
    params, gradients = start
    tx = transformations.adam(lr=0.01)
    half, state = trained(tx, params, gradients[:4])
    leaves, tree = jax.tree.flatten(state)
    file = io.BytesIO()
    np.savez(file, *leaves)
    file.seek(0)
    saved = np.load(file)
    again = tree.unflatten([jnp.asarray(saved[name]) for name in saved.files])
    assert same(trained(tx, half, gradients[4:], state), trained(tx, half, gradients[4:], again))


# Errors.


def test_without_parameters_where_they_are_not_read(start):
    params, gradients = start
    tx = transformations.adam(lr=0.01)
    state = tx.init(params)
    assert same(tx.update(gradients[0], state)[0], tx.update(gradients[0], state, params)[0])
    tx = transformations.adamw(lr=0.01)
    with pytest.raises(ValueError, match=r"AdamW: a step reads the parameters; pass them, as update\(grads"):
        tx.update(gradients[0], tx.init(params))


def test_what_is_not_allowed_is_named():
    with pytest.raises(ValueError, match=r"Adam: beta1 = 1\.0 is not allowed; it needs 0 <= beta1 < 1"):
        transformations.adam(beta1=1.0)
    with pytest.raises(ValueError, match=r"Adam: eps = 1e-60 is 0.0 in float32"):
        transformations.adam(eps=1e-60).init({"w": jnp.ones(2)})
    with pytest.raises(TypeError, match="int32 arrays cannot be stepped"):
        transformations.adam().init({"w": jnp.ones(2, jnp.int32)})


def test_a_gradient_that_is_missing_is_an_error_with_a_remedy(start):
    params, gradients = start
    tx = transformations.adam()
    with pytest.raises(ValueError, match=r"(?s)Adam: the parameters are not nested as the gradients.*optax\.masked"):
        tx.update({**gradients[0], "b": None}, tx.init(params), params)


@pytest.mark.parametrize("shape", [(1,), (4,), (3, 1), ()])
def test_a_gradient_of_another_shape_is_named(shape):
    """Also one that could be spread over its parameter."""
    params = {"a": jnp.ones(3), "b": jnp.ones(2)}
    grads = {"a": jnp.ones(3), "b": jnp.ones(shape)}
    for tx, given in (
        (transformations.adam(), params),
        (transformations.adam(), None),
        (transformations.sgd(), params),
    ):
        with pytest.raises(ValueError, match=r"the gradient of parameter \['b'\] has shape .*, \(2,\)"):
            tx.update(grads, tx.init(params), given)
    tx = transformations.sophia()
    with pytest.raises(ValueError, match=r"hessian of parameter \['a'\]"):
        tx.update(params, tx.init(params), params, hessian={"a": jnp.ones(1), "b": jnp.ones(2)})


def test_an_input_that_is_missing_is_named(start):
    params, gradients = start
    tx = transformations.sparse_adam()
    with pytest.raises(TypeError, match=r"SparseAdam: a step needs mask, arrays .*update\(grads, state, params, mask"):
        tx.update(gradients[0], tx.init(params), params)
    chained = optax.chain(optax.scale(1.0), tx)
    mask = jax.tree.map(jnp.ones_like, params)
    updates, _ = chained.update(gradients[0], chained.init(params), params, mask=mask)
    assert all(jnp.isfinite(leaf).all() for leaf in jax.tree.leaves(updates))


@pytest.mark.parametrize(("key", "hyper"), [("lookahead_sgd", {"k": 5}), ("ranger", {"k": 5}), ("srmm", {"memory": 7})])
def test_late_steps_are_told_apart_in_float32(key, hyper):
    """Above 2**24 float32 has no odd number, and what is left of it by 5 is another."""
    rule, begin = spec_of(key).optimizer, 2**24 + 1
    params = noise(100, np.float32)
    opt = getattr(optimizers, rule.name)(params, **hyper)
    opt.load_state_dict({**opt.state_dict(), f"{rule.name}.t": np.asarray(begin)})
    tx, w = getattr(transformations, key)(**hyper), on_device(params)
    state = tx.init(w)._replace(t=jnp.asarray(begin, jnp.int32))
    gradients = [noise(t, np.float32) for t in range(1, STEPS + 1)]
    for grads in gradients:
        opt.step(grads)
    found, _ = trained(tx, w, map(on_device, gradients), state)
    for name, w in params.items():
        np.testing.assert_allclose(found[name], w, rtol=1e-5, atol=1e-5)
