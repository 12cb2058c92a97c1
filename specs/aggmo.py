"""AggMo: the mean of several momenta, each with a damping of its own."""

from stepsmith.codegen.claims import additive, descends, first_step, fixed_point, identity, reduces_to, scales, series
from stepsmith.codegen.spec import Optimizer, Step, arrays, hyper, new

from .momentum import MOMENTUM_BUFFER

w, g, v1, v2, v3 = arrays("w g v1 v2 v3")
lr = hyper("lr", default="0.1", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0", domain="[0, 1)", doc="damping of the first velocity")
beta2 = hyper("beta2", default="0.9", domain="[0, 1)", doc="damping of the second velocity")
beta3 = hyper("beta3", default="0.99", domain="[0, 1)", doc="damping of the third velocity")

AGGMO = Optimizer(
    name="AggMo",
    source="Lucas et al. (2019), equation 2, arXiv:1804.00325, with three velocities as by default there",
    summary="aggregated momentum: the mean of three velocities",
    state={v1: 0, v2: 0, v3: 0},
    steps=(
        Step(new(v1), beta1 * v1 - g, "first velocity"),
        Step(new(v2), beta2 * v2 - g, "second velocity"),
        Step(new(v3), beta3 * v3 - g, "third velocity"),
        Step(new(w), w + lr * (new(v1) + new(v2) + new(v3)) / 3, "move by their mean"),
    ),
    claims=(
        series(v1, of=g, decay=beta1, weight=-1),
        series(v2, of=g, decay=beta2, weight=-1),
        series(v3, of=g, decay=beta3, weight=-1),
        reduces_to(
            MOMENTUM_BUFFER, at={beta2: beta1, beta3: beta1}, hyper={"mu": beta1}, state={"b": -(v1 + v2 + v3) / 3}
        ),
        first_step(-lr * g),
        additive(),
        descends(),
        scales({"v1": g, "v2": g, "v3": g, "lr": w / g}),
        fixed_point(),
        identity(new(w) - w, lr * (beta1 * v1 + beta2 * v2 + beta3 * v3) / 3, given={g: 0}),
    ),
)
