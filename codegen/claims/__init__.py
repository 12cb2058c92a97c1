"""What a spec may say about itself. A claim is data; `prove` decides it.

Each module has claims about one kind of entry: a class, which `prove` reads, and beside it the
function that a spec calls. Specs import the functions from here, those of `dynamics` from there: it has
symbols of its own.
"""

from .equivalence import equals, reduces_to
from .figures import ends, periods, transient
from .layers import batch_mean, converts_to, gradient, holds, running_average
from .monitors import agrees, always, cycle, flag, invariant, on_nan, running_minimum, theirs
from .moves import additive, averages, batch_variance, descends, drift, first_step, parts_drift
from .order import at_most, falls, rises
from .rules import fails, fixed_point, identity, monotone, nonnegative, scales, slip, step_bound
from .schedules import ends_at, non_decreasing, partial_sum, robbins_monro, starts_at, sums_to, within
from .stages import commutes, cycle_mean, idempotent, involution, moments, neutral, of_other, weighted_mean
from .states import ema, max_series, series, unbiased

__all__ = [
    "additive",
    "agrees",
    "always",
    "at_most",
    "averages",
    "batch_mean",
    "batch_variance",
    "commutes",
    "converts_to",
    "cycle",
    "cycle_mean",
    "descends",
    "drift",
    "ema",
    "ends",
    "ends_at",
    "equals",
    "fails",
    "falls",
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
    "partial_sum",
    "parts_drift",
    "periods",
    "reduces_to",
    "rises",
    "robbins_monro",
    "running_average",
    "running_minimum",
    "scales",
    "series",
    "slip",
    "starts_at",
    "step_bound",
    "sums_to",
    "theirs",
    "transient",
    "unbiased",
    "weighted_mean",
    "within",
]
