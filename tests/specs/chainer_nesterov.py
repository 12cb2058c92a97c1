"""Chainer's NesterovAG as it shipped: the velocity after the step stands where the one before it belongs."""

from stepsmith.codegen.spec.rules import Optimizer, Step
from stepsmith.codegen.spec.symbols import arrays, hyper, new

w, g, v = arrays("w g v")
lr = hyper("lr", default="0.01", domain=">= 0", doc="learning rate")
momentum = hyper("momentum", default="0.9", domain="[0, 1)", doc="momentum coefficient")

CHAINER_NESTEROV = Optimizer(
    name="ChainerNesterov",
    source="chainer.optimizers.NesterovAG, chainer#4274",
    summary="Nesterov's step with a velocity that is a step too new",
    state={v: 0},
    steps=(
        Step(new(v), momentum * v - lr * g, "velocity"),
        Step(new(w), w + momentum**2 * new(v) - (1 + momentum) * lr * g, "move"),
    ),
)
