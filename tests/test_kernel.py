"""kernel: the C++ body is read as C++ reads it."""

import numpy as np
import pytest
import sympy

from codegen.kernel import NUMERIC, SYMBOLIC, Body, UnreadableError, maximum, minimum

x, y = sympy.symbols("x y", real=True)


def run(text: str, algebra=SYMBOLIC, **inputs):
    return Body.parse(text).run(inputs, {"w": sympy.Symbol("w")}, algebra).outputs["w"]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("x * y + 2", x * y + 2),
        ("-x / (y + 1)", -x / (y + 1)),
        ("sqrt(x) + fabs(y)", sympy.sqrt(x) + sympy.Abs(y)),
        ("(x >= y || x != x ? x : y)", sympy.Max(x, y)),
        ("(x <= y || x != x ? x : y)", sympy.Min(x, y)),
        ("(x > 0 ? 1 : x < 0 ? -1 : x)", sympy.sign(x)),
        ("(x > y ? x : 0)", sympy.Piecewise((x, x > y), (0, True))),
        ("pow(x, (T)4)", x**4),
        ("7 / 2 * x", 3 * x),  # two integers: C truncates
        ("x * (1 / 2)", 0),
    ],
)
def test_expressions(expression, value):
    assert sympy.simplify(run(f"w = {expression};", x=x, y=y) - value) == 0


def test_a_local_is_a_copy_and_an_output_a_reference():
    assert run("const T a = w; w = x; w = w + a;", x=x) == x + sympy.Symbol("w")


def test_a_choice_that_is_no_maximum_is_not_taken_for_one():
    assert run("w = (x >= y ? y : x);", x=x, y=y) == sympy.Min(x, y)
    assert run("w = (x > 0 ? 1 : x < 0 ? 1 : x);", x=x) != sympy.sign(x)


def test_a_maximum_is_put_together_without_comparing_its_arguments():
    z = 2 + x**2
    assert maximum(x, maximum(y, 2)) == sympy.Max(x, y, 2)
    assert minimum(x, maximum(x, y)).args != (x,)  # SymPy makes x of it, by comparing each with each
    assert minimum(x, maximum(x, y)).subs({x: 3, y: 1}) == 3
    assert maximum(1, 2) == 2
    assert maximum(x, x) == x
    assert maximum(1, z).subs(x, 0) == 2


def test_over_arrays_the_type_is_kept_and_nan_stays():
    numbers = np.array([1.0, np.nan, -2.0], np.float32)
    body = Body.parse("const T a = (x >= y || x != x ? x : y); w = a / 2 + 1;")
    run = body.run({"x": numbers, "y": np.float32(0.5)}, {"w": numbers}, NUMERIC)
    assert run.outputs["w"].dtype == np.float32
    np.testing.assert_array_equal(run.outputs["w"], np.array([1.5, np.nan, 1.25], np.float32))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("w = x", "not C"),
        ("w = x +;", "not C"),
        ("x = w;", "x is not an output"),
        ("const T a = b;", "b is not known"),
        ("const T a = x; const T a = x;", "declared a second time"),
        ("T a;", "only `const T name"),
        ("const T a = x; a = w;", "a is not an output"),
        ("{ T a = x; } w = a;", "a is not known"),
        ("const float a = x;", "only `const T name"),
        ("w += x;", "only `const T name"),
        ("w = x % 2;", "operator % is not understood"),
        ("w = 0.5 * x;", "Constant is not understood"),
        ("w = sinh(x);", "FuncCall is not understood"),
        ("if (x > 0) { w = x; }", "only `const T name"),
        ("w = x; } void f(void) { ", "ends before its text"),
    ],
)
def test_what_is_not_understood_is_refused(text, message):
    with pytest.raises(UnreadableError, match=message):
        run(text, x=x)
