"""Ano: the sign of a momentum, but the size of the gradient of today."""

from stepsmith.codegen.claims import ema, equals, fails, nonnegative, scales
from stepsmith.codegen.spec import Abs, Max, Optimizer, Step, arrays, hyper, log, new, scalars, sign, sqrt

from .adamw import ADAMW
from .cautious import GRAMS

w, g, m, v, v_hat = arrays("w g m v v_hat")
t, c2, beta1_now = scalars("t c2 beta1_now")
lr = hyper("lr", default="1e-4", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.92", domain="[0, 1)", doc="decay of the momentum")
beta2 = hyper("beta2", default="0.99", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="keeps the division from zero")
weight_decay = hyper("weight_decay", default="0", domain=">= 0", doc="decoupled weight decay, times lr")

_C2 = Step(c2, 1 - beta2**t, "bias of the second moment")
_STEPS = (
    Step(
        new(v),
        Max(beta2 * v - (1 - beta2) * sign(v - g**2) * g**2, 0),
        "second moment; only a beta2 below 1/2 would take it below 0",
    ),
    Step(v_hat, new(v) / c2, "second moment, corrected"),
    Step(
        new(w),
        w - lr * weight_decay * w - lr * Abs(g) / (sqrt(v_hat) + eps) * sign(new(m)),
        "decay and descent",
    ),
)

ANO = Optimizer(
    name="Ano",
    source="Kegreisz (2025), Algorithm 1, arXiv:2508.18258",
    summary="a step of the size of the gradient in the direction of its momentum, over a second moment as of Yogi",
    state={m: 0, v: 0},
    steps=(_C2, Step(new(m), beta1 * m + (1 - beta1) * g, "momentum"), *_STEPS),
    claims=(
        ema(m, of=g, decay=beta1),
        nonnegative(v),
        scales({"m": g, "v": g**2, "lr": w, "eps": g, "weight_decay": 1 / w}),
        fails(equals(ADAMW), "the size of a step is that of the gradient, its direction that of the momentum"),
        fails(equals(GRAMS), "Grams takes the size of the momentum and the sign of the gradient"),
    ),
)

ANOLOG = Optimizer(
    name="Anolog",
    source="Kegreisz (2025), arXiv:2508.18258, the variant with a logarithmic schedule",
    summary="Ano with a momentum that averages over ever more steps: its decay is 1 - 1 / log(t)",
    state={m: 0, v: 0},
    steps=(
        _C2,
        Step(beta1_now, 1 - 1 / log(Max(t, 2)), "decay of the momentum; negative in the first two steps"),
        Step(new(m), beta1_now * m + (1 - beta1_now) * g, "momentum"),
        *_STEPS,
    ),
    claims=(nonnegative(v), fails(equals(ANO, hyper={"beta1": 0}), "the momentum has a schedule")),
)
