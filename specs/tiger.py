"""Tiger: the sign of a momentum with decoupled weight decay, which is Lion with both decays the same."""

from stepsmith.codegen.claims import ema, equals, fails, first_step, reduces_to, scales, step_bound
from stepsmith.codegen.spec import Optimizer, Step, arrays, hyper, new, sign

from .sign import LION, SIGN_SGD, SIGNUM

w, g, m = arrays("w g m")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta = hyper("beta", default="0.965", domain="[0, 1)", doc="decay of the momentum")
weight_decay = hyper("weight_decay", default="0.01", domain=">= 0", doc="decoupled weight decay")

TIGER = Optimizer(
    name="Tiger",
    source="Su (2023), Tiger: a tight-fisted optimizer, kexue.fm/archives/9512",
    summary="Signum with decoupled weight decay",
    state={m: 0},
    steps=(
        Step(new(m), beta * m + (1 - beta) * g, "momentum"),
        Step(new(w), w - lr * (sign(new(m)) + weight_decay * w), "descent and decay"),
    ),
    claims=(
        ema(m, of=g, decay=beta),
        equals(LION, hyper={"beta1": beta, "beta2": beta}),
        reduces_to(SIGNUM, at={weight_decay: 0}),
        reduces_to(SIGN_SGD, at={beta: 0, weight_decay: 0}),
        fails(equals(SIGNUM), "the weights decay"),
        first_step(-lr * (sign(g) + weight_decay * w)),
        scales({"m": g, "lr": w, "weight_decay": 1 / w}),
        step_bound(),
    ),
)
