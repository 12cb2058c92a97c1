"""Curriculum pacing: the fraction of the data, sorted from easy to difficult, that step t draws from.

What grows by factors counts, and is in specs/curriculum.py: 2**floor(t / period) leaves the doubles.
"""

from stepsmith.codegen.claims import ends_at, non_decreasing, starts_at, within
from stepsmith.codegen.spec import Min, Schedule, hyper, scalars, sqrt, where

t = scalars("t")
start = hyper("start", default="0.1", domain="(0, 1]", doc="fraction at the first step")
steps = hyper("steps", default="1000", domain="integer >= 1", doc="number of steps before all data are used")

_PACE = (within(0, 1), non_decreasing(), starts_at(start))

LINEAR_COMPETENCE = Schedule(
    name="LinearCompetence",
    source="Platanios et al. (2019), equation 6, arXiv:1903.09848, with t - 1 for t",
    summary="a fraction that grows by equal amounts",
    value=Min(1, start + (1 - start) * (t - 1) / steps),
    claims=(*_PACE, ends_at(1, at=steps + 1)),
)

SQRT_COMPETENCE = Schedule(
    name="SqrtCompetence",
    source="Platanios et al. (2019), equation 7, arXiv:1903.09848, with t - 1 for t",
    summary="a fraction that grows ever more slowly, so that new data have equal time",
    value=Min(1, sqrt(start**2 + (1 - start**2) * (t - 1) / steps)),
    claims=(*_PACE, ends_at(1, at=steps + 1)),
)

SINGLE_STEP_PACING = Schedule(
    name="SingleStepPacing",
    source="Hacohen & Weinshall (2019), single step pacing, arXiv:1904.03626",
    summary="a fraction, and after some steps all data",
    value=where(t > steps, 1, start),
    claims=(*_PACE, ends_at(1, at=steps + 1)),
)
