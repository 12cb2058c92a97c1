"""bounds and limits: from both sides, from the start on, and only of what does not change."""

from fractions import Fraction

import pytest
import sympy
from sympy import Abs, Max, Min, Rational, sign, sqrt

from stepsmith.codegen.algebra import exact
from stepsmith.codegen.algebra.assumptions import Assumptions
from stepsmith.codegen.analysis.limits import Limits, NoLimitError
from stepsmith.codegen.analysis.linear import linear_in
from stepsmith.codegen.analysis.premises import Premises
from stepsmith.codegen.analysis.proof import prove_claim
from stepsmith.codegen.analysis.weights import NoBoundError
from stepsmith.codegen.properties.steady import steady
from stepsmith.codegen.prove.bounds import bounds
from stepsmith.codegen.prove.step_bounds import step_bound
from stepsmith.codegen.replay import replay
from stepsmith.codegen.spec import Mod
from stepsmith.codegen.spec.rules import Optimizer, Step
from stepsmith.codegen.spec.symbols import arrays, hyper, new, scalars, where
from tests.conftest import spec_of

w, g, m, u, v, a, last = arrays("w g m u v a last")
t, s = scalars("t s")
lr = hyper("lr", default="0.1", domain=">= 0", doc="learning rate")
cap = hyper("cap", default="0.5", domain="> 0", doc="cap")
low = hyper("low", default="2", domain="> 0", doc="lower cap")
any_ = hyper("any", default="0.5", domain="real", doc="any number")
beta = hyper("beta", default="0.9", domain="[0, 1)", doc="decay")
beta2 = hyper("beta2", default="0.99", domain="(0, 1)", doc="decay")
closed = hyper("closed", default="0.9", domain="[0, 1]", doc="decay")
neg = hyper("neg", default="-0.5", domain="[-1, 0]", doc="negative factor")
grow = hyper("grow", default="1.2", domain="> 1", doc="growth")
maybe = hyper("maybe", default="1.2", domain=">= 1", doc="growth, or none")


def rule(state, *steps) -> Optimizer:
    return Optimizer(name="R", source="test", state=state, steps=tuple(Step(*step) for step in steps))


def moved_by(value, state, *steps) -> Optimizer:
    return rule(state, *steps, (new(w), w - lr * value))


def only(results, claim="step bound"):
    return next(r for r in results if r.claim == claim)


# Clamps, and where they start.


@pytest.mark.parametrize("value", [Min(cap, u + g), Max(-cap, u + g), Min(cap, g), -Abs(Min(1, g))])
def test_what_is_held_from_one_side_has_no_bound(value):
    found = only(bounds(moved_by(new(u), {u: 0}, (new(u), value))))
    assert found.status == "refuted"
    assert found.counterexample["w[1] - w[0]"] in ("oo as g[1] -> -oo", "-oo as g[1] -> oo", "oo as g[1] -> oo")


@pytest.mark.parametrize(
    ("value", "bound"),
    [
        (Max(-low, Min(cap, u + g)), "lr * maximum(cap, low)"),
        (Min(cap, Max(-low, u + g)), "lr * maximum(cap, low)"),
        (Max(-2, Min(1, g)), "2 * lr"),
        (Min(1, Max(-2, g)), "2 * lr"),
        (Max(any_, Min(cap, g)), "lr * maximum(maximum(any, cap), abs(any))"),
        (Max(low, Min(3, Abs(g))), "lr * maximum(3, low)"),
        (where(g > 0, 1, -7), "7 * lr"),
        (where(u > 0, -1, 2), "2 * lr"),
    ],
)
def test_a_clamp_is_bounded_by_the_larger_of_its_sides(value, bound):
    found = only(bounds(moved_by(new(u), {u: 0}, (new(u), value))))
    assert (found.status, found.text) == ("proved", f"abs(w[t] - w[t-1]) <= {bound}")
    assert replay(found.statement).broken is None


@pytest.mark.parametrize(
    ("start", "value", "bound"),
    [
        (10, Max(-cap, Min(cap, u + g)), "lr * maximum(10, cap)"),
        (10, sign(g), "10 * lr"),
        (0, sign(g), "lr"),
        (-3, Max(-1 / t, Min(1 / t, u + g)), "3 * lr"),
        (any_, where(g > 0, cap, -1), "lr * maximum(maximum(1, cap), abs(any))"),
        (7, beta * u + sign(g), "lr * (7 * beta ** (t - 1) + (1 - beta ** (t - 1)) / (1 - beta))"),
    ],
)
def test_the_value_before_the_step_may_be_where_the_state_starts(start, value, bound):
    found = only(bounds(moved_by(u, {u: start}, (new(u), value))))
    assert (found.status, found.text) == ("proved", f"abs(w[t] - w[t-1]) <= {bound}")
    assert replay(found.statement).broken is None


def test_a_state_that_starts_at_the_weights_has_no_bound_in_the_hyperparameters():
    with pytest.raises(NoBoundError, match="starts from w"):
        step_bound(moved_by(new(m), {m: w}, (new(m), m / 2 + sign(g))))


@pytest.mark.parametrize("value", [where(w > 0, 5, 1), sign(w), where(w > 0, g, 0) / (Abs(g) + 1)])
def test_what_a_choice_by_the_weight_adds_is_not_lost(value):
    with pytest.raises(NoBoundError, match="not linear in w"):
        step_bound(moved_by(value, {}))


# What changes from step to step.


def test_scalar_states_are_bounded_like_others():
    found = only(bounds(moved_by(new(u), {u: 0, s: 1}, (new(s), s / 2), (new(u), u / 2 + sign(g) * s))))
    assert found.text == "abs(w[t] - w[t-1]) <= 2 * lr * (1 - (1 / 2) ** t)"
    assert replay(found.statement).broken is None


@pytest.mark.parametrize(
    ("state", "steps", "step", "reason"),
    [
        ({m: 0, v: 0, s: 1}, [(new(s), 2 * s), (new(m), m / 2 + g * s), (new(v), v / 2 + g**2)], "squares", "series"),
        ({m: 0, v: 0}, [(new(m), t * m / 2 + g), (new(v), v / 2 + g**2)], "squares", "series"),
        ({m: 0, u: 0}, [(new(m), m / 2 + g), (new(u), Max(beta2 * u, Abs(g) / t))], "largest", "norm"),
        ({m: 0, v: 0}, [(new(v), v / 2 + (g - 1) ** 2), (new(m), g)], "squares", "more than the gradient"),
    ],
)
def test_weights_that_change_from_step_to_step_are_no_series(state, steps, step, reason):
    below = sqrt(new(v)) if step == "squares" else new(u)
    with pytest.raises(NoBoundError, match=reason):
        step_bound(moved_by(new(m) / below, state, *steps))


def test_a_constant_in_the_denominator_is_not_dropped():
    with pytest.raises(NoBoundError, match="more than the gradient"):
        step_bound(moved_by(g / Abs(g - 1), {}))


def test_the_old_value_of_a_mean_of_squares_holds_nothing():
    mean = [(new(a), beta * a + (1 - beta) * g), (new(v), beta * v + (1 - beta) * g**2)]
    with pytest.raises(NoBoundError):
        step_bound(moved_by(g / sqrt(v - new(a) ** 2 + 1), {a: 0, v: 0}, *mean))


def test_weights_of_both_signs_add_up_by_their_size():
    steps = [(new(m), -beta * m + g), (new(v), Max(beta2 * v, Abs(g)))]
    found = only(bounds(moved_by(new(m) / new(v), {m: 0, v: 0}, *steps)))
    assert found.text == "abs(w[t] - w[t-1]) <= lr * (1 - (beta / beta2) ** t) / (1 - beta / beta2)"
    assert replay(found.statement).broken is None


@pytest.mark.parametrize(
    ("key", "constant"),
    [
        ("sign_sgd", ()),
        ("lion", ()),
        ("rmsprop", ()),
        ("adam", ("beta1", "beta2")),
        ("adamax", ("beta1", "beta2")),
        ("rmsprop_centered", ("rho",)),
        ("rmsprop_momentum", ("momentum", "rho")),
        ("rmsprop_momentum_lr_inside", ("lr", "momentum", "rho")),
        ("rprop", ("grow", "lr")),
        ("rprop_clamped", ()),
        ("lookahead_adam", ("beta1", "beta2", "k", "lr")),
    ],
)
def test_a_bound_names_what_it_takes_for_constant(key, constant):
    assert tuple(sorted(step_bound(spec_of(key).optimizer).statement.runs.constant)) == constant


BOUNDED = [
    "adabelief",
    "adadelta_unit_start",
    "adagrad_decay",
    "adam",
    "adamax",
    "adamw_after",
    "amsgrad",
    "lion",
    "lookahead_adam",
    "nadam_keras",
    "rmsprop_centered",
    "rmsprop_nesterov",
    "rmsprop_warm",
    "rprop",
    "rprop_clamped",
    "smorms3",
    "yogi",
]


@pytest.mark.parametrize("key", BOUNDED)
def test_no_run_in_exact_numbers_breaks_a_bound(key):
    found = only(bounds(spec_of(key).optimizer))
    assert found.status == "proved"
    tried = replay(found.statement)
    assert tried.broken is None
    assert tried.runs >= 5


def test_a_bound_at_a_closed_end_says_where_it_has_no_value():
    steps = [(new(m), m / 2 + g / 2), (new(v), closed * v + (1 - closed) * g**2)]
    found = only(bounds(moved_by(new(m) / sqrt(new(v)), {m: 0, v: 0}, *steps)))
    assert found.status == "proved"
    assert {"1 - closed != 0", "closed != 0", "closed constant", "v_new > 0"} <= set(found.assumed)
    late = only(bounds(moved_by(new(m) / sqrt(new(v)), {m: 0, v: 0}, *steps)), "step bound, late")
    assert {"1 - closed != 0", "closed constant"} <= set(late.assumed)


def test_a_bound_that_is_reached_at_the_defaults_alone_is_tested():
    turned = bounds(moved_by(sign((2 * beta - 1) * g), {}))
    assert only(turned, "step bound attained").status == "tested"
    assert only(bounds(spec_of("lion").optimizer), "step bound attained").status == "proved"


def test_the_claim_ends_in_a_result_whatever_the_rule():
    from stepsmith.codegen.claims import step_bound as claim

    for broken in (moved_by(sqrt(new(u)), {u: 0}, (new(u), u)), moved_by(new(u), {u: 0}, (new(u), u**2 - 1))):
        assert only(prove_claim(claim(), broken)).status in ("proved", "refuted", "undecided")


# Limits.


def limit(expr):
    adam = spec_of("adam").optimizer
    return Limits(Assumptions.of(adam), Premises(adam), {})(expr)


def test_limits_that_are_known():
    assumptions = Assumptions.of(spec_of("adam").optimizer)
    n, b, eps = assumptions.symbol("t"), assumptions.symbol("beta1"), assumptions.symbol("eps")
    assert limit(n**3 * b**n) == 0
    assert limit((b**n) ** (1 / n)) == b
    assert limit(sympy.sign(1 + 1 / n)) == 1
    assert limit(Max(3, n)) == sympy.oo
    assert limit((eps + b**n) ** 2) == eps**2


@pytest.mark.fast
@pytest.mark.parametrize(
    "text",
    [
        "(1 + 1/n)**n",
        "n**(1/n)",
        "(1/n)**(1/n)",
        "sign(b**n)",
        "n*b**sqrt(n)",
        "n*(1 - n/(n + 1))",
        "k*b**n",
        "sqrt(-1 - 1/n)",
        "Piecewise((1, 1/n <= 0), (2, True))*0 + Piecewise((1, b**n <= 0), (2, True))",
        "(2 + (-1)**n)**(-n)",
    ],
)
def test_limits_that_no_theorem_gives(text):
    assumptions = Assumptions.of(spec_of("adam").optimizer)
    names = {"n": assumptions.symbol("t"), "b": assumptions.symbol("beta1"), "k": sympy.Symbol("k", real=True)}
    with pytest.raises(NoLimitError):
        limit(sympy.sympify(text, locals=names))


def test_a_derivative_does_not_make_an_expression_linear():
    x, y = sympy.symbols("x y", real=True)
    assert linear_in(3 * x * y + sympy.sign(y), x) == (3 * y, sympy.sign(y))
    for expr in (sympy.sign(x), sympy.Piecewise((1, x > 0), (2, True)), Abs(x), x**2, x / (1 + x)):
        assert linear_in(expr, x) is None


# Steady states.


@pytest.mark.parametrize(
    ("state", "steps", "step"),
    [
        ({s: 1}, [(new(s), grow * s)], g * new(s) * beta**t),  # no power of t
        ({m: 0}, [(new(m), beta * m + (1 - beta) * g)], sign(new(m) - g)),
        ({m: 0}, [(new(m), beta * m + (1 - beta) * g)], where(new(m) <= g, 1, 2)),
        ({m: 1}, [(new(m), where(t > 3, m, m + g))], new(m)),  # it stays, but where?
        ({m: 5}, [(new(m), Max((1 - 1 / (t + 1) ** 2) * m, Abs(g) / 10))], new(m)),
        ({a: -1}, [(new(a), Min(cap, Max(low, grow * a)))], new(a)),
        ({a: 1}, [(new(a), grow * a - beta**t)], new(a)),
        ({a: 1}, [(new(a), where(Mod(t + Rational(1, 2), 3) > 0, a, g))], new(a)),  # it is never taken over
        ({m: 0}, [(new(m), neg * m + g * t)], new(m)),
        ({last: 0, a: 1}, [(new(a), where(last > 0, grow * a, -a)), (new(last), g)], new(a)),
        ({m: 0, u: 0}, [(new(m), beta * m + g), (new(u), Max(u, m * beta**t))], new(u)),
    ],
)
def test_what_the_late_steps_alone_do_not_decide_stays_open(state, steps, step):
    assert steady(moved_by(step, state, *steps)).status == "undecided"


def test_growth_by_a_factor_that_may_be_one_says_that_it_is_not():
    found = steady(moved_by(new(a), {a: 1}, (new(a), Min(cap, Max(low, maybe * a)))))
    assert found.status == "proved"
    assert "a[t] -> cap" in found.text
    assert "maybe - 1 != 0" in found.assumed


@pytest.mark.parametrize(
    ("state", "steps", "step", "told"),
    [
        ({m: 1}, [(new(m), where(t > 3, beta * m + g, m / 2))], new(m), "m[t] -> g / (1 - beta)"),
        ({m: w}, [(new(m), m)], w - m, "m[t] -> w[0], w[t] -> w[0]"),
        ({a: 1}, [(new(a), where(t > 1, grow * a, 0))], new(a), "a[t] -> 0"),
        ({last: 0, a: 1}, [(new(a), where(g * last > 0, grow * a, a)), (new(last), g)], new(a), "a[t] -> oo"),
        ({m: 0}, [(new(m), (1 - 1 / t) * m + g / t)], new(m), "m[t] -> g"),
    ],
)
def test_limits_of_states(state, steps, step, told):
    found = steady(moved_by(step, state, *steps))
    assert found.status == "proved"
    assert told in found.text


def test_a_steady_state_takes_all_hyperparameters_for_constant():
    found = steady(spec_of("adamw").optimizer)
    assert found.statement.runs.constant == tuple(h.name for h in spec_of("adamw").optimizer.hypers)
    assert "abs(lr * weight_decay - 1) < 1" in found.assumed


@pytest.mark.fast
def test_a_steady_state_is_not_that_of_one_branch():
    jumping = where(u > 1, u - Rational(1, 3), u + Rational(1, 3))
    found = steady(moved_by(new(u), {u: 0}, (new(u), jumping)))
    assert found.status == "refuted"
    assert found.counterexample["u from t = 4, over and over"] == "4/3, 1"


def test_a_cycle_comes_back_in_fractions():
    yogi = spec_of("yogi").optimizer
    found = steady(yogi)
    assert found.status == "refuted"
    hyper_ = {h.name: Fraction(found.counterexample[h.name]) for h in yogi.hypers}
    trace = exact.run(yogi, [1] * 12, lambda t: hyper_)
    assert trace[3]["v"] == trace[5]["v"] != trace[4]["v"]
    # a decay of 9/10 adds up tenths: it comes to 1, where the sign is 0, and stays
    stays = exact.run(yogi, [1] * 20, lambda t: {**hyper_, "beta2": Fraction(9, 10)})
    assert [row["v"] for row in stays[9:]] == [1] * 11


@pytest.mark.parametrize(
    ("state", "steps", "step"),
    [
        ({u: 0}, [(new(u), where(Mod(t, 3) > 0, 1, 0) + u / 2)], new(u) * w),  # it never comes back exactly
        ({u: 0}, [(new(u), 1 - u)], w + new(u) * w / 2),  # w goes on, though u comes back: only u is told
    ],
)
def test_what_comes_back_is_all_that_decides(state, steps, step):
    found = steady(moved_by(step, state, *steps))
    assert found.status == "undecided" or list(found.counterexample)[-1].startswith("u from")
