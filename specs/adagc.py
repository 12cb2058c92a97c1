"""AdaGC: AdamW of gradients that are clipped, for each array, by an average of its norms."""

from stepsmith.codegen.claims import ema, identity
from stepsmith.codegen.spec import (
    Max,
    Min,
    Optimizer,
    Step,
    arrays,
    global_norm,
    hyper,
    new,
    norm,
    per_array,
    scalars,
    sqrt,
    where,
)

w, g, g_hat, m, v = arrays("w g g_hat m v")
t, c1, c2, early, everything, of_gradient, factor = scalars("t c1 c2 early everything of_gradient factor")
gamma = per_array("gamma")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
beta = hyper("beta", default="0.98", domain="[0, 1)", doc="decay of the norms")
absolute = hyper("lambda_abs", default="1", domain="> 0", doc="largest norm of all gradients in the first steps")
relative = hyper("lambda_rel", default="1.05", domain="> 0", doc="largest norm afterwards, in units of its average")
warmup = hyper("warmup", default="100", domain="integer >= 0", doc="step from which norms keep to their averages")
weight_decay = hyper("weight_decay", default="0.1", domain=">= 0", doc="decoupled weight decay, times lr")
eps = hyper("eps", default="1e-8", domain="> 0", doc="keeps the divisions from zero")

ADAGC = Optimizer(
    name="AdaGC",
    source="Wang et al. (2025), Algorithm 1, arXiv:2502.11034, over AdamW",
    summary="AdamW of gradients whose norm may not exceed its own average by much, array by array",
    own_t=True,
    state={m: 0, v: 0, gamma: 0},
    steps=(
        Step(c1, 1 - beta1**t, "bias of the first moment"),
        Step(c2, 1 - beta2**t, "bias of the second moment"),
        Step(early, where(t > 1, where(t >= warmup, 0, 1), 1), "1 while there is no average"),
        Step(everything, global_norm(g) + eps, "norm of all gradients"),
        Step(of_gradient, norm(g), "norm of this array's"),
        Step(
            factor,
            where(
                early > 0,
                Min(absolute / everything, 1),
                Min(relative * Max(gamma, eps) / Max(of_gradient, eps), 1),
            ),
            "what it is clipped by",
        ),
        Step(
            new(gamma),
            where(
                early > 0,
                where(t > 1, Min(gamma, factor * of_gradient), factor * of_gradient),
                beta * gamma + (1 - beta) * factor * of_gradient,
            ),
            "average of the clipped norm; of the first ones, the least",
        ),
        Step(g_hat, factor * g, "clipped gradient"),
        Step(new(m), beta1 * m + (1 - beta1) * g_hat, "first moment"),
        Step(new(v), beta2 * v + (1 - beta2) * g_hat**2, "second moment"),
        Step(
            new(w),
            w - lr * weight_decay * w - lr / c1 * new(m) / (sqrt(new(v) / c2) + eps),
            "decay and descent",
        ),
    ),
    claims=(
        ema(m, of=g_hat, decay=beta1),
        ema(v, of=g_hat**2, decay=beta2),
        identity(norm(g_hat), factor * of_gradient),
    ),
)
