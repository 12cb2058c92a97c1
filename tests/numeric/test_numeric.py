"""numeric, rounding, reference: the bounds hold, and what breaks them is found."""

import importlib
import json
import sys
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy

from stepsmith.codegen.algebra import reference
from stepsmith.codegen.backends import BACKENDS
from stepsmith.codegen.execution.imports import same_package
from stepsmith.codegen.expr.tree import arrange
from stepsmith.codegen.load import GENERATED
from stepsmith.codegen.numeric import rounding
from stepsmith.codegen.numeric.rounding import bounds
from stepsmith.codegen.numeric.rules import numeric, trial
from tests.conftest import OPTIMIZERS, cli, overwrite, rules, spec_of, spoil
from tests.sample import by_kind

X = sympy.Symbol("x", real=True)


@pytest.mark.parametrize("spec", by_kind(OPTIMIZERS, together=1), indirect=True)
def test_numpy_and_the_kernel_stay_within_the_derived_bounds(spec):
    found = {result.claim: result for result in numeric(spec, GENERATED, tuple(BACKENDS))}
    for claim in (
        "float64 numpy",
        "float32 numpy",
        "float64 numba loop",
        "float32 numba loop",
        "float32 cupy body",
        "cupy body = numpy",
    ):
        assert found[claim].status == "tested", found[claim]
        assert "ulp at t = " in found[claim].reason
        assert "seed 0" in found[claim].statement
    for claim in ("float64 cupy", "float32 cupy"):
        assert found[claim].status in ("tested", "skipped")
        assert found[claim].reason


@pytest.mark.parametrize(
    ("backend", "old", "new", "claims"),
    [
        # all of these are small: an error of 1e-5 in a factor, a scalar rounded twice, eps lost
        ("numpy", "one_minus_beta2 = 1 - beta2", "one_minus_beta2 = 0.00100001", {"float64 numpy", "float32 numpy"}),
        ("numpy", "np.add(s1, eps_sqrt_c2, out=s1)", "np.add(s1, 0, out=s1)", {"float64 numpy"}),
        ("numpy", "c1 = one_minus_power(beta1, t)", "c1 = one_minus_power(beta1, t) * 1.000001", {"float64 numpy"}),
        ("numba", "one_minus_beta2 = 1 - beta2", "one_minus_beta2 = 0.00100001", {"float32 numba loop"}),
        ("numba", "(np.sqrt(v_new) + eps_sqrt_c2)", "np.sqrt(v_new)", {"float64 numba loop"}),
        (
            "cupy",
            "(sqrt(v_new) + eps_sqrt_c2)",
            "(sqrt(v_new + eps_sqrt_c2))",
            {"float32 cupy body", "cupy body = numpy"},
        ),
        ("cupy", "(beta1, one_minus_beta1, beta2", "(beta2, one_minus_beta1, beta1", {"float32 cupy body"}),
    ],
)
def test_a_small_difference_is_found(copied, backend, old, new, claims):
    spoil(copied / backend / "adam.py", old, new)
    found = {result.claim: result for result in numeric(spec_of("adam"), copied, tuple(BACKENDS))}
    for claim in claims:
        assert found[claim].status == "refuted", claim
        assert found[claim].counterexample["t"]


def test_a_loop_that_takes_one_element_for_another_is_found(copied):
    """Over one element alone, each of these does what it should."""
    path = copied / "numba" / "adam.py"
    original = path.read_text()
    head = "    for i in prange(w.size):\n"
    for old, new in (
        ("        m[i] = m_new\n", f"        m[i] = m_new\n{head}"),  # the last element's, for all
        ("        w[i] = w_new\n", "    w[i] = w_new\n"),
        ("        w[i] = w_new\n", "        w[i - 1] = w_new\n"),
        ("        w[i] = w_new\n", "        w[0] = w_new\n"),
        ("        m[i] = m_new\n", "        m[i] = m_new if i < w.size - 1 else m_new + m_new\n"),
        (head, "    for i in prange(1, w.size):\n"),
        (head, "    for i in prange(0, w.size, 2):\n"),
    ):
        overwrite(path, original)
        spoil(path, old, new)
        found = {result.claim: result for result in numeric(spec_of("adam"), copied, ("numba",))}
        for dtype in ("float64", "float32"):
            assert found[f"{dtype} numba loop"].status == "refuted", (old, new)


@pytest.mark.fast
def test_the_reference_is_exact_on_rationals():
    optimizer = spec_of("heavy_ball").optimizer
    trace = reference.run(optimizer, [1, Fraction(1, 2)], lambda t: {"lr": Fraction(1, 2), "rho": "0.5"}, w=1)
    assert [values["w"] for values in trace] == [mpmath.mpf("0.5"), mpmath.mpf("0")]
    assert [values["v"] for values in trace] == [mpmath.mpf("-0.5"), mpmath.mpf("-0.5")]


def test_the_reference_has_fifty_digits():
    optimizer = spec_of("sgd").optimizer
    (values,) = reference.run(optimizer, [Fraction(1, 3)], lambda t: {"lr": 1})
    assert abs(values["w"] * 3 + 1) < mpmath.mpf(10) ** -49


@pytest.mark.fast
def test_the_bound_grows_from_half_an_ulp():
    optimizer = spec_of("sgd").optimizer
    course = {"w": 1 - 0.1 * np.arange(101.0)[:, None]}
    found = bounds(optimizer, ["float32", "float64"], np.ones((100, 1)), {"lr": 0.1}, course)["w"]
    first, last = found[0, 0, 0], found[-1, 0, 0]
    unit = 2.0**-24
    assert 0.9 * unit < first < 3 * unit
    assert first < last < 1000 * unit
    assert found[0, 1, 0] == pytest.approx(first * 2.0**-29, rel=1e-3)


@pytest.mark.parametrize(
    "name",
    ["adam", "nadam", "rmsprop_centered", "lion", "rprop_clamped", "amsgrad", "adadelta", "adasmooth", "prodigy"],
)
def test_bounds_found_at_once_are_those_found_step_by_step(name, monkeypatch):
    """Also where rounding may turn a comparison, and where a bound becomes infinite."""
    spec = rules(name)[name]
    at_once = trial(spec, steps=100).allowed
    monkeypatch.setattr(rounding, "_ATTEMPTS", 0)
    in_turn = trial(spec, steps=100).allowed
    for dtype, found in at_once.items():
        lasts = [_finite(bounds) for bounds in (found, in_turn[dtype])]
        assert lasts[0] == lasts[1] > 0
        for array, bound in found.items():
            expected = in_turn[dtype][array][: lasts[1]]
            assert (bound[: lasts[0]] >= 0.999 * expected).all()
            assert (bound[: lasts[0]] <= 1.2 * expected).all()


def _finite(bounds):
    """How many steps there are before a bound is infinite."""
    finite = np.all([np.isfinite(bound).all(axis=1) for bound in bounds.values()], axis=0)
    return len(finite) if finite.all() else int(np.argmin(finite))


def test_a_bound_that_is_infinite_too_early_covers_nothing():
    """A bound says as much as it can: that of a step is infinite only if the step makes it so."""
    found = {"w": np.array([1.0, np.inf, np.inf]).reshape(3, 1, 1)}
    after = {"w": np.array([1.0, np.inf, np.nan]).reshape(3, 1, 1)}
    assert rounding._covered(found, after)
    assert not rounding._covered(found, {"w": np.array([1.0, 2.0, np.inf]).reshape(3, 1, 1)})
    assert not rounding._covered(found, {"w": np.array([1.1, np.inf, np.inf]).reshape(3, 1, 1)})


@pytest.mark.parametrize(
    ("divisor", "least"),
    [
        (1 + abs(X), 1),
        (X**2 + sympy.Rational(1, 2), 0.5),
        (sympy.Max(X, sympy.Rational(3, 4)), 0.75),
        (sympy.sqrt(1 + sympy.exp(X)), 1),
        (2 + sympy.sign(X), 1),
        (1 + X, 0),
        (1 - abs(X), 0),
        (1 + X**3, 0),
        (sympy.Min(X, 1), 0),
        (2 - sympy.sign(X), 0),
    ],
)
def test_what_a_divisor_is_never_below(divisor, least):
    """A bound on its error may be larger than the divisor, which is far from zero all the same."""
    node = arrange(divisor, {"x": 0})
    assert 0.99 * least <= rounding._positive(node) <= least
    for x in np.linspace(-5, 5, 101):
        with np.errstate(all="ignore"):
            evaluated = rounding._compile(node, rounding._DOUBLE)({"x": rounding.Bounded(x, 0.0)}).value
        assert evaluated >= rounding._positive(node) or least == 0
    quotient = rounding._DOUBLE.divide(rounding.Bounded(1.0, 0.0), rounding.Bounded(1.5, 4.0), rounding._positive(node))
    if least == 1:
        assert 1 / 1 - 1 / 1.5 < quotient.error < np.inf
    elif least == 0:
        assert quotient.error == np.inf


def test_the_step_number_is_not_divided_in_double():
    t, x = sympy.symbols("t x")
    with mpmath.workdps(60):
        for expr, expected in ((1 / t, "1/3"), (x / t, "1/3"), (1 / t**2, "1/9")):
            value = reference.evaluate(expr, {"t": 3, "x": reference.number(1)})
            assert abs(mpmath.mpf(value) - mpmath.mpf(expected)) < mpmath.mpf(10) ** -49


@pytest.mark.fast
def test_a_package_that_was_forgotten_is_imported_again():
    """What is imported meanwhile may be taken out of `sys.modules`, as by those that try many specs in one process."""
    name = same_package(GENERATED)
    del sys.modules[name]
    again = same_package(GENERATED)
    assert again != name
    assert same_package(GENERATED) == again
    assert importlib.import_module(f"{again}.numpy.adam").Adam


GROWING = """
from stepsmith.codegen.spec import Optimizer, Step, arrays, hyper, new, norm, scalars
w, g = arrays("w g")
length = scalars("length")
lr = hyper("lr", default="1", domain=">= 0")
GROWING = Optimizer(
    name="Growing", source="x", summary="x", state={},
    steps=(Step(length, norm(w) + 1, "of the weights"), Step(new(w), w + lr * length * w * w + g)),
)
"""


def test_the_comparison_of_sums_ends_where_they_leave_the_type(tmp_path):
    (tmp_path / "growing.py").write_text(GROWING)
    run = cli("verify", "growing.py", "--backend", "numpy", "--json", cwd=tmp_path)
    found = {result["claim"]: result for result in json.loads(run.stdout)["results"]}
    for claim in ("float64 numpy sums", "float32 numpy sums"):
        assert found[claim]["status"] == "tested", found[claim]
        assert "on a bound is infinite" in found[claim]["reason"]
