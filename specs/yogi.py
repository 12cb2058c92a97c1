"""Yogi: Adam whose second moment moves by as much as the gradient, however far it has to go."""

from stepsmith.codegen.claims import descends, ema, equals, fails, first_step, fixed_point, nonnegative, unbiased
from stepsmith.codegen.spec import Abs, Optimizer, Step, arrays, hyper, new, scalars, sign, sqrt

from .adam import ADAM

w, g, m, v, m_hat, v_hat = arrays("w g m v m_hat v_hat")
t, c1, c2 = scalars("t c1 c2")
lr = hyper("lr", default="0.01", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-3", domain=">= 0", doc="keeps the division from zero")

_C1, _C2, _M, _, _M_HAT, _V_HAT, _ = ADAM.steps
_V = Step(new(v), v - (1 - beta2) * sign(v - g**2) * g**2, "second moment, a step towards the squared gradient")

YOGI = Optimizer(
    name="Yogi",
    source="Zaheer et al. (2018), Algorithm 2, proceedings.neurips.cc, with the bias correction of optax.yogi",
    summary="Adam with a second moment that changes by (1 - beta2) g**2, up or down",
    state={m: 0, v: 0},
    steps=(
        _C1,
        _C2,
        _M,
        _V,
        _M_HAT,
        _V_HAT,
        Step(new(w), w - lr * m_hat / (sqrt(v_hat) + eps), "descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        unbiased(m_hat, of=g),
        nonnegative(v),
        first_step(-lr * g / (Abs(g) + eps)),
        fails(equals(ADAM), "Adam's second moment changes by (1 - beta2) (g**2 - v)"),
        descends(),
        fixed_point(),
    ),
)

YOGI_UNCORRECTED = Optimizer(
    name="YogiUncorrected",
    source="Zaheer et al. (2018), Algorithm 2, proceedings.neurips.cc, as printed there",
    summary="Yogi without bias correction",
    state={m: 0, v: 0},
    steps=(_M, _V, Step(new(w), w - lr * new(m) / (sqrt(new(v)) + eps), "descent")),
    claims=(
        nonnegative(v),
        first_step(-lr * (1 - beta1) * g / (sqrt(1 - beta2) * Abs(g) + eps)),
        equals(YOGI, hyper={"lr": lr * (1 - beta1**t) / sqrt(1 - beta2**t), "eps": eps / sqrt(1 - beta2**t)}),
        descends(),
        fixed_point(),
    ),
)
