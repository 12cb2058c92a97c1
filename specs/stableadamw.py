"""StableAdamW: AdamW whose learning rate shrinks, for each array, where its second moment is out of date."""

from stepsmith.codegen.claims import at_most, identity, nonnegative
from stepsmith.codegen.spec import Max, Optimizer, Step, arrays, hyper, mean, new, scalars, sqrt

w, g, m, v = arrays("w g m v")
t, share1, share2, rms, length = scalars("t share1 share2 rms length")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.99", domain="[0, 1)", doc="decay of the second moment")
weight_decay = hyper("weight_decay", default="0.01", domain=">= 0", doc="decoupled weight decay, times the length")
eps = hyper("eps", default="1e-8", domain="> 0", doc="keeps the divisions from zero")

STABLE_ADAMW = Optimizer(
    name="StableAdamW",
    source="Wortsman et al. (2023), Algorithm 2, arXiv:2304.13013",
    summary="AdamW with the update clipping of AdaFactor",
    state={m: 0, v: 0},
    steps=(
        Step(share1, (1 - beta1) / (1 - beta1**t), "share of the gradient in the first moment, corrected"),
        Step(share2, (1 - beta2) / (1 - beta2**t), "share of its square in the second moment, at most 1"),
        Step(new(m), (1 - share1) * m + share1 * g, "first moment"),
        Step(new(v), Max(1 - share2, 0) * v + share2 * g**2, "second moment"),
        Step(rms, sqrt(mean(g**2 / Max(new(v), eps**2))), "how far the gradient exceeds its second moment"),
        Step(length, lr / Max(rms, 1), "learning rate of this array"),
        Step(new(w), w - length * weight_decay * w - length * new(m) / (sqrt(new(v)) + eps), "decay and descent"),
    ),
    claims=(nonnegative(v), identity(new(m) - m, share1 * (g - m)), at_most(length, lr)),
)
