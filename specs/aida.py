"""Aida: Adam with the spread between gradient and momentum, each projected on the other in turn."""

from stepsmith.codegen.claims import ema, identity, nonnegative
from stepsmith.codegen.spec import Optimizer, Step, array_sum, arrays, hyper, new, scalars, sqrt

w, g, m, s, apart = arrays("w g m s apart")
t, c1, c2, gm, gg, mm = scalars("t c1 c2 gm gg mm")
g1, m1, g2, m2 = scalars("g1 m1 g2 m2")
lr = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the momentum")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the spread")
xi = hyper("xi", default="1e-20", domain="> 0", doc="keeps the projections from dividing by zero")
eps = hyper("eps", default="1e-8", domain="> 0", doc="keeps the division from zero")

AIDA = Optimizer(
    name="Aida",
    source="Zhang, Niwa & Kleijn (2023), Algorithm 1, arXiv:2203.13273, with two projections, epsilon as in "
    "pytorch_optimizer",
    summary="Adam that divides by the spread between momentum and gradient, each projected on the other twice",
    state={m: 0, s: 0},
    steps=(
        Step(c1, 1 - beta1**t, "bias of the momentum"),
        Step(c2, 1 - beta2**t, "bias of the spread"),
        Step(new(m), beta1 * m + (1 - beta1) * g, "momentum"),
        Step(gm, array_sum(g * new(m))),
        Step(gg, array_sum(g**2)),
        Step(mm, array_sum(new(m) ** 2)),
        # a projection of a vector on another is a multiple of that, so that one pass over the arrays is enough
        Step(g1, gm / (gg + xi), "the gradient, projected"),
        Step(m1, gm / (mm + xi), "the momentum, projected"),
        Step(g2, g1 * g1 * m1 * gm / (g1**2 * gg + xi), "the gradient, projected twice"),
        Step(m2, m1 * g1 * m1 * gm / (m1**2 * mm + xi), "the momentum, projected twice"),
        Step(apart, m2 * new(m) - g2 * g, "distance between them"),
        Step(new(s), beta2 * s + (1 - beta2) * apart**2 + eps, "spread"),
        Step(new(w), w - lr * sqrt(c2) / c1 * new(m) / (sqrt(new(s)) + eps), "descent"),
    ),
    claims=(
        ema(m, of=g, decay=beta1),
        ema(s, of=apart**2 + eps / (1 - beta2), decay=beta2),
        nonnegative(s),
        identity(new(s) - beta2 * s - eps, (1 - beta2) * (m2 * new(m) - g2 * g) ** 2),
    ),
)
