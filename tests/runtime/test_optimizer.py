"""The generated classes as users meet them: structures, checks, state."""

import subprocess
import sys
import tracemalloc

import numpy as np
import pytest

from stepsmith.codegen.load import ROOT
from stepsmith.numpy import SGD, Adam, HeavyBall, adam_update

pytestmark = pytest.mark.fast


def nested():
    return {"layer": [{"W": np.ones((3, 2)), "b": np.zeros(2)}, np.ones(4)], "scale": np.array(1.0)}


def gradients_of(tree):
    if isinstance(tree, dict):
        return {key: gradients_of(value) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [gradients_of(value) for value in tree]
    return np.full_like(tree, 0.5)


def reference_adam(w, g, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    """Adam as one writes it by hand."""
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def test_an_array_a_list_and_a_nested_dict():
    single, listed, tree = np.ones(3), [np.ones(3), np.ones((2, 2))], nested()
    for params in (single, listed, tree, tuple(listed)):
        opt = Adam(params, lr=0.1)
        opt.step(gradients_of(params))
        assert opt.t == 1
    np.testing.assert_allclose(single, 0.9)
    np.testing.assert_allclose(tree["layer"][0]["W"], 0.9)
    np.testing.assert_allclose(tree["scale"], 0.9)


def test_against_adam_written_by_hand():
    rng = np.random.default_rng(0)
    w = rng.standard_normal((5, 7))
    expected, m, v = w.copy(), np.zeros_like(w), np.zeros_like(w)
    opt = Adam(w, lr=0.01, beta2=0.99)
    for t in range(1, 50):
        g = rng.standard_normal(w.shape)
        opt.step(g)
        expected, m, v = reference_adam(expected, g, m, v, t, lr=0.01, beta2=0.99)
    np.testing.assert_allclose(w, expected, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize(
    "view",
    [
        lambda a: a[::2],
        lambda a: a[::-1],
        lambda a: a.T,
        lambda a: a[:, 1:3],
        lambda a: a[::3, ::-2],
        np.asfortranarray,
        lambda a: a[:0],
        lambda a: a[0, 0, ...],
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_any_strides_give_the_same_bits(view, dtype):
    rng = np.random.default_rng(0)
    whole = rng.standard_normal((7, 9)).astype(dtype)
    w = view(whole)
    g = view(rng.standard_normal((7, 9)).astype(dtype))
    plain, flat = np.ascontiguousarray(w), np.ascontiguousarray(g)
    one, other = Adam(w), Adam(plain)
    for _ in range(3):
        one.step(g)
        other.step(flat.reshape(plain.shape))
    assert np.array_equal(np.asarray(w).ravel(), plain.ravel())


def test_arrays_longer_than_a_tile():
    n = 3 * 65536 + 17
    rng = np.random.default_rng(0)
    w, g = rng.standard_normal((2, n))
    parts = [w[:1000].copy(), w[1000:].copy()]
    Adam(w).step(g)
    Adam(parts).step([g[:1000], g[1000:]])
    assert np.array_equal(w, np.concatenate(parts))


def test_a_step_allocates_no_more_than_its_tiles():
    w = np.ones(4_000_000, np.float32)
    g = np.ones_like(w)
    opt = Adam(w)
    opt.step(g)
    tracemalloc.start()
    opt.step(g)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * 65536 * 4 + 100_000


def test_the_pure_function_works_in_place():
    w, g, m, v = np.ones(3), np.full(3, 0.5), np.zeros(3), np.zeros(3)
    assert adam_update(w, g, m, v, 1, lr=0.1) is None
    np.testing.assert_allclose(w, 0.9)
    np.testing.assert_allclose(m, 0.05)
    np.testing.assert_array_equal(g, 0.5)
    with pytest.raises(ValueError, match="one shape and one dtype"):
        adam_update(w, g[:2], m, v, 1)
    with pytest.raises(TypeError, match="use float16, bfloat16, float32 or float64"):
        adam_update(*(np.ones(3, int) for _ in range(4)), 1)


def test_lr_as_a_callable_and_changed_between_steps():
    w = np.zeros(1)
    opt = SGD(w, lr=lambda t: 10.0**-t)
    opt.step(np.ones(1))
    opt.step(np.ones(1))
    np.testing.assert_allclose(w, -0.11)
    opt.lr = 1
    opt.step(np.ones(1))
    np.testing.assert_allclose(w, -1.11)


def test_none_leaves_a_parameter_alone():
    params = [np.ones(2), np.ones(2)]
    opt = HeavyBall(params)
    opt.step([np.ones(2), None])
    np.testing.assert_array_equal(params[1], 1)
    assert not opt.state_dict()["HeavyBall.v.1"].any()
    assert opt.t == 1


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Adam([]), ValueError, "there are no parameters"),
        (lambda: Adam(np.ones(2), lr=-1), ValueError, "lr = -1.0 is not allowed; it needs lr >= 0"),
        (lambda: Adam(np.ones(2), beta1=1), ValueError, "it needs 0 <= beta1 < 1"),
        (lambda: Adam(np.ones(2), lr=float("nan")), ValueError, "lr = nan is not allowed"),
        (lambda: Adam(np.ones(2), lr="0.1"), TypeError, "has to be a number or a callable"),
        (lambda: Adam(np.ones(2), lr=lambda t: -1.0), ValueError, "lr = -1.0 is not allowed"),
        (lambda: Adam(np.ones(2), learning_rate=1), TypeError, "Adam takes no learning_rate; write lr=1"),
        (lambda: Adam(np.ones(2, int)), TypeError, "has dtype int64; use float16, bfloat16, float32 or float64"),
        (lambda: Adam({"a": [1.0]}), TypeError, "the parameter a.0 is of type float; make it an array"),
        (lambda: Adam({"a": np.broadcast_to(1.0, 3)}), TypeError, "the parameter a is read-only"),
        (lambda: Adam({"a": {"b": np.ones(1)}, "a.b": np.ones(1)}), ValueError, "two parameters have the path a.b"),
    ],
)
def test_what_cannot_be_made(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_parameters_that_overlap_are_refused():
    whole = np.ones(10)
    with pytest.raises(ValueError, match="share memory"):
        Adam({"a": whole[:6], "b": whole[5:]})
    Adam({"a": whole[::2], "b": whole[1::2]})  # interleaved, but apart


@pytest.mark.parametrize(
    ("spoil", "error", "message"),
    [
        (lambda g, w: g.pop("b"), ValueError, "the parameter b has no gradient; pass None"),
        (lambda g, w: g.update(c=np.ones(1)), ValueError, "the gradient c belongs to no parameter; there are a, b"),
        (lambda g, w: g.update(b=np.ones(3)), ValueError, r"the gradient b has shape \(3,\), its parameter \(2,\)"),
        (lambda g, w: g.update(b=np.ones(2, np.float32)), TypeError, "float32, its parameter float64; use g.astype"),
        (lambda g, w: g.update(b=[0.0, 1.0]), ValueError, "the parameter b has no gradient"),
        (lambda g, w: g.update(b=w["b"]), ValueError, "the gradient b and the parameter b share memory"),
        (lambda g, w: g.update(b=w["a"][:2]), ValueError, "share memory"),
        (lambda g, w: w.update(c=np.ones(2)), ValueError, "the parameter c was added after Adam was made"),
        (lambda g, w: w.pop("b"), ValueError, "the parameter b was taken away"),
        (lambda g, w: w.update(b=np.ones(3)), ValueError, r"the parameter b now has shape \(3,\)"),
        (lambda g, w: w["b"].setflags(write=False), TypeError, "the parameter b is read-only"),
    ],
)
def test_after_an_error_nothing_has_changed(spoil, error, message):
    w = {"a": np.ones(4), "b": np.ones(2)}
    opt = Adam(w)
    opt.step({"a": np.ones(4), "b": np.ones(2)})
    weights, state = {key: value.tobytes() for key, value in w.items()}, opt.state_dict()
    g = {"a": np.ones(4), "b": np.ones(2)}
    before = dict(w)
    spoil(g, w)
    with pytest.raises(error, match=message):
        opt.step(g)
    for key, value in before.items():
        assert value.tobytes() == weights[key]
    after = opt.state_dict()
    assert all(np.array_equal(after[key], state[key]) for key in state)
    assert opt.t == 1


def test_a_misspelt_hyperparameter_is_an_error():
    opt = Adam(np.ones(1))
    with pytest.raises(AttributeError, match="no hyperparameter beta_1; write beta1"):
        opt.beta_1 = 0.5
    with pytest.raises(ValueError, match=r"beta1 = 1\.5 is not allowed"):
        opt.beta1 = 1.5
    assert opt.beta1 == 0.9


def test_replaced_parameters_go_on():
    w = {"a": np.zeros(2)}
    opt = SGD(w, lr=1)
    w["a"] = np.ones(2)
    opt.step({"a": np.ones(2)})
    np.testing.assert_array_equal(w["a"], 0)


def test_nan_and_inf_stay_in_their_element():
    w = np.ones(4)
    opt = Adam(w)
    with np.errstate(all="raise"):
        opt.step(np.array([1.0, np.nan, np.inf, 0.0]))
    assert np.isfinite(w[[0, 3]]).all()
    assert np.isnan(w[[1, 2]]).all()
    assert np.geterr()["invalid"] == "warn"


def test_state_goes_through_savez(tmp_path):
    params = nested()
    opt = Adam(params, lr=0.01)
    opt.step(gradients_of(params))
    np.savez(tmp_path / "state.npz", **opt.state_dict())
    other = nested()
    again = Adam(other, beta1=0.5)
    with np.load(tmp_path / "state.npz") as saved:
        again.load_state_dict(saved)
    assert (again.t, again.lr, again.beta1) == (1, 0.01, 0.9)
    assert repr(again) == "<Adam(lr=0.01, beta1=0.9, beta2=0.999, eps=1e-08) of 4 arrays, 13 elements, after 1 step>"
    expected, found = opt.state_dict(), again.state_dict()
    assert expected.keys() == found.keys()
    assert all(expected[key].tobytes() == found[key].tobytes() for key in expected)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda s: HeavyBall(np.ones(3)).state_dict(), "the saved state is of HeavyBall, this is Adam"),
        (lambda s: {}, "the saved state is of nothing"),
        (lambda s: {**s, "Adam.format": np.array(99)}, "has format 99, this code reads format 1"),
        (lambda s: {k: v for k, v in s.items() if k != "Adam.v"}, "the saved state has no v"),
        (lambda s: {**s, "Adam.m.extra": s["Adam.m"]}, "has m.extra, which there is no place for here"),
        (lambda s: {**s, "Adam.m": np.zeros(4)}, r"m was saved with shape \(4,\)"),
        (lambda s: {**s, "Adam.m": s["Adam.m"].astype(np.float32)}, "dtype float32, here it has"),
        (lambda s: {**s, "Adam.lr": np.array(-1.0)}, "lr = -1.0 is not allowed"),
    ],
)
def test_a_state_that_does_not_fit_is_refused(spoil, message):
    opt = Adam(np.ones(3))
    opt.step(np.ones(3))
    before = opt.state_dict()
    with pytest.raises(ValueError, match=message):
        opt.load_state_dict(spoil(dict(before)))
    after = opt.state_dict()
    assert all(np.array_equal(after[key], before[key]) for key in before)


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_importing_needs_neither_sympy_nor_jinja():
    code = (
        "import sys, generated.numpy; print([m for m in ('sympy', 'jinja2', 'codegen', 'numpy') if m in sys.modules])"
    )
    assert run(code).strip() == "[]"
    code = code.replace("import sys, generated.numpy", "import sys; from generated.numpy import Adam").replace(
        ", 'numpy'", ""
    )
    assert run(code).strip() == "[]"


def test_the_index():
    import stepsmith.numpy

    assert "Adam" in dir(stepsmith.numpy)
    with pytest.raises(AttributeError, match="has no Adom; did you mean Adam"):
        stepsmith.numpy.Adom  # noqa: B018


def test_a_generated_folder_works_inside_another_package(tmp_path):
    from tests.conftest import cli

    (tmp_path / "src" / "mypkg").mkdir(parents=True)
    (tmp_path / "src" / "mypkg" / "__init__.py").write_text("")
    cli("generate", "adam", "--out", str(tmp_path / "src" / "mypkg" / "optim"))
    code = "import numpy as np; from mypkg.optim.numpy import Adam; w = np.ones(1); "
    code += "Adam(w, lr=1).step(w.copy()); print(w[0])"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "src", capture_output=True, text=True, check=True
    ).stdout
    assert abs(float(found)) < 1e-7
