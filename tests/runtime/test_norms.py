"""Norms of gradients where squares overflow, vanish, or are not numbers: against exact arithmetic, in each backend."""

import ctypes
import importlib
import math
import subprocess
from contextlib import nullcontext
from fractions import Fraction

import numpy as np
import pytest

from stepsmith.codegen.backends.cupy import cpp
from stepsmith.numpy._arrays import norm_of
from stepsmith.numpy.presets import keras
from tests import emulated_cupy

NAN, INF = math.nan, math.inf
BACKENDS = pytest.mark.parametrize("name", ["numpy", "numba", "cupy"])
CLIPS = ("ClipByNorm", "ClipByGlobalNorm", "ClipByGlobalNorm1", "ClipByGlobalMax")
TORCH = ("ClipGradNorm", "ClipGradNorm1", "ClipGradMax")


def stepped(name, stage, gradients, dtype=np.float64, **options):
    """What a stage leaves of gradients: a step of SGD from 0 with a learning rate of 1."""
    if name == "numba":
        pytest.importorskip("numba")
    # CuPy says nothing of a division by zero; the NumPy under its emulation does
    quiet = np.errstate(all="ignore") if name == "cupy" else nullcontext()
    with quiet, emulated_cupy.installed() if name == "cupy" else nullcontext() as library:
        module = emulated_cupy.generated() if name == "cupy" else importlib.import_module(f"stepsmith.{name}")
        array = library.asarray if name == "cupy" else np.asarray
        given = [None if g is None else array(np.asarray(g, dtype)) for g in gradients]
        params = [array(np.zeros(1 if g is None else np.shape(g), dtype)) for g in gradients]
        opt = module.SGD(params, lr=1.0, pipeline=[getattr(module, stage)(**options)])
        opt.step(given)
        return [-np.array(w) for w in params]


def exact(numbers):
    """The root of the sum of squares of finite numbers, rounded once."""
    total = sum((Fraction(float(x)) ** 2 for x in numbers), Fraction(0))
    if not total:
        return 0.0
    shift = (140 - total.numerator.bit_length() + total.denominator.bit_length()) // 2
    root = Fraction(math.isqrt(int(total * Fraction(4) ** shift))) / Fraction(2) ** shift
    return float(root) if root < 2**1024 - 2**970 else INF


#: Gradients, the largest norm that is let through, and what is left.
FINITE = [
    ([[3e200, 4e200]], 1.0, [[0.6, 0.8]]),
    ([[3e200], [4e200]], 1.0, [[0.6], [0.8]]),
    ([[3e200], None, [4e200], [1e-200]], 1.0, [[0.6], [0.0], [0.8], [0.0]]),
    ([[3e-200, 4e-200]], 1e-201, [[6e-202, 8e-202]]),
    ([[3e-200], [4e-200]], 1e-201, [[6e-202], [8e-202]]),
    ([[3e-320, 4e-320]], 1e-320, [[6e-321, 8e-321]]),
    ([[3e-200, 4e-200]], 1.0, [[3e-200, 4e-200]]),
    ([[3e200, 4e200], [1e-200, 1.0]], 5e200, [[3e200, 4e200], [1e-200, 1.0]]),
    ([[1.2e308, 0.9e308]], 1.5e307, [[1.2e307, 0.9e307]]),
    ([[0.0, 0.0]], 1.0, [[0.0, 0.0]]),
    ([[0.0], [3e-170, 0.0], [4e-170]], 5e-171, [[0.0], [3e-171, 0.0], [4e-171]]),
]


@BACKENDS
@pytest.mark.parametrize(("g", "limit", "left"), FINITE)
def test_a_norm_neither_overflows_nor_vanishes_where_its_value_does_not(name, g, limit, left):
    for found, expected in zip(stepped(name, "ClipByGlobalNorm", g, max_norm=limit), left, strict=True):
        assert np.allclose(found, expected, rtol=1e-3 if limit < 1e-300 else 1e-12, atol=0)


@BACKENDS
@pytest.mark.parametrize("stage", ["ClipByNorm", "ClipGradNorm"])
def test_the_norm_of_an_array_and_that_of_torch_do_not_overflow_either(name, stage):
    (found,) = stepped(name, stage, [[3e200, 4e200, 1e-200]], max_norm=1.0)
    assert np.allclose(found, [0.6, 0.8, 0.0], rtol=1e-12, atol=1e-300)


@BACKENDS
@pytest.mark.parametrize(("scale", "limit"), [(1e200, 1.0), (1e-200, 1e-201), (1e-310, 1e-312), (1.0, 0.5)])
def test_a_norm_over_tiles_of_unlike_size(name, scale, limit):
    """Three tiles of one array; the last one is small beside the others, or the only one that is not 0."""
    g = np.zeros(150_001)
    g[:70_000], g[-1] = 3 * scale / 1e4, 4 * scale
    for one in (g, np.where(np.arange(g.size) < 70_000, 0.0, g)):
        (found,) = stepped(name, "ClipByNorm", [one], max_norm=limit)
        norm = 4 * scale if not one[0] else math.hypot(4, 3e-4 * math.sqrt(70_000)) * scale
        expected = one * (limit / norm)
        assert np.allclose(found, expected, rtol=1e-9 if scale > 1e-300 else 1e-2, atol=0)


@BACKENDS
@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_a_sum_of_squares_of_small_types_is_in_double(name, dtype):
    top = float(np.finfo(dtype).max) / 8
    (found,) = stepped(name, "ClipByGlobalNorm", [[3 * top, 4 * top]], dtype, max_norm=1.0)
    assert np.allclose(found, [0.6, 0.8], rtol=1e-3)
    tiny = 2.0**-24 if dtype == np.float16 else 1e-30
    (found,) = stepped(name, "ClipByGlobalNorm", [[3 * tiny, 4 * tiny]], dtype, max_norm=2.5 * tiny)
    assert np.allclose(found.astype(float), [1.5 * tiny, 2 * tiny], rtol=1e-3, atol=tiny * 0.51)


@BACKENDS
@pytest.mark.parametrize("stage", [*CLIPS, *TORCH])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("beside", [[1e6, NAN], [INF, NAN, -INF]])
def test_a_norm_that_is_nan_makes_what_it_scales_nan(name, stage, dtype, beside):
    for g in ([beside], [None, beside, np.ones((2, 3))]):
        own = stage == "ClipByNorm"
        for one, found in zip(g, stepped(name, stage, g, dtype, max_norm=1.0), strict=True):
            if one is None:
                assert np.array_equal(found, [0.0])
            elif not own or one is beside:
                assert np.isnan(found).all()
            else:
                assert np.isfinite(found).all()


@BACKENDS
def test_nan_in_any_tile_is_found(name):
    for place in (0, 65_535, 65_536, 150_000):
        g = np.ones(150_001)
        g[place] = NAN
        for stage in (*CLIPS, *TORCH):
            (found, other) = stepped(name, stage, [g, [1.0]], max_norm=1e9)
            assert np.isnan(found).all()
            assert np.isnan(other).all() == (stage != "ClipByNorm")


@BACKENDS
@pytest.mark.parametrize("stage", [*CLIPS, *TORCH])
def test_what_is_infinite_goes_where_ieee_arithmetic_takes_it(name, stage):
    """The factor is 1 / inf: what is finite becomes 0, and 0 times infinity is NaN."""
    (found,) = stepped(name, stage, [[1.0, INF, -2.0]], max_norm=1.0)
    assert np.array_equal(found, [0.0, NAN, -0.0], equal_nan=True)


@BACKENDS
def test_the_global_norm_of_keras_makes_everything_nan_if_it_is_infinite(name):
    stage = "ClipByGlobalNormKeras"
    for beside in (INF, -INF, NAN):
        for found in stepped(name, stage, [[1.0, beside], [2.0, 0.0]], max_norm=1.0):
            assert np.isnan(found).all()
    for g, limit, left in FINITE:
        for found, expected in zip(stepped(name, stage, g, max_norm=limit), left, strict=True):
            assert np.allclose(found, expected, rtol=1e-3 if limit < 1e-300 else 1e-12, atol=0)
    w = np.zeros(2)
    keras.SGD(w, learning_rate=1.0, global_clipnorm=1.0).step(np.array([1.0, INF]))
    assert np.isnan(w).all()


@BACKENDS
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_clipping_by_value_lets_nan_through(name, dtype):
    (found,) = stepped(name, "ClipByValue", [[NAN, INF, -INF, 0.5, -3.0]], dtype, max_value=1.0)
    assert np.array_equal(found, np.array([NAN, 1, -1, 0.5, -1], dtype), equal_nan=True)


def drawn(random):
    """A few numbers of any size, some of them 0, infinite or NaN."""
    size = random.integers(1, 9)
    spread = random.choice([0, 10, 300])
    exponents = random.uniform(-330, 308) + random.uniform(-spread, spread, size)
    x = random.uniform(-1, 1, size) * 10.0 ** np.minimum(exponents, 308)
    if random.random() < 0.2:
        x[random.integers(size)] = random.choice([NAN, INF, -INF, 0.0, 5e-324, 1.7e308])
    return x


def agrees(found, x):
    """Whether a norm is right to within two units in the last place."""
    if not np.isfinite(x).all():
        return math.isnan(found) if np.isnan(x).any() else found == INF
    expected = exact(x)
    return abs(found - expected) <= 2 * np.spacing(expected) if math.isfinite(expected) else found == INF


def test_norm_of_is_right_for_numbers_of_any_size():
    random = np.random.default_rng(0)
    with np.errstate(all="ignore"):
        for _ in range(3000):
            x = drawn(random)
            kept = x.copy()
            assert agrees(float(norm_of(x, np.empty_like(x))), x), x
            assert np.array_equal(x, kept, equal_nan=True)
        assert norm_of(np.zeros(0), np.zeros(0)) == 0


@pytest.mark.skipif(cpp.compiler() is None, reason="no C++ compiler")
def test_the_squares_of_a_kernel_are_right_for_numbers_of_any_size(tmp_path):
    """What adds up squares on a GPU, compiled for this machine; in several parts, as the threads of a block do it."""
    with emulated_cupy.installed():
        squares = importlib.import_module(f"{emulated_cupy.generated().__name__}._arrays")._SQUARES
    text = f"""
#include <cmath>
#include <cstring>
#define __device__
static int __double2hiint(double x) {{ long long bits; std::memcpy(&bits, &x, 8); return (int)(bits >> 32); }}
{squares}
extern "C" double norm(const double* x, int size, int parts) {{
    Squares total(0.0);
    for (int part = 0; part < parts; ++part) {{
        Squares own(0.0);
        for (int k = part; k < size; k += parts) own = own + Squares(x[k]);
        total = total + own;
    }}
    return total.root();
}}
"""
    (tmp_path / "norm.cpp").write_text(text)
    command = [str(cpp.compiler()), "-std=c++17", "-O2", "-shared", "-fPIC", "-o", "norm.so", "norm.cpp"]
    subprocess.run(command, cwd=tmp_path, check=True)
    norm = ctypes.CDLL(str(tmp_path / "norm.so")).norm
    norm.restype = ctypes.c_double
    random = np.random.default_rng(0)
    for number in range(3000):
        x = drawn(random)
        assert agrees(norm(x.ctypes.data_as(ctypes.c_void_p), x.size, 1 + number % 4), x), x
