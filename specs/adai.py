"""Adai: momentum whose decay differs from weight to weight, by how its second moment compares with that of all."""

from stepsmith.codegen.claims import ema, unbiased
from stepsmith.codegen.spec import Max, Min, Optimizer, Step, arrays, global_mean, hyper, new, scalars

w, g, m, v, v_hat, beta1, prod = arrays("w g m v v_hat beta1 prod")
t, c2, v_bar = scalars("t c2 v_bar")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta0 = hyper("beta0", default="0.1", domain="[0, 1)", doc="how much less momentum a weight of mean variance has")
beta2 = hyper("beta2", default="0.99", domain="[0, 1)", doc="decay of the second moment")
weight_decay = hyper("weight_decay", default="0", domain=">= 0", doc="decoupled weight decay, times lr")
eps = hyper("eps", default="1e-3", domain="(0, 1)", doc="how far a decay stays below 1, and the least mean variance")

ADAI = Optimizer(
    name="Adai",
    source="Xie et al. (2022), Algorithm 2, arXiv:2006.15815, with the stable weight decay of its authors",
    summary="momentum with less inertia where gradients vary more than they do on average",
    state={m: 0, v: 0, prod: 1},
    steps=(
        Step(c2, 1 - beta2**t, "bias of the second moment"),
        Step(new(v), beta2 * v + (1 - beta2) * g**2, "second moment"),
        Step(v_hat, new(v) / c2, "second moment, corrected"),
        Step(v_bar, Max(global_mean(new(v)) / c2, eps), "mean of those of all weights"),
        Step(beta1, Min(Max(1 - beta0 * v_hat / v_bar, 0), 1 - eps), "decay of the momentum"),
        Step(new(prod), beta1 * prod, "bias of the momentum"),
        Step(new(m), beta1 * m + (1 - beta1) * g, "momentum"),
        Step(new(w), w - lr * weight_decay * w - lr * new(m) / Max(1 - new(prod), eps), "decay and descent"),
    ),
    claims=(ema(v, of=g**2, decay=beta2), unbiased(v_hat, of=g**2)),
)
