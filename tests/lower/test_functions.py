"""The table of functions: every row is whole and true, and every printer prints every row."""

import itertools
import json
import math
import subprocess
import sys
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy

from stepsmith.codegen.algebra import exact, reference
from stepsmith.codegen.analysis.backprop import derivative
from stepsmith.codegen.backends.cupy.body import NUMERIC, SYMBOLIC, Body
from stepsmith.codegen.backends.cupy.printer import Cuda, CudaDouble
from stepsmith.codegen.backends.numba.printer import Element
from stepsmith.codegen.execution.cells import UFUNCS
from stepsmith.codegen.execution.language import HOST, library
from stepsmith.codegen.expr.printing import Latex, Library, Python, Text
from stepsmith.codegen.expr.tree import Call, Name, arrange
from stepsmith.codegen.load import ROOT
from stepsmith.codegen.numeric.rounding import _DOUBLE, Bounded
from stepsmith.codegen.spec import enclosure
from stepsmith.codegen.spec.domain import Domain
from stepsmith.codegen.spec.functions import TABLE, numeric, of
from stepsmith.codegen.spec.row import Function, NoSpellingError, Row, Spelling, call
from tests.conftest import SPECS

ROWS = numeric()
OF_ONE = [row for row in ROWS if row.arity == 1]
SMOOTH = [row for row in ROWS if row.slope is not None]
NUMBERS = [Fraction(n, 4) for n in (-26, -9, -4, -3, -1, 0, 1, 2, 3, 4, 5, 8, 11, 22)]
x = sympy.Symbol("x", real=True)


@pytest.fixture(autouse=True)
def _fifty_digits():
    with mpmath.workdps(50):
        yield


def named(rows):
    return pytest.mark.parametrize("row", [*rows], ids=lambda row: row.name)


def given(row, numbers=NUMBERS):
    """Arguments for which the function has a value."""
    for values in itertools.product(numbers, repeat=row.arity):
        if values[0] in row.over and not (row.divides and values[-1] == 0):
            yield values


def digits(row, *values):
    return row.digits(mpmath)(*(mpmath.mpf(v.numerator) / v.denominator for v in values))


@pytest.mark.fast
@named(TABLE.values())
def test_every_printer_prints_every_row_or_says_that_it_cannot(row):
    """What is computed per element has all spellings; what whole arrays make, or the host, has none in kernels."""
    of_numbers = isinstance(row, Function)
    node = Call(row.name, tuple(Name(f"a{k}", array=False) for k in range(row.arity)))
    fits = {"text": True, "latex": True, "python": of_numbers, "ufunc": of_numbers}
    fits["c"] = of_numbers and row.elements
    for spell in (Text(), Latex((), ()), Python(), Library("np"), Element([]), Cuda(), CudaDouble()):
        if fits[spell.column]:
            text = spell(node)
            assert all(f"a{k}" in text or f"a_{{{k}}}" in text for k in range(row.arity)), text
        else:
            with pytest.raises(NoSpellingError, match=row.spec):
                spell(node)


@pytest.mark.fast
def test_no_two_functions_are_spelled_alike():
    for column in ("text", "latex", "python", "ufunc", "c"):
        texts = [getattr(row, column).text for row in ROWS if getattr(row, column) is not None]
        assert len(set(texts)) == len(texts)


@pytest.mark.fast
def test_a_function_without_a_row_is_none():
    with pytest.raises(NotImplementedError, match="sin has no row"):
        arrange(sympy.sin(x), {})
    with pytest.raises(TypeError, match="slope"):
        Function(**{**vars(TABLE["abs"]), "name": "half", "kinks": False})
    with pytest.raises(TypeError, match="required keyword-only argument"):
        Function(name="half", written=sympy.Abs, latex=call("half"))
    assert not hasattr(Row, "ufunc")


@named(ROWS)
def test_all_computations_of_a_row_agree(row):
    """Python, NumPy, the C of a kernel, 50 digits, exact numbers and SymPy."""
    names = {f"a{k}": None for k in range(row.arity)}
    node = Call(row.name, tuple(Name(name, array=False) for name in names))
    for values in given(row):
        wanted = float(digits(row, *values))
        floats = dict(zip(names, map(float, values), strict=True))
        assert eval(Python()(node), {"math": math}, floats) == pytest.approx(wanted, abs=1e-15)
        assert eval(Library("np")(node), {"np": np}, floats) == pytest.approx(wanted, abs=1e-15)
        if row.elements:
            assert Body.parse(f"return {Cuda()(node)};").returned(floats, NUMERIC) == pytest.approx(wanted, abs=1e-15)
        found = row.exact(*values)
        assert float(found) == pytest.approx(wanted, abs=1e-15)
        symbolic = row.written(*map(sympy.Rational, values))
        assert float(symbolic) == pytest.approx(wanted, abs=1e-15)
        if row.kind is not None:
            symbols = [sympy.Symbol(name, real=True) for name in names]
            applied, numbers = row.written(*symbols), dict(zip(names, values, strict=True))
            assert of(applied) is row
            assert not exact.differ(exact.evaluate(applied, numbers), found)
            precise = {name: reference.number(v) for name, v in numbers.items()}
            assert float(reference.evaluate(applied, precise)) == pytest.approx(wanted, abs=1e-15)


@named(ROWS)
def test_where_values_lie(row):
    for values in given(row):
        found = row.exact(*values)
        points = [Domain(v, v, True, True) for v in values]
        around = [Domain(v - 1, v + Fraction(1, 3)) for v in values]
        for domain in (row.range(*points), row.range(*around), row.image):
            assert domain.low is None or not enclosure.certainly_less(found, domain.low)
            assert domain.high is None or not enclosure.certainly_less(domain.high, found)
            assert not isinstance(found, Fraction) or found in domain


@pytest.mark.fast
@named(OF_ONE)
def test_parity_and_order(row):
    for a, b in itertools.pairwise(v for (v,) in given(row)):
        assert not row.rises or not enclosure.certainly_less(row.exact(b), row.exact(a))
        if row.parity:
            assert not exact.differ(row.exact(-a), row.parity * row.exact(a))


@named(OF_ONE)
def test_outside_of_its_domain_a_function_has_no_value(row):
    for value in NUMBERS:
        if value in row.over:
            continue
        with pytest.raises(enclosure.UndefinedError):
            row.exact(value)
        ((demanded, sign),) = row.asks(sympy.Rational(value))
        assert not {">": demanded > 0, ">=": demanded >= 0}[sign]


@named(SMOOTH)
def test_slopes_are_the_derivatives(row):
    formula = derivative(row.written(x), x)
    for (value,) in given(row):
        if value == row.over.low:
            continue
        found = row.exact(value)
        assert not exact.differ(row.slope(value, found), exact.evaluate(formula, {"x": value}))
        step = Fraction(1, 10**20)
        rise = (digits(row, value + step) - digits(row, value - step)) / (2 * mpmath.mpf(1) / 10**20)
        assert float(row.slope(value, found)) == pytest.approx(float(rise), rel=1e-6)


@named(ROWS)
def test_rounding_rules_hold(row):
    """In float64, where arguments are off: no computed value is further from the exact one than is allowed."""
    random = np.random.default_rng(0)
    for values in given(row):
        errors = [float(random.choice([0, 1e-12, 1e-3, 0.4])) for _ in values]
        arguments = [Bounded(np.float64(v), e) for v, e in zip(map(float, values), errors, strict=True)]
        with np.errstate(all="ignore"):
            value, error = _DOUBLE.call(row.name, *arguments)
        if row.name in ("mod", "floor"):  # of whole numbers, which are exact
            continue
        for shares in itertools.product((-1, Fraction(1, 3), 1), repeat=row.arity):
            moved = [v + share * Fraction(e) for v, e, share in zip(values, errors, shares, strict=True)]
            if moved[0] not in row.over:
                continue
            other = digits(row, *moved)
            assert abs(other - mpmath.mpf(float(value))) <= error * (1 + 1e-12), (values, errors)


@named([row for row in ROWS if row.elements])
def test_libraries_are_as_exact_as_the_row_says(row):
    """In units of the last place of float32 and float64; what the row says is a bound on both NumPy's and C's."""
    random = np.random.default_rng(1)
    for dtype in ("float32", "float64"):
        arrays = [(random.standard_normal(400) * 10 ** random.uniform(-4, 1.5, 400)).astype(dtype) for _ in range(2)]
        arrays[0] = arrays[0][[Fraction(float(v)) in row.over for v in arrays[0]]]
        arguments = [array[: len(arrays[0])] for array in arrays[: row.arity]]
        computed = getattr(np, row.ufunc.callee)(*arguments)
        for found, *values in zip(computed, *arguments, strict=True):
            wanted = digits(row, *(Fraction(float(v)) for v in values))
            error = abs(mpmath.mpf(float(found)) - wanted)
            size = max(abs(wanted), float(np.finfo(dtype).tiny))
            assert error <= row.half_ulps * float(np.finfo(dtype).eps) / 2 * size * (1 + 2**-10), (dtype, values)


@pytest.mark.fast
@named(ROWS)
def test_the_read_back_knows_every_row(row):
    if row.python.callee:
        assert row.python.callee in HOST.functions
    assert f"np.{row.ufunc.callee}" in library("np").functions
    arguments = [sympy.Symbol(f"a{k}", real=True) for k in range(row.arity)]
    assert UFUNCS[row.ufunc.callee](*arguments) == row.written(*arguments)
    if row.c is not None and row.c.callee:
        assert SYMBOLIC.functions[row.c.callee](*arguments) == row.written(*arguments)


@pytest.mark.fast
@named(ROWS)
def test_mutants_are_other_functions(row):
    assert row.mutant != row.name
    assert isinstance(TABLE[row.mutant], Function)


def test_what_repeats_an_argument():
    assert Spelling("{0} < 0 ? -{0} : {0}").repeats
    assert not call("max", 2).repeats


ONE_ROW = """
import json, sys
from pathlib import Path
from fractions import Fraction

import tests
import sympy
from mpmath import libmp

from stepsmith.codegen.spec import enclosure
from stepsmith.codegen.spec import functions
from stepsmith.codegen.spec.domain import Domain
from stepsmith.codegen.load import ROOT
from stepsmith.codegen.spec.row import Function, call, latex

quarter = enclosure.pi() / 2
functions.add(
    Function(
        name="atan",
        written=sympy.atan,
        python=call("math.atan"),
        c=call("atan"),
        ufunc=call("arctan"),
        latex=latex(r"\\arctan"),
        digits=lambda context: context.atan,
        exact=enclosure.rising("the arctangent of", libmp.mpf_atan, {0: 0}, (-quarter, quarter)),
        range=functions.rising(Domain(Fraction(-8, 5), Fraction(8, 5)), {0: 0}),
        half_ulps=4,
        spread=functions.lipschitz("arctan"),
        rises=True,
        parity=-1,
        slope=lambda x, value: 1 / (1 + x * x),
        mutant="tanh",
    )
)

from stepsmith.codegen.backends import BACKENDS
from stepsmith.codegen.check import check
from stepsmith.codegen.expr.printing import Latex, Text
from stepsmith.codegen.expr.tree import arrange
from stepsmith.codegen.load import load
from stepsmith.codegen.lower.ranges import range_of
from stepsmith.codegen.verify import verify
from tests import mutate, random_specs

found = {}
for file in sys.argv[1:]:
    specs = load([(Path(file).resolve(), None)])
    check(specs)
    for result in verify(specs, tuple(BACKENDS), None):
        found[f"{result.spec}: {result.claim}"] = result.status
x = sympy.Symbol("x", positive=True)
node = arrange(sympy.atan(x), {})
told = {"text": Text()(node), "latex": Latex((), ())(node), "range": range_of(node, {}).condition("y")}
told |= {"mutant": mutate._FUNCTIONS["arctan"]}
told["random"] = any("atan(" in random_specs.write(f"1.{k}") for k in range(40))
print(json.dumps([told, found]))
"""


def test_to_add_a_function_is_one_row(tmp_path):
    """A Python in which the table has one more row, and nothing else is changed: a rule and a layer with it."""
    files = []
    for name in ("squashed", "squashed_layer"):
        text = (SPECS / f"{name}.py").read_text().replace("tanh(", "atan(").replace(" tanh\n", " atan\n")
        files.append(tmp_path / f"{name}.py")
        # the derivative of the layer's claim is that of the other function
        text = text.replace("(1 - h**2)", "/ (1 + (gamma * (x - mean)) ** 2)").replace("dy * /", "dy /")
        files[-1].write_text(text.replace("scalars, tanh", "scalars, atan"))
    ran = subprocess.run([sys.executable, "-c", ONE_ROW, *files], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    told, found = json.loads(ran.stdout)
    assert told == {
        "text": "atan(x)",
        "latex": r"\arctan(x)",
        "range": "-1.6 < y < 1.6",
        "mutant": "tanh",
        "random": True,
    }
    assert set(found.values()) <= {"proved", "tested", "skipped"}, found
    proved = {name for name, status in found.items() if status == "proved"}
    assert {f"tanh_momentum: readback {backend}" for backend in ("numpy", "cupy", "numba")} <= proved
    assert {"tanh_layer: readback numpy", "tanh_layer: readback cupy"} <= proved
