"""Each kind of claim is proved where it is true, and refuted by a mutant of the rule where it is not."""

import pytest

from codegen import reference
from codegen.check import check
from codegen.claims import Claim
from codegen.derive import runnable
from codegen.prove import equivalence, prove
from tests.conftest import rules

HEAD = """
d, var, q = arrays("d var q")
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


@pytest.mark.parametrize(("kind", "steps", "state", "claim", "mutants"), CASES, ids=[case[0] for case in CASES])
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
    elsewhere = {"Series", "Unbiased", "Equals", "ChangeOfVariables"}  # tests/test_prove.py, and below
    elsewhere |= {"ScheduleClaim", "MonitorClaim"}  # tests/test_schedules.py, tests/test_monitors.py
    assert {kind.__name__ for kind in Claim.__subclasses__()} == {case[0] for case in CASES} | elsewhere


LOOKAHEAD = (
    'RULE = Optimizer(name="Rule", source="a test", state={v: 0}, gradient_at=w + beta * v, '
    "steps=(Step(new(v), beta * v - lr * g), Step(new(w), w + new(v))), claims=())"
)


def test_a_gradient_taken_elsewhere_is_a_change_of_variables(declare, monkeypatch):
    spec = declare(LOOKAHEAD)
    (result,) = prove(spec)
    assert result.status == "proved"
    assert "x = w + beta * v" in result.statement

    # had the derivation forgotten that w is not x, it would not be proved
    monkeypatch.setattr(equivalence, "runnable", lambda rule: rule)
    (result,) = prove(spec)
    assert result.status != "proved"


def test_the_derived_rule_follows_the_paper_on_a_quadratic(declare):
    """Half the square of w: the paper's rule with the gradient ahead, and the derived one at its point."""
    optimizer = declare(LOOKAHEAD).optimizer
    hyper = {"lr": 0.1, "beta": 0.9}
    beta = reference.number(0.9)
    w, v, x = reference.number(1), reference.number(0), reference.number(1)
    state = {"v": v}
    for _ in range(10):
        (ahead,) = reference.run(optimizer, [w + beta * v], lambda t: hyper, w=w, state={"v": v})
        (at_point,) = reference.run(runnable(optimizer), [x], lambda t: hyper, w=x, state=state)
        w, v, x, state = ahead["w"], ahead["v"], at_point["w"], {"v": at_point["v"]}
        assert abs(x - (w + beta * v)) < 1e-40


def test_a_map_that_depends_on_the_step_number():
    found = {result.claim: result for result in prove(rules("adagrad_rms")["adagrad_rms"])}
    assert found["equals Adagrad"].status == "proved"
    assert "v = t * s" in found["equals Adagrad"].statement
    found = {result.claim: result for result in prove(rules("adam_eps_hat")["adam_eps_hat"])}
    assert "eps=eps / sqrt(1 - beta2**t)" in found["equals Adam"].statement
    assert "positive factors" in found["equals Adam"].method
