"""Adamax: Adam with the largest gradient in place of the second moment."""

from stepsmith.codegen.claims import (
    descends,
    ema,
    equals,
    fails,
    first_step,
    fixed_point,
    max_series,
    step_bound,
    unbiased,
)
from stepsmith.codegen.spec import Abs, Max, Optimizer, Step, arrays, hyper, new, scalars

w, g, m, u, m_hat = arrays("w g m u m_hat")
t, c1 = scalars("t c1")
lr = hyper("lr", default="0.002", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the maximum")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="keeps the division from zero")

_C1 = Step(c1, 1 - beta1**t, "bias of the first moment")
_M = Step(new(m), beta1 * m + (1 - beta1) * g, "first moment")
_M_HAT = Step(m_hat, new(m) / c1, "first moment, corrected")

ADAMAX = Optimizer(
    name="Adamax",
    source="Kingma & Ba (2015), Algorithm 2, arXiv:1412.6980, epsilon as in keras.optimizers.Adamax",
    summary="Adam with the infinity norm of past gradients",
    state={m: 0, u: 0},
    steps=(
        _C1,
        _M,
        Step(new(u), Max(beta2 * u, Abs(g)), "largest gradient, fading"),
        _M_HAT,
        Step(new(w), w - lr * m_hat / (new(u) + eps), "descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        unbiased(m_hat, of=g),
        max_series(u, of=Abs(g), decay=beta2),
        first_step(-lr * g / (Abs(g) + eps)),
        descends(),
        step_bound(),
        fixed_point(),
    ),
)

ADAMAX_EPS_INSIDE = Optimizer(
    name="AdamaxEpsInside",
    source="Kingma & Ba (2015), Algorithm 2, arXiv:1412.6980, epsilon inside the maximum as in torch.optim.Adamax",
    summary="Adamax with epsilon inside the maximum",
    state={m: 0, u: 0},
    steps=(
        _C1,
        _M,
        Step(new(u), Max(beta2 * u, Abs(g) + eps), "largest gradient, fading"),
        _M_HAT,
        Step(new(w), w - lr * m_hat / new(u), "descent"),
    ),
    claims=(
        max_series(u, of=Abs(g) + eps, decay=beta2),
        first_step(-lr * g / (Abs(g) + eps)),
        fails(equals(ADAMAX), "epsilon in the maximum fades with it"),
        fixed_point(),
    ),
)
