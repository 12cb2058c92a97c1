"""Curriculum that counts or listens: more of the data, sorted by difficulty, from time to time or on a metric."""

from sympy import And

from stepsmith.codegen.claims import always, cycle, flag, invariant, on_nan
from stepsmith.codegen.spec import Min, Monitor, Step, hyper, new, scalars, where

metric, fraction, advanced, held, good, ready = scalars("metric fraction advanced held good ready")
phase, length, over, level, j, k = scalars("phase length over level j k")
start = hyper("start", default="0.1", domain="(0, 1]", doc="fraction of the data at the start, the easiest")
growth = hyper("growth", default="2", domain="> 1", doc="factor by which the fraction grows")
goal = hyper("goal", default="0.5", domain="real", doc="metric at or below which more data are taken")
patience = hyper("patience", default="1", domain="integer >= 1", doc="good reports in a row that are asked for")

period = hyper("period", default="100", domain="integer >= 1", doc="number of steps between two growths")
first_period = hyper(
    "first_period", default="200", domain="integer >= 1", doc="number of steps before the first growth"
)

_BOUNDS = (
    invariant(And(fraction > 0, fraction >= start, fraction <= 1)),
    always(new(fraction) >= fraction, knowing=(And(fraction > 0, fraction <= 1),)),
)

EXPONENTIAL_PACING = Monitor(
    name="ExponentialPacing",
    source="Hacohen & Weinshall (2019), fixed exponential pacing, arXiv:1904.03626",
    summary="the fraction of the data that grows by a factor after every period",
    state={fraction: start, phase: 0},
    steps=(
        Step(over, where(phase + 1 >= period, 1, 0), "is the period over?"),
        Step(new(phase), where(over > 0, 0, phase + 1), "steps since the last growth"),
        Step(new(fraction), where(over > 0, Min(fraction * growth, 1), fraction)),
    ),
    value=fraction,
    claims=(*_BOUNDS, cycle({fraction: Min(1, start * growth**k), phase: j}, length=period, first=0)),
)

VARIED_EXPONENTIAL_PACING = Monitor(
    name="VariedExponentialPacing",
    source="Hacohen & Weinshall (2019), varied exponential pacing, arXiv:1904.03626, with two lengths of periods",
    summary="ExponentialPacing whose first period has a length of its own",
    state={fraction: start, phase: 0, length: first_period},
    steps=(
        Step(over, where(phase + 1 >= length, 1, 0), "is the period over?"),
        Step(new(phase), where(over > 0, 0, phase + 1), "steps since the last growth"),
        Step(new(length), where(over > 0, period, length)),
        Step(new(fraction), where(over > 0, Min(fraction * growth, 1), fraction)),
    ),
    value=fraction,
    claims=(
        *_BOUNDS,
        cycle(
            {fraction: Min(1, start * growth**k), phase: j, length: where(k > 0, period, first_period)},
            length=where(k > 0, period, first_period),
            first=0,
        ),
    ),
)

ADVANCE_ON_METRIC = Monitor(
    name="AdvanceOnMetric",
    source="Hacohen & Weinshall (2019), section 2, arXiv:1904.03626, with a metric in place of the step number",
    summary="the fraction of the data that grows when a metric is good enough, several times in a row",
    state={fraction: start, held: 0, advanced: 0},
    steps=(
        Step(good, where(metric <= goal, held + 1, 0), "good reports in a row"),
        Step(ready, where(good >= patience, 1, 0)),
        Step(new(advanced), where(fraction < 1, ready, 0), "is there more to take?"),
        Step(new(held), where(ready > 0, 0, good)),
        Step(new(fraction), where(new(advanced) > 0, Min(fraction * growth, 1), fraction)),
    ),
    value=fraction,
    flags=(advanced,),
    claims=(
        *_BOUNDS,
        invariant(And(held >= 0, held <= patience - 1)),
        flag(advanced),
        cycle(
            {
                fraction: Min(1, start * growth ** (k + 1)),
                held: 0,
                advanced: where(start * growth**k < 1, 1, 0),
            },
            length=1,
            given=(level <= goal,),
            at={patience: 1},
        ),
        cycle({fraction: start, held: 0, advanced: 0}, length=1, given=(level > goal,)),
        on_nan({fraction: fraction, held: 0, advanced: 0}),
    ),
)
