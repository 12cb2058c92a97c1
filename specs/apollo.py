"""Apollo: a diagonal quasi-Newton method whose curvature is that of the way the average gradient changed along."""

from stepsmith.codegen.claims import identity
from stepsmith.codegen.spec import Abs, Max, Optimizer, Step, array_sum, arrays, hyper, new, scalars, sqrt

w, g, m, b, d = arrays("w g m b d")
t, share, length, missed = scalars("t share length missed")
lr = hyper("lr", default="0.01", domain=">= 0", doc="learning rate")
beta = hyper("beta", default="0.9", domain="[0, 1)", doc="decay of the average gradient")
rebound = hyper("rebound", default="0.01", domain="> 0", doc="least curvature")
eps = hyper("eps", default="0.01", domain="> 0", doc="keeps the division by the 4-norm of the last step from zero")

APOLLO = Optimizer(
    name="Apollo",
    source="Ma (2020), Algorithm 1, arXiv:2009.13586",
    summary="average gradient over a diagonal Hessian that the weak secant equation corrects, kept above rebound",
    own_t=True,
    state={m: 0, b: 0, d: 0},
    steps=(
        Step(share, (1 - beta) / (1 - beta**t), "share of the gradient, corrected"),
        Step(new(m), (1 - share) * m + share * g, "average gradient"),
        Step(length, sqrt(sqrt(array_sum(d**4))) + eps, "length of the last direction"),
        Step(
            missed,
            array_sum(d * (new(m) - m) + b * d**2) / length**4,
            "what the curvature missed of the change along it",
        ),
        Step(new(b), b - missed * d**2, "curvature"),
        Step(new(d), new(m) / Max(Abs(new(b)), rebound), "direction"),
        Step(new(w), w - lr * new(d), "descent"),
    ),
    claims=(identity(new(d) * Max(Abs(new(b)), rebound), new(m)),),
)
