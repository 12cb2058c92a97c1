"""Small stages with claims that are true or false by construction: each verdict, and what exact numbers say of it."""

import pytest

from stepsmith.codegen.check import check
from stepsmith.codegen.load import SpecError
from stepsmith.codegen.prove import prove, values
from stepsmith.codegen.replay import replay
from stepsmith.codegen.statement import Statement

HEAD = """
c = hyper("c", default="1", domain="> 0")
wd = hyper("wd", default="0.1", domain=">= 0")
r = hyper("r", default="0.1", domain="real")
k = hyper("k", default="3", domain="integer >= 1")
noise, a = arrays("noise a")
count, f, draws, length, lr, s = scalars("count f draws length lr s")
TWICE = Stage(name="Twice", source="a test", steps=(Step(new(g), 2 * g),))
TURN = Stage(name="Turn", source="a test", steps=(Step(new(g), -g),))
MORE = Stage(name="More", source="a test", steps=(Step(new(g), g + 1),))
GROW = Stage(name="Grow", source="a test", steps=(Step(new(w), w + 1),))
GROW_AFTER = Stage(name="GrowAfter", source="a test", after=True, steps=(Step(new(w), w + 1),))
HALT = Stage(
    name="Halt", source="a test", state={count: 0}, halts=new(count) > 0,
    steps=(Step(new(count), where(count + 1 >= k, 0, count + 1)), Step(new(g), g)),
)
"""
P, R, U = "proved", "refuted", "undecided"
SCALED = "Step(new(g), g / (1 + s**2))"
NORM = "Step(length, sqrt(array_sum(g**2))), "
CLIP = NORM + "Step(f, where(length > c, c / length, 1)), Step(new(g), f * g)"
UNIT = NORM + "Step(new(g), c * g / length)"
CENTRED = "Step(s, array_sum(g) / array_sum(1 + 0 * g)), Step(new(g), g - s)"
CHANGING = "Step(new(a), a + 1), Step(new(g), g * where(a > 1, 2, 1))"
COUNTED = "Step(new(count), count + 1), Step(new(g), g * where(count > 2, 2, 1))"
AVERAGED = "Step(new(m), beta * m + (1 - beta) * g), Step(new(g), new(m))"
FALLEN = "Step(new(m), beta * m + (1 - beta) * g), Step(new(g), g - m)"
TURNED = "Step(s, global_sum(g)), Step(new(g), where(s < 0, -g, g))"
LATE = "Step(new(g), g * where(t > 3, 2, 1))"
NOISY = "Step(new(draws), draws + 1), "

# steps, other arguments, a claim, the verdict
CASES = [
    # sums are linear, and maxima are not
    (f"Step(s, array_max(-g)), {SCALED}", "", "identity(s, -array_max(g))", R),
    (f"Step(s, array_max(-g)), {SCALED}", "", "identity(s, array_max(-g))", P),
    (f"Step(s, array_sum(-g)), {SCALED}", "", "identity(s, -array_sum(g))", P),
    (f"Step(s, array_max(g + 1)), {SCALED}", "", "identity(s, array_max(g) + 1)", P),
    (f"Step(s, array_max(2 * g)), {SCALED}", "", "identity(s, 2 * array_max(g))", P),
    (f"Step(s, global_max(-2 * g)), {SCALED}", "", "identity(s, -2 * global_max(g))", R),
    (f"Step(s, array_max(Abs(-2 * g))), {SCALED}", "", "identity(s, 2 * array_max(Abs(g)))", P),
    (f"Step(s, array_max(g)), {SCALED}", "", "identity(Max(s, 0), s)", R),
    (f"Step(s, array_max(Abs(g))), {SCALED}", "", "identity(Max(s, 0), s)", P),
    ("Step(s, array_max(g)), Step(new(g), g * r * s)", "", "identity(array_max(r * g), r * s)", R),
    ("Step(s, array_max(g)), Step(new(g), g * r * s)", "", "identity(array_max(r**2 * g), r**2 * s)", P),
    (f"Step(s, array_sum(g + w)), {SCALED}", "", "identity(s, array_sum(g) + array_sum(w))", P),
    (f"Step(s, array_sum(g)), {SCALED}", "", "identity(s**2, array_sum(g**2))", R),
    (f"Step(s, array_sum(g)), {SCALED}", "", "identity(s, global_sum(g))", R),
    (f"Step(s, array_sum(Abs(g))), {SCALED}", "", "identity(s, Abs(array_sum(g)))", R),
    (f"Step(s, array_sum(g)), {SCALED}", "", "identity(s, g)", R),
    (f"Step(s, global_overflow(g)), {SCALED}", "", "identity(s, 0)", P),
    (f"Step(s, array_sum(g * w)), {SCALED}", "", "identity(s, array_sum(g) * array_sum(w))", R),
    (TURNED, "", "identity(Max(global_sum(new(g)), 0), global_sum(new(g)))", P),
    # what is a number for each array is none for all of them
    (CLIP, "", "identity(array_sum(new(g)**2), (f * length)**2)", P),
    (CLIP, "", "identity(global_sum(new(g)**2), (f * length)**2)", R),
    (UNIT, "", "identity(global_sum(new(g)**2), c**2)", R),
    (CENTRED, "", "identity(array_sum(new(g)), 0)", P),
    # two runs
    (CLIP, "", "idempotent()", P),
    (UNIT, "", "idempotent()", P),
    (CENTRED, "", "idempotent()", P),
    (CENTRED, "", "involution()", R),
    (TURNED, "", "idempotent()", P),
    (TURNED, "", "involution()", R),
    (CHANGING, "state={a: 1}", "idempotent()", R),
    (COUNTED, "state={count: 0}", "idempotent()", R),
    (LATE, "", "idempotent()", R),
    (NOISY + "Step(new(g), c * noise)", "state={draws: 0}", "idempotent()", R),
    ("Step(new(w), w - wd * w)", "", "idempotent()", R),
    ("Step(new(g), g * lr)", "", "idempotent()", R),
    # nothing is changed
    (CHANGING, "state={a: 1}", "neutral(at={a: 0})", P),
    (COUNTED, "state={count: 0}", "neutral(when=count <= 2)", P),
    (COUNTED, "state={count: 0}", "neutral(at={count: 3})", R),
    (LATE, "", "neutral(when=t <= 3)", P),
    (LATE, "", "neutral(at={t: 3})", P),
    (LATE, "", "neutral(at={t: 4})", R),
    (CLIP, "", "neutral(when=length <= c)", P),
    ("Step(new(g), Max(Min(g, c), 0))", "", "neutral(when=g <= c)", R),
    ("Step(new(w), w - wd * w)", "", "neutral(at={w: 0})", P),
    ("Step(new(g), 2 * g)", "", "neutral(at={g: 0})", P),
    ("Step(new(g), 2 * g)", "", "neutral(at={g: 7})", R),
    ("Step(new(g), g * lr)", "", "neutral(at={lr: 1})", P),
    # a step that ends is a change
    ("Step(new(count), count + 1), Step(new(g), g)", "state={count: 0}, halts=new(count) > 0",
     "neutral(at={count: 0})", R),
    ("Step(new(count), where(count + 1 >= k, 0, count + 1)), Step(new(g), g)",
     "state={count: 0}, halts=new(count) > 0", "neutral(at={k: 1, count: 0})", P),
    # the order
    ("Step(new(w), w - wd * w)", "", "commutes(TURN)", P),
    ("Step(new(w), w - wd * w)", "", "commutes(GROW)", R),
    ("Step(new(w), w - wd * w)", "", "commutes(GROW, difference={w: wd})", P),
    ("Step(new(w), w - wd * w)", "", "commutes(GROW, difference={w: -wd})", R),
    ("Step(new(w), w - wd * w)", "after=True", "commutes(GROW_AFTER)", R),
    ("Step(new(w), w - wd * w)", "after=True", "commutes(GROW)", U),  # the rule runs between them
    ("Step(new(g), 3 * g)", "", "commutes(HALT)", P),
    ("Step(new(w), w - wd * w)", "", "commutes(HALT)", U),  # what of a step that has ended is kept
    (AVERAGED, "state={m: 0}", "commutes(TURN)", U),  # the states differ, and no run shows it
    (AVERAGED, "state={m: 0}", "commutes(MORE)", R),
    (FALLEN, "state={m: 0}", "commutes(MORE, difference={g: 0})", U),  # in one step; then the states differ
    ("Step(new(g), 2 * g)", "", "commutes(MORE, difference={g: -1})", P),
    ("Step(new(g), 2 * g)", "", "commutes(MORE, difference={g: 1})", R),
    (TURNED, "", "commutes(TWICE)", P),
    (TURNED, "", "commutes(TURN)", R),
    # noise
    (NOISY + "Step(new(g), g + c * noise)", "state={draws: 0}", "moments(new(g), mean=g, variance=c**2)", P),
    (NOISY + "Step(new(g), g + c * noise)", "state={draws: 0}", "moments(new(g), mean=g, variance=c)", R),
    (NOISY + "Step(new(g), g + c * noise**2)", "state={draws: 0}", "moments(new(g), mean=g, variance=c**2)", R),
    (NOISY + "Step(new(g), g + c * noise**2)", "state={draws: 0}",
     "moments(new(g), mean=g + c, variance=2 * c**2)", P),
    (NOISY + "Step(new(g), g + Abs(noise))", "state={draws: 0}", "moments(new(g), mean=g, variance=1)", U),
    (NOISY + "Step(new(m), beta * m + noise), Step(new(g), g + new(m))", "state={draws: 0, m: 0}",
     "moments(new(g), mean=g, variance=1)", U),  # so it is over all noise, not over that of the step
]  # fmt: skip


def _written(steps: str, more: str, claim: str) -> str:
    claims = f"({claim},)" if claim else "()"
    return f'{HEAD}STAGE = Stage(name="Tried", source="a test", steps=({steps},), claims={claims}, {more})'


@pytest.mark.parametrize(("steps", "more", "claim", "verdict"), CASES)
def test_each_verdict_is_what_exact_numbers_say(declare, steps, more, claim, verdict):
    spec = declare(_written(steps, more, claim))
    check([spec])
    *_, result = prove(spec)
    assert result.status == verdict, result
    assert isinstance(result.statement, Statement)
    if not claim.startswith(("identity", "moments(new(g), mean=g, variance=1)")):  # the last one holds over all noise
        assert (replay(result.statement).broken is not None) == (verdict == R)


@pytest.mark.parametrize(
    ("steps", "claim", "condition"),
    [
        ("Step(new(g), g / Abs(g))", "idempotent()", "g != 0"),
        (UNIT, "idempotent()", "length != 0"),
        ("Step(new(g), g / (c - 1))", "commutes(TURN)", "c - 1 != 0"),
    ],
)
def test_what_is_divided_by_stands_in_the_statement(declare, steps, claim, condition):
    *_, result = prove(declare(_written(steps, "", claim)))
    assert result.status == P
    assert condition in result.assumed


@pytest.mark.fast
@pytest.mark.parametrize(
    ("steps", "claim", "fact"),
    [
        ("Step(new(g), c * g)", "neutral(at={c: -1})", "-1 is not in the domain of c"),
        ("Step(new(g), c * g)", "neutral(at={c: wd})", "wd is not in the domain of c"),
        ("Step(new(g), c * g * t)", "neutral(at={t: 0})", "0 is not in the domain of t"),
        ("Step(f, c + 1), Step(new(g), f * g)", "neutral(at={f: 1})", "f is computed"),
        ("Step(new(g), c * g)", "neutral()", "either `at` or `when` says where that is"),
        ("Step(new(g), c * g)", "neutral(when=Abs(g) >= 0)", "is no comparison that may hold or not"),
        ("Step(new(g), c * g)", "commutes(TURN, difference={g: a})", "the pair of stages has no a"),
        ("Step(new(g), c * g)", "fixed_point()", "Tried never changes w"),
        ("Step(new(g), c * g)", "first_step(-lr * g)", "Tried never changes w"),
        ("Step(new(w), c * w)", "equals(TURN)", "Turn never changes w"),
    ],
)
def test_what_a_stage_cannot_say_is_refused(declare, steps, claim, fact):
    with pytest.raises(SpecError) as error:
        check([declare(_written(steps, "", claim))])
    assert fact in str(error.value)


@pytest.mark.fast
def test_the_mean_over_the_noise_has_no_noise_in_it(declare):
    spec = declare(
        _written(NOISY + "Step(new(g), g + noise)", "state={draws: 0}", "moments(new(g), mean=g + noise, variance=0)")
    )
    with pytest.raises(SpecError, match="noise has the noise in it"):
        check([spec])


@pytest.mark.parametrize(
    ("steps", "verdict"),
    [
        (UNIT, R),
        (CLIP, P),
        (CENTRED, P),
        ("Step(s, global_sum(g)), Step(new(g), g / s)", R),
        ("Step(s, global_sum(Abs(g))), Step(new(g), g / s)", R),
        ("Step(s, array_max(g)), Step(new(g), sqrt(s) * g)", R),
        ("Step(s, array_max(Abs(g))), Step(new(g), sqrt(s) * g)", P),
        ("Step(s, array_sum(g**2)), Step(new(g), g / (s + 1))", P),
        ("Step(s, array_sum(g**2)), Step(new(g), g / (s + wd))", P),  # under wd != 0
        ("Step(s, array_sum(w**2)), Step(new(g), g / s)", R),
        ("Step(new(g), g / noise)", U),  # noise of any law is not run
    ],
)
def test_where_a_stage_has_values(declare, steps, verdict):
    (result,) = values(declare(_written(steps, "", "")))
    assert result.status == verdict, result
    if verdict == R:
        assert result.counterexample["value"].startswith("none: ")
