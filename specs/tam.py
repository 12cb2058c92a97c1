"""Torque-aware momentum: gradients count by how well they agree with the momentum."""

from sympy import Rational

from stepsmith.codegen.claims import identity, nonnegative, series
from stepsmith.codegen.spec import Max, Optimizer, Step, arrays, hyper, new, norm, scalars, sqrt, where

w, g, m, m_old, s, v, cosine, damped = arrays("w g m m_old s v cosine damped")
t, of_momentum, of_gradient = scalars("t of_momentum of_gradient")
lr = hyper("lr", default="0.1", domain=">= 0", doc="learning rate")
lr_adam = hyper("lr", default="0.001", domain=">= 0", doc="learning rate")
momentum = hyper("momentum", default="0.9", domain="[0, 1)", doc="decay of the momentum")
beta1 = hyper("beta1", default="0.9", domain="[0, 1)", doc="decay of the momentum")
beta2 = hyper("beta2", default="0.999", domain="[0, 1)", doc="decay of the second moment")
decay = hyper("decay_rate", default="0.9", domain="[0, 1)", doc="decay of the agreement")
eps = hyper("eps", default="1e-8", domain="> 0", doc="least weight of a gradient")

_LEAST = Rational(1, 10**12)
_DAMPED = (
    Step(of_momentum, Max(norm(m_old), _LEAST), "norm of this array's momentum"),
    Step(of_gradient, Max(norm(g), _LEAST), "norm of its gradient"),
    Step(cosine, m_old * g / (of_momentum * of_gradient), "what an element adds to the cosine between them"),
    Step(new(s), decay * s + (1 - decay) * cosine, "agreement"),
    Step(damped, ((1 + new(s)) / 2 + eps) * g, "gradient, by how it agrees"),
)

TAM = Optimizer(
    name="TAM",
    source="Malviya et al. (2024), Algorithm 1, arXiv:2412.18790, by elements, as in its code: the paper has one "
    "cosine for all",
    summary="momentum in which gradients that point against it count less",
    own_t=True,
    state={s: 0, m: 0},
    steps=(
        Step(m_old, where(t > 1, m, g), "momentum, in the first step the gradient"),
        *_DAMPED,
        Step(new(m), momentum * m_old + damped, "momentum"),
        Step(new(w), w - lr * new(m), "descent"),
    ),
    claims=(
        identity(new(s) - decay * s, (1 - decay) * cosine),
        identity(new(m) - momentum * m_old, damped),
    ),
)

ADATAM = Optimizer(
    name="AdaTAM",
    source="Malviya et al. (2024), Algorithm 2, arXiv:2412.18790, by elements and uncorrected, as in its code",
    summary="Adam in which gradients that point against the momentum count less",
    state={s: 0, m: 0, v: 0},
    steps=(
        Step(m_old, m, "momentum"),
        *_DAMPED,
        Step(new(m), beta1 * m + damped, "momentum, a sum"),
        Step(new(v), beta2 * v + (1 - beta2) * g**2, "second moment"),
        Step(new(w), w - lr_adam * new(m) / (sqrt(new(v)) + eps), "descent"),
    ),
    claims=(series(m, of=damped, decay=beta1), nonnegative(v)),
)
