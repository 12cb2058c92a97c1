"""NovoGrad: momentum of gradients that are divided by a moving average of their norms, one number for each array."""

from stepsmith.codegen.claims import ema, fails, nonnegative, series
from stepsmith.codegen.spec import Optimizer, Step, array_sum, arrays, hyper, new, per_array, scalars, sqrt, where

w, g, m, u = arrays("w g m u")
t, total = scalars("t total")
v = per_array("v")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.95", domain="[0, 1)", doc="decay of the momentum")
beta2 = hyper("beta2", default="0.98", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-8", domain="> 0", doc="keeps the division from zero")
weight_decay = hyper("weight_decay", default="0", domain=">= 0", doc="weight decay")

_TOTAL = Step(total, array_sum(g**2), "squared norm of the gradient")
_V = Step(new(v), where(t > 1, beta2 * v + (1 - beta2) * total, total), "second moment")
_NO_AVERAGE = fails(ema(v, of=total, decay=beta2), "it starts from the first squared norm, not from 0")

NOVOGRAD = Optimizer(
    name="NovoGrad",
    source="Ginsburg et al. (2019), Algorithm 1, arXiv:1905.11286",
    summary="momentum of gradients, each divided by a moving average of its norm, with weight decay in it",
    state={v: 0, m: 0},
    steps=(
        _TOTAL,
        _V,
        Step(u, g / (sqrt(new(v)) + eps) + weight_decay * w, "gradient of about norm 1, and weight decay"),
        Step(new(m), beta1 * m + u, "momentum"),
        Step(new(w), w - lr * new(m), "descent"),
    ),
    claims=(
        nonnegative(v),
        series(m, of=u, decay=beta1),
        _NO_AVERAGE,
    ),
    own_t=True,
)

NOVOGRAD_DECOUPLED = Optimizer(
    name="NovoGradW",
    source="Ginsburg et al. (2019), arXiv:1905.11286, with decoupled weight decay, as in pytorch_optimizer",
    summary="NovoGrad whose weight decay is no part of the momentum",
    state={v: 0, m: 0},
    steps=(
        _TOTAL,
        _V,
        Step(u, g / (sqrt(new(v)) + eps), "gradient of about norm 1"),
        Step(new(m), beta1 * m + u, "momentum"),
        Step(new(w), w - lr * weight_decay * w - lr * new(m), "decay, descent"),
    ),
    claims=(
        nonnegative(v),
        series(m, of=u, decay=beta1),
        _NO_AVERAGE,
    ),
    own_t=True,
)
