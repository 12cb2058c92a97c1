"""AdaHessian: Adam whose second moment is that of the diagonal of the Hessian."""

from stepsmith.codegen.claims import ema, equals, fails, nonnegative, reduces_to, unbiased
from stepsmith.codegen.spec import Optimizer, Step, arrays, hyper, inputs, new, scalars

from .adam import ADAM

w, g, m, v, m_hat, v_hat = arrays("w g m v m_hat v_hat")
t, c1, c2 = scalars("t c1 c2")
hessian = inputs(
    "hessian", doc="an estimate of the diagonal of the Hessian at w, averaged over space as the paper has it"
)
lr = hyper("lr", default="0.15", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment of the Hessian")
power = hyper("hessian_power", default="1", domain="(0, 1]", doc="power of the Hessian that is divided by")
eps = hyper("eps", default="0.0001", domain=">= 0", doc="keeps the division from zero")
weight_decay = hyper("weight_decay", default="0", domain=">= 0", doc="decoupled weight decay")

_MOMENTS = (
    Step(c1, 1 - beta1**t, "bias of the first moment"),
    Step(c2, 1 - beta2**t, "bias of the second moment"),
    Step(new(m), beta1 * m + (1 - beta1) * g, "first moment"),
    Step(new(v), beta2 * v + (1 - beta2) * hessian**2, "second moment of the Hessian"),
    Step(m_hat, new(m) / c1, "first moment, corrected"),
    Step(v_hat, new(v) / c2, "second moment, corrected"),
)

ADAHESSIAN = Optimizer(
    name="AdaHessian",
    source="Yao et al. (2021), Algorithm 1, arXiv:2006.00719, for each element; what estimates the Hessian, and "
    "averages it over space, is left to the caller",
    summary="the momentum over the root mean square of the diagonal of the Hessian, to a power",
    state={m: 0, v: 0},
    steps=(
        *_MOMENTS,
        Step(new(w), w - lr * (m_hat / (v_hat ** (power / 2) + eps) + weight_decay * w), "descent, decay"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        ema(v, of=hessian**2, decay=beta2),
        unbiased(m_hat, of=g),
        nonnegative(v),
        reduces_to(ADAM, at={hessian: g, power: 1, weight_decay: 0}),
        fails(equals(ADAM), "the second moment is that of the Hessian"),
    ),
)
