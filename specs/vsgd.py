"""VSGD: descent by the gradient that is inferred from the noisy ones, and the variances that are inferred with it."""

from sympy import Rational

from stepsmith.codegen.claims import fixed_point, identity
from stepsmith.codegen.spec import Optimizer, Step, arrays, hyper, new, scalars, sqrt

w, g, mu, b_g, b_hat, s_g, s_hat, unsure = arrays("w g mu b_g b_hat s_g s_hat unsure")
t, rho1, rho2 = scalars("t rho1 rho2")
lr = hyper("lr", default="0.1", domain=">= 0", doc="learning rate")
gamma = hyper("gamma", default="1e-8", domain="> 0", doc="strength of the prior")
k_g = hyper("k_g", default="30", domain="> 0", doc="variance of the noise over that of the gradient, before the first")
tau1 = hyper("tau1", default="0.81", domain="[0, 1]", doc="how fast the variance of the gradient comes to rest")
tau2 = hyper("tau2", default="0.9", domain="[0, 1]", doc="how fast the variance of the noise comes to rest")
eps = hyper("eps", default="1e-8", domain="> 0", doc="keeps the division from zero")

# what the prior counts for, with the 1e-4 of the authors' code; a step counts for one more
_PRIOR = 2 * gamma + Rational(1, 10000)

VSGD = Optimizer(
    name="VSGD",
    source="Chen et al. (2024), Algorithm 1, arXiv:2404.06549, with the prior of the authors' code; "
    "b_g and b_hat are what the paper's are above those of the prior",
    summary="descent by a gradient that is inferred from the noisy ones, over the root of its second moment",
    # so that the variances are those of the prior in the first step
    state={mu: 0, b_g: 2 * gamma / _PRIOR, b_hat: 2 * gamma * k_g / _PRIOR},
    steps=(
        Step(rho1, t**-tau1, "weight of what this step says of the gradient"),
        Step(rho2, t**-tau2, "weight of what it says of the noise"),
        Step(s_g, (2 * gamma + b_g) / (_PRIOR + 1), "variance of the gradient from step to step"),
        Step(s_hat, (2 * gamma * k_g + b_hat) / (_PRIOR + 1), "variance of the noise"),
        Step(new(mu), (mu * s_hat + g * s_g) / (s_g + s_hat), "gradient, inferred"),
        Step(unsure, s_g * s_hat / (s_g + s_hat), "its variance"),
        Step(new(b_g), (1 - rho1) * b_g + rho1 * (unsure + (new(mu) - mu) ** 2), "changes of the gradient"),
        Step(new(b_hat), (1 - rho2) * b_hat + rho2 * (unsure + (new(mu) - g) ** 2), "noise"),
        Step(new(w), w - lr * new(mu) / (sqrt(new(mu) ** 2 + unsure) + eps), "descent"),
    ),
    claims=(
        identity((new(mu) - mu) * (s_g + s_hat), (g - mu) * s_g),
        fixed_point(),
    ),
)
