"""DoG, DoWG: a learning rate that is the distance from the start over a root of the sum of squared gradients."""

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
t, far, total, first, length = scalars("t far total first length")
reps_rel = hyper("reps_rel", default="1e-6", domain="> 0", doc="first movement, in proportion to the weights")
eps = hyper("eps", default="1e-8", domain="> 0", doc="keeps the division from zero")
eps_dowg = hyper("eps", default="1e-4", domain="> 0", doc="keeps the division from zero")
first_distance = hyper("d0", default="1e-4", domain="> 0", doc="first guess of the squared distance")
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

DOWG = Optimizer(
    name="DoWG",
    source="Khaled, Mishchenko & Jin (2023), Algorithm 1, arXiv:2305.16284, with eps as in optax.contrib.dowg",
    summary="a step length that is the squared distance from the start over the root of the sum of squared gradients, "
    "each times the squared distance at its step",
    state={start: w, far: first_distance, total: 0},
    steps=(
        Step(new(far), Max(far, global_sum((w - start) ** 2)), "largest squared distance from the start"),
        Step(new(total), total + new(far) * global_sum(g**2), "sum of squared gradients, weighted"),
        Step(length, new(far) / (sqrt(new(total)) + eps_dowg), "step length"),
        Step(new(start), start),
        Step(new(w), w - lr * length * g, "descent"),
    ),
    claims=(
        series(total, of=new(far) * global_sum(g**2)),
        monotone(far),
        monotone(total),
        nonnegative(length),
        identity(global_sum((new(w) - w) ** 2), (lr * length) ** 2 * global_sum(g**2)),
        identity(new(start), start),
    ),
)
