"""Schedules that rise as a hyperbolic tangent and fall as one over a logarithm."""

from stepsmith.codegen.claims import fails, non_decreasing, starts_at
from stepsmith.codegen.spec import log1p, tanh
from stepsmith.codegen.spec.rules import Schedule
from stepsmith.codegen.spec.symbols import hyper, scalars

t = scalars("t")
lr = hyper("lr", default="0.01", domain="> 0", doc="learning rate")
scale = hyper("scale", default="2", domain="> 0", doc="steps until it is seen")

WARM_UP = Schedule(
    name="TanhWarmUp",
    source="written for the tests",
    summary="rises from nearly nothing to the learning rate",
    value=lr * tanh(t / scale),
    claims=(
        starts_at(lr * tanh(1 / scale)),
        non_decreasing(),
        fails(starts_at(lr), because="it has not risen yet"),
    ),
)

SLOW_DECAY = Schedule(
    name="LogDecay",
    source="written for the tests",
    summary="falls as slowly as a logarithm grows",
    value=lr / (1 + log1p(t / scale)),
    claims=(starts_at(lr / (1 + log1p(1 / scale))), fails(non_decreasing(), because="the logarithm grows")),
)
