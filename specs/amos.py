"""Amos: steps over the root mean square of each array's gradient, with a decay that fades as they do."""

from stepsmith.codegen.claims import ema, identity
from stepsmith.codegen.spec import Optimizer, Step, arrays, hyper, mean, new, per_array, scalars, sqrt

w, g, m, u = arrays("w g m u")
t, c, square, inverse, shrink_c, shrink_d, gamma = scalars("t c square inverse shrink_c shrink_d gamma")
v = per_array("v")
b = per_array("b")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
scale = hyper("scale", default="0.5", domain="> 0", doc="how large weights are expected to become")
beta = hyper("beta", default="0.999", domain="[0, 1)", doc="decay of the second moment")
momentum = hyper("momentum", default="0", domain="[0, 1)", doc="decay of the average of the steps")
extra_l2 = hyper("extra_l2", default="0", domain=">= 0", doc="weight decay besides")
c_coef = hyper("c_coef", default="0.25", domain=">= 0", doc="how fast the decay fades")
d_coef = hyper("d_coef", default="0.25", domain=">= 0", doc="how fast the steps fade")
eps = hyper("eps", default="1e-18", domain="> 0", doc="keeps the division from zero")

AMOS = Optimizer(
    name="Amos",
    source="Tian & Parikh (2022), Algorithm 1, arXiv:2210.11693, with one scale, as in pytorch_optimizer",
    summary="normalized steps in units of the scale that weights come to have, and a decay towards it",
    own_t=True,
    state={v: 0, b: 0, m: 0},
    steps=(
        Step(c, 1 - beta**t, "bias of the second moment"),
        Step(square, mean(g**2), "mean square of this array's gradient"),
        Step(new(v), beta * v + (1 - beta) * square, "second moment"),
        Step(inverse, c / (new(v) + eps), "inverse of the same, corrected"),
        Step(shrink_c, 1 / sqrt(1 + c_coef * sqrt(lr) * b), "how far the decay has faded"),
        Step(shrink_d, 1 / (1 + d_coef * sqrt(lr * scale) * b), "how far the steps have"),
        Step(gamma, shrink_c * lr**2 * inverse * square, "twice the decay"),
        Step(u, shrink_d * ((gamma - extra_l2) / 2 * w + lr * scale * sqrt(inverse) * g), "step with decay"),
        Step(new(b), b * (1 + gamma) + gamma, "clock of the fading"),
        Step(new(m), momentum * m + (1 - momentum) * u, "average of the steps"),
        Step(new(w), w - new(m), "descent"),
    ),
    claims=(
        ema(v, of=square, decay=beta),
        ema(m, of=u, decay=momentum),
        identity(new(b) - b, gamma * (1 + b)),
    ),
)
