"""Each kind of claim is proved where it is true, and refuted by a mutant of the rule where it is not."""

import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stepsmith.codegen.algebra import reference
from stepsmith.codegen.check import check
from stepsmith.codegen.claims.base import Claim
from stepsmith.codegen.load import ROOT, SpecError
from stepsmith.codegen.prove import prove
from stepsmith.codegen.spec.rules import Optimizer
from tests.conftest import spec_of

HEAD = """
d, var, q, h, g1, h2 = arrays("d var q h g1 h2")
k = hyper("k", default="2", domain=">= 1")
"""


def rule(steps: str, claim: str, state: str = "{m: 0}") -> str:
    return f'{HEAD}RULE = Optimizer(name="Rule", source="a test", state={state}, steps=({steps},), claims=({claim},))'


EMA = "Step(new(m), beta * m + (1 - beta) * g), Step(new(w), w - lr * new(m))"
SQUARES = "Step(new(v), beta * v + (1 - beta) * g**2), "
MEAN = "Step(new(m), beta * m + (1 - beta) * g), "
CENTERED = SQUARES + MEAN + "Step(new(w), w - lr * g / sqrt(new(v) - new(m)**2 + 1))"
LARGEST = "Step(new(m), Max(beta * m, Abs(g))), Step(new(w), w - lr * g / (new(m) + 1))"
DELTA = (
    "Step(new(v), beta * v + (1 - beta) * g**2), Step(u, sqrt(d) * g / sqrt(new(v))), "
    "Step(new(d), beta * d + (1 - beta) * u**2), Step(new(w), w - lr * u)"
)

# kind, steps, state, a true claim, and mutants of the steps of which it is false
CASES = [
    ("FirstStep", EMA, "{m: 0}", "first_step(-lr * (1 - beta) * g)", [("1 - beta", "beta"), ("lr * new(m)", "lr * m")]),
    ("Descends", EMA, "{m: 0}", "descends()", [("w - lr", "w + lr"), ("(1 - beta) * g", "(beta - 1) * g")]),
    ("Additive", EMA, "{m: 0}", "additive()", [("beta) * g", "beta) * g**2"), ("lr * new(m)", "lr * sign(new(m))")]),
    ("Averages", EMA, "{m: 0}", "averages()", [("beta) * g", "beta) * g**2"), ("lr * new(m)", "lr * sign(new(m))")]),
    # what is the same for every gradient does no harm to a mean; a step of degree one need not be linear
    (
        "Averages",
        "Step(new(w), w - lr * (g + 1))",
        "{}",
        "averages()",
        [("lr * (g", "lr * (Abs(g)"), ("(g + 1)", "(g**2 + 1)")],
    ),
    (
        "Drift",
        "Step(new(w), w - lr * g)",
        "{}",
        "drift(lr**2 * h2 * g1)",
        [("w - lr", "w + 2 * lr"), ("lr * g", "lr * g**3"), ("lr * g", "lr * (g + w)")],
    ),
    (
        "Drift",
        "Step(new(m), beta * m + g), Step(new(w), w - lr * new(m))",
        "{m: 0}",
        "drift(lr**2 * h2 * g1)",
        [("+ g", "+ (1 - beta) * g"), ("lr * new(m)", "lr * (g + beta * new(m))")],
    ),
    (
        "Identity",
        "Step(u, w - lr * g), Step(new(w), u)",
        "{}",
        "identity(u, (1 - lr * h) * w, given={g: h * w})",
        [("w - lr", "w + lr"), ("lr * g", "lr * sign(g)")],
    ),
    ("FixedPoint", EMA, "{m: 0}", "fixed_point()", [("w - lr", "w - lr * w - lr"), ("beta) * g", "beta) * (g + 1)")]),
    (
        "Monotone",
        "Step(new(m), Max(m, Abs(g))), Step(new(w), w - lr * g / (new(m) + 1))",
        "{m: 0}",
        "monotone(m)",
        [("Max(m", "Max(beta * m"), ("Max(m", "Max(m - 1")],
    ),
    (
        "NonNegative",
        CENTERED,
        "{v: 0, m: 0}",
        "nonnegative(v - m**2)",
        [("* g**2", "* g**2 / 2"), ("beta) * g)", "beta) * 2 * g)")],
    ),
    (
        "MaxSeries",
        LARGEST,
        "{m: 0}",
        "max_series(m, of=Abs(g), decay=beta)",
        [("Abs(g)", "g**2"), ("Max(beta", "Max(beta**2")],
    ),
    (
        "Scales",
        DELTA,
        "{v: 0, d: 0}",
        'scales({"v": g**2, "d": w**2})',
        [("sqrt(d)", "d"), ("u**2", "u"), ("lr * u", "lr * g")],
    ),
    ("Identity", EMA, "{m: 0}", "identity(new(w) - w, -lr * new(m))", [("w - lr", "w + lr")]),
    (
        "Fails",
        EMA.replace("lr * new(m)", "lr * sign(new(m))"),
        "{m: 0}",
        "fails(additive(), 'signs')",
        [("sign(new(m))", "new(m)")],
    ),
]


@pytest.mark.parametrize(
    ("kind", "steps", "state", "claim", "mutants"), CASES, ids=[f"{case[0]}-{n}" for n, case in enumerate(CASES)]
)
def test_true_of_the_rule_and_false_of_its_mutants(declare, kind, steps, state, claim, mutants):
    spec = declare(rule(steps, claim, state))
    check([spec])
    (proved, *_) = prove(spec)
    assert proved.status == "proved", proved
    for number, (old, new) in enumerate(mutants):
        assert old in steps
        mutant = declare(rule(steps.replace(old, new), claim, state), f"mutant{number}")
        (result, *_) = prove(mutant)
        assert result.status == "refuted", (old, new, result)
        assert result.counterexample


def test_every_kind_of_claim_has_mutants():
    """In `CASES`, or in a test file that makes such a claim and says what is refuted."""
    files = [path for path in (ROOT / "tests").rglob("test_*.py") if path != Path(__file__)]
    texts = [text for text in map(Path.read_text, files) if "refuted" in text.lower()]
    missing = {kind.__name__: made_by(kind) for kind in Claim.__subclasses__() if made_by(kind)}
    for kind, functions in list(missing.items()):
        calls = re.compile(rf"\b({'|'.join(functions)})\(")
        if kind in {case[0] for case in CASES} or any(map(calls.search, texts)):
            del missing[kind]
    assert not missing


def made_by(kind: type[Claim]) -> list[str]:
    """The functions by which specs claim this; none of what nobody claims, or of a base, whose kinds are tested."""
    return [name for name, of in vars(sys.modules[kind.__module__]).items() if returns(of) == kind.__name__]


def returns(function: object) -> object:
    return getattr(function, "__annotations__", {}).get("return")


@pytest.mark.fast
@pytest.mark.parametrize("claim", ["drift(lr * q)", "drift(lr * g)", "identity(w, h)", "identity(w, w, given={q: h})"])
def test_a_symbol_that_means_nothing_is_named(declare, claim):
    with pytest.raises(SpecError, match=r"claims: (drift: [qg] has no meaning|identity w: the rule has no [qh])"):
        check([declare(rule("Step(new(w), w - lr * g)", claim, "{}"))])


def test_what_is_given_is_assumed_in_print():
    found = {result.claim: result for result in prove(spec_of("lookahead_sgd"))}
    step, best = (result for name, result in found.items() if name.startswith("identity"))
    assert step.text == "fast - c = (w - c) * (1 - lr * h) if g = h * (w - c)"
    assert best.text == (
        "slow + (fast - slow) / (1 - left**k) = c "
        "if g = h * (w - c), w = c + (slow - c) * left**k / left, h = (1 - left) / lr"
    )
    assert "1 - left**k != 0" in best.assumed


@pytest.mark.fast
def test_the_adjusted_lookahead_lands_at_the_lowest_point_of_a_quadratic():
    """With steps that overshoot, the best weight is below one, and the slow weights stop where the gradient does."""
    from stepsmith.numpy import LookaheadAdjusted, LookaheadSGD

    curvature, lowest = np.array([4.0, 5.0, 6.0]), np.array([1.0, -2.0, 0.5])
    left = {}
    for rule in (LookaheadAdjusted, LookaheadSGD):
        w = np.array([3.0, 3.0, 3.0])
        opt = rule(w, lr=0.3, k=3)
        for _ in range(3):
            opt.step(curvature * (w - lowest))
        left[rule] = np.abs(w - lowest).max()
    assert left[LookaheadAdjusted] < 1e-14
    assert left[LookaheadSGD] > 0.1


LOOKAHEAD = (
    'RULE = Optimizer(name="Rule", source="a test", state={v: 0}, gradient_at=w + beta * v, '
    "steps=(Step(new(v), beta * v - lr * g), Step(new(w), w + new(v))), claims=())"
)


@pytest.mark.fast
def test_a_gradient_taken_elsewhere_is_a_change_of_variables(declare, monkeypatch):
    spec = declare(LOOKAHEAD)
    result, *_ = prove(spec)
    assert result.status == "proved"
    assert "x = w + beta * v" in result.text

    # had the derivation forgotten that w is not x, it would not be proved
    monkeypatch.setattr(Optimizer, "runnable", property(lambda rule: rule))
    result, *_ = prove(spec)
    assert result.status != "proved"


@pytest.mark.fast
def test_the_derived_rule_follows_the_paper_on_a_quadratic(declare):
    """Half the square of w: the paper's rule with the gradient ahead, and the derived one at its point."""
    optimizer = declare(LOOKAHEAD).optimizer
    hyper = {"lr": 0.1, "beta": 0.9}
    beta = reference.number(0.9)
    w, v, x = reference.number(1), reference.number(0), reference.number(1)
    state = {"v": v}
    for _ in range(10):
        (ahead,) = reference.run(optimizer, [w + beta * v], lambda t: hyper, w=w, state={"v": v})
        (at_point,) = reference.run(optimizer.runnable, [x], lambda t: hyper, w=x, state=state)
        w, v, x, state = ahead["w"], ahead["v"], at_point["w"], {"v": at_point["v"]}
        assert abs(x - (w + beta * v)) < 1e-40


AVERAGED = (
    'RULE = Optimizer(name="Rule", source="a test", state={v: w}, gradient_at=beta * w + (1 - beta) * v, '
    "steps=(Step(new(v), v - lr * g), Step(new(w), (w * (t - 1) + new(v)) / t)), claims=())"
)


@pytest.mark.fast
@pytest.mark.parametrize("wrong", ["v_new", "own_w_new", "w_new", "the mean before"])
def test_a_gradient_taken_at_a_mean_is_a_change_of_variables(declare, monkeypatch, wrong):
    spec = declare(AVERAGED)
    check([spec])
    result, *_ = prove(spec)
    assert result.status == "proved"
    assert "x = beta * w + (1 - beta) * v" in result.text
    runnable = spec.optimizer.runnable
    *before, last = runnable.steps
    old = {step.target: step.target.of for step in before}
    steps = [replace(step, value=2 * step.value) if step.target.name == wrong else step for step in before]
    point = 2 * last.value if wrong == "w_new" else last.value.xreplace(old if wrong == "the mean before" else {})
    changed = replace(runnable, steps=(*steps, replace(last, value=point)))
    monkeypatch.setattr(Optimizer, "runnable", property(lambda rule: changed))
    result, *_ = prove(spec)
    assert result.status != "proved"


@pytest.mark.fast
def test_the_rule_of_a_mean_follows_the_paper_on_a_quadratic(declare):
    """Half the square of w: the paper's rule with the gradient between, and the derived one at its point."""
    optimizer = declare(AVERAGED).optimizer
    hyper = {"lr": 0.1, "beta": 0.9}
    beta = reference.number(0.9)
    w = x = reference.number(1)
    state, derived = {"v": w}, {"v": w, "own_w": w}
    for t in range(1, 11):
        point = beta * w + (1 - beta) * state["v"]
        assert abs(x - point) < 1e-40
        ((paper,),) = reference.run_elements(optimizer, [[point]], lambda t: hyper, [w], state, t)
        ((here,),) = reference.run_elements(optimizer.runnable, [[x]], lambda t: hyper, [x], derived, t)
        w, x, state = paper["w"], here["w"], {"v": paper["v"]}
        derived = {name: here[name] for name in derived}
        assert abs(derived["own_w"] - w) < 1e-40


def test_a_map_that_depends_on_the_step_number():
    found = {result.claim: result for result in prove(spec_of("adagrad_rms"))}
    assert found["equals Adagrad"].status == "proved"
    assert "v = t * s" in found["equals Adagrad"].text
    found = {result.claim: result for result in prove(spec_of("adam_eps_hat"))}
    assert "eps=eps / sqrt(1 - beta2**t)" in found["equals Adam"].text
    assert "positive factors" in found["equals Adam"].method
