"""KATE: AdaGrad without its root, which makes the steps the same however the features are scaled."""

from stepsmith.codegen.claims import descends, first_step, fixed_point, monotone, nonnegative, scales, series
from stepsmith.codegen.spec import Abs, Optimizer, Step, arrays, hyper, new, scalars, sqrt

w, g, m, b = arrays("w g m b")
t = scalars("t")
lr = hyper("lr", default="0.001", domain=">= 0", doc="beta of the paper: learning rate")
eta = hyper("eta", default="0", domain=">= 0", doc="share of the squared gradient in m")
eps = hyper("eps", default="1e-8", domain="> 0", doc="added to each squared gradient in b")

KATE = Optimizer(
    name="KATE",
    source="Choudhury et al. (2024), Algorithm 1, arXiv:2403.02648, with an eps as in its authors' code",
    summary="AdaGrad over the sum of squares itself; m and b are the squares of the paper's",
    state={m: 0, b: 0},
    steps=(
        Step(new(b), b + g**2 + eps, "sum of squared gradients"),
        Step(new(m), m + eta * g**2 + g**2 / new(b), "sum of their shares"),
        Step(new(w), w - lr * sqrt(new(m)) * g / new(b), "descent"),
    ),
    claims=(
        series(b, of=g**2 + eps),
        monotone(b),
        monotone(m),
        nonnegative(m),
        first_step(-lr * sqrt(eta + 1 / (g**2 + eps)) * Abs(g) * g / (g**2 + eps)),
        descends(),
        fixed_point(),
        scales({"lr": w * g, "b": g**2, "eps": g**2, "eta": 1 / g**2}),
    ),
)
