"""Curriculum that listens: more of the data, sorted by difficulty, once a metric is good enough."""

from sympy import And

from codegen.claims import always, cycle, flag, invariant, on_nan
from codegen.spec import Min, Monitor, Step, hyper, new, scalars, where

metric, fraction, advanced, held, good, ready, level, k = scalars("metric fraction advanced held good ready level k")
start = hyper("start", default="0.1", domain="(0, 1]", doc="fraction of the data at the start, the easiest")
growth = hyper("growth", default="2", domain="> 1", doc="factor by which the fraction grows")
goal = hyper("goal", default="0.5", domain="real", doc="metric at or below which more data are taken")
patience = hyper("patience", default="1", domain="integer >= 1", doc="good reports in a row that are asked for")

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
        invariant(And(fraction > 0, fraction >= start, fraction <= 1)),
        invariant(And(held >= 0, held <= patience - 1)),
        always(new(fraction) >= fraction, knowing=(And(fraction > 0, fraction <= 1),)),
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
