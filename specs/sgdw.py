"""SGDW: momentum whose weights decay beside the step, as in the paper and as the libraries have it."""

from stepsmith.codegen.claims import equals, fails, first_step, reduces_to, scales, series
from stepsmith.codegen.claims.dynamics import h, stable
from stepsmith.codegen.spec import Optimizer, Step, arrays, hyper, new, scalars, where

from .momentum import HEAVY_BALL, MOMENTUM_BUFFER, MOMENTUM_DAMPENED
from .nesterov import NESTEROV
from .sgd import SGD

w, g, m, b = arrays("w g m b")
t, keep = scalars("t keep")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
eta = hyper("eta", default="1", domain=">= 0", doc="schedule multiplier")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="momentum coefficient")
rate = hyper("weight_decay", default="1e-4", domain=">= 0", doc="decay of the weights, times eta")
mu = hyper("mu", default="0.9", domain="[0, 1)", doc="momentum coefficient")
dampening = hyper("dampening", default="0", domain="[0, 1]", doc="share of each later gradient that is lost")
weight_decay = hyper("weight_decay", default="0.01", domain=">= 0", doc="decay of the weights, times lr")

SGDW = Optimizer(
    name="SGDW",
    source="Loshchilov & Hutter (2019), Algorithm 1, arXiv:1711.05101",
    summary="momentum with decoupled weight decay, which follows the schedule but not the learning rate",
    state={m: 0},
    steps=(
        Step(new(m), beta1 * m + eta * lr * g, "momentum"),
        Step(new(w), w - new(m) - eta * rate * w, "descent and decay"),
    ),
    claims=(
        series(m, of=eta * lr * g, decay=beta1),
        reduces_to(HEAVY_BALL, at={rate: 0}, hyper={"rho": beta1, "lr": eta * lr}, state={"v": -m}),
        first_step(-eta * (lr * g + rate * w)),
        scales({"m": w, "lr": w / g}),
        stable((1 + beta1) * (2 - eta * rate) / (eta * h)),
    ),
)

SGDW_BUFFER = Optimizer(
    name="SGDWBuffer",
    source="Loshchilov & Hutter (2019), Algorithm 1, arXiv:1711.05101, as in timm and pytorch_optimizer",
    summary="SGDW with the momentum of torch, and a decay times the learning rate",
    own_t=True,
    state={b: 0},
    steps=(
        Step(keep, where(t > 1, 1 - dampening, 1), "share of the gradient"),
        Step(new(b), mu * b + keep * g, "buffer"),
        Step(new(w), w - lr * new(b) - lr * weight_decay * w, "descent and decay"),
    ),
    claims=(
        reduces_to(MOMENTUM_DAMPENED, at={weight_decay: 0}),
        reduces_to(
            SGDW,
            at={dampening: 0},
            hyper={"beta1": mu, "eta": 1, "weight_decay": lr * weight_decay},
            state={"m": lr * b},
            constant=(lr,),
        ),
        first_step(-lr * (g + weight_decay * w)),
        scales({"b": g, "lr": w / g, "weight_decay": g / w}),
    ),
)

SGDW_NESTEROV = Optimizer(
    name="SGDWNesterov",
    source="Loshchilov & Hutter (2019), arXiv:1711.05101, with the momentum of Nesterov as in timm",
    summary="SGDWBuffer that looks a step ahead",
    state={b: 0},
    steps=(
        Step(new(b), mu * b + g, "buffer"),
        Step(new(w), w - lr * (g + mu * new(b)) - lr * weight_decay * w, "descent and decay"),
    ),
    claims=(
        series(b, of=g, decay=mu),
        reduces_to(NESTEROV, at={weight_decay: 0}),
        reduces_to(SGD, at={weight_decay: 0, mu: 0}),
        fails(equals(MOMENTUM_BUFFER), "it looks a step ahead"),
        first_step(-lr * ((1 + mu) * g + weight_decay * w)),
        scales({"b": g, "lr": w / g, "weight_decay": g / w}),
    ),
)
