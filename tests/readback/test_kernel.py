"""kernel: the C++ body is read as C++ reads it."""

import numpy as np
import pytest
import sympy

from stepsmith.codegen.backends.cupy.body import NUMERIC, SYMBOLIC, Body
from stepsmith.codegen.execution.modules import UnreadableError
from stepsmith.codegen.spec.symbolic import maximum, minimum

pytestmark = pytest.mark.fast

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
        ("w = x; // the next line, too \\\nw = w;", "kernel line 1: .* changes what comes after it"),
        ("w = x; // the next line, too ??/\nw = w;", "kernel line 1: .* changes what comes after it"),
        ("w = x; // a line for some \x0c w = w;", "kernel line 1: a character that cannot be seen"),
        ("w = x; // a line for some \u2028 w = w;", "kernel line 1: a character that cannot be seen"),
        ("w = x; /* never closed", r"/\* has no place"),
        ("#define x y\nw = x;", "# has no place"),
        ("\n#pragma unroll\nw = x;", "kernel line 2: # has no place"),
        ("static const T a = x; w = a;", "only `const T name"),
        ("volatile T a = x; w = a;", "only `const T name"),
        ("const T sqrt = x; w = sqrt;", "sqrt is a name of the C mathematics library"),
        ("const T class = x; w = x;", "class is a name of"),
        ("const T i = x; w = i;", "i is a name of CuPy"),
        ("w = x; return w;", "only `const T name"),
        ("return; w = x;", "only `const T name"),
    ],
)
def test_what_is_not_understood_is_refused(text, message):
    with pytest.raises(UnreadableError, match=message):
        run(text, x=x)


def test_comments_are_read_as_the_compiler_reads_them():
    assert run("w = x; /* w = 0;\n w = 1; */ w = w + 1; // w = 2;", x=x) == x + 1
    assert run("w = x; // a comment /* that ends with its line\nw = w + y;", x=x, y=y) == x + y
    assert run("w = x/**/+ y; /* // */ w = w + 1;", x=x, y=y) == x + y + 1


def test_a_map_is_one_value():
    assert Body.parse("return x * x;").returned({"x": x}, SYMBOLIC) == x**2
    for text in ("w = x;", "return x; return x;", "const T a = x; return a;"):
        with pytest.raises(UnreadableError, match="more than one value"):
            Body.parse(text).returned({"x": x}, SYMBOLIC)
