"""A rule whose gradients are squashed by a hyperbolic tangent and divided by a logarithm."""

from stepsmith.codegen.claims import fails, identity, nonnegative
from stepsmith.codegen.spec import Abs, log1p, tanh
from stepsmith.codegen.spec.rules import Optimizer, Step
from stepsmith.codegen.spec.symbols import arrays, hyper, new, scalars

w, g, m, v, u = arrays("w g m v u")
t, lr_t = scalars("t lr_t")
lr = hyper("lr", default="0.01", domain=">= 0", doc="learning rate")
beta = hyper("beta", default="0.9", domain="[0, 1)", doc="decay of the average")
scale = hyper("scale", default="2", domain="> 0", doc="where gradients are large")

TANH_MOMENTUM = Optimizer(
    name="TanhMomentum",
    source="written for the tests",
    summary="an average of squashed gradients, over a logarithm of the average of their sizes",
    state={m: 0, v: 0},
    steps=(
        Step(lr_t, lr * tanh(t / scale), "warms up"),
        Step(new(m), beta * m + (1 - beta) * tanh(g / scale), "squashed"),
        Step(new(v), beta * v + (1 - beta) * Abs(g), "size"),
        Step(u, new(m) / (1 + log1p(new(v)))),
        Step(new(w), w - lr_t * u),
    ),
    claims=(
        nonnegative(v),
        fails(nonnegative(m), because="gradients below zero pull it down"),
        identity(u * (1 + log1p(new(v))), new(m)),
        fails(identity(u * (1 + new(v)), new(m)), because="a logarithm is no number"),
    ),
)
