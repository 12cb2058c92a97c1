"""The Numba backend: its compiled loops are, bit for bit, the NumPy code; its host side."""

import importlib
import inspect
import os
import pickle
import subprocess
import sys
import threading

import numpy as np
import pytest

from stepsmith.codegen.load import ROOT
from stepsmith.codegen.readback import readback
from tests.conftest import STEPPED, overwrite, refused, spec_of, spoil
from tests.sample import by_kind, has_powers

pytest.importorskip("numba", reason="Numba is not installed; pip install 'stepsmith[numba]'")

from stepsmith import auto
from stepsmith import numba as compiled
from stepsmith import numpy as plain
from stepsmith.numba import _arrays, momentum

NAMES = [entry.name for entry in STEPPED]


def train(opt, w, steps=12):
    rng = np.random.default_rng(1)
    for k in range(steps):
        g = (rng.standard_normal(w.shape) * (10 if k % 2 else 0.01)).astype(w.dtype)
        opt.step(g)


@pytest.mark.parametrize("name", by_kind(STEPPED, "name"))
def test_compiled_code_is_bit_for_bit_numpy(name):
    """So it has NumPy's rounding, of which numeric.py judges; only exp, log and powers could part the two."""
    rng = np.random.default_rng(0)
    for dtype in (np.float32, np.float64):
        ours, theirs = (rng.standard_normal((7, 143)).astype(dtype) for _ in range(2))
        theirs[...] = ours
        train(getattr(compiled, name)(ours), ours)
        train(getattr(plain, name)(theirs), theirs)
        # the compiler adds up in an order of its own, and has another exp in float32
        apart = "np.exp(" in inspect.getsource(getattr(plain, name)._update) or has_powers(name)
        if getattr(plain, name)._reductions or apart:
            assert np.allclose(ours, theirs, rtol=1e-5, atol=10 * np.finfo(dtype).eps)
            continue
        assert ours.tobytes() == theirs.tobytes()


@pytest.fixture
def small_parallel(monkeypatch):
    """Every array is stepped on all threads; the list tells how often that was done."""
    monkeypatch.setattr(_arrays, "PARALLEL", 1)
    calls = []

    class Lock:
        def acquire(self, blocking):
            calls.append(lock.acquire(blocking=blocking))
            return calls[-1]

        def release(self):
            lock.release()

    lock = _arrays._threads
    monkeypatch.setattr(_arrays, "_threads", Lock())
    return calls


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_arrays_that_are_given_by_where_they_lie_are_stepped_each_by_itself(small_parallel, dtype):
    """As one after another, bit for bit, on one thread and on all; what lies beside them stays."""
    import numba

    rng, loop = np.random.default_rng(2), momentum._heavy_ball_update
    sizes, gaps = np.array([3, 1, 0, 500, 7]), 2
    ends = (sizes + gaps).cumsum()
    whole = [rng.standard_normal(ends[-1]).astype(dtype) for _ in range(3)]
    expected = [one.copy() for one in whole]
    parts = [[one[end - size - gaps : end - gaps] for one in expected] for size, end in zip(sizes, ends, strict=True)]
    for w, b, g in parts:
        loop([w, b], g, (0.9, 0.1), alone=True)
    begins = (ends - sizes - gaps) * whole[0].itemsize
    loop.at(np.array([one.ctypes.data + begins for one in whole]), sizes, np.dtype(dtype), (0.9, 0.1))
    assert [one.tobytes() for one in whole] == [one.tobytes() for one in expected]
    assert any(small_parallel) == (numba.get_num_threads() > 1)


@pytest.mark.parametrize(
    ("name", "dtype"),
    [
        ("Adam", np.float32),
        ("Adam", np.float64),
        ("AdagradGuarded", np.float32),
        ("LookaheadAdam", np.float64),
        ("RAdam", np.float32),
        ("RpropClamped", np.float64),
        ("SMORMS3", np.float32),
        ("Yogi", np.float64),
    ],
)
def test_all_threads_do_what_one_does(small_parallel, name, dtype):
    rng = np.random.default_rng(0)
    ours = rng.standard_normal(100_003).astype(dtype)
    theirs = ours.copy()
    train(getattr(compiled, name)(ours), ours, 3)
    train(getattr(plain, name)(theirs), theirs, 3)
    import numba

    assert any(small_parallel) == (numba.get_num_threads() > 1)
    assert ours.tobytes() == theirs.tobytes()


LAYOUTS = {
    "columns first": np.asfortranarray,
    "every other": lambda a: np.repeat(a, 2, axis=1)[:, ::2],
    "backwards": lambda a: a[::-1].copy()[::-1],
    "unaligned": lambda a: np.frombuffer(bytearray(b"x" + a.tobytes()), a.dtype, offset=1).reshape(a.shape),
    "transposed": lambda a: a.T.copy().T,
}


@pytest.mark.fast
@pytest.mark.parametrize("layout", LAYOUTS)
def test_arrays_of_any_layout(layout):
    start = np.random.default_rng(0).standard_normal((300, 401)).astype(np.float32)
    ours, theirs = LAYOUTS[layout](start), start.copy()
    assert not ours.flags.carray
    for opt in (compiled.AMSGrad(ours), plain.AMSGrad(theirs)):
        for k in range(3):
            opt.step(np.broadcast_to(np.float32(k - 1), start.shape))
    assert ours.tobytes() == theirs.tobytes()


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (1,), (5, 1, 2)])
def test_shapes(shape):
    w = np.ones(shape)
    compiled.HeavyBall(w, lr=0.5).step(np.ones(shape))
    assert (w == 0.5).all()


@pytest.mark.fast
def test_what_is_compiled():
    loop = _arrays.loop(importlib.import_module("stepsmith.numba.sgd")._sgd_update.function)
    w, g = np.full(4, 2, np.float32), np.ones(4, np.float32)
    assert loop._compiled == {}  # nothing before it is needed
    loop([w], g, (1.0,))
    g.flags.writeable = False  # nor is anything compiled again for what is read only, or for whole numbers
    loop([w], g, (1,))
    assert w.tolist() == [0, 0, 0, 0]
    assert list(loop._compiled) == [(g.dtype, False)]
    with pytest.raises(TypeError, match="can't unbox array"):  # what it is not compiled for is no memory to run over
        loop._compiled[g.dtype, False](w.astype(np.float64), g, 1.0)


@pytest.mark.fast
def test_half_precision_is_that_of_numpy():
    import ml_dtypes

    for dtype in (np.float16, ml_dtypes.bfloat16):
        for options in ({}, {"master_weights": True}):
            ours = np.random.default_rng(0).standard_normal((50, 3)).astype(dtype)
            theirs = ours.copy()
            train(compiled.AdamW(ours, eps=1e-4, **options), ours)
            train(plain.AdamW(theirs, eps=1e-4, **options), theirs)
            assert ours.tobytes() == theirs.tobytes()


@pytest.mark.parametrize("rule", ["Adam", "SGD", "RAdam", "LookaheadSGD"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_stages_are_those_of_numpy(rule, dtype):
    assert compiled.ClipByGlobalNorm is plain.ClipByGlobalNorm

    def run(backend):
        w = [np.linspace(-1, 1, 70_001).astype(dtype), np.ones((3, 4), dtype).T]
        average = backend.WeightEMA(decay=0.9)
        stages = [
            backend.Accumulate(every=2),
            backend.GaussianNoise(seed=3),
            backend.ClipByGlobalNorm(max_norm=1.0),
            backend.DecoupledDecay(weight_decay=0.1),
            average,
        ]
        opt = getattr(backend, rule)(w, pipeline=stages)
        for k in range(6):
            opt.step([np.cos(a + k).astype(dtype) for a in w])
        return [*w, *average.state("average").values()]

    for ours, theirs in zip(run(compiled), run(plain), strict=True):
        assert ours.tobytes() == theirs.tobytes()


def test_it_is_not_fast_math():
    w = np.array([1.0, np.nan, np.inf, -0.0, 1e-45, 3e38], np.float32)
    g = np.array([0.0, 1.0, -np.inf, 0.0, np.nan, 3e38], np.float32)
    for name in ("Adagrad", "Lion", "AMSGrad", "RMSprop", "Rprop"):
        ours, theirs = w.copy(), w.copy()
        for made in (getattr(compiled, name)(ours), getattr(plain, name)(theirs)):
            made.step(g)
            made.step(g)
        np.testing.assert_array_equal(ours, theirs)


def test_errors_and_saved_states_are_those_of_numpy():
    w, other = np.ones(4), np.ones(4)
    opt, theirs = compiled.Adam(w), plain.Adam(other)
    with pytest.raises(ValueError, match=r"the gradient has shape \(3,\)"):
        opt.step(np.ones(3))
    with pytest.raises(ValueError, match="share memory"):
        opt.step(w)
    with pytest.raises(TypeError, match="use float16, bfloat16, float32 or float64"):
        compiled.SGD(np.ones(3, np.int64))
    with pytest.raises(ValueError, match="one shape and one dtype"):
        importlib.import_module("stepsmith.numba.sgd").sgd_update(w, np.ones(3), 1)
    theirs.step(np.full(4, 0.5))
    opt.load_state_dict(theirs.state_dict())
    assert opt.t == 1
    w[...] = other
    opt.step(np.ones(4))
    theirs.step(np.ones(4))
    assert w.tobytes() == other.tobytes()
    assert pickle.dumps(opt.state_dict())


def test_many_python_threads(small_parallel):
    arrays = [np.ones(50_000, np.float32) for _ in range(4)]
    threads = [threading.Thread(target=train, args=(compiled.Adam(w), w, 20)) for w in arrays]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    alone = np.ones(50_000, np.float32)
    train(plain.Adam(alone), alone, 20)
    assert all(w.tobytes() == alone.tobytes() for w in arrays)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_after_a_fork():
    code = (
        "import os, numpy as np\n"
        "from generated.numba import Adam, _arrays\n"
        "w = np.ones(100_000, np.float32)\n"
        "opt = Adam(w)\n"
        "opt.step(w + 1)\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    opt.step(w + 1)\n"
        "    os._exit(7)\n"
        "raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 7)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, timeout=120).returncode == 0


def test_without_a_folder_for_the_cache(monkeypatch):
    import numba

    original = numba.njit

    def njit(signatures, **options):
        if options.pop("cache", False):
            raise RuntimeError("cannot cache function: no locator available")
        return original(signatures, **options)

    monkeypatch.setattr(numba, "njit", njit)
    loop = _arrays.loop(importlib.import_module("stepsmith.numba.sgd")._sgd_update.function)
    w = np.ones(3)
    loop([w], np.ones(3), (0.5,))
    assert (w == 0.5).all()


def test_auto_takes_the_fastest():
    w = np.ones(3, np.float32)
    assert auto.backend({"a": [w]}) is compiled
    assert type(auto.Adam([plain.Group(w, lr=0.1)], beta1=0.8)) is compiled.Adam
    assert auto.backend([]) is compiled
    with pytest.raises(AttributeError, match="has no adam"):
        _ = auto.adam


def test_auto_for_cupy_arrays_and_without_numba(monkeypatch):
    array = type("ndarray", (), {"__module__": "cupy"})()
    asked = []
    monkeypatch.setattr(auto, "_module", lambda name: asked.append(name) or name)
    assert auto.backend([{"w": array}]) == "cupy"
    monkeypatch.setattr(auto, "find_spec", lambda name: None)
    assert auto.backend(np.ones(3)) == "numpy"


EDITS = [
    # rule, what stands there, what it becomes, the equation that is named
    ("adam", "beta2 * v[i] + one", "beta2 * v[i] - one", "v_new = "),
    ("adam", "(g[i] * g[i])", "(g[i] * w[i])", "v_new = "),
    ("adam", "np.sqrt(v_new) + eps_sqrt_c2", "np.sqrt(v_new + eps_sqrt_c2)", "w_new = "),
    ("adam", "lr_sqrt_c2_over_c1, eps_sqrt_c2), stages", "eps_sqrt_c2, lr_sqrt_c2_over_c1), stages", "w_new = "),
    ("adam", "c1 = one_minus_power(beta1, t)", "c1 = 2 - beta1**t", "c1 = "),
    ("adam", "        w[i] = w_new\n", "", "w_new = "),
    ("adam", "m[i] = m_new\n        v[i] = v_new", "v[i] = v_new\n        m[i] = m_new", "m_new = "),
    ("adam", "v_new = beta2 * v[i]", "v_new = beta2 * v[0]", ""),
    ("adam", "m[i] = m_new", "g[i] = m_new", ""),
    ("adam", "prange(w.size)", "prange(w.size - 1)", ""),
    ("adam", "(w, m, v), g,", "(w, v, m), g,", ""),
    ("adam", ", stages)", ")", ""),
    ("radam", "length_above_five != real(0)", "length_above_five == real(0)", "w_new = "),
    ("amsgrad", "np.maximum", "np.minimum", ""),
    ("lion", "np.sign(", "np.absolute(", ""),
]


@pytest.mark.parametrize(("key", "old", "new", "equation"), EDITS)
def test_a_changed_loop_is_refuted(copied, key, old, new, equation):
    spec = spec_of(key)
    path = copied / "numba" / f"{spec.family}.py"
    head, function, rest = path.read_text().partition(f"def _{spec.function}(")
    overwrite(path, function + rest)
    spoil(path, old, new)
    overwrite(path, head + path.read_text())
    result = next(iter(readback(spec, "numba", copied)))
    assert refused(result)
    if equation:
        assert f": {equation}" in result.counterexample["equation"]
