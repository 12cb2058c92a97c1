"""diffGrad: Adam with friction where the gradient hardly changes."""

from stepsmith.codegen.claims import (
    descends,
    ema,
    equals,
    fails,
    first_step,
    fixed_point,
    scales,
    unbiased,
)
from stepsmith.codegen.spec import Abs, Optimizer, Step, arrays, exp, hyper, new, scalars, sqrt

from .adam import ADAM

w, g, m, v, m_hat, v_hat, last, xi = arrays("w g m v m_hat v_hat last xi")
t, c1, c2 = scalars("t c1 c2")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="keeps the division from zero")

DIFFGRAD = Optimizer(
    name="DiffGrad",
    source="Dubey et al. (2020), Algorithm 1, arXiv:1909.11015",
    summary="Adam whose step is multiplied by a sigmoid of how far the gradient changed, at least one half",
    state={m: 0, v: 0, last: 0},
    steps=(
        *ADAM.steps[:-1],
        Step(xi, 1 / (1 + exp(-Abs(last - g))), "friction coefficient"),
        Step(new(last), g),
        Step(new(w), w - lr * xi * m_hat / (sqrt(v_hat) + eps), "descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        unbiased(m_hat, of=g),
        unbiased(v_hat, of=g**2),
        first_step(-lr * g / ((1 + exp(-Abs(g))) * (Abs(g) + eps))),
        fails(equals(ADAM), "the change of the gradient shortens the step"),
        fails(
            scales({"m": g, "v": g**2, "last": g, "lr": w, "eps": g}),
            "the change of the gradient is compared with a pure number",
        ),
        descends(),
        fixed_point(),
    ),
)
