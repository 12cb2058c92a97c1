"""Adan: Adam with Nesterov's momentum, estimated from differences of gradients. Two rules go by this name."""

from stepsmith.codegen.claims import ema, equals, fails, first_step, nonnegative, reduces_to, scales
from stepsmith.codegen.spec import Abs, Optimizer, Step, arrays, hyper, new, scalars, sqrt, where

from .adam import ADAM

w, g, m, v, n_, last, diff, ahead, m_hat, v_hat, n_hat, u = arrays("w g m v n_ last diff ahead m_hat v_hat n_hat u")
t, c1, c2, c3 = scalars("t c1 c2 c3")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.98", domain="[0, 1)", doc="decay of the mean gradient")
beta2 = hyper("beta2", default="0.92", domain="[0, 1)", doc="decay of the mean difference of gradients")
beta3 = hyper("beta3", default="0.99", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="keeps the division from zero")
eps_root = hyper("eps_root", default="1e-8", domain=">= 0", doc="keeps the root from zero")
weight_decay = hyper("weight_decay", default="0", domain=">= 0", doc="decoupled weight decay")


def _steps(share, *last_steps):
    """The steps with `share` of the difference of two gradients before the root and in the direction."""
    return (
        Step(c1, 1 - beta1**t, "correction of the first mean"),
        Step(c2, 1 - beta2**t, "correction of the second mean"),
        Step(c3, 1 - beta3**t, "correction of the second moment"),
        Step(diff, where(t > 1, g - last, 0), "difference of two gradients"),
        Step(new(last), g),
        Step(new(m), beta1 * m + (1 - beta1) * g, "mean gradient"),
        Step(new(v), beta2 * v + (1 - beta2) * diff, "mean difference"),
        Step(ahead, g + share * diff, "gradient, a step ahead"),
        Step(new(n_), beta3 * n_ + (1 - beta3) * ahead**2, "second moment"),
        Step(m_hat, new(m) / c1),
        Step(v_hat, new(v) / c2),
        Step(n_hat, new(n_) / c3),
        *last_steps,
    )


_DIRECTION = Step(u, (m_hat + beta2 * v_hat) / (sqrt(n_hat) + eps), "direction")
_CLAIMS = (
    ema(m, of=g, decay=beta1),
    ema(v, of=diff, decay=beta2),
    ema(n_, of=ahead**2, decay=beta3),
    nonnegative(n_),
)

ADAN_PROXIMAL = Optimizer(
    name="AdanProximal",
    source="Xie et al. (2022), Algorithm 1, arXiv:2208.06677, with 1 - beta for its beta, and bias correction, as in "
    "github.com/sail-sg/Adan",
    summary="Adan with proximal weight decay",
    own_t=True,
    state={m: 0, v: 0, n_: 0, last: 0},
    steps=_steps(beta2, _DIRECTION, Step(new(w), (w - lr * u) / (1 + lr * weight_decay), "proximal descent")),
    claims=(
        *_CLAIMS,
        first_step((w - lr * g / (Abs(g) + eps)) / (1 + lr * weight_decay) - w),
        reduces_to(ADAM, at={beta2: 0, weight_decay: 0}, hyper={"beta2": beta3}, state={"v": n_}),
        scales({"m": g, "v": g, "n_": g**2, "last": g, "lr": w, "eps": g, "weight_decay": 1 / w}),
    ),
)

ADAN = Optimizer(
    name="Adan",
    source="Xie et al. (2022), arXiv:2208.06677, with the decay of AdamW: no_prox=True of github.com/sail-sg/Adan",
    summary="averages of the gradient, of its differences, and of the square of both",
    own_t=True,
    state={m: 0, v: 0, n_: 0, last: 0},
    steps=_steps(beta2, _DIRECTION, Step(new(w), w - lr * weight_decay * w - lr * u, "decay and descent")),
    claims=(
        *_CLAIMS,
        first_step(-lr * weight_decay * w - lr * g / (Abs(g) + eps)),
        reduces_to(ADAM, at={beta2: 0, weight_decay: 0}, hyper={"beta2": beta3}, state={"v": n_}),
        fails(equals(ADAN_PROXIMAL), "a decay beside the step is not a division after it"),
        scales({"m": g, "v": g, "n_": g**2, "last": g, "lr": w, "eps": g, "weight_decay": 1 / w}),
    ),
)

ADAN_OPTAX = Optimizer(
    name="AdanOptax",
    source="optax.adan of optax 0.2.8: decays beta as in the authors' code, shares 1 - beta2 as in the paper",
    summary="Adan that looks ahead by 1 - beta2, where beta2 is meant",
    own_t=True,
    state={m: 0, v: 0, n_: 0, last: 0},
    steps=_steps(
        1 - beta2,
        Step(u, (m_hat + (1 - beta2) * v_hat) / (sqrt(n_hat + eps_root) + eps), "direction"),
        Step(new(w), w - lr * weight_decay * w - lr * u, "decay and descent"),
    ),
    claims=(
        *_CLAIMS,
        first_step(-lr * weight_decay * w - lr * g / (sqrt(g**2 + eps_root) + eps)),
        fails(equals(ADAN, constant=(beta2,)), "the share of the differences is 1 - beta2, not beta2"),
        scales({"m": g, "v": g, "n_": g**2, "last": g, "lr": w, "eps": g, "eps_root": g**2, "weight_decay": 1 / w}),
    ),
)
