"""Prodigy: Adam with a step length for all parameters that is found as it goes, from the distance that was covered."""

from stepsmith.codegen.claims import monotone, nonnegative
from stepsmith.codegen.spec import Abs, Max, Optimizer, Step, arrays, global_sum, hyper, new, scalars, sqrt, where

w, g, start, m, v, s = arrays("w g start m v s")
t, d, r, length, inner, size, bound = scalars("t d r length inner size bound")
lr = hyper("lr", default="1", domain=">= 0", doc="factor of the step length that is found")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
d0 = hyper("d0", default="1e-6", domain="> 0", doc="first guess of the distance")
eps = hyper("eps", default="1e-8", domain="> 0", doc="keeps the division from zero")
weight_decay = hyper("weight_decay", default="0", domain=">= 0", doc="weight decay")

PRODIGY = Optimizer(
    name="Prodigy",
    source="Mishchenko & Defazio (2023), Algorithm 4, arXiv:2306.06101, as in optax.contrib.prodigy",
    summary="Adam with a step length for all parameters that is found as it goes",
    state={start: w, m: 0, v: 0, s: 0, d: d0, r: 0},
    steps=(
        Step(length, lr * d * sqrt(1 - beta2**t) / (1 - beta1**t), "step length"),
        Step(new(start), start),
        Step(inner, global_sum(g * (start - w)), "gradient along the way from the start"),
        Step(new(m), beta1 * m + (1 - beta1) * d * g, "first moment"),
        Step(new(v), beta2 * v + (1 - beta2) * d**2 * g**2, "second moment"),
        Step(new(s), sqrt(beta2) * s + d / d0 * length * g, "gradients, weighted"),
        Step(new(r), sqrt(beta2) * r + d / d0 * length * inner, "what they gained along the way"),
        Step(size, global_sum(Abs(new(s))), "1-norm of the weighted gradients"),
        Step(bound, where(size > 0, new(r) / size, 0), "lower bound of the distance"),
        Step(new(d), Max(d, bound), "distance"),
        Step(new(w), w - length * (new(m) / (sqrt(new(v)) + new(d) * eps) + weight_decay * w), "descent"),
    ),
    claims=(monotone(d), nonnegative(v)),
)
