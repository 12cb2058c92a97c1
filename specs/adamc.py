"""AdamC: AdamW whose decay of the weights follows the square of the learning rate."""

from stepsmith.codegen.claims import ema, equals, fails, first_step, reduces_to, scales, unbiased
from stepsmith.codegen.spec import Abs, Optimizer, Step, arrays, hyper, new, scalars, sqrt

from .adam import ADAM
from .adamw import ADAMW

w, g, m, v, m_hat, v_hat = arrays("w g m v m_hat v_hat")
t, c1, c2 = scalars("t c1 c2")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the first moment")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
eps = hyper("eps", default="1e-8", domain=">= 0", doc="keeps the division from zero")
lr_max = hyper("lr_max", default="0.001", domain="> 0", doc="largest learning rate of the schedule")
weight_decay = hyper("weight_decay", default="0.05", domain=">= 0", doc="decay of the weights, times lr**2 / lr_max")

ADAMC = Optimizer(
    name="AdamC",
    source="Defazio (2025), Algorithm 1, arXiv:2506.02285, for the layers that are followed by a normalization",
    summary="Adam with a weight decay that falls as the square of the learning rate",
    state={m: 0, v: 0},
    steps=(
        *ADAM.steps[:-1],
        Step(
            new(w),
            w - lr * m_hat / (sqrt(v_hat) + eps) - lr**2 / lr_max * weight_decay * w,
            "descent and corrected decay",
        ),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        unbiased(m_hat, of=g),
        unbiased(v_hat, of=g**2),
        equals(ADAMW, hyper={"weight_decay": lr / lr_max * weight_decay}),
        fails(equals(ADAMW), "the decay falls with the learning rate"),
        reduces_to(ADAM, at={weight_decay: 0}),
        reduces_to(ADAMW, at={lr_max: 1}, hyper={"weight_decay": lr * weight_decay}),
        first_step(-lr * g / (Abs(g) + eps) - lr**2 / lr_max * weight_decay * w),
        scales({"m": g, "v": g**2, "lr": w, "lr_max": w, "eps": g, "weight_decay": 1 / w}),
    ),
)
