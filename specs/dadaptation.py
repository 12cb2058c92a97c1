"""D-Adaptation: step lengths for all parameters that are found from a lower bound of the distance to the solution."""

from stepsmith.codegen.claims import ema, identity, monotone, nonnegative, series
from stepsmith.codegen.spec import (
    Abs,
    Max,
    Min,
    Optimizer,
    Step,
    arrays,
    global_norm,
    global_sum,
    hyper,
    new,
    scalars,
    sign,
    sqrt,
    where,
)

w, g, start, s, m, v, u, alpha = arrays("w g start s m v u alpha")
t, d, g0, total, inner, size_, gained, bound, length, root, g_sq, far, r, size = scalars(
    "t d g0 total inner size_ gained bound length root g_sq far r size"
)
lr = hyper("lr", default="1", domain=">= 0", doc="factor of the step length that is found")
d0 = hyper("d0", default="1e-6", domain="> 0", doc="first guess of the distance")
momentum = hyper("momentum", default="0.9", domain="[0, 1)", doc="share of the weights that is kept")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
beta1_lion = hyper("beta1", default="0.9", domain="[0, 1)", doc="share of the momentum in the step")
beta2_lion = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the momentum")
growth_rate = hyper("growth_rate", default="1.02", domain=">= 1", doc="what the distance grows by in a step at most")
weight_decay = hyper("weight_decay", default="0", domain=">= 0", doc="decoupled weight decay")
eps = hyper("eps", default="1e-8", domain="> 0", doc="keeps the division from zero")
accumulator = hyper("initial_accumulator", default="1e-6", domain="> 0", doc="where the sums of squares start")

_FROM = "Defazio & Mishchenko (2023), arXiv:2301.07733"
_ROOT = sqrt(beta2)

DADAPT_ADAMW = Optimizer(
    name="DAdaptAdamW",
    source=f"{_FROM}, Algorithm 5, as in optax.contrib.dadapt_adamw",
    summary="Adam with decoupled decay and a step length for all parameters that is found as it goes",
    state={m: 0, v: 0, s: 0, d: d0, r: 0},
    steps=(
        Step(length, lr * d * sqrt(1 - beta2**t) / (1 - beta1**t), "step length"),
        Step(inner, global_sum(g * s / (sqrt(v) + eps)), "gradient along those before"),
        Step(new(m), beta1 * m + (1 - beta1) * length * g, "first moment, in steps"),
        Step(new(v), beta2 * v + (1 - beta2) * g**2, "second moment"),
        Step(new(s), _ROOT * s + (1 - _ROOT) * length * g, "gradients, weighted"),
        Step(new(r), _ROOT * r + (1 - _ROOT) * length * inner, "what they have in common"),
        Step(size, global_sum(Abs(new(s))), "1-norm of the weighted gradients"),
        Step(bound, where(size > 0, new(r) / ((1 - _ROOT) * size), 0), "lower bound of the distance"),
        Step(new(d), Max(d, bound), "distance"),
        Step(new(w), w - weight_decay * length * w - new(m) / (sqrt(new(v)) + eps), "decay, descent"),
    ),
    claims=(
        ema(v, of=g**2, decay=beta2),
        ema(m, of=length * g, decay=beta1),
        monotone(d),
    ),
)

DADAPT_LION = Optimizer(
    name="DAdaptLion",
    source=f"{_FROM}, over Lion, as in the authors' code",
    summary="Lion with a step length for all parameters that is found as it goes",
    state={m: 0, s: 0, gained: 0, d: d0},
    steps=(
        Step(length, lr * d, "step length"),
        Step(root, sqrt(beta2_lion), "decay of the sums"),
        Step(u, sign(beta1_lion * m + (1 - beta1_lion) * g), "direction"),
        Step(new(m), beta2_lion * m + (1 - beta2_lion) * length * g, "momentum"),
        Step(inner, global_sum(u * s), "direction along the way so far"),
        Step(new(gained), root * gained + (1 - root) * length * inner, "what it gained"),
        Step(new(s), root * s + (1 - root) * length * u, "way so far"),
        Step(size_, global_sum(Abs(new(s))), "1-norm of the way"),
        Step(bound, where(size_ > 0, new(gained) / ((1 - root) * size_), 0), "lower bound of the distance"),
        Step(new(d), where(lr > 0, Max(d, bound), d), "distance"),
        Step(new(w), w - length * weight_decay * w - length * u, "decay and descent"),
    ),
    claims=(monotone(d),),
)

DADAPT_SGD = Optimizer(
    name="DAdaptSGD",
    source=f"{_FROM}, over SGD, as in the authors' code; sums are kept before they are divided by the first norm",
    summary="dual averaging with momentum and a step length for all parameters that is found as it goes",
    state={start: w, s: 0, gained: 0, g0: 0, d: d0},
    steps=(
        Step(new(start), start),
        Step(new(g0), where(g0 > 0, g0, global_norm(g)), "norm of the first gradient"),
        Step(length, lr * d, "step length, times that norm"),
        Step(inner, global_sum(g * s), "gradient along the sum"),
        Step(new(gained), gained + length * inner, "what it gained"),
        Step(new(s), s + length * g, "weighted sum of the gradients"),
        Step(size_, global_norm(new(s)), "norm of that"),
        Step(far, new(g0) * size_),
        Step(bound, where(far > 0, 2 * new(gained) / far, 0), "lower bound of the distance"),
        Step(new(d), where(lr > 0, Max(d, Min(bound, d * growth_rate)), d), "distance"),
        Step(
            new(w), momentum * w + (1 - momentum) * (start - where(new(g0) > 0, new(s) / new(g0), 0)), "dual averaging"
        ),
    ),
    claims=(series(s, of=length * g), identity(new(start), start), monotone(d)),
)

DADAPT_ADAGRAD = Optimizer(
    name="DAdaptAdaGrad",
    source=f"{_FROM}, Algorithm 3, as in the authors' code",
    summary="AdaGrad by dual averaging, with a step length for all parameters that is found as it goes",
    state={start: w, s: 0, alpha: accumulator, total: 0, d: d0},
    steps=(
        Step(new(start), start),
        Step(length, lr * d, "step length"),
        Step(new(alpha), alpha + g**2, "sum of squares"),
        Step(g_sq, global_sum(g**2 / (sqrt(new(alpha)) + eps)), "squared norm of the gradient"),
        Step(new(s), s + length * g, "weighted sum of the gradients"),
        Step(new(total), total + length**2 * g_sq, "sum of the squared norms"),
        Step(far, global_sum(new(s) ** 2 / (sqrt(new(alpha)) + eps)), "squared norm of the sum"),
        Step(size_, global_sum(Abs(new(s))), "1-norm of the sum"),
        Step(bound, where(size_ > 0, (far - new(total)) / size_, 0), "lower bound of the distance"),
        Step(new(d), where(lr > 0, Max(d, Min(bound, d * growth_rate)), d), "distance"),
        Step(
            new(w),
            momentum * w + (1 - momentum) * (start - new(s) / (sqrt(new(alpha)) + eps)),
            "dual averaging, with momentum",
        ),
    ),
    claims=(
        series(s, of=length * g),
        identity(new(start), start),
        monotone(d),
        monotone(alpha),
        nonnegative(alpha),
    ),
)
