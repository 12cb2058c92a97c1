"""DoG: a learning rate that is the distance from the start over the root of the sum of all squared gradients."""

from stepsmith.codegen.claims import identity, monotone, nonnegative, series
from stepsmith.codegen.spec import (
    Max,
    Optimizer,
    Step,
    arrays,
    global_norm,
    global_sum,
    hyper,
    new,
    scalars,
    sqrt,
    where,
)

w, g, start = arrays("w g start")
t, far, total, first = scalars("t far total first")
reps_rel = hyper("reps_rel", default="1e-6", domain="> 0", doc="first movement, in proportion to the weights")
eps = hyper("eps", default="1e-8", domain="> 0", doc="keeps the division from zero")
lr = hyper("lr", default="1", domain=">= 0", doc="factor of the step length that is found")

DOG = Optimizer(
    name="DoG",
    source="Ivgi, Hinder & Carmon (2023), equation 1, arXiv:2302.12022, for all arrays, as in optax.contrib",
    summary="a step length that is the largest distance from the start over the root of the sum of squared gradients",
    state={start: w, far: 0, total: 0},
    steps=(
        Step(first, where(t > 1, 0, reps_rel * (1 + global_norm(w))), "what the first step is taken for"),
        Step(new(far), Max(far, first, global_norm(w - start)), "largest distance from the start"),
        Step(new(total), total + global_sum(g**2), "sum of squared gradients"),
        Step(new(start), start),
        Step(new(w), w - lr * new(far) / sqrt(new(total) + eps) * g, "descent"),
    ),
    claims=(
        nonnegative(total),
        series(total, of=global_sum(g**2)),
        monotone(far),
        identity(new(start), start),
    ),
)
