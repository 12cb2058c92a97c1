"""The presets for JAX against Optax itself: the same arguments, the same weights."""

import importlib
import inspect

import numpy as np
import pytest

jax = pytest.importorskip("jax")
jnp = jax.numpy
optax = pytest.importorskip("optax")
presets = importlib.import_module("stepsmith.jax.presets")
STEPS = 20

CALLS = [
    ("sgd", (0.1,), {}),
    ("sgd", (0.1, 0.9), {}),
    ("sgd", (0.1, 0.9, True), {}),
    ("adam", (0.01,), {}),
    ("adam", (0.01, 0.8, 0.9, 1e-3, 1e-4), {}),
    ("adam", (0.01,), {"nesterov": True}),
    ("nadam", (0.01,), {}),
    ("adamw", (0.01,), {"weight_decay": 0.1}),
    ("nadamw", (0.01,), {"weight_decay": 0.1}),
    ("adamax", (0.01,), {}),
    ("adamaxw", (0.01,), {"weight_decay": 0.1}),
    ("amsgrad", (0.01,), {}),
    ("amsgrad", (0.01,), {"eps_root": 1e-4}),
    ("amsgrad", (0.01,), {"bias_correction_mu": False}),
    ("amsgrad", (0.01,), {"bias_correction_nu": False}),
    ("amsgrad", (0.01,), {"bias_correction_mu": False, "bias_correction_nu": False}),
    ("radam", (0.01,), {}),
    ("radam", (0.01,), {"nesterov": True}),
    ("radam", (0.01,), {"threshold": 4.5}),
    ("lion", (0.01,), {"weight_decay": 0.1}),
    ("sign_sgd", (0.01,), {}),
    ("signum", (0.01,), {}),
    ("adabelief", (0.01,), {}),
    ("adabelief", (0.01,), {"nesterov": True}),
    ("adagrad", (0.1,), {}),
    ("adagrad", (0.1, 0.0, 1e-3), {}),
    ("rmsprop", (0.01,), {}),
    ("rmsprop", (0.01,), {"eps_in_sqrt": False}),
    ("rmsprop", (0.01,), {"centered": True, "initial_scale": 1.0}),
    ("rmsprop", (0.01,), {"centered": True, "momentum": 0.9}),
    ("rmsprop", (0.01,), {"momentum": 0.9}),
    ("rmsprop", (0.01,), {"momentum": 0.9, "nesterov": True}),
    ("rmsprop", (0.01,), {"momentum": 0.9, "eps_in_sqrt": False}),
    ("rmsprop", (0.01,), {"bias_correction": True}),
    ("adadelta", (1.0,), {}),
    ("lamb", (0.01,), {"weight_decay": 0.1}),
    ("lars", (0.1,), {"weight_decay": 0.1}),
    ("novograd", (0.01,), {"weight_decay": 0.1}),
    ("fromage", (0.01,), {}),
    ("adan", (0.01,), {"weight_decay": 0.1}),
    ("optimistic_gradient_descent", (0.1, 0.7, 0.4), {}),
    ("optimistic_adam_v2", (0.01,), {"alpha": 0.7, "beta": 0.4}),
    ("optimistic_adam_v2", (0.01,), {"nesterov": False}),
    ("optimistic_adam", (0.01, 0.02), {}),
    ("optimistic_adam", (0.01,), {"nesterov": False}),
    ("noisy_sgd", (0.1,), {"key": 3}),
    ("polyak_sgd", (), {}),
    ("polyak_sgd", (0.1, 0.5, 0.1, 0.2, "sps+"), {}),
    *(
        (name, (0.01,), {"weight_decay": 0.1, "mask": mask})
        for name in ("adamw", "nadamw", "adamaxw", "lion", "lamb", "adan")
        for mask in ({"a": True, "b": False}, lambda tree: {name: w.ndim > 1 for name, w in tree.items()})
    ),
    ("adamw", (0.01,), {"weight_decay": 0.1, "mask": False}),
    ("lars", (0.1,), {"weight_decay": 0.1, "weight_decay_mask": {"a": np.bool_(False), "b": np.bool_(True)}}),
]


def trained(tx, step=jax.jit, *, value=False):
    random = np.random.default_rng(0)
    params = {"a": jnp.asarray(random.standard_normal((3, 2))), "b": jnp.asarray(random.standard_normal(4))}
    state, given = tx.init(params), {"value": 0.7} if value else {}

    @step
    def update(params, state, grads):
        updates, state = tx.update(grads, state, params, **given)
        return optax.apply_updates(params, updates), state

    found = []
    for t in range(STEPS):
        grads = {name: jnp.asarray(10.0 ** (t % 3 - 1) * random.standard_normal(w.shape)) for name, w in params.items()}
        params, state = update(params, state, grads)
        found.append(np.concatenate([np.ravel(w) for w in params.values()]))
    return np.array(found)


@pytest.mark.filterwarnings("ignore:.optimistic_adam. is deprecated")
@pytest.mark.parametrize(("name", "given", "named"), CALLS, ids=[f"{n} {g} {[*k]}" for n, g, k in CALLS])
def test_the_weights_of_optax(name, given, named):
    with jax.enable_x64(True):
        ours, theirs = (
            trained(getattr(library, name)(*given, **named), value=name == "polyak_sgd") for library in (presets, optax)
        )
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", ["sgd", "adamw", "lamb"])
def test_a_schedule(name):
    schedule = optax.warmup_cosine_decay_schedule(0.0, 0.1, 4, STEPS)
    with jax.enable_x64(True):
        ours, theirs = (trained(getattr(library, name)(schedule)) for library in (presets, optax))
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-8)  # the schedule is in float32


def test_arguments_and_defaults_are_those_of_optax():
    assert {name for name, *_ in CALLS} == {*presets.__all__}
    for name in presets.__all__:
        ours, theirs = (inspect.signature(getattr(library, name)).parameters for library in (presets, optax))
        assert [(p.name, p.kind, p.default) for p in ours.values()] == [
            (p.name, p.kind, p.default) for p in theirs.values()
        ]


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("adam", {"mu_dtype": jnp.bfloat16}),
        ("lars", {"trust_ratio_mask": False}),
        ("adamw", {"eps_root": 1e-3}),
        ("lamb", {"eps_root": 1e-3}),
        ("lars", {"nesterov": True}),
        ("adadelta", {"weight_decay": 0.1}),
        ("rmsprop", {"bias_correction": True, "momentum": 0.9}),
    ],
)
def test_what_is_not_supported_is_refused_by_name(name, named):
    option = list(named)[-1]
    with pytest.raises(NotImplementedError, match=rf"^optax\.{name}: {option}=.* is not supported; "):
        getattr(presets, name)(0.1, **named)


def test_what_optax_has_and_is_not_here_is_refused_by_name():
    """Of all aliases; and each that is told of is one."""
    aliases = {
        name
        for name, one in vars(importlib.import_module("optax._src.alias")).items()
        if inspect.isfunction(one) and one.__module__ == "optax._src.alias" and not name.startswith("_")
    }
    absent = aliases - {*presets.__all__}
    assert absent == {*presets._INSTEAD}
    for name in absent:
        with pytest.raises(AttributeError, match=rf"has no {name}; .*(stepsmith\.jax|take optax)\.\w+"):
            getattr(presets, name)
        assert hasattr(optax, name)


def test_remedies_of_what_is_refused_are_there():
    rules = importlib.import_module("stepsmith.jax")
    assert rules.yogi(lr=0.1)
    assert rules.rprop_clamped(lr=0.1, shrink=0.5)
