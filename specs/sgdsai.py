"""SGD-SaI: momentum with a learning rate for each array, from how its first gradient stands out from its noise."""

from stepsmith.codegen.claims import ema, identity
from stepsmith.codegen.spec import (
    Max,
    Optimizer,
    Step,
    array_sum,
    arrays,
    hyper,
    new,
    norm,
    per_array,
    scalars,
    size,
    sqrt,
    where,
)

w, g, m = arrays("w g m")
t, count, of_gradient, deviation = scalars("t count of_gradient deviation")
ratio = per_array("ratio")
lr = hyper("lr", default="0.01", domain=">= 0", doc="learning rate")
momentum = hyper("momentum", default="0.9", domain="[0, 1)", doc="decay of the momentum")
weight_decay = hyper("weight_decay", default="0.01", domain=">= 0", doc="decoupled weight decay, times lr")
eps = hyper("eps", default="1e-8", domain="> 0", doc="keeps the division from zero")

_VARIANCE = Max(array_sum(g**2) - array_sum(g) ** 2 / count, 0) / Max(count - 1, 1)

SGDSAI = Optimizer(
    name="SGDSaI",
    source="Xu et al. (2024), Algorithm 1, arXiv:2412.11768",
    summary="momentum whose step is scaled, for each array, by the norm of its first gradient over the spread in it",
    own_t=True,
    state={m: 0, ratio: 0},
    steps=(
        Step(of_gradient, norm(g), "norm of this array's gradient"),
        Step(count, size, "its elements"),
        Step(deviation, sqrt(_VARIANCE), "standard deviation in it"),
        Step(
            new(ratio),
            where(t > 1, ratio, where(deviation > 0, of_gradient / (deviation + eps), of_gradient)),
            "signal-to-noise ratio of the first",
        ),
        Step(new(m), momentum * m + (1 - momentum) * g, "momentum"),
        Step(new(w), w - lr * weight_decay * w - lr * new(ratio) * new(m), "decay and descent"),
    ),
    claims=(
        ema(m, of=g, decay=momentum),
        identity(new(w) - w + lr * weight_decay * w, -lr * new(ratio) * new(m)),
    ),
)
