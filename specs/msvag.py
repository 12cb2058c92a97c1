"""M-SVAG: momentum whose step is shortened where the gradients vary."""

from sympy import Rational

from stepsmith.codegen.claims import (
    descends,
    ema,
    first_step,
    fixed_point,
    reduces_to,
    unbiased,
)
from stepsmith.codegen.spec import Max, Min, Optimizer, Step, arrays, hyper, new, scalars, where

w, g, m, v, m_hat, v_hat, s, gamma, base, step = arrays("w g m v m_hat v_hat s gamma base step")
t, c, rho = scalars("t c rho")
lr = hyper("lr", default="0.1", domain=">= 0", doc="learning rate")
beta = hyper("beta", default="0.9", domain="[0, 1)", doc="decay of both moments")
weight_decay = hyper("weight_decay", default="0", domain=">= 0", doc="decay of the weights, whatever lr is")

_STEPS = (
    Step(c, 1 - beta**t, "bias of both moments"),
    Step(
        rho,
        Min((1 - beta) ** 2 * (1 - beta ** (2 * t)) / ((1 - beta**2) * c**2), Rational("0.9999")),
        "variance of the average over that of a gradient",
    ),
    Step(new(m), beta * m + (1 - beta) * g, "first moment"),
    Step(new(v), beta * v + (1 - beta) * g**2, "second moment"),
    Step(m_hat, new(m) / c, "first moment, corrected"),
    Step(v_hat, new(v) / c, "second moment, corrected"),
    Step(s, (v_hat - m_hat**2) / (1 - rho), "variance of the gradient"),
    Step(base, m_hat**2 + rho * s, "second moment of the average"),
    Step(gamma, where(base > 0, Min(Max(m_hat**2 / base, 0), 1), 0), "share of the mean in it"),
)

MSVAG = Optimizer(
    name="MSVAG",
    source="Balles & Hennig (2018), Algorithm 2, arXiv:1705.07774, with the bounds of Chainer and pytorch_optimizer",
    summary="stochastic variance-adapted gradient with momentum",
    state={m: 0, v: 0},
    steps=(*_STEPS, Step(new(w), w - lr * gamma * m_hat, "descent")),
    claims=(
        ema(m, of=g, decay=beta),
        ema(v, of=g**2, decay=beta),
        unbiased(m_hat, of=g),
        unbiased(v_hat, of=g**2),
        first_step(-lr * g),
        fixed_point(),
        descends(),
    ),
)

MSVAG_DECAY = Optimizer(
    name="MSVAGW",
    source="Balles & Hennig (2018), Algorithm 2, arXiv:1705.07774, as in chainer.optimizers.MSVAG",
    summary="MSVAG with a weight decay that does not depend on the learning rate",
    state={m: 0, v: 0},
    steps=(*_STEPS, Step(new(w), w - lr * gamma * m_hat - weight_decay * w, "descent and decay")),
    claims=(
        ema(m, of=g, decay=beta),
        unbiased(v_hat, of=g**2),
        first_step(-lr * g - weight_decay * w),
        reduces_to(MSVAG, at={weight_decay: 0}),
    ),
)
