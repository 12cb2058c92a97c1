"""ACProp: the gradient of today over the centred second moment of yesterday, so that beta2 may be anything."""

from stepsmith.codegen.claims import ema, equals, fails, first_step, nonnegative
from stepsmith.codegen.spec import Max, Optimizer, Step, arrays, hyper, new, scalars, sqrt, where

from .adabelief import ADABELIEF

w, g, m, s, s_hat = arrays("w g m s s_hat")
t, c2 = scalars("t c2")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-16", domain=">= 0", doc="keeps the division from zero")
eps_root = hyper("eps_root", default="1e-16", domain=">= 0", doc="added to the second moment in every step")
weight_decay = hyper("weight_decay", default="0", domain=">= 0", doc="decoupled weight decay, times lr")

ACPROP = Optimizer(
    name="ACProp",
    source="Zhuang et al. (2021), Algorithm 2, arXiv:2110.05454, as in optax.contrib.acprop",
    summary="asynchronous centred propagation: the denominator knows nothing of the gradient above it. "
    "The second moment is about the first of the step before, where the paper has that of this step; "
    "the first step is that of SGD",
    own_t=True,
    state={m: 0, s: 0},
    steps=(
        Step(c2, 1 - beta2 ** Max(t - 1, 1), "bias of the second moment of the step before"),
        Step(s_hat, where(t > 1, s / c2, 1), "second moment of the step before, corrected"),
        Step(new(s), beta2 * s + (1 - beta2) * (g - m) ** 2 + eps_root, "second moment about the average of before"),
        Step(new(m), beta1 * m + (1 - beta1) * g, "first moment"),
        Step(new(w), w - lr * (g / (sqrt(s_hat) + eps) + weight_decay * w), "descent and decay"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        ema(s, of=(g - m) ** 2 + eps_root / (1 - beta2), decay=beta2),
        nonnegative(s),
        fails(equals(ADABELIEF), "it divides by the second moment of the step before"),
        first_step(-lr * (g / (1 + eps) + weight_decay * w)),
    ),
)
