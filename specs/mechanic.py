"""Mechanic: a factor for all steps of another rule, found by betting on what they gained along the way from the start.

The factor is the sum of six, which forget the faster the smaller their decays: 0.9, 0.99, and so on.
"""

from sympy import Rational

from stepsmith.codegen.claims import ema, identity, series
from stepsmith.codegen.spec import (
    Abs,
    Max,
    Min,
    Optimizer,
    Step,
    arrays,
    global_norm,
    global_sum,
    hyper,
    new,
    scalars,
    sqrt,
)

from .adam import ADAM

w, g, start, b, m, v, m_hat, v_hat, u, delta = arrays("w g start b m v m_hat v_hat u delta")
total, along_g, along_w, pull, h, scale = scalars("total along_g along_w pull h scale")
lr = hyper("lr", default="1", domain=">= 0", doc="learning rate of the rule whose steps are scaled")
momentum = hyper("momentum", default="0", domain="[0, 1)", doc="decay of the sum of gradients")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
eps_adam = hyper("eps_adam", default="1e-8", domain="> 0", doc="keeps the division of Adam from zero")
decay = hyper("weight_decay", default="0", domain=">= 0", doc="decoupled weight decay, inside the step that is scaled")
s_decay = hyper("s_decay", default="0.01", domain=">= 0", doc="how far what is bet on leads back to zero")
eps = hyper("eps", default="1e-8", domain="> 0", doc="keeps the divisions from zero")
s_init = hyper("s_init", default="1e-6", domain="> 0", doc="factor before the first step")

_BETAS = [1 - Rational(1, 10**k) for k in range(1, 7)]
# of each of the six: the reward, the largest bet, the sum of the squares, and the factor
_REWARDS, _LARGEST, _SQUARES, _FACTORS = (
    scalars(" ".join(f"{name}_{k}" for k in range(1, 7))) for name in ("reward", "largest", "squares", "factor")
)
_FROM = "Cutkosky et al. (2023), Algorithm 1, arXiv:2306.00144, as in optax.contrib.mechanize"
_STATE = {
    start: w,
    **dict.fromkeys((*_REWARDS, *_LARGEST, *_SQUARES), 0),
    **dict.fromkeys(_FACTORS, s_init),
}


def _bets():
    """The step of each of the six factors."""
    for beta, r, largest, q, s in zip(_BETAS, _REWARDS, _LARGEST, _SQUARES, _FACTORS, strict=True):
        yield Step(new(r), beta * r + Min(Max(h, -largest), largest) * s, f"what was won, with decay {float(beta):g}")
        yield Step(new(largest), Max(beta * largest, Abs(h) + eps), "the most that was at stake")
        yield Step(new(q), beta**2 * q + h**2, "sum of squares")
        yield Step(new(s), (s_init / 6 * new(largest) + Max(new(r), 0)) / (sqrt(new(q)) + eps), "factor")


def _scaled(*inner):
    """The steps of a rule whose direction is `u`, scaled from the start."""
    return (
        Step(total, sum(_FACTORS), "factor so far"),
        Step(along_g, global_sum(g * (start - w)), "gradient along the way from the start"),
        Step(along_w, global_sum(w * (start - w)), "weights along it"),
        Step(pull, s_decay * total * global_norm(g) / (global_norm(w) + eps), "decay"),
        Step(h, (along_g + pull * along_w) / (total + eps), "what a larger factor would have gained"),
        *inner,
        *_bets(),
        Step(scale, sum(map(new, _FACTORS)), "factor"),
        Step(delta, (start - w) / (total + eps) + lr * u, "sum of the steps, without it"),
        Step(new(w), start - scale * delta, "descent from the start"),
        Step(new(start), start),
    )


_START = identity(new(start), start)

MECHANIC_SGD = Optimizer(
    name="MechanicSGD",
    source=f"{_FROM} around sgd",
    summary="SGD with momentum, whose learning rate is found as it goes",
    state={**_STATE, b: 0},
    steps=_scaled(
        Step(new(b), momentum * b + g, "momentum"),
        Step(u, new(b), "direction"),
    ),
    claims=(_START, series(b, of=g, decay=momentum)),
)

MECHANIC_ADAMW = Optimizer(
    name="MechanicAdamW",
    source=f"{_FROM} around adamw",
    summary="AdamW whose learning rate is found as it goes",
    state={**_STATE, m: 0, v: 0},
    steps=_scaled(
        *ADAM.steps[:-1],
        Step(u, m_hat / (sqrt(v_hat) + eps_adam) + decay * w, "direction"),
    ),
    claims=(_START, ema(m, of=g, decay=beta1), ema(v, of=g**2, decay=beta2)),
)
