"""What the learning rates of a schedule add up to: claims, mutants, and the generated schedules summed up."""

import math

import pytest
import sympy

from stepsmith import schedules as generated
from stepsmith.codegen.check import check
from stepsmith.codegen.claims.schedules import PartialSum, SumsTo
from stepsmith.codegen.load import SpecError
from stepsmith.codegen.prove import prove
from stepsmith.codegen.replay import replay
from stepsmith.codegen.spec.rules import Schedule
from stepsmith.codegen.spec.symbols import hyper, scalars
from stepsmith.codegen.statement import Runs, Statement
from stepsmith.codegen.statement.schedules import Total, TotalUpTo
from tests.conftest import schedules

ALL = schedules("schedules")
SUMMED = {key: [c for c in spec.schedule.claims if isinstance(c, SumsTo)] for key, spec in ALL.items()}


def course(value: str, claim: str) -> str:
    return (
        'a = hyper("a", default="1", domain="> 0")\nq = hyper("q", default="0.5", domain="(0, 1)")\n'
        'n = hyper("n", default="3", domain="integer >= 1")\np = hyper("p", default="2", domain="> 0")\n'
        f'RULE = Schedule(name="Rule", source="a test", value={value}, claims=({claim},))'
    )


TRUE = [
    ("a / t**2", "a * pi**2 / 6"),
    ("a / (t + 2) ** 2", "a * (pi**2 / 6 - Rational(5, 4))"),
    ("a / t**4", "a * pi**4 / 90"),
    ("a * q**t", "a * q / (1 - q)"),
    ("a * q ** floor((t - 1) / n)", "a * n / (1 - q)"),
    ("a * q ** floor(t / n)", "a * n / (1 - q) - a"),
    ("a * q**t + a / t**2", "a * q / (1 - q) + a * pi**2 / 6"),
    ("a * Max(1 - t / n, 0)", "a * (n - 1) / 2"),
    ("a * (1 + cos(pi * Min(t, n) / n)) / 2", "a * (n - 1) / 2"),
    ("a * q ** Max(t - n, 0)", "a * (n + q / (1 - q))"),
]


@pytest.mark.parametrize(("value", "total"), TRUE)
def test_a_sum_is_proved_and_what_is_a_little_off_is_refuted(declare, value, total):
    wrong = (f"{total} + a / 1000", f"{total} - a / 1000", f"({total}) * Rational(101, 100)")
    for number, (claimed, status) in enumerate([(total, "proved"), *((w, "refuted") for w in wrong)]):
        (result,) = prove(declare(course(value, f"sums_to({claimed})"), f"sum{number}"))
        assert (result.status, claimed) == (status, claimed)
        assert bool(result.counterexample) is (status == "refuted")


@pytest.mark.parametrize(
    ("value", "claim"),
    [
        ("a / (t + 3)", "sums_to(3 * a)"),
        ("a", "sums_to(a)"),
        ("a / sqrt(t)", "sums_to(a)"),
        ("where(t > 7, 2, 1) * a / t**2", "sums_to(a * pi**2 / 6)"),
        ("a * q**t", "sums_to(a / (1 - q))"),
        ("a * q ** (t - 1)", "sums_to(a * q / (1 - q))"),
        ("a / t**p", "sums_to(a * pi**2 / 6, at={p: 4})"),
        ("a * q ** floor(t / n)", "sums_to(a * n / (1 - q))"),
        ("a * t", "partial_sum(a * t**2 / 2)"),
        ("a / 2**t", "partial_sum(a - a / 2 ** (t - 1))"),
        ("where(t > 7, 2 * a, a)", "partial_sum(a * t)"),
        ("a * q**t", "partial_sum((a - a * q**t) / (1 - q))"),
    ],
)
def test_what_is_not_so_is_refuted(declare, value, claim):
    (result,) = prove(declare(course(value, claim), "not_so"))
    assert result.status == "refuted"
    assert result.counterexample


@pytest.mark.parametrize(
    ("value", "claim"),
    [
        ("a * t", "partial_sum(a * t * (t + 1) / 2)"),
        ("a / (t * (t + 1))", "partial_sum(a * t / (t + 1))"),
        ("a / 2**t", "partial_sum(a * (1 - 2 ** (-t)))"),
        ("a * q**t", "partial_sum(a * q * (1 - q**t) / (1 - q))"),
        ("a / t**p", "sums_to(a * pi**2 / 6, at={p: 2})"),
    ],
)
def test_partial_sums_and_sums_at_a_value_are_proved(declare, value, claim):
    (result,) = prove(declare(course(value, claim), "so"))
    assert (result.status, result.reason) == ("proved", "")
    assert result.runs


@pytest.mark.fast
@pytest.mark.parametrize(
    ("claim", "fact"),
    [
        ("sums_to(a * t)", "does not depend on t"),
        ("sums_to(a * lr)", "has no lr"),
        ("sums_to(a, at={q: 1})", "not in the domain of q"),
        ("partial_sum(a * lr)", "has no lr"),
        ("sums_to(oo)", "oo is no number\n.*robbins_monro"),
        ("sums_to(1.5)", "has a float in it"),
        ("sums_to(a, at={scalars('t'): 3})", "t, which has no one value"),
        ("sums_to(sympy.zeta(3))", "nothing can be proved of zeta"),
        ("partial_sum(sympy.harmonic(t))", "nothing can be proved of harmonic"),
    ],
)
def test_what_makes_no_sense_is_refused(declare, claim, fact):
    with pytest.raises(SpecError, match=fact):
        check([declare(course("a * q**t", claim), "senseless")])


@pytest.mark.parametrize(
    ("value", "claim", "status"),
    [
        # the number of a period is not the hyperparameter k
        ("a * q**k * q ** floor((t - 1) / n)", "sums_to(a * n * q**k / (1 - q))", "proved"),
        ("a * q**k * q ** floor((t - 1) / n)", "sums_to(a * n * q / (1 - q**2))", "refuted"),
        ("a * q ** floor((t - 1) / k)", "sums_to(a * k / (1 - q))", "proved"),
        # neither is that of the steps after one that is named
        ("a * (1 + where(t > 10, 10 + k - t, 0))", "ends_at(a, at=10)", "refuted"),
        ("a * Max(k - t, 1) / k", "ends_at(a / k, at=k)", "proved"),
        # nor is j an index of a sum
        ("a * j**t", "sums_to(a * j / (1 - j))", "proved"),
        ("a * j ** (t - 1)", "sums_to(a / (1 - j))", "proved"),
        ("a * j**t", "partial_sum(a * j * (1 - j**t) / (1 - j))", "proved"),
        ("a * j**t", "sums_to(a / (1 - j))", "refuted"),
        ("a / t**3", "sums_to(a * Rational(12020569, 10**7))", "undecided"),  # zeta(3) is no power of pi
        ("a / t**3", "sums_to(2 * a)", "refuted"),
    ],
)
def test_names_that_a_proof_uses_itself(declare, value, claim, status):
    pre = 'k = hyper("k", default="2", domain="integer >= 1")\nj = hyper("j", default="0.5", domain="[0, 1)")\n'
    (result,) = prove(declare(pre + course(value, claim)))
    assert result.status == status, result
    assert "inner fault" not in result.reason


def test_the_replay_finds_what_is_wrong_by_itself():
    """By bounds of the terms that follow, which know nothing of the tactics."""
    t, a = scalars("t"), hyper("a", default="1", domain="> 0")
    for value, right, high, low in (
        (a / t**2, sympy.pi**2 / 6, sympy.Rational(166, 100), sympy.Rational(163, 100)),
        (a / 2**t, 1, sympy.Rational(1001, 1000), sympy.Rational(999, 1000)),
    ):
        rule = Schedule(name="Course", source="a test", value=value)
        for total, holds in ((right, True), (high, False), (low, False)):
            found = replay(Statement(Runs(rule, constant=("a",)), Total(value, a * total)))
            assert found.runs
            assert (found.broken is None) is holds
    found = replay(Statement(Runs(rule, constant=("a",)), TotalUpTo(value, a - a / 2 ** (t + 1))))
    assert found.broken


# The shipped ones.


@pytest.mark.parametrize("key", [key for key, claims in SUMMED.items() if claims])
def test_the_generated_schedule_adds_up_to_what_is_proved(key):
    """At small numbers, so that little is left after some thousand steps."""
    numbers = {"lr": 0.5, "gamma": 0.75, "period": 3, "steps": 7, "warmup_steps": 5, "end": 0.0}
    for claim in SUMMED[key]:
        numbers |= {h.name: float(v) for h, v in claim.at.items()}
        hyper = {h.name: numbers[h.name] for h in ALL[key].schedule.hypers}
        function = getattr(generated, ALL[key].schedule.name)(**hyper)
        total = math.fsum(function(t) for t in range(1, 4001))
        wanted = float(claim.value.subs({s: numbers[s.name] for s in claim.value.free_symbols}))
        assert total == pytest.approx(wanted, abs=0.5 / 3900)


@pytest.mark.fast
@pytest.mark.parametrize("key", ["constant", "halving", "exponential"])
def test_the_generated_schedule_has_the_partial_sums_that_are_proved(key):
    (claim,) = (c for c in ALL[key].schedule.claims if isinstance(c, PartialSum))
    function = getattr(generated, ALL[key].schedule.name)()
    numbers = {h.name: float(h.value) for h in ALL[key].schedule.hypers}
    for t in (1, 2, 10, 50):
        values = {s: numbers | {"t": t} for s in claim.value.free_symbols}
        wanted = float(claim.value.subs({s: of[s.name] for s, of in values.items()}))
        assert math.fsum(function(k) for k in range(1, t + 1)) == pytest.approx(wanted, rel=1e-12)


def test_the_sums_of_the_lectures():
    """a / t**2 sums to a pi**2 / 6, a / 2**t to a, and of a / t the partial sums exceed every number."""
    said = {key: {r.claim: r.status for r in prove(ALL[key])} for key in ("inverse_square", "halving", "inverse")}
    assert said["inverse_square"]["sum of a[t] is lr*pi**2/6"] == "proved"
    assert said["halving"]["sum of a[t] is lr"] == said["halving"]["partial sums"] == "proved"
    assert said["inverse"]["sum of a[t] diverges"] == "proved"
    total = math.fsum(generated.InverseSquare(lr=1)(t) for t in range(1, 10**5))
    assert total == pytest.approx(math.pi**2 / 6, abs=1.1e-5)
