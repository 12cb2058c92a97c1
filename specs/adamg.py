"""AdamG: Adam of gradients that a function of the second moment scales, with a step size that need not be set."""

from stepsmith.codegen.claims import ema, equals, fails, nonnegative
from stepsmith.codegen.spec import Min, Optimizer, Step, arrays, hyper, new, scalars, sqrt

from .adam import ADAM

w, g, m, v, r, m_hat, v_hat = arrays("w g m v r m_hat v_hat")
t, c1, c2, length = scalars("t c1 c2 length")
lr = hyper("lr", default="1", domain=">= 0", doc="largest step size")
beta1 = hyper("beta1", default="0.95", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
beta3 = hyper("beta3", default="0.95", domain="[0, 1)", doc="decay of the numerator")
p = hyper("p", default="0.2", domain="> 0", doc="factor of the numerator")
q = hyper("q", default="0.24", domain="(0, 1]", doc="power of the numerator")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="keeps the division from zero")

ADAMG = Optimizer(
    name="AdamG",
    source="Pang et al. (2024), Algorithm 2, arXiv:2405.04376",
    summary="Adam of gradients times a power of the second moment, whose step size falls as 1 / sqrt(t)",
    state={m: 0, v: 0, r: 0},
    steps=(
        Step(c1, 1 - beta1**t, "bias of the first moment"),
        Step(c2, 1 - beta2**t, "bias of the second moment"),
        Step(new(v), beta2 * v + (1 - beta2) * g**2, "second moment"),
        Step(new(r), beta3 * r + (1 - beta3) * p * new(v) ** q, "numerator"),
        Step(new(m), beta1 * m + (1 - beta1) * new(r) * g, "first moment of the scaled gradient"),
        Step(m_hat, new(m) / c1, "first moment, corrected"),
        Step(v_hat, new(v) / c2, "second moment, corrected"),
        Step(length, Min(lr, 1 / sqrt(t)), "step size"),
        Step(new(w), w - length * m_hat / (sqrt(v_hat) + eps), "descent"),
    ),
    claims=(
        ema(v, of=g**2, decay=beta2),
        ema(r, of=p * new(v) ** q, decay=beta3),
        ema(m, of=new(r) * g, decay=beta1),
        nonnegative(v),
        fails(equals(ADAM), "gradients are scaled"),
    ),
)
