"""Stable weight decay: a decay that all weights share, by the mean of all second moments."""

from stepsmith.codegen.claims import ema, nonnegative, unbiased
from stepsmith.codegen.spec import Max, Optimizer, Step, arrays, global_mean, hyper, new, scalars, sqrt

from .adam import ADAM

w, g, m, v, m_hat, v_hat = arrays("w g m v m_hat v_hat")
t, c1, c2, v_bar = scalars("t c1 c2 v_bar")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-8", domain="> 0", doc="keeps the divisions from zero")
weight_decay = hyper("weight_decay", default="1e-4", domain=">= 0", doc="weight decay, in units of the mean step")

_C1, _C2, _M, _V, _M_HAT, _V_HAT, _ = ADAM.steps

ADAMS = Optimizer(
    name="AdamS",
    source="Xie et al. (2023), Algorithm 4, arXiv:2011.11152",
    summary="AdamW whose decay is divided by the root of the mean of the second moments of all weights",
    state={m: 0, v: 0},
    steps=(
        _C1,
        _C2,
        _M,
        _V,
        _M_HAT,
        _V_HAT,
        Step(v_bar, Max(global_mean(new(v)), 0) / c2, "mean of all second moments"),
        Step(
            new(w),
            w - lr * weight_decay / (sqrt(v_bar) + eps) * w - lr * m_hat / (sqrt(v_hat) + eps),
            "decay and descent",
        ),
    ),
    claims=(ema(m, of=g, decay=beta1), ema(v, of=g**2, decay=beta2), nonnegative(v), unbiased(m_hat, of=g)),
)
