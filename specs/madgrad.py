"""MADGRAD: dual averaging from the first weights on, over the cube root of a sum of squares, with momentum."""

from sympy import Rational

from stepsmith.codegen.claims import equals, fails, first_step, fixed_point, monotone, nonnegative, scales, series
from stepsmith.codegen.spec import Abs, Optimizer, Step, arrays, hyper, new, scalars, sqrt

w, g, s, v, x0, z = arrays("w g s v x0 z")
t, lamb = scalars("t lamb")
lr = hyper("lr", default="0.01", domain=">= 0", doc="learning rate")
momentum = hyper("momentum", default="0.9", domain="[0, 1)", doc="1 - c of the paper: share of w that is kept")
eps = hyper("eps", default="1e-6", domain="> 0", doc="keeps the division from zero")


def _steps(lr):
    return (
        Step(lamb, lr * sqrt(t), "weight of this gradient"),
        Step(new(s), s + lamb * g, "sum of gradients"),
        Step(new(v), v + lamb * g**2, "sum of squares"),
        Step(new(x0), x0, "first weights"),
        Step(z, x0 - new(s) / (new(v) ** Rational(1, 3) + eps), "dual average"),
        Step(new(w), momentum * w + (1 - momentum) * z, "momentum"),
    )


def _first(lr):
    return -(1 - momentum) * lr * g / ((lr * Abs(g) ** 2) ** Rational(1, 3) + eps)


MADGRAD = Optimizer(
    name="MADGRAD",
    source="Defazio & Jelassi (2021), Algorithm 1, arXiv:2101.11075, with momentum 1 - c as in its authors' code",
    summary="dual averaging over the cube root of a sum of squares, with momentum",
    state={s: 0, v: 0, x0: w},
    steps=_steps(lr),
    claims=(
        series(s, of=lamb * g),
        series(v, of=lamb * g**2),
        nonnegative(v),
        monotone(v),
        first_step(_first(lr)),
        fixed_point(),
        # lr * g over the cube root of lr * g**2 is a weight
        scales({"lr": sqrt(w**3 / g), "s": sqrt(w**3 * g), "v": sqrt(w * g) ** 3, "x0": w, "eps": sqrt(w * g)}),
    ),
)

MADGRAD_EPS_IN_LR = Optimizer(
    name="MADGRADEpsInLr",
    source="Defazio & Jelassi (2021), arXiv:2101.11075, with eps added to lr as in its authors' code and in optax",
    summary="MADGRAD with eps added to the learning rate, too",
    state={s: 0, v: 0, x0: w},
    steps=_steps(lr + eps),
    claims=(
        equals(MADGRAD, hyper={"lr": lr + eps}),
        fails(equals(MADGRAD), "the learning rate is larger by eps"),
        monotone(v),
        first_step(_first(lr + eps)),
        fixed_point(),
    ),
)
