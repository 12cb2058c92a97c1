"""D-Adaptation: a step length for all parameters that is found as it goes, from how far the gradients have led."""

from stepsmith.codegen.claims import ema, monotone
from stepsmith.codegen.spec import Abs, Max, Optimizer, Step, arrays, global_sum, hyper, new, scalars, sqrt, where

w, g, m, v, s = arrays("w g m v s")
t, d, r, length, inner, size, bound = scalars("t d r length inner size bound")
lr = hyper("lr", default="1", domain=">= 0", doc="factor of the step length that is found")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
d0 = hyper("d0", default="1e-6", domain="> 0", doc="first guess of the distance")
eps = hyper("eps", default="1e-8", domain="> 0", doc="keeps the division from zero")
weight_decay = hyper("weight_decay", default="0", domain=">= 0", doc="decoupled weight decay")

_ROOT = sqrt(beta2)

DADAPT_ADAMW = Optimizer(
    name="DAdaptAdamW",
    source="Defazio & Mishchenko (2023), Algorithm 5, arXiv:2301.07733, as in optax.contrib.dadapt_adamw",
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
