"""DualAdam: first the product of Adam's moments, then more and more their quotient."""

from stepsmith.codegen.claims import ema, equals, fails, reduces_to, unbiased
from stepsmith.codegen.spec import Max, Optimizer, Step, arrays, hyper, new, scalars, sqrt

from .adam import ADAM

w, g, m, v, m_hat, v_hat, u, u_inverse = arrays("w g m v m_hat v_hat u u_inverse")
t, c1, c2, alpha = scalars("t c1 c2 alpha")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
switch_rate = hyper("switch_rate", default="1e-4", domain="[0, 1]", doc="share of the way to Adam in every step")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="keeps the division from zero")

_STEPS = (
    *ADAM.steps[:-1],
    Step(u_inverse, m_hat * sqrt(v_hat), "step of InvAdam"),
)

DUALADAM = Optimizer(
    name="DualAdam",
    source="Shi et al. (2026), Algorithm 2, arXiv:2603.07122",
    summary="Adam whose first steps are larger, not smaller, where the second moment is",
    state={m: 0, v: 0},
    steps=(
        *_STEPS,
        Step(u, m_hat / (sqrt(v_hat) + eps), "step of Adam"),
        Step(alpha, Max(1 - switch_rate * t, 0), "share of InvAdam"),
        Step(new(w), w - lr * (alpha * u_inverse + (1 - alpha) * u), "descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        unbiased(m_hat, of=g),
        unbiased(v_hat, of=g**2),
        reduces_to(ADAM, at={switch_rate: 1}),
        fails(equals(ADAM), "the first steps are those of InvAdam"),
    ),
)

INVADAM = Optimizer(
    name="InvAdam",
    source="Shi et al. (2026), Algorithm 1, arXiv:2603.07122",
    summary="Adam that multiplies by the root of the second moment in place of dividing by it",
    state={m: 0, v: 0},
    steps=(*_STEPS, Step(new(w), w - lr * u_inverse, "descent")),
    claims=(ema(m, of=g, decay=beta1), unbiased(m_hat, of=g), fails(equals(ADAM, hyper={"eps": 0}), "it multiplies")),
)
