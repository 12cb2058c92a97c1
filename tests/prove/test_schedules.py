"""Schedules: their values, which sums converge, the generated classes, what must be refuted."""

import itertools
import math
import re
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from stepsmith import pacing
from stepsmith import schedules as generated
from stepsmith.codegen.backends import BACKENDS
from stepsmith.codegen.check import check
from stepsmith.codegen.claims.schedules import RobbinsMonro, ScheduleClaim, Sum
from stepsmith.codegen.expr.printing import Latex, Python
from stepsmith.codegen.expr.tree import arrange, ranks
from stepsmith.codegen.files import changes, orphans, write
from stepsmith.codegen.load import GENERATED, ROOT, SpecError
from stepsmith.codegen.numeric.rules import numeric, numeric_schedule
from stepsmith.codegen.prove import prove
from stepsmith.codegen.readback import readback
from stepsmith.codegen.render import render
from stepsmith.codegen.spec import domain
from stepsmith.numpy import SGD
from tests.conftest import cli, overwrite, refused, schedules, spoil, thorough

ALL = schedules("schedules")
PACING = schedules("pacing")
README = (ROOT / "README.md").read_text()


def statuses(spec) -> dict[str, str]:
    check([spec])
    return {result.claim: result.status for result in prove(spec)}


def schedule(value: str, claims: str) -> str:
    return (
        "from stepsmith.codegen.claims import ends_at, non_decreasing, partial_sum\n"
        "from stepsmith.codegen.claims import robbins_monro, starts_at, sums_to, within\n"
        'steps = hyper("steps", default="10", domain="integer >= 1")\n'
        'a = hyper("a", default="1", domain="> 0")\n'
        'p = hyper("p", default="0.75", domain="> 0")\n'
        'q = hyper("q", default="0.5", domain="(0, 1)")\n'
        f'RULE = Schedule(name="Rule", source="a test", value={value}, claims=({claims},))'
    )


# Values.

VALUES = [
    ("Constant", {"lr": 0.5}, {1: 0.5, 10**9: 0.5}),
    ("Inverse", {"lr": 0.5}, {1: 0.5, 4: 0.125}),
    ("InverseSquare", {"lr": 0.5}, {1: 0.5, 4: 0.03125}),
    ("InverseSqrt", {"lr": 0.5}, {3: 0.25, 24: 0.1}),
    ("InverseSqrtFromOne", {"lr": 0.5}, {1: 0.5, 4: 0.25, 25: 0.1}),
    ("InversePower", {"lr": 1, "power": 0.5}, {1: 1, 16: 0.25}),
    ("Halving", {"lr": 1}, {1: 0.5, 10: 2**-10, 1074: 5e-324, 2000: 0}),
    ("StepDecay", {"lr": 1, "gamma": 0.5, "period": 3}, {1: 1, 3: 1, 4: 0.5, 6: 0.5, 7: 0.25}),
    ("Exponential", {"lr": 1, "gamma": 0.5}, {1: 1, 2: 0.5, 4: 0.125}),
    ("Polynomial", {"lr": 1, "end": 0.2, "power": 2, "steps": 4}, {1: 1, 3: 0.4, 5: 0.2, 6: 0.2}),
    ("Cosine", {"lr": 1, "end": 0.2, "steps": 4}, {1: 1, 3: 0.6, 5: 0.2, 100: 0.2}),
    ("CosineRestarts", {"lr": 1, "end": 0.2, "period": 4}, {1: 1, 3: 0.6, 5: 1, 7: 0.6, 401: 1}),
    ("WarmupConstant", {"lr": 1, "warmup_steps": 4}, {1: 0.25, 3: 0.75, 4: 1, 5: 1}),
    ("WarmupInverse", {"lr": 1, "warmup_steps": 4}, {1: 0.25, 4: 1, 5: 0.5, 7: 0.25}),
    ("WarmupInverseSqrt", {"lr": math.sqrt(2), "warmup_steps": 2}, {1: 0.5, 2: 1, 8: 0.5}),
    ("WarmupInverseSqrtFromOne", {"lr": 1, "warmup_steps": 2}, {1: 0.5, 2: 1, 5: 0.5}),
    ("WarmupCosine", {"lr": 1, "steps": 4, "warmup_steps": 4}, {2: 0.5, 4: 1, 6: 0.5, 8: 0, 9: 0}),
    ("WarmupStepDecay", {"lr": 1, "gamma": 0.5, "period": 2, "warmup_steps": 2}, {1: 0.5, 2: 1, 3: 1, 4: 0.5}),
    ("WarmupCosineRestarts", {"lr": 1, "period": 4, "warmup_steps": 2}, {1: 0.5, 2: 1, 4: 0.5, 6: 1}),
]


@pytest.mark.fast
@pytest.mark.parametrize(("name", "hyper", "values"), VALUES)
def test_values(name, hyper, values):
    function = getattr(generated, name)(**hyper)
    for t, value in values.items():
        assert function(t) == pytest.approx(value, rel=1e-14, abs=1e-16)


@pytest.mark.fast
def test_every_schedule_can_be_warmed_up():
    plain = [spec.schedule.name for spec in ALL.values() if not spec.schedule.name.startswith("Warmup")]
    assert {spec.schedule.name for spec in ALL.values()} == {f"{w}{name}" for w in ("", "Warmup") for name in plain}
    for name in plain:
        bare, warmed = getattr(generated, name)(), getattr(generated, f"Warmup{name}")(warmup_steps=10)
        assert [warmed(t) for t in (1, 5)] == pytest.approx([bare(1) / 10, bare(1) / 2], rel=1e-14)
        assert [warmed(9 + t) for t in range(1, 50)] == pytest.approx([bare(t) for t in range(1, 50)], rel=1e-14)


def test_pacing():
    linear, root = pacing.LinearCompetence(start=0.5, steps=4), pacing.SqrtCompetence(start=0.5, steps=3)
    assert [linear(t) for t in (1, 3, 5, 9)] == [0.5, 0.75, 1, 1]
    assert [root(t) for t in (1, 2, 4, 9)] == pytest.approx([0.5, math.sqrt(0.5), 1, 1])
    single = pacing.SingleStepPacing(start=0.25, steps=2)
    assert [single(t) for t in (1, 2, 3)] == [0.25, 0.25, 1]


def test_an_optimizer_takes_a_schedule():
    w = np.zeros(3)
    opt = SGD(w, lr=generated.Cosine(lr=1.0, steps=2))
    for total in (-1, -1.5, -1.5):
        opt.step(np.ones(3))
        assert w.tolist() == pytest.approx([total] * 3)


def test_values_outside_the_domain_are_refused():
    with pytest.raises(ValueError, match=r"Cosine: steps = 2.5 is not allowed; it needs integer steps >= 1"):
        generated.Cosine(steps=2.5)
    with pytest.raises(ValueError, match=r"StepDecay: gamma = 1.0 is not allowed; it needs 0 < gamma < 1"):
        generated.StepDecay(gamma=1)
    with pytest.raises(ValueError, match="it needs lr > 0"):
        generated.Inverse().lr = float("nan")
    with pytest.raises(TypeError, match=r"lr is .0\.1.; it has to be a number"):
        generated.Inverse(lr="0.1")
    with pytest.raises(AttributeError, match="Cosine has no hyperparameter step; write steps"):
        generated.Cosine().step = 3
    with pytest.raises(ValueError, match="steps are counted from 1"):
        generated.Inverse()(0)
    assert repr(generated.Inverse(lr=2)) == "Inverse(lr=2.0)"


# Proofs.

YES, NO = "yes", "no"
TABLE = {
    "constant": {"": (YES, NO)},
    "inverse": {"": (YES, YES)},
    "inverse_square": {"": (NO, YES)},
    "inverse_sqrt": {"": (YES, NO)},
    "inverse_sqrt_from_one": {"": (YES, NO)},
    "inverse_power": {
        " for 0 < power <= 0.5": (YES, NO),
        " for 0.5 < power <= 1": (YES, YES),
        " for power > 1": (NO, YES),
    },
    "halving": {"": (NO, YES)},
    "step_decay": {"": (NO, YES)},
    "exponential": {"": (NO, YES)},
    "polynomial": {" for end = 0": (NO, YES), " for end > 0": (YES, NO)},
    "cosine": {" for end = 0": (NO, YES), " for end > 0": (YES, NO)},
    "cosine_restarts": {"": (YES, NO)},
}


@pytest.mark.parametrize("key", ALL)
def test_the_robbins_monro_table(key):
    spec = ALL[key]
    claims = tuple(claim for claim in spec.schedule.claims if isinstance(claim, RobbinsMonro))
    found = statuses(replace(spec, schedule=replace(spec.schedule, claims=claims)))
    for where, (diverges, squares_converge) in TABLE[key.removeprefix("warmup_")].items():
        assert found[f"sum of a[t] {'diverges' if diverges == YES else 'converges'}{where}"] == "proved"
        assert found[f"sum of a[t]**2 {'converges' if squares_converge == YES else 'diverges'}{where}"] == "proved"


@pytest.mark.parametrize("key", ALL)
def test_the_opposite_of_each_claim_is_refuted(key, declare):
    """With the wrong truth value, each half of a claim is refuted, and the comparison that shows it is printed."""
    spec = ALL[key]
    claims = [c for c in spec.schedule.claims if isinstance(c, RobbinsMonro)]
    wrong = tuple(replace(c, diverges=not c.diverges, square_summable=not c.square_summable) for c in claims)
    found = list(prove(replace(spec, schedule=replace(spec.schedule, claims=wrong))))
    assert len(found) == 2 * len(wrong)
    for result in found:
        assert result.status == "refuted"
        assert "it converges: " in result.counterexample["fact"] or "it diverges: " in result.counterexample["fact"]


# kind, a schedule, a true claim, and mutants of the schedule of which it is false
CASES = [
    (
        "RobbinsMonro",
        "a / (t + 3)",
        "robbins_monro(diverges=True, square_summable=True)",
        [("t + 3", "sqrt(t + 3)"), ("t + 3", "t**2 + 3"), ("t + 3", "2**t + 3"), ("t + 3", "Min(t, 3)")],
    ),
    (
        "RobbinsMonro",
        "a * q ** floor(t / steps)",
        "robbins_monro(diverges=False, square_summable=True)",
        [("floor(t / steps)", "(1 / t)"), ("floor(t / steps)", "Mod(t, steps)"), ("* q **", "+ q **")],
    ),
    (
        "RobbinsMonro",
        "a * (1 + cos(pi * Mod(t, steps) / steps))",
        "robbins_monro(diverges=True, square_summable=False)",
        [("Mod(t, steps)", "Min(t, steps)")],
    ),
    (
        "SumsTo",
        "a / t**2",
        "sums_to(a * pi**2 / 6)",
        [("t**2", "t"), ("a /", "a + a /"), ("t**2", "(t + 1) ** 2"), ("a /", "2 * a /")],
    ),
    (
        "PartialSum",
        "a * q ** (t - 1)",
        "partial_sum(a * (1 - q**t) / (1 - q))",
        [("t - 1", "t"), ("a *", "2 * a *"), ("q **", "q / 2 **")],
    ),
    ("StartsAt", "a * q ** (t - 1)", "starts_at(a)", [("t - 1", "t"), ("a *", "2 * a *")]),
    (
        "EndsAt",
        "a * (1 + cos(pi * Min(t - 1, steps) / steps)) / 2",
        "ends_at(0, at=steps + 1)",
        [("Min(t - 1", "Min(t - 2"), ("pi", "3"), ("Min(t - 1, steps)", "(t - 1)"), ("1 + cos", "2 + cos")],
    ),
    (
        "Within",
        "Min(1, q + (1 - q) * (t - 1) / steps)",
        "within(0, 1)",
        [("Min(1", "Min(2"), ("Min(1, ", "Min(1, -1 + "), ("q + (1 - q)", "0")],
    ),
    (
        "NonDecreasing",
        "where(t > steps, 1, q) + sqrt(t)",
        "non_decreasing()",
        [("steps, 1, q", "steps, q, 1"), ("sqrt(t)", "1 / t"), ("sqrt(t)", "cos(t)")],
    ),
]


@pytest.mark.parametrize(("kind", "value", "claim", "mutants"), CASES)
def test_true_of_the_schedule_and_false_of_its_mutants(declare, kind, value, claim, mutants):
    assert set(statuses(declare(schedule(value, claim))).values()) == {"proved"}
    for number, (old, new) in enumerate(mutants):
        assert old in value
        found = list(prove(declare(schedule(value.replace(old, new), claim), f"mutant{number}")))
        assert "refuted" in {result.status for result in found}, (old, new, found)
        assert all(result.counterexample for result in found if result.status == "refuted")


def test_every_kind_of_claim_has_mutants():
    kinds = {kind.__name__ for kind in (*ScheduleClaim.__subclasses__(), *Sum.__subclasses__())} - {"Sum"}
    assert kinds == {case[0] for case in CASES}


@pytest.mark.parametrize(
    ("value", "claim", "wanted"),
    [
        ("a / (t + 3)", "robbins_monro(diverges=True, square_summable=True)", "proved"),
        ("a * t / (t**3 + 1)", "robbins_monro(diverges=False, square_summable=True)", "proved"),
        ("a * t * q**t", "robbins_monro(diverges=False, square_summable=True)", "proved"),
        ("a / (3 + q ** (-t))", "robbins_monro(diverges=False, square_summable=True)", "proved"),
        ("a * (2 - q**t) / t", "robbins_monro(diverges=True, square_summable=True)", "proved"),
        ("a * (1 + q ** (t + 1)) / (1 + q**t)", "robbins_monro(diverges=False, square_summable=True)", "refuted"),
        *thorough([("a * (1 + p**t) / t", "robbins_monro(diverges=True, square_summable=True)", "undecided")]),
        ("a / sqrt(t) + a / t", "robbins_monro(diverges=True, square_summable=False)", "proved"),
        ("where(t < steps, a, a / t)", "robbins_monro(diverges=True, square_summable=True)", "proved"),
        ("where(t < steps, a / t, a)", "robbins_monro(diverges=True, square_summable=True)", "refuted"),
        ("Max(a / t, 0)", "robbins_monro(diverges=True, square_summable=True)", "proved"),
        ("a * (2 - Mod(t, steps) / steps)", "robbins_monro(diverges=True, square_summable=False)", "proved"),
        ("a / log(t + 1)", "robbins_monro(diverges=True, square_summable=False)", "proved"),
        # none of these is near enough to a power of t, or to a geometric series
        *thorough([("a / (t * log(t + 1))", "robbins_monro(diverges=True, square_summable=True)", "undecided")]),
        ("a / t**p", "robbins_monro(diverges=True, square_summable=True)", "refuted"),
        ("a * (1 + cos(t)) / t", "robbins_monro(diverges=True, square_summable=True)", "undecided"),
        ("a - a", "robbins_monro(diverges=False, square_summable=True)", "proved"),
        ("q - p", "robbins_monro(diverges=True, square_summable=False)", "refuted"),
    ],
)
def test_series_of_other_schedules(declare, value, claim, wanted):
    found = list(prove(declare(schedule(value, claim))))
    assert wanted in {result.status for result in found}
    assert wanted != "proved" or len({result.status for result in found}) == 1
    for result in found:
        assert result.status != "undecided" or "no tactic (finite sum, " in result.reason


@pytest.mark.parametrize(
    ("claim", "wanted"),
    [
        ("starts_at(a)", "proved"),
        ("starts_at(a / 2)", "refuted"),
        ("ends_at(0, at=steps + 1)", "proved"),
        ("ends_at(0, at=steps)", "refuted"),
        ("ends_at(a, at=steps + 1)", "refuted"),
    ],
)
def test_first_and_last_values(declare, claim, wanted):
    (result,) = prove(declare(schedule("a * (1 + cos(pi * Min(t - 1, steps) / steps)) / 2", claim)))
    assert result.status == wanted
    assert wanted == "proved" or result.counterexample


@pytest.mark.fast
@pytest.mark.parametrize(
    ("value", "claims", "fact"),
    [
        ("a * g", "starts_at(a)", "a scalar cannot be computed from the array g"),
        ("a * c", "starts_at(a)", "c is not known"),
        ("a * 0.5", "starts_at(a)", "the float 0.5"),
        ("a * sympy.sin(t)", "starts_at(a)", "sin(t) is not elementwise"),
        ("a * sympy.E", "starts_at(a)", "E is not rational"),
        ("a / t", "starts_at(p)", "the schedule has no p"),
        ("a / t", "ema(m, of=g, decay=q)", "is not said of a schedule"),
        ("a / t", "robbins_monro(diverges=True, square_summable=True, at={a: 0})", "0 is not in the domain of a"),
        ("a / t", "robbins_monro(diverges=True, square_summable=True, domains={a: '>= 0'})", "more than the domain"),
        ("a / t", "robbins_monro(diverges=True, square_summable=True, domains={a: 'much'})", "cannot be read"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(declare, value, claims, fact):
    with pytest.raises(SpecError) as error:
        check([declare(schedule(value, claims))])
    assert fact in str(error.value)


def test_an_optimizer_does_not_converge(declare):
    text = 'RULE = Optimizer(name="Rule", source="x", state={}, steps=(Step(new(w), w - lr * g),), claims=({},))'
    claim = "robbins_monro(diverges=True, square_summable=True)"
    with pytest.raises(SpecError, match="is not said of an optimizer"):
        check([declare("from stepsmith.codegen.claims import robbins_monro\n" + text.replace("({},)", f"({claim},)"))])


# The file on disk.


@pytest.mark.parametrize("spec", ALL.values(), ids=lambda spec: spec.key)
def test_the_file_on_disk_is_the_spec(spec):
    for result in readback(spec, "", GENERATED):
        assert result.status == "proved", result
    (result,) = numeric_schedule(spec, GENERATED)
    assert result.status == "tested", result
    assert float(re.search(r"worst ([\d.]+) ulp", result.reason)[1]) < 3


EDITS = [
    ("inverse", "self.lr / t\n", "self.lr / (t + 1)\n", {"readback", "float64"}),
    ("inverse_sqrt", "math.sqrt(1 + t)", "math.sqrt(t)", {"readback", "float64"}),
    ("halving", "self.lr * (1 / 2) ** t", "self.lr * (1 / 2) ** (t - 1)", {"readback", "float64"}),
    ("step_decay", "math.floor((t - 1) / self.period)", "(t - 1) / self.period", {"readback", "float64"}),
    ("step_decay", "floor((t - 1) / self.period)", "floor(t / self.period)", {"readback", "float64"}),
    ("cosine", "math.pi * min", "2 * min", {"readback", "float64"}),
    ("cosine", "min(self.steps, t - 1)", "max(self.steps, t - 1)", {"readback", "float64"}),
    ("cosine_restarts", "math.pi * ((t - 1) % self.period)", "math.pi * (t - 1) % self.period", {"readback"}),
    ("warmup_constant", "min(self.warmup_steps, t)", "t", {"readback", "float64"}),
    ("exponential", "gamma: float = 0.99", "gamma: float = 0.9", {"class"}),
    ("exponential", '"lr": ("lr > 0", lambda lr: lr > 0)', '"lr": ("lr > 0", lambda lr: lr >= 0)', {"class"}),
    ("exponential", "gamma=gamma,", "gamma=lr,", {"class"}),
    ("polynomial", "and steps % 1 == 0", "and steps % 2 == 0", {"class"}),
    ("inverse", "not fits(number) or not holds(number)", "not fits(number)", {"class"}),
    ("inverse", '"integer ") else float(number))', '"integer ") else float(number) + 1)', {"class"}),
]


@pytest.mark.parametrize(("key", "old", "new", "claims"), EDITS)
def test_a_changed_file_is_refuted(copied, key, old, new, claims):
    path = copied / "schedules.py"
    start = path.read_text().index(f"class {ALL[key].schedule.name}(") if old in _class(path, ALL[key]) else 0
    text = path.read_text()
    assert old in text[start:]
    overwrite(path, text[:start] + text[start:].replace(old, new, 1))
    found = {r.claim: r for r in (*readback(ALL[key], "", copied), *numeric_schedule(ALL[key], copied))}
    for claim in claims:
        assert refused(found[claim]), found[claim]


def _class(path, spec) -> str:
    return path.read_text().partition(f"class {spec.schedule.name}(")[2].partition("\nclass ")[0]


def test_another_spelling_is_proved(copied):
    spoil(copied / "schedules.py", "return self.lr / math.sqrt(1 + t)", "return self.lr * (t + 1) ** -(1 / 2)")
    assert [r.status for r in readback(ALL["inverse_sqrt"], "", copied)] == ["proved", "proved"]


def test_a_missing_file_is_undecided(copied):
    (copied / "schedules.py").unlink()
    assert {r.status for r in readback(ALL["inverse"], "", copied)} == {"undecided"}


def test_generate_and_check(tmp_path):
    out = tmp_path / "out"
    assert cli("generate", "sgd", "--out", str(out)).returncode == 0
    assert not (out / "schedules.py").exists()
    assert cli("generate", "schedules", "--out", str(out), PYTHONHASHSEED="7").returncode == 0
    assert (out / "schedules.py").read_bytes() == (GENERATED / "schedules.py").read_bytes()
    assert cli("generate", "cosine", "--check", "--out", str(out)).returncode == 0
    spoil(out / "schedules.py", "lr: float = 0.1", "lr: float = 0.2")
    assert "stale" in cli("generate", "schedules", "--check", "--out", str(out)).stdout
    assert "+        lr: float = 0.1," in cli("generate", "schedules", "--diff", "--out", str(out)).stdout
    (out / "schedules.py").rename(out / "calendars.py")
    assert [change.path.name for change in orphans(out, {})] == ["calendars.py"]


def test_the_generated_module_stands_alone(tmp_path):
    """The file, with what stands beside it in `_runtime`, needs nothing but the standard library."""
    write(changes(render(ALL.values(), BACKENDS, tmp_path / "copied")))
    code = "from copied.schedules import Cosine; import sys; assert 'numpy' not in sys.modules; print(Cosine(lr=1)(1))"
    found = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert found.stdout == "1.0\n"


def test_the_command_line_knows_schedules():
    listed = cli("list").stdout
    assert re.search(r"^cosine +schedules +Loshchilov", listed, re.MULTILINE)
    shown = cli("show", "step_decay").stdout
    assert "a[t] = lr * gamma ** floor((t - 1) / period)" in shown
    assert r"\left\lfloor" in cli("show", "step_decay", "--latex").stdout
    assert "ratio test" in cli("show", "step_decay", "--derivation").stdout
    run = cli("verify", "cosine", "-v")
    assert run.returncode == 0
    assert "proved    sum of a[t] converges for end = 0" in run.stdout


def test_a_users_schedule(declare, tmp_path):
    value = "a * (1 + cos(pi * Mod(t, steps) / steps)) * exp(-floor(t / steps)) / sqrt(t) * Max(1, Min(t, steps))"
    spec = declare(schedule(value, "starts_at(a * (1 + cos(pi * Mod(1, steps) / steps)) * exp(-floor(1 / steps)))"))
    out = tmp_path / "out"
    write(changes(render([spec], BACKENDS, out)))
    assert sorted(path.name for path in out.iterdir()) == ["__init__.py", "_runtime", "written.py"]
    assert [r.status for r in (*readback(spec, "", out), *numeric_schedule(spec, out))] == [
        "proved",
        "proved",
        "tested",
    ]


def test_domains_of_whole_numbers():
    whole = domain.parse("integer >= 1")
    assert Fraction(3) in whole
    assert Fraction(5, 2) not in whole
    assert Fraction(0) not in whole
    assert (whole.condition("k"), whole.test("k")) == ("integer k >= 1", "k >= 1 and k % 1 == 0")
    assert domain.parse("> 0").covers(whole)
    assert not whole.covers(domain.parse(">= 1"))
    assert domain.parse("(0, 1]").covers(domain.parse("(0.5, 1]"))
    assert not domain.parse("(0, 1)").covers(domain.parse("(0.5, 1]"))
    assert not domain.parse("(0, 1)").covers(domain.parse("> 0.5"))


# What only scalars may use works in the scalar steps of optimizers, too.


def test_an_optimizer_may_use_floor_cos_and_pi_for_its_scalars(declare, tmp_path):
    spec = declare(
        'RULE = Optimizer(name="Rule", source="x", state={}, steps=('
        "Step(c, lr * (2 + cos(pi * Mod(t, 7) / 7)) / (1 + floor(t / 3))), Step(new(w), w - c * g)))"
    )
    check([spec])
    write(changes(render([spec], BACKENDS, tmp_path)))
    for backend in BACKENDS:
        assert {r.status for r in readback(spec, backend, tmp_path)} == {"proved"}
    found = {r.claim: r.status for r in numeric(spec, tmp_path, ("numpy",))}
    assert set(found.values()) == {"tested"}


def test_arrays_may_not_use_them(declare):
    for value in ("cos(g)", "floor(g)", "pi * g"):
        text = f'RULE = Optimizer(name="Rule", source="x", state={{}}, steps=(Step(new(w), w - {value}),))'
        with pytest.raises(SpecError, match=r"is for scalars|is not rational"):
            check([declare(text)])


def test_spelling():
    spec = ALL["cosine_restarts"].schedule
    node = arrange(spec.value, ranks(spec))
    assert Python()(node) == "end + (lr - end) * (1 + math.cos(math.pi * ((t - 1) % period) / period)) / 2"
    assert r"\cos\left(\frac{\pi \, ((t - 1) \bmod \mathrm{period})}{\mathrm{period}}\right)" in Latex((), ())(node)


# The README.


def test_the_table_of_the_readme():
    rows = re.findall(r"^\| `(\w+)` \|([^|]*)\|([^|]*)\|([^|]*)\|$", README, re.MULTILINE)
    found = {(name, where.strip()): (first.strip(), second.strip()) for name, where, first, second in rows}
    wanted = {
        (ALL[key].schedule.name, where.removeprefix(" for ")): answers
        for key, cases in TABLE.items()
        for where, answers in cases.items()
    }
    assert found == {(name, f"`{where}`" if where else ""): answers for (name, where), answers in wanted.items()}


def test_the_example_of_the_readme_runs():
    (block,) = [b for b in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "WarmupCosine" in b]
    names: dict = {"params": np.zeros(2), "batches": itertools.repeat(np.ones(2), 5)}
    exec(block, names)
    assert names["opt"].t == 5
