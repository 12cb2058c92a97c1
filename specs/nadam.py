"""NAdam: Adam with Nesterov's momentum. Three rules go by this name."""

from sympy import Rational

from stepsmith.codegen.claims import descends, ema, equals, fails, first_step, fixed_point, reduces_to, unbiased
from stepsmith.codegen.claims.dynamics import h, stable
from stepsmith.codegen.spec import Abs, Optimizer, Step, arrays, hyper, new, scalars, sqrt

from .adam import ADAM

w, g, m, v, v_hat, m_bar = arrays("w g m v v_hat m_bar")
t, c1, c2, mu, mu_next, product = scalars("t c1 c2 mu mu_next product")
lr = hyper("lr", default="0.002", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="keeps the division from zero")
momentum_decay = hyper("momentum_decay", default="0.004", domain=">= 0", doc="how fast the momentum rises to beta1")

_, _C2, _M, _V, _, _V_HAT, _ = ADAM.steps


def _schedule(t, speed):
    """Dozat's momentum at step `t`: it rises from beta1/2 to beta1."""
    return beta1 * (1 - Rational(96, 100) ** (t * speed) / 2)


def _steps(speed):
    return (
        Step(mu, _schedule(t, speed), "momentum of this step"),
        Step(mu_next, _schedule(t + 1, speed), "momentum of the next step"),
        Step(new(product), product * mu, "product of the momenta so far"),
        _C2,
        _M,
        _V,
        Step(
            m_bar,
            mu_next * new(m) / (1 - new(product) * mu_next) + (1 - mu) * g / (1 - new(product)),
            "first moment, a step ahead, corrected",
        ),
        _V_HAT,
        Step(new(w), w - lr * m_bar / (sqrt(v_hat) + eps), "descent"),
    )


NADAM_KERAS = Optimizer(
    name="NAdamKeras",
    source="Dozat (2016), openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ, as in keras.optimizers.Nadam",
    summary="Adam with Nesterov's momentum, on a schedule of its own",
    state={product: 1, m: 0, v: 0},
    steps=_steps(1),
    claims=(ema(m, of=g, decay=beta1), unbiased(v_hat, of=g**2), fixed_point()),
)

NADAM = Optimizer(
    name="NAdam",
    source="Dozat (2016), openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ, as in torch.optim.NAdam",
    summary="Adam with Nesterov's momentum, on a schedule that momentum_decay sets",
    state={product: 1, m: 0, v: 0},
    steps=_steps(momentum_decay),
    claims=(
        ema(m, of=g, decay=beta1),
        unbiased(v_hat, of=g**2),
        reduces_to(NADAM_KERAS, at={momentum_decay: 1}),
        fails(equals(NADAM_KERAS), "Keras has no momentum_decay; there it is 1"),
        fixed_point(),
        stable(2 * (1 + beta1) / ((1 - beta1) * (1 + 2 * beta1)) * (sqrt(v) + eps) / h),
    ),
)

NADAM_SIMPLE = Optimizer(
    name="NAdamSimple",
    source="Dozat (2016), Algorithm 2 with a constant momentum, as in optax.nadam",
    summary="Adam with Nesterov's momentum and no schedule",
    state={m: 0, v: 0},
    steps=(
        _C2,
        _M,
        _V,
        Step(
            m_bar,
            beta1 * new(m) / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t),
            "first moment, a step ahead, corrected",
        ),
        _V_HAT,
        Step(new(w), w - lr * m_bar / (sqrt(v_hat) + eps), "descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        unbiased(v_hat, of=g**2),
        first_step(-lr * (beta1 * (1 - beta1) / (1 - beta1**2) + 1) * g / (Abs(g) + eps)),
        fails(equals(ADAM), "looking a step ahead makes it another rule"),
        descends(),
        fixed_point(),
        stable(2 * (1 + beta1) / ((1 - beta1) * (1 + 2 * beta1)) * (sqrt(v) + eps) / h),
    ),
)
