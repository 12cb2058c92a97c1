"""What a spec may say about itself. A claim is data; `codegen.prove` decides it.

Each module has the claims about one kind of entry: a class, which `codegen.prove` reads, and beside it the
function that a spec calls. Specs import the functions from here, those of `dynamics` from there: it has
symbols of its own.
"""

from codegen.claims.layers import converts_to, gradient, holds, running_average
from codegen.claims.monitors import agrees, always, cycle, flag, invariant, on_nan, running_minimum, theirs
from codegen.claims.rules import (
    additive,
    averages,
    descends,
    drift,
    ema,
    equals,
    fails,
    first_step,
    fixed_point,
    identity,
    max_series,
    monotone,
    nonnegative,
    reduces_to,
    scales,
    series,
    slip,
    step_bound,
    unbiased,
)
from codegen.claims.schedules import ends_at, non_decreasing, robbins_monro, starts_at, within
from codegen.claims.stages import (
    commutes,
    cycle_mean,
    idempotent,
    involution,
    moments,
    neutral,
    of_other,
    weighted_mean,
)

__all__ = [
    "additive",
    "agrees",
    "always",
    "averages",
    "commutes",
    "converts_to",
    "cycle",
    "cycle_mean",
    "descends",
    "drift",
    "ema",
    "ends_at",
    "equals",
    "fails",
    "first_step",
    "fixed_point",
    "flag",
    "gradient",
    "holds",
    "idempotent",
    "identity",
    "invariant",
    "involution",
    "max_series",
    "moments",
    "monotone",
    "neutral",
    "non_decreasing",
    "nonnegative",
    "of_other",
    "on_nan",
    "reduces_to",
    "robbins_monro",
    "running_average",
    "running_minimum",
    "scales",
    "series",
    "slip",
    "starts_at",
    "step_bound",
    "theirs",
    "unbiased",
    "weighted_mean",
    "within",
]
