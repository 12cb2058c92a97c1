"""QHAdam: Adam whose step lies between that of the gradient and that of its averages, below the line and above it."""

from stepsmith.codegen.claims import (
    descends,
    ema,
    equals,
    fails,
    first_step,
    fixed_point,
    reduces_to,
    scales,
    step_bound,
    unbiased,
)
from stepsmith.codegen.spec import Abs, Optimizer, Step, arrays, hyper, new, scalars, sqrt

from .adam import ADAM
from .nadam import NADAM_SIMPLE

w, g, m, v, m_hat, v_hat = arrays("w g m v m_hat v_hat")
t, c1, c2 = scalars("t c1 c2")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.995", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
nu1 = hyper("nu1", default="0.8", domain="[0, 1]", doc="share of the first moment above the line")
nu2 = hyper("nu2", default="0.7", domain="[0, 1]", doc="share of the second moment below it")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="keeps the division from zero")

QHADAM = Optimizer(
    name="QHAdam",
    source="Ma & Yarats (2019), section 4.2, arXiv:1810.06801",
    summary="Adam in which the gradient itself has a share of both moments",
    state={m: 0, v: 0},
    steps=(
        Step(c1, 1 - beta1**t, "bias of the first moment"),
        Step(c2, 1 - beta2**t, "bias of the second moment"),
        Step(new(m), beta1 * m + (1 - beta1) * g, "first moment"),
        Step(new(v), beta2 * v + (1 - beta2) * g**2, "second moment"),
        Step(m_hat, new(m) / c1, "first moment, corrected"),
        Step(v_hat, new(v) / c2, "second moment, corrected"),
        Step(
            new(w),
            w - lr * ((1 - nu1) * g + nu1 * m_hat) / (sqrt((1 - nu2) * g**2 + nu2 * v_hat) + eps),
            "descent",
        ),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        ema(v, of=g**2, decay=beta2),
        unbiased(m_hat, of=g),
        unbiased(v_hat, of=g**2),
        reduces_to(ADAM, at={nu1: 1, nu2: 1}),
        fails(equals(ADAM), "the gradient has a share beside its averages"),
        # the paper's table has NAdam here, whose bias correction looks a step ahead
        fails(
            reduces_to(NADAM_SIMPLE, at={nu1: beta1, nu2: 1}),
            "NAdam corrects the momentum as that of the step after",
        ),
        first_step(-lr * g / (Abs(g) + eps)),
        scales({"m": g, "v": g**2, "lr": w, "eps": g}),
        descends(),
        step_bound(),
        fixed_point(),
    ),
)
