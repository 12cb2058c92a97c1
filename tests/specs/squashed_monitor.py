"""A monitor that hears the hyperbolic tangent of a metric."""

from stepsmith.codegen.claims import always, fails
from stepsmith.codegen.spec import tanh
from stepsmith.codegen.spec.rules import Monitor, Step
from stepsmith.codegen.spec.symbols import new, scalars, where

best, metric = scalars("best metric")

LEAST = Monitor(
    name="LeastSquashed",
    source="written for the tests",
    summary="the least hyperbolic tangent of a metric so far",
    state={best: 1},
    steps=(Step(new(best), where(tanh(metric) < best, tanh(metric), best)),),
    value=best,
    claims=(always(new(best) <= best), fails(always(new(best) < best), because="a metric may be larger")),
)
