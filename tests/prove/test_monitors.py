"""Monitors: their traces, the proofs about them, the generated classes, what must be refuted."""

import math
from dataclasses import replace
from fractions import Fraction

import pytest

from stepsmith.codegen.algebra.assumptions import Assumptions
from stepsmith.codegen.algebra.inequalities import Constraint, constraint, impossible
from stepsmith.codegen.check import check
from stepsmith.codegen.claims.monitors import MonitorClaim
from stepsmith.codegen.files import changes
from stepsmith.codegen.load import GENERATED, SpecError, catalog
from stepsmith.codegen.numeric.rules import numeric_monitor
from stepsmith.codegen.prove import prove
from stepsmith.codegen.readback import readback
from stepsmith.codegen.render import render
from stepsmith.codegen.report.paper import equations as latex
from stepsmith.codegen.report.show import text
from stepsmith.codegen.spec.domain import POSITIVE
from stepsmith.codegen.spec.symbols import scalars
from tests.conftest import monitors, refused, spec_of, spoil

KEYS = [entry.key for entry in catalog() if entry.kind == "monitor"]
NAN = math.nan


# Proofs.


@pytest.mark.parametrize("spec", KEYS, indirect=True)
def test_the_files_are_run(spec):
    assert {result.status for result in numeric_monitor(spec, GENERATED)} == {"tested"}


HEAD = """
from sympy import And, Eq, Or
metric, best, bad, up, x = scalars("metric best bad up x")
level, j, k = scalars("level j k")
patience = hyper("patience", default="2", domain="integer >= 0")
factor = hyper("factor", default="0.5", domain="(0, 1)")
"""
COUNTER = """
OTHER = Monitor(name="Other", source="a test", state={bad: 0}, value=bad,
    steps=(Step(new(bad), where(bad >= patience, 0, bad + 1)),))
RULE = Monitor(name="Rule", source="a test", state={best: oo, bad: 0, x: 1, up: 0}, value=bad,
    steps=(
        Step(new(up), where(metric < best, 1, 0)),
        Step(new(best), where(new(up) > 0, metric, best)),
        Step(new(bad), where(bad >= patience, 0, bad + 1)),
        Step(new(x), where(bad >= patience, Max(x * factor, factor / 4), x)),
    ), claims=(CLAIM,))
"""

# kind, a true claim, and mutants of the rule of which it is false
CASES = [
    ("Invariant", "invariant(And(bad >= 0, bad <= patience))", [("bad >= patience", "bad > patience")]),
    ("Invariant", "invariant(And(x > 0, x >= factor / 4))", [("factor / 4)", "factor / 8)")]),
    ("Always", "always(new(x) <= x, knowing=(And(x > 0, x >= factor / 4),))", [("Max(x * f", "Max(x + f")]),
    (
        "Always",
        "always(new(best) <= best)",
        [("metric < best", "metric < best + 1"), ("> 0, metric", "> 0, metric + 1")],
    ),
    (
        "RunningMinimum",
        "running_minimum(best)",
        [("metric < best", "metric > best"), ("metric < best", "metric < best - 1"), ("best: oo", "best: 0")],
    ),
    (
        "Cycle",
        "cycle({best: level, up: where(j + k > 0, 0, 1), bad: j, x: Max(factor / 4, factor**k)}, "
        "length=patience + 1, first=0) if False else "
        "cycle({best: level, up: where(k > 0, 0, 1), bad: 0, x: Max(factor / 4, factor**(k + 1))}, "
        "length=1, at={patience: 0})",
        [("x * factor", "x * factor**2"), ("metric < best", "metric <= best"), ("x: 1", "x: 2")],
    ),
    (
        "OnNan",
        "on_nan({up: 0, best: best})",
        [("where(metric < best, 1, 0)", "where(metric >= best, 0, 1)"), ("> 0, metric, best", ">= 0, metric, best")],
    ),
    (
        "Agrees",
        "agrees(OTHER, relation=Eq(theirs(bad), bad))",
        [("bad >= patience, 0", "bad > patience, 0"), ("bad: 0, x", "bad: 1, x")],
    ),
]


@pytest.mark.parametrize(("kind", "claim", "mutants"), CASES)
def test_true_of_the_monitor_and_false_of_its_mutants(declare, kind, claim, mutants):
    written = COUNTER.replace("CLAIM", claim)
    spec = declare(HEAD + written)
    check([spec])
    assert {type(c).__name__ for c in spec.monitor.claims} == {kind}
    assert [result.status for result in prove(spec)] == ["proved"]
    before, rule = written.split("RULE = ")
    for number, (old, new) in enumerate(mutants):
        assert old in rule
        mutant = declare(f"{HEAD}{before}RULE = {rule.replace(old, new, 1)}", f"mutant{number}")
        (result,) = prove(mutant)
        assert result.status == "refuted", (old, new, result)
        assert result.counterexample["reports"]


def test_every_kind_of_claim_has_mutants():
    assert {kind.__name__ for kind in MonitorClaim.__subclasses__()} == {case[0] for case in CASES}


def test_the_wrong_map_between_keras_and_torch_is_refuted():
    spec = spec_of("reduce_on_plateau_keras")
    (claim,) = (c for c in spec.monitor.claims if c.label.startswith("agrees"))
    (cooldown,) = (h for h in spec.monitor.hypers if h.name == "cooldown")
    wrong = replace(claim, hyper={**claim.hyper, "cooldown": cooldown})
    (result,) = prove(replace_claims(spec, wrong))
    assert result.status == "refuted"
    assert int(result.counterexample["cooldown"]) > 0


def replace_claims(spec, *claims):
    return replace(spec, monitor=replace(spec.monitor, claims=claims))


def test_inequalities():
    a, b = scalars("a b")
    assumptions = Assumptions({"a": POSITIVE})

    def excluded(*conditions):
        return impossible([constraint(*condition) for condition in conditions], assumptions)

    assert excluded((">", b, a), ("<", b, a))
    assert excluded(("<=", a, Fraction(0)))
    assert not excluded(("<=", b, Fraction(0)))
    assert excluded(("==", b, a + 1), ("<=", b, Fraction(1)))
    assert excluded(("<", a * b, 0 * a), (">", b, Fraction(0)))
    assert not excluded(("<", a * b, 0 * a), ("<", b, Fraction(1)))
    assert not impossible([Constraint(a, ">")], assumptions)


# Files.

SPOILS = [
    (
        "plateau",
        "reduce_on_plateau",
        "metric < best * (1 - self",
        "metric <= best * (1 - self",
        {"readback": "refuted"},
    ),
    (
        "plateau",
        "reduce_on_plateau",
        "if self.patience < waited else rate",
        "if self.patience <= waited else rate",
        {"readback": "refuted"},
    ),
    (
        "plateau",
        "reduce_on_plateau",
        "(math.inf, self.lr, 0, 0, 0)",
        "(math.inf, self.lr, 1, 0, 0)",
        {"class": "refuted"},
    ),
    ("plateau", "reduce_on_plateau", "lambda factor: 0 <", "lambda factor: 0 <=", {"class": "refuted"}),
    (
        "stopping",
        "best",
        "1 if best > metric else 0",
        "0 if best <= metric else 1",
        {"readback NaN": "refuted", "readback": "proved"},
    ),
    ("stopping", "best", "return bool(improved)", "return bool(best)", {"class": "refuted"}),
    ("stopping", "best", "        self,\n    ) -> None", "    ) -> None", {"class": "refuted"}),
    ("stopping", "best", "        return (best_new, best_at_new, improved_new)\n", "", {"readback": "refuted"}),
    ("stopping", "best", "return (math.inf, 0, 0)", "return (math.inf, 0)", {"class": "refuted"}),
    (
        "curriculum",
        "exponential_pacing",
        "min(1, fraction * self.growth)",
        "fraction * self.growth",
        {"readback": "refuted"},
    ),
    ("restarts", "cosine_growing_restarts", "length * self.growth", "length + self.growth", {"readback": "refuted"}),
    # what raises an error, or gives no number, is refuted as well
    ("curriculum", "exponential_pacing", "self,\n        fraction: float,", "fraction, self,", {"readback": "refuted"}),
    (
        "restarts",
        "cosine_growing_restarts",
        "phase: float,\n        length: float,",
        "length: float,\n        phase: float,",
        {"readback": "refuted"},
    ),
]


@pytest.mark.parametrize(("family", "key", "old", "new", "wanted"), SPOILS)
def test_a_spoilt_file_is_found_out(copied, family, key, old, new, wanted):
    spoil(copied / f"{family}.py", old, new)
    spec = spec_of(key)
    found = {result.claim: result for result in [*readback(spec, "", copied), *numeric_monitor(spec, copied)]}
    for claim, status in wanted.items():
        assert refused(found[claim]) if status == "refuted" else found[claim].status == status, found[claim]
    if "class" not in wanted or "start" in old:
        assert found["float64"].status == "refuted"


def test_the_files_are_what_generate_writes():
    files = render(monitors().values(), (), GENERATED)
    assert changes(files) == []


def test_show():
    shown = text(spec_of("best"))
    assert "best_new" in shown
    assert "before the first report" in shown
    assert "best      = oo" in shown
    assert r"\infty" in latex(spec_of("best"))


@pytest.mark.parametrize(
    ("old", "new", "fact"),
    [
        ("where(metric < best, 1, 0)", "where(Min(metric, best) < best, 1, 0)", "of a metric that is NaN"),
        ("where(metric < best, 1, 0)", "where(metric < level, 1, 0)", "it reads level, which no earlier step"),
        (
            "Step(new(bad), where(bad >= patience, 0, bad + 1)),\n        Step(new(x)",
            "Step(new(x)",
            "the state bad is never",
        ),
        (
            "value=bad,\n    steps=(\n        Step(new(up)",
            "value=metric,\n    steps=(\n        Step(new(up)",
            "which is not kept",
        ),
        ("claims=(CLAIM,)", "flags=(level,)", "the flag level is not a state"),
        ("CLAIM", "invariant(level > 0)", "the monitor has no level"),
        ("CLAIM", "invariant(bad > 0, given=(bad > 1,))", "is not given, it has to be shown"),
        ("CLAIM", "starts_at(patience)", "is not said of a monitor"),
        ("x * factor,", "x * 0.5,", "the float 0.5"),
    ],
)
def test_what_a_spec_may_not_say(declare, old, new, fact):
    assert old in COUNTER
    written = COUNTER.replace(old, new, 1).replace("CLAIM", "invariant(bad >= 0)")
    with pytest.raises(SpecError, match=fact):
        check([declare(HEAD + written)])


# What may be reported: any number, one that is infinite, or NaN.

FULL = """
from sympy import And, Eq, Ne, Or, Rational
metric, best, bad, up, x, y, n = scalars("metric best bad up x y n")
level, j, k = scalars("level j k")
patience = hyper("patience", default="2", domain="integer >= 0")
whole = hyper("whole", default="2", domain="integer >= 1")
factor = hyper("factor", default="0.5", domain="(0, 1)")
share = hyper("share", default="0.5", domain="[0, 1]")
amount = hyper("amount", default="0", domain=">= 0")
COUNTS = Monitor(name="Counts", source="a test", state={n: 0}, value=n,
    steps=(Step(new(n), where(n >= patience, 0, n + 1)),))
FROM_ONE = Monitor(name="FromOne", source="a test", state={n: 0}, value=n,
    steps=(Step(new(n), where(n >= whole, 0, n + 1)),))
SCALED = Monitor(name="Scaled", source="a test", state={n: 0, y: 0}, value=n * factor,
    steps=(Step(new(n), where(n >= patience, 0, n + 1)), Step(new(y), factor)))
FINITE = Monitor(name="Finite", source="a test", state={y: 0}, value=y,
    steps=(Step(new(y), where(metric < 0, metric, where(metric >= 0, metric, 0))),))
"""
BEST_OF = (
    "{best: oo, up: 0}",
    "Step(new(up), where(metric < best, 1, 0)), Step(new(best), where(new(up) > 0, metric, best))",
)
NAN_IS_BEST = (
    "{best: oo, up: 0}",
    "Step(new(up), where(metric >= best, 0, 1)), Step(new(best), where(new(up) > 0, metric, best))",
)
LAST = "{x: 0}", "Step(new(x), metric)"
COUNT = "{x: 0}", "Step(new(x), where(x >= patience, 0, x + 1))"

# states, steps, what is claimed, and the right verdict
HEARD = [
    (*BEST_OF, "running_minimum(best)", "proved"),
    (*NAN_IS_BEST, "running_minimum(best)", "refuted"),
    (*BEST_OF, "always(new(best) <= best)", "proved"),
    (*NAN_IS_BEST, "always(new(best) <= best)", "refuted"),
    (*NAN_IS_BEST, "flag(up)", "proved"),
    (
        "{n: 0}",
        "Step(new(n), where(metric > 0, n + 1, where(metric <= 0, n, n + 5)))",
        "always(new(n) <= n + 1)",
        "refuted",
    ),
    (*LAST, "invariant(x >= 0, given=(metric >= 0,))", "proved"),
    (*LAST, "always(Eq(new(x), metric))", "refuted"),  # a comparison with NaN does not hold
    (*LAST, "on_nan({x: metric})", "proved"),
    ("{x: 0}", "Step(new(x), where(metric < 0, 1, where(metric > 0, 2, 3)))", "on_nan({x: 3})", "proved"),
    ("{x: 0}", "Step(new(x), where(metric < 0, 1, where(metric > 0, 2, 3)))", "on_nan({x: 1})", "refuted"),
    # infinity less infinity, and zero times infinity, are NaN
    (
        "{x: 0, y: 0}",
        "Step(new(x), where(metric > 1, metric, x)), Step(new(y), new(x) - x)",
        "invariant(y >= 0)",
        "refuted",
    ),
    (
        "{x: 0, y: 0}",
        "Step(new(x), where(metric > 1, metric, x)), Step(new(y), x * amount)",
        "invariant(y >= 0)",
        "refuted",
    ),
    # one over infinity is zero
    ("{x: 1}", "Step(new(x), 1 / (1 + Abs(metric)))", "invariant(x >= 0, given=(metric >= 0,))", "proved"),
    ("{x: 1}", "Step(new(x), 1 / (1 + Abs(metric)))", "invariant(x > 0, given=(metric >= 0,))", "refuted"),
    ("{x: 1}", "Step(new(x), where(metric >= 0, 1 / (metric + amount), x))", "invariant(x >= 0)", "undecided"),
    # a flat metric is a finite number
    (*BEST_OF, "cycle({best: level, up: where(k > 0, 0, 1)}, length=1)", "proved"),
    (*LAST, "cycle({x: 2 * level}, length=1, metric=2 * level)", "proved"),
    (*LAST, "cycle({x: level}, length=1, metric=2 * level)", "refuted"),
    # the ends of domains
    ("{x: 1}", "Step(new(x), x * share)", "invariant(x > 0)", "refuted"),
    ("{x: 1}", "Step(new(x), x * share)", "always(new(x) < x)", "refuted"),
    ("{x: 1}", "Step(new(x), x * factor)", "always(new(x) < x, knowing=(x > 0,))", "proved"),
    ("{x: 1}", "Step(new(x), x * factor)", "always(new(x) < x, at={factor: 2})", "undecided"),
    (
        "{x: 0}",
        "Step(new(x), where(x + 1 >= patience, 0, x + 1))",
        "cycle({x: j}, length=patience, first=0)",
        "undecided",
    ),
    (
        "{x: 0}",
        "Step(new(x), where(x + 1 >= patience, 0, x + 1))",
        "cycle({x: j}, length=Max(patience, 1), first=0)",
        "proved",
    ),
    # what is no whole number has no next one
    ("{x: 0}", "Step(new(x), where(metric > 0, x + Rational(1, 2), x))", "invariant(Or(x <= 0, x >= 1))", "refuted"),
    ("{x: 0}", "Step(new(x), where(metric > 0, x + 1, x))", "invariant(Or(x <= 0, x >= 1))", "proved"),
    # the first report is one as well, also where the lengths grow
    ("{x: 0}", "Step(new(x), where(t > 1, x, 5))", "cycle({x: 0}, length=k + 1, first=0)", "refuted"),
    # what is known at a report is not known at the next
    ("{x: 0}", "Step(new(x), t)", "always(Or(Eq(x, 0), Eq(x, t)), knowing=(Or(Eq(x, 0), Eq(x, t)),))", "undecided"),
    # maps that leave the domain of the other, and names that both have
    (*COUNT, "agrees(COUNTS, relation=Eq(theirs(n), x))", "proved"),
    (*COUNT, "agrees(COUNTS, hyper={'patience': patience - 1}, relation=Eq(theirs(n), x))", "refuted"),
    (*COUNT, "agrees(FROM_ONE, hyper={'whole': patience}, relation=Eq(theirs(n), x))", "refuted"),
    (
        "{x: 0, y: 0}",
        "Step(new(x), where(x >= patience, 0, x + 1)), Step(new(y), factor)",
        "agrees(SCALED, hyper={'factor': factor / 2}, relation=Eq(theirs(n), x))",
        "refuted",
    ),
    (*LAST, "agrees(FINITE, relation=Eq(theirs(y), x))", "refuted"),
]


@pytest.mark.parametrize(("states", "steps", "claim", "status"), HEARD)
def test_claims_range_over_all_that_may_be_heard(declare, states, steps, claim, status):
    value = "x * factor" if "SCALED" in claim else states[1:].split(":")[0]
    text = f'RULE = Monitor(name="Rule", source="a test", state={states}, value={value}, steps=({steps},), '
    text += f"claims=({claim},))"
    (result,) = prove(declare(FULL + text))
    assert result.status == status, result


def test_what_refutes_a_claim_about_nan_is_shown(declare):
    states, steps = NAN_IS_BEST
    text = f'RULE = Monitor(name="Rule", source="a test", state={states}, value=up, steps=({steps},), '
    text += "claims=(running_minimum(best),))"
    (result,) = prove(declare(FULL + text))
    assert result.counterexample == {"reports": "nan", "best": "nan", "up": "1", "least": "inf"}
    assert result.text == "best[t] = min(metric[1], ..., metric[t]), reports of NaN left out"


@pytest.mark.fast
def test_a_flat_metric_is_said_to_be_finite():
    (result,) = (r for r in prove(spec_of("best")) if r.claim.startswith("cycle"))
    assert result.status == "proved"
    assert result.text.startswith("if every report is level, a finite number, after report 1 + k: best = level")


@pytest.mark.parametrize(
    ("claim", "fact"),
    [
        ("always(new(x) <= x, knowing=(x <= t,))", "t is not kept"),
        ("always(new(x) <= x, given=(t > 1,))", "is not given, it has to be shown"),
        ("always(new(x) <= x, at={factor: 2})", "factor = 2 is not allowed"),
        ("always(new(x) <= x, at={factor: share})", "factor = share is not a number"),
        ("always(new(x) <= x, given=(Or(factor > share, share > 0),))", "is not a comparison"),
        ("cycle({x: t}, length=1)", "t depends on t"),
        ("cycle({x: j}, length=j + 1)", "depends on j"),
        ("cycle({x: j}, length=1, metric=t)", "the metric t changes with t"),
        ("agrees(COUNTS, relation=Eq(theirs(n), metric))", "metric has no place in"),
        ("agrees(COUNTS, metric=x, relation=Eq(theirs(n), x))", "x has no place in x"),
    ],
)
def test_what_a_claim_may_not_say(declare, claim, fact):
    text = (
        'RULE = Monitor(name="Rule", source="a test", state={x: 1}, value=x, '
        f"steps=(Step(new(x), x * factor + patience * share),), claims=({claim},))"
    )
    with pytest.raises(SpecError, match=fact):
        check([declare(FULL + text)])
