"""Adam: a step scaled by running estimates of the gradient's first two moments."""

from codegen.claims import ema, fixed_point, unbiased
from codegen.spec import Optimizer, Step, arrays, hyper, new, scalars, sqrt

w, g, m, v, m_hat, v_hat = arrays("w g m v m_hat v_hat")
t, c1, c2 = scalars("t c1 c2")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="keeps the division from zero")

ADAM = Optimizer(
    name="Adam",
    source="Kingma & Ba (2015), Algorithm 1, arXiv:1412.6980",
    summary="a step scaled by running estimates of the first two moments of the gradient",
    state={m: 0, v: 0},
    steps=(
        Step(c1, 1 - beta1**t, "bias of the first moment"),
        Step(c2, 1 - beta2**t, "bias of the second moment"),
        Step(new(m), beta1 * m + (1 - beta1) * g, "first moment"),
        Step(new(v), beta2 * v + (1 - beta2) * g**2, "second moment"),
        Step(m_hat, new(m) / c1, "first moment, corrected"),
        Step(v_hat, new(v) / c2, "second moment, corrected"),
        Step(new(w), w - lr * m_hat / (sqrt(v_hat) + eps), "descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        ema(v, of=g**2, decay=beta2),
        unbiased(m_hat, of=g),
        unbiased(v_hat, of=g**2),
        fixed_point(),
    ),
)
