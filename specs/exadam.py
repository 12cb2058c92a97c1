"""EXAdam: Adam in which each moment corrects the other, and the gradient of today counts twice."""

from stepsmith.codegen.claims import ema, equals, fails, fixed_point, scales, unbiased
from stepsmith.codegen.spec import Optimizer, Step, arrays, hyper, new, scalars, sqrt

from .adam import ADAM

w, g, m, v, d1, d2, m_tilde, v_tilde, g_tilde = arrays("w g m v d1 d2 m_tilde v_tilde g_tilde")
t, c1, c2 = scalars("t c1 c2")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-8", domain="> 0", doc="keeps the divisions from zero")

EXADAM = Optimizer(
    name="EXAdam",
    source="Adly (2024), Algorithm 1, arXiv:2412.20302v2",
    summary="Adam with cross-moment corrections and the gradient beside its average",
    state={m: 0, v: 0},
    steps=(
        Step(c1, 1 - beta1**t, "bias of the first moment"),
        Step(c2, 1 - beta2**t, "bias of the second moment"),
        Step(new(m), beta1 * m + (1 - beta1) * g, "first moment"),
        Step(new(v), beta2 * v + (1 - beta2) * g**2, "second moment"),
        Step(d1, 1 + new(v) / (new(v) + eps) * beta2**t, "from 2 to 1"),
        Step(d2, 1 + new(m) ** 2 / (new(m) ** 2 + eps) * beta1**t, "from 2 to 1"),
        Step(m_tilde, new(m) / c1 * d1, "first moment, corrected by the second"),
        Step(v_tilde, new(v) / c2 * d2, "second moment, corrected by the first"),
        Step(g_tilde, g / c1 * d1, "gradient, in the same way"),
        Step(new(w), w - lr * (m_tilde + g_tilde) / (sqrt(v_tilde) + eps), "descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        ema(v, of=g**2, decay=beta2),
        fails(unbiased(m_tilde, of=g), "the first steps are corrected twice"),
        fails(equals(ADAM), "the gradient counts beside its average"),
        fails(scales({"m": g, "v": g**2, "lr": w, "eps": g}), "epsilon is added to squares and to a root"),
        fixed_point(),
    ),
)
