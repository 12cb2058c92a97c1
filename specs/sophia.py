"""Sophia: a momentum divided by an estimate of the curvature, which is new now and then, and clipped."""

from stepsmith.codegen.claims import ema, equals, fails, step_bound, unbiased
from stepsmith.codegen.spec import Max, Min, Optimizer, Step, arrays, given, hyper, inputs, new, scalars, where

w, g, m, m_hat, h, u = arrays("w g m m_hat h u")
t, c1 = scalars("t c1")
hessian = inputs("hessian", doc="an estimate of the diagonal of the Hessian at w")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.96", domain="[0, 1)", doc="decay of the momentum")
beta1_optax = hyper("beta1", default="0.965", domain="[0, 1)", doc="decay of the momentum")
beta2 = hyper("beta2", default="0.99", domain="[0, 1)", doc="decay of the curvature, for each estimate")
gamma = hyper("gamma", default="0.01", domain=">= 0", doc="scale of the curvature: larger is less often clipped")
eps = hyper("eps", default="1e-12", domain="> 0", doc="least curvature by which is divided")
eps_optax = hyper("eps", default="1e-8", domain="> 0", doc="least curvature by which is divided")
clip = hyper("clip", default="1", domain="> 0", doc="largest step of a weight, in units of lr")
weight_decay = hyper("weight_decay", default="0.2", domain=">= 0", doc="decoupled weight decay")
weight_decay_optax = hyper("weight_decay", default="0.0001", domain=">= 0", doc="decoupled weight decay")

_CURVATURE = Step(new(h), where(given(hessian), beta2 * h + (1 - beta2) * hessian, h), "curvature")

SOPHIA = Optimizer(
    name="Sophia",
    source="Liu et al. (2024), Algorithm 3, arXiv:2305.14342; what estimates the Hessian is left to the caller",
    summary="a clipped step of the momentum over the curvature, of which a new estimate may come in any step",
    state={m: 0, h: 0},
    steps=(
        Step(new(m), beta1 * m + (1 - beta1) * g, "momentum"),
        _CURVATURE,
        Step(u, Max(Min(new(m) / Max(gamma * new(h), eps), 1), -1), "step, clipped"),
        Step(new(w), w - lr * weight_decay * w - lr * u, "decay, descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        step_bound(),
    ),
)

_U = Step(u, Max(Min(m_hat / Max(gamma * h, eps_optax), clip), -clip), "step, clipped, of the old curvature")

SOPHIA_DELAYED = Optimizer(
    name="SophiaDelayed",
    source="Liu et al. (2024), Algorithm 3, arXiv:2305.14342, as in optax.contrib.sophia",
    summary="Sophia with a corrected momentum, in which an estimate of the curvature counts from the next step on",
    state={m: 0, h: 0},
    steps=(
        Step(c1, 1 - beta1_optax**t, "bias of the momentum"),
        Step(new(m), beta1_optax * m + (1 - beta1_optax) * g, "momentum"),
        Step(m_hat, new(m) / c1, "momentum, corrected"),
        _U,
        _CURVATURE,
        Step(new(w), w - lr * (u + weight_decay_optax * w), "decay, descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1_optax),
        unbiased(m_hat, of=g),
        fails(equals(SOPHIA), "an estimate counts a step later, and the momentum is corrected"),
    ),
)
