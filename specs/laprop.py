"""LaProp: Adam in the other order, first divided by the root of the second moment and then averaged."""

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

w, g, m, n_, n_hat, m_hat, u = arrays("w g m n_ n_hat m_hat u")
t, c_m, c_n = scalars("t c_m c_n")
lr = hyper("lr", default="4e-4", domain=">= 0", doc="learning rate")
mu = hyper("mu", default="0.9", domain="[0, 1)", doc="decay of the momentum")
nu = hyper("nu", default="0.999", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-15", domain=">= 0", doc="keeps the division from zero")

LAPROP = Optimizer(
    name="LaProp",
    source="Ziyin, Wang & Ueda (2020), Algorithm 1, arXiv:2002.04839",
    summary="the momentum of gradients that are divided by the root of their second moment",
    state={n_: 0, m: 0},
    steps=(
        Step(c_n, 1 - nu**t, "bias of the second moment"),
        Step(c_m, 1 - mu**t, "bias of the momentum"),
        Step(new(n_), nu * n_ + (1 - nu) * g**2, "second moment"),
        Step(n_hat, new(n_) / c_n, "second moment, corrected"),
        Step(u, g / (sqrt(n_hat) + eps), "gradient, normalised"),
        Step(new(m), mu * m + (1 - mu) * u, "momentum"),
        Step(m_hat, new(m) / c_m, "momentum, corrected"),
        Step(new(w), w - lr * m_hat, "descent"),
    ),
    claims=(
        ema(n_, of=g**2, decay=nu),
        ema(m, of=u, decay=mu),
        unbiased(n_hat, of=g**2),
        reduces_to(
            ADAM, at={mu: 0}, hyper={"beta1": 0, "beta2": nu}, state={"m": m * (sqrt(n_ / (1 - nu**t)) + eps), "v": n_}
        ),
        fails(
            equals(ADAM, hyper={"beta1": mu, "beta2": nu}, state={"v": n_}),
            "there each gradient is divided by the second moment of today, here by that of its own day",
        ),
        first_step(-lr * g / (Abs(g) + eps)),
        scales({"n_": g**2, "lr": w, "eps": g}),
        descends(),
        step_bound(),
        fixed_point(),
    ),
)
