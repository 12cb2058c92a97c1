"""FOCUS: signs of a momentum, and a pull towards the average of the weights."""

from stepsmith.codegen.claims import at_most, ema, equals, fails, reduces_to
from stepsmith.codegen.spec import Abs, Optimizer, Step, arrays, hyper, new, scalars, sign

from .sign import SIGNUM

w, g, m, w_bar, w_hat, decayed, u = arrays("w g m w_bar w_hat decayed u")
t, c2 = scalars("t c2")
lr = hyper("lr", default="0.01", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the momentum")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the average of the weights")
gamma = hyper("gamma", default="0.1", domain="[0, 1)", doc="strength of the pull")
weight_decay = hyper("weight_decay", default="0", domain=">= 0", doc="decay by the average of the weights, times lr")

FOCUS = Optimizer(
    name="FOCUS",
    source="Liu, Liu & Gore (2025), Algorithm 1, arXiv:2501.12243, with the decay first, as in pytorch_optimizer",
    summary="Signum that is pulled towards the average of the weights, all by signs",
    state={m: 0, w_bar: 0},
    steps=(
        Step(c2, 1 - beta2**t, "bias of the average of the weights"),
        Step(new(m), beta1 * m + (1 - beta1) * g, "momentum"),
        Step(new(w_bar), beta2 * w_bar + (1 - beta2) * w, "average of the weights"),
        Step(w_hat, new(w_bar) / c2, "the same, corrected"),
        Step(decayed, w - lr * weight_decay * w_hat, "decay"),
        Step(u, sign(new(m)) + gamma * sign(decayed - w_hat), "direction and pull"),
        Step(new(w), decayed - lr * u, "descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        ema(w_bar, of=w, decay=beta2),
        at_most(Abs(u), 1 + gamma),
        reduces_to(SIGNUM, at={gamma: 0, weight_decay: 0}, hyper={"beta": beta1}),
        fails(equals(SIGNUM, hyper={"beta": beta1}), "there is a pull"),
    ),
)
