"""Grokfast: the slow part of the gradient is amplified before AdamW sees it."""

from stepsmith.codegen.claims import ema, equals, fails, first_step, reduces_to, scales
from stepsmith.codegen.spec import Abs, Max, Optimizer, Step, arrays, hyper, new, scalars, sqrt, where

from .adamw import ADAMW

w, g, mu, m, v, m_hat, v_hat, g_hat = arrays("w g mu m v m_hat v_hat g_hat")
t, c1, c2 = scalars("t c1 c2")
lr = hyper("lr", default="1e-4", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.99", domain="[0, 1)", doc="decay of the second moment")
alpha = hyper("alpha", default="0.98", domain="[0, 1)", doc="decay of the slow part")
lamb = hyper("lamb", default="2", domain=">= 0", doc="weight of the slow part")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="least root of the second moment")
weight_decay = hyper("weight_decay", default="0", domain=">= 0", doc="decoupled weight decay, times lr")

GROKFAST_ADAMW = Optimizer(
    name="GrokfastAdamW",
    source="Lee et al. (2024), Algorithm 2, arXiv:2405.20233, over AdamW as in GrokFastAdamW of pytorch_optimizer",
    summary="AdamW of the gradient and its amplified average; the root is at least epsilon",
    own_t=True,
    state={mu: 0, m: 0, v: 0},
    steps=(
        Step(c1, 1 - beta1**t, "bias of the first moment"),
        Step(c2, 1 - beta2**t, "bias of the second moment"),
        Step(new(mu), where(t > 1, alpha * mu + (1 - alpha) * g, g), "slow part, from the first gradient on"),
        Step(g_hat, g + lamb * new(mu), "amplified gradient"),
        Step(new(m), beta1 * m + (1 - beta1) * g_hat, "first moment"),
        Step(new(v), beta2 * v + (1 - beta2) * g_hat**2, "second moment"),
        Step(m_hat, new(m) / c1, "first moment, corrected"),
        Step(v_hat, new(v) / c2, "second moment, corrected"),
        Step(new(w), w - lr * m_hat / Max(sqrt(v_hat), eps) - lr * weight_decay * w, "descent and decay"),
    ),
    claims=(
        ema(m, of=g_hat, decay=beta1),
        ema(v, of=g_hat**2, decay=beta2),
        reduces_to(ADAMW, at={lamb: 0, eps: 0}),
        fails(equals(ADAMW), "the gradient comes with its average"),
        first_step(-lr * (1 + lamb) * g / Max((1 + lamb) * Abs(g), eps) - lr * weight_decay * w),
        scales({"mu": g, "m": g, "v": g**2, "lr": w, "eps": g, "weight_decay": 1 / w}),
    ),
)
