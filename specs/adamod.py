"""AdaMod: Adam whose step sizes are bounded by their own average."""

from stepsmith.codegen.claims import (
    descends,
    ema,
    equals,
    fails,
    first_step,
    fixed_point,
    nonnegative,
    reduces_to,
    scales,
    unbiased,
)
from stepsmith.codegen.spec import Abs, Min, Optimizer, Step, arrays, hyper, new, scalars, sqrt

from .adam import ADAM, ADAM_EPS_HAT

w, g, m, v, s, m_hat, v_hat, eta, eta_hat = arrays("w g m v s m_hat v_hat eta eta_hat")
t, c1, c2 = scalars("t c1 c2")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
beta3 = hyper("beta3", default="0.9999", domain="[0, 1)", doc="decay of the step sizes")
eps = hyper("eps", default="1e-8", domain="> 0", doc="keeps the division from zero")

_C1, _C2, _M, _V, *_ = ADAM.steps

ADAMOD = Optimizer(
    name="AdaMod",
    source="Ding et al. (2019), Algorithm 1, arXiv:1910.12249",
    summary="Adam with step sizes that are at most their own average",
    state={m: 0, v: 0, s: 0},
    steps=(
        Step(c1, 1 - beta1**t, "bias of the first moment"),
        Step(c2, 1 - beta2**t, "bias of the second moment"),
        Step(new(m), beta1 * m + (1 - beta1) * g, "first moment"),
        Step(new(v), beta2 * v + (1 - beta2) * g**2, "second moment"),
        Step(m_hat, new(m) / c1, "first moment, corrected"),
        Step(v_hat, new(v) / c2, "second moment, corrected"),
        Step(eta, lr / (sqrt(v_hat) + eps), "step size of Adam"),
        Step(new(s), beta3 * s + (1 - beta3) * eta, "average of the step sizes"),
        Step(eta_hat, Min(eta, new(s)), "bounded step size"),
        Step(new(w), w - eta_hat * m_hat, "descent"),
    ),
    claims=(
        ema(s, of=eta, decay=beta3),
        nonnegative(s),
        unbiased(m_hat, of=g),
        unbiased(v_hat, of=g**2),
        reduces_to(ADAM, at={beta3: 0}),
        fails(equals(ADAM), "the average of the step sizes is a bound"),
        first_step(-(1 - beta3) * lr * g / (Abs(g) + eps)),
        scales({"m": g, "v": g**2, "s": w / g, "lr": w, "eps": g}),
        descends(),
        fixed_point(),
    ),
)

ADAMOD_CORRECTED = Optimizer(
    name="AdaModCorrected",
    source="Ding et al. (2019), arXiv:1910.12249, as in the authors' code, where both corrections are in the step size",
    summary="AdaMod that averages step sizes in which the bias of both moments is corrected",
    state={m: 0, v: 0, s: 0},
    steps=(
        *ADAMOD.steps[:4],
        Step(eta, lr * sqrt(c2) / c1 / (sqrt(new(v)) + eps), "step size of Adam, corrected"),
        Step(new(s), beta3 * s + (1 - beta3) * eta, "average of the step sizes"),
        Step(eta_hat, Min(eta, new(s)), "bounded step size"),
        Step(new(w), w - eta_hat * new(m), "descent"),
    ),
    claims=(
        ema(s, of=eta, decay=beta3),
        nonnegative(s),
        reduces_to(ADAM_EPS_HAT, at={beta3: 0}),
        reduces_to(ADAMOD, at={beta1: 0}, hyper={"eps": eps / sqrt(1 - beta2**t)}),
        fails(
            equals(ADAMOD, hyper={"eps": eps / sqrt(1 - beta2**t)}),
            "the averages of the first step sizes keep the correction of the momentum",
        ),
        descends(),
        fixed_point(),
    ),
)
