"""The sign of a momentum, as a user might declare it."""

from stepsmith.codegen.claims import ema, fixed_point
from stepsmith.codegen.spec import Optimizer, Step, arrays, hyper, new, sign

w, g, m = arrays("w g m")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta = hyper("beta", default="0.9", domain="[0, 1)", doc="decay of the momentum")

SIGN_MOMENTUM = Optimizer(
    name="SignMomentum",
    source="Bernstein et al. (2018), Algorithm 2 (Signum), arXiv:1802.04434",
    summary="a step of one length in the direction of the momentum's signs",
    state={m: 0},
    steps=(Step(new(m), beta * m + (1 - beta) * g, "momentum"), Step(new(w), w - lr * sign(new(m)), "descent")),
    claims=(ema(m, of=g, decay=beta), fixed_point()),
)
