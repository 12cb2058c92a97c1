"""tactics: each closes what it should, and says no where it must."""

from fractions import Fraction

import pytest
import sympy
from sympy import Abs, Max, Min, Piecewise, Rational, exp, sign, sqrt

from stepsmith.codegen.algebra.assumptions import Assumptions
from stepsmith.codegen.algebra.cases import nonnegative
from stepsmith.codegen.algebra.signs import is_bias_factor
from stepsmith.codegen.algebra.tactics import TACTICS, decide
from stepsmith.codegen.spec import domain

x, y, z = sympy.symbols("x y z", real=True)
b, t = sympy.symbols("beta t", real=True)
FACTS = Assumptions({"beta": domain.parse("[0, 1)"), "t": domain.parse(">= 1")})

TRUE = {
    "expand": [((x + y) ** 2, x**2 + 2 * x * y + y**2), (b ** (t + 1), b * b**t)],
    "cancel": [((x**2 - 1) / (x - 1), x + 1), (sqrt((x**2 + x) / x), sqrt(x + 1)), (1 / (1 / x + 1), x / (1 + x))],
    "positive factors": [
        (sqrt(x**2 / (1 - b**t)), Abs(x) / sqrt(1 - b**t)),
        (sqrt(y * (1 - b)), sqrt(y) * sqrt(1 - b)),
        (x / sqrt(x**2 + (b + 1) ** -3), (b + 1) ** Rational(3, 2) * x / sqrt((b + 1) ** 3 * x**2 + 1)),
    ],
    "cases": [
        (Abs(x) * sign(x), x),
        (x * sign(x**2), x),
        (Max(x, y) + Min(x, y), x + y),
        (Max(x, y), (x + y + Abs(x - y)) / 2),
        (Max(x, y, z), Piecewise((Max(x, y), Max(x, y) >= z), (z, True))),
        (Piecewise((x, Max(x, y) > 2 * exp(z)), (1, True)), Piecewise((x, Max(x, y) / 2 > exp(z)), (1, True))),
    ],
}
FALSE = {
    "expand": [((x + y) ** 2, x**2 + x * y + y**2), (b ** (t + 1), b + b**t)],
    "cancel": [((x**2 - 1) / (x - 1), x - 1), (sqrt((x**2 + x) / x), sqrt(x)), (1 / (1 / x + 1), x / (2 + x))],
    "positive factors": [
        (sqrt(x**2 / (1 - b**t)), Abs(x) * sqrt(1 - b**t)),
        (sqrt(y * (1 - b)), sqrt(y) * (1 - b)),
        (x / sqrt(x**2 + (b + 1) ** -3), (b + 1) ** Rational(5, 2) * x / sqrt((b + 1) ** 3 * x**2 + 1)),
        (x / sqrt(x**2 + (y + 1) ** -3), (y + 1) ** Rational(3, 2) * x / sqrt((y + 1) ** 3 * x**2 + 2)),
    ],
    "cases": [
        (Abs(x) * sign(x), -x),
        (sign(x**2), 1 + 0 * x),
        (Max(x, y) + Min(x, y), x - y),
        (Max(x, y), (x + y - Abs(x - y)) / 2),
        (Piecewise((x, x > 0), (0, True)), Abs(x)),
        (Piecewise((x, Max(x, y) > 2 * exp(z)), (1, True)), Piecewise((x, Max(x, y) / 2 > -exp(z)), (1, True))),
    ],
}


@pytest.mark.parametrize(("name", "pair"), [(name, pair) for name, pairs in TRUE.items() for pair in pairs])
def test_a_tactic_closes_what_is_equal(name, pair):
    left, right = map(FACTS.assume, pair)
    assert TACTICS[name](left - right)
    assert decide(*pair, FACTS).status == "proved"


@pytest.mark.parametrize(("name", "pair"), [(name, pair) for name, pairs in FALSE.items() for pair in pairs])
def test_a_tactic_says_no_to_what_is_not_equal(name, pair):
    left, right = map(FACTS.assume, pair)
    assert not TACTICS[name](left - right)
    verdict = decide(*pair, FACTS)
    assert verdict.status == "refuted"
    assert verdict.counterexample["left"] != verdict.counterexample["right"]


def test_every_tactic_is_tested_both_ways():
    assert set(TRUE) == set(FALSE) == set(TACTICS)


def test_what_no_tactic_closes_is_undecided():
    verdict = decide(sqrt(5 + 2 * sqrt(6)), sqrt(2) + sqrt(3), FACTS)
    assert verdict.status == "undecided"
    assert "no tactic" in verdict.reason


def test_points_stay_inside_the_domain():
    # true for beta below one only: no point outside may refute it
    assert decide(Abs(1 - b), 1 - b, FACTS).status != "refuted"
    assert decide(Abs(1 - x), 1 - x, FACTS).status == "refuted"


@pytest.mark.fast
def test_a_minimum_is_non_negative_if_all_that_it_is_of_are():
    assert nonnegative(FACTS.assume(Min(b, x**2) * y**2))
    assert not nonnegative(FACTS.assume(Min(b, x) * y**2))
    assert not nonnegative(FACTS.assume(Min(b, x**2) * y))


def test_nonzero_knows_the_bias_factor_and_no_more():
    assert FACTS.nonzero(1 - b**t)
    assert FACTS.nonzero((1 - b) * (1 - b**t))
    assert not FACTS.nonzero(1 + b**t - x)
    assert not FACTS.nonzero(b)
    assert not FACTS.nonzero(1 - x**t)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("> 0", ["1", "0.001"], ["0", "-1"]),
        (">= 0", ["0", "5"], ["-0.1"]),
        ("[0, 1)", ["0", "0.999"], ["1", "-0.1"]),
        ("(0, 1]", ["1", "0.1"], ["0", "1.1"]),
        ("< 2", ["1", "-5"], ["2"]),
        ("real", ["-7", "0"], []),
    ],
)
def test_domains(text, inside, outside):
    found = domain.parse(text)
    assert all(Fraction(value) in found for value in inside)
    assert not any(Fraction(value) in found for value in outside)


@pytest.mark.parametrize("text", ["positive", "[1, 0]", "0..1", "", "> x"])
def test_what_is_no_domain(text):
    with pytest.raises(ValueError, match="write one of"):
        domain.parse(text)


@pytest.mark.fast
def test_linear_between_0_and_1_is_settled_at_both_ends():
    assumptions = Assumptions.of().also(nu=domain.parse("[0, 1]"), beta=domain.parse("[0, 1)"))
    nu, beta = assumptions.symbol("nu"), assumptions.symbol("beta")
    assert nonnegative(1 - nu * beta)
    assert not nonnegative(1 - 2 * nu * beta)
    assert not nonnegative(nu - beta)


KNOWN = FACTS.also(p=domain.parse("> 0"), q=domain.parse(">= 0"), n=domain.parse("integer >= 1"))
p, q, n = sympy.symbols("p q n", real=True)


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        (x**2 + q, x + q),  # squares and signs
        (p * q, p * x),
        (1 - b**t, b**t - 1),  # the bias factor
        (1 - b, x - b),
        (1 - b**2 * (1 - b**q / 2), 1 - b * (1 + b**q / 2)),  # one less shares of one, whose largest values count
        (4 - b * (2 - b**q) * (2 - b), 4 - b * (3 - b**q) * (2 - b)),
        (2 - sympy.Rational(1, 2) ** q, 2 - 2**q),
        (sqrt(x) + q, sqrt(x) - q),  # a root is not negative where it is real
        (b * q + (1 - b) * x**2, b * q - (1 - b) * x**2),  # linear in something non-negative
        (Max(x, q), Min(x, q)),  # a maximum has one argument that is enough
        (Abs(x - y) * p, Abs(x) - q),  # by cases
        (Max(x, y) - x, Max(x, y) - q),
        (Piecewise((x, x > 0), (q, True)), Piecewise((x, x < 0), (q, True))),
        (x * sign(x), x * sign(y)),
        (Max(x, y, p) - Min(x, y, p), Max(x, y) + Min(x, y)),
    ],
)
def test_nonnegative_says_yes_and_no(yes, no):
    assert nonnegative(KNOWN.assume(yes))
    assert not nonnegative(KNOWN.assume(no))
    assert not nonnegative(KNOWN.assume(-yes - p))


def test_cases_say_no_if_one_case_is_open_or_there_are_too_many():
    closes = TACTICS["cases"]
    assert not closes(FACTS.assume(Abs(x) - x))  # closed for x >= 0 alone
    assert not closes(FACTS.assume(x * sign(x) ** 2 - x + sign(x) ** 2 - 1))  # open at zero alone
    many = [Abs(sympy.Symbol(f"x{k}", real=True)) for k in range(8)]
    assert not closes(sympy.prod(many) - sympy.prod([abs_.args[0] for abs_ in many]))
    assert not closes(FACTS.assume(x - y))  # nothing to split


@pytest.mark.parametrize(
    ("wrong", "assumptions"),
    [
        ((sqrt(x**2), x), FACTS),
        ((sqrt(x * y), sqrt(x) * sqrt(y) + 0 * z), FACTS.also(x=domain.parse("< 0"), y=domain.parse("< 0"))),
        ((b**t, b ** (t + 1)), FACTS),
        ((1 / (1 - b**t), 1 / (1 - b)), FACTS),
    ],
)
def test_no_tactic_closes_what_holds_for_some_values_alone(wrong, assumptions):
    left, right = map(assumptions.assume, wrong)
    assert not any(tactic(left - right) for tactic in TACTICS.values())


def test_what_may_be_as_large_as_the_whole_leaves_a_rest_that_may_vanish():
    assumptions = KNOWN.also(nu=domain.parse("[0, 1]"))
    nu = sympy.Symbol("nu", real=True)
    for rest, positive in (
        (1 - nu * b, True),
        (1 - nu, False),
        (2 - 2 * b**n, True),
        (1 - b**q, False),
        (2 - q, False),
    ):
        assert is_bias_factor(assumptions.assume(rest)) == positive, rest
        assert assumptions.nonzero(rest) == positive, rest


def test_what_a_sum_of_squares_says_where_it_vanishes():
    divided = x / sqrt(p + q + x**2)
    assert decide(Piecewise((divided, q + x**2 > 0), (0, True)), divided, KNOWN).status == "proved"
    assert decide(Piecewise((divided, q - x**2 > 0), (0, True)), divided, KNOWN).status == "refuted"
    assert decide(Piecewise((divided, y + x**2 > 0), (0, True)), divided, KNOWN).status != "proved"
    # zero there as well, but not what it is elsewhere
    assert decide(Piecewise((divided, q + x**2 > 0), (y, True)), divided, KNOWN).status != "proved"
    assert decide(Piecewise((2 * divided, q + x**2 > 0), (0, True)), divided, KNOWN).status == "refuted"
    assert decide(Piecewise((x + 1, q + x**2 + 1 > 1), (x, True)), x + 1, KNOWN).status != "proved"


def test_a_side_that_is_never_real_refutes_nothing():
    assert decide(sympy.sqrt(-1 - x**2), y, FACTS).status == "undecided"
    assert decide(sympy.I * x, y, FACTS).status != "proved"
    assert decide(sympy.nan, y, FACTS).status == "undecided"


def test_what_has_no_value_anywhere_is_equal_to_nothing():
    assert decide(Abs(x) * sympy.zoo, Abs(x), FACTS).status == "undecided"
    assert decide(x / sympy.Integer(0), x, FACTS).status == "undecided"


def test_a_positive_factor_goes_through_a_maximum():
    pair = Max(x * z, y * z), z * Max(x, y)
    assert decide(*pair, Assumptions({"z": domain.parse("> 0")})).status == "proved"
    assert decide(*pair, Assumptions({"z": domain.parse("real")})).status == "refuted"


@pytest.mark.parametrize(
    ("expr", "positive"),
    [
        (1 - b**t, True),
        (sqrt(1 - b**t), True),
        (b, False),  # it may be zero
        (1 - b, True),
        (b - 1, False),
        (x**2, False),
        (x**2 + 1, True),
        (1 - b**t - b, False),
        (x, False),
    ],
)
def test_what_is_known_to_be_positive(expr, positive):
    assert FACTS.positive(expr) is positive
