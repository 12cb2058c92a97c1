"""Rules on a quadratic and in the limit of small steps: what is proved is seen in runs of the generated code."""

import importlib
import itertools
import random
import re
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import sympy

from stepsmith.codegen.algebra import reference
from stepsmith.codegen.analysis import stability as analysis
from stepsmith.codegen.analysis.proof import prove_claim
from stepsmith.codegen.analysis.stability import NotLinearError, conditions, linear, solve
from stepsmith.codegen.check import check
from stepsmith.codegen.claims.base import Claim
from stepsmith.codegen.claims.dynamics import Follows, Stable, h, stable
from stepsmith.codegen.load import ROOT, SpecError
from stepsmith.codegen.prove import prove
from stepsmith.codegen.report.stability import stability
from stepsmith.codegen.spec.rules import Optimizer
from tests.conftest import OPTIMIZERS, cli, rules, spec_of
from tests.sample import by_kind

CURVATURE = 2.5
#: Those that say where they converge.
CLAIMING = [
    entry
    for entry in OPTIMIZERS
    if "stable(" in re.search(rf"^{entry.key.upper()} = .*?^\)", entry.path.read_text(), re.MULTILINE | re.DOTALL)[0]
]


def boundary(spec) -> Stable:
    (claim,) = (claim for claim in spec.optimizer.claims if isinstance(claim, Stable))
    return claim


def first(claim: Claim, rule):
    return next(iter(prove_claim(claim, rule)))


# Where a rule converges.


@pytest.mark.fast
def test_the_families_named_in_the_readme_say_where_they_converge():
    assert {"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "nadam"} <= {
        entry.family for entry in CLAIMING
    }
    assert all(
        any(isinstance(claim, Stable) for claim in spec.optimizer.claims)
        for spec in rules("sgd", "momentum", "nesterov").values()
    )


@pytest.mark.parametrize("spec", by_kind(CLAIMING, together=1), indirect=True)
def test_a_wrong_boundary_is_refuted_on_either_side(spec):
    claim = boundary(spec)
    by_itself = claim.below * h / 2 if claim.of != "h" else claim.below + 1
    for wrong in (claim.below * sympy.Rational(101, 100), claim.below / 2, by_itself, claim.below - 1):
        result = first(replace(claim, below=wrong), spec.optimizer)
        assert result.status == "refuted", wrong
        size, bound = (float(result.counterexample[name]) for name in ("largest root", "bound claimed"))
        assert (size < 1) != (float(Fraction(result.counterexample[claim.of])) < bound)


def ends(spec, model, share: float, of: str, below: sympy.Expr) -> float:
    """How far the generated NumPy code is from zero after its run, in units of the start, at `share` of the bound."""
    names = {x.name: float(x.value) for x in model.rule.hypers}
    # a frozen average is one that does not fade, and is far larger than what a tiny gradient adds to it
    averages = {"beta2", "rho"} if model.frozen else set()
    names |= dict.fromkeys(averages & set(names), 1 - 1e-12)
    frozen = {s.name: 1.7 for s in model.frozen}
    if spec.key == "smorms3":  # what agrees so little that it is remembered for long
        frozen |= {"a": 1e-3, "memory": 1e15}
        names["lr"] = 1e-9
    curvature = CURVATURE
    bound = share * float(reference.evaluate(below, {**names, **frozen, "h": CURVATURE}))
    if of == "h":
        curvature = bound
    else:
        names[of] = bound
    rule = getattr(importlib.import_module(f"stepsmith.numpy.{spec.family}"), spec.optimizer.name)
    start = 1e-120 if model.frozen else 1.0
    w = np.array([start])
    opt = rule([w], **names)
    saved = opt.state_dict()
    for name, value in frozen.items():
        saved[f"{rule.__name__}.{name}.0"] = np.array([value])
    if model.late:
        saved[f"{rule.__name__}.t"] = np.array(10**15)
        for state in model.rule.scalar_state:
            saved[f"{rule.__name__}.{state.name}"] = np.array(0.0)
    opt.load_state_dict(saved)
    size = 1.0
    while 1e-6 < size < 1e6:
        size = 0.0
        for _ in range(100):  # the largest of many, so that no passage through zero counts
            opt.step([curvature * w])
            size = max(size, abs(w[0]) / start)
    return size


@pytest.mark.parametrize("spec", [entry.key for entry in CLAIMING], indirect=True)
def test_the_generated_code_converges_below_the_boundary_and_diverges_above_it(spec):
    claim, model = boundary(spec), linear(spec.optimizer)
    assert ends(spec, model, 0.995, claim.of, claim.below) <= 1e-6
    assert ends(spec, model, 1.005, claim.of, claim.below) >= 1e6


def test_what_chainer_ships_as_nesterov_is_stable_for_less_than_two_thirds_of_the_rates(declare):
    """conventions: 2(1+mu)/(1+2mu+2mu^2) = .860 in place of 2(1+mu)/(1+2mu) = 1.357 at mu = .9."""
    text = (
        "from stepsmith.codegen.claims.dynamics import *\n"
        'mu = hyper("mu", default="0.9", domain="[0, 1)")\n'
        'RULE = Optimizer(name="Rule", source="chainer.optimizers.NesterovAG", state={{v: 0}}, steps=('
        "Step(new(v), mu * v - lr * g), Step(new(w), w + mu**2 * {v} - (1 + mu) * lr * g)), claims=(stable({below}),))"
    )
    right, shipped = "2 * (1 + mu) / (1 + 2 * mu) / h", "2 * (1 + mu) / (1 + 2 * mu + 2 * mu**2) / h"
    table = {
        ("v", right): "proved",
        ("v", shipped): "refuted",
        ("new(v)", right): "refuted",
        ("new(v)", shipped): "proved",
    }
    for number, ((velocity, below), status) in enumerate(table.items()):
        spec = declare(text.format(v=velocity, below=below), f"nag{number}")
        check([spec])
        (result,) = prove(spec)
        assert result.status == status
        bound = solve(linear(spec.optimizer), "lr").below
        limit = float(reference.evaluate(bound, {"mu": reference.number("0.9"), "h": 1}))
        assert limit == pytest.approx(1.357 if velocity == "v" else 0.860, abs=5e-4)


def test_a_claim_that_has_no_bound_to_find_is_not_proved(declare):
    cases = {
        "lr * g * w": "undecided",
        "lr * sign(g)": "undecided",
        "g / (1 + lr)": "refuted",
        "lr * (g + w)": "refuted",
    }
    for number, (step, status) in enumerate(cases.items()):
        text = (
            "from stepsmith.codegen.claims.dynamics import *\n"
            f'RULE = Optimizer(name="Rule", source="x", state={{}}, steps=(Step(new(w), w - {step}),), '
            "claims=(stable(2 / h),))"
        )
        (result,) = prove(declare(text, f"none{number}"))
        assert result.status == status, step


def test_a_symbol_without_meaning_is_named(declare):
    text = (
        "from stepsmith.codegen.claims.dynamics import *\n"
        'RULE = Optimizer(name="Rule", source="x", state={}, steps=(Step(new(w), w - lr * g),), '
        'claims=(stable(m / h), stable(2 / h, of="rate"), follows({m: -g}, dt=t, order=3)))'
    )
    with pytest.raises(SpecError) as error:
        check([declare(text)])
    said = "\n".join(map(str, error.value.problems))
    assert "stable: the rule has no m" in said
    assert "stable: the rule has no hyperparameter rate" in said
    assert "does not say how w moves" in said
    assert "the order is 3" in said


@pytest.mark.parametrize("degree", [1, 2, 3, 4])
def test_the_conditions_are_those_of_the_roots(degree):
    """Against the roots of random polynomials, most of them near the circle."""
    rng = random.Random(degree)
    seen = set()
    for _ in range(60):
        p = [sympy.Integer(1)] + [sympy.Rational(rng.randint(-12, 12), 10) for _ in range(degree)]
        size = max(abs(root) for root in np.roots([float(c) for c in p]))
        if abs(size - 1) < 1e-6:
            continue
        inside = all(value > 0 for value in conditions(p))
        assert inside == (size < 1), p
        seen.add(inside)
    assert seen == {True, False}


def test_a_condition_that_is_forgotten_is_found_out_by_numbers(monkeypatch):
    """Without p(-1) > 0 the algebra would prove the product of the roots to be the bound."""
    nesterov = replace(spec_of("nesterov").optimizer, name="Alone")  # what is kept of it is for no other test
    mu = next(x for x in nesterov.hypers if x.name == "mu")
    monkeypatch.setattr(analysis, "conditions", lambda p: conditions(p)[:2])
    result = first(stable((1 + mu) / (mu * h)), nesterov)
    assert result.status == "refuted"
    assert float(result.counterexample["largest root"]) > 1
    # and the true bound is not proved from false conditions
    assert first(stable(2 * (1 + mu) / ((1 + 2 * mu) * h)), nesterov).status == "undecided"


def test_a_matrix_of_the_wrong_rule_proves_nothing(monkeypatch):
    """If w were taken for the point ahead of it, Nesterov would be the heavy ball."""
    spec = spec_of("nesterov_lookahead")
    monkeypatch.setattr(Optimizer, "runnable", property(lambda rule: rule))
    alone = replace(spec.optimizer, name="Ahead")  # no test before this one has a matrix of it, and none after
    assert first(boundary(spec), alone).status == "refuted"


def test_every_frozen_state_is_said_to_be_frozen():
    for key in {entry.family: entry.key for entry in reversed(CLAIMING)}.values():
        model = linear(spec_of(key).optimizer)
        result = first(boundary(spec_of(key)), spec_of(key).optimizer)
        for state in model.frozen:
            assert any("frozen" in text and state.name in text.split() for text in result.assumed)


@pytest.mark.parametrize("key", ["lion", "sign_sgd", "rprop", "lookahead_sgd", "adagrad_rms"])
def test_rules_without_a_polynomial_say_why(key):
    spec = spec_of(key)
    with pytest.raises(NotLinearError, match="its step"):
        linear(spec.optimizer)
    assert "no characteristic polynomial, because its step" in stability(spec)


def test_show_prints_the_way_to_the_bound():
    page = cli("show", "nesterov_lookahead", "--stability").stdout
    assert "p(z) = z**2 + (1 + rho) * (lr * h - 1) * z - rho * (lr * h - 1)" in page
    assert "it converges exactly if lr < 2 * (1 + rho) / ((1 + 2 * rho) * h)" in page
    assert "v constant" in stability(spec_of("adam_eps_inside"))
    assert "it converges exactly if h < (2 - lr * weight_decay)" in stability(spec_of("adamw_after"))


def test_a_polynomial_with_a_minimum_in_one_of_two_blocks():
    """SymPy's own stumbles over it when it sorts the factors."""
    alone = linear(spec_of("smorms3").optimizer)
    (shrinks,) = alone.matrix
    model = replace(alone, matrix=sympy.Matrix([[shrinks, 1], [0, 1]]))
    for found, wanted in zip(model.polynomial, (1, -1 - shrinks, shrinks), strict=True):
        assert sympy.cancel(found - wanted) == 0


#: Rules whose conditions have signs that the page does not settle: several averages of degree 3 and 4, parameters that
#: may have either sign, and states that are held but may be large.
UNSETTLED = {
    *("accsgd", "adai", "adan", "adan_optax", "adan_proximal", "adatam", "ademamix", "aggmo", "grokfast_adamw"),
    *("optimistic_nadam", "tam"),
}


#: Rules whose polynomials are of degree 3 and higher, with many symbols.
SLOW = ("adan", "adan_optax", "adan_proximal", "adashift", "ademamix", "grokfast_adamw")


@pytest.mark.parametrize(
    "spec",
    [
        *by_kind((entry for entry in OPTIMIZERS if entry.key not in SLOW), together=1),
        *(pytest.param(key, marks=pytest.mark.exhaustive) for key in SLOW),
    ],
    indirect=True,
)
def test_every_rule_with_a_polynomial_has_a_bound(spec):
    page = stability(spec)
    assert ("the conditions are not solved: the sign of" in page) == (spec.key in UNSETTLED), page
    assert "no characteristic polynomial" in page or "it converges" in page or spec.key in UNSETTLED, page


def test_the_table_of_the_readme_is_proved():
    """Every bound in it, of every rule beside it."""
    table = (ROOT / "README.md").read_text().split("| rule | converges exactly if |")[1].split("\n\n")[0]
    known = {spec.optimizer.name: spec.optimizer for spec in rules().values()}
    seen = 0
    for row in table.splitlines()[2:]:
        names, bound, _ = (cell.strip() for cell in row.strip("|").split("|"))
        of, below = bound.strip("`").split(" < ")
        for name in re.findall(r"`([A-Z]\w+)`", names):
            rule = linear(known[name]).rule
            own = {s.name: s for s in (*rule.hypers, *rule.state)}
            own.setdefault("mu", own.get("rho"))
            value = eval(below, {"h": h, "sqrt": sympy.sqrt, **own})  # a formula of ours
            assert first(stable(value, of=of), known[name]).status == "proved", row
            seen += 1
    assert seen >= 10


@pytest.mark.thorough
def test_output_is_the_same_for_any_seed_of_the_hashes():
    pages = {cli("show", "nadam", "momentum", "--stability", PYTHONHASHSEED=seed).stdout for seed in "123"}
    assert len(pages) == 1
    assert "it converges exactly if" in pages.pop()


# The limit of small steps.

FOLLOWING = [
    (s, c) for s in rules("sgd", "momentum", "nesterov").values() for c in s.optimizer.claims if isinstance(c, Follows)
]


@pytest.mark.parametrize(("spec", "claim"), FOLLOWING, ids=[spec.key for spec, _ in FOLLOWING])
def test_another_equation_is_refuted(spec, claim):
    assert first(claim, spec.optimizer).status == "proved"
    for symbol, value in claim.equation.items():
        for wrong in (-value, 2 * value, value + symbol):
            result = first(replace(claim, equation={**claim.equation, symbol: wrong}), spec.optimizer)
            assert result.status == "refuted"
            assert result.counterexample["of"].startswith(str(symbol))
    assert first(replace(claim, order=2), spec.optimizer).status == "refuted"


def test_friction_with_the_wrong_sign_is_refuted(declare):
    """The slip of a lecture note, whose friction drives the ball on."""
    text = (
        "from stepsmith.codegen.claims.dynamics import *\n"
        'dt = hyper("dt", default="0.1", domain="> 0")\nfriction = hyper("friction", default="1", domain=">= 0")\n'
        'RULE = Optimizer(name="Rule", source="x", state={{v: 0}}, steps=('
        "Step(new(v), v {sign} dt * friction * v - dt * g), Step(new(w), w + dt * {moved})), "
        "claims=(follows({{w: v, v: -g - friction * v}}, dt=dt),))"
    )
    # to first order it does not matter whether the old or the new velocity moves w
    expected = {("-", "new(v)"): "proved", ("-", "v"): "proved", ("+", "new(v)"): "refuted", ("-", "g"): "refuted"}
    for number, ((sign, moved), status) in enumerate(expected.items()):
        (result,) = prove(declare(text.format(sign=sign, moved=moved), f"ball{number}"))
        assert result.status == status


@pytest.mark.fast
def test_the_second_order_is_proved_where_it_holds(declare):
    """A step with Heun's weights on a force that does not depend on w but for the decay of v."""
    text = (
        "from stepsmith.codegen.claims.dynamics import *\n"
        'dt = hyper("dt", default="0.1", domain="> 0")\n'
        'RULE = Optimizer(name="Rule", source="x", state={{v: 0}}, steps=('
        "Step(new(v), v - dt * v + dt**2 * v / {two}), "
        "Step(new(w), w + dt * v - dt**2 * v / 2)), claims=(follows({{w: v, v: -v}}, dt=dt, order=2),))"
    )
    for two, status in ((2, "proved"), (3, "refuted")):
        (result,) = prove(declare(text.format(two=two), f"heun{two}"))
        assert result.status == status


def test_the_generated_code_follows_the_ball():
    """Half the step in time, half the error: against the closed form of w'' + w' + w = 0 from rest at 1."""
    from stepsmith.numpy import HeavyBall

    def error(dt: float) -> float:
        w = np.array([1.0])
        opt = HeavyBall([w], lr=dt**2, rho=1 - dt)
        for _ in range(round(2 / dt)):
            opt.step([w.copy()])
        turn = np.sqrt(3) / 2
        exact = np.exp(-1) * (np.cos(2 * turn) + np.sin(2 * turn) / (2 * turn))
        return abs(w[0] - exact)

    errors = [error(dt) for dt in (0.02, 0.01, 0.005)]
    assert errors[0] < 0.02
    assert all(1.8 < a / b < 2.2 for a, b in itertools.pairwise(errors))


def test_a_step_that_has_no_expansion_is_undecided(declare):
    text = (
        "from stepsmith.codegen.claims.dynamics import *\n"
        'dt = hyper("dt", default="0.1", domain="> 0")\n'
        'RULE = Optimizer(name="Rule", source="x", state={}, steps=(Step(new(w), w - lr * g),), '
        "claims=(follows({w: -g}, dt=dt, hyper={lr: 1 / dt}),))"
    )
    (result,) = prove(declare(text))
    assert result.status != "proved"


def test_stable_is_a_statement_about_the_derived_rule():
    """The paper's Nesterov takes its gradient ahead of w; its matrix is that of the form that runs."""
    spec = spec_of("nesterov_lookahead")
    assert first(stable(2 * (1 + spec.optimizer.hypers[1]) / h), spec.optimizer).status == "refuted"


# What is true and what is not, by construction.

SYMBOLS = """
from sympy import Rational
from stepsmith.codegen.claims.dynamics import *
v, a, b, velocity = arrays("v a b velocity")
mu = hyper("mu", default="0.9", domain="[0, 1)")
kept = hyper("kept", default="0.9", domain="[0, 1]")
nu = hyper("nu", default="0.5", domain=">= 0")
rate = hyper("rate", default="1", domain=">= 0")
any_rate = hyper("any_rate", default="0.5", domain="real")
count = hyper("count", default="2", domain="integer >= 1")
friction = hyper("friction", default="1", domain=">= 0")
dt = hyper("dt", default="0.1", domain="> 0")
share = hyper("share", default="0.5", domain="(0, 1)")
root = sqrt(h_max) - sqrt(h_min), sqrt(h_max) + sqrt(h_min)
"""
DOWN = "Step(new(w), w - lr * g)"
BALL = "Step(new(v), mu * v - lr * g), Step(new(w), w + new(v))"
MOVED = "Step(new(v), {} * v - dt * g), Step(new(w), w + dt * new(v))"

# states, steps, what is claimed, and the right verdict
MOTIONS = [
    # what w does not see may diverge; what it sees may not
    ("{m: 0}", f"Step(new(m), 2 * m + g), {DOWN}", "stable(2 / h)", "proved"),
    ("{m: 0}", f"Step(new(m), m + g**2), {DOWN}", "stable(2 / h)", "proved"),
    ("{m: 1}", "Step(new(m), m), Step(new(w), w - lr * g + m)", "stable(2 / h)", "refuted"),
    ("{m: 0}", "Step(new(m), 2 * m), Step(new(w), w - lr * g + nu * m)", "stable(2 / h)", "refuted"),
    ("{m: 0}", "Step(new(m), m + g), Step(new(w), w - lr * new(m))", "stable(2 / h)", "refuted"),
    # of two states w sees the difference, which shrinks, and not the sum, which grows; or the other way around
    (
        "{a: 0, b: 0}",
        "Step(new(a), (3 * a + 2 * b) / 2), Step(new(b), (2 * a + 3 * b) / 2), Step(new(w), w - lr * g + a - b)",
        "stable(2 / h)",
        "proved",
    ),
    (
        "{a: 0, b: 0}",
        "Step(new(a), (3 * a - 2 * b) / 2), Step(new(b), (3 * b - 2 * a) / 2), Step(new(w), w - lr * g + a - b)",
        "stable(2 / h)",
        "refuted",
    ),
    # bounds that are none, and ends of domains
    ("{}", DOWN, "stable(-2 / h)", "refuted"),
    ("{}", "Step(new(w), w + lr * g)", "stable(2 / h)", "refuted"),
    ("{}", "Step(new(w), w - any_rate * g)", "stable(2 / h, of='any_rate')", "proved"),
    ("{}", "Step(new(w), w - count * g / 4)", "stable(8 / h, of='count')", "proved"),
    ("{}", "Step(new(w), w - count * g / 4)", "stable(9 / h, of='count')", "refuted"),
    ("{}", DOWN, "stable(lr + 1)", "undecided"),
    # what depends on t
    ("{}", "Step(new(w), w - lr * (1 - mu**t) * g)", "stable(2 / h)", "proved"),
    ("{}", "Step(new(w), w - lr * (1 + t * mu**t) * g)", "stable(2 / h)", "proved"),
    ("{}", "Step(new(w), w - lr * (1 + exp(t) * mu**t) * g)", "stable(2 / h)", "undecided"),
    ("{}", "Step(new(w), w - lr * t * g)", "stable(2 / h)", "undecided"),
    # rates
    ("{}", DOWN, "contracts({lr: -1 / h_max}, rate=2)", "refuted"),
    ("{}", DOWN, "contracts({lr: 1 / h}, rate=0)", "undecided"),
    ("{v: 0}", BALL, "best({lr: 4 / root[1]**2, mu: (root[0] / root[1])**2}, rate=root[0] / root[1])", "proved"),
    ("{v: 0}", BALL, "best({lr: 4 / root[1]**2, mu: (root[0] / root[1])**2}, rate=(root[0] / root[1])**2)", "refuted"),
    ("{v: 0}", BALL, "contracts({lr: 1 / h_max, mu: 1}, rate=1)", "refuted"),
    (
        "{v: 0}",
        "Step(new(v), kept * v - lr * g), Step(new(w), w + new(v))",
        "contracts({lr: 1 / h_max, kept: 1}, rate=1)",
        "proved",
    ),
    ("{v: 0}", BALL, "best({lr: 2 / (h_max + h_min), mu: 0}, rate=(h_max - h_min) / (h_max + h_min))", "refuted"),
    # z**2 - share has roots of the size of the root of share
    ("{m: 0}", "Step(new(m), w), Step(new(w), share * m - lr * g)", "contracts({lr: 0}, rate=share)", "refuted"),
    ("{m: 0}", "Step(new(m), w), Step(new(w), share * m - lr * g)", "contracts({lr: 0}, rate=sqrt(share))", "proved"),
    # small steps
    ("{}", DOWN, "follows({w: g}, dt=dt, hyper={lr: -dt})", "undecided"),
    ("{}", DOWN, "follows({w: -g}, dt=dt, hyper={lr: 2 * dt})", "refuted"),
    ("{}", "Step(new(w), w - dt * g - dt**Rational(3, 2) * g)", "follows({w: -g}, dt=dt)", "undecided"),
    ("{}", "Step(new(w), w - dt * g - dt**2 * log(dt) * g)", "follows({w: -g}, dt=dt)", "undecided"),
    ("{v: 0}", MOVED.format("mu"), "follows({w: v, v: -g}, dt=dt, hyper={mu: 1})", "undecided"),
    ("{v: 0}", MOVED.format("kept"), "follows({w: v, v: -g}, dt=dt, hyper={kept: 1})", "proved"),
    (
        "{m: 0, v: 0}",
        "Step(new(m), m - dt * g), Step(new(v), v), Step(new(w), w + dt * new(m))",
        "follows({w: velocity, velocity: -g}, dt=dt, state={m: velocity, v: 2 * velocity})",
        "refuted",
    ),
]


def moving(declare, states, steps, claim):
    text = f'RULE = Optimizer(name="Rule", source="x", state={states}, steps=({steps},), claims=({claim},))'
    (result,) = prove(declare(SYMBOLS + text))
    return result


@pytest.mark.parametrize(("states", "steps", "claim", "status"), MOTIONS)
def test_motion_is_judged_rightly(declare, states, steps, claim, status):
    assert moving(declare, states, steps, claim).status == status


@pytest.mark.parametrize(
    ("steps", "claim", "assumed"),
    [
        ("Step(new(w), w - lr * rate * g)", "stable(2 / (rate * h))", "rate != 0"),
        ("Step(new(w), w - lr * g / rate)", "stable(2 * rate / h)", "rate != 0"),
        (
            "Step(new(w), w - lr * (1 - mu**t) * g)",
            "stable(2 / h)",
            "t so large that all that depends on it has its limit",
        ),
        ("Step(new(w), w - dt * friction * g / (friction + dt))", "follows({w: -g}, dt=dt)", "friction != 0"),
        ("Step(new(w), w - lr * g)", "contracts({lr: 1 / h_max}, rate=1 - h_min / h_max)", "h_min < h_max"),
    ],
)
def test_what_motion_needs_is_assumed(declare, steps, claim, assumed):
    result = moving(declare, "{}", steps, claim)
    assert result.status == "proved"
    assert assumed in result.assumed


def test_hyperparameters_that_leave_their_domain_are_assumed_not_to():
    (result,) = (r for r in prove(spec_of("heavy_ball")) if r.claim == "follows")
    assert "1 - dt * friction / mass < 1" in result.assumed
