"""values: what is computed the same way has one name, whatever it is written like; and nothing else has."""

import numpy as np
import pytest
import sympy
from sympy import Abs, Max, Min, Ne, Rational, cos, exp, floor, log, sign, sqrt

from stepsmith.codegen.algebra import reference
from stepsmith.codegen.algebra.assumptions import Assumptions
from stepsmith.codegen.algebra.points import counterexample, differ
from stepsmith.codegen.readback import equality
from stepsmith.codegen.readback.points import points_of
from stepsmith.codegen.readback.values import Values
from stepsmith.codegen.spec.domain import parse
from stepsmith.codegen.spec.rules import Optimizer, Step
from stepsmith.codegen.spec.symbols import arrays, hyper, new, scalars, where
from tests.conftest import thorough
from tests.random_specs import declared, seeds, write

w, g, m, a, b, d = arrays("w g m a b d")
t, c = scalars("t c")
p, q = hyper("p", default="1", domain="> 0"), hyper("q", default="1", domain=">= 0")
r, beta = hyper("r", default="1", domain="real"), hyper("beta", default="0.9", domain="[0, 1)")
GIVEN = Step(new(w), w + g + m + t + p + q + r + beta)


def of(*steps: Step) -> Values:
    return Values(Optimizer(name="Rule", source="a test", state={m: 0}, steps=(*steps, GIVEN)))


flag = where(t <= 3, 1, 0)
ALIKE = [
    # one expression, another that is the same, and one that is not
    (Abs(p * w), p * Abs(w), q * Abs(w)),
    (Abs(w - g), Abs(g - w), Abs(g + w)),
    (Abs(p * w - p), p * Abs(w - 1), Abs(p * w - 1)),
    (Abs(r * w), Abs(-r * w), r * Abs(w)),
    (Abs(w**2 + q), w**2 + q, w**2 - q),
    (sign(p * w), sign(w), sign(q * w)),
    (sign((1 - beta**t) * w), sign(w), sign((1 - 2 * beta**t) * w)),
    (sign(-w / p), -sign(w), sign(w)),
    (sign(p * w - p * g), sign(w - g), sign(p * w - g)),
    (Max(p * w, p * g), p * Max(w, g), Max(w, p * g)),
    (Max(r * w, r * g), Max(r * g, r * w), r * Max(w, g)),
    (Max(2 * w, 2 * g), 2 * Max(w, g), 2 * Min(w, g)),
    (Max(w, 0, g), Max(g, w, 0), Max(g, w)),
    (Max(p * Max(w, g), m), Max(p * w, m, p * g), p * Max(w, m, g)),
    (Max(Min(w, g), m), Max(m, Min(g, w)), Max(Max(w, g), m)),
    (where(w > g, w, g), Max(w, g), Min(w, g)),
    (where(w < g, w, g), Min(w, g), Max(w, g)),
    (where(w > g, m, w), where(g < w, m, w), where(w >= g, m, w)),
    (where(p * w > p * g, m, w), where(w > g, m, w), where(p * w > g, m, w)),
    (where(r * w > 0, m, w), where(-r * w < 0, m, w), where(w > 0, m, w)),
    (where(w <= g, m, w), where(w > g, w, m), where(w > g, m, w)),
    (where(w > g, r * w, r * m), r * where(w > g, w, m), where(w > g, r * w, m)),
    (where(w > g, r * w, 0), r * where(w > g, w, 0), r * where(w > g, 0, w)),
    (where(w > 0, 1, where(w < 0, -1, 0)), sign(w), sign(-w)),
    (where(w > 0, 1, where(w < 0, -1, w)), sign(w), where(w > 0, 1, where(w < 0, -1, 1))),
    (where(-w > 0, 1, where(-w < 0, -1, -w)), sign(-w), sign(w)),
    (where(w > 0, 1, where(g < 0, -1, 0)), where(-w < 0, 1, where(-g > 0, -1, 0)), sign(w)),
    (where(w**2 > 0, 1, 0), sign(w**2), sign(w)),
    (where(Ne(flag, 0), w, g), where(t <= 3, w, g), where(t <= 3, g, w)),
    (where(Ne(where(t <= 3, 0, 2), 0), w, g), where(t <= 3, g, w), where(t <= 3, w, g)),
    (where(Ne(where(t > 1, 1, 0), 0), w, g), where(t > 1, w, g), where(t >= 1, w, g)),
    (where(Ne(where(t <= 3, 2, 1), 0), w, g), w + 0 * g, where(t <= 3, w, g)),
    (sqrt(p * Abs(w)), sqrt(p) * sqrt(Abs(w)), p * sqrt(Abs(w))),
    ((3 * p * w**2 + p) ** r, p**r * (3 * w**2 + 1) ** r, p * (3 * w**2 + 1) ** r),
    (
        1 / sqrt(3 ** Rational(2, 3) * w**2 + Rational(1, 2)),
        3 ** Rational(-1, 3) / sqrt(w**2 + 3 ** Rational(1, 3) / 6),
        3 ** Rational(-1, 3) / sqrt(w**2 + 3 ** Rational(2, 3) / 6),
    ),
    (exp(Min(w, 1)) ** 2, exp(2 * Min(w, 1)), exp(Min(w, 1))),
    (log(floor(t / p) + 1), log(1 + floor(t / p)), log(floor(t / p))),
    (cos((w + g) * p), cos(p * w + p * g), cos(p * w + g)),
]


@pytest.mark.parametrize(("one", "other", "not_it"), ALIKE, ids=str)
def test_what_is_the_same_has_one_name_and_what_is_not_has_another(one, other, not_it):
    values = of()
    one, other, not_it = map(values.flat, (one, other, not_it))
    assert values.same(one, other)
    assert values.decide(one, other).status == "proved"
    assert not values.same(one, not_it)
    assert not values.same(one, not_it, opened=True)
    assert values.decide(one, not_it).status != "proved"


@pytest.mark.parametrize(("_", "other", "not_it"), [*ALIKE[:17], *ALIKE[18:]], ids=str)
def test_what_is_not_the_same_is_refuted_by_a_point(_, other, not_it):
    values = of()
    verdict = values.decide(values.flat(other), values.flat(not_it))
    assert verdict.status == "refuted"
    assert verdict.counterexample["left"] != verdict.counterexample["right"]
    assert verdict.counterexample.keys() <= {"w", "g", "m", "t", "p", "q", "r", "beta", "left", "right"}


@pytest.mark.fast
def test_several_comparisons_are_choices_in_one_another():
    values = of()
    first, second = w > g, m > 0
    either = [where(one, p, where(other, p, q)) for one, other in ((first, second), (second, first))]
    both = [where(one, where(other, p, q), q) for one, other in ((first, second), (second, first))]
    assert values.flat(where(first | second, p, q)) in map(values.flat, either)
    assert values.flat(where(first & second, p, q)) in map(values.flat, both)
    assert values.flat(where(first & second, p, q)) not in map(values.flat, either)
    assert values.flat(where(sympy.Not(first, evaluate=False), p, q)) == values.flat(where(first, q, p))


def test_no_function_stands_in_another():
    values = of(Step(a, where(Max(w, g) > Abs(m), where(w > g, Abs(w), sign(m)), Max(w, Abs(g)))))
    functions = (Abs, sign, Max, Min, sympy.Piecewise)
    for meaning in values.meaning.values():
        for node in meaning.atoms(*functions):
            assert not any(part.has(*functions) for part in node.args)


@pytest.mark.fast
def test_equations_are_kept_apart_and_written_out_where_one_side_lacks_them():
    values = of(Step(a, w - g), Step(b, a**2 + m), Step(d, Max(b, a)))
    found = values.flat(Max((w - g) ** 2 + m, a))
    assert found == values.meaning[values.named["d"]]
    same = values.same(found, values.named["d"])
    assert same.method == "identical"
    # b is in d; what is written out is told
    same = values.same(values.flat(w**2 - 2 * w * g + g**2 + m), values.flat(b))
    assert same.method == "expand"
    assert {symbol.name for symbol in same.written} == {"b", "a"}
    assert values.same(values.flat(w**2 + 2 * w * g + g**2 + m), values.flat(b)) is None


def test_an_equation_that_both_sides_name_is_written_out_last():
    values = of(Step(a, 3 * p), Step(b, w / a))
    assert values.same(values.flat(b * a / (a + 1)), values.flat(w / (3 * p + 1)))
    assert values.same(values.flat(3 * p / (a + 1)), values.flat(a / (a + 1)))
    assert not values.same(values.flat(2 * p / (a + 1)), values.flat(a / (a + 1)))


def test_what_both_sides_have_is_left_out():
    x, y, z = sympy.symbols("x y z", real=True)
    assert equality._rest(x - y * (z + x), x - y * (z + 2)) == (x, 2)
    assert equality._rest(x * y, x * z) == (y, z)
    assert equality._rest(x + y, x * y) == (x + y, x * y)
    assert equality._rest(x + y, x) == (x + y, x)
    assert equality._rest(2 * x, 3 * x) == (2, 3)
    assert equality._rest(x - y, x + y) == (-y, y)


def test_signs_are_found_in_what_an_equation_means():
    values = of(Step(a, -q - w**2), Step(b, a - p))
    assert values.flat(Abs(b)) == -values.flat(b)
    assert values.flat(sign(b)) == -1
    assert values.flat(where(b < 0, w, g)) == values.flat(w)
    assert values.flat(sign(a)) != -1  # it may be zero


@pytest.mark.fast
def test_values_are_looked_into_for_the_final_word_alone():
    values = of()
    one, other, wrong = map(values.flat, (Abs(w) + w, 2 * Max(w, 0), 2 * Min(w, 0)))
    assert values.same(one, other) is None
    assert values.decide(one, other).status == "proved"
    assert values.decide(one, wrong).status == "refuted"
    # a maximum in an absolute value would have to be taken apart
    assert values.decide(values.flat(Abs(Max(w, g) - w)), values.flat(Max(w, g) - w)).status == "undecided"


def test_what_has_no_value_is_equal_to_nothing():
    values = of()
    nowhere = Abs(w, evaluate=False) * sympy.zoo
    assert values.same(nowhere, nowhere) is None
    assert values.decide(nowhere, nowhere).status == "undecided"
    never = values.flat(sqrt(-1 - w**2))
    assert values.same(never, values.flat(g * sqrt(-1 - w**2))) is None


@pytest.mark.parametrize(
    "text", ["> 0", ">= 0", "[0, 1)", "(0, 1)", "[-2, 2]", "< 3", "real", "integer >= 1", "integer [1, 3]"]
)
def test_points_lie_inside_the_domains(text):
    k = hyper("k", default="1", domain=text)
    rule = Optimizer(name="Rule", source="a test", state={}, steps=(Step(new(w), w - k * t * g),))
    points = points_of(rule, Assumptions.of(rule))
    assert len({point.given["w"] for point in points}) == len(points)
    for point in points:
        assert point.given["k"] in parse(text)
        assert point.given["t"] >= 1
        assert point.given["t"].denominator == 1


@pytest.mark.fast
def test_what_grows_too_large_is_undecided(monkeypatch):
    pair = (w - g) * b, (w - g) ** 3 + 2 * a**2 + a
    for most, status in ((equality._MOST, "proved"), (3, "undecided")):
        monkeypatch.setattr(equality, "_MOST", most)
        values = of(Step(a, w - g), Step(b, (a + 1) ** 2))
        assert values.decide(*map(values.flat, pair)).status == status


def test_a_branch_that_is_not_taken_need_not_have_a_value():
    taken = sympy.Symbol("taken", real=True)
    x, y = sympy.symbols("x y", real=True)
    chosen = sympy.Piecewise((taken, x > 100), (y, True))
    values = of()
    assert counterexample(chosen, y, values.assumptions, {taken: log(-(x**2) - 1)}) is None
    assert counterexample(chosen, y + 1, values.assumptions, {taken: log(-(x**2) - 1)}) is not None
    assert counterexample(taken, y, values.assumptions, {taken: y * (x - x**2) / (x - x**2)}) is None
    assert counterexample(taken, y, values.assumptions, {taken: 2 * y}) is not None


@pytest.mark.parametrize("seed", [*seeds(40, 77)[:10], *thorough(seeds(40, 77)[10:])])
def test_every_equation_keeps_its_value(seed, tmp_path):
    """Nothing is proved here: at points of its own, what the names stand for is what the spec says."""
    rule = declared(write(seed), tmp_path).optimizer.runnable
    values = Values(rule)
    meaning = {symbol.name: value for symbol, value in values.meaning.items()}
    random = np.random.default_rng(1)
    for _ in range(5):
        at = {h.name: _number(values, h.name, random) for h in rule.hypers}
        at |= {name: reference.number(random.normal()) for name in ("w", "g", *(s.name for s in rule.state))}
        at["t"] = int(random.integers(1, 9))
        known = dict(at)
        for step in rule.steps:
            at[step.target.name] = reference.evaluate(step.value, at)
            found = _evaluated(values.named[step.target.name], known, meaning)
            assert not differ(found, at[step.target.name]), step


def _number(values: Values, name: str, random: np.random.Generator):
    allowed = values.assumptions.domains[name]
    low, high = (float(end) if end is not None else other for end, other in ((allowed.low, -2), (allowed.high, 4)))
    return reference.number(int(random.integers(1, 6)) if allowed.integer else random.uniform(low, high))


def _evaluated(expr, known, meaning):
    for symbol in expr.free_symbols:
        if symbol.name not in known:
            known[symbol.name] = _evaluated(meaning[symbol.name], known, meaning)
    return reference.evaluate(expr, known)
