"""AdaNorm: Adam whose momentum takes gradients that are as long as they have been on average, if they are shorter."""

from stepsmith.codegen.claims import ema, nonnegative
from stepsmith.codegen.spec import Optimizer, Step, arrays, hyper, new, norm, per_array, scalars, sqrt, where

w, g, s, m, v = arrays("w g s m v")
t, c1, c2, of_gradient = scalars("t c1 c2 of_gradient")
e = per_array("e")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.99", domain="[0, 1)", doc="decay of the second moment")
r = hyper("r", default="0.95", domain="[0, 1)", doc="decay of the norm")
eps = hyper("eps", default="1e-8", domain="> 0", doc="keeps the division from zero")
weight_decay = hyper("weight_decay", default="0", domain=">= 0", doc="decoupled weight decay, times lr")

ADANORM = Optimizer(
    name="AdaNorm",
    source="Dubey et al. (2023), Algorithm 2, arXiv:2210.06364, over Adam, with decoupled weight decay",
    summary="Adam of gradients that are stretched to the average of their norms where they are shorter",
    own_t=True,
    state={m: 0, v: 0, e: 0},
    steps=(
        Step(c1, 1 - beta1**t, "bias of the first moment"),
        Step(c2, 1 - beta2**t, "bias of the second moment"),
        Step(of_gradient, norm(g), "norm of this array's gradient"),
        Step(new(e), r * e + (1 - r) * of_gradient, "average of it"),
        Step(s, where(of_gradient > 0, where(new(e) > of_gradient, new(e) / of_gradient, 1), 1) * g, "stretched"),
        Step(new(m), beta1 * m + (1 - beta1) * s, "first moment"),
        Step(new(v), beta2 * v + (1 - beta2) * g**2, "second moment"),
        Step(
            new(w),
            w - lr * weight_decay * w - lr * sqrt(c2) / c1 * new(m) / (sqrt(new(v)) + eps),
            "decay and descent",
        ),
    ),
    claims=(
        ema(e, of=of_gradient, decay=r),
        ema(m, of=s, decay=beta1),
        ema(v, of=g**2, decay=beta2),
        nonnegative(v),
    ),
)
