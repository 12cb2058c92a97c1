"""MARS: gradients with a part of their last change added, which a momentum averages. Without its clipping by norms."""

from stepsmith.codegen.claims import ema, equals, fails, first_step, reduces_to, step_bound
from stepsmith.codegen.spec import Optimizer, Step, arrays, hyper, new, scalars, sign, sqrt

from .adamw import ADAMW
from .sign import SIGNUM

w, g, m, v, last, corrected, m_hat, v_hat, u = arrays("w g m v last corrected m_hat v_hat u")
t, c1, c2 = scalars("t c1 c2")
lr = hyper("lr", default="0.003", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.95", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.99", domain="[0, 1)", doc="decay of the second moment")
beta = hyper("beta", default="0.95", domain="[0, 1)", doc="decay of the momentum")
gamma = hyper("gamma", default="0.025", domain=">= 0", doc="weight of the change of the gradient")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="keeps the division from zero")
weight_decay = hyper("weight_decay", default="0", domain=">= 0", doc="decoupled weight decay")


def _corrected(beta):
    """The gradient of the momentum with this decay; its authors' code takes zero for the gradient before the first."""
    return (
        Step(corrected, g + gamma * beta / (1 - beta) * (g - last), "gradient with its change"),
        Step(new(last), g),
    )


MARS_ADAMW = Optimizer(
    name="MARSAdamW",
    source="Yuan et al. (2024), Algorithm 2, arXiv:2411.10438, approximate, from zero as in github.com/AGI-Arena/MARS, "
    "without the bound of 1 on the norm of the corrected gradient",
    summary="AdamW of gradients with a part of their last change added",
    state={m: 0, v: 0, last: 0},
    steps=(
        Step(c1, 1 - beta1**t, "correction of the first moment"),
        Step(c2, 1 - beta2**t, "correction of the second moment"),
        *_corrected(beta1),
        Step(new(m), beta1 * m + (1 - beta1) * corrected, "first moment"),
        Step(new(v), beta2 * v + (1 - beta2) * corrected**2, "second moment"),
        Step(m_hat, new(m) / c1),
        Step(v_hat, new(v) / c2),
        Step(u, m_hat / (sqrt(v_hat) + eps), "direction"),
        Step(new(w), w - lr * weight_decay * w - lr * u, "decay and descent"),
    ),
    claims=(
        ema(m, of=corrected, decay=beta1),
        ema(v, of=corrected**2, decay=beta2),
        reduces_to(ADAMW, at={gamma: 0}),
        fails(equals(ADAMW), "a change of the gradient counts"),
    ),
)

MARS_LION = Optimizer(
    name="MARSLion",
    source="Yuan et al. (2024), Algorithm 3, arXiv:2411.10438, approximate, from zero as in github.com/AGI-Arena/MARS, "
    "without the bound of 1 on the norm of the corrected gradient",
    summary="signs of a momentum of gradients with a part of their last change added",
    state={m: 0, last: 0},
    steps=(
        *_corrected(beta),
        Step(new(m), beta * m + (1 - beta) * corrected, "momentum"),
        Step(new(w), w - lr * (sign(new(m)) + weight_decay * w), "descent"),
    ),
    claims=(
        ema(m, of=corrected, decay=beta),
        step_bound(),
        first_step(-lr * (sign(g) + weight_decay * w)),
        reduces_to(SIGNUM, at={gamma: 0, weight_decay: 0}),
    ),
)
