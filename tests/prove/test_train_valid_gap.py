"""Monitors that hear two metrics: the gap between validation and training, and what may be claimed of such."""

import math

import numpy as np
import pytest

from stepsmith.codegen.check import check
from stepsmith.codegen.load import GENERATED, SpecError, load, select
from stepsmith.codegen.numeric.rules import numeric_monitor
from stepsmith.codegen.prove import prove
from stepsmith.codegen.readback import readback
from stepsmith.stopping import Best, TrainValidGap
from tests.conftest import refused, spoil

(SPEC,) = load(select(["train_valid_gap"]))
NAN, INF = math.nan, math.inf

HEAD = """
from sympy import And, Eq, Or
metric, training, x, n, up = scalars("metric training x c up")
level, wide, j, k = scalars("level wide j k")
low = hyper("low", default="0.25", domain="real")
high = hyper("high", default="0.5", domain="real")
HALF = Monitor(name="Half", source="a test", state={c: 0}, value=c, steps=(Step(new(c), where(metric > 0, c + 1, c)),))
BOTH = Monitor(
    name="Both", source="a test", state={c: 0}, value=c, steps=(Step(new(c), where(training < metric, c + 1, c)),)
)
"""
GAP = ("{x: 0}", "Step(new(x), metric - training)")
OVER = ("{x: 0, up: 0}", "Step(new(x), metric - training), Step(new(up), where(new(x) > high, 1, 0))")
WORSE = ("{c: 0}", "Step(new(c), where(metric > training, c + 1, 0))")
WINS = ("{x: 0}", "Step(new(x), where(metric > training, x + 1, x))")


def declared(declare, states, steps, claim):
    value = states[1:].split(":")[0]
    text = f'RULE = Monitor(name="Rule", source="a test", state={states}, value={value}, '
    return declare(f"{HEAD}{text}steps=({steps},), claims=({claim},))")


# states, steps, what is claimed, and the right verdict
CASES = [
    (*OVER, "flag(up)", "proved"),
    (*OVER, "always(new(up) >= 1, given=(metric - training > high,))", "proved"),
    (*OVER, "always(new(up) >= 1, given=(metric - training >= high,))", "refuted"),
    (*OVER, "always(new(up) <= 0, given=(metric <= training, high >= 0))", "proved"),
    (*OVER, "always(new(up) <= 0, given=(metric <= training,))", "refuted"),
    (*OVER, "on_nan({up: 0})", "proved"),
    (*GAP, "on_nan({x: 0})", "refuted"),
    # each of the two may be NaN alone
    ("{x: 0}", "Step(new(x), where(metric > 0, 1, 0))", "on_nan({x: 0})", "proved"),
    ("{x: 0}", "Step(new(x), where(metric > 0, 1, 0) + where(training > 0, 1, 0))", "on_nan({x: 0})", "refuted"),
    (
        "{x: 0}",
        "Step(up, where(metric > 0, 1, 0)), Step(new(x), where(training > 0, up, 0))",
        "on_nan({x: 0})",
        "proved",
    ),
    # infinity less infinity is NaN, which compares with nothing
    (*GAP, "always(new(x) >= 0, given=(metric >= training,))", "refuted"),
    (*GAP, "always(new(x) > 0, given=(metric > training,))", "proved"),
    (*GAP, "running_minimum(x)", "refuted"),
    (
        "{x: oo, c: 0}",
        "Step(new(x), where(metric < x, metric, x)), Step(new(c), where(metric < training, 1, c))",
        "running_minimum(x)",
        "proved",
    ),
    (
        "{x: oo, c: 0}",
        "Step(new(x), where(training < x, training, x)), Step(new(c), where(metric < training, 1, c))",
        "running_minimum(x)",
        "refuted",
    ),
    # flat metrics
    (*GAP, "cycle({x: wide}, length=1, metric=level + wide, training=level)", "proved"),
    (*GAP, "cycle({x: level}, length=1, metric=level + wide, training=level)", "refuted"),
    (*GAP, "cycle({x: 0}, length=1, training=level)", "proved"),
    (*WORSE, "cycle({c: k + 1}, length=1, metric=level + 1, training=level)", "proved"),
    (*WORSE, "cycle({c: k + 1}, length=1, metric=level + wide, training=level, given=(wide > 0,))", "proved"),
    (*WORSE, "cycle({c: k + 1}, length=1, metric=level + wide, training=level, given=(wide >= 0,))", "refuted"),
    # zero is a report as well
    (*WORSE, "cycle({c: 0}, length=1, metric=level, training=0, given=(level > 0,))", "refuted"),
    (*WORSE, "cycle({c: k + 1}, length=1, metric=level, training=0, given=(level > 0,))", "proved"),
    (*WORSE, "cycle({c: 0}, length=1, metric=0, training=1)", "proved"),
    (*WORSE, "cycle({c: 0}, length=1, metric=1, training=0)", "refuted"),
    # beside other monitors, of one metric and of two
    (*WINS, "agrees(BOTH, relation=Eq(theirs(c), x))", "proved"),
    (*WINS, "agrees(HALF, metric=metric - training, relation=Eq(theirs(c), x))", "proved"),
    (*WINS, "agrees(HALF, relation=Eq(theirs(c), x))", "refuted"),
    (*WINS, "agrees(BOTH, metric=-metric, relation=Eq(theirs(c), x))", "refuted"),
]


@pytest.mark.parametrize(("states", "steps", "claim", "status"), CASES)
def test_claims_range_over_pairs_of_metrics(declare, states, steps, claim, status):
    spec = declared(declare, states, steps, claim)
    check([spec])
    (result,) = prove(spec)
    assert result.status == status, result
    assert (status == "refuted") is bool(result.counterexample)


@pytest.mark.fast
def test_what_refutes_a_claim_tells_both_metrics(declare):
    (result,) = prove(declared(declare, *OVER, "always(new(up) <= 0, given=(metric <= training,))"))
    assert result.counterexample["reports"] == "1 with 1"


@pytest.mark.parametrize(
    ("states", "steps", "claim", "fact"),
    [
        (*GAP, "cycle({x: wide}, length=1, metric=wide)", "it does not say what is reported of the training data"),
        ("{x: 0}", "Step(new(x), metric)", "cycle({x: level}, length=1, training=level)", "hears nothing"),
        (*WORSE, "always(Or(metric > training, metric <= training))", "it is True whatever is reported"),
        (*WORSE, "invariant(Or(c > 1, c <= 1))", "it is True whatever is reported"),
        (*GAP, "cycle({x: wide}, length=1, training=x)", "the metric x changes with x"),
        (*GAP, "cycle({x: wide}, length=1, metric=training, training=wide)", "the metric training changes with tr"),
        ("{x: 0}", "Step(new(x), metric)", "agrees(BOTH, relation=Eq(theirs(c), x))", "hears nothing of the training"),
        ("{x: 0}", "Step(new(x), metric)", "always(new(x) <= training)", "the monitor has no training"),
        ("{x: 0}", "Step(new(x), training)", "flag(x)", "it hears training and no metric"),
        ("{training: 0}", "Step(new(training), metric + training)", "flag(training)", "give the state another name"),
        (
            "{x: 0}",
            "Step(training, metric), Step(new(x), training)",
            "flag(x)",
            "training is given or assigned already",
        ),
        ("{x: 0}", "Step(new(x), Max(training, metric))", "flag(x)", "of a metric that is NaN"),
    ],
)
def test_what_may_not_be_said(declare, states, steps, claim, fact):
    with pytest.raises(SpecError, match=fact):
        check([declared(declare, states, steps, claim)])


# The generated class.


@pytest.mark.fast
def test_no_gap_is_underfitting_and_a_big_gap_overfitting():
    gap = TrainValidGap(low=0.25, high=0.5)
    told = [
        (gap.step(valid, train), gap.underfitting, gap.overfitting) for valid, train in ((2, 2), (1, 0.625), (1, 0))
    ]
    assert told == [(0, True, False), (0.375, False, False), (1, False, True)]
    assert (gap.t, gap.gap, gap.value) == (3, 1, 1)


def test_the_thresholds_themselves_are_fine():
    gap = TrainValidGap(low=0.25, high=0.5)
    for train in (0.75, 0.5):
        gap.step(1.0, train)
        assert (gap.underfitting, gap.overfitting) == (False, False)


@pytest.mark.parametrize("pair", [(NAN, 1), (1, NAN), (NAN, NAN), (INF, INF), (-INF, -INF)])
def test_of_what_is_no_number_nothing_is_said(pair):
    gap = TrainValidGap()
    gap.step(9, 0)
    assert math.isnan(gap.step(*pair))
    assert (gap.underfitting, gap.overfitting) == (False, False)
    assert gap.step(INF, 0) == INF
    assert gap.overfitting


@pytest.mark.fast
def test_a_polynomial_that_is_too_stiff_and_one_that_is_too_lithe():
    """A line and a polynomial of degree 12 through 14 noisy points of a cubic."""
    random = np.random.default_rng(0)
    x = np.linspace(-1, 1, 28)
    y = 4 * x**3 - 3 * x + 0.2 * random.standard_normal(28)
    train, valid = slice(0, None, 2), slice(1, -1, 2)

    def losses(degree: int) -> list[float]:
        fitted = np.polynomial.Polynomial.fit(x[train], y[train], degree)
        return [float(np.mean((fitted(x[part]) - y[part]) ** 2)) for part in (valid, train)]

    flags = []
    for degree in (0, 3, 12):
        gap = TrainValidGap(low=0.0, high=0.1)
        gap.step(*losses(degree))
        flags.append((gap.underfitting, gap.overfitting))
    assert flags == [(True, False), (False, False), (False, True)]


def test_how_it_is_called():
    gap, best = TrainValidGap(), Best()
    for metrics in ((), (1.0,), (None, 1.0)):
        with pytest.raises(TypeError, match=r"TrainValidGap: report both metrics: step\(metric, training\)"):
            gap.step(*metrics)
    with pytest.raises(TypeError, match="the metric of the training data is 'low'; it has to be a number"):
        gap.step(1.0, "low")
    with pytest.raises(TypeError, match=r"Best: report a metric: step\(metric\)"):
        best.step(1.0, 2.0)
    assert (gap.t, best.t) == (0, 0)
    assert gap.step(training=np.float32(1), metric=np.ones(())) == 0


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("gap_new = metric - training", "gap_new = training - metric", {"readback": "refuted"}),
        ("1 if self.low > gap_new else 0", "1 if self.low >= gap_new else 0", {"readback": "refuted"}),
        ("1 if self.low > gap_new else 0", "0 if self.low <= gap_new else 1", {"readback NaN": "refuted"}),
        ("        metric: float,\n        training: float,", "        training: float,\n        metric: float,", {}),
        (
            '_hears: ClassVar = ("metric", "training")',
            '_hears: ClassVar = ("training", "metric")',
            {"class": "refuted"},
        ),
        ('    _hears: ClassVar = ("metric", "training")\n', "", {"class": "refuted"}),
    ],
)
def test_a_spoilt_file_is_found_out(copied, old, new, wanted):
    spoil(copied / "stopping.py", old, new)
    found = {r.claim: r for r in readback(SPEC, "", copied)}
    assert any(map(refused, found.values()))
    assert {claim: found[claim].status for claim in wanted} == wanted


def test_the_file_is_run():
    (result,) = numeric_monitor(SPEC, GENERATED)
    assert result.status == "tested"
