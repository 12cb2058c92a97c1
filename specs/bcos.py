"""BCOS: steps over the root of a second moment of what is followed, the gradient or its momentum."""

from stepsmith.codegen.claims import equals, fails, first_step, nonnegative, reduces_to, scales
from stepsmith.codegen.spec import Abs, Max, Optimizer, Step, arrays, hyper, new, scalars, sqrt, where

from .rmsprop import RMSPROP

w, g, m, m_old, v, u = arrays("w g m m_old v u")
t = scalars("t")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta = hyper("beta", default="0.9", domain="[0, 1)", doc="decay of the averages")
eps = hyper("eps", default="1e-6", domain="> 0", doc="keeps the division from zero")
weight_decay = hyper("weight_decay", default="0.1", domain=">= 0", doc="decoupled weight decay, times lr")

_FROM = "Jiang & Xiao (2025), arXiv:2507.08963"
_M = Step(new(m), where(t > 1, beta * m + (1 - beta) * g, g), "momentum, from the first gradient on")
_FIRST = first_step(-lr * weight_decay * w - lr * g / (Abs(g) + eps))
_SCALES = {"v": g**2, "lr": w, "eps": g, "weight_decay": 1 / w}


def _descent(along, over):
    return Step(new(w), w - lr * weight_decay * w - lr * along / (sqrt(over) + eps), "decay and descent")


BCOS_GRADIENT = Optimizer(
    name="BCOSGradient",
    source=f"{_FROM}, BCOS-g",
    summary="RMSprop whose second moment starts from the first gradient",
    own_t=True,
    state={v: 0},
    steps=(
        Step(new(v), where(t > 1, beta * v + (1 - beta) * g**2, g**2), "second moment"),
        _descent(g, new(v)),
    ),
    claims=(
        nonnegative(v),
        _FIRST,
        scales(_SCALES),
        fails(equals(RMSPROP, hyper={"rho": beta}), "the second moment starts from the first gradient"),
    ),
)

BCOS_MOMENTUM = Optimizer(
    name="BCOSMomentum",
    source=f"{_FROM}, BCOS-m",
    summary="descent along the momentum over the root of the average of its squares",
    own_t=True,
    state={m: 0, v: 0},
    steps=(
        _M,
        Step(new(v), where(t > 1, beta * v + (1 - beta) * new(m) ** 2, g**2), "second moment of the momentum"),
        _descent(new(m), new(v)),
    ),
    claims=(nonnegative(v), _FIRST, scales({"m": g, **_SCALES})),
)

BCOS = Optimizer(
    name="BCOS",
    source=f"{_FROM}, BCOS-c with its simple estimator",
    summary="descent along the momentum over what its square is expected to be, given the step before",
    own_t=True,
    state={m: 0},
    steps=(
        Step(m_old, where(t > 1, m, g), "momentum of the step before"),
        Step(u, (1 - (1 - beta) ** 2) * m_old**2 + (1 - beta) ** 2 * g**2, "its square, given that step"),
        _M,
        _descent(new(m), Max(u, 0)),
    ),
    claims=(_FIRST, reduces_to(BCOS_MOMENTUM, at={beta: 0}, state={"v": m**2})),
)
