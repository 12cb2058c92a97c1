"""Small schedules and layers with claims that are true or false by construction, ends of domains above all."""

import pytest

from stepsmith.codegen.check import check
from stepsmith.codegen.load import SpecError
from stepsmith.codegen.prove import prove
from stepsmith.codegen.replay import replay
from stepsmith.codegen.statement.schedules import SumOver

HEAD = """
steps = hyper("steps", default="10", domain="integer >= 1")
few = hyper("few", default="3", domain="integer >= 0")
a = hyper("a", default="1", domain="> 0")
a0 = hyper("a0", default="1", domain=">= 0")
p = hyper("p", default="1.5", domain="[1, 2]")
q = hyper("q", default="0.5", domain="(0, 1)")
q0 = hyper("q0", default="0.5", domain="[0, 1)")
q1 = hyper("q1", default="0.5", domain="(0, 1]")
share = hyper("share", default="0.5", domain="[0, 1]")
z = hyper("z", default="0.5", domain="real")
"""
P, R, U = "proved", "refuted", "undecided"
NESTED = "where(t > 3, where(t > 6, a, a / 2), a / 4)"


def _series(diverges: bool, squares: bool) -> str:
    return f"robbins_monro(diverges={diverges}, square_summable={squares})"


# a schedule, the two answers to "the sum diverges", "that of the squares converges"
SUMS = [
    ("a / (1 + a0 * t)", P, R),  # a0 = 0: the same at every step
    ("a0 / t", R, P),  # a0 = 0: nothing
    ("a * z / t", R, P),
    ("a * (z**2 + 1) / t", P, P),
    ("a / t**p", R, P),  # p > 1
    ("a / (t + few)", P, P),
    ("-a / t", P, P),
    ("a / log(t + 1)", P, R),
    ("a * q1**t", R, R),  # q1 = 1 diverges, q1 < 1 converges
    ("a * q0 ** (t - 1)", R, P),
    ("a * (1 - q) ** (t - 1)", R, P),
    ("a * (a0 / (1 + a0))**t", R, P),
    ("a * exp(-t)", R, P),
    ("a * exp(-share * t)", R, R),
    ("a * (1 / t**2 + q1**t)", R, R),
    ("a * log(t) / t**2", R, P),
    ("a * Mod(t, steps)", R, R),  # nothing for steps = 1, and a value that comes back for steps = 2
    ("a * (-1)**t / t", U, P),  # it converges, but not absolutely
    ("a * where(Mod(t, 2) > 0, 1, -1) / t", U, P),
    ("Max(a - t / steps, 0)", R, P),
    ("where(a0 * t > steps, a / t, a)", P, R),
    ("a / (t - steps)", R, R),  # without a value at t = steps
    ("a / (t + z)", R, R),
    ("a * t ** (-q0)", P, R),
    ("a * (1 - 1 / t)", P, R),
]


@pytest.mark.parametrize(("value", "diverges", "squares"), SUMS)
def test_sums_of_schedules_to_the_ends_of_their_domains(declare, value, diverges, squares):
    spec = declare(f'{HEAD}TRIED = Schedule(name="Tried", source="x", value={value}, claims=({_series(True, True)},))')
    check([spec])
    found = list(prove(spec))
    assert [result.status for result in found] == [diverges, squares], found
    for result in found:
        assert isinstance(result.statement.relation, SumOver)
        assert all(f"{h.name} constant" in result.assumed for h in spec.schedule.hypers)


# a schedule, a claim, the verdict
COURSES = [
    ("Min(1, t / steps)", "within(0, 1)", P),
    ("Min(1, t / steps)", "non_decreasing()", P),
    ("Min(1, t / steps)", "ends_at(1, at=steps)", P),
    ("Min(1, t / steps)", "ends_at(1, at=steps / 2)", R),
    ("Min(1, t / steps)", "ends_at(1, at=steps - 3)", R),
    ("Min(1, t / steps)", "starts_at(1 / steps)", P),
    ("Max(a - t / steps, 0)", "ends_at(0, at=a * steps)", P),
    ("Max(a - t / steps, 0)", "within(-1, a)", P),
    ("Max(a - t / steps, 0)", "within(0, a)", R),
    ("where(t <= steps, q, 1)", "non_decreasing()", P),
    ("where(t < steps, q, 1)", "starts_at(q)", R),  # steps = 1
    ("where(t < steps, 1, q)", "non_decreasing()", R),
    ("where(t <= steps, q, 1)", "ends_at(1, at=steps)", R),
    (NESTED, "non_decreasing()", P),
    (NESTED, "ends_at(a, at=7)", P),
    (NESTED, "ends_at(a, at=6)", R),
    ("a * sign(t - 3)", "non_decreasing()", P),
    ("a * (1 - 1 / t)", "non_decreasing()", P),
    ("a * (1 - 1 / t)", "within(0, a)", R),  # it starts at 0
    ("a * q0 ** (t - 1)", "within(0, a)", R),  # q0 = 0
    ("a * q ** (t - 1)", "within(0, a)", P),
    ("a0 * q**t", "within(0, a0)", R),  # a0 = 0
    ("a * Mod(t, steps)", "non_decreasing()", R),
    ("a * floor(t / steps)", "non_decreasing()", P),
    ("a / (t - steps)", "within(0, a)", R),
    ("a / (t - steps)", "non_decreasing()", R),
    ("a / log(t)", "starts_at(a)", R),
    ("a * sqrt(1 - t / steps)", "within(0, a)", R),
    ("a ** (1 / t)", "non_decreasing()", R),
    ("q1 + (1 - q1) * (t - 1) / steps", "non_decreasing()", P),
    ("q1 + (1 - q1) * (t - 1) / steps", "within(0, 1)", R),
]


@pytest.mark.parametrize(("value", "claim", "verdict"), COURSES)
def test_courses_of_schedules_and_what_exact_numbers_say(declare, value, claim, verdict):
    spec = declare(f'{HEAD}TRIED = Schedule(name="Tried", source="x", value={value}, claims=({claim},))')
    check([spec])
    (result,) = prove(spec)
    assert result.status == verdict, result
    assert (replay(result.statement).broken is not None) == (verdict == R)


@pytest.mark.fast
def test_what_only_hyperparameters_decide_is_assumed(declare):
    value, claim = "a / (a - 1) / t", "starts_at(a / (a - 1))"
    (result,) = prove(declare(f'{HEAD}TRIED = Schedule(name="Tried", source="x", value={value}, claims=({claim},))'))
    assert result.status == P
    assert "a - 1 != 0" in result.assumed


LAYER = """
x, y, x_hat, dx, dy = arrays("x y x_hat dx dy")
mean, var, gamma, bias, kept, size = channels("mean var gamma bias kept size")
m = scalars("m")
eps = hyper("eps", default="1e-5", domain=">= 0")
rate = hyper("rate", default="0.1", domain="[0, 1]")
slope = hyper("slope", default="0.5", domain="real")
"""
NORMED = (
    "Step(mean, average(x)), Step(var, average((x - mean)**2)), Step(x_hat, (x - mean) / sqrt(var + eps)), "
    "Step(y, gamma * x_hat + bias)"
)
KEPT = f"{NORMED}, Step(new(kept), (1 - rate) * kept + rate * mean)"
BENT = "Step(y, gamma * where(x > 0, x, slope * x) + bias)"
SIZED = "Step(size, average(Abs(x))), Step(y, gamma * x / size + bias)"
UNBIASED = f"{NORMED}, Step(new(kept), rate * kept + (1 - rate) * m / (m - 1) * var)"


def _layer(steps: str, claim: str, state: str = "{}") -> str:
    return (
        f'{LAYER}LAYER = Layer(name="Tried", source="x", input=x, output=y, parameters={{gamma: 1, bias: 0}}, '
        f"state={state}, steps=({steps},), inference=(Step(y, gamma * x + bias),), claims=({claim},))"
    )


# steps, states, a claim, the verdict, what is assumed
LAYERS = [
    (NORMED, "{}", "holds(average(x_hat), 0)", P, "var + eps != 0"),
    (NORMED, "{}", "holds(average(x_hat**2), 1)", R, ""),
    (NORMED, "{}", "holds(average(x_hat**2), 1, at={eps: 0})", P, "var != 0"),
    (NORMED, "{}", "holds(average(Abs(x_hat)), Abs(average(x_hat)))", R, ""),
    (SIZED, "{}", "holds(average(Abs(y - bias)), gamma)", R, ""),  # gamma < 0
    (SIZED, "{}", "gradient(bias, m * average(dy))", P, "x != 0"),
    ("Step(mean, average(Max(slope * x, 0))), Step(y, x + mean + gamma + bias)", "{}",
     "holds(mean, slope * average(Max(x, 0)))", R, ""),
    ("Step(y, gamma * Abs(x) + bias)", "{}", "gradient(x, gamma * dy * sign(x))", P, "x != 0"),
    ("Step(y, gamma * Abs(x) + bias)", "{}", "gradient(x, gamma * dy)", R, ""),
    (BENT, "{}", "gradient(x, gamma * dy * where(x > 0, 1, slope))", P, "x != 0"),
    # at the kink, the only place where it differs, there is no gradient
    (BENT, "{}", "gradient(x, gamma * dy * where(x >= 0, 1, slope))", U, ""),
    ("Step(mean, average(x)), Step(y, gamma * Max(x - mean, 0) + bias)", "{}",
     "gradient(gamma, m * average(dy * Max(x - mean, 0)))", P, "x - mean != 0"),
    ("Step(mean, average(x)), Step(y, gamma * Max(x - mean, 0) + bias)", "{}", "holds(average(y), bias)", R, ""),
    ("Step(y, gamma * sign(x) * x + bias)", "{}", "holds(y, gamma * Abs(x) + bias)", P, ""),
    (KEPT, "{kept: 3}", "running_average(kept, of=mean, decay=1 - rate)", P, "rate constant"),
    (KEPT, "{kept: 3}", "running_average(kept, of=mean, decay=rate)", R, ""),
    (KEPT, "{kept: 3}", "running_average(kept, of=mean, decay=0)", R, ""),
    (UNBIASED, "{kept: 1}", "running_average(kept, of=m / (m - 1) * var, decay=rate)", P, "m - 1 != 0"),
    ("Step(y, gamma * sqrt(x) + bias)", "{}", "gradient(x, gamma * dy / (2 * sqrt(x)))", P, "x > 0"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "state", "claim", "verdict", "assumed"), LAYERS)
def test_layers_on_every_batch_and_what_exact_numbers_say(declare, steps, state, claim, verdict, assumed):
    spec = declare(_layer(steps, claim, state))
    check([spec])
    results = [r for r in prove(spec) if not r.claim.startswith(("backward", "weights"))]
    (result,) = results
    assert result.status == verdict, result
    assert (replay(result.statement).broken is not None) == (verdict == R)
    assert not assumed or assumed in result.assumed


@pytest.mark.fast
@pytest.mark.parametrize(
    ("claim", "fact"),
    [
        ("holds(average(x_hat), 0, at={eps: -1})", "-1 is not in the domain of eps"),
        ("holds(average(x_hat), 0, at={eps: mean})", "mean is not in the domain of eps"),
        ("holds(average(x_hat), 0, at={x: 0})", "x is neither hyperparameter nor parameter"),
    ],
)
def test_a_layer_is_looked_at_inside_the_domains(declare, claim, fact):
    with pytest.raises(SpecError) as error:
        check([declare(_layer(NORMED, claim))])
    assert fact in str(error.value)


OTHER = """
far = hyper("rate", default="0.1", domain="(0, 1)")
OTHER = Layer(name="Other", source="x", input=x, output=y, parameters={gamma: 1, bias: 0}, state={kept: 3},
    steps=(Step(mean, average(x)), Step(y, gamma * x + bias), Step(new(kept), (1 - far) * kept + far * mean)),
    inference=(Step(y, gamma * x + bias),))
"""


@pytest.mark.parametrize(
    ("hyper", "fact"),
    [("{}", "rate = 0"), ("{'rate': 1 - rate}", "rate = 1"), ("{'rate': 2 * rate}", "where 0 < rate < 1")],
)
def test_a_map_that_leaves_the_domain_of_the_other_layer_is_refuted(declare, hyper, fact):
    steps = "Step(mean, average(x)), Step(y, gamma * x + bias), Step(new(kept), (1 - rate) * kept + rate * mean)"
    text = _layer(steps, f"converts_to(OTHER, hyper={hyper})", "{kept: 3}")
    spec = declare(text.replace("LAYER = Layer", f"{OTHER}LAYER = Layer"))
    check([spec])
    (result,) = (r for r in prove(spec) if r.claim.endswith(": kept"))
    assert result.status == R
    assert fact in result.counterexample["outside"]
