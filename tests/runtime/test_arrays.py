"""Arrays and structures as users have them: the bits of contiguous arrays, or a clear error that changes nothing."""

import itertools
import warnings
from dataclasses import replace

import numpy as np
import pytest

from stepsmith import numpy as optimizers
from stepsmith.codegen.load import GENERATED, catalog
from stepsmith.codegen.numeric.rules import run_step, trial_on
from tests import emulated_cupy
from tests.conftest import STEPPED, rules, step_of
from tests.numeric.test_digits import hyperparameters
from tests.sample import by_kind

NAMES = [entry.name for entry in STEPPED]


@pytest.fixture(params=["numpy", "cupy"])
def backend(request):
    """The module of a backend, and how an array gets to it."""
    if request.param == "numpy":
        yield optimizers, lambda array: array
    else:
        with emulated_cupy.installed():
            # a view keeps strides, flags and memory
            yield emulated_cupy.generated(), lambda array: array.view(emulated_cupy.ndarray)


def stages(module):
    return [
        module.Accumulate(every=2),
        module.ClipByGlobalNorm(max_norm=1.0),
        module.DecoupledDecay(weight_decay=0.01),
        module.WeightEMA(decay=0.9),
    ]


VIEWS = {
    "zero-dimensional": lambda a: a[3, 4, ...],
    "empty": lambda a: a[:0],
    "empty in the middle": lambda a: a[:, 3:3],
    "one element": lambda a: a[2:3, 2:3],
    "Fortran order": np.asfortranarray,
    "strided": lambda a: a[::2, 1::3],
    "reversed": lambda a: a[::-1, ::-1],
    "transposed": lambda a: a.T,
    "an axis of length one": lambda a: a[:, None, :],
    "a column": lambda a: a[:, 1],
}


@pytest.mark.parametrize("name", by_kind(STEPPED, "name"))
def test_every_layout_gives_the_bits_of_a_contiguous_array(backend, name):
    module, there = backend
    for (layout, view), dtype in itertools.product(VIEWS.items(), (np.float32, np.float64)):
        whole, rest = np.random.default_rng(0).standard_normal((2, 7, 9)).astype(dtype)
        w, g = view(whole), view(rest)
        plain, flat = np.array(w, order="C"), np.array(g, order="C")
        one = getattr(module, name)(there(w), **hyperparameters(name))
        other = getattr(module, name)(there(plain), **hyperparameters(name))
        for _ in range(3):
            one.step(there(g))
            other.step(there(flat))
        if one._reductions:  # the order in which it adds up is that of memory
            assert np.allclose(np.asarray(w), plain, rtol=1e-5), (layout, dtype)
            continue
        assert np.array_equal(np.asarray(w), plain), (layout, dtype)
        saved, expected = one.state_dict(), other.state_dict()
        assert all(np.array_equal(saved[key], expected[key]) for key in expected), (layout, dtype)


@pytest.mark.fast
def test_a_very_large_array_is_stepped_as_its_parts_are():
    size = 5 * 65536 + 3
    rng = np.random.default_rng(0)
    w, g = rng.standard_normal((2, size)).astype(np.float32)
    parts = {"first": w[:70_000].copy(), "second": w[70_000:].copy()}
    optimizers.Adam(w).step(g)
    optimizers.Adam(parts).step({"first": g[:70_000], "second": g[70_000:]})
    assert np.array_equal(w, np.concatenate(list(parts.values())))


def test_a_step_number_in_the_millions(backend):
    module, there = backend
    for name in NAMES:
        w = np.ones(3)
        opt = getattr(module, name)(there(w), **hyperparameters(name))
        opt.step(there(np.full(3, 0.5)))
        saved = opt.state_dict()
        saved[f"{name}.t"] = np.array(7_654_321)
        opt.load_state_dict(saved)
        opt.step(there(np.full(3, 0.5)))
        assert opt.t == 7_654_322
        assert np.isfinite(w).all(), name


def everything(opt, arrays):
    """The bits of all that an error must leave alone."""
    scalars = [dict(stage._scalars) for stage in opt.pipeline]
    return [a.tobytes() for a in arrays], {k: v.tobytes() for k, v in opt.state_dict().items()}, scalars, opt.t


ERRORS = {
    "another shape": (lambda w, g: g.update(b=np.ones(3)), "has shape"),
    "another dtype": (lambda w, g: g.update(b=np.ones(2, np.float32)), "use g.astype"),
    "whole numbers": (lambda w, g: g.update(b=np.ones(2, int)), "has dtype int64"),
    "complex numbers": (lambda w, g: g.update(b=np.ones(2, complex)), "has dtype complex128"),
    "objects": (lambda w, g: g.update(b=np.ones(2, object)), "has dtype object"),
    "text": (lambda w, g: g.update(b="12"), "is of type str"),
    "a missing one": (lambda w, g: g.pop("b"), "has no gradient; pass None"),
    "one too many": (lambda w, g: g.update(c=np.ones(2)), "belongs to no parameter"),
    "another nesting": (lambda w, g: g.update(b=[g["b"]]), "has no gradient"),
    "the parameter itself": (lambda w, g: g.update(b=w["b"]), "share memory"),
    "a view of another parameter": (lambda w, g: g.update(b=w["a"].reshape(-1)[1:3]), "share memory"),
    "an added parameter": (lambda w, g: w.update(c=np.ones(2)), "was added after"),
    "a parameter taken away": (lambda w, g: w.pop("b"), "was taken away"),
    "a parameter of another shape": (lambda w, g: w.update(b=np.ones(5)), "now has shape"),
    "a parameter of another dtype": (lambda w, g: w.update(b=np.ones(2, np.float32)), "now has shape"),
    "a parameter that overlaps": (lambda w, g: w.update(b=w["a"].reshape(-1)[:2]), "share memory"),
}


@pytest.mark.parametrize(("spoil", "message"), ERRORS.values(), ids=ERRORS)
@pytest.mark.parametrize("steps", [1, 2])
def test_after_an_error_every_bit_is_as_it_was(backend, spoil, message, steps):
    module, there = backend
    w = {"a": there(np.ones((2, 3))), "b": there(np.ones(2))}
    opt = module.Adam(w, pipeline=stages(module))
    for number in range(steps):
        opt.step({"a": there(np.full((2, 3), 0.5 + number)), "b": there(np.full(2, -1.0))})
    arrays = list(w.values())
    before = everything(opt, arrays)
    g = {"a": np.ones((2, 3)), "b": np.ones(2)}
    kept = dict(w)
    spoil(w, g)
    for key, value in w.items():
        if key not in kept or value is not kept[key]:
            w[key] = there(value)
    g = {key: there(value) if isinstance(value, np.ndarray) else value for key, value in g.items()}
    with pytest.raises((TypeError, ValueError), match=message):
        opt.step(g)
    assert everything(opt, arrays) == before
    w.clear()
    w.update(kept)
    opt.step({"a": there(np.ones((2, 3))), "b": there(np.ones(2))})


@pytest.mark.fast
def test_a_read_only_gradient_is_read_and_a_read_only_parameter_is_refused():
    w, g = np.ones(3), np.ones(3)
    g.setflags(write=False)
    opt = optimizers.Adam(w, pipeline=stages(optimizers))
    opt.step(g)
    before = everything(opt, [w])
    w.setflags(write=False)
    with pytest.raises(TypeError, match="is read-only"):
        opt.step(g)
    assert everything(opt, [w]) == before


def test_an_error_of_a_hyperparameter_changes_nothing():
    w = np.ones(3)
    opt = optimizers.Adam(w, lr=lambda t: 0.1 if t < 2 else -1.0, pipeline=[optimizers.WeightEMA(decay=0.9)])
    opt.step(np.ones(3))
    before = everything(opt, [w])
    with pytest.raises(ValueError, match=r"lr = -1\.0 is not allowed"):
        opt.step(np.ones(3))
    assert everything(opt, [w]) == before


@pytest.mark.fast
def test_none_leaves_a_parameter_its_states_and_those_of_the_stages_alone(backend):
    module, there = backend
    w = {"a": there(np.ones(2)), "b": there(np.ones(2))}
    opt = module.Adam(w, pipeline=[module.WeightEMA(decay=0.9)])
    opt.step({"a": there(np.ones(2)), "b": there(np.ones(2))})
    before = opt.state_dict()
    weights = w["b"].tobytes()
    opt.step({"a": there(np.full(2, 3.0)), "b": None})
    after = opt.state_dict()
    assert w["b"].tobytes() == weights
    assert all(
        np.array_equal(before[key], after[key]) for key in before if key.endswith((".m.b", ".v.b", ".average.b"))
    )
    assert any(not np.array_equal(before[key], after[key]) for key in before if key.endswith(".a"))


@pytest.mark.parametrize("name", by_kind(STEPPED, "name"))
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nan_and_inf_stay_in_their_element_and_warn_of_nothing(backend, name, dtype):
    module, there = backend
    w, clean = np.linspace(-1, 1, 6).astype(dtype), np.linspace(-1, 1, 6).astype(dtype)
    one = getattr(module, name)(there(w), **hyperparameters(name))
    other = getattr(module, name)(there(clean), **hyperparameters(name))
    good = np.array([0.5, -0.25, 1.0, 2.0, -3.0, 0.0], dtype)
    bad = good.copy()
    bad[[1, 3, 4]] = np.nan, np.inf, -np.inf
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with np.errstate(all="raise"):
            for g, h in ((bad, good), (good, good)):
                one.step(there(g))
                other.step(there(h))
    if one._reductions:  # a norm that is NaN makes what it scales NaN
        return
    untouched = [0, 2, 5]
    assert np.array_equal(w[untouched], clean[untouched])
    if name != "AdaShift":  # which does not move before it has ten gradients
        assert np.isnan(w[1])  # passed over by no choice that compares


@pytest.mark.parametrize("name", by_kind(STEPPED, "name"))
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_nan_and_inf_go_where_ieee_arithmetic_takes_them(name, dtype):
    """The operators of the kernel's body, carried out one by one, have NaN, inf and -inf in the places of NumPy."""
    (spec,) = rules(next(entry.key for entry in catalog() if entry.name == name)).values()
    calm = trial_on(spec, np.random.default_rng(0).standard_normal((3, 4)), np.array([0.5, -0.25, 1.0, 2.0]))
    gradients = np.array([[np.nan, np.inf, -np.inf, 1.0], [0.5, 0.25, -1.0, 2.0], [0.0, -0.5, 1.0, 0.25]])
    with np.errstate(all="ignore"):
        found, other = (
            run_step(step_of(spec, name, GENERATED), replace(calm, gradients=gradients), dtype, 3)
            for name in ("numpy", "cupy")
        )
    for state, values in found.items():
        for kind in (np.isnan, np.isposinf, np.isneginf):
            assert np.array_equal(kind(values), kind(other[state])), (state, kind)
        assert np.isfinite(values[:, 3]).all(), state
