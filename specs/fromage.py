"""Fromage: a step as long as the learning rate times the norm of the weights, then drawn in to keep that norm."""

from stepsmith.codegen.claims import identity
from stepsmith.codegen.spec import Max, Optimizer, Step, arrays, hyper, new, norm, scalars, sqrt

w, g = arrays("w g")
of_weights, of_gradient, ratio, shrink = scalars("of_weights of_gradient ratio shrink")
lr = hyper("lr", default="0.01", domain=">= 0", doc="learning rate")
min_norm = hyper("min_norm", default="1e-6", domain="> 0", doc="what norms are taken to be at least")

FROMAGE = Optimizer(
    name="Fromage",
    source="Bernstein, Vahdat, Yue & Liu (2020), Algorithm 1, arXiv:2002.03432, as in optax.fromage",
    summary="a step as long as the learning rate times the norm of the weights, then drawn in",
    state={},
    steps=(
        Step(of_weights, Max(norm(w), min_norm), "norm of this array"),
        Step(of_gradient, Max(norm(g), min_norm), "norm of its gradient"),
        Step(ratio, of_weights / of_gradient, "trust ratio"),
        Step(shrink, 1 / sqrt(1 + lr**2), "what keeps the norm of the weights"),
        Step(new(w), shrink * (w - lr * ratio * g), "descent"),
    ),
    claims=(identity(norm(w - new(w) / shrink), lr * ratio * norm(g)),),
)
