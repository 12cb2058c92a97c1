"""A spec in exact numbers: what is a fraction stays one, what is not is enclosed, what cannot be told is not told."""

import math
import random
from fractions import Fraction

import mpmath
import pytest
import sympy
from sympy import Abs, Max, Min, Mod, Rational, cos, exp, floor, log, pi, sign, sqrt

from stepsmith.codegen.algebra import exact
from stepsmith.codegen.algebra.exact import UndecidableError, UndefinedError
from stepsmith.codegen.spec import array_max, array_sum, global_sum, oo
from stepsmith.codegen.spec.enclosure import Enclosure, certainly_less
from stepsmith.codegen.spec.rules import Monitor, Optimizer, Stage, Step
from stepsmith.codegen.spec.symbols import arrays, hyper, new, scalars, where

pytestmark = pytest.mark.fast

F = Fraction
w, g, m, noise = arrays("w g m noise")
t, s, best, metric = scalars("t s best metric")
lr = hyper("lr", default="0.1", domain="> 0", doc="rate")
beta = hyper("beta", default="0.9", domain="[0, 1)", doc="decay")
x, y = sympy.symbols("x y", real=True)


@pytest.mark.parametrize(
    ("expr", "at", "value"),
    [
        (sqrt(x), F(9, 4), F(3, 2)),
        (x ** Rational(-3, 2), F(4), F(1, 8)),
        (x ** Rational(1, 3), F(27, 8), F(3, 2)),
        (x**x, F(4, 9), None),
        (x**0, F(0), F(1)),
        (sympy.Integer(0) ** x, F(2), F(0)),
        (cos(pi * x), F(1), F(-1)),
        (cos(pi * x / 3), F(7), F(1, 2)),
        (exp(x), F(0), F(1)),
        (log(x), F(1), F(0)),
        (Mod(x, 3), F(-1), F(2)),
        (floor(x), F(-3, 2), F(-2)),
        (sign(x / 3 - x / 4 - x / 12), F(7), F(0)),
        (sympy.Piecewise((1 / x, x > 0), (0, True)), F(0), F(0)),
        (Max(x, 2 - x, Rational(1, 2)), F(3, 4), F(5, 4)),
        (Min(x, Abs(x)), F(-2), F(-2)),
    ],
)
def test_what_is_a_fraction_stays_one(expr, at, value):
    found = exact.evaluate(expr, {"x": at})
    assert isinstance(found, Enclosure) if value is None else found == value


@pytest.mark.parametrize("expr", [1 / x, log(x), x ** Rational(-1, 2), sqrt(x - 1), log(x - 1), (x - 1) ** y])
def test_what_certainly_has_no_value_says_so(expr):
    with pytest.raises(UndefinedError):
        exact.evaluate(expr, {"x": F(0), "y": F(1, 2)})


@pytest.mark.parametrize(
    "expr", [sign(x**2 - 2), 1 / (x**2 - 2), floor(x**2), sympy.Piecewise((1, x**2 > 2), (0, True))]
)
def test_what_an_enclosure_cannot_tell_is_not_told(expr):
    with pytest.raises(UndecidableError):
        exact.evaluate(expr, {"x": exact.evaluate(sqrt(y), {"y": F(2)})})


def test_an_enclosure_holds_the_value_and_little_else():
    made = random.Random(1)
    for expr in (sqrt(x), exp(x), log(x), cos(x), x**y, exp(-x) * cos(y) - sqrt(x) / log(1 + x)):
        for _ in range(40):
            point = {name: F(made.randint(1, 900), made.randint(1, 90)) for name in "xy"}
            found = Enclosure.of(exact.evaluate(expr, point))
            with mpmath.workdps(150):
                true = sympy.lambdify((x, y), expr, "mpmath")(
                    *(mpmath.mpf(v.numerator) / v.denominator for v in point.values())
                )
                low, high = (mpmath.mpf(end.numerator) / end.denominator for end in (found.low, found.high))
                assert low <= true <= high
                assert high - low <= mpmath.mpf(10) ** -70 * max(1, abs(true))


def test_numbers_differ_only_if_they_certainly_do():
    root = exact.evaluate(sqrt(x), {"x": F(2)})
    assert exact.differ(root, F(3, 2))
    assert certainly_less(root, F(3, 2))
    assert root > 1
    assert not exact.differ(root * root, F(2))
    assert exact.differ(math.nan, F(1))
    assert not exact.differ(math.nan, math.nan)


def test_a_run_has_every_value_by_name():
    rule = Optimizer("Ball", "own", {m: 0}, (Step(new(m), beta * m + g), Step(new(w), w - lr * new(m))))
    trace = exact.run(rule, (1, F(-1, 2)), lambda t: {"lr": F(1, t), "beta": "0.5"}, w=1)
    assert [(v["m"], v["w"], v["t"]) for v in trace] == [(1, 0, 1), (0, 0, 2)]
    assert exact.run(rule, [lambda values: values["w"]] * 2, lambda t: {"lr": 1, "beta": 0}, w=3)[0]["w"] == 0


def test_sums_are_taken_over_each_array_and_over_all():
    rule = Stage(
        name="Sums",
        source="own",
        steps=(Step(s, array_sum(g) + 10 * global_sum(g**2)), Step(new(g), g * s - array_max(-g))),
    )
    traces = exact.run_elements(rule, [[1], [-2], [3]], lambda t: {}, [0, 0, 0], arrays=[0, 0, 1])
    assert [trace[0]["s"] for trace in traces] == [139, 139, 143]
    assert [trace[0]["g_new"] for trace in traces] == [137, -280, 432]


def test_a_stage_that_ends_the_step_does_not_count_it():
    rule = Stage(
        name="Every", source="own", state={s: 0}, halts=new(s) > 0,
        steps=(Step(new(s), where(s + 1 >= 2, 0, s + 1)), Step(new(g), g / t)),
    )  # fmt: skip
    trace = exact.run(rule, (1, 1, 1, 1), lambda t: {})
    assert [(v[exact.HALTED], v["t"]) for v in trace] == [(True, 1), (False, 1), (True, 2), (False, 2)]


def test_a_comparison_with_nan_does_not_hold():
    rule = Monitor(
        name="Best",
        source="own",
        state={best: oo},
        steps=(Step(new(best), where(metric < best, metric, best)),),
        value=best,
    )
    trace = exact.run_monitor(rule, (2, math.nan, math.inf, 1), {})
    assert [v["best_new"] for v in trace] == [math.inf, 2, 2, 2, 1]


def test_a_choice_passes_over_what_does_not_exist():
    ratio = arrays("ratio")
    steps = (Step(ratio, g / Abs(g)), Step(new(w), w - where(Abs(g) > 0, ratio, 0)))
    trace = exact.run(Optimizer("Guarded", "own", {}, steps), (0, 2), lambda t: {})
    assert [v["w"] for v in trace] == [0, -1]
    with pytest.raises(UndefinedError):
        trace[0]["ratio"]
